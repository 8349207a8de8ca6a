//! Readings that are not ordinary reach the manager of the person within a minute, without a word of content, and
//! stay on the list until somebody has looked.

use portal::audit::acts::watch;
use portal::audit::alerts::MANY;
use portal::audit::{Entry, store as audit_rows};
use portal::clock::{HOUR, MINUTE};
use portal::id::Id;
use portal::people::{Actor, PersonId, Role, StaffId};

use crate::support::people::{FAYE, MORAG, OWEN, PRIYA, SAM, SUE};
use crate::support::{Engine, TestApp, on_both};

on_both! {
    a_record_read_at_night_is_told_to_its_manager_who_looks_at_it_once
    a_reading_without_a_live_relation_is_told_once_and_its_reason_with_it
    reading_many_people_in_an_hour_is_told_to_their_managers
    what_a_manager_reads_at_night_is_not_for_themselves_to_look_at
}

/// What the jobs do within a minute; gives how many alerts are new.
async fn a_minute(app: &TestApp) -> usize {
    app.wait(MINUTE);
    audit_rows::link(&app.data.db, &app.data.vault).await.unwrap();
    let (first, second) = tokio::join!(watch(&app.data.db, app.clock.now()), watch(&app.data.db, app.clock.now()));
    first.unwrap() + second.unwrap()
}

async fn notices(app: &TestApp) -> i64 {
    app.data.raw.number("SELECT COUNT(*) FROM outbox WHERE kind = 'alert'").await
}

/// Where the button on the first alert of a page is sent.
fn button(html: &str) -> String {
    let rest = html.split("action=\"/work/alerts/").nth(1).expect("no alert on the page");
    format!("/work/alerts/{}", rest.split('"').next().unwrap())
}

async fn a_record_read_at_night_is_told_to_its_manager_who_looks_at_it_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    let page = format!("/work/people/{}", app.world.sam);
    app.signed_in(PRIYA).await.get(&page).await.is(200);
    assert_eq!(a_minute(&app).await, 0, "by day");
    app.wait(10 * HOUR);
    let mut priya = app.signed_in(PRIYA).await;
    for path in [&page, &format!("{page}/messages"), &format!("{page}/plan")] {
        priya.get(path).await.is(200);
    }
    assert_eq!((a_minute(&app).await, a_minute(&app).await), (1, 0));
    assert_eq!(notices(&app).await, 1);
    app.deliver().await;
    let mail = std::fs::read_dir(&app.mail).unwrap().next().unwrap().unwrap().path();
    let mail = std::fs::read_to_string(mail).unwrap();
    assert!(mail.contains(&format!("{MORAG}@staff.invalid")) && mail.contains("needs your eyes"), "{mail}");
    assert!(!mail.contains("Sam") && !mail.contains("Priya"), "{mail}");
    let mut morag = app.signed_in(MORAG).await;
    let work = morag.get("/work").await;
    work.is(200).says("Priya Nairtest opened the record of Samtest at night").says("24 November 2026");
    let button = button(&work.text());
    // Nobody else may take it away.
    for other in [PRIYA, OWEN, SUE] {
        let mut other = app.signed_in(other).await;
        assert!(!other.get("/work").await.text().contains("at night"));
        other.post_form(&button, &[]).await.is(404);
    }
    assert_eq!(morag.post_form(&button, &[]).await.is(303).location(), "/work");
    assert!(!morag.get("/work").await.text().contains("at night"));
    morag.post_form(&button, &[]).await.is(404);
    // The young person can read that somebody did.
    app.signed_in(SAM).await.get("/me/record").await.says("Morag Lewistest").says("checked why somebody had opened");
    let looked = "SELECT action || ' ' || object_kind || ' ' || relation FROM audit WHERE action = 'look at'";
    assert_eq!(app.data.raw.texts(looked).await, ["look at alert manager"]);
    assert_eq!(a_minute(&app).await, 0, "it does not come back");
}

async fn a_reading_without_a_live_relation_is_told_once_and_its_reason_with_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let sam = [("name", "Samuel Whittletest"), ("born-day", "27"), ("born-month", "3"), ("born-year", "2008")];
    // Faye worked with Sam until yesterday; Owen never did.
    for (worker, says) in [
        (OWEN, "Owen Parrytest opened the record of Samtest without working with them"),
        (FAYE, "Faye Formertest opened the record of Samtest after working with them had ended"),
    ] {
        let mut client = app.signed_in(worker).await;
        let mut fields = sam.to_vec();
        fields.push(("reason", "Their adviser is ill and they are on the phone"));
        let opened = client.post_form("/work/find/open", &fields).await;
        client.get(opened.is(303).location()).await.is(200);
        client.get(&format!("/work/people/{}/messages", app.world.sam)).await.is(200);
        assert_eq!((a_minute(&app).await, a_minute(&app).await), (1, 0), "{worker}");
        app.signed_in(MORAG).await.get("/work").await.says(says).says("they are on the phone");
    }
    assert_eq!(notices(&app).await, 0, "she was told when the record was opened");
    assert!(app.data.raw.number("SELECT COUNT(*) FROM outbox WHERE kind = 'glass_broken'").await > 0);
}

async fn reads(app: &TestApp, staff: StaffId, people: impl IntoIterator<Item = PersonId>) {
    for person in people {
        let actor = Actor::Staff(staff, vec![Role::Adviser]);
        let entry =
            Entry { person: Some(person), relation: "pa", ..Entry::of(Some(actor), "read", "plan", app.clock.now()) };
        audit_rows::viewed(&app.data.db, entry, "request".into()).await.unwrap();
        app.wait(MINUTE);
    }
}

async fn reading_many_people_in_an_hour_is_told_to_their_managers(engine: Engine) {
    let app = TestApp::start(engine).await;
    let others: Vec<PersonId> = (1..=u8::try_from(MANY).unwrap()).map(|n| Id::from_bytes([n; 16])).collect();
    reads(&app, app.world.owen, others).await;
    assert_eq!(a_minute(&app).await, 0);
    reads(&app, app.world.owen, [app.world.sam]).await;
    assert_eq!((a_minute(&app).await, a_minute(&app).await), (1, 0));
    assert_eq!(notices(&app).await, 1);
    let mut morag = app.signed_in(MORAG).await;
    let work = morag.get("/work").await;
    work.says("Owen Parrytest opened the records of more than 30 people within an hour");
    morag.post_form(&button(&work.text()), &[]).await.is(303);
    assert!(!morag.get("/work").await.text().contains("more than 30"));
}

async fn what_a_manager_reads_at_night_is_not_for_themselves_to_look_at(engine: Engine) {
    let app = TestApp::start(engine).await;
    app.wait(11 * HOUR);
    let mut morag = app.signed_in(MORAG).await;
    morag.get(&format!("/work/people/{}", app.world.sam)).await.is(200);
    assert_eq!((a_minute(&app).await, notices(&app).await), (1, 0));
    assert!(!morag.get("/work").await.text().contains("at night"));
    let id = app.data.raw.texts(match engine {
        Engine::Sqlite => "SELECT lower(hex(id)) FROM audit_alert",
        Engine::Postgres => "SELECT encode(id, 'hex') FROM audit_alert",
    });
    morag.post_form(&format!("/work/alerts/{}", id.await[0]), &[]).await.is(404);
}
