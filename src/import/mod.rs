//! Bringing in staff, young people and who works with whom, from files of the council's case system. `read` makes
//! rows of a file, `acts` tries them and lays them down, `cells` writes what a spreadsheet may open again.

pub mod acts;
pub mod cells;
pub mod read;
pub mod routes;
pub mod store;
pub mod views;

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::dropins::{District, Locality, Timetable};
use crate::entitlements::Group;
use crate::id::Id;
use crate::people::{Part, Role};

/// Marks ids of files that wait to be imported.
#[derive(Debug)]
pub struct KeptRow;
/// The id of files that wait to be imported.
pub type KeptId = Id<KeptRow>;

/// Which of the three files, in the order in which they are brought in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sheet {
    /// Members of staff.
    Staff,
    /// Young people.
    People,
    /// Who works with whom.
    Assignments,
}

impl Sheet {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Staff, Self::People, Self::Assignments];

    /// The word in addresses, forms and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::People => "people",
            Self::Assignments => "assignments",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sheet| sheet.as_str() == word)
    }

    /// How an administrator calls it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Staff => "Staff",
            Self::People => "Young people",
            Self::Assignments => "Who works with whom",
        }
    }

    /// The columns that its file must have.
    pub const fn needed(self) -> &'static [&'static str] {
        match self {
            Self::Staff => &["email", "name", "roles"],
            Self::People => &["case_key", "name", "born_on", "locality"],
            Self::Assignments => &["case_key", "email", "part", "from"],
        }
    }

    /// The columns that its file may have besides.
    pub const fn optional(self) -> &'static [&'static str] {
        match self {
            Self::Staff => &["locality"],
            Self::People => &["called", "district", "legal_group"],
            Self::Assignments => &["lead", "to"],
        }
    }
}

/// The localities and districts that a file may name.
#[derive(Clone, Debug)]
pub struct Places {
    /// By slug.
    pub localities: BTreeMap<String, Locality>,
    /// By slug.
    pub districts: BTreeMap<String, District>,
}

impl Places {
    /// Those of the published content.
    pub fn of(timetable: &Timetable) -> Self {
        Self { localities: timetable.localities.clone(), districts: timetable.districts.clone() }
    }
}

/// A member of staff in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffLine {
    /// Work email address, by which they are known.
    pub email: String,
    /// Full name.
    pub name: String,
    /// What they may do; none for somebody who has left and stands in the history of a young person.
    pub roles: Vec<Role>,
    /// The slug of the locality of their team.
    pub locality: Option<String>,
}

/// A young person in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonLine {
    /// The key of the case system, by which they are known.
    pub key: String,
    /// Full name.
    pub name: String,
    /// The name to be called by when they are added. From then on it is theirs to choose.
    pub called: Option<String>,
    /// Date of birth.
    pub born_on: Date,
    /// The slug of the locality of their team.
    pub locality: String,
    /// The slug of the district where they live.
    pub district: Option<String>,
    /// Their group in the Children Act.
    pub group: Option<Group>,
}

/// Who works with whom, in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentLine {
    /// The key of the young person.
    pub key: String,
    /// The email address of the member of staff.
    pub email: String,
    /// In what part.
    pub part: Part,
    /// Answers messages first.
    pub lead: bool,
    /// The first day.
    pub from: Date,
    /// The last day, when one is known.
    pub to: Option<Date>,
}

/// A row with the place where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<T> {
    /// The line of the file, counted from 1.
    pub line: u64,
    /// Its cells as they were written.
    pub cells: Vec<String>,
    /// What they say.
    pub is: T,
}

/// A row that is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// The line of the file, counted from 1.
    pub line: u64,
    /// Its cells as they were written.
    pub cells: Vec<String>,
    /// Why, in words that hold nothing of the row itself.
    pub reason: String,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Table<T> {
    /// The names of its columns as they were written.
    pub heading: Vec<String>,
    /// Its good rows.
    pub rows: Vec<Row<T>>,
    /// Its bad rows.
    pub bad: Vec<Bad>,
    /// How many of its rows only say again what another says.
    pub again: usize,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { heading: Vec::new(), rows: Vec::new(), bad: Vec::new(), again: 0 }
    }
}

/// What a row of any file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A member of staff.
    Staff(StaffLine),
    /// A young person.
    Person(PersonLine),
    /// Who works with whom.
    Assignment(AssignmentLine),
}

/// Files that were read, by what they are.
pub type Files = BTreeMap<Sheet, Table<Line>>;

/// The texts of files, as they were given.
pub type Texts = BTreeMap<Sheet, String>;

/// What becomes of the rows of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Not there before.
    pub added: usize,
    /// There, and another now.
    pub changed: usize,
    /// There already, the same.
    pub same: usize,
    /// Left out, by line.
    pub bad: Vec<Bad>,
    /// The names of the file's columns.
    pub heading: Vec<String>,
}

/// What becomes of all rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Of each file that was given.
    pub of: BTreeMap<Sheet, Outcome>,
}

/// Who of the files lacks a personal adviser, and how many there are in all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lacking {
    /// How many young people here are sixteen or older.
    pub due: usize,
    /// How many of those have no adviser now.
    pub without_now: usize,
    /// How many of those had none at sixteen.
    pub without_at_16: usize,
    /// Keys of the file whose owners have no adviser now.
    pub now: Vec<String>,
    /// Keys of the file whose owners had none at sixteen.
    pub at_16: Vec<String>,
}

impl Report {
    /// How many rows add or change something.
    pub fn news(&self) -> usize {
        self.of.values().map(|outcome| outcome.added + outcome.changed).sum()
    }

    /// How many rows are left out.
    pub fn bad(&self) -> usize {
        self.of.values().map(|outcome| outcome.bad.len()).sum()
    }
}
