//! Asking for a review and holding one, getting ready for it, and the assessment before the first plan.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{Done, Over, Post};
use crate::clock::london_date;
use crate::db::Db;
use crate::error::Result;
use crate::notices::Kind;
use crate::notices::acts::tell_readers;
use crate::people::Actor;
use crate::people::access::{AskReview, Deed as _, HoldReview, PrepareMeeting};
use crate::plan::Prep;
use crate::plan::review::{SOON, Why};
use crate::plan::store::{self, Assessed};
use crate::vault::Vault;
use crate::web::flash::Flash;

/// Asks for a review: by the young person, within four weeks; by a worker, by a day.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when who asks may not; when the database fails.
pub async fn ask_review(db: &Db, post: Post, by: Option<Date>) -> Result<Done<Over>> {
    db.write(post, move |tx, post| {
        Box::pin(async move {
            let mut access = post.checked::<AskReview>(tx).await?;
            if let Some(done) = post.before(access.tx()).await? {
                return Ok(done);
            }
            let soon = london_date(post.at).saturating_add(SOON.days());
            if matches!(post.session.actor, Actor::Staff(..)) {
                store::set_day(&mut access, by.unwrap_or(soon)).await?;
            } else {
                store::ask(&mut access, Why::Asked, soon).await?;
                tell_readers(access.tx(), Kind::WorkerHasMessage, post.person, post.at).await?;
            }
            post.close(access, None).await
        })
    })
    .await
}

/// Writes down that a review was held on a day.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when who asks may not; when the database fails.
pub async fn hold_review(db: &Db, post: Post, on: Date) -> Result<Done<Over>> {
    db.write(post, move |tx, post| {
        Box::pin(async move {
            let mut access = post.checked::<HoldReview>(tx).await?;
            if let Some(done) = post.before(access.tx()).await? {
                return Ok(done);
            }
            store::hold(&mut access, on).await?;
            post.close(access, None).await
        })
    })
    .await
}

/// Something else stands there than was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Later;

/// Keeps what somebody has got ready for their meeting, and shares it if they want. `seen`: when what they had before them
/// was kept, 0 for nothing. [`Later`] when something else was kept since.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when who asks may not; when the database fails.
pub async fn prepare(db: &Db, vault: &Vault, post: Post, (seen, prep): (i64, Prep)) -> Result<Done<Later>> {
    db.write((post, vault.clone(), prep), move |tx, (post, vault, prep)| {
        Box::pin(async move {
            let mut access = post.checked::<PrepareMeeting>(tx).await?;
            let shared = prep.shared_at.is_some();
            if let Some(done) = post.before(access.tx()).await? {
                return Ok(done);
            }
            if store::ready_since(&mut access).await? != seen {
                return Ok(Done::Refused(Later));
            }
            store::put_prep(&mut access, vault, prep).await?;
            if shared {
                tell_readers(access.tx(), Kind::WorkerHasMessage, post.person, post.at).await?;
            }
            let says = if shared { Flash::PrepShared } else { Flash::Set };
            post.close_as(access, (PrepareMeeting::ACTION, None), says).await
        })
    })
    .await
}

/// Writes down since when somebody is eligible and when their needs were assessed.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when who asks may not; when the database fails.
pub async fn assess(db: &Db, post: Post, assessed: Assessed) -> Result<Done<Over>> {
    db.write(post, move |tx, post| {
        Box::pin(async move {
            let mut access = post.checked::<HoldReview>(tx).await?;
            if let Some(done) = post.before(access.tx()).await? {
                return Ok(done);
            }
            store::set_assessed(&mut access, assessed).await?;
            post.close_as(access, ("assess", None), Flash::Set).await
        })
    })
    .await
}
