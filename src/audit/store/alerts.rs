//! What staff read since the last look, and the alerts that came of it.

use jiff::Timestamp;

use super::super::alerts::{Alert, AlertId, Kind, Reading, Stands, Told};
use crate::clock::{DAY, HOUR};
use crate::db::{Snapshot, Tx, on, run};
use crate::error::Result;
use crate::people::access::{Access, Caseload, LookAtAlert};
use crate::people::{PersonId, StaffId};
use crate::vault::{Column, Vault};

/// At most so many links are looked through in one go.
const AT_ONCE: i64 = 10_000;

/// Readings by staff that nobody has looked through yet: from which link, up to which, and what was read, with
/// what the same workers read in the hour before. What is older than a day is history, as on the first start.
///
/// # Errors
/// When the database fails.
pub async fn readings(db: &mut Snapshot, now: Timestamp) -> Result<(i64, i64, Vec<Reading>)> {
    let from: i64 = on!(db, c => sqlx::query_scalar("SELECT n FROM audit_watched").fetch_one(c))?;
    let last: i64 = on!(db, c => sqlx::query_scalar("SELECT COALESCE(MAX(n), 0) FROM audit_link").fetch_one(c))?;
    let to = last.min(from + AT_ONCE);
    let first: Option<i64> = on!(db, c => sqlx::query_scalar(
        "SELECT MIN(a.at) FROM audit_link l JOIN audit a ON a.id = l.audit_id
         WHERE l.n > $1 AND l.n <= $2 AND a.actor_kind = 'staff' AND a.person_id IS NOT NULL AND a.action IN ('read', 'open') AND a.at > $3")
        .bind(from).bind(to).bind(now.as_microsecond() - DAY).fetch_one(c))?;
    let Some(first) = first else { return Ok((from, to, Vec::new())) };
    type Row = (StaffId, PersonId, i64, String, bool);
    let rows: Vec<Row> = on!(db, c => sqlx::query_as(
        "SELECT a.actor_id, a.person_id, a.at, a.relation, EXISTS (
             SELECT 1 FROM assignment w WHERE w.staff_id = a.actor_id AND w.person_id = a.person_id AND w.to_at <= a.at)
         FROM audit a WHERE a.actor_kind = 'staff' AND a.person_id IS NOT NULL AND a.action IN ('read', 'open') AND a.at > $3
           AND a.actor_id IN (SELECT b.actor_id FROM audit_link l JOIN audit b ON b.id = l.audit_id WHERE l.n > $1 AND l.n <= $2)
         ORDER BY a.at, a.id")
        .bind(from).bind(to).bind(first - HOUR).fetch_all(c))?;
    let readings = rows.into_iter().map(|(staff, person, at, relation, once)| {
        let stands = match relation.as_str() {
            "team_duty" | "duty" => Stands::OnDuty,
            "break_glass" | "none" if once => Stands::Once,
            "break_glass" | "none" => Stands::Never,
            _ => Stands::Works,
        };
        Reading { staff, person, at, stands }
    });
    Ok((from, to, readings.collect()))
}

/// Notes that readings were looked through up to a link. False when another instance did it first.
///
/// # Errors
/// When the database fails.
pub async fn watched(tx: &mut Tx, from: i64, to: i64) -> Result<bool> {
    let moved = run!(tx, sqlx::query("UPDATE audit_watched SET n = $2 WHERE n = $1").bind(from).bind(to))?;
    Ok(moved == 1)
}

/// Keeps an alert. False when it is there already, or one about many by the same worker within the hour before.
///
/// # Errors
/// When the database fails.
pub async fn raise(tx: &mut Tx, alert: &Alert) -> Result<bool> {
    if alert.person.is_none() {
        let told: Option<i64> = on!(tx, c => sqlx::query_scalar(
            "SELECT at FROM audit_alert WHERE kind = $1 AND staff_id = $2 AND at > $3 AND at <= $4 LIMIT 1")
            .bind(alert.kind.as_str()).bind(alert.staff).bind(alert.at - HOUR).bind(alert.at).fetch_optional(c))?;
        if told.is_some() {
            return Ok(false);
        }
    }
    let id: AlertId = crate::vault::new_id()?;
    let added = run!(
        tx,
        sqlx::query(
            "INSERT INTO audit_alert (id, kind, staff_id, person_id, dedupe, at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (dedupe) DO NOTHING"
        )
        .bind(id)
        .bind(alert.kind.as_str())
        .bind(alert.staff)
        .bind(alert.person)
        .bind(alert.dedupe())
        .bind(alert.at)
    )?;
    Ok(added == 1)
}

/// Whom an alert is about: the person, or everybody of whom the worker read in that hour.
///
/// # Errors
/// When the database fails.
pub async fn people_of(db: &mut Snapshot, alert: &Alert) -> Result<Vec<PersonId>> {
    match alert.person {
        Some(person) => Ok(vec![person]),
        None => on!(db, c => sqlx::query_scalar(
            "SELECT DISTINCT person_id FROM audit
             WHERE actor_id = $1 AND person_id IS NOT NULL AND action IN ('read', 'open') AND at > $2 AND at <= $3")
            .bind(alert.staff).bind(alert.at - HOUR).bind(alert.at).fetch_all(c)),
    }
}

/// An alert that nobody has looked at yet.
///
/// # Errors
/// When the database fails.
pub async fn alert(db: &mut Snapshot, id: AlertId) -> Result<Option<Alert>> {
    type Row = (String, StaffId, Option<PersonId>, i64);
    let row: Option<Row> = on!(db, c => sqlx::query_as(
        "SELECT kind, staff_id, person_id, at FROM audit_alert WHERE id = $1 AND looked_at IS NULL").bind(id).fetch_optional(c))?;
    Ok(row.and_then(|(kind, staff, person, at)| Some(Alert { kind: Kind::parse(&kind)?, staff, person, at })))
}

/// A manager of somebody whom an alert is about has looked at it.
///
/// # Errors
/// When the database fails.
pub async fn look_at(access: &mut Access<'_, LookAtAlert, Tx>, id: AlertId, by: StaffId) -> Result<()> {
    let at = access.at().as_microsecond();
    run!(
        access.tx(),
        sqlx::query("UPDATE audit_alert SET looked_by = $2, looked_at = $3 WHERE id = $1 AND looked_at IS NULL")
            .bind(id)
            .bind(by)
            .bind(at)
    )?;
    Ok(())
}

/// What nobody has looked at yet about those whom the asker manages, the latest first. Nobody is shown what they
/// did themselves.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn alerts_for_manager(caseload: &mut Caseload<'_>, vault: &Vault) -> Result<Vec<Told>> {
    let (manager, now) = (caseload.staff(), caseload.at().as_microsecond());
    type Row = (AlertId, String, i64, StaffId, Vec<u8>, Vec<u8>, Option<PersonId>, Option<Vec<u8>>, Option<Vec<u8>>);
    let rows: Vec<Row> = on!(caseload.reads(), c => sqlx::query_as(
        "SELECT t.id, t.kind, t.at, s.id, s.name_sealed, k.wrapped, p.id, p.called_sealed, o.wrapped
         FROM audit_alert t JOIN staff s ON s.id = t.staff_id JOIN seal_key k ON k.owner_id = s.id
         LEFT JOIN person p ON p.id = t.person_id LEFT JOIN seal_key o ON o.owner_id = p.id
         WHERE t.looked_at IS NULL AND t.staff_id <> $1 AND EXISTS (
             SELECT 1 FROM person_manager m WHERE m.staff_id = $1 AND m.from_at <= $2 AND (m.to_at IS NULL OR m.to_at > $2)
               AND (m.person_id = t.person_id OR (t.person_id IS NULL AND EXISTS (
                   SELECT 1 FROM audit a WHERE a.actor_id = t.staff_id AND a.person_id = m.person_id AND a.action IN ('read', 'open')
                     AND a.at > t.at - $3 AND a.at <= t.at))))
         ORDER BY t.at DESC, t.id LIMIT 100")
        .bind(manager).bind(now).bind(HOUR).fetch_all(c))?;
    let mut told = Vec::with_capacity(rows.len());
    for (id, kind, at, staff, name, wrapped, person, called, own) in rows {
        let by = vault.owner_key(staff, &wrapped)?.open(Column::StaffName, staff, &name)?;
        let of = match (person, called, own) {
            (Some(person), Some(called), Some(own)) => {
                vault.owner_key(person, &own)?.open(Column::PersonCalled, person, &called)?
            }
            _ => String::new(),
        };
        told.extend(Kind::parse(&kind).map(|kind| Told { id, kind, by, of, at }));
    }
    Ok(told)
}
