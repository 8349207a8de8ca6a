//! What somebody does and whom they call if it goes wrong: in their own words, one tap away, on paper and on their phone;
//! read by those who work with them and changed by nobody else.

use crate::support::client::hidden;
use crate::support::forms::key;
use crate::support::people::{AALIYAH, MORAG, OWEN, PRIYA, SAM};
use crate::support::stolen::{disguises, holds, stolen};
use crate::support::{Answer, Client, Engine, TestApp, on_both};

on_both! {
    it_is_written_read_and_called_from_one_tap_away
    two_tabs_overwrite_nothing
    a_file_needs_nothing_from_anywhere_and_comes_after_a_warning
    workers_read_it_and_change_nothing_and_others_see_nothing
    its_words_never_stand_in_clear
}

const PATH: &str = "/me/if-it-goes-wrong";

async fn save(client: &mut Client, seen: Option<&str>, more: &[(&str, &str)]) -> Answer {
    let page = client.get(&format!("{PATH}/edit")).await.is(200).text();
    let (key, now) = (key(), hidden(&page, "seen").unwrap());
    let mut fields = vec![("key", key.as_str()), ("seen", seen.unwrap_or(&now))];
    fields.extend(more);
    client.post_form(&format!("{PATH}/edit"), &fields).await
}

async fn it_is_written_read_and_called_from_one_tap_away(engine: Engine) {
    let app = TestApp::start(engine).await;
    // No proof of the last minutes is asked for when it is hard.
    let mut sam = app.at_second_door(SAM).await;
    for page in ["/me", "/me/messages"] {
        assert!(sam.get(page).await.is(200).text().contains("href=\"/me/if-it-goes-wrong\""), "{page}");
    }
    sam.get(PATH).await.is(200).says("Write down now what you do on a bad day").says("Who else you can call");
    let calls = "Nan 07700 900123\nthe drop-in <b>\n+44 7700 900456 Jo";
    save(&mut sam, None, &[("signs", "I do not sleep"), ("calls", calls)]).await.is(303);
    let page = sam.get(PATH).await;
    page.is(200).says("How I know it is going wrong I do not sleep").says("Saved on 24 November 2026").says("Saved.");
    let html = page.text();
    assert!(html.contains("href=\"tel:07700900123\"") && html.contains("href=\"tel:+447700900456\""));
    assert!(
        html.contains("the drop-in &lt;b&gt;") && !html.contains("What I do, and what helps"),
        "what is empty is not there"
    );
    let long = "a".repeat(601);
    let wrong = save(&mut sam, None, &[("signs", &long), ("helps", "kept words")]).await;
    wrong.is(422).says("Make it 600 or fewer").says("kept words");
    let wrong = save(&mut sam, None, &[("calls", &"Nan\n".repeat(11)), ("helps", "kept words")]).await;
    wrong.is(422).says("Keep it to 10 lines").says("kept words");
    let mut first = app.at_first_door(SAM).await;
    for path in [PATH, "/me/if-it-goes-wrong/file"] {
        assert!(first.get(path).await.is(303).location().starts_with("/sign-in/second"), "{path}");
    }
}

async fn two_tabs_overwrite_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut sam = app.signed_in(SAM).await;
    save(&mut sam, None, &[("signs", "the first")]).await.is(303);
    let seen = hidden(&sam.get(&format!("{PATH}/edit")).await.text(), "seen").unwrap();
    save(&mut sam, None, &[("signs", "the other tab")]).await.is(303);
    let late = save(&mut sam, Some(&seen), &[("signs", "this tab")]).await;
    late.is(409)
        .says("You saved this somewhere else")
        .says("this tab")
        .says("What stands now How I know it is going wrong the other tab");
    sam.get(PATH).await.says("the other tab");
    let now = hidden(&late.text(), "seen").unwrap();
    save(&mut sam, Some(&now), &[("signs", "both tabs")]).await.is(303);
    sam.get(PATH).await.says("both tabs");
}

async fn a_file_needs_nothing_from_anywhere_and_comes_after_a_warning(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut sam = app.signed_in(SAM).await;
    save(&mut sam, None, &[("calls", "Nan 07700 900123"), ("where", "my aunt's")]).await.is(303);
    let before = sam.get(&format!("{PATH}/keep")).await;
    before.is(200).says("Anybody who uses this phone can read it");
    assert!(before.text().contains("href=\"/me/if-it-goes-wrong/file\""));
    let file = sam.get(&format!("{PATH}/file")).await;
    file.is(200).says("my aunt's").says("Help lines").says("Saved on 24 November 2026");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"my-help.html\"");
    let html = file.text();
    for link in html.split("href=\"").skip(1) {
        assert!(link.starts_with("tel:") || link.starts_with("sms:"), "{}", &link[..link.len().min(40)]);
    }
    assert!(
        !html.contains("src=") && !html.contains("url(") && !html.contains("open now"),
        "nothing of one time, nothing from outside"
    );
    let help = crate::support::shipped().lines.values().find(|line| line.purpose == portal::help::Purpose::Emergency);
    assert!(html.contains(&help.unwrap().number.to_string()));
    sam.get("/me/record/take/page").await.says("Where I can go my aunt's");
}

async fn workers_read_it_and_change_nothing_and_others_see_nothing(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut sam = app.signed_in(SAM).await;
    let theirs = format!("/work/people/{}/if-it-goes-wrong", app.world.sam);
    let mut priya = app.signed_in(PRIYA).await;
    priya.get(&theirs).await.is(200).says("Samtest has not written it yet");
    save(&mut sam, None, &[("helps", "a quiet room")]).await.is(303);
    let page = priya.get(&theirs).await;
    page.is(200).says("What I do, and what helps a quiet room");
    let main = page.text().split_once("<main").unwrap().1.split("</main>").next().unwrap().to_owned();
    assert!(!main.contains("<form"), "there is nothing to change it with");
    priya.get(&format!("/work/people/{}", app.world.sam)).await.says("What they do then, and whom they call");
    sam.get("/me/record")
        .await
        .says("Priya Nairtest, your personal adviser, read what you do if it goes wrong, 2 times");
    for name in [OWEN, MORAG] {
        app.signed_in(name).await.get(&theirs).await.is(404);
    }
    let mut aaliyah = app.signed_in(AALIYAH).await;
    assert!(!aaliyah.get(PATH).await.is(200).text().contains("a quiet room"));
    aaliyah.get(&theirs).await.is(404);
}

async fn its_words_never_stand_in_clear(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut sam = app.signed_in(SAM).await;
    let words = ["curlewsigns", "godwithelps", "ruffcalls", "knotplace"];
    let fields = [("signs", words[0]), ("helps", words[1]), ("calls", words[2]), ("where", words[3])];
    save(&mut sam, None, &fields).await.is(303);
    let stolen = stolen(&app.data).await;
    assert!(holds(&stolen, b"North leaving care team"), "nothing would be found");
    for word in words {
        for disguise in disguises(word.as_bytes()) {
            assert!(!holds(&stolen, &disguise), "the stolen database holds {word}");
        }
    }
}
