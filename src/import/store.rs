//! The table of files that wait for their administrator. The texts are sealed, each row with a key of its own: with
//! the row goes the key.

use jiff::Timestamp;

use super::{KeptId, Sheet, Texts};
use crate::clock::HOUR;
use crate::db::{Snapshot, Tx, on, run};
use crate::error::{Error, Result};
use crate::people::StaffId;
use crate::vault::{Column, Vault};

/// How long files are kept, in microseconds.
pub const KEPT_FOR: i64 = HOUR;

/// Keeps files for the administrator who gave them. Those they gave before are forgotten.
///
/// # Errors
/// When the database fails.
pub async fn keep(tx: &mut Tx, vault: &Vault, staff: StaffId, texts: &Texts, at: Timestamp) -> Result<KeptId> {
    run!(tx, sqlx::query("DELETE FROM import_file WHERE staff_id = $1").bind(staff))?;
    let id: KeptId = crate::vault::new_id()?;
    let (key, wrapped) = vault.new_owner_key(id)?;
    let texts = Sheet::ALL.map(|sheet| texts.get(&sheet));
    let body = serde_json::to_string(&texts).map_err(|error| Error::Internal(error.to_string()))?;
    run!(
        tx,
        sqlx::query("INSERT INTO import_file (id, staff_id, body_sealed, key_wrapped, at) VALUES ($1, $2, $3, $4, $5)")
            .bind(id)
            .bind(staff)
            .bind(key.seal(Column::ImportBody, id, &body)?)
            .bind(&wrapped)
            .bind(at.as_microsecond())
    )?;
    Ok(id)
}

/// The files that an administrator gave within the last hour; nobody else's.
///
/// # Errors
/// When the database fails or they do not open.
pub async fn kept(
    db: &mut Snapshot,
    vault: &Vault,
    staff: StaffId,
    id: KeptId,
    at: Timestamp,
) -> Result<Option<Texts>> {
    let row: Option<(Vec<u8>, Vec<u8>)> = on!(db, c => sqlx::query_as(
        "SELECT body_sealed, key_wrapped FROM import_file WHERE id = $1 AND staff_id = $2 AND at > $3")
        .bind(id).bind(staff).bind(at.as_microsecond() - KEPT_FOR).fetch_optional(c))?;
    let Some((sealed, wrapped)) = row else { return Ok(None) };
    let body = vault.owner_key(id, &wrapped)?.open(Column::ImportBody, id, &sealed)?;
    let texts: [Option<String>; 3] =
        serde_json::from_str(&body).map_err(|_| Error::Sealed("kept files that are none"))?;
    Ok(Some(Sheet::ALL.into_iter().zip(texts).filter_map(|(sheet, text)| Some((sheet, text?))).collect()))
}

/// Forgets the files of an administrator.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &mut Tx, staff: StaffId, id: KeptId) -> Result<()> {
    run!(tx, sqlx::query("DELETE FROM import_file WHERE id = $1 AND staff_id = $2").bind(id).bind(staff))?;
    Ok(())
}

/// Forgets every file whose hour has passed.
///
/// # Errors
/// When the database fails.
pub async fn tidy(tx: &mut Tx, at: Timestamp) -> Result<()> {
    run!(tx, sqlx::query("DELETE FROM import_file WHERE at <= $1").bind(at.as_microsecond() - KEPT_FOR))?;
    Ok(())
}
