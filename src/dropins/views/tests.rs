#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use jiff::civil::date;

use super::*;
use crate::dropins::{Confirmation, Exception};
use crate::help;
use crate::offer;
use crate::ui::layout::{Site, page};

/// Made-up data: one session every Monday from 4pm to 6pm at a hall, and a second place.
fn library(confirmed: bool, exceptions: &[&str]) -> Library {
    let mut library = Library::default();
    let table = &mut library.timetable;
    let dates = "owner = 'Team'\nchecked_on = 2026-11-21\nreview_by = 2027-02-19\n";
    let read = |text: &str| format!("{text}\n{dates}");
    table.localities.insert("east".into(), toml::from_str(&read("name = 'East'\ncouncil = 'A council'")).unwrap());
    for (slug, text) in [
        ("burnley", "name = 'Burnley'\nlocality = 'east'\ntowns = ['Padiham', 'Aber']"),
        ("pendle", "name = 'Pendle'\nlocality = 'east'"),
    ] {
        table.districts.insert(slug.into(), toml::from_str(&read(text)).unwrap());
    }
    for (slug, name) in [("hall", "The Hall"), ("barn", "The Barn")] {
        let place = format!(
            "name = '{name}'\ndistrict = 'burnley'\naddress = '1 Made Up Street'\nwho = 'Care leavers'\nmin_age = 16\n\
             max_age = 25\nbank_holidays = 'ask'\nstatus = 'open'\n{dates}"
        );
        table.places.insert(slug.into(), toml::from_str(&place).unwrap());
    }
    let session = format!(
        "place = 'hall'\nname = 'Tea'\nkind = 'drop-in'\ncome = 'just-come'\n{dates}[rule]\nevery = 'week'\n\
         days = ['mon']\ntimes = [{{ from = '16:00', to = '18:00' }}]\nstarts = 2026-11-02"
    );
    table.sessions.insert("tea".into(), toml::from_str(&session).unwrap());
    if confirmed {
        let by_role = "the team manager".to_owned();
        table.confirmations.insert("tea".into(), Confirmation { by_role, on: date(2026, 11, 20) });
    }
    for (n, exception) in exceptions.iter().enumerate() {
        let text = format!("session = 'tea'\nmade_on = 2026-11-20T09:00:00Z\n{exception}");
        table.exceptions.insert(format!("x{n}"), toml::from_str::<Exception>(&text).unwrap());
    }
    library
}

/// A Monday, at half past four in London.
fn monday() -> Timestamp {
    "2026-11-23T16:30:00Z".parse().unwrap()
}

/// The page as text with its tags, without the marks between pieces of text.
fn drawn(frame: Frame) -> String {
    let site = Site { name: String::new(), demo: false, help: ().into_any() };
    let html = page(site, frame);
    let main = html.split_once("<main").and_then(|(_, rest)| rest.split_once("</main>")).unwrap().0;
    main.replace("<!>", "")
}

#[test]
fn a_confirmed_time_says_open_now_and_who_confirmed_it() {
    let html = drawn(place(&library(true, &[]), "hall", monday()).unwrap());
    assert!(html.contains(r#"<p class="now">Open now, closes 6pm</p>"#), "{html}");
    assert!(html.contains(r#"<li class="on"><b>Monday 30 November</b> 4pm to 6pm</li>"#), "{html}");
    assert!(html.contains("Confirmed by the team manager on 20 November 2026."), "{html}");
}

#[test]
fn a_time_nobody_confirmed_is_never_drawn_as_sure() {
    let library = library(false, &[]);
    for frame in [place(&library, "hall", monday()), locality(&library, "east", monday())] {
        let html = drawn(frame.unwrap());
        assert!(!html.contains(r#"class="now""#) && !html.contains(r#"<li class="on""#), "{html}");
        assert!(html.contains("Not confirmed: open now, closes 6pm"), "{html}");
        assert!(html.contains("Not yet confirmed by the service: ask before you go."), "{html}");
    }
    assert!(drawn(index(&library, monday())).contains("May be open now"));
}

#[test]
fn a_confirmation_of_long_ago_no_longer_counts() {
    let mut library = library(true, &[]);
    library.timetable.confirmations.get_mut("tea").unwrap().on = date(2026, 8, 1);
    let html = drawn(place(&library, "hall", monday()).unwrap());
    assert!(html.contains("Last confirmed on 1 August 2026: ask before you go."), "{html}");
    assert!(!html.contains(r#"<li class="on""#), "{html}");
}

#[test]
fn a_confirmed_session_on_a_bank_holiday_of_a_place_to_ask_is_not_sure() {
    let mut library = library(true, &[]);
    library.timetable.holidays.insert(date(2026, 11, 30), "Made-up day".into());
    let html = drawn(place(&library, "hall", monday()).unwrap());
    assert!(html.contains(r#"<li class="maybe"><b>Monday 30 November</b>"#), "{html}");
    assert!(html.contains("Bank holiday: ask first"), "{html}");
}

#[test]
fn what_is_closed_stays_in_the_list_struck_through_with_its_reason() {
    let closed = "from = 2026-11-30\nto = 2026-11-30\nkind = 'closed'\nreason = 'Staff training'";
    let html = drawn(place(&library(true, &[closed]), "hall", monday()).unwrap());
    let row = "<s><b>Monday 30 November</b> 4pm to 6pm</s> <strong>Closed</strong>: Staff training";
    assert!(html.contains(row), "{html}");
}

#[test]
fn what_moved_is_told_at_both_places() {
    let moved = "from = 2026-11-30\nto = 2026-11-30\nkind = 'other-place'\nat = 'barn'\nreason = 'Leak'";
    let library = library(true, &[moved]);
    let hall = drawn(place(&library, "hall", monday()).unwrap());
    assert!(hall.contains(r#"Not here</strong> but at <a href="/drop-ins/place/barn">The Barn</a>: Leak"#), "{hall}");
    let barn = drawn(place(&library, "barn", monday()).unwrap());
    assert!(barn.contains("Usually at The Hall: every Monday, 4pm to 6pm."), "{barn}");
    assert!(barn.contains("Different place") && barn.contains(r#"<li class="on"><b>Monday 30 November</b>"#), "{barn}");
}

#[test]
fn who_a_place_is_for_stands_before_its_address() {
    let html = drawn(place(&library(true, &[]), "hall", monday()).unwrap());
    let at = |words: &str| html.find(words).unwrap_or_else(|| panic!("{words}: {html}"));
    assert!(at("Who it is for") < at("Ages 16 to 25") && at("Ages 16 to 25") < at("1 Made Up Street"));
    // Without a postcode the address is not whole, so no map is offered.
    assert!(!html.contains("openstreetmap"));
}

#[test]
fn a_district_without_a_place_says_so_and_whom_to_ask() {
    let html = drawn(locality(&library(true, &[]), "east", monday()).unwrap());
    assert!(html.contains("We know of no place here yet."), "{html}");
}

#[test]
fn every_page_can_be_drawn_when_there_is_nothing() {
    let library = Library::default();
    for frame in [
        index(&library, monday()),
        offer::views::home(&library, monday()),
        offer::views::index(&library),
        offer::views::glossary(&library),
        help::views::page(&library, monday()),
    ] {
        let html = drawn(frame);
        assert_eq!(html.matches("<h1>").count(), 1, "{html}");
    }
    assert!(place(&library, "hall", monday()).is_none() && locality(&library, "east", monday()).is_none());
}

#[test]
fn every_district_and_town_leads_to_its_part_of_the_page_from_a_to_z() {
    let html = drawn(index(&library(true, &[]), monday()));
    let (_, towns) = html.split_once("<h2 id=\"towns\">").unwrap();
    let (towns, rest) = towns.split_once("</ul>").unwrap();
    let at: Vec<_> = ["Aber", "Burnley", "Padiham", "Pendle"]
        .map(|name| towns.find(&format!(">{name}</a>")).unwrap_or_else(|| panic!("{name}")))
        .to_vec();
    assert!(at.is_sorted());
    assert_eq!(towns.matches("href=\"/drop-ins/east#burnley\"").count(), 3);
    assert!(rest.contains("Why is my town not here?"));
    let east = drawn(locality(&library(true, &[]), "east", monday()).unwrap());
    assert!(east.contains("<h2 id=\"burnley\">") && east.contains("Padiham and Aber"));
}

#[test]
fn ages_stand_in_every_row_of_the_list_of_everything() {
    let html = drawn(index(&library(true, &[]), monday()));
    let (_, rows) = html.split_once("<ul class=\"times\">").unwrap();
    let (rows, _) = rows.split_once("</ul>").unwrap();
    assert!(rows.contains("Ages 16 to 25"), "{rows}");
}

#[test]
fn a_calendar_is_offered_only_where_a_time_is_known() {
    let known = drawn(place(&library(true, &[]), "hall", monday()).unwrap());
    assert!(known.contains("href=\"/drop-ins/place/hall.ics\""));
    let none = drawn(place(&library(true, &[]), "barn", monday()).unwrap());
    assert!(!none.contains(".ics"));
    let east = drawn(locality(&library(true, &[]), "east", monday()).unwrap());
    assert!(east.contains("href=\"/drop-ins/east.ics\""));
}
