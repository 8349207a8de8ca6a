//! Whatever stands in threads, marks, drafts and plans when people go over from one worker to another, as many stand
//! there after as before, in the same order, as unread and due at the same time.

use jiff::Timestamp;
use jiff::civil::date;
use portal::clock::{DAY, SECOND, from_micros};
use portal::messages::store::{self as messages, New};
use portal::messages::{Mark, What};
use portal::people::access::{self, AnswerMessage, MarkThread, NoteThread, ReadThread, WriteMessage};
use portal::people::acts::{Move, hand_over_now};
use portal::people::{Actor, Door, Part, PersonId, Role, StaffId, store as people};
use portal::signin::store as signin;

use crate::support::people::{CORA, OWEN, PRIYA};
use crate::support::random::{Random, rounds, seed};
use crate::support::{Data, Engine, filled, noon, on_both, write};

on_both! {
    as_much_stands_there_after_a_hand_over_as_before
}

/// Each message in its order with how often it was opened, each wait, and what is planned: everything that a hand-over
/// must leave as it is. News of the hand-over itself are not counted.
async fn kept(data: &Data) -> Vec<String> {
    let mut kept = Vec::new();
    for sql in [
        "SELECT CAST(m.seq AS TEXT) || ' ' || CAST(m.sent_at AS TEXT) || ' ' || m.kind || ' ' || CAST((SELECT COUNT(*) FROM message_opened o WHERE o.message_id = m.id) AS TEXT)
         FROM message m WHERE m.kind <> 'news' ORDER BY m.sent_at, m.seq, m.kind",
        "SELECT COALESCE(CAST(waiting_since AS TEXT), '-') || ' ' || COALESCE(CAST(due_at AS TEXT), '-') FROM thread WHERE waiting_since IS NOT NULL ORDER BY waiting_since, due_at, last_seq",
        "SELECT CAST(send_at AS TEXT) || ' ' || state FROM planned ORDER BY send_at, made_at",
        "SELECT CAST(COUNT(*) AS TEXT) FROM draft",
        "SELECT CAST(COUNT(DISTINCT person_id) AS TEXT) FROM thread_mark WHERE unread",
        "SELECT CAST(COUNT(DISTINCT person_id) AS TEXT) FROM thread_mark WHERE follow_up_on IS NOT NULL",
        "SELECT CAST(COUNT(*) AS TEXT) FROM crisis_flag WHERE cleared_at IS NULL",
        "SELECT CAST(COUNT(*) AS TEXT) FROM assignment WHERE lead AND to_at IS NULL",
    ] {
        kept.push("--".to_owned());
        kept.extend(data.raw.texts(sql).await);
    }
    kept
}

/// Something that happens in somebody's thread.
async fn happens(data: &Data, what: u64, person: PersonId, lead: StaffId, desk: signin::Desk<'_>, at: Timestamp) {
    let (me, worker) = (Actor::Person(person, Door::Sealed), Actor::Staff(lead, vec![Role::Adviser]));
    match what {
        0..=2 => write!(data, tx, vault, [me = me], {
            let mut access = access::check::<WriteMessage, _>(tx, me, person, at).await?.unwrap();
            let id =
                messages::insert(&mut access, vault, &New::said("hello", Some(from_micros(at.as_microsecond() + DAY))))
                    .await?;
            if what == 2 { messages::flag(&mut access, id).await } else { Ok(()) }
        })
        .unwrap(),
        3 => write!(data, tx, vault, [worker = worker], {
            let mut access = access::check::<ReadThread, _>(tx, worker, person, at).await?.unwrap();
            let page = messages::thread(&mut access, vault, None).await?.messages;
            if let (Some(first), Some(last)) = (page.first(), page.last()) {
                messages::mark_opened(&mut access, first.id, last.id).await?;
            }
            Ok(())
        })
        .unwrap(),
        4 => write!(data, tx, vault, [worker = worker], {
            let mut access = access::check::<AnswerMessage, _>(tx, worker, person, at).await?.unwrap();
            messages::insert(&mut access, vault, &New::said("yes", None)).await.map(drop)
        })
        .unwrap(),
        5 => write!(data, tx, vault, [worker = worker], {
            let mut access = access::check::<NoteThread, _>(tx, worker, person, at).await?.unwrap();
            let due = Some(at.as_microsecond() + 3 * DAY);
            let new = New { what: What::Promise(date(2026, 12, 4)), body: "I will", shown: None, due };
            messages::insert(&mut access, vault, &new).await.map(drop)
        })
        .unwrap(),
        6 => write!(data, tx, vault, [worker = worker], {
            let mut access = access::check::<MarkThread, _>(tx, worker, person, at).await?.unwrap();
            let mark = Mark { unread: true, snoozed_to: None, follow_up_on: Some(date(2026, 12, 1)) };
            messages::set_mark(&mut access, lead, mark).await
        })
        .unwrap(),
        7 => write!(data, tx, vault, [worker = worker], {
            let mut access = access::check::<AnswerMessage, _>(tx, worker, person, at).await?.unwrap();
            let send_at = from_micros(at.as_microsecond() + 30 * DAY);
            messages::insert_planned(&mut access, vault, "later", send_at, None).await.map(drop)
        })
        .unwrap(),
        _ => {
            let place = format!("/work/people/{person}/messages");
            let (account, owner, session, door) = (desk.account, desk.owner, desk.session, desk.door);
            write!(data, tx, vault, [place = place], {
                let desk = signin::Desk { account, owner, session, door, place };
                signin::put_draft(tx, vault, desk, "half an answer", (false, at.as_microsecond() + 90 * DAY), at).await
            })
            .unwrap();
        }
    }
}

async fn as_much_stands_there_after_a_hand_over_as_before(engine: Engine) {
    let (data, world) = filled(engine).await;
    let mut random = Random::new(seed(11));
    let workers = [(world.priya, PRIYA), (world.owen, OWEN), (world.cora, CORA)];
    let mut people_led: Vec<(PersonId, usize)> = vec![(world.sam, 0), (world.aaliyah, 1)];
    let team = people::team_of_person(&mut data.db.read().await.unwrap(), world.sam).await.unwrap();
    for n in 0..6usize {
        let staff = workers[n % 3].0;
        let person = write!(data, tx, vault, {
            let name = format!("Somebody {n}");
            let new = people::NewPerson { called: name.clone(), name, born_on: date(2007, 1, 1), team };
            let person = people::insert_person(tx, vault, &new, noon()).await?;
            people::assign(tx, person, staff, Part::Pa, true, noon()).await?;
            Ok(person)
        })
        .unwrap();
        people_led.push((person, n % 3));
    }
    let mut desks = Vec::new();
    for (_, username) in workers {
        let account =
            signin::account(&mut data.db.read().await.unwrap(), &data.vault, username).await.unwrap().unwrap();
        desks.push((account.id, account.owner));
    }
    let (rounds, mut at, mut moved) = (rounds(30), noon(), 0);
    for round in 0..rounds {
        for _ in 0..random.below(4) {
            at = from_micros(at.as_microsecond() + SECOND);
            let (person, lead) = *random.pick(&people_led);
            let session = portal::id::Id::from_bytes([0; 16]);
            let desk =
                signin::Desk { account: desks[lead].0, owner: desks[lead].1, session, door: Door::Open, place: "" };
            happens(&data, random.below(9), person, workers[lead].0, desk, at).await;
        }
        at = from_micros(at.as_microsecond() + SECOND);
        let from = random.below(3) as usize;
        let to = (from + 1 + random.below(2) as usize) % 3;
        let people: Vec<PersonId> = people_led
            .iter()
            .filter(|(_, lead)| *lead == from && !random.one_in(3))
            .map(|(person, _)| *person)
            .collect();
        let before = kept(&data).await;
        let by = Actor::Staff(world.morag, vec![Role::Manager]);
        let what = Move {
            from: workers[from].0,
            to: workers[to].0,
            people: people.clone(),
            note: String::new(),
            by,
            number: "test".to_owned(),
        };
        let many = write!(data, tx, vault, [what = what], hand_over_now(tx, vault, what, at).await).unwrap();
        assert_eq!(many, people.len(), "round {round}");
        moved += many;
        assert_eq!(kept(&data).await, before, "round {round}, seed {}", seed(11));
        for (person, lead) in people_led.iter_mut().filter(|(person, _)| people.contains(person)) {
            *lead = to;
            let mut db = data.db.read().await.unwrap();
            assert_eq!(people::lead(&mut db, *person, at).await.unwrap(), Some(workers[to].0));
            let old = Actor::Staff(workers[from].0, vec![Role::Adviser]);
            assert!(
                access::check::<ReadThread, _>(&mut db, &old, *person, at).await.unwrap().is_none(),
                "round {round}"
            );
        }
    }
    println!("    {rounds} rounds on {engine:?}, {moved} people handed over");
    assert!(moved as u64 > rounds / 3);
}
