//! Timetables of random rules, exceptions and places, for the promises that hold of every one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use jiff::ToSpan;
use jiff::civil::{Date, Time};
use proptest::prelude::*;

use super::rules_test::read;
use super::*;

fn a_date(first: Date, days: i32) -> impl Strategy<Value = Date> {
    (0..days).prop_map(move |after| first.saturating_add(after.days()))
}

fn a_time() -> impl Strategy<Value = Time> {
    // Half of them in the small hours, where clocks change.
    prop_oneof![0..12_i8, 0..96_i8].prop_map(|quarter| Time::constant(quarter / 4, quarter % 4 * 15, 0, 0))
}

fn some_times() -> impl Strategy<Value = Vec<Times>> {
    let times = (a_time(), a_time())
        .prop_filter("not the same", |(from, to)| from != to)
        .prop_map(|(from, to)| Times { from, to });
    prop::collection::vec(times, 1..3)
}

fn a_weekday() -> impl Strategy<Value = Weekday> {
    use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    prop::sample::select(vec![Mon, Tue, Wed, Thu, Fri, Sat, Sun])
}

fn a_rule(first: Date, days: i32) -> impl Strategy<Value = Rule> {
    let common = move || {
        (
            prop::collection::vec(a_weekday(), 1..7),
            some_times(),
            a_date(first, days),
            prop::option::of(a_date(first, days)),
        )
    };
    prop_oneof![
        3 => common().prop_map(|(days, times, starts, ends)| Rule::Week { days, times, starts, ends }),
        3 => (1..5_u32, common())
            .prop_map(|(n, (days, times, starts, ends))| Rule::Weeks { n, days, times, starts, ends }),
        3 => (prop::sample::select(vec![1_i8, 2, 3, 4, 5, -1]), a_weekday(), common())
            .prop_map(|(nth, day, (_, times, starts, ends))| Rule::Month { nth, day, times, starts, ends }),
        2 => (prop::collection::vec(a_date(first, days), 1..20), some_times())
            .prop_map(|(dates, times)| Rule::Date { dates, times }),
        1 => Just(Rule::NotKnown { says: "Mondays, perhaps.".to_owned() }),
    ]
}

const PLACES: [&str; 3] = ["hall", "library", "shed"];
pub(super) const SESSIONS: [&str; 3] = ["art", "boxing", "cooking"];

fn an_exception(first: Date, days: i32) -> impl Strategy<Value = Exception> {
    use ExceptionKind::{Closed, Extra, OtherHours, OtherPlace};
    let place = || prop::sample::select(PLACES.to_vec()).prop_map(str::to_owned);
    (
        prop_oneof![
            2 => prop::sample::select(SESSIONS.to_vec()).prop_map(|session| (Some(session.to_owned()), None)),
            1 => place().prop_map(|place| (None, Some(place))),
        ],
        a_date(first, days),
        0..20_i32,
        prop::sample::select(vec![Closed, OtherHours, OtherPlace, Extra]),
        some_times(),
        (place(), any::<bool>()),
        // Few instants, so that some are made at the same one.
        (0..8_i64).prop_map(|hour| Timestamp::from_second(1_600_000_000 + hour * 3600).unwrap()),
    )
        .prop_map(|((session, place), from, length, kind, times, (other, away), made_on)| Exception {
            session,
            place,
            from,
            to: from.saturating_add(length.days()),
            kind,
            times: if matches!(kind, OtherHours | Extra) { times } else { Vec::new() },
            at: (kind == OtherPlace || (kind == Extra && away)).then_some(other),
            reason: String::new(),
            made_on,
        })
}

/// Three sessions in two of three places, with exceptions and holidays in `first` + `days`.
pub(super) fn a_timetable(first: Date, days: i32, exceptions: usize) -> impl Strategy<Value = Timetable> {
    use BankHolidays::{Ask, Closed, Open};
    let place = (
        prop::sample::select(vec![Closed, Open, Ask]),
        prop_oneof![
            6 => Just(PlaceStatus::Open), 3 => Just(PlaceStatus::NotConfirmed), 1 => Just(PlaceStatus::Closed)
        ],
    );
    (
        prop::collection::vec((a_rule(first, days), prop::sample::select(PLACES.to_vec())), 3),
        prop::collection::vec(an_exception(first, days), 0..exceptions),
        prop::collection::vec(place, 3),
        prop::collection::btree_set(a_date(first, days), 0..60),
    )
        .prop_map(|(sessions, exceptions, places, holidays)| {
            let mut table = read(
                "[session.model]\nplace = \"hall\"\nname = \"Drop-in\"\nkind = \"drop-in\"\ncome = \"just-come\"\n\
                 owner = \"x\"\nchecked_on = 2026-11-21\nreview_by = 2027-02-19\nclaim = \"x\"\n\
                 rule = { every = \"not-known\", says = \"x\" }",
            );
            let model = table.sessions.remove("model").unwrap();
            let building = table.places["hall"].clone();
            for (slug, (bank_holidays, status)) in PLACES.into_iter().zip(places) {
                let name = format!("The {slug}");
                table.places.insert(slug.to_owned(), Place { name, bank_holidays, status, ..building.clone() });
            }
            for (slug, (rule, place)) in SESSIONS.into_iter().zip(sessions) {
                let session = Session { rule, place: place.to_owned(), ..model.clone() };
                table.sessions.insert(slug.to_owned(), session);
            }
            for (number, exception) in exceptions.into_iter().enumerate() {
                let slug = format!("e{number:02}");
                table.exceptions.insert(slug.clone(), Exception { reason: slug, ..exception });
            }
            table.holidays = holidays.into_iter().map(|date| (date, format!("Holiday {date}"))).collect();
            table
        })
}

/// A window on whole minutes within `days` after `first`.
pub(super) fn a_window(first: Date, days: i32) -> impl Strategy<Value = Window> {
    let begin = dates::midnight(first).unwrap();
    let last = i64::from(days) * 1440;
    (0..last, 0..last).prop_map(move |(a, b)| Window {
        from: begin + (a.min(b)).minutes(),
        to: begin + (a.max(b) + 1).minutes(),
        today: first,
    })
}
