//! From an item's text to its noun. Everything wrong is collected, so that a person can mend it all
//! in one go.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::dropins::{Times, Weekday};
use crate::entitlements::{Basis, Entitlement};
use crate::help::{Hours, How, Line, Number, OnBankHoliday, Purpose, Span};
use crate::offer::{Area, Claim, Source, Term, Truth};

use super::Note;

pub(super) fn toml_note(text: &str, error: &toml::de::Error) -> Note {
    let line = error.span().map(|span| line_at(text, span.start));
    let message = error.message().lines().next().unwrap_or_default();
    Note::error(line, format!("This cannot be read: {message}."))
}

fn line_at(text: &str, byte: usize) -> usize {
    text.as_bytes().iter().take(byte).filter(|b| **b == b'\n').count() + 1
}

pub(super) fn line_of_key(text: &str, key: &str) -> Option<usize> {
    let starts =
        |line: &str| line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(['=', '.']));
    text.lines().position(starts).map(|line| line + 1)
}

/// Reads the noun of a drop-in item.
pub(super) fn noun<T: DeserializeOwned>(
    body: &str,
    notes: &mut Vec<Note>,
    faults: impl Fn(&T) -> Vec<String>,
) -> Option<T> {
    match toml::from_str::<T>(body) {
        Ok(noun) => {
            let found = faults(&noun);
            let good = found.is_empty();
            notes.extend(found.into_iter().map(|message| Note::error(None, message)));
            good.then_some(noun)
        }
        Err(error) => {
            notes.push(toml_note(body, &error));
            None
        }
    }
}

/// Reads the fields of one item one by one and collects everything wrong with them.
pub(super) struct Fields<'a> {
    text: &'a str,
    table: Table,
    asked: BTreeSet<&'static str>,
    notes: &'a mut Vec<Note>,
    before: usize,
    good: bool,
}

impl<'a> Fields<'a> {
    /// Reads TOML that starts after line `before` of its text; `None` and a note if it is not TOML.
    pub(super) fn read(text: &'a str, before: usize, notes: &'a mut Vec<Note>) -> Option<Self> {
        match toml::from_str(text) {
            Ok(table) => Some(Self { text, table, asked: BTreeSet::new(), notes, before, good: true }),
            Err(error) => {
                let mut note = toml_note(text, &error);
                note.line = note.line.map(|line| line + before);
                notes.push(note);
                None
            }
        }
    }

    fn wrong(&mut self, key: &str, message: impl Into<String>) {
        self.good = false;
        // What is missing has no line of its own: where its place begins is where to look.
        let line = line_of_key(self.text, key).map(|line| line + self.before);
        let line = line.or((self.before > 0).then_some(self.before));
        self.notes.push(Note::error(line, message.into()));
    }

    fn take(&mut self, key: &'static str) -> Option<Value> {
        self.asked.insert(key);
        self.table.get(key).cloned()
    }

    fn optional(&mut self, key: &'static str) -> Option<String> {
        match self.take(key)? {
            Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Value::String(_) => {
                self.wrong(key, format!("`{key}` is empty. Fill it in or leave it out."));
                None
            }
            _ => {
                self.wrong(key, format!("`{key}` is a text between quotation marks."));
                None
            }
        }
    }

    fn required<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Self, &'static str) -> Option<T>) -> Option<T> {
        if self.table.contains_key(key) {
            read(self, key)
        } else {
            self.asked.insert(key);
            self.wrong(key, format!("`{key}` is missing."));
            None
        }
    }

    fn text(&mut self, key: &'static str) -> String {
        self.required(key, Self::optional).unwrap_or_default()
    }

    /// A list of slugs, which may be left out.
    fn slugs(&mut self, key: &'static str) -> Vec<String> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let slugs = value.as_array().map(|all| all.iter().map(|one| one.as_str().map(str::to_owned)).collect());
        match slugs.flatten() {
            Some(slugs) => slugs,
            None => {
                self.wrong(key, format!("`{key}` is a list of names, such as [\"north\"]."));
                Vec::new()
            }
        }
    }

    /// An age in years, which may be left out.
    fn age(&mut self, key: &'static str) -> Option<u8> {
        let value = self.take(key)?;
        let age = value.as_integer().and_then(|age| u8::try_from(age).ok());
        if age.is_none() {
            self.wrong(key, format!("`{key}` is an age in years."));
        }
        age
    }

    fn number(&mut self, key: &'static str) -> i64 {
        self.required(key, |fields, key| match fields.take(key)? {
            Value::Integer(number) => Some(number),
            _ => {
                fields.wrong(key, format!("`{key}` is a whole number."));
                None
            }
        })
        .unwrap_or_default()
    }

    fn yes(&mut self, key: &'static str) -> bool {
        self.required(key, |fields, key| match fields.take(key)? {
            Value::Boolean(yes) => Some(yes),
            _ => {
                fields.wrong(key, format!("`{key}` is true or false."));
                None
            }
        })
        .unwrap_or_default()
    }

    fn date(&mut self, key: &'static str) -> Date {
        self.required(key, |fields, key| {
            let text = match fields.take(key)? {
                Value::Datetime(date) => date.to_string(),
                Value::String(text) => text,
                _ => String::new(),
            };
            // Only a plain date: one with a time would be read but mean something else.
            let date = if text.len() == 10 { text.parse().ok() } else { None };
            if date.is_none() {
                fields.wrong(key, format!("`{key}` is not a date. Write it as 2026-12-25."));
            }
            date
        })
        .unwrap_or_default()
    }

    fn word<T>(&mut self, key: &'static str, words: &[&str], parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let word = self.required(key, Self::optional)?;
        let found = parse(&word);
        if found.is_none() {
            self.wrong(key, format!("`{key}` cannot be “{word}”. It is one of: {}.", words.join(", ")));
        }
        found
    }

    fn claims(&mut self) -> Vec<Claim> {
        let text = self.required("claim", Self::optional).unwrap_or_default();
        self.parse_claims(&text)
    }

    fn claims_if_any(&mut self) -> Vec<Claim> {
        let text = self.optional("claim").unwrap_or_default();
        self.parse_claims(&text)
    }

    fn parse_claims(&mut self, text: &str) -> Vec<Claim> {
        Claim::parse_all(text).unwrap_or_else(|messages| {
            messages.into_iter().for_each(|message| self.wrong("claim", message));
            Vec::new()
        })
    }

    /// Refuses every field nobody asked for; `None` if anything at all was wrong.
    fn finish<T>(mut self, noun: T) -> Option<T> {
        let unknown: Vec<String> =
            self.table.keys().filter(|key| !self.asked.contains(key.as_str())).cloned().collect();
        for key in unknown {
            self.wrong(&key, format!("There is no field `{key}` here."));
        }
        self.good.then_some(noun)
    }
}

/// Reads a source.
pub(super) fn source(slug: &str, body: &str, notes: &mut Vec<Note>) -> Option<Source> {
    let mut f = Fields::read(body, 0, notes)?;
    let noun = Source { slug: slug.to_owned(), title: f.text("title"), url: f.text("url"), date: f.text("date") };
    // An address on this site is what this service says about itself.
    let own = noun.url.starts_with('/') && !noun.url.starts_with("//");
    let good = own || ["https://", "http://"].iter().any(|start| noun.url.starts_with(start));
    if !noun.url.is_empty()
        && (!good || noun.url.contains(['"', '<', '>', '\\']) || noun.url.contains(char::is_whitespace))
    {
        f.wrong("url", "`url` is not the address of a website. It starts with https://, or with / on this site, and has no spaces.");
    }
    f.finish(noun)
}

/// Stands in for a source that cannot be read, so that its fault is not told again by every page.
pub(super) fn unread_source(slug: &str) -> Source {
    Source { slug: slug.to_owned(), title: String::new(), url: String::new(), date: String::new() }
}

/// Stands in for a right that cannot be read, so that its fault is not told again by every page.
pub(super) fn unread_entitlement(slug: &str) -> Entitlement {
    Entitlement {
        slug: slug.to_owned(),
        name: String::new(),
        amount: Some(String::new()),
        basis: Basis::Extra,
        who: String::new(),
        how: String::new(),
        claims: Vec::new(),
        review_by: Date::default(),
        truth: Truth::Public,
    }
}

/// Reads a word explained.
pub(super) fn term(slug: &str, body: &str, notes: &mut Vec<Note>) -> Option<Term> {
    let mut f = Fields::read(body, 0, notes)?;
    let noun =
        Term { slug: slug.to_owned(), term: f.text("term"), meaning: f.text("meaning"), claims: f.claims_if_any() };
    if super::clean::bare_amount(&noun.meaning).is_some() {
        f.wrong("meaning", "An amount stands here in words. Amounts are held once, with the rights.");
    }
    f.finish(noun)
}

/// Reads the name of a bank holiday.
pub(super) fn holiday(body: &str, notes: &mut Vec<Note>) -> Option<String> {
    let mut f = Fields::read(body, 0, notes)?;
    let name = f.text("name");
    f.finish(name)
}

/// Reads an amount or right.
pub(super) fn entitlement(slug: &str, body: &str, notes: &mut Vec<Note>) -> Option<Entitlement> {
    let mut f = Fields::read(body, 0, notes)?;
    let noun = Entitlement {
        slug: slug.to_owned(),
        name: f.text("name"),
        amount: f.optional("amount"),
        basis: f.word("basis", &Basis::ALL.map(Basis::as_str), Basis::parse).unwrap_or(Basis::Extra),
        who: f.text("who"),
        how: f.text("how"),
        claims: f.claims(),
        review_by: f.date("review_by"),
        truth: Truth::Public,
    };
    f.finish(noun)
}

/// Reads a phone or text line.
pub(super) fn line(slug: &str, body: &str, notes: &mut Vec<Note>) -> Option<Line> {
    let mut f = Fields::read(body, 0, notes)?;
    let number = f.text("number");
    let number = Number::new(&number).map_err(|message| {
        if !number.is_empty() {
            f.wrong("number", message);
        }
    });
    let how = f.word("how", &["call", "text"], |word| match word {
        "call" => Some(How::Call),
        "text" => Some(How::Text),
        _ => None,
    });
    let text_word = f.optional("text_word");
    if let Some(word) = &text_word
        && (how != Some(How::Text) || !word.chars().all(|c| c.is_ascii_alphanumeric()))
    {
        f.wrong("text_word", "`text_word` is one word of letters, for a line that people text.");
    }
    let noun = Line {
        slug: slug.to_owned(),
        name: f.text("name"),
        number: number.unwrap_or_default(),
        how: how.unwrap_or(How::Call),
        text_word,
        purpose: f.word("for", &Purpose::ALL.map(Purpose::as_str), Purpose::parse).unwrap_or(Purpose::Talk),
        hours: hours(&mut f),
        says: f.text("says"),
        cost: f.optional("cost"),
        area: f.slugs("area"),
        min_age: f.age("min_age"),
        max_age: f.age("max_age"),
        order: f.number("order"),
        owner: f.text("owner"),
        checked_on: f.date("checked_on"),
        review_by: f.date("review_by"),
        claims: f.claims(),
    };
    if noun.min_age.zip(noun.max_age).is_some_and(|(min, max)| min > max) {
        f.wrong("min_age", "The youngest age is above the oldest.");
    }
    if super::clean::bare_amount(&noun.says).is_some() {
        f.wrong("says", "An amount stands here in words. Amounts are held once, with the rights.");
    }
    f.finish(noun)
}

fn hours(f: &mut Fields<'_>) -> Hours {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Written {
        days: Vec<Weekday>,
        from: String,
        to: String,
    }
    let on_holiday = match f.optional("bank_holidays").as_deref() {
        None | Some("open") => OnBankHoliday::Open,
        Some("closed") => OnBankHoliday::Closed,
        Some("all-day") => OnBankHoliday::AllDay,
        Some(other) => {
            let message = format!("`bank_holidays` cannot be “{other}”. It is one of: open, closed, all-day.");
            f.wrong("bank_holidays", message);
            OnBankHoliday::Open
        }
    };
    let rows = f.required("hours", |f, key| match f.take(key)? {
        Value::String(word) if word == "always" => Some(Err(Hours::Always)),
        Value::String(word) if word == "unknown" => Some(Err(Hours::Unknown)),
        Value::Array(rows) if !rows.is_empty() => Some(Ok(rows)),
        _ => {
            f.wrong(key, "`hours` is \"always\", \"unknown\", or a list of days with times.");
            None
        }
    });
    let rows = match rows {
        Some(Ok(rows)) => rows,
        Some(Err(hours)) => return hours,
        None => return Hours::Unknown,
    };
    let mut spans = Vec::new();
    for row in rows {
        let written: Written = match row.try_into() {
            Ok(written) => written,
            Err(error) => {
                let message = format!(
                    "A row of `hours` looks like {{ days = [\"mon\"], from = \"09:00\", to = \"17:00\" }}: {}.",
                    error.message().lines().next().unwrap_or_default()
                );
                f.wrong("hours", message);
                continue;
            }
        };
        match (clock(&written.from), clock(&written.to)) {
            (Some(from), Some(to)) if !written.days.is_empty() => {
                spans.push(Span { days: written.days, times: Times { from, to } });
            }
            (Some(_), Some(_)) => f.wrong("hours", "A row of `hours` names no day."),
            _ => f.wrong(
                "hours",
                format!("“{}” to “{}” are not two times. Write them as 09:00.", written.from, written.to),
            ),
        }
    }
    Hours::Weekly { spans, bank_holidays: on_holiday }
}

/// A time written `09:00`; `24:00` is the midnight that ends the day.
fn clock(text: &str) -> Option<jiff::civil::Time> {
    let (hour, minute) = text.split_once(':')?;
    if hour.len() != 2 || minute.len() != 2 {
        return None;
    }
    let hour = if text == "24:00" { 0 } else { hour.parse().ok()? };
    jiff::civil::Time::new(hour, minute.parse().ok()?, 0, 0).ok()
}

/// The front matter of a page.
pub(super) struct Front {
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) area: Area,
    pub(super) order: i64,
    pub(super) owner: String,
    pub(super) checked_on: Date,
    pub(super) review_by: Date,
    pub(super) exit: bool,
}

/// Cuts a page's text at its `+++` lines: the fields, the markdown, and the markdown's first line.
pub(super) fn fences(text: &str) -> Option<(&str, &str, usize)> {
    let rest = text.strip_prefix("+++\n")?;
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == "+++" {
            let fields = rest.get(..at)?;
            let body = rest.get(at + line.len()..)?;
            return Some((fields, body, fields.matches('\n').count() + 3));
        }
        at += line.len();
    }
    None
}

/// Reads the fields of a page. The body is drawn elsewhere.
pub(super) fn front(id: &str, text: &str, notes: &mut Vec<Note>) -> Option<Front> {
    let Some((fields, _, _)) = fences(text) else {
        notes.push(Note::error(Some(1), "A page starts with its fields between two lines of +++.".to_owned()));
        return None;
    };
    let mut f = Fields::read(fields, 1, notes)?;
    let noun = Front {
        title: f.text("title"),
        summary: f.text("summary"),
        area: f.word("area", &Area::ALL.map(Area::as_str), Area::parse).unwrap_or(Area::Service),
        order: f.number("order"),
        owner: f.text("owner"),
        checked_on: f.date("checked_on"),
        review_by: f.date("review_by"),
        exit: f.yes("exit"),
    };
    for (key, text) in [("title", &noun.title), ("summary", &noun.summary)] {
        if super::clean::bare_amount(text).is_some() || text.contains("{{") {
            f.wrong(key, format!("An amount cannot stand in `{key}`. Put it in the text below."));
        }
        if text.contains("[^") || text.contains('\n') {
            f.wrong(key, format!("`{key}` is one line of plain words."));
        }
    }
    if f.good && (noun.area == Area::Service) != id.starts_with("pages/") {
        f.wrong("area", "The area “service” is for the pages about this site, and only for them.");
    }
    f.finish(noun)
}
