//! `/work/hand-over`: a manager hands one young person or many from one worker to another, today or on a day.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan as _;
use leptos::prelude::*;

use crate::app::{App, Ask};
use crate::clock::london_date;
use crate::error::{Error, Result};
use crate::people::access;
use crate::people::acts::{self, Handed, Move};
use crate::people::{HandOverId, PersonId, StaffId, store as people};
use crate::signin::guard::{Adviser, Fresh};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};
use crate::work::views::hand_over::{HandOverPage, Planned, Workers};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/work/hand-over", Audience::Adviser, Cache::Never, workers)
        .get("/work/hand-over/{id}", Audience::Adviser, Cache::Never, show)
        .post("/work/hand-over/{id}", Audience::Adviser, hand_over)
}

/// The list of workers from whom somebody can be handed over.
const LIST: &str = "/work/hand-over";
/// How far ahead a hand-over can be planned, in days.
const FAR: i32 = 366;
/// The longest note, in characters.
const LONGEST: usize = 5_000;

async fn workers(ask: Ask, worker: Adviser) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let mut managed = access::managed(&mut db, &worker.session.actor, ask.now).ok_or(Error::NotFound)?;
    let staff = people::managed_staff(&mut managed, &ask.app.vault).await?;
    drop(db);
    let main = view! { <Workers staff/> };
    let frame = Frame::staff("Hand over", worker.nav(), Part::Work, main.into_any());
    Ok(ask.page(StatusCode::OK, frame.flash(worker.session.flash.map(Flash::says))))
}

async fn show(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let form = Fields::filled([("day", london_date(ask.now).to_string())]);
    let form = worker.session.with_kept(&ask, &page_of(from_of(&id)?), form).await?;
    page(&ask, &worker, &id, StatusCode::OK, form).await
}

fn page_of(from: StaffId) -> String {
    format!("{LIST}/{from}")
}

/// The worker in the address, if the one who asks manages them.
fn from_of(id: &str) -> Result<StaffId> {
    StaffId::parse(id).ok_or(Error::NotFound)
}

async fn page(ask: &Ask, worker: &Adviser, id: &str, status: StatusCode, form: Fields) -> Result<Response> {
    let from = from_of(id)?;
    let mut db = ask.app.db.read().await?;
    let mut managed = access::managed(&mut db, &worker.session.actor, ask.now).ok_or(Error::NotFound)?;
    let staff = people::managed_staff(&mut managed, &ask.app.vault).await?;
    let name = staff.into_iter().find(|(one, ..)| *one == from).map(|(_, name, _)| name).ok_or(Error::NotFound)?;
    let theirs = people::theirs(&mut managed, &ask.app.vault, from).await?;
    let entry = managed.entry("hand over", theirs.len());
    let roster = db.fetch(people::roster(ask.now)).await?;
    let mut takers = Vec::new();
    for taker in roster.live.keys().filter(|taker| **taker != from) {
        takers.push((taker.to_string(), people::staff_name(&mut db, &ask.app.vault, *taker).await?));
    }
    takers.sort_by(|one, other| one.1.cmp(&other.1));
    let mut planned = Vec::new();
    for plan in people::planned_hand_overs(&mut db, from).await? {
        // Those of other teams are none of this manager's.
        if let Some((_, called, _)) = theirs.iter().find(|(person, ..)| *person == plan.person) {
            let to = people::staff_name(&mut db, &ask.app.vault, plan.to).await?;
            planned.push(Planned { id: plan.id, called: called.clone(), to, day: plan.day });
        }
    }
    drop(db);
    let audited = ask.viewed(entry).await?;
    let (today, wrong) = (london_date(ask.now), !form.ok());
    let main = view! { <HandOverPage from name theirs takers planned today form/> };
    let frame = Frame::staff("Hand over", worker.nav(), Part::Work, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(worker.session.flash.map(Flash::says))))
}

async fn hand_over(
    ask: Ask,
    Fresh(worker): Fresh<Adviser>,
    Path(id): Path<String>,
    mut form: Fields,
) -> Result<Response> {
    let from = from_of(&id)?;
    let (db, vault, by) = (&ask.app.db, &ask.app.vault, worker.session.actor.clone());
    let here = page_of(from);
    if form.all().any(|(name, _)| name == "drop") {
        let plan = form.choice("drop", HandOverId::parse, "Press the button beside the plan");
        let (Some(plan), true) = (plan, form.ok()) else {
            return page(&ask, &worker, &id, StatusCode::UNPROCESSABLE_ENTITY, form).await;
        };
        acts::drop_hand_over(db, vault, (by, ask.number.clone()), from, plan, ask.now).await?;
        return Ok(see_other(&here));
    }
    let key = form.key()?;
    let to = form.choice("to", StaffId::parse, "Choose who takes over");
    let day = form.iso_date("day", "Write the day, as in 2026-12-04");
    let note = form.optional_text("note", LONGEST).unwrap_or_default();
    let today = london_date(ask.now);
    if let Some(day) = day {
        if day < today {
            form.fault("day", "That day is over");
        } else if today.checked_add(FAR.days()).is_ok_and(|far| day > far) {
            form.fault("day", "Choose a day within a year");
        }
    }
    let people: Vec<PersonId> =
        form.all().filter_map(|(name, _)| name.strip_prefix("p-").and_then(PersonId::parse)).collect();
    if people.is_empty() {
        form.fault("people", "Tick at least one person");
    }
    let (Some(to), Some(day), true) = (to, day, form.ok()) else {
        return page(&ask, &worker, &id, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let what = Move { from, to, people, note, by, number: ask.number.clone() };
    let sent = acts::Form { session: worker.session.clone(), key, words: form.typed_in(), place: here.clone() };
    match acts::hand_over(db, vault, what, day, sent, ask.now).await? {
        // Whoever hands the last one over today may not open that worker's page any more.
        Handed::Done => Ok(see_other(if day > today { &here } else { LIST })),
        Handed::OtherText => {
            form.fault(
                "people",
                "This was sent before and is done. Check it, and send it again if it is something else",
            );
            page(&ask, &worker, &id, StatusCode::CONFLICT, form.with_new_key()).await
        }
        Handed::CannotTake => {
            form.fault("to", "Whoever takes over must be here, have joined, and work with young people");
            page(&ask, &worker, &id, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}
