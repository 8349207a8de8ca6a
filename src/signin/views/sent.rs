//! `/recover/sent`.

use leptos::prelude::*;

use super::{NewPassphrase, Offered, OwnPhone};
use crate::ui::{Errors, Submit, TextField};
use crate::web::forms::Fields;

/// The first step: who asks.
#[component]
pub fn AskForCode(
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    view! {
        <nav class="back" aria-label="Back"><a href="/recover">"Get back in"</a></nav>
        <Errors form=form.clone()/>
        <h1>"Get a code by email"</h1>
        <p class="lead">"This works if you confirmed an email address with us in the last 90 days."</p>
        <form method="post" action="/recover/sent" novalidate>
            <TextField field=form.field("username") label="Username" autocomplete="username"/>
            <Submit label="Send me a code"/>
        </form>
        <p>"Forgotten your username, or no email address? "<a href="/cannot-sign-in">"Call us, or let us call you"</a>"."</p>
    }
}

/// The second step: the code, and a new passphrase.
#[component]
pub fn TypeCode(
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let own = form.typed("own") == "yes";
    view! {
        <nav class="back" aria-label="Back"><a href="/recover/sent">"Get a code by email"</a></nav>
        <Errors form=form.clone()/>
        <h1>"Type your code"</h1>
        <p class="lead">"If this username has an email address that was confirmed, a code is on its way there. It works for 10 minutes. Look in the spam folder too."</p>
        <form method="post" action="/recover/sent/code" novalidate>
            <TextField field=form.field("username") label="Username" autocomplete="username"/>
            <TextField field=form.field("code") label="The code from the email" hint="8 numbers" narrow=true autocomplete="one-time-code"/>
            <Offered form=form.clone()/>
            <NewPassphrase form/>
            <OwnPhone own/>
            <Submit label="Get back in"/>
        </form>
        <p>"No code after a few minutes? "<a href="/recover/sent">"Ask for a new one"</a>", 5 an hour at most, or "<a href="/cannot-sign-in">"call us, or let us call you"</a>"."</p>
    }
}
