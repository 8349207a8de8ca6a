//! How a team is doing, in numbers: how long people wait, what each worker carries, and what is late.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::day::Facts;
use crate::clock::DAY;
use crate::people::{PersonId, StaffId, TeamId};

/// Somebody of a team.
#[derive(Clone, Debug)]
pub struct One {
    /// Who.
    pub person: PersonId,
    /// Their team.
    pub team: TeamId,
    /// Who leads, if somebody who works here does.
    pub lead: Option<StaffId>,
    /// Since when they wait, UTC microseconds.
    pub since: Option<i64>,
    /// By when they are to be answered.
    pub due: Option<i64>,
    /// Words that may mean danger, and nobody has said that they looked.
    pub urgent: bool,
    /// What else is known.
    pub facts: Facts,
}

/// The bands in which waits are counted: from how many days on, and how each is told.
pub const BANDS: [(i64, &str); 4] =
    [(0, "less than a day"), (1, "1 to 2 days"), (3, "3 to 6 days"), (7, "7 days and more")];

/// What a worker carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// How many they lead.
    pub people: usize,
    /// How many of those wait for an answer.
    pub waiting: usize,
    /// How many of those waits are late.
    pub late: usize,
    /// Since when the longest waits.
    pub oldest: Option<i64>,
    /// For how many a visit or a review is late.
    pub clocks: usize,
}

/// How a team is doing.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// How many are in it.
    pub people: usize,
    /// How many wait, by [`BANDS`].
    pub waits: [usize; 4],
    /// How many may be in danger.
    pub urgent: usize,
    /// How many have no plan.
    pub no_plan: usize,
    /// For how many the review of their plan is late.
    pub reviews_late: usize,
    /// What each worker carries; `None`: those whom nobody leads.
    pub loads: BTreeMap<Option<StaffId>, Load>,
    /// For whom something is late: what, and since when, the longest over first.
    pub late: Vec<(PersonId, &'static str, Date)>,
}

/// Counts each team.
pub fn figures(people: &[One], today: Date, now: i64) -> BTreeMap<TeamId, Figures> {
    let mut teams: BTreeMap<TeamId, Figures> = BTreeMap::new();
    for one in people {
        let team = teams.entry(one.team).or_default();
        let load = team.loads.entry(one.lead).or_default();
        team.people += 1;
        load.people += 1;
        team.urgent += usize::from(one.urgent);
        team.no_plan += usize::from(one.facts.plan.and_then(|plan| plan.made_on).is_none());
        if let Some(since) = one.since {
            let days = (now - since) / DAY;
            let band = BANDS.iter().rposition(|(from, _)| *from <= days).unwrap_or(0);
            if let Some(count) = team.waits.get_mut(band) {
                *count += 1;
            }
            load.waiting += 1;
            load.late += usize::from(one.due.is_some_and(|due| due <= now));
            load.oldest = Some(load.oldest.map_or(since, |oldest| oldest.min(since)));
        }
        let late: Vec<_> = one.facts.clocks().filter(|clock| clock.late(today)).collect();
        load.clocks += usize::from(!late.is_empty());
        team.reviews_late += usize::from(late.iter().any(|clock| clock.duty.is_review()));
        team.late.extend(late.iter().map(|clock| (one.person, clock.duty.says(), clock.due)));
    }
    for team in teams.values_mut() {
        team.late.sort_by_key(|(person, _, due)| (*due, *person));
    }
    teams
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Load, One, figures};
    use crate::clock::{DAY, HOUR, midnight};
    use crate::id::Id;
    use crate::plan::review::Dates;
    use crate::work::day::Facts;

    #[test]
    fn waits_are_counted_by_age_and_loads_by_worker() {
        let (today, now) = (date(2026, 11, 26), midnight(date(2026, 11, 26)) + 12 * HOUR);
        let id = |n| Id::from_bytes([n; 16]);
        let old =
            Facts { plan: Some(Dates { made_on: Some(date(2026, 5, 1)), ..Dates::default() }), ..Facts::default() };
        let one = |n, lead: Option<u8>, waited: Option<i64>| One {
            person: id(n),
            team: Id::from_bytes([1; 16]),
            lead: lead.map(|n| Id::from_bytes([n; 16])),
            since: waited.map(|waited| now - waited),
            due: waited.map(|waited| now - waited + DAY),
            urgent: n == 9,
            facts: if n == 3 { old.clone() } else { Facts::default() },
        };
        let people = [
            one(1, Some(7), Some(HOUR)),
            one(2, Some(7), Some(3 * DAY)),
            one(3, Some(7), None),
            one(4, None, Some(30 * DAY)),
            one(9, Some(8), Some(DAY)),
        ];
        let teams = figures(&people, today, now);
        let team = &teams[&Id::from_bytes([1; 16])];
        assert_eq!((team.people, team.waits, team.urgent, team.no_plan), (5, [1, 1, 1, 1], 1, 4));
        assert_eq!(team.reviews_late, 1, "due on 1 November, for one of them");
        let load = Load { people: 3, waiting: 2, late: 1, oldest: Some(now - 3 * DAY), clocks: 1 };
        assert_eq!(team.loads[&Some(Id::from_bytes([7; 16]))], load);
        assert_eq!(team.loads[&None].people, 1);
        assert_eq!(team.late, [(id(3), "review of the plan", date(2026, 11, 1))]);
    }
}
