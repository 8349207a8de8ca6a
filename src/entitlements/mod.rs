//! Every amount and right of the offer, held once. Pages name an amount by its key, so that one
//! edit changes it everywhere.

use jiff::civil::Date;

use crate::offer::{Claim, Truth};

/// One right or amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entitlement {
    /// Its key: pages write `{{slug}}` to show the amount.
    pub slug: String,
    /// The name as shown.
    pub name: String,
    /// The amount as shown, such as "£3,000"; `None` if it has none or none is known.
    pub amount: Option<String>,
    /// Why it exists.
    pub basis: Basis,
    /// Who can get it, in plain words.
    pub who: String,
    /// How to ask for it, in plain words.
    pub how: String,
    /// Where we know it from.
    pub claims: Vec<Claim>,
    /// The day by which somebody must look again. Past is never a fault, only shown.
    pub review_by: Date,
    /// What the line about truth says.
    pub truth: Truth,
}

impl Entitlement {
    /// Whether the day for looking again has passed.
    #[must_use]
    pub fn is_due(&self, today: Date) -> bool {
        self.review_by < today
    }
}

/// Why a right exists. Government guidance of February 2018 on the local offer asks that rights by
/// law and what the council chooses to give are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// The council must, by law.
    Law,
    /// The council chooses to.
    Extra,
    /// A scheme of the whole country, run by others.
    National,
}

impl Basis {
    /// Every basis, in the order in which pages list them.
    pub const ALL: [Basis; 3] = [Basis::Law, Basis::Extra, Basis::National];

    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Basis::Law => "law",
            Basis::Extra => "extra",
            Basis::National => "national",
        }
    }

    /// The basis of this word; `None` if there is no such basis.
    #[must_use]
    pub fn parse(word: &str) -> Option<Basis> {
        Basis::ALL.into_iter().find(|basis| basis.as_str() == word)
    }

    /// The words for readers.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Basis::Law => "By law",
            Basis::Extra => "Our extra offer",
            Basis::National => "National scheme",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_basis_reads_back_from_its_word() {
        for basis in Basis::ALL {
            assert_eq!(Basis::parse(basis.as_str()), Some(basis));
        }
        assert_eq!(Basis::parse("local"), None);
    }
}
