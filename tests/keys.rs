//! The key outside the database is changed while everybody reads: no reading fails, and the key of before opens
//! nothing any more.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use jiff::civil::Date;
use portal::db::{Kind, WRAPPED};
use portal::id::Id;
use portal::offer::feedback::New;
use portal::people::access::{self, ReadProfile};
use portal::people::{Actor, Door, StaffId, store as people};
use portal::signin::{NewKnock, store as signin};
use portal::vault::Vault;

use crate::support::people::SAM;
use crate::support::program::{refuses, run};
use crate::support::{Data, Engine, Raw, filled, noon, on_both, write};

on_both! {
    the_key_is_changed_while_everybody_reads_and_nothing_fails
    a_database_of_before_goes_on_with_its_look_ups
    every_wrapped_column_is_in_the_table_of_those_that_are_wrapped_again
    the_command_changes_the_key_and_says_what_to_do_next
}

/// How many more young people are there.
fn many() -> usize {
    std::env::var_os("DRILL_ROUNDS").and_then(|text| text.to_str()?.parse().ok()).unwrap_or(300)
}

/// A new key file beside the database's own.
fn new_key(data: &Data, name: &str) -> Vault {
    let path = data.folder.path().join(name);
    Vault::new_key_file(&path).unwrap();
    Vault::from_file(&path).unwrap()
}

fn key_of_before(data: &Data) -> Vault {
    Vault::from_file(&data.folder.path().join("key")).unwrap()
}

/// Every wrapped key of a database, with its owner.
async fn wrapped(data: &Data) -> Vec<(Id<()>, Vec<u8>)> {
    let mut all = Vec::new();
    for (_, select, _) in WRAPPED {
        let rows: Vec<(Id<()>, Vec<u8>)> = match &data.raw {
            Raw::Sqlite(pool, _) => {
                sqlx::query_as(select).bind(Vec::<u8>::new()).bind(i64::MAX).fetch_all(pool).await.unwrap()
            }
            Raw::Postgres(pool, _) => {
                sqlx::query_as(select).bind(Vec::<u8>::new()).bind(i64::MAX).fetch_all(pool).await.unwrap()
            }
        };
        assert!(!rows.is_empty(), "{select}");
        all.extend(rows);
    }
    all
}

async fn add_people(data: &Data, vault: &Vault, many: usize) {
    for at in (0..many).step_by(500) {
        let some = 500.min(many - at);
        data.db
            .write(vault.clone(), move |tx, vault| {
                Box::pin(async move {
                    let team = people::team_of(tx, "north", "", "", noon()).await?;
                    let (name, called, born_on) =
                        ("Robin Fieldtest".into(), "Robin".into(), Date::constant(2007, 1, 2));
                    let new = people::NewPerson { name, called, born_on, team };
                    for _ in 0..some {
                        people::insert_person(tx, vault, &new, noon()).await?;
                    }
                    Ok(())
                })
            })
            .await
            .unwrap();
    }
}

async fn told(data: &Data, by: StaffId) {
    let knock =
        NewKnock { locality: "north".into(), body: "lost my phone".into(), contact: "Sam".into(), urgent: false };
    write!(data, tx, vault, [knock = knock], signin::knock(tx, vault, knock, noon()).await).unwrap();
    let texts = portal::import::Texts::new();
    write!(data, tx, vault, [texts = texts], portal::import::store::keep(tx, vault, by, texts, noon()).await).unwrap();
    let new = New { about: "page.money".into(), body: "out of date".into(), contact: None, urgent: false };
    write!(data, tx, vault, [new = new], portal::offer::store::tell(tx, vault, new, noon()).await).unwrap();
}

/// Reads what is sealed and finds what is hashed.
async fn read(db: &portal::db::Db, vault: &Vault) -> portal::error::Result<()> {
    let mut read = db.read().await?;
    let account = signin::account(&mut read, vault, SAM).await?.ok_or(portal::error::Error::NotFound)?;
    let portal::signin::Owner::Person(sam) = account.owner else { panic!("Sam is no worker") };
    let me = Actor::Person(sam, Door::Open);
    let mut access = access::check::<ReadProfile, _>(&mut read, &me, sam, noon()).await?.unwrap();
    assert_eq!(people::person(&mut access, vault).await?.called, "Samtest");
    assert_eq!(people::workers(&mut access, vault).await?.len(), 4);
    assert_eq!(signin::knocks(&mut read, vault).await?[0].told.body, "lost my phone");
    let found = people::person_by_name(&mut read, vault, "Samuel Whittletest", Date::constant(2008, 3, 27)).await?;
    assert_eq!(found, Some(sam));
    Ok(())
}

async fn the_key_is_changed_while_everybody_reads_and_nothing_fails(engine: Engine) {
    let (data, world) = filled(engine).await;
    add_people(&data, &data.vault, many()).await;
    told(&data, world.priya).await;
    let (old, new) = (key_of_before(&data), new_key(&data, "key-2"));
    let claim = async |vault: Vault| data.db.claim(Kind::Live, &vault, noon().as_microsecond()).await;
    claim(new.clone()).await.expect_err("the new key alone opens nothing yet");
    // Two instances open both keys: one wraps with the key of before still, one with the new one already.
    let instances =
        [claim(old.clone().also(new.clone())).await.unwrap(), claim(new.clone().also(old.clone())).await.unwrap()];
    let both = instances[1].clone();
    let (stop, reads, failed) =
        (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let mut readers = tokio::task::JoinSet::new();
    for vault in instances {
        for _ in 0..2 {
            let (db, vault) = (data.db.clone(), vault.clone());
            let (stop, reads, failed) = (Arc::clone(&stop), Arc::clone(&reads), Arc::clone(&failed));
            readers.spawn(async move {
                while !stop.load(Ordering::SeqCst) {
                    let outcome = read(&db, &vault).await;
                    reads.fetch_add(1, Ordering::SeqCst);
                    failed.fetch_add(u64::from(outcome.is_err()), Ordering::SeqCst);
                }
            });
        }
    }
    let began = Instant::now();
    // One that was cut short has wrapped a few already.
    let before = wrapped(&data).await;
    for (owner, wrapped) in before.iter().take(100) {
        let again = data.raw.bytes(&both.wrap_again(*owner, wrapped).unwrap().unwrap());
        data.raw.run(&format!("UPDATE seal_key SET wrapped = {again} WHERE owner_id = {}", data.raw.id(*owner))).await;
    }
    // And people are added meanwhile.
    let (rotated, ()) = tokio::join!(data.db.rotate(&both), add_people(&data, &both, 50));
    let (rotated, took) = (rotated.unwrap(), began.elapsed());
    stop.store(true, Ordering::SeqCst);
    readers.join_all().await;
    let (reads, failed) = (reads.load(Ordering::SeqCst), failed.load(Ordering::SeqCst));
    println!("{engine:?}: {rotated} keys wrapped again in {took:?}, {reads} readings, {failed} failed");
    assert_eq!(failed, 0);
    assert!(reads > 0 && rotated == before.len() - 100);
    // From now on the new key alone opens everything, and the one of before nothing.
    read(&data.db, &claim(new.clone()).await.unwrap()).await.unwrap();
    assert!(claim(old.clone()).await.expect_err("the key of before").to_string().contains("another key"));
    let all = wrapped(&data).await;
    assert!(all.len() > many() + 50);
    for (owner, wrapped) in all {
        assert!(new.owner_key(owner, &wrapped).is_ok() && old.owner_key(owner, &wrapped).is_err());
    }
    let look_up = match &data.raw {
        Raw::Sqlite(pool, _) => {
            sqlx::query_scalar::<_, Vec<u8>>("SELECT look_up_wrapped FROM instance").fetch_one(pool).await
        }
        Raw::Postgres(pool, _) => sqlx::query_scalar("SELECT look_up_wrapped FROM instance").fetch_one(pool).await,
    };
    old.with_look_up(&look_up.unwrap()).expect_err("the key of before");
}

async fn a_database_of_before_goes_on_with_its_look_ups(engine: Engine) {
    let mut data = Data::new(engine).await;
    data.raw.run("UPDATE instance SET look_up_wrapped = NULL").await;
    // What the key file gave by itself.
    data.vault = key_of_before(&data);
    let world = data.with_people().await;
    told(&data, world.priya).await;
    let new = new_key(&data, "key-2").also(data.vault.clone());
    let refused = data.db.claim(Kind::Live, &new, 0).await.expect_err("not with another key").to_string();
    assert!(refused.contains("once with the key of before"), "{refused}");
    let kept = data.db.claim(Kind::Live, &data.vault, 0).await.unwrap();
    read(&data.db, &kept).await.unwrap();
    let both = data.db.claim(Kind::Live, &new, 0).await.unwrap();
    data.db.rotate(&both).await.unwrap();
    read(&data.db, &both).await.unwrap();
}

async fn every_wrapped_column_is_in_the_table_of_those_that_are_wrapped_again(engine: Engine) {
    let data = Data::new(engine).await;
    let mut stored = BTreeSet::new();
    for table in data.raw.tables().await {
        let sql = match engine {
            Engine::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
            Engine::Postgres => format!(
                "SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'"
            ),
        };
        let columns = data.raw.texts(&sql).await.into_iter();
        stored.extend(columns.filter(|column| column.ends_with("wrapped")).map(|column| format!("{table}.{column}")));
    }
    let mut known: BTreeSet<_> = WRAPPED.iter().map(|(name, ..)| (*name).to_owned()).collect();
    // The one that no owner has: it is put back last.
    known.insert("instance.look_up_wrapped".into());
    assert_eq!(stored, known);
}

async fn the_command_changes_the_key_and_says_what_to_do_next(engine: Engine) {
    let (data, _) = filled(engine).await;
    new_key(&data, "key-2");
    let (address, folder) = (data.address(), data.folder.path().to_str().unwrap());
    let file = |name: &str| data.folder.path().join(name).to_str().unwrap().to_owned();
    let (old, new) = (file("key"), file("key-2"));
    let settings = [("DATABASE_URL", address.as_str()), ("DATA_DIR", folder), ("KEY_FILE", new.as_str())];
    refuses(&["key", "rotate"], &settings, &["KEY_FILE_ALSO"]);
    let both: Vec<_> = settings.into_iter().chain([("KEY_FILE_ALSO", old.as_str())]).collect();
    for keys in ["13 keys", "0 keys"] {
        let done = run(&["key", "rotate"], &both);
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        assert!(said.contains(keys) && said.contains("without KEY_FILE_ALSO"), "{said}");
    }
    let verify = ["audit", "verify"];
    refuses(&verify, &[settings[0], settings[1], ("KEY_FILE", &old)], &["another key"]);
    assert!(run(&verify, &settings).status.success());
}
