//! Asking for a letter, deciding about it and showing it: change, notice, audit row and one-time key in one transaction.

use jiff::Timestamp;

use super::{LetterId, State, stands, store};
use crate::audit::{self, Entry};
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::notices::acts::tell_readers;
use crate::notices::{self, Kind};
use crate::people::access::{self, Access, ApproveLetter, AskLetter, Deed, ReadLetter};
use crate::people::{Actor, PersonId};
use crate::signin::guard::Session;
use crate::signin::store::{Once, once, set_flash};
use crate::vault::Vault;
use crate::web::flash::Flash;

/// A form that was sent, by whom, and whose letters it is about.
#[derive(Clone, Debug)]
pub struct Post {
    /// Whose letters.
    pub person: PersonId,
    /// Who sends.
    pub session: Session,
    /// The form's one-time key.
    pub key: [u8; 16],
    /// Where the browser goes next.
    pub to: String,
    /// The request's number.
    pub number: String,
    /// When.
    pub at: Timestamp,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// On disk, now or when the same form came first: go on to this address.
    Saved(String),
    /// The same form was sent before with other words; nothing was changed.
    OtherText,
    /// Somebody else decided before; nothing was changed.
    TooLate,
}

impl Post {
    async fn before(&self, tx: &mut Tx, words: &str) -> Result<Option<Done>> {
        let was = once(tx, self.session.account, &self.key, words.as_bytes(), &self.to, self.at).await?;
        Ok(match was {
            Once::Same(to) => Some(Done::Saved(to)),
            Once::Other => Some(Done::OtherText),
            Once::New => None,
        })
    }

    async fn checked<'c, D: Deed>(&self, tx: &'c mut Tx) -> Result<Access<'c, D, Tx>> {
        access::check::<D, _>(tx, &self.session.actor, self.person, self.at).await?.ok_or(Error::NotFound)
    }

    async fn close<D: Deed>(
        &self,
        access: &mut Access<'_, D, Tx>,
        (action, id): (&'static str, LetterId),
        flash: Flash,
    ) -> Result<Done> {
        let entry = Entry { action, object_id: Some(id.cast()), ..access.entry() };
        audit::store::insert(access.tx(), &entry, &self.number).await?;
        set_flash(access.tx(), &self.session.token_hash, flash).await?;
        Ok(Done::Saved(self.to.clone()))
    }
}

/// Asks for a letter, and tells whoever answers for the young person that something is waiting. While one is open it
/// stays the only one.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs; [`Error::Busy`] when it could not be saved.
pub async fn ask(db: &Db, post: Post) -> Result<Done> {
    db.write(post, |tx, post| {
        Box::pin(async move {
            let mut access = post.checked::<AskLetter>(tx).await?;
            if let Some(before) = post.before(access.tx(), "ask").await? {
                return Ok(before);
            }
            let Some(id) = store::insert(&mut access).await? else { return Ok(Done::Saved(post.to.clone())) };
            tell_readers(access.tx(), Kind::WorkerHasMessage, post.person, post.at).await?;
            post.close(&mut access, (AskLetter::ACTION, id), Flash::WorkerTold).await
        })
    })
    .await
}

/// What a worker says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Yes, to this request.
    Approve(LetterId),
    /// No, to this request, and why.
    Refuse(LetterId, String),
    /// What was approved before holds no longer, and why.
    TakeBack(String),
}

/// Decides about a letter, and tells the young person that there is something new. Of two who decide at once, one wins.
///
/// # Errors
/// [`Error::NotFound`] when the worker does not work with them; [`Error::Busy`] when it could not be saved.
pub async fn decide(db: &Db, vault: &Vault, post: Post, decision: Decision) -> Result<Done> {
    db.write((post, vault.clone(), decision), |tx, (post, vault, decision)| {
        Box::pin(async move {
            let Actor::Staff(by, _) = post.session.actor else { return Err(Error::NotFound) };
            let mut access = post.checked::<ApproveLetter>(tx).await?;
            if let Some(before) = post.before(access.tx(), &format!("{} {decision:?}", post.person)).await? {
                return Ok(before);
            }
            let (done, row) = match decision {
                Decision::Approve(id) => (
                    store::decide(&mut access, vault, (*id, by), State::Approved, None).await?,
                    (ApproveLetter::ACTION, *id),
                ),
                Decision::Refuse(id, why) => {
                    (store::decide(&mut access, vault, (*id, by), State::Refused, Some(why)).await?, ("refuse", *id))
                }
                Decision::TakeBack(why) => (true, ("refuse", store::take_back(&mut access, vault, by, why).await?)),
            };
            if !done {
                return Ok(Done::TooLate);
            }
            notices::store::add(access.tx(), Kind::PersonHasMessage, post.person, post.at).await?;
            post.close(&mut access, row, Flash::Set).await
        })
    })
    .await
}

/// Writes down to whom the young person shows a letter that stands.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs, or does not stand any more; [`Error::Busy`] when it could not be saved.
pub async fn show(db: &Db, vault: &Vault, post: Post, id: LetterId, to: String) -> Result<Done> {
    db.write((post, vault.clone(), to), move |tx, (post, vault, to)| {
        Box::pin(async move {
            let mut reading = post.checked::<ReadLetter>(tx).await?;
            let letters = store::all(&mut reading, vault).await?;
            if stands(&letters).is_none_or(|one| one.id != id) {
                return Err(Error::NotFound);
            }
            let mut access = post.checked::<AskLetter>(tx).await?;
            if let Some(before) = post.before(access.tx(), &format!("{id} {to}")).await? {
                return Ok(before);
            }
            store::insert_use(&mut access, vault, id, to).await?;
            post.close(&mut access, ("show", id), Flash::Set).await
        })
    })
    .await
}
