//! What the public tells us of a page: kept whole, once, sealed, and read by editors alone; whoever
//! sounds in danger is shown help first.

use portal::clock::{HOUR, MINUTE, SECOND};

use crate::support::client::{hidden, plain};
use crate::support::people::{CHRIS, PRIYA, SAM};
use crate::support::{Answer, Client, Engine, TestApp, on_both};

on_both! {
    every_public_page_ends_with_a_link_that_says_nothing_of_its_reader
    what_was_typed_is_kept_whole_or_shown_again
    a_double_tap_is_one_row_and_loses_no_way_to_answer
    markup_is_shown_as_text
    words_of_danger_bring_help_first_to_the_reader_and_to_the_editor
    an_editor_reads_it_on_the_page_they_edit_and_others_find_nothing
    who_has_seen_it_and_who_is_done_is_kept
    what_is_about_nothing_known_is_about_the_site
    the_site_takes_no_more_than_it_can_read_in_an_hour
}

const MARKUP: &str = "</textarea></blockquote>\"'><script>alert(1)</script> & more";

async fn tell(anyone: &mut Client, about: &str, body: &str, contact: &str) -> Answer {
    anyone.post_form("/feedback", &[("about", about), ("body", body), ("contact", contact)]).await
}

async fn rows(app: &TestApp) -> i64 {
    app.data.raw.number("SELECT COUNT(*) FROM feedback").await
}

/// Presses a button of the first piece of feedback on the list.
async fn press(editor: &mut Client, button: &str, note: &str) -> Answer {
    let page = editor.get("/edit/feedback").await;
    let (key, id) = (page.key(), hidden(&page.text(), "id").unwrap());
    editor.post_form("/edit/feedback", &[("key", &key), ("id", &id), ("do", button), ("note", note)]).await
}

/// Where words stand on a page.
#[track_caller]
fn at(page: &Answer, words: &str) -> usize {
    let says = plain(&page.text());
    says.find(words).unwrap_or_else(|| panic!("the page does not say {words:?}:\n{says}"))
}

async fn every_public_page_ends_with_a_link_that_says_nothing_of_its_reader(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut anyone = app.visitor();
    for (path, about) in [
        ("/offer", "site"),
        ("/offer/money", "page.money"),
        ("/privacy", "page.pages.privacy"),
        ("/entitlements", "entitlements"),
        ("/drop-ins", "drop-ins"),
        ("/drop-ins/north", "locality.north"),
        ("/drop-ins/place/white-cross-lancaster", "place.white-cross-lancaster"),
        ("/help", "help"),
        ("/glossary", "glossary"),
    ] {
        let page = anyone.get(path).await;
        let html = page.is(200).text();
        let main = html.split_once("</main>").unwrap().0;
        let last = main.rsplit_once("<a href=\"").unwrap().1;
        assert!(last.starts_with(&format!("/feedback?about={about}\"")), "{path}: {last}");
        let form = anyone.get(&format!("/feedback?about={about}")).await;
        form.is(200);
        assert_eq!(form.header("set-cookie"), "");
        assert_eq!(form.header("cache-control"), "no-store");
        let html = form.text();
        assert_eq!(hidden(&html, "about").as_deref(), Some(about), "{path}");
        assert!(!html.contains("<script"));
        // Help stands before the button.
        let (help, button) = (html.find("Need help now?").unwrap(), html.find("Send</button>").unwrap());
        assert!(help < button && html[help..button].contains("tel:999"), "{path}");
        form.says("Nobody reads it at night or at weekends").says("You do not have to say who you are");
    }
}

async fn what_was_typed_is_kept_whole_or_shown_again(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut anyone = app.visitor();
    let long = "a".repeat(2_001);
    let far = "b".repeat(201);
    for (body, contact, says) in [
        ("", "ask for Jo on 0700 900 900", "Write what is wrong"),
        (" \n ", "ask for Jo on 0700 900 900", "Write what is wrong"),
        (long.as_str(), "ask for Jo on 0700 900 900", "2001 characters long"),
        ("The times are old", far.as_str(), "201 characters long"),
    ] {
        let answer = tell(&mut anyone, "page.money", body, contact).await;
        answer.is(422).says(says).says("There is a problem");
        let html = answer.text();
        assert!(html.contains(body.trim()) && html.contains(contact), "something was lost");
        assert_eq!(hidden(&html, "about").as_deref(), Some("page.money"));
        assert_eq!(answer.header("set-cookie"), "");
    }
    assert_eq!(rows(&app).await, 0);
    let told = tell(&mut anyone, "page.money", "First line\r\nSecond line, é 🙂", "jo@young.invalid").await;
    assert_eq!(told.is(303).location(), "/feedback/thanks");
    anyone.get("/feedback/thanks").await.is(200).says("reads it").says("We cannot promise a day");
    assert!(anyone.cookies.is_empty());
    let mut chris = app.signed_in(CHRIS).await;
    chris.get("/edit/feedback").await.is(200).says("First line Second line, é 🙂").says("jo@young.invalid");
    // As long as may be, in letters of several bytes.
    let most = "ß".repeat(2_000);
    tell(&mut anyone, "help", &most, "").await.is(303);
    chris.get("/edit/feedback").await.says(&most).says("They did not say");
}

async fn a_double_tap_is_one_row_and_loses_no_way_to_answer(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let mut anyone = app.visitor();
        tasks.spawn(async move { tell(&mut anyone, "help", "The number is old", "").await.status });
    }
    assert!(tasks.join_all().await.iter().all(|status| *status == 303));
    assert_eq!(rows(&app).await, 1);
    let mut anyone = app.visitor();
    // Sent again with a way to answer: it goes to the row that is there.
    app.wait(MINUTE);
    tell(&mut anyone, "help", "The number is old", "jo@young.invalid").await.is(303);
    tell(&mut anyone, "help", " The number is old\n", "jo@young.invalid").await.is(303);
    assert_eq!(rows(&app).await, 1);
    let mut chris = app.signed_in(CHRIS).await;
    chris.get("/edit/feedback").await.says("jo@young.invalid");
    // Somebody else, another page, other words, and the same later are rows of their own.
    tell(&mut anyone, "help", "The number is old", "0700 900 900").await.is(303);
    tell(&mut anyone, "glossary", "The number is old", "").await.is(303);
    tell(&mut anyone, "help", "The other number is old", "").await.is(303);
    assert_eq!(rows(&app).await, 4);
    app.wait(11 * MINUTE);
    tell(&mut anyone, "help", "The number is old", "").await.is(303);
    assert_eq!(rows(&app).await, 5);
}

async fn markup_is_shown_as_text(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut anyone, mut chris) = (app.visitor(), app.signed_in(CHRIS).await);
    let wrong = tell(&mut anyone, MARKUP, MARKUP, &format!("{MARKUP}{}", "x".repeat(200))).await;
    wrong.is(422);
    let asked = anyone.get(&format!("/feedback?about={}", "%3Cscript%3Ealert(1)%3C/script%3E")).await;
    tell(&mut anyone, "page.money", MARKUP, MARKUP).await.is(303);
    press(&mut chris, "seen", MARKUP).await.is(303);
    let (list, page) = (chris.get("/edit/feedback").await, chris.get("/edit/page/money").await);
    for page in [&wrong, &asked, &list, &page] {
        assert!(!page.text().contains("<script>alert"), "markup came back as markup");
    }
    for page in [&wrong, &list, &page] {
        page.says("<script>alert(1)</script> & more");
    }
}

async fn words_of_danger_bring_help_first_to_the_reader_and_to_the_editor(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut anyone, mut chris) = (app.visitor(), app.signed_in(CHRIS).await);
    tell(&mut anyone, "page.money", "The first amount is wrong", "").await.is(303);
    app.wait(SECOND);
    let told = tell(&mut anyone, "page.accommodation", "I’ve nowhere to sleeep tonight", "").await;
    // Only a flag stands in the address.
    assert_eq!(told.is(303).location(), "/feedback/thanks?now=1");
    let thanks = anyone.get(told.location()).await;
    let (help, thank) = (at(&thanks, "You can get help right now"), at(&thanks, "Thank you. We have it"));
    assert!(help < thank);
    for number in ["tel:999", "tel:116123", "tel:08088004444", "tel:03001236720"] {
        assert!(thanks.text().split_once("<main").unwrap().1.contains(number), "{number}");
    }
    app.wait(SECOND);
    tell(&mut anyone, "page.money", "The last amount is wrong", "").await.is(303);
    chris.get("/edit").await.says("3 new, 0 seen and not done").says("1 urgent");
    let list = chris.get("/edit/feedback").await;
    list.says("Urgent: sounds like danger");
    assert!(at(&list, "nowhere to sleeep") < at(&list, "The last amount"));
    assert!(at(&list, "The last amount") < at(&list, "The first amount"));
    // Seen, it still stands before what is not urgent.
    press(&mut chris, "seen", "").await.is(303);
    let list = chris.get("/edit/feedback").await;
    assert!(at(&list, "nowhere to sleeep") < at(&list, "The last amount"));
    // What cannot be taken still brings help.
    let long = format!("i want to die {}", "a ".repeat(1_000));
    let refused = tell(&mut anyone, "help", &long, "").await;
    refused.is(422);
    assert!(at(&refused, "You can get help right now") < at(&refused, "There is a problem"));
}

async fn an_editor_reads_it_on_the_page_they_edit_and_others_find_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut anyone = app.visitor();
    for (about, body) in [
        ("page.money", "The money is wrong"),
        ("place.white-cross-lancaster", "The door is round the back"),
        ("line.samaritans", "Nobody answered"),
        ("page.pages.privacy", "Say it shorter"),
    ] {
        tell(&mut anyone, about, body, "").await.is(303);
    }
    let mut chris = app.signed_in(CHRIS).await;
    let audited = app.data.raw.number("SELECT COUNT(*) FROM audit WHERE object_kind = 'feedback'").await;
    for (path, says) in [
        ("/edit/page/money", "The money is wrong"),
        ("/edit/places/white-cross-lancaster", "The door is round the back"),
        ("/edit/items/line/samaritans", "Nobody answered"),
        ("/edit/page/pages.privacy", "Say it shorter"),
    ] {
        chris.get(path).await.is(200).says("What people told us (1)").says(says).says("Leaving care service");
    }
    let read =
        app.data.raw.number("SELECT COUNT(*) FROM audit WHERE object_kind = 'feedback' AND action = 'read'").await;
    assert_eq!(read, audited + 4, "a reading without its row");
    assert!(!chris.get("/edit/page/health").await.text().contains("What people told us"));
    let list = chris.get("/edit/feedback").await;
    list.says("Money").says("White Cross").says("Looked after by Leaving care service");
    assert!(
        list.text().contains("href=\"/edit/page/money\"")
            && list.text().contains("href=\"/edit/items/line/samaritans\"")
    );
    for name in [SAM, PRIYA] {
        let mut other = app.signed_in(name).await;
        other.get("/edit/feedback").await.is(404);
        other.post_form("/edit/feedback", &[("do", "done")]).await.is(404);
    }
    assert!(anyone.get("/edit/feedback").await.is(303).location().starts_with("/sign-in"));
    for path in ["/offer/money", "/feedback?about=page.money", "/feedback/thanks"] {
        assert!(!anyone.get(path).await.text().contains("The money is wrong"), "{path}");
    }
}

async fn who_has_seen_it_and_who_is_done_is_kept(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut anyone, mut chris) = (app.visitor(), app.signed_in(CHRIS).await);
    tell(&mut anyone, "page.money", "The money is wrong", "").await.is(303);
    let page = chris.get("/edit/feedback").await;
    let (key, id) = (page.key(), hidden(&page.text(), "id").unwrap());
    let seen = [("key", key.as_str()), ("id", &id), ("do", "seen"), ("note", "Asked the finance team")];
    for _ in 0..2 {
        chris.post_form("/edit/feedback", &seen).await.is(303);
    }
    chris.get("/edit/feedback").await.says("Saved.").says("Seen by Chris Holttest, 24 November 2026, 12 noon");
    chris.get("/edit").await.says("0 new, 1 seen and not done");
    assert!(!chris.get("/edit/feedback?show=new").await.text().contains("The money is wrong"));
    app.wait(10 * MINUTE);
    press(&mut chris, "done", "Put right").await.is(303);
    chris.get("/edit/feedback").await.says("Nothing is waiting here");
    assert!(!chris.get("/edit/page/money").await.text().contains("The money is wrong"));
    let done = chris.get("/edit/feedback?show=done").await;
    done.says("The money is wrong")
        .says("Seen by Chris Holttest, 24 November 2026, 12 noon")
        .says("Done by Chris Holttest, 24 November 2026, 12.10pm")
        .says("Asked the finance team Put right");
    let acts = "SELECT action FROM audit WHERE object_kind = 'feedback' AND action <> 'read' ORDER BY at";
    assert_eq!(app.data.raw.texts(acts).await, ["see", "finish"]);
    // Another editor who was slower is told so and keeps their note.
    let fresh = portal::id::hex(&portal::vault::random::<16>().unwrap());
    let late = [("key", fresh.as_str()), ("id", &id), ("do", "done"), ("note", "I rang them too")];
    let told = chris.post_form("/edit/feedback", &late).await;
    told.is(409).says("Somebody marked this before you");
    assert!(told.text().contains("value=\"I rang them too\""));
    // With the row goes its key, and with both the words.
    app.data.raw.run("DELETE FROM feedback").await;
    chris.get("/edit/feedback?show=done").await.is(200).says("Nothing is waiting here");
}

async fn what_is_about_nothing_known_is_about_the_site(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut anyone, mut chris) = (app.visitor(), app.signed_in(CHRIS).await);
    for about in [
        "",
        "?about=",
        "?about=page.nothing",
        "?about=nothing",
        "?about=session.x",
        "?about=%00%FF",
        "?about=..%2F..%2Fetc",
        "?x=1",
    ] {
        let page = anyone.get(&format!("/feedback{about}")).await;
        page.is(200).says("You are telling us about: This site");
        assert_eq!(hidden(&page.text(), "about").as_deref(), Some("site"), "{about}");
    }
    for about in ["page.nothing", "\u{0}", "site", "x.y.z"] {
        tell(&mut anyone, about, &format!("about {}", about.len()), "").await.is(303);
    }
    assert_eq!(app.data.raw.texts("SELECT DISTINCT about FROM feedback").await, ["site"]);
    // What was taken off since is still read.
    app.data.raw.run("UPDATE feedback SET about = 'page.gone'").await;
    chris.get("/edit/feedback").await.is(200).says("page.gone");
}

async fn the_site_takes_no_more_than_it_can_read_in_an_hour(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut anyone = app.visitor();
    for n in 0..300 {
        tell(&mut anyone, "site", &format!("number {n}"), "").await.is(303);
    }
    let full = tell(&mut anyone, "page.money", "one more thing", "ask for Jo on 0700 900 900").await;
    full.is(429).says("Your words are still here").says("You can also call us on 0300 123 6720");
    let html = full.text();
    assert!(html.contains("one more thing") && html.contains("ask for Jo on 0700 900 900"));
    assert_eq!(hidden(&html, "about").as_deref(), Some("page.money"));
    // Danger still brings help, and a double tap is no fault.
    tell(&mut anyone, "site", "i want to die", "").await.is(429).says("You can get help right now");
    tell(&mut anyone, "site", "number 7", "").await.is(303);
    assert_eq!(rows(&app).await, 300);
    let mut chris = app.signed_in(CHRIS).await;
    chris.get("/edit/feedback").await.is(200).says("These are the first 100");
    app.wait(HOUR);
    tell(&mut anyone, "page.money", "one more thing", "").await.is(303);
}
