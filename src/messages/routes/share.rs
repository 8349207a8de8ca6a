//! `/work/people/{id}/messages/share`: a part of the offer or a drop-in into the thread, in two taps.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::theirs::{person_of, their_path};
use super::{OTHER_TEXT, new_send};
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::messages::What;
use crate::messages::acts::{self, Send, Sent};
use crate::messages::share::{Card, drop_ins, rights};
use crate::messages::views::Share;
use crate::people::access::{self, AnswerMessage};
use crate::people::{PersonId, store as people};
use crate::signin::guard::Adviser;
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

pub(super) fn routes() -> Routes<App> {
    Routes::default().get("/work/people/{id}/messages/share", Audience::Adviser, Cache::Never, show).post(
        "/work/people/{id}/messages/share",
        Audience::Adviser,
        send,
    )
}

async fn show(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    page(&ask, &worker, person_of(&id)?, StatusCode::OK, Fields::default()).await
}

/// What can be sent to somebody: parts of the offer, and drop-ins of their locality.
async fn cards(ask: &Ask, worker: &Adviser, person: PersonId) -> Result<(String, crate::audit::Entry, [Vec<Card>; 2])> {
    let mut db = ask.app.db.read().await?;
    let mut access = access::check::<AnswerMessage, _>(&mut db, &worker.session.actor, person, ask.now)
        .await?
        .ok_or(Error::NotFound)?;
    let who = people::person(&mut access, &ask.app.vault).await?;
    let entry = crate::audit::Entry { action: "read", object: "profile", ..access.entry() };
    drop(db);
    let content = ask.app.content();
    let library = &content.edition.library;
    Ok((who.called, entry, [drop_ins(library, &who.team.locality, ask.now), rights(library, ask.now)]))
}

async fn page(ask: &Ask, worker: &Adviser, person: PersonId, status: StatusCode, form: Fields) -> Result<Response> {
    let (called, entry, [drop_ins, rights]) = cards(ask, worker, person).await?;
    let audited = ask.viewed(entry).await?;
    let (path, wrong) = (their_path(person), !form.ok());
    let main = view! { <Share called path drop_ins rights form/> };
    let frame = Frame::staff("Share", worker.nav(), Part::Work, main.into_any());
    Ok(ask.private_page(&audited, status, frame.wrong(wrong)))
}

async fn send(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let (person, key) = (person_of(&id)?, form.key()?);
    let (_, _, all) = cards(&ask, &worker, person).await?;
    let find = |word: &str| all.iter().flatten().find(|card| card.word == word).cloned();
    let card = form.choice("what", find, "That is not in the offer any more, or is over. Choose again");
    let (Some(card), true) = (card, form.ok()) else {
        return page(&ask, &worker, person, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let path = their_path(person);
    let send = new_send(&ask, person, &worker.session, key, (What::Said, card.text), path.clone());
    // What is half written to them stays.
    let send = Send { place: format!("{path}/share"), ..send };
    match acts::answer(&ask.app.db, &ask.app.vault, send).await? {
        Sent::Done(to) => Ok(see_other(&to)),
        Sent::OtherText => {
            form.fault("what", OTHER_TEXT);
            page(&ask, &worker, person, StatusCode::CONFLICT, form.with_new_key()).await
        }
    }
}
