//! What signing in, joining, proving and leaving change: accounts, sessions and the audit in one
//! transaction.

pub mod account;
mod draft;
mod post;
pub mod reach;
pub mod staff;

use jiff::Timestamp;

use super::guard::Session;
use super::{KNOCKS_AN_HOUR, NewKnock, Owner, store};
use crate::audit::{self, Entry};
use crate::clock::HOUR;
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::notices::{Kind, store as notices};
use crate::people::{Actor, Door, SentId, StaffId, store as people};
use crate::vault::Vault;

pub use draft::{LONGEST, keep_draft};
pub use post::{Done, Post};

/// Counts a wrong try, whether there is such an account or not.
///
/// # Errors
/// When the database fails.
pub async fn refuse(db: &Db, vault: &Vault, name: String, number: &str, at: Timestamp) -> Result<()> {
    let args = (vault.clone(), name, number.to_owned());
    db.write(args, move |tx, (vault, name, number)| {
        Box::pin(async move {
            store::count_failure(tx, vault, name, at).await?;
            audit::store::insert(tx, &Entry::of(None, "sign-in refused", "account", at), number).await
        })
    })
    .await
}

/// What becomes of the device that somebody comes in on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// Nothing.
    Unknown,
    /// It is known already, by the hash of its token.
    Known([u8; 32]),
    /// It is known from now on, by this hash.
    New([u8; 32]),
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
    /// The device it begins on.
    pub device: Device,
    /// What was typed when the last session had ended: the page it was meant for, and the words.
    pub draft: Option<(String, String)>,
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
            let session = store::begin_session(tx, &begin.account, &begin.new, at).await?;
            settle_device(tx, begin.account.id, begin.device, &begin.new.browser, at).await?;
            if let Some((place, words)) = &begin.draft {
                let (account, owner) = (begin.account.id, begin.account.owner);
                let desk = store::Desk { account, owner, session, door: Door::Write, place };
                let until = at.as_microsecond() + store::DRAFT_LASTS;
                store::put_draft(tx, vault, desk, words, (true, until), at).await?;
            }
            let actor = actor_of(tx, begin.account.owner, begin.new.second_proof, at).await?;
            let elsewhere = !matches!(begin.device, Device::Known(_)) && matches!(actor, Actor::Person(..));
            let action = if elsewhere { store::ELSEWHERE } else { "sign in" };
            audit::store::insert(tx, &Entry::of(Some(actor.clone()), action, "account", at), &begin.number).await?;
            Ok(actor)
        })
    })
    .await
}

async fn settle_device(
    tx: &mut Tx,
    account: super::AccountId,
    device: Device,
    browser: &str,
    at: Timestamp,
) -> Result<()> {
    match device {
        Device::Unknown => Ok(()),
        Device::Known(hash) => store::note_device(tx, &hash, at).await,
        Device::New(hash) => store::insert_device(tx, account, &hash, browser, at).await,
    }
}

async fn actor_of(tx: &mut Tx, owner: Owner, second_proof: bool, at: Timestamp) -> Result<Actor> {
    Ok(match owner {
        Owner::Person(id) => Actor::Person(id, if second_proof { Door::Sealed } else { Door::Write }),
        Owner::Staff(id) => Actor::Staff(id, people::roles(tx, id, at).await?),
    })
}

/// Counts a wrong date of birth against a code, or a code that there never was: the same rows for both, so
/// that it takes as long.
///
/// # Errors
/// When the database fails.
pub async fn miss_code(db: &Db, code: Option<Id<()>>, number: &str, at: Timestamp) -> Result<()> {
    db.write((code, number.to_owned()), move |tx, (code, number)| {
        Box::pin(async move {
            store::count_code_try(tx, code.unwrap_or(crate::vault::new_id()?)).await?;
            audit::store::insert(tx, &Entry::of(None, "join refused", "account", at), number).await
        })
    })
    .await
}

/// What shows who somebody is, besides the passphrase. Each counts once.
#[derive(Clone, Debug)]
pub enum Evidence {
    /// A code from a worker, by its row.
    Code(Id<()>),
    /// The words of a card.
    Card(String),
    /// A code of a generator: its row and the step.
    Step(Id<()>, i64),
    /// A code that was sent to a confirmed address, by its row.
    Sent(SentId),
    /// The passphrase itself, a moment ago.
    Passphrase,
}

impl Evidence {
    const fn action(&self) -> &'static str {
        match self {
            Self::Code(_) => "prove by code",
            Self::Card(_) => "prove by card",
            Self::Step(..) => "prove by generator",
            Self::Sent(_) => "prove by sent code",
            Self::Passphrase => "prove by passphrase",
        }
    }

    async fn take(&self, tx: &mut Tx, vault: &Vault, account: super::AccountId, at: Timestamp) -> Result<bool> {
        match self {
            Self::Code(id) => store::use_code(tx, *id, at).await,
            Self::Card(words) => store::use_card(tx, vault, account, words).await,
            Self::Step(generator, step) => store::take_step(tx, *generator, *step, at).await,
            Self::Sent(sent) => people::use_sent(tx, *sent, at).await,
            Self::Passphrase => Ok(true),
        }
    }

    /// How an account was opened again by it, as its owner is told.
    const fn how(&self) -> &'static str {
        match self {
            Self::Card(_) => "card",
            Self::Sent(_) => "sent",
            Self::Code(_) | Self::Step(..) | Self::Passphrase => "code",
        }
    }

    /// Whether it is as good as a worker who knows the person: after a way back by a sent code alone, the
    /// last door takes one of these (NIST SP 800-63B-4, 4.2.2.2: two roads, or proving who one is anew).
    const fn is_second_road(&self) -> bool {
        matches!(self, Self::Code(_) | Self::Card(_))
    }
}

/// Who is signed in and opens the next door.
#[derive(Clone, Debug)]
pub struct Prove {
    /// Their session.
    pub session: Session,
    /// What shows who they are.
    pub evidence: Evidence,
    /// What becomes of the session.
    pub raised: store::Raised,
    /// The device.
    pub device: Device,
    /// The browser in words.
    pub browser: String,
    /// The name under which their wrong proofs are counted.
    pub counted: String,
    /// The request's number.
    pub number: String,
}

/// Opens the next door. False when the evidence was used before, or is not theirs.
///
/// # Errors
/// [`Error::SignInFirst`] when the session ended meanwhile.
pub async fn prove(db: &Db, vault: &Vault, prove: Prove, at: Timestamp) -> Result<bool> {
    db.write((prove, vault.clone()), move |tx, (prove, vault)| {
        Box::pin(async move {
            let account = prove.session.account;
            if !prove.evidence.take(tx, vault, account, at).await? {
                return Ok(false);
            }
            if !store::raise(tx, &prove.raised, at).await? {
                return Err(Error::SignInFirst(String::new()));
            }
            if prove.evidence.is_second_road() {
                store::set_one_road(tx, account, false).await?;
            }
            settle_device(tx, account, prove.device, &prove.browser, at).await?;
            store::forget_failures(tx, vault, &prove.counted).await?;
            let entry = Entry::of(Some(prove.session.actor.clone()), prove.evidence.action(), "account", at);
            audit::store::insert(tx, &entry, &prove.number).await?;
            Ok(true)
        })
    })
    .await
}

/// Begins to set up the code generator of a member of staff.
///
/// # Errors
/// When the database fails.
pub async fn set_up_generator(
    db: &Db,
    vault: &Vault,
    session: &Session,
    secret: &str,
    number: &str,
    at: Timestamp,
) -> Result<()> {
    let args = (session.clone(), vault.clone(), secret.to_owned(), number.to_owned());
    db.write(args, move |tx, (session, vault, secret, number)| {
        Box::pin(async move {
            store::insert_generator(tx, vault, session.account, session.owner, secret, at).await?;
            let entry = Entry::of(Some(session.actor.clone()), "set up generator", "account", at);
            audit::store::insert(tx, &entry, number).await
        })
    })
    .await
}

/// Who opens an account for the first time, or again: by a code or the words of a card.
#[derive(Clone, Debug)]
pub struct Join {
    /// What shows who they are.
    pub evidence: Evidence,
    /// Whose account.
    pub owner: Owner,
    /// The worker who gave the code.
    pub helped_by: Option<StaffId>,
    /// The username they chose; `None` keeps the one they have.
    pub username: Option<String>,
    /// The hash of the passphrase they chose.
    pub hash: String,
    /// The request's number.
    pub number: String,
}

/// Uses the evidence up and gives its owner an account, or a new passphrase to the one they have: then
/// every session and device of before ends, their card with it, and they are told of it everywhere.
/// `None` when somebody was faster.
///
/// # Errors
/// [`Error::Duplicate`] when the username is taken: the evidence can be used again.
pub async fn join(db: &Db, vault: &Vault, join: Join, at: Timestamp) -> Result<Option<store::Account>> {
    db.write((join, vault.clone()), move |tx, (join, vault)| {
        Box::pin(async move {
            let before = store::account_of(tx, join.owner).await?;
            let known = before.as_ref().map(|account| account.id);
            let taken = match (&join.evidence, known) {
                (Evidence::Code(id), _) => store::use_code(tx, *id, at).await?,
                (evidence, Some(account)) => evidence.take(tx, vault, account, at).await?,
                (_, None) => false,
            };
            if !taken {
                return Ok(None);
            }
            let username = match (&join.username, known) {
                (Some(username), _) => username.clone(),
                (None, Some(account)) => store::username(tx, vault, account, join.owner).await?,
                (None, None) => super::offer_username()?,
            };
            let account = store::set_account(tx, vault, join.owner, &username, &join.hash, at).await?;
            store::forget_failures(tx, vault, &username).await?;
            if known.is_some() {
                reset(tx, join, account.id, at).await?;
            }
            let actor = actor_of(tx, join.owner, true, at).await?;
            audit::store::insert(tx, &Entry::of(Some(actor), "join", "account", at), &join.number).await?;
            Ok(Some(account))
        })
    })
    .await
}

async fn reset(tx: &mut Tx, join: &Join, account: super::AccountId, at: Timestamp) -> Result<()> {
    store::forget_devices(tx, account).await?;
    store::drop_card(tx, account).await?;
    store::drop_factors(tx, account).await?;
    let second = join.evidence.is_second_road();
    // Who let themselves in by a sent code and is now found to be another reads that address: it counts no more.
    if let (Owner::Person(person), true, true) = (join.owner, second, store::one_road(tx, account).await?) {
        people::unconfirm_addresses(tx, person).await?;
    }
    store::set_one_road(tx, account, !second).await?;
    store::note_reset(tx, account, join.helped_by, join.evidence.how(), at).await?;
    // Under a safety flag nothing goes out: that is looked at when it is sent.
    notices::add(tx, Kind::AccountChanged, join.owner.id(), at).await
}

/// Keeps what somebody wrote who cannot sign in. False when too many came in the last hour.
///
/// # Errors
/// When the database fails.
pub async fn knock(db: &Db, vault: &Vault, new: NewKnock, at: Timestamp) -> Result<bool> {
    db.write((new, vault.clone()), move |tx, (new, vault)| {
        Box::pin(async move {
            if store::knocks_since(tx, at.as_microsecond() - HOUR).await? >= KNOCKS_AN_HOUR {
                return Ok(false);
            }
            store::knock(tx, vault, new, at).await?;
            Ok(true)
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
