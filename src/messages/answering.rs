//! When a message is answered: what is told before somebody writes, by when an answer is due, and whom a wait that
//! grows too long is taken to.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::clock::{HOUR, MINUTE, from_micros, london_date};
use crate::dropins::words;
use crate::people::{Answers, Part, Week, Working};

/// Working time in which a message is answered, in microseconds: one working day.
pub const ANSWER_IN: i64 = 8 * HOUR;
/// Working time in which a message is read whose words sound like danger, in microseconds.
pub const URGENT_IN: i64 = 30 * MINUTE;
/// A wait that is over its time by this much work of the duty desk stands in the desk's list too.
pub const DESK_AFTER: i64 = 4 * HOUR;
/// And by this much the team's manager is told.
pub const MANAGER_AFTER: i64 = 8 * HOUR;

/// Whom a wait is taken to, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Whoever answers is reminded.
    Nudge,
    /// The duty desk of the team sees it too.
    Duty,
    /// The team's manager is told.
    Manager,
}

impl Step {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::Nudge, Self::Duty, Self::Manager];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nudge => "nudge",
            Self::Duty => "duty",
            Self::Manager => "manager",
        }
    }

    /// The moment of it for a wait that is due at `due`. An urgent one is taken to everybody then: nobody reads it and
    /// the time is up.
    pub fn at(self, due: Timestamp, urgent: bool, desk: &Working<'_>) -> Timestamp {
        match self {
            Self::Duty if !urgent => desk.after(due, DESK_AFTER),
            Self::Manager if !urgent => desk.after(due, MANAGER_AFTER),
            Self::Nudge | Self::Duty | Self::Manager => due,
        }
    }
}

/// The hours of every duty desk.
pub fn desk_hours(on: Date) -> Option<crate::people::Shift> {
    Week::default().on(on)
}

/// Up to the next half hour: what is told is not finer than it can be kept.
fn rounded(at: Timestamp) -> Timestamp {
    let (half, micros) = (30 * MINUTE, at.as_microsecond());
    from_micros((micros + half - 1).div_euclid(half) * half)
}

/// Who reads a message, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Who answers now.
    pub answers: Answers,
    /// The name of who answers; what the desk is called.
    pub by: String,
    /// What whoever leads is to the person.
    pub part: Option<Part>,
    /// The name of who is away.
    pub away: Option<String>,
    /// When somebody reads next: now, when they are at work.
    pub next: Option<Timestamp>,
    /// By when they usually answer.
    pub usually: Timestamp,
}

impl Reading {
    /// By when a message that is written now is usually answered, to the next half hour.
    pub fn usually(now: Timestamp, working: &Working<'_>) -> Timestamp {
        rounded(working.after(now, ANSWER_IN))
    }

    /// Who reads, who is away until when, and by when there is an answer: one or two sentences.
    pub fn says(&self, now: Timestamp) -> String {
        let today = london_date(now);
        let by = format!("usually answers by {}", self.by_when(now));
        match (self.answers, &self.away) {
            (Answers::Cover { until, .. }, Some(away)) => {
                format!("{away} is away until {}. {} reads your messages and {by}.", day(until, today), self.by)
            }
            (Answers::Desk { away: Some((_, until)) }, Some(away)) => {
                format!("{away} is away until {}. The {} reads your messages and {by}.", day(until, today), self.by)
            }
            (Answers::Desk { .. }, _) => {
                format!("The {} reads your messages until you have a personal adviser, and {by}.", self.by)
            }
            _ => match self.part {
                Some(part) => format!("{}, {}, reads your messages and {by}.", self.by, part.title()),
                None => format!("{} reads your messages and {by}.", self.by),
            },
        }
    }

    /// "12.30pm tomorrow".
    pub fn by_when(&self, now: Timestamp) -> String {
        let on = words::near_day(london_date(self.usually), london_date(now));
        format!("{} {on}", words::clock_at(self.usually))
    }

    /// That nobody is there now; `None` while somebody is.
    pub fn asleep(&self, now: Timestamp) -> Option<String> {
        let next = self.next?;
        let on = words::near_day(london_date(next), london_date(now));
        (next > now).then(|| format!("Nobody reads messages before {} {on}.", words::clock_at(next)))
    }
}

/// `the end of today`, `Wednesday 9 December`.
fn day(until: Date, today: Date) -> String {
    if until == today { "the end of today".to_owned() } else { words::day_seen_from(until, today) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::collections::BTreeMap;

    use super::*;
    use crate::id::Id;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn reading(answers: Answers, away: Option<&str>, now: &str) -> Reading {
        let holidays = BTreeMap::from([(Date::constant(2026, 12, 25), "Christmas Day".to_owned())]);
        let working = Working { shift: &desk_hours, holidays: &holidays };
        Reading {
            answers,
            by: "Cora Cover".into(),
            part: Some(Part::Pa),
            away: away.map(str::to_owned),
            next: working.next(at(now)),
            usually: Reading::usually(at(now), &working),
        }
    }

    #[test]
    fn it_is_told_who_reads_and_by_when_they_usually_answer() {
        let staff = Id::from_bytes([1; 16]);
        let now = "2026-11-24T12:07:00Z";
        let told = reading(Answers::Lead(staff), None, now);
        assert_eq!(
            told.says(at(now)),
            "Cora Cover, your personal adviser, reads your messages and usually answers by 12.30pm tomorrow."
        );
        assert_eq!(told.asleep(at(now)), None);
        let until = Date::constant(2026, 12, 9);
        let told = reading(Answers::Cover { away: staff, until, by: staff }, Some("Priya Nair"), now);
        assert_eq!(
            told.says(at(now)),
            "Priya Nair is away until Wednesday 9 December. Cora Cover reads your messages and usually answers by 12.30pm tomorrow."
        );
        let told = reading(Answers::Desk { away: Some((staff, london_date(at(now)))) }, Some("Priya Nair"), now);
        assert!(told.says(at(now)).starts_with("Priya Nair is away until the end of today. The Cora Cover reads"));
        let night = "2026-12-24T22:00:00Z";
        let told = reading(Answers::Desk { away: None }, None, night);
        assert_eq!(told.asleep(at(night)).unwrap(), "Nobody reads messages before 9am on Monday 28 December.");
        assert_eq!(
            told.says(at(night)),
            "The Cora Cover reads your messages until you have a personal adviser, and usually answers by 5pm on Monday 28 December."
        );
    }

    #[test]
    fn a_wait_is_taken_to_the_desk_and_then_to_the_manager_and_an_urgent_one_to_both_at_once() {
        let holidays = BTreeMap::new();
        let desk = Working { shift: &desk_hours, holidays: &holidays };
        let due = at("2026-11-27T15:00:00Z");
        let told = |urgent| Step::ALL.map(|step| step.at(due, urgent, &desk).to_string());
        assert_eq!(told(false), ["2026-11-27T15:00:00Z", "2026-11-30T11:00:00Z", "2026-11-30T15:00:00Z"]);
        assert_eq!(told(true), [due.to_string(), due.to_string(), due.to_string()]);
    }
}
