#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use jiff::civil::time;

use super::views::{hours, page};
use super::*;
use crate::content::Library;
use crate::dropins::Times;
use leptos::prelude::IntoAny as _;

fn weekly(days: &[Weekday], bank_holidays: OnBankHoliday) -> Hours {
    let times = Times { from: time(9, 30, 0, 0), to: time(18, 0, 0, 0) };
    Hours::Weekly { spans: vec![Span { days: days.to_vec(), times }], bank_holidays }
}

#[test]
fn hours_are_said_in_sentences() {
    use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    let said = |days: &[Weekday]| hours(&weekly(days, OnBankHoliday::Open), false);
    assert_eq!(said(&[Mon]), "Monday, 9.30am to 6pm.");
    assert_eq!(said(&[Sun, Sat]), "Saturday and Sunday, 9.30am to 6pm.");
    assert_eq!(said(&[Mon, Wed, Sat]), "Monday, Wednesday and Saturday, 9.30am to 6pm.");
    assert_eq!(said(&[Mon, Tue, Wed, Thu, Fri]), "Monday to Friday, 9.30am to 6pm.");
    assert_eq!(said(&[Mon, Tue, Wed, Thu, Fri, Sat, Sun]), "Every day, 9.30am to 6pm.");
    assert_eq!(hours(&Hours::Unknown, true), "We do not know when it is open.");
}

#[test]
fn a_bank_holiday_is_only_sure_once_confirmed() {
    let closed = weekly(&[Weekday::Mon], OnBankHoliday::Closed);
    assert!(hours(&closed, false).ends_with("May be closed on bank holidays."));
    assert!(hours(&closed, true).ends_with(" Closed on bank holidays."));
}

/// The text of the page, drawn from the shipped content, as it is at noon on a working day.
fn shipped() -> String {
    shipped_at("2026-11-24T12:00:00Z")
}

fn shipped_at(at: &str) -> String {
    let files = crate::app::start::content_files(None).unwrap();
    let library = Library::shipped(&files).unwrap();
    let frame = page(&library, at.parse().unwrap());
    let site = crate::ui::layout::Site { name: String::new(), demo: false, help: ().into_any() };
    let html = crate::ui::layout::page(site, frame);
    html.split_once("<main").and_then(|(_, rest)| rest.split_once("</main>")).unwrap().0.replace("<!>", "")
}

#[test]
fn what_cannot_wait_stands_first_and_every_part_has_a_way_on() {
    let html = shipped();
    let order = ["danger", "tonight", "mind", "hurt", "food", "talk", "complain", "locked-out"];
    let at: Vec<_> = order.iter().map(|id| html.find(&format!("<h2 id=\"{id}\"")).unwrap()).collect();
    assert!(at.is_sorted(), "{at:?}");
    for (n, part) in at.iter().enumerate() {
        let part = &html[*part..at.get(n + 1).copied().unwrap_or(html.len())];
        assert!(part.contains("href=\"tel:"), "{} has no number", order[n]);
    }
}

#[test]
fn a_bed_tonight_is_found_by_age_and_by_every_district() {
    let html = shipped();
    let (_, tonight) = html.split_once("<h2 id=\"tonight\"").unwrap();
    let (tonight, _) = tonight.split_once("<h2 id=\"mind\"").unwrap();
    assert!(tonight.find("Under 18?") < tonight.find("18 or over?"));
    let files = crate::app::start::content_files(None).unwrap();
    let library = Library::shipped(&files).unwrap();
    assert_eq!(library.timetable.districts.len(), 12);
    for slug in library.timetable.districts.keys() {
        let (_, district) = tonight.split_once(&format!("<h3 id=\"{slug}\">")).unwrap_or_else(|| panic!("{slug}"));
        let district = district.split("<h3 id=").next().unwrap();
        let known = library.lines.values().any(|line| line.area.contains(slug) && line.purpose == Purpose::Homeless);
        assert!(district.contains("href=\"tel:"), "{slug}");
        assert_eq!(district.contains("We know of no housing number here yet."), !known, "{slug}");
    }
}

#[test]
fn lines_of_the_area_stand_before_those_of_the_country_and_ages_are_said() {
    let html = shipped();
    let (_, mind) = html.split_once("<h2 id=\"mind\"").unwrap();
    let (mind, _) = mind.split_once("<h2 id=\"hurt\"").unwrap();
    assert!(mind.find("0800 953 0110").unwrap() < mind.find(" 111<").unwrap());
    assert!(mind.contains("Up to 17"));
}

#[test]
fn a_line_says_that_it_is_open_only_while_it_is() {
    let says = |at: &str| {
        let html = shipped_at(at);
        let (_, card) = html.split_once("Lancashire wellbeing helpline").unwrap();
        card.split("</article>").next().unwrap().contains("open now")
    };
    // Monday to Friday from 7pm to 11pm.
    assert!(!says("2026-11-24T18:59:00Z"));
    assert!(says("2026-11-24T19:00:00Z"));
    assert!(says("2026-11-24T22:59:00Z"));
    assert!(!says("2026-11-24T23:00:00Z"));
}
