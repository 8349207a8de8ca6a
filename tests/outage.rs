//! Servers that take notices and do not do as they should: every notice arrives once they are back, none of them keeps
//! the others waiting, and nothing travels in plain text that was to be encrypted.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use jiff::Timestamp;
use portal::clock::{Clock, HOUR, MINUTE, SECOND, from_micros};
use portal::notices::{Kind, Mail, Setup, store as notices};
use portal::people::{Channel, Quiet, store as people};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::notify::{NotifyServer, request};
use crate::support::program::{Program, free_port};
use crate::support::random::rounds;
use crate::support::smtp::{MailServer, TAKES};
use crate::support::{Data, Engine, block_on, noon, on_both, write};

on_both! {
    a_mail_server_that_is_dead_for_six_hours_loses_no_notice
    a_program_that_is_killed_while_it_sends_loses_no_notice_and_sends_a_copy_as_what_it_is
}

/// Adds this many young people who are reached by `channel`, with no quiet hours, and a notice to each.
async fn told(data: &Data, channel: Channel, from: usize, many: usize, at: Timestamp) {
    write!(data, tx, vault, [from = from, many = many], {
        let team = people::team_of(tx, "north", "North leaving care team", "Lancashire County Council", at).await?;
        let none = jiff::civil::time(0, 0, 0, 0);
        for n in *from..*from + *many {
            let born_on = jiff::civil::date(2008, 3, 27);
            let new = people::NewPerson { name: format!("Somebody {n}"), called: "Some".into(), born_on, team };
            let person = people::insert_person(tx, vault, &new, at).await?;
            let value = match channel {
                Channel::Email => format!("reached-{n}@young.invalid"),
                Channel::Phone => format!("0770{n:07}"),
            };
            people::insert_contact(tx, vault, person, (channel, &value), Some(at)).await?;
            people::set_quiet(tx, person, Quiet { from: none, to: none }).await?;
            notices::add(tx, Kind::PersonHasMessage, person, at).await?;
        }
        Ok(())
    })
    .unwrap();
}

async fn states(data: &Data) -> BTreeMap<String, i64> {
    let mut all = BTreeMap::new();
    for state in data.raw.texts("SELECT state FROM outbox").await {
        *all.entry(state).or_default() += 1;
    }
    all
}

async fn a_mail_server_that_is_dead_for_six_hours_loses_no_notice(engine: Engine) {
    let (data, clock) = (Data::new(engine).await, Clock::fixed(noon()));
    let server = MailServer::start(&clock).await;
    let mut setup = data.setup("Next Steps Lancashire");
    setup.smtp = Some(server.url.clone());
    let mail = Mail::new(&setup).unwrap();
    let (many, late, step) = match engine {
        Engine::Sqlite => (1_000, 24, 20 * SECOND),
        Engine::Postgres => (250, 6, 2 * MINUTE),
    };
    let pass = async || {
        let sent = notices::send_due(&data.db, &data.vault, &mail, || clock.now()).await.unwrap();
        clock.set(from_micros(clock.now().as_microsecond() + step));
        sent
    };
    // Most are there at once, and in the middle of them the server dies with mail in its hands; others come while it
    // is dead, a few every quarter of an hour.
    let first = many - 24 * late;
    told(&data, Channel::Email, 0, first, clock.now()).await;
    server.dies_at.store(first / 5, Ordering::SeqCst);
    let (mut tries, mut known) = (pass().await, first);
    let before = server.mails().len();
    assert!(before >= first / 5 && before < first / 5 + 10, "{before}");
    let died = clock.now().as_microsecond();
    for quarter in 0..24 {
        told(&data, Channel::Email, known, late, clock.now()).await;
        known += late;
        while clock.now().as_microsecond() < died + (quarter + 1) * 15 * MINUTE {
            tries += pass().await;
        }
    }
    assert_eq!(known, many);
    assert_eq!(server.mails().len(), before, "it was dead");
    server.dies_at.store(usize::MAX, Ordering::SeqCst);
    server.answer.store(TAKES, Ordering::SeqCst);
    let back = clock.now().as_microsecond();
    assert_eq!(back - died, 6 * HOUR);
    while states(&data).await.keys().ne(["sent"]) {
        tries += pass().await;
        assert!(clock.now().as_microsecond() < back + 35 * MINUTE, "{:?}", states(&data).await);
    }
    let mut came: BTreeMap<String, usize> = BTreeMap::new();
    let mut to: BTreeMap<String, String> = BTreeMap::new();
    for mail in server.mails() {
        let id = mail.header("Message-ID").to_owned();
        assert_eq!(to.entry(id.clone()).or_insert(mail.to.clone()), &mail.to, "a copy has the id of the first");
        *came.entry(id).or_default() += 1;
    }
    let twice = came.values().filter(|times| **times > 1).count();
    let last = server.mails().iter().map(|mail| mail.at.as_microsecond()).max().unwrap() - back;
    println!(
        "{engine:?}: {} of {many} notices arrived, {twice} twice, none more often than {} times; {tries} tries, the last {} s after the server was back",
        came.len(),
        came.values().max().unwrap(),
        last / SECOND
    );
    assert_eq!(came.len(), many);
    assert_eq!(to.values().collect::<std::collections::BTreeSet<_>>().len(), many, "one to each");
    assert!(twice * 100 <= many, "{twice} came twice");
}

async fn a_program_that_is_killed_while_it_sends_loses_no_notice_and_sends_a_copy_as_what_it_is(engine: Engine) {
    const EACH: usize = 6;
    let (data, clock) = (Data::new(engine).await, Clock::default());
    let server = MailServer::start(&clock).await;
    let address = data.address();
    let settings = [("DATABASE_URL", address.as_str()), ("LOG", "error"), ("SMTP_URL", server.url.as_str())];
    let (mut known, mut in_hand) = (0, 0);
    for round in 0..rounds(8) {
        told(&data, Channel::Email, known, EACH, clock.now()).await;
        known += EACH;
        // It has a mail, and says so only a moment later: some kills fall between the two.
        server.thinks.store(round * 7 % 40, Ordering::SeqCst);
        let before = server.mails().len();
        let mut program = Program::start(&["serve"], data.folder.path(), &settings).await;
        let until = before + usize::try_from(round % 5).unwrap();
        let end = Instant::now() + Duration::from_secs(30);
        while server.mails().len() < until {
            assert!(Instant::now() < end, "nothing was sent in half a minute: {}", program.log());
            tokio::time::sleep(Duration::from_micros(300)).await;
        }
        tokio::time::sleep(Duration::from_micros(round * 1_337 % 9_000)).await;
        program.kill();
        in_hand += data.raw.number("SELECT COUNT(*) FROM outbox WHERE state = 'leased' AND lease_until > 0").await;
        // The time goes by in which nobody else touches what a program that is gone had in hand.
        data.raw.run("UPDATE outbox SET lease_until = 0 WHERE state = 'leased'").await;
    }
    server.thinks.store(0, Ordering::SeqCst);
    let mut program = Program::start(&["serve"], data.folder.path(), &settings).await;
    // Longer than the lease of what the last kill left in hand, if its commit came after we looked.
    let end = Instant::now() + Duration::from_secs(180);
    while states(&data).await.keys().ne(["sent"]) {
        assert!(Instant::now() < end, "{:?}: {}", states(&data).await, program.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(program.stop().await.success());
    let mut came: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for mail in server.mails() {
        came.entry(mail.to.clone()).or_default().push(mail.header("Message-ID").to_owned());
    }
    let twice = came.values().filter(|ids| ids.len() > 1).count();
    println!(
        "{engine:?}: {} of {known} notices arrived, {in_hand} were in hand at a kill, {twice} came again",
        came.len()
    );
    assert_eq!(came.len(), known, "one to each");
    let ids: std::collections::BTreeSet<&String> = came.values().flatten().collect();
    assert_eq!(ids.len(), known, "a copy has the id of the first");
    assert!(in_hand > 0 && twice > 0, "no kill fell between sending and knowing");
}

/// How long a server may take in these tests.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// A way in which a mail server is not as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Refuses,
    Hangs(&'static str),
    Says(&'static str, &'static str),
    CutAfterData,
    BadBanner,
    /// From the first byte, with a certificate that nobody signed.
    BadCertificate,
    /// It must encrypt, and does not offer it.
    NoStartTls,
    /// It must encrypt, offers it, and then its certificate is one that nobody signed.
    StartTlsBadCertificate,
    OneByteAtATime,
    OneByteNowAndThen,
    EndlessLine,
    EndlessLines,
}

/// What a notice of a site with such a server becomes.
const FAULTS: [(Fault, &str); 19] = [
    (Fault::Refuses, "due email: the mail server cannot be reached"),
    (Fault::Hangs("GREETING"), "due email: the server took too long"),
    (Fault::Hangs("EHLO"), "due email: the server took too long"),
    (Fault::Hangs("MAIL"), "due email: the server took too long"),
    (Fault::Hangs("RCPT"), "due email: the server took too long"),
    (Fault::Hangs("DATA"), "due email: the server took too long"),
    (Fault::Says("MAIL", "421 going away"), "due email: the mail server did not take it"),
    (Fault::Says("RCPT", "451 greylisted"), "due email: the mail server asks to try later"),
    (Fault::Says("MAIL", "452 disk full"), "due email: the mail server asks to try later"),
    (Fault::Says("RCPT", "550 no such user"), "failed email: the mail server refused it"),
    (Fault::CutAfterData, "due email: the mail server did not take it"),
    (Fault::BadBanner, "due email: the mail server does not answer as one"),
    (Fault::BadCertificate, "due email: the mail server cannot be reached"),
    (Fault::NoStartTls, "due email: the mail server offers no encryption that we trust"),
    (Fault::StartTlsBadCertificate, "due email: the mail server offers no encryption that we trust"),
    (Fault::OneByteAtATime, "sent "),
    (Fault::OneByteNowAndThen, "due email: the server took too long"),
    (Fault::EndlessLine, "due email: the mail server does not answer as one"),
    (Fault::EndlessLines, "due email: the mail server does not answer as one"),
];

/// What such a server heard, in plain text.
type Heard = Arc<Mutex<Vec<u8>>>;

/// Starts one; gives its address as SMTP_URL takes it.
async fn faulty(fault: Fault, heard: Heard) -> String {
    if fault == Fault::Refuses {
        return format!("smtp://127.0.0.1:{}", free_port());
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(misbehave(fault, stream, heard.clone()));
        }
    });
    match fault {
        Fault::BadCertificate => format!("smtps://localhost:{port}"),
        Fault::NoStartTls | Fault::StartTlsBadCertificate => format!("smtp://localhost:{port}?tls=required"),
        _ => format!("smtp://127.0.0.1:{port}"),
    }
}

async fn misbehave(fault: Fault, mut stream: TcpStream, heard: Heard) -> Option<()> {
    let hang = std::future::pending::<Option<()>>;
    match fault {
        Fault::Hangs("GREETING") => return hang().await,
        Fault::BadBanner => stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.ok()?,
        Fault::BadCertificate => {
            let mut stream = super::encrypted::unsigned().accept(stream).await.ok()?;
            return read_on(&mut stream, &heard).await;
        }
        Fault::OneByteNowAndThen => loop {
            stream.write_all(b"2").await.ok()?;
            tokio::time::sleep(Duration::from_millis(200)).await;
        },
        Fault::EndlessLine => loop {
            stream.write_all(&[b'2'; 4096]).await.ok()?;
        },
        Fault::EndlessLines => loop {
            stream.write_all(&b"220-and so on\r\n".repeat(100)).await.ok()?;
        },
        _ => {}
    }
    stream.set_nodelay(true).ok()?;
    say(&mut stream, fault, "220 tests").await?;
    let mut text = false;
    loop {
        let line = line(&mut stream, &heard).await?;
        if text {
            if line == ".\r\n" {
                if fault == Fault::CutAfterData {
                    return None;
                }
                text = false;
                say(&mut stream, fault, "250 taken").await?;
            }
            continue;
        }
        let verb = line.get(..4).unwrap_or_default().to_uppercase();
        match fault {
            Fault::Hangs(at) if at == verb => return hang().await,
            Fault::Says(at, answer) if at == verb => {
                say(&mut stream, fault, answer).await?;
                continue;
            }
            Fault::StartTlsBadCertificate if verb == "EHLO" => {
                say(&mut stream, fault, "250-tests\r\n250 STARTTLS").await?;
                continue;
            }
            Fault::StartTlsBadCertificate if verb == "STAR" => {
                say(&mut stream, fault, "220 go on").await?;
                let mut stream = super::encrypted::unsigned().accept(stream).await.ok()?;
                return read_on(&mut stream, &heard).await;
            }
            _ => {}
        }
        text = verb == "DATA";
        say(&mut stream, fault, if text { "354 go on" } else { "250 fine" }).await?;
    }
}

async fn say(stream: &mut TcpStream, fault: Fault, words: &str) -> Option<()> {
    for piece in format!("{words}\r\n").as_bytes().chunks(if fault == Fault::OneByteAtATime { 1 } else { 1_000 }) {
        stream.write_all(piece).await.ok()?;
        if fault == Fault::OneByteAtATime {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
    Some(())
}

async fn line(stream: &mut TcpStream, heard: &Heard) -> Option<String> {
    let mut line = Vec::new();
    while !line.ends_with(b"\n") {
        let byte = stream.read_u8().await.ok()?;
        line.push(byte);
        heard.lock().unwrap().push(byte);
    }
    Some(String::from_utf8_lossy(&line).into_owned())
}

/// Keeps what comes, decrypted, and says nothing.
async fn read_on(stream: &mut (impl tokio::io::AsyncRead + Unpin), heard: &Heard) -> Option<()> {
    loop {
        let byte = stream.read_u8().await.ok()?;
        heard.lock().unwrap().push(byte);
    }
}

/// A site with one notice that waits.
struct Site {
    data: Data,
    mail: Mail,
}

impl Site {
    async fn new(channel: Channel, change: impl FnOnce(&mut Setup)) -> Self {
        let data = Data::new(Engine::Sqlite).await;
        let mut setup = data.setup("Next Steps Lancashire");
        setup.patience = PATIENCE;
        change(&mut setup);
        told(&data, channel, 0, 1, noon()).await;
        Self { mail: Mail::new(&setup).unwrap(), data }
    }

    /// Sends it once: state and why, and how long it took.
    async fn tries(&self) -> (String, Duration) {
        let began = Instant::now();
        assert_eq!(notices::send_due(&self.data.db, &self.data.vault, &self.mail, noon).await.unwrap(), 1);
        let took = began.elapsed();
        let row =
            "SELECT state || ' ' || COALESCE(last_fault, '') FROM outbox WHERE attempts = 1 AND lease_until IS NULL";
        let states = self.data.raw.texts(row).await;
        let due = self.data.raw.number("SELECT due_at FROM outbox").await - noon().as_microsecond();
        let want = if states[0].starts_with("due") { 9 * SECOND..=10 * SECOND } else { 0..=0 };
        assert!(want.contains(&due), "{states:?}: due in {due} µs");
        (states[0].clone(), took)
    }
}

#[test]
fn no_fault_of_a_mail_server_loses_a_notice_holds_up_the_next_or_makes_us_speak_in_plain_text() {
    block_on(async {
        let mut sites = Vec::new();
        for (fault, want) in FAULTS {
            let heard = Heard::default();
            let url = faulty(fault, heard.clone()).await;
            sites.push((fault, want, heard, Site::new(Channel::Email, |setup| setup.smtp = Some(url)).await));
        }
        let checks = sites.iter().map(|(fault, want, heard, site)| async move {
            let (state, took) = site.tries().await;
            assert_eq!(&state, want, "{fault:?}");
            assert!(took < PATIENCE + Duration::from_secs(3), "{fault:?} took {took:?}");
            let heard = String::from_utf8_lossy(&heard.lock().unwrap()).to_uppercase();
            if matches!(*fault, Fault::BadCertificate | Fault::NoStartTls | Fault::StartTlsBadCertificate) {
                for word in ["MAIL FROM", "RCPT", "DATA", "SUBJECT", "YOUNG.INVALID"] {
                    assert!(!heard.contains(word), "{fault:?} heard {word}: {heard}");
                }
            }
            if state.starts_with("sent") {
                assert!(heard.contains("SUBJECT"), "{fault:?} heard no mail");
            }
            took
        });
        let took = join_all(checks).await;
        println!(
            "{} faulty mail servers, the slowest {:?} with a patience of {PATIENCE:?}",
            took.len(),
            took.iter().max()
        );
    });
}

/// What a faulty Notify sends back to every request, and what a notice becomes.
#[derive(Clone, Copy, Debug)]
enum Answer {
    Refuses,
    Hangs,
    Says(&'static str),
    /// The same piece again and again after it.
    Endless(&'static str, &'static str),
    /// Nothing more after it, and the connection stays open.
    ThenHangs(&'static str),
}

const ANSWERS: [(Answer, &str); 16] = [
    (Answer::Refuses, "due phone: Notify cannot be reached"),
    (Answer::Hangs, "due phone: the server took too long"),
    (Answer::Says("220 I am a mail server\r\n"), "due phone: Notify did not answer"),
    (
        Answer::Says(
            "HTTP/1.1 400 BAD REQUEST\r\ncontent-length: 104\r\n\r\n{\"errors\":[{\"error\":\"ValidationError\",\"message\":\"phone_number Number is not valid\"}],\"status_code\":400}   ",
        ),
        "failed phone: Notify refused it",
    ),
    (
        Answer::Says(
            "HTTP/1.1 403 FORBIDDEN\r\nconnection: close\r\n\r\n{\"errors\":[{\"error\":\"AuthError\",\"message\":\"Error: Your system clock must be accurate to within 30 seconds\"}],\"status_code\":403}",
        ),
        "due phone: Notify does not know our key, or our clock is wrong",
    ),
    (
        Answer::Says(
            "HTTP/1.1 403 FORBIDDEN\r\nconnection: close\r\n\r\n{\"errors\":[{\"error\":\"BadRequestError\",\"message\":\"Can't send to this recipient\"}],\"status_code\":403}",
        ),
        "failed phone: Notify refused it",
    ),
    (Answer::Says("HTTP/1.1 429 X\r\ncontent-length: 0\r\n\r\n"), "due phone: Notify takes no more for now"),
    (Answer::Says("HTTP/1.1 500 X\r\ncontent-length: 0\r\n\r\n"), "due phone: Notify has a fault"),
    (Answer::Says("HTTP/1.1 503 X\r\ncontent-length: 0\r\n\r\n"), "due phone: Notify has a fault"),
    (
        Answer::Says("HTTP/1.1 302 X\r\nlocation: http://elsewhere.invalid/\r\ncontent-length: 0\r\n\r\n"),
        "due phone: Notify gave an answer that we do not know",
    ),
    (
        Answer::Endless("HTTP/1.1 500 X\r\ntransfer-encoding: chunked\r\n\r\n", "5\r\nhello\r\n"),
        "due phone: Notify has a fault",
    ),
    (Answer::Endless("HTTP/1.1 400 X\r\nconnection: close\r\n\r\n", "hello"), "failed phone: Notify refused it"),
    (Answer::Endless("HTTP/1.1 201 CREATED\r\n", "x-and: so on\r\n"), "due phone: Notify did not answer"),
    (Answer::Endless("HTTP/1.1 201 CREATED\r\nconnection: close\r\n\r\n", "hello"), "sent "),
    (Answer::ThenHangs("HTTP/1.1 201 CREATED\r\ncontent-length: 500\r\n\r\n{"), "sent "),
    (Answer::ThenHangs("HTTP/1.1 4"), "due phone: the server took too long"),
];

async fn misanswer(answer: Answer, mut stream: TcpStream) -> Option<()> {
    request(&mut stream).await?;
    match answer {
        Answer::Refuses | Answer::Hangs => {}
        Answer::Says(words) => return stream.write_all(words.as_bytes()).await.ok(),
        Answer::ThenHangs(words) => stream.write_all(words.as_bytes()).await.ok()?,
        Answer::Endless(words, again) => {
            stream.write_all(words.as_bytes()).await.ok()?;
            let again = again.repeat(500);
            loop {
                stream.write_all(again.as_bytes()).await.ok()?;
            }
        }
    }
    std::future::pending().await
}

#[test]
fn no_answer_of_notify_loses_a_notice_holds_up_the_next_or_is_read_without_end() {
    block_on(async {
        let server = NotifyServer::start(&Clock::fixed(noon())).await;
        let mut sites = Vec::new();
        for (answer, want) in ANSWERS {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            if matches!(answer, Answer::Refuses) {
                drop(listener);
            } else {
                tokio::spawn(async move {
                    while let Ok((stream, _)) = listener.accept().await {
                        tokio::spawn(misanswer(answer, stream));
                    }
                });
            }
            let site = Site::new(Channel::Phone, |setup| {
                server.set_up(setup);
                setup.notify_url = url;
            });
            sites.push((answer, want, site.await));
        }
        let checks = sites.iter().map(|(answer, want, site)| async move {
            let (state, took) = site.tries().await;
            assert_eq!(&state, want, "{answer:?}");
            assert!(took < PATIENCE + Duration::from_secs(4), "{answer:?} took {took:?}");
            took
        });
        let took = join_all(checks).await;
        println!("{} faulty answers of Notify, the slowest {:?}", took.len(), took.iter().max());
    });
}

#[test]
fn a_mail_server_that_hangs_keeps_no_text_message_waiting_and_one_mail_that_hangs_keeps_no_other() {
    block_on(async {
        let (data, clock) = (Data::new(Engine::Sqlite).await, Clock::fixed(noon()));
        let texts = NotifyServer::start(&clock).await;
        let mails = MailServer::start(&clock).await;
        let mut setup = data.setup("Next Steps Lancashire");
        texts.set_up(&mut setup);
        setup.smtp = Some(mails.url.clone());
        setup.patience = PATIENCE;
        let mail = Mail::new(&setup).unwrap();
        told(&data, Channel::Email, 0, 60, clock.now()).await;
        told(&data, Channel::Phone, 60, 60, clock.now()).await;
        *mails.hangs_over.lock().unwrap() = Some("reached-".into());
        let began = Instant::now();
        assert_eq!(notices::send_due(&data.db, &data.vault, &mail, || clock.now()).await.unwrap(), 120);
        let took = began.elapsed();
        assert!(took < PATIENCE + Duration::from_secs(4), "{took:?}");
        assert_eq!((texts.taken().len(), mails.mails().len()), (60, 0));
        assert_eq!(states(&data).await, BTreeMap::from([("due".into(), 60), ("sent".into(), 60)]));
        // It hangs over one of them only.
        *mails.hangs_over.lock().unwrap() = Some("reached-7@".into());
        clock.set(from_micros(clock.now().as_microsecond() + MINUTE));
        let began = Instant::now();
        assert_eq!(notices::send_due(&data.db, &data.vault, &mail, || clock.now()).await.unwrap(), 60);
        println!("60 text messages beside 60 hanging mails in {took:?}; 59 mails beside one in {:?}", began.elapsed());
        assert!(began.elapsed() < PATIENCE + Duration::from_secs(4));
        assert_eq!(mails.mails().len(), 59, "all but the one");
        assert_eq!(states(&data).await, BTreeMap::from([("due".into(), 1), ("sent".into(), 119)]));
        *mails.hangs_over.lock().unwrap() = None;
        clock.set(from_micros(clock.now().as_microsecond() + MINUTE));
        assert_eq!(notices::send_due(&data.db, &data.vault, &mail, || clock.now()).await.unwrap(), 1);
        assert_eq!(mails.mails().len(), 60);
    });
}
