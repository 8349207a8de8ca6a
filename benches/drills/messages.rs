//! What stands in a demo's database before and after a drill.

use std::path::Path;

use portal::clock::{MINUTE, from_micros};
use portal::db::{Db, Kind, Url};
use portal::messages::store::{self as messages, New};
use portal::people::access::{self, WriteMessage};
use portal::people::{Actor, Door, PersonId, store as people};
use portal::signin::{Owner, store as signin};
use portal::vault::Vault;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap()
}

async fn open(folder: &Path) -> (Db, Vault) {
    let vault = Vault::from_file(&folder.join("demo.key")).unwrap();
    let db = Db::open(&Url::Sqlite(folder.join("demo.db"))).await.unwrap();
    let vault = db.claim(Kind::Demo, &vault, 0).await.unwrap();
    (db, vault)
}

/// 200 messages for the demo's first young person, and so many of others in threads of 200.
pub fn fill(folder: &Path, many: usize) {
    runtime().block_on(async {
        let (db, vault) = open(folder).await;
        let account = signin::account(&mut db.read().await.unwrap(), &vault, super::SAM).await.unwrap().unwrap();
        let Owner::Person(sam) = account.owner else { panic!("a person") };
        thread_of(&db, &vault, sam).await;
        let now = portal::clock::Clock::default().now();
        for n in 0..many / 200 {
            let person = db.write(vault.clone(), move |tx, vault| {
                Box::pin(async move {
                    let team = people::team_of(tx, "north", "North leaving care team", "A council", now).await?;
                    let born_on = jiff::civil::Date::constant(2008, 1, 1);
                    let new = people::NewPerson { name: format!("Person {n}"), called: format!("P{n}"), born_on, team };
                    people::insert_person(tx, vault, &new, now).await
                })
            });
            let person = person.await.unwrap();
            thread_of(&db, &vault, person).await;
        }
    });
}

async fn thread_of(db: &Db, vault: &Vault, person: PersonId) {
    let start = portal::clock::Clock::default().now().as_microsecond() - 300 * MINUTE;
    db.write(vault.clone(), move |tx, vault| {
        Box::pin(async move {
            let me = Actor::Person(person, Door::Sealed);
            for n in 0..200 {
                let at = from_micros(start + n * MINUTE);
                let mut access = access::check::<WriteMessage, _>(tx, &me, person, at).await?.unwrap();
                let words = format!("Message {n}: the viewing on Thursday went well. What should I do next?");
                messages::insert(&mut access, vault, &New::said(&words, Some(at))).await?;
            }
            Ok(())
        })
    })
    .await
    .unwrap();
}

/// How many forms were accepted and are there with their message. Fails when the file is not whole.
pub fn saved(folder: &Path) -> u64 {
    use sqlx::{ConnectOptions as _, Connection as _};
    runtime().block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.join("demo.db"));
        let mut conn = options.disable_statement_logging().connect().await.unwrap();
        let whole: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut conn).await.unwrap();
        assert_eq!(whole, "ok");
        let forms: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM form_post").fetch_one(&mut conn).await.unwrap();
        conn.close().await.unwrap();
        u64::try_from(forms).unwrap()
    })
}
