//! What the data files hold besides places and sessions, box by box: one box for each field of a
//! file, made from a list of fields.

use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use toml::{Table, Value};

use super::listed::{DISTRICT, GOAL, HOLIDAY, LINE, LOCALITY, RIGHT, SOURCE, TERM};
use super::{Facts, LONG, Label, slug};
use crate::content::{Kind, Library};
use crate::dropins::dates::{said_date, said_time};
use crate::dropins::{Timetable, words};
use crate::web::forms::Fields;

/// The longest text of several lines, in characters.
const LONGEST: usize = 1_000;

/// How a field is written in its box.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// One line of words.
    Words,
    /// A few sentences.
    Sentences,
    /// A whole number.
    Number,
    /// A day.
    Day,
    /// Yes, or left out.
    Tick,
    /// Several short names with commas between them.
    Names,
    /// One of a few words, each with what it means; nothing chosen leaves the field out.
    Choice(fn() -> Vec<(&'static str, &'static str)>),
    /// Several texts, one on each line.
    Lines,
    /// When a line is open: `always`, `unknown`, or one row for each stretch of the week.
    Hours,
}

/// One field of a data file.
#[derive(Debug, Clone, Copy)]
pub struct Plain {
    /// Its name in the file and in the form.
    pub key: &'static str,
    /// The question.
    pub label: &'static str,
    /// What helps to answer it.
    pub hint: &'static str,
    /// How it is written.
    pub shape: Shape,
    /// What is said when it is left empty; `None`: it may be.
    pub missing: Option<&'static str>,
}

/// A kind of thing whose form is made from a list of its fields.
pub trait Spec: Send + 'static {
    /// What it is.
    const KIND: Kind;
    /// The address under which things of this kind are edited.
    const PATH: &'static str;
    /// Every field.
    const FIELDS: &'static [Plain];
    /// The same as labels for lists of changes.
    const LABELS: &'static [Label];
    /// The field that names it.
    const NAME: &'static str;
}

const fn labels<const N: usize>(fields: &[Plain; N]) -> [Label; N] {
    let mut labels = [("", ""); N];
    let mut n = 0;
    #[expect(clippy::indexing_slicing, reason = "both have N")]
    while n < N {
        labels[n] = (fields[n].key, fields[n].label);
        n += 1;
    }
    labels
}

macro_rules! spec {
    ($(#[$doc:meta])* $name:ident, $kind:expr, $path:literal, $named:literal, $fields:ident) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;
        impl Spec for $name {
            const KIND: Kind = $kind;
            const PATH: &'static str = $path;
            const FIELDS: &'static [Plain] = &$fields;
            const LABELS: &'static [Label] = &labels(&$fields);
            const NAME: &'static str = $named;
        }
    };
}

spec!(/// A help line.
    LineFields, Kind::Line, "/edit/items/line", "name", LINE);
spec!(/// A right or an amount.
    RightFields, Kind::Entitlement, "/edit/items/entitlement", "name", RIGHT);
spec!(/// A word explained.
    TermFields, Kind::Term, "/edit/items/term", "term", TERM);
spec!(/// An idea for a goal.
    GoalFields, Kind::Goal, "/edit/items/goal", "name", GOAL);
spec!(/// A source.
    SourceFields, Kind::Source, "/edit/items/source", "title", SOURCE);
spec!(/// A bank holiday.
    HolidayFields, Kind::Holiday, "/edit/items/holiday", "name", HOLIDAY);
spec!(/// A locality.
    LocalityFields, Kind::Locality, "/edit/items/locality", "name", LOCALITY);
spec!(/// A district.
    DistrictFields, Kind::District, "/edit/items/district", "name", DISTRICT);

/// One item of a data file.
#[derive(Debug, Clone)]
pub struct Written<S> {
    table: Table,
    /// The day of a new bank holiday: its name in addresses.
    day: Option<String>,
    spec: PhantomData<fn() -> S>,
}

impl<S> Serialize for Written<S> {
    fn serialize<T: Serializer>(&self, to: T) -> Result<T::Ok, T::Error> {
        self.table.serialize(to)
    }
}

impl<'de, S> Deserialize<'de> for Written<S> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self { table: Table::deserialize(from)?, day: None, spec: PhantomData })
    }
}

impl<S: Spec> Written<S> {
    fn text(&self, key: &str) -> String {
        self.table.get(key).map(|value| said(key, value)).unwrap_or_default()
    }
}

impl<S: Spec> Facts for Written<S> {
    const KIND: Kind = S::KIND;
    const PATH: &'static str = S::PATH;
    const LABELS: &'static [Label] = S::LABELS;
    const FIELDS: &'static [Plain] = S::FIELDS;

    fn boxes(&self) -> Vec<(&'static str, String)> {
        S::FIELDS.iter().map(|field| (field.key, self.text(field.key))).collect()
    }

    fn read(form: &mut Fields, _: &Library) -> Option<Self> {
        let mut table = Table::new();
        for field in S::FIELDS {
            if let Some(value) = read(form, field) {
                table.insert(field.key.to_owned(), value);
            }
        }
        // Only the form for a new bank holiday asks for its day.
        let asked = S::KIND == Kind::Holiday && form.all().any(|(name, _)| name == "day");
        let day = asked.then(|| form.line("day", 40, "Give the day of the bank holiday."));
        let day = day.and_then(|text| {
            let day = said_date(&text).map(|day| day.to_string());
            if day.is_none() {
                form.fault("day", "Give the day, such as 25 December 2026.");
            }
            day
        });
        form.ok().then_some(Self { table, day, spec: PhantomData })
    }

    fn name(&self) -> &str {
        self.table.get(S::NAME).and_then(Value::as_str).unwrap_or_default()
    }

    fn public(&self, id: &str) -> Option<String> {
        match S::KIND {
            Kind::Line => Some("/help".to_owned()),
            Kind::Entitlement => Some(format!("/entitlements#{id}")),
            Kind::Term => Some(format!("/glossary#{id}")),
            Kind::Locality => Some(format!("/drop-ins/{id}")),
            Kind::Holiday | Kind::District => Some("/drop-ins".to_owned()),
            _ => None,
        }
    }

    fn slug(&self) -> String {
        self.day.clone().unwrap_or_else(|| slug(self.name()))
    }

    fn refusal(&self, _: &Timetable) -> Option<&'static str> {
        None
    }
}

/// A value as its box holds it.
fn said(key: &str, value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(rows) if key == "hours" => rows.iter().map(row).collect::<Vec<_>>().join("\n"),
        Value::Array(names) => {
            let names: Vec<_> = names.iter().map(|name| name.as_str().unwrap_or_default()).collect();
            names.join(if key == "actions" { "\n" } else { ", " })
        }
        other => other.to_string(),
    }
}

/// `mon, tue: 7pm to 11pm`
fn row(value: &Value) -> String {
    let days = value
        .get("days")
        .and_then(Value::as_array)
        .map(|days| days.iter().map(|day| day.as_str().unwrap_or_default()).collect::<Vec<_>>().join(", "));
    let time = |name: &str| {
        let text = value.get(name).and_then(Value::as_str).unwrap_or_default();
        // The midnight that ends a day is written 24:00 in files.
        let text = if text == "24:00" { "00:00" } else { text };
        said_time(text).map(words::clock).unwrap_or_default()
    };
    format!("{}: {} to {}", days.unwrap_or_default(), time("from"), time("to"))
}

fn read(form: &mut Fields, field: &Plain) -> Option<Value> {
    let Plain { key, shape, missing, .. } = *field;
    if missing.is_none() && form.typed(key).trim().is_empty() {
        return form.optional(key, LONG).map(Value::String);
    }
    let missing = missing.unwrap_or_default();
    let text = match shape {
        Shape::Sentences | Shape::Lines | Shape::Hours => form.text(key, LONGEST, missing),
        _ => form.line(key, LONG, missing),
    };
    if text.is_empty() {
        return None;
    }
    let (value, fault) = match shape {
        Shape::Words | Shape::Sentences => (Some(Value::String(text.replace('\n', " "))), ""),
        Shape::Number => (text.parse().ok().map(Value::Integer), "Give a whole number."),
        Shape::Day => (
            said_date(&text).and_then(|day| day.to_string().parse().ok().map(Value::Datetime)),
            "Give a day, such as 7 December 2026.",
        ),
        Shape::Names | Shape::Lines => {
            let names = text
                .split(if matches!(shape, Shape::Lines) { '\n' } else { ',' })
                .map(str::trim)
                .filter(|name| !name.is_empty());
            (Some(Value::Array(names.map(|name| Value::String(name.to_owned())).collect())), "")
        }
        Shape::Choice(choices) => {
            let known = choices().into_iter().find(|(word, _)| *word == text);
            (known.map(|(word, _)| Value::String(word.to_owned())), "Choose one from the list.")
        }
        Shape::Tick => ((text == "true").then_some(Value::Boolean(true)), "Choose yes, or leave it empty."),
        Shape::Hours => (
            hours(&text),
            "Write one row for each part of the week, such as Mon to Fri: 9am to 5pm. Or write always, or unknown.",
        ),
    };
    if value.is_none() {
        form.fault(key, fault);
    }
    value
}

fn hours(text: &str) -> Option<Value> {
    let word = text.trim().to_lowercase();
    if ["always", "unknown"].contains(&word.as_str()) {
        return Some(Value::String(word));
    }
    let rows = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| {
        let (days, times) = line.split_once(':')?;
        let (from, to) = times.split_once(" to ")?;
        let clock = |text: &str| said_time(text).map(|time| Value::String(time.strftime("%H:%M").to_string()));
        Some(Value::Table(Table::from_iter([
            ("days".to_owned(), Value::Array(week(days)?)),
            ("from".to_owned(), clock(from)?),
            ("to".to_owned(), clock(to)?),
        ])))
    });
    rows.collect::<Option<Vec<_>>>().filter(|rows| !rows.is_empty()).map(Value::Array)
}

/// `mon, wed to fri`, `every day`
fn week(text: &str) -> Option<Vec<Value>> {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    const LONG_DAYS: [&str; 11] =
        ["monday", "tues", "tuesday", "weds", "wednesday", "thur", "thurs", "thursday", "friday", "saturday", "sunday"];
    let text = text.trim().to_lowercase().replace(['-', '–'], " to ");
    // The whole word: "mon wed" is two days and not a long way to write one.
    let number = |word: &str| {
        let word = word.trim();
        DAYS.iter().position(|day| word == *day || LONG_DAYS.iter().any(|long| word == *long && long.starts_with(day)))
    };
    let mut named: Vec<usize> = Vec::new();
    if text == "every day" {
        named.extend(0..DAYS.len());
    } else {
        for part in text.split([',', '&', '/']).flat_map(|part| part.split(" and ")) {
            match part.split_once(" to ") {
                Some((first, last)) => {
                    let (first, last) = (number(first)?, number(last)?);
                    let last = if last < first { last + DAYS.len() } else { last };
                    named.extend((first..=last).map(|day| day % DAYS.len()));
                }
                None => named.push(number(part)?),
            }
        }
    }
    let mut kept = Vec::new();
    for day in named {
        if !kept.contains(&day) {
            kept.push(day);
        }
    }
    Some(kept.into_iter().filter_map(|day| DAYS.get(day)).map(|day| Value::String((*day).to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlements::{Group, Life};

    #[test]
    fn the_hints_name_every_word_that_can_be_written() {
        let hint = |key: &str| RIGHT.iter().find(|field| field.key == key).map_or("", |field| field.hint);
        assert!(Group::ALL.iter().all(|group| hint("groups").contains(group.as_str())));
        assert!(Life::ALL.iter().all(|life| hint("life").contains(life.as_str())));
    }
}
