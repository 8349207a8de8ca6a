//! `/work/team`: how the teams of a manager are doing. Numbers, and the names of those for whom something is late: no
//! words of anybody.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::today::young;
use crate::app::{App, Ask};
use crate::clock::london_date;
use crate::error::{Error, Result};
use crate::messages::{Dealings, store as messages};
use crate::people::{access, store as people};
use crate::plan::store as plans;
use crate::signin::guard::Adviser;
use crate::ui::{Frame, Part};
use crate::web::routes::{Audience, Cache, Routes};
use crate::work::day::Facts;
use crate::work::team::{One, figures};
use crate::work::views::team::{OneTeam, Teams};

pub(super) fn routes() -> Routes<App> {
    Routes::default().get("/work/team", Audience::Adviser, Cache::Never, team)
}

async fn team(ask: Ask, worker: Adviser) -> Result<Response> {
    let (now, today) = (ask.now.as_microsecond(), london_date(ask.now));
    let mut db = ask.app.db.read().await?;
    let mut managed = access::managed(&mut db, &worker.session.actor, ask.now).ok_or(Error::NotFound)?;
    let theirs = people::managed_people(&mut managed).await?;
    let ids: Vec<_> = theirs.iter().map(|(person, ..)| *person).collect();
    let roster = managed.fetch(people::roster(ask.now)).await?;
    let leads = people::leads(managed.reads(), &ids, ask.now).await?;
    let mut listed = managed.list(ids);
    let waits = messages::waits(&mut listed).await?;
    // Of all that is known of somebody only what their clocks go by: a team has hundreds of people.
    let homes = people::homes(&mut listed).await?;
    let plans = listed.fetch(plans::dates(&listed)).await?;
    let basics = theirs.iter().map(|(person, _, basics)| (*person, *basics)).collect();
    let young = young(&mut listed, &basics).await?;
    let visits = messages::visits(&mut listed).await?;
    let all: Vec<One> = theirs
        .into_iter()
        .map(|(person, team, basics)| {
            let (since, due, urgent) = waits.get(&person).copied().unwrap_or_default();
            let lead = leads.get(&person).copied().filter(|lead| roster.live.contains_key(lead));
            let dealings = Dealings { visit: visits.get(&person).copied(), ..Dealings::default() };
            let (home, plan) = (homes.get(&person).copied(), plans.get(&person).copied());
            let (basics, young) = (Some(basics), young.get(&person).copied());
            let facts = Facts { basics, home, plan, young, dealings, ..Facts::default() };
            One { person, team, lead, since, due, urgent, facts }
        })
        .collect();
    let figures = figures(&all, today, now);
    // Names only of those for whom something is late.
    let late = figures.values().flat_map(|team| team.late.iter().map(|(person, ..)| *person)).collect();
    let called = people::called(&mut managed.list(late), &ask.app.vault).await?;
    let staff = figures.values().flat_map(|team| team.loads.keys().copied().flatten()).collect::<Vec<_>>();
    let names = managed.fetch(people::staff_names(&ask.app.vault, staff)).await?;
    let teams = people::teams(managed.reads()).await?;
    let entry = managed.entry("team", all.len());
    drop(db);
    let audited = ask.viewed(entry).await?;
    let away = |staff| roster.away(staff, today).map(|absence| absence.to_on);
    let teams = teams
        .into_iter()
        .filter_map(|team| Some(OneTeam::new(team.name, figures.get(&team.id)?, &names, &called, away)));
    let teams = teams.collect();
    let main = view! { <Teams teams now=ask.now/> };
    Ok(ask.private_page(&audited, StatusCode::OK, Frame::staff("Teams", worker.nav(), Part::Work, main.into_any())))
}
