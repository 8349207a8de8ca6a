//! A version of the plan on its way: a draft is shared, agreed with or not, and submitted to one manager, who signs it off
//! or returns it with a reason. What was shared is never changed again.

use crate::id::Id;
use crate::people::StaffId;

use super::Heading;

/// The id of a version.
pub type PlanId = Id<Version>;

/// How far a version came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is being written.
    Draft,
    /// The young person has it.
    Shared,
    /// They agree with all of it.
    Agreed,
    /// They do not agree with a part of it.
    Disagreed,
    /// The manager signed it off.
    SignedOff,
}

impl State {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Shared => "shared",
            Self::Agreed => "agreed",
            Self::Disagreed => "disagreed",
            Self::SignedOff => "signed_off",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Draft, Self::Shared, Self::Agreed, Self::Disagreed, Self::SignedOff]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// A version without its words.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its id.
    pub id: PlanId,
    /// 1, 2, 3 …
    pub number: i64,
    /// How far it came.
    pub state: State,
    /// When it was begun, UTC microseconds.
    pub made_at: i64,
    /// When it was shared, UTC microseconds.
    pub shared_at: Option<i64>,
    /// To which manager it was submitted, and when, UTC microseconds.
    pub submitted: Option<(StaffId, i64)>,
    /// When it was signed off, UTC microseconds.
    pub signed_at: Option<i64>,
    /// When it was last returned, UTC microseconds.
    pub returned_at: Option<i64>,
    /// The version whose words were taken up again.
    pub restored_from: Option<i64>,
}

impl Version {
    /// To whom it lies with: submitted, and neither signed nor returned since.
    pub fn lies_with(&self) -> Option<StaffId> {
        let (to, at) = self.submitted?;
        let answered = self.signed_at.is_some() || self.returned_at.is_some_and(|returned| returned >= at);
        (!answered).then_some(to)
    }

    /// Whether it can be submitted: it was shared, and it is not signed. While it lies with a manager it can go to another:
    /// whoever has it may be away, or have left, and a plan never waits for good.
    pub fn may_be_submitted(&self) -> bool {
        !matches!(self.state, State::Draft | State::SignedOff)
    }

    /// The manager it was submitted to returned it, and nobody looks at it again.
    pub fn is_returned(&self) -> bool {
        self.lies_with().is_none() && self.returned_at.is_some() && self.state != State::SignedOff
    }

    /// How it is told to whoever works with the plan.
    pub fn says(&self) -> &'static str {
        match self.state {
            State::Draft => "being written",
            _ if self.lies_with().is_some() => "with the manager",
            State::SignedOff => "signed off",
            _ if self.is_returned() => "returned by the manager",
            State::Shared => "not agreed yet",
            State::Agreed => "agreed",
            State::Disagreed => "not agreed",
        }
    }
}

/// One time that a version was submitted, for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// The name of the manager.
    pub to: String,
    /// The name of the worker.
    pub by: String,
    /// When, UTC microseconds.
    pub at: i64,
    /// When the manager gave it back, UTC microseconds, and why.
    pub returned: Option<(i64, String)>,
}

/// One of the three texts of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// How things are now: the worker's pen.
    Now,
    /// What the young person wants: their pen, once they have written it themselves.
    Want,
    /// What was agreed: the worker's pen.
    Agreed,
}

impl Field {
    /// All three, in their order.
    pub const ALL: [Self; 3] = [Self::Now, Self::Want, Self::Agreed];

    /// The word in the database and in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Want => "want",
            Self::Agreed => "agreed",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == word)
    }

    /// What it is called; `mine`: to the young person.
    pub const fn title(self, mine: bool) -> &'static str {
        match self {
            Self::Now => "How things are now",
            Self::Want if mine => "What I want",
            Self::Want => "What they want",
            Self::Agreed => "What we agreed",
        }
    }
}

/// What a young person says of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opinion {
    /// They have read it.
    Read,
    /// They agree.
    Agree,
    /// They do not agree, and say why.
    Disagree,
    /// They want to talk about it.
    Talk,
}

impl Opinion {
    /// All four, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Read, Self::Agree, Self::Disagree, Self::Talk];

    /// The word in the database and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Agree => "agree",
            Self::Disagree => "disagree",
            Self::Talk => "talk",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|opinion| opinion.as_str() == word)
    }

    /// How the young person says it.
    pub const fn mine(self) -> &'static str {
        match self {
            Self::Read => "I have read this",
            Self::Agree => "I agree",
            Self::Disagree => "I do not agree, because …",
            Self::Talk => "Let's talk about it",
        }
    }

    /// How it is told of somebody.
    pub const fn told(self) -> &'static str {
        match self {
            Self::Read => "has read this",
            Self::Agree => "agrees",
            Self::Disagree => "does not agree",
            Self::Talk => "wants to talk about it",
        }
    }

    /// Whether a worker is to do something about it.
    pub const fn asks(self) -> bool {
        matches!(self, Self::Disagree | Self::Talk)
    }
}

impl Say {
    /// Whether a worker is still to talk about it with them.
    pub fn is_open(&self) -> bool {
        self.opinion.asks() && self.heard_at.is_none()
    }
}

/// The id of something that was said.
pub type SayId = Id<Say>;

/// What a young person said of a part of one version, for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Say {
    /// Its id.
    pub id: SayId,
    /// Of which version.
    pub version: i64,
    /// Of which part.
    pub heading: Heading,
    /// What.
    pub opinion: Opinion,
    /// In their own words.
    pub words: Option<String>,
    /// When, UTC microseconds.
    pub at: i64,
    /// When a worker wrote down that it was talked about, UTC microseconds.
    pub heard_at: Option<i64>,
}

/// What is said of a version as a whole: not agreed while the last word on one part is that they do not agree; agreed when
/// the last word on every part that holds anything is that they agree. Reading a part and asking to talk about it
/// take neither back.
pub fn verdict(written: &[Heading], said: &[(Heading, Opinion)]) -> State {
    let last = |heading: Heading| {
        let of = |(on, opinion): &&(Heading, Opinion)| {
            *on == heading && matches!(opinion, Opinion::Agree | Opinion::Disagree)
        };
        said.iter().rev().find(of).map(|(_, opinion)| *opinion)
    };
    if Heading::ALL.into_iter().any(|heading| last(heading) == Some(Opinion::Disagree)) {
        return State::Disagreed;
    }
    let agreed = !written.is_empty() && written.iter().all(|heading| last(*heading) == Some(Opinion::Agree));
    if agreed { State::Agreed } else { State::Shared }
}

#[cfg(test)]
#[path = "version_test.rs"]
mod tests;
