//! A letter that says that somebody is a care leaver: two taps to ask, a worker's yes or no, a sheet to print, and a log
//! of whom it was shown to.

use portal::help::Purpose;
use portal::letters;

use crate::support::client::plain;
use crate::support::forms::key;
use crate::support::people::{AALIYAH, MORAG, OWEN, PRIYA, SAM, SOL};
use crate::support::{Answer, Client, Engine, TestApp, on_both};

on_both! {
    a_letter_is_asked_for_in_two_taps_approved_and_printed
    a_no_says_why_and_an_approval_can_be_taken_back_without_losing_it
    of_two_workers_who_decide_one_wins
    a_worker_writes_down_to_whom_they_confirmed_it_and_both_read_one_list
    a_letter_of_somebody_else_is_not_there
}

fn their(app: &TestApp) -> String {
    format!("/work/people/{}/letter", app.world.sam)
}

async fn ask(client: &mut Client) {
    let key = client.get("/me/letter").await.is(200).key();
    for _ in 0..2 {
        assert_eq!(client.post_form("/me/letter", &[("key", &key)]).await.is(303).location(), "/me/letter");
    }
}

/// The value of the field of the open request, or of the one that stands.
fn letter_on(page: &Answer) -> String {
    crate::support::client::hidden(&page.text(), "letter").unwrap()
}

async fn decide(client: &mut Client, app: &TestApp, what: &str, reason: &str) -> Answer {
    let page = client.get(&their(app)).await;
    let (key, letter) = (key(), letter_on(page.is(200)));
    let fields = [("key", key.as_str()), ("letter", &letter), ("do", what), ("reason", reason)];
    client.post_form(&their(app), &fields).await
}

/// The address of the letter that can be printed, if there is one.
fn ready(page: &Answer) -> Option<String> {
    let html = page.text();
    let id = html.split("href=\"/me/letter/").nth(1)?.split('"').next()?.to_owned();
    Some(format!("/me/letter/{id}"))
}

async fn a_letter_is_asked_for_in_two_taps_approved_and_printed(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.at_second_door(SAM).await, app.signed_in(PRIYA).await);
    sam.get("/me").await.says("Letter Proof that you are a care leaver");
    sam.get("/me/letter").await.is(200).says("Ask for a letter").says("Priya Nairtest looks at it.");
    priya.get(&their(&app)).await.is(200).says("No letter was asked for yet.");
    ask(&mut sam).await;
    // Another form while one is open changes nothing.
    sam.post_form("/me/letter", &[("key", &key())]).await.is(303);
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM letter").await, 1);
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM outbox WHERE kind = 'worker_message'").await, 1);
    let page = sam.get("/me/letter").await;
    page.says("You asked for a letter on 24 November 2026. Priya Nairtest looks at it.");
    assert_eq!(ready(&page), None);
    priya.get("/work").await.says("Samtest asks for a letter");
    priya
        .get(&format!("/work/people/{}", app.world.sam))
        .await
        .says("Samtest asks for a letter. It waits for a yes or no");
    priya.get(&their(&app)).await.says("Yes, approve it").says("Or why not");
    decide(&mut priya, &app, "approve", "").await.is(303);
    assert!(!plain(&priya.get("/work").await.text()).contains("asks for a letter"));
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM outbox WHERE kind = 'person_message'").await, 1);

    let page = sam.get("/me/letter").await;
    page.says("Your letter is ready.").says("Approved by Priya Nairtest, 24 November 2026. It holds.");
    let sheet = ready(&page).unwrap();
    let letter = sam.get(&sheet).await;
    let reference = plain(&letter.text()).split("Reference ").nth(1).unwrap()[..9].to_owned();
    letter
        .is(200)
        .says("Confirmation of care leaver status Lancashire County Council 24 November 2026")
        .says("Name Samuel Whittletest Date of birth 27 March 2008")
        .says("Lancashire County Council confirms that Samuel Whittletest, born on 27 March 2008, is a care leaver")
        .says("Approved by Priya Nairtest for Lancashire County Council on 24 November 2026.");
    let article = letter.text().split("<article").nth(1).unwrap().split("</article>").next().unwrap().to_owned();
    // The line that is published for the person's team, and no other number.
    let line = letters::checked_by(crate::support::shipped().lines.values(), "north").unwrap();
    let check =
        format!("To check this letter, ring Lancashire County Council on {} and name the reference.", line.number);
    assert!(plain(&article).contains(&check), "{article}");
    assert_eq!(plain(&article).matches("0300").count(), 1);
    priya.get(&their(&app)).await.says(&format!("Reference {reference}"));

    let (key, to) = (letter.key(), "My training provider");
    for _ in 0..2 {
        assert_eq!(sam.post_form(&sheet, &[("key", &key), ("receiver", to)]).await.is(303).location(), sheet);
    }
    let again = sam.post_form(&sheet, &[("key", &key), ("receiver", "The college")]).await;
    again.is(409).says("was not saved");
    assert!(again.text().contains("value=\"The college\""));
    sam.post_form(&sheet, &[("key", &key), ("receiver", "  ")]).await.is(422).says("Say who it is for");
    sam.get(&sheet).await.says("For: My training provider");
    sam.get("/me/letter").await.says("Shown to My training provider, 24 November 2026, 12 noon. You wrote this.");
    priya.get(&their(&app)).await.says("Shown to My training provider, 24 November 2026, 12 noon. Samtest wrote this.");
    for (action, many) in [("ask for", 1), ("approve", 1), ("show", 1)] {
        let rows = format!("SELECT COUNT(*) FROM audit WHERE action = '{action}' AND object_kind = 'letter'");
        assert_eq!(app.data.raw.number(&rows).await, many, "{action}");
    }
}

async fn a_no_says_why_and_an_approval_can_be_taken_back_without_losing_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    ask(&mut sam).await;
    decide(&mut priya, &app, "refuse", "  ").await.is(422).says("Say why. They read it");
    let kept = decide(&mut priya, &app, "approve", "but only for a year").await;
    kept.is(422).says("A reason goes with a no").says("but only for a year");
    decide(&mut priya, &app, "refuse", "We have to find your papers first").await.is(303);
    let page = sam.get("/me/letter").await;
    page.says("Not approved by Priya Nairtest, 24 November 2026. We have to find your papers first")
        .says("or ask again");
    assert_eq!(ready(&page), None);
    app.wait(portal::clock::MINUTE);
    ask(&mut sam).await;
    app.wait(portal::clock::MINUTE);
    decide(&mut priya, &app, "approve", "").await.is(303);
    let sheet = ready(&sam.get("/me/letter").await).unwrap();
    sam.get(&sheet).await.is(200);
    app.wait(portal::clock::MINUTE);
    decide(&mut priya, &app, "take-back", "It was a mistake of ours").await.is(303);
    sam.get(&sheet).await.is(404);
    sam.post_form(&sheet, &[("key", &key()), ("receiver", "Anybody")]).await.is(404);
    let page = sam.get("/me/letter").await;
    page.says("It was a mistake of ours").says("Approved by Priya Nairtest, 24 November 2026. A later decision stands");
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM letter WHERE state = 'approved'").await, 1);
}

async fn of_two_workers_who_decide_one_wins(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut priya, mut sol) = (app.signed_in(PRIYA).await, app.signed_in(SOL).await);
    ask(&mut app.signed_in(SAM).await).await;
    let letter = letter_on(&sol.get(&their(&app)).await);
    decide(&mut priya, &app, "approve", "").await.is(303);
    let (key, reason) = (key(), "I do not know them yet");
    let late = [("key", key.as_str()), ("letter", &letter), ("do", "refuse"), ("reason", reason)];
    for _ in 0..2 {
        sol.post_form(&their(&app), &late).await.is(409).says("Somebody decided about this before").says(reason);
    }
    assert_eq!(app.data.raw.texts("SELECT state FROM letter").await, ["approved"]);
}

async fn a_letter_of_somebody_else_is_not_there(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    ask(&mut sam).await;
    let letter = letter_on(&priya.get(&their(&app)).await);
    decide(&mut priya, &app, "approve", "").await.is(303);
    let sheet = ready(&sam.get("/me/letter").await).unwrap();
    let mut aaliyah = app.signed_in(AALIYAH).await;
    aaliyah.get(&sheet).await.is(404);
    aaliyah.post_form(&sheet, &[("key", &key()), ("receiver", "Me")]).await.is(404);
    aaliyah.get("/me/letter").await.is(200).says("Ask for a letter");
    let fields = [("key", &*key()), ("letter", &letter), ("do", "take-back"), ("reason", "No")]
        .map(|(name, value)| (name, value.to_owned()));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for name in [OWEN, MORAG] {
        let mut other = app.signed_in(name).await;
        other.get(&their(&app)).await.is(404);
        other.post_form(&their(&app), &fields).await.is(404);
    }
    // Of another person in the address, theirs is not decided about.
    let mut owen = app.signed_in(OWEN).await;
    ask(&mut aaliyah).await;
    let hers = format!("/work/people/{}/letter", app.world.aaliyah);
    let approve =
        [("key", &*key()), ("letter", &letter), ("do", "approve")].map(|(name, value)| (name, value.to_owned()));
    let approve: Vec<_> = approve.iter().map(|(name, value)| (*name, value.as_str())).collect();
    owen.post_form(&hers, &approve).await.is(409);
    app.at_first_door(SAM).await.get("/me/letter").await.is(303);
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM letter WHERE state = 'approved'").await, 1);
}

#[test]
fn a_letter_names_no_number_that_is_not_published_for_its_team() {
    let lines = &crate::support::shipped().lines;
    assert!(letters::checked_by(lines.values(), "elsewhere").is_none());
    let without = lines.values().filter(|line| line.purpose != Purpose::CouncilDay);
    assert!(letters::checked_by(without, "north").is_none());
}

async fn a_worker_writes_down_to_whom_they_confirmed_it_and_both_read_one_list(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    ask(&mut sam).await;
    let letter = letter_on(&priya.get(&their(&app)).await);
    assert!(!priya.get(&their(&app)).await.text().contains("value=\"tell\""), "there is nothing to confirm yet");
    let tell = async |client: &mut Client, key: &str, to: &str, how: &str, day: &str| {
        let fields = [("key", key), ("letter", &*letter), ("do", "tell"), ("receiver", to), ("how", how), ("day", day)];
        client.post_form(&their(&app), &fields).await
    };
    tell(&mut priya, &key(), "Bright Homes", "phone", "2026-11-24").await.is(409).says("does not hold any more");
    decide(&mut priya, &app, "approve", "").await.is(303);
    priya.get(&their(&app)).await.says("You confirmed it to somebody?");
    let kept = tell(&mut priya, &key(), "Bright Homes", "", "2026-11-25").await;
    kept.is(422).says("Choose how you confirmed it").says("That day is still to come");
    assert!(kept.text().contains("value=\"Bright Homes\""));
    tell(&mut priya, &key(), " ", "phone", "2023-01-01").await.is(422).says("Say who asked").says("Check the year");
    let early = tell(&mut priya, &key(), "Bright Homes", "phone", "2026-11-23").await;
    early.is(409).says("The letter was approved later than that day");
    let (key, to) = (key(), "Bright Homes, the letting agent");
    for _ in 0..2 {
        tell(&mut priya, &key, to, "phone", "2026-11-24").await.is(303);
    }
    tell(&mut priya, &key, to, "email", "2026-11-24").await.is(409).says("was not saved");
    let sheet = ready(&sam.get("/me/letter").await).unwrap();
    sam.post_form(&sheet, &[("key", &crate::support::forms::key()), ("receiver", "My college")]).await.is(303);
    let line = "Confirmed to Bright Homes, the letting agent, by phone, on 24 November 2026. Priya Nairtest wrote this";
    sam.get("/me/letter").await.says(line).says("Shown to My college, 24 November 2026, 12 noon. You wrote this.");
    sam.get(&sheet).await.says(line).says("For: My college");
    priya.get(&their(&app)).await.says(line).says("Samtest wrote this.");
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM letter_use").await, 2);
    sam.get("/me/record").await.says("wrote down to whom they confirmed that you are a care leaver");
    let copy = sam.get("/me/record/take/page").await;
    copy.says("confirmed by Priya Nairtest to Bright Homes, the letting agent, by phone, on 24 November 2026");
    for name in [OWEN, MORAG] {
        let mut other = app.signed_in(name).await;
        tell(&mut other, &crate::support::forms::key(), "Me", "phone", "2026-11-24").await.is(404);
    }
}
