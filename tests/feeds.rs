//! What programs read follows an edit at once: calendar feeds, the list and Open Referral say the
//! same as the pages, on every instance.

use axum::Router;
use portal::app::table;
use portal::content::Kind;
use portal::content::store::{self as content, NewRevision};
use serde_json::Value;

use crate::support::client::hidden;
use crate::support::people::{CHRIS, SESSION};
use crate::support::{Answer, Client, Engine, TestApp, app, block_on, on_both, text_of};

on_both! {
    a_session_that_is_closed_is_closed_for_every_program_at_the_next_request_on_every_instance
}

const FEEDS: [&str; 2] = ["/drop-ins/north.ics", "/drop-ins/place/white-cross-lancaster.ics"];
const REASON: &str = "Training, all day; see \\n the “board” 🚿 סגור";

/// The lines of one event, whole again; none when the feed does not hold it.
fn event(feed: &str, key: &str) -> Option<Vec<String>> {
    let feed = feed.replace("\r\n ", "");
    let mut all = feed.split("BEGIN:VEVENT\r\n").skip(1);
    let found = all.find(|event| event.starts_with(&format!("UID:{key}@127.0.0.1\r\n")))?;
    let found = found.split("END:VEVENT").next()?;
    Some(found.split("\r\n").map(str::to_owned).collect())
}

fn uids(feed: &str) -> Vec<String> {
    feed.replace("\r\n ", "").split("\r\n").filter(|line| line.starts_with("UID:")).map(str::to_owned).collect()
}

async fn json_of(router: &Router, path: &str) -> Value {
    serde_json::from_str(&text_of(router, path).await).unwrap()
}

/// Closes the session on a day, as an editor does.
async fn close(client: &mut Client, day: &str, reason: &str) -> Answer {
    let path = format!("/edit/drop-ins/change?session={SESSION}&on={day}");
    let page = client.get(&path).await;
    let (key, seen) = (page.is(200).key(), hidden(&page.text(), "seen").unwrap());
    let fields = [("key", key.as_str()), ("seen", seen.as_str()), ("what", "closed"), ("from", day), ("to", day)];
    let more = [("reason", reason), ("do", "publish")];
    client.post_form(&path, &fields.into_iter().chain(more).collect::<Vec<_>>()).await
}

/// The service of the session, by its name.
async fn service(router: &Router) -> Value {
    let list = json_of(router, "/open-referral/services").await;
    let one = list["contents"].as_array().unwrap().iter().find(|one| one["name"] == "Tests meet").unwrap().clone();
    let service = json_of(router, &format!("/open-referral/services/{}", one["id"].as_str().unwrap())).await;
    for (name, value) in one.as_object().unwrap() {
        assert_eq!(&service[name], value, "the list and the service disagree on {name}");
    }
    service
}

/// Schedules that say the session is open on this day.
fn open_on(service: &Value, day: &str) -> usize {
    let all = service["schedules"].as_array().unwrap().iter();
    all.filter(|it| it["valid_from"].as_str() <= Some(day) && Some(day) <= it["valid_to"].as_str())
        .filter(|it| it["opens_at"].is_string())
        .count()
}

async fn a_session_that_is_closed_is_closed_for_every_program_at_the_next_request_on_every_instance(engine: Engine) {
    let first = TestApp::start(engine).await;
    let second = app(&first.data, &first.clock, &first.origin).await;
    let routers = [table::build(&first.app).0, table::build(&second).0];
    let (day, key) = ("2026-11-30", format!("{SESSION}.2026-11-30.1"));
    for router in &routers {
        for path in FEEDS {
            let lines = event(&text_of(router, path).await, &key).unwrap();
            assert!(lines.contains(&"STATUS:TENTATIVE".to_owned()), "{lines:?}");
        }
        assert_eq!(open_on(&service(router).await, day), 1);
    }
    let mut chris = first.signed_in(CHRIS).await;
    close(&mut chris, day, REASON).await.is(303);
    let open = event(&text_of(&routers[1], FEEDS[0]).await, &key).unwrap();
    assert!(open.contains(&"STATUS:TENTATIVE".to_owned()));
    // What the program does by itself every two seconds.
    assert!(second.refresh().await.unwrap());
    let mut said = Vec::new();
    for router in &routers {
        for path in FEEDS {
            let feed = text_of(router, path).await;
            let lines = event(&feed, &key).unwrap();
            assert!(lines.contains(&"STATUS:CANCELLED".to_owned()), "{lines:?}");
            let reason = REASON.replace('\\', "\\\\").replace(',', "\\,").replace(';', "\\;");
            assert!(lines.contains(&format!("SUMMARY:Closed: {reason} – Tests meet")), "{lines:?}");
            assert_eq!(feed.matches("STATUS:CANCELLED").count(), 1, "no other is cancelled");
            said.push(lines);
        }
        for filter in ["locality=north", "district=lancaster", "place=white-cross-lancaster"] {
            let list = json_of(router, &format!("/drop-ins.json?from={day}&to={day}&{filter}")).await;
            assert_eq!((&list[0]["status"], &list[0]["reason"]), (&"closed".into(), &REASON.into()), "{filter}");
        }
        let service = service(router).await;
        assert!(
            service["alert"]
                .as_str()
                .unwrap()
                .contains(&format!("Closed on Monday 30 November, 4pm to 6pm: {REASON}."))
        );
        assert_eq!((open_on(&service, day), open_on(&service, "2026-12-03")), (0, 1));
        let closed = format!("Closed on Monday 30 November, 4pm to 6pm: {REASON}");
        assert_eq!(service["schedules"].as_array().unwrap().iter().filter(|it| it["description"] == closed).count(), 1);
    }
    said.dedup();
    assert_eq!(said.len(), 1, "both feeds of both instances say the same of it");
}

#[test]
fn a_feed_is_asked_about_and_sent_again_only_when_it_changed() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut anyone = app.visitor();
        for path in FEEDS {
            let feed = anyone.get(path).await;
            feed.is(200);
            assert_eq!(feed.header("content-type"), "text/calendar; charset=utf-8");
            assert_eq!(feed.header("cache-control"), "no-cache");
            let tag = feed.header("etag").to_owned();
            let same = anyone.send("GET", path, &[("if-none-match", &tag)], "").await;
            assert_eq!((same.status, same.body.len()), (304, 0));
            let head = anyone.send("HEAD", path, &[], "").await;
            assert_eq!((head.status, head.header("etag")), (200, tag.as_str()));
        }
        let tag = anyone.get(FEEDS[0]).await.header("etag").to_owned();
        close(&mut app.signed_in(CHRIS).await, "2026-11-30", "Training day").await.is(303);
        let after = anyone.send("GET", FEEDS[0], &[("if-none-match", &tag)], "").await;
        after.is(200);
        // A subscriber that compares times sees that it changed: it was changed now, at noon.
        assert!(after.text().contains("LAST-MODIFIED:20261124T120000Z"));
        // A day later other days are in it, and what was confirmed may have gone stale.
        app.clock.set("2026-11-25T00:00:00Z".parse().unwrap());
        let next = anyone.send("GET", FEEDS[0], &[("if-none-match", after.header("etag"))], "").await;
        assert!(next.is(200).text().contains("LAST-MODIFIED:20261125T000000Z"));
    });
}

#[test]
fn an_event_keeps_its_name_when_staff_change_its_hours_or_place() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut anyone = app.visitor();
        let before = uids(&anyone.get(FEEDS[0]).await.text());
        assert!(before.len() > 100);
        let times = "times = [{ from = \"17:00\", to = \"20:00\" }]";
        for (id, day, what) in [
            ("tests-later", "2026-11-30", format!("kind = \"other-hours\"\n{times}")),
            ("tests-moved", "2026-12-03", "kind = \"other-place\"\nat = \"county-hall-preston\"".to_owned()),
        ] {
            let body = format!(
                "session = \"{SESSION}\"\nfrom = {day}\nto = {day}\nreason = \"Works\"\nmade_on = 2026-11-24T09:00:00Z\n{what}\n"
            );
            let new = NewRevision {
                kind: Kind::Exception,
                item: id.into(),
                body,
                published: true,
                from: 0,
                shipped_hash: String::new(),
                by: app.world.chris,
                note: "Changed".into(),
            };
            let at = app.clock.now();
            let write =
                app.data.db.write(new, move |tx, new| Box::pin(async move { content::publish(tx, new, at).await }));
            write.await.unwrap();
        }
        assert!(app.app.refresh().await.unwrap());
        assert_eq!(uids(&anyone.get(FEEDS[0]).await.text()), before);
        let later = event(&anyone.get(FEEDS[0]).await.text(), &format!("{SESSION}.2026-11-30.1")).unwrap();
        assert!(later.contains(&"DTSTART;TZID=Europe/London:20261130T170000".to_owned()), "{later:?}");
        let key = format!("{SESSION}.2026-12-03.1");
        let moved = event(&anyone.get(FEEDS[1]).await.text(), &key);
        assert!(moved.is_some());
        for path in ["/drop-ins/north.ics", "/drop-ins/central.ics", "/drop-ins/place/county-hall-preston.ics"] {
            assert_eq!(event(&anyone.get(path).await.text(), &key), moved, "{path}");
        }
        let list = anyone.get("/drop-ins.json?from=2026-12-03&to=2026-12-03&place=county-hall-preston").await;
        let list: Value = serde_json::from_slice(&list.body).unwrap();
        let one = list.as_array().unwrap().iter().find(|one| one["id"] == key).unwrap();
        assert_eq!((&one["status"], &one["usual_place"]), (&"moved".into(), &"white-cross-lancaster".into()));
    });
}

#[test]
fn what_is_not_there_is_said_plainly_to_programs_too() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut anyone = app.visitor();
        for path in [
            "/drop-ins/atlantis.ics",
            "/drop-ins/lancaster.ics",
            "/drop-ins/north.ics.ics",
            "/drop-ins/.ics",
            "/drop-ins/place/atlantis.ics",
            "/drop-ins/place/.ics",
            "/open-referral/services/atlantis",
            "/open-referral/services/00000000-0000-8000-8000-000000000000",
        ] {
            anyone.get(path).await.is(404);
        }
        for filter in ["locality=atlantis", "district=north", "place=", "place=white-cross-lancaster&district=atlantis"]
        {
            let answer = anyone.get(&format!("/drop-ins.json?{filter}")).await;
            answer.is(404).says("There is no locality, district or place of that name.");
        }
        for query in ["page=0", "page=-1", "page=two", "per_page=0", "per_page=201", "page=99999999999999999999999"] {
            let answer = anyone.get(&format!("/open-referral/services?{query}")).await;
            answer.is(400).says("Give page as a number from 1 up, and per_page as a number from 1 to 200.");
        }
        let both = "/drop-ins.json?from=2026-11-24&to=2026-12-03&locality=central&place=white-cross-lancaster";
        assert_eq!(anyone.get(both).await.is(200).text(), "[]");
    });
}
