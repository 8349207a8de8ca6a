//! Teams, and who is in them. Somebody is in one team at a time.

use jiff::Timestamp;

use crate::db::{Question, Snapshot, Tx, on, run};
use crate::error::Result;
use crate::people::{StaffId, Team, TeamId, TeamMate};
use crate::vault::{Column, Vault};

/// Every team, by its locality.
///
/// # Errors
/// When the database fails.
pub async fn teams(db: &mut Snapshot) -> Result<Vec<Team>> {
    let rows: Vec<(TeamId, String, String, String)> = on!(db, c =>
        sqlx::query_as("SELECT id, name, locality, duty_desk FROM team ORDER BY locality, created_at").fetch_all(c))?;
    Ok(rows.into_iter().map(|(id, name, locality, duty_desk)| Team { id, name, locality, duty_desk }).collect())
}

/// Everybody who is in a team now, by name.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn team_mates(db: &mut Snapshot, vault: &Vault, at: Timestamp) -> Result<Vec<(TeamId, TeamMate)>> {
    type Row = (TeamId, bool, bool, StaffId, Vec<u8>, Vec<u8>);
    let rows: Vec<Row> = on!(db, c => sqlx::query_as(
        "SELECT m.team_id, m.duty, EXISTS (SELECT 1 FROM staff_role r WHERE r.staff_id = s.id AND r.role = 'duty'
                AND r.from_at <= $1 AND (r.to_at IS NULL OR r.to_at > $1)), s.id, s.name_sealed, k.wrapped
         FROM team_member m JOIN staff s ON s.id = m.staff_id JOIN seal_key k ON k.owner_id = s.id
         WHERE m.from_at <= $1 AND (m.to_at IS NULL OR m.to_at > $1) AND s.state = 'active'")
        .bind(at.as_microsecond()).fetch_all(c))?;
    let mut mates = Vec::with_capacity(rows.len());
    for (team, duty, may, staff, name, wrapped) in rows {
        let name = vault.owner_key(staff, &wrapped)?.open(Column::StaffName, staff, &name)?;
        mates.push((team, TeamMate { staff, name, duty, may }));
    }
    mates.sort_by(|(_, one), (_, other)| (&one.name, one.staff).cmp(&(&other.name, other.staff)));
    Ok(mates)
}

/// The team that somebody is in now, and whether they are on its duty desk; the one joined last, were there several.
pub fn team_of_member(staff: StaffId, at: Timestamp) -> Question<'static, Option<(Team, bool)>> {
    type Row = (TeamId, String, String, String, bool);
    let read = |(id, name, locality, duty_desk, duty): Row| (Team { id, name, locality, duty_desk }, duty);
    Question::new(
        "SELECT t.id, t.name, t.locality, t.duty_desk, m.duty FROM team_member m JOIN team t ON t.id = m.team_id
         WHERE m.staff_id = $1 AND m.from_at <= $2 AND (m.to_at IS NULL OR m.to_at > $2) ORDER BY m.from_at DESC LIMIT 1",
        [staff.into(), at.as_microsecond().into()],
        move |rows: Vec<Row>| Ok(rows.into_iter().next().map(read)),
    )
}

/// Puts somebody in a team, on its duty desk or not, and out of every other.
///
/// # Errors
/// When the database fails.
pub async fn set_team(tx: &mut Tx, team: TeamId, staff: StaffId, duty: bool, at: Timestamp) -> Result<()> {
    leave_team(tx, staff, at).await?;
    // Out and in again at one moment is the same stay.
    run!(
        tx,
        sqlx::query(
            "INSERT INTO team_member (team_id, staff_id, duty, from_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (team_id, staff_id, from_at) DO UPDATE SET duty = $3, to_at = NULL"
        )
        .bind(team)
        .bind(staff)
        .bind(duty)
        .bind(at.as_microsecond())
    )?;
    Ok(())
}

/// Takes somebody out of every team, now.
///
/// # Errors
/// When the database fails.
pub async fn leave_team(tx: &mut Tx, staff: StaffId, at: Timestamp) -> Result<()> {
    run!(
        tx,
        sqlx::query("UPDATE team_member SET to_at = $2 WHERE staff_id = $1 AND (to_at IS NULL OR to_at > $2)")
            .bind(staff)
            .bind(at.as_microsecond())
    )?;
    Ok(())
}

/// Who may say yes to a code that `giver` gave to a member of staff: other administrators who have joined, and a manager
/// in their team unless they are an administrator themselves, whom nobody lower lets in.
///
/// # Errors
/// When the database fails.
pub async fn seconds(db: &mut Snapshot, staff: StaffId, giver: StaffId, at: Timestamp) -> Result<Vec<StaffId>> {
    on!(db, c => sqlx::query_scalar(
        "SELECT DISTINCT s.id FROM staff s JOIN staff_role r ON r.staff_id = s.id
         WHERE s.state = 'active' AND EXISTS (SELECT 1 FROM account c WHERE c.owner_id = s.id AND c.state = 'active')
           AND s.id <> $1 AND s.id <> $2 AND r.from_at <= $3 AND (r.to_at IS NULL OR r.to_at > $3)
           AND (r.role = 'admin' OR r.role = 'manager'
             AND NOT EXISTS (SELECT 1 FROM staff_role a WHERE a.staff_id = $1 AND a.role = 'admin'
                             AND a.from_at <= $3 AND (a.to_at IS NULL OR a.to_at > $3))
             AND EXISTS (SELECT 1 FROM team_member m JOIN team_member o ON o.team_id = m.team_id
                         WHERE m.staff_id = s.id AND o.staff_id = $1
                           AND m.from_at <= $3 AND (m.to_at IS NULL OR m.to_at > $3)
                           AND o.from_at <= $3 AND (o.to_at IS NULL OR o.to_at > $3)))")
        .bind(staff).bind(giver).bind(at.as_microsecond()).fetch_all(c))
}
