//! Sending and answering: message, notice, audit row and one-time key in one transaction.

use jiff::Timestamp;

use super::{MessageId, store};
use crate::audit;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::notices::{self, Kind};
use crate::people::access::{self, AnswerMessage, ReadThread, WriteMessage};
use crate::people::{Actor, PersonId, store as people};
use crate::signin::guard::Session;
use crate::signin::store::{Once, drop_draft, once, set_flash};
use crate::vault::Vault;
use crate::web::flash::Flash;

/// What a form asks to be done.
#[derive(Clone, Debug)]
pub struct Send {
    /// Whose thread.
    pub person: PersonId,
    /// Who sends.
    pub session: Session,
    /// The form's one-time key.
    pub key: [u8; 16],
    /// The text.
    pub body: String,
    /// Where the browser goes next.
    pub to: String,
    /// The request's number.
    pub number: String,
    /// When.
    pub at: Timestamp,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// On disk, now or when the same form came first: go on to this address.
    Done(String),
    /// The same form was sent before with another text; nothing was changed.
    OtherText,
}

/// Sends a message of the young person to whoever leads, with a notice to them.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs; [`Error::Busy`] when it could not be saved.
pub async fn send(db: &Db, vault: &Vault, send: Send) -> Result<Sent> {
    db.write((send, vault.clone()), |tx, (send, vault)| {
        Box::pin(async move {
            let mut access = access::check::<WriteMessage, _>(tx, &send.session.actor, send.person, send.at)
                .await?
                .ok_or(Error::NotFound)?;
            match once(access.tx(), send.session.account, &send.key, send.body.as_bytes(), &send.to, send.at).await? {
                Once::Same(to) => return Ok(Sent::Done(to)),
                Once::Other => return Ok(Sent::OtherText),
                Once::New => {}
            }
            let id = store::write(&mut access, vault, &send.body).await?;
            let workers = people::workers(&mut access, vault).await?;
            for worker in workers.into_iter().filter(|worker| worker.lead) {
                notices::store::add(access.tx(), Kind::WorkerHasMessage, worker.id, send.at).await?;
            }
            close(access, send, id, Flash::Saved).await
        })
    })
    .await
}

/// Sends a worker's answer, with a notice to the young person.
///
/// # Errors
/// [`Error::NotFound`] when they do not work with the person; [`Error::Busy`] when it could not be saved.
pub async fn answer(db: &Db, vault: &Vault, send: Send) -> Result<Sent> {
    db.write((send, vault.clone()), |tx, (send, vault)| {
        Box::pin(async move {
            let mut access = access::check::<AnswerMessage, _>(tx, &send.session.actor, send.person, send.at)
                .await?
                .ok_or(Error::NotFound)?;
            match once(access.tx(), send.session.account, &send.key, send.body.as_bytes(), &send.to, send.at).await? {
                Once::Same(to) => return Ok(Sent::Done(to)),
                Once::Other => return Ok(Sent::OtherText),
                Once::New => {}
            }
            let id = store::answer(&mut access, vault, &send.body).await?;
            notices::store::add(access.tx(), Kind::PersonHasMessage, send.person, send.at).await?;
            close(access, send, id, Flash::Answered).await
        })
    })
    .await
}

async fn close<D: access::Deed>(
    mut access: access::Access<'_, D, crate::db::Tx>,
    send: &Send,
    id: MessageId,
    flash: Flash,
) -> Result<Sent> {
    let entry = audit::Entry { object_id: Some(id.cast()), ..access.entry() };
    audit::store::insert(access.tx(), &entry, &send.number).await?;
    drop_draft(access.tx(), send.session.account, &send.to).await?;
    set_flash(access.tx(), &send.session.token_hash, flash).await?;
    Ok(Sent::Done(send.to.clone()))
}

/// Marks the other side's messages of a page that ends with `last` as opened by the reader, with the
/// audit row of the reading.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs to read.
pub async fn open(
    db: &Db,
    actor: &Actor,
    person: PersonId,
    last: MessageId,
    number: &str,
    at: Timestamp,
) -> Result<()> {
    db.write((actor.clone(), person, number.to_owned()), move |tx, (actor, person, number)| {
        Box::pin(async move {
            let mut access = access::check::<ReadThread, _>(tx, actor, *person, at).await?.ok_or(Error::NotFound)?;
            if store::mark_opened(&mut access, last).await? > 0 {
                let entry = audit::Entry { action: "open", ..access.entry() };
                audit::store::insert(access.tx(), &entry, number).await?;
            }
            Ok(())
        })
    })
    .await
}

/// An id that stands in an address, as one of a message.
pub fn message_id(text: &str) -> Option<MessageId> {
    Id::parse(text)
}
