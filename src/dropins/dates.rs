//! London time, and reading dates and times from files.

use std::fmt;
use std::marker::PhantomData;

use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan as _};
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

pub use crate::clock::{london, london_date};

use super::Weekday;

/// The first instant of a London date; `None` past the end of the calendar (year 9999).
#[must_use]
pub fn midnight(date: Date) -> Option<Timestamp> {
    instant(date, Time::midnight())
}

/// The instant of a London wall-clock time. One that the clocks skip in spring moves forward an
/// hour, one that comes twice in autumn is the first. `None` past the end of the calendar.
#[must_use]
pub fn instant(date: Date, time: Time) -> Option<Timestamp> {
    london().to_timestamp(date.to_datetime(time)).ok()
}

/// One London day, with what is asked of it for every session and costs something to work out.
#[derive(Debug, Clone)]
pub struct Day {
    /// The date.
    pub date: Date,
    /// The date as keys write it.
    pub text: String,
    /// Its day of the week.
    pub weekday: Weekday,
    /// Weeks from Monday to Sunday, counted from Monday 5 January 1970.
    pub week: i64,
    /// How often this weekday has come in its month, this day included.
    pub nth: i8,
    /// Whether this weekday comes no more in its month.
    pub last: bool,
    /// Its first instant, in seconds, on days when the clocks do not change before the next is over.
    steady: Option<i64>,
}

/// Every day from the first to the last; one at least.
#[must_use]
pub fn days(first: Date, last: Date) -> Vec<Day> {
    let offset_at = |date: Date| midnight(date).map(|at| london().to_offset(at));
    let epoch = Date::constant(1970, 1, 5);
    let mut number = first.duration_since(epoch).as_hours().div_euclid(24);
    let mut days = Vec::new();
    let mut date = first;
    loop {
        // Clocks change twice a year: equal at both ends of two days is equal throughout.
        let ends = offset_at(date).zip(date.checked_add(2.days()).ok().and_then(offset_at));
        let steady = ends.filter(|(begins, ends)| begins == ends).and(midnight(date)).map(Timestamp::as_second);
        days.push(Day {
            date,
            text: date.to_string(),
            weekday: Weekday::from(date.weekday()),
            week: number.div_euclid(7),
            nth: (date.day() - 1) / 7 + 1,
            last: date.day() + 7 > date.days_in_month(),
            steady,
        });
        number += 1;
        match date.tomorrow() {
            Ok(next) if next <= last => date = next,
            _ => return days,
        }
    }
}

impl Day {
    /// As [`instant`], for a time on this day, or on the next one.
    #[must_use]
    pub fn instant(&self, next_day: bool, time: Time) -> Option<Timestamp> {
        match self.steady {
            Some(midnight) => {
                let (hour, minute) = (i64::from(time.hour()), i64::from(time.minute()));
                let day = if next_day { 24 } else { 0 };
                Timestamp::from_second(midnight + ((day + hour) * 60 + minute) * 60).ok()
            }
            None if next_day => instant(self.date.tomorrow().ok()?, time),
            None => instant(self.date, time),
        }
    }
}

/// What is read from a short text in the files.
pub trait FromText: Sized {
    /// How to write it, for whoever wrote it wrongly.
    const WRITE_IT: &'static str;

    /// The value, if the text is exactly one.
    fn from_text(text: &str) -> Option<Self>;
}

impl FromText for Date {
    const WRITE_IT: &'static str = "a date: write it as 2026-12-01";

    fn from_text(text: &str) -> Option<Date> {
        // Only this form: the parser alone would also take a date with a time and drop the time.
        text.parse().ok().filter(|_| text.len() == "2026-12-01".len())
    }
}

impl FromText for Timestamp {
    const WRITE_IT: &'static str = "an instant: write it as 2026-12-01T09:00:00Z";

    fn from_text(text: &str) -> Option<Timestamp> {
        text.parse().ok()
    }
}

/// Takes a string, or a date as TOML hands it over: a map with one entry whose value is the text.
struct Text<T>(PhantomData<T>);

impl<'de, T: FromText> Visitor<'de> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::WRITE_IT)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        T::from_text(text).ok_or_else(|| E::custom(format_args!("“{text}” is not {}", T::WRITE_IT)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        match map.next_entry::<String, String>()? {
            Some((key, text)) if key == "$__toml_private_datetime" => self.visit_str(&text),
            _ => Err(de::Error::custom(format_args!("here stands {}", T::WRITE_IT))),
        }
    }
}

struct Parsed<T>(T);

impl<'de, T: FromText> Deserialize<'de> for Parsed<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Text(PhantomData)).map(Parsed)
    }
}

/// A date or instant, quoted or as TOML writes it.
///
/// # Errors
/// When the text is not one.
pub fn parsed<'de, D: Deserializer<'de>, T: FromText>(from: D) -> Result<T, D::Error> {
    Parsed::deserialize(from).map(|Parsed(value)| value)
}

/// As [`parsed`], where it may be absent.
///
/// # Errors
/// When it is there and is not a date.
pub fn parsed_option<'de, D: Deserializer<'de>, T: FromText>(from: D) -> Result<Option<T>, D::Error> {
    Ok(Option::deserialize(from)?.map(|Parsed(value)| value))
}

/// As [`parsed`], for a list.
///
/// # Errors
/// When one of them is not a date.
pub fn parsed_list<'de, D: Deserializer<'de>, T: FromText>(from: D) -> Result<Vec<T>, D::Error> {
    Ok(Vec::deserialize(from)?.into_iter().map(|Parsed(value)| value).collect())
}

/// A time of day from exactly `16:00`, hours 00 to 23. TOML's own `16:00:00` is taken too;
/// seconds other than nought are not.
#[must_use]
pub fn clock_time(text: &str) -> Option<Time> {
    let two = |part: Option<&str>| {
        part.filter(|digits| digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|digits| digits.parse::<i8>().ok())
    };
    let mut parts = text.split(':');
    let hour = two(parts.next())?;
    let minute = two(parts.next())?;
    match (parts.next(), parts.next()) {
        (None | Some("00"), None) => Time::new(hour, minute, 0, 0).ok(),
        _ => None,
    }
}

/// A time of day as people write it: `4pm`, `4.30 pm`, `16:00`, `1600`, `noon`, `midnight`. One that
/// could be morning or afternoon, such as `4` or `4:30`, is not taken.
#[must_use]
pub fn said_time(text: &str) -> Option<Time> {
    let text: String = text.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    match text.as_str() {
        "noon" | "12noon" | "midday" => return Some(Time::constant(12, 0, 0, 0)),
        "midnight" | "12midnight" => return Some(Time::midnight()),
        _ => {}
    }
    let half =
        ["am", "a.m.", "a.m", "pm", "p.m.", "p.m"].into_iter().find_map(|end| Some((text.strip_suffix(end)?, end)));
    let (digits, afternoon) = match half {
        Some((digits, end)) => (digits, Some(end.starts_with('p'))),
        None => (text.as_str(), None),
    };
    let (hour, minute) = match digits.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (hour, minute),
        Some(_) => return None,
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "00"),
    };
    // Without am or pm both digits of the hour must stand: 04:30 is the morning, 4:30 may be either.
    let long = if afternoon.is_some() { 1..=2 } else { 2..=2 };
    let all_digits = [hour, minute].iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    if !long.contains(&hour.len()) || !all_digits || (afternoon.is_none() && digits.len() < 4) {
        return None;
    }
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match afternoon {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
    };
    Time::new(hour, minute, 0, 0).ok()
}

/// A date as people write it: `7 December 2026`, `7 Dec 2026`, `7/12/2026`, `2026-12-07`; a day of
/// the week may stand before it if it is that day's. A year must be given: a guess may be wrong.
#[must_use]
pub fn said_date(text: &str) -> Option<Date> {
    let text = text.trim().replace(',', " ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let forms = ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y", "%A %d %B %Y", "%A %d %b %Y", "%a %d %b %Y"];
    let date = forms.into_iter().find_map(|form| Date::strptime(form, &text).ok())?;
    // What is read must be a date of our time: 1/2/26 is the year 26.
    (2000..=2200).contains(&date.year()).then_some(date)
}

/// Times of day as `"16:00"`, for `#[serde(with)]`.
pub mod clock {
    use jiff::civil::Time;
    use serde::{Deserializer, Serializer};

    struct HourMinute(Time);

    impl super::FromText for HourMinute {
        const WRITE_IT: &'static str = "a time: write it as 16:00";

        fn from_text(text: &str) -> Option<HourMinute> {
            super::clock_time(text).map(HourMinute)
        }
    }

    /// Writes `16:00`.
    ///
    /// # Errors
    /// Only those of the writer.
    pub fn serialize<S: Serializer>(time: &Time, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{:02}:{:02}", time.hour(), time.minute()))
    }

    /// Reads `16:00`, quoted or as TOML writes it.
    ///
    /// # Errors
    /// When it is not a time.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Time, D::Error> {
        super::parsed(from).map(|HourMinute(time)| time)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

    use jiff::civil::time;

    use super::*;

    #[test]
    fn a_time_is_read_as_people_write_it() {
        for (text, hour, minute) in [
            ("4pm", 16, 0),
            ("4.30pm", 16, 30),
            (" 4:30 PM ", 16, 30),
            ("4 p.m.", 16, 0),
            ("11am", 11, 0),
            ("12am", 0, 0),
            ("12pm", 12, 0),
            ("12.15am", 0, 15),
            ("16:00", 16, 0),
            ("16.45", 16, 45),
            ("1645", 16, 45),
            ("0930", 9, 30),
            ("09:30", 9, 30),
            ("noon", 12, 0),
            ("12 noon", 12, 0),
            ("midnight", 0, 0),
        ] {
            assert_eq!(said_time(text), Some(time(hour, minute, 0, 0)), "{text}");
        }
    }

    #[test]
    fn a_time_that_may_be_two_or_none_is_not_guessed() {
        for text in [
            "", "4", "16", "4:30", "930", "430", "25:00", "16:60", "13pm", "0am", "4:3pm", "four", "16:00:00", "-4pm",
            "4pmpm", "٤pm", "é4pm",
        ] {
            assert_eq!(said_time(text), None, "{text}");
        }
    }

    #[test]
    fn every_time_is_read_back_from_how_it_is_shown() {
        for minute in 0..24 * 60_i16 {
            let at = time((minute / 60) as i8, (minute % 60) as i8, 0, 0);
            assert_eq!(said_time(&super::super::words::clock(at)), Some(at));
        }
    }

    #[test]
    fn a_day_tells_the_same_instants_as_the_zone() {
        let (first, last) = (jiff::civil::date(2024, 1, 1), jiff::civil::date(2027, 12, 31));
        let all = days(first, last);
        assert_eq!(all.len(), 4 * 365 + 1);
        for day in all {
            for (next_day, date) in [(false, day.date), (true, day.date.tomorrow().unwrap())] {
                for time in [
                    time(0, 0, 0, 0),
                    time(0, 59, 0, 0),
                    time(1, 0, 0, 0),
                    time(1, 30, 0, 0),
                    time(2, 0, 0, 0),
                    time(23, 59, 0, 0),
                ] {
                    assert_eq!(day.instant(next_day, time), instant(date, time), "{date} {time}");
                }
            }
        }
    }
}
