//! Young people and staff as a file of the case system names them: whether they are there, whether the file says
//! something else, and what it changes. Nothing of a record is given back.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{NewPerson, begin_spell, insert_person, key};
use crate::clock::london_date;
use crate::db::{Snapshot, Tx, on, run};
use crate::error::Result;
use crate::id::Id;
use crate::people::{Part, PersonId, Span, StaffId, TeamId, look_up_text};
use crate::vault::{Column, LookUp, Vault};

/// A young person as the case system knows them.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its key.
    pub key: String,
    /// Full name.
    pub name: String,
    /// The name to be called by when they are added. From then on it is theirs to choose.
    pub called: Option<String>,
    /// Date of birth.
    pub born_on: Date,
    /// The slug of the locality of their team.
    pub locality: String,
    /// Kind and value of what begins today if it is another than now.
    pub spells: Vec<(&'static str, String)>,
}

/// The record of a case system's key, and whether it is open.
///
/// # Errors
/// When the database fails.
pub async fn case(db: &mut Snapshot, vault: &Vault, case_key: &str) -> Result<Option<(PersonId, bool)>> {
    let row: Option<(PersonId, String)> = on!(db, c => sqlx::query_as("SELECT id, state FROM person WHERE case_hash = $1")
        .bind(vault.look_up(LookUp::CaseKey, case_key)).fetch_optional(c))?;
    Ok(row.map(|(person, state)| (person, state == "active")))
}

/// Whether a file says something of somebody that their record does not.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn differs(db: &mut Snapshot, vault: &Vault, person: PersonId, case: &Case) -> Result<bool> {
    let (name, born_on, locality): (Vec<u8>, String, String) = on!(db, c => sqlx::query_as(
        "SELECT p.name_sealed, p.born_on, t.locality FROM person p JOIN team t ON t.id = p.team_id WHERE p.id = $1")
        .bind(person).fetch_one(c))?;
    let own = key(db, vault, person).await?;
    if own.open(Column::PersonName, person, &name)? != case.name
        || born_on != case.born_on.to_string()
        || locality != case.locality
    {
        return Ok(true);
    }
    Ok(!news(db, person, &case.spells).await?.is_empty())
}

/// Those of the spells that are not running already.
async fn news(
    db: &mut Snapshot,
    person: PersonId,
    spells: &[(&'static str, String)],
) -> Result<Vec<(&'static str, String)>> {
    let mut news = Vec::new();
    for (kind, value) in spells {
        let running: Option<String> = on!(db, c => sqlx::query_scalar(
            "SELECT value FROM spell WHERE person_id = $1 AND kind = $2 AND to_on IS NULL LIMIT 1").bind(person).bind(*kind).fetch_optional(c))?;
        if running.as_ref() != Some(value) {
            news.push((*kind, value.clone()));
        }
    }
    Ok(news)
}

/// Everybody of a case's name and date of birth whose record is open, and the hash of their key where they have one;
/// the first added first.
///
/// # Errors
/// When the database fails.
pub async fn namesakes(db: &mut Snapshot, vault: &Vault, case: &Case) -> Result<Vec<(PersonId, Option<Vec<u8>>)>> {
    on!(db, c => sqlx::query_as("SELECT id, case_hash FROM person WHERE look_up_hash = $1 AND state = 'active' ORDER BY created_at")
        .bind(vault.look_up(LookUp::NameAndBirth, &look_up_text(&case.name, case.born_on))).fetch_all(c))
}

/// Adds a young person with their key.
///
/// # Errors
/// [`crate::error::Error::Duplicate`] when the key is taken.
pub async fn add_case(tx: &mut Tx, vault: &Vault, case: &Case, team: TeamId, at: Timestamp) -> Result<PersonId> {
    let first = case.name.split_whitespace().next().unwrap_or(&case.name);
    let called = case.called.as_deref().unwrap_or(first).to_owned();
    let new = NewPerson { name: case.name.clone(), called, born_on: case.born_on, team };
    let person = insert_person(tx, vault, &new, at).await?;
    change_case(tx, vault, person, case, team, at).await?;
    Ok(person)
}

/// Makes a record say what the file says, and gives it the key.
///
/// # Errors
/// [`crate::error::Error::Duplicate`] when the key is another's.
pub async fn change_case(
    tx: &mut Tx,
    vault: &Vault,
    person: PersonId,
    case: &Case,
    team: TeamId,
    at: Timestamp,
) -> Result<()> {
    let own = key(tx, vault, person).await?;
    run!(
        tx,
        sqlx::query(
            "UPDATE person SET team_id = $2, name_sealed = $3, born_on = $4, look_up_hash = $5, case_hash = $6 WHERE id = $1"
        )
        .bind(person)
        .bind(team)
        .bind(own.seal(Column::PersonName, person, &case.name)?)
        .bind(case.born_on.to_string())
        .bind(vault.look_up(LookUp::NameAndBirth, &look_up_text(&case.name, case.born_on)))
        .bind(vault.look_up(LookUp::CaseKey, &case.key))
    )?;
    for (kind, value) in news(tx, person, &case.spells).await? {
        begin_spell(tx, person, kind, &value, london_date(at)).await?;
    }
    Ok(())
}

/// The member of staff of an email address, also one who has left, and whether they work here.
///
/// # Errors
/// When the database fails.
pub async fn staff_by_address(db: &mut Snapshot, vault: &Vault, email: &str) -> Result<Option<(StaffId, bool)>> {
    let row: Option<(StaffId, String)> = on!(db, c => sqlx::query_as("SELECT id, state FROM staff WHERE email_hash = $1")
        .bind(vault.look_up(LookUp::Email, email)).fetch_optional(c))?;
    Ok(row.map(|(staff, state)| (staff, state == "active")))
}

/// A time during which somebody works or worked with a young person in one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worked {
    /// Its row.
    pub id: Id<()>,
    /// From when, UTC microseconds.
    pub from: i64,
    /// To when, if it has an end.
    pub to: Option<i64>,
    /// Answers messages first.
    pub lead: bool,
}

/// Every time that `staff` worked with `person` in this part, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn worked(db: &mut Snapshot, person: PersonId, staff: StaffId, part: Part) -> Result<Vec<Worked>> {
    let rows: Vec<(Id<()>, i64, Option<i64>, bool)> = on!(db, c => sqlx::query_as(
        "SELECT id, from_at, to_at, lead FROM assignment WHERE person_id = $1 AND staff_id = $2 AND kind = $3 ORDER BY from_at DESC, id")
        .bind(person).bind(staff).bind(part.as_str()).fetch_all(c))?;
    Ok(rows.into_iter().map(|(id, from, to, lead)| Worked { id, from, to, lead }).collect())
}

/// Whether anybody leads on the messages of a young person at this moment.
///
/// # Errors
/// When the database fails.
pub async fn has_lead(db: &mut Snapshot, person: PersonId, at: Timestamp) -> Result<bool> {
    let found: Option<i64> = on!(db, c => sqlx::query_scalar(
        "SELECT CAST(1 AS BIGINT) FROM assignment a JOIN staff s ON s.id = a.staff_id
         WHERE a.person_id = $1 AND a.lead AND a.from_at <= $2 AND (a.to_at IS NULL OR a.to_at > $2) AND s.state = 'active' LIMIT 1")
        .bind(person).bind(at.as_microsecond()).fetch_optional(c))?;
    Ok(found.is_some())
}

/// Writes down a time during which `staff` works or worked with `person`. A new lead ends the lead of the one before.
///
/// # Errors
/// When the database fails.
pub async fn assign_span(
    tx: &mut Tx,
    (person, staff, part): (PersonId, StaffId, Part),
    (from, to): Span,
    lead: bool,
) -> Result<()> {
    if lead {
        nobody_leads(tx, person).await?;
    }
    let id: Id<()> = crate::vault::new_id()?;
    run!(tx, sqlx::query(
        "INSERT INTO assignment (id, person_id, staff_id, kind, lead, from_at, to_at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(id).bind(person).bind(staff).bind(part.as_str()).bind(lead).bind(from).bind(to))?;
    Ok(())
}

/// Gives such a time another end, or none, and says whether it leads.
///
/// # Errors
/// When the database fails.
pub async fn change_span(tx: &mut Tx, person: PersonId, span: Id<()>, to: Option<i64>, lead: bool) -> Result<()> {
    if lead {
        nobody_leads(tx, person).await?;
    }
    run!(
        tx,
        sqlx::query("UPDATE assignment SET to_at = $3, lead = $4 WHERE id = $1 AND person_id = $2")
            .bind(span)
            .bind(person)
            .bind(to)
            .bind(lead)
    )?;
    Ok(())
}

async fn nobody_leads(tx: &mut Tx, person: PersonId) -> Result<()> {
    run!(tx, sqlx::query("UPDATE assignment SET lead = $2 WHERE person_id = $1 AND lead").bind(person).bind(false))?;
    Ok(())
}
