//! The stores of versions, opinions and reviews, called on both engines; and what holds however a plan is written.

use std::collections::BTreeMap;

use jiff::civil::date;
use portal::clock::{DAY, HOUR, MINUTE, SECOND};
use portal::people::access::{
    self, AskReview, DoAction, HoldReview, PrepareMeeting, ReadPlan, SignPlan, WriteMoney, WriteOwnPlan, WritePlan,
};
use portal::people::{Actor, Door, PersonId, Role, StaffId};
use portal::plan::action::Words;
use portal::plan::review::Why;
use portal::plan::{Action, Doer, Field, Heading, Opinion, Prep, Progress, SayId, Sheet, State, store as plan};

use crate::support::random::{Random, rounds, seed};
use crate::support::{Data, Engine, World, after, filled, on_both, write};

on_both! {
    a_version_is_drafted_written_shared_submitted_and_decided
    what_is_said_is_kept_heard_once_and_known_for_a_visit
    a_review_is_asked_for_once_and_held_for_all
    no_word_of_a_young_person_is_lost_or_changed_by_anybody_else
}

fn adviser(staff: StaffId) -> Actor {
    Actor::Staff(staff, vec![Role::Adviser])
}

fn young(person: PersonId) -> Actor {
    Actor::Person(person, Door::Sealed)
}

/// Writes in the draft, which is begun when there is none.
async fn put(data: &Data, world: &World, own: bool, at: i64, place: (Heading, Field), text: &str) {
    let (sam, priya) = (world.sam, world.priya);
    write!(data, tx, vault, [text = text.to_owned()], {
        if own {
            let mut access = access::check::<WriteOwnPlan, _>(tx, &young(sam), sam, after(at)).await?.unwrap();
            plan::draft(&mut access, vault).await?;
            plan::write(&mut access, vault, place, text).await
        } else {
            let mut access = access::check::<WritePlan, _>(tx, &adviser(priya), sam, after(at)).await?.unwrap();
            plan::draft(&mut access, vault).await?;
            plan::write(&mut access, vault, place, text).await
        }
    })
    .unwrap();
}

/// Shares the draft, if there is one.
async fn share(data: &Data, world: &World, at: i64) {
    let (sam, priya) = (world.sam, world.priya);
    write!(data, tx, vault, {
        let mut access = access::check::<WritePlan, _>(tx, &adviser(priya), sam, after(at)).await?.unwrap();
        let newest = access.fetch(plan::versions(&access)).await?.into_iter().next();
        if let Some(draft) = newest.filter(|newest| newest.state == State::Draft) {
            assert!(plan::share(&mut access, draft.id, Some(date(2026, 12, 24))).await?);
            assert!(!plan::share(&mut access, draft.id, None).await?, "once");
        }
        Ok(())
    })
    .unwrap();
}

/// The parts of the newest version.
async fn newest(data: &Data, world: &World) -> (i64, Vec<Sheet>) {
    let mut db = data.db.read().await.unwrap();
    let mut access =
        access::check::<ReadPlan, _>(&mut db, &young(world.sam), world.sam, after(0)).await.unwrap().unwrap();
    let versions = access.fetch(plan::versions(&access)).await.unwrap();
    let of = |at: usize| plan::sheets(&access, &data.vault, versions[at].id);
    let shared = versions.iter().position(|version| version.state != State::Draft);
    let newest = |drafts| plan::newest_sheets(&access, &data.vault, drafts);
    let questions = (of(0), newest(true), shared.map(of), newest(false));
    let (sheets, with_drafts, shared, without) = access.fetch(questions).await.unwrap();
    assert_eq!(with_drafts, sheets);
    assert_eq!(without, shared.unwrap_or_else(|| Heading::ALL.into_iter().map(Sheet::empty).collect()));
    (versions[0].number, sheets)
}

async fn a_version_is_drafted_written_shared_submitted_and_decided(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, priya, morag) = (world.sam, world.priya, world.morag);
    put(&data, &world, false, 0, (Heading::Home, Field::Now), "first").await;
    put(&data, &world, true, MINUTE, (Heading::Home, Field::Want), "mine").await;
    let (number, sheets) = newest(&data, &world).await;
    assert_eq!((number, sheets.len()), (2, 10));
    let home = sheets.into_iter().find(|sheet| sheet.heading == Heading::Home).unwrap();
    assert_eq!((home.text(Field::Now), home.text(Field::Want), home.theirs), (Some("first"), Some("mine"), true));
    assert_eq!(home.touched_at, Some(after(MINUTE).as_microsecond()));
    share(&data, &world, HOUR).await;
    write!(data, tx, vault, {
        let mut access = access::check::<WritePlan, _>(tx, &adviser(priya), sam, after(HOUR)).await?.unwrap();
        let versions = access.fetch(plan::versions(&access)).await?;
        assert_eq!(versions.iter().map(|version| version.number).collect::<Vec<_>>(), [2, 1]);
        let texts = [(2, 0, "marigoldplan plan now"), (2, 99, "first"), (1, 0, "marigoldplan plan now"), (7, 0, "")];
        for (number, rev, text) in texts {
            let rev = if (number, rev) == (2, 0) { 3 } else { rev };
            assert_eq!(plan::text_at(&mut access, vault, (number, rev), (Heading::Home, Field::Now)).await?, text);
        }
        assert_eq!(plan::own_words(&mut access, vault).await?, ["mine"]);
        let wanted = plan::wanted_at(&mut access).await?;
        assert_eq!(wanted, BTreeMap::from([(Heading::Home, after(MINUTE).as_microsecond())]));
        plan::set_state(&mut access, versions[0].id, State::Agreed).await?;
        plan::submit(&mut access, versions[0].id, morag).await?;
        assert!(!plan::take_up(&mut access, vault, 9).await?);
        plan::take_up(&mut access, vault, 1).await
    })
    .unwrap();
    let manager = Actor::Staff(morag, vec![Role::Manager]);
    for (at, returned) in [(2 * HOUR, Some("why not")), (3 * HOUR, None)] {
        write!(data, tx, vault, [manager = manager], {
            let mut managed = access::managed(tx, manager, after(at)).unwrap();
            assert_eq!(plan::lying(&mut managed, vault).await?.len(), 1);
            let mut access = access::check::<SignPlan, _>(tx, manager, sam, after(at)).await?.unwrap();
            let version = access.fetch(plan::versions(&access)).await?.remove(1);
            assert_eq!(version.lies_with(), Some(morag));
            assert!(plan::decide(&mut access, vault, version.id, returned).await?);
            assert!(!plan::decide(&mut access, vault, version.id, returned).await?, "once");
            assert_eq!(plan::returned_why(&mut access, vault, version.id).await?.as_deref(), Some("why not"));
            let mut access =
                access::check::<WritePlan, _>(tx, &adviser(priya), sam, after(at + MINUTE)).await?.unwrap();
            plan::submit(&mut access, version.id, morag).await
        })
        .unwrap();
    }
    let mut db = data.db.read().await.unwrap();
    let mut access = access::check::<SignPlan, _>(&mut db, &manager, sam, after(0)).await.unwrap().unwrap();
    let (versions, vault) = (access.fetch(plan::versions(&access)).await.unwrap(), &data.vault);
    let submitted = plan::submissions(&mut access, vault, versions[1].id).await.unwrap();
    let why: Vec<_> = submitted.iter().map(|one| one.returned.clone()).collect();
    let told: Vec<_> = submitted.iter().map(|one| (one.to.as_str(), one.by.as_str(), one.at)).collect();
    let at = |at: i64| after(at).as_microsecond();
    assert_eq!(why, [Some((at(2 * HOUR), "why not".to_owned())), None]);
    // Once it is signed it is submitted no more.
    assert_eq!(
        told,
        [("Morag Lewistest", "Priya Nairtest", at(HOUR)), ("Morag Lewistest", "Priya Nairtest", at(2 * HOUR + MINUTE))]
    );
    assert!(plan::submissions(&mut access, vault, versions[0].id).await.unwrap().is_empty());
    // A manager reads what is shared of actions and of money.
    let (before, owed) =
        (plan::actions(&mut access, vault).await.unwrap().len(), plan::owed(&mut access, vault).await.unwrap().len());
    drop(db);
    write!(data, tx, vault, {
        let mut access = access::check::<DoAction, _>(tx, &young(sam), sam, after(0)).await?.unwrap();
        for private in [true, false] {
            let says = Action { text: "to do".into(), who: Doer::Me, due_on: None, state: Progress::NotStarted };
            plan::insert_action(&mut access, vault, Heading::Home, (&Words { says, why: None }, private)).await?;
        }
        let mut access = access::check::<WriteMoney, _>(tx, &adviser(priya), sam, after(0)).await?.unwrap();
        plan::insert_owed(&mut access, vault, ("a bed", None), 100, date(2026, 11, 24)).await
    })
    .unwrap();
    let mut db = data.db.read().await.unwrap();
    let mut access = access::check::<SignPlan, _>(&mut db, &manager, sam, after(0)).await.unwrap().unwrap();
    let actions = plan::actions(&mut access, vault).await.unwrap();
    assert_eq!((actions.len(), actions.iter().any(|one| one.private)), (before + 1, false));
    assert_eq!(plan::owed(&mut access, vault).await.unwrap().len(), owed + 1);
    let mut access = access::check::<ReadPlan, _>(&mut db, &young(sam), sam, after(0)).await.unwrap().unwrap();
    let versions = access.fetch(plan::versions(&access)).await.unwrap();
    assert_eq!((versions[0].restored_from, versions[1].state), (Some(1), State::SignedOff));
}

async fn what_is_said_is_kept_heard_once_and_known_for_a_visit(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, priya) = (world.sam, world.priya);
    let said: SayId = write!(data, tx, vault, {
        let mut access = access::check::<WriteOwnPlan, _>(tx, &young(sam), sam, after(0)).await?.unwrap();
        let version = access.fetch(plan::versions(&access)).await?.remove(0);
        plan::say(&mut access, vault, version.id, (Heading::Home, Opinion::Agree), None).await?;
        plan::say(&mut access, vault, version.id, (Heading::Home, Opinion::Disagree), Some("said words")).await
    })
    .unwrap();
    let unheard = async || {
        let mut db = data.db.read().await.unwrap();
        let mut access = access::check::<ReadPlan, _>(&mut db, &adviser(priya), sam, after(0)).await.unwrap().unwrap();
        let mut listed = access.list();
        let unheard = listed.fetch(plan::unheard(&listed)).await.unwrap();
        let says = access.fetch(plan::says(&access, &data.vault)).await.unwrap();
        (unheard, says)
    };
    let (open, says) = unheard().await;
    assert_eq!(open, BTreeMap::from([(sam, (Opinion::Disagree, after(0).as_microsecond() + 1))]));
    assert_eq!(says.iter().filter_map(|say| say.words.as_deref()).collect::<Vec<_>>(), ["said words"]);
    for heard in [true, false] {
        let done = write!(data, tx, vault, {
            let mut access = access::check::<WritePlan, _>(tx, &adviser(priya), sam, after(HOUR)).await?.unwrap();
            plan::hear(&mut access, said).await
        });
        assert_eq!(done.unwrap(), heard);
    }
    assert!(unheard().await.0.is_empty());
    let mut known = Vec::new();
    for at in [0, MINUTE, DAY, DAY + MINUTE, DAY + MINUTE + SECOND] {
        let until = write!(data, tx, vault, {
            let mut access = access::check::<ReadPlan, _>(tx, &young(sam), sam, after(at)).await?.unwrap();
            let known = access.fetch(plan::known(&access)).await?;
            plan::look(&mut access).await?;
            Ok::<_, portal::error::Error>(known)
        });
        let until = until.unwrap();
        known.push((until.until, until.noted));
    }
    let looked = Some(after(MINUTE).as_microsecond());
    let (until, noted): (Vec<_>, Vec<_>) = known.into_iter().unzip();
    let first = Some(after(0).as_microsecond());
    assert_eq!(until, [None, first, looked, looked, looked], "a visit begins after half an hour");
    assert_eq!(noted, [false, false, false, false, true], "a look within a minute need not be noted");
}

async fn a_review_is_asked_for_once_and_held_for_all(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, priya) = (world.sam, world.priya);
    let first = date(2026, 12, 22);
    for (why, due, new) in
        [(Why::Asked, first, true), (Why::Asked, first, false), (Why::Moved, date(2026, 12, 10), true)]
    {
        let asked = write!(data, tx, vault, {
            let mut access = access::check::<AskReview, _>(tx, &young(sam), sam, after(0)).await?.unwrap();
            plan::ask(&mut access, why, due).await
        });
        assert_eq!(asked.unwrap(), new);
    }
    let prep = Prep { topics: vec![Heading::Money], questions: Some("asked words".into()), ..Prep::default() };
    for shared in [false, true] {
        let prep = Prep { shared_at: shared.then_some(1), ..prep.clone() };
        let before = i64::from(shared) * after(0).as_microsecond();
        write!(data, tx, vault, [prep = prep], {
            let mut access = access::check::<PrepareMeeting, _>(tx, &young(sam), sam, after(0)).await?.unwrap();
            assert_eq!(plan::ready_since(&mut access).await?, before);
            plan::put_prep(&mut access, vault, prep).await
        })
        .unwrap();
        let mut db = data.db.read().await.unwrap();
        for (actor, sees) in [(young(sam), true), (adviser(priya), shared)] {
            let mut access = access::check::<ReadPlan, _>(&mut db, &actor, sam, after(0)).await.unwrap().unwrap();
            let seen = access.fetch(plan::preps(&access, &data.vault)).await.unwrap();
            assert_eq!(seen.len(), usize::from(sees), "what was kept for oneself gives way to what is kept next");
        }
    }
    let dates = async || {
        let mut db = data.db.read().await.unwrap();
        let mut access = access::check::<ReadPlan, _>(&mut db, &adviser(priya), sam, after(0)).await.unwrap().unwrap();
        let reviews = plan::reviews(&mut access).await.unwrap();
        let prep = access.fetch(plan::preps(&access, &data.vault)).await.unwrap().remove(0);
        let mut listed = access.list();
        (listed.fetch(plan::dates(&listed)).await.unwrap()[&sam], reviews.len(), prep)
    };
    let ready = async || {
        let mut db = data.db.read().await.unwrap();
        let mut access = access::check::<ReadPlan, _>(&mut db, &adviser(priya), sam, after(0)).await.unwrap().unwrap();
        let mut listed = access.list();
        listed.fetch(plan::ready(&listed)).await.unwrap()
    };
    assert_eq!(ready().await, [sam]);
    let (known, many, _) = dates().await;
    assert_eq!((known.asked_by, known.held_on, many), (Some(date(2026, 12, 10)), None, 2));
    for held in [date(2026, 12, 9), date(2027, 3, 1)] {
        write!(data, tx, vault, {
            let mut access = access::check::<HoldReview, _>(tx, &adviser(priya), sam, after(0)).await?.unwrap();
            plan::hold(&mut access, held).await?;
            plan::set_assessed(&mut access, (None, Some(date(2026, 1, 2)))).await
        })
        .unwrap();
    }
    assert!(ready().await.is_empty());
    let (known, many, prep) = dates().await;
    assert_eq!((known.asked_by, known.held_on, many), (None, Some(date(2027, 3, 1)), 3));
    assert_eq!((prep.used_at, prep.topics), (Some(after(0).as_microsecond()), vec![Heading::Money]), "used, and kept");
    for due in [date(2027, 8, 20), date(2027, 8, 25)] {
        write!(data, tx, vault, {
            let mut access = access::check::<AskReview, _>(tx, &adviser(priya), sam, after(0)).await?.unwrap();
            plan::set_day(&mut access, due).await
        })
        .unwrap();
    }
    let (known, many, _) = dates().await;
    assert_eq!((known.asked_by, many), (Some(date(2027, 8, 25)), 4), "the later day stands in place of the earlier");
    let mut db = data.db.read().await.unwrap();
    let mut access = access::check::<HoldReview, _>(&mut db, &adviser(priya), sam, after(0)).await.unwrap().unwrap();
    let known = plan::young(&mut access.list(), &[sam, world.aaliyah]).await.unwrap();
    assert_eq!(known, BTreeMap::from([(sam, ((None, Some(date(2026, 1, 2))), true))]), "of a list and no others");
}

/// Whatever both write, share and take up again: what the young person wrote last of what they want stands there, and
/// every text of theirs is still there.
async fn no_word_of_a_young_person_is_lost_or_changed_by_anybody_else(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, priya) = (world.sam, world.priya);
    let mut random = Random::new(seed(8));
    let (mut last, mut all): (BTreeMap<Heading, String>, Vec<String>) = (BTreeMap::new(), Vec::new());
    for round in 0..i64::try_from(rounds(200)).unwrap() {
        let at = round * MINUTE;
        let heading = *random.pick(&Heading::ALL);
        let text = format!("words {round} of the walk");
        match random.below(10) {
            0..4 => {
                put(&data, &world, true, at, (heading, Field::Want), &text).await;
                last.insert(heading, text.clone());
                all.push(text);
            }
            4..7 => {
                let field = if random.below(2) == 0 { Field::Now } else { Field::Agreed };
                put(&data, &world, false, at, (heading, field), &text).await;
            }
            7 => {
                // What a worker's page would refuse, by the same words as the page.
                let (_, sheets) = newest(&data, &world).await;
                let open = sheets.into_iter().any(|sheet| sheet.heading == heading && !sheet.theirs);
                assert_eq!(open, !last.contains_key(&heading), "round {round}");
            }
            8 => share(&data, &world, at).await,
            _ => restore(&data, &world, at, &mut random).await,
        }
        let (_, sheets) = newest(&data, &world).await;
        for (heading, text) in &last {
            let sheet = sheets.iter().find(|sheet| sheet.heading == *heading).unwrap();
            assert_eq!(sheet.text(Field::Want), Some(text.as_str()), "round {round}");
        }
    }
    let mut db = data.db.read().await.unwrap();
    let mut access = access::check::<ReadPlan, _>(&mut db, &adviser(priya), sam, after(0)).await.unwrap().unwrap();
    let mut kept = plan::own_words(&mut access, &data.vault).await.unwrap();
    kept.sort();
    kept.dedup();
    all.sort();
    all.dedup();
    let lost: Vec<_> = all.iter().filter(|text| !kept.contains(text)).collect();
    assert!(lost.is_empty() && !all.is_empty(), "{lost:?}");
}

/// Takes a version up again.
async fn restore(data: &Data, world: &World, at: i64, random: &mut Random) {
    let (sam, priya) = (world.sam, world.priya);
    let (number, _) = newest(data, world).await;
    let from = 1 + i64::try_from(random.below(number.unsigned_abs())).unwrap();
    write!(data, tx, vault, {
        let mut access = access::check::<WritePlan, _>(tx, &adviser(priya), sam, after(at)).await?.unwrap();
        plan::take_up(&mut access, vault, from).await
    })
    .unwrap();
}
