//! What a young person does with their own messages besides writing: search, hide, print, take away.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use crate::app::{App, Ask};
use crate::audit::Entry;
use crate::error::{Error, Result};
use crate::messages::views::{Found, Hiding, OnPaper, Searching, file};
use crate::messages::{Message, Page, acts, store};
use crate::people::PersonId;
use crate::people::access::{self, ExportRecord, ReadThread};
use crate::signin::guard::{Fresh, Me, Open, Session};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/me/messages/search", Audience::PersonOpen, Cache::Never, searching)
        .post("/me/messages/search", Audience::PersonOpen, search)
        .get("/me/messages/hide", Audience::PersonOpen, Cache::Never, hiding)
        .post("/me/messages/hide", Audience::PersonOpen, hide)
        .get("/me/messages/print", Audience::PersonOpen, Cache::Never, on_paper)
        .get("/me/messages/file", Audience::PersonSealed, Cache::Never, take)
}

/// Every message that is not hidden, oldest first, and the row of the reading.
async fn whole(ask: &Ask, session: &Session, person: PersonId) -> Result<(Vec<Message>, Entry)> {
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<ReadThread, _>(&mut db, &session.actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    let messages = store::whole_thread(&mut access, &ask.app.vault, false).await?;
    Ok((messages, access.entry()))
}

async fn searching(ask: Ask, Open(_): Open<Me>) -> Response {
    search_page(&ask, StatusCode::OK, Fields::default())
}

fn search_page(ask: &Ask, status: StatusCode, form: Fields) -> Response {
    let wrong = !form.ok();
    let main = view! { <Searching form/> };
    ask.page(status, Frame::person("Search", Part::Messages, main.into_any()).wrong(wrong))
}

/// Whether every one of these words is in a text, in small letters or capitals.
fn has_all(text: &str, words: &str) -> bool {
    let text = text.to_lowercase();
    words.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

async fn search(ask: Ask, Open(me): Open<Me>, mut form: Fields) -> Result<Response> {
    let words = form.line("words", 200, "Write the words to search for");
    if !form.ok() {
        return Ok(search_page(&ask, StatusCode::UNPROCESSABLE_ENTITY, form));
    }
    let (mut messages, entry) = whole(&ask, &me.session, me.person).await?;
    messages.retain(|one| has_all(&one.body, &words));
    messages.reverse();
    let audited = ask.viewed(entry).await?;
    let now = ask.now;
    let main = view! { <Found words messages now/> };
    Ok(ask.private_page(&audited, StatusCode::OK, Frame::person("Search", Part::Messages, main.into_any())))
}

async fn hiding(ask: Ask, Open(me): Open<Me>) -> Result<Response> {
    hide_page(&ask, &me, StatusCode::OK, Fields::default()).await
}

async fn hide_page(ask: &Ask, me: &Me, status: StatusCode, form: Fields) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<ReadThread, _>(&mut db, &me.session.actor, me.person, ask.now).await?.ok_or(Error::NotFound)?;
    let page: Page = store::thread(&mut access, &ask.app.vault, None).await?;
    let entry = access.entry();
    drop(db);
    let audited = ask.viewed(entry).await?;
    let (now, wrong) = (ask.now, !form.ok());
    let main = view! { <Hiding page now form/> };
    let frame = Frame::person("Hide", Part::Messages, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(me.session.flash.map(Flash::says))))
}

async fn hide(ask: Ask, Open(me): Open<Me>, mut form: Fields) -> Result<Response> {
    let all = |word: &str| (word == "all").then_some(());
    let shows = form.all().any(|(name, _)| name == "show");
    if shows && form.choice("show", all, "Press the button to see them again").is_some() && form.ok() {
        acts::show_again(&ask.app.db, me.session, me.person, ask.number.clone(), ask.now).await?;
        return Ok(see_other(super::PATH));
    }
    let ids = form.all().filter_map(|(name, _)| name.strip_prefix("m-").and_then(acts::message_id));
    let ids: Vec<_> = ids.collect();
    if ids.is_empty() && form.ok() {
        form.fault("hide", "Tick the messages that you want to hide");
    }
    if !form.ok() {
        return hide_page(&ask, &me, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    acts::hide(&ask.app.db, me.session, me.person, ids, ask.number.clone(), ask.now).await?;
    Ok(see_other("/me/messages/hide"))
}

async fn on_paper(ask: Ask, Open(me): Open<Me>) -> Result<Response> {
    let (messages, entry) = whole(&ask, &me.session, me.person).await?;
    let audited = ask.viewed(entry).await?;
    let now = ask.now;
    let main = view! { <OnPaper messages now/> };
    Ok(ask.private_page(&audited, StatusCode::OK, Frame::person("All messages", Part::Messages, main.into_any())))
}

async fn take(ask: Ask, Fresh(me): Fresh<Me>) -> Result<Response> {
    let (messages, _) = whole(&ask, &me.session, me.person).await?;
    let mut db = ask.app.db.read().await?;
    let access = access::check::<ExportRecord, _>(&mut db, &me.session.actor, me.person, ask.now).await?;
    let entry = access.ok_or(Error::NotFound)?.entry();
    drop(db);
    let audited = ask.viewed(entry).await?;
    Ok(ask.private_file(&audited, "messages.txt", "text/plain; charset=utf-8", file(&messages, ask.now)))
}

#[cfg(test)]
mod tests {
    use super::has_all;

    #[test]
    fn every_word_must_be_in_the_message_however_it_is_written() {
        assert!(has_all("Can you come on THURSDAY to Żabka?", "thursday żabka"));
        assert!(!has_all("Can you come on Thursday?", "thursday friday"));
    }
}
