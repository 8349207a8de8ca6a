//! How a member of staff stands to young people.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::db::{Snapshot, on, on_list};
use crate::error::Result;
use crate::people::{Part, PersonId, StaffId, TeamId};

/// The parts in which `staff` works with `person` at this moment: what they do themselves comes before that they manage
/// whoever does.
///
/// # Errors
/// When the database fails.
pub async fn parts(db: &mut Snapshot, staff: StaffId, person: PersonId, at: Timestamp) -> Result<Vec<Part>> {
    Ok(parts_of(db, staff, &[person], at).await?.into_iter().map(|(_, part)| part).collect())
}

/// The same of each of these people.
///
/// # Errors
/// When the database fails.
pub async fn parts_of(
    db: &mut Snapshot,
    staff: StaffId,
    people: &[PersonId],
    at: Timestamp,
) -> Result<Vec<(PersonId, Part)>> {
    let now = at.as_microsecond();
    // Whoever manages the team needs no assignment of their own.
    let rows: Vec<(PersonId, String)> = on_list!(
        db,
        "SELECT DISTINCT w.person_id, w.kind FROM (
             SELECT person_id, kind, staff_id, from_at, to_at FROM assignment WHERE person_id IN ({})
             UNION ALL SELECT person_id, 'manager', staff_id, from_at, to_at FROM person_manager WHERE person_id IN ({})) w
         JOIN person p ON p.id = w.person_id JOIN staff s ON s.id = w.staff_id
         WHERE w.staff_id = $1 AND w.from_at <= $2 AND (w.to_at IS NULL OR w.to_at > $2)
           AND p.state = 'active' AND s.state = 'active'",
        [staff, now],
        people
    )?;
    let mut parts: Vec<(PersonId, Part)> =
        rows.into_iter().filter_map(|(person, kind)| Some((person, Part::parse(&kind)?))).collect();
    parts.sort_by_key(|(_, part)| Part::ALL.into_iter().position(|one| one == *part));
    Ok(parts)
}

/// Whether `staff` is on the duty desk of the team of `person` at this moment.
///
/// # Errors
/// When the database fails.
pub async fn is_on_duty_for(db: &mut Snapshot, staff: StaffId, person: PersonId, at: Timestamp) -> Result<bool> {
    let found: Option<i64> = on!(db, c => sqlx::query_scalar(
        "SELECT CAST(1 AS BIGINT) FROM team_member m JOIN person p ON p.team_id = m.team_id JOIN staff s ON s.id = m.staff_id
         WHERE m.staff_id = $1 AND p.id = $2 AND m.duty AND m.from_at <= $3 AND (m.to_at IS NULL OR m.to_at > $3)
           AND p.state = 'active' AND s.state = 'active' LIMIT 1")
        .bind(staff).bind(person).bind(at.as_microsecond()).fetch_optional(c))?;
    Ok(found.is_some())
}

/// The teams on whose duty desk `staff` is at this moment.
///
/// # Errors
/// When the database fails.
pub async fn desks(db: &mut Snapshot, staff: StaffId, at: Timestamp) -> Result<Vec<TeamId>> {
    on!(db, c => sqlx::query_scalar(
        "SELECT m.team_id FROM team_member m JOIN staff s ON s.id = m.staff_id
         WHERE m.staff_id = $1 AND m.duty AND m.from_at <= $2 AND (m.to_at IS NULL OR m.to_at > $2) AND s.state = 'active'")
        .bind(staff).bind(at.as_microsecond()).fetch_all(c))
}

/// The team of each of these people whose record is open.
///
/// # Errors
/// When the database fails.
pub async fn teams_of(db: &mut Snapshot, people: &[PersonId]) -> Result<BTreeMap<PersonId, TeamId>> {
    let rows: Vec<(PersonId, TeamId)> =
        on_list!(db, "SELECT id, team_id FROM person WHERE state = 'active' AND id IN ({})", [], people)?;
    Ok(rows.into_iter().collect())
}
