//! Adding people and staff: the record, who works with them, and the code that lets them in. Beside it: handing over,
//! and who is away.

mod away;
mod hand_over;
mod take;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Actor, Part, PersonId, Role, StaffId, store, team_name};
use crate::audit::{self, Entry};
use crate::db::{Db, Snapshot, Tx};
use crate::error::{Error, Result};
use crate::signin::doors::KnownBy;
use crate::signin::store::NewCode;
use crate::signin::{self, Owner};
use crate::vault::Vault;

pub use away::{For, back, be_away, set_hours};
pub use hand_over::{Form, Handed, Move, drop_hand_over, hand_over, hand_over_due, hand_over_now};
pub use take::{Take, take};

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
                let team = store::team_of(tx, slug, &team_name(name), &add.council, at).await?;
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

/// An administrator who does something here.
#[derive(Clone, Debug)]
pub struct By {
    /// Who, with their roles.
    pub actor: Actor,
    /// The request's number.
    pub number: String,
    /// When.
    pub at: Timestamp,
}

impl By {
    /// Whether it is `staff` who does it.
    fn is(&self, staff: StaffId) -> bool {
        matches!(self.actor, Actor::Staff(own, _) if own == staff)
    }

    fn entry(&self, action: &'static str, staff: StaffId) -> Entry {
        let entry = Entry::of(Some(self.actor.clone()), action, "staff", self.at);
        Entry { object_id: Some(staff.cast()), ..entry }
    }
}

/// What became of a change to a member of staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Done, from the next request on.
    Done,
    /// Refused: young people count on them.
    Owns,
    /// Refused: nobody else could make an administrator.
    LastAdmin,
    /// Refused: nobody else would take messages that have no live owner.
    LastDesk,
    /// Refused: the other one may not work with young people, or is not here.
    CannotTake,
    /// Refused: without the duty role nobody stands on a desk.
    NoDutyRole,
    /// Refused: nobody else is there who could say yes.
    Alone,
    /// Refused: nobody gives themselves a way to young people's records.
    Oneself,
    /// Refused: whoever keeps the accounts works with no young people.
    Apart,
}

/// Whether a code for somebody waits for a second one's yes: it opens an account that is there, or is the first of one
/// that reaches records or makes others. Else an administrator could make up a colleague, and be them.
///
/// # Errors
/// When the database fails.
pub async fn waits(db: &mut Snapshot, staff: StaffId, at: Timestamp) -> Result<bool> {
    let reaches = |role: &Role| role.works_with_people() || *role == Role::Admin;
    let there = signin::store::account_of(db, Owner::Staff(staff)).await?.is_some();
    Ok(there || store::roles(db, staff, at).await?.iter().any(reaches))
}

/// Adds a member of staff for an administrator. Gives their id and a one-time code for `/join`, if one can be given:
/// see [`member_code`].
///
/// # Errors
/// [`Error::Duplicate`] when the email address is taken.
pub async fn add_member(
    db: &Db,
    vault: &Vault,
    by: By,
    name: String,
    email: String,
    role: Role,
) -> Result<(StaffId, Option<GivenCode>)> {
    let code = signin::new_code()?;
    db.write((by, vault.clone(), code, name, email), move |tx, (by, vault, code, name, email)| {
        Box::pin(async move {
            let id = store::insert_staff(tx, vault, name, Some(email), &[role], by.at).await?;
            audit::store::insert(tx, &by.entry("add", id), &by.number).await?;
            // Whoever adds somebody knows whom they hired.
            Ok((id, give(tx, vault, by, id, (code.clone(), KnownBy::Colleague)).await?))
        })
    })
    .await
}

/// A code that an administrator gave.
#[derive(Clone, Debug)]
pub struct GivenCode {
    /// Its characters, told this once.
    pub code: String,
    /// It opens nothing until a second one has said yes: it opens an account that is there.
    pub waits: bool,
}

/// Gives a member of staff a code for `/join`, and ends every session of theirs. It waits for a second administrator or
/// the manager of their team, but for the first code of somebody who reaches no record. `None` when nobody else is there
/// who could say yes.
///
/// # Errors
/// When the database fails.
pub async fn member_code(db: &Db, vault: &Vault, by: By, staff: StaffId, known: KnownBy) -> Result<Option<GivenCode>> {
    let code = signin::new_code()?;
    db.write((by, vault.clone(), code), move |tx, (by, vault, code)| {
        Box::pin(async move { give(tx, vault, by, staff, (code.clone(), known)).await })
    })
    .await
}

async fn give(
    tx: &mut Tx,
    vault: &Vault,
    by: &By,
    staff: StaffId,
    (code, known): (String, KnownBy),
) -> Result<Option<GivenCode>> {
    let Actor::Staff(giver, _) = by.actor else { return Err(Error::NotFound) };
    let owner = Owner::Staff(staff);
    let waits = waits(tx, staff, by.at).await?;
    if waits && store::seconds(tx, staff, giver, by.at).await?.is_empty() {
        return Ok(None);
    }
    signin::store::end_everything(tx, owner).await?;
    let new =
        NewCode { owner, code: code.clone(), lasts: signin::CODE_LASTS, by: Some((giver, known)), needs_second: waits };
    signin::store::insert_code(tx, vault, &new, by.at).await?;
    audit::store::insert(tx, &by.entry("new code", staff), &by.number).await?;
    Ok(Some(GivenCode { code, waits }))
}

/// A second one says yes to the code that waits for a member of staff. False when it is theirs, too old or settled.
///
/// # Errors
/// [`Error::NotFound`] when they may not.
pub async fn approve_member(db: &Db, by: By, staff: StaffId) -> Result<bool> {
    db.write(by, move |tx, by| {
        Box::pin(async move {
            let Actor::Staff(second, _) = by.actor else { return Err(Error::NotFound) };
            let waiting = signin::store::waiting_codes(tx, Owner::Staff(staff), by.at).await?;
            let Some((code, giver)) = waiting.first().copied().filter(|(_, giver)| *giver != second) else {
                return Ok(false);
            };
            if !store::seconds(tx, staff, giver, by.at).await?.contains(&second) {
                return Err(Error::NotFound);
            }
            let approved = signin::store::approve_code(tx, code, second, by.at).await?;
            if approved {
                audit::store::insert(tx, &by.entry("approve code", staff), &by.number).await?;
            }
            Ok(approved)
        })
    })
    .await
}

/// Gives somebody a role, or takes it away: from their next request on.
///
/// # Errors
/// When the database fails.
pub async fn set_role(db: &Db, by: By, staff: StaffId, role: Role, held: bool) -> Result<Changed> {
    db.write(by, move |tx, by| {
        Box::pin(async move {
            if held {
                let holds = store::roles(tx, staff, by.at).await?;
                if role.works_with_people() && by.is(staff) {
                    return Ok(Changed::Oneself);
                }
                if role == Role::Admin && holds.iter().any(|other| other.works_with_people())
                    || role.works_with_people() && holds.contains(&Role::Admin)
                {
                    return Ok(Changed::Apart);
                }
                store::give_role(tx, staff, role, by.at).await?;
            } else {
                if role == Role::Admin && is_last_admin(tx, staff, by.at).await? {
                    return Ok(Changed::LastAdmin);
                }
                // Who may no longer work with young people must not be the one whom they count on.
                let mut left = store::roles(tx, staff, by.at).await?;
                left.retain(|other| *other != role);
                let works = left.iter().any(|other| other.works_with_people());
                if role.works_with_people() && !works && store::works_with(tx, staff, by.at).await? > 0 {
                    return Ok(Changed::Owns);
                }
                if matches!(role, Role::Duty | Role::Manager) && is_last_desk(tx, staff, by.at).await? {
                    return Ok(Changed::LastDesk);
                }
                store::end_role(tx, staff, role, by.at).await?;
            }
            let action = if held { "give role" } else { "end role" };
            audit::store::insert(tx, &by.entry(action, staff), &by.number).await?;
            Ok(Changed::Done)
        })
    })
    .await
}

async fn is_last_admin(tx: &mut Tx, staff: StaffId, at: Timestamp) -> Result<bool> {
    Ok(store::roles(tx, staff, at).await?.contains(&Role::Admin) && store::admins(tx, at).await? <= 1)
}

/// Whether nobody would be left for what has no live owner: they are the only one who is on a duty desk or manages.
async fn is_last_desk(tx: &mut Tx, staff: StaffId, at: Timestamp) -> Result<bool> {
    let live = tx.fetch(store::roster(at)).await?.live;
    let mut takers =
        live.iter().filter(|(_, live)| live.on_desk() || live.roles.contains(&Role::Manager)).map(|(id, _)| *id);
    Ok(takers.next() == Some(staff) && takers.next().is_none())
}

/// Hands everybody whom one member of staff works with over to another.
///
/// # Errors
/// When the database fails.
pub async fn hand_over_all(db: &Db, vault: &Vault, by: By, from: StaffId, to: StaffId) -> Result<Changed> {
    db.write((by, vault.clone()), move |tx, (by, vault)| {
        Box::pin(async move {
            if by.is(to) {
                return Ok(Changed::Oneself);
            }
            if !store::roles(tx, to, by.at).await?.iter().any(|role| role.works_with_people()) {
                return Ok(Changed::CannotTake);
            }
            let people = store::works_with_whom(tx, from, by.at).await?;
            let (actor, number) = (by.actor.clone(), by.number.clone());
            let what = Move { from, to, people, note: String::new(), by: actor, number };
            let many = hand_over_now(tx, vault, &what, by.at).await?;
            let entry = Entry { many: i64::try_from(many).unwrap_or(i64::MAX), ..by.entry("hand over", from) };
            audit::store::insert(tx, &entry, &by.number).await?;
            Ok(Changed::Done)
        })
    })
    .await
}

/// Ends the access of somebody who leaves, from their next request on. Refused while a young person counts
/// on them.
///
/// # Errors
/// When the database fails.
pub async fn leave(db: &Db, by: By, staff: StaffId) -> Result<Changed> {
    db.write(by, move |tx, by| {
        Box::pin(async move {
            if store::works_with(tx, staff, by.at).await? > 0 {
                return Ok(Changed::Owns);
            }
            if is_last_admin(tx, staff, by.at).await? {
                return Ok(Changed::LastAdmin);
            }
            if is_last_desk(tx, staff, by.at).await? {
                return Ok(Changed::LastDesk);
            }
            store::end_member(tx, staff, by.at).await?;
            signin::store::end_codes(tx, Owner::Staff(staff), by.at).await?;
            signin::store::end_everything(tx, Owner::Staff(staff)).await?;
            audit::store::insert(tx, &by.entry("end access", staff), &by.number).await?;
            Ok(Changed::Done)
        })
    })
    .await
}

/// The team of a locality, as an administrator chooses it.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The slug of the locality.
    pub locality: String,
    /// What its team is called, if it is made now.
    pub name: String,
    /// The council that runs it.
    pub council: String,
    /// On its duty desk.
    pub duty: bool,
}

/// Puts somebody in a team and out of every other, or out of all.
///
/// # Errors
/// When the database fails.
pub async fn set_team(db: &Db, by: By, staff: StaffId, choice: Option<Choice>) -> Result<Changed> {
    db.write((by, choice), move |tx, (by, choice)| {
        Box::pin(async move {
            let Some(choice) = choice else {
                store::leave_team(tx, staff, by.at).await?;
                audit::store::insert(tx, &by.entry("leave team", staff), &by.number).await?;
                return Ok(Changed::Done);
            };
            if by.is(staff) {
                return Ok(Changed::Oneself);
            }
            if choice.duty && !store::roles(tx, staff, by.at).await?.contains(&Role::Duty) {
                return Ok(Changed::NoDutyRole);
            }
            let team = store::team_of(tx, &choice.locality, &choice.name, &choice.council, by.at).await?;
            store::set_team(tx, team, staff, choice.duty, by.at).await?;
            let action = if choice.duty { "join duty desk" } else { "join team" };
            audit::store::insert(tx, &by.entry(action, staff), &by.number).await?;
            Ok(Changed::Done)
        })
    })
    .await
}
