//! Killed again and again in the middle of its work, on both databases: what was acknowledged is
//! there, once.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use portal::people::{PersonId, store as people};
use portal::vault::Column;

use crate::support::client::form;
use crate::support::people::{AALIYAH, SAM};
use crate::support::program::Program;
use crate::support::random::rounds;
use crate::support::{Client, Data, Engine, Raw, World, on_both};

const WRITERS: u64 = 16;

on_both! { forty_kills_lose_and_double_nothing_that_was_acknowledged }

/// A message that a browser has sent: whose, its form's key, its text.
#[derive(Clone, Debug)]
struct Sent {
    whose: usize,
    key: String,
    text: String,
}

async fn post(client: &mut Client, sent: &Sent) -> Option<u16> {
    let origin = client.origin.clone();
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", origin.as_str())];
    let body = form(&[("key", &sent.key), ("body", &sent.text)]).into();
    client.try_send("POST", "/me/messages", &headers, body).await.ok().map(|answer| answer.status)
}

/// How often each text stands in the database, of those saved since `since`.
async fn texts(data: &Data, world: &World, since: i64) -> BTreeMap<String, u32> {
    let mut found = BTreeMap::new();
    for person in [world.sam, world.aaliyah] {
        let key = people::key(&mut data.db.read().await.unwrap(), &data.vault, person).await.unwrap();
        for (id, sealed) in rows(data, person, since).await {
            let text = key.open(Column::MessageBody, id, &sealed).unwrap();
            *found.entry(text).or_insert(0) += 1;
        }
    }
    found
}

async fn rows(data: &Data, person: PersonId, since: i64) -> Vec<(portal::messages::MessageId, Vec<u8>)> {
    const SQL: &str = "SELECT m.id, m.body_sealed FROM message m JOIN thread t ON t.id = m.thread_id WHERE t.person_id = $1 AND m.sent_at >= $2";
    match &data.raw {
        Raw::Sqlite(pool, _) => sqlx::query_as(SQL).bind(person).bind(since).fetch_all(pool).await.unwrap(),
        Raw::Postgres(pool, _) => sqlx::query_as(SQL).bind(person).bind(since).fetch_all(pool).await.unwrap(),
    }
}

async fn forty_kills_lose_and_double_nothing_that_was_acknowledged(engine: Engine) {
    let data = Data::new(engine).await;
    let world = data.with_people().await;
    let address = data.address();
    let settings = [("DATABASE_URL", address.as_str()), ("LOG", "error")];
    let clock = portal::clock::Clock::default();
    let mut browsers: Vec<Client> = Vec::new();
    let mut acknowledged: Vec<Sent> = Vec::new();
    let mut open: Vec<Sent> = Vec::new();
    let (mut cut_short, mut kept_unsaid) = (0, 0);
    for round in 0..rounds(40) {
        let began = clock.now().as_microsecond();
        let mut program = Program::start(&["serve"], data.folder.path(), &settings).await;
        if browsers.is_empty() {
            for name in [SAM, AALIYAH] {
                let mut client = Client::new(&program.origin);
                client.sign_in(name).await;
                browsers.push(client);
            }
        }
        for browser in &mut browsers {
            // A new connection, the same cookies: what a phone does after a fault.
            let mut fresh = Client::new(&program.origin);
            fresh.cookies.clone_from(&browser.cookies);
            *browser = fresh;
        }
        // What got no answer is sent again by its reader, with the same key.
        for sent in std::mem::take(&mut open) {
            let status = post(&mut browsers[sent.whose], &sent).await;
            assert_eq!(status, Some(303), "sent again in round {round}: {sent:?}");
            acknowledged.push(sent);
        }
        let count = std::sync::Arc::new(AtomicU64::new(0));
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..WRITERS {
            let whose = usize::from(writer % 2 == 1);
            let (mut client, count) = (browsers[whose].clone(), count.clone());
            writers.spawn(async move {
                let mut done = Vec::new();
                for n in 0..400 {
                    let sent = Sent {
                        whose,
                        key: format!("{round:08x}{writer:08x}{n:016x}"),
                        text: format!("round {round} writer {writer} number {n}"),
                    };
                    match post(&mut client, &sent).await {
                        Some(303) => {
                            count.fetch_add(1, Ordering::SeqCst);
                            done.push(sent);
                        }
                        // Busy, or gone: nobody was told that it is saved.
                        _ => return (done, Some(sent)),
                    }
                }
                (done, None)
            });
        }
        // Killed at another moment in each round, with writes under way.
        let until = 2 + round * 7 % 23;
        let waiting = async {
            while count.load(Ordering::SeqCst) < until {
                tokio::time::sleep(Duration::from_micros(300)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), waiting)
            .await
            .expect("no message was acknowledged in half a minute");
        tokio::time::sleep(Duration::from_micros(round * 137 % 3_000)).await;
        program.kill();
        while let Some(done) = writers.join_next().await {
            let (done, last) = done.unwrap();
            acknowledged.extend(done);
            open.extend(last);
        }
        let found = texts(&data, &world, began).await;
        for sent in &open {
            let times = found.get(&sent.text).copied().unwrap_or(0);
            assert!(times <= 1, "{} times: {sent:?}", times);
            cut_short += 1;
            kept_unsaid += times;
        }
    }
    // Everything once more, after the last kill.
    let mut program = Program::start(&["serve"], data.folder.path(), &settings).await;
    for browser in &mut browsers {
        browser.origin.clone_from(&program.origin);
    }
    for sent in std::mem::take(&mut open) {
        assert_eq!(post(&mut browsers[sent.whose], &sent).await, Some(303));
        acknowledged.push(sent);
    }
    assert!(program.stop().await.success());
    let found = texts(&data, &world, 0).await;
    for sent in &acknowledged {
        assert_eq!(found.get(&sent.text), Some(&1), "acknowledged, and not there once: {sent:?}");
    }
    assert_eq!(found.len(), acknowledged.len(), "something is there that nobody sent");
    assert!(cut_short >= rounds(40), "the kills hit nothing under way: {cut_short}");
    println!("{} acknowledged, {cut_short} cut short, {kept_unsaid} of those were on disk", acknowledged.len());
    // One audit row and one key for each, and no gap in the order.
    let many = i64::try_from(acknowledged.len()).unwrap();
    assert_eq!(data.raw.number("SELECT COUNT(*) FROM audit WHERE action = 'write'").await, many);
    assert_eq!(data.raw.number("SELECT COUNT(*) FROM form_post").await, many);
    assert_eq!(data.raw.number("SELECT CAST(SUM(last_seq) AS BIGINT) FROM thread").await, many);
    if engine == Engine::Sqlite {
        assert_eq!(data.raw.texts("PRAGMA integrity_check").await, ["ok"]);
    }
}
