//! Who needs the worker today.

use jiff::Timestamp;
use leptos::prelude::*;

use super::first_large;
use crate::audit::alerts::Told;
use crate::clock::london_date;
use crate::dropins::words;
use crate::editing::when;
use crate::islands::LiveThread;
use crate::messages::views::mine_says;
use crate::messages::{TooLong, waited};
use crate::people::{PersonId, Reason};
use crate::web::document::document;
use crate::work::day::{Place, Row, Why};

/// Plans that lie with the reader.
#[component]
fn Submitted(plans: Vec<(PersonId, String, i64)>) -> impl IntoView {
    let rows = plans.into_iter().map(|(person, called, since)| {
        let path = format!("/work/people/{person}/plan/sign");
        view! { <li><a href=path>{format!("{called}'s plan")}</a>{format!(", submitted {}", when(since))}</li> }
    });
    let rows = rows.collect_view();
    view! { <div class="note"><h2>"Plans for you to sign off"</h2><ul>{rows}</ul></div> }
}

/// What somebody waits for that is no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// A yes or no to a letter.
    Letter,
    /// Another time: they cannot make an appointment.
    OtherTime,
    /// A meeting for which they shared what they want to talk about.
    Meeting,
}

/// Somebody of the list who waits for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who.
    pub person: PersonId,
    /// The name they want to be called by.
    pub called: String,
    /// For what.
    pub asks: Asks,
}

impl Request {
    fn href(&self) -> String {
        let under = match self.asks {
            Asks::Letter => "letter",
            Asks::OtherTime => "appointments",
            Asks::Meeting => "plan/review",
        };
        format!("/work/people/{}/{under}", self.person)
    }

    fn says(&self) -> String {
        match self.asks {
            Asks::Letter => format!("{} asks for a letter", self.called),
            Asks::OtherTime => format!("{} can't make an appointment", self.called),
            Asks::Meeting => format!("{} is ready for a meeting, and shared what they want to talk about", self.called),
        }
    }
}

/// `/work`.
#[component]
pub fn Today(
    /// Everybody on the worker's list for whom there is something to do.
    rows: Vec<Row>,
    /// A mark of what the list says.
    mark: String,
    /// How many others they work with.
    quiet: usize,
    /// What some of them wait for that is no message.
    asks: Vec<Request>,
    /// How many cannot sign in and asked to be called.
    calls: i64,
    /// How many messages were held for whom the reader answers now.
    held: usize,
    /// Readings that were not ordinary, of those whom the reader manages.
    alerts: Vec<Told>,
    /// Who opened a record of those whom the reader manages, without working with them.
    reasons: Vec<Reason>,
    /// Whose wait was taken to the reader as their manager.
    too_long: Vec<TooLong>,
    /// Plans that were submitted to the reader: whose, by the name they want, and since when, UTC microseconds.
    plans: Vec<(PersonId, String, i64)>,
    /// The reader manages a team.
    manages: bool,
    /// The reader may look at a duty desk.
    desk: bool,
    /// The reader holds the duty role, and no team has put them on its desk.
    off_desk: bool,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let calls = match calls {
        0 => None,
        1 => Some("1 person cannot sign in and asked to be called".to_owned()),
        n => Some(format!("{n} people cannot sign in and asked to be called")),
    };
    let asks = (!asks.is_empty()).then(|| {
        let rows = asks.iter().map(|one| view! { <li><a href=one.href()>{one.says()}</a></li> }).collect_view();
        view! { <div class="note"><ul>{rows}</ul></div> }
    });
    let held = match held {
        0 => None,
        1 => Some("1 planned message was held and not sent: send it or let it go".to_owned()),
        n => Some(format!("{n} planned messages were held and not sent: send them or let them go")),
    };
    let none = rows.is_empty() && quiet == 0;
    let mut rows = rows;
    rows.sort_by_key(Row::order);
    let (mut today, mut beside, mut put_off) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        match row.place(now) {
            Place::Today | Place::Quiet => today.push(row),
            Place::Beside => beside.push(row),
            Place::PutOff => put_off.push(row),
        }
    }
    let waits = today.iter().any(|row| row.waiting.since.is_some());
    let list = move |rows: Vec<Row>| rows.into_iter().map(move |row| view! { <One row now/> }).collect_view();
    view! {
        <h1>"Today"</h1>
        {(!alerts.is_empty()).then(|| view! { <Alerts alerts/> })}
        {(!too_long.is_empty()).then(|| view! { <Late too_long now/> })}
        {(!reasons.is_empty()).then(|| view! { <Reasons reasons/> })}
        {(!plans.is_empty()).then(|| view! { <Submitted plans/> })}
        {off_desk.then(|| view! {
            <p class="note">"You hold the duty role, and no team has put you on its duty desk yet. Ask an administrator: until then you see only those whom you work with."</p>
        })}
        {asks}
        {calls.map(|calls| view! { <p class="note"><a href="/work/calls">{calls}</a></p> })}
        {held.map(|held| view! { <p class="note"><a href="/work/planned">{held}</a></p> })}
        {(none && manages).then(|| view! { <p class="lead">"You work with nobody yourself. What waits for you as a manager stands on this page."</p> })}
        {(none && !manages).then(|| view! {
            <p class="lead">"Nobody is assigned to you yet."</p>
            <p>"Your manager hands people over to you. As soon as they do, you see them here: first those who may be in danger, then those who wait longest for an answer."</p>
        })}
        {(!none && !waits).then(|| view! { <p class="lead calm">"Nobody is waiting. Everything has an answer."</p> })}
        <LiveThread>
            <ol class="queue" data-live="/work/new" data-last=mark data-news="row">{list(today)}</ol>
        </LiveThread>
        <Rest quiet/>
        {(!beside.is_empty()).then(|| view! { <h2>"Somebody else answers"</h2><ol class="queue">{list(beside)}</ol> })}
        {(!put_off.is_empty()).then(|| view! { <h2>"Put off"</h2><ol class="queue">{list(put_off)}</ol> })}
        {manages.then(|| view! {
            <h2>"Your teams"</h2>
            <ul>
                <li><a href="/work/team">"How your teams are doing"</a></li>
                <li><a href="/work/without-adviser">"Who has no personal adviser"</a></li>
                <li><a href="/work/hand-over">"Hand young people over to another worker"</a></li>
                <li><a href="/work/staff-codes">"Codes of staff that wait for a second yes"</a></li>
            </ul>
        })}
        <h2>"Writing"</h2>
        <ul>
            <li><a href="/work/many">"Write to several people"</a></li>
            <li><a href="/work/planned">"What you have planned to send"</a></li>
            <li><a href="/work/templates">"Your templates"</a></li>
        </ul>
        <h2>"Away and cover"</h2>
        <ul>
            <li><a href="/work/away">"When I am away, who covers, and when I work"</a></li>
            {desk.then(|| view! { <li><a href="/work/desk">"The duty desk: who is away, and who has nobody"</a></li> })}
        </ul>
        <h2>"Somebody on the phone?"</h2>
        <ul>
            <li><a href="/work/find">"Find them by name and date of birth"</a></li>
            <li><a href="/work/calls">"People who cannot sign in"</a></li>
        </ul>
    }
}

/// Rows by themselves and what stands below the list: what a live list asks for.
pub fn fragment(rows: Vec<Row>, quiet: usize, now: Timestamp) -> String {
    document(move || {
        let rows = rows.into_iter().map(|row| view! { <One row now/> }).collect_view();
        view! { {rows}<Rest quiet/> }
    })
}

/// How many others there are. It stands on every page, so that a live list finds its place.
#[component]
fn Rest(quiet: usize) -> impl IntoView {
    let says = match quiet {
        0 => None,
        1 => Some("Nothing to do today for 1 other person".to_owned()),
        n => Some(format!("Nothing to do today for {n} other people")),
    };
    let says = says.map(|says| view! { {says}": "<a href="/work/people">"all your people"</a>"." });
    view! { <p class="meta" id="rest" hidden=quiet == 0>{says}</p> }
}

/// One row: who, why, and how long, with one way in; and what can be done about the row itself.
#[component]
fn One(row: Row, now: Timestamp) -> impl IntoView {
    let (person, today, micros) = (row.waiting.person, london_date(now), now.as_microsecond());
    let href = row.why.first().map_or_else(|| format!("/work/people/{person}"), |why| why.href(person));
    let mark = row.waiting.mark;
    let put_off = mark.snoozed_to.filter(|to| *to > today);
    let put_off = put_off.map(|to| format!("put off until {}", words::near_day(to, today).trim_start_matches("on ")));
    let reasons: Vec<String> = row.why.iter().map(|why| why.says(&row, now)).collect();
    let follow_up = mark.follow_up_on.filter(|on| *on > today);
    let follow_up = follow_up.map(|on| format!("follow up {}", words::near_day(on, today)));
    let flagged = row.facts.basics.is_some_and(|one| one.flagged).then(|| "safety flag".to_owned());
    let more = [mine_says(&row.waiting).map(str::to_owned), put_off, follow_up, flagged];
    let why = first_large(&reasons.into_iter().chain(more.into_iter().flatten()).collect::<Vec<_>>().join(" · "));
    let tag = row.waiting.since.map(|since| format!("Waiting {}", waited(micros - since)));
    let tag = tag.map(|tag| view! { <span class="tag warn">{tag}</span> });
    let done = row.why.iter().find_map(|why| why.dismissed_as().map(|key| (*why, key)));
    let done = done.map(|(why, (word, day))| view! { <Done row=row.clone() why word day=day.to_string() now/> });
    let later = format!("/work/people/{person}/messages/later");
    // A row for which nothing is left to do takes the place of the one that stood there, and is no news.
    let class = match row.place(now) {
        Place::Quiet => Some("quiet mine"),
        // In another list: one that is no longer so comes up into the list of today.
        Place::Beside | Place::PutOff => Some("elsewhere"),
        Place::Today => row.waiting.urgent.then_some("urgent"),
    };
    let why = if why.is_empty() { "Nothing to do now".to_owned() } else { why };
    let called = row.waiting.called.clone();
    view! {
        <li class=class id=format!("p-{person}")>
            <a href=href><strong>{called.clone()}</strong>" "<span>{why}</span>" "{tag}</a>
            <div class="row-does">
                <a href=format!("/work/people/{person}")>"About"<span class="vh">{format!(" {called}")}</span></a>
                <a href=later>"Later"<span class="vh">{format!(", for {called}")}</span></a>
                {done}
            </div>
        </li>
    }
}

#[component]
fn Done(row: Row, why: Why, word: &'static str, day: String, now: Timestamp) -> impl IntoView {
    let says = why.says(&row, now);
    view! {
        <form method="post" action=format!("/work/people/{}/done", row.waiting.person)>
            <input type="hidden" name="why" value=word/>
            <input type="hidden" name="day" value=day/>
            <button class="link">"Done"<span class="vh">{format!(": {}, {says}", row.waiting.called)}</span></button>
        </form>
    }
}

#[component]
fn Alerts(alerts: Vec<Told>) -> impl IntoView {
    let rows = alerts.into_iter().map(|told| {
        let (says, when) = (told.says(), when(told.at));
        view! {
            <li>
                <p><strong>{told.by}</strong>{format!(" {says}, on {when}.")}</p>
                <form method="post" action=format!("/work/alerts/{}", told.id)>
                    <button class="btn quiet">"I have looked at this"</button>
                </form>
            </li>
        }
    });
    view! {
        <div class="note">
            <h2>"Opened in an unusual way"</h2>
            <p>"There may be a good reason. Ask, and say here that you have looked at it: it then leaves this list."</p>
            <ul class="plain">{rows.collect_view()}</ul>
        </div>
    }
}

#[component]
fn Late(too_long: Vec<TooLong>, now: Timestamp) -> impl IntoView {
    let rows = too_long.into_iter().map(|one| {
        let waited = waited(now.as_microsecond() - one.since);
        let lead = one.lead.map_or_else(|| "nobody leads".to_owned(), |lead| format!("{lead} leads"));
        view! { <li><a href=format!("/work/people/{}", one.person)>{one.called}</a>{format!(", for {waited}: {lead}")}</li> }
    });
    view! {
        <div class="note">
            <h2>"Waiting too long for an answer"</h2>
            <p>"Speak with whoever leads, set them "<a href="/work/away">"away with a cover"</a>", or "<a href="/work/hand-over">"hand over"</a>"."</p>
            <ul>{rows.collect_view()}</ul>
        </div>
    }
}

#[component]
fn Reasons(reasons: Vec<Reason>) -> impl IntoView {
    let rows = reasons.into_iter().map(|reason| {
        let when = when(reason.at);
        view! { <li><strong>{reason.by}</strong>{format!(" opened the record of {}, on {when}: ", reason.of)}<q>{reason.reason}</q></li> }
    });
    view! {
        <div class="note">
            <h2>"Opened with a reason"</h2>
            <p>"By somebody who does not work with the person, in the last 14 days. Ask them if the reason does not seem right."</p>
            <ul>{rows.collect_view()}</ul>
        </div>
    }
}
