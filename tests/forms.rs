//! What is sent wrongly changes nothing, is told in a sentence, and keeps the rest of what was
//! typed; what is sent twice is done once.

use crate::support::client::{form, hidden, plain};
use crate::support::forms::{Form, forms, key};
use crate::support::people::{PRIYA, SAM};
use crate::support::{Answer, Engine, TestApp, block_on};

/// Something that cannot be told apart from markup unless it is escaped.
const MARKUP: &str = "</textarea></p>\"'><script>alert(1)</script> & more";

/// A page's text with entities read, so that what was typed can be looked for as it was typed.
fn typed_on(page: &Answer) -> String {
    let html = page.text();
    html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// A refusal is a whole page with a sentence, and holds what was typed elsewhere.
#[track_caller]
fn is_a_refusal(page: &Answer, form: &Form, wrong: &str, what: &str) {
    assert!((400..500).contains(&page.status), "{} {what}: {}", form.path, page.status);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{} {what}", form.path);
    let html = page.text();
    assert!(html.contains("<h1>"), "{} {what}: no page", form.path);
    let says = plain(&html);
    let sentence = html.contains("class=\"errors\"")
        || says.contains("Nothing was")
        || says.contains("Go back")
        || says.contains("no page here");
    assert!(sentence, "{} {what}: no sentence\n{says}", form.path);
    let shown = typed_on(page);
    for name in form.kept.iter().filter(|name| **name != wrong) {
        let (_, value) = form.fields.iter().find(|(n, _)| n == name).unwrap();
        assert!(shown.contains(value.trim()), "{} {what}: {name} was lost", form.path);
    }
    assert!(!html.contains("copper lantern orchard violin"), "{} {what}: a passphrase was sent back", form.path);
}

#[test]
fn every_form_of_the_portal_is_in_these_tests() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let forms = forms(&app).await;
        let contact = forms.iter().find(|form| form.path.starts_with("/me/account/reach/")).unwrap().path.clone();
        let under = |start: &str| forms.iter().find(|form| form.path.starts_with(start)).unwrap().path.clone();
        let (appointment, letter) = (under("/work/appointments/"), under("/me/letter/"));
        let own =
            forms.iter().find(|form| form.path.starts_with("/me/appointments/") && !form.path.ends_with("calendar"));
        let own = own.unwrap().path.clone();
        let template = forms.iter().find(|form| form.path.starts_with("/work/templates/")).unwrap().path.clone();
        let after = |start: &str| {
            let mut ids = forms.iter().filter_map(|form| form.path.strip_prefix(start)).filter(|rest| rest.len() == 32);
            ids.next().unwrap().to_owned()
        };
        let (mine, sam) = (after("/me/plan/actions/"), format!("/work/people/{}", app.world.sam));
        let (theirs, owed) = (after(&format!("{sam}/plan/actions/")), after(&format!("{sam}/money/")));
        for address in app.addresses.iter().filter(|address| address.method == "POST") {
            let pattern = address
                .path
                .replace("{kind}/new", "term/new")
                .replace("{kind}/{id}", "line/samaritans")
                .replace("/staff/{id}", &format!("/staff/{}", app.world.faye))
                .replace("/away/{id}", &format!("/away/{}", app.world.priya))
                .replace("/hand-over/{id}", &format!("/hand-over/{}", app.world.priya))
                .replace("/work/templates/{id}", &template)
                .replace("/me/plan/actions/{action}", &format!("/me/plan/actions/{mine}"))
                .replace("{action}", &theirs)
                .replace("{heading}/{field}", "health/agreed")
                .replace("{heading}", "home")
                .replace("{owed}", &owed)
                .replace("/work/appointments/{id}", &appointment)
                .replace("/me/appointments/{id}", &own)
                .replace("/me/letter/{id}", &letter)
                .replace("/reach/{id}", contact.trim_start_matches("/me/account"))
                .replace("{id}", &app.world.sam.to_string())
                .replace("/places/{slug}", "/places/white-cross-lancaster")
                .replace("/sessions/{slug}", "/sessions/forum-north")
                .replace("/goals/{slug}", "/goals/doctor")
                .replace("{slug}", "money")
                .replace("{what}", "lines");
            let known = forms.iter().any(|form| form.path.split('?').next() == Some(pattern.as_str()));
            // These carry nothing but their address, or one word of ours.
            let bare = [
                "/sign-out",
                "/exit",
                "/sign-in/left",
                "/me/account/card",
                "/staff/account/phone",
                "/work/people/{id}/code/approve",
                "/work/alerts/{id}",
                "/admin/import/{id}",
                "/work/people/{id}/messages/looked",
                "/me/plan/agree",
                "/me/plan/review",
                "/work/people/{id}/plan/heard",
                "/work/people/{id}/plan/versions/{number}",
                // Answers with the page itself: tests/on_paper.rs.
                "/work/people/{id}/plan/print",
            ];
            // A version on its way: each step takes the one before. tests/the_plan.rs sends them in every wrong way.
            let steps = ["share", "submit", "sign"].map(|step| format!("/work/people/{{id}}/plan/{step}"));
            let bare = steps.iter().any(|step| step == address.path) || bare.contains(&address.path);
            // Carries files: tests/import.rs sends it in every wrong way.
            let files = address.path == "/admin/import";
            assert!(known || files || bare, "{} has no form in these tests", address.path);
        }
    });
}

#[test]
fn a_bad_field_gets_a_sentence_changes_nothing_and_keeps_the_rest() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let long = "a".repeat(1_000_000);
        let mut tried = 0;
        for form in forms(&app).await {
            let mut client = form.browser(&app).await;
            let before = app.data.raw.counts().await;
            for name in form.needed {
                let mut bad = vec![
                    ("missing", form.with(name, None)),
                    ("empty", form.with(name, Some(""))),
                    ("only spaces", form.with(name, Some(" \t "))),
                    ("a million letters", form.with(name, Some(&long))),
                ];
                let mut twice = form.all();
                twice.push((name, "another"));
                bad.push(("doubled", twice));
                if !form.any_character.contains(name) {
                    bad.push(("a control character", form.with(name, Some("some\u{0}thing\u{7}"))));
                    bad.push(("marks of direction", form.with(name, Some("some\u{202e}thing\u{200f}"))));
                }
                for (what, fields) in bad {
                    // A passphrase of spaces is a passphrase; it is only too short.
                    let answer = client.post_form(&form.path, &fields).await;
                    is_a_refusal(&answer, &form, name, &format!("with {name} {what}"));
                    tried += 1;
                }
                // Bytes that are no text in any language.
                let fields = crate::support::client::form(&form.with(name, None));
                let answer = client.post_body(&form.path, format!("{fields}&{name}=%FF%FE%80")).await;
                is_a_refusal(&answer, &form, name, &format!("with {name} no text"));
            }
            assert_eq!(app.data.raw.counts().await, before, "{} changed something", form.path);
        }
        assert!(tried > 100);
    });
}

#[test]
fn a_form_that_is_not_sent_as_one_is_refused() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        for form in forms(&app).await {
            let mut client = form.browser(&app).await;
            let before = app.data.raw.counts().await;
            let body = crate::support::client::form(&form.all());
            for media in ["", "text/plain", "application/json", "multipart/form-data; boundary=x"] {
                let headers = [("sec-fetch-site", "same-origin"), ("content-type", media)];
                let headers = if media.is_empty() { &headers[..1] } else { &headers };
                let answer = client.send("POST", &form.path, headers, body.clone()).await;
                assert_eq!(answer.status, 415, "{} as {media}", form.path);
                answer.says("not sent as a form");
            }
            let many = format!("{body}&{}", vec!["x=1"; 300].join("&"));
            client.post_body(&form.path, many).await.is(413);
            assert_eq!(app.data.raw.counts().await, before, "{} changed something", form.path);
        }
    });
}

#[test]
fn a_one_time_key_that_is_not_ours_is_refused_and_the_text_kept() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        for form in forms(&app).await.into_iter().filter(|form| form.needed.contains(&"key")) {
            let mut client = form.browser(&app).await;
            let before = app.data.raw.counts().await;
            let half = &key()[..30];
            let too_long = format!("{}00", key());
            for bad in ["", "x", half, &too_long, "zz112233445566778899aabbccddeeff", "'; DROP TABLE message; --"] {
                let answer = client.post_form(&form.path, &form.with("key", Some(bad))).await;
                is_a_refusal(&answer, &form, "key", &format!("with the key {bad:?}"));
                answer.is(400);
            }
            assert_eq!(app.data.raw.counts().await, before, "{}", form.path);
        }
    });
}

#[test]
fn another_person_s_id_changes_nothing_and_keeps_the_text() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut priya = app.signed_in(PRIYA).await;
        let before = app.data.raw.counts().await;
        let words = "meant for somebody else, and still worth keeping for the one who wrote it";
        for id in [app.world.aaliyah.to_string(), app.world.priya.to_string(), "0".repeat(32), "x".into(), "%00".into()]
        {
            let key = key();
            let answer =
                priya.post_form(&format!("/work/people/{id}/messages"), &[("key", &key), ("body", words)]).await;
            answer.is(404);
            assert!(typed_on(&answer).contains(words), "{id}");
        }
        assert_eq!(app.data.raw.counts().await, before);
    });
}

#[test]
fn markup_that_was_typed_comes_back_as_text() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut shown = 0;
        for form in forms(&app).await {
            let mut client = form.browser(&app).await;
            let open = |name: &&str| *name != "key" && !form.any_character.contains(name);
            for name in form.fields.iter().map(|(name, _)| *name).filter(open) {
                // With the form's key spoilt, and with only this field wrong.
                for spoilt in [true, false] {
                    let mut fields = form.with(name, Some(MARKUP));
                    if spoilt {
                        fields.retain(|(name, _)| *name != "key");
                    }
                    fields.push(("nobody-asked", "x"));
                    let answer = client.post_form(&form.path, &fields).await;
                    let html = answer.text();
                    assert!(!html.contains("<script>alert"), "{} {name}: markup came back as markup", form.path);
                    if typed_on(&answer).contains(MARKUP) {
                        shown += 1;
                    }
                }
            }
        }
        assert!(shown > 8, "only {shown} fields came back at all");
        // And where it is read.
        let mut sam = app.signed_in(SAM).await;
        sam.write_message("/me/messages", MARKUP).await.is(303);
        let mut priya = app.signed_in(PRIYA).await;
        for (client, path) in
            [(&mut sam, "/me/messages".to_owned()), (&mut priya, format!("/work/people/{}/messages", app.world.sam))]
        {
            let page = client.get(&path).await;
            assert!(!page.text().contains("<script>alert") && typed_on(&page).contains(MARKUP), "{path}");
        }
    });
}

#[test]
fn ten_ways_to_forge_a_form_are_refused_and_change_nothing() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let own = app.origin.clone();
        let port = own.rsplit(':').next().unwrap();
        let like = format!("{own}.evil.example");
        let secure = own.replace("http://", "https://");
        let other_port = own.replace(port, "1");
        let forgeries: Vec<Vec<(&str, &str)>> = vec![
            vec![],
            vec![("referer", own.as_str())],
            vec![("origin", "https://evil.example")],
            vec![("origin", "null")],
            vec![("origin", &like)],
            vec![("origin", &secure)],
            vec![("origin", &other_port)],
            vec![("sec-fetch-site", "cross-site"), ("origin", &own)],
            vec![("sec-fetch-site", "same-site"), ("origin", &own)],
            vec![("sec-fetch-site", "none")],
        ];
        assert_eq!(forgeries.len(), 10);
        let mut all = forms(&app).await;
        for path in ["/sign-out", "/exit"] {
            all.push(Form {
                path: path.into(),
                who: Some(SAM),
                fields: vec![],
                needed: &[],
                kept: &[],
                any_character: &[],
            });
        }
        for form in all {
            let mut client = form.browser(&app).await;
            let before = (app.data.raw.counts().await, app.data.raw.audited().await);
            for forgery in &forgeries {
                let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
                headers.extend(forgery);
                let answer = client.send("POST", &form.path, &headers, crate::support::client::form(&form.all())).await;
                assert_eq!(answer.status, 403, "{} with {forgery:?}", form.path);
                assert_eq!(answer.header("set-cookie"), "");
                answer.says("did not come from a page of this site");
            }
            assert_eq!((app.data.raw.counts().await, app.data.raw.audited().await), before, "{}", form.path);
        }
    });
}

#[test]
fn the_same_post_twice_is_done_once_and_the_same_key_with_other_words_is_kept_apart() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut tried = 0;
        for form in forms(&app).await.into_iter().filter(|form| form.fields[0].0 == "key") {
            // A draft is kept with its last words.
            if ["undo", "restore", "draft"].iter().any(|end| form.path.ends_with(end)) {
                continue;
            }
            let mut client = form.browser(&app).await;
            let before = app.data.raw.counts().await;
            let first = client.post_form(&form.path, &form.all()).await;
            first.is(303);
            let once = app.data.raw.counts().await;
            assert_ne!(once, before, "{} did nothing", form.path);
            for _ in 0..3 {
                let again = client.post_form(&form.path, &form.all()).await;
                assert_eq!(
                    (again.status, again.location()),
                    (303, first.location()),
                    "{}: {}",
                    form.path,
                    plain(&again.text())
                );
            }
            assert_eq!(app.data.raw.counts().await, once, "{} was done twice", form.path);
            let Some(name) = form.kept.first() else { continue };
            let (_, words) = form.fields.iter().find(|(n, _)| n == name).unwrap();
            let other = format!("{} And one more thing.", words.trim_end());
            let answer = client.post_form(&form.path, &form.with(name, Some(&other))).await;
            answer.is(409);
            assert!(typed_on(&answer).contains(&other), "{}: the other text was lost", form.path);
            assert_ne!(answer.key(), form.fields[0].1, "{}: the next try must have a key of its own", form.path);
            // The page that keeps the text also shows the thread: that is a reading, and is noted as one.
            let mut after = app.data.raw.counts().await;
            after.insert("message_opened".into(), once["message_opened"]);
            assert_eq!(after, once, "{}", form.path);
            tried += 1;
        }
        assert!(tried >= 4, "{tried}");
    });
}

#[test]
fn twenty_at_once_with_one_key_are_one_message() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let sam = app.signed_in(SAM).await;
        let key = key();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let (mut sam, key) = (sam.clone(), key.clone());
            tasks.spawn(async move {
                sam.post_form("/me/messages", &[("key", &key), ("body", "tapped often")]).await.status
            });
        }
        assert!(tasks.join_all().await.iter().all(|status| *status == 303));
        assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM message").await, 1);
        assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM outbox").await, 1);
    });
}

#[test]
fn a_post_after_the_session_ended_keeps_its_text() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let before = app.data.raw.counts().await;
        for form in forms(&app).await.into_iter().filter(|form| form.who.is_some()) {
            let mut ended = app.visitor();
            ended.cookies.insert("__Host-sess".into(), "00".repeat(32));
            let answer = ended.post_form(&form.path, &form.all()).await;
            answer.is(401);
            is_a_refusal(&answer, &form, "key", "signed out");
            answer.says("You have been signed out");
        }
        let mut after = app.data.raw.counts().await;
        for table in [
            "session",
            "sign_in_code",
            "feedback",
            "contact_point",
            "template",
            "plan_action",
            "action_event",
            "money_owed",
            "appointment",
            "letter",
            "letter_use",
        ] {
            after.insert(table.into(), before[table]);
        }
        assert_eq!(after, before);
    });
}

#[test]
fn a_busy_database_gives_503_and_the_typed_text_with_a_way_to_send_it_again() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut sam = app.signed_in(SAM).await;
        let key = sam.get("/me/messages").await.key();
        // Somebody else holds the database for writing.
        let crate::support::Raw::Sqlite(pool, _) = &app.data.raw else { panic!("not SQLite") };
        let mut other = pool.acquire().await.unwrap();
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *other).await.unwrap();
        let words = "written while the database was busy";
        let answer = sam.post_form("/me/messages", &[("key", &key), ("body", words)]).await;
        answer.is(503).says("it will not be sent twice");
        assert_eq!(answer.header("retry-after"), "5");
        assert!(typed_on(&answer).contains(words));
        assert_eq!(answer.key(), key, "another try is the same act");
        // A form that keeps what is typed comes again whole: with a field less it would count as other words.
        let new = "/me/plan/actions/new";
        let act = crate::support::forms::key();
        let fields = [
            ("key", act.as_str()),
            ("place", new),
            ("heading", "home"),
            ("body", "Ring the landlord about the door"),
            ("doer", "me"),
            ("due", "2026-12-04"),
            ("sees", "me"),
        ];
        let again = sam.post_form(new, &fields).await.is(503).text();
        for (name, value) in fields.iter().filter(|(name, _)| *name != "body") {
            assert_eq!(hidden(&again, name).as_deref(), Some(*value), "{name}");
        }
        sqlx::query("ROLLBACK").execute(&mut *other).await.unwrap();
        drop(other);
        assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM message").await, 0);
        sam.post_form("/me/messages", &[("key", &key), ("body", words)]).await.is(303);
        assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM message").await, 1);
    });
}

#[test]
fn the_forms_of_the_tests_read_as_a_browser_sends_them() {
    assert_eq!(form(&[("a", "x y"), ("b", "é&=")]), "a=x+y&b=%C3%A9%26%3D");
}
