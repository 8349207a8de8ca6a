//! Money: what somebody is to get, what they had of it, and what was written down wrong.

use jiff::civil::Date;

use super::{Done, Post};
use crate::db::Db;
use crate::error::Result;
use crate::people::access::WriteMoney;
use crate::plan::money::{NewPayment, OwedId, PaymentId};
use crate::plan::store;
use crate::vault::Vault;

/// It was undone, or counts no more, before; or it is not the person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLate;

/// Something that somebody is to get, to be added.
#[derive(Clone, Debug)]
pub struct NewOwed {
    /// What it is called.
    pub name: String,
    /// The right it rests on, by its slug.
    pub entitlement: Option<String>,
    /// How much, in pence.
    pub pence: i64,
    /// The day it was agreed.
    pub agreed_on: Date,
}

/// Writes down what somebody is to get. The same form twice is one.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when the worker does not work with the person.
pub async fn add_owed(db: &Db, vault: &Vault, post: Post, new: NewOwed) -> Result<Done<TooLate>> {
    db.write((post, vault.clone(), new), |tx, (post, vault, new)| {
        Box::pin(async move {
            let mut access = post.checked::<WriteMoney>(tx).await?;
            if let Some(before) = post.before(access.tx()).await? {
                return Ok(before);
            }
            let named = (new.name.as_str(), new.entitlement.as_deref());
            let id = store::insert_owed(&mut access, vault, named, new.pence, new.agreed_on).await?;
            post.close(access, Some(id.cast())).await
        })
    })
    .await
}

/// What is written down about something that somebody is to get.
#[derive(Clone, Debug)]
pub enum Paying {
    /// A payment.
    Paid(NewPayment),
    /// A payment was written down wrong.
    Undo(PaymentId),
    /// The whole was written down wrong.
    End,
}

/// Writes down a payment, or that one was written down wrong. The same form twice is one.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when the worker does not work with the person.
pub async fn pay(db: &Db, vault: &Vault, post: Post, (owed, paying): (OwedId, Paying)) -> Result<Done<TooLate>> {
    db.write((post, vault.clone(), paying), move |tx, (post, vault, paying)| {
        Box::pin(async move {
            let mut access = post.checked::<WriteMoney>(tx).await?;
            if let Some(before) = post.before(access.tx()).await? {
                return Ok(before);
            }
            let done = match paying {
                Paying::Paid(new) => store::insert_payment(&mut access, vault, owed, new).await?,
                Paying::Undo(payment) => store::undo_payment(&mut access, (owed, *payment)).await?,
                Paying::End => store::end_owed(&mut access, owed).await?,
            };
            if !done {
                return Ok(Done::Refused(TooLate));
            }
            post.close(access, Some(owed.cast())).await
        })
    })
    .await
}
