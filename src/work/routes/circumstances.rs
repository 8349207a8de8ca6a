//! `/work/people/{id}/home` and `/day`: where somebody lives and what they do, from when on. `/rhythm`: how often they
//! are asked how things are, and spoken with.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan as _;
use jiff::civil::Date;
use leptos::prelude::*;

use super::by;
use crate::app::{App, Ask};
use crate::clock::london_date;
use crate::error::{Error, Result};
use crate::people::access::{self, SetRhythm, WriteSpell};
use crate::people::{PersonId, Rhythm, Spell, SpellKind, store as people};
use crate::signin::guard::Adviser;
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};
use crate::work::acts;
use crate::work::views::circumstances::{CHECK_INS, CONTACTS, HowOften, NewSpell};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/work/people/{id}/home", Audience::Adviser, Cache::Never, show_home)
        .post("/work/people/{id}/home", Audience::Adviser, set_home)
        .get("/work/people/{id}/day", Audience::Adviser, Cache::Never, show_day)
        .post("/work/people/{id}/day", Audience::Adviser, set_day)
        .get("/work/people/{id}/rhythm", Audience::Adviser, Cache::Never, show_rhythm)
        .post("/work/people/{id}/rhythm", Audience::Adviser, set_rhythm)
}

/// The longest words about a spell, in characters.
const LONGEST: usize = 500;
/// How many days back something may begin: a life.
const BACK: i32 = 9_500;

async fn show_home(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    begin(&ask, &worker, &id, SpellKind::Home).await
}

async fn show_day(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    begin(&ask, &worker, &id, SpellKind::Occupation).await
}

async fn begin(ask: &Ask, worker: &Adviser, id: &str, kind: SpellKind) -> Result<Response> {
    let form = Fields::filled([("from", london_date(ask.now).to_string()), ("what", "new".to_owned())]);
    let form = worker.session.with_kept(ask, &page_of(person_of(id)?, kind), form).await?;
    spell_page(ask, worker, id, kind, StatusCode::OK, form).await
}

fn person_of(id: &str) -> Result<PersonId> {
    PersonId::parse(id).ok_or(Error::NotFound)
}

/// The page on which it is written down.
fn page_of(person: PersonId, kind: SpellKind) -> String {
    format!("/work/people/{person}/{}", kind.address())
}

async fn set_home(ask: Ask, worker: Adviser, Path(id): Path<String>, form: Fields) -> Result<Response> {
    set_spell(&ask, &worker, &id, SpellKind::Home, form).await
}

async fn set_day(ask: Ask, worker: Adviser, Path(id): Path<String>, form: Fields) -> Result<Response> {
    set_spell(&ask, &worker, &id, SpellKind::Occupation, form).await
}

async fn spell_page(
    ask: &Ask,
    worker: &Adviser,
    id: &str,
    kind: SpellKind,
    status: StatusCode,
    form: Fields,
) -> Result<Response> {
    let person = person_of(id)?;
    let mut db = ask.app.db.read().await?;
    let mut access = access::check::<WriteSpell, _>(&mut db, &worker.session.actor, person, ask.now)
        .await?
        .ok_or(Error::NotFound)?;
    let called = people::person(&mut access, &ask.app.vault).await?.called;
    let entry = crate::audit::Entry { action: "read", object: "profile", ..access.entry() };
    drop(db);
    let audited = ask.viewed(entry).await?;
    let wrong = !form.ok();
    let main = view! { <NewSpell person called kind form/> };
    let frame = Frame::staff("Person", worker.nav(), Part::People, main.into_any());
    Ok(ask.private_page(&audited, status, frame.wrong(wrong)))
}

async fn set_spell(ask: &Ask, worker: &Adviser, id: &str, kind: SpellKind, mut form: Fields) -> Result<Response> {
    let person = person_of(id)?;
    let known = |word: &str| kind.choices().iter().find(|(known, _)| *known == word).map(|(known, _)| *known);
    let value = form.choice("value", known, "Choose what it is");
    let (mut provided, mut suitable) = (None, None);
    if kind == SpellKind::Home {
        let yes = |word: &str| match word {
            "yes" => Some(Some(true)),
            "no" => Some(Some(false)),
            "unknown" => Some(None),
            _ => None,
        };
        provided = form.choice("provided", yes, "Say whether the council provides it").flatten();
        suitable = form.choice("suitable", yes, "Say whether it is suitable").flatten();
    }
    let today = london_date(ask.now);
    let new = |word: &str| match word {
        "new" => Some(true),
        "same" => Some(false),
        _ => None,
    };
    let new = form.choice("what", new, "Say whether this is new, or puts right what stands here");
    // What is put right holds since the day on which it began: clocks of the law go by that day.
    let stands = running(ask, worker, person, kind).await?;
    let from = match (new, stands) {
        (Some(false), Some(since)) => Some(since),
        _ => form.iso_date("from", "Write the first day, as in 2026-12-04"),
    };
    match from {
        Some(from) if from > today => form.fault("from", "That day is still to come. Write it down when it is there"),
        Some(from) if from < today.saturating_sub(BACK.days()) => form.fault("from", "Check the year of that day"),
        _ => {}
    }
    let detail = form.optional_text("detail", LONGEST);
    let (Some(value), Some(from), true) = (value, from, form.ok()) else {
        return spell_page(ask, worker, id, kind, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let (value, from_on) = (value.to_owned(), from.to_string());
    let spell = Spell { kind: kind.as_str().to_owned(), value, detail, provided, suitable, from_on, to_on: None };
    let written = (worker.session.clone(), page_of(person, kind));
    acts::add_spell(&ask.app.db, &ask.app.vault, by(ask, worker), written, person, spell).await?;
    Ok(see_other(&format!("/work/people/{person}")))
}

/// Since when the home or the occupation holds that somebody has now.
async fn running(ask: &Ask, worker: &Adviser, person: PersonId, kind: SpellKind) -> Result<Option<Date>> {
    let mut db = ask.app.db.read().await?;
    let mut access = access::check::<WriteSpell, _>(&mut db, &worker.session.actor, person, ask.now)
        .await?
        .ok_or(Error::NotFound)?;
    let spells = people::spells(&mut access, &ask.app.vault).await?;
    let now = spells.into_iter().find(|spell| spell.kind == kind.as_str() && spell.to_on.is_none());
    Ok(now.and_then(|spell| spell.from_on.parse().ok()))
}

async fn show_rhythm(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    rhythm_page(&ask, &worker, &id, StatusCode::OK, None).await
}

/// `form`: as it was sent; `None`: filled with what was agreed.
async fn rhythm_page(
    ask: &Ask,
    worker: &Adviser,
    id: &str,
    status: StatusCode,
    form: Option<Fields>,
) -> Result<Response> {
    let person = person_of(id)?;
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<SetRhythm, _>(&mut db, &worker.session.actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    let called = people::person(&mut access, &ask.app.vault).await?.called;
    let known = people::rhythm(&mut access).await?;
    let entry = crate::audit::Entry { action: "read", object: "profile", ..access.entry() };
    drop(db);
    let audited = ask.viewed(entry).await?;
    let often = |number: Option<i64>| number.map_or_else(|| "0".to_owned(), |number| number.to_string());
    let form = form.unwrap_or_else(|| {
        Fields::filled([
            ("check-in", often(known.and_then(|known| known.check_in_days))),
            ("contact", often(known.and_then(|known| known.contact_weeks))),
        ])
    });
    let wrong = !form.ok();
    let main = view! { <HowOften person called form/> };
    let frame = Frame::staff("Person", worker.nav(), Part::People, main.into_any());
    Ok(ask.private_page(&audited, status, frame.wrong(wrong)))
}

async fn set_rhythm(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let person = person_of(&id)?;
    let of = |choices: &'static [(i64, &'static str)]| {
        move |word: &str| choices.iter().map(|(number, _)| *number).find(|number| number.to_string() == word)
    };
    let check_in = form.choice("check-in", of(CHECK_INS), "Choose how often to ask");
    let contact = form.choice("contact", of(CONTACTS), "Choose how often you speak");
    let (Some(check_in), Some(contact), true) = (check_in, contact, form.ok()) else {
        return rhythm_page(&ask, &worker, &id, StatusCode::UNPROCESSABLE_ENTITY, Some(form)).await;
    };
    let some = |number: i64| (number > 0).then_some(number);
    let today = london_date(ask.now);
    // The first is asked for after as long as every other.
    let from = today.saturating_add(check_in.days());
    let rhythm = Rhythm { check_in_days: some(check_in), contact_weeks: some(contact), from };
    acts::set_rhythm(&ask.app.db, by(&ask, &worker), worker.session.token_hash, person, rhythm).await?;
    Ok(see_other(&format!("/work/people/{person}")))
}
