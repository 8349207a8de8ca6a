//! Records that were opened with a reason.

use jiff::Timestamp;

use super::key;
use crate::db::{Reads, Snapshot, Tx, on, run};
use crate::error::Result;
use crate::id::Id;
use crate::people::access::{Access, Caseload, Deed};
use crate::people::{PersonId, Reason, StaffId};
use crate::vault::{Column, Vault};

/// Whether `staff` opened the record of `person` with a reason that still counts.
///
/// # Errors
/// When the database fails.
pub async fn broke_glass(db: &mut Snapshot, staff: StaffId, person: PersonId, at: Timestamp) -> Result<bool> {
    let found: Option<i64> = on!(db, c => sqlx::query_scalar(
        "SELECT CAST(1 AS BIGINT) FROM break_glass g JOIN person p ON p.id = g.person_id JOIN staff s ON s.id = g.staff_id
         WHERE g.staff_id = $1 AND g.person_id = $2 AND g.at <= $3 AND g.until_at > $3 AND p.state = 'active' AND s.state = 'active' LIMIT 1")
        .bind(staff).bind(person).bind(at.as_microsecond()).fetch_optional(c))?;
    Ok(found.is_some())
}

/// Opens the record of a person to a worker who does not work with them, for a reason.
///
/// # Errors
/// When the database fails.
pub async fn insert_glass(
    tx: &mut Tx,
    vault: &Vault,
    person: PersonId,
    staff: StaffId,
    reason: &str,
    (at, until): (Timestamp, Timestamp),
) -> Result<()> {
    let id: Id<()> = crate::vault::new_id()?;
    let sealed = key(tx, vault, person).await?.seal(Column::GlassReason, id, reason)?;
    run!(tx, sqlx::query(
        "INSERT INTO break_glass (id, person_id, staff_id, reason_sealed, at, until_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(id).bind(person).bind(staff).bind(&sealed).bind(at.as_microsecond()).bind(until.as_microsecond()))?;
    Ok(())
}

/// Why people opened the record of a proof who do not work with the person, the latest first.
///
/// # Errors
/// When the database fails or a reason does not open.
pub async fn reasons<D: Deed, C: Reads>(access: &mut Access<'_, D, C>, vault: &Vault) -> Result<Vec<Reason>> {
    let person = access.person();
    let own = key(access.reads(), vault, person).await?;
    type Row = (Id<()>, Vec<u8>, i64, StaffId, Vec<u8>, Vec<u8>);
    let rows: Vec<Row> = on!(access.reads(), c => sqlx::query_as(
        "SELECT g.id, g.reason_sealed, g.at, s.id, s.name_sealed, k.wrapped
         FROM break_glass g JOIN staff s ON s.id = g.staff_id JOIN seal_key k ON k.owner_id = s.id
         WHERE g.person_id = $1 ORDER BY g.at DESC, g.id LIMIT 100").bind(person).fetch_all(c))?;
    rows.into_iter()
        .map(|(id, reason, at, staff, name, wrapped)| {
            let by = vault.owner_key(staff, &wrapped)?.open(Column::StaffName, staff, &name)?;
            Ok(Reason { at, by, of: String::new(), reason: own.open(Column::GlassReason, id, &reason)? })
        })
        .collect()
}

/// Who opened a record without working with the person, of everybody whom the asker manages, since then.
///
/// # Errors
/// When the database fails or a reason does not open.
pub async fn reasons_for_manager(caseload: &mut Caseload<'_>, vault: &Vault, since: i64) -> Result<Vec<Reason>> {
    let (manager, at) = (caseload.staff(), caseload.at().as_microsecond());
    type Row = (Id<()>, Vec<u8>, i64, StaffId, Vec<u8>, Vec<u8>, PersonId, Vec<u8>);
    let rows: Vec<Row> = on!(caseload.reads(), c => sqlx::query_as(
        "SELECT g.id, g.reason_sealed, g.at, s.id, s.name_sealed, k.wrapped, p.id, p.called_sealed
         FROM break_glass g JOIN staff s ON s.id = g.staff_id JOIN seal_key k ON k.owner_id = s.id JOIN person p ON p.id = g.person_id
         WHERE g.at > $2 AND EXISTS (SELECT 1 FROM person_manager a
             WHERE a.person_id = p.id AND a.staff_id = $1 AND a.from_at <= $3 AND (a.to_at IS NULL OR a.to_at > $3)) ORDER BY g.at DESC, g.id LIMIT 100")
        .bind(manager).bind(since).bind(at).fetch_all(c))?;
    let mut reasons = Vec::with_capacity(rows.len());
    for (id, reason, at, staff, name, wrapped, person, called) in rows {
        let own = key(caseload.reads(), vault, person).await?;
        let by = vault.owner_key(staff, &wrapped)?.open(Column::StaffName, staff, &name)?;
        let of = own.open(Column::PersonCalled, person, &called)?;
        reasons.push(Reason { at, by, of, reason: own.open(Column::GlassReason, id, &reason)? });
    }
    Ok(reasons)
}
