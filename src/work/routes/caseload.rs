//! `/work/people`: everybody the worker works with, in the order and of the kind that was asked for.

use axum::http::{StatusCode, Uri};
use axum::response::Response;
use leptos::prelude::*;

use super::today::everybody;
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::people::access;
use crate::signin::guard::Adviser;
use crate::ui::{Frame, Part};
use crate::web::routes::{Audience, Cache, Routes};
use crate::work::views::people::{Order, People, Show};

pub(super) fn routes() -> Routes<App> {
    Routes::default().get("/work/people", Audience::Adviser, Cache::Never, people)
}

async fn people(ask: Ask, worker: Adviser, uri: Uri) -> Result<Response> {
    let asked = |name: &str| {
        let mut all = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        all.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    };
    let order = asked("order").and_then(|word| Order::parse(&word)).unwrap_or(Order::Name);
    let show = asked("show").and_then(|word| Show::parse(&word)).unwrap_or(Show::All);
    let mut db = ask.app.db.read().await?;
    let mut caseload = access::caseload(&mut db, &worker.session.actor, ask.now).ok_or(Error::NotFound)?;
    let rows = everybody(&ask, &mut caseload).await?;
    let entry = caseload.entry(rows.len());
    drop(db);
    let audited = ask.viewed(entry).await?;
    let main = view! { <People rows order show now=ask.now/> };
    let frame = Frame::staff("People", worker.nav(), Part::People, main.into_any());
    Ok(ask.private_page(&audited, StatusCode::OK, frame))
}
