//! The tables of second factors and of cards with words.

use jiff::Timestamp;

use crate::db::{Snapshot, Tx, on, run};
use crate::error::Result;
use crate::id::Id;
use crate::people::store::key;
use crate::signin::{AccountId, Owner};
use crate::vault::{Column, LookUp, Vault};

/// The code generator of an account.
#[derive(Clone)]
pub struct Generator {
    /// Its row.
    pub id: Id<()>,
    /// The shared secret, in base32.
    pub secret: String,
    /// A first code of it was right: it counts.
    pub confirmed: bool,
}

impl std::fmt::Debug for Generator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Generator").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The code generator of an account, a confirmed one before one that is being set up.
///
/// # Errors
/// When the database fails or the secret does not open.
pub async fn generator(
    db: &mut Snapshot,
    vault: &Vault,
    account: AccountId,
    owner: Owner,
) -> Result<Option<Generator>> {
    let row: Option<(Id<()>, Vec<u8>, Option<i64>)> = on!(db, c => sqlx::query_as(
        "SELECT id, secret_sealed, confirmed_at FROM second_factor WHERE account_id = $1 AND kind = 'totp'
         ORDER BY CASE WHEN confirmed_at IS NULL THEN 1 ELSE 0 END, made_at DESC LIMIT 1").bind(account).fetch_optional(c))?;
    let Some((id, sealed, confirmed_at)) = row else { return Ok(None) };
    let secret = key(db, vault, owner.id()).await?.open(Column::FactorSecret, id, &sealed)?;
    Ok(Some(Generator { id, secret, confirmed: confirmed_at.is_some() }))
}

/// Begins to set up a code generator; one that was never confirmed makes way.
///
/// # Errors
/// When the database fails.
pub async fn insert_generator(
    tx: &mut Tx,
    vault: &Vault,
    account: AccountId,
    owner: Owner,
    secret: &str,
    at: Timestamp,
) -> Result<()> {
    run!(tx, sqlx::query("DELETE FROM second_factor WHERE account_id = $1 AND confirmed_at IS NULL").bind(account))?;
    let id: Id<()> = crate::vault::new_id()?;
    let sealed = key(tx, vault, owner.id()).await?.seal(Column::FactorSecret, id, secret)?;
    run!(tx, sqlx::query(
        "INSERT INTO second_factor (id, account_id, kind, secret_sealed, last_step, made_at) VALUES ($1, $2, 'totp', $3, $4, $5)")
        .bind(id).bind(account).bind(&sealed).bind(0i64).bind(at.as_microsecond()))?;
    Ok(())
}

/// Takes a code of a generator. False when a code of this step or a later one was taken before: no
/// code counts twice, whoever saw it.
///
/// # Errors
/// When the database fails.
pub async fn take_step(tx: &mut Tx, generator: Id<()>, step: i64, at: Timestamp) -> Result<bool> {
    let taken = run!(tx, sqlx::query(
        "UPDATE second_factor SET last_step = $2, confirmed_at = COALESCE(confirmed_at, $3) WHERE id = $1 AND last_step < $2")
        .bind(generator).bind(step).bind(at.as_microsecond()))?;
    Ok(taken == 1)
}

/// Takes every second factor from an account: its owner sets up a new one at the next sign-in.
///
/// # Errors
/// When the database fails.
pub async fn drop_factors(tx: &mut Tx, account: AccountId) -> Result<()> {
    run!(tx, sqlx::query("DELETE FROM second_factor WHERE account_id = $1").bind(account))?;
    Ok(())
}

/// Gives an account a card of words in place of the one it had.
///
/// # Errors
/// When the database fails.
pub async fn set_card(tx: &mut Tx, vault: &Vault, account: AccountId, words: &str, at: Timestamp) -> Result<()> {
    run!(
        tx,
        sqlx::query(
            "INSERT INTO recovery_card (account_id, words_hash, made_at) VALUES ($1, $2, $3)
             ON CONFLICT (account_id) DO UPDATE SET words_hash = $2, made_at = $3"
        )
        .bind(account)
        .bind(vault.look_up(LookUp::Card, words))
        .bind(at.as_microsecond())
    )?;
    Ok(())
}

/// When the card of an account was made, if it has one.
///
/// # Errors
/// When the database fails.
pub async fn card_made_at(db: &mut Snapshot, account: AccountId) -> Result<Option<i64>> {
    on!(db, c => sqlx::query_scalar("SELECT made_at FROM recovery_card WHERE account_id = $1").bind(account).fetch_optional(c))
}

/// Uses the card of an account up. False when these are not its words.
///
/// # Errors
/// When the database fails.
pub async fn use_card(tx: &mut Tx, vault: &Vault, account: AccountId, words: &str) -> Result<bool> {
    let used = run!(
        tx,
        sqlx::query("DELETE FROM recovery_card WHERE account_id = $1 AND words_hash = $2")
            .bind(account)
            .bind(vault.look_up(LookUp::Card, words))
    )?;
    Ok(used == 1)
}

/// Tears the card of an account up.
///
/// # Errors
/// When the database fails.
pub async fn drop_card(tx: &mut Tx, account: AccountId) -> Result<()> {
    run!(tx, sqlx::query("DELETE FROM recovery_card WHERE account_id = $1").bind(account))?;
    Ok(())
}
