//! The demo: made-up people and sessions, laid down once. Started again, it keeps what was written.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use crate::app::start;
use crate::clock::{DAY, HOUR, from_micros, london, london_date};
use crate::config::Settings;
use crate::content::{Kind as Item, store as content};
use crate::db::{Db, Kind, Tx};
use crate::error::{Error, Result};
use crate::messages::store::New;
use crate::people::access::{
    self, AnswerMessage, ApproveLetter, AskLetter, ReadThread, SetAppointment, WriteCrisisPlan, WriteMessage,
    WriteMoney,
};
use crate::people::{Actor, Door, Part, PersonId, Role, StaffId, store as people};
use crate::plan::crisis::Boxes;
use crate::plan::money::NewPayment;
use crate::plan::{Action, Doer, Heading, Progress, Section, store as plan};
use crate::signin::{Hasher, Owner, store as signin, totp};
use crate::vault::Vault;
use crate::{appointments, letters, messages};

/// The demo's sign-ins: username and what they are. One passphrase for all.
const SIGN_INS: [(&str, &str); 7] = [
    (FIRST, "a young person, Sam"),
    ("quiet-river-17", "a young person, Aaliyah"),
    ("demo-adviser", "a personal adviser, Priya Nair"),
    ("demo-editor", "an editor, Chris Holt"),
    ("demo-manager", "a manager, Morag Lewis"),
    ("demo-admin", "an administrator, Ada Brook"),
    ("demo-cover", "a personal adviser on the duty desk, Owen Parry"),
];
const FIRST: &str = "amber-otter-42";
const PASSPHRASE: &str = "maple kettle violin harbour";

/// Serves the demo.
///
/// # Errors
/// As [`start::serve`].
pub(super) async fn serve(settings: Settings) -> Result<()> {
    let settings = apart(settings)?;
    let (db, vault, clock) = start::open(&settings, Kind::Demo).await?;
    fill(&db, &vault, clock.now()).await?;
    let mut people = Vec::new();
    for (name, who) in SIGN_INS {
        people.push(format!("    {name:<18} {:<10} {who}", new_code(&db, &vault, name, clock.now()).await?));
    }
    drop(db);
    let welcome = format!(
        "\n  The demo is at http://localhost:{}\n\n  Sign in with one of these usernames. Beside it is the code that proves it is you:\n{}\n  The passphrase of each is:  {PASSPHRASE}\n\n  A code works once, and one of six numbers for half a minute. For another, in a second window:\n    make code FOR={FIRST}\n\n  Press Ctrl-C to stop. What you write is kept in {}.\n",
        settings.port,
        people.join("\n"),
        settings.data_dir.display(),
    );
    start::serve(settings, Kind::Demo, Some(welcome)).await
}

/// A new code that proves who somebody of the demo is: what a real young person has from their personal
/// adviser, and real staff from their phone.
///
/// # Errors
/// [`Error::Setup`] when the demo has nobody of this name.
pub(super) async fn code(username: &str, settings: Settings) -> Result<String> {
    let (db, vault, clock) = start::open(&apart(settings)?, Kind::Demo).await?;
    new_code(&db, &vault, username, clock.now()).await
}

async fn new_code(db: &Db, vault: &Vault, username: &str, at: Timestamp) -> Result<String> {
    let mut read = db.read().await?;
    let nobody = || Error::Setup(format!("the demo has nobody called {username}"));
    let account = signin::account(&mut read, vault, username).await?.ok_or_else(nobody)?;
    if let Owner::Staff(_) = account.owner {
        let generator = signin::generator(&mut read, vault, account.id, account.owner).await?.ok_or_else(nobody)?;
        return totp::code(&generator.secret, u64::try_from(at.as_second()).unwrap_or(0));
    }
    drop(read);
    let code = crate::signin::new_code()?;
    db.write((vault.clone(), code.clone()), move |tx, (vault, code)| {
        Box::pin(async move {
            signin::insert_code(tx, vault, &signin::NewCode::plain(account.owner, code), at).await?;
            Ok(())
        })
    })
    .await?;
    Ok(code)
}

fn apart(mut settings: Settings) -> Result<Settings> {
    // A demo has a key and a database of its own, so that it can stand beside a live portal.
    let key = settings.key_file.get_or_insert_with(|| settings.data_dir.join("demo.key")).clone();
    if !key.exists() {
        std::fs::create_dir_all(&settings.data_dir)?;
        Vault::new_key_file(&key)?;
    }
    if settings.database_url.is_none() {
        settings.database_url = Some(format!("sqlite://{}", settings.data_dir.join("demo.db").display()));
    }
    Ok(settings)
}

/// Lays down the made-up people, unless they are there.
async fn fill(db: &Db, vault: &Vault, now: Timestamp) -> Result<()> {
    if signin::account(&mut db.read().await?, vault, FIRST).await?.is_some() {
        return Ok(());
    }
    let hash = Hasher::new(1)?.hash(PASSPHRASE.to_owned()).await?;
    db.write((vault.clone(), hash), move |tx, (vault, hash)| {
        Box::pin(async move { people_and_plans(tx, vault, hash, now).await })
    })
    .await
}

async fn people_and_plans(tx: &mut Tx, vault: &Vault, hash: &str, now: Timestamp) -> Result<()> {
    let then = from_micros(now.as_microsecond() - 30 * DAY);
    let north = people::team_of(tx, "north", "North leaving care team", "Lancashire County Council", then).await?;
    let east = people::team_of(tx, "east", "East leaving care team", "Lancashire County Council", then).await?;
    let priya =
        people::insert_staff(tx, vault, "Priya Nair", Some("priya@demo.invalid"), &[Role::Adviser], then).await?;
    let chris =
        people::insert_staff(tx, vault, "Chris Holt", Some("chris@demo.invalid"), &[Role::Editor], then).await?;
    let morag = people::insert_staff(
        tx,
        vault,
        "Morag Lewis",
        Some("morag@demo.invalid"),
        &[Role::Manager, Role::Editor],
        then,
    )
    .await?;
    let ada = people::insert_staff(tx, vault, "Ada Brook", Some("ada@demo.invalid"), &[Role::Admin], then).await?;
    let roles = [Role::Adviser, Role::Duty];
    let owen = people::insert_staff(tx, vault, "Owen Parry", Some("owen@demo.invalid"), &roles, then).await?;
    people::join_team(tx, north, owen, true, then).await?;
    let new = |name: &str, called: &str, born_on, team| people::NewPerson {
        name: name.into(),
        called: called.into(),
        born_on,
        team,
    };
    let sam = people::insert_person(tx, vault, &new("Samuel Whittle", "Sam", Date::constant(2008, 3, 27), north), then)
        .await?;
    let aaliyah =
        people::insert_person(tx, vault, &new("Aaliyah Khan", "Aaliyah", Date::constant(2005, 9, 2), east), then)
            .await?;
    for person in [sam, aaliyah] {
        people::assign(tx, person, priya, Part::Pa, true, then).await?;
        people::assign(tx, person, morag, Part::Manager, false, then).await?;
    }
    people::begin_spell(tx, sam, "legal_group", "relevant", london_date(then)).await?;
    people::begin_spell(tx, sam, "district", "lancaster", london_date(then)).await?;
    people::begin_spell(tx, aaliyah, "legal_group", "former_relevant", london_date(then)).await?;
    people::begin_spell(tx, aaliyah, "district", "burnley", london_date(then)).await?;
    let owners = [
        Owner::Person(sam),
        Owner::Person(aaliyah),
        Owner::Staff(priya),
        Owner::Staff(chris),
        Owner::Staff(morag),
        Owner::Staff(ada),
        Owner::Staff(owen),
    ];
    for ((username, _), owner) in SIGN_INS.iter().zip(owners) {
        let account = signin::set_account(tx, vault, owner, username, hash, then).await?;
        if let Owner::Staff(_) = owner {
            signin::insert_generator(tx, vault, account.id, owner, &totp::new_secret()?, then).await?;
            if let Some(generator) = signin::generator(tx, vault, account.id, owner).await? {
                signin::take_step(tx, generator.id, 1, then).await?;
            }
        }
    }
    plan::insert_shared(
        tx,
        vault,
        sam,
        priya,
        london_date(now).checked_add(4.months()).ok(),
        &sam_s_plan(london_date(now)),
        then,
    )
    .await?;
    conversation(tx, vault, sam, aaliyah, priya, now).await?;
    belongings(tx, vault, aaliyah, priya, now).await?;
    sessions(tx, chris, now).await
}

async fn conversation(
    tx: &mut Tx,
    vault: &Vault,
    sam: PersonId,
    aaliyah: PersonId,
    priya: StaffId,
    now: Timestamp,
) -> Result<()> {
    // Office hours for the adviser, whatever the hour at which the demo is laid down.
    let day = |days_ago: i64, hour: i8, minute: i8| {
        let date = london_date(now).saturating_sub(days_ago.days());
        date.at(hour, minute, 0, 0).to_zoned(london()).map_or(now, |at| at.timestamp())
    };
    let adviser = Actor::Staff(priya, vec![Role::Adviser]);
    let mut asked = None;
    if let Some(mut access) =
        access::check::<WriteMessage, _>(tx, &Actor::Person(sam, Door::Sealed), sam, day(2, 18, 4)).await?
    {
        let words = "hi, the flat viewing is on thursday. can you come with me?";
        asked = Some(messages::store::insert(&mut access, vault, &New::said(words, Some(day(1, 17, 0)))).await?);
    }
    let reading = access::check::<ReadThread, _>(tx, &adviser, sam, day(1, 9, 12)).await?;
    if let (Some(mut access), Some(asked)) = (reading, asked) {
        messages::store::mark_opened(&mut access, asked, asked).await?;
    }
    if let Some(mut access) = access::check::<AnswerMessage, _>(tx, &adviser, sam, day(1, 9, 20)).await? {
        let words = "Yes, I can. I will meet you outside at quarter to four.\nBring your ID if you have it.";
        messages::store::insert(&mut access, vault, &New::said(words, None)).await?;
    }
    if let Some(mut access) = access::check::<WriteMessage, _>(
        tx,
        &Actor::Person(aaliyah, Door::Sealed),
        aaliyah,
        from_micros(now.as_microsecond() - 5 * HOUR),
    )
    .await?
    {
        let words = "my course starts in january, who do i ask about help with the costs?";
        let due = from_micros(now.as_microsecond() + 3 * HOUR);
        messages::store::insert(&mut access, vault, &New::said(words, Some(due))).await?;
    }
    Ok(())
}

/// What stands beside a plan: money, appointments, a letter, and what somebody does if it goes wrong.
async fn belongings(tx: &mut Tx, vault: &Vault, person: PersonId, priya: StaffId, now: Timestamp) -> Result<()> {
    let adviser = Actor::Staff(priya, vec![Role::Adviser]);
    let own = Actor::Person(person, Door::Sealed);
    let (then, today) = (from_micros(now.as_microsecond() - 20 * DAY), london_date(now));
    let some = |text: &str| Some(text.to_owned());
    if let Some(mut access) = access::check::<WriteMoney, _>(tx, &adviser, person, then).await? {
        let right = ("Setting up home allowance", Some("setting-up-home"));
        let owed = plan::insert_owed(&mut access, vault, right, 300_000, london_date(then)).await?;
        for (pence, days_ago, what, agreed) in
            [(64_999, 12, "Cooker and fridge", Some("Morag Lewis, team manager")), (21_050, 3, "Bed", None)]
        {
            let (paid_on, note) = (today.saturating_sub(days_ago.days()), some(what));
            let new = NewPayment { pence, paid_on, note, agreed_by: agreed.map(str::to_owned) };
            plan::insert_payment(&mut access, vault, owed, &new).await?;
        }
    }
    for (days, hour, what, with, place, way) in [
        (
            3,
            14,
            "Look at a flat",
            "Priya Nair",
            "Outside the flat",
            "The bus stops at the corner. Ring me when you are there.",
        ),
        (9, 10, "Open day at the college", "Priya Nair", "Main entrance", ""),
    ] {
        let starts = today.saturating_add(days.days()).at(hour, 0, 0, 0).to_zoned(london());
        if let (Some(mut access), Ok(starts)) =
            (access::check::<SetAppointment, _>(tx, &adviser, person, then).await?, starts)
        {
            let details = appointments::Details {
                what: what.into(),
                with: some(with),
                place: some(place),
                way: some(way).filter(|way| !way.is_empty()),
                starts_at: starts.timestamp().as_microsecond(),
                minutes: 60,
            };
            appointments::store::insert(&mut access, vault, priya, &details).await?;
        }
    }
    if let Some(mut access) = access::check::<WriteCrisisPlan, _>(tx, &own, person, then).await? {
        let boxes = Boxes {
            signs: some("I stop answering my phone. I stay in bed."),
            helps: some("A shower. Music. A walk to the canal."),
            calls: some("Nadia, my aunt 07700 900123"),
            place: some("My aunt's. The library until it closes."),
        };
        plan::set_crisis_plan(&mut access, vault, &boxes).await?;
    }
    let asked = match access::check::<AskLetter, _>(tx, &own, person, then).await? {
        Some(mut access) => letters::store::insert(&mut access).await?,
        None => None,
    };
    if let (Some(letter), Some(mut access)) =
        (asked, access::check::<ApproveLetter, _>(tx, &adviser, person, then).await?)
    {
        letters::store::decide(&mut access, vault, (letter, priya), letters::State::Approved, None).await?;
    }
    Ok(())
}

fn sam_s_plan(today: Date) -> Vec<Section> {
    let in_days = |days: i64| today.checked_add(days.days()).ok();
    let action = |text: &str, who, due_on, state| Action { text: text.into(), who, due_on, state };
    let section = |heading, now: &str, want: &str, agreed: &str, actions| {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Section { heading, now: some(now), want: some(want), agreed: some(agreed), actions }
    };
    vec![
        section(
            Heading::Home,
            "I live in a shared house with support. I have my own room.",
            "My own flat near work. I do not want to share again.",
            "We look at flats together. I will not sign anything before we have read it.",
            vec![
                action("Look at three flats", Doer::Me, in_days(-9), Progress::Done),
                action("Ask about the setting up home allowance", Doer::Staff, in_days(6), Progress::Doing),
            ],
        ),
        section(
            Heading::Work,
            "I work two days a week in a café.",
            "More hours, or an apprenticeship in cooking.",
            "",
            vec![action(
                "Find out who offers apprenticeships in kitchens",
                Doer::Other("Work coach".into()),
                in_days(20),
                Progress::NotStarted,
            )],
        ),
        section(
            Heading::Health,
            "",
            "To see a dentist. I have not been for years.",
            "",
            vec![action("Register with a dentist", Doer::Me, in_days(-2), Progress::NotStarted)],
        ),
        section(
            Heading::Support,
            "Priya is my personal adviser.",
            "A message back within a day.",
            "We meet every month.",
            vec![],
        ),
    ]
}

/// Made-up sessions, so that there is something to see. Real ones come from the service.
async fn sessions(tx: &mut Tx, editor: StaffId, now: Timestamp) -> Result<()> {
    let today = london_date(now);
    let monday = today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days()).unwrap_or(today);
    for (id, place, name, days, from, to) in [
        ("demo-north", "white-cross-lancaster", "Demo drop-in", "\"mon\", \"thu\"", "16:00", "18:00"),
        ("demo-central", "county-hall-preston", "Demo drop-in", "\"tue\", \"fri\", \"sat\"", "12:00", "14:30"),
        ("demo-east", "the-zone-burnley", "Demo drop-in", "\"wed\", \"sun\"", "15:30", "19:30"),
    ] {
        let body = format!(
            "place = \"{place}\"\nname = \"{name}\"\nkind = \"drop-in\"\ncome = \"just-come\"\nnote = \"Made up, for the demo.\"\nclaim = \"this-service\"\nowner = \"Demo\"\nchecked_on = {today}\nreview_by = {}\n\n[rule]\nevery = \"week\"\ndays = [{days}]\ntimes = [{{ from = \"{from}\", to = \"{to}\" }}]\nstarts = {monday}\n",
            today.checked_add(90.days()).unwrap_or(today),
        );
        let new = content::NewRevision {
            kind: Item::Session,
            item: id.to_owned(),
            body,
            published: true,
            from: 0,
            shipped_hash: String::new(),
            by: editor,
            note: "Made up, for the demo".to_owned(),
        };
        let body_hash = crate::content::hash(&new.body);
        content::publish(tx, &new, now).await?;
        if id != "demo-east" {
            let by_role = Role::Editor.title().to_owned();
            let (kind, item) = (Item::Session, id.to_owned());
            let sure =
                content::NewConfirmation { kind, item, body_hash, by_role, by: editor, on: today, note: String::new() };
            content::confirm(tx, &sure, now).await?;
        }
    }
    Ok(())
}
