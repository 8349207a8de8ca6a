//! `/me/account/reach` and `/me/account/name`.

use jiff::Timestamp;
use leptos::prelude::*;

use crate::dropins::words;
use crate::editing::when;
use crate::people::{Channel, Contact, Quiet};
use crate::ui::{Errors, Select, Submit, TextField};
use crate::web::forms::Fields;

/// `/me/account/name`.
#[component]
pub fn NameShown(
    /// The form: what they are called now, or what was sent.
    form: Fields,
) -> impl IntoView {
    view! {
        <nav class="back" aria-label="Back"><a href="/me/account">"Your sign-in"</a></nav>
        <Errors form=form.clone()/>
        <h1>"The name we use"</h1>
        <form method="post" action="/me/account/name" novalidate>
            <TextField field=form.field("called") label="What should we call you?" hint="Your workers see it too. Your name in law stays as it is on your record."/>
            <Submit label="Save"/>
        </form>
    }
}

/// The sentence for somebody to whom nothing is sent.
const SILENT: &str = "We send you nothing at the moment, to keep you safe. Your personal adviser can tell you why.";

/// `/me/account/reach`.
#[component]
pub fn ReachPage(
    /// Every number and address.
    contacts: Vec<Contact>,
    /// The hours without notices.
    quiet: Quiet,
    /// Nothing is sent, for their safety.
    silent: bool,
    /// The form, as sent or empty.
    form: Fields,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let none = contacts.is_empty();
    let rows = contacts.into_iter().map(|contact| {
        let href = format!("/me/account/reach/{}", contact.id);
        let says = says(&contact, now);
        view! { <li><a href=href><strong>{contact.value}</strong>" "<span>{says}</span></a></li> }
    });
    let quiet = if quiet.from == quiet.to {
        "We may send you something at any hour.".to_owned()
    } else {
        format!("We send you nothing from {} to {}.", words::clock(quiet.from), words::clock(quiet.to))
    };
    view! {
        <nav class="back" aria-label="Back"><a href="/me/account">"Your sign-in"</a></nav>
        <Errors form=form.clone()/>
        <h1>"How we reach you"</h1>
        <p class="lead">"You do not have to give us anything. What we send never says what it is about."</p>
        {silent.then(|| view! { <p class="note">{SILENT}</p> })}
        <h2>"Your numbers and addresses"</h2>
        {none.then(|| view! { <p>"None. You see what is new when you sign in."</p> })}
        <ul class="cards">{rows.collect_view()}</ul>
        <form method="post" action="/me/account/reach" novalidate>
            <TextField field=form.field("value") label="Add an email address or a phone number"
                hint="Only add one that nobody else reads. You type a code to confirm an email address; your personal adviser confirms a phone number by calling it."/>
            <p><button class="btn" name="do" value="add">"Add"</button></p>
        </form>
        <h2>"Quiet hours"</h2>
        <p>{quiet}</p>
        <form method="post" action="/me/account/reach" novalidate>
            <Select field=form.field("from") label="Quiet from" choices=hours()/>
            <Select field=form.field("to") label="Quiet until" choices=hours()/>
            <p><button class="btn" name="do" value="quiet">"Save quiet hours"</button>" "
                <button class="btn quiet" name="do" value="loud">"No quiet hours"</button></p>
        </form>
    }
}

fn hours() -> Vec<(String, String)> {
    (0..24)
        .map(|hour| {
            let time = jiff::civil::time(hour, 0, 0, 0);
            (time.strftime("%H:%M").to_string(), words::clock(time))
        })
        .collect()
}

/// Where a number or address stands.
fn says(contact: &Contact, now: Timestamp) -> String {
    let notify = if contact.notify { "" } else { " We do not contact you here." };
    match (contact.confirmed_at, contact.confirmed_by) {
        (None, _) => format!("Not confirmed yet.{notify}"),
        (Some(_), _) if !contact.counts(now) => format!("Confirmed more than 90 days ago: confirm it again.{notify}"),
        (Some(at), Some(by)) => format!("Confirmed on {} {}.{notify}", when(at), by.says()),
        (Some(at), None) => format!("Confirmed on {}.{notify}", when(at)),
    }
}

/// `/me/account/reach/{id}`.
#[component]
pub fn ContactPage(
    /// The number or address.
    contact: Contact,
    /// Nothing is sent, for their safety.
    silent: bool,
    /// The form, as sent or empty.
    form: Fields,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let action = format!("/me/account/reach/{}", contact.id);
    let state = says(&contact, now);
    let confirm = match contact.channel {
        Channel::Email if silent => view! { <p class="note">{SILENT}</p> }.into_any(),
        Channel::Email => view! {
            <form method="post" action=action.clone() novalidate>
                <TextField field=form.field("code") label="The code we sent" hint="8 numbers. It works for 10 minutes." narrow=true autocomplete="one-time-code"/>
                <p><button class="btn" name="do" value="confirm">"Confirm"</button>" "
                    <button class="btn quiet" name="do" value="send">"Send a new code"</button></p>
            </form>
        }
        .into_any(),
        Channel::Phone => view! {
            <p>"Your personal adviser confirms a phone number by calling you on it. Ask them the next time you speak."</p>
        }
        .into_any(),
    };
    let (turn, label) =
        if contact.notify { ("off", "Don't contact me here") } else { ("on", "You may contact me here") };
    view! {
        <nav class="back" aria-label="Back"><a href="/me/account/reach">"How we reach you"</a></nav>
        <Errors form=form.clone()/>
        <h1>{contact.value}</h1>
        <p class="lead">{state}</p>
        {confirm}
        <h2>"Change it"</h2>
        <form method="post" action=action>
            <p><button class="btn quiet" name="do" value=turn>{label}</button>" "
                <button class="btn quiet" name="do" value="remove">"Remove it"</button></p>
        </form>
    }
}
