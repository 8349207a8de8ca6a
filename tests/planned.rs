//! What a worker writes once for later, again or for many: looked at before it is sent, sent once, by whoever answers
//! then, and to each by themselves.

use portal::clock::{DAY, HOUR, MINUTE};
use portal::messages::acts::send_planned;
use portal::people::{Part, store as people};

use crate::support::client::{hidden, plain};
use crate::support::forms::key;
use crate::support::people::{AALIYAH, CORA, DEE, MORAG, OWEN, PRIYA, SAM, SOL};
use crate::support::stolen::{disguises, holds, stolen};
use crate::support::{Answer, Client, Engine, TestApp, on_both, write};

on_both! {
    a_preview_fills_names_in_and_what_it_shows_is_sent
    a_template_is_its_writer_s_own
    a_template_takes_the_place_of_the_text_and_of_nothing_else
    what_is_planned_is_sent_once_though_two_jobs_run
    of_cancelling_and_sending_one_wins
    what_was_planned_before_a_hand_over_is_sent_by_the_new_worker
    what_its_sender_may_not_send_is_held_for_whoever_answers_now
    what_a_suspended_worker_planned_goes_to_the_duty_desk
    at_most_fifty_are_written_to_at_once
    one_text_to_many_is_a_message_to_each_and_no_more
    whoever_left_the_caseload_since_the_page_was_looked_at_stops_all_and_is_named
    a_night_a_weekend_a_holiday_and_another_s_name_are_said_before
    whoever_covers_reads_the_same_warnings
    what_is_wrong_is_told_and_what_was_typed_is_kept
    planned_words_and_templates_never_stand_in_clear
}

const FRIDAY: [(&str, &str); 2] = [("day", "2026-11-27"), ("time", "09:00")];

fn thread_of(app: &TestApp) -> String {
    format!("/work/people/{}/messages", app.world.sam)
}

async fn prepare(client: &mut Client, app: &TestApp, step: &str, body: &str, more: &[(&str, &str)]) -> Answer {
    let key = key();
    let fields: Vec<_> =
        [("key", key.as_str()), ("do", step), ("body", body)].into_iter().chain(more.to_vec()).collect();
    client.post_form(&format!("{}/prepare", thread_of(app)), &fields).await
}

async fn jobs(app: &TestApp) -> usize {
    send_planned(&app.app.db, &app.data.vault, app.clock.now()).await.unwrap()
}

async fn count(app: &TestApp, what: &str) -> i64 {
    app.data.raw.number(&format!("SELECT COUNT(*) FROM {what}")).await
}

/// The id of the first planned message in a list.
async fn first_planned(client: &mut Client) -> String {
    hidden(&client.get("/work/planned").await.text(), "planned").unwrap()
}

/// Aaliyah is in Priya's caseload too.
async fn two_people(app: &TestApp) {
    let (aaliyah, priya, at) = (app.world.aaliyah, app.world.priya, app.clock.now());
    write!(app.data, tx, vault, people::assign(tx, aaliyah, priya, Part::Pa, false, at).await).unwrap();
}

async fn a_preview_fills_names_in_and_what_it_shows_is_sent(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (thread, mut priya) = (thread_of(&app), app.signed_in(PRIYA).await);
    priya.get(&thread).await.says("Use a template, or send later");
    let path = format!("{thread}/prepare");
    priya.get(&path).await.is(200).says("Begin with a template").says("Checking in");
    let page = priya.get(&format!("{path}?template=checking-in")).await.text();
    assert!(page.contains("Hi {name},"), "the box holds the template");
    priya.get(&format!("{path}?template=nothing-of-ours")).await.is(404);
    let body = "Hi {name}, and again {name}.\n{me}";
    let shown = prepare(&mut priya, &app, "preview", body, &[]).await;
    shown.is(200).says("Hi Samtest, and again Samtest. Priya Nairtest").says("Send now");
    assert_eq!(count(&app, "message").await, 0);
    // Changing it loses nothing.
    let again = prepare(&mut priya, &app, "change", body, &FRIDAY).await.is(200).text();
    for typed in ["Hi {name}, and again {name}.", "value=\"2026-11-27\"", "value=\"09:00\""] {
        assert!(again.contains(typed), "{typed} is lost");
    }
    let form = [("key", &*shown.key()), ("do", "send"), ("body", body)].map(|(name, value)| (name, value.to_owned()));
    let form = form.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>();
    for _ in 0..2 {
        assert_eq!(priya.post_form(&path, &form).await.is(303).location(), thread);
    }
    assert_eq!((count(&app, "message").await, count(&app, "outbox").await), (1, 1));
    app.signed_in(SAM).await.get("/me/messages").await.says("Hi Samtest, and again Samtest. Priya Nairtest");
    assert_eq!(app.signed_in(OWEN).await.get(&path).await.status, 404);
}

async fn a_template_is_its_writer_s_own(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    priya.get("/work/templates").await.is(200).says("You have none yet.").says("Well done");
    let key = key();
    let new = [("key", key.as_str()), ("name", "After a visit"), ("body", "It was good to see you, {name}")];
    priya
        .post_form("/work/templates", &[new[0], new[1], ("body", "{nmae}")])
        .await
        .is(422)
        .says("{nmae} stands for nothing");
    for _ in 0..2 {
        priya.post_form("/work/templates", &new).await.is(303);
    }
    assert_eq!(count(&app, "template").await, 1);
    let list = priya.get("/work/templates").await.text();
    let id = &list.split("href=\"/work/templates/").nth(1).unwrap()[..32];
    let (one, fill) = (format!("/work/templates/{id}"), format!("{}/prepare?template={id}", thread_of(&app)));
    assert!(priya.get(&fill).await.is(200).text().contains("It was good to see you, {name}"));
    priya.get("/work/many").await.says("After a visit");
    // Somebody else who may answer Sam.
    let mut cora = app.signed_in(CORA).await;
    let save = [("do", "save"), ("name", "Mine now"), ("body", "Hello")];
    for path in [one.as_str(), &fill, &format!("/work/many?template={id}")] {
        cora.get(path).await.is(404);
    }
    cora.post_form(&one, &save).await.is(404);
    cora.post_form(&one, &[("do", "delete")]).await.is(404);
    assert!(!cora.get("/work/templates").await.text().contains("After a visit"));
    priya.get(&one).await.is(200).says("Change a template");
    priya
        .post_form(&one, &[("do", "save"), ("name", ""), ("body", "Hello")])
        .await
        .is(422)
        .says("Say what you call it");
    priya.post_form(&one, &[("do", "save"), ("name", "Visit"), ("body", "Hello {me}")]).await.is(303);
    priya.get("/work/templates").await.says("Visit Hello {me}");
    priya.post_form(&one, &[("do", "delete")]).await.is(303);
    priya.get("/work/templates").await.says("You have none yet.");
    priya.get(&one).await.is(404);
}

async fn a_template_takes_the_place_of_the_text_and_of_nothing_else(engine: Engine) {
    let app = TestApp::start(engine).await;
    two_people(&app).await;
    let mut priya = app.signed_in(PRIYA).await;
    let page = priya.get("/work/many").await;
    let field = format!("p-{}", app.world.aaliyah);
    let mark = page.text().split(&format!("name=\"{field}\"")).nth(1).unwrap().to_owned();
    let mark = mark.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let typed =
        [("key", page.key()), ("body", "Mine".to_owned()), (field.as_str(), mark), ("time", "09:00".to_owned())];
    let typed: Vec<_> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let with = |more: &[(&'static str, &'static str)]| [&typed[..], more].concat();
    let fill = [("day", "2026-11-27"), ("do", "fill")];
    let page =
        priya.post_form("/work/many", &with(&[fill[0], fill[1], ("template", "checking-in")])).await.is(200).text();
    for stays in ["Hi {name},", "value=\"2026-11-27\"", "value=\"09:00\""] {
        assert!(page.contains(stays), "{stays}");
    }
    let of = |page: &str, who: portal::people::PersonId| {
        page.split("<input").find(|input| input.contains(&format!("p-{who}"))).unwrap().contains(" checked")
    };
    assert!(of(&page, app.world.aaliyah) && !of(&page, app.world.sam), "whoever was ticked is ticked");
    // Without a template chosen nothing is lost either, and one that is not there is not there.
    let page = priya.post_form("/work/many", &with(&[fill[0], fill[1], ("template", "")])).await;
    assert!(page.is(422).says("Choose a template").text().contains("Mine</textarea>"));
    let page = priya.post_form("/work/many", &with(&[fill[0], fill[1], ("template", "nothing-of-ours")])).await;
    let page = page.is(422).says("That template is not there any more").text();
    assert!(page.contains("Mine</textarea>") && of(&page, app.world.aaliyah));
    let path = format!("{}/prepare", thread_of(&app));
    let one = [("key", typed[0].1), ("body", "Mine"), fill[0], ("time", "10:00"), fill[1], ("template", "well-done")];
    let page = priya.post_form(&path, &one).await.is(200).text();
    assert!(
        page.contains("Well done with ____") && !page.contains("Mine</textarea>") && page.contains("value=\"10:00\"")
    );
    assert_eq!(count(&app, "message").await, 0);
}

async fn what_is_planned_is_sent_once_though_two_jobs_run(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (thread, mut priya, mut sam) = (thread_of(&app), app.signed_in(PRIYA).await, app.signed_in(SAM).await);
    priya.get("/work/planned").await.is(200).says("Nothing is planned.").says("Use a template, or send later");
    let shown = prepare(&mut priya, &app, "preview", "See you at the café, {name}", &FRIDAY).await;
    shown.says("Send on Friday 27 November at 9am").says("See you at the café, Samtest");
    prepare(&mut priya, &app, "send", "See you at the café, {name}", &FRIDAY).await.is(303);
    priya.get(&thread).await.says("1 message is planned for Friday 27 November at 9am");
    priya.get("/work/planned").await.says("To Samtest It is sent on Friday 27 November at 9am.").says("Cancel");
    app.signed_in(CORA)
        .await
        .get(&thread)
        .await
        .says("Priya Nairtest has planned a message for Friday 27 November at 9am.");
    assert!(!sam.get("/me/messages").await.text().contains("café"), "not before its time");
    // What is asked after it was planned has no answer in it.
    app.wait(MINUTE);
    sam.write_message("/me/messages", "another question").await.is(303);
    priya.get(&thread).await.is(200);
    app.wait(2 * DAY + 21 * HOUR - 2 * MINUTE);
    assert_eq!(jobs(&app).await, 0);
    app.wait(MINUTE);
    let (one, other) = tokio::join!(jobs(&app), jobs(&app));
    assert_eq!((one + other, jobs(&app).await), (1, 0));
    assert_eq!(app.data.raw.texts("SELECT state FROM planned").await, ["sent"]);
    let by = format!("message WHERE from_kind = 'staff' AND from_id = {}", app.data.raw.id(app.world.priya));
    assert_eq!(count(&app, &by).await, 1);
    let told = format!("outbox WHERE kind = 'person_message' AND owner_id = {}", app.data.raw.id(app.world.sam));
    assert_eq!(count(&app, &told).await, 1);
    assert_eq!(count(&app, "audit WHERE action = 'answer' AND request = 'job'").await, 1);
    assert_eq!(count(&app, "thread WHERE waiting_since IS NOT NULL AND due_at IS NOT NULL").await, 1);
    sam = app.signed_in(SAM).await;
    sam.get("/me/messages").await.says("See you at the café, Samtest").says("Priya Nairtest, from your team");
    app.signed_in(PRIYA).await.get("/work/planned").await.says("Nothing is planned.");
}

async fn of_cancelling_and_sending_one_wins(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    prepare(&mut priya, &app, "send", "cancelled in time", &FRIDAY).await.is(303);
    let id = first_planned(&mut priya).await;
    let press = |id: &str| [("planned", id.to_owned()), ("do", "cancel".to_owned())];
    let post = async |client: &mut Client, id: &str| {
        let fields = press(id);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        client.post_form("/work/planned", &fields).await
    };
    assert_eq!(post(&mut app.signed_in(CORA).await, &id).await.status, 404, "not theirs to cancel");
    assert_eq!(post(&mut app.signed_in(OWEN).await, &id).await.status, 404);
    post(&mut priya, &id).await.is(303);
    priya.get("/work/planned").await.says("Done. It is not sent.");
    post(&mut priya, &id).await.is(409).says("That was too late");
    assert_eq!(count(&app, "message").await, 0);
    for round in 1..=4 {
        let at = app.clock.now() + jiff::SignedDuration::from_mins(1);
        let time = portal::clock::in_london(at).strftime("%H:%M").to_string();
        let soon = [("day", "2026-11-24"), ("time", time.as_str())];
        prepare(&mut priya, &app, "send", &format!("round {round}"), &soon).await.is(303);
        let id = first_planned(&mut priya).await;
        app.wait(MINUTE);
        let before = count(&app, "message").await;
        let (answer, sent) = tokio::join!(post(&mut priya, &id), jobs(&app));
        let more = count(&app, "message").await - before;
        match answer.status {
            303 => assert_eq!((sent, more), (0, 0), "round {round}"),
            _ => assert_eq!((answer.status, sent, more), (409, 1, 1), "round {round}"),
        }
        assert_eq!(jobs(&app).await, 0);
    }
}

async fn what_was_planned_before_a_hand_over_is_sent_by_the_new_worker(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    prepare(&mut priya, &app, "send", "until Friday then", &FRIDAY).await.is(303);
    let (one, owen) = (format!("p-{}", app.world.sam), app.world.owen.to_string());
    let key = key();
    let fields = [(one.as_str(), "yes"), ("to", owen.as_str()), ("day", "2026-11-24"), ("key", &key)];
    let due = async || app.data.raw.number("SELECT COUNT(*) FROM planned WHERE state = 'due'").await;
    let before = due().await;
    let mut morag = app.signed_in(MORAG).await;
    let done = morag.post_form(&format!("/work/hand-over/{}", app.world.priya), &fields).await;
    assert_eq!(
        (done.status, done.location()),
        (303, "/work/hand-over"),
        "the page of a worker with nobody may be gone"
    );
    morag.get("/work/hand-over").await.is(200).says("Saved");
    assert_eq!((before, due().await), (1, 1), "nothing is lost and nothing is twice");
    app.signed_in(PRIYA).await.get("/work/planned").await.says("Nothing is planned.");
    let mut owen = app.signed_in(OWEN).await;
    let told = "Written by Priya Nairtest before the hand-over: check that it still fits.";
    owen.get("/work/planned").await.says(told).says("until Friday then");
    app.wait(3 * DAY);
    assert_eq!((jobs(&app).await, jobs(&app).await), (1, 0));
    let by = format!("message WHERE kind = 'message' AND from_id = {}", app.data.raw.id(app.world.owen));
    assert_eq!(count(&app, &by).await, 1);
}

async fn what_its_sender_may_not_send_is_held_for_whoever_answers_now(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    for body in ["the first to be held", "the second to be held"] {
        prepare(&mut priya, &app, "send", body, &FRIDAY).await.is(303);
    }
    let left = app.data.raw.id(app.world.priya);
    app.data.raw.run(&format!("UPDATE assignment SET to_at = 1 WHERE staff_id = {left}")).await;
    priya.get("/work/planned").await.says("Nothing is planned.");
    app.wait(3 * DAY);
    let (one, other) = tokio::join!(jobs(&app), jobs(&app));
    assert_eq!((one, other, count(&app, "message").await), (0, 0, 0));
    assert_eq!(app.data.raw.texts("SELECT state FROM planned").await, ["held", "held"]);
    // Sol is a social worker of Sam's, and answers now.
    let mut sol = app.signed_in(SOL).await;
    let told = "Written by Priya Nairtest, not sent: they no longer work with Samtest. Send it yourself or let it go.";
    sol.get("/work/planned").await.says(told).says("the first to be held").says("the second to be held");
    sol.get(&thread_of(&app)).await.says("2 messages are held and not sent");
    sol.get("/work").await.says("2 planned messages were held and not sent: send them or let them go");
    app.signed_in(DEE).await.get("/work").await.lacks("not sent");
    app.signed_in(DEE).await.get("/work/planned").await.says("Nothing is planned.");
    let id = first_planned(&mut sol).await;
    let press = [("planned", id.as_str()), ("do", "send")];
    assert_eq!(app.signed_in(OWEN).await.post_form("/work/planned", &press).await.status, 404);
    sol.post_form("/work/planned", &press).await.is(303);
    sol.post_form("/work/planned", &press).await.is(409).says("That was too late");
    sol.get("/work").await.says("1 planned message was held and not sent: send it or let it go");
    let id = first_planned(&mut sol).await;
    sol.post_form("/work/planned", &[("planned", &id), ("do", "let-go")]).await.is(303);
    sol.get("/work/planned").await.says("Nothing is planned.");
    sol.get("/work").await.lacks("not sent");
    let by = "message WHERE from_id = (SELECT staff_id FROM assignment WHERE kind = 'social_worker')";
    assert_eq!((count(&app, by).await, count(&app, "message").await), (1, 1));
}

async fn what_a_suspended_worker_planned_goes_to_the_duty_desk(engine: Engine) {
    let app = TestApp::start(engine).await;
    prepare(&mut app.signed_in(PRIYA).await, &app, "send", "written before", &FRIDAY).await.is(303);
    let whose = app.data.raw.id(app.world.priya);
    app.data.raw.run(&format!("UPDATE staff SET state = 'suspended' WHERE id = {whose}")).await;
    app.wait(3 * DAY);
    assert_eq!((jobs(&app).await, count(&app, "message").await), (0, 0));
    let told = format!("outbox WHERE owner_id = {}", app.data.raw.id(app.world.dee));
    assert_eq!(count(&app, &told).await, 1, "whoever answers now is told");
    let mut dee = app.signed_in(DEE).await;
    dee.get("/work/planned").await.says("Written by Priya Nairtest, not sent").says("written before");
    let id = first_planned(&mut dee).await;
    dee.post_form("/work/planned", &[("planned", &id), ("do", "send")]).await.is(303);
    app.signed_in(SAM).await.get("/me/messages").await.says("Dee Dutytest, from your team").says("written before");
}

async fn at_most_fifty_are_written_to_at_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (priya, at) = (app.world.priya, app.clock.now());
    let ids = write!(app.data, tx, vault, {
        let (team, mut ids) = (people::team_of(tx, "north", "", "", at).await?, Vec::new());
        for n in 0..50 {
            let new = people::NewPerson {
                name: format!("Number {n}"),
                called: format!("Called{n}"),
                born_on: jiff::civil::Date::constant(2008, 3, 27),
                team,
            };
            let person = people::insert_person(tx, vault, &new, at).await?;
            people::assign(tx, person, priya, Part::Pa, true, at).await?;
            ids.push(person);
        }
        Ok::<_, portal::error::Error>(ids)
    })
    .unwrap();
    let (key, mut client) = (key(), app.signed_in(PRIYA).await);
    let mut fields = [("key", key.as_str()), ("do", "send"), ("body", "Hi {name}")]
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .to_vec();
    fields.extend(ids.iter().map(|person| (format!("p-{person}"), "yes".to_owned())));
    let sam = (format!("p-{}", app.world.sam), "yes".to_owned());
    let all: Vec<_> = fields.iter().cloned().chain([sam]).collect();
    post_many(&mut client, &all).await.is(422).says("You ticked 51. Tick 50 people or fewer.").says("Hi {name}");
    assert_eq!(count(&app, "message").await, 0);
    post_many(&mut client, &fields).await.is(303);
    assert_eq!((count(&app, "message").await, count(&app, "outbox").await), (50, 50));
}

/// What a form of many carries.
fn to_many<'a>(app: &TestApp, key: &'a str, step: &'a str, body: &'a str) -> Vec<(String, String)> {
    let mut fields = vec![("key".to_owned(), key.to_owned()), ("do".to_owned(), step.to_owned())];
    fields.push(("body".to_owned(), body.to_owned()));
    for person in [app.world.sam, app.world.aaliyah] {
        fields.push((format!("p-{person}"), "yes".to_owned()));
    }
    fields
}

async fn post_many(client: &mut Client, fields: &[(String, String)]) -> Answer {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    client.post_form("/work/many", &fields).await
}

async fn one_text_to_many_is_a_message_to_each_and_no_more(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    // Aaliyah is not Priya's.
    for step in ["preview", "send"] {
        post_many(&mut priya, &to_many(&app, &key(), step, "Hello {name}")).await.is(404);
    }
    assert_eq!(count(&app, "message").await, 0);
    assert!(!plain(&priya.get("/work/many").await.text()).contains("Aaliyah"));
    two_people(&app).await;
    priya.get("/work/many").await.is(200).says("Samtest (Samuel Whittletest)").says("Aaliyahtest (Aaliyah Khantest)");
    let key = key();
    let shown = post_many(&mut priya, &to_many(&app, &key, "preview", "Hello {name}, the hut is open")).await;
    shown
        .is(200)
        .says("Hello Samtest, the hut is open")
        .says("Hello Aaliyahtest, the hut is open")
        .says("Send 2 messages now");
    for _ in 0..3 {
        post_many(&mut priya, &to_many(&app, &key, "send", "Hello {name}, the hut is open")).await.is(303);
    }
    assert_eq!((count(&app, "message").await, count(&app, "thread").await, count(&app, "outbox").await), (2, 2, 2));
    assert_eq!(count(&app, "audit WHERE action = 'answer'").await, 2);
    post_many(&mut priya, &to_many(&app, &key, "send", "Another text")).await.is(409).says("was not sent");
    for (young, own, other) in [(SAM, "Samtest", "Aaliyahtest"), (AALIYAH, "Aaliyahtest", "Samtest")] {
        let page = plain(&app.signed_in(young).await.get("/me/messages").await.text());
        assert!(page.contains(&format!("Hello {own}, the hut is open")) && !page.contains(other), "{page}");
    }
    // Later, too: one group, each by themselves.
    let later = crate::support::forms::key();
    let mut fields = to_many(&app, &later, "send", "Tomorrow, {name}");
    fields.extend(FRIDAY.map(|(name, value)| (name.to_owned(), value.to_owned())));
    post_many(&mut priya, &fields).await.is(303);
    assert_eq!(app.data.raw.number("SELECT COUNT(DISTINCT group_id) FROM planned WHERE state = 'due'").await, 1);
    app.wait(3 * DAY);
    assert_eq!((jobs(&app).await, count(&app, "message").await), (2, 4));
}

async fn whoever_left_the_caseload_since_the_page_was_looked_at_stops_all_and_is_named(engine: Engine) {
    let app = TestApp::start(engine).await;
    two_people(&app).await;
    let (key, mut priya) = (key(), app.signed_in(PRIYA).await);
    let ticks = priya.get("/work/many").await.text();
    let shown = post_many(&mut priya, &to_many(&app, &key, "preview", "Hello {name}")).await.text();
    let (left, one) = (app.data.raw.id(app.world.aaliyah), app.data.raw.id(app.world.priya));
    app.data.raw.run(&format!("UPDATE assignment SET to_at = 1 WHERE person_id = {left} AND staff_id = {one}")).await;
    let mut fields = Vec::new();
    for (page, step) in [(&ticks, "preview"), (&shown, "send")] {
        fields = to_many(&app, &key, step, "Hello {name}");
        for (name, value) in fields.iter_mut().filter(|(name, _)| name.starts_with("p-")) {
            *value = hidden(page, name).unwrap();
        }
        let answer = post_many(&mut priya, &fields).await;
        answer
            .is(422)
            .says("Aaliyahtest is no longer in your caseload. Nothing was sent to anybody.")
            .says("Hello Samtest");
        assert!(!plain(&answer.text()).contains("Hello Aaliyahtest"), "{step}");
    }
    // Where a template is chosen and where the words are changed, too: there is no box of theirs to tick.
    for step in ["fill", "change"] {
        let mut same = fields.clone();
        for (_, value) in same.iter_mut().filter(|(name, _)| name == "do") {
            *value = step.to_owned();
        }
        same.push(("template".to_owned(), "meeting".to_owned()));
        let answer = post_many(&mut priya, &same).await;
        answer.is(422).says("Aaliyahtest is no longer in your caseload, and not ticked any more.");
    }
    assert_eq!(count(&app, "message").await, 0);
    // With a mark that is not ours nobody is named.
    let mut made_up = fields.clone();
    made_up.last_mut().unwrap().1.replace_range(..1, "x");
    let refused = post_many(&mut priya, &made_up).await;
    assert_eq!(refused.status, 404);
    fields.pop();
    post_many(&mut priya, &fields).await.is(303);
    assert_eq!(count(&app, "message").await, 1);
}

async fn a_night_a_weekend_a_holiday_and_another_s_name_are_said_before(engine: Engine) {
    let app = TestApp::start(engine).await;
    two_people(&app).await;
    let mut priya = app.signed_in(PRIYA).await;
    let mut at = async |day: &str, time: &str| {
        prepare(&mut priya, &app, "preview", "Hello", &[("day", day), ("time", time)]).await.is(200).text()
    };
    let night = plain(&at("2026-12-25", "22:30").await);
    assert!(
        night.contains("It arrives at night: between 9pm and 8am.") && night.contains("bank holiday: Christmas Day")
    );
    assert!(plain(&at("2026-11-28", "12:00").await).contains("It arrives at a weekend."));
    assert!(!plain(&at("2026-11-27", "12:00").await).contains("Look at this first"));
    app.signed_in(SAM).await.write_message("/me/messages", "waiting").await.is(303);
    let text = "Greet aaliyahtest from me, but not Aaliyahtests";
    let page = plain(&post_many(&mut priya, &to_many(&app, &key(), "preview", text)).await.is(200).text());
    let warning = "The name Aaliyahtest stands in it, and that is somebody else.";
    assert_eq!(page.matches(warning).count(), 1, "for Sam alone: {page}");
    assert_eq!(page.matches("They wait for an answer from you").count(), 1);
    // Somebody of whom we know no name to call them by.
    let sam = app.world.sam;
    write!(app.data, tx, vault, people::set_called(tx, vault, sam, "").await).unwrap();
    post_many(&mut priya, &to_many(&app, &key(), "preview", "Hi {name}"))
        .await
        .says("Samuel Whittletest Look at this first We do not know what they want to be called");
}

async fn whoever_covers_reads_the_same_warnings(engine: Engine) {
    let app = TestApp::start(engine).await;
    app.signed_in(SAM).await.write_message("/me/messages", "waiting").await.is(303);
    let owen = app.world.owen.to_string();
    let away = [("from", "2026-11-24"), ("to", "2026-11-26"), ("cover", &*owen)];
    app.signed_in(PRIYA).await.post_form(&format!("/work/away/{}", app.world.priya), &away).await.is(303);
    // Owen leads for Aaliyah, and Sam is nobody of his own.
    let mut owen = app.signed_in(OWEN).await;
    let page = prepare(&mut owen, &app, "preview", "Hello Samtest, greet Aaliyahtest", &[]).await;
    page.is(200)
        .says("They wait for an answer from you")
        .says("The name Aaliyahtest stands in it, and that is somebody else.")
        .lacks("The name Samtest");
    owen.get(&format!("/work/people/{}", app.world.sam))
        .await
        .says("Answers today Priya Nairtest is away until Thursday 26 November. You cover and answer.");
}

async fn what_is_wrong_is_told_and_what_was_typed_is_kept(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    for (body, day, time, says) in [
        ("kept words {nmae}", "", "", "{nmae} stands for nothing"),
        ("kept words ____", "", "", "Write something where it says ____"),
        ("kept words", "2026-11-23", "12:00", "That day is over"),
        ("kept words", "2026-11-24", "12:00", "That time is over"),
        ("kept words", "2027-11-26", "12:00", "Choose a day within a year"),
        ("kept words", "2026-11-27", "", "Say at what time"),
        ("kept words", "", "09:00", "Say on which day"),
        ("kept words", "Friday", "nine", "Say on which day"),
    ] {
        for step in ["preview", "send"] {
            let answer = prepare(&mut priya, &app, step, body, &[("day", day), ("time", time)]).await;
            answer.is(422).says(says);
            let html = answer.text();
            assert!(html.contains(body) && html.contains(&format!("value=\"{day}\"")), "{says}: not kept");
        }
    }
    prepare(&mut priya, &app, "preview", " ", &[]).await.is(422).says("Write your message");
    let key = key();
    let nobody = [("key", key.as_str()), ("do", "preview"), ("body", "kept words")];
    let answer = priya.post_form("/work/many", &nobody).await;
    assert!(answer.is(422).says("Tick at least one person").text().contains("kept words"));
    priya.post_form("/work/planned", &[("planned", "x"), ("do", "cancel")]).await.is(422).says("Press a button");
    assert_eq!((count(&app, "message").await, count(&app, "planned").await), (0, 0));
}

async fn planned_words_and_templates_never_stand_in_clear(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    prepare(&mut priya, &app, "send", "the tangerine kayak waits for {name}", &FRIDAY).await.is(303);
    let key = key();
    let new = [("key", key.as_str()), ("name", "For the ptarmigan"), ("body", "the gooseberry lantern")];
    priya.post_form("/work/templates", &new).await.is(303);
    app.wait(3 * DAY);
    assert_eq!(jobs(&app).await, 1);
    let stolen = stolen(&app.data).await;
    assert!(holds(&stolen, b"North leaving care team"), "nothing would be found");
    for word in ["tangerine", "ptarmigan", "gooseberry", "Samtest"] {
        for disguise in disguises(word.as_bytes()) {
            assert!(!holds(&stolen, &disguise), "the stolen database holds {word}");
        }
    }
}
