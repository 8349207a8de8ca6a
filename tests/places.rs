//! Places and sessions are added and changed through pages, and everything that is drawn from them
//! follows at once.

use crate::support::client::hidden;
use crate::support::people::CHRIS;
use crate::support::{Answer, Client, Engine, TestApp, on_both};

on_both! {
    a_place_and_its_session_are_added_through_pages_and_stand_on_every_page_json_and_feed
    a_place_is_changed_its_history_says_who_changed_what_and_it_can_be_put_back
    who_changes_a_place_second_is_shown_both_texts_and_nothing_is_overwritten
    what_was_added_by_mistake_is_taken_off_and_what_still_meets_there_stands_in_the_way
    what_is_wrong_in_a_place_or_session_is_told_beside_the_box_and_nothing_typed_is_lost
}

type Filled = Vec<(&'static str, String)>;

const PLACE: [(&str, &str); 9] = [
    ("name", "Fern Hall, Chorley"),
    ("district", "chorley"),
    ("status", "open"),
    ("who", "Care leavers aged 16 to 21"),
    ("min_age", "16"),
    ("max_age", "21"),
    ("phone", "0300 123 6720"),
    ("bank_holidays", "closed"),
    ("note_to_staff", "Opened by the team"),
];

const SESSION: [(&str, &str); 8] = [
    ("name", "Thursday drop-in"),
    ("kind", "drop-in"),
    ("every", "week"),
    ("thu", "yes"),
    ("open", "4pm"),
    ("close", "18:30"),
    ("come", "just-come"),
    ("note_to_staff", "Starts this week"),
];

/// A new form at `path` with its hidden boxes and its first values, filled in with `more`.
async fn fill(chris: &mut Client, path: &str, more: &[(&'static str, &str)]) -> Filled {
    let page = chris.get(path).await;
    page.is(200);
    let mut fields = vec![("key", page.key()), ("from", hidden(&page.text(), "from").unwrap())];
    let kept = [("owner", "Leaving care service"), ("checked_on", "2026-11-24"), ("review_by", "2027-02-22")];
    fields.extend(kept.map(|(name, value)| (name, value.to_owned())));
    fields.push(("claim", "this-council".to_owned()));
    for (name, value) in more {
        fields.retain(|(n, _)| n != name);
        fields.push((name, (*value).to_owned()));
    }
    fields
}

async fn send(chris: &mut Client, path: &str, fields: &Filled, what: &str) -> Answer {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).chain([("do", what)]).collect();
    chris.post_form(path, &fields).await
}

async fn add(chris: &mut Client, path: &str, more: &[(&'static str, &str)]) {
    let form = fill(chris, path, more).await;
    send(chris, path, &form, "publish").await.is(303);
}

async fn a_place_and_its_session_are_added_through_pages_and_stand_on_every_page_json_and_feed(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut chris, mut anyone) = (app.signed_in(CHRIS).await, app.visitor());
    let form = fill(&mut chris, "/edit/places/new?district=chorley", &PLACE).await;
    send(&mut chris, "/edit/places/new", &form, "preview").await.is(200).says("Preview").says("Fern Hall, Chorley");
    anyone.get("/drop-ins/place/fern-hall-chorley").await.is(404);
    // Two taps are one place.
    send(&mut chris, "/edit/places/new", &form, "publish").await.is(303);
    send(&mut chris, "/edit/places/new", &form, "publish").await.is(303);
    anyone.get("/drop-ins/place/fern-hall-chorley").await.is(200).says("Care leavers aged 16 to 21");
    anyone.get("/drop-ins/place/fern-hall-chorley-2").await.is(404);
    // A form of its own for the same place is told that it is there.
    let again = fill(&mut chris, "/edit/places/new", &PLACE).await;
    send(&mut chris, "/edit/places/new", &again, "publish").await.is(422).says("in this district already");

    let session: Vec<_> =
        SESSION.into_iter().chain([("place", "fern-hall-chorley"), ("starts", "2026-11-24")]).collect();
    let form = fill(&mut chris, "/edit/sessions/new?place=fern-hall-chorley", &session).await;
    let look = send(&mut chris, "/edit/sessions/new", &form, "preview").await;
    look.is(200).says("Thursday 26 November").says("4pm to 6.30pm");
    send(&mut chris, "/edit/sessions/new", &form, "publish").await.is(303);

    let central = anyone.get("/drop-ins/central").await;
    central.says("Fern Hall, Chorley").says("Thursday 26 November").says("4pm to 6.30pm").says("Not confirmed");
    anyone.get("/drop-ins").await.says("Fern Hall, Chorley");
    let json = anyone.get("/drop-ins.json?place=fern-hall-chorley&from=2026-11-24&to=2026-12-31").await;
    let all: Vec<serde_json::Value> = serde_json::from_slice(&json.is(200).body).unwrap();
    let text = |one: &serde_json::Value, name: &str| one[name].as_str().unwrap().to_owned();
    let days: Vec<_> = all.iter().map(|one| format!("{} {}", &text(one, "start")[..16], text(one, "status"))).collect();
    assert_eq!(days[..3], ["2026-11-26T16:00 on", "2026-12-03T16:00 on", "2026-12-10T16:00 on"]);
    let feed = anyone.get("/drop-ins/place/fern-hall-chorley.ics").await;
    feed.is(200).says("DTSTART;TZID=Europe/London:20261126T160000");
    // What staff add can be changed for a day and confirmed like the rest.
    chris.get("/edit/drop-ins").await.says("Thursday drop-in, Fern Hall, Chorley");
    chris.get("/edit/places").await.says("Fern Hall, Chorley").says("Thursday drop-in");
}

async fn a_place_is_changed_its_history_says_who_changed_what_and_it_can_be_put_back(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut chris, mut anyone) = (app.signed_in(CHRIS).await, app.visitor());
    add(&mut chris, "/edit/places/new", &PLACE).await;
    let path = "/edit/places/fern-hall-chorley";
    let changed: Vec<_> = PLACE.into_iter().chain([("phone", "01257 111 222"), ("bus", "Bus 125")]).collect();
    let form = fill(&mut chris, path, &changed).await;
    send(&mut chris, path, &form, "publish").await.is(303);
    anyone.get("/drop-ins/place/fern-hall-chorley").await.says("01257 111 222").says("Bus 125");
    let page = chris.get(path).await;
    page.says("Who changed what")
        .says("Phone: “0300 123 6720” became “01257 111 222”")
        .says("By bus: empty became “Bus 125”");
    // As it was, through the form, as an edition of its own.
    let old = chris.get(&format!("{path}?edition=1")).await;
    for value in ["Back to edition 1", "0300 123 6720"] {
        assert!(old.text().contains(&format!("value=\"{value}\"")), "the form is not filled with the old edition");
    }
    let form = fill(&mut chris, path, &PLACE).await;
    send(&mut chris, path, &form, "publish").await.is(303);
    let now = anyone.get("/drop-ins/place/fern-hall-chorley").await;
    assert!(!now.text().contains("Bus 125"));
    // The same again is no edition.
    let form = fill(&mut chris, path, &PLACE).await;
    send(&mut chris, path, &form, "publish").await.is(422).says("That is how it reads now");
}

async fn who_changes_a_place_second_is_shown_both_texts_and_nothing_is_overwritten(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut chris, mut anyone) = (app.signed_in(CHRIS).await, app.visitor());
    add(&mut chris, "/edit/places/new", &PLACE).await;
    let path = "/edit/places/fern-hall-chorley";
    let with = |phone: &'static str| PLACE.into_iter().chain([("phone", phone)]).collect::<Vec<_>>();
    let (first, second) =
        (fill(&mut chris, path, &with("01257 111 111")).await, fill(&mut chris, path, &with("01257 222 222")).await);
    send(&mut chris, path, &first, "publish").await.is(303);
    let told = send(&mut chris, path, &second, "publish").await;
    told.is(409).says("01257 111 111").says("What differs");
    assert!(told.text().contains("value=\"01257 222 222\""), "what was typed is gone");
    anyone.get("/drop-ins/place/fern-hall-chorley").await.says("01257 111 111");
    // Now that both were seen, the second may go over the first.
    let mut third = second.clone();
    third.retain(|(name, _)| !["key", "from"].contains(name));
    third.extend([("key", told.key()), ("from", hidden(&told.text(), "from").unwrap())]);
    send(&mut chris, path, &third, "publish").await.is(303);
    anyone.get("/drop-ins/place/fern-hall-chorley").await.says("01257 222 222");
}

async fn what_was_added_by_mistake_is_taken_off_and_what_still_meets_there_stands_in_the_way(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut chris, mut anyone) = (app.signed_in(CHRIS).await, app.visitor());
    add(&mut chris, "/edit/places/new", &PLACE).await;
    let session: Vec<_> =
        SESSION.into_iter().chain([("place", "fern-hall-chorley"), ("starts", "2026-11-24")]).collect();
    add(&mut chris, "/edit/sessions/new", &session).await;
    let (place, meets) = ("/edit/places/fern-hall-chorley", "/edit/sessions/thursday-drop-in-fern-hall-chorley");
    let form = fill(&mut chris, place, &[]).await;
    send(&mut chris, place, &form, "remove").await.is(422).says("Sessions still meet here");
    for path in [meets, place] {
        let form = fill(&mut chris, path, &[]).await;
        send(&mut chris, path, &form, "remove").await.is(303);
        send(&mut chris, path, &form, "remove").await.is(303);
    }
    anyone.get("/drop-ins/place/fern-hall-chorley").await.is(404);
    assert!(!anyone.get("/drop-ins").await.text().contains("Fern Hall"));
    chris.get("/edit/places").await.says("Taken off the site").says("fern-hall-chorley");
    // It comes back under its own address.
    let form = fill(&mut chris, place, &PLACE).await;
    send(&mut chris, place, &form, "publish").await.is(303);
    anyone.get("/drop-ins/place/fern-hall-chorley").await.is(200);
    // What came with the release stays.
    let shipped = "/edit/places/white-cross-lancaster";
    let form = fill(&mut chris, shipped, &[]).await;
    send(&mut chris, shipped, &form, "remove").await.is(422).says("cannot be taken off here");
}

async fn what_is_wrong_in_a_place_or_session_is_told_beside_the_box_and_nothing_typed_is_lost(engine: Engine) {
    let app = TestApp::start(engine).await;
    let mut chris = app.signed_in(CHRIS).await;
    let wrong: Vec<_> = PLACE.into_iter().chain([("postcode", "PR1"), ("max_age", "12")]).collect();
    let form = fill(&mut chris, "/edit/places/new", &wrong).await;
    let told = send(&mut chris, "/edit/places/new", &form, "publish").await;
    told.is(422).says("This is not a postcode").says("The oldest age is below the youngest");
    for typed in ["Fern Hall, Chorley", "Care leavers aged 16 to 21", "0300 123 6720", "Opened by the team", "PR1"] {
        assert!(told.text().contains(&format!("value=\"{typed}\"")), "{typed} is gone");
    }
    let wrong: Vec<_> =
        SESSION.into_iter().chain([("place", "the-zone-burnley"), ("n", "2"), ("close", "4")]).collect();
    let form = fill(&mut chris, "/edit/sessions/new", &wrong).await;
    let told = send(&mut chris, "/edit/sessions/new", &form, "publish").await;
    told.is(422)
        .says("Write a time such as 4pm")
        .says("does not go with how often it meets")
        .says("Give the first day");
    // One that is shut takes nothing in.
    let shut: Vec<_> = [("name", "The Zone, Burnley"), ("district", "burnley"), ("status", "closed")]
        .into_iter()
        .chain([("who", "Nobody now"), ("bank_holidays", "ask"), ("note_to_staff", "Shut")])
        .collect();
    let path = "/edit/places/the-zone-burnley";
    let form = fill(&mut chris, path, &shut).await;
    send(&mut chris, path, &form, "publish").await.is(303);
    let session: Vec<_> =
        SESSION.into_iter().chain([("place", "the-zone-burnley"), ("starts", "2026-11-24")]).collect();
    let form = fill(&mut chris, "/edit/sessions/new", &session).await;
    send(&mut chris, "/edit/sessions/new", &form, "publish").await.is(422).says("That place is closed");
}
