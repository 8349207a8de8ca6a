//! What keeps a thread live: word that there is something new, and what it is, for pages that ask.

use axum::extract::{FromRequestParts, Path};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::theirs::person_of;
use super::{ends_of, named, opened};
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::messages::views::{Reader, rows};
use crate::messages::{Message, acts, store};
use crate::people::access::{self, ReadThread};
use crate::people::{PersonId, store as people};
use crate::signin::guard::{Adviser, Me, Open, Session, SignedIn};
use crate::web::live::{Asker, events};
use crate::web::routes::{Audience, Cache, Routes};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/me/messages/new", Audience::PersonOpen, Cache::Never, mine_new)
        .get("/me/messages/live", Audience::PersonOpen, Cache::Never, mine_live)
        .get("/work/people/{id}/messages/new", Audience::Adviser, Cache::Never, theirs_new)
        .get("/work/people/{id}/messages/live", Audience::Adviser, Cache::Never, theirs_live)
}

async fn mine_live(ask: Ask, Open(me): Open<Me>) -> Result<Response> {
    listen(&ask, &me, me.person).await
}

async fn theirs_live(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    listen(&ask, &worker, person_of(&id)?).await
}

/// Tells whoever asks of news in a thread, for as long as the same request would be let in again.
async fn listen<W>(ask: &Ask, who: &W, person: PersonId) -> Result<Response>
where
    W: SignedIn + FromRequestParts<App, Rejection = Error> + Send + Sync + 'static,
{
    let (app, asker) = (ask.app.clone(), Asker::of(ask.headers()));
    may_read(&app, who.session(), person).await?;
    let ears = [*person.bytes(), *who.session().account.bytes()].map(|room| app.live.listen(room));
    Ok(events(ears, move || {
        let (app, mut parts) = (app.clone(), asker.again());
        async move {
            match W::from_request_parts(&mut parts, &app).await {
                Ok(who) => may_read(&app, who.session(), person).await.is_ok(),
                Err(_) => false,
            }
        }
    }))
}

/// Whether they may read the thread at this moment. No reading: nothing of it is shown, and no row is left.
async fn may_read(app: &App, session: &Session, person: PersonId) -> Result<()> {
    let mut db = app.db.read().await?;
    let access = access::check::<ReadThread, _>(&mut db, &session.actor, person, app.now()).await?;
    access.map(drop).ok_or(Error::NotFound)
}

async fn mine_new(ask: Ask, Open(me): Open<Me>, uri: Uri) -> Result<Response> {
    new_rows(&ask, &me.session, me.person, Reader::Person, &uri).await
}

async fn theirs_new(ask: Ask, worker: Adviser, Path(id): Path<String>, uri: Uri) -> Result<Response> {
    new_rows(&ask, &worker.session, person_of(&id)?, Reader::Worker(String::new()), &uri).await
}

/// What a live thread does not show yet: new messages, and those whose state changed lately. With
/// nothing new: 204, and no audit row. A tab asks only while it is looked at, so what it is given
/// counts as opened.
async fn new_rows(ask: &Ask, session: &Session, person: PersonId, reader: Reader, uri: &Uri) -> Result<Response> {
    let after = named(uri, "after");
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<ReadThread, _>(&mut db, &session.actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    // States change by somebody's opening; a poll every five to thirty seconds sees each at least once.
    let lately = ask.now.as_microsecond() - crate::clock::MINUTE;
    if !store::anything_new(&mut access, after, lately).await? {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let unopened = store::unopened(&mut access).await?;
    let messages = store::thread(&mut access, &ask.app.vault, None).await?.messages;
    let (mut reader, mut devices) = (reader, Vec::new());
    if let Reader::Worker(called) = &mut reader {
        *called = people::person(&mut access, &ask.app.vault).await?.called;
        let wait = store::wait_of(&mut access).await?;
        devices = acts::new_devices(&mut access, wait).await?;
    }
    let entry = access.entry();
    drop(db);
    let Some(last) = messages.last().map(|message| message.id) else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let audited = opened(ask, session, person, ends_of(&messages, unopened), entry).await?;
    let shown = after.and_then(|after| messages.iter().position(|message| message.id == after));
    let start = shown.map_or(0, |at| at + 1);
    // A visit after the last message of the page stands before what is new: the page may not tell of it.
    let told = shown.and_then(|at| messages.get(at)).map_or(i64::MIN, |last| last.sent_at);
    devices.retain(|(_, at)| *at > told);
    let visits = messages.get(start).map(|first| (first.id, devices));
    // Rows on the page are drawn again: an answer changes the state of those before it.
    let recent: Vec<Message> = messages.into_iter().skip(start.saturating_sub(20)).collect();
    let mut response = ask.private_fragment(&audited, rows(recent, visits, reader, ask.now));
    if let Ok(last) = HeaderValue::from_str(&last.to_string()) {
        response.headers_mut().insert("x-last", last);
    }
    Ok(response)
}
