//! `/recover/sent`: a code to a confirmed address leads back in, in two steps.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::join::new_passphrase;
use super::{New, begin};
use crate::app::{App, Ask};
use crate::error::Result;
use crate::people::Purpose;
use crate::signin::acts::{self, Device, Evidence, reach};
use crate::signin::guard::Anyone;
use crate::signin::views::sent::{AskForCode, TypeCode};
use crate::signin::{Owner, offer_passphrase, read_digits, store};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/recover/sent", Audience::Account, Cache::Never, show)
        .post("/recover/sent", Audience::Account, sent)
        .get("/recover/sent/code", Audience::Account, Cache::Never, show_code)
        .post("/recover/sent/code", Audience::Account, back)
}

async fn show(ask: Ask) -> Response {
    ask_page(&ask, StatusCode::OK, Fields::default())
}

fn ask_page(ask: &Ask, status: StatusCode, form: Fields) -> Response {
    let wrong = !form.ok();
    let main = view! { <AskForCode form/> };
    ask.page(status, Frame::public("Get a code by email", Part::SignIn, main.into_any()).wrong(wrong))
}

fn code_page(ask: &Ask, status: StatusCode, form: Fields) -> Response {
    let wrong = !form.ok();
    let main = view! { <TypeCode form/> };
    ask.page(status, Frame::public("Type your code", Part::SignIn, main.into_any()).wrong(wrong))
}

/// The page for the code has an address of its own: reading the email may drop it from the phone's memory, and loading
/// it again sends nothing.
async fn show_code(ask: Ask) -> Result<Response> {
    Ok(code_page(&ask, StatusCode::OK, Fields::filled([("offer", offer_passphrase()?)])))
}

async fn sent(ask: Ask, mut form: Fields) -> Result<Response> {
    let username = form.line("username", 60, "Enter your username");
    if !form.ok() {
        return Ok(ask_page(&ask, StatusCode::UNPROCESSABLE_ENTITY, form));
    }
    reach::send_way_back(&ask.app.db, &ask.app.vault, username, ask.now).await?;
    Ok(see_other("/recover/sent/code"))
}

const BAD_CODE: &str =
    "That username and code do not match, or the code is too old. Check both, or ask for a new code.";

async fn back(ask: Ask, Anyone(before): Anyone, mut form: Fields) -> Result<Response> {
    let username = form.line("username", 60, "Enter your username");
    let typed = form.line("code", 40, "Type the code from the email");
    let digits = read_digits(&typed);
    if !typed.is_empty() && digits.is_none() {
        form.fault("code", "The code has 8 numbers");
    }
    let passphrase = new_passphrase(&mut form, &username);
    let (Some(digits), true) = (digits, form.ok()) else {
        return Ok(code_page(&ask, StatusCode::UNPROCESSABLE_ENTITY, form));
    };
    let (app, now) = (&ask.app, ask.now);
    // Counted apart, so that a sent code cannot be guessed behind the passphrase.
    let counted = format!("sent {username}");
    let mut db = app.db.read().await?;
    let wait = store::wait_until(&mut db, &app.vault, &counted).await? - now.as_microsecond();
    if wait > 0 {
        form.fault("code", super::too_many(wait));
        return Ok(code_page(&ask, StatusCode::TOO_MANY_REQUESTS, form));
    }
    let account = store::account(&mut db, &app.vault, &username).await?;
    let found = reach::read_sent(&mut db, &app.vault, &username, Purpose::Recover, &digits, now).await?;
    drop(db);
    // Hashed whoever it is, so that the time it takes tells nothing.
    let hash = app.hasher.hash(passphrase).await?;
    let person = account.filter(|account| matches!(account.owner, Owner::Person(_)));
    let joined = match person.zip(found) {
        Some((account, sent)) => {
            let join = acts::Join {
                evidence: Evidence::Sent(sent),
                owner: account.owner,
                helped_by: None,
                username: None,
                hash,
                number: ask.number.clone(),
            };
            acts::join(&app.db, &app.vault, join, now).await?
        }
        None => None,
    };
    let Some(account) = joined else {
        let names = (username, counted);
        reach::refuse_sent(&app.db, &app.vault, names, Purpose::Recover, &ask.number, now).await?;
        form.fault("code", BAD_CODE);
        return Ok(code_page(&ask, StatusCode::UNPROCESSABLE_ENTITY, form));
    };
    let before = before.map(|before| before.token_hash);
    let own_device = form.ticked("own");
    let (device, next, draft, flash) = (Device::Unknown, None, None, Some(Flash::Joined));
    begin(&ask, New { account, username, own_device, device, flash, before, next, draft, second_proof: true }).await
}
