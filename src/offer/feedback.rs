//! What the public tells us of a page: that it is wrong, or that something is missing.

use crate::clock::{HOUR, MINUTE};
use crate::id::Id;
use crate::people::StaffId;

/// Marks ids of feedback.
#[derive(Debug)]
pub struct FeedbackRow;
/// The id of one piece of feedback.
pub type FeedbackId = Id<FeedbackRow>;

/// The longest text, in characters.
pub const LONGEST: usize = 2_000;
/// The longest way to reach somebody, in characters.
pub const LONGEST_CONTACT: usize = 200;
/// The same text about the same page within this time is a double tap, in microseconds.
pub const SAME_WITHIN: i64 = 10 * MINUTE;
/// No more than [`MOST`] are taken within this time, in microseconds.
pub const SPAN: i64 = HOUR;
/// How many the whole site takes in any [`SPAN`]: far more than people write, and few enough to read.
pub const MOST: i64 = 300;
/// The most that one list shows.
pub const SHOWN: i64 = 100;

/// How far staff are with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody has read it.
    New,
    /// Somebody has read it and looks after it.
    Seen,
    /// Nothing is left to do.
    Done,
}

impl State {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::New, Self::Seen, Self::Done];
    /// Those with something left to do.
    pub const OPEN: [Self; 2] = [Self::New, Self::Seen];

    /// The word in the database and in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Seen => "seen",
            Self::Done => "done",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// What somebody sends us.
#[derive(Clone, Debug)]
pub struct New {
    /// What it is about: `page.money`, `help`, `site`.
    pub about: String,
    /// Their words.
    pub body: String,
    /// How to reach them, if they want to say.
    pub contact: Option<String>,
    /// The words sound like danger now.
    pub urgent: bool,
}

/// Who did something with it, and when.
pub type By = (StaffId, i64);

/// One piece of feedback as staff read it.
#[derive(Clone, Debug)]
pub struct Feedback {
    /// Its id.
    pub id: FeedbackId,
    /// What it was sent as.
    pub told: New,
    /// How far staff are with it.
    pub state: State,
    /// When it came, UTC microseconds.
    pub at: i64,
    /// Who has seen it.
    pub seen: Option<By>,
    /// Who has done what it asked for.
    pub done: Option<By>,
    /// What staff say about it.
    pub note: String,
}
