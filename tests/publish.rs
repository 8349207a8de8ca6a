//! What an editor does shows on the public pages at once, what fails the checks never does, and
//! nothing that is stored can stop a start.

use portal::app::table;
use portal::content::Kind;

use crate::support::client::hidden;
use crate::support::people::{CHRIS, SESSION};
use crate::support::program::{refuses, run};
use crate::support::{Answer, Client, Engine, TestApp, app, block_on, on_both, shipped, text_as, text_of};

on_both! {
    a_page_is_previewed_published_and_restored_and_the_public_page_follows_at_once
    a_session_is_closed_confirmed_and_opened_again_on_page_and_json_at_once
    days_are_changed_moved_added_and_a_place_closed_and_each_is_undone
    many_lines_and_sessions_are_confirmed_at_once_and_what_changed_meanwhile_is_not
    who_changes_the_same_session_second_is_told_what_the_first_did
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
    let fields = [("key", old.key()), ("from", hidden(&old.text(), "from").unwrap()), ("edition", "0".into())];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    chris.post_form(&format!("{EDIT}/restore"), &fields).await.is(303);
    let restored = anyone.get(PAGE).await;
    assert_eq!((restored.header("etag"), &restored.body), (tag.as_str(), &before.body));
    // And forward again to an earlier edition of staff.
    let old = chris.get(&format!("{EDIT}/history/1")).await;
    let fields = [("key", old.key()), ("from", hidden(&old.text(), "from").unwrap()), ("edition", "1".into())];
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

    let path = format!("/edit/drop-ins/change?session={SESSION}&on=2026-11-30");
    let form = change(&mut chris, &path, &[("what", "closed"), ("reason", "Training day of the team")]).await;
    post(&mut chris, &path, &form, "preview").await.is(200).says("What changes").says("Training day of the team");
    assert_eq!(states(&json(&mut anyone).await), ["on not-confirmed"; 3], "a preview was published");
    post(&mut chris, &path, &form, "publish").await.is(303);
    // A second tap is the same act.
    post(&mut chris, &path, &form, "publish").await.is(303);
    let all = json(&mut anyone).await;
    assert_eq!(states(&all), ["on not-confirmed", "closed not-confirmed", "on not-confirmed"]);
    assert_eq!(all[1]["reason"], "Training day of the team");
    anyone.get("/drop-ins/north").await.says("Training day of the team");
    anyone.get("/drop-ins/place/white-cross-lancaster").await.says("Training day of the team");

    let path = format!("/edit/drop-ins/confirm?session={SESSION}");
    let page = chris.get(&path).await;
    let fields = [("key", page.key()), ("seen", hidden(&page.text(), "seen").unwrap()), ("checked", "yes".into())];
    post(&mut chris, &path, &fields, "").await.is(303);
    let all = json(&mut anyone).await;
    assert_eq!(states(&all), ["on confirmed", "closed confirmed", "on confirmed"]);
    assert_eq!(all[0]["confirmed_on"], "2026-11-24");
    anyone.get("/drop-ins/north").await.says("Confirmed by the leaving care service");

    let undone = undo(&mut chris).await;
    assert_eq!(states(&json(&mut anyone).await), ["on confirmed"; 3]);
    assert!(!anyone.get("/drop-ins/north").await.text().contains("Training day of the team"));
    // With a key of its own the same cannot be taken back twice.
    let fields = [("key", "1".repeat(32)), undone];
    assert!(matches!(post(&mut chris, "/edit/drop-ins/undo", &fields, "").await.status, 404 | 409));
}

type Filled = Vec<(&'static str, String)>;

/// The form at `path`, filled in with `more`.
async fn change(chris: &mut Client, path: &str, more: &[(&'static str, &str)]) -> Filled {
    let page = chris.get(path).await;
    page.is(200);
    let on = path.split_once("&on=").map_or("2026-11-30", |(_, on)| on);
    let mut fields = vec![("key", page.key()), ("seen", hidden(&page.text(), "seen").unwrap())];
    fields.extend([("from", on.to_owned()), ("to", on.to_owned())]);
    fields.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
    fields
}

async fn post(chris: &mut Client, path: &str, fields: &[(&'static str, String)], what: &str) -> Answer {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).chain([("do", what)]).collect();
    chris.post_form(path, &fields).await
}

/// Undoes the first change of the list.
async fn undo(chris: &mut Client) -> (&'static str, String) {
    let list = chris.get("/edit/drop-ins").await;
    let exception = ("exception", hidden(&list.text(), "exception").unwrap());
    post(chris, "/edit/drop-ins/undo", &[("key", list.key()), exception.clone()], "").await.is(303);
    exception
}

async fn days_are_changed_moved_added_and_a_place_closed_and_each_is_undone(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut chris, mut anyone) = (app.signed_in(CHRIS).await, app.visitor());
    let path = format!("/edit/drop-ins/change?session={SESSION}&on=2026-11-30");
    let place = "/edit/drop-ins/change?place=white-cross-lancaster&on=2026-11-30";
    let on = async |anyone: &mut Client| {
        let answer = anyone.get("/drop-ins.json?from=2026-11-30&to=2026-11-30").await;
        let all: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        let said = |one: &serde_json::Value| {
            let word = |name: &str| one[name].as_str().unwrap_or("-").to_owned();
            format!("{} {}-{} {}", word("status"), &word("start")[11..16], &word("end")[11..16], word("place"))
        };
        let all = all.as_array().unwrap().iter().filter(|one| one["session"] == SESSION);
        all.map(said).collect::<Vec<_>>()
    };
    let usual = ["on 16:00-18:00 white-cross-lancaster"];
    assert_eq!(on(&mut anyone).await, usual);
    for (path, more, reads) in [
        (
            path.as_str(),
            vec![("what", "other-hours"), ("open", "5pm"), ("close", "7.30pm")],
            vec!["other-hours 17:00-19:30 white-cross-lancaster"],
        ),
        (
            path.as_str(),
            vec![("what", "other-hours"), ("open", "10:00"), ("close", "noon"), ("open2", "2pm"), ("close2", "1am")],
            vec!["other-hours 10:00-12:00 white-cross-lancaster", "other-hours 14:00-01:00 white-cross-lancaster"],
        ),
        (
            path.as_str(),
            vec![("what", "other-place"), ("at", "the-zone-burnley")],
            vec!["moved 16:00-18:00 the-zone-burnley"],
        ),
        (
            path.as_str(),
            vec![("what", "extra"), ("open", "7pm"), ("close", "8pm"), ("at", "the-zone-burnley")],
            vec![usual[0], "extra 19:00-20:00 the-zone-burnley"],
        ),
        (place, vec![("what", "closed")], vec!["closed 16:00-18:00 white-cross-lancaster"]),
    ] {
        let more: Vec<_> = more.into_iter().chain([("reason", "A plum in the pipes")]).collect();
        let form = change(&mut chris, path, &more).await;
        post(&mut chris, path, &form, "preview").await.is(200).says("A plum in the pipes");
        assert_eq!(on(&mut anyone).await, usual, "a preview was published");
        post(&mut chris, path, &form, "publish").await.is(303);
        post(&mut chris, path, &form, "publish").await.is(303);
        assert_eq!(on(&mut anyone).await, reads);
        anyone.get("/drop-ins/place/white-cross-lancaster").await.says("A plum in the pipes");
        // The same again would change nothing.
        let again = change(&mut chris, path, &more).await;
        post(&mut chris, path, &again, "publish").await.is(422).says("already").says("A plum in the pipes");
        undo(&mut chris).await;
        assert_eq!(on(&mut anyone).await, usual);
    }
    // What is not whole or not meant is told beside its field, and nothing follows.
    for (more, says) in [
        (vec![("what", "other-hours")], "Write a time such as 4pm"),
        (vec![("what", "other-hours"), ("open", "4"), ("close", "6pm")], "Write a time such as 4pm"),
        (vec![("what", "other-hours"), ("open", "4pm")], "Write a time such as 4pm"),
        (vec![("what", "other-hours"), ("open", "4pm"), ("close", "6pm")], "how it reads already"),
        (vec![("what", "other-place")], "Choose the place where it is this time"),
        (vec![("what", "other-place"), ("at", "white-cross-lancaster")], "is the usual place"),
        (vec![("what", "other-place"), ("at", "nowhere")], "There is no place of that name"),
        (vec![("what", "closed"), ("open", "4pm"), ("close", "6pm")], "A closed session has no times"),
        (vec![("what", "closed"), ("at", "the-zone-burnley")], "Leave it at the usual place"),
        (vec![("what", "extra"), ("open", "5pm"), ("close", "7pm")], "It meets at that time already"),
        (vec![("what", "sometimes")], "Choose what changes"),
        (vec![], "Choose what changes"),
    ] {
        let more: Vec<_> = more.into_iter().chain([("reason", "A plum in the pipes")]).collect();
        let form = change(&mut chris, &path, &more).await;
        let answer = post(&mut chris, &path, &form, "publish").await;
        answer.is(422).says("There is a problem").says(says);
        assert!(answer.text().contains("A plum in the pipes"), "the reason was lost");
    }
    let form =
        change(&mut chris, place, &[("what", "extra"), ("open", "1pm"), ("close", "2pm"), ("reason", "Why")]).await;
    post(&mut chris, place, &form, "publish").await.is(422);
    assert_eq!(on(&mut anyone).await, usual);
}

async fn many_lines_and_sessions_are_confirmed_at_once_and_what_changed_meanwhile_is_not(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut chris, mut anyone) = (app.signed_in(CHRIS).await, app.visitor());
    let path = "/edit/confirm/lines";
    let page = chris.get(path).await;
    let value = |html: &str, slug: &str| {
        let found = html.split('"').find(|part| part.starts_with(&format!("{slug}.")));
        found.unwrap_or_else(|| panic!("{slug} is not listed")).to_owned()
    };
    let (day, night) = (value(&page.text(), "council-day"), value(&page.text(), "council-night"));
    let all = shipped().lines.len();
    page.is(200).says(&format!("{all} of {all} not confirmed"));
    anyone.get("/help").await.is(200);
    let stale = format!("council-day.{}", "0".repeat(64));
    let wrong = [("key", page.key()), ("item", stale), ("item", night.clone()), ("note", "Rang them".into())];
    let answer = post(&mut chris, path, &wrong, "").await;
    answer
        .is(409)
        .says("Changed since you opened this page: Lancashire County Council, day")
        .says("Nothing was confirmed");
    assert_eq!(answer.text().matches("\" checked").count(), 2, "the ticks were lost");
    chris.get(path).await.says(&format!("{all} of {all} not confirmed"));
    post(&mut chris, path, &[("key", answer.key())], "").await.is(422).says("Tick each one");
    let right = [("key", answer.key()), ("item", day), ("item", night), ("note", "Rang them".into())];
    post(&mut chris, path, &right, "").await.is(303);
    post(&mut chris, path, &right, "").await.is(303);
    chris.get(path).await.says(&format!("{} of {all} not confirmed", all - 2)).says("Confirmed by the leaving care");
    chris.get("/edit").await.says(&format!("{} not confirmed in the last 90 days", all - 2));
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM confirmation WHERE note = 'Rang them'").await, 2);

    let path = "/edit/confirm/sessions?in=north";
    let page = chris.get(path).await;
    let tests = value(&page.text(), SESSION);
    page.says("1 of 1 not confirmed");
    post(&mut chris, path, &[("key", page.key()), ("item", tests)], "").await.is(303);
    assert!(json(&mut anyone).await.iter().all(|one| one["certainty"] == "confirmed"));
    assert!(chris.get("/edit/confirm/sessions?in=nowhere").await.status == 404);
}

async fn who_changes_the_same_session_second_is_told_what_the_first_did(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut chris = app.signed_in(CHRIS).await;
    let path = format!("/edit/drop-ins/change?session={SESSION}&on=2026-11-30");
    let mine = change(
        &mut chris,
        &path,
        &[("what", "other-hours"), ("open", "5pm"), ("close", "7pm"), ("reason", "Late bus")],
    )
    .await;
    let theirs = change(&mut chris, &path, &[("what", "closed"), ("reason", "Broken heating")]).await;
    post(&mut chris, &path, &theirs, "publish").await.is(303);
    let told = post(&mut chris, &path, &mine, "publish").await;
    told.is(409).says("Changed since you opened this page").says("Broken heating");
    assert!(told.text().contains("Late bus") && told.text().contains("5pm"), "what was typed was lost");
    assert_eq!(json(&mut chris).await[1]["status"], "closed");
    // Sent again in knowledge of it, it counts.
    let html = told.text();
    let mut again = mine.clone();
    again[0].1 = told.key();
    again[1].1 = hidden(&html, "seen").unwrap();
    post(&mut chris, &path, &again, "publish").await.is(303);
    assert_eq!(json(&mut chris).await[1]["status"], "other-hours");
}

async fn two_instances_on_one_database_show_the_same(engine: Engine) {
    let first = TestApp::start(engine).await;
    let second = app(&first.data, &first.clock, &first.origin).await;
    let (router, _) = table::build(&second);
    assert!(!second.refresh().await.unwrap(), "nothing new");
    let (desk, _) = table::build(&app(&first.data, &first.clock, &first.origin).await);
    let mut chris = first.signed_in(CHRIS).await;
    send(&mut chris, &with("Ask for a tamarind form first."), "publish").await.is(303);
    assert!(!text_of(&router, PAGE).await.contains("tamarind"));
    // An editor sees what is published on an instance that has not looked since.
    let desk = text_as(&desk, "/edit", &chris).await;
    assert_eq!(desk.matches("Changed ").count(), 1, "{desk}");
    // What the program does by itself every two seconds.
    assert!(second.refresh().await.unwrap());
    assert!(text_of(&router, PAGE).await.contains("Ask for a tamarind form first."));
    assert!(!second.refresh().await.unwrap());
    // One that starts now has it from the start.
    let last = app(&first.data, &first.clock, &first.origin).await;
    assert!(text_of(&table::build(&last).0, PAGE).await.contains("tamarind"));
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
    let again = app(&first.data, &first.clock, &first.origin).await;
    assert!(text_of(&table::build(&again).0, PAGE).await.contains("tamarind"));
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
    let again = app(&first.data, &first.clock, &first.origin).await;
    assert!(!text_of(&table::build(&again).0, PAGE).await.contains("tamarind"));
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
        ("help.toml", "number = \"", "number = ", "", "help.toml"),
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
        let old = app(&first.data, &first.clock, &first.origin).await;
        let (router, _) = table::build(&old);
        for path in ["/", PAGE, "/drop-ins", "/drop-ins/north", "/help"] {
            text_of(&router, path).await;
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
