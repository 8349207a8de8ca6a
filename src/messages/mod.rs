//! Messages between a young person and those who work with them. A thread belongs to the young
//! person: whoever works with them now answers it.

pub mod acts;
pub mod routes;
pub mod store;
pub mod views;

use crate::id::Id;

/// Marks ids of messages.
#[derive(Debug)]
pub struct MessageRow;
/// The id of a message.
pub type MessageId = Id<MessageRow>;

/// The longest message, in characters.
pub const LONGEST: usize = 10_000;
/// How many messages a page shows: the latest.
pub const SHOWN: i64 = 200;

/// Who wrote a message, seen from the one who reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// The young person whose thread it is.
    Person,
    /// A worker, by name.
    Worker(String),
}

/// One message as it is read.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Who wrote it.
    pub from: From,
    /// Its text.
    pub body: String,
    /// When it was on disk, UTC microseconds.
    pub sent_at: i64,
    /// Where it stands: only what is true.
    pub state: State,
}

/// How far a message came. Never goes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// On disk; nobody has opened it.
    Saved,
    /// Opened by somebody named, at this time.
    Opened(String, i64),
    /// There is an answer after it.
    Answered,
}

/// A person who waits for an answer, as the queue shows them.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Who.
    pub person: crate::people::PersonId,
    /// The name they want to be called by.
    pub called: String,
    /// Since when; `None`: they are not waiting.
    pub since: Option<i64>,
    /// Messages of theirs that no worker has opened.
    pub unopened: i64,
    /// In what part the reader works with them.
    pub part: crate::people::Part,
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
