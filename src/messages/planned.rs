//! What a worker writes once for later, again or for many: names that are filled in, times, and what to look at before
//! it is sent.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan as _};

use crate::clock::{in_london, london, london_date};
use crate::dropins::words;
use crate::id::Id;
use crate::people::{PersonId, StaffId};

/// Marks ids of messages that are sent later.
#[derive(Debug)]
pub struct PlannedRow;
/// The id of a message that is sent later.
pub type PlannedId = Id<PlannedRow>;
/// Marks ids of templates.
#[derive(Debug)]
pub struct TemplateRow;
/// The id of a worker's own template.
pub type TemplateId = Id<TemplateRow>;
/// Marks what was written to several people at once.
#[derive(Debug)]
pub struct GroupRow;
/// The id of what was written to several people at once.
pub type GroupId = Id<GroupRow>;

/// The longest name of a template, in characters.
pub const LONGEST_NAME: usize = 80;
/// The most people who are written to at once.
pub const MANY: usize = 50;
/// How far ahead a message can be planned, in days.
const FAR: i32 = 366;
/// What stands in a template where its writer is to write something.
const BLANK: &str = "___";
/// A word between braces is no longer than this, in characters.
const LONGEST_WORD: usize = 40;

/// A worker's own words for use again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// What the worker calls it.
    pub name: String,
    /// Its text, with `{name}` and `{me}` in it.
    pub body: String,
}

/// A template that comes with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// Its word in an address.
    pub slug: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// Its text.
    pub body: &'static str,
}

/// The templates that come with the program: friendly, without facts, amounts or promises.
pub const SHIPPED: [Shipped; 5] = [
    Shipped {
        slug: "checking-in",
        name: "Checking in",
        body: "Hi {name},\n\nI was thinking of you. How are things? You do not need to write much, a word or two is fine.\n\n{me}",
    },
    Shipped {
        slug: "meeting",
        name: "We meet soon",
        body: "Hi {name},\n\nWe said that we would meet on ____. Does that still work for you? If not, tell me what suits you better.\n\n{me}",
    },
    Shipped {
        slug: "rang",
        name: "I tried to ring you",
        body: "Hi {name},\n\nI tried to ring you and did not reach you. Nothing is wrong. When is a good time to talk?\n\n{me}",
    },
    Shipped {
        slug: "well-done",
        name: "Well done",
        body: "Hi {name},\n\nWell done with ____. I know that was work, and I am glad for you.\n\n{me}",
    },
    Shipped {
        slug: "missed",
        name: "Sorry we missed each other",
        body: "Hi {name},\n\nWe missed each other today. That is all right. Shall we find another time? Tell me what suits you.\n\n{me}",
    },
];

/// How far a planned message came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It waits for its time.
    Due,
    /// It stands in the thread.
    Sent,
    /// It is not sent: somebody said so.
    Cancelled,
    /// It was not sent: its sender could not answer the person any more. Somebody decides.
    Held,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Due, Self::Sent, Self::Cancelled, Self::Held];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Sent => "sent",
            Self::Cancelled => "cancelled",
            Self::Held => "held",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == word)
    }
}

/// A planned message as it is looked at before it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its id.
    pub id: PlannedId,
    /// To whom.
    pub person: PersonId,
    /// The name they want to be called by.
    pub called: String,
    /// Its text, as they will read it.
    pub body: String,
    /// When, UTC microseconds.
    pub send_at: i64,
    /// How far it came.
    pub stage: Stage,
    /// The name of who wrote it, where that is not its sender.
    pub written_by: Option<String>,
}

/// That something is planned for somebody, without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coming {
    /// Who sends it.
    pub staff: StaffId,
    /// Their name.
    pub sender: String,
    /// When, UTC microseconds.
    pub send_at: i64,
    /// Whether it waits for its time or is held.
    pub stage: Stage,
}

/// Somebody of a worker's own caseload, by their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub person: PersonId,
    /// The name they want to be called by.
    pub called: String,
    /// Their full name.
    pub name: String,
    /// They wait for an answer.
    pub waits: bool,
}

/// A word between braces that stands for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown(pub String);

impl Unknown {
    /// What is wrong, for who wrote it.
    pub fn says(&self) -> String {
        format!(
            "{{{}}} stands for nothing. Only {{name}}, the name they want to be called, and {{me}}, your name, are filled in.",
            self.0
        )
    }
}

/// The text as its reader gets it: `{name}` is the name they want to be called by, `{me}` the worker's. Braces without
/// a word between them stand as they are, and what is filled in is not filled in again.
///
/// # Errors
/// [`Unknown`] for another word between braces.
pub fn fill(text: &str, called: &str, me: &str) -> Result<String, Unknown> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        match word(after) {
            Some((word, after)) => {
                match word.to_lowercase().as_str() {
                    "name" => filled.push_str(called),
                    "me" => filled.push_str(me),
                    _ => return Err(Unknown(word.to_owned())),
                }
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    Ok(filled)
}

/// The word before the next closing brace, and what comes after it.
fn word(text: &str) -> Option<(&str, &str)> {
    let (inside, after) = text.split_once('}')?;
    let inside = inside.trim();
    let is_word = inside.chars().any(char::is_alphabetic)
        && !inside.contains(['{', '\n'])
        && inside.chars().count() <= LONGEST_WORD;
    is_word.then_some((inside, after))
}

/// Whether a place of a template is still empty where its writer is to write something.
pub fn has_blank(text: &str) -> bool {
    text.contains(BLANK)
}

/// Why a moment will not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The day is over.
    DayOver,
    /// The day is today, and the time is over.
    TimeOver,
    /// More than a year ahead.
    Far,
}

impl Wrong {
    /// What is wrong, for who chose it.
    pub const fn says(self) -> &'static str {
        match self {
            Self::DayOver => "That day is over",
            Self::TimeOver => "That time is over. Choose a later one, or leave day and time empty to send it now",
            Self::Far => "Choose a day within a year",
        }
    }
}

/// The moment of a day and time on London's clocks. A time that the clocks skip is as much later; one that they show
/// twice is the first.
///
/// # Errors
/// [`Wrong`] when it is over or too far ahead.
pub fn moment(day: Date, time: Time, now: Timestamp) -> Result<Timestamp, Wrong> {
    let today = london_date(now);
    if day < today {
        return Err(Wrong::DayOver);
    }
    if today.checked_add(FAR.days()).is_ok_and(|far| day > far) {
        return Err(Wrong::Far);
    }
    let at = day.to_datetime(time).to_zoned(london()).map_err(|_| Wrong::Far)?.timestamp();
    if at <= now { Err(Wrong::TimeOver) } else { Ok(at) }
}

/// `Friday 4 December at 9am`, with the year when it is not this year's.
pub fn says_when(at: Timestamp, now: Timestamp) -> String {
    format!("{} at {}", words::day_seen_from(london_date(at), london_date(now)), words::clock_at(at))
}

/// What to look at before something is sent. Nothing of it stops the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// It arrives between nine in the evening and eight in the morning.
    Night,
    /// It arrives at a weekend.
    Weekend,
    /// It arrives on this bank holiday.
    Holiday(String),
    /// The name of somebody else stands in it.
    Named(String),
    /// We do not know what they want to be called.
    NoName,
    /// They wait for an answer: this counts as one.
    Waits,
}

impl Warning {
    /// It in a sentence.
    pub fn says(&self) -> String {
        match self {
            Self::Night => "It arrives at night: between 9pm and 8am.".to_owned(),
            Self::Weekend => "It arrives at a weekend.".to_owned(),
            Self::Holiday(name) => format!("It arrives on a bank holiday: {name}."),
            Self::Named(name) => format!("The name {name} stands in it, and that is somebody else."),
            Self::NoName => {
                "We do not know what they want to be called: nothing stands where their name should be.".to_owned()
            }
            Self::Waits => "They wait for an answer from you: this counts as your answer.".to_owned(),
        }
    }
}

/// What is to be said of the moment at which something arrives.
pub fn of_time(at: Timestamp, holidays: &BTreeMap<Date, String>) -> Vec<Warning> {
    let local = in_london(at);
    let night = !(8..21).contains(&local.hour());
    let weekend = local.date().weekday().to_monday_zero_offset() >= 5;
    let holiday = holidays.get(&local.date()).cloned();
    let all = [night.then_some(Warning::Night), weekend.then_some(Warning::Weekend), holiday.map(Warning::Holiday)];
    all.into_iter().flatten().collect()
}

/// What is to be said of a text for one of a worker's people, who knows `all` of them.
pub fn of_text(text: &str, to: &Known, all: &[Known]) -> Vec<Warning> {
    let no_name = to.called.trim().is_empty().then_some(Warning::NoName);
    let waits = to.waits.then_some(Warning::Waits);
    let named = others_named(text, to, all).into_iter().map(Warning::Named);
    named.chain(no_name).chain(waits).collect()
}

/// The names of others than `own` that stand in a text, in full, as they want it, or the first of them: whole words, in capitals or not. What is filled in is no name
/// that was typed.
pub fn others_named(text: &str, own: &Known, all: &[Known]) -> Vec<String> {
    let typed = fill(text, "", "").unwrap_or_else(|_| text.to_owned());
    let mut text = even(&typed);
    // A name inside of their own is theirs.
    let mut theirs = [even(&own.name), even(&own.called), even(first(&own.name))];
    theirs.sort_by_key(|name| std::cmp::Reverse(name.len()));
    for name in &theirs {
        text = without(&text, name);
    }
    let mut found = Vec::new();
    for other in all.iter().filter(|other| other.person != own.person) {
        let stands = [other.name.as_str(), &other.called, first(&other.name)].into_iter().find(|name| {
            let name = even(name);
            !theirs.contains(&name) && place(&text, &name).is_some()
        });
        if let Some(name) = stands.filter(|name| !found.iter().any(|known| known == name)) {
            found.push(name.to_owned());
        }
    }
    found
}

/// The first of somebody's names, which a worker may write though it is not the one they want.
fn first(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or_default()
}

/// In small letters, with one space between words.
fn even(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where a name begins that stands by itself.
fn place(text: &str, name: &str) -> Option<usize> {
    if name.is_empty() {
        return None;
    }
    let in_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let alone = |at: usize| {
        let (before, after) = text.split_at(at);
        !in_word(before.chars().next_back()) && !in_word(after.get(name.len()..).and_then(|rest| rest.chars().next()))
    };
    text.match_indices(name).map(|(at, _)| at).find(|at| alone(*at))
}

/// The text with a name taken out wherever it stands by itself.
fn without(text: &str, name: &str) -> String {
    let mut left = text.to_owned();
    // A name of signs alone, such as a dash, is nobody's in a text.
    if !name.chars().any(char::is_alphanumeric) {
        return left;
    }
    while let Some(at) = place(&left, name) {
        // What stood on either side does not become one word.
        left.replace_range(at..at + name.len(), "-");
    }
    left
}

#[cfg(test)]
#[path = "planned_test.rs"]
mod tests;
