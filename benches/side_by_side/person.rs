//! A worker's page of one person beside one written by hand.

use std::sync::Arc;

use axum::extract::{Path as Named, State};
use axum::http::HeaderMap;
use axum::response::Html;
use jiff::civil::Date;
use maud::{PreEscaped, html};
use portal::clock::{DAY, from_micros, london_date};
use portal::dropins::words;
use portal::id::{Id, unhex};
use portal::people::{PersonId, StaffId, age, says};
use portal::vault::{Column, new_id, sha256};

use crate::peer::Peer;

type Who = (StaffId, Vec<u8>, Vec<u8>, Option<Vec<u8>>, Vec<u8>, String, bool, String);
type Works = (StaffId, Vec<u8>, Vec<u8>, String, bool, i64);
type Held = (Id<()>, String, String, Option<Vec<u8>>, String, Option<String>, Option<bool>, Option<bool>);

/// `/work/people/{id}` as one would write it by hand: nearly the same rows, names opened, an audit row, the same words.
/// What stands around the first list of facts it takes ready-made.
pub async fn one(State(peer): State<Arc<Peer>>, Named(id): Named<String>, headers: HeaderMap) -> Html<String> {
    let cookie = headers.get("cookie").unwrap().to_str().unwrap();
    let token = unhex(cookie.split_once('=').unwrap().1).unwrap();
    let person = PersonId::parse(&id).unwrap();
    let now = portal::clock::Clock::default().now();
    let (micros, today) = (now.as_microsecond(), london_date(now));
    let mut db = peer.read.begin().await.unwrap();
    let (staff, name, called, about, wrapped, born_on, _flagged, team): Who = sqlx::query_as(
        "SELECT a.owner_id, p.name_sealed, p.called_sealed, p.profile_sealed, k.wrapped, p.born_on, p.safety_flag, t.name
         FROM session s JOIN account a ON a.id = s.account_id
         JOIN assignment w ON w.staff_id = a.owner_id JOIN person p ON p.id = w.person_id JOIN team t ON t.id = p.team_id
         JOIN seal_key k ON k.owner_id = p.id
         WHERE s.token_hash = $1 AND a.state = 'active' AND a.epoch = s.epoch AND s.until_at > $2
            AND p.id = $3 AND w.to_at IS NULL AND p.state = 'active'")
        .bind(sha256(&token).to_vec()).bind(micros).bind(person).fetch_one(&mut *db).await.unwrap();
    let key = peer.vault.owner_key(person, &wrapped).unwrap();
    let name = key.open(Column::PersonName, person, &name).unwrap();
    let called = key.open(Column::PersonCalled, person, &called).unwrap();
    let _about = key.open_some(Column::PersonProfile, person, about.as_deref()).unwrap();
    let workers: Vec<Works> = sqlx::query_as(
        "SELECT s.id, s.name_sealed, k.wrapped, a.kind, a.lead, a.from_at FROM assignment a JOIN staff s ON s.id = a.staff_id
         JOIN seal_key k ON k.owner_id = s.id WHERE a.person_id = $1 AND a.to_at IS NULL ORDER BY a.lead DESC, a.from_at")
        .bind(person).fetch_all(&mut *db).await.unwrap();
    let spells: Vec<Held> = sqlx::query_as(
        "SELECT id, kind, value, detail_sealed, from_on, to_on, provided, suitable FROM spell WHERE person_id = $1
         ORDER BY kind, from_on DESC, id",
    )
    .bind(person)
    .fetch_all(&mut *db)
    .await
    .unwrap();
    let _silenced: Vec<(String,)> = sqlx::query_as(
        "SELECT DISTINCT kind FROM contact_point WHERE owner_id = $1 AND NOT notify AND ended_at IS NULL",
    )
    .bind(person)
    .fetch_all(&mut *db)
    .await
    .unwrap();
    let _untold: Vec<(String, Option<String>, i64)> = sqlx::query_as(
        "SELECT kind, last_fault, made_at FROM outbox WHERE owner_id = $1 AND (state = 'failed' OR last_fault IS NOT NULL)")
        .bind(person).fetch_all(&mut *db).await.unwrap();
    type Dealings = (Option<i64>, Option<i64>, Option<i64>, Option<String>, Option<String>, Option<i64>);
    let dealings: Option<Dealings> = sqlx::query_as(
        "SELECT t.waiting_since, t.due_at,
            (SELECT MAX(m.sent_at) FROM message m WHERE m.thread_id = t.id AND m.from_kind = 'person'),
            (SELECT MAX(m.day_on) FROM message m WHERE m.thread_id = t.id AND m.kind = 'contact'),
            (SELECT MAX(m.day_on) FROM message m WHERE m.thread_id = t.id AND m.kind = 'contact' AND m.how = 'visit'),
            (SELECT MAX(c.at) FROM check_in c WHERE c.person_id = t.person_id)
         FROM thread t WHERE t.person_id = $1",
    )
    .bind(person)
    .fetch_optional(&mut *db)
    .await
    .unwrap();
    let _rhythm: Option<(Option<i64>, Option<i64>, String)> =
        sqlx::query_as("SELECT check_in_days, contact_weeks, from_on FROM rhythm WHERE person_id = $1")
            .bind(person)
            .fetch_optional(&mut *db)
            .await
            .unwrap();
    let (made, held, _due): (Option<i64>, Option<String>, Option<String>) = sqlx::query_as(
        "SELECT (SELECT MIN(COALESCE(shared_at, made_at)) FROM plan WHERE person_id = $1 AND state <> 'draft'),
            (SELECT MAX(held_on) FROM review WHERE person_id = $1), (SELECT MIN(due_on) FROM review WHERE person_id = $1 AND held_on IS NULL)")
        .bind(person).fetch_one(&mut *db).await.unwrap();
    let _said: Vec<(String, i64)> =
        sqlx::query_as("SELECT kind, at FROM plan_say WHERE person_id = $1 AND heard_at IS NULL")
            .bind(person)
            .fetch_all(&mut *db)
            .await
            .unwrap();
    let since = dealings.as_ref().and_then(|dealings| dealings.0).unwrap_or(micros) - DAY;
    let _devices: Vec<(Option<String>, i64)> = sqlx::query_as(
        "SELECT d.browser, d.made_at FROM device d JOIN account a ON a.id = d.account_id WHERE a.owner_id = $1 AND d.made_at > $2
         UNION ALL SELECT NULL, at FROM audit WHERE actor_id = $1 AND action = 'sign in elsewhere' AND at > $2")
        .bind(person).bind(since).fetch_all(&mut *db).await.unwrap();
    let _letter: Option<(i64,)> = sqlx::query_as("SELECT 1 FROM letter WHERE person_id = $1 AND state = 'asked'")
        .bind(person)
        .fetch_optional(&mut *db)
        .await
        .unwrap();
    let _away: Vec<(StaffId, String, Option<StaffId>)> = sqlx::query_as(
        "SELECT staff_id, to_on, cover_id FROM absence WHERE from_on <= $1 AND to_on >= $1 AND ended_at IS NULL",
    )
    .bind(today.to_string())
    .fetch_all(&mut *db)
    .await
    .unwrap();
    let _codes: Vec<(Id<()>, StaffId)> = sqlx::query_as(
        "SELECT id, made_by FROM sign_in_code WHERE owner_id = $1 AND ended_at IS NULL AND expires_at > $2 AND needs_second
            AND second_by IS NULL AND made_by IS NOT NULL")
        .bind(person).bind(micros).fetch_all(&mut *db).await.unwrap();
    let _joined: Option<(String,)> = sqlx::query_as("SELECT state FROM account WHERE owner_id = $1")
        .bind(person)
        .fetch_optional(&mut *db)
        .await
        .unwrap();
    db.commit().await.unwrap();
    let day = |text: &str| words::day_seen_from(text.parse::<Date>().unwrap(), today);
    let born_on: Date = born_on.parse().unwrap();
    let holds = |kind: &str| {
        let text = today.to_string();
        let one =
            spells.iter().find(|one| one.1 == kind && one.4 <= text && one.5.as_ref().is_none_or(|to| *to > text));
        one.map_or_else(
            || "Not written down yet".to_owned(),
            |(id, _, value, detail, from, _, provided, suitable)| {
                let mut says = says(value);
                let yes =
                    |is: &Option<bool>, says: &str| is.map(|is| format!(", {}{says}", if is { "" } else { "not " }));
                says.push_str(&yes(provided, "provided by the council").unwrap_or_default());
                says.push_str(&yes(suitable, "suitable").unwrap_or_default());
                let detail = key.open_some(Column::SpellDetail, *id, detail.as_deref()).unwrap();
                says.push_str(&detail.map(|detail| format!(", {detail}")).unwrap_or_default());
                format!("{says}, since {}", day(from))
            },
        )
    };
    let plan = made.map_or_else(
        || "Not shared yet".to_owned(),
        |made| {
            let made = words::day_seen_from(london_date(from_micros(made)), today);
            let held =
                held.as_deref().map_or("not reviewed yet".to_owned(), |held| format!("last reviewed {}", day(held)));
            format!("First shared {made}, {held}")
        },
    );
    let facts = html! {
        @if name != called { div { dt { "Full name" } dd { (name) } } }
        div { dt { "Born" } dd { (words::date_with_year(born_on)) ", " (age(born_on, today)) " years old" } }
        div { dt { "Team" } dd { (team) } }
        div { dt { "Works with them" } dd { ul {
            @for (id, name, wrapped, kind, lead, from) in &workers {
                li {
                    (peer.vault.owner_key(*id, wrapped).unwrap().open(Column::StaffName, *id, name).unwrap()) ": "
                    (kind.replace('_', " ").replace("pa", "personal adviser")) ", since "
                    (words::date_with_year(london_date(from_micros(*from))))
                    @if *lead { "; answers messages now" }
                }
            }
        } } }
        div { dt { "Plan" } dd { (plan) } }
        @for (title, kind, change) in [("Home", "home", "home"), ("By day", "education_work", "day")] {
            div { dt { (title) } dd { (holds(kind)) " " a href=(format!("/work/people/{person}/{change}")) {
                "Change" span class="vh" { ": " (title) }
            } } }
        }
    };
    let entry: Id<()> = new_id().unwrap();
    sqlx::query(
        "INSERT INTO audit (id, at, actor_kind, actor_id, action, person_id, object_kind, object_id, relation, many, request)
         VALUES ($1, $2, 'staff', $3, 'read', $4, 'profile', NULL, 'pa', 1, 'peer')")
        .bind(entry).bind(micros).bind(staff).bind(person).execute(&peer.write).await.unwrap();
    Html(html! { (PreEscaped(&peer.person.0)) (facts) (PreEscaped(&peer.person.1)) }.into_string())
}
