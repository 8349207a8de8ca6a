//! `/me/record`: who opened what of mine, and when.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::store;
use super::views::RecordPage;
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::people::access::{self, ReadRecord};
use crate::people::store as people;
use crate::signin::guard::{Me, Open};
use crate::ui::{Frame, Part};
use crate::web::flash::Flash;
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of this feature.
pub fn routes() -> Routes<App> {
    Routes::default().get("/me/record", Audience::PersonOpen, Cache::Never, record)
}

async fn record(ask: Ask, Open(me): Open<Me>) -> Result<Response> {
    let vault = &ask.app.vault;
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<ReadRecord, _>(&mut db, &me.session.actor, me.person, ask.now).await?.ok_or(Error::NotFound)?;
    let seen = store::seen(&mut access, vault).await?;
    let reasons = people::reasons(&mut access, vault).await?;
    let entry = access.entry();
    drop(db);
    let audited = ask.viewed(entry).await?;
    let main = view! { <RecordPage seen reasons/> };
    let frame = Frame::person("Who looked", Part::Account, main.into_any());
    Ok(ask.private_page(&audited, StatusCode::OK, frame.flash(me.session.flash.map(Flash::says))))
}
