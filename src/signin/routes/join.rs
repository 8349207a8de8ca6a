//! `/join`: a code and a date of birth open an account, for the first time or again. `/recover`: what
//! to do when a passphrase is lost; `/recover/card`: six words on paper.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::{New, begin, too_many, waiting};
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::people::store as people;
use crate::signin::acts::{self, Device, Evidence};
use crate::signin::guard::{Anyone, Session};
use crate::signin::views::{CardForm, Join, Recover};
use crate::signin::{
    Owner, offer_passphrase, offer_username, passphrase_fault, read_card, read_code, store, username_fault,
};
use crate::ui::{Exit, Frame, Part};
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/join", Audience::Account, Cache::Never, show_join)
        .post("/join", Audience::Account, join)
        .get("/recover", Audience::Account, Cache::Never, show_recover)
        .get("/recover/card", Audience::Account, Cache::Never, show_card)
        .post("/recover/card", Audience::Account, card)
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

/// A passphrase of one's own choice, with a fault when it will not do.
pub(super) fn new_passphrase(form: &mut Fields, username: &str) -> String {
    let passphrase = form.secret("passphrase", 1_000, "Type a passphrase");
    if let Some(says) = (!passphrase.is_empty()).then(|| passphrase_fault(&passphrase, username)).flatten() {
        form.fault("passphrase", says);
    }
    passphrase
}

/// A username of one's own choice, with a fault when it will not do.
pub(super) fn new_username(form: &mut Fields) -> String {
    let username = form.line("username", 40, "Choose a username").to_lowercase();
    if let Some(says) = (!username.is_empty()).then(|| username_fault(&username)).flatten() {
        form.fault("username", says);
    }
    username
}

async fn join(ask: Ask, Anyone(before): Anyone, mut form: Fields) -> Result<Response> {
    let typed = form.line("code", 40, "Enter your code");
    let code = read_code(&typed);
    if !typed.is_empty() && code.is_none() {
        form.fault("code", "A code has 8 letters and numbers, such as ABCD-2345");
    }
    let parts = ["born-day", "born-month", "born-year"];
    let empty = parts.iter().all(|part| form.typed(part).trim().is_empty());
    let born = if empty { None } else { form.date("born", parts, "Enter your date of birth, such as 27 3 2008") };
    let username = new_username(&mut form);
    let passphrase = new_passphrase(&mut form, &username);
    let own_device = form.ticked("own");
    let (app, now) = (&ask.app, ask.now);
    let (Some(code), true) = (code, form.ok()) else {
        return Ok(join_page(&ask, StatusCode::UNPROCESSABLE_ENTITY, form));
    };
    // A code of 40 bits lives for hours, and dies after five wrong dates of birth.
    let mut db = app.db.read().await?;
    let found = store::code(&mut db, &app.vault, &code, now).await?;
    let right = match &found {
        Some(code) => match code.owner {
            // A young person's code goes with their date of birth, and a worker's with none.
            Owner::Person(person) => born.is_some() && people::born_on(&mut db, person).await? == born,
            Owner::Staff(_) => born.is_none(),
        },
        None => false,
    };
    drop(db);
    let Some(code) = found.clone().filter(|_| right) else {
        acts::miss_code(&app.db, found.map(|code| code.id), &ask.number, now).await?;
        form.fault("code", BAD_CODE);
        return Ok(join_page(&ask, StatusCode::UNPROCESSABLE_ENTITY, form));
    };
    let hash = app.hasher.hash(passphrase).await?;
    let join = acts::Join {
        evidence: Evidence::Code(code.id),
        owner: code.owner,
        helped_by: code.by,
        username: Some(username.clone()),
        hash,
        number: ask.number.clone(),
    };
    match acts::join(&app.db, &app.vault, join, now).await {
        Ok(Some(account)) => {
            // Staff set up their code generator next.
            let second_proof = matches!(account.owner, Owner::Person(_));
            let before = before.map(|before| before.token_hash);
            let flash = second_proof.then_some(Flash::Joined);
            let (device, next, draft) = (Device::Unknown, None, None);
            begin(&ask, New { account, username, own_device, device, flash, before, next, draft, second_proof }).await
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

async fn show_recover(ask: Ask) -> Response {
    let main = view! { <Recover/> };
    ask.page(StatusCode::OK, Frame::public("Get back in", Part::SignIn, main.into_any()).exit(Exit::Leave))
}

async fn show_card(ask: Ask) -> Result<Response> {
    Ok(card_page(&ask, StatusCode::OK, Fields::filled([("offer", offer_passphrase()?)])))
}

fn card_page(ask: &Ask, status: StatusCode, form: Fields) -> Response {
    let wrong = !form.ok();
    let main = view! { <CardForm form/> };
    ask.page(status, Frame::public("Use your card", Part::SignIn, main.into_any()).wrong(wrong))
}

const BAD_CARD: &str = "That username and those words do not match, or the card was used before.";

async fn card(ask: Ask, Anyone(before): Anyone, mut form: Fields) -> Result<Response> {
    let username = form.line("username", 60, "Enter your username");
    let words = read_card(&form.line("card", 200, "Type the six words of your card"));
    let passphrase = new_passphrase(&mut form, &username);
    if !form.ok() {
        return Ok(card_page(&ask, StatusCode::UNPROCESSABLE_ENTITY, form));
    }
    // Counted apart from the passphrase, so that neither can be guessed behind the other.
    let counted = format!("card {username}");
    if let Some(wait) = waiting(&ask, &counted).await? {
        form.fault("card", too_many(wait));
        return Ok(card_page(&ask, StatusCode::TOO_MANY_REQUESTS, form));
    }
    match open_again(&ask, &username, Some(Evidence::Card(words)), passphrase).await? {
        Some(account) => go_in_again(&ask, account, username, before, form.ticked("own")).await,
        None => {
            acts::refuse(&ask.app.db, &ask.app.vault, counted, &ask.number, ask.now).await?;
            form.fault("card", BAD_CARD);
            Ok(card_page(&ask, StatusCode::UNPROCESSABLE_ENTITY, form))
        }
    }
}

/// Opens the account of a young person again to whoever has evidence that it is theirs. `None`: there is no such name, or
/// the evidence is none. The passphrase is hashed whoever it is, so that the time it takes tells nothing.
pub(super) async fn open_again(
    ask: &Ask,
    username: &str,
    evidence: Option<Evidence>,
    passphrase: String,
) -> Result<Option<store::Account>> {
    let app = &ask.app;
    let account = store::account(&mut app.db.read().await?, &app.vault, username).await?;
    let hash = app.hasher.hash(passphrase).await?;
    let person = account.filter(|account| matches!(account.owner, Owner::Person(_)));
    let Some((account, evidence)) = person.zip(evidence) else { return Ok(None) };
    let number = ask.number.clone();
    let join = acts::Join { evidence, owner: account.owner, helped_by: None, username: None, hash, number };
    acts::join(&app.db, &app.vault, join, ask.now).await
}

/// Begins the session of somebody whose account was opened again.
pub(super) async fn go_in_again(
    ask: &Ask,
    account: store::Account,
    username: String,
    before: Option<Session>,
    own_device: bool,
) -> Result<Response> {
    let before = before.map(|before| before.token_hash);
    let (device, next, draft, flash) = (Device::Unknown, None, None, Some(Flash::Joined));
    begin(ask, New { account, username, own_device, device, flash, before, next, draft, second_proof: true }).await
}
