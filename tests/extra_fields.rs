//! A form does what its own fields say and nothing else: with thirty fields more that nobody asked for, the
//! database is the same afterwards as without them.

use std::collections::BTreeMap;

use portal::id::Id;
use portal::people::store::key as owner_key;
use portal::vault::Column;

use crate::support::forms::{Form, forms};
use crate::support::{Engine, Raw, TestApp, block_on};

/// Fields that no form of ours has all of, with values that would give power or another's things.
fn extras(app: &TestApp) -> Vec<(&'static str, String)> {
    let person = app.world.aaliyah.to_string();
    let staff = app.world.ada.to_string();
    let text = |word: &str| word.to_owned();
    vec![
        ("role", text("admin")),
        ("roles", text("admin")),
        ("person_id", person.clone()),
        ("staff_id", staff.clone()),
        ("account_id", person.clone()),
        ("owner_id", person.clone()),
        ("owner", person.clone()),
        ("owner_kind", text("staff")),
        ("door", text("3")),
        ("admin", text("true")),
        ("is_admin", text("1")),
        ("created_at", text("1")),
        ("made_at", text("1")),
        ("at", text("1")),
        ("id", person.clone()),
        ("epoch", text("99")),
        ("state", text("disabled")),
        ("own_device", text("yes")),
        ("second_proof", text("yes")),
        ("fresh_until", text("9999999999999999")),
        ("until_at", text("9999999999999999")),
        ("safety_flag", text("1")),
        ("lead", text("1")),
        ("team_id", person.clone()),
        ("notify", text("1")),
        ("confirmed_at", text("1")),
        ("needs_second", text("0")),
        ("passphrase_hash", text("$argon2id$planted")),
        ("relation", text("own")),
        ("made_by", staff.clone()),
        ("by_staff", staff),
        ("last_seq", text("0")),
        ("published", text("1")),
    ]
}

/// A table's rows with nothing in them that is new each time: ids by the name of whose they are, or by their
/// length as other bytes; times as they are, because the clock stands still.
async fn still(app: &TestApp, table: &str) -> Vec<String> {
    let raw = &app.data.raw;
    // The request's number and the hash of a passphrase are random.
    let columns: Vec<_> = raw
        .texts(&format!(
            "SELECT name FROM pragma_table_info('{table}') WHERE name NOT IN ('request', 'passphrase_hash')"
        ))
        .await
        .iter()
        .map(|column| format!("quote({column})"))
        .collect();
    let mut rows = raw.texts(&format!("SELECT {} FROM {table}", columns.join(" || '|' || "))).await;
    let world = &app.world;
    let names = [
        (world.sam.to_string(), "sam"),
        (world.aaliyah.to_string(), "aaliyah"),
        (world.priya.to_string(), "priya"),
        (world.chris.to_string(), "chris"),
        (world.ada.to_string(), "ada"),
        (world.faye.to_string(), "faye"),
    ];
    for row in &mut rows {
        for (id, name) in &names {
            *row = row.replace(&format!("X'{}'", id.to_uppercase()), name).replace(id.as_str(), name);
        }
        *row = row.split('|').map(plain).collect::<Vec<_>>().join("|");
    }
    rows.sort();
    rows
}

/// A value without random bytes: other bytes by their length, ids in a text by a word.
fn plain(value: &str) -> String {
    if let Some(bytes) = value.strip_prefix("X'") {
        return format!("{} bytes", bytes.len() / 2);
    }
    // The text of a page is long and holds no id.
    if value.len() > 500 {
        return value.to_owned();
    }
    // A closure's name ends with eight digits of an id.
    let is_id = |word: &str| matches!(word.len(), 8 | 32) && word.bytes().all(|b| b.is_ascii_hexdigit());
    value.split_inclusive(|c: char| !c.is_ascii_alphanumeric()).fold(String::new(), |text, word| {
        let end = word.len() - word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()).len();
        let (word, rest) = word.split_at(word.len() - end);
        text + if is_id(word) { "id" } else { word } + rest
    })
}

/// Sealed columns whose owner stands beside them, and where: owner, row, value.
const SEALED: [(Column, &str); 7] = [
    (Column::PersonName, "SELECT id, id, name_sealed FROM person"),
    (Column::PersonCalled, "SELECT id, id, called_sealed FROM person"),
    (Column::StaffName, "SELECT id, id, name_sealed FROM staff"),
    (Column::Username, "SELECT owner_id, id, username_sealed FROM account"),
    (Column::ContactValue, "SELECT owner_id, id, value_sealed FROM contact_point"),
    (Column::MessageBody, "SELECT t.person_id, m.id, m.body_sealed FROM message m JOIN thread t ON t.id = m.thread_id"),
    (Column::GlassReason, "SELECT person_id, id, reason_sealed FROM break_glass"),
];

/// What the sealed columns say, opened.
async fn opened(app: &TestApp, column: Column, sql: &'static str) -> Vec<String> {
    let Raw::Sqlite(pool, _) = &app.data.raw else { panic!("not SQLite") };
    let rows: Vec<(Id<()>, Id<()>, Vec<u8>)> = sqlx::query_as(sql).fetch_all(pool).await.unwrap();
    let mut texts = Vec::new();
    for (owner, row, sealed) in rows {
        let key = owner_key(&mut app.data.db.read().await.unwrap(), &app.data.vault, owner).await.unwrap();
        texts.push(key.open(column, row, &sealed).unwrap());
    }
    texts.sort();
    texts
}

/// The whole database.
async fn everything(app: &TestApp) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    for table in app.data.raw.tables().await {
        let rows = still(app, &table).await;
        all.insert(table, rows);
    }
    for (column, sql) in SEALED {
        all.insert(column.name().to_owned(), opened(app, column, sql).await);
    }
    all
}

/// Keeps what the form of any page holds, whatever it is called, for boxes of that page alone: the one form whose more
/// fields are kept. What it kept is thrown away.
const DRAFT: &str = "/sign-in/draft";

/// Forms that take a name away under which later ones sign in come last.
fn in_order(mut forms: Vec<Form>) -> Vec<Form> {
    forms.sort_by_key(|form| match form.path.as_str() {
        "/join" => 2,
        path if path.ends_with("/username") => 1,
        _ => 0,
    });
    forms
}

#[test]
fn thirty_more_fields_change_nothing_more() {
    block_on(async {
        let (without, with) = (TestApp::start(Engine::Sqlite).await, TestApp::start(Engine::Sqlite).await);
        let pairs: Vec<_> = in_order(forms(&without).await).into_iter().zip(in_order(forms(&with).await)).collect();
        let mut before = everything(&without).await;
        assert_eq!(before, everything(&with).await, "the two begin alike");
        let (mut changed, mut extra) = (0, 0);
        for (bare, loaded) in &pairs {
            assert_eq!(bare.fields.len(), loaded.fields.len());
            let first = bare.browser(&without).await.post_form(&bare.path, &bare.all()).await;
            let more = extras(&with);
            let mut fields = loaded.all();
            let new = more.iter().filter(|(name, _)| !loaded.fields.iter().any(|(known, _)| known == name));
            let new: Vec<_> = new.map(|(name, value)| (*name, value.as_str())).collect();
            assert!(new.len() >= 30, "{}: only {}", loaded.path, new.len());
            extra += new.len();
            // Before and after what the form has: neither place wins.
            fields.splice(0..0, new.iter().take(15).copied());
            fields.extend(new.iter().skip(15));
            let second = loaded.browser(&with).await.post_form(&loaded.path, &fields).await;
            assert_eq!(second.status, first.status, "{}", bare.path);
            assert_eq!(plain(second.location()), plain(first.location()), "{}", bare.path);
            let after = everything(&without).await;
            let other = everything(&with).await;
            for (table, rows) in after.iter().filter(|(table, _)| bare.path != DRAFT || *table != "draft") {
                assert_eq!(&other[table], rows, "{} changed {table} with fields that nobody asked for", bare.path);
            }
            if bare.path == DRAFT {
                for app in [&without, &with] {
                    app.data.raw.run("DELETE FROM draft").await;
                }
            }
            changed += u64::from(after != before);
            before = after;
        }
        println!("{} forms, {extra} fields more, {changed} of the forms changed something of their own", pairs.len());
        assert!(changed > 25, "only {changed} forms did anything at all");
    });
}
