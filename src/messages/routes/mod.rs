//! `/me/messages`. Beside it: the quick check-in, `/work/people/{id}/messages`, what is sent later, again or to many,
//! and what keeps threads live.

mod check_in;
mod live;
mod many;
mod own;
mod planned;
mod prepare;
mod share;
mod templates;
mod theirs;

use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::acts::{self, Send, Sent};
use super::views::{MyMessages, MyVisit};
use super::{LONGEST, Message, MessageId, What, store};
use crate::app::{App, Ask};
use crate::audit::{Audited, Entry};
use crate::error::{Error, Result};
use crate::help::views as help;
use crate::people::access::{self, ReadThread, ReadVisit};
use crate::people::{Door, PersonId};
use crate::signin::acts as signin;
use crate::signin::guard::{Me, Session};
use crate::ui::{Frame, Part};
use crate::vault::LookUp;
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::{Fields, asked};
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of this feature.
pub fn routes() -> Routes<App> {
    Routes::default()
        .get("/me/messages", Audience::Person, Cache::Never, mine)
        .post("/me/messages", Audience::Person, send)
        .post("/me/messages/draft", Audience::Person, keep)
        .and(check_in::routes())
        .and(own::routes())
        .and(share::routes())
        .and(theirs::routes())
        .and(prepare::routes())
        .and(planned::routes())
        .and(many::routes())
        .and(templates::routes())
        .and(live::routes())
}

const PATH: &str = "/me/messages";
const EMPTY: &str = "Write your message";
const OTHER_TEXT: &str =
    "This page was used to send another message before. Your text is below and was not sent: send it now.";

/// A text as it was typed, with the form's key. With a fault in the form when it will not do.
fn typed(form: &mut Fields, empty: &'static str) -> Result<([u8; 16], String)> {
    let key = form.key()?;
    Ok((key, form.text("body", LONGEST, empty)))
}

/// The message that an address names: of which the page before is asked for, or what came after.
fn named(uri: &Uri, name: &str) -> Option<MessageId> {
    asked(uri, name).and_then(|id| acts::message_id(&id))
}

async fn mine(ask: Ask, me: Me, uri: Uri) -> Result<Response> {
    let form = me.session.with_kept(&ask, PATH, Fields::default()).await?;
    my_page(&ask, me, StatusCode::OK, named(&uri, "before"), form).await
}

/// The numbers to call instead of writing, and whether they stand first.
fn danger(ask: &Ask, session: &Session) -> (AnyView, bool) {
    let content = ask.app.content();
    let urgent = matches!(session.flash, Some(Flash::SavedUrgent | Flash::SavedHard));
    let library = &content.edition.library;
    (if urgent { help::crisis(library, ask.now) } else { help::tonight(library, ask.now) }, urgent)
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
    let (danger, urgent) = danger(ask, &me.session);
    let main = view! { <MyVisit messages danger urgent form now/> };
    let frame = Frame::person("Messages", Part::Messages, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(me.session.flash.map(Flash::says))))
}

/// What is told before the box, as we know it again when the form comes back.
fn sign(ask: &Ask, person: PersonId, says: &str) -> String {
    crate::id::hex(&ask.app.vault.look_up(LookUp::Shown, &format!("{person} {says}")))
}

async fn my_page(ask: &Ask, me: Me, status: StatusCode, before: Option<MessageId>, form: Fields) -> Result<Response> {
    if me.session.door == Door::Write {
        return my_visit(ask, me, status, form).await;
    }
    let content = ask.app.content();
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<ReadThread, _>(&mut db, &me.session.actor, me.person, ask.now).await?.ok_or(Error::NotFound)?;
    let page = store::thread(&mut access, &ask.app.vault, before).await?;
    let reading = acts::reading(&mut access, &ask.app.vault, &content.edition.library.timetable.holidays).await?;
    let unopened = store::unopened(&mut access).await?;
    let entry = access.entry();
    drop(db);
    let audited = opened(ask, &me.session, me.person, ends_of(&page.messages, unopened), entry).await?;
    let (now, wrong, earlier) = (ask.now, !form.ok(), before.is_some());
    let (danger, urgent) = danger(ask, &me.session);
    let sign = sign(ask, me.person, &reading.says(now));
    let main = move || view! { <MyMessages page earlier reading sign danger urgent form now/> }.into_any();
    let frame = if earlier {
        Frame::person("Messages", Part::Messages, main())
    } else {
        Frame::person_with_islands("Messages", Part::Messages, main)
    };
    Ok(ask.private_page(&audited, status, frame.wrong(wrong).flash(me.session.flash.map(Flash::says))))
}

async fn send(ask: Ask, me: Me, mut form: Fields) -> Result<Response> {
    let (key, body) = typed(&mut form, EMPTY)?;
    if !form.ok() {
        return my_page(&ask, me, StatusCode::UNPROCESSABLE_ENTITY, None, form).await;
    }
    let shown = Some(form.typed("shown").to_owned()).filter(|shown| sign(&ask, me.person, shown) == form.typed("sign"));
    let send = Send { shown, ..new_send(&ask, me.person, &me.session, key, (What::Said, body), PATH.to_owned()) };
    let content = ask.app.content();
    let holidays = &content.edition.library.timetable.holidays;
    match acts::send(&ask.app.db, &ask.app.vault, holidays, send).await? {
        Sent::Done(to) => Ok(see_other(&to)),
        Sent::OtherText => {
            form.fault("body", OTHER_TEXT);
            my_page(&ask, me, StatusCode::CONFLICT, None, form.with_new_key()).await
        }
    }
}

fn new_send(
    ask: &Ask,
    person: PersonId,
    session: &Session,
    key: [u8; 16],
    (what, body): (What, String),
    to: String,
) -> Send {
    let (session, number, at) = (session.clone(), ask.number.clone(), ask.now);
    Send { person, session, key, what, body, shown: None, check_in: None, place: to.clone(), to, number, at }
}

async fn keep(ask: Ask, me: Me, form: Fields) -> Result<Response> {
    match keep_draft(&ask, me.session.clone(), PATH.to_owned(), form).await? {
        Ok(kept) => Ok(kept),
        Err(form) => my_page(&ask, me, StatusCode::UNPROCESSABLE_ENTITY, None, form).await,
    }
}

/// Keeps what was typed. A page's own script gets no page, the button without one the page it came from. What cannot be
/// kept comes back.
async fn keep_draft(
    ask: &Ask,
    session: Session,
    place: String,
    mut form: Fields,
) -> Result<std::result::Result<Response, Fields>> {
    let key = form.key()?;
    let body = form.optional_text("body", LONGEST).unwrap_or_default();
    if !form.ok() {
        return Ok(Err(form));
    }
    let words = Fields::filled([("body", body)]).typed_in();
    let by_script = ask.headers().contains_key("x-draft");
    signin::keep_draft(&ask.app.db, &ask.app.vault, session, (place.clone(), key, words), !by_script, ask.now).await?;
    Ok(Ok(if by_script { StatusCode::NO_CONTENT.into_response() } else { see_other(&place) }))
}

/// The first and the last message of a page, when there is anything on it to be marked as opened.
fn ends_of(messages: &[Message], unopened: i64) -> Option<(MessageId, MessageId)> {
    let (first, last) = (messages.first()?, messages.last()?);
    (unopened > 0).then_some((first.id, last.id))
}

/// Commits the row for the reading, and marks what the page shows as opened now.
async fn opened(
    ask: &Ask,
    session: &Session,
    person: PersonId,
    ends: Option<(MessageId, MessageId)>,
    entry: Entry,
) -> Result<Audited> {
    if let Some(ends) = ends {
        acts::open(&ask.app.db, &session.actor, person, ends, &ask.number, ask.now).await?;
    }
    ask.viewed(entry).await
}
