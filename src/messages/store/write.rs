//! Adding to a thread: in its order, and with what it does to the wait for an answer.

use jiff::Timestamp;

use crate::clock::end_of;
use crate::db::{Reads, Tx, on, run};
use crate::error::Result;
use crate::id::Id;
use crate::messages::{MessageId, What};
use crate::people::access::{Access, Deed};
use crate::people::{Actor, PersonId, store::key};
use crate::vault::{Column, Vault};

/// Something to add to a thread.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// What it is.
    pub what: What,
    /// Its text.
    pub body: &'a str,
    /// What the page had said about when it would be read.
    pub shown: Option<&'a str>,
    /// A message of the young person: by when it is to be answered; `None`: it only tells, and asks for nothing. A
    /// promise: until when it holds off the clock. UTC microseconds.
    pub due: Option<i64>,
}

impl<'a> New<'a> {
    /// Words to the other side. Of a young person: to be answered by `due`.
    pub fn said(body: &'a str, due: Option<Timestamp>) -> Self {
        Self { what: What::Said, body, shown: None, due: due.map(Timestamp::as_microsecond) }
    }
}

/// Adds it, from the one who asks. A message of the young person that asks for an answer begins a wait, if they did not
/// wait before. An answer, or that they spoke, ends it but for messages that no worker has opened: they came while the
/// answer was being written. A talk says nothing to what was written after its day. A promise moves the time by which the
/// wait is to end. Notes and news change nothing about it.
///
/// # Errors
/// When the database fails.
pub async fn insert<D: Deed>(access: &mut Access<'_, D, Tx>, vault: &Vault, new: &New<'_>) -> Result<MessageId> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let (from, kind) = match access.actor() {
        Actor::Person(id, _) => (id.cast::<()>(), "person"),
        Actor::Staff(id, _) => (id.cast(), "staff"),
    };
    let tx = access.tx();
    let key = key(tx, vault, person).await?;
    let asks = new.due.filter(|_| kind == "person");
    let (thread, seq) = next_place(tx, person, at, asks).await?;
    match (kind, new.what) {
        ("person", _) | (_, What::Note | What::News) => {}
        (_, What::Said) => end_wait(tx, thread, i64::MAX).await?,
        (_, What::Spoke(_, day)) => end_wait(tx, thread, end_of(day)).await?,
        (_, What::Promise(_)) => put_due(tx, thread, new.due).await?,
    }
    let id: MessageId = crate::vault::new_id()?;
    let sealed = key.seal(Column::MessageBody, id, new.body)?;
    let shown = new.shown.map(|shown| key.seal(Column::MessageShown, id, shown)).transpose()?;
    let how = match new.what {
        What::Spoke(how, _) => Some(how.as_str()),
        What::Said | What::Note | What::Promise(_) | What::News => None,
    };
    run!(tx, sqlx::query(
        "INSERT INTO message (id, thread_id, seq, from_kind, from_id, body_sealed, shown_sealed, sent_at, kind, day_on, how)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
        .bind(id).bind(thread).bind(seq).bind(kind).bind(from).bind(&sealed).bind(&shown).bind(at)
        .bind(new.what.as_str()).bind(new.what.day().map(|day| day.to_string())).bind(how))?;
    Ok(id)
}

/// The next place in the thread of a person, which begins with its first message. What asks for an answer, by `asks`,
/// begins a wait: who writes again does not wait less long, and is never answered later for it. Of two that were sent at
/// once the earlier may come second: the wait begins with it.
async fn next_place(tx: &mut Tx, person: PersonId, at: i64, asks: Option<i64>) -> Result<(Id<()>, i64)> {
    let fresh: Id<()> = crate::vault::new_id()?;
    on!(tx, c => sqlx::query_as(
        "INSERT INTO thread (id, person_id, last_seq, created_at, changed_at, waiting_since, due_at)
         VALUES ($1, $2, 1, $3, $3, CASE WHEN $4 IS NULL THEN NULL ELSE $3 END, $4)
         ON CONFLICT (person_id) DO UPDATE SET last_seq = thread.last_seq + 1, changed_at = $3,
            due_at = CASE WHEN $4 IS NULL THEN thread.due_at
                WHEN thread.waiting_since IS NULL OR thread.due_at IS NULL OR thread.due_at > $4 THEN $4 ELSE thread.due_at END,
            waiting_since = CASE WHEN $4 IS NULL THEN thread.waiting_since
                WHEN thread.waiting_since IS NULL OR thread.waiting_since > $3 THEN $3 ELSE thread.waiting_since END
         RETURNING id, last_seq")
        .bind(fresh).bind(person).bind(at).bind(asks).fetch_one(c))
}

/// Ends a wait but for what was not opened, or sent from `until` on, UTC microseconds. What was sent before the wait began
/// had its answer.
async fn end_wait(tx: &mut Tx, thread: Id<()>, until: i64) -> Result<()> {
    run!(
        tx,
        sqlx::query(
            "UPDATE thread SET waiting_since = (SELECT MIN(a.sent_at) FROM asking a WHERE a.thread_id = thread.id
                AND (NOT EXISTS (SELECT 1 FROM message_opened o WHERE o.message_id = a.id)
                    OR a.sent_at >= $2 AND a.sent_at >= thread.waiting_since))
         WHERE id = $1 AND waiting_since IS NOT NULL"
        )
        .bind(thread)
        .bind(until)
    )?;
    run!(tx, sqlx::query("UPDATE thread SET due_at = NULL WHERE id = $1 AND waiting_since IS NULL").bind(thread))?;
    Ok(())
}

/// Sets by when a wait is to end, while there is one.
///
/// # Errors
/// When the database fails.
pub async fn put_due(tx: &mut Tx, thread: Id<()>, due: Option<i64>) -> Result<()> {
    run!(
        tx,
        sqlx::query("UPDATE thread SET due_at = $2 WHERE id = $1 AND waiting_since IS NOT NULL").bind(thread).bind(due)
    )?;
    Ok(())
}

/// Since when the person of a proof waits, and by when they are to be answered.
///
/// # Errors
/// When the database fails.
pub async fn wait_of<D: Deed, C: Reads>(access: &mut Access<'_, D, C>) -> Result<Option<(i64, Option<i64>)>> {
    let person = access.person();
    let row: Option<(Option<i64>, Option<i64>)> = on!(access.reads(), c => sqlx::query_as(
        "SELECT waiting_since, due_at FROM thread WHERE person_id = $1").bind(person).fetch_optional(c))?;
    Ok(row.and_then(|(since, due)| since.map(|since| (since, due))))
}
