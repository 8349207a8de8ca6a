//! `/work/away`: who is away until when, and who covers; when somebody works. A manager does it for their staff too.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan as _;
use jiff::civil::Date;
use leptos::prelude::*;

use crate::app::{App, Ask};
use crate::clock::london_date;
use crate::error::{Error, Result};
use crate::people::access;
use crate::people::acts::{self, For};
use crate::people::{AbsenceId, LONGEST_AWAY, StaffId, Week, store as people};
use crate::signin::guard::Adviser;
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};
use crate::work::views::away::{Away, DAYS, Hours, Row};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/work/away", Audience::Adviser, Cache::Never, own)
        .get("/work/away/{id}", Audience::Adviser, Cache::Never, show)
        .post("/work/away/{id}", Audience::Adviser, set)
        .get("/work/away/{id}/hours", Audience::Adviser, Cache::Never, show_hours)
        .post("/work/away/{id}/hours", Audience::Adviser, set_hours)
}

async fn own(worker: Adviser) -> Response {
    see_other(&format!("/work/away/{}", worker.staff))
}

/// Whom the worker may do this for: themselves, and whom they manage, by name.
async fn theirs(ask: &Ask, worker: &Adviser) -> Result<Vec<(StaffId, String)>> {
    let mut db = ask.app.db.read().await?;
    let own = (worker.staff, people::staff_name(&mut db, &ask.app.vault, worker.staff).await?);
    let mut all = vec![own];
    if let Some(mut managed) = access::managed(&mut db, &worker.session.actor, ask.now) {
        let staff = people::managed_staff(&mut managed, &ask.app.vault).await?;
        all.extend(staff.into_iter().map(|(id, name, _)| (id, name)));
    }
    Ok(all)
}

/// The member of staff in the address, if the worker may do this for them.
async fn whom(ask: &Ask, worker: &Adviser, id: &str) -> Result<(StaffId, String, Vec<(StaffId, String)>)> {
    let staff = StaffId::parse(id).ok_or(Error::NotFound)?;
    let all = theirs(ask, worker).await?;
    let name = all.iter().find(|(id, _)| *id == staff).map(|(_, name)| name.clone()).ok_or(Error::NotFound)?;
    Ok((staff, name, all))
}

fn by(ask: &Ask, worker: &Adviser, staff: StaffId) -> For {
    let (actor, token) = (worker.session.actor.clone(), worker.session.token_hash);
    For { by: worker.staff, actor, staff, token, number: ask.number.clone(), at: ask.now }
}

async fn show(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    page(&ask, &worker, &id, StatusCode::OK, Fields::default()).await
}

async fn page(ask: &Ask, worker: &Adviser, id: &str, status: StatusCode, form: Fields) -> Result<Response> {
    let (staff, name, all) = whom(ask, worker, id).await?;
    let mut db = ask.app.db.read().await?;
    let roster = db.fetch(people::roster(ask.now)).await?;
    let names = db.fetch(people::staff_names(&ask.app.vault, roster.live.keys().copied())).await?;
    let known = people::absences(&mut db, staff, ask.now).await?;
    let week = people::week(&mut db, staff).await?.unwrap_or_default();
    drop(db);
    let name_of = |id: &StaffId| names.get(id).cloned().unwrap_or_else(|| "somebody who has left".to_owned());
    let rows = known.into_iter().map(|one| Row {
        id: one.id,
        from: one.from_on,
        to: one.to_on,
        cover: one.cover.map(|cover| name_of(&cover)),
    });
    // Who of those that the reader may do this for is away today, and who answers for them.
    let today = london_date(ask.now);
    let away = all.iter().filter_map(|(one, name)| {
        let until = roster.away(*one, today)?.to_on;
        let by = roster.answers(Some(*one), today).one().map(|by| name_of(&by));
        Some((name.clone(), until, by))
    });
    let mut choices: Vec<(String, String)> =
        names.iter().filter(|(id, _)| **id != staff).map(|(id, name)| (id.to_string(), name.clone())).collect();
    choices.sort_by(|one, other| one.1.cmp(&other.1));
    let (rows, away) = (rows.collect(), away.collect());
    let others = all.iter().filter(|(one, _)| *one != staff).map(|(one, name)| (*one, name.clone())).collect();
    let (own, wrong) = (staff == worker.staff, !form.ok());
    let main = view! { <Away staff name own rows away choices others week today form/> };
    let frame = Frame::staff("Away", worker.nav(), Part::Work, main.into_any()).wrong(wrong);
    Ok(ask.page(status, frame.flash(worker.session.flash.map(Flash::says))))
}

async fn set(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let (staff, ..) = whom(&ask, &worker, &id).await?;
    let to = format!("/work/away/{staff}");
    if form.all().any(|(name, _)| name == "end") {
        let absence = form.choice("end", AbsenceId::parse, "Press the button beside the days");
        if let (Some(absence), true) = (absence, form.ok()) {
            acts::back(&ask.app.db, by(&ask, &worker, staff), absence).await?;
            return Ok(see_other(&to));
        }
        return page(&ask, &worker, &id, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    let from = form.iso_date("from", "Write the first day, as in 2026-12-04");
    let until = form.iso_date("to", "Write the last day, as in 2026-12-09");
    let cover = cover(&mut form, staff);
    if let (Some(from), Some(until)) = (from, until) {
        check_days(&mut form, from, until, london_date(ask.now));
    }
    if let Some(cover) = cover {
        let live = ask.app.db.read().await?.fetch(people::roster(ask.now)).await?.live;
        if !live.contains_key(&cover) {
            form.fault("cover", "Whoever covers must be here and work with young people");
        }
    }
    let (Some(from), Some(until), true) = (from, until, form.ok()) else {
        return page(&ask, &worker, &id, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    if !acts::be_away(&ask.app.db, by(&ask, &worker, staff), (from, until), cover).await? {
        form.fault("from", "Some of these days are down as away already. End those first");
        return page(&ask, &worker, &id, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    Ok(see_other(&to))
}

/// Who covers, as chosen; nobody where the duty desk does.
fn cover(form: &mut Fields, staff: StaffId) -> Option<StaffId> {
    let read = |word: &str| match word {
        "desk" => Some(None),
        word => StaffId::parse(word).filter(|cover| *cover != staff).map(Some),
    };
    form.choice("cover", read, "Choose who covers").flatten()
}

fn check_days(form: &mut Fields, from: Date, until: Date, today: Date) {
    if until < from {
        form.fault("to", "The last day is before the first");
    } else if until < today {
        form.fault("to", "These days are over");
    } else if from.checked_add(LONGEST_AWAY.days()).is_ok_and(|most| until > most) {
        form.fault("to", "That is longer than a year. Hand over instead");
    }
}

async fn show_hours(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let (staff, ..) = whom(&ask, &worker, &id).await?;
    let week = people::week(&mut ask.app.db.read().await?, staff).await?.unwrap_or_default();
    let mut form = Fields::default();
    for ((_, from, to), shift) in DAYS.iter().zip(&week.0) {
        if let Some((start, end)) = shift {
            form.put(from, start.strftime("%H:%M").to_string());
            form.put(to, end.strftime("%H:%M").to_string());
        }
    }
    hours_page(&ask, &worker, &id, StatusCode::OK, form).await
}

async fn hours_page(ask: &Ask, worker: &Adviser, id: &str, status: StatusCode, form: Fields) -> Result<Response> {
    let (staff, name, _) = whom(ask, worker, id).await?;
    let (own, wrong) = (staff == worker.staff, !form.ok());
    let main = view! { <Hours staff name own form/> };
    Ok(ask.page(status, Frame::staff("Hours", worker.nav(), Part::Work, main.into_any()).wrong(wrong)))
}

async fn set_hours(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let (staff, ..) = whom(&ask, &worker, &id).await?;
    let mut week = Week([None; 7]);
    for ((_, from, to), shift) in DAYS.iter().zip(&mut week.0) {
        if form.typed(from).trim().is_empty() && form.typed(to).trim().is_empty() {
            continue;
        }
        let start = form.time(from, "Write both times, as in 09:00, or leave both empty");
        let end = form.time(to, "Write both times, as in 17:00, or leave both empty");
        if let (Some(start), Some(end)) = (start, end) {
            if end <= start {
                form.fault(to, "This day ends before it begins");
            }
            *shift = Some((start, end));
        }
    }
    if form.ok() && !week.any() {
        form.fault("mon-from", "Write the hours of at least one day");
    }
    if !form.ok() {
        return hours_page(&ask, &worker, &id, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    acts::set_hours(&ask.app.db, by(&ask, &worker, staff), week).await?;
    Ok(see_other(&format!("/work/away/{staff}")))
}
