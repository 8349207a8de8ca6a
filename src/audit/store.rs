//! The audit table. Rows are inserted; the database refuses to change or delete them.

use super::{Audited, Entry};
use crate::db::{Db, Tx, run};
use crate::error::Result;
use crate::id::Id;
use crate::people::Actor;

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
    db.write((entry, request), |tx, (entry, request)| Box::pin(async move { insert(tx, entry, request).await }))
        .await?;
    Ok(Audited(()))
}
