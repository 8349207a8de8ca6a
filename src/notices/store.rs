//! The outbox: what is due, who is sending it, and how it went.

use jiff::Timestamp;

use super::{Kind, Mail, NotSent, Words, retry_after};
use crate::clock::MINUTE;
use crate::db::{Db, Tx, on, run};
use crate::error::Result;
use crate::id::Id;
use crate::people::{self, Recipients, SentId};
use crate::vault::Vault;

/// At most one notice of a kind to one owner in this time, in microseconds.
const ONE_IN: i64 = 15 * MINUTE;
/// Why a notice waits that its owner wants later.
const QUIET: &str = "quiet hours";
/// How long a worker may take over one notice before another may try.
const LEASE: i64 = 2 * MINUTE;

/// Adds a notice in the transaction of what it tells of. Further ones of the same kind to the same
/// owner within a quarter of an hour are one: the one that waits, or one at the quarter's end when
/// the first has gone out already.
///
/// # Errors
/// When the database fails.
pub async fn add<K>(tx: &mut Tx, kind: Kind, owner: Id<K>, at: Timestamp) -> Result<()> {
    let (now, quarter) = (at.as_microsecond(), at.as_microsecond() / ONE_IN);
    // One that waits for the end of quiet hours tells of everything that came meanwhile.
    let waits: Option<i64> = on!(tx, c => sqlx::query_scalar(
        "SELECT CAST(1 AS BIGINT) FROM outbox WHERE kind = $1 AND owner_id = $2 AND state = 'due' AND last_fault = $3 LIMIT 1")
        .bind(kind.as_str()).bind(owner).bind(QUIET).fetch_optional(c))?;
    if waits.is_some() {
        return Ok(());
    }
    let key = |quarter: i64| format!("{}:{owner}:{quarter}", kind.as_str());
    let first: Option<String> = on!(tx, c => sqlx::query_scalar("SELECT state FROM outbox WHERE dedupe = $1")
        .bind(key(quarter)).fetch_optional(c))?;
    let (dedupe, due) = match first.as_deref() {
        None => (key(quarter), now),
        Some("due") => return Ok(()),
        Some(_) => (key(quarter + 1), (quarter + 1) * ONE_IN),
    };
    let id: Id<()> = crate::vault::new_id()?;
    run!(tx, sqlx::query(
        "INSERT INTO outbox (id, kind, owner_id, dedupe, state, attempts, due_at, made_at) VALUES ($1, $2, $3, $4, 'due', $5, $6, $7)
         ON CONFLICT (dedupe) DO NOTHING")
        .bind(id).bind(kind.as_str()).bind(owner).bind(dedupe).bind(0i64).bind(due).bind(now))?;
    Ok(())
}

/// Adds the sending of a code, once. Without somebody to send it to the row is there all the same, settled: it takes as
/// long, and keeps no other notice waiting.
///
/// # Errors
/// When the database fails.
pub async fn add_code(tx: &mut Tx, sent: SentId, goes_out: bool, at: Timestamp) -> Result<()> {
    let (id, now): (Id<()>, _) = (crate::vault::new_id()?, at.as_microsecond());
    run!(tx, sqlx::query(
        "INSERT INTO outbox (id, kind, owner_id, dedupe, state, attempts, due_at, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)")
        .bind(id).bind(Kind::Code.as_str()).bind(sent).bind(format!("code:{sent}")).bind(if goes_out { "due" } else { "cancelled" }).bind(0i64).bind(now))?;
    Ok(())
}

/// Drops what is left of codes that were sent before then.
///
/// # Errors
/// When the database fails.
pub async fn drop_codes(tx: &mut Tx, before: i64) -> Result<()> {
    run!(tx, sqlx::query("DELETE FROM outbox WHERE kind = 'code' AND made_at < $1").bind(before))?;
    Ok(())
}

/// Takes one due notice for this worker alone: its id, kind, owner and tries so far.
async fn lease(tx: &mut Tx, at: i64) -> Result<Option<(Id<()>, String, Id<()>, i64)>> {
    let due: Option<(Id<()>, String, Id<()>, i64)> = on!(tx, c => sqlx::query_as(
        "SELECT id, kind, owner_id, attempts FROM outbox
         WHERE (state = 'due' AND due_at <= $1) OR (state = 'leased' AND lease_until <= $1) ORDER BY due_at, id LIMIT 1")
        .bind(at).fetch_optional(c))?;
    if let Some((id, ..)) = due {
        run!(
            tx,
            sqlx::query("UPDATE outbox SET state = 'leased', lease_until = $2, attempts = attempts + 1 WHERE id = $1")
                .bind(id)
                .bind(at + LEASE)
        )?;
    }
    Ok(due)
}

/// Sends what is due, one after the other. Gives how many were settled.
///
/// # Errors
/// When the database fails; what was leased is tried again later.
pub async fn send_due(db: &Db, vault: &Vault, mail: &Mail, now: impl Fn() -> Timestamp) -> Result<usize> {
    let mut settled = 0;
    loop {
        let at = now().as_microsecond();
        let leased = db.write((), move |tx, ()| Box::pin(async move { lease(tx, at).await })).await?;
        let Some((id, kind, owner, attempts)) = leased else { return Ok(settled) };
        // Read only now, so that a change made a minute ago counts.
        let mut read = db.read().await?;
        let kind = Kind::parse(&kind);
        let to = match kind {
            Some(Kind::Code) => {
                let to = people::store::sent_address(&mut read, vault, owner.cast(), now()).await?;
                to.map_or(Recipients::Nobody, |to| Recipients::Now(vec![to]))
            }
            Some(kind) => {
                let everywhere = kind == Kind::AccountChanged;
                people::store::recipients(&mut read, vault, owner, everywhere, now()).await?
            }
            None => Recipients::Nobody,
        };
        drop(read);
        let (state, due, fault) = match (kind, to) {
            (Some(kind), Recipients::Now(to)) => {
                match send_all(mail, &mail.words(kind, &vault.digits(owner)), id, &to).await {
                    Ok(()) => ("sent", at, None),
                    Err(NotSent::ForGood(why)) => ("failed", at, Some(why)),
                    Err(NotSent::ForNow(why)) => match retry_after(attempts + 1) {
                        Some(wait) => ("due", at + wait, Some(why)),
                        None => ("failed", at, Some(why)),
                    },
                }
            }
            (Some(_), Recipients::Later(over)) => ("due", over, Some(QUIET)),
            (Some(_), Recipients::Nobody) => ("cancelled", at, Some("no address to send to")),
            (None, _) => ("failed", at, Some("no such kind of notice")),
        };
        if state == "failed" {
            tracing::warn!(notice = %id, why = fault, "a notice was given up");
        }
        db.write((id, fault.map(str::to_owned)), move |tx, (id, fault)| {
            Box::pin(async move {
                run!(
                    tx,
                    sqlx::query(
                        "UPDATE outbox SET state = $2, due_at = $3, lease_until = NULL, last_fault = $4 WHERE id = $1"
                    )
                    .bind(*id)
                    .bind(state)
                    .bind(due)
                    .bind(fault)
                )
            })
        })
        .await?;
        settled += 1;
    }
}

/// To every address, though one refuses it. What reached one is settled: tried again, those whom it reached would be
/// told again and again.
async fn send_all(mail: &Mail, words: &Words, id: Id<()>, to: &[String]) -> std::result::Result<(), NotSent> {
    let mut result = Err(NotSent::ForGood("no address to send to"));
    for (n, address) in to.iter().enumerate() {
        let name = if n == 0 { id.to_string() } else { format!("{id}-{n}") };
        match (mail.send(words, &name, address).await, &result) {
            (Ok(()), _) => result = Ok(()),
            (Err(_), Ok(())) | (Err(NotSent::ForGood(_)), Err(NotSent::ForNow(_))) => {}
            (failed, Err(_)) => result = failed,
        }
    }
    result
}
