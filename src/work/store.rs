//! What a worker has taken off their own list of today.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::db::{Question, Tx, run};
use crate::error::Result;
use crate::people::access::{Access, Caseload, MarkThread};
use crate::people::{Actor, PersonId};

/// What was taken off: which row, and for which day it stood there.
pub type Done = BTreeMap<PersonId, BTreeSet<(String, Date)>>;

/// What whoever asks has taken off their list.
pub fn done(caseload: &Caseload<'_>) -> Question<'static, Done> {
    Question::new(
        "SELECT person_id, why, day_on FROM day_done WHERE staff_id = $1",
        [caseload.staff().into()],
        |rows: Vec<(PersonId, String, String)>| {
            let mut done = Done::new();
            for (person, why, day) in rows {
                if let Ok(day) = day.parse() {
                    done.entry(person).or_default().insert((why, day));
                }
            }
            Ok(done)
        },
    )
}

/// Takes a row off the list of whoever asks. Twice is once.
///
/// # Errors
/// When the database fails.
pub async fn set_done(access: &mut Access<'_, MarkThread, Tx>, why: &str, day: Date) -> Result<()> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let Actor::Staff(staff, _) = access.actor().clone() else { return Ok(()) };
    run!(access.tx(), sqlx::query(
        "INSERT INTO day_done (staff_id, person_id, why, day_on, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING")
        .bind(staff).bind(person).bind(why).bind(day.to_string()).bind(at))?;
    Ok(())
}
