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
    let none = drop_ins.is_empty().then(|| view! { <p>"No drop-in near them in the next two weeks."</p> });
    let mut parts: Vec<(&str, Vec<Card>)> = Vec::new();
    for card in drop_ins.into_iter().chain(rights) {
        match parts.last_mut().filter(|(part, _)| *part == card.part) {
            Some((_, cards)) => cards.push(card),
            None => parts.push((card.part, vec![card])),
        }
    }
    let parts = parts.into_iter().map(|(part, cards)| {
        let rows = cards.into_iter().map(|card| {
            view! {
                <li>
                    <button class="btn quiet" name="what" value=card.word>"Send"<span class="vh">{format!(": {}", card.title)}</span></button>
                    <span>{card.title}</span>
                </li>
            }
        });
        view! { <h2>{part}</h2><ul class="share">{rows.collect_view()}</ul> }
    });
    let parts = parts.collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href=path.clone()>{format!("Messages with {called}")}</a></nav>
        <Errors form=form.clone()/>
        <h1>{format!("Send {called} something")}</h1>
        <p>"It goes as a message from you, in the words that are published now. It does not say more than the page does."</p>
        <form method="post" action=format!("{path}/share") id="what">
            <OneTimeKey form/>
            {none}
            {parts}
        </form>
    }
}
