//! Questions that a page asks together: each is answered as if it were asked by itself.

use portal::db::{Question, Questions as _};
use portal::error::Error;
use portal::people::{PersonId, store as people};

use crate::support::{Engine, filled, noon, on_both};

on_both! {
    questions_asked_together_are_answered_as_each_by_itself
    about_nobody_nothing_is_asked
    what_several_ask_alike_is_asked_once_and_answered_to_each
    one_that_fails_fails_all_and_the_next_are_answered
}

/// Who of these are active and born in this year or later, in order.
fn born(year: &str, ids: &[PersonId]) -> Question<'static, Vec<PersonId>> {
    Question::of_list(
        "SELECT id FROM person WHERE born_on > $1 AND id IN ({}) AND state = $2 AND born_on > $1 ORDER BY id",
        [format!("{year}-01-01").into(), "active".into()],
        ids,
        |rows: Vec<(PersonId,)>| Ok(rows.into_iter().map(|(id,)| id).collect()),
    )
}

/// What it is asked with, given back.
fn echo(number: i64, word: &'static str, id: PersonId, flag: bool) -> Question<'static, (i64, String, PersonId, bool)> {
    Question::new(
        "SELECT p.created_at * 0 + $1, p.state || $2, p.id, p.safety_flag <> $4 FROM person p WHERE p.id = $3 AND p.state || $2 <> ''",
        [number.into(), word.into(), id.into(), flag.into()],
        |mut rows: Vec<_>| rows.pop().ok_or_else(|| Error::Internal("nobody".into())),
    )
}

fn wrong() -> Question<'static, Vec<(i64,)>> {
    Question::new("SELECT nothing FROM nowhere WHERE a = $1", [1.into()], Ok)
}

async fn questions_asked_together_are_answered_as_each_by_itself(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, aaliyah) = (world.sam, world.aaliyah);
    let (both, three) = ([sam, aaliyah], [aaliyah, PersonId::from_bytes([8; 16]), PersonId::from_bytes([9; 16])]);
    let mut db = data.db.read().await.unwrap();
    let mut sorted = both;
    sorted.sort();
    assert_eq!(db.fetch(born("1990", &both)).await.unwrap(), sorted);
    assert_eq!(db.fetch(born("2100", &both)).await.unwrap(), []);
    assert_eq!(db.fetch(echo(7, " x", sam, true)).await.unwrap(), (7, "active x".into(), sam, true));

    // Lists shared and others, values before, between and after them; groups in groups.
    for _ in 0..2 {
        let questions = (
            echo(1, "a", sam, false),
            born("1990", &both),
            (echo(2, "b", aaliyah, true), born("2100", &both), born("1990", &three)),
            Some(born("1990", &[sam])),
            None::<Question<'static, i64>>,
            Question::known("known"),
            (born("1990", &both), echo(3, "c", sam, true)).into_one(|(born, (number, ..))| Ok((born.len(), number))),
        );
        let (first, second, (third, none, more), one, left_out, known, made) = db.fetch(questions).await.unwrap();
        assert_eq!((first, second), ((1, "activea".into(), sam, false), sorted.to_vec()));
        assert_eq!((third, none, more), ((2, "activeb".into(), aaliyah, true), vec![], vec![aaliyah]));
        assert_eq!((one, left_out, known, made), (Some(vec![sam]), None, "known", (2, 3)));
    }
}

async fn about_nobody_nothing_is_asked(engine: Engine) {
    let (data, world) = filled(engine).await;
    let mut db = data.db.read().await.unwrap();
    let asked = || data.db.asked();
    let before = asked();
    assert_eq!(db.fetch((born("1990", &[]), born("1990", &[]))).await.unwrap(), (vec![], vec![]));
    assert_eq!(db.fetch(Question::known(1)).await.unwrap(), 1);
    let () = db.fetch(()).await.unwrap();
    assert_eq!(asked(), before);
    let questions = (born("1990", &[]), born("1990", &[world.sam]), born("1990", &[]), echo(1, "", world.sam, true));
    let (none, sam, nobody, _) = db.fetch(questions).await.unwrap();
    assert_eq!((none, sam, nobody, asked()), (vec![], vec![world.sam], vec![], before + 2), "each query counts");
}

async fn what_several_ask_alike_is_asked_once_and_answered_to_each(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, aaliyah) = (world.sam, world.aaliyah);
    let mut db = data.db.read().await.unwrap();
    let before = data.db.asked();
    let one = || echo(1, "a", sam, true);
    let questions =
        (one(), echo(2, "a", sam, true), one(), born("1990", &[sam]), born("1990", &[aaliyah]), born("1990", &[sam]));
    let (first, other, again, own, theirs, own_again) = db.fetch(questions).await.unwrap();
    assert_eq!((first.0, other.0, again.0), (1, 2, 1));
    assert_eq!((own, theirs, own_again), (vec![sam], vec![aaliyah], vec![sam]));
    assert_eq!(data.db.asked(), before + 4, "two were asked twice");
    // Alike in everything but how they are read.
    let born_on = || Question::new("SELECT born_on FROM person WHERE id = $1", [sam.into()], Ok::<Vec<(String,)>, _>);
    let year = Question::new("SELECT born_on FROM person WHERE id = $1", [sam.into()], |rows: Vec<(String,)>| {
        Ok(rows.into_iter().map(|(day,)| day[..4].to_owned()).collect::<Vec<_>>())
    });
    let (day, year, day_again) = db.fetch((born_on(), year, born_on())).await.unwrap();
    assert_eq!((&day, year), (&day_again, vec![day[0].0[..4].to_owned()]));
    assert_eq!(data.db.asked(), before + 5);
}

/// As many rows as asked for, and a fault behind them for more than 5,000.
fn many(rows: i64) -> Question<'static, usize> {
    Question::new(
        "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $1)
         SELECT CASE WHEN i > 5000 THEN abs(-9223372036854775807 - i / 5001) ELSE i END FROM n",
        [rows.into()],
        |rows: Vec<(i64,)>| Ok(rows.len()),
    )
}

async fn one_that_fails_fails_all_and_the_next_are_answered(engine: Engine) {
    let (data, world) = filled(engine).await;
    for round in 0..2 {
        let mut db = data.db.read().await.unwrap();
        let sam = born("1990", &[world.sam]);
        assert_eq!(db.fetch((many(5_000), sam, many(3_000))).await.unwrap(), (5_000, vec![world.sam], 3_000));
        // Not to be read at all, or only once rows came.
        let sam = || born("1990", &[world.sam]);
        let failed = match round {
            0 => db.fetch((sam(), wrong(), sam())).await.map(drop),
            _ => db.fetch((sam(), many(5_001), sam())).await.map(drop),
        };
        assert!(matches!(failed, Err(Error::Database(_))));
        if let Engine::Sqlite = engine {
            assert_eq!(db.fetch((sam(), many(7))).await.unwrap(), (vec![world.sam], 7), "the same snapshot goes on");
        }
        drop(db);
        let mut db = data.db.read().await.unwrap();
        // Given up half-way.
        let given_up =
            tokio::time::timeout(std::time::Duration::from_micros(200), db.fetch((sam(), many(5_000)))).await;
        drop(given_up);
        drop(db);
        let mut db = data.db.read().await.unwrap();
        assert_eq!(db.fetch(sam()).await.unwrap(), [world.sam]);
        // What does not read is told, and takes nothing along.
        let unread = echo(1, "a", PersonId::from_bytes([9; 16]), true);
        assert!(matches!(db.fetch((unread, sam())).await, Err(Error::Internal(_))));
        assert!(!db.fetch(people::roster(noon())).await.unwrap().live.is_empty());
    }
}
