//! Looking through what was read: alerts are kept, and managers told that there is something to look at.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::alerts::{Alert, alerts};
use super::store;
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::notices::{Kind, store as notices};
use crate::people::store as people;

/// Looks through what staff read since the last time; gives how many alerts are new. Looked through twice, or by
/// two instances at once, everything is raised once.
///
/// # Errors
/// When the database fails: it is looked through the next time.
pub async fn watch(db: &Db, now: Timestamp) -> Result<usize> {
    let mut all = 0;
    loop {
        let (from, to, readings) = store::readings(&mut db.read().await?, now).await?;
        if from >= to {
            return Ok(all);
        }
        all += db
            .write(alerts(&readings), move |tx, found| {
                Box::pin(async move {
                    let mut new = 0;
                    if store::watched(tx, from, to).await? {
                        for alert in found {
                            if store::raise(tx, alert).await? {
                                tell(tx, alert, now).await?;
                                new += 1;
                            }
                        }
                    }
                    Ok(new)
                })
            })
            .await?;
    }
}

async fn tell(tx: &mut Tx, alert: &Alert, now: Timestamp) -> Result<()> {
    let mut managers = BTreeSet::new();
    for person in store::people_of(tx, alert).await? {
        managers.extend(people::managers_of(tx, person, now).await?);
    }
    managers.remove(&alert.staff);
    if managers.is_empty() {
        tracing::warn!(kind = alert.kind.as_str(), "an alert has no manager who could look at it");
    }
    if alert.kind.takes_a_notice() {
        for manager in managers {
            notices::add(tx, Kind::Alert, manager, now).await?;
        }
    }
    Ok(())
}
