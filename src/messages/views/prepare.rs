//! A message that is looked at before it is sent: from a template, now or later.

use jiff::Timestamp;
use leptos::prelude::*;

use crate::messages::planned::{Warning, says_when};
use crate::ui::{Errors, OneTimeKey, Select, TextArea, TextField};
use crate::web::forms::Fields;

/// Chooses a template for the box below it, in the form of that box: whatever else was chosen there stays.
#[component]
pub(super) fn Choose(
    /// What is sent for each template, and its words.
    templates: Vec<(String, String)>,
    /// The form.
    form: Fields,
) -> impl IntoView {
    view! {
        // Enter in a field of the form presses its first button: that must not be one that takes the place of a text.
        <button class="vh" name="do" value="preview" tabindex="-1" aria-hidden="true">"Preview"</button>
        <Select field=form.field("template") label="Begin with a template" hint="It takes the place of what stands in the box." choices=templates/>
        <div class="row">
            <button class="btn quiet" name="do" value="fill">"Put it in the box"</button>
            <a href="/work/templates">"Your templates"</a>
        </div>
    }
}

/// The box, and when what is in it is sent.
#[component]
pub(super) fn TextAndTime(
    /// The form.
    form: Fields,
) -> impl IntoView {
    view! {
        <TextArea field=form.field("body") label="Message" rows=8
            hint="{name} becomes the name they want to be called, {me} your name. It becomes part of their record."/>
        <fieldset>
            <legend>"Send it later? (you may leave this empty)"</legend>
            <p class="hint">"London time. Empty: it is sent when you have looked at it."</p>
            <div class="pair">
                <TextField field=form.field("day") label="Day" hint="As in 2026-12-04" kind="date"/>
                <TextField field=form.field("time") label="Time" hint="As in 09:00" kind="time"/>
            </div>
        </fieldset>
    }
}

/// What to look at first.
#[component]
pub(super) fn Warnings(
    /// What there is.
    warnings: Vec<Warning>,
) -> impl IntoView {
    (!warnings.is_empty()).then(|| {
        let rows = warnings.iter().map(|one| view! { <li>{one.says()}</li> }).collect_view();
        view! { <div class="warnbox"><p><strong>"Look at this first"</strong></p><ul>{rows}</ul></div> }
    })
}

/// What was typed, for the next page. A field that is sent more than once is sent so again, to be refused.
#[component]
pub(super) fn Carried(
    /// The form.
    form: Fields,
) -> impl IntoView {
    let fields: Vec<_> = form
        .all()
        .filter(|(name, _)| !matches!(*name, "key" | "do" | "template") && !name.starts_with("p-"))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()
}

/// A message as its reader will see it.
#[component]
pub(super) fn AsRead(
    /// The name of who writes.
    me: String,
    /// The text.
    text: String,
) -> impl IntoView {
    view! {
        <div class="msg theirs">
            <p class="who">{me}", from your team"</p>
            <div class="body">{text}</div>
        </div>
    }
}

/// The two ways on from a message that was looked at.
#[component]
pub(super) fn SendOrChange(
    /// What is sent: "3 messages", or nothing where it is plain.
    #[prop(into)]
    what: String,
    /// When; `None`: now.
    at: Option<Timestamp>,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let when = at.map_or_else(|| "now".to_owned(), |at| format!("on {}", says_when(at, now)));
    view! {
        <div class="row">
            <button class="btn" name="do" value="send">{format!("Send {what}{when}")}</button>
            <button class="btn quiet" name="do" value="change">"Change it"</button>
        </div>
    }
}

/// `/work/people/{id}/messages/prepare`.
#[component]
pub fn Prepare(
    /// The name the young person wants.
    called: String,
    /// The address of the thread.
    path: String,
    /// What is sent for each template, and its words.
    templates: Vec<(String, String)>,
    /// The form, as sent or filled from a template.
    form: Fields,
) -> impl IntoView {
    view! {
        <nav class="back" aria-label="Back"><a href=path.clone()>{format!("Messages with {called}")}</a></nav>
        <Errors form=form.clone()/>
        <h1>{format!("Prepare a message to {called}")}</h1>
        <form method="post" action=format!("{path}/prepare") novalidate>
            <OneTimeKey form=form.clone()/>
            <Choose templates form=form.clone()/>
            <TextAndTime form/>
            <p><button class="btn" name="do" value="preview">"Preview"</button></p>
        </form>
    }
}

/// The same message before it is sent.
#[component]
pub fn Preview(
    /// The name the young person wants.
    called: String,
    /// The name of who writes.
    me: String,
    /// The address of the thread.
    path: String,
    /// The text, as they will read it.
    text: String,
    /// When it is sent; `None`: now.
    send_at: Option<Timestamp>,
    /// What to look at first.
    warnings: Vec<Warning>,
    /// The form as sent.
    form: Fields,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    view! {
        <nav class="back" aria-label="Back"><a href=path.clone()>{format!("Messages with {called}")}</a></nav>
        <h1>{format!("This is what {called} will read")}</h1>
        <Warnings warnings/>
        <AsRead me text/>
        <form method="post" action=format!("{path}/prepare")>
            <OneTimeKey form=form.clone()/>
            <Carried form/>
            <SendOrChange what="" at=send_at now/>
        </form>
    }
}
