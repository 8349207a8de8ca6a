//! Ideas for goals of a plan, to copy and adapt: content that staff read and correct. A text for what somebody wants, and
//! the small first actions towards it.

use jiff::civil::Date;

use super::{Doer, Heading};
use crate::offer::Claim;

/// How many actions a goal has at least, and at most.
pub const STEPS: std::ops::RangeInclusive<usize> = 2..=5;
/// The longest action of a goal, in characters: no longer than one that is typed.
pub const LONGEST_STEP: usize = 200;

/// A small first action towards a goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Who does it: the young person or their worker.
    pub who: Doer,
    /// What.
    pub text: String,
}

impl Step {
    /// Reads a line such as `me: Find a doctor` or `worker: Help with the form`; `None` when it is none, or too long.
    pub fn parse(line: &str) -> Option<Self> {
        let (who, text) = line.split_once(':')?;
        let who = match who.trim() {
            "me" => Doer::Me,
            "worker" => Doer::Staff,
            _ => return None,
        };
        let text = text.trim();
        let fits = !text.is_empty() && text.chars().count() <= LONGEST_STEP;
        fits.then(|| Self { who, text: text.to_owned() })
    }
}

/// One idea for a goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// Its key and the end of its address.
    pub slug: String,
    /// The part of the plan it belongs to.
    pub heading: Heading,
    /// A few words.
    pub name: String,
    /// What somebody wants, in words that they can take and change.
    pub want: String,
    /// Two to five small first actions.
    pub steps: Vec<Step>,
    /// What is claimed: a right, a way, a service. It is read, and not copied.
    pub know: Option<String>,
    /// Where that comes from.
    pub claims: Vec<Claim>,
    /// The day on which it was checked.
    pub checked_on: Option<Date>,
}

/// A text with an idea under it, for a box in which somebody goes on writing: what stands there stays, and an idea that
/// stands there already is not added twice.
pub fn added(stands: &str, idea: &str) -> String {
    if stands.contains(idea) {
        return stands.to_owned();
    }
    format!("{}\n\n{idea}", stands.trim_end()).trim_start().to_owned()
}

/// Each line of what was agreed, without the mark of a list before it: what may become an action. Empty ones and those
/// that stand there twice are left out.
pub fn lines(agreed: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for line in agreed.lines() {
        let line = line.replace('\t', " ");
        let line = line.trim().trim_start_matches(['-', '*', '•', '–', '·', '\t', ' ']);
        let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
        // "1. Find a bed" and "1) Find a bed", and not "1.5 hours" or "2026".
        let after =
            number.strip_prefix(". ").or_else(|| number.strip_prefix(") ")).filter(|_| number.len() < line.len());
        let line = after.unwrap_or(line).trim();
        if !line.is_empty() && !all.iter().any(|known| known == line) {
            all.push(line.to_owned());
        }
    }
    all
}

/// A short name for a line under its heading, made of its words: whatever is written meanwhile, what a form says of a line
/// is found again by it.
pub fn mark(heading: Heading, line: &str) -> String {
    // FNV-1a, the same in every build: nothing is hidden by it, it only has to differ from line to line.
    let bytes = heading.as_str().bytes().chain([b'\n']).chain(line.bytes());
    let mix = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", bytes.fold(0xcbf2_9ce4_8422_2325, mix))
}

#[cfg(test)]
#[path = "goals_test.rs"]
mod tests;
