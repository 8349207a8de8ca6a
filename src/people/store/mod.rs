//! The tables of young people, staff, teams, assignments and keys. Beside it: what administrators do with staff.

mod advisers;
mod cases;
mod contacts;
mod cover;
mod glass;
mod hand_over;
mod history;
mod listed;
mod managed;
mod members;
mod stands;
mod teams;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use super::access::{Access, Deed};
use super::{Channel, Part, Person, PersonId, Role, StaffId, Team, TeamId, Worker, look_up_text};
use crate::db::{Question, Questions, Reads, Snapshot, Tx, on, run};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::vault::{Column, LookUp, OwnerKey, Vault};

pub use advisers::{CaseAdvisers, case_advisers, without_adviser};
pub use cases::{
    Case, Worked, add_case, assign_span, case, change_case, change_span, differs, has_lead, namesakes,
    staff_by_address, worked,
};
pub use contacts::{
    Reach, code_contact, confirm_contact, contacts, count_sent_try, drop_sent, end_contact, insert_contact,
    insert_sent, quiet, recipients, sent, sent_address, sent_since, set_notify, set_quiet, silenced,
    unconfirm_addresses, use_sent, ways_back_since,
};
pub(crate) use cover::lead_of;
pub use cover::{absences, end_absence, insert_absence, lead, leads, roster, set_week, team_of_person, week, weeks};
pub use glass::{broke_glass, insert_glass, reasons, reasons_for_manager};
pub use hand_over::{
    due_hand_overs, hand_over_one, managed_staff, plan_hand_over, planned_hand_overs, settle_hand_over, theirs,
    works_with_whom,
};
pub use history::{add_spell, assignments, profile, set_profile, spells};
pub use listed::{homes, lives, rhythm, set_rhythm};
pub use managed::{called, led_by_nobody, managed_people};
pub use members::{admins, end_member, end_role, give_role, member, members, rename, works_with};
pub use stands::{desks, is_on_duty_for, parts, parts_of, teams_of};
pub use teams::{leave_team, seconds, set_team, team_mates, team_of_member, teams};

/// The key of a person or member of staff.
///
/// # Errors
/// [`Error::Sealed`] when there is none or it is not this vault's.
pub async fn key<K>(db: &mut Snapshot, vault: &Vault, owner: Id<K>) -> Result<OwnerKey> {
    if let Some(key) = db.opened_key(owner.bytes()) {
        return Ok(key);
    }
    let wrapped: Option<Vec<u8>> = on!(db, c =>
        sqlx::query_scalar("SELECT wrapped FROM seal_key WHERE owner_id = $1").bind(owner).fetch_optional(c))?;
    unwrapped(db, vault, owner, wrapped)
}

/// The key of the person of a proof, for questions whose answers it opens.
pub fn key_of<'a, D: Deed, C: Reads>(access: &Access<'_, D, C>, vault: &'a Vault) -> Question<'a, OwnerKey> {
    let person = access.person();
    match access.peek().opened_key(person.bytes()) {
        Some(key) => Question::known(key),
        None => Question::new(
            "SELECT wrapped FROM seal_key WHERE owner_id = $1",
            [person.into()],
            move |rows: Vec<(Vec<u8>,)>| {
                let (wrapped,) = rows.into_iter().next().ok_or(Error::Sealed("no key for this owner"))?;
                vault.owner_key(person, &wrapped)
            },
        ),
    }
}

/// The key of an owner that was read with something else of theirs.
fn unwrapped<K>(db: &mut Snapshot, vault: &Vault, owner: Id<K>, wrapped: Option<Vec<u8>>) -> Result<OwnerKey> {
    let key = vault.owner_key(owner, &wrapped.ok_or(Error::Sealed("no key for this owner"))?)?;
    db.hold_key(*owner.bytes(), &key);
    Ok(key)
}

async fn new_key<K>(tx: &mut Tx, vault: &Vault, owner: Id<K>, at: Timestamp) -> Result<OwnerKey> {
    let (key, wrapped) = vault.new_owner_key(owner)?;
    run!(
        tx,
        sqlx::query("INSERT INTO seal_key (owner_id, wrapped, created_at) VALUES ($1, $2, $3)")
            .bind(owner)
            .bind(&wrapped)
            .bind(at.as_microsecond())
    )?;
    Ok(key)
}

/// Whether there is such a person and their record is open.
///
/// # Errors
/// When the database fails.
pub async fn person_is_active(db: &mut Snapshot, person: PersonId) -> Result<bool> {
    let found: Option<i64> = on!(db, c =>
        sqlx::query_scalar("SELECT CAST(1 AS BIGINT) FROM person WHERE id = $1 AND state = 'active'").bind(person).fetch_optional(c))?;
    Ok(found.is_some())
}

/// The managers of a person, by an assignment or as the manager of their team: who is told when somebody opens the
/// record without working with them.
///
/// # Errors
/// When the database fails.
pub async fn managers_of(db: &mut Snapshot, person: PersonId, at: Timestamp) -> Result<Vec<StaffId>> {
    on!(db, c => sqlx::query_scalar(
        "SELECT DISTINCT s.id FROM person_manager a JOIN staff s ON s.id = a.staff_id JOIN person p ON p.id = a.person_id
         WHERE a.person_id = $1 AND p.state = 'active' AND a.from_at <= $2 AND (a.to_at IS NULL OR a.to_at > $2) AND s.state = 'active'")
        .bind(person).bind(at.as_microsecond()).fetch_all(c))
}

/// Makes `staff` a member of a team from now on.
///
/// # Errors
/// When the database fails.
pub async fn join_team(tx: &mut Tx, team: TeamId, staff: StaffId, duty: bool, at: Timestamp) -> Result<()> {
    run!(
        tx,
        sqlx::query("INSERT INTO team_member (team_id, staff_id, duty, from_at) VALUES ($1, $2, $3, $4)")
            .bind(team)
            .bind(staff)
            .bind(duty)
            .bind(at.as_microsecond())
    )?;
    Ok(())
}

/// How long after a safety flag was cleared a code still takes two workers, in microseconds.
pub const FLAG_LINGERS: i64 = 7 * crate::clock::DAY;

/// Whether a young person is under a safety flag: no notice goes out, and two workers open an account again.
///
/// # Errors
/// When the database fails.
pub async fn is_flagged(db: &mut Snapshot, person: PersonId) -> Result<bool> {
    let flag: Option<bool> = on!(db, c => sqlx::query_scalar("SELECT safety_flag FROM person WHERE id = $1").bind(person).fetch_optional(c))?;
    Ok(flag.unwrap_or(true))
}

/// Whether a code for a young person takes two workers: under a safety flag, and for [`FLAG_LINGERS`] after one was
/// cleared, so that nobody clears it for a moment to give a code alone.
///
/// # Errors
/// When the database fails.
pub async fn takes_two(db: &mut Snapshot, person: PersonId, at: Timestamp) -> Result<bool> {
    let off_at: Option<i64> =
        on!(db, c => sqlx::query_scalar("SELECT flag_off_at FROM person WHERE id = $1").bind(person).fetch_one(c))?;
    let lingers = off_at.is_some_and(|off| at.as_microsecond() - off < FLAG_LINGERS);
    Ok(lingers || is_flagged(db, person).await?)
}

/// Sets or clears the safety flag of a young person.
///
/// # Errors
/// When the database fails.
pub async fn set_flagged(tx: &mut Tx, person: PersonId, flagged: bool, at: Timestamp) -> Result<()> {
    run!(
        tx,
        sqlx::query(
            "UPDATE person SET flag_off_at = CASE WHEN safety_flag AND NOT $2 THEN $3 ELSE flag_off_at END, safety_flag = $2 WHERE id = $1"
        )
        .bind(person)
        .bind(flagged)
        .bind(at.as_microsecond())
    )?;
    Ok(())
}

/// Sets the name that a young person wants to be called by.
///
/// # Errors
/// When the database fails.
pub async fn set_called(tx: &mut Tx, vault: &Vault, person: PersonId, called: &str) -> Result<()> {
    let sealed = key(tx, vault, person).await?.seal(Column::PersonCalled, person, called)?;
    run!(tx, sqlx::query("UPDATE person SET called_sealed = $2 WHERE id = $1").bind(person).bind(&sealed))?;
    Ok(())
}

/// The person of a proof.
///
/// # Errors
/// [`Error::NotFound`] when the record went away; [`Error::Sealed`] when it does not open.
pub async fn person<D: Deed, C: Reads>(access: &mut Access<'_, D, C>, vault: &Vault) -> Result<Person> {
    let (person, key) = access.fetch((whose(access, vault), key_of(access, vault))).await?;
    access.reads().hold_key(*person.id.bytes(), &key);
    Ok(person)
}

/// The person of a proof, to be asked with more about them.
pub fn whose<'a, D: Deed, C: Reads>(
    access: &Access<'_, D, C>,
    vault: &'a Vault,
) -> impl Questions<Answers = Person> + use<'a, D, C> {
    type Row = (Vec<u8>, Vec<u8>, String, TeamId, String, String, String);
    let id = access.person();
    let row = Question::new(
        "SELECT p.name_sealed, p.called_sealed, p.born_on, t.id, t.name, t.locality, t.duty_desk
         FROM person p JOIN team t ON t.id = p.team_id WHERE p.id = $1",
        [id.into()],
        |rows: Vec<Row>| rows.into_iter().next().ok_or(Error::NotFound),
    );
    (row, key_of(access, vault)).into_one(move |(row, key)| {
        let (name, called, born_on, team, team_name, locality, duty_desk) = row;
        Ok(Person {
            id,
            name: key.open(Column::PersonName, id, &name)?,
            called: key.open(Column::PersonCalled, id, &called)?,
            born_on: born_on.parse().map_err(|_| Error::Internal("a date of birth does not read".into()))?,
            team: Team { id: team, name: team_name, locality, duty_desk },
        })
    })
}

/// Everyone who works with the person of a proof now, the lead first.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn workers<D: Deed, C: Reads>(access: &mut Access<'_, D, C>, vault: &Vault) -> Result<Vec<Worker>> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    type Row = (StaffId, Vec<u8>, Vec<u8>, String, bool, i64);
    let rows: Vec<Row> = on!(access.reads(), c => sqlx::query_as(
        "SELECT s.id, s.name_sealed, k.wrapped, a.kind, a.lead, a.from_at
         FROM assignment a JOIN staff s ON s.id = a.staff_id JOIN seal_key k ON k.owner_id = s.id
         WHERE a.person_id = $1 AND a.from_at <= $2 AND (a.to_at IS NULL OR a.to_at > $2) AND s.state = 'active'
         ORDER BY a.lead DESC, a.from_at, s.id").bind(person).bind(at).fetch_all(c))?;
    rows.into_iter()
        .filter_map(|(id, name, wrapped, kind, lead, since)| {
            let part = Part::parse(&kind)?;
            let name = vault.owner_key(id, &wrapped).and_then(|key| key.open(Column::StaffName, id, &name));
            Some(name.map(|name| Worker { id, name, part, lead, since }))
        })
        .collect()
}

/// The name of a member of staff.
///
/// # Errors
/// [`Error::NotFound`] when there is no such member.
pub async fn staff_name(db: &mut Snapshot, vault: &Vault, staff: StaffId) -> Result<String> {
    let row: Option<(Vec<u8>, Vec<u8>)> = on!(db, c => sqlx::query_as(
        "SELECT s.name_sealed, k.wrapped FROM staff s JOIN seal_key k ON k.owner_id = s.id WHERE s.id = $1")
        .bind(staff).fetch_optional(c))?;
    let (name, wrapped) = row.ok_or(Error::NotFound)?;
    vault.owner_key(staff, &wrapped)?.open(Column::StaffName, staff, &name)
}

/// The names of these members of staff.
pub fn staff_names(vault: &Vault, staff: impl IntoIterator<Item = StaffId>) -> Question<'_, BTreeMap<StaffId, String>> {
    let staff: BTreeSet<StaffId> = staff.into_iter().collect();
    let staff: Vec<StaffId> = staff.into_iter().collect();
    let name = |(id, name, wrapped): (StaffId, Vec<u8>, Vec<u8>)| {
        Ok((id, vault.owner_key(id, &wrapped)?.open(Column::StaffName, id, &name)?))
    };
    Question::of_list(
        "SELECT s.id, s.name_sealed, k.wrapped FROM staff s JOIN seal_key k ON k.owner_id = s.id WHERE s.id IN ({})",
        [],
        &staff,
        move |rows: Vec<_>| rows.into_iter().map(name).collect(),
    )
}

/// The roles that a member of staff holds now; none when suspended or gone.
///
/// # Errors
/// When the database fails.
pub async fn roles(db: &mut Snapshot, staff: StaffId, at: Timestamp) -> Result<Vec<Role>> {
    let words: Vec<String> = on!(db, c => sqlx::query_scalar(
        "SELECT DISTINCT r.role FROM staff_role r JOIN staff s ON s.id = r.staff_id
         WHERE r.staff_id = $1 AND s.state = 'active' AND r.from_at <= $2 AND (r.to_at IS NULL OR r.to_at > $2)")
        .bind(staff).bind(at.as_microsecond()).fetch_all(c))?;
    Ok(words.iter().filter_map(|word| Role::parse(word)).collect())
}

/// The team of a locality, made if it is not there yet. `council` is who runs it.
///
/// # Errors
/// When the database fails.
pub async fn team_of(tx: &mut Tx, locality: &str, name: &str, council: &str, at: Timestamp) -> Result<TeamId> {
    let known: Option<TeamId> = on!(tx, c =>
        sqlx::query_scalar("SELECT id FROM team WHERE locality = $1 ORDER BY created_at LIMIT 1").bind(locality).fetch_optional(c))?;
    if let Some(known) = known {
        return Ok(known);
    }
    let id = crate::vault::new_id()?;
    run!(
        tx,
        sqlx::query(
            "INSERT INTO team (id, name, locality, council, duty_desk, created_at) VALUES ($1, $2, $3, $4, $5, $6)"
        )
        .bind(id)
        .bind(name)
        .bind(locality)
        .bind(council)
        .bind(format!("{name} duty desk"))
        .bind(at.as_microsecond())
    )?;
    Ok(id)
}

/// A young person to add.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Full name.
    pub name: String,
    /// The name to be called by.
    pub called: String,
    /// Date of birth.
    pub born_on: Date,
    /// Their team.
    pub team: TeamId,
}

/// Adds a young person with a thread of their own.
///
/// # Errors
/// When the database fails.
pub async fn insert_person(tx: &mut Tx, vault: &Vault, new: &NewPerson, at: Timestamp) -> Result<PersonId> {
    let id: PersonId = crate::vault::new_id()?;
    let key = new_key(tx, vault, id, at).await?;
    let look_up = vault.look_up(LookUp::NameAndBirth, &look_up_text(&new.name, new.born_on));
    run!(tx, sqlx::query(
        "INSERT INTO person (id, team_id, name_sealed, called_sealed, born_on, look_up_hash, state, safety_flag, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'active', $7, $8)")
        .bind(id).bind(new.team).bind(key.seal(Column::PersonName, id, &new.name)?).bind(key.seal(Column::PersonCalled, id, &new.called)?)
        .bind(new.born_on.to_string()).bind(&look_up).bind(false).bind(at.as_microsecond()))?;
    Ok(id)
}

/// The person of this name and birth.
///
/// # Errors
/// When the database fails.
pub async fn person_by_name(db: &mut Snapshot, vault: &Vault, name: &str, born_on: Date) -> Result<Option<PersonId>> {
    let look_up = vault.look_up(LookUp::NameAndBirth, &look_up_text(name, born_on));
    on!(db, c => sqlx::query_scalar("SELECT id FROM person WHERE look_up_hash = $1 AND state = 'active' ORDER BY created_at LIMIT 1")
        .bind(&look_up).fetch_optional(c))
}

/// The date of birth of a person, for checking a sign-in code.
///
/// # Errors
/// When the database fails.
pub async fn born_on(db: &mut Snapshot, person: PersonId) -> Result<Option<Date>> {
    let born: Option<String> = on!(db, c => sqlx::query_scalar("SELECT born_on FROM person WHERE id = $1 AND state = 'active'").bind(person).fetch_optional(c))?;
    Ok(born.and_then(|born| born.parse().ok()))
}

/// Adds a member of staff with their roles, and an email address for notices.
///
/// # Errors
/// [`Error::Duplicate`] when the address belongs to another member.
pub async fn insert_staff(
    tx: &mut Tx,
    vault: &Vault,
    name: &str,
    email: Option<&str>,
    roles: &[Role],
    at: Timestamp,
) -> Result<StaffId> {
    let id: StaffId = crate::vault::new_id()?;
    let key = new_key(tx, vault, id, at).await?;
    let hash = email.map(|email| vault.look_up(LookUp::Email, email));
    run!(
        tx,
        sqlx::query(
            "INSERT INTO staff (id, name_sealed, email_hash, state, created_at) VALUES ($1, $2, $3, 'active', $4)"
        )
        .bind(id)
        .bind(key.seal(Column::StaffName, id, name)?)
        .bind(&hash)
        .bind(at.as_microsecond())
    )?;
    for role in roles {
        run!(
            tx,
            sqlx::query("INSERT INTO staff_role (staff_id, role, from_at) VALUES ($1, $2, $3)")
                .bind(id)
                .bind(role.as_str())
                .bind(at.as_microsecond())
        )?;
    }
    if let Some(email) = email {
        insert_contact(tx, vault, id, (Channel::Email, email), Some(at)).await?;
    }
    Ok(id)
}

/// The member of staff with this email address.
///
/// # Errors
/// When the database fails.
pub async fn staff_by_email(db: &mut Snapshot, vault: &Vault, email: &str) -> Result<Option<StaffId>> {
    let hash = vault.look_up(LookUp::Email, email);
    on!(db, c => sqlx::query_scalar("SELECT id FROM staff WHERE email_hash = $1 AND state = 'active'").bind(&hash).fetch_optional(c))
}

/// Makes `staff` work with `person` from now on. A new lead ends the lead of the one before, who
/// goes on working with them.
///
/// # Errors
/// When the database fails.
pub async fn assign(
    tx: &mut Tx,
    person: PersonId,
    staff: StaffId,
    part: Part,
    lead: bool,
    at: Timestamp,
) -> Result<()> {
    if lead {
        run!(
            tx,
            sqlx::query("UPDATE assignment SET lead = $2 WHERE person_id = $1 AND lead AND to_at IS NULL")
                .bind(person)
                .bind(false)
        )?;
    }
    let id: Id<()> = crate::vault::new_id()?;
    run!(
        tx,
        sqlx::query(
            "INSERT INTO assignment (id, person_id, staff_id, kind, lead, from_at) VALUES ($1, $2, $3, $4, $5, $6)"
        )
        .bind(id)
        .bind(person)
        .bind(staff)
        .bind(part.as_str())
        .bind(lead)
        .bind(at.as_microsecond())
    )?;
    Ok(())
}

/// Begins a spell and ends the one of the same kind before it.
///
/// # Errors
/// When the database fails.
pub async fn begin_spell(tx: &mut Tx, person: PersonId, kind: &str, value: &str, from_on: Date) -> Result<()> {
    run!(
        tx,
        sqlx::query("UPDATE spell SET to_on = $3 WHERE person_id = $1 AND kind = $2 AND to_on IS NULL")
            .bind(person)
            .bind(kind)
            .bind(from_on.to_string())
    )?;
    let id: Id<()> = crate::vault::new_id()?;
    run!(
        tx,
        sqlx::query("INSERT INTO spell (id, person_id, kind, value, from_on) VALUES ($1, $2, $3, $4, $5)")
            .bind(id)
            .bind(person)
            .bind(kind)
            .bind(value)
            .bind(from_on.to_string())
    )?;
    Ok(())
}
