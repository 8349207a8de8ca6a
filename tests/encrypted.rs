//! Notices travel encrypted to a server whose certificate this machine trusts, and the real program sends nothing to
//! one that only says that it is that server.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use portal::clock::Clock;
use portal::notices::{Kind, store as notices};
use portal::people::{Channel, Quiet, store as people};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::support::notify::{EMAIL, NotifyServer, SECRET, SERVICE, TEXT};
use crate::support::people::PRIYA;
use crate::support::program::Program;
use crate::support::smtp::MailServer;
use crate::support::{Data, Engine, block_on, filled, write};

/// A server's side of TLS, and its certificate for `localhost` as a file holds it.
struct Own {
    acceptor: TlsAcceptor,
    pem: String,
}

impl Own {
    fn new() -> Self {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        Self { acceptor: TlsAcceptor::from(Arc::new(config)), pem: cert.pem() }
    }
}

/// The server's side of TLS with a certificate that nobody signed.
pub fn unsigned() -> TlsAcceptor {
    static OWN: LazyLock<Own> = LazyLock::new(Own::new);
    OWN.acceptor.clone()
}

/// Starts a server on `localhost`; gives its port.
async fn listening<F>(talk: impl Fn(TcpStream) -> F + Send + 'static) -> u16
where
    F: Future<Output = Option<()>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream));
        }
    });
    port
}

/// A mail server's first words in plain text, up to STARTTLS.
async fn until_start(mut stream: BufReader<TcpStream>) -> Option<TcpStream> {
    stream.write_all(b"220 tests\r\n").await.ok()?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if line.starts_with("STARTTLS") {
            stream.write_all(b"220 go on\r\n").await.ok()?;
            return Some(stream.into_inner());
        }
        assert!(line.starts_with("EHLO") || line.starts_with("QUIT"), "in plain text: {line}");
        stream.write_all(b"250-tests\r\n250 STARTTLS\r\n").await.ok()?;
    }
}

/// A database with a notice to Priya by email and one to Sam by text message, and a file of what is trusted.
async fn waiting(trusted: &str) -> (Data, PathBuf) {
    let (data, world) = filled(Engine::Sqlite).await;
    let (now, priya, sam) = (Clock::default().now(), world.priya, world.sam);
    write!(data, tx, vault, {
        let none = jiff::civil::time(0, 0, 0, 0);
        people::set_quiet(tx, sam, Quiet { from: none, to: none }).await?;
        people::insert_contact(tx, vault, sam, (Channel::Phone, "07700900111"), Some(now)).await?;
        notices::add(tx, Kind::WorkerHasMessage, priya, now).await?;
        notices::add(tx, Kind::PersonHasMessage, sam, now).await
    })
    .unwrap();
    let file = data.folder.path().join("trusted.pem");
    std::fs::write(&file, trusted).unwrap();
    (data, file)
}

/// Runs the program until both notices have been tried; gives state and fault of each, Priya's first.
async fn tried(data: &Data, settings: &[(&str, &str)]) -> Vec<String> {
    let address = data.address();
    let all: Vec<_> = [("DATABASE_URL", address.as_str())].into_iter().chain(settings.iter().copied()).collect();
    let mut program = Program::start(&["serve"], data.folder.path(), &all).await;
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        let done = "SELECT COUNT(*) FROM outbox WHERE attempts > 0 AND lease_until IS NULL";
        if data.raw.number(done).await == 2 {
            break;
        }
        assert!(Instant::now() < end, "nothing was tried: {}", program.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(program.stop().await.success());
    data.raw.texts("SELECT state || ' ' || COALESCE(last_fault, '-') FROM outbox ORDER BY kind DESC").await
}

#[test]
fn mail_and_text_messages_go_encrypted_to_servers_that_this_machine_trusts_and_to_no_other() {
    block_on(async {
        let own = Own::new();
        let clock = Clock::default();
        let (mails, texts) = (MailServer::start(&clock).await, NotifyServer::start(&clock).await);
        let (acceptor, server) = (own.acceptor.clone(), mails.clone());
        let smtps = listening(move |stream| {
            let (acceptor, server) = (acceptor.clone(), server.clone());
            async move { server.talk(acceptor.accept(stream).await.ok()?).await }
        })
        .await;
        let (acceptor, server) = (own.acceptor.clone(), mails.clone());
        let start = listening(move |stream| {
            let (acceptor, server) = (acceptor.clone(), server.clone());
            async move {
                let stream = until_start(BufReader::new(stream)).await?;
                server.go_on(&mut BufReader::new(acceptor.accept(stream).await.ok()?)).await
            }
        })
        .await;
        let (acceptor, server) = (own.acceptor.clone(), texts.clone());
        let https = listening(move |stream| {
            let (acceptor, server) = (acceptor.clone(), server.clone());
            async move { server.talk(acceptor.accept(stream).await.ok()?).await }
        })
        .await;
        let key = format!("portal-{SERVICE}-{SECRET}");
        let notify = format!("https://localhost:{https}");
        for (n, smtp) in
            [format!("smtps://localhost:{smtps}"), format!("smtp://localhost:{start}?tls=required")].iter().enumerate()
        {
            let stranger = Own::new();
            for (pem, good) in [(&own.pem, true), (&stranger.pem, false)] {
                let (data, trusted) = waiting(pem).await;
                let settings = [
                    ("SSL_CERT_FILE", trusted.to_str().unwrap()),
                    ("SMTP_URL", smtp),
                    ("NOTIFY_KEY", &key),
                    ("NOTIFY_URL", &notify),
                    ("NOTIFY_EMAIL_TEMPLATE", EMAIL),
                    ("NOTIFY_TEXT_TEMPLATE", TEXT),
                ];
                let states = tried(&data, &settings).await;
                let (many, arrived) = ((mails.mails().len(), texts.taken().len()), n + 1);
                assert_eq!(many, (arrived, arrived), "{smtp}, trusted: {good}");
                if good {
                    assert_eq!(states, ["sent -", "sent -"], "{smtp}");
                } else {
                    assert!(
                        states[0].starts_with("due email: ") && states[1] == "due phone: Notify cannot be reached",
                        "{states:?}"
                    );
                }
            }
        }
        assert_eq!(mails.mails()[0].to, format!("{PRIYA}@staff.invalid"));
        assert_eq!(texts.taken()[0].to, "07700900111");
    });
}
