//! The stores of appointments, private addresses of calendars and letters, called on both engines.

use jiff::Timestamp;
use jiff::civil::date;
use portal::appointments::{AppointmentId, Details, store as appointments};
use portal::audit::{Entry, store as audit_rows};
use portal::clock::{DAY, HOUR};
use portal::letters::{How, LetterId, State, Told, Use, store as letters};
use portal::notices::Kind;
use portal::notices::acts::tell_readers;
use portal::people::access::{
    self, AnswerAppointment, ApproveLetter, AskLetter, KeepFeed, ReadAppointments, ReadLetter, SetAppointment,
};
use portal::people::{Actor, Door, PersonId, Role, StaffId};

use crate::support::{Data, Engine, World, after, filled, noon, on_both, write};

on_both! {
    an_appointment_is_changed_by_whoever_knows_how_it_stands
    somebody_is_reminded_once_for_each_start
    a_private_address_is_known_by_its_hash_until_it_is_taken_back
    a_letter_is_open_once_decided_once_and_shown_to_whom_they_choose
    whoever_answers_is_told_once
}

fn adviser(staff: StaffId) -> Actor {
    Actor::Staff(staff, vec![Role::Adviser])
}

fn own(person: PersonId) -> Actor {
    Actor::Person(person, Door::Sealed)
}

fn details(word: &str, starts_at: Timestamp) -> Details {
    let some = |what: &str| Some(format!("{word} {what}"));
    let (with, place, way) = (some("with"), some("place"), some("way"));
    Details { what: word.to_owned(), with, place, way, starts_at: starts_at.as_microsecond(), minutes: 45 }
}

async fn set(data: &Data, world: &World, details: &Details, at: Timestamp) -> AppointmentId {
    let (sam, priya) = (world.sam, world.priya);
    write!(data, tx, vault, [details = details], {
        let mut access = access::check::<SetAppointment, _>(tx, &adviser(priya), sam, at).await?.unwrap();
        appointments::insert(&mut access, vault, priya, details).await
    })
    .unwrap()
}

async fn change(data: &Data, world: &World, known: (AppointmentId, i64), details: &Details, at: Timestamp) -> bool {
    let (sam, priya) = (world.sam, world.priya);
    write!(data, tx, vault, [details = details], {
        let mut access = access::check::<SetAppointment, _>(tx, &adviser(priya), sam, at).await?.unwrap();
        appointments::change(&mut access, vault, known, details).await
    })
    .unwrap()
}

async fn cancel(data: &Data, world: &World, known: (AppointmentId, i64), at: Timestamp) -> bool {
    let (sam, priya) = (world.sam, world.priya);
    write!(data, tx, vault, {
        let mut access = access::check::<SetAppointment, _>(tx, &adviser(priya), sam, at).await?.unwrap();
        appointments::cancel(&mut access, known).await
    })
    .unwrap()
}

async fn says(data: &Data, person: PersonId, id: AppointmentId, cannot: Option<Option<&'static str>>) -> bool {
    write!(data, tx, vault, {
        let mut access = access::check::<AnswerAppointment, _>(tx, &own(person), person, noon()).await?.unwrap();
        appointments::answer(&mut access, vault, id, cannot).await
    })
    .unwrap()
}

async fn an_appointment_is_changed_by_whoever_knows_how_it_stands(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, aaliyah) = (world.sam, world.aaliyah);
    let later = set(&data, &world, &details("later", after(3 * DAY)), noon()).await;
    let first = set(&data, &world, &details("first", after(DAY)), noon()).await;
    let all = async || {
        let mut db = data.db.read().await.unwrap();
        let mut access = access::check::<ReadAppointments, _>(&mut db, &own(sam), sam, noon()).await.unwrap().unwrap();
        appointments::all(&mut access, &data.vault).await.unwrap()
    };
    let one = async |person: PersonId, id| {
        let mut db = data.db.read().await.unwrap();
        let mut access =
            access::check::<ReadAppointments, _>(&mut db, &own(person), person, noon()).await.unwrap().unwrap();
        appointments::one(&mut access, &data.vault, id).await.unwrap()
    };
    assert_eq!(all().await.iter().map(|one| one.id).collect::<Vec<_>>(), [first, later]);
    assert_eq!(one(sam, first).await.unwrap().details, details("first", after(DAY)));
    assert_eq!(one(aaliyah, first).await, None, "somebody else's");
    let mut db = data.db.read().await.unwrap();
    assert_eq!(appointments::whose(&mut db, first).await.unwrap(), Some(sam));
    assert_eq!(appointments::whose(&mut db, AppointmentId::from_bytes([0; 16])).await.unwrap(), None);
    drop(db);

    assert!(says(&data, sam, first, Some(Some("I am at work"))).await);
    assert!(!says(&data, aaliyah, first, Some(None)).await, "somebody else's");
    assert_eq!(one(sam, first).await.unwrap().cannot.unwrap().why.as_deref(), Some("I am at work"));
    let cannot = async || {
        let (mut db, priya) = (data.db.read().await.unwrap(), adviser(world.priya));
        let mut caseload = access::caseload(&mut db, &priya, noon()).unwrap();
        let mut listed = caseload.list(vec![sam, aaliyah]);
        listed.fetch(appointments::cannot(&listed)).await.unwrap()
    };
    assert_eq!(cannot().await, [sam]);
    // Another place at the same time: what they said stands.
    let moved = Details { place: None, ..details("first", after(DAY)) };
    assert!(change(&data, &world, (first, 0), &moved, after(1)).await);
    assert!(!change(&data, &world, (first, 0), &moved, after(1)).await, "they did not know how it stands");
    let now = one(sam, first).await.unwrap();
    assert_eq!((now.sequence, now.details.place.clone(), now.cannot.is_some()), (1, None, true));
    // Another time: they have not said anything of that.
    assert!(change(&data, &world, (first, 1), &details("first", after(2 * DAY)), after(2)).await);
    assert_eq!(one(sam, first).await.unwrap().cannot, None);
    assert!(cannot().await.is_empty());
    assert!(says(&data, sam, first, Some(None)).await && says(&data, sam, first, None).await);
    assert_eq!(one(sam, first).await.unwrap().cannot, None);

    assert!(!cancel(&data, &world, (first, 1), after(3)).await);
    assert!(cancel(&data, &world, (first, 2), after(3)).await && !cancel(&data, &world, (first, 3), after(3)).await);
    assert!(one(sam, first).await.unwrap().cancelled && !says(&data, sam, first, Some(None)).await);
    assert!(change(&data, &world, (first, 3), &details("again", after(2 * DAY)), after(4)).await);
    assert!(!one(sam, first).await.unwrap().cancelled, "it stands again");
}

async fn somebody_is_reminded_once_for_each_start(engine: Engine) {
    let (data, world) = filled(engine).await;
    let starts = after(3 * DAY);
    let id = set(&data, &world, &details("one", starts), noon()).await;
    let cannot = set(&data, &world, &details("other", starts), noon()).await;
    assert!(says(&data, world.sam, cannot, Some(None)).await);
    let due = async |at| appointments::due(&mut data.db.read().await.unwrap(), at).await.unwrap();
    assert!(due(after(2 * DAY - 1)).await.is_empty());
    let [one] = due(after(2 * DAY)).await[..] else { panic!("one is due") };
    assert_eq!((one.id, one.person), (id, world.sam));
    let mark = async || write!(data, tx, vault, appointments::mark_reminded(tx, one, after(2 * DAY)).await).unwrap();
    assert!(mark().await && !mark().await);
    assert!(due(after(2 * DAY + HOUR)).await.is_empty());
    // Other directions are no other start.
    let told = Details { way: Some("Bus 41".to_owned()), ..details("one", starts) };
    assert!(change(&data, &world, (id, 0), &told, after(2 * DAY)).await);
    assert!(due(after(2 * DAY + 5 * HOUR)).await.is_empty());
    assert!(change(&data, &world, (id, 1), &details("one", after(5 * DAY)), after(2 * DAY)).await);
    assert_eq!(due(after(4 * DAY)).await.len(), 1, "another start");
    let sam = data.raw.id(world.sam);
    data.raw.run(&format!("UPDATE person SET state = 'closed' WHERE id = {sam}")).await;
    assert!(due(after(4 * DAY)).await.is_empty(), "whoever is not here any more is told nothing");
}

async fn a_private_address_is_known_by_its_hash_until_it_is_taken_back(engine: Engine) {
    let (data, world) = filled(engine).await;
    let sam = world.sam;
    set(&data, &world, &details("past", after(-40 * DAY)), noon()).await;
    let soon = set(&data, &world, &details("soon", after(DAY)), noon()).await;
    let make = async |hash: [u8; 32]| {
        write!(data, tx, vault, {
            let mut access = access::check::<KeepFeed, _>(tx, &own(sam), sam, noon()).await?.unwrap();
            appointments::insert_feed(&mut access, &hash).await
        })
        .unwrap()
    };
    let end = async || {
        write!(data, tx, vault, {
            let mut access = access::check::<KeepFeed, _>(tx, &own(sam), sam, noon()).await?.unwrap();
            appointments::end_feed(&mut access).await
        })
        .unwrap()
    };
    let feed = async |hash: [u8; 32]| appointments::feed(&mut data.db.read().await.unwrap(), &hash).await.unwrap();
    let mine = async || {
        let mut db = data.db.read().await.unwrap();
        let mut access = access::check::<KeepFeed, _>(&mut db, &own(sam), sam, noon()).await.unwrap().unwrap();
        appointments::own_feed(&mut access).await.unwrap()
    };
    assert_eq!((feed([1; 32]).await, mine().await, end().await), (None, None, false));
    let first = make([1; 32]).await;
    assert_eq!((feed([1; 32]).await.unwrap().id, mine().await.unwrap().id), (first, first));
    let second = make([2; 32]).await;
    assert_eq!(feed([1; 32]).await, None, "a new one ends the old one");
    let live = feed([2; 32]).await.unwrap();
    assert_eq!((live.id, live.person), (second, sam));
    let mut db = data.db.read().await.unwrap();
    let slots = appointments::slots(&mut db, &live, after(-30 * DAY), after(366 * DAY)).await.unwrap();
    assert_eq!(slots.iter().map(|slot| slot.id).collect::<Vec<_>>(), [soon]);
    assert_eq!(audit_rows::last_read(&mut db, sam, second.cast()).await.unwrap(), None);
    drop(db);
    let read = Entry { person: Some(sam), object_id: Some(second.cast()), ..Entry::of(None, "read", "x", noon()) };
    audit_rows::viewed(&data.db, read, "n".into()).await.unwrap();
    let last = audit_rows::last_read(&mut data.db.read().await.unwrap(), sam, second.cast()).await.unwrap();
    assert_eq!(last, Some(noon().as_microsecond()));
    assert!(end().await && !end().await);
    assert_eq!(feed([2; 32]).await, None);
}

async fn a_letter_is_open_once_decided_once_and_shown_to_whom_they_choose(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, priya) = (world.sam, world.priya);
    let ask = async || {
        write!(data, tx, vault, {
            let mut access = access::check::<AskLetter, _>(tx, &own(sam), sam, noon()).await?.unwrap();
            letters::insert(&mut access).await
        })
        .unwrap()
    };
    let decide = async |id: LetterId, state: State, why: Option<&'static str>| {
        write!(data, tx, vault, {
            let mut access = access::check::<ApproveLetter, _>(tx, &adviser(priya), sam, after(HOUR)).await?.unwrap();
            letters::decide(&mut access, vault, (id, priya), state, why).await
        })
        .unwrap()
    };
    let all = async || {
        let mut db = data.db.read().await.unwrap();
        let mut access = access::check::<ReadLetter, _>(&mut db, &own(sam), sam, noon()).await.unwrap().unwrap();
        letters::all(&mut access, &data.vault).await.unwrap()
    };
    let asked = async || {
        let (mut db, actor) = (data.db.read().await.unwrap(), adviser(priya));
        let mut caseload = access::caseload(&mut db, &actor, noon()).unwrap();
        let mut listed = caseload.list(vec![sam, world.aaliyah]);
        listed.fetch(letters::asked(&listed)).await.unwrap()
    };
    assert!(asked().await.is_empty());
    let first = ask().await.unwrap();
    assert_eq!((ask().await, asked().await), (None, vec![sam]), "one at a time");
    let open = async || {
        let mut db = data.db.read().await.unwrap();
        let mut access = access::check::<ReadLetter, _>(&mut db, &own(sam), sam, noon()).await.unwrap().unwrap();
        letters::is_open(&mut access).await.unwrap()
    };
    assert!(open().await);
    assert!(decide(first, State::Approved, None).await);
    assert!(!decide(first, State::Refused, Some("no")).await, "decided before");
    assert!(!open().await);
    for to in ["My training provider", "The college"] {
        write!(data, tx, vault, {
            let mut access = access::check::<AskLetter, _>(tx, &own(sam), sam, after(2 * HOUR)).await?.unwrap();
            letters::insert_use(&mut access, vault, first, to).await
        })
        .unwrap();
    }
    write!(data, tx, vault, {
        let mut access = access::check::<ApproveLetter, _>(tx, &adviser(priya), sam, after(3 * HOUR)).await?.unwrap();
        letters::insert_told(&mut access, vault, (first, priya), "The landlord", (How::Email, date(2026, 11, 23))).await
    })
    .unwrap();
    let told = Told { by: "Priya Nairtest".to_owned(), how: How::Email, on: date(2026, 11, 23) };
    let landlord = Use { to: "The landlord".to_owned(), at: after(3 * HOUR).as_microsecond(), told: Some(told) };
    let letter = all().await.remove(0);
    assert_eq!(letter.uses[0], landlord);
    assert_eq!(letter.uses[1].told, None);
    assert_eq!((letter.state, letter.decided.clone().unwrap().by.as_str()), (State::Approved, "Priya Nairtest"));
    assert_eq!(letter.uses.len(), 3);
    assert_eq!(portal::letters::stands(&all().await).map(|one| one.id), Some(first));
    write!(data, tx, vault, {
        let mut access = access::check::<ApproveLetter, _>(tx, &adviser(priya), sam, after(3 * HOUR)).await?.unwrap();
        letters::take_back(&mut access, vault, priya, "A mistake of ours").await
    })
    .unwrap();
    let now = all().await;
    assert_eq!(now[0].decided.as_ref().unwrap().why.as_deref(), Some("A mistake of ours"));
    assert_eq!((now.len(), now[1].state), (2, State::Approved), "what was decided before stays as it was");
    assert_eq!(portal::letters::stands(&now), None);
    let second = ask().await.unwrap();
    assert!(decide(second, State::Refused, Some("We could not find you")).await);
}

async fn whoever_answers_is_told_once(engine: Engine) {
    let (data, world) = filled(engine).await;
    let sam = world.sam;
    for _ in 0..2 {
        write!(data, tx, vault, tell_readers(tx, Kind::WorkerHasMessage, sam, noon()).await).unwrap();
    }
    let told = format!("SELECT COUNT(*) FROM outbox WHERE owner_id = {}", data.raw.id(world.priya));
    assert_eq!(data.raw.number(&told).await, 1);
    assert_eq!(data.raw.number("SELECT COUNT(*) FROM outbox").await, 1);
}
