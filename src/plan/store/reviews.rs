//! Reviews that were asked for or held, getting ready for one, and when needs were assessed.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::clock::{end_of, from_micros, london_date};
use crate::db::{Question, Questions, Reads, Tx, on, on_list, run};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::people::access::{Access, Deed, HoldReview, Listed, PrepareMeeting, ReadPlan};
use crate::people::{
    Actor, PersonId,
    store::{key, key_of},
};
use crate::plan::review::{Dates, Review, ReviewId, Why};
use crate::plan::{Heading, Prep};
use crate::vault::{Column, Vault};

fn date(text: &str) -> Result<Date> {
    text.parse().map_err(|_| Error::Internal("a day of a plan does not read".into()))
}

/// What the review of each of a list goes by. Who has no plan, and for whom nothing was asked, does not stand in it.
pub fn dates(listed: &Listed<'_>) -> Question<'static, BTreeMap<PersonId, Dates>> {
    type Row = (PersonId, Option<i64>, Option<String>, Option<String>, Option<String>);
    let some = |text: Option<String>| text.as_deref().map(date).transpose();
    Question::of_list(
        "SELECT n.id, (SELECT MIN(COALESCE(f.shared_at, f.made_at)) FROM plan f WHERE f.person_id = n.id AND f.state <> 'draft'),
            p.review_on,
            (SELECT MAX(r.held_on) FROM review r WHERE r.person_id = n.id AND r.held_on IS NOT NULL),
            (SELECT MIN(r.due_on) FROM review r WHERE r.person_id = n.id AND r.held_on IS NULL)
         FROM person n LEFT JOIN plan p ON p.person_id = n.id AND p.state <> 'draft'
            AND p.version = (SELECT MAX(v.version) FROM plan v WHERE v.person_id = n.id AND v.state <> 'draft')
         WHERE n.id IN ({})",
        [],
        listed.people(),
        move |rows: Vec<Row>| {
            let mut dates = BTreeMap::new();
            for (person, made_at, review_on, held_on, asked_by) in rows {
                let one = Dates {
                    made_on: made_at.map(|at| london_date(from_micros(at))),
                    review_on: some(review_on)?,
                    held_on: some(held_on)?,
                    asked_by: some(asked_by)?,
                };
                if one != Dates::default() {
                    dates.insert(person, one);
                }
            }
            Ok(dates)
        },
    )
}

/// Asks for a review by a day, unless one is asked for by that day or sooner. True when it is new.
///
/// # Errors
/// When the database fails.
pub async fn ask<D: Deed>(access: &mut Access<'_, D, Tx>, why: Why, due_on: Date) -> Result<bool> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let (kind, by) = match access.actor() {
        Actor::Person(id, _) => ("person", id.cast::<()>()),
        Actor::Staff(id, _) => ("staff", id.cast()),
    };
    let known: Option<i64> = on!(access.reads(), c => sqlx::query_scalar(
        "SELECT CAST(1 AS BIGINT) FROM review WHERE person_id = $1 AND held_on IS NULL AND why = $2 AND due_on <= $3 LIMIT 1")
        .bind(person).bind(why.as_str()).bind(due_on.to_string()).fetch_optional(c))?;
    if known.is_some() {
        return Ok(false);
    }
    let id: ReviewId = crate::vault::new_id()?;
    run!(
        access.tx(),
        sqlx::query(
            "INSERT INTO review (id, person_id, why, by_kind, by_id, at, due_on) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        )
        .bind(id)
        .bind(person)
        .bind(why.as_str())
        .bind(kind)
        .bind(by)
        .bind(at)
        .bind(due_on.to_string())
    )?;
    Ok(true)
}

/// Sets the day by which a plan is talked about, in place of one that was set before, with the plan or since.
///
/// # Errors
/// When the database fails.
pub async fn set_day<D: Deed>(access: &mut Access<'_, D, Tx>, due_on: Date) -> Result<()> {
    let person = access.person();
    run!(
        access.tx(),
        sqlx::query("DELETE FROM review WHERE person_id = $1 AND held_on IS NULL AND why = 'set'").bind(person)
    )?;
    run!(
        access.tx(),
        sqlx::query(
            "UPDATE plan SET review_on = $2 WHERE person_id = $1 AND review_on IS NOT NULL
             AND version = (SELECT MAX(v.version) FROM plan v WHERE v.person_id = $1 AND v.state <> 'draft')"
        )
        .bind(person)
        .bind(due_on.to_string())
    )?;
    ask(access, Why::Set, due_on).await?;
    Ok(())
}

/// The reviews of the person of a proof, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn reviews<D: Deed, C: Reads>(access: &mut Access<'_, D, C>) -> Result<Vec<Review>> {
    let person = access.person();
    type Row = (ReviewId, String, String, Option<String>);
    let rows: Vec<Row> = on!(access.reads(), c => sqlx::query_as(
        "SELECT id, why, due_on, held_on FROM review WHERE person_id = $1 ORDER BY due_on DESC, id").bind(person).fetch_all(c))?;
    let read = |(id, why, due_on, held_on): Row| {
        let why = Why::parse(&why).unwrap_or(Why::Set);
        Ok(Review { id, why, due_on: date(&due_on)?, held_on: held_on.as_deref().map(date).transpose()? })
    };
    rows.into_iter().map(read).collect()
}

/// Writes down that a review was held on a day: every one that was asked for by the end of it is settled, and what the young
/// person had shared for it by then is used.
///
/// # Errors
/// [`Error::NotFound`] when no member of staff asks; when the database fails.
pub async fn hold(access: &mut Access<'_, HoldReview, Tx>, held_on: Date) -> Result<()> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let Actor::Staff(by, _) = access.actor().clone() else { return Err(Error::NotFound) };
    let over = end_of(held_on);
    let settled = run!(
        access.tx(),
        sqlx::query(
            "UPDATE review SET held_on = $2, held_by = $3, held_at = $4 WHERE person_id = $1 AND held_on IS NULL AND at < $5"
        )
        .bind(person)
        .bind(held_on.to_string())
        .bind(by)
        .bind(at)
        .bind(over)
    )?;
    if settled == 0 {
        let id: ReviewId = crate::vault::new_id()?;
        run!(
            access.tx(),
            sqlx::query(
                "INSERT INTO review (id, person_id, why, by_kind, by_id, at, due_on, held_on, held_by, held_at)
                 VALUES ($1, $2, 'set', 'staff', $3, $4, $5, $5, $3, $4)"
            )
            .bind(id)
            .bind(person)
            .bind(by)
            .bind(at)
            .bind(held_on.to_string())
        )?;
    }
    // The day that was set with the plan was for this one.
    run!(
        access.tx(),
        sqlx::query(
            "UPDATE plan SET review_on = NULL WHERE person_id = $1 AND review_on IS NOT NULL AND shared_at < $2"
        )
        .bind(person)
        .bind(over)
    )?;
    run!(
        access.tx(),
        sqlx::query("UPDATE meeting_prep SET used_at = $2 WHERE person_id = $1 AND used_at IS NULL AND shared_at < $3")
            .bind(person)
            .bind(at)
            .bind(over)
    )?;
    Ok(())
}

/// What the person of a proof has got ready for meetings, the newest first. To anybody else only what they shared.
pub fn preps<'a, C: Reads>(
    access: &Access<'_, ReadPlan, C>,
    vault: &'a Vault,
) -> impl Questions<Answers = Vec<Prep>> + use<'a, C> {
    let own = matches!(access.actor(), Actor::Person(..));
    type Row = (Id<()>, String, Option<Vec<u8>>, i64, Option<i64>, Option<i64>);
    let rows = Question::new(
        "SELECT id, topics, questions_sealed, at, shared_at, used_at FROM meeting_prep WHERE person_id = $1
         AND ($2 OR shared_at IS NOT NULL) ORDER BY at DESC, id",
        [access.person().into(), own.into()],
        Ok::<Vec<Row>, _>,
    );
    (key_of(access, vault), rows).into_one(|(key, rows)| {
        let read = |(id, topics, questions, at, shared_at, used_at): Row| {
            let topics = topics.split(' ').filter_map(Heading::parse).collect();
            let questions = key.open_some(Column::PrepQuestions, id, questions.as_deref())?;
            Ok(Prep { topics, questions, at, shared_at, used_at })
        };
        rows.into_iter().map(read).collect()
    })
}

/// Those of a list who shared what they want to talk about at a meeting that has not been held since.
pub fn ready(listed: &Listed<'_>) -> Question<'static, Vec<PersonId>> {
    Question::of_ids(
        "SELECT DISTINCT person_id FROM meeting_prep WHERE used_at IS NULL AND shared_at IS NOT NULL AND person_id IN ({})",
        [],
        listed.people(),
    )
}

/// When the newest that somebody has got ready was kept, UTC microseconds; 0 when there is nothing for the next meeting.
///
/// # Errors
/// When the database fails.
pub async fn ready_since(access: &mut Access<'_, PrepareMeeting, Tx>) -> Result<i64> {
    let person = access.person();
    Ok(on!(access.reads(), c => sqlx::query_scalar(
        "SELECT COALESCE(MAX(at), 0) FROM meeting_prep WHERE person_id = $1 AND used_at IS NULL").bind(person).fetch_one(c))?)
}

/// Keeps what somebody has got ready, in place of what they kept for themselves before. What was shared stays as it was.
///
/// # Errors
/// When the database fails.
pub async fn put_prep(access: &mut Access<'_, PrepareMeeting, Tx>, vault: &Vault, prep: &Prep) -> Result<()> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    run!(
        access.tx(),
        sqlx::query("DELETE FROM meeting_prep WHERE person_id = $1 AND used_at IS NULL AND shared_at IS NULL")
            .bind(person)
    )?;
    let id: Id<()> = crate::vault::new_id()?;
    let key = key(access.tx(), vault, person).await?;
    let questions = prep.questions.as_deref().map(|text| key.seal(Column::PrepQuestions, id, text)).transpose()?;
    let topics: Vec<&str> = prep.topics.iter().map(|heading| heading.as_str()).collect();
    run!(
        access.tx(),
        sqlx::query(
            "INSERT INTO meeting_prep (id, person_id, topics, questions_sealed, at, shared_at) VALUES ($1, $2, $3, $4, $5, $6)"
        )
        .bind(id)
        .bind(person)
        .bind(topics.join(" "))
        .bind(&questions)
        .bind(at)
        .bind(prep.shared_at)
    )?;
    Ok(())
}

/// Since when somebody is eligible, and when their needs were assessed.
pub type Assessed = (Option<Date>, Option<Date>);

/// Writes it down.
///
/// # Errors
/// [`Error::NotFound`] when no member of staff asks; when the database fails.
pub async fn set_assessed(access: &mut Access<'_, HoldReview, Tx>, (eligible, assessed): Assessed) -> Result<()> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let Actor::Staff(by, _) = access.actor().clone() else { return Err(Error::NotFound) };
    run!(
        access.tx(),
        sqlx::query(
            "INSERT INTO assessment (person_id, eligible_on, assessed_on, set_by, set_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (person_id) DO UPDATE SET eligible_on = $2, assessed_on = $3, set_by = $4, set_at = $5"
        )
        .bind(person)
        .bind(eligible.map(|on| on.to_string()))
        .bind(assessed.map(|on| on.to_string()))
        .bind(by)
        .bind(at)
    )?;
    Ok(())
}

/// What is written down of some of a list, and whether each has a personal adviser now. `young`: those whom it is about.
///
/// # Errors
/// When the database fails.
pub async fn young(listed: &mut Listed<'_>, young: &[PersonId]) -> Result<BTreeMap<PersonId, (Assessed, bool)>> {
    let now = listed.at().as_microsecond();
    let young: Vec<PersonId> = young.iter().copied().filter(|person| listed.people().contains(person)).collect();
    type Row = (PersonId, Option<String>, Option<String>, i64);
    let rows: Vec<Row> = on_list!(
        listed.reads(),
        "SELECT n.id, s.eligible_on, s.assessed_on, (SELECT COUNT(*) FROM assignment a WHERE a.person_id = n.id AND a.kind = 'pa'
            AND a.from_at <= $1 AND (a.to_at IS NULL OR a.to_at > $1))
         FROM person n LEFT JOIN assessment s ON s.person_id = n.id WHERE n.id IN ({})",
        [now],
        &young
    )?;
    let some = |text: Option<String>| text.as_deref().map(date).transpose();
    let read =
        |(person, eligible, assessed, advisers): Row| Ok((person, ((some(eligible)?, some(assessed)?), advisers > 0)));
    rows.into_iter().map(read).collect()
}
