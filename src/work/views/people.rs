//! Everybody the worker works with, or everybody of a team to its manager.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use leptos::prelude::*;

use crate::clock::london_date;
use crate::dropins::words;
use crate::messages::views::mine_says;
use crate::messages::waited;
use crate::people::{PersonId, Team, TeamId};
use crate::work::day::Row;

/// In what order they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By the name they want to be called by.
    Name,
    /// Who waits longest first.
    Waiting,
    /// With whom nobody has spoken for longest first.
    Contact,
    /// Whose review is due soonest first.
    Review,
}

impl Order {
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Name, "name", "Name"),
        (Self::Waiting, "waiting", "Waiting longest"),
        (Self::Contact, "contact", "Last contact"),
        (Self::Review, "review", "Next review"),
    ];

    /// Reads the word of an address.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known, _)| *known == word).map(|(order, ..)| order)
    }
}

/// Which of them are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// All.
    All,
    /// Those who wait for an answer.
    Waiting,
    /// Those for whom a visit or a review is late.
    Late,
    /// Those without a plan.
    NoPlan,
    /// Those under a safety flag.
    Flag,
}

impl Show {
    const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::All, "all", "Everybody"),
        (Self::Waiting, "waiting", "Waiting"),
        (Self::Late, "late", "Visit or review late"),
        (Self::NoPlan, "no-plan", "No plan yet"),
        (Self::Flag, "flag", "Safety flag"),
    ];

    /// Reads the word of an address.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known, _)| *known == word).map(|(show, ..)| show)
    }

    fn holds(self, row: &Row, today: Date) -> bool {
        match self {
            Self::All => true,
            Self::Waiting => row.waiting.since.is_some() || row.waiting.urgent,
            Self::Late => row.facts.clocks().any(|clock| clock.late(today)),
            Self::NoPlan => row.facts.plan.is_none(),
            Self::Flag => row.facts.basics.is_some_and(|basics| basics.flagged),
        }
    }
}

/// `/work/people`.
#[component]
pub fn People(
    /// Everybody on the worker's list, or of the team that is shown.
    rows: Vec<Row>,
    /// In what order.
    order: Order,
    /// Which of them.
    show: Show,
    /// The reader works with somebody themselves.
    own: bool,
    /// The teams that the reader manages, by locality.
    teams: Vec<Team>,
    /// The team whose people these are; `None`: the reader's own.
    shown: Option<TeamId>,
    /// Who leads each of a team's people: their name. Nobody does for whoever is not in it.
    leads: BTreeMap<PersonId, String>,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let today = london_date(now);
    let of_team = shown.map(|team| format!("&team={team}")).unwrap_or_default();
    let whose = (!teams.is_empty()).then(|| {
        let own = own.then(|| ("/work/people".to_owned(), "My own".to_owned(), shown.is_none()));
        let all = own.into_iter().chain(
            teams.into_iter().map(|team| (format!("/work/people?team={}", team.id), team.name, shown == Some(team.id))),
        );
        let all = all
            .map(|(href, says, here)| view! { <li><a href=href aria-current=here.then_some("true")>{says}</a></li> });
        view! { <nav aria-label="Whose people"><ul class="filters">{all.collect_view()}</ul></nav> }
    });
    let all = rows.len();
    let mut rows: Vec<Row> = rows.into_iter().filter(|row| show.holds(row, today)).collect();
    let name = |row: &Row| (row.waiting.called.to_lowercase(), row.waiting.person);
    rows.sort_by_cached_key(|row| {
        let waiting = &row.waiting;
        let review = row.facts.review_by();
        // Without a day: last where a day is looked for, first where having none is the trouble.
        let key = match order {
            Order::Name => (false, None, None),
            Order::Waiting => (waiting.since.is_none(), waiting.since, None),
            Order::Contact => (false, None, row.facts.dealings.contact),
            Order::Review => (false, None, review),
        };
        (key, name(row))
    });
    let word_of =
        |order: Order| Order::ALL.into_iter().find(|(one, ..)| *one == order).map_or("name", |(_, word, _)| word);
    let shown_as = |show: Show| Show::ALL.into_iter().find(|(one, ..)| *one == show).map_or("all", |(_, word, _)| word);
    let orders = Order::ALL.map(|(one, word, says)| {
        let current = (one == order).then_some("true");
        view! { <li><a href=format!("/work/people?order={word}&show={}{of_team}", shown_as(show)) aria-current=current>{says}</a></li> }
    });
    let shows = Show::ALL.map(|(one, word, says)| {
        let current = (one == show).then_some("true");
        view! { <li><a href=format!("/work/people?order={}&show={word}{of_team}", word_of(order)) aria-current=current>{says}</a></li> }
    });
    let people = if all == 1 { "person" } else { "people" };
    let count = if rows.len() == all { format!("{all} {people}") } else { format!("{} of {all} {people}", rows.len()) };
    let nobody = rows.is_empty() && all > 0;
    let list = rows.into_iter().map(|row| {
        let beside = match shown {
            None => mine_says(&row.waiting).map(str::to_owned),
            Some(_) => Some(
                leads
                    .get(&row.waiting.person)
                    .map_or_else(|| "nobody leads".to_owned(), |lead| format!("{lead} leads")),
            ),
        };
        view! { <One row beside now/> }
    });
    let list = list.collect_view();
    view! {
        <h1>"People"</h1>
        {whose}
        {(all == 0).then(|| view! {
            <p class="lead">"Nobody is assigned to you yet."</p>
            <p>"Your manager hands people over to you. Then they stand here, with when you last spoke and what is due."</p>
        })}
        {(all > 0).then(|| view! {
            <nav aria-label="Which people"><ul class="filters">{shows.into_iter().collect_view()}</ul></nav>
            <nav aria-label="In what order"><p class="meta" id="order">"In what order?"</p><ul class="filters" aria-labelledby="order">{orders.into_iter().collect_view()}</ul></nav>
            <p class="meta">{count}{shown.is_none().then(|| view! { " · "<a href="/work/many">"Write to several"</a> })}</p>
        })}
        {nobody.then(|| view! { <p class="lead">"Nobody is like that."</p> })}
        <ul class="queue plain">{list}</ul>
    }
}

#[component]
fn One(
    row: Row,
    /// Who answers, where that is not the reader.
    beside: Option<String>,
    now: Timestamp,
) -> impl IntoView {
    let (person, today) = (row.waiting.person, london_date(now));
    let short = |day: Date| words::day_seen_from(day, today);
    let review = row.facts.review_by();
    let lines =
        [
            row.age(today).map(|age| format!("{age} years old")),
            Some(row.facts.dealings.contact.map_or_else(
                || "no contact written down yet".to_owned(),
                |day| format!("last contact {}", short(day)),
            )),
            Some(match review {
                None => "no plan yet".to_owned(),
                Some(day) if day < today => format!("review was due {}", short(day)),
                Some(day) => format!("review by {}", short(day)),
            }),
            row.facts
                .clocks()
                .find(|clock| clock.late(today) && clock.duty != crate::work::clocks::Duty::Review)
                .map(|clock| format!("{} was due {}", clock.duty.says(), short(clock.due))),
            beside,
        ];
    let why = lines.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let waits = row.waiting.since.map(|since| format!("Waiting {}", waited(now.as_microsecond() - since)));
    let flag = row.facts.basics.is_some_and(|basics| basics.flagged);
    let class = row.waiting.urgent.then_some("urgent");
    view! {
        <li class=class>
            <a href=format!("/work/people/{person}")>
                <strong>{row.waiting.called}</strong>" "<span>{why}{flag.then_some(" · safety flag")}</span>" "
                {waits.map(|waits| view! { <span class="tag warn">{waits}</span> })}
            </a>
        </li>
    }
}
