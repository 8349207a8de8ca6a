//! Who is here, who is away and who stands in; when somebody works.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Time;

use crate::clock::london_date;
use crate::db::{Question, Questions, Snapshot, Tx, on, on_list, run};
use crate::error::{Error, Result};
use crate::people::{Absence, AbsenceId, Live, PersonId, Role, Roster, Shift, StaffId, TeamId, Week, Weeks};

/// Everybody who works with young people now, and who is away today or later.
pub fn roster(at: Timestamp) -> impl Questions<Answers = Roster> {
    let now = at.as_microsecond();
    // Whoever has not joined yet reads nothing: what is theirs is not in anybody's list. The last of somebody's teams is
    // the one that counts.
    type Works = (StaffId, String, Option<TeamId>, Option<bool>);
    let live = Question::new(
        "SELECT s.id, r.role, t.team_id, t.duty
         FROM staff s JOIN staff_role r ON r.staff_id = s.id JOIN account c ON c.owner_id = s.id AND c.state = 'active'
         LEFT JOIN team_member t ON t.staff_id = s.id AND t.from_at <= $1 AND (t.to_at IS NULL OR t.to_at > $1)
         WHERE s.state = 'active' AND r.from_at <= $1 AND (r.to_at IS NULL OR r.to_at > $1) ORDER BY t.from_at",
        [now.into()],
        |rows: Vec<Works>| {
            let mut live: BTreeMap<StaffId, Live> = BTreeMap::new();
            for (staff, role, team, desk) in rows {
                if let Some(role) = Role::parse(&role).filter(|role| role.works_with_people()) {
                    let live = live.entry(staff).or_default();
                    live.roles.insert(role);
                    (live.team, live.desk) = (team, desk == Some(true));
                }
            }
            Ok(live)
        },
    );
    let absences = Question::new(
        "SELECT id, staff_id, from_on, to_on, cover_id FROM absence
         WHERE to_on >= $1 AND (ended_at IS NULL OR ended_at > $2) ORDER BY id",
        [london_date(at).to_string().into(), now.into()],
        read,
    );
    (live, absences).into_one(|(live, absences)| Ok(Roster { live, absences }))
}

/// Who leads for a person at a moment, as a value in a query: whoever is marked so, else the adviser or social worker who
/// came first.
macro_rules! lead_of {
    ($person:literal, $now:literal) => {
        concat!(
            "(SELECT a.staff_id FROM assignment a WHERE a.person_id = ",
            $person,
            " AND (a.lead OR a.kind IN ('pa', 'social_worker')) AND a.from_at <= ",
            $now,
            " AND (a.to_at IS NULL OR a.to_at > ",
            $now,
            ") ORDER BY a.lead DESC, a.kind, a.from_at, a.id LIMIT 1)"
        )
    };
}
pub(crate) use lead_of;

/// Who leads for a person.
///
/// # Errors
/// When the database fails.
pub async fn lead(db: &mut Snapshot, person: PersonId, at: Timestamp) -> Result<Option<StaffId>> {
    on!(db, c => sqlx::query_scalar(concat!("SELECT ", lead_of!("$1", "$2")))
        .bind(person).bind(at.as_microsecond()).fetch_one(c))
}

/// Who leads for each of these people, as [`lead`] says it; nobody's name stands in it for whom nobody leads.
///
/// # Errors
/// When the database fails.
pub async fn leads(db: &mut Snapshot, people: &[PersonId], at: Timestamp) -> Result<BTreeMap<PersonId, StaffId>> {
    let now = at.as_microsecond();
    let rows: Vec<(PersonId, StaffId)> = on_list!(
        db,
        "SELECT person_id, staff_id FROM assignment WHERE (lead OR kind IN ('pa', 'social_worker'))
           AND from_at <= $1 AND (to_at IS NULL OR to_at > $1) AND person_id IN ({}) ORDER BY lead, kind DESC, from_at DESC, id DESC",
        [now],
        people
    )?;
    // The last of somebody's rows is the one that counts.
    Ok(rows.into_iter().collect())
}

/// The team of a person.
///
/// # Errors
/// [`Error::NotFound`] when there is no such person.
pub async fn team_of_person(db: &mut Snapshot, person: PersonId) -> Result<TeamId> {
    let team: Option<TeamId> =
        on!(db, c => sqlx::query_scalar("SELECT team_id FROM person WHERE id = $1").bind(person).fetch_optional(c))?;
    team.ok_or(Error::NotFound)
}

type Row = (AbsenceId, StaffId, String, String, Option<StaffId>);

fn read(rows: Vec<Row>) -> Result<Vec<Absence>> {
    let date = |text: &str| text.parse().map_err(|_| Error::Internal("a day away does not read".into()));
    rows.into_iter()
        .map(|(id, staff, from, to, cover)| Ok(Absence { id, staff, from_on: date(&from)?, to_on: date(&to)?, cover }))
        .collect()
}

/// The times away of somebody that are not over yet, soonest first.
///
/// # Errors
/// When the database fails.
pub async fn absences(db: &mut Snapshot, staff: StaffId, at: Timestamp) -> Result<Vec<Absence>> {
    let rows: Vec<Row> = on!(db, c => sqlx::query_as(
        "SELECT id, staff_id, from_on, to_on, cover_id FROM absence
         WHERE staff_id = $1 AND to_on >= $2 AND (ended_at IS NULL OR ended_at > $3) ORDER BY from_on, id")
        .bind(staff).bind(london_date(at).to_string()).bind(at.as_microsecond()).fetch_all(c))?;
    read(rows)
}

/// Writes down that somebody is away.
///
/// # Errors
/// When the database fails.
pub async fn insert_absence(tx: &mut Tx, absence: &Absence, by: StaffId, at: Timestamp) -> Result<()> {
    run!(tx, sqlx::query(
        "INSERT INTO absence (id, staff_id, from_on, to_on, cover_id, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(absence.id).bind(absence.staff).bind(absence.from_on.to_string()).bind(absence.to_on.to_string())
        .bind(absence.cover).bind(by).bind(at.as_microsecond()))?;
    Ok(())
}

/// Somebody is back earlier, or does not go. False when it was over already or is not theirs.
///
/// # Errors
/// When the database fails.
pub async fn end_absence(tx: &mut Tx, staff: StaffId, absence: AbsenceId, at: Timestamp) -> Result<bool> {
    let ended = run!(
        tx,
        sqlx::query("UPDATE absence SET ended_at = $3 WHERE id = $1 AND staff_id = $2 AND ended_at IS NULL")
            .bind(absence)
            .bind(staff)
            .bind(at.as_microsecond())
    )?;
    Ok(ended > 0)
}

type Hours = (StaffId, i64, String, String);

fn read_weeks(rows: Vec<Hours>) -> Result<Weeks> {
    let time = |text: &str| text.parse::<Time>().map_err(|_| Error::Internal("a working hour does not read".into()));
    let mut weeks = Weeks::new();
    for (staff, weekday, from, to) in rows {
        let shift: Shift = (time(&from)?, time(&to)?);
        let week = weeks.entry(staff).or_insert(Week([None; 7]));
        if let Some(day) = usize::try_from(weekday - 1).ok().and_then(|day| week.0.get_mut(day)) {
            *day = Some(shift);
        }
    }
    Ok(weeks)
}

/// When everybody works who said it.
///
/// # Errors
/// When the database fails.
pub async fn weeks(db: &mut Snapshot) -> Result<Weeks> {
    read_weeks(
        on!(db, c => sqlx::query_as("SELECT staff_id, weekday, from_time, to_time FROM working_hours").fetch_all(c))?,
    )
}

/// The week of somebody, if they said one.
///
/// # Errors
/// When the database fails.
pub async fn week(db: &mut Snapshot, staff: StaffId) -> Result<Option<Week>> {
    let rows: Vec<Hours> = on!(db, c => sqlx::query_as(
        "SELECT staff_id, weekday, from_time, to_time FROM working_hours WHERE staff_id = $1").bind(staff).fetch_all(c))?;
    Ok(read_weeks(rows)?.remove(&staff))
}

/// Sets the week of somebody.
///
/// # Errors
/// When the database fails.
pub async fn set_week(tx: &mut Tx, staff: StaffId, week: &Week) -> Result<()> {
    run!(tx, sqlx::query("DELETE FROM working_hours WHERE staff_id = $1").bind(staff))?;
    for (day, shift) in (1i64..).zip(&week.0) {
        let Some((from, to)) = shift else { continue };
        run!(
            tx,
            sqlx::query("INSERT INTO working_hours (staff_id, weekday, from_time, to_time) VALUES ($1, $2, $3, $4)")
                .bind(staff)
                .bind(day)
                .bind(from.to_string())
                .bind(to.to_string())
        )?;
    }
    Ok(())
}
