//! Ten years of random timetables: the function, the list, the feed and a second timetable written apart say
//! the same. `DRILL_ROUNDS` sets how many; `make drill` takes 5,000.

mod generate;
mod oracle;

use std::path::Path;
use std::process::Command;

use jiff::Timestamp;
use jiff::civil::Date;
use portal::clock::london;
use portal::dropins::calendar::{self, About, Scope};
use portal::dropins::{Occurrence, PlaceStatus, Status, Timetable, Window, json};

use oracle::Line;

/// How many feeds are read at once.
const BATCH: u64 = 50;

fn window() -> Window {
    let start = |date: Date| date.to_zoned(london()).unwrap().timestamp();
    let (first, last) = (generate::FIRST, Date::constant(2029, 12, 31));
    Window { from: start(first), to: start(last), today: Date::constant(2026, 11, 24) }
}

/// Blank where the building is shut: the second timetable leaves those words open.
fn comparable(table: &Timetable, mut lines: Vec<Line>) -> Vec<Line> {
    for line in &mut lines {
        if table.places.get(&line.place).is_some_and(|place| place.status == PlaceStatus::Closed) {
            line.reason = None;
        }
    }
    lines.sort();
    lines
}

fn told(one: &Occurrence) -> Line {
    Line {
        start: one.start.as_second(),
        end: one.end.as_second(),
        place: one.place.to_string(),
        session: one.session.to_string(),
        status: match one.status {
            Status::On => "on",
            Status::Closed => "closed",
            Status::Moved => "moved",
            Status::Changed => "other-hours",
            Status::Extra => "extra",
        },
        reason: one.reason.clone(),
    }
}

fn listed(one: &serde_json::Value) -> Line {
    let text = |name: &str| one[name].as_str().unwrap().to_owned();
    let instant = |name: &str| text(name).parse::<Timestamp>().unwrap().as_second();
    let statuses = ["on", "closed", "moved", "other-hours", "extra"];
    Line {
        start: instant("start"),
        end: instant("end"),
        place: text("place"),
        session: text("session"),
        status: statuses.into_iter().find(|status| one["status"] == *status).unwrap(),
        reason: one["reason"].as_str().map(str::to_owned),
    }
}

/// The first line in which two lists differ, and how many lines do.
fn differences(one: &[Line], other: &[Line]) -> usize {
    if one == other {
        return 0;
    }
    let apart = one.iter().filter(|line| !other.contains(line)).count();
    let missing = other.iter().filter(|line| !one.contains(line)).count();
    println!(
        "first apart: {:?} and {:?}",
        one.iter().find(|it| !other.contains(it)),
        other.iter().find(|it| !one.contains(it))
    );
    (apart + missing).max(1)
}

/// Has the feeds of a folder read by a calendar library that is not ours.
fn read_feeds(folder: &Path) {
    let reader = concat!(env!("CARGO_MANIFEST_DIR"), "/end2end/lib/read-feeds.mjs");
    let read = Command::new("node").arg(reader).arg(folder).output().unwrap();
    let says = format!("{}{}", String::from_utf8_lossy(&read.stdout), String::from_utf8_lossy(&read.stderr));
    assert!(read.status.success(), "{says}");
}

#[test]
fn ten_years_of_any_timetable_are_the_same_in_function_list_feed_and_a_second_timetable() {
    let rounds = crate::support::random::rounds(40);
    let window = window();
    let (from, to) = (window.from.as_second(), window.to.as_second());
    let (mut occurrences, mut apart) = (0, 0);
    for batch in (0..rounds).step_by(BATCH as usize) {
        let folder = tempfile::tempdir().unwrap();
        for seed in batch..rounds.min(batch + BATCH) {
            let table = generate::timetable(seed);
            let found = table.occurrences(window);
            let list = json::list(&table, window);
            occurrences += found.len();
            let by_function = comparable(&table, found.iter().map(told).collect());
            let by_oracle = comparable(&table, oracle::occurrences(&table, from, to));
            let by_list = comparable(&table, list.iter().map(listed).collect());
            let wrong = differences(&by_function, &by_oracle) + differences(&by_function, &by_list);
            if wrong > 0 {
                println!("seed {seed}: {wrong} differences");
            }
            apart += wrong;
            let about = About { origin: "https://test.example", version: 1, stamp: window.from };
            let feed = calendar::feed(&table, Scope::Everywhere, window, about);
            std::fs::write(folder.path().join(format!("{seed}.ics")), feed).unwrap();
            std::fs::write(folder.path().join(format!("{seed}.json")), serde_json::to_vec(&list).unwrap()).unwrap();
        }
        read_feeds(folder.path());
    }
    println!("{rounds} timetables of ten years, {occurrences} occurrences, {apart} differences");
    assert_eq!(apart, 0);
    assert!(occurrences as u64 > rounds * 20);
}
