//! What somebody does and whom they call if it goes wrong.

use crate::db::{Reads, Tx, on, run};
use crate::error::Result;
use crate::people::access::{Access, Deed, ReadCrisisPlan, WriteCrisisPlan};
use crate::people::store::key;
use crate::plan::crisis::{Boxes, CrisisPlan};
use crate::vault::{Column, Vault};

/// What is done by whoever may read it.
pub trait ReadsCrisisPlan: Deed {}
impl ReadsCrisisPlan for ReadCrisisPlan {}
impl ReadsCrisisPlan for WriteCrisisPlan {}

/// The plan of the person of a proof; empty, and saved at 0, when there is none yet.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn crisis_plan<D: ReadsCrisisPlan, C: Reads>(
    access: &mut Access<'_, D, C>,
    vault: &Vault,
) -> Result<CrisisPlan> {
    type Row = (Option<Vec<u8>>, Option<Vec<u8>>, Option<Vec<u8>>, Option<Vec<u8>>, i64);
    let person = access.person();
    let row: Option<Row> = on!(access.reads(), c => sqlx::query_as(
        "SELECT signs_sealed, helps_sealed, calls_sealed, place_sealed, at FROM crisis_plan WHERE person_id = $1")
        .bind(person).fetch_optional(c))?;
    let Some((signs, helps, calls, place, at)) = row else {
        return Ok(CrisisPlan { boxes: Boxes::default(), at: 0 });
    };
    let key = key(access.reads(), vault, person).await?;
    let boxes = Boxes {
        signs: key.open_some(Column::CrisisSigns, person, signs.as_deref())?,
        helps: key.open_some(Column::CrisisHelps, person, helps.as_deref())?,
        calls: key.open_some(Column::CrisisCalls, person, calls.as_deref())?,
        place: key.open_some(Column::CrisisPlace, person, place.as_deref())?,
    };
    Ok(CrisisPlan { boxes, at })
}

/// Saves the plan of the person of a proof, in the place of the one before. No two are saved at the same time: by that
/// somebody who comes back to it knows what they had seen.
///
/// # Errors
/// When the database fails.
pub async fn set_crisis_plan(access: &mut Access<'_, WriteCrisisPlan, Tx>, vault: &Vault, boxes: &Boxes) -> Result<()> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let key = key(access.reads(), vault, person).await?;
    let seal = |column, text: &Option<String>| text.as_ref().map(|text| key.seal(column, person, text)).transpose();
    let signs = seal(Column::CrisisSigns, &boxes.signs)?;
    let helps = seal(Column::CrisisHelps, &boxes.helps)?;
    let calls = seal(Column::CrisisCalls, &boxes.calls)?;
    let place = seal(Column::CrisisPlace, &boxes.place)?;
    run!(
        access.tx(),
        sqlx::query(
            "INSERT INTO crisis_plan (person_id, signs_sealed, helps_sealed, calls_sealed, place_sealed, at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (person_id) DO UPDATE SET signs_sealed = $2, helps_sealed = $3, calls_sealed = $4,
                place_sealed = $5, at = CASE WHEN crisis_plan.at < $6 THEN $6 ELSE crisis_plan.at + 1 END"
        )
        .bind(person)
        .bind(&signs)
        .bind(&helps)
        .bind(&calls)
        .bind(&place)
        .bind(at)
    )?;
    Ok(())
}
