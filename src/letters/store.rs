//! The tables of letters, and of whom they were shown and confirmed to.

use jiff::civil::Date;

use super::{Decided, How, Letter, LetterId, State, Told, Use};
use crate::db::{Question, Reads, Tx, on, run};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::people::access::{Access, ApproveLetter, AskLetter, Deed, Listed, ReadLetter};
use crate::people::store::{key, staff_names};
use crate::people::{PersonId, StaffId};
use crate::vault::{Column, Vault};

/// The most letters, and the most of whom one was shown to, that a page shows.
const MOST: i64 = 200;

/// What a worker wrote down of telling somebody, as it is stored.
fn told(by: String, how: Option<&str>, on: Option<&str>) -> Result<Told> {
    let read = how.and_then(How::parse).zip(on.and_then(|on| on.parse().ok()));
    let (how, on) = read.ok_or_else(|| Error::Internal("what was confirmed of a letter does not read".into()))?;
    Ok(Told { by, how, on })
}

/// Every letter of the person of a proof, the latest first, each with whom it was shown and confirmed to.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn all<C: Reads>(access: &mut Access<'_, ReadLetter, C>, vault: &Vault) -> Result<Vec<Letter>> {
    let person = access.person();
    type Row = (LetterId, i64, String, Option<StaffId>, Option<i64>, Option<Vec<u8>>);
    let rows: Vec<Row> = on!(access.reads(), c => sqlx::query_as(
        "SELECT id, asked_at, state, decided_by, decided_at, why_sealed FROM letter
         WHERE person_id = $1 ORDER BY asked_at DESC, id LIMIT $2").bind(person).bind(MOST).fetch_all(c))?;
    type Shown = (Id<()>, LetterId, Vec<u8>, i64, Option<StaffId>, Option<String>, Option<String>);
    let shown: Vec<Shown> = on!(access.reads(), c => sqlx::query_as(
        "SELECT u.id, u.letter_id, u.to_sealed, u.at, u.by_staff, u.how, u.told_on FROM letter_use u JOIN letter l ON l.id = u.letter_id
         WHERE l.person_id = $1 ORDER BY u.at DESC, u.id LIMIT $2").bind(person).bind(MOST).fetch_all(c))?;
    let key = key(access.reads(), vault, person).await?;
    let mut staff: Vec<StaffId> = rows.iter().filter_map(|(_, _, _, by, ..)| *by).collect();
    staff.extend(shown.iter().filter_map(|(_, _, _, _, by, ..)| *by));
    let names = access.fetch(staff_names(vault, staff)).await?;
    let mut uses = Vec::with_capacity(shown.len());
    for (id, letter, to, at, by, how, on) in shown {
        let told = match by {
            Some(by) => Some(told(names.get(&by).cloned().unwrap_or_default(), how.as_deref(), on.as_deref())?),
            None => None,
        };
        uses.push((letter, Use { to: key.open(Column::LetterTo, id, &to)?, at, told }));
    }
    let mut letters = Vec::with_capacity(rows.len());
    for (id, asked_at, state, by, at, why) in rows {
        let why = key.open_some(Column::LetterWhy, id, why.as_deref())?;
        let by = by.and_then(|by| names.get(&by).cloned());
        letters.push(Letter {
            id,
            asked_at,
            state: State::parse(&state).unwrap_or(State::Refused),
            decided: by.zip(at).map(|(by, at)| Decided { by, at, why }),
            uses: uses.extract_if(.., |(letter, _)| *letter == id).map(|(_, one)| one).collect(),
        });
    }
    Ok(letters)
}

/// Whether a request of the person of a proof is open.
///
/// # Errors
/// When the database fails.
pub async fn is_open<D: Deed, C: Reads>(access: &mut Access<'_, D, C>) -> Result<bool> {
    let person = access.person();
    let one: Option<i64> = on!(access.reads(), c => sqlx::query_scalar(
        "SELECT CAST(1 AS BIGINT) FROM letter WHERE person_id = $1 AND state = 'asked' LIMIT 1")
        .bind(person).fetch_optional(c))?;
    Ok(one.is_some())
}

/// Who of a list has asked for a letter that nobody has decided about.
pub fn asked(listed: &Listed<'_>) -> Question<'static, Vec<PersonId>> {
    Question::of_ids(
        "SELECT DISTINCT person_id FROM letter WHERE state = 'asked' AND person_id IN ({})",
        [],
        listed.people(),
    )
}

/// Adds a request of the person of a proof. None while one is open: then nothing changes, and it is `None`.
///
/// # Errors
/// When the database fails.
pub async fn insert(access: &mut Access<'_, AskLetter, Tx>) -> Result<Option<LetterId>> {
    if is_open(access).await? {
        return Ok(None);
    }
    let (id, person, at): (LetterId, _, _) = (crate::vault::new_id()?, access.person(), access.at().as_microsecond());
    run!(
        access.tx(),
        sqlx::query("INSERT INTO letter (id, person_id, asked_at, state) VALUES ($1, $2, $3, 'asked')")
            .bind(id)
            .bind(person)
            .bind(at)
    )?;
    Ok(Some(id))
}

/// Writes down what a worker says to a request, with why where they said that. False when somebody decided before, or
/// it is not this person's.
///
/// # Errors
/// When the database fails.
pub async fn decide(
    access: &mut Access<'_, ApproveLetter, Tx>,
    vault: &Vault,
    (id, by): (LetterId, StaffId),
    state: State,
    why: Option<&str>,
) -> Result<bool> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let key = key(access.reads(), vault, person).await?;
    let why = why.map(|why| key.seal(Column::LetterWhy, id, why)).transpose()?;
    let decided = run!(
        access.tx(),
        sqlx::query(
            "UPDATE letter SET state = $3, decided_by = $4, decided_at = $5, why_sealed = $6
             WHERE id = $1 AND person_id = $2 AND state = 'asked'"
        )
        .bind(id)
        .bind(person)
        .bind(state.as_str())
        .bind(by)
        .bind(at)
        .bind(why)
    )?;
    Ok(decided > 0)
}

/// Takes back what was approved, by a decision of its own: what was decided before stays as it was.
///
/// # Errors
/// When the database fails.
pub async fn take_back(
    access: &mut Access<'_, ApproveLetter, Tx>,
    vault: &Vault,
    by: StaffId,
    why: &str,
) -> Result<LetterId> {
    let (id, person, at): (LetterId, _, _) = (crate::vault::new_id()?, access.person(), access.at().as_microsecond());
    let why = key(access.reads(), vault, person).await?.seal(Column::LetterWhy, id, why)?;
    run!(
        access.tx(),
        sqlx::query(
            "INSERT INTO letter (id, person_id, asked_at, state, decided_by, decided_at, why_sealed)
             VALUES ($1, $2, $3, 'refused', $4, $3, $5)"
        )
        .bind(id)
        .bind(person)
        .bind(at)
        .bind(by)
        .bind(why)
    )?;
    Ok(id)
}

/// Writes down to whom the person of a proof shows a letter of theirs.
///
/// # Errors
/// When the database fails.
pub async fn insert_use(
    access: &mut Access<'_, AskLetter, Tx>,
    vault: &Vault,
    letter: LetterId,
    to: &str,
) -> Result<()> {
    let (id, person, at): (Id<()>, _, _) = (crate::vault::new_id()?, access.person(), access.at().as_microsecond());
    let to = key(access.reads(), vault, person).await?.seal(Column::LetterTo, id, to)?;
    run!(
        access.tx(),
        sqlx::query("INSERT INTO letter_use (id, letter_id, to_sealed, at) VALUES ($1, $2, $3, $4)")
            .bind(id)
            .bind(letter)
            .bind(to)
            .bind(at)
    )?;
    Ok(())
}

/// Writes down to whom a worker confirmed a letter of the person of a proof, how and on which day.
///
/// # Errors
/// When the database fails.
pub async fn insert_told(
    access: &mut Access<'_, ApproveLetter, Tx>,
    vault: &Vault,
    (letter, by): (LetterId, StaffId),
    to: &str,
    (how, on): (How, Date),
) -> Result<()> {
    let (id, person, at): (Id<()>, _, _) = (crate::vault::new_id()?, access.person(), access.at().as_microsecond());
    let to = key(access.reads(), vault, person).await?.seal(Column::LetterTo, id, to)?;
    run!(
        access.tx(),
        sqlx::query(
            "INSERT INTO letter_use (id, letter_id, to_sealed, at, by_staff, how, told_on)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        )
        .bind(id)
        .bind(letter)
        .bind(to)
        .bind(at)
        .bind(by)
        .bind(how.as_str())
        .bind(on.to_string())
    )?;
    Ok(())
}
