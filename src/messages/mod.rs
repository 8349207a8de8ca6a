//! Messages between a young person and those who work with them. A thread belongs to the young
//! person: whoever works with them now answers it.

pub mod acts;
pub mod answering;
mod check_in;
pub mod planned;
pub mod routes;
pub mod share;
pub mod store;
pub mod views;

use jiff::civil::Date;

use crate::id::Id;
use crate::people::{Part, PersonId};

pub use check_in::{CheckIn, Feel};

/// Marks ids of messages.
#[derive(Debug)]
pub struct MessageRow;
/// The id of a message.
pub type MessageId = Id<MessageRow>;

/// The longest message, in characters.
pub const LONGEST: usize = 10_000;
/// How many messages a page shows.
pub const SHOWN: i64 = 50;

/// Who wrote a message, seen from the one who reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// The young person whose thread it is.
    Person,
    /// A worker, by name.
    Worker(String),
}

/// How two people spoke outside of the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// By phone.
    Phone,
    /// They met.
    Met,
    /// With a picture, by phone or computer.
    Video,
    /// By text message or another app.
    Text,
    /// At home: what visits by law are counted by.
    Visit,
}

impl How {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Phone, Self::Met, Self::Visit, Self::Video, Self::Text];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Met => "met",
            Self::Video => "video",
            Self::Text => "text",
            Self::Visit => "visit",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|how| how.as_str() == word)
    }

    /// How it is told: "You … on Monday".
    pub const fn says(self) -> &'static str {
        match self {
            Self::Phone => "spoke by phone",
            Self::Met => "met",
            Self::Video => "spoke by video",
            Self::Text => "wrote by text message",
            Self::Visit => "met at home",
        }
    }
}

/// What stands in a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Words to each other.
    Said,
    /// A note of a worker to other workers: part of the record, not shown in the young person's thread.
    Note,
    /// They spoke outside of the messages, on this day, and agreed on what the text says.
    Spoke(How, Date),
    /// Somebody will do what the text says by the end of this day.
    Promise(Date),
    /// What the service tells of itself: who works with the person from now on.
    News,
}

impl What {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Said => "message",
            Self::Note => "note",
            Self::Spoke(..) => "contact",
            Self::Promise(_) => "promise",
            Self::News => "news",
        }
    }

    /// Its day, where it has one.
    pub const fn day(self) -> Option<Date> {
        match self {
            Self::Spoke(_, day) | Self::Promise(day) => Some(day),
            Self::Said | Self::Note | Self::News => None,
        }
    }

    /// Reads the columns of a row back.
    pub fn parse(word: &str, day: Option<&str>, how: Option<&str>) -> Option<Self> {
        let day = day.and_then(|day| day.parse().ok());
        Some(match word {
            "message" => Self::Said,
            "note" => Self::Note,
            "contact" => Self::Spoke(How::parse(how?)?, day?),
            "promise" => Self::Promise(day?),
            "news" => Self::News,
            _ => return None,
        })
    }
}

/// One message as it is read.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Who wrote it.
    pub from: From,
    /// What it is.
    pub what: What,
    /// Its text.
    pub body: String,
    /// When it was on disk, UTC microseconds.
    pub sent_at: i64,
    /// Where it stands: only what is true.
    pub state: State,
    /// What its page had said about when it would be read.
    pub shown: Option<String>,
    /// Its words sound like danger, and no worker has said yet that they looked.
    pub flagged: bool,
}

/// How far a message came. Never goes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// On disk; nobody has opened it.
    Saved,
    /// Opened by somebody named, at this time.
    Opened(String, i64),
    /// Somebody named will do something by the end of this day.
    Promised(String, Date),
    /// There is an answer after it.
    Answered,
}

/// A page of a thread.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The messages, oldest first.
    pub messages: Vec<Message>,
    /// There are earlier ones.
    pub earlier: bool,
    /// How many the reader has hidden from their view, in the whole thread.
    pub hidden: i64,
}

/// Why somebody stands in a worker's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mine {
    /// The worker works with them and answers.
    Works(Part),
    /// The worker works with them, and somebody else answers.
    Beside,
    /// The worker stands in for whoever does.
    Covers,
    /// The duty desk looks after them for now, or the wait has grown too long.
    Desk,
}

/// A worker's own marks on somebody's thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// To be read again.
    pub unread: bool,
    /// Not before this day.
    pub snoozed_to: Option<Date>,
    /// To be looked at on this day, whatever comes.
    pub follow_up_on: Option<Date>,
}

/// Somebody in a worker's list.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Who.
    pub person: PersonId,
    /// The name they want to be called by.
    pub called: String,
    /// Since when; `None`: they are not waiting.
    pub since: Option<i64>,
    /// By when they are to be answered, UTC microseconds.
    pub due: Option<i64>,
    /// Messages of theirs that ask for an answer and no worker has opened, since they wait.
    pub unopened: i64,
    /// Words of theirs sound like danger, and no worker has said yet that they looked.
    pub urgent: bool,
    /// Why they are in this list.
    pub mine: Mine,
    /// The reader's own marks.
    pub mark: Mark,
}

/// When somebody and their workers last had to do with each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dealings {
    /// The last day on which they wrote, or somebody spoke with them or met them.
    pub contact: Option<Date>,
    /// The last day on which they were visited at home.
    pub visit: Option<Date>,
    /// The earliest day of the promises after which nothing was answered.
    pub promise: Option<Date>,
    /// The day of their last check-in.
    pub check_in: Option<Date>,
    /// Their last check-in, if it asks for an answer and nobody has answered since.
    pub asks: Option<CheckIn>,
}

/// Somebody whose wait was taken to the manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// Who.
    pub person: PersonId,
    /// The name they want to be called by.
    pub called: String,
    /// Since when they wait, UTC microseconds.
    pub since: i64,
    /// Who leads.
    pub lead: Option<String>,
}

impl Waiting {
    /// Whether the reader put it off to a later day than `today`. Danger, and a wait whose time is up at `now`, are not
    /// put off.
    pub fn put_off(&self, today: Date, now: i64) -> bool {
        let late = self.due.is_some_and(|due| due <= now);
        !self.urgent && !late && self.mark.snoozed_to.is_some_and(|to| to > today)
    }

    /// Whether there is anything to do for them today.
    pub fn calls(&self, today: Date) -> bool {
        let due = self.mark.follow_up_on.is_some_and(|on| on <= today);
        let back = self.mark.snoozed_to.is_some_and(|to| to <= today);
        self.since.is_some() || self.urgent || self.mark.unread || due || back
    }
}

/// How long somebody has waited, in words.
pub fn waited(micros: i64) -> String {
    let minutes = micros / crate::clock::MINUTE;
    let many = |n: i64, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    match minutes {
        ..=0 => "less than a minute".to_owned(),
        1..=59 => many(minutes, "minute"),
        60..=1_439 => many(minutes / 60, "hour"),
        _ => {
            let (days, hours) = (minutes / 1_440, minutes % 1_440 / 60);
            if hours == 0 || days > 6 {
                many(days, "day")
            } else {
                format!("{} {}", many(days, "day"), many(hours, "hour"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::waited;
    use crate::clock::{DAY, HOUR, MINUTE};

    #[test]
    fn a_wait_is_told_in_words() {
        for (micros, says) in [
            (0, "less than a minute"),
            (MINUTE, "1 minute"),
            (59 * MINUTE, "59 minutes"),
            (HOUR, "1 hour"),
            (DAY + 3 * HOUR, "1 day 3 hours"),
            (2 * DAY, "2 days"),
            (9 * DAY + HOUR, "9 days"),
        ] {
            assert_eq!(waited(micros), says);
        }
    }
}
