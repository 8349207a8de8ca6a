//! `/work/people`: everybody the worker works with, or of a team that a manager asks for, in the order and of the kind
//! that was asked for.

use std::collections::BTreeMap;

use axum::http::{StatusCode, Uri};
use axum::response::Response;
use leptos::prelude::*;

use super::today::{everybody, known};
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::messages::{Mark, Mine, Waiting, store as messages};
use crate::people::access::{self, Managed};
use crate::people::{PersonId, TeamId, store as people};
use crate::signin::guard::Adviser;
use crate::ui::{Frame, Part};
use crate::web::forms::asked;
use crate::web::routes::{Audience, Cache, Routes};
use crate::work::day::Row;
use crate::work::views::people::{Order, People, Show};

pub(super) fn routes() -> Routes<App> {
    Routes::default().get("/work/people", Audience::Adviser, Cache::Never, people)
}

async fn people(ask: Ask, worker: Adviser, uri: Uri) -> Result<Response> {
    let order = asked(&uri, "order").and_then(|word| Order::parse(&word)).unwrap_or(Order::Name);
    let show = asked(&uri, "show").and_then(|word| Show::parse(&word)).unwrap_or(Show::All);
    let mut db = ask.app.db.read().await?;
    let mut caseload = access::caseload(&mut db, &worker.session.actor, ask.now).ok_or(Error::NotFound)?;
    let (mut rows, ()) = everybody(&ask, &mut caseload, |_| ()).await?;
    let (mut entry, own) = (caseload.entry(rows.len()), !rows.is_empty());
    let (mut teams, mut shown, mut leads) = (Vec::new(), None, BTreeMap::new());
    if let Some(mut managed) = access::managed(&mut db, &worker.session.actor, ask.now) {
        let theirs = people::managed_people(&mut managed).await?;
        teams = people::teams(managed.reads()).await?;
        teams.retain(|team| theirs.iter().any(|(_, of, _)| *of == team.id));
        let wanted = asked(&uri, "team").and_then(|word| TeamId::parse(&word));
        shown = teams.iter().find(|team| Some(team.id) == wanted).map(|team| team.id);
        // Whoever works with nobody themselves looks at a team first.
        shown = shown.or_else(|| teams.first().filter(|_| !own).map(|team| team.id));
        if let Some(team) = shown {
            let of_team = theirs.into_iter().filter(|(_, of, _)| *of == team).map(|(person, ..)| person);
            (rows, leads) = of_team_rows(&ask, &mut managed, of_team.collect()).await?;
            entry = managed.entry("team", rows.len());
        }
    }
    drop(db);
    let audited = ask.viewed(entry).await?;
    let main = view! { <People rows order show own teams shown leads now=ask.now/> };
    let frame = Frame::staff("People", worker.nav(), Part::People, main.into_any());
    Ok(ask.private_page(&audited, StatusCode::OK, frame))
}

/// People of a team as their manager sees them, with the name of whoever leads: when, and not what, they wrote.
async fn of_team_rows(
    ask: &Ask,
    managed: &mut Managed<'_>,
    ids: Vec<PersonId>,
) -> Result<(Vec<Row>, BTreeMap<PersonId, String>)> {
    let roster = managed.fetch(people::roster(ask.now)).await?;
    let mut leads = people::leads(managed.reads(), &ids, ask.now).await?;
    leads.retain(|_, lead| roster.live.contains_key(lead));
    let names = managed.fetch(people::staff_names(&ask.app.vault, leads.values().copied())).await?;
    let mut listed = managed.list(ids);
    let called = people::called(&mut listed, &ask.app.vault).await?;
    let waits = messages::waits(&mut listed).await?;
    let facts = listed.fetch(known(&listed)).await?.facts(&mut listed).await?;
    let rows = called.into_iter().map(|(person, called)| {
        let (since, due, urgent) = waits.get(&person).copied().unwrap_or_default();
        let (mine, mark) = (Mine::Beside, Mark::default());
        let waiting = Waiting { person, called, since, due, unopened: 0, urgent, mine, mark };
        Row::new(waiting, facts(person), ask.now)
    });
    let leads = leads.into_iter().filter_map(|(person, lead)| Some((person, names.get(&lead)?.clone())));
    Ok((rows.collect(), leads.collect()))
}
