//! `/me/record`: who opened what of mine, and when. `/me/record/take`: everything of mine in
//! one file, to read or for other programs.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::views::{RecordPage, TakePage, copy_page};
use super::{Copy, acts};
use crate::app::{App, Ask};
use crate::audit::{Audited, store as audit};
use crate::error::{Error, Result};
use crate::people::access::{self, ReadRecord};
use crate::people::store as people;
use crate::signin::guard::{Fresh, Me, Open};
use crate::ui::{Frame, Part};
use crate::web::flash::Flash;
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of this feature.
pub fn routes() -> Routes<App> {
    Routes::default()
        .get("/me/record", Audience::PersonOpen, Cache::Never, record)
        .get("/me/record/take", Audience::PersonSealed, Cache::Never, take)
        .get("/me/record/take/page", Audience::PersonSealed, Cache::Never, as_page)
        .get("/me/record/take/data", Audience::PersonSealed, Cache::Never, as_json)
}

/// At most so many of the latest on the page; a copy holds all.
const SHOWN: i64 = 500;

async fn record(ask: Ask, Open(me): Open<Me>) -> Result<Response> {
    let vault = &ask.app.vault;
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<ReadRecord, _>(&mut db, &me.session.actor, me.person, ask.now).await?.ok_or(Error::NotFound)?;
    let seen = audit::seen(&mut access, vault, SHOWN).await?;
    let reasons = people::reasons(&mut access, vault).await?;
    let entry = access.entry();
    drop(db);
    let audited = ask.viewed(entry).await?;
    let main = view! { <RecordPage seen reasons/> };
    let frame = Frame::person("Who looked", Part::Account, main.into_any());
    Ok(ask.private_page(&audited, StatusCode::OK, frame.flash(me.session.flash.map(Flash::says))))
}

async fn take(ask: Ask, Fresh(me): Fresh<Me>) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let access = access::check::<ReadRecord, _>(&mut db, &me.session.actor, me.person, ask.now).await?;
    access.ok_or(Error::NotFound)?;
    drop(db);
    // Nothing of the record stands on it: no reading, and no row of one.
    let frame = Frame::person("Take a copy", Part::Account, view! { <TakePage/> }.into_any());
    Ok(ask.page(StatusCode::OK, frame))
}

/// A copy, and the proof that its taking is on disk.
async fn copy(ask: &Ask, me: &Me) -> Result<(Audited, Copy)> {
    let mut db = ask.app.db.read().await?;
    let (entry, copy) = acts::copy(&mut db, &ask.app.vault, &me.session, me.person, ask.now).await?;
    drop(db);
    Ok((ask.viewed(entry).await?, copy))
}

async fn as_page(ask: Ask, Fresh(me): Fresh<Me>) -> Result<Response> {
    let (audited, copy) = copy(&ask, &me).await?;
    Ok(ask.private_file(&audited, "my-copy.html", "text/html; charset=utf-8", copy_page(copy)))
}

async fn as_json(ask: Ask, Fresh(me): Fresh<Me>) -> Result<Response> {
    let (audited, copy) = copy(&ask, &me).await?;
    let text = serde_json::to_string_pretty(&copy).map_err(|_| Error::Internal("a copy does not serialise".into()))?;
    Ok(ask.private_file(&audited, "my-copy.json", "application/json", text))
}
