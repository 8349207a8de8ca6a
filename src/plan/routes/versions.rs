//! `/me/plan/versions` and `/work/people/{id}/plan/versions`: every version, one beside the one before or beside another
//! (`?with=`), and taking one up again.

use axum::extract::Path;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use leptos::prelude::*;

use super::{button, person_of, pressed};
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::people::access::{self, ReadPlan};
use crate::people::{PersonId, store as people};
use crate::plan::views::{Beside, Versions};
use crate::plan::{State, Version};
use crate::plan::{acts, acts::Base, store};
use crate::signin::guard::{Adviser, Fresh, Me, Session};
use crate::ui::{Frame, Part};
use crate::web::forms::{Fields, asked};
use crate::web::routes::{Audience, Cache, Routes};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/me/plan/versions", Audience::PersonSealed, Cache::Never, my_list)
        .get("/me/plan/versions/{number}", Audience::PersonSealed, Cache::Never, my_one)
        .get("/work/people/{id}/plan/versions", Audience::Adviser, Cache::Never, their_list)
        .get("/work/people/{id}/plan/versions/{number}", Audience::Adviser, Cache::Never, their_one)
        .post("/work/people/{id}/plan/versions/{number}", Audience::Adviser, restore)
}

async fn my_list(ask: Ask, Fresh(me): Fresh<Me>) -> Result<Response> {
    list(&ask, &me.session, me.person, None).await
}

async fn my_one(ask: Ask, Fresh(me): Fresh<Me>, Path(number): Path<String>, uri: Uri) -> Result<Response> {
    one(&ask, &me.session, me.person, (&number, asked(&uri, "with")), None).await
}

async fn their_list(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    list(&ask, &worker.session, person_of(&id)?, Some(&worker)).await
}

async fn their_one(
    ask: Ask,
    worker: Adviser,
    Path((id, number)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response> {
    let asked = (&*number, asked(&uri, "with"));
    one(&ask, &worker.session, person_of(&id)?, asked, Some(&worker)).await
}

fn frame(worker: Option<&Adviser>, main: AnyView) -> Frame {
    match worker {
        Some(worker) => Frame::staff("Plan", worker.nav(), Part::Work, main),
        None => Frame::person("Plan", Part::Plan, main),
    }
}

/// The plan that the pages of a reader belong to.
fn base(person: PersonId, worker: Option<&Adviser>) -> String {
    if worker.is_some() { format!("/work/people/{person}/plan") } else { "/me/plan".to_owned() }
}

async fn list(ask: &Ask, session: &Session, person: PersonId, worker: Option<&Adviser>) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<ReadPlan, _>(&mut db, &session.actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    let mut versions = access.fetch(store::versions(&access)).await?;
    versions.retain(|version| version.state != State::Draft);
    let entry = access.entry();
    drop(db);
    let audited = ask.viewed(entry).await?;
    let main = view! { <Versions versions base=base(person, worker)/> };
    Ok(ask.private_page(&audited, StatusCode::OK, frame(worker, main.into_any())))
}

/// One version beside another that was shared, with what was said of it: beside the one that was asked for, or the one
/// before it.
async fn one(
    ask: &Ask,
    session: &Session,
    person: PersonId,
    (number, with): (&str, Option<String>),
    worker: Option<&Adviser>,
) -> Result<Response> {
    let number: i64 = number.parse().map_err(|_| Error::NotFound)?;
    let vault = &ask.app.vault;
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<ReadPlan, _>(&mut db, &session.actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    let called = people::person(&mut access, vault).await?.called;
    let mut versions = access.fetch(store::versions(&access)).await?;
    let stands = match versions.first().filter(|_| worker.is_some()) {
        Some(newest) => {
            Some(Base::of_all(newest.number, &access.fetch(store::sheets(&access, vault, newest.id)).await?))
        }
        None => None,
    };
    versions.retain(|version| version.state != State::Draft);
    let at = versions.iter().position(|version| version.number == number).ok_or(Error::NotFound)?;
    let version = versions.get(at).cloned().ok_or(Error::NotFound)?;
    let now = access.fetch(store::sheets(&access, vault, version.id)).await?;
    let others: Vec<Version> = versions.iter().filter(|other| other.number != number).cloned().collect();
    let asked = with.as_deref().map(str::trim).filter(|with| !with.is_empty());
    let found = asked.and_then(|with| others.iter().find(|other| other.number.to_string() == with));
    // A draft is as unknown here as a version that never was: nobody learns that there is one.
    let unknown = asked.is_some() && found.is_none();
    let before = match found.or_else(|| versions.get(at + 1)) {
        Some(before) => Some((before.number, access.fetch(store::sheets(&access, vault, before.id)).await?)),
        None => None,
    };
    let mut says = access.fetch(store::says(&access, vault)).await?;
    says.retain(|say| say.version == number);
    let returned = store::returned_why(&mut access, vault, version.id).await?.filter(|_| worker.is_some());
    let submitted = match worker {
        Some(_) => store::submissions(&mut access, vault, version.id).await?,
        None => Vec::new(),
    };
    let entry = access.entry();
    drop(db);
    let audited = ask.viewed(entry).await?;
    let reader = worker.map(|_| called);
    let main = view! { <Beside version now before others unknown says returned submitted reader stands=stands.map(|base| base.to_string()) base=base(person, worker)/> };
    Ok(ask.private_page(&audited, StatusCode::OK, frame(worker, main.into_any())))
}

async fn restore(
    ask: Ask,
    worker: Adviser,
    Path((id, number)): Path<(String, String)>,
    mut form: Fields,
) -> Result<Response> {
    let person = person_of(&id)?;
    let number: i64 = number.parse().map_err(|_| Error::NotFound)?;
    // Without it nothing was read: that fits no version.
    let seen = Base::parse(form.typed("base")).unwrap_or(Base { version: 0, rev: 0 });
    let post = button(&ask, &worker.session, person, &mut form, format!("/work/people/{person}/plan"))?;
    pressed(acts::restore(&ask.app.db, &ask.app.vault, post, (number, seen)).await?)
}
