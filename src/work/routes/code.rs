//! `/work/people/{id}/code`: a code that lets somebody in, given in less than a minute.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::by;
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::people::access::{self, GiveCode};
use crate::people::{PersonId, store as people};
use crate::signin::doors::KnownBy;
use crate::signin::guard::{Adviser, Fresh};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};
use crate::work::acts;
use crate::work::views::find::{CodeGiven, GiveCodePage};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/work/people/{id}/code", Audience::Adviser, Cache::Never, show)
        .post("/work/people/{id}/code", Audience::Adviser, give)
        .post("/work/people/{id}/code/approve", Audience::Adviser, approve)
}

async fn show(ask: Ask, Fresh(worker): Fresh<Adviser>, Path(id): Path<String>) -> Result<Response> {
    let person = PersonId::parse(&id).ok_or(Error::NotFound)?;
    page(&ask, &worker, person, StatusCode::OK, Fields::default()).await
}

async fn called(ask: &Ask, worker: &Adviser, person: PersonId) -> Result<(String, crate::audit::Audited)> {
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<GiveCode, _>(&mut db, &worker.session.actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    let called = people::person(&mut access, &ask.app.vault).await?.called;
    let entry = crate::audit::Entry { action: "read", object: "profile", ..access.entry() };
    drop(db);
    Ok((called, ask.viewed(entry).await?))
}

async fn page(ask: &Ask, worker: &Adviser, person: PersonId, status: StatusCode, form: Fields) -> Result<Response> {
    let (called, audited) = called(ask, worker, person).await?;
    let wrong = !form.ok();
    let main = view! { <GiveCodePage person called form/> };
    let frame = Frame::staff("Give a code", worker.nav(), Part::Work, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame))
}

async fn give(ask: Ask, Fresh(worker): Fresh<Adviser>, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let person = PersonId::parse(&id).ok_or(Error::NotFound)?;
    let known = form.choice("known", KnownBy::parse, "Choose how you know that it is them");
    let on_paper = form.choice(
        "way",
        |word| matches!(word, "read" | "paper").then_some(word == "paper"),
        "Choose how they get it",
    );
    let (Some(known), Some(on_paper), true) = (known, on_paper, form.ok()) else {
        return page(&ask, &worker, person, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let given = acts::give_code(&ask.app.db, &ask.app.vault, by(&ask, &worker), person, known, on_paper).await?;
    let (called, audited) = called(&ask, &worker, person).await?;
    let site = ask.app.origins.first().cloned().unwrap_or_default();
    let main = view! { <CodeGiven person called code=given.code lasts=given.lasts needs_second=given.needs_second on_paper site/> };
    let frame = Frame::staff("Code", worker.nav(), Part::Work, main.into_any());
    Ok(ask.private_page(&audited, StatusCode::OK, frame))
}

async fn approve(
    ask: Ask,
    Fresh(worker): Fresh<Adviser>,
    Path(id): Path<String>,
    mut form: Fields,
) -> Result<Response> {
    let person = PersonId::parse(&id).ok_or(Error::NotFound)?;
    let code: Option<Id<()>> = form.choice("code", Id::parse, "Choose the code");
    if let Some(code) = code.filter(|_| form.ok()) {
        acts::approve(&ask.app.db, by(&ask, &worker), person, code).await?;
    } else {
        called(&ask, &worker, person).await?;
    }
    Ok(see_other(&format!("/work/people/{person}")))
}
