//! What the timetable must say, worked out a second time so that the two can be compared.
//!
//! Written from the rules in words, without sight of the code it tests (`portal::dropins::rules` and
//! `calendar`). It is naive on purpose: it walks day by day, asks every exception about every day, and counts
//! its own calendar. From jiff it takes the numbers inside a date, a time or a timestamp, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Time};
use portal::dropins::{BankHolidays, Exception, ExceptionKind, PlaceStatus, Rule, Session, Times, Timetable, Weekday};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// What an occurrence must say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The first instant, in UTC seconds.
    pub start: i64,
    /// The instant after the last, in UTC seconds.
    pub end: i64,
    /// The slug of the place where it happens.
    pub place: String,
    /// The slug of the session.
    pub session: String,
    /// One of `on`, `closed`, `moved`, `other-hours` and `extra`.
    pub status: &'static str,
    /// Why, if anything is to be said.
    pub reason: Option<String>,
}

/// Every occurrence that overlaps `[from, to)` (UTC seconds), sorted.
///
/// Where the place has `PlaceStatus::Closed` the reason is always `None`: do not compare it there.
pub fn occurrences(table: &Timetable, from: i64, to: i64) -> Vec<Line> {
    let oracle = Oracle::new(table);
    // One that starts on a date ends a day later at the latest, and London is never more than an hour ahead.
    let first = from.div_euclid(DAY) - 2;
    let last = (to + HOUR).div_euclid(DAY);
    let mut lines = Vec::new();
    for day in first..=last {
        for (slug, session) in &table.sessions {
            lines.extend(oracle.one_day(slug, session, day));
        }
    }
    lines.retain(|line| line.start < to && line.end > from);
    lines.sort();
    lines
}

/// Opening and closing times, each in seconds after midnight; as a set, so that one written twice counts once.
type Clock = BTreeSet<(i64, i64)>;

/// An exception with its slug, and its dates as day numbers.
#[derive(Clone, Copy)]
struct Ruling<'a> {
    slug: &'a str,
    exception: &'a Exception,
    first: i64,
    last: i64,
}

impl<'a> Ruling<'a> {
    fn covers(self, day: i64) -> bool {
        self.first <= day && day <= self.last
    }

    fn is_about(self, session: &str, home: &str) -> bool {
        self.exception.session.as_deref() == Some(session) || self.is_of_place(home)
    }

    fn is_of_place(self, place: &str) -> bool {
        self.exception.place.as_deref() == Some(place)
    }

    fn is(self, kind: ExceptionKind) -> bool {
        self.exception.kind == kind
    }

    /// Greater is later.
    fn made(self) -> (i128, &'a str) {
        (self.exception.made_on.as_nanosecond(), self.slug)
    }

    fn reason(self) -> Option<&'a str> {
        Some(self.exception.reason.as_str()).filter(|reason| !reason.trim().is_empty())
    }
}

/// Of these the one that counts: the last made, extras apart.
fn last_made<'a>(rulings: impl Iterator<Item = Ruling<'a>>) -> Option<Ruling<'a>> {
    rulings.filter(|ruling| !ruling.is(ExceptionKind::Extra)).max_by_key(|ruling| ruling.made())
}

/// What one source (the rule, or one extra) says about one session and one date.
struct Plan<'a> {
    place: &'a str,
    times: Clock,
    status: &'static str,
    reason: Option<&'a str>,
    /// The exception that said so.
    by: Option<Ruling<'a>>,
}

struct Oracle<'a> {
    table: &'a Timetable,
    rulings: Vec<Ruling<'a>>,
    holidays: BTreeMap<i64, &'a str>,
}

impl<'a> Oracle<'a> {
    fn new(table: &'a Timetable) -> Self {
        let ruling = |(slug, exception): (&'a String, &'a Exception)| Ruling {
            slug: slug.as_str(),
            exception,
            first: day_number(exception.from),
            last: day_number(exception.to),
        };
        Oracle {
            table,
            rulings: table.exceptions.iter().map(ruling).collect(),
            holidays: table.holidays.iter().map(|(date, name)| (day_number(*date), name.as_str())).collect(),
        }
    }

    /// Everything of one session that starts on one date.
    fn one_day(&self, slug: &'a str, session: &'a Session, day: i64) -> Vec<Line> {
        let about: Vec<Ruling<'a>> = self.on(day).filter(|ruling| ruling.is_about(slug, &session.place)).collect();
        let counts = last_made(about.iter().copied());
        let usual = falls_on(&session.rule, day).then(|| match counts {
            Some(ruling) => ruled(session, ruling),
            None => self.not_ruled(session, day),
        });
        let extras = about.into_iter().filter(|ruling| ruling.is(ExceptionKind::Extra));
        let plans = usual.into_iter().chain(extras.map(|extra| added(session, extra, counts)));
        plans.flat_map(|plan| lines(slug, self.in_building(&session.place, plan, day), day)).collect()
    }

    /// The exceptions that cover this day.
    fn on(&self, day: i64) -> impl Iterator<Item = Ruling<'a>> {
        self.rulings.iter().copied().filter(move |ruling| ruling.covers(day))
    }

    /// The usual occurrence when no exception counts: as the rule says, but for bank holidays.
    fn not_ruled(&self, session: &'a Session, day: i64) -> Plan<'a> {
        let place = self.table.places.get(&session.place);
        let habit = place.map_or(BankHolidays::Ask, |place| place.bank_holidays);
        let (status, reason) = match (self.holidays.get(&day), habit) {
            (Some(name), BankHolidays::Closed) => ("closed", Some(*name)),
            (Some(_), BankHolidays::Ask) => ("on", Some("Bank holiday: ask first")),
            (Some(_), BankHolidays::Open) | (None, _) => ("on", None),
        };
        Plan { place: &session.place, times: clock(session.rule.times()), status, reason, by: None }
    }

    /// The plan again, closed if the building is shut.
    fn in_building(&self, home: &str, plan: Plan<'a>, day: i64) -> Plan<'a> {
        if self.table.places.get(plan.place).is_some_and(|place| place.status == PlaceStatus::Closed) {
            return Plan { status: "closed", reason: None, ..plan };
        }
        match self.closure_elsewhere(home, &plan, day) {
            Some(closure) => Plan { status: "closed", reason: closure.reason(), ..plan },
            None => plan,
        }
    }

    /// The closure of another building made after it was chosen for this session.
    fn closure_elsewhere(&self, home: &str, plan: &Plan<'a>, day: i64) -> Option<Ruling<'a>> {
        if plan.place == home || plan.status == "closed" {
            return None;
        }
        let sent = plan.by?;
        let counts = last_made(self.on(day).filter(|ruling| ruling.is_of_place(plan.place)))?;
        (counts.is(ExceptionKind::Closed) && counts.made() > sent.made()).then_some(counts)
    }
}

/// The usual occurrence as changed by the exception that counts.
fn ruled<'a>(session: &'a Session, ruling: Ruling<'a>) -> Plan<'a> {
    let home = session.place.as_str();
    let usual = clock(session.rule.times());
    let given = clock(&ruling.exception.times);
    let elsewhere = ruling.exception.at.as_deref().filter(|at| *at != home);
    let (place, times, status) = match (ruling.exception.kind, elsewhere) {
        (ExceptionKind::Closed, _) => (home, usual, "closed"),
        (ExceptionKind::OtherPlace, Some(at)) if given.is_empty() => (at, usual, "moved"),
        (ExceptionKind::OtherPlace, Some(at)) => (at, given, "moved"),
        (ExceptionKind::OtherPlace, None) if given.is_empty() => (home, usual, "on"),
        _ if given == usual => (home, usual, "on"),
        _ => (home, given, "other-hours"),
    };
    Plan { place, times, status, reason: ruling.reason(), by: Some(ruling) }
}

/// What an extra adds; `counts` is the exception that counts on the date, if any.
fn added<'a>(session: &'a Session, extra: Ruling<'a>, counts: Option<Ruling<'a>>) -> Plan<'a> {
    let closure = counts.filter(|ruling| ruling.is(ExceptionKind::Closed) && ruling.made() > extra.made());
    let (status, reason) = match closure {
        Some(closure) => ("closed", closure.reason()),
        None => ("extra", extra.reason()),
    };
    let place = extra.exception.at.as_deref().unwrap_or(&session.place);
    Plan { place, times: clock(&extra.exception.times), status, reason, by: Some(extra) }
}

/// A plan as dated lines.
fn lines(session: &str, plan: Plan<'_>, day: i64) -> Vec<Line> {
    let line = |&(opens, closes): &(i64, i64)| {
        let closing_day = if closes <= opens { day + 1 } else { day };
        let (start, end) = (instant(day, opens), instant(closing_day, closes));
        // Only the skipped hour of spring can put a start past its end: it then lasts as long as written.
        let written = (closing_day - day) * DAY + closes - opens;
        Line {
            start,
            end: if end <= start { start + written } else { end },
            place: plan.place.to_owned(),
            session: session.to_owned(),
            status: plan.status,
            reason: plan.reason.map(str::to_owned),
        }
    };
    plan.times.iter().map(line).collect()
}

fn clock(times: &[Times]) -> Clock {
    times.iter().map(|times| (seconds(times.from), seconds(times.to))).collect()
}

fn seconds(time: Time) -> i64 {
    i64::from(time.hour()) * HOUR + i64::from(time.minute()) * 60
}

/// Whether the rule makes the session start on this day.
fn falls_on(rule: &Rule, day: i64) -> bool {
    match rule {
        Rule::Week { days, starts, ends, .. } => within(*starts, *ends, day) && on_one_of(days, day),
        Rule::Weeks { n, days, starts, ends, .. } => {
            let weeks = (monday_of(day) - monday_of(day_number(*starts))) / 7;
            within(*starts, *ends, day) && on_one_of(days, day) && weeks % i64::from(*n) == 0
        }
        Rule::Month { nth, day: weekday, starts, ends, .. } => {
            let (year, month) = month_of(day);
            within(*starts, *ends, day) && nth_weekday(year, month, *weekday, *nth) == Some(day)
        }
        Rule::Date { dates, .. } => dates.iter().any(|date| day_number(*date) == day),
        Rule::NotKnown { .. } => false,
    }
}

fn within(starts: Date, ends: Option<Date>, day: i64) -> bool {
    day_number(starts) <= day && ends.is_none_or(|ends| day <= day_number(ends))
}

fn on_one_of(days: &[Weekday], day: i64) -> bool {
    days.iter().any(|weekday| is_on(*weekday, day))
}

/// Day 0, the first of January 1970, was a Thursday: three days after a Monday.
fn days_since_monday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

fn monday_of(day: i64) -> i64 {
    day - days_since_monday(day)
}

/// The names of the weekdays stand in order, Monday first.
fn is_on(weekday: Weekday, day: i64) -> bool {
    weekday as i64 == days_since_monday(day)
}

/// The nth (1 to 5, or -1: the last) of this weekday in the month.
fn nth_weekday(year: i64, month: i64, weekday: Weekday, nth: i8) -> Option<i64> {
    let first = days_before_month(year, month);
    let mut listed = (first..first + length_of_month(year, month)).filter(|day| is_on(weekday, *day));
    match nth {
        -1 => listed.next_back(),
        1..=5 => listed.nth(usize::try_from(nth - 1).ok()?),
        _ => None,
    }
}

/// The instant of a London wall-clock time: one that comes twice is the first, one skipped moves on an hour.
fn instant(day: i64, seconds: i64) -> i64 {
    let as_winter = day * DAY + seconds;
    let as_summer = as_winter - HOUR;
    if is_summer(as_summer) { as_summer } else { as_winter }
}

/// Summer time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October.
fn is_summer(instant: i64) -> bool {
    let (year, _) = month_of(instant.div_euclid(DAY));
    let change = |month| nth_weekday(year, month, Weekday::Sun, -1).map(|day| day * DAY + HOUR);
    change(3).is_some_and(|spring| spring <= instant) && change(10).is_some_and(|autumn| instant < autumn)
}

/// Days from the first of January 1970 to this date.
fn day_number(date: Date) -> i64 {
    days_before_month(date.year().into(), date.month().into()) + i64::from(date.day()) - 1
}

/// The year and the month that hold this day.
fn month_of(day: i64) -> (i64, i64) {
    let mut year = 1970 + day.div_euclid(366);
    while days_before_year(year) > day {
        year -= 1;
    }
    while days_before_year(year + 1) <= day {
        year += 1;
    }
    let month = (2..=12).take_while(|month| days_before_month(year, *month) <= day).last().unwrap_or(1);
    (year, month)
}

fn days_before_month(year: i64, month: i64) -> i64 {
    days_before_year(year) + (1..month).map(|earlier| length_of_month(year, earlier)).sum::<i64>()
}

fn days_before_year(year: i64) -> i64 {
    (year - 1970) * 365 + leap_days_to_end_of(year - 1) - leap_days_to_end_of(1969)
}

fn leap_days_to_end_of(year: i64) -> i64 {
    year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400)
}

fn length_of_month(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + leap_days_to_end_of(year) - leap_days_to_end_of(year - 1),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
