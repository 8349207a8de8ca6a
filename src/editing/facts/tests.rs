#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::dropins::{Place, Rule, Session};
use crate::editing::tests::library;

fn form<N: Facts>(noun: &N) -> Fields {
    let mut form = Fields::default();
    for (name, text) in noun.boxes() {
        form.put(name, text);
    }
    form
}

fn with_rule(rule: &str) -> Session {
    let library = library();
    let (_, session) = library.timetable.sessions.first_key_value().unwrap();
    Session { rule: toml::from_str(rule).unwrap(), ..session.clone() }
}

const TIMES: &str = "times = [{ from = \"10:05\", to = \"12:00\" }, { from = \"22:00\", to = \"00:00\" }]";

fn rules() -> [String; 5] {
    [
        format!("every = \"week\"\ndays = [\"mon\", \"thu\"]\n{TIMES}\nstarts = 2026-11-02\nends = 2027-02-28"),
        format!("every = \"weeks\"\nn = 3\ndays = [\"sun\"]\n{TIMES}\nstarts = 2026-11-02"),
        format!("every = \"month\"\nnth = -1\nday = \"fri\"\n{TIMES}\nstarts = 2026-11-02"),
        format!("every = \"date\"\ndates = [2026-12-07, 2028-02-29]\n{TIMES}"),
        "every = \"not-known\"\nsays = \"Mondays, it is said\"".to_owned(),
    ]
}

#[test]
fn a_form_opened_and_sent_as_it_is_changes_nothing() {
    let library = library();
    assert!(!library.timetable.places.is_empty());
    for (slug, place) in &library.timetable.places {
        let mut form = form(place);
        assert_eq!(Place::read(&mut form, &library).as_ref(), Some(place), "{slug}: {:?}", form.faults());
    }
    for (slug, session) in &library.timetable.sessions {
        let mut form = form(session);
        assert_eq!(Session::read(&mut form, &library).as_ref(), Some(session), "{slug}: {:?}", form.faults());
    }
    for rule in rules() {
        let session = with_rule(&rule);
        let mut form = form(&session);
        assert_eq!(Session::read(&mut form, &library).as_ref(), Some(&session), "{rule}: {:?}", form.faults());
    }
}

#[test]
fn every_box_of_a_form_has_a_name_in_the_list_of_changes() {
    let named = |labels: &[Label], boxes: Vec<(&'static str, String)>| {
        for (name, _) in boxes {
            assert!(labels.iter().any(|(label, _)| *label == name), "{name}");
        }
    };
    let library = library();
    for place in library.timetable.places.values() {
        named(Place::LABELS, place.boxes());
    }
    for rule in rules() {
        named(Session::LABELS, with_rule(&rule).boxes());
    }
}

fn faults(rule: &str, change: &[(&'static str, &str)]) -> Vec<&'static str> {
    let mut form = form(&with_rule(rule));
    for (name, text) in change {
        form.put(name, (*text).to_owned());
    }
    assert_eq!(Session::read(&mut form, &library()), None);
    form.faults().iter().map(|(name, _)| *name).collect()
}

#[test]
fn what_does_not_go_with_how_often_it_meets_is_told_and_never_dropped() {
    let [week, weeks, month, date, not_known] = rules();
    assert_eq!(faults(&week, &[("dates", "7 December 2026")]), ["dates"]);
    assert_eq!(faults(&week, &[("n", "2")]), ["n"]);
    assert_eq!(faults(&week, &[("says", "Mondays")]), ["says"]);
    assert_eq!(faults(&week, &[("mon", ""), ("thu", "")]), ["mon"]);
    assert_eq!(faults(&week, &[("starts", "")]), ["starts"]);
    assert_eq!(faults(&week, &[("ends", "2026-11-01")]), ["every"]);
    assert_eq!(faults(&week, &[("open2", "11am")]), ["every"]);
    assert_eq!(faults(&week, &[("close", "4")]), ["close"]);
    assert_eq!(faults(&weeks, &[("n", "")]), ["n"]);
    assert_eq!(faults(&weeks, &[("n", "0")]), ["every"]);
    assert_eq!(faults(&month, &[("mon", "yes")]), ["mon"]);
    assert_eq!(faults(&month, &[("nth", "")]), ["nth"]);
    assert_eq!(faults(&date, &[("dates", "7 December")]), ["dates"]);
    assert_eq!(faults(&date, &[("starts", "2026-12-07")]), ["starts"]);
    assert_eq!(faults(&not_known, &[("open", "4pm"), ("close", "6pm")]), ["open"]);
    assert_eq!(faults(&not_known, &[("says", "")]), ["says"]);
}

#[test]
fn a_place_that_cannot_be_meant_is_told_beside_the_box() {
    let library = library();
    let (_, place) = library.timetable.places.first_key_value().unwrap();
    let told = |change: &[(&'static str, &str)]| {
        let mut form = form(place);
        for (name, text) in change {
            form.put(name, (*text).to_owned());
        }
        let read = Place::read(&mut form, &library);
        assert_eq!(read.is_none(), !form.ok());
        form.faults().iter().map(|(name, _)| *name).collect::<Vec<_>>()
    };
    assert!(told(&[]).is_empty());
    assert!(told(&[("postcode", "pr18xj"), ("phone", "0300 123 6720"), ("lat", "53.76"), ("lon", "-2.7")]).is_empty());
    assert_eq!(told(&[("postcode", "PR1")]), ["postcode"]);
    assert_eq!(told(&[("phone", "ask Jo")]), ["phone"]);
    assert_eq!(told(&[("lat", "53.76")]), ["lat"]);
    assert_eq!(told(&[("lat", "-2.7"), ("lon", "53.76")]), ["lat"]);
    assert_eq!(told(&[("lat", "NaN"), ("lon", "inf")]), ["lat"]);
    assert_eq!(told(&[("min_age", "25"), ("max_age", "16")]), ["max_age"]);
    assert_eq!(told(&[("min_age", "sixteen")]), ["min_age"]);
    assert_eq!(told(&[("district", "atlantis")]), ["district"]);
    assert_eq!(told(&[("claim", "nobody")]), ["claim"]);
    assert_eq!(told(&[("review_by", "2020-01-01")]), ["review_by"]);
}

#[test]
fn a_name_becomes_an_address_of_its_own() {
    assert_eq!(slug("St Mary's Hall, Chorley"), "st-marys-hall-chorley");
    assert_eq!(slug("  Ünïcode  "), "n-code");
    assert_eq!(slug("!!!"), "unnamed");
    assert!(slug(&"long ".repeat(40)).len() <= 50);
    assert_eq!(unlike("hall", |_| false), "hall");
    assert_eq!(unlike("hall", |it| it == "hall" || it == "hall-2"), "hall-3");
    assert_eq!(unlike("new", |_| false), "new-2");
}

#[test]
fn a_session_meets_at_most_as_often_on_a_day_as_its_form_has_boxes() {
    let five = (9..14).map(|hour| format!("{{ from = \"{hour:02}:00\", to = \"{hour:02}:30\" }}"));
    let five = five.collect::<Vec<_>>().join(", ");
    let rule = format!("every = \"week\"\ndays = [\"mon\"]\nstarts = 2026-11-02\ntimes = [{five}]");
    let rule: Rule = toml::from_str(&rule).unwrap();
    assert_eq!(rule.faults(), ["It meets more than 4 times on a day. Make it two sessions."]);
    assert_eq!(super::TIMES.len(), crate::dropins::faults::MOST_TIMES);
}

fn unchanged<N: Facts>(library: &Library) -> usize {
    let mut looked = 0;
    for (kind, id, body) in library.items().filter(|(kind, _, _)| *kind == N::KIND) {
        let noun: N = toml::from_str(body).unwrap_or_else(|error| panic!("{kind} {id}: {error}"));
        let mut sent = form(&noun);
        let read = N::read(&mut sent, library).unwrap_or_else(|| panic!("{kind} {id}: {:?}", sent.faults()));
        assert_eq!(read.boxes(), noun.boxes(), "{kind} {id}");
        // What is written is taken by the checks, and is the same noun to them.
        let body = toml::to_string(&read).unwrap();
        let after = library.replaced(kind, id, &body).unwrap_or_else(|faults| panic!("{kind} {id}: {faults:?}")).0;
        assert_eq!(after.lines, library.lines, "{id}");
        assert_eq!(after.terms, library.terms, "{id}");
        assert_eq!(after.timetable.holidays, library.timetable.holidays, "{id}");
        looked += 1;
    }
    looked
}

#[test]
fn every_field_of_the_data_files_has_a_box_and_comes_back_unchanged() {
    use super::written::{
        DistrictFields, GoalFields, HolidayFields, LineFields, LocalityFields, RightFields, SourceFields, TermFields,
        Written,
    };
    let library = library();
    for looked in [
        unchanged::<Written<LineFields>>(&library),
        unchanged::<Written<RightFields>>(&library),
        unchanged::<Written<TermFields>>(&library),
        unchanged::<Written<GoalFields>>(&library),
        unchanged::<Written<SourceFields>>(&library),
        unchanged::<Written<HolidayFields>>(&library),
        unchanged::<Written<LocalityFields>>(&library),
        unchanged::<Written<DistrictFields>>(&library),
    ] {
        assert!(looked > 0);
    }
}

#[test]
fn hours_are_read_as_people_write_them_and_nothing_is_guessed() {
    use super::written::{LineFields, Written};
    let library = library();
    let line = library.body(Kind::Line, "samaritans").unwrap();
    let hours = |text: &str| {
        let mut sent = form(&toml::from_str::<Written<LineFields>>(line).unwrap());
        sent.put("hours", text.to_owned());
        Written::<LineFields>::read(&mut sent, &library)
            .map(|it| it.boxes().iter().find(|(name, _)| *name == "hours").unwrap().1.clone())
    };
    assert_eq!(hours("Always").as_deref(), Some("always"));
    assert_eq!(
        hours("Mon to Fri: 9am to 5pm\nSaturday and Sunday: 10:00 to 16:30").as_deref(),
        Some("mon, tue, wed, thu, fri: 9am to 5pm\nsat, sun: 10am to 4.30pm")
    );
    assert_eq!(
        hours("every day: 8pm to midnight").as_deref(),
        Some("mon, tue, wed, thu, fri, sat, sun: 8pm to midnight")
    );
    assert_eq!(hours("Mon-Fri: 8am to 8pm"), hours("Monday to Friday: 8am to 8pm"));
    assert_eq!(hours("Sat/Sun: 8am to 8pm"), hours("Sat, Sun: 8am to 8pm"));
    for bad in [
        "Mon Wed Fri: 9am to 5pm",
        "Monfri: 9am to 5pm",
        "sometimes",
        "Mon: 9 to 5",
        "Mon 9am to 5pm",
        "Funday: 9am to 5pm",
        ":",
    ] {
        assert_eq!(hours(bad), None, "{bad}");
    }
}
