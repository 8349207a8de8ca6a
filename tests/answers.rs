//! What a young person and a worker may count on around an answer: what is told before, what is kept, what stands where.

use portal::clock::{DAY, HOUR, MINUTE};

use crate::support::client::{hidden, plain};
use crate::support::people::{CORA, DEE, MORAG, OWEN, PRIYA, SAM, SOL};
use crate::support::{Engine, TestApp, block_on, on_both};

fn thread_of(id: impl std::fmt::Display) -> String {
    format!("/work/people/{id}/messages")
}

on_both! {
    it_is_told_before_the_box_who_reads_and_by_when_and_kept_with_the_message
    words_that_may_mean_danger_bring_help_first_and_stop_nothing
    a_promise_a_talk_and_a_note_stand_where_they_belong
    a_draft_is_back_at_home_and_stays_in_its_visit_abroad
    a_late_draft_of_a_sent_form_leaves_nothing
    what_is_put_off_comes_back_and_danger_is_never_put_off
}

async fn it_is_told_before_the_box_who_reads_and_by_when_and_kept_with_the_message(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut sam = app.signed_in(SAM).await;
    let told = "Priya Nairtest, your personal adviser, reads your messages and usually answers by 12 noon tomorrow.";
    let page = sam.get("/me/messages").await;
    page.says(told).says("In danger, or nowhere to sleep tonight? Do not wait for an answer here. Call now.");
    let html = page.text();
    assert!(html.find("In danger, or nowhere").unwrap() < html.find("<textarea").unwrap(), "before the box");
    let (shown, sign) = (hidden(&html, "shown").unwrap(), hidden(&html, "sign").unwrap());
    assert_eq!(shown, told);
    // An hour later the page would say something else: what it said is what counts.
    app.wait(HOUR);
    let fields = [("key", page.key()), ("body", "hello".to_owned()), ("shown", shown.clone()), ("sign", sign.clone())];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    sam.post_form("/me/messages", &fields).await.is(303);
    sam.get("/me/messages").await.says(&format!("Saved. Not opened yet. When you wrote, this page said: {told}"));
    // Words of somebody else's making are not kept as ours.
    let key = sam.get("/me/messages").await.key();
    let forged = [("key", key.as_str()), ("body", "again"), ("shown", "We answer in a minute."), ("sign", &sign)];
    sam.post_form("/me/messages", &forged).await.is(303);
    let page = plain(&sam.get("/me/messages").await.text());
    assert!(!page.contains("in a minute") && page.contains("this page said: Priya Nairtest"), "{page}");
    // At night nobody reads.
    app.wait(9 * HOUR);
    let mut sam = app.signed_in(SAM).await;
    sam.get("/me/messages").await.says("Nobody reads messages before 9am tomorrow.");
}

async fn words_that_may_mean_danger_bring_help_first_and_stop_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut sam = app.signed_in(SAM).await;
    sam.write_message("/me/messages", "are you there on friday?").await.is(303);
    let quiet = plain(&sam.get("/me/messages").await.text());
    assert!(!quiet.contains("You can get help right now"));
    let sent = sam.write_message("/me/messages", "i dont want to be here anymore").await;
    assert_eq!((sent.status, sent.location()), (303, "/me/messages"));
    let page = sam.get("/me/messages").await;
    page.says("Saved. Your message is safe and at the top of the list.").says("You can get help right now");
    let html = page.text();
    assert!(html.find("You can get help right now").unwrap() < html.find("class=\"thread\"").unwrap(), "first");
    // The one who leads and the duty desk are told in the same breath, without a word of it.
    let told = "SELECT kind || ' ' || CAST(COUNT(*) AS TEXT) FROM outbox GROUP BY kind ORDER BY kind";
    assert_eq!(app.data.raw.texts(told).await, ["alert 1", "worker_message 1"]);
    app.wait(MINUTE);
    let mut priya = app.signed_in(PRIYA).await;
    let queue = priya.get("/work").await;
    queue.says("Words that may mean danger");
    assert!(queue.text().contains("class=\"urgent\""));
    let thread = thread_of(app.world.sam);
    priya.get(&thread).await.says("Words here may mean danger").says("These words may mean danger");
    priya.post_form(&format!("{thread}/looked"), &[]).await.is(303);
    let page = plain(&priya.get(&thread).await.text());
    assert!(!page.contains("may mean danger"), "{page}");
    sam.get("/me/record").await.says("Priya Nairtest, your personal adviser, looked at words of yours that worried us");
}

async fn a_promise_a_talk_and_a_note_stand_where_they_belong(engine: Engine) {
    let app = TestApp::start(engine).await;
    let thread = thread_of(app.world.sam);
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    sam.write_message("/me/messages", "can you ask about the bus pass?").await.is(303);
    priya.get(&thread).await.says("Waiting for less than a minute. An answer is due Wednesday 25 November, 12 noon.");
    let write = async |client: &mut crate::support::Client, word: &str, fields: &[(&str, &str)]| {
        let path = format!("{thread}/{word}");
        let key = client.get(&path).await.is(200).key();
        let mut all = vec![("key", key.as_str())];
        all.extend_from_slice(fields);
        client.post_form(&path, &all).await
    };
    write(&mut priya, "promise", &[("body", "ask the council"), ("day", "2026-11-20")])
        .await
        .is(422)
        .says("That day is over");
    write(&mut priya, "promise", &[("body", "ask the council"), ("day", "2026-11-27")]).await.is(303);
    sam.get("/me/messages")
        .await
        .says("can you ask about the bus pass? Priya Nairtest will do this by Friday 27 November")
        .says("Priya Nairtest will do this by Friday 27 November ask the council");
    priya.get(&thread).await.says("An answer is due Friday 27 November, 5pm.");
    write(&mut priya, "note", &[("body", "sensitive aside")]).await.is(303);
    priya
        .get(&thread)
        .await
        .says("Note of Priya Nairtest for other workers sensitive aside Only workers see this here.");
    app.signed_in(SOL).await.get(&thread).await.says("sensitive aside");
    for page in ["/me/messages", "/me/messages/print", "/me/messages/file"] {
        let page = sam.get(page).await.is(200).text();
        assert!(!page.contains("sensitive aside"), "{page}");
    }
    for wrong in ["2026-12-24", "2016-11-24"] {
        write(&mut priya, "spoke", &[("how", "phone"), ("body", "the pass is free"), ("day", wrong)]).await.is(422);
    }
    // A talk of last week, written down today, answers nothing that was written since.
    write(&mut priya, "spoke", &[("how", "met"), ("body", "about college"), ("day", "2026-11-17")]).await.is(303);
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM thread WHERE waiting_since IS NOT NULL").await, 1);
    let page = sam.get("/me/messages").await;
    assert!(!plain(&page.text()).contains("bus pass? Answered"), "{}", plain(&page.text()));
    assert!(!plain(&priya.get("/work").await.text()).contains("Nobody is waiting"));
    write(&mut priya, "spoke", &[("how", "phone"), ("body", "the pass is free"), ("day", "2026-11-24")]).await.is(303);
    sam.get("/me/messages").await.says("You and Priya Nairtest spoke by phone: Tuesday 24 November the pass is free");
    priya.get("/work").await.says("Nobody is waiting");
    sam.get("/me/messages").await.says("can you ask about the bus pass? Answered");
}

async fn a_draft_is_back_at_home_and_stays_in_its_visit_abroad(engine: Engine) {
    let app = TestApp::start(engine).await;
    let box_of = |page: String| page.split("<textarea").nth(1).unwrap().split("</textarea>").next().unwrap().to_owned();
    let keep = async |client: &mut crate::support::Client, words: &str| {
        let key = client.get("/me/messages").await.key();
        client.post_form("/me/messages/draft", &[("key", &key), ("body", words)]).await.is(303);
    };
    // On a phone of their own it is there after signing out and in again.
    let mut home = app.signed_in(SAM).await;
    keep(&mut home, "First line.\nhalf of what I wan").await;
    home.get("/me/messages").await.says("Kept, and not sent.");
    home.post_form("/sign-out", &[]).await.is(303);
    let mut home = app.signed_in(SAM).await;
    assert!(box_of(home.get("/me/messages").await.text()).contains("half of what I wan"));
    // On one that others use it is there while the visit lasts, and nobody sees what was kept elsewhere.
    let mut abroad = app.at_first_door(SAM).await;
    assert!(!box_of(abroad.get("/me/messages").await.text()).contains("half"));
    keep(&mut abroad, "from the library").await;
    assert!(box_of(abroad.get("/me/messages").await.text()).contains("from the library"));
    abroad.post_form("/sign-out", &[]).await.is(303);
    let mut abroad = app.at_first_door(SAM).await;
    assert!(!box_of(abroad.get("/me/messages").await.text()).contains("library"));
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM draft").await, 1);
    // Emptied, nothing is kept.
    keep(&mut home, "  ").await;
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM draft").await, 0);
}

async fn a_late_draft_of_a_sent_form_leaves_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut sam = app.signed_in(SAM).await;
    let key = sam.get("/me/messages").await.key();
    sam.post_form("/me/messages/draft", &[("key", &key), ("body", "on my wa")]).await.is(303);
    sam.post_form("/me/messages", &[("key", &key), ("body", "on my way")]).await.is(303);
    sam.post_form("/me/messages/draft", &[("key", &key), ("body", "on my wa")]).await.is(303);
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM draft").await, 0);
}

async fn what_is_put_off_comes_back_and_danger_is_never_put_off(engine: Engine) {
    let app = TestApp::start(engine).await;
    let thread = thread_of(app.world.sam);
    let later = format!("{thread}/later");
    app.signed_in(SAM).await.write_message("/me/messages", "no hurry").await.is(303);
    let mut priya = app.signed_in(PRIYA).await;
    priya.post_form(&later, &[("snooze", "2026-11-20")]).await.is(422).says("That day is over");
    priya.post_form(&later, &[("snooze", "2026-11-27"), ("follow", "2026-12-01")]).await.is(303);
    priya
        .get("/work")
        .await
        .says("Put off Samtest")
        .says("put off until Friday 27 November · follow up on Tuesday 1 December");
    app.signed_in(SAM).await.write_message("/me/messages", "i want to die").await.is(303);
    let queue = plain(&priya.get("/work").await.text());
    assert!(!queue.contains("Put off Samtest"), "{queue}");
    // A wait whose time is up is not put off either.
    let mut priya = app.signed_in(PRIYA).await;
    priya.get(&thread).await.is(200);
    priya.post_form(&format!("{thread}/looked"), &[]).await.is(303);
    priya.get("/work").await.says("Put off Samtest");
    app.wait(2 * DAY);
    let queue = plain(&app.signed_in(PRIYA).await.get("/work").await.text());
    assert!(queue.contains("an answer is late") && !queue.contains("Put off Samtest"), "{queue}");
}

#[test]
fn messages_are_searched_hidden_and_taken_away() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut sam = app.signed_in(SAM).await;
        for words in ["the viewing is on Thursday", "my shifts on thursday and friday", "nothing of it"] {
            sam.write_message("/me/messages", words).await.is(303);
        }
        let found = sam.post_form("/me/messages/search", &[("words", "THURSDAY my")]).await;
        found.is(200).says("1 message has “THURSDAY my” in it.").says("my shifts on thursday and friday");
        sam.post_form("/me/messages/search", &[("words", "zebra")]).await.says("No message has “zebra” in it.");
        let page = sam.get("/me/messages/hide").await.text();
        let id = page.split("name=\"m-").nth(1).unwrap().split('"').next().unwrap().to_owned();
        sam.post_form("/me/messages/hide", &[]).await.is(422).says("Tick the messages that you want to hide");
        sam.post_form("/me/messages/hide", &[(&format!("m-{id}"), "yes")]).await.is(303);
        let page = plain(&sam.get("/me/messages").await.text());
        assert!(!page.contains("nothing of it") && page.contains("the 1 you have hidden"), "{page}");
        sam.get("/me/messages/hide").await.says("1 message is hidden.");
        app.signed_in(PRIYA).await.get(&thread_of(app.world.sam)).await.says("nothing of it");
        sam.post_form("/me/messages/hide", &[("show", "all")]).await.is(303);
        sam.get("/me/messages").await.says("nothing of it");
        let file = sam.get("/me/messages/file").await;
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"messages.txt\"");
        assert!(file.text().contains("2026-11-24 12:00, You\nnothing of it\n"), "{}", file.text());
        sam.get("/me/messages/print").await.says("the viewing is on Thursday");
        // A message of somebody else's thread cannot be named.
        let mut aaliyah = app.signed_in(crate::support::people::AALIYAH).await;
        aaliyah.post_form("/me/messages/hide", &[(&format!("m-{id}"), "yes")]).await.is(404);
        aaliyah.get(&format!("/me/messages?before={id}")).await.is(404);
    });
}

#[test]
fn whoever_works_beside_the_lead_sees_the_same_and_who_answers() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        app.signed_in(SAM).await.write_message("/me/messages", "hello all").await.is(303);
        for beside in [SOL, CORA] {
            let mut worker = app.signed_in(beside).await;
            worker.get("/work").await.says("Somebody else answers Samtest");
            worker.get(&thread_of(app.world.sam)).await.says("leads and answers. You see the same.").says("hello all");
        }
        for other in [OWEN, MORAG] {
            app.signed_in(other).await.get(&thread_of(app.world.sam)).await.is(404);
        }
        app.signed_in(DEE).await.get(&thread_of(app.world.sam)).await.is(200);
    });
}

#[test]
fn what_somebody_says_of_themselves_is_read_by_whoever_works_with_them() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut sam = app.signed_in(SAM).await;
        sam.post_form("/me/about", &[("about", &"a".repeat(2_501))]).await.is(422).says("There is a problem");
        sam.post_form("/me/about", &[("about", "Call me after four.\nI cook well.")]).await.is(303);
        sam.get("/me/about").await.says("Saved.").says("Call me after four.");
        let page = format!("/work/people/{}", app.world.sam);
        app.signed_in(PRIYA).await.get(&page).await.says("In their own words Call me after four. I cook well.");
        sam.post_form("/me/about", &[("about", "")]).await.is(303);
        let text = plain(&app.signed_in(PRIYA).await.get(&page).await.text());
        assert!(!text.contains("In their own words"), "{text}");
    });
}
