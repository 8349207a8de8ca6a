//! `/recover/sent`: a code to a confirmed address leads back in, in two steps.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::join::{go_in_again, new_passphrase, open_again};
use super::{too_many, waiting};
use crate::app::{App, Ask};
use crate::error::Result;
use crate::people::Purpose;
use crate::signin::acts::{Evidence, reach};
use crate::signin::guard::Anyone;
use crate::signin::views::sent::{AskForCode, TypeCode};
use crate::signin::{offer_passphrase, read_digits};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
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
    // Counted apart, so that a sent code cannot be guessed behind the passphrase.
    let counted = format!("sent {username}");
    if let Some(wait) = waiting(&ask, &counted).await? {
        form.fault("code", too_many(wait));
        return Ok(code_page(&ask, StatusCode::TOO_MANY_REQUESTS, form));
    }
    let (db, vault, now) = (&ask.app.db, &ask.app.vault, ask.now);
    let found = reach::read_sent(&mut db.read().await?, vault, &username, Purpose::Recover, &digits, now).await?;
    match open_again(&ask, &username, found.map(Evidence::Sent), passphrase).await? {
        Some(account) => go_in_again(&ask, account, username, before, form.ticked("own")).await,
        None => {
            let names = (username, counted);
            reach::refuse_sent(db, vault, names, Purpose::Recover, &ask.number, now).await?;
            form.fault("code", BAD_CODE);
            Ok(code_page(&ask, StatusCode::UNPROCESSABLE_ENTITY, form))
        }
    }
}
