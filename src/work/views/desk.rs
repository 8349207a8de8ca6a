//! The duty desk.

use jiff::Timestamp;
use jiff::civil::Date;
use leptos::prelude::*;

use crate::clock::london_date;
use crate::dropins::words;
use crate::messages::{Waiting, waited};
use crate::people::{PersonId, StaffId};
use crate::ui::Errors;
use crate::web::forms::Fields;

/// Somebody of the team who is away today.
#[derive(Clone, Debug)]
pub struct AwayToday {
    /// Their name.
    pub name: String,
    /// The last day.
    pub until: Date,
    /// Who stands in; `None`: the desk.
    pub by: Option<String>,
}

/// `/work/desk`.
#[component]
pub fn Desk(
    /// What it is called.
    name: String,
    /// Who waits and has nobody else who answers.
    waiting: Vec<Waiting>,
    /// Whom nobody leads.
    nobody: Vec<(PersonId, String)>,
    /// Who is away today.
    away: Vec<AwayToday>,
    /// Who could take somebody, by name.
    takers: Vec<(String, String)>,
    /// Who reads.
    me: StaffId,
    /// The form that was refused, or empty.
    form: Fields,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let today = london_date(now);
    let (calm, all_led, all_here) = (waiting.is_empty(), nobody.is_empty(), away.is_empty());
    let waiting = waiting.into_iter().map(|one| {
        let since = one.since.map(|since| format!("Waiting {}", waited(now.as_microsecond() - since)));
        let why = if one.urgent { "Words that may mean danger" } else { "Nobody else answers for them, or it has taken too long" };
        view! {
            <li class=one.urgent.then_some("urgent")>
                <a href=format!("/work/people/{}/messages", one.person)><strong>{one.called}</strong>" "<span>{why}</span>" "{since.map(|since| view! { <span class="tag warn">{since}</span> })}</a>
            </li>
        }
    });
    let waiting = waiting.collect_view();
    let nobody = nobody.into_iter().map(|(person, called)| {
        let action = format!("/work/desk/{person}");
        view! {
            <li>
                <p><strong>{called.clone()}</strong></p>
                <form method="post" action=action.clone()>
                    <input type="hidden" name="to" value=me.to_string()/>
                    <button class="btn">"I take them"<span class="vh">{format!(": {called}")}</span></button>
                </form>
                <details>
                    <summary>"Give them to somebody else"<span class="vh">{format!(": {called}")}</span></summary>
                    <form method="post" action=action>
                        <label>{format!("Who works with {called}?")}
                            <select name="to">{takers.clone().into_iter().map(|(id, name)| view! { <option value=id>{name}</option> }).collect_view()}</select>
                        </label>
                        <p><button class="btn quiet">"Give"</button></p>
                    </form>
                </details>
            </li>
        }
    });
    let nobody = nobody.collect_view();
    let away = away.into_iter().map(|one| {
        let by = one.by.map_or_else(|| "no cover: the desk answers".to_owned(), |by| format!("{by} covers"));
        view! { <li><strong>{one.name}</strong>{format!(", until {}: {by}", words::day_seen_from(one.until, today))}</li> }
    });
    let away = away.collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href="/work">"Today"</a></nav>
        <Errors form/>
        <h1>{name}</h1>
        <h2>"Waiting here"</h2>
        {calm.then(|| view! { <p>"Nobody waits for the desk."</p> })}
        <ol class="queue">{waiting}</ol>
        <h2>"Nobody leads"</h2>
        {all_led.then(|| view! { <p>"Everybody has a worker."</p> })}
        <ul class="plain">{nobody}</ul>
        <h2>"Away today"</h2>
        {all_here.then(|| view! { <p>"Nobody of the team is away."</p> })}
        <ul>{away}</ul>
        <p><a href="/work/away">"Set somebody away, and who covers"</a></p>
    }
}
