//! Every function of every store, called on both engines: SQL errors show only when it is run.

use jiff::Timestamp;
use jiff::civil::Date;
use portal::audit::{self, Entry, store as audit_rows};
use portal::clock::{DAY, HOUR, MINUTE, SECOND, from_micros};
use portal::content::{Kind as Item, store as content};
use portal::error::Error;
use portal::id::Id;
use portal::messages::store::{self as messages, New};
use portal::messages::{From, Mine, State};
use portal::notices::{Kind as Notice, Mail, store as notices};
use portal::offer::feedback::{New as Told, SAME_WITHIN, SPAN, State as With};
use portal::offer::store as offer;
use portal::people::access::{self, AnswerMessage, ReadPlan, ReadProfile, ReadThread, WriteMessage};
use portal::people::{Actor, Door, Part, PersonId, Role, StaffId, store as people};
use portal::plan::{Doer, Heading, Progress, store as plan};
use portal::signin::{CODE_LASTS, CODE_TRIES, FORGET_FAILURES, Lifetime, Owner, new_code, read_code, store as signin};
use portal::vault::Column;
use portal::web::flash::Flash;

use crate::support::people::{self as persons, AALIYAH, PRIYA, SAM, hash, plan_of, then};
use crate::support::{Data, Engine, World, after, filled, noon, on_both, write};

on_both! {
    audit_rows_hold_who_did_what_to_whose_record
    a_key_belongs_to_one_owner
    a_person_is_found_by_name_and_birth_and_only_while_active
    parts_and_roles_hold_only_while_they_last
    workers_come_with_their_names_the_lead_first
    a_team_is_made_once_for_a_locality
    an_email_address_names_one_active_member_of_staff
    a_new_lead_ends_the_one_before_who_goes_on_working
    a_new_spell_ends_the_one_before
    an_account_is_found_by_its_username_while_active
    wrong_tries_wait_longer_and_are_forgotten_after_a_day
    a_code_is_live_once_until_it_expires_or_is_tried_too_often
    a_session_ends_with_its_account_epoch_or_sign_out
    a_session_brings_the_roles_that_its_owner_holds_at_the_moment
    a_session_carries_one_message_and_when_it_was_used
    a_form_key_is_taken_once
    tidying_drops_what_has_ended_and_nothing_else
    a_thread_keeps_order_state_and_who_waits
    a_poll_sees_what_is_new_and_nothing_else
    the_queue_holds_the_own_caseload_longest_wait_first
    a_plan_reads_back_as_it_was_shared
    a_revision_is_refused_when_somebody_published_first
    a_confirmation_raises_the_version
    a_notice_is_one_in_a_quarter_of_an_hour_and_is_sent_once
    what_the_public_tells_us_is_kept_once_and_looked_after
    nothing_of_a_refused_write_is_kept
    writes_at_the_same_time_all_count_once
}

fn adviser(id: StaffId) -> Actor {
    Actor::Staff(id, vec![Role::Adviser])
}

/// A message of Sam's to those who work with them.
async fn sam_writes(data: &Data, world: &World, body: &str, at: Timestamp) -> portal::messages::MessageId {
    let sam = world.sam;
    write!(data, tx, vault, [body = body.to_owned()], {
        let mut access =
            access::check::<WriteMessage, _>(tx, &Actor::Person(sam, Door::Sealed), sam, at).await?.unwrap();
        messages::insert(&mut access, vault, &New::said(body, Some(after(DAY)))).await
    })
    .unwrap()
}

async fn priya_answers(data: &Data, world: &World, body: &str, at: Timestamp) -> portal::messages::MessageId {
    let (sam, priya) = (world.sam, world.priya);
    write!(data, tx, vault, [body = body.to_owned()], {
        let mut access = access::check::<AnswerMessage, _>(tx, &adviser(priya), sam, at).await?.unwrap();
        messages::insert(&mut access, vault, &New::said(body, None)).await
    })
    .unwrap()
}

async fn read_by(data: &Data, actor: &Actor, world: &World, at: Timestamp) -> Vec<portal::messages::Message> {
    let mut db = data.db.read().await.unwrap();
    let mut access = access::check::<ReadThread, _>(&mut db, actor, world.sam, at).await.unwrap().unwrap();
    messages::thread(&mut access, &data.vault, None).await.unwrap().messages
}

async fn opened_by(data: &Data, actor: &Actor, world: &World, at: Timestamp) -> u64 {
    let sam = world.sam;
    write!(data, tx, vault, [actor = actor], {
        let mut access = access::check::<ReadThread, _>(tx, actor, sam, at).await?.unwrap();
        let shown = messages::thread(&mut access, vault, None).await?.messages;
        match shown.last() {
            Some(last) => messages::mark_opened(&mut access, shown[0].id, last.id).await,
            None => Ok(0),
        }
    })
    .unwrap()
}

async fn audit_rows_hold_who_did_what_to_whose_record(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, priya) = (world.sam, world.priya);
    let entry = {
        let mut db = data.db.read().await.unwrap();
        let proof = access::check::<ReadThread, _>(&mut db, &adviser(priya), sam, noon()).await.unwrap().unwrap();
        proof.entry()
    };
    write!(data, tx, vault, [entry = entry], audit_rows::insert(tx, entry, "n-1").await).unwrap();
    let _on_disk: audit::Audited = audit_rows::viewed(&data.db, entry, "n-2".into()).await.unwrap();
    let nobody = Entry::of(None, "sign-in refused", "account", noon());
    write!(data, tx, vault, [nobody = nobody], audit_rows::insert(tx, nobody, "n-3").await).unwrap();
    let rows = data.raw.texts("SELECT actor_kind || ' ' || action || ' ' || object_kind || ' ' || relation || ' ' || request FROM audit ORDER BY request").await;
    assert_eq!(
        rows,
        ["staff read thread pa n-1", "staff read thread pa n-2", "nobody sign-in refused account none n-3"]
    );
    let about = format!(
        "SELECT COUNT(*) FROM audit WHERE person_id = {} AND actor_id = {}",
        data.raw.id(sam),
        data.raw.id(priya)
    );
    assert_eq!(data.raw.number(&about).await, 2);
}

async fn a_key_belongs_to_one_owner(engine: Engine) {
    let (data, world) = filled(engine).await;
    let mut db = data.db.read().await.unwrap();
    let key = people::key(&mut db, &data.vault, world.sam).await.unwrap();
    let row: Id<()> = Id::from_bytes([1; 16]);
    let sealed = key.seal(Column::MessageBody, row, "words").unwrap();
    assert_eq!(key.open(Column::MessageBody, row, &sealed).unwrap(), "words");
    let other = people::key(&mut db, &data.vault, world.aaliyah).await.unwrap();
    assert!(other.open(Column::MessageBody, row, &sealed).is_err());
    // Asked for with what it opens: for the first time, and when it was opened before.
    {
        let mut db = data.db.read().await.unwrap();
        let (priya, sam) = (adviser(world.priya), world.sam);
        let mut access = access::check::<ReadProfile, _>(&mut db, &priya, sam, noon()).await.unwrap().unwrap();
        for _ in 0..2 {
            let key = access.fetch(people::key_of(&access, &data.vault)).await.unwrap();
            assert_eq!(key.open(Column::MessageBody, row, &sealed).unwrap(), "words");
            people::key(access.reads(), &data.vault, sam).await.unwrap();
        }
    }
    let nobody: Id<()> = Id::from_bytes([9; 16]);
    assert!(matches!(people::key(&mut db, &data.vault, nobody).await, Err(Error::Sealed(_))));
}

async fn a_person_is_found_by_name_and_birth_and_only_while_active(engine: Engine) {
    let (data, world) = filled(engine).await;
    let born = Date::constant(2008, 3, 27);
    let mut db = data.db.read().await.unwrap();
    assert!(people::person_is_active(&mut db, world.sam).await.unwrap());
    assert_eq!(people::born_on(&mut db, world.sam).await.unwrap(), Some(born));
    for (name, born, known) in [
        ("Samuel Whittletest", born, true),
        ("  samuel   whittletest ", born, true),
        ("Samuel Whittletest", Date::constant(2008, 3, 28), false),
        ("Samuel Whittle", born, false),
    ] {
        assert_eq!(people::person_by_name(&mut db, &data.vault, name, born).await.unwrap().is_some(), known, "{name}");
    }
    {
        let mut proof =
            access::check::<ReadProfile, _>(&mut db, &adviser(world.priya), world.sam, noon()).await.unwrap().unwrap();
        let person = people::person(&mut proof, &data.vault).await.unwrap();
        assert_eq!(proof.fetch(people::whose(&proof, &data.vault)).await.unwrap().called, person.called);
        assert_eq!((person.name.as_str(), person.called.as_str()), ("Samuel Whittletest", "Samtest"));
        assert_eq!(
            (person.team.locality.as_str(), person.team.duty_desk.as_str()),
            ("north", "North leaving care team duty desk")
        );
    }
    drop(db);
    data.raw.run(&format!("UPDATE person SET state = 'closed' WHERE id = {}", data.raw.id(world.sam))).await;
    let mut db = data.db.read().await.unwrap();
    assert!(!people::person_is_active(&mut db, world.sam).await.unwrap());
    assert_eq!(people::born_on(&mut db, world.sam).await.unwrap(), None);
    assert!(
        access::check::<ReadProfile, _>(&mut db, &adviser(world.priya), world.sam, noon()).await.unwrap().is_none()
    );
}

async fn parts_and_roles_hold_only_while_they_last(engine: Engine) {
    let (data, world) = filled(engine).await;
    let mut db = data.db.read().await.unwrap();
    let before = from_micros(then(noon()).as_microsecond() - 1);
    let parts = |staff, at| (staff, at);
    for ((staff, at), want) in [
        (parts(world.priya, noon()), vec![Part::Pa]),
        (parts(world.priya, before), vec![]),
        (parts(world.owen, noon()), vec![]),
        (parts(world.morag, noon()), vec![Part::Manager]),
        (parts(world.sid, noon()), vec![]),
        (parts(world.faye, noon()), vec![]),
        (parts(world.faye, after(-DAY - 1)), vec![Part::Pa]),
        (parts(world.faye, after(-DAY)), vec![]),
    ] {
        assert_eq!(people::parts(&mut db, staff, world.sam, at).await.unwrap(), want, "{staff} {at}");
        let (nobody, of_all) = (PersonId::from_bytes([9; 16]), want.iter().map(|part| (world.sam, *part)));
        let listed = people::parts_of(&mut db, staff, &[nobody, world.sam], at).await.unwrap();
        assert_eq!(listed, of_all.collect::<Vec<_>>(), "{staff} {at}, of a list");
    }
    let nobody = PersonId::from_bytes([9; 16]);
    let team = people::team_of_person(&mut db, world.sam).await.unwrap();
    let teams = people::teams_of(&mut db, &[world.sam, nobody]).await.unwrap();
    assert_eq!(teams.into_iter().collect::<Vec<_>>(), [(world.sam, team)]);
    assert_eq!(people::desks(&mut db, world.priya, noon()).await.unwrap(), []);
    assert_eq!(people::desks(&mut db, world.dee, noon()).await.unwrap(), [team]);
    assert_eq!(people::desks(&mut db, world.dee, before).await.unwrap(), [], "not yet");
    assert_eq!(people::roles(&mut db, world.morag, noon()).await.unwrap(), [Role::Manager]);
    assert_eq!(people::roles(&mut db, world.sid, noon()).await.unwrap(), [], "suspended");
    assert_eq!(people::roles(&mut db, world.priya, before).await.unwrap(), []);
    drop(db);
    data.raw
        .run(&format!(
            "UPDATE staff_role SET to_at = {} WHERE staff_id = {}",
            noon().as_microsecond(),
            data.raw.id(world.priya)
        ))
        .await;
    let mut db = data.db.read().await.unwrap();
    assert_eq!(people::roles(&mut db, world.priya, noon()).await.unwrap(), []);
    assert_eq!(people::roles(&mut db, world.priya, after(-1)).await.unwrap(), [Role::Adviser]);
}

async fn workers_come_with_their_names_the_lead_first(engine: Engine) {
    let (data, world) = filled(engine).await;
    let mut db = data.db.read().await.unwrap();
    let mut proof =
        access::check::<ReadProfile, _>(&mut db, &Actor::Person(world.sam, Door::Sealed), world.sam, noon())
            .await
            .unwrap()
            .unwrap();
    let workers = people::workers(&mut proof, &data.vault).await.unwrap();
    assert!(workers[0].lead, "the lead comes first");
    let mut told: Vec<_> = workers.iter().map(|worker| (worker.name.as_str(), worker.part, worker.lead)).collect();
    told.sort_by_key(|(name, ..)| *name);
    assert_eq!(
        told,
        [
            ("Cora Covertest", Part::Cover, false),
            ("Morag Lewistest", Part::Manager, false),
            ("Priya Nairtest", Part::Pa, true),
            ("Sol Socialtest", Part::SocialWorker, false),
        ],
        "neither suspended nor former"
    );
    assert_eq!(people::staff_name(&mut db, &data.vault, world.owen).await.unwrap(), "Owen Parrytest");
    let nobody = StaffId::from_bytes([9; 16]);
    assert!(matches!(people::staff_name(&mut db, &data.vault, nobody).await, Err(Error::NotFound)));
}

async fn a_team_is_made_once_for_a_locality(engine: Engine) {
    let (data, _) = filled(engine).await;
    let (first, again, other) = write!(data, tx, vault, {
        let first = people::team_of(tx, "north", "Another name", "Lancashire County Council", noon()).await?;
        let again = people::team_of(tx, "north", "A third name", "Lancashire County Council", noon()).await?;
        let other = people::team_of(tx, "central", "Central team", "Lancashire County Council", noon()).await?;
        Ok((first, again, other))
    })
    .unwrap();
    assert_eq!(first, again);
    assert_ne!(first, other);
    assert_eq!(data.raw.texts("SELECT name FROM team WHERE locality = 'north'").await, ["North leaving care team"]);
    assert_eq!(
        data.raw.texts("SELECT duty_desk FROM team WHERE locality = 'central'").await,
        ["Central team duty desk"]
    );
}

async fn an_email_address_names_one_active_member_of_staff(engine: Engine) {
    let (data, world) = filled(engine).await;
    let mut db = data.db.read().await.unwrap();
    let find = format!(" {}@STAFF.invalid", PRIYA.to_uppercase());
    assert_eq!(people::staff_by_email(&mut db, &data.vault, &find).await.unwrap(), Some(world.priya));
    let suspended = format!("{}@staff.invalid", persons::SID);
    assert_eq!(people::staff_by_email(&mut db, &data.vault, &suspended).await.unwrap(), None);
    drop(db);
    let before = data.raw.counts().await;
    let email = format!("{PRIYA}@staff.invalid");
    let second = write!(
        data,
        tx,
        vault,
        [email = email],
        people::insert_staff(tx, vault, "Copy", Some(email), &[Role::Editor], noon()).await
    );
    assert!(matches!(second, Err(Error::Duplicate)), "{second:?}");
    assert_eq!(data.raw.counts().await, before, "nothing of it is kept");
    let without = write!(
        data,
        tx,
        vault,
        people::insert_staff(tx, vault, "No Mail", None, &[Role::Editor, Role::Adviser], noon()).await
    )
    .unwrap();
    let mut db = data.db.read().await.unwrap();
    let mut roles = people::roles(&mut db, without, noon()).await.unwrap();
    roles.sort();
    assert_eq!(roles, [Role::Adviser, Role::Editor]);
}

async fn a_new_lead_ends_the_one_before_who_goes_on_working(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, owen) = (world.sam, world.owen);
    write!(data, tx, vault, people::assign(tx, sam, owen, Part::Cover, true, noon()).await).unwrap();
    let mut db = data.db.read().await.unwrap();
    assert_eq!(people::parts(&mut db, owen, sam, noon()).await.unwrap(), [Part::Cover]);
    assert_eq!(people::parts(&mut db, owen, sam, after(-1)).await.unwrap(), []);
    let mut proof = access::check::<ReadProfile, _>(&mut db, &adviser(owen), sam, noon()).await.unwrap().unwrap();
    let workers = people::workers(&mut proof, &data.vault).await.unwrap();
    let leads: Vec<_> = workers.iter().map(|worker| (worker.name.as_str(), worker.lead)).collect();
    assert_eq!(leads[0], ("Owen Parrytest", true));
    assert!(leads.contains(&("Priya Nairtest", false)));
}

async fn a_new_spell_ends_the_one_before(engine: Engine) {
    let (data, world) = filled(engine).await;
    let sam = world.sam;
    write!(data, tx, vault, {
        people::begin_spell(tx, sam, "district", "lancaster", Date::constant(2026, 1, 1)).await?;
        people::begin_spell(tx, sam, "legal_group", "relevant", Date::constant(2026, 1, 1)).await?;
        people::begin_spell(tx, sam, "district", "burnley", Date::constant(2026, 6, 1)).await
    })
    .unwrap();
    let spells = data
        .raw
        .texts("SELECT kind || ' ' || value || ' ' || from_on || ' ' || COALESCE(to_on, 'now') FROM spell ORDER BY 1")
        .await;
    assert_eq!(
        spells,
        [
            "district burnley 2026-06-01 now",
            "district lancaster 2026-01-01 2026-06-01",
            "legal_group relevant 2026-01-01 now"
        ]
    );
}

async fn an_account_is_found_by_its_username_while_active(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, aaliyah) = (Owner::Person(world.sam), Owner::Person(world.aaliyah));
    let find = async |name: &str| signin::account(&mut data.db.read().await.unwrap(), &data.vault, name).await.unwrap();
    let first = find(&SAM.to_uppercase()).await.unwrap();
    assert_eq!((first.owner, first.epoch, first.hash.as_str()), (sam, 1, hash().await));
    assert!(find("nobody-here-99").await.is_none());
    let taken = write!(data, tx, vault, signin::set_account(tx, vault, aaliyah, SAM, "x", noon()).await);
    assert!(matches!(taken, Err(Error::Duplicate)), "{taken:?}");
    assert_eq!(find(AALIYAH).await.unwrap().epoch, 1, "nothing of it is kept");
    let renamed =
        write!(data, tx, vault, signin::set_account(tx, vault, sam, "renamed-name-10", "y", noon()).await).unwrap();
    assert_eq!((renamed.id, renamed.epoch), (first.id, 2));
    assert!(find(SAM).await.is_none());
    assert_eq!(find("renamed-name-10").await.unwrap().hash, "y");
    data.raw.run("UPDATE account SET state = 'disabled'").await;
    assert!(find("renamed-name-10").await.is_none());
}

async fn wrong_tries_wait_longer_and_are_forgotten_after_a_day(engine: Engine) {
    let (data, _) = filled(engine).await;
    let until =
        async || signin::wait_until(&mut data.db.read().await.unwrap(), &data.vault, "any-name-11").await.unwrap();
    assert_eq!(until().await, 0);
    let mut waits = Vec::new();
    for _ in 0..10 {
        write!(data, tx, vault, signin::count_failure(tx, vault, "any-name-11", noon()).await).unwrap();
        waits.push(until().await - noon().as_microsecond());
    }
    assert!(waits.is_sorted() && waits[0] == SECOND && waits[9] == 5 * SECOND, "{waits:?}");
    let late = after(FORGET_FAILURES);
    write!(data, tx, vault, signin::count_failure(tx, vault, "any-name-11", late).await).unwrap();
    assert_eq!(until().await - late.as_microsecond(), SECOND, "counted from one again");
    write!(data, tx, vault, signin::forget_failures(tx, vault, " ANY-name-11 ").await).unwrap();
    assert_eq!(until().await, 0);
}

async fn a_code_is_live_once_until_it_expires_or_is_tried_too_often(engine: Engine) {
    let (data, world) = filled(engine).await;
    let owner = Owner::Person(world.sam);
    let (first, second) = (new_code().unwrap(), new_code().unwrap());
    let find = async |code: &str, at| {
        signin::code(&mut data.db.read().await.unwrap(), &data.vault, &read_code(code).unwrap(), at).await.unwrap()
    };
    write!(
        data,
        tx,
        vault,
        [code = first],
        signin::insert_code(tx, vault, &signin::NewCode::plain(owner, code), noon()).await
    )
    .unwrap();
    assert_eq!(find(&first, noon()).await.unwrap().owner, owner);
    assert!(find(&first, after(CODE_LASTS - 1)).await.is_some());
    assert!(find(&first, after(CODE_LASTS)).await.is_none(), "expired");
    write!(
        data,
        tx,
        vault,
        [code = second],
        signin::insert_code(tx, vault, &signin::NewCode::plain(owner, code), noon()).await
    )
    .unwrap();
    assert!(find(&first, noon()).await.is_none(), "a new code ends the one before");
    let id = find(&second, noon()).await.unwrap().id;
    for _ in 1..CODE_TRIES {
        write!(data, tx, vault, signin::count_code_try(tx, id).await).unwrap();
    }
    assert!(find(&second, noon()).await.is_some());
    assert!(write!(data, tx, vault, signin::use_code(tx, id, noon()).await).unwrap());
    assert!(!write!(data, tx, vault, signin::use_code(tx, id, noon()).await).unwrap(), "used twice");
    assert!(find(&second, noon()).await.is_none());
    let third = new_code().unwrap();
    write!(
        data,
        tx,
        vault,
        [code = third],
        signin::insert_code(tx, vault, &signin::NewCode::plain(owner, code), noon()).await
    )
    .unwrap();
    let id = find(&third, noon()).await.unwrap().id;
    for _ in 0..CODE_TRIES {
        write!(data, tx, vault, signin::count_code_try(tx, id).await).unwrap();
    }
    assert!(find(&third, noon()).await.is_none(), "tried too often");
}

async fn begin(data: &Data, username: &str, token: u8, own_device: bool, flash: Option<Flash>) {
    let account = signin::account(&mut data.db.read().await.unwrap(), &data.vault, username).await.unwrap().unwrap();
    let new = signin::NewSession {
        token_hash: [token; 32],
        own_device,
        second_proof: own_device,
        browser: "A browser of the tests".into(),
        flash,
    };
    write!(data, tx, vault, [account = account, new = new], signin::begin_session(tx, account, new, noon()).await)
        .unwrap();
}

async fn session(data: &Data, token: u8) -> Option<signin::Session> {
    let found = signin::session(&mut data.db.once().await.unwrap(), &[token; 32], noon()).await.unwrap();
    found.map(|(session, _)| session)
}

async fn a_session_ends_with_its_account_epoch_or_sign_out(engine: Engine) {
    let (data, world) = filled(engine).await;
    for token in 1..=3 {
        begin(&data, SAM, token, false, None).await;
    }
    begin(&data, PRIYA, 4, false, None).await;
    let found = session(&data, 1).await.unwrap();
    assert_eq!((found.owner, found.idle), (Owner::Person(world.sam), Lifetime::SHARED.idle));
    assert_eq!(found.until, noon().as_microsecond() + Lifetime::SHARED.most);
    write!(data, tx, vault, signin::end_session(tx, &[1; 32]).await).unwrap();
    assert!(session(&data, 1).await.is_none() && session(&data, 2).await.is_some());
    let owner = Owner::Person(world.sam);
    write!(data, tx, vault, signin::set_account(tx, vault, owner, SAM, "new", noon()).await).unwrap();
    assert!(
        session(&data, 2).await.is_none() && session(&data, 3).await.is_none(),
        "a new passphrase ends every session"
    );
    assert_eq!(session(&data, 4).await.unwrap().owner, Owner::Staff(world.priya));
    data.raw.run("UPDATE account SET state = 'disabled'").await;
    assert!(session(&data, 4).await.is_none());
}

async fn a_session_brings_the_roles_that_its_owner_holds_at_the_moment(engine: Engine) {
    let (data, world) = filled(engine).await;
    begin(&data, PRIYA, 1, false, None).await;
    begin(&data, SAM, 2, false, None).await;
    let priya = world.priya;
    // As they are asked for by themselves.
    let agree = async |at: Timestamp| {
        let mut alone = people::roles(&mut data.db.read().await.unwrap(), priya, at).await.unwrap();
        alone.sort_unstable();
        let (_, roles) = data.session(1, at).await.unwrap();
        assert_eq!(roles, alone, "{at}");
        roles
    };
    assert_eq!(agree(noon()).await, [Role::Adviser]);
    write!(data, tx, vault, people::give_role(tx, priya, Role::Editor, after(HOUR)).await).unwrap();
    assert_eq!(agree(noon()).await, [Role::Adviser], "not before its day");
    assert_eq!(agree(after(HOUR)).await, [Role::Adviser, Role::Editor]);
    write!(data, tx, vault, people::end_role(tx, priya, Role::Adviser, after(2 * HOUR)).await).unwrap();
    assert_eq!(agree(after(2 * HOUR)).await, [Role::Editor], "not after its end");
    assert!(data.session(2, after(HOUR)).await.unwrap().1.is_empty(), "a young person holds none");
    data.raw.run("UPDATE staff SET state = 'left'").await;
    assert!(agree(after(HOUR)).await.is_empty(), "nor does who left");
}

async fn a_session_carries_one_message_and_when_it_was_used(engine: Engine) {
    let (data, _) = filled(engine).await;
    begin(&data, SAM, 1, true, Some(Flash::Joined)).await;
    let fresh = session(&data, 1).await.unwrap();
    assert_eq!((fresh.flash, fresh.idle), (Some(Flash::Joined), Lifetime::OWN.idle));
    assert!(!signin::worth_noting(&fresh, after(MINUTE)) && signin::worth_noting(&fresh, after(MINUTE + 1)));
    write!(data, tx, vault, signin::note_use(tx, &[1; 32], after(HOUR)).await).unwrap();
    let used = session(&data, 1).await.unwrap();
    assert_eq!((used.flash, used.seen_at), (None, after(HOUR).as_microsecond()));
    write!(data, tx, vault, signin::set_flash(tx, &[1; 32], Flash::Saved).await).unwrap();
    assert_eq!(session(&data, 1).await.unwrap().flash, Some(Flash::Saved));
}

async fn a_form_key_is_taken_once(engine: Engine) {
    let (data, _) = filled(engine).await;
    let find = async |name: &str| {
        signin::account(&mut data.db.read().await.unwrap(), &data.vault, name).await.unwrap().unwrap().id
    };
    let (sam, aaliyah) = (find(SAM).await, find(AALIYAH).await);
    let take = async |account, key: u8, body: &'static [u8]| {
        write!(data, tx, vault, signin::once(tx, account, &[key; 16], body, "/there", noon()).await).unwrap()
    };
    assert_eq!(take(sam, 1, b"text").await, signin::Once::New);
    assert_eq!(take(sam, 1, b"text").await, signin::Once::Same("/there".into()));
    assert_eq!(take(sam, 1, b"other").await, signin::Once::Other);
    assert_eq!(take(sam, 2, b"text").await, signin::Once::New);
    assert_eq!(take(aaliyah, 1, b"text").await, signin::Once::New, "a key is one account's");
    assert_eq!(data.raw.number("SELECT COUNT(*) FROM form_post").await, 3);
}

async fn tidying_drops_what_has_ended_and_nothing_else(engine: Engine) {
    let (data, _) = filled(engine).await;
    begin(&data, SAM, 1, false, None).await;
    begin(&data, SAM, 2, true, None).await;
    let account = signin::account(&mut data.db.read().await.unwrap(), &data.vault, SAM).await.unwrap().unwrap().id;
    write!(data, tx, vault, {
        signin::once(tx, account, &[1; 16], b"old", "/x", noon()).await?;
        signin::once(tx, account, &[2; 16], b"new", "/x", after(DAY)).await?;
        signin::count_failure(tx, vault, "old-name-12", noon()).await?;
        signin::count_failure(tx, vault, "new-name-13", after(7 * DAY)).await
    })
    .unwrap();
    let before = data.raw.counts().await;
    write!(data, tx, vault, signin::tidy(tx, after(7 * DAY + 1)).await).unwrap();
    assert!(session(&data, 1).await.is_none() && session(&data, 2).await.is_some());
    assert_eq!(data.raw.number("SELECT COUNT(*) FROM form_post").await, 1);
    assert_eq!(data.raw.number("SELECT COUNT(*) FROM sign_in_delay").await, 1);
    let mut now = data.raw.counts().await;
    for table in ["session", "form_post"] {
        now.insert(table.into(), before[table]);
    }
    assert_eq!(now, before, "nothing else is touched");
}

async fn a_thread_keeps_order_state_and_who_waits(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (me, worker) = (Actor::Person(world.sam, Door::Sealed), adviser(world.priya));
    let waiting = "SELECT COALESCE(waiting_since, 0) FROM thread";
    sam_writes(&data, &world, "first", noon()).await;
    sam_writes(&data, &world, "second", after(SECOND)).await;
    assert_eq!(data.raw.number(waiting).await, noon().as_microsecond(), "they wait since the first");
    let thread = read_by(&data, &me, &world, after(SECOND)).await;
    assert_eq!(thread.iter().map(|message| message.body.as_str()).collect::<Vec<_>>(), ["first", "second"]);
    assert!(thread.iter().all(|message| message.state == State::Saved && message.from == From::Person));
    assert_eq!(opened_by(&data, &worker, &world, after(MINUTE)).await, 2);
    assert_eq!(opened_by(&data, &worker, &world, after(HOUR)).await, 0, "the first opening stands");
    let thread = read_by(&data, &me, &world, after(HOUR)).await;
    assert_eq!(thread[0].state, State::Opened("Priya Nairtest".into(), after(MINUTE).as_microsecond()));
    assert_eq!(data.raw.number(waiting).await, noon().as_microsecond(), "to open is not to answer");
    priya_answers(&data, &world, "third", after(2 * HOUR)).await;
    assert_eq!(data.raw.number(waiting).await, 0);
    let thread = read_by(&data, &me, &world, after(2 * HOUR)).await;
    assert_eq!(thread[1].state, State::Answered);
    assert_eq!(
        (&thread[2].from, thread[2].body.as_str(), &thread[2].state),
        (&From::Worker("Priya Nairtest".into()), "third", &State::Saved)
    );
    assert_eq!(opened_by(&data, &me, &world, after(3 * HOUR)).await, 1);
    let thread = read_by(&data, &worker, &world, after(3 * HOUR)).await;
    assert_eq!(thread[2].state, State::Opened(String::new(), after(3 * HOUR).as_microsecond()));
}

async fn a_poll_sees_what_is_new_and_nothing_else(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (me, worker) = (Actor::Person(world.sam, Door::Sealed), adviser(world.priya));
    let new = async |actor: &Actor, last, since: Timestamp| {
        let mut db = data.db.read().await.unwrap();
        let mut proof = access::check::<ReadThread, _>(&mut db, actor, world.sam, noon()).await.unwrap().unwrap();
        (
            messages::anything_new(&mut proof, last, since.as_microsecond()).await.unwrap(),
            messages::unopened(&mut proof).await.unwrap(),
        )
    };
    assert_eq!(new(&me, None, noon()).await, (false, 0), "an empty thread");
    let first = sam_writes(&data, &world, "first", noon()).await;
    assert_eq!(new(&worker, None, noon()).await, (true, 1));
    assert_eq!(new(&me, Some(first), noon()).await, (false, 0), "one's own message is nothing to open");
    opened_by(&data, &worker, &world, after(MINUTE)).await;
    assert_eq!(new(&me, Some(first), noon()).await, (true, 0), "it was opened since");
    assert_eq!(new(&me, Some(first), after(MINUTE)).await, (false, 0));
    let second = priya_answers(&data, &world, "second", after(HOUR)).await;
    assert_eq!(new(&me, Some(first), after(HOUR)).await, (true, 1));
    assert_eq!(new(&me, Some(second), after(HOUR)).await, (false, 1));
}

async fn the_queue_holds_the_own_caseload_longest_wait_first(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (sam, aaliyah, priya) = (world.sam, world.aaliyah, world.priya);
    let queue = async |staff: StaffId, roles: &[Role]| {
        let mut db = data.db.read().await.unwrap();
        let mut caseload = access::caseload(&mut db, &Actor::Staff(staff, roles.to_vec()), after(DAY)).unwrap();
        let mine = messages::mine(&mut caseload).await.unwrap();
        let waiting = caseload.fetch(messages::waiting(&caseload, &data.vault, &mine)).await.unwrap();
        waiting.into_iter().map(|one| (one.called, one.since, one.unopened, one.mine)).collect::<Vec<_>>()
    };
    assert_eq!(queue(priya, &[Role::Adviser]).await, [("Samtest".to_owned(), None, 0, Mine::Works(Part::Pa))]);
    write!(data, tx, vault, people::assign(tx, aaliyah, priya, Part::Cover, false, noon()).await).unwrap();
    write!(data, tx, vault, {
        let mut access = access::check::<WriteMessage, _>(tx, &Actor::Person(aaliyah, Door::Sealed), aaliyah, noon())
            .await?
            .unwrap();
        messages::insert(&mut access, vault, &New::said("earlier", Some(after(DAY)))).await
    })
    .unwrap();
    sam_writes(&data, &world, "later", after(HOUR)).await;
    sam_writes(&data, &world, "later still", after(2 * HOUR)).await;
    assert_eq!(
        queue(priya, &[Role::Adviser]).await,
        [
            ("Aaliyahtest".to_owned(), Some(noon().as_microsecond()), 1, Mine::Beside),
            ("Samtest".to_owned(), Some(after(HOUR).as_microsecond()), 2, Mine::Works(Part::Pa)),
        ]
    );
    assert_eq!(queue(world.owen, &[Role::Adviser]).await.len(), 1, "only their own");
    assert_eq!(queue(world.morag, &[Role::Manager]).await, [], "a manager answers nobody's messages");
    assert_eq!(queue(world.faye, &[Role::Adviser]).await, [], "whose assignment has ended");
    let mut db = data.db.read().await.unwrap();
    for actor in [
        Actor::Person(sam, Door::Sealed),
        Actor::Staff(world.chris, vec![Role::Editor]),
        Actor::Staff(world.ada, vec![Role::Admin]),
        Actor::Staff(priya, vec![]),
    ] {
        assert!(access::caseload(&mut db, &actor, noon()).is_none(), "{actor:?}");
    }
}

async fn a_plan_reads_back_as_it_was_shared(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (aaliyah, owen) = (world.aaliyah, world.owen);
    let mut db = data.db.read().await.unwrap();
    let mut proof = access::check::<ReadPlan, _>(&mut db, &Actor::Person(aaliyah, Door::Sealed), aaliyah, noon())
        .await
        .unwrap()
        .unwrap();
    assert!(plan::every_shared(&mut proof, &data.vault).await.unwrap().is_empty());
    drop(db);
    for word in ["older", "newer"] {
        write!(data, tx, vault, [sections = plan_of(word)], {
            plan::insert_shared(tx, vault, aaliyah, owen, Some(Date::constant(2027, 1, 2)), sections, noon()).await
        })
        .unwrap();
    }
    let mut db = data.db.read().await.unwrap();
    let mut proof = access::check::<ReadPlan, _>(&mut db, &adviser(owen), aaliyah, noon()).await.unwrap().unwrap();
    let plan = plan::every_shared(&mut proof, &data.vault).await.unwrap().remove(0);
    assert_eq!(
        (plan.version, plan.made_at, plan.review_on),
        (2, noon().as_microsecond(), Some(Date::constant(2027, 1, 2)))
    );
    assert_eq!(plan.sections.iter().map(|section| section.heading).collect::<Vec<_>>(), Heading::ALL);
    let home = plan.sections.iter().find(|section| section.heading == Heading::Home).unwrap();
    assert_eq!(home.now.as_deref(), Some("newer plan now"));
    assert_eq!(home.want.as_deref(), Some("newer plan want"));
    assert_eq!(home.agreed.as_deref(), Some("newer plan agreed"));
    let actions = plan::actions(&mut proof, &data.vault).await.unwrap();
    let says: Vec<_> =
        actions.iter().filter(|one| one.heading == Heading::Home).map(|one| one.says().clone()).collect();
    let newer: Vec<_> = says.iter().filter(|says| says.text.starts_with("newer")).collect();
    assert_eq!((newer[0].who.clone(), newer[0].state), (Doer::Me, Progress::Done));
    assert_eq!(
        (newer[1].who.clone(), newer[1].text.as_str()),
        (Doer::Other("newer helper".into()), "newer second step")
    );
    assert_eq!(newer[1].due_on, Some(Date::constant(2026, 12, 1)));
    let money = plan.sections.iter().find(|section| section.heading == Heading::Money).unwrap();
    assert_eq!((&money.now, money.want.as_deref()), (&None, Some("newer money")));
}

fn revision(body: &str, from: i64, by: StaffId) -> content::NewRevision {
    content::NewRevision {
        kind: Item::Page,
        item: "money".into(),
        body: body.into(),
        published: !body.is_empty(),
        from,
        shipped_hash: "abc".into(),
        by,
        note: "because".into(),
    }
}

async fn a_revision_is_refused_when_somebody_published_first(engine: Engine) {
    let (data, world) = filled(engine).await;
    let publish = async |body: &str, from| {
        write!(data, tx, vault, [new = revision(body, from, world.chris)], content::publish(tx, new, noon()).await)
            .unwrap()
    };
    let version = async || content::version(&mut data.db.read().await.unwrap()).await.unwrap();
    let before = version().await;
    assert_eq!(publish("one", 0).await, Some(1));
    assert_eq!(publish("other", 0).await, None, "written from an edition that is no longer the newest");
    assert_eq!(
        (version().await, publish("two", 1).await, publish("", 2).await, version().await),
        (before + 1, Some(2), Some(3), before + 3)
    );
    let mut db = data.db.read().await.unwrap();
    let mut all = content::all(&mut db).await.unwrap();
    all.retain(|one| one.item == "money");
    assert_eq!(
        all.iter().map(|one| (one.number, one.state.as_str(), one.body.as_str())).collect::<Vec<_>>(),
        [(1, "published", "one"), (2, "published", "two"), (3, "withdrawn", "")]
    );
    let own = content::of_item(&mut db, Item::Page, "money").await.unwrap();
    assert_eq!(own.iter().map(|one| one.number).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(
        (own[0].by_staff, own[0].note.as_str(), own[0].shipped_hash.as_str(), own[0].at),
        (world.chris, "because", "abc", noon().as_microsecond())
    );
    assert!(content::of_item(&mut db, Item::Page, "health").await.unwrap().is_empty());
}

async fn a_confirmation_raises_the_version(engine: Engine) {
    let (data, world) = filled(engine).await;
    let (chris, day) = (world.chris, Date::constant(2026, 11, 20));
    let mut db = data.db.read().await.unwrap();
    let before = content::version(&mut db).await.unwrap();
    assert!(content::changed_at(&mut db).await.unwrap() < noon());
    drop(db);
    let (by_role, item) = (Role::Editor.title().to_owned(), "forum-north".to_owned());
    let (kind, body_hash) = (Item::Session, "ab12".to_owned());
    let sure =
        content::NewConfirmation { kind, item, body_hash, by_role, by: chris, on: day, note: "Rang them".to_owned() };
    write!(data, tx, vault, [sure = sure], content::confirm(tx, sure, noon()).await).unwrap();
    let mut db = data.db.read().await.unwrap();
    assert_eq!(content::version(&mut db).await.unwrap(), before + 1);
    assert_eq!(content::changed_at(&mut db).await.unwrap(), noon());
    let deeds = content::deeds(&mut db, i64::MAX, 1).await.unwrap();
    let [deed] = deeds.as_slice() else { panic!("{deeds:?}") };
    assert_eq!((deed.did.as_str(), deed.item.as_str(), deed.note.as_str()), ("confirmed", "forum-north", "Rang them"));
    assert_eq!((deed.at, deed.by_staff), (noon().as_microsecond(), chris));
    let all = content::confirmations(&mut db).await.unwrap();
    let want = (
        Item::Session.as_str().to_owned(),
        "forum-north".to_owned(),
        Role::Editor.title().to_owned(),
        "2026-11-20".to_owned(),
        "ab12".to_owned(),
    );
    assert_eq!(all, [want]);
}

async fn a_notice_is_one_in_a_quarter_of_an_hour_and_is_sent_once(engine: Engine) {
    let (data, world) = filled(engine).await;
    let priya = world.priya;
    let add = async |at| write!(data, tx, vault, notices::add(tx, Notice::WorkerHasMessage, priya, at).await).unwrap();
    let rows = async || data.raw.number("SELECT COUNT(*) FROM outbox").await;
    let setup = data.setup("Site");
    let mail = Mail::new(&setup).unwrap();
    let send = async |at| notices::send_due(&data.db, &data.vault, &mail, || at).await.unwrap();
    let files = || std::fs::read_dir(&setup.folder).map(Iterator::count).unwrap_or(0);
    add(noon()).await;
    add(after(MINUTE)).await;
    assert_eq!(rows().await, 1, "one that waits tells of what comes after it");
    assert_eq!((send(after(MINUTE)).await, files()), (1, 1));
    add(after(2 * MINUTE)).await;
    assert_eq!(rows().await, 2);
    assert_eq!(send(after(16 * MINUTE - 1)).await, 0, "not yet");
    assert_eq!((send(after(16 * MINUTE)).await, files()), (1, 2));
    assert_eq!(send(after(DAY)).await, 0);
    assert_eq!(data.raw.texts("SELECT DISTINCT state FROM outbox").await, ["sent"]);
}

async fn what_the_public_tells_us_is_kept_once_and_looked_after(engine: Engine) {
    let (data, world) = filled(engine).await;
    let chris = world.chris;
    let told = |about: &str, body: &str, urgent| Told { about: about.into(), body: body.into(), contact: None, urgent };
    for (n, new) in
        [told("help", "one", false), told("site", "two", true), told("help", "three", false)].iter().enumerate()
    {
        let at = after(i64::try_from(n).unwrap() * SECOND);
        write!(data, tx, vault, [new = new], offer::tell(tx, vault, new, at).await).unwrap();
    }
    // The same again, up to the last moment in which it is the same; then with a way to answer.
    let again = async |new: Told, at: Timestamp| {
        write!(data, tx, vault, [new = new], offer::again(tx, vault, new, at).await).unwrap()
    };
    let contact = |contact: &str| Told { contact: Some(contact.into()), ..told("help", "one", false) };
    assert!(again(told("help", "one", false), after(SAME_WITHIN - 1)).await);
    assert!(!again(told("help", "one", false), after(SAME_WITHIN)).await);
    assert!(!again(told("site", "one", false), noon()).await);
    assert!(
        again(contact("a"), noon()).await && again(contact("a"), noon()).await && !again(contact("b"), noon()).await
    );
    let mut db = data.db.read().await.unwrap();
    assert_eq!(offer::lately(&mut db, after(SPAN - 1)).await.unwrap(), 3);
    assert_eq!(offer::lately(&mut db, after(SPAN)).await.unwrap(), 2);
    let bodies = |rows: &[portal::offer::feedback::Feedback]| {
        rows.iter().map(|row| row.told.body.clone()).collect::<Vec<_>>().join(" ")
    };
    let all = offer::list(&mut db, &data.vault, With::OPEN, None).await.unwrap();
    assert_eq!(bodies(&all), "two three one");
    let (first, one) = (all[0].id, &all[2]);
    assert_eq!((one.told.contact.as_deref(), one.told.urgent, one.state), (Some("a"), false, With::New));
    assert_eq!(bodies(&offer::list(&mut db, &data.vault, With::OPEN, Some("help")).await.unwrap()), "three one");
    assert_eq!(offer::counts(&mut db).await.unwrap(), ([3, 0, 0], 1));
    drop(db);
    for (to, note, took) in [
        (With::Seen, "x", true),
        (With::Seen, "y", false),
        (With::Done, "z", true),
        (With::Done, "", false),
        (With::Seen, "", false),
        (With::New, "", false),
    ] {
        let marked = write!(data, tx, vault, offer::mark(tx, first, to, chris, note, after(HOUR)).await).unwrap();
        assert_eq!(marked, took, "{to:?} {note}");
    }
    let mut db = data.db.read().await.unwrap();
    let done = offer::one(&mut db, &data.vault, first).await.unwrap().unwrap();
    let by = Some((chris, after(HOUR).as_microsecond()));
    assert_eq!((done.state, done.seen, done.done, done.note.as_str()), (With::Done, by, by, "x\nz"));
    assert_eq!(offer::counts(&mut db).await.unwrap(), ([2, 0, 1], 0));
    assert!(offer::one(&mut db, &data.vault, Id::from_bytes([0; 16])).await.unwrap().is_none());
}

async fn nothing_of_a_refused_write_is_kept(engine: Engine) {
    let (data, world) = filled(engine).await;
    let before = (data.raw.counts().await, data.raw.audited().await);
    let (sam, chris) = (world.sam, world.chris);
    let refused = write!(data, tx, vault, {
        people::begin_spell(tx, sam, "district", "lancaster", Date::constant(2026, 1, 1)).await?;
        audit_rows::insert(tx, &Entry::of(None, "x", "y", noon()), "n").await?;
        content::publish(tx, &revision("one", 0, chris), noon()).await?;
        people::insert_person(
            tx,
            vault,
            &people::NewPerson {
                name: "A".into(),
                called: "B".into(),
                born_on: Date::constant(2008, 1, 1),
                team: Id::from_bytes([0; 16]),
            },
            noon(),
        )
        .await
    });
    assert!(refused.is_err(), "a team that is not there was taken");
    assert_eq!((data.raw.counts().await, data.raw.audited().await), before);
    // A write that panics keeps nothing either, and the next goes on.
    let panicked: Result<(), _> = data
        .db
        .write(sam, |tx, sam| {
            Box::pin(async move {
                people::begin_spell(tx, *sam, "district", "lancaster", Date::constant(2026, 1, 1)).await?;
                panic!("in the middle of a write, on purpose")
            })
        })
        .await;
    assert!(matches!(panicked, Err(Error::Internal(_))), "{panicked:?}");
    assert_eq!((data.raw.counts().await, data.raw.audited().await), before);
    write!(data, tx, vault, people::begin_spell(tx, sam, "district", "lancaster", Date::constant(2026, 1, 1)).await)
        .unwrap();
}

async fn writes_at_the_same_time_all_count_once(engine: Engine) {
    let (data, world) = filled(engine).await;
    let sam = world.sam;
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..40 {
        let (db, vault) = (data.db.clone(), data.vault.clone());
        tasks.spawn(async move {
            db.write((vault, format!("message {n}")), move |tx, (vault, body)| {
                Box::pin(async move {
                    let mut access =
                        access::check::<WriteMessage, _>(tx, &Actor::Person(sam, Door::Sealed), sam, noon())
                            .await?
                            .unwrap();
                    messages::insert(&mut access, vault, &New::said(body, None)).await
                })
            })
            .await
        });
    }
    let done = tasks.join_all().await;
    assert!(done.iter().all(Result::is_ok), "{done:?}");
    let mut bodies: Vec<_> = read_by(&data, &Actor::Person(sam, Door::Sealed), &world, noon())
        .await
        .into_iter()
        .map(|message| message.body)
        .collect();
    bodies.sort();
    bodies.dedup();
    assert_eq!(bodies.len(), 40);
    assert_eq!(data.raw.number("SELECT last_seq FROM thread").await, 40);
}

#[test]
fn every_function_of_every_store_is_called_here() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let tests = [
        "tests/stores.rs",
        "tests/stores_of_answers.rs",
        "tests/stores_of_appointments.rs",
        "tests/stores_of_the_day.rs",
        "tests/stores_of_doors.rs",
        "tests/stores_of_audit.rs",
        "tests/stores_of_reach.rs",
        "tests/stores_of_import.rs",
        "tests/stores_of_planned.rs",
        "tests/stores_of_actions.rs",
        "tests/stores_of_plans.rs",
        "tests/record.rs",
    ];
    let tests = tests.map(|file| std::fs::read_to_string(root.join(file)).unwrap()).concat();
    let mut seen = 0;
    let mut missing = Vec::new();
    for entry in std::fs::read_dir(root.join("src")).unwrap() {
        let folder = entry.unwrap().path();
        let mut store = std::fs::read_to_string(folder.join("store.rs")).unwrap_or_default();
        for file in std::fs::read_dir(folder.join("store")).into_iter().flatten() {
            store.push_str(&std::fs::read_to_string(file.unwrap().path()).unwrap());
        }
        let feature = folder.file_name().unwrap().to_str().unwrap().to_owned();
        // `audit` is its nouns here.
        let name = if feature == "audit" { "audit_rows" } else { &feature };
        for line in store.lines() {
            let Some(rest) = line.strip_prefix("pub async fn ").or_else(|| line.strip_prefix("pub fn ")) else {
                continue;
            };
            let function: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            seen += 1;
            if !tests.contains(&format!("{name}::{function}(")) {
                missing.push(format!("src/{feature}/store.rs: {function}"));
            }
        }
    }
    assert!(seen > 45, "the stores were not found");
    assert!(missing.is_empty(), "no test calls {missing:#?}");
}
