//! The main job: a young person writes, somebody reads and answers, and everyone sees what is true.

use portal::clock::{HOUR, MINUTE, SECOND};
use portal::people::{Part, store as people};

use crate::support::canary::SAMS;
use crate::support::client::plain;
use crate::support::people::{AALIYAH, CHRIS, FAYE, MORAG, OWEN, PRIYA, SAM};
use crate::support::{Engine, TestApp, block_on, on_both};

fn thread_of(id: impl std::fmt::Display) -> String {
    format!("/work/people/{id}/messages")
}

on_both! {
    a_message_is_saved_opened_and_answered_and_everyone_sees_what_is_true
    the_queue_shows_who_waits_longest_first_and_only_the_own_caseload
    an_answer_does_not_end_the_wait_of_a_message_that_came_while_it_was_written
    handing_over_changes_nothing_about_waiting_or_unopened
    every_view_of_a_record_leaves_an_audit_row
    without_its_audit_row_no_private_page_is_sent
    a_poll_with_nothing_new_is_empty_and_leaves_no_audit_row
}

async fn a_message_is_saved_opened_and_answered_and_everyone_sees_what_is_true(engine: Engine) {
    let app = TestApp::start(engine).await;
    let thread = thread_of(app.world.sam);
    let mut sam = app.signed_in(SAM).await;
    sam.get("/me/messages").await.is(200).says("There are no messages yet");
    let sent = sam.write_message("/me/messages", "Can you come with me on Thursday?\nAt four.").await;
    assert_eq!((sent.status, sent.location()), (303, "/me/messages"));
    let page = sam.get("/me/messages").await;
    page.says("Saved. Your message is safe")
        .says("Can you come with me on Thursday? At four.")
        .says("Saved. Not opened yet.");
    assert!(page.text().contains("Thursday?\nAt four."), "line breaks are kept");
    assert!(!plain(&sam.get("/me/messages").await.text()).contains("Your message is safe"), "said once");

    app.wait(10 * MINUTE);
    let mut priya = app.signed_in(PRIYA).await;
    priya.get("/work").await.is(200).says("Samtest 1 message not opened Waiting 10 minutes");
    assert!(!plain(&sam.get("/me/messages").await.text()).contains("Opened by"), "the queue opens nothing");
    priya.get(&thread).await.is(200).says("Can you come with me on Thursday?");
    sam.get("/me/messages").await.says("Opened by Priya Nairtest, today, 12.10pm");
    priya.get("/work").await.says("Opened, not answered");

    app.wait(5 * MINUTE);
    let answered = priya.write_message(&thread, "Yes. I will meet you outside.").await;
    assert_eq!((answered.status, answered.location()), (303, thread.as_str()));
    priya.get(&thread).await.says("Your answer is there for them to read");
    priya.get("/work").await.says("Nobody is waiting").says("Nothing to do today for 1 other person");
    sam.get("/me").await.says("1 new message for you");
    let page = sam.get("/me/messages").await;
    page.says("Answered").says("Priya Nairtest, from your team").says("today, 12.15pm Yes. I will meet you outside.");
    sam.get("/me").await.says("Write to your team");
    priya.get(&thread).await.says("Opened today, 12.15pm");
    // The other young person and the other adviser have nothing of it.
    let mut aaliyah = app.signed_in(AALIYAH).await;
    aaliyah.get("/me/messages").await.says("There are no messages yet");
    app.signed_in(OWEN).await.get(&thread).await.is(404);
}

/// The queue as somebody reads it who signs in now.
async fn queue_of(app: &TestApp, username: &str) -> String {
    plain(&app.signed_in(username).await.get("/work").await.is(200).text())
}

async fn the_queue_shows_who_waits_longest_first_and_only_the_own_caseload(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (sam_id, priya_id, aaliyah_id) = (app.world.sam, app.world.priya, app.world.aaliyah);
    app.signed_in(AALIYAH).await.write_message("/me/messages", "first of all").await.is(303);
    app.wait(HOUR);
    app.signed_in(SAM).await.write_message("/me/messages", "second").await.is(303);
    let queue = queue_of(&app, PRIYA).await;
    assert!(queue.contains("Samtest") && !queue.contains("Aaliyahtest"), "{queue}");
    let queue = queue_of(&app, OWEN).await;
    assert!(queue.contains("Aaliyahtest") && !queue.contains("Samtest"), "{queue}");
    let now = app.clock.now();
    app.data
        .db
        .write((), move |tx, ()| {
            Box::pin(async move { people::assign(tx, aaliyah_id, priya_id, Part::Cover, true, now).await })
        })
        .await
        .unwrap();
    let queue = queue_of(&app, PRIYA).await;
    assert!(queue.find("Aaliyahtest").unwrap() < queue.find("Samtest").unwrap(), "{queue}");
    // One who writes again does not wait less long; one who is answered waits no more.
    app.wait(HOUR);
    app.signed_in(AALIYAH).await.write_message("/me/messages", "and again").await.is(303);
    let queue = queue_of(&app, PRIYA).await;
    assert!(queue.find("Aaliyahtest").unwrap() < queue.find("Samtest").unwrap(), "{queue}");
    assert!(queue.contains("2 messages not opened") && queue.contains("Waiting 2 hours"), "{queue}");
    app.signed_in(PRIYA).await.write_message(&thread_of(aaliyah_id), "here I am").await.is(303);
    let queue = queue_of(&app, PRIYA).await;
    assert!(queue.contains("Samtest") && !queue.contains("Aaliyahtest"), "{queue}");
    // A manager sees who somebody is, and neither their messages nor a queue of them.
    let mut morag = app.signed_in(MORAG).await;
    morag.get(&format!("/work/people/{sam_id}")).await.is(200).says("Samtest");
    morag.get(&thread_of(sam_id)).await.is(404);
    assert!(!queue_of(&app, MORAG).await.contains("Samtest"));
    assert!(!queue_of(&app, FAYE).await.contains("Samtest"), "an assignment that ended");
}

async fn an_answer_does_not_end_the_wait_of_a_message_that_came_while_it_was_written(engine: Engine) {
    let app = TestApp::start(engine).await;
    let thread = thread_of(app.world.sam);
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    sam.write_message("/me/messages", "what time is it at?").await.is(303);
    let key = priya.get(&thread).await.is(200).key();
    app.wait(MINUTE);
    sam.write_message("/me/messages", "and I have nowhere to sleep tonight").await.is(303);
    app.wait(MINUTE);
    priya.post_form(&thread, &[("key", &key), ("body", "It is at four.")]).await.is(303);
    let queue = queue_of(&app, PRIYA).await;
    assert!(queue.contains("Samtest Words that may mean danger · 1 message not opened Waiting 1 minute"), "{queue}");
    sam.get("/me/messages").await.says("and I have nowhere to sleep tonight Saved. Not opened yet.");
    priya.get(&thread).await.is(200);
    priya.write_message(&thread, "I am calling you now.").await.is(303);
    assert!(queue_of(&app, PRIYA).await.contains("Words that may mean danger"), "until somebody says that they looked");
    priya.post_form(&format!("{thread}/looked"), &[]).await.is(303);
    assert!(queue_of(&app, PRIYA).await.contains("Nobody is waiting"));
}

async fn handing_over_changes_nothing_about_waiting_or_unopened(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (sam_id, owen_id) = (app.world.sam, app.world.owen);
    let mut sam = app.signed_in(SAM).await;
    sam.write_message("/me/messages", "read by Priya").await.is(303);
    app.signed_in(PRIYA).await.get(&thread_of(sam_id)).await.is(200);
    sam.write_message("/me/messages", "read by nobody").await.is(303);
    let told = async |app: &TestApp| {
        let rows =
            app.data.raw.texts("SELECT CAST(waiting_since AS TEXT) || ' ' || CAST(last_seq AS TEXT) FROM thread").await;
        (rows, app.data.raw.number("SELECT COUNT(*) FROM message_opened").await)
    };
    let before = told(&app).await;
    app.wait(HOUR);
    let now = app.clock.now();
    app.data
        .db
        .write((), move |tx, ()| {
            Box::pin(async move { people::assign(tx, sam_id, owen_id, Part::Pa, true, now).await })
        })
        .await
        .unwrap();
    let raw = &app.data.raw;
    raw.run(&format!(
        "UPDATE assignment SET to_at = {} WHERE staff_id = {}",
        now.as_microsecond(),
        raw.id(app.world.priya)
    ))
    .await;
    assert_eq!(told(&app).await, before);
    let mut owen = app.signed_in(OWEN).await;
    owen.get("/work").await.says("Samtest 1 message not opened Waiting 1 hour");
    app.signed_in(PRIYA).await.get(&thread_of(sam_id)).await.is(404);
    let mut sam = app.signed_in(SAM).await;
    let page = sam.get("/me/messages").await;
    page.says("Owen Parrytest, your personal adviser, reads your messages and usually answers by")
        .says("Opened by Priya Nairtest")
        .says("Saved. Not opened yet.");
    owen.get(&thread_of(sam_id)).await.is(200).says("read by Priya").says("read by nobody");
    owen.write_message(&thread_of(sam_id), "I work with you now").await.is(303);
    sam.get("/me/messages").await.says("Owen Parrytest, from your team");
}

async fn every_view_of_a_record_leaves_an_audit_row(engine: Engine) {
    let app = TestApp::start(engine).await;
    let id = app.world.sam;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    sam.write_message("/me/messages", "hello").await.is(303);
    let add = [("do", "add"), ("value", "07700 900123")];
    let contact = sam.post_form("/me/account/reach", &add).await.is(303).location().to_owned();
    let fields = SAMS.look_up("He is on the phone");
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    app.signed_in(OWEN).await.post_form("/work/find/open", &fields).await.is(303);
    let morag = app.signed_in(MORAG).await;
    let raw = &app.data.raw;
    let last = async |n: i64| {
        let newest =
            format!("SELECT action || ' ' || object_kind || ' ' || relation FROM audit ORDER BY at DESC, id LIMIT {n}");
        let mut rows = raw.texts(&newest).await;
        rows.sort();
        rows
    };
    for (mut client, path, rows) in [
        (sam.clone(), "/me".to_owned(), vec!["read thread own"]),
        (sam.clone(), "/me/messages".into(), vec!["read thread own"]),
        (sam.clone(), "/me/plan".into(), vec!["read plan own"]),
        (sam.clone(), "/me/account".into(), vec!["read account own"]),
        (sam.clone(), "/me/account/name".into(), vec!["read profile own"]),
        (sam.clone(), "/me/account/reach".into(), vec!["read contacts own"]),
        (sam.clone(), contact, vec!["read contacts own"]),
        // Nothing of anybody stands on these.
        (sam.clone(), "/me/record/take".into(), vec![]),
        (app.at_first_door(SAM).await, "/me".into(), vec![]),
        (priya.clone(), "/work".into(), vec!["list caseload own"]),
        (morag, "/work".into(), vec!["list caseload own", "list reason own"]),
        (priya.clone(), format!("/work/people/{id}/reach"), vec!["read contacts pa"]),
        (priya.clone(), format!("/work/people/{id}"), vec!["read profile pa"]),
        // The first visit opens; the second only reads.
        (priya.clone(), thread_of(id), vec!["open thread pa", "read thread pa"]),
        (priya.clone(), thread_of(id), vec!["read thread pa"]),
        (priya.clone(), format!("/work/people/{id}/plan"), vec!["read plan pa"]),
    ] {
        app.wait(SECOND);
        let before = raw.audited().await;
        client.get(&path).await.is(200);
        let many = i64::try_from(rows.len()).unwrap();
        assert_eq!(raw.audited().await, before + many, "{path}");
        assert_eq!(last(many).await, rows, "{path}");
    }
    app.wait(SECOND);
    let before = raw.audited().await;
    priya.post_form(&thread_of(id), &[("key", &"1".repeat(32)), ("body", "an answer")]).await.is(303);
    assert_eq!(raw.audited().await, before + 1);
    assert_eq!(last(1).await, ["answer thread pa"]);
    // A refusal tells nothing of a person and leaves no row as if it had.
    let before = raw.audited().await;
    let mut chris = app.signed_in(CHRIS).await;
    chris.get(&thread_of(id)).await.is(404);
    assert_eq!(raw.audited().await, before + 2, "the sign-in and its second proof only");
    let whose = format!(
        "SELECT COUNT(*) FROM audit WHERE person_id = {} AND actor_id = {}",
        raw.id(id),
        raw.id(app.world.chris)
    );
    assert_eq!(raw.number(&whose).await, 0);
}

async fn without_its_audit_row_no_private_page_is_sent(engine: Engine) {
    let app = TestApp::start(engine).await;
    let thread = thread_of(app.world.sam);
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    sam.write_message("/me/messages", "planted marigoldplan words").await.is(303);
    priya.get(&thread).await.is(200).says("planted marigoldplan words");
    let key = priya.get(&thread).await.key();
    let before = app.data.raw.counts().await;
    app.data.raw.run("ALTER TABLE audit RENAME TO audit_away").await;
    for (mut client, path) in [
        (sam.clone(), "/me"),
        (sam.clone(), "/me/messages"),
        (sam.clone(), "/me/plan"),
        (sam.clone(), "/me/messages/new"),
        (priya.clone(), "/work"),
        (priya.clone(), thread.as_str()),
        (priya.clone(), &format!("/work/people/{}", app.world.sam)),
        (priya.clone(), &format!("/work/people/{}/plan", app.world.sam)),
        (priya.clone(), &format!("{thread}/new")),
    ] {
        let answer = client.get(path).await;
        assert!(answer.status >= 500, "{path}: {}", answer.status);
        for words in ["marigoldplan", "Samtest", "Whittletest"] {
            assert!(!answer.text().contains(words), "{path} was sent without its audit row");
        }
        answer.says("If you tell us about this, say this number");
    }
    // And nothing is changed without one.
    let sent = priya.post_form(&thread, &[("key", &key), ("body", "an answer")]).await;
    assert!(sent.status >= 500);
    app.data.raw.run("ALTER TABLE audit_away RENAME TO audit").await;
    assert_eq!(app.data.raw.counts().await, before);
}

async fn a_poll_with_nothing_new_is_empty_and_leaves_no_audit_row(engine: Engine) {
    let app = TestApp::start(engine).await;
    let thread = thread_of(app.world.sam);
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let raw = &app.data.raw;
    sam.write_message("/me/messages", "hello").await.is(303);
    let page = sam.get("/me/messages").await.text();
    let last = page.split("data-last=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(last.len(), 32);
    let before = (raw.audited().await, raw.counts().await);
    for _ in 0..3 {
        let poll = sam.send("GET", &format!("/me/messages/new?after={last}"), &[("x-fragment", "1")], "").await;
        assert_eq!((poll.status, poll.body.len()), (204, 0));
        assert_eq!(poll.header("cache-control"), "no-store");
    }
    assert_eq!((raw.audited().await, raw.counts().await), before);
    priya.write_message(&thread, "here is an answer").await.is(303);
    let audited = raw.audited().await;
    let poll = sam.send("GET", &format!("/me/messages/new?after={last}"), &[("x-fragment", "1")], "").await;
    poll.is(200);
    let html = poll.text();
    assert!(html.contains("here is an answer") && html.contains("Answered"), "{html}");
    assert!(
        !html.contains("<html") && !html.contains("<script") && !html.contains("leptos-island"),
        "a fragment is rows only"
    );
    let newest = poll.header("x-last").to_owned();
    assert!(newest.len() == 32 && newest != last && html.contains(&format!("id=\"m-{newest}\"")));
    assert_eq!(raw.audited().await, audited + 2, "it was read, and opened");
    // Nothing after it, once the moment of its opening is past.
    app.wait(2 * MINUTE);
    sam.send("GET", &format!("/me/messages/new?after={newest}"), &[("x-fragment", "1")], "").await.is(204);
    // Any other id shows the thread again, and another's thread stays shut.
    for after in ["", "zz", &"0".repeat(32)] {
        sam.send("GET", &format!("/me/messages/new?after={after}"), &[], "").await.is(200);
    }
    app.signed_in(OWEN).await.get(&format!("{thread}/new?after={newest}")).await.is(404);
}

#[test]
fn every_audit_row_names_its_request() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut sam = app.signed_in(SAM).await;
        sam.write_message("/me/messages", "hello").await.is(303);
        let requests = app.data.raw.texts("SELECT DISTINCT request FROM audit WHERE request <> ''").await;
        assert!(requests.len() >= 3, "each row names its own request: {requests:?}");
        assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM audit WHERE request = ''").await, 0);
    });
}

#[test]
fn a_long_thread_shows_its_latest_fifty_in_order_and_leads_to_every_earlier_one() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut sam = app.signed_in(SAM).await;
        for n in 0..120u32 {
            let key = format!("{n:032x}");
            sam.post_form("/me/messages", &[("key", &key), ("body", &format!("number {n:03}."))]).await.is(303);
        }
        let (mut path, mut seen) = ("/me/messages".to_owned(), Vec::new());
        loop {
            let page = sam.get(&path).await.is(200).text();
            let text = plain(&page);
            let on: Vec<u32> = (0..120).filter(|n| text.contains(&format!("number {n:03}."))).collect();
            let at: Vec<_> = on.iter().map(|n| text.find(&format!("number {n:03}.")).unwrap()).collect();
            assert!(at.is_sorted() && on.len() <= 50);
            seen.push((on[0], on.len()));
            let earlier = page.split("href=\"/me/messages?before=").nth(1).and_then(|rest| rest.split('"').next());
            match earlier {
                Some(id) => path = format!("/me/messages?before={id}"),
                None => break,
            }
        }
        assert_eq!(seen, [(70, 50), (20, 50), (0, 20)]);
    });
}
