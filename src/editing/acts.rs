//! Publishing, undoing, confirming and looking after what the public tells us: the change, its audit row, the one-time key and the
//! message for the next page in one transaction.

use jiff::Timestamp;

use crate::audit::{self, Entry};
use crate::clock::london_date;
use crate::content::Kind;
use crate::content::store::{self as content, NewConfirmation, NewRevision};
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::offer::feedback::{FeedbackId, State};
use crate::offer::store as offer;
use crate::people::{Role, StaffId};
use crate::signin::guard::Session;
use crate::signin::store::{Once, once, set_flash};
use crate::web::flash::Flash;

/// What a form asks to be done.
#[derive(Clone, Debug)]
pub struct Act {
    /// Who asks.
    pub session: Session,
    /// The form's one-time key.
    pub key: [u8; 16],
    /// Everything that the form carried: the same key with anything else is another act.
    pub sent: Vec<u8>,
    /// What is done, for the audit.
    pub action: &'static str,
    /// To what kind of thing, for the audit.
    pub object: &'static str,
    /// Where the browser goes next.
    pub to: String,
    /// What it is told there.
    pub flash: Flash,
    /// Why it is refused, as things stand now. A form that was accepted before is not refused when
    /// it comes again, though it has changed how things stand.
    pub refuse: Option<&'static str>,
    /// The request's number.
    pub number: String,
    /// When.
    pub at: Timestamp,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// On disk, now or when the same form came first: go on to this address.
    Done(String),
    /// The same form was sent before with other content; nothing was changed.
    OtherContent,
    /// Somebody published the item since the edition this one was written from; nothing was changed.
    Overtaken,
    /// Not as things stand now; nothing was changed.
    Refused(&'static str),
}

/// Publishes an edition of an item, or withdraws the staff's editions of it.
///
/// # Errors
/// [`Error::Busy`] when it could not be saved.
pub async fn publish(db: &Db, act: Act, new: NewRevision) -> Result<Outcome> {
    let done = db.write((act, new), |tx, (act, new)| {
        Box::pin(async move {
            if let Some(outcome) = begin(tx, act).await? {
                return Ok(outcome);
            }
            store_revision(tx, act, new).await?;
            Ok(Outcome::Done(act.to.clone()))
        })
    });
    told(done.await)
}

/// Takes back a change to a session that staff made.
///
/// # Errors
/// [`Error::NotFound`] when staff made none of this id.
pub async fn undo(db: &Db, act: Act, exception: String, by: StaffId) -> Result<Outcome> {
    let done = db.write((act, exception), move |tx, (act, exception)| {
        Box::pin(async move {
            if let Some(outcome) = begin(tx, act).await? {
                return Ok(outcome);
            }
            let stored = content::of_item(tx, Kind::Exception, exception).await?;
            let newest = stored.first().ok_or(Error::NotFound)?;
            if newest.state != "published" {
                return Err(Error::Duplicate);
            }
            let new = NewRevision {
                kind: Kind::Exception,
                item: exception.clone(),
                body: String::new(),
                published: false,
                from: newest.number,
                shipped_hash: newest.shipped_hash.clone(),
                by,
                note: "Undone".to_owned(),
            };
            store_revision(tx, act, &new).await?;
            Ok(Outcome::Done(act.to.clone()))
        })
    });
    told(done.await)
}

/// Things of one kind that somebody says are right.
#[derive(Clone, Debug)]
pub struct Confirmed {
    /// What kind of thing.
    pub kind: Kind,
    /// Each with the hash of the text that was looked at.
    pub items: Vec<(String, String)>,
    /// How they were checked, for staff.
    pub note: String,
    /// Who says so.
    pub by: StaffId,
}

/// Says that what the public reads about these is right, today, for the service.
///
/// # Errors
/// [`Error::Busy`] when it could not be saved.
pub async fn confirm(db: &Db, act: Act, sure: Confirmed) -> Result<Outcome> {
    let done = db.write((act, sure), |tx, (act, sure)| {
        Box::pin(async move {
            if let Some(outcome) = begin(tx, act).await? {
                return Ok(outcome);
            }
            for (item, body_hash) in &sure.items {
                let new = NewConfirmation {
                    kind: sure.kind,
                    item: item.clone(),
                    body_hash: body_hash.clone(),
                    by_role: Role::Editor.title().to_owned(),
                    by: sure.by,
                    on: london_date(act.at),
                    note: sure.note.clone(),
                };
                content::confirm(tx, &new, act.at).await?;
            }
            close(tx, act, None).await?;
            Ok(Outcome::Done(act.to.clone()))
        })
    });
    told(done.await)
}

/// What an editor says about something that the public told us.
#[derive(Clone, Debug)]
pub struct Marked {
    /// What was told.
    pub id: FeedbackId,
    /// How far it is now.
    pub to: State,
    /// For staff.
    pub note: String,
    /// Who says so.
    pub by: StaffId,
}

/// Says that somebody has seen what the public told us, or has done what it asks for.
///
/// # Errors
/// [`Error::Busy`] when it could not be saved.
pub async fn mark(db: &Db, act: Act, marked: Marked) -> Result<Outcome> {
    let done = db.write((act, marked), |tx, (act, marked)| {
        Box::pin(async move {
            if let Some(outcome) = begin(tx, act).await? {
                return Ok(outcome);
            }
            if !offer::mark(tx, marked.id, marked.to, marked.by, &marked.note, act.at).await? {
                return Err(Error::Duplicate);
            }
            close(tx, act, Some(marked.id.cast())).await?;
            Ok(Outcome::Done(act.to.clone()))
        })
    });
    told(done.await)
}

/// The key first: only an act that was never done goes on.
async fn begin(tx: &mut Tx, act: &Act) -> Result<Option<Outcome>> {
    match once(tx, act.session.account, &act.key, &act.sent, &act.to, act.at).await? {
        Once::Same(to) => {
            // Somebody pressed twice: this post took the message that the page behind it should show.
            set_flash(tx, &act.session.token_hash, act.flash).await?;
            return Ok(Some(Outcome::Done(to)));
        }
        Once::Other => return Ok(Some(Outcome::OtherContent)),
        Once::New => {}
    }
    match act.refuse {
        // As an error, so that the key is free for another try.
        Some(says) => Err(Error::Refused(axum::http::StatusCode::UNPROCESSABLE_ENTITY, says)),
        None => Ok(None),
    }
}

async fn store_revision(tx: &mut Tx, act: &Act, new: &NewRevision) -> Result<()> {
    // Two that publish at the same moment meet here or at the unique number: both read the same.
    content::publish(tx, new, act.at).await?.ok_or(Error::Duplicate)?;
    let stored = content::of_item(tx, new.kind, &new.item).await?;
    close(tx, act, stored.first().map(|revision| revision.id.cast())).await
}

async fn close(tx: &mut Tx, act: &Act, object_id: Option<Id<()>>) -> Result<()> {
    let entry = Entry { object_id, ..Entry::of(Some(act.session.actor.clone()), act.action, act.object, act.at) };
    audit::store::insert(tx, &entry, &act.number).await?;
    set_flash(tx, &act.session.token_hash, act.flash).await
}

/// Errors that only undo the transaction become outcomes.
fn told(done: Result<Outcome>) -> Result<Outcome> {
    match done {
        Err(Error::Duplicate) => Ok(Outcome::Overtaken),
        Err(Error::Refused(_, says)) => Ok(Outcome::Refused(says)),
        done => done,
    }
}
