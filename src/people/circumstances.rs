//! Where somebody lives and what they do, and how often they are spoken with.

use jiff::ToSpan as _;
use jiff::civil::Date;

/// What is written down of somebody with the day from which it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpellKind {
    /// Where they live.
    Home,
    /// What they learn or work.
    Occupation,
}

impl SpellKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Home, Self::Occupation];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Occupation => "education_work",
        }
    }

    /// Reads the word of an address.
    pub fn of_address(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.address() == word)
    }

    /// The word in an address.
    pub const fn address(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Occupation => "day",
        }
    }

    /// What can be chosen: the word in the database, and how it is told.
    pub const fn choices(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Home => HOMES,
            Self::Occupation => OCCUPATIONS,
        }
    }
}

/// Kinds of home.
pub const HOMES: &[(&str, &str)] = &[
    ("own-tenancy", "Their own tenancy"),
    ("private-rent", "Renting from a private landlord"),
    ("family-friends", "With family or friends"),
    ("staying-put", "Staying put with a foster carer"),
    ("supported-lodgings", "Supported lodgings"),
    ("supported-housing", "Supported housing"),
    ("student-housing", "Student housing"),
    ("emergency", "Emergency or temporary housing"),
    ("custody", "In custody"),
    ("no-home", "No home, or sofa surfing"),
    ("other-home", "Somewhere else"),
];

/// What somebody does by day.
pub const OCCUPATIONS: &[(&str, &str)] = &[
    ("school-college", "School or college"),
    ("university", "University"),
    ("apprenticeship", "Apprenticeship"),
    ("training", "Training"),
    ("work", "Work"),
    ("parenting", "Looking after a child"),
    ("ill", "Not able to work or study for now"),
    ("looking", "Looking for work or a course"),
    ("neither", "Not in education, work or training"),
];

/// How a kind of home, or what somebody does, is told; a word that we do not know as it stands.
pub fn says(word: &str) -> String {
    let known = HOMES.iter().chain(OCCUPATIONS).find(|(known, _)| *known == word);
    known.map_or_else(|| word.replace(['_', '-'], " "), |(_, says)| (*says).to_owned())
}

/// What is known of somebody without opening anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Basics {
    /// Date of birth.
    pub born_on: Date,
    /// Since when they have a record here.
    pub since: Date,
    /// They are under a safety flag.
    pub flagged: bool,
}

/// The home somebody has now, as far as visits by law go by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home {
    /// Since which day.
    pub since: Date,
    /// It is written down that the council provides it.
    pub provided: bool,
}

/// How often somebody is asked for a check-in, and at least how often they are spoken with, as agreed with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// Every so many days they are asked how things are; `None`: only when they want to tell.
    pub check_in_days: Option<i64>,
    /// At least every so many weeks somebody speaks with them; `None`: not agreed yet.
    pub contact_weeks: Option<i64>,
    /// Since which day it holds.
    pub from: Date,
}

/// What a list knows of each who stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// Birth and flag.
    pub basics: Basics,
    /// The home they have now.
    pub home: Option<Home>,
    /// How often they are asked and spoken with, where that was agreed.
    pub rhythm: Option<Rhythm>,
}

impl Rhythm {
    /// Weeks between contacts until something else is agreed: what regulation 8(2) of the Care Leavers (England)
    /// Regulations 2010 asks of visits, two months, in whole weeks.
    pub const WEEKS: i64 = 8;
    /// How many days a check-in may be late before a worker is told.
    pub const GRACE: i64 = 2;

    /// The day on which the next check-in is asked for, of somebody whose last was on this day.
    pub fn check_in_due(&self, last: Option<Date>) -> Option<Date> {
        let days = self.check_in_days?;
        let next = last.and_then(|last| last.checked_add(days.days()).ok());
        Some(next.map_or(self.from, |next| next.max(self.from)))
    }

    /// The latest check-in that was not given in time, by its day.
    pub fn missed(&self, last: Option<Date>, today: Date) -> Option<Date> {
        let (days, due) = (self.check_in_days.filter(|days| *days > 0)?, self.check_in_due(last)?);
        let late = due.until(today).map_or(0, |span| i64::from(span.get_days())) - Self::GRACE - 1;
        (late >= 0).then(|| due.saturating_add((late / days * days).days()))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{HOMES, OCCUPATIONS, Rhythm, says};

    #[test]
    fn a_check_in_is_missed_two_days_after_it_was_asked_for() {
        let rhythm = Rhythm { check_in_days: Some(14), contact_weeks: None, from: date(2026, 11, 2) };
        assert_eq!(rhythm.check_in_due(None), Some(date(2026, 11, 2)));
        assert_eq!(rhythm.missed(None, date(2026, 11, 4)), None);
        assert_eq!(rhythm.missed(None, date(2026, 11, 5)), Some(date(2026, 11, 2)));
        assert_eq!(rhythm.check_in_due(Some(date(2026, 11, 3))), Some(date(2026, 11, 17)));
        assert_eq!(rhythm.check_in_due(Some(date(2026, 1, 3))), Some(date(2026, 11, 2)), "not before it was agreed");
        assert_eq!(rhythm.missed(None, date(2026, 11, 18)), Some(date(2026, 11, 2)));
        assert_eq!(rhythm.missed(None, date(2026, 11, 19)), Some(date(2026, 11, 16)), "one that is done comes again");
        assert_eq!(rhythm.missed(None, date(2027, 11, 19)), Some(date(2027, 11, 15)));
        let never = Rhythm { check_in_days: None, ..rhythm };
        assert_eq!((never.check_in_due(None), never.missed(None, date(2027, 1, 1))), (None, None));
    }

    #[test]
    fn every_kind_has_words_of_its_own() {
        let all: std::collections::BTreeSet<_> = HOMES.iter().chain(OCCUPATIONS).map(|(word, _)| word).collect();
        assert_eq!(all.len(), HOMES.len() + OCCUPATIONS.len());
        assert_eq!((says("work").as_str(), says("foster_care").as_str()), ("Work", "foster care"));
    }
}
