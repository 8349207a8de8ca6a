//! `/edit` and everything under it.

mod changes;
mod confirming;
mod dropins;
mod facts;
mod feedback;
mod history;
mod pages;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::acts::Act;
use super::views::{Desk, PageRow, RefusedRow, Unsure, Waiting};
use crate::app::{App, Ask};
use crate::clock::london_date;
use crate::content::live::Edition;
use crate::content::store::Revision;
use crate::content::{Fault, Kind, Library};
use crate::dropins::{Certainty, Place, Session, words};
use crate::error::{Error, Result};
use crate::offer::{Page, store as offer_rows};
use crate::people::{StaffId, store as people};
use crate::signin::guard::Editor;
use crate::ui::{Frame, Part};
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

const OTHER: &str =
    "This page was used before to send something else. Nothing was changed now: check it and send it again.";
const INCOMPLETE: &str = "That form was not complete. Go back, load the page again and send it once more.";

/// The addresses of this feature.
pub fn routes() -> Routes<App> {
    Routes::default()
        .get("/edit", Audience::Editor, Cache::Never, desk)
        .get("/edit/page/{slug}", Audience::Editor, Cache::Never, pages::page)
        .post("/edit/page/{slug}", Audience::Editor, pages::publish)
        .get("/edit/page/{slug}/history/{number}", Audience::Editor, Cache::Never, pages::old_edition)
        .post("/edit/page/{slug}/restore", Audience::Editor, pages::restore)
        .get("/edit/drop-ins", Audience::Editor, Cache::Never, dropins::sessions)
        .get("/edit/drop-ins/change", Audience::Editor, Cache::Never, changes::page)
        .post("/edit/drop-ins/change", Audience::Editor, changes::change)
        .post("/edit/drop-ins/undo", Audience::Editor, changes::undo)
        .get("/edit/places", Audience::Editor, Cache::Never, facts::list)
        .get("/edit/places/new", Audience::Editor, Cache::Never, facts::new::<Place>)
        .post("/edit/places/new", Audience::Editor, facts::add::<Place>)
        .get("/edit/places/{slug}", Audience::Editor, Cache::Never, facts::page::<Place>)
        .post("/edit/places/{slug}", Audience::Editor, facts::change::<Place>)
        .get("/edit/sessions/new", Audience::Editor, Cache::Never, facts::new::<Session>)
        .post("/edit/sessions/new", Audience::Editor, facts::add::<Session>)
        .get("/edit/sessions/{slug}", Audience::Editor, Cache::Never, facts::page::<Session>)
        .post("/edit/sessions/{slug}", Audience::Editor, facts::change::<Session>)
        .get("/edit/items/{kind}", Audience::Editor, Cache::Never, facts::items)
        .get("/edit/items/{kind}/new", Audience::Editor, Cache::Never, facts::new_item)
        .post("/edit/items/{kind}/new", Audience::Editor, facts::add_item)
        .get("/edit/items/{kind}/{id}", Audience::Editor, Cache::Never, facts::item)
        .post("/edit/items/{kind}/{id}", Audience::Editor, facts::change_item)
        .get("/edit/feedback", Audience::Editor, Cache::Never, feedback::page)
        .post("/edit/feedback", Audience::Editor, feedback::mark)
        .get("/edit/history", Audience::Editor, Cache::Never, history::page)
        .get("/edit/confirm/{what}", Audience::Editor, Cache::Never, confirming::page)
        .post("/edit/confirm/{what}", Audience::Editor, confirming::confirm)
        .get("/edit/drop-ins/confirm", Audience::Editor, Cache::Never, dropins::confirm_page)
        .post("/edit/drop-ins/confirm", Audience::Editor, dropins::confirm)
}

fn draw(ask: &Ask, editor: &Editor, status: StatusCode, title: &str, main: AnyView) -> Response {
    let frame = Frame::staff(title, editor.nav(), Part::Edit, main).wrong(status.is_client_error());
    ask.page(status, frame.flash(editor.session.flash.map(Flash::says)))
}

/// What is published now, with what other instances published a moment ago.
async fn edition(ask: &Ask) -> Result<Edition> {
    ask.app.refresh().await?;
    Ok(ask.app.content().edition.clone())
}

/// The public pages follow before the editor is told so. What was saved stays saved.
async fn follow(ask: &Ask) {
    if let Err(error) = ask.app.refresh().await {
        tracing::warn!(%error, "a publish is shown a little later");
    }
}

/// [`Library::replaced`], away from the threads that answer others: it draws every page again.
async fn replaced(
    edition: &Edition,
    kind: Kind,
    id: &str,
    body: &str,
) -> Result<std::result::Result<(Library, Vec<Fault>), Vec<Fault>>> {
    let (library, id, body) = (Arc::clone(&edition.library), id.to_owned(), body.to_owned());
    let checked = tokio::task::spawn_blocking(move || library.replaced(kind, &id, &body)).await;
    checked.map_err(|_| Error::Internal("a check panicked".into()))
}

/// An act of this form. Taken before the form is read: the very bytes that were sent count.
fn act(
    ask: &Ask,
    editor: &Editor,
    form: &mut Fields,
    what: (&'static str, &'static str, Flash),
    to: String,
) -> Result<Act> {
    let (action, object, flash) = what;
    let key = form.key()?;
    let fields = form.all().filter(|(name, _)| *name != "key");
    let sent = fields.flat_map(|(name, value)| [name, "\0", value, "\0"]).collect::<String>().into_bytes();
    let (session, number) = (editor.session.clone(), ask.number.clone());
    Ok(Act { session, key, sent, action, object, to, flash, refuse: None, number, at: ask.now })
}

/// The names of these members of staff.
async fn names(ask: &Ask, staff: Vec<StaffId>) -> Result<BTreeMap<StaffId, String>> {
    let mut db = ask.app.db.read().await?;
    let mut names: BTreeMap<_, _> = staff.into_iter().map(|id| (id, String::new())).collect();
    for (id, name) in &mut names {
        *name = match people::staff_name(&mut db, &ask.app.vault, *id).await {
            Err(Error::NotFound) => "somebody who has left".to_owned(),
            name => name?,
        };
    }
    Ok(names)
}

fn made(names: &BTreeMap<StaffId, String>, revision: &Revision) -> String {
    let name = names.get(&revision.by_staff).map_or("somebody", String::as_str);
    format!("{} by {name}", super::when(revision.at))
}

/// Whether a new release came with another text than the one this edition replaced.
fn is_behind(library: &Library, kind: Kind, id: &str, newest: &Revision) -> bool {
    newest.state == "published" && library.shipped_hash(kind, id).is_some_and(|hash| hash != newest.shipped_hash)
}

async fn desk(ask: Ask, editor: Editor) -> Result<Response> {
    let edition = edition(&ask).await?;
    let (library, today) = (&edition.library, london_date(ask.now));
    let names = names(&ask, edition.newest.values().map(|revision| revision.by_staff).collect()).await?;
    let row = |id: String, page: &Page| {
        let newest = edition.newest.get(&(Kind::Page, id.clone()));
        let refused = edition.refused.iter().any(|(change, _)| change.kind == Kind::Page && change.id == id);
        let tags = [
            refused.then(|| "Newest edition not shown".to_owned()),
            newest.filter(|it| is_behind(library, Kind::Page, &id, it)).map(|_| "Changed by a new release".to_owned()),
            page.is_due(today).then(|| format!("Check was due by {}", words::date_with_year(page.review_by))),
        ];
        PageRow {
            path: path(&id),
            title: page.title.clone(),
            changed: newest.map(|newest| format!("Changed {}", made(&names, newest))),
            tags: tags.into_iter().flatten().collect(),
        }
    };
    let mut pages: Vec<&Page> = library.offer.values().collect();
    pages.sort_by_key(|page| page.order);
    let offer: Vec<_> = pages.iter().map(|page| row(page.slug.clone(), page)).collect();
    let mut pages: Vec<&Page> = library.pages.values().collect();
    pages.sort_by_key(|page| page.order);
    let service: Vec<_> = pages.iter().map(|page| row(format!("pages/{}", page.slug), page)).collect();
    // Older editions of an item may be refused as well; only the newest is worth mending.
    let newest = edition.refused.iter().filter(|(change, _)| {
        let newest = edition.newest.get(&(change.kind, change.id.clone()));
        newest.is_none_or(|newest| change.body.as_ref() == Some(&newest.body))
    });
    let refused = newest.map(|(change, faults)| {
        let (kind, id, body) = (change.kind, change.id.as_str(), change.body.as_deref().unwrap_or_default());
        let page = library.page(id).filter(|_| kind == Kind::Page);
        RefusedRow {
            name: page.map_or_else(|| format!("The {kind} “{id}”"), |page| page.title.clone()),
            path: (kind != Kind::Exception).then(|| super::path(kind, id)),
            faults: super::told(library, faults, (kind, id), body),
        }
    });
    let refused: Vec<_> = refused.collect();
    let sure = |kind: Kind, id: &str| {
        matches!(Certainty::of(library.confirmation(kind, id), today), Certainty::Confirmed { .. })
    };
    let unsure = Unsure {
        lines: library.lines.keys().filter(|slug| !sure(Kind::Line, slug)).count(),
        sessions: library
            .timetable
            .sessions
            .iter()
            .filter(|(slug, it)| it.rule.is_known() && !sure(Kind::Session, slug))
            .count(),
    };
    let ([new, seen, _], urgent) = offer_rows::counts(&mut ask.app.db.read().await?).await?;
    let told = Waiting { new, seen, urgent };
    let main = view! { <Desk offer service refused unsure told/> };
    Ok(draw(&ask, &editor, StatusCode::OK, "Edit", main.into_any()))
}

fn path(id: &str) -> String {
    super::path(Kind::Page, id)
}
