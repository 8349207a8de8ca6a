//! The stores of numbers, addresses and sent codes, called on both engines.

use jiff::civil::time;
use portal::clock::{HOUR, MINUTE};
use portal::id::Id;
use portal::notices::store as notices;
use portal::people::access::{self, ChangeAccount};
use portal::people::{
    Actor, CONFIRMED_FOR, Channel, ConfirmedBy, Door, Purpose, Quiet, Recipients, SENT_LASTS, SENT_TRIES,
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
}

async fn to(data: &Data, owner: Id<()>, everywhere: bool) -> Recipients {
    let mut db = data.db.read().await.unwrap();
    people::recipients(&mut db, &data.vault, owner, everywhere, noon()).await.unwrap()
}

fn one(address: &str) -> Recipients {
    Recipients::Now(vec![address.to_owned()])
}

async fn a_notice_goes_to_the_newest_confirmed_address_of_somebody_active(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, priya) = (world.sam, world.priya);
    let first = format!("{SAM}@young.invalid");
    assert_eq!(to(&data, sam.cast(), false).await, one(&first));
    write!(data, tx, vault, {
        people::insert_contact(tx, vault, sam, (Channel::Phone, "07700900123"), Some(noon())).await?;
        people::insert_contact(tx, vault, sam, (Channel::Email, "not@young.invalid"), None).await?;
        people::insert_contact(tx, vault, sam, (Channel::Email, "new@young.invalid"), Some(noon())).await
    })
    .unwrap();
    assert_eq!(to(&data, sam.cast(), false).await, one("new@young.invalid"));
    assert_eq!(to(&data, sam.cast(), true).await, Recipients::Now(vec!["new@young.invalid".into(), first]));
    data.raw.run(&format!("UPDATE contact_point SET ended_at = 1 WHERE owner_id = {}", data.raw.id(sam))).await;
    assert_eq!(to(&data, sam.cast(), true).await, Recipients::Nobody);
    assert_eq!(to(&data, world.sid.cast(), true).await, Recipients::Nobody, "suspended");
    assert_eq!(to(&data, priya.cast(), false).await, one(&format!("{PRIYA}@staff.invalid")));
    assert_eq!(to(&data, world.aaliyah.cast(), false).await, one(&format!("{AALIYAH}@young.invalid")));
    let aaliyah = world.aaliyah;
    write!(data, tx, vault, people::set_flagged(tx, aaliyah, true, noon()).await).unwrap();
    assert_eq!(to(&data, aaliyah.cast(), true).await, Recipients::Nobody, "under a safety flag nothing is sent");
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
    assert!(
        !write!(data, tx, vault, people::confirm_contact(tx, sam, id, ConfirmedBy::Code, noon()).await).unwrap(),
        "no code goes to a phone"
    );
    let now = list().await.unwrap();
    assert_eq!((now.value.as_str(), now.notify, now.confirmed_by), ("07700900123", false, Some(ConfirmedBy::Worker)));
    assert!(now.counts(after(CONFIRMED_FOR - 1)) && !now.counts(after(CONFIRMED_FOR)));
    assert!(write!(data, tx, vault, people::end_contact(tx, sam, id, noon()).await).unwrap());
    assert!(list().await.is_none());
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
    write!(data, tx, vault, people::set_notify(tx, sam, to, true).await).unwrap();
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
    let one_road =
        async || signin::session(&mut data.db.read().await.unwrap(), &[7; 32]).await.unwrap().unwrap().one_road;
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
