//! Submitting a version to a manager, who signs it off or returns it with a reason.

use super::{Done, Over, Post};
use crate::db::Db;
use crate::error::Result;
use crate::notices::acts::tell_readers;
use crate::notices::{self, Kind};
use crate::people::access::{Deed as _, SignPlan, WritePlan};
use crate::people::{Actor, StaffId, store as people};
use crate::plan::{State, store};
use crate::vault::Vault;
use crate::web::flash::Flash;

/// Submits the newest version that was shared to a manager of the person, who is told. It may lie with another manager:
/// `lay` is with whom it lay when the one who asks looked, and that one loses it. [`Over`] when it cannot be submitted any
/// more, lies with somebody else by now, or they are no manager of theirs.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when who asks may not; when the database fails.
pub async fn submit(db: &Db, post: Post, (number, lay): (i64, Option<StaffId>), to: StaffId) -> Result<Done<Over>> {
    db.write(post, move |tx, post| {
        Box::pin(async move {
            let mut access = post.checked::<WritePlan>(tx).await?;
            if let Some(done) = post.before(access.tx()).await? {
                return Ok(done);
            }
            let mut managers = people::managers_of(access.tx(), post.person, post.at).await?;
            // Nobody signs off what they submitted themselves.
            managers
                .retain(|one| !matches!(post.session.actor, Actor::Staff(own, _) if own == *one) && lay != Some(*one));
            let versions = access.fetch(store::versions(&access)).await?;
            let newest = versions.into_iter().find(|version| version.state != State::Draft);
            let version = newest
                .filter(|version| version.number == number && version.may_be_submitted() && version.lies_with() == lay);
            let (Some(version), true) = (version, managers.contains(&to)) else { return Ok(Done::Refused(Over)) };
            store::submit(&mut access, version.id, to).await?;
            notices::store::add(access.tx(), Kind::WorkerHasMessage, to, post.at).await?;
            post.close_as(access, ("submit", Some(version.id.cast())), Flash::Submitted).await
        })
    })
    .await
}

/// Signs off what lies with the one who asks, or returns it with a reason; whoever works with the person is told.
/// [`Over`] when it does not lie with them any more.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when who asks may not; when the database fails.
pub async fn decide(db: &Db, vault: &Vault, post: Post, number: i64, returned: Option<String>) -> Result<Done<Over>> {
    db.write((post, vault.clone(), returned), move |tx, (post, vault, returned)| {
        Box::pin(async move {
            let mut access = post.checked::<SignPlan>(tx).await?;
            if let Some(done) = post.before(access.tx()).await? {
                return Ok(done);
            }
            let versions = access.fetch(store::versions(&access)).await?;
            let Some(version) = versions.into_iter().find(|version| version.number == number) else {
                return Ok(Done::Refused(Over));
            };
            if !store::decide(&mut access, vault, version.id, returned.as_deref()).await? {
                return Ok(Done::Refused(Over));
            }
            tell_readers(access.tx(), Kind::WorkerHasMessage, post.person, post.at).await?;
            let did = if returned.is_some() { "return" } else { SignPlan::ACTION };
            post.close_as(access, (did, Some(version.id.cast())), Flash::Set).await
        })
    })
    .await
}
