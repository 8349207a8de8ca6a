//! The outbox: what is due, who is sending it, and how it went.

use futures_util::future::join_all;
use jiff::Timestamp;

use super::pass::Pass;
use super::{GIVEN_UP_AFTER, Kind, Letter, Mail, NotSent, Untold, retry_after};
use crate::clock::MINUTE;
use crate::db::{Db, Reads, Snapshot, Tx, on, run};
use crate::error::Result;
use crate::id::Id;
use crate::people::access::{Access, Deed};
use crate::people::store::Reach;
use crate::people::{self, Address, Channel, PersonId, Recipients, SentId};
use crate::vault::Vault;

/// At most one notice to one owner in this time, in microseconds; one that presses waits for others that press alone,
/// and what is needed at once for none.
const ONE_IN: i64 = 15 * MINUTE;
/// Why a notice waits that its owner wants later.
const QUIET: &str = "quiet hours";
/// How long a worker may take over one notice before another may try: longer than the tries of every address of one
/// owner take.
const LEASE: i64 = 2 * MINUTE;
/// How many notices are on their way at once: one that hangs holds up no other.
const LANES: usize = 4;

/// Adds a notice in the transaction of what it tells of. One of the same kind to the same owner that waits, for
/// whatever reason, tells of this too.
///
/// # Errors
/// When the database fails.
pub async fn add<K>(tx: &mut Tx, kind: Kind, owner: Id<K>, at: Timestamp) -> Result<()> {
    let waits: Option<i64> = on!(tx, c => sqlx::query_scalar(
        "SELECT CAST(1 AS BIGINT) FROM outbox WHERE owner_id = $1 AND kind = $2 AND state = 'due' LIMIT 1")
        .bind(owner).bind(kind.as_str()).fetch_optional(c))?;
    let now = at.as_microsecond();
    if waits.is_some() {
        if kind.presses() {
            // One that failed is not to wait for its next try.
            run!(
                tx,
                sqlx::query(
                    "UPDATE outbox SET due_at = $3 WHERE owner_id = $1 AND kind = $2 AND state = 'due' AND due_at > $3"
                )
                .bind(owner)
                .bind(kind.as_str())
                .bind(now)
            )?;
        }
        return Ok(());
    }
    let id: Id<()> = crate::vault::new_id()?;
    run!(tx, sqlx::query(
        "INSERT INTO outbox (id, kind, owner_id, dedupe, state, attempts, due_at, made_at) VALUES ($1, $2, $3, $4, 'due', $5, $6, $6)")
        .bind(id).bind(kind.as_str()).bind(owner).bind(format!("{}:{id}", kind.as_str())).bind(0i64).bind(now))?;
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

/// A notice that one worker has taken.
#[derive(Clone, Debug)]
struct Leased {
    id: Id<()>,
    kind: String,
    owner: Id<()>,
    /// Tries before this one.
    attempts: i64,
    made_at: i64,
}

/// Takes one due notice for this worker alone. One whose owner was sent another less than [`ONE_IN`] ago is put off.
async fn lease(tx: &mut Tx, at: i64) -> Result<Option<Leased>> {
    type Row = (Id<()>, String, Id<()>, i64, i64);
    loop {
        let due: Option<Row> = on!(tx, c => sqlx::query_as(
            "SELECT id, kind, owner_id, attempts, made_at FROM outbox
             WHERE (state = 'due' AND due_at <= $1) OR (state = 'leased' AND lease_until <= $1) ORDER BY due_at, id LIMIT 1")
            .bind(at).fetch_optional(c))?;
        let Some((id, kind, owner, attempts, made_at)) = due else { return Ok(None) };
        let known = Kind::parse(&kind);
        // The row of a notice that is sent, or on its way, says when in `due_at`.
        let last: Option<i64> = match known {
            Some(known) if !known.goes_at_once() => on!(tx, c => sqlx::query_scalar(
                "SELECT MAX(due_at) FROM outbox WHERE owner_id = $1 AND id <> $2 AND due_at > $3
                 AND (state = 'sent' OR (state = 'leased' AND lease_until > $4)) AND (kind IN ($5, $6) OR NOT $7)")
                .bind(owner).bind(id).bind(at - ONE_IN).bind(at)
                .bind(Kind::Alert.as_str()).bind(Kind::GlassBroken.as_str()).bind(known.presses()).fetch_one(c))?,
            _ => None,
        };
        if let Some(last) = last {
            run!(
                tx,
                sqlx::query("UPDATE outbox SET state = 'due', due_at = $2, lease_until = NULL WHERE id = $1")
                    .bind(id)
                    .bind(last + ONE_IN)
            )?;
            continue;
        }
        run!(tx, sqlx::query(
            "UPDATE outbox SET state = 'leased', due_at = $2, lease_until = $3, attempts = attempts + 1 WHERE id = $1")
            .bind(id).bind(at).bind(at + LEASE))?;
        return Ok(Some(Leased { id, kind, owner, attempts, made_at }));
    }
}

/// What became of a notice that was taken: its new state, when it is due or was settled, and why.
#[derive(Clone, Debug)]
struct Settled {
    state: &'static str,
    due: i64,
    fault: Option<String>,
}

/// Sends what is due, a few at a time. Gives how many were settled. Where a notice goes is read right before it is
/// sent: what is saved after that stops all but this one, which is on its way.
///
/// # Errors
/// When the database fails; what was leased is tried again later.
pub async fn send_due(db: &Db, vault: &Vault, mail: &Mail, now: impl Fn() -> Timestamp + Sync) -> Result<usize> {
    let pass = Pass::default();
    let lanes = (0..LANES).map(|_| lane(db, vault, mail, &now, &pass));
    join_all(lanes).await.into_iter().sum()
}

/// Sends what is due, one after the other.
async fn lane(
    db: &Db,
    vault: &Vault,
    mail: &Mail,
    now: &(impl Fn() -> Timestamp + Sync),
    pass: &Pass,
) -> Result<usize> {
    let mut settled = 0;
    loop {
        let at = now().as_microsecond();
        let leased = db.write((), move |tx, ()| Box::pin(async move { lease(tx, at).await })).await?;
        let Some(leased) = leased else { return Ok(settled) };
        let outcome = settle(db, vault, mail, now, pass, &leased).await?;
        if outcome.state == "failed" {
            tracing::warn!(notice = %leased.id, why = outcome.fault, "a notice was given up");
        }
        db.write((leased.id, outcome), |tx, (id, outcome)| {
            Box::pin(async move {
                run!(
                    tx,
                    sqlx::query(
                        "UPDATE outbox SET state = $2, due_at = $3, lease_until = NULL, last_fault = $4 WHERE id = $1"
                    )
                    .bind(*id)
                    .bind(outcome.state)
                    .bind(outcome.due)
                    .bind(&outcome.fault)
                )
            })
        })
        .await?;
        settled += 1;
    }
}

async fn settle(
    db: &Db,
    vault: &Vault,
    mail: &Mail,
    now: &(impl Fn() -> Timestamp + Sync),
    pass: &Pass,
    leased: &Leased,
) -> Result<Settled> {
    let over = |state: &'static str, why: &str| {
        Ok(Settled { state, due: now().as_microsecond(), fault: Some(why.to_owned()) })
    };
    let Some(kind) = Kind::parse(&leased.kind) else { return over("failed", "no such kind of notice") };
    let reach = Reach { everywhere: kind == Kind::AccountChanged, texts: mail.texts() };
    let words = mail.words(kind, &vault.digits(leased.owner));
    let mut tried: Vec<Address> = Vec::new();
    let mut outcome = Err((Channel::Email, NotSent::ForGood("no address to send to")));
    // To every address, though one refuses it. What reached one is settled: tried again, those whom it reached would be
    // told again and again.
    loop {
        let at = now();
        // Read only now, and for each address again, so that a change made a moment ago counts.
        let to = match recipients(db, vault, kind, leased.owner, reach, at).await? {
            Recipients::Now(to) => to,
            Recipients::Nobody if tried.is_empty() => return over("cancelled", "no address to send to"),
            Recipients::Later(due) if tried.is_empty() => {
                return Ok(Settled { state: "due", due, fault: Some(QUIET.to_owned()) });
            }
            Recipients::Nobody | Recipients::Later(_) => break,
        };
        let Some(to) = to.into_iter().find(|to| !tried.contains(to)) else { break };
        let id = if tried.is_empty() { leased.id.to_string() } else { format!("{}-{}", leased.id, tried.len()) };
        let letter = Letter { id: &id, words: &words, to: &to, at };
        match (pass.send(mail, &letter).await, &outcome) {
            (Ok(()), _) => outcome = Ok(()),
            (Err(_), Ok(())) => {}
            (Err(NotSent::ForGood(_)), Err((_, NotSent::ForNow(_) | NotSent::Down(_)))) => {}
            (Err(not_sent), Err(_)) => outcome = Err((to.channel, not_sent)),
        }
        tried.push(to);
        if !reach.everywhere {
            break;
        }
    }
    let at = now().as_microsecond();
    let Err((channel, not_sent)) = outcome else { return Ok(Settled { state: "sent", due: at, fault: None }) };
    let fault = Some(format!("{}: {}", channel.as_str(), not_sent.why()));
    let due = at + retry_after(leased.attempts + 1, leased.id);
    let for_good = matches!(not_sent, NotSent::ForGood(_)) || due > leased.made_at + GIVEN_UP_AFTER;
    Ok(if for_good { Settled { state: "failed", due: at, fault } } else { Settled { state: "due", due, fault } })
}

async fn recipients(
    db: &Db,
    vault: &Vault,
    kind: Kind,
    owner: Id<()>,
    reach: Reach,
    at: Timestamp,
) -> Result<Recipients> {
    let mut read = db.read().await?;
    if kind == Kind::Code {
        let to = people::store::sent_address(&mut read, vault, owner.cast(), at).await?;
        let to = to.map(|value| Address { channel: Channel::Email, value });
        return Ok(to.map_or(Recipients::Nobody, |to| Recipients::Now(vec![to])));
    }
    people::store::recipients(&mut read, vault, owner, reach, at).await
}

/// Whether a notice to this person, or a code of theirs, is on its way.
///
/// # Errors
/// When the database fails.
pub async fn on_its_way(db: &mut Snapshot, person: PersonId, at: Timestamp) -> Result<bool> {
    let one: Option<i64> = on!(db, c => sqlx::query_scalar(
        "SELECT CAST(1 AS BIGINT) FROM outbox WHERE state = 'leased' AND lease_until > $2 AND (owner_id = $1 OR owner_id IN
           (SELECT s.id FROM sent_code s JOIN contact_point c ON c.id = s.contact_id WHERE c.owner_id = $1)) LIMIT 1")
        .bind(person).bind(at.as_microsecond()).fetch_optional(c))?;
    Ok(one.is_some())
}

/// Whether the person of a proof could not be told of something, and nothing has reached them since.
///
/// # Errors
/// When the database fails.
pub async fn untold<D: Deed, C: Reads>(access: &mut Access<'_, D, C>) -> Result<Option<Untold>> {
    let person = access.person();
    let row: Option<(String, Option<String>, i64)> = on!(access.reads(), c => sqlx::query_as(
        "SELECT o.kind, o.last_fault, o.made_at FROM outbox o
         WHERE o.owner_id = $1 AND (o.state = 'failed' OR (o.state IN ('due', 'leased') AND o.last_fault <> $2))
           AND NOT EXISTS (SELECT 1 FROM outbox s WHERE s.owner_id = o.owner_id AND s.state = 'sent' AND s.due_at > o.made_at)
         ORDER BY o.made_at, o.id LIMIT 1").bind(person).bind(QUIET).fetch_optional(c))?;
    Ok(row.and_then(|(kind, fault, since)| {
        let by = fault.as_deref().and_then(|fault| Channel::parse(fault.split_once(':')?.0));
        Some(Untold { what: Kind::parse(&kind)?, by, since })
    }))
}
