//! London time, and reading dates and times from files.

use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

pub use crate::clock::{london, london_date};

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
