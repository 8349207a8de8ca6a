//! The tables of plans.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Action, Dates, Doer, Heading, Plan, Progress, Section};
use crate::clock::{from_micros, london_date};
use crate::db::{Reads, Tx, on, on_list, run};
use crate::error::Result;
use crate::id::Id;
use crate::people::access::{Access, Listed, ReadPlan};
use crate::people::{PersonId, StaffId, store::key};
use crate::vault::{Column, Vault};

/// A plan's id, version, when it was made, and when it is reviewed.
type PlanRow = (Id<()>, i64, i64, Option<String>);

/// The newest plan that was shared with the young person; `None` when there is none yet.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn shared<C: Reads>(access: &mut Access<'_, ReadPlan, C>, vault: &Vault) -> Result<Option<Plan>> {
    let person = access.person();
    let plan: Option<PlanRow> = on!(access.reads(), c => sqlx::query_as(
        "SELECT id, version, made_at, review_on FROM plan WHERE person_id = $1 AND state <> 'draft' ORDER BY version DESC LIMIT 1")
        .bind(person).fetch_optional(c))?;
    match plan {
        Some(plan) => read(access, vault, plan).await.map(Some),
        None => Ok(None),
    }
}

/// When the newest plan of each of a list was made, and when it is to be reviewed, where that was set.
///
/// # Errors
/// When the database fails.
pub async fn dates(listed: &mut Listed<'_>) -> Result<BTreeMap<PersonId, Dates>> {
    let people = listed.people();
    let rows: Vec<(PersonId, i64, Option<String>)> = on_list!(
        listed.reads(),
        "SELECT person_id, made_at, review_on FROM plan WHERE state <> 'draft' AND person_id IN ({}) ORDER BY version",
        [],
        &people
    )?;
    // The last of somebody's rows is the newest plan.
    let dates = rows.into_iter().map(|(person, made_at, review_on)| {
        let made_on = london_date(from_micros(made_at));
        (person, Dates { made_on, review_on: review_on.and_then(|on| on.parse().ok()) })
    });
    Ok(dates.collect())
}

/// Every plan that was shared with the young person, the newest first: for a copy of the record.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn every_shared<C: Reads>(access: &mut Access<'_, ReadPlan, C>, vault: &Vault) -> Result<Vec<Plan>> {
    let person = access.person();
    let rows: Vec<PlanRow> = on!(access.reads(), c => sqlx::query_as(
        "SELECT id, version, made_at, review_on FROM plan WHERE person_id = $1 AND state <> 'draft' ORDER BY version DESC")
        .bind(person).fetch_all(c))?;
    let mut plans = Vec::with_capacity(rows.len());
    for row in rows {
        plans.push(read(access, vault, row).await?);
    }
    Ok(plans)
}

async fn read<C: Reads>(
    access: &mut Access<'_, ReadPlan, C>,
    vault: &Vault,
    (id, version, made_at, review_on): PlanRow,
) -> Result<Plan> {
    let person = access.person();
    let key = key(access.reads(), vault, person).await?;
    type SectionRow = (Id<()>, String, Option<Vec<u8>>, Option<Vec<u8>>, Option<Vec<u8>>);
    let texts: Vec<SectionRow> = on!(access.reads(), c => sqlx::query_as(
        "SELECT id, heading, now_sealed, want_sealed, agreed_sealed FROM plan_section WHERE plan_id = $1").bind(id).fetch_all(c))?;
    type ActionRow = (Id<()>, String, Vec<u8>, String, Option<Vec<u8>>, Option<String>, String);
    let rows: Vec<ActionRow> = on!(access.reads(), c => sqlx::query_as(
        "SELECT id, heading, text_sealed, who_kind, who_sealed, due_on, state FROM plan_action WHERE person_id = $1 ORDER BY heading, position, id")
        .bind(person).fetch_all(c))?;
    let mut actions = Vec::with_capacity(rows.len());
    for (action, heading, text, who_kind, who, due_on, state) in rows {
        let who = match who_kind.as_str() {
            "me" => Doer::Me,
            "staff" => Doer::Staff,
            _ => Doer::Other(key.open_some(Column::ActionWho, action, who.as_deref())?.unwrap_or_default()),
        };
        let text = key.open(Column::ActionText, action, &text)?;
        let state = Progress::parse(&state).unwrap_or(Progress::NotStarted);
        actions.push((heading, Action { text, who, due_on: due_on.and_then(|due| due.parse().ok()), state }));
    }
    let mut sections = Vec::with_capacity(Heading::ALL.len());
    for heading in Heading::ALL {
        let row = texts.iter().find(|(_, word, ..)| word == heading.as_str());
        let (now, want, agreed) = match row {
            Some((row, _, now, want, agreed)) => (
                key.open_some(Column::PlanNow, *row, now.as_deref())?,
                key.open_some(Column::PlanWant, *row, want.as_deref())?,
                key.open_some(Column::PlanAgreed, *row, agreed.as_deref())?,
            ),
            None => (None, None, None),
        };
        let own = actions.extract_if(.., |(word, _)| word == heading.as_str()).map(|(_, action)| action).collect();
        sections.push(Section { heading, now, want, agreed, actions: own });
    }
    Ok(Plan { version, made_at, review_on: review_on.and_then(|on| on.parse().ok()), sections })
}

/// Adds a shared plan as the next version. For demo data and imports: the pages do not edit yet.
///
/// # Errors
/// When the database fails.
pub async fn insert_shared(
    tx: &mut Tx,
    vault: &Vault,
    person: PersonId,
    by: StaffId,
    review_on: Option<Date>,
    sections: &[Section],
    at: jiff::Timestamp,
) -> Result<()> {
    let id: Id<()> = crate::vault::new_id()?;
    let key = key(tx, vault, person).await?;
    let version: i64 = on!(tx, c =>
        sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) + 1 FROM plan WHERE person_id = $1").bind(person).fetch_one(c))?;
    run!(tx, sqlx::query("INSERT INTO plan (id, person_id, version, state, made_by, made_at, shared_at, review_on) VALUES ($1, $2, $3, 'shared', $4, $5, $5, $6)")
        .bind(id).bind(person).bind(version).bind(by).bind(at.as_microsecond()).bind(review_on.map(|on| on.to_string())))?;
    for section in sections {
        let own: Id<()> = crate::vault::new_id()?;
        let seal = |column, text: &Option<String>| text.as_ref().map(|text| key.seal(column, own, text)).transpose();
        let (now, want, agreed) = (
            seal(Column::PlanNow, &section.now)?,
            seal(Column::PlanWant, &section.want)?,
            seal(Column::PlanAgreed, &section.agreed)?,
        );
        run!(tx, sqlx::query("INSERT INTO plan_section (id, plan_id, heading, now_sealed, want_sealed, agreed_sealed) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(own).bind(id).bind(section.heading.as_str()).bind(&now).bind(&want).bind(&agreed))?;
        for (position, action) in (0i64..).zip(&section.actions) {
            let row: Id<()> = crate::vault::new_id()?;
            let (kind, who) = match &action.who {
                Doer::Me => ("me", None),
                Doer::Staff => ("staff", None),
                Doer::Other(name) => ("other", Some(key.seal(Column::ActionWho, row, name)?)),
            };
            run!(tx, sqlx::query(
                "INSERT INTO plan_action (id, person_id, heading, text_sealed, who_kind, who_sealed, due_on, state, private,
                    made_kind, made_by, made_at, changed_at, position)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'staff', $10, $11, $11, $12)")
                .bind(row).bind(person).bind(section.heading.as_str()).bind(key.seal(Column::ActionText, row, &action.text)?)
                .bind(kind).bind(&who).bind(action.due_on.map(|on| on.to_string())).bind(action.state.as_str()).bind(false)
                .bind(by).bind(at.as_microsecond()).bind(position))?;
        }
    }
    Ok(())
}
