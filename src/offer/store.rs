//! The table of what the public tells us. The words are sealed, each row with a key of its own.

use jiff::Timestamp;

use super::feedback::{Feedback, FeedbackId, New, SAME_WITHIN, SHOWN, SPAN, State};
use crate::db::{Snapshot, Tx, on, run};
use crate::error::Result;
use crate::people::StaffId;
use crate::vault::{Column, LookUp, Vault};

/// What the same words about the same page have in common.
fn hash(vault: &Vault, new: &New) -> Vec<u8> {
    vault.look_up(LookUp::Feedback, &format!("{}\n{}", new.about, new.body))
}

/// How many came in the last hour.
///
/// # Errors
/// When the database fails.
pub async fn lately(db: &mut Snapshot, at: Timestamp) -> Result<i64> {
    on!(db, c => sqlx::query_scalar("SELECT COUNT(*) FROM feedback WHERE at > $1")
        .bind(at.as_microsecond() - SPAN).fetch_one(c))
}

/// Whether the same was sent a moment ago. A way to reach the sender that came with the second try
/// only is kept with the first; another one is not the same.
///
/// # Errors
/// When the database fails or a row does not open.
pub async fn again(tx: &mut Tx, vault: &Vault, new: &New, at: Timestamp) -> Result<bool> {
    let rows: Vec<(FeedbackId, Vec<u8>, Option<Vec<u8>>)> = on!(tx, c => sqlx::query_as(
        "SELECT id, key_wrapped, contact_sealed FROM feedback WHERE body_hash = $1 AND about = $2 AND at > $3 ORDER BY at, id")
        .bind(hash(vault, new)).bind(&new.about).bind(at.as_microsecond() - SAME_WITHIN).fetch_all(c))?;
    for (id, wrapped, sealed) in rows {
        let key = vault.owner_key(id, &wrapped)?;
        let known = key.open_some(Column::FeedbackContact, id, sealed.as_deref())?;
        match (&known, &new.contact) {
            (_, None) => return Ok(true),
            (Some(known), Some(contact)) if known == contact => return Ok(true),
            (Some(_), Some(_)) => {}
            (None, Some(contact)) => {
                let sealed = key.seal(Column::FeedbackContact, id, contact)?;
                run!(tx, sqlx::query("UPDATE feedback SET contact_sealed = $2 WHERE id = $1").bind(id).bind(&sealed))?;
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Keeps what somebody sent.
///
/// # Errors
/// When the database fails.
pub async fn tell(tx: &mut Tx, vault: &Vault, new: &New, at: Timestamp) -> Result<FeedbackId> {
    let id: FeedbackId = crate::vault::new_id()?;
    let (key, wrapped) = vault.new_owner_key(id)?;
    let body = key.seal(Column::FeedbackBody, id, &new.body)?;
    let contact = new.contact.as_ref().map(|contact| key.seal(Column::FeedbackContact, id, contact)).transpose()?;
    run!(
        tx,
        sqlx::query(
            "INSERT INTO feedback (id, about, body_sealed, contact_sealed, key_wrapped, body_hash, urgent, state, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'new', $8)"
        )
        .bind(id)
        .bind(&new.about)
        .bind(&body)
        .bind(&contact)
        .bind(&wrapped)
        .bind(hash(vault, new))
        .bind(new.urgent)
        .bind(at.as_microsecond())
    )?;
    Ok(id)
}

type Row = (
    FeedbackId,
    String,
    Vec<u8>,
    Option<Vec<u8>>,
    Vec<u8>,
    bool,
    String,
    i64,
    Option<StaffId>,
    Option<i64>,
    Option<StaffId>,
    Option<i64>,
    String,
);

fn read(vault: &Vault, row: Row) -> Result<Feedback> {
    let (id, about, body, contact, wrapped, urgent, state, at, seen_by, seen_at, done_by, done_at, note) = row;
    let key = vault.owner_key(id, &wrapped)?;
    let body = key.open(Column::FeedbackBody, id, &body)?;
    let contact = key.open_some(Column::FeedbackContact, id, contact.as_deref())?;
    Ok(Feedback {
        id,
        told: New { about, body, contact, urgent },
        // The database holds no other word.
        state: State::parse(&state).unwrap_or(State::New),
        at,
        seen: seen_by.zip(seen_at),
        done: done_by.zip(done_at),
        note,
    })
}

/// What is in one of these states, and about this if it is said: urgent first, then what nobody has
/// read, then the newest. As many as [`SHOWN`].
///
/// # Errors
/// When the database fails or a row does not open.
pub async fn list(db: &mut Snapshot, vault: &Vault, states: [State; 2], about: Option<&str>) -> Result<Vec<Feedback>> {
    let [one, other] = states;
    let rows: Vec<Row> = on!(db, c => sqlx::query_as(
        "SELECT id, about, body_sealed, contact_sealed, key_wrapped, urgent, state, at, seen_by, seen_at, done_by, done_at, note
         FROM feedback WHERE state IN ($1, $2) AND ($3 = '' OR about = $3)
         ORDER BY CASE WHEN urgent THEN 0 ELSE 1 END, CASE state WHEN 'new' THEN 0 ELSE 1 END, at DESC, id LIMIT $4")
        .bind(one.as_str()).bind(other.as_str()).bind(about.unwrap_or_default()).bind(SHOWN).fetch_all(c))?;
    rows.into_iter().map(|row| read(vault, row)).collect()
}

/// One of them, whatever its state.
///
/// # Errors
/// When the database fails or it does not open.
pub async fn one(db: &mut Snapshot, vault: &Vault, id: FeedbackId) -> Result<Option<Feedback>> {
    let row: Option<Row> = on!(db, c => sqlx::query_as(
        "SELECT id, about, body_sealed, contact_sealed, key_wrapped, urgent, state, at, seen_by, seen_at, done_by, done_at, note
         FROM feedback WHERE id = $1").bind(id).fetch_optional(c))?;
    row.map(|row| read(vault, row)).transpose()
}

/// How many there are in each state, in the order of [`State::ALL`], and how many urgent ones are not
/// done.
///
/// # Errors
/// When the database fails.
pub async fn counts(db: &mut Snapshot) -> Result<([i64; 3], i64)> {
    let rows: Vec<(String, bool, i64)> = on!(db, c => sqlx::query_as(
        "SELECT state, urgent, COUNT(*) FROM feedback GROUP BY state, urgent").fetch_all(c))?;
    let of = |state: State| rows.iter().filter(move |row| row.0 == state.as_str());
    let urgent = State::OPEN.into_iter().flat_map(of).filter(|row| row.1).map(|row| row.2).sum();
    Ok((State::ALL.map(|state| of(state).map(|row| row.2).sum()), urgent))
}

/// Says that somebody has seen it, or done what it asks for. False when that was said before.
///
/// # Errors
/// When the database fails.
pub async fn mark(tx: &mut Tx, id: FeedbackId, to: State, by: StaffId, note: &str, at: Timestamp) -> Result<bool> {
    let sql = match to {
        State::New => return Ok(false),
        State::Seen => "UPDATE feedback SET state = 'seen', seen_by = $2, seen_at = $3 WHERE id = $1 AND state = 'new'",
        State::Done => {
            "UPDATE feedback SET state = 'done', done_by = $2, done_at = $3 WHERE id = $1 AND state <> 'done'"
        }
    };
    if run!(tx, sqlx::query(sql).bind(id).bind(by).bind(at.as_microsecond()))? == 0 {
        return Ok(false);
    }
    // A later note goes under an earlier one: nothing that staff wrote is lost.
    run!(tx, sqlx::query(
        "UPDATE feedback SET note = CASE WHEN note = '' THEN $2 ELSE note || $3 || $2 END WHERE id = $1 AND $2 <> ''")
        .bind(id).bind(note).bind("\n"))?;
    Ok(true)
}
