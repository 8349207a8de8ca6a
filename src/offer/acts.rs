//! Keeping what the public tells us: once, and not without end.

use jiff::Timestamp;

use super::feedback::{MOST, New};
use super::store;
use crate::db::Db;
use crate::error::Result;
use crate::vault::Vault;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// On disk, now or when the same came a moment ago.
    Kept,
    /// Too many came in the last hour: nothing was kept.
    TooMany,
}

/// Keeps what somebody tells us.
///
/// # Errors
/// When it could not be saved.
pub async fn tell(db: &Db, vault: &Vault, new: New, at: Timestamp) -> Result<Told> {
    db.write((new, vault.clone()), move |tx, (new, vault)| {
        Box::pin(async move {
            if store::again(tx, vault, new, at).await? {
                return Ok(Told::Kept);
            }
            if store::lately(tx, at).await? >= MOST {
                return Ok(Told::TooMany);
            }
            store::tell(tx, vault, new, at).await?;
            Ok(Told::Kept)
        })
    })
    .await
}
