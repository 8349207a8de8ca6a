//! What the public told us: all of it, and what is told of one item on the page where that is edited.

use axum::http::{StatusCode, Uri};
use axum::response::Response;
use leptos::prelude::*;

use super::super::acts::{self, Marked, Outcome};
use super::super::views::feedback::{Desk, Row};
use super::super::{self as editing, LONGEST_NOTE};
use super::dropins::asked;
use super::{INCOMPLETE, OTHER, act, draw, names};
use crate::app::Ask;
use crate::audit::Entry;
use crate::content::{Kind, Library};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::offer::feedback::{Feedback, State};
use crate::offer::store as offer;
use crate::offer::views::feedback::{Subject, subject, word};
use crate::signin::guard::Editor;
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;

const PATH: &str = "/edit/feedback";

/// As an editor reads them. The row that says who read them is on disk before any word is shown.
async fn rows(ask: &Ask, editor: &Editor, library: &Library, all: Vec<Feedback>) -> Result<Vec<Row>> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let many = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let object_id = if let [one] = all.as_slice() { Some(one.id.cast()) } else { None };
    let entry = Entry::of(Some(editor.session.actor.clone()), "read", "feedback", ask.now);
    ask.viewed(Entry { many, object_id, ..entry }).await?;
    let names = names(ask, all.iter().flat_map(|it| [it.seen, it.done]).flatten().map(|(by, _)| by).collect()).await?;
    let by = |(staff, at)| format!("{}, {}", names.get(&staff).map_or("somebody", String::as_str), editing::when(at));
    let row = |it: Feedback| {
        let subject = subject(library, &it.told.about);
        Row {
            id: it.id.to_string(),
            edited_at: edited_at(&subject),
            // What was taken off since keeps its word.
            name: if subject.about == it.told.about { subject.name } else { it.told.about.clone() },
            href: subject.href,
            owner: subject.owner,
            body: it.told.body,
            contact: it.told.contact,
            urgent: it.told.urgent,
            state: it.state,
            came: editing::when(it.at),
            seen: it.seen.map(by),
            done: it.done.map(by),
            note: it.note,
        }
    };
    Ok(all.into_iter().map(row).collect())
}

/// Where one mends it: an item's own page, or the list of what a whole page is drawn from.
fn edited_at(subject: &Subject) -> Option<String> {
    let list = match (&subject.item, subject.about.as_str()) {
        (Some((kind, id)), _) => return Some(editing::path(*kind, id)),
        (None, "help") => Kind::Line,
        (None, "glossary") => Kind::Term,
        (None, "entitlements") => Kind::Entitlement,
        (None, "drop-ins") => Kind::Place,
        (None, _) => return None,
    };
    Some(editing::list_path(list))
}

/// What is told of an item and not done with.
pub(super) async fn open_of(ask: &Ask, editor: &Editor, library: &Library, kind: Kind, id: &str) -> Result<Vec<Row>> {
    let about = word(kind, id);
    let open = offer::list(&mut ask.app.db.read().await?, &ask.app.vault, State::OPEN, Some(&about)).await?;
    rows(ask, editor, library, open).await
}

pub(super) async fn page(ask: Ask, editor: Editor, uri: Uri) -> Result<Response> {
    let only = asked(&uri, "show").and_then(|word| State::parse(&word));
    let states = only.map_or(State::OPEN, |state| [state, state]);
    let mut db = ask.app.db.read().await?;
    let all = offer::list(&mut db, &ask.app.vault, states, None).await?;
    let (counts, _) = offer::counts(&mut db).await?;
    drop(db);
    let content = ask.app.content();
    let rows = rows(&ask, &editor, &content.edition.library, all).await?;
    let main = view! { <Desk rows only counts=Some(counts) form=Fields::default()/> };
    Ok(draw(&ask, &editor, StatusCode::OK, "What people told us", main.into_any()))
}

pub(super) async fn mark(ask: Ask, editor: Editor, mut form: Fields) -> Result<Response> {
    let mut act = act(&ask, &editor, &mut form, ("see", "feedback", Flash::Noted), PATH.to_owned())?;
    let incomplete = || Error::Refused(StatusCode::BAD_REQUEST, INCOMPLETE);
    let id = form.choice("id", Id::parse, "").ok_or_else(incomplete)?;
    let to = form.choice("do", State::parse, "").filter(|to| *to != State::New).ok_or_else(incomplete)?;
    if to == State::Done {
        act.action = "finish";
    }
    let note = form.optional("note", LONGEST_NOTE).unwrap_or_default();
    let known = offer::one(&mut ask.app.db.read().await?, &ask.app.vault, id).await?.ok_or(Error::NotFound)?;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if form.ok() {
        let says = match acts::mark(&ask.app.db, act, Marked { id, to, note, by: editor.staff }).await? {
            Outcome::Done(to) => return Ok(see_other(&to)),
            Outcome::Overtaken => "Somebody marked this before you. Look at who, below. Nothing of yours was saved.",
            Outcome::OtherContent => OTHER,
            Outcome::Refused(says) => says,
        };
        status = StatusCode::CONFLICT;
        form.fault("note", says);
        form.put("key", String::new());
    }
    // Read again: it may have been marked meanwhile.
    let known = offer::one(&mut ask.app.db.read().await?, &ask.app.vault, id).await?.unwrap_or(known);
    let content = ask.app.content();
    let rows = rows(&ask, &editor, &content.edition.library, vec![known]).await?;
    let main = view! { <Desk rows only=None counts=None form/> };
    Ok(draw(&ask, &editor, status, "What people told us", main.into_any()))
}
