//! Actions of a plan: who does what by when, how far it is, and what was done to it. They belong to the young person, and
//! live on from version to version.

use jiff::civil::Date;

use super::Heading;
use crate::id::Id;

/// Where an action stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Not begun.
    NotStarted,
    /// Begun.
    Doing,
    /// Done.
    Done,
    /// Given up.
    Dropped,
}

impl Progress {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::Doing => "doing",
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// All of them.
    pub const ALL: [Self; 4] = [Self::NotStarted, Self::Doing, Self::Done, Self::Dropped];

    /// Whether it is still to be done.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::NotStarted | Self::Doing)
    }

    /// How it is told.
    pub const fn title(self) -> &'static str {
        match self {
            Self::NotStarted => "Not started",
            Self::Doing => "Doing it",
            Self::Done => "Done",
            Self::Dropped => "Not doing this now",
        }
    }
}

/// Who does an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doer {
    /// The young person.
    Me,
    /// Their worker.
    Staff,
    /// Somebody named.
    Other(String),
}

/// Something that somebody will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What.
    pub text: String,
    /// Who.
    pub who: Doer,
    /// By when.
    pub due_on: Option<Date>,
    /// How far it is.
    pub state: Progress,
}

impl Action {
    /// Whether its day has passed, by the days of London, and it is still to be done.
    pub fn is_late(&self, today: Date) -> bool {
        self.state.is_open() && self.due_on.is_some_and(|due| due < today)
    }
}

/// Names the kind of id.
#[derive(Debug)]
pub struct ActionRow;
/// The id of an action.
pub type ActionId = Id<ActionRow>;

/// Whose hand it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The young person's.
    Person,
    /// A worker's.
    Staff,
}

impl Side {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Staff => "staff",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Person, Self::Staff].into_iter().find(|side| side.as_str() == word)
    }
}

/// What was done to an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    /// It was written down.
    Made,
    /// Its words, or who does it.
    Changed,
    /// Its day, or how far it is.
    Moved,
    /// The last change was taken back.
    Undid,
    /// It was for the young person's eyes, and is for their workers' too since.
    Shared,
}

impl Did {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Made, Self::Changed, Self::Moved, Self::Undid, Self::Shared];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Changed => "changed",
            Self::Moved => "moved",
            Self::Undid => "undid",
            Self::Shared => "shared",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|did| did.as_str() == word)
    }

    /// How it is told, before "by" and a name.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Made => "Added",
            Self::Changed => "Changed",
            Self::Moved => "Moved on",
            Self::Undid => "Last change undone",
            Self::Shared => "Shared",
        }
    }
}

/// What an action says at one time: with it, why it is not done when it was dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What, who, by when, how far.
    pub says: Action,
    /// Why it was dropped.
    pub why: Option<String>,
}

/// One change of an action, and what it was after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// 1, 2, 3 … in the order of the changes.
    pub n: i64,
    /// What was done.
    pub did: Did,
    /// Whose hand it was.
    pub side: Side,
    /// The name of the worker; empty when it was the young person.
    pub by: String,
    /// When, UTC microseconds.
    pub at: i64,
    /// What it was after it.
    pub words: Words,
}

/// An action as it stands, and what was done to it last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its id.
    pub id: ActionId,
    /// The part of the plan it belongs to.
    pub heading: Heading,
    /// For the young person's eyes.
    pub private: bool,
    /// Who wrote it: the words stay theirs.
    pub made: Side,
    /// When it was written, UTC microseconds.
    pub made_at: i64,
    /// What was done to it last; what stands is what it was after that.
    pub last: Change,
    /// To a worker, where a worker did the last thing to it: what the young person did to it last. A colleague's hand
    /// does not hide theirs.
    pub theirs: Option<Theirs>,
}

/// What the young person did to an action last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theirs {
    /// What.
    pub did: Did,
    /// How far it was after it.
    pub state: Progress,
    /// When, UTC microseconds.
    pub at: i64,
}

impl Standing {
    /// What it says.
    pub fn says(&self) -> &Action {
        &self.last.words.says
    }

    /// Whether a reader cannot have seen it by then: it was made later, or sharing it was the last thing that was done to it, or that the young person did.
    pub fn is_new(&self, until: i64) -> bool {
        let shared = self.theirs.is_some_and(|theirs| theirs.did == Did::Shared && theirs.at > until);
        self.made_at > until || self.last.did == Did::Shared || shared
    }

    /// Whether the other side did something to it after a reader last looked, UTC microseconds. Whoever looks for the
    /// first time is told of no news: all of it is new.
    pub fn is_news(&self, reader: Side, until: Option<i64>) -> bool {
        let theirs = if self.last.side == reader { self.theirs.map(|theirs| theirs.at) } else { Some(self.last.at) };
        until.is_some_and(|until| theirs.is_some_and(|at| at > until))
    }
}

/// What somebody wants an action to be, and what they had before them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The number of the last change that they saw.
    pub seen: i64,
    /// What it shall say.
    pub words: Words,
}

/// Why an edit was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Somebody changed it since it was read: nothing may be overwritten that was not seen.
    Newer,
    /// The words are of the other side.
    NotTheirWords,
    /// There is nothing to take back.
    NoUndo,
}

/// Whether these are the same words, said to be done by the same: what belongs to whoever wrote it.
fn same_words(one: &Action, other: &Action) -> bool {
    one.text == other.text && one.who == other.who
}

/// What an edit by one side does to an action; `None`: nothing, since it says what stands. The words and who does it stay
/// with the side that wrote them; both may move it on.
///
/// # Errors
/// [`Refused`] when it may not be done.
pub fn edit(standing: &Standing, side: Side, edit: &Edit) -> Result<Option<Did>, Refused> {
    let stands = &standing.last;
    if edit.seen != stands.n {
        return Err(Refused::Newer);
    }
    if edit.words == stands.words {
        return Ok(None);
    }
    if same_words(&edit.words.says, &stands.words.says) {
        return Ok(Some(Did::Moved));
    }
    if side == standing.made { Ok(Some(Did::Changed)) } else { Err(Refused::NotTheirWords) }
}

/// What an action goes back to when one side takes its last change back: what it was before. That itself is a change, so it
/// can be taken back too. Sharing cannot, nor can what would change words of the other side.
///
/// # Errors
/// [`Refused`] when there is nothing to go back to, or somebody changed it since.
pub fn undo(made: Side, history: &[Change], side: Side, seen: i64) -> Result<&Words, Refused> {
    let (last, before) = match history {
        [.., before, last] if last.did != Did::Shared => (last, before),
        [.., last] if last.n != seen => return Err(Refused::Newer),
        _ => return Err(Refused::NoUndo),
    };
    if last.n != seen {
        return Err(Refused::Newer);
    }
    if side != made && !same_words(&before.words.says, &last.words.says) {
        return Err(Refused::NotTheirWords);
    }
    Ok(&before.words)
}

/// The part of a history that a worker may see: nothing from before it was shared.
pub fn since_shared(mut history: Vec<Change>) -> Vec<Change> {
    if let Some(shared) = history.iter().rposition(|change| change.did == Did::Shared) {
        history.drain(..shared);
    }
    history
}

/// Whether somebody is to do this already: word for word under its heading, neither done nor put aside.
pub fn is_on_the_list(all: &[Standing], heading: Heading, text: &str) -> bool {
    all.iter().any(|one| one.heading == heading && one.says().text == text && one.says().state.is_open())
}

#[cfg(test)]
#[path = "action_test.rs"]
mod tests;
