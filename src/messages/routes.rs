//! `/me/messages` and `/work/people/{id}/messages`.

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::acts::{self, Send, Sent};
use super::views::{MyMessages, MyVisit, Reader, TheirMessages, rows};
use super::{LONGEST, Message, MessageId, store};
use crate::app::{App, Ask};
use crate::audit::{Audited, Entry};
use crate::error::{Error, Result};
use crate::people::access::{self, ReadThread, ReadVisit};
use crate::people::{Door, PersonId, store as people};
use crate::signin::guard::{Adviser, Me, Open, Session};
use crate::signin::store as signin;
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of this feature.
pub fn routes() -> Routes<App> {
    Routes::default()
        .get("/me/messages", Audience::Person, Cache::Never, mine)
        .post("/me/messages", Audience::Person, send)
        .get("/me/messages/new", Audience::PersonOpen, Cache::Never, mine_new)
        .get("/work/people/{id}/messages", Audience::Adviser, Cache::Never, theirs)
        .post("/work/people/{id}/messages", Audience::Adviser, answer)
        .get("/work/people/{id}/messages/new", Audience::Adviser, Cache::Never, theirs_new)
}

const EMPTY: &str = "Write your message";
const OTHER_TEXT: &str =
    "This page was used to send another message before. Your text is below and was not sent: send it now.";

/// A message as it was typed. With a fault in the form when it will not do.
fn typed(form: &mut Fields) -> Result<([u8; 16], String)> {
    let key = form.key()?;
    Ok((key, form.text("body", LONGEST, EMPTY)))
}

/// The form again, with a key of its own.
fn with_new_key(mut form: Fields) -> Fields {
    form.put("key", String::new());
    form
}

async fn mine(ask: Ask, me: Me) -> Result<Response> {
    let form = typed_before(&ask, &me.session, "/me/messages").await?;
    my_page(&ask, me, StatusCode::OK, form).await
}

/// The form with what was typed in it when a session had ended.
async fn typed_before(ask: &Ask, session: &Session, place: &str) -> Result<Fields> {
    let mut db = ask.app.db.read().await?;
    let kept = signin::draft(&mut db, &ask.app.vault, session.account, session.owner, place, ask.now).await?;
    Ok(kept.map_or_else(Fields::default, |words| Fields::filled([("body", words)])))
}

/// What somebody at the first door sees: what they wrote on this visit, and the box.
async fn my_visit(ask: &Ask, me: Me, status: StatusCode, form: Fields) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<ReadVisit, _>(&mut db, &me.session.actor, me.person, ask.now).await?.ok_or(Error::NotFound)?;
    let messages = store::visit(&mut access, &ask.app.vault, me.session.made_at).await?;
    let entry = access.entry();
    drop(db);
    let audited = ask.viewed(entry).await?;
    let (now, wrong) = (ask.now, !form.ok());
    let main = view! { <MyVisit messages form now/> };
    let frame = Frame::person("Messages", Part::Messages, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(me.session.flash.map(Flash::says))))
}

async fn my_page(ask: &Ask, me: Me, status: StatusCode, form: Fields) -> Result<Response> {
    if me.session.door == Door::Write {
        return my_visit(ask, me, status, form).await;
    }
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<ReadThread, _>(&mut db, &me.session.actor, me.person, ask.now).await?.ok_or(Error::NotFound)?;
    let messages = store::thread(&mut access, &ask.app.vault).await?;
    let workers = people::workers(&mut access, &ask.app.vault).await?;
    let person = people::person(&mut access, &ask.app.vault).await?;
    let unopened = store::unopened(&mut access).await?;
    let entry = access.entry();
    drop(db);
    let audited = opened(ask, &me.session, me.person, last_of(&messages, unopened), entry).await?;
    let (now, wrong) = (ask.now, !form.ok());
    let duty_desk = person.team.duty_desk;
    let main = move || view! { <MyMessages messages workers duty_desk form now/> }.into_any();
    let frame = Frame::person_with_islands("Messages", Part::Messages, main).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(me.session.flash.map(Flash::says))))
}

async fn send(ask: Ask, me: Me, mut form: Fields) -> Result<Response> {
    let (key, body) = typed(&mut form)?;
    if !form.ok() {
        return my_page(&ask, me, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    let send = new_send(&ask, me.person, &me.session, key, body, "/me/messages".to_owned());
    match acts::send(&ask.app.db, &ask.app.vault, send).await? {
        Sent::Done(to) => Ok(see_other(&to)),
        Sent::OtherText => {
            form.fault("body", OTHER_TEXT);
            my_page(&ask, me, StatusCode::CONFLICT, with_new_key(form)).await
        }
    }
}

fn new_send(ask: &Ask, person: PersonId, session: &Session, key: [u8; 16], body: String, to: String) -> Send {
    Send { person, session: session.clone(), key, body, to, number: ask.number.clone(), at: ask.now }
}

async fn theirs(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let person = PersonId::parse(&id).ok_or(Error::NotFound)?;
    let form = typed_before(&ask, &worker.session, &their_path(person)).await?;
    their_page(&ask, worker, person, StatusCode::OK, form).await
}

async fn their_page(
    ask: &Ask,
    worker: Adviser,
    person: PersonId,
    status: StatusCode,
    form: Fields,
) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let mut access = access::check::<ReadThread, _>(&mut db, &worker.session.actor, person, ask.now)
        .await?
        .ok_or(Error::NotFound)?;
    let messages = store::thread(&mut access, &ask.app.vault).await?;
    let called = people::person(&mut access, &ask.app.vault).await?.called;
    let unopened = store::unopened(&mut access).await?;
    let entry = access.entry();
    drop(db);
    let audited = opened(ask, &worker.session, person, last_of(&messages, unopened), entry).await?;
    let (now, wrong, path) = (ask.now, !form.ok(), their_path(person));
    let main = move || view! { <TheirMessages messages called path form now/> }.into_any();
    let frame = Frame::staff_with_islands("Messages", worker.nav(), Part::Work, main).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(worker.session.flash.map(Flash::says))))
}

/// The last message of a page, when there is anything on it to be marked as opened.
fn last_of(messages: &[Message], unopened: i64) -> Option<MessageId> {
    messages.last().filter(|_| unopened > 0).map(|message| message.id)
}

/// Commits the row for the reading, and marks what the page shows as opened now.
async fn opened(
    ask: &Ask,
    session: &Session,
    person: PersonId,
    last: Option<MessageId>,
    entry: Entry,
) -> Result<Audited> {
    if let Some(last) = last {
        acts::open(&ask.app.db, &session.actor, person, last, &ask.number, ask.now).await?;
    }
    ask.viewed(entry).await
}

fn their_path(person: PersonId) -> String {
    format!("/work/people/{person}/messages")
}

async fn answer(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let person = PersonId::parse(&id).ok_or(Error::NotFound)?;
    let (key, body) = typed(&mut form)?;
    if !form.ok() {
        return their_page(&ask, worker, person, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    let send = new_send(&ask, person, &worker.session, key, body, their_path(person));
    match acts::answer(&ask.app.db, &ask.app.vault, send).await? {
        Sent::Done(to) => Ok(see_other(&to)),
        Sent::OtherText => {
            form.fault("body", OTHER_TEXT);
            their_page(&ask, worker, person, StatusCode::CONFLICT, with_new_key(form)).await
        }
    }
}

async fn mine_new(ask: Ask, Open(me): Open<Me>, uri: Uri) -> Result<Response> {
    new_rows(&ask, &me.session, me.person, Reader::Person, &uri).await
}

async fn theirs_new(ask: Ask, worker: Adviser, Path(id): Path<String>, uri: Uri) -> Result<Response> {
    let person = PersonId::parse(&id).ok_or(Error::NotFound)?;
    new_rows(&ask, &worker.session, person, Reader::Worker(String::new()), &uri).await
}

/// What a live thread does not show yet: new messages, and those whose state changed lately. With
/// nothing new: 204, and no audit row. A tab asks only while it is looked at, so what it is given
/// counts as opened.
async fn new_rows(ask: &Ask, session: &Session, person: PersonId, reader: Reader, uri: &Uri) -> Result<Response> {
    let asked = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).find(|(name, _)| name == "after");
    let after: Option<MessageId> = asked.and_then(|(_, id)| acts::message_id(&id));
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<ReadThread, _>(&mut db, &session.actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    // States change by somebody's opening; a poll every five to thirty seconds sees each at least once.
    let lately = ask.now.as_microsecond() - crate::clock::MINUTE;
    if !store::anything_new(&mut access, after, lately).await? {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let unopened = store::unopened(&mut access).await?;
    let messages = store::thread(&mut access, &ask.app.vault).await?;
    let reader = match reader {
        Reader::Person => reader,
        Reader::Worker(_) => Reader::Worker(people::person(&mut access, &ask.app.vault).await?.called),
    };
    let entry = access.entry();
    drop(db);
    let Some(last) = messages.last().map(|message| message.id) else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let audited = opened(ask, session, person, last_of(&messages, unopened), entry).await?;
    let start = after.and_then(|after| messages.iter().position(|message| message.id == after)).map_or(0, |at| at + 1);
    let recent: Vec<Message> = messages
        .into_iter()
        .enumerate()
        // Rows on the page are drawn again: an answer changes the state of those before it.
        .filter(|(at, _)| *at + 20 >= start)
        .map(|(_, message)| message)
        .collect();
    let mut response = ask.private_fragment(&audited, rows(recent, reader, ask.now));
    if let Ok(last) = HeaderValue::from_str(&last.to_string()) {
        response.headers_mut().insert("x-last", last);
    }
    Ok(response)
}
