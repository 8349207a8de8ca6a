//! What an editor does shows on the public pages at once, what fails the checks never does, and
//! nothing that is stored can stop a start.

use axum::http::Request;
use http_body_util::BodyExt as _;
use portal::app::table;
use portal::content::Kind;
use tower::ServiceExt as _;

use crate::support::client::hidden;
use crate::support::people::{CHRIS, SESSION};
use crate::support::program::{refuses, run};
use crate::support::{Answer, Client, Engine, TestApp, app, block_on, on_both, shipped};

on_both! {
    a_page_is_previewed_published_and_restored_and_the_public_page_follows_at_once
    a_session_is_closed_confirmed_and_opened_again_on_page_and_json_at_once
    two_instances_on_one_database_show_the_same
    a_stored_edition_that_is_broken_gives_way_to_the_one_before_and_stops_no_start
    who_publishes_second_from_the_same_edition_is_told_and_keeps_the_text
}

const PAGE: &str = "/offer/money";
const EDIT: &str = "/edit/page/money";

/// The shipped text of the page with a sentence more in it.
fn with(sentence: &str) -> String {
    let body = shipped().body(Kind::Page, "money").unwrap();
    let (front, rest) = body.strip_prefix("+++").unwrap().split_once("+++").unwrap();
    let (first, rest) = rest.trim_start().split_once("\n\n").unwrap();
    format!("+++{front}+++\n\n{first}\n\n{sentence}\n\n{rest}")
}

async fn send(client: &mut Client, body: &str, what: &str) -> Answer {
    let page = client.get(EDIT).await;
    page.is(200);
    let from = hidden(&page.text(), "from").unwrap();
    let fields = [
        ("key", page.key()),
        ("from", from),
        ("body", body.to_owned()),
        ("note", "Because".into()),
        ("reason", "It is plain enough".into()),
        ("do", what.into()),
    ];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    client.post_form(EDIT, &fields).await
}

async fn a_page_is_previewed_published_and_restored_and_the_public_page_follows_at_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut chris, mut anyone) = (app.signed_in(CHRIS).await, app.visitor());
    let before = anyone.get(PAGE).await;
    let tag = before.header("etag").to_owned();
    let sentence = "Ask for a **tamarind** form first.";
    let preview = send(&mut chris, &with(sentence), "preview").await;
    preview.is(200).says("Preview. Nothing is published yet.").says("Ask for a tamarind form first.");
    assert_eq!(anyone.get(PAGE).await.body, before.body, "a preview was published");
    let published = send(&mut chris, &with(sentence), "publish").await;
    assert_eq!((published.status, published.location()), (303, EDIT));
    let after = anyone.send("GET", PAGE, &[("if-none-match", &tag)], "").await;
    after.is(200).says("Ask for a tamarind form first.");
    assert!(after.text().contains("<strong>tamarind</strong>"));
    assert_ne!(after.header("etag"), tag);
    chris.get(EDIT).await.says("Published. The public page shows it now.");
    chris.get("/edit").await.says("Chris Holttest");
    let rows = app.data.raw.texts("SELECT action || ' ' || object_kind FROM audit WHERE action = 'publish'").await;
    assert_eq!(rows, ["publish page"]);
    // Back to the text of the release: the very same bytes.
    let old = chris.get(&format!("{EDIT}/history/0")).await;
    old.is(200);
    assert!(!old.text().contains("tamarind"));
    let fields = [("key", old.key()), ("from", hidden(&old.text(), "from").unwrap()), ("number", "0".into())];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    chris.post_form(&format!("{EDIT}/restore"), &fields).await.is(303);
    let restored = anyone.get(PAGE).await;
    assert_eq!((restored.header("etag"), &restored.body), (tag.as_str(), &before.body));
    // And forward again to an earlier edition of staff.
    let old = chris.get(&format!("{EDIT}/history/1")).await;
    let fields = [("key", old.key()), ("from", hidden(&old.text(), "from").unwrap()), ("number", "1".into())];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    chris.post_form(&format!("{EDIT}/restore"), &fields).await.is(303);
    anyone.get(PAGE).await.says("Ask for a tamarind form first.");
}

#[test]
fn what_fails_the_checks_is_not_published_and_the_editor_is_told_where_and_why() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let (mut chris, mut anyone) = (app.signed_in(CHRIS).await, app.visitor());
        let (before, rows) = (anyone.get(PAGE).await, app.data.raw.counts().await);
        for (bad, why) in [
            ("You get £250 at once.", "amount"),
            ("See [the page](/offer/not-there).", "leads nowhere"),
            ("It is so.[^no-such-source]", "no-such-source"),
            ("You get {{no-such-right}}.", "no-such-right"),
            ("<script>alert(1)</script>", "HTML"),
            ("[press](javascript:alert)", "cannot be used"),
            ("![a picture](https://x.example/a.png)", "picture"),
            ("#### Too deep", "eading"),
        ] {
            let body = with(bad);
            let line = body.lines().position(|line| line == bad).unwrap() + 1;
            let answer = send(&mut chris, &body, "publish").await;
            answer.is(422).says("There is a problem");
            let html = answer.text();
            assert!(html.to_lowercase().contains(&why.to_lowercase()), "{bad}: does not say {why}");
            assert!(html.contains(&format!("Line {line}")), "{bad}: does not say line {line}");
            assert!(!html.contains("<script>alert"), "{bad}");
        }
        for (body, why) in [("", "cannot be empty"), ("no front at all", "+++")] {
            send(&mut chris, body, "publish").await.is(422).says(why);
        }
        assert_eq!(anyone.get(PAGE).await.body, before.body);
        assert_eq!(app.data.raw.counts().await, rows);
    });
}

async fn json(client: &mut Client) -> Vec<serde_json::Value> {
    let answer = client.get("/drop-ins.json?from=2026-11-24&to=2026-12-03").await;
    answer.is(200);
    let all: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let all = all.as_array().unwrap().iter().filter(|one| one["session"] == SESSION).cloned().collect::<Vec<_>>();
    assert_eq!(all.len(), 3, "Thursday, Monday, Thursday");
    for one in &all {
        for name in ["locality", "place", "start", "end", "status"] {
            assert!(one[name].is_string(), "{name} is missing: {one}");
        }
        one["start"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    }
    all
}

async fn a_session_is_closed_confirmed_and_opened_again_on_page_and_json_at_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut chris, mut anyone) = (app.signed_in(CHRIS).await, app.visitor());
    let states = |all: &[serde_json::Value]| {
        all.iter()
            .map(|one| format!("{} {}", one["status"].as_str().unwrap(), one["certainty"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(states(&json(&mut anyone).await), ["on not-confirmed"; 3]);
    assert!(!anyone.get("/drop-ins/north").await.text().contains("Training day of the team"));

    let path = format!("/edit/drop-ins/close?session={SESSION}&on=2026-11-30");
    let page = chris.get(&path).await;
    page.is(200);
    let key = page.key();
    let close = |what: &'static str| {
        [
            ("key", key.clone()),
            ("from", "2026-11-30".into()),
            ("to", "2026-11-30".into()),
            ("reason", "Training day of the team".into()),
            ("do", what.to_owned()),
        ]
    };
    let post = async |chris: &mut Client, path: &str, fields: &[(&str, String)]| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        chris.post_form(path, &fields).await
    };
    post(&mut chris, &path, &close("preview")).await.is(200).says("Training day of the team");
    assert_eq!(states(&json(&mut anyone).await), ["on not-confirmed"; 3], "a preview was published");
    post(&mut chris, &path, &close("close")).await.is(303);
    let all = json(&mut anyone).await;
    assert_eq!(states(&all), ["on not-confirmed", "closed not-confirmed", "on not-confirmed"]);
    assert_eq!(all[1]["reason"], "Training day of the team");
    anyone.get("/drop-ins/north").await.says("Training day of the team");
    anyone.get("/drop-ins/place/white-cross-lancaster").await.says("Training day of the team");

    let path = format!("/edit/drop-ins/confirm?session={SESSION}");
    let page = chris.get(&path).await;
    let fields = [("key", page.key()), ("seen", hidden(&page.text(), "seen").unwrap()), ("checked", "yes".into())];
    post(&mut chris, &path, &fields).await.is(303);
    let all = json(&mut anyone).await;
    assert_eq!(states(&all), ["on confirmed", "closed confirmed", "on confirmed"]);
    assert_eq!(all[0]["confirmed_on"], "2026-11-24");
    anyone.get("/drop-ins/north").await.says("Confirmed by the leaving care service");

    let list = chris.get("/edit/drop-ins").await;
    let fields = [("key", list.key()), ("exception", hidden(&list.text(), "exception").unwrap())];
    post(&mut chris, "/edit/drop-ins/reopen", &fields).await.is(303);
    assert_eq!(states(&json(&mut anyone).await), ["on confirmed"; 3]);
    assert!(!anyone.get("/drop-ins/north").await.text().contains("Training day of the team"));
    // With a key of its own the same cannot be taken back twice.
    let fields = [("key", "1".repeat(32)), fields[1].clone()];
    assert!(matches!(post(&mut chris, "/edit/drop-ins/reopen", &fields).await.status, 404 | 409));
}

/// What an instance answers, without a listener.
async fn page_of(router: &axum::Router, path: &str) -> String {
    answered(router, path, "").await
}

/// The same for somebody who signed in at another.
async fn page_as(router: &axum::Router, path: &str, client: &Client) -> String {
    let cookies: Vec<_> = client.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    answered(router, path, &cookies.join("; ")).await
}

async fn answered(router: &axum::Router, path: &str, cookies: &str) -> String {
    let request = Request::get(path).header("cookie", cookies).body(axum::body::Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status().as_u16(), 200, "{path}");
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

async fn two_instances_on_one_database_show_the_same(engine: Engine) {
    let first = TestApp::start(engine).await;
    let second = app(&first.data, &first.clock, &first.origin, None).await;
    let (router, _) = table::build(&second);
    assert!(!second.refresh().await.unwrap(), "nothing new");
    let (desk, _) = table::build(&app(&first.data, &first.clock, &first.origin, None).await);
    let mut chris = first.signed_in(CHRIS).await;
    send(&mut chris, &with("Ask for a tamarind form first."), "publish").await.is(303);
    assert!(!page_of(&router, PAGE).await.contains("tamarind"));
    // An editor sees what is published on an instance that has not looked since.
    let desk = page_as(&desk, "/edit", &chris).await;
    assert_eq!(desk.matches("Changed ").count(), 1, "{desk}");
    // What the program does by itself every two seconds.
    assert!(second.refresh().await.unwrap());
    assert!(page_of(&router, PAGE).await.contains("Ask for a tamarind form first."));
    assert!(!second.refresh().await.unwrap());
    // One that starts now has it from the start.
    let last = app(&first.data, &first.clock, &first.origin, None).await;
    assert!(page_of(&table::build(&last).0, PAGE).await.contains("tamarind"));
}

async fn store(app: &TestApp, number: u8, body: &str) {
    let raw = &app.data.raw;
    let body = body.replace('\'', "''");
    raw.run(&format!(
        "INSERT INTO revision (id, kind, item, lang, number, state, body, shipped_hash, by_staff, at, note)
         VALUES ({}, 'page', 'money', 'en', {number}, 'published', '{body}', '', {}, {number}, 'stored')",
        raw.bytes(&[number; 16]),
        raw.id(app.world.chris)
    ))
    .await;
    raw.run("UPDATE published_version SET n = n + 1").await;
}

async fn a_stored_edition_that_is_broken_gives_way_to_the_one_before_and_stops_no_start(engine: Engine) {
    let first = TestApp::start(engine).await;
    let mut anyone = first.visitor();
    store(&first, 1, &with("Ask for a tamarind form first.")).await;
    store(&first, 2, &with("See [the page](/offer/not-there).")).await;
    store(&first, 3, "this is no page at all").await;
    assert!(first.app.refresh().await.unwrap());
    anyone.get(PAGE).await.is(200).says("Ask for a tamarind form first.");
    let mut chris = first.signed_in(CHRIS).await;
    chris.get("/edit").await.is(200).says("Newest edition not shown");
    chris.get(EDIT).await.is(200);
    let again = app(&first.data, &first.clock, &first.origin, None).await;
    assert!(page_of(&table::build(&again).0, PAGE).await.contains("tamarind"));
    // Of a kind and of an item that this program does not know.
    first
        .data
        .raw
        .run("UPDATE revision SET kind = 'poem', number = number + 10 WHERE item = 'money' AND number > 1")
        .await;
    first
        .data
        .raw
        .run("UPDATE revision SET item = 'no-such-page', number = 99 WHERE item = 'money' AND kind = 'page'")
        .await;
    let again = app(&first.data, &first.clock, &first.origin, None).await;
    assert!(!page_of(&table::build(&again).0, PAGE).await.contains("tamarind"));
}

async fn who_publishes_second_from_the_same_edition_is_told_and_keeps_the_text(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut chris = app.signed_in(CHRIS).await;
    let form = async |body: String, page: &Answer| {
        let from = hidden(&page.text(), "from").unwrap();
        let mut chris = chris.clone();
        chris
            .post_form(
                EDIT,
                &[
                    ("key", &page.key()),
                    ("from", &from),
                    ("body", &body),
                    ("note", "Because"),
                    ("reason", "It is plain"),
                    ("do", "publish"),
                ],
            )
            .await
    };
    let pages = (chris.clone().get(EDIT).await, chris.clone().get(EDIT).await);
    form(with("Ask for a tamarind form first."), &pages.0).await.is(303);
    let answer = form(with("Ask for a yellowhouse form first."), &pages.1).await;
    answer.is(409);
    assert!(answer.text().contains("yellowhouse"), "the second text was lost");
    app.visitor().get(PAGE).await.says("tamarind");
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM revision WHERE item = 'money'").await, 1);
    chris.get(EDIT).await.is(200);
}

#[test]
fn broken_shipped_content_stops_the_start_with_file_line_and_reason() {
    let folder = tempfile::tempdir().unwrap();
    let content = folder.path().join("content");
    for (name, text) in crate::support::files() {
        let path = content.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let data = folder.path().to_str().unwrap();
    let settings = [("DATA_DIR", data), ("CONTENT_DIR", content.to_str().unwrap())];
    assert!(run(&["key", "new"], &settings).status.success());
    assert!(run(&["content", "check", content.to_str().unwrap()], &[]).status.success());
    for (file, from, to, line, why) in [
        ("offer/money.md", "\n## ", "\nYou get £5.\n\n## ", "", "amount"),
        ("lines.toml", "number = \"", "number = ", "", "lines.toml"),
        ("offer/health.md", "order = ", "order = \"x\" #", "", "order"),
        ("places.toml", "district = \"", "district = \"atlantis-", "", "atlantis-"),
    ] {
        let path = content.join(file);
        let good = std::fs::read_to_string(&path).unwrap();
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{file}");
        std::fs::write(&path, &bad).unwrap();
        let at = bad.find(to.trim_start()).map(|at| bad[..at].lines().count()).unwrap();
        refuses(&["serve"], &settings, &["the content has faults", file, why, line]);
        let said = String::from_utf8(run(&["serve"], &settings).stderr).unwrap();
        let row = said.lines().find(|line| line.contains(file)).unwrap();
        let numbers: Vec<usize> =
            row.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
        assert!(numbers.iter().any(|n| n.abs_diff(at) <= 8), "{file}: no line near {at} in {row}");
        std::fs::write(&path, good).unwrap();
    }
    assert!(!folder.path().join("portal.db").exists(), "the database was opened before the content was read");
}

#[test]
fn age_stops_neither_a_start_nor_a_page() {
    block_on(async {
        let first = TestApp::start(Engine::Sqlite).await;
        first.clock.set("2036-02-29T23:59:59Z".parse().unwrap());
        let old = app(&first.data, &first.clock, &first.origin, None).await;
        let (router, _) = table::build(&old);
        for path in ["/", PAGE, "/drop-ins", "/drop-ins/north", "/help"] {
            page_of(&router, path).await;
        }
        let mut chris = first.signed_in(CHRIS).await;
        chris.get("/edit").await.is(200).says("Check was due by");
        send(&mut chris, &with("Ask for a tamarind form first."), "publish").await.is(303);
    });
}

#[test]
fn a_page_follows_the_clock_from_day_to_night_line() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut anyone = app.visitor();
        let day = anyone.get("/help").await;
        app.clock.set("2026-11-24T23:30:00Z".parse().unwrap());
        let night = anyone.get("/help").await;
        assert_ne!(day.header("etag"), night.header("etag"));
        app.clock.set("2026-11-25T12:00:00Z".parse().unwrap());
        assert_eq!(anyone.get("/help").await.header("etag"), day.header("etag"));
    });
}
