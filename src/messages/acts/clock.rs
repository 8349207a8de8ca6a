//! The clock of waits: whoever answers is reminded, then the duty desk sees it too, then the team's manager is told.

use jiff::Timestamp;

use super::Holidays;
use crate::clock::{from_micros, london_date};
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::messages::answering::{Step, desk_hours};
use crate::messages::store::{self, Late};
use crate::notices::{Kind, store as notices};
use crate::people::{Answers, Roster, StaffId, Working, store as people};

/// Takes every wait whose time is up to whom it is to be taken by now: each step once, however often this is run. Gives
/// how many steps were new.
///
/// # Errors
/// When the database fails; what was not done is done by the next run.
pub async fn raise(db: &Db, holidays: &Holidays, at: Timestamp) -> Result<usize> {
    let late = store::late(&mut db.read().await?, at).await?;
    let mut raised = 0;
    for one in late {
        let desk = Working { shift: &desk_hours, holidays };
        let due = from_micros(one.due);
        for step in Step::ALL.into_iter().filter(|step| step.at(due, one.urgent, &desk) <= at) {
            let new = db.write(one.clone(), move |tx, one| Box::pin(async move { take(tx, one, step, at).await }));
            raised += usize::from(new.await?);
        }
    }
    Ok(raised)
}

async fn take(tx: &mut Tx, late: &Late, step: Step, at: Timestamp) -> Result<bool> {
    if !store::escalate(tx, late, step, at).await? {
        return Ok(false);
    }
    let roster = tx.fetch(people::roster(at)).await?;
    for one in told(tx, &roster, late, step, at).await? {
        let kind = if step == Step::Nudge { Kind::WorkerHasMessage } else { Kind::Alert };
        notices::add(tx, kind, one, at).await?;
    }
    Ok(true)
}

/// Who is told of a step.
async fn told(tx: &mut Tx, roster: &Roster, late: &Late, step: Step, at: Timestamp) -> Result<Vec<StaffId>> {
    let today = london_date(at);
    Ok(match step {
        Step::Nudge => roster.readers(roster.answers(late.lead, today), late.team, today),
        Step::Duty => roster.readers(Answers::Desk { away: None }, late.team, today),
        Step::Manager => people::managers_of(tx, late.person, at).await?,
    })
}
