//! A worker's list: everybody they work with, stand in for, or look after from the duty desk.

use std::collections::{BTreeMap, BTreeSet};

use crate::clock::london_date;
use crate::db::{Question, Questions, on, on_list};
use crate::error::Result;
use crate::messages::{Mine, TooLong, Waiting, answering::Step};
use crate::people::access::{Caseload, Managed};
use crate::people::{Part, PersonId, StaffId, TeamId, store as people};
use crate::vault::{Column, Vault};

type Row = (PersonId, Vec<u8>, Vec<u8>, Option<i64>, Option<i64>, i64);

/// The messages of everybody in the list of whoever asks, as [`mine`] found them: danger first, then those who wait longest.
pub fn waiting<'a>(
    caseload: &Caseload<'_>,
    vault: &'a Vault,
    mine: &'a MyList,
) -> impl Questions<Answers = Vec<Waiting>> + use<'a> {
    let people = mine.people();
    let waiting = Question::of_list(
        "SELECT p.id, p.called_sealed, k.wrapped, t.waiting_since, t.due_at,
            (SELECT COUNT(*) FROM asking a WHERE a.thread_id = t.id AND a.sent_at >= t.waiting_since
                AND NOT EXISTS (SELECT 1 FROM message_opened o WHERE o.message_id = a.id))
         FROM person p JOIN seal_key k ON k.owner_id = p.id LEFT JOIN thread t ON t.person_id = p.id WHERE p.id IN ({})",
        [],
        &people,
        Ok::<Vec<Row>, _>,
    );
    let flagged = Question::of_ids(
        "SELECT DISTINCT person_id FROM crisis_flag WHERE cleared_at IS NULL AND person_id IN ({})",
        [],
        &people,
    );
    (waiting, flagged, super::marks::of_all(caseload.staff())).into_one(|(rows, flagged, marks)| {
        let flagged: BTreeSet<PersonId> = flagged.into_iter().collect();
        let mut list = Vec::with_capacity(rows.len());
        for (person, called, wrapped, since, due, unopened) in rows {
            let Some(mine) = mine.0.get(&person).copied() else { continue };
            let called = vault.owner_key(person, &wrapped)?.open(Column::PersonCalled, person, &called)?;
            let (urgent, mark) = (flagged.contains(&person), marks.get(&person).copied().unwrap_or_default());
            list.push(Waiting { person, called, since, due, unopened, urgent, mine, mark });
        }
        list.sort_by_key(|one| (!one.urgent, one.since.is_none(), one.since, one.person));
        Ok(list)
    })
}

/// Who stands in the list of whoever asks, and why. Only [`mine`] makes it.
#[derive(Debug)]
pub struct MyList(BTreeMap<PersonId, Mine>);

impl MyList {
    /// Who stands in it.
    pub fn people(&self) -> Vec<PersonId> {
        self.0.keys().copied().collect()
    }
}

/// Finds who stands in the list of whoever asks.
///
/// # Errors
/// When the database fails.
pub async fn mine(caseload: &mut Caseload<'_>) -> Result<MyList> {
    let (staff, at) = (caseload.staff(), caseload.at());
    let (now, today) = (at.as_microsecond(), london_date(at));
    let questions = (people::roster(at), open(caseload), assigned(caseload));
    let (roster, open, assigned) = caseload.fetch(questions).await?;
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
    for (person, team, lead, taken) in open {
        let answers = roster.answers(lead, today);
        if roster.readers(answers, team, today).contains(&staff) {
            let covers = answers.one().is_some();
            mine.entry(person).or_insert(if covers { Mine::Covers } else { Mine::Desk });
        } else if taken > 0 && desk == Some(team) {
            mine.entry(person).or_insert(Mine::Desk);
        }
    }
    // Of whoever they work with they see everybody; what somebody else answers stands apart.
    for (person, (part, lead)) in assigned {
        let leads = lead && roster.answers(Some(staff), today).one() == Some(staff);
        let answers = mine.remove(&person).is_some() || leads;
        mine.insert(person, if answers { Mine::Works(part) } else { Mine::Beside });
    }
    Ok(MyList(mine))
}

/// Who waits or may be in danger: their team, who leads, and whether the duty desk is to see it too (over 0), because the
/// wait was taken there or because of the danger.
type Open = (PersonId, TeamId, Option<StaffId>, i64);

fn open(caseload: &Caseload<'_>) -> Question<'static, Vec<Open>> {
    // SQLite goes by an index for what is over 0, and reads every thread for what is not NULL.
    Question::new(
        concat!(
            "SELECT p.id, p.team_id, ", people::lead_of!("p.id", "$2"), ",
            (SELECT COUNT(*) FROM escalation e WHERE e.thread_id = t.id AND e.waiting_since = t.waiting_since AND e.due_at = t.due_at AND e.step = $1)
            + (SELECT COUNT(*) FROM crisis_flag f WHERE f.person_id = p.id AND f.cleared_at IS NULL)
         FROM thread t JOIN person p ON p.id = t.person_id
         WHERE p.state = 'active' AND p.id IN (SELECT person_id FROM thread WHERE waiting_since > 0
            UNION SELECT person_id FROM crisis_flag WHERE cleared_at IS NULL)"
        ),
        [Step::Duty.as_str().into(), caseload.at().as_microsecond().into()],
        Ok,
    )
}

/// Whom the one who asks works with: as what, and whether they lead.
fn assigned(caseload: &Caseload<'_>) -> Question<'static, BTreeMap<PersonId, (Part, bool)>> {
    Question::new(
        "SELECT p.id, a.kind, a.lead FROM assignment a JOIN person p ON p.id = a.person_id
         WHERE a.staff_id = $1 AND a.kind <> 'manager' AND a.from_at <= $2 AND (a.to_at IS NULL OR a.to_at > $2) AND p.state = 'active'",
        [caseload.staff().into(), caseload.at().as_microsecond().into()],
        |mut rows: Vec<(PersonId, String, bool)>| {
            // Of two parts for one person the one whose word comes first counts.
            rows.sort_unstable();
            let mut assigned = BTreeMap::new();
            for (person, part, lead) in rows {
                let part = Part::parse(&part).unwrap_or(Part::Pa);
                assigned.entry(person).or_insert((part, false)).1 |= lead;
            }
            Ok(assigned)
        },
    )
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
    let names = managed.fetch(people::staff_names(vault, leads.values().copied())).await?;
    let mut waits = Vec::with_capacity(rows.len());
    for (person, called, wrapped, since) in rows {
        let called = vault.owner_key(person, &wrapped)?.open(Column::PersonCalled, person, &called)?;
        let lead = leads.get(&person).and_then(|lead| names.get(lead)).cloned();
        waits.push(TooLong { person, called, since, lead });
    }
    Ok(waits)
}
