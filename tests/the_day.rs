//! A worker's day: who stands in the list and why, what takes how many steps, and how much a page asks of the database.

use portal::clock::{DAY, HOUR, MINUTE, from_micros};
use portal::people::{Part, Role, store as people};
use portal::signin::{Owner, store as signin};

use crate::support::client::plain;
use crate::support::forms::key;
use crate::support::people::{ADA, DEE, MORAG, OWEN, PRIYA, SAM, SOL};
use crate::support::{Client, Engine, TestApp, on_both, write};

on_both! {
    a_check_in_that_asks_for_help_stands_in_today_and_a_calm_one_asks_for_nothing
    a_check_in_that_was_asked_for_and_did_not_come_is_told_until_it_is_done
    a_visit_is_due_by_law_until_it_is_written_down
    a_promise_is_kept_by_a_talk_since_the_day_it_was_made_and_not_by_one_before
    a_new_phone_is_told_beside_what_was_written_with_it
    a_visit_with_a_passphrase_alone_is_told_beside_what_was_written_in_it
    a_message_that_comes_live_has_the_mark_of_an_unknown_visit_before_it
    a_known_phone_is_no_new_one
    where_somebody_lives_is_kept_with_its_history
    a_part_of_the_offer_and_a_drop_in_go_into_the_thread_as_they_are_published
    the_duty_desk_gives_somebody_a_worker_once
    a_manager_sees_numbers_and_no_words
    a_manager_sees_the_people_of_a_team_and_who_leads_each
    a_manager_of_people_in_two_localities_sees_each_team_by_itself
    people_are_sifted_and_put_in_order
    a_list_that_is_looked_at_changes_in_place
    a_calm_check_in_never_begins_a_wait_and_a_card_keeps_the_draft
    a_manager_opens_words_with_a_reason
    a_page_asks_as_often_for_forty_people_as_for_four
}

fn page_of(app: &TestApp) -> String {
    format!("/work/people/{}", app.world.sam)
}

async fn presses(app: &TestApp, fields: &[(&str, &str)]) {
    let mut sam = app.signed_in(SAM).await;
    let key = sam.get("/me/check-in").await.key();
    let mut all = vec![("key", key.as_str())];
    all.extend_from_slice(fields);
    let sent = sam.post_form("/me/check-in", &all).await;
    assert_eq!((sent.status, sent.location()), (303, "/me/messages"));
}

async fn a_check_in_that_asks_for_help_stands_in_today_and_a_calm_one_asks_for_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut sam = app.signed_in(SAM).await;
    sam.get("/me").await.says("Quick check-in");
    presses(&app, &[("feel", "good")]).await;
    let mut priya = app.signed_in(PRIYA).await;
    priya.get("/work").await.says("Nobody is waiting");
    let thread = format!("{}/messages", page_of(&app));
    priya.get(&thread).await.says("Quick check-in. How things are: good.");
    presses(&app, &[("feel", "hard"), ("call", "yes"), ("body", "its the flat")]).await;
    let queue = plain(&priya.get("/work").await.text());
    assert!(
        queue.contains("Samtest Asks to be called, and says that things are hard · 1 message not opened"),
        "{queue}"
    );
    // A calm one asks for no answer, before or after what does.
    presses(&app, &[("feel", "good")]).await;
    priya.get("/work").await.says("things are hard · 1 message not opened");
    // Help stands first on the next page, and nothing was stopped.
    let mut sam = app.signed_in(SAM).await;
    let again = sam.get("/me/check-in").await.key();
    let sent = sam.post_form("/me/check-in", &[("key", &again), ("feel", "hard"), ("body", "")]).await;
    assert_eq!(sent.status, 303);
    sam.get("/me/messages").await.says("You can get help right now").says("Your check-in is safe");
    // Own words of danger put it first, whatever was pressed.
    presses(&app, &[("feel", "good"), ("body", "i want to die")]).await;
    priya.get("/work").await.says("Samtest Words that may mean danger");
    // Nothing was chosen: a sentence, and the words are kept.
    let key = sam.get("/me/check-in").await.key();
    let page = sam.post_form("/me/check-in", &[("key", &key), ("body", "just words")]).await;
    page.is(422).says("Choose how things are");
    assert!(page.text().contains("just words"));
}

async fn a_check_in_that_was_asked_for_and_did_not_come_is_told_until_it_is_done(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    let rhythm = [("check-in", "7"), ("contact", "0")];
    priya.post_form(&format!("{}/rhythm", page_of(&app)), &rhythm).await.is(303);
    priya.get(&page_of(&app)).await.says("asked for every 7 days; none came yet");
    app.wait(10 * DAY);
    let mut priya = app.signed_in(PRIYA).await;
    let queue = priya.get("/work").await;
    queue.says("Check-in was due");
    let html = queue.text();
    let field = |name: &str| {
        html.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let (why, day) = (field("why"), field("day"));
    let done = format!("{}/done", page_of(&app));
    app.signed_in(OWEN).await.post_form(&done, &[("why", &why), ("day", &day)]).await.is(404);
    let answer = priya.post_form(&done, &[("why", &why), ("day", &day)]).await;
    assert_eq!((answer.status, answer.location()), (303, format!("{}/messages/later", page_of(&app)).as_str()));
    let page = priya.get(answer.location()).await;
    page.says("If there is a next step");
    let (key, later) = (page.key(), answer.location().to_owned());
    let step = [("key", key.as_str()), ("follow", "2026-12-18"), ("body", "ring the college")];
    for _ in 0..2 {
        priya.post_form(&later, &step).await.is(303);
    }
    let thread = plain(&priya.get(&format!("{}/messages", page_of(&app))).await.text());
    assert_eq!(thread.matches("Next step: ring the college").count(), 1, "{thread}");
    priya.get("/work").await.says("Nothing to do today for 1 other person");
    assert!(!plain(&priya.get("/work").await.text()).contains("heck-in was due"));
    // It is the worker's own list: another sees it still, if it is theirs to do.
    let audited = app.data.raw.number("SELECT COUNT(*) FROM audit WHERE action = 'mark'").await;
    assert_eq!(audited, 3);
    presses(&app, &[("feel", "okay")]).await;
    app.signed_in(PRIYA).await.get(&page_of(&app)).await.says("asked for every 7 days; last Friday 4 December");
}

async fn a_visit_is_due_by_law_until_it_is_written_down(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    let today = portal::clock::london_date(app.clock.now()).to_string();
    let home = [
        ("what", "new"),
        ("value", "supported-housing"),
        ("provided", "yes"),
        ("suitable", "yes"),
        ("from", today.as_str()),
        ("detail", ""),
    ];
    priya.post_form(&format!("{}/home", page_of(&app)), &home).await.is(303);
    priya
        .get(&page_of(&app))
        .await
        .says("First visit in the new home by")
        .says("within 7 days of it first being provided");
    priya.get("/work").await.says("First visit in the new home due");
    // Three taps: the button on the page, the day is there already, Save.
    let spoke = format!("{}/messages/spoke?how=visit", page_of(&app));
    let page = priya.get(&spoke).await;
    assert!(page.text().contains("value=\"visit\" checked"), "the way is chosen already");
    let key = page.key();
    let fields = [("key", key.as_str()), ("how", "visit"), ("day", today.as_str()), ("body", "")];
    priya.post_form(&format!("{}/messages/spoke", page_of(&app)), &fields).await.is(303);
    let queue = plain(&priya.get("/work").await.text());
    assert!(!queue.contains("first visit"), "{queue}");
    priya.get(&page_of(&app)).await.says("Visit by").says("not more than two months apart");
    app.signed_in(SAM).await.get("/me/messages").await.says("You and Priya Nairtest met at home");
    // Two months on it is due again, and late after that.
    app.wait(63 * DAY);
    let mut priya = app.signed_in(PRIYA).await;
    priya.get("/work").await.says("Visit was due");
    priya.get("/work/people?show=late").await.says("Samtest").says("visit was due");
}

async fn a_promise_is_kept_by_a_talk_since_the_day_it_was_made_and_not_by_one_before(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    let thread = format!("{}/messages", page_of(&app));
    let (one, two, three) = (key(), key(), key());
    let promise = [("key", &*one), ("day", "2026-11-25"), ("body", "I ring the landlord")];
    priya.post_form(&format!("{thread}/promise"), &promise).await.is(303);
    priya.get("/work").await.says("Promised tomorrow");
    // They met yesterday, before it was promised, and it is written down now.
    let before = [("key", &*two), ("how", "met"), ("day", "2026-11-23"), ("body", "")];
    priya.post_form(&format!("{thread}/spoke"), &before).await.is(303);
    priya.get("/work").await.says("Promised tomorrow");
    let since = [("key", &*three), ("how", "phone"), ("day", "2026-11-24"), ("body", "")];
    priya.post_form(&format!("{thread}/spoke"), &since).await.is(303);
    priya.get("/work").await.lacks("Promised tomorrow");
}

async fn a_new_phone_is_told_beside_what_was_written_with_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let thread = format!("{}/messages", page_of(&app));
    let owner = Owner::Person(app.world.sam);
    let account = signin::account_of(&mut app.data.db.read().await.unwrap(), owner).await.unwrap().unwrap().id;
    let (hash, browser, at) = ([7; 32], "Firefox on Android", app.clock.now());
    write!(app.data, tx, vault, signin::insert_device(tx, account, &hash, browser, at).await).unwrap();
    let says = "New phone or computer. Samtest signed in with Firefox on Android, ";
    app.signed_in(PRIYA).await.get(&thread).await.is(200).says(says);
    app.signed_in(PRIYA).await.get(&page_of(&app)).await.says(says);
    app.wait(2 * DAY);
    app.signed_in(PRIYA).await.get(&thread).await.is(200).lacks("Firefox on Android");
}

async fn a_visit_with_a_passphrase_alone_is_told_beside_what_was_written_in_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let thread = format!("{}/messages", page_of(&app));
    app.wait(2 * DAY);
    app.signed_in(PRIYA).await.get(&thread).await.is(200).lacks("phone or computer");
    app.at_first_door(SAM).await;
    let says = "Not a phone or computer we know. Samtest signed in on one, ";
    app.signed_in(PRIYA).await.get(&thread).await.is(200).says(says);
    app.signed_in(PRIYA).await.get(&page_of(&app)).await.says(says);
    app.wait(2 * DAY);
    app.signed_in(PRIYA).await.get(&thread).await.is(200).lacks(says);
    // What was written waits until it is answered, and so does the mark beside it.
    let mut somebody = app.at_first_door(SAM).await;
    somebody.post_form("/me/messages", &[("key", &key()), ("body", "can you send money")]).await.is(303);
    app.wait(3 * DAY);
    app.signed_in(PRIYA).await.get(&thread).await.is(200).says(says);
    app.signed_in(PRIYA).await.get(&page_of(&app)).await.says(says);
}

async fn a_message_that_comes_live_has_the_mark_of_an_unknown_visit_before_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let thread = format!("{}/messages", page_of(&app));
    app.signed_in(SAM).await.write_message("/me/messages", "on my own phone").await.is(303);
    app.wait(2 * DAY);
    let mut priya = app.signed_in(PRIYA).await;
    let last = async |priya: &mut Client| {
        let html = priya.get(&thread).await.is(200).text();
        html.split("data-last=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let mut after = last(&mut priya).await;
    let says = "Not a phone or computer we know. Samtest signed in on one, ";
    let mut somebody = app.at_first_door(SAM).await;
    for (words, marked) in [("can you send money", true), ("are you there", false)] {
        app.wait(MINUTE);
        somebody.post_form("/me/messages", &[("key", &key()), ("body", words)]).await.is(303);
        let rows = priya.get(&format!("{thread}/new?after={after}")).await;
        after = rows.is(200).says(words).header("x-last").to_owned();
        let (text, wanted) = (plain(&rows.text()), if marked { 1 } else { 0 });
        assert_eq!(text.matches(says).count(), wanted, "{words}");
        let before = text.find(says).is_none_or(|mark| mark < text.find(words).unwrap());
        assert!(before && text.contains("on my own phone"), "{text}");
    }
    // They are told nothing of it where they write themselves.
    let mut sam = app.signed_in(SAM).await;
    sam.get("/me/messages/new").await.is(200).says("are you there").lacks("phone or computer");
}

async fn a_known_phone_is_no_new_one(engine: Engine) {
    let app = TestApp::start(engine).await;
    let thread = format!("{}/messages", page_of(&app));
    app.wait(2 * DAY);
    let mut own = app.signed_in(SAM).await;
    own.get("/me/messages").await.is(200);
    app.wait(2 * DAY);
    own.sign_in(SAM).await;
    app.signed_in(PRIYA).await.get(&thread).await.is(200).lacks("phone or computer");
}

async fn where_somebody_lives_is_kept_with_its_history(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    let page = format!("{}/home", page_of(&app));
    for (value, from, detail) in
        [("family-friends", "2026-08-01", "at his nan"), ("own-tenancy", "2026-11-01", "9 Planted Street")]
    {
        let fields = [
            ("what", "new"),
            ("value", value),
            ("provided", "no"),
            ("suitable", "yes"),
            ("from", from),
            ("detail", detail),
        ];
        priya.post_form(&page, &fields).await.is(303);
    }
    let work = [("what", "new"), ("value", "apprenticeship"), ("from", "2026-09-07"), ("detail", "")];
    priya.post_form(&format!("{}/day", page_of(&app)), &work).await.is(303);
    let shown = priya.get(&page_of(&app)).await;
    shown
        .says("Their own tenancy, not provided by the council, suitable, 9 Planted Street, since")
        .says("With family or friends, not provided by the council, suitable, at his nan. Saturday 1 August to Sunday 1 November")
        .says("Apprenticeship, since");
    // Put right, it holds since the day on which it began.
    let right = [
        ("what", "same"),
        ("value", "own-tenancy"),
        ("provided", "no"),
        ("suitable", "no"),
        ("from", ""),
        ("detail", "9 Planted Street"),
    ];
    priya.post_form(&page, &right).await.is(303);
    priya.get(&page_of(&app)).await.says(
        "Their own tenancy, not provided by the council, not suitable, 9 Planted Street, since Sunday 1 November",
    );
    let bad = [
        ("value", "castle"),
        ("provided", "no"),
        ("suitable", "yes"),
        ("from", "2027-11-01"),
        ("detail", "kept words"),
    ];
    let page = priya.post_form(&page, &bad).await;
    page.is(422).says("Choose what it is").says("That day is still to come").says("kept words");
    // Nobody else's business, and never in clear on disk.
    app.signed_in(OWEN).await.get(&format!("{}/home", page_of(&app))).await.is(404);
    app.signed_in(MORAG).await.get(&format!("{}/home", page_of(&app))).await.is(404);
    let clear = "SELECT COUNT(*) FROM spell WHERE CAST(value AS TEXT) LIKE '%Planted%'";
    assert_eq!(app.data.raw.number(clear).await, 0);
}

async fn a_part_of_the_offer_and_a_drop_in_go_into_the_thread_as_they_are_published(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    let share = format!("{}/messages/share", page_of(&app));
    let page = priya.get(&share).await;
    page.says("Tests meet at White Cross");
    let html = page.text();
    let drop_in = html.split("value=\"drop-in:").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let key = page.key();
    let word = format!("drop-in:{drop_in}");
    priya.post_form(&share, &[("key", &key), ("what", &word)]).await.is(303);
    let key = priya.get(&share).await.key();
    priya.post_form(&share, &[("key", &key), ("what", "right:setting-up-home")]).await.is(303);
    let key = priya.get(&share).await.key();
    priya
        .post_form(&share, &[("key", &key), ("what", "right:castle")])
        .await
        .is(422)
        .says("is not in the offer any more");
    let mut sam = app.signed_in(SAM).await;
    let thread = sam.get("/me/messages").await;
    let amount = app.app.content().edition.library.entitlements["setting-up-home"].amount.clone().unwrap();
    thread.says("Tests meet at White Cross").says(&amount);
    assert!(thread.text().contains("<a href=\"/drop-ins/place/white-cross-lancaster\">"), "a page of ours is a link");
    // Nobody else's words become a link that leads away.
    sam.write_message("/me/messages", "see /offer//evil.example and https://evil.example/offer/ ok").await.is(303);
    let html = sam.get("/me/messages").await.text();
    assert!(!html.contains("href=\"/offer//") && !html.contains("href=\"https://evil"));
}

async fn the_duty_desk_gives_somebody_a_worker_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    app.signed_in(PRIYA).await.get("/work/desk").await.is(404);
    let mut dee = app.signed_in(DEE).await;
    dee.get("/work/desk").await.says("Everybody has a worker").says("Nobody of the team is away");
    let sam = app.data.raw.id(app.world.sam);
    app.data.raw.run(&format!("UPDATE assignment SET to_at = from_at, lead = (1 = 0) WHERE person_id = {sam}")).await;
    app.signed_in(SAM).await.write_message("/me/messages", "is anybody there").await.is(303);
    dee.get("/work/desk").await.says("Waiting here Samtest").says("Nobody leads Samtest");
    let take = format!("/work/desk/{}", app.world.sam);
    let (owen, suspended) = (app.world.owen.to_string(), app.world.sid.to_string());
    app.signed_in(OWEN).await.post_form(&take, &[("to", &owen)]).await.is(404);
    dee.post_form(&take, &[("to", &suspended)]).await.is(409).says("does not work here any more");
    let own = app.world.dee.to_string();
    let taken = dee.post_form(&take, &[("to", &own)]).await;
    assert_eq!((taken.status, taken.location()), (303, page_of(&app).as_str()));
    dee.post_form(&take, &[("to", &own)]).await.is(409).says("Somebody took them meanwhile");
    dee.get("/work/desk").await.says("Everybody has a worker");
    app.signed_in(SAM).await.get("/me/messages").await.says("works with you from today");
}

async fn a_manager_sees_numbers_and_no_words(engine: Engine) {
    let app = TestApp::start(engine).await;
    app.signed_in(SAM).await.write_message("/me/messages", "zebra words of mine").await.is(303);
    app.wait(4 * DAY);
    let mut morag = app.signed_in(MORAG).await;
    let page = morag.get("/work/team").await;
    page.says("Waiting for an answer 1: 1 for 3 to 6 days").says("Priya Nairtest");
    assert!(!page.text().contains("zebra"));
    for other in [PRIYA, SOL, DEE, ADA] {
        app.signed_in(other).await.get("/work/team").await.is(404);
    }
    // Their page opens without messages and plan.
    let person = morag.get(&page_of(&app)).await;
    person.says("Messages and plan are open to those who work with this person");
    assert!(!person.text().contains("/messages\""));
}

async fn a_manager_sees_the_people_of_a_team_and_who_leads_each(engine: Engine) {
    let app = TestApp::start(engine).await;
    app.signed_in(SAM).await.write_message("/me/messages", "zebra words of mine").await.is(303);
    app.wait(MINUTE);
    let mut morag = app.signed_in(MORAG).await;
    let page = morag.get("/work/people").await;
    page.is(200).says("Priya Nairtest leads").says("Samtest").says("Waiting 1 minute").says("review by");
    let html = page.text();
    assert!(!html.contains("zebra") && !html.contains("Nobody is assigned to you yet"), "{html}");
    let team = html.split("/work/people?team=").nth(1).unwrap()[..32].to_owned();
    morag.get(&format!("/work/people?show=waiting&team={team}")).await.says("1 person").says("Samtest");
    morag.get(&format!("/work/people?show=flag&team={team}")).await.says("Nobody is like that");
    let rows = "SELECT COUNT(*) FROM audit WHERE object_kind = 'team'";
    assert_eq!(app.data.raw.number(rows).await, 3, "each reading is written down");
    // A team that somebody else manages is not asked for by its address.
    let all = portal::people::store::teams(&mut app.data.db.read().await.unwrap()).await.unwrap();
    let other = all.iter().map(|one| one.id.to_string()).find(|one| *one != team).unwrap();
    let page = morag.get(&format!("/work/people?team={other}")).await;
    page.is(200).says("Samtest");
    assert!(!page.text().contains("Aaliyah") && !page.text().contains(&other), "{}", page.text());
    // Whoever is no manager, and an address that is none, see what is theirs.
    let mut priya = app.signed_in(PRIYA).await;
    for odd in [team.as_str(), "x", ""] {
        let page = priya.get(&format!("/work/people?team={odd}")).await;
        page.is(200).says("1 person");
        assert!(!page.text().contains("leads"), "no manager");
    }
}

async fn a_manager_of_people_in_two_localities_sees_each_team_by_itself(engine: Engine) {
    let app = TestApp::start(engine).await;
    app.signed_in(SAM).await.write_message("/me/messages", "from the north").await.is(303);
    let (theirs, morag) = (app.data.raw.id(app.world.aaliyah), app.data.raw.id(app.world.morag));
    let mut asks = app.signed_in(MORAG).await;
    asks.get("/work/team").await.says("North leaving care team").lacks("East leaving care team");
    app.data.raw.run(&format!("INSERT INTO assignment (id, person_id, staff_id, kind, lead, from_at) VALUES ({theirs}, {theirs}, {morag}, 'manager', false, 1)")).await;
    let page = asks.get("/work/team").await.text();
    let says = plain(&page);
    for each in [
        "East leaving care team Young people 1 Waiting for an answer Nobody",
        "North leaving care team Young people 1 Waiting for an answer 1: 1 for",
    ] {
        assert!(says.contains(each), "{each}: {says}");
    }
    let page = asks.get("/work/people").await.says("Aaliyahtest").lacks("Samtest").text();
    let ways: Vec<&str> = page.split("/work/people?team=").skip(1).map(|rest| &rest[..32]).collect();
    assert_eq!(ways.len(), 2, "a way to each");
    asks.get(&format!("/work/people?team={}", ways[1])).await.says("Samtest").lacks("Aaliyahtest");
}

async fn people_are_sifted_and_put_in_order(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    priya.get("/work/people").await.says("1 person").says("Samtest");
    priya.get("/work/people?show=waiting").await.says("Nobody is like that");
    for odd in ["?show=%27", "?order=x&show=y", "?show=waiting&show=all", "?%"] {
        priya.get(&format!("/work/people{odd}")).await.is(200);
    }
    app.signed_in(SAM).await.write_message("/me/messages", "hello").await.is(303);
    priya.get("/work/people?show=waiting&order=waiting").await.says("Samtest").says("Waiting less than a minute");
    app.signed_in(ADA).await.get("/work/people").await.is(404);
}

async fn a_list_that_is_looked_at_changes_in_place(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    let html = priya.get("/work").await.text();
    let mark = html.split("data-last=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let audited = app.data.raw.audited().await;
    priya.get(&format!("/work/new?after={mark}")).await.is(204);
    assert_eq!(app.data.raw.audited().await, audited, "nothing new leaves no row");
    app.signed_in(SAM).await.write_message("/me/messages", "hello").await.is(303);
    let news = priya.get(&format!("/work/new?after={mark}")).await;
    news.is(200).says("Samtest 1 message not opened").lacks("Nothing to do today");
    let next = news.header("x-last").to_owned();
    assert!(!next.is_empty() && next != mark);
    app.wait(9 * MINUTE);
    priya.get(&format!("/work/new?after={next}")).await.is(204);
    // Answered: the row stays where it stands, and says so.
    let thread = format!("{}/messages", page_of(&app));
    priya.get(&thread).await.is(200);
    priya.write_message(&thread, "hello Sam").await.is(303);
    let news = priya.get(&format!("/work/new?after={next}")).await;
    news.says("Samtest Nothing to do now").says("Nothing to do today for 1 other person");
    assert!(news.text().contains("class=\"quiet mine\""));
}

async fn a_calm_check_in_never_begins_a_wait_and_a_card_keeps_the_draft(engine: Engine) {
    let app = TestApp::start(engine).await;
    let thread = format!("{}/messages", page_of(&app));
    app.signed_in(SAM).await.write_message("/me/messages", "can you ring me").await.is(303);
    let mut priya = app.signed_in(PRIYA).await;
    let page = priya.get(&thread).await;
    let key = crate::support::forms::key();
    priya.post_form(&format!("{thread}/draft"), &[("key", &key), ("body", "half an answer")]).await.is(303);
    let share = priya.get(&format!("{thread}/share")).await.key();
    presses(&app, &[("feel", "good")]).await;
    // From a page that was opened before: the question is answered, and what only tells asks for nothing.
    priya.post_form(&format!("{thread}/share"), &[("key", &share), ("what", "right:setting-up-home")]).await.is(303);
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM thread WHERE waiting_since IS NOT NULL").await, 0);
    assert!(page.status == 200 && priya.get(&thread).await.text().contains("half an answer"), "the draft stays");
    // Please call me, and okay a moment later: the call is still asked for.
    presses(&app, &[("feel", "okay"), ("call", "yes")]).await;
    app.wait(MINUTE);
    presses(&app, &[("feel", "okay")]).await;
    app.signed_in(PRIYA).await.get("/work").await.says("Samtest Asks to be called");
}

async fn a_manager_opens_words_with_a_reason(engine: Engine) {
    let app = TestApp::start(engine).await;
    app.signed_in(SAM).await.write_message("/me/messages", "zebra words of mine").await.is(303);
    let thread = format!("{}/messages", page_of(&app));
    let mut morag = app.signed_in(MORAG).await;
    morag.get(&thread).await.is(404);
    let who = [("name", "Samuel Whittletest"), ("born-day", "27"), ("born-month", "3"), ("born-year", "2008")];
    morag.post_form("/work/find", &who).await.says("Why");
    let mut fields = who.to_vec();
    fields.push(("reason", "Priya is ill and Sam has rung twice"));
    let opened = morag.post_form("/work/find/open", &fields).await;
    assert_eq!((opened.status, opened.location()), (303, page_of(&app).as_str()));
    let page = morag.get(&page_of(&app)).await;
    page.says("You opened this record with a reason");
    assert!(page.text().contains(&format!("{thread}\"")), "the way in is there");
    morag.get(&thread).await.is(200).says("zebra words of mine");
    morag.post_form(&thread, &[("key", &crate::support::forms::key()), ("body", "no")]).await.is(404);
}

/// Adds young people to Priya's list and the team, each with a message, a talk and a home.
async fn crowd(app: &TestApp, many: usize) {
    let (priya, sam, at) = (app.world.priya, app.world.sam, app.clock.now());
    let team = people::team_of_person(&mut app.app.db.read().await.unwrap(), sam).await.unwrap();
    let vault = app.app.vault.clone();
    app.app
        .db
        .write((vault,), move |tx, (vault,)| {
            Box::pin(async move {
                for n in 0..many {
                    let (name, born_on) = (format!("Crowd {n} {many}"), jiff::civil::date(2007, 1, 1));
                    let new = people::NewPerson { called: format!("C{n}"), name, born_on, team };
                    let then = from_micros(at.as_microsecond() - 90 * DAY);
                    let person = people::insert_person(tx, vault, &new, then).await?;
                    people::assign(tx, person, priya, Part::Pa, true, then).await?;
                    people::begin_spell(tx, person, "home", "own-tenancy", jiff::civil::date(2026, 1, 1)).await?;
                    let actor = portal::people::Actor::Person(person, portal::people::Door::Sealed);
                    let mut access = portal::people::access::check::<portal::people::access::WriteMessage, _>(
                        tx, &actor, person, at,
                    )
                    .await?
                    .unwrap();
                    let due = from_micros(at.as_microsecond() + HOUR);
                    let new = portal::messages::store::New::said("hello", Some(due));
                    portal::messages::store::insert(&mut access, vault, &new).await?;
                    let actor = portal::people::Actor::Staff(priya, vec![Role::Adviser]);
                    let mut access = portal::people::access::check::<portal::people::access::AnswerMessage, _>(
                        tx, &actor, person, at,
                    )
                    .await?
                    .unwrap();
                    portal::messages::store::insert_planned(&mut access, vault, "hello", due, None).await?;
                    let (body, contact) = (format!("call me {n} {many}"), format!("07700 900{n:03}"));
                    let knock = portal::signin::NewKnock { locality: "north".to_owned(), body, contact, urgent: false };
                    signin::knock(tx, vault, &knock, at).await?;
                }
                for knock in signin::knocks(tx, vault).await? {
                    signin::take_knock(tx, knock.id, priya, at).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
}

async fn a_page_asks_as_often_for_forty_people_as_for_four(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut priya, mut morag) = (app.signed_in(PRIYA).await, app.signed_in(MORAG).await);
    let person = page_of(&app);
    crowd(&app, 3).await;
    let mut counts = Vec::new();
    for _ in 0..2 {
        let mut asked = Vec::new();
        for (manages, page) in [
            (false, "/work"),
            (false, "/work/people"),
            (false, person.as_str()),
            (false, "/work/planned"),
            (true, "/work/calls"),
            (true, "/work"),
            (true, "/work/team"),
        ] {
            let client = if manages { &mut morag } else { &mut priya };
            client.get(page).await.is(200);
            let before = app.app.db.asked();
            client.get(page).await.is(200);
            asked.push((page.to_owned(), app.app.db.asked() - before));
        }
        counts.push(asked);
        crowd(&app, 36).await;
    }
    assert_eq!(counts[0], counts[1]);
    assert!(counts[0].iter().all(|(_, asked)| *asked > 2 && *asked < 40), "{counts:?}");
}
