//! Reviews: `/me/plan/meeting`, getting ready for one and asking for one; `/work/people/{id}/plan/review`, holding one;
//! `/work/people/{id}/plan/assessment`, the assessment before the first plan.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan as _;
use leptos::prelude::*;

use super::{OTHER_WORDS, button, load, person_of, pressed};
use crate::app::{App, Ask};
use crate::clock::london_date;
use crate::error::{Error, Result};
use crate::people::access::{self, HoldReview, PrepareMeeting, ReadPlan};
use crate::people::{PersonId, store as people};
use crate::plan::acts::{self, Done};
use crate::plan::store;
use crate::plan::views::{Assessing, Meeting, Reviewing};
use crate::plan::{Heading, LONGEST, Prep, Say};
use crate::signin::guard::{Adviser, Fresh, Me};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/me/plan/meeting", Audience::PersonSealed, Cache::Never, meeting)
        .post("/me/plan/meeting", Audience::PersonSealed, prepare)
        .post("/me/plan/review", Audience::PersonSealed, ask_for)
        .get("/work/people/{id}/plan/review", Audience::Adviser, Cache::Never, reviewing)
        .post("/work/people/{id}/plan/review", Audience::Adviser, review)
        .get("/work/people/{id}/plan/assessment", Audience::Adviser, Cache::Never, assessing)
        .post("/work/people/{id}/plan/assessment", Audience::Adviser, assess)
}

const LATER: &str = "You kept something else since you opened this page. It stands below. Nothing was overwritten: put both together and save again.";
const MEETING: &str = "/me/plan/meeting";

async fn meeting(ask: Ask, Fresh(me): Fresh<Me>) -> Result<Response> {
    meeting_page(&ask, &me, StatusCode::OK, None).await
}

async fn meeting_page(ask: &Ask, me: &Me, status: StatusCode, form: Option<Fields>) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    access::check::<PrepareMeeting, _>(&mut db, &me.session.actor, me.person, ask.now).await?.ok_or(Error::NotFound)?;
    let mut access =
        access::check::<ReadPlan, _>(&mut db, &me.session.actor, me.person, ask.now).await?.ok_or(Error::NotFound)?;
    let whole = load(ask, &mut access, false).await?;
    let reviews = store::reviews(&mut access).await?;
    let entry = access.entry();
    drop(db);
    let audited = ask.viewed(entry).await?;
    let prep = whole.prep().cloned().unwrap_or_default();
    let form = match form {
        Some(form) => form,
        None => {
            let mut form = Fields::filled([("body", prep.questions.clone().unwrap_or_default())]);
            for heading in &prep.topics {
                form.put(&format!("t-{}", heading.as_str()), "yes".to_owned());
            }
            me.session.with_kept(ask, MEETING, form).await?
        }
    };
    let shared = whole.preps.iter().filter(|one| one.used_at.is_none()).find_map(|one| one.shared_at);
    // What stands in the box is not told a second time, but where something else was typed.
    let preps: Vec<_> = whole
        .preps
        .into_iter()
        .filter(|one| !form.ok() || !form.typed("kept").is_empty() || one.at != prep.at)
        .collect();
    let wrong = !form.ok();
    let main = view! { <Meeting preps stands=prep.at shared due=whole.due reviews form/> };
    let frame = Frame::person("Plan", Part::Plan, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(me.session.flash.map(Flash::says))))
}

async fn prepare(ask: Ask, Fresh(me): Fresh<Me>, mut form: Fields) -> Result<Response> {
    form.key()?;
    let topics: Vec<Heading> =
        form.all().filter_map(|(name, _)| name.strip_prefix("t-").and_then(Heading::parse)).collect();
    let questions = form.optional_text("body", LONGEST);
    let known = |word: &str| matches!(word, "keep" | "share").then_some(word == "share");
    let shares = form.choice("do", known, "Press one of the buttons below");
    if topics.is_empty() && questions.is_none() {
        form.fault("body", "Tick something, or write what you want to ask");
    }
    let seen = form.choice("seen", |at| at.parse::<i64>().ok(), "Load this page again and save it once more");
    let (Some(shares), Some(seen), true) = (shares, seen, form.ok()) else {
        return meeting_page(&ask, &me, StatusCode::UNPROCESSABLE_ENTITY, Some(form)).await;
    };
    let at = ask.now.as_microsecond();
    let prep = Prep { topics, questions, at, shared_at: shares.then_some(at), used_at: None };
    let post = me.session.post(&ask, me.person, &mut form, MEETING.to_owned())?.written_on(MEETING.to_owned());
    match acts::prepare(&ask.app.db, &ask.app.vault, post, (seen, prep)).await? {
        Done::To(to) => Ok(see_other(&to)),
        done => {
            form.fault("body", if done == Done::OtherText { OTHER_WORDS } else { LATER });
            // Whoever is told what stands there has seen it now.
            form.put("seen", String::new());
            meeting_page(&ask, &me, StatusCode::CONFLICT, Some(form.with_new_key())).await
        }
    }
}

async fn ask_for(ask: Ask, Fresh(me): Fresh<Me>, mut form: Fields) -> Result<Response> {
    let post = button(&ask, &me.session, me.person, &mut form, "/me/plan/meeting".to_owned())?;
    pressed(acts::ask_review(&ask.app.db, post, None).await?)
}

async fn reviewing(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let person = person_of(&id)?;
    let form = Fields::filled([("held", london_date(ask.now).to_string())]);
    let form = worker.session.with_kept(&ask, &review_of(person), form).await?;
    review_page(&ask, &worker, person, StatusCode::OK, form).await
}

/// The page on which a review of somebody's plan is written down.
fn review_of(person: PersonId) -> String {
    format!("/work/people/{person}/plan/review")
}

async fn review_page(
    ask: &Ask,
    worker: &Adviser,
    person: PersonId,
    status: StatusCode,
    form: Fields,
) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    access::check::<HoldReview, _>(&mut db, &worker.session.actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    let mut access =
        access::check::<ReadPlan, _>(&mut db, &worker.session.actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    let whole = load(ask, &mut access, true).await?;
    let reviews = store::reviews(&mut access).await?;
    let called = whole.person.called;
    let entry = access.entry();
    drop(db);
    let audited = ask.viewed(entry).await?;
    let wrong = !form.ok();
    let open = whole.says.into_iter().filter(Say::is_open).collect();
    let main = view! { <Reviewing person called due=whole.due preps=whole.preps open reviews form/> };
    let frame = Frame::staff("Plan", worker.nav(), Part::Work, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame))
}

async fn review(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let person = person_of(&id)?;
    form.key()?;
    let today = london_date(ask.now);
    let known = |word: &str| matches!(word, "held" | "set").then_some(word == "held");
    let held = form.choice("do", known, "Press one of the buttons below");
    let base = format!("/work/people/{person}/plan");
    let (name, missing) = if held == Some(false) {
        ("by", "Write the day by which you talk about it, as in 2026-12-04")
    } else {
        ("held", "Write the day on which you talked about it, as in 2026-12-04")
    };
    let day = form.iso_date(name, missing);
    match (held, day) {
        (Some(true), Some(day)) if day > today => form.fault("held", "That day is still to come"),
        (Some(true), Some(day)) if day < today.saturating_sub(2.years()) => {
            form.fault("held", "Check the year of that day");
        }
        (Some(false), Some(day)) if day < today => form.fault("by", "That day is over"),
        _ => {}
    }
    let (Some(held), Some(day), true) = (held, day, form.ok()) else {
        return review_page(&ask, &worker, person, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    // What was agreed at it becomes what somebody does.
    let to = if held { format!("{base}/agreed") } else { base };
    let post = worker.session.post(&ask, person, &mut form, to)?.written_on(review_of(person));
    let done = if held {
        acts::hold_review(&ask.app.db, post, day).await?
    } else {
        acts::ask_review(&ask.app.db, post, Some(day)).await?
    };
    if done == Done::OtherText {
        form.fault(name, OTHER_WORDS);
        return review_page(&ask, &worker, person, StatusCode::CONFLICT, form.with_new_key()).await;
    }
    pressed(done)
}

async fn assessing(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    assess_page(&ask, &worker, person_of(&id)?, StatusCode::OK, None).await
}

/// The page of somebody's assessment.
fn assessment_of(person: PersonId) -> String {
    format!("/work/people/{person}/plan/assessment")
}

async fn assess_page(
    ask: &Ask,
    worker: &Adviser,
    person: PersonId,
    status: StatusCode,
    form: Option<Fields>,
) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let mut access = access::check::<HoldReview, _>(&mut db, &worker.session.actor, person, ask.now)
        .await?
        .ok_or(Error::NotFound)?;
    let known = store::young(&mut access.list(), &[person]).await?;
    let (eligible, assessed) = known.get(&person).map(|(assessed, _)| *assessed).unwrap_or_default();
    let crate::people::Person { called, born_on, .. } = people::person(&mut access, &ask.app.vault).await?;
    let entry = crate::audit::Entry { action: "read", object: "profile", ..access.entry() };
    drop(db);
    let audited = ask.viewed(entry).await?;
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let form = match form {
        Some(form) => form,
        None => {
            let form = Fields::filled([("eligible", day(eligible)), ("assessed", day(assessed))]);
            worker.session.with_kept(ask, &assessment_of(person), form).await?
        }
    };
    let wrong = !form.ok();
    let due = crate::plan::review::assess_by(born_on, eligible);
    let main = view! { <Assessing person called due stands=(eligible, assessed) form/> };
    let frame = Frame::staff("Plan", worker.nav(), Part::Work, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame))
}

async fn assess(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let person = person_of(&id)?;
    form.key()?;
    let mut day = |name: &'static str| match form.typed(name).trim() {
        "" => None,
        _ => form.iso_date(name, "Write the day, as in 2026-12-04, or leave it empty"),
    };
    let (eligible, assessed) = (day("eligible"), day("assessed"));
    if assessed.is_some_and(|on| on > london_date(ask.now)) {
        form.fault("assessed", "That day is still to come");
    }
    if !form.ok() {
        return assess_page(&ask, &worker, person, StatusCode::UNPROCESSABLE_ENTITY, Some(form)).await;
    }
    let post = worker.session.post(&ask, person, &mut form, format!("/work/people/{person}"))?;
    let done = acts::assess(&ask.app.db, post.written_on(assessment_of(person)), (eligible, assessed)).await?;
    if done == Done::OtherText {
        form.fault("eligible", OTHER_WORDS);
        return assess_page(&ask, &worker, person, StatusCode::CONFLICT, Some(form.with_new_key())).await;
    }
    pressed(done)
}
