//! Stopping notices, so that whoever did it can rely on it.

use std::time::Duration;

use jiff::Timestamp;

use super::{PATIENCE, store};
use crate::db::Db;
use crate::error::Result;
use crate::people::PersonId;

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
