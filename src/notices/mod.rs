//! Notices: "you have a message". Rows are written in the transaction of what they tell of; a
//! worker sends them. No notice says what it is about, and none holds a link to follow.

pub mod acts;
mod folder;
mod notify;
mod pass;
mod smtp;
pub mod store;
mod wire;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use lettre::Message;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0};

use crate::clock::{HOUR, MINUTE, SECOND};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::people::{Address, Channel};

use folder::Folder;
use notify::Notify;
use smtp::Smtp;

/// The longest that one notice may take to be sent: then others have their turn.
pub const PATIENCE: Duration = Duration::from_secs(15);
/// A notice that could not be sent in so long is given up, in microseconds.
pub const GIVEN_UP_AFTER: i64 = 72 * HOUR;

/// What a notice is. Its text is fixed: nothing that anyone wrote is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// To a worker: somebody they work with wrote.
    WorkerHasMessage,
    /// To a young person: somebody wrote to them.
    PersonHasMessage,
    /// To a young person: something that they know of comes soon.
    Reminder,
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
            Self::Reminder => "reminder",
            Self::AccountChanged => "account_changed",
            Self::GlassBroken => "glass_broken",
            Self::Alert => "alert",
            Self::Code => "code",
        }
    }

    /// Whether it waits for no other: somebody asked for it a moment ago, or must know of it.
    const fn goes_at_once(self) -> bool {
        matches!(self, Self::Code | Self::AccountChanged)
    }

    /// Whether it waits only for others that press as much.
    const fn presses(self) -> bool {
        matches!(self, Self::GlassBroken | Self::Alert)
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::WorkerHasMessage,
            Self::PersonHasMessage,
            Self::Reminder,
            Self::AccountChanged,
            Self::GlassBroken,
            Self::Alert,
            Self::Code,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == word)
    }
}

/// How long until the next try after so many, in microseconds: longer each time, and up to a tenth shorter by the id
/// of the notice, so that those that failed together do not all come back together.
pub fn retry_after(attempts: i64, id: Id<()>) -> i64 {
    let wait = match attempts {
        ..=1 => 10 * SECOND,
        2 => 30 * SECOND,
        3 => 2 * MINUTE,
        4 => 10 * MINUTE,
        5.. => HOUR / 2,
    };
    let [first, second, ..] = *id.bytes();
    wait - wait / 10 * i64::from(u16::from_be_bytes([first, second])) / i64::from(u16::MAX)
}

/// The fixed words of a notice.
#[derive(Clone, Debug)]
pub struct Words {
    subject: String,
    body: String,
    /// The same in a text message.
    text: String,
}

/// One notice on its way to one address.
#[derive(Clone, Debug)]
pub struct Letter<'l> {
    /// What the server may call it by: the same whenever it is sent again.
    pub id: &'l str,
    /// What it says.
    pub words: &'l Words,
    /// Where it goes.
    pub to: &'l Address,
    /// Now.
    pub at: Timestamp,
}

/// Why a notice was not sent, in words without an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// It may go later.
    ForNow(&'static str),
    /// It never will.
    ForGood(&'static str),
    /// Nothing goes this way at the moment, this notice or another.
    Down(&'static str),
}

impl NotSent {
    /// Why.
    pub const fn why(self) -> &'static str {
        match self {
            Self::ForNow(why) | Self::ForGood(why) | Self::Down(why) => why,
        }
    }
}

/// A way to send notices.
pub trait Carrier: std::fmt::Debug + Send + Sync {
    /// Hands a notice over to a server that has said that it takes it. May be dropped at any time.
    fn send<'l>(&'l self, letter: &'l Letter<'l>) -> BoxFuture<'l, std::result::Result<(), NotSent>>;
}

/// What the settings say of sending.
#[derive(Clone, Default)]
pub struct Setup {
    /// SMTP_URL.
    pub smtp: Option<String>,
    /// NOTIFY_KEY.
    pub notify_key: Option<String>,
    /// NOTIFY_URL.
    pub notify_url: String,
    /// NOTIFY_EMAIL_TEMPLATE.
    pub email_template: Option<String>,
    /// NOTIFY_TEXT_TEMPLATE.
    pub text_template: Option<String>,
    /// Where mail is written to when neither is set.
    pub folder: PathBuf,
    /// MAIL_FROM.
    pub from: String,
    /// The site's name.
    pub site: String,
    /// The longest that one notice may take: [`PATIENCE`], or shorter in tests.
    pub patience: Duration,
}

/// Sends notices: email in any case, text messages where GOV.UK Notify is set up.
#[derive(Clone, Debug)]
pub struct Mail {
    email: Arc<dyn Carrier>,
    text: Option<Arc<dyn Carrier>>,
    site: String,
    patience: Duration,
}

impl Mail {
    /// The mail of this site: email by SMTP, else by Notify, else to a folder; text messages by Notify.
    ///
    /// # Errors
    /// [`Error::Setup`] when a setting does not read, or one is missing that another needs.
    pub fn new(setup: &Setup) -> Result<Self> {
        let wrong = |what: &str| Err(Error::Setup(what.to_owned()));
        let from: Mailbox = (setup.from.parse())
            .map_err(|_| Error::Setup(format!("MAIL_FROM is not an email address: {}", setup.from)))?;
        if setup.site.chars().any(char::is_control) {
            return wrong("SITE_NAME stands in the subject of mail: it is one line");
        }
        let notify = match &setup.notify_key {
            Some(_) if setup.text_template.is_none() => {
                return wrong("with NOTIFY_KEY, set NOTIFY_TEXT_TEMPLATE to the id of a template that holds ((body))");
            }
            Some(_) if setup.email_template.is_none() && setup.smtp.is_none() => {
                return wrong(
                    "with NOTIFY_KEY and without SMTP_URL, set NOTIFY_EMAIL_TEMPLATE to the id of a template that holds ((subject)) and ((body))",
                );
            }
            Some(key) => {
                let (email, text) = (setup.email_template.as_deref(), setup.text_template.as_deref());
                Some(Arc::new(Notify::new(key, &setup.notify_url, email, text)?))
            }
            None if setup.email_template.is_some() || setup.text_template.is_some() => {
                return wrong("a template of Notify is set, and NOTIFY_KEY is missing");
            }
            None => None,
        };
        let email: Arc<dyn Carrier> = match (&setup.smtp, &notify) {
            (Some(address), _) => Arc::new(Smtp::new(address, from)?),
            (None, Some(notify)) => Arc::<Notify>::clone(notify),
            (None, None) => {
                let path = setup.folder.clone();
                tracing::info!(folder = %path.display(), "neither SMTP_URL nor NOTIFY_KEY: mail is written to this folder and not sent");
                Arc::new(Folder { path, from })
            }
        };
        let text = notify.map(|notify| notify as Arc<dyn Carrier>);
        Ok(Self { email, text, site: setup.site.clone(), patience: setup.patience })
    }

    /// Whether a notice can go to a phone number.
    pub fn texts(&self) -> bool {
        self.text.is_some()
    }

    /// Sends a notice to one address. The same notice sent twice is called by the same name, so that most mail systems
    /// drop the copy.
    ///
    /// # Errors
    /// [`NotSent`], after the patience of the settings at the latest.
    pub async fn send(&self, letter: &Letter<'_>) -> std::result::Result<(), NotSent> {
        let carrier = match letter.to.channel {
            Channel::Email => &self.email,
            Channel::Phone => self.text.as_ref().ok_or(NotSent::ForGood("text messages are not set up"))?,
        };
        // A server may hang at any word, or say one letter at a time.
        let sent = tokio::time::timeout(self.patience, carrier.send(letter)).await;
        sent.unwrap_or(Err(NotSent::Down("the server took too long")))
    }

    /// The words of a notice; `code` is what [`Kind::Code`] tells, and no other.
    pub fn words(&self, kind: Kind, code: &str) -> Words {
        let site = &self.site;
        let (subject, body, text) = match kind {
            Kind::WorkerHasMessage => (
                "something is waiting for you",
                format!(
                    "Something is waiting for you in {site}.\n\nSign in the way you always do to see it. Do not reply to this email.\n"
                ),
                "something is waiting for you. Sign in to see it.".to_owned(),
            ),
            Kind::AccountChanged => (
                "your sign-in was changed",
                format!(
                    "Your sign-in to {site} was changed.\n\nWas it not you? Tell somebody you trust there. Do not reply to this email. We never ask for your passphrase.\n"
                ),
                "your sign-in was changed. Was it not you? Tell somebody you trust there.".to_owned(),
            ),
            Kind::GlassBroken | Kind::Alert => (
                "something needs your eyes",
                format!(
                    "Something in {site} needs your eyes today.\n\nSign in the way you always do to see it. Do not reply to this email.\n"
                ),
                "something needs your eyes today. Sign in to see it.".to_owned(),
            ),
            Kind::PersonHasMessage => (
                "you have something new",
                format!(
                    "There is something new for you in {site}.\n\nSign in when you are ready. Do not reply to this email. We never ask for your passphrase.\n"
                ),
                "there is something new for you. Sign in when you are ready.".to_owned(),
            ),
            Kind::Reminder => (
                "something is coming up",
                format!(
                    "Something is coming up for you in {site}.\n\nSign in when you are ready to see it. Do not reply to this email. We never ask for your passphrase.\n"
                ),
                "something is coming up for you. Sign in when you are ready to see it.".to_owned(),
            ),
            Kind::Code => (
                "your code",
                format!(
                    "Your code for {site} is {code}\n\nType it on the page where you asked for it, within 10 minutes. You did not ask for it? Then do nothing: without the code nobody gets in. Nobody will ever ask you to tell it. Do not reply to this email.\n"
                ),
                format!("your code is {code}. It works for 10 minutes. Nobody will ever ask you to tell it."),
            ),
        };
        Words { subject: format!("{site}: {subject}"), body, text: format!("{site}: {text}") }
    }
}

/// A notice as an email.
fn message(from: &Mailbox, letter: &Letter<'_>) -> std::result::Result<Message, NotSent> {
    // An address alone: never a name beside it, and no second one.
    let to = letter.to.value.parse().map_err(|_| NotSent::ForGood("the address does not read"))?;
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(letter.words.subject.clone())
        .message_id(Some(format!("<{}@{}>", letter.id, from.email.domain())))
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
        .header(MIME_VERSION_1_0)
        .header(ContentType::TEXT_PLAIN)
        .body(letter.words.body.clone())
        .map_err(|_| NotSent::ForGood("the mail could not be made"))
}

/// Somebody whom the last notices did not reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Untold {
    /// What they were to be told of.
    pub what: Kind,
    /// By what; `None` when it came to no try.
    pub by: Option<Channel>,
    /// Since when, UTC microseconds.
    pub since: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_are_shortened_by_a_tenth_at_most() {
        let (first, last) = (Id::from_bytes([0; 16]), Id::from_bytes([255; 16]));
        let waits = [10 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR / 2, HOUR / 2];
        for (wait, attempts) in waits.into_iter().zip(1..) {
            assert_eq!(retry_after(attempts, first), wait);
            assert_eq!(retry_after(attempts, last), wait - wait / 10);
        }
        assert_eq!(retry_after(i64::MAX, first), HOUR / 2);
    }
}
