//! What the other side did to a plan since somebody last looked: told in words, and marked where it stands.

use portal::clock::DAY;

use crate::support::client::{hidden, plain};
use crate::support::forms::key;
use crate::support::people::{PRIYA, SAM, SOL};
use crate::support::{Engine, TestApp, on_both};

on_both! {
    what_a_worker_did_beside_the_texts_is_told_and_marked_where_it_stands
    a_worker_reads_first_what_somebody_did_and_said_since
    a_colleagues_hand_does_not_hide_what_somebody_did_since
    what_was_struck_through_is_marked_where_it_stands
    what_the_law_asks_of_a_part_stands_where_it_is_written
}

async fn what_a_worker_did_beside_the_texts_is_told_and_marked_where_it_stands(engine: Engine) {
    let app = TestApp::start(engine).await;
    let base = format!("/work/people/{}", app.world.sam);
    let mut sam = app.signed_in(SAM).await;
    let first = sam.get("/me/plan").await.is(200).text();
    assert!(!first.contains("What changed") && !first.contains(">New<"), "whoever looks for the first time");
    app.wait(DAY);
    let mut priya = app.signed_in(PRIYA).await;
    let (one, two, three) = (key(), key(), key());
    let action = [("key", &*one), ("heading", "home"), ("body", "Ring the landlord"), ("doer", "staff"), ("who", "")];
    priya.post_form(&format!("{base}/plan/actions/new"), &[&action[..], &[("due", "")]].concat()).await.is(303);
    let owed = [("key", &*two), ("right", ""), ("name", "Bus pass"), ("amount", "60"), ("day", "2026-11-24")];
    priya.post_form(&format!("{base}/money/new"), &owed).await.is(303);
    let set = [("key", &*three), ("do", "set"), ("held", ""), ("by", "2026-12-10")];
    priya.post_form(&format!("{base}/plan/review"), &set).await.is(303);
    app.wait(DAY);
    let mut sam = app.signed_in(SAM).await;
    sam.get("/me/plan/actions").await.says("Ring the landlord New Not started");
    sam.get("/me/plan/money").await.says("Bus pass New To get £60");
    let page = sam.get("/me/plan").await;
    page.says("What changed since you last looked, on 24 November 2026")
        .says("1 action changed by whoever works with you")
        .says("Money: what you are to get, or what you had")
        .says("When you talk about it")
        .says("by 10 December 2026: somebody asked for it, or a day was set. New")
        .says("Ring the landlord New Not started");
    // A new one that was changed since is still new to whoever never saw it.
    let mut priya = app.signed_in(PRIYA).await;
    let list = priya.get(&format!("{base}/plan/actions")).await.text();
    let at =
        list.split(&format!("href=\"{base}/plan/actions/")).find(|rest| rest[32..].starts_with("\">Ring")).unwrap();
    let path = format!("{base}/plan/actions/{}", &at[..32]);
    let (four, n) = (key(), hidden(&priya.get(&path).await.text(), "n").unwrap());
    let change = [("key", &*four), ("do", "save"), ("n", &*n), ("state", "doing"), ("due", "")];
    priya
        .post_form(&path, &[&change[..], &[("body", "Ring the landlord"), ("doer", "staff"), ("who", "")]].concat())
        .await
        .is(303);
    sam.get("/me/plan").await.says("Ring the landlord New Doing it");
    // It stays so on this visit, and is known on the next.
    sam.get("/me/plan").await.says("Ring the landlord New");
    app.wait(DAY);
    let page = app.signed_in(SAM).await.get("/me/plan").await;
    page.says("Nothing has changed since you last looked").says("Ring the landlord Doing it");
}

async fn a_worker_reads_first_what_somebody_did_and_said_since(engine: Engine) {
    let app = TestApp::start(engine).await;
    let base = format!("/work/people/{}/plan", app.world.sam);
    app.signed_in(PRIYA).await.get(&base).await.is(200);
    app.wait(DAY);
    let mut sam = app.signed_in(SAM).await;
    let (one, two, three) = (key(), key(), key());
    let action = [("key", &*one), ("heading", "money"), ("body", "Open an account"), ("doer", "me"), ("who", "")];
    let (shared, own) = ([("due", ""), ("sees", "both")], [("due", ""), ("sees", "me")]);
    sam.post_form("/me/plan/actions/new", &[&action[..], &shared].concat()).await.is(303);
    let private = key();
    let mut mine = action;
    mine[0] = ("key", &*private);
    mine[2] = ("body", "Write to my brother");
    sam.post_form("/me/plan/actions/new", &[&mine[..], &own].concat()).await.is(303);
    let version = hidden(&sam.get("/me/plan/say/home").await.text(), "version").unwrap();
    let says = [("key", &*two), ("version", &*version), ("opinion", "disagree"), ("body", "It is too far away.")];
    sam.post_form("/me/plan/say/home", &says).await.is(303);
    let seen = hidden(&sam.get("/me/plan/meeting").await.text(), "seen").unwrap();
    let ready = [("key", &*three), ("seen", &*seen), ("t-money", "yes"), ("body", ""), ("do", "keep")];
    sam.post_form("/me/plan/meeting", &ready).await.is(303);
    let mut priya = app.signed_in(PRIYA).await;
    assert!(!plain(&priya.get("/work").await.text()).contains("ready for a meeting"), "it was kept for themselves");
    let (again, seen) = (key(), hidden(&sam.get("/me/plan/meeting").await.text(), "seen").unwrap());
    let ready = [("key", &*again), ("seen", &*seen), ("t-money", "yes"), ("body", ""), ("do", "share")];
    sam.post_form("/me/plan/meeting", &ready).await.is(303);
    let today = priya.get("/work").await;
    today.says("Samtest is ready for a meeting, and shared what they want to talk about");
    assert!(today.text().contains(&format!("href=\"{base}/review\"")));
    let page = priya.get(&base).await;
    page.says("What Samtest wrote since you last looked, and what is open")
        .says("Money: Open an account Added by Samtest")
        .says("Open an account New Not started");
    assert!(!plain(&page.text()).contains("Write to my brother"));
    priya
        .get(&format!("{base}/review"))
        .await
        .says("What nobody has talked about yet A place to live")
        .says("It is too far away.");
    let said = hidden(&priya.get(&base).await.text(), "said").unwrap();
    priya.post_form(&format!("{base}/heard"), &[("key", &*key()), ("said", &*said)]).await.is(303);
    let review = plain(&priya.get(&format!("{base}/review")).await.text());
    assert!(!review.contains("It is too far away."), "{review}");
    let held = [("key", &*key()), ("do", "held"), ("held", "2026-11-25"), ("by", "")];
    priya.post_form(&format!("{base}/review"), &held).await.is(303);
    assert!(!plain(&priya.get("/work").await.text()).contains("ready for a meeting"), "it was held");
}

/// The address of the one action of a list that says this.
fn action_of(list: &str, actions: &str, text: &str) -> String {
    let link = format!("href=\"{actions}/");
    let mut links = list.split(&link);
    let link = links.find(|rest| rest.get(32..).is_some_and(|rest| rest.starts_with(&format!("\">{text}")))).unwrap();
    format!("{actions}/{}", &link[..32])
}

async fn a_colleagues_hand_does_not_hide_what_somebody_did_since(engine: Engine) {
    let app = TestApp::start(engine).await;
    let base = format!("/work/people/{}/plan", app.world.sam);
    let actions = format!("{base}/actions");
    let add = [("heading", "money"), ("body", "Open an account"), ("doer", "me"), ("who", ""), ("due", "")];
    let made = key();
    app.signed_in(PRIYA)
        .await
        .post_form(&format!("{actions}/new"), &[&add[..], &[("key", &*made)]].concat())
        .await
        .is(303);
    let page = app.signed_in(PRIYA).await.get(&base).await.text();
    assert!(!plain(&page).contains("wrote since you last looked"));
    app.wait(DAY);
    // The young person moves it on, and the social worker gives it a day.
    let move_on = async |who: &str, actions: &str, state: &str, due: &str| {
        let mut client = app.signed_in(who).await;
        let path = action_of(&client.get(actions).await.is(200).text(), actions, "Open an account");
        let (key, n) = (key(), hidden(&client.get(&path).await.text(), "n").unwrap());
        let words = [("body", "Open an account"), ("doer", "me"), ("who", "")];
        let moved = [("key", &*key), ("do", "save"), ("n", &*n), ("state", state), ("due", due)];
        client.post_form(&path, &[&moved[..], &words].concat()).await.is(303);
    };
    move_on(SAM, "/me/plan/actions", "doing", "").await;
    app.wait(DAY);
    move_on(SOL, &actions, "doing", "2026-12-10").await;
    app.wait(DAY);
    let mut priya = app.signed_in(PRIYA).await;
    priya
        .get(&base)
        .await
        .says("What Samtest wrote since you last looked, and what is open Money: Open an account Moved on by Samtest, ")
        .says("Moved on by Sol Socialtest, ")
        .says("Open an account Changed Doing it");
    app.wait(DAY);
    let page = app.signed_in(PRIYA).await.get(&base).await.text();
    assert!(!plain(&page).contains("wrote since you last looked"), "it is known on the next visit");
}

async fn what_was_struck_through_is_marked_where_it_stands(engine: Engine) {
    let app = TestApp::start(engine).await;
    let money = format!("/work/people/{}/money", app.world.sam);
    let made = key();
    let owed = [("key", &*made), ("right", ""), ("name", "Bus pass"), ("amount", "60"), ("day", "2026-11-24")];
    app.signed_in(PRIYA).await.post_form(&format!("{money}/new"), &owed).await.is(303);
    app.signed_in(SAM).await.get("/me/plan").await.is(200);
    app.wait(DAY);
    let mut priya = app.signed_in(PRIYA).await;
    let list = priya.get(&money).await.text();
    let one = list.split(&format!("href=\"{money}/")).skip(1).find(|rest| !rest.starts_with("new")).unwrap();
    priya.post_form(&format!("{money}/{}", &one[..32]), &[("key", &*key()), ("do", "end")]).await.is(303);
    let mut sam = app.signed_in(SAM).await;
    sam.get("/me/plan/money").await.says("This does not count. Bus pass, £60 Changed");
    sam.get("/me/plan").await.says("Money: what you are to get, or what you had");
    app.wait(DAY);
    let page = app.signed_in(SAM).await.get("/me/plan/money").await.text();
    assert!(plain(&page).contains("Bus pass, £60") || page.contains("<s>"), "it stays");
    app.signed_in(SAM).await.get("/me/plan").await.is(200);
    app.wait(DAY);
    let page = plain(&app.signed_in(SAM).await.get("/me/plan/money").await.text());
    assert!(page.contains("Bus pass, £60") && !page.contains("£60 Changed"), "{page}");
}

async fn what_the_law_asks_of_a_part_stands_where_it_is_written(engine: Engine) {
    let app = TestApp::start(engine).await;
    let says = "accommodation, with an assessment of its suitability and what was considered. \
                (Care Leavers (England) Regulations 2010, schedule 1, paragraph 5)";
    app.signed_in(SAM).await.get("/me/plan/want/home").await.is(200).says("What the law says must be in each part");
    let path = format!("/work/people/{}/plan/write/home/now", app.world.sam);
    app.signed_in(PRIYA).await.get(&path).await.is(200).says(says);
}
