//! Waits whose time is up, and what changed lately.

use jiff::Timestamp;

use crate::db::{Snapshot, Tx, on, run};
use crate::error::Result;
use crate::id::Id;
use crate::messages::answering::Step;
use crate::people::{PersonId, StaffId, TeamId, store as people};

/// A wait whose time is up.
#[derive(Clone, Debug)]
pub struct Late {
    /// The thread.
    pub thread: Id<()>,
    /// Who waits.
    pub person: PersonId,
    /// Their team.
    pub team: TeamId,
    /// Who leads.
    pub lead: Option<StaffId>,
    /// Since when they wait, UTC microseconds.
    pub since: i64,
    /// By when they were to be answered.
    pub due: i64,
    /// Their words sound like danger.
    pub urgent: bool,
}

/// Every wait whose time is up and that was not taken to the last step yet, the longest over first.
///
/// # Errors
/// When the database fails.
pub async fn late(db: &mut Snapshot, at: Timestamp) -> Result<Vec<Late>> {
    type Row = (Id<()>, PersonId, TeamId, i64, i64, i64);
    let rows: Vec<Row> = on!(db, c => sqlx::query_as(
        "SELECT t.id, p.id, p.team_id, t.waiting_since, t.due_at,
            (SELECT COUNT(*) FROM crisis_flag f WHERE f.person_id = p.id AND f.cleared_at IS NULL)
         FROM thread t JOIN person p ON p.id = t.person_id
         WHERE t.due_at <= $1 AND t.waiting_since IS NOT NULL AND p.state = 'active'
           AND NOT EXISTS (SELECT 1 FROM escalation e WHERE e.thread_id = t.id AND e.waiting_since = t.waiting_since AND e.due_at = t.due_at AND e.step = 'manager')
         ORDER BY t.due_at, t.id")
        .bind(at.as_microsecond()).fetch_all(c))?;
    let people: Vec<PersonId> = rows.iter().map(|row| row.1).collect();
    let leads = people::leads(db, &people, at).await?;
    let late = rows.into_iter().map(|(thread, person, team, since, due, flags)| Late {
        thread,
        person,
        team,
        lead: leads.get(&person).copied(),
        since,
        due,
        urgent: flags > 0,
    });
    Ok(late.collect())
}

/// Writes down that a wait was taken one step further. False when it was already.
///
/// # Errors
/// When the database fails.
pub async fn escalate(tx: &mut Tx, late: &Late, step: Step, at: Timestamp) -> Result<bool> {
    let new = run!(tx, sqlx::query(
        "INSERT INTO escalation (thread_id, waiting_since, due_at, step, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING")
        .bind(late.thread).bind(late.since).bind(late.due).bind(step.as_str()).bind(at.as_microsecond()))?;
    Ok(new > 0)
}

/// The people in whose threads anything changed after a moment, and when.
///
/// # Errors
/// When the database fails.
pub async fn changed_since(db: &mut Snapshot, since: i64) -> Result<Vec<(PersonId, i64)>> {
    on!(db, c => sqlx::query_as("SELECT person_id, changed_at FROM thread WHERE changed_at > $1").bind(since).fetch_all(c))
}
