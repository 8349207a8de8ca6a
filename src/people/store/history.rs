//! What held of a young person before and holds now: who worked with them, where they lived, what they say of
//! themselves.

use super::key;
use crate::db::{Reads, Tx, on, run};
use crate::error::Result;
use crate::id::Id;
use crate::people::access::{Access, Deed, WriteProfile, WriteSpell};
use crate::people::{Actor, Assignment, Part, Spell, StaffId};
use crate::vault::{Column, Vault};

/// Everyone who works with the person of a proof or ever did, the latest first.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn assignments<D: Deed, C: Reads>(access: &mut Access<'_, D, C>, vault: &Vault) -> Result<Vec<Assignment>> {
    let person = access.person();
    type Row = (StaffId, Vec<u8>, Vec<u8>, String, i64, Option<i64>);
    let rows: Vec<Row> = on!(access.reads(), c => sqlx::query_as(
        "SELECT s.id, s.name_sealed, k.wrapped, a.kind, a.from_at, a.to_at
         FROM assignment a JOIN staff s ON s.id = a.staff_id JOIN seal_key k ON k.owner_id = s.id
         WHERE a.person_id = $1 ORDER BY a.from_at DESC, a.id").bind(person).fetch_all(c))?;
    rows.into_iter()
        .filter_map(|(staff, name, wrapped, kind, from, to)| {
            let part = Part::parse(&kind)?;
            let name = vault.owner_key(staff, &wrapped).and_then(|key| key.open(Column::StaffName, staff, &name));
            Some(name.map(|name| Assignment { name, part, from, to }))
        })
        .collect()
}

/// Every spell of the person of a proof, the latest of each kind first.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn spells<D: Deed, C: Reads>(access: &mut Access<'_, D, C>, vault: &Vault) -> Result<Vec<Spell>> {
    let person = access.person();
    let key = key(access.reads(), vault, person).await?;
    type Row = (Id<()>, String, String, Option<Vec<u8>>, String, Option<String>, Option<bool>, Option<bool>);
    let rows: Vec<Row> = on!(access.reads(), c => sqlx::query_as(
        "SELECT id, kind, value, detail_sealed, from_on, to_on, provided, suitable FROM spell WHERE person_id = $1 ORDER BY kind, from_on DESC, id")
        .bind(person).fetch_all(c))?;
    rows.into_iter()
        .map(|(id, kind, value, detail, from_on, to_on, provided, suitable)| {
            let detail = key.open_some(Column::SpellDetail, id, detail.as_deref())?;
            Ok(Spell { kind, value, detail, provided, suitable, from_on, to_on })
        })
        .collect()
}

/// Writes down what holds of the person of a proof from a day on. What held until then ends on that day; what is said
/// to begin later than this one stays as it is, and this one ends with its beginning.
///
/// # Errors
/// When the database fails.
pub async fn add_spell(access: &mut Access<'_, WriteSpell, Tx>, vault: &Vault, spell: &Spell) -> Result<()> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let by = match access.actor() {
        Actor::Staff(staff, _) => Some(*staff),
        Actor::Person(..) => None,
    };
    let key = key(access.reads(), vault, person).await?;
    let id: Id<()> = crate::vault::new_id()?;
    let detail = spell.detail.as_deref().map(|detail| key.seal(Column::SpellDetail, id, detail)).transpose()?;
    let next: Option<String> = on!(access.reads(), c => sqlx::query_scalar(
        "SELECT MIN(from_on) FROM spell WHERE person_id = $1 AND kind = $2 AND from_on > $3")
        .bind(person).bind(&spell.kind).bind(&spell.from_on).fetch_one(c))?;
    // Of two that begin on one day the one written last holds: the other was a mistake, and is kept as one of no length.
    run!(
        access.tx(),
        sqlx::query(
            "UPDATE spell SET to_on = $3 WHERE person_id = $1 AND kind = $2 AND from_on <= $3 AND (to_on IS NULL OR to_on > $3)"
        )
        .bind(person)
        .bind(&spell.kind)
        .bind(&spell.from_on)
    )?;
    run!(access.tx(), sqlx::query(
        "INSERT INTO spell (id, person_id, kind, value, detail_sealed, from_on, to_on, provided, suitable, set_by, set_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
        .bind(id).bind(person).bind(&spell.kind).bind(&spell.value).bind(&detail).bind(&spell.from_on).bind(&next)
        .bind(spell.provided).bind(spell.suitable).bind(by).bind(at))?;
    Ok(())
}

/// What the person of a proof wants whoever works with them to know.
///
/// # Errors
/// When the database fails or the words do not open.
pub async fn profile<D: Deed, C: Reads>(access: &mut Access<'_, D, C>, vault: &Vault) -> Result<Option<String>> {
    let person = access.person();
    let sealed: Option<Vec<u8>> = on!(access.reads(), c => sqlx::query_scalar("SELECT profile_sealed FROM person WHERE id = $1").bind(person).fetch_one(c))?;
    key(access.reads(), vault, person).await?.open_some(Column::PersonProfile, person, sealed.as_deref())
}

/// Sets it; `None`: nothing stands there any more.
///
/// # Errors
/// When the database fails.
pub async fn set_profile(access: &mut Access<'_, WriteProfile, Tx>, vault: &Vault, about: Option<&str>) -> Result<()> {
    let person = access.person();
    let key = key(access.reads(), vault, person).await?;
    let sealed = about.map(|about| key.seal(Column::PersonProfile, person, about)).transpose()?;
    run!(access.tx(), sqlx::query("UPDATE person SET profile_sealed = $2 WHERE id = $1").bind(person).bind(&sealed))?;
    Ok(())
}
