//! When somebody and their workers last had to do with each other; check-ins.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::clock::{from_micros, london_date};
use crate::db::{Question, Questions, Reads, Tx, on, on_list, run};
use crate::error::Result;
use crate::messages::{CheckIn, Dealings, Feel, MessageId};
use crate::people::PersonId;
use crate::people::access::{Access, Deed, Listed, WriteMessage};

/// Keeps what was pressed with the message it became.
///
/// # Errors
/// When the database fails.
pub async fn insert_check_in(access: &mut Access<'_, WriteMessage, Tx>, id: MessageId, pressed: CheckIn) -> Result<()> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    run!(
        access.tx(),
        sqlx::query("INSERT INTO check_in (message_id, person_id, feel, call, at) VALUES ($1, $2, $3, $4, $5)")
            .bind(id)
            .bind(person)
            .bind(pressed.feel.as_str())
            .bind(pressed.call)
            .bind(at)
    )?;
    Ok(())
}

/// The day of the last check-in of the person of a proof.
///
/// # Errors
/// When the database fails.
pub async fn last_check_in<D: Deed, C: Reads>(access: &mut Access<'_, D, C>) -> Result<Option<Date>> {
    let person = access.person();
    let at: Option<i64> = on!(access.reads(), c => sqlx::query_scalar(
        "SELECT MAX(at) FROM check_in WHERE person_id = $1").bind(person).fetch_one(c))?;
    Ok(at.map(|at| london_date(from_micros(at))))
}

fn later(known: &mut Option<Date>, date: Option<Date>) {
    *known = (*known).max(date);
}

/// Who, when they last wrote, the days of the last talk and the last visit, and when they last checked in.
type Wrote = (PersonId, Option<i64>, Option<String>, Option<String>, Option<i64>);
/// Who waits, and what they pressed that asks for something.
type Pressed = (PersonId, String, bool);
/// Of a promise that no answer came after: who, by which day, when it was made, and the last day of a talk that was written
/// down after it.
type Promised = (PersonId, String, i64, Option<String>);

/// When each of a list and their workers last had to do with each other.
pub fn dealings(listed: &Listed<'_>) -> impl Questions<Answers = BTreeMap<PersonId, Dealings>> + use<> {
    let date = |text: Option<String>| text.and_then(|text| text.parse().ok());
    let wrote = Question::of_list(
        "SELECT t.person_id,
            (SELECT MAX(m.sent_at) FROM message m WHERE m.thread_id = t.id AND m.from_kind = 'person'),
            (SELECT MAX(m.day_on) FROM message m WHERE m.thread_id = t.id AND m.kind = 'contact'),
            (SELECT MAX(m.day_on) FROM message m WHERE m.thread_id = t.id AND m.kind = 'contact' AND m.how = 'visit'),
            (SELECT MAX(c.at) FROM check_in c WHERE c.person_id = t.person_id)
         FROM thread t WHERE t.person_id IN ({})",
        [],
        listed.people(),
        Ok::<Vec<Wrote>, _>,
    );
    // Of check-ins the latest that asks for something counts, whatever was pressed after it.
    let pressed = Question::of_list(
        "SELECT c.person_id, c.feel, c.call FROM thread t JOIN check_in c ON c.person_id = t.person_id AND c.at >= t.waiting_since
         WHERE (c.feel = 'hard' OR c.call) AND t.person_id IN ({}) ORDER BY c.at, c.message_id DESC",
        [],
        listed.people(),
        Ok::<Vec<Pressed>, _>,
    );
    let promised = Question::of_list(
        "SELECT t.person_id, m.day_on, m.sent_at,
            (SELECT MAX(a.day_on) FROM message a WHERE a.thread_id = t.id AND a.kind = 'contact' AND a.seq > m.seq)
         FROM thread t JOIN message m ON m.thread_id = t.id AND m.kind = 'promise'
         WHERE NOT EXISTS (SELECT 1 FROM message a WHERE a.thread_id = t.id AND a.kind = 'message' AND a.from_kind = 'staff' AND a.seq > m.seq)
            AND t.person_id IN ({})",
        [],
        listed.people(),
        Ok::<Vec<Promised>, _>,
    );
    (wrote, pressed, promised).into_one(move |(wrote, pressed, promised)| {
        let mut all: BTreeMap<PersonId, Dealings> = BTreeMap::new();
        for (person, wrote, spoke, visit, checked_in) in wrote {
            let one = all.entry(person).or_default();
            one.contact = wrote.map(|at| london_date(from_micros(at)));
            later(&mut one.contact, date(spoke));
            one.visit = date(visit);
            one.check_in = checked_in.map(|at| london_date(from_micros(at)));
        }
        for (person, feel, call) in pressed {
            all.entry(person).or_default().asks = Feel::parse(&feel).map(|feel| CheckIn { feel, call });
        }
        for (person, by, made_at, spoke) in promised {
            // A talk of a day before the promise was made, and only written down after it, keeps none.
            let kept = date(spoke).is_some_and(|spoke| spoke >= london_date(from_micros(made_at)));
            let promise = &mut all.entry(person).or_default().promise;
            if !kept {
                *promise = [*promise, date(Some(by))].into_iter().flatten().min();
            }
        }
        Ok(all)
    })
}

/// Since when somebody waits, by when they are to be answered, and whether their words may mean danger.
pub type Wait = (Option<i64>, Option<i64>, bool);

/// The wait of each of a list who waits or may be in danger.
///
/// # Errors
/// When the database fails.
pub async fn waits(listed: &mut Listed<'_>) -> Result<BTreeMap<PersonId, Wait>> {
    let people = listed.people().to_vec();
    let rows: Vec<(PersonId, Option<i64>, Option<i64>, i64)> = on_list!(
        listed.reads(),
        "SELECT t.person_id, t.waiting_since, t.due_at,
            (SELECT COUNT(*) FROM crisis_flag f WHERE f.person_id = t.person_id AND f.cleared_at IS NULL)
         FROM thread t WHERE t.person_id IN ({})",
        [],
        &people
    )?;
    let waits = rows.into_iter().filter(|(_, since, _, flags)| since.is_some() || *flags > 0);
    Ok(waits.map(|(person, since, due, flags)| (person, (since, due, flags > 0))).collect())
}

/// The last day on which each of a list was visited at home: what the clocks of the law need, and no more.
///
/// # Errors
/// When the database fails.
pub async fn visits(listed: &mut Listed<'_>) -> Result<BTreeMap<PersonId, Date>> {
    let people = listed.people().to_vec();
    let rows: Vec<(PersonId, Option<String>)> = on_list!(
        listed.reads(),
        "SELECT t.person_id, MAX(m.day_on) FROM thread t JOIN message m ON m.thread_id = t.id
         WHERE m.kind = 'contact' AND m.how = 'visit' AND t.person_id IN ({}) GROUP BY t.person_id",
        [],
        &people
    )?;
    Ok(rows.into_iter().filter_map(|(person, day)| Some((person, day?.parse().ok()?))).collect())
}
