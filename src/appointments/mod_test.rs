//! Promises of the rules of appointments and of what calendars are told.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::clock::{DAY, SECOND};

fn at(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_microsecond()
}

fn says(day: Date, clock: &str) -> Option<String> {
    moment(day, clock.parse().unwrap()).map(|at| at.to_string())
}

fn from(starts_at: i64, minutes: i64) -> Details {
    Details { what: "Meeting".into(), with: None, place: None, way: None, starts_at, minutes }
}

fn other(n: u8, starts_at: i64, minutes: i64) -> Appointment {
    let details = Details { what: format!("Other {n}"), ..from(starts_at, minutes) };
    Appointment {
        id: Id::from_bytes([n; 16]),
        details,
        sequence: 0,
        changed_at: at("2026-11-24T12:00:00Z"),
        cancelled: false,
        cannot: None,
    }
}

#[test]
fn a_time_that_the_clocks_leave_out_is_none_and_of_one_that_comes_twice_the_first_is_meant() {
    let (spring, autumn) = (date(2027, 3, 28), date(2026, 10, 25));
    assert_eq!(says(spring, "00:59").as_deref(), Some("2027-03-28T00:59:00Z"));
    for left_out in ["01:00", "01:30", "01:59"] {
        assert_eq!(says(spring, left_out), None, "{left_out}");
    }
    assert_eq!(says(spring, "02:00").as_deref(), Some("2027-03-28T01:00:00Z"));
    assert_eq!(says(autumn, "00:59").as_deref(), Some("2026-10-24T23:59:00Z"));
    assert_eq!(says(autumn, "01:30").as_deref(), Some("2026-10-25T00:30:00Z"));
    assert_eq!(says(autumn, "02:00").as_deref(), Some("2026-10-25T02:00:00Z"));
    assert_eq!(says(date(2026, 7, 1), "16:00").as_deref(), Some("2026-07-01T15:00:00Z"));
    assert_eq!(says(date(2026, 12, 1), "16:00").as_deref(), Some("2026-12-01T16:00:00Z"));
}

#[test]
fn a_worker_is_asked_to_look_again_at_holidays_nights_and_two_at_a_time() {
    let holidays: BTreeMap<Date, String> = [(date(2026, 12, 25), "Christmas Day".to_owned())].into();
    let look =
        |starts: &str, minutes, others: &[Appointment]| doubts(&from(at(starts), minutes), None, others, &holidays);
    assert_eq!(look("2026-12-03T16:00:00Z", 60, &[]), []);
    assert_eq!(look("2026-12-25T16:00:00Z", 60, &[]), [Doubt::Holiday("Christmas Day".into())]);
    assert_eq!(look("2026-12-03T08:00:00Z", 60, &[]), []);
    assert_eq!(look("2026-12-03T07:59:00Z", 60, &[]), [Doubt::OutOfHours]);
    assert_eq!(look("2026-12-03T20:00:00Z", 60, &[]), []);
    assert_eq!(look("2026-12-03T20:15:00Z", 60, &[]), [Doubt::OutOfHours]);
    assert_eq!(look("2026-12-03T20:00:00Z", 480, &[]), [Doubt::OutOfHours], "past midnight");
    // In summer eight o'clock is seven in UTC.
    assert_eq!(look("2026-07-01T07:00:00Z", 60, &[]), []);
    assert_eq!(look("2026-07-01T06:45:00Z", 60, &[]), [Doubt::OutOfHours]);
    let others = [other(1, at("2026-12-03T15:00:00Z"), 60), other(2, at("2026-12-03T16:30:00Z"), 60)];
    assert_eq!(look("2026-12-03T16:00:00Z", 30, &others), [], "one after the other");
    assert_eq!(look("2026-12-03T16:00:00Z", 45, &others), [Doubt::Overlaps("Other 2".into())]);
    let own = doubts(&from(at("2026-12-03T16:30:00Z"), 60), Some(others[1].id), &others, &holidays);
    assert_eq!(own, [], "not with itself");
    let cancelled = [Appointment { cancelled: true, ..others[1].clone() }];
    assert_eq!(look("2026-12-03T16:00:00Z", 45, &cancelled), []);
}

#[test]
fn a_reminder_comes_on_the_day_before_at_the_same_time_and_never_within_three_hours() {
    let start = at("2026-12-03T16:00:00Z");
    assert_eq!(remind_at(start, start - 9 * DAY), Some(at("2026-12-02T16:00:00Z")));
    // The clocks go forward in the night between.
    assert_eq!(remind_at(at("2027-03-28T10:00:00Z"), 0), Some(at("2027-03-27T11:00:00Z")));
    assert_eq!(remind_at(start, start - 6 * HOUR), Some(start - 3 * HOUR), "made on the day");
    assert_eq!(remind_at(start, start - 6 * HOUR + 1), None, "they were told a moment ago");
    assert!(!is_due(start, 0, start - DAY - 1) && is_due(start, 0, start - DAY));
    assert!(is_due(start, 0, start - TOO_LATE) && !is_due(start, 0, start - TOO_LATE + 1));
}

/// The lines as they were before they were folded; fails when one is too long or was cut within a character.
fn unfolded(text: &[u8]) -> Vec<String> {
    assert!(text.ends_with(b"\r\n"));
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for line in text[..text.len() - 2].split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        assert!(line.len() <= 75 && !line.contains(&b'\r'));
        assert!(std::str::from_utf8(line).is_ok(), "a fold cut a character");
        match line.strip_prefix(b" ") {
            Some(rest) => lines.last_mut().unwrap().extend(rest),
            None => lines.push(line.to_vec()),
        }
    }
    lines.into_iter().map(|line| String::from_utf8(line).unwrap()).collect()
}

/// The properties of each event.
fn events(text: &str) -> Vec<BTreeMap<String, String>> {
    let (mut found, mut open) = (Vec::new(), None::<BTreeMap<String, String>>);
    for line in unfolded(text.as_bytes()) {
        match line.as_str() {
            "BEGIN:VEVENT" => open = Some(BTreeMap::new()),
            "END:VEVENT" => found.push(open.take().unwrap()),
            line => {
                let (name, value) = line.split_once(':').unwrap();
                if let Some(open) = &mut open {
                    assert!(open.insert(name.to_owned(), value.to_owned()).is_none(), "{name} twice");
                }
            }
        }
    }
    found
}

/// A time as a calendar reads it.
fn time_of(text: &str) -> i64 {
    let (d, t) = text.strip_suffix('Z').unwrap().split_once('T').unwrap();
    at(&format!("{}-{}-{}T{}:{}:{}Z", &d[..4], &d[4..6], &d[6..], &t[..2], &t[2..4], &t[4..]))
}

/// Words as they were typed.
fn typed(value: &str) -> String {
    let (mut text, mut chars) = (String::new(), value.chars());
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => text.push('\n'),
                Some(c) => text.push(c),
                None => panic!("an escape of nothing"),
            },
            (';' | ',', _) => panic!("{c} stands bare in {value}"),
            (c, _) => text.push(c),
        }
    }
    text
}

fn words() -> impl Strategy<Value = String> {
    // Words with whatever a calendar's own marks are made of, in letters of one to four bytes.
    proptest::collection::vec(
        prop_oneof![
            Just("a"),
            Just("é"),
            Just("字"),
            Just("🙂"),
            Just(";"),
            Just(","),
            Just("\\"),
            Just("\n"),
            Just(":"),
            Just("BEGIN:VEVENT"),
            Just(" ")
        ],
        1..120,
    )
    .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_file_of_an_appointment_reads_back_as_the_same_times_and_words(
        second in 946_684_800i64..4_102_444_800,
        minutes in 1i64..481,
        sequence in 0i64..100,
        cancelled in any::<bool>(),
        what in words(),
        place in proptest::option::of(words()),
        way in proptest::option::of(words()),
    ) {
        let mut one = other(7, second * SECOND, minutes);
        one.details = Details { what: what.clone(), with: None, place: place.clone(), way: way.clone(), ..one.details };
        (one.sequence, one.cancelled) = (sequence, cancelled);
        let text = ical::file(&one);
        let read = events(&text);
        prop_assert_eq!(read.len(), 1);
        let event = &read[0];
        prop_assert_eq!(time_of(&event["DTSTART"]), one.details.starts_at);
        prop_assert_eq!(time_of(&event["DTEND"]), one.details.ends_at());
        prop_assert_eq!(event["SEQUENCE"].clone(), sequence.to_string());
        prop_assert_eq!(event["UID"].clone(), one.id.to_string());
        prop_assert_eq!(event["STATUS"] == "CANCELLED", cancelled);
        prop_assert_eq!(typed(&event["SUMMARY"]), what);
        prop_assert_eq!(event.get("LOCATION").map(|text| typed(text)), place);
        prop_assert_eq!(event.get("DESCRIPTION").map(|text| typed(text)), way);
    }

    #[test]
    fn a_calendar_with_a_private_address_holds_the_times_and_one_word(
        slots in proptest::collection::vec((946_684_800i64..4_102_444_800, 1i64..481, any::<bool>()), 0..12),
    ) {
        let slots: Vec<Slot> = (0u8..).zip(&slots).map(|(n, (second, minutes, cancelled))| Slot {
            id: Id::from_bytes([n; 16]),
            starts_at: second * SECOND,
            minutes: *minutes,
            sequence: i64::from(n),
            changed_at: SECOND,
            cancelled: *cancelled,
        }).collect();
        let read = events(&ical::feed(&slots));
        prop_assert_eq!(read.len(), slots.len());
        for (event, slot) in read.iter().zip(&slots) {
            prop_assert_eq!(time_of(&event["DTSTART"]), slot.starts_at);
            prop_assert_eq!(time_of(&event["DTEND"]), slot.starts_at + slot.minutes * MINUTE);
            prop_assert_eq!(event["SUMMARY"].as_str(), "Appointment");
            let names: Vec<&str> = event.keys().map(String::as_str).collect();
            let all = ["CLASS", "DTEND", "DTSTAMP", "DTSTART", "LAST-MODIFIED", "SEQUENCE", "STATUS", "SUMMARY", "UID"];
            prop_assert_eq!(names, all);
        }
    }

    #[test]
    fn every_moment_that_london_s_clocks_show_is_found_again(minute in 0i64..(3 * 366 * 24 * 60)) {
        let then = from_micros(at("2026-01-01T00:00:00Z") + minute * MINUTE);
        let shown = in_london(then);
        let found = moment(shown.date(), shown.time()).unwrap();
        // In the hour that comes twice the first is found.
        prop_assert!(found == then || then.duration_since(found).as_hours() == 1);
        prop_assert_eq!(in_london(found).datetime(), shown.datetime());
    }

    #[test]
    fn no_reminder_is_early_late_or_twice_in_doubt(hours in 0i64..200, set in 0i64..200, now in -10i64..210) {
        let start = at("2027-03-29T16:00:00Z");
        let (set_at, now) = (start - set * HOUR, start - now * HOUR);
        if is_due(start, set_at, now) {
            prop_assert!(now >= start - DAY - HOUR && now <= start - TOO_LATE && now >= set_at + JUST_TOLD);
        }
        // Once due it stays so until it is too late.
        if is_due(start, set_at, now) && now + hours * MINUTE <= start - TOO_LATE {
            prop_assert!(is_due(start, set_at, now + hours * MINUTE));
        }
    }
}
