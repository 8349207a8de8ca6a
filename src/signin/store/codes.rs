//! The table of one-time codes.

use jiff::Timestamp;

use crate::db::{Snapshot, Tx, on, run};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::people::StaffId;
use crate::signin::doors::KnownBy;
use crate::signin::{CODE_LASTS, CODE_TRIES, Owner, read_code};
use crate::vault::{LookUp, Vault};

/// A code to be given.
#[derive(Clone, Debug)]
pub struct NewCode {
    /// To whom.
    pub owner: Owner,
    /// Its characters.
    pub code: String,
    /// For how long, in microseconds.
    pub lasts: i64,
    /// The worker who gives it, and how they knew who asked; neither from the command line.
    pub by: Option<(StaffId, KnownBy)>,
    /// It opens nothing until a second worker has said yes.
    pub needs_second: bool,
}

impl NewCode {
    /// A code from the command line: given by nobody, for three days.
    pub fn plain(owner: Owner, code: &str) -> Self {
        Self { owner, code: code.to_owned(), lasts: CODE_LASTS, by: None, needs_second: false }
    }
}

/// Makes a one-time code the only live one of its owner.
///
/// # Errors
/// When the database fails.
pub async fn insert_code(tx: &mut Tx, vault: &Vault, new: &NewCode, at: Timestamp) -> Result<Id<()>> {
    let (now, owner) = (at.as_microsecond(), new.owner);
    let plain = read_code(&new.code).ok_or_else(|| Error::Internal("a code of ours does not read".into()))?;
    end_codes(tx, owner, at).await?;
    let id: Id<()> = crate::vault::new_id()?;
    let (by, known_by) = new.by.map_or((None, ""), |(by, known_by)| (Some(by), known_by.as_str()));
    run!(tx, sqlx::query(
        "INSERT INTO sign_in_code (id, owner_kind, owner_id, code_hash, tries, made_at, expires_at, made_by, known_by, needs_second)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind(id).bind(owner.kind()).bind(owner.id()).bind(vault.look_up(LookUp::Code, &plain)).bind(0i64).bind(now).bind(now + new.lasts)
        .bind(by).bind(known_by).bind(new.needs_second))?;
    Ok(id)
}

/// A live code.
#[derive(Clone, Debug)]
pub struct Code {
    /// Its row.
    pub id: Id<()>,
    /// Whose.
    pub owner: Owner,
    /// The worker who gave it.
    pub by: Option<StaffId>,
}

/// The live code of these characters. One that waits for a second worker is none, nor is one that a single worker gave
/// before a safety flag was set.
///
/// # Errors
/// When the database fails.
pub async fn code(db: &mut Snapshot, vault: &Vault, plain: &str, at: Timestamp) -> Result<Option<Code>> {
    type Row = (Id<()>, String, Id<()>, Option<StaffId>);
    let row: Option<Row> = on!(db, c => sqlx::query_as(
        "SELECT id, owner_kind, owner_id, made_by FROM sign_in_code
         WHERE code_hash = $1 AND ended_at IS NULL AND expires_at > $2 AND tries < $3 AND (second_by IS NOT NULL OR NOT needs_second
             AND (made_by IS NULL OR NOT EXISTS (SELECT 1 FROM person p WHERE p.id = owner_id AND p.safety_flag)))")
        .bind(vault.look_up(LookUp::Code, plain)).bind(at.as_microsecond()).bind(CODE_TRIES).fetch_optional(c))?;
    Ok(row.and_then(|(id, kind, owner, by)| Some(Code { id, owner: Owner::read(&kind, owner)?, by })))
}

/// Ends every code of an owner.
///
/// # Errors
/// When the database fails.
pub async fn end_codes(tx: &mut Tx, owner: Owner, at: Timestamp) -> Result<()> {
    run!(
        tx,
        sqlx::query("UPDATE sign_in_code SET ended_at = $2 WHERE owner_id = $1 AND ended_at IS NULL")
            .bind(owner.id())
            .bind(at.as_microsecond())
    )?;
    Ok(())
}

/// Counts a wrong date of birth against a code.
///
/// # Errors
/// When the database fails.
pub async fn count_code_try(tx: &mut Tx, code: Id<()>) -> Result<()> {
    run!(tx, sqlx::query("UPDATE sign_in_code SET tries = tries + 1 WHERE id = $1").bind(code))?;
    Ok(())
}

/// Uses a code up. False when somebody was faster.
///
/// # Errors
/// When the database fails.
pub async fn use_code(tx: &mut Tx, code: Id<()>, at: Timestamp) -> Result<bool> {
    let used = run!(
        tx,
        sqlx::query("UPDATE sign_in_code SET ended_at = $2, tries = tries + 1 WHERE id = $1 AND ended_at IS NULL")
            .bind(code)
            .bind(at.as_microsecond())
    )?;
    Ok(used == 1)
}

/// The live code of an owner that waits for a second worker, and who gave it.
///
/// # Errors
/// When the database fails.
pub async fn waiting_codes(db: &mut Snapshot, owner: Owner, at: Timestamp) -> Result<Vec<(Id<()>, StaffId)>> {
    on!(db, c => sqlx::query_as(
        "SELECT id, made_by FROM sign_in_code
         WHERE owner_id = $1 AND ended_at IS NULL AND expires_at > $2 AND needs_second AND second_by IS NULL AND made_by IS NOT NULL")
        .bind(owner.id()).bind(at.as_microsecond()).fetch_all(c))
}

/// A second worker says yes to a code. False when it is theirs, ended or settled.
///
/// # Errors
/// When the database fails.
pub async fn approve_code(tx: &mut Tx, code: Id<()>, second: StaffId, at: Timestamp) -> Result<bool> {
    let done = run!(tx, sqlx::query(
        "UPDATE sign_in_code SET second_by = $2 WHERE id = $1 AND ended_at IS NULL AND expires_at > $3 AND second_by IS NULL AND made_by <> $2")
        .bind(code).bind(second).bind(at.as_microsecond()))?;
    Ok(done == 1)
}

/// Members of staff whose code waits for a second one, and who gave it, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn staff_who_wait(db: &mut Snapshot, at: Timestamp) -> Result<Vec<(StaffId, StaffId)>> {
    on!(db, c => sqlx::query_as(
        "SELECT owner_id, made_by FROM sign_in_code
         WHERE owner_kind = 'staff' AND ended_at IS NULL AND expires_at > $1 AND needs_second AND second_by IS NULL AND made_by IS NOT NULL
         ORDER BY made_at, id").bind(at.as_microsecond()).fetch_all(c))
}
