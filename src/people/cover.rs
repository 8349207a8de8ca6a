//! Who answers for a young person at a moment: whoever leads, whoever covers for them, or the duty desk. Never
//! nobody while anybody is there.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{PersonId, Role, Shift, StaffId, TeamId, Week};
use crate::id::Id;

/// Marks ids of times away.
#[derive(Debug)]
pub struct AbsenceRow;
/// The id of a time away.
pub type AbsenceId = Id<AbsenceRow>;

/// The longest time away that can be written down, in days: longer is leaving.
pub const LONGEST_AWAY: i32 = 366;

/// Somebody is away: from the first day's local midnight to the end of the last day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// Its id.
    pub id: AbsenceId,
    /// Who.
    pub staff: StaffId,
    /// The first day.
    pub from_on: Date,
    /// The last day.
    pub to_on: Date,
    /// Who stands in. Without one: the duty desk.
    pub cover: Option<StaffId>,
}

impl Absence {
    /// Whether they are away on a day.
    pub fn holds(&self, on: Date) -> bool {
        (self.from_on..=self.to_on).contains(&on)
    }
}

/// Marks ids of hand-overs.
#[derive(Debug)]
pub struct HandOverRow;
/// The id of a hand-over.
pub type HandOverId = Id<HandOverRow>;

/// A young person goes over from one worker to another on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// Its id.
    pub id: HandOverId,
    /// Who.
    pub person: PersonId,
    /// From whom.
    pub from: StaffId,
    /// To whom.
    pub to: StaffId,
    /// On which day, from its local midnight.
    pub day: Date,
    /// Who planned it.
    pub made_by: StaffId,
}

/// Somebody whom a worker works with, as a manager sees them who hands them over: id, full name, and whether the
/// worker leads.
pub type Theirs = (PersonId, String, bool);

/// Somebody who works with young people, has an account and may use it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Live {
    /// What they may do.
    pub roles: BTreeSet<Role>,
    /// Their team, if they are in one.
    pub team: Option<TeamId>,
    /// They are on its duty desk.
    pub desk: bool,
}

impl Live {
    /// Whether they take what has no live owner.
    pub fn on_desk(&self) -> bool {
        self.desk && self.roles.contains(&Role::Duty)
    }

    fn manages(&self) -> bool {
        self.roles.contains(&Role::Manager)
    }
}

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// Whoever leads.
    Lead(StaffId),
    /// Somebody who stands in for the lead.
    Cover {
        /// Who is away.
        away: StaffId,
        /// The last day.
        until: Date,
        /// Who stands in.
        by: StaffId,
    },
    /// The duty desk of the person's team.
    Desk {
        /// Who is away, and their last day; `None`: nobody leads.
        away: Option<(StaffId, Date)>,
    },
}

impl Answers {
    /// The one who answers, where it is one.
    pub const fn one(self) -> Option<StaffId> {
        match self {
            Self::Lead(staff) | Self::Cover { by: staff, .. } => Some(staff),
            Self::Desk { .. } => None,
        }
    }
}

/// Everybody who works with young people, and who is away when.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    /// Who is there.
    pub live: BTreeMap<StaffId, Live>,
    /// Who is away, now or later.
    pub absences: Vec<Absence>,
}

/// The weeks of those who said theirs.
pub type Weeks = BTreeMap<StaffId, Week>;

impl Roster {
    /// The time away of somebody that holds on a day; of two the one that ends last.
    pub fn away(&self, staff: StaffId, on: Date) -> Option<&Absence> {
        let held = self.absences.iter().filter(|absence| absence.staff == staff && absence.holds(on));
        held.max_by_key(|absence| (absence.to_on, absence.id))
    }

    /// Who answers on a day for somebody who is led by `lead`. Whoever covers and is away themselves is covered in
    /// turn; a circle, a gap, or somebody who has left ends at the duty desk.
    pub fn answers(&self, lead: Option<StaffId>, on: Date) -> Answers {
        let Some(lead) = lead.filter(|lead| self.live.contains_key(lead)) else { return Answers::Desk { away: None } };
        let Some(absence) = self.away(lead, on) else { return Answers::Lead(lead) };
        let (until, mut cover) = (absence.to_on, absence.cover);
        let mut seen = BTreeSet::from([lead]);
        while let Some(by) = cover.filter(|by| self.live.contains_key(by) && seen.insert(*by)) {
            match self.away(by, on) {
                None => return Answers::Cover { away: lead, until, by },
                Some(absence) => cover = absence.cover,
            }
        }
        Answers::Desk { away: Some((lead, until)) }
    }

    /// In whose list work of somebody in this team stands on a day. Where no desk is kept: the team's managers, anybody
    /// of the team, other desks, other managers, anybody. Those who are away only where nobody else is left.
    pub fn readers(&self, answers: Answers, team: TeamId, on: Date) -> Vec<StaffId> {
        if let Some(one) = answers.one() {
            return vec![one];
        }
        type Pick = fn(&Live, TeamId) -> bool;
        const PICKS: [Pick; 6] = [
            |live, team| live.team == Some(team) && live.on_desk(),
            |live, team| live.team == Some(team) && live.manages(),
            |live, team| live.team == Some(team),
            |live, _| live.on_desk(),
            |live, _| live.manages(),
            |_, _| true,
        ];
        for here in [true, false] {
            for pick in PICKS {
                let found: Vec<StaffId> = self
                    .live
                    .iter()
                    .filter(|(staff, live)| pick(live, team) && !(here && self.away(**staff, on).is_some()))
                    .map(|(staff, _)| *staff)
                    .collect();
                if !found.is_empty() {
                    return found;
                }
            }
        }
        Vec::new()
    }

    /// The hours of whoever answers on a day for somebody who is led by `lead`.
    pub fn shift(&self, weeks: &Weeks, lead: Option<StaffId>, on: Date) -> Option<Shift> {
        let one = self.answers(lead, on).one();
        match one.and_then(|one| weeks.get(&one)) {
            Some(week) => week.on(on),
            None => Week::default().on(on),
        }
    }
}

#[cfg(test)]
#[path = "cover_test.rs"]
mod tests;
