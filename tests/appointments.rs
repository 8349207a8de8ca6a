//! Appointments: made and moved by a worker who is told what to look at again, seen and answered by the young person,
//! reminded of without a word of what they are, and in a calendar that tells nobody who they are.

use portal::appointments::acts::remind;
use portal::clock::{HOUR, MINUTE, from_micros};

use crate::support::client::plain;
use crate::support::forms::key;
use crate::support::people::{AALIYAH, MORAG, OWEN, PRIYA, SAM, SOL};
use crate::support::{Answer, Client, Engine, TestApp, on_both};

on_both! {
    an_appointment_goes_from_a_worker_to_the_young_person_and_back
    two_workers_who_change_one_at_once_overwrite_nothing
    what_is_to_be_looked_at_again_is_said_once_and_nothing_that_was_typed_is_lost
    a_time_that_the_clocks_leave_out_is_refused_and_of_one_that_comes_twice_the_first_is_meant
    somebody_is_reminded_once_and_the_reminder_says_nothing
    a_calendar_with_a_private_address_tells_times_alone_and_ends_when_it_is_taken_back
    a_calendar_that_asks_all_day_leaves_one_row_and_one_under_a_safety_flag_is_empty
    what_stands_in_an_address_of_somebody_else_is_not_there
    words_of_an_appointment_never_stand_in_clear
}

fn list_of(app: &TestApp) -> String {
    format!("/work/people/{}/appointments", app.world.sam)
}

const THURSDAY: [(&str, &str); 7] = [
    ("meeting", "Talk about college"),
    ("with", "Priya and a tutor"),
    ("day", "2026-12-03"),
    ("time", "16:00"),
    ("minutes", "60"),
    ("at", "The library, Market Street"),
    ("directions", "Bus 41; ask for Priya, at the desk"),
];

/// The fields with these in the place of others, or besides.
fn but<'a>(fields: &[(&'a str, &'a str)], other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = fields.iter().filter(|(name, _)| !other.iter().any(|(known, _)| known == name));
    kept.chain(other).copied().collect()
}

async fn make(client: &mut Client, app: &TestApp, other: &[(&str, &str)]) -> Answer {
    let key = key();
    let fields = but(&but(&THURSDAY, &[("key", key.as_str())]), other);
    client.post_form(&format!("{}/new", list_of(app)), &fields).await
}

/// The addresses on a page that begin like this.
fn links(page: &Answer, start: &str) -> Vec<String> {
    let (html, mark) = (page.text(), format!("href=\"{start}"));
    html.split(&mark).skip(1).map(|rest| format!("{start}{}", &rest[..rest.find('"').unwrap()])).collect()
}

/// The address at which a worker changes the first appointment of a list.
async fn first(client: &mut Client, app: &TestApp) -> String {
    links(&client.get(&list_of(app)).await, "/work/appointments/").remove(0)
}

async fn count(app: &TestApp, what: &str) -> i64 {
    app.data.raw.number(&format!("SELECT COUNT(*) FROM {what}")).await
}

async fn notices(app: &TestApp, kind: &str) -> i64 {
    count(app, &format!("outbox WHERE kind = '{kind}'")).await
}

async fn an_appointment_goes_from_a_worker_to_the_young_person_and_back(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut priya, mut sam) = (app.signed_in(PRIYA).await, app.at_second_door(SAM).await);
    sam.get("/me").await.says("My appointments");
    sam.get("/me/appointments").await.is(200).says("Nothing is planned.").says("Send a message and say when you can");
    priya.get(&format!("/work/people/{}", app.world.sam)).await.says("Appointments What is coming up");
    priya.get(&list_of(&app)).await.is(200).says("Nothing is planned.").says("Make an appointment");
    assert_eq!(make(&mut priya, &app, &[]).await.is(303).location(), list_of(&app));
    let soon = [("meeting", "Coffee"), ("day", "2026-11-25"), ("time", "09:30"), ("minutes", "30"), ("with", "")];
    make(&mut priya, &app, &soon).await.is(303);
    assert_eq!(notices(&app, "person_message").await, 1, "one that waits tells of both");
    let page = sam.get("/me/appointments").await;
    page.is(200).says("Tomorrow, Wednesday 25 November 9.30am to 10am: Coffee");
    page.says("Thursday 3 December 4pm to 5pm: Talk about college With Priya and a tutor Where The library, Market Street How to get there Bus 41");
    let own = links(&page, "/me/appointments/").into_iter().find(|one| !one.ends_with("/file")).unwrap();
    app.clock.set("2026-11-25T08:00:00Z".parse().unwrap());
    let mut sam = app.at_second_door(SAM).await;
    sam.get("/me/appointments").await.says("Today, Wednesday 25 November 9.30am to 10am: Coffee");

    // "I can't make it" is heard, and can be taken back.
    let (answer, reason) = (key(), "I have an exam then");
    let says = [("key", answer.as_str()), ("sequence", "0"), ("do", "cannot"), ("reason", reason)];
    for _ in 0..2 {
        assert_eq!(sam.post_form(&own, &says).await.is(303).location(), "/me/appointments");
    }
    assert_eq!(notices(&app, "worker_message").await, 1);
    sam.get("/me/appointments").await.says("We tell whoever works with you").says("You said that you can't make it.");
    let mut priya = app.signed_in(PRIYA).await;
    priya.get("/work").await.says("Samtest can't make an appointment");
    priya.get(&list_of(&app)).await.says("Samtest can't make it. “I have an exam then”");
    sam.get(&own).await.says("I have an exam then").says("I can make it after all");
    sam.post_form(&own, &[("key", &key()), ("sequence", "0"), ("do", "can")]).await.is(303);
    assert!(!plain(&priya.get("/work").await.text()).contains("can't make an appointment"));

    // It was moved meanwhile: what is said of the old time is not said of the new one, and stays in the box.
    let late = [("key", &*key()), ("sequence", "7"), ("do", "cannot"), ("reason", "Not at that time")];
    sam.post_form(&own, &late).await.is(409).says("was changed since you opened it").says("Not at that time");
    assert!(!plain(&priya.get("/work").await.text()).contains("can't make an appointment"));

    // What is cancelled is told, and has nothing to answer.
    let change = first(&mut priya, &app).await;
    let page = priya.get(&change).await;
    page.is(200).says("Change an appointment").says("Cancel this appointment");
    priya.post_form(&change, &[("key", &page.key()), ("sequence", "0"), ("do", "cancel")]).await.is(303);
    sam.get("/me/appointments").await.says("Coffee Cancelled");
    sam.post_form(&own, &[("key", &key()), ("sequence", "0"), ("do", "cannot")])
        .await
        .is(422)
        .says("is over or was cancelled");
    let past = links(&priya.get(&list_of(&app)).await, "/work/appointments/").pop().unwrap();
    // What is past is kept apart, and is cancelled by nobody any more.
    app.clock.set("2026-12-04T08:00:00Z".parse().unwrap());
    let mut priya = app.signed_in(PRIYA).await;
    let over = [("key", &*key()), ("sequence", "0"), ("do", "cancel")];
    priya.post_form(&past, &over).await.is(409);
    priya.get(&list_of(&app)).await.says("Nothing is planned.").says("Past appointments (2)");
    for (action, many) in [("set", 2), ("cancel", 1), ("answer", 2)] {
        let rows = format!("audit WHERE action = '{action}' AND object_kind = 'appointment'");
        assert_eq!(count(&app, &rows).await, many, "{action}");
    }
}

async fn two_workers_who_change_one_at_once_overwrite_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut priya, mut sol) = (app.signed_in(PRIYA).await, app.signed_in(SOL).await);
    make(&mut priya, &app, &[]).await.is(303);
    let path = first(&mut priya, &app).await;
    let (hers, his) = (priya.get(&path).await.key(), sol.get(&path).await.key());
    let saves = |key: &str| {
        let more = [("key", key.to_owned()), ("sequence", "0".to_owned()), ("do", "save".to_owned())];
        THURSDAY.map(|(name, value)| (name, value.to_owned())).into_iter().chain(more).collect::<Vec<_>>()
    };
    let send = |fields: Vec<(&'static str, String)>, other: &[(&'static str, &str)]| {
        let other: Vec<_> = other.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let kept = fields.into_iter().filter(|(name, _)| !other.iter().any(|(known, _)| known == name));
        kept.chain(other.clone()).collect::<Vec<_>>()
    };
    async fn post(client: &mut Client, path: &str, fields: &[(&'static str, String)]) -> Answer {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        client.post_form(path, &fields).await
    }
    let first = send(saves(&hers), &[("at", "The town hall")]);
    post(&mut priya, &path, &first).await.is(303);
    let second = send(saves(&his), &[("at", "The café")]);
    for _ in 0..2 {
        let told = post(&mut sol, &path, &second).await;
        told.is(409).says("Somebody changed this appointment while you wrote").says("Where The town hall");
        assert!(told.text().contains("value=\"The café\"") && told.text().contains("name=\"sequence\" value=\"1\""));
        assert_ne!(told.key(), his);
    }
    // The same form of hers again is what it was.
    post(&mut priya, &path, &first).await.is(303);
    sol.get(&path).await.says("Change an appointment");
    let knows = send(second, &[("key", &key()), ("sequence", "1")]);
    post(&mut sol, &path, &knows).await.is(303);
    app.signed_in(SAM).await.get("/me/appointments").await.says("Where The café");
    // Cancelled while somebody writes: told, and it stands again only when they say so.
    let cancels = [("key", key()), ("sequence", "2".to_owned()), ("do", "cancel".to_owned())];
    post(&mut priya, &path, &cancels).await.is(303);
    let late = send(knows, &[("key", &key()), ("sequence", "2")]);
    post(&mut sol, &path, &late).await.is(409).says("Cancelled").says("so that it takes place after all");
    assert_eq!(app.data.raw.number("SELECT sequence FROM appointment").await, 3);
}

async fn what_is_to_be_looked_at_again_is_said_once_and_nothing_that_was_typed_is_lost(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    let path = format!("{}/new", list_of(&app));
    make(&mut priya, &app, &[]).await.is(303);
    for (other, says) in [
        (&[("day", "2026-12-25")][..], "That day is a bank holiday: Christmas Day."),
        (&[("time", "07:45")], "That is before 8am or after 9pm."),
        (&[("time", "20:30")], "That is before 8am or after 9pm."),
        (&[("time", "16:30")], "They have something else then: Talk about college."),
    ] {
        let key = key();
        let fields = but(&but(&THURSDAY, &[("key", key.as_str())]), other);
        let before = count(&app, "appointment").await;
        let told = priya.post_form(&path, &fields).await;
        told.is(422).says(says).says("If that is right, save once more");
        for typed in ["value=\"Talk about college\"", "value=\"The library, Market Street\"", "Bus 41; ask for Priya"] {
            assert!(told.text().contains(typed), "{typed} is lost");
        }
        assert_eq!(count(&app, "appointment").await, before);
        // With what was said, and the same key, it is taken; twice is once.
        let sure = but(&fields, &[("sure", says)]);
        for _ in 0..2 {
            priya.post_form(&path, &sure).await.is(303);
        }
        assert_eq!(count(&app, "appointment").await, before + 1);
        app.data
            .raw
            .run(&format!("DELETE FROM appointment WHERE starts_at <> {}", micros("2026-12-03T16:00:00Z")))
            .await;
    }
    for (other, says) in [
        (("day", "2026-11-24"), None),
        (("day", "2026-11-23"), Some("That time has passed")),
        (("day", "2029-12-03"), Some("Check the year of that day")),
        (("day", "2026-02-30"), Some("Choose the day")),
        (("time", "25:00"), Some("Write the time")),
        (("minutes", "7"), Some("Choose how long")),
        (("meeting", " "), Some("Say what it is")),
    ] {
        let answer = make(&mut priya, &app, &[other]).await;
        match says {
            Some(says) => drop(answer.is(422).says(says)),
            None => drop(answer.is(303)),
        }
    }
}

fn micros(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
}

async fn a_time_that_the_clocks_leave_out_is_refused_and_of_one_that_comes_twice_the_first_is_meant(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    let night = ("sure", "That is before 8am or after 9pm.");
    make(&mut priya, &app, &[("day", "2027-03-28"), ("time", "01:30"), night])
        .await
        .is(422)
        .says("There is no such time on that day: the clocks go forward");
    for (day, time, utc) in [
        ("2027-03-28", "02:00", "2027-03-28T01:00:00Z"),
        ("2027-10-31", "01:30", "2027-10-31T00:30:00Z"),
        ("2027-10-31", "02:00", "2027-10-31T02:00:00Z"),
    ] {
        make(&mut priya, &app, &[("day", day), ("time", time), night]).await.is(303);
        let there = format!("appointment WHERE starts_at = {}", micros(utc));
        assert_eq!(count(&app, &there).await, 1, "{day} {time}");
        app.data.raw.run("DELETE FROM appointment").await;
    }
}

async fn somebody_is_reminded_once_and_the_reminder_says_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    for other in [&[][..], &[("time", "18:00"), ("meeting", "Gone")]] {
        make(&mut priya, &app, other).await.is(303);
    }
    let gone = links(&priya.get(&list_of(&app)).await, "/work/appointments/").remove(1);
    priya.post_form(&gone, &[("key", &key()), ("sequence", "0"), ("do", "cancel")]).await.is(303);
    app.deliver().await;
    let run = async |at: &str| {
        app.clock.set(at.parse().unwrap());
        // Two instances look at the same time.
        let (one, other) = tokio::join!(remind(&app.app.db, app.clock.now()), remind(&app.app.db, app.clock.now()));
        one.unwrap() + other.unwrap()
    };
    assert_eq!(run("2026-12-02T15:59:59Z").await, 0);
    assert_eq!(run("2026-12-02T16:00:00Z").await, 1);
    assert_eq!(run("2026-12-02T16:00:20Z").await, 0);
    assert_eq!(notices(&app, "reminder").await, 1);
    assert_eq!(app.deliver().await, 1);
    let mails = std::fs::read_dir(&app.mail).unwrap().map(|entry| std::fs::read_to_string(entry.unwrap().path()));
    let mails: Vec<String> = mails.map(Result::unwrap).collect();
    let mail = mails.iter().find(|mail| mail.contains("is coming up")).unwrap();
    for word in ["college", "library", "Priya", "4pm", "16:00", "December 3", "appointment", "care leaver"] {
        assert!(!mail.contains(word), "the reminder says {word}");
    }
    // Made on the day: a while after they were told, and not at all when it is near.
    let mut priya = app.signed_in(PRIYA).await;
    make(&mut priya, &app, &[("day", "2026-12-02"), ("time", "20:00"), ("minutes", "30")]).await.is(303);
    assert_eq!(run("2026-12-02T17:30:00Z").await, 0, "nobody is reminded of what is so near");
    // Moved: another start, another reminder.
    let moved = but(&THURSDAY, &[("day", "2026-12-10"), ("sequence", "0"), ("do", "save")]);
    let mut priya = app.signed_in(PRIYA).await;
    let page = priya.get(&list_of(&app)).await;
    let path = links(&page, "/work/appointments/").remove(1);
    let key = key();
    priya.post_form(&path, &but(&moved, &[("key", key.as_str())])).await.is(303);
    assert_eq!(run("2026-12-09T16:00:00Z").await, 1);
}

/// The secret part of a private address, made anew.
async fn private_address(client: &mut Client) -> String {
    let page = client.post_form("/me/appointments/calendar", &[("do", "make")]).await;
    page.is(200).says("Copy it now. We do not show it again.");
    let html = page.text();
    let address = html.split("class=\"secret\"><strong>").nth(1).unwrap().split('<').next().unwrap();
    let path = &address[address.find("/calendar/").unwrap()..];
    assert_eq!(path.len(), "/calendar/.ics".len() + 64);
    path.to_owned()
}

async fn a_calendar_with_a_private_address_tells_times_alone_and_ends_when_it_is_taken_back(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut priya, mut sam) = (app.signed_in(PRIYA).await, app.signed_in(SAM).await);
    make(&mut priya, &app, &[]).await.is(303);
    // The file of one is its owner's own: it says what and where.
    let page = sam.get("/me/appointments").await;
    let file = links(&page, "/me/appointments/").into_iter().find(|one| one.ends_with("/file")).unwrap();
    let file = sam.get(&file).await;
    assert_eq!(file.header("content-type"), "text/calendar; charset=utf-8");
    let text = file.is(200).text().replace("\r\n ", "");
    for line in [
        "METHOD:PUBLISH",
        "X-WR-TIMEZONE:Europe/London",
        "SUMMARY:Talk about college",
        "LOCATION:The library\\, Market Street",
        "DESCRIPTION:With Priya and a tutor\\nBus 41\\; ask for Priya\\, at the desk",
        "DTSTART:20261203T160000Z",
        "DTEND:20261203T170000Z",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
    ] {
        assert!(text.contains(&format!("{line}\r\n")), "{line} is missing in {text}");
    }
    // The address is for the last door.
    assert_eq!(app.at_second_door(SAM).await.get("/me/appointments/calendar").await.status, 303);
    sam.get("/me/appointments/calendar").await.is(200).says("Who could see it?").says("It is safe: make an address");
    let first = private_address(&mut sam).await;
    let mut anyone = app.visitor();
    let feed = anyone.get(&first).await;
    feed.is(200);
    assert_eq!((feed.header("cache-control"), feed.header("set-cookie")), ("no-store", ""));
    let text = feed.text();
    assert!(text.contains("DTSTART:20261203T160000Z\r\n") && text.contains("SUMMARY:Appointment\r\n"));
    let host = app.origin.rsplit("//").next().unwrap();
    for word in ["college", "library", "Priya", "Sam", "Bus", "Lancashire", "care", "LOCATION", "DESCRIPTION", host] {
        assert!(!text.to_lowercase().contains(&word.to_lowercase()), "the calendar says {word}");
    }
    // A cancelled one says so under the same name.
    let path = self::first(&mut priya, &app).await;
    priya.post_form(&path, &[("key", &key()), ("sequence", "0"), ("do", "cancel")]).await.is(303);
    let text = anyone.get(&first).await.text();
    assert!(text.contains("STATUS:CANCELLED\r\n") && text.contains("SEQUENCE:1\r\n"));
    // A year back is not shown, nor what is further ahead than a year.
    app.data.raw.run(&format!("UPDATE appointment SET starts_at = {}", micros("2026-10-20T10:00:00Z"))).await;
    assert!(!anyone.get(&first).await.text().contains("VEVENT"));
    // A new address ends the old one, and so does taking it back: told apart from none by nobody.
    let second = private_address(&mut sam).await;
    let never = format!("/calendar/{}.ics", "0".repeat(64));
    let body = async |path: &str| app.visitor().get(path).await.is(404).body.clone();
    let nothing = body(&never).await;
    assert_eq!(body(&first).await, nothing);
    anyone.get(&second).await.is(200);
    sam.get("/me/appointments/calendar").await.says("Take the address back").says("A calendar last read it on");
    sam.post_form("/me/appointments/calendar", &[("do", "end")]).await.is(303);
    for path in [&second, "/calendar/x.ics", second.trim_end_matches(".ics"), "/calendar/.ics"] {
        assert_eq!(body(path).await, nothing, "{path}");
    }
    let mut fresh = app.signed_in(SAM).await;
    let third = private_address(&mut fresh).await;
    app.data
        .raw
        .run(&format!("UPDATE person SET state = 'closed' WHERE id = {}", app.data.raw.id(app.world.sam)))
        .await;
    assert_eq!(body(&third).await, nothing);
}

async fn a_calendar_that_asks_all_day_leaves_one_row_and_one_under_a_safety_flag_is_empty(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut priya, mut sam) = (app.signed_in(PRIYA).await, app.signed_in(SAM).await);
    make(&mut priya, &app, &[]).await.is(303);
    let (path, mut program) = (private_address(&mut sam).await, app.visitor());
    let rows = "audit WHERE action = 'read' AND object_kind = 'calendar address' AND actor_kind = 'nobody'";
    for hour in 0..11 {
        app.clock.set(from_micros(micros("2026-11-24T12:00:00Z") + hour * HOUR + MINUTE));
        program.get(&path).await.is(200);
    }
    assert_eq!(count(&app, rows).await, 1);
    for _ in 0..3 {
        app.clock.set(from_micros(micros("2026-11-25T12:00:00Z")));
        program.get(&path).await.is(200);
    }
    assert_eq!(count(&app, rows).await, 2);
    assert!(program.get(&path).await.text().contains("BEGIN:VEVENT"));
    let reach = format!("/work/people/{}/reach", app.world.sam);
    let mut priya = app.signed_in(PRIYA).await;
    priya.post_form(&reach, &[("do", "flag:on")]).await.is(303);
    let empty = program.get(&path).await.is(200).text();
    assert!(!empty.contains("VEVENT") && empty.ends_with("END:VCALENDAR\r\n"));
    app.signed_in(SAM).await.get("/me/appointments/calendar").await.says("the calendar stays empty");
    priya.post_form(&reach, &[("do", "flag:off")]).await.is(303);
    assert!(program.get(&path).await.text().contains("BEGIN:VEVENT"));
}

async fn what_stands_in_an_address_of_somebody_else_is_not_there(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut priya, mut sam) = (app.signed_in(PRIYA).await, app.signed_in(SAM).await);
    make(&mut priya, &app, &[]).await.is(303);
    let work = first(&mut priya, &app).await;
    let own = work.replace("/work", "/me");
    sam.get(&own).await.is(200).says("Thursday 3 December, 4pm to 5pm");
    let (mut aaliyah, mut owen) = (app.signed_in(AALIYAH).await, app.signed_in(OWEN).await);
    let cancel = [("key", &*key()), ("sequence", "0"), ("do", "cancel")].map(|(name, value)| (name, value.to_owned()));
    let cancel: Vec<_> = cancel.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for path in [own.clone(), format!("{own}/file")] {
        aaliyah.get(&path).await.is(404);
        priya.get(&path).await.is(404);
    }
    aaliyah.post_form(&own, &[("key", &key()), ("sequence", "0"), ("do", "cannot")]).await.is(404);
    for client in [&mut owen, &mut aaliyah, &mut sam, &mut app.signed_in(MORAG).await] {
        client.get(&work).await.is(404);
        client.post_form(&work, &cancel).await.is(404);
        client.get(&list_of(&app)).await.is(404);
        client.post_form(&format!("{}/new", list_of(&app)), &THURSDAY).await.is(404);
    }
    app.at_first_door(SAM).await.get("/me/appointments").await.is(303);
    assert_eq!(app.data.raw.number("SELECT sequence FROM appointment").await, 0);
}

async fn words_of_an_appointment_never_stand_in_clear(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut priya, mut sam) = (app.signed_in(PRIYA).await, app.signed_in(SAM).await);
    let planted = [("meeting", "zqmeeting"), ("with", "zqwith"), ("at", "zqplace"), ("directions", "zqway")];
    make(&mut priya, &app, &planted).await.is(303);
    let own = first(&mut priya, &app).await.replace("/work", "/me");
    sam.post_form(&own, &[("key", &key()), ("sequence", "0"), ("do", "cannot"), ("reason", "zqreason")]).await.is(303);
    let address = private_address(&mut sam).await;
    let secret = address.trim_start_matches("/calendar/").trim_end_matches(".ics").to_owned();
    app.deliver().await;
    let stolen = crate::support::stolen::stolen(&app.data).await;
    for word in ["zqmeeting", "zqwith", "zqplace", "zqway", "zqreason", &secret] {
        for one in crate::support::stolen::disguises(word.as_bytes()) {
            assert!(!crate::support::stolen::holds(&stolen, &one), "{word} stands in clear");
        }
    }
    let bytes = portal::id::unhex(&secret).unwrap();
    assert!(!crate::support::stolen::holds(&stolen, &bytes), "the secret itself stands there");
}
