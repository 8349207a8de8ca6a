//! When a plan is talked about again, and what that rests on.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::id::Id;
use crate::people::{SpellKind, birthday};

/// Ages at which a plan is looked at again, in years: an adviser at 16, care ends at 18, much of the law's help at 21.
pub const AGES: [i64; 3] = [16, 18, 21];
/// How many days after something happened the plan is talked about at the latest. A rule of this service, not of the
/// law, which says "sooner when asked" and when the council thinks it needed.
pub const SOON: i64 = 28;

/// The id of a review.
pub type ReviewId = Id<Review>;

/// Why a review was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The young person asked for it.
    Asked,
    /// The worker set a day.
    Set,
    /// They moved.
    Moved,
    /// They lost their home.
    LostHome,
    /// They are in custody.
    Custody,
    /// They left education or training.
    LeftEducation,
    /// They do not agree with a part of the plan.
    Disagrees,
}

impl Why {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Asked, Self::Set, Self::Moved, Self::LostHome, Self::Custody, Self::LeftEducation, Self::Disagrees];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Set => "set",
            Self::Moved => "moved",
            Self::LostHome => "lost_home",
            Self::Custody => "custody",
            Self::LeftEducation => "left_education",
            Self::Disagrees => "disagrees",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.as_str() == word)
    }

    /// How it is told; `mine`: to the young person.
    pub const fn says(self, mine: bool) -> &'static str {
        match self {
            Self::Asked if mine => "you asked for it",
            Self::Asked => "they asked for it",
            Self::Set => "a day was set",
            Self::Moved if mine => "you moved",
            Self::Moved => "they moved",
            Self::LostHome if mine => "you lost your home",
            Self::LostHome => "they lost their home",
            Self::Custody if mine => "you are in custody",
            Self::Custody => "they are in custody",
            Self::LeftEducation if mine => "you left education or training",
            Self::LeftEducation => "they left education or training",
            Self::Disagrees if mine => "you do not agree with a part of it",
            Self::Disagrees => "they do not agree with a part of it",
        }
    }
}

/// What a review of the plan is asked for when somebody's circumstances become others: a home or what they do by day, as
/// it was and as it is, by the words of [`HOMES`](crate::people::HOMES) and [`OCCUPATIONS`](crate::people::OCCUPATIONS).
pub fn brought_by(kind: SpellKind, before: Option<&str>, now: &str) -> Option<Why> {
    const EDUCATION: [&str; 4] = ["school-college", "university", "apprenticeship", "training"];
    if before == Some(now) {
        return None;
    }
    match (kind, now) {
        (SpellKind::Home, "custody") => Some(Why::Custody),
        (SpellKind::Home, "no-home" | "emergency") => Some(Why::LostHome),
        (SpellKind::Home, _) => before.map(|_| Why::Moved),
        (SpellKind::Occupation, now) if EDUCATION.contains(&now) => None,
        (SpellKind::Occupation, _) => before.filter(|before| EDUCATION.contains(before)).map(|_| Why::LeftEducation),
    }
}

/// A review that was asked for, or held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Review {
    /// Its id.
    pub id: ReviewId,
    /// Why.
    pub why: Why,
    /// By when.
    pub due_on: Date,
    /// The day on which it was held.
    pub held_on: Option<Date>,
}

/// What a review has to be held by when for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// The day on which the first plan was shared. A later version is no review: only one that was held begins the six months
    /// anew.
    pub made_on: Option<Date>,
    /// The day that was set for its review.
    pub review_on: Option<Date>,
    /// The day of the last review.
    pub held_on: Option<Date>,
    /// The first day by which a review that was asked for is to be held.
    pub asked_by: Option<Date>,
}

/// By when a review is to be held, and what that rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rests {
    /// Six months after the plan was first shared or last reviewed.
    Law,
    /// A day that was set or asked for.
    Asked,
    /// A birthday at which something changes.
    Birthday(i64),
}

impl Dates {
    /// Since when the six months run: the later of the day the first plan was shared and the last review.
    pub fn since(self) -> Option<Date> {
        self.made_on.max(self.held_on)
    }

    /// By when it is to be reviewed: six months after it was made or last reviewed (Care Leavers (England) Regulations
    /// 2010, regulation 7), earlier on the day that was set or asked for, and within four weeks of a 16th, 18th or
    /// 21st birthday since. `None`: there is no plan, and nobody asked.
    pub fn review_by(self, born_on: Option<Date>) -> Option<(Date, Rests)> {
        let since = self.since();
        let law = since.map(|since| (since.saturating_add(6.months()), Rests::Law));
        let set = self.review_on.filter(|on| self.held_on.is_none_or(|held| *on > held));
        let asked = [set, self.asked_by].into_iter().flatten().map(|on| (on, Rests::Asked));
        let birthdays = AGES.into_iter().filter_map(|years| {
            let on = birthday(born_on?, years)?;
            // The birthday itself counts as after a review on that day: it was about what was to come.
            (on > since?).then(|| (on.saturating_add(SOON.days()), Rests::Birthday(years)))
        });
        law.into_iter().chain(asked).chain(birthdays).min_by_key(|(on, _)| *on)
    }
}

/// By when needs are to be assessed: three months after the day on which somebody became eligible or, where that is not
/// written down, after their 16th birthday. (Care Planning, Placement and Case Review (England) Regulations 2010,
/// regulations 40 to 42; Children Act 1989, schedule 2, paragraph 19B.)
pub fn assess_by(born_on: Date, eligible_on: Option<Date>) -> Date {
    let sixteen = adviser_by(born_on);
    eligible_on.map_or(sixteen, |on| on.max(sixteen)).saturating_add(3.months())
}

/// By when somebody has a personal adviser: their 16th birthday. (Seed action plan: PA at 16.)
pub fn adviser_by(born_on: Date) -> Date {
    birthday(born_on, 16).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use jiff::civil::{Date, date};
    use jiff::{Timestamp, ToSpan as _};
    use proptest::prelude::*;

    use super::{Dates, Rests, SOON, Why, assess_by, brought_by};
    use crate::clock::{HOUR, MINUTE, end_of, from_micros, london_date, midnight};
    use crate::people::SpellKind::{Home, Occupation};

    #[test]
    fn a_review_is_due_six_months_after_the_last_and_sooner_when_asked() {
        let made = Dates { made_on: Some(date(2026, 8, 31)), ..Dates::default() };
        assert_eq!(made.review_by(None), Some((date(2027, 2, 28), Rests::Law)), "a short month");
        let held = Dates { held_on: Some(date(2026, 11, 1)), review_on: Some(date(2026, 10, 1)), ..made };
        assert_eq!(held.review_by(None), Some((date(2027, 5, 1), Rests::Law)), "that day is over");
        let asked = Dates { asked_by: Some(date(2026, 12, 1)), ..held };
        assert_eq!(asked.review_by(None), Some((date(2026, 12, 1), Rests::Asked)));
        assert_eq!(Dates::default().review_by(Some(date(2008, 2, 29))), None, "no plan, nothing asked");
    }

    #[test]
    fn a_birthday_brings_it_nearer_and_leap_days_have_one_too() {
        let made = Dates { made_on: Some(date(2026, 1, 5)), ..Dates::default() };
        let told = made.review_by(Some(date(2008, 2, 29)));
        assert_eq!(told, Some((date(2026, 3, 29), Rests::Birthday(18))), "born on 29 February, 18 on 1 March");
        let after = Dates { held_on: Some(date(2026, 3, 10)), ..made };
        assert_eq!(after.review_by(Some(date(2008, 2, 29))), Some((date(2026, 9, 10), Rests::Law)));
    }

    #[test]
    fn what_happens_to_somebody_asks_for_a_review() {
        assert_eq!(brought_by(Home, None, "own-tenancy"), None, "what was always so is no news");
        assert_eq!(brought_by(Home, Some("staying-put"), "own-tenancy"), Some(Why::Moved));
        assert_eq!(brought_by(Home, Some("own-tenancy"), "own-tenancy"), None);
        assert_eq!(brought_by(Home, Some("own-tenancy"), "no-home"), Some(Why::LostHome));
        assert_eq!(brought_by(Home, None, "custody"), Some(Why::Custody));
        assert_eq!(brought_by(Occupation, Some("university"), "looking"), Some(Why::LeftEducation));
        assert_eq!(brought_by(Occupation, Some("university"), "training"), None);
        assert_eq!(brought_by(Occupation, Some("work"), "neither"), None);
    }

    #[test]
    fn needs_are_assessed_within_three_months_of_16_or_of_becoming_eligible() {
        assert_eq!(assess_by(date(2010, 11, 30), None), date(2027, 2, 28));
        assert_eq!(assess_by(date(2010, 11, 30), Some(date(2026, 1, 1))), date(2027, 2, 28), "not before 16");
        assert_eq!(assess_by(date(2010, 2, 1), Some(date(2027, 3, 31))), date(2027, 6, 30));
    }

    /// The first and the last moment of a day in London, and moments around the hour at which the clock changes.
    fn moments(day: Date) -> Vec<Timestamp> {
        let from = midnight(day);
        let hours = [0, 30, 59, 60, 61, 90, 119, 120, 121, 180].map(|minutes| from + minutes * MINUTE);
        hours.into_iter().chain([end_of(day) - 1]).map(from_micros).collect()
    }

    #[test]
    fn no_hour_of_a_day_on_which_the_clock_changes_moves_a_review() {
        for (day, hours, law, soon) in [
            (date(2026, 3, 29), 23, date(2026, 9, 29), date(2026, 4, 26)),
            (date(2026, 10, 25), 25, date(2027, 4, 25), date(2026, 11, 22)),
            (date(2027, 3, 28), 23, date(2027, 9, 28), date(2027, 4, 25)),
            (date(2027, 10, 31), 25, date(2028, 4, 30), date(2027, 11, 28)),
        ] {
            assert_eq!(end_of(day) - midnight(day), hours * HOUR, "{day} is a day of the change");
            for at in moments(day) {
                // A plan that was first shared then, and a meeting that was asked for then.
                let on = london_date(at);
                let made = Dates { made_on: Some(on), ..Dates::default() };
                assert_eq!(made.review_by(None), Some((law, Rests::Law)), "shared at {at}");
                let asked = Dates { asked_by: Some(on.saturating_add(SOON.days())), ..made };
                assert_eq!(asked.review_by(None), Some((soon, Rests::Asked)), "asked for at {at}");
            }
            // The minute before and the minute after belong to other days.
            for (at, other) in [(midnight(day) - 1, day.yesterday()), (end_of(day), day.tomorrow())] {
                assert_eq!(london_date(from_micros(at)), other.unwrap());
            }
        }
    }

    #[test]
    fn six_months_from_the_end_of_a_month_and_from_a_leap_day_are_a_day_that_there_is() {
        for (held, due) in [
            (date(2027, 8, 29), date(2028, 2, 29)),
            (date(2027, 8, 30), date(2028, 2, 29)),
            (date(2027, 8, 31), date(2028, 2, 29)),
            (date(2026, 8, 29), date(2027, 2, 28)),
            (date(2028, 2, 29), date(2028, 8, 29)),
            (date(2027, 2, 28), date(2027, 8, 28)),
            (date(2026, 3, 31), date(2026, 9, 30)),
            (date(2026, 5, 31), date(2026, 11, 30)),
            (date(2026, 10, 31), date(2027, 4, 30)),
            (date(2026, 12, 31), date(2027, 6, 30)),
        ] {
            let dates = Dates { made_on: Some(date(2026, 1, 1)), held_on: Some(held), ..Dates::default() };
            assert_eq!(dates.review_by(None), Some((due, Rests::Law)), "held on {held}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn no_plan_goes_longer_than_six_months_without_a_review(
            made in 0..4_000i32, held in proptest::option::of(0..4_000i32), set in proptest::option::of(0..5_000i32),
            asked in proptest::option::of(0..5_000i32), born in -9_000..-5_000i32,
        ) {
            let day = |n: i32| date(2024, 1, 1).saturating_add(n.days());
            let dates = Dates {
                made_on: Some(day(made)),
                held_on: held.map(day),
                review_on: set.map(day),
                asked_by: asked.map(day),
            };
            let (due, _) = dates.review_by(Some(day(born))).unwrap();
            prop_assert!(due <= dates.since().unwrap().saturating_add(6.months()));
            prop_assert!(dates.asked_by.is_none_or(|asked| due <= asked));
        }

        #[test]
        fn a_review_is_due_by_the_day_in_london_whatever_the_hour(day in 0..4_000i32, part in 0.0..1.0f64) {
            let day = date(2024, 1, 1).saturating_add(day.days());
            let long = end_of(day) - midnight(day);
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a moment of a day")]
            let at = from_micros(midnight(day) + ((long - 1) as f64 * part) as i64);
            let due = |on| Dates { made_on: Some(on), ..Dates::default() }.review_by(None).unwrap().0;
            let due_on = due(london_date(at));
            prop_assert_eq!(due_on, due(day));
            // The same day of the month, or the last of a month that has no such day.
            let last = due_on.last_of_month().day();
            prop_assert_eq!(due_on.day(), day.day().min(last));
        }
    }
}
