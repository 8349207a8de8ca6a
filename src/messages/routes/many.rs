//! `/work/many`: one text to several people of one's own caseload, to each by themselves.

use std::collections::BTreeMap;

use axum::http::{StatusCode, Uri};
use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;

use super::planned::PATH as PLANNED;
use super::prepare::{Step, filled, my_name, of_moment, send_at};
use super::templates::{Begun, choosing};
use super::{EMPTY, OTHER_TEXT, sign, typed};
use crate::app::{App, Ask};
use crate::audit::Entry;
use crate::dropins::words;
use crate::error::{Error, Result};
use crate::messages::acts::{self, Many, ManySent};
use crate::messages::planned::{Known, MANY, of_text};
use crate::messages::store;
use crate::messages::views::{ManyPage, ManyPreview, One};
use crate::people::{PersonId, access};
use crate::signin::guard::Adviser;
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

pub(super) fn routes() -> Routes<App> {
    Routes::default().get(PATH, Audience::Adviser, Cache::Never, show).post(PATH, Audience::Adviser, write)
}

const PATH: &str = "/work/many";
/// How much of a mark stands before the name in a field of the form.
const MARK: usize = 16;

/// Everybody of the worker's caseload, and the row for a reading of so many of them.
pub(super) async fn known(ask: &Ask, worker: &Adviser) -> Result<(Vec<Known>, Entry)> {
    let mut db = ask.app.db.read().await?;
    let mut caseload = access::caseload(&mut db, &worker.session.actor, ask.now).ok_or(Error::NotFound)?;
    let known = store::known(&mut caseload, &ask.app.vault).await?;
    let entry = caseload.entry(known.len());
    Ok((known, entry))
}

async fn show(ask: Ask, worker: Adviser, uri: Uri) -> Result<Response> {
    edit(&ask, &worker, StatusCode::OK, Begun::Asked(&uri)).await
}

/// The page with the boxes.
async fn edit(ask: &Ask, worker: &Adviser, status: StatusCode, begun: Begun<'_>) -> Result<Response> {
    let (templates, form) = choosing(ask, worker, PATH, begun).await?;
    let (known, entry) = known(ask, worker).await?;
    let audited = ask.viewed(entry).await?;
    let wrong = !form.ok();
    let status = if wrong && status.is_success() { StatusCode::UNPROCESSABLE_ENTITY } else { status };
    let known = known.into_iter().map(|one| (one.clone(), mark(ask, worker, one.person, &spoken(&one)))).collect();
    let main = view! { <ManyPage known templates form/> };
    let frame = Frame::staff("Write to several", worker.nav(), Part::Work, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(worker.session.flash.map(Flash::says))))
}

/// By what the name of somebody is known again when the form comes back: our own words, so that we may say them of
/// somebody whose record is not the worker's any more.
fn mark(ask: &Ask, worker: &Adviser, person: PersonId, called: &str) -> String {
    let mark: String = sign(ask, person, &format!("many {} {called}", worker.staff)).chars().take(MARK).collect();
    format!("{mark}{called}")
}

/// Those whom a form names: of the caseload, and the names of those who are not in it any more since it was looked at.
///
/// # Errors
/// [`Error::NotFound`] when it names anybody else.
fn named(ask: &Ask, worker: &Adviser, form: &Fields, known: &[Known]) -> Result<(Vec<Known>, Vec<String>)> {
    let (mut ours, mut gone) = (BTreeMap::new(), Vec::new());
    for (id, value) in form.all().filter_map(|(name, value)| Some((name.strip_prefix("p-")?, value))) {
        let person = PersonId::parse(id).ok_or(Error::NotFound)?;
        if let Some(one) = known.iter().find(|one| one.person == person) {
            ours.insert(person, one.clone());
            continue;
        }
        let called = value.get(MARK..).unwrap_or_default();
        if value != mark(ask, worker, person, called) {
            return Err(Error::NotFound);
        }
        gone.push(called.to_owned());
    }
    // In the order in which they were listed.
    Ok((known.iter().filter_map(|one| ours.remove(&one.person)).collect(), gone))
}

/// What is said of those who left the caseload since the page was looked at.
fn gone_says(gone: &[String], then: &str) -> String {
    let (they, are) = (words::and(gone.to_vec()), if gone.len() == 1 { "is" } else { "are" });
    format!("{they} {are} no longer in your caseload{then}")
}

const NOT_TICKED: &str = ", and not ticked any more.";
const NOT_SENT: &str = ". Nothing was sent to anybody. Look at the others and send it to them.";

/// The name to speak of somebody by.
fn spoken(one: &Known) -> String {
    if one.called.trim().is_empty() { one.name.clone() } else { one.called.clone() }
}

async fn write(ask: Ask, worker: Adviser, mut form: Fields) -> Result<Response> {
    let (step, mut as_typed) = (Step::of(&form), form.clone());
    let (key, body) = typed(&mut form, EMPTY)?;
    let (known, entry) = known(&ask, &worker).await?;
    let (people, gone) = named(&ask, &worker, &form, &known)?;
    // Of somebody who is gone there is no box to tick any more.
    if !gone.is_empty() {
        as_typed.fault("people", gone_says(&gone, NOT_TICKED));
    }
    match step {
        Step::Change => return edit(&ask, &worker, StatusCode::OK, Begun::Sent(as_typed)).await,
        Step::Fill => return edit(&ask, &worker, StatusCode::OK, Begun::Filled(as_typed)).await,
        Step::Preview | Step::Send => {}
    }
    if !gone.is_empty() {
        form.fault("people", gone_says(&gone, NOT_SENT));
    } else if people.is_empty() {
        form.fault("people", "Tick at least one person");
    } else if people.len() > MANY {
        form.fault("people", format!("You ticked {}. Tick {MANY} people or fewer.", people.len()));
    }
    let left = !gone.is_empty() && form.faults().len() == 1 && !people.is_empty();
    let (at, me) = (send_at(&mut form, ask.now), my_name(&ask, &worker).await?);
    let mut texts = Vec::with_capacity(people.len());
    for one in &people {
        texts.push((one.person, filled(&mut form, &body, &one.called, &me)));
    }
    let preview = Look { people, texts, known, body, me, at, entry };
    if left && form.faults().len() == 1 {
        return preview.page(&ask, &worker, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    if !form.ok() {
        return edit(&ask, &worker, StatusCode::UNPROCESSABLE_ENTITY, Begun::Sent(form)).await;
    }
    if step == Step::Preview {
        return preview.page(&ask, &worker, StatusCode::OK, form).await;
    }
    let to = if at.is_some() { PLANNED } else { PATH };
    let many = Many {
        people: preview.texts.clone(),
        send_at: at,
        session: worker.session.clone(),
        key,
        place: PATH.to_owned(),
        to: to.to_owned(),
        number: ask.number.clone(),
        at: ask.now,
    };
    match acts::send_many(&ask.app.db, &ask.app.vault, many).await? {
        ManySent::Done(to) => Ok(see_other(&to)),
        ManySent::OtherText => {
            form.fault("body", OTHER_TEXT);
            edit(&ask, &worker, StatusCode::CONFLICT, Begun::Sent(form.with_new_key())).await
        }
        ManySent::Gone(gone) => {
            let names = preview.people.iter().filter(|one| gone.contains(&one.person)).map(spoken);
            form.fault("people", gone_says(&names.collect::<Vec<_>>(), NOT_SENT));
            preview.without(&gone).page(&ask, &worker, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

/// The messages as they are looked at.
struct Look {
    people: Vec<Known>,
    texts: Vec<(PersonId, String)>,
    known: Vec<Known>,
    body: String,
    me: String,
    at: Option<Timestamp>,
    entry: Entry,
}

impl Look {
    fn without(mut self, gone: &[PersonId]) -> Self {
        self.people.retain(|one| !gone.contains(&one.person));
        self.texts.retain(|(person, _)| !gone.contains(person));
        self
    }

    async fn page(self, ask: &Ask, worker: &Adviser, status: StatusCode, form: Fields) -> Result<Response> {
        let Self { people, texts, known, body, me, at, entry } = self;
        let many = i64::try_from(people.len()).unwrap_or(i64::MAX);
        let audited = ask.viewed(Entry { many, ..entry }).await?;
        let all: Vec<One> = people
            .iter()
            .zip(texts)
            .map(|(one, (person, text))| One {
                person,
                called: spoken(one),
                text,
                warnings: of_text(&body, one, &known),
                mark: mark(ask, worker, person, &spoken(one)),
            })
            .collect();
        let (now, wrong, warnings) = (ask.now, !form.ok(), of_moment(ask, at));
        let main = view! { <ManyPreview all me send_at=at warnings form now/> };
        let frame = Frame::staff("Preview", worker.nav(), Part::Work, main.into_any()).wrong(wrong);
        Ok(ask.private_page(&audited, status, frame))
    }
}
