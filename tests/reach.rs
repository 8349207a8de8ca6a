//! How somebody is reached outside of here: an address counts when a code proved it, nothing goes where or
//! when it is not wanted, and a sent code leads back in without ever opening the last door by itself.

use portal::clock::{DAY, HOUR, MINUTE};
use portal::people::{CONFIRMED_FOR, SENT_LASTS};
use portal::signin::Owner;

use crate::support::client::{Answer, PASSPHRASE};
use crate::support::people::{AALIYAH, MORAG, OWEN, PRIYA, SAM};
use crate::support::{Client, Engine, TestApp, block_on, on_both};

const NEW: &str = "another copper lantern orchard";

/// Every mail that was written, by whom it is to.
async fn mails(app: &TestApp) -> Vec<(String, String)> {
    app.deliver().await;
    let Ok(files) = std::fs::read_dir(&app.mail) else { return Vec::new() };
    let mails = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let to = |mail: &str| mail.lines().find_map(|line| line.strip_prefix("To: ")).unwrap().trim().to_owned();
    mails.map(|mail| (to(&mail), mail)).collect()
}

/// Takes the mails away that were read.
fn read(app: &TestApp) {
    _ = std::fs::remove_dir_all(&app.mail);
}

/// The code in the one mail that was sent.
async fn code_sent(app: &TestApp, to: &str) -> String {
    let mails = mails(app).await;
    read(app);
    let [(address, mail)] = &mails[..] else { panic!("{} mails and not one", mails.len()) };
    assert_eq!(address, to);
    let digits = mail.split(" is ").nth(1).unwrap();
    digits.chars().take_while(char::is_ascii_digit).collect()
}

/// Another code than this one.
fn wrong(code: &str) -> String {
    let first = if code.starts_with('1') { "2" } else { "1" };
    format!("{first}{}", &code[1..])
}

/// Adds an address and gives where its page is.
async fn add(client: &mut Client, value: &str) -> String {
    let answer = client.post_form("/me/account/reach", &[("do", "add"), ("value", value)]).await;
    answer.is(303).location().to_owned()
}

async fn way_back(client: &mut Client, username: &str) -> Answer {
    client.post_form("/recover/sent", &[("username", username)]).await
}

async fn come_back(client: &mut Client, username: &str, code: &str) -> Answer {
    let fields = [("username", username), ("code", code), ("passphrase", NEW)];
    client.post_form("/recover/sent/code", &fields).await
}

#[test]
fn an_address_counts_once_the_code_that_was_sent_there_is_typed() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut sam = app.signed_in(SAM).await;
        let page = add(&mut sam, "Own@Young.Invalid").await;
        sam.get(&page).await.is(200).says("own@young.invalid").says("Not confirmed yet");
        let code = code_sent(&app, "own@young.invalid").await;
        sam.post_form(&page, &[("do", "confirm"), ("code", "12345")]).await.is(422).says("The code has 8 numbers");
        sam.post_form(&page, &[("do", "confirm"), ("code", &wrong(&code))]).await.is(422).says("not the code we sent");
        // Of another address of hers it is the wrong one too.
        let other = add(&mut sam, "second@young.invalid").await;
        let second = code_sent(&app, "second@young.invalid").await;
        sam.post_form(&page, &[("do", "confirm"), ("code", &second)]).await.is(422);
        let spaced = format!("{} {}", &second[..4], &second[4..]);
        sam.post_form(&other, &[("do", "confirm"), ("code", &spaced)]).await.is(303);
        sam.get("/me/account/reach").await.says("second@young.invalid Confirmed on");
        sam.post_form(&other, &[("do", "confirm"), ("code", &second)]).await.is(422);
        // Somebody else's is not there.
        let mut aaliyah = app.signed_in(AALIYAH).await;
        aaliyah.get(&other).await.is(404);
        for what in ["confirm", "send", "on", "off", "remove"] {
            aaliyah.post_form(&other, &[("do", what), ("code", &second)]).await.is(404);
        }
        // After ninety days it lapses: numbers and addresses come to belong to others.
        app.wait(CONFIRMED_FOR / 2);
        app.signed_in(SAM).await;
        app.wait(CONFIRMED_FOR / 2);
        let mut sam = app.signed_in(SAM).await;
        sam.get("/me/account/reach").await.says("confirm it again");
    });
}

#[test]
fn a_sent_code_dies_after_ten_minutes_or_five_wrong_tries() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut sam = app.signed_in(SAM).await;
        let page = add(&mut sam, "own@young.invalid").await;
        let old = code_sent(&app, "own@young.invalid").await;
        sam.post_form(&page, &[("do", "send")]).await.is(303);
        let tried = code_sent(&app, "own@young.invalid").await;
        assert_ne!(old, tried);
        for _ in 0..5 {
            sam.post_form(&page, &[("do", "confirm"), ("code", &wrong(&tried))]).await.is(422);
        }
        // Wrong tries count against each that is alive.
        sam.post_form(&page, &[("do", "confirm"), ("code", &old)]).await.is(422);
        sam.post_form(&page, &[("do", "confirm"), ("code", &tried)]).await.is(422).says("tried too often");
        sam.post_form(&page, &[("do", "send")]).await.is(303);
        let late = code_sent(&app, "own@young.invalid").await;
        app.wait(SENT_LASTS);
        sam = app.signed_in(SAM).await;
        sam.post_form(&page, &[("do", "confirm"), ("code", &late)]).await.is(422).says("too old");
        // One that waited too long in the outbox is not sent any more.
        sam.post_form(&page, &[("do", "send")]).await.is(303);
        app.wait(SENT_LASTS);
        assert!(mails(&app).await.is_empty());
        sam = app.signed_in(SAM).await;
        sam.post_form(&page, &[("do", "send")]).await.is(303);
        sam.post_form(&page, &[("do", "send")]).await.is(303);
        sam.get(&page).await.says("No code was sent: you asked for 5 in the last hour");
    });
}

on_both! {
    a_sent_code_leads_back_in_once_and_never_to_the_last_door_alone
    a_notice_waits_for_the_end_of_quiet_and_goes_to_every_address_when_the_sign_in_changed
    a_flag_set_after_a_notice_was_written_stops_it_and_every_code
}

async fn a_sent_code_leads_back_in_once_and_never_to_the_last_door_alone(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut before = app.signed_in(SAM).await;
    let mut visitor = app.visitor();
    way_back(&mut visitor, SAM).await.is(303);
    visitor.get("/recover/sent/code").await.is(200).says("Type your code");
    let code = code_sent(&app, &format!("{SAM}@young.invalid")).await;
    come_back(&mut visitor, SAM, &wrong(&code)).await.is(422).says("do not match");
    app.wait(MINUTE);
    come_back(&mut visitor, AALIYAH, &code).await.is(422);
    come_back(&mut visitor, SAM, &code).await.is(303);
    before.get("/me").await.is(303);
    visitor.get("/me/messages").await.is(200);
    for page in ["/me/plan", "/me/account/passphrase", "/me/account/reach"] {
        let answer = visitor.get(page).await;
        assert_eq!((answer.status, answer.location()), (303, format!("/sign-in/second?next={page}").as_str()));
    }
    visitor.get("/me/account").await.says("with a code that we sent to your email address");
    // Nor does the passphrase that they chose a moment ago, here or at the next sign-in.
    visitor.post_form("/sign-in/again", &[("passphrase", NEW), ("next", "/me/plan")]).await.is(303);
    visitor.get("/me/plan").await.is(303);
    visitor.get("/sign-in/second").await.says("You came back with a code we sent");
    // Nor can whoever came in so make the notice of it go away.
    visitor.post_form("/me/account", &[("do", "notice")]).await.is(401);
    // A second sent code is the same road.
    visitor.post_form("/sign-in/second", &[("do", "send")]).await.is(422);
    assert!(mails(&app).await.iter().all(|(_, mail)| !mail.contains("Your code for")));
    let mut again = app.visitor();
    again.post_form("/sign-in", &[("username", SAM), ("passphrase", NEW)]).await.is(303);
    again.get("/me/plan").await.is(303);
    // It counts once.
    come_back(&mut app.visitor(), SAM, &code).await.is(422);
    // A code from a worker is another road: from now on everything is as before.
    let given = app.new_code(Owner::Person(app.world.sam)).await;
    visitor.post_form("/sign-in/second", &[("second", &given), ("next", "/me/plan")]).await.is(303);
    visitor.get("/me/plan").await.is(200);
}

#[test]
fn who_has_a_passphrase_and_an_address_needs_no_worker_for_the_second_door() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut sam = app.at_first_door(SAM).await;
        let page = sam.post_form("/sign-in/second", &[("do", "send"), ("next", "/me/messages")]).await;
        page.is(200).says("a code is on its way");
        let code = code_sent(&app, &format!("{SAM}@young.invalid")).await;
        // Somebody else's code, though sent a moment ago, opens nothing.
        let mut aaliyah = app.at_first_door(AALIYAH).await;
        aaliyah.post_form("/sign-in/second", &[("second", &code)]).await.is(422);
        let answer = sam.post_form("/sign-in/second", &[("second", &code), ("next", "/me/messages")]).await;
        assert_eq!((answer.status, answer.location()), (303, "/me/messages"));
        sam.get("/me/plan").await.is(200);
        // Who has no address is told the same.
        app.data.raw.run("UPDATE contact_point SET ended_at = 1").await;
        let mut without = app.at_first_door(AALIYAH).await;
        without.post_form("/sign-in/second", &[("do", "send")]).await.is(200).says("a code is on its way");
        assert!(mails(&app).await.is_empty());
    });
}

#[test]
fn asking_for_a_way_back_tells_nobody_whether_there_is_one() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        app.data.raw.run("UPDATE contact_point SET ended_at = 1 WHERE id IN (SELECT c.id FROM contact_point c JOIN person p ON p.id = c.owner_id WHERE p.born_on = '2005-09-02')").await;
        let names = |answer: &Answer| {
            let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
            names.sort();
            (answer.status, answer.location().to_owned(), names, answer.text())
        };
        let known = way_back(&mut app.visitor(), SAM).await;
        // No address, a worker, nobody: the same page, headers and rows.
        for username in [AALIYAH, PRIYA, "nobody-here-99"] {
            let before = app.data.raw.counts().await;
            let other = way_back(&mut app.visitor(), username).await;
            assert_eq!(names(&known), names(&other), "{username}");
            let after = app.data.raw.counts().await;
            assert_eq!(after["sent_code"], before["sent_code"] + 1, "{username}");
            assert_eq!(after["outbox"], before["outbox"] + 1, "{username}");
            let wrong = come_back(&mut app.visitor(), username, "12345678").await;
            wrong.is(422).says("do not match");
        }
        assert_eq!(mails(&app).await.len(), 1);
        // The sixth in an hour is answered like the first and sends nothing.
        read(&app);
        for _ in 0..6 {
            let again = way_back(&mut app.visitor(), SAM).await;
            assert_eq!(names(&known), names(&again));
        }
        assert!(mails(&app).await.len() <= 4);
        assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM sent_code WHERE contact_id IS NOT NULL").await, 5);
    });
}

async fn a_notice_waits_for_the_end_of_quiet_and_goes_to_every_address_when_the_sign_in_changed(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut sam = app.signed_in(SAM).await;
    let page = add(&mut sam, "own@young.invalid").await;
    let code = code_sent(&app, "own@young.invalid").await;
    sam.post_form(&page, &[("do", "confirm"), ("code", &code)]).await.is(303);
    // A new way to reach her is told where she was reached before, too.
    assert_eq!(mails(&app).await.len(), 2);
    read(&app);
    // Noon is in the quiet hours that she wants.
    let quiet = [("do", "quiet"), ("from", "11:00"), ("to", "14:00")];
    sam.post_form("/me/account/reach", &quiet).await.is(303);
    sam.get("/me/account/reach").await.says("nothing from 11am to 2pm");
    let mut priya = app.signed_in(PRIYA).await;
    priya.write_message(&format!("/work/people/{}/messages", app.world.sam), "hello").await.is(303);
    assert!(mails(&app).await.is_empty(), "it is quiet");
    app.wait(HOUR);
    assert!(mails(&app).await.is_empty(), "it is still quiet");
    // What comes meanwhile is told by the same one.
    priya = app.signed_in(PRIYA).await;
    priya.write_message(&format!("/work/people/{}/messages", app.world.sam), "and another").await.is(303);
    assert!(mails(&app).await.is_empty());
    app.wait(HOUR);
    let first = mails(&app).await;
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].0, "own@young.invalid", "to the address that was confirmed last");
    read(&app);
    // Not where she does not want it.
    sam = app.signed_in(SAM).await;
    sam.post_form(&page, &[("do", "off")]).await.is(303);
    sam.get(&page).await.says("We do not contact you here");
    app.wait(HOUR);
    priya = app.signed_in(PRIYA).await;
    priya.write_message(&format!("/work/people/{}/messages", app.world.sam), "hello again").await.is(303);
    let second = mails(&app).await;
    assert_eq!(second.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>(), [format!("{SAM}@young.invalid")]);
    read(&app);
    sam = app.signed_in(SAM).await;
    sam.post_form(&page, &[("do", "on")]).await.is(303);
    // Somebody opens the account again with a code: every address is told.
    let given = app.new_code(Owner::Person(app.world.sam)).await;
    let join = [
        ("code", given.as_str()),
        ("born-day", "27"),
        ("born-month", "3"),
        ("born-year", "2008"),
        ("username", SAM),
        ("passphrase", NEW),
    ];
    app.visitor().post_form("/join", &join).await.is(303);
    let mut told: Vec<_> = mails(&app).await.into_iter().map(|(to, _)| to).collect();
    told.sort();
    assert_eq!(told, ["own@young.invalid".to_owned(), format!("{SAM}@young.invalid")]);
}

async fn a_flag_set_after_a_notice_was_written_stops_it_and_every_code(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    way_back(&mut app.visitor(), SAM).await.is(303);
    let sent = code_sent(&app, &format!("{SAM}@young.invalid")).await;
    priya.write_message(&format!("/work/people/{}/messages", app.world.sam), "hello").await.is(303);
    way_back(&mut app.visitor(), SAM).await.is(303);
    let reach = format!("/work/people/{}/reach", app.world.sam);
    priya.post_form(&reach, &[("do", "flag:on")]).await.is(303);
    priya.get(&reach).await.says("Safety flag.").says("It is on");
    // One that is in the inbox already counts no more.
    come_back(&mut app.visitor(), SAM, &sent).await.is(422);
    priya.get(&format!("/work/people/{}", app.world.sam)).await.says("Safety flag. We send this person nothing");
    assert!(mails(&app).await.is_empty());
    way_back(&mut app.visitor(), SAM).await.is(303);
    assert!(mails(&app).await.is_empty());
    let mut sam = app.signed_in(SAM).await;
    sam.get("/me/account/reach").await.says("to keep you safe");
    sam.get("/me/record").await.says("changed how we may reach you");
    app.wait(DAY);
    let mut morag = app.signed_in(MORAG).await;
    morag.post_form(&reach, &[("do", "flag:off")]).await.is(303);
    way_back(&mut app.visitor(), SAM).await.is(303);
    let told: Vec<_> = mails(&app).await.into_iter().map(|(to, _)| to).collect();
    assert_eq!(told.iter().filter(|to| **to == format!("{SAM}@young.invalid")).count(), 1);
}

#[test]
fn clearing_a_flag_for_a_moment_does_not_let_one_worker_give_a_code_alone() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut priya = app.signed_in(PRIYA).await;
        let person = format!("/work/people/{}", app.world.sam);
        let (reach, code) = (format!("{person}/reach"), format!("{person}/code"));
        let given = [("known", "video"), ("way", "read")];
        // One that was given before the flag was set counts no more.
        let page = priya.post_form(&code, &given).await.is(200).text();
        let before = page.split("class=\"secret\"").nth(1).unwrap().split("<strong>").nth(1).unwrap()[..9].to_owned();
        priya.post_form(&reach, &[("do", "flag:on")]).await.is(303);
        let mut sam = app.at_first_door(SAM).await;
        sam.post_form("/sign-in/second", &[("second", &before)]).await.is(422);
        priya.post_form(&reach, &[("do", "flag:off")]).await.is(303);
        // The manager is told, and a code takes two all the same.
        assert!(mails(&app).await.iter().any(|(to, _)| *to == format!("{MORAG}@staff.invalid")));
        priya.post_form(&code, &given).await.is(200).says("second worker");
        // It takes a fresh proof.
        app.wait(6 * MINUTE);
        priya.post_form(&reach, &[("do", "flag:on")]).await.is(401);
    });
}

#[test]
fn a_worker_confirms_a_number_they_reached_somebody_at_and_only_theirs() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut sam = app.signed_in(SAM).await;
        let page = add(&mut sam, "07700 900 123").await;
        sam.get(&page).await.says("confirms a phone number by calling you");
        let id = page.rsplit('/').next().unwrap().to_owned();
        let reach = format!("/work/people/{}/reach", app.world.sam);
        let mut priya = app.signed_in(PRIYA).await;
        priya.get(&reach).await.is(200).says("07700900123 Not confirmed").says("nothing from 9pm to 8am");
        let confirm = format!("confirm:{id}");
        app.signed_in(OWEN).await.post_form(&reach, &[("do", &confirm)]).await.is(404);
        let hers = format!("/work/people/{}/reach", app.world.aaliyah);
        app.signed_in(OWEN).await.post_form(&hers, &[("do", &confirm)]).await.is(404);
        app.signed_in(MORAG).await.post_form(&reach, &[("do", &confirm)]).await.is(404);
        priya = app.signed_in(PRIYA).await;
        priya.post_form(&reach, &[("do", &confirm)]).await.is(303);
        sam.get("/me/account/reach").await.says("by a worker who reached you there");
        sam.get("/me/record").await.says("looked up how you can be reached").says("reached you at a number of yours");
    });
}

#[test]
fn what_is_wrong_in_a_number_or_a_name_gets_a_sentence_and_stays_in_its_box() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut sam = app.signed_in(SAM).await;
        for (typed, says) in [
            ("", "Type an email address or a phone number"),
            ("12345", "such as 07700 900123"),
            ("nobody@", "such as sam@example.com"),
            (&format!("{SAM}@young.invalid"), "on your list already"),
        ] {
            let answer = sam.post_form("/me/account/reach", &[("do", "add"), ("value", typed)]).await;
            answer.is(422).says(says);
            assert!(answer.text().contains(&format!("value=\"{typed}\"")), "{typed} was lost");
        }
        for n in 0..4 {
            add(&mut sam, &format!("0770090012{n}")).await;
        }
        let sixth = sam.post_form("/me/account/reach", &[("do", "add"), ("value", "07700900129")]).await;
        sixth.is(422).says("You can have 5");
        sam.post_form("/me/account/name", &[("called", "  ")]).await.is(422).says("Type the name you want us to use");
        sam.post_form("/me/account/name", &[("called", "Jo <b>")]).await.is(303);
        sam.get("/me").await.says("Hello Jo <b>");
        app.signed_in(PRIYA).await.get("/work/people").await.says("Jo <b>");
        sam.post_form("/me/account/reach", &[("do", "loud")]).await.is(303);
        sam.get("/me/account/reach").await.says("at any hour");
        assert_eq!(sam.post_form("/sign-in/again", &[("passphrase", PASSPHRASE)]).await.status, 303);
    });
}
