//! Stopping notices, so that whoever did it can rely on it; telling whoever answers for somebody.

use std::time::Duration;

use jiff::Timestamp;

use super::{Kind, PATIENCE, store};
use crate::clock::london_date;
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::people::{PersonId, store as people};

/// How often it is looked.
const LOOK: Duration = Duration::from_millis(20);

/// Waits until no notice to this person is on its way: after something that stops them was saved, and before whoever
/// did it is told. Nothing that is taken up later goes out, so nothing goes out once this has returned. A server that
/// hangs keeps it waiting for as long as one notice may take.
///
/// # Errors
/// When the database fails.
pub async fn let_arrive(db: &Db, person: PersonId, at: Timestamp) -> Result<()> {
    let wait = async {
        while store::on_its_way(&mut db.read().await?, person, at).await? {
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    };
    // Longer than that only who died over it is on its way.
    tokio::time::timeout(PATIENCE + PATIENCE / 2, wait).await.unwrap_or(Ok(()))
}

/// Adds a notice to whoever answers for a young person now, in the transaction of what it tells of.
///
/// # Errors
/// When the database fails.
pub async fn tell_readers(tx: &mut Tx, kind: Kind, person: PersonId, at: Timestamp) -> Result<()> {
    let (roster, lead) = (tx.fetch(people::roster(at)).await?, people::lead(tx, person, at).await?);
    let (today, team) = (london_date(at), people::team_of_person(tx, person).await?);
    for reader in roster.readers(roster.answers(lead, today), team, today) {
        store::add(tx, kind, reader, at).await?;
    }
    Ok(())
}
