//! `/me/about`: what a young person wants whoever works with them to know, in their own words.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::people::access::{self, ReadProfile};
use crate::people::store as people;
use crate::signin::guard::{Me, Open};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};
use crate::work::acts;
use crate::work::views::about::AboutMe;

pub(super) fn routes() -> Routes<App> {
    Routes::default().get(PATH, Audience::PersonOpen, Cache::Never, show).post(PATH, Audience::PersonOpen, set)
}

const PATH: &str = "/me/about";

/// The longest page about oneself, in characters: one page of paper.
const LONGEST: usize = 2_500;

async fn show(ask: Ask, Open(me): Open<Me>) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let mut access = access::check::<ReadProfile, _>(&mut db, &me.session.actor, me.person, ask.now)
        .await?
        .ok_or(Error::NotFound)?;
    let about = people::profile(&mut access, &ask.app.vault).await?.unwrap_or_default();
    let entry = access.entry();
    drop(db);
    let audited = ask.viewed(entry).await?;
    let form = me.session.with_kept(&ask, PATH, Fields::filled([("about", about)])).await?;
    let main = view! { <AboutMe form/> };
    let frame = Frame::person("About me", Part::Me, main.into_any()).flash(me.session.flash.map(Flash::says));
    Ok(ask.private_page(&audited, StatusCode::OK, frame))
}

async fn set(ask: Ask, Open(me): Open<Me>, mut form: Fields) -> Result<Response> {
    let about = form.optional_text("about", LONGEST);
    if !form.ok() {
        let main = view! { <AboutMe form/> };
        let frame = Frame::person("About me", Part::Me, main.into_any()).wrong(true);
        return Ok(ask.page(StatusCode::UNPROCESSABLE_ENTITY, frame));
    }
    let written = (me.session, PATH.to_owned());
    acts::set_about(&ask.app.db, &ask.app.vault, written, me.person, about, ask.number.clone(), ask.now).await?;
    Ok(see_other(PATH))
}
