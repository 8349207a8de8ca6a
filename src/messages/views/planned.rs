//! What is to be sent later: beside a thread, and in a list.

use jiff::Timestamp;
use leptos::prelude::*;

use crate::clock::from_micros;
use crate::messages::planned::{Coming, Planned, Stage, says_when};
use crate::people::StaffId;
use crate::ui::Errors;
use crate::web::forms::Fields;

/// `1 message is`, `3 messages are`.
fn many_are(many: usize) -> String {
    if many == 1 { "1 message is".to_owned() } else { format!("{many} messages are") }
}

/// What is planned for somebody, beside their thread.
#[component]
pub(super) fn ComingUp(
    /// What is planned, the soonest first.
    coming: Vec<Coming>,
    /// Who reads.
    reader: StaffId,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let when = |one: &Coming| says_when(from_micros(one.send_at), now);
    let due: Vec<&Coming> = coming.iter().filter(|one| one.stage == Stage::Due).collect();
    let own: Vec<&Coming> = due.iter().copied().filter(|one| one.staff == reader).collect();
    let own = own.first().map(|first| {
        let then = if own.len() > 1 { ", the first" } else { "" };
        let says = format!("{} planned{then} for {}", many_are(own.len()), when(first));
        view! { <p class="note"><a href="/work/planned">{says}</a></p> }
    });
    let others = due.into_iter().filter(|one| one.staff != reader).map(|one| {
        view! { <p class="meta">{format!("{} has planned a message for {}.", one.sender, when(one))}</p> }
    });
    let others = others.collect_view();
    let held = coming.iter().filter(|one| one.stage == Stage::Held).count();
    let held = (held > 0).then(|| {
        let says = format!("{} held and not sent", many_are(held));
        view! { <p class="note"><a href="/work/planned">{says}</a>". Whoever answers now decides."</p> }
    });
    view! { {own}{others}{held} }
}

/// One message of the list, with its buttons.
#[component]
fn OnePlanned(
    /// The message.
    one: Planned,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let when = says_when(from_micros(one.send_at), now);
    let called = one.called.clone();
    let (line, told, buttons) = match (one.stage, one.written_by) {
        (Stage::Held, by) => (
            format!("It was to be sent on {when}."),
            Some(format!(
                "Written by {}, not sent: they no longer work with {called}. Send it yourself or let it go.",
                by.unwrap_or_else(|| "a worker".to_owned())
            )),
            vec![("send", "Send it now, as yours"), ("let-go", "Let it go")],
        ),
        (_, by) => (
            format!("It is sent on {when}."),
            by.map(|by| format!("Written by {by} before the hand-over: check that it still fits.")),
            vec![("cancel", "Cancel")],
        ),
    };
    let buttons = buttons.into_iter().map(|(value, says)| {
        let to = format!(", the message to {called} on {when}");
        view! { <button class="btn quiet" name="do" value=value>{says}<span class="vh">{to}</span></button> }
    });
    let buttons = buttons.collect_view();
    let thread = format!("/work/people/{}/messages", one.person);
    view! {
        <li class="place">
            <h3><a href=thread>{format!("To {}", one.called)}</a></h3>
            <p>{line}</p>
            {told.map(|told| view! { <p><strong>{told}</strong></p> })}
            <div class="msg theirs"><div class="body">{one.body}</div></div>
            <form method="post" action="/work/planned">
                <input type="hidden" name="planned" value=one.id.to_string()/>
                <div class="row">{buttons}</div>
            </form>
        </li>
    }
}

/// `/work/planned`.
#[component]
pub fn PlannedPage(
    /// The messages: what is held first.
    planned: Vec<Planned>,
    /// The form of the button that was pressed, if something was wrong with it.
    form: Fields,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let none = planned.is_empty();
    let (held, due): (Vec<_>, Vec<_>) = planned.into_iter().partition(|one| one.stage == Stage::Held);
    let list = |title: &'static str, all: Vec<Planned>| {
        (!all.is_empty()).then(|| {
            let rows = all.into_iter().map(|one| view! { <OnePlanned one now/> }).collect_view();
            view! { <h2>{title}</h2><ul class="thread">{rows}</ul> }
        })
    };
    view! {
        <nav class="back" aria-label="Back"><a href="/work">"Today"</a></nav>
        <Errors form/>
        <h1>"Planned messages"</h1>
        <div id="planned">
            {none.then(|| view! {
                <p class="lead">"Nothing is planned."</p>
                <p>"To plan a message, open somebody's messages and choose “Use a template, or send later”."</p>
            })}
            {list("Not sent", held)}
            {list("To be sent", due)}
        </div>
        <ul>
            <li><a href="/work/many">"Write to several people at once"</a></li>
            <li><a href="/work/templates">"Your templates"</a></li>
        </ul>
    }
}
