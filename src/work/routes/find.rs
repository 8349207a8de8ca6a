//! `/work/find`: whoever is on the phone, by name and date of birth; without working with them, for a reason.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use leptos::prelude::*;

use super::by;
use crate::app::{App, Ask};
use crate::error::Result;
use crate::signin::guard::{Adviser, Fresh};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};
use crate::work::acts::{self, Found};
use crate::work::views::find::{Find, Reason};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/work/find", Audience::Adviser, Cache::Never, show)
        .post("/work/find", Audience::Adviser, find)
        .post("/work/find/open", Audience::Adviser, open)
}

const NOBODY: &str =
    "Nobody here has this name and date of birth. Check the spelling: it must be as in the case system.";

async fn show(ask: Ask, Fresh(worker): Fresh<Adviser>) -> Response {
    page(&ask, &worker, StatusCode::OK, Fields::default())
}

fn page(ask: &Ask, worker: &Adviser, status: StatusCode, form: Fields) -> Response {
    let wrong = !form.ok();
    let main = view! { <Find form/> };
    ask.page(status, Frame::staff("Find somebody", worker.nav(), Part::Work, main.into_any()).wrong(wrong))
}

fn reason_page(ask: &Ask, worker: &Adviser, status: StatusCode, form: Fields) -> Response {
    let wrong = !form.ok();
    let main = view! { <Reason form/> };
    ask.page(status, Frame::staff("Why you open it", worker.nav(), Part::Work, main.into_any()).wrong(wrong))
}

fn whom(form: &mut Fields) -> (String, Option<Date>) {
    let name = form.line("name", 120, "Enter their full name");
    let born =
        form.date("born", ["born-day", "born-month", "born-year"], "Enter their date of birth, such as 27 3 2008");
    (name, born)
}

async fn find(ask: Ask, Fresh(worker): Fresh<Adviser>, mut form: Fields) -> Result<Response> {
    let (name, born) = whom(&mut form);
    let (Some(born), true) = (born, form.ok()) else {
        return Ok(page(&ask, &worker, StatusCode::UNPROCESSABLE_ENTITY, form));
    };
    let found = acts::find(&ask.app.db, &ask.app.vault, by(&ask, &worker), name, born).await?;
    Ok(match found {
        Found::Theirs(person) => see_other(&format!("/work/people/{person}")),
        Found::Reason(_) => reason_page(&ask, &worker, StatusCode::OK, form),
        Found::Nobody => {
            form.fault("name", NOBODY);
            page(&ask, &worker, StatusCode::UNPROCESSABLE_ENTITY, form)
        }
    })
}

async fn open(ask: Ask, Fresh(worker): Fresh<Adviser>, mut form: Fields) -> Result<Response> {
    let (name, born) = whom(&mut form);
    let (Some(born), true) = (born, form.ok()) else {
        return Ok(page(&ask, &worker, StatusCode::UNPROCESSABLE_ENTITY, form));
    };
    let reason = form.text("reason", 500, "Write why you open this record");
    if form.ok() && reason.chars().count() < 10 {
        form.fault("reason", "Write a little more: the person and their manager will read it");
    }
    if !form.ok() {
        return Ok(reason_page(&ask, &worker, StatusCode::UNPROCESSABLE_ENTITY, form));
    }
    match acts::open(&ask.app.db, &ask.app.vault, by(&ask, &worker), (name, born), reason).await? {
        Some(person) => Ok(see_other(&format!("/work/people/{person}"))),
        None => {
            form.fault("name", NOBODY);
            Ok(page(&ask, &worker, StatusCode::UNPROCESSABLE_ENTITY, form))
        }
    }
}
