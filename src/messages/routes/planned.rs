//! `/work/planned`: what is to be sent later, and what was held for whoever answers now.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use crate::app::{App, Ask};
use crate::audit::Entry;
use crate::error::{Error, Result};
use crate::messages::acts::{self, Decided, Decision};
use crate::messages::planned::PlannedId;
use crate::messages::store;
use crate::messages::views::PlannedPage;
use crate::people::access;
use crate::signin::guard::Adviser;
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

pub(super) fn routes() -> Routes<App> {
    Routes::default().get("/work/planned", Audience::Adviser, Cache::Never, show).post(
        "/work/planned",
        Audience::Adviser,
        decide,
    )
}

pub(super) const PATH: &str = "/work/planned";
const TOO_LATE: &str =
    "That was too late: it was sent already, or somebody decided about it before. Look at the thread.";
const PRESS: &str = "Press a button beside a message";

async fn show(ask: Ask, worker: Adviser) -> Result<Response> {
    page(&ask, &worker, StatusCode::OK, Fields::default()).await
}

async fn page(ask: &Ask, worker: &Adviser, status: StatusCode, form: Fields) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let mut caseload = access::caseload(&mut db, &worker.session.actor, ask.now).ok_or(Error::NotFound)?;
    let planned = store::planned(&mut caseload, &ask.app.vault).await?;
    let entry = Entry { object: "planned messages", ..caseload.entry(planned.len()) };
    drop(db);
    let audited = ask.viewed(entry).await?;
    let (now, wrong) = (ask.now, !form.ok());
    let main = view! { <PlannedPage planned form now/> };
    let frame = Frame::staff("Planned", worker.nav(), Part::Work, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(worker.session.flash.map(Flash::says))))
}

async fn decide(ask: Ask, worker: Adviser, mut form: Fields) -> Result<Response> {
    let id = form.choice("planned", PlannedId::parse, PRESS);
    let what = form.choice("do", Decision::parse, PRESS);
    let (Some(id), Some(what), true) = (id, what, form.ok()) else {
        return page(&ask, &worker, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let by = (worker.session.clone(), ask.number.clone());
    match acts::decide(&ask.app.db, &ask.app.vault, by, (id, what), ask.now).await? {
        Decided::Done => Ok(see_other(PATH)),
        Decided::TooLate => {
            form.fault("planned", TOO_LATE);
            page(&ask, &worker, StatusCode::CONFLICT, form).await
        }
    }
}
