//! Who gets what: every recorded address, asked by every kind of person, for what is theirs, for
//! what is somebody else's, and for what is not there.

use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use portal::web::routes::{Address, Audience, Cache};

use crate::support::client::{form, hidden};
use crate::support::people::{AALIYAH, ADA, CHRIS, FAYE, MORAG, OWEN, PRIYA, SAM, SESSION, SID};
use crate::support::{Answer, Client, Engine, TestApp, block_on};

/// Who asks, in the order of the columns below.
const ACTORS: [Option<&str>; 10] = [
    None,
    Some(SAM),
    Some(AALIYAH),
    Some(PRIYA),
    Some(OWEN),
    Some(MORAG),
    Some(FAYE),
    Some(CHRIS),
    Some(ADA),
    Some(SID),
];

/// What stands in the place of an id: Sam's record, Aaliyah's, nobody's; a page that is there, or is not.
type Object = &'static str;

/// Method, pattern, object, and what each actor gets:
/// nobody, Sam, Aaliyah, Sam's adviser, Aaliyah's adviser, Sam's manager, Sam's former adviser, an
/// editor, an admin, a suspended adviser of Sam's.
const TABLE: &[(&str, &str, Object, [u16; 10])] = &[
    // Anyone
    ("GET", "/", "", [200; 10]),
    ("GET", "/help", "", [200; 10]),
    ("GET", "/offer", "", [200; 10]),
    ("GET", "/offer/{slug}", "money", [200; 10]),
    ("GET", "/offer/{slug}", "missing", [404; 10]),
    ("GET", "/entitlements", "", [200; 10]),
    ("GET", "/entitlements.json", "", [200; 10]),
    ("GET", "/entitlements/check", "", [200; 10]),
    ("POST", "/entitlements/check", "", [400; 10]),
    ("GET", "/search", "", [200; 10]),
    ("GET", "/keep", "", [200; 10]),
    ("GET", "/drop-ins", "", [200; 10]),
    ("GET", "/drop-ins.json", "", [200; 10]),
    ("GET", "/drop-ins/{locality}", "north", [200; 10]),
    ("GET", "/drop-ins/{locality}", "missing", [404; 10]),
    ("GET", "/drop-ins/{locality}", "north.ics", [200; 10]),
    ("GET", "/drop-ins/{locality}", "missing.ics", [404; 10]),
    ("GET", "/drop-ins/place/{slug}", "white-cross-lancaster", [200; 10]),
    ("GET", "/drop-ins/place/{slug}", "missing", [404; 10]),
    ("GET", "/drop-ins/place/{slug}", "white-cross-lancaster.ics", [200; 10]),
    ("GET", "/drop-ins/place/{slug}", "missing.ics", [404; 10]),
    ("GET", "/open-referral/services", "", [200; 10]),
    ("GET", "/open-referral/services/{id}", "missing", [404; 10]),
    ("GET", "/leaflet", "", [200; 10]),
    ("GET", "/leaflet/{locality}", "north", [200; 10]),
    ("GET", "/leaflet/{locality}", "missing", [404; 10]),
    ("GET", "/glossary", "", [200; 10]),
    ("GET", "/feedback", "", [200; 10]),
    ("GET", "/feedback/thanks", "", [200; 10]),
    ("POST", "/feedback", "", [422; 10]),
    ("GET", "/accessibility", "", [200; 10]),
    ("GET", "/privacy", "", [200; 10]),
    ("GET", "/cookies", "", [200; 10]),
    ("GET", "/sitemap.xml", "", [200; 10]),
    ("GET", "/assets/{name}", "print.css", [200; 10]),
    ("GET", "/assets/{name}", "missing", [404; 10]),
    ("GET", "/favicon.svg", "", [200; 10]),
    ("GET", "/manifest.webmanifest", "", [200; 10]),
    ("GET", "/robots.txt", "", [200; 10]),
    ("GET", "/icon-192.png", "", [200; 10]),
    ("GET", "/icon-512.png", "", [200; 10]),
    ("GET", "/health/live", "", [200; 10]),
    ("GET", "/health/ready", "", [200; 10]),
    // On the way in or out
    ("GET", "/sign-in", "", [200, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("POST", "/sign-in", "", [422; 10]),
    ("GET", "/join", "", [200; 10]),
    ("POST", "/join", "", [422; 10]),
    ("GET", "/sign-out", "", [200; 10]),
    // A young person's own
    ("GET", "/me", "", [303, 200, 200, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/me/messages", "", [303, 200, 200, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/me/messages/new", "", [303, 204, 204, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/me/plan", "", [303, 200, 200, 404, 404, 404, 404, 404, 404, 404]),
    // Those who work with young people
    ("GET", "/work", "", [303, 404, 404, 200, 200, 200, 200, 404, 404, 404]),
    ("GET", "/work/people/{id}", "sam", [303, 404, 404, 200, 404, 200, 404, 404, 404, 404]),
    ("GET", "/work/people/{id}", "aaliyah", [303, 404, 404, 404, 200, 404, 404, 404, 404, 404]),
    ("GET", "/work/people/{id}", "missing", [303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/work/people/{id}/messages", "sam", [303, 404, 404, 200, 404, 404, 404, 404, 404, 404]),
    ("GET", "/work/people/{id}/messages", "aaliyah", [303, 404, 404, 404, 200, 404, 404, 404, 404, 404]),
    ("GET", "/work/people/{id}/messages", "missing", [303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/work/people/{id}/messages/new", "sam", [303, 404, 404, 204, 404, 404, 404, 404, 404, 404]),
    ("GET", "/work/people/{id}/messages/new", "aaliyah", [303, 404, 404, 404, 204, 404, 404, 404, 404, 404]),
    ("GET", "/work/people/{id}/messages/new", "missing", [303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/work/people/{id}/plan", "sam", [303, 404, 404, 200, 404, 404, 404, 404, 404, 404]),
    ("GET", "/work/people/{id}/plan", "aaliyah", [303, 404, 404, 404, 200, 404, 404, 404, 404, 404]),
    ("GET", "/work/people/{id}/plan", "missing", [303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    // Those who keep the content
    ("GET", "/edit", "", [303, 404, 404, 404, 404, 404, 404, 200, 404, 404]),
    ("GET", "/edit/page/{slug}", "money", [303, 404, 404, 404, 404, 404, 404, 200, 404, 404]),
    ("GET", "/edit/page/{slug}", "missing", [303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/edit/page/{slug}/history/{number}", "money", [303, 404, 404, 404, 404, 404, 404, 200, 404, 404]),
    ("GET", "/edit/page/{slug}/history/{number}", "missing", [303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/edit/drop-ins", "", [303, 404, 404, 404, 404, 404, 404, 200, 404, 404]),
    ("GET", "/edit/drop-ins/change", "session", [303, 404, 404, 404, 404, 404, 404, 200, 404, 404]),
    ("GET", "/edit/drop-ins/change", "", [303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/edit/places", "", [303, 404, 404, 404, 404, 404, 404, 200, 404, 404]),
    ("GET", "/edit/places/new", "", [303, 404, 404, 404, 404, 404, 404, 200, 404, 404]),
    ("GET", "/edit/places/{slug}", "white-cross-lancaster", [303, 404, 404, 404, 404, 404, 404, 200, 404, 404]),
    ("GET", "/edit/places/{slug}", "missing", [303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/edit/sessions/new", "", [303, 404, 404, 404, 404, 404, 404, 200, 404, 404]),
    ("GET", "/edit/sessions/{slug}", "forum-north", [303, 404, 404, 404, 404, 404, 404, 200, 404, 404]),
    ("GET", "/edit/sessions/{slug}", "missing", [303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/edit/items/{kind}", "line", [303, 404, 404, 404, 404, 404, 404, 200, 404, 404]),
    ("GET", "/edit/items/{kind}", "place", [303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/edit/items/{kind}/new", "term", [303, 404, 404, 404, 404, 404, 404, 200, 404, 404]),
    ("GET", "/edit/items/{kind}/new", "page", [303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/edit/items/{kind}/{id}", "line/samaritans", [303, 404, 404, 404, 404, 404, 404, 200, 404, 404]),
    ("GET", "/edit/items/{kind}/{id}", "line/missing", [303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/edit/items/{kind}/{id}", "exception/missing", [303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/edit/feedback", "", [303, 404, 404, 404, 404, 404, 404, 200, 404, 404]),
    ("GET", "/edit/history", "", [303, 404, 404, 404, 404, 404, 404, 200, 404, 404]),
    ("GET", "/edit/confirm/{what}", "lines", [303, 404, 404, 404, 404, 404, 404, 200, 404, 404]),
    ("GET", "/edit/confirm/{what}", "missing", [303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/edit/drop-ins/confirm", "session", [303, 404, 404, 404, 404, 404, 404, 200, 404, 404]),
    ("GET", "/edit/drop-ins/confirm", "", [303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    // What changes something, after everything that only reads
    ("POST", "/me/messages", "", [401, 303, 303, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/work/people/{id}/messages", "sam", [401, 404, 404, 303, 404, 404, 404, 404, 404, 404]),
    ("POST", "/work/people/{id}/messages", "aaliyah", [401, 404, 404, 404, 303, 404, 404, 404, 404, 404]),
    ("POST", "/work/people/{id}/messages", "missing", [401, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/edit/page/{slug}", "money", [401, 404, 404, 404, 404, 404, 404, 200, 404, 404]),
    ("POST", "/edit/page/{slug}", "missing", [401, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/edit/page/{slug}/restore", "money", [401, 404, 404, 404, 404, 404, 404, 422, 404, 404]),
    ("POST", "/edit/page/{slug}/restore", "missing", [401, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/edit/drop-ins/change", "session", [401, 404, 404, 404, 404, 404, 404, 200, 404, 404]),
    ("POST", "/edit/drop-ins/change", "", [401, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/edit/drop-ins/undo", "", [401, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/edit/places/new", "", [401, 404, 404, 404, 404, 404, 404, 422, 404, 404]),
    ("POST", "/edit/places/{slug}", "white-cross-lancaster", [401, 404, 404, 404, 404, 404, 404, 422, 404, 404]),
    ("POST", "/edit/places/{slug}", "missing", [401, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/edit/sessions/new", "", [401, 404, 404, 404, 404, 404, 404, 422, 404, 404]),
    ("POST", "/edit/sessions/{slug}", "forum-north", [401, 404, 404, 404, 404, 404, 404, 422, 404, 404]),
    ("POST", "/edit/sessions/{slug}", "missing", [401, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/edit/items/{kind}/new", "term", [401, 404, 404, 404, 404, 404, 404, 422, 404, 404]),
    ("POST", "/edit/items/{kind}/new", "page", [401, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/edit/items/{kind}/{id}", "line/samaritans", [401, 404, 404, 404, 404, 404, 404, 422, 404, 404]),
    ("POST", "/edit/items/{kind}/{id}", "line/missing", [401, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/edit/feedback", "", [401, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/edit/confirm/{what}", "lines", [401, 404, 404, 404, 404, 404, 404, 422, 404, 404]),
    ("POST", "/edit/confirm/{what}", "missing", [401, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/edit/drop-ins/confirm", "session", [401, 404, 404, 404, 404, 404, 404, 422, 404, 404]),
    ("POST", "/edit/drop-ins/confirm", "", [401, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    // Last: these end the session
    ("POST", "/sign-out", "", [303; 10]),
    ("POST", "/exit", "", [303; 10]),
    ("GET", "/exit", "", [303; 10]),
];

/// By method, pattern and actor.
type Refusals = BTreeMap<(&'static str, &'static str, usize), Vec<(Object, Answer)>>;

/// The address of a row, with its object in it.
fn address(app: &TestApp, pattern: &str, object: Object) -> String {
    let missing = "00112233445566778899aabbccddeeff".to_owned();
    let id = match object {
        "sam" => app.world.sam.to_string(),
        "aaliyah" => app.world.aaliyah.to_string(),
        _ => missing,
    };
    let name =
        if object == "print.css" { portal::web::assets::ASSETS.print.rsplit('/').next().unwrap() } else { object };
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
        "/me/messages" | "/work/people/{id}/messages" => &[("body", "hello")],
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

async fn ask(app: &TestApp, client: &mut Client, method: &str, pattern: &str, object: Object) -> Answer {
    let path = address(app, pattern, object);
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
    let style = std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("style/main.css")).unwrap();
    let hash = BASE64_STANDARD.encode(portal::vault::sha256(&style));
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'sha256-{hash}'; img-src 'self'; \
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

/// Every actor's browser, signed in.
async fn browsers(app: &TestApp) -> Vec<Client> {
    let mut browsers = Vec::new();
    for actor in ACTORS {
        browsers.push(match actor {
            Some(name) => app.signed_in(name).await,
            None => app.visitor(),
        });
    }
    browsers
}

#[test]
fn every_address_answers_every_kind_of_person_as_the_table_says() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let recorded: Vec<Address> = app.addresses.clone();
        for address in &recorded {
            let known = TABLE.iter().any(|(method, path, ..)| (*method, *path) == (address.method, address.path));
            assert!(known, "{} {} is not in the access table", address.method, address.path);
        }
        let mut browsers = browsers(&app).await;
        let mut wrong = Vec::new();
        // What each actor was told of things that are not theirs and not there, by method and pattern.
        let mut refusals: Refusals = BTreeMap::new();
        for (method, path, object, expected) in TABLE {
            let recorded = recorded.iter().find(|one| (one.method, one.path) == (*method, *path));
            let Some(recorded) = recorded else { panic!("{method} {path} is in the table and not in the portal") };
            for (n, status) in expected.iter().enumerate() {
                // A session that its own request ends must not be the one of the next row.
                let mut own = browsers[n].clone();
                let keeps = !matches!(*path, "/sign-out" | "/exit");
                let client = if keeps { &mut browsers[n] } else { &mut own };
                let answer = ask(&app, client, method, path, object).await;
                let what = format!("{method} {path} [{object}] by {}", ACTORS[n].unwrap_or("nobody"));
                if answer.status != *status {
                    wrong.push(format!("{what}: {} and not {status}", answer.status));
                }
                has_the_headers(&answer, &what);
                if recorded.cache == Cache::Never {
                    assert_eq!(answer.header("cache-control"), "no-store", "{what}");
                }
                if recorded.audience == Audience::Public {
                    assert_eq!(answer.header("set-cookie"), "", "{what}");
                }
                if answer.status == 303 && n == 0 && *method == "GET" && *path != "/exit" {
                    assert!(answer.location().starts_with("/sign-in?next=/"), "{what}: {}", answer.location());
                }
                if answer.status == 404 {
                    refusals.entry((method, path, n)).or_default().push((object, answer));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let mut compared = 0;
        for ((method, path, actor), answers) in &refusals {
            for (object, answer) in answers {
                // The same as an address that there never was, for one who may see nothing here.
                let mut client = browsers[*actor].clone();
                let nothing = client.get("/nothing-here-at-all").await;
                let sentence = path.starts_with("/edit/drop-ins") || path.contains("history");
                if !sentence || ACTORS[*actor] != Some(CHRIS) {
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
