//! One schema on two engines, and the settings under which "saved" is true.

use std::collections::BTreeSet;
use std::path::Path;

use crate::support::{Data, Engine, Raw, block_on, on_both, postgres};

fn names(engine: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn both_engines_have_migrations_of_the_same_names() {
    assert!(!names("sqlite").is_empty());
    assert_eq!(names("sqlite"), names("postgres"));
}

/// `table.column kind required` of every column; kinds named alike.
async fn columns(raw: &Raw) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for table in raw.tables().await {
        let sql = match raw {
            Raw::Sqlite(..) => format!(
                "SELECT name || ' ' || type || ' ' || CASE WHEN \"notnull\" OR pk > 0 THEN 'required' ELSE 'may be empty' END FROM pragma_table_info('{table}')"
            ),
            Raw::Postgres(..) => format!(
                "SELECT column_name || ' ' || data_type || ' ' || CASE is_nullable WHEN 'NO' THEN 'required' ELSE 'may be empty' END
                 FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'"
            ),
        };
        for column in raw.texts(&sql).await {
            let alike = column
                .replace(" boolean ", " integer ")
                .replace(" bigint ", " integer ")
                .replace(" bytea ", " blob ")
                .to_lowercase();
            all.insert(format!("{table}.{alike}"));
        }
    }
    all
}

/// Every group of columns of which no two rows may hold the same, primary keys too.
async fn uniques(raw: &Raw) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    match raw {
        Raw::Sqlite(..) => {
            for table in raw.tables().await {
                let key = raw
                    .texts(&format!("SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY name"))
                    .await;
                all.insert(format!("{table}({}) always", key.join(", ")));
                for index in raw.texts(&format!("SELECT name FROM pragma_index_list('{table}') WHERE \"unique\"")).await
                {
                    let columns =
                        raw.texts(&format!("SELECT name FROM pragma_index_info('{index}') ORDER BY name")).await;
                    let partial = raw
                        .number(&format!("SELECT partial FROM pragma_index_list('{table}') WHERE name = '{index}'"))
                        .await;
                    let when = if partial == 1 { "for some" } else { "always" };
                    all.insert(format!("{table}({}) {when}", columns.join(", ")));
                }
            }
        }
        Raw::Postgres(..) => {
            let found = raw
                .texts(
                    "SELECT c.relname || '(' || string_agg(a.attname, ', ' ORDER BY a.attname COLLATE \"C\") || ') ' || CASE WHEN i.indpred IS NULL THEN 'always' ELSE 'for some' END
                     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
                     WHERE i.indisunique AND n.nspname = 'public' AND c.relname NOT LIKE '\\_%' GROUP BY i.indexrelid, c.relname, i.indpred",
                )
                .await;
            all.extend(found);
        }
    }
    all
}

#[test]
fn both_engines_have_the_same_tables_columns_and_unique_keys() {
    if postgres::cluster().is_none() {
        return;
    }
    block_on(async {
        let (sqlite, postgres) = (Data::new(Engine::Sqlite).await, Data::new(Engine::Postgres).await);
        assert_eq!(sqlite.raw.tables().await, postgres.raw.tables().await);
        let (left, right) = (columns(&sqlite.raw).await, columns(&postgres.raw).await);
        assert!(left.len() > 100);
        assert_eq!(left.symmetric_difference(&right).collect::<Vec<_>>(), Vec::<&String>::new());
        let (left, right) = (uniques(&sqlite.raw).await, uniques(&postgres.raw).await);
        assert!(left.contains("assignment(person_id) for some"));
        assert_eq!(left.symmetric_difference(&right).collect::<Vec<_>>(), Vec::<&String>::new());
    });
}

on_both! { audit_rows_are_never_changed_and_never_deleted a_person_has_one_lead_at_a_time what_is_migrated_twice_is_migrated_once }

async fn audit_rows_are_never_changed_and_never_deleted(engine: Engine) {
    let data = Data::new(engine).await;
    let id = data.raw.bytes(&[7; 16]);
    data.raw
        .run(&format!(
            "INSERT INTO audit (id, at, actor_kind, action, object_kind, relation, many, request) VALUES ({id}, 1, 'system', 'read', 'plan', 'none', 1, 'x')"
        ))
        .await;
    for sql in ["UPDATE audit SET action = 'nothing'", "DELETE FROM audit", "UPDATE audit SET at = at"] {
        let refused = data.raw.try_run(sql).await.expect_err(sql).to_string();
        assert!(refused.contains("audit rows are"), "{refused}");
    }
    if engine == Engine::Postgres {
        data.raw.try_run("TRUNCATE audit").await.expect_err("TRUNCATE");
    }
    assert_eq!(data.raw.texts("SELECT action FROM audit").await, ["read"]);
}

async fn a_person_has_one_lead_at_a_time(engine: Engine) {
    let data = Data::new(engine).await;
    let world = data.with_people().await;
    let lead = |byte: u8, ends: &str| {
        let yes = if engine == Engine::Sqlite { "1" } else { "TRUE" };
        format!(
            "INSERT INTO assignment (id, person_id, staff_id, kind, lead, from_at, to_at) VALUES ({}, {}, {}, 'cover', {yes}, 1, {ends})",
            data.raw.bytes(&[byte; 16]),
            data.raw.id(world.sam),
            data.raw.id(world.owen),
        )
    };
    let refused = data.raw.try_run(&lead(1, "NULL")).await.expect_err("a second lead").into_database_error().unwrap();
    assert!(refused.is_unique_violation());
    // One that has ended stands in nobody's way.
    data.raw.run(&lead(2, "2")).await;
}

async fn what_is_migrated_twice_is_migrated_once(engine: Engine) {
    let data = Data::new(engine).await;
    let world = data.with_people().await;
    let before = data.raw.counts().await;
    let again = portal::db::Db::open(&data.url).await.unwrap();
    assert_eq!(data.raw.counts().await, before);
    assert!(portal::people::store::person_is_active(&mut again.read().await.unwrap(), world.sam).await.unwrap());
}

#[test]
fn sqlite_is_new_enough_and_writes_to_disk_before_it_says_so() {
    block_on(async {
        let data = Data::new(Engine::Sqlite).await;
        // Asked through the writer itself: `synchronous` belongs to a connection.
        let ask = |sql: &'static str| {
            data.db.write((), move |tx, ()| {
                Box::pin(async move {
                    let portal::db::Engine::Sqlite(conn) = tx.engine() else { panic!("not SQLite") };
                    Ok(sqlx::query_scalar::<_, String>(sql).fetch_one(conn).await?)
                })
            })
        };
        let version = ask("SELECT sqlite_version()").await.unwrap();
        let parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
        assert!(parts >= vec![3, 51, 3], "SQLite {version} can lose committed writes");
        assert_eq!(ask("SELECT journal_mode FROM pragma_journal_mode").await.unwrap(), "wal");
        assert_eq!(ask("SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous").await.unwrap(), "2");
        assert_eq!(ask("SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys").await.unwrap(), "1");
        assert_eq!(ask("SELECT CAST(trusted_schema AS TEXT) FROM pragma_trusted_schema").await.unwrap(), "0");
    });
}

#[test]
fn every_table_on_sqlite_refuses_a_value_of_the_wrong_kind() {
    block_on(async {
        let data = Data::new(Engine::Sqlite).await;
        let loose = data.raw.texts("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_%' ESCAPE '\\'").await;
        assert!(loose.is_empty(), "not STRICT: {loose:?}");
    });
}

#[test]
fn a_postgres_that_answers_before_its_disk_is_refused() {
    if postgres::cluster().is_none() {
        return;
    }
    block_on(async {
        let data = Data::new(Engine::Postgres).await;
        let Raw::Postgres(_, name) = &data.raw else { panic!("not PostgreSQL") };
        data.raw.run(&format!("ALTER DATABASE {name} SET synchronous_commit = off")).await;
        let refused = portal::db::Db::open(&data.url).await.expect_err("opened").to_string();
        assert!(refused.contains("synchronous_commit"), "{refused}");
    });
}
