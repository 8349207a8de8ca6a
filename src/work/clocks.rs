//! What the law asks to be done by when, of visits and of reviews.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::people::Home;
use crate::plan::Dates;

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
}

impl Duty {
    /// What it is called in a list.
    pub const fn says(self) -> &'static str {
        match self {
            Self::FirstVisit => "first visit in the new home",
            Self::VisitBeforeReview => "visit before the plan is reviewed",
            Self::Visit => "visit",
            Self::Review => "review of the plan",
        }
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
        }
    }

    /// How many days before it is due it stands in the list of today.
    const fn ahead(self) -> i64 {
        match self {
            Self::FirstVisit => 7,
            Self::VisitBeforeReview | Self::Visit | Self::Review => 14,
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
pub fn visit(home: Option<Home>, plan: Option<Dates>, last: Option<Date>) -> Option<Clock> {
    let home = home.filter(|home| home.provided)?;
    let Some(last) = last.filter(|last| *last >= home.since) else {
        return Some(Clock { duty: Duty::FirstVisit, due: home.since.saturating_add(7.days()) });
    };
    let next = Clock { duty: Duty::Visit, due: last.saturating_add(2.months()) };
    // A visit since the plan was made is one before its next review.
    let review = plan.filter(|plan| last < plan.made_on).map(Dates::review_by).filter(|due| *due < next.due);
    Some(review.map_or(next, |due| Clock { duty: Duty::VisitBeforeReview, due }))
}

/// The next review of the plan.
pub fn review(plan: Option<Dates>) -> Option<Clock> {
    plan.map(|plan| Clock { duty: Duty::Review, due: plan.review_by() })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::{Clock, Duty, review, visit};
    use crate::people::Home;
    use crate::plan::Dates;

    #[test]
    fn visits_go_by_a_home_that_the_council_provides() {
        let home = |provided| Some(Home { since: date(2026, 11, 2), provided });
        let plan = Some(Dates { made_on: date(2026, 8, 1), review_on: Some(date(2026, 12, 1)) });
        let clock = |duty, due| Some(Clock { duty, due });
        assert_eq!(visit(None, plan, None), None);
        assert_eq!(visit(home(false), plan, None), None);
        assert_eq!(visit(home(true), plan, None), clock(Duty::FirstVisit, date(2026, 11, 9)));
        let before = Some(date(2026, 10, 30));
        assert_eq!(visit(home(true), plan, before), clock(Duty::FirstVisit, date(2026, 11, 9)), "in the old home");
        let after = Some(date(2026, 11, 5));
        assert_eq!(visit(home(true), plan, after), clock(Duty::Visit, date(2027, 1, 5)));
        let newer = Some(Dates { made_on: date(2026, 11, 20), review_on: Some(date(2026, 12, 20)) });
        assert_eq!(visit(home(true), newer, after), clock(Duty::VisitBeforeReview, date(2026, 12, 20)));
        let long = Some(Home { since: date(2026, 1, 1), provided: true });
        assert_eq!(visit(long, None, Some(date(2026, 12, 31))), clock(Duty::Visit, date(2027, 2, 28)), "a short month");
    }

    #[test]
    fn a_review_is_due_on_its_day_and_never_later_than_six_months_after_the_plan() {
        let plan = |review_on| Some(Dates { made_on: date(2026, 8, 31), review_on });
        let due = |plan| review(plan).unwrap().due;
        assert_eq!(due(plan(None)), date(2027, 2, 28));
        assert_eq!(due(plan(Some(date(2026, 10, 1)))), date(2026, 10, 1));
        assert_eq!(due(plan(Some(date(2027, 10, 1)))), date(2027, 2, 28));
        assert_eq!(review(None), None);
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
            let plan = Dates { made_on: day(made), review_on: review_in.map(|n| day(made + n)) };
            let clock = visit(Some(home), Some(plan), Some(day(last))).unwrap();
            let latest = if last >= since { day(last).saturating_add(2.months()) } else { day(since + 7) };
            prop_assert!(clock.due <= latest);
        }
    }
}
