//! Who stands in the list of today, where, and why.

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan as _};
use proptest::prelude::*;

use super::{Facts, Place, Row, Why};
use crate::clock::{DAY, HOUR, from_micros, midnight};
use crate::id::Id;
use crate::messages::{CheckIn, Dealings, Feel, Mark, Mine, Waiting};
use crate::people::{Basics, Home, Part, Rhythm};
use crate::plan::review::Dates;
use crate::work::clocks::{Clock, Duty};

const TODAY: Date = date(2026, 11, 26);

fn now() -> Timestamp {
    from_micros(midnight(TODAY) + 10 * HOUR)
}

fn calm() -> Waiting {
    Waiting {
        person: Id::from_bytes([1; 16]),
        called: "Sam".to_owned(),
        since: None,
        due: None,
        unopened: 0,
        urgent: false,
        mine: Mine::Works(Part::Pa),
        mark: Mark::default(),
    }
}

/// Somebody of twenty, spoken with yesterday, with a plan of last month.
fn known() -> Facts {
    Facts {
        basics: Some(Basics { born_on: date(2006, 3, 3), since: date(2026, 1, 1), flagged: false }),
        plan: Some(Dates { made_on: Some(date(2026, 10, 20)), ..Dates::default() }),
        dealings: Dealings { contact: Some(date(2026, 11, 25)), ..Dealings::default() },
        ..Facts::default()
    }
}

fn why(waiting: Waiting, facts: Facts) -> Vec<Why> {
    Row::new(waiting, facts, now()).why
}

#[test]
fn nobody_stands_there_without_a_reason_and_each_reason_stands_in_its_place() {
    assert_eq!(why(calm(), known()), []);
    assert_eq!(Row::new(calm(), known(), now()).place(now()), Place::Quiet);
    let waits = Waiting { since: Some(now().as_microsecond() - HOUR), unopened: 1, urgent: true, ..calm() };
    let facts = Facts {
        basics: Some(Basics { born_on: date(2008, 12, 4), since: date(2026, 1, 1), flagged: false }),
        home: Some(Home { since: date(2026, 11, 20), provided: true }),
        plan: Some(Dates { made_on: Some(date(2026, 5, 20)), ..Dates::default() }),
        dealings: Dealings {
            contact: Some(date(2026, 9, 1)),
            promise: Some(date(2026, 11, 26)),
            ..Dealings::default()
        },
        rhythm: Some(Rhythm { check_in_days: Some(7), contact_weeks: Some(4), from: date(2026, 11, 1) }),
        ..Facts::default()
    };
    let all = [
        Why::Danger,
        Why::Waits,
        Why::Promise(TODAY),
        Why::Clock(Clock { duty: Duty::Review, due: date(2026, 11, 20) }),
        Why::Clock(Clock { duty: Duty::FirstVisit, due: date(2026, 11, 27) }),
        Why::CheckIn(date(2026, 11, 22)),
        Why::OutOfTouch(Some(date(2026, 9, 1))),
        Why::Birthday(18, date(2026, 12, 4)),
    ];
    assert_eq!(why(waits.clone(), facts.clone()), all);
    // Whoever works beside the lead sees what the messages ask, and no clocks that the lead keeps.
    let beside = Waiting { mine: Mine::Beside, ..waits };
    assert_eq!(why(beside, facts), [Why::Danger, Why::Waits]);
}

#[test]
fn contact_is_late_after_what_was_agreed_or_eight_weeks() {
    let since = |contact| Facts { dealings: Dealings { contact, ..Dealings::default() }, ..known() };
    assert_eq!(why(calm(), since(Some(date(2026, 10, 1)))), []);
    let old = date(2026, 9, 30);
    assert_eq!(why(calm(), since(Some(old))), [Why::OutOfTouch(Some(old))]);
    let agreed = Rhythm { check_in_days: None, contact_weeks: Some(2), from: TODAY };
    let facts = Facts { rhythm: Some(agreed), ..since(Some(date(2026, 11, 11))) };
    assert_eq!(why(calm(), facts), [Why::OutOfTouch(Some(date(2026, 11, 11)))]);
    // Nobody was ever spoken with: counted from when the record began.
    assert_eq!(why(calm(), since(None)), [Why::OutOfTouch(None)]);
}

#[test]
fn a_row_is_done_for_its_day_and_comes_back_for_the_next() {
    let rhythm = |from| Some(Rhythm { check_in_days: Some(7), contact_weeks: None, from });
    let mut facts = Facts { rhythm: rhythm(date(2026, 11, 20)), ..known() };
    assert_eq!(why(calm(), facts.clone()), [Why::CheckIn(date(2026, 11, 20))]);
    facts.done.insert(("check_in".to_owned(), date(2026, 11, 20)));
    assert_eq!(why(calm(), facts.clone()), []);
    facts.rhythm = rhythm(date(2026, 11, 21));
    assert_eq!(why(calm(), facts), [Why::CheckIn(date(2026, 11, 21))]);
}

#[test]
fn a_birthday_is_told_four_weeks_before_and_one_week_after() {
    for (born, told) in [
        (date(2010, 12, 24), Some(16)),
        (date(2010, 12, 25), None),
        (date(2008, 11, 19), Some(18)),
        (date(2008, 11, 18), None),
        (date(2005, 11, 26), Some(21)),
        (date(2001, 12, 1), Some(25)),
        (date(2006, 12, 1), None),
    ] {
        let basics = Some(Basics { born_on: born, since: date(2026, 1, 1), flagged: false });
        let why = why(calm(), Facts { basics, ..known() });
        let years = why.iter().find_map(|why| if let Why::Birthday(years, _) = why { Some(*years) } else { None });
        assert_eq!(years, told, "{born}");
    }
}

#[test]
fn what_is_put_off_stays_away_unless_it_is_danger_or_late() {
    let micros = now().as_microsecond();
    let off = Mark { snoozed_to: Some(date(2026, 11, 30)), ..Mark::default() };
    let waits = Waiting { since: Some(micros - HOUR), due: Some(micros + HOUR), mark: off, ..calm() };
    let place = |waiting: &Waiting| Row::new(waiting.clone(), known(), now()).place(now());
    assert_eq!(place(&waits), Place::PutOff);
    assert_eq!(place(&Waiting { due: Some(micros), ..waits.clone() }), Place::Today);
    assert_eq!(place(&Waiting { urgent: true, ..waits.clone() }), Place::Today);
    let late = Facts { plan: Some(Dates { made_on: Some(date(2026, 1, 1)), ..Dates::default() }), ..known() };
    assert_eq!(Row::new(waits, late, now()).place(now()), Place::Today, "what the law asks");
}

#[test]
fn a_check_in_that_asks_is_told_with_the_wait() {
    let asks = Some(CheckIn { feel: Feel::Hard, call: true });
    let facts = Facts { dealings: Dealings { asks, ..known().dealings }, ..known() };
    let waits = Waiting { since: Some(now().as_microsecond() - DAY), unopened: 1, ..calm() };
    let row = Row::new(waits, facts, now());
    assert_eq!(row.why[0].says(&row, now()), "asks to be called, and says that things are hard · 1 message not opened");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn danger_comes_before_every_wait_and_the_longest_wait_before_the_rest(
        rows in proptest::collection::vec((any::<bool>(), proptest::option::of(0..90i64), 0..200i32), 1..30)
    ) {
        let rows = rows.into_iter().enumerate().map(|(n, (urgent, waited, contact))| {
            let since = waited.map(|days| now().as_microsecond() - days * DAY);
            let person = Id::from_bytes([u8::try_from(n).unwrap(); 16]);
            let contact = Some(TODAY.saturating_sub(contact.days()));
            let facts = Facts { dealings: Dealings { contact, ..Dealings::default() }, ..known() };
            Row::new(Waiting { person, urgent, since, ..calm() }, facts, now())
        });
        let mut rows: Vec<Row> = rows.collect();
        rows.sort_by_key(Row::order);
        let kind = |row: &Row| match row.why.first() {
            Some(Why::Danger) => 0,
            Some(Why::Waits) => 1,
            Some(_) => 2,
            None => 3,
        };
        for (one, next) in rows.iter().zip(rows.iter().skip(1)) {
            prop_assert!(kind(one) <= kind(next));
            if kind(one) == 1 && kind(next) == 1 {
                prop_assert!(one.waiting.since <= next.waiting.since);
            }
        }
    }
}
