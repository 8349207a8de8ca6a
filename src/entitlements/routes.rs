//! `/entitlements/check` and the list as JSON. Nothing that is answered is kept or stands in an address.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use serde_json::{Value, json};

use super::checker::find;
use super::questions::{QUESTIONS, Question, answers, asked};
use super::views::{Ask as AskView, answer, districts};
use super::{Entitlement, InForce, Living};
use crate::app::{App, Ask};
use crate::clock::london_date;
use crate::error::{Error, Result};
use crate::offer::Truth;
use crate::ui::{Frame, Part};
use crate::web::answer;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

const PATH: &str = "/entitlements/check";

/// The addresses of this feature that are not drawn ahead.
pub fn routes() -> Routes<App> {
    Routes::default().get(PATH, Audience::Public, Cache::Never, start).post(PATH, Audience::Public, step).get(
        "/entitlements.json",
        Audience::Public,
        Cache::Revalidate,
        list,
    )
}

async fn start(ask: Ask) -> Result<Response> {
    let [first, ..] = &QUESTIONS;
    Ok(ask.page(StatusCode::OK, frame(&ask, first, Fields::default())))
}

fn question(ask: &Ask, status: StatusCode, question: &'static Question, form: Fields) -> Response {
    ask.step(status, frame(ask, question, form))
}

fn frame(ask: &Ask, question: &'static Question, form: Fields) -> Frame {
    let content = ask.app.content();
    let districts = districts(&content.edition.library);
    let wrong = !form.ok();
    let main = view! { <AskView question districts form/> };
    let frame = Frame::public(question.asks, Part::Offer, main.into_any()).wrong(wrong);
    frame.summary("Six questions about you. Then you see what you can get. We do not keep your answers.")
}

async fn step(ask: Ask, mut form: Fields) -> Result<Response> {
    let incomplete = Error::Refused(
        StatusCode::BAD_REQUEST,
        "That form was not complete. Go back, load the page again and send it once more.",
    );
    let Some(here) = form.choice("step", Question::named, "") else { return Err(incomplete) };
    let way = form.typed("do").to_owned();
    if let Some(other) = way.strip_prefix("change-").and_then(Question::named) {
        return Ok(question(&ask, StatusCode::OK, other, form));
    }
    let asked_now = asked(&form);
    let at = asked_now.iter().position(|question| question.name == here.name).unwrap_or_default();
    if way == "back" {
        let before = at.checked_sub(1).and_then(|at| asked_now.get(at)).copied();
        return Ok(question(&ask, StatusCode::OK, before.unwrap_or(here), form));
    }
    let content = ask.app.content();
    let library = &content.edition.library;
    here.check(&mut form, &districts(library));
    if !form.ok() {
        return Ok(question(&ask, StatusCode::UNPROCESSABLE_ENTITY, here, form));
    }
    // The first one without an answer comes next: an answer that was changed may open another question.
    let open =
        asked(&form).into_iter().find(|question| question.fields().iter().all(|name| form.typed(name).is_empty()));
    if let Some(next) = open {
        return Ok(question(&ask, StatusCode::OK, next, form));
    }
    let (answers, today) = (answers(&form), london_date(ask.now));
    let found = find(&answers, &library.entitlements, today);
    // It says everything about somebody at once: no browser keeps it.
    Ok(ask.page(StatusCode::OK, answer(library, &answers, &found, &form, today)))
}

async fn list(State(app): State<App>) -> Response {
    let content = app.content();
    let library = &content.edition.library;
    let all: Vec<Value> = library.entitlements.values().map(one).collect();
    answer::json(&json!({ "version": content.edition.version, "entitlements": all }))
}

fn one(right: &Entitlement) -> Value {
    let of = &right.conditions;
    let words = |all: Vec<&'static str>| (!all.is_empty()).then_some(all);
    json!({
        "id": right.slug,
        "name": right.name,
        "area": right.area.as_str(),
        "amount": right.amount,
        "rule": right.rule,
        "basis": right.basis.as_str(),
        "who": right.who,
        "conditions": {
            "groups": words(of.groups.iter().map(|group| group.as_str()).collect()),
            "anyone": of.anyone,
            "care_at_16": of.care_at_16,
            "min_age": of.min_age,
            "max_age": of.max_age,
            "life": words(of.life.iter().map(|life| life.as_str()).collect()),
            "districts": (!of.districts.is_empty()).then_some(&of.districts),
            "living": of.living.map(|living| if living == Living::Inside { "in" } else { "out" }),
            "our_council": of.our_council,
        },
        "how": right.how,
        "proof": right.proof,
        "lasts": right.lasts,
        "in_force": match right.in_force {
            InForce::Yes => Value::Null,
            InForce::From(date) => json!(date.to_string()),
            InForce::NotYet => json!("not-yet"),
        },
        "leaflet": right.leaflet,
        "sources": right.claims.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "checked_on": right.checked_on.to_string(),
        "review_by": right.review_by.to_string(),
        "confirmed": matches!(right.truth, Truth::Confirmed { .. }),
    })
}
