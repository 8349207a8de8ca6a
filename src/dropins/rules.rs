//! What is on and when: the one function that turns rules and exceptions into dates.
//!
//! For one session and one date:
//! 1. The rule says whether it happens and at what times.
//! 2. Of the exceptions that cover the date and are not `extra`, the one made last counts; one
//!    that was overtaken has no effect at all.
//! 3. With no such exception, a bank holiday does what the place does on bank holidays.
//! 4. Every `extra` adds its own times, unless the exception that counts is a closure made later.
//! 5. Nothing happens in a building that is shut: whatever is sent to another place is closed too
//!    if that place was closed later, or is not in use.
//!
//! What is closed is returned with its reason and never left out: a person who knows that Monday
//! is the day must read that this Monday is not.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::dates::{Day, days, london_date, midnight};
use super::order::in_time;
use super::{
    BankHolidays, Confirmation, Exception, ExceptionKind, Place, PlaceStatus, Rule, Session, Times, Timetable,
};

/// A confirmation counts for this many days: long enough that a team is not asked every month,
/// short enough that each season's timetable is looked at.
pub const CONFIRMED_FOR_DAYS: i32 = 90;

/// How far ahead the next occurrence is looked for: a year and some, in days.
const FAR_DAYS: i64 = 400;

/// The numbers of the sessions of one day, as keys write them: few days have more.
const NUMBERS: [&str; 4] = ["1", "2", "3", "4"];

/// The stretch of time asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first instant.
    pub from: Timestamp,
    /// The instant after the last.
    pub to: Timestamp,
    /// The London date on which the question is asked; it decides whether a confirmation is stale.
    pub today: Date,
}

impl Window {
    /// From `at` for this many days of 24 hours, asked at `at`.
    #[must_use]
    pub fn days_from(at: Timestamp, days: i64) -> Window {
        let to = at.saturating_add(SignedDuration::from_hours(days.saturating_mul(24))).unwrap_or(Timestamp::MAX);
        Window { from: at, to, today: london_date(at) }
    }
}

/// One session on one date, with exceptions and bank holidays already applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// A name of its own that stays the same when its hours or place change: for calendar feeds.
    pub key: String,
    /// The slug of the session.
    pub session: Arc<str>,
    /// The slug of the place where it happens, or would have happened.
    pub place: Arc<str>,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends, always after `start`.
    pub end: Timestamp,
    /// Whether it happens, and how it differs from usual.
    pub status: Status,
    /// Why it differs; on one that is on as usual, a note to read before going.
    pub reason: Option<String>,
    /// How sure we are of it.
    pub certainty: Certainty,
}

impl Occurrence {
    /// The London date on which it starts.
    #[must_use]
    pub fn date(&self) -> Date {
        london_date(self.start)
    }

    /// Whether it happens at all.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.status != Status::Closed
    }

    /// Whether it is going on at this instant.
    #[must_use]
    pub fn is_open_at(&self, at: Timestamp) -> bool {
        self.is_on() && self.start <= at && at < self.end
    }
}

/// Whether an occurrence happens, and how it differs from usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// As usual.
    On,
    /// Does not happen.
    Closed,
    /// Happens at another place.
    Moved,
    /// Happens at other times.
    Changed,
    /// Happens besides what is usual.
    Extra,
}

/// How sure we are of an occurrence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// The service confirmed the session.
    Confirmed {
        /// By which role.
        by_role: Arc<str>,
        /// On which day.
        on: Date,
    },
    /// Nobody has confirmed it yet.
    NotYet,
    /// Confirmed, but more than [`CONFIRMED_FOR_DAYS`] ago.
    Stale {
        /// On which day.
        on: Date,
    },
}

impl Certainty {
    /// What follows from the last confirmation of something, if there was one.
    #[must_use]
    pub fn of(confirmation: Option<&Confirmation>, today: Date) -> Certainty {
        match confirmation {
            None => Certainty::NotYet,
            Some(Confirmation { on, .. }) if on.saturating_add(CONFIRMED_FOR_DAYS.days()) < today => {
                Certainty::Stale { on: *on }
            }
            Some(Confirmation { by_role, on }) => Certainty::Confirmed { by_role: by_role.as_str().into(), on: *on },
        }
    }
}

impl Rule {
    /// Whether the rule, before any exception, holds on this date.
    #[must_use]
    pub fn falls_on(&self, date: Date) -> bool {
        days(date, date).first().is_some_and(|day| self.holds_on(day))
    }

    fn holds_on(&self, day: &Day) -> bool {
        let within = |starts: Date, ends: Option<Date>| starts <= day.date && ends.is_none_or(|ends| day.date <= ends);
        match self {
            Rule::Week { days, starts, ends, .. } => days.contains(&day.weekday) && within(*starts, *ends),
            Rule::Weeks { n, days, starts, ends, .. } => {
                days.contains(&day.weekday)
                    && within(*starts, *ends)
                    && day.week.checked_sub(week_number(*starts)).and_then(|weeks| weeks.checked_rem(i64::from(*n)))
                        == Some(0)
            }
            Rule::Month { nth, day: weekday, starts, ends, .. } => {
                *weekday == day.weekday && (*nth == day.nth || (*nth == -1 && day.last)) && within(*starts, *ends)
            }
            Rule::Date { dates, .. } => dates.contains(&day.date),
            Rule::NotKnown { .. } => false,
        }
    }
}

/// As [`Day::week`].
fn week_number(date: Date) -> i64 {
    let epoch = Date::constant(1970, 1, 5);
    date.duration_since(epoch).as_hours().div_euclid(24 * 7)
}

impl Exception {
    fn covers(&self, date: Date) -> bool {
        self.from <= date && date <= self.to
    }
}

/// An exception with its slug, which settles two made at the same instant.
#[derive(Clone, Copy)]
struct Ruling<'a> {
    slug: &'a str,
    exception: &'a Exception,
}

impl Ruling<'_> {
    fn made_after(self, other: Ruling<'_>) -> bool {
        (self.exception.made_on, self.slug) > (other.exception.made_on, other.slug)
    }

    fn is_extra(self) -> bool {
        self.exception.kind == ExceptionKind::Extra
    }

    fn is_closure(self) -> bool {
        self.exception.kind == ExceptionKind::Closed
    }

    fn reason(self) -> Option<String> {
        Some(self.exception.reason.clone()).filter(|reason| !reason.trim().is_empty())
    }
}

/// One kind of thing that happens on one date, before it becomes occurrences.
struct Verdict<'a> {
    place: &'a str,
    /// In order, none twice.
    times: Cow<'a, [Times]>,
    status: Status,
    reason: Option<String>,
}

/// One session, with what does not change from date to date.
struct Expansion<'a> {
    table: &'a Timetable,
    /// Shared by all its occurrences, as is the slug of its usual place.
    slug: Arc<str>,
    place: Arc<str>,
    session: &'a Session,
    /// Its usual place, if we know it.
    home: Option<&'a Place>,
    usual: Vec<Times>,
    certainty: Certainty,
    window: Window,
}

impl Timetable {
    /// Every occurrence that overlaps `[from, to)`, by start, then place, then session. Closed ones
    /// are among them.
    ///
    /// The work grows with the length of the window: whoever takes one from a stranger limits it.
    #[must_use]
    pub fn occurrences(&self, window: Window) -> Vec<Occurrence> {
        let mut found = Vec::new();
        if window.from >= window.to {
            return found;
        }
        // One that started the evening before may still run; the second day back is for clock changes.
        let first = london_date(window.from).saturating_sub(2.days());
        let last = london_date(window.to);
        let days = days(first, last);
        for (slug, session) in &self.sessions {
            let expansion = Expansion {
                table: self,
                slug: slug.as_str().into(),
                place: session.place.as_str().into(),
                session,
                home: self.places.get(&session.place),
                usual: in_order(session.rule.times()),
                certainty: self.certainty(slug, window.today),
                window,
            };
            let rulings = self.rulings(first, last, |exception| {
                exception.session.as_deref() == Some(slug.as_str())
                    || exception.place.as_deref() == Some(session.place.as_str())
            });
            if rulings.is_empty() && !session.rule.is_known() {
                continue;
            }
            for day in &days {
                expansion.day(day, &rulings, &mut found);
            }
        }
        in_time(found)
    }

    /// What is open at this instant.
    #[must_use]
    pub fn open_now(&self, at: Timestamp) -> Vec<Occurrence> {
        let mut open = self.occurrences(Window::days_from(at, 1));
        open.retain(|occurrence| occurrence.is_open_at(at));
        open
    }

    /// What starts on this London date, closed ones among it.
    #[must_use]
    pub fn starting_on(&self, date: Date, today: Date) -> Vec<Occurrence> {
        let (Some(from), Some(to)) = (midnight(date), date.tomorrow().ok().and_then(midnight)) else {
            return Vec::new();
        };
        let mut starting = self.occurrences(Window { from, to, today });
        starting.retain(|occurrence| occurrence.start >= from);
        starting
    }

    /// The next occurrence at this place that happens and starts at or after `at`, wherever its
    /// session usually meets; `None` if there is none in the coming 400 days.
    #[must_use]
    pub fn next_at_place(&self, place: &str, at: Timestamp) -> Option<Occurrence> {
        self.next_where(at, |occurrence| &*occurrence.place == place)
    }

    /// The next occurrence of this session that happens and starts at or after `at`, wherever it
    /// is; `None` if there is none in the coming 400 days.
    #[must_use]
    pub fn next_of_session(&self, session: &str, at: Timestamp) -> Option<Occurrence> {
        self.next_where(at, |occurrence| &*occurrence.session == session)
    }

    fn next_where(&self, at: Timestamp, wanted: impl Fn(&Occurrence) -> bool) -> Option<Occurrence> {
        // Most sessions are weekly: look near first.
        [15, 70, FAR_DAYS].into_iter().find_map(|days| {
            self.occurrences(Window::days_from(at, days))
                .into_iter()
                .find(|occurrence| occurrence.is_on() && occurrence.start >= at && wanted(occurrence))
        })
    }

    /// The next instant after `at` at which a page about the timetable may read differently: any
    /// occurrence starts or ends, or the London day changes. `None` past the end of the calendar.
    #[must_use]
    pub fn next_change(&self, at: Timestamp) -> Option<Timestamp> {
        let today = london_date(at);
        let day_ends = midnight(today.tomorrow().ok()?)?;
        self.occurrences(Window { from: at, to: day_ends, today })
            .iter()
            .flat_map(|occurrence| [occurrence.start, occurrence.end])
            .filter(|instant| *instant > at)
            .chain([day_ends])
            .min()
    }

    fn certainty(&self, session: &str, today: Date) -> Certainty {
        Certainty::of(self.confirmations.get(session), today)
    }

    /// The exceptions that touch `[first, last]` and are wanted, the one made last at the end.
    fn rulings(&self, first: Date, last: Date, wanted: impl Fn(&Exception) -> bool) -> Vec<Ruling<'_>> {
        let mut rulings: Vec<Ruling<'_>> = self
            .exceptions
            .iter()
            .filter(|(_, exception)| exception.from <= last && first <= exception.to && wanted(exception))
            .map(|(slug, exception)| Ruling { slug, exception })
            .collect();
        rulings.sort_by_key(|ruling| (ruling.exception.made_on, ruling.slug));
        rulings
    }

    /// The closure of a place that counts on this date, if one does.
    fn closure_of(&self, place: &str, date: Date) -> Option<Ruling<'_>> {
        self.rulings(date, date, |exception| {
            exception.place.as_deref() == Some(place) && exception.kind != ExceptionKind::Extra
        })
        .pop()
        .filter(|ruling| ruling.is_closure())
    }
}

impl<'a> Expansion<'a> {
    fn day(&self, day: &Day, rulings: &[Ruling<'a>], found: &mut Vec<Occurrence>) {
        let date = day.date;
        let counts = rulings.iter().rev().copied().find(|ruling| !ruling.is_extra() && ruling.exception.covers(date));

        if self.session.rule.holds_on(day) {
            let verdict = match counts {
                Some(ruling) => self.changed(ruling),
                None => self.as_usual(date),
            };
            let verdict = self.unless_shut(verdict, date, counts);
            self.push(day, None, verdict, found);
        }
        for extra in rulings.iter().copied().filter(|ruling| ruling.is_extra() && ruling.exception.covers(date)) {
            let closed = counts.filter(|ruling| ruling.is_closure() && ruling.made_after(extra));
            let verdict = Verdict {
                place: extra.exception.at.as_deref().unwrap_or(&self.session.place),
                times: Cow::Owned(in_order(&extra.exception.times)),
                status: if closed.is_some() { Status::Closed } else { Status::Extra },
                reason: closed.unwrap_or(extra).reason(),
            };
            let verdict = self.unless_shut(verdict, date, Some(extra));
            self.push(day, Some(extra.slug), verdict, found);
        }
    }

    fn as_usual(&self, date: Date) -> Verdict<'_> {
        let holiday = self.table.holidays.get(&date);
        // A place we do not know may well be shut on a bank holiday: send nobody there unasked.
        let habit = self.home.map_or(BankHolidays::Ask, |place| place.bank_holidays);
        let (status, reason) = match (holiday, habit) {
            (None, _) | (Some(_), BankHolidays::Open) => (Status::On, None),
            (Some(_), BankHolidays::Ask) => (Status::On, Some("Bank holiday: ask first".to_owned())),
            (Some(name), BankHolidays::Closed) => (Status::Closed, Some(name.clone())),
        };
        Verdict { place: &self.session.place, times: Cow::Borrowed(&self.usual), status, reason }
    }

    fn changed<'v>(&'v self, ruling: Ruling<'v>) -> Verdict<'v> {
        let exception = ruling.exception;
        let usual = || Cow::Borrowed(self.usual.as_slice());
        let times = if exception.times.is_empty() { usual() } else { Cow::Owned(in_order(&exception.times)) };
        let home = self.session.place.as_str();
        let away = exception.at.as_deref().filter(|place| *place != home);
        let same_times = !exception.times.is_empty() && *times == *self.usual;
        let (place, times, status) = match exception.kind {
            ExceptionKind::Closed => (home, usual(), Status::Closed),
            ExceptionKind::OtherPlace if away.is_some() => (away.unwrap_or(home), times, Status::Moved),
            // Back at its own place, or at its own hours: how staff reopen what was closed or moved.
            ExceptionKind::OtherPlace if exception.at.is_some() && (exception.times.is_empty() || same_times) => {
                (home, times, Status::On)
            }
            ExceptionKind::OtherHours if same_times => (home, times, Status::On),
            _ => (home, times, Status::Changed),
        };
        Verdict { place, times, status, reason: ruling.reason() }
    }

    /// Closes what would happen in a shut building. `sent_by` is the exception that put it there.
    fn unless_shut<'v>(&self, verdict: Verdict<'v>, date: Date, sent_by: Option<Ruling<'_>>) -> Verdict<'v> {
        if verdict.status == Status::Closed {
            return verdict;
        }
        let guest = verdict.place != self.session.place;
        let closed_later = if guest { self.table.closure_of(verdict.place, date) } else { None }
            .filter(|closure| sent_by.is_none_or(|sender| closure.made_after(sender)));
        if let Some(closure) = closed_later {
            return Verdict { status: Status::Closed, reason: closure.reason(), ..verdict };
        }
        let place = if guest { self.table.places.get(verdict.place) } else { self.home };
        match place {
            Some(place) if place.status == PlaceStatus::Closed => {
                Verdict { status: Status::Closed, reason: Some(format!("{} is closed", place.name)), ..verdict }
            }
            _ => verdict,
        }
    }

    fn push(&self, day: &Day, extra: Option<&str>, verdict: Verdict<'_>, found: &mut Vec<Occurrence>) {
        let place = if verdict.place == &*self.place { self.place.clone() } else { verdict.place.into() };
        for (number, times) in verdict.times.iter().enumerate() {
            let Some((start, end)) = span(day, *times) else { continue };
            if start >= self.window.to || end <= self.window.from {
                continue;
            }
            // Slugs hold no dot, so two keys are equal only if all their parts are.
            let long;
            let number = match NUMBERS.get(number) {
                Some(short) => short,
                None => {
                    long = (number + 1).to_string();
                    long.as_str()
                }
            };
            let key = match extra {
                None => [&*self.slug, &day.text, number].join("."),
                Some(extra) => [&*self.slug, &day.text, extra, number].join("."),
            };
            found.push(Occurrence {
                key,
                session: self.slug.clone(),
                place: place.clone(),
                start,
                end,
                status: verdict.status,
                reason: verdict.reason.clone(),
                certainty: self.certainty.clone(),
            });
        }
    }
}

fn in_order(times: &[Times]) -> Vec<Times> {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.dedup();
    times
}

/// The instants of times on a day; the wall clock decides, so a session across a clock
/// change is an hour longer or shorter. `None` past the end of the calendar.
fn span(day: &Day, times: Times) -> Option<(Timestamp, Timestamp)> {
    let start = day.instant(false, times.from)?;
    let end = day.instant(times.over_midnight(), times.to)?;
    if start < end {
        return Some((start, end));
    }
    // The start fell into the spring gap and moved past the end: the end moves with it.
    let last_day = if times.over_midnight() { day.date.tomorrow().ok()? } else { day.date };
    let length = last_day.to_datetime(times.to).duration_since(day.date.to_datetime(times.from));
    Some((start, start.checked_add(length).ok()?))
}
