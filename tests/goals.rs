//! Ideas for goals: taken into a plan and changed there; nothing of one's own is lost by it.

use portal::content::{Kind, Library};
use portal::plan::Heading;

use crate::support::client::{hidden, plain};
use crate::support::forms::key;
use crate::support::people::{CHRIS, OWEN, PRIYA, SAM};
use crate::support::{Client, Engine, TestApp, block_on, on_both, shipped};

on_both! {
    what_was_ticked_is_added_in_one_go_and_the_words_come_into_the_box
    an_idea_comes_under_what_stands_there_and_is_not_saved_by_looking
    a_worker_cannot_do_what_they_do_not_see
    a_worker_takes_an_idea_and_the_words_of_the_young_person_stay_theirs
    nobody_else_takes_one
}

fn theirs(app: &TestApp) -> String {
    format!("/work/people/{}/plan/goals", app.world.sam)
}

/// How many actions say this.
async fn actions(client: &mut Client, base: &str, text: &str) -> usize {
    client.get(&format!("{base}/actions?show=all")).await.is(200).text().matches(&format!(">{text}<")).count()
}

async fn what_was_ticked_is_added_in_one_go_and_the_words_come_into_the_box(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut sam = app.signed_in(SAM).await;
    sam.get("/me/plan").await.says("Ideas for goals");
    sam.get("/me/plan/actions/new").await.says("Ideas for goals");
    let list = sam.get("/me/plan/goals").await;
    list.is(200).says("My health, body and mind").says("Get a doctor near me");
    assert!(list.text().contains("id=\"health\""), "each part of the plan leads to its ideas");
    let page = sam.get("/me/plan/goals/doctor").await;
    page.is(200).says("I want a GP").says("Priya Nairtest: Send them");
    let key = key();
    let fields = [("key", &*key), ("a-1", "yes"), ("a-3", "yes"), ("sees", "both")];
    for _ in 0..2 {
        let answer = sam.post_form("/me/plan/goals/doctor", &fields).await;
        assert_eq!(answer.is(303).location(), "/me/plan/want/health?goal=doctor");
    }
    let box_page = sam.get("/me/plan/want/health?goal=doctor").await;
    box_page.says("I want a GP").says("It is not saved before you press Save");
    // Changed, kept and loaded again, the idea does not come a second time.
    let typed = [
        ("place", "/me/plan/want/health"),
        ("key", &*crate::support::forms::key()),
        ("goal", &*hidden(&box_page.text(), "goal").unwrap()),
        ("body", "I want a doctor who listens"),
    ];
    sam.post_form("/sign-in/draft", &typed).await.is(303);
    let again = sam.get("/me/plan/want/health?goal=doctor").await;
    assert!(again.text().contains("I want a doctor who listens") && !again.text().contains("I want a GP"));
    for text in ["Find a GP practice near home", "Send them the health history, after asking first"] {
        assert_eq!(actions(&mut sam, "/me/plan", text).await, 1, "{text}");
    }
    let rows = "SELECT COUNT(*) FROM audit WHERE action = 'do' AND object_kind = 'action' AND object_id IS NOT NULL";
    assert_eq!(app.data.raw.number(rows).await, 2, "a row for each");
    // What stands in the plan already has no box, and is not added twice by a page from before.
    let page = sam.get("/me/plan/goals/doctor").await;
    page.says("In the plan already Me: Find a GP practice near home");
    assert!(!page.text().contains("name=\"a-1\"") && page.text().contains("name=\"a-2\""));
    let again = crate::support::forms::key();
    let fields = [("key", &*again), ("a-1", "yes"), ("a-2", "yes"), ("sees", "me")];
    sam.post_form("/me/plan/goals/doctor", &fields).await.is(409).says("Somebody added one of these since");
    assert_eq!(actions(&mut sam, "/me/plan", "Find a GP practice near home").await, 1);
    let fields = [("key", &*again), ("a-2", "yes"), ("sees", "me")];
    sam.post_form("/me/plan/goals/doctor", &fields).await.is(303);
    sam.get("/me/plan/actions").await.says("Fill in their form, or ask for help with it Only me");
    // The same key with other words.
    let other = [("key", &*again), ("a-2", "yes"), ("sees", "both")];
    let answer = sam.post_form("/me/plan/goals/doctor", &other).await;
    answer.is(409).says("used before with other words");
}

async fn an_idea_comes_under_what_stands_there_and_is_not_saved_by_looking(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut sam = app.signed_in(SAM).await;
    // Nothing ticked: nothing is added, and the box follows.
    let fields = [("key", &*key())];
    let answer = sam.post_form("/me/plan/goals/find-a-home", &fields).await;
    assert_eq!(answer.is(303).location(), "/me/plan/want/home?goal=find-a-home");
    let page = sam.get(answer.location()).await;
    page.says("marigoldplan plan want I want a safe place to live");
    assert!(!plain(&sam.get("/me/plan").await.text()).contains("I want a safe place"));
    let base = hidden(&page.text(), "base").unwrap();
    let both = "marigoldplan plan want\n\nI want a safe place with a garden.";
    let fields = [("key", &*key()), ("base", &*base), ("body", both)];
    sam.post_form("/me/plan/want/home", &fields).await.is(303);
    sam.get("/me/plan").await.says("I want a safe place with a garden.");
    // One of another part, or none at all, changes nothing.
    for other in ["doctor", "nothing-here", ""] {
        let page = sam.get(&format!("/me/plan/want/home?goal={other}")).await;
        page.is(200).says("I want a safe place with a garden.");
        assert!(!plain(&page.text()).contains("I want a GP"), "{other}");
    }
    sam.get("/me/plan/goals/nothing-here").await.is(404);
}

async fn a_worker_cannot_do_what_they_do_not_see(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut sam = app.signed_in(SAM).await;
    let path = "/me/plan/goals/doctor";
    let key = key();
    let send = async |sam: &mut Client, seen: &str| {
        let fields = [("key", &*key), ("a-1", "yes"), ("a-3", "yes"), ("sees", seen)];
        sam.post_form(path, &fields).await
    };
    for (seen, says) in [("", "Choose who sees what you ticked"), ("me", "Your worker cannot do what they do not see")]
    {
        let answer = send(&mut sam, seen).await;
        answer.is(422).says(says);
        let html = answer.text();
        assert!(html.contains("name=\"a-1\" value=\"yes\" checked"), "what was ticked stays: {html}");
    }
    assert_eq!(actions(&mut sam, "/me/plan", "Find a GP practice near home").await, 0);
    send(&mut sam, "both").await.is(303);
}

async fn a_worker_takes_an_idea_and_the_words_of_the_young_person_stay_theirs(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut priya, mut sam) = (app.signed_in(PRIYA).await, app.signed_in(SAM).await);
    let base = format!("/work/people/{}/plan", app.world.sam);
    priya.get(&base).await.says("Ideas for goals");
    priya.get(&theirs(&app)).await.is(200).says("Samtest: ideas for goals");
    let path = format!("{}/dentist", theirs(&app));
    priya.get(&path).await.says("Samtest: Call two dentists").says("Checked on 21 November 2026");
    let fields = [("key", &*key()), ("a-2", "yes")];
    let answer = priya.post_form(&path, &fields).await;
    assert_eq!(answer.is(303).location(), format!("{base}/write/health/want?goal=dentist"));
    priya.get(answer.location()).await.says("I want a dentist");
    sam.get("/me/plan/actions").await.says("Help to find one if both say no");
    let page = sam.get("/me/plan/want/health").await.text();
    let from = hidden(&page, "base").unwrap();
    let fields = [("key", &*key()), ("base", &*from), ("body", "I want my own words.")];
    sam.post_form("/me/plan/want/health", &fields).await.is(303);
    let closed = priya.get(answer.location()).await;
    closed.says("Only they can change it.").says("I want my own words.");
    assert!(!closed.text().contains("<textarea") && !closed.text().contains("I want a dentist"));
}

async fn nobody_else_takes_one(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut owen = app.signed_in(OWEN).await;
    for path in [theirs(&app), format!("{}/doctor", theirs(&app))] {
        owen.get(&path).await.is(404);
    }
    let fields = [("key", &*key()), ("a-2", "yes")];
    owen.post_form(&format!("{}/doctor", theirs(&app)), &fields).await.is(404);
    let mut sam = app.signed_in(SAM).await;
    assert_eq!(actions(&mut sam, "/me/plan", "Fill in their form, or ask for help with it").await, 0);
}

#[test]
fn every_part_of_the_plan_has_ideas_and_each_is_short_and_says_how_it_is_known() {
    let library = shipped();
    let goals: Vec<_> = library.goals.values().collect();
    assert!((20..=30).contains(&goals.len()), "{}", goals.len());
    for heading in Heading::ALL {
        assert!(goals.iter().any(|goal| goal.heading == heading), "{heading:?}");
    }
    for goal in goals {
        let words = format!("{} {}", goal.want, goal.know.clone().unwrap_or_default());
        let ease = portal::content::reading::ease(words.split('\n')).unwrap_or(100.0);
        assert!(ease > 65.0, "{}: hard to read, {ease}", goal.slug);
        assert_eq!(goal.know.is_some(), !goal.claims.is_empty(), "{}", goal.slug);
        assert!(goal.name.chars().count() <= 50, "{}", goal.slug);
    }
}

#[test]
fn a_goal_that_claims_without_a_source_or_has_too_few_steps_is_not_published() {
    let library: &Library = shipped();
    let body = library.body(Kind::Goal, "doctor").unwrap().to_owned();
    let told = |body: &str| {
        let faults = library.replaced(Kind::Goal, "doctor", body).err().unwrap_or_default();
        faults.iter().map(|fault| format!("{fault}\n")).collect::<String>()
    };
    assert_eq!(told(&body), "");
    assert!(told(&format!("{body}know = \"You can.\"\n")).contains("Say how we know this"));
    assert!(told(&body.replace("\"me: ", "\"nan: ")).contains("does not begin with"));
    assert!(told(&body.replace("\"health\"", "\"wealth\"")).contains("`heading` cannot be"));
    assert!(told(&body.replace("I want a GP", "I want £5")).contains("Amounts are held once"));
    let one = "heading = \"health\"\nname = \"x\"\nwant = \"x\"\nactions = [\"me: x\"]\n";
    assert!(told(one).contains("A goal has 2 to 5 actions"));
    let claim = "know = \"You can.\"\nclaim = \"nowhere\"\nchecked_on = 2026-11-21\n";
    assert!(told(&format!("{body}{claim}")).contains("There is no source"));
}

#[test]
fn staff_read_and_correct_an_idea() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut chris = app.signed_in(CHRIS).await;
        chris.get("/edit").await.says("Ideas for goals");
        chris.get("/edit/items/goal").await.says("Get a doctor near me");
        let path = "/edit/items/goal/doctor";
        let page = chris.get(path).await.is(200).text();
        let (key, from) = (hidden(&page, "key").unwrap(), hidden(&page, "from").unwrap());
        let fields = [
            ("key", &*key),
            ("from", &*from),
            ("heading", "health"),
            ("name", "Get a doctor near me"),
            ("want", "I want a doctor who listens."),
            ("actions", "me: Find a GP practice near home\nworker: Come along"),
            ("know", ""),
            ("claim", ""),
            ("checked_on", ""),
            ("note_to_staff", "Shorter"),
            ("do", "publish"),
        ];
        chris.post_form(path, &fields).await.is(303);
        let mut sam = app.signed_in(SAM).await;
        sam.get("/me/plan/goals/doctor").await.says("I want a doctor who listens.").says("Come along");
    });
}
