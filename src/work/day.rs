//! Who needs a worker today and why, the strongest reason first.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use super::clocks::{self, Clock, Duty, Young};
use crate::clock::london_date;
use crate::dropins::words;
use crate::messages::{Dealings, Mine, Waiting};
use crate::people::{Basics, Home, PersonId, Rhythm, age, birthday};
use crate::plan::Opinion;
use crate::plan::review::Dates;

/// Ages at which something changes for somebody: an adviser at 16, care ends at 18, much of the law's help at 21, all
/// of it at 25.
pub const AGES: [i64; 4] = [16, 18, 21, 25];
/// How many days before such a birthday it stands in the list.
const BIRTHDAY_AHEAD: i64 = 28;
/// And how many after it.
const BIRTHDAY_AFTER: i64 = 7;

/// What is known of somebody besides their messages.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Birth, and since when they are here.
    pub basics: Option<Basics>,
    /// The home they have now.
    pub home: Option<Home>,
    /// What the review of their plan goes by.
    pub plan: Option<Dates>,
    /// That they do not agree with a part of it or want to talk about one, and since when nobody has, UTC microseconds.
    pub says: Option<(Opinion, i64)>,
    /// What is due until they are 18; `None`: they are.
    pub young: Option<Young>,
    /// When somebody last had to do with them.
    pub dealings: Dealings,
    /// How often they are asked and spoken with.
    pub rhythm: Option<Rhythm>,
    /// What the reader has taken off their own list: which row, and for which day it stood there.
    pub done: BTreeSet<(String, Date)>,
}

impl Facts {
    /// The clocks of the law that run for them.
    pub fn clocks(&self) -> impl Iterator<Item = Clock> {
        let born_on = self.basics.map(|basics| basics.born_on);
        let visit = clocks::visit(self.home, self.plan, born_on, self.dealings.visit);
        visit.into_iter().chain(clocks::review(self.plan, born_on)).chain(clocks::young(self.young, born_on))
    }

    /// By when their plan is next reviewed.
    pub fn review_by(&self) -> Option<Date> {
        self.plan?.review_by(self.basics.map(|basics| basics.born_on)).map(|(due, _)| due)
    }

    /// At least every so many weeks somebody speaks with them.
    pub fn weeks(&self) -> i64 {
        self.rhythm.and_then(|rhythm| rhythm.contact_weeks).unwrap_or(Rhythm::WEEKS)
    }

    /// Since when nobody has had contact, when that is longer than was agreed: the last day, if there is one.
    fn out_of_touch(&self, today: Date) -> Option<Option<Date>> {
        let from = self.dealings.contact.or(self.basics.map(|basics| basics.since))?;
        (from.saturating_add((7 * self.weeks()).days()) < today).then_some(self.dealings.contact)
    }

    /// The birthday at which something changes, if it is near.
    fn birthday(&self, today: Date) -> Option<(i64, Date)> {
        let born_on = self.basics?.born_on;
        AGES.into_iter().find_map(|years| {
            let on = birthday(born_on, years)?;
            let near =
                on.saturating_sub(BIRTHDAY_AHEAD.days()) <= today && today <= on.saturating_add(BIRTHDAY_AFTER.days());
            near.then_some((years, on))
        })
    }
}

/// Why somebody stands in the list of today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Words that may mean danger, and nobody has said that they looked.
    Danger,
    /// They wait for an answer.
    Waits,
    /// They do not agree with a part of their plan, or want to talk about it, since this day.
    Says(Opinion, Date),
    /// Something was promised by this day.
    Promise(Date),
    /// Marked to be read again.
    Again,
    /// To be looked at on this day, or put off until it.
    FollowUp(Date),
    /// A clock of the law.
    Clock(Clock),
    /// The check-in that was asked for on this day did not come.
    CheckIn(Date),
    /// Nobody has had contact for longer than was agreed: since this day.
    OutOfTouch(Option<Date>),
    /// A birthday at which something changes.
    Birthday(i64, Date),
}

impl Why {
    /// The order in the list.
    const fn rank(self) -> u8 {
        match self {
            Self::Danger => 0,
            Self::Waits => 1,
            Self::Says(..) => 2,
            Self::Promise(_) => 3,
            Self::Again | Self::FollowUp(_) => 4,
            Self::Clock(_) => 5,
            Self::CheckIn(_) => 6,
            Self::OutOfTouch(_) => 7,
            Self::Birthday(..) => 8,
        }
    }

    /// The day by which it is ordered among its like.
    const fn day(self) -> Option<Date> {
        match self {
            Self::Says(_, day)
            | Self::Promise(day)
            | Self::FollowUp(day)
            | Self::CheckIn(day)
            | Self::Birthday(_, day) => Some(day),
            Self::Clock(clock) => Some(clock.due),
            Self::OutOfTouch(since) => since,
            Self::Danger | Self::Waits | Self::Again => None,
        }
    }

    /// Where it is dealt with.
    pub fn href(self, person: PersonId) -> String {
        let base = format!("/work/people/{person}");
        match self {
            Self::Danger | Self::Waits | Self::Promise(_) | Self::Again => format!("{base}/messages"),
            Self::Says(..) => format!("{base}/plan"),
            Self::Clock(Clock { duty, .. }) if duty.is_review() => format!("{base}/plan"),
            Self::Clock(Clock { duty: Duty::Assessment, .. }) => format!("{base}/plan/assessment"),
            Self::Clock(Clock { duty: Duty::Adviser, .. }) => base,
            Self::Clock(_) => format!("{base}/messages/spoke?how=visit"),
            Self::OutOfTouch(_) => format!("{base}/messages/spoke"),
            Self::FollowUp(_) | Self::CheckIn(_) | Self::Birthday(..) => base,
        }
    }

    /// The word and the day under which the reader can take it off their list, where that is theirs to do. What the law
    /// asks goes by being done.
    pub const fn dismissed_as(self) -> Option<(&'static str, Date)> {
        match self {
            Self::CheckIn(day) => Some(("check_in", day)),
            Self::Birthday(_, day) => Some(("birthday", day)),
            Self::FollowUp(day) => Some(("follow_up", day)),
            Self::Danger
            | Self::Waits
            | Self::Says(..)
            | Self::Promise(_)
            | Self::Again
            | Self::Clock(_)
            | Self::OutOfTouch(_) => None,
        }
    }

    /// The words of [`dismissed_as`](Self::dismissed_as).
    pub const DISMISSED: [&'static str; 3] = ["check_in", "birthday", "follow_up"];

    /// How it is told now.
    pub fn says(self, row: &Row, now: Timestamp) -> String {
        let today = london_date(now);
        let near = |day: Date| words::near_day(day, today);
        match self {
            Self::Danger => "words that may mean danger".to_owned(),
            Self::Waits => waits_says(row, now),
            Self::Says(Opinion::Disagree, day) => {
                format!("does not agree with a part of the plan, since {}", near(day))
            }
            Self::Says(_, day) => format!("wants to talk about the plan, since {}", near(day)),
            Self::Promise(day) if day < today => format!("promised {}, not done", near(day)),
            Self::Promise(day) => format!("promised {}", near(day)),
            Self::Again => "marked as unread".to_owned(),
            Self::FollowUp(day) => format!("follow up {}", near(day)),
            Self::Clock(clock) if clock.late(today) => format!("{} was due {}", clock.duty.says(), near(clock.due)),
            Self::Clock(clock) => format!("{} due {}", clock.duty.says(), near(clock.due)),
            Self::CheckIn(day) => format!("check-in was due {}", near(day)),
            Self::OutOfTouch(Some(day)) => format!("no contact since {}", near(day).trim_start_matches("on ")),
            Self::OutOfTouch(None) => "no contact written down yet".to_owned(),
            Self::Birthday(years, day) if day < today => format!("turned {years} {}", near(day)),
            Self::Birthday(years, day) => format!("turns {years} {}", near(day)),
        }
    }
}

fn waits_says(row: &Row, now: Timestamp) -> String {
    let late = row.waiting.due.is_some_and(|due| due <= now.as_microsecond());
    let late = if late { " · an answer is late" } else { "" };
    let many = match row.waiting.unopened {
        0 => "Opened, not answered".to_owned(),
        1 => "1 message not opened".to_owned(),
        n => format!("{n} messages not opened"),
    };
    match row.facts.dealings.asks {
        Some(pressed) => format!("{} · {many}{late}", pressed.why()),
        None => format!("{many}{late}"),
    }
}

/// Somebody on a worker's list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Who, and their messages.
    pub waiting: Waiting,
    /// What else is known.
    pub facts: Facts,
    /// Why they stand there today, the strongest reason first; empty: they do not.
    pub why: Vec<Why>,
}

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the list of today.
    Today,
    /// Somebody else answers.
    Beside,
    /// The reader put it off.
    PutOff,
    /// Nothing to do for them today.
    Quiet,
}

impl Row {
    /// Finds why somebody stands in the list now.
    pub fn new(waiting: Waiting, facts: Facts, now: Timestamp) -> Self {
        let mut row = Self { waiting, facts, why: Vec::new() };
        row.why = row.reasons(london_date(now));
        row
    }

    fn reasons(&self, today: Date) -> Vec<Why> {
        let (waiting, facts) = (&self.waiting, &self.facts);
        let own = matches!(waiting.mine, Mine::Works(_) | Mine::Covers);
        let mark = waiting.mark;
        let due = [mark.follow_up_on, mark.snoozed_to].into_iter().flatten().filter(|day| *day <= today).min();
        let mut why = Vec::new();
        why.extend(waiting.urgent.then_some(Why::Danger));
        why.extend(waiting.since.map(|_| Why::Waits));
        why.extend(mark.unread.then_some(Why::Again));
        why.extend(due.map(Why::FollowUp));
        // The rest is for whoever answers for them, so that two do not both do it, or neither.
        if own {
            let promise = facts.dealings.promise.filter(|day| day.saturating_sub(1.day()) <= today);
            why.extend(promise.map(Why::Promise));
            let since = |at| london_date(crate::clock::from_micros(at));
            why.extend(facts.says.map(|(opinion, at)| Why::Says(opinion, since(at))));
            why.extend(facts.clocks().filter(|clock| clock.near(today)).map(Why::Clock));
            why.extend(facts.rhythm.and_then(|rhythm| rhythm.missed(facts.dealings.check_in, today)).map(Why::CheckIn));
            why.extend(facts.out_of_touch(today).map(Why::OutOfTouch));
            why.extend(facts.birthday(today).map(|(years, on)| Why::Birthday(years, on)));
        }
        why.retain(|why| match why.dismissed_as() {
            Some((word, day)) => !facts.done.contains(&(word.to_owned(), day)),
            None => true,
        });
        why.sort_by_key(|why| (why.rank(), why.day()));
        why
    }

    /// Where it stands now.
    pub fn place(&self, now: Timestamp) -> Place {
        let (today, micros) = (london_date(now), now.as_microsecond());
        match self.why.first() {
            None if self.waiting.put_off(today, micros) => Place::PutOff,
            None => Place::Quiet,
            Some(_) if self.waiting.mine == Mine::Beside && !self.waiting.urgent => Place::Beside,
            Some(_) if self.waiting.put_off(today, micros) && !self.presses(today) => Place::PutOff,
            Some(_) => Place::Today,
        }
    }

    /// Whether something is due that nobody can put off: what was promised, and what the law asks.
    fn presses(&self, today: Date) -> bool {
        self.why.iter().any(|why| match why {
            Why::Promise(day) => *day <= today,
            Why::Clock(clock) => clock.late(today),
            _ => false,
        })
    }

    /// The order in the list: the strongest reason, then the longest wait or the earliest day.
    pub fn order(&self) -> (u8, Option<i64>, Option<Date>, PersonId) {
        let first = self.why.first();
        let since = self.waiting.since.filter(|_| first.is_some_and(|why| why.rank() < 2));
        (first.map_or(u8::MAX, |why| why.rank()), since, first.and_then(|why| why.day()), self.waiting.person)
    }

    /// How old they are on a day.
    pub fn age(&self, on: Date) -> Option<i64> {
        self.facts.basics.map(|basics| age(basics.born_on, on))
    }
}

#[cfg(test)]
#[path = "day_test.rs"]
mod tests;
