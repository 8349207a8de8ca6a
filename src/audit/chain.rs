//! The chain of audit rows: its head as it is written down outside the database, and what can be wrong with it.

use std::fmt;

use jiff::Timestamp;

use crate::id::{Id, hex, unhex};

/// The last link of the chain at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Head {
    /// Which link, counted from 1.
    pub n: i64,
    /// Its hash.
    pub hash: [u8; 32],
}

impl Head {
    /// A line of the file of heads: when it was written down, which link, its hash.
    pub fn line(&self, at: Timestamp) -> String {
        format!("{at} {} {}\n", self.n, hex(&self.hash))
    }

    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ').skip(1);
        let (n, hash) = (words.next()?.parse().ok()?, unhex(words.next()?)?.try_into().ok()?);
        words.next().is_none().then_some(Self { n, hash })
    }
}

/// Reads a file of heads back.
///
/// # Errors
/// The number of the first line that is not one.
pub fn heads(text: &str) -> Result<Vec<Head>, usize> {
    text.lines().enumerate().map(|(at, line)| Head::parse(line).ok_or(at + 1)).collect()
}

/// Something in the audit log that is not as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The hash of this link is not that of its row and the link before.
    Changed(i64, Id<()>),
    /// The row of this link is not there.
    Gone(i64, Id<()>),
    /// After the link before the first of these comes the second.
    Order(i64, i64),
    /// The row of this link says that it is much older than what was linked before it.
    BackDated(i64, Id<()>),
    /// No link holds this row.
    Unlinked(Id<()>),
    /// A link that was written down as the head is not in the chain, or is another.
    Head(i64),
    /// No head was ever written down.
    NoHead,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed(n, row) => {
                write!(f, "link {n}: row {row}, this link or the one before was changed or put in another place")
            }
            Self::Gone(n, row) => write!(f, "link {n}: row {row} is gone"),
            Self::Order(expected, n) => {
                write!(f, "link {n} stands where link {expected} should: links were taken out or added")
            }
            Self::BackDated(n, row) => write!(
                f,
                "link {n}: row {row} says that it is much older than the rows before it: it was added afterwards, or a clock was set back"
            ),
            Self::Unlinked(row) => write!(
                f,
                "row {row} is in no link: it was added beside the chain, its link is gone, or no portal is running"
            ),
            Self::Head(n) => write!(
                f,
                "link {n} is not the one that was written down as the head: the end was cut off, or all was written anew"
            ),
            Self::NoHead => write!(f, "no head was written down: nobody can say whether the end was cut off"),
        }
    }
}

/// What came of checking the whole chain.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many links there are.
    pub links: i64,
    /// How many rows wait for their link, and are too new to wonder.
    pub waiting: i64,
    /// How many findings there are.
    pub found: i64,
    /// The first of them.
    pub first: Vec<Finding>,
}

impl Report {
    /// At most so many are told one by one.
    const TOLD: usize = 50;

    /// Adds a finding.
    pub fn add(&mut self, finding: Finding) {
        self.found += 1;
        if self.first.len() < Self::TOLD {
            self.first.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_reads_back_from_its_line_and_nothing_else_does() {
        let head = Head { n: 12, hash: [7; 32] };
        let line = head.line(Timestamp::UNIX_EPOCH);
        assert_eq!(heads(&format!("{line}{line}")), Ok(vec![head, head]));
        for bad in ["", "x", "1970-01-01T00:00:00Z 12", &line.trim()[..60], &line.replace('\n', " more")] {
            assert_eq!(heads(&format!("{line}{bad}\n")), Err(2), "{bad}");
        }
    }
}
