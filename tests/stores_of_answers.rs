//! The stores behind an answer, called on both engines: waits and their clock, marks, words that may mean danger, who
//! is away and who covers.

use jiff::Timestamp;
use jiff::civil::{Date, time};
use portal::clock::{DAY, HOUR, MINUTE};
use portal::messages::answering::Step;
use portal::messages::store::{self as messages, New};
use portal::messages::{How, Mark, MessageId, Mine, State, What};
use portal::people::access::{self, AnswerMessage, HideMessage, MarkThread, NoteThread, ReadThread, WriteMessage};
use portal::people::{Absence, Actor, Answers, Door, HandOver, Role, StaffId, Week, store as people};
use portal::signin::store as signin;

use crate::support::people::SAM;
use crate::support::{Data, Engine, World, after, filled, noon, on_both, write};

on_both! {
    a_wait_begins_once_is_put_off_by_a_promise_and_ends_with_an_answer
    a_wait_that_is_late_is_taken_further_once_for_each_step
    what_is_hidden_is_gone_from_one_view_only
    marks_are_a_worker_s_own_until_they_are_handed_over
    words_that_may_mean_danger_stand_first_until_a_worker_has_read_them
    whoever_is_away_is_covered_for_those_days_and_the_cover_reaches_the_thread
    a_week_of_work_reads_back
    a_form_that_was_sent_is_known
    a_hand_over_is_planned_once_and_settled_once
    a_draft_goes_along_with_the_person_it_is_for
    what_somebody_says_of_themselves_reads_back
}

const DUE: i64 = 5 * HOUR;

async fn sam_writes(data: &Data, world: &World, body: &str, at: Timestamp) -> MessageId {
    let sam = world.sam;
    write!(data, tx, vault, [body = body.to_owned()], {
        let actor = Actor::Person(sam, Door::Sealed);
        let mut access = access::check::<WriteMessage, _>(tx, &actor, sam, at).await?.unwrap();
        let due = portal::clock::from_micros(at.as_microsecond() + DUE);
        messages::insert(&mut access, vault, &New::said(body, Some(due))).await
    })
    .unwrap()
}

fn adviser(staff: StaffId) -> Actor {
    Actor::Staff(staff, vec![Role::Adviser])
}

async fn adds(data: &Data, world: &World, what: What, due: Option<i64>, at: Timestamp) {
    let (sam, priya) = (world.sam, adviser(world.priya));
    write!(data, tx, vault, [priya = priya], {
        let mut access = access::check::<NoteThread, _>(tx, priya, sam, at).await?.unwrap();
        let new = New { what, body: "as said", shown: Some("shown"), due };
        messages::insert(&mut access, vault, &new).await
    })
    .unwrap();
}

async fn opens(data: &Data, world: &World, at: Timestamp) {
    let (sam, priya) = (world.sam, adviser(world.priya));
    write!(data, tx, vault, [priya = priya], {
        let mut access = access::check::<ReadThread, _>(tx, priya, sam, at).await?.unwrap();
        let page = messages::thread(&mut access, vault, None).await?;
        let (first, last) = (page.messages.first().unwrap().id, page.messages.last().unwrap().id);
        messages::mark_opened(&mut access, first, last).await
    })
    .unwrap();
}

async fn wait(data: &Data, world: &World, at: Timestamp) -> Option<(i64, Option<i64>)> {
    let mut db = data.db.read().await.unwrap();
    let mut access =
        access::check::<ReadThread, _>(&mut db, &adviser(world.priya), world.sam, at).await.unwrap().unwrap();
    messages::wait_of(&mut access).await.unwrap()
}

async fn states(data: &Data, world: &World, at: Timestamp) -> Vec<State> {
    let mut db = data.db.read().await.unwrap();
    let actor = Actor::Person(world.sam, Door::Sealed);
    let mut access = access::check::<ReadThread, _>(&mut db, &actor, world.sam, at).await.unwrap().unwrap();
    let page = messages::thread(&mut access, &data.vault, None).await.unwrap();
    page.messages.into_iter().filter(|one| one.from == portal::messages::From::Person).map(|one| one.state).collect()
}

async fn a_wait_begins_once_is_put_off_by_a_promise_and_ends_with_an_answer(engine: Engine) {
    let (data, world) = filled(engine).await;
    assert_eq!(wait(&data, &world, noon()).await, None);
    sam_writes(&data, &world, "first", noon()).await;
    sam_writes(&data, &world, "second", after(HOUR)).await;
    let begun = (noon().as_microsecond(), Some(after(DUE).as_microsecond()));
    assert_eq!(wait(&data, &world, after(HOUR)).await, Some(begun), "who writes again waits as long and no longer");
    adds(&data, &world, What::Note, None, after(HOUR)).await;
    adds(&data, &world, What::News, None, after(HOUR)).await;
    assert_eq!(wait(&data, &world, after(HOUR)).await, Some(begun));
    opens(&data, &world, after(2 * HOUR)).await;
    let by = Date::constant(2026, 11, 27);
    let due = Some(after(3 * DAY).as_microsecond());
    adds(&data, &world, What::Promise(by), due, after(3 * HOUR)).await;
    assert_eq!(wait(&data, &world, after(3 * HOUR)).await, Some((begun.0, due)));
    let promised = State::Promised("Priya Nairtest".into(), by);
    assert_eq!(states(&data, &world, after(3 * HOUR)).await, [promised.clone(), promised.clone()]);
    // What comes after the promise has not been promised anything.
    sam_writes(&data, &world, "third", after(4 * HOUR)).await;
    assert_eq!(states(&data, &world, after(4 * HOUR)).await, [promised.clone(), promised, State::Saved]);
    opens(&data, &world, after(5 * HOUR)).await;
    adds(&data, &world, What::Spoke(How::Phone, by), None, after(6 * HOUR)).await;
    assert_eq!(wait(&data, &world, after(6 * HOUR)).await, None, "they spoke: nobody waits");
    assert_eq!(states(&data, &world, after(6 * HOUR)).await, vec![State::Answered; 3]);
    // Outside of any wait a time to answer means nothing.
    let thread = data.raw.texts("SELECT COALESCE(CAST(due_at AS TEXT), '-') FROM thread").await;
    assert_eq!(thread, ["-"]);
    let changed = messages::changed_since(&mut data.db.read().await.unwrap(), after(5 * HOUR).as_microsecond()).await;
    assert_eq!(changed.unwrap(), [(world.sam, after(6 * HOUR).as_microsecond())]);
}

async fn a_wait_that_is_late_is_taken_further_once_for_each_step(engine: Engine) {
    let (data, world) = filled(engine).await;
    sam_writes(&data, &world, "first", noon()).await;
    let late = async |at| messages::late(&mut data.db.read().await.unwrap(), at).await.unwrap();
    assert!(late(after(DUE - 1)).await.is_empty());
    let one = late(after(DUE)).await.remove(0);
    assert_eq!((one.person, one.lead, one.urgent), (world.sam, Some(world.priya), false));
    assert_eq!((one.since, one.due), (noon().as_microsecond(), after(DUE).as_microsecond()));
    let raise = async |step: Step| {
        write!(data, tx, vault, [one = one], messages::escalate(tx, one, step, after(DUE)).await).unwrap()
    };
    for step in Step::ALL {
        assert!(raise(step).await && !raise(step).await, "{step:?}");
    }
    assert!(late(after(DUE)).await.is_empty(), "nobody else is to be told");
    let mut db = data.db.read().await.unwrap();
    let morag = Actor::Staff(world.morag, vec![Role::Manager]);
    let mut managed = access::managed(&mut db, &morag, after(DUE)).unwrap();
    let told = messages::too_long(&mut managed, &data.vault).await.unwrap().remove(0);
    assert_eq!((told.called.as_str(), told.lead.as_deref()), ("Samtest", Some("Priya Nairtest")));
    drop(db);
    let thread = one.thread;
    write!(data, tx, vault, messages::put_due(tx, thread, Some(after(DAY).as_microsecond())).await).unwrap();
    assert!(late(after(DUE)).await.is_empty() && late(after(DAY)).await.len() == 1, "put off");
}

async fn what_is_hidden_is_gone_from_one_view_only(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (one, _) = (sam_writes(&data, &world, "one", noon()).await, sam_writes(&data, &world, "two", noon()).await);
    let (sam, me) = (world.sam, Actor::Person(world.sam, Door::Sealed));
    let bodies = async |actor: &Actor| {
        let mut db = data.db.read().await.unwrap();
        let mut access = access::check::<ReadThread, _>(&mut db, actor, sam, noon()).await.unwrap().unwrap();
        let page = messages::thread(&mut access, &data.vault, None).await.unwrap();
        (page.messages.into_iter().map(|one| one.body).collect::<Vec<_>>(), page.hidden)
    };
    let hide = async |message: MessageId| {
        write!(data, tx, vault, [me = me], {
            let mut access = access::check::<HideMessage, _>(tx, me, sam, noon()).await?.unwrap();
            messages::hide(&mut access, message).await
        })
        .unwrap()
    };
    assert!(hide(one).await && hide(one).await, "twice is once");
    assert!(!hide(portal::id::Id::from_bytes([7; 16])).await, "of nobody's thread");
    assert_eq!(bodies(&me).await, (vec!["two".to_owned()], 1));
    assert_eq!(bodies(&adviser(world.priya)).await.0, ["one", "two"]);
    write!(data, tx, vault, [me = me], {
        let mut access = access::check::<HideMessage, _>(tx, me, sam, noon()).await?.unwrap();
        messages::show_again(&mut access).await
    })
    .unwrap();
    assert_eq!(bodies(&me).await, (vec!["one".to_owned(), "two".to_owned()], 0));
}

async fn marks_are_a_worker_s_own_until_they_are_handed_over(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, priya, cora) = (world.sam, world.priya, world.cora);
    let of = async |staff: StaffId| {
        let mut db = data.db.read().await.unwrap();
        let mut access = access::check::<ReadThread, _>(&mut db, &adviser(staff), sam, noon()).await.unwrap().unwrap();
        messages::mark(&mut access, staff).await.unwrap()
    };
    let day = Date::constant(2026, 12, 4);
    let mark = Mark { unread: true, snoozed_to: None, follow_up_on: Some(day) };
    let set = async |staff: StaffId, mark: Mark| {
        write!(data, tx, vault, {
            let mut access = access::check::<MarkThread, _>(tx, &adviser(staff), sam, noon()).await?.unwrap();
            messages::set_mark(&mut access, staff, mark).await
        })
        .unwrap();
    };
    set(priya, Mark::default()).await;
    set(priya, mark).await;
    assert_eq!((of(priya).await, of(cora).await), (mark, Mark::default()));
    set(cora, Mark { unread: false, snoozed_to: Some(day), follow_up_on: None }).await;
    write!(data, tx, vault, messages::hand_marks(tx, sam, priya, cora).await).unwrap();
    assert_eq!(of(priya).await, Mark::default());
    assert_eq!(of(cora).await, Mark { unread: true, snoozed_to: Some(day), follow_up_on: Some(day) });
}

async fn words_that_may_mean_danger_stand_first_until_a_worker_has_read_them(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, me) = (world.sam, Actor::Person(world.sam, Door::Sealed));
    let message = sam_writes(&data, &world, "first", noon()).await;
    write!(data, tx, vault, [me = me], {
        let mut access = access::check::<WriteMessage, _>(tx, me, sam, noon()).await?.unwrap();
        messages::flag(&mut access, message).await
    })
    .unwrap();
    let flagged = async || {
        let mut db = data.db.read().await.unwrap();
        let actor = adviser(world.priya);
        let mut access = access::check::<ReadThread, _>(&mut db, &actor, sam, noon()).await.unwrap().unwrap();
        messages::is_flagged(&mut access).await.unwrap()
    };
    let clear = async || {
        let actor = adviser(world.priya);
        write!(data, tx, vault, [actor = actor], {
            let mut access = access::check::<AnswerMessage, _>(tx, actor, sam, after(MINUTE)).await?.unwrap();
            messages::clear_flag(&mut access).await
        })
        .unwrap()
    };
    assert!(flagged().await);
    assert_eq!(clear().await, 0, "nobody has looked who has not opened it");
    opens(&data, &world, after(MINUTE)).await;
    assert_eq!(clear().await, 1);
    assert!(!flagged().await);
    let by = format!("SELECT COUNT(*) FROM crisis_flag WHERE cleared_by = {}", data.raw.id(world.priya));
    assert_eq!(data.raw.number(&by).await, 1, "who looked is kept");
}

async fn whoever_is_away_is_covered_for_those_days_and_the_cover_reaches_the_thread(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (aaliyah, owen, priya) = (world.aaliyah, world.owen, world.priya);
    let absence = Absence {
        id: portal::vault::new_id().unwrap(),
        staff: owen,
        from_on: Date::constant(2026, 11, 25),
        to_on: Date::constant(2026, 11, 26),
        cover: Some(priya),
    };
    write!(data, tx, vault, [absence = absence], people::insert_absence(tx, absence, owen, noon()).await).unwrap();
    let reaches = async |at| {
        let mut db = data.db.read().await.unwrap();
        access::check::<ReadThread, _>(&mut db, &adviser(priya), aaliyah, at).await.unwrap().is_some()
    };
    // Local midnight, when it is winter.
    let first = 12 * HOUR;
    assert_eq!((reaches(after(first - 1)).await, reaches(after(first)).await), (false, true));
    assert_eq!((reaches(after(first + 2 * DAY - 1)).await, reaches(after(first + 2 * DAY)).await), (true, false));
    let mut db = data.db.read().await.unwrap();
    assert_eq!(people::absences(&mut db, owen, noon()).await.unwrap(), std::slice::from_ref(&absence));
    assert_eq!(people::lead(&mut db, aaliyah, noon()).await.unwrap(), Some(owen));
    let roster = db.fetch(people::roster(after(DAY))).await.unwrap();
    let answers = roster.answers(Some(owen), Date::constant(2026, 11, 25));
    assert_eq!(answers, Answers::Cover { away: owen, until: absence.to_on, by: priya });
    let team = people::team_of_person(&mut db, world.sam).await.unwrap();
    assert_eq!(roster.readers(Answers::Desk { away: None }, team, absence.from_on), [world.dee]);
    drop(db);
    let mut db = data.db.read().await.unwrap();
    let mut caseload = access::caseload(&mut db, &adviser(priya), after(DAY)).unwrap();
    let mine = messages::mine(&mut caseload).await.unwrap();
    let list = caseload.fetch(messages::waiting(&caseload, &data.vault, &mine)).await.unwrap();
    let list: Vec<_> = list.into_iter().map(|one| (one.called, one.mine)).collect();
    assert!(list.contains(&("Aaliyahtest".to_owned(), Mine::Covers)), "{list:?}");
    drop(db);
    let ends = async || {
        write!(data, tx, vault, [absence = absence], people::end_absence(tx, owen, absence.id, after(DAY)).await)
            .unwrap()
    };
    assert!(ends().await && !ends().await);
    assert!(!reaches(after(DAY)).await, "back earlier");
}

async fn a_week_of_work_reads_back(engine: Engine) {
    let (data, world) = filled(engine).await;
    let priya = world.priya;
    let of = async || people::week(&mut data.db.read().await.unwrap(), priya).await.unwrap();
    assert_eq!(of().await, None);
    let mut week = Week::default();
    week.0[4] = None;
    week.0[0] = Some((time(9, 30, 0, 0), time(14, 0, 0, 0)));
    for _ in 0..2 {
        write!(data, tx, vault, [week = week], people::set_week(tx, priya, week).await).unwrap();
        assert_eq!(of().await, Some(week.clone()));
    }
    let mut db = data.db.read().await.unwrap();
    let roster = db.fetch(people::roster(noon())).await.unwrap();
    let weeks = people::weeks(&mut db).await.unwrap();
    assert_eq!(roster.shift(&weeks, Some(priya), Date::constant(2026, 11, 27)), None);
    assert!(roster.shift(&weeks, Some(priya), Date::constant(2026, 11, 26)).is_some());
}

async fn a_form_that_was_sent_is_known(engine: Engine) {
    let (data, _) = filled(engine).await;
    let sam = signin::account(&mut data.db.read().await.unwrap(), &data.vault, SAM).await.unwrap().unwrap().id;
    let sent = async |key| signin::form_was_sent(&mut data.db.read().await.unwrap(), sam, &[key; 16]).await.unwrap();
    assert!(!sent(1).await);
    write!(data, tx, vault, signin::once(tx, sam, &[1; 16], b"words", "/me", noon()).await.map(drop)).unwrap();
    assert!(sent(1).await && !sent(2).await);
}

async fn a_hand_over_is_planned_once_and_settled_once(engine: Engine) {
    let (data, world) = filled(engine).await;
    let day = Date::constant(2026, 12, 7);
    let plan = |to| HandOver {
        id: portal::vault::new_id().unwrap(),
        person: world.sam,
        from: world.priya,
        to,
        day,
        made_by: world.morag,
    };
    for to in [world.owen, world.cora] {
        let plan = plan(to);
        write!(data, tx, vault, people::plan_hand_over(tx, &plan, noon()).await).unwrap();
    }
    let planned = async || people::planned_hand_overs(&mut data.db.read().await.unwrap(), world.priya).await.unwrap();
    let due = async |at| people::due_hand_overs(&mut data.db.read().await.unwrap(), at).await.unwrap();
    let one = planned().await.remove(0);
    assert_eq!((planned().await.len(), one.to), (1, world.cora), "the later plan counts");
    let midnight = 12 * DAY + 12 * HOUR;
    assert_eq!((due(after(midnight - 1)).await.len(), due(after(midnight)).await.len()), (0, 1));
    let settle =
        async |done| write!(data, tx, vault, people::settle_hand_over(tx, one.id, done, noon()).await).unwrap();
    assert!(settle(true).await && !settle(true).await && !settle(false).await);
    assert!(planned().await.is_empty());
    let mut db = data.db.read().await.unwrap();
    let morag = Actor::Staff(world.morag, vec![Role::Manager]);
    let mut managed = access::managed(&mut db, &morag, noon()).unwrap();
    let staff = people::managed_staff(&mut managed, &data.vault).await.unwrap();
    assert!(staff.iter().any(|(id, name, many)| (*id, name.as_str(), *many) == (world.priya, "Priya Nairtest", 1)));
    assert!(!staff.iter().any(|(id, ..)| *id == world.owen), "of another team");
    let theirs = people::theirs(&mut managed, &data.vault, world.priya).await.unwrap();
    assert_eq!(theirs, [(world.sam, "Samuel Whittletest".to_owned(), true)]);
    assert!(people::theirs(&mut managed, &data.vault, world.owen).await.unwrap().is_empty());
}

async fn a_draft_goes_along_with_the_person_it_is_for(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (priya, cora) = (world.priya, world.cora);
    let desk = async |username: &str| {
        signin::account(&mut data.db.read().await.unwrap(), &data.vault, username).await.unwrap().unwrap()
    };
    let accounts = [desk(crate::support::people::PRIYA).await, desk(crate::support::people::CORA).await];
    let owners = accounts.map(|one| (one.id, one.owner));
    let at = move |n: usize| signin::Desk {
        account: owners[n].0,
        owner: owners[n].1,
        session: portal::id::Id::from_bytes([0; 16]),
        door: Door::Open,
        place: "/work/people/x/messages",
    };
    let read = async |n| signin::draft(&mut data.db.read().await.unwrap(), &data.vault, at(n), noon()).await.unwrap();
    let hand = async || {
        write!(data, tx, vault, signin::hand_draft(tx, vault, (priya, cora), "/work/people/x/messages", noon()).await)
            .unwrap();
    };
    hand().await;
    for words in ["first", "second"] {
        let until = after(DAY).as_microsecond();
        write!(data, tx, vault, signin::put_draft(tx, vault, at(0), words, (false, until), noon()).await).unwrap();
        hand().await;
        assert_eq!(read(0).await, None);
        assert_eq!(read(1).await.as_deref(), Some("first"), "what the other has typed stays");
    }
}

async fn what_somebody_says_of_themselves_reads_back(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, me) = (world.sam, Actor::Person(world.sam, Door::Open));
    for about in [Some("call after four"), None] {
        write!(data, tx, vault, [me = me], {
            let mut access = access::check::<access::WriteProfile, _>(tx, me, sam, noon()).await?.unwrap();
            people::set_profile(&mut access, vault, about).await
        })
        .unwrap();
        let mut db = data.db.read().await.unwrap();
        let actor = adviser(world.priya);
        let mut access = access::check::<access::ReadProfile, _>(&mut db, &actor, sam, noon()).await.unwrap().unwrap();
        assert_eq!(people::profile(&mut access, &data.vault).await.unwrap().as_deref(), about);
    }
}
