//! Who does what by when: both sides add, change and move it on; nothing is overwritten unseen, nothing is lost, and what is
//! for the young person's eyes alone is seen by nobody else.

use portal::clock::{DAY, MINUTE};

use crate::support::client::hidden;
use crate::support::forms::key;
use crate::support::people::{AALIYAH, CORA, MORAG, OWEN, PRIYA, SAM};
use crate::support::stolen::{disguises, holds, stolen};
use crate::support::{Answer, Client, Engine, TestApp, on_both};

on_both! {
    both_sides_add_and_move_on_and_each_sees_who_did_what
    words_stay_with_whoever_wrote_them
    the_last_change_is_undone_and_so_is_the_undoing
    two_who_change_the_same_overwrite_nothing
    what_is_private_is_on_no_page_and_in_no_copy_of_a_worker_s_until_it_is_shared
    late_is_told_by_london_s_day_and_a_dropped_one_needs_a_reason
    an_action_of_somebody_else_is_not_there
    a_list_is_of_what_is_open_and_an_empty_one_says_what_comes_next
    words_of_actions_never_stand_in_clear
}

const MINE: &str = "/me/plan/actions";

fn theirs(app: &TestApp) -> String {
    format!("/work/people/{}/plan/actions", app.world.sam)
}

/// Adds an action with these fields in the place of the usual ones; gives its address.
async fn add(client: &mut Client, base: &str, text: &str, more: &[(&str, &str)]) -> String {
    let key = key();
    let usual = [
        ("key", key.as_str()),
        ("heading", "home"),
        ("body", text),
        ("doer", "me"),
        ("who", ""),
        ("due", ""),
        ("sees", "both"),
    ];
    let fields = usual.map(|(name, value)| more.iter().find(|(n, _)| *n == name).copied().unwrap_or((name, value)));
    assert_eq!(client.post_form(&format!("{base}/new"), &fields).await.is(303).location(), base);
    let list = client.get(&format!("{base}?show=all")).await.is(200).text();
    let link = list
        .split(&format!("href=\"{base}/"))
        .skip(1)
        .find(|rest| {
            rest.contains(&format!(">{text}<")) && rest.split('>').nth(1).is_some_and(|after| after.starts_with(text))
        })
        .unwrap();
    format!("{base}/{}", &link[..32])
}

/// Sends the form of an action as it stands on its page, with these fields in the place of what stands there.
async fn save(client: &mut Client, path: &str, more: &[(&str, &str)]) -> Answer {
    let (key, n) = (key(), hidden(&client.get(path).await.text(), "n").unwrap());
    let mut fields = vec![("key", key.as_str()), ("do", "save"), ("n", n.as_str())];
    fields.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    fields.extend(more);
    client.post_form(path, &fields).await
}

async fn undo(client: &mut Client, path: &str) -> Answer {
    save(client, path, &[("do", "undo")]).await
}

async fn both_sides_add_and_move_on_and_each_sees_who_did_what(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let base = theirs(&app);
    let mine = add(&mut sam, MINE, "Look at the flat", &[("due", "2026-12-04")]).await;
    let at_work = mine.replace(MINE, &base);
    priya.get(&base).await.says("Look at the flat Not started Samtest, by 4 December 2026");
    app.wait(MINUTE);
    save(&mut priya, &at_work, &[("state", "done"), ("due", "2026-12-04")]).await.is(303);
    for (client, path) in [(&mut sam, &mine), (&mut priya, &at_work)] {
        client.get(path).await.says("Marked as done by Priya Nairtest, 24 November 2026, 12.01pm");
    }
    sam.get("/me/plan").await.says("Look at the flat Done Me, by 4 December 2026 Marked as done by Priya Nairtest");
    // The other way round.
    let ring = add(&mut priya, &base, "Ring the landlord", &[("doer", "staff")]).await;
    let own = ring.replace(&base, MINE);
    sam.get(MINE).await.says("Ring the landlord Not started Priya Nairtest");
    save(&mut sam, &own, &[("state", "doing"), ("due", "")]).await.is(303);
    priya.get(&ring).await.says("Doing it Their worker").says("Moved on by Samtest");
    priya.get(&format!("{ring}/history")).await.is(200).says("Moved on by Samtest").says("Added by Priya Nairtest");
    let rows = "SELECT action || ' ' || object_kind || ' ' || relation FROM audit WHERE action = 'do' ORDER BY at, id";
    let mut rows = app.data.raw.texts(rows).await;
    rows.sort();
    assert_eq!(rows, ["do action own", "do action own", "do action pa", "do action pa"]);
    sam.get("/me/record")
        .await
        .says("Priya Nairtest, your personal adviser, added something to do in your plan, or changed it");
}

async fn words_stay_with_whoever_wrote_them(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let base = theirs(&app);
    let mine = add(&mut sam, MINE, "Mine to say", &[]).await;
    let at_work = mine.replace(MINE, &base);
    priya.get(&at_work).await.says("Samtest wrote this, so the words stay theirs.");
    let more = [("state", "doing"), ("body", "Not mine to say"), ("doer", "staff")];
    save(&mut priya, &at_work, &more).await.is(303);
    sam.get(&mine).await.says("Mine to say Doing it Me").says("Moved on by Priya Nairtest");
    let ring = add(&mut priya, &base, "Ring them", &[("doer", "staff")]).await;
    let more = [("state", "not_started"), ("body", "Ring nobody"), ("doer", "me")];
    save(&mut sam, &ring.replace(&base, MINE), &more).await.is(303);
    priya.get(&ring).await.says("Ring them Not started Their worker");
    let more = [("state", "not_started"), ("body", "Ring them twice"), ("doer", "other"), ("who", "Nan")];
    save(&mut priya, &ring, &more).await.is(303);
    sam.get(MINE).await.says("Ring them twice Not started Nan Changed by Priya Nairtest");
}

async fn the_last_change_is_undone_and_so_is_the_undoing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let mine = add(&mut sam, MINE, "Buy a kettle", &[]).await;
    assert!(!sam.get(&mine).await.text().contains("Undo the last change"), "there is none yet");
    undo(&mut sam, &mine).await.is(409).says("There is nothing to undo");
    let at_work = mine.replace(MINE, &theirs(&app));
    save(&mut priya, &at_work, &[("state", "done")]).await.is(303);
    undo(&mut sam, &mine).await.is(303);
    sam.get(&mine).await.says("Buy a kettle Not started Me Last change undone by you");
    undo(&mut priya, &at_work).await.is(303);
    priya.get(&at_work).await.says("Buy a kettle Done Samtest Last change undone by Priya Nairtest");
    let history = sam.get(&format!("{mine}/history")).await.is(200).text();
    assert_eq!(history.matches("<h2>").count() - history.matches("<h2>Get help").count(), 4, "nothing is taken out");
    // Words of the other side do not come back by an undo either.
    let more = [("state", "done"), ("body", "Buy a pan"), ("doer", "me")];
    save(&mut sam, &mine, &more).await.is(303);
    assert!(!priya.get(&at_work).await.text().contains("Undo the last change"));
    undo(&mut priya, &at_work).await.is(409).says("The words belong to whoever wrote them");
}

async fn two_who_change_the_same_overwrite_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let mine = add(&mut sam, MINE, "Find a course", &[]).await;
    let at_work = mine.replace(MINE, &theirs(&app));
    let seen = hidden(&sam.get(&mine).await.text(), "n").unwrap();
    save(&mut priya, &at_work, &[("state", "doing")]).await.is(303);
    let late =
        save(&mut sam, &mine, &[("n", &seen), ("state", "done"), ("body", "Find two courses"), ("doer", "me")]).await;
    late.is(409)
        .says("Somebody changed this since you opened it")
        .says("Moved on by Priya Nairtest")
        .says("Find a course Doing it");
    assert!(late.text().contains("Find two courses"), "what was typed is there");
    priya.get(&at_work).await.says("Find a course Doing it");
    // Having seen both, they decide.
    let n = hidden(&late.text(), "n").unwrap();
    save(&mut sam, &mine, &[("n", &n), ("state", "done"), ("body", "Find two courses"), ("doer", "me")]).await.is(303);
    priya.get(&at_work).await.says("Find two courses Done");
}

async fn what_is_private_is_on_no_page_and_in_no_copy_of_a_worker_s_until_it_is_shared(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let base = theirs(&app);
    let mine = add(&mut sam, MINE, "Tell nobody yet", &[("sees", "me")]).await;
    let at_work = mine.replace(MINE, &base);
    sam.get(MINE).await.says("Tell nobody yet Only me");
    sam.get("/me/plan").await.says("Tell nobody yet Only me");
    let person = format!("/work/people/{}", app.world.sam);
    for mut worker in [priya.clone(), app.signed_in(CORA).await] {
        for path in [&base, &format!("{base}?show=all"), &format!("{person}/plan"), &person, "/work", "/work/people"] {
            assert!(!worker.get(path).await.is(200).text().contains("nobody yet"), "{path}");
        }
        for path in [at_work.clone(), format!("{at_work}/history")] {
            worker.get(&path).await.is(404);
        }
        for pressed in ["save", "undo", "share"] {
            let key = key();
            let fields = [("key", key.as_str()), ("do", pressed), ("n", "1"), ("state", "done")];
            worker.post_form(&at_work, &fields).await.is(404);
        }
    }
    let copy = sam.get("/me/record/take/page").await.is(200).text();
    assert!(copy.contains("Tell nobody yet") && copy.contains("Only you see this."), "their own copy holds it");
    // A worker cannot do what they do not see.
    let more = [("state", "doing"), ("body", "Tell nobody yet"), ("doer", "staff")];
    save(&mut sam, &mine, &more).await.is(422).says("Share it first");
    let more = [("state", "doing"), ("body", "Tell Priya now"), ("doer", "me")];
    save(&mut sam, &mine, &more).await.is(303);
    for _ in 0..2 {
        save(&mut sam, &mine, &[("do", "share")]).await.is(303);
    }
    priya.get(&base).await.says("Tell Priya now Doing it Samtest Shared by Samtest");
    let history = priya.get(&format!("{at_work}/history")).await.is(200).text();
    assert!(!history.contains("nobody yet"), "what it said before it was shared stays theirs");
    assert!(!sam.get(&mine).await.text().contains("Share it with my workers"));
    undo(&mut sam, &mine).await.is(409);
    priya.get(&at_work).await.is(200);
}

async fn late_is_told_by_london_s_day_and_a_dropped_one_needs_a_reason(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut sam = app.signed_in(SAM).await;
    let mine = add(&mut sam, MINE, "Ask about a bus pass", &[("due", "2026-11-24")]).await;
    assert!(!sam.get(&mine).await.text().contains("Late"));
    app.wait(DAY / 2);
    let mut sam = app.signed_in(SAM).await;
    sam.get(&mine).await.says("Late");
    let words = [("body", "Ask about a bus pass"), ("doer", "me")];
    let drop = |why: &'static str| [words[0], words[1], ("state", "dropped"), ("why", why)];
    save(&mut sam, &mine, &drop(" ")).await.is(422).says("Write why this is not done now");
    save(&mut sam, &mine, &drop("I walk now")).await.is(303);
    sam.get(&mine).await.says("Not doing this now Me Why: I walk now");
    let bad = save(&mut sam, &mine, &[words[0], words[1], ("state", "doing"), ("due", "soon")]).await;
    bad.is(422).says("Write the day, as in 2026-12-04, or leave it empty");
}

async fn an_action_of_somebody_else_is_not_there(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut aaliyah) = (app.signed_in(SAM).await, app.signed_in(AALIYAH).await);
    let mine = add(&mut sam, MINE, "Mine alone", &[]).await;
    let (mut owen, mut morag) = (app.signed_in(OWEN).await, app.signed_in(MORAG).await);
    let mut other = owen.clone();
    let at_work = mine.replace(MINE, &theirs(&app));
    let hers = at_work.replace(&app.world.sam.to_string(), &app.world.aaliyah.to_string());
    for (client, path) in [(&mut aaliyah, &mine), (&mut owen, &at_work), (&mut other, &hers), (&mut morag, &at_work)] {
        for path in [path.clone(), format!("{path}/history")] {
            client.get(&path).await.is(404);
        }
        let key = key();
        let fields =
            [("key", key.as_str()), ("do", "save"), ("n", "1"), ("state", "done"), ("body", "x"), ("doer", "me")];
        client.post_form(path, &fields).await.is(404);
    }
    sam.get(&mine).await.says("Mine alone Not started");
    // Before the last door there is nothing of it.
    let mut second = app.at_second_door(SAM).await;
    assert!(second.get(&mine).await.is(303).location().starts_with("/sign-in/again"));
}

async fn a_list_is_of_what_is_open_and_an_empty_one_says_what_comes_next(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut aaliyah) = (app.signed_in(SAM).await, app.signed_in(AALIYAH).await);
    aaliyah.get(MINE).await.is(200).says("Nothing is written down yet. Add the first thing");
    let mut owen = app.signed_in(OWEN).await;
    owen.get(&format!("/work/people/{}/plan/actions", app.world.aaliyah))
        .await
        .says("Add the first thing that you or Aaliyahtest will do");
    let open = sam.get(MINE).await.is(200).text();
    assert!(open.contains("marigoldplan second step") && !open.contains("marigoldplan first step"));
    let done = sam.get(&format!("{MINE}?show=done")).await.is(200).text();
    assert!(!done.contains("marigoldplan second step") && done.contains("marigoldplan first step"));
    let new = sam.get(&format!("{MINE}/new?heading=money")).await.is(200).text();
    assert!(new.contains("<option value=\"money\" selected>") || new.contains("value=\"money\" selected"), "{new}");
    let key = key();
    let nothing = sam.post_form(&format!("{MINE}/new"), &[("key", &key), ("body", "kept words")]).await;
    nothing
        .is(422)
        .says("Choose the part of the plan")
        .says("Choose who does it")
        .says("Choose who sees it")
        .says("kept words");
}

async fn words_of_actions_never_stand_in_clear(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut sam = app.signed_in(SAM).await;
    let more = [("doer", "other"), ("who", "kingfisherdoer")];
    let mine = add(&mut sam, MINE, "heronaction", &more).await;
    let words = [("body", "heronaction"), ("doer", "other"), ("who", "kingfisherdoer")];
    save(&mut sam, &mine, &[words[0], words[1], words[2], ("state", "dropped"), ("why", "dipperwhy")]).await.is(303);
    let stolen = stolen(&app.data).await;
    assert!(holds(&stolen, b"North leaving care team"), "nothing would be found");
    for word in ["kingfisherdoer", "heronaction", "dipperwhy"] {
        for disguise in disguises(word.as_bytes()) {
            assert!(!holds(&stolen, &disguise), "the stolen database holds {word}");
        }
    }
}
