//! Places, sessions and what is on when: the nouns of the drop-in timetable.
//!
//! A *session* is a promise that repeats (every Monday, 4pm to 6pm). An *exception* is a dated
//! change to it (closed for staff training). An *occurrence* is one date of it, with the exception
//! already applied; see [`rules`]. Words for people are in [`words`].
//!
//! Nothing here reads a clock: the moment asked about always comes in.

pub mod calendar;
pub mod dates;
pub mod faults;
pub mod json;
pub mod open_referral;
mod order;
pub mod routes;
pub mod rules;
pub mod views;
pub mod words;

#[cfg(test)]
mod calendar_test;
#[cfg(test)]
mod open_referral_test;
#[cfg(test)]
mod rules_exceptions_test;
#[cfg(test)]
mod rules_property_test;
#[cfg(test)]
mod rules_random_test;
#[cfg(test)]
mod rules_test;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

pub use rules::{Certainty, Occurrence, Status, Window};

/// Everything needed to say what is on: each map is keyed by slug unless told otherwise.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timetable {
    /// The areas the service is divided into.
    pub localities: BTreeMap<String, Locality>,
    /// The twelve district councils.
    pub districts: BTreeMap<String, District>,
    /// Buildings where sessions are held.
    pub places: BTreeMap<String, Place>,
    /// Repeating sessions.
    pub sessions: BTreeMap<String, Session>,
    /// Dated changes to sessions.
    pub exceptions: BTreeMap<String, Exception>,
    /// Who last confirmed a session, keyed by the session's slug.
    pub confirmations: BTreeMap<String, Confirmation>,
    /// Bank holidays in England, by date, with their names.
    pub holidays: BTreeMap<Date, String>,
}

impl Timetable {
    /// The slug of the locality a place stands in; `None` if the place or its district is unknown.
    #[must_use]
    pub fn locality_of(&self, place: &str) -> Option<&str> {
        let place = self.places.get(place)?;
        let district = self.districts.get(&place.district)?;
        Some(&district.locality)
    }

    /// The places of one locality, in the order of their slugs.
    pub fn places_in<'a>(&'a self, locality: &'a str) -> impl Iterator<Item = (&'a str, &'a Place)> {
        self.places
            .iter()
            .filter(move |(slug, _)| self.locality_of(slug) == Some(locality))
            .map(|(slug, place)| (slug.as_str(), place))
    }

    /// The sessions whose usual place is this one, in the order of their slugs.
    pub fn sessions_at<'a>(&'a self, place: &'a str) -> impl Iterator<Item = (&'a str, &'a Session)> {
        self.sessions
            .iter()
            .filter(move |(_, session)| session.place == place)
            .map(|(slug, session)| (slug.as_str(), session))
    }
}

/// One area of the service, made of several districts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locality {
    /// The name as shown.
    pub name: String,
    /// Where it stands in lists, smallest first.
    #[serde(default)]
    pub order: i64,
    /// The council that runs the leaving care team here.
    pub council: String,
    /// The team that answers for these facts.
    pub owner: String,
    /// The day somebody last checked these facts.
    #[serde(deserialize_with = "dates::parsed")]
    pub checked_on: Date,
    /// The day by which somebody must look again.
    #[serde(deserialize_with = "dates::parsed")]
    pub review_by: Date,
}

/// One district council's area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct District {
    /// The name as shown.
    pub name: String,
    /// The slug of the locality it belongs to.
    pub locality: String,
    /// Towns and villages in it by name, besides one of its own name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub towns: Vec<String>,
    /// Where we know it from: one or more source references, separated by spaces.
    #[serde(default)]
    pub claim: String,
    /// The team that answers for these facts.
    pub owner: String,
    /// The day somebody last checked these facts.
    #[serde(deserialize_with = "dates::parsed")]
    pub checked_on: Date,
    /// The day by which somebody must look again.
    #[serde(deserialize_with = "dates::parsed")]
    pub review_by: Date,
}

/// A building where sessions are held. What is `None` is not known, and is shown as not known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The name as shown, such as "White Cross, Lancaster".
    pub name: String,
    /// The slug of its district.
    pub district: String,
    /// Street address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Postcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// Latitude in degrees north.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Longitude in degrees east, so negative in Lancashire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
    /// Phone number as shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Getting in: steps, lifts, toilets, in plain words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<String>,
    /// Getting there by bus, in plain words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bus: Option<String>,
    /// What it costs, in plain words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<String>,
    /// Anything else a person should know before going.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Who it is for, in plain words.
    pub who: String,
    /// The youngest age let in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_age: Option<u8>,
    /// The oldest age let in; a person of this age may still come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u8>,
    /// What happens to its sessions on a bank holiday.
    pub bank_holidays: BankHolidays,
    /// Whether the building is known to be in use.
    pub status: PlaceStatus,
    /// The team that answers for these facts.
    pub owner: String,
    /// The day somebody last checked these facts.
    #[serde(deserialize_with = "dates::parsed")]
    pub checked_on: Date,
    /// The day by which somebody must look again.
    #[serde(deserialize_with = "dates::parsed")]
    pub review_by: Date,
    /// Where we know it from: one or more source references, separated by spaces.
    #[serde(default)]
    pub claim: String,
}

/// What a place does on a bank holiday when no exception says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BankHolidays {
    /// Sessions do not happen.
    Closed,
    /// Sessions happen as usual.
    Open,
    /// Nobody knows: the person is told to ask first.
    Ask,
}

/// Whether a place is known to be in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceStatus {
    /// Known to be in use.
    Open,
    /// Known to be shut for good or until further notice: no session happens here.
    Closed,
    /// Found in a public source, not yet confirmed.
    NotConfirmed,
}

/// A repeating session at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// The slug of its usual place.
    pub place: String,
    /// The name as shown.
    pub name: String,
    /// What kind of meeting it is.
    pub kind: SessionKind,
    /// Whether a person must book.
    pub come: Come,
    /// Whom to book with or ask, as shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub book_with: Option<String>,
    /// Anything else a person should know before going.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where we know it from: one or more source references, separated by spaces.
    #[serde(default)]
    pub claim: String,
    /// The team that answers for these facts.
    pub owner: String,
    /// The day somebody last checked these facts.
    #[serde(deserialize_with = "dates::parsed")]
    pub checked_on: Date,
    /// The day by which somebody must look again.
    #[serde(deserialize_with = "dates::parsed")]
    pub review_by: Date,
    /// When it happens.
    pub rule: Rule,
}

/// What kind of meeting a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionKind {
    /// Come when you like while it is open.
    DropIn,
    /// A meeting where care leavers are heard by the council.
    Forum,
    /// A group that meets for an activity.
    Group,
}

/// How a person comes to a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Come {
    /// No booking.
    JustCome,
    /// Booking needed.
    BookFirst,
    /// Not known, or it depends: ask before going.
    AskFirst,
}

/// When a session happens, in London wall-clock time.
///
/// `starts` and `ends` are inclusive and bound the date on which an occurrence starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "every", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Rule {
    /// Every week on these days.
    Week {
        /// Days of the week.
        days: Vec<Weekday>,
        /// Times on each of the days.
        times: Vec<Times>,
        /// The first date it may happen.
        #[serde(deserialize_with = "dates::parsed")]
        starts: Date,
        /// The last date it may happen; `None`: no end is known.
        #[serde(default, deserialize_with = "dates::parsed_option", skip_serializing_if = "Option::is_none")]
        ends: Option<Date>,
    },
    /// Every `n` weeks on these days, counted from the week (Monday to Sunday) that holds `starts`.
    Weeks {
        /// How many weeks from one to the next, at least 1.
        n: u32,
        /// Days of the week.
        days: Vec<Weekday>,
        /// Times on each of the days.
        times: Vec<Times>,
        /// The first date it may happen; its week is week nought.
        #[serde(deserialize_with = "dates::parsed")]
        starts: Date,
        /// The last date it may happen; `None`: no end is known.
        #[serde(default, deserialize_with = "dates::parsed_option", skip_serializing_if = "Option::is_none")]
        ends: Option<Date>,
    },
    /// On one weekday of the month, such as the first Thursday.
    Month {
        /// 1 to 5, or -1 for the last. A month without a fifth has none.
        nth: i8,
        /// Day of the week.
        day: Weekday,
        /// Times on that day.
        times: Vec<Times>,
        /// The first date it may happen.
        #[serde(deserialize_with = "dates::parsed")]
        starts: Date,
        /// The last date it may happen; `None`: no end is known.
        #[serde(default, deserialize_with = "dates::parsed_option", skip_serializing_if = "Option::is_none")]
        ends: Option<Date>,
    },
    /// On single dates.
    Date {
        /// The dates.
        #[serde(deserialize_with = "dates::parsed_list")]
        dates: Vec<Date>,
        /// Times on each of the dates.
        times: Vec<Times>,
    },
    /// The times are not known well enough to promise any: only what a source says is shown.
    NotKnown {
        /// What the source says, in plain words.
        says: String,
    },
}

impl Rule {
    /// The times of day of this rule, as written; empty when not known.
    #[must_use]
    pub fn times(&self) -> &[Times] {
        match self {
            Rule::Week { times, .. }
            | Rule::Weeks { times, .. }
            | Rule::Month { times, .. }
            | Rule::Date { times, .. } => times,
            Rule::NotKnown { .. } => &[],
        }
    }

    /// Whether any date can follow from this rule.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !matches!(self, Rule::NotKnown { .. })
    }
}

/// A day of the week, written `mon` to `sun`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the seven names say it")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl Weekday {
    /// Whether this date falls on this day of the week.
    #[must_use]
    pub fn is_of(self, date: Date) -> bool {
        Weekday::from(date.weekday()) == self
    }
}

impl From<jiff::civil::Weekday> for Weekday {
    fn from(day: jiff::civil::Weekday) -> Self {
        use jiff::civil::Weekday as Civil;
        match day {
            Civil::Monday => Weekday::Mon,
            Civil::Tuesday => Weekday::Tue,
            Civil::Wednesday => Weekday::Wed,
            Civil::Thursday => Weekday::Thu,
            Civil::Friday => Weekday::Fri,
            Civil::Saturday => Weekday::Sat,
            Civil::Sunday => Weekday::Sun,
        }
    }
}

/// From when to when on one day, in London wall-clock time, written `"16:00"`.
///
/// A `to` at or before `from` is on the next day: `22:00` to `01:00` runs over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Times {
    /// When it opens.
    #[serde(with = "dates::clock")]
    pub from: Time,
    /// When it closes.
    #[serde(with = "dates::clock")]
    pub to: Time,
}

impl Times {
    /// Whether it ends on the day after it starts.
    #[must_use]
    pub fn over_midnight(self) -> bool {
        self.to <= self.from
    }
}

/// A dated change to one session, or to every session of one place.
///
/// Of several on the same session and date the one made last counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The slug of the session changed; exactly one of `session` and `place` is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The slug of the place of which every session is changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The first date changed.
    #[serde(deserialize_with = "dates::parsed")]
    pub from: Date,
    /// The last date changed, inclusive.
    #[serde(deserialize_with = "dates::parsed")]
    pub to: Date,
    /// What changes.
    pub kind: ExceptionKind,
    /// The new times, for `other-hours`, `extra` and, if they change too, `other-place`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<Times>,
    /// The slug of the place it happens at instead, for `other-place` and, if elsewhere, `extra`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Why, in plain words for the reader.
    pub reason: String,
    /// When a member of staff decided it; settles which exception counts.
    #[serde(deserialize_with = "dates::parsed")]
    pub made_on: Timestamp,
}

/// What an exception does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExceptionKind {
    /// It does not happen.
    Closed,
    /// It happens at other times, on the dates it would have happened anyway.
    OtherHours,
    /// It happens somewhere else, on the dates it would have happened anyway.
    OtherPlace,
    /// One more on each of the dates, besides what happens anyway.
    Extra,
}

/// Somebody in the service said that a session's facts are true. Apart from editing them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// The role of the person, never a name.
    pub by_role: String,
    /// The day they said so.
    #[serde(deserialize_with = "dates::parsed")]
    pub on: Date,
}
