//! After a review, what was agreed becomes what somebody does.

use portal::plan::Heading;
use portal::plan::goals::mark;

use crate::support::client::hidden;
use crate::support::forms::key;
use crate::support::people::{OWEN, PRIYA, SAM};
use crate::support::plans::base;
use crate::support::{Client, Engine, TestApp, on_both};

on_both! {
    after_a_review_each_line_that_was_agreed_can_become_an_action
    nothing_agreed_says_what_comes_next
    somebody_else_may_be_named_as_who_does_it
    what_is_wrong_is_told_beside_its_line_and_nothing_is_added
    a_plan_with_more_lines_than_one_form_holds_comes_in_parts
}

async fn agree(client: &mut Client, app: &TestApp, heading: &str, text: &str) {
    let path = format!("{}/write/{heading}/agreed", base(app));
    let from = hidden(&client.get(&path).await.text(), "base").unwrap();
    let fields = [("key", &*key()), ("base", &*from), ("body", text)];
    client.post_form(&path, &fields).await.is(303);
}

async fn after_a_review_each_line_that_was_agreed_can_become_an_action(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut priya, mut sam) = (app.signed_in(PRIYA).await, app.signed_in(SAM).await);
    let here = format!("{}/agreed", base(&app));
    agree(&mut priya, &app, "health", "- Ring the doctor\n- marigoldplan second step\n\n* Walk on Fridays").await;
    agree(&mut priya, &app, "home", "marigoldplan second step\nMend\tthe tap").await;
    let held = [("key", &*key()), ("do", "held"), ("held", "2026-11-24"), ("by", "")];
    let answer = priya.post_form(&format!("{}/review", base(&app)), &held).await;
    assert_eq!(answer.is(303).location(), here);
    let page = priya.get(&here).await;
    page.is(200).says("Ring the doctor").says("Walk on Fridays").says("Mend the tap");
    // Word for word an action of the same part already, and of no other.
    page.says("marigoldplan second step Somebody does this already");
    assert_eq!(page.text().matches("type=\"checkbox\"").count(), 4, "{}", page.text());
    priya.get(&base(&app)).await.says("What you agreed: who does it");
    let key = key();
    let fields = [
        ("key", &*key),
        ("t-health-2", "Ring the doctor"),
        ("w-2", "me"),
        ("d-2", "2026-12-04"),
        ("w-3", "staff"),
        ("d-3", ""),
        ("t-health-4", "Walk on Fridays"),
        ("w-4", "staff"),
        ("d-4", ""),
    ];
    for _ in 0..2 {
        assert_eq!(priya.post_form(&here, &fields).await.is(303).location(), format!("{}/actions", base(&app)));
    }
    let list = sam.get("/me/plan/actions").await;
    list.says("Ring the doctor Not started Me, by 4 December 2026").says("Walk on Fridays Not started Priya Nairtest");
    assert_eq!(list.text().matches(">Ring the doctor<").count(), 1);
    priya.get(&here).await.says("Ring the doctor Somebody does this already");
    // Somebody else added it since: nothing is added twice, and nothing is said to be saved.
    let late =
        [("key", &*crate::support::forms::key()), ("t-health-2", "Ring the doctor"), ("w-2", "staff"), ("d-2", "")];
    priya.post_form(&here, &late).await.is(409).says("Somebody added one of these since");
    // What is done may be agreed once more.
    app.data.raw.run("UPDATE plan_action SET state = 'done'").await;
    assert!(!priya.get(&here).await.text().contains("Somebody does this already"));
    // The same key with other words, and nobody else.
    let other = [("key", &*key), ("t-health-4", "Something else"), ("w-4", "me"), ("d-4", "")];
    priya.post_form(&here, &other).await.is(409).says("used before with other words");
    let mut owen = app.signed_in(OWEN).await;
    owen.get(&here).await.is(404);
    owen.post_form(&here, &fields).await.is(404);
}

async fn nothing_agreed_says_what_comes_next(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut owen = app.signed_in(OWEN).await;
    let here = format!("/work/people/{}/plan/agreed", app.world.aaliyah);
    let page = owen.get(&here).await;
    page.is(200).says("Nothing is agreed yet. Write it in the plan first");
    assert!(!page.text().contains("type=\"checkbox\""));
    // All of it is on a list already.
    let mut priya = app.signed_in(PRIYA).await;
    agree(&mut priya, &app, "home", "marigoldplan second step").await;
    let page = priya.get(&format!("{}/agreed", base(&app))).await;
    page.says("All that you agreed is on somebody's list already.");
}

async fn somebody_else_may_be_named_as_who_does_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut priya, mut sam) = (app.signed_in(PRIYA).await, app.signed_in(SAM).await);
    let here = format!("{}/agreed", base(&app));
    agree(&mut priya, &app, "home", "Mend the tap\nPaint the door").await;
    priya.get(&here).await.says("Somebody else").says("If it is somebody else: who?");
    let [tap, door] = ["Mend the tap", "Paint the door"].map(|line| mark(Heading::Home, line));
    let [tick, who, name] = [format!("t-home-{tap}"), format!("w-{tap}"), format!("o-{tap}")];
    let [other_who, other_name] = [format!("w-{door}"), format!("o-{door}")];
    let key = key();
    let with = |chosen, named| {
        [
            ("key", key.as_str()),
            (&*tick, "Mend the tap"),
            (&*who, chosen),
            (&*name, named),
            (&*other_who, "other"),
            (&*other_name, "Nan"),
        ]
    };
    let long = "n".repeat(101);
    for (chosen, named, says) in [
        ("other", " ", "Write who does it"),
        ("other", long.as_str(), "Write a shorter name"),
        ("other", "\u{202e}x", "Write a shorter name"),
        ("me", "The landlord", "You wrote a name: choose that somebody else does it"),
        ("staff", "The landlord", "You wrote a name: choose that somebody else does it"),
        ("", "", "Choose who does it"),
    ] {
        let page = priya.post_form(&here, &with(chosen, named)).await;
        page.is(422).says(says).says("look at the line where it says so");
        let html = page.text();
        assert!(html.contains(&format!("name=\"{name}\" type=\"text\" value=\"{}\"", named)), "{named}: {html}");
        assert!(html.contains("value=\"Nan\"") && html.contains(" checked"), "the rest is kept: {html}");
    }
    // What stands beside a line that is not ticked is not dropped without a word.
    let page = priya.post_form(&here, &with("other", "The landlord")).await;
    page.is(422).says("Tick this line, or take away what you wrote");
    assert!(page.text().contains("value=\"Nan\""));
    priya.post_form(&here, &with("other", "The landlord")[..4]).await.is(303);
    for (client, path) in [(&mut sam, "/me/plan/actions".to_owned()), (&mut priya, format!("{}/actions", base(&app)))] {
        client.get(&path).await.says("Mend the tap Not started The landlord");
    }
}

async fn what_is_wrong_is_told_beside_its_line_and_nothing_is_added(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    let here = format!("{}/agreed", base(&app));
    let many = "x".repeat(501);
    agree(&mut priya, &app, "home", &format!("Mend the tap\n{many}")).await;
    priya.get(&here).await.says("Too long for one action: write it in short");
    let before = app.data.raw.number("SELECT COUNT(*) FROM plan_action").await;
    let [tap, door] = ["Mend the tap", "Paint the door"].map(|line| mark(Heading::Home, line));
    let [box_of, who, day] = [format!("t-home-{tap}"), format!("w-{tap}"), format!("d-{tap}")];
    let tick = (&*box_of, "Mend the tap");
    for (fields, says) in [
        (vec![(&*who, "me"), (&*day, "")], "Tick at least one line"),
        (vec![tick, (&*who, "me"), (&*day, "soon")], "Write the day, as in 2026-12-04, or leave it empty"),
        (vec![tick, (&*who, "nan"), (&*day, "")], "Choose who does each line"),
        (vec![tick, (&*who, "me"), (&*who, "staff")], "sent twice"),
        (vec![(&*box_of, &*many), (&*who, "me")], "A line cannot be read"),
        (vec![(&*box_of, "\u{202e}x"), (&*who, "me")], "A line cannot be read"),
    ] {
        let key = key();
        let fields: Vec<_> = [("key", &*key)].into_iter().chain(fields).collect();
        priya.post_form(&here, &fields).await.is(422).says(says);
    }
    // All of the form is kept: what was typed beside a line that is not ticked, too.
    agree(&mut priya, &app, "home", "Mend the tap\nPaint the door\nBuy a lamp").await;
    let [other_who, other_day] = [format!("w-{door}"), format!("d-{door}")];
    let fields =
        [("key", &*key()), tick, (&who, "me"), (&day, "2026-13-01"), (&other_who, "me"), (&other_day, "2026-12-05")];
    // A line that a colleague writes above them moves nothing.
    agree(&mut priya, &app, "health", "Ring the doctor").await;
    let html = priya.post_form(&here, &fields).await.is(422).text();
    for says in ["value=\"2026-13-01\"", "value=\"2026-12-05\""] {
        assert!(html.contains(says), "{says}");
    }
    assert_eq!(html.matches("value=\"me\" selected").count(), 2);
    assert_eq!(html.matches(" checked").count(), 1);
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM plan_action").await, before);
}

async fn a_plan_with_more_lines_than_one_form_holds_comes_in_parts(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    let here = format!("{}/agreed", base(&app));
    let lines: Vec<String> = (1..=60).map(|n| format!("step {n} of many")).collect();
    agree(&mut priya, &app, "home", &lines.join("\n")).await;
    priya.get(&here).await.says("And 12 more. They come when these are added.");
    let key = key();
    let names: Vec<_> =
        (1..=48).map(|n| [format!("t-home-{n}"), format!("w-{n}"), format!("o-{n}"), format!("d-{n}")]).collect();
    let mut fields = vec![("key", key.as_str())];
    for ([tick, who, name, day], line) in names.iter().zip(&lines) {
        fields.extend([
            (tick.as_str(), line.as_str()),
            (who.as_str(), "staff"),
            (name.as_str(), ""),
            (day.as_str(), ""),
        ]);
    }
    priya.post_form(&here, &fields).await.is(303);
    let page = priya.get(&here).await;
    page.says("step 60 of many").says("step 48 of many Somebody does this already");
    assert_eq!(page.text().matches("type=\"checkbox\"").count(), 12);
}
