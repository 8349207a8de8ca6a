#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::clock::{DAY, HOUR, MINUTE};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn after(from: &str, work: i64, away: &[(&str, &str)]) -> String {
    let holidays = ["2026-12-25", "2026-12-28", "2027-01-01"].map(|day| (date(day), String::new())).into();
    let away: Vec<_> = away.iter().map(|(from, to)| date(from)..=date(to)).collect();
    let shift = |on| Week::default().on(on).filter(|_| !away.iter().any(|days| days.contains(&on)));
    Working { shift: &shift, holidays: &holidays }.after(at(from), work).to_string()
}

#[test]
fn working_time_leaves_out_nights_weekends_bank_holidays_and_days_away() {
    // A Tuesday at noon: five hours are left of it.
    assert_eq!(after("2026-11-24T12:00:00Z", 2 * HOUR, &[]), "2026-11-24T14:00:00Z");
    assert_eq!(after("2026-11-24T12:00:00Z", 8 * HOUR, &[]), "2026-11-25T12:00:00Z");
    assert_eq!(after("2026-11-24T12:00:00Z", 5 * HOUR, &[]), "2026-11-24T17:00:00Z");
    assert_eq!(after("2026-11-24T03:00:00Z", HOUR, &[]), "2026-11-24T10:00:00Z");
    assert_eq!(after("2026-11-27T16:00:00Z", 2 * HOUR, &[]), "2026-11-30T10:00:00Z");
    assert_eq!(after("2026-12-24T16:00:00Z", 2 * HOUR, &[]), "2026-12-29T10:00:00Z");
    assert_eq!(after("2026-11-24T16:00:00Z", 2 * HOUR, &[("2026-11-25", "2026-11-26")]), "2026-11-27T10:00:00Z");
    // In summer nine o'clock is eight in UTC, and the clocks go back and forward between two days of work.
    assert_eq!(after("2026-07-01T07:00:00Z", HOUR, &[]), "2026-07-01T09:00:00Z");
    assert_eq!(after("2026-10-23T15:00:00Z", 2 * HOUR, &[]), "2026-10-26T10:00:00Z");
    assert_eq!(after("2027-03-26T16:00:00Z", 2 * HOUR, &[]), "2027-03-29T09:00:00Z");
}

#[test]
fn whoever_never_works_is_waited_for_without_end_and_without_fault() {
    let (week, holidays) = (Week([None; 7]), BTreeMap::new());
    let never = Working { shift: &|on| week.on(on), holidays: &holidays };
    assert_eq!(never.next(at("2026-11-24T12:00:00Z")), None);
    assert!(never.after(at("2026-11-24T12:00:00Z"), HOUR) > at("2028-11-01T00:00:00Z"));
    assert!(!week.any());
    never.after(Timestamp::MAX, HOUR);
}

/// Counts minute by minute, as a person with a calendar would.
fn counted(working: &Working<'_>, from: Timestamp, minutes: i64) -> Timestamp {
    let (mut now, mut left) = (from.as_microsecond(), minutes);
    loop {
        let here = in_london(from_micros(now));
        let (date, time) = (here.date(), here.time());
        let works = !working.holidays.contains_key(&date)
            && (working.shift)(date).is_some_and(|(from, to)| time >= from && time < to);
        if works {
            if left == 0 {
                return from_micros(now);
            }
            left -= 1;
        }
        now += MINUTE;
        // The end of a shift is a moment of its own. (Nobody works in the hour that the clocks skip.)
        if works && left == 0 {
            return from_micros(now);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]
    #[test]
    fn working_time_is_what_a_person_with_a_calendar_counts(
        start in 0i64..(3_653 * 1_440),
        minutes in 1i64..1_500,
        hours in prop::array::uniform7(prop::option::of((3i8..12, 1i8..12))),
        holidays in prop::collection::btree_set(0i32..3_653, 0..200),
        away in prop::collection::vec((0i32..3_653, 0i32..40), 0..12),
    ) {
        let first = date("2021-01-01");
        let mut week = Week(hours.map(|day| day.map(|(from, long)| (time(from, 0, 0, 0), time(from + long, 30, 0, 0)))));
        week.0[2] = Some((time(9, 15, 0, 0), time(16, 45, 0, 0)));
        let day = |n: i32| first.checked_add(n.days()).unwrap();
        let holidays: BTreeMap<Date, String> = holidays.into_iter().map(|n| (day(n), String::new())).collect();
        let away: Vec<_> = away.into_iter().map(|(from, long)| day(from)..=day(from + long)).collect();
        let shift = |on: Date| week.on(on).filter(|_| !away.iter().any(|days| days.contains(&on)));
        let working = Working { shift: &shift, holidays: &holidays };
        let from = from_micros(at("2021-01-01T00:00:00Z").as_microsecond() + start * MINUTE);
        let found = working.after(from, minutes * MINUTE);
        prop_assert_eq!(found, counted(&working, from, minutes));
        prop_assert_eq!(working.between(from, found), minutes * MINUTE);
        prop_assert!(found.as_microsecond() - from.as_microsecond() >= minutes * MINUTE);
        prop_assert!(working.after(from, 0) <= from_micros(from.as_microsecond() + 400 * DAY));
    }
}
