//! Drop-ins in plain English: times, dates, rules and states as people say them.
//!
//! Times follow the NHS and GOV.UK style: `7.30pm`, `4pm to 6pm`, `12 noon`, `midnight`.

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use super::dates::{london, london_date};
use super::{BankHolidays, Certainty, Come, Occurrence, Rule, SessionKind, Status, Times, Weekday};

/// A time of day: `7.30pm`, `4pm`, `12 noon`, `midnight`.
#[must_use]
pub fn clock(time: Time) -> String {
    match (time.hour(), time.minute()) {
        (0, 0) => "midnight".to_owned(),
        (12, 0) => "12 noon".to_owned(),
        (hour, minute) => {
            let half = if hour < 12 { "am" } else { "pm" };
            let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
            if minute == 0 { format!("{hour}{half}") } else { format!("{hour}.{minute:02}{half}") }
        }
    }
}

/// The London time of day at an instant, as [`clock`].
#[must_use]
pub fn clock_at(at: Timestamp) -> String {
    clock(london().to_datetime(at).time())
}

/// `4pm to 6pm`.
#[must_use]
pub fn times(times: Times) -> String {
    format!("{} to {}", clock(times.from), clock(times.to))
}

/// The full name of a day of the week.
#[must_use]
pub fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

/// The name of a month, 1 to 12.
fn month(number: i8) -> &'static str {
    match number {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        _ => "December",
    }
}

/// `Thursday 3 December`.
#[must_use]
pub fn day(date: Date) -> String {
    format!("{} {} {}", weekday(date.weekday().into()), date.day(), month(date.month()))
}

/// `3 December 2026`.
#[must_use]
pub fn date_with_year(date: Date) -> String {
    format!("{} {} {}", date.day(), month(date.month()), date.year())
}

/// `Thursday 3 December`, with the year when it is not this year's.
#[must_use]
pub fn day_seen_from(date: Date, today: Date) -> String {
    if date.year() == today.year() { day(date) } else { format!("{} {}", day(date), date.year()) }
}

/// `today`, `tomorrow` or `on Thursday 3 December`, to go on inside a sentence.
#[must_use]
pub fn near_day(date: Date, today: Date) -> String {
    if date == today {
        "today".to_owned()
    } else if today.tomorrow().is_ok_and(|tomorrow| tomorrow == date) {
        "tomorrow".to_owned()
    } else {
        format!("on {}", day_seen_from(date, today))
    }
}

/// The hours of an occurrence: `4pm to 6pm`.
#[must_use]
pub fn hours(occurrence: &Occurrence) -> String {
    format!("{} to {}", clock_at(occurrence.start), clock_at(occurrence.end))
}

/// `Thursday 3 December, 4pm to 6pm`.
#[must_use]
pub fn when(occurrence: &Occurrence) -> String {
    format!("{}, {}", day(occurrence.date()), hours(occurrence))
}

/// How an occurrence differs from usual, in a word or two; `None` when it does not.
#[must_use]
pub fn status(status: Status) -> Option<&'static str> {
    match status {
        Status::On => None,
        Status::Closed => Some("Closed"),
        Status::Moved => Some("Different place"),
        Status::Changed => Some("Different times"),
        Status::Extra => Some("Extra session"),
    }
}

/// How an occurrence stands at an instant, in one line: `Open now, closes 7.30pm`,
/// `Closed today: Staff training`, `Opens tomorrow at 4pm`, `Finished at 6pm`.
///
/// What differs from usual follows with its reason: `Opens today at 5pm. Different times: School
/// holidays`.
#[must_use]
pub fn state(occurrence: &Occurrence, at: Timestamp) -> String {
    let today = london_date(at);
    if !occurrence.is_on() {
        let closed = format!("Closed {}", near_day(occurrence.date(), today));
        return match &occurrence.reason {
            Some(reason) => format!("{closed}: {reason}"),
            None => closed,
        };
    }
    let line = if occurrence.is_open_at(at) {
        format!("Open now, closes {}", clock_at(occurrence.end))
    } else if at < occurrence.start {
        format!("Opens {} at {}", near_day(occurrence.date(), today), clock_at(occurrence.start))
    } else {
        format!("Finished at {}", clock_at(occurrence.end))
    };
    match note(occurrence) {
        Some(note) => format!("{line}. {note}"),
        None => line,
    }
}

/// What to know besides the time, if it is on: `Different place: The hall is flooded`,
/// `Bank holiday: ask first`.
#[must_use]
pub fn note(occurrence: &Occurrence) -> Option<String> {
    match (status(occurrence.status), &occurrence.reason) {
        (Some(differs), Some(reason)) => Some(format!("{differs}: {reason}")),
        (Some(differs), None) => Some(differs.to_owned()),
        (None, reason) => reason.clone(),
    }
}

/// A rule in one line: `Every Monday, 4pm to 6pm`, `Every 2 weeks on Thursday, 5pm to 7pm`,
/// `First Thursday of the month, 4pm to 6pm`. A start still to come and an end are added.
#[must_use]
pub fn rule(rule: &Rule, today: Date) -> String {
    let at = |days: String, at: &[Times]| {
        if at.is_empty() { days } else { format!("{days}, {}", and(at.iter().copied().map(times).collect())) }
    };
    match rule {
        Rule::Week { days, times, starts, ends } | Rule::Weeks { n: 1, days, times, starts, ends } => {
            at(every(days), times) + &bounds(*starts, *ends, today)
        }
        Rule::Weeks { n, days, times, starts, ends } => {
            at(format!("Every {n} weeks on {}", and(names(days))), times) + &bounds(*starts, *ends, today)
        }
        Rule::Month { nth, day, times, starts, ends } => {
            let which = match nth {
                1 => "First",
                2 => "Second",
                3 => "Third",
                4 => "Fourth",
                5 => "Fifth",
                _ => "Last",
            };
            at(format!("{which} {} of the month", weekday(*day)), times) + &bounds(*starts, *ends, today)
        }
        Rule::Date { dates, times } => {
            let mut dates = dates.clone();
            dates.sort_unstable();
            dates.dedup();
            at(and(dates.into_iter().map(|date| day_seen_from(date, today)).collect()), times)
        }
        Rule::NotKnown { says } => says.clone(),
    }
}

fn names(days: &[Weekday]) -> Vec<String> {
    let mut days = days.to_vec();
    days.sort_unstable();
    days.dedup();
    days.into_iter().map(|day| weekday(day).to_owned()).collect()
}

fn every(days: &[Weekday]) -> String {
    let names = names(days);
    let weekend = days.contains(&Weekday::Sat) || days.contains(&Weekday::Sun);
    match names.len() {
        7 => "Every day".to_owned(),
        5 if !weekend => "Monday to Friday".to_owned(),
        _ => format!("Every {}", and(names)),
    }
}

fn bounds(starts: Date, ends: Option<Date>, today: Date) -> String {
    match ends {
        Some(ends) if ends < today => format!(" (ended on {})", date_with_year(ends)),
        Some(ends) if starts > today => format!(", from {} to {}", date_with_year(starts), date_with_year(ends)),
        Some(ends) => format!(", until {}", date_with_year(ends)),
        None if starts > today => format!(", from {}", date_with_year(starts)),
        None => String::new(),
    }
}

/// `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn and(mut items: Vec<String>) -> String {
    let Some(last) = items.pop() else { return String::new() };
    if items.is_empty() { last } else { format!("{} and {last}", items.join(", ")) }
}

/// Who may come by age: `Ages 16 to 24`, `Up to 18`, `16 and over`, `Any age`. Both ends are
/// inclusive.
#[must_use]
pub fn ages(youngest: Option<u8>, oldest: Option<u8>) -> String {
    match (youngest, oldest) {
        (Some(youngest), Some(oldest)) if youngest == oldest => format!("Age {youngest}"),
        (Some(youngest), Some(oldest)) => format!("Ages {youngest} to {oldest}"),
        (Some(youngest), None) => format!("{youngest} and over"),
        (None, Some(oldest)) => format!("Up to {oldest}"),
        (None, None) => "Any age".to_owned(),
    }
}

/// How a person comes: `Just come`, `Book first`, `Ask first`.
#[must_use]
pub fn come(come: Come) -> &'static str {
    match come {
        Come::JustCome => "Just come",
        Come::BookFirst => "Book first",
        Come::AskFirst => "Ask first",
    }
}

/// What kind of meeting it is.
#[must_use]
pub fn kind(kind: SessionKind) -> &'static str {
    match kind {
        SessionKind::DropIn => "Drop-in",
        SessionKind::Forum => "Forum",
        SessionKind::Group => "Group",
    }
}

/// What a place does on bank holidays.
#[must_use]
pub fn bank_holidays(habit: BankHolidays) -> &'static str {
    match habit {
        BankHolidays::Closed => "Closed on bank holidays",
        BankHolidays::Open => "Open on bank holidays",
        BankHolidays::Ask => "Ask first on bank holidays",
    }
}

/// How sure we are, as a sentence without its full stop.
#[must_use]
pub fn certainty(certainty: &Certainty) -> String {
    match certainty {
        Certainty::Confirmed { by_role, on } => format!("Confirmed by {by_role} on {}", date_with_year(*on)),
        Certainty::NotYet => "Not yet confirmed by the service: ask before you go".to_owned(),
        Certainty::Stale { on } => {
            format!("Last confirmed on {}: ask before you go", date_with_year(*on))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

    use jiff::civil::{date, time};

    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 21);

    fn at(text: &str) -> Timestamp {
        text.parse::<jiff::civil::DateTime>().unwrap().to_zoned(london()).unwrap().timestamp()
    }

    fn occurrence(status: Status, reason: Option<&str>) -> Occurrence {
        Occurrence {
            key: "drop-in.2026-12-03.1".to_owned(),
            session: "drop-in".into(),
            place: "hall".into(),
            start: at("2026-12-03T16:00"),
            end: at("2026-12-03T19:30"),
            status,
            reason: reason.map(str::to_owned),
            certainty: Certainty::NotYet,
        }
    }

    fn four_to_six() -> Vec<Times> {
        vec![Times { from: time(16, 0, 0, 0), to: time(18, 0, 0, 0) }]
    }

    #[test]
    fn times_are_said_as_people_say_them() {
        for (hour, minute, said) in [
            (0, 0, "midnight"),
            (0, 15, "12.15am"),
            (9, 5, "9.05am"),
            (12, 0, "12 noon"),
            (12, 30, "12.30pm"),
            (16, 0, "4pm"),
            (19, 30, "7.30pm"),
        ] {
            assert_eq!(clock(time(hour, minute, 0, 0)), said);
        }
        assert_eq!(times(Times { from: time(22, 0, 0, 0), to: time(0, 0, 0, 0) }), "10pm to midnight");
    }

    #[test]
    fn every_month_and_day_of_the_week_has_its_name() {
        for step in 0..12_i8 {
            let date = date(2026, step + 1, step + 1);
            assert_eq!(day(date), date.strftime("%A %-d %B").to_string());
        }
    }

    #[test]
    fn an_occurrence_says_its_day_and_hours() {
        assert_eq!(when(&occurrence(Status::On, None)), "Thursday 3 December, 4pm to 7.30pm");
    }

    #[test]
    fn a_state_says_what_to_do_now() {
        let on = occurrence(Status::On, None);
        assert_eq!(state(&on, at("2026-12-03T16:00")), "Open now, closes 7.30pm");
        assert_eq!(state(&on, at("2026-12-03T15:59")), "Opens today at 4pm");
        assert_eq!(state(&on, at("2026-12-02T10:00")), "Opens tomorrow at 4pm");
        assert_eq!(state(&on, at("2026-11-30T10:00")), "Opens on Thursday 3 December at 4pm");
        assert_eq!(state(&on, at("2025-12-30T10:00")), "Opens on Thursday 3 December 2026 at 4pm");
        assert_eq!(state(&on, at("2026-12-03T19:30")), "Finished at 7.30pm");
    }

    #[test]
    fn a_closed_one_never_reads_as_open_and_gives_its_reason() {
        let closed = occurrence(Status::Closed, Some("Staff training"));
        assert_eq!(state(&closed, at("2026-12-03T17:00")), "Closed today: Staff training");
        assert_eq!(state(&closed, at("2026-11-30T17:00")), "Closed on Thursday 3 December: Staff training");
        assert_eq!(state(&occurrence(Status::Closed, None), at("2026-12-03T17:00")), "Closed today");
    }

    #[test]
    fn what_differs_is_said_after_the_time() {
        let now = at("2026-12-03T17:00");
        assert_eq!(
            state(&occurrence(Status::Moved, Some("Flood")), now),
            "Open now, closes 7.30pm. Different place: Flood"
        );
        assert_eq!(state(&occurrence(Status::Extra, None), now), "Open now, closes 7.30pm. Extra session");
        assert_eq!(
            state(&occurrence(Status::On, Some("Bank holiday: ask first")), now),
            "Open now, closes 7.30pm. Bank holiday: ask first"
        );
    }

    #[test]
    fn a_rule_is_said_in_one_line() {
        use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
        let starts = date(2026, 1, 1);
        let week = |days: &[Weekday], ends| Rule::Week { days: days.to_vec(), times: four_to_six(), starts, ends };
        assert_eq!(rule(&week(&[Mon], None), TODAY), "Every Monday, 4pm to 6pm");
        assert_eq!(rule(&week(&[Thu, Mon, Tue], None), TODAY), "Every Monday, Tuesday and Thursday, 4pm to 6pm");
        assert_eq!(rule(&week(&[Mon, Tue, Wed, Thu, Fri], None), TODAY), "Monday to Friday, 4pm to 6pm");
        assert_eq!(rule(&week(&[Mon, Tue, Wed, Thu, Fri, Sat, Sun], None), TODAY), "Every day, 4pm to 6pm");
        let weeks = |n| Rule::Weeks { n, days: vec![Thu], times: four_to_six(), starts, ends: None };
        assert_eq!(rule(&weeks(2), TODAY), "Every 2 weeks on Thursday, 4pm to 6pm");
        assert_eq!(rule(&weeks(1), TODAY), "Every Thursday, 4pm to 6pm");
        for (nth, said) in [(1, "First"), (2, "Second"), (3, "Third"), (4, "Fourth"), (5, "Fifth"), (-1, "Last")] {
            let month = Rule::Month { nth, day: Thu, times: four_to_six(), starts, ends: None };
            assert_eq!(rule(&month, TODAY), format!("{said} Thursday of the month, 4pm to 6pm"));
        }
        let dates = Rule::Date { dates: vec![date(2027, 1, 5), date(2026, 12, 1)], times: four_to_six() };
        assert_eq!(rule(&dates, TODAY), "Tuesday 1 December and Tuesday 5 January 2027, 4pm to 6pm");
        let unknown = Rule::NotKnown { says: "Mondays, some say.".to_owned() };
        assert_eq!(rule(&unknown, TODAY), "Mondays, some say.");
    }

    #[test]
    fn a_rule_says_when_it_starts_and_ends_if_that_matters() {
        let said =
            |starts, ends| rule(&Rule::Week { days: vec![Weekday::Mon], times: four_to_six(), starts, ends }, TODAY);
        let (past, future) = (date(2026, 1, 1), date(2027, 1, 4));
        assert_eq!(said(future, None), "Every Monday, 4pm to 6pm, from 4 January 2027");
        assert_eq!(said(past, Some(future)), "Every Monday, 4pm to 6pm, until 4 January 2027");
        assert_eq!(said(past, Some(date(2026, 3, 1))), "Every Monday, 4pm to 6pm (ended on 1 March 2026)");
    }

    #[test]
    fn ages_are_said_as_people_say_them() {
        assert_eq!(ages(Some(16), Some(24)), "Ages 16 to 24");
        assert_eq!(ages(None, Some(18)), "Up to 18");
        assert_eq!(ages(Some(16), None), "16 and over");
        assert_eq!(ages(Some(18), Some(18)), "Age 18");
        assert_eq!(ages(None, None), "Any age");
    }

    #[test]
    fn what_is_not_confirmed_says_so() {
        assert!(certainty(&Certainty::NotYet).starts_with("Not yet confirmed"));
        let on = date(2026, 8, 1);
        assert_eq!(certainty(&Certainty::Stale { on }), "Last confirmed on 1 August 2026: ask before you go");
        let by_role = "the duty manager".into();
        assert_eq!(certainty(&Certainty::Confirmed { by_role, on }), "Confirmed by the duty manager on 1 August 2026");
    }
}
