//! Being away with somebody who stands in, being back, and when one works.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::audit::{self, Entry};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::people::{Absence, AbsenceId, Actor, StaffId, Week, store};
use crate::signin::store::set_flash;
use crate::web::flash::Flash;

/// Who does something here, for whom, and in which visit.
#[derive(Clone, Debug)]
pub struct For {
    /// Who does it.
    pub by: StaffId,
    /// With their roles.
    pub actor: Actor,
    /// Whose time it is: their own, or that of somebody whom they manage.
    pub staff: StaffId,
    /// The hash of the token of the visit.
    pub token: [u8; 32],
    /// The request's number.
    pub number: String,
    /// When.
    pub at: Timestamp,
}

impl For {
    fn entry(&self, action: &'static str) -> Entry {
        let entry = Entry::of(Some(self.actor.clone()), action, "staff", self.at);
        Entry { object_id: Some(self.staff.cast()), ..entry }
    }
}

/// Writes down that somebody is away. False when they are already on one of these days.
///
/// # Errors
/// When the database fails.
pub async fn be_away(db: &Db, who: For, (from_on, to_on): (Date, Date), cover: Option<StaffId>) -> Result<bool> {
    db.write(who, move |tx, who| {
        Box::pin(async move {
            let known = store::absences(tx, who.staff, who.at).await?;
            if known.iter().any(|one| one.from_on <= to_on && from_on <= one.to_on) {
                return Ok(false);
            }
            let absence = Absence { id: crate::vault::new_id()?, staff: who.staff, from_on, to_on, cover };
            store::insert_absence(tx, &absence, who.by, who.at).await?;
            audit::store::insert(tx, &who.entry("set away"), &who.number).await?;
            set_flash(tx, &who.token, Flash::Set).await?;
            Ok(true)
        })
    })
    .await
}

/// Somebody is back, or does not go.
///
/// # Errors
/// [`Error::NotFound`] when there is no such time away of theirs.
pub async fn back(db: &Db, who: For, absence: AbsenceId) -> Result<()> {
    db.write(who, move |tx, who| {
        Box::pin(async move {
            if !store::end_absence(tx, who.staff, absence, who.at).await? {
                return Err(Error::NotFound);
            }
            audit::store::insert(tx, &who.entry("end away"), &who.number).await?;
            set_flash(tx, &who.token, Flash::Set).await
        })
    })
    .await
}

/// Sets the week of somebody.
///
/// # Errors
/// When the database fails.
pub async fn set_hours(db: &Db, who: For, week: Week) -> Result<()> {
    db.write((who, week), move |tx, (who, week)| {
        Box::pin(async move {
            store::set_week(tx, who.staff, week).await?;
            audit::store::insert(tx, &who.entry("set hours"), &who.number).await?;
            set_flash(tx, &who.token, Flash::Set).await
        })
    })
    .await
}
