//! Search and the list to keep, over HTTP.

use crate::support::{Engine, TestApp, block_on};

#[test]
fn what_is_searched_for_is_found_shown_as_text_and_kept_nowhere() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut anyone = app.visitor();
        let before = app.data.raw.counts().await;
        anyone.get("/search").await.is(200).says("What are you looking for?");
        let found = anyone.get("/search?q=counsil+tax").await;
        found.is(200).says("pages found");
        let html = found.text();
        let list = html.split_once("<ol class=\"found\">").unwrap().1;
        assert!(list.split_once("</li>").unwrap().0.contains("href=\"/offer/council-tax\""), "not first");
        assert_eq!(found.header("cache-control"), "no-store");
        let markup = anyone.get("/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27").await;
        assert!(!markup.text().contains("<script>") && markup.text().contains("&lt;script&gt;"));
        anyone
            .get("/search?q=qqqzzzxxx")
            .await
            .says("We found nothing")
            .says("Ask your personal adviser")
            .says("Tell us what is missing");
        anyone.get(&format!("/search?q={}", "rent+".repeat(90))).await.is(200);
        anyone.get("/search?q=%FF%FE%00").await.is(200);
        assert_eq!(app.data.raw.counts().await, before);
    });
}

#[test]
fn words_of_danger_put_help_first() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut anyone = app.visitor();
        for asks in ["i+want+to+die", "he+hits+me", "nowhere+to+sleep+tonight"] {
            let page = anyone.get(&format!("/search?q={asks}")).await;
            let html = page.is(200).text();
            let help = html.find("You can get help right now").unwrap_or_else(|| panic!("{asks}: no help"));
            assert!(html.find("class=\"found\"").is_none_or(|found| help < found), "{asks}");
            page.says("999").says("0800 953 0110");
        }
        assert!(!anyone.get("/search?q=driving+licence").await.text().contains("You can get help right now"));
    });
}

#[test]
fn a_list_to_keep_stands_in_its_link_and_nowhere_else() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut anyone = app.visitor();
        let before = app.data.raw.counts().await;
        anyone.get("/keep").await.is(200).says("Pick pages and rights");
        let short = anyone.get("/keep?i=money&i=r.setting-up-home&i=money").await;
        short.is(303);
        assert_eq!(short.location(), "/keep?i=money,r.setting-up-home");
        let list = anyone.get(short.location()).await;
        list.is(200).says("Setting up home allowance").says("£3,000").says("Money").says("Text the link to yourself");
        let link = format!("{}/keep?i=money,r.setting-up-home", app.origin);
        assert!(list.text().contains(&format!("href=\"{link}\"")) && list.text().contains("href=\"sms:?&amp;body="));
        anyone.get("/keep?i=money,r.gone,never-was").await.is(200).says("no longer on the site").says("Money");
        anyone.get("/keep?i=%3Cscript%3E,../../x,%00").await.is(200).says("Pick pages and rights");
        anyone.get("/offer/money").await.says("Keep this page on a list");
        assert!(anyone.cookies.is_empty());
        assert_eq!(app.data.raw.counts().await, before);
    });
}
