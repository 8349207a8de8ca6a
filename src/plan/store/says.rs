//! What the young person says of each part, and until when a reader knows a plan.

use std::collections::BTreeMap;

use super::Opens;
use crate::clock::MINUTE;
use crate::db::{Question, Questions, Reads, Tx, run};
use crate::error::Result;
use crate::id::Id;
use crate::people::access::{Access, Listed, WriteOwnPlan, WritePlan};
use crate::people::{
    Actor, PersonId,
    store::{key, key_of},
};
use crate::plan::action::Side;
use crate::plan::{Heading, Known, Opinion, PlanId, Say, SayId};
use crate::vault::{Column, Vault};

/// After so long without looking the next look is a new visit, in microseconds.
const VISIT: i64 = 30 * MINUTE;

/// Keeps what somebody says of a part of a version of theirs, for good: always later than what they said before.
///
/// # Errors
/// When the database fails.
pub async fn say(
    access: &mut Access<'_, WriteOwnPlan, Tx>,
    vault: &Vault,
    plan: PlanId,
    (heading, opinion): (Heading, Opinion),
    words: Option<&str>,
) -> Result<SayId> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let id: SayId = crate::vault::new_id()?;
    let key = key(access.tx(), vault, person).await?;
    let sealed = words.map(|words| key.seal(Column::SayWords, id, words)).transpose()?;
    run!(
        access.tx(),
        sqlx::query(
            "INSERT INTO plan_say (id, plan_id, person_id, heading, kind, words_sealed, at)
             SELECT $1, p.id, p.person_id, $4, $5, $6,
                CASE WHEN $7 > COALESCE(s.last, 0) THEN $7 ELSE s.last + 1 END
             FROM plan p, (SELECT MAX(at) AS last FROM plan_say WHERE person_id = $3) s
             WHERE p.id = $2 AND p.person_id = $3 AND p.state <> 'draft'"
        )
        .bind(id)
        .bind(plan)
        .bind(person)
        .bind(heading.as_str())
        .bind(opinion.as_str())
        .bind(&sealed)
        .bind(at)
    )?;
    Ok(id)
}

/// Everything the person of a proof ever said of their plan, the oldest first.
pub fn says<'a, D: Opens, C: Reads>(
    access: &Access<'_, D, C>,
    vault: &'a Vault,
) -> impl Questions<Answers = Vec<Say>> + use<'a, D, C> {
    type Row = (SayId, i64, String, String, Option<Vec<u8>>, i64, Option<i64>);
    let rows = Question::new(
        "SELECT s.id, p.version, s.heading, s.kind, s.words_sealed, s.at, s.heard_at
         FROM plan_say s JOIN plan p ON p.id = s.plan_id WHERE s.person_id = $1 ORDER BY s.at, s.id",
        [access.person().into()],
        Ok::<Vec<Row>, _>,
    );
    (key_of(access, vault), rows).into_one(|(key, rows)| {
        let mut says = Vec::with_capacity(rows.len());
        for (id, version, heading, opinion, words, at, heard_at) in rows {
            if let (Some(heading), Some(opinion)) = (Heading::parse(&heading), Opinion::parse(&opinion)) {
                let words = key.open_some(Column::SayWords, id, words.as_deref())?;
                says.push(Say { id, version, heading, opinion, words, at, heard_at });
            }
        }
        Ok(says)
    })
}

/// Writes down that it was talked about. False when somebody had done so, or it is somebody else's.
///
/// # Errors
/// When the database fails.
pub async fn hear(access: &mut Access<'_, WritePlan, Tx>, id: SayId) -> Result<bool> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let Actor::Staff(by, _) = access.actor().clone() else { return Ok(false) };
    let heard = run!(
        access.tx(),
        sqlx::query(
            "UPDATE plan_say SET heard_by = $3, heard_at = $4 WHERE id = $1 AND person_id = $2 AND heard_at IS NULL"
        )
        .bind(id)
        .bind(person)
        .bind(by)
        .bind(at)
    )?;
    Ok(heard == 1)
}

/// What each of a list said last that asks for something, and that nobody has talked about with them: whether they do not
/// agree or want to talk, and when, UTC microseconds.
pub fn unheard(listed: &Listed<'_>) -> Question<'static, BTreeMap<PersonId, (Opinion, i64)>> {
    // The last of somebody's rows is the oldest: since then they wait.
    let read = |(person, kind, at): (PersonId, String, i64)| Some((person, (Opinion::parse(&kind)?, at)));
    Question::of_list(
        "SELECT person_id, kind, at FROM plan_say WHERE heard_at IS NULL AND kind IN ('disagree', 'talk') AND person_id IN ({}) ORDER BY at DESC",
        [],
        listed.people(),
        move |rows: Vec<_>| Ok(rows.into_iter().filter_map(read).collect()),
    )
}

/// Notes that whoever asks looks now; again within a minute says no more.
///
/// # Errors
/// When the database fails.
pub async fn look<D: Opens>(access: &mut Access<'_, D, Tx>) -> Result<()> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let (_, reader) = reader(access);
    run!(
        access.tx(),
        sqlx::query(
            "INSERT INTO plan_looked (person_id, reader_id, before_at, seen_at) VALUES ($1, $2, $3, $3)
             ON CONFLICT (person_id, reader_id) DO UPDATE SET seen_at = $3,
                before_at = CASE WHEN plan_looked.seen_at + $4 < $3 THEN plan_looked.seen_at ELSE plan_looked.before_at END
             WHERE plan_looked.seen_at + $5 <= $3"
        )
        .bind(person)
        .bind(reader)
        .bind(at)
        .bind(VISIT)
        .bind(MINUTE)
    )?;
    Ok(())
}

fn reader<D: Opens, C: Reads>(access: &Access<'_, D, C>) -> (Side, Id<()>) {
    match access.actor() {
        Actor::Person(id, _) => (Side::Person, id.cast()),
        Actor::Staff(id, _) => (Side::Staff, id.cast()),
    }
}

/// What whoever asks knew of the plan, and when what stands beside its texts last changed.
pub fn known<D: Opens, C: Reads>(access: &Access<'_, D, C>) -> Question<'static, Known> {
    let at = access.at().as_microsecond();
    let (side, reader) = reader(access);
    type Row = (i64, i64, Option<i64>, Option<i64>, Option<i64>);
    Question::new(
        "SELECT l.before_at, l.seen_at,
            (SELECT MAX(CASE WHEN r.held_at IS NULL AND r.by_kind <> $3 THEN r.at WHEN $3 = 'person' THEN r.held_at END)
             FROM review r WHERE r.person_id = $1),
            CASE WHEN $3 = 'person' THEN (SELECT MAX(m.at) FROM (
                SELECT o.at FROM money_owed o WHERE o.person_id = $1
                UNION ALL SELECT o.ended_at FROM money_owed o WHERE o.person_id = $1
                UNION ALL SELECT p.at FROM payment p JOIN money_owed o ON o.id = p.owed_id WHERE o.person_id = $1
                UNION ALL SELECT p.undone_at FROM payment p JOIN money_owed o ON o.id = p.owed_id WHERE o.person_id = $1) m) END,
            CASE WHEN $3 = 'staff' THEN (SELECT MAX(e.at) FROM plan_edit e JOIN plan_section s ON s.id = e.section_id
                JOIN plan p ON p.id = s.plan_id WHERE p.person_id = $1 AND e.by_kind = 'person' AND e.field = 'want') END
         FROM plan_looked l WHERE l.person_id = $1 AND l.reader_id = $2",
        [access.person().into(), reader.into(), side.as_str().into()],
        move |rows: Vec<Row>| {
            let row = rows.into_iter().next();
            let Some((before, seen, review_at, money_at, wanted_at)) = row else { return Ok(Known::default()) };
            let until = Some(if seen + VISIT < at { seen } else { before }).filter(|until| *until > 0);
            Ok(Known { until, noted: seen + MINUTE > at, review_at, money_at, wanted_at })
        },
    )
}
