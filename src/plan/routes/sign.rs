//! `/work/people/{id}/plan/submit`: to a manager; `/work/people/{id}/plan/sign`: the manager signs it off or returns it.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::{OVER, button, person_of, post, pressed};
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::people::access::{self, SignPlan, WritePlan};
use crate::people::{PersonId, StaffId, store as people};
use crate::plan::views::{Signing, Submitting};
use crate::plan::{LONGEST, State, acts, store};
use crate::signin::guard::Adviser;
use crate::ui::{Frame, Part};
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/work/people/{id}/plan/submit", Audience::Adviser, Cache::Never, submitting)
        .post("/work/people/{id}/plan/submit", Audience::Adviser, submit)
        .get("/work/people/{id}/plan/sign", Audience::Adviser, Cache::Never, signing)
        .post("/work/people/{id}/plan/sign", Audience::Adviser, sign)
}

async fn submitting(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    submit_page(&ask, &worker, person_of(&id)?, StatusCode::OK, Fields::default()).await
}

async fn submit_page(
    ask: &Ask,
    worker: &Adviser,
    person: PersonId,
    status: StatusCode,
    form: Fields,
) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<WritePlan, _>(&mut db, &worker.session.actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    let version = store::versions(&mut access).await?.into_iter().find(|version| version.state != State::Draft);
    let managers = people::managers_of(access.reads(), person, ask.now).await?;
    let names = people::staff_names(access.reads(), &ask.app.vault, managers.iter().copied()).await?;
    let called = people::person(&mut access, &ask.app.vault).await?.called;
    let entry = crate::audit::Entry { action: "read", ..access.entry() };
    drop(db);
    let version = version.filter(crate::plan::Version::may_be_submitted).ok_or(Error::NotFound)?;
    let audited = ask.viewed(entry).await?;
    let managers = managers.into_iter().filter_map(|one| Some((one.to_string(), names.get(&one)?.clone()))).collect();
    let wrong = !form.ok();
    let main = view! { <Submitting person called version=version.number managers form/> };
    let frame = Frame::staff("Plan", worker.nav(), Part::Work, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame))
}

async fn submit(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let person = person_of(&id)?;
    form.key()?;
    let to = form.choice("to", StaffId::parse, "Choose to whom");
    let number = form.choice("version", |text| text.parse::<i64>().ok(), "Go back to the plan and try again");
    let (Some(to), Some(number), true) = (to, number, form.ok()) else {
        return submit_page(&ask, &worker, person, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let post = button(&ask, &worker.session, person, &mut form, format!("/work/people/{person}/plan"))?;
    pressed(acts::submit(&ask.app.db, post, number, to).await?)
}

async fn signing(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    sign_page(&ask, &worker, person_of(&id)?, StatusCode::OK, Fields::default()).await
}

/// Only what was submitted to the one who asks: a manager reads no other plan.
async fn sign_page(
    ask: &Ask,
    worker: &Adviser,
    person: PersonId,
    status: StatusCode,
    form: Fields,
) -> Result<Response> {
    let vault = &ask.app.vault;
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<SignPlan, _>(&mut db, &worker.session.actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    let versions = store::versions(&mut access).await?;
    let at = versions.iter().position(|version| version.lies_with() == Some(worker.staff)).ok_or(Error::NotFound)?;
    let version = versions.get(at).cloned().ok_or(Error::NotFound)?;
    let now = store::sheets(&mut access, vault, version.id).await?;
    let before = match versions.get(at + 1) {
        Some(before) => Some((before.number, store::sheets(&mut access, vault, before.id).await?)),
        None => None,
    };
    let mut says = store::says(&mut access, vault).await?;
    says.retain(|say| say.version == version.number);
    let called = people::person(&mut access, vault).await?.called;
    let entry = crate::audit::Entry { action: "read", ..access.entry() };
    drop(db);
    let audited = ask.viewed(entry).await?;
    let wrong = !form.ok();
    let main = view! { <Signing person called version now before says form/> };
    let frame = Frame::staff("Plan", worker.nav(), Part::Work, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(worker.session.flash.map(Flash::says))))
}

async fn sign(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let person = person_of(&id)?;
    form.key()?;
    let known = |word: &str| matches!(word, "sign" | "return").then_some(word == "return");
    let returns = form.choice("do", known, "Press one of the buttons below");
    let why = form.optional_text("why", LONGEST);
    if returns == Some(true) && why.is_none() {
        form.fault("why", "Say why you return it");
    }
    let number = form.choice("version", |text| text.parse::<i64>().ok(), "Go back to Today and open it again");
    let (Some(returns), Some(number), true) = (returns, number, form.ok()) else {
        return sign_page(&ask, &worker, person, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let post = post(&ask, &worker.session, person, &mut form, "/work".to_owned())?;
    match acts::decide(&ask.app.db, &ask.app.vault, post, number, why.filter(|_| returns)).await? {
        acts::Done::To(to) => Ok(crate::web::answer::see_other(&to)),
        acts::Done::OtherText | acts::Done::Refused(_) => Err(Error::Refused(StatusCode::CONFLICT, OVER)),
    }
}
