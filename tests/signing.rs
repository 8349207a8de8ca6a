//! A manager signs what they see: who does what and the money stand beside the words, and what is private does not. And
//! what was submitted never waits for good for a manager who does not look at it.

use portal::clock::DAY;
use portal::people::{Part, store as people};

use crate::support::client::{hidden, plain};
use crate::support::forms::key;
use crate::support::people::{MORAG, OWEN, PRIYA, SAM};
use crate::support::{Answer, Client, Engine, TestApp, noon, on_both, write};

on_both! {
    a_manager_reads_who_does_what_and_the_money_with_what_they_sign_off
    a_version_that_lies_with_one_manager_is_submitted_to_another_who_alone_signs_it
    a_version_with_a_newer_one_after_it_lies_with_nobody
}

fn plan(app: &TestApp) -> String {
    format!("/work/people/{}/plan", app.world.sam)
}

/// Adds an action under money that the young person does.
async fn add(client: &mut Client, base: &str, text: &str, sees: &str) -> Answer {
    let key = key();
    let fields = [
        ("key", key.as_str()),
        ("heading", "money"),
        ("body", text),
        ("doer", "me"),
        ("who", ""),
        ("due", "2026-12-04"),
        ("sees", sees),
    ];
    client.post_form(&format!("{base}/new"), &fields).await
}

async fn a_manager_reads_who_does_what_and_the_money_with_what_they_sign_off(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    add(&mut sam, "/me/plan/actions", "Open a bank account", "both").await.is(303);
    add(&mut sam, "/me/plan/actions", "Find my brother", "me").await.is(303);
    let money = format!("/work/people/{}/money", app.world.sam);
    let key_of_owed = key();
    let owed =
        [("key", &*key_of_owed), ("right", ""), ("name", "Driving lessons"), ("amount", "200"), ("day", "2026-11-20")];
    priya.post_form(&format!("{money}/new"), &owed).await.is(303);
    let list = priya.get(&money).await.text();
    let one =
        list.split(&format!("href=\"{money}/")).skip(1).find(|rest| !rest.starts_with("new")).unwrap()[..32].to_owned();
    let key_of_paid = key();
    let paid = [("key", &*key_of_paid), ("do", "pay"), ("amount", "50"), ("day", "2026-11-24"), ("note", "")];
    priya.post_form(&format!("{money}/{one}"), &paid).await.is(303);
    let (key, to) = (key(), app.world.morag.to_string());
    let fields = [("key", key.as_str()), ("version", "1"), ("to", &to)];
    priya.post_form(&format!("{}/submit", plan(&app)), &fields).await.is(303);
    let mut morag = app.signed_in(MORAG).await;
    let page = morag.get(&format!("{}/sign", plan(&app))).await.is(200).text();
    let words = plain(&page);
    for part in [
        "Who does what",
        "Open a bank account Not started Samtest, by 4 December 2026",
        "Driving lessons To get £200 Had £50 Left £150",
    ] {
        assert!(words.contains(part), "{part} in {words}");
    }
    assert!(
        !words.contains("Find my brother") && !words.contains("Only me"),
        "what is private is on no page of a manager"
    );
    // What they may not open has no link.
    assert!(!page.contains("/plan/actions/") && !page.contains("/money/"));
    morag.get(&format!("{}/actions", plan(&app))).await.is(404);
    morag.get(&money).await.is(404);
}

/// Submits the first version; `lies`: with whom it lay on the page.
async fn submit(client: &mut Client, app: &TestApp, lies: &str, to: &str) -> Answer {
    let key = key();
    let fields = [("key", key.as_str()), ("version", "1"), ("lies", lies), ("to", to)];
    client.post_form(&format!("{}/submit", plan(app)), &fields).await
}

async fn a_version_that_lies_with_one_manager_is_submitted_to_another_who_alone_signs_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (sam, owen) = (app.world.sam, app.world.owen);
    let (priya_signs, one, other) = (plan(&app) + "/sign", app.world.morag.to_string(), owen.to_string());
    let (mut priya, mut morag, mut owen_in) =
        (app.signed_in(PRIYA).await, app.signed_in(MORAG).await, app.signed_in(OWEN).await);
    submit(&mut priya, &app, "", &one).await.is(303);
    let page = priya.get(&plan(&app)).await;
    page.is(200).says("Version 1 lies with Morag Lewistest since 24 November 2026.").says("Submit to somebody else");
    let path = format!("{}/submit", plan(&app));
    priya.get(&path).await.is(200).says("It lies with Morag Lewistest.").says("Nobody else manages the team.");
    write!(app.data, tx, vault, {
        let _ = vault;
        people::assign(tx, sam, owen, Part::Manager, false, noon()).await
    })
    .unwrap();
    priya.get(&path).await.is(200).says("Submit version 1 to another manager").says("Owen");
    // Who did not see with whom it lies moves nothing, and nobody gets it twice.
    submit(&mut priya, &app, "", &other).await.is(409);
    submit(&mut priya, &app, &one, &one).await.is(409);
    submit(&mut priya, &app, "nobody", &other).await.is(422).says("Go back to the plan and try again");
    submit(&mut priya, &app, &one, "").await.is(422).says("Choose to whom");
    owen_in.get(&priya_signs).await.is(404);
    morag.get(&priya_signs).await.is(200);
    submit(&mut priya, &app, &one, &other).await.is(303);
    priya.get(&plan(&app)).await.says("Version 1 lies with Owen");
    morag.get(&priya_signs).await.is(404);
    let key_of_late = key();
    let late = [("key", &*key_of_late), ("version", "1"), ("do", "sign"), ("body", "")];
    morag.post_form(&priya_signs, &late).await.is(409).says("It does not lie with you any more");
    assert!(!plain(&morag.get("/work").await.text()).contains("Plans for you to sign off"));
    // The other has left: the page says so, and it goes back to the first, whoever had it before.
    app.data.raw.run(&format!("UPDATE staff SET state = 'left' WHERE id = {}", app.data.raw.id(owen))).await;
    priya.get(&plan(&app)).await.says("cannot sign it off now, so nobody looks at it");
    submit(&mut priya, &app, &other, &one).await.is(303);
    let key_of_sign = key();
    let signs = [("key", &*key_of_sign), ("version", "1"), ("do", "sign"), ("body", "")];
    morag.post_form(&priya_signs, &signs).await.is(303);
    priya.get(&plan(&app)).await.says("signed off");
    submit(&mut priya, &app, &one, &other).await.is(409);
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM plan_submitted").await, 3, "each time for good");
    let told = priya.get(&format!("{}/versions/1", plan(&app))).await.text();
    assert_eq!(told.matches("Submitted to Morag Lewistest by Priya Nairtest on").count(), 2);
    app.wait(DAY);
    let copy = app.signed_in(SAM).await.get("/me/record/take/page").await.is(200).text();
    assert_eq!(copy.matches("gave version 1 to Morag Lewistest to sign off").count(), 2);
}

async fn a_version_with_a_newer_one_after_it_lies_with_nobody(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut priya, mut morag) = (app.signed_in(PRIYA).await, app.signed_in(MORAG).await);
    submit(&mut priya, &app, "", &app.world.morag.to_string()).await.is(303);
    morag.get("/work").await.says("Plans for you to sign off");
    let (write, share) = (format!("{}/write/home/now", plan(&app)), format!("{}/share", plan(&app)));
    let (one, from) = (key(), hidden(&priya.get(&write).await.text(), "base").unwrap());
    priya.post_form(&write, &[("key", &*one), ("base", &*from), ("body", "You live in a flat.")]).await.is(303);
    morag.get("/work").await.says("Plans for you to sign off");
    let (two, seen) = (key(), hidden(&priya.get(&share).await.text(), "base").unwrap());
    priya.post_form(&share, &[("key", &*two), ("base", &*seen), ("review", "")]).await.is(303);
    assert!(!plain(&morag.get("/work").await.text()).contains("Plans for you to sign off"));
    let sign = format!("{}/sign", plan(&app));
    morag.get(&sign).await.is(404);
    let three = key();
    let late = [("key", &*three), ("version", "1"), ("do", "sign"), ("body", "")];
    morag.post_form(&sign, &late).await.is(409).says("It does not lie with you any more");
    // That it was submitted stays written down.
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM plan_submitted").await, 1);
    priya.get(&format!("{}/versions/1", plan(&app))).await.says("Submitted to Morag Lewistest by Priya Nairtest on");
}
