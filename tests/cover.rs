//! Nobody falls between the chairs: who is away is covered, who waits too long is taken further, who goes over to another
//! worker takes everything along.

use portal::clock::{DAY, HOUR, MINUTE};
use portal::messages::acts::raise;
use portal::people::acts::hand_over_due;

use crate::support::client::{PASSPHRASE, hidden, plain};
use crate::support::forms::key;
use crate::support::people::{ADA, CORA, DEE, MORAG, OWEN, PRIYA, SAM};
use crate::support::{Engine, TestApp, block_on, on_both};

fn thread_of(id: impl std::fmt::Display) -> String {
    format!("/work/people/{id}/messages")
}

on_both! {
    while_somebody_is_away_the_cover_answers_and_everybody_is_told
    without_a_cover_the_duty_desk_answers_and_a_manager_sets_it_for_somebody_ill
    a_wait_that_is_too_long_is_taken_further_once_whoever_runs_the_job
    a_hand_over_moves_what_waits_and_tells_before_and_after
}

async fn away(app: &TestApp, who: &str, of: portal::people::StaffId, days: (&str, &str), cover: &str) {
    let fields = [("from", days.0), ("to", days.1), ("cover", cover)];
    app.signed_in(who).await.post_form(&format!("/work/away/{of}"), &fields).await.is(303);
}

async fn while_somebody_is_away_the_cover_answers_and_everybody_is_told(engine: Engine) {
    let app = TestApp::start(engine).await;
    let thread = thread_of(app.world.sam);
    app.signed_in(SAM).await.write_message("/me/messages", "before the holiday").await.is(303);
    let owen = app.world.owen.to_string();
    app.signed_in(OWEN).await.get(&thread).await.is(404);
    away(&app, PRIYA, app.world.priya, ("2026-11-24", "2026-11-26"), &owen).await;
    let mut sam = app.signed_in(SAM).await;
    sam.get("/me/messages").await.says(
        "Priya Nairtest is away until Thursday 26 November. Owen Parrytest reads your messages and usually answers by 12 noon tomorrow.",
    );
    // What waited before is with the cover too, and the worker who is away keeps a view of it.
    let mut cover = app.signed_in(OWEN).await;
    cover.get("/work").await.says("Samtest 1 message not opened · you cover");
    app.signed_in(PRIYA).await.get("/work").await.says("Somebody else answers Samtest");
    cover.get(&thread).await.says("Priya Nairtest is away until Thursday 26 November.").is(200);
    sam.get("/me/messages").await.says("Opened by Owen Parrytest");
    cover.write_message(&thread, "I am here for Priya").await.is(303);
    sam.get("/me/messages").await.says("Owen Parrytest, from your team");
    // A new message is told to the cover.
    sam.write_message("/me/messages", "thanks").await.is(303);
    let told = format!("SELECT COUNT(*) FROM outbox WHERE owner_id = {}", app.data.raw.id(app.world.owen));
    assert_eq!(app.data.raw.number(&told).await, 1);
    // It ends by itself at local midnight.
    app.wait(2 * DAY + 12 * HOUR - 1);
    app.signed_in(OWEN).await.get(&thread).await.is(200);
    app.wait(1);
    app.signed_in(OWEN).await.get(&thread).await.is(404);
    let page = plain(&app.signed_in(SAM).await.get("/me/messages").await.text());
    let told = "Priya Nairtest, your personal adviser, reads your messages and usually answers by 5pm today.";
    assert!(page.contains(told), "{page}");
    assert!(!plain(&app.signed_in(OWEN).await.get("/work").await.text()).contains("Samtest"));
}

async fn without_a_cover_the_duty_desk_answers_and_a_manager_sets_it_for_somebody_ill(engine: Engine) {
    let app = TestApp::start(engine).await;
    app.signed_in(SAM).await.write_message("/me/messages", "anybody?").await.is(303);
    let of_priya = format!("/work/away/{}", app.world.priya);
    for stranger in [OWEN, CORA, DEE] {
        app.signed_in(stranger).await.get(&of_priya).await.is(404);
    }
    let mut morag = app.signed_in(MORAG).await;
    morag.get(&of_priya).await.is(200).says("When Priya Nairtest is away");
    away(&app, MORAG, app.world.priya, ("2026-11-24", "2026-11-24"), "desk").await;
    morag.get(&of_priya).await.says("Away today Priya Nairtest until Tuesday 24 November: the duty desk answers");
    let again = [("from", "2026-11-20"), ("to", "2026-11-24"), ("cover", "desk")];
    morag.post_form(&of_priya, &again).await.is(422).says("Some of these days are down as away already");
    let before = [("from", "2026-11-26"), ("to", "2026-11-25"), ("cover", "desk")];
    morag.post_form(&of_priya, &before).await.is(422).says("The last day is before the first");
    app.signed_in(DEE).await.get("/work").await.says("Samtest 1 message not opened · duty desk");
    app.signed_in(SAM).await.get("/me/messages").await.says(
        "Priya Nairtest is away until the end of today. The North leaving care team duty desk reads your messages",
    );
    // Back earlier, by one press.
    let page = morag.get(&of_priya).await.text();
    let id = page.split("name=\"end\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    morag.post_form(&of_priya, &[("end", &id)]).await.is(303);
    app.signed_in(PRIYA).await.get("/work").await.says("Samtest 1 message not opened Waiting");
    assert!(!plain(&app.signed_in(DEE).await.get("/work").await.text()).contains("duty desk ·"));
    // Hours of work change what is told.
    let hours = [("wed-from", "13:00"), ("wed-to", "15:00")];
    app.signed_in(PRIYA).await.post_form(&format!("{of_priya}/hours"), &hours).await.is(303);
    app.signed_in(SAM).await.get("/me/messages").await.says("Nobody reads messages before 1pm tomorrow.");
}

async fn a_wait_that_is_too_long_is_taken_further_once_whoever_runs_the_job(engine: Engine) {
    let app = TestApp::start(engine).await;
    app.signed_in(SAM).await.write_message("/me/messages", "hello?").await.is(303);
    let content = app.app.content();
    let holidays = &content.edition.library.timetable.holidays;
    let runs = async || raise(&app.app.db, holidays, app.clock.now()).await.unwrap();
    let steps = async || app.data.raw.texts("SELECT step FROM escalation ORDER BY at, step").await;
    assert_eq!(runs().await, 0);
    // Due after eight hours of work: tomorrow at noon. The desk four of its hours later, the manager eight.
    app.wait(DAY);
    let (one, other) = tokio::join!(runs(), runs());
    assert_eq!((one + other, runs().await), (1, 0), "a job that is run twice raises once");
    assert_eq!(steps().await, ["nudge"]);
    assert!(!plain(&app.signed_in(DEE).await.get("/work").await.text()).contains("Samtest"));
    app.wait(4 * HOUR);
    assert_eq!((runs().await, runs().await), (1, 0));
    app.signed_in(DEE).await.get("/work").await.says("Samtest 1 message not opened · an answer is late · duty desk");
    app.wait(20 * HOUR);
    assert_eq!((runs().await, runs().await), (1, 0));
    assert_eq!(steps().await, ["nudge", "duty", "manager"]);
    let told = async |staff| {
        app.data.raw.number(&format!("SELECT COUNT(*) FROM outbox WHERE owner_id = {}", app.data.raw.id(staff))).await
    };
    // What Priya was not sent yet and the reminder are one notice.
    for staff in [app.world.priya, app.world.dee, app.world.morag] {
        assert_eq!(told(staff).await, 1);
    }
    app.signed_in(MORAG).await.get("/work").await.says(
        "Waiting too long for an answer Speak with whoever leads, set them away with a cover, or hand over . Samtest, for 2 days: Priya Nairtest leads",
    );
    // Answered, it is over.
    let thread = thread_of(app.world.sam);
    let mut dee = app.signed_in(DEE).await;
    dee.get(&thread).await.is(200);
    dee.write_message(&thread, "here I am").await.is(303);
    assert!(!plain(&dee.get("/work").await.text()).contains("Samtest"));
    // Words that may mean danger have half an hour of work, and then everybody is told at once.
    app.wait(MINUTE);
    app.signed_in(SAM).await.write_message("/me/messages", "i want to die").await.is(303);
    app.signed_in(DEE).await.get("/work").await.says("Words that may mean danger · 1 message not opened · duty desk");
    app.wait(29 * MINUTE);
    assert_eq!(runs().await, 0);
    app.wait(2 * MINUTE);
    assert_eq!((runs().await, runs().await), (3, 0));
}

async fn a_hand_over_moves_what_waits_and_tells_before_and_after(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (thread, owen) = (thread_of(app.world.sam), app.world.owen.to_string());
    let mut sam = app.signed_in(SAM).await;
    sam.write_message("/me/messages", "opened by Priya").await.is(303);
    let mut priya = app.signed_in(PRIYA).await;
    priya.get(&thread).await.is(200);
    sam.write_message("/me/messages", "opened by nobody").await.is(303);
    let later = [("unread", "yes"), ("snooze", ""), ("follow", "2026-12-01")];
    priya.post_form(&format!("{thread}/later"), &later).await.is(303);
    let key = crate::support::forms::key();
    priya.post_form(&format!("{thread}/draft"), &[("key", &key), ("body", "half an answer")]).await.is(303);
    let key = crate::support::forms::key();
    let plan =
        [("key", key.as_str()), ("do", "send"), ("body", "see you soon"), ("day", "2026-12-02"), ("time", "09:00")];
    priya.post_form(&format!("{thread}/prepare"), &plan).await.is(303);
    let planned = async |staff| {
        let whose = app.data.raw.id(staff);
        app.data.raw.number(&format!("SELECT COUNT(*) FROM planned WHERE state = 'due' AND staff_id = {whose}")).await
    };
    assert_eq!((planned(app.world.priya).await, planned(app.world.owen).await), (1, 0));
    let told = async || {
        let wait = "SELECT CAST(waiting_since AS TEXT) || ' ' || CAST(due_at AS TEXT) FROM thread";
        (app.data.raw.texts(wait).await, app.data.raw.number("SELECT COUNT(*) FROM message_opened").await)
    };
    let before = told().await;
    let page = format!("/work/hand-over/{}", app.world.priya);
    for stranger in [PRIYA, OWEN, DEE] {
        app.signed_in(stranger).await.get(&page).await.is(404);
    }
    let mut morag = app.signed_in(MORAG).await;
    morag.get("/work/hand-over").await.says("Priya Nairtest, 1 person");
    morag.get(&page).await.says("Samuel Whittletest");
    let one = format!("p-{}", app.world.sam);
    let key = crate::support::forms::key();
    let fields = [
        (one.as_str(), "yes"),
        ("to", &owen),
        ("day", "2026-11-27"),
        ("note", "likes to be called after four"),
        ("key", &key),
    ];
    morag.post_form(&page, &fields[1..]).await.is(422).says("Tick at least one person").says("likes to be called");
    let aaliyah = format!("p-{}", app.world.aaliyah);
    morag.post_form(&page, &[(&aaliyah, "yes"), fields[1], fields[2], fields[4]]).await.is(404);
    morag.post_form(&page, &fields).await.is(303);
    morag.get(&page).await.says("Samuel Whittletest to Owen Parrytest, on Friday 27 November");
    sam.get("/me/messages")
        .await
        .says("From Friday 27 November Owen Parrytest works with you. Until then it is Priya Nairtest.");
    app.signed_in(OWEN).await.get(&thread).await.is(404);
    // On its day, by itself, once.
    app.wait(2 * DAY + 12 * HOUR);
    let due = async || hand_over_due(&app.app.db, &app.data.vault, app.clock.now()).await.unwrap();
    assert_eq!((due().await, due().await), (1, 0));
    assert_eq!(told().await.0, before.0, "nothing about the wait");
    assert_eq!((planned(app.world.priya).await, planned(app.world.owen).await), (0, 1), "and what is to be sent later");
    let mut owen = app.signed_in(OWEN).await;
    owen.get("/work").await.says("1 message not opened").says("marked as unread · follow up on Tuesday 1 December");
    app.signed_in(PRIYA).await.get(&thread).await.is(404);
    let sam_reads = app.signed_in(SAM).await.get("/me/messages").await.text();
    assert!(plain(&sam_reads).contains("Owen Parrytest works with you from today. Until now it was Priya Nairtest."));
    assert!(!sam_reads.contains("likes to be called"), "a note is for workers");
    owen.get(&thread).await.says("likes to be called after four").says("opened by Priya").says("opened by nobody");
    assert!(owen.get(&thread).await.text().contains("half an answer"), "what was begun goes along");
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM assignment WHERE lead AND to_at IS NULL").await, 2);
}

#[test]
fn a_plan_to_hand_over_is_taken_back_and_one_to_somebody_who_left_is_dropped_and_told() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let page = format!("/work/hand-over/{}", app.world.priya);
        let (one, owen) = (format!("p-{}", app.world.sam), app.world.owen.to_string());
        let (first, second, third) = (key(), key(), key());
        let fields = [(one.as_str(), "yes"), ("to", owen.as_str()), ("day", "2026-11-27")];
        let mut morag = app.signed_in(MORAG).await;
        morag.post_form(&page, &[&fields[..], &[("key", &first)]].concat()).await.is(303);
        let html = morag.get(&page).await.text();
        let id = html.split("name=\"drop\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        morag.post_form(&page, &[("drop", &id)]).await.is(303);
        app.signed_in(SAM).await.get("/me/messages").await.says("There is no change of worker after all");
        morag.post_form(&page, &[("drop", &id)]).await.is(404);
        morag.post_form(&page, &[&fields[..], &[("key", &second)]].concat()).await.is(303);
        app.data
            .raw
            .run(&format!("UPDATE staff SET state = 'left' WHERE id = {}", app.data.raw.id(app.world.owen)))
            .await;
        app.wait(3 * DAY);
        assert_eq!(hand_over_due(&app.app.db, &app.data.vault, app.clock.now()).await.unwrap(), 0);
        app.signed_in(PRIYA).await.get(&thread_of(app.world.sam)).await.is(200);
        let told = format!(
            "SELECT COUNT(*) FROM outbox WHERE kind = 'alert' AND owner_id = {}",
            app.data.raw.id(app.world.morag)
        );
        assert_eq!(app.data.raw.number(&told).await, 1);
        morag = app.signed_in(MORAG).await;
        morag.post_form(&page, &[&fields[..], &[("key", &third)]].concat()).await.is(422).says("must be here");
    });
}

#[test]
fn a_note_for_the_next_worker_comes_along_through_a_sign_in_and_is_written_once() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let page = format!("/work/hand-over/{}", app.world.priya);
        let (one, owen) = (format!("p-{}", app.world.sam), app.world.owen.to_string());
        let mut morag = app.signed_in(MORAG).await;
        let html = morag.get(&page).await.text();
        let (key, place) = (hidden(&html, "key").unwrap(), hidden(&html, "place").unwrap());
        let fields = [
            (one.as_str(), "yes"),
            ("to", owen.as_str()),
            ("day", "2026-11-27"),
            ("note", "likes to be called after four"),
            ("key", &key),
            ("place", &place),
        ];
        morag.cookies.remove("__Host-sess");
        let html = morag.post_form(&page, &fields).await.is(401).text();
        let draft = hidden(&html, "draft").unwrap().replace("&amp;", "&");
        let again = [("username", MORAG), ("passphrase", PASSPHRASE), ("next", &page), ("draft", &draft)];
        morag.post_form("/sign-in", &again).await.is(303);
        app.prove(&mut morag).await;
        let html = morag.get(&page).await.says("You typed this before").text();
        assert!(html.contains("likes to be called after four</textarea>") && html.contains("2026-11-27"));
        let chosen = |tag: &&str| tag.contains(&format!("value=\"{owen}\"")) && tag.contains(" selected");
        assert!(html.split('<').any(|tag| chosen(&tag)), "who takes over");

        // A double tap, and the same form with other words.
        for _ in 0..2 {
            morag.post_form(&page, &fields).await.is(303);
        }
        assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM draft").await, 0);
        let other = [fields[0], fields[1], ("day", "2026-11-30"), fields[3], fields[4]];
        morag.post_form(&page, &other).await.is(409).says("This was sent before").says("likes to be called");
        morag.get(&page).await.says("on Friday 27 November").lacks("You typed this before");
        let told = app.signed_in(SAM).await.get("/me/messages").await.text();
        assert_eq!(told.matches("From Friday 27 November Owen Parrytest works with you").count(), 1);
        let thread = app.signed_in(PRIYA).await.get(&thread_of(app.world.sam)).await.text();
        assert_eq!(thread.matches("likes to be called after four").count(), 1);
    });
}

#[test]
fn whoever_is_the_last_to_take_what_has_no_owner_stays() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut ada = app.signed_in(ADA).await;
        let of = |staff: portal::people::StaffId| format!("/admin/staff/{staff}");
        ada.post_form(&of(app.world.dee), &[("do", "leave")]).await.is(303);
        let last = "Nobody else is on a duty desk or manages a team";
        ada.post_form(&of(app.world.morag), &[("do", "end:manager")]).await.is(422).says("Hand over first");
        app.data
            .raw
            .run(&format!("UPDATE assignment SET to_at = 1 WHERE staff_id = {}", app.data.raw.id(app.world.morag)))
            .await;
        ada.post_form(&of(app.world.morag), &[("do", "end:manager")]).await.is(422).says(last);
        ada.post_form(&of(app.world.morag), &[("do", "leave")]).await.is(422).says(last);
    });
}
