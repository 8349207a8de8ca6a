//! `/me/plan` and `/work/people/{id}/plan`: the plan as it stands. Beside it: writing the next version, what the young
//! person says of it, versions, reviews, and signing it off.

mod actions;
mod agreed;
mod crisis;
mod goals;
mod meeting;
mod mine;
mod money;
mod print;
mod seat;
mod sign;
mod theirs;
mod versions;
mod write;

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::response::Response;

use super::acts::{Done, Over, Post};
use super::store;
use super::views::{Lying, Whole};
use super::{Heading, State, Version};
use crate::app::{App, Ask};
use crate::db::Reads;
use crate::error::{Error, Result};
use crate::people::access::{Access, ReadPlan};
use crate::people::{Actor, PersonId, store as people};
use crate::signin::guard::Session;
use crate::web::answer::see_other;
use crate::web::forms::Fields;
use crate::web::routes::Routes;

/// The addresses of this feature.
pub fn routes() -> Routes<App> {
    mine::routes()
        .and(theirs::routes())
        .and(write::routes())
        .and(versions::routes())
        .and(meeting::routes())
        .and(sign::routes())
        .and(actions::routes())
        .and(money::routes())
        .and(crisis::routes())
        .and(goals::routes())
        .and(agreed::routes())
        .and(print::routes())
}

const OTHER_WORDS: &str =
    "This page was used before with other words. These were not saved: they stand below. Press the button again.";
const ON_THE_LIST: &str = "Somebody added one of these since you opened the page, so nothing was added. It has no box any more: look at the rest and press the button again.";
const OVER: &str = "Something changed meanwhile, so nothing was saved. Look at the plan as it is now and try again.";

fn person_of(id: &str) -> Result<PersonId> {
    PersonId::parse(id).ok_or(Error::NotFound)
}

fn heading_of(word: &str) -> Result<Heading> {
    Heading::parse(word).ok_or(Error::NotFound)
}

/// A form that is nothing but a button, as an act takes it.
fn button(ask: &Ask, session: &Session, person: PersonId, form: &mut Fields, to: String) -> Result<Post> {
    let post = session.post(ask, person, form, to)?;
    if !form.ok() {
        return Err(Error::Refused(StatusCode::UNPROCESSABLE_ENTITY, OVER));
    }
    Ok(post)
}

/// Where a form that only presses a button goes on to.
fn pressed(done: Done<Over>) -> Result<Response> {
    match done {
        Done::To(to) => Ok(see_other(&to)),
        Done::OtherText | Done::Refused(Over) => Err(Error::Refused(StatusCode::CONFLICT, OVER)),
    }
}

/// The plan as one who asks reads it; `drafts`: the draft, when there is one.
async fn load<C: Reads>(ask: &Ask, access: &mut Access<'_, ReadPlan, C>, drafts: bool) -> Result<Whole> {
    let vault = &ask.app.vault;
    let questions = (
        people::whose(access, vault),
        store::versions(access),
        store::newest_sheets(access, vault, drafts),
        store::known(access),
        store::says(access, vault),
        store::stored_actions(access, vault),
        store::preps(access, vault),
        store::dates(&access.list()),
    );
    let (person, versions, sheets, known, says, actions, preps, mut dates) = access.fetch(questions).await?;
    let due = dates.remove(&access.person()).and_then(|dates| dates.review_by(Some(person.born_on)));
    let shared = versions.iter().find(|version| version.state != State::Draft).cloned();
    let draft = versions.first().filter(|newest| newest.state == State::Draft).cloned();
    let shown = draft.as_ref().filter(|_| drafts).or(shared.as_ref());
    // The version that the reader knew: the newest that was shared by then.
    let knew = known.until.and_then(|until| {
        versions.iter().find(|version| version.shared_at.is_some_and(|shared_at| shared_at <= until))
    });
    let knew = knew.filter(|knew| shown.is_some_and(|shown| shown.number != knew.number && !drafts));
    let next = draft.as_ref().filter(|_| !drafts);
    let of = |version: Option<&Version>| version.map(|version| store::sheets(access, vault, version.id));
    let (before, next) = (of(knew), of(next));
    let questions = (before, next, actions.names(vault));
    let (before, next, names) = access.fetch(questions).await?;
    let actions = actions.standing(&names)?;
    // It is for a worker who has not read it yet: mostly nothing is new.
    let unread = known.until.is_none() || known.wanted_at > known.until;
    let theirs = matches!(access.actor(), Actor::Staff(..));
    let wanted_at = if theirs && unread { store::wanted_at(access).await? } else { BTreeMap::new() };
    Ok(Whole { person, shared, draft, sheets, before, next, known, wanted_at, says, actions, due, preps })
}

/// With whom a version lies, and whether they can still sign it off.
async fn lying<C: Reads>(
    ask: &Ask,
    access: &mut Access<'_, ReadPlan, C>,
    version: Option<&Version>,
) -> Result<Option<Lying>> {
    let Some((version, manager)) = version.and_then(|version| Some((version, version.lies_with()?))) else {
        return Ok(None);
    };
    let (version, since) = (version.number, version.submitted.map_or(version.made_at, |(_, at)| at));
    let person = access.person();
    let name = people::staff_name(access.reads(), &ask.app.vault, manager).await?;
    let live = people::managers_of(access.reads(), person, ask.now).await?.contains(&manager);
    Ok(Some(Lying { version, name, since, live }))
}
