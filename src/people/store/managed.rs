//! Whom a manager manages, and who of a team has nobody.

use std::collections::BTreeMap;

use crate::db::{on, on_list};
use crate::error::Result;
use crate::people::access::{Caseload, Listed, Managed};
use crate::people::{PersonId, TeamId};
use crate::vault::{Column, Vault};

/// Everybody whom the one who asks manages, with their team.
///
/// # Errors
/// When the database fails.
pub async fn managed_people(managed: &mut Managed<'_>) -> Result<Vec<(PersonId, TeamId)>> {
    let (manager, at) = (managed.staff(), managed.at().as_microsecond());
    on!(managed.reads(), c => sqlx::query_as(
        "SELECT DISTINCT p.id, p.team_id FROM person p JOIN person_manager m ON m.person_id = p.id
         WHERE p.state = 'active' AND m.staff_id = $1 AND m.from_at <= $2 AND (m.to_at IS NULL OR m.to_at > $2)")
        .bind(manager).bind(at).fetch_all(c))
}

/// Everybody of a team with whom no adviser or social worker who works here still works, and whom nobody leads.
///
/// # Errors
/// When the database fails.
pub async fn led_by_nobody(caseload: &mut Caseload<'_>, team: TeamId) -> Result<Vec<PersonId>> {
    let at = caseload.at().as_microsecond();
    on!(caseload.reads(), c => sqlx::query_scalar(
        "SELECT p.id FROM person p WHERE p.state = 'active' AND p.team_id = $1
           AND NOT EXISTS (SELECT 1 FROM assignment a JOIN staff s ON s.id = a.staff_id
                WHERE a.person_id = p.id AND (a.lead OR a.kind IN ('pa', 'social_worker')) AND s.state = 'active'
                  AND a.from_at <= $2 AND (a.to_at IS NULL OR a.to_at > $2))
         ORDER BY p.created_at, p.id").bind(team).bind(at).fetch_all(c))
}

/// The names that each of a list wants to be called by.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn called(listed: &mut Listed<'_>, vault: &Vault) -> Result<BTreeMap<PersonId, String>> {
    let people = listed.people();
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
