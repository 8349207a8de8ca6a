//! Reads the fields of one item one by one. Everything wrong is collected, so that a person can mend
//! it all in one go.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::offer::Claim;

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
    pub(super) good: bool,
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

    pub(super) fn wrong(&mut self, key: &str, message: impl Into<String>) {
        self.good = false;
        // What is missing has no line of its own: where its place begins is where to look.
        let line = line_of_key(self.text, key).map(|line| line + self.before);
        let line = line.or((self.before > 0).then_some(self.before));
        self.notes.push(Note::error(line, message.into()));
    }

    pub(super) fn take(&mut self, key: &'static str) -> Option<Value> {
        self.asked.insert(key);
        self.table.get(key).cloned()
    }

    pub(super) fn optional(&mut self, key: &'static str) -> Option<String> {
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

    pub(super) fn required<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut Self, &'static str) -> Option<T>,
    ) -> Option<T> {
        if self.table.contains_key(key) {
            read(self, key)
        } else {
            self.asked.insert(key);
            self.wrong(key, format!("`{key}` is missing."));
            None
        }
    }

    pub(super) fn text(&mut self, key: &'static str) -> String {
        self.required(key, Self::optional).unwrap_or_default()
    }

    /// A list of slugs, which may be left out.
    pub(super) fn slugs(&mut self, key: &'static str) -> Vec<String> {
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

    /// A list of words out of a fixed few, which may be left out.
    pub(super) fn words<T>(&mut self, key: &'static str, words: &[&str], parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let mut found = Vec::new();
        for word in self.slugs(key) {
            match parse(&word) {
                Some(value) => found.push(value),
                None => self.wrong(key, format!("`{key}` cannot hold “{word}”. It holds: {}.", words.join(", "))),
            }
        }
        found
    }

    /// An age in years, which may be left out.
    pub(super) fn age(&mut self, key: &'static str) -> Option<u8> {
        let value = self.take(key)?;
        let age = value.as_integer().and_then(|age| u8::try_from(age).ok());
        if age.is_none() {
            self.wrong(key, format!("`{key}` is an age in years."));
        }
        age
    }

    pub(super) fn number(&mut self, key: &'static str) -> i64 {
        self.required(key, |fields, key| match fields.take(key)? {
            Value::Integer(number) => Some(number),
            _ => {
                fields.wrong(key, format!("`{key}` is a whole number."));
                None
            }
        })
        .unwrap_or_default()
    }

    /// A whole number, which may be left out.
    pub(super) fn number_if_any(&mut self, key: &'static str) -> Option<i64> {
        self.asked.insert(key);
        self.table.contains_key(key).then(|| self.number(key))
    }

    /// True or false; false when it is left out.
    pub(super) fn ticked(&mut self, key: &'static str) -> bool {
        self.table.contains_key(key) && self.yes(key) || {
            self.asked.insert(key);
            false
        }
    }

    pub(super) fn yes(&mut self, key: &'static str) -> bool {
        self.required(key, |fields, key| match fields.take(key)? {
            Value::Boolean(yes) => Some(yes),
            _ => {
                fields.wrong(key, format!("`{key}` is true or false."));
                None
            }
        })
        .unwrap_or_default()
    }

    pub(super) fn date(&mut self, key: &'static str) -> Date {
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

    /// A day, which may be left out.
    pub(super) fn date_if_any(&mut self, key: &'static str) -> Option<Date> {
        self.asked.insert(key);
        self.table.contains_key(key).then(|| self.date(key))
    }

    pub(super) fn word<T>(
        &mut self,
        key: &'static str,
        words: &[&str],
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let word = self.required(key, Self::optional)?;
        let found = parse(&word);
        if found.is_none() {
            self.wrong(key, format!("`{key}` cannot be “{word}”. It is one of: {}.", words.join(", ")));
        }
        found
    }

    pub(super) fn claims(&mut self) -> Vec<Claim> {
        let text = self.required("claim", Self::optional).unwrap_or_default();
        self.parse_claims(&text)
    }

    pub(super) fn claims_if_any(&mut self) -> Vec<Claim> {
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
    pub(super) fn finish<T>(mut self, noun: T) -> Option<T> {
        let unknown: Vec<String> =
            self.table.keys().filter(|key| !self.asked.contains(key.as_str())).cloned().collect();
        for key in unknown {
            self.wrong(&key, format!("There is no field `{key}` here."));
        }
        self.good.then_some(noun)
    }
}
