//! Whom a manager manages, and who of a team has nobody.

use std::collections::BTreeMap;

use super::cover::{leads, roster};
use super::listed::basics_of;
use crate::db::{on, on_list};
use crate::error::Result;
use crate::people::access::{Caseload, Listed, Managed};
use crate::people::{Basics, PersonId, TeamId};
use crate::vault::{Column, Vault};

/// Everybody whom the one who asks manages, with their team, birth and flag.
///
/// # Errors
/// When the database fails.
pub async fn managed_people(managed: &mut Managed<'_>) -> Result<Vec<(PersonId, TeamId, Basics)>> {
    let (manager, at) = (managed.staff(), managed.at().as_microsecond());
    let rows: Vec<(PersonId, TeamId, String, i64, bool)> = on!(managed.reads(), c => sqlx::query_as(
        "SELECT DISTINCT p.id, p.team_id, p.born_on, p.created_at, p.safety_flag
         FROM person p JOIN person_manager m ON m.person_id = p.id
         WHERE p.state = 'active' AND m.staff_id = $1 AND m.from_at <= $2 AND (m.to_at IS NULL OR m.to_at > $2)")
        .bind(manager).bind(at).fetch_all(c))?;
    let read = |(person, team, born_on, since, flagged): (PersonId, TeamId, String, i64, bool)| {
        Ok((person, team, basics_of(&born_on, since, flagged)?))
    };
    rows.into_iter().map(read).collect()
}

/// Everybody of a team whom nobody leads who is here: nobody was ever given them, or whoever led has left, was suspended
/// or has not joined yet.
///
/// # Errors
/// When the database fails.
pub async fn led_by_nobody(caseload: &mut Caseload<'_>, team: TeamId) -> Result<Vec<PersonId>> {
    let at = caseload.at();
    let all: Vec<PersonId> = on!(caseload.reads(), c => sqlx::query_scalar(
        "SELECT id FROM person WHERE state = 'active' AND team_id = $1 ORDER BY created_at, id").bind(team).fetch_all(c))?;
    let leads = leads(caseload.reads(), &all, at).await?;
    let live = caseload.fetch(roster(at)).await?.live;
    let nobody = |person: &PersonId| leads.get(person).is_none_or(|lead| !live.contains_key(lead));
    Ok(all.into_iter().filter(nobody).collect())
}

/// The names that each of a list wants to be called by.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn called(listed: &mut Listed<'_>, vault: &Vault) -> Result<BTreeMap<PersonId, String>> {
    let people = listed.people().to_vec();
    let rows: Vec<(PersonId, Vec<u8>, Vec<u8>)> = on_list!(
        listed.reads(),
        "SELECT p.id, p.called_sealed, k.wrapped FROM person p JOIN seal_key k ON k.owner_id = p.id WHERE p.id IN ({})",
        [],
        &people
    )?;
    let open = |(person, called, wrapped): (PersonId, Vec<u8>, Vec<u8>)| {
        Ok((person, vault.owner_key(person, &wrapped)?.open(Column::PersonCalled, person, &called)?))
    };
    rows.into_iter().map(open).collect()
}
