//! Handing young people over from one worker to another, now or on a day.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::clock::london_date;
use crate::db::{Snapshot, Tx, on, run};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::people::access::Managed;
use crate::people::{HandOver, HandOverId, PersonId, StaffId, Theirs};
use crate::vault::{Column, Vault};

/// Everybody with whom somebody works now, in whatever part.
///
/// # Errors
/// When the database fails.
pub async fn works_with_whom(db: &mut Snapshot, staff: StaffId, at: Timestamp) -> Result<Vec<PersonId>> {
    on!(db, c => sqlx::query_scalar(
        "SELECT DISTINCT p.id FROM assignment a JOIN person p ON p.id = a.person_id
         WHERE a.staff_id = $1 AND a.from_at <= $2 AND (a.to_at IS NULL OR a.to_at > $2) AND p.state = 'active' ORDER BY p.id")
        .bind(staff).bind(at.as_microsecond()).fetch_all(c))
}

/// One person with whom `from` works is `to`'s from now on, in the same parts, led by them where they were led. Nothing
/// about their thread changes. False when `from` does not work with them.
///
/// # Errors
/// When the database fails.
pub async fn hand_over_one(tx: &mut Tx, person: PersonId, from: StaffId, to: StaffId, at: Timestamp) -> Result<bool> {
    let now = at.as_microsecond();
    let live: Vec<(Id<()>, String, bool)> = on!(tx, c => sqlx::query_as(
        "SELECT id, kind, lead FROM assignment WHERE staff_id = $1 AND person_id = $2 AND from_at <= $3 AND (to_at IS NULL OR to_at > $3)")
        .bind(from).bind(person).bind(now).fetch_all(c))?;
    for (id, kind, lead) in &live {
        run!(
            tx,
            sqlx::query("UPDATE assignment SET to_at = $2, lead = $3 WHERE id = $1").bind(*id).bind(now).bind(false)
        )?;
        let known: Option<Id<()>> = on!(tx, c => sqlx::query_scalar(
            "SELECT id FROM assignment WHERE staff_id = $1 AND person_id = $2 AND kind = $3 AND from_at <= $4 AND (to_at IS NULL OR to_at > $4) LIMIT 1")
            .bind(to).bind(person).bind(kind).bind(now).fetch_optional(c))?;
        match known {
            Some(known) => {
                run!(
                    tx,
                    sqlx::query("UPDATE assignment SET lead = (lead OR $2) WHERE id = $1").bind(known).bind(*lead)
                )?;
            }
            None => {
                let new: Id<()> = crate::vault::new_id()?;
                run!(tx, sqlx::query(
                    "INSERT INTO assignment (id, person_id, staff_id, kind, lead, from_at) VALUES ($1, $2, $3, $4, $5, $6)")
                    .bind(new).bind(person).bind(to).bind(kind).bind(*lead).bind(now))?;
            }
        }
    }
    Ok(!live.is_empty())
}

/// Writes down a hand-over that comes on a day. An earlier plan for the same person and worker gives way.
///
/// # Errors
/// When the database fails.
pub async fn plan_hand_over(tx: &mut Tx, plan: &HandOver, at: Timestamp) -> Result<()> {
    let now = at.as_microsecond();
    run!(tx, sqlx::query(
        "UPDATE hand_over SET dropped_at = $3 WHERE person_id = $1 AND from_id = $2 AND done_at IS NULL AND dropped_at IS NULL")
        .bind(plan.person).bind(plan.from).bind(now))?;
    run!(
        tx,
        sqlx::query(
            "INSERT INTO hand_over (id, person_id, from_id, to_id, day_on, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        )
        .bind(plan.id)
        .bind(plan.person)
        .bind(plan.from)
        .bind(plan.to)
        .bind(plan.day.to_string())
        .bind(plan.made_by)
        .bind(now)
    )?;
    Ok(())
}

type Row = (HandOverId, PersonId, StaffId, StaffId, String, StaffId);

fn read((id, person, from, to, day, made_by): Row) -> Result<HandOver> {
    let day: Date = day.parse().map_err(|_| Error::Internal("the day of a hand-over does not read".into()))?;
    Ok(HandOver { id, person, from, to, day, made_by })
}

/// The hand-overs whose day has come.
///
/// # Errors
/// When the database fails.
pub async fn due_hand_overs(db: &mut Snapshot, at: Timestamp) -> Result<Vec<HandOver>> {
    let rows: Vec<Row> = on!(db, c => sqlx::query_as(
        "SELECT id, person_id, from_id, to_id, day_on, made_by FROM hand_over
         WHERE day_on <= $1 AND done_at IS NULL AND dropped_at IS NULL ORDER BY day_on, id")
        .bind(london_date(at).to_string()).fetch_all(c))?;
    rows.into_iter().map(read).collect()
}

/// The hand-overs from a worker that are still to come.
///
/// # Errors
/// When the database fails.
pub async fn planned_hand_overs(db: &mut Snapshot, from: StaffId) -> Result<Vec<HandOver>> {
    let rows: Vec<Row> = on!(db, c => sqlx::query_as(
        "SELECT id, person_id, from_id, to_id, day_on, made_by FROM hand_over
         WHERE from_id = $1 AND done_at IS NULL AND dropped_at IS NULL ORDER BY day_on, id").bind(from).fetch_all(c))?;
    rows.into_iter().map(read).collect()
}

/// A hand-over was done, or is not to be. False when it was settled before.
///
/// # Errors
/// When the database fails.
pub async fn settle_hand_over(tx: &mut Tx, id: HandOverId, done: bool, at: Timestamp) -> Result<bool> {
    let column = if done {
        "UPDATE hand_over SET done_at = $2 WHERE id = $1 AND done_at IS NULL AND dropped_at IS NULL"
    } else {
        "UPDATE hand_over SET dropped_at = $2 WHERE id = $1 AND done_at IS NULL AND dropped_at IS NULL"
    };
    Ok(run!(tx, sqlx::query(column).bind(id).bind(at.as_microsecond()))? == 1)
}

/// Everybody with whom a worker works and whom the one who asks manages, by name.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn theirs(managed: &mut Managed<'_>, vault: &Vault, staff: StaffId) -> Result<Vec<Theirs>> {
    let (manager, at) = (managed.staff(), managed.at().as_microsecond());
    type Row = (PersonId, Vec<u8>, Vec<u8>, i64);
    let rows: Vec<Row> = on!(managed.reads(), c => sqlx::query_as(
        "SELECT p.id, p.name_sealed, k.wrapped, CAST(MAX(CASE WHEN a.lead THEN 1 ELSE 0 END) AS BIGINT)
         FROM assignment a JOIN person p ON p.id = a.person_id JOIN seal_key k ON k.owner_id = p.id
         WHERE a.staff_id = $1 AND a.from_at <= $3 AND (a.to_at IS NULL OR a.to_at > $3) AND p.state = 'active'
           AND EXISTS (SELECT 1 FROM person_manager m WHERE m.person_id = p.id AND m.staff_id = $2
                       AND m.from_at <= $3 AND (m.to_at IS NULL OR m.to_at > $3))
         GROUP BY p.id, p.name_sealed, k.wrapped")
        .bind(staff).bind(manager).bind(at).fetch_all(c))?;
    let mut theirs = Vec::with_capacity(rows.len());
    for (person, name, wrapped, lead) in rows {
        let name = vault.owner_key(person, &wrapped)?.open(Column::PersonName, person, &name)?;
        theirs.push((person, name, lead == 1));
    }
    theirs.sort_by(|one, other| (&one.1, one.0).cmp(&(&other.1, other.0)));
    Ok(theirs)
}

/// The workers whom the one who asks manages: those in their team, and those who work with somebody whom they manage.
/// By name, and with how many of those people they work.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn managed_staff(managed: &mut Managed<'_>, vault: &Vault) -> Result<Vec<(StaffId, String, i64)>> {
    let (manager, at) = (managed.staff(), managed.at().as_microsecond());
    type Row = (StaffId, Vec<u8>, Vec<u8>, i64);
    let rows: Vec<Row> = on!(managed.reads(), c => sqlx::query_as(
        "SELECT s.id, s.name_sealed, k.wrapped,
            (SELECT COUNT(DISTINCT a.person_id) FROM assignment a JOIN person p ON p.id = a.person_id
             JOIN person_manager m ON m.person_id = a.person_id AND m.staff_id = $1 AND m.from_at <= $2 AND (m.to_at IS NULL OR m.to_at > $2)
             WHERE a.staff_id = s.id AND a.from_at <= $2 AND (a.to_at IS NULL OR a.to_at > $2) AND p.state = 'active')
         FROM staff s JOIN seal_key k ON k.owner_id = s.id WHERE s.state <> 'left' AND s.id <> $1")
        .bind(manager).bind(at).fetch_all(c))?;
    let mates: Vec<StaffId> = on!(managed.reads(), c => sqlx::query_scalar(
        "SELECT o.staff_id FROM team_member m JOIN team_member o ON o.team_id = m.team_id
         WHERE m.staff_id = $1 AND m.from_at <= $2 AND (m.to_at IS NULL OR m.to_at > $2)
           AND o.from_at <= $2 AND (o.to_at IS NULL OR o.to_at > $2)").bind(manager).bind(at).fetch_all(c))?;
    let mut staff = Vec::new();
    for (id, name, wrapped, many) in rows {
        if many > 0 || mates.contains(&id) {
            let name = vault.owner_key(id, &wrapped)?.open(Column::StaffName, id, &name)?;
            staff.push((id, name, many));
        }
    }
    staff.sort_by(|one, other| (&one.1, one.0).cmp(&(&other.1, other.0)));
    Ok(staff)
}
