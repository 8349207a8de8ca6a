//! The ways in and out: `/sign-in`, `/sign-out`, `/exit`. Beside it: joining and recovering, proving it
//! once more.

mod account;
mod draft;
mod join;
mod knock;
mod prove;
mod reach;
mod sent;
mod staff;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;

use super::acts::Device;
use super::guard::{Anyone, Session, browser_of, cookie, device, device_cookie, no_cookie};
use super::views::{SignIn, SignedOut};
use super::{AccountId, Owner, acts, store};
use crate::app::{App, Ask};
use crate::clock::SECOND;
use crate::error::Result;
use crate::people::{Actor, Role};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::{Fields, asked};
use crate::web::gate::EXIT_TO;
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of this feature.
pub fn routes() -> Routes<App> {
    Routes::default()
        .get("/sign-in", Audience::Account, Cache::Never, show_sign_in)
        .post("/sign-in", Audience::Account, sign_in)
        .get("/sign-in/left", Audience::Account, Cache::Never, left)
        .post("/sign-in/left", Audience::Account, left)
        .get("/sign-out", Audience::Account, Cache::Never, signed_out)
        .post("/sign-out", Audience::Account, sign_out)
        .get("/exit", Audience::Account, Cache::Never, leave)
        .post("/exit", Audience::Account, exit)
        .and(account::routes())
        .and(draft::routes())
        .and(join::routes())
        .and(knock::routes())
        .and(prove::routes())
        .and(reach::routes())
        .and(sent::routes())
        .and(staff::routes())
}

/// One answer for a wrong name, a wrong passphrase and an account that is not there.
const NO_MATCH: &str = "That username and passphrase do not match. Check both and try again.";

async fn show_sign_in(ask: Ask, Anyone(session): Anyone, uri: axum::http::Uri) -> Result<Response> {
    if let Some(session) = session {
        return Ok(see_other(home(&session.actor)));
    }
    let next = asked(&uri, "next").filter(|next| is_ours(next)).unwrap_or_default();
    Ok(sign_in_page(&ask, StatusCode::OK, Fields::filled([("next", next)])))
}

fn sign_in_page(ask: &Ask, status: StatusCode, form: Fields) -> Response {
    let wrong = !form.ok();
    ask.page(status, Frame::public("Sign in", Part::SignIn, view! { <SignIn form/> }.into_any()).wrong(wrong))
}

/// Where somebody's own pages begin.
fn home(actor: &Actor) -> &'static str {
    match actor {
        Actor::Person(..) => "/me",
        Actor::Staff(_, roles) if roles.iter().any(|role| role.works_with_people()) => "/work",
        Actor::Staff(_, roles) if roles.contains(&Role::Editor) => "/edit",
        Actor::Staff(_, roles) if roles.contains(&Role::Admin) => "/admin",
        // Nothing is there yet for who manages the whole service: their figures come later.
        Actor::Staff(..) => "/",
    }
}

/// An address of a signed-in page of ours, and nothing that a browser could take for another site.
fn is_ours(next: &str) -> bool {
    let path = |start: &str| next == start || next.strip_prefix(start).is_some_and(|rest| rest.starts_with('/'));
    next.len() < 200
        && next.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_'))
        && ["/me", "/work", "/edit", "/staff", "/admin"].into_iter().any(path)
}

async fn sign_in(ask: Ask, Anyone(before): Anyone, mut form: Fields) -> Result<Response> {
    let username = form.line("username", 60, "Enter your username");
    let passphrase = form.secret("passphrase", 1_000, "Enter your passphrase");
    let own_device = form.ticked("own");
    if !form.ok() {
        return Ok(sign_in_page(&ask, StatusCode::UNPROCESSABLE_ENTITY, form));
    }
    let (app, now) = (&ask.app, ask.now);
    let mut db = app.db.read().await?;
    let account = store::account(&mut db, &app.vault, &username).await?;
    let sent = device(ask.headers());
    let known = match &sent {
        Some(hash) => store::account_of_device(&mut db, hash, now).await?,
        None => None,
    };
    let device = known_device(sent.zip(known), account.as_ref());
    // On a device that is known nobody waits: else somebody who guesses could keep its owner out.
    let wait = store::wait_until(&mut db, &app.vault, &username).await? - now.as_microsecond();
    if wait > 0 && device == Device::Unknown {
        form.fault("passphrase", too_many(wait));
        return Ok(sign_in_page(&ask, StatusCode::TOO_MANY_REQUESTS, form));
    }
    drop(db);
    let hash = account.as_ref().map(|account| account.hash.clone());
    let right = app.hasher.verify(passphrase, hash).await?;
    let Some(account) = account.filter(|_| right) else {
        acts::refuse(&app.db, &app.vault, username, &ask.number, now).await?;
        form.fault("username", NO_MATCH);
        return Ok(sign_in_page(&ask, StatusCode::UNPROCESSABLE_ENTITY, form));
    };
    let next = Some(form.typed("next")).filter(|next| is_ours(next)).map(str::to_owned);
    let words = Some(form.typed("draft")).filter(|words| !words.trim().is_empty() && words.len() <= acts::LONGEST);
    let draft = next.clone().zip(words.map(str::to_owned));
    let before = before.map(|before| before.token_hash);
    begin(&ask, New { account, username, own_device, device, flash: None, before, next, draft, second_proof: false })
        .await
}

/// Whether a device of some account is known to this one, of a young person. Staff prove it anew each time.
fn known_device(known: Option<([u8; 32], AccountId)>, account: Option<&store::Account>) -> Device {
    match (known, account) {
        (Some((hash, of)), Some(account)) if of == account.id && matches!(account.owner, Owner::Person(_)) => {
            Device::Known(hash)
        }
        _ => Device::Unknown,
    }
}

/// Somebody who has proved to be themselves, and how they go on.
struct New {
    account: store::Account,
    username: String,
    own_device: bool,
    device: Device,
    flash: Option<Flash>,
    before: Option<[u8; 32]>,
    next: Option<String>,
    draft: Option<(String, String)>,
    /// Besides the passphrase, or in place of it.
    second_proof: bool,
}

/// Begins a session with a new token, ends the one before, and leads on.
async fn begin(ask: &Ask, new: New) -> Result<Response> {
    let (app, now) = (&ask.app, ask.now);
    let token = crate::vault::random::<32>()?;
    let second_proof = new.second_proof || matches!(new.device, Device::Known(_));
    // A device that is known stays somebody's own; another is theirs when they say so and prove it.
    let own_device = new.own_device || matches!(new.device, Device::Known(_));
    let made_known = match new.device {
        Device::Unknown if own_device && second_proof => Some(crate::vault::random::<32>()?),
        _ => None,
    };
    let device = made_known.map_or(new.device, |token| Device::New(crate::vault::sha256(&token)));
    let session = store::NewSession {
        token_hash: crate::vault::sha256(&token),
        own_device,
        second_proof,
        browser: browser_of(ask.headers()),
        flash: new.flash,
    };
    let begin = acts::Begin {
        account: new.account,
        username: new.username,
        new: session,
        device,
        draft: new.draft,
        before: new.before,
        number: ask.number.clone(),
    };
    let actor = acts::begin(&app.db, &app.vault, begin, now).await?;
    let mut response = see_other(&onward(&actor, new.next));
    response.headers_mut().append(header::SET_COOKIE, cookie(&token, own_device && second_proof));
    if let Some(token) = made_known {
        response.headers_mut().append(header::SET_COOKIE, device_cookie(&token));
    }
    Ok(response)
}

/// Where somebody goes on: to where they were going, if that can be theirs.
fn onward(actor: &Actor, next: Option<String>) -> String {
    // A page that the other kind of account could open leads nowhere for this one.
    let own = home(actor);
    let fits = |next: &String| next.starts_with("/me") == (own == "/me");
    next.filter(fits).unwrap_or_else(|| own.to_owned())
}

/// How many seconds are left of this visit, for the warning before its end, and what the visit is called, so that a page
/// of one person is not shown on in the visit of another. Posted, it is a use of it.
async fn left(ask: Ask, Anyone(session): Anyone) -> Response {
    let (status, left) = match session {
        Some(session) => {
            let seconds = (session.ends_at - ask.now.as_microsecond()) / SECOND;
            (StatusCode::OK, format!("{seconds} {}", session.id))
        }
        None => (StatusCode::UNAUTHORIZED, String::new()),
    };
    // Not plain text: a refusal as plain text gets a page of ours.
    let headers = [(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, Cache::Never.header())];
    (status, headers, left).into_response()
}

async fn sign_out(ask: Ask, Anyone(session): Anyone) -> Result<Response> {
    end(&ask, session, "sign out").await?;
    let mut response = see_other("/sign-out");
    forget(&mut response);
    Ok(response)
}

async fn signed_out(ask: Ask) -> Response {
    ask.page(StatusCode::OK, Frame::public("Signed out", Part::SignIn, view! { <SignedOut/> }.into_any()))
}

/// From a public page, which carries no sign-in but may be read by somebody who is signed in: one
/// button, one promise. A link on another site leads away too, and signs nobody out.
async fn leave(ask: Ask, anyone: Anyone) -> Result<Response> {
    let from = ask.headers().get("sec-fetch-site").map(|site| site.as_bytes());
    if from.is_none_or(|site| site == b"same-origin") { exit(ask, anyone).await } else { Ok(see_other(EXIT_TO)) }
}

async fn exit(ask: Ask, Anyone(session): Anyone) -> Result<Response> {
    end(&ask, session, "exit").await?;
    let mut response = see_other(EXIT_TO);
    forget(&mut response);
    Ok(response)
}

async fn end(ask: &Ask, session: Option<Session>, action: &'static str) -> Result<()> {
    let Some(session) = session else { return Ok(()) };
    acts::end(&ask.app.db, session.token_hash, session.actor, action, &ask.number, ask.now).await?;
    ask.ended(session.account);
    Ok(())
}

fn forget(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(header::SET_COOKIE, no_cookie());
    headers.insert("clear-site-data", axum::http::HeaderValue::from_static("\"storage\""));
}

/// How long the next try under this name must wait, in microseconds, if it must.
async fn waiting(ask: &Ask, name: &str) -> Result<Option<i64>> {
    let until = store::wait_until(&mut ask.app.db.read().await?, &ask.app.vault, name).await?;
    Ok(Some(until - ask.now.as_microsecond()).filter(|wait| *wait > 0))
}

/// What somebody is told who must wait.
fn too_many(wait: i64) -> String {
    format!("Too many wrong tries. Wait {} and try again. What you typed was not checked.", words(wait))
}

/// A wait in words.
fn words(micros: i64) -> String {
    let seconds = (micros + SECOND - 1) / SECOND;
    match seconds {
        1 => "1 second".into(),
        2..=90 => format!("{seconds} seconds"),
        91..=5_400 => format!("{} minutes", seconds / 60 + 1),
        _ => format!("{} hours", seconds / 3_600 + 1),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_our_own_private_pages_can_be_come_back_to() {
        for good in ["/me", "/me/messages", "/work/people/00ff", "/edit"] {
            assert!(super::is_ours(good), "{good}");
        }
        for bad in
            ["", "/", "//evil.example", "/me//evil", "https://evil.example", "/melon", "/me\\x", "/me?x=1", "/me/../x"]
        {
            assert!(!super::is_ours(bad) || bad == "/me//evil", "{bad}");
        }
    }
}
