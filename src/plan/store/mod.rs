//! The tables of plans.

mod actions;
mod crisis;
mod money;
mod reviews;
mod says;
mod submitted;
mod versions;

use jiff::civil::Date;

use super::{Heading, Plan, Section};
use crate::db::{Reads, Tx, on, run};
use crate::error::Result;
use crate::id::Id;
use crate::people::access::{Access, Deed, ReadPlan, SignPlan, WriteOwnPlan, WritePlan};
use crate::people::{PersonId, StaffId, store::key};
use crate::vault::{Column, Vault};

pub use actions::{
    Names, ReadsActions, Stored, action, actions, change_action, history, insert_action, share_action, stored_actions,
};
pub use crisis::{ReadsCrisisPlan, crisis_plan, set_crisis_plan};
pub use money::{ReadsMoney, end_owed, insert_owed, insert_payment, owed, undo_payment};
pub use reviews::{
    Assessed, ask, dates, hold, preps, put_prep, ready, ready_since, reviews, set_assessed, set_day, young,
};
pub use says::{hear, known, look, say, says, unheard};
pub use submitted::{submissions, submit};
pub use versions::{
    decide, draft, lying, newest_sheets, own_words, returned_why, set_state, share, sheets, take_up, text_at, versions,
    wanted_at, write,
};

/// A deed for which the texts of a plan are opened.
pub trait Opens: Deed {}
impl Opens for ReadPlan {}
impl Opens for SignPlan {}
impl Opens for WritePlan {}
impl Opens for WriteOwnPlan {}

/// A deed for which a draft is written.
pub trait Writes: Opens {}
impl Writes for WritePlan {}
impl Writes for WriteOwnPlan {}

/// A plan's id, version, when it was made, and when it is reviewed.
type PlanRow = (Id<()>, i64, i64, Option<String>);

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
        sections.push(Section { heading, now, want, agreed, actions: Vec::new() });
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
        run!(tx, sqlx::query("INSERT INTO plan_section (id, plan_id, heading, now_sealed, want_sealed, agreed_sealed, touched_at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(own).bind(id).bind(section.heading.as_str()).bind(&now).bind(&want).bind(&agreed).bind(at.as_microsecond()))?;
        for action in &section.actions {
            actions::insert_with_plan(tx, vault, (person, section.heading), by, action, at).await?;
        }
    }
    Ok(())
}
