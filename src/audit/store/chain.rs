//! The links of the audit log: making them, and checking every one.

use std::collections::HashMap;

use jiff::Timestamp;

use super::super::chain::{Finding, Head, Report};
use crate::clock::MINUTE;
use crate::db::{Db, Snapshot, Tx, on, places as places_of, run, with_places};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::vault::Vault;

/// So many rows are read or linked in one go.
const CHUNK: i64 = 500;
/// So many links at most are added by one statement.
const AT_ONCE: usize = 64;
/// A row that waits longer for its link is a finding, in microseconds.
const WAITS: i64 = MINUTE;
/// So much older than a row linked before it a row may say it is, in microseconds: requests overlap, and
/// the clocks of two machines differ.
const OVERLAP: i64 = 10 * MINUTE;
/// What the first link has in place of the hash before.
const NOTHING: [u8; 32] = [0; 32];

/// Every column of an audit row, as it is linked.
#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Id<()>,
    at: i64,
    actor_kind: String,
    actor_id: Option<Vec<u8>>,
    action: String,
    person_id: Option<Vec<u8>>,
    object_kind: String,
    object_id: Option<Vec<u8>>,
    relation: String,
    many: i64,
    reason_sealed: Option<Vec<u8>>,
    request: String,
}

impl Row {
    /// The hash of its link: over the hash before and every column. The vault counts each part's length in,
    /// and what is there begins with a 1, so that no two rows read the same.
    fn hash(&self, vault: &Vault, before: &[u8]) -> [u8; 32] {
        let some = |value: &Option<Vec<u8>>| value.as_ref().map_or_else(Vec::new, |value| [&[1], &value[..]].concat());
        vault.link(&[
            before,
            self.id.bytes(),
            &self.at.to_be_bytes(),
            self.actor_kind.as_bytes(),
            &some(&self.actor_id),
            self.action.as_bytes(),
            &some(&self.person_id),
            self.object_kind.as_bytes(),
            &some(&self.object_id),
            self.relation.as_bytes(),
            &self.many.to_be_bytes(),
            &some(&self.reason_sealed),
            self.request.as_bytes(),
        ])
    }
}

/// The last link; `None` before the first.
///
/// # Errors
/// When the database fails.
pub async fn head(db: &mut Snapshot) -> Result<Option<Head>> {
    let last: Option<(i64, Vec<u8>)> =
        on!(db, c => sqlx::query_as("SELECT n, hash FROM audit_link ORDER BY n DESC LIMIT 1").fetch_optional(c))?;
    Ok(last.map(|(n, hash)| Head { n, hash: hash.try_into().unwrap_or(NOTHING) }))
}

/// Links every committed row that no link holds yet, the oldest first; gives how many. Reads a snapshot, so
/// that no other write is made to wait; where another instance has added links since, it leaves the rest to it.
///
/// # Errors
/// When the database fails: what was not linked waits.
pub async fn link(db: &Db, vault: &Vault) -> Result<usize> {
    let mut linked = 0;
    loop {
        let mut read = db.read().await?;
        let before = head(&mut read).await?;
        let Head { mut n, mut hash } = before.unwrap_or(Head { n: 0, hash: NOTHING });
        let rows: Vec<Row> = on!(read, c => sqlx::query_as(
            "SELECT a.* FROM audit_waiting w JOIN audit a ON a.id = w.audit_id
             WHERE NOT EXISTS (SELECT 1 FROM audit_link l WHERE l.audit_id = w.audit_id) ORDER BY w.at, w.audit_id LIMIT $1")
            .bind(CHUNK).fetch_all(c))?;
        drop(read);
        let mut links = Vec::with_capacity(rows.len());
        for row in &rows {
            hash = row.hash(vault, &hash);
            n += 1;
            links.push((Head { n, hash }, row.id, row.at));
        }
        if links.is_empty() {
            return Ok(linked);
        }
        match db.write(links, |tx, links| Box::pin(add(tx, links))).await {
            // Two links of one number or one row cannot be: somebody else was faster, or a row waits twice.
            Err(Error::Duplicate) if head(&mut db.read().await?).await? != before => return Ok(linked),
            done => done?,
        }
        linked += rows.len();
    }
}

/// Adds links after the last one, all or none.
async fn add(tx: &mut Tx, links: &[(Head, Id<()>, i64)]) -> Result<()> {
    let mut rest = links;
    while !rest.is_empty() {
        // A power of two: few statements are ever prepared.
        let (links, later) = rest.split_at(1 << rest.len().min(AT_ONCE).ilog2());
        rest = later;
        let places: Vec<String> =
            (0..links.len()).map(|n| format!("(${}, ${}, ${})", 3 * n + 1, 3 * n + 2, 3 * n + 3)).collect();
        let places = places.join(", ");
        run!(tx, {
            let query = sqlx::query(with_places("INSERT INTO audit_link (n, audit_id, hash) VALUES {}", &places));
            links.iter().fold(query, |query, (link, row, _)| query.bind(link.n).bind(*row).bind(link.hash.to_vec()))
        })?;
        let rows: Vec<Id<()>> = links.iter().map(|(_, row, _)| *row).collect();
        let (places, rows) = places_of(3, &rows);
        let (first, last) = (links.first().map_or(0, |link| link.2), links.last().map_or(0, |link| link.2));
        run!(tx, {
            let text = "DELETE FROM audit_waiting WHERE at >= $1 AND at <= $2 AND audit_id IN ({})";
            let query = sqlx::query(with_places(text, &places)).bind(first).bind(last);
            rows.iter().fold(query, |query, row| query.bind(*row))
        })?;
    }
    Ok(())
}

/// Checks every link with its row, every row for its link, and `heads`, which were written down outside the
/// database. Reads a part at a time.
///
/// # Errors
/// When the database fails.
pub async fn verify(db: &mut Snapshot, vault: &Vault, mut heads: Vec<Head>, at: Timestamp) -> Result<Report> {
    let mut report = Report::default();
    heads.sort_unstable();
    let written_down = !heads.is_empty();
    let mut heads = heads.into_iter().peekable();
    let (mut last, mut expected, mut newest) = (i64::MIN, 1, i64::MIN);
    let mut before = Some(NOTHING.to_vec());
    loop {
        let links: Vec<(i64, Id<()>, Vec<u8>)> = on!(db, c => sqlx::query_as(
            "SELECT n, audit_id, hash FROM audit_link WHERE n > $1 ORDER BY n LIMIT $2").bind(last).bind(CHUNK).fetch_all(c))?;
        let Some((end, ..)) = links.last() else { break };
        let rows: Vec<Row> = on!(db, c => sqlx::query_as(
            "SELECT a.* FROM audit_link l JOIN audit a ON a.id = l.audit_id WHERE l.n > $1 AND l.n <= $2")
            .bind(last).bind(*end).fetch_all(c))?;
        let rows: HashMap<Id<()>, Row> = rows.into_iter().map(|row| (row.id, row)).collect();
        last = *end;
        for (n, id, hash) in links {
            report.links += 1;
            if n != expected {
                report.add(Finding::Order(expected, n));
                before = None;
            }
            match (rows.get(&id), &before) {
                (None, _) => report.add(Finding::Gone(n, id)),
                (Some(row), Some(before)) if row.hash(vault, before)[..] != hash => report.add(Finding::Changed(n, id)),
                (Some(row), _) if row.at < newest.saturating_sub(OVERLAP) => report.add(Finding::BackDated(n, id)),
                (Some(row), _) => newest = newest.max(row.at),
            }
            while let Some(head) = heads.next_if(|head| head.n <= n) {
                if head.n != n || head.hash[..] != hash {
                    report.add(Finding::Head(head.n));
                }
            }
            expected = n + 1;
            before = Some(hash);
        }
    }
    heads.for_each(|head| report.add(Finding::Head(head.n)));
    if report.links > 0 && !written_down {
        report.add(Finding::NoHead);
    }
    unlinked(db, &mut report, at.as_microsecond() - WAITS).await?;
    Ok(report)
}

/// Looks for rows that no link holds: those from before `since` are findings.
async fn unlinked(db: &mut Snapshot, report: &mut Report, since: i64) -> Result<()> {
    let mut last = Vec::new();
    loop {
        let rows: Vec<(Id<()>, i64, Option<i64>)> = on!(db, c => sqlx::query_as(
            "SELECT a.id, a.at, l.n FROM audit a LEFT JOIN audit_link l ON l.audit_id = a.id WHERE a.id > $1 ORDER BY a.id LIMIT $2")
            .bind(&last).bind(CHUNK).fetch_all(c))?;
        let Some((id, ..)) = rows.last() else { return Ok(()) };
        last = id.bytes().to_vec();
        for (id, at, _) in rows.into_iter().filter(|(.., link)| link.is_none()) {
            if at < since {
                report.add(Finding::Unlinked(id));
            } else {
                report.waiting += 1;
            }
        }
    }
}
