//! What somebody marks: hidden from the own view, to be read again, later, looked at.

use jiff::Timestamp;

use crate::audit;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::messages::{Mark, MessageId, store};
use crate::people::access::{self, AnswerMessage, HideMessage, MarkThread};
use crate::people::{Actor, PersonId};
use crate::signin::guard::Session;
use crate::signin::store::set_flash;
use crate::web::flash::Flash;

/// Takes messages out of the young person's own view.
///
/// # Errors
/// [`Error::NotFound`] when one is not in their thread; then none is hidden.
pub async fn hide(
    db: &Db,
    session: Session,
    person: PersonId,
    messages: Vec<MessageId>,
    number: String,
    at: Timestamp,
) -> Result<()> {
    db.write((session, messages, number), move |tx, (session, messages, number)| {
        Box::pin(async move {
            let mut access =
                access::check::<HideMessage, _>(tx, &session.actor, person, at).await?.ok_or(Error::NotFound)?;
            for message in messages {
                if !store::hide(&mut access, *message).await? {
                    return Err(Error::NotFound);
                }
                let entry = audit::Entry { object_id: Some(message.cast()), ..access.entry() };
                audit::store::insert(access.tx(), &entry, number).await?;
            }
            set_flash(access.tx(), &session.token_hash, Flash::Hidden).await
        })
    })
    .await
}

/// Shows everything again that the young person had hidden.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs.
pub async fn show_again(db: &Db, session: Session, person: PersonId, number: String, at: Timestamp) -> Result<()> {
    db.write((session, number), move |tx, (session, number)| {
        Box::pin(async move {
            let mut access =
                access::check::<HideMessage, _>(tx, &session.actor, person, at).await?.ok_or(Error::NotFound)?;
            store::show_again(&mut access).await?;
            let entry = audit::Entry { action: "show", ..access.entry() };
            audit::store::insert(access.tx(), &entry, number).await
        })
    })
    .await
}

/// Sets the marks of the worker who asks.
///
/// # Errors
/// [`Error::NotFound`] when they do not work with the person.
pub async fn set_marks(
    db: &Db,
    session: Session,
    person: PersonId,
    mark: Mark,
    number: String,
    at: Timestamp,
) -> Result<()> {
    db.write((session, number), move |tx, (session, number)| {
        Box::pin(async move {
            let mut access =
                access::check::<MarkThread, _>(tx, &session.actor, person, at).await?.ok_or(Error::NotFound)?;
            let Actor::Staff(staff, _) = session.actor else { return Err(Error::NotFound) };
            store::set_mark(&mut access, staff, mark).await?;
            let entry = access.entry();
            audit::store::insert(access.tx(), &entry, number).await?;
            set_flash(access.tx(), &session.token_hash, Flash::Set).await
        })
    })
    .await
}

/// A worker says that they have looked at the messages whose words sound like danger: who did is kept.
///
/// # Errors
/// [`Error::NotFound`] when they do not work with the person.
pub async fn looked(db: &Db, session: Session, person: PersonId, number: String, at: Timestamp) -> Result<()> {
    db.write((session, number), move |tx, (session, number)| {
        Box::pin(async move {
            let mut access =
                access::check::<AnswerMessage, _>(tx, &session.actor, person, at).await?.ok_or(Error::NotFound)?;
            if store::clear_flag(&mut access).await? > 0 {
                let entry = audit::Entry { action: "look at", ..access.entry() };
                audit::store::insert(access.tx(), &entry, number).await?;
            }
            set_flash(access.tx(), &session.token_hash, Flash::Set).await
        })
    })
    .await
}
