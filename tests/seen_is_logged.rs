//! Whatever of somebody is shown to anybody stands in the log, once, and nothing stands there that was not
//! shown: a long walk of everybody over every page, with roles, assignments and sessions that end on the way.
//!
//! What counts. One answer that shows words of a young person is one reading, of what the page is about: a
//! thread also shows the name, and is a thread. A list is one row with the number of those on it; an empty
//! list is a list, and so is an empty visit. A search by name and date of birth is one row, whoever it finds;
//! opening a record with a reason is one. What somebody typed and gets back is no reading.

use std::collections::BTreeMap;

use portal::clock::{MINUTE, SECOND};
use portal::people::{Part, StaffId, store as people};
use portal::signin::store as signin;

use crate::support::actors::{ACTORS, browser};
use crate::support::canary::{AALIYAHS, Canary, Kind, Planted, SAMS, plant, said};
use crate::support::client::plain;
use crate::support::forms::key;
use crate::support::random::{Random, rounds, seed};
use crate::support::{Answer, Client, Engine, TestApp, block_on, write};

/// In the contact of everybody who cannot sign in.
const KNOCK: &str = "hornbeamknock";
/// In what the public says of a page.
const TOLD: &str = "larchfeedback";

/// Those who see nothing of anybody, and ask less often.
const NOTHING: [&str; 5] = ["nobody", "former adviser", "service manager", "administrator", "suspended"];

/// One reading: what was done to what, whose (empty for a list), and how many.
type Reading = (String, String, String, i64);

fn reading(action: &str, object: &str, whose: &str, many: usize) -> Reading {
    (action.into(), object.into(), whose.into(), many as i64)
}

/// One request of the walk.
#[derive(Clone, Debug)]
struct Step {
    method: &'static str,
    path: String,
    fields: Vec<(&'static str, String)>,
}

impl Step {
    fn get(path: impl Into<String>) -> Self {
        Self { method: "GET", path: path.into(), fields: Vec::new() }
    }

    fn post(path: impl Into<String>, fields: &[(&'static str, &str)]) -> Self {
        let fields = fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { method: "POST", path: path.into(), fields }
    }

    async fn send(&self, client: &mut Client) -> Answer {
        if self.method == "GET" {
            return client.get(&self.path).await;
        }
        let fields: Vec<_> = self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        client.post_form(&self.path, &fields).await
    }
}

/// Every page and form that may show something of a young person, and some that must not.
fn steps(young: &[Planted; 2], username: Option<&str>) -> Vec<Step> {
    let mut steps: Vec<Step> = [
        "/me",
        "/me/messages",
        "/me/messages/new",
        "/me/check-in",
        "/me/plan",
        "/me/plan/actions",
        "/me/record",
        "/me/record/take",
        "/me/record/take/page",
        "/me/record/take/data",
        "/me/account",
        "/me/account/username",
        "/me/account/passphrase",
        "/me/account/card",
        "/me/account/name",
        "/me/account/reach",
        "/work",
        "/work",
        "/work",
        "/work/new",
        "/work/people",
        "/work/team",
        "/work/desk",
        "/work/find",
        "/work/calls",
        "/edit",
        "/edit/feedback",
        "/edit/page/money",
        "/edit/history",
        "/admin",
        "/staff/account",
        "/sign-in/second",
        "/offer",
    ]
    .map(Step::get)
    .into();
    // Nobody writes the words of somebody else.
    let own = young.iter().find(|one| Some(one.canary.username) == username).unwrap_or(&young[0]);
    let fresh = key();
    steps.push(Step::post("/me/messages", &[("key", &fresh), ("body", &format!("{} again", own.canary.message))]));
    steps.push(Step::post("/me/messages", &[("key", &fresh), ("body", "")]));
    steps.push(Step::post("/me/account", &[("do", "nothing of ours")]));
    steps.push(Step::post("/me/account/name", &[("called", "")]));
    steps.push(Step::post("/me/account/name", &[("called", own.canary.called)]));
    steps.push(Step::post("/me/account/reach", &[("do", "add"), ("value", "no address")]));
    steps.push(Step::post("/me/account/card", &[]));
    steps.push(Step::post("/work/calls", &[("do", "nothing of ours")]));
    for one in young {
        steps.push(Step::get(one.contact.clone()));
        steps.push(Step::post(one.contact.clone(), &[("do", "nothing of ours")]));
        steps.push(Step::post(one.contact.clone(), &[("do", "on")]));
        steps.extend(at_work(one));
    }
    steps
}

/// What is done with one young person.
fn at_work(one: &Planted) -> Vec<Step> {
    let (page, canary) = (format!("/work/people/{}", one.person), &one.canary);
    let thread = format!("{page}/messages");
    let fresh = key();
    let mut steps: Vec<Step> = [
        "",
        "/messages",
        "/messages/new",
        "/plan",
        "/plan/actions",
        "/code",
        "/reach",
        "/appointments",
        "/appointments/new",
        "/letter",
    ]
    .map(|under| Step::get(format!("{page}{under}")))
    .into();
    steps.push(Step::post(&thread, &[("key", &fresh), ("body", &format!("{} answered", canary.message))]));
    steps.push(Step::post(&thread, &[("key", &fresh), ("body", " ")]));
    steps.push(Step::post(format!("{page}/code"), &[("known", "video"), ("way", "read")]));
    steps.push(Step::post(format!("{page}/code"), &[("known", "nobody")]));
    steps.push(Step::post(format!("{page}/reach"), &[("do", "flag:on")]));
    steps.push(Step::post(format!("{page}/reach"), &[("do", "flag:off")]));
    steps.push(Step::post(format!("{page}/reach"), &[("do", "nothing of ours")]));
    for (path, reason) in [("/work/find", ""), ("/work/find/open", "short"), ("/work/find/open", canary.reason)] {
        let reason = if reason == canary.reason { format!("{reason} is on the phone") } else { reason.to_owned() };
        steps.push(Step { method: "POST", path: path.into(), fields: canary.look_up(&reason) });
    }
    let mut unknown = canary.look_up("They are on the phone");
    unknown[0].1 = "Nobody Atall".into();
    steps.push(Step { method: "POST", path: "/work/find".into(), fields: unknown.clone() });
    steps.push(Step { method: "POST", path: "/work/find/open".into(), fields: unknown });
    steps
}

/// What an answer shows, by the words that stand in it.
fn shown(step: &Step, answer: &Answer, young: &[Planted; 2]) -> Vec<Reading> {
    if step.path.starts_with("/work/find") {
        return looked_up(step, answer, young);
    }
    // A page that gives back what was typed, and nothing else.
    if !matches!(answer.status, 200 | 409 | 422) {
        let leaks = young.iter().any(|one| !one.canary.seen(answer.location()).is_empty());
        assert!(!leaks, "{step:?}: an address holds words of somebody");
        return Vec::new();
    }
    let text = said(answer);
    let mut shown = lists(&text, young);
    // On a list nobody is shown by themselves.
    if shown.is_empty() {
        for one in young {
            let whose = one.person.to_string();
            shown.extend(about(&text, &one.canary).map(|(action, object)| reading(action, object, &whose, 1)));
        }
    }
    shown
}

/// A search tells whether somebody is there.
fn looked_up(step: &Step, answer: &Answer, young: &[Planted; 2]) -> Vec<Reading> {
    let text = answer.text();
    let typed = |one: &&Planted| step.fields.iter().any(|(_, value)| value == one.canary.name);
    let whose = young.iter().find(typed).map(|one| one.person.to_string()).unwrap_or_default();
    let found = answer.location().starts_with("/work/people/") || text.contains("You do not work with this person");
    let nobody = text.contains("Nobody here has this name");
    // The page that asks for the reason again tells no more than what was told before.
    let again = answer.status == 422 && step.path.ends_with("/open");
    if nobody || found && !again { vec![reading("look up", "profile", &whose, 1)] } else { Vec::new() }
}

/// The lists of a page: of several people, or of those whom nobody knows.
fn lists(text: &str, young: &[Planted; 2]) -> Vec<Reading> {
    let mut shown = Vec::new();
    if text.contains("<h1>Today</h1>") {
        let rows = text.matches(" id=\"p-").count();
        let named =
            young.iter().filter(|one| text.contains(&format!("<strong>{}</strong>", one.canary.called))).count();
        assert_eq!(rows, named, "a row of the queue is one person");
        shown.push(reading("list", "caseload", "", rows));
        let reasons = text.matches("<q>").count();
        if reasons > 0 {
            shown.push(reading("list", "reason", "", reasons));
        }
    }
    let named = || young.iter().filter(|one| text.contains(&format!("<strong>{}</strong>", one.canary.called))).count();
    // Rows by themselves, for a page that is looked at.
    if !text.contains("<h1") && text.contains(" id=\"p-") {
        shown.push(reading("list", "caseload", "", named()));
    }
    if text.contains("<h1>People</h1>") {
        // A manager looks at their own, or at those of a team.
        let chosen = |rest: &str| rest.get(32..).is_some_and(|rest| rest.starts_with("\" aria-current=\"true\""));
        let team = text.split("/work/people?team=").skip(1).any(chosen);
        shown.push(reading("list", if team { "team" } else { "caseload" }, "", named()));
    }
    if text.contains("duty desk</h1>") {
        shown.push(reading("list", "caseload", "", named()));
    }
    if text.contains("<h1>How your teams are doing</h1>") {
        let counts = text.split("<dt>Young people</dt><dd>").skip(1);
        let count = |rest: &str| rest.split('<').next().and_then(|number| number.parse::<usize>().ok());
        shown.push(reading("list", "team", "", counts.filter_map(count).sum()));
    }
    if text.contains("People who cannot sign in</h1>") {
        shown.push(reading("list", "knock", "", text.matches(KNOCK).count()));
    }
    if text.contains(TOLD) {
        shown.push(reading("read", "feedback", "", text.matches(TOLD).count()));
    }
    shown
}

/// What of one person a page is about.
fn about(text: &str, canary: &Canary) -> Option<(&'static str, &'static str)> {
    let seen = canary.seen(text);
    let has = |kind| seen.contains(&kind);
    if text.contains("content-disposition: attachment") {
        return has(Kind::Name).then_some(("export", "record"));
    }
    let visit = text.contains("To see your other messages, ");
    Some(match () {
        () if visit && canary.username == SAMS.username => ("read", "visit"),
        () if has(Kind::Message) => ("read", "thread"),
        () if has(Kind::Plan) => ("read", "plan"),
        () if has(Kind::Contact) => ("read", "contacts"),
        () if text.contains(&format!("{}: appointments</", canary.called)) => ("read", "appointments"),
        () if text.contains(&format!("{}: letter</", canary.called)) => ("read", "letter"),
        () if has(Kind::Username) => ("read", "account"),
        () if has(Kind::Reason) => ("read", "record"),
        () if text.contains(&format!("Hello {}", canary.called)) => ("read", "thread"),
        () if has(Kind::Name) || has(Kind::Called) => ("read", "profile"),
        () => return None,
    })
}

/// The readings in the log with who read, from rows `action|object|person|many|actor`.
fn logged(rows: Vec<String>) -> Vec<(String, Reading)> {
    let read = |row: String| {
        let cells: Vec<_> = row.split('|').collect();
        let (action, object) = (cells[0], cells[1]);
        let whose = cells[2].to_lowercase();
        let many = cells[3].parse::<usize>().unwrap();
        let done = match action {
            // With a reason or without, somebody was looked for and found.
            "break glass" => "look up",
            "read" | "list" | "export" | "look up" => action,
            _ => return None,
        };
        Some((cells[4].to_lowercase(), reading(done, object, &whose, many)))
    };
    rows.into_iter().filter_map(read).collect()
}

const COLUMNS: &str = "action || '|' || object_kind || '|' || COALESCE(hex(person_id), '') || '|' || many || '|' || COALESCE(hex(actor_id), '')";

/// What changes round the walkers between two requests.
async fn world_moves(app: &TestApp, random: &mut Random, young: &[Planted; 2]) {
    let (raw, world) = (&app.data.raw, &app.world);
    let now = app.clock.now();
    let at = now.as_microsecond();
    let workers = [world.priya, world.owen, world.faye, world.cora, world.morag];
    let (staff, person) = (*random.pick(&workers), random.pick(young).person);
    let live = "(to_at IS NULL OR to_at > ";
    match random.below(5) {
        0 | 1 => {
            let whose = format!("staff_id = {} AND person_id = {} AND {live}{at})", raw.id(staff), raw.id(person));
            if raw.run(&format!("UPDATE assignment SET to_at = {at}, lead = FALSE WHERE {whose}")).await == 0 {
                let part = *random.pick(&[Part::Pa, Part::Cover, Part::SocialWorker, Part::Manager, Part::Duty]);
                write!(app.data, tx, vault, people::assign(tx, person, staff, part, false, now).await).unwrap();
            }
        }
        2 => turn_role(app, *random.pick(&workers), "adviser").await,
        3 => turn_role(app, world.dee, "duty").await,
        _ => {
            let dee = raw.id(world.dee);
            if raw.run(&format!("UPDATE team_member SET to_at = {at} WHERE staff_id = {dee} AND {live}{at})")).await
                == 0
            {
                raw.run(&format!("UPDATE team_member SET to_at = NULL WHERE staff_id = {dee}")).await;
            }
        }
    }
}

/// Takes a role away, or gives it back.
async fn turn_role(app: &TestApp, staff: StaffId, role: &str) {
    let (id, at) = (app.data.raw.id(staff), app.clock.now().as_microsecond());
    let held = format!("staff_id = {id} AND role = '{role}' AND to_at IS NULL");
    if app.data.raw.run(&format!("UPDATE staff_role SET to_at = {at} WHERE {held}")).await == 0 {
        let give = format!("INSERT INTO staff_role (staff_id, role, from_at) VALUES ({id}, '{role}', {at})");
        app.data.raw.run(&give).await;
    }
}

/// The ids of the actors; of nobody, none.
async fn ids(app: &TestApp) -> Vec<String> {
    let mut ids = Vec::new();
    let mut db = app.data.db.read().await.unwrap();
    for (_, username) in ACTORS {
        ids.push(match username {
            Some(name) => {
                let account = signin::account(&mut db, &app.data.vault, name).await.unwrap().unwrap();
                account.owner.id().to_string()
            }
            None => String::new(),
        });
    }
    ids
}

#[test]
fn what_is_shown_is_logged_and_what_is_logged_was_shown() {
    block_on(async {
        let (rounds, seed) = (rounds(2_000), seed(7));
        println!("seed {seed}");
        let random = &mut Random::new(seed);
        let app = TestApp::start(Engine::Sqlite).await;
        let young = plant(&app).await;
        for n in 0..2 {
            let knock = [("contact", format!("{KNOCK} {n}")), ("body", "My phone is gone".into())];
            let knock = knock.each_ref().map(|(name, value)| (*name, value.as_str()));
            app.visitor().post_form("/cannot-sign-in", &knock).await.is(303);
            let told = format!("{TOLD}: the number is old, {n}");
            app.visitor().post_form("/feedback", &[("about", "page.money"), ("body", &told)]).await.is(303);
        }
        app.wait(SECOND);
        let began = app.clock.now().as_microsecond();
        let mut browsers = Vec::new();
        for actor in ACTORS {
            browsers.push(browser(&app, actor).await);
        }
        let who = ids(&app).await;
        let mut totals: BTreeMap<(String, Reading), i64> = BTreeMap::new();
        for number in 0..rounds {
            // Each request has a moment of its own, by which its rows are found.
            let most = if random.one_in(20) { 1_200 } else { 3 };
            app.wait(1_000 + i64::try_from(random.below(most)).unwrap() * SECOND);
            if random.one_in(25) {
                world_moves(&app, random, &young).await;
            }
            let mut n = random.below(ACTORS.len() as u64) as usize;
            while NOTHING.contains(&ACTORS[n].0) && !random.one_in(6) {
                n = random.below(ACTORS.len() as u64) as usize;
            }
            if random.one_in(60) {
                browsers[n].post_form("/sign-out", &[]).await.is(303);
                app.wait(1_000);
            }
            let mut choice = steps(&young, ACTORS[n].1);
            if !random.one_in(5) {
                // What may be theirs, most of the time.
                let is_young = young.iter().any(|one| Some(one.canary.username) == ACTORS[n].1);
                choice.retain(|step| step.path.starts_with("/me") == is_young);
            }
            let step = random.pick(&choice).clone();
            let answer = step.send(&mut browsers[n]).await;
            let seen = shown(&step, &answer, &young).into_iter();
            let mut seen: Vec<_> = seen.map(|one| (who[n].clone(), one)).collect();
            let at = app.clock.now().as_microsecond();
            let mut rows = logged(app.data.raw.texts(&format!("SELECT {COLUMNS} FROM audit WHERE at = {at}")).await);
            seen.sort();
            rows.sort();
            assert_eq!(
                rows,
                seen,
                "step {number} of seed {seed}, {}: {step:?} gave {}\n{}",
                ACTORS[n].0,
                answer.status,
                plain(&answer.text())
            );
            for one in seen {
                *totals.entry(one).or_default() += 1;
            }
            // Whoever is signed out comes in again, most of the time: another request of another moment.
            let out = answer.status == 401 || answer.location().starts_with("/sign-in");
            if out && ACTORS[n].1.is_some() && !random.one_in(4) {
                app.wait(MINUTE);
                browsers[n] = browser(&app, ACTORS[n]).await;
            }
        }
        // The whole log once more: nothing stands there from between the steps.
        let all = logged(app.data.raw.texts(&format!("SELECT {COLUMNS} FROM audit WHERE at >= {began}")).await);
        let mut log: BTreeMap<(String, Reading), i64> = BTreeMap::new();
        for one in all {
            *log.entry(one).or_default() += 1;
        }
        assert_eq!(log, totals);
        let mut kinds: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        for ((_, (action, object, ..)), times) in &totals {
            *kinds.entry((action, object)).or_default() += times;
        }
        println!("{rounds} steps, {} readings, each shown and logged: {kinds:?}", totals.values().sum::<i64>());
        for kind in [
            ("read", "thread"),
            ("read", "visit"),
            ("read", "plan"),
            ("read", "profile"),
            ("read", "contacts"),
            ("read", "account"),
            ("read", "record"),
            ("read", "feedback"),
            ("export", "record"),
            ("list", "caseload"),
            ("list", "reason"),
            ("list", "knock"),
            ("look up", "profile"),
        ] {
            assert!(kinds.contains_key(&kind), "the walk never came to {kind:?}");
        }
    });
}

#[test]
fn the_reader_of_pages_tells_what_they_are_about() {
    let page = |words: &[&str]| format!("content-type: text/html\n<h1>{}</h1>", words.join(" "));
    let told = |words: &[&str]| about(&page(words), &SAMS);
    assert_eq!(told(&[SAMS.called, SAMS.message]), Some(("read", "thread")));
    assert_eq!(told(&["Hello Samtest"]), Some(("read", "thread")));
    assert_eq!(told(&[SAMS.called, SAMS.plan]), Some(("read", "plan")));
    assert_eq!(told(&[SAMS.name]), Some(("read", "profile")));
    assert_eq!(told(&["sam-tester-01@young.invalid"]), Some(("read", "contacts")));
    assert_eq!(told(&[SAMS.username]), Some(("read", "account")));
    assert_eq!(told(&[AALIYAHS.name, AALIYAHS.message]), None);
    assert_eq!(lists(&page(&[TOLD, TOLD]), &young_of_nobody()), [reading("read", "feedback", "", 2)]);
}

fn young_of_nobody() -> [Planted; 2] {
    [SAMS, AALIYAHS].map(|canary| Planted { person: portal::vault::new_id().unwrap(), canary, contact: String::new() })
}
