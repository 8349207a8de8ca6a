//! `/feedback`: what is wrong with a page, or missing. No cookie, and nothing about the reader in
//! any address.

use axum::http::{StatusCode, Uri};
use axum::response::Response;

use super::acts::{self, Told};
use super::feedback::{LONGEST, LONGEST_CONTACT, New};
use super::views::feedback::{Look, subject, tell_us, thanks};
use crate::app::{App, Ask};
use crate::error::Result;
use crate::help::crisis::sounds_like_crisis;
use crate::web::answer::see_other;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of this feature that are not drawn ahead.
pub fn routes() -> Routes<App> {
    Routes::default()
        .get("/feedback", Audience::Public, Cache::Never, page)
        .post("/feedback", Audience::Public, send)
        .get("/feedback/thanks", Audience::Public, Cache::Never, after)
}

/// The first value of this name in an address.
fn asked(uri: &Uri, name: &str) -> String {
    let query = uri.query().unwrap_or_default().as_bytes();
    form_urlencoded::parse(query).find(|(n, _)| n == name).map_or_else(String::new, |(_, value)| value.into_owned())
}

fn draw(ask: &Ask, status: StatusCode, about: &str, look: Look, form: Fields) -> Response {
    let content = ask.app.content();
    let library = &content.edition.library;
    let full = status == StatusCode::TOO_MANY_REQUESTS;
    ask.page(status, tell_us(library, &subject(library, about), ask.now, look, full, form))
}

async fn page(ask: Ask, uri: Uri) -> Result<Response> {
    Ok(draw(&ask, StatusCode::OK, &asked(&uri, "about"), Look::Calm, Fields::default()))
}

async fn send(ask: Ask, mut form: Fields) -> Result<Response> {
    let about = subject(&ask.app.content().edition.library, form.typed("about")).about;
    let body = form.text("body", LONGEST, "Write what is wrong, or what is missing.");
    let contact = form.optional("contact", LONGEST_CONTACT);
    // Asked of what was typed, fault or not: help is shown even where the words are not taken.
    let urgent = sounds_like_crisis(form.typed("body"));
    let look = if urgent { Look::Urgent } else { Look::Calm };
    if !form.ok() {
        return Ok(draw(&ask, StatusCode::UNPROCESSABLE_ENTITY, &about, look, form));
    }
    let new = New { about: about.clone(), body, contact, urgent };
    match acts::tell(&ask.app.db, &ask.app.vault, new, ask.now).await? {
        Told::Kept => Ok(see_other(if urgent { "/feedback/thanks?now=1" } else { "/feedback/thanks" })),
        Told::TooMany => {
            form.fault("body", "Too many people are writing to us at this moment. Your words are still here. Wait a while, then press Send again.");
            Ok(draw(&ask, StatusCode::TOO_MANY_REQUESTS, &about, look, form))
        }
    }
}

async fn after(ask: Ask, uri: Uri) -> Result<Response> {
    let look = if asked(&uri, "now") == "1" { Look::Urgent } else { Look::Calm };
    let content = ask.app.content();
    Ok(ask.page(StatusCode::OK, thanks(&content.edition.library, ask.now, look)))
}
