//! What the schedules of Open Referral say, read as another directory would, against the one
//! function that knows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::date;
use serde_json::Value;

use super::calendar::About;
use super::open_referral::Published;
use super::rules_test::{exception, read, session};
use super::*;

const MADE: &str = "2026-11-20T09:00:00Z";
const ABOUT: About<'_> = About { origin: "https://drop.example", version: 7, stamp: Timestamp::UNIX_EPOCH };

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn service(table: &Timetable) -> Value {
    let published = Published::new(table, ABOUT, now());
    let list = published.page(1, 50);
    published.service(list["contents"][0]["id"].as_str().unwrap()).unwrap()
}

/// Every start that the schedules say, as a program that knows iCalendar's rules reads them.
fn said(service: &Value) -> Vec<Timestamp> {
    let mut found = Vec::new();
    for schedule in service["schedules"].as_array().unwrap() {
        let day = |name: &str| schedule[name].as_str().map(|text| text.parse::<Date>().unwrap());
        let (from, to) = (day("valid_from").unwrap(), day("valid_to").unwrap());
        assert!(from <= to, "{schedule}");
        let Some(opens) = schedule["opens_at"].as_str() else {
            assert!(schedule["description"].as_str().unwrap().starts_with("Closed on "), "{schedule}");
            for name in ["dtstart", "freq", "byday", "closes_at"] {
                assert!(schedule[name].is_null(), "{schedule}");
            }
            continue;
        };
        let (start, until, mut count) = (day("dtstart").unwrap(), day("until"), schedule["count"].as_u64());
        let monday = |date: Date| date.saturating_sub(i64::from(date.weekday().to_monday_zero_offset()).days());
        let mut date = start;
        while date <= until.unwrap_or(to) && count != Some(0) {
            let code = date.strftime("%a").to_string()[..2].to_uppercase();
            let by = |part: &str| match part.len() {
                2 => part == code,
                _ => {
                    let last = date.day() + 7 > date.days_in_month();
                    let nth = (date.day() - 1) / 7 + 1;
                    part.ends_with(&code) && (part.starts_with(&nth.to_string()) || (part.starts_with('-') && last))
                }
            };
            let weeks = monday(date).duration_since(monday(start)).as_hours() / (24 * 7);
            let on_week = schedule["freq"] == "MONTHLY" || weeks % schedule["interval"].as_i64().unwrap_or(1) == 0;
            if schedule["byday"].as_str().unwrap().split(',').any(by) && on_week {
                assert!(from <= date && date <= to, "{date} in {schedule}");
                found.push(format!("{date}T{opens}").parse().unwrap());
                count = count.map(|count| count - 1);
            }
            date = date.tomorrow().unwrap();
        }
    }
    found.sort();
    found
}

/// Every start that the one function gives for the same year.
fn known(table: &Timetable) -> Vec<Timestamp> {
    let today = date(2026, 11, 23);
    let midnight = |date| dates::midnight(date).unwrap();
    let window = Window { from: midnight(today), to: midnight(today.saturating_add(366.days())), today };
    table.occurrences(window).into_iter().filter(Occurrence::is_on).map(|one| one.start).collect()
}

#[test]
fn the_schedules_say_each_open_session_once_and_no_closed_one() {
    let rules = [
        r#"every = "week", days = ["thu", "mon"], times = [{ from = "16:00", to = "18:00" }, { from = "19:00", to = "20:00" }], starts = 2026-11-02"#,
        r#"every = "week", days = ["sat"], times = [{ from = "22:00", to = "01:30" }], starts = 2026-12-01, ends = 2027-06-30"#,
        r#"every = "week", days = ["sun"], times = [{ from = "01:30", to = "03:00" }], starts = 2026-12-01"#,
        r#"every = "weeks", n = 2, days = ["fri", "mon"], times = [{ from = "16:00", to = "18:00" }], starts = 2026-11-06"#,
        r#"every = "weeks", n = 3, days = ["wed"], times = [{ from = "16:00", to = "18:00" }], starts = 2020-01-01"#,
        r#"every = "month", nth = 1, day = "thu", times = [{ from = "16:00", to = "18:00" }], starts = 2026-11-02"#,
        r#"every = "month", nth = 5, day = "mon", times = [{ from = "16:00", to = "18:00" }], starts = 2026-11-02"#,
        r#"every = "month", nth = -1, day = "fri", times = [{ from = "16:00", to = "18:00" }], starts = 2026-11-02"#,
        r#"every = "date", dates = [2026-12-01, 2026-12-25, 2027-05-01], times = [{ from = "16:00", to = "18:00" }]"#,
        r#"every = "not-known", says = "Mondays, some say.""#,
    ];
    let closed = "kind = \"closed\"";
    let changes = [
        exception("training", "2026-11-30", "2026-11-30", MADE, closed),
        exception("summer", "2027-07-20", "2027-08-31", MADE, closed),
        exception("first", "2026-11-20", "2026-12-08", MADE, closed),
        exception(
            "late",
            "2027-01-01",
            "2027-01-31",
            MADE,
            "kind = \"other-hours\"\ntimes = [{ from = \"17:00\", to = \"18:30\" }]",
        ),
        exception("works", "2026-12-10", "2026-12-20", MADE, "kind = \"other-place\"\nat = \"library\""),
        exception(
            "more",
            "2027-02-02",
            "2027-02-05",
            MADE,
            "kind = \"extra\"\ntimes = [{ from = \"10:00\", to = \"11:00\" }]\nat = \"library\"",
        ),
    ];
    for rule in rules {
        // Every set of changes.
        for set in 0..1_usize << changes.len() {
            let chosen: String =
                changes.iter().enumerate().filter(|(n, _)| set >> n & 1 == 1).map(|(_, it)| it.as_str()).collect();
            let table = read(&format!("{}{chosen}", session("drop-in", "hall", rule)));
            let service = service(&table);
            assert_eq!(said(&service), known(&table), "{rule}\n{chosen}");
            let ids: BTreeSet<_> =
                service["schedules"].as_array().unwrap().iter().map(|it| it["id"].to_string()).collect();
            assert_eq!(ids.len(), service["schedules"].as_array().unwrap().len(), "an id twice: {rule}\n{chosen}");
        }
    }
}

const MONDAYS: &str =
    r#"every = "week", days = ["mon"], times = [{ from = "16:00", to = "18:00" }], starts = 2026-11-02"#;

fn mondays(rest: &str) -> Timetable {
    read(&format!("{}{rest}", session("drop-in", "hall", MONDAYS)))
}

#[test]
fn a_rule_is_said_as_far_as_it_holds_and_by_london_s_clock() {
    let service = service(&mondays(""));
    let first = &service["schedules"][0];
    let field = |name: &str| first[name].as_str().unwrap();
    assert_eq!((field("freq"), field("byday"), field("wkst")), ("WEEKLY", "MO", "MO"));
    assert_eq!((field("valid_from"), field("dtstart")), ("2026-11-23", "2026-11-23"));
    // Boxing Day is kept on the 28th: the hall is closed.
    assert_eq!((field("until"), field("valid_to")), ("2026-12-21", "2026-12-27"));
    assert_eq!(
        (field("opens_at"), field("closes_at"), first["timezone"].as_i64()),
        ("16:00+00:00", "18:00+00:00", Some(0))
    );
    assert_eq!(field("description"), "Every Monday, 4pm to 6pm");
    assert_eq!(
        service["schedules"][1]["description"],
        "Closed on Monday 28 December, 4pm to 6pm: Boxing Day (substitute day)"
    );
    let summer = service["schedules"].as_array().unwrap().iter().find(|it| it["valid_from"] == "2027-03-29").unwrap();
    assert_eq!((summer["opens_at"].as_str(), summer["timezone"].as_i64()), (Some("16:00+01:00"), Some(1)));
}

#[test]
fn what_differs_soon_is_an_alert_and_what_is_not_known_is_left_out() {
    let table = mondays(&exception("flood", "2026-11-30", "2026-11-30", MADE, "kind = \"closed\""));
    let said = service(&table);
    assert_eq!(
        said["alert"],
        "Not yet confirmed by the service: ask before you go. Closed on Monday 30 November, 4pm to 6pm: flood."
    );
    assert_eq!(said["status"], "active");
    assert_eq!((said["minimum_age"].as_i64(), said["maximum_age"].as_i64()), (Some(16), Some(24)));
    let place = &said["service_at_locations"][0]["location"];
    for (object, names) in [
        (&said, &["assured_date", "fees_description", "phones", "email"][..]),
        (place, &["addresses", "latitude", "transportation", "accessibility", "description"][..]),
    ] {
        for name in names {
            assert!(object.get(*name).is_none(), "{name}: {object}");
        }
    }
    fn no_null(value: &Value) {
        match value {
            Value::Null => panic!("null"),
            Value::Array(all) => all.iter().for_each(no_null),
            Value::Object(all) => all.values().for_each(no_null),
            _ => {}
        }
    }
    no_null(&said);
}

#[test]
fn what_is_known_stands_in_its_field() {
    let mut table = mondays("");
    let hall = table.places.get_mut("hall").unwrap();
    hall.address = Some("The Room, 1 Chapel Street, Lancaster".to_owned());
    hall.postcode = Some("LA1 1AA".to_owned());
    hall.phone = Some("01524 000000".to_owned());
    hall.access = Some("One step at the door.".to_owned());
    hall.cost = Some("Free".to_owned());
    (hall.lat, hall.lon) = (Some(54.05), Some(-2.8));
    let on = date(2026, 11, 20);
    table.confirmations.insert("drop-in".to_owned(), Confirmation { by_role: "the duty manager".to_owned(), on });
    let said = service(&table);
    assert_eq!((said["assured_date"].as_str(), said.get("alert")), (Some("2026-11-20"), None));
    assert_eq!((&said["fees_description"], &said["phones"][0]["number"]), (&"Free".into(), &"01524 000000".into()));
    let place = &said["service_at_locations"][0]["location"];
    let address = &place["addresses"][0];
    assert_eq!((&address["address_1"], &address["city"]), (&"The Room, 1 Chapel Street".into(), &"Lancaster".into()));
    assert_eq!(
        (&place["latitude"], &place["accessibility"][0]["description"]),
        (&54.05.into(), &"One step at the door.".into())
    );
}

#[test]
fn a_service_that_is_shut_or_over_says_so() {
    let status = |table: &Timetable| service(table)["status"].as_str().unwrap().to_owned();
    let away = exception("away", "2026-11-20", "2026-12-31", MADE, "kind = \"closed\"");
    assert_eq!(status(&mondays(&away)), "temporarily closed");
    let mut table = mondays("");
    table.places.get_mut("hall").unwrap().status = PlaceStatus::Closed;
    let said = service(&table);
    assert_eq!(said["status"], "temporarily closed");
    assert!(said["alert"].as_str().unwrap().starts_with("The Hall is closed."));
    let over = format!("{MONDAYS}, ends = 2026-11-16");
    assert_eq!(status(&read(&session("drop-in", "hall", &over))), "inactive");
    let unknown = r#"every = "not-known", says = "Mondays, some say.""#;
    let said = service(&read(&session("drop-in", "hall", unknown)));
    assert_eq!((said["status"].as_str(), said["schedules"].as_array().unwrap().len()), (Some("active"), 0));
}

#[test]
fn ids_are_uuids_that_depend_on_the_host_and_the_name_only() {
    let id = |table: &Timetable, origin: &'static str| {
        let page = Published::new(table, About { origin, ..ABOUT }, now()).page(1, 1);
        page["contents"][0]["id"].as_str().unwrap().to_owned()
    };
    let table = mondays("");
    let first = id(&table, "https://drop.example");
    let mut changed = table.clone();
    changed.sessions.get_mut("drop-in").unwrap().name = "Another name".to_owned();
    assert_eq!(id(&changed, "http://drop.example:3000"), first);
    assert_ne!(id(&table, "https://other.example"), first);
    let parts: Vec<_> = first.split('-').map(str::len).collect();
    assert_eq!(parts, [8, 4, 4, 4, 12]);
    assert_eq!(&first[14..15], "8");
    assert!(matches!(&first[19..20], "8" | "9" | "a" | "b"));
}

#[test]
fn pages_of_services_hold_each_once() {
    let all: String =
        (1..=7).map(|n| session(&format!("s{n}"), "hall", r#"every = "not-known", says = "Ask""#)).collect();
    let table = read(&all);
    let published = Published::new(&table, ABOUT, now());
    let mut ids = BTreeSet::new();
    for number in 1..=3 {
        let page = published.page(number, 3);
        assert_eq!((page["total_items"].as_u64(), page["total_pages"].as_u64()), (Some(7), Some(3)));
        assert_eq!((page["first_page"] == true, page["last_page"] == true), (number == 1, number == 3));
        ids.extend(page["contents"].as_array().unwrap().iter().map(|one| one["id"].to_string()));
    }
    assert_eq!(ids.len(), 7);
    for number in [4, usize::MAX] {
        let beyond = published.page(number, 3);
        assert_eq!((&beyond["empty"], &beyond["size"]), (&true.into(), &0.into()));
    }
}
