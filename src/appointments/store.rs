//! The tables of appointments and of private addresses of calendars.

use jiff::Timestamp;

use super::{Appointment, AppointmentId, Cannot, Details, FeedId, Slot, TOO_LATE, is_due};
use crate::clock::DAY;
use crate::db::{Question, Reads, Snapshot, Tx, on, run};
use crate::error::Result;
use crate::people::access::{Access, AnswerAppointment, Deed, KeepFeed, Listed, ReadAppointments, SetAppointment};
use crate::people::{PersonId, store::key};
use crate::vault::{Column, OwnerKey, Vault};

/// The most appointments that a page shows; nobody had so many.
const MOST: i64 = 500;

type Row = (
    AppointmentId,
    Vec<u8>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    i64,
    i64,
    i64,
    i64,
    Option<i64>,
    Option<i64>,
    Option<Vec<u8>>,
);

fn read(key: &OwnerKey, row: Row) -> Result<Appointment> {
    let (id, what, who, place, way, starts_at, minutes, sequence, changed_at, cancelled_at, cannot_at, why) = row;
    let why = key.open_some(Column::AppointmentCannot, id, why.as_deref())?;
    Ok(Appointment {
        id,
        details: Details {
            what: key.open(Column::AppointmentWhat, id, &what)?,
            with: key.open_some(Column::AppointmentWho, id, who.as_deref())?,
            place: key.open_some(Column::AppointmentWhere, id, place.as_deref())?,
            way: key.open_some(Column::AppointmentWay, id, way.as_deref())?,
            starts_at,
            minutes,
        },
        sequence,
        changed_at,
        cancelled: cancelled_at.is_some(),
        cannot: cannot_at.map(|at| Cannot { at, why }),
    })
}

/// The appointments of the person of a proof, the earliest first.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn all<C: Reads>(access: &mut Access<'_, ReadAppointments, C>, vault: &Vault) -> Result<Vec<Appointment>> {
    let person = access.person();
    let rows: Vec<Row> = on!(access.reads(), c => sqlx::query_as(
        "SELECT id, what_sealed, who_sealed, where_sealed, way_sealed, starts_at, minutes, sequence, changed_at, cancelled_at,
            cannot_at, cannot_sealed
         FROM appointment WHERE person_id = $1 ORDER BY starts_at DESC, id LIMIT $2")
        .bind(person).bind(MOST).fetch_all(c))?;
    let key = key(access.reads(), vault, person).await?;
    rows.into_iter().rev().map(|row| read(&key, row)).collect()
}

/// Whose appointment this is; `None` when it is nobody's. Says nothing else of it.
///
/// # Errors
/// When the database fails.
pub async fn whose(db: &mut Snapshot, id: AppointmentId) -> Result<Option<PersonId>> {
    on!(db, c => sqlx::query_scalar("SELECT person_id FROM appointment WHERE id = $1").bind(id).fetch_optional(c))
}

/// One appointment of the person of a proof; `None` when it is somebody else's or not there.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn one<D: Deed, C: Reads>(
    access: &mut Access<'_, D, C>,
    vault: &Vault,
    id: AppointmentId,
) -> Result<Option<Appointment>> {
    let person = access.person();
    let row: Option<Row> = on!(access.reads(), c => sqlx::query_as(
        "SELECT id, what_sealed, who_sealed, where_sealed, way_sealed, starts_at, minutes, sequence, changed_at, cancelled_at,
            cannot_at, cannot_sealed
         FROM appointment WHERE id = $1 AND person_id = $2")
        .bind(id).bind(person).fetch_optional(c))?;
    let Some(row) = row else { return Ok(None) };
    read(&key(access.reads(), vault, person).await?, row).map(Some)
}

/// An appointment's words, sealed: what, with whom, where, how to get there.
type Sealed = (Vec<u8>, [Option<Vec<u8>>; 3]);

async fn seal(
    access: &mut Access<'_, SetAppointment, Tx>,
    vault: &Vault,
    id: AppointmentId,
    details: &Details,
) -> Result<Sealed> {
    let person = access.person();
    let key = key(access.reads(), vault, person).await?;
    let some = |column, text: &Option<String>| text.as_ref().map(|text| key.seal(column, id, text)).transpose();
    let rest = [
        some(Column::AppointmentWho, &details.with)?,
        some(Column::AppointmentWhere, &details.place)?,
        some(Column::AppointmentWay, &details.way)?,
    ];
    Ok((key.seal(Column::AppointmentWhat, id, &details.what)?, rest))
}

/// Adds an appointment, made by the worker of the proof.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    access: &mut Access<'_, SetAppointment, Tx>,
    vault: &Vault,
    by: crate::people::StaffId,
    details: &Details,
) -> Result<AppointmentId> {
    let (id, person, at): (AppointmentId, _, _) =
        (crate::vault::new_id()?, access.person(), access.at().as_microsecond());
    let (what, [who, place, way]) = seal(access, vault, id, details).await?;
    run!(access.tx(), sqlx::query(
        "INSERT INTO appointment (id, person_id, what_sealed, who_sealed, where_sealed, way_sealed, starts_at, minutes, made_by,
            made_at, changed_at, sequence) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11)")
        .bind(id).bind(person).bind(what).bind(who).bind(place).bind(way).bind(details.starts_at).bind(details.minutes)
        .bind(by).bind(at).bind(0i64))?;
    Ok(id)
}

/// Changes an appointment that is still as `sequence` says; a cancelled one stands again. One that begins at another
/// time is reminded of anew, and what was said of the old time goes. False when somebody else changed it first.
///
/// # Errors
/// When the database fails.
pub async fn change(
    access: &mut Access<'_, SetAppointment, Tx>,
    vault: &Vault,
    (id, sequence): (AppointmentId, i64),
    details: &Details,
) -> Result<bool> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let (what, [who, place, way]) = seal(access, vault, id, details).await?;
    let changed = run!(access.tx(), sqlx::query(
        "UPDATE appointment SET what_sealed = $4, who_sealed = $5, where_sealed = $6, way_sealed = $7, minutes = $9,
            reminded_at = CASE WHEN starts_at = $8 THEN reminded_at END, cannot_at = CASE WHEN starts_at = $8 THEN cannot_at END,
            cannot_sealed = CASE WHEN starts_at = $8 THEN cannot_sealed END, starts_at = $8, changed_at = $10,
            sequence = sequence + 1, cancelled_at = NULL
         WHERE id = $1 AND person_id = $2 AND sequence = $3")
        .bind(id).bind(person).bind(sequence).bind(what).bind(who).bind(place).bind(way).bind(details.starts_at)
        .bind(details.minutes).bind(at))?;
    Ok(changed > 0)
}

/// Cancels an appointment that is still as `sequence` says. False when somebody else changed or cancelled it first.
///
/// # Errors
/// When the database fails.
pub async fn cancel(access: &mut Access<'_, SetAppointment, Tx>, (id, sequence): (AppointmentId, i64)) -> Result<bool> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let cancelled = run!(
        access.tx(),
        sqlx::query(
            "UPDATE appointment SET cancelled_at = $4, changed_at = $4, sequence = sequence + 1
             WHERE id = $1 AND person_id = $2 AND sequence = $3 AND cancelled_at IS NULL"
        )
        .bind(id)
        .bind(person)
        .bind(sequence)
        .bind(at)
    )?;
    Ok(cancelled > 0)
}

/// Writes down that the person of the proof cannot make it, with why if they said that; `None`: they can after all.
/// False when there is no such appointment of theirs, or it was cancelled.
///
/// # Errors
/// When the database fails.
pub async fn answer(
    access: &mut Access<'_, AnswerAppointment, Tx>,
    vault: &Vault,
    id: AppointmentId,
    cannot: Option<Option<&str>>,
) -> Result<bool> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let key = key(access.reads(), vault, person).await?;
    let why = cannot.flatten().map(|why| key.seal(Column::AppointmentCannot, id, why)).transpose()?;
    let answered = run!(
        access.tx(),
        sqlx::query(
            "UPDATE appointment SET cannot_at = $3, cannot_sealed = $4
             WHERE id = $1 AND person_id = $2 AND cancelled_at IS NULL"
        )
        .bind(id)
        .bind(person)
        .bind(cannot.map(|_| at))
        .bind(why)
    )?;
    Ok(answered > 0)
}

/// Who of a list said that they cannot make an appointment that is still to come.
pub fn cannot(listed: &Listed<'_>) -> Question<'static, Vec<PersonId>> {
    Question::of_ids(
        "SELECT DISTINCT person_id FROM appointment WHERE starts_at > $1 AND cannot_at IS NOT NULL AND cancelled_at IS NULL AND person_id IN ({})",
        [listed.at().as_microsecond().into()],
        listed.people(),
    )
}

/// An appointment of which somebody is to be reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Which.
    pub id: AppointmentId,
    /// Whose.
    pub person: PersonId,
    /// What it was when it was looked at.
    pub sequence: i64,
}

/// The appointments of which somebody is to be reminded now, the soonest first. For the job alone: it tells nobody's
/// words.
///
/// # Errors
/// When the database fails.
pub async fn due(db: &mut Snapshot, at: Timestamp) -> Result<Vec<Due>> {
    let now = at.as_microsecond();
    let rows: Vec<(AppointmentId, PersonId, i64, i64, i64)> = on!(db, c => sqlx::query_as(
        "SELECT a.id, a.person_id, a.sequence, a.starts_at, a.changed_at
         FROM appointment a JOIN person p ON p.id = a.person_id
         WHERE a.starts_at >= $1 AND a.starts_at < $2 AND a.reminded_at IS NULL AND a.cancelled_at IS NULL
           AND a.cannot_at IS NULL AND p.state = 'active' ORDER BY a.starts_at, a.id")
        .bind(now + TOO_LATE).bind(now + 2 * DAY).fetch_all(c))?;
    let rows = rows.into_iter().filter(|(_, _, _, starts_at, set_at)| is_due(*starts_at, *set_at, now));
    Ok(rows.map(|(id, person, sequence, ..)| Due { id, person, sequence }).collect())
}

/// Writes down that somebody is reminded of an appointment. False when they were before, or it has changed meanwhile:
/// of several who say so at once, one is told true.
///
/// # Errors
/// When the database fails.
pub async fn mark_reminded(tx: &mut Tx, due: Due, at: Timestamp) -> Result<bool> {
    let marked = run!(
        tx,
        sqlx::query(
            "UPDATE appointment SET reminded_at = $3
             WHERE id = $1 AND sequence = $2 AND reminded_at IS NULL AND cancelled_at IS NULL AND cannot_at IS NULL"
        )
        .bind(due.id)
        .bind(due.sequence)
        .bind(at.as_microsecond())
    )?;
    Ok(marked > 0)
}

/// A live private address of a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Its id.
    pub id: FeedId,
    /// Whose calendar.
    pub person: PersonId,
    /// When it was made, UTC microseconds.
    pub made_at: i64,
}

/// The private address that the person of a proof has; `None`: none, or it was taken back.
///
/// # Errors
/// When the database fails.
pub async fn own_feed<C: Reads>(access: &mut Access<'_, KeepFeed, C>) -> Result<Option<Feed>> {
    let person = access.person();
    let row: Option<(FeedId, i64)> = on!(access.reads(), c => sqlx::query_as(
        "SELECT id, made_at FROM calendar_feed WHERE person_id = $1 AND revoked_at IS NULL ORDER BY made_at DESC LIMIT 1")
        .bind(person).fetch_optional(c))?;
    Ok(row.map(|(id, made_at)| Feed { id, person, made_at }))
}

/// Makes a private address, known by the SHA-256 of its secret. One that there was ends.
///
/// # Errors
/// When the database fails.
pub async fn insert_feed(access: &mut Access<'_, KeepFeed, Tx>, token_hash: &[u8; 32]) -> Result<FeedId> {
    end_feed(access).await?;
    let (id, person, at): (FeedId, _, _) = (crate::vault::new_id()?, access.person(), access.at().as_microsecond());
    run!(
        access.tx(),
        sqlx::query("INSERT INTO calendar_feed (id, person_id, token_hash, made_at) VALUES ($1, $2, $3, $4)")
            .bind(id)
            .bind(person)
            .bind(token_hash.to_vec())
            .bind(at)
    )?;
    Ok(id)
}

/// Takes the private address back. False when there is none.
///
/// # Errors
/// When the database fails.
pub async fn end_feed(access: &mut Access<'_, KeepFeed, Tx>) -> Result<bool> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let ended = run!(
        access.tx(),
        sqlx::query("UPDATE calendar_feed SET revoked_at = $2 WHERE person_id = $1 AND revoked_at IS NULL")
            .bind(person)
            .bind(at)
    )?;
    Ok(ended > 0)
}

/// The live private address whose secret has this SHA-256; `None` when there never was one, it was taken back, or its
/// owner is not with the service any more.
///
/// # Errors
/// When the database fails.
pub async fn feed(db: &mut Snapshot, token_hash: &[u8; 32]) -> Result<Option<Feed>> {
    let row: Option<(FeedId, PersonId, i64)> = on!(db, c => sqlx::query_as(
        "SELECT f.id, f.person_id, f.made_at FROM calendar_feed f JOIN person p ON p.id = f.person_id
         WHERE f.token_hash = $1 AND f.revoked_at IS NULL AND p.state = 'active'")
        .bind(token_hash.to_vec()).fetch_optional(c))?;
    Ok(row.map(|(id, person, made_at)| Feed { id, person, made_at }))
}

/// The times that a calendar with a private address shows, from one moment to another, the earliest first. The address
/// itself is the proof: only [`feed`] makes one, and nothing sealed is read.
///
/// # Errors
/// When the database fails.
pub async fn slots(db: &mut Snapshot, feed: &Feed, from: Timestamp, to: Timestamp) -> Result<Vec<Slot>> {
    type Times = (AppointmentId, i64, i64, i64, i64, Option<i64>);
    let rows: Vec<Times> = on!(db, c => sqlx::query_as(
        "SELECT id, starts_at, minutes, sequence, changed_at, cancelled_at FROM appointment
         WHERE person_id = $1 AND starts_at >= $2 AND starts_at < $3 ORDER BY starts_at, id")
        .bind(feed.person).bind(from.as_microsecond()).bind(to.as_microsecond()).fetch_all(c))?;
    let slot = |(id, starts_at, minutes, sequence, changed_at, cancelled_at): Times| Slot {
        id,
        starts_at,
        minutes,
        sequence,
        changed_at,
        cancelled: cancelled_at.is_some(),
    };
    Ok(rows.into_iter().map(slot).collect())
}
