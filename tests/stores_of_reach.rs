//! The stores of numbers, addresses and sent codes, called on both engines.

use jiff::civil::time;
use portal::clock::{HOUR, MINUTE};
use portal::id::Id;
use portal::notices::{Kind, Mail, Untold, store as notices};
use portal::people::access::{self, ChangeAccount, ReadProfile};
use portal::people::store::Reach;
use portal::people::{
    Actor, Address, CONFIRMED_FOR, Channel, ConfirmedBy, Door, Purpose, Quiet, Recipients, SENT_LASTS, SENT_TRIES,
    store as people,
};
use portal::signin::Owner;
use portal::signin::store as signin;

use crate::support::people::{AALIYAH, PRIYA, SAM};
use crate::support::{Data, Engine, after, filled, noon, on_both, write};

on_both! {
    a_notice_goes_to_the_newest_confirmed_address_of_somebody_active
    a_contact_is_confirmed_silenced_and_ended_by_its_owner_only
    quiet_hours_hold_a_notice_back
    a_sent_code_is_live_for_its_name_and_end_until_used_tried_out_or_too_old
    an_account_remembers_that_one_road_led_back
    a_name_to_be_called_by_and_a_flag_are_set
    who_could_not_be_told_and_who_is_being_told_is_known
}

async fn to(data: &Data, owner: Id<()>, everywhere: bool) -> Recipients {
    reached(data, owner, Reach { everywhere, texts: false }).await
}

async fn reached(data: &Data, owner: Id<()>, reach: Reach) -> Recipients {
    let mut db = data.db.read().await.unwrap();
    people::recipients(&mut db, &data.vault, owner, reach, noon()).await.unwrap()
}

fn at(channel: Channel, value: &str) -> Address {
    Address { channel, value: value.to_owned() }
}

fn one(address: &str) -> Recipients {
    Recipients::Now(vec![at(Channel::Email, address)])
}

async fn a_notice_goes_to_the_newest_confirmed_address_of_somebody_active(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, priya) = (world.sam, world.priya);
    let first = format!("{SAM}@young.invalid");
    assert_eq!(to(&data, sam.cast(), false).await, one(&first));
    let phone = write!(data, tx, vault, {
        let phone =
            people::insert_contact(tx, vault, sam, (Channel::Phone, "07700900123"), Some(after(-MINUTE))).await?;
        people::insert_contact(tx, vault, sam, (Channel::Email, "not@young.invalid"), None).await?;
        people::insert_contact(tx, vault, sam, (Channel::Email, "new@young.invalid"), Some(noon())).await?;
        Ok(phone)
    })
    .unwrap();
    assert_eq!(to(&data, sam.cast(), false).await, one("new@young.invalid"));
    let (new, first) = (at(Channel::Email, "new@young.invalid"), at(Channel::Email, &first));
    assert_eq!(to(&data, sam.cast(), true).await, Recipients::Now(vec![new.clone(), first.clone()]));
    // Numbers count where text messages can be sent, and where their owner wants them.
    let both = async |everywhere| reached(&data, sam.cast(), Reach { everywhere, texts: true }).await;
    let number = at(Channel::Phone, "07700900123");
    assert_eq!(both(true).await, Recipients::Now(vec![new.clone(), number.clone(), first]));
    assert_eq!(both(false).await, Recipients::Now(vec![new]));
    write!(data, tx, vault, people::confirm_contact(tx, sam, phone, ConfirmedBy::Worker, after(MINUTE)).await).unwrap();
    assert_eq!(both(false).await, Recipients::Now(vec![number]));
    write!(data, tx, vault, people::set_notify(tx, sam, phone, false).await).unwrap();
    assert_eq!(both(false).await, one("new@young.invalid"), "not there");
    data.raw.run(&format!("UPDATE contact_point SET ended_at = 1 WHERE owner_id = {}", data.raw.id(sam))).await;
    assert_eq!(to(&data, sam.cast(), true).await, Recipients::Nobody);
    assert_eq!(to(&data, world.sid.cast(), true).await, Recipients::Nobody, "suspended");
    assert_eq!(to(&data, priya.cast(), false).await, one(&format!("{PRIYA}@staff.invalid")));
    assert_eq!(to(&data, world.aaliyah.cast(), false).await, one(&format!("{AALIYAH}@young.invalid")));
    let aaliyah = world.aaliyah;
    write!(data, tx, vault, people::set_flagged(tx, aaliyah, true, noon()).await).unwrap();
    assert_eq!(to(&data, aaliyah.cast(), true).await, Recipients::Nobody, "under a safety flag nothing is sent");
    let texted = (Channel::Phone, "07700900222");
    write!(data, tx, vault, people::insert_contact(tx, vault, aaliyah, texted, Some(noon())).await).unwrap();
    let everything = Reach { everywhere: true, texts: true };
    assert_eq!(reached(&data, aaliyah.cast(), everything).await, Recipients::Nobody, "nor a text message");
    assert_eq!(people::code_contact(&mut data.db.read().await.unwrap(), aaliyah, noon()).await.unwrap(), None);
}

async fn a_contact_is_confirmed_silenced_and_ended_by_its_owner_only(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, aaliyah) = (world.sam, world.aaliyah);
    let phone = (Channel::Phone, "07700900123");
    let id = write!(data, tx, vault, people::insert_contact(tx, vault, sam, phone, None).await).unwrap();
    let list = async || {
        let mut db = data.db.read().await.unwrap();
        let actor = Actor::Person(sam, Door::Sealed);
        let mut proof = access::check::<ChangeAccount, _>(&mut db, &actor, sam, noon()).await.unwrap().unwrap();
        let all = people::contacts(&mut proof, &data.vault).await.unwrap();
        all.into_iter().find(|contact| contact.id == id)
    };
    let silenced = async || {
        let mut db = data.db.read().await.unwrap();
        let actor = Actor::Person(sam, Door::Sealed);
        let mut proof = access::check::<ChangeAccount, _>(&mut db, &actor, sam, noon()).await.unwrap().unwrap();
        people::silenced(&mut proof).await.unwrap()
    };
    assert_eq!(silenced().await, []);
    assert_eq!(list().await.unwrap().confirmed_at, None);
    for other in [aaliyah] {
        assert!(
            !write!(data, tx, vault, people::confirm_contact(tx, other, id, ConfirmedBy::Code, noon()).await).unwrap()
        );
        assert!(!write!(data, tx, vault, people::set_notify(tx, other, id, false).await).unwrap());
        assert!(!write!(data, tx, vault, people::end_contact(tx, other, id, noon()).await).unwrap());
    }
    assert!(write!(data, tx, vault, people::confirm_contact(tx, sam, id, ConfirmedBy::Worker, noon()).await).unwrap());
    assert!(write!(data, tx, vault, people::set_notify(tx, sam, id, false).await).unwrap());
    assert_eq!(silenced().await, [Channel::Phone]);
    assert!(
        !write!(data, tx, vault, people::confirm_contact(tx, sam, id, ConfirmedBy::Code, noon()).await).unwrap(),
        "no code goes to a phone"
    );
    let now = list().await.unwrap();
    assert_eq!((now.value.as_str(), now.notify, now.confirmed_by), ("07700900123", false, Some(ConfirmedBy::Worker)));
    assert!(now.counts(after(CONFIRMED_FOR - 1)) && !now.counts(after(CONFIRMED_FOR)));
    assert!(write!(data, tx, vault, people::end_contact(tx, sam, id, noon()).await).unwrap());
    assert!(list().await.is_none() && silenced().await.is_empty());
    assert!(!write!(data, tx, vault, people::set_notify(tx, sam, id, true).await).unwrap(), "it is gone");
}

async fn quiet_hours_hold_a_notice_back(engine: Engine) {
    let (data, world) = filled(engine).await;
    let sam = world.sam;
    let quiet = async || {
        let mut db = data.db.read().await.unwrap();
        let actor = Actor::Person(sam, Door::Sealed);
        let mut proof = access::check::<ChangeAccount, _>(&mut db, &actor, sam, noon()).await.unwrap().unwrap();
        people::quiet(&mut proof).await.unwrap()
    };
    assert_eq!(quiet().await, Quiet::default());
    let wanted = Quiet { from: time(11, 0, 0, 0), to: time(13, 0, 0, 0) };
    write!(data, tx, vault, people::set_quiet(tx, sam, wanted).await).unwrap();
    assert_eq!(quiet().await, wanted);
    let over = wanted.over_at(noon()).unwrap().as_microsecond();
    assert_eq!(to(&data, sam.cast(), true).await, Recipients::Later(over));
}

async fn a_sent_code_is_live_for_its_name_and_end_until_used_tried_out_or_too_old(engine: Engine) {
    let (data, world) = filled(engine).await;
    let sam = world.sam;
    let contact = people::code_contact(&mut data.db.read().await.unwrap(), sam, noon()).await.unwrap();
    let account = signin::account_of(&mut data.db.read().await.unwrap(), Owner::Person(sam)).await.unwrap().unwrap().id;
    let asked = signin::asked_hash(&mut data.db.read().await.unwrap(), account).await.unwrap();
    assert_eq!(asked, signin::asked_hash_of(&data.vault, SAM));
    let live = async |purpose, at| {
        let mut db = data.db.read().await.unwrap();
        people::sent(&mut db, &asked, sam, purpose, at).await.unwrap().first().map(|(id, _)| *id)
    };
    let insert = async |contact| {
        let asked = asked.clone();
        write!(
            data,
            tx,
            vault,
            [asked = asked],
            people::insert_sent(tx, asked, contact, Purpose::Recover, noon()).await
        )
        .unwrap()
    };
    let id = insert(contact).await;
    assert_eq!(live(Purpose::Recover, after(SENT_LASTS - 1)).await, Some(id));
    assert_eq!(live(Purpose::Recover, after(SENT_LASTS)).await, None);
    write!(data, tx, vault, notices::add_code(tx, id, true, noon()).await).unwrap();
    let twice = write!(data, tx, vault, notices::add_code(tx, id, true, noon()).await);
    assert!(twice.is_err(), "a code is sent once");
    assert_eq!(live(Purpose::Prove, noon()).await, None, "a code for one end opens no other");
    let address =
        async |at| people::sent_address(&mut data.db.read().await.unwrap(), &data.vault, id, at).await.unwrap();
    let sent_to =
        async |id| people::sent_address(&mut data.db.read().await.unwrap(), &data.vault, id, noon()).await.unwrap();
    assert_eq!(address(noon()).await, Some(format!("{SAM}@young.invalid")));
    assert_eq!(address(after(SENT_LASTS)).await, None);
    for _ in 0..SENT_TRIES {
        assert_eq!(live(Purpose::Recover, noon()).await, Some(id));
        let asked = asked.clone();
        write!(data, tx, vault, [asked = asked], people::count_sent_try(tx, asked, Purpose::Recover).await).unwrap();
    }
    assert_eq!(live(Purpose::Recover, noon()).await, None, "tried out");
    let next = insert(contact).await;
    assert!(write!(data, tx, vault, people::use_sent(tx, next, noon()).await).unwrap());
    assert!(!write!(data, tx, vault, people::use_sent(tx, next, noon()).await).unwrap(), "once");
    insert(None).await;
    assert_eq!(live(Purpose::Recover, noon()).await, None, "nothing was sent");
    // A newer one leaves the one before alive: else whoever knows the name could end it.
    let (first, second) = (insert(contact).await, insert(contact).await);
    let all = async |person| {
        let mut db = data.db.read().await.unwrap();
        let all = people::sent(&mut db, &asked, person, Purpose::Recover, noon()).await.unwrap();
        all.into_iter().map(|(id, _)| id).collect::<Vec<_>>()
    };
    let (mut live, mut both) = (all(sam).await, vec![first, second]);
    live.sort();
    both.sort();
    assert_eq!(live, both);
    assert_eq!(all(world.aaliyah).await, [], "whoever takes the name later");
    // Nothing that was sent counts under a flag, or where its owner wants nothing.
    write!(data, tx, vault, people::set_flagged(tx, sam, true, noon()).await).unwrap();
    assert_eq!(all(sam).await, []);
    write!(data, tx, vault, people::set_flagged(tx, sam, false, noon()).await).unwrap();
    let to = contact.unwrap();
    write!(data, tx, vault, people::set_notify(tx, sam, to, false).await).unwrap();
    assert_eq!(all(sam).await, []);
    assert_eq!(sent_to(second).await, None, "one that waits is not sent");
    write!(data, tx, vault, people::set_notify(tx, sam, to, true).await).unwrap();
    assert_eq!(sent_to(second).await, Some(format!("{SAM}@young.invalid")));
    assert_eq!(all(sam).await.len(), 2);
    write!(data, tx, vault, people::unconfirm_addresses(tx, sam).await).unwrap();
    assert_eq!(people::code_contact(&mut data.db.read().await.unwrap(), sam, noon()).await.unwrap(), None);
    let ways = async |since| people::ways_back_since(&mut data.db.read().await.unwrap(), since).await.unwrap();
    assert_eq!(ways(noon().as_microsecond() - HOUR).await, 5);
    let since = async |since| {
        let mut db = data.db.read().await.unwrap();
        people::sent_since(&mut db, &asked, Purpose::Recover, since).await.unwrap()
    };
    assert_eq!(since(noon().as_microsecond() - HOUR).await, 5);
    assert_eq!(since(noon().as_microsecond() + MINUTE).await, 0);
    write!(data, tx, vault, people::drop_sent(tx, after(MINUTE).as_microsecond()).await).unwrap();
    assert_eq!(since(0).await, 0);
    write!(data, tx, vault, notices::drop_codes(tx, after(MINUTE).as_microsecond()).await).unwrap();
    assert_eq!(data.raw.number("SELECT COUNT(*) FROM outbox WHERE kind = 'code'").await, 0);
    // The eight digits follow from the row and the key, and from nothing that is stored.
    assert_eq!(data.vault.digits(id), data.vault.digits(id));
    assert_ne!(data.vault.digits(id), data.vault.digits(next));
    assert_eq!(data.vault.digits(id).len(), 8);
}

async fn an_account_remembers_that_one_road_led_back(engine: Engine) {
    let (data, world) = filled(engine).await;
    let account =
        signin::account_of(&mut data.db.read().await.unwrap(), Owner::Person(world.sam)).await.unwrap().unwrap();
    let new = signin::NewSession {
        token_hash: [7; 32],
        own_device: false,
        second_proof: true,
        browser: "A browser".into(),
        flash: None,
    };
    let id = account.id;
    write!(data, tx, vault, [account = account, new = new], signin::begin_session(tx, account, new, noon()).await)
        .unwrap();
    let one_road = async || data.session(7, noon()).await.unwrap().0.one_road;
    assert!(!one_road().await);
    write!(data, tx, vault, signin::set_one_road(tx, id, true).await).unwrap();
    assert!(one_road().await);
    assert!(signin::one_road(&mut data.db.read().await.unwrap(), id).await.unwrap());
    write!(data, tx, vault, signin::set_one_road(tx, id, false).await).unwrap();
    assert!(!one_road().await);
}

async fn a_name_to_be_called_by_and_a_flag_are_set(engine: Engine) {
    let (data, world) = filled(engine).await;
    let sam = world.sam;
    write!(data, tx, vault, people::set_called(tx, vault, sam, "Jo").await).unwrap();
    write!(data, tx, vault, people::set_flagged(tx, sam, true, noon()).await).unwrap();
    let mut db = data.db.read().await.unwrap();
    assert!(people::is_flagged(&mut db, sam).await.unwrap());
    assert!(people::takes_two(&mut db, sam, noon()).await.unwrap());
    drop(db);
    write!(data, tx, vault, people::set_flagged(tx, sam, false, noon()).await).unwrap();
    let mut db = data.db.read().await.unwrap();
    assert!(people::takes_two(&mut db, sam, after(people::FLAG_LINGERS - 1)).await.unwrap(), "for a week after");
    assert!(!people::takes_two(&mut db, sam, after(people::FLAG_LINGERS)).await.unwrap());
    let actor = Actor::Person(sam, Door::Sealed);
    let mut proof = access::check::<ChangeAccount, _>(&mut db, &actor, sam, noon()).await.unwrap().unwrap();
    assert_eq!(people::person(&mut proof, &data.vault).await.unwrap().called, "Jo");
}

async fn who_could_not_be_told_and_who_is_being_told_is_known(engine: Engine) {
    let (data, world) = filled(engine).await;
    let sam = world.sam;
    let untold = async |person| {
        let mut db = data.db.read().await.unwrap();
        let actor = Actor::Person(person, Door::Sealed);
        let mut proof = access::check::<ReadProfile, _>(&mut db, &actor, person, noon()).await.unwrap().unwrap();
        notices::untold(&mut proof).await.unwrap()
    };
    assert_eq!(untold(sam).await, None);
    write!(data, tx, vault, notices::add(tx, Kind::PersonHasMessage, sam, noon()).await).unwrap();
    assert_eq!(untold(sam).await, None, "it has not been tried");
    let mut setup = data.setup("Site");
    let works = Mail::new(&setup).unwrap();
    std::fs::write(data.folder.path().join("a file"), "").unwrap();
    setup.folder = data.folder.path().join("a file");
    let broken = Mail::new(&setup).unwrap();
    let send = async |mail: &Mail, at| notices::send_due(&data.db, &data.vault, mail, || at).await.unwrap();
    assert_eq!(send(&broken, noon()).await, 1);
    let since = noon().as_microsecond();
    let mut want = Some(Untold { what: Kind::PersonHasMessage, by: Some(Channel::Email), since });
    assert_eq!(untold(sam).await, want);
    assert_eq!(untold(world.aaliyah).await, None);
    // Whatever comes to wait besides: what has waited longest counts.
    write!(data, tx, vault, notices::add(tx, Kind::AccountChanged, sam, after(MINUTE)).await).unwrap();
    send(&broken, after(MINUTE)).await;
    assert_eq!(untold(sam).await, want);
    data.raw.run("UPDATE outbox SET state = 'failed' WHERE kind = 'person_message'").await;
    assert_eq!(untold(sam).await, want);
    send(&works, after(HOUR)).await;
    assert_eq!(untold(sam).await, None, "something reached them");
    // One that waits for the morning has not failed.
    data.raw.run("DELETE FROM outbox").await;
    write!(data, tx, vault, notices::add(tx, Kind::PersonHasMessage, sam, noon()).await).unwrap();
    send(&broken, after(10 * HOUR)).await;
    assert_eq!(data.raw.texts("SELECT last_fault FROM outbox").await, ["quiet hours"]);
    assert_eq!(untold(sam).await, None);
    data.raw.run("UPDATE outbox SET state = 'failed', last_fault = 'no such kind of notice'").await;
    want = want.map(|untold| Untold { by: None, ..untold });
    assert_eq!(untold(sam).await, want);
    // On its way: what one worker has taken, until its time is over; codes too.
    let on_its_way =
        async |person, at| notices::on_its_way(&mut data.db.read().await.unwrap(), person, at).await.unwrap();
    let lease = format!("UPDATE outbox SET state = 'leased', lease_until = {}", after(MINUTE).as_microsecond());
    data.raw.run(&lease).await;
    assert!(on_its_way(sam, noon()).await && !on_its_way(world.aaliyah, noon()).await);
    assert!(!on_its_way(sam, after(MINUTE)).await, "who took it has died over it");
    data.raw.run("DELETE FROM outbox").await;
    let contact = people::code_contact(&mut data.db.read().await.unwrap(), sam, noon()).await.unwrap();
    write!(data, tx, vault, {
        let sent = people::insert_sent(tx, b"asked", contact, Purpose::Recover, noon()).await?;
        notices::add_code(tx, sent, true, noon()).await
    })
    .unwrap();
    assert!(!on_its_way(sam, noon()).await);
    data.raw.run(&lease).await;
    assert!(on_its_way(sam, noon()).await && !on_its_way(world.aaliyah, noon()).await);
}
