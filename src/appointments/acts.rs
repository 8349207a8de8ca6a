//! Making, moving, cancelling and answering appointments: change, notice, audit row and one-time key in one transaction.
//! Reminders, and the private address of a calendar.

use jiff::{Timestamp, ToSpan as _};

use super::{AppointmentId, Details, Slot, store};
use crate::audit::{self, Entry};
use crate::clock::{from_micros, in_london, midnight};
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::notices::acts::tell_readers;
use crate::notices::{self, Kind};
use crate::people::access::{self, Access, AnswerAppointment, Deed as _, KeepFeed, ReadAppointments, SetAppointment};
use crate::people::{Actor, PersonId, store as people};
use crate::signin::acts::{Done, Post};
use crate::signin::guard::Session;
use crate::signin::store::{form_was_sent, set_flash};
use crate::vault::Vault;
use crate::web::flash::Flash;

/// The appointment is another one than was read, or it is over; nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed;

async fn tell_person(access: &mut Access<'_, SetAppointment, Tx>) -> Result<()> {
    let (person, at) = (access.person(), access.at());
    notices::store::add(access.tx(), Kind::PersonHasMessage, person, at).await
}

/// Makes an appointment, and tells the young person that there is something new.
///
/// # Errors
/// [`Error::NotFound`] when the worker does not work with them; [`Error::Busy`] when it could not be saved.
pub async fn set(db: &Db, vault: &Vault, post: Post, details: Details) -> Result<Done<Changed>> {
    db.write((post, vault.clone(), details), move |tx, (post, vault, details)| {
        Box::pin(async move {
            let mut access = post.checked::<SetAppointment>(tx).await?;
            if let Some(before) = post.before(access.tx()).await? {
                return Ok(before);
            }
            let Actor::Staff(staff, _) = post.session.actor else { return Err(Error::NotFound) };
            let id = store::insert(&mut access, vault, staff, details).await?;
            tell_person(&mut access).await?;
            post.close(access, Some(id.cast())).await
        })
    })
    .await
}

/// Changes an appointment that is still as `sequence` says, or cancels it when `details` is `None`, and tells the young
/// person that there is something new. Of two who change it at once, one is told that the other did.
///
/// # Errors
/// [`Error::NotFound`] when the worker does not work with them; [`Error::Busy`] when it could not be saved.
pub async fn change(
    db: &Db,
    vault: &Vault,
    post: Post,
    (id, sequence): (AppointmentId, i64),
    details: Option<Details>,
) -> Result<Done<Changed>> {
    db.write((post, vault.clone(), details), move |tx, (post, vault, details)| {
        Box::pin(async move {
            let mut access = post.checked::<SetAppointment>(tx).await?;
            if let Some(before) = post.before(access.tx()).await? {
                return Ok(before);
            }
            let stands = store::one(&mut access, vault, id).await?.ok_or(Error::NotFound)?;
            let cancels = details.is_none();
            if stands.sequence != sequence || cancels && (stands.cancelled || !stands.is_to_come(post.at)) {
                return Ok(Done::Refused(Changed));
            }
            let (done, action) = match details {
                Some(details) => {
                    (store::change(&mut access, vault, (id, sequence), details).await?, SetAppointment::ACTION)
                }
                None => (store::cancel(&mut access, (id, sequence)).await?, "cancel"),
            };
            if !done {
                return Err(Error::NotFound);
            }
            tell_person(&mut access).await?;
            post.close_as(access, (action, Some(id.cast())), Flash::Set).await
        })
    })
    .await
}

/// Writes down that the young person cannot make an appointment that is still as `sequence` says, with why if they said that, or that they can after
/// all (`None`), and tells whoever answers for them that something is waiting.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs; [`Error::Busy`] when it could not be saved.
pub async fn answer(
    db: &Db,
    vault: &Vault,
    post: Post,
    (id, sequence): (AppointmentId, i64),
    cannot: Option<Option<String>>,
) -> Result<Done<Changed>> {
    db.write((post, vault.clone(), cannot), move |tx, (post, vault, cannot)| {
        Box::pin(async move {
            let stands = store::one(&mut post.checked::<ReadAppointments>(tx).await?, vault, id).await?;
            let stands = stands.ok_or(Error::NotFound)?;
            let mut access = post.checked::<AnswerAppointment>(tx).await?;
            if let Some(before) = post.before(access.tx()).await? {
                return Ok(before);
            }
            if stands.sequence != sequence {
                return Ok(Done::Refused(Changed));
            }
            if !store::answer(&mut access, vault, id, cannot.as_ref().map(Option::as_deref)).await? {
                return Err(Error::NotFound);
            }
            tell_readers(access.tx(), Kind::WorkerHasMessage, post.person, post.at).await?;
            post.close_as(access, (AnswerAppointment::ACTION, Some(id.cast())), Flash::WorkerTold).await
        })
    })
    .await
}

/// Puts a notice in the outbox for everybody who is to be reminded of an appointment now, once for each start, however
/// often and wherever this is run. Gives how many.
///
/// # Errors
/// When the database fails; what was not done is done by the next run.
pub async fn remind(db: &Db, at: Timestamp) -> Result<usize> {
    let due = store::due(&mut db.read().await?, at).await?;
    let mut reminded = 0;
    for due in due {
        let one = db.write(due, move |tx, due| {
            Box::pin(async move {
                let marked = store::mark_reminded(tx, *due, at).await?;
                if marked {
                    notices::store::add(tx, Kind::Reminder, due.person, at).await?;
                }
                Ok(marked)
            })
        });
        reminded += usize::from(one.await?);
    }
    Ok(reminded)
}

/// Makes a private address for the calendar of the person who asks: the secret in it, as 64 hex digits. It is kept
/// nowhere, and one that there was before ends.
///
/// # Errors
/// [`Error::NotFound`] when they may not.
pub async fn make_feed(db: &Db, session: Session, person: PersonId, number: String, at: Timestamp) -> Result<String> {
    let token = crate::vault::random::<32>()?;
    let hash = crate::vault::sha256(&token);
    db.write((session, number), move |tx, (session, number)| {
        Box::pin(async move {
            let access = access::check::<KeepFeed, _>(tx, &session.actor, person, at).await?;
            let mut access = access.ok_or(Error::NotFound)?;
            let id = store::insert_feed(&mut access, &hash).await?;
            let entry = Entry { object_id: Some(id.cast()), ..access.entry() };
            audit::store::insert(access.tx(), &entry, number).await
        })
    })
    .await?;
    Ok(crate::id::hex(&token))
}

/// Takes the private address of a calendar back: it answers nobody from now on.
///
/// # Errors
/// [`Error::NotFound`] when they may not.
pub async fn end_feed(db: &Db, session: Session, person: PersonId, number: String, at: Timestamp) -> Result<()> {
    db.write((session, number), move |tx, (session, number)| {
        Box::pin(async move {
            let access = access::check::<KeepFeed, _>(tx, &session.actor, person, at).await?;
            let mut access = access.ok_or(Error::NotFound)?;
            if store::end_feed(&mut access).await? {
                let entry = Entry { action: "end", ..access.entry() };
                audit::store::insert(access.tx(), &entry, number).await?;
            }
            set_flash(access.tx(), &session.token_hash, Flash::Set).await
        })
    })
    .await
}

/// What a calendar with this secret in its address shows now; `None` when there is no such address. Empty while the
/// owner is under a safety flag: whoever reads it may be whom they must be safe from.
///
/// A program asks every hour or so. The first time on a day leaves an audit row, which says that the address is in use;
/// the others would say no more, and writing is not for whoever asks most.
///
/// # Errors
/// When the database fails.
pub async fn read_feed(db: &Db, secret: &str, number: String, at: Timestamp) -> Result<Option<Vec<Slot>>> {
    let token: Option<[u8; 32]> = crate::id::unhex(secret).and_then(|token| token.try_into().ok());
    let Some(token) = token else { return Ok(None) };
    let mut read = db.read().await?;
    let Some(feed) = store::feed(&mut read, &crate::vault::sha256(&token)).await? else { return Ok(None) };
    let today = in_london(at).date();
    let days = |days: i64| from_micros(midnight(today.saturating_add(days.days())));
    let slots = if people::is_flagged(&mut read, feed.person).await? {
        Vec::new()
    } else {
        store::slots(&mut read, &feed, days(-super::BACK), days(super::AHEAD)).await?
    };
    let last = audit::store::last_read(&mut read, feed.person, feed.id.cast()).await?;
    drop(read);
    if last.is_none_or(|last| last < midnight(today)) {
        let row = Entry::of(None, "read", KeepFeed::OBJECT, at);
        audit::store::viewed(db, Entry { person: Some(feed.person), object_id: Some(feed.id.cast()), ..row }, number)
            .await?;
    }
    Ok(Some(slots))
}

/// Whether a form with this key was taken before.
///
/// # Errors
/// When the database fails.
pub async fn was_sent(db: &Db, session: &Session, key: &[u8; 16]) -> Result<bool> {
    form_was_sent(&mut db.read().await?, session.account, key).await
}
