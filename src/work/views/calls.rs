//! `/work/calls`.

use jiff::Timestamp;
use leptos::prelude::*;

use crate::messages::waited;
use crate::signin::Knock;
use crate::ui::Errors;
use crate::web::forms::Fields;

/// Who has taken somebody up.
#[derive(Clone, Debug)]
pub enum Taken {
    /// Nobody yet.
    Nobody,
    /// The reader.
    Mine,
    /// Another worker, by name.
    By(String),
}

/// `/work/calls`.
#[component]
pub fn Calls(
    /// Those who wait, who has taken them up, and where they are, if they said so.
    rows: Vec<(Knock, Taken, Option<String>)>,
    /// The form, as sent or empty.
    form: Fields,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let none = rows.is_empty();
    let rows = rows.into_iter().map(|(knock, taken, place)| view! { <Row knock taken place now/> }).collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href="/work">"Today"</a></nav>
        <Errors form/>
        <h1>"People who cannot sign in"</h1>
        <p class="lead">"They asked to be called. Anyone can write this form: check who it is before you tell them anything or give a code."</p>
        {none.then(|| view! { <p>"Nobody is waiting."</p> })}
        <ul class="plain">{rows}</ul>
    }
}

#[component]
fn Row(knock: Knock, taken: Taken, place: Option<String>, now: Timestamp) -> impl IntoView {
    let id = knock.id.to_string();
    let wait = format!("Waiting {}", waited(now.as_microsecond() - knock.at));
    let button = |word: &'static str, says: &'static str| view! { <button class="btn quiet" name="do" value=word>{says}</button> };
    let who = match &taken {
        Taken::Nobody => None,
        Taken::Mine => Some("You said that you call them.".to_owned()),
        Taken::By(name) => Some(format!("{name} calls them.")),
    };
    let free = matches!(taken, Taken::Nobody);
    view! {
        <li>
            <p><strong>{knock.told.contact}</strong>{place.map(|place| format!(", {place}"))}" "<span class="tag warn">{wait}</span>
                {knock.told.urgent.then(|| view! { " "<span class="tag warn">"May be in danger"</span> })}</p>
            <p class="body">{knock.told.body}</p>
            {who.map(|who| view! { <p class="meta">{who}</p> })}
            <form method="post" action="/work/calls">
                <input type="hidden" name="id" value=id/>
                {free.then(|| button("take", "I call them"))}" "{button("settle", "We have reached them")}
            </form>
        </li>
    }
}
