//! The table of drafts: what was typed and not sent.

use jiff::Timestamp;

use crate::clock::{DAY, MINUTE};
use crate::db::{Snapshot, Tx, on, run};
use crate::error::Result;
use crate::people::store::key;
use crate::people::{Door, StaffId};
use crate::signin::{AccountId, Owner, SessionId};
use crate::vault::{Column, Vault};

/// How long is kept what came along through a sign-in, in microseconds.
pub const DRAFT_LASTS: i64 = 30 * MINUTE;
/// How long a draft is kept that nobody sends, in microseconds.
pub const DRAFT_LASTS_AT_HOME: i64 = 30 * DAY;

/// The visit of a draft that is shown in every visit.
const ANYWHERE: &[u8] = &[];

/// Whose draft it is, and the visit in which it is written or read.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The account.
    pub account: AccountId,
    /// Its owner, whose key seals the words.
    pub owner: Owner,
    /// The visit.
    pub session: SessionId,
    /// How far its owner has come in: before the second door only what is of this visit is shown.
    pub door: Door,
    /// The page it is meant for.
    pub place: &'a str,
}

/// Keeps what was typed for a page until then; `here`: in this visit only.
///
/// # Errors
/// When the database fails.
pub async fn put_draft(
    tx: &mut Tx,
    vault: &Vault,
    desk: Desk<'_>,
    words: &str,
    (here, until): (bool, i64),
    at: Timestamp,
) -> Result<()> {
    let sealed = key(tx, vault, desk.owner.id()).await?.seal(Column::DraftBody, desk.account, words)?;
    let only_in = if here { desk.session.bytes().to_vec() } else { ANYWHERE.to_vec() };
    run!(
        tx,
        sqlx::query(
            "INSERT INTO draft (account_id, place, only_in, body_sealed, at, until_at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (account_id, place, only_in) DO UPDATE SET body_sealed = $4, at = $5, until_at = $6"
        )
        .bind(desk.account)
        .bind(desk.place)
        .bind(only_in)
        .bind(&sealed)
        .bind(at.as_microsecond())
        .bind(until)
    )?;
    Ok(())
}

/// What was typed for a page and may be shown in this visit, if it is not too old: the latest.
///
/// # Errors
/// When the database fails or the words do not open.
pub async fn draft(db: &mut Snapshot, vault: &Vault, desk: Desk<'_>, at: Timestamp) -> Result<Option<String>> {
    let sealed: Option<Vec<u8>> = on!(db, c => sqlx::query_scalar(
        "SELECT body_sealed FROM draft WHERE account_id = $1 AND place = $2 AND (only_in = $3 OR (only_in = $4 AND $5))
           AND until_at > $6 ORDER BY at DESC LIMIT 1")
        .bind(desk.account).bind(desk.place).bind(desk.session).bind(ANYWHERE).bind(desk.door >= Door::Open)
        .bind(at.as_microsecond()).fetch_optional(c))?;
    let Some(sealed) = sealed else { return Ok(None) };
    key(db, vault, desk.owner.id()).await?.open(Column::DraftBody, desk.account, &sealed).map(Some)
}

/// Drops what was typed for a page and is shown in this visit: it was sent, or emptied.
///
/// # Errors
/// When the database fails.
pub async fn drop_draft(tx: &mut Tx, desk: Desk<'_>) -> Result<()> {
    run!(
        tx,
        sqlx::query(
            "DELETE FROM draft WHERE account_id = $1 AND place = $2 AND (only_in = $3 OR (only_in = $4 AND $5))"
        )
        .bind(desk.account)
        .bind(desk.place)
        .bind(desk.session)
        .bind(ANYWHERE)
        .bind(desk.door >= Door::Open)
    )?;
    Ok(())
}

/// Gives what one worker typed for a page to another, who keeps what they have typed themselves.
///
/// # Errors
/// When the database fails or the words do not open.
pub async fn hand_draft(
    tx: &mut Tx,
    vault: &Vault,
    (from, to): (StaffId, StaffId),
    place: &str,
    at: Timestamp,
) -> Result<()> {
    let id = async |tx: &mut Tx, owner: StaffId| -> Result<Option<AccountId>> {
        on!(tx, c => sqlx::query_scalar("SELECT id FROM account WHERE owner_id = $1").bind(owner).fetch_optional(c))
    };
    let (Some(old), Some(new)) = (id(tx, from).await?, id(tx, to).await?) else { return Ok(()) };
    let session = SessionId::from_bytes([0; 16]);
    let desk = |account, owner| Desk { account, owner: Owner::Staff(owner), session, door: Door::Open, place };
    let (old, new) = (desk(old, from), desk(new, to));
    if let Some(words) = draft(tx, vault, old, at).await? {
        if draft(tx, vault, new, at).await?.is_none() {
            put_draft(tx, vault, new, &words, (false, at.as_microsecond() + DRAFT_LASTS_AT_HOME), at).await?;
        }
        drop_draft(tx, old).await?;
    }
    Ok(())
}
