//! Crisis and contact numbers: typed, owned, dated; which is open now; day line or night line.
//!
//! The council has one number by day and another at night. Which is shown first follows the hours
//! written for the day line, so that an edit of those hours changes every page. Nothing here reads
//! a clock: the moment asked about always comes in.

pub mod crisis;
mod crisis_examples;
mod crisis_words;
pub mod views;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::{Date, DateTime, Time};
use jiff::{ToSpan, Zoned};

use crate::clock::london;
use crate::dropins::{Times, Weekday};
use crate::offer::Claim;

/// Bank holidays in England by date, with their names.
pub type Holidays = BTreeMap<Date, String>;

/// One number a person can call or text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its key.
    pub slug: String,
    /// The name as shown.
    pub name: String,
    /// The number.
    pub number: Number,
    /// Whether one calls or texts it.
    pub how: How,
    /// The word to text, such as "SHOUT".
    pub text_word: Option<String>,
    /// What it is for.
    pub purpose: Purpose,
    /// When somebody answers.
    pub hours: Hours,
    /// One short plain sentence: when to use it.
    pub says: String,
    /// What it costs, as shown; `None` is not known.
    pub cost: Option<String>,
    /// Where a person must live or be, as slugs of localities or districts; empty: anywhere.
    pub area: Vec<String>,
    /// The youngest age it is for.
    pub min_age: Option<u8>,
    /// The oldest age it is for; a person of this age may still call.
    pub max_age: Option<u8>,
    /// Where it stands among others that are as open, smallest first.
    pub order: i64,
    /// The team that answers for these facts.
    pub owner: String,
    /// The day somebody last checked these facts.
    pub checked_on: Date,
    /// The day by which somebody must look again. Past is never a fault, only shown.
    pub review_by: Date,
    /// Where we know it from.
    pub claims: Vec<Claim>,
}

impl Line {
    /// The address of the link that calls the number, or opens a text with the word in it.
    #[must_use]
    pub fn href(&self) -> String {
        let digits = self.number.digits();
        match (self.how, &self.text_word) {
            (How::Call, _) => format!("tel:{digits}"),
            (How::Text, None) => format!("sms:{digits}"),
            // The word is letters and digits only, so nothing in it needs escaping. Some iPhones read
            // only what follows the second mark, Android phones both.
            (How::Text, Some(word)) => format!("sms:{digits}?&body={word}"),
        }
    }

    /// Whether somebody answers at this moment of London's clocks; `None` if the hours are not known.
    #[must_use]
    pub fn open_at(&self, at: DateTime, holidays: &Holidays) -> Option<bool> {
        self.hours.open_at(at, holidays)
    }

    /// Whether the day for looking again has passed.
    #[must_use]
    pub fn is_due(&self, today: Date) -> bool {
        self.review_by < today
    }
}

/// A phone number as shown: digits in groups. The default is empty: a place kept for one that
/// could not be read, never published.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Number(String);

impl Number {
    /// Takes 3 to 15 digits, with single spaces between groups.
    ///
    /// # Errors
    /// A plain sentence that says what is wrong.
    pub fn new(text: &str) -> Result<Number, String> {
        if let Some(wrong) = text.chars().find(|c| !c.is_ascii_digit() && *c != ' ') {
            return Err(format!("A number holds digits and spaces only, not “{}”.", wrong.escape_default()));
        }
        if text.split(' ').any(str::is_empty) {
            return Err("A number has single spaces between its groups and none at its ends.".to_owned());
        }
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        if (3..=15).contains(&digits) {
            Ok(Number(text.to_owned()))
        } else {
            Err(format!("A number has 3 to 15 digits. This one has {digits}."))
        }
    }

    /// The number as shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits alone.
    #[must_use]
    pub fn digits(&self) -> String {
        self.0.chars().filter(char::is_ascii_digit).collect()
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a number is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By phone call.
    Call,
    /// By text message.
    Text,
}

/// What a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Somebody to talk to.
    Talk,
    /// Help with one's mind, in a crisis or not.
    MentalHealth,
    /// Danger to life.
    Emergency,
    /// The council while its offices are staffed.
    CouncilDay,
    /// The council at all other times.
    CouncilNight,
    /// No safe place to sleep.
    Homeless,
    /// Hurt or controlled by someone.
    Abuse,
    /// No money or food.
    Food,
    /// Somebody to speak up for you, or to complain to.
    Advocate,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Purpose; 9] = [
        Purpose::Talk,
        Purpose::MentalHealth,
        Purpose::Emergency,
        Purpose::CouncilDay,
        Purpose::CouncilNight,
        Purpose::Homeless,
        Purpose::Abuse,
        Purpose::Food,
        Purpose::Advocate,
    ];

    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::Talk => "talk",
            Purpose::MentalHealth => "mental-health",
            Purpose::Emergency => "emergency",
            Purpose::CouncilDay => "council-day",
            Purpose::CouncilNight => "council-night",
            Purpose::Homeless => "homeless",
            Purpose::Abuse => "abuse",
            Purpose::Food => "food",
            Purpose::Advocate => "advocate",
        }
    }

    /// What people use such a line for.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Purpose::Talk => "Someone to talk to",
            Purpose::MentalHealth => "Mental health",
            Purpose::Emergency => "In danger now",
            Purpose::CouncilDay => "The council, by day",
            Purpose::CouncilNight => "The council, at night and weekends",
            Purpose::Homeless => "Nowhere to sleep tonight",
            Purpose::Abuse => "Hurt or controlled by someone",
            Purpose::Food => "No money or food today",
            Purpose::Advocate => "A complaint, or someone to speak up",
        }
    }

    /// The purpose of this word; `None` if there is no such purpose.
    #[must_use]
    pub fn parse(word: &str) -> Option<Purpose> {
        Purpose::ALL.into_iter().find(|purpose| purpose.as_str() == word)
    }
}

/// When somebody answers, by London's clocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hours {
    /// Day and night, every day.
    Always,
    /// The same every week.
    Weekly {
        /// The stretches of the week.
        spans: Vec<Span>,
        /// What a bank holiday changes.
        bank_holidays: OnBankHoliday,
    },
    /// Not known.
    Unknown,
}

/// A stretch of time on some days of the week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The days on which it starts.
    pub days: Vec<Weekday>,
    /// From when to when; a `to` at or before `from` is on the next day.
    pub times: Times,
}

/// What a bank holiday changes in weekly hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnBankHoliday {
    /// Nothing.
    Open,
    /// Nothing starts on that date; what ran over midnight into it still ends as written.
    Closed,
    /// Somebody answers from midnight to midnight.
    AllDay,
}

impl Hours {
    /// Whether somebody answers at this moment of London's clocks; `None` if not known.
    #[must_use]
    pub fn open_at(&self, at: DateTime, holidays: &Holidays) -> Option<bool> {
        let (spans, on_holiday) = match self {
            Hours::Always => return Some(true),
            Hours::Unknown => return None,
            Hours::Weekly { spans, bank_holidays } => (spans, *bank_holidays),
        };
        let (date, time) = (at.date(), at.time());
        if on_holiday == OnBankHoliday::AllDay && holidays.contains_key(&date) {
            return Some(true);
        }
        let starts = |span: &Span, on: Date| {
            span.days.iter().any(|day| day.is_of(on))
                && !(on_holiday == OnBankHoliday::Closed && holidays.contains_key(&on))
        };
        let today = |span: &Span| {
            let Times { from, to } = span.times;
            starts(span, date) && time >= from && (span.times.over_midnight() || time < to)
        };
        let since_yesterday = |span: &Span| {
            span.times.over_midnight()
                && time < span.times.to
                && date.yesterday().is_ok_and(|yesterday| starts(span, yesterday))
        };
        Some(spans.iter().any(|span| today(span) || since_yesterday(span)))
    }

    /// The times of day at which something may open or close.
    fn edges(&self) -> Vec<Time> {
        match self {
            Hours::Weekly { spans, .. } => spans.iter().flat_map(|span| [span.times.from, span.times.to]).collect(),
            Hours::Always | Hours::Unknown => Vec::new(),
        }
    }

    /// The council's day line where no hours are written for it: Monday to Friday, 8am to 8pm, not
    /// on bank holidays. Fylde Council gives the night line as 8pm to 8am Monday to Friday and any
    /// time at weekends and bank holidays.
    fn council_day() -> Hours {
        let days = vec![Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
        let times = Times { from: Time::constant(8, 0, 0, 0), to: Time::constant(20, 0, 0, 0) };
        Hours::Weekly { spans: vec![Span { days, times }], bank_holidays: OnBankHoliday::Closed }
    }
}

/// Which of the council's two lines answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variant {
    /// The day line.
    Day,
    /// The night line.
    Night,
}

impl Variant {
    /// The purpose of the council's line that answers.
    #[must_use]
    pub fn purpose(self) -> Purpose {
        match self {
            Variant::Day => Purpose::CouncilDay,
            Variant::Night => Purpose::CouncilNight,
        }
    }
}

/// Which of the council's lines answers at this moment.
#[must_use]
pub fn variant_at(lines: &BTreeMap<String, Line>, at: &Zoned, holidays: &Holidays) -> Variant {
    variant(&day_hours(lines), in_london(at).datetime(), holidays)
}

/// The first moment after this one at which the other council line answers; `None` if that is more
/// than a month away.
#[must_use]
pub fn next_switch(lines: &BTreeMap<String, Line>, after: &Zoned, holidays: &Holidays) -> Option<Zoned> {
    let hours = day_hours(lines);
    first_change(&hours, after, |at| variant(&hours, at, holidays))
}

/// The first moment after this one at which any line opens or closes; `None` if that is more than a
/// month away.
#[must_use]
pub fn next_opening(lines: &BTreeMap<String, Line>, after: &Zoned, holidays: &Holidays) -> Option<Zoned> {
    let mut hours = day_hours(lines);
    hours.extend(lines.values().map(|line| line.hours.clone()));
    first_change(&hours, after, |at| hours.iter().map(|hours| hours.open_at(at, holidays)).collect::<Vec<_>>())
}

/// The first edge of these hours after a moment at which what is `seen` is not as at the moment.
fn first_change<T: PartialEq>(hours: &[Hours], after: &Zoned, seen: impl Fn(DateTime) -> T) -> Option<Zoned> {
    let after = in_london(after);
    let now = seen(after.datetime());
    let mut edges: BTreeSet<Time> = hours.iter().flat_map(Hours::edges).collect();
    edges.insert(Time::midnight());
    let mut date = after.date();
    for _ in 0..=31 {
        for edge in &edges {
            let Ok(moment) = date.to_datetime(*edge).to_zoned(london()) else { continue };
            if moment > after && seen(moment.datetime()) != now {
                return Some(moment);
            }
        }
        date = date.checked_add(1.day()).ok()?;
    }
    None
}

/// A line and whether somebody answers it at the moment asked about; `None`: not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offered<'a> {
    /// The line.
    pub line: &'a Line,
    /// Whether it is open.
    pub open: Option<bool>,
}

/// Every line in the order in which to offer them at this moment: the council's line that answers
/// now, its other line, then those open, those that may be, those closed.
#[must_use]
pub fn strip<'a>(lines: &'a BTreeMap<String, Line>, at: &Zoned, holidays: &Holidays) -> Vec<Offered<'a>> {
    let variant = variant_at(lines, at, holidays);
    let at = in_london(at).datetime();
    let mut offered: Vec<_> = lines
        .values()
        .map(|line| {
            let open = match line.purpose {
                // The two share the week between them, whatever is written for the night line.
                Purpose::CouncilDay | Purpose::CouncilNight => Some(line.purpose == variant.purpose()),
                _ => line.open_at(at, holidays),
            };
            Offered { line, open }
        })
        .collect();
    offered.sort_by_key(|offered| {
        let council = match offered.line.purpose {
            purpose if purpose == variant.purpose() => 2,
            Purpose::CouncilDay | Purpose::CouncilNight => 1,
            _ => 0,
        };
        let open = match offered.open {
            Some(true) => 0,
            None => 1,
            Some(false) => 2,
        };
        (Reverse(council), open, offered.line.order)
    });
    offered
}

/// The hours of the council's day lines, or the rule known from public sources if none are written.
fn day_hours(lines: &BTreeMap<String, Line>) -> Vec<Hours> {
    let written: Vec<_> = lines
        .values()
        .filter(|line| line.purpose == Purpose::CouncilDay && line.hours != Hours::Unknown)
        .map(|line| line.hours.clone())
        .collect();
    if written.is_empty() { vec![Hours::council_day()] } else { written }
}

fn variant(day: &[Hours], at: DateTime, holidays: &Holidays) -> Variant {
    if day.iter().any(|hours| hours.open_at(at, holidays) == Some(true)) { Variant::Day } else { Variant::Night }
}

fn in_london(at: &Zoned) -> Zoned {
    at.with_time_zone(london())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
mod tests;
#[cfg(test)]
mod views_test;
