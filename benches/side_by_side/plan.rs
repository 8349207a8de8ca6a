//! A whole plan on a worker's one screen beside one written by hand.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use axum::extract::{Path as Named, State};
use axum::http::HeaderMap;
use axum::response::Html;
use jiff::ToSpan as _;
use jiff::civil::Date;
use maud::{PreEscaped, html};
use portal::clock::{DAY, from_micros, london_date};
use portal::content::reading::ease;
use portal::db::{Db, Kind, Url};
use portal::dropins::words;
use portal::id::{Id, unhex};
use portal::people::{PersonId, StaffId};
use portal::plan::{Action, Doer, Field, Heading, Progress, Section, store};
use portal::signin::{Owner, store as signin};
use portal::vault::{Column, Vault, new_id, sha256};

use crate::fixtures::runtime;
use crate::peer::Peer;

/// How many versions there are, and how many actions under each of the ten headings.
const VERSIONS: i64 = 12;
const EACH: i64 = 6;

/// Writes the versions of a plan, as the demo's adviser, for somebody of theirs.
pub fn write(folder: &Path) -> PersonId {
    runtime().block_on(async {
        let vault = Vault::from_file(&folder.join("demo.key")).unwrap();
        let db = Db::open(&Url::Sqlite(folder.join("demo.db"))).await.unwrap();
        let vault = db.claim(Kind::Demo, &vault, 0).await.unwrap();
        let mut read = db.read().await.unwrap();
        let account = signin::account(&mut read, &vault, "demo-adviser").await.unwrap().unwrap();
        let Owner::Staff(priya) = account.owner else { panic!("staff") };
        let sqlite = crate::work::pool(folder).await;
        let person: PersonId = sqlx::query_scalar(
            "SELECT person_id FROM assignment a WHERE staff_id = $1 AND NOT EXISTS
                (SELECT 1 FROM plan p WHERE p.person_id = a.person_id) LIMIT 1",
        )
        .bind(priya)
        .fetch_one(&sqlite)
        .await
        .unwrap();
        drop(read);
        let now = portal::clock::Clock::default().now();
        let review_on = london_date(now).saturating_add(60.days());
        for version in 1..=VERSIONS {
            let sections: Vec<_> = Heading::ALL.into_iter().map(|heading| section(heading, version, now)).collect();
            let at = from_micros(now.as_microsecond() - (VERSIONS - version + 1) * 5 * DAY);
            db.write((vault.clone(), sections), move |tx, (vault, sections)| {
                Box::pin(store::insert_shared(tx, vault, person, priya, Some(review_on), sections, at))
            })
            .await
            .unwrap();
        }
        person
    })
}

fn section(heading: Heading, version: i64, now: jiff::Timestamp) -> Section {
    let text = |says: &str| {
        Some(format!(
            "{says} {} in version {version}. You live near the shops. The bus is close. You like it.",
            heading.title()
        ))
    };
    let action = |n: i64| Action {
        text: format!("Ring about {} once more, and write down who said what: number {n}", heading.title()),
        who: if n % 2 == 0 { Doer::Me } else { Doer::Staff },
        due_on: (n % 3 == 0).then(|| london_date(now).saturating_add((10 + n).days())),
        state: if n == 0 { Progress::Doing } else { Progress::NotStarted },
    };
    let actions = if version == VERSIONS { (0..EACH).map(action).collect() } else { Vec::new() };
    Section { heading, now: text("How it is with"), want: text("I want more of"), agreed: text("We look at"), actions }
}

type Texts = (Id<()>, String, Option<Vec<u8>>, Option<Vec<u8>>, Option<Vec<u8>>);
type Version = (Id<()>, i64, String, i64, Option<i64>, Option<i64>);
type Does = (Id<()>, String, Vec<u8>, String, Option<String>, String);

/// `/work/people/{id}/plan` as one would write it by hand: the same rows but for what was done to each action, texts opened, an audit row, the same words.
pub async fn whole(State(peer): State<Arc<Peer>>, Named(id): Named<String>, headers: HeaderMap) -> Html<String> {
    let cookie = headers.get("cookie").unwrap().to_str().unwrap();
    let token = unhex(cookie.split_once('=').unwrap().1).unwrap();
    let person = PersonId::parse(&id).unwrap();
    let now = portal::clock::Clock::default().now();
    let micros = now.as_microsecond();
    let mut db = peer.read.begin().await.unwrap();
    let (staff, called, wrapped): (StaffId, Vec<u8>, Vec<u8>) = sqlx::query_as(
        "SELECT a.owner_id, p.called_sealed, k.wrapped FROM session s JOIN account a ON a.id = s.account_id
         JOIN assignment w ON w.staff_id = a.owner_id JOIN person p ON p.id = w.person_id JOIN seal_key k ON k.owner_id = p.id
         WHERE s.token_hash = $1 AND a.state = 'active' AND a.epoch = s.epoch AND s.until_at > $2
            AND p.id = $3 AND w.to_at IS NULL AND p.state = 'active'")
        .bind(sha256(&token).to_vec()).bind(micros).bind(person).fetch_one(&mut *db).await.unwrap();
    let key = peer.vault.owner_key(person, &wrapped).unwrap();
    let called = key.open(Column::PersonCalled, person, &called).unwrap();
    let _versions: Vec<Version> = sqlx::query_as(
        "SELECT id, version, state, made_at, shared_at, signed_at FROM plan WHERE person_id = $1 ORDER BY version DESC",
    )
    .bind(person)
    .fetch_all(&mut *db)
    .await
    .unwrap();
    let texts: Vec<Texts> = sqlx::query_as(
        "SELECT s.id, s.heading, s.now_sealed, s.want_sealed, s.agreed_sealed FROM plan_section s JOIN plan p ON p.id = s.plan_id
         WHERE p.person_id = $1 AND p.version = (SELECT MAX(version) FROM plan WHERE person_id = $1)")
        .bind(person).fetch_all(&mut *db).await.unwrap();
    let actions: Vec<Does> = sqlx::query_as(
        "SELECT id, heading, text_sealed, who_kind, due_on, state FROM plan_action WHERE person_id = $1 AND NOT private
         ORDER BY heading, position",
    )
    .bind(person)
    .fetch_all(&mut *db)
    .await
    .unwrap();
    let _looked: Option<(i64, i64)> =
        sqlx::query_as("SELECT before_at, seen_at FROM plan_looked WHERE person_id = $1 AND reader_id = $2")
            .bind(person)
            .bind(staff)
            .fetch_optional(&mut *db)
            .await
            .unwrap();
    let _said: Vec<(Id<()>, String, Option<Vec<u8>>)> = sqlx::query_as(
        "SELECT s.id, s.kind, s.words_sealed FROM plan_say s JOIN plan p ON p.id = s.plan_id WHERE p.person_id = $1",
    )
    .bind(person)
    .fetch_all(&mut *db)
    .await
    .unwrap();
    let _dates: (Option<String>, Option<String>, String) = sqlx::query_as(
        "SELECT (SELECT MAX(held_on) FROM review WHERE person_id = $1), (SELECT MIN(due_on) FROM review WHERE person_id = $1
            AND held_on IS NULL), born_on FROM person WHERE id = $1").bind(person).fetch_one(&mut *db).await.unwrap();
    let _preps: Vec<(Id<()>, Option<Vec<u8>>)> =
        sqlx::query_as("SELECT id, questions_sealed FROM meeting_prep WHERE person_id = $1 AND shared_at IS NOT NULL")
            .bind(person)
            .fetch_all(&mut *db)
            .await
            .unwrap();
    db.commit().await.unwrap();
    let texts: HashMap<String, [String; 3]> = texts
        .into_iter()
        .map(|(id, heading, now, want, agreed)| {
            let open = |column, text: Option<Vec<u8>>| key.open_some(column, id, text.as_deref()).unwrap().unwrap();
            (heading, [open(Column::PlanNow, now), open(Column::PlanWant, want), open(Column::PlanAgreed, agreed)])
        })
        .collect();
    let base = format!("/work/people/{person}/plan");
    let parts = html! {
        @for heading in Heading::ALL {
            section class="heading" id=(heading.as_str()) {
                h2 { (heading.title()) " " }
                @for (field, text) in Field::ALL.into_iter().zip(&texts[heading.as_str()]) {
                    h3 { (field.title(false)) }
                    p class="pre" { (text) }
                    @if ease(text.split('\n')).is_some_and(|ease| ease < 60.0) {
                        p class="hint" { "Hard to read for many. Shorter sentences and shorter words help." }
                    }
                    p { a href=(format!("{base}/write/{}/{}", heading.as_str(), field.as_str())) {
                        "Change" span class="vh" { ": " (heading.title()) ", " (field.title(false)) }
                    } }
                }
                p { a href=(format!("{base}/goals#{}", heading.as_str())) {
                    "Ideas for goals" span class="vh" { ": " (heading.title()) }
                } }
                h3 { "Who does what" }
                ul class="actions" {
                    @for (id, _, text, who, due, state) in actions.iter().filter(|one| one.1 == heading.as_str()) {
                        li {
                            a href=(format!("{base}/actions/{id}")) { (key.open(Column::ActionText, *id, text).unwrap()) } " "
                            span class="tag" { (Progress::parse(state).unwrap().title()) } " "
                            span class="meta" {
                                @if who == "me" { (called) } @else { "Their worker" }
                                @if let Some(due) = due { ", by " (words::date_with_year(due.parse::<Date>().unwrap())) }
                            }
                        }
                    }
                }
            }
        }
    };
    let entry: Id<()> = new_id().unwrap();
    sqlx::query(
        "INSERT INTO audit (id, at, actor_kind, actor_id, action, person_id, object_kind, object_id, relation, many, request)
         VALUES ($1, $2, 'staff', $3, 'read', $4, 'plan', NULL, 'pa', 1, 'peer')")
        .bind(entry).bind(micros).bind(staff).bind(person).execute(&peer.write).await.unwrap();
    Html(html! { (PreEscaped(&peer.plan.0)) (parts) (PreEscaped(&peer.plan.1)) }.into_string())
}
