//! Actions: added, changed, moved on, taken back, shared.

use super::{Done, Post};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::people::Actor;
use crate::people::access::DoAction;
use crate::plan::action::{ActionId, Did, Edit, Refused, Side, Words, edit, undo};
use crate::plan::{Heading, store};
use crate::vault::Vault;

/// An action to be added.
#[derive(Clone, Debug)]
pub struct NewAction {
    /// Under which heading.
    pub heading: Heading,
    /// What it says.
    pub words: Words,
    /// For the young person's eyes.
    pub private: bool,
}

/// Adds an action. The same form twice is one.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs to add to.
pub async fn add_action(db: &Db, vault: &Vault, post: Post, new: NewAction) -> Result<Done<Refused>> {
    db.write((post, vault.clone(), new), |tx, (post, vault, new)| {
        Box::pin(async move {
            let mut access = post.checked::<DoAction>(tx).await?;
            if let Some(before) = post.before(access.tx()).await? {
                return Ok(before);
            }
            let id = store::insert_action(&mut access, vault, new.heading, (&new.words, new.private)).await?;
            post.close(access, Some(id.cast())).await
        })
    })
    .await
}

/// What is done to an action.
#[derive(Clone, Debug)]
pub enum Step {
    /// It shall say this.
    Edit(Edit),
    /// Its last change is taken back: the number of the last that was seen.
    Undo(i64),
    /// Workers may see it from now on.
    Share,
}

/// Does something to an action. The same form twice is one.
///
/// # Errors
/// [`Error::NotFound`] when there is no such action that the one who asks may see.
pub async fn change_action(db: &Db, vault: &Vault, post: Post, (id, step): (ActionId, Step)) -> Result<Done<Refused>> {
    db.write((post, vault.clone(), step), move |tx, (post, vault, step)| {
        Box::pin(async move {
            let mut access = post.checked::<DoAction>(tx).await?;
            if let Some(before) = post.before(access.tx()).await? {
                return Ok(before);
            }
            let stands = store::action(&mut access, vault, id).await?.ok_or(Error::NotFound)?;
            let side = match access.actor() {
                Actor::Person(..) => Side::Person,
                Actor::Staff(..) => Side::Staff,
            };
            let done = match step {
                Step::Edit(wanted) => edit(&stands, side, wanted).map(|did| did.map(|did| (did, wanted.words.clone()))),
                Step::Undo(seen) => {
                    let history = store::history(&mut access, vault, id).await?;
                    undo(stands.made, &history, side, *seen).map(|words| Some((Did::Undid, words.clone())))
                }
                // Shared already: there is nothing to do.
                Step::Share if !stands.private => Ok(None),
                Step::Share => {
                    store::share_action(&mut access, vault, &stands).await?;
                    Ok(None)
                }
            };
            match done {
                Err(refused) => return Ok(Done::Refused(refused)),
                Ok(Some((did, words))) => store::change_action(&mut access, vault, &stands, did, &words).await?,
                Ok(None) => {}
            }
            post.close(access, Some(id.cast())).await
        })
    })
    .await
}
