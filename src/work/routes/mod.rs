//! `/work`, `/work/people/{id}` and `/me`. Beside it: finding somebody, giving a code, those who cannot sign in,
//! who has no adviser, codes of staff, who is away, handing over.

mod about;
mod advisers;
mod away;
mod calls;
mod code;
mod find;
mod hand_over;
mod reach;
mod staff_codes;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::acts::{self, By};
use super::views::{FirstDoor, MyHome, PersonPage, Queue};
use crate::app::{App, Ask};
use crate::audit::alerts::AlertId;
use crate::audit::{Entry, store as audit};
use crate::clock::DAY;
use crate::error::{Error, Result};
use crate::messages::store as messages;
use crate::notices::store as notices;
use crate::people::access::{self, ReadProfile, ReadThread, ReadVisit, Relation};
use crate::people::{Actor, Door, PersonId, Role, store as people};
use crate::signin::guard::{Adviser, Me};
use crate::signin::{Owner, store as signin};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of this feature.
pub fn routes() -> Routes<App> {
    Routes::default()
        .get("/me", Audience::Person, Cache::Never, my_home)
        .get("/work", Audience::Adviser, Cache::Never, queue)
        .post("/work/alerts/{id}", Audience::Adviser, look_at)
        .get("/work/people/{id}", Audience::Adviser, Cache::Never, person)
        .and(about::routes())
        .and(advisers::routes())
        .and(away::routes())
        .and(calls::routes())
        .and(code::routes())
        .and(find::routes())
        .and(hand_over::routes())
        .and(reach::routes())
        .and(staff_codes::routes())
}

/// How long a manager is told that somebody opened a record without working with the person.
const TOLD_FOR: i64 = 14 * DAY;

/// The worker who asks, for an act.
fn by(ask: &Ask, worker: &Adviser) -> By {
    By { staff: worker.staff, actor: worker.session.actor.clone(), number: ask.number.clone(), at: ask.now }
}

async fn my_home(ask: Ask, me: Me) -> Result<Response> {
    if me.session.door == Door::Write {
        let mut db = ask.app.db.read().await?;
        let access = access::check::<ReadVisit, _>(&mut db, &me.session.actor, me.person, ask.now).await?;
        access.ok_or(Error::NotFound)?;
        drop(db);
        // Nothing of the person stands on it: no reading, and no row of one.
        let frame = Frame::person("Home", Part::Me, view! { <FirstDoor/> }.into_any());
        return Ok(ask.page(StatusCode::OK, frame.flash(me.session.flash.map(Flash::says))));
    }
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<ReadThread, _>(&mut db, &me.session.actor, me.person, ask.now).await?.ok_or(Error::NotFound)?;
    let unopened = messages::unopened(&mut access).await?;
    let workers = people::workers(&mut access, &ask.app.vault).await?;
    let person = people::person(&mut access, &ask.app.vault).await?;
    let entry = access.entry();
    drop(db);
    let audited = ask.viewed(entry).await?;
    let main = view! { <MyHome person workers unopened/> };
    let frame = Frame::person("Home", Part::Me, main.into_any()).flash(me.session.flash.map(Flash::says));
    Ok(ask.private_page(&audited, StatusCode::OK, frame))
}

async fn queue(ask: Ask, worker: Adviser) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let mut caseload = access::caseload(&mut db, &worker.session.actor, ask.now).ok_or(Error::NotFound)?;
    let waiting = messages::waiting(&mut caseload, &ask.app.vault).await?;
    let calls = signin::knocks_waiting(caseload.reads()).await?;
    let since = ask.now.as_microsecond() - TOLD_FOR;
    let reasons = people::reasons_for_manager(&mut caseload, &ask.app.vault, since).await?;
    let alerts = audit::alerts_for_manager(&mut caseload, &ask.app.vault).await?;
    let on_desk = people::team_of_member(caseload.reads(), worker.staff, ask.now).await?.is_some_and(|(_, duty)| duty);
    let (entry, told) = (caseload.entry(waiting.len()), caseload.entry(reasons.len()));
    let (mut too_long, mut late) = (Vec::new(), None);
    if let Some(mut managed) = access::managed(&mut db, &worker.session.actor, ask.now) {
        too_long = messages::too_long(&mut managed, &ask.app.vault).await?;
        late = (!too_long.is_empty()).then(|| managed.entry("late answer", too_long.len()));
    }
    drop(db);
    if let Some(late) = late {
        ask.viewed(late).await?;
    }
    if !reasons.is_empty() {
        ask.viewed(Entry { object: "reason", ..told }).await?;
    }
    let audited = ask.viewed(entry).await?;
    let (manages, off_desk) = (holds(&worker, Role::Manager), holds(&worker, Role::Duty) && !on_desk);
    let main = view! { <Queue people=waiting calls alerts reasons too_long manages off_desk now=ask.now/> };
    let frame =
        Frame::staff("Work", worker.nav(), Part::Work, main.into_any()).flash(worker.session.flash.map(Flash::says));
    Ok(ask.private_page(&audited, StatusCode::OK, frame))
}

async fn look_at(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let id = AlertId::parse(&id).ok_or(Error::NotFound)?;
    acts::look_at(&ask.app.db, by(&ask, &worker), id).await?;
    Ok(see_other("/work"))
}

fn holds(worker: &Adviser, role: Role) -> bool {
    matches!(&worker.session.actor, Actor::Staff(_, roles) if roles.contains(&role))
}

async fn person(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let person = PersonId::parse(&id).ok_or(Error::NotFound)?;
    let mut db = ask.app.db.read().await?;
    let mut access = access::check::<ReadProfile, _>(&mut db, &worker.session.actor, person, ask.now)
        .await?
        .ok_or(Error::NotFound)?;
    let workers = people::workers(&mut access, &ask.app.vault).await?;
    let shown = people::person(&mut access, &ask.app.vault).await?;
    let flagged = people::is_flagged(access.reads(), person).await?;
    let about = people::profile(&mut access, &ask.app.vault).await?;
    let untold = notices::untold(&mut access).await?;
    let entry = access.entry();
    let reasoned = access.relation() == Relation::BreakGlass;
    let mut codes = Vec::new();
    for (code, by) in signin::waiting_codes(access.reads(), Owner::Person(person), ask.now).await? {
        if by != worker.staff {
            codes.push((code.to_string(), people::staff_name(access.reads(), &ask.app.vault, by).await?));
        }
    }
    drop(db);
    let audited = ask.viewed(entry).await?;
    let main = view! { <PersonPage person=shown about workers codes reasoned flagged untold/> };
    Ok(ask.private_page(&audited, StatusCode::OK, Frame::staff("Person", worker.nav(), Part::Work, main.into_any())))
}
