//! The local offer: its pages, the sources behind every claim, the words explained once, and what the
//! public tells us of a page.
//!
//! A *claim* says where a statement comes from and how sure we are of it. A page as a whole is
//! confirmed by the service, or from public sources only, or from sources that disagree.
//! Nothing here reads files or a clock: [`crate::content`] makes these from the content tree.

pub mod acts;
pub mod explained;
pub mod feedback;
pub mod routes;
pub mod store;
pub mod views;

use std::fmt;

use jiff::civil::Date;

/// One page of public words, drawn and safe to send.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Its name in the address: `/offer/{slug}`, or `/{slug}` for a service page.
    pub slug: String,
    /// The h1 and the name in lists.
    pub title: String,
    /// One plain sentence for lists and search.
    pub summary: String,
    /// The words that its readers use for what it is about, for search.
    pub also: Vec<String>,
    /// The part of the offer it belongs to.
    pub area: Area,
    /// Where it stands in lists, smallest first; no two pages of one list share it.
    pub order: i64,
    /// The team that answers for it.
    pub owner: String,
    /// The day somebody last checked it against its sources.
    pub checked_on: Date,
    /// The day by which somebody must look again. Past is never a fault, only shown.
    pub review_by: Date,
    /// Whether it shows the exit button: pages about abuse, exploitation or homelessness.
    pub exit: bool,
    /// The body as cleaned HTML, without the h1.
    pub html: String,
    /// The body's headings in order, for a list of contents.
    pub headings: Vec<Heading>,
    /// Sources in the order in which the page first names them.
    pub sources: Vec<SourceRef>,
    /// What the one line about truth says.
    pub truth: Truth,
    /// The body as plain text, one line per paragraph or list item, for search.
    pub text: String,
    /// How many words the body has.
    pub words: usize,
}

impl Page {
    /// Whether the day for looking again has passed.
    #[must_use]
    pub fn is_due(&self, today: Date) -> bool {
        self.review_by < today
    }
}

/// A heading of a page's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// The address inside the page, unique on it.
    pub id: String,
    /// 2 or 3.
    pub level: u8,
    /// Its words.
    pub text: String,
}

/// A part of the offer. The first six are those of the Children and Social Work Act 2017 s.2(2);
/// a seventh (money skills) comes when s.8 of the Children's Wellbeing and Schools Act 2026 starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the titles say it")]
pub enum Area {
    Health,
    Relationships,
    Education,
    Employment,
    Accommodation,
    TakingPart,
    Money,
    PersonalAdviser,
    PathwayPlan,
    Rights,
    /// About this site, not the offer.
    Service,
}

impl Area {
    /// Every area, in the order of the Act and then of this site.
    pub const ALL: [Area; 11] = [
        Area::Health,
        Area::Relationships,
        Area::Education,
        Area::Employment,
        Area::Accommodation,
        Area::TakingPart,
        Area::Money,
        Area::PersonalAdviser,
        Area::PathwayPlan,
        Area::Rights,
        Area::Service,
    ];

    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Area::Health => "health",
            Area::Relationships => "relationships",
            Area::Education => "education",
            Area::Employment => "employment",
            Area::Accommodation => "accommodation",
            Area::TakingPart => "taking-part",
            Area::Money => "money",
            Area::PersonalAdviser => "personal-adviser",
            Area::PathwayPlan => "pathway-plan",
            Area::Rights => "rights",
            Area::Service => "service",
        }
    }

    /// The area of this word; `None` if there is no such area.
    #[must_use]
    pub fn parse(word: &str) -> Option<Area> {
        Area::ALL.into_iter().find(|area| area.as_str() == word)
    }

    /// The name for readers.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Area::Health => "Health and wellbeing",
            Area::Relationships => "Relationships",
            Area::Education => "Education and training",
            Area::Employment => "Work",
            Area::Accommodation => "A place to live",
            Area::TakingPart => "Taking part",
            Area::Money => "Money",
            Area::PersonalAdviser => "Your personal adviser",
            Area::PathwayPlan => "Your pathway plan",
            Area::Rights => "Your rights and complaints",
            Area::Service => "About this site",
        }
    }
}

/// Where statements come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its key in claims.
    pub slug: String,
    /// What it is called.
    pub title: String,
    /// Where it can be read.
    pub url: String,
    /// Its date as words, such as "2 April 2025" or "undated copy".
    pub date: String,
}

/// How sure we are of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// The source was read and says exactly this.
    High,
    /// Read, but the copy is old, undated, cut off or second-hand.
    Medium,
    /// Old or indirect.
    Low,
    /// Two sources say different things.
    Disagree,
}

impl Confidence {
    /// The word after the colon of a claim.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Confidence::High => "high",
            Confidence::Medium => "medium",
            Confidence::Low => "low",
            Confidence::Disagree => "disagree",
        }
    }

    /// The words shown beside a statement; `None`: nothing is shown.
    ///
    /// A confirmation by the service settles doubt about age and copies, so those words go. That
    /// sources disagree is said in the text itself and stays until somebody edits the text.
    #[must_use]
    pub fn mark(self, confirmed: bool) -> Option<&'static str> {
        match self {
            Confidence::High => None,
            Confidence::Medium => (!confirmed).then_some("may have changed"),
            Confidence::Low => (!confirmed).then_some("not sure"),
            Confidence::Disagree => Some("sources disagree"),
        }
    }
}

/// One statement's source and how sure we are, written `slug` or `slug:medium`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The key of the source.
    pub source: String,
    /// How sure we are.
    pub confidence: Confidence,
}

impl Claim {
    /// Reads `slug` (high) or `slug:medium`, `slug:low`, `slug:disagree`.
    ///
    /// # Errors
    /// A plain sentence if the word after the colon is not known or the slug is not one.
    pub fn parse(text: &str) -> Result<Claim, String> {
        let (source, confidence) = match text.split_once(':') {
            None => (text, Confidence::High),
            Some((source, "high")) => (source, Confidence::High),
            Some((source, "medium")) => (source, Confidence::Medium),
            Some((source, "low")) => (source, Confidence::Low),
            Some((source, "disagree")) => (source, Confidence::Disagree),
            Some((_, other)) => {
                return Err(format!("“{other}” says nothing about how sure we are. Use medium, low or disagree."));
            }
        };
        if is_slug(source) {
            Ok(Claim { source: source.to_owned(), confidence })
        } else {
            Err(format!("“{source}” is not the name of a source. Names use small letters, digits and hyphens."))
        }
    }

    /// Reads several claims separated by spaces; an empty text is no claim.
    ///
    /// # Errors
    /// One plain sentence for each claim that cannot be read.
    pub fn parse_all(text: &str) -> Result<Vec<Claim>, Vec<String>> {
        let (good, bad): (Vec<_>, Vec<_>) = text.split_whitespace().map(Claim::parse).partition(Result::is_ok);
        if bad.is_empty() {
            Ok(good.into_iter().flatten().collect())
        } else {
            Err(bad.into_iter().filter_map(Result::err).collect())
        }
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.confidence {
            Confidence::High => f.write_str(&self.source),
            other => write!(f, "{}:{}", self.source, other.as_str()),
        }
    }
}

/// A source as one page lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRef {
    /// Its number on the page, from 1; the list item's id is `source-{number}`.
    pub number: usize,
    /// The key of the source.
    pub slug: String,
    /// What it is called.
    pub title: String,
    /// Where it can be read.
    pub url: String,
    /// Its date as words.
    pub date: String,
    /// The least sure of the page's claims on it.
    pub confidence: Confidence,
}

/// What a reader is told about the truth of a page or a right as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Truth {
    /// From a public source, not yet confirmed by the service.
    #[default]
    Public,
    /// The service said that it is true.
    Confirmed {
        /// The role of who said so, never a name.
        by_role: String,
        /// The day they said so.
        on: Date,
    },
    /// At least two sources say different things.
    Disagree,
}

impl Truth {
    /// What follows from these confidences when nobody in the service has confirmed.
    #[must_use]
    pub fn of(confidences: impl IntoIterator<Item = Confidence>) -> Truth {
        if confidences.into_iter().any(|confidence| confidence == Confidence::Disagree) {
            Truth::Disagree
        } else {
            Truth::Public
        }
    }
}

/// A word that cannot be avoided, explained once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its key.
    pub slug: String,
    /// The word.
    pub term: String,
    /// Other forms of it, such as the plural.
    pub also: Vec<String>,
    /// Whether pages explain it where it stands; not for words that also mean something else.
    pub in_text: bool,
    /// What it means, in plain words.
    pub meaning: String,
    /// Where the meaning comes from.
    pub claims: Vec<Claim>,
}

/// Whether a text is a key: 1 to 80 small ASCII letters, digits and hyphens, no hyphen at an end.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    (1..=80).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_claim_without_a_word_is_sure_and_with_one_says_how_unsure() {
        assert_eq!(Claim::parse("lcc-support").unwrap().confidence, Confidence::High);
        let claims = Claim::parse_all("a:medium b:low c:disagree").unwrap();
        assert_eq!(claims.iter().map(ToString::to_string).collect::<Vec<_>>(), ["a:medium", "b:low", "c:disagree"]);
        assert_eq!(Claim::parse_all("a:maybe B").unwrap_err().len(), 2);
    }

    #[test]
    fn every_area_reads_back_from_its_word() {
        for area in Area::ALL {
            assert_eq!(Area::parse(area.as_str()), Some(area));
        }
        assert_eq!(Area::parse("housing"), None);
    }

    #[test]
    fn a_confirmation_takes_away_doubt_but_not_disagreement() {
        assert_eq!(Confidence::Low.mark(false), Some("not sure"));
        assert_eq!(Confidence::Low.mark(true), None);
        assert_eq!(Confidence::Disagree.mark(true), Some("sources disagree"));
        assert_eq!(Confidence::High.mark(false), None);
    }
}
