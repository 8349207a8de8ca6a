//! The list of sessions with their dates, and confirming one.

use axum::http::{StatusCode, Uri};
use axum::response::Response;
use leptos::prelude::*;

use super::super::acts::{self, Confirmed, Outcome};
use super::super::changes::Target;
use super::super::views::dropins::{Confirm, Facts, Sessions, localities, title, touched};
use super::super::{AHEAD, LONGEST_NOTE};
use super::{OTHER, act, draw, edition, follow};
use crate::app::Ask;
use crate::clock::london_date;
use crate::content::live::Edition;
use crate::content::{self as texts, Kind};
use crate::dropins::{Certainty, Confirmation, Session, words};
use crate::error::{Error, Result};
use crate::people::Role;
use crate::signin::guard::Editor;
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;

pub(super) const DROP_INS: &str = "/edit/drop-ins";
const NO_SESSION: &str = "There is no session of that name. Go back to the list of drop-ins and choose one.";

/// The only value of a name in the address; two cannot both be meant.
pub(super) fn asked(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default().as_bytes();
    let mut values = form_urlencoded::parse(query).filter(|(n, _)| n == name).map(|(_, value)| value.into_owned());
    values.next().filter(|_| values.next().is_none())
}

pub(super) async fn sessions(ask: Ask, editor: Editor, uri: Uri) -> Result<Response> {
    let only = asked(&uri, "in");
    sessions_page(&ask, &editor, StatusCode::OK, only, Fields::default()).await
}

pub(super) async fn sessions_page(
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
    let (title, rows) = (title(table, session), touched(table, &Target::Session(slug.to_owned()), AHEAD, ask.now));
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
    let note = form.optional("note", LONGEST_NOTE).unwrap_or_default();
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
        let items = vec![(slug.clone(), body_hash)];
        let sure = Confirmed { kind: Kind::Session, items, note, by: editor.staff };
        let says = match acts::confirm(&ask.app.db, act, sure).await? {
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
