//! Nobody falls between the chairs: whatever becomes of workers, every message that waits for an answer stands in the list
//! of somebody who is there, works with young people and can open it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use portal::clock::{HOUR, from_micros, london_date};
use portal::id::Id;
use portal::messages::store::{self as messages, New};
use portal::people::access::{self, AnswerMessage, ReadThread, WriteMessage};
use portal::people::acts::{Move, hand_over_now};
use portal::people::{
    Absence, Actor, Answers, Door, Live, Part, PersonId, Role, Roster, StaffId, TeamId, store as people,
};
use portal::signin::{Owner, store as signin};

use crate::support::random::{Random, rounds, seed};
use crate::support::{Data, Engine, noon, on_both, write};

/// A service as the rules see it: workers, who is away, and who leads whom.
struct Model {
    roster: Roster,
    /// Those who cannot be counted on at the moment: suspended, gone, not joined yet.
    gone: BTreeMap<StaffId, Live>,
    /// Who leads, in which team, and whether they wait.
    people: Vec<(Option<StaffId>, TeamId, bool)>,
    today: Date,
    made: u8,
}

fn team(n: u64) -> TeamId {
    Id::from_bytes([200 + n as u8; 16])
}

impl Model {
    fn any(&self, random: &mut Random) -> Option<StaffId> {
        let all: Vec<StaffId> = self.roster.live.keys().chain(self.gone.keys()).copied().collect();
        (!all.is_empty()).then(|| *random.pick(&all))
    }

    fn step(&mut self, random: &mut Random) {
        let one = self.any(random);
        match (random.below(12), one) {
            (0, _) if self.made < 40 => {
                self.made += 1;
                let roles = [Role::Adviser, Role::SocialWorker, Role::Duty, Role::Manager];
                let roles: BTreeSet<Role> = roles.into_iter().filter(|_| random.one_in(2)).collect();
                let live = Live { roles, team: random.below(4).checked_sub(1).map(team), desk: random.one_in(2) };
                if live.roles.is_empty() {
                    self.gone.insert(staff(self.made), live)
                } else {
                    self.roster.live.insert(staff(self.made), live)
                };
            }
            // Suspended or gone, and back.
            (1 | 2, Some(one)) => match self.roster.live.remove(&one) {
                Some(live) => drop(self.gone.insert(one, live)),
                None => {
                    let live = self.gone.remove(&one).unwrap();
                    if !live.roles.is_empty() {
                        self.roster.live.insert(one, live);
                    } else {
                        self.gone.insert(one, live);
                    }
                }
            },
            // Away: on leave or ill, with a cover or without, who may be anybody, and themselves away.
            (3 | 4, Some(one)) => {
                let from = self.today + (random.below(5) as i64 - 1).days();
                let to = from + (random.below(20) as i64).days();
                let cover = if random.one_in(3) { None } else { self.any(random) };
                let id = Id::from_bytes(std::array::from_fn(|_| random.below(256) as u8));
                self.roster.absences.push(Absence { id, staff: one, from_on: from, to_on: to, cover });
            }
            (5, _) if !self.roster.absences.is_empty() => {
                let at = random.below(self.roster.absences.len() as u64) as usize;
                self.roster.absences.swap_remove(at);
            }
            // The rota of the duty desk.
            (6, Some(one)) => {
                if let Some(live) = self.roster.live.get_mut(&one) {
                    (live.team, live.desk) = (random.below(4).checked_sub(1).map(team), random.one_in(2));
                }
            }
            // The clock: midnight, weeks, the nights on which the clocks change.
            (7, _) => self.today += (random.below(9) as i64).days(),
            (8, Some(to)) => {
                if let Some(from) = self.any(random) {
                    for person in self.people.iter_mut().filter(|person| person.0 == Some(from)) {
                        person.0 = Some(to);
                    }
                }
            }
            (9, one) => {
                let at = random.below(self.people.len() as u64) as usize;
                self.people[at].0 = one.filter(|_| !random.one_in(6));
            }
            _ => {
                let at = random.below(self.people.len() as u64) as usize;
                self.people[at].2 = !self.people[at].2;
            }
        }
        let today = self.today;
        self.roster.absences.retain(|absence| absence.to_on >= today);
    }

    fn check(&self) -> u64 {
        let here = |staff: &StaffId| self.roster.away(*staff, self.today).is_none();
        let anybody_here = self.roster.live.keys().any(here);
        let mut waiting = 0;
        for (lead, team, _) in self.people.iter().filter(|(.., waits)| *waits) {
            waiting += 1;
            let answers = self.roster.answers(*lead, self.today);
            let readers = self.roster.readers(answers, *team, self.today);
            assert_eq!(readers.is_empty(), self.roster.live.is_empty(), "{lead:?} on {}", self.today);
            assert!(readers.iter().all(|reader| self.roster.live.contains_key(reader)));
            assert!(!anybody_here || readers.iter().all(here), "in the list of somebody who is away");
            if let Answers::Lead(one) | Answers::Cover { by: one, .. } = answers {
                assert_eq!(readers, [one]);
            }
        }
        waiting
    }
}

fn staff(n: u8) -> StaffId {
    Id::from_bytes([n; 16])
}

#[test]
fn by_the_rules_somebody_who_is_there_reads_whatever_waits() {
    let (steps, seed) = (rounds(20_000), seed(6));
    let mut random = Random::new(seed);
    let people = (0..40).map(|n| (None, team(n % 3), true)).collect();
    let mut model =
        Model { roster: Roster::default(), gone: BTreeMap::new(), people, today: Date::constant(2026, 3, 1), made: 0 };
    let (mut checked, mut empty) = (0, 0);
    for _ in 0..steps {
        model.step(&mut random);
        checked += model.check();
        empty += u64::from(model.roster.live.is_empty());
    }
    println!("    {steps} steps, {checked} waits looked at, seed {seed}; {empty} steps with nobody there at all");
    assert!(checked > steps * 5);
}

on_both! { in_the_database_every_wait_stands_in_somebody_s_list_who_can_open_it }

/// A walk over the real tables: whatever is in a list can be opened by its reader, and whatever waits is in a list.
async fn in_the_database_every_wait_stands_in_somebody_s_list_who_can_open_it(engine: Engine) {
    let (steps, seed) = (rounds(120), seed(8));
    let data = Data::new(engine).await;
    let mut random = Random::new(seed);
    let mut now: Timestamp = noon();
    let (mut staff, mut young) = (Vec::<StaffId>::new(), Vec::<PersonId>::new());
    let teams = write!(data, tx, vault, {
        let mut teams = Vec::new();
        for name in ["north", "east"] {
            teams.push(people::team_of(tx, name, name, "A council", noon()).await?);
        }
        portal::error::Result::Ok(teams)
    })
    .unwrap();
    for n in 0..8u64 {
        let team = teams[(n % 2) as usize];
        let person = write!(data, tx, vault, {
            let new = people::NewPerson {
                name: format!("Person {n}"),
                called: format!("P{n}"),
                born_on: Date::constant(2008, 1, 1),
                team,
            };
            people::insert_person(tx, vault, &new, noon()).await
        });
        young.push(person.unwrap());
    }
    let mut most = 0;
    for step in 0..steps {
        now = from_micros(now.as_microsecond() + random.below(30) as i64 * HOUR);
        let at = now;
        let what = random.below(10);
        if staff.len() < 2 || what == 0 && staff.len() < 9 {
            let n = staff.len();
            let roles: &'static [Role] = [
                &[Role::Adviser][..],
                &[Role::Adviser, Role::Duty],
                &[Role::Manager],
                &[Role::Duty],
                &[Role::SocialWorker],
            ][random.below(5) as usize];
            let (team, duty) = (teams[random.below(2) as usize], random.one_in(2));
            let one = write!(data, tx, vault, {
                let id = people::insert_staff(tx, vault, &format!("Worker {n}"), None, roles, at).await?;
                signin::set_account(tx, vault, Owner::Staff(id), &format!("worker-name-{n}"), "x", at).await?;
                people::set_team(tx, team, id, duty, at).await?;
                portal::error::Result::Ok(id)
            });
            staff.push(one.unwrap());
            continue;
        }
        let (one, other) = (*random.pick(&staff), *random.pick(&staff));
        let person = *random.pick(&young);
        match what {
            1 => {
                let state = if random.one_in(2) { "suspended" } else { "active" };
                data.raw.run(&format!("UPDATE staff SET state = '{state}' WHERE id = {}", data.raw.id(one))).await;
            }
            2 => {
                let state = if random.one_in(2) { "disabled" } else { "active" };
                data.raw
                    .run(&format!("UPDATE account SET state = '{state}' WHERE owner_id = {}", data.raw.id(one)))
                    .await;
            }
            3 | 4 => {
                let (from_on, cover) = (london_date(at), (!random.one_in(3)).then_some(other));
                let id = portal::vault::new_id().unwrap();
                let absence =
                    Absence { id, staff: one, from_on, to_on: from_on + (random.below(5) as i64).days(), cover };
                write!(data, tx, vault, [absence = absence], people::insert_absence(tx, absence, one, at).await)
                    .unwrap();
            }
            5 => {
                let (team, duty) = (*random.pick(&teams), random.one_in(2));
                write!(data, tx, vault, people::set_team(tx, team, one, duty, at).await).unwrap();
            }
            6 => {
                let lead = random.one_in(2);
                write!(data, tx, vault, people::assign(tx, person, one, Part::Pa, lead, at).await).unwrap();
            }
            7 => {
                let told = async || {
                    let waits = "SELECT CAST(waiting_since AS TEXT) || ' ' || CAST(due_at AS TEXT) FROM thread WHERE waiting_since IS NOT NULL ORDER BY id";
                    (data.raw.texts(waits).await, data.raw.number("SELECT COUNT(*) FROM message_opened").await)
                };
                let before = told().await;
                write!(data, tx, vault, {
                    let people = people::works_with_whom(tx, one, at).await?;
                    let by = Actor::Staff(one, vec![]);
                    let what = Move { from: one, to: other, people, note: String::new(), by, number: "1".into() };
                    if one == other { Ok(0) } else { hand_over_now(tx, vault, &what, at).await }
                })
                .unwrap();
                assert_eq!(told().await, before, "handing over changes no wait");
            }
            _ => {
                let me = Actor::Person(person, Door::Sealed);
                write!(data, tx, vault, [me = me], {
                    let mut access = access::check::<WriteMessage, _>(tx, me, person, at).await?.unwrap();
                    let due = from_micros(at.as_microsecond() + 8 * HOUR);
                    messages::insert(&mut access, vault, &New::said("hello", Some(due))).await
                })
                .unwrap();
            }
        }
        most = most.max(everybody_is_in_a_list(&data, &young, at, step).await);
    }
    println!("    {steps} steps on {engine:?}, seed {seed}; at most {most} waited at once");
    assert!(most > 3);
}

async fn everybody_is_in_a_list(data: &Data, young: &[PersonId], at: Timestamp, step: u64) -> usize {
    let mut db = data.db.read().await.unwrap();
    let roster = db.fetch(people::roster(at)).await.unwrap();
    let mut listed = BTreeSet::new();
    for (reader, live) in &roster.live {
        let actor = Actor::Staff(*reader, live.roles.iter().copied().collect());
        let mut caseload = access::caseload(&mut db, &actor, at).unwrap();
        let mine = messages::mine(&mut caseload).await.unwrap();
        let list = caseload.fetch(messages::waiting(&caseload, &data.vault, &mine)).await.unwrap();
        for one in list {
            let opens = access::check::<ReadThread, _>(&mut db, &actor, one.person, at).await.unwrap().is_some();
            assert!(opens, "step {step}: in the list of somebody who cannot open it");
            listed.insert(one.person);
        }
        let mut caseload = access::caseload(&mut db, &actor, at).unwrap();
        let may = access::may_each::<AnswerMessage>(&mut caseload, young).await.unwrap();
        for person in young {
            let one = access::check::<AnswerMessage, _>(&mut db, &actor, *person, at).await.unwrap().is_some();
            assert_eq!(may.contains(person), one, "step {step}: a list and a check say otherwise");
        }
    }
    let waiting = "SELECT COUNT(*) FROM thread WHERE waiting_since IS NOT NULL AND person_id = ";
    let mut waits = 0;
    for person in young {
        if data.raw.number(&format!("{waiting}{}", data.raw.id(*person))).await > 0 {
            waits += 1;
            assert!(listed.contains(person) || roster.live.is_empty(), "step {step}: somebody waits in no list");
        }
    }
    waits
}
