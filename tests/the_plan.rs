//! The pathway plan: written by both, shared, agreed with or not, signed off, and talked about in time.

use portal::clock::{DAY, HOUR, MINUTE};

use crate::support::client::{hidden, plain};
use crate::support::forms::key;
use crate::support::people::{AALIYAH, CHRIS, MORAG, OWEN, PRIYA, SAM};
use crate::support::plans::{base, share, write};
use crate::support::{Answer, Client, Engine, TestApp, on_both};

on_both! {
    a_draft_is_not_seen_until_it_is_shared_and_what_changed_is_marked_then
    what_somebody_wants_in_their_own_words_nobody_else_changes
    two_who_write_at_once_overwrite_nothing
    a_text_that_was_empty_is_not_overwritten_unseen_either
    an_opinion_stays_with_its_version_and_reaches_the_day_of_the_worker
    a_version_is_agreed_when_every_part_is
    a_manager_reads_what_was_submitted_to_them_and_nothing_else
    a_meeting_is_asked_for_got_ready_for_and_held
    a_move_asks_for_a_review_and_a_correction_does_not
    an_assessment_is_due_until_it_is_written_down
    an_earlier_version_is_taken_up_again_as_a_new_one
    nobody_else_reads_or_writes_it
}

async fn say(client: &mut Client, heading: &str, opinion: &str, words: &str) -> Answer {
    let path = format!("/me/plan/say/{heading}");
    let (key, version) = (key(), hidden(&client.get(&path).await.is(200).text(), "version").unwrap());
    client.post_form(&path, &[("key", &key), ("version", &version), ("opinion", opinion), ("body", words)]).await
}

async fn a_draft_is_not_seen_until_it_is_shared_and_what_changed_is_marked_then(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    sam.get("/me/plan").await.is(200).says("marigoldplan plan now").says("Version 1, shared with you on");
    let now = format!("{}/write/home/now", base(&app));
    write(&mut priya, &now, "You live in a flat. The heating works.").await.is(303);
    priya.get(&base(&app)).await.says("Version 2 is being written").says("You live in a flat.");
    assert!(!plain(&sam.get("/me/plan").await.text()).contains("The heating works"));
    app.wait(2 * DAY);
    let mut priya = app.signed_in(PRIYA).await;
    share(&mut priya, &app, "2026-12-20").await.is(303);
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM outbox WHERE kind = 'person_message'").await, 1);
    let mut sam = app.signed_in(SAM).await;
    let page = sam.get("/me/plan").await;
    page.is(200);
    page.says("Version 2, shared with you on")
        .says("What changed since you last looked")
        .says("A place to live: how things are now")
        .says("You talk about it again by 20 December 2026");
    let html = page.text();
    assert!(html.contains("<ins>") && html.contains("<del>") && html.contains("You live in a flat."), "{html}");
    sam.get("/me/messages").await.says("Priya Nairtest shared a new version of your plan with you.");
    // On the same visit it stays marked; on the next it is known.
    assert!(sam.get("/me/plan").await.text().contains("<ins>"));
    app.wait(DAY);
    let mut sam = app.signed_in(SAM).await;
    let page = sam.get("/me/plan").await;
    page.says("Nothing has changed since you last looked");
    assert!(!page.text().contains("<ins>"));
    sam.get("/me/plan/versions").await.says("Version 2").says("Version 1");
    sam.get("/me/plan/versions/2").await.says("What is new since version 1 is marked").says("The heating works");
    sam.get("/me/plan/print").await.is(200).says("The heating works");
    // What is shared is not the draft any more.
    let late = [("key", &*key()), ("base", "2-1"), ("review", "")];
    let mut priya = app.signed_in(PRIYA).await;
    priya.post_form(&format!("{}/share", base(&app)), &late).await.is(409);
}

async fn what_somebody_wants_in_their_own_words_nobody_else_changes(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let theirs = format!("{}/write/home/want", base(&app));
    priya.get(&theirs).await.is(200).says("What they want");
    let from = hidden(&priya.get(&theirs).await.text(), "base").unwrap();
    write(&mut sam, "/me/plan/want/home", "I want a dog and a garden.").await.is(303);
    sam.get("/me/plan").await.says("What I want, in the next version").says("I want a dog and a garden.");
    priya.get(&base(&app)).await.says("What Samtest wrote since you last looked").says("in their own words");
    let page = priya.get(&theirs).await;
    page.says("Only they can change it.");
    assert!(!page.text().contains("<textarea"));
    let fields = [("key", &*key()), ("base", &*from), ("body", "A smaller dog.")];
    priya.post_form(&theirs, &fields).await.is(409).says("Only they can change it");
    share(&mut priya, &app, "").await.is(303);
    sam.get("/me/plan").await.says("I want a dog and a garden.");
    // A worker who has read it is not told again, and is told when there is more.
    let told = async |wrote: bool| {
        app.wait(HOUR);
        let page = app.signed_in(PRIYA).await.get(&base(&app)).await;
        if wrote {
            page.says(": what they want").is(200)
        } else {
            page.is(200).lacks(": what they want")
        };
    };
    told(false).await;
    app.wait(MINUTE);
    let mut sam = app.signed_in(SAM).await;
    write(&mut sam, "/me/plan/want/home", "I want a dog, a garden and a shed.").await.is(303);
    told(true).await;
    told(false).await;
    // The worker's pen is not theirs.
    let words = [("key", &*key()), ("base", "2-0"), ("body", "x")];
    sam.post_form("/me/plan/now/home", &words).await.is(404);
}

async fn two_who_write_at_once_overwrite_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    let path = format!("{}/write/money/agreed", base(&app));
    let from = hidden(&priya.get(&path).await.text(), "base").unwrap();
    let (first, second) = (key(), key());
    let fields = [("key", &*first), ("base", &*from), ("body", "We agreed on a bus pass.")];
    priya.post_form(&path, &fields).await.is(303);
    let late = [("key", &*second), ("base", &*from), ("body", "We agreed on a bike.")];
    let answer = priya.post_form(&path, &late).await;
    answer
        .is(409)
        .says("Somebody else wrote here while you did.")
        .says("What stands there now We agreed on a bus pass.")
        .says("We agreed on a bike.");
    priya.get(&base(&app)).await.says("We agreed on a bus pass.");
    let html = answer.text();
    let (key, from) = (hidden(&html, "key").unwrap(), hidden(&html, "base").unwrap());
    let both = [("key", &*key), ("base", &*from), ("body", "We agreed on a bus pass and a bike.")];
    for _ in 0..2 {
        priya.post_form(&path, &both).await.is(303);
    }
    priya.get(&base(&app)).await.says("We agreed on a bus pass and a bike.");
    let edits = "SELECT COUNT(*) FROM plan_edit WHERE field = 'agreed' AND by_kind = 'staff' AND rev > 0";
    assert!(app.data.raw.number(edits).await >= 2);
    for (field, value, says) in [("base", "nonsense", "open this part again"), ("body", &*"x".repeat(5_001), "5000")] {
        let mut fields = vec![("key", &*first), ("base", &*from), ("body", "kept words")];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        priya.post_form(&path, &fields).await.is(422).says(says);
    }
}

async fn a_text_that_was_empty_is_not_overwritten_unseen_either(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut priya, mut sam) = (app.signed_in(PRIYA).await, app.signed_in(SAM).await);
    write(&mut priya, &format!("{}/write/home/now", base(&app)), "A draft is there.").await.is(303);
    let path = format!("{}/write/health/agreed", base(&app));
    let from = hidden(&priya.get(&path).await.text(), "base").unwrap();
    for (body, status) in [("We agreed on a dentist.", 303), ("We agreed on a doctor.", 409)] {
        let fields = [("key", &*key()), ("base", &*from), ("body", body)];
        priya.post_form(&path, &fields).await.is(status);
    }
    priya.get(&base(&app)).await.says("We agreed on a dentist.");
    // In two tabs of the young person, too; and what a worker took down in a draft is not shown before it is shared.
    write(&mut priya, &format!("{}/write/work/want", base(&app)), "Taken down by a worker.").await.is(303);
    let own = "/me/plan/want/work";
    let page = sam.get(own).await.is(200).text();
    assert!(!page.contains("Taken down by a worker."));
    let from = hidden(&page, "base").unwrap();
    for (body, status) in [("I want to be a cook.", 303), ("I want to be a baker.", 409)] {
        let fields = [("key", &*key()), ("base", &*from), ("body", body)];
        sam.post_form(own, &fields).await.is(status).says(if status == 409 { "I want to be a cook." } else { "" });
    }
    priya.get(&base(&app)).await.says("I want to be a cook.");
}

async fn an_opinion_stays_with_its_version_and_reaches_the_day_of_the_worker(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    say(&mut sam, "home", "disagree", "").await.is(422).says("Say in your own words what you do not agree with");
    say(&mut sam, "home", "disagree", "I never said that I like it there.").await.is(303);
    sam.get("/me/plan").await.says("I never said that I like it there.");
    priya.get("/work").await.says("Does not agree with a part of the plan");
    let page = priya.get(&base(&app)).await;
    page.says("I never said that I like it there.").says("Samtest does not agree").says("Version 1").says("not agreed");
    let html = page.text();
    let (key, said) = (hidden(&html, "key").unwrap(), hidden(&html, "said").unwrap());
    let fields = [("key", &*key), ("said", &*said)];
    priya.post_form(&format!("{}/heard", base(&app)), &fields).await.is(303);
    assert!(!plain(&priya.get("/work").await.text()).contains("oes not agree with"));
    // A review is asked for by it, and the words stay with the version.
    let due = "SELECT COUNT(*) FROM review WHERE why = 'disagrees' AND held_on IS NULL";
    assert_eq!(app.data.raw.number(due).await, 1);
    write(&mut priya, &format!("{}/write/home/now", base(&app)), "You do not like it there.").await.is(303);
    share(&mut priya, &app, "").await.is(303);
    sam.get("/me/plan/versions/1").await.says("I never said that I like it there.");
    // What was read on an older page is not said of the newer version.
    let old = [("key", &*crate::support::forms::key()), ("version", "1"), ("opinion", "agree"), ("body", "")];
    sam.post_form("/me/plan/say/home", &old).await.is(409).says("Something changed meanwhile");
    for (form, says) in [(("opinion", "maybe"), "Choose what you think"), (("version", "x"), "Go back to your plan")] {
        let mut fields = vec![("key", &*key), ("version", "2"), ("opinion", "agree"), ("body", "kept words")];
        fields.retain(|(name, _)| *name != form.0);
        fields.push(form);
        sam.post_form("/me/plan/say/home", &fields).await.is(422).says(says).says("kept words");
    }
}

async fn a_version_is_agreed_when_every_part_is(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut sam = app.signed_in(SAM).await;
    let state = async || app.data.raw.texts("SELECT state FROM plan").await;
    say(&mut sam, "home", "agree", "").await.is(303);
    assert_eq!(state().await, ["shared"]);
    let html = sam.get("/me/plan").await.text();
    let fields = [("key", &*hidden(&html, "key").unwrap()), ("version", "1")];
    for _ in 0..2 {
        sam.post_form("/me/plan/agree", &fields).await.is(303);
    }
    assert_eq!(state().await, ["agreed"]);
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM plan_say").await, 2, "each part once");
    say(&mut sam, "money", "disagree", "Not enough.").await.is(303);
    assert_eq!(state().await, ["disagreed"]);
    say(&mut sam, "money", "agree", "All right then.").await.is(303);
    assert_eq!(state().await, ["agreed"]);
}

async fn a_manager_reads_what_was_submitted_to_them_and_nothing_else(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut priya, mut morag) = (app.signed_in(PRIYA).await, app.signed_in(MORAG).await);
    let (submit, sign) = (format!("{}/submit", base(&app)), format!("{}/sign", base(&app)));
    morag.get(&base(&app)).await.is(404);
    morag.get(&sign).await.is(404);
    let to = app.world.morag.to_string();
    let fields = |key: &str, to: &str| {
        vec![("key".to_owned(), key.to_owned()), ("version".into(), "1".into()), ("to".into(), to.to_owned())]
    };
    let post = async |client: &mut Client, path: &str, fields: Vec<(String, String)>| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        client.post_form(path, &fields).await
    };
    priya.get(&submit).await.is(200).says("Morag Lewistest");
    post(&mut priya, &submit, fields(&key(), "")).await.is(422).says("Choose to whom");
    let owen = app.world.owen.to_string();
    post(&mut priya, &submit, fields(&key(), &owen)).await.is(409);
    post(&mut priya, &submit, fields(&key(), &to)).await.is(303);
    priya.get(&base(&app)).await.says("with the manager");
    morag.get("/work").await.says("Plans for you to sign off").says("Samtest's plan");
    morag.get(&sign).await.is(200).says("marigoldplan plan agreed");
    morag.get(&base(&app)).await.is(404);
    let decide = |what: &str, why: &str| {
        vec![
            ("key".into(), key()),
            ("version".into(), "1".into()),
            ("do".into(), what.to_owned()),
            ("body".into(), why.to_owned()),
        ]
    };
    post(&mut morag, &sign, decide("return", "")).await.is(422).says("Say why you return it");
    let both = post(&mut morag, &sign, decide("sign", "But look at health again.")).await;
    both.is(422).says("A reason goes with a return").says("But look at health again.");
    post(&mut morag, &sign, decide("return", "Nothing on health.")).await.is(303);
    morag.get(&sign).await.is(404);
    priya.get(&base(&app)).await.says("returned by the manager");
    priya.get(&format!("{}/versions/1", base(&app))).await.says("Why it was returned Nothing on health.");
    app.wait(MINUTE);
    post(&mut priya, &submit, fields(&key(), &to)).await.is(303);
    post(&mut morag, &sign, decide("sign", "")).await.is(303);
    post(&mut morag, &sign, decide("sign", "")).await.is(409);
    priya.get(&base(&app)).await.says("signed off");
    priya.get(&submit).await.is(404);
    app.signed_in(SAM).await.get("/me/plan").await.says("Signed off by the manager");
}

async fn a_meeting_is_asked_for_got_ready_for_and_held(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let asked = [("key", &*key())];
    for _ in 0..2 {
        sam.post_form("/me/plan/review", &asked).await.is(303);
    }
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM review").await, 1);
    sam.get("/me/plan/meeting").await.says("By 22 December 2026: you asked for it");
    let today = priya.get("/work").await.text();
    assert!(today.contains("eview of the plan"), "their worker sees it from the first day: {today}");
    let ready = |what: &'static str, key: &str, seen: &str| {
        vec![
            ("key", key.to_owned()),
            ("seen", seen.to_owned()),
            ("t-money", "yes".to_owned()),
            ("body", "Can I get driving lessons?".to_owned()),
            ("do", what.to_owned()),
        ]
    };
    let send = async |sam: &mut Client, fields: Vec<(&str, String)>| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        sam.post_form("/me/plan/meeting", &fields).await
    };
    sam.post_form("/me/plan/meeting", &[("key", &key()), ("seen", "0"), ("do", "keep"), ("body", "")])
        .await
        .is(422)
        .says("Tick something, or write what you want to ask");
    let early = hidden(&sam.get("/me/plan/meeting").await.text(), "seen").unwrap();
    send(&mut sam, ready("keep", &key(), &early)).await.is(303);
    assert!(!plain(&priya.get(&base(&app)).await.text()).contains("driving lessons"));
    sam.get("/me/plan/meeting").await.says("Can I get driving lessons?");
    // A tab that was opened before that overwrites nothing, and keeps what was typed in it.
    let other = send(&mut sam, ready("share", &key(), &early)).await;
    other.is(409).says("It stands below").says("Kept for yourself");
    let seen = hidden(&other.text(), "seen").unwrap();
    app.wait(MINUTE);
    send(&mut sam, ready("share", &key(), &seen)).await.is(303);
    priya.get(&base(&app)).await.says("Samtest wants to talk about Money").says("Can I get driving lessons?");
    let review = format!("{}/review", base(&app));
    priya.get(&review).await.is(200).says("Can I get driving lessons?").says("they asked for it");
    let hold = |what: &'static str, held: &'static str, by: &'static str| {
        [("key", key()), ("do", what.to_owned()), ("held", held.to_owned()), ("by", by.to_owned())]
    };
    for (what, held, by, says) in [
        ("held", "2026-12-30", "", "That day is still to come"),
        ("held", "", "", "Write the day on which you talked about it"),
        ("set", "", "2026-11-01", "That day is over"),
        ("set", "", "", "Write the day by which"),
    ] {
        let fields = hold(what, held, by);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        priya.post_form(&review, &fields).await.is(422).says(says);
    }
    let fields = hold("held", "2026-11-24", "");
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    priya.post_form(&review, &fields).await.is(303);
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM review WHERE held_on IS NULL").await, 0);
    assert!(!plain(&priya.get(&base(&app)).await.text()).contains("driving lessons"), "it was used");
    sam.get("/me/plan").await.says("You talk about it again by");
}

async fn a_move_asks_for_a_review_and_a_correction_does_not(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    let path = format!("/work/people/{}/home", app.world.sam);
    let home = async |priya: &mut Client, what: &str, value: &str| {
        let fields = [
            ("what", what),
            ("value", value),
            ("provided", "no"),
            ("suitable", "yes"),
            ("from", "2026-11-24"),
            ("detail", ""),
        ];
        priya.post_form(&path, &fields).await.is(303);
    };
    let asked = async || app.data.raw.texts("SELECT why FROM review ORDER BY at, why").await;
    app.data.raw.run("DELETE FROM spell").await;
    home(&mut priya, "new", "supported-housing").await;
    assert!(asked().await.is_empty(), "what always was so is no news");
    app.wait(MINUTE);
    home(&mut priya, "same", "supported-housing").await;
    assert!(asked().await.is_empty());
    // Put right, and not moved.
    home(&mut priya, "same", "own-tenancy").await;
    assert!(asked().await.is_empty());
    app.wait(2 * DAY);
    let mut priya = app.signed_in(PRIYA).await;
    let fields = [
        ("what", "new"),
        ("value", "no-home"),
        ("provided", "no"),
        ("suitable", "no"),
        ("from", "2026-11-26"),
        ("detail", ""),
    ];
    priya.post_form(&path, &fields).await.is(303);
    assert_eq!(asked().await, ["lost_home"]);
    priya.get(&base(&app)).await.says("It is to be reviewed by");
}

async fn an_assessment_is_due_until_it_is_written_down(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    let sam = app.data.raw.id(app.world.sam);
    app.data.raw.run(&format!("UPDATE person SET born_on = '2010-10-01' WHERE id = {sam}")).await;
    let path = format!("{}/assessment", base(&app));
    priya.get(&format!("/work/people/{}", app.world.sam)).await.says("ssessment of what they need");
    priya.get(&path).await.is(200).says("1 January 2027");
    let fields = |eligible: &str, assessed: &str| {
        [("key".to_owned(), key()), ("eligible".into(), eligible.to_owned()), ("assessed".into(), assessed.to_owned())]
    };
    let post = async |priya: &mut Client, fields: [(String, String); 3]| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        priya.post_form(&path, &fields).await
    };
    post(&mut priya, fields("soon", "")).await.is(422).says("Write the day");
    post(&mut priya, fields("", "2027-01-01")).await.is(422).says("That day is still to come");
    post(&mut priya, fields("", "2026-11-23")).await.is(303);
    assert!(!plain(&priya.get(&format!("/work/people/{}", app.world.sam)).await.text()).contains("ssessment of what"));
}

async fn an_earlier_version_is_taken_up_again_as_a_new_one(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    write(&mut priya, &format!("{}/write/home/now", base(&app)), "Another text.").await.is(303);
    write(&mut sam, "/me/plan/want/home", "My own words.").await.is(303);
    share(&mut priya, &app, "").await.is(303);
    let path = format!("{}/versions/1", base(&app));
    let html = priya.get(&path).await.is(200).text();
    let fields = [("key", &*hidden(&html, "key").unwrap()), ("base", &*hidden(&html, "base").unwrap())];
    for _ in 0..2 {
        priya.post_form(&path, &fields).await.is(303);
    }
    priya.get(&base(&app)).await.says("Version 3 is being written").says("marigoldplan plan now").says("My own words.");
    share(&mut priya, &app, "").await.is(303);
    sam.get("/me/plan").await.says("marigoldplan plan now").says("My own words.");
    sam.get("/me/plan/versions").await.says("Takes up version 1 again.");
    priya.post_form(&format!("{}/versions/9", base(&app)), &[("key", &*key()), ("base", "4-0")]).await.is(409);
}

async fn nobody_else_reads_or_writes_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let pages =
        ["", "/share", "/submit", "/sign", "/versions", "/versions/1", "/review", "/assessment", "/write/home/now"];
    for who in [OWEN, CHRIS] {
        let mut client = app.signed_in(who).await;
        for page in pages {
            client.get(&format!("{}{page}", base(&app))).await.is(404);
        }
    }
    let mut aaliyah = app.signed_in(AALIYAH).await;
    let own = plain(&aaliyah.get("/me/plan").await.is(200).text());
    assert!(!own.contains("marigoldplan"), "{own}");
    aaliyah.get("/me/plan/versions/1").await.is(404);
    aaliyah.get("/me/plan/say/home").await.is(404);
    app.signed_in(PRIYA).await.get(&format!("{}/write/home/nonsense", base(&app))).await.is(404);
}
