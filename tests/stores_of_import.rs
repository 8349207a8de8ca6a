//! The stores behind importing, teams and advisers, called on both engines.

use std::collections::BTreeMap;

use jiff::civil::Date;
use portal::clock::{DAY, HOUR, midnight};
use portal::import::{Sheet, Texts, store as import};
use portal::people::access;
use portal::people::store::{self as people, Case};
use portal::people::{Actor, Lack, Part, Role};
use portal::signin::Owner;
use portal::signin::doors::KnownBy;
use portal::signin::store::{self as signin, NewCode};

use crate::support::people::PRIYA;
use crate::support::{Engine, after, filled, noon, on_both, write};

on_both! {
    kept_files_are_their_administrator_s_for_an_hour
    a_case_is_known_by_its_key_and_its_namesakes_are_found
    a_time_of_working_together_has_an_end_and_one_of_them_leads
    somebody_is_in_one_team_and_on_its_desk_or_not
    two_let_a_member_of_staff_in_again
    a_manager_lists_who_has_no_adviser_in_their_teams_only
}

async fn kept_files_are_their_administrator_s_for_an_hour(engine: Engine) {
    let (data, world) = filled(engine).await;
    let texts: Texts = [(Sheet::People, "case_key\n=1\u{301}".to_owned()), (Sheet::Staff, String::new())].into();
    let keep =
        async || write!(data, tx, vault, [texts = texts], import::keep(tx, vault, world.ada, texts, noon()).await);
    let read = async |staff, id, at| {
        import::kept(&mut data.db.read().await.unwrap(), &data.vault, staff, id, at).await.unwrap()
    };
    let first = keep().await.unwrap();
    assert_eq!(read(world.ada, first, after(HOUR - 1)).await, Some(texts.clone()));
    assert_eq!(read(world.priya, first, noon()).await, None, "nobody else's");
    assert_eq!(read(world.ada, first, after(HOUR)).await, None);
    let second = keep().await.unwrap();
    assert_eq!(read(world.ada, first, noon()).await, None, "the last files take the place of those before");
    let rows = async || data.raw.number("SELECT COUNT(*) FROM import_file").await;
    write!(data, tx, vault, import::forget(tx, world.priya, second).await).unwrap();
    write!(data, tx, vault, import::tidy(tx, after(HOUR - 1)).await).unwrap();
    assert_eq!(rows().await, 1);
    write!(data, tx, vault, import::tidy(tx, after(HOUR)).await).unwrap();
    assert_eq!(rows().await, 0);
    let third = keep().await.unwrap();
    write!(data, tx, vault, import::forget(tx, world.ada, third).await).unwrap();
    assert_eq!(rows().await, 0);
}

async fn a_case_is_known_by_its_key_and_its_namesakes_are_found(engine: Engine) {
    let (data, world) = filled(engine).await;
    let sam = Case {
        key: "LCS-1".into(),
        name: "Samuel Whittletest".into(),
        called: None,
        born_on: Date::constant(2008, 3, 27),
        locality: "north".into(),
        spells: vec![("district", "wyre".into())],
    };
    let find = async |key: &str| people::case(&mut data.db.read().await.unwrap(), &data.vault, key).await.unwrap();
    let differs = async |case: &Case| {
        people::differs(&mut data.db.read().await.unwrap(), &data.vault, world.sam, case).await.unwrap()
    };
    let namesakes =
        async |case: &Case| people::namesakes(&mut data.db.read().await.unwrap(), &data.vault, case).await.unwrap();
    assert_eq!(find("LCS-1").await, None);
    assert_eq!(namesakes(&sam).await, [(world.sam, None)]);
    assert!(differs(&sam).await, "the district is news");
    let team = write!(data, tx, vault, people::team_of(tx, "north", "", "", noon()).await).unwrap();
    let change = async |case: &Case| {
        write!(data, tx, vault, [case = case], people::change_case(tx, vault, world.sam, case, team, noon()).await)
    };
    change(&sam).await.unwrap();
    assert_eq!(find(" lcs-1 ").await, Some((world.sam, true)));
    assert!(!differs(&sam).await);
    for other in [
        Case { name: "Samuel W Whittletest".into(), ..sam.clone() },
        Case { born_on: Date::constant(2008, 3, 28), ..sam.clone() },
        Case { locality: "east".into(), ..sam.clone() },
        Case { spells: vec![("district", "fylde".into())], ..sam.clone() },
    ] {
        assert!(differs(&other).await, "{other:?}");
    }
    // What somebody wants to be called is theirs to choose: a file says it once, when they are added.
    assert!(!differs(&Case { called: Some("Sammy".into()), spells: vec![], ..sam.clone() }).await);
    change(&Case { called: Some("Sammy".into()), spells: vec![("district", "fylde".into())], ..sam.clone() })
        .await
        .unwrap();
    let spells = "SELECT value || ' ' || COALESCE(to_on, 'now') FROM spell WHERE kind = 'district' ORDER BY 1";
    assert_eq!(data.raw.texts(spells).await, ["fylde now", "wyre 2026-11-24"]);
    let twin = Case { key: "LCS-2".into(), ..sam.clone() };
    let added = write!(data, tx, vault, [twin = twin], people::add_case(tx, vault, twin, team, noon()).await).unwrap();
    assert_eq!(find("LCS-2").await, Some((added, true)));
    assert_eq!(namesakes(&sam).await.len(), 2);
    let taken = write!(data, tx, vault, [twin = twin], people::add_case(tx, vault, twin, team, noon()).await);
    assert!(matches!(taken, Err(portal::error::Error::Duplicate)));
    data.raw.run(&format!("UPDATE person SET state = 'closed' WHERE id = {}", data.raw.id(added))).await;
    assert_eq!(find("LCS-2").await, Some((added, false)));
    assert_eq!(namesakes(&sam).await.len(), 1);
    let mut db = data.db.read().await.unwrap();
    let email = format!("{PRIYA}@staff.invalid");
    assert_eq!(people::staff_by_address(&mut db, &data.vault, &email).await.unwrap(), Some((world.priya, true)));
    let gone = format!("{}@staff.invalid", crate::support::people::SID);
    assert_eq!(people::staff_by_address(&mut db, &data.vault, &gone).await.unwrap(), Some((world.sid, false)));
    drop(db);
    write!(data, tx, vault, people::rename(tx, vault, world.priya, "Priya Nair-Holt").await).unwrap();
    let name = people::staff_name(&mut data.db.read().await.unwrap(), &data.vault, world.priya).await.unwrap();
    assert_eq!(name, "Priya Nair-Holt");
}

async fn a_time_of_working_together_has_an_end_and_one_of_them_leads(engine: Engine) {
    let (data, world) = filled(engine).await;
    let worked =
        async |staff, part| people::worked(&mut data.db.read().await.unwrap(), world.sam, staff, part).await.unwrap();
    let leads = async |at| people::has_lead(&mut data.db.read().await.unwrap(), world.sam, at).await.unwrap();
    let now = noon().as_microsecond();
    let priya = worked(world.priya, Part::Pa).await;
    assert!(priya.len() == 1 && priya[0].lead && priya[0].to.is_none() && leads(noon()).await);
    let who = (world.sam, world.owen, Part::Pa);
    for (span, lead) in [((now - 9 * DAY, Some(now - 8 * DAY)), false), ((now - DAY, None), true)] {
        write!(data, tx, vault, people::assign_span(tx, who, span, lead).await).unwrap();
    }
    let owen = worked(world.owen, Part::Pa).await;
    assert_eq!(
        owen.iter().map(|span| (span.from, span.lead)).collect::<Vec<_>>(),
        [(now - DAY, true), (now - 9 * DAY, false)]
    );
    assert!(!worked(world.priya, Part::Pa).await[0].lead, "one leads");
    let (id, of_priya) = (owen[0].id, priya[0].id);
    write!(data, tx, vault, people::change_span(tx, world.aaliyah, id, None, false).await).unwrap();
    assert!(worked(world.owen, Part::Pa).await[0].lead, "another person's is left alone");
    write!(data, tx, vault, people::change_span(tx, world.sam, id, Some(now + DAY), true).await).unwrap();
    assert!(leads(after(DAY - 1)).await && !leads(after(DAY)).await);
    write!(data, tx, vault, people::change_span(tx, world.sam, of_priya, None, true).await).unwrap();
    assert!(leads(after(DAY)).await && !worked(world.owen, Part::Pa).await[0].lead);
}

async fn somebody_is_in_one_team_and_on_its_desk_or_not(engine: Engine) {
    let (data, world) = filled(engine).await;
    let of = async |staff, at| {
        let found = data.db.read().await.unwrap().fetch(people::team_of_member(staff, at)).await.unwrap();
        found.map(|(team, duty)| (team.locality, duty))
    };
    let teams = people::teams(&mut data.db.read().await.unwrap()).await.unwrap();
    assert_eq!(teams.iter().map(|team| team.locality.as_str()).collect::<Vec<_>>(), ["east", "north"]);
    let (east, north) = (teams[0].id, teams[1].id);
    assert_eq!(of(world.dee, noon()).await, Some(("north".into(), true)));
    for (team, duty) in [(east, true), (east, false), (north, false)] {
        write!(data, tx, vault, people::set_team(tx, team, world.dee, duty, noon()).await).unwrap();
        let name = if team == east { "east" } else { "north" };
        assert_eq!(of(world.dee, noon()).await, Some((name.into(), duty)));
    }
    assert_eq!(of(world.dee, after(-1)).await, Some(("north".into(), true)), "as it was before");
    write!(data, tx, vault, people::set_team(tx, north, world.cora, true, noon()).await).unwrap();
    let mates = people::team_mates(&mut data.db.read().await.unwrap(), &data.vault, noon()).await.unwrap();
    let told: Vec<_> =
        mates.iter().map(|(team, mate)| (*team == north, mate.name.as_str(), mate.duty, mate.may)).collect();
    assert_eq!(told, [(true, "Cora Covertest", true, false), (true, "Dee Dutytest", false, true)]);
    write!(data, tx, vault, people::leave_team(tx, world.dee, noon()).await).unwrap();
    assert_eq!(of(world.dee, noon()).await, None);
}

async fn two_let_a_member_of_staff_in_again(engine: Engine) {
    let (data, world) = filled(engine).await;
    let seconds = async |staff, giver| {
        let mut all = people::seconds(&mut data.db.read().await.unwrap(), staff, giver, noon()).await.unwrap();
        all.sort();
        all
    };
    assert_eq!(seconds(world.priya, world.ada).await, [], "the one administrator gave it, and Morag is in no team");
    let north = write!(data, tx, vault, people::team_of(tx, "north", "", "", noon()).await).unwrap();
    for staff in [world.morag, world.priya, world.sid] {
        write!(data, tx, vault, people::set_team(tx, north, staff, false, noon()).await).unwrap();
    }
    assert_eq!(seconds(world.priya, world.ada).await, [world.morag]);
    assert_eq!(seconds(world.morag, world.ada).await, [], "nobody says yes to their own");
    assert_eq!(seconds(world.owen, world.ada).await, [], "another team's manager");
    write!(data, tx, vault, people::give_role(tx, world.owen, Role::Admin, noon()).await).unwrap();
    let mut both = [world.morag, world.owen];
    both.sort();
    assert_eq!(seconds(world.priya, world.ada).await, both);
    write!(data, tx, vault, people::give_role(tx, world.priya, Role::Admin, noon()).await).unwrap();
    assert_eq!(seconds(world.priya, world.ada).await, [world.owen], "no manager lets an administrator in");
    let waiting = async || signin::staff_who_wait(&mut data.db.read().await.unwrap(), noon()).await.unwrap();
    let new = NewCode {
        owner: Owner::Staff(world.priya),
        code: portal::signin::new_code().unwrap(),
        lasts: HOUR,
        by: Some((world.ada, KnownBy::Video)),
        needs_second: true,
    };
    let code = write!(data, tx, vault, [new = new], signin::insert_code(tx, vault, new, noon()).await).unwrap();
    assert_eq!(waiting().await, [(world.priya, world.ada)]);
    write!(data, tx, vault, signin::approve_code(tx, code, world.owen, noon()).await).unwrap();
    assert_eq!(waiting().await, []);
}

async fn a_manager_lists_who_has_no_adviser_in_their_teams_only(engine: Engine) {
    let (data, world) = filled(engine).await;
    let list = async |staff, role| {
        let mut db = data.db.read().await.unwrap();
        let actor = Actor::Staff(staff, vec![role]);
        let mut managed = access::managed(&mut db, &actor, noon())?;
        let rows = people::without_adviser(&mut managed, &data.vault).await.unwrap();
        Some(rows.into_iter().map(|row| (row.name, row.team, row.lack)).collect::<Vec<_>>())
    };
    let (now, then) = (Lack { now: true, at_16: true }, Lack { now: false, at_16: true });
    let row = |name: &str, team: &str, lack| (name.to_owned(), format!("{team} leaving care team"), lack);
    assert_eq!(list(world.morag, Role::Adviser).await, None, "for managers only");
    assert_eq!(list(world.morag, Role::Manager).await, Some(vec![row("Samuel Whittletest", "North", then)]));
    assert_eq!(list(world.owen, Role::Manager).await, Some(vec![]), "an adviser's people are not a manager's");
    // Aaliyah's adviser leaves, and the manager is put in her team.
    data.raw.run(&format!("UPDATE staff SET state = 'left' WHERE id = {}", data.raw.id(world.owen))).await;
    let east = write!(data, tx, vault, people::team_of(tx, "east", "", "", noon()).await).unwrap();
    write!(data, tx, vault, people::set_team(tx, east, world.morag, false, noon()).await).unwrap();
    let both = vec![row("Aaliyah Khantest", "East", now), row("Samuel Whittletest", "North", then)];
    assert_eq!(list(world.morag, Role::Manager).await, Some(both));
    let told = people::case_advisers(&mut data.db.read().await.unwrap(), noon()).await.unwrap();
    assert_eq!((told.due, told.without_now, told.without_at_16, told.lacks), (2, 1, 2, BTreeMap::new()));
    // Somebody was there on the day.
    let day = midnight(Date::constant(2024, 3, 27));
    let who = (world.sam, world.faye, Part::Pa);
    write!(data, tx, vault, people::assign_span(tx, who, (day - DAY, Some(day + DAY)), false).await).unwrap();
    let key =
        format!("UPDATE person SET case_hash = {} WHERE id = {}", data.raw.bytes(&[1; 32]), data.raw.id(world.aaliyah));
    data.raw.run(&key).await;
    let told = people::case_advisers(&mut data.db.read().await.unwrap(), noon()).await.unwrap();
    assert_eq!((told.without_at_16, told.lacks), (1, [(vec![1; 32], now)].into()));
}
