//! `/sign-in`, `/sign-out`, `/join`, `/exit`.

use axum::http::{StatusCode, header};
use axum::response::Response;
use leptos::prelude::*;

use super::guard::{Anyone, cookie, no_cookie};
use super::views::{Join, SignIn, SignedOut};
use super::{Owner, acts, offer_passphrase, offer_username, passphrase_fault, read_code, store, username_fault};
use crate::app::{App, Ask};
use crate::clock::SECOND;
use crate::error::{Error, Result};
use crate::people::{Actor, Role, store as people};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::gate::EXIT_TO;
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of this feature.
pub fn routes() -> Routes<App> {
    Routes::default()
        .get("/sign-in", Audience::Account, Cache::Never, show_sign_in)
        .post("/sign-in", Audience::Account, sign_in)
        .get("/join", Audience::Account, Cache::Never, show_join)
        .post("/join", Audience::Account, join)
        .get("/sign-out", Audience::Account, Cache::Never, signed_out)
        .post("/sign-out", Audience::Account, sign_out)
        .get("/exit", Audience::Account, Cache::Never, leave)
        .post("/exit", Audience::Account, exit)
}

/// One answer for a wrong name, a wrong passphrase and an account that is not there.
const NO_MATCH: &str = "That username and passphrase do not match. Check both and try again.";

async fn show_sign_in(ask: Ask, Anyone(session): Anyone, uri: axum::http::Uri) -> Result<Response> {
    if let Some(session) = session {
        return Ok(see_other(home(&session.actor)));
    }
    let asked = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).find(|(name, _)| name == "next");
    let next = asked.map(|(_, next)| next.into_owned()).filter(|next| is_ours(next)).unwrap_or_default();
    Ok(sign_in_page(&ask, StatusCode::OK, Fields::filled([("next", next)])))
}

fn sign_in_page(ask: &Ask, status: StatusCode, form: Fields) -> Response {
    let wrong = !form.ok();
    ask.page(status, Frame::public("Sign in", Part::SignIn, view! { <SignIn form/> }.into_any()).wrong(wrong))
}

/// Where somebody's own pages begin.
fn home(actor: &Actor) -> &'static str {
    match actor {
        Actor::Person(_) => "/me",
        Actor::Staff(_, roles) if roles.contains(&Role::Adviser) || roles.contains(&Role::Manager) => "/work",
        Actor::Staff(..) => "/edit",
    }
}

/// An address of a signed-in page of ours, and nothing that a browser could take for another site.
fn is_ours(next: &str) -> bool {
    let path = |start: &str| next == start || next.strip_prefix(start).is_some_and(|rest| rest.starts_with('/'));
    next.len() < 200
        && next.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-'))
        && ["/me", "/work", "/edit"].into_iter().any(path)
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
    let wait = store::wait_until(&mut db, &app.vault, &username).await? - now.as_microsecond();
    if wait > 0 {
        form.fault(
            "passphrase",
            format!("Too many wrong tries. Wait {} and try again. What you typed was not checked.", words(wait)),
        );
        return Ok(sign_in_page(&ask, StatusCode::TOO_MANY_REQUESTS, form));
    }
    let account = store::account(&mut db, &app.vault, &username).await?;
    drop(db);
    let hash = account.as_ref().map(|account| account.hash.clone());
    let right = app.hasher.verify(passphrase, hash).await?;
    let Some(account) = account.filter(|_| right) else {
        acts::refuse(&app.db, &app.vault, username, &ask.number, now).await?;
        form.fault("username", NO_MATCH);
        return Ok(sign_in_page(&ask, StatusCode::UNPROCESSABLE_ENTITY, form));
    };
    let next = Some(form.typed("next")).filter(|next| is_ours(next)).map(str::to_owned);
    begin(&ask, account, username, own_device, None, before.map(|before| before.token_hash), next).await
}

/// Begins a session with a new token, ends the one before, and leads on.
async fn begin(
    ask: &Ask,
    account: store::Account,
    username: String,
    own_device: bool,
    flash: Option<Flash>,
    before: Option<[u8; 32]>,
    next: Option<String>,
) -> Result<Response> {
    let (app, now) = (&ask.app, ask.now);
    let token = crate::vault::random::<32>()?;
    let new = store::NewSession { token_hash: crate::vault::sha256(&token), own_device, flash };
    let begin = acts::Begin { account, username, new, before, number: ask.number.clone() };
    let actor = acts::begin(&app.db, &app.vault, begin, now).await?;
    // A page that the other kind of account could open leads nowhere for this one.
    let own = home(&actor);
    let to = next.filter(|next| own == "/me" && next.starts_with("/me") || own != "/me" && !next.starts_with("/me"));
    let mut response = see_other(to.as_deref().unwrap_or(own));
    response.headers_mut().insert(header::SET_COOKIE, cookie(&token, own_device));
    Ok(response)
}

async fn show_join(ask: Ask) -> Result<Response> {
    let form = Fields::filled([("username", offer_username()?), ("offer", offer_passphrase()?)]);
    Ok(join_page(&ask, StatusCode::OK, form))
}

fn join_page(ask: &Ask, status: StatusCode, form: Fields) -> Response {
    let wrong = !form.ok();
    ask.page(status, Frame::public("Join", Part::SignIn, view! { <Join form/> }.into_any()).wrong(wrong))
}

const BAD_CODE: &str =
    "That code and date of birth do not match, or the code is too old. Ask your personal adviser for a new one.";

async fn join(ask: Ask, Anyone(before): Anyone, mut form: Fields) -> Result<Response> {
    let typed = form.line("code", 40, "Enter your code");
    let code = read_code(&typed);
    if !typed.is_empty() && code.is_none() {
        form.fault("code", "A code has 8 letters and numbers, such as ABCD-2345");
    }
    let parts = ["born-day", "born-month", "born-year"];
    let empty = parts.iter().all(|part| form.typed(part).trim().is_empty());
    let born = if empty { None } else { form.date("born", parts, "Enter your date of birth, such as 27 3 2008") };
    let username = form.line("username", 40, "Choose a username").to_lowercase();
    let passphrase = form.secret("passphrase", 1_000, "Type a passphrase");
    if let Some(says) = (!username.is_empty()).then(|| username_fault(&username)).flatten() {
        form.fault("username", says);
    }
    if let Some(says) = (!passphrase.is_empty()).then(|| passphrase_fault(&passphrase, &username)).flatten() {
        form.fault("passphrase", says);
    }
    let (app, now) = (&ask.app, ask.now);
    let (Some(code), true) = (code, form.ok()) else {
        return Ok(join_page(&ask, StatusCode::UNPROCESSABLE_ENTITY, form));
    };
    // Codes are guessed less often than once a second from any one typed code, and each dies after
    // five wrong dates of birth.
    let mut db = app.db.read().await?;
    let found = store::code(&mut db, &app.vault, &code, now).await?;
    let right = match found {
        Some((_, Owner::Person(person))) => born.is_some() && people::born_on(&mut db, person).await? == born,
        Some((_, Owner::Staff(_))) => born.is_none(),
        None => false,
    };
    drop(db);
    let Some((code, owner)) = found.filter(|_| right) else {
        if let Some((code, _)) = found {
            acts::miss_code(&app.db, code).await?;
        }
        form.fault("code", BAD_CODE);
        return Ok(join_page(&ask, StatusCode::UNPROCESSABLE_ENTITY, form));
    };
    let hash = app.hasher.hash(passphrase).await?;
    let join = acts::Join { code, owner, username: username.clone(), hash, number: ask.number.clone() };
    match acts::join(&app.db, &app.vault, join, now).await {
        Ok(Some(account)) => {
            begin(&ask, account, username, false, Some(Flash::Joined), before.map(|before| before.token_hash), None)
                .await
        }
        Ok(None) => {
            form.fault("code", BAD_CODE);
            Ok(join_page(&ask, StatusCode::UNPROCESSABLE_ENTITY, form))
        }
        Err(Error::Duplicate) => {
            form.fault("username", "Somebody has that username. Choose another.");
            form.put("username", offer_username()?);
            Ok(join_page(&ask, StatusCode::UNPROCESSABLE_ENTITY, form))
        }
        Err(error) => Err(error),
    }
}

async fn sign_out(ask: Ask, Anyone(session): Anyone) -> Result<Response> {
    end(&ask, session.map(|session| (session.token_hash, session.actor)), "sign out").await?;
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
    end(&ask, session.map(|session| (session.token_hash, session.actor)), "exit").await?;
    let mut response = see_other(EXIT_TO);
    forget(&mut response);
    Ok(response)
}

async fn end(ask: &Ask, session: Option<([u8; 32], Actor)>, action: &'static str) -> Result<()> {
    let Some((token_hash, actor)) = session else { return Ok(()) };
    acts::end(&ask.app.db, token_hash, actor, action, &ask.number, ask.now).await
}

fn forget(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(header::SET_COOKIE, no_cookie());
    headers.insert("clear-site-data", axum::http::HeaderValue::from_static("\"storage\""));
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
