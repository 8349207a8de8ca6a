//! What somebody marks for themselves, and messages whose words sound like danger.

use std::collections::BTreeMap;

use crate::db::{Question, Reads, Tx, on, run};
use crate::error::Result;
use crate::messages::{Mark, MessageId};
use crate::people::access::{Access, AnswerMessage, Deed, HideMessage, MarkThread};
use crate::people::{Actor, PersonId, StaffId};

/// Takes a message out of the young person's own view. It stays in the record. False when it is not in their thread.
///
/// # Errors
/// When the database fails.
pub async fn hide(access: &mut Access<'_, HideMessage, Tx>, message: MessageId) -> Result<bool> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let theirs: Option<i64> = on!(access.reads(), c => sqlx::query_scalar(
        "SELECT CAST(1 AS BIGINT) FROM message m JOIN thread t ON t.id = m.thread_id WHERE m.id = $1 AND t.person_id = $2 AND m.kind <> 'note'")
        .bind(message).bind(person).fetch_optional(c))?;
    if theirs.is_none() {
        return Ok(false);
    }
    run!(
        access.tx(),
        sqlx::query("INSERT INTO message_hidden (message_id, by_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(message)
            .bind(person)
            .bind(at)
    )?;
    Ok(true)
}

/// Shows everything again that the young person had hidden.
///
/// # Errors
/// When the database fails.
pub async fn show_again(access: &mut Access<'_, HideMessage, Tx>) -> Result<()> {
    let person = access.person();
    run!(access.tx(), sqlx::query("DELETE FROM message_hidden WHERE by_id = $1").bind(person))?;
    Ok(())
}

type Row = (bool, Option<String>, Option<String>);

fn read((unread, snoozed, follow): Row) -> Mark {
    let day = |text: Option<String>| text.and_then(|text| text.parse().ok());
    Mark { unread, snoozed_to: day(snoozed), follow_up_on: day(follow) }
}

/// The marks of the worker who asks.
///
/// # Errors
/// When the database fails.
pub async fn mark<D: Deed, C: Reads>(access: &mut Access<'_, D, C>, staff: StaffId) -> Result<Mark> {
    let person = access.person();
    let row: Option<Row> = on!(access.reads(), c => sqlx::query_as(
        "SELECT unread, snoozed_to, follow_up_on FROM thread_mark WHERE person_id = $1 AND staff_id = $2")
        .bind(person).bind(staff).fetch_optional(c))?;
    Ok(row.map(read).unwrap_or_default())
}

/// What a worker marked, of everybody.
pub(super) fn of_all(staff: StaffId) -> Question<'static, BTreeMap<PersonId, Mark>> {
    Question::new(
        "SELECT person_id, unread, snoozed_to, follow_up_on FROM thread_mark WHERE staff_id = $1",
        [staff.into()],
        |rows: Vec<(PersonId, bool, Option<String>, Option<String>)>| {
            let mark = |(person, unread, snoozed, follow)| (person, read((unread, snoozed, follow)));
            Ok(rows.into_iter().map(mark).collect())
        },
    )
}

/// Sets the marks of the worker who asks.
///
/// # Errors
/// When the database fails.
pub async fn set_mark(access: &mut Access<'_, MarkThread, Tx>, staff: StaffId, mark: Mark) -> Result<()> {
    let person = access.person();
    run!(
        access.tx(),
        sqlx::query(
            "INSERT INTO thread_mark (person_id, staff_id, unread, snoozed_to, follow_up_on) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (person_id, staff_id) DO UPDATE SET unread = $3, snoozed_to = $4, follow_up_on = $5"
        )
        .bind(person)
        .bind(staff)
        .bind(mark.unread)
        .bind(mark.snoozed_to.map(|day| day.to_string()))
        .bind(mark.follow_up_on.map(|day| day.to_string()))
    )?;
    Ok(())
}

/// Gives the marks of one worker on somebody's thread to another, who keeps their own where they have some.
///
/// # Errors
/// When the database fails.
pub async fn hand_marks(tx: &mut Tx, person: PersonId, from: StaffId, to: StaffId) -> Result<()> {
    run!(
        tx,
        sqlx::query(
            "INSERT INTO thread_mark (person_id, staff_id, unread, snoozed_to, follow_up_on)
         SELECT person_id, $3, unread, snoozed_to, follow_up_on FROM thread_mark WHERE person_id = $1 AND staff_id = $2
         ON CONFLICT (person_id, staff_id) DO UPDATE SET unread = (thread_mark.unread OR excluded.unread),
            snoozed_to = COALESCE(thread_mark.snoozed_to, excluded.snoozed_to),
            follow_up_on = COALESCE(thread_mark.follow_up_on, excluded.follow_up_on)"
        )
        .bind(person)
        .bind(from)
        .bind(to)
    )?;
    run!(tx, sqlx::query("DELETE FROM thread_mark WHERE person_id = $1 AND staff_id = $2").bind(person).bind(from))?;
    Ok(())
}

/// Puts a message at the top of the list: its words sound like danger.
///
/// # Errors
/// When the database fails.
pub async fn flag<D: Deed>(access: &mut Access<'_, D, Tx>, message: MessageId) -> Result<()> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    run!(
        access.tx(),
        sqlx::query("INSERT INTO crisis_flag (message_id, person_id, at) VALUES ($1, $2, $3)")
            .bind(message)
            .bind(person)
            .bind(at)
    )?;
    Ok(())
}

/// Whether words of the person sound like danger, and no worker has said yet that they looked.
///
/// # Errors
/// When the database fails.
pub async fn is_flagged<D: Deed, C: Reads>(access: &mut Access<'_, D, C>) -> Result<bool> {
    let person = access.person();
    let flags: i64 = on!(access.reads(), c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM crisis_flag WHERE person_id = $1 AND cleared_at IS NULL").bind(person).fetch_one(c))?;
    Ok(flags > 0)
}

/// A worker has looked at every message of the person whose words sound like danger. Gives how many.
///
/// # Errors
/// When the database fails.
pub async fn clear_flag(access: &mut Access<'_, AnswerMessage, Tx>) -> Result<u64> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let Actor::Staff(by, _) = access.actor().clone() else { return Ok(0) };
    // What came after the page was read is looked at when it has been opened.
    run!(
        access.tx(),
        sqlx::query(
            "UPDATE crisis_flag SET cleared_by = $2, cleared_at = $3 WHERE person_id = $1 AND cleared_at IS NULL
           AND EXISTS (SELECT 1 FROM message_opened o WHERE o.message_id = crisis_flag.message_id AND o.by_id = $2)"
        )
        .bind(person)
        .bind(by)
        .bind(at)
    )
}
