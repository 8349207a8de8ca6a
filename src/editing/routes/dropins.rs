//! Closing a session, opening it again, confirming it.

use axum::http::{StatusCode, Uri};
use axum::response::Response;
use jiff::civil::Date;
use leptos::prelude::*;

use super::super::acts::{self, Outcome};
use super::super::views::dropins::{Close, Confirm, Facts, Sessions, localities, rows, title};
use super::super::{AHEAD, REASON, closing_fault, closure, closure_id, on_days, still_closed};
use super::{OTHER, act, draw, edition, follow, replaced};
use crate::app::Ask;
use crate::clock::london_date;
use crate::content::live::Edition;
use crate::content::store::NewRevision;
use crate::content::{self as texts, Kind, Library};
use crate::dropins::{Certainty, Confirmation, Session, words};
use crate::error::{Error, Result};
use crate::people::Role;
use crate::signin::guard::Editor;
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;

const DROP_INS: &str = "/edit/drop-ins";
const NO_SESSION: &str = "There is no session of that name. Go back to the list of drop-ins and choose one.";

/// The only value of a name in the address; two cannot both be meant.
fn asked(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default().as_bytes();
    let mut values = form_urlencoded::parse(query).filter(|(n, _)| n == name).map(|(_, value)| value.into_owned());
    values.next().filter(|_| values.next().is_none())
}

pub(super) async fn sessions(ask: Ask, editor: Editor, uri: Uri) -> Result<Response> {
    let only = asked(&uri, "in");
    sessions_page(&ask, &editor, StatusCode::OK, only, Fields::default()).await
}

async fn sessions_page(
    ask: &Ask,
    editor: &Editor,
    status: StatusCode,
    only: Option<String>,
    form: Fields,
) -> Result<Response> {
    let edition = edition(ask).await?;
    if only.as_ref().is_some_and(|only| !edition.library.timetable.localities.contains_key(only)) {
        return Err(Error::Refused(
            StatusCode::NOT_FOUND,
            "There is no area of that name. Go back to the list of drop-ins.",
        ));
    }
    let ours = |id: &str| edition.newest.contains_key(&(Kind::Exception, id.to_owned()));
    let localities = localities(&edition.library, ask.now, ours);
    let main = view! { <Sessions localities only form/> };
    Ok(draw(ask, editor, status, "Drop-ins", main.into_any()))
}

/// The session that an address names, with what is published.
async fn session(ask: &Ask, uri: &Uri, form: &Fields) -> Result<(Edition, String, Session)> {
    let edition = edition(ask).await?;
    let slug = asked(uri, "session").unwrap_or_else(|| form.typed("session").to_owned());
    let session = edition.library.timetable.sessions.get(&slug).cloned();
    let session = session.ok_or(Error::Refused(StatusCode::NOT_FOUND, NO_SESSION))?;
    Ok((edition, slug, session))
}

/// The days that the form asks to close.
fn days(form: &mut Fields, edition: &Edition, slug: &str, ask: &Ask) -> Option<(Date, Date)> {
    let from = form.iso_date("from", "Give the first day.");
    let to = form.iso_date("to", "Give the last day.");
    let range = (from?, to?);
    if let Some((field, says)) = closing_fault(&edition.library.timetable, slug, range, ask.now) {
        form.fault(field, says);
        return None;
    }
    Some(range)
}

pub(super) async fn close_page(ask: Ask, editor: Editor, uri: Uri) -> Result<Response> {
    let (edition, slug, _) = session(&ask, &uri, &Fields::default()).await?;
    let on = asked(&uri, "on");
    let mut form = Fields::default();
    if let Some(on) = &on {
        form = Fields::filled([("from", on.clone()), ("to", on.clone())]);
        days(&mut form, &edition, &slug, &ask);
    }
    let status = if form.ok() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(draw_close(&ask, &editor, status, &edition, (&slug, on.as_deref(), None), form))
}

/// `after` is the content with the closure in it, and its last day.
fn draw_close(
    ask: &Ask,
    editor: &Editor,
    status: StatusCode,
    edition: &Edition,
    (slug, on, after): (&str, Option<&str>, Option<(&Library, Date)>),
    form: Fields,
) -> Response {
    let table = &edition.library.timetable;
    let Some(session) = table.sessions.get(slug) else { return see_other(DROP_INS) };
    let today = london_date(ask.now);
    let (title, rule) = (title(table, session), words::rule(&session.rule, today));
    let path = close_path(slug, on);
    let (shown, until) = after.map_or((table, today), |(library, to)| (&library.timetable, to));
    let ahead = today.until(until).map_or(0, |span| i64::from(span.get_days()));
    let rows = rows(shown, slug, AHEAD.max(ahead + 8), ask.now);
    let tab = format!("Close {title}");
    let main = view! { <Close title rule path rows after=after.is_some() form/> };
    draw(ask, editor, status, &tab, main.into_any())
}

fn close_path(slug: &str, on: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("session", slug).extend_pairs(on.map(|on| ("on", on)));
    format!("{DROP_INS}/close?{}", query.finish())
}

pub(super) async fn close(ask: Ask, editor: Editor, uri: Uri, mut form: Fields) -> Result<Response> {
    let (edition, slug, _) = session(&ask, &uri, &form).await?;
    let on = asked(&uri, "on");
    let mut act = act(&ask, &editor, &mut form, ("close", "session", Flash::Closed), DROP_INS.to_owned())?;
    let range = days(&mut form, &edition, &slug, &ask);
    let reason = form.line("reason", REASON.1, "Say why it is closed.");
    if !reason.is_empty() && reason.chars().count() < REASON.0 {
        form.fault("reason", "Say why in a few words, so that people understand.");
    }
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let (Some((from, to)), true) = (range, form.ok()) else {
        return Ok(draw_close(&ask, &editor, wrong, &edition, (&slug, on.as_deref(), None), form));
    };
    let id = closure_id(&slug, from, crate::vault::random()?);
    let body = toml::to_string(&closure(&slug, from, to, reason, ask.now))
        .map_err(|error| Error::Internal(format!("a closure could not be written: {error}")))?;
    let after = match replaced(&edition, Kind::Exception, &id, &body).await? {
        Ok((library, _)) => library,
        Err(faults) => {
            form.fault("reason", faults.first().map_or("It cannot be kept like this.", |fault| fault.message.as_str()));
            return Ok(draw_close(&ask, &editor, wrong, &edition, (&slug, on.as_deref(), None), form));
        }
    };
    let shown = (slug.as_str(), on.as_deref(), Some((&after, to)));
    if form.typed("do") == "preview" {
        return Ok(draw_close(&ask, &editor, StatusCode::OK, &edition, shown, form));
    }
    if on_days(&edition.library.timetable, &slug, (from, to), ask.now).iter().all(|one| !one.is_on()) {
        act.refuse = Some("It is closed on these days already. To give another reason, open it again first.");
    }
    let new = NewRevision {
        kind: Kind::Exception,
        item: id,
        body,
        published: true,
        from: 0,
        shipped_hash: String::new(),
        by: editor.staff,
        note: "Closed".to_owned(),
    };
    let (field, says, status) = match acts::publish(&ask.app.db, act, new).await? {
        Outcome::Done(to) => {
            follow(&ask).await;
            return Ok(see_other(&to));
        }
        Outcome::Refused(says) => ("from", says, wrong),
        Outcome::OtherContent | Outcome::Overtaken => ("reason", OTHER, StatusCode::CONFLICT),
    };
    form.fault(field, says);
    form.put("key", String::new());
    Ok(draw_close(&ask, &editor, status, &edition, (&slug, on.as_deref(), None), form))
}

pub(super) async fn reopen(ask: Ask, editor: Editor, mut sent: Fields) -> Result<Response> {
    let edition = edition(&ask).await?;
    let mut act = act(&ask, &editor, &mut sent, ("reopen", "session", Flash::Reopened), DROP_INS.to_owned())?;
    let id = sent.line("exception", 80, "Choose what to open again.");
    let known = edition.newest.contains_key(&(Kind::Exception, id.clone()));
    let (says, status) = if !sent.ok() || !known {
        ("There is no closure of that name that can be taken back. Choose one from the list.", StatusCode::NOT_FOUND)
    } else {
        if still_closed(&edition.library.timetable, &id, ask.now) {
            act.flash = Flash::PartlyReopened;
        }
        match acts::reopen(&ask.app.db, act, id, editor.staff).await? {
            Outcome::Done(to) => {
                follow(&ask).await;
                return Ok(see_other(&to));
            }
            Outcome::Overtaken => {
                ("Somebody took that closure back before you. The list shows how it is now.", StatusCode::CONFLICT)
            }
            Outcome::OtherContent => (OTHER, StatusCode::CONFLICT),
            Outcome::Refused(says) => (says, StatusCode::UNPROCESSABLE_ENTITY),
        }
    };
    let mut form = Fields::default();
    form.fault("sessions", says);
    sessions_page(&ask, &editor, status, None, form).await
}

pub(super) async fn confirm_page(ask: Ask, editor: Editor, uri: Uri) -> Result<Response> {
    let (edition, slug, _) = session(&ask, &uri, &Fields::default()).await?;
    let form = Fields::filled([("seen", seen(&edition, &slug))]);
    Ok(draw_confirm(&ask, &editor, StatusCode::OK, &edition, &slug, form))
}

/// Tells whether the facts are still those that were looked at.
fn seen(edition: &Edition, slug: &str) -> String {
    texts::hash(edition.library.body(Kind::Session, slug).unwrap_or_default())
}

fn draw_confirm(
    ask: &Ask,
    editor: &Editor,
    status: StatusCode,
    edition: &Edition,
    slug: &str,
    form: Fields,
) -> Response {
    let (table, today) = (&edition.library.timetable, london_date(ask.now));
    let Some(session) = table.sessions.get(slug) else { return see_other(DROP_INS) };
    let certainty = Certainty::of(edition.library.confirmation(Kind::Session, slug), today);
    let said = Confirmation { by_role: Role::Editor.title().to_owned(), on: today };
    let facts = Facts {
        session: session.clone(),
        place: table.places.get(&session.place).cloned(),
        rule: words::rule(&session.rule, today),
        certainty: words::certainty(&certainty),
        after: words::certainty(&Certainty::of(Some(&said), today)),
    };
    let (title, rows) = (title(table, session), rows(table, slug, AHEAD, ask.now));
    let path = format!("{DROP_INS}/confirm?session={slug}");
    let tab = format!("Confirm {title}");
    let main = view! { <Confirm facts title path rows form/> };
    draw(ask, editor, status, &tab, main.into_any())
}

pub(super) async fn confirm(ask: Ask, editor: Editor, uri: Uri, mut form: Fields) -> Result<Response> {
    let (edition, slug, session) = session(&ask, &uri, &form).await?;
    let act = act(&ask, &editor, &mut form, ("confirm", "session", Flash::Confirmed), DROP_INS.to_owned())?;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let now = seen(&edition, &slug);
    if !session.rule.is_known() {
        form.fault("checked", "The dates of this session are not known, so it cannot be confirmed.");
    } else if !form.ticked("checked") {
        form.fault("checked", "Tick the box when you have checked it with the people who run it.");
    } else if form.ok() && !form.all().filter(|(name, _)| *name == "seen").map(|(_, value)| value).eq([now.as_str()]) {
        status = StatusCode::CONFLICT;
        form.fault(
            "checked",
            "The facts below were changed since you opened this page. Look at them again, then confirm.",
        );
    }
    if form.ok() {
        let body_hash = edition.library.body(Kind::Session, &slug).map(texts::hash).unwrap_or_default();
        let says = match acts::confirm(&ask.app.db, act, slug.clone(), body_hash, editor.staff).await? {
            Outcome::Done(to) => {
                follow(&ask).await;
                return Ok(see_other(&to));
            }
            Outcome::Refused(says) => says,
            Outcome::OtherContent | Outcome::Overtaken => OTHER,
        };
        status = StatusCode::CONFLICT;
        form.fault("checked", says);
        form.put("key", String::new());
    }
    form.put("seen", now);
    Ok(draw_confirm(&ask, &editor, status, &edition, &slug, form))
}
