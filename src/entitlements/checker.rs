//! "What can I get?": from six answers to the likely legal group and the rights that go with it.
//!
//! An answer of "I'm not sure" stands for every answer that it could be. A right is told as sure only when
//! it follows from all of them, and as possible when it follows from some: nobody is told "no" for not
//! knowing, and nobody is promised what hangs on a guess.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Basis, Entitlement, Group, Life, Living};

/// The first age that an answer can be, in years: anybody under 16.
const YOUNG: u8 = 15;
/// The last: anybody over 25.
const OLD: u8 = 26;

/// How somebody was in care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Care {
    /// 13 weeks or more in all since 14, some of it at 16 or 17.
    Long,
    /// At some time at 16 or 17, for less than 13 weeks.
    Short,
    /// Went from care to a special guardian.
    Guardian,
    /// Only before turning 16.
    Before16,
    /// Never.
    Never,
}

impl Care {
    /// Every one, in the order in which they are asked.
    pub const ALL: [Care; 5] = [Care::Long, Care::Short, Care::Guardian, Care::Before16, Care::Never];

    /// The word used in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Care::Long => "13-weeks",
            Care::Short => "some",
            Care::Guardian => "guardian",
            Care::Before16 => "before-16",
            Care::Never => "never",
        }
    }

    /// The one of this word; `None` if there is none.
    #[must_use]
    pub fn parse(word: &str) -> Option<Care> {
        Care::ALL.into_iter().find(|care| care.as_str() == word)
    }
}

/// Where somebody stands with care now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Now {
    /// Still in care.
    InCare,
    /// Left it.
    Left,
    /// Back with family as planned, for six months or more.
    WentHome,
    /// In hospital or locked up on the 16th birthday.
    Held,
}

impl Now {
    /// Every one, in the order in which they are asked.
    pub const ALL: [Now; 4] = [Now::InCare, Now::Left, Now::WentHome, Now::Held];

    /// The word used in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Now::InCare => "in-care",
            Now::Left => "left",
            Now::WentHome => "went-home",
            Now::Held => "held",
        }
    }

    /// The one of this word; `None` if there is none.
    #[must_use]
    pub fn parse(word: &str) -> Option<Now> {
        Now::ALL.into_iter().find(|now| now.as_str() == word)
    }
}

/// Which council looked after somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Council {
    /// This county's.
    Ours,
    /// Another.
    Other,
}

/// Where somebody lives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lives {
    /// In this district, by slug.
    District(String),
    /// Outside the county.
    Outside,
    /// Nowhere of their own.
    Nowhere,
}

/// The six answers. `None` is "I'm not sure".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers {
    /// Age in years; 15 for anybody younger than 16, 25 for anybody of 25 or more.
    pub age: Option<u8>,
    /// How they were in care.
    pub care: Option<Care>,
    /// Where they stand with care now.
    pub now: Option<Now>,
    /// Which council looked after them.
    pub council: Option<Council>,
    /// Where they live.
    pub lives: Option<Lives>,
    /// What is true of them.
    pub life: Option<BTreeSet<Life>>,
}

/// Where somebody stands in law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// In one of the legal groups.
    In(Group),
    /// Was in one, and is 25 or over.
    Over25,
    /// Under 16: the groups begin there.
    NotYet,
    /// In none of them.
    Outside,
}

/// One row of the table of groups: ages from and to, how in care, where now, and what follows.
type Row = (u8, u8, &'static [Care], &'static [Now], &'static [Standing]);

const ANY: &[Now] = &Now::ALL;
const NOT_HELD: &[Now] = &[Now::InCare, Now::Left, Now::WentHome];
const RELEVANT: Standing = Standing::In(Group::Relevant);
const FORMER: Standing = Standing::In(Group::FormerRelevant);
const QUALIFYING: Standing = Standing::In(Group::Qualifying);

/// The legal groups, as in Children Act 1989 ss. 23A to 24 and Schedule 2 para. 19B, the Care Planning,
/// Placement and Case Review (England) Regulations 2010 regs 40 to 42 and the Care Leavers (England)
/// Regulations 2010 reg. 3. The first row that fits counts; two standings in a row mean that the answers
/// do not settle which.
const GROUPS: &[Row] = &[
    (0, YOUNG, &Care::ALL, ANY, &[Standing::NotYet]),
    (0, u8::MAX, &[Care::Never], ANY, &[Standing::Outside]),
    (0, u8::MAX, &[Care::Before16], NOT_HELD, &[Standing::Outside]),
    (25, u8::MAX, &[Care::Long, Care::Short, Care::Guardian], ANY, &[Standing::Over25]),
    // Detained or in hospital on the 16th birthday is no end of care, if the 13 weeks were there before.
    (16, 17, &[Care::Before16], &[Now::Held], &[RELEVANT, Standing::Outside]),
    (18, 24, &[Care::Before16], &[Now::Held], &[FORMER, Standing::Outside]),
    (25, u8::MAX, &[Care::Before16], &[Now::Held], &[Standing::Over25, Standing::Outside]),
    (16, 17, &[Care::Long], &[Now::InCare], &[Standing::In(Group::Eligible)]),
    (16, 17, &[Care::Long], &[Now::Left, Now::Held], &[RELEVANT]),
    // A planned return of six months ends it; what is left is what anyone in care at 16 or 17 has.
    (16, 17, &[Care::Long], &[Now::WentHome], &[QUALIFYING]),
    (18, 24, &[Care::Long], &[Now::InCare, Now::Left, Now::Held], &[FORMER]),
    // Whether who went home before 18 is "former relevant" afterwards depends on when: not settled here.
    (18, 24, &[Care::Long], &[Now::WentHome], &[FORMER, QUALIFYING]),
    (16, 24, &[Care::Short, Care::Guardian], ANY, &[QUALIFYING]),
];

/// Where these answers, each sure, leave somebody in law.
#[must_use]
pub fn standing(age: u8, care: Care, now: Now) -> &'static [Standing] {
    GROUPS
        .iter()
        .find(|(from, to, cares, nows, _)| (*from..=*to).contains(&age) && cares.contains(&care) && nows.contains(&now))
        .map_or(&[Standing::Outside], |(.., standing)| standing)
}

/// Somebody of whom everything is known.
#[derive(Debug, Clone, Copy)]
struct Profile<'a> {
    age: u8,
    standing: Standing,
    was_in_care: bool,
    /// In care at some time at 16 or 17.
    care_at_16: bool,
    /// This county's council looked after them.
    ours: bool,
    district: Option<&'a str>,
    living: Living,
    life: &'a BTreeSet<Life>,
}

impl Profile<'_> {
    /// Whether the conditions of a right hold.
    fn has(&self, right: &Entitlement) -> bool {
        let of = &right.conditions;
        let in_group = match self.standing {
            _ if of.anyone => true,
            _ if !self.was_in_care => false,
            Standing::In(group) => of.groups.is_empty() || of.groups.contains(&group),
            Standing::Over25 | Standing::NotYet | Standing::Outside => of.groups.is_empty(),
        };
        in_group
            && of.min_age.is_none_or(|min| min <= self.age)
            && of.max_age.is_none_or(|max| self.age <= max)
            && (of.life.is_empty() || of.life.iter().any(|life| self.life.contains(life)))
            && (of.districts.is_empty()
                || self.district.is_some_and(|slug| of.districts.iter().any(|district| district == slug)))
            && of.living.is_none_or(|living| living == self.living)
            && (!of.our_council || self.ours)
            && (!of.care_at_16 || self.care_at_16)
    }
}

/// What follows from the answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Every standing that the answers leave open; one when they settle it.
    pub standings: BTreeSet<Standing>,
    /// Slugs of rights that they have now, whatever the unsure answers are.
    pub has: BTreeSet<String>,
    /// Slugs of rights that they may have now.
    pub may_have: BTreeSet<String>,
    /// Slugs of rights that would be theirs and have not started yet.
    pub not_started: BTreeSet<String>,
    /// What each later birthday brings, up to 25; empty when the age is not known.
    pub birthdays: Vec<Birthday>,
}

/// What changes on one birthday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Birthday {
    /// The age reached.
    pub age: u8,
    /// Every standing from then on, when it is not as before.
    pub standings: Option<BTreeSet<Standing>>,
    /// Slugs of rights that begin.
    pub starts: BTreeSet<String>,
    /// Slugs of rights that end.
    pub ends: BTreeSet<String>,
}

/// What the answers lead to, with these rights, on this day.
#[must_use]
pub fn find(answers: &Answers, rights: &BTreeMap<String, Entitlement>, today: Date) -> Finding {
    let (now, later): (Vec<_>, Vec<_>) = rights.values().partition(|right| right.in_force.holds(today));
    let at = |age: Option<u8>, rights: &[&Entitlement]| Outcome::of(&Answers { age, ..answers.clone() }, rights);
    let first = at(answers.age, &now);
    let mut birthdays = Vec::new();
    if let Some(age) = answers.age.filter(|age| (YOUNG..25).contains(age)) {
        let mut before = first.clone();
        for age in age + 1..=25 {
            let then = at(Some(age), &now);
            let begins = then.all.iter().filter(|slug| !before.all.contains(*slug) && !before.some.contains(*slug));
            let ends = before.all.iter().filter(|slug| !then.all.contains(*slug) && !then.some.contains(*slug));
            let birthday = Birthday {
                age,
                standings: (then.standings != before.standings).then(|| then.standings.clone()),
                starts: begins.cloned().collect(),
                ends: ends.cloned().collect(),
            };
            if birthday.standings.is_some() || !birthday.starts.is_empty() || !birthday.ends.is_empty() {
                birthdays.push(birthday);
            }
            before = then;
        }
    }
    let planned = at(answers.age, &later);
    let not_started = planned.all.union(&planned.some).cloned().collect();
    let depends = |slug: &&String| rights.get(*slug).is_some_and(|right| right.conditions.depends);
    let has = first.all.iter().filter(|slug| !depends(slug)).cloned().collect();
    let may_have = first.some.iter().chain(first.all.iter().filter(depends)).cloned().collect();
    Finding { standings: first.standings, has, may_have, not_started, birthdays }
}

/// What follows at one age.
#[derive(Debug, Clone)]
struct Outcome {
    standings: BTreeSet<Standing>,
    /// Rights whose conditions hold for everybody whom the answers may describe.
    all: BTreeSet<String>,
    /// Rights whose conditions hold for some of them.
    some: BTreeSet<String>,
}

impl Outcome {
    fn of(answers: &Answers, rights: &[&Entitlement]) -> Self {
        let all_life: BTreeSet<Life> = Life::ALL.into_iter().collect();
        let lives: Vec<BTreeSet<Life>> = match &answers.life {
            Some(life) => vec![life.clone()],
            None => vec![BTreeSet::new(), all_life],
        };
        let profiles = profiles(answers, &lives, &named_districts(rights));
        let count = |right: &&&Entitlement| profiles.iter().filter(|profile| profile.has(right)).count();
        let slugs = |wanted: &dyn Fn(usize) -> bool| {
            rights.iter().filter(|right| wanted(count(right))).map(|right| right.slug.clone()).collect()
        };
        Self {
            standings: profiles.iter().map(|profile| profile.standing).collect(),
            all: slugs(&|held| held == profiles.len()),
            some: slugs(&|held| held > 0 && held < profiles.len()),
        }
    }
}

/// The districts that any right names: of the others it does not matter which.
fn named_districts<'a>(rights: &[&'a Entitlement]) -> BTreeSet<&'a str> {
    rights.iter().flat_map(|right| &right.conditions.districts).map(String::as_str).collect()
}

/// Everybody whom the answers may describe.
fn profiles<'a>(answers: &'a Answers, lives: &'a [BTreeSet<Life>], districts: &BTreeSet<&'a str>) -> Vec<Profile<'a>> {
    let ages = match answers.age {
        // "25 or over" and "under 16" say no more than that.
        Some(25) => vec![25, OLD],
        Some(YOUNG) => vec![YOUNG - 1, YOUNG],
        Some(age) => vec![age],
        None => (YOUNG..=OLD).collect(),
    };
    let at_16 = |care: Care| match care {
        Care::Long | Care::Short => vec![(care, true)],
        // A special guardian may have come long before 16.
        Care::Guardian => vec![(care, true), (care, false)],
        Care::Before16 | Care::Never => vec![(care, false)],
    };
    let cares = answers.care.map_or_else(|| Care::ALL.to_vec(), |care| vec![care]);
    let cares: Vec<_> = cares.into_iter().flat_map(at_16).collect();
    let nows = answers.now.map_or_else(|| Now::ALL.to_vec(), |now| vec![now]);
    let councils = answers.council.map_or_else(|| vec![Council::Ours, Council::Other], |council| vec![council]);
    let homes: Vec<(Option<&str>, Living)> = match &answers.lives {
        Some(Lives::District(slug)) => vec![(Some(slug.as_str()), Living::Inside)],
        Some(Lives::Outside) => vec![(None, Living::Outside)],
        // Anywhere: in a district that matters, in another of the county, or outside.
        Some(Lives::Nowhere) | None => districts
            .iter()
            .map(|slug| (Some(*slug), Living::Inside))
            .chain([(None, Living::Inside), (None, Living::Outside)])
            .collect(),
    };
    let mut found = Vec::new();
    for &age in &ages {
        for &(care, care_at_16) in &cares {
            for &now in &nows {
                for &standing in standing(age, care, now) {
                    for &council in &councils {
                        for &(district, living) in &homes {
                            found.extend(lives.iter().map(|life| Profile {
                                age,
                                standing,
                                was_in_care: care != Care::Never,
                                care_at_16,
                                ours: council == Council::Ours,
                                district,
                                living,
                                life,
                            }));
                        }
                    }
                }
            }
        }
    }
    found
}

/// Rights of a finding in the order in which they are read: by part of the offer, the law first.
#[must_use]
pub fn in_order<'a>(slugs: &BTreeSet<String>, rights: &'a BTreeMap<String, Entitlement>) -> Vec<&'a Entitlement> {
    let mut found: Vec<_> = slugs.iter().filter_map(|slug| rights.get(slug)).collect();
    found.sort_by_key(|right| (right.area, basis_order(right.basis), right.name.to_lowercase()));
    found
}

fn basis_order(basis: Basis) -> usize {
    Basis::ALL.iter().position(|one| *one == basis).unwrap_or_default()
}
