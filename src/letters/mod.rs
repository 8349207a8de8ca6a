//! "Confirmation that I am a care leaver": asked for by the young person, decided by a worker, shown to whom they choose,
//! and confirmed by a worker to whoever rings to check it.
//!
//! What one is needed for: an apprenticeship bursary takes a confirmation in writing by the council; for council tax,
//! college and rent no rule about proof was found, and one may help (`content/offer/confirm-care-leaver.md`).

pub mod acts;
pub mod routes;
pub mod store;
pub mod views;

use jiff::civil::Date;

use crate::help::{How as By, Line, Purpose};
use crate::id::Id;

/// Marks ids of letters.
#[derive(Debug)]
pub struct LetterRow;

/// The id of a letter.
pub type LetterId = Id<LetterRow>;

/// How far a letter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It was asked for, and nobody has decided.
    Asked,
    /// A worker said yes.
    Approved,
    /// A worker said no, or took one back that had been approved.
    Refused,
}

impl State {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Approved => "approved",
            Self::Refused => "refused",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Asked, Self::Approved, Self::Refused].into_iter().find(|state| state.as_str() == word)
    }
}

/// What a worker said to a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The worker's name.
    pub by: String,
    /// When, UTC microseconds.
    pub at: i64,
    /// Why, where it is not as the young person asked.
    pub why: Option<String>,
}

/// How a worker told somebody that a letter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// On the phone.
    Phone,
    /// In an email.
    Email,
    /// Face to face.
    InPerson,
}

impl How {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Phone, Self::Email, Self::InPerson];

    /// The word in the database and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::InPerson => "in_person",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|how| how.as_str() == word)
    }

    /// How it is told.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Phone => "by phone",
            Self::Email => "by email",
            Self::InPerson => "in person",
        }
    }
}

/// What a worker writes down of telling somebody that a letter holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The name of the worker who wrote it.
    pub by: String,
    /// How.
    pub how: How,
    /// The day.
    pub on: Date,
}

/// To whom a letter was shown, or confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// To whom, in the words of whoever wrote it.
    pub to: String,
    /// When it was written down, UTC microseconds.
    pub at: i64,
    /// A worker told them; `None`: the young person showed it, and wrote the line.
    pub told: Option<Told>,
}

/// A letter, from the day it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its id.
    pub id: LetterId,
    /// When it was asked for, UTC microseconds.
    pub asked_at: i64,
    /// How far it is.
    pub state: State,
    /// What a worker said to it.
    pub decided: Option<Decided>,
    /// To whom it was shown or confirmed, the latest first.
    pub uses: Vec<Use>,
}

impl Letter {
    /// What a receiver names when they have it checked: it stands on the letter and on the worker's page.
    pub fn reference(&self) -> String {
        let hex = self.id.to_string().to_uppercase();
        format!("{}-{}", hex.get(..4).unwrap_or_default(), hex.get(4..8).unwrap_or_default())
    }
}

/// The letter that nobody has decided about; at most one is open.
pub fn open(letters: &[Letter]) -> Option<&Letter> {
    letters.iter().find(|one| one.state == State::Asked)
}

/// The letter that can be shown: the one of the latest decision, when that was a yes. A later no ends every yes before.
pub fn stands(letters: &[Letter]) -> Option<&Letter> {
    let decided = letters.iter().filter_map(|one| Some((one.decided.as_ref()?.at, one)));
    // Of two at one moment the no counts.
    let latest = decided.max_by_key(|(at, one)| (*at, one.state == State::Refused, one.id));
    latest.map(|(_, one)| one).filter(|one| one.state == State::Approved)
}

/// The published line that whoever has a letter rings to check it: the one by which the leaving care team of a locality is
/// reached by day. `None` when none is published: a number is never made up.
pub fn checked_by<'a>(lines: impl IntoIterator<Item = &'a Line>, locality: &str) -> Option<&'a Line> {
    let here = |line: &Line| line.area.is_empty() || line.area.iter().any(|area| area == locality);
    let fits = |line: &&Line| line.purpose == Purpose::CouncilDay && line.how == By::Call && here(line);
    lines.into_iter().filter(fits).min_by_key(|line| line.order)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn letter(n: u8, state: State, at: i64) -> Letter {
        let decided = (state != State::Asked).then(|| Decided { by: "Priya".to_owned(), at, why: None });
        Letter { id: Id::from_bytes([n; 16]), asked_at: at, state, decided, uses: Vec::new() }
    }

    #[test]
    fn only_the_latest_decision_counts() {
        let first = letter(1, State::Approved, 5);
        assert_eq!(stands(&[]), None);
        assert_eq!(stands(&[letter(2, State::Asked, 9), first.clone()]), Some(&first), "an open one changes nothing");
        assert_eq!(stands(&[first.clone(), letter(2, State::Refused, 9)]), None, "taken back");
        assert_eq!(stands(&[letter(2, State::Refused, 3), first.clone()]), Some(&first));
        assert_eq!(stands(&[first, letter(2, State::Refused, 5)]), None);
    }

    #[test]
    fn a_reference_is_short_and_can_be_read_out() {
        assert_eq!(letter(0xab, State::Asked, 0).reference(), "ABAB-ABAB");
    }

    proptest! {
        #[test]
        fn what_stands_is_approved_and_nothing_was_refused_after_it(
            all in proptest::collection::vec((0u8..3, 0i64..20), 0..12),
        ) {
            let states = [State::Asked, State::Approved, State::Refused];
            let letters: Vec<Letter> =
                (0u8..).zip(&all).map(|(n, (state, at))| letter(n, states[usize::from(*state)], *at)).collect();
            let last = |state| letters.iter().filter(|one| one.state == state).map(|one| one.asked_at).max();
            let want = match (last(State::Approved), last(State::Refused)) {
                (Some(yes), no) if no.is_none_or(|no| no < yes) => Some(yes),
                _ => None,
            };
            prop_assert_eq!(stands(&letters).map(|one| one.asked_at), want);
        }
    }
}
