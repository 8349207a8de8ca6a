//! What an editor does: change a page, an amount, a number or a place, change some days of a
//! session, confirm one. Everything is
//! checked before it is published, and whoever wrote it is told where and why it is not.

pub mod acts;
pub mod changes;
pub mod facts;
pub mod routes;
pub mod views;

use crate::clock::{from_micros, in_london};
use crate::content::store::Revision;
use crate::content::{Fault, Kind, Library, Refused};
use crate::dropins::words;
use crate::offer::Page;

/// The longest text of a page, in characters. The checks allow as many bytes.
pub const LONGEST_PAGE: usize = 100_000;
/// The longest note or reason of an edition, in characters.
pub const LONGEST_NOTE: usize = 300;
/// How far ahead an editor sees sessions, in days.
pub const AHEAD: i64 = 28;

/// What editors call one thing of this kind, and the list of all.
#[must_use]
pub fn called(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Page => ("page", "Pages"),
        Kind::Place => ("place", "Places and sessions"),
        Kind::Session => ("session", "Places and sessions"),
        Kind::Exception => ("change of single days", "Drop-ins"),
        Kind::Line => ("help line", "Help lines"),
        Kind::Entitlement => ("right or amount", "Rights and amounts"),
        Kind::Term => ("word", "Words we use"),
        Kind::Goal => ("goal", "Ideas for goals"),
        Kind::Source => ("source", "Sources"),
        Kind::Holiday => ("bank holiday", "Bank holidays"),
        Kind::Locality => ("area", "Areas"),
        Kind::District => ("district", "Districts"),
    }
}

/// The name of an item as it is published, or its id when it is not.
#[must_use]
pub fn name(library: &Library, kind: Kind, id: &str) -> String {
    let table = &library.timetable;
    let name = match kind {
        Kind::Page => library.page(id).map(|page| page.title.clone()),
        Kind::Place => table.places.get(id).map(|place| place.name.clone()),
        Kind::Session => table.sessions.get(id).map(|session| views::dropins::title(table, session)),
        Kind::Exception => table.exceptions.get(id).and_then(|it| {
            let session = it.session.as_ref().map(|id| name(library, Kind::Session, id));
            session.or_else(|| it.place.as_ref().map(|id| name(library, Kind::Place, id)))
        }),
        Kind::Line => library.lines.get(id).map(|line| line.name.clone()),
        Kind::Entitlement => library.entitlements.get(id).map(|right| right.name.clone()),
        Kind::Term => library.terms.get(id).map(|term| term.term.clone()),
        Kind::Goal => library.goals.get(id).map(|goal| goal.name.clone()),
        Kind::Source => library.sources.get(id).map(|source| source.title.clone()),
        Kind::Holiday => id.parse().ok().map(|date| {
            let name = table.holidays.get(&date).map(String::as_str).unwrap_or_default();
            format!("{name}, {}", words::date_with_year(date))
        }),
        Kind::Locality => table.localities.get(id).map(|locality| locality.name.clone()),
        Kind::District => table.districts.get(id).map(|district| district.name.clone()),
    };
    name.unwrap_or_else(|| id.to_owned())
}

/// Where an item is edited.
#[must_use]
pub fn path(kind: Kind, id: &str) -> String {
    match kind {
        Kind::Page => format!("/edit/page/{}", segment(id)),
        Kind::Place | Kind::Session => format!("/edit/{kind}s/{id}"),
        Kind::Exception => "/edit/drop-ins".to_owned(),
        kind => format!("/edit/items/{kind}/{id}"),
    }
}

/// Where the list of all things of a kind stands.
#[must_use]
pub fn list_path(kind: Kind) -> String {
    match kind {
        Kind::Page => "/edit".to_owned(),
        Kind::Place | Kind::Session => "/edit/places".to_owned(),
        Kind::Exception => "/edit/drop-ins".to_owned(),
        kind => format!("/edit/items/{kind}"),
    }
}

/// The part of an address that names a page. The ids of service pages hold a `/`, which becomes
/// a dot: no slug holds a dot, so two pages never meet.
#[must_use]
pub fn segment(id: &str) -> String {
    id.replacen('/', ".", 1)
}

/// Reads [`segment`] back; whether there is such a page is another question.
#[must_use]
pub fn page_id(segment: &str) -> Option<String> {
    match segment.split_once('.') {
        _ if segment.contains('/') => None,
        Some(("pages", slug)) => Some(format!("pages/{slug}")),
        Some(_) => None,
        None => Some(segment.to_owned()),
    }
}

/// A moment as the history of a page says it: `21 November 2026, 4.10pm`.
#[must_use]
pub fn when(micros: i64) -> String {
    let at = in_london(from_micros(micros));
    format!("{}, {}", words::date_with_year(at.date()), words::clock(at.time()))
}

/// The number of the edition that the public reads out of `revisions`, newest first; 0 for the
/// text that came with the release. A stored edition that no longer passes the checks gives way
/// to the one before it.
#[must_use]
pub fn live_number(revisions: &[Revision], refused: &[Refused], kind: Kind, id: &str) -> i64 {
    let stands = |revision: &&Revision| {
        !refused.iter().any(|(change, _)| {
            change.kind == kind && change.id == id && change.body.as_deref() == Some(revision.body.as_str())
        })
    };
    let live = revisions.iter().find(stands);
    live.filter(|revision| revision.state == "published").map_or(0, |revision| revision.number)
}

/// A fault as the editor is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Whether it stops the text from being published.
    pub error: bool,
    /// Where: `Line 12`, `The whole text`, `The page “Money”, line 5`.
    pub place: String,
    /// What is wrong and what to do.
    pub says: String,
    /// The beginning of the line, so that it can be found where lines are not numbered.
    pub quote: Option<String>,
}

/// Puts faults in words for somebody who edits the item `own`, whose text is `body`.
#[must_use]
pub fn told(library: &Library, faults: &[Fault], own: (Kind, &str), body: &str) -> Vec<Told> {
    let one = |fault: &Fault| {
        let mine = fault.item.as_ref().is_some_and(|(kind, id)| (*kind, id.as_str()) == own);
        let line = fault.line.map(|line| format!("line {line}"));
        let place = match (&fault.item, line) {
            (_, Some(line)) if mine => capital(&line),
            (_, None) if mine => "The whole text".to_owned(),
            (Some((kind, id)), line) => {
                let name = match library.page(id).filter(|_| *kind == Kind::Page) {
                    Some(page) => format!("The page “{}”", page.title),
                    None => format!("The {kind} “{id}”"),
                };
                line.map_or_else(|| name.clone(), |line| format!("{name}, {line}"))
            }
            (None, _) => fault.file.clone(),
        };
        let quoted = fault.line.filter(|_| mine).and_then(|line| body.lines().nth(line.checked_sub(1)?));
        let quote = quoted.map(str::trim).filter(|line| !line.is_empty()).map(start);
        Told { error: fault.is_error(), place, says: fault.message.clone(), quote }
    };
    let mut rows: Vec<Told> = faults.iter().map(one).collect();
    rows.sort_by_key(|row| !row.error);
    rows
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The first 60 characters of a line.
fn start(line: &str) -> String {
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or(line)),
        None => line.to_owned(),
    }
}

/// A page to be drawn inside the editor's own: the ids of its headings get a name of their own,
/// so that none is there twice.
#[must_use]
pub fn as_preview(mut page: Page) -> Page {
    for level in ["<h2 id=\"", "<h3 id=\""] {
        page.html = page.html.replace(level, &format!("{level}p-"));
    }
    for heading in &mut page.headings {
        page.html = page.html.replace(&format!("href=\"#{}\"", heading.id), &format!("href=\"#p-{}\"", heading.id));
        heading.id = format!("p-{}", heading.id);
    }
    page
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

    use std::collections::BTreeMap;

    use jiff::Timestamp;

    use super::*;
    use crate::app::start::content_files;

    const DEMO: &str = "place = \"white-cross-lancaster\"\nname = \"Demo\"\nkind = \"drop-in\"\ncome = \"just-come\"\n\
        claim = \"this-service\"\nowner = \"Demo\"\nchecked_on = 2026-11-21\nreview_by = 2027-02-19\n[rule]\n\
        every = \"week\"\ndays = [\"mon\", \"thu\"]\ntimes = [{ from = \"16:00\", to = \"18:00\" }]\nstarts = 2026-11-16\n";

    pub(super) fn now() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    pub(super) fn library() -> Library {
        let files: BTreeMap<_, _> = content_files(None).unwrap();
        Library::shipped(&files).unwrap().replaced(Kind::Session, "demo", DEMO).unwrap().0
    }

    #[test]
    fn the_address_of_a_page_leads_back_to_its_id() {
        for id in ["money", "pages/privacy", "a-place"] {
            assert_eq!(page_id(&segment(id)).as_deref(), Some(id));
        }
        assert_eq!(segment("pages/privacy"), "pages.privacy");
        assert_eq!(page_id("pages/privacy"), None);
        assert_eq!(page_id("other.privacy"), None);
    }

    #[test]
    fn faults_say_line_and_words_of_the_line() {
        let library = library();
        let body = library.body(Kind::Page, "money").unwrap().replace("## By law", "## By law\n\nYou get £5.");
        let faults = library.replaced(Kind::Page, "money", &body).unwrap_err();
        let rows = told(&library, &faults, (Kind::Page, "money"), &body);
        let line = body.lines().position(|line| line == "You get £5.").unwrap() + 1;
        let row = rows.iter().find(|row| row.place == format!("Line {line}")).unwrap();
        assert!(row.error);
        assert_eq!(row.quote.as_deref(), Some("You get £5."));
        let other = told(&library, &faults, (Kind::Page, "health"), "");
        assert!(other.iter().any(|row| row.place.starts_with("The page “Money”, line")), "{other:?}");
    }

    #[test]
    fn a_preview_shares_no_id_with_the_page_round_it() {
        let page = library().page("money").unwrap().clone();
        let preview = as_preview(page.clone());
        assert!(page.html.contains("<h2 id=\"by-law\""));
        assert!(preview.html.contains("<h2 id=\"p-by-law\"") && !preview.html.contains("id=\"by-law\""));
        assert!(preview.headings.iter().all(|heading| heading.id.starts_with("p-")));
    }
}
