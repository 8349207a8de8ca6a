//! Who is away, who covers, and when somebody works.

use jiff::civil::Date;
use leptos::prelude::*;

use crate::dropins::words;
use crate::people::{AbsenceId, StaffId, Week};
use crate::ui::{Errors, Select, Submit, TextField};
use crate::web::forms::Fields;

/// The days of a week, with the names of their boxes.
pub const DAYS: [(&str, &str, &str); 7] = [
    ("Monday", "mon-from", "mon-to"),
    ("Tuesday", "tue-from", "tue-to"),
    ("Wednesday", "wed-from", "wed-to"),
    ("Thursday", "thu-from", "thu-to"),
    ("Friday", "fri-from", "fri-to"),
    ("Saturday", "sat-from", "sat-to"),
    ("Sunday", "sun-from", "sun-to"),
];

/// A time away, as it is listed.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it is called.
    pub id: AbsenceId,
    /// The first day.
    pub from: Date,
    /// The last.
    pub to: Date,
    /// Who covers; `None`: the duty desk.
    pub cover: Option<String>,
}

/// Somebody who is away today: their name, their last day, and who answers; `None`: the duty desk.
pub type AwayToday = (String, Date, Option<String>);

/// `/work/away/{id}`.
#[component]
pub fn Away(
    /// Whose page it is.
    staff: StaffId,
    /// Their name.
    name: String,
    /// It is the reader's own.
    own: bool,
    /// Their times away that are not over.
    rows: Vec<Row>,
    /// Who is away today.
    away: Vec<AwayToday>,
    /// Who could cover.
    choices: Vec<(String, String)>,
    /// For whom else the reader may do this.
    others: Vec<(StaffId, String)>,
    /// When they work.
    week: Week,
    /// Today.
    today: Date,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let here = format!("/work/away/{staff}");
    let title = if own { "When you are away".to_owned() } else { format!("When {name} is away") };
    let day = |date| words::day_seen_from(date, today);
    let rows = rows.into_iter().map(|row| {
        let days = if row.from == row.to { day(row.from) } else { format!("{} to {}", day(row.from), day(row.to)) };
        let cover = row.cover.unwrap_or_else(|| "the duty desk".to_owned());
        let of = format!(", {days}");
        let label = if row.from <= today { "Back now" } else { "Take this back" };
        view! {
            <li>
                <p><strong>{days}</strong>{format!(": {cover} covers")}</p>
                <form method="post" action=here.clone()>
                    <button class="btn quiet" name="end" value=row.id.to_string()>{label}<span class="vh">{of}</span></button>
                </form>
            </li>
        }
    });
    let rows = rows.collect_view();
    let away = away.into_iter().map(|(name, until, by)| {
        let by = by.unwrap_or_else(|| "the duty desk".to_owned());
        view! { <li><strong>{name}</strong>{format!(" until {}: {by} answers", day(until))}</li> }
    });
    let away: Vec<_> = away.collect();
    let others = others.into_iter().map(|(id, name)| view! { <li><a href=format!("/work/away/{id}")>{name}</a></li> });
    let others: Vec<_> = others.collect();
    let mut covers = vec![("desk".to_owned(), "The duty desk of the team".to_owned())];
    covers.extend(choices);
    let hours = DAYS.iter().zip(&week.0).filter_map(|((day, ..), shift)| {
        let (from, to) = (*shift)?;
        Some(view! { <li>{format!("{day}, {} to {}", words::clock(from), words::clock(to))}</li> })
    });
    let hours = hours.collect_view();
    let action = format!("/work/away/{staff}");
    view! {
        <nav class="back" aria-label="Back"><a href="/work">"Today"</a></nav>
        <Errors form=form.clone()/>
        <h1>{title}</h1>
        {(!away.is_empty()).then(|| view! { <div class="note"><h2>"Away today"</h2><ul>{away}</ul></div> })}
        <p>"While somebody is away, whoever covers gets what is new and what is not answered yet. Young people read who is away until when, and who covers. It ends by itself at midnight after the last day."</p>
        <ul class="plain">{rows}</ul>
        <h2>"Add days away"</h2>
        <form method="post" action=action novalidate>
            <TextField field=form.field("from") label="First day" hint="As in 2026-12-04" kind="date"/>
            <TextField field=form.field("to") label="Last day" hint="As in 2026-12-09. One day: the same again." kind="date"/>
            <Select field=form.field("cover") label="Who covers?" choices=covers/>
            <Submit label="Save"/>
        </form>
        <h2>"Hours of work"</h2>
        <p>"What young people are told of when there is an answer goes by these. Bank holidays are left out by themselves."</p>
        <ul>{hours}</ul>
        <p><a href=format!("/work/away/{staff}/hours")>"Change the hours"</a></p>
        {(!others.is_empty()).then(|| view! { <h2>"For somebody else"</h2><ul>{others}</ul> })}
    }
}

/// `/work/away/{id}/hours`.
#[component]
pub fn Hours(
    /// Whose.
    staff: StaffId,
    /// Their name.
    name: String,
    /// The reader's own.
    own: bool,
    /// The form, as sent, or with the hours as they are.
    form: Fields,
) -> impl IntoView {
    let title = if own { "When you work".to_owned() } else { format!("When {name} works") };
    let boxes = DAYS.map(|(day, from, to)| {
        view! {
            <fieldset>
                <legend>{day}</legend>
                <div class="pair">
                    <TextField field=form.field(from) label="From" narrow=true kind="time"/>
                    <TextField field=form.field(to) label="To" narrow=true kind="time"/>
                </div>
            </fieldset>
        }
    });
    let boxes = boxes.into_iter().collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href=format!("/work/away/{staff}")>"Away"</a></nav>
        <Errors form=form.clone()/>
        <h1>{title}</h1>
        <p>"Leave a day empty on which there is no work. Write times as in 09:00."</p>
        <form method="post" action=format!("/work/away/{staff}/hours") novalidate>
            {boxes}
            <Submit label="Save"/>
        </form>
    }
}
