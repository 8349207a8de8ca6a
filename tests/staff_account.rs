//! A member of staff looks after their own sign-in: where they are signed in, name, passphrase, the app that
//! makes their codes.

use portal::signin::totp;

use crate::support::client::{PASSPHRASE, plain};
use crate::support::people::{ADA, CHRIS, OWEN, PRIYA, SAM, SUE};
use crate::support::{Engine, TestApp, block_on};

const NEW: &str = "another copper lantern orchard";

#[test]
fn staff_of_every_role_see_their_own_sign_in_and_nobody_else_s() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        for (username, other) in [(PRIYA, OWEN), (CHRIS, ADA), (ADA, CHRIS), (SUE, PRIYA)] {
            let mut client = app.signed_in(username).await;
            let page = client.get("/staff/account").await;
            page.is(200).says(username);
            assert!(!page.text().contains(other));
        }
        app.signed_in(SAM).await.get("/staff/account").await.is(404);
    });
}

#[test]
fn a_session_elsewhere_is_ended_and_only_one_s_own() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut owen = app.signed_in(OWEN).await;
        let mut elsewhere = app.signed_in(PRIYA).await;
        let mut priya = app.signed_in(PRIYA).await;
        let page = priya.get("/staff/account").await.text();
        let id = page.split("value=\"session:").nth(1).unwrap().split('"').next().unwrap().to_owned();
        owen.post_form("/staff/account", &[("do", &format!("session:{id}"))]).await.is(303);
        elsewhere.get("/work").await.is(200);
        priya.post_form("/staff/account", &[("do", &format!("session:{id}"))]).await.is(303);
        elsewhere.get("/work").await.is(303);
        priya.get("/work").await.is(200);
    });
}

#[test]
fn a_new_passphrase_or_phone_takes_a_fresh_proof_and_ends_what_was_before() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut elsewhere = app.signed_in(PRIYA).await;
        let mut priya = app.signed_in(PRIYA).await;
        app.wait(6 * portal::clock::MINUTE);
        let asked = priya.get("/staff/account/passphrase").await;
        assert_eq!((asked.status, asked.location()), (303, "/sign-in/again?next=/staff/account/passphrase"));
        priya.post_form("/staff/account/passphrase", &[("passphrase", NEW)]).await.is(401);
        priya.post_form("/sign-in/again", &[("passphrase", PASSPHRASE)]).await.is(303);
        priya.post_form("/staff/account/passphrase", &[("passphrase", NEW)]).await.is(303);
        elsewhere.get("/work").await.is(303);
        priya.get("/staff/account").await.is(200).says("Use it from the next time");
        priya
            .post_form("/staff/account/username", &[("username", OWEN)])
            .await
            .is(422)
            .says("Somebody has that username");
        priya.post_form("/staff/account/username", &[("username", "priya-new-name")]).await.is(303);
        // A new phone: the old codes are over, and the app is set up anew at the next sign-in.
        priya.post_form("/staff/account/phone", &[]).await.is(303);
        priya.get("/work").await.is(303);
        let mut again = app.visitor();
        again.post_form("/sign-in", &[("username", "priya-new-name"), ("passphrase", NEW)]).await.is(303);
        let page = again.get("/sign-in/second").await;
        page.is(200).says("Set up your codes");
        again.post_form("/sign-in/second", &[("second", &app.step())]).await.is(422);
        let words = plain(&page.text());
        let secret: String = words.split("Key: ").nth(1).unwrap().split(" Type").next().unwrap().split(' ').collect();
        let now = u64::try_from(app.clock.now().as_second()).unwrap();
        app.wait(2 * portal::clock::SECOND);
        again.post_form("/sign-in/second", &[("second", &totp::code(&secret, now).unwrap())]).await.is(303);
        again.get("/work").await.is(200);
        for what in ["change passphrase", "change username", "drop generator"] {
            let noted = format!("SELECT COUNT(*) FROM audit WHERE action = '{what}'");
            assert_eq!(app.data.raw.number(&noted).await, 1, "{what}");
        }
    });
}

#[test]
fn whoever_finds_a_weakness_is_told_where_to_say_so() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let answer = app.visitor().get("/.well-known/security.txt").await;
        let text = answer.is(200).text();
        assert!(answer.header("content-type").starts_with("text/plain"));
        assert!(text.contains(&format!("Contact: {}/feedback\n", app.origin)), "{text}");
        let expires = text.split("Expires: ").nth(1).unwrap().lines().next().unwrap();
        let expires: jiff::Timestamp = expires.parse().unwrap();
        let days = (expires.as_second() - app.clock.now().as_second()) / 86_400;
        assert!((100..365).contains(&days), "{days} days");
    });
}
