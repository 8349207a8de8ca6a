//! What somebody does if it goes wrong, saved at once.

use super::{Done, Post};
use crate::db::Db;
use crate::error::Result;
use crate::people::access::WriteCrisisPlan;
use crate::plan::crisis::{Boxes, CrisisPlan};
use crate::plan::store;
use crate::vault::Vault;

/// It was saved elsewhere since it was read: this stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newer(pub CrisisPlan);

/// Saves the plan of the one who asks. `seen`: when what they had before them was saved. The same form twice is one.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when it is not theirs.
pub async fn set_crisis_plan(db: &Db, vault: &Vault, post: Post, (seen, boxes): (i64, Boxes)) -> Result<Done<Newer>> {
    db.write((post, vault.clone(), boxes), move |tx, (post, vault, boxes)| {
        Box::pin(async move {
            let mut access = post.checked::<WriteCrisisPlan>(tx).await?;
            if let Some(before) = post.before(access.tx()).await? {
                return Ok(before);
            }
            let stands = store::crisis_plan(&mut access, vault).await?;
            if stands.at != seen {
                return Ok(Done::Refused(Newer(stands)));
            }
            store::set_crisis_plan(&mut access, vault, boxes).await?;
            post.close(access, None).await
        })
    })
    .await
}
