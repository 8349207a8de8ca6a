//! The tables of accounts, wrong tries and accepted forms. Beside it: codes, sessions, known devices,
//! second factors.

mod codes;
mod devices;
mod drafts;
mod factors;
mod knocks;
mod sessions;

use jiff::Timestamp;

use super::{AccountId, FORGET_FAILURES, Owner, delay_after};
use crate::db::{Snapshot, Tx, on, run};
use crate::error::Result;
use crate::id::Id;
use crate::people::StaffId;
use crate::people::store::{self as people, key};
use crate::vault::{Column, LookUp, Vault};

pub use codes::{
    Code, NewCode, approve_code, code, count_code_try, end_codes, insert_code, staff_who_wait, use_code, waiting_codes,
};
pub use devices::{
    Device, ELSEWHERE, KNOWN_FOR, account_of_device, devices, forget_device, forget_devices, insert_device,
    new_devices, note_device,
};
pub use drafts::{DRAFT_LASTS, DRAFT_LASTS_AT_HOME, Desk, draft, drop_draft, hand_draft, put_draft};
pub use factors::{
    Generator, card_made_at, drop_card, drop_factors, generator, insert_generator, set_card, take_step, use_card,
};
pub use knocks::{knock, knocks, knocks_since, knocks_waiting, settle_knock, take_knock};
pub use sessions::{
    NewSession, Raised, Session, begin_session, end_other_sessions, end_session, end_session_of, note_use, raise,
    session, sessions, set_flash, worth_noting,
};

/// An account as sign-in needs it.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Whose it is.
    pub owner: Owner,
    /// The hash of its passphrase.
    pub hash: String,
    /// Sessions of an older epoch have ended.
    pub epoch: i64,
}

/// The active account with this username.
///
/// # Errors
/// When the database fails.
pub async fn account(db: &mut Snapshot, vault: &Vault, username: &str) -> Result<Option<Account>> {
    let row: Option<(AccountId, String, Id<()>, String, i64)> = on!(db, c => sqlx::query_as(
        "SELECT id, owner_kind, owner_id, passphrase_hash, epoch FROM account WHERE username_hash = $1 AND state = 'active'")
        .bind(vault.look_up(LookUp::Username, username)).fetch_optional(c))?;
    Ok(row.and_then(|(id, kind, owner, hash, epoch)| {
        Some(Account { id, owner: Owner::read(&kind, owner)?, hash, epoch })
    }))
}

/// The active account of this owner.
///
/// # Errors
/// When the database fails.
pub async fn account_of(db: &mut Snapshot, owner: Owner) -> Result<Option<Account>> {
    let row: Option<(AccountId, String, i64)> = on!(db, c => sqlx::query_as(
        "SELECT id, passphrase_hash, epoch FROM account WHERE owner_id = $1 AND state = 'active'")
        .bind(owner.id()).fetch_optional(c))?;
    Ok(row.map(|(id, hash, epoch)| Account { id, owner, hash, epoch }))
}

/// The name that the owner of an account signs in with.
///
/// # Errors
/// When the database fails or the name does not open.
pub async fn username(db: &mut Snapshot, vault: &Vault, account: AccountId, owner: Owner) -> Result<String> {
    let sealed: Vec<u8> = on!(db, c =>
        sqlx::query_scalar("SELECT username_sealed FROM account WHERE id = $1").bind(account).fetch_one(c))?;
    key(db, vault, owner.id()).await?.open(Column::Username, account, &sealed)
}

/// Gives an account another name to sign in with.
///
/// # Errors
/// [`crate::error::Error::Duplicate`] when the name is taken.
pub async fn set_username(tx: &mut Tx, vault: &Vault, account: AccountId, owner: Owner, username: &str) -> Result<()> {
    let sealed = key(tx, vault, owner.id()).await?.seal(Column::Username, account, username)?;
    run!(
        tx,
        sqlx::query("UPDATE account SET username_sealed = $2, username_hash = $3 WHERE id = $1")
            .bind(account)
            .bind(&sealed)
            .bind(vault.look_up(LookUp::Username, username))
    )?;
    Ok(())
}

/// Gives an account another passphrase: every session of it ends but one.
///
/// # Errors
/// When the database fails.
pub async fn set_passphrase(tx: &mut Tx, account: AccountId, hash: &str, but: &[u8; 32]) -> Result<()> {
    run!(
        tx,
        sqlx::query("UPDATE account SET passphrase_hash = $2, epoch = epoch + 1 WHERE id = $1")
            .bind(account)
            .bind(hash)
    )?;
    run!(
        tx,
        sqlx::query("UPDATE session SET epoch = epoch + 1 WHERE account_id = $1 AND token_hash = $2")
            .bind(account)
            .bind(but.to_vec())
    )?;
    end_other_sessions(tx, account, but).await?;
    Ok(())
}

/// How an account was opened again with help, and when: told to its owner until they have read it.
#[derive(Clone, Debug)]
pub struct Reset {
    /// When.
    pub at: i64,
    /// With whose help, if a worker's.
    pub by: Option<StaffId>,
    /// By a code, a card or a sent code.
    pub how: String,
}

/// Notes that an account was opened again with help.
///
/// # Errors
/// When the database fails.
pub async fn note_reset(tx: &mut Tx, account: AccountId, by: Option<StaffId>, how: &str, at: Timestamp) -> Result<()> {
    run!(
        tx,
        sqlx::query("UPDATE account SET reset_at = $2, reset_by = $3, reset_how = $4 WHERE id = $1")
            .bind(account)
            .bind(at.as_microsecond())
            .bind(by)
            .bind(how)
    )?;
    Ok(())
}

/// The last time that an account was opened again with help, unless its owner has read of it.
///
/// # Errors
/// When the database fails.
pub async fn reset(db: &mut Snapshot, account: AccountId) -> Result<Option<Reset>> {
    type Row = (Option<i64>, Option<StaffId>, Option<String>);
    let row: Option<Row> = on!(db, c => sqlx::query_as("SELECT reset_at, reset_by, reset_how FROM account WHERE id = $1")
        .bind(account).fetch_optional(c))?;
    Ok(row.and_then(|(at, by, how)| Some(Reset { at: at?, by, how: how.unwrap_or_default() })))
}

/// Its owner has read of it.
///
/// # Errors
/// When the database fails.
pub async fn forget_reset(tx: &mut Tx, account: AccountId) -> Result<()> {
    run!(
        tx,
        sqlx::query("UPDATE account SET reset_at = NULL, reset_by = NULL, reset_how = NULL WHERE id = $1")
            .bind(account)
    )?;
    Ok(())
}

/// Whether an account was opened again by a sent code alone.
///
/// # Errors
/// When the database fails.
pub async fn one_road(db: &mut Snapshot, account: AccountId) -> Result<bool> {
    on!(db, c => sqlx::query_scalar("SELECT one_road FROM account WHERE id = $1").bind(account).fetch_one(c))
}

/// Says whether an account was opened again by a sent code alone.
///
/// # Errors
/// When the database fails.
pub async fn set_one_road(tx: &mut Tx, account: AccountId, one_road: bool) -> Result<()> {
    run!(tx, sqlx::query("UPDATE account SET one_road = $2 WHERE id = $1").bind(account).bind(one_road))?;
    Ok(())
}

/// The hash under which codes for this username are counted and found, whether there is such a name or not.
pub fn asked_hash_of(vault: &Vault, username: &str) -> Vec<u8> {
    vault.look_up(LookUp::Username, username)
}

/// The same for an account.
///
/// # Errors
/// When the database fails.
pub async fn asked_hash(db: &mut Snapshot, account: AccountId) -> Result<Vec<u8>> {
    on!(db, c => sqlx::query_scalar("SELECT username_hash FROM account WHERE id = $1").bind(account).fetch_one(c))
}

/// Ends every session of an owner's account at once and takes its devices: who lost it must come in anew.
///
/// # Errors
/// When the database fails.
pub async fn end_everything(tx: &mut Tx, owner: Owner) -> Result<()> {
    run!(tx, sqlx::query("UPDATE account SET epoch = epoch + 1 WHERE owner_id = $1").bind(owner.id()))?;
    let account: Option<AccountId> = on!(tx, c =>
        sqlx::query_scalar("SELECT id FROM account WHERE owner_id = $1").bind(owner.id()).fetch_optional(c))?;
    if let Some(account) = account {
        forget_devices(tx, account).await?;
    }
    Ok(())
}

/// Until when the next try for this username must wait; in the past when it need not.
///
/// # Errors
/// When the database fails.
pub async fn wait_until(db: &mut Snapshot, vault: &Vault, username: &str) -> Result<i64> {
    let until: Option<i64> = on!(db, c => sqlx::query_scalar("SELECT wait_until FROM sign_in_delay WHERE username_hash = $1")
        .bind(vault.look_up(LookUp::Username, username)).fetch_optional(c))?;
    Ok(until.unwrap_or(0))
}

/// Counts a wrong try, known name or not.
///
/// # Errors
/// When the database fails.
pub async fn count_failure(tx: &mut Tx, vault: &Vault, username: &str, at: Timestamp) -> Result<()> {
    let (hash, now) = (vault.look_up(LookUp::Username, username), at.as_microsecond());
    let before: Option<(i64, i64)> = on!(tx, c =>
        sqlx::query_as("SELECT failures, last_at FROM sign_in_delay WHERE username_hash = $1").bind(&hash).fetch_optional(c))?;
    let failures = 1 + before.filter(|(_, last)| now - last < FORGET_FAILURES).map_or(0, |(failures, _)| failures);
    run!(
        tx,
        sqlx::query(
            "INSERT INTO sign_in_delay (username_hash, failures, wait_until, last_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (username_hash) DO UPDATE SET failures = $2, wait_until = $3, last_at = $4"
        )
        .bind(&hash)
        .bind(failures)
        .bind(now + delay_after(failures))
        .bind(now)
    )?;
    Ok(())
}

/// Forgets wrong tries after a right one.
///
/// # Errors
/// When the database fails.
pub async fn forget_failures(tx: &mut Tx, vault: &Vault, username: &str) -> Result<()> {
    run!(
        tx,
        sqlx::query("DELETE FROM sign_in_delay WHERE username_hash = $1")
            .bind(vault.look_up(LookUp::Username, username))
    )?;
    Ok(())
}

/// Gives an owner an account, or a new username and passphrase to the one they have: every session
/// of it ends.
///
/// # Errors
/// [`crate::error::Error::Duplicate`] when the username is taken.
pub async fn set_account(
    tx: &mut Tx,
    vault: &Vault,
    owner: Owner,
    username: &str,
    hash: &str,
    at: Timestamp,
) -> Result<Account> {
    let known: Option<(AccountId, i64)> = on!(tx, c => sqlx::query_as("SELECT id, epoch FROM account WHERE owner_id = $1").bind(owner.id()).fetch_optional(c))?;
    let (id, epoch) = match known {
        Some((id, epoch)) => (id, epoch + 1),
        None => (crate::vault::new_id()?, 1),
    };
    let sealed = key(tx, vault, owner.id()).await?.seal(Column::Username, id, username)?;
    let name_hash = vault.look_up(LookUp::Username, username);
    run!(tx, sqlx::query(
        "INSERT INTO account (id, owner_kind, owner_id, username_sealed, username_hash, passphrase_hash, epoch, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'active', $8)
         ON CONFLICT (owner_id) DO UPDATE SET username_sealed = $4, username_hash = $5, passphrase_hash = $6, epoch = $7")
        .bind(id).bind(owner.kind()).bind(owner.id()).bind(&sealed).bind(&name_hash).bind(hash).bind(epoch).bind(at.as_microsecond()))?;
    Ok(Account { id, owner, hash: hash.to_owned(), epoch })
}

/// What became of a form's one-time key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Once {
    /// Never seen: go on. It counts as used when the transaction commits.
    New,
    /// The same form was accepted before, and led here.
    Same(String),
    /// The key was used for another text.
    Other,
}

/// Takes the one-time key of a form, in the transaction of its effect.
///
/// # Errors
/// When the database fails.
pub async fn once(
    tx: &mut Tx,
    account: AccountId,
    form_key: &[u8; 16],
    body: &[u8],
    to: &str,
    at: Timestamp,
) -> Result<Once> {
    let hash = crate::vault::sha256(body).to_vec();
    let fresh = run!(tx, sqlx::query(
        "INSERT INTO form_post (account_id, form_key, body_hash, went_to, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING")
        .bind(account).bind(form_key.to_vec()).bind(&hash).bind(to).bind(at.as_microsecond()))?;
    if fresh == 1 {
        return Ok(Once::New);
    }
    let (known, went_to): (Vec<u8>, String) = on!(tx, c => sqlx::query_as(
        "SELECT body_hash, went_to FROM form_post WHERE account_id = $1 AND form_key = $2")
        .bind(account).bind(form_key.to_vec()).fetch_one(c))?;
    Ok(if known == hash { Once::Same(went_to) } else { Once::Other })
}

/// Whether a form with this key was accepted.
///
/// # Errors
/// When the database fails.
pub async fn form_was_sent(db: &mut Snapshot, account: AccountId, form_key: &[u8; 16]) -> Result<bool> {
    let known: Option<i64> = on!(db, c => sqlx::query_scalar(
        "SELECT CAST(1 AS BIGINT) FROM form_post WHERE account_id = $1 AND form_key = $2")
        .bind(account).bind(form_key.to_vec()).fetch_optional(c))?;
    Ok(known.is_some())
}

/// Drops sessions that ended and keys of forms older than a week.
///
/// # Errors
/// When the database fails.
pub async fn tidy(tx: &mut Tx, at: Timestamp) -> Result<()> {
    let now = at.as_microsecond();
    run!(tx, sqlx::query("DELETE FROM session WHERE until_at < $1").bind(now))?;
    run!(tx, sqlx::query("DELETE FROM form_post WHERE at < $1").bind(now - 7 * crate::clock::DAY))?;
    run!(tx, sqlx::query("DELETE FROM draft WHERE until_at < $1").bind(now))?;
    run!(tx, sqlx::query("DELETE FROM device WHERE until_at < $1").bind(now))?;
    people::drop_sent(tx, now - crate::clock::DAY).await?;
    run!(tx, sqlx::query("DELETE FROM sign_in_delay WHERE last_at < $1").bind(now - FORGET_FAILURES))?;
    Ok(())
}
