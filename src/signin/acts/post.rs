//! A form about a person with its one-time key, and what became of it.

use jiff::Timestamp;

use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::people::PersonId;
use crate::people::access::{self, Access, Deed};
use crate::signin::guard::Session;
use crate::signin::store::{Once, drop_draft, form_was_sent, once, set_flash};
use crate::web::flash::Flash;

/// A form that somebody sent about a person.
#[derive(Clone, Debug)]
pub struct Post {
    /// Who sent it.
    pub session: Session,
    /// Whom it is about.
    pub person: PersonId,
    /// Its one-time key.
    pub key: [u8; 16],
    /// Everything that it says: with the same key again it is the same act.
    pub words: String,
    /// Where the browser goes next.
    pub to: String,
    /// The page whose draft it was: nothing is left of that once it is saved.
    pub place: Option<String>,
    /// The request's number.
    pub number: String,
    /// When it was sent.
    pub at: Timestamp,
}

/// What became of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done<R> {
    /// On disk, now or when the same form came first: go on to this address.
    To(String),
    /// The same key was used for other words before; nothing was changed.
    OtherText,
    /// It may not be done, and nothing was changed.
    Refused(R),
}

impl Post {
    /// The same form, of a page where what is typed is kept.
    #[must_use]
    pub fn written_on(self, place: String) -> Self {
        Self { place: Some(place), ..self }
    }

    /// Checks that the one who sent it may do this.
    ///
    /// # Errors
    /// [`Error::NotFound`] when they may not.
    pub async fn checked<'c, D: Deed>(&self, tx: &'c mut Tx) -> Result<Access<'c, D, Tx>> {
        access::check::<D, _>(tx, &self.session.actor, self.person, self.at).await?.ok_or(Error::NotFound)
    }

    /// What a form with this key became before; `None`: this is the first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn before<R>(&self, tx: &mut Tx) -> Result<Option<Done<R>>> {
        if !form_was_sent(tx, self.session.account, &self.key).await? {
            return Ok(None);
        }
        Ok(match self.once(tx).await? {
            Once::Same(to) => Some(Done::To(to)),
            Once::Other => Some(Done::OtherText),
            Once::New => None,
        })
    }

    async fn once(&self, tx: &mut Tx) -> Result<Once> {
        once(tx, self.session.account, &self.key, self.words.as_bytes(), &self.to, self.at).await
    }

    /// Takes the key and writes down what was done, to what: the end of every act. An act that refuses takes no key, so
    /// that the same form can be sent again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close<D: Deed, R>(&self, access: Access<'_, D, Tx>, object: Option<Id<()>>) -> Result<Done<R>> {
        self.close_as(access, (D::ACTION, object), Flash::Set).await
    }

    /// The same, under a word of its own in the audit, and where the next page says something of its own.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close_as<D: Deed, R>(
        &self,
        mut access: Access<'_, D, Tx>,
        (action, object_id): (&'static str, Option<Id<()>>),
        says: Flash,
    ) -> Result<Done<R>> {
        let entry = Entry { action, object_id, ..access.entry() };
        self.once(access.tx()).await?;
        if let Some(place) = &self.place {
            drop_draft(access.tx(), self.session.desk(place)).await?;
        }
        audit::store::insert(access.tx(), &entry, &self.number).await?;
        set_flash(access.tx(), &self.session.token_hash, says).await?;
        Ok(Done::To(self.to.clone()))
    }
}
