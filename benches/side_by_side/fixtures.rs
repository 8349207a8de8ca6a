//! What is measured: a thread of 200 messages, and raw commits.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use portal::clock::{MINUTE, from_micros};
use portal::db::{Db, Kind, Url};
use portal::messages;
use portal::messages::store::New;
use portal::people::access::{self, AnswerMessage, ReadThread, WriteMessage};
use portal::people::{Actor, Door, Role};
use portal::signin::{Owner, store as signin};
use portal::vault::Vault;
use sqlx::{ConnectOptions as _, Connection as _};

/// Fills the thread of the demo's first young person to 200 messages, half of them answers.
pub fn long_thread(folder: &Path) {
    runtime().block_on(async {
        let vault = Vault::from_file(&folder.join("demo.key")).unwrap();
        let db = Db::open(&Url::Sqlite(folder.join("demo.db"))).await.unwrap();
        let vault = db.claim(Kind::Demo, &vault, 0).await.unwrap();
        let mut read = db.read().await.unwrap();
        let mut owner = async |username: &str| signin::account(&mut read, &vault, username).await.unwrap().unwrap().owner;
        let Owner::Person(sam) = owner("amber-otter-42").await else { panic!("a person") };
        let Owner::Staff(priya) = owner("demo-adviser").await else { panic!("staff") };
        drop(read);
        db.write(vault, move |tx, vault| {
            Box::pin(async move {
                let adviser = Actor::Staff(priya, vec![Role::Adviser]);
                let start = portal::clock::Clock::default().now().as_microsecond() - 300 * MINUTE;
                let mut asked = None;
                for n in 0..198 {
                    let at = from_micros(start + n * MINUTE);
                    let text = format!("Message {n}: the viewing on Thursday went well, and the kitchen is small but near work. What should I do next?");
                    if n % 2 == 0 {
                        let mut access = access::check::<WriteMessage, _>(tx, &Actor::Person(sam, Door::Sealed), sam, at).await?.unwrap();
                        asked = Some(messages::store::insert(&mut access, vault, &New::said(&text, None)).await?);
                    } else {
                        let opened = from_micros(at.as_microsecond() - MINUTE / 2);
                        let mut access = access::check::<ReadThread, _>(tx, &adviser, sam, opened).await?.unwrap();
                        messages::store::mark_opened(&mut access, asked.unwrap(), asked.unwrap()).await?;
                        let mut access = access::check::<AnswerMessage, _>(tx, &adviser, sam, at).await?.unwrap();
                        messages::store::insert(&mut access, vault, &New::said(&text, None)).await?;
                    }
                }
                Ok(())
            })
        })
        .await
        .unwrap();
    });
}

/// The database, its key and the drawn pages once more: of two programs on one file, each would pay for what the other
/// writes.
pub fn own_copy(folder: &Path) -> PathBuf {
    let own = folder.join("own");
    std::fs::create_dir_all(&own).unwrap();
    runtime().block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.join("demo.db"));
        let mut conn = options.connect().await.unwrap();
        // Nobody writes while it is copied, and nothing of it lies in the log.
        crate::load::empty_the_log(&mut conn).await;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut conn).await.unwrap();
        for name in ["demo.db", "demo.db-wal", "demo.key", "page.html", "plan.html", "person.html"] {
            let from = folder.join(name);
            if from.exists() {
                std::fs::copy(from, own.join(name)).unwrap();
            }
        }
        sqlx::query("ROLLBACK").execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    });
    own
}

/// One-row commits on one connection for three seconds, with the portal's own settings; prints the rate.
pub fn raw_commits(path: &Path) {
    runtime().block_on(async {
        _ = std::fs::remove_file(path);
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
            .synchronous(sqlx::sqlite::SqliteSynchronous::Full)
            .disable_statement_logging();
        let mut conn = options.connect().await.unwrap();
        sqlx::query("CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")
            .execute(&mut conn)
            .await
            .unwrap();
        let body = vec![7u8; 300];
        let (began, mut rows) = (Instant::now(), 0u64);
        while began.elapsed() < Duration::from_secs(3) {
            sqlx::query("INSERT INTO message (body) VALUES ($1)").bind(&body).execute(&mut conn).await.unwrap();
            rows += 1;
        }
        println!("{:.1}", rows as f64 / began.elapsed().as_secs_f64());
        conn.close().await.unwrap();
    });
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap()
}
