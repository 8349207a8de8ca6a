//! What a worker is told of the texts of a plan, and the whole way of a version: shared, returned, written again, signed off,
//! and taken up once more without a word of the young person being changed.

use portal::clock::{DAY, MINUTE};

use crate::support::client::{hidden, plain};
use crate::support::forms::key;
use crate::support::people::{MORAG, PRIYA, SAM};
use crate::support::plans::{base, share, write};
use crate::support::{Answer, Client, Engine, TestApp, on_both};

on_both! {
    a_worker_is_told_that_a_text_is_hard_to_read
    a_part_that_nobody_wrote_for_three_months_is_marked_and_others_are_not
    a_version_is_returned_written_again_shared_submitted_and_signed_off
    an_old_version_comes_back_as_a_new_one_with_every_word_of_the_young_person
}

const HARD: &str = "The accommodation arrangements necessitate comprehensive documentation regarding sustainability \
    considerations, notwithstanding the applicability of supplementary discretionary provisions administered \
    independently by multidisciplinary professionals throughout the transitional implementation period, \
    particularly concerning individualised independence preparation opportunities.";
const ADVICE: &str = "Hard to read for many";

/// What stands in one part of the page of a plan.
fn part(page: &Answer, heading: &str) -> String {
    let html = page.text();
    let from = html.split(&format!("id=\"{heading}\"")).nth(1).unwrap_or_else(|| panic!("no {heading}: {html}"));
    plain(from.split("</section>").next().unwrap())
}

async fn a_worker_is_told_that_a_text_is_hard_to_read(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let easy = "You live in a flat in town. It is warm and dry. You like it there and you want to stay. \
        Your nan comes to see you on Sundays. We look at the rent next week and we talk about it.";
    write(&mut priya, &format!("{}/write/home/now", base(&app)), easy).await.is(303);
    write(&mut priya, &format!("{}/write/health/agreed", base(&app)), HARD).await.is(303);
    // Nobody is told how to write of their own life.
    write(&mut sam, "/me/plan/want/work", HARD).await.is(303);
    let page = priya.get(&base(&app)).await;
    assert!(part(&page, "health").contains("Hard to read for many. Shorter sentences and shorter words help."));
    for heading in ["home", "work"] {
        assert!(!part(&page, heading).contains(ADVICE), "{heading}: {}", part(&page, heading));
    }
    // Before it is shared it is said once more, by its part.
    let page = plain(&priya.get(&format!("{}/share", base(&app))).await.text());
    let list = page.split(ADVICE).nth(1).unwrap().split("When do you talk").next().unwrap();
    assert!(list.contains("My health") && !list.contains("A place to live"), "{page}");
    // It is advice and holds nothing up, and the young person is not shown it.
    share(&mut priya, &app, "").await.is(303);
    let own = sam.get("/me/plan").await;
    own.says("accommodation arrangements");
    assert!(!plain(&own.text()).contains(ADVICE));
}

async fn a_part_that_nobody_wrote_for_three_months_is_marked_and_others_are_not(engine: Engine) {
    const MARK: &str = "Not written for 3 months";
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    write(&mut priya, &format!("{}/write/home/now", base(&app)), "You live in a flat.").await.is(303);
    write(&mut priya, &format!("{}/write/health/now", base(&app)), "You are well.").await.is(303);
    let marked = async |priya: &mut Client, headings: &[&str]| {
        let page = priya.get(&base(&app)).await;
        let marks: Vec<bool> = headings.iter().map(|heading| part(&page, heading).contains(MARK)).collect();
        marks
    };
    assert_eq!(marked(&mut priya, &["home", "health"]).await, [false, false]);
    // From 24 November it is three months on 24 February, and longer the day after.
    app.wait(92 * DAY);
    let mut priya = app.signed_in(PRIYA).await;
    assert_eq!(marked(&mut priya, &["home", "health"]).await, [false, false], "on the day itself");
    write(&mut priya, &format!("{}/write/home/now", base(&app)), "You live in a house.").await.is(303);
    app.wait(DAY);
    let mut priya = app.signed_in(PRIYA).await;
    // Written yesterday, written long ago, and never written.
    assert_eq!(marked(&mut priya, &["home", "health", "work"]).await, [false, true, false]);
    // Shared as it stands, it is no newer.
    share(&mut priya, &app, "").await.is(303);
    assert_eq!(marked(&mut priya, &["home", "health"]).await, [false, true]);
}

async fn a_version_is_returned_written_again_shared_submitted_and_signed_off(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya, mut morag) =
        (app.signed_in(SAM).await, app.signed_in(PRIYA).await, app.signed_in(MORAG).await);
    let (submit, sign) = (format!("{}/submit", base(&app)), format!("{}/sign", base(&app)));
    let manager = app.world.morag.to_string();
    let submits = async |priya: &mut Client, version: &str| {
        priya.post_form(&submit, &[("key", &key()), ("version", version), ("to", &manager)]).await.is(303);
    };
    let decides = async |morag: &mut Client, version: &str, what: &str, why: &str| {
        let fields = [("key", &*key()), ("version", version), ("do", what), ("body", why)];
        morag.post_form(&sign, &fields).await
    };
    write(&mut priya, &format!("{}/write/home/now", base(&app)), "First words on the flat.").await.is(303);
    // A draft is submitted to nobody: what they sign off is what the young person has read.
    share(&mut priya, &app, "").await.is(303);
    submits(&mut priya, "2").await;
    morag.get(&sign).await.is(200).says("First words on the flat.");
    decides(&mut morag, "2", "return", "Say who pays the rent.").await.is(303);
    priya.get(&base(&app)).await.says("returned by the manager");
    priya.get(&format!("{}/versions/2", base(&app))).await.says("Why it was returned Say who pays the rent.");
    // Given back once more, both reasons stay.
    app.wait(MINUTE);
    submits(&mut priya, "2").await;
    decides(&mut morag, "2", "return", "And who pays the water.").await.is(303);
    priya
        .get(&format!("{}/versions/2", base(&app)))
        .await
        .says("Why it was returned on 24 November 2026 Say who pays the rent.")
        .says("Why it was returned And who pays the water.");
    // Written again, it is the manager's only when it was shared and submitted again.
    write(&mut priya, &format!("{}/write/home/now", base(&app)), "Second words: the council pays the rent.")
        .await
        .is(303);
    morag.get(&sign).await.is(404);
    share(&mut priya, &app, "").await.is(303);
    morag.get(&sign).await.is(404);
    sam.get("/me/plan").await.says("Second words: the council pays the rent.");
    submits(&mut priya, "3").await;
    decides(&mut morag, "2", "sign", "").await.is(409);
    let page = morag.get(&sign).await;
    page.is(200).says("Second words: the council pays the rent.");
    decides(&mut morag, "3", "sign", "").await.is(303);
    morag.get(&sign).await.is(404);
    sam.get("/me/plan").await.says("Signed off by the manager");
    // The reason stays with the version that was returned.
    priya.get(&format!("{}/versions/2", base(&app))).await.says("Why it was returned And who pays the water.");
    assert!(!plain(&priya.get(&format!("{}/versions/3", base(&app))).await.text()).contains("Why it was returned"));
    let states = app.data.raw.texts("SELECT state FROM plan WHERE version > 1 ORDER BY version").await;
    assert_eq!(states, ["shared", "signed_off"]);
}

async fn an_old_version_comes_back_as_a_new_one_with_every_word_of_the_young_person(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let words = ["I want a dog.\n\nAnd a garden <3", "I want to be a cook, not a baker."];
    write(&mut priya, &format!("{}/write/home/now", base(&app)), "Now words of version two.").await.is(303);
    write(&mut sam, "/me/plan/want/home", "Older words of mine.").await.is(303);
    share(&mut priya, &app, "").await.is(303);
    write(&mut priya, &format!("{}/write/home/now", base(&app)), "Now words of version three.").await.is(303);
    for (heading, words) in ["home", "work"].into_iter().zip(words) {
        write(&mut sam, &format!("/me/plan/want/{heading}"), words).await.is(303);
    }
    share(&mut priya, &app, "").await.is(303);
    let old = format!("{}/versions/2", base(&app));
    // Only a worker takes it up.
    sam.post_form("/me/plan/versions/2", &[("key", &key()), ("base", "3-0")]).await.is(405);
    let page = priya.get(&old).await;
    let (key, seen) = (page.key(), hidden(&page.text(), "base").unwrap());
    priya.post_form(&old, &[("key", &key), ("base", &seen)]).await.is(303);
    let page = priya.get(&base(&app)).await;
    page.says("Version 4 is being written").says("Now words of version two.");
    assert!(!part(&page, "home").contains("version three") && !part(&page, "home").contains("Older words"));
    // Before it is shared, the young person reads what was shared last.
    sam.get("/me/plan").await.says("Now words of version three.");
    share(&mut priya, &app, "").await.is(303);
    let own = sam.get("/me/plan").await;
    own.says("Now words of version two.");
    for (heading, words) in ["home", "work"].into_iter().zip(words) {
        let html = own.text();
        assert!(html.contains(&words.replace('<', "&lt;")), "{heading}: {html}");
        let page = sam.get(&format!("/me/plan/want/{heading}")).await.text();
        let stands = page.split("<textarea").nth(1).unwrap().split_once('>').unwrap().1.split("</textarea>").next();
        assert_eq!(stands.unwrap().trim_start_matches('\n'), words.replace('<', "&lt;"), "{heading}");
    }
    // Nobody but the young person wrote a word of what they want, and the versions before stay what they were.
    let by =
        "SELECT COUNT(*) FROM plan_edit e JOIN plan_section s ON s.id = e.section_id JOIN plan p ON p.id = s.plan_id
        WHERE p.version = 4 AND s.heading IN ('home', 'work') AND e.field = 'want' AND e.by_kind <> 'person'";
    assert_eq!(app.data.raw.number(by).await, 0);
    sam.get("/me/plan/versions/2").await.says("Now words of version two.").says("Older words of mine.");
    sam.get("/me/plan/versions/3").await.says("Now words of version three.");
}
