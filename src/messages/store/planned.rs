//! Messages that are sent later: planned, taken back, sent once, handed over, held where their sender is gone.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::clock::london_date;
use crate::db::{Question, Reads, Snapshot, Tx, on, run};
use crate::error::{Error, Result};
use crate::messages::planned::{Coming, GroupId, Known, Planned, PlannedId, Stage};
use crate::people::access::{self, Access, AnswerMessage, Caseload, Deed};
use crate::people::{Actor, PersonId, StaffId, store as people, store::key};
use crate::vault::{Column, Vault};

/// A planned message without its words: what is to be decided about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its id.
    pub id: PlannedId,
    /// To whom.
    pub person: PersonId,
    /// Who sends it.
    pub staff: StaffId,
    /// How far it came.
    pub stage: Stage,
    /// When it was planned, UTC microseconds.
    pub made_at: i64,
}

type PlanRow = (PlannedId, PersonId, StaffId, String, i64);

fn stage(word: &str) -> Result<Stage> {
    Stage::parse(word).ok_or_else(|| Error::Internal("the state of a planned message does not read".into()))
}

fn plan((id, person, staff, word, made_at): PlanRow) -> Result<Plan> {
    Ok(Plan { id, person, staff, stage: stage(&word)?, made_at })
}

/// Plans a message of the worker who asks for a moment: the text as the person of the proof will read it.
///
/// # Errors
/// [`Error::NotFound`] when who asks is no worker; when the database fails.
pub async fn insert_planned(
    access: &mut Access<'_, AnswerMessage, Tx>,
    vault: &Vault,
    body: &str,
    send_at: Timestamp,
    group: Option<GroupId>,
) -> Result<PlannedId> {
    let Actor::Staff(staff, _) = *access.actor() else { return Err(Error::NotFound) };
    let (person, at) = (access.person(), access.at().as_microsecond());
    let id: PlannedId = crate::vault::new_id()?;
    let sealed = key(access.reads(), vault, person).await?.seal(Column::PlannedBody, id, body)?;
    run!(
        access.tx(),
        sqlx::query(
            "INSERT INTO planned (id, person_id, staff_id, written_by, body_sealed, send_at, state, group_id, made_at)
         VALUES ($1, $2, $3, $3, $4, $5, 'due', $6, $7)"
        )
        .bind(id)
        .bind(person)
        .bind(staff)
        .bind(&sealed)
        .bind(send_at.as_microsecond())
        .bind(group)
        .bind(at)
    )?;
    Ok(id)
}

/// What is planned for the person of a proof and not sent, the soonest first.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn coming<D: Deed, C: Reads>(access: &mut Access<'_, D, C>, vault: &Vault) -> Result<Vec<Coming>> {
    let person = access.person();
    let rows: Vec<(StaffId, i64, String)> = on!(access.reads(), c => sqlx::query_as(
        "SELECT staff_id, send_at, state FROM planned WHERE person_id = $1 AND state IN ('due', 'held') ORDER BY send_at, id")
        .bind(person).fetch_all(c))?;
    let mut coming = Vec::with_capacity(rows.len());
    for (staff, send_at, word) in rows {
        let sender = people::staff_name(access.reads(), vault, staff).await?;
        coming.push(Coming { staff, sender, send_at, stage: stage(&word)? });
    }
    Ok(coming)
}

type Row = (PlannedId, PersonId, StaffId, StaffId, Vec<u8>, i64, String, Vec<u8>, Vec<u8>);

/// What the one who asks has to look at: held messages of those for whom they answer now, then their own that are still
/// to be sent, the soonest first. Nothing of those whom they may not answer any more.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn planned(caseload: &mut Caseload<'_>, vault: &Vault) -> Result<Vec<Planned>> {
    let staff = caseload.staff();
    let rows: Vec<Row> = on!(caseload.reads(), c => sqlx::query_as(
        "SELECT m.id, m.person_id, m.staff_id, m.written_by, m.body_sealed, m.send_at, m.state, p.called_sealed, k.wrapped
         FROM planned m JOIN person p ON p.id = m.person_id JOIN seal_key k ON k.owner_id = p.id
         WHERE (m.state = 'due' AND m.staff_id = $1) OR m.state = 'held' ORDER BY m.state DESC, m.send_at, m.id")
        .bind(staff).fetch_all(c))?;
    let of: BTreeSet<PersonId> = rows.iter().map(|row| row.1).collect();
    let of: Vec<PersonId> = of.into_iter().collect();
    let mine = answers_now(caseload, &of).await?;
    let may = access::may_each::<AnswerMessage>(caseload, &of).await?;
    let mine = |row: &Row| row.6 != Stage::Held.as_str() || mine.contains(&row.1);
    let rows: Vec<Row> = rows.into_iter().filter(|row| may.contains(&row.1) && mine(row)).collect();
    let names = caseload.fetch(people::staff_names(vault, rows.iter().map(|row| row.3))).await?;
    let mut planned = Vec::with_capacity(rows.len());
    for (id, person, sender, writer, body, send_at, word, called, wrapped) in rows {
        let stage = stage(&word)?;
        let own = vault.owner_key(person, &wrapped)?;
        let other = writer != sender || stage == Stage::Held;
        planned.push(Planned {
            id,
            person,
            called: own.open(Column::PersonCalled, person, &called)?,
            body: own.open(Column::PlannedBody, id, &body)?,
            send_at,
            stage,
            written_by: names.get(&writer).filter(|_| other).cloned(),
        });
    }
    Ok(planned)
}

/// For whom of these people the one who asks answers now.
async fn answers_now(caseload: &mut Caseload<'_>, of: &[PersonId]) -> Result<BTreeSet<PersonId>> {
    let (staff, at) = (caseload.staff(), caseload.at());
    let (roster, today) = (caseload.fetch(people::roster(at)).await?, london_date(at));
    let leads = people::leads(caseload.reads(), of, at).await?;
    let teams = people::teams_of(caseload.reads(), of).await?;
    let mine = teams.into_iter().filter(|(person, team)| {
        let answers = roster.answers(leads.get(person).copied(), today);
        roster.readers(answers, *team, today).contains(&staff)
    });
    Ok(mine.map(|(person, _)| person).collect())
}

/// To whom messages were held, one for each, whoever answers for them: for [`held`] alone to look at.
#[derive(Debug)]
pub struct AllHeld(Vec<PersonId>);

/// Everybody to whom messages were held.
pub fn all_held(_caseload: &Caseload<'_>) -> Question<'static, AllHeld> {
    Question::new("SELECT person_id FROM planned WHERE state = 'held'", [], |rows: Vec<(PersonId,)>| {
        Ok(AllHeld(rows.into_iter().map(|(person,)| person).collect()))
    })
}

/// How many of those are for whom the one who asks answers now.
///
/// # Errors
/// When the database fails.
pub async fn held(caseload: &mut Caseload<'_>, AllHeld(all): AllHeld) -> Result<usize> {
    if all.is_empty() {
        return Ok(0);
    }
    let mine = answers_now(caseload, &all).await?;
    Ok(all.into_iter().filter(|person| mine.contains(person)).count())
}

/// The planned messages whose time has come, the longest due first.
///
/// # Errors
/// When the database fails.
pub async fn due_planned(db: &mut Snapshot, at: Timestamp) -> Result<Vec<Plan>> {
    let rows: Vec<PlanRow> = on!(db, c => sqlx::query_as(
        "SELECT id, person_id, staff_id, state, made_at FROM planned WHERE state = 'due' AND send_at <= $1 ORDER BY send_at, id")
        .bind(at.as_microsecond()).fetch_all(c))?;
    rows.into_iter().map(plan).collect()
}

/// One planned message, without its words.
///
/// # Errors
/// When the database fails.
pub async fn plan_of(db: &mut Snapshot, id: PlannedId) -> Result<Option<Plan>> {
    let row: Option<PlanRow> = on!(db, c => sqlx::query_as(
        "SELECT id, person_id, staff_id, state, made_at FROM planned WHERE id = $1").bind(id).fetch_optional(c))?;
    row.map(plan).transpose()
}

/// The words of a planned message to the person of a proof.
///
/// # Errors
/// [`Error::NotFound`] when it is another person's; when the database fails or the text does not open.
pub async fn planned_text(access: &mut Access<'_, AnswerMessage, Tx>, vault: &Vault, id: PlannedId) -> Result<String> {
    let person = access.person();
    let sealed: Option<Vec<u8>> = on!(access.reads(), c => sqlx::query_scalar(
        "SELECT body_sealed FROM planned WHERE id = $1 AND person_id = $2").bind(id).bind(person).fetch_optional(c))?;
    key(access.reads(), vault, person).await?.open(Column::PlannedBody, id, &sealed.ok_or(Error::NotFound)?)
}

/// Takes a planned message from one state to another. False when it was in another meanwhile: of several who try at
/// once, one does it.
///
/// # Errors
/// When the database fails.
pub async fn settle_planned(tx: &mut Tx, id: PlannedId, (from, to): (Stage, Stage), at: Timestamp) -> Result<bool> {
    let settled = run!(
        tx,
        sqlx::query("UPDATE planned SET state = $3, settled_at = $4 WHERE id = $1 AND state = $2")
            .bind(id)
            .bind(from.as_str())
            .bind(to.as_str())
            .bind(at.as_microsecond())
    )?;
    Ok(settled == 1)
}

/// Makes another worker the sender of what one has planned for somebody and is still to be sent. Who wrote it stays.
/// Gives how many.
///
/// # Errors
/// When the database fails.
pub async fn hand_planned(tx: &mut Tx, person: PersonId, from: StaffId, to: StaffId) -> Result<u64> {
    run!(
        tx,
        sqlx::query("UPDATE planned SET staff_id = $3 WHERE person_id = $1 AND staff_id = $2 AND state = 'due'")
            .bind(person)
            .bind(from)
            .bind(to)
    )
}

/// What the person of a proof wrote after a message had been planned is not answered by it: they go on waiting for an
/// answer to that, as long as they did before it was sent.
///
/// # Errors
/// When the database fails.
pub async fn keep_wait(
    access: &mut Access<'_, AnswerMessage, Tx>,
    planned_at: i64,
    (since, due): (i64, Option<i64>),
) -> Result<()> {
    let person = access.person();
    let asked: Option<i64> = on!(access.reads(), c => sqlx::query_scalar(
        "SELECT MIN(a.sent_at) FROM asking a JOIN thread t ON t.id = a.thread_id
         WHERE t.person_id = $1 AND a.sent_at > $2 AND a.sent_at >= $3")
        .bind(person).bind(planned_at).bind(since).fetch_one(c))?;
    let Some(asked) = asked else { return Ok(()) };
    run!(
        access.tx(),
        sqlx::query(
            "UPDATE thread SET due_at = COALESCE(due_at, $3),
                waiting_since = CASE WHEN waiting_since IS NULL OR waiting_since > $2 THEN $2 ELSE waiting_since END
             WHERE person_id = $1"
        )
        .bind(person)
        .bind(asked)
        .bind(due)
    )?;
    Ok(())
}

/// Everybody with whom the one who asks works and whom they may answer, by the names they want.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn known(caseload: &mut Caseload<'_>, vault: &Vault) -> Result<Vec<Known>> {
    type Row = (PersonId, Vec<u8>, Vec<u8>, Vec<u8>, Option<i64>);
    let (staff, at) = (caseload.staff(), caseload.at().as_microsecond());
    let rows: Vec<Row> = on!(caseload.reads(), c => sqlx::query_as(
        "SELECT p.id, p.called_sealed, p.name_sealed, k.wrapped, t.waiting_since
         FROM person p JOIN seal_key k ON k.owner_id = p.id LEFT JOIN thread t ON t.person_id = p.id
         WHERE p.state = 'active' AND EXISTS (SELECT 1 FROM assignment a WHERE a.person_id = p.id AND a.staff_id = $1
            AND a.kind <> 'manager' AND a.from_at <= $2 AND (a.to_at IS NULL OR a.to_at > $2))")
        .bind(staff).bind(at).fetch_all(c))?;
    let mut known = Vec::with_capacity(rows.len());
    for (person, called, name, wrapped, since) in rows {
        let own = vault.owner_key(person, &wrapped)?;
        let called = own.open(Column::PersonCalled, person, &called)?;
        known.push(Known {
            person,
            called,
            name: own.open(Column::PersonName, person, &name)?,
            waits: since.is_some(),
        });
    }
    known.sort_by(|one, other| (&one.called, &one.name, one.person).cmp(&(&other.called, &other.name, other.person)));
    Ok(known)
}
