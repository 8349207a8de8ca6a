//! Changing the key outside the database: every key that it wrapped is wrapped by another, while others read.

use super::{Db, on, run};
use crate::error::Result;
use crate::id::Id;
use crate::vault::Vault;

/// So many keys are wrapped again in one transaction.
const CHUNK: i64 = 200;

/// Every column with keys of owners: its name, how its rows are read, and how one is put back. `tests/keys.rs`
/// compares this table with the database's own columns.
pub const WRAPPED: [(&str, &str, &str); 4] = [
    (
        "seal_key.wrapped",
        "SELECT owner_id, wrapped FROM seal_key WHERE owner_id > $1 ORDER BY owner_id LIMIT $2",
        "UPDATE seal_key SET wrapped = $2 WHERE owner_id = $1",
    ),
    (
        "feedback.key_wrapped",
        "SELECT id, key_wrapped FROM feedback WHERE id > $1 ORDER BY id LIMIT $2",
        "UPDATE feedback SET key_wrapped = $2 WHERE id = $1",
    ),
    (
        "knock.key_wrapped",
        "SELECT id, key_wrapped FROM knock WHERE id > $1 ORDER BY id LIMIT $2",
        "UPDATE knock SET key_wrapped = $2 WHERE id = $1",
    ),
    (
        "import_file.key_wrapped",
        "SELECT id, key_wrapped FROM import_file WHERE id > $1 ORDER BY id LIMIT $2",
        "UPDATE import_file SET key_wrapped = $2 WHERE id = $1",
    ),
];

impl Db {
    /// Wraps with the key of `vault` what its other key wrapped, until a look through everything finds no more;
    /// then the database is sealed with it. Gives how many keys were wrapped again. Cut short, it can be run again.
    ///
    /// # Errors
    /// [`Error::Sealed`](crate::error::Error::Sealed) when a key was wrapped by neither.
    pub async fn rotate(&self, vault: &Vault) -> Result<usize> {
        let mut all = 0;
        loop {
            match self.wrap_all(vault).await? {
                0 => break,
                some => all += some,
            }
        }
        self.write((vault.check().to_vec(), vault.own_look_up()?), |tx, (check, look_up)| {
            Box::pin(async move {
                run!(
                    tx,
                    sqlx::query("UPDATE instance SET key_check = $1, look_up_wrapped = $2").bind(check).bind(look_up)
                )
            })
        })
        .await?;
        Ok(all)
    }

    async fn wrap_all(&self, vault: &Vault) -> Result<usize> {
        let mut all = 0;
        for (_, select, update) in WRAPPED {
            let mut last = Vec::new();
            loop {
                let mut read = self.read().await?;
                let rows: Vec<(Id<()>, Vec<u8>)> =
                    on!(read, c => sqlx::query_as(select).bind(&last).bind(CHUNK).fetch_all(c))?;
                drop(read);
                let Some((end, _)) = rows.last() else { break };
                last = end.bytes().to_vec();
                let mut again = Vec::new();
                for (owner, wrapped) in rows {
                    again.extend(vault.wrap_again(owner, &wrapped)?.map(|wrapped| (owner, wrapped)));
                }
                all += again.len();
                self.write(again, move |tx, again| {
                    Box::pin(async move {
                        for (owner, wrapped) in again {
                            run!(tx, sqlx::query(update).bind(*owner).bind(wrapped))?;
                        }
                        Ok(())
                    })
                })
                .await?;
            }
        }
        Ok(all)
    }
}
