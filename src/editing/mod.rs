//! What an editor does: change a page, close or reopen a session, confirm one. Everything is
//! checked before it is published, and whoever wrote it is told where and why it is not.

pub mod acts;
pub mod routes;
pub mod views;

use jiff::civil::Date;
use jiff::{SpanRelativeTo, Timestamp, Unit};

use crate::clock::{from_micros, in_london, london_date};
use crate::content::store::Revision;
use crate::content::{Fault, Kind, Library, Refused};
use crate::dropins::dates::midnight;
use crate::dropins::{Exception, ExceptionKind, Occurrence, Timetable, Window, words};
use crate::offer::Page;

/// The longest text of a page, in characters. The checks allow as many bytes.
pub const LONGEST_PAGE: usize = 100_000;
/// The longest note or reason of an edition, in characters.
pub const LONGEST_NOTE: usize = 300;
/// The shortest and the longest reason of a closure, in characters.
pub const REASON: (usize, usize) = (3, 200);
/// The most days that one closure may last: a season, after which somebody should look again.
pub const CLOSED_DAYS: i32 = 92;
/// How far ahead a closure may begin, in days: nobody plans further, and a year typed wrongly shows.
pub const CLOSED_AHEAD: i32 = 366;
/// How far ahead an editor sees sessions, in days.
pub const AHEAD: i64 = 28;

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

/// The id of a new closure: tells in lists and files what it is; `random` keeps two apart.
#[must_use]
pub fn closure_id(session: &str, from: Date, random: [u8; 4]) -> String {
    // Ids have 80 characters at most: the words around the session take 27.
    let session = session.get(..50).unwrap_or(session).trim_end_matches('-');
    format!("closed-{session}-{from}-{}", crate::id::hex(&random))
}

/// A closure of one session.
#[must_use]
pub fn closure(session: &str, from: Date, to: Date, reason: String, made_on: Timestamp) -> Exception {
    Exception {
        session: Some(session.to_owned()),
        place: None,
        from,
        to,
        kind: ExceptionKind::Closed,
        times: Vec::new(),
        at: None,
        reason,
        made_on,
    }
}

/// What keeps a session from being closed on these days, with the field it concerns.
#[must_use]
pub fn closing_fault(
    table: &Timetable,
    session: &str,
    (from, to): (Date, Date),
    now: Timestamp,
) -> Option<(&'static str, String)> {
    let today = london_date(now);
    if from < today {
        let says = format!("{} is over. Choose today or a day to come.", words::date_with_year(from));
        return Some(("from", says));
    }
    if days_between(today, from) > CLOSED_AHEAD {
        return Some(("from", "That is more than a year ahead. Check the year.".to_owned()));
    }
    if to < from {
        return Some(("to", "The last day is before the first. Choose the same day or a later one.".to_owned()));
    }
    if days_between(from, to) >= CLOSED_DAYS {
        let says = format!("That is more than {CLOSED_DAYS} days. Close it for a shorter time, then look again.");
        return Some(("to", says));
    }
    if !on_days(table, session, (from, to), now).is_empty() {
        return None;
    }
    let found = table.sessions.get(session);
    let name = found.map_or("This session", |session| session.name.as_str());
    if found.is_some_and(|session| !session.rule.is_known()) {
        return Some(("from", format!("The dates of {name} are not known, so there is none to close.")));
    }
    let days = if from == to {
        format!("on {}", words::day_seen_from(from, today))
    } else {
        format!("from {} to {}", words::day_seen_from(from, today), words::day_seen_from(to, today))
    };
    let coming = table.occurrences(Window::days_from(now, 70)).into_iter().filter(|one| one.session == session);
    let next: Vec<_> = coming.take(3).map(|one| words::day_seen_from(one.date(), today)).collect();
    let next = match next.as_slice() {
        [] => "No date of it is known.".to_owned(),
        dates => format!("Its next dates: {}.", dates.join(", ")),
    };
    Some(("from", format!("{name} does not meet {days}. {next}")))
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).ok().and_then(|span| span.total((Unit::Day, SpanRelativeTo::days_are_24_hours())).ok()).map_or(
        i32::MAX,
        |days| {
            #[expect(clippy::cast_possible_truncation, reason = "a whole number of days")]
            let days = days as i32;
            days
        },
    )
}

/// The occurrences of a session on these days that are not over, closed ones among them.
#[must_use]
pub fn on_days(table: &Timetable, session: &str, (from, to): (Date, Date), now: Timestamp) -> Vec<Occurrence> {
    let end = to.tomorrow().ok().and_then(midnight);
    let (Some(start), Some(end)) = (midnight(from), end) else { return Vec::new() };
    let mut found = table.occurrences(Window { from: start.max(now), to: end, today: london_date(now) });
    found.retain(|one| one.session == session && (from..=to).contains(&one.date()));
    found
}

/// The exception that closes this occurrence, if one does: of those that touch it the one made
/// last counts. One that is closed without has a bank holiday or a shut building behind it.
#[must_use]
pub fn closed_by<'a>(table: &'a Timetable, occurrence: &Occurrence) -> Option<(&'a str, &'a Exception)> {
    if occurrence.is_on() {
        return None;
    }
    let home = table.sessions.get(&occurrence.session).map(|session| session.place.as_str());
    let date = occurrence.date();
    let touches = |exception: &Exception| {
        let named = exception.session.as_ref() == Some(&occurrence.session);
        let there = home.is_some() && exception.place.as_deref() == home;
        (named || there) && (exception.from..=exception.to).contains(&date) && exception.kind != ExceptionKind::Extra
    };
    let last = table.exceptions.iter().filter(|(_, it)| touches(it)).max_by_key(|(slug, it)| (it.made_on, *slug));
    last.filter(|(_, it)| it.kind == ExceptionKind::Closed).map(|(slug, it)| (slug.as_str(), it))
}

/// Whether dates of these days stay closed when this exception is taken back.
#[must_use]
pub fn still_closed(table: &Timetable, exception: &str, now: Timestamp) -> bool {
    let mut table = table.clone();
    let Some(gone) = table.exceptions.remove(exception) else { return false };
    let Some(session) = &gone.session else { return false };
    on_days(&table, session, (gone.from, gone.to), now).iter().any(|one| !one.is_on())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

    use std::collections::BTreeMap;

    use jiff::civil::date;

    use super::*;
    use crate::app::start::content_files;

    const DEMO: &str = "place = \"white-cross-lancaster\"\nname = \"Demo\"\nkind = \"drop-in\"\ncome = \"just-come\"\n\
        claim = \"this-service\"\nowner = \"Demo\"\nchecked_on = 2026-11-21\nreview_by = 2027-02-19\n[rule]\n\
        every = \"week\"\ndays = [\"mon\", \"thu\"]\ntimes = [{ from = \"16:00\", to = \"18:00\" }]\nstarts = 2026-11-16\n";

    fn now() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn library() -> Library {
        let files: BTreeMap<_, _> = content_files(None).unwrap();
        Library::shipped(&files).unwrap().replaced(Kind::Session, "demo", DEMO).unwrap().0
    }

    fn closed(library: &Library, from: Date, to: Date, reason: &str) -> (String, Library) {
        let id = closure_id("demo", from, [1, 2, 3, 4]);
        let body = toml::to_string(&closure("demo", from, to, reason.to_owned(), now())).unwrap();
        (id.clone(), library.replaced(Kind::Exception, &id, &body).unwrap().0)
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
    fn a_reason_cannot_become_a_field_of_the_closure() {
        let reason = "Staff \"training\"\\\nkind = \"extra\"\n[[times]] ''' \u{7f}";
        let body =
            toml::to_string(&closure("demo", date(2026, 11, 23), date(2026, 11, 23), reason.into(), now())).unwrap();
        let read: Exception = toml::from_str(&body).unwrap();
        assert_eq!(read.reason, reason);
        assert_eq!((read.kind, read.times.len()), (ExceptionKind::Closed, 0));
        assert_eq!(read.made_on, now());
    }

    #[test]
    fn a_closure_passes_the_checks_and_closes_its_dates_only() {
        let library = library();
        let (id, after) = closed(&library, date(2026, 11, 23), date(2026, 11, 23), "Staff “training” = \"all day\"");
        assert_eq!(id, "closed-demo-2026-11-23-01020304");
        let days = on_days(&after.timetable, "demo", (date(2026, 11, 22), date(2026, 11, 30)), now());
        let states: Vec<_> = days.iter().map(|one| (one.date().day(), one.is_on())).collect();
        assert_eq!(states, [(23, false), (26, true), (30, true)]);
        assert_eq!(days[0].reason.as_deref(), Some("Staff “training” = \"all day\""));
        assert_eq!(closed_by(&after.timetable, &days[0]).unwrap().0, id);
        assert!(closed_by(&after.timetable, &days[1]).is_none());
        assert!(!still_closed(&after.timetable, &id, now()));
    }

    #[test]
    fn the_id_of_a_closure_is_a_slug_however_long_the_session_s_is() {
        let id = closure_id(&format!("{}-x", "a".repeat(49)), date(2026, 11, 23), [255; 4]);
        assert!(crate::offer::is_slug(&id), "{id}");
        let id = closure_id(&"s".repeat(80), date(2026, 11, 23), [255; 4]);
        assert!(crate::offer::is_slug(&id), "{id}");
    }

    #[test]
    fn what_cannot_be_closed_is_told_with_the_field() {
        let table = library().timetable;
        let fault = |from, to| closing_fault(&table, "demo", (from, to), now());
        assert_eq!(fault(date(2026, 11, 23), date(2026, 11, 23)), None);
        assert_eq!(fault(date(2026, 11, 22), date(2027, 2, 21)), None);
        assert_eq!(fault(date(2026, 11, 22), date(2027, 2, 22)).unwrap().0, "to");
        assert_eq!(fault(date(2026, 11, 20), date(2026, 11, 23)).unwrap().0, "from");
        assert_eq!(fault(date(2026, 11, 24), date(2026, 11, 23)).unwrap().0, "to");
        assert_eq!(fault(date(2099, 11, 23), date(2099, 11, 23)).unwrap().0, "from");
        let (field, says) = fault(date(2026, 11, 24), date(2026, 11, 25)).unwrap();
        assert_eq!(field, "from");
        assert!(says.contains("Monday 23 November, Thursday 26 November"), "{says}");
        let unknown = closing_fault(&table, "forum-north", (date(2026, 11, 23), date(2026, 11, 23)), now());
        assert!(unknown.unwrap().1.contains("are not known"));
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
