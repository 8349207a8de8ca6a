//! Who gets what: every recorded address, asked by every kind of person, for what is theirs, for
//! what is somebody else's, and for what is not there.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use portal::web::routes::{Address, Audience, Cache};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::actors::{ACTORS, browsers};
use crate::support::client::{form, hidden};
use crate::support::people::{SAM, SESSION};
use crate::support::{Answer, Client, Engine, TestApp, block_on};

/// One line of the matrix: what each actor gets at an address, with this object in it: a young person's
/// record, theirs or not, or nobody's; a page that is there, or is not.
struct Row {
    method: String,
    path: String,
    object: String,
    expected: Vec<u16>,
}

const MATRIX: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/access-matrix.csv");

fn matrix() -> Vec<Row> {
    let text = std::fs::read_to_string(MATRIX).unwrap();
    let mut lines = text.lines();
    let head = format!("method,address,object,{}", ACTORS.map(|(actor, _)| actor).join(","));
    assert_eq!(lines.next(), Some(head.as_str()));
    lines
        .map(|line| {
            let cells: Vec<_> = line.split(',').collect();
            assert_eq!(cells.len(), 3 + ACTORS.len(), "{line}");
            // A cell that is still empty fails below, whatever comes.
            let expected = cells[3..].iter().map(|cell| cell.parse().unwrap_or(0)).collect();
            Row { method: cells[0].into(), path: cells[1].into(), object: cells[2].into(), expected }
        })
        .collect()
}

/// By method, pattern and actor: what was refused.
type Refusals = BTreeMap<(String, String, usize), Vec<(String, Answer)>>;

/// The id of something that the row's person has, as addresses write it.
async fn own(app: &TestApp, table: &str, id: &str) -> Option<String> {
    let rows = app.data.raw.texts(&format!("SELECT hex(id) || hex(person_id) FROM {table} ORDER BY position")).await;
    let mut rows = rows.into_iter().map(|row| row.to_lowercase());
    rows.find_map(|row| Some(row.strip_suffix(id)?.to_owned()))
}

/// The address of a row, with its object in it.
async fn address(app: &TestApp, pattern: &str, object: &str) -> String {
    let missing = "00112233445566778899aabbccddeeff".to_owned();
    let id = match object {
        "sam" => app.world.sam.to_string(),
        "priya" => app.world.priya.to_string(),
        "aaliyah" => app.world.aaliyah.to_string(),
        _ => missing.clone(),
    };
    let name =
        if object == "print.css" { portal::web::assets::ASSETS.print.rsplit('/').next().unwrap() } else { object };
    let action = if pattern.contains("{action}") { own(app, "plan_action", &id).await } else { None };
    let pattern = pattern.replace("{action}", action.as_ref().unwrap_or(&missing)).replace("{owed}", &missing);
    let pattern = pattern
        .replace("{heading}", "home")
        .replace("{field}", "now")
        .replace("/plan/versions/{number}", "/plan/versions/1");
    let pattern = pattern.replace("{id}/plan/goals/{slug}", "{id}/plan/goals/doctor");
    let pattern = pattern.replace("{kind}/{id}", object).replace("{kind}", object);
    let mut path =
        pattern.replace("{id}", &id).replace("{slug}", object).replace("{locality}", object).replace("{what}", object);
    path = path.replace("{name}", name).replace("{number}", "0");
    if object == "session" {
        path = format!("{path}?session={SESSION}");
    }
    path
}

/// A form that would be taken from whoever may send it, with a fresh key.
fn fields(pattern: &str) -> Vec<(&'static str, String)> {
    let key = portal::id::hex(&portal::vault::random::<16>().unwrap());
    let mut fields = vec![("key", key)];
    let more: &[(&'static str, &str)] = match pattern {
        "/sign-in" => &[("passphrase", "not the right words")],
        "/join" => {
            &[("code", "ABCD-2345"), ("username", "some-name-98"), ("passphrase", "copper lantern orchard violin")]
        }
        "/me/account" => &[("do", "device:00112233445566778899aabbccddeeff")],
        "/me/account/username" => &[],
        "/sign-in/draft" => &[("place", "/me/messages"), ("body", "hello")],
        "/me/account/passphrase" => &[],
        "/work/find" => &[("name", "Nobody Here"), ("born-day", "1"), ("born-month", "2"), ("born-year", "2008")],
        "/work/people/{id}/code" => &[("known", "video"), ("way", "read")],
        "/work/people/{id}/code/approve" => &[("code", "00112233445566778899aabbccddeeff")],
        "/me/messages" | "/work/people/{id}/messages" => &[("body", "hello")],
        "/work/people/{id}/done" => &[("why", "birthday"), ("day", "2026-11-24")],
        "/edit/page/{slug}" => &[("do", "preview"), ("from", "0"), ("body", "")],
        "/edit/page/{slug}/restore" => &[("from", "0"), ("edition", "0")],
        "/edit/drop-ins/change" => &[
            ("seen", "then"),
            ("what", "closed"),
            ("from", "2026-11-30"),
            ("to", "2026-11-30"),
            ("reason", "Staff training"),
            ("do", "preview"),
        ],
        "/edit/drop-ins/undo" => &[("exception", "nothing-here")],
        "/edit/feedback" => &[("id", "00112233445566778899aabbccddeeff"), ("do", "seen")],
        "/edit/places/new"
        | "/edit/places/{slug}"
        | "/edit/sessions/new"
        | "/edit/sessions/{slug}"
        | "/edit/items/{kind}/new"
        | "/edit/items/{kind}/{id}" => &[("from", "0")],
        _ => &[],
    };
    fields.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
    if pattern == "/sign-in" {
        // Another name each time: wrong tries make the next one for a name wait.
        fields.push(("username", format!("nobody-{}", &fields[0].1[..8])));
    }
    if pattern == "/edit/page/{slug}" {
        let body = crate::support::shipped().body(portal::content::Kind::Page, "money").unwrap().to_owned();
        fields.retain(|(name, _)| *name != "body");
        fields.push(("body", body));
    }
    fields
}

async fn ask(app: &TestApp, client: &mut Client, method: &str, pattern: &str, object: &str) -> Answer {
    let path = address(app, pattern, object).await;
    if method == "GET" {
        return client.get(&path).await;
    }
    let fields = fields(pattern);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    client.post_form(&path, &fields).await
}

/// A page without what is new each time it is drawn.
fn still(answer: &Answer) -> String {
    let html = answer.text();
    match hidden(&html, "key") {
        Some(key) => html.replace(&key, ""),
        None => html,
    }
}

/// The one policy of every page of this build.
fn policy() -> String {
    let hash = |file: &str| {
        let style = std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("style").join(file)).unwrap();
        format!("'sha256-{}'", BASE64_STANDARD.encode(portal::vault::sha256(&style)))
    };
    let hashes = format!("{} {}", hash("main.css"), hash("leaflet.css"));
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' {hashes}; img-src 'self'; \
         connect-src 'self'; manifest-src 'self'; form-action 'self' https://www.bbc.co.uk; base-uri 'none'; \
         frame-ancestors 'none'; object-src 'none'"
    )
}

#[track_caller]
fn has_the_headers(answer: &Answer, what: &str) {
    for (name, value) in [
        ("content-security-policy", policy().as_str()),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ] {
        assert_eq!(answer.headers.get_all(name).iter().count(), 1, "{what}: {name}");
        assert_eq!(answer.header(name), value, "{what}: {name}");
    }
    assert!(!answer.header("cache-control").is_empty(), "{what}: cache-control");
    assert_eq!(answer.header("server"), "", "{what}");
}

#[test]
fn every_address_answers_every_kind_of_person_as_the_matrix_says() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let recorded: Vec<Address> = app.addresses.clone();
        let rows = matrix();
        for address in &recorded {
            let known =
                rows.iter().any(|row| (row.method.as_str(), row.path.as_str()) == (address.method, address.path));
            assert!(known, "{} {} is not in the access matrix", address.method, address.path);
        }
        let mut browsers = browsers(&app).await;
        let mut wrong = Vec::new();
        let mut got = format!("method,address,object,{}\n", ACTORS.map(|(actor, _)| actor).join(","));
        // What each actor was told of things that are not theirs and not there, by method and pattern.
        let mut refusals: Refusals = BTreeMap::new();
        for Row { method, path, object, expected } in &rows {
            let recorded = recorded.iter().find(|one| one.method == method && one.path == path);
            let Some(recorded) = recorded else { panic!("{method} {path} is in the matrix and not in the portal") };
            got.push_str(&format!("{method},{path},{object}"));
            for (n, status) in expected.iter().enumerate() {
                // A session that its own request ends must not be the one of the next row.
                let mut own = browsers[n].clone();
                let keeps = !matches!(path.as_str(), "/sign-out" | "/exit");
                let client = if keeps { &mut browsers[n] } else { &mut own };
                let answer = ask(&app, client, method, path, object).await;
                let what = format!("{method} {path} [{object}] by {}", ACTORS[n].0);
                if answer.status != *status {
                    wrong.push(format!("{what}: {} and not {status}", answer.status));
                }
                got.push_str(&format!(",{}", answer.status));
                fits_the_rules(recorded, n, &answer, &what);
                has_the_headers(&answer, &what);
                if recorded.cache == Cache::Never {
                    assert_eq!(answer.header("cache-control"), "no-store", "{what}");
                }
                if recorded.audience == Audience::Public {
                    assert_eq!(answer.header("set-cookie"), "", "{what}");
                }
                if answer.status == 404 {
                    refusals.entry((method.clone(), path.clone(), n)).or_default().push((object.clone(), answer));
                }
            }
            got.push('\n');
        }
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(MATRIX, got).unwrap();
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let mut compared = 0;
        for ((method, path, actor), answers) in &refusals {
            for (object, answer) in answers {
                // The same as an address that there never was, for one who may see nothing here.
                let mut client = browsers[*actor].clone();
                let nothing = client.get("/nothing-here-at-all").await;
                let sentence = path.starts_with("/edit/drop-ins") || path.contains("history");
                if !sentence || ACTORS[*actor].0 != "editor" {
                    if *method == "GET" {
                        assert_eq!(
                            still(answer),
                            still(&nothing),
                            "{method} {path} [{object}] tells more than that nothing is there"
                        );
                    }
                    assert_eq!(names(answer), names(&nothing), "{method} {path} [{object}]");
                    compared += 1;
                }
            }
            for pair in answers.windows(2) {
                assert_eq!(
                    still(&pair[0].1),
                    still(&pair[1].1),
                    "{method} {path}: {} and {} can be told apart",
                    pair[0].0,
                    pair[1].0
                );
            }
        }
        assert!(compared > 200, "only {compared} refusals were compared");
    });
}

/// What holds of every cell whatever the file says: it cannot be written over by a careless update.
fn fits_the_rules(address: &Address, actor: usize, answer: &Answer, what: &str) {
    let (actor, reads) = (ACTORS[actor].0, answer.status == 200 || answer.status == 204);
    let asks = |way: &str| match address.method {
        "GET" => answer.status == 303 && answer.location().starts_with(way),
        _ => answer.status == 401,
    };
    match address.audience {
        Audience::Public | Audience::Operations | Audience::Account => return,
        _ if actor == "nobody" => return assert!(asks("/sign-in?next=/"), "{what}: {}", answer.status),
        Audience::Person | Audience::PersonOpen | Audience::PersonSealed => {
            let door = match address.audience {
                Audience::Person => 1,
                Audience::PersonOpen => 2,
                _ => 3,
            };
            match actor {
                "door 1" if door > 1 => assert!(asks("/sign-in/second"), "{what}: {}", answer.status),
                "door 2" if door > 2 => assert!(asks("/sign-in/again"), "{what}: {}", answer.status),
                "door 1" | "door 2" | "door 3" | "another young person" => {}
                _ => assert_eq!(answer.status, 404, "{what}"),
            }
        }
        Audience::Editor => {
            if actor != "editor" {
                assert_eq!(answer.status, 404, "{what}");
            }
        }
        Audience::Admin => {
            if actor != "administrator" {
                assert_eq!(answer.status, 404, "{what}");
            }
        }
        Audience::Staff | Audience::Adviser => {
            let young = ["door 1", "door 2", "door 3", "another young person", "suspended"].contains(&actor);
            if young {
                assert_eq!(answer.status, 404, "{what}");
            }
        }
    }
    if matches!(actor, "editor" | "service manager" | "administrator") && address.path.starts_with("/work") {
        assert!(!reads, "{what}: reaches personal data");
    }
}

fn names(answer: &Answer) -> Vec<(String, String)> {
    let mut names: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "date" && *name != "content-length")
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    names.sort();
    names
}

#[test]
fn public_pages_carry_no_cookie_no_script_and_a_tag_that_gives_304() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut visitor = app.visitor();
        let sitemap = visitor.get("/sitemap.xml").await.text();
        let paths: Vec<String> = sitemap
            .split("<loc>")
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap().replace(&app.origin, ""))
            .collect();
        assert!(paths.len() > 20, "{paths:?}");
        for path in paths.iter().map(String::as_str).chain(["/sitemap.xml"]) {
            for encoding in ["identity", "gzip", "br"] {
                let asked = [("accept-encoding", encoding)];
                let page = visitor.send("GET", path, &asked, "").await;
                page.is(200);
                assert_eq!(page.header("set-cookie"), "", "{path}");
                assert_eq!(
                    page.header("content-encoding"),
                    if encoding == "identity" { "" } else { encoding },
                    "{path}"
                );
                if encoding == "identity" {
                    assert!(!page.text().contains("<script"), "{path} carries script");
                    assert!(!page.text().contains(" style="), "{path}: a style attribute is refused by the policy");
                    let says = page.text().matches("<meta name=\"description\" content=\"").count();
                    assert_eq!(says, usize::from(path != "/sitemap.xml"), "{path}: what a search engine shows of it");
                }
                let etag = page.header("etag").to_owned();
                assert!(etag.starts_with('"') && etag.len() > 10, "{path}: {etag}");
                assert_eq!(page.header("cache-control"), "no-cache", "{path}");
                let again =
                    visitor.send("GET", path, &[("accept-encoding", encoding), ("if-none-match", &etag)], "").await;
                again.is(304);
                let mut names: Vec<_> = again.headers.keys().map(|name| name.as_str().to_owned()).collect();
                names.sort();
                names.retain(|name| name != "content-length");
                assert_eq!(names, ["cache-control", "date", "etag", "vary"], "{path}");
                assert!(again.body.is_empty());
                let other = visitor
                    .send("GET", path, &[("accept-encoding", encoding), ("if-none-match", "\"other\"")], "")
                    .await;
                other.is(200);
                let head = visitor.send("HEAD", path, &asked, "").await;
                assert_eq!((head.status, head.header("etag"), head.body.len()), (200, etag.as_str(), 0), "{path}");
            }
        }
        // Somebody who is signed in gets the very same bytes.
        let mut sam = app.signed_in(SAM).await;
        for path in ["/", "/offer/money", "/drop-ins"] {
            assert_eq!(sam.get(path).await.body, visitor.get(path).await.body, "{path}");
        }
    });
}

#[test]
fn pages_about_abuse_exploitation_and_homelessness_can_be_left_fast() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        for path in
            ["/offer/relationships", "/offer/homelessness", "/offer/accommodation", "/offer/homes-by-district", "/help"]
        {
            let page = app.visitor().get(path).await.is(200).text();
            assert!(page.contains(" class=\"exit\"") && page.contains(" action=\"/exit\""), "{path}");
        }
    });
}

#[test]
fn every_refusal_carries_the_headers_too() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut visitor = app.visitor();
        let origin = app.origin.clone();
        let own = [("origin", origin.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let long = format!("/{}", "a".repeat(600));
        for (status, method, path, headers, body) in [
            (404, "GET", "/nothing-here", &own[..], String::new()),
            (404, "GET", "/offer/../../etc/passwd", &own, String::new()),
            (405, "PUT", "/", &own, String::new()),
            (405, "DELETE", "/me/messages", &own, String::new()),
            (405, "OPTIONS", "/sign-in", &own, String::new()),
            (405, "TRACE", "/", &own, String::new()),
            (405, "POST", "/help", &own, String::new()),
            (403, "POST", "/sign-in", &own[1..], form(&[("username", "x")])),
            (413, "POST", "/sign-in", &own, format!("username={}", "a".repeat(3_000_000))),
            (414, "GET", &long, &own, String::new()),
            (400, "GET", "/drop-ins.json?from=never", &own, String::new()),
        ] {
            let answer = visitor.send(method, path, headers, body).await;
            let shown: String = path.chars().take(40).collect();
            assert_eq!(answer.status, status, "{method} {shown}");
            has_the_headers(&answer, &format!("{method} {shown}"));
            assert_eq!(answer.header("cache-control"), "no-store", "{method} {shown}");
            let html = answer.text();
            assert!(html.contains("<h1>") && html.contains("tel:"), "{method} {shown}: no sentence or no help line");
        }
    });
}

/// A browser that is still sending when the line is cut shows that, and not our sentence.
#[test]
fn a_form_that_is_far_too_large_or_not_wanted_is_answered_with_a_sentence_and_not_with_a_cut_line() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let host = app.origin.trim_start_matches("http://").to_owned();
        let (form, files) = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=part");
        for (status, path, kind) in
            [(413, "/sign-in", form), (413, "/help", form), (401, "/me/messages", files), (404, "/nothing-here", files)]
        {
            for pause in [0, 3] {
                let (mut reads, mut writes) = tokio::net::TcpStream::connect(&host).await.unwrap().into_split();
                let sent = tokio::spawn({
                    let head = format!(
                        "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: {kind}\r\nContent-Length: 4000000\r\n\r\n",
                        app.origin
                    );
                    async move {
                        writes.write_all(head.as_bytes()).await?;
                        for _ in 0..40 {
                            writes.write_all(&[b'a'; 100_000]).await?;
                            tokio::time::sleep(Duration::from_millis(pause)).await;
                        }
                        Ok::<_, std::io::Error>(writes)
                    }
                });
                let mut answer = Vec::new();
                let read = tokio::time::timeout(Duration::from_secs(60), reads.read_to_end(&mut answer)).await;
                read.expect("no end in a minute").unwrap_or_else(|error| panic!("{path}, {pause} ms: {error}"));
                sent.await.unwrap().unwrap_or_else(|error| panic!("{path}, {pause} ms, sending: {error}"));
                let answer = String::from_utf8_lossy(&answer);
                assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path}, {pause} ms: {answer:.60}");
                assert!(answer.contains("<h1>"), "{path}, {pause} ms: no sentence");
                let head = answer.split("\r\n\r\n").next().unwrap().to_lowercase();
                assert!(head.contains("connection: close"), "{path}: nobody may send another request on this line");
            }
        }
    });
}
