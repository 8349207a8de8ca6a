//! Notices: "you have a message". Rows are written in the transaction of what they tell of; a
//! worker sends them. No notice says what it is about, and none holds a link to follow.

pub mod store;

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use crate::clock::{HOUR, MINUTE, SECOND};
use crate::error::{Error, Result};

/// What a notice is. Its text is fixed: nothing that anyone wrote is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// To a worker: somebody they work with wrote.
    WorkerHasMessage,
    /// To a young person: somebody wrote to them.
    PersonHasMessage,
    /// To anyone: their account was opened again with help.
    AccountChanged,
    /// To a manager: somebody opened a record without working with the person.
    GlassBroken,
    /// To a manager: somebody read in a way that is not ordinary.
    Alert,
    /// A code that somebody asked for. The one notice that holds something to use.
    Code,
}

impl Kind {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WorkerHasMessage => "worker_message",
            Self::PersonHasMessage => "person_message",
            Self::AccountChanged => "account_changed",
            Self::GlassBroken => "glass_broken",
            Self::Alert => "alert",
            Self::Code => "code",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::WorkerHasMessage,
            Self::PersonHasMessage,
            Self::AccountChanged,
            Self::GlassBroken,
            Self::Alert,
            Self::Code,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == word)
    }
}

/// The next try after so many, in microseconds; `None`: given up after about three days.
pub fn retry_after(attempts: i64) -> Option<i64> {
    match attempts {
        ..=1 => Some(10 * SECOND),
        2 => Some(30 * SECOND),
        3 => Some(2 * MINUTE),
        4 => Some(10 * MINUTE),
        5..=148 => Some(HOUR / 2),
        149.. => None,
    }
}

/// Sends mail, or, with no server named, writes it to a folder.
#[derive(Clone, Debug)]
pub struct Mail {
    road: Road,
    from: lettre::message::Mailbox,
    domain: String,
    site: String,
}

#[derive(Clone, Debug)]
enum Road {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

/// The fixed words of a notice.
#[derive(Clone, Debug)]
pub struct Words {
    subject: String,
    body: String,
}

/// Why a notice was not sent.
#[derive(Debug, PartialEq, Eq)]
pub enum NotSent {
    /// It may work later.
    ForNow(&'static str),
    /// It never will.
    ForGood(&'static str),
}

impl Mail {
    /// The mail of this site. `smtp` is `smtps://…`, or `smtp://…` for a server that must take
    /// STARTTLS; on this machine alone, `smtp://localhost` may do without.
    ///
    /// # Errors
    /// [`Error::Setup`] when the address of the server or of the sender does not read.
    pub fn new(smtp: Option<&str>, folder: PathBuf, from: &str, site: &str) -> Result<Self> {
        let from: lettre::message::Mailbox =
            from.parse().map_err(|_| Error::Setup(format!("MAIL_FROM is not an email address: {from}")))?;
        let domain = from.email.domain().to_owned();
        let road = match smtp {
            Some(url) => Road::Smtp(smtp_road(url)?),
            None => {
                tracing::info!(folder = %folder.display(), "no SMTP_URL: mail is written to this folder and not sent");
                Road::Folder(folder)
            }
        };
        Ok(Self { road, from, domain, site: site.to_owned() })
    }

    /// Sends the notice `id` to `to`. The same notice sent twice carries the same message id, so
    /// that most mail systems drop the copy.
    ///
    /// # Errors
    /// [`NotSent`], for now or for good.
    pub async fn send(&self, words: &Words, id: &str, to: &str) -> std::result::Result<(), NotSent> {
        let to = to.parse().map_err(|_| NotSent::ForGood("the address does not read"))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(words.subject.clone())
            .message_id(Some(format!("<{id}@{}>", self.domain)))
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(words.body.clone())
            .map_err(|_| NotSent::ForGood("the mail could not be made"))?;
        match &self.road {
            Road::Smtp(smtp) => match smtp.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => Err(NotSent::ForGood("the mail server refused it")),
                Err(error) if error.is_timeout() => Err(NotSent::ForNow("the mail server took too long")),
                Err(_) => Err(NotSent::ForNow("the mail server did not take it")),
            },
            Road::Folder(folder) => {
                let path = folder.join(format!("{id}.eml"));
                let write = async {
                    tokio::fs::create_dir_all(folder).await?;
                    tokio::fs::write(path, message.formatted()).await
                };
                write.await.map_err(|_| NotSent::ForNow("the mail folder cannot be written"))
            }
        }
    }

    /// The words of a notice; `code` is what [`Kind::Code`] tells, and no other.
    pub fn words(&self, kind: Kind, code: &str) -> Words {
        let site = &self.site;
        let (subject, body) = match kind {
            Kind::WorkerHasMessage => (
                "something is waiting for you",
                format!(
                    "Something is waiting for you in {site}.\n\nSign in the way you always do to see it. Do not reply to this email.\n"
                ),
            ),
            Kind::AccountChanged => (
                "your sign-in was changed",
                format!(
                    "Your sign-in to {site} was changed.\n\nWas it not you? Tell somebody you trust there. Do not reply to this email. We never ask for your passphrase.\n"
                ),
            ),
            Kind::GlassBroken | Kind::Alert => (
                "something needs your eyes",
                format!(
                    "Something in {site} needs your eyes today.\n\nSign in the way you always do to see it. Do not reply to this email.\n"
                ),
            ),
            Kind::PersonHasMessage => (
                "you have something new",
                format!(
                    "There is something new for you in {site}.\n\nSign in when you are ready. Do not reply to this email. We never ask for your passphrase.\n"
                ),
            ),
            Kind::Code => (
                "your code",
                format!(
                    "Your code for {site} is {code}\n\nType it on the page where you asked for it, within 10 minutes. You did not ask for it? Then do nothing: without the code nobody gets in. Nobody will ever ask you to tell it. Do not reply to this email.\n"
                ),
            ),
        };
        Words { subject: format!("{site}: {subject}"), body }
    }
}

fn smtp_road(url: &str) -> Result<AsyncSmtpTransport<Tokio1Executor>> {
    let local = url.starts_with("smtp://localhost") || url.starts_with("smtp://127.0.0.1");
    // Plain text may only travel inside this machine.
    let url = if url.starts_with("smtp://") && !local && !url.contains("tls=") {
        format!("{url}?tls=required")
    } else {
        url.to_owned()
    };
    let built = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url);
    let built = built.map_err(|_| Error::Setup("SMTP_URL must read like smtps://user:password@host".into()))?;
    Ok(built.timeout(Some(Duration::from_secs(15))).build())
}
