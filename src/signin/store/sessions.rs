//! The table of sessions.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::Account;
use crate::clock::MINUTE;
use crate::db::{OneQuery, Snapshot, Tx, on, run};
use crate::error::Result;
use crate::id::Id;
use crate::people::Role;
use crate::signin::doors::fresh_for;
use crate::signin::{AccountId, Lifetime, Owner, SessionId};
use crate::web::flash::Flash;

/// A session to begin.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// SHA-256 of the token in the cookie.
    pub token_hash: [u8; 32],
    /// Whose own device it is, as they say. Counts once there is a second proof.
    pub own_device: bool,
    /// There was a second proof.
    pub second_proof: bool,
    /// The browser in words.
    pub browser: String,
    /// What the next page says.
    pub flash: Option<Flash>,
}

/// Begins a session: its owner has just proved who they are. Gives what it is called.
///
/// # Errors
/// When the database fails.
pub async fn begin_session(tx: &mut Tx, account: &Account, new: &NewSession, at: Timestamp) -> Result<SessionId> {
    let now = at.as_microsecond();
    let lifetime = Lifetime::of(account.owner, new.own_device && new.second_proof);
    let id: SessionId = crate::vault::new_id()?;
    run!(tx, sqlx::query("DELETE FROM session WHERE account_id = $1 AND until_at < $2").bind(account.id).bind(now))?;
    run!(tx, sqlx::query(
        "INSERT INTO session (token_hash, id, account_id, epoch, door, own_device, browser, flash, made_at, seen_at, fresh_until, idle_us, until_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12)")
        .bind(new.token_hash.to_vec()).bind(id).bind(account.id).bind(account.epoch).bind(door(new.second_proof)).bind(new.own_device)
        .bind(&new.browser).bind(new.flash.map(Flash::as_str)).bind(now).bind(now + fresh_for(account.owner))
        .bind(lifetime.idle).bind(now + lifetime.most))?;
    Ok(id)
}

const fn door(second_proof: bool) -> i64 {
    if second_proof { 2 } else { 1 }
}

/// A session as it stands in the database.
#[derive(Clone, Debug)]
pub struct Session {
    /// What it is called.
    pub id: SessionId,
    /// Whose account.
    pub account: AccountId,
    /// Whose account, by kind.
    pub owner: Owner,
    /// There was a second proof.
    pub second_proof: bool,
    /// Its owner says that the device is theirs alone.
    pub own_device: bool,
    /// The browser in words.
    pub browser: String,
    /// When this visit began.
    pub made_at: i64,
    /// When it was last used.
    pub seen_at: i64,
    /// Until when the last proof is fresh.
    pub fresh_until: i64,
    /// How long it may be unused.
    pub idle: i64,
    /// When it ends at the latest.
    pub until: i64,
    /// What the next page says once.
    pub flash: Option<Flash>,
    /// Its account was opened again by a sent code alone.
    pub one_road: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: SessionId,
    account_id: AccountId,
    owner_kind: String,
    owner_id: Id<()>,
    door: i64,
    own_device: bool,
    browser: String,
    made_at: i64,
    seen_at: i64,
    fresh_until: i64,
    idle_us: i64,
    until_at: i64,
    flash: Option<String>,
    one_road: bool,
}

impl Row {
    fn read(self) -> Option<Session> {
        Some(Session {
            id: self.id,
            account: self.account_id,
            owner: Owner::read(&self.owner_kind, self.owner_id)?,
            second_proof: self.door > 1,
            own_device: self.own_device,
            browser: self.browser,
            made_at: self.made_at,
            seen_at: self.seen_at,
            fresh_until: self.fresh_until,
            idle: self.idle_us,
            until: self.until_at,
            flash: self.flash.and_then(|word| Flash::parse(&word)),
            one_road: self.one_road,
        })
    }
}

/// The session of a token, if its account is active and of the same epoch, and the roles that its owner holds now: none
/// for a young person, or for a member of staff who is not active.
///
/// # Errors
/// When the database fails.
pub async fn session(db: &mut OneQuery, token_hash: &[u8; 32], at: Timestamp) -> Result<Option<(Session, Vec<Role>)>> {
    #[derive(sqlx::FromRow)]
    struct Held {
        #[sqlx(flatten)]
        row: Row,
        role: Option<String>,
    }
    let rows: Vec<Held> = on!(db, c => sqlx::query_as(
        "SELECT s.id, s.account_id, a.owner_kind, a.owner_id, s.door, s.own_device, s.browser, s.made_at, s.seen_at, s.fresh_until,
                s.idle_us, s.until_at, s.flash, a.one_road, r.role
         FROM session s JOIN account a ON a.id = s.account_id
         LEFT JOIN staff f ON a.owner_kind = 'staff' AND f.id = a.owner_id AND f.state = 'active'
         LEFT JOIN staff_role r ON r.staff_id = f.id AND r.from_at <= $2 AND (r.to_at IS NULL OR r.to_at > $2)
         WHERE s.token_hash = $1 AND a.state = 'active' AND a.epoch = s.epoch")
        .bind(token_hash.to_vec()).bind(at.as_microsecond()).fetch_all(c))?;
    // A role that was given twice, as of another day, is one.
    let roles: BTreeSet<Role> = rows.iter().filter_map(|held| Role::parse(held.role.as_deref()?)).collect();
    let session = rows.into_iter().next().and_then(|held| held.row.read());
    Ok(session.map(|session| (session, roles.into_iter().collect())))
}

/// Every session of an account that has not reached its limits, the one used last first.
///
/// # Errors
/// When the database fails.
pub async fn sessions(db: &mut Snapshot, account: AccountId, at: Timestamp) -> Result<Vec<Session>> {
    let rows: Vec<Row> = on!(db, c => sqlx::query_as(
        "SELECT s.id, s.account_id, a.owner_kind, a.owner_id, s.door, s.own_device, s.browser, s.made_at, s.seen_at, s.fresh_until,
                s.idle_us, s.until_at, s.flash, a.one_road
         FROM session s JOIN account a ON a.id = s.account_id
         WHERE s.account_id = $1 AND a.epoch = s.epoch AND s.until_at > $2 AND s.seen_at + s.idle_us > $2
         ORDER BY s.seen_at DESC, s.id").bind(account).bind(at.as_microsecond()).fetch_all(c))?;
    Ok(rows.into_iter().filter_map(Row::read).collect())
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

/// A session whose owner proved once more who they are. It gets a new token; the old one opens nothing.
#[derive(Clone, Debug)]
pub struct Raised {
    /// SHA-256 of the token of before.
    pub before: [u8; 32],
    /// SHA-256 of the new one.
    pub after: [u8; 32],
    /// Whose.
    pub owner: Owner,
    /// There is a second proof now, or was one before.
    pub second_proof: bool,
    /// The device is theirs alone, as they say.
    pub own_device: bool,
    /// The proof was one that makes the session fresh.
    pub fresh: bool,
    /// What the next page says.
    pub flash: Option<Flash>,
}

/// Opens the next door of a session. False when it ended meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn raise(tx: &mut Tx, raised: &Raised, at: Timestamp) -> Result<bool> {
    let now = at.as_microsecond();
    let lifetime = Lifetime::of(raised.owner, raised.own_device && raised.second_proof);
    let fresh = if raised.fresh { now + fresh_for(raised.owner) } else { 0 };
    let done = run!(tx, sqlx::query(
        "UPDATE session SET token_hash = $2, door = $3, own_device = $4, seen_at = $5, idle_us = $6, until_at = made_at + $7,
                fresh_until = CASE WHEN fresh_until > $8 THEN fresh_until ELSE $8 END, flash = $9
         WHERE token_hash = $1 AND made_at + $7 > $5")
        .bind(raised.before.to_vec()).bind(raised.after.to_vec()).bind(door(raised.second_proof)).bind(raised.own_device).bind(now)
        .bind(lifetime.idle).bind(lifetime.most).bind(fresh).bind(raised.flash.map(Flash::as_str)))?;
    Ok(done == 1)
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
    // What was typed on a phone that others use goes with the visit.
    run!(
        tx,
        sqlx::query("DELETE FROM draft WHERE only_in IN (SELECT id FROM session WHERE token_hash = $1)")
            .bind(token_hash.to_vec())
    )?;
    run!(tx, sqlx::query("DELETE FROM session WHERE token_hash = $1").bind(token_hash.to_vec()))?;
    Ok(())
}

/// Ends a session of this account by what it is called. False when there is none.
///
/// # Errors
/// When the database fails.
pub async fn end_session_of(tx: &mut Tx, account: AccountId, session: SessionId) -> Result<bool> {
    let ended =
        run!(tx, sqlx::query("DELETE FROM session WHERE account_id = $1 AND id = $2").bind(account).bind(session))?;
    Ok(ended == 1)
}

/// Ends every session of this account but one.
///
/// # Errors
/// When the database fails.
pub async fn end_other_sessions(tx: &mut Tx, account: AccountId, but: &[u8; 32]) -> Result<u64> {
    run!(
        tx,
        sqlx::query("DELETE FROM session WHERE account_id = $1 AND token_hash <> $2").bind(account).bind(but.to_vec())
    )
}
