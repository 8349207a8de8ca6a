//! Reviews: `/me/plan/meeting`, getting ready for one and asking for one; `/work/people/{id}/plan/review`, holding one;
//! `/work/people/{id}/plan/assessment`, the assessment before the first plan.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan as _;
use leptos::prelude::*;

use super::{OTHER_WORDS, button, load, person_of, post, pressed, with_new_key};
use crate::app::{App, Ask};
use crate::clock::london_date;
use crate::error::{Error, Result};
use crate::people::access::{self, HoldReview, PrepareMeeting, ReadPlan};
use crate::people::{PersonId, store as people};
use crate::plan::acts::{self, Done};
use crate::plan::store;
use crate::plan::views::{Assessing, Meeting, Reviewing};
use crate::plan::{Heading, LONGEST, Prep};
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
    let prep = whole.prep.clone().unwrap_or_default();
    let form = form.unwrap_or_else(|| {
        let mut form = Fields::filled([("questions", prep.questions.clone().unwrap_or_default())]);
        for heading in &prep.topics {
            form.put(&format!("t-{}", heading.as_str()), "yes".to_owned());
        }
        form
    });
    let wrong = !form.ok();
    let main = view! { <Meeting shared_at=prep.shared_at due=whole.due reviews form/> };
    let frame = Frame::person("Plan", Part::Plan, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(me.session.flash.map(Flash::says))))
}

async fn prepare(ask: Ask, Fresh(me): Fresh<Me>, mut form: Fields) -> Result<Response> {
    form.key()?;
    let topics: Vec<Heading> =
        form.all().filter_map(|(name, _)| name.strip_prefix("t-").and_then(Heading::parse)).collect();
    let questions = form.optional_text("questions", LONGEST);
    let known = |word: &str| matches!(word, "keep" | "share").then_some(word == "share");
    let shares = form.choice("do", known, "Press one of the buttons below");
    if topics.is_empty() && questions.is_none() {
        form.fault("questions", "Tick something, or write what you want to ask");
    }
    let (Some(shares), true) = (shares, form.ok()) else {
        return meeting_page(&ask, &me, StatusCode::UNPROCESSABLE_ENTITY, Some(form)).await;
    };
    let prep = Prep { topics, questions, shared_at: shares.then(|| ask.now.as_microsecond()) };
    let post = post(&ask, &me.session, me.person, &mut form, "/me/plan/meeting".to_owned())?;
    match acts::prepare(&ask.app.db, &ask.app.vault, post, prep).await? {
        Done::To(to) => Ok(see_other(&to)),
        Done::OtherText | Done::Refused(_) => {
            form.fault("questions", OTHER_WORDS);
            meeting_page(&ask, &me, StatusCode::CONFLICT, Some(with_new_key(form))).await
        }
    }
}

async fn ask_for(ask: Ask, Fresh(me): Fresh<Me>, mut form: Fields) -> Result<Response> {
    let post = button(&ask, &me.session, me.person, &mut form, "/me/plan/meeting".to_owned())?;
    pressed(acts::ask_review(&ask.app.db, post, None).await?)
}

async fn reviewing(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let today = london_date(ask.now).to_string();
    review_page(&ask, &worker, person_of(&id)?, StatusCode::OK, Fields::filled([("held", today)])).await
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
    let called = people::person(&mut access, &ask.app.vault).await?.called;
    let entry = access.entry();
    drop(db);
    let audited = ask.viewed(entry).await?;
    let wrong = !form.ok();
    let main = view! { <Reviewing person called due=whole.due prep=whole.prep reviews form/> };
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
    let post = post(&ask, &worker.session, person, &mut form, base)?;
    let done = if held {
        acts::hold_review(&ask.app.db, post, day).await?
    } else {
        acts::ask_review(&ask.app.db, post, Some(day)).await?
    };
    pressed(done)
}

async fn assessing(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    assess_page(&ask, &worker, person_of(&id)?, StatusCode::OK, None).await
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
    let born_on = people::born_on(access.reads(), person).await?;
    let called = people::person(&mut access, &ask.app.vault).await?.called;
    let entry = crate::audit::Entry { action: "read", object: "profile", ..access.entry() };
    drop(db);
    let audited = ask.viewed(entry).await?;
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let form = form.unwrap_or_else(|| Fields::filled([("eligible", day(eligible)), ("assessed", day(assessed))]));
    let wrong = !form.ok();
    let due = born_on.map(|born_on| crate::plan::review::assess_by(born_on, eligible));
    let main = view! { <Assessing person called due form/> };
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
    let post = button(&ask, &worker.session, person, &mut form, format!("/work/people/{person}"))?;
    pressed(acts::assess(&ask.app.db, post, (eligible, assessed)).await?)
}
