//! The tables of accounts, codes, sessions and accepted forms.

use jiff::Timestamp;

use super::{AccountId, CODE_LASTS, CODE_TRIES, FORGET_FAILURES, Lifetime, Owner, delay_after, read_code};
use crate::clock::MINUTE;
use crate::db::{Snapshot, Tx, on, run};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::people::store::key;
use crate::vault::{Column, LookUp, Vault};
use crate::web::flash::Flash;

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

/// Makes a one-time code the only live one of its owner.
///
/// # Errors
/// When the database fails.
pub async fn insert_code(tx: &mut Tx, vault: &Vault, owner: Owner, code: &str, at: Timestamp) -> Result<()> {
    let now = at.as_microsecond();
    let plain = read_code(code).ok_or_else(|| Error::Internal("a code of ours does not read".into()))?;
    run!(
        tx,
        sqlx::query("UPDATE sign_in_code SET ended_at = $2 WHERE owner_id = $1 AND ended_at IS NULL")
            .bind(owner.id())
            .bind(now)
    )?;
    let id: Id<()> = crate::vault::new_id()?;
    run!(tx, sqlx::query(
        "INSERT INTO sign_in_code (id, owner_kind, owner_id, code_hash, tries, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(id).bind(owner.kind()).bind(owner.id()).bind(vault.look_up(LookUp::Code, &plain)).bind(0i64).bind(now).bind(now + CODE_LASTS))?;
    Ok(())
}

/// The live code of these characters: its id and owner.
///
/// # Errors
/// When the database fails.
pub async fn code(db: &mut Snapshot, vault: &Vault, plain: &str, at: Timestamp) -> Result<Option<(Id<()>, Owner)>> {
    let row: Option<(Id<()>, String, Id<()>)> = on!(db, c => sqlx::query_as(
        "SELECT id, owner_kind, owner_id FROM sign_in_code WHERE code_hash = $1 AND ended_at IS NULL AND expires_at > $2 AND tries < $3")
        .bind(vault.look_up(LookUp::Code, plain)).bind(at.as_microsecond()).bind(CODE_TRIES).fetch_optional(c))?;
    Ok(row.and_then(|(id, kind, owner)| Some((id, Owner::read(&kind, owner)?))))
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

/// Gives an owner an account, or a new username and passphrase to the one they have: every session
/// of it ends.
///
/// # Errors
/// [`Error::Duplicate`] when the username is taken.
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

/// A session to begin.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// SHA-256 of the token in the cookie.
    pub token_hash: [u8; 32],
    /// Whose own device it is.
    pub own_device: bool,
    /// What the next page says.
    pub flash: Option<Flash>,
}

/// Begins a session.
///
/// # Errors
/// When the database fails.
pub async fn begin_session(tx: &mut Tx, account: &Account, new: &NewSession, at: Timestamp) -> Result<()> {
    let (now, lifetime) = (at.as_microsecond(), Lifetime::of(account.owner, new.own_device));
    run!(tx, sqlx::query("DELETE FROM session WHERE account_id = $1 AND until_at < $2").bind(account.id).bind(now))?;
    run!(tx, sqlx::query(
        "INSERT INTO session (token_hash, account_id, epoch, door, own_device, flash, made_at, seen_at, idle_us, until_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9)")
        .bind(new.token_hash.to_vec()).bind(account.id).bind(account.epoch).bind(3i64).bind(new.own_device)
        .bind(new.flash.map(Flash::as_str)).bind(now).bind(lifetime.idle).bind(now + lifetime.most))?;
    Ok(())
}

/// A session as it stands in the database.
#[derive(Clone, Debug)]
pub struct Session {
    /// Whose account.
    pub account: AccountId,
    /// Whose account, by kind.
    pub owner: Owner,
    /// When it was last used.
    pub seen_at: i64,
    /// How long it may be unused.
    pub idle: i64,
    /// When it ends at the latest.
    pub until: i64,
    /// What the next page says once.
    pub flash: Option<Flash>,
}

/// The session of a token, if its account is active and of the same epoch.
///
/// # Errors
/// When the database fails.
pub async fn session(db: &mut Snapshot, token_hash: &[u8; 32]) -> Result<Option<Session>> {
    type Row = (AccountId, String, Id<()>, i64, i64, i64, Option<String>);
    let row: Option<Row> = on!(db, c => sqlx::query_as(
        "SELECT a.id, a.owner_kind, a.owner_id, s.seen_at, s.idle_us, s.until_at, s.flash
         FROM session s JOIN account a ON a.id = s.account_id
         WHERE s.token_hash = $1 AND a.state = 'active' AND a.epoch = s.epoch").bind(token_hash.to_vec()).fetch_optional(c))?;
    Ok(row.and_then(|(account, kind, owner, seen_at, idle, until, flash)| {
        let owner = Owner::read(&kind, owner)?;
        Some(Session { account, owner, seen_at, idle, until, flash: flash.and_then(|word| Flash::parse(&word)) })
    }))
}

/// Whether a use of the session is worth a write: at most one a minute.
pub fn worth_noting(session: &Session, at: Timestamp) -> bool {
    at.as_microsecond() - session.seen_at > MINUTE
}

/// Notes that a session was used, and takes the one-time message that was shown.
///
/// # Errors
/// When the database fails.
pub async fn note_use(tx: &mut Tx, token_hash: &[u8; 32], at: Timestamp) -> Result<()> {
    run!(
        tx,
        sqlx::query("UPDATE session SET seen_at = $2, flash = NULL WHERE token_hash = $1")
            .bind(token_hash.to_vec())
            .bind(at.as_microsecond())
    )?;
    Ok(())
}

/// Leaves a one-time message for the next page.
///
/// # Errors
/// When the database fails.
pub async fn set_flash(tx: &mut Tx, token_hash: &[u8; 32], flash: Flash) -> Result<()> {
    run!(
        tx,
        sqlx::query("UPDATE session SET flash = $2 WHERE token_hash = $1")
            .bind(token_hash.to_vec())
            .bind(flash.as_str())
    )?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// When the database fails.
pub async fn end_session(tx: &mut Tx, token_hash: &[u8; 32]) -> Result<()> {
    run!(tx, sqlx::query("DELETE FROM session WHERE token_hash = $1").bind(token_hash.to_vec()))?;
    Ok(())
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

/// Drops sessions that ended and keys of forms older than a week.
///
/// # Errors
/// When the database fails.
pub async fn tidy(tx: &mut Tx, at: Timestamp) -> Result<()> {
    let now = at.as_microsecond();
    run!(tx, sqlx::query("DELETE FROM session WHERE until_at < $1").bind(now))?;
    run!(tx, sqlx::query("DELETE FROM form_post WHERE at < $1").bind(now - 7 * crate::clock::DAY))?;
    run!(tx, sqlx::query("DELETE FROM sign_in_delay WHERE last_at < $1").bind(now - FORGET_FAILURES))?;
    Ok(())
}
