//! Mail by SMTP. It travels encrypted, or not at all: plain text may only travel inside this machine.

use std::time::Duration;

use futures_util::future::BoxFuture;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error as Fault;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;
use url::Url;

use super::wire::{Tls, Wire, is_here};
use super::{Carrier, Letter, NotSent, message};
use crate::error::{Error, Result};

/// How long a server that took the mail may take over its goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// A mail server.
pub(super) struct Smtp {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Credentials>,
    hello: ClientId,
    from: Mailbox,
}

enum Security {
    /// Inside this machine only.
    None,
    /// The server must take STARTTLS.
    StartTls(TlsParameters),
    /// From the first byte.
    Tls(Tls),
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

impl Smtp {
    /// The server at `smtps://…`, or at `smtp://…`, which must take STARTTLS; on this machine alone, `smtp://localhost`
    /// may do without.
    ///
    /// # Errors
    /// [`Error::Setup`] when the address does not read.
    pub(super) fn new(address: &str, from: Mailbox) -> Result<Self> {
        // Never with the address itself in it: it may hold a password.
        let wrong = |what: &str| Error::Setup(format!("SMTP_URL must read like smtps://user:password@host: {what}"));
        let url = Url::parse(address).map_err(|_| wrong("this does not"))?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| wrong("there is no host"))?.to_owned();
        let asked = match url.query() {
            None | Some("") => false,
            Some("tls=required") => true,
            Some(_) => return Err(wrong("nothing but ?tls=required may stand at its end")),
        };
        let (security, port) = match url.scheme() {
            "smtps" => (Security::Tls(Tls::with(&host)?), 465),
            "smtp" if is_here(&host) && !asked => (Security::None, 25),
            "smtp" => {
                let tls = TlsParameters::new(host.clone());
                (Security::StartTls(tls.map_err(|_| wrong("TLS cannot be set up"))?), 587)
            }
            _ => return Err(wrong("it begins with smtps:// or smtp://")),
        };
        let decode = |text: &str| percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned);
        let credentials = match url.password() {
            Some(password) => match (decode(url.username()), decode(password)) {
                (Ok(user), Ok(password)) => Some(Credentials::new(user, password)),
                _ => return Err(wrong("user or password does not read")),
            },
            None => None,
        };
        let port = url.port().unwrap_or(port);
        Ok(Self { host, port, security, credentials, hello: ClientId::default(), from })
    }

    /// A connection that is ready to take a mail. What goes wrong up to here is never the fault of one notice.
    async fn open(&self) -> std::result::Result<AsyncSmtpConnection, NotSent> {
        let (tls, start) = match &self.security {
            Security::None => (None, None),
            Security::StartTls(tls) => (None, Some(tls)),
            Security::Tls(tls) => (Some(tls), None),
        };
        let wire = Wire::open(&self.host, self.port, tls).await;
        let wire = wire.map_err(|_| NotSent::Down("the mail server cannot be reached"))?;
        let greeted = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &self.hello).await;
        let mut open = greeted.map_err(|_| NotSent::Down("the mail server does not answer as one"))?;
        if let Some(tls) = start {
            let encrypted = open.starttls(tls.clone(), &self.hello).await;
            encrypted.map_err(|_| NotSent::Down("the mail server offers no encryption that we trust"))?;
        }
        if let Some(credentials) = &self.credentials {
            let known = open.auth(DEFAULT_MECHANISMS, credentials).await;
            known.map_err(|_| NotSent::Down("the mail server does not take our password"))?;
        }
        Ok(open)
    }
}

impl Carrier for Smtp {
    fn send<'l>(&'l self, letter: &'l Letter<'l>) -> BoxFuture<'l, std::result::Result<(), NotSent>> {
        Box::pin(async move {
            let mail = message(&self.from, letter)?;
            let mut open = self.open().await?;
            open.send(mail.envelope(), &mail.formatted()).await.map_err(|fault| not_sent(&fault))?;
            // It has the mail: how it says goodbye changes nothing, and nobody waits for it.
            tokio::spawn(async move { _ = tokio::time::timeout(GOODBYE, open.quit()).await });
            Ok(())
        })
    }
}

fn not_sent(fault: &Fault) -> NotSent {
    if fault.is_permanent() {
        NotSent::ForGood("the mail server refused it")
    } else if fault.is_client() {
        NotSent::ForGood("the mail server takes no such address")
    } else if fault.is_transient() && fault.status().is_some_and(|code| code.to_string() != "421") {
        NotSent::ForNow("the mail server asks to try later")
    } else {
        NotSent::Down("the mail server did not take it")
    }
}
