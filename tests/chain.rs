//! The chain of audit rows: whatever somebody does to the rows or their links who has the database and not the
//! key, `portal audit verify` finds it.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use portal::audit::chain::{Finding, Head, Report};
use portal::audit::{Entry, store as audit};
use portal::clock::{DAY, HOUR, MINUTE};
use portal::error::Error;
use portal::vault::Vault;

use crate::support::program::{Program, refuses, run};
use crate::support::{Data, Engine, after, filled, noon, on_both};

on_both! {
    a_thousand_tamperings_are_all_found
    what_nobody_touched_is_in_order
    rows_that_commit_late_are_linked_all_the_same
    a_row_that_waits_twice_is_told_and_leaves_the_chain_whole
    two_jobs_at_once_make_one_chain
    without_the_key_nobody_makes_the_chain_anew
    a_row_of_last_week_that_is_added_today_is_found
    links_are_never_changed_and_never_deleted
    the_command_checks_the_log_and_says_what_is_wrong
}

/// Rows in the log that is tampered with.
const ROWS: i64 = 40;

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 % u64::try_from(n).unwrap()).unwrap()
    }

    fn bytes(&mut self) -> [u8; 16] {
        std::array::from_fn(|_| u8::try_from(self.below(256)).unwrap())
    }
}

/// Adds an audit row beside the program; one in three columns that may be empty is.
async fn add_row(data: &Data, dice: &mut Dice, at: i64) {
    let raw = &data.raw;
    let mut some = || if dice.below(3) == 0 { "NULL".to_owned() } else { raw.bytes(&dice.bytes()) };
    let (actor, person, object, reason) = (some(), some(), some(), some());
    let id = raw.bytes(&dice.bytes());
    raw.run(&format!(
        "INSERT INTO audit (id, at, actor_kind, actor_id, action, person_id, object_kind, object_id, relation, many, reason_sealed, request)
         VALUES ({id}, {at}, 'staff', {actor}, 'read', {person}, 'thread', {object}, 'pa', 1, {reason}, 'request')"
    ))
    .await;
}

/// A log whose rows are all linked, and its head.
async fn linked(engine: Engine) -> (Data, Head) {
    let data = Data::new(engine).await;
    let mut dice = Dice(7);
    for n in 0..ROWS {
        add_row(&data, &mut dice, after(n).as_microsecond()).await;
    }
    assert_eq!(audit::link(&data.db, &data.vault).await.unwrap(), usize::try_from(ROWS).unwrap());
    let head = audit::head(&mut data.db.read().await.unwrap()).await.unwrap().unwrap();
    (data, head)
}

async fn check(data: &Data, heads: &[Head]) -> Report {
    let mut db = data.db.read().await.unwrap();
    audit::verify(&mut db, &data.vault, heads.to_vec(), after(HOUR)).await.unwrap()
}

/// What somebody does first who owns the database: nothing refuses them any more.
async fn own(data: &Data) {
    let all: &[&str] = match data.raw {
        crate::support::Raw::Sqlite(..) => &[
            "DROP TRIGGER audit_kept_as_written",
            "DROP TRIGGER audit_never_deleted",
            "DROP TRIGGER audit_link_kept_as_written",
            "DROP TRIGGER audit_link_never_deleted",
            "DROP TRIGGER audit_waits_for_its_link",
            "PRAGMA foreign_keys = OFF",
            "PRAGMA synchronous = OFF",
        ],
        crate::support::Raw::Postgres(..) => &["SET session_replication_role = replica"],
    };
    for sql in all {
        data.raw.run(sql).await;
    }
}

/// The columns of a table, by name.
async fn columns(data: &Data, table: &str) -> Vec<String> {
    let sql = match data.raw {
        crate::support::Raw::Sqlite(..) => format!("SELECT name FROM pragma_table_info('{table}')"),
        crate::support::Raw::Postgres(..) => format!(
            "SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'"
        ),
    };
    data.raw.texts(&sql).await
}

/// Another value for a column, as SQL.
fn another(data: &Data, dice: &mut Dice, column: &str) -> String {
    let bytes = data.raw.bytes(&dice.bytes());
    let empty = data.raw.bytes(&[]);
    match (column, dice.below(2)) {
        ("n", _) => format!("{}", ROWS + 1 + dice.below(100)),
        ("at" | "many", _) => format!("{column} + {}", 1 + dice.below(1_000_000)),
        ("actor_kind", _) => "'person'".into(),
        ("id" | "audit_id" | "hash", _) => bytes,
        ("action" | "object_kind" | "relation" | "request", 0) => format!("{column} || 'x'"),
        ("action" | "object_kind" | "relation" | "request", _) => format!("substr({column}, 2)"),
        // Nothing is not the same as something of no length.
        (_, 0) => format!("CASE WHEN {column} IS NULL THEN {empty} ELSE NULL END"),
        (_, _) => bytes,
    }
}

/// Does one thing to the log that must not go unseen; gives its SQL.
fn tampering(data: &Data, dice: &mut Dice, columns: &[(String, String)]) -> Vec<String> {
    let n = 1 + dice.below(ROWS);
    let mut m = 1 + dice.below(ROWS - 1);
    m += i64::from(m >= n);
    let of = |n: i64| format!("(SELECT audit_id FROM audit_link WHERE n = {n})");
    let (bytes, hash) = (data.raw.bytes(&dice.bytes()), data.raw.bytes(&[dice.bytes(), dice.bytes()].concat()));
    let at = after(dice.below(ROWS)).as_microsecond();
    let beside = format!(
        "INSERT INTO audit (id, at, actor_kind, action, object_kind, relation, many, request) VALUES ({bytes}, {at}, 'staff', 'read', 'plan', 'pa', 1, 'x')"
    );
    let drop_row = format!("DELETE FROM audit WHERE id = {}", of(n));
    let drop_link = format!("DELETE FROM audit_link WHERE n = {n}");
    let swap = |table: &str, key: &str, column: &str, one: &str, other: &str| {
        let value = |key_is: &str| format!("(SELECT k.{column} FROM kept_{table} k WHERE k.{key} = {key_is})");
        vec![
            format!("UPDATE {table} SET {column} = {bytes} WHERE {key} = {one}"),
            format!("UPDATE {table} SET {column} = {} WHERE {key} = {other}", value(one)),
            format!("UPDATE {table} SET {column} = {} WHERE {column} = {bytes}", value(other)),
        ]
    };
    match dice.below(15) {
        0..=3 => {
            let (table, column) = &columns[usize::try_from(dice.below(i64::try_from(columns.len()).unwrap())).unwrap()];
            let of = if table == "audit" { format!("id = {}", of(n)) } else { format!("n = {n}") };
            vec![format!("UPDATE {table} SET {column} = {} WHERE {of}", another(data, dice, column))]
        }
        // What ends one column begins the next.
        4 => vec![format!(
            "UPDATE audit SET action = action || substr(object_kind, 1, 1), object_kind = substr(object_kind, 2) WHERE id = {}",
            of(n)
        )],
        5 => vec![drop_row],
        6 => vec![drop_row, drop_link],
        7 => vec![
            drop_row,
            drop_link,
            format!("UPDATE audit_link SET n = -n WHERE n > {n}"),
            "UPDATE audit_link SET n = -n - 1 WHERE n < 0".into(),
        ],
        8 => vec![beside],
        9 => vec![beside, format!("INSERT INTO audit_link (n, audit_id, hash) VALUES ({}, {bytes}, {hash})", ROWS + 1)],
        10 => {
            let (one, other) =
                (of(n).replace("audit_link", "kept_audit_link"), of(m).replace("audit_link", "kept_audit_link"));
            swap("audit", "id", "at", &one, &other).into_iter().map(|sql| sql.replace(&bytes, "-1")).collect()
        }
        11 => swap("audit_link", "n", "audit_id", &n.to_string(), &m.to_string()),
        12 => swap("audit_link", "n", "hash", &n.to_string(), &m.to_string()),
        13 => vec![drop_link],
        _ => vec![
            format!("DELETE FROM audit WHERE id IN (SELECT audit_id FROM audit_link WHERE n >= {n})"),
            format!("DELETE FROM audit_link WHERE n >= {n}"),
        ],
    }
}

async fn a_thousand_tamperings_are_all_found(engine: Engine) {
    // PostgreSQL commits to the disk each time.
    let rounds = if engine == Engine::Sqlite { 1000 } else { 60 };
    let (data, head) = linked(engine).await;
    own(&data).await;
    let mut all = Vec::new();
    for table in ["audit", "audit_link"] {
        data.raw.run(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
        all.extend(columns(&data, table).await.into_iter().map(|column| (table.to_owned(), column)));
    }
    assert!(all.len() >= 15, "the columns were not found");
    let began = Instant::now();
    let (mut dice, mut found, mut unseen) = (Dice(11), 0, String::new());
    for _ in 0..rounds {
        let done = tampering(&data, &mut dice, &all);
        for sql in &done {
            data.raw.run(sql).await;
        }
        if check(&data, &[head]).await.found > 0 {
            found += 1;
        } else {
            writeln!(unseen, "{done:#?}").unwrap();
        }
        for table in ["audit_link", "audit"] {
            data.raw.run(&format!("DELETE FROM {table}")).await;
        }
        for table in ["audit", "audit_link"] {
            data.raw.run(&format!("INSERT INTO {table} SELECT * FROM kept_{table}")).await;
        }
    }
    println!("{engine:?}: {found} of {rounds} tamperings found in {:?}", began.elapsed());
    assert_eq!(found, rounds, "not found:\n{unseen}");
    assert_eq!(check(&data, &[head]).await.found, 0, "each was taken back");
}

async fn what_nobody_touched_is_in_order(engine: Engine) {
    let (data, head) = linked(engine).await;
    let mut dice = Dice(3);
    // More than are read in one go, and one that is too new to have its link.
    for n in 0..1_000 {
        add_row(&data, &mut dice, after(100 + n).as_microsecond()).await;
    }
    assert_eq!(audit::link(&data.db, &data.vault).await.unwrap(), 1_000);
    assert_eq!(data.raw.number("SELECT COUNT(*) FROM audit_waiting").await, 0);
    let last = audit::head(&mut data.db.read().await.unwrap()).await.unwrap().unwrap();
    add_row(&data, &mut dice, after(HOUR - MINUTE).as_microsecond()).await;
    let report = check(&data, &[last, head, head]).await;
    assert_eq!((report.links, report.waiting, report.found), (ROWS + 1_000, 1, 0), "{:?}", report.first);
    assert_eq!(check(&data, &[]).await.first, [Finding::NoHead]);
}

async fn rows_that_commit_late_are_linked_all_the_same(engine: Engine) {
    let (data, _) = linked(engine).await;
    let mut dice = Dice(5);
    for at in [9 * MINUTE, 3, 5 * MINUTE, 2] {
        add_row(&data, &mut dice, after(at).as_microsecond()).await;
        assert_eq!(audit::link(&data.db, &data.vault).await.unwrap(), 1);
    }
    assert_eq!(audit::link(&data.db, &data.vault).await.unwrap(), 0);
    let head = audit::head(&mut data.db.read().await.unwrap()).await.unwrap().unwrap();
    let report = check(&data, &[head]).await;
    assert_eq!((report.links, report.found), (ROWS + 4, 0), "{:?}", report.first);
}

async fn a_row_that_waits_twice_is_told_and_leaves_the_chain_whole(engine: Engine) {
    let (data, head) = linked(engine).await;
    add_row(&data, &mut Dice(11), after(MINUTE).as_microsecond()).await;
    data.raw.run("INSERT INTO audit_waiting (at, audit_id) SELECT at + 1, audit_id FROM audit_waiting").await;
    assert!(matches!(audit::link(&data.db, &data.vault).await, Err(Error::Duplicate)));
    assert_eq!(check(&data, &[head]).await.links, ROWS);
    data.raw.run("DELETE FROM audit_waiting WHERE at > (SELECT MIN(at) FROM audit_waiting)").await;
    assert_eq!(audit::link(&data.db, &data.vault).await.unwrap(), 1);
}

async fn two_jobs_at_once_make_one_chain(engine: Engine) {
    let (data, _) = filled(engine).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (db, vault) = (data.db.clone(), data.vault.clone());
        tasks.spawn(async move {
            for _ in 0..50 {
                audit::viewed(&db, Entry::of(None, "read", "plan", noon()), "request".into()).await.unwrap();
            }
            // The last look is after the last row.
            audit::link(&db, &vault).await.unwrap();
        });
    }
    for _ in 0..2 {
        let (db, vault) = (data.db.clone(), data.vault.clone());
        tasks.spawn(async move {
            for _ in 0..60 {
                audit::link(&db, &vault).await.unwrap();
            }
        });
    }
    tasks.join_all().await;
    audit::link(&data.db, &data.vault).await.unwrap();
    let head = audit::head(&mut data.db.read().await.unwrap()).await.unwrap().unwrap();
    let report = check(&data, &[head]).await;
    assert_eq!((report.links, report.found), (200, 0), "{:?}", report.first);
    assert_eq!(data.raw.number("SELECT COUNT(*) FROM audit_waiting").await, 0);
}

async fn without_the_key_nobody_makes_the_chain_anew(engine: Engine) {
    let (data, head) = linked(engine).await;
    own(&data).await;
    data.raw.run("UPDATE audit SET relation = 'cover'").await;
    data.raw.run("DELETE FROM audit_link").await;
    data.raw.run("INSERT INTO audit_waiting (at, audit_id) SELECT at, id FROM audit").await;
    let other = Vault::new(&[1; 32]).unwrap();
    audit::link(&data.db, &other).await.unwrap();
    let report = check(&data, &[head]).await;
    assert_eq!(report.found, ROWS + 1, "each link, and the head");
}

async fn a_row_of_last_week_that_is_added_today_is_found(engine: Engine) {
    let (data, _) = linked(engine).await;
    add_row(&data, &mut Dice(9), after(-7 * DAY).as_microsecond()).await;
    audit::link(&data.db, &data.vault).await.unwrap();
    let head = audit::head(&mut data.db.read().await.unwrap()).await.unwrap().unwrap();
    let report = check(&data, &[head]).await;
    assert!(matches!(report.first[..], [Finding::BackDated(n, _)] if n == ROWS + 1), "{:?}", report.first);
}

async fn links_are_never_changed_and_never_deleted(engine: Engine) {
    let (data, _) = linked(engine).await;
    for sql in ["UPDATE audit_link SET n = n", "DELETE FROM audit_link"] {
        let refused = data.raw.try_run(sql).await.expect_err(sql).to_string();
        assert!(refused.contains("audit links are"), "{refused}");
    }
    if engine == Engine::Postgres {
        data.raw.try_run("TRUNCATE audit_link").await.expect_err("TRUNCATE");
    }
}

async fn the_command_checks_the_log_and_says_what_is_wrong(engine: Engine) {
    let data = Data::new(engine).await;
    let (folder, address) = (data.folder.path(), data.address());
    let settings = [("DATABASE_URL", address.as_str()), ("DATA_DIR", folder.to_str().unwrap())];
    let mut portal = Program::start(&["serve"], folder, &settings).await;
    let mut visitor = crate::support::Client::new(&portal.origin);
    for n in 0..3 {
        let fields = [("username", format!("nobody-{n}")), ("passphrase", "not the right words".into())];
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        visitor.post_form("/sign-in", &fields).await.is(422);
    }
    let end = Instant::now() + Duration::from_secs(20);
    while data.raw.number("SELECT COUNT(*) FROM audit_link").await < 3 {
        assert!(Instant::now() < end, "not linked: {}", portal.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    portal.stop().await;
    // The head is written down when it starts, and every minute.
    let mut portal = Program::start(&["serve"], folder, &settings).await;
    let heads = folder.join("audit-head");
    while !heads.exists() {
        assert!(Instant::now() < end, "no head: {}", portal.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    portal.stop().await;
    assert!(portal.log().contains("head of the audit chain"), "{}", portal.log());
    let verify = ["audit", "verify"];
    let clean = run(&verify, &settings);
    let said = String::from_utf8_lossy(&clean.stdout).into_owned();
    assert!(clean.status.success(), "{said}{}", String::from_utf8_lossy(&clean.stderr));
    assert!(said.contains("3 links with their rows were checked, and 1 heads"), "{said}");
    assert!(said.contains("Every row is as it was written"), "{said}");
    // The end is cut off, with all that tells of it in the database.
    own(&data).await;
    data.raw.run("DELETE FROM audit WHERE id = (SELECT audit_id FROM audit_link WHERE n = 3)").await;
    data.raw.run("DELETE FROM audit_link WHERE n = 3").await;
    refuses(&verify, &settings, &["not as it was written", "1 findings"]);
    let said = String::from_utf8(run(&verify, &settings).stdout).unwrap();
    assert!(said.contains("link 3 is not the one that was written down as the head"), "{said}");
    let nowhere = folder.join("nowhere");
    refuses(&["audit", "verify", "--head", nowhere.to_str().unwrap()], &settings, &["nowhere", "cannot be read"]);
    std::fs::write(&heads, "nonsense\n").unwrap();
    refuses(&verify, &settings, &["line 1: not a head"]);
}
