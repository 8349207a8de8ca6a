//! The table of known devices.

use jiff::Timestamp;

use crate::clock::DAY;
use crate::db::{Snapshot, Tx, on, run};
use crate::error::Result;
use crate::signin::{AccountId, DeviceId, Owner};

/// How long a device stays known without being used, in microseconds.
pub const KNOWN_FOR: i64 = 90 * DAY;

/// What the audit calls that a young person signed in on a device that was not known before.
pub const ELSEWHERE: &str = "sign in elsewhere";

/// A device that an account was opened on with a second proof.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Device {
    /// What it is called.
    pub id: DeviceId,
    /// The browser in words.
    pub browser: String,
    /// Since when it is known.
    pub made_at: i64,
    /// When somebody last signed in on it.
    pub seen_at: i64,
}

/// Makes a device known.
///
/// # Errors
/// When the database fails.
pub async fn insert_device(
    tx: &mut Tx,
    account: AccountId,
    token_hash: &[u8; 32],
    browser: &str,
    at: Timestamp,
) -> Result<()> {
    let (id, now): (DeviceId, _) = (crate::vault::new_id()?, at.as_microsecond());
    run!(tx, sqlx::query(
        "INSERT INTO device (id, token_hash, account_id, browser, made_at, seen_at, until_at) VALUES ($1, $2, $3, $4, $5, $5, $6)")
        .bind(id).bind(token_hash.to_vec()).bind(account).bind(browser).bind(now).bind(now + KNOWN_FOR))?;
    Ok(())
}

/// The account that this device is known to.
///
/// # Errors
/// When the database fails.
pub async fn account_of_device(db: &mut Snapshot, token_hash: &[u8; 32], at: Timestamp) -> Result<Option<AccountId>> {
    on!(db, c => sqlx::query_scalar("SELECT account_id FROM device WHERE token_hash = $1 AND until_at > $2")
        .bind(token_hash.to_vec()).bind(at.as_microsecond()).fetch_optional(c))
}

/// Notes that somebody signed in on a device: it stays known for as long again.
///
/// # Errors
/// When the database fails.
pub async fn note_device(tx: &mut Tx, token_hash: &[u8; 32], at: Timestamp) -> Result<()> {
    let now = at.as_microsecond();
    run!(
        tx,
        sqlx::query("UPDATE device SET seen_at = $2, until_at = $3 WHERE token_hash = $1")
            .bind(token_hash.to_vec())
            .bind(now)
            .bind(now + KNOWN_FOR)
    )?;
    Ok(())
}

/// Every device that this account is known on.
///
/// # Errors
/// When the database fails.
pub async fn devices(db: &mut Snapshot, account: AccountId, at: Timestamp) -> Result<Vec<Device>> {
    on!(db, c => sqlx::query_as(
        "SELECT id, browser, made_at, seen_at FROM device WHERE account_id = $1 AND until_at > $2 ORDER BY seen_at DESC, id")
        .bind(account).bind(at.as_microsecond()).fetch_all(c))
}

/// On what new devices the account of an owner was opened since then, the newest first: what browser, and when. Without a
/// browser: each time it was opened on one that is not known, or that was forgotten since.
///
/// # Errors
/// When the database fails.
pub async fn new_devices(db: &mut Snapshot, owner: Owner, since: i64) -> Result<Vec<(Option<String>, i64)>> {
    let mut all: Vec<(Option<String>, i64)> = on!(db, c => sqlx::query_as(
        "SELECT d.browser, d.made_at FROM device d JOIN account a ON a.id = d.account_id WHERE a.owner_id = $1 AND d.made_at > $2
         UNION ALL SELECT NULL, at FROM audit WHERE actor_id = $1 AND action = $3 AND at > $2")
        .bind(owner.id()).bind(since).bind(ELSEWHERE).fetch_all(c))?;
    // One that became known as it signed in stands there twice: its browser comes first, and is enough.
    all.sort_by(|(browser, at), (other, when)| when.cmp(at).then(other.cmp(browser)));
    all.dedup_by_key(|(_, at)| *at);
    Ok(all)
}

/// Forgets a device of this account. False when there is none.
///
/// # Errors
/// When the database fails.
pub async fn forget_device(tx: &mut Tx, account: AccountId, device: DeviceId) -> Result<bool> {
    let forgotten =
        run!(tx, sqlx::query("DELETE FROM device WHERE account_id = $1 AND id = $2").bind(account).bind(device))?;
    Ok(forgotten == 1)
}

/// Forgets every device of this account.
///
/// # Errors
/// When the database fails.
pub async fn forget_devices(tx: &mut Tx, account: AccountId) -> Result<()> {
    run!(tx, sqlx::query("DELETE FROM device WHERE account_id = $1").bind(account))?;
    Ok(())
}
