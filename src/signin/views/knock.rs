//! `/cannot-sign-in`.

use leptos::prelude::*;

use crate::help::Line;
use crate::ui::{Errors, Select, Submit, TextArea, TextField};
use crate::web::forms::Fields;

/// `/cannot-sign-in`.
#[component]
pub fn CannotSignIn(
    /// The council's line by day.
    council: Option<Line>,
    /// Localities, by slug.
    places: Vec<(String, String)>,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let call = council.map(|line| {
        view! {
            <p>"Call "<a href=line.href()>{line.number.to_string()}</a>" and ask for your leaving care team. Say that you cannot sign in. They can give you a code on the phone."</p>
        }
    });
    let mut choices = vec![(String::new(), "I do not know, or not in Lancashire".to_owned())];
    choices.extend(places);
    view! {
        <nav class="back" aria-label="Back"><a href="/recover">"Get back in"</a></nav>
        <Errors form=form.clone()/>
        <h1>"I cannot sign in"</h1>
        <p class="lead">"You can always reach us, also without your phone, your username or your passphrase."</p>
        <h2>"Call us"</h2>
        <p>"Call or text your personal adviser, if you have their number."</p>
        {call}
        <p><a href="/help">"All help lines, day and night"</a></p>
        <h2>"Or let us call you"</h2>
        <form method="post" action="/cannot-sign-in" novalidate>
            <TextField field=form.field("contact") label="Who are you, and how can we reach you?"
                hint="For example: Sam, 07700 900123, after 4pm. Say if it is not safe to call or text."/>
            <Select field=form.field("locality") label="Where are you?" choices/>
            <TextArea field=form.field("body") label="What happened?" hint="You do not have to say much. Do not write your passphrase."/>
            <Submit label="Send"/>
        </form>
    }
}

/// After the form of `/cannot-sign-in`.
#[component]
pub fn Knocked() -> impl IntoView {
    view! {
        <h1>"We have your message"</h1>
        <p class="lead">"Your team reads it on working days. Somebody calls you, makes sure that it is you, and gives you a code."</p>
        <p>"Nobody reads this at night. In danger, or nowhere to sleep? Call one of the numbers at the top of this page."</p>
        <p><a href="/">"Go to the front page"</a></p>
    }
}
