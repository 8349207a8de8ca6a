//! To whom versions were submitted: with whom one lies now, and every time before, for good.

use super::Opens;
use super::versions::pen;
use crate::db::{Reads, Tx, on, run};
use crate::error::Result;
use crate::id::Id;
use crate::people::access::{Access, SignPlan, WritePlan};
use crate::people::{StaffId, store as people, store::key};
use crate::plan::{PlanId, Submitted};
use crate::vault::{Column, Vault};

/// Submits a shared version to a manager: it lies with them, and with nobody else, from now on. That it was submitted
/// stays, whatever becomes of it.
///
/// # Errors
/// When the database fails.
pub async fn submit(access: &mut Access<'_, WritePlan, Tx>, plan: PlanId, to: StaffId) -> Result<()> {
    let (person, at, (_, by)) = (access.person(), access.at().as_microsecond(), pen(access));
    let lies = run!(
        access.tx(),
        sqlx::query(
            "UPDATE plan SET submitted_to = $3, submitted_by = $4, submitted_at = $5
             WHERE id = $1 AND person_id = $2 AND state IN ('shared', 'agreed', 'disagreed')"
        )
        .bind(plan)
        .bind(person)
        .bind(to)
        .bind(by)
        .bind(at)
    )?;
    if lies == 1 {
        let id: Id<()> = crate::vault::new_id()?;
        run!(
            access.tx(),
            sqlx::query("INSERT INTO plan_submitted (id, plan_id, to_id, by_id, at) VALUES ($1, $2, $3, $4, $5)")
                .bind(id)
                .bind(plan)
                .bind(to)
                .bind(by)
                .bind(at)
        )?;
    }
    Ok(())
}

/// Keeps when and why the one who asks gave a version back, with the time that it was submitted to them.
///
/// # Errors
/// When the database fails.
pub(super) async fn keep_reason(
    access: &mut Access<'_, SignPlan, Tx>,
    vault: &Vault,
    plan: PlanId,
    why: &str,
) -> Result<()> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let last: Option<Id<()>> = on!(access.reads(), c => sqlx::query_scalar(
        "SELECT id FROM plan_submitted WHERE plan_id = $1 ORDER BY at DESC, id DESC LIMIT 1").bind(plan).fetch_optional(c))?;
    let Some(last) = last else { return Ok(()) };
    let sealed = key(access.reads(), vault, person).await?.seal(Column::SubmittedReturned, last, why)?;
    run!(
        access.tx(),
        sqlx::query("UPDATE plan_submitted SET returned_at = $2, returned_sealed = $3 WHERE id = $1")
            .bind(last)
            .bind(at)
            .bind(&sealed)
    )?;
    Ok(())
}

/// Every time that a version of the person of a proof was submitted, the first first.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn submissions<D: Opens, C: Reads>(
    access: &mut Access<'_, D, C>,
    vault: &Vault,
    plan: PlanId,
) -> Result<Vec<Submitted>> {
    let person = access.person();
    type Row = (Id<()>, StaffId, StaffId, i64, Option<i64>, Option<Vec<u8>>);
    let rows: Vec<Row> = on!(access.reads(), c => sqlx::query_as(
        "SELECT s.id, s.to_id, s.by_id, s.at, s.returned_at, s.returned_sealed FROM plan_submitted s JOIN plan p ON p.id = s.plan_id
         WHERE s.plan_id = $1 AND p.person_id = $2 ORDER BY s.at, s.id").bind(plan).bind(person).fetch_all(c))?;
    let staff: Vec<StaffId> = rows.iter().flat_map(|row| [row.1, row.2]).collect();
    let names = access.fetch(people::staff_names(vault, staff)).await?;
    let name = |staff: StaffId| names.get(&staff).cloned().unwrap_or_default();
    let key = key(access.reads(), vault, person).await?;
    let read = |(id, to, by, at, returned_at, why): Row| {
        let why = key.open_some(Column::SubmittedReturned, id, why.as_deref())?;
        Ok(Submitted { to: name(to), by: name(by), at, returned: returned_at.zip(why) })
    };
    rows.into_iter().map(read).collect()
}
