//! Asking for a letter, deciding about it and showing it: change, notice, audit row and one-time key in one transaction.

use jiff::civil::Date;

use super::{How, LetterId, State, stands, store};
use crate::clock::{from_micros, london_date};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::notices::acts::tell_readers;
use crate::notices::{self, Kind};
use crate::people::Actor;
use crate::people::access::{ApproveLetter, AskLetter, Deed as _, ReadLetter};
use crate::signin::acts::{Done, Post};
use crate::vault::Vault;
use crate::web::flash::Flash;

/// Somebody else decided before, or there is nothing to decide about; nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLate;

/// Asks for a letter, and tells whoever answers for the young person that something is waiting. While one is open it
/// stays the only one.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs; [`Error::Busy`] when it could not be saved.
pub async fn ask(db: &Db, post: Post) -> Result<Done<TooLate>> {
    db.write(post, |tx, post| {
        Box::pin(async move {
            let mut access = post.checked::<AskLetter>(tx).await?;
            if let Some(before) = post.before(access.tx()).await? {
                return Ok(before);
            }
            let Some(id) = store::insert(&mut access).await? else { return Ok(Done::To(post.to.clone())) };
            tell_readers(access.tx(), Kind::WorkerHasMessage, post.person, post.at).await?;
            post.close_as(access, (AskLetter::ACTION, Some(id.cast())), Flash::WorkerTold).await
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
    /// This, which was approved before, holds no longer, and why.
    TakeBack(LetterId, String),
}

/// Decides about a letter, and tells the young person that there is something new. Of two who decide at once, one wins.
///
/// # Errors
/// [`Error::NotFound`] when the worker does not work with them; [`Error::Busy`] when it could not be saved.
pub async fn decide(db: &Db, vault: &Vault, post: Post, decision: Decision) -> Result<Done<TooLate>> {
    db.write((post, vault.clone(), decision), |tx, (post, vault, decision)| {
        Box::pin(async move {
            let Actor::Staff(by, _) = post.session.actor else { return Err(Error::NotFound) };
            let letters = store::all(&mut post.checked::<ReadLetter>(tx).await?, vault).await?;
            let standing = stands(&letters).map(|one| one.id);
            let mut access = post.checked::<ApproveLetter>(tx).await?;
            if let Some(before) = post.before(access.tx()).await? {
                return Ok(before);
            }
            let (done, action, id) = match decision {
                Decision::Approve(id) => {
                    let done = store::decide(&mut access, vault, (*id, by), State::Approved, None).await?;
                    (done, ApproveLetter::ACTION, *id)
                }
                Decision::Refuse(id, why) => {
                    let done = store::decide(&mut access, vault, (*id, by), State::Refused, Some(why)).await?;
                    (done, "refuse", *id)
                }
                Decision::TakeBack(approved, why) => {
                    if standing != Some(*approved) {
                        return Ok(Done::Refused(TooLate));
                    }
                    (true, "refuse", store::take_back(&mut access, vault, by, why).await?)
                }
            };
            if !done {
                return Ok(Done::Refused(TooLate));
            }
            notices::store::add(access.tx(), Kind::PersonHasMessage, post.person, post.at).await?;
            post.close_as(access, (action, Some(id.cast())), Flash::Set).await
        })
    })
    .await
}

/// Writes down to whom the young person shows a letter that stands.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs, or does not stand any more; [`Error::Busy`] when it could not be saved.
pub async fn show(db: &Db, vault: &Vault, post: Post, id: LetterId, to: String) -> Result<Done<TooLate>> {
    db.write((post, vault.clone(), to), move |tx, (post, vault, to)| {
        Box::pin(async move {
            let mut reading = post.checked::<ReadLetter>(tx).await?;
            let letters = store::all(&mut reading, vault).await?;
            if stands(&letters).is_none_or(|one| one.id != id) {
                return Err(Error::NotFound);
            }
            let mut access = post.checked::<AskLetter>(tx).await?;
            if let Some(before) = post.before(access.tx()).await? {
                return Ok(before);
            }
            store::insert_use(&mut access, vault, id, to).await?;
            post.close_as(access, ("show", Some(id.cast())), Flash::Set).await
        })
    })
    .await
}

/// To whom a worker confirmed a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// The letter, which stood when they did.
    pub letter: LetterId,
    /// Who asked.
    pub to: String,
    /// How.
    pub how: How,
    /// The day.
    pub on: Date,
}

/// Why it was not written down that a letter was confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTold {
    /// The letter stands no more.
    Over,
    /// It was approved later than the day on which it is said to have been confirmed.
    Before,
}

/// Writes down to whom a worker confirmed a letter that stands.
///
/// # Errors
/// [`Error::NotFound`] when the worker does not work with them; [`Error::Busy`] when it could not be saved.
pub async fn tell(db: &Db, vault: &Vault, post: Post, confirmed: Confirmed) -> Result<Done<NotTold>> {
    db.write((post, vault.clone(), confirmed), |tx, (post, vault, confirmed)| {
        Box::pin(async move {
            let Actor::Staff(by, _) = post.session.actor else { return Err(Error::NotFound) };
            let letters = store::all(&mut post.checked::<ReadLetter>(tx).await?, vault).await?;
            let mut access = post.checked::<ApproveLetter>(tx).await?;
            if let Some(before) = post.before(access.tx()).await? {
                return Ok(before);
            }
            let Confirmed { letter, to, how, on } = confirmed;
            let standing = stands(&letters).filter(|one| one.id == *letter).and_then(|one| one.decided.as_ref());
            let Some(approved) = standing else { return Ok(Done::Refused(NotTold::Over)) };
            if *on < london_date(from_micros(approved.at)) {
                return Ok(Done::Refused(NotTold::Before));
            }
            store::insert_told(&mut access, vault, (*letter, by), to, (*how, *on)).await?;
            post.close_as(access, ("tell", Some(letter.cast())), Flash::Set).await
        })
    })
    .await
}
