//! Three doors: who has only a passphrase can write and see nothing; a second proof opens the messages;
//! a fresh one opens the plan. Each proof counts once, and each door has a token of its own.

use portal::clock::{MINUTE, SECOND};
use portal::signin::store::{self as signin, KNOWN_FOR};
use portal::signin::{Owner, new_card};

use crate::support::client::{DEVICE, PASSPHRASE, device_of, hidden};
use crate::support::people::{AALIYAH, CORA, MORAG, OWEN, PRIYA, SAM};
use crate::support::{Client, Engine, TestApp, block_on, on_both};

const COOKIE: &str = "__Host-sess";

async fn second(client: &mut Client, proof: &str) -> u16 {
    client.post_form("/sign-in/second", &[("second", proof), ("next", "/me/messages")]).await.status
}

/// Gives an account a card with these words.
async fn card(app: &TestApp, username: &str) -> String {
    let words = new_card().unwrap();
    let mut db = app.data.db.read().await.unwrap();
    let account = signin::account(&mut db, &app.data.vault, username).await.unwrap().unwrap();
    drop(db);
    let at = app.clock.now();
    app.data
        .db
        .write((app.data.vault.clone(), words.clone()), move |tx, (vault, words)| {
            Box::pin(async move { signin::set_card(tx, vault, account.id, words, at).await })
        })
        .await
        .unwrap();
    words
}

#[test]
fn at_the_first_door_one_can_write_and_see_nothing_but_this_visit() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut known = app.signed_in(SAM).await;
        known.write_message("/me/messages", "written long before").await.is(303);
        let mut priya = app.signed_in(PRIYA).await;
        priya.write_message(&format!("/work/people/{}/messages", app.world.sam), "an answer of hers").await.is(303);
        app.wait(SECOND);
        let mut sam = app.at_first_door(SAM).await;
        sam.write_message("/me/messages", "I am outside the flat").await.is(303);
        let (home, page) = (sam.get("/me").await, sam.get("/me/messages").await);
        page.is(200).says("I am outside the flat").says("Saved");
        for told in ["written long before", "an answer of hers", "Priya", "Samtest", "Whittletest", "North"] {
            assert!(!page.text().contains(told) && !home.is(200).text().contains(told), "the first door tells {told}");
        }
        for (path, way) in [("/me/plan", "/sign-in/second?next=/me/plan"), ("/me/messages/new", "/sign-in/second")] {
            let answer = sam.get(path).await;
            assert!(answer.status == 303 && answer.location().starts_with(way), "{path}: {}", answer.location());
        }
        // It came through all the same, with the rest.
        known.get("/me/messages").await.says("I am outside the flat").says("written long before");
        // A later visit at the first door does not show it either.
        app.wait(SECOND);
        let again = app.at_first_door(SAM).await.get("/me/messages").await;
        assert!(!again.text().contains("outside the flat"));
    });
}

on_both! {
    a_code_or_a_card_opens_the_second_door_once_and_only_its_own
    of_a_hundred_who_use_one_code_at_once_one_wins
}

async fn a_code_or_a_card_opens_the_second_door_once_and_only_its_own(engine: Engine) {
    let app = TestApp::start(engine).await;
    let code = app.new_code(Owner::Person(app.world.sam)).await;
    let mut aaliyah = app.at_first_door(AALIYAH).await;
    assert_eq!(second(&mut aaliyah, &code).await, 422, "another's code");
    app.wait(MINUTE);
    let mut sam = app.at_first_door(SAM).await;
    let before = sam.clone();
    let answer = sam.post_form("/sign-in/second", &[("second", &code), ("next", "/me/messages")]).await;
    assert_eq!((answer.status, answer.location()), (303, "/me/messages"));
    assert_ne!(before.cookies[COOKIE], sam.cookies[COOKIE], "a new token for each door");
    assert_eq!(before.clone().get("/me").await.status, 303, "the old one opens nothing");
    assert!(!sam.cookies.contains_key(DEVICE), "a phone that others use is not made known");
    sam.get("/me/plan").await.is(200);
    let mut late = app.at_first_door(SAM).await;
    assert_eq!(second(&mut late, &code).await, 422, "used up");
    app.wait(MINUTE);
    let words = card(&app, SAM).await;
    let typed = format!("  {} ", words.to_uppercase().replace(' ', ", "));
    assert_eq!(second(&mut late, &typed).await, 303, "however it is typed");
    let mut other = app.at_first_door(SAM).await;
    assert_eq!(second(&mut other, &words).await, 422, "a card counts once");
}

async fn of_a_hundred_who_use_one_code_at_once_one_wins(engine: Engine) {
    let app = TestApp::start(engine).await;
    let code = app.new_code(Owner::Person(app.world.sam)).await;
    let client = app.at_first_door(SAM).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let (mut client, code) = (client.clone(), code.clone());
        tasks.spawn(async move { second(&mut client, &code).await });
    }
    let answers = tasks.join_all().await;
    let won = answers.iter().filter(|status| **status == 303).count();
    let codes = app.data.raw.number("SELECT COUNT(*) FROM sign_in_code WHERE ended_at IS NOT NULL AND tries = 1").await;
    let proved = app.data.raw.number("SELECT COUNT(*) FROM audit WHERE action = 'prove by code'").await;
    assert_eq!((codes, proved), (1, 1), "{answers:?}");
    // Those behind the winner may be led on by the session that the winner opened; none opened another.
    assert!(won >= 1 && answers.iter().all(|status| [303, 401, 422, 429, 503].contains(status)), "{answers:?}");
}

#[test]
fn many_who_sign_in_at_once_with_a_device_of_theirs_keep_nobody_waiting() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..12u8 {
            let mut client = app.visitor();
            client.cookies.insert(DEVICE.into(), portal::id::hex(&[n; 32]));
            tasks.spawn(async move {
                let username = format!("nobody-at-all-{n}");
                client.post_form("/sign-in", &[("username", &*username), ("passphrase", "not this one")]).await.status
            });
        }
        assert!(tasks.join_all().await.iter().all(|status| *status == 422));
    });
}

#[test]
fn a_proof_is_fresh_for_a_quarter_of_an_hour_to_the_microsecond() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut sam = app.signed_in(SAM).await;
        app.wait(15 * MINUTE - 1);
        sam.get("/me/plan").await.is(200);
        app.wait(1);
        let answer = sam.get("/me/plan").await;
        assert_eq!((answer.status, answer.location()), (303, "/sign-in/again?next=/me/plan"));
        sam.get("/me/messages").await.is(200);
        let page = sam.get("/sign-in/again?next=/me/plan").await;
        assert_eq!(hidden(&page.text(), "next").unwrap(), "/me/plan");
        let before = sam.clone();
        let again = [("passphrase", "not the right words"), ("next", "/me/plan")];
        sam.post_form("/sign-in/again", &again).await.is(422).says("not your passphrase");
        sam.get("/me/plan").await.is(303);
        app.wait(SECOND);
        let answer = sam.post_form("/sign-in/again", &[("passphrase", PASSPHRASE), ("next", "/me/plan")]).await;
        assert_eq!((answer.status, answer.location()), (303, "/me/plan"));
        assert_ne!(before.cookies[COOKIE], sam.cookies[COOKIE]);
        assert_eq!(before.clone().get("/me").await.status, 303);
        sam.get("/me/plan").await.is(200);
    });
}

#[test]
fn a_known_device_waits_for_nobody_s_guesses_and_is_forgotten_after_90_days() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut stranger = app.visitor();
        for _ in 0..12 {
            let fields = [("username", SAM), ("passphrase", "a guess of somebody's")];
            assert!([422, 429].contains(&stranger.post_form("/sign-in", &fields).await.status));
            app.wait(5 * SECOND);
        }
        stranger.post_form("/sign-in", &[("username", SAM), ("passphrase", "a guess of somebody's")]).await;
        let fields = [("username", SAM), ("passphrase", PASSPHRASE)];
        stranger.post_form("/sign-in", &fields).await.is(429);
        // Their own phone lets them in at once. A device of another account's is none.
        let mut other = app.visitor();
        other.cookies.insert(DEVICE.into(), portal::id::hex(&device_of(AALIYAH)));
        other.post_form("/sign-in", &fields).await.is(429);
        app.signed_in(SAM).await.get("/me/plan").await.is(200);
        // Each sign-in makes it known for as long again.
        app.wait(KNOWN_FOR - 1);
        app.signed_in(SAM).await.get("/me/plan").await.is(200);
        app.wait(KNOWN_FOR);
        let mut late = app.visitor();
        late.sign_in(SAM).await;
        late.get("/me/plan").await.is(303);
    });
}

#[test]
fn a_code_of_a_generator_counts_once_however_it_is_typed_and_after_a_failed_sign_in_too() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let step = app.step();
        let mut first = app.at_first_door(PRIYA).await;
        first.get("/work").await.is(303);
        first.post_form("/sign-in/second", &[("second", &step)]).await.is(303);
        first.get("/work").await.is(200);
        let padded = format!(" {} {} ", &step[..3], &step[3..]);
        for typed in [step.as_str(), padded.as_str()] {
            let mut again = app.at_first_door(PRIYA).await;
            again.post_form("/sign-in/second", &[("second", typed)]).await.is(422);
            again.get("/work").await.is(303);
            app.wait(SECOND);
        }
        // The code before it is older: it does not count either, though the clock would allow it.
        let second = u64::try_from(app.clock.now().as_second()).unwrap() - 30;
        let old = portal::signin::totp::code(crate::support::people::SECRET, second).unwrap();
        app.wait(3 * SECOND);
        app.at_first_door(PRIYA).await.post_form("/sign-in/second", &[("second", &old)]).await.is(422);
        app.wait(MINUTE);
        let mut later = app.at_first_door(PRIYA).await;
        let step = app.step();
        later.post_form("/sign-in", &[("username", PRIYA), ("passphrase", "not the right words")]).await.is(422);
        later.post_form("/sign-in/second", &[("second", &step)]).await.is(303);
    });
}

#[test]
fn a_card_gives_a_new_passphrase_and_ends_everything_of_before() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut before = app.signed_in(SAM).await;
        let words = card(&app, SAM).await;
        let fields = |words: &str, name: &str| {
            [
                ("username", name.to_owned()),
                ("card", words.to_owned()),
                ("passphrase", "window pepper granite sailing".into()),
            ]
        };
        let send = async |client: &mut Client, words: &str, name: &str| {
            let fields = fields(words, name);
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            client.post_form("/recover/card", &fields).await
        };
        let mut thief = app.visitor();
        let wrong = send(&mut thief, "six words that are not hers", SAM).await;
        let unknown = send(&mut thief, "six words that are not hers", "sbm-tester-01").await;
        assert_eq!((wrong.status, unknown.status), (422, 422));
        assert_eq!(wrong.text().replace(SAM, "NAME"), unknown.text().replace("sbm-tester-01", "NAME"));
        app.wait(MINUTE);
        let mut sam = app.visitor();
        let answer = send(&mut sam, &words, SAM).await;
        assert_eq!((answer.status, answer.location()), (303, "/me"));
        sam.get("/me/plan").await.is(200);
        before.get("/me").await.is(303);
        let mut old = app.visitor();
        old.post_form("/sign-in", &[("username", SAM), ("passphrase", PASSPHRASE)]).await.is(422);
        app.wait(MINUTE);
        // The phone that was known is known no more.
        let mut phone = app.visitor();
        phone.cookies.insert(DEVICE.into(), portal::id::hex(&device_of(SAM)));
        let now = [("username", SAM), ("passphrase", "window pepper granite sailing")];
        phone.post_form("/sign-in", &now).await.is(303);
        phone.get("/me/plan").await.is(303);
        assert_eq!(send(&mut app.visitor(), &words, SAM).await.status, 422, "a card counts once");
    });
}

#[test]
fn what_was_typed_when_a_session_had_ended_comes_along_through_the_sign_in() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut sam = app.signed_in(SAM).await;
        let key = sam.get("/me/messages").await.key();
        sam.cookies.remove(COOKIE);
        let words = "a long message \u{1f600}\n with \"marks\" & more";
        let page = sam.post_form("/me/messages", &[("key", &key), ("body", words)]).await;
        page.is(401).says("Sign in here and they come with you");
        let draft = page.text();
        let draft = hidden(&draft, "draft").unwrap().replace("&quot;", "\"").replace("&amp;", "&");
        let next = hidden(&page.text(), "next").unwrap();
        let fields = [("username", SAM), ("passphrase", PASSPHRASE), ("next", &next), ("draft", &draft)];
        let answer = sam.post_form("/sign-in", &fields).await;
        assert_eq!((answer.status, answer.location()), (303, "/me/messages"));
        let page = sam.get("/me/messages").await;
        assert!(page.text().contains("a long message \u{1f600}"), "the words stand in the box");
        assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM message").await, 0, "nothing was sent by itself");
        // Sent, they are gone; left alone, they go by themselves.
        sam.post_form("/me/messages", &[("key", &page.key()), ("body", words)]).await.is(303);
        assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM draft").await, 0);
        sam.post_form("/sign-in", &fields).await.is(303);
        app.wait(signin::DRAFT_LASTS);
        assert!(!sam.get("/me/messages").await.text().contains("</textarea>a long"));
        let box_of = sam.get("/me/messages").await.text();
        let typed = box_of.split("<textarea").nth(1).unwrap().split("</textarea>").next().unwrap().to_owned();
        assert!(!typed.contains("a long message"), "{typed}");
    });
}

/// What is typed in a form: the names of its fields, and what stands in them.
type Typed = Vec<(&'static str, String)>;

/// Forms that keep no draft while one types: who types, on which page, and what.
fn typed_elsewhere(app: &TestApp) -> Vec<(&'static str, String, Typed)> {
    let sam = format!("/work/people/{}", app.world.sam);
    let text = |name: &'static str, words: &str| (name, words.to_owned());
    let spell = |value| {
        let rest = [text("what", "new"), text("from", "2026-11-01"), text("detail", "kept on the way")];
        [vec![text("value", value)], rest.to_vec()].concat()
    };
    vec![
        (SAM, "/me/about".to_owned(), vec![text("about", "kept on the way")]),
        (
            PRIYA,
            format!("{sam}/home"),
            [spell("own-tenancy"), vec![text("provided", "yes"), text("suitable", "no")]].concat(),
        ),
        (PRIYA, format!("{sam}/day"), spell("work")),
        (PRIYA, "/work/templates".to_owned(), vec![text("name", "Mine"), text("body", "kept on the way")]),
    ]
}

#[test]
fn what_was_typed_on_pages_that_keep_no_draft_comes_along_too_and_is_gone_once_it_is_saved() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        for (who, path, typed) in typed_elsewhere(&app) {
            let mut client = app.signed_in(who).await;
            let page = client.get(&path).await.is(200).text();
            let place = hidden(&page, "place").unwrap();
            assert_eq!(place, path);
            let key = hidden(&page, "key").unwrap_or_default();
            client.cookies.remove(COOKIE);
            let mut form: Vec<_> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
            form.push(("place", &place));
            if !key.is_empty() {
                form.push(("key", &key));
            }
            let page = client.post_form(&path, &form).await.is(401).text();
            let draft = hidden(&page, "draft").unwrap().replace("&amp;", "&");
            let fields = [("username", who), ("passphrase", PASSPHRASE), ("next", &path), ("draft", &draft)];
            let answer = client.post_form("/sign-in", &fields).await;
            assert_eq!((answer.status, answer.location()), (303, path.as_str()), "{path}");
            if client.get("/sign-in/second").await.status == 200 {
                app.prove(&mut client).await;
            }
            let page = client.get(&path).await.is(200).text();
            assert!(page.contains("kept on the way") && page.contains("You typed this before"), "{path}");
            for (name, value) in &typed {
                let input = page.split('<').find(|tag| {
                    tag.contains(&format!("name=\"{name}\"")) && tag.contains(&format!("value=\"{value}\""))
                });
                let radio = input.is_some_and(|input| input.contains("radio"));
                let chosen = input.is_some_and(|input| !radio || input.contains(" checked"));
                assert!(chosen || page.contains(&format!("{value}</textarea>")), "{path}: {name} came along");
            }
            client.post_form(&path, &form).await.is(303);
            let left = app.data.raw.number("SELECT COUNT(*) FROM draft").await;
            assert_eq!(left, 0, "{path}");
            assert!(!client.get(&path).await.text().contains("You typed this before"), "{path}");
        }
    });
}

#[test]
fn a_record_opens_for_a_reason_for_an_hour_and_everybody_concerned_is_told() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut owen = app.signed_in(OWEN).await;
        let whom = [("name", "Samuel Whittletest"), ("born-day", "27"), ("born-month", "3"), ("born-year", "2008")];
        let page = format!("/work/people/{}", app.world.sam);
        owen.get(&page).await.is(404);
        owen.post_form("/work/find", &whom).await.is(200).says("You do not work with this person");
        owen.get(&page).await.is(404);
        let with = |reason: &'static str| [&whom[..], &[("reason", reason)]].concat();
        owen.post_form("/work/find/open", &with("no")).await.is(422).says("a little more");
        let answer = owen.post_form("/work/find/open", &with("He is on the phone and Priya is away")).await;
        assert_eq!((answer.status, answer.location()), (303, page.as_str()));
        owen.get(&page).await.is(200).says("You opened this record with a reason");
        owen.get(&format!("{page}/messages")).await.is(200);
        // Reading is one thing, writing in somebody's name another.
        let key = "2".repeat(32);
        owen.post_form(&format!("{page}/messages"), &[("key", &key), ("body", "hello")]).await.is(404);
        app.deliver().await;
        let sent = std::fs::read_dir(&app.mail).unwrap().count();
        assert_eq!(sent, 1, "the manager has a notice");
        app.signed_in(MORAG)
            .await
            .get("/work")
            .await
            .says("Owen Parrytest")
            .says("He is on the phone and Priya is away");
        let mut sam = app.signed_in(SAM).await;
        sam.get("/me/record")
            .await
            .is(200)
            .says("He is on the phone and Priya is away")
            .says("Owen Parrytest, does not work with you, read your messages");
        app.wait(portal::work::acts::GLASS_LASTS);
        owen = app.signed_in(OWEN).await;
        owen.get(&page).await.is(404);
        // Whoever works with them needs no reason, and leaves no such trace.
        let answer = app.signed_in(PRIYA).await.post_form("/work/find", &whom).await;
        assert_eq!((answer.status, answer.location()), (303, page.as_str()));
        // Nobody is told who is not there; that they were looked for is written down.
        let unknown = [("name", "Nobody Atall"), ("born-day", "27"), ("born-month", "3"), ("born-year", "2008")];
        owen.post_form("/work/find", &unknown).await.is(422).says("Nobody here has this name");
        // Nor at the second step, nor when no reason was needed.
        let reason = [("reason", "They are on the phone now")];
        let answer = owen.post_form("/work/find/open", &[&unknown[..], &reason].concat()).await;
        answer.is(422).says("Nobody here has this name");
        app.signed_in(PRIYA).await.post_form("/work/find/open", &[&whom[..], &reason].concat()).await.is(303);
        let looked = app.data.raw.number("SELECT COUNT(*) FROM audit WHERE action = 'look up'").await;
        assert_eq!(looked, 5);
    });
}

#[test]
fn under_a_safety_flag_a_code_needs_two_workers_and_no_notice_goes_out() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        app.data
            .raw
            .run(&format!("UPDATE person SET safety_flag = TRUE WHERE id = {}", app.data.raw.id(app.world.sam)))
            .await;
        let page = format!("/work/people/{}", app.world.sam);
        let mut priya = app.signed_in(PRIYA).await;
        let given = priya.post_form(&format!("{page}/code"), &[("known", "call_back"), ("way", "read")]).await;
        given.is(200).says("It does not work yet");
        let html = given.text();
        let code = html.split("class=\"secret\"").nth(1).unwrap().split("<strong>").nth(1).unwrap()[..9].to_owned();
        let join = async |client: &mut Client| {
            let fields = [
                ("code", code.as_str()),
                ("born-day", "27"),
                ("born-month", "3"),
                ("born-year", "2008"),
                ("username", "other-name-33"),
                ("passphrase", "window pepper granite sailing"),
            ];
            client.post_form("/join", &fields).await.status
        };
        let mut sam = app.visitor();
        assert_eq!(join(&mut sam).await, 422);
        assert!(!priya.get(&page).await.text().contains("/code/approve"), "nobody says yes to their own");
        let mut cora = app.signed_in(CORA).await;
        let asked = cora.get(&page).await;
        asked.says("Priya Nairtest gave a code");
        let id = hidden(&asked.text(), "code").unwrap();
        priya.post_form(&format!("{page}/code/approve"), &[("code", &id)]).await.is(303);
        assert_eq!(join(&mut sam).await, 422, "her own yes counts for nothing");
        cora.post_form(&format!("{page}/code/approve"), &[("code", &id)]).await.is(303);
        assert_eq!(join(&mut sam).await, 303);
        sam.get("/me/account").await.says("Your sign-in was reset").says("with a code from Priya Nairtest");
        app.deliver().await;
        let sent = std::fs::read_dir(&app.mail).map_or(0, Iterator::count);
        assert_eq!(sent, 0, "under the flag nothing goes out");
    });
}

#[test]
fn a_reset_without_a_flag_is_told_by_notice_and_ends_every_other_way_in() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut old = app.signed_in(SAM).await;
        let code = app.new_code(Owner::Person(app.world.sam)).await;
        let fields = [
            ("code", code.as_str()),
            ("born-day", "27"),
            ("born-month", "3"),
            ("born-year", "2008"),
            ("username", SAM),
            ("passphrase", "window pepper granite sailing"),
        ];
        app.visitor().post_form("/join", &fields).await.is(303);
        old.get("/me").await.is(303);
        app.deliver().await;
        let mail: Vec<_> = std::fs::read_dir(&app.mail)
            .unwrap()
            .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
            .collect();
        assert_eq!(mail.len(), 1);
        assert!(mail[0].contains("sign-in") && !mail[0].contains("http") && !mail[0].contains("care"), "{}", mail[0]);
    });
}

#[test]
fn where_somebody_is_signed_in_is_listed_and_can_be_ended_and_nobody_else_s_can() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let (mut here, mut there) = (app.signed_in(SAM).await, app.signed_in(SAM).await);
        let mut aaliyah = app.signed_in(AALIYAH).await;
        let hers = aaliyah.get("/me/account").await.text();
        let page = here.get("/me/account").await;
        page.is(200).says("this one").says(SAM);
        let button = |html: &str| {
            let found = html.split("value=\"session:").nth(1);
            found.map(|rest| format!("session:{}", rest.split('"').next().unwrap()))
        };
        assert!(button(&hers).is_none(), "nowhere else");
        let theirs = button(&page.text()).unwrap();
        aaliyah.post_form("/me/account", &[("do", &theirs)]).await.is(303);
        there.get("/me").await.is(200);
        here.post_form("/me/account", &[("do", &theirs)]).await.is(303);
        there.get("/me").await.is(303);
        here.get("/me").await.is(200);
        let mut again = app.signed_in(SAM).await;
        let fields = [("passphrase", "window pepper granite sailing")];
        here.post_form("/me/account/passphrase", &fields).await.is(303);
        again.get("/me").await.is(303);
        here.get("/me/account").await.is(200).says("Saved");
        here.post_form("/me/account/username", &[("username", AALIYAH)])
            .await
            .is(422)
            .says("Somebody has that username");
        here.post_form("/me/account/username", &[("username", "plain-river-55")]).await.is(303);
        let now = [("username", "plain-river-55"), ("passphrase", "window pepper granite sailing")];
        app.visitor().post_form("/sign-in", &now).await.is(303);
    });
}
