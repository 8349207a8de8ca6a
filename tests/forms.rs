//! What is sent wrongly changes nothing, is told in a sentence, and keeps the rest of what was
//! typed; what is sent twice is done once.

use crate::support::client::{form, plain};
use crate::support::people::{ADA, CHRIS, MORAG, PRIYA, SAM, SESSION};
use crate::support::{Answer, Client, Engine, TestApp, block_on, noon, shipped};
use portal::signin::store::NewCode;

/// Something that cannot be told apart from markup unless it is escaped.
const MARKUP: &str = "</textarea></p>\"'><script>alert(1)</script> & more";

/// One form of the portal, as its reader fills it in.
struct Form {
    /// Where it is sent.
    path: String,
    /// Who sends it.
    who: Option<&'static str>,
    /// Everything that it carries.
    fields: Vec<(&'static str, String)>,
    /// Without these, or with nonsense in them, it is refused.
    needed: &'static [&'static str],
    /// Boxes for words: what stands in them is kept when something else is wrong.
    kept: &'static [&'static str],
    /// Fields in which every character counts, hidden ones too: secrets.
    any_character: &'static [&'static str],
}

fn key() -> String {
    portal::id::hex(&portal::vault::random::<16>().unwrap())
}

/// A new code for Sam.
async fn code(app: &TestApp) -> String {
    let code = portal::signin::new_code().unwrap();
    let owner = portal::signin::Owner::Person(app.world.sam);
    app.data
        .db
        .write((app.data.vault.clone(), code.clone()), move |tx, (vault, code)| {
            Box::pin(async move {
                portal::signin::store::insert_code(tx, vault, &NewCode::plain(owner, code), noon()).await
            })
        })
        .await
        .unwrap();
    code
}

/// Every form, ready to be taken as it is.
async fn forms(app: &TestApp) -> Vec<Form> {
    let code = code(app).await;
    let text = |words: &str| words.to_owned();
    let page = shipped().body(portal::content::Kind::Page, "money").unwrap();
    let changed = page.replacen("\n\n", "\n\nAsk your personal adviser first.\n\n", 2);
    let words = "this is what I wanted to say, and it is long enough to be worth keeping";
    let mut chris = app.signed_in(CHRIS).await;
    let seen = chris.get(&format!("/edit/drop-ins/confirm?session={SESSION}")).await;
    let seen = crate::support::client::hidden(&seen.text(), "seen").unwrap();
    let line = chris.get("/edit/confirm/lines").await;
    let line = crate::support::client::hidden(&line.text(), "item").unwrap();
    let change = chris.get(&format!("/edit/drop-ins/change?session={SESSION}")).await;
    let change = crate::support::client::hidden(&change.text(), "seen").unwrap();
    app.visitor().post_form("/feedback", &[("body", "The number is old")]).await.is(303);
    let told = chris.get("/edit/feedback").await;
    let told = crate::support::client::hidden(&told.text(), "id").unwrap();
    let add = [("do", "add"), ("value", "07700900123")];
    let contact = app.signed_in(SAM).await.post_form("/me/account/reach", &add).await.location().to_owned();
    vec![
        Form {
            path: text("/feedback"),
            who: None,
            fields: vec![
                ("about", text("page.money")),
                ("body", text(words)),
                ("contact", text("my-friend@young.invalid")),
            ],
            needed: &["body"],
            kept: &["body", "contact"],
            any_character: &[],
        },
        Form {
            path: text("/edit/feedback"),
            who: Some(CHRIS),
            fields: vec![("key", key()), ("id", told), ("do", text("seen")), ("note", text("I will ring them"))],
            needed: &["key", "id", "do"],
            kept: &["note"],
            any_character: &[],
        },
        Form {
            path: text("/sign-in"),
            who: None,
            fields: vec![("username", text("some-name-97")), ("passphrase", text("not the right words"))],
            needed: &["username", "passphrase"],
            kept: &["username"],
            any_character: &[],
        },
        Form {
            path: text("/join"),
            who: None,
            fields: vec![
                ("code", code),
                ("born-day", text("27")),
                ("born-month", text("3")),
                ("born-year", text("2008")),
                ("username", text("chosen-name-96")),
                ("passphrase", text("copper lantern orchard violin")),
            ],
            needed: &["code", "born-day", "born-month", "born-year", "username", "passphrase"],
            kept: &["username", "born-day", "born-year"],
            any_character: &["passphrase"],
        },
        Form {
            path: text("/recover/card"),
            who: None,
            fields: vec![
                ("username", text("some-name-97")),
                ("card", text("six words of somebody's paper card")),
                ("passphrase", text("copper lantern orchard violin")),
            ],
            needed: &["username", "card", "passphrase"],
            kept: &["username"],
            any_character: &["passphrase"],
        },
        Form {
            path: text("/sign-in/second"),
            who: Some(SAM),
            fields: vec![("second", text("ABCD-2345"))],
            needed: &["second"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/sign-in/again"),
            who: Some(SAM),
            fields: vec![("passphrase", text("not the right words"))],
            needed: &["passphrase"],
            kept: &[],
            any_character: &["passphrase"],
        },
        Form {
            path: text("/cannot-sign-in"),
            who: None,
            fields: vec![
                ("contact", text("Sam, 07700 900123 after four o'clock, text first please")),
                ("locality", text("north")),
                ("body", text(words)),
            ],
            needed: &["contact", "body"],
            kept: &["contact", "body"],
            any_character: &[],
        },
        Form {
            path: text("/me/account"),
            who: Some(SAM),
            fields: vec![("do", text("others"))],
            needed: &["do"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/me/account/username"),
            who: Some(SAM),
            fields: vec![("username", text("chosen-name-95"))],
            needed: &["username"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/me/account/passphrase"),
            who: Some(SAM),
            fields: vec![("passphrase", text("copper lantern orchard violin"))],
            needed: &["passphrase"],
            kept: &[],
            any_character: &["passphrase"],
        },
        Form {
            path: text("/me/account/name"),
            who: Some(SAM),
            fields: vec![("called", text("Sammy"))],
            needed: &["called"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/me/account/reach"),
            who: Some(SAM),
            fields: vec![("do", text("add")), ("value", text("my-own@young.invalid"))],
            needed: &["do", "value"],
            kept: &["value"],
            any_character: &[],
        },
        Form {
            path: contact,
            who: Some(SAM),
            fields: vec![("do", text("off"))],
            needed: &["do"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/recover/sent"),
            who: None,
            fields: vec![("username", text("some-name-97"))],
            needed: &["username"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/recover/sent/code"),
            who: None,
            fields: vec![
                ("username", text("some-name-97")),
                ("code", text("12345678")),
                ("passphrase", text("copper lantern orchard violin")),
            ],
            needed: &["username", "code", "passphrase"],
            kept: &["username"],
            any_character: &["passphrase"],
        },
        Form {
            path: format!("/work/people/{}/reach", app.world.sam),
            who: Some(PRIYA),
            fields: vec![("do", text("flag:off"))],
            needed: &["do"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/staff/account"),
            who: Some(PRIYA),
            fields: vec![("do", text("others"))],
            needed: &["do"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/staff/account/username"),
            who: Some(PRIYA),
            fields: vec![("username", text("chosen-name-94"))],
            needed: &["username"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/staff/account/passphrase"),
            who: Some(PRIYA),
            fields: vec![("passphrase", text("copper lantern orchard violin"))],
            needed: &["passphrase"],
            kept: &[],
            any_character: &["passphrase"],
        },
        Form {
            path: text("/work/find"),
            who: Some(PRIYA),
            fields: vec![
                ("name", text("Samuel Whittletest")),
                ("born-day", text("27")),
                ("born-month", text("3")),
                ("born-year", text("2008")),
            ],
            needed: &["name", "born-day", "born-month", "born-year"],
            kept: &["name"],
            any_character: &[],
        },
        Form {
            path: text("/work/find/open"),
            who: Some(PRIYA),
            fields: vec![
                ("name", text("Aaliyah Khantest")),
                ("born-day", text("2")),
                ("born-month", text("9")),
                ("born-year", text("2005")),
                ("reason", text("She is on the phone and Owen is away today")),
            ],
            needed: &["name", "born-day", "born-month", "born-year", "reason"],
            kept: &["name"],
            any_character: &[],
        },
        Form {
            path: format!("/work/people/{}/code", app.world.sam),
            who: Some(PRIYA),
            fields: vec![("known", text("in_person")), ("way", text("read"))],
            needed: &["known", "way"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/admin/staff/new"),
            who: Some(ADA),
            fields: vec![
                ("name", text("Nia Newtest")),
                ("email", text("nia.newtest@staff.invalid")),
                ("role", text("adviser")),
            ],
            needed: &["name", "email", "role"],
            kept: &["name", "email"],
            any_character: &[],
        },
        Form {
            path: format!("/admin/staff/{}", app.world.faye),
            who: Some(ADA),
            fields: vec![("do", text("give:editor"))],
            needed: &["do"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/work/staff-codes"),
            who: Some(MORAG),
            fields: vec![("staff", text("00112233445566778899aabbccddeeff"))],
            needed: &["staff"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/work/calls"),
            who: Some(PRIYA),
            fields: vec![("id", text("00112233445566778899aabbccddeeff")), ("do", text("take"))],
            needed: &["id", "do"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/me/messages"),
            who: Some(SAM),
            fields: vec![("key", key()), ("body", text(words))],
            needed: &["key", "body"],
            kept: &["body"],
            any_character: &[],
        },
        Form {
            path: format!("/work/people/{}/messages", app.world.sam),
            who: Some(PRIYA),
            fields: vec![("key", key()), ("body", text(words))],
            needed: &["key", "body"],
            kept: &["body"],
            any_character: &[],
        },
        Form {
            path: text("/edit/page/money"),
            who: Some(CHRIS),
            fields: vec![
                ("key", key()),
                ("from", text("0")),
                ("body", changed),
                ("note", text("Says whom to ask")),
                ("reason", text("It is short and clear")),
                ("do", text("publish")),
            ],
            needed: &["key", "from", "body", "note"],
            kept: &["body", "note"],
            any_character: &[],
        },
        Form {
            path: text("/edit/page/money/restore"),
            who: Some(CHRIS),
            fields: vec![("key", key()), ("from", text("1")), ("edition", text("0"))],
            needed: &["key", "from", "edition"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: format!("/edit/drop-ins/change?session={SESSION}"),
            who: Some(CHRIS),
            fields: vec![
                ("key", key()),
                ("seen", change),
                ("what", text("other-place")),
                ("from", text("2026-11-30")),
                ("to", text("2026-11-30")),
                ("open", text("5pm")),
                ("close", text("18:30")),
                ("at", text("the-zone-burnley")),
                ("reason", text("Staff training")),
                ("do", text("publish")),
            ],
            needed: &["key", "seen", "what", "from", "to", "open", "close", "at", "reason"],
            kept: &["reason"],
            any_character: &[],
        },
        Form {
            path: text("/edit/drop-ins/undo"),
            who: Some(CHRIS),
            fields: vec![("key", key()), ("exception", text("not-there"))],
            needed: &["key", "exception"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/edit/places/new"),
            who: Some(CHRIS),
            fields: vec![
                ("key", key()),
                ("from", text("0")),
                ("name", text("Fern Hall, Chorley")),
                ("district", text("chorley")),
                ("status", text("open")),
                ("who", text("Care leavers aged 16 to 21")),
                ("bank_holidays", text("closed")),
                ("owner", text("Leaving care service")),
                ("checked_on", text("2026-11-24")),
                ("review_by", text("2027-02-22")),
                ("claim", text("this-council")),
                ("note_to_staff", text("Opened by the team this week")),
                ("do", text("publish")),
            ],
            needed: &[
                "key",
                "from",
                "name",
                "district",
                "status",
                "who",
                "bank_holidays",
                "owner",
                "checked_on",
                "review_by",
                "claim",
                "note_to_staff",
            ],
            kept: &["name", "who", "owner", "note_to_staff"],
            any_character: &[],
        },
        Form {
            path: text("/edit/places/white-cross-lancaster"),
            who: Some(CHRIS),
            fields: vec![
                ("key", key()),
                ("from", text("0")),
                ("name", text("Fern Hall, Chorley")),
                ("district", text("chorley")),
                ("status", text("open")),
                ("who", text("Care leavers aged 16 to 21")),
                ("bank_holidays", text("closed")),
                ("owner", text("Leaving care service")),
                ("checked_on", text("2026-11-24")),
                ("review_by", text("2027-02-22")),
                ("claim", text("this-council")),
                ("note_to_staff", text("Opened by the team this week")),
                ("do", text("publish")),
            ],
            needed: &[
                "key",
                "from",
                "name",
                "district",
                "status",
                "who",
                "bank_holidays",
                "owner",
                "checked_on",
                "review_by",
                "claim",
                "note_to_staff",
            ],
            kept: &["name", "who", "owner", "note_to_staff"],
            any_character: &[],
        },
        Form {
            path: text("/edit/sessions/new"),
            who: Some(CHRIS),
            fields: vec![
                ("key", key()),
                ("from", text("0")),
                ("place", text("the-zone-burnley")),
                ("name", text("Thursday drop-in")),
                ("kind", text("drop-in")),
                ("every", text("week")),
                ("thu", text("yes")),
                ("open", text("4pm")),
                ("close", text("18:30")),
                ("starts", text("2026-11-24")),
                ("come", text("just-come")),
                ("owner", text("Leaving care service")),
                ("checked_on", text("2026-11-24")),
                ("review_by", text("2027-02-22")),
                ("claim", text("this-council")),
                ("note_to_staff", text("Opened by the team this week")),
                ("do", text("publish")),
            ],
            needed: &[
                "key",
                "from",
                "place",
                "name",
                "kind",
                "every",
                "thu",
                "open",
                "close",
                "starts",
                "come",
                "owner",
                "checked_on",
                "review_by",
                "claim",
                "note_to_staff",
            ],
            kept: &["name", "owner", "note_to_staff"],
            any_character: &[],
        },
        Form {
            path: text("/edit/sessions/forum-north"),
            who: Some(CHRIS),
            fields: vec![
                ("key", key()),
                ("from", text("0")),
                ("place", text("the-zone-burnley")),
                ("name", text("Thursday drop-in")),
                ("kind", text("drop-in")),
                ("every", text("week")),
                ("thu", text("yes")),
                ("open", text("4pm")),
                ("close", text("18:30")),
                ("starts", text("2026-11-24")),
                ("come", text("just-come")),
                ("owner", text("Leaving care service")),
                ("checked_on", text("2026-11-24")),
                ("review_by", text("2027-02-22")),
                ("claim", text("this-council")),
                ("note_to_staff", text("Opened by the team this week")),
                ("do", text("publish")),
            ],
            needed: &[
                "key",
                "from",
                "place",
                "name",
                "kind",
                "every",
                "thu",
                "open",
                "close",
                "starts",
                "come",
                "owner",
                "checked_on",
                "review_by",
                "claim",
                "note_to_staff",
            ],
            kept: &["name", "owner", "note_to_staff"],
            any_character: &[],
        },
        Form {
            path: text("/entitlements/check"),
            who: None,
            fields: vec![
                ("step", text("life")),
                ("age", text("17")),
                ("care", text("13-weeks")),
                ("now", text("in-care")),
                ("council", text("ours")),
                ("lives", text("burnley")),
                ("none", text("yes")),
                ("do", text("next")),
            ],
            needed: &["step", "none"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/edit/items/term/new"),
            who: Some(CHRIS),
            fields: vec![
                ("key", key()),
                ("from", text("0")),
                ("term", text("Key worker")),
                ("also", text("key workers")),
                ("meaning", text("The person in your home who looks after your plan.")),
                ("claim", text("this-council")),
                ("note_to_staff", text("Young people asked what it means")),
                ("do", text("publish")),
            ],
            needed: &["key", "from", "term", "meaning", "note_to_staff"],
            kept: &["term", "also", "meaning", "note_to_staff"],
            any_character: &[],
        },
        Form {
            path: text("/edit/items/line/samaritans"),
            who: Some(CHRIS),
            fields: vec![
                ("key", key()),
                ("from", text("0")),
                ("name", text("Samaritans")),
                ("number", text("116 123")),
                ("how", text("call")),
                ("for", text("talk")),
                ("hours", text("Mon to Fri: 9am to 9pm")),
                ("says", text("Call to talk about anything, at any time.")),
                ("order", text("4")),
                ("owner", text("Leaving care service")),
                ("checked_on", text("2026-11-24")),
                ("review_by", text("2027-02-22")),
                ("claim", text("this-council")),
                ("note_to_staff", text("They told us new hours")),
                ("do", text("publish")),
            ],
            needed: &[
                "key",
                "from",
                "name",
                "number",
                "how",
                "for",
                "hours",
                "says",
                "order",
                "owner",
                "checked_on",
                "review_by",
                "claim",
                "note_to_staff",
            ],
            kept: &["name", "number", "says", "owner", "note_to_staff"],
            any_character: &[],
        },
        Form {
            path: text("/edit/confirm/lines"),
            who: Some(CHRIS),
            fields: vec![("key", key()), ("item", line), ("note", text("Rang them on Monday"))],
            needed: &["key", "item"],
            kept: &["note"],
            any_character: &[],
        },
        Form {
            path: format!("/edit/drop-ins/confirm?session={SESSION}"),
            who: Some(CHRIS),
            fields: vec![("key", key()), ("seen", seen), ("checked", text("yes")), ("note", text("Rang them"))],
            needed: &["key", "seen", "checked"],
            kept: &["note"],
            any_character: &[],
        },
    ]
}

impl Form {
    fn with<'a>(&'a self, name: &str, value: Option<&'a str>) -> Vec<(&'a str, &'a str)> {
        let fields = self.fields.iter().map(|(n, v)| (*n, v.as_str()));
        match value {
            None => fields.filter(|(n, _)| *n != name).collect(),
            Some(value) => fields.map(|(n, v)| if n == name { (n, value) } else { (n, v) }).collect(),
        }
    }

    fn all(&self) -> Vec<(&str, &str)> {
        self.fields.iter().map(|(n, v)| (*n, v.as_str())).collect()
    }
}

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

async fn browser(app: &TestApp, form: &Form) -> Client {
    match form.who {
        Some(name) if form.path == "/sign-in/second" => app.at_first_door(name).await,
        Some(name) if form.path == "/sign-in/again" => app.at_second_door(name).await,
        Some(name) => app.signed_in(name).await,
        None => app.visitor(),
    }
}

#[test]
fn every_form_of_the_portal_is_in_these_tests() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let forms = forms(&app).await;
        let contact = forms.iter().find(|form| form.path.starts_with("/me/account/reach/")).unwrap().path.clone();
        for address in app.addresses.iter().filter(|address| address.method == "POST") {
            let pattern = address
                .path
                .replace("{kind}/new", "term/new")
                .replace("{kind}/{id}", "line/samaritans")
                .replace("/staff/{id}", &format!("/staff/{}", app.world.faye))
                .replace("/reach/{id}", contact.trim_start_matches("/me/account"))
                .replace("{id}", &app.world.sam.to_string())
                .replace("/places/{slug}", "/places/white-cross-lancaster")
                .replace("/sessions/{slug}", "/sessions/forum-north")
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
            ];
            // Carries files: tests/import.rs sends it in every wrong way.
            let files = address.path == "/admin/import";
            assert!(known || files || bare.contains(&address.path), "{} has no form in these tests", address.path);
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
            let mut client = browser(&app, &form).await;
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
            let mut client = browser(&app, &form).await;
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
            let mut client = browser(&app, &form).await;
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
            let mut client = browser(&app, &form).await;
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
            let mut client = browser(&app, &form).await;
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
            if form.path.ends_with("undo") || form.path.ends_with("restore") {
                continue;
            }
            let mut client = browser(&app, &form).await;
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
        for table in ["session", "sign_in_code", "feedback", "contact_point"] {
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
