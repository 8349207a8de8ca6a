//! Reads a file as a case system or a spreadsheet writes it: columns in any order, commas, semicolons or tabs between
//! cells, dates in two ways. What is wrong with a row is told in words that hold nothing of it, so that they can stand
//! on an administrator's page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::Date;

use super::cells::plain;
use super::{AssignmentLine, Bad, Files, Line, PersonLine, Places, Row, Sheet, StaffLine, Table};
use crate::entitlements::Group;
use crate::people::{Part, Role, is_email, look_up_text};
use crate::web::forms::hidden;

/// The most rows that one file may have.
pub const MOST: usize = 25_000;

/// What is said of a file that was saved in another way.
const SAVE_AS: &str = "In Excel choose Save as, then CSV UTF-8.";

/// A column's name as it is looked for: letter case, spaces and hyphens do not count.
pub fn column(name: &str) -> String {
    plain(name.trim()).trim().to_lowercase().replace([' ', '-'], "_")
}

/// Reads the files that were given. `today` is the day in London.
///
/// # Errors
/// A sentence on each file that cannot be read as a whole.
pub fn files(given: &BTreeMap<Sheet, &[u8]>, places: &Places, today: Date) -> Result<Files, Vec<(Sheet, String)>> {
    let (mut files, mut faults) = (Files::new(), Vec::new());
    for (&sheet, &bytes) in given {
        let read = match sheet {
            Sheet::Staff => staff(bytes, places).map(|table| lines(table, Line::Staff)),
            Sheet::People => people(bytes, places, today).map(|table| lines(table, Line::Person)),
            Sheet::Assignments => assignments(bytes).map(|table| lines(table, Line::Assignment)),
        };
        match read {
            Ok(table) => drop(files.insert(sheet, table)),
            Err(says) => faults.push((sheet, says)),
        }
    }
    if faults.is_empty() { Ok(files) } else { Err(faults) }
}

fn lines<T>(table: Table<T>, wrap: fn(T) -> Line) -> Table<Line> {
    let Table { heading, rows, bad, again } = table;
    let rows = rows.into_iter().map(|Row { line, cells, is }| Row { line, cells, is: wrap(is) }).collect();
    Table { heading, rows, bad, again }
}

/// A sentence on the file as a whole when it cannot be read.
fn staff(bytes: &[u8], places: &Places) -> Result<Table<StaffLine>, String> {
    let table = table(Sheet::Staff, bytes, |line| {
        let (email, name) = (line.text("email", 200).to_lowercase(), line.text("name", 120));
        if !email.is_empty() && !is_email(&email) {
            line.fault("email is not an email address, such as priya@example.gov.uk.");
        }
        let roles = line.roles();
        let locality = line.place("locality", places.localities.iter().map(|(slug, it)| (slug, &it.name)));
        Some(StaffLine { email, name, roles, locality })
    })?;
    Ok(settled(table, "This email address stands in the file more than once, and not with the same words.", |row| {
        Some(row.email.clone())
    }))
}

fn people(bytes: &[u8], places: &Places, today: Date) -> Result<Table<PersonLine>, String> {
    let table = table(Sheet::People, bytes, |line| {
        let (key, name, called) = (line.text("case_key", 60), line.text("name", 120), line.optional("called", 60));
        let born_on = line.date("born_on");
        if born_on.is_some_and(|born_on| born_on > today) {
            line.fault("born_on has not come yet.");
        }
        let locality = line.place("locality", places.localities.iter().map(|(slug, it)| (slug, &it.name)));
        if line.get("locality").is_empty() {
            line.fault("locality is missing.");
        }
        let district = line.place("district", places.districts.iter().map(|(slug, it)| (slug, &it.name)));
        let group = line.choice(
            "legal_group",
            |word| Group::parse(&word.replace(['_', ' '], "-")),
            || Group::ALL.map(Group::as_str).join(", "),
        );
        Some(PersonLine { key, name, called, born_on: born_on?, locality: locality?, district, group })
    })?;
    let table = settled(table, "This key stands in the file more than once, and not with the same words.", |row| {
        Some(row.key.to_lowercase())
    });
    let says = "Somebody of this name and date of birth stands in the file with another key.";
    Ok(settled(table, says, |row| Some(look_up_text(&row.name, row.born_on).to_lowercase())))
}

fn assignments(bytes: &[u8]) -> Result<Table<AssignmentLine>, String> {
    let table = table(Sheet::Assignments, bytes, |line| {
        let (key, email) = (line.text("case_key", 60), line.text("email", 200).to_lowercase());
        let part = line.choice("part", part, || Part::ALL.map(Part::as_str).join(", "));
        if line.get("part").is_empty() {
            line.fault("part is missing.");
        }
        let lead = line.choice("lead", yes, || "yes, no".to_owned()).unwrap_or(false);
        let from = line.date("from");
        let to = if line.get("to").is_empty() { None } else { line.date("to") };
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            line.fault("to is before from.");
        }
        Some(AssignmentLine { key, email, part: part?, lead, from: from?, to })
    })?;
    let of = |row: &AssignmentLine| format!("{}|{}|{}", row.key.to_lowercase(), row.email, row.part.as_str());
    let says = "The file says this more than once, and not with the same words.";
    let table = settled(table, says, |row| Some(format!("{}|{}", of(row), row.from)));
    let says = "The file says more than once, without an end, that they work together in this part.";
    let table = settled(table, says, |row| row.to.is_none().then(|| of(row)));
    let says = "The file names more than one lead for this young person.";
    Ok(settled(table, says, |row| (row.lead && row.to.is_none()).then(|| row.key.to_lowercase())))
}

fn role(word: &str) -> Option<Role> {
    Role::parse(&word.replace([' ', '-'], "_"))
        .or_else(|| Role::ALL.into_iter().find(|role| role.name().to_lowercase() == word))
}

fn part(word: &str) -> Option<Part> {
    let word = word.replace([' ', '-'], "_");
    if word == "personal_adviser" { Some(Part::Pa) } else { Part::parse(&word) }
}

fn yes(word: &str) -> Option<bool> {
    match word {
        "yes" | "y" | "true" | "1" => Some(true),
        "no" | "n" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// `2008-03-27` or `27/03/2008`.
fn date(text: &str) -> Option<Date> {
    let (hyphens, strokes): (Vec<_>, Vec<_>) = (text.split('-').collect(), text.split('/').collect());
    let (year, month, day) = match (&hyphens[..], &strokes[..]) {
        ([year, month, day], _) | (_, [day, month, year]) => (year, month, day),
        _ => return None,
    };
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    (1900..=2200).contains(&date.year()).then_some(date)
}

/// One row while it is read.
struct Reading<'r> {
    columns: &'r BTreeMap<String, usize>,
    cells: &'r [String],
    faults: String,
}

impl Reading<'_> {
    fn fault(&mut self, says: &str) {
        let space = if self.faults.is_empty() { "" } else { " " };
        _ = write!(self.faults, "{space}{says}");
    }

    /// What stands in a column; empty when the file does not have it.
    fn get(&self, name: &str) -> &str {
        let cell = self.columns.get(name).and_then(|at| self.cells.get(*at)).map_or("", String::as_str);
        plain(cell.trim()).trim()
    }

    fn optional(&mut self, name: &str, max: usize) -> Option<String> {
        let text = self.get(name).split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().count() > max {
            self.fault(&format!("{name} is longer than {max} characters."));
        } else if text.chars().any(hidden) {
            self.fault(&format!("{name} holds a hidden character: type it again."));
        }
        (!text.is_empty()).then_some(text)
    }

    fn text(&mut self, name: &str, max: usize) -> String {
        let text = self.optional(name, max);
        if text.is_none() {
            self.fault(&format!("{name} is missing."));
        }
        text.unwrap_or_default()
    }

    fn date(&mut self, name: &str) -> Option<Date> {
        let found = date(self.get(name));
        if found.is_none() {
            self.fault(&format!("{name} is not a date: write 2008-03-27 or 27/03/2008."));
        }
        found
    }

    /// One word of a list; `None` when the cell is empty or wrong.
    fn choice<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>, words: impl Fn() -> String) -> Option<T> {
        let word = self.get(name).to_lowercase();
        if word.is_empty() {
            return None;
        }
        let found = read(&word);
        if found.is_none() {
            self.fault(&format!("{name} must be one of: {}.", words()));
        }
        found
    }

    /// A place by its slug or its name.
    fn place<'a>(
        &mut self,
        name: &str,
        places: impl Iterator<Item = (&'a String, &'a String)> + Clone,
    ) -> Option<String> {
        let read = |word: &str| {
            let mut places = places.clone();
            places.find(|(slug, name)| *slug == word || name.to_lowercase() == word).map(|(slug, _)| slug.clone())
        };
        self.choice(name, read, || places.clone().map(|(slug, _)| slug.as_str()).collect::<Vec<_>>().join(", "))
    }

    fn roles(&mut self) -> Vec<Role> {
        let words = self.get("roles").to_lowercase();
        let words = words.split([';', ',', '|']).map(str::trim).filter(|word| !word.is_empty());
        let found: Option<Vec<_>> = words.map(role).collect();
        let mut roles = found.unwrap_or_else(|| {
            let known = Role::ALL.into_iter().filter(|role| *role != Role::Admin).map(Role::as_str);
            self.fault(&format!(
                "roles must be of these, with ; between them: {}.",
                known.collect::<Vec<_>>().join(", ")
            ));
            Vec::new()
        });
        if roles.contains(&Role::Admin) {
            self.fault("An administrator is made by hand and not by a file.");
        }
        roles.sort_unstable();
        roles.dedup();
        roles
    }
}

fn table<T>(sheet: Sheet, bytes: &[u8], read: impl Fn(&mut Reading<'_>) -> Option<T>) -> Result<Table<T>, String> {
    let (heading, records) = records(sheet, bytes)?;
    let columns = columns(sheet, &heading)?;
    let mut table = Table { heading, ..Table::default() };
    for (number, cells) in records {
        let mut line = Reading { columns: &columns, cells: &cells, faults: String::new() };
        let is = if cells.len() == table.heading.len() {
            read(&mut line)
        } else {
            line.fault(&format!("This row has {} cells and the heading {}.", cells.len(), table.heading.len()));
            None
        };
        match (is, line.faults) {
            (Some(is), faults) if faults.is_empty() => table.rows.push(Row { line: number, cells, is }),
            (_, reason) => table.bad.push(Bad { line: number, cells, reason }),
        }
    }
    Ok(table)
}

/// The heading of a file, and its rows by the line on which each begins.
type Records = (Vec<String>, Vec<(u64, Vec<String>)>);

fn records(sheet: Sheet, bytes: &[u8]) -> Result<Records, String> {
    let file = sheet.as_str();
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(format!("The {file} file is a workbook and not CSV. {SAVE_AS}"));
    }
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
        format!("The {file} file is not UTF-8: line {line} holds a letter that cannot be read. {SAVE_AS}")
    })?;
    let first = text.trim_start().lines().next().unwrap_or_default();
    if first.is_empty() {
        return Err(format!("The {file} file is empty."));
    }
    let between = [b',', b';', b'\t'].into_iter().max_by_key(|mark| {
        // The comma stands last among those that are as many.
        (first.bytes().filter(|byte| byte == mark).count(), *mark == b',')
    });
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(between.unwrap_or(b','))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let (mut heading, mut rows) = (None, Vec::new());
    for record in reader.records() {
        let record = record.map_err(|_| format!("The {file} file could not be read as CSV."))?;
        let cells: Vec<String> = record.iter().map(str::to_owned).collect();
        // Excel keeps rows that were emptied.
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if heading.is_none() {
            heading = Some(cells);
            continue;
        }
        if rows.len() == MOST {
            return Err(format!("The {file} file has more than {MOST} rows. Make two files of it."));
        }
        rows.push((line_of(text, record.position()), cells));
    }
    Ok((heading.unwrap_or_default(), rows))
}

/// The line on which a record begins. The reader counts empty lines before it as part of it.
fn line_of(text: &str, position: Option<&csv::Position>) -> u64 {
    let Some(position) = position else { return 0 };
    let rest = usize::try_from(position.byte()).ok().and_then(|at| text.as_bytes().get(at..)).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
    position.line() + u64::try_from(empty).unwrap_or(0)
}

fn columns(sheet: Sheet, heading: &[String]) -> Result<BTreeMap<String, usize>, String> {
    let file = sheet.as_str();
    let mut columns = BTreeMap::new();
    for (at, name) in heading.iter().enumerate() {
        let name = column(name);
        let known = sheet.needed().contains(&name.as_str()) || sheet.optional().contains(&name.as_str());
        if known && columns.insert(name.clone(), at).is_some() {
            return Err(format!("The {file} file has the column {name} twice."));
        }
    }
    let missing: Vec<_> = sheet.needed().iter().filter(|name| !columns.contains_key(**name)).copied().collect();
    if missing.is_empty() {
        return Ok(columns);
    }
    let (s, missing) = (if missing.len() == 1 { "" } else { "s" }, missing.join(", "));
    Err(format!("The {file} file lacks the column{s} {missing}. The first line must name every column."))
}

/// Rows of one name that say different things are all bad, whatever their order: nobody can tell which is meant. Those
/// that say the same are one.
fn settled<T: PartialEq>(table: Table<T>, says: &str, name: impl Fn(&T) -> Option<String>) -> Table<T> {
    let mut named: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, row) in table.rows.iter().enumerate() {
        if let Some(name) = name(&row.is) {
            named.entry(name).or_default().push(at);
        }
    }
    let mut verdicts: BTreeMap<usize, Option<String>> = BTreeMap::new();
    for places in named.into_values().filter(|places| places.len() > 1) {
        let rows: Vec<_> = places.iter().filter_map(|at| table.rows.get(*at)).collect();
        if rows.iter().zip(rows.iter().skip(1)).all(|(one, next)| one.is == next.is) {
            verdicts.extend(places.into_iter().skip(1).map(|at| (at, None)));
            continue;
        }
        let lines: Vec<_> = rows.iter().take(5).map(|row| row.line.to_string()).collect();
        let reason = format!("{says} Look at lines {}.", lines.join(", "));
        verdicts.extend(places.into_iter().map(|at| (at, Some(reason.clone()))));
    }
    let Table { heading, rows, mut bad, mut again } = table;
    let mut good = Vec::with_capacity(rows.len());
    for (at, Row { line, cells, is }) in rows.into_iter().enumerate() {
        match verdicts.remove(&at) {
            None => good.push(Row { line, cells, is }),
            Some(None) => again += 1,
            Some(Some(reason)) => bad.push(Bad { line, cells, reason }),
        }
    }
    Table { heading, rows: good, bad, again }
}

#[cfg(test)]
#[path = "read_test.rs"]
mod tests;
