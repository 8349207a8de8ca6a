#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::clock::{MINUTE, london};

/// How many young people a worker has.
const CASELOAD: u8 = 25;

fn at(day: Date, hour: i8, minute: i8) -> i64 {
    day.at(hour, minute, 0, 0).to_zoned(london()).unwrap().timestamp().as_microsecond()
}

fn reading(person: u8, at: i64, stands: Stands) -> Reading {
    Reading { staff: StaffId::from_bytes([1; 16]), person: PersonId::from_bytes([person; 16]), at, stands }
}

fn kinds(readings: &[Reading]) -> Vec<Kind> {
    alerts(readings).into_iter().map(|alert| alert.kind).collect()
}

/// Any day of a year, both changes of the clocks among them.
fn any_day() -> impl Strategy<Value = Date> {
    (0i32..365).prop_map(|n| date(2026, 1, 1).checked_add(n.days()).unwrap())
}

/// A day of a personal adviser: readings of the own people from six in the morning until ten at night, now and then
/// all of them within the hour before a meeting.
fn ordinary() -> impl Strategy<Value = Vec<Reading>> {
    let visits = prop::collection::vec((6i8..22, 0i8..60, 1..=CASELOAD), 0..60);
    let meeting = prop::option::of(6i8..21);
    (any_day(), visits, meeting).prop_map(|(day, visits, meeting)| {
        let mut all: Vec<_> =
            visits.into_iter().map(|(hour, minute, who)| reading(who, at(day, hour, minute), Stands::Works)).collect();
        if let Some(hour) = meeting {
            all.extend(
                (1..=CASELOAD).map(|who| reading(who, at(day, hour, 0) + i64::from(who) * MINUTE, Stands::Works)),
            );
        }
        all.sort_by_key(|one| one.at);
        all
    })
}

/// Something that is not ordinary: what it is, and its readings on a day.
fn planted(day: Date) -> impl Strategy<Value = (Kind, Vec<Reading>)> {
    let night = (prop::sample::select(vec![22i8, 23, 0, 3, 5]), 0i8..60, 1..=CASELOAD, 1u8..4);
    prop_oneof![
        // Others' people, not one's own: thirty are still ordinary with any of one's own among them.
        (10i8..16).prop_map(move |hour| {
            let who = 100..=100 + u8::try_from(MANY).unwrap();
            (Kind::Bulk, who.map(|who| reading(who, at(day, hour, 0) + i64::from(who), Stands::Works)).collect())
        }),
        night.prop_map(move |(hour, minute, who, times)| {
            let at = at(day, hour, minute);
            // Several pages of one person in one night are one alert.
            (Kind::Night, (0..times).map(|n| reading(who, at + i64::from(n), Stands::Works)).collect())
        }),
        (8i8..20).prop_map(move |hour| (Kind::NoRelation, vec![reading(90, at(day, hour, 0), Stands::Never)])),
        (8i8..20).prop_map(move |hour| (Kind::Ended, vec![reading(91, at(day, hour, 0), Stands::Once)])),
    ]
}

fn a_thousand() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) }
}

proptest! {
    #![proptest_config(a_thousand())]

    #[test]
    fn the_people_of_the_last_hour_are_as_many_as_when_they_are_counted_anew(
        steps in prop::collection::vec((0u8..40, 0i64..20), 0..120),
    ) {
        let (mut hour, mut all, mut now) = (LastHour::default(), Vec::new(), 0);
        for (person, minutes) in steps {
            now += minutes * MINUTE;
            all.push((person, now));
            let anew: std::collections::HashSet<u8> =
                all.iter().filter(|(_, then)| *then > now - HOUR).map(|(person, _)| *person).collect();
            prop_assert_eq!(hour.read(PersonId::from_bytes([person; 16]), now), anew.len());
        }
    }

    #[test]
    fn a_thousand_ordinary_days_raise_nothing(day in ordinary()) {
        prop_assert_eq!(kinds(&day), []);
    }

    #[test]
    fn each_planted_event_in_an_ordinary_day_raises_exactly_one(
        mut day in ordinary(),
        (kind, event) in any_day().prop_flat_map(planted),
    ) {
        day.extend(event);
        day.sort_by_key(|one| one.at);
        prop_assert_eq!(kinds(&day), [kind]);
    }
}

#[test]
fn a_night_is_from_ten_to_six_in_london_winter_and_summer() {
    for day in [date(2026, 1, 15), date(2026, 7, 15)] {
        for (hour, minute, night) in
            [(21, 59, false), (22, 0, true), (23, 59, true), (0, 0, true), (5, 59, true), (6, 0, false)]
        {
            let found = kinds(&[reading(1, at(day, hour, minute), Stands::Works)]);
            assert_eq!(found, if night { vec![Kind::Night] } else { vec![] }, "{day} {hour}:{minute}");
        }
    }
}

#[test]
fn one_night_is_one_alert_and_the_next_another() {
    let (first, second) = (date(2026, 11, 24), date(2026, 11, 25));
    let times = [at(first, 23, 50), at(second, 0, 10), at(second, 5, 0), at(second, 22, 0)];
    assert_eq!(kinds(&times.map(|at| reading(1, at, Stands::Works))), [Kind::Night, Kind::Night]);
}

#[test]
fn a_duty_desk_reads_by_night_and_nobody_reads_many() {
    let night = at(date(2026, 11, 24), 23, 0);
    let of =
        |people: u8| (1..=people).map(|who| reading(who, night + i64::from(who), Stands::OnDuty)).collect::<Vec<_>>();
    assert_eq!(kinds(&of(30)), []);
    assert_eq!(kinds(&of(31)), [Kind::Bulk]);
    // The hour moves along: the first is forgotten when the last comes.
    let mut slow = of(31);
    slow[30].at = slow[0].at + HOUR;
    assert_eq!(kinds(&slow), []);
}

#[test]
fn who_goes_on_reading_of_many_is_told_of_again_and_one_burst_is_told_once() {
    let ten = at(date(2026, 11, 24), 10, 0);
    let burst = |from: i64| (1..=40).map(move |who| reading(who, from + i64::from(who), Stands::Works));
    assert_eq!(kinds(&burst(ten).collect::<Vec<_>>()), [Kind::Bulk]);
    // Two within the hour are one, over the full hour too; after it there is another.
    assert_eq!(kinds(&burst(ten).chain(burst(ten + HOUR - MINUTE)).collect::<Vec<_>>()), [Kind::Bulk]);
    assert_eq!(kinds(&burst(ten).chain(burst(ten + 5 * HOUR)).collect::<Vec<_>>()), [Kind::Bulk, Kind::Bulk]);
    // A single reading when the hour is over adds none.
    let mut late: Vec<_> = burst(ten).collect();
    late.push(reading(41, ten + HOUR, Stands::Works));
    assert_eq!(kinds(&late), [Kind::Bulk]);
}

#[test]
fn two_workers_are_not_one() {
    let noon = at(date(2026, 11, 24), 12, 0);
    let mut half: Vec<_> = (1..=40).map(|who| reading(who, noon, Stands::Works)).collect();
    half.iter_mut().skip(20).for_each(|one| one.staff = StaffId::from_bytes([2; 16]));
    assert_eq!(kinds(&half), []);
}
