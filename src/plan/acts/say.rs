//! What the young person says of a part, and that a worker has talked about it with them.

use jiff::ToSpan as _;

use super::{Done, Over, Post};
use crate::clock::london_date;
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::notices::Kind;
use crate::notices::acts::tell_readers;
use crate::people::access::{Access, WriteOwnPlan, WritePlan};
use crate::plan::review::{SOON, Why};
use crate::plan::store;
use crate::plan::{Heading, Opinion, SayId, State, Version, verdict};
use crate::vault::Vault;
use crate::web::flash::Flash;

/// Keeps what somebody says of a part of the newest version that was shared with them. That they do not agree brings the
/// review nearer, and it and that they want to talk are told to whoever works with them. [`Over`] when there is a
/// newer version than the one they read.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when it is not theirs; when the database fails.
pub async fn say(
    db: &Db,
    vault: &Vault,
    post: Post,
    number: i64,
    (heading, opinion): (Heading, Opinion),
    words: Option<String>,
) -> Result<Done<Over>> {
    db.write((post, vault.clone(), words), move |tx, (post, vault, words)| {
        Box::pin(async move {
            let mut access = post.checked::<WriteOwnPlan>(tx).await?;
            if let Some(done) = post.before(access.tx()).await? {
                return Ok(done);
            }
            let Some(version) = newest_shared(&mut access).await?.filter(|version| version.number == number) else {
                return Ok(Done::Refused(Over));
            };
            store::say(&mut access, vault, version.id, (heading, opinion), words.as_deref()).await?;
            judge(&mut access, vault, &version).await?;
            if opinion == Opinion::Disagree {
                let by = london_date(post.at).saturating_add(SOON.days());
                store::ask(&mut access, Why::Disagrees, by).await?;
            }
            if opinion.asks() {
                tell_readers(access.tx(), Kind::WorkerHasMessage, post.person, post.at).await?;
            }
            let says = if opinion.asks() { Flash::SaidAndTold } else { Flash::Said };
            post.close_as(access, ("say", None), says).await
        })
    })
    .await
}

/// Says of every part of the newest version that holds something, and of which nothing was said, that they agree.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when it is not theirs; when the database fails.
pub async fn agree_with_all(db: &Db, vault: &Vault, post: Post, number: i64) -> Result<Done<Over>> {
    db.write((post, vault.clone()), move |tx, (post, vault)| {
        Box::pin(async move {
            let mut access = post.checked::<WriteOwnPlan>(tx).await?;
            if let Some(done) = post.before(access.tx()).await? {
                return Ok(done);
            }
            let Some(version) = newest_shared(&mut access).await?.filter(|version| version.number == number) else {
                return Ok(Done::Refused(Over));
            };
            let says = access.fetch(store::says(&access, vault)).await?;
            for heading in written(&mut access, vault, &version).await? {
                let settled = |opinion| matches!(opinion, Opinion::Agree | Opinion::Disagree);
                let said =
                    says.iter().any(|say| say.version == number && say.heading == heading && settled(say.opinion));
                if !said {
                    store::say(&mut access, vault, version.id, (heading, Opinion::Agree), None).await?;
                }
            }
            judge(&mut access, vault, &version).await?;
            post.close_as(access, ("say", None), Flash::Said).await
        })
    })
    .await
}

/// Writes down that it was talked about. [`Over`] when somebody had done so.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when who asks may not; when the database fails.
pub async fn hear(db: &Db, post: Post, id: SayId) -> Result<Done<Over>> {
    db.write(post, move |tx, post| {
        Box::pin(async move {
            let mut access = post.checked::<WritePlan>(tx).await?;
            if let Some(done) = post.before(access.tx()).await? {
                return Ok(done);
            }
            if !store::hear(&mut access, id).await? {
                return Ok(Done::Refused(Over));
            }
            post.close_as(access, ("hear", Some(id.cast())), Flash::Set).await
        })
    })
    .await
}

async fn newest_shared(access: &mut Access<'_, WriteOwnPlan, Tx>) -> Result<Option<Version>> {
    Ok(access.fetch(store::versions(access)).await?.into_iter().find(|version| version.state != State::Draft))
}

async fn written(access: &mut Access<'_, WriteOwnPlan, Tx>, vault: &Vault, version: &Version) -> Result<Vec<Heading>> {
    let sheets = access.fetch(store::sheets(access, vault, version.id)).await?;
    Ok(sheets.into_iter().filter(|sheet| !sheet.is_empty()).map(|sheet| sheet.heading).collect())
}

/// Sets how far the version is by what was said of it.
async fn judge(access: &mut Access<'_, WriteOwnPlan, Tx>, vault: &Vault, version: &Version) -> Result<()> {
    let says = access.fetch(store::says(access, vault)).await?;
    let of = says.iter().filter(|say| say.version == version.number).map(|say| (say.heading, say.opinion));
    let state = verdict(&written(access, vault, version).await?, &of.collect::<Vec<_>>());
    store::set_state(access, version.id, state).await
}
