//! What the law asks to be done by when, of visits and of reviews.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::people::Home;
use crate::plan::review::{self, Dates, Rests};

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// A visit within seven days of a home first being provided.
    FirstVisit,
    /// A visit before the plan is reviewed.
    VisitBeforeReview,
    /// A visit two months after the last.
    Visit,
    /// A review of the pathway plan.
    Review,
    /// A review of it that was asked for, or for which a day was set.
    ReviewAsked,
    /// A review of it after a birthday.
    ReviewAtAge(i64),
    /// The assessment of what somebody needs when they leave care.
    Assessment,
    /// A personal adviser by the 16th birthday.
    Adviser,
}

impl Duty {
    /// What it is called in a list.
    pub const fn says(self) -> &'static str {
        match self {
            Self::FirstVisit => "first visit in the new home",
            Self::VisitBeforeReview => "visit before the plan is reviewed",
            Self::Visit => "visit",
            Self::Review | Self::ReviewAsked | Self::ReviewAtAge(_) => "review of the plan",
            Self::Assessment => "assessment of what they need",
            Self::Adviser => "a personal adviser",
        }
    }

    /// Whether it is a review of the plan.
    pub const fn is_review(self) -> bool {
        matches!(self, Self::Review | Self::ReviewAsked | Self::ReviewAtAge(_))
    }

    /// What it rests on.
    pub const fn rests_on(self) -> &'static str {
        match self {
            Self::FirstVisit => {
                "Where the council provides the home, the personal adviser visits within 7 days of it first being provided: Care Leavers (England) Regulations 2010, regulation 8(2)"
            }
            Self::VisitBeforeReview => {
                "Where the council provides the home, the personal adviser visits before each review of the plan: Care Leavers (England) Regulations 2010, regulation 8(2)"
            }
            Self::Visit => {
                "Where the council provides the home, visits are not more than two months apart: Care Leavers (England) Regulations 2010, regulation 8(2)"
            }
            Self::Review => {
                "A plan is reviewed at least every six months, and sooner when asked: Care Leavers (England) Regulations 2010, regulation 7"
            }
            Self::ReviewAsked => {
                "It was asked for, or something happened for which the plan is looked at: Care Leavers (England) Regulations 2010, regulation 7"
            }
            Self::ReviewAtAge(_) => {
                "What somebody is owed changes at 16, 18 and 21: this service looks at the plan within four weeks of that birthday"
            }
            Self::Assessment => {
                "Needs are assessed within three months of the 16th birthday, or of becoming eligible: Care Planning, Placement and Case Review (England) Regulations 2010, regulations 40 to 42"
            }
            Self::Adviser => {
                "Every care leaver has a personal adviser by their 16th birthday: the county's action plan"
            }
        }
    }

    /// How many days before it is due it stands in the list of today.
    const fn ahead(self) -> i64 {
        match self {
            Self::FirstVisit => 7,
            Self::VisitBeforeReview | Self::Visit | Self::Review | Self::ReviewAtAge(_) => 14,
            // Whoever asks for a meeting has one within four weeks: their worker sees it from the first day.
            Self::ReviewAsked | Self::Assessment | Self::Adviser => 28,
        }
    }
}

/// Something due by the end of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// What.
    pub duty: Duty,
    /// The last day on which it is in time.
    pub due: Date,
}

impl Clock {
    /// Whether it is time to think of it.
    pub fn near(self, today: Date) -> bool {
        self.due.saturating_sub(self.duty.ahead().days()) <= today
    }

    /// Whether it is late.
    pub fn late(self, today: Date) -> bool {
        self.due < today
    }
}

/// The next visit by law, of somebody for whom the council provides a home: within seven days of it first being
/// provided, then before each review of the plan, then at most two months after the last. `last` is the last visit.
pub fn visit(home: Option<Home>, plan: Option<Dates>, born_on: Option<Date>, last: Option<Date>) -> Option<Clock> {
    let home = home.filter(|home| home.provided)?;
    let Some(last) = last.filter(|last| *last >= home.since) else {
        return Some(Clock { duty: Duty::FirstVisit, due: home.since.saturating_add(7.days()) });
    };
    let next = Clock { duty: Duty::Visit, due: last.saturating_add(2.months()) };
    // A visit since the plan was made or reviewed is one before its next review.
    let plan = plan.filter(|plan| plan.since().is_some_and(|since| last < since));
    let review = plan.and_then(|plan| plan.review_by(born_on)).map(|(due, _)| due).filter(|due| *due < next.due);
    Some(review.map_or(next, |due| Clock { duty: Duty::VisitBeforeReview, due }))
}

/// The next review of the plan.
pub fn review(plan: Option<Dates>, born_on: Option<Date>) -> Option<Clock> {
    let (due, rests) = plan?.review_by(born_on)?;
    let duty = match rests {
        Rests::Law => Duty::Review,
        Rests::Asked => Duty::ReviewAsked,
        Rests::Birthday(years) => Duty::ReviewAtAge(years),
    };
    Some(Clock { duty, due })
}

/// What is known of somebody who is not 18 yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Young {
    /// Since when they are eligible, where that is written down.
    pub eligible_on: Option<Date>,
    /// When their needs were assessed.
    pub assessed_on: Option<Date>,
    /// They have a personal adviser.
    pub has_adviser: bool,
}

/// What is due for somebody who is not 18 yet.
pub fn young(young: Option<Young>, born_on: Option<Date>) -> impl Iterator<Item = Clock> {
    let known = young.zip(born_on);
    let assessment = known.filter(|(young, _)| young.assessed_on.is_none());
    let assessment = assessment
        .map(|(young, born_on)| Clock { duty: Duty::Assessment, due: review::assess_by(born_on, young.eligible_on) });
    let adviser = known.filter(|(young, _)| !young.has_adviser);
    let adviser = adviser.map(|(_, born_on)| Clock { duty: Duty::Adviser, due: review::adviser_by(born_on) });
    assessment.into_iter().chain(adviser)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::{Clock, Duty, Young, review, visit, young};
    use crate::people::Home;
    use crate::plan::review::Dates;

    #[test]
    fn visits_go_by_a_home_that_the_council_provides() {
        let home = |provided| Some(Home { since: date(2026, 11, 2), provided });
        let plan =
            Some(Dates { made_on: Some(date(2026, 8, 1)), review_on: Some(date(2026, 12, 1)), ..Dates::default() });
        let clock = |duty, due| Some(Clock { duty, due });
        assert_eq!(visit(None, plan, None, None), None);
        assert_eq!(visit(home(false), plan, None, None), None);
        assert_eq!(visit(home(true), plan, None, None), clock(Duty::FirstVisit, date(2026, 11, 9)));
        let before = Some(date(2026, 10, 30));
        assert_eq!(
            visit(home(true), plan, None, before),
            clock(Duty::FirstVisit, date(2026, 11, 9)),
            "in the old home"
        );
        let after = Some(date(2026, 11, 5));
        assert_eq!(visit(home(true), plan, None, after), clock(Duty::Visit, date(2027, 1, 5)));
        let newer =
            Some(Dates { made_on: Some(date(2026, 11, 20)), review_on: Some(date(2026, 12, 20)), ..Dates::default() });
        assert_eq!(visit(home(true), newer, None, after), clock(Duty::VisitBeforeReview, date(2026, 12, 20)));
        let long = Some(Home { since: date(2026, 1, 1), provided: true });
        assert_eq!(
            visit(long, None, None, Some(date(2026, 12, 31))),
            clock(Duty::Visit, date(2027, 2, 28)),
            "a short month"
        );
    }

    #[test]
    fn a_review_is_due_on_its_day_and_never_later_than_six_months_after_the_plan() {
        let plan = |review_on| Some(Dates { made_on: Some(date(2026, 8, 31)), review_on, ..Dates::default() });
        let due = |plan| review(plan, None).unwrap().due;
        assert_eq!(due(plan(None)), date(2027, 2, 28));
        assert_eq!(due(plan(Some(date(2026, 10, 1)))), date(2026, 10, 1));
        assert_eq!(due(plan(Some(date(2027, 10, 1)))), date(2027, 2, 28));
        assert_eq!(review(None, None), None);
    }

    #[test]
    fn needs_and_an_adviser_are_due_until_they_are_there() {
        let born_on = Some(date(2010, 11, 30));
        let due = |known: Young| young(Some(known), born_on).map(|clock| (clock.duty, clock.due)).collect::<Vec<_>>();
        let both = [(Duty::Assessment, date(2027, 2, 28)), (Duty::Adviser, date(2026, 11, 30))];
        assert_eq!(due(Young::default()), both);
        let done = Young { assessed_on: Some(date(2027, 1, 5)), has_adviser: true, eligible_on: None };
        assert_eq!(due(done), []);
        assert_eq!(young(None, born_on).count(), 0, "whoever is 18 has left that behind");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn no_visit_is_ever_due_later_than_two_months_after_the_last(
            since in 0..2_000i32, last in 0..2_000i32, made in 0..2_000i32, review_in in proptest::option::of(0..400i32),
        ) {
            use jiff::ToSpan as _;
            let day = |n: i32| date(2026, 1, 1).saturating_add(n.days());
            let home = Home { since: day(since), provided: true };
            let plan = Dates { made_on: Some(day(made)), review_on: review_in.map(|n| day(made + n)), ..Dates::default() };
            let clock = visit(Some(home), Some(plan), None, Some(day(last))).unwrap();
            let latest = if last >= since { day(last).saturating_add(2.months()) } else { day(since + 7) };
            prop_assert!(clock.due <= latest);
        }
    }
}
