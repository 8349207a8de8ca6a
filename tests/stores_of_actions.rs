//! The stores of actions, of money and of what somebody does if it goes wrong, called on both engines.

use jiff::civil::date;
use portal::clock::{DAY, MINUTE};
use portal::error::Error;
use portal::people::access::{self, DoAction, ReadCrisisPlan, ReadPlan, WriteCrisisPlan, WriteMoney};
use portal::people::{Actor, Door, PersonId, Role, StaffId};
use portal::plan::action::{ActionId, Change, Did, Side, Standing, Theirs, Words};
use portal::plan::crisis::{Boxes, CrisisPlan};
use portal::plan::money::{NewPayment, Owed, OwedId, PaymentId, Sum};
use portal::plan::{Action, Doer, Heading, Progress, store as plan};

use crate::support::people::plan_of;
use crate::support::{Data, Engine, World, after, filled, noon, on_both, write};

on_both! {
    an_action_reads_back_as_it_stands_with_everything_that_was_done_to_it
    a_private_action_is_nobody_else_s_and_shared_once_for_good
    an_action_of_a_plan_from_before_has_a_first_change
    money_is_owed_paid_undone_and_ended
    what_somebody_does_if_it_goes_wrong_reads_back_and_is_saved_in_order
}

fn adviser(staff: StaffId) -> Actor {
    Actor::Staff(staff, vec![Role::Adviser])
}

fn young(person: PersonId) -> Actor {
    Actor::Person(person, Door::Sealed)
}

fn words(text: &str, who: Doer, state: Progress) -> Words {
    let why = (state == Progress::Dropped).then(|| format!("{text} why"));
    Words { says: Action { text: text.into(), who, due_on: Some(date(2026, 12, 1)), state }, why }
}

async fn add(data: &Data, actor: Actor, person: PersonId, words: Words, private: bool) -> ActionId {
    write!(data, tx, vault, [actor = actor, words = words], {
        let mut access = access::check::<DoAction, _>(tx, actor, person, noon()).await?.unwrap();
        plan::insert_action(&mut access, vault, Heading::Work, (words, private)).await
    })
    .unwrap()
}

async fn change(data: &Data, actor: Actor, (person, id): (PersonId, ActionId), did: Did, words: Words) {
    write!(data, tx, vault, [actor = actor, words = words], {
        let mut access = access::check::<DoAction, _>(tx, actor, person, after(MINUTE)).await?.unwrap();
        let stands = plan::action(&mut access, vault, id).await?.unwrap();
        plan::change_action(&mut access, vault, &stands, did, words).await
    })
    .unwrap();
}

async fn share(data: &Data, actor: Actor, person: PersonId, stands: Standing) -> portal::error::Result<()> {
    write!(data, tx, vault, [actor = actor, stands = stands], {
        let mut access = access::check::<DoAction, _>(tx, actor, person, after(MINUTE)).await?.unwrap();
        plan::share_action(&mut access, vault, stands).await
    })
}

async fn all(data: &Data, actor: &Actor, person: PersonId) -> Vec<Standing> {
    let mut db = data.db.read().await.unwrap();
    let mut access = access::check::<ReadPlan, _>(&mut db, actor, person, noon()).await.unwrap().unwrap();
    let stored = access.fetch(plan::stored_actions(&access, &data.vault)).await.unwrap();
    let names = access.fetch(stored.names(&data.vault)).await.unwrap();
    stored.standing(&names).unwrap()
}

async fn history(data: &Data, actor: &Actor, person: PersonId, id: ActionId) -> portal::error::Result<Vec<Change>> {
    let mut db = data.db.read().await.unwrap();
    let mut access = access::check::<ReadPlan, _>(&mut db, actor, person, noon()).await.unwrap().unwrap();
    plan::history(&mut access, &data.vault, id).await
}

async fn an_action_reads_back_as_it_stands_with_everything_that_was_done_to_it(engine: Engine) {
    let (data, World { sam, priya, aaliyah, .. }) = filled(engine).await;
    let made = words("bake", Doer::Other("Nan".into()), Progress::NotStarted);
    let id = add(&data, adviser(priya), sam, made.clone(), true).await;
    let second = add(&data, young(sam), sam, words("ring", Doer::Me, Progress::Dropped), false).await;
    let dropped = words("bake bread", Doer::Staff, Progress::Dropped);
    change(&data, young(sam), (sam, id), Did::Moved, dropped.clone()).await;
    for reader in [young(sam), adviser(priya)] {
        let mine = all(&data, &reader, sam).await;
        let work: Vec<_> = mine.iter().filter(|one| one.heading == Heading::Work).collect();
        assert_eq!(work.iter().map(|one| one.id).collect::<Vec<_>>(), [id, second], "in the order of adding");
        assert!(!work[0].private, "a worker has no private ones");
        assert_eq!((work[0].made, work[0].last.n, work[0].last.did), (Side::Staff, 2, Did::Moved));
        assert_eq!((&work[0].last.words, work[0].last.at), (&dropped, after(MINUTE).as_microsecond()));
        assert_eq!((work[0].last.side, work[0].last.by.as_str()), (Side::Person, ""));
        let done = history(&data, &reader, sam, id).await.unwrap();
        assert_eq!((done[0].words.clone(), done[0].by.as_str()), (made.clone(), "Priya Nairtest"));
        assert_eq!(
            done.iter().map(|change| (change.n, change.did)).collect::<Vec<_>>(),
            [(1, Did::Made), (2, Did::Moved)]
        );
    }
    // What they did last is told to a worker once somebody else changed it: making it too.
    let theirs =
        async |reader: Actor| all(&data, &reader, sam).await.into_iter().find(|one| one.id == second).unwrap().theirs;
    assert_eq!((theirs(adviser(priya)).await, theirs(young(sam)).await), (None, None));
    change(&data, adviser(priya), (sam, second), Did::Moved, words("ring", Doer::Me, Progress::Doing)).await;
    let made = Theirs { did: Did::Made, state: Progress::Dropped, at: noon().as_microsecond() };
    assert_eq!((theirs(adviser(priya)).await, theirs(young(sam)).await), (Some(made), None));
    assert!(all(&data, &young(aaliyah), aaliyah).await.is_empty());
    assert!(matches!(history(&data, &young(aaliyah), aaliyah, id).await, Err(Error::NotFound)));
}

async fn a_private_action_is_nobody_else_s_and_shared_once_for_good(engine: Engine) {
    let (data, World { sam, priya, .. }) = filled(engine).await;
    let id = add(&data, young(sam), sam, words("first thought", Doer::Me, Progress::NotStarted), true).await;
    change(&data, young(sam), (sam, id), Did::Changed, words("second thought", Doer::Me, Progress::Doing)).await;
    let sees = async |actor: Actor| all(&data, &actor, sam).await.into_iter().find(|one| one.id == id);
    assert!(sees(adviser(priya)).await.is_none() && sees(young(sam)).await.is_some_and(|one| one.private));
    assert!(matches!(history(&data, &adviser(priya), sam, id).await, Err(Error::NotFound)));
    let stands = sees(young(sam)).await.unwrap();
    let by_worker = share(&data, adviser(priya), sam, stands.clone()).await;
    assert!(matches!(by_worker, Err(Error::NotFound)) && sees(adviser(priya)).await.is_none());
    share(&data, young(sam), sam, stands).await.unwrap();
    let seen = sees(adviser(priya)).await.unwrap();
    assert_eq!((seen.private, seen.last.did, seen.says().text.as_str()), (false, Did::Shared, "second thought"));
    let texts = |done: Vec<Change>| done.into_iter().map(|change| change.words.says.text).collect::<Vec<_>>();
    assert_eq!(texts(history(&data, &adviser(priya), sam, id).await.unwrap()), ["second thought"]);
    assert_eq!(
        texts(history(&data, &young(sam), sam, id).await.unwrap()),
        ["first thought", "second thought", "second thought"]
    );
}

async fn an_action_of_a_plan_from_before_has_a_first_change(engine: Engine) {
    let (data, World { sam, priya, .. }) = filled(engine).await;
    let sections = plan_of("older");
    write!(
        data,
        tx,
        vault,
        [sections = sections],
        plan::insert_shared(tx, vault, sam, priya, None, sections, noon()).await
    )
    .unwrap();
    // As they came out of the tables of before.
    data.raw.run("DELETE FROM action_event").await;
    let one = all(&data, &young(sam), sam).await.into_iter().find(|one| one.says().text == "older first step").unwrap();
    assert_eq!((one.last.n, one.last.did, one.last.by.as_str()), (1, Did::Made, "Priya Nairtest"));
    assert_eq!(history(&data, &young(sam), sam, one.id).await.unwrap(), vec![one.last.clone()]);
    let undone = Words { says: Action { state: Progress::Doing, ..one.says().clone() }, why: None };
    change(&data, young(sam), (sam, one.id), Did::Moved, undone.clone()).await;
    let done = history(&data, &young(sam), sam, one.id).await.unwrap();
    assert_eq!((done[0].clone(), done[1].n, done[1].words.clone()), (one.last, 2, undone));
}

async fn owed(data: &Data, actor: &Actor, person: PersonId) -> Vec<Owed> {
    let mut db = data.db.read().await.unwrap();
    let mut access = access::check::<ReadPlan, _>(&mut db, actor, person, noon()).await.unwrap().unwrap();
    plan::owed(&mut access, &data.vault).await.unwrap()
}

/// A payment with what it is for and who agreed it, of which either may be missing.
async fn pays(
    data: &Data,
    staff: StaffId,
    person: PersonId,
    to: OwedId,
    (pence, words): (i64, [Option<&str>; 2]),
) -> bool {
    let [note, agreed_by] = words.map(|word| word.map(str::to_owned));
    let new = NewPayment { pence, paid_on: date(2026, 11, 23), note, agreed_by };
    write!(data, tx, vault, [actor = adviser(staff), new = new], {
        let mut access = access::check::<WriteMoney, _>(tx, actor, person, after(MINUTE)).await?.unwrap();
        plan::insert_payment(&mut access, vault, to, new).await
    })
    .unwrap()
}

async fn money_is_owed_paid_undone_and_ended(engine: Engine) {
    let (data, World { sam, priya, aaliyah, owen, .. }) = filled(engine).await;
    let day = date(2026, 11, 20);
    let id = write!(data, tx, vault, [actor = adviser(priya)], {
        let mut access = access::check::<WriteMoney, _>(tx, actor, sam, noon()).await?.unwrap();
        plan::insert_owed(&mut access, vault, ("Setting up home", Some("setting-up-home")), 300_000, day).await
    })
    .unwrap();
    let penny = (1, [None, None]);
    assert!(pays(&data, priya, sam, id, (12_050, [Some("a bed"), Some("Jo Belltest")])).await);
    assert!(pays(&data, priya, sam, id, penny).await);
    assert!(!pays(&data, owen, aaliyah, id, penny).await, "somebody else's");
    let one = owed(&data, &young(sam), sam).await.remove(0);
    assert_eq!((one.name.as_str(), one.entitlement.as_deref()), ("Setting up home", Some("setting-up-home")));
    assert_eq!((one.agreed_on, one.agreed_by.as_str(), one.ended_at), (day, "Priya Nairtest", None));
    assert_eq!(one.sum(), Sum { had: 12_051, left: 287_949 });
    // Two of one day and one moment stand in any order.
    let bed = one.payments.iter().find(|paid| paid.pence == 12_050).unwrap();
    assert_eq!(
        (bed.note.as_deref(), bed.paid_on, bed.agreed_by.as_deref(), bed.written_by.as_str()),
        (Some("a bed"), date(2026, 11, 23), Some("Jo Belltest"), "Priya Nairtest")
    );
    assert!(one.payments.iter().any(|paid| paid.agreed_by.is_none() && paid.note.is_none()));
    let undo = async |staff, person, payment: PaymentId| {
        write!(data, tx, vault, [actor = adviser(staff)], {
            let mut access = access::check::<WriteMoney, _>(tx, actor, person, after(DAY)).await?.unwrap();
            plan::undo_payment(&mut access, (id, payment)).await
        })
        .unwrap()
    };
    let wrong = bed.id;
    assert!(!undo(owen, aaliyah, wrong).await && undo(priya, sam, wrong).await && !undo(priya, sam, wrong).await);
    let one = owed(&data, &adviser(priya), sam).await.remove(0);
    assert_eq!(one.sum(), Sum { had: 1, left: 299_999 });
    let undone = one.payments.iter().find(|paid| paid.id == wrong).unwrap().undone.clone();
    assert_eq!(undone, Some((after(DAY).as_microsecond(), "Priya Nairtest".to_owned())));
    let end = async |staff, person| {
        write!(data, tx, vault, [actor = adviser(staff)], {
            let mut access = access::check::<WriteMoney, _>(tx, actor, person, after(DAY)).await?.unwrap();
            plan::end_owed(&mut access, id).await
        })
        .unwrap()
    };
    assert!(!end(owen, aaliyah).await && end(priya, sam).await && !end(priya, sam).await);
    assert!(!pays(&data, priya, sam, id, penny).await, "what counts no more is not paid");
    let one = owed(&data, &young(sam), sam).await.remove(0);
    assert!(one.ended_at.is_some() && one.payments.len() == 2, "kept");
    assert!(owed(&data, &young(aaliyah), aaliyah).await.is_empty());
}

async fn what_somebody_does_if_it_goes_wrong_reads_back_and_is_saved_in_order(engine: Engine) {
    let (data, World { sam, priya, .. }) = filled(engine).await;
    let read = async |actor: Actor| {
        let mut db = data.db.read().await.unwrap();
        let mut access = access::check::<ReadCrisisPlan, _>(&mut db, &actor, sam, noon()).await.unwrap().unwrap();
        plan::crisis_plan(&mut access, &data.vault).await.unwrap()
    };
    assert_eq!(read(young(sam)).await, CrisisPlan { boxes: Boxes::default(), at: 0 });
    let set = async |boxes: Boxes| {
        write!(data, tx, vault, [actor = young(sam), boxes = boxes], {
            let mut access = access::check::<WriteCrisisPlan, _>(tx, actor, sam, noon()).await?.unwrap();
            plan::set_crisis_plan(&mut access, vault, boxes).await
        })
        .unwrap();
    };
    let some = |text: &str| Some(text.to_owned());
    let first = Boxes { signs: some("no sleep"), helps: some("a walk"), calls: some("Nan 999"), place: None };
    set(first.clone()).await;
    let plan = read(adviser(priya)).await;
    assert_eq!(plan, CrisisPlan { boxes: first, at: noon().as_microsecond() });
    let second = Boxes { place: some("my aunt's"), ..Boxes::default() };
    set(second.clone()).await;
    let later = read(young(sam)).await;
    assert!(later.at > plan.at && later.boxes == second, "two of one moment can be told apart");
}
