//! `/me/account` and the pages under it.

use jiff::Timestamp;
use leptos::prelude::*;

use super::{NewPassphrase, Offered};
use crate::editing::when;
use crate::signin::{DeviceId, SessionId};
use crate::ui::{Errors, Submit, TextField};
use crate::web::forms::Fields;

/// What somebody sees of their own sign-in.
#[derive(Clone, Debug)]
pub struct Account {
    /// The name they want to be called by.
    pub called: String,
    /// How many numbers and addresses we have of them.
    pub reached: usize,
    /// The name they sign in with.
    pub username: String,
    /// Where they are signed in.
    pub sessions: Vec<Visit>,
    /// The devices they are known on.
    pub devices: Vec<Phone>,
    /// When their card was made, if they have one.
    pub card_made_at: Option<i64>,
    /// How the account was opened again with help, until they have read of it.
    pub reset: Option<ResetNotice>,
}

/// One place where somebody is signed in.
#[derive(Clone, Debug)]
pub struct Visit {
    /// What it is called.
    pub id: SessionId,
    /// It is the one that asks.
    pub here: bool,
    /// The browser in words.
    pub browser: String,
    /// There was a second proof.
    pub second_proof: bool,
    /// They said that the device is theirs alone.
    pub own_device: bool,
    /// When it began.
    pub made_at: i64,
    /// When it was last used.
    pub seen_at: i64,
}

/// One device that somebody is known on.
#[derive(Clone, Debug)]
pub struct Phone {
    /// What it is called.
    pub id: DeviceId,
    /// The browser in words.
    pub browser: String,
    /// When somebody last signed in on it.
    pub seen_at: i64,
}

/// How an account was opened again.
#[derive(Clone, Debug)]
pub struct ResetNotice {
    /// When.
    pub at: i64,
    /// With whose help.
    pub by: Option<String>,
    /// By a code, a card or a sent code.
    pub how: String,
}

/// `/me/account`.
#[component]
pub fn AccountPage(
    /// What it shows.
    account: Account,
    /// The form, as sent or empty.
    form: Fields,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let others = account.sessions.len() > 1;
    let sessions = account.sessions.into_iter().map(|session| view! { <SessionRow session now/> });
    let none_known = account.devices.is_empty();
    let devices = account.devices.into_iter().map(|device| {
        view! {
            <li>
                <p><strong>{device.browser}</strong>", last used "{when(device.seen_at)}</p>
                <button class="btn quiet" name="do" value=format!("device:{}", device.id)>"Forget this phone"</button>
            </li>
        }
    });
    let card = match account.card_made_at {
        Some(at) => format!("You made a card on {}. It works once.", when(at)),
        None => "You have no card. A card is six words on paper that let you back in.".to_owned(),
    };
    let reached = match account.reached {
        0 => "We have no number and no email address of yours.".to_owned(),
        1 => "We have 1 number or address of yours.".to_owned(),
        n => format!("We have {n} numbers and addresses of yours."),
    };
    view! {
        <Errors form/>
        <h1>"Your sign-in"</h1>
        <form method="post" action="/me/account">
            {account.reset.map(|reset| view! { <ResetBox reset/> })}
            <h2>"Where you are signed in"</h2>
            <ul class="plain">{sessions.collect_view()}</ul>
            {others.then(|| view! { <p><button class="btn" name="do" value="others">"Sign out everywhere else"</button></p> })}
            <h2>"Phones that know you"</h2>
            {none_known.then(|| view! { <p>"None. On a new phone you need a code or your card to see your messages."</p> })}
            <ul class="plain">{devices.collect_view()}</ul>
        </form>
        <h2>"You"</h2>
        <dl class="facts">
            <div><dt>"Name we use"</dt><dd>{account.called}" "<a href="/me/account/name">"Change the name we use"</a></dd></div>
            <div><dt>"Username"</dt><dd>{account.username}" "<a href="/me/account/username">"Change username"</a></dd></div>
            <div><dt>"Passphrase"</dt><dd>"Only you know it. "<a href="/me/account/passphrase">"Change passphrase"</a></dd></div>
            <div><dt>"Card"</dt><dd>{card}" "<a href="/me/account/card">"Make a card"</a></dd></div>
            <div><dt>"How we reach you"</dt><dd>{reached}" "<a href="/me/account/reach">"Change how we reach you"</a></dd></div>
        </dl>
        <h2>"Your record"</h2>
        <p><a href="/me/record">"See who looked at it, or take a copy"</a></p>
    }
}

/// One place where somebody is signed in, with a button that ends it.
#[component]
pub(super) fn SessionRow(session: Visit, now: Timestamp) -> impl IntoView {
    let here = session.here;
    let kind = match (session.second_proof, session.own_device) {
        (false, _) => "can only write",
        (true, true) => "your own phone",
        (true, false) => "shared phone",
    };
    let minutes = (now.as_microsecond() - session.seen_at) / crate::clock::MINUTE;
    let used = if here || minutes < 2 { "used now".to_owned() } else { format!("last used {}", when(session.seen_at)) };
    view! {
        <li>
            <p><strong>{session.browser}</strong>{if here { ", this one" } else { "" }}": "{kind}", "{used}", since "{when(session.made_at)}</p>
            {(!here).then(|| view! { <button class="btn quiet" name="do" value=format!("session:{}", session.id)>"Sign out there"</button> })}
        </li>
    }
}

#[component]
fn ResetBox(reset: ResetNotice) -> impl IntoView {
    let how = match (reset.by, reset.how.as_str()) {
        (Some(name), _) => format!("with a code from {name}"),
        (None, "card") => "with the words of your card".to_owned(),
        (None, "sent") => "with a code that we sent to your email address".to_owned(),
        (None, _) => "with a code".to_owned(),
    };
    view! {
        <div class="note" role="region" aria-label="Your sign-in was reset">
            <p><strong>{format!("Your sign-in was reset on {} {how}.", when(reset.at))}</strong>
                " Everywhere else you were signed out. Was it not you? "<a href="/me/messages">"Tell your team"</a>"."</p>
            <button class="btn quiet" name="do" value="notice">"It was me"</button>
        </div>
    }
}

/// `/me/account/username`, and the same for staff.
#[component]
pub fn NewUsername(
    /// Where their account stands.
    base: &'static str,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    view! {
        <nav class="back" aria-label="Back"><a href=base>"Your sign-in"</a></nav>
        <Errors form=form.clone()/>
        <h1>"Change your username"</h1>
        <form method="post" action=format!("{base}/username") novalidate>
            <TextField field=form.field("username") label="New username"
                hint="You can keep the one we made, or write your own. Do not use your real name." autocomplete="username"/>
            <Submit label="Save"/>
        </form>
    }
}

/// `/me/account/passphrase`, and the same for staff.
#[component]
pub fn NewPassphrasePage(
    /// Where their account stands.
    base: &'static str,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    view! {
        <nav class="back" aria-label="Back"><a href=base>"Your sign-in"</a></nav>
        <Errors form=form.clone()/>
        <h1>"Change your passphrase"</h1>
        <p>"Everywhere else you are signed out. Phones that know you still do: forget those that are not yours."</p>
        <form method="post" action=format!("{base}/passphrase") novalidate>
            <Offered form=form.clone()/>
            <NewPassphrase form/>
            <Submit label="Save"/>
        </form>
    }
}

/// `/me/account/card`.
#[component]
pub fn MakeCard() -> impl IntoView {
    view! {
        <nav class="back" aria-label="Back"><a href="/me/account">"Your sign-in"</a></nav>
        <h1>"Make a card"</h1>
        <p class="lead">"A card is six words on paper. They let you back in when your phone is lost."</p>
        <p><strong>"Is it safe for you to keep this?"</strong>" Whoever finds the card and knows your username can get in. If somebody goes through your things, do not make one: your personal adviser can always give you a code."</p>
        <p>"A card you made before stops working."</p>
        <form method="post" action="/me/account/card"><Submit label="It is safe: make a card"/></form>
    }
}

/// The words of a new card, shown this once.
#[component]
pub fn CardMade(
    /// The words.
    words: String,
) -> impl IntoView {
    view! {
        <h1>"Your card"</h1>
        <p class="lead">"Write these six words down now. We do not show them again."</p>
        <p class="secret"><strong>{words}</strong></p>
        <p>"Keep them where nobody looks, and do not write your username beside them. They work once, at Sign in, I cannot sign in, I have my card."</p>
        <p><a class="btn" href="/me/account">"I have written them down"</a></p>
    }
}
