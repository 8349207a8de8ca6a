//! `/work/staff-codes`: codes that let somebody of a manager's own team in again, and wait for a second one.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::today::holds;
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::people::acts::{self, By};
use crate::people::{Role, StaffId, store as people};
use crate::signin::guard::{Adviser, Fresh};
use crate::signin::store as signin;
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};
use crate::work::views::staff_codes::{StaffCodes, WaitingCode};

pub(super) fn routes() -> Routes<App> {
    Routes::default().get("/work/staff-codes", Audience::Adviser, Cache::Never, show).post(
        "/work/staff-codes",
        Audience::Adviser,
        approve,
    )
}

/// The codes that wait for this manager.
async fn waiting(ask: &Ask, worker: &Adviser) -> Result<Vec<WaitingCode>> {
    if !holds(worker, Role::Manager) {
        return Err(Error::NotFound);
    }
    let (vault, mut db) = (&ask.app.vault, ask.app.db.read().await?);
    let mut codes = Vec::new();
    for (staff, giver) in signin::staff_who_wait(&mut db, ask.now).await? {
        if people::seconds(&mut db, staff, giver, ask.now).await?.contains(&worker.staff) {
            let name = people::staff_name(&mut db, vault, staff).await?;
            codes.push(WaitingCode { staff, name, by: people::staff_name(&mut db, vault, giver).await? });
        }
    }
    Ok(codes)
}

async fn show(ask: Ask, Fresh(worker): Fresh<Adviser>) -> Result<Response> {
    page(&ask, &worker, StatusCode::OK, Fields::default()).await
}

async fn page(ask: &Ask, worker: &Adviser, status: StatusCode, form: Fields) -> Result<Response> {
    let codes = waiting(ask, worker).await?;
    let wrong = !form.ok();
    let main = view! { <StaffCodes codes form/> };
    let frame = Frame::staff("Codes", worker.nav(), Part::Work, main.into_any()).wrong(wrong);
    Ok(ask.page(status, frame.flash(worker.session.flash.map(Flash::says))))
}

async fn approve(ask: Ask, Fresh(worker): Fresh<Adviser>, mut form: Fields) -> Result<Response> {
    let staff = form.choice("staff", StaffId::parse, "Choose somebody on this page");
    let waits = waiting(&ask, &worker).await?;
    if let Some(staff) = staff.filter(|_| form.ok()) {
        if waits.iter().any(|code| code.staff == staff) {
            let by = By { actor: worker.session.actor.clone(), number: ask.number.clone(), at: ask.now };
            acts::approve_member(&ask.app.db, by, staff).await?;
            return Ok(see_other("/work/staff-codes"));
        }
        form.fault("staff", "That code waits no longer");
    }
    page(&ask, &worker, StatusCode::UNPROCESSABLE_ENTITY, form).await
}
