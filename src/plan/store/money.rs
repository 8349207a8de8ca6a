//! What somebody is to get and what they had of it. Nothing is ever taken out: what was written down wrong is marked so.

use jiff::civil::Date;

use crate::db::{Reads, Tx, on, run};
use crate::error::{Error, Result};
use crate::people::access::{Access, Deed, ReadPlan, SignPlan, WriteMoney};
use crate::people::{Actor, StaffId, store as people, store::key};
use crate::plan::money::{NewPayment, Owed, OwedId, Payment, PaymentId};
use crate::vault::{Column, Vault};

/// What is done to a plan by whoever may read the money in it.
pub trait ReadsMoney: Deed {}
impl ReadsMoney for ReadPlan {}
impl ReadsMoney for SignPlan {}

fn day(text: &str) -> Result<Date> {
    text.parse().map_err(|_| Error::Internal("a day of money does not read".into()))
}

fn worker<D: Deed, C: Reads>(access: &Access<'_, D, C>) -> Result<StaffId> {
    match access.actor() {
        Actor::Staff(staff, _) => Ok(*staff),
        Actor::Person(..) => Err(Error::NotFound),
    }
}

/// Everything that the person of a proof is to get, in the order in which it was agreed, with each payment of it.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn owed<D: ReadsMoney, C: Reads>(access: &mut Access<'_, D, C>, vault: &Vault) -> Result<Vec<Owed>> {
    type OwedRow = (OwedId, Option<String>, Vec<u8>, i64, String, StaffId, i64, Option<i64>);
    type Sealed = Option<Vec<u8>>;
    type PaidRow = (PaymentId, OwedId, i64, String, Sealed, StaffId, Option<i64>, Option<StaffId>, Sealed, i64);
    let person = access.person();
    let rows: Vec<OwedRow> = on!(access.reads(), c => sqlx::query_as(
        "SELECT id, entitlement, name_sealed, pence, agreed_on, agreed_by, at, ended_at FROM money_owed
         WHERE person_id = $1 ORDER BY agreed_on, at, id").bind(person).fetch_all(c))?;
    let mut paid: Vec<PaidRow> = on!(access.reads(), c => sqlx::query_as(
        "SELECT p.id, p.owed_id, p.pence, p.paid_on, p.note_sealed, p.agreed_by, p.undone_at, p.undone_by,
            p.agreed_sealed, p.at
         FROM payment p JOIN money_owed o ON o.id = p.owed_id WHERE o.person_id = $1 ORDER BY p.paid_on, p.at, p.id")
        .bind(person).fetch_all(c))?;
    let of_paid = paid.iter().flat_map(|row| [Some(row.5), row.7]).flatten();
    let staff: Vec<StaffId> = rows.iter().map(|row| row.5).chain(of_paid).collect();
    let names = access.fetch(people::staff_names(vault, staff)).await?;
    let name = |staff: StaffId| names.get(&staff).cloned().unwrap_or_default();
    let key = key(access.reads(), vault, person).await?;
    let mut all = Vec::with_capacity(rows.len());
    for (id, entitlement, sealed, pence, agreed_on, agreed_by, at, ended_at) in rows {
        let mut payments = Vec::new();
        for row in paid.extract_if(.., |row| row.1 == id) {
            let (payment, _, pence, paid_on, note, by, undone_at, undone_by, agreed, at) = row;
            payments.push(Payment {
                id: payment,
                pence,
                paid_on: day(&paid_on)?,
                note: key.open_some(Column::PaymentNote, payment, note.as_deref())?,
                written_by: name(by),
                agreed_by: key.open_some(Column::PaymentAgreed, payment, agreed.as_deref())?,
                at,
                undone: undone_at.zip(undone_by).map(|(at, by)| (at, name(by))),
            });
        }
        all.push(Owed {
            id,
            entitlement,
            name: key.open(Column::OwedName, id, &sealed)?,
            pence,
            agreed_on: day(&agreed_on)?,
            agreed_by: name(agreed_by),
            at,
            ended_at,
            payments,
        });
    }
    Ok(all)
}

/// Writes down what the person of a proof is to get: its name, the right it rests on, how much in pence, and when the one
/// who asks agreed it.
///
/// # Errors
/// When the database fails.
pub async fn insert_owed(
    access: &mut Access<'_, WriteMoney, Tx>,
    vault: &Vault,
    (name, entitlement): (&str, Option<&str>),
    pence: i64,
    agreed_on: Date,
) -> Result<OwedId> {
    let (person, at, staff) = (access.person(), access.at().as_microsecond(), worker(access)?);
    let id: OwedId = crate::vault::new_id()?;
    let sealed = key(access.reads(), vault, person).await?.seal(Column::OwedName, id, name)?;
    run!(
        access.tx(),
        sqlx::query(
            "INSERT INTO money_owed (id, person_id, entitlement, name_sealed, pence, agreed_on, agreed_by, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        )
        .bind(id)
        .bind(person)
        .bind(entitlement)
        .bind(&sealed)
        .bind(pence)
        .bind(agreed_on.to_string())
        .bind(staff)
        .bind(at)
    )?;
    Ok(id)
}

/// Marks something that the person of a proof is to get as written down wrong. False when it is not theirs, or was before.
///
/// # Errors
/// When the database fails.
pub async fn end_owed(access: &mut Access<'_, WriteMoney, Tx>, id: OwedId) -> Result<bool> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let ended = run!(
        access.tx(),
        sqlx::query("UPDATE money_owed SET ended_at = $3 WHERE id = $1 AND person_id = $2 AND ended_at IS NULL")
            .bind(id)
            .bind(person)
            .bind(at)
    )?;
    Ok(ended == 1)
}

/// Writes down a payment of something that the person of a proof is to get. False when that is not theirs, or ended.
///
/// # Errors
/// When the database fails.
pub async fn insert_payment(
    access: &mut Access<'_, WriteMoney, Tx>,
    vault: &Vault,
    owed: OwedId,
    new: &NewPayment,
) -> Result<bool> {
    let (person, at, staff) = (access.person(), access.at().as_microsecond(), worker(access)?);
    let id: PaymentId = crate::vault::new_id()?;
    let key = key(access.reads(), vault, person).await?;
    let note = new.note.as_deref().map(|note| key.seal(Column::PaymentNote, id, note)).transpose()?;
    let agreed = new.agreed_by.as_deref().map(|name| key.seal(Column::PaymentAgreed, id, name)).transpose()?;
    let added = run!(
        access.tx(),
        sqlx::query(
            "INSERT INTO payment (id, owed_id, pence, paid_on, note_sealed, agreed_by, at, agreed_sealed)
             SELECT $1, o.id, $4, $5, $6, $7, $8, $9 FROM money_owed o WHERE o.id = $2 AND o.person_id = $3 AND o.ended_at IS NULL"
        )
        .bind(id)
        .bind(owed)
        .bind(person)
        .bind(new.pence)
        .bind(new.paid_on.to_string())
        .bind(&note)
        .bind(staff)
        .bind(at)
        .bind(&agreed)
    )?;
    Ok(added == 1)
}

/// Marks a payment to the person of a proof as written down wrong. False when it is not of this, not theirs, or was before.
///
/// # Errors
/// When the database fails.
pub async fn undo_payment(access: &mut Access<'_, WriteMoney, Tx>, (owed, id): (OwedId, PaymentId)) -> Result<bool> {
    let (person, at, staff) = (access.person(), access.at().as_microsecond(), worker(access)?);
    let undone = run!(
        access.tx(),
        sqlx::query(
            "UPDATE payment SET undone_at = $4, undone_by = $5 WHERE id = $1 AND owed_id = $2 AND undone_at IS NULL
                AND EXISTS (SELECT 1 FROM money_owed o WHERE o.id = payment.owed_id AND o.person_id = $3)"
        )
        .bind(id)
        .bind(owed)
        .bind(person)
        .bind(at)
        .bind(staff)
    )?;
    Ok(undone == 1)
}
