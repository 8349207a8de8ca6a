//! The way in and the way out: what a stranger can learn, how long a session lasts, what ends it,
//! and what a code is worth.

use portal::clock::{DAY, HOUR, MINUTE, SECOND};
use portal::signin::{CODE_LASTS, Lifetime, Owner};

use crate::support::client::{PASSPHRASE, hidden};
use crate::support::people::{AALIYAH, CHRIS, MORAG, PRIYA, SAM, SID};
use crate::support::{Answer, Client, Engine, TestApp, block_on, noon, on_both};

const COOKIE: &str = "__Host-sess";

async fn try_in(client: &mut Client, username: &str, passphrase: &str) -> Answer {
    client.post_form("/sign-in", &[("username", username), ("passphrase", passphrase)]).await
}

#[test]
fn a_known_and_an_unknown_name_are_answered_alike() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut visitor = app.visitor();
        let unknown = "sbm-tester-01";
        assert_eq!(unknown.len(), SAM.len());
        let before = app.data.raw.counts().await;
        // One try after another, with the same wait in front of each.
        for _ in 0..4 {
            let known = try_in(&mut visitor, SAM, "not the right words").await;
            let other = try_in(&mut visitor, unknown, "not the right words").await;
            assert_eq!((known.status, other.status), (422, 422));
            assert_eq!(known.text().replace(SAM, "NAME"), other.text().replace(unknown, "NAME"));
            let names = |answer: &Answer| answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
            assert_eq!(names(&known), names(&other));
            let waiting =
                (try_in(&mut visitor, SAM, PASSPHRASE).await, try_in(&mut visitor, unknown, PASSPHRASE).await);
            assert_eq!((waiting.0.status, waiting.1.status), (429, 429));
            assert_eq!(waiting.0.text().replace(SAM, "NAME"), waiting.1.text().replace(unknown, "NAME"));
            app.wait(5 * SECOND);
        }
        assert_eq!(app.data.raw.counts().await, before);
        assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM sign_in_delay").await, 2, "both are counted");
        let rows = app.data.raw.texts("SELECT DISTINCT actor_kind || ' ' || action FROM audit").await;
        assert_eq!(rows, ["nobody sign-in refused"], "the audit tells no more either");
    });
}

#[test]
fn wrong_tries_wait_longer_and_longer_and_a_right_one_ends_the_wait() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut visitor = app.visitor();
        let mut waits = Vec::new();
        for _ in 0..9 {
            try_in(&mut visitor, SAM, "not the right words").await.is(422);
            // Moves the clock on until a try is looked at again.
            let mut waited = 0;
            try_in(&mut visitor, SAM, "").await.is(422);
            loop {
                app.wait(SECOND);
                waited += 1;
                let until = app.data.raw.number("SELECT wait_until FROM sign_in_delay").await;
                if until <= app.clock.now().as_microsecond() {
                    break;
                }
                try_in(&mut visitor, SAM, PASSPHRASE).await.is(429).says("Too many wrong tries");
            }
            waits.push(waited);
        }
        assert!(waits.is_sorted() && waits[0] == 1 && waits[8] >= 5, "{waits:?}");
        try_in(&mut visitor, SAM, PASSPHRASE).await.is(303);
        assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM sign_in_delay").await, 0);
        // Another's tries never lock somebody out of another name.
        app.signed_in(AALIYAH).await;
    });
}

#[test]
fn a_session_ends_unused_or_at_its_limit_whichever_comes_first() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        for (name, own, lifetime, page) in [
            (SAM, "", Lifetime::SHARED, "/me"),
            (SAM, "yes", Lifetime::OWN, "/me"),
            (PRIYA, "", Lifetime::STAFF, "/work"),
            (PRIYA, "yes", Lifetime::STAFF, "/work"),
        ] {
            let enter = async || match (name, own) {
                (SAM, "") => app.on_a_shared_phone(name).await,
                _ => app.signed_in(name).await,
            };
            let mut client = enter().await;
            app.wait(lifetime.idle - 1);
            client.get(page).await.is(200);
            app.wait(lifetime.idle);
            client.get(page).await.is(303);
            // Used all the time, it ends at its limit all the same.
            let mut client = enter().await;
            let step = lifetime.idle - SECOND;
            for _ in 0..(lifetime.most / step) {
                app.wait(step);
                client.get(page).await.is(200);
            }
            app.wait(lifetime.most % step);
            client.get(page).await.is(303);
        }
    });
}

#[test]
fn a_page_that_asks_by_itself_keeps_no_session_alive() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut sam = app.on_a_shared_phone(SAM).await;
        for _ in 0..4 {
            app.wait(5 * MINUTE - SECOND);
            sam.send("GET", "/me/messages/new", &[("x-fragment", "1")], "").await.is(204);
        }
        app.wait(5 * SECOND);
        assert_ne!(sam.send("GET", "/me/messages/new", &[("x-fragment", "1")], "").await.status, 204);
        sam.get("/me").await.is(303);
    });
}

on_both! {
    a_session_is_a_random_token_of_which_only_the_hash_is_kept
    twenty_who_use_one_code_at_once_make_one_account
}

async fn a_session_is_a_random_token_of_which_only_the_hash_is_kept(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut client = app.visitor();
    let answer = try_in(&mut client, SAM, PASSPHRASE).await;
    let cookie = answer.header("set-cookie").to_owned();
    for part in ["__Host-sess=", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Max-Age") && !cookie.contains("Domain"), "a shared phone forgets it: {cookie}");
    let token = client.cookies[COOKIE].clone();
    let bytes = portal::id::unhex(&token).unwrap();
    assert_eq!(bytes.len(), 32, "256 bits");
    let kept = |bytes: &[u8]| format!("SELECT COUNT(*) FROM session WHERE token_hash = {}", app.data.raw.bytes(bytes));
    assert_eq!(app.data.raw.number(&kept(&bytes)).await, 0, "the token itself is kept");
    assert_eq!(app.data.raw.number(&kept(&portal::vault::sha256(&bytes))).await, 1);
    // One's own phone is not one's own until that is proved.
    let mut own = app.visitor();
    let answer = own.post_form("/sign-in", &[("username", SAM), ("passphrase", PASSPHRASE), ("own", "yes")]).await;
    assert!(!answer.header("set-cookie").contains("Max-Age"));
    let code = app.new_code(Owner::Person(app.world.sam)).await;
    let answer = own.post_form("/sign-in/second", &[("second", &code), ("own", "yes")]).await;
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap()).collect();
    assert!(cookies[0].starts_with("__Host-sess=") && cookies[0].contains("Max-Age=2592000"), "{cookies:?}");
    assert!(cookies[1].starts_with("__Host-device=") && cookies[1].contains("Max-Age=7776000"), "{cookies:?}");
    // A token that was not given out opens nothing, however it is written.
    for token in ["", "0", &"00".repeat(32), &token[..62], &format!("{token}00"), &"zz".repeat(32)] {
        let mut forged = app.visitor();
        forged.cookies.insert(COOKIE.into(), token.into());
        forged.get("/me").await.is(303);
    }
}

#[test]
fn signing_in_gives_a_new_token_and_the_old_one_is_refused() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut client = app.signed_in(SAM).await;
        let old = client.clone();
        client.sign_in(SAM).await;
        assert_ne!(old.cookies, client.cookies);
        client.get("/me").await.is(200);
        old.clone().get("/me").await.is(303);
        // A token that an attacker planted before the sign-in is never taken up.
        let mut fixed = app.visitor();
        fixed.cookies.insert(COOKIE.into(), "ab".repeat(32));
        fixed.sign_in(AALIYAH).await;
        assert_ne!(fixed.cookies[COOKIE], "ab".repeat(32));
    });
}

#[test]
fn signing_out_and_the_exit_button_end_the_session_for_everyone_who_has_its_token() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        for (path, to) in [("/sign-out", "/sign-out"), ("/exit", "https://www.bbc.co.uk/weather")] {
            let mut client = app.signed_in(SAM).await;
            let copy = client.clone();
            let answer = client.post_form(path, &[]).await;
            assert_eq!((answer.status, answer.location()), (303, to));
            assert!(answer.header("set-cookie").contains("Max-Age=0"));
            assert_eq!(client.cookies.keys().collect::<Vec<_>>(), ["__Host-device"], "only the phone stays known");
            copy.clone().get("/me").await.is(303);
        }
        // The button on a public page promises the same; a link on another site ends nothing.
        let mut client = app.signed_in(SAM).await;
        let mut copy = client.clone();
        client.clone().send("GET", "/exit", &[("sec-fetch-site", "cross-site")], "").await.is(303);
        copy.get("/me").await.is(200);
        client.send("GET", "/exit", &[("sec-fetch-site", "same-origin")], "").await.is(303);
        copy.get("/me").await.is(303);
        assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM session").await, 0);
    });
}

#[test]
fn a_disabled_account_or_a_raised_epoch_ends_on_the_next_request() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let owner = |id: String| format!(" WHERE owner_id = {id}");
        for (sql, back) in [
            ("UPDATE account SET state = 'disabled'", Some("UPDATE account SET state = 'active'")),
            ("UPDATE account SET epoch = epoch + 1", None),
        ] {
            let (mut sam, mut aaliyah) = (app.signed_in(SAM).await, app.signed_in(AALIYAH).await);
            sam.get("/me").await.is(200);
            let of_sam = owner(app.data.raw.id(app.world.sam));
            app.data.raw.run(&format!("{sql}{of_sam}")).await;
            sam.get("/me").await.is(303);
            aaliyah.get("/me").await.is(200);
            if let Some(back) = back {
                try_in(&mut sam, SAM, PASSPHRASE).await.is(422);
                app.wait(SECOND);
                app.data.raw.run(&format!("{back}{of_sam}")).await;
            }
        }
    });
}

#[test]
fn staff_lose_access_on_the_next_request_after_they_are_suspended_moved_or_lose_a_role() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let raw = &app.data.raw;
        let thread = format!("/work/people/{}/messages", app.world.sam);
        let mut priya = app.signed_in(PRIYA).await;
        priya.get(&thread).await.is(200);
        let of_priya = raw.id(app.world.priya);
        let moves = [
            (
                format!("UPDATE staff SET state = 'suspended' WHERE id = {of_priya}"),
                format!("UPDATE staff SET state = 'active' WHERE id = {of_priya}"),
            ),
            (
                format!("UPDATE assignment SET to_at = {} WHERE staff_id = {of_priya}", noon().as_microsecond()),
                format!("UPDATE assignment SET to_at = NULL WHERE staff_id = {of_priya}"),
            ),
            (
                format!("UPDATE staff_role SET to_at = {} WHERE staff_id = {of_priya}", noon().as_microsecond()),
                format!("UPDATE staff_role SET to_at = NULL WHERE staff_id = {of_priya}"),
            ),
        ];
        for (ends, again) in &moves {
            raw.run(ends).await;
            priya.get(&thread).await.is(404);
            priya.get(&format!("{thread}/new")).await.is(404);
            priya.post_form(&thread, &[("key", &"0".repeat(32)), ("body", "x")]).await.is(404);
            raw.run(again).await;
            priya.get(&thread).await.is(200);
        }
        let mut chris = app.signed_in(CHRIS).await;
        chris.get("/edit").await.is(200);
        raw.run(&format!("UPDATE staff SET state = 'left' WHERE id = {}", raw.id(app.world.chris))).await;
        chris.get("/edit").await.is(404);
        // One who is suspended already can sign in and sees nothing.
        let mut sid = app.signed_in(SID).await;
        for path in ["/work", "/edit", "/me", thread.as_str()] {
            sid.get(path).await.is(404);
        }
        // A young person whose record is closed.
        let mut sam = app.signed_in(SAM).await;
        raw.run(&format!("UPDATE person SET state = 'closed' WHERE id = {}", raw.id(app.world.sam))).await;
        sam.get("/me").await.is(404);
        priya.get(&thread).await.is(404);
    });
}

#[test]
fn a_sign_in_leads_back_to_where_it_was_asked_for_and_never_off_the_site() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let answer = app.visitor().get("/me/messages").await;
        assert_eq!(answer.location(), "/sign-in?next=/me/messages");
        let mut client = app.visitor();
        let page = client.get("/sign-in?next=/me/messages").await;
        assert_eq!(hidden(&page.text(), "next").unwrap(), "/me/messages");
        for (name, next, to) in [
            (SAM, "/me/messages", "/me/messages"),
            (SAM, "/work", "/me"),
            (SAM, "https://evil.example", "/me"),
            (SAM, "//evil.example/me", "/me"),
            (SAM, "/me\r\nset-cookie: a=b", "/me"),
            (PRIYA, "/me/messages", "/work"),
            (MORAG, "", "/work"),
            (CHRIS, "", "/edit"),
        ] {
            let mut client = app.visitor();
            let answer =
                client.post_form("/sign-in", &[("username", name), ("passphrase", PASSPHRASE), ("next", next)]).await;
            assert_eq!((answer.status, answer.location()), (303, to), "{name} {next:?}");
        }
    });
}

// Codes

/// The key that a page shows to be typed into a code generator.
fn secret(page: &str) -> String {
    let shown = page.split("class=\"secret\">").nth(1).unwrap().split('<').next().unwrap();
    shown.replace(' ', "")
}

/// What somebody fills in who joins with this code, born on 27 March 2008 plus so many days.
async fn join(client: &mut Client, code: &str, day: &str, username: &str) -> Answer {
    let born = if day.is_empty() { ["", "", ""] } else { [day, "3", "2008"] };
    client
        .post_form(
            "/join",
            &[
                ("code", code),
                ("born-day", born[0]),
                ("born-month", born[1]),
                ("born-year", born[2]),
                ("username", username),
                ("passphrase", "window pepper granite sailing"),
            ],
        )
        .await
}

async fn twenty_who_use_one_code_at_once_make_one_account(engine: Engine) {
    let app = TestApp::start(engine).await;
    app.data.raw.run("DELETE FROM device").await;
    app.data.raw.run(&format!("DELETE FROM account WHERE owner_id = {}", app.data.raw.id(app.world.sam))).await;
    let code = app.new_code(Owner::Person(app.world.sam)).await;
    let before = app.data.raw.number("SELECT COUNT(*) FROM account").await;
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..20 {
        let (mut client, code) = (app.visitor(), code.clone());
        tasks.spawn(async move {
            let answer = join(&mut client, &code, "27", &format!("quick-finger-{n:02}")).await;
            (answer.status, client.cookies.contains_key(COOKIE))
        });
    }
    let answers = tasks.join_all().await;
    let won = answers.iter().filter(|(status, cookie)| *status == 303 && *cookie).count();
    assert_eq!(won, 1, "{answers:?}");
    // Those who came too late are told so; with many at once some are asked to try again.
    assert!(
        answers.iter().all(|(status, cookie)| matches!((status, cookie), (303, true) | (422 | 503, false))),
        "{answers:?}"
    );
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM account").await, before + 1);
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM session").await, 1);
}

#[test]
fn five_wrong_birthdays_kill_a_code_and_are_told_like_a_wrong_code() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let code = app.new_code(Owner::Person(app.world.sam)).await;
        let mut client = app.visitor();
        let unknown = join(&mut client, "0000-0000", "26", "some-name-95").await;
        unknown.is(422);
        for _ in 0..5 {
            let wrong = join(&mut client, &code, "26", "some-name-95").await;
            wrong.is(422);
            assert_eq!(
                wrong.text().replace(&code, ""),
                unknown.text().replace("0000-0000", ""),
                "a wrong birthday tells that the code is right"
            );
        }
        join(&mut client, &code, "27", "some-name-95").await.is(422).says("do not match");
        // Without a date of birth a young person's code is worth nothing.
        let code = app.new_code(Owner::Person(app.world.sam)).await;
        join(&mut client, &code, "", "some-name-95").await.is(422);
        join(&mut client, &code, "27", "some-name-95").await.is(303);
        join(&mut client, &code, "27", "some-name-94").await.is(422);
    });
}

#[test]
fn a_code_expires_and_works_once_to_the_last_moment_however_it_is_typed() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let code = app.new_code(Owner::Person(app.world.sam)).await;
        let mut old = app.signed_in(SAM).await;
        app.wait(CODE_LASTS);
        join(&mut app.visitor(), &code, "27", "some-name-93").await.is(422);
        let code = app.new_code(Owner::Person(app.world.sam)).await;
        app.wait(CODE_LASTS - 1);
        let mut client = app.visitor();
        join(&mut client, &format!(" {} ", code.to_lowercase().replace('-', " ")), "27", "Some-Name-93").await.is(303);
        client.get("/me").await.is(200).says("Keep your username and passphrase safe");
        old.get("/me").await.is(303);
        try_in(&mut app.visitor(), SAM, PASSPHRASE).await.is(422);
        let mut again = app.visitor();
        try_in(&mut again, "some-name-93", "window pepper granite sailing").await.is(303);
    });
}

#[test]
fn a_taken_username_leaves_the_code_alive_and_offers_another() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let code = app.new_code(Owner::Person(app.world.sam)).await;
        let mut client = app.visitor();
        let answer = join(&mut client, &code, "27", AALIYAH).await;
        answer.is(422).says("Somebody has that username");
        join(&mut client, &code, "27", "some-name-92").await.is(303);
        app.signed_in(AALIYAH).await.get("/me").await.is(200);
    });
}

#[test]
fn a_member_of_staff_joins_with_their_code_and_no_date_of_birth() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let code = app.new_code(Owner::Staff(app.world.owen)).await;
        let mut client = app.visitor();
        join(&mut client, &code, "27", "owen-new-name").await.is(422);
        let answer = join(&mut client, &code, "", "owen-new-name").await;
        assert_eq!((answer.status, answer.location()), (303, "/work"));
        // Nothing opens before the code generator is set up, and its secret is shown until a first code was right.
        let page = client.get("/work").await;
        assert_eq!((page.status, page.location()), (303, "/sign-in/second?next=/work"));
        let secret = secret(&client.get("/sign-in/second").await.text());
        assert_eq!(secret, self::secret(&client.get("/sign-in/second").await.text()), "shown again, it is the same");
        let second = u64::try_from(app.clock.now().as_second()).unwrap();
        let step = portal::signin::totp::code(&secret, second).unwrap();
        client.post_form("/sign-in/second", &[("second", "000000")]).await.is(422).says("not right");
        app.wait(SECOND);
        client.post_form("/sign-in/second", &[("second", &step)]).await.is(303);
        client.get("/work/people").await.is(200).says("Aaliyahtest");
    });
}

// The longest that a session or a code may be worth anything.
const _: () = {
    assert!(Lifetime::OWN.most <= 30 * DAY && Lifetime::SHARED.most <= 2 * HOUR && Lifetime::STAFF.most <= 12 * HOUR);
    assert!(CODE_LASTS <= 3 * DAY);
};
