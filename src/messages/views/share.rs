//! A part of the offer or a drop-in, to send into a thread.

use leptos::prelude::*;

use crate::messages::share::Card;
use crate::ui::{Errors, OneTimeKey};
use crate::web::forms::Fields;

/// `/work/people/{id}/messages/share`.
#[component]
pub fn Share(
    /// The name the young person wants.
    called: String,
    /// The address of the thread.
    path: String,
    /// Drop-ins of their locality.
    drop_ins: Vec<Card>,
    /// Parts of the offer.
    rights: Vec<Card>,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let none = drop_ins.is_empty();
    let rows = |cards: Vec<Card>| {
        let rows = cards.into_iter().map(|card| {
            view! {
                <li>
                    <button class="btn quiet" name="what" value=card.word>"Send"<span class="vh">{format!(": {}", card.title)}</span></button>
                    " "{card.title}
                </li>
            }
        });
        view! { <ul class="plain share">{rows.collect_view()}</ul> }
    };
    view! {
        <nav class="back" aria-label="Back"><a href=path.clone()>{format!("Messages with {called}")}</a></nav>
        <Errors form=form.clone()/>
        <h1>{format!("Send {called} something")}</h1>
        <p>"It goes as a message from you, in the words that are published now. It does not say more than the page does."</p>
        <form method="post" action=format!("{path}/share") id="what">
            <OneTimeKey form/>
            <h2>"Drop-ins near them"</h2>
            {none.then(|| view! { <p>"None in the next two weeks."</p> })}
            {rows(drop_ins)}
            <h2>"From the offer"</h2>
            {rows(rights)}
        </form>
    }
}
