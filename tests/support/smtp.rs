//! A mail server on this machine that answers as it is told to, and keeps every byte that it was sent.

use std::sync::atomic::{AtomicU16, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use portal::clock::Clock;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

/// Takes mail.
pub const TAKES: u16 = 250;
/// Asks to try later.
pub const LATER: u16 = 451;
/// Refuses for good.
pub const REFUSES: u16 = 550;
/// Breaks off before a word.
pub const DEAD: u16 = 0;

/// One mail that came to its end, taken or not.
#[derive(Clone, Debug)]
pub struct Mail {
    /// To whom, as the server was told.
    pub to: String,
    /// The text, headers first.
    pub text: String,
    /// When, by the clock of the test.
    pub at: Timestamp,
}

impl Mail {
    /// A header's value.
    pub fn header(&self, name: &str) -> &str {
        let value = self.text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        value.unwrap_or_else(|| panic!("no {name} in {}", self.text))
    }
}

/// A mail server.
#[derive(Clone, Debug)]
pub struct MailServer {
    /// Its address as `SMTP_URL` takes it.
    pub url: String,
    /// The answer at the end of a mail, or [`DEAD`].
    pub answer: Arc<AtomicU16>,
    /// With so many mails in hand it dies: it answers nobody any more.
    pub dies_at: Arc<AtomicUsize>,
    /// How long it thinks over a mail that it has before it says so, in milliseconds.
    pub thinks: Arc<AtomicU64>,
    /// Over a mail to an address with this in it, it hangs.
    pub hangs_over: Arc<Mutex<Option<String>>>,
    commands: Arc<Mutex<Vec<String>>>,
    mails: Arc<Mutex<Vec<Mail>>>,
    bytes: Arc<Mutex<Vec<u8>>>,
    clock: Clock,
}

impl MailServer {
    /// One that takes everything.
    pub async fn start(clock: &Clock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            url: format!("smtp://127.0.0.1:{}", listener.local_addr().unwrap().port()),
            answer: Arc::new(AtomicU16::new(TAKES)),
            dies_at: Arc::new(AtomicUsize::new(usize::MAX)),
            thinks: Arc::default(),
            hangs_over: Arc::default(),
            commands: Arc::default(),
            mails: Arc::default(),
            bytes: Arc::default(),
            clock: clock.clone(),
        };
        let own = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if !own.is_dead() {
                    tokio::spawn(own.clone().talk(stream));
                }
            }
        });
        server
    }

    fn is_dead(&self) -> bool {
        self.answer.load(Ordering::SeqCst) == DEAD
    }

    /// One line of what the other side says.
    async fn line(&self, stream: &mut BufReader<impl AsyncRead + Unpin>) -> Option<String> {
        let mut line = Vec::new();
        let read = stream.read_until(b'\n', &mut line).await.ok()?;
        self.bytes.lock().unwrap().extend(&line);
        (read > 0 && !self.is_dead()).then(|| String::from_utf8_lossy(&line).into_owned())
    }

    /// Speaks with one client, to its end or ours.
    pub async fn talk(self, stream: impl AsyncRead + AsyncWrite + Unpin) -> Option<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 tests\r\n").await.ok()?;
        self.go_on(&mut stream).await
    }

    /// As [`talk`](Self::talk), once a greeting was said.
    pub async fn go_on(&self, stream: &mut BufReader<impl AsyncRead + AsyncWrite + Unpin>) -> Option<()> {
        let mut to = String::new();
        loop {
            let line = self.line(stream).await?;
            self.commands.lock().unwrap().push(line.clone());
            let says = line.trim().to_uppercase();
            if says.starts_with("RCPT TO") {
                to = line.trim()[8..].trim_matches(['<', '>']).to_owned();
                let hangs = self.hangs_over.lock().unwrap().as_ref().is_some_and(|part| to.contains(part.as_str()));
                if hangs {
                    std::future::pending::<()>().await;
                }
            }
            if says != "DATA" {
                let answer = if says == "QUIT" { "221 bye\r\n" } else { "250 fine\r\n" };
                stream.write_all(answer.as_bytes()).await.ok()?;
                continue;
            }
            stream.write_all(b"354 go on\r\n").await.ok()?;
            let mut text = String::new();
            loop {
                let line = self.line(stream).await?;
                if line == ".\r\n" {
                    break;
                }
                text.push_str(&line);
            }
            let mail = Mail { to: to.clone(), text, at: self.clock.now() };
            let many = {
                let mut mails = self.mails.lock().unwrap();
                mails.push(mail);
                mails.len()
            };
            if many >= self.dies_at.load(Ordering::SeqCst) {
                self.answer.store(DEAD, Ordering::SeqCst);
            }
            if self.is_dead() {
                return None;
            }
            tokio::time::sleep(Duration::from_millis(self.thinks.load(Ordering::SeqCst))).await;
            let answer = format!("{} so it is\r\n", self.answer.load(Ordering::SeqCst));
            stream.write_all(answer.as_bytes()).await.ok()?;
        }
    }

    /// Every mail that came to its end.
    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }

    /// Every line outside of a mail.
    pub fn commands(&self) -> Vec<String> {
        self.commands.lock().unwrap().clone()
    }

    /// Every byte of every client.
    pub fn bytes(&self) -> Vec<u8> {
        self.bytes.lock().unwrap().clone()
    }
}
