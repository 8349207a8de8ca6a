//! `portal import`: files of the case system from the command line.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::say;
use crate::app::start;
use crate::clock::london_date;
use crate::config::Settings;
use crate::db::Kind;
use crate::error::{Error, Result};
use crate::import::acts::{self, By, Go};
use crate::import::cells::bad_rows;
use crate::import::{Files, Lacking, Places, Report, Sheet, read};

#[derive(Args, Debug)]
pub(super) struct Import {
    /// Members of staff. Columns: email, name, roles; locality.
    #[arg(long)]
    staff: Option<PathBuf>,
    /// Young people. Columns: case_key, name, born_on, locality; called, district, legal_group.
    #[arg(long)]
    people: Option<PathBuf>,
    /// Who works with whom. Columns: case_key, email, part, from; lead, to.
    #[arg(long)]
    assignments: Option<PathBuf>,
    /// Say what the files would do, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// A folder for the rows that are left out: one file of each kind, the reason in its last column.
    #[arg(long)]
    bad: Option<PathBuf>,
    /// Change nothing, and say who has no personal adviser; with --people, by the keys of that file.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    settings: Box<Settings>,
}

impl Import {
    fn files(&self, places: &Places, today: jiff::civil::Date) -> Result<Files> {
        let paths = [&self.staff, &self.people, &self.assignments];
        let mut bytes = BTreeMap::new();
        for (sheet, path) in Sheet::ALL.into_iter().zip(paths) {
            let Some(path) = path else { continue };
            let read = std::fs::read(path)
                .map_err(|error| Error::Setup(format!("{} cannot be read: {error}", path.display())))?;
            bytes.insert(sheet, read);
        }
        if bytes.is_empty() && !self.check {
            return Err(Error::Setup("name at least one file: --staff, --people or --assignments".into()));
        }
        let given = bytes.iter().map(|(sheet, bytes)| (*sheet, &bytes[..])).collect();
        read::files(&given, places, today).map_err(|faults| {
            let lines: Vec<_> = faults.into_iter().map(|(_, says)| says).collect();
            Error::Setup(lines.join("\n"))
        })
    }
}

pub(super) async fn run(import: Import) -> Result<()> {
    let library = start::content(&import.settings)?;
    let (db, vault, clock) = start::open(&import.settings, Kind::Live).await?;
    let places = Places::of(&crate::content::live::edition(&library, &mut db.read().await?).await?.library.timetable);
    let at = clock.now();
    let files = import.files(&places, london_date(at))?;
    let keys = acts::keys(&files);
    if !import.check {
        let by = By { actor: None, number: "command".into(), at };
        let go = if import.dry_run { Go::Try } else { Go::Import };
        let report = acts::run(&db, &vault, by, places, files, go).await?;
        say(&told(&report, go))?;
        if let Some(folder) = &import.bad {
            write_bad(folder, &report)?;
        }
    }
    say(&lacks(&acts::lacking(&db, &vault, &keys, at).await?))
}

fn told(report: &Report, go: Go) -> String {
    let mut says = String::new();
    for (sheet, outcome) in &report.of {
        let verbs = if go == Go::Try { ["to add", "to change"] } else { ["added", "changed"] };
        let [(added, add), (changed, change)] = [(outcome.added, verbs[0]), (outcome.changed, verbs[1])];
        let (title, same, bad) = (sheet.title(), outcome.same, outcome.bad.len());
        _ = writeln!(says, "{title}: {added} {add}, {changed} {change}, {same} as they are, {bad} left out.");
        for row in &outcome.bad {
            _ = writeln!(says, "  {} file, line {}: {}", sheet.as_str(), row.line, row.reason);
        }
    }
    says
}

fn write_bad(folder: &Path, report: &Report) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for (sheet, outcome) in report.of.iter().filter(|(_, outcome)| !outcome.bad.is_empty()) {
        let path = folder.join(format!("{}-to-mend.csv", sheet.as_str()));
        std::fs::write(&path, bad_rows(&outcome.heading, &outcome.bad))?;
        say(&format!("Rows to mend: {}\n", path.display()))?;
    }
    Ok(())
}

fn lacks(lacking: &Lacking) -> String {
    let mut says = format!(
        "Here are {} young people of 16 or over. {} have no personal adviser, and {} had none when they turned 16.\n",
        lacking.due, lacking.without_now, lacking.without_at_16
    );
    for (keys, what) in [(&lacking.now, "Without one now"), (&lacking.at_16, "Without one at 16")] {
        if !keys.is_empty() {
            _ = writeln!(says, "{what}, by key: {}", keys.join(", "));
        }
    }
    says
}
