//! Revisions and confirmations: what staff changed of the shipped content, and what they said is
//! right.

use jiff::Timestamp;
use jiff::civil::Date;

use super::Kind;
use crate::db::{Snapshot, Tx, on, run};
use crate::error::Result;
use crate::id::Id;
use crate::people::StaffId;

/// The language of everything so far.
pub const ENGLISH: &str = "en";

/// Marks ids of revisions.
#[derive(Debug)]
pub struct RevisionRow;
/// The id of a revision.
pub type RevisionId = Id<RevisionRow>;

/// One edition of one item.
#[derive(Clone, Debug)]
pub struct Revision {
    /// Its id.
    pub id: RevisionId,
    /// What kind of item.
    pub kind: String,
    /// Which one.
    pub item: String,
    /// 1 for the first edition that staff made of it, and so on.
    pub number: i64,
    /// `published`, or `withdrawn`: from then on the item is as shipped, or gone if it never was.
    pub state: String,
    /// The text.
    pub body: String,
    /// The shipped text that it replaced, by hash.
    pub shipped_hash: String,
    /// Who made it.
    pub by_staff: StaffId,
    /// When.
    pub at: i64,
    /// Why.
    pub note: String,
}

impl Revision {
    /// Whether it took the item off the site, or gave it back the text of the release. One that is
    /// published without a text takes off what the release brought.
    #[must_use]
    pub fn takes_off(&self) -> bool {
        self.state != "published" || self.body.is_empty()
    }
}

type Row = (RevisionId, String, String, i64, String, String, String, StaffId, i64, String);

fn read((id, kind, item, number, state, body, shipped_hash, by_staff, at, note): Row) -> Revision {
    Revision { id, kind, item, number, state, body, shipped_hash, by_staff, at, note }
}

/// Every revision, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &mut Snapshot) -> Result<Vec<Revision>> {
    let rows: Vec<Row> = on!(db, c => sqlx::query_as(
        "SELECT id, kind, item, number, state, body, shipped_hash, by_staff, at, note FROM revision WHERE lang = $1 ORDER BY at, number")
        .bind(ENGLISH).fetch_all(c))?;
    Ok(rows.into_iter().map(read).collect())
}

/// The revisions of one item, newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_item(db: &mut Snapshot, kind: Kind, item: &str) -> Result<Vec<Revision>> {
    let rows: Vec<Row> = on!(db, c => sqlx::query_as(
        "SELECT id, kind, item, number, state, body, shipped_hash, by_staff, at, note FROM revision
         WHERE lang = $1 AND kind = $2 AND item = $3 ORDER BY number DESC").bind(ENGLISH).bind(kind.as_str()).bind(item).fetch_all(c))?;
    Ok(rows.into_iter().map(read).collect())
}

/// A revision to add.
#[derive(Clone, Debug)]
pub struct NewRevision {
    /// What kind of item.
    pub kind: Kind,
    /// Which one.
    pub item: String,
    /// The text; empty for a withdrawal.
    pub body: String,
    /// False withdraws the item's edits.
    pub published: bool,
    /// The number of the edition it was written from; 0 for the shipped one.
    pub from: i64,
    /// The shipped text, by hash; empty when there is none.
    pub shipped_hash: String,
    /// Who made it.
    pub by: StaffId,
    /// Why.
    pub note: String,
}

/// Adds a revision and raises the published version. `None` when somebody else published the item
/// since the edition this one was written from: nothing is changed then.
///
/// # Errors
/// When the database fails.
pub async fn publish(tx: &mut Tx, new: &NewRevision, at: Timestamp) -> Result<Option<i64>> {
    let newest: Option<(RevisionId, i64)> = on!(tx, c => sqlx::query_as(
        "SELECT id, number FROM revision WHERE kind = $1 AND item = $2 AND lang = $3 ORDER BY number DESC LIMIT 1")
        .bind(new.kind.as_str()).bind(&new.item).bind(ENGLISH).fetch_optional(c))?;
    let (based_on, number) = match newest {
        Some((id, number)) => (Some(id), number),
        None => (None, 0),
    };
    if number != new.from {
        return Ok(None);
    }
    let id: RevisionId = crate::vault::new_id()?;
    run!(tx, sqlx::query(
        "INSERT INTO revision (id, kind, item, lang, number, state, body, based_on, shipped_hash, by_staff, at, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
        .bind(id).bind(new.kind.as_str()).bind(&new.item).bind(ENGLISH).bind(number + 1)
        .bind(if new.published { "published" } else { "withdrawn" }).bind(&new.body).bind(based_on).bind(&new.shipped_hash)
        .bind(new.by).bind(at.as_microsecond()).bind(&new.note))?;
    raise(tx).await?;
    Ok(Some(number + 1))
}

/// What somebody says is right.
#[derive(Clone, Debug)]
pub struct NewConfirmation {
    /// What kind of item.
    pub kind: Kind,
    /// Which one.
    pub item: String,
    /// The hash of the text that was looked at: it holds for no other.
    pub body_hash: String,
    /// In what role.
    pub by_role: String,
    /// Who.
    pub by: StaffId,
    /// On which day.
    pub on: Date,
    /// How it was checked, for staff; may be empty.
    pub note: String,
}

/// Says that an item is right as it reads now.
///
/// # Errors
/// When the database fails.
pub async fn confirm(tx: &mut Tx, new: &NewConfirmation, at: Timestamp) -> Result<()> {
    let id: Id<()> = crate::vault::new_id()?;
    run!(
        tx,
        sqlx::query(
            "INSERT INTO confirmation (id, kind, item, lang, by_role, by_staff, body_hash, confirmed_on, at, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        )
        .bind(id)
        .bind(new.kind.as_str())
        .bind(&new.item)
        .bind(ENGLISH)
        .bind(&new.by_role)
        .bind(new.by)
        .bind(&new.body_hash)
        .bind(new.on.to_string())
        .bind(at.as_microsecond())
        .bind(&new.note)
    )?;
    raise(tx).await
}

/// Every confirmation, oldest first: kind, item, role, day, hash of the text.
///
/// # Errors
/// When the database fails.
pub async fn confirmations(db: &mut Snapshot) -> Result<Vec<(String, String, String, String, String)>> {
    on!(db, c => sqlx::query_as("SELECT kind, item, by_role, confirmed_on, body_hash FROM confirmation WHERE lang = $1 ORDER BY at, id")
        .bind(ENGLISH).fetch_all(c))
}

/// One thing that staff did to the content.
#[derive(Clone, Debug)]
pub struct Deed {
    /// When.
    pub at: i64,
    /// Who.
    pub by_staff: StaffId,
    /// What kind of item.
    pub kind: String,
    /// Which one.
    pub item: String,
    /// `published`, `withdrawn` or `confirmed`.
    pub did: String,
    /// The text that was published; empty when it was taken off or confirmed.
    pub body: String,
    /// Why or how, for staff.
    pub note: String,
}

/// What staff did before this moment, newest first, as many as `most`.
///
/// # Errors
/// When the database fails.
pub async fn deeds(db: &mut Snapshot, before: i64, most: i64) -> Result<Vec<Deed>> {
    type Row = (i64, StaffId, String, String, String, String, String);
    let rows: Vec<Row> = on!(db, c => sqlx::query_as(
        "SELECT at, by_staff, kind, item, state, body, note FROM revision WHERE lang = $1 AND at < $2
         UNION ALL
         SELECT at, by_staff, kind, item, 'confirmed', '', note FROM confirmation WHERE lang = $1 AND at < $2
         ORDER BY at DESC LIMIT $3").bind(ENGLISH).bind(before).bind(most).fetch_all(c))?;
    let one = |(at, by_staff, kind, item, did, body, note)| Deed { at, by_staff, kind, item, did, body, note };
    Ok(rows.into_iter().map(one).collect())
}

/// The published version.
///
/// # Errors
/// When the database fails.
pub async fn version(db: &mut Snapshot) -> Result<i64> {
    on!(db, c => sqlx::query_scalar("SELECT n FROM published_version").fetch_one(c))
}

/// When staff last changed or confirmed something; the start of 1970 if they never did.
///
/// # Errors
/// When the database fails.
pub async fn changed_at(db: &mut Snapshot) -> Result<Timestamp> {
    let at: i64 = on!(db, c => sqlx::query_scalar(
        "SELECT COALESCE(MAX(at), 0) FROM (SELECT at FROM revision UNION ALL SELECT at FROM confirmation) AS changes")
        .fetch_one(c))?;
    Ok(crate::clock::from_micros(at))
}

async fn raise(tx: &mut Tx) -> Result<()> {
    run!(tx, sqlx::query("UPDATE published_version SET n = n + 1"))?;
    Ok(())
}
