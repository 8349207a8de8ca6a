//! Many things to be confirmed at once.

use leptos::prelude::*;

use crate::ui::{Errors, OneTimeKey, TextField};
use crate::web::forms::Fields;

/// One thing that can be confirmed.
#[derive(Debug, Clone)]
pub struct Item {
    /// What is sent when it is ticked: its slug, a dot, and a hash of its text as it was shown.
    pub value: String,
    /// Its name.
    pub name: String,
    /// What is said to be right.
    pub says: String,
    /// Whether it is confirmed now.
    pub sure: bool,
    /// How sure we are of it, in words.
    pub certainty: String,
    /// Whether it was ticked.
    pub ticked: bool,
}

/// `/edit/confirm/sessions` and `/edit/confirm/lines`.
#[component]
pub fn ConfirmMany(
    /// What can be confirmed.
    items: Vec<Item>,
    /// Help lines; otherwise sessions.
    lines: bool,
    /// The address of this page.
    path: String,
    /// The form.
    form: Fields,
) -> impl IntoView {
    let (title, lead, back) = if lines {
        ("Confirm help lines", "Ring each number first. Tick those that are right.", ("/edit", "Edit"))
    } else {
        (
            "Confirm sessions",
            "Ask the people who run them first. Tick those that are right for the coming weeks.",
            ("/edit/drop-ins", "Drop-ins"),
        )
    };
    let unsure = items.iter().filter(|item| !item.sure).count();
    let of = items.len();
    let fault = form.field("items").fault;
    let class = fault.is_some().then_some("bad");
    let empty = items.is_empty();
    let rows = items.into_iter().map(|item| {
        let (tag, says) = if item.sure { ("tag good", "Confirmed") } else { ("tag warn", "Not confirmed") };
        view! {
            <label class="choice">
                <input type="checkbox" name="item" value=item.value checked=item.ticked/>
                <span>
                    <b>{item.name}</b> " " <span class=tag>{says}</span> <br/> {item.says} <br/>
                    <span class="meta">{item.certainty}</span>
                </span>
            </label>
        }
    });
    let rows = rows.collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href=back.0>{back.1}</a></nav>
        <Errors form=form.clone()/>
        <h1>{title}</h1>
        <p class="lead">{lead}</p>
        <p>{unsure} " of " {of} " not confirmed in the last 90 days."</p>
        {if empty {
            view! { <p>"There is nothing here that can be confirmed yet."</p> }.into_any()
        } else {
            view! {
                <form method="post" action=path novalidate>
                    <OneTimeKey form=form.clone()/>
                    <fieldset id="items" class=class>
                        <legend class="vh">{title}</legend>
                        {fault.map(|fault| view! { <p class="err"><span class="vh">"Error: "</span>{fault}</p> })}
                        {rows}
                    </fieldset>
                    <TextField field=form.field("note") label="How did you check? (if you want to say)"
                        hint="For staff only. Such as: Rang them on Monday."/>
                    <p><button class="btn">"Confirm these"</button></p>
                </form>
            }
            .into_any()
        }}
    }
}
