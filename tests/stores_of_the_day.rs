//! The stores behind a worker's day, called on both engines: what a list is drawn from, where somebody lives, check-ins.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use portal::audit::{self, Entry};
use portal::clock::{DAY, MINUTE};
use portal::messages::store::{self as messages, New};
use portal::messages::{CheckIn, Feel, How, What};
use portal::people::access::{self, MarkThread, NoteThread, ReadProfile, SetRhythm, WriteMessage, WriteSpell};
use portal::people::{Actor, Door, Home, Rhythm, Role, Spell, SpellKind, StaffId, store as people};
use portal::plan::store as plan;
use portal::signin::{Owner, store as signin};
use portal::work::store as work;

use crate::support::{Data, Engine, World, after, filled, noon, on_both, write};

on_both! {
    what_a_list_says_of_each_is_read_for_all_at_once
    a_new_home_ends_the_one_before_and_keeps_it
    a_check_in_is_kept_with_its_message_and_waits_only_when_it_asks
    a_row_that_is_done_is_done_for_its_day_and_its_worker
    a_manager_and_a_desk_see_who_is_theirs
    a_new_device_is_told_for_a_day
}

fn adviser(staff: StaffId) -> Actor {
    Actor::Staff(staff, vec![Role::Adviser])
}

async fn spell(data: &Data, world: &World, value: &str, provided: Option<bool>, from: Date) {
    let (sam, priya) = (world.sam, adviser(world.priya));
    let spell = Spell {
        kind: SpellKind::Home.as_str().to_owned(),
        value: value.to_owned(),
        detail: Some(format!("{value} street")),
        provided,
        suitable: None,
        from_on: from.to_string(),
        to_on: None,
    };
    write!(data, tx, vault, [priya = priya, spell = spell], {
        let mut access = access::check::<WriteSpell, _>(tx, priya, sam, noon()).await?.unwrap();
        people::add_spell(&mut access, vault, spell).await
    })
    .unwrap();
}

async fn spoke(data: &Data, world: &World, how: How, day: Date, at: Timestamp) {
    let (sam, priya) = (world.sam, adviser(world.priya));
    write!(data, tx, vault, [priya = priya], {
        let mut access = access::check::<NoteThread, _>(tx, priya, sam, at).await?.unwrap();
        messages::insert(&mut access, vault, &New { what: What::Spoke(how, day), body: "", shown: None, due: None })
            .await
    })
    .unwrap();
}

async fn what_a_list_says_of_each_is_read_for_all_at_once(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, priya) = (world.sam, adviser(world.priya));
    spell(&data, &world, "supported-housing", Some(true), date(2026, 11, 2)).await;
    spoke(&data, &world, How::Visit, date(2026, 11, 5), after(MINUTE)).await;
    spoke(&data, &world, How::Phone, date(2026, 11, 20), after(2 * MINUTE)).await;
    let rhythm = Rhythm { check_in_days: Some(14), contact_weeks: None, from: date(2026, 12, 1) };
    for _ in 0..2 {
        write!(data, tx, vault, [priya = priya], {
            let mut access = access::check::<SetRhythm, _>(tx, priya, sam, noon()).await?.unwrap();
            people::set_rhythm(&mut access, rhythm).await
        })
        .unwrap();
    }
    let mut db = data.db.read().await.unwrap();
    let mut caseload = access::caseload(&mut db, &priya, after(DAY)).unwrap();
    let nobody = portal::id::Id::from_bytes([9; 16]);
    let mut listed = caseload.list(vec![sam, nobody]);
    let lives = listed.fetch(people::lives(&listed)).await.unwrap();
    let basics = lives[&sam].basics;
    assert_eq!((lives.len(), basics.born_on, basics.flagged), (1, date(2008, 3, 27), false));
    let home = Home { since: date(2026, 11, 2), provided: true };
    assert_eq!((lives[&sam].home, people::homes(&mut listed).await.unwrap()[&sam]), (Some(home), home));
    assert_eq!(lives[&sam].rhythm, Some(rhythm));
    let dealings = listed.fetch(messages::dealings(&listed)).await.unwrap()[&sam];
    assert_eq!((dealings.visit, dealings.contact), (Some(date(2026, 11, 5)), Some(date(2026, 11, 20))));
    assert_eq!(messages::visits(&mut listed).await.unwrap()[&sam], date(2026, 11, 5));
    assert!(messages::waits(&mut listed).await.unwrap().is_empty());
    assert_eq!(people::called(&mut listed, &data.vault).await.unwrap()[&sam], "Samtest");
    let plans = listed.fetch(plan::dates(&listed)).await.unwrap();
    assert!(plans[&sam].review_by(None).map(|(due, _)| due) > plans[&sam].made_on);
    let leads = people::leads(listed.reads(), &[sam, world.aaliyah, nobody], noon()).await.unwrap();
    assert_eq!(leads.into_iter().collect::<Vec<_>>().len(), 2);
    for person in [sam, world.aaliyah] {
        let one = people::lead(listed.reads(), person, noon()).await.unwrap();
        let all = people::leads(listed.reads(), &[person], noon()).await.unwrap();
        assert_eq!(all.get(&person).copied(), one, "for one as for many");
    }
    let names = listed.fetch(people::staff_names(&data.vault, [world.priya, world.priya])).await.unwrap();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), [(world.priya, "Priya Nairtest".to_owned())]);
    let mut access = access::check::<ReadProfile, _>(&mut db, &priya, sam, noon()).await.unwrap().unwrap();
    assert_eq!(people::rhythm(&mut access).await.unwrap(), Some(rhythm));
    drop(db);
    // Of two homes that hold at once, which no form makes, the one they moved into last counts, in both lists.
    for (n, from_on) in [(7, "2026-10-01"), (8, "2026-11-20"), (9, "2026-09-01")] {
        let (id, sam) = (data.raw.id(portal::id::Id::<()>::from_bytes([n; 16])), data.raw.id(sam));
        data.raw
            .run(&format!(
                "INSERT INTO spell (id, person_id, kind, value, from_on) VALUES ({id}, {sam}, 'home', 'x', '{from_on}')"
            ))
            .await;
    }
    let mut db = data.db.read().await.unwrap();
    let mut caseload = access::caseload(&mut db, &priya, after(DAY)).unwrap();
    let mut listed = caseload.list(vec![sam]);
    let last = Some(Home { since: date(2026, 11, 20), provided: false });
    assert_eq!(listed.fetch(people::lives(&listed)).await.unwrap()[&sam].home, last);
    assert_eq!(people::homes(&mut listed).await.unwrap().get(&sam).copied(), last);
}

async fn a_new_home_ends_the_one_before_and_keeps_it(engine: Engine) {
    let (data, world) = filled(engine).await;
    spell(&data, &world, "family-friends", Some(false), date(2026, 9, 1)).await;
    spell(&data, &world, "own-tenancy", Some(false), date(2026, 11, 1)).await;
    // Told late: it belongs between the two.
    spell(&data, &world, "emergency", Some(true), date(2026, 10, 1)).await;
    // A mistake of that day, put right.
    spell(&data, &world, "supported-lodgings", Some(true), date(2026, 10, 1)).await;
    let mut db = data.db.read().await.unwrap();
    let mut access =
        access::check::<ReadProfile, _>(&mut db, &adviser(world.priya), world.sam, noon()).await.unwrap().unwrap();
    let spells = people::spells(&mut access, &data.vault).await.unwrap();
    let homes: Vec<_> = spells
        .iter()
        .filter(|spell| spell.kind == "home")
        .map(|spell| (spell.value.as_str(), spell.from_on.as_str(), spell.to_on.as_deref()))
        .collect();
    assert!(homes.contains(&("own-tenancy", "2026-11-01", None)), "{homes:?}");
    assert!(homes.contains(&("supported-lodgings", "2026-10-01", Some("2026-11-01"))), "{homes:?}");
    assert!(homes.contains(&("emergency", "2026-10-01", Some("2026-10-01"))), "{homes:?}");
    assert!(homes.contains(&("family-friends", "2026-09-01", Some("2026-10-01"))), "{homes:?}");
    assert!(spells.iter().any(|spell| spell.detail.as_deref() == Some("own-tenancy street")));
}

async fn a_check_in_is_kept_with_its_message_and_waits_only_when_it_asks(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, me) = (world.sam, Actor::Person(world.sam, Door::Sealed));
    for (n, (feel, call)) in (0i64..).zip([(Feel::Good, false), (Feel::Hard, true)]) {
        let (pressed, at) = (CheckIn { feel, call }, after(n * MINUTE));
        write!(data, tx, vault, [me = me], {
            let mut access = access::check::<WriteMessage, _>(tx, me, sam, at).await?.unwrap();
            let new = New::said("as pressed", pressed.asks().then_some(at));
            let id = messages::insert(&mut access, vault, &new).await?;
            messages::insert_check_in(&mut access, id, pressed).await
        })
        .unwrap();
        let mut db = data.db.read().await.unwrap();
        let mut access =
            access::check::<ReadProfile, _>(&mut db, &adviser(world.priya), sam, at).await.unwrap().unwrap();
        assert_eq!(messages::last_check_in(&mut access).await.unwrap(), Some(portal::clock::london_date(at)));
        let mut listed = access.list();
        let dealings = listed.fetch(messages::dealings(&listed)).await.unwrap()[&sam];
        assert_eq!(dealings.asks, pressed.asks().then_some(pressed));
        assert_eq!(messages::waits(&mut access.list()).await.unwrap().contains_key(&sam), pressed.asks());
    }
}

async fn a_row_that_is_done_is_done_for_its_day_and_its_worker(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, priya) = (world.sam, adviser(world.priya));
    for _ in 0..2 {
        write!(data, tx, vault, [priya = priya], {
            let mut access = access::check::<MarkThread, _>(tx, priya, sam, noon()).await?.unwrap();
            work::set_done(&mut access, "birthday", date(2026, 12, 4)).await
        })
        .unwrap();
    }
    let mut db = data.db.read().await.unwrap();
    let mut taken_off = async |worker: &Actor| {
        let mut caseload = access::caseload(&mut db, worker, noon()).unwrap();
        caseload.fetch(work::done(&caseload)).await.unwrap()
    };
    let done = taken_off(&priya).await;
    assert!(done[&sam].contains(&("birthday".to_owned(), date(2026, 12, 4))) && done[&sam].len() == 1);
    let other = taken_off(&adviser(world.cora)).await;
    assert!(other.is_empty());
}

async fn a_manager_and_a_desk_see_who_is_theirs(engine: Engine) {
    let (data, world) = filled(engine).await;
    let mut db = data.db.read().await.unwrap();
    let morag = Actor::Staff(world.morag, vec![Role::Manager]);
    let mut managed = access::managed(&mut db, &morag, noon()).unwrap();
    let theirs = people::managed_people(&mut managed).await.unwrap();
    let team = theirs.iter().find(|(person, ..)| *person == world.sam).unwrap().1;
    assert!(!theirs.iter().any(|(person, ..)| *person == world.aaliyah));
    let dee = Actor::Staff(world.dee, vec![Role::Duty]);
    let mut caseload = access::caseload(&mut db, &dee, noon()).unwrap();
    assert!(people::led_by_nobody(&mut caseload, team).await.unwrap().is_empty());
    drop(db);
    // Who leads is suspended: nobody answers for them, whoever else works beside.
    let lead = data.raw.id(world.priya);
    data.raw.run(&format!("UPDATE staff SET state = 'suspended' WHERE id = {lead}")).await;
    let mut db = data.db.read().await.unwrap();
    let mut caseload = access::caseload(&mut db, &dee, noon()).unwrap();
    assert_eq!(people::led_by_nobody(&mut caseload, team).await.unwrap(), [world.sam]);
    drop(db);
    data.raw.run(&format!("UPDATE staff SET state = 'active' WHERE id = {lead}")).await;
    let sam = data.raw.id(world.sam);
    data.raw.run(&format!("UPDATE assignment SET to_at = from_at, lead = (1 = 0) WHERE person_id = {sam}")).await;
    let mut db = data.db.read().await.unwrap();
    let mut caseload = access::caseload(&mut db, &dee, noon()).unwrap();
    assert_eq!(people::led_by_nobody(&mut caseload, team).await.unwrap(), [world.sam]);
}

async fn a_new_device_is_told_for_a_day(engine: Engine) {
    let (data, world) = filled(engine).await;
    let account = signin::account_of(&mut data.db.read().await.unwrap(), Owner::Person(world.sam)).await.unwrap();
    let account = account.unwrap().id;
    write!(data, tx, vault, signin::insert_device(tx, account, &[7; 32], "Firefox on Android", noon()).await).unwrap();
    let since = async |micros: i64| {
        let mut db = data.db.read().await.unwrap();
        signin::new_devices(&mut db, Owner::Person(world.sam), micros).await.unwrap()
    };
    let (day, now) = (noon().as_microsecond() - DAY, noon().as_microsecond());
    let known = (Some("Firefox on Android".to_owned()), now);
    assert_eq!(since(day).await[0], known);
    assert!(!since(now).await.contains(&known));
    // On one that is not known: each visit, and nobody else's; one that became known then is told with its browser.
    for (who, at) in
        [(world.sam, MINUTE), (world.sam, 2 * MINUTE), (world.aaliyah, 3 * MINUTE), (world.sam, 4 * MINUTE)]
    {
        let actor = Actor::Person(who, Door::Write);
        let entry = Entry::of(Some(actor), signin::ELSEWHERE, "account", after(at));
        write!(data, tx, _vault, [entry = entry], audit::store::insert(tx, entry, "1").await).unwrap();
    }
    let safari = after(4 * MINUTE);
    write!(data, tx, vault, signin::insert_device(tx, account, &[8; 32], "Safari", safari).await).unwrap();
    let at = |minutes: i64| after(minutes * MINUTE).as_microsecond();
    let visits = [(Some("Safari".to_owned()), at(4)), (None, at(2)), (None, at(1))];
    assert_eq!(since(day).await[..4], [&visits[..], &[known]].concat());
    assert_eq!(since(at(1)).await, visits[..2]);
    // Whoever forgets the device does not take back that they were there.
    write!(data, tx, _vault, signin::forget_devices(tx, account).await).unwrap();
    assert_eq!(since(at(2)).await, [(None, at(4))]);
}
