//! The audit table. Rows are inserted; the database refuses to change or delete them. Beside it: the chain of
//! their links, and what was not ordinary.

mod alerts;
mod chain;

use super::{Audited, Entry, Seen};
use crate::db::{Db, Reads, Snapshot, Tx, on, run};
use crate::error::Result;
use crate::id::Id;
use crate::people::access::{Access, ReadRecord};
use crate::people::{Actor, PersonId, StaffId};
use crate::vault::{Column, Vault};

pub use alerts::{alert, alerts_for_manager, look_at, people_of, raise, readings, watched};
pub use chain::{head, link, verify};

/// Adds a row in the transaction of the act it tells of.
///
/// # Errors
/// When the database fails: then the act fails with it.
pub async fn insert(tx: &mut Tx, entry: &Entry, request: &str) -> Result<()> {
    let id: Id<()> = crate::vault::new_id()?;
    let (kind, actor) = match &entry.actor {
        Some(Actor::Person(id, _)) => ("person", Some(id.cast::<()>())),
        Some(Actor::Staff(id, _)) => ("staff", Some(id.cast())),
        None => ("nobody", None),
    };
    run!(tx, sqlx::query(
        "INSERT INTO audit (id, at, actor_kind, actor_id, action, person_id, object_kind, object_id, relation, many, request)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
        .bind(id).bind(entry.at.as_microsecond()).bind(kind).bind(actor).bind(entry.action).bind(entry.person)
        .bind(entry.object).bind(entry.object_id).bind(entry.relation).bind(entry.many).bind(request))?;
    Ok(())
}

/// Commits the row for a reading. Call it after loading and before sending.
///
/// # Errors
/// When the row cannot be committed: then nothing may be sent.
pub async fn viewed(db: &Db, entry: Entry, request: String) -> Result<Audited> {
    db.append((entry, request), |tx, (entry, request)| Box::pin(async move { insert(tx, entry, request).await }))
        .await?;
    Ok(Audited(()))
}

/// What staff did with the record of a proof, the latest first, `most` of them.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn seen<C: Reads>(access: &mut Access<'_, ReadRecord, C>, vault: &Vault, most: i64) -> Result<Vec<Seen>> {
    type Row = (i64, String, String, String, StaffId, Vec<u8>, Vec<u8>);
    let person = access.person();
    let rows: Vec<Row> = on!(access.reads(), c => sqlx::query_as(
        "SELECT a.at, a.action, a.object_kind, a.relation, s.id, s.name_sealed, k.wrapped
         FROM audit a JOIN staff s ON s.id = a.actor_id JOIN seal_key k ON k.owner_id = s.id
         WHERE a.person_id = $1 AND a.actor_kind = 'staff' ORDER BY a.at DESC, a.id LIMIT $2")
        .bind(person).bind(most).fetch_all(c))?;
    rows.into_iter()
        .map(|(at, action, object, relation, staff, name, wrapped)| {
            let by = vault.owner_key(staff, &wrapped)?.open(Column::StaffName, staff, &name)?;
            Ok(Seen { at, by, relation, action, object })
        })
        .collect()
}

/// When one thing of somebody's was last read, UTC microseconds. For what is read by whoever has its address.
///
/// # Errors
/// When the database fails.
pub async fn last_read(db: &mut Snapshot, person: PersonId, object: Id<()>) -> Result<Option<i64>> {
    on!(db, c => sqlx::query_scalar(
        "SELECT MAX(at) FROM audit WHERE person_id = $1 AND object_id = $2 AND action = 'read'")
        .bind(person).bind(object).fetch_one(c))
}
