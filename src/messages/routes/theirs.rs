//! `/work/people/{id}/messages`: a worker reads, answers, and writes down what is done besides.

use axum::extract::Path;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use jiff::ToSpan as _;
use jiff::civil::Date;
use leptos::prelude::*;

use super::{EMPTY, OTHER_TEXT, ends_of, keep_draft, named, new_send, opened, typed};
use crate::app::{App, Ask};
use crate::clock::london_date;
use crate::error::{Error, Result};
use crate::messages::acts::{self, Send, Sent};
use crate::messages::views::{Beside, Beyond, Later, TheirMessages, Writing};
use crate::messages::{How, LONGEST, Mark, MessageId, What, store};
use crate::people::access::{self, AnswerMessage, ReadThread};
use crate::people::{Answers, PersonId, store as people};
use crate::signin::guard::Adviser;
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/work/people/{id}/messages", Audience::Adviser, Cache::Never, theirs)
        .post("/work/people/{id}/messages", Audience::Adviser, answer)
        .post("/work/people/{id}/messages/draft", Audience::Adviser, keep)
        .post("/work/people/{id}/messages/looked", Audience::Adviser, looked)
        .get("/work/people/{id}/messages/promise", Audience::Adviser, Cache::Never, show_promise)
        .post("/work/people/{id}/messages/promise", Audience::Adviser, promise)
        .get("/work/people/{id}/messages/spoke", Audience::Adviser, Cache::Never, show_spoke)
        .post("/work/people/{id}/messages/spoke", Audience::Adviser, spoke)
        .get("/work/people/{id}/messages/note", Audience::Adviser, Cache::Never, show_note)
        .post("/work/people/{id}/messages/note", Audience::Adviser, note)
        .get("/work/people/{id}/messages/later", Audience::Adviser, Cache::Never, show_later)
        .post("/work/people/{id}/messages/later", Audience::Adviser, later)
}

/// The furthest day of a promise, a follow-up or a putting off, in days.
const FAR: i32 = 366;

pub(super) fn their_path(person: PersonId) -> String {
    format!("/work/people/{person}/messages")
}

pub(super) fn person_of(id: &str) -> Result<PersonId> {
    PersonId::parse(id).ok_or(Error::NotFound)
}

async fn theirs(ask: Ask, worker: Adviser, Path(id): Path<String>, uri: Uri) -> Result<Response> {
    let person = person_of(&id)?;
    let form = worker.session.with_kept(&ask, &their_path(person), Fields::default()).await?;
    their_page(&ask, worker, person, StatusCode::OK, named(&uri, "before"), form).await
}

async fn their_page(
    ask: &Ask,
    worker: Adviser,
    person: PersonId,
    status: StatusCode,
    before: Option<MessageId>,
    form: Fields,
) -> Result<Response> {
    let content = ask.app.content();
    let mut db = ask.app.db.read().await?;
    let mut access = access::check::<ReadThread, _>(&mut db, &worker.session.actor, person, ask.now)
        .await?
        .ok_or(Error::NotFound)?;
    let page = store::thread(&mut access, &ask.app.vault, before).await?;
    let called = people::person(&mut access, &ask.app.vault).await?.called;
    let reading = acts::reading(&mut access, &ask.app.vault, &content.edition.library.timetable.holidays).await?;
    let wait = store::wait_of(&mut access).await?;
    let flagged = store::is_flagged(&mut access).await?;
    let mark = store::mark(&mut access, worker.staff).await?;
    let coming = store::coming(&mut access, &ask.app.vault).await?;
    let unopened = store::unopened(&mut access).await?;
    let devices = acts::new_devices(&mut access, wait).await?;
    let entry = access.entry();
    drop(db);
    let own = reading.answers == Answers::Lead(worker.staff);
    let beside =
        Beside { other: (!own).then_some(reading), reader: worker.staff, wait, flagged, mark, coming, devices };
    let audited = opened(ask, &worker.session, person, ends_of(&page.messages, unopened), entry).await?;
    let (now, wrong, path, earlier) = (ask.now, !form.ok(), their_path(person), before.is_some());
    let main = move || view! { <TheirMessages page earlier called path beside form now/> }.into_any();
    let frame = if earlier {
        Frame::staff("Messages", worker.nav(), Part::Work, main())
    } else {
        Frame::staff_with_islands("Messages", worker.nav(), Part::Work, main)
    };
    Ok(ask.private_page(&audited, status, frame.wrong(wrong).flash(worker.session.flash.map(Flash::says))))
}

async fn answer(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let person = person_of(&id)?;
    let (key, body) = typed(&mut form, EMPTY)?;
    if !form.ok() {
        return their_page(&ask, worker, person, StatusCode::UNPROCESSABLE_ENTITY, None, form).await;
    }
    let send = new_send(&ask, person, &worker.session, key, (What::Said, body), their_path(person));
    match acts::answer(&ask.app.db, &ask.app.vault, send).await? {
        Sent::Done(to) => Ok(see_other(&to)),
        Sent::OtherText => {
            form.fault("body", OTHER_TEXT);
            their_page(&ask, worker, person, StatusCode::CONFLICT, None, form.with_new_key()).await
        }
    }
}

async fn keep(ask: Ask, worker: Adviser, Path(id): Path<String>, form: Fields) -> Result<Response> {
    let person = person_of(&id)?;
    let mut db = ask.app.db.read().await?;
    access::check::<AnswerMessage, _>(&mut db, &worker.session.actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    drop(db);
    match keep_draft(&ask, worker.session.clone(), their_path(person), form).await? {
        Ok(kept) => Ok(kept),
        Err(form) => their_page(&ask, worker, person, StatusCode::UNPROCESSABLE_ENTITY, None, form).await,
    }
}

async fn looked(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let person = person_of(&id)?;
    acts::looked(&ask.app.db, worker.session, person, ask.number.clone(), ask.now).await?;
    Ok(see_other(&their_path(person)))
}

async fn show_promise(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    show_writing(&ask, worker, person_of(&id)?, Beyond::Promise).await
}

/// The address may name how they spoke, so that it takes one tap less.
async fn show_spoke(ask: Ask, worker: Adviser, Path(id): Path<String>, uri: Uri) -> Result<Response> {
    let person = person_of(&id)?;
    let form = Fields::filled([("day", london_date(ask.now).to_string())]);
    let mut form = worker.session.with_kept(&ask, &beyond_path(person, Beyond::Spoke), form).await?;
    let asked = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let how = asked.filter(|(name, _)| name == "how").find_map(|(_, how)| How::parse(&how));
    if let Some(how) = how {
        form.put("how", how.as_str().to_owned());
    }
    writing(&ask, worker, person, Beyond::Spoke, StatusCode::OK, form).await
}

async fn show_note(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    show_writing(&ask, worker, person_of(&id)?, Beyond::Note).await
}

/// The page as it is first shown, with what was typed on it when a session had ended.
async fn show_writing(ask: &Ask, worker: Adviser, person: PersonId, beyond: Beyond) -> Result<Response> {
    let form = worker.session.with_kept(ask, &beyond_path(person, beyond), Fields::default()).await?;
    writing(ask, worker, person, beyond, StatusCode::OK, form).await
}

fn beyond_path(person: PersonId, beyond: Beyond) -> String {
    format!("{}/{}", their_path(person), beyond.as_str())
}

/// The name of somebody whose thread the worker may answer, with the row of the reading.
pub(super) async fn called(
    ask: &Ask,
    worker: &Adviser,
    person: PersonId,
) -> Result<(String, crate::audit::Entry, Mark)> {
    let mut db = ask.app.db.read().await?;
    let mut access = access::check::<AnswerMessage, _>(&mut db, &worker.session.actor, person, ask.now)
        .await?
        .ok_or(Error::NotFound)?;
    let called = people::person(&mut access, &ask.app.vault).await?.called;
    let mark = store::mark(&mut access, worker.staff).await?;
    Ok((called, crate::audit::Entry { action: "read", object: "profile", ..access.entry() }, mark))
}

/// A page beside a thread: its title, and how it is drawn from the name of the person, the address of the thread and
/// the form.
async fn beside_page(
    ask: &Ask,
    worker: Adviser,
    person: PersonId,
    status: StatusCode,
    form: Fields,
    (title, draw): (&'static str, impl FnOnce(String, String, Fields) -> AnyView),
) -> Result<Response> {
    let (called, entry, _) = called(ask, &worker, person).await?;
    let audited = ask.viewed(entry).await?;
    let wrong = !form.ok();
    let main = draw(called, their_path(person), form);
    let frame = Frame::staff(title, worker.nav(), Part::Work, main).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(worker.session.flash.map(Flash::says))))
}

async fn writing(
    ask: &Ask,
    worker: Adviser,
    person: PersonId,
    beyond: Beyond,
    status: StatusCode,
    form: Fields,
) -> Result<Response> {
    let draw = |called, path, form| view! { <Writing beyond called path form/> }.into_any();
    beside_page(ask, worker, person, status, form, ("Write", draw)).await
}

async fn promise(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let day = day_to_come(&mut form, "day", "Say by which day, as in 2026-12-04", london_date(ask.now));
    beyond(&ask, worker, person_of(&id)?, Beyond::Promise, Some("Write what you will do"), day.map(What::Promise), form)
        .await
}

async fn spoke(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let how = form.choice("how", How::parse, "Say how you spoke");
    let day = form.iso_date("day", "Say on which day, as in 2026-12-04");
    if day.is_some_and(|day| day > london_date(ask.now)) {
        form.fault("day", "That day is still to come");
    }
    if day.is_some_and(|day| day < london_date(ask.now).saturating_sub(FAR.days())) {
        form.fault("day", "Check the year of that day");
    }
    let what = how.zip(day).map(|(how, day)| What::Spoke(how, day));
    beyond(&ask, worker, person_of(&id)?, Beyond::Spoke, None, what, form).await
}

async fn note(ask: Ask, worker: Adviser, Path(id): Path<String>, form: Fields) -> Result<Response> {
    beyond(&ask, worker, person_of(&id)?, Beyond::Note, Some("Write your note"), Some(What::Note), form).await
}

/// A day from today on, within a year.
fn day_to_come(form: &mut Fields, name: &'static str, missing: &'static str, today: Date) -> Option<Date> {
    let day = form.iso_date(name, missing)?;
    if day < today {
        form.fault(name, "That day is over");
    } else if today.checked_add(FAR.days()).is_ok_and(|far| day > far) {
        form.fault(name, "Choose a day within a year");
    }
    Some(day)
}

async fn beyond(
    ask: &Ask,
    worker: Adviser,
    person: PersonId,
    beyond: Beyond,
    // What is said of an empty box; `None`: it may be empty.
    empty: Option<&'static str>,
    what: Option<What>,
    mut form: Fields,
) -> Result<Response> {
    let (key, body) = match empty {
        Some(empty) => typed(&mut form, empty)?,
        None => (form.key()?, form.optional_text("body", LONGEST).unwrap_or_default()),
    };
    let (Some(what), true) = (what, form.ok()) else {
        return writing(ask, worker, person, beyond, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let send = new_send(ask, person, &worker.session, key, (what, body), their_path(person));
    let send = Send { place: beyond_path(person, beyond), ..send };
    match acts::note(&ask.app.db, &ask.app.vault, send).await? {
        Sent::Done(to) => Ok(see_other(&to)),
        Sent::OtherText => {
            form.fault("body", OTHER_TEXT);
            writing(ask, worker, person, beyond, StatusCode::CONFLICT, form.with_new_key()).await
        }
    }
}

async fn show_later(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let person = person_of(&id)?;
    let (_, _, mark) = called(&ask, &worker, person).await?;
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let unread = if mark.unread { "yes" } else { "" };
    let form = Fields::filled([
        ("unread", unread.to_owned()),
        ("snooze", day(mark.snoozed_to)),
        ("follow", day(mark.follow_up_on)),
    ]);
    let form = worker.session.with_kept(&ask, &format!("{}/later", their_path(person)), form).await?;
    later_page(&ask, worker, person, StatusCode::OK, form).await
}

async fn later_page(
    ask: &Ask,
    worker: Adviser,
    person: PersonId,
    status: StatusCode,
    form: Fields,
) -> Result<Response> {
    let draw = |called, path, form| view! { <Later called path form/> }.into_any();
    beside_page(ask, worker, person, status, form, ("Later", draw)).await
}

async fn later(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let (person, today) = (person_of(&id)?, london_date(ask.now));
    let unread = form.ticked("unread");
    let mut day = |name: &'static str| {
        if form.typed(name).trim().is_empty() {
            return None;
        }
        day_to_come(&mut form, name, "Write the day as in 2026-12-04, or leave it empty", today)
    };
    let (snoozed_to, follow_up_on) = (day("snooze"), day("follow"));
    let step = form.optional_text("body", LONGEST).map(|step| format!("Next step: {step}"));
    let key = if step.is_some() { form.key()? } else { [0; 16] };
    if !form.ok() {
        return later_page(&ask, worker, person, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    if let Some(step) = step {
        let path = their_path(person);
        let send = new_send(&ask, person, &worker.session, key, (What::Note, step), path.clone());
        let send = Send { place: format!("{path}/later"), ..send };
        if acts::note(&ask.app.db, &ask.app.vault, send).await? == Sent::OtherText {
            form.fault("body", OTHER_TEXT);
            return later_page(&ask, worker, person, StatusCode::CONFLICT, form.with_new_key()).await;
        }
    }
    let mark = Mark { unread, snoozed_to, follow_up_on };
    acts::set_marks(&ask.app.db, worker.session, person, mark, ask.number.clone(), ask.now).await?;
    Ok(see_other("/work"))
}
