//! Writing the next version: a text at a time, by whoever holds its pen; taking earlier words up again; sharing it.

use jiff::civil::Date;

use super::{Done, Over, Post};
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::messages::{What, store as messages, store::New};
use crate::notices::{self, Kind};
use crate::people::access::{Access, WriteOwnPlan, WritePlan};
use crate::people::{Actor, store as people};
use crate::plan::store::{self, Writes};
use crate::plan::{Field, Heading, Sheet, State, Version};
use crate::vault::Vault;
use crate::web::flash::Flash;

/// The text that somebody had before them when they began to write: of which version, and after so many writings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Base {
    /// The version.
    pub version: i64,
    /// How often the part had been written.
    pub rev: i64,
}

impl Base {
    /// The same for all the parts of a version together.
    pub fn of_all(version: i64, sheets: &[Sheet]) -> Self {
        Self { version, rev: sheets.iter().map(|sheet| sheet.rev).sum() }
    }

    /// Reads what a form carries: `3-7`.
    pub fn parse(text: &str) -> Option<Self> {
        let (version, rev) = text.split_once('-')?;
        Some(Self { version: version.parse().ok()?, rev: rev.parse().ok()? })
    }
}

impl std::fmt::Display for Base {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.version, self.rev)
    }
}

/// Why a text was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotWritten {
    /// Somebody else wrote there meanwhile. From where to go on.
    Newer(Base),
    /// The young person wrote it themselves: nobody else changes it.
    Theirs,
}

/// Writes a text of the next version, which is begun when there is none.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs to write; [`Error::Busy`] when it could not be saved.
pub async fn write(
    db: &Db,
    vault: &Vault,
    post: Post,
    place: (Heading, Field),
    base: Base,
    text: String,
) -> Result<Done<NotWritten>> {
    db.write((post, vault.clone(), text), move |tx, (post, vault, text)| {
        Box::pin(async move {
            match post.session.actor {
                Actor::Person(..) => written::<WriteOwnPlan>(tx, vault, post, place, base, text).await,
                Actor::Staff(..) => written::<WritePlan>(tx, vault, post, place, base, text).await,
            }
        })
    })
    .await
}

async fn written<D: Writes>(
    tx: &mut Tx,
    vault: &Vault,
    post: &Post,
    (heading, field): (Heading, Field),
    base: Base,
    text: &str,
) -> Result<Done<NotWritten>> {
    let own = matches!(post.session.actor, Actor::Person(..));
    // The pen of how things are and of what was agreed is the worker's.
    if own && field != Field::Want {
        return Err(Error::NotFound);
    }
    let mut access = post.checked::<D>(tx).await?;
    if let Some(done) = post.before(access.tx()).await? {
        return Ok(done);
    }
    // As it stands: a draft begins with what the newest version says, and only when something is written.
    let newest = access.fetch(store::versions(&access)).await?.into_iter().next();
    let sheets = match &newest {
        Some(newest) => access.fetch(store::sheets(&access, vault, newest.id)).await?,
        None => Vec::new(),
    };
    let sheet = sheets.into_iter().find(|sheet| sheet.heading == heading).unwrap_or(Sheet::empty(heading));
    if !own && field == Field::Want && sheet.theirs {
        return Ok(Done::Refused(NotWritten::Theirs));
    }
    let (rev, sheet_theirs, stands) = (sheet.rev, sheet.theirs, sheet.take(field).unwrap_or_default());
    let began = store::text_at(&mut access, vault, (base.version, base.rev), (heading, field)).await?;
    // What a worker took down for them in a draft gives way to their own words, which they have not seen it for.
    let gives_way = own && !sheet_theirs;
    if stands != began && stands != text && !gives_way {
        let version = newest.map_or(0, |newest| newest.number);
        return Ok(Done::Refused(NotWritten::Newer(Base { version, rev })));
    }
    if stands != text || gives_way {
        store::draft(&mut access, vault).await?;
        store::write(&mut access, vault, (heading, field), text).await?;
    }
    post.close(access, None).await
}

/// The newest version, and how often all of it was written.
async fn newest(access: &mut Access<'_, WritePlan, Tx>, vault: &Vault) -> Result<Option<(Version, Base)>> {
    let Some(newest) = access.fetch(store::versions(access)).await?.into_iter().next() else {
        return Ok(None);
    };
    let sheets = access.fetch(store::sheets(access, vault, newest.id)).await?;
    let base = Base::of_all(newest.number, &sheets);
    Ok(Some((newest, base)))
}

/// Takes up again what a version said of how things are and what was agreed, as the next version. What the young person
/// wants in their own words stays as they wrote it last. [`Over`] when there is no such version,
/// or the newest is another than the one who asks has `seen`.
///
/// # Errors
/// [`Error::NotFound`] when who asks may not; when the database fails.
pub async fn restore(db: &Db, vault: &Vault, post: Post, (number, seen): (i64, Base)) -> Result<Done<Over>> {
    db.write((post, vault.clone()), move |tx, (post, vault)| {
        Box::pin(async move {
            let mut access = post.checked::<WritePlan>(tx).await?;
            if let Some(done) = post.before(access.tx()).await? {
                return Ok(done);
            }
            let read = newest(&mut access, vault).await?.is_some_and(|(_, base)| base == seen);
            if !read || !store::take_up(&mut access, vault, number).await? {
                return Ok(Done::Refused(Over));
            }
            post.close_as(access, ("take up", None), Flash::Set).await
        })
    })
    .await
}

/// Shares the draft with the young person, who is told of it. [`Over`] when it is not the draft any more, or somebody wrote in
/// it since the one who asks has `seen` it.
///
/// # Errors
/// [`Error::NotFound`] when who asks may not; when the database fails.
pub async fn share(db: &Db, vault: &Vault, post: Post, seen: Base, review_on: Option<Date>) -> Result<Done<Over>> {
    db.write((post, vault.clone()), move |tx, (post, vault)| {
        Box::pin(async move {
            let Actor::Staff(staff, _) = post.session.actor else { return Err(Error::NotFound) };
            let mut access = post.checked::<WritePlan>(tx).await?;
            if let Some(done) = post.before(access.tx()).await? {
                return Ok(done);
            }
            let newest = newest(&mut access, vault).await?;
            let draft = newest.filter(|(newest, base)| newest.state == State::Draft && *base == seen);
            let Some((draft, _)) = draft else { return Ok(Done::Refused(Over)) };
            if !store::share(&mut access, draft.id, review_on).await? {
                return Ok(Done::Refused(Over));
            }
            if let Some(on) = review_on {
                store::set_day(&mut access, on).await?;
            }
            let by = people::staff_name(access.reads(), vault, staff).await?;
            let says = format!("{by} shared a new version of your plan with you. You find it under Plan.");
            let news = New { what: What::News, body: &says, shown: None, due: None };
            messages::insert(&mut access, vault, &news).await?;
            notices::store::add(access.tx(), Kind::PersonHasMessage, post.person, post.at).await?;
            post.close_as(access, ("share", Some(draft.id.cast())), Flash::PlanShared).await
        })
    })
    .await
}
