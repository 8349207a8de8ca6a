//! A worker's day of 25 people with 200 messages each beside one written by hand, and a manager's page of 40 workers
//! with 1,000 people.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Html;
use jiff::civil::date;
use maud::{PreEscaped, html};
use portal::clock::{DAY, MINUTE, from_micros, london_date};
use portal::db::{Db, Kind, Tx, Url};
use portal::id::{Id, unhex};
use portal::messages::store::New;
use portal::messages::{self, How, What};
use portal::people::access::{self, AnswerMessage, NoteThread, ReadThread, WriteMessage};
use portal::people::{Actor, Door, Part, PersonId, Role, StaffId, store as people};
use portal::signin::{Owner, store as signin};
use portal::vault::{Column, Vault, new_id, sha256};

use crate::fixtures::runtime;
use crate::load::fetch;
use crate::peer::Peer;

/// Adds `workers` to the team of the demo's manager, each with `people` who have `messages` each. The first is the
/// demo's adviser.
pub fn caseloads(folder: &Path, workers: usize, each: usize, messages: usize) {
    runtime().block_on(async {
        let vault = Vault::from_file(&folder.join("demo.key")).unwrap();
        let db = Db::open(&Url::Sqlite(folder.join("demo.db"))).await.unwrap();
        let vault = db.claim(Kind::Demo, &vault, 0).await.unwrap();
        let mut read = db.read().await.unwrap();
        let mut owner =
            async |username: &str| signin::account(&mut read, &vault, username).await.unwrap().unwrap().owner;
        let Owner::Person(sam) = owner("amber-otter-42").await else { panic!("a person") };
        let Owner::Staff(priya) = owner("demo-adviser").await else { panic!("staff") };
        let Owner::Staff(morag) = owner("demo-manager").await else { panic!("staff") };
        drop(read);
        let now = portal::clock::Clock::default().now();
        for worker in 0..workers {
            db.write(vault.clone(), move |tx, vault| {
                Box::pin(async move {
                    let then = from_micros(now.as_microsecond() - 90 * DAY);
                    let team = people::team_of_person(tx, sam).await?;
                    let staff = if worker == 0 {
                        people::join_team(tx, team, morag, false, then).await?;
                        priya
                    } else {
                        let name = format!("Worker {worker}");
                        let staff = people::insert_staff(tx, vault, &name, None, &[Role::Adviser], then).await?;
                        signin::set_account(tx, vault, Owner::Staff(staff), &format!("worker-{worker}"), "none", then)
                            .await?;
                        staff
                    };
                    people::join_team(tx, team, staff, false, then).await?;
                    for n in 0..each {
                        let name = format!("Person {n} of {worker}");
                        let born_on = date(2004 + i16::try_from(n % 5).unwrap(), 5, 5);
                        let new = people::NewPerson { called: format!("P{n} W{worker}"), name, born_on, team };
                        let person = people::insert_person(tx, vault, &new, then).await?;
                        people::assign(tx, person, staff, Part::Pa, true, then).await?;
                        people::begin_spell(tx, person, "home", "own-tenancy", date(2026, 1, 1)).await?;
                        talk(tx, vault, (person, staff), messages, n % 3 == 0).await?;
                    }
                    Ok(())
                })
            })
            .await
            .unwrap();
        }
    });
}

/// The tables by hand.
pub async fn pool(folder: &Path) -> sqlx::SqlitePool {
    sqlx::SqlitePool::connect_with(sqlx::sqlite::SqliteConnectOptions::new().filename(folder.join("demo.db")))
        .await
        .unwrap()
}

async fn talk(
    tx: &mut Tx,
    vault: &Vault,
    (person, staff): (PersonId, StaffId),
    many: usize,
    waits: bool,
) -> portal::error::Result<()> {
    let now = portal::clock::Clock::default().now();
    let start = now.as_microsecond() - i64::try_from(many + 2).unwrap() * 20 * MINUTE;
    let worker = Actor::Staff(staff, vec![Role::Adviser]);
    let mut asked = None;
    for n in 0..many {
        let at = from_micros(start + i64::try_from(n).unwrap() * 20 * MINUTE);
        let text = format!("Message {n}: the viewing on Thursday went well, and the kitchen is small but near work.");
        if n % 2 == 0 {
            let mut access =
                access::check::<WriteMessage, _>(tx, &Actor::Person(person, Door::Sealed), person, at).await?.unwrap();
            let due = from_micros(at.as_microsecond() + DAY);
            asked = Some(messages::store::insert(&mut access, vault, &New::said(&text, Some(due))).await?);
        } else if n + 1 < many || !waits {
            let opened = from_micros(at.as_microsecond() - 10 * MINUTE);
            let mut access = access::check::<ReadThread, _>(tx, &worker, person, opened).await?.unwrap();
            messages::store::mark_opened(&mut access, asked.unwrap(), asked.unwrap()).await?;
            let mut access = access::check::<AnswerMessage, _>(tx, &worker, person, at).await?.unwrap();
            messages::store::insert(&mut access, vault, &New::said(&text, None)).await?;
        }
    }
    let mut access = access::check::<NoteThread, _>(tx, &worker, person, from_micros(start)).await?.unwrap();
    let what = What::Spoke(How::Phone, london_date(from_micros(start)));
    messages::store::insert(&mut access, vault, &New { what, body: "", shown: None, due: None }).await.map(drop)
}

/// Middle and 99th of a hundred in milliseconds, of one request after another.
pub fn times(port: u16, path: &str, cookie: &str) -> (f64, f64) {
    let mut all: Vec<Duration> = (0..400)
        .map(|_| {
            let began = Instant::now();
            let answer = fetch(port, path, &[cookie]).unwrap();
            assert_eq!(answer.status, 200, "{path}");
            began.elapsed()
        })
        .collect();
    all.sort();
    let ms = |at: usize| all[at].as_secs_f64() * 1_000.0;
    (ms(200), ms(396))
}

/// `/work` as one would write it by hand: nearly the same rows, names opened, an audit row, the same words.
pub async fn today(State(peer): State<Arc<Peer>>, headers: HeaderMap) -> Html<String> {
    let cookie = headers.get("cookie").unwrap().to_str().unwrap();
    let token = unhex(cookie.split_once('=').unwrap().1).unwrap();
    let now = portal::clock::Clock::default().now();
    let micros = now.as_microsecond();
    let mut db = peer.read.begin().await.unwrap();
    let (staff,): (StaffId,) = sqlx::query_as(
        "SELECT a.owner_id FROM session s JOIN account a ON a.id = s.account_id
         WHERE s.token_hash = $1 AND a.state = 'active' AND a.epoch = s.epoch AND s.until_at > $2",
    )
    .bind(sha256(&token).to_vec())
    .bind(micros)
    .fetch_one(&mut *db)
    .await
    .unwrap();
    let today = london_date(now).to_string();
    type Row =
        (PersonId, Vec<u8>, Vec<u8>, Option<i64>, Option<i64>, i64, i64, Option<i64>, Option<String>, Option<String>);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT p.id, p.called_sealed, k.wrapped, t.waiting_since, t.due_at,
            (SELECT COUNT(*) FROM message m WHERE m.thread_id = t.id AND m.from_kind = 'person' AND m.sent_at >= t.waiting_since
                AND NOT EXISTS (SELECT 1 FROM message_opened o WHERE o.message_id = m.id)),
            (SELECT COUNT(*) FROM crisis_flag f WHERE f.person_id = p.id AND f.cleared_at IS NULL),
            (SELECT MAX(m.sent_at) FROM message m WHERE m.thread_id = t.id AND m.from_kind = 'person'),
            (SELECT MAX(m.day_on) FROM message m WHERE m.thread_id = t.id AND m.kind = 'contact'),
            (SELECT MAX(m.day_on) FROM message m WHERE m.thread_id = t.id AND m.kind = 'contact' AND m.how = 'visit')
         FROM assignment a JOIN person p ON p.id = a.person_id JOIN seal_key k ON k.owner_id = p.id LEFT JOIN thread t ON t.person_id = p.id
         WHERE a.staff_id = $1 AND a.to_at IS NULL AND a.kind <> 'manager' AND p.state = 'active'
         ORDER BY t.waiting_since IS NULL, t.waiting_since, p.id").bind(staff).fetch_all(&mut *db).await.unwrap();
    // Most of what else says who stands there today: birthdays, homes, how often they are asked and spoken with, and their reviews.
    type Known = (
        PersonId,
        String,
        i64,
        bool,
        Option<i64>,
        Option<i64>,
        Option<String>,
        Option<String>,
        Option<String>,
        Option<i64>,
    );
    let _known: Vec<Known> = sqlx::query_as(
        "SELECT p.id, p.born_on, p.created_at, p.safety_flag, y.check_in_days, y.contact_weeks,
            (SELECT MAX(h.from_on) FROM spell h WHERE h.person_id = p.id AND h.kind = 'home' AND h.from_on <= $2 AND (h.to_on IS NULL OR h.to_on > $2)),
            (SELECT MAX(r.held_on) FROM review r WHERE r.person_id = p.id),
            (SELECT MIN(r.due_on) FROM review r WHERE r.person_id = p.id AND r.held_on IS NULL),
            (SELECT MIN(COALESCE(f.shared_at, f.made_at)) FROM plan f WHERE f.person_id = p.id AND f.state <> 'draft')
         FROM assignment a JOIN person p ON p.id = a.person_id LEFT JOIN rhythm y ON y.person_id = p.id
         WHERE a.staff_id = $1 AND a.to_at IS NULL AND a.kind <> 'manager' AND p.state = 'active'")
        .bind(staff).bind(&today).fetch_all(&mut *db).await.unwrap();
    let _promised: Vec<(PersonId, String, i64)> = sqlx::query_as(
        "SELECT t.person_id, m.day_on, m.sent_at FROM assignment a JOIN thread t ON t.person_id = a.person_id
         JOIN message m ON m.thread_id = t.id AND m.kind = 'promise'
         WHERE a.staff_id = $1 AND a.to_at IS NULL AND NOT EXISTS (SELECT 1 FROM message x WHERE x.thread_id = t.id AND x.kind = 'message' AND x.from_kind = 'staff' AND x.seq > m.seq)")
        .bind(staff).fetch_all(&mut *db).await.unwrap();
    let _pressed: Vec<(PersonId, String, bool, i64)> = sqlx::query_as(
        "SELECT c.person_id, c.feel, c.call, c.at FROM assignment a JOIN check_in c ON c.person_id = a.person_id
         WHERE a.staff_id = $1 AND a.to_at IS NULL ORDER BY c.at",
    )
    .bind(staff)
    .fetch_all(&mut *db)
    .await
    .unwrap();
    let _said: Vec<(PersonId, String, i64)> = sqlx::query_as(
        "SELECT y.person_id, y.kind, y.at FROM assignment a JOIN plan_say y ON y.person_id = a.person_id
         WHERE a.staff_id = $1 AND a.to_at IS NULL AND y.heard_at IS NULL AND y.kind IN ('disagree', 'talk')",
    )
    .bind(staff)
    .fetch_all(&mut *db)
    .await
    .unwrap();
    // What the reader did about rows, whom they stand in for, and their desk.
    let _marks: Vec<(PersonId, bool, Option<String>, Option<String>)> =
        sqlx::query_as("SELECT person_id, unread, snoozed_to, follow_up_on FROM thread_mark WHERE staff_id = $1")
            .bind(staff)
            .fetch_all(&mut *db)
            .await
            .unwrap();
    let _done: Vec<(PersonId, String, String)> =
        sqlx::query_as("SELECT person_id, why, day_on FROM day_done WHERE staff_id = $1")
            .bind(staff)
            .fetch_all(&mut *db)
            .await
            .unwrap();
    let _covers: Vec<(StaffId, String)> = sqlx::query_as(
        "SELECT staff_id, to_on FROM absence WHERE cover_id = $1 AND from_on <= $2 AND to_on >= $2 AND (ended_at IS NULL OR ended_at > $3)")
        .bind(staff).bind(&today).bind(micros).fetch_all(&mut *db).await.unwrap();
    let _desk: Option<(Id<()>, bool)> = sqlx::query_as(
        "SELECT team_id, duty FROM team_member WHERE staff_id = $1 AND from_at <= $2 AND (to_at IS NULL OR to_at > $2) ORDER BY from_at DESC LIMIT 1")
        .bind(staff).bind(micros).fetch_optional(&mut *db).await.unwrap();
    let _asks: Vec<(PersonId, String)> = sqlx::query_as(
        "SELECT l.person_id, 'letter' FROM letter l JOIN assignment a ON a.person_id = l.person_id WHERE a.staff_id = $1 AND a.to_at IS NULL AND l.state = 'asked'
         UNION ALL SELECT m.person_id, 'time' FROM appointment m JOIN assignment a ON a.person_id = m.person_id WHERE a.staff_id = $1 AND a.to_at IS NULL
            AND m.starts_at > $2 AND m.cannot_at IS NOT NULL AND m.cancelled_at IS NULL
         UNION ALL SELECT g.person_id, 'meeting' FROM meeting_prep g JOIN assignment a ON a.person_id = g.person_id WHERE a.staff_id = $1 AND a.to_at IS NULL
            AND g.used_at IS NULL AND g.shared_at IS NOT NULL")
        .bind(staff).bind(micros).fetch_all(&mut *db).await.unwrap();
    let _calls: (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM knock WHERE done_at IS NULL").fetch_one(&mut *db).await.unwrap();
    db.commit().await.unwrap();
    let list = html! {
        @for (person, called, wrapped, since, due, unopened, ..) in rows.iter().filter(|row| row.3.is_some()) {
            li id=(format!("p-{person}")) {
                a href=(format!("/work/people/{person}/messages")) {
                    strong { (peer.vault.owner_key(*person, wrapped).unwrap().open(Column::PersonCalled, *person, called).unwrap()) }
                    " " span {
                        @if *unopened == 0 { "Opened, not answered" } @else if *unopened == 1 { "1 message not opened" } @else { (unopened) " messages not opened" }
                        @if due.is_some_and(|due| due <= micros) { " · an answer is late" }
                    }
                    " " span class="tag warn" { "Waiting " (portal::messages::waited(micros - since.unwrap())) }
                }
                @let name = peer.vault.owner_key(*person, wrapped).unwrap().open(Column::PersonCalled, *person, called).unwrap();
                div class="row-does" {
                    a href=(format!("/work/people/{person}")) { "About" span class="vh" { " " (name) } }
                    a href=(format!("/work/people/{person}/messages/later")) { "Later" span class="vh" { ", for " (name) } }
                }
            }
        }
    };
    let entry: Id<()> = new_id().unwrap();
    sqlx::query(
        "INSERT INTO audit (id, at, actor_kind, actor_id, action, person_id, object_kind, object_id, relation, many, request)
         VALUES ($1, $2, 'staff', $3, 'list', NULL, 'caseload', NULL, 'own', $4, 'peer')")
        .bind(entry).bind(micros).bind(staff).bind(i64::try_from(rows.len()).unwrap()).execute(&peer.write).await.unwrap();
    Html(html! { (PreEscaped(&peer.before)) (list) (PreEscaped(&peer.after)) }.into_string())
}
