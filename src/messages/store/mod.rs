//! The tables of threads and messages. Every function takes a proof of access and no other id.

mod clock;
mod dealings;
mod marks;
mod planned;
mod queue;
mod templates;
mod write;

use std::collections::HashMap;

use jiff::civil::Date;

use super::{From, Message, MessageId, Page, SHOWN, State, What};
use crate::clock::end_of;
use crate::db::{Reads, Tx, on, run};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::people::access::{Access, ReadThread, ReadVisit};
use crate::people::{Actor, PersonId, StaffId, store::key};
use crate::vault::{Column, OwnerKey, Vault};

pub use clock::{Late, changed_since, escalate, late};
pub use dealings::{Wait, dealings, insert_check_in, last_check_in, visits, waits};
pub use marks::{clear_flag, flag, hand_marks, hide, is_flagged, mark, set_mark, show_again};
pub use planned::{
    AllHeld, Plan, all_held, coming, due_planned, hand_planned, held, insert_planned, keep_wait, known, plan_of,
    planned, planned_text, settle_planned,
};
pub use queue::{MyList, mine, too_long, waiting};
pub use templates::{change_template, drop_template, insert_template, template, templates};
pub use write::{New, insert, put_due, wait_of};

/// What was first: by whom a message was opened, and when; with their sealed name and its key when they are staff.
type OpenedRow = (MessageId, Id<()>, i64, Option<Vec<u8>>, Option<Vec<u8>>);
type Row = (MessageId, i64, String, Id<()>, Vec<u8>, i64, String, Option<String>, Option<String>, Option<Vec<u8>>);

/// A name with its key, both sealed.
type Sealed = (Option<Vec<u8>>, Option<Vec<u8>>);

/// Names of staff, each opened once.
struct Names<'v> {
    vault: &'v Vault,
    known: HashMap<Id<()>, String>,
}

impl Names<'_> {
    fn of(&mut self, id: Id<()>, (name, wrapped): Sealed) -> Result<String> {
        if let Some(known) = self.known.get(&id) {
            return Ok(known.clone());
        }
        let (Some(name), Some(wrapped)) = (name, wrapped) else { return Ok("a worker".to_owned()) };
        let staff: StaffId = id.cast();
        let name = self.vault.owner_key(staff, &wrapped)?.open(Column::StaffName, staff, &name)?;
        self.known.insert(id, name.clone());
        Ok(name)
    }
}

/// What one answer or promise says of everything before it.
#[derive(Debug, Default)]
struct Settled {
    /// The latest answer: its place in the thread, and when.
    answer: Option<(i64, i64)>,
    /// Talks that were written down: each one's place, when it was written down, and the end of its day.
    talks: Vec<(i64, i64, i64)>,
    /// The latest promise: its place, when, by whom, and for which day.
    promise: Option<(i64, i64, String, Date)>,
}

impl Settled {
    /// Where a message of the young person stands. An answer counts for what was opened before it: a message that came
    /// while it was being written has not been answered by it. A talk counts for what was sent by the end of its day.
    fn state(&self, (seq, sent_at): (i64, i64), opened: Option<(String, i64)>) -> State {
        let Some((by, at)) = opened else { return State::Saved };
        let spoke = |(place, then, until): &(i64, i64, i64)| *place > seq && at <= *then && sent_at < *until;
        if self.answer.is_some_and(|(place, then)| place > seq && at <= then) || self.talks.iter().any(spoke) {
            return State::Answered;
        }
        match &self.promise {
            Some((place, then, by, day)) if *place > seq && at <= *then => State::Promised(by.clone(), *day),
            _ => State::Opened(by, at),
        }
    }
}

/// Whether the one who asks is the young person: notes of workers are not in their thread, nor what they hid.
const fn is_own(actor: &Actor) -> bool {
    matches!(actor, Actor::Person(..))
}

/// The latest page of the thread, or the one before a message of it.
///
/// # Errors
/// [`Error::NotFound`] when that message is not in it; when the database fails or a text does not open.
pub async fn thread<C: Reads>(
    access: &mut Access<'_, ReadThread, C>,
    vault: &Vault,
    before: Option<MessageId>,
) -> Result<Page> {
    page(access, vault, before, (SHOWN, false)).await
}

/// Every message of the thread that its reader may see, oldest first: for a copy, a search, and paper. `hidden`: also
/// those that they have hidden from their view.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn whole_thread<C: Reads>(
    access: &mut Access<'_, ReadThread, C>,
    vault: &Vault,
    hidden: bool,
) -> Result<Vec<Message>> {
    Ok(page(access, vault, None, (i64::from(i32::MAX), hidden)).await?.messages)
}

async fn page<C: Reads>(
    access: &mut Access<'_, ReadThread, C>,
    vault: &Vault,
    before: Option<MessageId>,
    (most, with_hidden): (i64, bool),
) -> Result<Page> {
    let (person, own) = (access.person(), is_own(access.actor()));
    let key = key(access.reads(), vault, person).await?;
    let end = match before {
        None => i64::MAX,
        Some(before) => {
            let seq: Option<i64> = on!(access.reads(), c => sqlx::query_scalar(
                "SELECT m.seq FROM message m JOIN thread t ON t.id = m.thread_id WHERE t.person_id = $1 AND m.id = $2")
                .bind(person).bind(before).fetch_optional(c))?;
            // Nothing of another thread is before anything of this one.
            seq.ok_or(Error::NotFound)?
        }
    };
    let mut rows: Vec<Row> = on!(access.reads(), c => sqlx::query_as(
        "SELECT m.id, m.seq, m.from_kind, m.from_id, m.body_sealed, m.sent_at, m.kind, m.day_on, m.how, m.shown_sealed
         FROM thread t JOIN message m ON m.thread_id = t.id
         WHERE t.person_id = $1 AND m.seq < $2 AND NOT (m.kind = 'note' AND $3)
           AND NOT EXISTS (SELECT 1 FROM message_hidden h WHERE h.message_id = m.id AND h.by_id = $1 AND $5)
         ORDER BY m.seq DESC LIMIT $4").bind(person).bind(end).bind(own).bind(most + 1).bind(own && !with_hidden).fetch_all(c))?;
    let earlier = i64::try_from(rows.len()).is_ok_and(|found| found > most);
    rows.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    let Some(first) = rows.last().map(|row| row.1) else {
        return Ok(Page { hidden: hidden(access, person).await?, ..Page::default() });
    };
    let mut names = Names { vault, known: HashMap::new() };
    let mut openings = openings(access, &mut names, (first, end)).await?;
    let settled = settled(access, &mut names, first).await?;
    let flags: Vec<MessageId> = on!(access.reads(), c => sqlx::query_scalar(
        "SELECT message_id FROM crisis_flag WHERE person_id = $1 AND cleared_at IS NULL").bind(person).fetch_all(c))?;
    let mut writers: HashMap<Id<()>, Sealed> = HashMap::new();
    for row in rows.iter().filter(|row| row.2 == "staff") {
        if let std::collections::hash_map::Entry::Vacant(new) = writers.entry(row.3) {
            new.insert(sealed_name(access, row.3.cast()).await?);
        }
    }
    let mut messages = Vec::with_capacity(rows.len());
    for (id, seq, kind, from, body, sent_at, what, day, how, shown) in rows {
        let body = key.open(Column::MessageBody, id, &body)?;
        let shown = key.open_some(Column::MessageShown, id, shown.as_deref())?;
        let what = What::parse(&what, day.as_deref(), how.as_deref())
            .ok_or_else(|| Error::Internal("a message is of no kind that we know".into()))?;
        let opened = openings.remove(&id);
        let (from, state) = if kind == "staff" {
            let sealed = writers.get(&from).cloned().unwrap_or_default();
            let state = opened.map_or(State::Saved, |(by, at)| State::Opened(by, at));
            (From::Worker(names.of(from, sealed)?), state)
        } else {
            (From::Person, settled.state((seq, sent_at), opened))
        };
        messages.push(Message { id, from, what, body, sent_at, state, shown, flagged: flags.contains(&id) });
    }
    messages.reverse();
    Ok(Page { messages, earlier, hidden: hidden(access, person).await? })
}

/// How many messages the young person has hidden from their view.
async fn hidden<C: Reads>(access: &mut Access<'_, ReadThread, C>, person: PersonId) -> Result<i64> {
    on!(access.reads(), c => sqlx::query_scalar("SELECT COUNT(*) FROM message_hidden WHERE by_id = $1").bind(person).fetch_one(c))
}

async fn sealed_name<C: Reads>(access: &mut Access<'_, ReadThread, C>, staff: StaffId) -> Result<Sealed> {
    let row: Option<(Vec<u8>, Vec<u8>)> = on!(access.reads(), c => sqlx::query_as(
        "SELECT s.name_sealed, k.wrapped FROM staff s JOIN seal_key k ON k.owner_id = s.id WHERE s.id = $1")
        .bind(staff).fetch_optional(c))?;
    Ok(row.map_or((None, None), |(name, wrapped)| (Some(name), Some(wrapped))))
}

/// Who opened what first, of a stretch of the thread: an empty name is the young person.
async fn openings<C: Reads>(
    access: &mut Access<'_, ReadThread, C>,
    names: &mut Names<'_>,
    (first, end): (i64, i64),
) -> Result<HashMap<MessageId, (String, i64)>> {
    let person = access.person();
    let rows: Vec<OpenedRow> = on!(access.reads(), c => sqlx::query_as(
        "SELECT o.message_id, o.by_id, o.at, s.name_sealed, k.wrapped FROM thread t JOIN message m ON m.thread_id = t.id
         JOIN message_opened o ON o.message_id = m.id
         LEFT JOIN staff s ON s.id = o.by_id LEFT JOIN seal_key k ON k.owner_id = s.id
         WHERE t.person_id = $1 AND m.seq >= $2 AND m.seq < $3 ORDER BY o.at DESC")
        .bind(person).bind(first).bind(end).fetch_all(c))?;
    // Rows come newest first, so the earliest opening of a message is kept.
    let mut openings = HashMap::new();
    for (message, by, at, name, wrapped) in rows {
        let name = if by == person.cast() { String::new() } else { names.of(by, (name, wrapped))? };
        openings.insert(message, (name, at));
    }
    Ok(openings)
}

/// What answers and promises say of the messages from the place `first` on.
async fn settled<C: Reads>(
    access: &mut Access<'_, ReadThread, C>,
    names: &mut Names<'_>,
    first: i64,
) -> Result<Settled> {
    let person = access.person();
    let answer: Option<(i64, i64)> = on!(access.reads(), c => sqlx::query_as(
        "SELECT m.seq, m.sent_at FROM thread t JOIN message m ON m.thread_id = t.id
         WHERE t.person_id = $1 AND m.from_kind = 'staff' AND m.kind = 'message' ORDER BY m.seq DESC LIMIT 1")
        .bind(person).fetch_optional(c))?;
    let talks: Vec<(i64, i64, Option<String>)> = on!(access.reads(), c => sqlx::query_as(
        "SELECT m.seq, m.sent_at, m.day_on FROM thread t JOIN message m ON m.thread_id = t.id
         WHERE t.person_id = $1 AND m.kind = 'contact' AND m.seq > $2").bind(person).bind(first).fetch_all(c))?;
    let talks = talks.into_iter().filter_map(|(seq, at, day)| Some((seq, at, end_of(day?.parse().ok()?))));
    let talks: Vec<_> = talks.collect();
    // A promise from before the latest answer says nothing any more.
    let after = talks.iter().map(|(seq, ..)| *seq).chain(answer.map(|(seq, _)| seq)).max().unwrap_or(0);
    let promise: Option<(i64, i64, Id<()>, Option<String>)> = on!(access.reads(), c => sqlx::query_as(
        "SELECT m.seq, m.sent_at, m.from_id, m.day_on FROM thread t JOIN message m ON m.thread_id = t.id
         WHERE t.person_id = $1 AND m.kind = 'promise' AND m.seq > $2 ORDER BY m.seq DESC LIMIT 1")
        .bind(person).bind(after).fetch_optional(c))?;
    let mut settled = Settled { answer, talks, promise: None };
    if let Some((seq, at, by, Some(day))) = promise
        && let Ok(day) = day.parse()
    {
        let sealed = sealed_name(access, by.cast()).await?;
        settled.promise = Some((seq, at, names.of(by, sealed)?, day));
    }
    Ok(settled)
}

/// What the young person wrote since this visit began, oldest first, and nothing else.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn visit<C: Reads>(access: &mut Access<'_, ReadVisit, C>, vault: &Vault, since: i64) -> Result<Vec<Message>> {
    let person = access.person();
    let key: OwnerKey = key(access.reads(), vault, person).await?;
    let rows: Vec<(MessageId, Vec<u8>, i64)> = on!(access.reads(), c => sqlx::query_as(
        "SELECT m.id, m.body_sealed, m.sent_at FROM message m JOIN thread t ON t.id = m.thread_id
         WHERE t.person_id = $1 AND m.from_kind = 'person' AND m.sent_at >= $2 ORDER BY m.seq LIMIT $3")
        .bind(person).bind(since).bind(SHOWN).fetch_all(c))?;
    rows.into_iter()
        .map(|(id, body, sent_at)| {
            let body = key.open(Column::MessageBody, id, &body)?;
            let (from, what, state) = (From::Person, What::Said, State::Saved);
            Ok(Message { id, from, what, body, sent_at, state, shown: None, flagged: false })
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
    let (person, own) = (access.person(), is_own(access.actor()));
    let newest: Option<(MessageId, i64)> = on!(access.reads(), c => sqlx::query_as(
        "SELECT m.id, (SELECT COALESCE(MAX(o.at), 0) FROM message n JOIN message_opened o ON o.message_id = n.id
                       WHERE n.thread_id = t.id AND n.seq > t.last_seq - $3)
         FROM thread t JOIN message m ON m.thread_id = t.id
         WHERE t.person_id = $1 AND NOT (m.kind = 'note' AND $2)
           AND NOT EXISTS (SELECT 1 FROM message_hidden h WHERE h.message_id = m.id AND h.by_id = $1 AND $2)
         ORDER BY m.seq DESC LIMIT 1")
        .bind(person).bind(own).bind(SHOWN).fetch_optional(c))?;
    Ok(newest.is_some_and(|(id, opened)| Some(id) != after || opened > since))
}

/// Marks the other side's messages as opened by the one who asked, now: those of a page that ends
/// with `last`, and none that came after it was read. The first opening stands. Gives how many were
/// new to them.
///
/// # Errors
/// When the database fails.
pub async fn mark_opened(access: &mut Access<'_, ReadThread, Tx>, first: MessageId, last: MessageId) -> Result<u64> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let (by, other) = sides(access.actor());
    let opened = run!(
        access.tx(),
        sqlx::query(
            "INSERT INTO message_opened (message_id, by_id, at)
         SELECT m.id, $2, $3 FROM thread t JOIN message f ON f.thread_id = t.id AND f.id = $6
         JOIN message l ON l.thread_id = t.id AND l.id = $5
         JOIN message m ON m.thread_id = t.id AND m.seq BETWEEN f.seq AND l.seq
         WHERE t.person_id = $1 AND m.from_kind = $4 AND m.kind <> 'note'
           AND NOT EXISTS (SELECT 1 FROM message_opened o WHERE o.message_id = m.id AND o.by_id = $2)
         ON CONFLICT DO NOTHING"
        )
        .bind(person)
        .bind(by)
        .bind(at)
        .bind(other)
        .bind(last)
        .bind(first)
    )?;
    if opened > 0 {
        run!(access.tx(), sqlx::query("UPDATE thread SET changed_at = $2 WHERE person_id = $1").bind(person).bind(at))?;
    }
    Ok(opened)
}

/// The one who asks, and the kind of those on the other side.
const fn sides(actor: &Actor) -> (Id<()>, &'static str) {
    match actor {
        Actor::Person(id, _) => (id.cast(), "staff"),
        Actor::Staff(id, _) => (id.cast(), "person"),
    }
}

/// How many messages the one who asks has to open.
///
/// # Errors
/// When the database fails.
pub async fn unopened<C: Reads>(access: &mut Access<'_, ReadThread, C>) -> Result<i64> {
    let person = access.person();
    let (by, other) = sides(access.actor());
    on!(access.reads(), c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM message m JOIN thread t ON t.id = m.thread_id
         WHERE t.person_id = $1 AND m.from_kind = $3 AND m.kind <> 'note'
           AND NOT EXISTS (SELECT 1 FROM message_opened o WHERE o.message_id = m.id AND o.by_id = $2)")
        .bind(person).bind(by).bind(other).fetch_one(c))
}
