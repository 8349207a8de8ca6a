//! A worker's own templates. Names nobody's record: sealed with the key of whoever wrote them, and read by them alone.

use jiff::Timestamp;

use crate::db::{Snapshot, Tx, on, run};
use crate::error::Result;
use crate::messages::planned::{Template, TemplateId};
use crate::people::{StaffId, store::key};
use crate::vault::{Column, OwnerKey, Vault};

type Row = (TemplateId, Vec<u8>, Vec<u8>);

fn read(key: &OwnerKey, (id, name, body): Row) -> Result<Template> {
    Ok(Template {
        id,
        name: key.open(Column::TemplateName, id, &name)?,
        body: key.open(Column::TemplateBody, id, &body)?,
    })
}

/// Every template of a worker, by name.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn templates(db: &mut Snapshot, vault: &Vault, staff: StaffId) -> Result<Vec<Template>> {
    let rows: Vec<Row> = on!(db, c => sqlx::query_as(
        "SELECT id, name_sealed, body_sealed FROM template WHERE staff_id = $1").bind(staff).fetch_all(c))?;
    let key = key(db, vault, staff).await?;
    let mut templates = rows.into_iter().map(|row| read(&key, row)).collect::<Result<Vec<_>>>()?;
    templates.sort_by_key(|one| (one.name.to_lowercase(), one.id));
    Ok(templates)
}

/// One template of a worker; `None` when it is somebody else's or not there.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn template(db: &mut Snapshot, vault: &Vault, staff: StaffId, id: TemplateId) -> Result<Option<Template>> {
    let row: Option<Row> = on!(db, c => sqlx::query_as(
        "SELECT id, name_sealed, body_sealed FROM template WHERE staff_id = $1 AND id = $2")
        .bind(staff).bind(id).fetch_optional(c))?;
    let Some(row) = row else { return Ok(None) };
    read(&key(db, vault, staff).await?, row).map(Some)
}

/// Adds a template of a worker.
///
/// # Errors
/// When the database fails.
pub async fn insert_template(
    tx: &mut Tx,
    vault: &Vault,
    staff: StaffId,
    (name, body): (&str, &str),
    at: Timestamp,
) -> Result<TemplateId> {
    let (id, key): (TemplateId, _) = (crate::vault::new_id()?, key(tx, vault, staff).await?);
    run!(
        tx,
        sqlx::query(
            "INSERT INTO template (id, staff_id, name_sealed, body_sealed, made_at) VALUES ($1, $2, $3, $4, $5)"
        )
        .bind(id)
        .bind(staff)
        .bind(key.seal(Column::TemplateName, id, name)?)
        .bind(key.seal(Column::TemplateBody, id, body)?)
        .bind(at.as_microsecond())
    )?;
    Ok(id)
}

/// Gives a template of a worker another name and text. False when it is somebody else's or not there.
///
/// # Errors
/// When the database fails.
pub async fn change_template(
    tx: &mut Tx,
    vault: &Vault,
    staff: StaffId,
    id: TemplateId,
    (name, body): (&str, &str),
) -> Result<bool> {
    let key = key(tx, vault, staff).await?;
    let changed = run!(
        tx,
        sqlx::query("UPDATE template SET name_sealed = $3, body_sealed = $4 WHERE id = $1 AND staff_id = $2")
            .bind(id)
            .bind(staff)
            .bind(key.seal(Column::TemplateName, id, name)?)
            .bind(key.seal(Column::TemplateBody, id, body)?)
    )?;
    Ok(changed > 0)
}

/// Takes a template of a worker away. False when it is somebody else's or not there.
///
/// # Errors
/// When the database fails.
pub async fn drop_template(tx: &mut Tx, staff: StaffId, id: TemplateId) -> Result<bool> {
    let dropped = run!(tx, sqlx::query("DELETE FROM template WHERE id = $1 AND staff_id = $2").bind(id).bind(staff))?;
    Ok(dropped > 0)
}
