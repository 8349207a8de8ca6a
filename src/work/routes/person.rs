//! `/work/people/{id}`: one person, as whoever works with them needs them.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::today;
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::letters::store as letters;
use crate::messages::acts;
use crate::messages::store as messages;
use crate::messages::views::other_says;
use crate::notices::store as notices;
use crate::people::access::{self, AnswerMessage, ReadProfile, ReadThread, Relation};
use crate::people::{Answers, PersonId, store as people};
use crate::signin::guard::Adviser;
use crate::signin::{Owner, store as signin};
use crate::ui::{Frame, Part};
use crate::web::flash::Flash;
use crate::web::routes::{Audience, Cache, Routes};
use crate::work::views::person::{Notes, PersonPage};

pub(super) fn routes() -> Routes<App> {
    Routes::default().get("/work/people/{id}", Audience::Adviser, Cache::Never, person)
}

async fn person(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let person = PersonId::parse(&id).ok_or(Error::NotFound)?;
    let mut db = ask.app.db.read().await?;
    // A manager opens messages and plan only with a reason; who opened them with one answers nothing.
    let actor = &worker.session.actor;
    let reading = access::check::<ReadThread, _>(&mut db, actor, person, ask.now).await?.map(|one| one.relation());
    let mut access = access::check::<ReadProfile, _>(&mut db, &worker.session.actor, person, ask.now)
        .await?
        .ok_or(Error::NotFound)?;
    let works = access.also::<AnswerMessage>().await?;
    let (shown, key) = (people::whose(&access, &ask.app.vault), people::key_of(&access, &ask.app.vault));
    let mut listed = access.list();
    let (shown, key, known) = listed.fetch((shown, key, today::known(&listed))).await?;
    let facts = known.facts(&mut listed).await?(person);
    let flagged = facts.basics.is_none_or(|basics| basics.flagged);
    access.reads().hold_key(*person.bytes(), &key);
    let workers = people::workers(&mut access, &ask.app.vault).await?;
    let silenced = people::silenced(&mut access).await?;
    let about = people::profile(&mut access, &ask.app.vault).await?;
    let untold = notices::untold(&mut access).await?;
    let spells = people::spells(&mut access, &ask.app.vault).await?;
    let owner = Owner::Person(person);
    let joined = signin::account_of(access.reads(), owner).await?.is_some();
    let wait = messages::wait_of(&mut access).await?;
    let devices = acts::new_devices(&mut access, wait).await?;
    let letter = reading.is_some() && letters::is_open(&mut access).await?;
    let content = ask.app.content();
    let by = acts::reading(&mut access, &ask.app.vault, &content.edition.library.timetable.holidays).await?;
    let other = (!matches!(by.answers, Answers::Lead(_))).then(|| other_says(&by, worker.staff, ask.now));
    let entry = access.entry();
    let reasoned = [Some(access.relation()), reading].contains(&Some(Relation::BreakGlass));
    let mut codes = Vec::new();
    for (code, by) in signin::waiting_codes(access.reads(), owner, ask.now).await? {
        if by != worker.staff {
            codes.push((code.to_string(), people::staff_name(access.reads(), &ask.app.vault, by).await?));
        }
    }
    drop(db);
    let audited = ask.viewed(entry).await?;
    let notes = Notes {
        codes,
        reasoned,
        flagged,
        silenced,
        untold,
        joined,
        devices,
        reads: reading.is_some(),
        works,
        other,
        letter,
    };
    let main = view! { <PersonPage person=shown about workers notes facts spells now=ask.now/> };
    let frame = Frame::staff("Person", worker.nav(), Part::People, main.into_any());
    Ok(ask.private_page(&audited, StatusCode::OK, frame.flash(worker.session.flash.map(Flash::says))))
}
