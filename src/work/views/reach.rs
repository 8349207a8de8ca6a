//! `/work/people/{id}/reach`.

use jiff::Timestamp;
use leptos::prelude::*;

use crate::dropins::words;
use crate::editing::when;
use crate::people::{Channel, Contact, PersonId, Quiet};
use crate::ui::Errors;
use crate::web::forms::Fields;

/// `/work/people/{id}/reach`.
#[component]
pub fn ReachThem(
    /// Who.
    person: PersonId,
    /// The name they want to be called by.
    called: String,
    /// Their numbers and addresses.
    contacts: Vec<Contact>,
    /// The hours without notices.
    quiet: Quiet,
    /// They are under a safety flag.
    flagged: bool,
    /// The reader works with them.
    works: bool,
    /// The form, as sent or empty.
    form: Fields,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let action = format!("/work/people/{person}/reach");
    let none = contacts.is_empty();
    let nowhere = !none && !contacts.iter().any(|contact| contact.notify && contact.counts(now));
    let confirm = action.clone();
    let rows = contacts.into_iter().map(move |contact| view! { <Row contact action=confirm.clone() works now/> });
    let quiet = if quiet.from == quiet.to {
        "They want no quiet hours.".to_owned()
    } else {
        format!("They are sent nothing from {} to {}.", words::clock(quiet.from), words::clock(quiet.to))
    };
    let (state, turn, label) = if flagged {
        (
            "It is on. We send nothing to this person, and a code takes two workers. Do not leave messages with anybody else. When it is turned off, their manager is told, and for a week a code still takes two.",
            "flag:off",
            "Turn the safety flag off",
        )
    } else {
        (
            "It is off. Turn it on when somebody near them may read what we send, or may pretend to be them. From then on we send them nothing, and a code takes two workers.",
            "flag:on",
            "Turn the safety flag on",
        )
    };
    view! {
        <nav class="back" aria-label="Back"><a href=format!("/work/people/{person}")>{called.clone()}</a></nav>
        <Errors form/>
        <h1>{format!("How to reach {called}")}</h1>
        {flagged.then(|| view! { <p class="note"><strong>"Safety flag."</strong>" Do not write, text or call unless you agreed it with them."</p> })}
        {none.then(|| view! { <p>"They gave no number and no email address. They see what is new when they sign in."</p> })}
        {nowhere.then(|| view! { <p class="note">"No notice reaches them now: nothing here is confirmed and wanted. They see what is new when they sign in."</p> })}
        <ul class="plain">{rows.collect_view()}</ul>
        <p>{quiet}</p>
        <h2>"Safety flag"</h2>
        <p>{state}</p>
        <form method="post" action=action><p><button class="btn quiet" name="do" value=turn>{label}</button></p></form>
    }
}

#[component]
fn Row(contact: Contact, action: String, works: bool, now: Timestamp) -> impl IntoView {
    let state = match contact.confirmed_at {
        None => "Not confirmed.".to_owned(),
        Some(at) if contact.counts(now) => format!("Confirmed on {}.", when(at)),
        Some(at) => format!("Confirmed on {}: too long ago to count.", when(at)),
    };
    let phone = contact.channel == Channel::Phone;
    let not_here = (!contact.notify).then(|| {
        let says = if phone { "Do not text this number" } else { "Do not write to this address" };
        view! { " "<span class="tag warn">{says}</span>" They do not want to be contacted here. Only they can change that, where they see how we reach them." }
    });
    let reached = (works && phone).then(|| {
        view! { <button class="btn quiet" name="do" value=format!("confirm:{}", contact.id)>"I reached them here"</button>" " }
    });
    let silence = (works && contact.notify).then(|| {
        let says = if phone { "Do not text this number" } else { "Do not write to this address" };
        view! {
            <details>
                <summary>{says}</summary>
                <p>"We send nothing here any more, nor a code that lets them back in. Press this when they asked for it. Only they can take it back."</p>
                <p><button class="btn quiet" name="do" value=format!("silence:{}", contact.id)>"Send nothing here"</button></p>
            </details>
        }
    });
    let buttons = (reached.is_some() || silence.is_some())
        .then(|| view! { <form method="post" action=action>{reached}{silence}</form> });
    let value = match contact.channel {
        Channel::Phone => {
            let dial = format!("tel:{}", contact.value.replace(' ', ""));
            view! { <a href=dial>{contact.value}</a> }.into_any()
        }
        _ => contact.value.into_any(),
    };
    view! { <li><p><strong>{value}</strong>" "{state}{not_here}</p>{buttons}</li> }
}
