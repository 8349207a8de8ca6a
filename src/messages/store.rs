//! The tables of threads and messages. Every function takes a proof of access and no other id.

use super::{From, Message, MessageId, SHOWN, State, Waiting};
use crate::db::{Reads, Tx, on, run};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::people::access::{Access, AnswerMessage, Caseload, Deed, ReadThread, ReadVisit, WriteMessage};
use crate::people::{Actor, Part, PersonId, StaffId, store::key};
use crate::vault::{Column, Vault};

/// Message, who opened it and when, and their sealed name with its key when they are staff.
type OpenedRow = (MessageId, Id<()>, i64, Option<Vec<u8>>, Option<Vec<u8>>);
type Row = (MessageId, String, Id<()>, Vec<u8>, i64, Option<Vec<u8>>, Option<Vec<u8>>);

/// The latest messages of the thread, oldest first.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn thread<C: Reads>(access: &mut Access<'_, ReadThread, C>, vault: &Vault) -> Result<Vec<Message>> {
    latest(access, vault, SHOWN).await
}

/// Every message of the thread, oldest first: for a copy of the record.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn whole_thread<C: Reads>(access: &mut Access<'_, ReadThread, C>, vault: &Vault) -> Result<Vec<Message>> {
    latest(access, vault, i64::MAX).await
}

async fn latest<C: Reads>(access: &mut Access<'_, ReadThread, C>, vault: &Vault, most: i64) -> Result<Vec<Message>> {
    let person = access.person();
    let key = key(access.reads(), vault, person).await?;
    let rows: Vec<Row> = on!(access.reads(), c => sqlx::query_as(
        "SELECT m.id, m.from_kind, m.from_id, m.body_sealed, m.sent_at, s.name_sealed, k.wrapped
         FROM message m JOIN thread t ON t.id = m.thread_id
         LEFT JOIN staff s ON m.from_kind = 'staff' AND s.id = m.from_id LEFT JOIN seal_key k ON k.owner_id = s.id
         WHERE t.person_id = $1 ORDER BY m.seq DESC LIMIT $2").bind(person).bind(most).fetch_all(c))?;
    // Who opened what, first by each: one query for the whole thread.
    let opened: Vec<OpenedRow> = on!(access.reads(), c => sqlx::query_as(
        "SELECT o.message_id, o.by_id, o.at, s.name_sealed, k.wrapped FROM message_opened o
         JOIN message m ON m.id = o.message_id JOIN thread t ON t.id = m.thread_id
         LEFT JOIN staff s ON s.id = o.by_id LEFT JOIN seal_key k ON k.owner_id = s.id
         WHERE t.person_id = $1 AND m.seq > t.last_seq - $2 ORDER BY o.at DESC").bind(person).bind(most).fetch_all(c))?;
    let mut names: std::collections::HashMap<Id<()>, String> = std::collections::HashMap::new();
    let mut name_of = |id: Id<()>, name: Option<Vec<u8>>, wrapped: Option<Vec<u8>>| -> Result<String> {
        if let Some(known) = names.get(&id) {
            return Ok(known.clone());
        }
        let (Some(name), Some(wrapped)) = (name, wrapped) else { return Ok("a worker".to_owned()) };
        let staff: StaffId = id.cast();
        let name = vault.owner_key(staff, &wrapped)?.open(Column::StaffName, staff, &name)?;
        names.insert(id, name.clone());
        Ok(name)
    };
    // Rows come newest first, so the earliest opening of a message is kept.
    let mut openings: std::collections::HashMap<MessageId, (String, i64)> = std::collections::HashMap::new();
    for (message, by, at, name, wrapped) in opened {
        if by == person.cast() {
            openings.insert(message, (String::new(), at));
        } else {
            openings.insert(message, (name_of(by, name, wrapped)?, at));
        }
    }
    let mut answered: Option<i64> = None;
    let mut messages = Vec::with_capacity(rows.len());
    for (id, kind, from, body, sent_at, name, wrapped) in rows {
        let body = key.open(Column::MessageBody, id, &body)?;
        let from = if kind == "staff" { From::Worker(name_of(from, name, wrapped)?) } else { From::Person };
        let state = match (&from, openings.remove(&id)) {
            // An answer counts for what was opened before it: a message that came while it was being
            // written has not been answered by it.
            (From::Person, Some((_, at))) if answered.is_some_and(|answered| at <= answered) => State::Answered,
            (_, Some((by, at))) => State::Opened(by, at),
            (_, None) => State::Saved,
        };
        if from != From::Person && answered.is_none() {
            answered = Some(sent_at);
        }
        messages.push(Message { id, from, body, sent_at, state });
    }
    messages.reverse();
    Ok(messages)
}

/// What the young person wrote since this visit began, oldest first, and nothing else.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn visit<C: Reads>(access: &mut Access<'_, ReadVisit, C>, vault: &Vault, since: i64) -> Result<Vec<Message>> {
    let person = access.person();
    let key = key(access.reads(), vault, person).await?;
    let rows: Vec<(MessageId, Vec<u8>, i64)> = on!(access.reads(), c => sqlx::query_as(
        "SELECT m.id, m.body_sealed, m.sent_at FROM message m JOIN thread t ON t.id = m.thread_id
         WHERE t.person_id = $1 AND m.from_kind = 'person' AND m.sent_at >= $2 ORDER BY m.seq LIMIT $3")
        .bind(person).bind(since).bind(SHOWN).fetch_all(c))?;
    rows.into_iter()
        .map(|(id, body, sent_at)| {
            let body = key.open(Column::MessageBody, id, &body)?;
            Ok(Message { id, from: From::Person, body, sent_at, state: State::Saved })
        })
        .collect()
}

/// Whether there is anything in the thread after `after`, or an opening newer than `since`: what a
/// poll asks before it reads.
///
/// # Errors
/// When the database fails.
pub async fn anything_new<C: Reads>(
    access: &mut Access<'_, ReadThread, C>,
    after: Option<MessageId>,
    since: i64,
) -> Result<bool> {
    let person = access.person();
    let newest: Option<(MessageId, i64)> = on!(access.reads(), c => sqlx::query_as(
        "SELECT m.id, (SELECT COALESCE(MAX(o.at), 0) FROM message_opened o JOIN message n ON n.id = o.message_id WHERE n.thread_id = t.id)
         FROM thread t JOIN message m ON m.thread_id = t.id AND m.seq = t.last_seq WHERE t.person_id = $1")
        .bind(person).fetch_optional(c))?;
    Ok(newest.is_some_and(|(id, opened)| Some(id) != after || opened > since))
}

/// Marks the other side's messages as opened by the one who asked, now: those of a page that ends
/// with `last`, and none that came after it was read. The first opening stands. Gives how many were
/// new to them.
///
/// # Errors
/// When the database fails.
pub async fn mark_opened(access: &mut Access<'_, ReadThread, Tx>, last: MessageId) -> Result<u64> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let (by, other) = match access.actor() {
        Actor::Person(id, _) => (id.cast::<()>(), "staff"),
        Actor::Staff(id, _) => (id.cast(), "person"),
    };
    run!(access.tx(), sqlx::query(
        "INSERT INTO message_opened (message_id, by_id, at)
         SELECT m.id, $2, $3 FROM thread t JOIN message l ON l.thread_id = t.id AND l.id = $5
         JOIN message m ON m.thread_id = t.id AND m.seq <= l.seq AND m.seq > l.seq - $6
         WHERE t.person_id = $1 AND m.from_kind = $4 AND NOT EXISTS (SELECT 1 FROM message_opened o WHERE o.message_id = m.id AND o.by_id = $2)
         ON CONFLICT DO NOTHING").bind(person).bind(by).bind(at).bind(other).bind(last).bind(SHOWN))
}

/// Whether the one who asks has anything to open.
///
/// # Errors
/// When the database fails.
pub async fn unopened<C: Reads>(access: &mut Access<'_, ReadThread, C>) -> Result<i64> {
    let person = access.person();
    let (by, other) = match access.actor() {
        Actor::Person(id, _) => (id.cast::<()>(), "staff"),
        Actor::Staff(id, _) => (id.cast(), "person"),
    };
    on!(access.reads(), c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM message m JOIN thread t ON t.id = m.thread_id
         WHERE t.person_id = $1 AND m.from_kind = $3 AND NOT EXISTS (SELECT 1 FROM message_opened o WHERE o.message_id = m.id AND o.by_id = $2)")
        .bind(person).bind(by).bind(other).fetch_one(c))
}

/// Adds a message of the young person, who waits from now if they did not wait before.
///
/// # Errors
/// When the database fails.
pub async fn write(access: &mut Access<'_, WriteMessage, Tx>, vault: &Vault, body: &str) -> Result<MessageId> {
    let from = access.person().cast();
    insert(access, vault, "person", from, body).await
}

/// Adds an answer of a worker: the wait ends, but for messages that no worker has opened. They came
/// while the answer was being written.
///
/// # Errors
/// When the database fails.
pub async fn answer(access: &mut Access<'_, AnswerMessage, Tx>, vault: &Vault, body: &str) -> Result<MessageId> {
    let Actor::Staff(from, _) = access.actor().clone() else { return Err(Error::NotFound) };
    insert(access, vault, "staff", from.cast(), body).await
}

async fn insert<D: Deed>(
    access: &mut Access<'_, D, Tx>,
    vault: &Vault,
    kind: &str,
    from: Id<()>,
    body: &str,
) -> Result<MessageId> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let tx = access.tx();
    let key = key(tx, vault, person).await?;
    let fresh: Id<()> = crate::vault::new_id()?;
    run!(tx, sqlx::query("INSERT INTO thread (id, person_id, last_seq, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (person_id) DO NOTHING")
        .bind(fresh).bind(person).bind(0i64).bind(at))?;
    let waits = (kind == "person").then_some(at);
    let (thread, seq): (Id<()>, i64) = on!(tx, c => sqlx::query_as(
        "UPDATE thread SET last_seq = last_seq + 1,
            waiting_since = CASE WHEN $2 = 'person' THEN COALESCE(waiting_since, $3) ELSE
                (SELECT MIN(m.sent_at) FROM message m WHERE m.thread_id = thread.id AND m.from_kind = 'person'
                    AND NOT EXISTS (SELECT 1 FROM message_opened o WHERE o.message_id = m.id)) END
         WHERE person_id = $1 RETURNING id, last_seq").bind(person).bind(kind).bind(waits).fetch_one(c))?;
    let id: MessageId = crate::vault::new_id()?;
    let sealed = key.seal(Column::MessageBody, id, body)?;
    run!(tx, sqlx::query("INSERT INTO message (id, thread_id, seq, from_kind, from_id, body_sealed, sent_at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(id).bind(thread).bind(seq).bind(kind).bind(from).bind(&sealed).bind(at))?;
    Ok(id)
}

/// Everyone on the caseload, those who wait longest first.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn waiting(caseload: &mut Caseload<'_>, vault: &Vault) -> Result<Vec<Waiting>> {
    let (staff, at) = (caseload.staff(), caseload.at().as_microsecond());
    type Row = (PersonId, Vec<u8>, Vec<u8>, Option<i64>, String, i64);
    let rows: Vec<Row> = on!(caseload.reads(), c => sqlx::query_as(
        "SELECT p.id, p.called_sealed, k.wrapped, t.waiting_since, MIN(a.kind),
            (SELECT COUNT(*) FROM message m WHERE m.thread_id = t.id AND m.from_kind = 'person'
                AND NOT EXISTS (SELECT 1 FROM message_opened o WHERE o.message_id = m.id))
         FROM assignment a JOIN person p ON p.id = a.person_id JOIN seal_key k ON k.owner_id = p.id
         LEFT JOIN thread t ON t.person_id = p.id
         WHERE a.staff_id = $1 AND a.kind <> 'manager' AND a.from_at <= $2 AND (a.to_at IS NULL OR a.to_at > $2) AND p.state = 'active'
         GROUP BY p.id, p.called_sealed, k.wrapped, t.waiting_since, t.id
         ORDER BY CASE WHEN t.waiting_since IS NULL THEN 1 ELSE 0 END, t.waiting_since, p.id").bind(staff).bind(at).fetch_all(c))?;
    rows.into_iter()
        .map(|(person, called, wrapped, since, part, unopened)| {
            let called = vault.owner_key(person, &wrapped)?.open(Column::PersonCalled, person, &called)?;
            Ok(Waiting { person, called, since, unopened, part: Part::parse(&part).unwrap_or(Part::Pa) })
        })
        .collect()
}
