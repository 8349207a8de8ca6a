//! The injected clock, London time, and what day it is there. The only place that reads the
//! machine's clock.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, Zoned};

/// Microseconds in one second, minute, hour and day: times are stored as UTC microseconds.
pub const SECOND: i64 = 1_000_000;
/// Microseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Microseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Microseconds in a day of 24 hours.
pub const DAY: i64 = 24 * HOUR;

/// Tells the time: the machine's, or one that a test sets.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    fixed: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// A clock that stands still at `at` until it is moved.
    pub fn fixed(at: Timestamp) -> Self {
        Self { fixed: Some(Arc::new(AtomicI64::new(at.as_microsecond()))) }
    }

    /// Moves a fixed clock; a real clock takes no notice.
    pub fn set(&self, at: Timestamp) {
        if let Some(fixed) = &self.fixed {
            fixed.store(at.as_microsecond(), Ordering::SeqCst);
        }
    }

    /// Now, to the microsecond: what is stored reads back equal.
    pub fn now(&self) -> Timestamp {
        match &self.fixed {
            Some(fixed) => from_micros(fixed.load(Ordering::SeqCst)),
            None => {
                #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
                let now = Timestamp::now();
                from_micros(now.as_microsecond())
            }
        }
    }
}

// The zone data is inside the program, so the name is always known; were it not, the rule in force
// since 1996 says the same.
static LONDON: LazyLock<TimeZone> = LazyLock::new(|| {
    TimeZone::get("Europe/London").or_else(|_| TimeZone::posix("GMT0BST,M3.5.0/1,M10.5.0")).unwrap_or(TimeZone::UTC)
});

/// The zone of everything a reader sees.
pub fn london() -> TimeZone {
    LONDON.clone()
}

/// `at` as London's clocks show it.
pub fn in_london(at: Timestamp) -> Zoned {
    at.to_zoned(london())
}

/// The civil date in London at `at`.
pub fn london_date(at: Timestamp) -> Date {
    in_london(at).date()
}

/// When a civil date begins in London, as a stored time.
pub fn midnight(date: Date) -> i64 {
    date.to_zoned(london()).map_or(0, |at| at.timestamp().as_microsecond())
}

/// When a civil date is over in London, as a stored time.
pub fn end_of(date: Date) -> i64 {
    midnight(date.saturating_add(1.day()))
}

/// A stored time. One outside the range of the calendar reads as its nearest end.
pub fn from_micros(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn london_is_known_without_the_machine_s_own_zone_files() {
        assert_eq!(london().iana_name(), Some("Europe/London"));
    }

    #[test]
    fn a_fixed_clock_stands_still_until_it_is_moved() {
        let clock = Clock::fixed(from_micros(5));
        assert_eq!(clock.now().as_microsecond(), 5);
        clock.set(from_micros(9));
        assert_eq!(clock.now().as_microsecond(), 9);
    }
}
