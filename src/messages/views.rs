//! A thread of messages, for the young person and for the worker.

use jiff::Timestamp;
use leptos::prelude::*;

use super::{From, Message, State};
use crate::clock::{from_micros, in_london};
use crate::dropins::words;
use crate::islands::LiveThread;
use crate::people::Worker;
use crate::ui::{Errors, OneTimeKey, Submit, TextArea};
use crate::web::document::document;
use crate::web::forms::Fields;

/// Who reads a page of messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The young person.
    Person,
    /// A worker; the name that the young person wants to be called by.
    Worker(String),
}

/// A time as a reader takes it in: "Today, 4.10pm", "Thursday 3 December, 4.10pm".
pub fn when(micros: i64, now: Timestamp) -> String {
    let (at, now) = (in_london(from_micros(micros)), in_london(now));
    let clock = words::clock(at.time());
    let day = if at.date() == now.date() {
        "today".to_owned()
    } else if at.date().year() == now.date().year() {
        words::day(at.date())
    } else {
        words::date_with_year(at.date())
    };
    format!("{day}, {clock}")
}

fn state(message: &Message, reader: &Reader, now: Timestamp) -> Option<String> {
    let mine = (message.from == From::Person) == (*reader == Reader::Person);
    match (&message.state, mine) {
        (State::Saved, true) => Some("Saved. Not opened yet.".to_owned()),
        (State::Saved, false) => None,
        (State::Answered, _) => Some("Answered".to_owned()),
        (State::Opened(by, at), true) if by.is_empty() => Some(format!("Opened {}", when(*at, now))),
        (State::Opened(by, at), true) => Some(format!("Opened by {by}, {}", when(*at, now))),
        (State::Opened(..), false) => None,
    }
}

/// One message.
#[component]
fn Row(message: Message, reader: Reader, now: Timestamp) -> impl IntoView {
    let mine = (message.from == From::Person) == (reader == Reader::Person);
    let who = match (&message.from, &reader) {
        (From::Person, Reader::Person) => "You".to_owned(),
        (From::Person, Reader::Worker(called)) => called.clone(),
        (From::Worker(name), _) => name.clone(),
    };
    let staff = matches!(message.from, From::Worker(_)) && reader == Reader::Person;
    let state = state(&message, &reader, now);
    view! {
        <li class=if mine { "msg mine" } else { "msg theirs" } id=format!("m-{}", message.id)>
            <p class="who">{who}{staff.then_some(", from your team")}", "<time>{when(message.sent_at, now)}</time></p>
            <div class="body">{message.body}</div>
            {state.map(|state| view! { <p class="state">{state}</p> })}
        </li>
    }
}

/// Rows by themselves: what the live thread asks for.
pub fn rows(messages: Vec<Message>, reader: Reader, now: Timestamp) -> String {
    document(move || {
        messages.into_iter().map(|message| view! { <Row message reader=reader.clone() now/> }).collect_view()
    })
}

/// The thread with the box to write in.
#[component]
pub fn Thread(
    /// The messages, oldest first.
    messages: Vec<Message>,
    /// Who reads.
    reader: Reader,
    /// Where the form posts.
    action: String,
    /// Where the live thread asks.
    live: String,
    /// The form, as sent or empty.
    form: Fields,
    /// The label of the box.
    label: String,
    /// Words under the label.
    hint: Option<String>,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let last = messages.last().map(|message| message.id.to_string()).unwrap_or_default();
    let empty = messages.is_empty();
    let nothing = match &reader {
        Reader::Person => "There are no messages yet. Write the first one below.",
        Reader::Worker(_) => "There are no messages yet. They see what you write here when they next sign in.",
    };
    let list = messages.into_iter().map(|message| view! { <Row message reader=reader.clone() now/> }).collect_view();
    view! {
        <LiveThread>
            {empty.then(|| view! { <p class="meta">{nothing}</p> })}
            <ol class="thread" data-live=live data-last=last>{list}</ol>
        </LiveThread>
        <form class="write" method="post" action=action novalidate>
            <OneTimeKey form=form.clone()/>
            <TextArea field=form.field("body") label hint=hint.unwrap_or_default()/>
            <Submit label="Send"/>
        </form>
    }
}

/// `/me/messages`.
#[component]
pub fn MyMessages(
    /// The messages, oldest first.
    messages: Vec<Message>,
    /// Who works with the reader.
    workers: Vec<Worker>,
    /// What the team's duty desk is called.
    duty_desk: String,
    /// The form, as sent or empty.
    form: Fields,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let lead = workers.iter().find(|worker| worker.lead).or_else(|| workers.first());
    let (to, who) = match lead {
        Some(worker) => (worker.name.clone(), format!("{}, {}, reads these.", worker.name, worker.part.title())),
        None => (duty_desk.clone(), format!("The {duty_desk} reads these until you have a personal adviser.")),
    };
    view! {
        <Errors form=form.clone()/>
        <h1>"Messages"</h1>
        <div class="next">
            <p><strong>{who}</strong>" Nobody watches these at night. In danger, or nowhere to sleep tonight? Call one of the numbers at the top of this page."</p>
        </div>
        <Thread messages reader=Reader::Person action="/me/messages".to_owned() live="/me/messages/new".to_owned() form
            label=format!("Write to {to}") hint=Some("Your message is saved as soon as the next page says so.".to_owned()) now/>
    }
}

/// `/me/messages` at the first door.
#[component]
pub fn MyVisit(
    /// What was written on this visit, oldest first.
    messages: Vec<Message>,
    /// The form, as sent or empty.
    form: Fields,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let rows = messages.into_iter().map(|message| view! { <Row message reader=Reader::Person now/> }).collect_view();
    view! {
        <Errors form=form.clone()/>
        <h1>"Messages"</h1>
        <div class="next">
            <p><strong>"You can write to your team now."</strong>" Nobody watches this at night. In danger, or nowhere to sleep tonight? Call one of the numbers at the top of this page."</p>
        </div>
        <ol class="thread">{rows}</ol>
        <form class="write" method="post" action="/me/messages" novalidate>
            <OneTimeKey form=form.clone()/>
            <TextArea field=form.field("body") label="Write to your team" hint="Your message is saved as soon as the next page says so."/>
            <Submit label="Send"/>
        </form>
        <p>"To see your other messages, "<a href="/sign-in/second?next=/me/messages">"prove it is you"</a>"."</p>
    }
}

/// `/work/people/{id}/messages`.
#[component]
pub fn TheirMessages(
    /// The messages, oldest first.
    messages: Vec<Message>,
    /// The name the young person wants.
    called: String,
    /// The address of this page.
    path: String,
    /// The form, as sent or empty.
    form: Fields,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    view! {
        <nav class="back" aria-label="Back"><a href="/work">"Work"</a></nav>
        <Errors form=form.clone()/>
        <h1>{format!("Messages with {called}")}</h1>
        <Thread messages reader=Reader::Worker(called.clone()) action=path.clone() live=format!("{path}/new") form
            label=format!("Answer {called}") hint=Some("This becomes part of their record.".to_owned()) now/>
    }
}
