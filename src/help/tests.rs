use jiff::civil::{date, time};
use jiff::tz::TimeZone;

use super::*;

fn holidays() -> Holidays {
    [(date(2026, 12, 25), "Christmas Day".to_owned()), (date(2026, 12, 28), "Boxing Day".to_owned())].into()
}

fn at(text: &str) -> Zoned {
    text.parse::<DateTime>().unwrap().to_zoned(london()).unwrap()
}

fn line(slug: &str, purpose: Purpose, hours: Hours, order: i64) -> (String, Line) {
    let line = Line {
        slug: slug.to_owned(),
        name: slug.to_owned(),
        number: Number::new("0300 123").unwrap(),
        how: How::Call,
        text_word: None,
        purpose,
        hours,
        says: "Call.".to_owned(),
        cost: None,
        area: Vec::new(),
        min_age: None,
        max_age: None,
        order,
        owner: "Team".to_owned(),
        checked_on: date(2026, 11, 21),
        review_by: date(2027, 2, 19),
        claims: Vec::new(),
    };
    (slug.to_owned(), line)
}

fn weekly(days: &[Weekday], from: Time, to: Time, bank_holidays: OnBankHoliday) -> Hours {
    Hours::Weekly { spans: vec![Span { days: days.to_vec(), times: Times { from, to } }], bank_holidays }
}

#[test]
fn a_number_is_digits_and_single_spaces_and_nothing_else() {
    assert_eq!(Number::new("0300 123 6720").unwrap().digits(), "03001236720");
    for bad in ["", "12", "0300  123", " 999", "999 ", "+44 1234", "0800-1111", "1234567890123456", "999\n", "٩٩٩"] {
        assert!(Number::new(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn a_tap_calls_the_number_or_opens_a_text_with_the_word_in_it() {
    let (_, mut shout) = line("shout", Purpose::Talk, Hours::Always, 1);
    assert_eq!(shout.href(), "tel:0300123");
    shout.how = How::Text;
    assert_eq!(shout.href(), "sms:0300123");
    shout.text_word = Some("SHOUT".to_owned());
    assert_eq!(shout.href(), "sms:0300123?&body=SHOUT");
}

#[test]
fn the_night_line_comes_first_at_night_at_weekends_and_on_bank_holidays() {
    let lines = BTreeMap::new();
    for (moment, expected) in [
        ("2026-11-23T08:00", Variant::Day),
        ("2026-11-23T07:59:59", Variant::Night),
        ("2026-11-23T19:59", Variant::Day),
        ("2026-11-23T20:00", Variant::Night),
        ("2026-11-21T12:00", Variant::Night),
        ("2026-12-25T12:00", Variant::Night),
        ("2026-12-24T12:00", Variant::Day),
    ] {
        assert_eq!(variant_at(&lines, &at(moment), &holidays()), expected, "{moment}");
    }
}

#[test]
fn the_next_switch_skips_weekends_and_bank_holidays() {
    let lines = BTreeMap::new();
    let next = |moment| next_switch(&lines, &at(moment), &holidays()).unwrap().datetime().to_string();
    assert_eq!(next("2026-11-23T09:00"), "2026-11-23T20:00:00");
    assert_eq!(next("2026-11-23T20:00"), "2026-11-24T08:00:00");
    assert_eq!(next("2026-11-20T21:00"), "2026-11-23T08:00:00");
    assert_eq!(next("2026-12-24T20:30"), "2026-12-29T08:00:00");
    // The clocks go back on 25 October 2026: still eight by the wall.
    assert_eq!(next("2026-10-24T12:00"), "2026-10-26T08:00:00");
}

#[test]
fn the_next_opening_is_when_any_line_opens_or_closes() {
    let evening = weekly(&[Weekday::Tue], time(19, 0, 0, 0), time(23, 0, 0, 0), OnBankHoliday::Closed);
    let lines = BTreeMap::from([
        line("evening", Purpose::Talk, evening, 1),
        line("always", Purpose::Talk, Hours::Always, 2),
        line("unknown", Purpose::Talk, Hours::Unknown, 3),
    ]);
    let next = |moment| next_opening(&lines, &at(moment), &holidays()).unwrap().datetime().to_string();
    assert_eq!(next("2026-11-24T09:00"), "2026-11-24T19:00:00");
    assert_eq!(next("2026-11-24T19:00"), "2026-11-24T20:00:00", "the council's night line takes over");
    assert_eq!(next("2026-11-24T21:00"), "2026-11-24T23:00:00");
    assert_eq!(next("2026-11-24T23:00"), "2026-11-25T08:00:00");
}

#[test]
fn a_moment_given_in_another_zone_is_read_by_london_s_clocks() {
    // 19:30 UTC in summer is half past eight in London.
    let at = "2026-07-06T19:30:00Z".parse::<jiff::Timestamp>().unwrap().to_zoned(TimeZone::UTC);
    assert_eq!(variant_at(&BTreeMap::new(), &at, &holidays()), Variant::Night);
}

#[test]
fn edited_hours_of_the_day_line_move_the_switch() {
    let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
    let hours = weekly(&days, time(9, 0, 0, 0), time(17, 0, 0, 0), OnBankHoliday::Closed);
    let lines = BTreeMap::from([line("council", Purpose::CouncilDay, hours, 1)]);
    assert_eq!(variant_at(&lines, &at("2026-11-23T18:00"), &holidays()), Variant::Night);
    let next = next_switch(&lines, &at("2026-11-23T10:00"), &holidays()).unwrap();
    assert_eq!(next.datetime().to_string(), "2026-11-23T17:00:00");
}

#[test]
fn hours_over_midnight_belong_to_the_day_they_start_on() {
    let hours = weekly(&[Weekday::Fri], time(22, 0, 0, 0), time(2, 0, 0, 0), OnBankHoliday::Closed);
    let open = |moment: &str| hours.open_at(moment.parse().unwrap(), &holidays()).unwrap();
    assert!(open("2026-11-20T23:00"));
    assert!(open("2026-11-21T01:59"));
    assert!(!open("2026-11-21T02:00"));
    assert!(!open("2026-11-20T01:00"));
    assert!(!open("2026-12-25T23:00"), "closed on Christmas Day");
    assert!(!open("2026-12-26T01:00"), "and what would have run on from it");
}

#[test]
fn what_bank_holidays_change_is_as_written() {
    let noon = "2026-12-25T12:00".parse().unwrap();
    let days = [Weekday::Mon];
    let (from, to) = (time(9, 0, 0, 0), time(17, 0, 0, 0));
    assert_eq!(weekly(&days, from, to, OnBankHoliday::AllDay).open_at(noon, &holidays()), Some(true));
    assert_eq!(weekly(&days, from, to, OnBankHoliday::Open).open_at(noon, &holidays()), Some(false));
    assert_eq!(Hours::Unknown.open_at(noon, &holidays()), None);
}

#[test]
fn both_council_numbers_lead_and_open_lines_come_before_closed_ones() {
    let monday = weekly(&[Weekday::Mon], time(9, 0, 0, 0), time(17, 0, 0, 0), OnBankHoliday::Open);
    let lines = BTreeMap::from([
        line("monday", Purpose::Talk, monday, 1),
        line("unknown", Purpose::Talk, Hours::Unknown, 2),
        line("always", Purpose::Talk, Hours::Always, 3),
        line("day", Purpose::CouncilDay, Hours::Unknown, 4),
        line("night", Purpose::CouncilNight, Hours::Unknown, 5),
    ]);
    let order = |moment| -> Vec<&str> {
        strip(&lines, &at(moment), &holidays()).iter().map(|offered| offered.line.slug.as_str()).collect()
    };
    assert_eq!(order("2026-11-23T10:00"), ["day", "night", "monday", "always", "unknown"]);
    assert_eq!(order("2026-11-24T21:00"), ["night", "day", "always", "unknown", "monday"]);
}
