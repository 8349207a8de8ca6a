//! Notices: written with what they tell of, without a word of it, sent once it can be.

use std::sync::atomic::Ordering;

use portal::clock::{Clock, DAY, MINUTE, SECOND};
use portal::notices::{Kind, store as notices};
use portal::people::{StaffId, store as people};

use crate::support::people::{PRIYA, SAM};
use crate::support::smtp::{DEAD, LATER, MailServer, REFUSES, TAKES};
use crate::support::{Engine, TestApp, block_on, noon, on_both, write};

/// A portal, and the mail server that it sends to.
async fn with_server(engine: Engine) -> (TestApp, MailServer) {
    let clock = Clock::fixed(noon());
    let server = MailServer::start(&clock).await;
    let url = server.url.clone();
    (TestApp::with(engine, clock, |setup| setup.smtp = Some(url)).await, server)
}

async fn states(app: &TestApp) -> Vec<String> {
    app.data.raw.texts("SELECT state || ' ' || CAST(attempts AS TEXT) || ' ' || COALESCE(last_fault, '-') FROM outbox ORDER BY made_at, kind").await
}

async fn sam_writes(app: &TestApp) {
    app.signed_in(SAM).await.write_message("/me/messages", "planted tamarind words").await.is(303);
}

on_both! {
    a_notice_is_there_with_its_message_or_not_at_all
    mail_says_nothing_of_what_was_written_or_by_whom
    a_mail_server_that_is_down_gets_the_same_mail_once_it_is_back
    a_mail_refused_for_good_is_given_up
    an_address_that_changed_after_the_message_counts
    a_safety_flag_stops_a_notice_that_is_already_waiting
    a_worker_that_died_over_a_notice_does_not_keep_it
    two_workers_at_once_send_each_notice_once
    one_person_has_one_notice_in_a_quarter_of_an_hour_whatever_happens
}

async fn a_notice_is_there_with_its_message_or_not_at_all(engine: Engine) {
    let app = TestApp::start(engine).await;
    sam_writes(&app).await;
    let rows = app.data.raw.texts("SELECT kind || ' ' || state FROM outbox").await;
    assert_eq!(rows, ["worker_message due"]);
    let to = format!("SELECT COUNT(*) FROM outbox WHERE owner_id = {}", app.data.raw.id(app.world.priya));
    assert_eq!(app.data.raw.number(&to).await, 1, "to the one who leads, and to nobody else");
    let mut sam = app.signed_in(SAM).await;
    let key = sam.get("/me/messages").await.key();
    app.data.raw.run("ALTER TABLE outbox RENAME TO outbox_away").await;
    let answer = sam.post_form("/me/messages", &[("key", &key), ("body", "without its notice")]).await;
    assert!(answer.status >= 500, "{}", answer.status);
    app.data.raw.run("ALTER TABLE outbox_away RENAME TO outbox").await;
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM message").await, 1);
    sam.post_form("/me/messages", &[("key", &key), ("body", "without its notice")]).await.is(303);
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM message").await, 2);
}

async fn mail_says_nothing_of_what_was_written_or_by_whom(engine: Engine) {
    let (app, server) = with_server(engine).await;
    sam_writes(&app).await;
    let mut priya = app.signed_in(PRIYA).await;
    priya.write_message(&format!("/work/people/{}/messages", app.world.sam), "an answer of yellowhouse").await.is(303);
    assert_eq!(app.deliver().await, 2);
    let mails = server.mails();
    let mut to: Vec<_> = mails.iter().map(|mail| mail.to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, [format!("{PRIYA}@staff.invalid"), format!("{SAM}@young.invalid")]);
    for mail in &mails {
        let (head, body) = mail.text.split_once("\r\n\r\n").unwrap();
        let open = mail.text.replace(&mail.to, "").to_lowercase();
        for word in [
            "tamarind",
            "yellowhouse",
            "sam",
            "whittle",
            "priya",
            "nair",
            "aaliyah",
            "care leaver",
            "leaving care",
            "adviser",
            "message",
            "http",
            "www",
            "href",
            "127.0.0.1",
            "/me",
            "/work",
            "passphrase is",
        ] {
            // The word stands in the name of one header, which every mail has.
            assert!(!open.replace("message-id:", "").contains(word), "a mail says {word:?}:\n{open}");
        }
        assert!(!body.contains('/'), "a mail holds a path: {body}");
        assert!(head.contains("Auto-Submitted: auto-generated") && head.contains("text/plain"), "{head}");
        assert!(mail.header("Subject").starts_with("Next Steps Lancashire: "));
    }
    assert_eq!(states(&app).await, ["sent 1 -", "sent 1 -"]);
    assert_eq!(app.deliver().await, 0);
}

async fn a_mail_server_that_is_down_gets_the_same_mail_once_it_is_back(engine: Engine) {
    let (app, server) = with_server(engine).await;
    sam_writes(&app).await;
    server.answer.store(DEAD, Ordering::SeqCst);
    assert_eq!(app.deliver().await, 1);
    assert_eq!(states(&app).await, ["due 1 email: the mail server does not answer as one"]);
    assert_eq!(app.deliver().await, 0, "not again at once");
    // It is back, takes the whole mail, and then asks to try later.
    server.answer.store(LATER, Ordering::SeqCst);
    app.wait(10 * SECOND);
    assert_eq!(app.deliver().await, 1);
    app.wait(26 * SECOND);
    assert_eq!(app.deliver().await, 0, "each wait is longer");
    server.answer.store(TAKES, Ordering::SeqCst);
    app.wait(4 * SECOND);
    assert_eq!(app.deliver().await, 1);
    assert_eq!(states(&app).await, ["sent 3 -"]);
    app.wait(DAY);
    assert_eq!(app.deliver().await, 0);
    let mails = server.mails();
    assert_eq!(mails.len(), 2);
    let ids: Vec<_> = mails.iter().map(|mail| mail.header("Message-ID")).collect();
    assert_eq!(ids[0], ids[1], "the same mail, so that a copy can be told");
    let id = app
        .data
        .raw
        .texts(if engine == Engine::Sqlite {
            "SELECT lower(hex(id)) FROM outbox"
        } else {
            "SELECT encode(id, 'hex') FROM outbox"
        })
        .await;
    assert_eq!(ids[0], format!("<{}@portal.invalid>", id[0]));
}

async fn a_mail_refused_for_good_is_given_up(engine: Engine) {
    let (app, server) = with_server(engine).await;
    sam_writes(&app).await;
    server.answer.store(REFUSES, Ordering::SeqCst);
    assert_eq!(app.deliver().await, 1);
    assert_eq!(states(&app).await, ["failed 1 email: the mail server refused it"]);
    server.answer.store(TAKES, Ordering::SeqCst);
    app.wait(4 * DAY);
    assert_eq!(app.deliver().await, 0);
    // And a server that is down for days is given up at last.
    sam_writes(&app).await;
    server.answer.store(DEAD, Ordering::SeqCst);
    let mut tries = 0;
    for _ in 0..400 {
        tries += app.deliver().await;
        app.wait(30 * MINUTE);
    }
    assert!((100..200).contains(&tries), "{tries}");
    assert!(states(&app).await[1].starts_with("failed"), "{:?}", states(&app).await);
}

async fn an_address_that_changed_after_the_message_counts(engine: Engine) {
    let (app, server) = with_server(engine).await;
    sam_writes(&app).await;
    let (priya, now) = (app.world.priya, app.clock.now());
    app.data
        .db
        .write(app.data.vault.clone(), move |tx, vault| {
            Box::pin(async move {
                people::insert_contact(
                    tx,
                    vault,
                    priya,
                    (portal::people::Channel::Email, "moved@staff.invalid"),
                    Some(now),
                )
                .await
            })
        })
        .await
        .unwrap();
    assert_eq!(app.deliver().await, 1);
    assert_eq!(server.mails()[0].to, "moved@staff.invalid");
}

async fn a_safety_flag_stops_a_notice_that_is_already_waiting(engine: Engine) {
    let (app, server) = with_server(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    priya.write_message(&format!("/work/people/{}/messages", app.world.sam), "hello").await.is(303);
    let yes = if engine == Engine::Sqlite { "1" } else { "TRUE" };
    app.data
        .raw
        .run(&format!("UPDATE person SET safety_flag = {yes} WHERE id = {}", app.data.raw.id(app.world.sam)))
        .await;
    assert_eq!(app.deliver().await, 1);
    assert!(server.mails().is_empty(), "a mail was sent to somebody under a safety flag");
    assert_eq!(states(&app).await, ["cancelled 1 no address to send to"]);
    app.wait(DAY);
    assert_eq!(app.deliver().await, 0);
}

async fn a_worker_that_died_over_a_notice_does_not_keep_it(engine: Engine) {
    let (app, _server) = with_server(engine).await;
    sam_writes(&app).await;
    let until = app.clock.now().as_microsecond() + 2 * MINUTE;
    app.data.raw.run(&format!("UPDATE outbox SET state = 'leased', attempts = 1, lease_until = {until}")).await;
    app.wait(2 * MINUTE - 1);
    assert_eq!(app.deliver().await, 0);
    app.wait(1);
    assert_eq!(app.deliver().await, 1);
    assert_eq!(states(&app).await, ["sent 2 -"]);
}

async fn two_workers_at_once_send_each_notice_once(engine: Engine) {
    let (app, server) = with_server(engine).await;
    let world = app.world;
    let staff: [StaffId; 6] = [world.priya, world.owen, world.morag, world.ada, world.cora, world.dee];
    for worker in staff {
        write!(app.data, tx, vault, notices::add(tx, Kind::WorkerHasMessage, worker, noon()).await).unwrap();
    }
    let (one, two, three) = tokio::join!(app.deliver(), app.deliver(), app.deliver());
    assert_eq!(one + two + three, 6);
    let mails = server.mails();
    let ids: std::collections::BTreeSet<_> = mails.iter().map(|mail| mail.header("Message-ID").to_owned()).collect();
    assert_eq!((mails.len(), ids.len()), (6, 6));
}

/// When mails came, in minutes after noon.
fn minutes(server: &MailServer) -> Vec<i64> {
    server.mails().iter().map(|mail| (mail.at.as_microsecond() - noon().as_microsecond()) / MINUTE).collect()
}

async fn one_person_has_one_notice_in_a_quarter_of_an_hour_whatever_happens(engine: Engine) {
    let (app, server) = with_server(engine).await;
    let sam = app.world.sam;
    // Every minute for two hours somebody writes or something else happens.
    for minute in 0..120 {
        let kind = if minute % 3 == 0 { Kind::WorkerHasMessage } else { Kind::PersonHasMessage };
        write!(app.data, tx, vault, notices::add(tx, kind, sam, noon()).await).unwrap();
        app.deliver().await;
        app.wait(MINUTE);
    }
    assert_eq!(minutes(&server), [0, 15, 30, 45, 60, 75, 90, 105]);
    // What waits for a server that is down is told once.
    server.answer.store(DEAD, Ordering::SeqCst);
    for _ in 0..60 {
        write!(app.data, tx, vault, notices::add(tx, Kind::PersonHasMessage, sam, noon()).await).unwrap();
        app.deliver().await;
        app.wait(MINUTE);
    }
    server.answer.store(TAKES, Ordering::SeqCst);
    for _ in 0..60 {
        app.deliver().await;
        app.wait(MINUTE);
    }
    let came = minutes(&server);
    assert!(came.windows(2).all(|two| two[1] - two[0] >= 15), "{came:?}");
    assert!(came.len() <= 10, "{came:?}");
    // What presses does not wait for what does not; for its like it does.
    let add = async |kind| write!(app.data, tx, vault, notices::add(tx, kind, sam, noon()).await).unwrap();
    let mut many = came.len();
    for (kind, more) in [(Kind::PersonHasMessage, 1), (Kind::Alert, 1), (Kind::GlassBroken, 0), (Kind::Alert, 0)] {
        add(kind).await;
        app.deliver().await;
        many += more;
        assert_eq!(minutes(&server).len(), many, "{kind:?}");
        app.wait(MINUTE);
    }
    app.wait(30 * MINUTE);
    app.deliver().await;
    app.wait(30 * MINUTE);
    app.deliver().await;
    many += 2;
    assert_eq!(minutes(&server).len(), many);
    // And not for the next try of one that failed.
    app.wait(30 * MINUTE);
    server.answer.store(DEAD, Ordering::SeqCst);
    for _ in 0..6 {
        add(Kind::Alert).await;
        app.deliver().await;
        app.wait(10 * MINUTE);
    }
    server.answer.store(TAKES, Ordering::SeqCst);
    add(Kind::Alert).await;
    app.deliver().await;
    many += 1;
    assert_eq!(minutes(&server).len(), many);
    // That a sign-in was changed cannot wait, and is one notice all the same.
    for _ in 0..5 {
        write!(app.data, tx, vault, notices::add(tx, Kind::AccountChanged, sam, noon()).await).unwrap();
    }
    app.deliver().await;
    assert_eq!(minutes(&server).len(), many + 1);
}

#[test]
fn without_a_mail_server_mail_goes_to_a_folder() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        sam_writes(&app).await;
        assert_eq!(app.deliver().await, 1);
        let mails: Vec<_> = std::fs::read_dir(&app.mail)
            .unwrap()
            .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
            .collect();
        assert_eq!(mails.len(), 1);
        assert!(mails[0].contains(&format!("To: {PRIYA}@staff.invalid\r\n")), "{}", mails[0]);
        assert!(!mails[0].contains("tamarind"));
    });
}
