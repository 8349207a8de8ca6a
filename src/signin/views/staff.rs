//! `/staff/account`.

use jiff::Timestamp;
use leptos::prelude::*;

use super::account::{SessionRow, Visit};
use crate::ui::{Errors, Submit};
use crate::web::forms::Fields;

/// `/staff/account`.
#[component]
pub fn StaffAccount(
    /// The name they sign in with.
    username: String,
    /// Where they are signed in.
    sessions: Vec<Visit>,
    /// The form, as sent or empty.
    form: Fields,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let others = sessions.len() > 1;
    let sessions = sessions.into_iter().map(|session| view! { <SessionRow session now/> });
    view! {
        <Errors form/>
        <h1>"Your sign-in"</h1>
        <form method="post" action="/staff/account">
            <h2>"Where you are signed in"</h2>
            <ul class="plain">{sessions.collect_view()}</ul>
            {others.then(|| view! { <p><button class="btn" name="do" value="others">"Sign out everywhere else"</button></p> })}
        </form>
        <h2>"What you sign in with"</h2>
        <dl class="facts">
            <div><dt>"Username"</dt><dd>{username}" "<a href="/staff/account/username">"Change username"</a></dd></div>
            <div><dt>"Passphrase"</dt><dd>"Only you know it. "<a href="/staff/account/passphrase">"Change passphrase"</a></dd></div>
            <div><dt>"Codes"</dt><dd>"They come from an app on your phone. "<a href="/staff/account/phone">"I have a new phone"</a></dd></div>
        </dl>
    }
}

/// `/staff/account/phone`.
#[component]
pub fn NewPhone() -> impl IntoView {
    view! {
        <nav class="back" aria-label="Back"><a href="/staff/account">"Your sign-in"</a></nav>
        <h1>"A new phone for your codes"</h1>
        <p class="lead">"The codes of your old phone stop working, and you are signed out everywhere."</p>
        <p>"Have the new phone in your hand. Sign in again with your passphrase, and set up the app on it there and then."</p>
        <form method="post" action="/staff/account/phone"><Submit label="Stop the old codes"/></form>
    }
}
