//! Writing to several people at once, to each by themselves.

use jiff::Timestamp;
use leptos::prelude::*;

use super::prepare::{AsRead, Carried, Choose, SendOrChange, TextAndTime, Warnings};
use crate::messages::planned::{Known, MANY, Warning};
use crate::people::PersonId;
use crate::ui::{Errors, OneTimeKey};
use crate::web::forms::Fields;

/// `/work/many`.
#[component]
pub fn ManyPage(
    /// Everybody of the worker's caseload, and by what the name of each is known again when the form comes back.
    known: Vec<(Known, String)>,
    /// What is sent for each template, and its words.
    templates: Vec<(String, String)>,
    /// The form, as sent or filled from a template.
    form: Fields,
) -> impl IntoView {
    let none = known.is_empty();
    let boxes = known.into_iter().map(|(one, mark)| {
        let field = format!("p-{}", one.person);
        let ticked = form.all().any(|(name, _)| name == field);
        let says = if one.called == one.name { one.name } else { format!("{} ({})", one.called, one.name) };
        view! { <label class="choice"><input type="checkbox" name=field value=mark checked=ticked/>{says}</label> }
    });
    let boxes = boxes.collect_view();
    let fault = form.field("people").fault;
    let bad = fault.as_ref().map(|_| "bad");
    let described = if bad.is_some() { "people-h people-e" } else { "people-h" };
    view! {
        <nav class="back" aria-label="Back"><a href="/work">"Today"</a></nav>
        <Errors form=form.clone()/>
        <h1>"Write to several people at once"</h1>
        {none.then(|| view! {
            <p class="lead">"Nobody is assigned to you yet."</p>
            <p>"People whom you may write to stand here as soon as they are assigned."</p>
        })}
        {(!none).then(|| view! {
            <p>"Each of them gets a message of their own, and nobody sees who else did."</p>
            <form method="post" action="/work/many" novalidate>
                <OneTimeKey form=form.clone()/>
                <fieldset id="people" class=bad aria-describedby=described>
                    <legend>"To whom?"</legend>
                    <p class="hint" id="people-h">{format!("At most {MANY}.")}</p>
                    {fault.map(|fault| view! { <p class="err" id="people-e"><span class="vh">"Error: "</span>{fault}</p> })}
                    <div class="ticks">{boxes}</div>
                </fieldset>
                <Choose templates form=form.clone()/>
                <TextAndTime form/>
                <p><button class="btn" name="do" value="preview">"Preview"</button></p>
            </form>
        })}
    }
}

/// One of those who are written to.
#[derive(Clone, Debug)]
pub struct One {
    /// Who.
    pub person: PersonId,
    /// The name they want to be called by, or their full name where they said none.
    pub called: String,
    /// The text, as they will read it.
    pub text: String,
    /// What to look at first.
    pub warnings: Vec<Warning>,
    /// By what their name is known again when the form comes back.
    pub mark: String,
}

/// The messages before they are sent.
#[component]
pub fn ManyPreview(
    /// To whom, and what each will read.
    all: Vec<One>,
    /// The name of who writes.
    me: String,
    /// When they are sent; `None`: now.
    send_at: Option<Timestamp>,
    /// What to look at first, of the time.
    warnings: Vec<Warning>,
    /// The form as sent.
    form: Fields,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let many = if all.len() == 1 { "1 message ".to_owned() } else { format!("{} messages ", all.len()) };
    let marks = all.iter().map(|one| (format!("p-{}", one.person), one.mark.clone())).collect::<Vec<_>>();
    let marks = marks.into_iter().map(|(name, mark)| view! { <input type="hidden" name=name value=mark/> });
    let marks = marks.collect_view();
    let boxes = all.into_iter().map(|one| {
        view! {
            <li class="place">
                <h2>{one.called}</h2>
                <Warnings warnings=one.warnings/>
                <AsRead me=me.clone() text=one.text/>
            </li>
        }
    });
    let boxes = boxes.collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href="/work">"Today"</a></nav>
        <Errors form=form.clone()/>
        <h1 id="people">"This is what each of them will read"</h1>
        <Warnings warnings/>
        <ul class="thread">{boxes}</ul>
        <form method="post" action="/work/many">
            <OneTimeKey form=form.clone()/>
            <Carried form/>
            {marks}
            <SendOrChange what=many at=send_at now/>
        </form>
    }
}
