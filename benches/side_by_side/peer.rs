//! The signed-in thread as one would write it by hand: axum, maud, sqlx. It reads the same rows,
//! opens the same sealed texts, commits an audit row before it answers, and shows the same words.
//! What stands around the thread it takes ready-made from a file.

use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Html;
use axum::routing::get;
use maud::{PreEscaped, html};
use portal::id::{Id, unhex};
use portal::people::{PersonId, StaffId};
use portal::vault::{Column, Vault, new_id, sha256};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

pub struct Peer {
    pub read: SqlitePool,
    pub write: SqlitePool,
    pub vault: Vault,
    /// What stands before the list that it draws, and after it.
    pub before: String,
    pub after: String,
    /// The same for a plan, where one is drawn.
    pub plan: (String, String),
    /// And for a person.
    pub person: (String, String),
}

pub fn serve(mut args: impl Iterator<Item = String>) {
    let folder = PathBuf::from(args.next().unwrap());
    let port: u16 = args.next().unwrap().parse().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async move {
        let options = SqliteConnectOptions::new()
            .filename(folder.join("demo.db"))
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(std::time::Duration::from_secs(5));
        let page = std::fs::read_to_string(folder.join("page.html")).unwrap();
        let start = page.find("<ol data-live").or_else(|| page.find("<ol class=\"queue\"")).unwrap();
        let start = page[start..].find('>').unwrap() + start + 1;
        let end = page[start..].find("</ol>").unwrap() + start;
        let plan = std::fs::read_to_string(folder.join("plan.html")).ok().map(|plan| {
            let parts = plan.find("<section id=").or_else(|| plan.find("<section class=")).unwrap();
            let over = plan.rfind("</section>").unwrap() + "</section>".len();
            (plan[..parts].to_owned(), plan[over..].to_owned())
        });
        let person = std::fs::read_to_string(folder.join("person.html")).ok().map(|person| {
            let list = "<dl class=\"facts\">";
            let start = person.find(list).unwrap() + list.len();
            let over = person[start..].find("</dl>").unwrap() + start;
            (person[..start].to_owned(), person[over..].to_owned())
        });
        let peer = Peer {
            plan: plan.unwrap_or_default(),
            person: person.unwrap_or_default(),
            read: SqlitePoolOptions::new()
                .max_connections(4)
                .test_before_acquire(false)
                .connect_with(options.clone())
                .await
                .unwrap(),
            write: SqlitePoolOptions::new()
                .max_connections(1)
                .test_before_acquire(false)
                .connect_with(options)
                .await
                .unwrap(),
            vault: Vault::from_file(&folder.join("demo.key")).unwrap(),
            before: page[..start].to_owned(),
            after: page[end..].to_owned(),
        };
        let router = axum::Router::new()
            .route("/live", get(|| async { "live" }))
            .route("/me/messages", get(thread))
            .route("/work", get(crate::work::today))
            .route("/work/people/{id}", get(crate::person::one))
            .route("/work/people/{id}/plan", get(crate::plan::whole))
            .with_state(Arc::new(peer));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        use axum::serve::ListenerExt as _;
        axum::serve(listener.tap_io(|stream| _ = stream.set_nodelay(true)), router).await.unwrap();
    });
}

async fn thread(State(peer): State<Arc<Peer>>, headers: HeaderMap) -> Html<String> {
    let cookie = headers.get("cookie").unwrap().to_str().unwrap();
    let token = unhex(cookie.split_once('=').unwrap().1).unwrap();
    let now = portal::clock::Clock::default().now();
    let mut db = peer.read.begin().await.unwrap();
    let (person, wrapped): (PersonId, Vec<u8>) = sqlx::query_as(
        "SELECT p.id, k.wrapped FROM session s JOIN account a ON a.id = s.account_id JOIN person p ON p.id = a.owner_id
         JOIN seal_key k ON k.owner_id = p.id
         WHERE s.token_hash = $1 AND a.state = 'active' AND a.epoch = s.epoch AND s.until_at > $2 AND p.state = 'active'")
        .bind(sha256(&token).to_vec()).bind(now.as_microsecond()).fetch_one(&mut *db).await.unwrap();
    let key = peer.vault.owner_key(person, &wrapped).unwrap();
    type Row = (Id<()>, String, Id<()>, Vec<u8>, i64);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT m.id, m.from_kind, m.from_id, m.body_sealed, m.sent_at FROM message m JOIN thread t ON t.id = m.thread_id
         WHERE t.person_id = $1 ORDER BY m.seq DESC LIMIT 50").bind(person).fetch_all(&mut *db).await.unwrap();
    let workers: Vec<(StaffId, Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "SELECT s.id, s.name_sealed, k.wrapped FROM assignment a JOIN staff s ON s.id = a.staff_id JOIN seal_key k ON k.owner_id = s.id
         WHERE a.person_id = $1 AND a.to_at IS NULL ORDER BY a.lead DESC").bind(person).fetch_all(&mut *db).await.unwrap();
    let opened: Vec<(Id<()>, i64)> = sqlx::query_as(
        "SELECT o.message_id, o.at FROM message_opened o JOIN message m ON m.id = o.message_id JOIN thread t ON t.id = m.thread_id
         WHERE t.person_id = $1 AND m.seq > t.last_seq - 50").bind(person).fetch_all(&mut *db).await.unwrap();
    db.commit().await.unwrap();
    let names: std::collections::HashMap<Id<()>, String> = workers
        .into_iter()
        .map(|(id, name, wrapped)| {
            (id.cast(), peer.vault.owner_key(id, &wrapped).unwrap().open(Column::StaffName, id, &name).unwrap())
        })
        .collect();
    let opened: std::collections::HashMap<Id<()>, i64> = opened.into_iter().collect();
    let mut answered: Option<i64> = None;
    let mut messages: Vec<_> = rows
        .into_iter()
        .map(|(id, kind, from, body, sent_at)| {
            let state = match (kind == "person", opened.get(&id)) {
                (true, Some(at)) if answered.is_some_and(|answered| *at <= answered) => Some("Answered"),
                (true, None) => Some("Saved. Not opened yet."),
                _ => None,
            };
            if kind == "staff" && answered.is_none() {
                answered = Some(sent_at);
            }
            let who = names.get(&from).cloned();
            (
                id,
                who,
                key.open(Column::MessageBody, id, &body).unwrap(),
                portal::messages::views::when(sent_at, now),
                state,
            )
        })
        .collect();
    messages.reverse();
    let list = html! {
        @for (id, who, body, when, state) in &messages {
            li class=(if who.is_none() { "msg mine" } else { "msg theirs" }) id=(format!("m-{id}")) {
                p class="who" {
                    @if let Some(who) = who { (who) ", from your team" } @else { "You" }
                    ", " time { (when) }
                }
                div class="body" { (body) }
                @if let Some(state) = state { p class="state" { (state) } }
            }
        }
    };
    let entry: Id<()> = new_id().unwrap();
    sqlx::query(
        "INSERT INTO audit (id, at, actor_kind, actor_id, action, person_id, object_kind, object_id, relation, many, request)
         VALUES ($1, $2, 'person', $3, 'read', $3, 'thread', NULL, 'own', 1, 'peer')")
        .bind(entry).bind(now.as_microsecond()).bind(person).execute(&peer.write).await.unwrap();
    Html(html! { (PreEscaped(&peer.before)) (list) (PreEscaped(&peer.after)) }.into_string())
}
