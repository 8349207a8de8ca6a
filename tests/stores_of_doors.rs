//! The stores behind the doors, called on both engines: devices, proofs, codes that need two, drafts, those
//! who cannot sign in, duty and reasons.

use portal::audit::{Entry, store as audit_rows};
use portal::clock::HOUR;
use portal::messages::store::{self as messages, New};
use portal::people::access::{self, ReadRecord, ReadVisit};
use portal::people::{Actor, Door, Role, store as people};
use portal::signin::doors::KnownBy;
use portal::signin::store::{self as signin, DRAFT_LASTS, Desk, KNOWN_FOR};
use portal::signin::{Lifetime, NewKnock, Owner, new_code, read_code};

use crate::support::people::{AALIYAH, SAM};
use crate::support::{Data, Engine, after, filled, noon, on_both, write};

on_both! {
    a_device_is_known_to_one_account_for_ninety_days
    a_code_of_a_generator_is_taken_once_and_never_an_older_one
    a_card_is_used_once_and_a_new_one_ends_it
    a_session_that_is_raised_has_a_new_token_and_keeps_its_visit
    one_passphrase_or_name_changes_and_one_session_stays
    a_code_for_somebody_under_a_flag_needs_two_workers
    a_draft_is_shown_where_it_may_be_until_its_time_is_up_and_dropped_when_sent
    who_cannot_sign_in_is_kept_once_taken_once_and_settled_once
    duty_and_a_reason_open_a_record_for_their_time_only
    a_visit_shows_what_was_written_since_it_began
    a_record_tells_what_staff_did_with_it_and_nothing_else
    a_code_ends_with_its_owner_s_access
    a_reset_is_told_until_it_is_read
    staff_are_listed_given_roles_handed_over_and_gone
}

async fn account(data: &Data, username: &str) -> signin::Account {
    signin::account(&mut data.db.read().await.unwrap(), &data.vault, username).await.unwrap().unwrap()
}

async fn begin(data: &Data, account: &signin::Account, token: u8, second_proof: bool) {
    let new = signin::NewSession {
        token_hash: [token; 32],
        own_device: false,
        second_proof,
        browser: "A browser".into(),
        flash: None,
    };
    write!(data, tx, vault, [account = account, new = new], signin::begin_session(tx, account, new, noon()).await)
        .unwrap();
}

async fn a_device_is_known_to_one_account_for_ninety_days(engine: Engine) {
    let (data, _) = filled(engine).await;
    let (sam, aaliyah) = (account(&data, SAM).await.id, account(&data, AALIYAH).await.id);
    let of = async |token: u8, at| {
        signin::account_of_device(&mut data.db.read().await.unwrap(), &[token; 32], at).await.unwrap()
    };
    write!(data, tx, vault, signin::insert_device(tx, sam, &[1; 32], "Chrome on a Mac", noon()).await).unwrap();
    assert_eq!(of(1, after(KNOWN_FOR - 1)).await, Some(sam));
    assert_eq!(of(1, after(KNOWN_FOR)).await, None);
    assert_eq!(of(2, noon()).await, None);
    write!(data, tx, vault, signin::note_device(tx, &[1; 32], after(HOUR)).await).unwrap();
    assert_eq!(of(1, after(KNOWN_FOR)).await, Some(sam), "used, it is known for as long again");
    let known = signin::devices(&mut data.db.read().await.unwrap(), sam, noon()).await.unwrap();
    let device = known.iter().find(|device| device.browser == "Chrome on a Mac").unwrap().id;
    assert!(!write!(data, tx, vault, signin::forget_device(tx, aaliyah, device).await).unwrap(), "not hers");
    assert!(write!(data, tx, vault, signin::forget_device(tx, sam, device).await).unwrap());
    assert_eq!(of(1, noon()).await, None);
    write!(data, tx, vault, signin::forget_devices(tx, sam).await).unwrap();
    assert!(signin::devices(&mut data.db.read().await.unwrap(), sam, noon()).await.unwrap().is_empty());
}

async fn a_code_of_a_generator_is_taken_once_and_never_an_older_one(engine: Engine) {
    let (data, world) = filled(engine).await;
    let owner = Owner::Staff(world.priya);
    let read = async || {
        let mut db = data.db.read().await.unwrap();
        let account = signin::account_of(&mut db, owner).await.unwrap().unwrap().id;
        (account, signin::generator(&mut db, &data.vault, account, owner).await.unwrap())
    };
    let (account, generator) = read().await;
    let generator = generator.unwrap();
    assert!(generator.confirmed);
    for (step, taken) in [(5, true), (5, false), (4, false), (6, true)] {
        let now = write!(data, tx, vault, signin::take_step(tx, generator.id, step, noon()).await).unwrap();
        assert_eq!(now, taken, "{step}");
    }
    write!(data, tx, vault, signin::drop_factors(tx, account).await).unwrap();
    assert!(read().await.1.is_none());
    for secret in ["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXA", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXB"] {
        write!(data, tx, vault, signin::insert_generator(tx, vault, account, owner, secret, noon()).await).unwrap();
    }
    let (_, generator) = read().await;
    let generator = generator.unwrap();
    assert!(!generator.confirmed && generator.secret.ends_with('B'), "the one that is set up last");
}

async fn a_card_is_used_once_and_a_new_one_ends_it(engine: Engine) {
    let (data, _) = filled(engine).await;
    let (sam, aaliyah) = (account(&data, SAM).await.id, account(&data, AALIYAH).await.id);
    let use_card = async |account, words: &'static str| {
        write!(data, tx, vault, signin::use_card(tx, vault, account, words).await).unwrap()
    };
    for words in ["one two", "three four"] {
        write!(data, tx, vault, signin::set_card(tx, vault, sam, words, noon()).await).unwrap();
    }
    assert!(!use_card(sam, "one two").await && !use_card(aaliyah, "three four").await);
    let made = signin::card_made_at(&mut data.db.read().await.unwrap(), sam).await.unwrap();
    assert_eq!(made, Some(noon().as_microsecond()));
    assert!(use_card(sam, "three four").await && !use_card(sam, "three four").await);
    write!(data, tx, vault, signin::set_card(tx, vault, sam, "five six", noon()).await).unwrap();
    write!(data, tx, vault, signin::drop_card(tx, sam).await).unwrap();
    assert!(!use_card(sam, "five six").await);
}

async fn a_session_that_is_raised_has_a_new_token_and_keeps_its_visit(engine: Engine) {
    let (data, _) = filled(engine).await;
    let sam = account(&data, SAM).await;
    begin(&data, &sam, 1, false).await;
    let find = async |token: u8| data.session(token, noon()).await.map(|(session, _)| session);
    let first = find(1).await.unwrap();
    assert!(!first.second_proof && first.idle == Lifetime::SHARED.idle);
    let raised = signin::Raised {
        before: [1; 32],
        after: [2; 32],
        owner: sam.owner,
        second_proof: true,
        own_device: true,
        fresh: true,
        flash: None,
    };
    assert!(write!(data, tx, vault, [raised = raised], signin::raise(tx, raised, after(HOUR)).await).unwrap());
    assert!(find(1).await.is_none());
    let open = find(2).await.unwrap();
    assert!(open.second_proof && open.own_device);
    assert_eq!((open.id, open.made_at, open.idle), (first.id, first.made_at, Lifetime::OWN.idle));
    assert_eq!(open.until, first.made_at + Lifetime::OWN.most);
    assert!(!write!(data, tx, vault, [raised = raised], signin::raise(tx, raised, after(HOUR)).await).unwrap());
    let late = signin::Raised { before: [2; 32], after: [3; 32], ..raised };
    let at = after(Lifetime::OWN.most);
    assert!(!write!(data, tx, vault, [late = late], signin::raise(tx, late, at).await).unwrap(), "it had ended");
}

async fn one_passphrase_or_name_changes_and_one_session_stays(engine: Engine) {
    let (data, _) = filled(engine).await;
    let sam = account(&data, SAM).await;
    for token in 1..=4 {
        begin(&data, &sam, token, true).await;
    }
    let open = async || {
        let mut db = data.db.read().await.unwrap();
        let sessions = signin::sessions(&mut db, sam.id, noon()).await.unwrap();
        sessions.into_iter().map(|session| session.id).collect::<Vec<_>>()
    };
    let all = open().await;
    assert_eq!(all.len(), 4);
    let one = all[0];
    let other = account(&data, AALIYAH).await.id;
    assert!(!write!(data, tx, vault, signin::end_session_of(tx, other, one).await).unwrap(), "not hers");
    assert!(write!(data, tx, vault, signin::end_session_of(tx, sam.id, one).await).unwrap());
    assert_eq!(open().await.len(), 3);
    let mut left = Vec::new();
    for token in 1..=4 {
        if data.session(token, noon()).await.is_some() {
            left.push(token);
        }
    }
    let stays = [left[0]; 32];
    write!(data, tx, vault, signin::set_passphrase(tx, sam.id, "another hash", &stays).await).unwrap();
    assert_eq!(open().await.len(), 1);
    assert_eq!(account(&data, SAM).await.hash, "another hash");
    begin(&data, &account(&data, SAM).await, 9, true).await;
    assert_eq!(write!(data, tx, vault, signin::end_other_sessions(tx, sam.id, &stays).await).unwrap(), 1);
    write!(data, tx, vault, signin::set_username(tx, vault, sam.id, sam.owner, "quiet-name-77").await).unwrap();
    let mut db = data.db.read().await.unwrap();
    assert_eq!(signin::username(&mut db, &data.vault, sam.id, sam.owner).await.unwrap(), "quiet-name-77");
    drop(db);
    assert_eq!(account(&data, "Quiet-Name-77").await.id, sam.id);
    let taken = write!(data, tx, vault, signin::set_username(tx, vault, sam.id, sam.owner, AALIYAH).await);
    assert!(matches!(taken, Err(portal::error::Error::Duplicate)));
    write!(data, tx, vault, signin::end_everything(tx, sam.owner).await).unwrap();
    assert!(open().await.is_empty());
}

async fn a_code_for_somebody_under_a_flag_needs_two_workers(engine: Engine) {
    let (data, world) = filled(engine).await;
    let owner = Owner::Person(world.sam);
    data.raw.run(&format!("UPDATE person SET safety_flag = TRUE WHERE id = {}", data.raw.id(world.sam))).await;
    assert!(people::is_flagged(&mut data.db.read().await.unwrap(), world.sam).await.unwrap());
    assert!(!people::is_flagged(&mut data.db.read().await.unwrap(), world.aaliyah).await.unwrap());
    let code = new_code().unwrap();
    let by = Some((world.priya, KnownBy::Video));
    let new = signin::NewCode { owner, code: code.clone(), lasts: HOUR, by, needs_second: true };
    let id = write!(data, tx, vault, [new = new], signin::insert_code(tx, vault, new, noon()).await).unwrap();
    let live = async || {
        let mut db = data.db.read().await.unwrap();
        signin::code(&mut db, &data.vault, &read_code(&code).unwrap(), noon()).await.unwrap()
    };
    let waiting = async || signin::waiting_codes(&mut data.db.read().await.unwrap(), owner, noon()).await.unwrap();
    assert!(live().await.is_none());
    assert_eq!(waiting().await, [(id, world.priya)]);
    let approve = async |by| write!(data, tx, vault, signin::approve_code(tx, id, by, noon()).await).unwrap();
    assert!(!approve(world.priya).await, "nobody says yes to their own");
    assert!(approve(world.cora).await && !approve(world.morag).await);
    assert_eq!(live().await.unwrap().by, Some(world.priya));
    assert!(waiting().await.is_empty());
}

async fn a_draft_is_shown_where_it_may_be_until_its_time_is_up_and_dropped_when_sent(engine: Engine) {
    let (data, _) = filled(engine).await;
    let sam = account(&data, SAM).await;
    let desk = |visit: u8, door| {
        let session = portal::id::Id::from_bytes([visit; 16]);
        Desk { account: sam.id, owner: sam.owner, session, door, place: "/me/messages" }
    };
    let read = async |desk, at| {
        let mut db = data.db.read().await.unwrap();
        signin::draft(&mut db, &data.vault, desk, at).await.unwrap()
    };
    let until = after(DRAFT_LASTS).as_microsecond();
    let (at_home, abroad) = (desk(1, Door::Open), desk(2, Door::Write));
    for (desk, words, here) in [(at_home, "first", false), (at_home, "at home", false), (abroad, "abroad", true)] {
        write!(data, tx, vault, signin::put_draft(tx, vault, desk, words, (here, until), noon()).await).unwrap();
    }
    assert_eq!(read(at_home, after(DRAFT_LASTS - 1)).await.as_deref(), Some("at home"));
    assert_eq!(read(at_home, after(DRAFT_LASTS)).await, None);
    assert_eq!(read(abroad, noon()).await.as_deref(), Some("abroad"));
    assert_eq!(read(desk(3, Door::Write), noon()).await, None, "another visit at the first door");
    assert_eq!(read(desk(3, Door::Open), noon()).await.as_deref(), Some("at home"));
    assert_eq!(read(Desk { place: "/me/plan", ..at_home }, noon()).await, None);
    write!(data, tx, vault, signin::drop_draft(tx, abroad).await).unwrap();
    assert_eq!(read(abroad, noon()).await, None);
    assert_eq!(read(at_home, noon()).await.as_deref(), Some("at home"), "nothing of another door is dropped");
    write!(data, tx, vault, signin::drop_draft(tx, at_home).await).unwrap();
    assert_eq!(read(at_home, noon()).await, None);
}

async fn who_cannot_sign_in_is_kept_once_taken_once_and_settled_once(engine: Engine) {
    let (data, world) = filled(engine).await;
    let new = |body: &str, urgent| NewKnock {
        locality: "north".into(),
        body: body.into(),
        contact: "Sam, 07700 900123".into(),
        urgent,
    };
    for (told, at) in [(new("lost my phone", false), 0), (new("lost my phone", false), 1), (new("outside", true), 2)] {
        write!(data, tx, vault, [told = told], signin::knock(tx, vault, told, after(at)).await).unwrap();
    }
    let read = async || signin::knocks(&mut data.db.read().await.unwrap(), &data.vault).await.unwrap();
    let all = read().await;
    assert_eq!(
        all.iter().map(|knock| knock.told.clone()).collect::<Vec<_>>(),
        [new("outside", true), new("lost my phone", false)]
    );
    let mut db = data.db.read().await.unwrap();
    assert_eq!(signin::knocks_since(&mut db, noon().as_microsecond()).await.unwrap(), 1);
    assert_eq!(db.fetch(signin::knocks_waiting()).await.unwrap(), 2);
    drop(db);
    let id = all[0].id;
    let take = async |by| write!(data, tx, vault, signin::take_knock(tx, id, by, noon()).await).unwrap();
    assert!(take(world.priya).await && !take(world.owen).await);
    assert_eq!(read().await[0].taken, Some((world.priya, noon().as_microsecond())));
    let settle = async |by| write!(data, tx, vault, signin::settle_knock(tx, id, by, noon()).await).unwrap();
    assert!(settle(world.owen).await && !settle(world.priya).await);
    assert_eq!(read().await.len(), 1);
}

async fn duty_and_a_reason_open_a_record_for_their_time_only(engine: Engine) {
    let (data, world) = filled(engine).await;
    let duty = async |staff, person, at| {
        people::is_on_duty_for(&mut data.db.read().await.unwrap(), staff, person, at).await.unwrap()
    };
    assert!(duty(world.dee, world.sam, noon()).await);
    assert!(!duty(world.dee, world.aaliyah, noon()).await, "another team's");
    assert!(!duty(world.priya, world.sam, noon()).await);
    let team = data.raw.texts("SELECT name FROM team").await;
    assert_eq!(team.len(), 2);
    let east = write!(data, tx, vault, people::team_of(tx, "east", "", "", noon()).await).unwrap();
    write!(data, tx, vault, people::join_team(tx, east, world.dee, true, after(5)).await).unwrap();
    assert!(!duty(world.dee, world.aaliyah, after(4)).await && duty(world.dee, world.aaliyah, after(5)).await);
    let glass =
        async |staff, at| people::broke_glass(&mut data.db.read().await.unwrap(), staff, world.sam, at).await.unwrap();
    let times = (noon(), after(HOUR));
    write!(data, tx, vault, people::insert_glass(tx, vault, world.sam, world.owen, "on the phone", times).await)
        .unwrap();
    assert!(glass(world.owen, noon()).await && glass(world.owen, after(HOUR - 1)).await);
    assert!(!glass(world.owen, after(HOUR)).await && !glass(world.owen, after(-1)).await);
    assert!(!glass(world.faye, noon()).await);
    let mut db = data.db.read().await.unwrap();
    let me = Actor::Person(world.sam, Door::Open);
    let mut access = access::check::<ReadRecord, _>(&mut db, &me, world.sam, noon()).await.unwrap().unwrap();
    let told = people::reasons(&mut access, &data.vault).await.unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].by.as_str(), told[0].reason.as_str()), ("Owen Parrytest", "on the phone"));
    let manager = |staff| Actor::Staff(staff, vec![Role::Manager]);
    let mut caseload = access::caseload(&mut db, &manager(world.morag), noon()).unwrap();
    let told = people::reasons_for_manager(&mut caseload, &data.vault, noon().as_microsecond() - 1).await.unwrap();
    assert_eq!((told.len(), told[0].of.as_str()), (1, "Samtest"));
    assert!(people::reasons_for_manager(&mut caseload, &data.vault, noon().as_microsecond()).await.unwrap().is_empty());
    let mut other = access::caseload(&mut db, &manager(world.owen), noon()).unwrap();
    assert!(people::reasons_for_manager(&mut other, &data.vault, 0).await.unwrap().is_empty(), "not theirs");
    drop(db);
    let managers = people::managers_of(&mut data.db.read().await.unwrap(), world.sam, noon()).await.unwrap();
    assert_eq!(managers, [world.morag]);
}

async fn a_visit_shows_what_was_written_since_it_began(engine: Engine) {
    let (data, world) = filled(engine).await;
    let me = Actor::Person(world.sam, Door::Write);
    for (words, at) in [("before", -1), ("since", 0), ("later", 9)] {
        let at = after(at);
        write!(data, tx, vault, [me = me], {
            let mut access = access::check::<access::WriteMessage, _>(tx, me, world.sam, at).await?.unwrap();
            messages::insert(&mut access, vault, &New::said(words, None)).await
        })
        .unwrap();
    }
    let mut db = data.db.read().await.unwrap();
    let mut access = access::check::<ReadVisit, _>(&mut db, &me, world.sam, after(10)).await.unwrap().unwrap();
    let seen = messages::visit(&mut access, &data.vault, noon().as_microsecond()).await.unwrap();
    assert_eq!(seen.into_iter().map(|message| message.body).collect::<Vec<_>>(), ["since", "later"]);
}

async fn a_record_tells_what_staff_did_with_it_and_nothing_else(engine: Engine) {
    let (data, world) = filled(engine).await;
    let worker = Actor::Staff(world.priya, vec![Role::Adviser]);
    for (actor, person) in
        [(worker.clone(), world.sam), (Actor::Person(world.sam, Door::Open), world.sam), (worker, world.aaliyah)]
    {
        let entry = Entry { person: Some(person), relation: "pa", ..Entry::of(Some(actor), "read", "plan", noon()) };
        write!(data, tx, vault, [entry = entry], audit_rows::insert(tx, entry, "request").await).unwrap();
    }
    let mut db = data.db.read().await.unwrap();
    let me = Actor::Person(world.sam, Door::Open);
    let mut access = access::check::<ReadRecord, _>(&mut db, &me, world.sam, noon()).await.unwrap().unwrap();
    let seen = audit_rows::seen(&mut access, &data.vault, 500).await.unwrap();
    let told: Vec<_> = seen.iter().map(|one| (one.by.as_str(), one.says(), one.stands())).collect();
    assert_eq!(told, [("Priya Nairtest", "read your plan".to_owned(), Some("your personal adviser"))]);
}

async fn a_code_ends_with_its_owner_s_access(engine: Engine) {
    let (data, world) = filled(engine).await;
    let owner = Owner::Person(world.sam);
    let code = new_code().unwrap();
    let new = signin::NewCode::plain(owner, &code);
    write!(data, tx, vault, [new = new], signin::insert_code(tx, vault, new, noon()).await).unwrap();
    let live = async || {
        let plain = read_code(&code).unwrap();
        signin::code(&mut data.db.read().await.unwrap(), &data.vault, &plain, noon()).await.unwrap().is_some()
    };
    assert!(live().await);
    write!(data, tx, vault, signin::end_codes(tx, owner, noon()).await).unwrap();
    assert!(!live().await);
}

async fn a_reset_is_told_until_it_is_read(engine: Engine) {
    let (data, world) = filled(engine).await;
    let sam = account(&data, SAM).await.id;
    let read = async || signin::reset(&mut data.db.read().await.unwrap(), sam).await.unwrap();
    assert!(read().await.is_none());
    write!(data, tx, vault, signin::note_reset(tx, sam, Some(world.priya), "code", noon()).await).unwrap();
    let told = read().await.unwrap();
    assert_eq!((told.at, told.by, told.how.as_str()), (noon().as_microsecond(), Some(world.priya), "code"));
    write!(data, tx, vault, signin::forget_reset(tx, sam).await).unwrap();
    assert!(read().await.is_none());
}

async fn staff_are_listed_given_roles_handed_over_and_gone(engine: Engine) {
    let (data, world) = filled(engine).await;
    let all = people::members(&mut data.db.read().await.unwrap(), &data.vault, noon()).await.unwrap();
    assert_eq!((all.len(), all[0].name.as_str(), all.last().unwrap().active), (11, "Ada Admintest", false));
    let priya = async || {
        let mut db = data.db.read().await.unwrap();
        people::member(&mut db, &data.vault, world.priya, noon()).await.unwrap().unwrap()
    };
    assert_eq!((priya().await.roles, priya().await.works_with), (vec![Role::Adviser], 1));
    assert_eq!(people::admins(&mut data.db.read().await.unwrap(), noon()).await.unwrap(), 1);
    for _ in 0..2 {
        write!(data, tx, vault, people::give_role(tx, world.priya, Role::Editor, noon()).await).unwrap();
    }
    assert_eq!(priya().await.roles.len(), 2);
    write!(data, tx, vault, people::end_role(tx, world.priya, Role::Editor, noon()).await).unwrap();
    assert_eq!(priya().await.roles, [Role::Adviser]);
    // Cora covers for Sam already; she leads from now on, and stays their cover.
    let whom = people::works_with_whom(&mut data.db.read().await.unwrap(), world.priya, noon()).await.unwrap();
    assert_eq!(whom, [world.sam]);
    let one = async || {
        write!(data, tx, vault, people::hand_over_one(tx, world.sam, world.priya, world.cora, noon()).await).unwrap()
    };
    assert!(one().await && !one().await, "once");
    assert_eq!(priya().await.works_with, 0);
    let with = async |staff| people::works_with(&mut data.db.read().await.unwrap(), staff, noon()).await.unwrap();
    assert_eq!(with(world.cora).await, 1);
    let sam = data.raw.id(world.sam);
    let lead = format!("SELECT COUNT(*) FROM assignment WHERE person_id = {sam} AND lead AND to_at IS NULL");
    assert_eq!(data.raw.number(&lead).await, 1, "one lead, all the time");
    write!(data, tx, vault, people::end_member(tx, world.cora, noon()).await).unwrap();
    assert_eq!(with(world.cora).await, 0);
    let mut db = data.db.read().await.unwrap();
    let gone = people::member(&mut db, &data.vault, world.cora, noon()).await.unwrap().unwrap();
    assert!(!gone.active && gone.roles.is_empty());
}
