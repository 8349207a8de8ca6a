//! Several actions added in one go: those of a goal that somebody took, and what was agreed at a review.

use super::{Done, Over, Post};
use crate::audit;
use crate::db::Db;
use crate::error::Result;
use crate::people::access::DoAction;
use crate::plan::action::{Words, is_on_the_list};
use crate::plan::{Action, Heading, Progress, store};
use crate::vault::Vault;

/// Adds all of these, or none: the actions of one form. [`Over`] when somebody is to do one of them already: it was added
/// since the form was drawn. `private`: for the young person's eyes. The same form twice is one.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when it is not theirs to add to; when the database fails.
pub async fn add_actions(
    db: &Db,
    vault: &Vault,
    post: Post,
    new: Vec<(Heading, Action)>,
    private: bool,
) -> Result<Done<Over>> {
    db.write((post, vault.clone(), new), move |tx, (post, vault, new)| {
        Box::pin(async move {
            let mut access = post.checked::<DoAction>(tx).await?;
            if let Some(before) = post.before(access.tx()).await? {
                return Ok(before);
            }
            let stand = store::actions(&mut access, vault).await?;
            if new.iter().any(|(heading, says)| is_on_the_list(&stand, *heading, &says.text)) {
                return Ok(Done::Refused(Over));
            }
            let mut last = None;
            for (heading, says) in new.iter() {
                let words = Words { says: Action { state: Progress::NotStarted, ..says.clone() }, why: None };
                let id = store::insert_action(&mut access, vault, *heading, (&words, private)).await?;
                // One row for each; that of the last is written with the key.
                if let Some(before) = last.replace(id.cast()) {
                    let entry = audit::Entry { object_id: Some(before), ..access.entry() };
                    audit::store::insert(access.tx(), &entry, &post.number).await?;
                }
            }
            post.close(access, last).await
        })
    })
    .await
}
