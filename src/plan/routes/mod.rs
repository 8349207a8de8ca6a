//! `/me/plan` and `/work/people/{id}/plan`.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::store;
use super::views::{PlanPage, Reader};
use crate::app::{App, Ask};
use crate::clock::london_date;
use crate::error::{Error, Result};
use crate::people::access::{self, ReadPlan};
use crate::people::{PersonId, store as people};
use crate::signin::guard::{Adviser, Fresh, Me};
use crate::ui::{Frame, Part};
use crate::web::flash::Flash;
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of this feature.
pub fn routes() -> Routes<App> {
    Routes::default().get("/me/plan", Audience::PersonSealed, Cache::Never, mine).get(
        "/work/people/{id}/plan",
        Audience::Adviser,
        Cache::Never,
        theirs,
    )
}

async fn mine(ask: Ask, Fresh(me): Fresh<Me>) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<ReadPlan, _>(&mut db, &me.session.actor, me.person, ask.now).await?.ok_or(Error::NotFound)?;
    let plan = store::shared(&mut access, &ask.app.vault).await?;
    let workers = people::workers(&mut access, &ask.app.vault).await?;
    let entry = access.entry();
    drop(db);
    let audited = ask.viewed(entry).await?;
    let lead = workers.into_iter().find(|worker| worker.lead).map(|worker| worker.name);
    let main = view! { <PlanPage plan reader=Reader::Person(lead) today=london_date(ask.now)/> };
    let frame = Frame::person("Plan", Part::Plan, main.into_any()).flash(me.session.flash.map(Flash::says));
    Ok(ask.private_page(&audited, StatusCode::OK, frame))
}

async fn theirs(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let person = PersonId::parse(&id).ok_or(Error::NotFound)?;
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<ReadPlan, _>(&mut db, &worker.session.actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    let plan = store::shared(&mut access, &ask.app.vault).await?;
    let called = people::person(&mut access, &ask.app.vault).await?.called;
    let entry = access.entry();
    drop(db);
    let audited = ask.viewed(entry).await?;
    let back = format!("/work/people/{person}");
    let main = view! {
        <nav class="back" aria-label="Back"><a href=back>{called.clone()}</a></nav>
        <PlanPage plan reader=Reader::Worker(called) today=london_date(ask.now)/>
    };
    let frame = Frame::staff("Plan", worker.nav(), Part::Work, main.into_any());
    Ok(ask.private_page(&audited, StatusCode::OK, frame))
}
