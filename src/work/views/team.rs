//! How the teams of a manager are doing.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use leptos::prelude::*;

use crate::clock::london_date;
use crate::dropins::words;
use crate::messages::waited;
use crate::people::{PersonId, StaffId};
use crate::work::team::{BANDS, Figures, Load};

/// One team, with names.
#[derive(Clone, Debug)]
pub struct OneTeam {
    name: String,
    figures: Figures,
    /// Each worker's name, and until when they are away.
    loads: Vec<(String, Option<Date>, Load)>,
    late: Vec<(PersonId, String, &'static str, Date)>,
}

impl OneTeam {
    /// Puts names to the numbers of a team: those who carry most late waits first.
    pub fn new(
        name: String,
        figures: &Figures,
        names: &BTreeMap<StaffId, String>,
        called: &BTreeMap<PersonId, String>,
        away: impl Fn(StaffId) -> Option<Date>,
    ) -> Self {
        let name_of = |staff: Option<StaffId>| match staff {
            None => "Nobody leads".to_owned(),
            Some(staff) => names.get(&staff).cloned().unwrap_or_default(),
        };
        let loads = figures.loads.iter().map(|(staff, load)| (name_of(*staff), staff.and_then(&away), *load));
        let mut loads: Vec<_> = loads.collect();
        loads.sort_by(|(one, _, left), (other, _, right)| {
            (right.late, right.waiting, one).cmp(&(left.late, left.waiting, other))
        });
        let late = figures
            .late
            .iter()
            .map(|(person, what, due)| (*person, called.get(person).cloned().unwrap_or_default(), *what, *due));
        Self { name, figures: figures.clone(), loads, late: late.collect() }
    }
}

/// `/work/team`.
#[component]
pub fn Teams(
    /// The teams, by locality.
    teams: Vec<OneTeam>,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let none = teams.is_empty();
    let teams = teams.into_iter().map(|team| view! { <Team team now/> }).collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href="/work">"Today"</a></nav>
        <h1>"How your teams are doing"</h1>
        {none.then(|| view! { <p class="lead">"Nobody is in your teams yet. An administrator puts you in a team, and an import brings its people."</p> })}
        {teams}
        {(!none).then(|| view! { <p class="meta">"To read what somebody wrote you need a reason: "<a href="/work/find">"find them"</a>" and write it down. They are told."</p> })}
    }
}

#[component]
fn Team(team: OneTeam, now: Timestamp) -> impl IntoView {
    let today = london_date(now);
    let OneTeam { name, figures, loads, late } = team;
    let waiting: usize = figures.waits.iter().sum();
    let bands = BANDS
        .iter()
        .zip(figures.waits)
        .filter(|(_, many)| *many > 0)
        .map(|((_, says), many)| format!("{many} for {says}"));
    let bands: Vec<String> = bands.collect();
    let waits = if waiting == 0 { "Nobody".to_owned() } else { format!("{waiting}: {}", words::and(bands)) };
    let rows = loads.into_iter().map(|(name, away, load)| {
        let away = away.map(|until| format!(", away until {}", words::day_seen_from(until, today)));
        let oldest = load.oldest.map_or_else(|| "–".to_owned(), |since| waited(now.as_microsecond() - since));
        view! {
            <tr>
                <th scope="row">{name}{away}</th>
                <td>{load.people}</td><td>{load.waiting}</td><td>{load.late}</td><td>{oldest}</td><td>{load.clocks}</td>
            </tr>
        }
    });
    let nothing = late.is_empty();
    let late = late.into_iter().map(|(person, called, what, due)| {
        view! { <li><a href=format!("/work/people/{person}")>{called}</a>{format!(": {what} was due {}", words::near_day(due, today))}</li> }
    });
    let label = format!("What each worker of the {name} carries");
    view! {
        <h2>{name}</h2>
        <dl class="facts">
            <div><dt>"Young people"</dt><dd>{figures.people}</dd></div>
            <div><dt>"Waiting for an answer"</dt><dd>{waits}</dd></div>
            <div><dt>"May be in danger"</dt><dd>{figures.urgent}</dd></div>
            <div><dt>"No plan yet"</dt><dd>{figures.no_plan}</dd></div>
            <div><dt>"Review of the plan late"</dt><dd>{figures.reviews_late}</dd></div>
        </dl>
        <div class="scroll" tabindex="0" role="group" aria-label=label>
            <table>
                <thead><tr><th scope="col">"Worker"</th><th scope="col">"Leads"</th><th scope="col">"Waiting"</th><th scope="col">"Answer late"</th><th scope="col">"Longest"</th><th scope="col">"Visit or review late"</th></tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        <h3>"Visits and reviews that are late"</h3>
        {nothing.then(|| view! { <p>"None."</p> })}
        <ul>{late.collect_view()}</ul>
    }
}
