//! The table of drafts: what was typed when a session had ended, until it is sent or half an hour old.

use jiff::Timestamp;

use crate::clock::MINUTE;
use crate::db::{Snapshot, Tx, on, run};
use crate::error::Result;
use crate::people::store::key;
use crate::signin::{AccountId, Owner};
use crate::vault::{Column, Vault};

/// How long a draft is kept, in microseconds.
pub const DRAFT_LASTS: i64 = 30 * MINUTE;

/// Keeps what was typed for a page.
///
/// # Errors
/// When the database fails.
pub async fn put_draft(
    tx: &mut Tx,
    vault: &Vault,
    account: AccountId,
    owner: Owner,
    place: &str,
    words: &str,
    at: Timestamp,
) -> Result<()> {
    let sealed = key(tx, vault, owner.id()).await?.seal(Column::DraftBody, account, words)?;
    run!(
        tx,
        sqlx::query(
            "INSERT INTO draft (account_id, place, body_sealed, at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (account_id, place) DO UPDATE SET body_sealed = $3, at = $4"
        )
        .bind(account)
        .bind(place)
        .bind(&sealed)
        .bind(at.as_microsecond())
    )?;
    Ok(())
}

/// What was typed for a page, if it is not too old.
///
/// # Errors
/// When the database fails or the words do not open.
pub async fn draft(
    db: &mut Snapshot,
    vault: &Vault,
    account: AccountId,
    owner: Owner,
    place: &str,
    at: Timestamp,
) -> Result<Option<String>> {
    let sealed: Option<Vec<u8>> = on!(db, c => sqlx::query_scalar(
        "SELECT body_sealed FROM draft WHERE account_id = $1 AND place = $2 AND at > $3")
        .bind(account).bind(place).bind(at.as_microsecond() - DRAFT_LASTS).fetch_optional(c))?;
    let Some(sealed) = sealed else { return Ok(None) };
    key(db, vault, owner.id()).await?.open(Column::DraftBody, account, &sealed).map(Some)
}

/// Drops what was typed for a page: it was sent.
///
/// # Errors
/// When the database fails.
pub async fn drop_draft(tx: &mut Tx, account: AccountId, place: &str) -> Result<()> {
    run!(tx, sqlx::query("DELETE FROM draft WHERE account_id = $1 AND place = $2").bind(account).bind(place))?;
    Ok(())
}
