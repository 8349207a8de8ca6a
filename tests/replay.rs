//! An id opens nothing by itself: every id that anybody was ever shown, tried by everybody else in the
//! address, the query, the form and the headers. Who may see what is read from the table of rules.

use std::collections::{BTreeMap, BTreeSet};

use portal::people::Door;
use portal::people::access::RULES;
use portal::signin::store as signin;

use crate::support::actors::{ACTORS, browser};
use crate::support::canary::{Canary, Kind, Planted, plant, said};
use crate::support::forms::key;
use crate::support::people::{CHRIS, SAM};
use crate::support::random::{Random, rounds, seed};
use crate::support::{Answer, Client, Engine, TestApp, block_on};

/// Whether the rules let `actor` see this of somebody; by who they are, not by what was seen.
fn may(actor: &str, whose: &Canary, kind: Kind) -> bool {
    let sams = whose.username == SAM;
    let own = match (actor, sams) {
        ("door 1", true) => Some(Door::Write),
        ("door 2", true) => Some(Door::Open),
        ("door 3", true) | ("another young person", false) => Some(Door::Sealed),
        _ => None,
    };
    let (working, manager) = (works_with(actor, sams), sams && actor == "manager");
    let deeds: &[(&str, &str)] = match kind {
        Kind::Name | Kind::Called => &[("read", "profile")],
        Kind::Message => &[("read", "thread")],
        Kind::Plan => &[("read", "plan")],
        Kind::Contact => &[("read", "contacts"), ("change", "account")],
        Kind::Username => &[("read", "account")],
        Kind::Reason => &[("read", "record")],
    };
    let by_rule = deeds.iter().any(|(action, object)| {
        let rule = RULES.iter().find(|rule| rule.action == *action && rule.object == *object).unwrap();
        own.zip(rule.own).is_some_and(|(door, first)| door >= first)
            || working && rule.working
            || manager && rule.manager
    });
    // Why a record was opened, their manager is told.
    by_rule || kind == Kind::Reason && manager
}

fn works_with(actor: &str, sam: bool) -> bool {
    if sam {
        ["personal adviser", "social worker", "cover", "duty"].contains(&actor)
    } else {
        actor == "unassigned adviser"
    }
}

/// A recorded address with something that is there in it, and with this id.
fn address(pattern: &str, id: &str) -> String {
    pattern
        .replace("{kind}/{id}", "line/samaritans")
        .replace("{kind}", "line")
        .replace("places/{slug}", "places/white-cross-lancaster")
        .replace("place/{slug}", "place/white-cross-lancaster")
        .replace("sessions/{slug}", "sessions/forum-north")
        .replace("{slug}", "money")
        .replace("{locality}", "north")
        .replace("{what}", "lines")
        .replace("{number}", "0")
        .replace("{name}", "print.css")
        .replace("{action}", id)
        .replace("{owed}", id)
        .replace("{id}", id)
}

/// Every id in a text: 32 hexadecimal digits and no more.
fn ids(text: &str) -> BTreeSet<String> {
    let runs = text.split(|c: char| !c.is_ascii_alphanumeric());
    runs.filter(|run| portal::id::unhex(run).is_some_and(|bytes| bytes.len() == 16)).map(str::to_owned).collect()
}

/// Links of a page that have an id in them.
fn links(text: &str) -> BTreeSet<String> {
    let found = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    found.filter(|link| link.starts_with('/') && !ids(link).is_empty()).map(str::to_owned).collect()
}

/// What was asked, and what leaked.
#[derive(Default)]
struct Tally {
    requests: u64,
    leaks: Vec<String>,
}

impl Tally {
    fn look(&mut self, actor: &str, young: &[Planted], what: &str, answer: &Answer) {
        self.requests += 1;
        assert!(answer.status < 500, "{what} by {actor}: {}", answer.status);
        let text = said(answer);
        for one in young {
            for kind in one.canary.seen(&text).into_iter().filter(|kind| !may(actor, &one.canary, *kind)) {
                self.leaks
                    .push(format!("{what} by {actor} ({}) shows {kind:?} of {}", answer.status, one.canary.called));
            }
        }
    }
}

/// Everything that an actor may open, and every id that stands there.
async fn crawl(app: &TestApp, n: usize, young: &[Planted], tally: &mut Tally) -> BTreeSet<String> {
    let actor = ACTORS[n].0;
    let mut client = browser(app, ACTORS[n]).await;
    let mut todo: BTreeSet<String> = BTreeSet::new();
    for known in app.addresses.iter().filter(|known| known.method == "GET" && known.path != "/exit") {
        for id in [app.world.sam.to_string(), app.world.aaliyah.to_string(), app.world.faye.to_string()] {
            todo.insert(address(known.path, &id));
        }
    }
    let (mut done, mut seen) = (BTreeSet::new(), BTreeSet::new());
    while let Some(path) = todo.pop_first() {
        let answer = client.get(&path).await;
        tally.look(actor, young, &path, &answer);
        seen.extend(ids(&said(&answer)));
        done.insert(path);
        todo.extend(links(&answer.text()).into_iter().filter(|link| !done.contains(link)));
    }
    seen
}

/// Where an id is put.
const PLACES: u64 = 5;

/// One request with an id in it: what it is called, its method, address, headers and form.
struct Try {
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
    fields: Vec<(&'static str, String)>,
}

impl Try {
    fn get(path: String) -> Self {
        Self { method: "GET", path, headers: Vec::new(), fields: Vec::new() }
    }

    fn post(path: String, fields: Vec<(&'static str, String)>) -> Self {
        Self { method: "POST", path, headers: Vec::new(), fields }
    }

    async fn send(&self, client: &mut Client) -> Answer {
        if self.method == "POST" {
            let fields: Vec<_> = self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            return client.post_form(&self.path, &fields).await;
        }
        let mut headers = vec![("sec-fetch-site", "same-origin")];
        headers.extend(self.headers.iter().map(|(name, value)| (*name, value.as_str())));
        client.send("GET", &self.path, &headers, "").await
    }
}

/// Every address that takes an id, with this one.
fn in_the_path(app: &TestApp, id: &str) -> Vec<Try> {
    let fields = |path: &str| -> Vec<(&'static str, String)> {
        match path {
            "/work/people/{id}/code" => vec![("known", "video".into()), ("way", "read".into())],
            "/work/people/{id}/code/approve" => vec![("code", id.to_owned())],
            "/work/people/{id}/reach" => vec![("do", "flag:off".into())],
            "/work/people/{id}/messages" => vec![("key", key()), ("body", "hello".into())],
            "/me/account/reach/{id}" => vec![("do", "off".into())],
            "/admin/staff/{id}" => vec![("do", "give:editor".into())],
            _ => vec![("key", key())],
        }
    };
    let with_id = app.addresses.iter().filter(|known| known.path.contains("{id}"));
    with_id
        .map(|known| match known.method {
            "GET" => Try::get(known.path.replace("{kind}", "line").replace("{id}", id)),
            _ => Try::post(known.path.replace("{kind}", "line").replace("{id}", id), fields(known.path)),
        })
        .collect()
}

/// Every form that carries an id, with this one.
fn in_the_form(app: &TestApp, id: &str) -> Vec<Try> {
    let mut tries = Vec::new();
    for word in ["session", "device"] {
        tries.push(Try::post("/me/account".into(), vec![("do", format!("{word}:{id}"))]));
    }
    tries.push(Try::post("/staff/account".into(), vec![("do", format!("session:{id}"))]));
    for (path, word) in [("/work/calls", "take"), ("/work/calls", "settle"), ("/edit/feedback", "seen")] {
        tries.push(Try::post(path.into(), vec![("key", key()), ("id", id.to_owned()), ("do", word.into())]));
    }
    for person in [app.world.sam, app.world.aaliyah] {
        let page = format!("/work/people/{person}");
        tries.push(Try::post(format!("{page}/reach"), vec![("do", format!("confirm:{id}"))]));
        tries.push(Try::post(format!("{page}/code/approve"), vec![("code", id.to_owned())]));
        tries.push(Try::post(format!("{page}/messages"), vec![("key", id.to_owned()), ("body", "hello".into())]));
    }
    tries.push(Try::post("/me/messages".into(), vec![("key", id.to_owned()), ("body", "hello".into())]));
    let hand_over = vec![("do", "hand-over".into()), ("to", id.to_owned())];
    tries.push(Try::post(format!("/admin/staff/{}", app.world.faye), hand_over));
    tries.push(Try::post("/edit/drop-ins/undo".into(), vec![("key", key()), ("exception", id.to_owned())]));
    tries
}

fn one_of(random: &mut Random, mut tries: Vec<Try>) -> Try {
    tries.swap_remove(random.below(tries.len() as u64) as usize)
}

/// A private page that takes no id, asked with one in the query or the headers.
fn beside(app: &TestApp, random: &mut Random, id: &str, in_headers: bool) -> Try {
    let plain = |path: &str| {
        ["/me", "/work", "/edit", "/admin", "/staff", "/sign-in"].iter().any(|start| path.starts_with(start))
    };
    let pages: Vec<_> = app.addresses.iter().filter(|known| known.method == "GET" && plain(known.path)).collect();
    let page = address(random.pick(&pages).path, &"0".repeat(32));
    if !in_headers {
        let names = ["id", "after", "person", "person_id", "session", "staff", "next", "show"];
        let query: Vec<_> = names.iter().map(|name| format!("{name}={id}")).collect();
        return Try::get(format!("{page}?{}", query.join("&")));
    }
    let names = ["x-person-id", "x-user", "x-forwarded-user", "x-session", "x-original-url", "x-rewrite-url", "x-last"];
    let value = |name: &str| if name.ends_with("url") { format!("/work/people/{id}") } else { id.to_owned() };
    let mut ask = Try::get(page);
    ask.headers = names.into_iter().map(|name| (name, value(name))).collect();
    ask.headers.push(("referer", format!("{}/work/people/{id}", app.origin)));
    ask
}

/// What may grow or change at any request: notices to somebody, the log, counts of wrong tries.
const NOBODYS: [&str; 4] = ["audit", "outbox", "sign_in_delay", "published_version"];

/// Rows that say who works with whom and in which role: an administrator's matter.
const RELATIONS: [&str; 3] = ["assignment", "staff_role", "team_member"];

/// Every row of the database as text, by table.
async fn rows(app: &TestApp) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    for table in app.data.raw.tables().await.into_iter().filter(|table| !NOBODYS.contains(&table.as_str())) {
        let columns =
            app.data.raw.texts(&format!("SELECT 'quote(' || name || ')' FROM pragma_table_info('{table}')")).await;
        let sql = format!("SELECT {} FROM {table} ORDER BY 1", columns.join(" || '|' || "));
        all.insert(table, app.data.raw.texts(&sql).await);
    }
    all
}

/// By owner: what their rows have in them.
async fn owners(app: &TestApp) -> BTreeMap<String, BTreeSet<String>> {
    let sql = "SELECT hex(id) || ' ' || hex(id) FROM person UNION SELECT hex(id) || ' ' || hex(id) FROM staff
         UNION SELECT hex(owner_id) || ' ' || hex(id) FROM account UNION SELECT hex(person_id) || ' ' || hex(id) FROM thread
         UNION SELECT hex(person_id) || ' ' || hex(id) FROM plan UNION SELECT hex(owner_id) || ' ' || hex(id) FROM contact_point
         UNION SELECT hex(t.person_id) || ' ' || hex(m.id) FROM message m JOIN thread t ON t.id = m.thread_id";
    let mut owners: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for pair in app.data.raw.texts(sql).await {
        let (owner, mark) = pair.split_once(' ').unwrap();
        owners.entry(owner.to_owned()).or_default().insert(mark.to_owned());
    }
    owners
}

/// Whose rows an actor may change: their own, of those they work with, and staff's as an administrator.
async fn writable(app: &TestApp, actor: &str, username: Option<&str>) -> BTreeSet<String> {
    let mut own = BTreeSet::new();
    if let Some(username) = username {
        let mut db = app.data.db.read().await.unwrap();
        let account = signin::account(&mut db, &app.data.vault, username).await.unwrap().unwrap();
        own.insert(account.owner.id().to_string().to_uppercase());
    }
    for (person, sam) in [(app.world.sam, true), (app.world.aaliyah, false)] {
        if works_with(actor, sam) || sam && actor == "manager" {
            own.insert(person.to_string().to_uppercase());
        }
    }
    if actor == "administrator" {
        own.extend(app.data.raw.texts("SELECT hex(id) FROM staff").await);
    }
    own
}

/// The rows that `actor` may not touch, one text of each.
async fn untouchable(app: &TestApp, actor: &str, username: Option<&str>) -> Vec<String> {
    let (owners, own) = (owners(app).await, writable(app, actor, username).await);
    let marks = |theirs: bool| -> Vec<&String> {
        owners.iter().filter(|(owner, _)| own.contains(*owner) == theirs).flat_map(|(_, marks)| marks).collect()
    };
    let (theirs, others) = (marks(true), marks(false));
    let has = |row: &str, marks: &[&String]| marks.iter().any(|mark| row.contains(mark.as_str()));
    let mut kept = Vec::new();
    // Whoever works with young people calls back any who cannot sign in: it is nobody's record.
    for (table, rows) in rows(app).await.into_iter().filter(|(table, _)| table != "knock") {
        let relation = RELATIONS.contains(&table.as_str()) && actor != "administrator";
        kept.extend(
            rows.into_iter()
                .filter(|row| relation || has(row, &others) && !has(row, &theirs))
                .map(|row| format!("{table} {row}")),
        );
    }
    kept
}

#[test]
fn an_id_of_somebody_else_s_opens_and_changes_nothing_wherever_it_is_put() {
    block_on(async {
        let (rounds, seed) = (rounds(2_500), seed(4));
        println!("seed {seed}");
        let app = TestApp::start(Engine::Sqlite).await;
        let young = plant(&app).await;
        let knock = [("contact", "Somebody, 07700 900333"), ("locality", "north"), ("body", "I lost my phone")];
        app.visitor().post_form("/cannot-sign-in", &knock).await.is(303);
        app.visitor().post_form("/feedback", &[("body", "The number is old")]).await.is(303);
        let (mut tally, mut shown) = (Tally::default(), Vec::new());
        for n in 0..ACTORS.len() {
            shown.push(crawl(&app, n, &young, &mut tally).await);
        }
        let (crawled, all) = (tally.requests, shown.iter().flatten().collect::<BTreeSet<_>>().len());
        let random = &mut Random::new(seed);
        // The administrator gives roles away, so comes last.
        let mut order: Vec<usize> = (0..ACTORS.len()).collect();
        order.sort_by_key(|n| ACTORS[*n].0 == "administrator");
        for n in order {
            let (actor, username) = ACTORS[n];
            let others: Vec<&String> =
                shown.iter().enumerate().filter(|(m, _)| *m != n).flat_map(|(_, ids)| ids).collect();
            let mut tries: Vec<Try> = young.iter().flat_map(|one| in_the_path(&app, &one.person.to_string())).collect();
            while (tries.len() as u64) < rounds / ACTORS.len() as u64 {
                let id = random.pick(&others).as_str();
                tries.push(match random.below(PLACES) {
                    0 | 1 => one_of(random, in_the_path(&app, id)),
                    2 => one_of(random, in_the_form(&app, id)),
                    place => beside(&app, random, id, place == 3),
                });
            }
            let mut client = browser(&app, ACTORS[n]).await;
            let before = untouchable(&app, actor, username).await;
            for one in tries {
                let what = format!("{} {} {:?}", one.method, one.path, one.fields);
                tally.look(actor, &young, &what, &one.send(&mut client).await);
            }
            let after = untouchable(&app, actor, username).await;
            assert!(before.len() > 30, "{actor}: rows of others were not found");
            assert!(before == after, "{actor} changed a row of somebody else's: {:?}", changed(&before, &after));
        }
        println!(
            "{all} ids, {crawled} pages opened, {} requests with an id, {} leaks",
            tally.requests - crawled,
            tally.leaks.len()
        );
        assert!(tally.leaks.is_empty(), "{}", tally.leaks.join("\n"));
        assert!(all > 40 && tally.requests - crawled > 2_000);
    });
}

/// What stands in one list and not in the other.
fn changed(before: &[String], after: &[String]) -> Vec<String> {
    let new = after.iter().filter(|row| !before.contains(row));
    before.iter().filter(|row| !after.contains(row)).chain(new).cloned().collect()
}

#[test]
fn the_search_for_leaks_and_changes_finds_them() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let young = plant(&app).await;
        let page = app.signed_in(SAM).await.get("/me/messages").await;
        let mut tally = Tally::default();
        tally.look("door 3", &young, "own", &page);
        assert!(tally.leaks.is_empty());
        tally.look("editor", &young, "another's", &page);
        assert!(tally.leaks.iter().any(|leak| leak.contains("Message of Samtest")), "{:?}", tally.leaks);
        // And a row that was changed.
        let before = untouchable(&app, "editor", Some(CHRIS)).await;
        let whose = app.data.raw.id(app.world.aaliyah);
        app.data.raw.run(&format!("UPDATE contact_point SET notify = FALSE WHERE owner_id = {whose}")).await;
        let after = untouchable(&app, "editor", Some(CHRIS)).await;
        assert!(changed(&before, &after).iter().any(|row| row.starts_with("contact_point ")));
    });
}
