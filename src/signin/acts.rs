//! What signing in, joining and leaving change: accounts, sessions and the audit in one transaction.

use jiff::Timestamp;

use super::{Owner, store};
use crate::audit::{self, Entry};
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::id::Id;
use crate::people::{Actor, store as people};
use crate::vault::Vault;

/// Counts a wrong try, whether there is such an account or not.
///
/// # Errors
/// When the database fails.
pub async fn refuse(db: &Db, vault: &Vault, username: String, number: &str, at: Timestamp) -> Result<()> {
    let args = (vault.clone(), username, number.to_owned());
    db.write(args, move |tx, (vault, username, number)| {
        Box::pin(async move {
            store::count_failure(tx, vault, username, at).await?;
            audit::store::insert(tx, &Entry::of(None, "sign-in refused", "account", at), number).await
        })
    })
    .await
}

/// Who has proved to be themselves, and how they go on.
#[derive(Clone, Debug)]
pub struct Begin {
    /// Whose account.
    pub account: store::Account,
    /// The name they signed in with: its wrong tries are forgotten.
    pub username: String,
    /// The session that begins.
    pub new: store::NewSession,
    /// The token hash of the session that this one takes the place of.
    pub before: Option<[u8; 32]>,
    /// The request's number.
    pub number: String,
}

/// Begins a session and ends the one before. Gives who it is.
///
/// # Errors
/// When the database fails.
pub async fn begin(db: &Db, vault: &Vault, begin: Begin, at: Timestamp) -> Result<Actor> {
    db.write((begin, vault.clone()), move |tx, (begin, vault)| {
        Box::pin(async move {
            store::forget_failures(tx, vault, &begin.username).await?;
            if let Some(before) = &begin.before {
                store::end_session(tx, before).await?;
            }
            store::begin_session(tx, &begin.account, &begin.new, at).await?;
            let actor = actor_of(tx, begin.account.owner, at).await?;
            audit::store::insert(tx, &Entry::of(Some(actor.clone()), "sign in", "account", at), &begin.number).await?;
            Ok(actor)
        })
    })
    .await
}

async fn actor_of(tx: &mut Tx, owner: Owner, at: Timestamp) -> Result<Actor> {
    Ok(match owner {
        Owner::Person(id) => Actor::Person(id),
        Owner::Staff(id) => Actor::Staff(id, people::roles(tx, id, at).await?),
    })
}

/// Counts a wrong date of birth against a code.
///
/// # Errors
/// When the database fails.
pub async fn miss_code(db: &Db, code: Id<()>) -> Result<()> {
    db.write(code, |tx, code| Box::pin(async move { store::count_code_try(tx, *code).await })).await
}

/// A code that was matched, and what its owner chose.
#[derive(Clone, Debug)]
pub struct Join {
    /// The code.
    pub code: Id<()>,
    /// Whose it is.
    pub owner: Owner,
    /// The username they chose.
    pub username: String,
    /// The hash of the passphrase they chose.
    pub hash: String,
    /// The request's number.
    pub number: String,
}

/// Uses a code up and gives its owner an account. `None` when somebody was faster.
///
/// # Errors
/// [`crate::error::Error::Duplicate`] when the username is taken: the code can be used again.
pub async fn join(db: &Db, vault: &Vault, join: Join, at: Timestamp) -> Result<Option<store::Account>> {
    db.write((join, vault.clone()), move |tx, (join, vault)| {
        Box::pin(async move {
            if !store::use_code(tx, join.code, at).await? {
                return Ok(None);
            }
            let account = store::set_account(tx, vault, join.owner, &join.username, &join.hash, at).await?;
            let actor = actor_of(tx, join.owner, at).await?;
            audit::store::insert(tx, &Entry::of(Some(actor), "join", "account", at), &join.number).await?;
            Ok(Some(account))
        })
    })
    .await
}

/// Ends a session. `action` is the word in the audit log.
///
/// # Errors
/// When the database fails.
pub async fn end(
    db: &Db,
    token_hash: [u8; 32],
    actor: Actor,
    action: &'static str,
    number: &str,
    at: Timestamp,
) -> Result<()> {
    db.write((token_hash, actor, number.to_owned()), move |tx, (token_hash, actor, number)| {
        Box::pin(async move {
            store::end_session(tx, token_hash).await?;
            audit::store::insert(tx, &Entry::of(Some(actor.clone()), action, "account", at), number).await
        })
    })
    .await
}

/// Notes that a session was used, and takes the one-time message that was shown.
///
/// # Errors
/// When the database fails.
pub async fn note_use(db: &Db, token_hash: [u8; 32], at: Timestamp) -> Result<()> {
    db.write(token_hash, move |tx, hash| Box::pin(async move { store::note_use(tx, hash, at).await })).await
}
