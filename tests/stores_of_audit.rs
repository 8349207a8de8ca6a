//! The stores of the audit log, called on both engines: the chain, and what was not ordinary.

use portal::audit::alerts::{Alert, Kind, Reading, Stands};
use portal::audit::{Entry, store as audit_rows};
use portal::clock::{DAY, HOUR};
use portal::db::{BoxFuture, Tx};
use portal::error::{Error, Result};
use portal::people::access::{self, LookAtAlert};
use portal::people::{Actor, PersonId, Role, StaffId};

use crate::support::{Data, Engine, after, filled, noon, on_both, write};

on_both! {
    a_link_follows_the_last_and_every_one_is_checked
    what_staff_read_is_looked_through_once
    an_alert_is_raised_once_told_to_the_manager_and_looked_at_once
    what_is_added_beside_other_writes_is_there_if_and_only_if_it_was_said_so
}

async fn reads(data: &Data, staff: StaffId, person: PersonId, relation: &'static str, at: i64) {
    let actor = Actor::Staff(staff, vec![Role::Adviser]);
    let entry = Entry { person: Some(person), relation, ..Entry::of(Some(actor), "read", "profile", after(at)) };
    audit_rows::viewed(&data.db, entry, "request".into()).await.unwrap();
}

async fn a_link_follows_the_last_and_every_one_is_checked(engine: Engine) {
    let (data, world) = filled(engine).await;
    let head = async || audit_rows::head(&mut data.db.read().await.unwrap()).await.unwrap();
    assert_eq!(head().await, None);
    assert_eq!(audit_rows::link(&data.db, &data.vault).await.unwrap(), 0);
    for n in 1..=2 {
        reads(&data, world.priya, world.sam, "pa", n).await;
        assert_eq!(audit_rows::link(&data.db, &data.vault).await.unwrap(), 1);
        assert_eq!(head().await.unwrap().n, n);
    }
    let heads = vec![head().await.unwrap()];
    let mut db = data.db.read().await.unwrap();
    let report = audit_rows::verify(&mut db, &data.vault, heads, noon()).await.unwrap();
    assert_eq!((report.links, report.found), (2, 0));
}

async fn what_staff_read_is_looked_through_once(engine: Engine) {
    let (data, world) = filled(engine).await;
    // Faye's work with Sam ended a day before noon; Owen never worked with Sam.
    for (staff, relation, at) in [
        (world.priya, "pa", -2 * DAY),
        (world.priya, "pa", -HOUR),
        (world.faye, "break_glass", 0),
        (world.owen, "break_glass", 1),
        (world.dee, "team_duty", 2),
    ] {
        reads(&data, staff, world.sam, relation, at).await;
    }
    let look = async || audit_rows::readings(&mut data.db.read().await.unwrap(), after(3)).await.unwrap();
    assert_eq!(look().await.1, 0, "what has no link yet waits");
    audit_rows::link(&data.db, &data.vault).await.unwrap();
    let (from, to, readings) = look().await;
    assert_eq!((from, to), (0, 5));
    let stands: Vec<_> = readings.iter().map(|Reading { staff, stands, .. }| (*staff, *stands)).collect();
    assert_eq!(
        stands,
        [
            (world.priya, Stands::Works),
            (world.faye, Stands::Once),
            (world.owen, Stands::Never),
            (world.dee, Stands::OnDuty)
        ]
    );
    assert!(write!(data, tx, vault, audit_rows::watched(tx, from, to).await).unwrap());
    assert!(!write!(data, tx, vault, audit_rows::watched(tx, from, to).await).unwrap(), "somebody was faster");
    assert!(look().await.2.is_empty());
}

async fn an_alert_is_raised_once_told_to_the_manager_and_looked_at_once(engine: Engine) {
    let (data, world) = filled(engine).await;
    let at = noon().as_microsecond();
    let night = Alert { kind: Kind::Night, staff: world.priya, person: Some(world.sam), at };
    let bulk = Alert { kind: Kind::Bulk, person: None, ..night };
    let of_aaliyah = Alert { person: Some(world.aaliyah), ..night };
    let own = Alert { staff: world.morag, ..night };
    for (person, read) in [(world.aaliyah, 0), (world.sam, -HOUR)] {
        reads(&data, world.priya, person, "pa", read).await;
    }
    for alert in [night, bulk, of_aaliyah, own] {
        assert!(write!(data, tx, vault, [alert = alert], audit_rows::raise(tx, alert).await).unwrap());
        assert!(!write!(data, tx, vault, [alert = alert], audit_rows::raise(tx, alert).await).unwrap());
    }
    // Of one who reads of many there is one in an hour, looked at or not.
    let soon = Alert { at: at + HOUR - 1, ..bulk };
    assert!(!write!(data, tx, vault, [soon = soon], audit_rows::raise(tx, soon).await).unwrap());
    let about = async |alert: &Alert| audit_rows::people_of(&mut data.db.read().await.unwrap(), alert).await.unwrap();
    assert_eq!(about(&night).await, [world.sam]);
    assert_eq!(about(&bulk).await, [world.aaliyah], "of that hour only");
    let morag = Actor::Staff(world.morag, vec![Role::Manager]);
    let told = async || {
        let mut db = data.db.read().await.unwrap();
        let mut caseload = access::caseload(&mut db, &morag, noon()).unwrap();
        audit_rows::alerts_for_manager(&mut caseload, &data.vault).await.unwrap()
    };
    let all = told().await;
    assert_eq!(all.len(), 1, "not another team's, nor her own: {all:?}");
    assert_eq!((all[0].by.as_str(), all[0].of.as_str(), all[0].kind), ("Priya Nairtest", "Samtest", Kind::Night));
    // She manages one of the many.
    reads(&data, world.priya, world.sam, "pa", 0).await;
    assert_eq!(told().await.len(), 2);
    let id = all[0].id;
    let read = async || audit_rows::alert(&mut data.db.read().await.unwrap(), id).await.unwrap();
    assert_eq!(read().await, Some(night));
    write!(data, tx, vault, [morag = morag], {
        let person = world.sam;
        let mut access = access::check::<LookAtAlert, _>(tx, morag, person, noon()).await?.unwrap();
        audit_rows::look_at(&mut access, id, world.morag).await
    })
    .unwrap();
    assert_eq!(read().await, None);
    assert_eq!(told().await.len(), 1);
    let later = Alert { at: at + HOUR, ..bulk };
    assert!(write!(data, tx, vault, [later = later], audit_rows::raise(tx, later).await).unwrap());
}

fn add<'t>(tx: &'t mut Tx, (name, fails): &'t (String, bool)) -> BoxFuture<'t, Result<()>> {
    Box::pin(async move {
        audit_rows::insert(tx, &Entry::of(None, "x", "y", noon()), name).await?;
        if *fails { Err(Error::NotFound) } else { Ok(()) }
    })
}

async fn what_is_added_beside_other_writes_is_there_if_and_only_if_it_was_said_so(engine: Engine) {
    let data = Data::new(engine).await;
    let mut kept = 0;
    for group in 0..12 {
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..10 {
            let (db, name) = (data.db.clone(), format!("number {n} of {group}"));
            tasks.spawn(async move {
                let fails = n == 7 && group % 3 > 0;
                let args = (name.clone(), fails);
                let told = if (n + group) % 3 == 0 { db.write(args, add).await } else { db.append(args, add).await };
                (name, told.is_ok(), fails)
            });
        }
        for (name, said, fails) in tasks.join_all().await {
            assert!(!(said && fails), "{name} failed and was said to be kept");
            let there = data.raw.number(&format!("SELECT COUNT(*) FROM audit WHERE request = '{name}'")).await;
            assert_eq!(there, i64::from(said), "{name}");
            kept += there;
        }
    }
    assert!(kept >= 40, "{kept}: what shares no commit with a failure is kept");
    audit_rows::viewed(&data.db, Entry::of(None, "x", "y", noon()), "after it".into()).await.unwrap();
}
