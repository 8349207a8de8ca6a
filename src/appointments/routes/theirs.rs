//! `/work/people/{id}/appointments` and `/work/appointments/{id}`: what a worker makes, changes and cancels.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan as _;
use leptos::prelude::*;

use super::{OTHER_WORDS, id_of};
use crate::app::{App, Ask};
use crate::appointments::acts;
use crate::appointments::views::{ChangePage, NewPage, TheirList, doubt_says};
use crate::appointments::{Appointment, AppointmentId, Details, LENGTHS, doubts, moment, store};
use crate::audit::Entry;
use crate::clock::{from_micros, in_london, london_date};
use crate::error::{Error, Result};
use crate::people::access::{self, ReadAppointments, SetAppointment};
use crate::people::{PersonId, store as people};
use crate::signin::acts::Done;
use crate::signin::guard::Adviser;
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/work/people/{id}/appointments", Audience::Adviser, Cache::Never, list)
        .get("/work/people/{id}/appointments/new", Audience::Adviser, Cache::Never, show_new)
        .post("/work/people/{id}/appointments/new", Audience::Adviser, new)
        .get("/work/appointments/{id}", Audience::Adviser, Cache::Never, show)
        .post("/work/appointments/{id}", Audience::Adviser, change)
}

/// The longest line, in characters.
const LINE: usize = 200;
/// The longest directions, in characters.
const LONGEST: usize = 1_000;
/// How many days ahead one may be: further is a mistyped year.
const AHEAD: i32 = 800;

fn list_of(person: PersonId) -> String {
    format!("/work/people/{person}/appointments")
}

/// The pages where what is typed is kept: of a new one, and of one that is changed.
fn new_of(person: PersonId) -> String {
    format!("{}/new", list_of(person))
}

fn change_of(id: AppointmentId) -> String {
    format!("/work/appointments/{id}")
}

/// Somebody as the pages of a worker need them.
struct Theirs {
    person: PersonId,
    called: String,
    all: Vec<Appointment>,
    /// The worker may make and change them.
    sets: bool,
    entry: Entry,
}

async fn theirs(ask: &Ask, worker: &Adviser, person: PersonId) -> Result<Theirs> {
    let mut db = ask.app.db.read().await?;
    let actor = &worker.session.actor;
    let mut access =
        access::check::<ReadAppointments, _>(&mut db, actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    let sets = access.also::<SetAppointment>().await?;
    let called = people::person(&mut access, &ask.app.vault).await?.called;
    let all = store::all(&mut access, &ask.app.vault).await?;
    Ok(Theirs { person, called, all, sets, entry: access.entry() })
}

/// The same for whoever makes one: nobody else.
async fn setting(ask: &Ask, worker: &Adviser, person: PersonId) -> Result<Theirs> {
    let theirs = theirs(ask, worker, person).await?;
    if theirs.sets { Ok(theirs) } else { Err(Error::NotFound) }
}

/// The same for the person of an appointment, with the appointment.
async fn changing(ask: &Ask, worker: &Adviser, id: AppointmentId) -> Result<(Theirs, Appointment)> {
    let person = store::whose(&mut ask.app.db.read().await?, id).await?.ok_or(Error::NotFound)?;
    let theirs = setting(ask, worker, person).await?;
    let one = theirs.all.iter().find(|one| one.id == id).cloned().ok_or(Error::NotFound)?;
    Ok((theirs, one))
}

async fn list(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let person = PersonId::parse(&id).ok_or(Error::NotFound)?;
    let Theirs { called, all, sets, entry, .. } = theirs(&ask, &worker, person).await?;
    let audited = ask.viewed(entry).await?;
    let now = ask.now;
    let main = view! { <TheirList person called all sets now/> };
    let frame = Frame::staff("Appointments", worker.nav(), Part::People, main.into_any());
    Ok(ask.private_page(&audited, StatusCode::OK, frame.flash(worker.session.flash.map(Flash::says))))
}

async fn show_new(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let person = PersonId::parse(&id).ok_or(Error::NotFound)?;
    let theirs = setting(&ask, &worker, person).await?;
    let form = Fields::filled([("minutes", "60".to_owned())]);
    let form = worker.session.with_kept(&ask, &new_of(theirs.person), form).await?;
    new_page(&ask, &worker, theirs, StatusCode::OK, form).await
}

async fn new_page(ask: &Ask, worker: &Adviser, theirs: Theirs, status: StatusCode, form: Fields) -> Result<Response> {
    let Theirs { person, called, entry, .. } = theirs;
    let audited = ask.viewed(entry).await?;
    let wrong = !form.ok();
    let main = view! { <NewPage person called form/> };
    let frame = Frame::staff("Appointment", worker.nav(), Part::People, main.into_any());
    Ok(ask.private_page(&audited, status, frame.wrong(wrong)))
}

/// What was typed of an appointment, with a fault in the form for what will not do, and for what is to be looked at
/// again unless the form says that it was. `beside`: what else the person has; `None` for a form that was taken before,
/// whose appointment stands among them by now.
fn typed(ask: &Ask, form: &mut Fields, own: Option<AppointmentId>, beside: Option<&[Appointment]>) -> Option<Details> {
    let what = form.line("meeting", LINE, "Say what it is, as in: Talk about college");
    let with = form.optional("with", LINE);
    let day = form.iso_date("day", "Choose the day, as in 2026-12-04");
    let time = form.time("time", "Write the time, as in 14:30");
    let length = |word: &str| LENGTHS.iter().map(|(minutes, _)| *minutes).find(|minutes| minutes.to_string() == word);
    let minutes = form.choice("minutes", length, "Choose how long it takes");
    let place = form.optional("at", LINE);
    let way = form.optional_text("directions", LONGEST);
    let (day, time, minutes) = (day?, time?, minutes?);
    let Some(start) = moment(day, time) else {
        form.fault("time", "There is no such time on that day: the clocks go forward. Choose another time");
        return None;
    };
    if start <= ask.now {
        form.fault("day", "That time has passed. Choose one that is still to come");
    } else if day > london_date(ask.now).saturating_add(AHEAD.days()) {
        form.fault("day", "Check the year of that day");
    }
    let details = Details { what, with, place, way, starts_at: start.as_microsecond(), minutes };
    let Some(beside) = beside else { return form.ok().then_some(details) };
    let content = ask.app.content();
    let doubts = doubts(&details, own, beside, &content.edition.library.timetable.holidays);
    let says: Vec<String> = doubts.iter().map(doubt_says).collect();
    let says = says.join(" ");
    // Only what was shown counts as looked at: with another time there is something else to see.
    let looked = form.typed("sure").to_owned();
    form.put("sure", says.clone());
    if !says.is_empty() && looked != says && form.ok() {
        form.fault("time", format!("{says} If that is right, save once more"));
    }
    form.ok().then_some(details)
}

async fn new(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let person = PersonId::parse(&id).ok_or(Error::NotFound)?;
    let theirs = setting(&ask, &worker, person).await?;
    let post = worker.session.post(&ask, person, &mut form, list_of(person))?.written_on(new_of(person));
    let sent = acts::was_sent(&ask.app.db, &worker.session, &post.key).await?;
    let Some(details) = typed(&ask, &mut form, None, (!sent).then_some(&*theirs.all)) else {
        return new_page(&ask, &worker, theirs, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    match acts::set(&ask.app.db, &ask.app.vault, post, details).await? {
        Done::To(to) => Ok(see_other(&to)),
        Done::OtherText | Done::Refused(_) => {
            form.fault("meeting", OTHER_WORDS);
            new_page(&ask, &worker, theirs, StatusCode::CONFLICT, form.with_new_key()).await
        }
    }
}

fn filled(one: &Appointment) -> Fields {
    let (details, start) = (&one.details, in_london(from_micros(one.details.starts_at)));
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    Fields::filled([
        ("meeting", details.what.clone()),
        ("with", text(&details.with)),
        ("day", start.date().to_string()),
        ("time", start.strftime("%H:%M").to_string()),
        ("minutes", details.minutes.to_string()),
        ("at", text(&details.place)),
        ("directions", text(&details.way)),
        ("sequence", one.sequence.to_string()),
    ])
}

async fn show(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let (theirs, one) = changing(&ask, &worker, id_of(&id)?).await?;
    let form = worker.session.with_kept(&ask, &change_of(one.id), filled(&one)).await?;
    let typed_over = !form.typed("kept").is_empty();
    change_page(&ask, &worker, (theirs, one), StatusCode::OK, form, typed_over).await
}

/// `overtaken`: somebody else may have changed it since the form was drawn, so what stands now is shown beside what was typed.
async fn change_page(
    ask: &Ask,
    worker: &Adviser,
    (theirs, one): (Theirs, Appointment),
    status: StatusCode,
    form: Fields,
    overtaken: bool,
) -> Result<Response> {
    let audited = ask.viewed(theirs.entry).await?;
    let (wrong, now) = (!form.ok(), ask.now);
    let main = view! { <ChangePage person=theirs.person called=theirs.called one form overtaken now/> };
    let frame = Frame::staff("Appointment", worker.nav(), Part::People, main.into_any());
    Ok(ask.private_page(&audited, status, frame.wrong(wrong)))
}

async fn change(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let id = id_of(&id)?;
    let (theirs, one) = changing(&ask, &worker, id).await?;
    let post = worker.session.post(&ask, theirs.person, &mut form, list_of(theirs.person))?.written_on(change_of(id));
    let cancels = form.choice(
        "do",
        |word| matches!(word, "save" | "cancel").then_some(word == "cancel"),
        "Press one of the buttons below",
    );
    let sequence =
        form.choice("sequence", |text| text.parse::<i64>().ok(), "Load this page again and change it once more");
    let sent = acts::was_sent(&ask.app.db, &worker.session, &post.key).await?;
    let beside = (!sent).then_some(&*theirs.all);
    let details = if cancels == Some(true) { None } else { typed(&ask, &mut form, Some(id), beside) };
    let (Some(sequence), true) = (sequence, form.ok()) else {
        return change_page(&ask, &worker, (theirs, one), StatusCode::UNPROCESSABLE_ENTITY, form, false).await;
    };
    match acts::change(&ask.app.db, &ask.app.vault, post, (id, sequence), details).await? {
        Done::To(to) => Ok(see_other(&to)),
        Done::OtherText => {
            form.fault("meeting", OTHER_WORDS);
            change_page(&ask, &worker, (theirs, one), StatusCode::CONFLICT, form.with_new_key(), false).await
        }
        Done::Refused(_) => {
            let (theirs, one) = changing(&ask, &worker, id).await?;
            form.fault(
                "meeting",
                "Somebody changed this appointment while you wrote. Look at what stands below, then save",
            );
            form.put("sequence", one.sequence.to_string());
            change_page(&ask, &worker, (theirs, one), StatusCode::CONFLICT, form.with_new_key(), true).await
        }
    }
}
