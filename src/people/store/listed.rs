//! What a list says of each who stands in it: birth, home, and how often they are spoken with.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::clock::{from_micros, london_date};
use crate::db::{Question, Reads, Tx, on, on_list, run};
use crate::error::{Error, Result};
use crate::people::access::{Access, Deed, Listed, SetRhythm};
use crate::people::{Actor, Basics, Home, Life, PersonId, Rhythm};

fn date(text: &str) -> Result<Date> {
    text.parse().map_err(|_| Error::Internal("a day of a record does not read".into()))
}

type LifeRow = (PersonId, String, i64, bool, Option<String>, Option<bool>, Option<i64>, Option<i64>, Option<String>);

/// Birth and flag of each of a list, the home that they have now, and how often they are asked and spoken with.
pub fn lives(listed: &Listed<'_>) -> Question<'static, BTreeMap<PersonId, Life>> {
    Question::of_list(
        "SELECT p.id, p.born_on, p.created_at, p.safety_flag, h.from_on, h.provided, y.check_in_days, y.contact_weeks, y.from_on
         FROM person p LEFT JOIN rhythm y ON y.person_id = p.id
         LEFT JOIN spell h ON h.person_id = p.id AND h.kind = 'home' AND h.from_on <= $1 AND (h.to_on IS NULL OR h.to_on > $1)
         WHERE p.id IN ({})",
        [london_date(listed.at()).to_string().into()],
        listed.people(),
        |rows: Vec<LifeRow>| {
            let mut lives: BTreeMap<PersonId, Life> = BTreeMap::new();
            for (person, born_on, since, flagged, moved_on, provided, days, weeks, agreed_on) in rows {
                let home = moved_on.map(|from| home_of(&from, provided)).transpose()?;
                let rhythm = agreed_on.map(|from| rhythm_of((days, weeks, from))).transpose()?;
                let life = Life { basics: basics_of(&born_on, since, flagged)?, home, rhythm };
                // Of two homes the one they moved into last.
                let known = lives.entry(person).or_insert(life);
                if home.map(|home| home.since) >= known.home.map(|home| home.since) {
                    known.home = home;
                }
            }
            Ok(lives)
        },
    )
}

pub(super) fn basics_of(born_on: &str, since: i64, flagged: bool) -> Result<Basics> {
    Ok(Basics { born_on: date(born_on)?, since: london_date(from_micros(since)), flagged })
}

/// The home that each of a list has now.
///
/// # Errors
/// When the database fails.
pub async fn homes(listed: &mut Listed<'_>) -> Result<BTreeMap<PersonId, Home>> {
    let (people, today) = (listed.people().to_vec(), london_date(listed.at()).to_string());
    let rows: Vec<(PersonId, String, Option<bool>)> = on_list!(
        listed.reads(),
        "SELECT person_id, from_on, provided FROM spell
         WHERE kind = 'home' AND from_on <= $1 AND (to_on IS NULL OR to_on > $1) AND person_id IN ({}) ORDER BY from_on",
        [&today],
        &people
    )?;
    rows.into_iter().map(|(person, from, provided)| Ok((person, home_of(&from, provided)?))).collect()
}

fn home_of(from: &str, provided: Option<bool>) -> Result<Home> {
    Ok(Home { since: date(from)?, provided: provided == Some(true) })
}

type Often = (Option<i64>, Option<i64>, String);

fn rhythm_of((check_in_days, contact_weeks, from): Often) -> Result<Rhythm> {
    Ok(Rhythm { check_in_days, contact_weeks, from: date(&from)? })
}

/// How often the person of a proof is asked and spoken with, where that was agreed.
///
/// # Errors
/// When the database fails.
pub async fn rhythm<D: Deed, C: Reads>(access: &mut Access<'_, D, C>) -> Result<Option<Rhythm>> {
    let person = access.person();
    let row: Option<Often> = on!(access.reads(), c => sqlx::query_as(
        "SELECT check_in_days, contact_weeks, from_on FROM rhythm WHERE person_id = $1").bind(person).fetch_optional(c))?;
    row.map(rhythm_of).transpose()
}

/// Sets it.
///
/// # Errors
/// [`Error::NotFound`] when no member of staff asks; when the database fails.
pub async fn set_rhythm(access: &mut Access<'_, SetRhythm, Tx>, rhythm: Rhythm) -> Result<()> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let Actor::Staff(by, _) = access.actor().clone() else { return Err(Error::NotFound) };
    run!(access.tx(), sqlx::query(
        "INSERT INTO rhythm (person_id, check_in_days, contact_weeks, from_on, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (person_id) DO UPDATE SET check_in_days = $2, contact_weeks = $3, from_on = $4, set_by = $5, set_at = $6")
        .bind(person).bind(rhythm.check_in_days).bind(rhythm.contact_weeks).bind(rhythm.from.to_string()).bind(by).bind(at))?;
    Ok(())
}
