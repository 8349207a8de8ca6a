//! A worker's list: everybody they work with, stand in for, or look after from the duty desk.

use std::collections::BTreeMap;

use crate::clock::london_date;
use crate::db::{on, on_list};
use crate::error::Result;
use crate::messages::{Mine, TooLong, Waiting, answering::Step};
use crate::people::access::{Caseload, Managed};
use crate::people::{Part, PersonId, StaffId, TeamId, store as people};
use crate::vault::{Column, Vault};

type Row =
    (PersonId, Vec<u8>, Vec<u8>, Option<i64>, Option<i64>, i64, i64, Option<bool>, Option<String>, Option<String>);

/// Everybody in the list of whoever asks: danger first, then those who wait longest.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn waiting(caseload: &mut Caseload<'_>, vault: &Vault) -> Result<Vec<Waiting>> {
    let mine = mine(caseload).await?;
    let staff = caseload.staff();
    let people: Vec<PersonId> = mine.keys().copied().collect();
    let rows: Vec<Row> = on_list!(
        caseload.reads(),
        "SELECT p.id, p.called_sealed, k.wrapped, t.waiting_since, t.due_at,
            (SELECT COUNT(*) FROM asking a WHERE a.thread_id = t.id AND a.sent_at >= t.waiting_since
                AND NOT EXISTS (SELECT 1 FROM message_opened o WHERE o.message_id = a.id)),
            (SELECT COUNT(*) FROM crisis_flag f WHERE f.person_id = p.id AND f.cleared_at IS NULL),
            m.unread, m.snoozed_to, m.follow_up_on
         FROM person p JOIN seal_key k ON k.owner_id = p.id LEFT JOIN thread t ON t.person_id = p.id
         LEFT JOIN thread_mark m ON m.person_id = p.id AND m.staff_id = $1 WHERE p.id IN ({})",
        [staff],
        &people
    )?;
    let mut list = Vec::with_capacity(rows.len());
    for (person, called, wrapped, since, due, unopened, flags, unread, snoozed, follow) in rows {
        let Some(mine) = mine.get(&person).copied() else { continue };
        let called = vault.owner_key(person, &wrapped)?.open(Column::PersonCalled, person, &called)?;
        let mark = super::marks::read((unread == Some(true), snoozed, follow));
        list.push(Waiting { person, called, since, due, unopened, urgent: flags > 0, mine, mark });
    }
    list.sort_by_key(|one| (!one.urgent, one.since.is_none(), one.since, one.person));
    Ok(list)
}

/// Who stands in the list, and why.
async fn mine(caseload: &mut Caseload<'_>) -> Result<BTreeMap<PersonId, Mine>> {
    let (staff, at) = (caseload.staff(), caseload.at());
    let (now, today) = (at.as_microsecond(), london_date(at));
    let roster = people::roster(caseload.reads(), at).await?;
    let mut mine = BTreeMap::new();
    // Whoever is led by somebody for whom the reader stands in, waiting or not.
    let away = roster.absences.iter().filter(|absence| absence.holds(today)).map(|absence| absence.staff);
    let stands_in = away.filter(|away| *away != staff && roster.answers(Some(*away), today).one() == Some(staff));
    let stands_in: Vec<StaffId> = stands_in.collect();
    let led: Vec<(PersonId,)> = on_list!(
        caseload.reads(),
        "SELECT a.person_id FROM assignment a JOIN person p ON p.id = a.person_id
         WHERE a.lead AND a.from_at <= $1 AND (a.to_at IS NULL OR a.to_at > $1) AND p.state = 'active' AND a.staff_id IN ({})",
        [now],
        &stands_in
    )?;
    mine.extend(led.into_iter().map(|(person,)| (person, Mine::Covers)));
    // Whoever waits or may be in danger, in the list of whoever answers for them.
    let desk = roster.live.get(&staff).filter(|live| live.on_desk()).and_then(|live| live.team);
    for (person, team, lead, to_desk) in open(caseload).await? {
        let answers = roster.answers(lead, today);
        if roster.readers(answers, team, today).contains(&staff) {
            let covers = answers.one().is_some();
            mine.entry(person).or_insert(if covers { Mine::Covers } else { Mine::Desk });
        } else if to_desk && desk == Some(team) {
            mine.entry(person).or_insert(Mine::Desk);
        }
    }
    // Of whoever they work with they see everybody; what somebody else answers stands apart.
    let assigned: Vec<(PersonId, String, i64)> = on!(caseload.reads(), c => sqlx::query_as(
        "SELECT p.id, MIN(a.kind), CAST(MAX(CASE WHEN a.lead THEN 1 ELSE 0 END) AS BIGINT) FROM assignment a JOIN person p ON p.id = a.person_id
         WHERE a.staff_id = $1 AND a.kind <> 'manager' AND a.from_at <= $2 AND (a.to_at IS NULL OR a.to_at > $2) AND p.state = 'active'
         GROUP BY p.id").bind(staff).bind(now).fetch_all(c))?;
    for (person, part, lead) in assigned {
        let leads = lead == 1 && roster.answers(Some(staff), today).one() == Some(staff);
        let answers = mine.remove(&person).is_some() || leads;
        let part = Part::parse(&part).unwrap_or(Part::Pa);
        mine.insert(person, if answers { Mine::Works(part) } else { Mine::Beside });
    }
    Ok(mine)
}

/// Everybody who waits or may be in danger: their team, who leads, and whether the duty desk is to see it too: because
/// the wait was taken there, or because of the danger.
async fn open(caseload: &mut Caseload<'_>) -> Result<Vec<(PersonId, TeamId, Option<StaffId>, bool)>> {
    let at = caseload.at();
    let rows: Vec<(PersonId, TeamId, i64)> = on!(caseload.reads(), c => sqlx::query_as(
        "SELECT p.id, p.team_id,
            (SELECT COUNT(*) FROM escalation e WHERE e.thread_id = t.id AND e.waiting_since = t.waiting_since AND e.due_at = t.due_at AND e.step = $1)
            + (SELECT COUNT(*) FROM crisis_flag f WHERE f.person_id = p.id AND f.cleared_at IS NULL)
         FROM thread t JOIN person p ON p.id = t.person_id
         WHERE p.state = 'active' AND p.id IN (SELECT person_id FROM thread WHERE waiting_since IS NOT NULL
            UNION SELECT person_id FROM crisis_flag WHERE cleared_at IS NULL)")
        .bind(Step::Duty.as_str()).fetch_all(c))?;
    let waiting: Vec<PersonId> = rows.iter().map(|row| row.0).collect();
    let leads = people::leads(caseload.reads(), &waiting, at).await?;
    Ok(rows.into_iter().map(|(person, team, taken)| (person, team, leads.get(&person).copied(), taken > 0)).collect())
}

/// Everybody whom the one who asks manages and whose wait was taken to them: the longest over first.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn too_long(managed: &mut Managed<'_>, vault: &Vault) -> Result<Vec<TooLong>> {
    let (manager, at) = (managed.staff(), managed.at());
    type Row = (PersonId, Vec<u8>, Vec<u8>, i64);
    let rows: Vec<Row> = on!(managed.reads(), c => sqlx::query_as(
        "SELECT p.id, p.called_sealed, k.wrapped, t.waiting_since
         FROM thread t JOIN person p ON p.id = t.person_id JOIN seal_key k ON k.owner_id = p.id
         WHERE t.waiting_since IS NOT NULL AND p.state = 'active'
           AND EXISTS (SELECT 1 FROM escalation e WHERE e.thread_id = t.id AND e.waiting_since = t.waiting_since AND e.due_at = t.due_at AND e.step = $3)
           AND EXISTS (SELECT 1 FROM person_manager m WHERE m.person_id = p.id AND m.staff_id = $1
                       AND m.from_at <= $2 AND (m.to_at IS NULL OR m.to_at > $2)) ORDER BY t.waiting_since, p.id")
        .bind(manager).bind(at.as_microsecond()).bind(Step::Manager.as_str()).fetch_all(c))?;
    let people: Vec<PersonId> = rows.iter().map(|row| row.0).collect();
    let leads = people::leads(managed.reads(), &people, at).await?;
    let names = people::staff_names(managed.reads(), vault, leads.values().copied()).await?;
    let mut waits = Vec::with_capacity(rows.len());
    for (person, called, wrapped, since) in rows {
        let called = vault.owner_key(person, &wrapped)?.open(Column::PersonCalled, person, &called)?;
        let lead = leads.get(&person).and_then(|lead| names.get(lead)).cloned();
        waits.push(TooLong { person, called, since, lead });
    }
    Ok(waits)
}
