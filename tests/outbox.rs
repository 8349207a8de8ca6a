//! Notices: written with what they tell of, without a word of it, sent once it can be.

use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use portal::clock::{DAY, MINUTE, SECOND};
use portal::people::store as people;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::support::people::{PRIYA, SAM};
use crate::support::{Engine, TestApp, block_on, on_both};

/// A mail server that answers as it is told to.
#[derive(Clone, Debug)]
struct MailServer {
    url: String,
    /// The answer at the end of a mail: 250 takes it, 451 asks to try later, 550 refuses for good,
    /// 0 breaks off before a word.
    answer: Arc<AtomicU16>,
    /// Every mail that came to its end, taken or not: to whom, and what.
    mails: Arc<Mutex<Vec<(String, String)>>>,
}

impl MailServer {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let server = Self { url, answer: Arc::new(AtomicU16::new(250)), mails: Arc::default() };
        let own = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if own.answer.load(Ordering::SeqCst) > 0 {
                    tokio::spawn(own.clone().talk(stream));
                }
            }
        });
        server
    }

    async fn talk(self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 tests\r\n").await.ok()?;
        let mut to = String::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            let says = line.trim().to_uppercase();
            if says.starts_with("RCPT TO") {
                to = line.trim()[8..].trim_matches(['<', '>']).to_owned();
            }
            if says != "DATA" {
                let answer = if says == "QUIT" { "221 bye\r\n" } else { "250 fine\r\n" };
                stream.write_all(answer.as_bytes()).await.ok()?;
                continue;
            }
            stream.write_all(b"354 go on\r\n").await.ok()?;
            let mut mail = String::new();
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).await.ok()?;
                if line == ".\r\n" {
                    break;
                }
                mail.push_str(&line);
            }
            self.mails.lock().unwrap().push((to.clone(), mail));
            let answer = format!("{} so it is\r\n", self.answer.load(Ordering::SeqCst));
            stream.write_all(answer.as_bytes()).await.ok()?;
        }
    }

    fn mails(&self) -> Vec<(String, String)> {
        self.mails.lock().unwrap().clone()
    }
}

fn header<'m>(mail: &'m str, name: &str) -> &'m str {
    mail.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        .unwrap_or_else(|| panic!("no {name} in {mail}"))
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
    let server = MailServer::start().await;
    let app = TestApp::with(engine, Some(&server.url)).await;
    sam_writes(&app).await;
    let mut priya = app.signed_in(PRIYA).await;
    priya.write_message(&format!("/work/people/{}/messages", app.world.sam), "an answer of yellowhouse").await.is(303);
    assert_eq!(app.deliver().await, 2);
    let mails = server.mails();
    let mut to: Vec<_> = mails.iter().map(|(to, _)| to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, [format!("{PRIYA}@staff.invalid"), format!("{SAM}@young.invalid")]);
    for (to, mail) in &mails {
        let (head, body) = mail.split_once("\r\n\r\n").unwrap();
        let open = mail.replace(to.as_str(), "").to_lowercase();
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
            assert!(!open.replace("message-id:", "").contains(word), "a mail says {word:?}:\n{mail}");
        }
        assert!(!body.contains('/'), "a mail holds a path: {body}");
        assert!(head.contains("Auto-Submitted: auto-generated") && head.contains("text/plain"), "{head}");
        assert!(header(mail, "Subject").starts_with("Next Steps Lancashire: "));
    }
    assert_eq!(states(&app).await, ["sent 1 -", "sent 1 -"]);
    assert_eq!(app.deliver().await, 0);
}

async fn a_mail_server_that_is_down_gets_the_same_mail_once_it_is_back(engine: Engine) {
    let server = MailServer::start().await;
    let app = TestApp::with(engine, Some(&server.url)).await;
    sam_writes(&app).await;
    server.answer.store(0, Ordering::SeqCst);
    assert_eq!(app.deliver().await, 1);
    assert_eq!(states(&app).await, ["due 1 the mail server did not take it"]);
    assert_eq!(app.deliver().await, 0, "not again at once");
    // It is back, takes the whole mail, and then asks to try later.
    server.answer.store(451, Ordering::SeqCst);
    app.wait(10 * SECOND);
    assert_eq!(app.deliver().await, 1);
    app.wait(29 * SECOND);
    assert_eq!(app.deliver().await, 0, "each wait is longer");
    server.answer.store(250, Ordering::SeqCst);
    app.wait(SECOND);
    assert_eq!(app.deliver().await, 1);
    assert_eq!(states(&app).await, ["sent 3 -"]);
    app.wait(DAY);
    assert_eq!(app.deliver().await, 0);
    let mails = server.mails();
    assert_eq!(mails.len(), 2);
    let ids: Vec<_> = mails.iter().map(|(_, mail)| header(mail, "Message-ID")).collect();
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
    let server = MailServer::start().await;
    let app = TestApp::with(engine, Some(&server.url)).await;
    sam_writes(&app).await;
    server.answer.store(550, Ordering::SeqCst);
    assert_eq!(app.deliver().await, 1);
    assert_eq!(states(&app).await, ["failed 1 the mail server refused it"]);
    server.answer.store(250, Ordering::SeqCst);
    app.wait(4 * DAY);
    assert_eq!(app.deliver().await, 0);
    // And a server that is down for days is given up at last.
    sam_writes(&app).await;
    server.answer.store(0, Ordering::SeqCst);
    let mut tries = 0;
    for _ in 0..400 {
        tries += app.deliver().await;
        app.wait(30 * MINUTE);
    }
    assert!((100..200).contains(&tries), "{tries}");
    assert!(states(&app).await[1].starts_with("failed"), "{:?}", states(&app).await);
}

async fn an_address_that_changed_after_the_message_counts(engine: Engine) {
    let server = MailServer::start().await;
    let app = TestApp::with(engine, Some(&server.url)).await;
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
    assert_eq!(server.mails()[0].0, "moved@staff.invalid");
}

async fn a_safety_flag_stops_a_notice_that_is_already_waiting(engine: Engine) {
    let server = MailServer::start().await;
    let app = TestApp::with(engine, Some(&server.url)).await;
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
    let server = MailServer::start().await;
    let app = TestApp::with(engine, Some(&server.url)).await;
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
    let server = MailServer::start().await;
    let app = TestApp::with(engine, Some(&server.url)).await;
    for _ in 0..6 {
        sam_writes(&app).await;
        app.wait(15 * MINUTE);
    }
    let (one, two, three) = tokio::join!(app.deliver(), app.deliver(), app.deliver());
    assert_eq!(one + two + three, 6);
    let mails = server.mails();
    let ids: std::collections::BTreeSet<_> =
        mails.iter().map(|(_, mail)| header(mail, "Message-ID").to_owned()).collect();
    assert_eq!((mails.len(), ids.len()), (6, 6));
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
        assert_eq!(header(&mails[0], "To"), format!("{PRIYA}@staff.invalid"));
        assert!(!mails[0].contains("tamarind"));
    });
}
