//! The stores of the audit log, called on both engines: the chain, and what was not ordinary.

use std::time::Duration;

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

/// What becomes of an act that adds a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Kept,
    /// As `Kept`, after a moment in which others wait for it.
    Slow,
    FailsBefore,
    FailsAfter,
    Panics,
}

fn add<'t>(tx: &'t mut Tx, (name, fate): &'t (String, Fate)) -> BoxFuture<'t, Result<()>> {
    Box::pin(async move {
        match fate {
            Fate::FailsBefore => return Err(Error::NotFound),
            Fate::Slow => tokio::time::sleep(Duration::from_millis(50)).await,
            Fate::Kept | Fate::FailsAfter | Fate::Panics => {}
        }
        audit_rows::insert(tx, &Entry::of(None, "x", "y", noon()), name).await?;
        match fate {
            Fate::FailsAfter => Err(Error::NotFound),
            Fate::Panics => panic!("after a row, on purpose"),
            Fate::Kept | Fate::Slow | Fate::FailsBefore => Ok(()),
        }
    })
}

async fn what_is_added_beside_other_writes_is_there_if_and_only_if_it_was_said_so(engine: Engine) {
    let data = Data::new(engine).await;
    // The fourth of eight that share a commit with a slow one, whether it is an act that may be refused, and how many
    // before it are lost with it on SQLite.
    for (fate, refusable, lost) in [
        (Fate::Kept, false, 0),
        (Fate::FailsBefore, false, 0),
        (Fate::FailsAfter, true, 0),
        (Fate::Panics, true, 0),
        (Fate::FailsAfter, false, 4),
        (Fate::Panics, false, 4),
    ] {
        let one = async |n: usize| {
            let fates = [Fate::Slow, Fate::Kept, Fate::Kept, Fate::Kept, fate, Fate::Kept, Fate::Kept, Fate::Kept];
            let name = format!("{fate:?} {refusable} {n}");
            let args = (name.clone(), fates[n]);
            let told =
                if n == 4 && refusable { data.db.write(args, add).await } else { data.db.append(args, add).await };
            (name, told.is_ok())
        };
        let all = futures_util::future::join_all((0..8).map(one)).await;
        for (n, (name, said)) in all.into_iter().enumerate() {
            let there = data.raw.number(&format!("SELECT COUNT(*) FROM audit WHERE request = '{name}'")).await;
            assert_eq!(there, i64::from(said), "{name}");
            let lost = engine == Engine::Sqlite && n < lost;
            assert_eq!(said, !(lost || n == 4 && fate != Fate::Kept), "{name}: what is after a failure is kept");
        }
    }
}
