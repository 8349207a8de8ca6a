//! Somebody whom nobody leads gets a worker, from the duty desk or by a manager.

use jiff::Timestamp;

use crate::audit;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::messages::What;
use crate::messages::store::{self as messages, New};
use crate::notices::{Kind, store as notices};
use crate::people::access::{self, TakePerson};
use crate::people::{Actor, Part, PersonId, Role, StaffId, store};
use crate::vault::Vault;

/// Who is to work with whom.
#[derive(Clone, Debug)]
pub struct Take {
    /// Who has nobody.
    pub person: PersonId,
    /// Who works with them from now on, and leads.
    pub to: StaffId,
    /// Who says so.
    pub by: Actor,
    /// The request's number.
    pub number: String,
    /// When.
    pub at: Timestamp,
}

/// Gives somebody whom nobody leads a worker: an adviser as their personal adviser, anybody else from the duty desk. False
/// when somebody leads already, or `to` does not work here: nothing is changed.
///
/// # Errors
/// [`Error::NotFound`] when the one who asks is neither on duty for them nor manages them.
pub async fn take(db: &Db, vault: &Vault, take: Take) -> Result<bool> {
    db.write((take, vault.clone()), |tx, (take, vault)| {
        Box::pin(async move {
            let at = take.at;
            let mut access =
                access::check::<TakePerson, _>(tx, &take.by, take.person, at).await?.ok_or(Error::NotFound)?;
            let roster = access.fetch(store::roster(at)).await?;
            let led = store::lead(access.reads(), take.person, at).await?;
            let Some(live) =
                roster.live.get(&take.to).filter(|_| led.is_none_or(|lead| !roster.live.contains_key(&lead)))
            else {
                return Ok(false);
            };
            let part = if live.roles.contains(&Role::Adviser) { Part::Pa } else { Part::Duty };
            store::assign(access.tx(), take.person, take.to, part, true, at).await?;
            let name = store::staff_name(access.reads(), vault, take.to).await?;
            let says = format!(
                "{name} works with you from today. What you wrote waits for {name}, and nothing of it is lost."
            );
            let new = New { what: What::News, body: &says, shown: None, due: None };
            messages::insert(&mut access, vault, &new).await?;
            let entry = access.entry();
            let tx = access.tx();
            audit::store::insert(tx, &entry, &take.number).await?;
            notices::add(tx, Kind::PersonHasMessage, take.person, at).await?;
            notices::add(tx, Kind::WorkerHasMessage, take.to, at).await?;
            Ok(true)
        })
    })
    .await
}
