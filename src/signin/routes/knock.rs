//! `/cannot-sign-in`: never without a number to call and a form that reaches the team.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use crate::app::{App, Ask};
use crate::error::Result;
use crate::help::crisis::sounds_like_crisis;
use crate::help::views::crisis;
use crate::signin::NewKnock;
use crate::signin::acts;
use crate::signin::views::knock::{CannotSignIn, Knocked};
use crate::ui::{Exit, Frame, Part};
use crate::web::answer::see_other;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/cannot-sign-in", Audience::Account, Cache::Never, show)
        .post("/cannot-sign-in", Audience::Account, send)
        .get("/cannot-sign-in/sent", Audience::Account, Cache::Never, sent)
}

async fn show(ask: Ask) -> Response {
    page(&ask, StatusCode::OK, false, Fields::default())
}

fn page(ask: &Ask, status: StatusCode, urgent: bool, form: Fields) -> Response {
    let content = ask.app.content();
    let library = &content.edition.library;
    let council = library.lines.values().find(|line| line.purpose == crate::help::Purpose::CouncilDay).cloned();
    let places = library.timetable.localities.iter().map(|(slug, place)| (slug.clone(), place.name.clone())).collect();
    let help = urgent.then(|| crisis(library, ask.now));
    let wrong = !form.ok();
    let main = view! { {help} <CannotSignIn council places form/> };
    let frame = Frame::public("I cannot sign in", Part::SignIn, main.into_any()).exit(Exit::Leave);
    ask.page(status, frame.wrong(wrong))
}

async fn send(ask: Ask, mut form: Fields) -> Result<Response> {
    let contact = form.line("contact", 200, "Write who you are and how we can reach you");
    let body = form.text("body", 2_000, "Write what happened");
    let content = ask.app.content();
    let places = &content.edition.library.timetable.localities;
    let locality =
        Some(form.typed("locality")).filter(|slug| places.contains_key(*slug)).unwrap_or_default().to_owned();
    let urgent = sounds_like_crisis(form.typed("body"));
    if !form.ok() {
        return Ok(page(&ask, StatusCode::UNPROCESSABLE_ENTITY, urgent, form));
    }
    let new = NewKnock { locality, body, contact, urgent };
    if acts::knock(&ask.app.db, &ask.app.vault, new, ask.now).await? {
        return Ok(see_other(if urgent { "/cannot-sign-in/sent?now=1" } else { "/cannot-sign-in/sent" }));
    }
    form.fault("body", "Too many people are writing to us at this moment. Your words are still here. Call us, or wait a while and press Send again.");
    Ok(page(&ask, StatusCode::TOO_MANY_REQUESTS, urgent, form))
}

async fn sent(ask: Ask, uri: axum::http::Uri) -> Response {
    let content = ask.app.content();
    let library = &content.edition.library;
    let help = (uri.query() == Some("now=1")).then(|| crisis(library, ask.now));
    let main = view! { {help} <Knocked/> };
    ask.page(StatusCode::OK, Frame::public("Sent", Part::SignIn, main.into_any()).exit(Exit::Leave))
}
