//! `/work/without-adviser`: who of a manager's teams has no personal adviser, or had none at sixteen.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use crate::app::{App, Ask};
use crate::clock::london_date;
use crate::error::{Error, Result};
use crate::people::{access, store as people};
use crate::signin::guard::Adviser;
use crate::ui::{Frame, Part};
use crate::web::routes::{Audience, Cache, Routes};
use crate::work::views::advisers::WithoutAdviser;

pub(super) fn routes() -> Routes<App> {
    Routes::default().get("/work/without-adviser", Audience::Adviser, Cache::Never, show)
}

async fn show(ask: Ask, worker: Adviser) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let mut managed = access::managed(&mut db, &worker.session.actor, ask.now).ok_or(Error::NotFound)?;
    let people = people::without_adviser(&mut managed, &ask.app.vault).await?;
    let entry = managed.entry("without adviser", people.len());
    drop(db);
    let audited = ask.viewed(entry).await?;
    let main = view! { <WithoutAdviser people today=london_date(ask.now)/> };
    let frame = Frame::staff("Without an adviser", worker.nav(), Part::Work, main.into_any());
    Ok(ask.private_page(&audited, StatusCode::OK, frame))
}
