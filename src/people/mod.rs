//! Young people, staff, teams and who works with whom. `access` says who may do what to whose record.

pub mod access;
pub mod acts;
mod circumstances;
mod contacts;
mod cover;
mod hours;
pub mod routes;
pub mod store;
pub mod views;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use crate::clock::midnight;
use crate::id::Id;

pub use circumstances::{Basics, HOMES, Home, Life, OCCUPATIONS, Rhythm, SpellKind, says};
pub use contacts::{
    Address, CONFIRMED_FOR, CONTACTS, Channel, ConfirmedBy, Contact, ContactId, Purpose, Quiet, Recipients,
    SENT_AN_HOUR, SENT_LASTS, SENT_TRIES, SentId, WAYS_BACK_AN_HOUR, is_email,
};
pub use cover::{Absence, AbsenceId, Answers, HandOver, HandOverId, LONGEST_AWAY, Live, Roster, Theirs, Weeks};
pub use hours::{Shift, Week, Working};

/// Marks ids of young people.
#[derive(Debug)]
pub struct PersonRow;
/// Marks ids of members of staff.
#[derive(Debug)]
pub struct StaffRow;
/// Marks ids of teams.
#[derive(Debug)]
pub struct TeamRow;

/// The id of a young person.
pub type PersonId = Id<PersonRow>;
/// The id of a member of staff.
pub type StaffId = Id<StaffRow>;
/// The id of a team.
pub type TeamId = Id<TeamRow>;

/// What a member of staff may do. One may hold several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A personal adviser (Children Act 1989, s.23D).
    Adviser,
    /// A leaving care social worker.
    SocialWorker,
    /// Takes turns on a team's duty desk.
    Duty,
    /// Looks after a team.
    Manager,
    /// Keeps the offer and the drop-ins true. Sees no record.
    Editor,
    /// Looks after the whole service. Sees figures, and no record without a reason.
    ServiceManager,
    /// Adds and ends accounts. Sees no record.
    Admin,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Adviser, Self::SocialWorker, Self::Duty, Self::Manager, Self::Editor, Self::ServiceManager, Self::Admin];

    /// The word in the database and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Adviser => "adviser",
            Self::SocialWorker => "social_worker",
            Self::Duty => "duty",
            Self::Manager => "manager",
            Self::Editor => "editor",
            Self::ServiceManager => "service_manager",
            Self::Admin => "admin",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// How staff call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Adviser => "Personal adviser",
            Self::SocialWorker => "Social worker",
            Self::Duty => "Duty desk",
            Self::Manager => "Team manager",
            Self::Editor => "Editor",
            Self::ServiceManager => "Service manager",
            Self::Admin => "Administrator",
        }
    }

    /// How a reader is told who confirmed something.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Adviser => "a leaving care adviser",
            Self::SocialWorker => "a leaving care social worker",
            Self::Duty => "the leaving care duty desk",
            Self::Manager => "a leaving care manager",
            Self::Editor => "the leaving care service",
            Self::ServiceManager => "the leaving care service manager",
            Self::Admin => "an administrator",
        }
    }

    /// Whether somebody in this role may work with young people, and so reach a record that they have a
    /// live reason to reach. Editors, service managers and administrators never do by their role.
    pub const fn works_with_people(self) -> bool {
        match self {
            Self::Adviser | Self::SocialWorker | Self::Duty | Self::Manager => true,
            Self::Editor | Self::ServiceManager | Self::Admin => false,
        }
    }
}

/// How far a young person has come in, from the first door to the last. One who has lost a code can
/// always write; reading takes a second proof, and what would harm most takes one that is fresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Door {
    /// A passphrase, on a device that is not known: write a message, see only this visit.
    Write,
    /// Known device or second proof: messages, where I am signed in.
    Open,
    /// Besides, a proof from the last minutes: plan, address, what is known of me, changing secrets.
    Sealed,
}

impl Door {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Write, Self::Open, Self::Sealed];

    /// The word in the access matrix.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Write => "door 1",
            Self::Open => "door 2",
            Self::Sealed => "door 3",
        }
    }
}

/// Who is asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A young person, and how far they have come in.
    Person(PersonId, Door),
    /// A member of staff, with the roles they hold now.
    Staff(StaffId, Vec<Role>),
}

/// In what part somebody works with a young person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Personal adviser: appointed for every young person from 16 (Children Act 1989, s.23D).
    Pa,
    /// Social worker, until 18 for most.
    SocialWorker,
    /// Stands in for somebody who is away.
    Cover,
    /// On the duty desk.
    Duty,
    /// The manager of the team.
    Manager,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Pa, Self::SocialWorker, Self::Cover, Self::Duty, Self::Manager];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pa => "pa",
            Self::SocialWorker => "social_worker",
            Self::Cover => "cover",
            Self::Duty => "duty",
            Self::Manager => "manager",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.as_str() == word)
    }

    /// How a young person is told who somebody is to them.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Pa => "your personal adviser",
            Self::SocialWorker => "your social worker",
            Self::Cover => "covering for your personal adviser",
            Self::Duty => "on the duty desk",
            Self::Manager => "the team manager",
        }
    }
}

/// Somebody who works with a young person.
#[derive(Clone, Debug)]
pub struct Worker {
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// In what part.
    pub part: Part,
    /// Answers messages first.
    pub lead: bool,
    /// Since when, UTC microseconds.
    pub since: i64,
}

/// Somebody who works with a young person, or did.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// Their name.
    pub name: String,
    /// In what part.
    pub part: Part,
    /// Since when, UTC microseconds.
    pub from: i64,
    /// Until when; `None`: they still do.
    pub to: Option<i64>,
}

/// Something that held of a young person for a time: where they lived, what they learned.
#[derive(Clone, Debug)]
pub struct Spell {
    /// Which: `district`, `home` and so on.
    pub kind: String,
    /// What held.
    pub value: String,
    /// More words of it.
    pub detail: Option<String>,
    /// A home: the council provides it. Empty: not known.
    pub provided: Option<bool>,
    /// A home: it is suitable. Empty: not known.
    pub suitable: Option<bool>,
    /// The first day.
    pub from_on: String,
    /// The last; `None`: it still holds.
    pub to_on: Option<String>,
}

/// A young person as a page needs them.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Their full name.
    pub name: String,
    /// The name they want to be called by.
    pub called: String,
    /// The date of birth.
    pub born_on: Date,
    /// Their team.
    pub team: Team,
}

/// Why somebody opened a record who does not work with the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// When, UTC microseconds.
    pub at: i64,
    /// The name of who did.
    pub by: String,
    /// Whose record it is, as a manager is told; empty where the person reads it.
    pub of: String,
    /// What they wrote.
    pub reason: String,
}

/// A member of staff as an administrator sees them: nothing of whom they work with but how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// They work here: neither suspended nor gone.
    pub active: bool,
    /// The roles they hold now.
    pub roles: Vec<Role>,
    /// How many young people they work with now.
    pub works_with: i64,
}

/// A locality team.
#[derive(Clone, Debug)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// Its name.
    pub name: String,
    /// The slug of its locality.
    pub locality: String,
    /// What its duty desk is called.
    pub duty_desk: String,
}

/// What the team of a locality is called.
pub fn team_name(locality: &str) -> String {
    format!("{locality} leaving care team")
}

/// The name and date of birth by which a person is looked up: one spelling for both.
pub fn look_up_text(name: &str, born_on: Date) -> String {
    let name: Vec<_> = name.split_whitespace().collect();
    format!("{}|{born_on}", name.join(" "))
}

/// How old somebody of this birth is on a day, in years.
pub fn age(born_on: Date, on: Date) -> i64 {
    let had = (on.month(), on.day()) >= (born_on.month(), born_on.day());
    i64::from(on.year()) - i64::from(born_on.year()) - i64::from(!had)
}

/// The day on which somebody of this birth becomes so many years old. Whoever is born on 29 February does so on 1 March where
/// there is no such day, as [`age`] counts. `None`: past the end of the calendar.
pub fn birthday(born_on: Date, years: i64) -> Option<Date> {
    let on = born_on.checked_add(years.years()).ok()?;
    if on.day() == born_on.day() { Some(on) } else { on.tomorrow().ok() }
}

/// A time during which somebody worked with a young person: from, and to when it has an end. UTC microseconds.
pub type Span = (i64, Option<i64>);

/// Whether somebody worked with them at some moment between these two.
fn met(spans: &[Span], from: i64, to: i64) -> bool {
    spans.iter().any(|(began, ended)| *began < to && ended.is_none_or(|ended| ended > from))
}

/// What a young person lacks of what the law gives each from their sixteenth birthday on: a personal adviser
/// (Children Act 1989, s.23D).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lack {
    /// Nobody is their adviser now.
    pub now: bool,
    /// Nobody was on their sixteenth birthday.
    pub at_16: bool,
}

impl Lack {
    /// What somebody of this birth lacks who had advisers for these times, and in `living` those who work here still.
    /// `None` before the birthday.
    pub fn of(born_on: Date, spans: &[Span], living: &[Span], at: Timestamp) -> Option<Self> {
        let birthday = birthday(born_on, 16)?;
        let (from, to) = (midnight(birthday), midnight(birthday.tomorrow().ok()?));
        let now = at.as_microsecond();
        (from <= now).then(|| Self { now: !met(living, now, now + 1), at_16: !met(spans, from, to.min(now + 1)) })
    }

    /// Whether they lack anything.
    pub const fn any(self) -> bool {
        self.now || self.at_16
    }
}

/// A young person of a manager's teams who lacks a personal adviser, or lacked one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Without {
    /// Full name.
    pub name: String,
    /// Date of birth.
    pub born_on: Date,
    /// The name of their team.
    pub team: String,
    /// What they lack.
    pub lack: Lack,
}

/// Somebody in a team, as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamMate {
    /// Who.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// On the duty desk.
    pub duty: bool,
    /// They hold the duty role, without which standing on the desk opens nothing.
    pub may: bool,
}

/// A locality's team as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamPage {
    /// What it is called.
    pub name: String,
    /// Who is in it, by name.
    pub mates: Vec<TeamMate>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_as_old_as_their_birthday_says_and_not_the_day_before() {
        for born_on in [
            Date::constant(2008, 2, 28),
            Date::constant(2008, 2, 29),
            Date::constant(2008, 3, 1),
            Date::constant(2009, 12, 31),
        ] {
            for years in 0..30 {
                let on = birthday(born_on, years).unwrap();
                assert_eq!(age(born_on, on), years);
                assert_eq!(age(born_on, on.yesterday().unwrap()), years - 1);
            }
        }
        assert_eq!(birthday(Date::constant(2008, 2, 29), 18), Some(Date::constant(2026, 3, 1)));
    }

    #[test]
    fn an_adviser_is_due_from_the_sixteenth_birthday_and_counts_on_that_day() {
        let born = Date::constant(2008, 3, 27);
        let day = |date: Date| midnight(date);
        let (birthday, next) = (day(Date::constant(2024, 3, 27)), day(Date::constant(2024, 3, 28)));
        let at = |micros| crate::clock::from_micros(micros);
        let lack = |spans: &[Span], now: i64| Lack::of(born, spans, spans, at(now));
        assert_eq!(lack(&[], birthday - 1), None);
        assert_eq!(lack(&[], birthday), Some(Lack { now: true, at_16: true }));
        for (span, had) in [
            ((birthday - 9, None), true),
            ((birthday - 9, Some(birthday)), false),
            ((birthday - 9, Some(birthday + 1)), true),
            ((next - 1, None), true),
            ((next, None), false),
        ] {
            let want = Lack { now: span.1.is_some(), at_16: !had };
            assert_eq!(lack(&[span], next + 5), Some(want), "{span:?}");
        }
        let left = Lack::of(born, &[(birthday, None)], &[], at(next));
        assert_eq!(left, Some(Lack { now: true, at_16: false }), "whoever left is nobody's adviser now");
    }
}
