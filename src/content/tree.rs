//! From files to items and back: each data file is cut at its `[kind.slug]` lines, so that an item
//! keeps the order and the comments in which it was written.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use jiff::civil::Date;
use toml::{Table, Value};

use crate::offer::is_slug;

use super::fields::{line_of_key, toml_note};
use super::{Fault, Item, Key, Kind};

/// The longest data file taken, in bytes.
const MAX_FILE: usize = 2_000_000;

/// The data files and the tables each may hold.
const DATA: [(&str, &[Kind]); 9] = [
    ("localities.toml", &[Kind::Locality, Kind::District]),
    ("places.toml", &[Kind::Place]),
    ("sessions.toml", &[Kind::Session]),
    ("exceptions.toml", &[Kind::Exception]),
    ("help.toml", &[Kind::Line]),
    ("entitlements.toml", &[Kind::Entitlement]),
    ("sources.toml", &[Kind::Source]),
    ("terms.toml", &[Kind::Term]),
    ("goals.toml", &[Kind::Goal]),
];
const HOLIDAYS: &str = "bank-holidays.csv";

/// Cuts the files of the content tree into items.
pub(super) fn split(files: &BTreeMap<String, String>) -> (BTreeMap<Key, Item>, Vec<Fault>) {
    let mut items = BTreeMap::new();
    let mut faults = Vec::new();
    let mut known: BTreeSet<&str> = BTreeSet::from([HOLIDAYS]);
    for (file, kinds) in DATA {
        known.insert(file);
        match files.get(file) {
            Some(text) => split_data(file, text, kinds, &mut items, &mut faults),
            None => faults.push(Fault::in_file(file, None, "This file is missing.")),
        }
    }
    match files.get(HOLIDAYS) {
        Some(text) => split_holidays(text, &mut items, &mut faults),
        None => faults.push(Fault::in_file(HOLIDAYS, None, "This file is missing.")),
    }
    for (file, text) in files {
        let id = match file.strip_suffix(".md") {
            Some("TODO" | "README") => continue,
            Some(path) => path.strip_prefix("offer/").or_else(|| path.starts_with("pages/").then_some(path)),
            None if known.contains(file.as_str()) => continue,
            None => None,
        };
        let Some(id) = id else {
            faults.push(Fault::in_file(file, None, "This file does not belong in the content folder."));
            continue;
        };
        if let Some(mut fault) = id_fault(Kind::Page, id) {
            fault.file.clone_from(file);
            faults.push(fault);
            continue;
        }
        let body = text.replace("\r\n", "\n").into();
        items.insert((Kind::Page, id.to_owned()), Item { body, file: file.clone(), before: 0, lines_known: true });
    }
    (items, faults)
}

/// What is wrong with an id, if anything.
pub(super) fn id_fault(kind: Kind, id: &str) -> Option<Fault> {
    let good = match kind {
        Kind::Page => is_slug(id.strip_prefix("pages/").unwrap_or(id)),
        Kind::Holiday => id.len() == 10 && id.parse::<Date>().is_ok(),
        _ => is_slug(id),
    };
    (!good).then(|| {
        let message = format!("“{id}” cannot be the name of a {kind}. Names use small letters, digits and hyphens.");
        // An id that is not a name is no part of a file's name either.
        let file = if kind == Kind::Page { "offer".to_owned() } else { kind.file(id) };
        Fault::in_file(&file, None, message)
    })
}

fn split_data(file: &str, text: &str, kinds: &[Kind], items: &mut BTreeMap<Key, Item>, faults: &mut Vec<Fault>) {
    if text.len() > MAX_FILE {
        faults.push(Fault::in_file(file, None, "This file is too long."));
        return;
    }
    let text = text.replace("\r\n", "\n");
    let whole: Table = match toml::from_str(&text) {
        Ok(whole) => whole,
        Err(error) => {
            let note = toml_note(&text, &error);
            faults.push(Fault::in_file(file, note.line, note.message));
            return;
        }
    };
    let mut slices = slices(&text);
    for (name, value) in whole {
        let kind = Kind::parse(&name).filter(|kind| kinds.contains(kind));
        let (Some(kind), Value::Table(table)) = (kind, value) else {
            let names: Vec<_> = kinds.iter().map(|kind| format!("[{kind}.name-of-it]")).collect();
            let line = line_of_key(&text, &name).or_else(|| line_of_header(&text, &name));
            faults.push(Fault::in_file(
                file,
                line,
                format!("“{name}” does not belong here. Each part of this file starts with {}.", names.join(" or ")),
            ));
            continue;
        };
        for (id, value) in table {
            if let Some(fault) = id_fault(kind, &id) {
                faults.push(fault);
                continue;
            }
            let Value::Table(fields) = value else {
                faults.push(Fault::in_file(file, None, format!("“{kind}.{id}” has no fields.")));
                continue;
            };
            // The text as written keeps its order and comments, if it was written in the usual way.
            let written = slices
                .remove(&(kind.as_str().to_owned(), id.clone()))
                .filter(|(_, body)| toml::from_str::<Table>(body).is_ok_and(|read| read == fields));
            let (before, lines_known, body) = match written {
                Some((before, body)) => (before, true, body),
                None => (0, false, toml::to_string(&fields).unwrap_or_default()),
            };
            let item = Item { body: body.into(), file: file.to_owned(), before, lines_known };
            items.insert((kind, id), item);
        }
    }
}

/// The text under each `[kind.id]`, with how many lines stand before it. Inner headers such as
/// `[kind.id.rule]` become `[rule]`.
fn slices(text: &str) -> BTreeMap<(String, String), (usize, String)> {
    let mut found: BTreeMap<(String, String), (usize, String)> = BTreeMap::new();
    let mut open: Option<(String, String)> = None;
    for (number, line) in text.lines().enumerate() {
        let Some((brackets, path)) = header(line) else {
            if let Some((_, body)) = open.as_ref().and_then(|key| found.get_mut(key)) {
                body.push_str(line);
                body.push('\n');
            }
            continue;
        };
        let mut parts = path.splitn(3, '.');
        let (Some(kind), Some(id), inner) = (parts.next(), parts.next(), parts.next()) else {
            open = None;
            continue;
        };
        let key = (kind.to_owned(), id.to_owned());
        if let Some(inner) = inner {
            if let Some((_, body)) = found.get_mut(&key) {
                let (left, right) = ("[".repeat(brackets), "]".repeat(brackets));
                let _ = writeln!(body, "{left}{inner}{right}");
            }
        } else {
            found.insert(key.clone(), (number + 1, String::new()));
        }
        open = Some(key);
    }
    for (_, body) in found.values_mut() {
        // Blank lines and comments at the end belong to what comes next.
        let kept = body.lines().collect::<Vec<_>>();
        let end = kept.iter().rposition(|line| !matches!(line.trim_start().chars().next(), None | Some('#')));
        *body = kept.iter().take(end.map_or(0, |end| end + 1)).map(|line| format!("{line}\n")).collect();
    }
    found
}

/// The line, from 1, of the first header whose name is `name` or begins with it.
fn line_of_header(text: &str, name: &str) -> Option<usize> {
    let is_named = |line: &str| header(line).is_some_and(|(_, path)| path.split('.').next() == Some(name));
    text.lines().position(is_named).map(|at| at + 1)
}

/// The name in a line such as `[place.hub]` or `[[times]]`, with how many brackets there are.
fn header(line: &str) -> Option<(usize, &str)> {
    let line = line.trim();
    let line = line.split_once('#').map_or(line, |(line, _)| line.trim_end());
    let (brackets, left, right) = if line.starts_with("[[") { (2, "[[", "]]") } else { (1, "[", "]") };
    let inner = line.strip_prefix(left)?.strip_suffix(right)?.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (!inner.is_empty() && inner.chars().all(plain)).then_some((brackets, inner))
}

fn split_holidays(text: &str, items: &mut BTreeMap<Key, Item>, faults: &mut Vec<Fault>) {
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        let mut fault = |message: String| faults.push(Fault::in_file(HOLIDAYS, Some(number + 1), message));
        if number == 0 {
            if line.trim_start_matches('\u{feff}') != "date,name" {
                fault("The first line is “date,name”.".to_owned());
            }
            continue;
        }
        if line.is_empty() {
            continue;
        }
        let Some((date, name)) = line.split_once(',') else {
            fault("This line has no comma between the date and the name.".to_owned());
            continue;
        };
        let (date, name) = (date.trim(), name.trim());
        if id_fault(Kind::Holiday, date).is_some() {
            fault(format!("“{date}” is not a date. Write it as 2026-12-25."));
            continue;
        }
        let body = format!("name = {}\n", Value::String(name.to_owned()));
        let item = Item { body: body.into(), file: HOLIDAYS.to_owned(), before: number, lines_known: true };
        if items.insert((Kind::Holiday, date.to_owned()), item).is_some() {
            fault(format!("The date {date} is there twice."));
        }
    }
}

/// The files that [`split`] would cut into these items.
pub(super) fn join(items: &BTreeMap<Key, Item>) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> =
        DATA.iter().map(|(file, _)| ((*file).to_owned(), String::new())).collect();
    files.insert(HOLIDAYS.to_owned(), "date,name\n".to_owned());
    for ((kind, id), item) in items {
        let text = files.entry(kind.file(id)).or_default();
        match kind {
            Kind::Page => text.push_str(&item.body),
            Kind::Holiday => {
                let name = toml::from_str::<Table>(&item.body).ok();
                let name =
                    name.as_ref().and_then(|table| table.get("name")).and_then(Value::as_str).unwrap_or_default();
                let _ = writeln!(text, "{id},{name}");
            }
            _ => {
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(&with_header(*kind, id, &item.body));
            }
        }
    }
    files
}

fn with_header(kind: Kind, id: &str, body: &str) -> String {
    let mut text = format!("[{kind}.{id}]\n");
    for line in body.lines() {
        match header(line) {
            Some((1, inner)) => {
                let _ = writeln!(text, "[{kind}.{id}.{inner}]");
            }
            Some((_, inner)) => {
                let _ = writeln!(text, "[[{kind}.{id}.{inner}]]");
            }
            None => {
                let _ = writeln!(text, "{line}");
            }
        }
    }
    let nested = |table: Table| {
        let inner = Table::from_iter([(id.to_owned(), Value::Table(table))]);
        Table::from_iter([(kind.as_str().to_owned(), Value::Table(inner))])
    };
    // A line inside a long string can look like a header; then the fields are written anew.
    match toml::from_str::<Table>(body) {
        Ok(table) => {
            let table = nested(table);
            let kept = toml::from_str::<Table>(&text).is_ok_and(|read| read == table);
            if kept { text } else { toml::to_string(&table).unwrap_or(text) }
        }
        Err(_) => text,
    }
}
