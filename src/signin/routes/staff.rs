//! `/staff/account`: where a member of staff is signed in, their username, passphrase and code generator.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::account::row;
use super::join::{new_passphrase, new_username};
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::signin::acts::staff::{self as acts, Own};
use crate::signin::guard::{Fresh, Worker};
use crate::signin::views::account::{NewPassphrasePage, NewUsername};
use crate::signin::views::staff::{NewPhone, StaffAccount};
use crate::signin::{SessionId, offer_passphrase, offer_username, store};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

const HERE: &str = "/staff/account";

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/staff/account", Audience::Staff, Cache::Never, show)
        .post("/staff/account", Audience::Staff, end)
        .get("/staff/account/username", Audience::Staff, Cache::Never, show_username)
        .post("/staff/account/username", Audience::Staff, username)
        .get("/staff/account/passphrase", Audience::Staff, Cache::Never, show_passphrase)
        .post("/staff/account/passphrase", Audience::Staff, passphrase)
        .get("/staff/account/phone", Audience::Staff, Cache::Never, show_phone)
        .post("/staff/account/phone", Audience::Staff, phone)
}

fn own(ask: &Ask, worker: &Worker) -> Own {
    Own { session: worker.session.clone(), number: ask.number.clone(), at: ask.now }
}

/// A page of their own sign-in: nothing of anybody's record stands on it.
fn page(ask: &Ask, worker: &Worker, status: StatusCode, form: &Fields, main: AnyView) -> Response {
    let frame = Frame::staff("Account", worker.nav(), Part::Account, main).wrong(!form.ok());
    ask.page(status, frame.flash(worker.session.flash.map(Flash::says)))
}

async fn show(ask: Ask, worker: Worker) -> Result<Response> {
    account_page(&ask, &worker, StatusCode::OK, Fields::default()).await
}

async fn account_page(ask: &Ask, worker: &Worker, status: StatusCode, form: Fields) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let session = &worker.session;
    let username = store::username(&mut db, &ask.app.vault, session.account, session.owner).await?;
    let sessions = store::sessions(&mut db, session.account, ask.now).await?;
    drop(db);
    let sessions = sessions.into_iter().map(|one| row(one, session.id)).collect();
    let main = view! { <StaffAccount username sessions form=form.clone() now=ask.now/> };
    Ok(page(ask, worker, status, &form, main.into_any()))
}

async fn end(ask: Ask, worker: Worker, mut form: Fields) -> Result<Response> {
    let what = |word: &str| match word.split_once(':') {
        None if word == "others" => Some(None),
        Some(("session", id)) => SessionId::parse(id).map(Some),
        _ => None,
    };
    let what = form.choice("do", what, "Press one of the buttons on this page");
    let (Some(what), true) = (what, form.ok()) else {
        return account_page(&ask, &worker, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    acts::end(&ask.app.db, own(&ask, &worker), what).await?;
    ask.ended(worker.session.account);
    Ok(see_other(HERE))
}

async fn show_username(ask: Ask, Fresh(worker): Fresh<Worker>) -> Result<Response> {
    Ok(username_page(&ask, &worker, StatusCode::OK, Fields::filled([("username", offer_username()?)])))
}

fn username_page(ask: &Ask, worker: &Worker, status: StatusCode, form: Fields) -> Response {
    let main = view! { <NewUsername base=HERE form=form.clone()/> };
    page(ask, worker, status, &form, main.into_any())
}

async fn username(ask: Ask, Fresh(worker): Fresh<Worker>, mut form: Fields) -> Result<Response> {
    let username = new_username(&mut form);
    if !form.ok() {
        return Ok(username_page(&ask, &worker, StatusCode::UNPROCESSABLE_ENTITY, form));
    }
    match acts::set_username(&ask.app.db, &ask.app.vault, own(&ask, &worker), username).await {
        Ok(()) => Ok(see_other(HERE)),
        Err(Error::Duplicate) => {
            form.fault("username", "Somebody has that username. Choose another.");
            form.put("username", offer_username()?);
            Ok(username_page(&ask, &worker, StatusCode::UNPROCESSABLE_ENTITY, form))
        }
        Err(error) => Err(error),
    }
}

async fn show_passphrase(ask: Ask, Fresh(worker): Fresh<Worker>) -> Result<Response> {
    Ok(passphrase_page(&ask, &worker, StatusCode::OK, Fields::filled([("offer", offer_passphrase()?)])))
}

fn passphrase_page(ask: &Ask, worker: &Worker, status: StatusCode, form: Fields) -> Response {
    let main = view! { <NewPassphrasePage base=HERE form=form.clone()/> };
    page(ask, worker, status, &form, main.into_any())
}

async fn passphrase(ask: Ask, Fresh(worker): Fresh<Worker>, mut form: Fields) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let session = &worker.session;
    let username = store::username(&mut db, &ask.app.vault, session.account, session.owner).await?;
    drop(db);
    let passphrase = new_passphrase(&mut form, &username);
    if !form.ok() {
        return Ok(passphrase_page(&ask, &worker, StatusCode::UNPROCESSABLE_ENTITY, form));
    }
    let hash = ask.app.hasher.hash(passphrase).await?;
    acts::set_passphrase(&ask.app.db, own(&ask, &worker), hash).await?;
    ask.ended(worker.session.account);
    Ok(see_other(HERE))
}

async fn show_phone(ask: Ask, Fresh(worker): Fresh<Worker>) -> Response {
    page(&ask, &worker, StatusCode::OK, &Fields::default(), view! { <NewPhone/> }.into_any())
}

async fn phone(ask: Ask, Fresh(worker): Fresh<Worker>) -> Result<Response> {
    acts::drop_generator(&ask.app.db, own(&ask, &worker)).await?;
    Ok(see_other("/sign-in"))
}
