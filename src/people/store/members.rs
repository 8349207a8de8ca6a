//! Staff as an administrator keeps them: who is here, in which roles, and what somebody leaves behind.

use jiff::Timestamp;

use crate::db::{Snapshot, Tx, on, run};
use crate::error::Result;
use crate::people::{Member, Role, StaffId};
use crate::vault::{Column, Vault};

type Row = (StaffId, Vec<u8>, Vec<u8>, String);

/// Every member of staff, by name, those who are here first.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn members(db: &mut Snapshot, vault: &Vault, at: Timestamp) -> Result<Vec<Member>> {
    let rows: Vec<Row> = on!(db, c => sqlx::query_as(
        "SELECT s.id, s.name_sealed, k.wrapped, s.state FROM staff s JOIN seal_key k ON k.owner_id = s.id").fetch_all(c))?;
    let mut members = Vec::with_capacity(rows.len());
    for row in rows {
        members.push(read(db, vault, row, at).await?);
    }
    members.sort_by(|one, other| (!one.active, &one.name, one.id).cmp(&(!other.active, &other.name, other.id)));
    Ok(members)
}

/// One member of staff.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn member(db: &mut Snapshot, vault: &Vault, staff: StaffId, at: Timestamp) -> Result<Option<Member>> {
    let row: Option<Row> = on!(db, c => sqlx::query_as(
        "SELECT s.id, s.name_sealed, k.wrapped, s.state FROM staff s JOIN seal_key k ON k.owner_id = s.id WHERE s.id = $1")
        .bind(staff).fetch_optional(c))?;
    match row {
        Some(row) => read(db, vault, row, at).await.map(Some),
        None => Ok(None),
    }
}

async fn read(db: &mut Snapshot, vault: &Vault, row: Row, at: Timestamp) -> Result<Member> {
    let (id, name, wrapped, state) = row;
    Ok(Member {
        id,
        name: vault.owner_key(id, &wrapped)?.open(Column::StaffName, id, &name)?,
        active: state == "active",
        roles: super::roles(db, id, at).await?,
        works_with: works_with(db, id, at).await?,
    })
}

/// How many young people somebody works with now.
///
/// # Errors
/// When the database fails.
pub async fn works_with(db: &mut Snapshot, staff: StaffId, at: Timestamp) -> Result<i64> {
    on!(db, c => sqlx::query_scalar(
        "SELECT COUNT(DISTINCT a.person_id) FROM assignment a JOIN person p ON p.id = a.person_id
         WHERE a.staff_id = $1 AND a.from_at <= $2 AND (a.to_at IS NULL OR a.to_at > $2) AND p.state = 'active'")
        .bind(staff).bind(at.as_microsecond()).fetch_one(c))
}

/// How many administrators there are now.
///
/// # Errors
/// When the database fails.
pub async fn admins(db: &mut Snapshot, at: Timestamp) -> Result<i64> {
    on!(db, c => sqlx::query_scalar(
        "SELECT COUNT(DISTINCT s.id) FROM staff s JOIN staff_role r ON r.staff_id = s.id
         WHERE s.state = 'active' AND r.role = 'admin' AND r.from_at <= $1 AND (r.to_at IS NULL OR r.to_at > $1)")
        .bind(at.as_microsecond()).fetch_one(c))
}

/// Gives somebody a role from now on. One they hold stays as it is.
///
/// # Errors
/// When the database fails.
pub async fn give_role(tx: &mut Tx, staff: StaffId, role: Role, at: Timestamp) -> Result<()> {
    if !super::roles(tx, staff, at).await?.contains(&role) {
        run!(
            tx,
            sqlx::query("INSERT INTO staff_role (staff_id, role, from_at) VALUES ($1, $2, $3)")
                .bind(staff)
                .bind(role.as_str())
                .bind(at.as_microsecond())
        )?;
    }
    Ok(())
}

/// Takes a role from somebody, now.
///
/// # Errors
/// When the database fails.
pub async fn end_role(tx: &mut Tx, staff: StaffId, role: Role, at: Timestamp) -> Result<()> {
    run!(
        tx,
        sqlx::query(
            "UPDATE staff_role SET to_at = $3 WHERE staff_id = $1 AND role = $2 AND (to_at IS NULL OR to_at > $3)"
        )
        .bind(staff)
        .bind(role.as_str())
        .bind(at.as_microsecond())
    )?;
    Ok(())
}

/// Somebody leaves: their roles and their turns on duty desks end. What they wrote keeps their name.
///
/// # Errors
/// When the database fails.
pub async fn end_member(tx: &mut Tx, staff: StaffId, at: Timestamp) -> Result<()> {
    let now = at.as_microsecond();
    run!(tx, sqlx::query("UPDATE staff SET state = 'left' WHERE id = $1").bind(staff))?;
    for table in [
        "UPDATE staff_role SET to_at = $2 WHERE staff_id = $1 AND (to_at IS NULL OR to_at > $2)",
        "UPDATE team_member SET to_at = $2 WHERE staff_id = $1 AND (to_at IS NULL OR to_at > $2)",
        "UPDATE assignment SET to_at = $2 WHERE staff_id = $1 AND (to_at IS NULL OR to_at > $2)",
    ] {
        run!(tx, sqlx::query(table).bind(staff).bind(now))?;
    }
    Ok(())
}

/// Gives somebody another name.
///
/// # Errors
/// When the database fails.
pub async fn rename(tx: &mut Tx, vault: &Vault, staff: StaffId, name: &str) -> Result<()> {
    let sealed = super::key(tx, vault, staff).await?.seal(Column::StaffName, staff, name)?;
    run!(tx, sqlx::query("UPDATE staff SET name_sealed = $2 WHERE id = $1").bind(staff).bind(&sealed))?;
    Ok(())
}
