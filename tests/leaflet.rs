//! The leaflets follow what editors do, say only what is in force, and keep to their paper.

use crate::items::{open, send};
use crate::support::client::hidden;
use crate::support::people::{CHRIS, SESSION};
use crate::support::{Client, Engine, TestApp, block_on, on_both};

on_both! {
    an_amount_that_an_editor_changes_changes_on_every_leaflet
    a_session_that_is_closed_stands_with_its_reason_on_the_leaflet_of_its_locality_only
}

const ALL: [&str; 4] = ["/leaflet", "/leaflet/north", "/leaflet/central", "/leaflet/east"];

async fn set(chris: &mut Client, right: &str, more: &[(&str, &str)]) {
    let path = format!("/edit/items/entitlement/{right}");
    let form = open(chris, &path).await;
    let more = [more, &[("note_to_staff", "For the leaflet"), ("do", "publish")]].concat();
    send(chris, &path, &form, &more).await.is(303);
}

async fn close(chris: &mut Client, on: &str, reason: &str) {
    let path = format!("/edit/drop-ins/change?session={SESSION}&on={on}");
    let page = chris.get(&path).await;
    let (key, seen) = (page.key(), hidden(&page.text(), "seen").unwrap());
    let fields = [
        ("key", key.as_str()),
        ("seen", seen.as_str()),
        ("what", "closed"),
        ("from", on),
        ("to", on),
        ("reason", reason),
        ("do", "publish"),
    ];
    chris.post_form(&path, &fields).await.is(303);
}

async fn an_amount_that_an_editor_changes_changes_on_every_leaflet(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut chris, mut anyone) = (app.signed_in(CHRIS).await, app.visitor());
    for path in ALL {
        anyone.get(path).await.is(200).says("Setting up home allowance").says("£3,000");
    }
    for right in ["setting-up-home", "apprenticeship-bursary"] {
        set(&mut chris, right, &[("amount", "£3,141")]).await;
    }
    for path in ALL {
        let page = anyone.get(path).await;
        page.is(200).says("£3,141").says("Edition ").says("This is how it was on 24 November 2026");
        assert!(!page.text().contains("£3,000"), "{path}: an old amount stands");
    }
}

async fn a_session_that_is_closed_stands_with_its_reason_on_the_leaflet_of_its_locality_only(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut chris, mut anyone) = (app.signed_in(CHRIS).await, app.visitor());
    anyone.get("/leaflet/north").await.says("Every Monday and Thursday, 4pm to 6pm").says("Not confirmed");
    close(&mut chris, "2026-11-30", "Training day of the team").await;
    for path in ["/leaflet", "/leaflet/north"] {
        anyone.get(path).await.says("Closed Monday 30 November . Training day of the team.");
    }
    for path in ["/leaflet/central", "/leaflet/east"] {
        let page = anyone.get(path).await;
        let text = page.is(200).text();
        assert!(!text.contains("Training day") && !text.contains("Tests meet"), "{path} tells of another locality");
    }
    // Nobody knows about the bank holiday, and that is said too.
    anyone.get("/leaflet/north").await.says("Monday 28 December . Bank holiday: ask first.");
}

#[test]
fn only_what_is_in_force_and_chosen_stands_on_a_leaflet() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let (mut chris, mut anyone) = (app.signed_in(CHRIS).await, app.visitor());
        let library = app.app.content();
        let rights = &library.edition.library.entitlements;
        let chosen = rights.values().filter(|right| right.leaflet.is_some()).count();
        assert!((12..=14).contains(&chosen), "{chosen}");
        let before = anyone.get("/leaflet").await.text();
        for right in rights.values().filter(|right| right.leaflet.is_some()) {
            assert!(before.contains(&format!("<b>{}</b>", right.name)), "{} is not on the leaflet", right.slug);
        }
        for title in ["By law", "Our extra offer", "National scheme"] {
            assert!(before.contains(&format!("<h3>{title}</h3>")), "{title}");
        }
        // A number that is none is told beside its box.
        let path = "/edit/items/entitlement/advocate";
        let form = open(&mut chris, path).await;
        let wrong = [("leaflet", "first"), ("note_to_staff", "x"), ("do", "publish")];
        send(&mut chris, path, &form, &wrong).await.is(422).says("Place on the leaflet");
        // Chosen, but the law has not started.
        set(&mut chris, "staying-close", &[("leaflet", "1")]).await;
        set(&mut chris, "keep-in-touch", &[("leaflet", "2"), ("in_force", "2026-11-25")]).await;
        let page = anyone.get("/leaflet").await.text();
        assert!(!page.contains("Staying close support") && !page.contains("The council stays in touch with you"));
        // The next day one of them has; and what nobody wants on it any more is off.
        set(&mut chris, "your-file", &[("leaflet", "")]).await;
        app.wait(24 * 3_600 * 1_000_000);
        let page = anyone.get("/leaflet").await;
        page.says("The council stays in touch with you").says("This is how it was on 25 November 2026");
        assert!(!page.text().contains("See your file"));
    });
}

#[test]
fn every_leaflet_is_small_public_and_listed() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut anyone = app.visitor();
        let map = anyone.get("/sitemap.xml").await.text();
        for path in ALL {
            assert!(map.contains(&format!("<loc>{}{path}</loc>", app.origin)), "{path} is not listed");
            let page = anyone.send("GET", path, &[("accept-encoding", "br")], "").await;
            assert!(page.body.len() <= 30_000, "{path}: {} bytes", page.body.len());
            let page = anyone.get(path).await;
            page.is(200).says(&app.origin).says("999").says("Not yet confirmed by the service.");
            assert!(!page.text().contains("<script"), "{path}");
        }
        anyone.get("/leaflet/nowhere").await.is(404);
        assert!(anyone.get("/offer").await.text().contains("href=\"/leaflet\""));
        assert!(anyone.get("/drop-ins/north").await.text().contains("href=\"/leaflet/north\""));
        let plain = anyone.get("/drop-ins").await.text();
        assert!(!plain.contains("/assets/leaflet."), "another page loads the leaflet's style");
    });
}
