//! What is typed about a plan is there until it is saved, and what others wrote meanwhile is not taken unread.

use portal::clock::{DAY, MINUTE};
use portal::plan::Heading;
use portal::plan::goals::mark;

use crate::support::client::hidden;
use crate::support::forms::key;
use crate::support::people::{MORAG, PRIYA, SAM, SOL};
use crate::support::plans::{base, share, write};
use crate::support::{Client, Engine, TestApp, on_both};

on_both! {
    what_was_typed_is_in_its_box_again_until_it_is_saved
    what_was_chosen_beside_a_text_and_every_box_of_a_form_is_there_again_too
    every_form_with_which_a_worker_lives_a_plan_keeps_all_of_it
    what_was_typed_when_the_last_minutes_were_over_comes_back_after_the_proof
    nothing_is_shared_or_taken_up_over_what_a_colleague_wrote_meanwhile
    a_day_that_was_set_wrong_is_set_again
    a_new_version_is_no_review
    somebody_agrees_with_the_rest_and_is_asked_no_more
    the_copy_of_the_record_has_what_was_said_and_got_ready
}

const DRAFT: &str = "/sign-in/draft";

/// Keeps what is typed, as the page's script does.
async fn keep(client: &mut Client, place: &str, key: &str, words: &str) {
    client.post_form(DRAFT, &[("place", place), ("key", key), ("body", words)]).await.is(303);
}

async fn what_was_typed_is_in_its_box_again_until_it_is_saved(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let theirs = format!("{}/write/home/agreed", base(&app));
    for (works, place, says) in [
        (false, "/me/plan/want/home", "zebra words of mine"),
        (false, "/me/plan/say/home", "zebra words of what I think"),
        (false, "/me/plan/want/if_it_goes_wrong", "zebra words if it goes wrong"),
        (false, "/me/plan/meeting", "zebra words to ask"),
        (false, "/me/plan/actions/new", "zebra words to do"),
        (true, theirs.as_str(), "zebra words of a worker"),
    ] {
        let client = if works { &mut priya } else { &mut sam };
        keep(client, place, &key(), says).await;
        client.get(place).await.is(200).says(says).says("It is not saved yet.");
    }
    // Saved, nothing is left of it, however late its draft comes.
    let page = sam.get("/me/plan/want/home").await;
    let (from, key) = (hidden(&page.text(), "base").unwrap(), page.key());
    let fields = [("key", &*key), ("base", &*from), ("body", "zebra words of mine, all of them")];
    sam.post_form("/me/plan/want/home", &fields).await.is(303);
    keep(&mut sam, "/me/plan/want/home", &key, "zebra words of mi").await;
    let page = sam.get("/me/plan/want/home").await;
    page.says("all of them");
    assert!(!page.text().contains("It is not saved yet."));
    // Another button of the same page takes nothing of it away.
    let add = [
        ("key", &*crate::support::forms::key()),
        ("heading", "home"),
        ("body", "Buy paint"),
        ("doer", "me"),
        ("sees", "me"),
    ];
    sam.post_form("/me/plan/actions/new", &add).await.is(303);
    let list = sam.get("/me/plan/actions").await.text();
    let own = list.split("Buy paint").next().unwrap().rsplit("href=\"").next().unwrap().split('"').next().unwrap();
    keep(&mut sam, own, &crate::support::forms::key(), "zebra words, paint and brushes").await;
    let n = hidden(&sam.get(own).await.text(), "n").unwrap();
    let shared = [("key", &*crate::support::forms::key()), ("n", &*n), ("do", "share")];
    sam.post_form(own, &shared).await.is(303);
    sam.get(own).await.says("zebra words, paint and brushes").says("It is not saved yet.");
    // A page that is none of ours keeps nothing.
    sam.post_form(DRAFT, &[("place", "https://example.org"), ("key", &key), ("body", "x")]).await.is(404);
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM draft").await, 5);
}

/// Whether a worker fills it in, where, and with what.
type Form<'a> = (bool, &'a str, &'a [(&'a str, &'a str)]);

/// A page has this value in a box, or this choice made.
fn holds(page: &str, name: &str, value: &str) -> bool {
    let tags = || page.split('<').filter(|tag| tag.contains(&format!("name=\"{name}\"")));
    let has =
        |attribute: &str| tags().any(|tag| tag.contains(&format!("value=\"{value}\"")) && tag.contains(attribute));
    let written = tags()
        .any(|tag| tag.starts_with("textarea") && tag.split_once('>').is_some_and(|(_, text)| text.trim() == value));
    let chosen = page.split(&format!("name=\"{name}\"")).skip(1).any(|rest| {
        let list = rest.split("</select>").next().unwrap();
        list.split("<option").any(|one| one.contains(&format!("value=\"{value}\"")) && one.contains("selected"))
    });
    written || chosen || has("checked") || has("type=\"text\"") || has("type=\"date\"") || has("type=\"time\"")
}

async fn what_was_chosen_beside_a_text_and_every_box_of_a_form_is_there_again_too(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let people = format!("/work/people/{}", app.world.sam);
    let new = format!("{people}/appointments/new");
    let details = [
        ("meeting", "Zebra house"),
        ("with", "The landlord"),
        ("day", "2026-12-04"),
        ("time", "14:30"),
        ("minutes", "30"),
        ("at", "The flat"),
        ("directions", "The blue door"),
    ];
    let one = key();
    let made = [&[("key", &*one)][..], &details].concat();
    priya.post_form(&new, &made).await.is(303);
    sam.post_form("/me/letter", &[("key", &key())]).await.is(303);
    let list = sam.get("/me/appointments").await.text();
    let id = list
        .split("/me/appointments/")
        .filter_map(|rest| rest.get(..32))
        .find(|id| id.chars().all(|c| c.is_ascii_hexdigit()));
    let (mine, theirs) = (format!("/me/appointments/{}", id.unwrap()), format!("/work/appointments/{}", id.unwrap()));
    let letter = format!("{people}/letter");
    let changed = details.map(|(name, value)| (name, if name == "at" { "The office" } else { value }));
    let forms: [Form<'_>; 8] = [
        (
            false,
            "/me/if-it-goes-wrong/edit",
            &[("signs", "I stop"), ("helps", "A walk"), ("calls", "Ann 01772 123456"), ("where", "The library")],
        ),
        (
            false,
            "/me/plan/actions/new",
            &[
                ("heading", "money"),
                ("body", "Ask the bank"),
                ("doer", "staff"),
                ("due", "2026-12-04"),
                ("sees", "both"),
            ],
        ),
        (false, "/me/plan/say/home", &[("opinion", "disagree"), ("body", "It is damp")]),
        (false, "/me/plan/meeting", &[("t-money", "yes"), ("body", "Lessons?")]),
        (false, &mine, &[("reason", "I work that day")]),
        (true, &new, &details),
        (true, &theirs, &changed),
        (true, &letter, &[("reason", "Ask in March")]),
    ];
    for (works, place, typed) in forms {
        let client = if works { &mut priya } else { &mut sam };
        let page = client.get(place).await.is(200).text();
        assert!(page.contains("data-draft=\"/sign-in/draft\"") && page.contains("name=\"place\""), "{place}");
        let one = key();
        let fields = [
            &[("place", place), ("key", &*one), ("base", "9"), ("seen", "9"), ("sequence", "9"), ("version", "9")][..],
            typed,
        ]
        .concat();
        client.post_form(DRAFT, &fields).await.is(303);
        let page = client.get(place).await.is(200).says("It is not saved yet.").text();
        for (name, value) in typed {
            assert!(holds(&page, name, value), "{place}: {name} is not {value}: {page}");
        }
        assert!(!page.contains("name=\"version\" value=\"9\""), "{place}: which version a page is about is not kept");
        // Emptied, nothing is left.
        client.post_form(DRAFT, &[("place", place), ("key", &*key())]).await.is(303);
        assert!(!client.get(place).await.text().contains("It is not saved yet."), "{place}");
    }
    // A tick that was taken away stays away, though the plan holds it.
    let ready = [("key", &*key()), ("seen", "0"), ("t-money", "yes"), ("body", "Lessons?"), ("do", "keep")];
    sam.post_form("/me/plan/meeting", &ready).await.is(303);
    assert!(holds(&sam.get("/me/plan/meeting").await.text(), "t-money", "yes"));
    let typed = [("place", "/me/plan/meeting"), ("key", &*key()), ("t-health", "yes"), ("body", "Lessons?")];
    sam.post_form(DRAFT, &typed).await.is(303);
    let page = sam.get("/me/plan/meeting").await.text();
    assert!(holds(&page, "t-health", "yes") && !holds(&page, "t-money", "yes"));
    // What was typed of an older time is saved over no newer one, which is shown beside it.
    let before = priya.get(&theirs).await.text();
    let (one, sequence) = (key(), hidden(&before, "sequence").unwrap());
    let typed = [&[("place", theirs.as_str()), ("key", &*one), ("sequence", &*sequence)][..], &changed].concat();
    priya.post_form(DRAFT, &typed).await.is(303);
    let mut sol = app.signed_in(SOL).await;
    let moved = details.map(|(name, value)| (name, if name == "day" { "2026-12-11" } else { value }));
    let two = key();
    let other = [&[("key", &*two), ("sequence", &*sequence), ("do", "save")][..], &moved].concat();
    sol.post_form(&theirs, &other).await.is(303);
    let page = priya.get(&theirs).await;
    page.says("What stands now").says("11 December");
    let kept = hidden(&page.text(), "sequence").unwrap();
    let over = [&[("key", &*one), ("sequence", &*kept), ("do", "save")][..], &changed].concat();
    priya.post_form(&theirs, &over).await.is(409);
    // A form that is far too long is not kept, and said so.
    let long = "a".repeat(200_000);
    let typed = [("place", "/me/plan/meeting"), ("key", &*key()), ("body", long.as_str())];
    sam.post_form(DRAFT, &typed).await.is(422).says("It was not kept");
    // Kept, and saved: nothing is left either.
    let edit = "/me/if-it-goes-wrong/edit";
    let page = sam.get(edit).await;
    let (one, seen) = (page.key(), hidden(&page.text(), "seen").unwrap());
    sam.post_form(DRAFT, &[("place", edit), ("key", &one), ("signs", "I stop")]).await.is(303);
    sam.post_form(edit, &[("key", &one), ("seen", &seen), ("signs", "I stop sleeping")]).await.is(303);
    assert!(!sam.get(edit).await.text().contains("It is not saved yet."));
    // What was saved elsewhere meanwhile is shown beside what was typed here.
    sam.post_form(DRAFT, &[("place", edit), ("key", &key()), ("signs", "I stop eating")]).await.is(303);
    sam.get(edit).await.says("I stop eating").says("What stands now").says("I stop sleeping");
}

async fn every_form_with_which_a_worker_lives_a_plan_keeps_all_of_it(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    let (plan, money) = (base(&app), format!("/work/people/{}/money", app.world.sam));
    let owed = [("key", &*key()), ("name", "A bike"), ("amount", "200"), ("day", "2026-11-20")];
    priya.post_form(&format!("{money}/new"), &owed).await.is(303);
    let list = priya.get(&money).await.text();
    let under = format!("{money}/");
    let mut links = list.split(&under).skip(1).filter_map(|rest| rest.get(..32));
    let one = links.find(|id| id.chars().all(|c| c.is_ascii_hexdigit())).map(|id| format!("{money}/{id}")).unwrap();
    write(&mut priya, &format!("{plan}/write/home/agreed"), "Mend the tap\nPaint the door").await.is(303);
    let (tap, door) = (mark(Heading::Home, "Mend the tap"), mark(Heading::Home, "Paint the door"));
    let [tick, who, name, day] = [format!("t-home-{tap}"), format!("w-{tap}"), format!("o-{tap}"), format!("d-{tap}")];
    let [other_who, other_day] = [format!("w-{door}"), format!("d-{door}")];
    let pages = ["agreed", "review", "assessment", "share"].map(|page| format!("{plan}/{page}"));
    let forms: [Form<'_>; 6] = [
        (
            true,
            &pages[0],
            &[
                (&tick, "Mend the tap"),
                (&who, "other"),
                (&name, "A zebra plumber"),
                (&day, "2026-12-04"),
                (&other_who, "me"),
                (&other_day, "2026-12-05"),
            ],
        ),
        (true, &pages[1], &[("held", "2026-11-20"), ("by", "2026-12-20")]),
        (true, &pages[2], &[("eligible", "2026-01-20"), ("assessed", "2026-11-20")]),
        (true, &pages[3], &[("review", "2026-12-20")]),
        (true, &format!("{money}/new"), &[("name", "Zebra sofa"), ("amount", "12.50"), ("day", "2026-11-19")]),
        (
            true,
            &one,
            &[
                ("amount", "12.50"),
                ("day", "2026-11-19"),
                ("note", "a zebra helmet"),
                ("agreed", "other"),
                ("who", "Jo Bell"),
            ],
        ),
    ];
    for (_, place, typed) in &forms {
        let page = priya.get(place).await.is(200).text();
        assert!(page.contains("data-draft=\"/sign-in/draft\"") && page.contains("name=\"place\""), "{place}");
        let one = key();
        let fields = [&[("place", *place), ("key", &*one)][..], typed].concat();
        priya.post_form(DRAFT, &fields).await.is(303);
    }
    // Another visit on the next day: all of it is there. What is typed is nobody else's.
    app.wait(DAY);
    // Sent after the sign-in has ended it comes along through the next one.
    let (_, place, typed) = forms[5];
    let late_key = key();
    let late = [&[("place", place), ("key", &*late_key), ("do", "pay")][..], typed].concat();
    let stopped = priya.post_form(place, &late).await.is(401).text();
    let draft = hidden(&stopped, "draft").unwrap();
    assert!(draft.contains("note=a+zebra+helmet") && draft.contains("who=Jo+Bell"), "{draft}");
    let (mut priya, mut sol) = (app.signed_in(PRIYA).await, app.signed_in(SOL).await);
    for (_, place, typed) in &forms {
        let page = priya.get(place).await.is(200).says("It is not saved yet.").text();
        for (name, value) in *typed {
            assert!(holds(&page, name, value), "{place}: {name} is not {value}: {page}");
        }
        assert!(!sol.get(place).await.text().contains("It is not saved yet."), "{place}");
    }
    // Who takes a right over from the offer means that one; and without it, what was typed is still there.
    let other = priya.get(&format!("{money}/new?right=setting-up-home")).await;
    assert!(!other.text().contains("Zebra sofa"));
    priya.get(&format!("{money}/new")).await.says("It is not saved yet.");
    // What a colleague saved meanwhile stands beside it.
    let assessed = [("key", &*key()), ("eligible", "2026-02-02"), ("assessed", "")];
    sol.post_form(&pages[2], &assessed).await.is(303);
    priya.get(&pages[2]).await.says("What stands now Eligible since: 2 February 2026. Assessed on: not written down.");
    // A button beside the form saves nothing of it and loses nothing, also when it comes too late.
    priya.post_form(&one, &[("key", &key()), ("do", "undo:00000000000000000000000000000000")]).await.is(409);
    assert!(holds(&priya.get(&one).await.text(), "note", "a zebra helmet"));
    // What a colleague wrote meanwhile is shared by nobody who did not see it, and the day is there for another try.
    write(&mut sol, &format!("{plan}/write/money/now"), "A colleague's text.").await.is(303);
    let seen = hidden(&priya.get(&pages[3]).await.text(), "base").unwrap();
    // Saved, nothing is left.
    let other_tick = format!("t-home-{door}");
    let words: [&[(&str, &str)]; 6] = [
        &[(&other_tick, "Paint the door")],
        &[("do", "held")],
        &[],
        &[("base", &seen)],
        &[("right", "")],
        &[("do", "pay")],
    ];
    for ((_, place, typed), more) in forms.iter().zip(words) {
        let one = key();
        let fields = [&[("place", *place), ("key", &*one)][..], typed, more].concat();
        priya.post_form(place, &fields).await.is(303);
    }
    for (_, place, _) in forms.iter().filter(|(_, place, _)| !place.ends_with("share")) {
        assert!(!priya.get(place).await.text().contains("It is not saved yet."), "{place}");
    }
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM draft").await, 0);
}

async fn what_was_typed_when_the_last_minutes_were_over_comes_back_after_the_proof(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut sam = app.signed_in(SAM).await;
    let page = sam.get("/me/plan/want/home").await;
    let (from, key) = (hidden(&page.text(), "base").unwrap(), page.key());
    app.wait(16 * MINUTE);
    let fields = [("key", &*key), ("base", &*from), ("body", "A long text\nof mine.")];
    let stopped = sam.post_form("/me/plan/want/home", &fields).await;
    stopped.is(401).says("Prove it is you").says("A long text");
    let kept = [("place", "/me/plan/want/home"), ("key", &*key), ("body", "A long text\nof mine.")];
    assert_eq!(sam.post_form(DRAFT, &kept).await.is(303).location(), "/me/plan/want/home");
    // What was chosen beside a text comes along: the page of the proof sends on all that was typed.
    let says = [
        ("place", "/me/plan/say/home"),
        ("key", &*key),
        ("version", "1"),
        ("opinion", "disagree"),
        ("body", "It is damp"),
    ];
    let stopped = sam.post_form("/me/plan/say/home", &says).await.is(401).text();
    let on: Vec<_> = ["place", "key", "opinion", "body"].map(|name| (name, hidden(&stopped, name).unwrap())).into();
    let on: Vec<_> = on.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(sam.post_form(DRAFT, &on).await.is(303).location(), "/me/plan/say/home");
    let mut sam = app.signed_in(SAM).await;
    sam.get("/me/plan/want/home").await.is(200).says("A long text").says("It is not saved yet.");
    assert!(holds(&sam.get("/me/plan/say/home").await.is(200).text(), "opinion", "disagree"));
}

async fn nothing_is_shared_or_taken_up_over_what_a_colleague_wrote_meanwhile(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut priya, mut sol) = (app.signed_in(PRIYA).await, app.signed_in(SOL).await);
    let (share, old) = (format!("{}/share", base(&app)), format!("{}/versions/1", base(&app)));
    write(&mut priya, &format!("{}/write/home/now", base(&app)), "One text.").await.is(303);
    let seen = hidden(&priya.get(&share).await.text(), "base").unwrap();
    let before = hidden(&priya.get(&old).await.text(), "base").unwrap();
    write(&mut sol, &format!("{}/write/money/now", base(&app)), "A colleague's text.").await.is(303);
    let (one, two) = (key(), key());
    priya.post_form(&share, &[("key", &one), ("base", &seen), ("review", "")]).await.is(409);
    priya.post_form(&old, &[("key", &two), ("base", &before)]).await.is(409);
    priya.get(&base(&app)).await.says("A colleague's text.").says("is being written");
    // Refused, the form is good for another try.
    let seen = hidden(&priya.get(&share).await.text(), "base").unwrap();
    priya.post_form(&share, &[("key", &one), ("base", &seen), ("review", "")]).await.is(303);
}

async fn a_day_that_was_set_wrong_is_set_again(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    write(&mut priya, &format!("{}/write/home/now", base(&app)), "One text.").await.is(303);
    share(&mut priya, &app, "2026-12-01").await.is(303);
    priya.get(&base(&app)).await.says("by 1 December 2026");
    let review = format!("{}/review", base(&app));
    for (day, says) in [("2026-12-20", "by 20 December 2026"), ("2026-12-10", "by 10 December 2026")] {
        let set = [("key", &*key()), ("do", "set"), ("held", ""), ("by", day)];
        priya.post_form(&review, &set).await.is(303);
        priya.get(&base(&app)).await.says(says);
    }
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM review WHERE why = 'set'").await, 1);
}

async fn a_new_version_is_no_review(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut priya = app.signed_in(PRIYA).await;
    let review = format!("{}/review", base(&app));
    let held = [("key", &*key()), ("do", "held"), ("held", "2026-11-24"), ("by", "")];
    priya.post_form(&review, &held).await.is(303);
    priya.get(&base(&app)).await.says("by 24 May 2027");
    app.wait(40 * DAY);
    let mut priya = app.signed_in(PRIYA).await;
    write(&mut priya, &format!("{}/write/home/now", base(&app)), "One text.").await.is(303);
    share(&mut priya, &app, "").await.is(303);
    priya.get(&base(&app)).await.says("by 24 May 2027");
}

async fn somebody_agrees_with_the_rest_and_is_asked_no_more(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut sam = app.signed_in(SAM).await;
    sam.get("/me/plan").await.says("Do you agree with all of it?");
    let says = [("key", &*key()), ("version", "1"), ("opinion", "disagree"), ("body", "It is damp there.")];
    sam.post_form("/me/plan/say/home", &says).await.is(303);
    if app.data.raw.number("SELECT COUNT(*) FROM plan_section WHERE now_sealed IS NOT NULL").await > 1 {
        sam.get("/me/plan").await.says("Do you agree with the rest of it?");
    }
    sam.post_form("/me/plan/agree", &[("key", &*key()), ("version", "1")]).await.is(303);
    assert!(!sam.get("/me/plan").await.text().contains("/me/plan/agree"));
}

async fn the_copy_of_the_record_has_what_was_said_and_got_ready(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya, mut morag) =
        (app.signed_in(SAM).await, app.signed_in(PRIYA).await, app.signed_in(MORAG).await);
    let says = [("key", &*key()), ("version", "1"), ("opinion", "disagree"), ("body", "It is damp there.")];
    sam.post_form("/me/plan/say/home", &says).await.is(303);
    for words in ["A dry flat.", "A dry flat and a garden."] {
        write(&mut sam, "/me/plan/want/home", words).await.is(303);
    }
    let ready = [("key", &*key()), ("seen", "0"), ("t-money", "yes"), ("body", "Driving lessons?"), ("do", "keep")];
    sam.post_form("/me/plan/meeting", &ready).await.is(303);
    share(&mut priya, &app, "").await.is(303);
    let submit = [("key", &*key()), ("version", "2"), ("to", &*app.world.morag.to_string())];
    priya.post_form(&format!("{}/submit", base(&app)), &submit).await.is(303);
    let back = [("key", &*key()), ("version", "2"), ("do", "return"), ("body", "Nothing on health.")];
    morag.post_form(&format!("{}/sign", base(&app)), &back).await.is(303);
    let copy = sam.get("/me/record/take/page").await.is(200).text();
    for words in
        ["It is damp there.", "A dry flat.", "A dry flat and a garden.", "Driving lessons?", "Nothing on health."]
    {
        assert!(copy.contains(words), "{words}: {copy}");
    }
}
