//! Every amount and right of the offer, held once. Pages name an amount by its key, so that one
//! edit changes it everywhere.

pub mod checker;
#[cfg(test)]
mod checker_test;
pub mod questions;
pub mod routes;
pub mod views;

use jiff::civil::Date;

use crate::offer::{Area, Claim, Truth};

/// One right or amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entitlement {
    /// Its key: pages write `{{slug}}` to show the amount.
    pub slug: String,
    /// The name as shown.
    pub name: String,
    /// The part of the offer it belongs to.
    pub area: Area,
    /// The amount as shown, such as "£3,000"; `None` if it has none or none is known.
    pub amount: Option<String>,
    /// What it is, in plain words; at least one of amount and rule is there.
    pub rule: Option<String>,
    /// Why it exists.
    pub basis: Basis,
    /// Who can get it, in plain words.
    pub who: String,
    /// Who can get it, for the checker.
    pub conditions: Conditions,
    /// How to ask for it, in plain words.
    pub how: String,
    /// What proof is needed; `None`: not known.
    pub proof: Option<String>,
    /// How long or how often; `None`: not known.
    pub lasts: Option<String>,
    /// From when it can be had.
    pub in_force: InForce,
    /// Where it stands among the few on the leaflet, smallest first; `None`: it is not on it.
    pub leaflet: Option<i64>,
    /// Where we know it from: the law or policy, with its address.
    pub claims: Vec<Claim>,
    /// The day somebody last checked it against its sources.
    pub checked_on: Date,
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

/// Who can get a right: all that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conditions {
    /// The legal groups it is for; empty: anyone who was in care, also after 25.
    pub groups: Vec<Group>,
    /// It is for everybody, in care or not.
    pub anyone: bool,
    /// `who` asks for more than these conditions can say: nobody is told that they have it, only that they may.
    pub depends: bool,
    /// One must have been in care at 16 or 17, however briefly.
    pub care_at_16: bool,
    /// The first age in years.
    pub min_age: Option<u8>,
    /// The last age in years at which it can still be had: 24 means until the 25th birthday.
    pub max_age: Option<u8>,
    /// At least one of these must be true of the person; empty: none need be.
    pub life: Vec<Life>,
    /// The districts it is given in, by slug; empty: anywhere.
    pub districts: Vec<String>,
    /// Whether one must live inside or outside the county.
    pub living: Option<Living>,
    /// Whether this county's council must be the one that looked after the person.
    pub our_council: bool,
}

/// From when a right can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InForce {
    /// Now, as far as we could check.
    Yes,
    /// From this day on.
    From(Date),
    /// A law or promise that had not started when we checked.
    NotYet,
}

impl InForce {
    /// Whether it can be had on this day.
    #[must_use]
    pub fn holds(self, today: Date) -> bool {
        match self {
            InForce::Yes => true,
            InForce::From(date) => date <= today,
            InForce::NotYet => false,
        }
    }
}

/// The legal groups of people leaving care in England: Children Act 1989 sections 22 to 24D and
/// Schedule 2; Care Planning, Placement and Case Review (England) Regulations 2010 regulation 40;
/// Care Leavers (England) Regulations 2010 regulation 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// 16 or 17, still in care, 13 weeks or more since 14.
    Eligible,
    /// 16 or 17, was eligible and has left care.
    Relevant,
    /// 18 or over, was eligible or relevant.
    FormerRelevant,
    /// In care at some time at 16 or 17 for less than 13 weeks, or under special guardianship after care.
    Qualifying,
}

impl Group {
    /// Every group, as the law lists them.
    pub const ALL: [Group; 4] = [Group::Eligible, Group::Relevant, Group::FormerRelevant, Group::Qualifying];

    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Group::Eligible => "eligible",
            Group::Relevant => "relevant",
            Group::FormerRelevant => "former-relevant",
            Group::Qualifying => "qualifying",
        }
    }

    /// The group of this word; `None` if there is no such group.
    #[must_use]
    pub fn parse(word: &str) -> Option<Group> {
        Group::ALL.into_iter().find(|group| group.as_str() == word)
    }
}

/// What may be true of a person besides age and care, and opens some rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the titles say it")]
pub enum Life {
    University,
    College,
    Apprenticeship,
    Work,
    Parent,
    Custody,
    Asylum,
    Disabled,
}

impl Life {
    /// Every one, in the order in which they are asked.
    pub const ALL: [Life; 8] = [
        Life::College,
        Life::University,
        Life::Apprenticeship,
        Life::Work,
        Life::Parent,
        Life::Disabled,
        Life::Asylum,
        Life::Custody,
    ];

    /// The word used in files and forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Life::University => "university",
            Life::College => "college",
            Life::Apprenticeship => "apprenticeship",
            Life::Work => "work",
            Life::Parent => "parent",
            Life::Custody => "custody",
            Life::Asylum => "asylum",
            Life::Disabled => "disabled",
        }
    }

    /// The one of this word; `None` if there is none.
    #[must_use]
    pub fn parse(word: &str) -> Option<Life> {
        Life::ALL.into_iter().find(|life| life.as_str() == word)
    }

    /// The words of the question.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Life::University => "I am at university, or about to go",
            Life::College => "I am at school or college, or about to go",
            Life::Apprenticeship => "I am an apprentice, or about to be",
            Life::Work => "I have a job, want one, or volunteer",
            Life::Parent => "I am a parent, or have a baby on the way",
            Life::Custody => "I am in custody, or have just left",
            Life::Asylum => "I came to the UK on my own to be safe",
            Life::Disabled => "I am disabled, or ill for a long time",
        }
    }
}

/// Where one must live for a right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Living {
    /// In the county.
    Inside,
    /// Outside it.
    Outside,
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
