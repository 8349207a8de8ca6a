//! How long the one function takes that knows what is on: a year of 200 places.

use std::hint::black_box;
use std::time::Instant;

use jiff::ToSpan as _;
use jiff::civil::{Date, date, time};
use portal::clock::london;
use portal::dropins::calendar::{self, About, Scope};
use portal::dropins::{
    BankHolidays, Come, District, Exception, ExceptionKind, Locality, Place, PlaceStatus, Rule, Session, SessionKind,
    Times, Timetable, Weekday, Window, json,
};

const PLACES: u32 = 200;
/// What one call may take, in milliseconds.
const GOAL: f64 = 5.0;

/// Prints how long a call takes, in the middle of many.
pub fn occurrences() {
    let table = timetable();
    let start = |date: Date| date.to_zoned(london()).unwrap().timestamp();
    let today = date(2026, 11, 23);
    let window = Window { from: start(today), to: start(today.saturating_add(366.days())), today };
    let found = table.occurrences(window).len();
    assert!(found > 15_000, "{found}");
    let about = About { origin: "https://bench.example", version: 1, stamp: start(today) };
    println!("\n## Occurrences for a year of {PLACES} places: {found}\n\n| | ms, median |\n|---|---:|");
    let all = median(|| table.occurrences(window).len());
    println!("| the one function | {all:.2} |");
    println!("| all of them as JSON | {:.2} |", median(|| json::list(&table, window).len()));
    println!(
        "| all of them as one calendar feed | {:.2} |",
        median(|| calendar::feed(&table, Scope::Everywhere, window, about).len())
    );
    println!(
        "| the feed of one place | {:.2} |",
        median(|| calendar::feed(&table, Scope::Place("place-7"), window, about).len())
    );
    println!("\nGoal: under {GOAL} ms for the one function: {}", if all < GOAL { "met" } else { "missed" });
}

fn median(work: impl Fn() -> usize) -> f64 {
    let mut times: Vec<f64> = (0..41)
        .map(|_| {
            let began = Instant::now();
            black_box(work());
            began.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// 200 places with a session each, most of them twice a week, and two changes a place.
fn timetable() -> Timetable {
    let mut table = Timetable::default();
    let starts = date(2026, 1, 5);
    let four_to_six = vec![Times { from: time(16, 0, 0, 0), to: time(18, 0, 0, 0) }];
    let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    for n in 0..3 {
        let (name, owner) = (format!("Locality {n}"), "Bench".to_owned());
        let council = "A council".to_owned();
        let locality = Locality { name, order: n, council, owner, checked_on: starts, review_by: starts };
        table.localities.insert(format!("locality-{n}"), locality);
    }
    for n in 0..12 {
        let (name, locality, claim) = (format!("District {n}"), format!("locality-{}", n % 3), String::new());
        let (towns, owner) = (Vec::new(), "Bench".to_owned());
        let district = District { name, locality, towns, claim, owner, checked_on: starts, review_by: starts };
        table.districts.insert(format!("district-{n}"), district);
    }
    for (n, day) in (0..PLACES).zip(days.into_iter().cycle()) {
        let place = Place {
            name: format!("Place {n}"),
            district: format!("district-{}", n % 12),
            address: Some(format!("{n} Chapel Street")),
            postcode: None,
            lat: None,
            lon: None,
            phone: None,
            access: None,
            bus: None,
            cost: None,
            note: None,
            who: "Anyone".to_owned(),
            min_age: Some(16),
            max_age: Some(25),
            bank_holidays: [BankHolidays::Closed, BankHolidays::Open, BankHolidays::Ask][n as usize % 3],
            status: PlaceStatus::Open,
            owner: "Bench".to_owned(),
            checked_on: starts,
            review_by: starts,
            claim: String::new(),
        };
        let times = four_to_six.clone();
        let two = vec![day, days[(n as usize + 2) % 7]];
        let rule = match n % 5 {
            0 => Rule::Weeks { n: 2, days: two, times, starts, ends: None },
            1 => Rule::Month { nth: -1, day, times, starts, ends: None },
            _ => Rule::Week { days: two, times, starts, ends: None },
        };
        let session = Session {
            place: format!("place-{n}"),
            name: format!("Drop-in {n}"),
            kind: SessionKind::DropIn,
            come: Come::JustCome,
            book_with: None,
            note: None,
            claim: String::new(),
            owner: "Bench".to_owned(),
            checked_on: starts,
            review_by: starts,
            rule,
        };
        for (number, kind) in [ExceptionKind::Closed, ExceptionKind::OtherHours].into_iter().enumerate() {
            let from = date(2026, 12, 1).saturating_add(i64::from(n).days());
            let exception = Exception {
                session: Some(format!("session-{n}")),
                place: None,
                from: from.saturating_add((number as i64 * 40).days()),
                to: from.saturating_add((number as i64 * 40 + 6).days()),
                kind,
                times: if number == 0 {
                    Vec::new()
                } else {
                    vec![Times { from: time(17, 0, 0, 0), to: time(19, 30, 0, 0) }]
                },
                at: None,
                reason: "Works".to_owned(),
                made_on: starts.to_zoned(london()).unwrap().timestamp(),
            };
            table.exceptions.insert(format!("exception-{n}-{number}"), exception);
        }
        table.places.insert(format!("place-{n}"), place);
        table.sessions.insert(format!("session-{n}"), session);
    }
    for month in 1..=12 {
        table.holidays.insert(date(2027, month, 1), "Bank holiday".to_owned());
    }
    table
}
