//! Readings that are not ordinary, and that a manager is asked to look at. What is ordinary: reading those one
//! works with, by day.

use std::collections::{BTreeMap, HashMap, VecDeque};

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::clock::{HOUR, from_micros, in_london};
use crate::id::Id;
use crate::people::{PersonId, StaffId};

/// Marks ids of alerts.
#[derive(Debug)]
pub struct AlertRow;
/// The id of an alert.
pub type AlertId = Id<AlertRow>;

/// More different people than this in an hour are not ordinary. A worker has about 25, and may go through all of
/// them before a meeting: an alert for that would soon be looked at by nobody. A duty desk, which talks to those
/// whom it opens, meets far fewer in an hour.
pub const MANY: usize = 30;
/// The night begins and ends at these hours in London.
const NIGHT: (i8, i8) = (22, 6);

/// How a worker stood to the person whom they read of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// Works with them.
    Works,
    /// Has the duty desk.
    OnDuty,
    /// Has no live relation, and worked with them once.
    Once,
    /// Has no live relation and never had one.
    Never,
}

/// One reading of somebody's record by a member of staff.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// Who read.
    pub staff: StaffId,
    /// Of whom.
    pub person: PersonId,
    /// When, UTC microseconds.
    pub at: i64,
    /// How they stood to each other.
    pub stands: Stands,
}

/// What was not ordinary about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// More than [`MANY`] different people in an hour.
    Bulk,
    /// By night. A duty desk is there for evenings and nights, so what it reads then is ordinary. Cover is not:
    /// who stands in for an adviser does so by day.
    Night,
    /// Without working with the person, for a reason.
    NoRelation,
    /// The same after working with them had ended or they were handed over.
    Ended,
}

impl Kind {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bulk => "bulk",
            Self::Night => "night",
            Self::NoRelation => "no_relation",
            Self::Ended => "ended",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Bulk, Self::Night, Self::NoRelation, Self::Ended].into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether it takes a notice of its own. Managers were told already when a record was opened for a reason.
    pub const fn takes_a_notice(self) -> bool {
        matches!(self, Self::Bulk | Self::Night)
    }
}

/// Something for a manager to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alert {
    /// What.
    pub kind: Kind,
    /// Who read.
    pub staff: StaffId,
    /// Of whom; nobody when it is about many.
    pub person: Option<PersonId>,
    /// When, UTC microseconds.
    pub at: i64,
}

impl Alert {
    /// Two alerts of which this is the same are one: of a kind, a worker, a person and a day, which begins at six in
    /// the morning so that a night is in one. About many there is one of a worker in an hour: who goes on is told of again.
    pub fn dedupe(&self) -> String {
        let (kind, staff) = (self.kind.as_str(), self.staff);
        match self.person {
            Some(person) => format!("{kind}:{staff}:{person}:{}", day(self.at)),
            None => format!("{kind}:{staff}:many:{}", self.at),
        }
    }
}

fn day(at: i64) -> Date {
    let at = in_london(from_micros(at)).datetime();
    at.checked_sub(NIGHT.1.hours()).unwrap_or(at).date()
}

fn is_night(at: i64) -> bool {
    let hour = in_london(from_micros(at)).hour();
    hour >= NIGHT.0 || hour < NIGHT.1
}

/// Of whom a worker read within the last hour. It goes along with the readings: to count them anew at each would take
/// whoever reads without end as long as their readings squared.
#[derive(Debug, Default)]
struct LastHour {
    readings: VecDeque<(PersonId, i64)>,
    times: HashMap<PersonId, usize>,
}

impl LastHour {
    /// One more reading; gives of how many different people they read.
    fn read(&mut self, person: PersonId, at: i64) -> usize {
        self.readings.push_back((person, at));
        *self.times.entry(person).or_default() += 1;
        while let Some((gone, _)) = self.readings.pop_front_if(|(_, then)| *then <= at - HOUR) {
            if let Some(times) = self.times.get_mut(&gone) {
                *times -= 1;
                if *times == 0 {
                    self.times.remove(&gone);
                }
            }
        }
        self.times.len()
    }
}

/// What is not ordinary in `readings`, which come in the order of their time. Each is told once a day, and one who reads
/// of many again after an hour.
pub fn alerts(readings: &[Reading]) -> Vec<Alert> {
    let mut found: BTreeMap<String, Alert> = BTreeMap::new();
    let mut hours: HashMap<StaffId, LastHour> = HashMap::new();
    let mut told: HashMap<StaffId, i64> = HashMap::new();
    for reading in readings {
        let Reading { staff, person, at, stands } = *reading;
        let people = hours.entry(staff).or_default().read(person, at);
        let many = people > MANY && told.get(&staff).is_none_or(|last| at - last >= HOUR);
        if many {
            told.insert(staff, at);
        }
        let night = is_night(at) && stands != Stands::OnDuty;
        for (raised, kind, person) in [
            (many, Kind::Bulk, None),
            (night, Kind::Night, Some(person)),
            (stands == Stands::Never, Kind::NoRelation, Some(person)),
            (stands == Stands::Once, Kind::Ended, Some(person)),
        ] {
            if raised {
                let alert = Alert { kind, staff, person, at };
                found.entry(alert.dedupe()).or_insert(alert);
            }
        }
    }
    found.into_values().collect()
}

/// An alert as a manager is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its id.
    pub id: AlertId,
    /// What.
    pub kind: Kind,
    /// The name of who read.
    pub by: String,
    /// What the person is called whom they read of; nobody when it is about many.
    pub of: String,
    /// When, UTC microseconds.
    pub at: i64,
}

impl Told {
    /// What was done, after a name.
    pub fn says(&self) -> String {
        let of = &self.of;
        match self.kind {
            Kind::Bulk => format!("opened the records of more than {MANY} people within an hour"),
            Kind::Night => format!("opened the record of {of} at night"),
            Kind::NoRelation => format!("opened the record of {of} without working with them"),
            Kind::Ended => format!("opened the record of {of} after working with them had ended"),
        }
    }
}

#[cfg(test)]
#[path = "alerts_test.rs"]
mod tests;
