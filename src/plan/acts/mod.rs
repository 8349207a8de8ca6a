//! What is done to a plan: each in one transaction with its audit row and the form's one-time key.

mod action;
mod crisis;
mod draft;
mod many;
mod money;
mod print;
mod review;
mod say;
mod sign;

use jiff::Timestamp;

use crate::db::Db;
use crate::error::{Error, Result};
use crate::people::access::{self, ReadPlan};
use crate::people::{Actor, PersonId};
use crate::plan::store;
pub use crate::signin::acts::{Done, Post};

pub use action::{NewAction, Step, add_action, change_action};
pub use crisis::{Newer, set_crisis_plan};
pub use draft::{Base, NotWritten, restore, share, write};
pub use many::add_actions;
pub use money::{NewOwed, Paying, TooLate, add_owed, pay};
pub use print::print_contacts;
pub use review::{Later, ask_review, assess, hold_review, prepare};
pub use say::{agree_with_all, hear, say};
pub use sign::{decide, submit};

/// It does not hold any more: somebody was quicker, or there is nothing to do it to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Over;

/// Notes that the one who asks looks at a plan now: what comes later is new to them.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs to read; when the database fails.
pub async fn look(db: &Db, actor: &Actor, person: PersonId, at: Timestamp) -> Result<()> {
    db.write(actor.clone(), move |tx, actor| {
        Box::pin(async move {
            let mut access = access::check::<ReadPlan, _>(tx, actor, person, at).await?.ok_or(Error::NotFound)?;
            store::look(&mut access).await
        })
    })
    .await
}
