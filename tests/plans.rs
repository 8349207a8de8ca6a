//! However many messages there are, no query of a thread or a list reads them all.

use crate::support::{Engine, Raw, block_on, filled};

/// Tables that grow with every message.
const GROW: [&str; 5] = ["message", "message_opened", "form_post", "audit", "outbox"];

/// The statements of a file of a store: whatever stands in quotes and begins like one. Where a text is put together round
/// who leads for somebody, that is a value.
fn statements(text: &str) -> Vec<String> {
    let mut pieces = text.split("lead_of!(");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let quote = |text: &str| text.find('"').expect("the text goes on");
        let end = piece.find(')').expect("a macro ends");
        text.truncate(text.rfind('"').expect("a text stands before it"));
        text.push_str("NULL");
        text.push_str(&piece[end + quote(&piece[end..]) + 1..]);
    }
    let parts: Vec<&str> = text.split('"').collect();
    let inside = parts.iter().skip(1).step_by(2);
    let begins = |part: &&&str| ["SELECT ", "UPDATE ", "DELETE ", "INSERT "].iter().any(|word| part.starts_with(word));
    inside.filter(begins).map(|part| (*part).to_owned()).collect()
}

#[test]
fn no_query_of_a_thread_or_a_list_reads_every_message() {
    block_on(async {
        let (data, _) = filled(Engine::Sqlite).await;
        let Raw::Sqlite(pool, _) = &data.raw else { panic!("SQLite") };
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/messages/store");
        let (mut looked, mut wrong) = (0, Vec::new());
        for file in std::fs::read_dir(root).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            for sql in statements(&text) {
                // The place of a list.
                let sql = sql.replace("{}", "$9");
                looked += 1;
                #[expect(clippy::disallowed_methods, reason = "the statements of our own files")]
                let asked = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
                let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(asked).fetch_all(pool).await.unwrap();
                for (.., step) in plan {
                    let table = names(&sql, &step).unwrap_or_default();
                    if step.starts_with("SCAN") && GROW.contains(&table.as_str()) {
                        wrong.push(format!("{step}: {sql}"));
                    }
                }
            }
        }
        assert!(looked > 30, "only {looked} statements were found");
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

/// The table that a step of a plan reads: plans say the short name that the statement gave it.
fn names(sql: &str, step: &str) -> Option<String> {
    let short = step.split_whitespace().nth(1)?;
    let words: Vec<&str> =
        sql.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    let named = words.windows(3).find(|some| ["FROM", "JOIN"].contains(&some[0]) && some[2] == short);
    Some(named.map_or(short, |some| some[1]).to_owned())
}

#[test]
fn the_reader_of_plans_knows_tables_by_their_short_names() {
    assert_eq!(names("SELECT 1 FROM message m JOIN thread t ON 1", "SCAN m").as_deref(), Some("message"));
    assert_eq!(names("SELECT 1 FROM message", "SCAN message").as_deref(), Some("message"));
    assert_eq!(statements("f(\"SELECT a FROM b\"); g(\"no\")"), ["SELECT a FROM b"]);
    let around = r#"concat!("SELECT a, ", people::lead_of!("p.id", "$2"), ", b FROM c"); "SELECT d""#;
    assert_eq!(statements(around), ["SELECT a, NULL, b FROM c", "SELECT d"]);
}
