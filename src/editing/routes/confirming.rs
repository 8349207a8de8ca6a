//! Confirming many things at once: a season of sessions, or the help lines that somebody rang.

use axum::extract::Path;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use leptos::prelude::*;

use super::super::LONGEST_NOTE;
use super::super::acts::{self, Confirmed, Outcome};
use super::super::views::confirming::{ConfirmMany, Item};
use super::super::views::dropins::title;
use super::dropins::asked;
use super::{OTHER, act, draw, edition, follow};
use crate::app::Ask;
use crate::clock::london_date;
use crate::content::live::Edition;
use crate::content::{self as texts, Kind};
use crate::dropins::{Certainty, words};
use crate::error::{Error, Result};
use crate::help::views::hours;
use crate::signin::guard::Editor;
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;

/// What the address asks for: which kind, and of which locality.
struct Desk {
    edition: Edition,
    kind: Kind,
    path: String,
    locality: Option<String>,
}

impl Desk {
    async fn at(ask: &Ask, what: &str, uri: &Uri) -> Result<Self> {
        let edition = edition(ask).await?;
        let kind = match what {
            "sessions" => Kind::Session,
            "lines" => Kind::Line,
            _ => return Err(Error::NotFound),
        };
        let locality = asked(uri, "in").filter(|_| kind == Kind::Session);
        if locality.as_ref().is_some_and(|slug| !edition.library.timetable.localities.contains_key(slug)) {
            return Err(Error::NotFound);
        }
        let more = locality.as_ref().map(|slug| format!("?in={slug}")).unwrap_or_default();
        Ok(Self { edition, kind, path: format!("/edit/confirm/{what}{more}"), locality })
    }

    fn hash(&self, slug: &str) -> String {
        texts::hash(self.edition.library.body(self.kind, slug).unwrap_or_default())
    }

    /// What can be confirmed, with what is confirmed longest ago first.
    fn items(&self, ask: &Ask, ticked: &[&str]) -> Vec<Item> {
        let (library, today) = (&self.edition.library, london_date(ask.now));
        let table = &library.timetable;
        let rows: Vec<(String, String, String)> = match self.kind {
            Kind::Line => {
                let confirmed = |slug: &str| library.confirmation(Kind::Line, slug).is_some();
                let row = |(slug, line): (&String, &crate::help::Line)| {
                    let says = format!("{}. {}", line.number, hours(&line.hours, confirmed(slug)));
                    (slug.clone(), line.name.clone(), says)
                };
                library.lines.iter().map(row).collect()
            }
            _ => {
                let here =
                    |place: &str| self.locality.as_deref().is_none_or(|slug| table.locality_of(place) == Some(slug));
                let known = table.sessions.iter().filter(|(_, it)| it.rule.is_known() && here(&it.place));
                known.map(|(slug, it)| (slug.clone(), title(table, it), words::rule(&it.rule, today))).collect()
            }
        };
        let mut rows: Vec<_> = rows
            .into_iter()
            .map(|(slug, name, says)| {
                let said = library.confirmation(self.kind, &slug);
                let certainty = Certainty::of(said, today);
                let item = Item {
                    ticked: ticked.contains(&slug.as_str()),
                    value: format!("{slug}.{}", self.hash(&slug)),
                    name,
                    says,
                    sure: matches!(certainty, Certainty::Confirmed { .. }),
                    certainty: words::certainty(&certainty),
                };
                (said.map(|said| said.on), item)
            })
            .collect();
        rows.sort_by(|(a, one), (b, other)| (a, &one.name).cmp(&(b, &other.name)));
        rows.into_iter().map(|(_, item)| item).collect()
    }

    fn draw(&self, ask: &Ask, editor: &Editor, status: StatusCode, form: Fields) -> Response {
        let ticked: Vec<_> = form.all().filter(|(name, _)| *name == "item").collect();
        let ticked: Vec<_> = ticked.into_iter().map(|(_, value)| value.split('.').next().unwrap_or(value)).collect();
        let items = self.items(ask, &ticked);
        let lines = self.kind == Kind::Line;
        let path = self.path.clone();
        let main = view! { <ConfirmMany items lines path form/> };
        draw(ask, editor, status, if lines { "Confirm help lines" } else { "Confirm sessions" }, main.into_any())
    }
}

pub(super) async fn page(ask: Ask, editor: Editor, Path(what): Path<String>, uri: Uri) -> Result<Response> {
    let desk = Desk::at(&ask, &what, &uri).await?;
    Ok(desk.draw(&ask, &editor, StatusCode::OK, Fields::default()))
}

pub(super) async fn confirm(
    ask: Ask,
    editor: Editor,
    Path(what): Path<String>,
    uri: Uri,
    mut form: Fields,
) -> Result<Response> {
    let desk = Desk::at(&ask, &what, &uri).await?;
    let act = act(&ask, &editor, &mut form, ("confirm", desk.kind.as_str(), Flash::Confirmed), desk.path.clone())?;
    let ticked: Vec<String> =
        form.all().filter(|(name, _)| *name == "item").map(|(_, value)| value.to_owned()).collect();
    let note = form.optional("note", LONGEST_NOTE).unwrap_or_default();
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let mut sure = Vec::new();
    let mut changed = Vec::new();
    let items = desk.items(&ask, &[]);
    for value in &ticked {
        let (slug, hash) = value.split_once('.').unwrap_or((value, ""));
        match items.iter().find(|item| item.value.split('.').next() == Some(slug)) {
            None => form.fault("items", "One of these is no longer there. Look at the list again."),
            Some(item) if desk.hash(slug) != hash => changed.push(item.name.clone()),
            Some(_) => sure.push((slug.to_owned(), hash.to_owned())),
        }
    }
    if ticked.iter().enumerate().any(|(n, one)| ticked.iter().skip(n + 1).any(|other| one == other)) {
        form.fault("items", "One of these was sent twice. Look at the list again.");
    }
    if ticked.is_empty() {
        form.fault("items", "Tick each one that you have checked.");
    }
    if !changed.is_empty() {
        status = StatusCode::CONFLICT;
        let says = format!(
            "Changed since you opened this page: {}. Nothing was confirmed. Look again, then confirm.",
            words::and(changed)
        );
        form.fault("items", says);
    }
    if form.ok() {
        let sure = Confirmed { kind: desk.kind, items: sure, note, by: editor.staff };
        let says = match acts::confirm(&ask.app.db, act, sure).await? {
            Outcome::Done(to) => {
                follow(&ask).await;
                return Ok(see_other(&to));
            }
            Outcome::Refused(says) => says,
            Outcome::OtherContent | Outcome::Overtaken => OTHER,
        };
        status = StatusCode::CONFLICT;
        form.fault("items", says);
        form.put("key", String::new());
    }
    Ok(desk.draw(&ask, &editor, status, form))
}
