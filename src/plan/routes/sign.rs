//! `/work/people/{id}/plan/submit`: to a manager; `/work/people/{id}/plan/sign`: the manager signs it off or returns it.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::{OTHER_WORDS, button, person_of, pressed};
use crate::app::{App, Ask};
use crate::clock::london_date;
use crate::error::{Error, Result};
use crate::people::access::{self, SignPlan, WritePlan};
use crate::people::{PersonId, StaffId, store as people};
use crate::plan::views::{Signing, Submitting};
use crate::plan::{LONGEST, State, Version, acts, store};
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
    let version =
        access.fetch(store::versions(&access)).await?.into_iter().find(|version| version.state != State::Draft);
    let lies = version.as_ref().and_then(Version::lies_with);
    let managers = people::managers_of(access.reads(), person, ask.now).await?;
    let names = access.fetch(people::staff_names(&ask.app.vault, managers.iter().copied().chain(lies))).await?;
    let called = people::person(&mut access, &ask.app.vault).await?.called;
    let entry = crate::audit::Entry { action: "read", ..access.entry() };
    drop(db);
    let version = version.filter(Version::may_be_submitted).ok_or(Error::NotFound)?;
    let audited = ask.viewed(entry).await?;
    let lies = lies.map(|one| (one.to_string(), names.get(&one).cloned().unwrap_or_default()));
    // Nobody signs off what they submitted themselves.
    let managers = managers
        .into_iter()
        .filter(|one| *one != worker.staff)
        .filter_map(|one| Some((one.to_string(), names.get(&one)?.clone())))
        .filter(|one| lies.as_ref() != Some(one))
        .collect();
    let wrong = !form.ok();
    let main = view! { <Submitting person called version=version.number lies managers form/> };
    let frame = Frame::staff("Plan", worker.nav(), Part::Work, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame))
}

async fn submit(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let person = person_of(&id)?;
    form.key()?;
    let to = form.choice("to", StaffId::parse, "Choose to whom");
    let number = form.choice("version", |text| text.parse::<i64>().ok(), "Go back to the plan and try again");
    // Nobody, when it lay with nobody.
    let lay = match form.typed("lies").is_empty() {
        true => Some(None),
        false => form.choice("lies", StaffId::parse, "Go back to the plan and try again").map(Some),
    };
    let (Some(to), Some(number), Some(lay), true) = (to, number, lay, form.ok()) else {
        return submit_page(&ask, &worker, person, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let post = button(&ask, &worker.session, person, &mut form, format!("/work/people/{person}/plan"))?;
    pressed(acts::submit(&ask.app.db, post, (number, lay), to).await?)
}

/// To a manager who had it open while it went to somebody else, or who decided before.
const NOT_YOURS: &str = "It does not lie with you any more, so nothing was saved. You find what does under Today.";

fn sign_place(person: PersonId) -> String {
    format!("/work/people/{person}/plan/sign")
}

async fn signing(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let person = person_of(&id)?;
    let form = worker.session.with_kept(&ask, &sign_place(person), Fields::default()).await?;
    sign_page(&ask, &worker, person, StatusCode::OK, form).await
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
    let called = people::person(&mut access, vault).await?.called;
    let versions = access.fetch(store::versions(&access)).await?;
    let at = versions.iter().position(|version| version.lies_with() == Some(worker.staff)).ok_or(Error::NotFound)?;
    let version = versions.get(at).cloned().ok_or(Error::NotFound)?;
    let now = access.fetch(store::sheets(&access, vault, version.id)).await?;
    let before = match versions.get(at + 1) {
        Some(before) => Some((before.number, access.fetch(store::sheets(&access, vault, before.id)).await?)),
        None => None,
    };
    let mut says = access.fetch(store::says(&access, vault)).await?;
    says.retain(|say| say.version == version.number);
    let actions = store::actions(&mut access, vault).await?;
    let owed = store::owed(&mut access, vault).await?;
    let entry = crate::audit::Entry { action: "read", ..access.entry() };
    drop(db);
    let audited = ask.viewed(entry).await?;
    let (wrong, today) = (!form.ok(), london_date(ask.now));
    let main = view! { <Signing person called version now before says actions owed form today/> };
    let frame = Frame::staff("Plan", worker.nav(), Part::Work, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(worker.session.flash.map(Flash::says))))
}

async fn sign(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let person = person_of(&id)?;
    form.key()?;
    let known = |word: &str| matches!(word, "sign" | "return").then_some(word == "return");
    let returns = form.choice("do", known, "Press one of the buttons below");
    let why = form.optional_text("body", LONGEST);
    if returns == Some(true) && why.is_none() {
        form.fault("body", "Say why you return it");
    }
    if returns == Some(false) && why.is_some() {
        form.fault("body", "A reason goes with a return. Return it, or take the words away and sign it off");
    }
    let number = form.choice("version", |text| text.parse::<i64>().ok(), "Go back to Today and open it again");
    let (Some(returns), Some(number), true) = (returns, number, form.ok()) else {
        return sign_page(&ask, &worker, person, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let post = worker.session.post(&ask, person, &mut form, "/work".to_owned())?.written_on(sign_place(person));
    match acts::decide(&ask.app.db, &ask.app.vault, post, number, why.filter(|_| returns)).await? {
        acts::Done::To(to) => Ok(crate::web::answer::see_other(&to)),
        acts::Done::OtherText => {
            form.fault("body", OTHER_WORDS);
            sign_page(&ask, &worker, person, StatusCode::CONFLICT, form.with_new_key()).await
        }
        acts::Done::Refused(_) => Err(Error::Refused(StatusCode::CONFLICT, NOT_YOURS)),
    }
}
