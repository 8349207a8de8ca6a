//! Promises of the calendar feeds, read back line by line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;

use jiff::civil::date;

use super::calendar::*;
use super::rules_test::{exception, read, session};
use super::*;

const MONDAYS: &str =
    r#"every = "week", days = ["mon"], times = [{ from = "16:00", to = "18:00" }], starts = 2026-11-02"#;

const ABOUT: About<'_> =
    About { origin: "https://drop.example:8443", version: 7, stamp: Timestamp::constant(1_795_000_000, 0) };

fn days(from: Date, to: Date) -> Window {
    let midnight = |date| dates::midnight(date).unwrap();
    Window { from: midnight(from), to: midnight(to.tomorrow().unwrap()), today: date(2026, 11, 21) }
}

/// December 2026.
fn december() -> Window {
    days(date(2026, 12, 1), date(2026, 12, 31))
}

fn feed_of(table: &Timetable, scope: Scope<'_>) -> String {
    feed(table, scope, december(), ABOUT)
}

/// The lines as they were before they were folded.
fn unfolded(feed: &str) -> Vec<String> {
    assert!(feed.ends_with("\r\n"));
    let whole = feed.replace("\r\n ", "");
    let lines: Vec<_> = whole.trim_end().split("\r\n").map(str::to_owned).collect();
    assert!(lines.iter().all(|line| !line.contains(['\r', '\n'])), "a line ends in another way");
    lines
}

/// The words of a property as they were typed.
fn typed(value: &str) -> String {
    let (mut text, mut chars) = (String::new(), value.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => text.push('\n'),
                Some(c) if matches!(c, '\\' | ';' | ',') => text.push(c),
                other => panic!("{other:?} is escaped"),
            },
            ';' | ',' => panic!("{c} stands bare in {value}"),
            c => text.push(c),
        }
    }
    text
}

/// The events of a feed: properties by name, with their parameters.
fn events(feed: &str) -> Vec<BTreeMap<String, String>> {
    let mut found = Vec::new();
    let mut event: Option<BTreeMap<String, String>> = None;
    for line in unfolded(feed) {
        match line.as_str() {
            "BEGIN:VEVENT" => event = Some(BTreeMap::new()),
            "END:VEVENT" => found.push(event.take().unwrap()),
            _ => {
                let (name, value) = line.split_once(':').unwrap();
                let value = match name {
                    "SUMMARY" | "DESCRIPTION" | "LOCATION" => typed(value),
                    _ => value.to_owned(),
                };
                if let Some(event) = &mut event {
                    assert!(event.insert(name.to_owned(), value).is_none(), "{name} twice");
                }
            }
        }
    }
    found
}

fn mondays(rest: &str) -> Timetable {
    read(&format!("{}{rest}", session("drop-in", "hall", MONDAYS)))
}

fn one(table: &Timetable, day: &str) -> BTreeMap<String, String> {
    let mut found = events(&feed_of(table, Scope::Everywhere));
    found.retain(|event| event["UID"].starts_with(&format!("drop-in.{day}")));
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[test]
fn every_occurrence_is_one_event_that_repeats_never() {
    let table = mondays("");
    let feed = feed_of(&table, Scope::Everywhere);
    let found = events(&feed);
    assert_eq!(found.len(), table.occurrences(december()).len());
    assert!(!unfolded(&feed.replace(feed.split("BEGIN:VEVENT").next().unwrap(), "")).join("\n").contains("RRULE"));
    let event = &found[0];
    assert_eq!(event["UID"], "drop-in.2026-12-07.1@drop.example");
    assert_eq!(event["DTSTART;TZID=Europe/London"], "20261207T160000");
    assert_eq!(event["DTEND;TZID=Europe/London"], "20261207T180000");
    assert_eq!((event["SEQUENCE"].as_str(), event["DTSTAMP"].as_str()), ("7", "20261118T110640Z"));
    assert_eq!(event["URL"], "https://drop.example:8443/drop-ins/place/hall");
    assert_eq!(feed, feed_of(&table, Scope::Everywhere), "the same every time");
    for line in ["METHOD:PUBLISH", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"] {
        assert!(feed.contains(&format!("{line}\r\n")), "{line}");
    }
}

#[test]
fn what_is_closed_stays_as_cancelled_with_its_reason() {
    let table = mondays(&exception("flood", "2026-12-14", "2026-12-14", "2026-11-20T09:00:00Z", "kind = \"closed\""));
    let (on, closed) = (one(&table, "2026-12-07"), one(&table, "2026-12-14"));
    assert_eq!((on["STATUS"].as_str(), closed["STATUS"].as_str()), ("TENTATIVE", "CANCELLED"));
    assert_eq!(closed["SUMMARY"], "Closed: flood – Drop-in");
    assert!(closed["DESCRIPTION"].starts_with("Closed: flood.\n"), "{}", closed["DESCRIPTION"]);
    // A bank holiday is a reason like any other.
    assert_eq!(one(&table, "2026-12-28")["SUMMARY"], "Closed: Boxing Day (substitute day) – Drop-in");
}

#[test]
fn doubt_is_said_first_and_goes_when_somebody_confirms() {
    let mut table = mondays("");
    let doubtful = one(&table, "2026-12-07");
    assert_eq!(doubtful["SUMMARY"], "Not confirmed – Drop-in");
    assert!(doubtful["DESCRIPTION"].contains("Not yet confirmed by the service: ask before you go."));
    let sure = Confirmation { by_role: "the duty manager".to_owned(), on: date(2026, 11, 20) };
    table.confirmations.insert("drop-in".to_owned(), sure);
    let event = one(&table, "2026-12-07");
    assert_eq!((event["SUMMARY"].as_str(), event["STATUS"].as_str()), ("Drop-in", "CONFIRMED"));
    assert!(event["DESCRIPTION"].contains("Confirmed by the duty manager on 20 November 2026."));
}

#[test]
fn what_moved_stands_in_the_feeds_of_both_places_under_one_name() {
    let what = "kind = \"other-place\"\nat = \"library\"";
    let table = mondays(&exception("works", "2026-12-14", "2026-12-14", "2026-11-20T09:00:00Z", what));
    let moved = one(&table, "2026-12-14");
    assert_eq!(moved["SUMMARY"], "Not confirmed – Different place – Drop-in – works");
    assert_eq!(moved["LOCATION"], "The Library");
    assert!(moved["DESCRIPTION"].contains("It is at The Library this time, not at The Hall."));
    let here = |scope| events(&feed_of(&table, scope)).into_iter().filter(|event| *event == moved).count();
    for scope in [Scope::Place("hall"), Scope::Place("library"), Scope::Locality("north"), Scope::District("lancaster")]
    {
        assert_eq!(here(scope), 1, "{scope:?}");
    }
    assert_eq!(events(&feed_of(&table, Scope::Place("library"))).len(), 1, "only what moved there");
    assert_eq!(here(Scope::Locality("south")), 0);
}

#[test]
fn a_name_stays_the_same_when_hours_or_place_change() {
    let uids = |what: Option<&str>| {
        let made = "2026-11-20T09:00:00Z";
        let table = mondays(&what.map_or(String::new(), |what| exception("x", "2026-12-01", "2026-12-31", made, what)));
        events(&feed_of(&table, Scope::Everywhere)).into_iter().map(|event| event["UID"].clone()).collect::<Vec<_>>()
    };
    let usual = uids(None);
    for what in [
        "kind = \"closed\"",
        "kind = \"other-place\"\nat = \"library\"",
        "kind = \"other-hours\"\ntimes = [{ from = \"17:00\", to = \"21:00\" }]",
    ] {
        assert_eq!(uids(Some(what)), usual, "{what}");
    }
}

#[test]
fn typed_words_come_back_whole_and_no_line_is_too_long_or_cut_inside_a_character() {
    for reason in [
        "Flood, mud; and a \\ that is \\n no new line: \"sorry\"",
        "🚿🚿🚿🚿🚿🚿🚿🚿🚿🚿🚿🚿🚿🚿🚿🚿🚿🚿🚿🚿🚿🚿🚿🚿🚿 👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦",
        "\u{200f}סגור בגלל שיטפון\u{200f}, \u{2067}مغلق بسبب الفيضان\u{2069}; zamknięte – ogień · 停電のため閉館します。停電のため閉館します。",
        "BEGIN:VEVENT END:VEVENT\u{2028}SUMMARY:false",
        "one line\nand the next",
    ] {
        let mut table =
            mondays(&exception("x", "2026-12-14", "2026-12-14", "2026-11-20T09:00:00Z", "kind = \"closed\""));
        table.exceptions.get_mut("x").unwrap().reason = reason.to_owned();
        let place = table.places.get_mut("hall").unwrap();
        place.name = format!("The {reason}");
        let closed = one(&table, "2026-12-14");
        assert_eq!(closed["SUMMARY"], format!("Closed: {reason} – Drop-in"));
        assert_eq!(closed["LOCATION"], format!("The {reason}"));
        // Every offset, so that a fold falls on each byte of some character.
        for pad in 0..5 {
            table.exceptions.get_mut("x").unwrap().reason = format!("{}{reason}", "x".repeat(pad));
            for line in feed_of(&table, Scope::Everywhere).split("\r\n") {
                assert!(line.len() <= 75, "{} octets: {line}", line.len());
            }
        }
    }
    let mut table = mondays(&exception("x", "2026-12-14", "2026-12-14", "2026-11-20T09:00:00Z", "kind = \"closed\""));
    table.exceptions.get_mut("x").unwrap().reason = "a\r\nb\u{0}\u{7}c\td\u{85}e".to_owned();
    assert_eq!(one(&table, "2026-12-14")["SUMMARY"], "Closed: a\nbc\tde – Drop-in");
}

#[test]
fn the_hour_that_comes_twice_is_said_in_utc() {
    let nights =
        r#"every = "week", days = ["sat", "sun"], times = [{ from = "22:00", to = "01:30" }], starts = 2026-10-01"#;
    let table = read(&session("drop-in", "hall", nights));
    let found = events(&feed(&table, Scope::Everywhere, days(date(2026, 10, 24), date(2026, 10, 25)), ABOUT));
    assert_eq!(found.len(), 2);
    // Saturday night: the clocks go back at 2am, after half past one.
    assert_eq!((found[0]["DTSTART"].as_str(), found[0]["DTEND"].as_str()), ("20261024T210000Z", "20261025T003000Z"));
    assert_eq!(found[1]["DTSTART;TZID=Europe/London"], "20261025T220000");
    assert_eq!(found[1]["DTEND;TZID=Europe/London"], "20261026T013000");
}

#[test]
fn nobody_learns_from_a_name_whose_calendar_it_is() {
    let mut table = mondays(&exception("x", "2026-12-14", "2026-12-14", "2026-11-20T09:00:00Z", "kind = \"closed\""));
    let one_session = table.sessions.get_mut("drop-in").unwrap();
    (one_session.name, one_session.kind) = ("Care Leaver Forum".to_owned(), SessionKind::Forum);
    table.exceptions.get_mut("x").unwrap().reason = "Care-leaver week, ask sam@example.org".to_owned();
    table.places.get_mut("library").unwrap().name = "The Leaving Care Centre".to_owned();
    assert_eq!(one(&table, "2026-12-07")["SUMMARY"], "Not confirmed – Forum");
    assert_eq!(one(&table, "2026-12-14")["SUMMARY"], "Closed – Forum");
    let name =
        |scope| unfolded(&feed_of(&table, scope)).into_iter().find(|line| line.starts_with("X-WR-CALNAME")).unwrap();
    assert_eq!(name(Scope::Locality("north")), "X-WR-CALNAME:Drop-ins: North");
    assert_eq!(name(Scope::Place("library")), "X-WR-CALNAME:Drop-ins");
    assert_eq!(name(Scope::Everywhere), "X-WR-CALNAME:Drop-ins");
    assert!(is_neutral("Carers' café") && !is_neutral("in CARE?"));
}

#[test]
fn a_feed_covers_28_days_back_and_366_ahead_by_london_s_days() {
    let at = "2027-03-28T22:30:00Z".parse().unwrap();
    let window = window(at);
    assert_eq!((window.from, window.today), (dates::midnight(date(2027, 2, 28)).unwrap(), date(2027, 3, 28)));
    assert_eq!(window.to, dates::midnight(date(2028, 3, 28)).unwrap());
}
