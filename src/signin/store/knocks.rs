//! The table of those who cannot sign in and ask to be reached. The words are sealed, each row with a key
//! of its own.

use jiff::Timestamp;

use crate::clock::HOUR;
use crate::db::{Question, Snapshot, Tx, on, run};
use crate::error::Result;
use crate::people::StaffId;
use crate::signin::{Knock, KnockId, NewKnock};
use crate::vault::{Column, LookUp, Vault};

/// The same words within this time are one: a double tap.
const SAME_WITHIN: i64 = HOUR;
/// At most so many on one page.
const SHOWN: i64 = 200;

/// Keeps what somebody wrote, unless the same came a moment ago.
///
/// # Errors
/// When the database fails.
pub async fn knock(tx: &mut Tx, vault: &Vault, new: &NewKnock, at: Timestamp) -> Result<()> {
    let hash = vault.look_up(LookUp::Feedback, &format!("knock\n{}\n{}", new.contact, new.body));
    let same: Option<i64> = on!(tx, c => sqlx::query_scalar("SELECT at FROM knock WHERE body_hash = $1 AND at > $2 LIMIT 1")
        .bind(&hash).bind(at.as_microsecond() - SAME_WITHIN).fetch_optional(c))?;
    if same.is_some() {
        return Ok(());
    }
    let id: KnockId = crate::vault::new_id()?;
    let (key, wrapped) = vault.new_owner_key(id)?;
    run!(tx, sqlx::query(
        "INSERT INTO knock (id, locality, body_sealed, contact_sealed, key_wrapped, body_hash, urgent, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(id).bind(&new.locality).bind(key.seal(Column::KnockBody, id, &new.body)?)
        .bind(key.seal(Column::KnockContact, id, &new.contact)?).bind(&wrapped).bind(&hash).bind(new.urgent).bind(at.as_microsecond()))?;
    Ok(())
}

/// How many came since then.
///
/// # Errors
/// When the database fails.
pub async fn knocks_since(db: &mut Snapshot, since: i64) -> Result<i64> {
    on!(db, c => sqlx::query_scalar("SELECT COUNT(*) FROM knock WHERE at > $1").bind(since).fetch_one(c))
}

type Row = (KnockId, String, Vec<u8>, Vec<u8>, Vec<u8>, bool, i64, Option<StaffId>, Option<i64>);

/// Everybody who waits to be reached, those in danger first, then the one who waits longest.
///
/// # Errors
/// When the database fails or a row does not open.
pub async fn knocks(db: &mut Snapshot, vault: &Vault) -> Result<Vec<Knock>> {
    let rows: Vec<Row> = on!(db, c => sqlx::query_as(
        "SELECT id, locality, body_sealed, contact_sealed, key_wrapped, urgent, at, taken_by, taken_at FROM knock
         WHERE done_at IS NULL ORDER BY urgent DESC, at, id LIMIT $1").bind(SHOWN).fetch_all(c))?;
    rows.into_iter()
        .map(|(id, locality, body, contact, wrapped, urgent, at, taken_by, taken_at)| {
            let key = vault.owner_key(id, &wrapped)?;
            let body = key.open(Column::KnockBody, id, &body)?;
            let contact = key.open(Column::KnockContact, id, &contact)?;
            Ok(Knock { id, told: NewKnock { locality, body, contact, urgent }, at, taken: taken_by.zip(taken_at) })
        })
        .collect()
}

/// How many wait to be reached.
pub fn knocks_waiting() -> Question<'static, i64> {
    Question::new("SELECT COUNT(*) FROM knock WHERE done_at IS NULL", [], |rows: Vec<(i64,)>| {
        Ok(rows.into_iter().map(|(many,)| many).sum())
    })
}

/// A worker takes one up. False when it is taken or done.
///
/// # Errors
/// When the database fails.
pub async fn take_knock(tx: &mut Tx, knock: KnockId, by: StaffId, at: Timestamp) -> Result<bool> {
    let taken = run!(
        tx,
        sqlx::query(
            "UPDATE knock SET taken_by = $2, taken_at = $3 WHERE id = $1 AND taken_by IS NULL AND done_at IS NULL"
        )
        .bind(knock)
        .bind(by)
        .bind(at.as_microsecond())
    )?;
    Ok(taken == 1)
}

/// Somebody has been reached. False when that was said before.
///
/// # Errors
/// When the database fails.
pub async fn settle_knock(tx: &mut Tx, knock: KnockId, by: StaffId, at: Timestamp) -> Result<bool> {
    let done = run!(
        tx,
        sqlx::query("UPDATE knock SET done_by = $2, done_at = $3 WHERE id = $1 AND done_at IS NULL")
            .bind(knock)
            .bind(by)
            .bind(at.as_microsecond())
    )?;
    Ok(done == 1)
}
