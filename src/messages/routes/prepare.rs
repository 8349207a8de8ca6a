//! `/work/people/{id}/messages/prepare`: from a template, looked at, and sent now or later.

use axum::extract::Path;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;

use super::many::known;
use super::templates::{Begun, choosing};
use super::theirs::{called, person_of, their_path};
use super::{EMPTY, OTHER_TEXT, new_send, typed};
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::messages::acts::{self, Send, Sent};
use crate::messages::planned::{Known, Warning, Wrong, fill, has_blank, moment, of_text, of_time};
use crate::messages::views::{Prepare, Preview};
use crate::messages::{LONGEST, What, store};
use crate::people::access::{self, AnswerMessage};
use crate::people::{PersonId, store as people};
use crate::signin::guard::Adviser;
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

pub(super) fn routes() -> Routes<App> {
    Routes::default().get("/work/people/{id}/messages/prepare", Audience::Adviser, Cache::Never, show).post(
        "/work/people/{id}/messages/prepare",
        Audience::Adviser,
        prepare,
    )
}

/// What a button of a page that is looked at asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// To look at it.
    Preview,
    /// To change what was typed.
    Change,
    /// To put a template in the box.
    Fill,
    /// To send it.
    Send,
}

impl Step {
    pub(super) fn of(form: &Fields) -> Self {
        match form.typed("do") {
            "send" => Self::Send,
            "change" => Self::Change,
            "fill" => Self::Fill,
            _ => Self::Preview,
        }
    }
}

/// The moment that a form names, if it names one. With a fault in the form when it will not do.
pub(super) fn send_at(form: &mut Fields, now: Timestamp) -> Option<Timestamp> {
    if form.typed("day").trim().is_empty() && form.typed("time").trim().is_empty() {
        return None;
    }
    let day = form.iso_date("day", "Say on which day, as in 2026-12-04, or leave day and time empty");
    let time = form.time("time", "Say at what time, as in 09:00, or leave day and time empty");
    match moment(day?, time?, now) {
        Ok(at) => Some(at),
        Err(wrong) => {
            form.fault(if wrong == Wrong::TimeOver { "time" } else { "day" }, wrong.says());
            None
        }
    }
}

/// The text as its reader gets it. With a fault in the form when it cannot be sent so.
pub(super) fn filled(form: &mut Fields, body: &str, called: &str, me: &str) -> String {
    let text = match fill(body, called, me) {
        Ok(text) => text,
        Err(unknown) => {
            form.fault("body", unknown.says());
            return String::new();
        }
    };
    if has_blank(body) {
        form.fault("body", "Write something where it says ____, or take it out");
    }
    let count = text.chars().count();
    if count > LONGEST {
        form.fault(
            "body",
            format!("With the names filled in it is {count} characters long. Make it {LONGEST} or fewer."),
        );
    }
    text
}

/// What is to be said of the moment at which something arrives: the one chosen, or now.
pub(super) fn of_moment(ask: &Ask, at: Option<Timestamp>) -> Vec<Warning> {
    let content = ask.app.content();
    of_time(at.unwrap_or(ask.now), &content.edition.library.timetable.holidays)
}

/// The worker's own name.
pub(super) async fn my_name(ask: &Ask, worker: &Adviser) -> Result<String> {
    people::staff_name(&mut ask.app.db.read().await?, &ask.app.vault, worker.staff).await
}

/// The names of somebody whom the worker may answer, and whether they wait.
async fn own(ask: &Ask, worker: &Adviser, person: PersonId) -> Result<Known> {
    let mut db = ask.app.db.read().await?;
    let mut access = access::check::<AnswerMessage, _>(&mut db, &worker.session.actor, person, ask.now)
        .await?
        .ok_or(Error::NotFound)?;
    let shown = people::person(&mut access, &ask.app.vault).await?;
    let waits = store::wait_of(&mut access).await?.is_some();
    Ok(Known { person, called: shown.called, name: shown.name, waits })
}

fn path(person: PersonId) -> String {
    format!("{}/prepare", their_path(person))
}

async fn show(ask: Ask, worker: Adviser, Path(id): Path<String>, uri: Uri) -> Result<Response> {
    let person = person_of(&id)?;
    edit(&ask, &worker, person, StatusCode::OK, Begun::Asked(&uri)).await
}

/// The page with the box.
async fn edit(ask: &Ask, worker: &Adviser, person: PersonId, status: StatusCode, begun: Begun<'_>) -> Result<Response> {
    let (called, entry, _) = called(ask, worker, person).await?;
    let (templates, form) = choosing(ask, worker, &path(person), begun).await?;
    let audited = ask.viewed(entry).await?;
    let wrong = !form.ok();
    let status = if wrong && status.is_success() { StatusCode::UNPROCESSABLE_ENTITY } else { status };
    let main = view! { <Prepare called path=their_path(person) templates form/> };
    let frame = Frame::staff("Prepare", worker.nav(), Part::Work, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(worker.session.flash.map(Flash::says))))
}

async fn prepare(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let person = person_of(&id)?;
    let (called, entry, _) = called(&ask, &worker, person).await?;
    let (step, as_typed) = (Step::of(&form), form.clone());
    let (key, body) = typed(&mut form, EMPTY)?;
    match step {
        Step::Change => return edit(&ask, &worker, person, StatusCode::OK, Begun::Sent(as_typed)).await,
        Step::Fill => return edit(&ask, &worker, person, StatusCode::OK, Begun::Filled(as_typed)).await,
        Step::Preview | Step::Send => {}
    }
    let (at, me) = (send_at(&mut form, ask.now), my_name(&ask, &worker).await?);
    let text = filled(&mut form, &body, &called, &me);
    if !form.ok() {
        return edit(&ask, &worker, person, StatusCode::UNPROCESSABLE_ENTITY, Begun::Sent(form)).await;
    }
    if step == Step::Preview {
        let audited = ask.viewed(entry).await?;
        let (known, _) = known(&ask, &worker).await?;
        // Whoever covers, or is on duty, does not have them in their own list.
        let own = match known.iter().find(|one| one.person == person) {
            Some(own) => own.clone(),
            None => own(&ask, &worker, person).await?,
        };
        let warnings = of_moment(&ask, at).into_iter().chain(of_text(&body, &own, &known)).collect();
        let (path, now) = (their_path(person), ask.now);
        let main = view! { <Preview called me path text send_at=at warnings form now/> };
        let frame = Frame::staff("Preview", worker.nav(), Part::Work, main.into_any());
        return Ok(ask.private_page(&audited, StatusCode::OK, frame));
    }
    let send = new_send(&ask, person, &worker.session, key, (What::Said, text), their_path(person));
    let send = Send { place: path(person), ..send };
    let sent = match at {
        Some(at) => acts::plan(&ask.app.db, &ask.app.vault, send, at).await?,
        None => acts::answer(&ask.app.db, &ask.app.vault, send).await?,
    };
    match sent {
        Sent::Done(to) => Ok(see_other(&to)),
        Sent::OtherText => {
            form.fault("body", OTHER_TEXT);
            edit(&ask, &worker, person, StatusCode::CONFLICT, Begun::Sent(form.with_new_key())).await
        }
    }
}
