//! Where somebody can be reached outside of here, and the hours in which nothing is sent.

use jiff::civil::{Time, time};
use jiff::{Timestamp, ToSpan as _};

use crate::clock::{DAY, MINUTE, in_london};
use crate::id::Id;

/// Marks ids of places to send notices to.
#[derive(Debug)]
pub struct ContactRow;
/// The id of a place to send notices to.
pub type ContactId = Id<ContactRow>;

/// Marks ids of codes that were sent.
#[derive(Debug)]
pub struct SentRow;
/// The id of a code that was sent.
pub type SentId = Id<SentRow>;

/// A number or address lapses when nobody confirmed it for so long, in microseconds: numbers are given to
/// strangers again.
pub const CONFIRMED_FOR: i64 = 90 * DAY;
/// How long a sent code can be used, in microseconds (OWASP ASVS 5.0, 6.5.5: ten minutes at most).
pub const SENT_LASTS: i64 = 10 * MINUTE;
/// The most wrong tries before a sent code dies.
pub const SENT_TRIES: i64 = 5;
/// The most codes in an hour for one name and one end.
pub const SENT_AN_HOUR: i64 = 5;
/// The most codes in an hour that lead back in, for everybody together: above it none is sent.
pub const WAYS_BACK_AN_HOUR: i64 = 500;
/// The most numbers and addresses of one person.
pub const CONTACTS: usize = 5;

/// What a notice can travel by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// An email address.
    Email,
    /// A phone number.
    Phone,
}

impl Channel {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Email, Self::Phone].into_iter().find(|channel| channel.as_str() == word)
    }

    /// What was typed, in the one spelling that is kept; `None` when it cannot be one.
    pub fn read(self, typed: &str) -> Option<String> {
        match self {
            Self::Email => is_email(typed).then(|| typed.to_lowercase()),
            Self::Phone => {
                let plain: String = typed.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')')).collect();
                let digits = plain.strip_prefix('+').unwrap_or(&plain);
                let number = (10..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
                number.then_some(plain)
            }
        }
    }
}

/// Whether this reads like an email address.
pub fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, domain)| {
        !name.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !text.contains(' ')
    })
}

/// How we know that a number or address is somebody's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmedBy {
    /// They typed a code that was sent there.
    Code,
    /// A worker reached them there.
    Worker,
}

impl ConfirmedBy {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Worker => "worker",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Code, Self::Worker].into_iter().find(|how| how.as_str() == word)
    }

    /// What is confirmed so.
    pub const fn channel(self) -> Channel {
        match self {
            Self::Code => Channel::Email,
            Self::Worker => Channel::Phone,
        }
    }

    /// How its owner is told.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Code => "with a code that we sent there",
            Self::Worker => "by a worker who reached you there",
        }
    }
}

/// A number or address of somebody.
#[derive(Clone, Debug)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// By what.
    pub channel: Channel,
    /// The number or address.
    pub value: String,
    /// Notices may go there. Without it: "don't contact me here".
    pub notify: bool,
    /// When it was last confirmed, UTC microseconds.
    pub confirmed_at: Option<i64>,
    /// How.
    pub confirmed_by: Option<ConfirmedBy>,
}

impl Contact {
    /// Whether it was confirmed, and not too long ago.
    pub fn counts(&self, now: Timestamp) -> bool {
        self.confirmed_at.is_some_and(|at| now.as_microsecond() - at < CONFIRMED_FOR)
    }
}

/// What a sent code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To confirm the address.
    Confirm,
    /// As a second proof, besides the passphrase.
    Prove,
    /// To get back in without a passphrase.
    Recover,
}

impl Purpose {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Prove => "prove",
            Self::Recover => "recover",
        }
    }
}

/// Hours in which no notice goes out, on London's clocks. From and to alike: there are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// The first minute of quiet.
    pub from: Time,
    /// The first minute after it.
    pub to: Time,
}

impl Default for Quiet {
    /// Nobody's phone lights up at night unless they ask for it.
    fn default() -> Self {
        Self { from: time(21, 0, 0, 0), to: time(8, 0, 0, 0) }
    }
}

impl Quiet {
    /// When the quiet that holds at `now` is over; `None` when it is not quiet.
    pub fn over_at(self, now: Timestamp) -> Option<Timestamp> {
        let here = in_london(now);
        let (time, date) = (here.time(), here.date());
        let over_night = self.from > self.to;
        let quiet = if over_night { time >= self.from || time < self.to } else { time >= self.from && time < self.to };
        if !quiet {
            return None;
        }
        let day = if over_night && time >= self.from { date.checked_add(1.day()).ok()? } else { date };
        day.to_datetime(self.to).to_zoned(crate::clock::london()).ok().map(|end| end.timestamp())
    }
}

/// Where a notice goes: a number or address, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// By what.
    pub channel: Channel,
    /// The number or address.
    pub value: String,
}

/// Where a notice for somebody goes at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipients {
    /// To these numbers and addresses, the one confirmed last first.
    Now(Vec<Address>),
    /// Nowhere yet: they want quiet until then, UTC microseconds.
    Later(i64),
    /// Nowhere.
    Nobody,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn quiet_lasts_over_midnight_until_morning_in_london() {
        let quiet = Quiet::default();
        let over = |text: &str| quiet.over_at(at(text)).map(|end| end.to_string());
        assert_eq!(over("2026-11-25T20:59:59Z"), None);
        assert_eq!(over("2026-11-25T21:00:00Z"), Some("2026-11-26T08:00:00Z".into()));
        assert_eq!(over("2026-11-26T07:59:59Z"), Some("2026-11-26T08:00:00Z".into()));
        assert_eq!(over("2026-11-26T08:00:00Z"), None);
        // In summer London is an hour ahead, and in the night of the change the end is that day's eight.
        assert_eq!(over("2026-07-01T20:00:00Z"), Some("2026-07-02T07:00:00Z".into()));
        assert_eq!(over("2026-03-28T22:00:00Z"), Some("2026-03-29T07:00:00Z".into()));
    }

    #[test]
    fn quiet_by_day_and_none_at_all() {
        let school = Quiet { from: time(9, 0, 0, 0), to: time(15, 0, 0, 0) };
        assert_eq!(school.over_at(at("2026-11-25T10:00:00Z")), Some(at("2026-11-25T15:00:00Z")));
        assert_eq!(school.over_at(at("2026-11-25T15:00:00Z")), None);
        let none = Quiet { from: time(0, 0, 0, 0), to: time(0, 0, 0, 0) };
        for hour in 0..24 {
            assert_eq!(none.over_at(at(&format!("2026-11-25T{hour:02}:00:00Z"))), None);
        }
    }

    #[test]
    fn a_number_is_kept_in_one_spelling_and_nonsense_is_none() {
        assert_eq!(Channel::Phone.read("07700 900-123"), Some("07700900123".into()));
        assert_eq!(Channel::Phone.read("+44 (7700) 900123"), Some("+447700900123".into()));
        for bad in ["", "12345", "0770090012x", "++447700900123", "1234567890123456"] {
            assert_eq!(Channel::Phone.read(bad), None, "{bad}");
        }
        assert_eq!(Channel::Email.read("Sam@Example.org"), Some("sam@example.org".into()));
        assert_eq!(Channel::Email.read("sam"), None);
    }
}
