//! The people of the tests: two young people in different teams, and everyone who works with one
//! of them, did once, or must never see them.

use jiff::Timestamp;
use jiff::civil::Date;
use portal::clock::{DAY, from_micros};
use portal::content::Kind;
use portal::content::store::{self as content, NewRevision};
use portal::db::{Db, Tx};
use portal::error::Result;
use portal::people::{Channel, Part, PersonId, Role, StaffId, store as people};
use portal::plan::{Action, Doer, Heading, Progress, Section, store as plan};
use portal::signin::{Hasher, Owner, store as signin};
use portal::vault::Vault;
use tokio::sync::OnceCell;

use super::client::PASSPHRASE;
use super::raw::Raw;

/// The usernames.
pub const SAM: &str = "sam-tester-01";
/// The young person of the other team.
pub const AALIYAH: &str = "aaliyah-tester-02";
/// The adviser who leads for Sam.
pub const PRIYA: &str = "priya-tester-03";
/// The adviser who leads for Aaliyah.
pub const OWEN: &str = "owen-tester-04";
/// Keeps the content.
pub const CHRIS: &str = "chris-tester-05";
/// Manages Sam's team.
pub const MORAG: &str = "morag-tester-06";
/// Keeps the accounts.
pub const ADA: &str = "ada-tester-07";
/// An adviser with a live assignment to Sam, suspended.
pub const SID: &str = "sid-tester-08";
/// An adviser whose assignment to Sam has ended.
pub const FAYE: &str = "faye-tester-09";
/// Sam's social worker.
pub const SOL: &str = "sol-tester-10";
/// Covers for Sam's adviser.
pub const CORA: &str = "cora-tester-11";
/// On the duty desk of Sam's team.
pub const DEE: &str = "dee-tester-12";
/// Manages the whole service.
pub const SUE: &str = "sue-tester-13";

/// What the code generators of staff share with us.
pub const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/// A session on Mondays and Thursdays, four to six.
pub const SESSION: &str = "tests-north";
const SESSION_BODY: &str = r#"place = "white-cross-lancaster"
name = "Tests meet"
kind = "drop-in"
come = "just-come"
claim = "this-service"
owner = "Tests"
checked_on = 2026-11-21
review_by = 2027-02-19

[rule]
every = "week"
days = ["mon", "thu"]
times = [{ from = "16:00", to = "18:00" }]
starts = 2026-11-02
"#;

/// Everyone's ids.
#[derive(Clone, Copy, Debug)]
pub struct World {
    pub sam: PersonId,
    pub aaliyah: PersonId,
    pub priya: StaffId,
    pub owen: StaffId,
    pub chris: StaffId,
    pub morag: StaffId,
    pub ada: StaffId,
    pub sid: StaffId,
    pub faye: StaffId,
    pub cora: StaffId,
    pub dee: StaffId,
}

/// The hash of the one passphrase: made once, because hashing is slow on purpose.
pub async fn hash() -> &'static str {
    static HASH: OnceCell<String> = OnceCell::const_new();
    HASH.get_or_init(|| async { Hasher::new(1).unwrap().hash(PASSPHRASE.to_owned()).await.unwrap() }).await
}

/// When everyone was added: a month before `now`.
pub fn then(now: Timestamp) -> Timestamp {
    from_micros(now.as_microsecond() - 30 * DAY)
}

/// A plan with words in every sealed column.
pub fn plan_of(word: &str) -> Vec<Section> {
    let some = |what: &str| Some(format!("{word} {what}"));
    let action = |text: &str, who, state| Action {
        text: format!("{word} {text}"),
        who,
        due_on: Some(Date::constant(2026, 12, 1)),
        state,
    };
    vec![
        Section {
            heading: Heading::Home,
            now: some("plan now"),
            want: some("plan want"),
            agreed: some("plan agreed"),
            actions: vec![
                action("first step", Doer::Me, Progress::Done),
                action("second step", Doer::Other(format!("{word} helper")), Progress::Doing),
            ],
        },
        Section { heading: Heading::Money, now: None, want: some("money"), agreed: None, actions: vec![] },
    ]
}

/// Adds everyone.
pub async fn add(db: &Db, vault: &Vault, raw: &Raw, now: Timestamp) -> World {
    let at = then(now);
    let hash = hash().await.to_owned();
    let world = db
        .write((vault.clone(), hash), move |tx, (vault, hash)| Box::pin(async move { fill(tx, vault, hash, at).await }))
        .await
        .unwrap();
    raw.run(&format!("UPDATE staff SET state = 'suspended' WHERE id = {}", raw.id(world.sid))).await;
    let ended = now.as_microsecond() - DAY;
    raw.run(&format!("UPDATE assignment SET to_at = {ended} WHERE staff_id = {}", raw.id(world.faye))).await;
    world
}

async fn fill(tx: &mut Tx, vault: &Vault, hash: &str, at: Timestamp) -> Result<World> {
    let council = "Lancashire County Council";
    let north = people::team_of(tx, "north", "North leaving care team", council, at).await?;
    let east = people::team_of(tx, "east", "East leaving care team", council, at).await?;
    let mut staff = Vec::new();
    for (name, username, roles) in [
        ("Priya Nairtest", PRIYA, &[Role::Adviser][..]),
        ("Owen Parrytest", OWEN, &[Role::Adviser]),
        ("Chris Holttest", CHRIS, &[Role::Editor]),
        ("Morag Lewistest", MORAG, &[Role::Manager]),
        ("Ada Admintest", ADA, &[Role::Admin]),
        ("Sid Suspendedtest", SID, &[Role::Adviser]),
        ("Faye Formertest", FAYE, &[Role::Adviser]),
        ("Sol Socialtest", SOL, &[Role::SocialWorker]),
        ("Cora Covertest", CORA, &[Role::Adviser]),
        ("Dee Dutytest", DEE, &[Role::Duty]),
        ("Sue Servicetest", SUE, &[Role::ServiceManager]),
    ] {
        let email = format!("{username}@staff.invalid");
        let id = people::insert_staff(tx, vault, name, Some(&email), roles, at).await?;
        let account = signin::set_account(tx, vault, Owner::Staff(id), username, hash, at).await?;
        signin::insert_generator(tx, vault, account.id, Owner::Staff(id), SECRET, at).await?;
        let generator = signin::generator(tx, vault, account.id, Owner::Staff(id)).await?.unwrap();
        signin::take_step(tx, generator.id, 1, at).await?;
        staff.push(id);
    }
    let [priya, owen, chris, morag, ada, sid, faye, sol, cora, dee, _] = staff[..] else { panic!("eleven") };
    let mut young = Vec::new();
    for (name, called, born_on, team, username) in [
        ("Samuel Whittletest", "Samtest", Date::constant(2008, 3, 27), north, SAM),
        ("Aaliyah Khantest", "Aaliyahtest", Date::constant(2005, 9, 2), east, AALIYAH),
    ] {
        let new = people::NewPerson { name: name.into(), called: called.into(), born_on, team };
        let id = people::insert_person(tx, vault, &new, at).await?;
        let email = format!("{username}@young.invalid");
        people::insert_contact(tx, vault, id, (Channel::Email, &email), Some(at)).await?;
        let account = signin::set_account(tx, vault, Owner::Person(id), username, hash, at).await?;
        let device = portal::vault::sha256(&super::client::device_of(username));
        signin::insert_device(tx, account.id, &device, "A browser of the tests", at).await?;
        young.push(id);
    }
    let (sam, aaliyah) = (young[0], young[1]);
    people::assign(tx, sam, priya, Part::Pa, true, at).await?;
    people::assign(tx, aaliyah, owen, Part::Pa, true, at).await?;
    people::assign(tx, sam, morag, Part::Manager, false, at).await?;
    people::assign(tx, sam, sid, Part::Cover, false, at).await?;
    people::assign(tx, sam, faye, Part::Pa, false, at).await?;
    people::assign(tx, sam, sol, Part::SocialWorker, false, at).await?;
    people::assign(tx, sam, cora, Part::Cover, false, at).await?;
    people::join_team(tx, north, dee, true, at).await?;
    // A session with known dates: none is in what is shipped, because none is confirmed.
    let new = NewRevision {
        kind: Kind::Session,
        item: SESSION.into(),
        body: SESSION_BODY.into(),
        published: true,
        from: 0,
        shipped_hash: String::new(),
        by: chris,
        note: "For the tests".into(),
    };
    content::publish(tx, &new, at).await?;
    plan::insert_shared(tx, vault, sam, priya, Some(Date::constant(2027, 3, 1)), &plan_of("marigoldplan"), at).await?;
    Ok(World { sam, aaliyah, priya, owen, chris, morag, ada, sid, faye, cora, dee })
}
