//! What a member of staff changes about their own sign-in.

use jiff::Timestamp;

use crate::audit::{self, Entry};
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::signin::guard::Session;
use crate::signin::{SessionId, store};
use crate::vault::Vault;
use crate::web::flash::Flash;

/// A change by a member of staff to their own account.
#[derive(Clone, Debug)]
pub struct Own {
    /// Their session.
    pub session: Session,
    /// The request's number.
    pub number: String,
    /// When.
    pub at: Timestamp,
}

impl Own {
    async fn note(&self, tx: &mut Tx, action: &'static str, flash: Option<Flash>) -> Result<()> {
        let entry = Entry::of(Some(self.session.actor.clone()), action, "account", self.at);
        audit::store::insert(tx, &entry, &self.number).await?;
        match flash {
            Some(flash) => store::set_flash(tx, &self.session.token_hash, flash).await,
            None => Ok(()),
        }
    }
}

/// Ends one session of theirs, or every one but this.
///
/// # Errors
/// When the database fails.
pub async fn end(db: &Db, own: Own, session: Option<SessionId>) -> Result<()> {
    db.write(own, move |tx, own| {
        Box::pin(async move {
            let account = own.session.account;
            match session {
                Some(session) => drop(store::end_session_of(tx, account, session).await?),
                None => drop(store::end_other_sessions(tx, account, &own.session.token_hash).await?),
            }
            own.note(tx, "end sign-in", Some(Flash::Ended)).await
        })
    })
    .await
}

/// Gives them another name to sign in with.
///
/// # Errors
/// [`crate::error::Error::Duplicate`] when it is taken.
pub async fn set_username(db: &Db, vault: &Vault, own: Own, username: String) -> Result<()> {
    db.write((own, vault.clone(), username), |tx, (own, vault, username)| {
        Box::pin(async move {
            store::set_username(tx, vault, own.session.account, own.session.owner, username).await?;
            own.note(tx, "change username", Some(Flash::Kept)).await
        })
    })
    .await
}

/// Gives them another passphrase. Everywhere else they are signed out.
///
/// # Errors
/// When the database fails.
pub async fn set_passphrase(db: &Db, own: Own, hash: String) -> Result<()> {
    db.write((own, hash), |tx, (own, hash)| {
        Box::pin(async move {
            store::set_passphrase(tx, own.session.account, hash, &own.session.token_hash).await?;
            own.note(tx, "change passphrase", Some(Flash::Kept)).await
        })
    })
    .await
}

/// Takes their code generator away and ends every session of theirs: they set up a new one when they sign in
/// next.
///
/// # Errors
/// When the database fails.
pub async fn drop_generator(db: &Db, own: Own) -> Result<()> {
    db.write(own, |tx, own| {
        Box::pin(async move {
            store::drop_factors(tx, own.session.account).await?;
            store::end_everything(tx, own.session.owner).await?;
            own.note(tx, "drop generator", None).await
        })
    })
    .await
}
