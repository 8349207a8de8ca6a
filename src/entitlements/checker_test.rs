//! The checker over every combination of answers, and over 60 people written from the law by somebody who had
//! not seen it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use serde::Deserialize;

use super::checker::{Answers, Care, Council, Finding, Lives, Now, Standing, find, standing};
use super::*;
use crate::content::Library;

const TODAY: Date = date(2026, 11, 24);

fn rights() -> BTreeMap<String, Entitlement> {
    let files = crate::app::start::content_files(None).unwrap();
    Library::shipped(&files).unwrap().entitlements
}

/// Every answer to each question, "not sure" among them; of places and lives one of each kind.
fn all_answers(mut each: impl FnMut(&Answers)) {
    let ages: Vec<Option<u8>> = std::iter::once(None).chain((15..=25).map(Some)).collect();
    let cares =
        [None, Some(Care::Long), Some(Care::Short), Some(Care::Guardian), Some(Care::Before16), Some(Care::Never)];
    let nows = [None, Some(Now::InCare), Some(Now::Left), Some(Now::WentHome), Some(Now::Held)];
    let councils = [None, Some(Council::Ours), Some(Council::Other)];
    let lives = [
        None,
        Some(Lives::District("chorley".to_owned())),
        Some(Lives::District("wyre".to_owned())),
        Some(Lives::Outside),
        Some(Lives::Nowhere),
    ];
    let life = [
        None,
        Some(BTreeSet::new()),
        Some(BTreeSet::from([Life::University])),
        Some(BTreeSet::from([Life::Parent, Life::Custody])),
    ];
    for age in &ages {
        for care in cares {
            for now in nows {
                for council in councils {
                    for lives in &lives {
                        for life in &life {
                            let (lives, life) = (lives.clone(), life.clone());
                            each(&Answers { age: *age, care, now, council, lives, life });
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn every_path_ends_with_a_standing_and_nobody_gets_nothing() {
    let rights = rights();
    let mut paths = 0;
    all_answers(|answers| {
        let found = find(answers, &rights, TODAY);
        assert!(!found.standings.is_empty(), "{answers:?}");
        assert!(!found.has.is_empty(), "{answers:?}");
        assert!(found.has.is_disjoint(&found.may_have), "{answers:?}");
        assert!(found.not_started.iter().all(|slug| !rights[slug].in_force.holds(TODAY)), "{answers:?}");
        let sure = answers.age.is_some() && answers.care.is_some() && answers.now.is_some();
        let settled = |age: u8| standing(age, answers.care.unwrap(), answers.now.unwrap()).len() == 1;
        if sure && answers.age.is_some_and(settled) {
            assert_eq!(found.standings.len(), 1, "{answers:?}");
        }
        paths += 1;
    });
    assert_eq!(paths, 12 * 6 * 5 * 3 * 5 * 4);
}

#[test]
fn nobody_has_or_gains_at_an_age_what_has_ended_before_it() {
    let rights = rights();
    all_answers(|answers| {
        let Some(age) = answers.age else { return };
        let found = find(answers, &rights, TODAY);
        for slug in found.has.union(&found.may_have) {
            assert!(rights[slug].conditions.max_age.is_none_or(|max| age.min(25) <= max), "{slug}: {answers:?}");
        }
        let mut ended = BTreeSet::new();
        for birthday in &found.birthdays {
            assert!(birthday.starts.is_disjoint(&birthday.ends), "{answers:?}");
            for slug in &birthday.starts {
                let right = &rights[slug];
                assert!(right.conditions.max_age.is_none_or(|max| birthday.age <= max), "{slug}: {answers:?}");
                // What the law ends does not come back.
                assert!(right.basis != Basis::Law || !ended.contains(slug), "{slug} came back: {answers:?}");
            }
            ended.extend(birthday.ends.iter().cloned());
        }
    });
}

#[test]
fn an_unsure_answer_promises_only_what_every_answer_would() {
    let rights = rights();
    all_answers(|answers| {
        if answers.council.is_some() || answers.now.is_none() {
            return;
        }
        let unsure = find(answers, &rights, TODAY);
        let with = |council| find(&Answers { council: Some(council), ..answers.clone() }, &rights, TODAY);
        let (ours, other) = (with(Council::Ours), with(Council::Other));
        assert_eq!(unsure.has, ours.has.intersection(&other.has).cloned().collect(), "{answers:?}");
        let any: BTreeSet<_> = [&ours, &other].into_iter().flat_map(|it| it.has.union(&it.may_have)).cloned().collect();
        assert_eq!(unsure.has.union(&unsure.may_have).cloned().collect::<BTreeSet<_>>(), any, "{answers:?}");
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    who: String,
    age: String,
    care: String,
    now: String,
    council: String,
    lives: String,
    life: Vec<String>,
    group: String,
    has: Vec<String>,
    may: Vec<String>,
    has_not: Vec<String>,
    later: Vec<String>,
    other_council: bool,
}

#[derive(Deserialize)]
struct People {
    person: Vec<Person>,
}

impl Person {
    fn answers(&self) -> Answers {
        let sure = |word: &'static str| -> Option<&str> {
            let word = match word {
                "age" => &self.age,
                "care" => &self.care,
                "now" => &self.now,
                "council" => &self.council,
                _ => &self.lives,
            };
            (word != "not-sure").then_some(word.as_str())
        };
        Answers {
            age: sure("age").map(|word| match word {
                "under-16" => 15,
                "25-or-over" => 25,
                years => years.parse().unwrap(),
            }),
            care: sure("care").map(|word| Care::parse(word).unwrap()),
            now: sure("now").map(|word| Now::parse(word).unwrap()),
            council: sure("council").map(|word| if word == "lancashire" { Council::Ours } else { Council::Other }),
            lives: sure("lives").map(|word| match word {
                "outside" => Lives::Outside,
                "nowhere" => Lives::Nowhere,
                slug => Lives::District(slug.to_owned()),
            }),
            life: (self.life != ["not-sure"])
                .then(|| self.life.iter().map(|word| Life::parse(word).unwrap()).collect()),
        }
    }

    fn group_of(found: &Finding) -> &'static str {
        let mut all = found.standings.iter();
        match (all.next(), all.next()) {
            (Some(Standing::In(group)), None) => group.as_str(),
            (Some(Standing::Over25), None) => "over-25",
            (Some(Standing::NotYet), None) => "not-yet",
            (Some(Standing::Outside), None) => "none",
            _ => "may-be",
        }
    }
}

#[test]
fn sixty_people_written_from_the_law_get_what_it_gives_them() {
    let rights = rights();
    let people: People = toml::from_str(include_str!("../../tests/checker/people.toml")).unwrap();
    assert_eq!(people.person.len(), 60);
    let mut wrong = Vec::new();
    for person in &people.person {
        let answers = person.answers();
        let found = find(&answers, &rights, TODAY);
        let group = Person::group_of(&found);
        if group != person.group {
            wrong.push(format!("{}: {} and not {}", person.who, group, person.group));
        }
        for slug in &person.has {
            if !found.has.contains(slug) {
                let may = found.may_have.contains(slug);
                wrong.push(format!("{}: has not {slug}{}", person.who, if may { ", only may have it" } else { "" }));
            }
        }
        for slug in &person.may {
            if !found.may_have.contains(slug) {
                let sure = found.has.contains(slug);
                wrong.push(format!(
                    "{}: {} {slug}",
                    person.who,
                    if sure { "is told for sure of" } else { "may not have" }
                ));
            }
        }
        for slug in &person.has_not {
            if found.has.contains(slug) {
                wrong.push(format!("{}: has {slug}", person.who));
            }
        }
        let later: BTreeSet<_> = found.birthdays.iter().flat_map(|birthday| &birthday.starts).collect();
        for slug in person.later.iter().filter(|slug| !later.contains(slug)) {
            wrong.push(format!("{}: {slug} does not start later", person.who));
        }
        assert_eq!(answers.council == Some(Council::Other), person.other_council, "{}", person.who);
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
