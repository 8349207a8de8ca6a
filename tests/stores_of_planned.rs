//! The stores of what a worker writes once for later, again or for many, called on both engines.

use jiff::Timestamp;
use portal::clock::{DAY, HOUR};
use portal::messages::planned::{PlannedId, Stage};
use portal::messages::store::{self as messages, New, Plan};
use portal::people::access::{self, AnswerMessage, ReadThread, WriteMessage};
use portal::people::{Actor, Door, Role, StaffId};

use crate::support::{Data, Engine, World, after, filled, noon, on_both, write};

on_both! {
    a_template_is_its_writer_s_own
    what_is_planned_is_settled_once_and_handed_over
    what_is_held_stands_in_the_list_of_whoever_answers_now
    what_was_asked_after_the_planning_goes_on_waiting
    a_caseload_is_known_by_its_names
}

fn adviser(staff: StaffId) -> Actor {
    Actor::Staff(staff, vec![Role::Adviser])
}

async fn a_template_is_its_writer_s_own(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (priya, owen) = (world.priya, world.owen);
    let add = async |name: &str| {
        write!(data, tx, vault, [name = name.to_owned()], {
            messages::insert_template(tx, vault, priya, (name, "Hi {name}"), noon()).await
        })
        .unwrap()
    };
    let (second, first) = (add("Visit").await, add("meeting").await);
    let names = async |staff| {
        let all = messages::templates(&mut data.db.read().await.unwrap(), &data.vault, staff).await.unwrap();
        all.into_iter().map(|one| one.name).collect::<Vec<_>>()
    };
    assert_eq!(names(priya).await, ["meeting", "Visit"]);
    assert!(names(owen).await.is_empty());
    let one =
        async |staff, id| messages::template(&mut data.db.read().await.unwrap(), &data.vault, staff, id).await.unwrap();
    assert!(one(owen, first).await.is_none());
    let change = async |staff| {
        write!(data, tx, vault, messages::change_template(tx, vault, staff, first, ("We meet", "Hello {name}")).await)
            .unwrap()
    };
    assert!(!change(owen).await && change(priya).await);
    let changed = one(priya, first).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.body.as_str()), ("We meet", "Hello {name}"));
    let drop = async |staff| write!(data, tx, vault, messages::drop_template(tx, staff, second).await).unwrap();
    assert!(!drop(owen).await && drop(priya).await && !drop(priya).await);
    assert_eq!(names(priya).await, ["We meet"]);
}

async fn plan(data: &Data, world: &World, body: &str, send_at: Timestamp) -> PlannedId {
    let (sam, priya) = (world.sam, adviser(world.priya));
    write!(data, tx, vault, [body = body.to_owned(), priya = priya], {
        let mut access = access::check::<AnswerMessage, _>(tx, priya, sam, noon()).await?.unwrap();
        messages::insert_planned(&mut access, vault, body, send_at, None).await
    })
    .unwrap()
}

async fn settle(data: &Data, id: PlannedId, from: Stage, to: Stage) -> bool {
    write!(data, tx, vault, messages::settle_planned(tx, id, (from, to), after(DAY)).await).unwrap()
}

async fn plan_of(data: &Data, id: PlannedId) -> Plan {
    messages::plan_of(&mut data.db.read().await.unwrap(), id).await.unwrap().unwrap()
}

async fn listed(data: &Data, staff: StaffId, at: Timestamp) -> Vec<(String, Stage, Option<String>)> {
    let (mut db, actor) = (data.db.read().await.unwrap(), adviser(staff));
    let mut caseload = access::caseload(&mut db, &actor, at).unwrap();
    let all = messages::planned(&mut caseload, &data.vault).await.unwrap();
    all.into_iter().map(|one| (one.body, one.stage, one.written_by)).collect()
}

async fn what_is_planned_is_settled_once_and_handed_over(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, priya, cora) = (world.sam, world.priya, world.cora);
    let later = plan(&data, &world, "the later", after(2 * DAY)).await;
    let sooner = plan(&data, &world, "the sooner", after(DAY)).await;
    let due = async |at| messages::due_planned(&mut data.db.read().await.unwrap(), at).await.unwrap();
    assert!(due(after(DAY - 1)).await.is_empty());
    let ready: Vec<_> = due(after(2 * DAY)).await.into_iter().map(|plan| plan.id).collect();
    assert_eq!(ready, [sooner, later]);
    assert_eq!(
        plan_of(&data, sooner).await,
        Plan { id: sooner, person: sam, staff: priya, stage: Stage::Due, made_at: noon().as_microsecond() }
    );
    let none = messages::plan_of(&mut data.db.read().await.unwrap(), PlannedId::from_bytes([0; 16])).await;
    assert_eq!(none.unwrap(), None);
    let text = write!(data, tx, vault, {
        let mut access = access::check::<AnswerMessage, _>(tx, &adviser(priya), sam, noon()).await?.unwrap();
        messages::planned_text(&mut access, vault, sooner).await
    });
    assert_eq!(text.unwrap(), "the sooner");
    let (aaliyah, owen) = (world.aaliyah, world.owen);
    let other = write!(data, tx, vault, {
        let mut access = access::check::<AnswerMessage, _>(tx, &adviser(owen), aaliyah, noon()).await?.unwrap();
        messages::planned_text(&mut access, vault, sooner).await
    });
    assert!(matches!(other, Err(portal::error::Error::NotFound)), "another person's");
    assert!(settle(&data, sooner, Stage::Due, Stage::Cancelled).await);
    assert!(!settle(&data, sooner, Stage::Due, Stage::Sent).await, "one winner");
    assert!(
        settle(&data, later, Stage::Due, Stage::Held).await && settle(&data, later, Stage::Held, Stage::Sent).await
    );
    let third = plan(&data, &world, "the third", after(DAY)).await;
    let own = vec![("the third".to_owned(), Stage::Due, None)];
    assert_eq!(listed(&data, priya, noon()).await, own);
    let hand = async || write!(data, tx, vault, messages::hand_planned(tx, sam, priya, cora).await).unwrap();
    assert_eq!((hand().await, hand().await), (1, 0), "only what is still to be sent");
    assert_eq!(plan_of(&data, third).await.staff, cora);
    assert!(listed(&data, priya, noon()).await.is_empty());
    let theirs = vec![("the third".to_owned(), Stage::Due, Some("Priya Nairtest".to_owned()))];
    assert_eq!(listed(&data, cora, noon()).await, theirs);
    let mut db = data.db.read().await.unwrap();
    let mut access = access::check::<ReadThread, _>(&mut db, &adviser(priya), sam, noon()).await.unwrap().unwrap();
    let coming = messages::coming(&mut access, &data.vault).await.unwrap();
    assert_eq!(coming.len(), 1);
    assert_eq!((coming[0].sender.as_str(), coming[0].send_at), ("Cora Covertest", after(DAY).as_microsecond()));
}

async fn what_is_held_stands_in_the_list_of_whoever_answers_now(engine: Engine) {
    let (data, world) = filled(engine).await;
    let id = plan(&data, &world, "held back", after(DAY)).await;
    assert!(settle(&data, id, Stage::Due, Stage::Held).await);
    let held = vec![("held back".to_owned(), Stage::Held, Some("Priya Nairtest".to_owned()))];
    assert_eq!(listed(&data, world.priya, noon()).await, held);
    assert!(listed(&data, world.cora, noon()).await.is_empty(), "somebody else answers");
    assert!(listed(&data, world.owen, noon()).await.is_empty());
    let counted = async |staff: StaffId| {
        let mut db = data.db.read().await.unwrap();
        let mut caseload = access::caseload(&mut db, &adviser(staff), noon()).unwrap();
        let all = caseload.fetch(messages::all_held(&caseload)).await.unwrap();
        messages::held(&mut caseload, all).await.unwrap()
    };
    assert_eq!((counted(world.priya).await, counted(world.cora).await, counted(world.dee).await), (1, 0, 0));
    // Nobody leads any more: the duty desk answers.
    data.raw.run(&format!("UPDATE assignment SET to_at = 1 WHERE staff_id = {}", data.raw.id(world.priya))).await;
    data.raw.run("UPDATE assignment SET to_at = 1 WHERE kind = 'social_worker' OR kind = 'pa'").await;
    assert!(listed(&data, world.priya, noon()).await.is_empty());
    assert_eq!(listed(&data, world.dee, noon()).await, held);
    assert_eq!((counted(world.priya).await, counted(world.dee).await), (0, 1));
}

async fn what_was_asked_after_the_planning_goes_on_waiting(engine: Engine) {
    let (data, world) = filled(engine).await;
    let sam = world.sam;
    let asks = async |at: Timestamp| {
        write!(data, tx, vault, {
            let actor = Actor::Person(sam, Door::Sealed);
            let mut access = access::check::<WriteMessage, _>(tx, &actor, sam, at).await?.unwrap();
            messages::insert(&mut access, vault, &New::said("well?", Some(after(5 * HOUR)))).await
        })
        .unwrap()
    };
    asks(after(HOUR)).await;
    asks(after(3 * HOUR)).await;
    // The wait is over, as after an answer, but for what came after the planning.
    let sent = async |planned_at: Timestamp| {
        data.raw.run("UPDATE thread SET waiting_since = NULL, due_at = NULL").await;
        let wait = (after(HOUR).as_microsecond(), Some(after(5 * HOUR).as_microsecond()));
        let priya = adviser(world.priya);
        write!(data, tx, vault, [priya = priya], {
            let mut access = access::check::<AnswerMessage, _>(tx, priya, sam, after(4 * HOUR)).await?.unwrap();
            messages::keep_wait(&mut access, planned_at.as_microsecond(), wait).await?;
            messages::wait_of(&mut access).await
        })
        .unwrap()
    };
    let due = Some(after(5 * HOUR).as_microsecond());
    assert_eq!(sent(after(4 * HOUR)).await, None, "it was planned with everything read");
    assert_eq!(sent(after(2 * HOUR)).await, Some((after(3 * HOUR).as_microsecond(), due)));
    assert_eq!(sent(noon()).await, Some((after(HOUR).as_microsecond(), due)));
}

async fn a_caseload_is_known_by_its_names(engine: Engine) {
    let (data, world) = filled(engine).await;
    let known = async |staff: StaffId| {
        let (mut db, actor) = (data.db.read().await.unwrap(), adviser(staff));
        let mut caseload = access::caseload(&mut db, &actor, noon()).unwrap();
        messages::known(&mut caseload, &data.vault).await.unwrap()
    };
    let priya = known(world.priya).await;
    assert_eq!(priya.len(), 1);
    let names = (priya[0].called.as_str(), priya[0].name.as_str(), priya[0].waits);
    assert_eq!((priya[0].person, names), (world.sam, ("Samtest", "Samuel Whittletest", false)));
    assert!(known(world.faye).await.is_empty() && known(world.morag).await.is_empty(), "gone, and a manager");
}
