//! Appointments of a young person with those who work with them: when one is, what a worker should look at again
//! before it is saved, and when somebody is reminded.

pub mod acts;
pub mod ical;
pub mod routes;
pub mod store;
pub mod views;

use std::collections::BTreeMap;

use jiff::civil::{Date, Time, time};
use jiff::tz::AmbiguousOffset;
use jiff::{Timestamp, ToSpan as _};

use crate::clock::{HOUR, MINUTE, from_micros, in_london, london};
use crate::id::Id;

/// Marks ids of appointments.
#[derive(Debug)]
pub struct AppointmentRow;
/// Marks ids of private addresses of calendars.
#[derive(Debug)]
pub struct FeedRow;

/// The id of an appointment; in calendars it is its UID.
pub type AppointmentId = Id<AppointmentRow>;
/// The id of a private address of a calendar.
pub type FeedId = Id<FeedRow>;

/// How long one may be, in minutes, and how that is said.
pub const LENGTHS: [(i64, &str); 9] = [
    (15, "15 minutes"),
    (30, "30 minutes"),
    (45, "45 minutes"),
    (60, "1 hour"),
    (90, "1 and a half hours"),
    (120, "2 hours"),
    (180, "3 hours"),
    (240, "4 hours"),
    (480, "8 hours"),
];

/// Nobody is reminded later than so long before an appointment, in microseconds: they are on their way, or cannot come.
pub const TOO_LATE: i64 = 3 * HOUR;
/// Whoever was just told of an appointment is not reminded of it sooner, in microseconds.
pub const JUST_TOLD: i64 = 3 * HOUR;
/// How far back a calendar with a private address reaches, in days.
pub const BACK: i64 = 30;
/// How far ahead it reaches: a year and a day, whatever the year.
pub const AHEAD: i64 = 366;

/// What a worker says of an appointment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// What it is.
    pub what: String,
    /// With whom.
    pub with: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// How to get there.
    pub way: Option<String>,
    /// When it begins, UTC microseconds.
    pub starts_at: i64,
    /// How long it takes.
    pub minutes: i64,
}

impl Details {
    /// When it is over, UTC microseconds.
    pub fn ends_at(&self) -> i64 {
        self.starts_at.saturating_add(self.minutes.saturating_mul(MINUTE))
    }
}

/// That somebody said that they cannot make it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cannot {
    /// When they said so, UTC microseconds.
    pub at: i64,
    /// Why, if they said that.
    pub why: Option<String>,
}

/// An appointment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// Its id.
    pub id: AppointmentId,
    /// What it is, when and where.
    pub details: Details,
    /// Grows with each change: by it calendars know the newer, and a worker's form what it was drawn from.
    pub sequence: i64,
    /// When it was last changed, UTC microseconds.
    pub changed_at: i64,
    /// It was cancelled.
    pub cancelled: bool,
    /// The young person cannot make it.
    pub cannot: Option<Cannot>,
}

impl Appointment {
    /// Whether it is still to come, or goes on.
    pub fn is_to_come(&self, now: Timestamp) -> bool {
        self.details.ends_at() > now.as_microsecond()
    }
}

/// When an appointment is, and nothing else of it: what a calendar is told that others may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its id.
    pub id: AppointmentId,
    /// When it begins, UTC microseconds.
    pub starts_at: i64,
    /// How long it takes.
    pub minutes: i64,
    /// Grows with each change.
    pub sequence: i64,
    /// When it was last changed, UTC microseconds.
    pub changed_at: i64,
    /// It was cancelled.
    pub cancelled: bool,
}

/// A London day and time as a moment. Of one that comes twice in October the first is meant; one that the clocks leave
/// out in March is none.
pub fn moment(day: Date, time: Time) -> Option<Timestamp> {
    let at = london().to_ambiguous_timestamp(day.to_datetime(time));
    match at.offset() {
        AmbiguousOffset::Gap { .. } => None,
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => at.compatible().ok(),
    }
}

/// What a worker should look at again before an appointment is saved. Any of these may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It lies on a bank holiday of this name.
    Holiday(String),
    /// It begins before 8 in the morning, or ends after 9 in the evening.
    OutOfHours,
    /// Something else of the same person is then.
    Overlaps(String),
}

/// The first and the last moment of a day at which nobody wonders about an appointment.
const HOURS: (Time, Time) = (time(8, 0, 0, 0), time(21, 0, 0, 0));

/// What is to be looked at again in an appointment that would stand beside these others of the same person. `own` is
/// its id when it is there already.
pub fn doubts(
    details: &Details,
    own: Option<AppointmentId>,
    others: &[Appointment],
    holidays: &BTreeMap<Date, String>,
) -> Vec<Doubt> {
    let (from, to) = (in_london(from_micros(details.starts_at)), in_london(from_micros(details.ends_at())));
    let mut doubts: Vec<Doubt> = holidays.get(&from.date()).cloned().map(Doubt::Holiday).into_iter().collect();
    let (first, last) = HOURS;
    if from.time() < first || from.date() != to.date() || to.time() > last {
        doubts.push(Doubt::OutOfHours);
    }
    let beside = others.iter().filter(|other| {
        let (other_from, other_to) = (other.details.starts_at, other.details.ends_at());
        Some(other.id) != own && !other.cancelled && other_from < details.ends_at() && details.starts_at < other_to
    });
    doubts.extend(beside.map(|other| Doubt::Overlaps(other.details.what.clone())));
    doubts
}

/// When somebody is reminded of an appointment, UTC microseconds: at the same time on the day before, or a while after
/// they were told of one that was made or moved later than that. `None`: it is too soon for a reminder.
pub fn remind_at(starts_at: i64, set_at: i64) -> Option<i64> {
    let start = in_london(from_micros(starts_at));
    let day_before = start.checked_sub(1.day()).map_or(starts_at, |at| at.timestamp().as_microsecond());
    let due = day_before.max(set_at.saturating_add(JUST_TOLD));
    (due <= starts_at.saturating_sub(TOO_LATE)).then_some(due)
}

/// Whether the reminder of an appointment is due now.
pub fn is_due(starts_at: i64, set_at: i64, now: i64) -> bool {
    now <= starts_at.saturating_sub(TOO_LATE) && remind_at(starts_at, set_at).is_some_and(|due| due <= now)
}

#[cfg(test)]
#[path = "mod_test.rs"]
mod mod_test;
