//! `/work/people/{id}/plan`: the whole plan on one screen, and sharing its next version.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::{button, load, lying, person_of, pressed};
use crate::app::{App, Ask};
use crate::clock::london_date;
use crate::error::{Error, Result};
use crate::people::PersonId;
use crate::people::access::{self, ReadPlan, WritePlan};
use crate::plan::SayId;
use crate::plan::acts::{self, Base, Done};
use crate::plan::views::{Sharing, TheirPlan};
use crate::signin::guard::Adviser;
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/work/people/{id}/plan", Audience::Adviser, Cache::Never, theirs)
        .get("/work/people/{id}/plan/share", Audience::Adviser, Cache::Never, sharing)
        .post("/work/people/{id}/plan/share", Audience::Adviser, share)
        .post("/work/people/{id}/plan/heard", Audience::Adviser, heard)
}

async fn theirs(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let person = person_of(&id)?;
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<ReadPlan, _>(&mut db, &worker.session.actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    let works = access.also::<WritePlan>().await?;
    let whole = load(&ask, &mut access, true).await?;
    let called = whole.person.called.clone();
    let lying = lying(&ask, &mut access, whole.shared.as_ref()).await?;
    let entry = access.entry();
    drop(db);
    let audited = ask.viewed(entry).await?;
    if !whole.known.noted {
        acts::look(&ask.app.db, &worker.session.actor, person, ask.now).await?;
    }
    let main = view! { <TheirPlan person called whole lying works now=ask.now/> };
    let frame = Frame::staff("Plan", worker.nav(), Part::Work, main.into_any());
    Ok(ask.private_page(&audited, StatusCode::OK, frame.flash(worker.session.flash.map(Flash::says))))
}

async fn sharing(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    share_page(&ask, &worker, person_of(&id)?, StatusCode::OK, None).await
}

/// The page on which the next version is shared.
fn share_of(person: PersonId) -> String {
    format!("/work/people/{person}/plan/share")
}

async fn share_page(
    ask: &Ask,
    worker: &Adviser,
    person: PersonId,
    status: StatusCode,
    form: Option<Fields>,
) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    access::check::<WritePlan, _>(&mut db, &worker.session.actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    let mut access =
        access::check::<ReadPlan, _>(&mut db, &worker.session.actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    let whole = load(ask, &mut access, true).await?;
    let called = whole.person.called.clone();
    let entry = access.entry();
    drop(db);
    let draft = whole.draft.clone().ok_or(Error::NotFound)?;
    let audited = ask.viewed(entry).await?;
    let form = match form {
        Some(form) => form,
        None => {
            let mut form = worker.session.with_kept(ask, &share_of(person), Fields::default()).await?;
            // The day was typed before; what is shared is what stands now.
            form.put("base", Base::of_all(draft.number, &whole.sheets).to_string());
            form
        }
    };
    let wrong = !form.ok();
    let main = view! { <Sharing person called whole form today=london_date(ask.now)/> };
    let frame = Frame::staff("Plan", worker.nav(), Part::Work, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame))
}

async fn share(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let person = person_of(&id)?;
    form.key()?;
    let seen = form.choice("base", Base::parse, "Go back to the plan and try again");
    let review_on = match form.typed("review").trim() {
        "" => None,
        _ => form.iso_date("review", "Write the day, as in 2026-12-04, or leave it empty"),
    };
    if review_on.is_some_and(|on| on < london_date(ask.now)) {
        form.fault("review", "That day is over");
    }
    let (Some(seen), true) = (seen, form.ok()) else {
        return share_page(&ask, &worker, person, StatusCode::UNPROCESSABLE_ENTITY, Some(form)).await;
    };
    let post = worker.session.post(&ask, person, &mut form, format!("/work/people/{person}/plan"))?;
    let post = post.written_on(share_of(person));
    match acts::share(&ask.app.db, &ask.app.vault, post, seen, review_on).await? {
        Done::To(to) => Ok(see_other(&to)),
        Done::OtherText | Done::Refused(_) => Err(Error::Refused(StatusCode::CONFLICT, super::OVER)),
    }
}

async fn heard(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let person = person_of(&id)?;
    let said = SayId::parse(form.typed("said")).ok_or(Error::NotFound)?;
    let post = button(&ask, &worker.session, person, &mut form, format!("/work/people/{person}/plan"))?;
    pressed(acts::hear(&ask.app.db, post, said).await?)
}
