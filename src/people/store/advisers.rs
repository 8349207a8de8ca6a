//! Who has no personal adviser, and who had none at sixteen.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::db::{Snapshot, on};
use crate::error::{Error, Result};
use crate::people::access::Managed;
use crate::people::{Lack, PersonId, Span, Without};
use crate::vault::{Column, Vault};

/// When a person was born and had advisers: what can be told of them without a name.
#[derive(Debug, Default)]
struct Times {
    born_on: Option<Date>,
    all: Vec<Span>,
    living: Vec<Span>,
}

impl Times {
    /// Takes in one row: a stay of an adviser, and whether that adviser works here still.
    fn add(&mut self, born_on: &str, from: Option<i64>, to: Option<i64>, state: Option<&str>) {
        self.born_on = born_on.parse().ok();
        if let Some(from) = from {
            self.all.push((from, to));
            if state == Some("active") {
                self.living.push((from, to));
            }
        }
    }

    fn lack(&self, at: Timestamp) -> Option<Lack> {
        Lack::of(self.born_on?, &self.all, &self.living, at)
    }
}

/// What young people of sixteen and over lack, known by their case key's hash where they have one.
#[derive(Debug, Default)]
pub struct CaseAdvisers {
    /// How many are sixteen or older.
    pub due: usize,
    /// How many of those have no adviser now.
    pub without_now: usize,
    /// How many of those had none at sixteen.
    pub without_at_16: usize,
    /// Those who lack something, by the hash of their case key.
    pub lacks: BTreeMap<Vec<u8>, Lack>,
}

/// Who lacks an adviser: counts, and hashes of case keys. Tells nothing to whoever has no key in hand.
///
/// # Errors
/// When the database fails.
pub async fn case_advisers(db: &mut Snapshot, at: Timestamp) -> Result<CaseAdvisers> {
    type Row = (PersonId, Option<Vec<u8>>, String, Option<i64>, Option<i64>, Option<String>);
    let rows: Vec<Row> = on!(db, c => sqlx::query_as(
        "SELECT p.id, p.case_hash, p.born_on, a.from_at, a.to_at, s.state
         FROM person p LEFT JOIN assignment a ON a.person_id = p.id AND a.kind = 'pa' LEFT JOIN staff s ON s.id = a.staff_id
         WHERE p.state = 'active'").fetch_all(c))?;
    let mut people: BTreeMap<PersonId, (Option<Vec<u8>>, Times)> = BTreeMap::new();
    for (person, hash, born_on, from, to, state) in rows {
        let (known, times) = people.entry(person).or_default();
        *known = hash;
        times.add(&born_on, from, to, state.as_deref());
    }
    let mut told = CaseAdvisers::default();
    for (hash, times) in people.into_values() {
        let Some(lack) = times.lack(at) else { continue };
        told.due += 1;
        told.without_now += usize::from(lack.now);
        told.without_at_16 += usize::from(lack.at_16);
        if let Some(hash) = hash.filter(|_| lack.any()) {
            told.lacks.insert(hash, lack);
        }
    }
    Ok(told)
}

/// Everybody of a manager's teams who lacks an adviser or lacked one: those who have none now first, then by name.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn without_adviser(managed: &mut Managed<'_>, vault: &Vault) -> Result<Vec<Without>> {
    let (manager, at) = (managed.staff(), managed.at());
    type Row = (PersonId, String, Vec<u8>, Vec<u8>, String, Option<i64>, Option<i64>, Option<String>);
    let rows: Vec<Row> = on!(managed.reads(), c => sqlx::query_as(
        "SELECT p.id, p.born_on, p.name_sealed, k.wrapped, t.name, a.from_at, a.to_at, s.state
         FROM person p JOIN team t ON t.id = p.team_id JOIN seal_key k ON k.owner_id = p.id
         LEFT JOIN assignment a ON a.person_id = p.id AND a.kind = 'pa' LEFT JOIN staff s ON s.id = a.staff_id
         WHERE p.state = 'active' AND (
           EXISTS (SELECT 1 FROM assignment m WHERE m.person_id = p.id AND m.kind = 'manager' AND m.staff_id = $1
                   AND m.from_at <= $2 AND (m.to_at IS NULL OR m.to_at > $2))
           OR EXISTS (SELECT 1 FROM team_member m WHERE m.team_id = p.team_id AND m.staff_id = $1
                      AND m.from_at <= $2 AND (m.to_at IS NULL OR m.to_at > $2)))")
        .bind(manager).bind(at.as_microsecond()).fetch_all(c))?;
    type Sealed = (Vec<u8>, Vec<u8>, String);
    let mut people: BTreeMap<PersonId, (Sealed, Times)> = BTreeMap::new();
    for (person, born_on, name, wrapped, team, from, to, state) in rows {
        let (_, times) = people.entry(person).or_insert_with(|| ((name, wrapped, team), Times::default()));
        times.add(&born_on, from, to, state.as_deref());
    }
    let mut without = Vec::new();
    for (person, ((name, wrapped, team), times)) in people {
        let Some(lack) = times.lack(at).filter(|lack| lack.any()) else { continue };
        let name = vault.owner_key(person, &wrapped)?.open(Column::PersonName, person, &name)?;
        let born_on = times.born_on.ok_or_else(|| Error::Internal("a date of birth does not read".into()))?;
        without.push(Without { name, born_on, team, lack });
    }
    without.sort_by(|one, other| (!one.lack.now, &one.name).cmp(&(!other.lack.now, &other.name)));
    Ok(without)
}
