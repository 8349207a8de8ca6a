//! "What can I get?" over HTTP: six questions, one to a page, nothing kept and nothing in an address.

use crate::support::{Answer, Client, Engine, TestApp, block_on};

const PATH: &str = "/entitlements/check";
const ANSWERS: [(&str, &str, &str); 6] = [
    ("age", "age", "17"),
    ("care", "care", "13-weeks"),
    ("now", "now", "in-care"),
    ("council", "council", "ours"),
    ("lives", "lives", "burnley"),
    ("life", "college", "yes"),
];

/// The hidden fields of the page: what a browser would send back.
fn carried(page: &Answer) -> Vec<(String, String)> {
    let html = page.text();
    let hidden = html.split("<input type=\"hidden\" name=\"").skip(1);
    hidden
        .map(|rest| {
            let (name, rest) = rest.split_once('"').unwrap();
            (name.to_owned(), rest.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned())
        })
        .collect()
}

async fn send(client: &mut Client, page: &Answer, more: &[(&str, &str)]) -> Answer {
    let kept = carried(page);
    let kept = kept.iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
    let fields: Vec<_> =
        kept.map(|(name, value)| (name.as_str(), value.as_str())).chain(more.iter().copied()).collect();
    client.post_form(PATH, &fields).await
}

async fn to_the_end(client: &mut Client) -> Answer {
    let mut page = client.get(PATH).await;
    for (_, field, value) in ANSWERS {
        page = send(client, &page, &[(field, value), ("do", "next")]).await;
        page.is(200);
    }
    page
}

#[test]
fn six_questions_lead_to_the_group_the_rights_the_birthdays_and_whom_to_ask() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut anyone = app.visitor();
        let first = anyone.get(PATH).await;
        first.is(200).says("Question 1 of 6").says("How old are you?").says("I’m not sure");
        assert_eq!(first.header("cache-control"), "no-store");
        let end = to_the_end(&mut anyone).await;
        end.says("eligible child").says("A personal adviser").says("What changes on your birthdays").says("At 18");
        end.says("former relevant child").says("Who to ask").says("0300 123 6720");
        assert_eq!(end.header("cache-control"), "no-store");
        // Back shows a question again without asking anybody, for ten minutes and in this browser only.
        let second = send(&mut anyone, &first, &[("age", "17"), ("do", "next")]).await;
        assert_eq!(second.header("cache-control"), "private, max-age=600");
        assert!(end.header("set-cookie").is_empty() && anyone.cookies.is_empty());
        assert_eq!(app.data.raw.counts().await, {
            let fresh = TestApp::start(Engine::Sqlite).await;
            fresh.data.raw.counts().await
        });
    });
}

#[test]
fn a_question_without_an_answer_is_asked_again_and_the_answers_before_it_stay() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut anyone = app.visitor();
        let page = anyone.get(PATH).await;
        let page = send(&mut anyone, &page, &[("age", "17"), ("do", "next")]).await;
        let wrong = send(&mut anyone, &page, &[("do", "next")]).await;
        wrong.is(422).says("There is a problem").says("Choose one answer").says("Were you in care");
        assert!(wrong.text().contains("<title>Error: "));
        assert!(carried(&wrong).contains(&("age".to_owned(), "17".to_owned())));
        for nonsense in ["", "18; DROP TABLE", "999", "<b>", "13-weeks2"] {
            send(&mut anyone, &page, &[("care", nonsense), ("do", "next")]).await.is(422);
        }
        let life = [("step", "life"), ("none", "yes"), ("parent", "yes"), ("do", "next")];
        send(&mut anyone, &page, &life).await.is(422).says("stand alone");
        anyone.post_form(PATH, &[("age", "17")]).await.is(400).says("That form was not complete");
        anyone.post_form(PATH, &[("step", "nothing"), ("age", "17")]).await.is(400);
    });
}

#[test]
fn back_and_change_go_to_the_question_with_its_answer_and_lose_nothing() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut anyone = app.visitor();
        let page = anyone.get(PATH).await;
        let page = send(&mut anyone, &page, &[("age", "19"), ("do", "next")]).await;
        let page = send(&mut anyone, &page, &[("care", "some"), ("do", "next")]).await;
        let back = send(&mut anyone, &page, &[("do", "back")]).await;
        back.is(200).says("Were you in care");
        assert!(back.text().contains("value=\"some\" checked"), "the answer is gone");
        let end = to_the_end(&mut anyone).await;
        let change = send(&mut anyone, &end, &[("do", "change-age")]).await;
        change.is(200).says("How old are you?");
        let again = send(&mut anyone, &change, &[("age", "20"), ("do", "next")]).await;
        again.is(200).says("former relevant child").says("What you can get now");
    });
}

#[test]
fn some_answers_spare_questions_and_everybody_has_an_honest_way_on() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut anyone = app.visitor();
        let start = anyone.get(PATH).await;
        send(&mut anyone, &start, &[("age", "under-16"), ("do", "next")]).await.is(200).says("You are under 16");
        let page = send(&mut anyone, &start, &[("age", "25-or-over"), ("do", "next")]).await;
        page.says("Question 2 of 5");
        type Given = &'static [(&'static str, &'static str)];
        let answers: [(&str, Given, &str); 4] = [
            ("over 25", &[("age", "25-or-over"), ("care", "13-weeks")], "You are 25 or over"),
            (
                "another council",
                &[("age", "19"), ("care", "13-weeks"), ("now", "left"), ("council", "other")],
                "Another council looked after you",
            ),
            (
                "a short time",
                &[("age", "19"), ("care", "some"), ("now", "left")],
                "the council can do more than it must",
            ),
            (
                "nowhere",
                &[("age", "18"), ("care", "13-weeks"), ("now", "left"), ("lives", "nowhere")],
                "Nowhere to live?",
            ),
        ];
        for (who, given, says) in answers {
            let mut fields: Vec<(&str, &str)> = vec![("step", "life"), ("none", "yes"), ("do", "next")];
            fields.extend(given.iter().copied());
            for (_, name, _) in ANSWERS.iter().take(5) {
                if !fields.iter().any(|(other, _)| other == name) {
                    fields.push((name, "not-sure"));
                }
            }
            let end = anyone.post_form(PATH, &fields).await;
            assert_eq!(end.status, 200, "{who}");
            end.says(says).says("What you can get now").says("Who to ask");
        }
        let unsure: Vec<_> = ["age", "care", "now", "council", "lives"]
            .iter()
            .map(|name| (*name, "not-sure"))
            .chain([("step", "life"), ("not-sure", "yes"), ("do", "next")])
            .collect();
        let end = anyone.post_form(PATH, &unsure).await;
        end.is(200).says("We cannot tell your group in law").says("What you may get").says("See your file");
    });
}

#[test]
fn the_list_as_json_holds_every_right_once() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut anyone = app.visitor();
        let list: serde_json::Value =
            serde_json::from_slice(&anyone.get("/entitlements.json").await.is(200).body).unwrap();
        let all = list["entitlements"].as_array().unwrap();
        let library = app.app.content();
        assert_eq!(all.len(), library.edition.library.entitlements.len());
        let page = anyone.get("/entitlements").await;
        for right in all {
            assert!(page.text().contains(&format!("id=\"{}\"", right["id"].as_str().unwrap())), "{}", right["id"]);
            assert!(!right["sources"].as_array().unwrap().is_empty());
        }
        let home = all.iter().find(|right| right["id"] == "setting-up-home").unwrap();
        assert_eq!((home["amount"].as_str(), home["basis"].as_str()), (Some("£3,000"), Some("national")));
    });
}
