//! `/work/people/{id}/reach`: numbers and addresses of a young person, and the safety flag.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::by;
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::people::access::{self, ConfirmContact, ReadContacts};
use crate::people::{ContactId, PersonId, store as people};
use crate::signin::guard::{Adviser, Fresh};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};
use crate::work::acts;
use crate::work::views::reach::ReachThem;

pub(super) fn routes() -> Routes<App> {
    Routes::default().get("/work/people/{id}/reach", Audience::Adviser, Cache::Never, show).post(
        "/work/people/{id}/reach",
        Audience::Adviser,
        change,
    )
}

async fn show(ask: Ask, Fresh(worker): Fresh<Adviser>, Path(id): Path<String>) -> Result<Response> {
    let person = PersonId::parse(&id).ok_or(Error::NotFound)?;
    page(&ask, &worker, person, StatusCode::OK, Fields::default()).await
}

async fn page(ask: &Ask, worker: &Adviser, person: PersonId, status: StatusCode, form: Fields) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let mut access = access::check::<ReadContacts, _>(&mut db, &worker.session.actor, person, ask.now)
        .await?
        .ok_or(Error::NotFound)?;
    let called = people::person(&mut access, &ask.app.vault).await?.called;
    let contacts = people::contacts(&mut access, &ask.app.vault).await?;
    let quiet = people::quiet(&mut access).await?;
    let flagged = people::is_flagged(access.reads(), person).await?;
    let works = access.also::<ConfirmContact>().await?;
    let entry = access.entry();
    drop(db);
    let audited = ask.viewed(entry).await?;
    let (wrong, now) = (!form.ok(), ask.now);
    let main = view! { <ReachThem person called contacts quiet flagged works form now/> };
    let frame = Frame::staff("Person", worker.nav(), Part::Work, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(worker.session.flash.map(Flash::says))))
}

/// What a worker does here.
#[derive(Clone, Copy)]
enum Do {
    Confirm(ContactId),
    Silence(ContactId),
    Flag(bool),
}

async fn change(ask: Ask, Fresh(worker): Fresh<Adviser>, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let person = PersonId::parse(&id).ok_or(Error::NotFound)?;
    let what = |word: &str| match word.split_once(':') {
        Some(("confirm", id)) => ContactId::parse(id).map(Do::Confirm),
        Some(("silence", id)) => ContactId::parse(id).map(Do::Silence),
        Some(("flag", word)) => matches!(word, "on" | "off").then_some(Do::Flag(word == "on")),
        _ => None,
    };
    let chosen = form.choice("do", what, "Press one of the buttons on this page");
    let (Some(chosen), true) = (chosen, form.ok()) else {
        return page(&ask, &worker, person, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let by = by(&ask, &worker);
    let token = worker.session.token_hash;
    match chosen {
        Do::Confirm(contact) => acts::confirm_contact(&ask.app.db, by, token, person, contact).await?,
        Do::Silence(contact) => acts::silence_contact(&ask.app.db, by, token, person, contact).await?,
        Do::Flag(flagged) => acts::set_flag(&ask.app.db, by, token, person, flagged).await?,
    }
    Ok(see_other(&format!("/work/people/{person}/reach")))
}
