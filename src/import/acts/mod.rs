//! Trying the rows of files, and laying them down in chunks. A row that is there already changes nothing, so the same
//! files twice are the files once, and files that were cut short can be brought in again.

mod rows;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use self::rows::{Coming, Step};
use super::{Bad, Files, KeptId, Lacking, Line, Outcome, Places, Report, Row, Sheet, Texts, store};
use crate::audit::{self, Entry};
use crate::db::Db;
use crate::error::Result;
use crate::id::Id;
use crate::people::store as people;
use crate::people::{Actor, StaffId};
use crate::signin::store as signin;
use crate::vault::{LookUp, Vault};
use crate::web::flash::Flash;

/// So many rows stand in one transaction: few enough that others who write wait for a moment only.
const CHUNK: usize = 200;

/// Who brings the files in.
#[derive(Clone, Debug)]
pub struct By {
    /// An administrator; nobody on the command line.
    pub actor: Option<Actor>,
    /// The request's number, or `command`.
    pub number: String,
    /// When.
    pub at: Timestamp,
}

/// Whether rows are tried or laid down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Go {
    /// Says what would become of them.
    Try,
    /// Lays them down.
    Import,
}

/// Everything that a row is judged by besides the database.
#[derive(Clone, Debug)]
struct With {
    vault: Vault,
    places: Places,
    by: By,
    coming: Arc<Coming>,
}

/// Tries the rows of files or lays them down: staff, then young people, then who works with whom. Bad rows are left
/// out, and the others go in.
///
/// # Errors
/// When the database fails. What was laid down until then stays.
pub async fn run(db: &Db, vault: &Vault, by: By, places: Places, files: Files, go: Go) -> Result<Report> {
    let mut with = With { vault: vault.clone(), places, by, coming: Arc::new(Coming::of(vault, &files)) };
    let mut report = Report::default();
    for (sheet, mut table) in files {
        table.rows.sort_by_cached_key(|row| rows::order(&row.is));
        let mut outcome = Outcome { same: table.again, bad: table.bad, heading: table.heading, ..Outcome::default() };
        let mut known = Vec::new();
        for chunk in table.rows.chunks(CHUNK) {
            let done = match go {
                Go::Try => tried(db, &with, chunk).await?,
                Go::Import => laid(db, with.clone(), chunk.to_vec()).await?,
            };
            for (row, (step, id)) in chunk.iter().zip(done) {
                count(&mut outcome, row, &step);
                if !matches!(step, Step::Bad(_)) {
                    known.push((row.is.clone(), step, id));
                }
            }
        }
        Arc::make_mut(&mut with.coming).take(known);
        outcome.bad.sort_by_key(|bad| bad.line);
        report.of.insert(sheet, outcome);
    }
    Ok(report)
}

fn count(outcome: &mut Outcome, row: &Row<Line>, step: &Step) {
    match step {
        Step::Bad(reason) => {
            let (line, cells) = (row.line, row.cells.clone());
            outcome.bad.push(Bad { line, cells, reason: (*reason).to_owned() });
        }
        Step::Same => outcome.same += 1,
        Step::AddStaff | Step::AddPerson | Step::Begin { .. } => outcome.added += 1,
        Step::ChangeStaff(_) | Step::ChangePerson(_) | Step::Move { .. } => outcome.changed += 1,
    }
}

type Done = Vec<(Step, Option<Id<()>>)>;

async fn tried(db: &Db, with: &With, rows: &[Row<Line>]) -> Result<Done> {
    let mut db = db.read().await?;
    let mut done = Vec::with_capacity(rows.len());
    for row in rows {
        done.push(rows::judge(&mut db, with, &row.is).await?);
    }
    Ok(done)
}

async fn laid(db: &Db, with: With, rows: Vec<Row<Line>>) -> Result<Done> {
    db.write((with, rows), |tx, (with, rows)| {
        Box::pin(async move {
            let mut done = Vec::with_capacity(rows.len());
            for row in rows {
                let (step, known) = rows::judge(tx, with, &row.is).await?;
                let id = rows::lay(tx, with, &row.is, &step).await?;
                done.push((step, id.or(known)));
            }
            Ok(done)
        })
    })
    .await
}

/// Who of the young people of a file lacks a personal adviser. `keys` are those of the file: the database gives none.
///
/// # Errors
/// When the database fails.
pub async fn lacking(db: &Db, vault: &Vault, keys: &BTreeSet<String>, at: Timestamp) -> Result<Lacking> {
    let told = people::case_advisers(&mut db.read().await?, at).await?;
    let (due, without_now, without_at_16) = (told.due, told.without_now, told.without_at_16);
    let mut lacking = Lacking { due, without_now, without_at_16, ..Lacking::default() };
    for key in keys {
        let Some(lack) = told.lacks.get(&vault.look_up(LookUp::CaseKey, key)) else { continue };
        if lack.now {
            lacking.now.push(key.clone());
        }
        if lack.at_16 {
            lacking.at_16.push(key.clone());
        }
    }
    Ok(lacking)
}

/// The keys of the young people in files.
pub fn keys(files: &Files) -> BTreeSet<String> {
    let rows = files.get(&Sheet::People).map(|table| &table.rows[..]).unwrap_or_default();
    let key = |row: &Row<Line>| match &row.is {
        Line::Person(line) => Some(line.key.clone()),
        Line::Staff(_) | Line::Assignment(_) => None,
    };
    rows.iter().filter_map(key).collect()
}

/// Keeps files for the hour in which their administrator looks at what would become of them.
///
/// # Errors
/// When the database fails.
pub async fn keep(db: &Db, vault: &Vault, by: By, staff: StaffId, texts: Texts) -> Result<KeptId> {
    db.write((by, vault.clone(), texts), move |tx, (by, vault, texts)| {
        Box::pin(async move {
            let id = store::keep(tx, vault, staff, texts, by.at).await?;
            let entry = Entry {
                object_id: Some(id.cast()),
                many: i64::try_from(texts.len()).unwrap_or(i64::MAX),
                ..Entry::of(by.actor.clone(), "upload", "import", by.at)
            };
            audit::store::insert(tx, &entry, &by.number).await?;
            Ok(id)
        })
    })
    .await
}

/// Forgets files before their hour has passed.
///
/// # Errors
/// When the database fails.
pub async fn forget(db: &Db, staff: StaffId, kept: KeptId) -> Result<()> {
    db.write((), move |tx, ()| Box::pin(async move { store::forget(tx, staff, kept).await })).await
}

/// Lets the next page say that the rows are in.
///
/// # Errors
/// When the database fails.
pub async fn done(db: &Db, token_hash: [u8; 32]) -> Result<()> {
    db.write(token_hash, |tx, hash| Box::pin(async move { signin::set_flash(tx, hash, Flash::Imported).await })).await
}
