//! Submitting a version to a manager, who signs it off or returns it with a reason.

use super::{Done, Over, Post};
use crate::db::Db;
use crate::error::Result;
use crate::notices::acts::tell_readers;
use crate::notices::{self, Kind};
use crate::people::access::{SignPlan, WritePlan};
use crate::people::{Actor, StaffId, store as people};
use crate::plan::store;
use crate::vault::Vault;
use crate::web::flash::Flash;

/// Submits the newest version that was shared to a manager of the person, who is told. [`Over`] when it cannot be
/// submitted any more, or they are no manager of theirs.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when who asks may not; when the database fails.
pub async fn submit(db: &Db, post: Post, number: i64, to: StaffId) -> Result<Done<Over>> {
    db.write(post, move |tx, post| {
        Box::pin(async move {
            let mut access = post.checked::<WritePlan>(tx).await?;
            if let Some(done) = post.before(access.tx()).await? {
                return Ok(done);
            }
            let mut managers = people::managers_of(access.tx(), post.person, post.at).await?;
            // Nobody signs off what they submitted themselves.
            managers.retain(|one| !matches!(post.session.actor, Actor::Staff(own, _) if own == *one));
            let versions = store::versions(&mut access).await?;
            let version = versions.into_iter().find(|version| version.number == number && version.may_be_submitted());
            let (Some(version), true) = (version, managers.contains(&to)) else { return Ok(Done::Refused(Over)) };
            store::submit(&mut access, version.id, to).await?;
            notices::store::add(access.tx(), Kind::WorkerHasMessage, to, post.at).await?;
            post.close_saying(access, None, Flash::Submitted).await
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
            let versions = store::versions(&mut access).await?;
            let Some(version) = versions.into_iter().find(|version| version.number == number) else {
                return Ok(Done::Refused(Over));
            };
            if !store::decide(&mut access, vault, version.id, returned.as_deref()).await? {
                return Ok(Done::Refused(Over));
            }
            tell_readers(access.tx(), Kind::WorkerHasMessage, post.person, post.at).await?;
            post.close(access, None).await
        })
    })
    .await
}
