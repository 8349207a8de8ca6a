//! The pathway plan: what it must deal with, what the young person wants, and who does what by when.

pub mod action;
pub mod acts;
pub mod crisis;
pub mod goals;
pub mod mask;
pub mod money;
pub mod review;
pub mod routes;
pub mod store;
mod version;
pub mod views;

use jiff::civil::Date;

pub use action::{Action, Doer, Progress};
pub use version::{Field, Opinion, PlanId, Say, SayId, State, Submitted, Version, verdict};

/// The longest text of a part, in characters.
pub const LONGEST: usize = 5_000;

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

    /// What the law asks this part of a plan and of each review to deal with.
    pub const fn law(self) -> &'static str {
        match self {
            Self::Support => "the nature and level of contact and personal support, and by whom",
            Self::Education => "a detailed plan for education or training",
            Self::Work => "how the council will help with employment or other purposeful activity",
            Self::IfItGoesWrong => "contingency plans if the plan stops being effective",
            Self::Home => "accommodation, with an assessment of its suitability and what was considered",
            Self::Relationships => "support to develop and sustain family and social relationships",
            Self::Skills => "a programme to develop practical and other skills for independent living",
            Self::Money => "financial support, in particular for accommodation and maintenance",
            Self::Health => "health needs including mental health, and how they will be met",
            Self::Identity => "religious persuasion, racial origin, cultural and linguistic background",
        }
    }

    /// Its number in the schedule.
    pub fn paragraph(self) -> usize {
        Self::ALL.iter().position(|heading| *heading == self).map_or(0, |at| at + 1)
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
    /// Who does what, as it is first written with a plan. What is read back of a plan holds none: actions live on by
    /// themselves.
    pub actions: Vec<Action>,
}

/// One part of a version, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Which part.
    pub heading: Heading,
    /// Its texts, in the order of [`Field::ALL`].
    pub texts: [Option<String>; 3],
    /// How often it was written.
    pub rev: i64,
    /// When it was last written, UTC microseconds; `None`: not known.
    pub touched_at: Option<i64>,
    /// What they want was written by the young person: nobody else changes it.
    pub theirs: bool,
}

impl Sheet {
    /// A part that nobody has written.
    pub const fn empty(heading: Heading) -> Self {
        Self { heading, texts: [None, None, None], rev: 0, touched_at: None, theirs: false }
    }

    /// One of its texts.
    pub fn text(&self, field: Field) -> Option<&str> {
        let [now, want, agreed] = &self.texts;
        match field {
            Field::Now => now,
            Field::Want => want,
            Field::Agreed => agreed,
        }
        .as_deref()
    }

    /// One of its texts, to keep.
    pub fn take(self, field: Field) -> Option<String> {
        self.text(field).map(str::to_owned)
    }

    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        self.texts.iter().all(Option::is_none)
    }
}

/// What somebody has got ready for their meeting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prep {
    /// What they want to talk about.
    pub topics: Vec<Heading>,
    /// What they want to ask or say.
    pub questions: Option<String>,
    /// When it was kept, UTC microseconds.
    pub at: i64,
    /// When they shared it with whoever works with them, UTC microseconds.
    pub shared_at: Option<i64>,
    /// When a review was written down that it was for, UTC microseconds.
    pub used_at: Option<i64>,
}

/// What a reader knew of a plan before this visit. Moments are UTC microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Until when they knew it; `None`: they never looked.
    pub until: Option<i64>,
    /// That they look was noted within the last minute.
    pub noted: bool,
    /// When the other side last set or asked for a day to talk about it, or wrote down that it was talked about.
    pub review_at: Option<i64>,
    /// When something of the money was last written down. Workers write it: none of it is news to them.
    pub money_at: Option<i64>,
    /// To a worker who looked before: when the young person last wrote what they want of any part.
    pub wanted_at: Option<i64>,
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
