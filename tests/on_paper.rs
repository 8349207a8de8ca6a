//! A plan on paper: in full and on one side, without what reaches other people unless a worker confirmed it.

use crate::support::client::{hidden, plain};
use crate::support::forms::key;
use crate::support::people::{MORAG, OWEN, PRIYA, SAM};
use crate::support::plans::{base, share, write};
use crate::support::{Client, Engine, TestApp, on_both};

on_both! {
    contacts_of_others_are_on_no_paper_until_a_worker_confirms_and_that_is_written_down
    all_of_it_has_money_and_one_side_has_none
    one_side_holds_so_much_and_says_how_much_more_there_is
    an_empty_plan_says_that_there_is_nothing_to_print
    nobody_else_prints_it
}

const CONTACTS: [&str; 3] = ["07700 900123", "nan@example.invalid", "PR1 8XJ"];

async fn add(client: &mut Client, base: &str, text: &str, who: &str, due: &str, seen: &str) {
    let doer = if who.is_empty() { "me" } else { "other" };
    let key = key();
    let fields = [
        ("key", &*key),
        ("heading", "money"),
        ("body", text),
        ("doer", doer),
        ("who", who),
        ("due", due),
        ("sees", seen),
    ];
    client.post_form(&format!("{base}/actions/new"), &fields).await.is(303);
}

async fn contacts_of_others_are_on_no_paper_until_a_worker_confirms_and_that_is_written_down(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let [phone, email, postcode] = CONTACTS;
    let now = format!("Nan is on {phone}. You get £3,000 on 4 December 2026 at 10:30.");
    write(&mut priya, &format!("{}/write/home/now", base(&app)), &now).await.is(303);
    write(&mut sam, "/me/plan/want/home", &format!("Write to {email}, please.")).await.is(303);
    share(&mut priya, &app, "").await.is(303);
    add(&mut priya, &base(&app), "See the flat", &format!("Nan, {postcode}"), "2026-12-04", "").await;
    let say = [("key", &*key()), ("version", "2"), ("opinion", "talk"), ("body", &*format!("Ring {phone}"))];
    sam.post_form("/me/plan/say/home", &say).await.is(303);
    let theirs = format!("{}/print", base(&app));
    for path in ["/me/plan/print", "/me/plan/print/short", &theirs] {
        let page = if path == theirs { &mut priya } else { &mut sam }.get(path).await;
        page.is(200).says("Phone numbers, email addresses and postcodes are left out").says("[email]");
        page.says("Nan, [postcode]");
        let text = plain(&page.text());
        assert!(CONTACTS.iter().all(|contact| !text.contains(contact)), "{path}: {text}");
        if !path.ends_with("short") {
            page.says("Nan is on [number]. You get £3,000 on 4 December 2026 at 10:30.").says("Ring [number]");
        }
        if path.starts_with("/me") {
            page.says("our worker can print");
        }
    }
    // What is on the screen stays as it was written.
    sam.get("/me/plan").await.says(phone).says(email);
    let page = priya.get(&theirs).await.text();
    let key = hidden(&page, "key").unwrap();
    let printed = "SELECT COUNT(*) FROM audit WHERE action = 'print' AND object_kind = 'contacts'";
    for prints in 1..=2 {
        let page = priya.post_form(&theirs, &[("key", &key)]).await;
        page.is(200).says(phone).says(email).says(postcode).says("may stand on this paper");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(app.data.raw.number(printed).await, prints, "each time that they are drawn is written down");
    }
    assert!(!plain(&priya.get(&theirs).await.text()).contains(phone), "for that one print");
    priya.post_form(&theirs, &[("key", "nonsense")]).await.is(400);
    priya.post_form(&theirs, &[("key", &key), ("more", "x")]).await.is(409);
    sam.get("/me/record").await.says("printed your plan with the phone numbers and addresses that stand in it");
}

async fn all_of_it_has_money_and_one_side_has_none(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let (money, theirs) = (format!("/work/people/{}/money", app.world.sam), format!("{}/print", base(&app)));
    let without = plain(&sam.get("/me/plan/print").await.text());
    assert!(!without.contains("Money that I get"), "{without}");
    let one_side = plain(&sam.get("/me/plan/print/short").await.text());
    for (name, amount) in [("Driving lessons", "200"), ("Wrong from the start", "7")] {
        let key = key();
        let owed = [("key", &*key), ("right", ""), ("name", name), ("amount", amount), ("day", "2026-11-20")];
        priya.post_form(&format!("{money}/new"), &owed).await.is(303);
    }
    let list = priya.get(&money).await.text();
    let page = |name: &str| {
        let part = list.split(&format!("<h2>{name}")).nth(1).unwrap();
        format!("{money}/{}", &part.split(&format!("href=\"{money}/")).nth(1).unwrap()[..32])
    };
    let (lessons, wrong) = (page("Driving lessons"), page("Wrong from the start"));
    for (amount, day, note, agreed, who) in [
        ("60", "2026-11-22", "a test", "me", ""),
        ("20.50", "2026-11-24", "ring 07700 900123", "other", "Jo Belltest on 07700 900123"),
    ] {
        let (key, words) = (key(), [("note", note), ("agreed", agreed), ("who", who)]);
        let paid = [&[("key", &*key), ("do", "pay"), ("amount", amount), ("day", day)][..], &words].concat();
        priya.post_form(&lessons, &paid).await.is(303);
    }
    priya.post_form(&wrong, &[("key", &key()), ("do", "end")]).await.is(303);
    for (client, path, title) in
        [(&mut sam, "/me/plan/print", "Money that I get"), (&mut priya, &*theirs, "Money that they get")]
    {
        let page = client.get(path).await;
        page.is(200)
            .says(&format!("{title} Driving lessons To get £200 Had £80.50 Left £119.50"))
            .says("£60 on 22 November 2026 for a test, agreed by Priya Nairtest")
            .says("£20.50 on 24 November 2026 for ring [number], agreed by Jo Belltest on [number], written down by Priya");
        let text = plain(&page.text());
        assert!(!text.contains("Wrong from the start") && !text.contains("07700"), "{path}: {text}");
    }
    let key = hidden(&priya.get(&theirs).await.text(), "key").unwrap();
    priya.post_form(&theirs, &[("key", &key)]).await.is(200).says("agreed by Jo Belltest on 07700 900123");
    assert_eq!(plain(&sam.get("/me/plan/print/short").await.text()), one_side, "one side stays one side");
}

async fn one_side_holds_so_much_and_says_how_much_more_there_is(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    write(&mut sam, "/me/plan/want/health", &"wish ".repeat(200)).await.is(303);
    share(&mut priya, &app, "").await.is(303);
    for n in 1..=20 {
        add(&mut sam, "/me/plan", &format!("task {n}"), "", &format!("2027-01-{n:02}"), "both").await;
    }
    add(&mut sam, "/me/plan", "only mine", "", "", "me").await;
    let page = sam.get("/me/plan/print/short").await;
    page.is(200).says("What I want A place to live: marigoldplan plan want");
    page.says("marigoldplan helper, by 1 December 2026: marigoldplan second step Me, by 1 January 2027: task 1 ");
    page.says("And 9 more: they stand in your plan.").says("When we talk again: You talk about it again by");
    page.says("My worker: Priya Nairtest").says("on a sheet of its own");
    let text = plain(&page.text());
    assert!(text.contains("task 11") && !text.contains("task 12") && !text.contains("only mine"), "{text}");
    assert!(!text.contains("first step"), "what is done is not to do");
    assert!(text.matches("wish").count() < 40 && text.contains('…'));
    sam.get("/me/plan").await.says("Print it on one side");
}

async fn an_empty_plan_says_that_there_is_nothing_to_print(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut aaliyah = app.signed_in(crate::support::people::AALIYAH).await;
    aaliyah.get("/me/plan/print").await.is(200).says("Your plan is not here yet");
    aaliyah.get("/me/plan/print/short").await.is(200).says("Nothing is written here yet").says("Nothing is left to do");
    let mut owen = app.signed_in(OWEN).await;
    let page = owen.get(&format!("/work/people/{}/plan/print", app.world.aaliyah)).await;
    page.is(200).says("Nothing is in the plan yet");
    assert!(!page.text().contains("Print with contacts"));
}

async fn nobody_else_prints_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    for name in [OWEN, MORAG, SAM] {
        let mut client = app.signed_in(name).await;
        client.get(&format!("{}/print", base(&app))).await.is(404);
        client.post_form(&format!("{}/print", base(&app)), &[("key", &key())]).await.is(404);
    }
}
