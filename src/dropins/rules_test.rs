//! Promises of the timetable, one by one, on small hand-written timetables. What differs from usual is in
//! `rules_exceptions_test.rs`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use serde::Deserialize;

use super::dates::{london, london_date};
use super::words::when;
use super::*;

/// The shape of the files, all in one text.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Files {
    locality: BTreeMap<String, Locality>,
    district: BTreeMap<String, District>,
    place: BTreeMap<String, Place>,
    session: BTreeMap<String, Session>,
    exception: BTreeMap<String, Exception>,
}

pub(super) const GROUND: &str = r#"
[locality.north]
name = "North"
order = 1
council = "A council"
owner = "Leaving care service"
checked_on = 2026-11-01
review_by = 2027-02-01
[district.lancaster]
name = "Lancaster"
locality = "north"
claim = "source"
owner = "Leaving care service"
checked_on = 2026-11-01
review_by = 2027-02-01
[place.hall]
name = "The Hall"
district = "lancaster"
who = "Care leavers aged 16 to 24"
min_age = 16
max_age = 24
bank_holidays = "closed"
status = "open"
owner = "Leaving care service"
checked_on = 2026-11-21
review_by = 2027-02-19
claim = "source"
[place.library]
name = "The Library"
district = "lancaster"
who = "Care leavers"
bank_holidays = "ask"
status = "not-confirmed"
owner = "Leaving care service"
checked_on = "2026-11-21"
review_by = "2027-02-19"
claim = "source"
"#;

pub(super) fn read(text: &str) -> Timetable {
    let files: Files = toml::from_str(&format!("{GROUND}\n{text}")).unwrap();
    Timetable {
        localities: files.locality,
        districts: files.district,
        places: files.place,
        sessions: files.session,
        exceptions: files.exception,
        confirmations: BTreeMap::new(),
        holidays: BTreeMap::from([
            (date(2026, 12, 25), "Christmas Day".to_owned()),
            (date(2026, 12, 28), "Boxing Day (substitute day)".to_owned()),
        ]),
    }
}

/// One session at the hall with this rule, and whatever else.
pub(super) fn with_rule(rule: &str, rest: &str) -> Timetable {
    read(&format!("{}{rest}", session("drop-in", "hall", rule)))
}

pub(super) fn session(slug: &str, place: &str, rule: &str) -> String {
    format!(
        r#"
[session.{slug}]
place = "{place}"
name = "Drop-in"
kind = "drop-in"
come = "just-come"
owner = "Leaving care service"
checked_on = 2026-11-21
review_by = 2027-02-19
claim = "source"
rule = {{ {rule} }}
"#
    )
}

/// An exception on the session `drop-in`.
pub(super) fn exception(slug: &str, from: &str, to: &str, made_on: &str, what: &str) -> String {
    format!(
        "\n[exception.{slug}]\nsession = \"drop-in\"\nfrom = {from}\nto = {to}\nmade_on = {made_on}\nreason = \"{slug}\"\n{what}\n"
    )
}

pub(super) const MONDAYS: &str =
    r#"every = "week", days = ["mon"], times = [{ from = "16:00", to = "18:00" }], starts = 2026-11-02"#;

pub(super) fn days(from: Date, to: Date) -> Window {
    Window {
        from: dates::midnight(from).unwrap(),
        to: dates::midnight(to.tomorrow().unwrap()).unwrap(),
        today: date(2026, 11, 21),
    }
}

pub(super) fn found(table: &Timetable, from: Date, to: Date) -> Vec<Occurrence> {
    table.occurrences(days(from, to))
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse::<jiff::civil::DateTime>().unwrap().to_zoned(london()).unwrap().timestamp()
}

pub(super) fn told(found: &[Occurrence]) -> Vec<String> {
    found
        .iter()
        .map(|one| {
            let reason = one.reason.as_deref().map_or(String::new(), |reason| format!(": {reason}"));
            format!("{} @{} {:?}{reason}", when(one), one.place, one.status)
        })
        .collect()
}

#[test]
fn london_is_london() {
    assert_eq!(london().iana_name(), Some("Europe/London"));
}

#[test]
fn a_weekly_session_is_on_each_of_its_days() {
    let table = with_rule(
        r#"every = "week", days = ["mon", "thu"], times = [{ from = "16:00", to = "18:00" }], starts = 2026-12-01"#,
        "",
    );
    assert_eq!(
        told(&found(&table, date(2026, 11, 30), date(2026, 12, 10))),
        [
            "Thursday 3 December, 4pm to 6pm @hall On",
            "Monday 7 December, 4pm to 6pm @hall On",
            "Thursday 10 December, 4pm to 6pm @hall On",
        ]
    );
}

#[test]
fn a_session_with_two_times_a_day_is_on_twice_a_day() {
    let table = with_rule(
        r#"every = "week", days = ["tue"], times = [{ from = "16:00", to = "18:00" }, { from = "10:00", to = "12:00" }], starts = 2026-12-01"#,
        "",
    );
    assert_eq!(
        told(&found(&table, date(2026, 12, 1), date(2026, 12, 1))),
        ["Tuesday 1 December, 10am to 12 noon @hall On", "Tuesday 1 December, 4pm to 6pm @hall On"]
    );
}

#[test]
fn times_written_twice_are_on_once() {
    let time = r#"{ from = "16:00", to = "18:00" }"#;
    let table = with_rule(&MONDAYS.replace(time, &format!("{time}, {time}")), "");
    assert_eq!(found(&table, date(2026, 12, 7), date(2026, 12, 7)).len(), 1);
}

#[test]
fn every_two_weeks_counts_from_the_week_that_holds_its_start() {
    // Starts on a Thursday: the Monday of that week is past, the next is two weeks after that week.
    let table = with_rule(
        r#"every = "weeks", n = 2, days = ["mon", "fri"], times = [{ from = "16:00", to = "18:00" }], starts = 2026-11-05"#,
        "",
    );
    let dates: Vec<Date> = found(&table, date(2026, 11, 1), date(2026, 12, 6)).iter().map(Occurrence::date).collect();
    assert_eq!(
        dates,
        [date(2026, 11, 6), date(2026, 11, 16), date(2026, 11, 20), date(2026, 11, 30), date(2026, 12, 4)]
    );
}

#[test]
fn every_two_weeks_keeps_its_step_over_the_new_year() {
    let table = with_rule(
        r#"every = "weeks", n = 2, days = ["wed"], times = [{ from = "16:00", to = "18:00" }], starts = 2026-12-16"#,
        "",
    );
    let dates: Vec<Date> = found(&table, date(2026, 12, 1), date(2027, 1, 31)).iter().map(Occurrence::date).collect();
    assert_eq!(dates, [date(2026, 12, 16), date(2026, 12, 30), date(2027, 1, 13), date(2027, 1, 27)]);
}

fn monthly(nth: i8, from: Date, to: Date) -> Vec<Date> {
    let table = with_rule(
        &format!(
            r#"every = "month", nth = {nth}, day = "thu", times = [{{ from = "16:00", to = "18:00" }}], starts = 2026-01-01"#
        ),
        "",
    );
    found(&table, from, to).iter().map(Occurrence::date).collect()
}

#[test]
fn a_monthly_session_is_on_its_weekday_of_the_month() {
    assert_eq!(
        monthly(1, date(2026, 10, 1), date(2026, 12, 31)),
        [date(2026, 10, 1), date(2026, 11, 5), date(2026, 12, 3)]
    );
    assert_eq!(
        monthly(-1, date(2026, 10, 1), date(2026, 12, 31)),
        [date(2026, 10, 29), date(2026, 11, 26), date(2026, 12, 31)]
    );
}

#[test]
fn a_month_without_a_fifth_thursday_has_none() {
    assert_eq!(monthly(5, date(2026, 10, 1), date(2026, 12, 31)), [date(2026, 10, 29), date(2026, 12, 31)]);
}

#[test]
fn a_leap_day_is_a_day_like_any_other() {
    // 29 February 2024 was the fifth Thursday, and the last.
    let table = with_rule(
        r#"every = "month", nth = 5, day = "thu", times = [{ from = "16:00", to = "18:00" }], starts = 2024-01-01"#,
        "",
    );
    let dates: Vec<Date> = found(&table, date(2024, 2, 1), date(2024, 3, 31)).iter().map(Occurrence::date).collect();
    assert_eq!(dates, [date(2024, 2, 29)]);
    let last = with_rule(
        r#"every = "month", nth = -1, day = "thu", times = [{ from = "23:00", to = "01:00" }], starts = 2024-01-01"#,
        "",
    );
    let found = found(&last, date(2024, 2, 29), date(2024, 3, 1));
    assert_eq!((found[0].start, found[0].end), (at("2024-02-29T23:00"), at("2024-03-01T01:00")));
}

#[test]
fn single_dates_are_on_once_each() {
    let table = with_rule(
        r#"every = "date", dates = [2026-12-09, "2026-12-01", 2026-12-09], times = [{ from = "16:00", to = "18:00" }]"#,
        "",
    );
    let dates: Vec<Date> = found(&table, date(2026, 11, 1), date(2026, 12, 31)).iter().map(Occurrence::date).collect();
    assert_eq!(dates, [date(2026, 12, 1), date(2026, 12, 9)]);
}

#[test]
fn a_rule_that_is_not_known_promises_nothing_but_an_extra_session_stands() {
    let rule = r#"every = "not-known", says = "Mondays, some say.""#;
    assert!(found(&with_rule(rule, ""), date(2026, 1, 1), date(2027, 1, 1)).is_empty());
    let extra = exception(
        "Party",
        "2026-12-07",
        "2026-12-07",
        "2026-11-20T09:00:00Z",
        "kind = \"extra\"\ntimes = [{ from = \"17:00\", to = \"19:00\" }]",
    );
    assert_eq!(
        told(&found(&with_rule(rule, &extra), date(2026, 1, 1), date(2027, 1, 1))),
        ["Monday 7 December, 5pm to 7pm @hall Extra: Party"]
    );
}

#[test]
fn a_session_ends_on_its_last_day() {
    let table = with_rule(&format!("{MONDAYS}, ends = 2026-11-16"), "");
    let dates: Vec<Date> = found(&table, date(2026, 11, 1), date(2026, 12, 31)).iter().map(Occurrence::date).collect();
    assert_eq!(dates, [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)]);
}

#[test]
fn a_session_over_midnight_belongs_to_the_evening_it_starts() {
    let rule = r#"every = "week", days = ["fri"], times = [{ from = "22:00", to = "01:00" }], starts = 2026-11-06, ends = 2026-11-06"#;
    let table = with_rule(rule, "");
    let saturday = found(&table, date(2026, 11, 7), date(2026, 11, 7));
    assert_eq!(told(&saturday), ["Friday 6 November, 10pm to 1am @hall On"], "still running on Saturday morning");
    assert_eq!(table.open_now(at("2026-11-07T00:59")).len(), 1);
    assert!(table.open_now(at("2026-11-07T01:00")).is_empty(), "the end is not part of it");
    let closed_saturday = exception("Shut", "2026-11-07", "2026-11-07", "2026-11-01T09:00:00Z", "kind = \"closed\"");
    let table = with_rule(rule, &closed_saturday);
    assert_eq!(table.open_now(at("2026-11-07T00:30")).len(), 1, "Saturday's closure leaves Friday night alone");
}

#[test]
fn hours_stay_the_same_on_the_wall_when_the_clocks_change() {
    let table = with_rule(
        r#"every = "week", days = ["sun"], times = [{ from = "17:00", to = "19:00" }], starts = 2026-01-01"#,
        "",
    );
    for (day, utc) in [
        (date(2026, 3, 22), "2026-03-22T17:00:00Z"),
        (date(2026, 3, 29), "2026-03-29T16:00:00Z"),
        (date(2026, 10, 18), "2026-10-18T16:00:00Z"),
        (date(2026, 10, 25), "2026-10-25T17:00:00Z"),
    ] {
        let found = found(&table, day, day);
        assert_eq!(found[0].start, utc.parse::<Timestamp>().unwrap());
        assert_eq!(words::hours(&found[0]), "5pm to 7pm");
    }
}

#[test]
fn a_night_across_a_clock_change_is_an_hour_shorter_in_march_and_longer_in_october() {
    let table = with_rule(
        r#"every = "week", days = ["sat"], times = [{ from = "22:00", to = "04:00" }], starts = 2026-01-01"#,
        "",
    );
    for (day, hours) in [(date(2026, 3, 28), 5), (date(2026, 10, 24), 7), (date(2026, 11, 7), 6)] {
        let found = found(&table, day, day);
        assert_eq!(found.last().unwrap().end.duration_since(found.last().unwrap().start).as_hours(), hours);
    }
}

#[test]
fn a_time_the_spring_clocks_skip_moves_forward_and_the_session_keeps_some_length() {
    let rule = |to: &str| {
        with_rule(&format!(r#"every = "date", dates = [2026-03-29], times = [{{ from = "01:30", to = "{to}" }}]"#), "")
    };
    let day = date(2026, 3, 29);
    let long = found(&rule("04:00"), day, day);
    assert_eq!(words::hours(&long[0]), "2.30am to 4am");
    let short = found(&rule("02:15"), day, day);
    assert_eq!(words::hours(&short[0]), "2.30am to 3.15am");
}

#[test]
fn a_time_that_comes_twice_in_autumn_is_the_first() {
    let table = with_rule(r#"every = "date", dates = [2026-10-25], times = [{ from = "01:30", to = "03:00" }]"#, "");
    let found = found(&table, date(2026, 10, 25), date(2026, 10, 25));
    assert_eq!(found[0].start, "2026-10-25T00:30:00Z".parse::<Timestamp>().unwrap());
}

#[test]
fn a_confirmation_counts_for_ninety_days() {
    let mut table = with_rule(MONDAYS, "");
    let certainty = |table: &Timetable| found(table, date(2026, 11, 23), date(2026, 11, 23)).pop().unwrap().certainty;
    assert_eq!(certainty(&table), Certainty::NotYet);
    let mut confirm = |on| {
        table.confirmations.insert("drop-in".to_owned(), Confirmation { by_role: "the duty manager".to_owned(), on });
        certainty(&table)
    };
    let ninety_days_before = date(2026, 8, 23);
    assert_eq!(
        confirm(ninety_days_before),
        Certainty::Confirmed { by_role: "the duty manager".into(), on: ninety_days_before }
    );
    assert_eq!(confirm(date(2026, 8, 22)), Certainty::Stale { on: date(2026, 8, 22) });
}

#[test]
fn the_next_change_is_a_start_an_end_or_midnight() {
    let table = with_rule(MONDAYS, "");
    let next = |text| table.next_change(at(text)).unwrap();
    assert_eq!(next("2026-12-07T09:00"), at("2026-12-07T16:00"));
    assert_eq!(next("2026-12-07T16:00"), at("2026-12-07T18:00"));
    assert_eq!(next("2026-12-07T18:00"), at("2026-12-08T00:00"));
    assert_eq!(next("2026-12-08T00:00"), at("2026-12-09T00:00"));
    assert_eq!(next("2026-03-29T00:00"), at("2026-03-30T00:00"), "a day of 23 hours");
}

#[test]
fn an_empty_window_holds_nothing_and_an_unknown_slug_has_no_next() {
    let table = with_rule(MONDAYS, "");
    let noon = at("2026-12-07T17:00");
    assert!(table.occurrences(Window { from: noon, to: noon, today: london_date(noon) }).is_empty());
    assert_eq!(table.next_of_session("nobody", noon), None);
    assert_eq!(table.next_at_place("nowhere", noon), None);
}

#[test]
fn a_day_lists_what_starts_on_it() {
    let table = with_rule(
        r#"every = "week", days = ["fri", "sat"], times = [{ from = "22:00", to = "01:00" }], starts = 2026-11-06"#,
        "",
    );
    let day = date(2026, 11, 7);
    assert_eq!(told(&table.starting_on(day, day)), ["Saturday 7 November, 10pm to 1am @hall On"]);
}

#[test]
fn the_end_of_the_calendar_is_no_trouble() {
    let table = with_rule(&MONDAYS.replace("mon", "fri").replace("16:00", "22:00").replace("18:00", "02:00"), "");
    let window = Window { from: at("9999-12-20T00:00"), to: Timestamp::MAX, today: date(2026, 11, 21) };
    assert!(!table.occurrences(window).is_empty());
    assert_eq!(table.next_change(Timestamp::MAX), None);
}

#[test]
fn a_place_knows_its_locality_and_a_locality_its_places() {
    let table = with_rule(MONDAYS, "");
    assert_eq!(table.locality_of("hall"), Some("north"));
    assert_eq!(table.locality_of("nowhere"), None);
    assert_eq!(table.places_in("north").map(|(slug, _)| slug).collect::<Vec<_>>(), ["hall", "library"]);
    assert_eq!(table.sessions_at("hall").count(), 1);
    assert_eq!(table.sessions_at("library").count(), 0);
}

#[test]
fn what_is_written_back_reads_the_same() {
    let closed = exception("shut", "2026-12-07", "2026-12-07", "2026-11-20T09:00:00Z", "kind = \"closed\"");
    let table = with_rule(&format!("{MONDAYS}, ends = 2027-03-01"), &closed);
    let session = &table.sessions["drop-in"];
    assert_eq!(&toml::from_str::<Session>(&toml::to_string(session).unwrap()).unwrap(), session);
    let place = &table.places["hall"];
    assert_eq!(&toml::from_str::<Place>(&toml::to_string(place).unwrap()).unwrap(), place);
    let exception = &table.exceptions["shut"];
    assert_eq!(&toml::from_str::<Exception>(&toml::to_string(exception).unwrap()).unwrap(), exception);
}

#[test]
fn times_and_dates_written_wrongly_are_refused() {
    for (rule, says) in [
        (MONDAYS.replace("16:00", "16.00"), "16.00"),
        (MONDAYS.replace("16:00", "24:00"), "24:00"),
        (MONDAYS.replace("16:00", "4:00"), "4:00"),
        (MONDAYS.replace("16:00", "16:00:30"), "16:00:30"),
        (MONDAYS.replace("2026-11-02", "\"2 November\""), "date"),
        (MONDAYS.replace("starts", "stars"), "stars"),
        (MONDAYS.replace("\"mon\"", "\"monday\""), "monday"),
        (MONDAYS.replace("\"week\"", "\"year\""), "year"),
    ] {
        let text = format!("{GROUND}{}", session("drop-in", "hall", &rule));
        let error = toml::from_str::<Files>(&text).err().expect("refused").to_string();
        assert!(error.contains(says), "{error}");
    }
}
