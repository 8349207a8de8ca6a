//! Calendar feeds: the timetable as iCalendar text (RFC 5545).
//!
//! One event for each occurrence and no rule that repeats, so that no program can misread one.
//! What somebody else may see in passing, on a lock screen or a shared one, says nothing about the
//! person whose calendar it is: see [`is_neutral`].
//!
//! Written here: the crate `icalendar` stands on chrono, a second library of dates, and these few
//! properties need only escaping and folding.

use jiff::{Timestamp, ToSpan as _};

use super::dates::{london, london_date, midnight};
use super::{Certainty, Come, Occurrence, Place, Session, Status, Timetable, Window, words};

/// Which part of the timetable is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope<'a> {
    /// All of it.
    Everywhere,
    /// One locality, by slug.
    Locality(&'a str),
    /// One district, by slug.
    District(&'a str),
    /// One place, by slug.
    Place(&'a str),
}

impl Scope<'_> {
    /// Whether an occurrence belongs here: it happens here, or its session is at home here. One
    /// that moved belongs to both, so that it is missed at neither.
    #[must_use]
    pub fn holds(self, timetable: &Timetable, occurrence: &Occurrence) -> bool {
        let home = timetable.sessions.get(&*occurrence.session).map(|session| session.place.as_str());
        let mut places = [Some(&*occurrence.place), home].into_iter().flatten();
        match self {
            Scope::Everywhere => true,
            Scope::Locality(slug) => places.any(|place| timetable.locality_of(place) == Some(slug)),
            Scope::District(slug) => {
                places.any(|place| timetable.places.get(place).is_some_and(|place| place.district == slug))
            }
            Scope::Place(slug) => places.any(|place| place == slug),
        }
    }

    /// Whether the timetable knows it.
    #[must_use]
    pub fn is_known(self, timetable: &Timetable) -> bool {
        match self {
            Scope::Everywhere => true,
            Scope::Locality(slug) => timetable.localities.contains_key(slug),
            Scope::District(slug) => timetable.districts.contains_key(slug),
            Scope::Place(slug) => timetable.places.contains_key(slug),
        }
    }

    fn name(self, timetable: &Timetable) -> Option<&str> {
        match self {
            Scope::Everywhere => None,
            Scope::Locality(slug) => timetable.localities.get(slug).map(|it| it.name.as_str()),
            Scope::District(slug) => timetable.districts.get(slug).map(|it| it.name.as_str()),
            Scope::Place(slug) => timetable.places.get(slug).map(|it| it.name.as_str()),
        }
    }
}

/// What is said about the whole: where it is published, and in which edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About<'a> {
    /// Where the site answers, such as `https://nextsteps.example.gov.uk`: links lead there, and its
    /// host makes identifiers unique in the world.
    pub origin: &'a str,
    /// Grows with every change that is published.
    pub version: i64,
    /// Since when it reads as it does.
    pub stamp: Timestamp,
}

impl About<'_> {
    /// The host of the origin, without its port.
    #[must_use]
    pub fn host(&self) -> &str {
        let rest = self.origin.split_once("://").map_or(self.origin, |(_, rest)| rest);
        rest.split([':', '/']).next().unwrap_or_default()
    }

    /// The address of a place's page.
    #[must_use]
    pub fn page(&self, place: &str) -> String {
        format!("{}/drop-ins/place/{place}", self.origin)
    }
}

/// How far back a feed reaches, so that what was closed last week can be looked up, in days.
const BACK: i64 = 28;
/// How far ahead a feed reaches: a year and a day, whatever the year.
const AHEAD: i64 = 366;

/// The stretch that a feed covers when it is drawn at `at`: whole London days.
#[must_use]
pub fn window(at: Timestamp) -> Window {
    let today = london_date(at);
    let from = midnight(today.saturating_sub(BACK.days())).unwrap_or(at);
    let to = midnight(today.saturating_add(AHEAD.days())).unwrap_or(Timestamp::MAX);
    Window { from, to, today }
}

/// London's clocks since 1996: no session is older than that.
const ZONE: &str = "BEGIN:VTIMEZONE\r
TZID:Europe/London\r
BEGIN:DAYLIGHT\r
DTSTART:19960331T010000\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
TZOFFSETFROM:+0000\r
TZOFFSETTO:+0100\r
TZNAME:BST\r
END:DAYLIGHT\r
BEGIN:STANDARD\r
DTSTART:19961027T020000\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0000\r
TZNAME:GMT\r
END:STANDARD\r
END:VTIMEZONE\r
";

/// The feed of a part of the timetable: every occurrence that overlaps the window, closed ones as
/// cancelled.
#[must_use]
pub fn feed(timetable: &Timetable, scope: Scope<'_>, window: Window, about: About<'_>) -> String {
    let name = match scope.name(timetable).filter(|name| is_neutral(name)) {
        Some(name) => format!("Drop-ins: {name}"),
        None => "Drop-ins".to_owned(),
    };
    let mut out = Lines::default();
    out.line("BEGIN:VCALENDAR");
    out.line("VERSION:2.0");
    out.line("PRODID:-//Portal//Drop-ins//EN");
    out.line("CALSCALE:GREGORIAN");
    out.line("METHOD:PUBLISH");
    out.text("NAME", &name);
    out.text("X-WR-CALNAME", &name);
    out.line("X-WR-TIMEZONE:Europe/London");
    out.line("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    out.line("X-PUBLISHED-TTL:PT1H");
    out.0.push_str(ZONE);
    let event = Events { timetable, about, host: about.host() };
    for occurrence in timetable.occurrences(window) {
        if scope.holds(timetable, &occurrence) {
            event.write(&occurrence, &mut out);
        }
    }
    out.line("END:VCALENDAR");
    out.done()
}

/// Whether somebody who reads this over a shoulder learns nothing about whose calendar it is.
///
/// The one word that gives it away is "care": care leaver, leaving care, in care.
#[must_use]
pub fn is_neutral(text: &str) -> bool {
    !text.contains('@') && !text.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case("care"))
}

/// What every event of a feed has in common.
struct Events<'a> {
    timetable: &'a Timetable,
    about: About<'a>,
    host: &'a str,
}

impl Events<'_> {
    fn write(&self, occurrence: &Occurrence, out: &mut Lines) {
        let session = self.timetable.sessions.get(&*occurrence.session);
        let place = self.timetable.places.get(&*occurrence.place);
        let stamp = utc(self.about.stamp);
        out.line("BEGIN:VEVENT");
        out.line(&format!("UID:{}@{}", occurrence.key, self.host));
        out.line(&format!("DTSTAMP:{stamp}"));
        out.line(&format!("LAST-MODIFIED:{stamp}"));
        out.line(&format!("SEQUENCE:{}", self.about.version));
        out.times(occurrence);
        out.line(match (occurrence.status, &occurrence.certainty) {
            (Status::Closed, _) => "STATUS:CANCELLED",
            (_, Certainty::Confirmed { .. }) => "STATUS:CONFIRMED",
            (_, Certainty::NotYet | Certainty::Stale { .. }) => "STATUS:TENTATIVE",
        });
        out.text("SUMMARY", &summary(occurrence, session));
        out.text("DESCRIPTION", &self.description(occurrence, session, place));
        if let Some(place) = place {
            let parts = [Some(&place.name), place.address.as_ref(), place.postcode.as_ref()];
            out.text("LOCATION", &parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", "));
            if let (Some(lat), Some(lon)) = (place.lat, place.lon) {
                out.line(&format!("GEO:{lat};{lon}"));
            }
        }
        out.line(&format!("URL:{}", self.about.page(&occurrence.place)));
        // It does not make the person busy: nobody has said that they will come.
        out.line("TRANSP:TRANSPARENT");
        out.line("END:VEVENT");
    }

    fn description(&self, occurrence: &Occurrence, session: Option<&Session>, place: Option<&Place>) -> String {
        let mut lines = Vec::new();
        lines.extend(words::note(occurrence).as_deref().map(sentence));
        let home = session.map(|session| &session.place).filter(|home| home.as_str() != &*occurrence.place);
        if let (true, Some(home), Some(place)) = (occurrence.is_on(), home, place) {
            let usual = self.timetable.places.get(home).map_or(home.as_str(), |home| home.name.as_str());
            lines.push(format!("It is at {} this time, not at {usual}.", place.name));
        }
        lines.push(sentence(&words::certainty(&occurrence.certainty)));
        if let (Some(session), true) = (session, occurrence.is_on()) {
            lines.push(sentence(match session.come {
                Come::JustCome => "You can just come",
                Come::BookFirst => "Book first",
                Come::AskFirst => "Ask first",
            }));
        }
        if let Some(place) = place {
            if place.min_age.is_some() || place.max_age.is_some() {
                lines.push(sentence(&words::ages(place.min_age, place.max_age)));
            }
            lines.extend(place.phone.as_ref().map(|phone| format!("Phone: {phone}")));
        }
        lines.push(format!("More, and any change: {}", self.about.page(&occurrence.place)));
        lines.join("\n")
    }
}

/// The one line that calendars show: what is different first, because the end may be cut off.
fn summary(occurrence: &Occurrence, session: Option<&Session>) -> String {
    let title = session.map_or("Drop-in", |session| {
        if is_neutral(&session.name) { session.name.as_str() } else { words::kind(session.kind) }
    });
    let reason = occurrence.reason.as_deref().filter(|reason| is_neutral(reason));
    if !occurrence.is_on() {
        return match reason {
            Some(reason) => format!("Closed: {reason} – {title}"),
            None => format!("Closed – {title}"),
        };
    }
    let sure = matches!(occurrence.certainty, Certainty::Confirmed { .. });
    let doubt = (!sure).then_some("Not confirmed");
    let parts = [doubt, words::status(occurrence.status), Some(title), reason];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" – ")
}

/// With a full stop, unless it ends with its own mark.
pub(super) fn sentence(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// An instant as the format writes it in UTC: `20261203T160000Z`.
#[must_use]
pub fn utc(at: Timestamp) -> String {
    let mut text = local(jiff::tz::Offset::UTC.to_datetime(at));
    text.push('Z');
    text
}

fn local(at: jiff::civil::DateTime) -> String {
    let (date, time) = (at.date(), at.time());
    format!(
        "{:04}{:02}{:02}T{:02}{:02}{:02}",
        date.year(),
        date.month(),
        date.day(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

/// The most octets on one line, without its end.
const WIDTH: usize = 75;

/// Content lines, folded and ended as the format wants it.
#[derive(Debug, Default)]
pub struct Lines(String);

impl Lines {
    /// Everything that was written.
    #[must_use]
    pub fn done(self) -> String {
        self.0
    }

    /// One content line. A fold stands between characters, never inside one.
    pub fn line(&mut self, line: &str) {
        let (mut rest, mut room) = (line, WIDTH);
        while rest.len() > room {
            let (here, next) = rest.split_at(rest.floor_char_boundary(room));
            self.0.push_str(here);
            self.0.push_str("\r\n ");
            (rest, room) = (next, WIDTH - 1);
        }
        self.0.push_str(rest);
        self.0.push_str("\r\n");
    }

    /// A property whose value is words that somebody typed.
    pub fn text(&mut self, name: &str, value: &str) {
        let mut line = format!("{name}:");
        let mut chars = value.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\\' | ';' | ',' => line.extend(['\\', c]),
                '\r' if chars.peek() == Some(&'\n') => {}
                '\n' | '\r' => line.push_str("\\n"),
                '\t' => line.push(c),
                // The format has no place for other control characters.
                c if c.is_control() => {}
                c => line.push(c),
            }
        }
        self.line(&line);
    }

    /// From when to when, by London's clocks. In the hour that comes twice in autumn programs
    /// disagree on which is meant: there it is said in UTC.
    fn times(&mut self, occurrence: &Occurrence) {
        let zone = london();
        let civil = [occurrence.start, occurrence.end].map(|at| zone.to_datetime(at));
        let twice = civil.iter().any(|at| zone.to_ambiguous_timestamp(*at).is_ambiguous());
        let [start, end] = civil.map(local);
        if twice {
            self.line(&format!("DTSTART:{}", utc(occurrence.start)));
            self.line(&format!("DTEND:{}", utc(occurrence.end)));
        } else {
            self.line(&format!("DTSTART;TZID=Europe/London:{start}"));
            self.line(&format!("DTEND;TZID=Europe/London:{end}"));
        }
    }
}
