//! Adding people and staff: the record, who works with them, and the code that lets them in.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Part, PersonId, Role, StaffId, store};
use crate::audit::{self, Entry};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::signin::store::NewCode;
use crate::signin::{self, Owner};
use crate::vault::Vault;

/// A young person as the command line or a worker describes them.
#[derive(Clone, Debug)]
pub struct AddPerson {
    /// Full name.
    pub name: String,
    /// The name to be called by.
    pub called: String,
    /// Date of birth.
    pub born_on: Date,
    /// The slug and name of the locality.
    pub locality: (String, String),
    /// The council that runs its leaving care team.
    pub council: String,
    /// The email address of the personal adviser.
    pub adviser: String,
}

/// Adds a young person led by their adviser. Gives their id and a one-time code for `/join`.
///
/// # Errors
/// [`Error::Setup`] with words for the operator when the adviser is not known or the person is
/// there already.
pub async fn add_person(db: &Db, vault: &Vault, add: AddPerson, at: Timestamp) -> Result<(PersonId, String)> {
    let code = signin::new_code()?;
    let id = db
        .write((add, vault.clone(), code.clone()), move |tx, (add, vault, code)| {
            Box::pin(async move {
                let adviser = store::staff_by_email(tx, vault, &add.adviser).await?.ok_or_else(|| {
                    Error::Setup(format!(
                        "no member of staff has the email {}. Add one with `portal staff add`",
                        add.adviser
                    ))
                })?;
                if !store::roles(tx, adviser, at).await?.contains(&Role::Adviser) {
                    return Err(Error::Setup(format!("{} is not an adviser", add.adviser)));
                }
                if store::person_by_name(tx, vault, &add.name, add.born_on).await?.is_some() {
                    return Err(Error::Setup("somebody of this name and date of birth is there already".into()));
                }
                let (slug, name) = &add.locality;
                let team = store::team_of(tx, slug, &format!("{name} leaving care team"), &add.council, at).await?;
                let new =
                    store::NewPerson { name: add.name.clone(), called: add.called.clone(), born_on: add.born_on, team };
                let id = store::insert_person(tx, vault, &new, at).await?;
                store::assign(tx, id, adviser, Part::Pa, true, at).await?;
                signin::store::insert_code(tx, vault, &NewCode::plain(Owner::Person(id), code), at).await?;
                audit::store::insert(
                    tx,
                    &Entry { person: Some(id), ..Entry::of(None, "add", "person", at) },
                    "command",
                )
                .await?;
                Ok(id)
            })
        })
        .await?;
    Ok((id, code))
}

/// Adds a member of staff. Gives their id and a one-time code for `/join`.
///
/// # Errors
/// [`Error::Duplicate`] when the email address is taken.
pub async fn add_staff(
    db: &Db,
    vault: &Vault,
    name: String,
    email: String,
    roles: Vec<Role>,
    at: Timestamp,
) -> Result<(StaffId, String)> {
    let code = signin::new_code()?;
    let id = db
        .write((name, email, roles, vault.clone(), code.clone()), move |tx, (name, email, roles, vault, code)| {
            Box::pin(async move {
                let id = store::insert_staff(tx, vault, name, Some(email), roles, at).await?;
                signin::store::insert_code(tx, vault, &NewCode::plain(Owner::Staff(id), code), at).await?;
                audit::store::insert(
                    tx,
                    &Entry { object_id: Some(id.cast()), ..Entry::of(None, "add", "staff", at) },
                    "command",
                )
                .await?;
                Ok(id)
            })
        })
        .await?;
    Ok((id, code))
}

/// Gives a young person a new one-time code, for a lapsed one or a lost passphrase. Used at `/join`
/// it takes the place of their username and passphrase, and ends their sessions.
///
/// # Errors
/// [`Error::Setup`] when nobody of this name and date of birth is there.
pub async fn person_code(db: &Db, vault: &Vault, name: String, born_on: Date, at: Timestamp) -> Result<String> {
    let found = store::person_by_name(&mut db.read().await?, vault, &name, born_on).await?;
    let person = found.ok_or_else(|| Error::Setup("nobody of this name and date of birth is there".into()))?;
    new_code(db, vault, Owner::Person(person), at).await
}

/// Gives a member of staff a new one-time code.
///
/// # Errors
/// [`Error::Setup`] when no active member has this email address.
pub async fn staff_code(db: &Db, vault: &Vault, email: &str, at: Timestamp) -> Result<String> {
    let found = store::staff_by_email(&mut db.read().await?, vault, email).await?;
    let staff = found.ok_or_else(|| Error::Setup(format!("no member of staff has the email {email}")))?;
    new_code(db, vault, Owner::Staff(staff), at).await
}

async fn new_code(db: &Db, vault: &Vault, owner: Owner, at: Timestamp) -> Result<String> {
    let code = signin::new_code()?;
    db.write((vault.clone(), code.clone()), move |tx, (vault, code)| {
        Box::pin(async move {
            signin::store::insert_code(tx, vault, &NewCode::plain(owner, code), at).await?;
            let entry = Entry { object_id: Some(owner.id()), ..Entry::of(None, "new code", owner.kind(), at) };
            audit::store::insert(tx, &entry, "command").await
        })
    })
    .await?;
    Ok(code)
}
