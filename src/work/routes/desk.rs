//! `/work/desk`: the duty desk of a team. Who has nobody, who waits there, who is away today and who covers.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::today::holds;
use crate::app::{App, Ask};
use crate::clock::london_date;
use crate::error::{Error, Result};
use crate::messages::{Mine, store as messages};
use crate::people::access::TakePerson;
use crate::people::acts::{Take, take};
use crate::people::{PersonId, Role, StaffId, access, store as people};
use crate::signin::guard::Adviser;
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};
use crate::work::views::desk::{AwayToday, Desk};

pub(super) fn routes() -> Routes<App> {
    Routes::default().get("/work/desk", Audience::Adviser, Cache::Never, show).post(
        "/work/desk/{id}",
        Audience::Adviser,
        give,
    )
}

async fn show(ask: Ask, worker: Adviser) -> Result<Response> {
    page(&ask, &worker, StatusCode::OK, Fields::default()).await
}

async fn page(ask: &Ask, worker: &Adviser, status: StatusCode, form: Fields) -> Result<Response> {
    let today = london_date(ask.now);
    let mut db = ask.app.db.read().await?;
    let mut caseload = access::caseload(&mut db, &worker.session.actor, ask.now).ok_or(Error::NotFound)?;
    let team = caseload.fetch(people::team_of_member(worker.staff, ask.now)).await?;
    let may = |on_desk| on_desk && holds(worker, Role::Duty) || holds(worker, Role::Manager);
    let (team, _) = team.filter(|(_, on_desk)| may(*on_desk)).ok_or(Error::NotFound)?;
    let mine = messages::mine(&mut caseload).await?;
    let mut waiting = caseload.fetch(messages::waiting(&caseload, &ask.app.vault, &mine)).await?;
    waiting.retain(|one| one.mine == Mine::Desk);
    let nobody = people::led_by_nobody(&mut caseload, team.id).await?;
    let called = people::called(&mut caseload.list(nobody.clone()), &ask.app.vault).await?;
    let nobody: Vec<(PersonId, String)> =
        nobody.into_iter().filter_map(|person| Some((person, called.get(&person)?.clone()))).collect();
    let roster = caseload.fetch(people::roster(ask.now)).await?;
    let mates: Vec<StaffId> =
        roster.live.iter().filter(|(_, live)| live.team == Some(team.id)).map(|(staff, _)| *staff).collect();
    let names = caseload.fetch(people::staff_names(&ask.app.vault, roster.live.keys().copied())).await?;
    let entry = caseload.entry(waiting.len() + nobody.len());
    drop(db);
    let audited = ask.viewed(entry).await?;
    let name_of = |staff: StaffId| names.get(&staff).cloned().unwrap_or_default();
    let away = mates.iter().filter_map(|mate| {
        let until = roster.away(*mate, today)?.to_on;
        let by = roster.answers(Some(*mate), today).one().map(name_of);
        Some(AwayToday { name: name_of(*mate), until, by })
    });
    let away = away.collect();
    let here = mates.iter().filter(|mate| roster.away(**mate, today).is_none());
    let mut takers: Vec<(String, String)> = here.map(|mate| (mate.to_string(), name_of(*mate))).collect();
    takers.sort_by(|one, other| one.1.cmp(&other.1));
    let (me, wrong) = (worker.staff, !form.ok());
    let main = view! { <Desk name=team.duty_desk waiting nobody away takers me form now=ask.now/> };
    let frame = Frame::staff("Duty desk", worker.nav(), Part::Work, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(worker.session.flash.map(Flash::says))))
}

async fn give(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let person = PersonId::parse(&id).ok_or(Error::NotFound)?;
    let mut db = ask.app.db.read().await?;
    access::check::<TakePerson, _>(&mut db, &worker.session.actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    drop(db);
    let to = form.choice("to", StaffId::parse, "Choose who takes them");
    let (Some(to), true) = (to, form.ok()) else {
        return page(&ask, &worker, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let what = Take { person, to, by: worker.session.actor.clone(), number: ask.number.clone(), at: ask.now };
    if take(&ask.app.db, &ask.app.vault, what).await? {
        let to = if to == worker.staff { format!("/work/people/{person}") } else { "/work/desk".to_owned() };
        return Ok(see_other(&to));
    }
    form.fault("to", "Somebody took them meanwhile, or whoever you chose does not work here any more");
    page(&ask, &worker, StatusCode::CONFLICT, form).await
}
