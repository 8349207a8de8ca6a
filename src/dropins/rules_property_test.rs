//! The timetable against a second one written another way, over ten years of random rules.
//!
//! The second knows nothing of time zones, weekday arithmetic or search: it walks the calendar day
//! by day counting weeks and weekdays as it goes, has the summer time rule written out, and applies
//! exceptions one after the other in the order they were made.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::civil::{Date, Time, date};
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

use super::rules_random_test::{SESSIONS, a_timetable, a_window};
use super::*;

const FIRST: Date = Date::constant(2020, 1, 1);
const DAYS: i32 = 3653;

// ---------------------------------------------------------------- the second timetable

/// What both timetables must agree on: start and end in minutes since 1970, place, session, status,
/// reason.
type Line = (i64, i64, String, String, Status, Option<String>);

/// A day of the walk, with everything counted along the way.
struct Day {
    date: Date,
    /// Since 1 January 1970.
    number: i64,
    weekday: Weekday,
    /// How often this weekday has come in this month, this day included.
    nth: i8,
    /// Whether it comes no more in this month.
    last: bool,
    /// Counts up each Monday.
    week: i64,
}

/// From and to, in minutes since 1970.
type Summer = (i64, i64);

static WALK: LazyLock<(Vec<Day>, Vec<Summer>)> = LazyLock::new(|| {
    let days = walk();
    let summers = summers(&days);
    (days, summers)
});

fn walk() -> Vec<Day> {
    const NAMES: [Weekday; 7] =
        [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    let mut days: Vec<Day> = Vec::new();
    // From 30 December 2019, a Monday, 18,260 days after 1 January 1970.
    let (mut year, mut month, mut dom) = (2019, 12, 30);
    for step in 0..(DAYS + 400) {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        days.push(Day {
            date: date(year, month, dom),
            number: 18_260 + i64::from(step),
            weekday: NAMES[usize::try_from(step % 7).unwrap()],
            nth: 0,
            last: false,
            week: i64::from(step / 7),
        });
        dom += 1;
        if dom > length {
            (month, dom) = (month + 1, 1);
        }
        if month > 12 {
            (year, month) = (year + 1, 1);
        }
    }
    let mut seen: BTreeMap<(i16, i8, Weekday), Vec<usize>> = BTreeMap::new();
    for (index, day) in days.iter().enumerate() {
        seen.entry((day.date.year(), day.date.month(), day.weekday)).or_default().push(index);
    }
    for indices in seen.values() {
        for (nth, index) in indices.iter().enumerate() {
            days[*index].nth = i8::try_from(nth + 1).unwrap();
        }
        days[*indices.last().unwrap()].last = true;
    }
    days
}

/// The minutes between which London is an hour ahead, per year of the walk.
fn summers(days: &[Day]) -> Vec<Summer> {
    let last_sunday = |year: i16, month: i8| {
        let day = days.iter().find(|day| {
            day.date.year() == year && day.date.month() == month && day.weekday == Weekday::Sun && day.last
        });
        day.map(|day| day.number * 1440 + 60)
    };
    (2020..=2030).filter_map(|year| Some((last_sunday(year, 3)?, last_sunday(year, 10)?))).collect()
}

fn to_utc(local: i64, summers: &[Summer]) -> i64 {
    let summer = |utc: i64| summers.iter().any(|(from, to)| (*from..*to).contains(&utc));
    // In summer the earlier reading is right; in the skipped hour neither is, and the later counts.
    if summer(local - 60) { local - 60 } else { local }
}

fn minutes(time: Time) -> i64 {
    i64::from(time.hour()) * 60 + i64::from(time.minute())
}

fn holds(rule: &Rule, day: &Day, days: &[Day]) -> bool {
    let inside =
        |starts: &Date, ends: &Option<Date>| day.date >= *starts && !matches!(ends, Some(ends) if day.date > *ends);
    match rule {
        Rule::Week { days, starts, ends, .. } => inside(starts, ends) && days.contains(&day.weekday),
        Rule::Weeks { n, days: on, starts, ends, .. } => {
            let begin = days.iter().find(|day| day.date == *starts).unwrap().week;
            // Steps forward from the first week until it meets or passes this one.
            let mut week = begin;
            while week < day.week {
                week += i64::from(*n);
            }
            inside(starts, ends) && week == day.week && on.contains(&day.weekday)
        }
        Rule::Month { nth, day: on, starts, ends, .. } => {
            inside(starts, ends) && day.weekday == *on && if *nth < 0 { day.last } else { day.nth == *nth }
        }
        Rule::Date { dates, .. } => dates.contains(&day.date),
        Rule::NotKnown { .. } => false,
    }
}

/// What the exceptions have made of one session's day so far.
struct Board<'a> {
    place: &'a str,
    times: &'a [Times],
    status: Status,
    reason: Option<&'a str>,
    /// When the exception that counts was made, and its slug.
    by: Option<(Timestamp, &'a str)>,
    /// Each with the reason it is closed for, if it is.
    extras: Vec<(&'a str, &'a Exception, Option<&'a str>)>,
}

fn second_timetable(table: &Timetable, window: Window) -> Vec<Line> {
    let (days, summers) = &*WALK;
    let mut by_age: Vec<(&String, &Exception)> = table.exceptions.iter().collect();
    by_age.sort_by_key(|(slug, exception)| (exception.made_on, slug.as_str()));
    let (from, to) = (window.from.as_second() / 60, window.to.as_second() / 60);
    let mut lines = Vec::new();
    for day in days {
        if (day.number + 3) * 1440 < from || day.number * 1440 > to + 1440 {
            continue;
        }
        for (slug, session) in &table.sessions {
            let usual = session.rule.times();
            let mut board = Board {
                place: &session.place,
                times: usual,
                status: Status::On,
                reason: None,
                by: None,
                extras: Vec::new(),
            };
            for (name, exception) in &by_age {
                let about =
                    exception.session.as_ref() == Some(slug) || exception.place.as_ref() == Some(&session.place);
                if !about || day.date < exception.from || day.date > exception.to {
                    continue;
                }
                let reason = exception.reason.as_str();
                if exception.kind == ExceptionKind::Extra {
                    board.extras.push((name, exception, None));
                    continue;
                }
                let closed = exception.kind == ExceptionKind::Closed;
                for (_, _, closed_for) in &mut board.extras {
                    *closed_for = closed.then_some(reason);
                }
                let elsewhere = exception.at.as_deref().unwrap_or(&session.place);
                (board.place, board.times, board.status) = match exception.kind {
                    ExceptionKind::Closed => (session.place.as_str(), usual, Status::Closed),
                    ExceptionKind::OtherHours => {
                        let set = |times: &[Times]| times.iter().copied().collect::<BTreeSet<_>>();
                        let same = set(&exception.times) == set(usual);
                        (
                            session.place.as_str(),
                            exception.times.as_slice(),
                            if same { Status::On } else { Status::Changed },
                        )
                    }
                    _ if elsewhere == session.place => (elsewhere, usual, Status::On),
                    _ => (elsewhere, usual, Status::Moved),
                };
                board.reason = Some(reason);
                board.by = Some((exception.made_on, name));
            }
            if let (None, Some(holiday)) = (board.by, table.holidays.get(&day.date)) {
                match table.places[&session.place].bank_holidays {
                    BankHolidays::Open => {}
                    BankHolidays::Ask => board.reason = Some("Bank holiday: ask first"),
                    BankHolidays::Closed => (board.status, board.reason) = (Status::Closed, Some(holiday.as_str())),
                }
            }
            let mut add = |place: &str, times: &[Times], mut status: Status, reason: Option<&str>, by| {
                let mut reason = reason.map(str::to_owned);
                if status != Status::Closed {
                    if table.places[place].status == PlaceStatus::Closed {
                        (status, reason) = (Status::Closed, Some(format!("{} is closed", table.places[place].name)));
                    }
                    let mut shut = None;
                    for (name, exception) in &by_age {
                        if exception.place.as_deref() == Some(place)
                            && (exception.from..=exception.to).contains(&day.date)
                            && exception.kind != ExceptionKind::Extra
                        {
                            let later = Some((exception.made_on, name.as_str())) > by;
                            shut = (exception.kind == ExceptionKind::Closed && later).then_some(&exception.reason);
                        }
                    }
                    if place != session.place
                        && let Some(shut) = shut
                    {
                        (status, reason) = (Status::Closed, Some(shut.clone()));
                    }
                }
                for times in times.iter().collect::<BTreeSet<_>>() {
                    let local = day.number * 1440 + minutes(times.from);
                    let length = match minutes(times.to) - minutes(times.from) {
                        forward if forward > 0 => forward,
                        back => back + 1440,
                    };
                    let start = to_utc(local, summers);
                    let mut end = to_utc(local + length, summers);
                    if end <= start {
                        end = start + length;
                    }
                    if start < to && end > from {
                        lines.push((start, end, place.to_owned(), slug.clone(), status, reason.clone()));
                    }
                }
            };
            if holds(&session.rule, day, days) {
                add(board.place, board.times, board.status, board.reason, board.by);
            }
            for (name, exception, closed_for) in board.extras {
                let place = exception.at.as_deref().unwrap_or(&session.place);
                let status = if closed_for.is_some() { Status::Closed } else { Status::Extra };
                let reason = closed_for.unwrap_or(&exception.reason);
                add(place, &exception.times, status, Some(reason), Some((exception.made_on, name)));
            }
        }
    }
    lines.sort();
    lines
}

fn lines(found: &[Occurrence]) -> Vec<Line> {
    let mut lines: Vec<Line> = found
        .iter()
        .map(|one| {
            let minute = |at: Timestamp| at.as_second() / 60;
            (
                minute(one.start),
                minute(one.end),
                one.place.to_string(),
                one.session.to_string(),
                one.status,
                one.reason.clone(),
            )
        })
        .collect();
    lines.sort();
    lines
}

fn settings(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

/// A crowded season with a clock change in it: most dates have something special.
const SEASON: Date = Date::constant(2026, 10, 1);
const SEASON_DAYS: i32 = 45;
const SPRING: Date = Date::constant(2024, 2, 20);

fn a_crowded_season() -> impl Strategy<Value = (Timetable, Window)> {
    prop_oneof![Just(SEASON), Just(SPRING)]
        .prop_flat_map(|first| (a_timetable(first, SEASON_DAYS, 14), a_window(first, SEASON_DAYS)))
}

/// The same occurrence seen through two windows, once.
fn joined(a: Vec<Occurrence>, b: Vec<Occurrence>) -> Vec<Occurrence> {
    let mut all = a;
    for one in b {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

proptest! {
    #![proptest_config(settings(24))]

    #[test]
    fn in_ten_years_no_occurrence_is_lost_or_doubled(
        table in a_timetable(FIRST, DAYS, 30),
        window in a_window(FIRST, DAYS),
    ) {
        let whole = Window { from: dates::midnight(FIRST).unwrap(), to: dates::midnight(FIRST.saturating_add(DAYS.days())).unwrap(), today: FIRST };
        for window in [whole, window] {
            prop_assert_eq!(lines(&table.occurrences(window)), second_timetable(&table, window));
        }
    }
}

proptest! {
    #![proptest_config(settings(300))]

    #[test]
    fn in_a_crowded_season_no_occurrence_is_lost_or_doubled((table, window) in a_crowded_season()) {
        prop_assert_eq!(lines(&table.occurrences(window)), second_timetable(&table, window));
    }

    #[test]
    fn a_window_split_anywhere_holds_the_same_as_the_whole(
        (table, window) in a_crowded_season(),
        part in 0.0..1.0_f64,
        pick in any::<prop::sample::Index>(),
    ) {
        let whole = table.occurrences(window);
        let seconds = window.to.as_second() - window.from.as_second();
        #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "any instant will do")]
        let anywhere = window.from + ((seconds as f64 * part) as i64).seconds();
        let mut cuts = vec![window.from, window.to, anywhere];
        if !whole.is_empty() {
            // The instants where it is easiest to be wrong.
            let one = pick.get(&whole);
            cuts.extend([one.start, one.end].into_iter().filter(|cut| (window.from..window.to).contains(cut)));
        }
        for cut in cuts {
            let first = table.occurrences(Window { to: cut, ..window });
            let second = table.occurrences(Window { from: cut, ..window });
            let both = first.iter().filter(|one| second.contains(one)).count();
            let across = whole.iter().filter(|one| one.start < cut && cut < one.end).count();
            let inside = window.from < cut && cut < window.to;
            prop_assert_eq!(both, if inside { across } else { 0 });
            prop_assert_eq!(lines(&joined(first, second)), lines(&whole));
        }
    }

    #[test]
    fn occurrences_come_in_order_and_each_has_a_key_of_its_own((table, window) in a_crowded_season()) {
        let found = table.occurrences(window);
        prop_assert!(found.is_sorted_by_key(|one| (one.start, one.place.clone(), one.session.clone())));
        prop_assert!(found.iter().all(|one| one.start < one.end));
        let keys: BTreeSet<&String> = found.iter().map(|one| &one.key).collect();
        prop_assert_eq!(keys.len(), found.len());
    }

    #[test]
    fn closing_everything_loses_nothing_and_opening_again_restores_all(
        (table, window) in a_crowded_season(),
        session in prop::sample::select(SESSIONS.to_vec()),
    ) {
        let before = table.occurrences(window);
        let mut closed = table.clone();
        closed.exceptions.insert("closed".to_owned(), Exception {
            session: Some(session.to_owned()),
            place: None,
            from: date(2020, 1, 1),
            to: date(2030, 1, 1),
            kind: ExceptionKind::Closed,
            times: Vec::new(),
            at: None,
            reason: "Shut for good".to_owned(),
            made_on: "2026-12-31T00:00:00Z".parse().unwrap(),
        });
        let after = closed.occurrences(window);
        for one in &after {
            let unchanged = &*one.session != session && before.contains(one);
            let shut = &*one.session == session && one.status == Status::Closed;
            prop_assert!(unchanged || shut);
        }
        // Other hours may have left the window or come in: those at usual hours are all still told.
        for one in before.iter().filter(|one| &*one.session == session && one.status == Status::On && one.reason.is_none()) {
            prop_assert!(after.iter().any(|told| told.key == one.key && told.start == one.start));
        }
        closed.exceptions.remove("closed");
        prop_assert_eq!(closed.occurrences(window), before.clone());

        let usual = table.sessions[session].rule.times().to_vec();
        if !usual.is_empty() {
            let shut = closed_then_opened(&table, session, usual).occurrences(window);
            let in_use = |one: &&Occurrence| table.places[&*one.place].status != PlaceStatus::Closed;
            let still_closed = shut.iter().filter(in_use).any(|one| {
                &*one.session == session && one.status == Status::Closed && one.reason.as_deref() == Some("Shut for good")
            });
            prop_assert!(!still_closed, "what was opened again is not closed");
        }
    }

    #[test]
    fn until_the_next_change_the_same_is_open((table, window) in a_crowded_season(), part in 0.0..1.0_f64) {
        let at = window.from;
        let next = table.next_change(at).unwrap();
        prop_assert!(at < next);
        #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "any instant will do")]
        let between = at + (((next.as_second() - at.as_second()) as f64 * part) as i64).seconds();
        prop_assert_eq!(table.open_now(between), table.open_now(at));
        let open = table.open_now(at);
        prop_assert!(open.iter().all(|one| one.start <= at && at < one.end && one.is_on()));
        let day = dates::london_date(at);
        prop_assert_eq!(dates::london_date(next - 1.second()), day);
    }

    #[test]
    fn the_next_session_is_the_first_that_happens(
        (table, window) in a_crowded_season(),
        session in prop::sample::select(SESSIONS.to_vec()),
    ) {
        let far = Window::days_from(window.from, 400);
        let first = table
            .occurrences(far)
            .into_iter()
            .find(|one| &*one.session == session && one.is_on() && one.start >= window.from);
        prop_assert_eq!(table.next_of_session(session, window.from), first);
    }
}

/// Closed for ten years, then opened again at the usual hours a minute later.
fn closed_then_opened(table: &Timetable, session: &str, usual: Vec<Times>) -> Timetable {
    let mut table = table.clone();
    let closed = Exception {
        session: Some(session.to_owned()),
        place: None,
        from: date(2020, 1, 1),
        to: date(2030, 1, 1),
        kind: ExceptionKind::Closed,
        times: Vec::new(),
        at: None,
        reason: "Shut for good".to_owned(),
        made_on: "2026-12-31T00:00:00Z".parse().unwrap(),
    };
    let opened = Exception {
        kind: ExceptionKind::OtherHours,
        times: usual,
        reason: "Open again".to_owned(),
        made_on: "2026-12-31T00:01:00Z".parse().unwrap(),
        ..closed.clone()
    };
    table.exceptions.insert("z-closed".to_owned(), closed);
    table.exceptions.insert("a-opened".to_owned(), opened);
    table
}
