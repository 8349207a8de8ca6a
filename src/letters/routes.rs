//! `/me/letter`: asking for a letter, printing it, and to whom it was shown. `/work/people/{id}/letter`: yes or no.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan as _;
use leptos::prelude::*;

use super::acts::{self, Confirmed, Decision, NotTold};
use super::views::{LetterPage, MyLetters, Paper, TheirLetters};
use super::{How, Letter, LetterId, checked_by, stands, store};
use crate::app::{App, Ask};
use crate::audit::Entry;
use crate::clock::london_date;
use crate::error::{Error, Result};
use crate::people::access::{self, ApproveLetter, ReadLetter};
use crate::people::{Person, PersonId, store as people};
use crate::signin::acts::{Done, Post};
use crate::signin::guard::{Adviser, Me, Open, Session};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

const PATH: &str = "/me/letter";
/// The longest name of a receiver, in characters.
const LINE: usize = 200;
/// The longest reason, in characters.
const LONGEST: usize = 1_000;
const OTHER_WORDS: &str =
    "This page was sent before with other words. What you typed is below and was not saved: save it now.";

/// The addresses of this feature.
pub fn routes() -> Routes<App> {
    Routes::default()
        .get(PATH, Audience::PersonOpen, Cache::Never, mine)
        .post(PATH, Audience::PersonOpen, ask_for)
        .get("/me/letter/{id}", Audience::PersonOpen, Cache::Never, paper)
        .post("/me/letter/{id}", Audience::PersonOpen, show)
        .get("/work/people/{id}/letter", Audience::Adviser, Cache::Never, theirs)
        .post("/work/people/{id}/letter", Audience::Adviser, decide)
}

fn id_of(id: &str) -> Result<LetterId> {
    LetterId::parse(id).ok_or(Error::NotFound)
}

/// Somebody with their letters, as a page needs them.
struct Known {
    person: Person,
    letters: Vec<Letter>,
    /// Who looks at a request.
    looks: String,
    entry: Entry,
}

async fn known(ask: &Ask, session: &Session, person: PersonId) -> Result<Known> {
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<ReadLetter, _>(&mut db, &session.actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    let letters = store::all(&mut access, &ask.app.vault).await?;
    let shown = people::person(&mut access, &ask.app.vault).await?;
    let workers = people::workers(&mut access, &ask.app.vault).await?;
    let lead = workers.into_iter().find(|worker| worker.lead).map(|worker| worker.name);
    let looks = lead.unwrap_or_else(|| format!("the {}", shown.team.duty_desk));
    Ok(Known { person: shown, letters, looks, entry: access.entry() })
}

async fn mine(ask: Ask, Open(me): Open<Me>) -> Result<Response> {
    my_page(&ask, &me, StatusCode::OK, Fields::default()).await
}

async fn my_page(ask: &Ask, me: &Me, status: StatusCode, form: Fields) -> Result<Response> {
    let Known { letters, looks, entry, .. } = known(ask, &me.session, me.person).await?;
    let audited = ask.viewed(entry).await?;
    let wrong = !form.ok();
    let main = view! { <MyLetters letters looks form/> };
    let frame = Frame::person("Letter", Part::Me, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(me.session.flash.map(Flash::says))))
}

async fn ask_for(ask: Ask, Open(me): Open<Me>, mut form: Fields) -> Result<Response> {
    let post = me.session.post(&ask, me.person, &mut form, PATH.to_owned())?;
    if !form.ok() {
        return my_page(&ask, &me, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    match acts::ask(&ask.app.db, post).await? {
        Done::To(to) => Ok(see_other(&to)),
        Done::OtherText | Done::Refused(_) => Ok(see_other(PATH)),
    }
}

async fn paper(ask: Ask, Open(me): Open<Me>, Path(id): Path<String>) -> Result<Response> {
    paper_page(&ask, &me, id_of(&id)?, StatusCode::OK, Fields::default()).await
}

/// The letter to print: only one that stands.
async fn paper_page(ask: &Ask, me: &Me, id: LetterId, status: StatusCode, form: Fields) -> Result<Response> {
    let Known { person, letters, entry, .. } = known(ask, &me.session, me.person).await?;
    let letter = stands(&letters).filter(|one| one.id == id).cloned().ok_or(Error::NotFound)?;
    let audited = ask.viewed(Entry { object_id: Some(id.cast()), ..entry }).await?;
    let content = ask.app.content();
    let locality = content.edition.library.timetable.localities.get(&person.team.locality);
    let council = locality.map_or_else(|| ask.app.site_name.clone(), |one| one.council.clone());
    let line = checked_by(content.edition.library.lines.values(), &person.team.locality);
    let check = line.map(|line| line.number.to_string());
    let paper = Paper { name: person.name, born_on: person.born_on, council, check, today: london_date(ask.now) };
    let wrong = !form.ok();
    let main = view! { <LetterPage letter paper form/> };
    let frame = Frame::person("Letter", Part::Me, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(me.session.flash.map(Flash::says))))
}

async fn show(ask: Ask, Open(me): Open<Me>, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let id = id_of(&id)?;
    let post = me.session.post(&ask, me.person, &mut form, format!("{PATH}/{id}"))?;
    let receiver = form.line("receiver", LINE, "Say who it is for, as in: My training provider");
    if !form.ok() {
        return paper_page(&ask, &me, id, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    match acts::show(&ask.app.db, &ask.app.vault, post, id, receiver).await? {
        Done::To(to) => Ok(see_other(&to)),
        Done::OtherText | Done::Refused(_) => {
            form.fault("receiver", OTHER_WORDS);
            paper_page(&ask, &me, id, StatusCode::CONFLICT, form.with_new_key()).await
        }
    }
}

fn their_path(person: PersonId) -> String {
    format!("/work/people/{person}/letter")
}

async fn theirs(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let person = PersonId::parse(&id).ok_or(Error::NotFound)?;
    let form = worker.session.with_kept(&ask, &their_path(person), Fields::default()).await?;
    their_page(&ask, &worker, person, StatusCode::OK, form).await
}

async fn decides(ask: &Ask, worker: &Adviser, person: PersonId) -> Result<bool> {
    let mut db = ask.app.db.read().await?;
    Ok(access::check::<ApproveLetter, _>(&mut db, &worker.session.actor, person, ask.now).await?.is_some())
}

async fn their_page(
    ask: &Ask,
    worker: &Adviser,
    person: PersonId,
    status: StatusCode,
    form: Fields,
) -> Result<Response> {
    let decides = decides(ask, worker, person).await?;
    let Known { person, letters, entry, .. } = known(ask, &worker.session, person).await?;
    let audited = ask.viewed(entry).await?;
    let wrong = !form.ok();
    let main =
        view! { <TheirLetters id=person.id called=person.called letters decides form today=london_date(ask.now)/> };
    let frame = Frame::staff("Letter", worker.nav(), Part::People, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(worker.session.flash.map(Flash::says))))
}

async fn decide(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let person = PersonId::parse(&id).ok_or(Error::NotFound)?;
    if !decides(&ask, &worker, person).await? {
        return Err(Error::NotFound);
    }
    let post = worker.session.post(&ask, person, &mut form, their_path(person))?.written_on(their_path(person));
    if form.typed("do") == "tell" {
        return tell(&ask, &worker, post, form).await;
    }
    let what = form.choice(
        "do",
        |word| ["approve", "refuse", "take-back"].into_iter().find(|known| *known == word),
        "Press one of the buttons below",
    );
    let letter = form.choice("letter", LetterId::parse, "Load this page again and decide once more");
    // Words that stand beside a yes would be lost without a sign: they go with a no alone.
    let reason = match what {
        Some("approve") => form.optional_text("reason", LONGEST).unwrap_or_default(),
        _ => form.text("reason", LONGEST, "Say why. They read it"),
    };
    if what == Some("approve") && !reason.is_empty() {
        form.fault("reason", "A reason goes with a no. Take it away, or send them a message");
    }
    let decision = match (what, letter) {
        (Some("approve"), Some(letter)) => Some(Decision::Approve(letter)),
        (Some("refuse"), Some(letter)) => Some(Decision::Refuse(letter, reason)),
        (Some("take-back"), Some(letter)) => Some(Decision::TakeBack(letter, reason)),
        _ => None,
    };
    let (Some(decision), true) = (decision, form.ok()) else {
        return their_page(&ask, &worker, person, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let fault = match acts::decide(&ask.app.db, &ask.app.vault, post, decision).await? {
        Done::To(to) => return Ok(see_other(&to)),
        Done::OtherText => OTHER_WORDS,
        Done::Refused(_) => "Somebody decided about this before. What they decided stands below",
    };
    form.fault("reason", fault);
    their_page(&ask, &worker, person, StatusCode::CONFLICT, form.with_new_key()).await
}

/// How many days back a letter was confirmed that is written down now.
const BACK: i32 = 366;

/// Writes down to whom the worker confirmed the letter that stands.
async fn tell(ask: &Ask, worker: &Adviser, post: Post, mut form: Fields) -> Result<Response> {
    let (person, today) = (post.person, london_date(ask.now));
    // Sent twice it is no press of this button.
    let pressed = form.choice("do", |word| (word == "tell").then_some(()), "Press one of the buttons below");
    let letter = form.choice("letter", LetterId::parse, "Load this page again, then write it down");
    let to = form.line("receiver", LINE, "Say who asked, as in: The letting agent in Preston");
    let how = form.choice("how", How::parse, "Choose how you confirmed it");
    let on = form.iso_date("day", "Write the day, as in 2026-12-04");
    if on.is_some_and(|on| on > today) {
        form.fault("day", "That day is still to come. Write it down when you have confirmed it");
    }
    if on.is_some_and(|on| on < today.saturating_sub(BACK.days())) {
        form.fault("day", "Check the year: that is more than a year ago");
    }
    let (Some(()), Some(letter), Some(how), Some(on), true) = (pressed, letter, how, on, form.ok()) else {
        return their_page(ask, worker, person, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let (name, fault) = match acts::tell(&ask.app.db, &ask.app.vault, post, Confirmed { letter, to, how, on }).await? {
        Done::To(to) => return Ok(see_other(&to)),
        Done::OtherText => ("receiver", OTHER_WORDS),
        Done::Refused(NotTold::Over) => ("receiver", "This letter does not hold any more, so nothing was written down"),
        Done::Refused(NotTold::Before) => ("day", "The letter was approved later than that day"),
    };
    form.fault(name, fault);
    their_page(ask, worker, person, StatusCode::CONFLICT, form.with_new_key()).await
}
