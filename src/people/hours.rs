//! When somebody works: their week, and no bank holidays. Working time is what a wait for an answer is counted in.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time, time};
use jiff::{Timestamp, ToSpan as _};

use crate::clock::{from_micros, in_london, london};

/// The working hours of one day, from and to, on London's clocks.
pub type Shift = (Time, Time);

/// A week of work: Monday first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Week(pub [Option<Shift>; 7]);

impl Default for Week {
    /// The hours of whoever has not said otherwise, and of every duty desk: Monday to Friday, nine to five.
    fn default() -> Self {
        let day = Some((time(9, 0, 0, 0), time(17, 0, 0, 0)));
        Self([day, day, day, day, day, None, None])
    }
}

impl Week {
    /// The hours on a day.
    pub fn on(&self, date: Date) -> Option<Shift> {
        let day = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
        self.0.get(day).copied().flatten().filter(|(from, to)| from < to)
    }

    /// Whether they work at all.
    pub fn any(&self) -> bool {
        self.0.iter().flatten().any(|(from, to)| from < to)
    }
}

/// When messages are answered: on each day the hours of whoever answers on it, but on no bank holiday.
pub struct Working<'a> {
    /// The hours on a day.
    pub shift: &'a (dyn Fn(Date) -> Option<Shift> + Sync),
    /// Bank holidays in England, with their names.
    pub holidays: &'a BTreeMap<Date, String>,
}

impl std::fmt::Debug for Working<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Working").finish_non_exhaustive()
    }
}

/// How far ahead is looked for a day of work: whoever works on none in two years is as good as gone.
const FAR: i32 = 731;

impl Working<'_> {
    /// The hours on a day, as stored times.
    fn stretch(&self, date: Date) -> Option<(i64, i64)> {
        if self.holidays.contains_key(&date) {
            return None;
        }
        let (from, to) = (self.shift)(date)?;
        let at = |time: Time| {
            let zoned = date.to_datetime(time).to_zoned(london()).ok()?;
            Some(zoned.timestamp().as_microsecond())
        };
        Some((at(from)?, at(to)?))
    }

    /// Every stretch of work that ends after `at`, soonest first.
    fn stretches_after(&self, at: Timestamp) -> impl Iterator<Item = (i64, i64)> {
        let (first, now) = (in_london(at).date(), at.as_microsecond());
        (0..FAR)
            .filter_map(move |days| first.checked_add(days.days()).ok())
            .filter_map(|date| self.stretch(date))
            .filter(move |(_, to)| *to > now)
            .map(move |(from, to)| (from.max(now), to))
    }

    /// The moment at which so much working time has gone by since `at`, in microseconds. With no work in sight: two
    /// years on.
    pub fn after(&self, at: Timestamp, mut work: i64) -> Timestamp {
        for (from, to) in self.stretches_after(at) {
            if work <= to - from {
                return from_micros(from + work);
            }
            work -= to - from;
        }
        at.checked_add(jiff::SignedDuration::from_hours(24 * i64::from(FAR))).unwrap_or(Timestamp::MAX)
    }

    /// When they work next: now, if they do now.
    pub fn next(&self, at: Timestamp) -> Option<Timestamp> {
        self.stretches_after(at).next().map(|(from, _)| from_micros(from))
    }

    /// How much working time lies between two moments, in microseconds.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> i64 {
        let end = to.as_microsecond();
        let stretches = self.stretches_after(from).take_while(|(began, _)| *began < end);
        stretches.map(|(began, ended)| ended.min(end) - began).sum()
    }
}

#[cfg(test)]
#[path = "hours_test.rs"]
mod tests;
