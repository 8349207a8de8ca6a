//! What somebody changes about their own sign-in.

use jiff::Timestamp;

use crate::audit;
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::notices::{Kind, store as notices};
use crate::people::PersonId;
use crate::people::access::{self, Access, ChangeAccount, Deed, ReadAccount};
use crate::signin::guard::Session;
use crate::signin::{DeviceId, SessionId, store};
use crate::vault::Vault;
use crate::web::flash::Flash;

/// A change by a young person to their own account.
#[derive(Clone, Debug)]
pub struct Mine {
    /// Who.
    pub person: PersonId,
    /// Their session.
    pub session: Session,
    /// The request's number.
    pub number: String,
    /// When.
    pub at: Timestamp,
}

/// What ends without a fresh proof: it only makes the account safer.
#[derive(Clone, Copy, Debug)]
pub enum End {
    /// One session.
    Session(SessionId),
    /// Every session but this one.
    Others,
    /// One known device.
    Device(DeviceId),
    /// The message that says that the account was opened again with help: it was read.
    Notice,
}

/// Ends what somebody no longer wants to be there. What is not theirs, or gone already, stays as it is.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs to end.
pub async fn end(db: &Db, mine: Mine, end: End) -> Result<()> {
    db.write(mine, move |tx, mine| {
        Box::pin(async move {
            let mut access = checked::<ReadAccount>(tx, mine).await?;
            let account = mine.session.account;
            match end {
                End::Session(id) => drop(store::end_session_of(access.tx(), account, id).await?),
                End::Others => drop(store::end_other_sessions(access.tx(), account, &mine.session.token_hash).await?),
                End::Device(id) => drop(store::forget_device(access.tx(), account, id).await?),
                End::Notice => store::forget_reset(access.tx(), account).await?,
            }
            let flash = if matches!(end, End::Notice) { Flash::Read } else { Flash::Ended };
            close(access, mine, "end sign-in", flash).await
        })
    })
    .await
}

/// Gives somebody another name to sign in with.
///
/// # Errors
/// [`Error::Duplicate`] when it is taken.
pub async fn set_username(db: &Db, vault: &Vault, mine: Mine, username: String) -> Result<()> {
    db.write((mine, vault.clone(), username), |tx, (mine, vault, username)| {
        Box::pin(async move {
            let mut access = checked::<ChangeAccount>(tx, mine).await?;
            store::set_username(access.tx(), vault, mine.session.account, mine.session.owner, username).await?;
            notices::add(access.tx(), Kind::AccountChanged, mine.person, mine.at).await?;
            close(access, mine, "change username", Flash::Kept).await
        })
    })
    .await
}

/// Gives somebody another passphrase. Everywhere else they are signed out.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs to change.
pub async fn set_passphrase(db: &Db, mine: Mine, hash: String) -> Result<()> {
    db.write((mine, hash), |tx, (mine, hash)| {
        Box::pin(async move {
            let mut access = checked::<ChangeAccount>(tx, mine).await?;
            store::set_passphrase(access.tx(), mine.session.account, hash, &mine.session.token_hash).await?;
            notices::add(access.tx(), Kind::AccountChanged, mine.person, mine.at).await?;
            close(access, mine, "change passphrase", Flash::Kept).await
        })
    })
    .await
}

/// Gives somebody a card of words, in place of the one they had.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs to change.
pub async fn set_card(db: &Db, vault: &Vault, mine: Mine, words: String) -> Result<()> {
    db.write((mine, vault.clone(), words), |tx, (mine, vault, words)| {
        Box::pin(async move {
            let mut access = checked::<ChangeAccount>(tx, mine).await?;
            store::set_card(access.tx(), vault, mine.session.account, words, mine.at).await?;
            let entry = audit::Entry { action: "make card", ..access.entry() };
            audit::store::insert(access.tx(), &entry, &mine.number).await
        })
    })
    .await
}

pub(super) async fn checked<'c, D: Deed>(tx: &'c mut Tx, mine: &Mine) -> Result<Access<'c, D, Tx>> {
    access::check::<D, _>(tx, &mine.session.actor, mine.person, mine.at).await?.ok_or(Error::NotFound)
}

pub(super) async fn close<D: Deed>(
    mut access: Access<'_, D, Tx>,
    mine: &Mine,
    action: &'static str,
    flash: Flash,
) -> Result<()> {
    let entry = audit::Entry { action, ..access.entry() };
    audit::store::insert(access.tx(), &entry, &mine.number).await?;
    store::set_flash(access.tx(), &mine.session.token_hash, flash).await
}
