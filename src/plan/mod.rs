//! The pathway plan: what it must deal with, what the young person wants, and who does what by when.

pub mod routes;
pub mod store;
pub mod views;

use jiff::ToSpan as _;
use jiff::civil::Date;

/// The ten matters that a pathway plan and each review must deal with: Care Leavers (England)
/// Regulations 2010, schedule 1. (<https://legislation.gov.uk/uksi/2010/2571/schedules/made>)
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Heading {
    /// 1: nature and level of contact and personal support, and by whom.
    Support,
    /// 2: education or training.
    Education,
    /// 3: employment or other purposeful activity.
    Work,
    /// 4: contingency plans if the plan stops being effective.
    IfItGoesWrong,
    /// 5: accommodation.
    Home,
    /// 6: family and social relationships.
    Relationships,
    /// 7: practical and other skills for independent living.
    Skills,
    /// 8: financial support.
    Money,
    /// 9: health needs, including mental health.
    Health,
    /// 10: identity: religious persuasion, racial origin, cultural and linguistic background.
    Identity,
}

impl Heading {
    /// All ten, in the order of the schedule.
    pub const ALL: [Self; 10] = [
        Self::Support,
        Self::Education,
        Self::Work,
        Self::IfItGoesWrong,
        Self::Home,
        Self::Relationships,
        Self::Skills,
        Self::Money,
        Self::Health,
        Self::Identity,
    ];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Support => "support",
            Self::Education => "education",
            Self::Work => "work",
            Self::IfItGoesWrong => "if_it_goes_wrong",
            Self::Home => "home",
            Self::Relationships => "relationships",
            Self::Skills => "skills",
            Self::Money => "money",
            Self::Health => "health",
            Self::Identity => "identity",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|heading| heading.as_str() == word)
    }

    /// The plain name that a young person reads.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Support => "Who supports me, and how often",
            Self::Education => "School, college and training",
            Self::Work => "Work and things to do",
            Self::IfItGoesWrong => "If things go wrong",
            Self::Home => "A place to live",
            Self::Relationships => "Family, friends and people who matter",
            Self::Skills => "Skills for living on my own",
            Self::Money => "Money",
            Self::Health => "My health, body and mind",
            Self::Identity => "Who I am",
        }
    }
}

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
        [Self::NotStarted, Self::Doing, Self::Done, Self::Dropped].into_iter().find(|state| state.as_str() == word)
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
#[derive(Clone, Debug)]
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

/// One heading of a plan.
#[derive(Clone, Debug)]
pub struct Section {
    /// Which.
    pub heading: Heading,
    /// How things are now.
    pub now: Option<String>,
    /// What I want.
    pub want: Option<String>,
    /// What we agreed.
    pub agreed: Option<String>,
    /// Who does what.
    pub actions: Vec<Action>,
}

/// When a plan was made, and when it is to be reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dates {
    /// The day on which it was made.
    pub made_on: Date,
    /// The day that was set for its review.
    pub review_on: Option<Date>,
}

impl Dates {
    /// By when it is to be reviewed: on the day that was set, and at the latest six months after it was made (Care
    /// Leavers (England) Regulations 2010, regulation 7).
    pub fn review_by(self) -> Date {
        let latest = self.made_on.saturating_add(6.months());
        self.review_on.map_or(latest, |on| on.min(latest))
    }
}

/// One version of a plan.
#[derive(Clone, Debug)]
pub struct Plan {
    /// 1, 2, 3 …
    pub version: i64,
    /// When it was made, UTC microseconds.
    pub made_at: i64,
    /// When it is next talked about. At least every six months: Care Leavers (England) Regulations
    /// 2010, regulation 7.
    pub review_on: Option<Date>,
    /// All ten headings.
    pub sections: Vec<Section>,
}
