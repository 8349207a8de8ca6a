//! The content as it is published now: the shipped edition with the staff's edits laid over it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::store::{self, Revision as Stored};
use super::{Change, Kind, Library, Refused};
use crate::db::Snapshot;
use crate::dropins::Confirmation;
use crate::error::Result;

/// The newest stored edition of each item that staff ever changed.
pub type Newest = BTreeMap<(Kind, String), Stored>;

/// One published state of the content.
#[derive(Clone, Debug)]
pub struct Edition {
    /// Grows with every publish.
    pub version: i64,
    /// When staff last changed or confirmed something.
    pub changed_at: Timestamp,
    /// Everything parsed.
    pub library: Arc<Library>,
    /// Stored edits that could not be laid over, with the reason: the editor is told.
    pub refused: Arc<Vec<Refused>>,
    /// The newest stored edition of each item.
    pub newest: Arc<Newest>,
}

/// Reads what staff stored and lays it over the shipped edition. An edit that no longer passes the
/// checks gives way to the one before it: it is told, and never stops the start.
///
/// # Errors
/// When the database fails.
pub async fn edition(shipped: &Library, db: &mut Snapshot) -> Result<Edition> {
    let version = store::version(db).await?;
    let changed_at = store::changed_at(db).await?;
    let stored = store::all(db).await?;
    let confirmed = store::confirmations(db).await?;

    let mut history: BTreeMap<(Kind, String), Vec<Stored>> = BTreeMap::new();
    for revision in stored {
        if let Some(kind) = Kind::parse(&revision.kind) {
            history.entry((kind, revision.item.clone())).or_default().push(revision);
        }
    }
    let newest: Newest = history.iter().filter_map(|(key, all)| Some((key.clone(), all.last()?.clone()))).collect();

    let mut library = shipped.clone();
    let mut refused = Vec::new();
    let mut waiting: Vec<Change> = newest.iter().filter_map(|(key, newest)| change(shipped, key, newest)).collect();
    let mut tries: BTreeMap<(Kind, String), usize> = BTreeMap::new();
    while !waiting.is_empty() {
        let (next, left) = library.overlaid(std::mem::take(&mut waiting));
        library = next;
        for (refusal, faults) in left {
            let key = (refusal.kind, refusal.id.clone());
            let tried = tries.entry(key.clone()).or_insert(0);
            *tried += 1;
            let older = history.get(&key).and_then(|all| all.iter().rev().nth(*tried));
            waiting.extend(older.and_then(|older| change(shipped, &key, older)));
            refused.push((refusal, faults));
        }
    }

    let confirmed = confirmed.into_iter().filter_map(|(kind, item, by_role, on, body_hash)| {
        let kind = Kind::parse(&kind)?;
        // What was said of one text holds for no other, whether staff or a new release changed it.
        let same = library.body(kind, &item).is_some_and(|body| super::hash(body) == body_hash);
        let on = on.parse().ok()?;
        same.then_some((kind, item, Confirmation { by_role, on }))
    });
    let confirmed: Vec<_> = confirmed.collect();
    library.confirm_all(confirmed);
    Ok(Edition {
        version,
        changed_at,
        library: Arc::new(library),
        refused: Arc::new(refused),
        newest: Arc::new(newest),
    })
}

/// The change that a stored edition asks for; none when it withdraws edits of a shipped item, which
/// is then as it was shipped.
fn change(shipped: &Library, (kind, id): &(Kind, String), stored: &Stored) -> Option<Change> {
    let published = stored.state == "published";
    if !published && shipped.body(*kind, id).is_some() {
        return None;
    }
    // One that was never shipped and is withdrawn is simply not there.
    let body = Some(stored.body.clone()).filter(|body| !body.is_empty());
    published.then(|| Change { kind: *kind, id: id.clone(), body })
}
