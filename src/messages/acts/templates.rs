//! A worker's own templates: added once, changed, taken away. They are nobody's record.

use jiff::Timestamp;

use super::{Sent, posted};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::messages::planned::TemplateId;
use crate::messages::store;
use crate::people::StaffId;
use crate::signin::guard::Session;
use crate::signin::store::{drop_draft, set_flash};
use crate::vault::Vault;
use crate::web::flash::Flash;

/// Adds a template of a worker: its name and text. The same form twice is one.
///
/// # Errors
/// When the database fails.
pub async fn add_template(
    db: &Db,
    vault: &Vault,
    (session, staff): (Session, StaffId),
    key: [u8; 16],
    (name, body): (String, String),
    (to, at): (String, Timestamp),
) -> Result<Sent> {
    db.write((session, vault.clone(), name, body, to), move |tx, (session, vault, name, body, to)| {
        Box::pin(async move {
            let words = format!("{name}\n{body}");
            if let Some(before) = posted(tx, session, (&key, &words), to, at).await? {
                return Ok(before);
            }
            store::insert_template(tx, vault, staff, (name, body), at).await?;
            drop_draft(tx, session.desk(to)).await?;
            set_flash(tx, &session.token_hash, Flash::Set).await?;
            Ok(Sent::Done(to.clone()))
        })
    })
    .await
}

/// Gives a template of a worker another name and text.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs.
pub async fn change_template(
    db: &Db,
    vault: &Vault,
    (session, staff): (Session, StaffId),
    (id, place): (TemplateId, String),
    (name, body): (String, String),
) -> Result<()> {
    db.write((session, vault.clone(), place, name, body), move |tx, (session, vault, place, name, body)| {
        Box::pin(async move {
            if !store::change_template(tx, vault, staff, id, (name, body)).await? {
                return Err(Error::NotFound);
            }
            drop_draft(tx, session.desk(place)).await?;
            set_flash(tx, &session.token_hash, Flash::Set).await
        })
    })
    .await
}

/// Takes a template of a worker away.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs.
pub async fn drop_template(db: &Db, (session, staff): (Session, StaffId), id: TemplateId, place: String) -> Result<()> {
    db.write((session, place), move |tx, (session, place)| {
        Box::pin(async move {
            if !store::drop_template(tx, staff, id).await? {
                return Err(Error::NotFound);
            }
            drop_draft(tx, session.desk(place)).await?;
            set_flash(tx, &session.token_hash, Flash::Set).await
        })
    })
    .await
}
