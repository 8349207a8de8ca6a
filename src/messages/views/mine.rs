//! The young person's own messages.

use jiff::Timestamp;
use leptos::prelude::*;

use super::{Reader, Row, Thread, Write};
use crate::messages::answering::Reading;
use crate::messages::{Message, Page};
use crate::people::Answers;
use crate::ui::{Errors, Submit, TextField};
use crate::web::forms::Fields;

/// `/me/messages`.
#[component]
pub fn MyMessages(
    /// The messages.
    page: Page,
    /// This is a page before the last.
    earlier: bool,
    /// Who reads, and by when they usually answer.
    reading: Reading,
    /// A mark by which we know our own words again when the form comes.
    sign: String,
    /// The lines that answer now, and that they are to be called first.
    danger: AnyView,
    /// They were just told that their words may mean danger: it stands first.
    urgent: bool,
    /// The form, as sent or empty.
    form: Fields,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let (says, asleep) = (reading.says(now), reading.asleep(now));
    let hidden = page.hidden;
    let any = !page.messages.is_empty() || hidden > 0;
    let label = match reading.answers {
        Answers::Lead(_) | Answers::Cover { .. } => format!("Write to {}", reading.by),
        Answers::Desk { .. } => format!("Write to the {}", reading.by),
    };
    let (first, second) = if urgent { (Some(danger), None) } else { (None, Some(danger)) };
    let told = says.clone();
    let with = view! { <input type="hidden" name="shown" value=told/><input type="hidden" name="sign" value=sign/> };
    let written = (!earlier).then(|| {
        view! {
            {second}
            <p><a href="/me/if-it-goes-wrong">"If it goes wrong: what I do, and who I call"</a></p>
            <p class="lead">{says}</p>
            {asleep.map(|asleep| view! { <p>{asleep}</p> })}
            <Write action="/me/messages".to_owned() form=form.clone() label hint="Your message is saved as soon as the next page says so." with=with.into_any()/>
        }
    });
    view! {
        <Errors form/>
        <h1>"Messages"</h1>
        {first}
        <Thread page reader=Reader::Person path="/me/messages".to_owned() earlier now/>
        {written}
        {any.then(|| view! {
            <h2>"All your messages"</h2>
            <ul>
                <li><a href="/me/messages/search">"Search in them"</a></li>
                <li><a href="/me/messages/hide">{if hidden > 0 { format!("Hide some, or show the {hidden} you have hidden") } else { "Hide some".to_owned() }}</a></li>
                <li><a href="/me/messages/print">"See all of them, for printing or keeping"</a></li>
            </ul>
        })}
    }
}

/// `/me/messages` at the first door.
#[component]
pub fn MyVisit(
    /// What was written on this visit, oldest first.
    messages: Vec<Message>,
    /// The lines that answer now, and that they are to be called first.
    danger: AnyView,
    /// They were just told that their words may mean danger: it stands first.
    urgent: bool,
    /// The form, as sent or empty.
    form: Fields,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let rows = messages.into_iter().map(|message| view! { <Row message reader=Reader::Person now/> }).collect_view();
    let (first, second) = if urgent { (Some(danger), None) } else { (None, Some(danger)) };
    view! {
        <Errors form=form.clone()/>
        <h1>"Messages"</h1>
        {first}
        <ol class="thread">{rows}</ol>
        {second}
        <p class="lead">"You can write to your team now. Nobody watches this at night."</p>
        <Write action="/me/messages".to_owned() form label="Write to your team" hint="Your message is saved as soon as the next page says so."/>
        <p>"To see your other messages, and by when there is an answer, "<a href="/sign-in/second?next=/me/messages">"prove it is you"</a>"."</p>
    }
}

#[component]
fn Back() -> impl IntoView {
    view! { <nav class="back" aria-label="Back"><a href="/me/messages">"Messages"</a></nav> }
}

/// `/me/messages/search` before anything was searched for.
#[component]
pub fn Searching(
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    view! {
        <Back/>
        <Errors form=form.clone()/>
        <h1>"Search in your messages"</h1>
        <form method="post" action="/me/messages/search" novalidate>
            <TextField field=form.field("words") label="Which words?" hint="Every word you write here must be in the message."/>
            <Submit label="Search"/>
        </form>
    }
}

/// What a search in one's own messages found.
#[component]
pub fn Found(
    /// What was searched for.
    words: String,
    /// What was found, the latest first.
    messages: Vec<Message>,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let messages = messages.into_iter().map(|one| Message { shown: None, ..one });
    let messages: Vec<Message> = messages.collect();
    let says = match messages.len() {
        0 => format!("No message has “{words}” in it. Try fewer words, or another word."),
        1 => format!("1 message has “{words}” in it."),
        n => format!("{n} messages have “{words}” in them, the latest first."),
    };
    let rows = messages.into_iter().map(|message| view! { <Row message reader=Reader::Person now/> }).collect_view();
    let form = Fields::filled([("words", words)]);
    view! {
        <Searching form/>
        <h2>"Found"</h2>
        <p role="status">{says}</p>
        <ol class="thread">{rows}</ol>
    }
}

/// `/me/messages/hide`.
#[component]
pub fn Hiding(
    /// The latest messages, and how many are hidden.
    page: Page,
    /// Now.
    now: Timestamp,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let hidden = page.hidden;
    let short = |text: &str| {
        let mut short: String = text.chars().take(60).collect();
        if short.len() < text.len() {
            short.push('…');
        }
        short
    };
    let none = page.messages.is_empty();
    let boxes = page.messages.iter().rev().map(|one| {
        let says = format!("{}: {}", super::when(one.sent_at, now), short(&one.body));
        view! { <label class="choice"><input type="checkbox" name=format!("m-{}", one.id) value="yes"/>{says}</label> }
    });
    let boxes = boxes.collect_view();
    let fault = form.field("hide").fault;
    let bad = fault.as_ref().map(|_| "bad");
    view! {
        <Back/>
        <Errors form/>
        <h1>"Hide messages"</h1>
        <p>"A message that you hide is not shown to you any more: nobody who looks over your shoulder sees it. Your worker still sees it, and it stays in your record."</p>
        {(!none).then(|| view! {
            <form method="post" action="/me/messages/hide" novalidate>
                <fieldset id="hide" class=bad>
                    <legend>"Which ones? The latest come first."</legend>
                    {fault.map(|fault| view! { <p class="err" id="hide-e"><span class="vh">"Error: "</span>{fault}</p> })}
                    <div class="ticks">{boxes}</div>
                </fieldset>
                <Submit label="Hide these"/>
            </form>
        })}
        {none.then(|| view! { <p>"There is nothing to hide."</p> })}
        {(hidden > 0).then(|| view! {
            <h2>"Hidden"</h2>
            <form method="post" action="/me/messages/hide">
                <p>{if hidden == 1 { "1 message is hidden.".to_owned() } else { format!("{hidden} messages are hidden.") }}</p>
                <p><button class="btn quiet" name="show" value="all">"Show them again"</button></p>
            </form>
        })}
    }
}

/// `/me/messages/print`: every message, oldest first.
#[component]
pub fn OnPaper(
    /// Every message that is not hidden.
    messages: Vec<Message>,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let none = messages.is_empty();
    let rows = messages.into_iter().map(|message| view! { <Row message reader=Reader::Person now/> }).collect_view();
    view! {
        <Back/>
        <h1>"All your messages"</h1>
        {none.then(|| view! { <p>"There are no messages yet."</p> })}
        <p class="noprint">"To print them, use the print button of your browser. To keep them, "<a href="/me/messages/file">"take them in a file"</a>". Mind who else can open it."</p>
        <ol class="thread">{rows}</ol>
    }
}

/// Every message as plain text, for a file.
pub fn file(messages: &[Message], now: Timestamp) -> String {
    let mut text =
        format!("Your messages, on {}\n", super::when(now.as_microsecond(), now).trim_start_matches("today, "));
    for one in messages {
        let who = match &one.from {
            crate::messages::From::Person => "You",
            crate::messages::From::Worker(name) => name,
        };
        let at = crate::clock::in_london(crate::clock::from_micros(one.sent_at)).strftime("%Y-%m-%d %H:%M").to_string();
        text.push_str(&format!("\n{at}, {who}\n"));
        if let Some(title) = super::title(one, &Reader::Person, now) {
            text.push_str(&format!("{title}\n"));
        }
        text.push_str(&format!("{}\n", one.body));
        if let Some(state) = super::state(one, &Reader::Person, now) {
            text.push_str(&format!("({state})\n"));
        }
    }
    text
}
