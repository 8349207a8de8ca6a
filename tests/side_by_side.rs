//! A version stands beside any other that was shared, by a plain form; what is no version that one may see is said so.

use crate::support::client::plain;
use crate::support::people::{AALIYAH, PRIYA, SAM};
use crate::support::plans::{base, share, write};
use crate::support::{Engine, TestApp, on_both};

on_both! {
    both_sides_compare_a_version_with_any_other_and_a_draft_stays_unseen
}

async fn both_sides_compare_a_version_with_any_other_and_a_draft_stays_unseen(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    assert!(!plain(&sam.get("/me/plan/versions/1").await.text()).contains("Compare with"), "there is no other yet");
    for text in ["The heating works.", "The heating and the lift work."] {
        write(&mut priya, &format!("{}/write/home/now", base(&app)), text).await.is(303);
        share(&mut priya, &app, "").await.is(303);
    }
    write(&mut priya, &format!("{}/write/home/now", base(&app)), "Words of a draft.").await.is(303);
    let theirs = format!("{}/versions", base(&app));
    let cases = [(&mut sam, "/me/plan/versions"), (&mut priya, &*theirs)];
    for (client, list) in cases {
        let three = client.get(&format!("{list}/3")).await.is(200).text();
        // The first form that leads to the page itself.
        let form = three.split(&format!("action=\"{list}/3\"")).nth(1);
        let form = form.unwrap().split("</form>").next().unwrap();
        assert!(form.contains("name=\"with\"") && form.contains("Version 1 of 25 October 2026"), "{form}");
        assert!(!form.contains("Version 4") && !form.contains("Version 3"), "neither a draft nor itself: {form}");
        assert!(plain(&three).contains("What is new since version 2 is marked"));
        let with = client.get(&format!("{list}/3?with=1")).await;
        with.is(200).says("What is new since version 1 is marked, and what is gone is struck through.");
        with.says("Gone: marigoldplan plan now");
        let older = client.get(&format!("{list}/1?with=3")).await;
        older.is(200).says("Version 3 is newer. What stands here and not there is marked.");
        for unknown in ["9", "3", "4", "-1", "99999999999999999999", "abc", "%F0%9F%8D%B0", "1%20OR%201"] {
            let page = client.get(&format!("{list}/3?with={unknown}")).await;
            page.is(200).says("There is no other version with that number. Here it is beside version 2.");
            assert!(!page.text().contains("Words of a draft"));
        }
        client.get(&format!("{list}/3?with=")).await.is(200).says("What is new since version 2 is marked");
        client.get(&format!("{list}/1?with=9")).await.is(200).says("There is no other version with that number.");
        // The draft itself is no page, whatever it stands beside.
        client.get(&format!("{list}/4?with=1")).await.is(404);
    }
    app.signed_in(AALIYAH).await.get("/me/plan/versions/3?with=1").await.is(404);
}
