//! Money: what somebody is to get, had and what is left; what was written down wrong is kept and does not count.

use crate::support::forms::key;
use crate::support::people::{AALIYAH, OWEN, PRIYA, SAM};
use crate::support::stolen::{disguises, holds, stolen};
use crate::support::{Answer, Client, Engine, TestApp, on_both};

on_both! {
    an_allowance_is_taken_over_from_the_offer_and_each_payment_counts
    a_wrong_payment_is_undone_kept_and_does_not_count
    somebody_else_may_have_agreed_a_payment
    more_than_was_agreed_is_said
    a_wrong_amount_or_day_is_told_and_what_was_typed_is_kept
    money_of_somebody_else_is_not_there
    words_about_money_never_stand_in_clear
}

fn base(app: &TestApp) -> String {
    format!("/work/people/{}/money", app.world.sam)
}

async fn agree(client: &mut Client, base: &str, name: &str, right: &str, amount: &str) -> Answer {
    let key = key();
    let fields = [("key", key.as_str()), ("right", right), ("name", name), ("amount", amount), ("day", "2026-11-20")];
    client.post_form(&format!("{base}/new"), &fields).await
}

/// The address of the first thing of a list.
async fn first(client: &mut Client, base: &str) -> String {
    let list = client.get(base).await.is(200).text();
    let link = format!("href=\"{base}/");
    let all = list.split(&link).skip(1).map(|rest| rest.split('"').next().unwrap());
    format!("{base}/{}", all.into_iter().find(|id| id.len() == 32).unwrap())
}

async fn pay(client: &mut Client, path: &str, amount: &str, note: &str) -> Answer {
    let key = key();
    let fields = [("key", key.as_str()), ("do", "pay"), ("amount", amount), ("day", "2026-11-24"), ("note", note)];
    client.post_form(path, &fields).await
}

async fn an_allowance_is_taken_over_from_the_offer_and_each_payment_counts(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let base = base(&app);
    sam.get("/me/plan/money").await.is(200).says("Nothing is written down here yet. Your worker adds it");
    priya.get(&base).await.is(200).says("Nothing is written down for Samtest yet. Begin with what you agreed.");
    let right = crate::support::shipped().entitlements["setting-up-home"].clone();
    let amount = right.amount.unwrap();
    let list = priya.get(&format!("{base}/new")).await.text();
    assert!(list.contains("setting-up-home") && !list.contains("pay-limit"), "a limit of pay is no money to be had");
    let form = priya.get(&format!("{base}/new?right=setting-up-home")).await.is(200).text();
    assert!(form.contains(&format!("value=\"{amount}\"")) && form.contains(&format!("value=\"{}\"", right.name)));
    agree(&mut priya, &base, &right.name, "setting-up-home", &amount).await.is(303);
    let one = first(&mut priya, &base).await;
    pay(&mut priya, &one, "1,250.50", "a bed and a sofa").await.is(303);
    let all = portal::plan::money::parse(&amount).unwrap();
    let left = portal::plan::money::says(all - 125_050);
    for (client, path) in [(&mut sam, "/me/plan/money"), (&mut priya, &*base)] {
        client
            .get(path)
            .await
            .says(&format!("To get {amount} Had £1,250.50 Left {left}"))
            .says("£1,250.50 on 24 November 2026 for a bed and a sofa, agreed by Priya Nairtest");
    }
    let page = sam.get("/me/plan/money").await.text();
    assert!(page.contains("href=\"/entitlements#setting-up-home\"") && page.contains("Something not right?"));
    sam.get("/me/record").await.says("wrote down money for you");
    sam.get("/me/record/take/page").await.says("for a bed and a sofa");
}

async fn a_wrong_payment_is_undone_kept_and_does_not_count(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let base = base(&app);
    agree(&mut priya, &base, "Driving lessons", "", "£200").await.is(303);
    let one = first(&mut priya, &base).await;
    pay(&mut priya, &one, "20", "").await.is(303);
    let page = priya.get(&one).await.text();
    let undo = page.split("value=\"undo:").nth(1).unwrap()[..32].to_owned();
    let (undo, once, twice) = (format!("undo:{undo}"), key(), key());
    for _ in 0..2 {
        priya.post_form(&one, &[("key", &once), ("do", &undo)]).await.is(303);
    }
    priya.post_form(&one, &[("key", &twice), ("do", &undo)]).await.is(409).says("That was done before");
    let page = sam.get("/me/plan/money").await;
    page.says("To get £200 Had Nothing yet Left £200").says("Written down wrong: it does not count.");
    assert!(page.text().contains("<s>£20 on 24 November 2026, agreed by Priya Nairtest</s>"), "kept, struck through");
    let (end, again) = (key(), key());
    priya.post_form(&one, &[("key", &end), ("do", "end")]).await.is(303);
    sam.get("/me/plan/money").await.says("Written down wrong This does not count. Driving lessons, £200");
    let late = pay(&mut priya, &one, "5", "late words").await;
    late.is(409).says("this counts no more");
    priya.post_form(&one, &[("key", &again), ("do", "end")]).await.is(409);
}

async fn somebody_else_may_have_agreed_a_payment(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let base = base(&app);
    agree(&mut priya, &base, "A bike", "", "200").await.is(303);
    let one = first(&mut priya, &base).await;
    let page = priya.get(&one).await;
    page.says("Who agreed it?").says("If it is somebody else: who?");
    assert!(page.text().contains("name=\"agreed\" value=\"me\" checked"), "{}", page.text());
    let pays = |agreed: &str, who: &str| {
        let fields =
            [("do", "pay"), ("amount", "60"), ("day", "2026-11-24"), ("note", ""), ("agreed", agreed), ("who", who)];
        [("key".to_owned(), key())]
            .into_iter()
            .chain(fields.map(|(name, value)| (name.to_owned(), value.to_owned())))
            .collect()
    };
    let post = async |priya: &mut Client, fields: Vec<(String, String)>| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        priya.post_form(&one, &fields).await
    };
    for (agreed, who, says) in [
        ("other", "", "Write who agreed it"),
        ("other", &*"n".repeat(101), "Make it 100 or fewer"),
        ("me", "Jo Belltest", "You wrote a name: choose that somebody else agreed it"),
        ("nobody", "Jo Belltest", "Choose who agreed it"),
    ] {
        let page = post(&mut priya, pays(agreed, who)).await;
        page.is(422).says(says);
        let html = page.text();
        assert!(html.contains("value=\"60\"") && html.contains(&format!("value=\"{who}\"")), "{html}");
    }
    post(&mut priya, pays("other", "Jo Belltest, team manager")).await.is(303);
    post(&mut priya, pays("me", "")).await.is(303);
    for (client, path) in [(&mut sam, "/me/plan/money"), (&mut priya, &*base)] {
        client
            .get(path)
            .await
            .says("£60 on 24 November 2026, agreed by Jo Belltest, team manager, written down by Priya Nairtest")
            .says("£60 on 24 November 2026, agreed by Priya Nairtest");
    }
    let copy = sam.get("/me/record/take/page").await;
    copy.says("agreed by Jo Belltest, team manager, written down by Priya Nairtest");
}

async fn more_than_was_agreed_is_said(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let base = base(&app);
    agree(&mut priya, &base, "A bike", "", "100").await.is(303);
    let one = first(&mut priya, &base).await;
    for _ in 0..2 {
        pay(&mut priya, &one, "60", "").await.is(303);
    }
    sam.get("/me/plan/money").await.says("To get £100 Had £120 More than agreed £20 more was paid than was agreed.");
}

async fn a_wrong_amount_or_day_is_told_and_what_was_typed_is_kept(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    let base = base(&app);
    for (amount, says) in
        [("1,25", "Write the amount in pounds"), ("0", "more than 0"), ("2000000", "more than a million")]
    {
        let page = agree(&mut priya, &base, "A kept name", "", amount).await;
        page.is(422).says(says);
        let html = page.text();
        assert!(html.contains("value=\"A kept name\"") && html.contains(&format!("value=\"{amount}\"")), "{amount}");
    }
    agree(&mut priya, &base, "x", "no-right-of-ours", "5").await.is(422).says("not in the offer any more");
    let key = key();
    let future = [("key", key.as_str()), ("name", "A bed"), ("amount", "5"), ("day", "2026-11-25")];
    priya.post_form(&format!("{base}/new"), &future).await.is(422).says("That day is still to come");
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM money_owed").await, 0);
}

async fn money_of_somebody_else_is_not_there(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut priya, mut owen, mut aaliyah) =
        (app.signed_in(PRIYA).await, app.signed_in(OWEN).await, app.signed_in(AALIYAH).await);
    let base = base(&app);
    agree(&mut priya, &base, "Only for Sam", "", "100").await.is(303);
    let one = first(&mut priya, &base).await;
    let hers = one.replace(&app.world.sam.to_string(), &app.world.aaliyah.to_string());
    for path in [&base, &format!("{base}/new"), &one, &hers] {
        owen.get(path).await.is(404);
    }
    for path in [&one, &hers] {
        pay(&mut owen, path, "5", "").await.is(404);
    }
    assert!(!aaliyah.get("/me/plan/money").await.is(200).text().contains("Only for Sam"));
    assert!(app.at_second_door(SAM).await.get("/me/plan/money").await.is(303).location().starts_with("/sign-in/again"));
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM payment").await, 0);
}

async fn words_about_money_never_stand_in_clear(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    let base = base(&app);
    agree(&mut priya, &base, "bitternname", "", "100").await.is(303);
    let one = first(&mut priya, &base).await;
    let key = key();
    let agreed =
        [("amount", "5"), ("day", "2026-11-24"), ("note", "avocetnote"), ("agreed", "other"), ("who", "dunlinwho")];
    priya.post_form(&one, &[&[("key", &*key), ("do", "pay")][..], &agreed].concat()).await.is(303);
    let stolen = stolen(&app.data).await;
    assert!(holds(&stolen, b"North leaving care team"), "nothing would be found");
    for word in ["bitternname", "avocetnote", "dunlinwho"] {
        for disguise in disguises(word.as_bytes()) {
            assert!(!holds(&stolen, &disguise), "the stolen database holds {word}");
        }
    }
}
