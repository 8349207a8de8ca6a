//! Changes to some days of a session: closed, at other times, at another place, or one more.
//!
//! An exception is checked twice. [`fault`] says what is wrong in it whenever it comes; [`refusal`]
//! says why it would change nothing, or clash, as things stand: a form that was accepted before is
//! not refused when it comes again, though it has changed how things stand.

use jiff::civil::Date;
use jiff::{SpanRelativeTo, Timestamp, Unit};

use crate::clock::london_date;
use crate::dropins::dates::midnight;
use crate::dropins::{Exception, ExceptionKind, Occurrence, PlaceStatus, Status, Timetable, Window, words};

/// The shortest and the longest reason, in characters.
pub const REASON: (usize, usize) = (3, 200);
/// The most days that one change may last: a season, after which somebody should look again.
pub const MOST_DAYS: i32 = 92;
/// How far ahead a change may begin, in days: nobody plans further, and a year typed wrongly shows.
pub const AHEAD_DAYS: i32 = 366;

/// What is changed: one session, or every session whose usual place this is. Each by its slug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One session.
    Session(String),
    /// Every session of a place.
    Place(String),
}

impl Target {
    /// Its slug.
    #[must_use]
    pub fn slug(&self) -> &str {
        match self {
            Target::Session(slug) | Target::Place(slug) => slug,
        }
    }

    /// Whether the timetable has it.
    #[must_use]
    pub fn is_known(&self, table: &Timetable) -> bool {
        match self {
            Target::Session(slug) => table.sessions.contains_key(slug),
            Target::Place(slug) => table.places.contains_key(slug),
        }
    }

    /// Whether an occurrence belongs to it.
    #[must_use]
    pub fn holds(&self, table: &Timetable, occurrence: &Occurrence) -> bool {
        match self {
            Target::Session(slug) => *occurrence.session == **slug,
            Target::Place(slug) => {
                table.sessions.get(&*occurrence.session).is_some_and(|session| session.place == *slug)
            }
        }
    }

    /// Whether an exception changes it, or a part of it, or the whole that it is part of.
    #[must_use]
    pub fn is_touched_by(&self, table: &Timetable, exception: &Exception) -> bool {
        let home = |session: &String| table.sessions.get(session).map(|session| session.place.as_str());
        match self {
            Target::Session(slug) => {
                exception.session.as_ref() == Some(slug)
                    || (exception.place.is_some() && exception.place.as_deref() == home(slug))
            }
            Target::Place(slug) => {
                exception.place.as_ref() == Some(slug)
                    || exception.session.as_ref().and_then(home) == Some(slug.as_str())
            }
        }
    }

    /// What an exception changes.
    #[must_use]
    pub fn of(exception: &Exception) -> Option<Target> {
        match (&exception.session, &exception.place) {
            (Some(slug), _) => Some(Target::Session(slug.clone())),
            (None, Some(slug)) => Some(Target::Place(slug.clone())),
            (None, None) => None,
        }
    }
}

/// The id of a new change: tells in lists and files what it is; `random` keeps two apart.
#[must_use]
pub fn change_id(kind: ExceptionKind, target: &Target, from: Date, random: [u8; 4]) -> String {
    let kind = match kind {
        ExceptionKind::Closed => "closed",
        ExceptionKind::OtherHours => "hours",
        ExceptionKind::OtherPlace => "moved",
        ExceptionKind::Extra => "extra",
    };
    // Ids have 80 characters at most: the words around the slug take 27.
    let slug = target.slug();
    let slug = slug.get(..50).unwrap_or(slug).trim_end_matches('-');
    format!("{kind}-{slug}-{from}-{}", crate::id::hex(&random))
}

/// What is wrong in a change, with the field it concerns.
#[must_use]
pub fn fault(table: &Timetable, change: &Exception, now: Timestamp) -> Option<(&'static str, String)> {
    let target = Target::of(change)?;
    days_fault((change.from, change.to), now)
        .or_else(|| place_fault(table, &target, change))
        .or_else(|| meets_fault(table, &target, change, now))
        .or_else(|| change.faults().into_iter().next().map(|says| ("open", says)))
}

fn days_fault((from, to): (Date, Date), now: Timestamp) -> Option<(&'static str, String)> {
    let today = london_date(now);
    if from < today {
        let says = format!("{} is over. Choose today or a day to come.", words::date_with_year(from));
        return Some(("from", says));
    }
    if days_between(today, from) > AHEAD_DAYS {
        return Some(("from", "That is more than a year ahead. Check the year.".to_owned()));
    }
    if to < from {
        return Some(("to", "The last day is before the first. Choose the same day or a later one.".to_owned()));
    }
    if days_between(from, to) >= MOST_DAYS {
        let says = format!("That is more than {MOST_DAYS} days. Choose a shorter time, then look again.");
        return Some(("to", says));
    }
    None
}

fn place_fault(table: &Timetable, target: &Target, change: &Exception) -> Option<(&'static str, String)> {
    let Some(at) = &change.at else {
        let needed = change.kind == ExceptionKind::OtherPlace;
        return needed.then(|| ("at", "Choose the place where it is this time.".to_owned()));
    };
    let Some(place) = table.places.get(at) else {
        return Some(("at", "There is no place of that name. Choose one from the list.".to_owned()));
    };
    if place.status == PlaceStatus::Closed {
        return Some(("at", format!("{} is closed. Choose another place.", place.name)));
    }
    let home = match target {
        Target::Session(slug) => table.sessions.get(slug).map(|session| session.place.as_str()),
        Target::Place(slug) => Some(slug.as_str()),
    };
    let same = change.kind == ExceptionKind::OtherPlace && home == Some(at.as_str());
    same.then(|| ("at", format!("{} is the usual place. Choose another one.", place.name)))
}

fn meets_fault(
    table: &Timetable,
    target: &Target,
    change: &Exception,
    now: Timestamp,
) -> Option<(&'static str, String)> {
    let days = (change.from, change.to);
    if change.kind == ExceptionKind::Extra || !on_days(table, target, days, now).is_empty() {
        return None;
    }
    let (name, known) = match target {
        Target::Session(slug) => {
            let found = table.sessions.get(slug);
            (found.map(|it| it.name.as_str()), found.is_some_and(|it| it.rule.is_known()))
        }
        Target::Place(slug) => {
            let known = table.sessions_at(slug).any(|(_, session)| session.rule.is_known());
            (table.places.get(slug).map(|place| place.name.as_str()), known)
        }
    };
    let name = name.unwrap_or("This session");
    if !known {
        return Some(("from", format!("No dates of {name} are known, so there is none to change.")));
    }
    let (from, to) = days;
    let today = london_date(now);
    let on = if from == to {
        format!("on {}", words::day_seen_from(from, today))
    } else {
        format!("from {} to {}", words::day_seen_from(from, today), words::day_seen_from(to, today))
    };
    let coming = table.occurrences(Window::days_from(now, 70)).into_iter().filter(|one| target.holds(table, one));
    let next: Vec<_> = coming.take(3).map(|one| words::day_seen_from(one.date(), today)).collect();
    let next = match next.as_slice() {
        [] => "No date to come is known.".to_owned(),
        dates => format!("The next dates: {}.", dates.join(", ")),
    };
    let does = match target {
        Target::Session(_) => format!("{name} does not meet {on}."),
        Target::Place(_) => format!("Nothing meets at {name} {on}."),
    };
    Some(("from", format!("{does} {next}")))
}

/// Why a change is not taken as things stand. `before` is what is published, `after` has the change.
#[must_use]
pub fn refusal(before: &Timetable, after: &Timetable, change: &Exception, now: Timestamp) -> Option<&'static str> {
    let target = Target::of(change)?;
    let days = (change.from, change.to);
    let (was, will) = (on_days(before, &target, days, now), on_days(after, &target, days, now));
    // Another reason alone is no change: the reader would not know which to believe.
    let shown = |one: &Occurrence| (one.key.clone(), one.place.clone(), one.start, one.end, one.is_on());
    if was.iter().map(shown).eq(will.iter().map(shown)) {
        return Some(match change.kind {
            ExceptionKind::Closed => "It is closed on these days already. To give another reason, undo that first.",
            _ => "That is how it reads already. Change something first.",
        });
    }
    let added = will.iter().filter(|one| one.status == Status::Extra && !was.iter().any(|other| other.key == one.key));
    let clash = |one: &Occurrence| was.iter().any(|it| it.is_on() && it.start < one.end && one.start < it.end);
    if change.kind == ExceptionKind::Extra {
        let mut added = added.peekable();
        if added.peek().is_none() {
            return Some("Those times are over. Choose times that are still to come.");
        }
        if added.any(clash) {
            return Some("It meets at that time already. Choose other times, or change the session of that day.");
        }
    }
    None
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).ok().and_then(|span| span.total((Unit::Day, SpanRelativeTo::days_are_24_hours())).ok()).map_or(
        i32::MAX,
        |days| {
            #[expect(clippy::cast_possible_truncation, reason = "a whole number of days")]
            let days = days as i32;
            days
        },
    )
}

/// The occurrences on these days that are not over, closed ones among them.
#[must_use]
pub fn on_days(table: &Timetable, target: &Target, (from, to): (Date, Date), now: Timestamp) -> Vec<Occurrence> {
    let end = to.tomorrow().ok().and_then(midnight);
    let (Some(start), Some(end)) = (midnight(from), end) else { return Vec::new() };
    let mut found = table.occurrences(Window { from: start.max(now), to: end, today: london_date(now) });
    found.retain(|one| target.holds(table, one) && (from..=to).contains(&one.date()));
    found
}

/// The exception behind an occurrence: the one that added it, or of those that touch it the one
/// made last. One that differs without has a bank holiday or a shut building behind it.
#[must_use]
pub fn changed_by<'a>(table: &'a Timetable, occurrence: &Occurrence) -> Option<(&'a str, &'a Exception)> {
    let target = Target::Session(occurrence.session.to_string());
    let date = occurrence.date();
    let touching = table.exceptions.iter().filter(|(_, it)| {
        target.is_touched_by(table, it) && (it.from..=it.to).contains(&date) && it.kind != ExceptionKind::Extra
    });
    let last = touching.max_by_key(|(slug, it)| (it.made_on, *slug)).map(|(slug, it)| (slug.as_str(), it));
    // The key of one more: session, date, exception, number.
    let mut parts = occurrence.key.split('.').skip(2);
    let (Some(added), Some(_)) = (parts.next(), parts.next()) else { return last };
    let added = table.exceptions.get_key_value(added).map(|(slug, it)| (slug.as_str(), it));
    let closed = last.filter(|(_, it)| !occurrence.is_on() && it.kind == ExceptionKind::Closed);
    closed.or(added)
}

/// Whether dates of these days stay closed when this exception is taken back.
#[must_use]
pub fn still_closed(table: &Timetable, exception: &str, now: Timestamp) -> bool {
    let mut table = table.clone();
    let Some(gone) = table.exceptions.remove(exception) else { return false };
    let Some(target) = Target::of(&gone) else { return false };
    on_days(&table, &target, (gone.from, gone.to), now).iter().any(|one| !one.is_on())
}

/// A change in one sentence: `Closed on Thursday 3 December: Staff training`.
#[must_use]
pub fn said(table: &Timetable, change: &Exception, today: Date) -> String {
    let day = |date| words::day_seen_from(date, today);
    let days = if change.from == change.to {
        format!("on {}", day(change.from))
    } else {
        format!("from {} to {}", day(change.from), day(change.to))
    };
    let times: Vec<_> = change.times.iter().copied().map(words::times).collect();
    let times = if times.is_empty() { String::new() } else { format!(", {}", times.join(" and ")) };
    let at = change.at.as_ref().map(|at| table.places.get(at).map_or(at.as_str(), |place| place.name.as_str()));
    let at = at.map(|at| format!(", at {at}")).unwrap_or_default();
    format!("{} {days}{times}{at}: {}", kind(change.kind), change.reason)
}

/// What a change does, as its form and its history call it.
#[must_use]
pub fn kind(kind: ExceptionKind) -> &'static str {
    match kind {
        ExceptionKind::Closed => "Closed",
        ExceptionKind::OtherHours => "Other times",
        ExceptionKind::OtherPlace => "Another place",
        ExceptionKind::Extra => "One more",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

    use jiff::civil::{date, time};

    use super::super::tests::{library, now};
    use super::*;
    use crate::content::{Kind, Library};
    use crate::dropins::Times;

    fn demo() -> Target {
        Target::Session("demo".to_owned())
    }

    fn change(kind: ExceptionKind, from: Date, to: Date) -> Exception {
        Exception {
            session: Some("demo".to_owned()),
            place: None,
            from,
            to,
            kind,
            times: Vec::new(),
            at: None,
            reason: "Staff training".to_owned(),
            made_on: now(),
        }
    }

    fn hours(from: i8, to: i8) -> Vec<Times> {
        vec![Times { from: time(from, 0, 0, 0), to: time(to, 0, 0, 0) }]
    }

    fn made(library: &Library, change: &Exception) -> (String, Library) {
        let id = change_id(change.kind, &Target::of(change).unwrap(), change.from, [1, 2, 3, 4]);
        let body = toml::to_string(change).unwrap();
        (id.clone(), library.replaced(Kind::Exception, &id, &body).unwrap().0)
    }

    const MONDAY: Date = Date::constant(2026, 11, 23);

    #[test]
    fn a_reason_cannot_become_a_field_of_the_change() {
        let reason = "Staff \"training\"\\\nkind = \"extra\"\n[[times]] ''' \u{7f}";
        let closed = Exception { reason: reason.to_owned(), ..change(ExceptionKind::Closed, MONDAY, MONDAY) };
        let read: Exception = toml::from_str(&toml::to_string(&closed).unwrap()).unwrap();
        assert_eq!(read, closed);
    }

    #[test]
    fn a_closure_passes_the_checks_and_closes_its_dates_only() {
        let library = library();
        let (id, after) = made(&library, &change(ExceptionKind::Closed, MONDAY, MONDAY));
        assert_eq!(id, "closed-demo-2026-11-23-01020304");
        let days = on_days(&after.timetable, &demo(), (date(2026, 11, 22), date(2026, 11, 30)), now());
        let states: Vec<_> = days.iter().map(|one| (one.date().day(), one.is_on())).collect();
        assert_eq!(states, [(23, false), (26, true), (30, true)]);
        assert_eq!(days[0].reason.as_deref(), Some("Staff training"));
        assert_eq!(changed_by(&after.timetable, &days[0]).unwrap().0, id);
        assert!(changed_by(&after.timetable, &days[1]).is_none());
        assert!(!still_closed(&after.timetable, &id, now()));
    }

    #[test]
    fn each_kind_of_change_is_found_again_behind_the_date_it_changes() {
        let library = library();
        let moved =
            Exception { at: Some("the-zone-burnley".to_owned()), ..change(ExceptionKind::OtherPlace, MONDAY, MONDAY) };
        let other = Exception { times: hours(17, 19), ..change(ExceptionKind::OtherHours, MONDAY, MONDAY) };
        let extra = Exception { times: hours(10, 11), ..change(ExceptionKind::Extra, MONDAY, MONDAY) };
        for (change, status) in [(moved, Status::Moved), (other, Status::Changed), (extra, Status::Extra)] {
            assert_eq!(fault(&library.timetable, &change, now()), None);
            let (id, after) = made(&library, &change);
            assert_eq!(refusal(&library.timetable, &after.timetable, &change, now()), None);
            let days = on_days(&after.timetable, &demo(), (MONDAY, MONDAY), now());
            let one = days.iter().find(|one| one.status == status).unwrap();
            assert_eq!(changed_by(&after.timetable, one).unwrap().0, id);
            // The same once more would change nothing, or meet itself.
            let again = Exception { made_on: now() + jiff::Span::new().seconds(1), ..change };
            let body = toml::to_string(&again).unwrap();
            let twice = after.replaced(Kind::Exception, "again", &body).unwrap().0;
            assert!(refusal(&after.timetable, &twice.timetable, &again, now()).is_some(), "{status:?}");
        }
    }

    #[test]
    fn a_place_is_closed_with_everything_that_meets_there() {
        let library = library();
        let closed = Exception {
            session: None,
            place: Some("white-cross-lancaster".to_owned()),
            ..change(ExceptionKind::Closed, MONDAY, date(2026, 11, 26))
        };
        assert_eq!(fault(&library.timetable, &closed, now()), None);
        let (id, after) = made(&library, &closed);
        let days = on_days(&after.timetable, &demo(), (MONDAY, date(2026, 11, 30)), now());
        assert_eq!(days.iter().map(Occurrence::is_on).collect::<Vec<_>>(), [false, false, true]);
        assert_eq!(changed_by(&after.timetable, &days[0]).unwrap().0, id);
        assert!(!still_closed(&after.timetable, &id, now()));
    }

    #[test]
    fn the_id_of_a_change_is_a_slug_however_long_the_session_s_is() {
        for slug in [format!("{}-x", "a".repeat(49)), "s".repeat(80)] {
            let id = change_id(ExceptionKind::Closed, &Target::Session(slug), MONDAY, [255; 4]);
            assert!(crate::offer::is_slug(&id) && id.len() <= 80, "{id}");
        }
    }

    #[test]
    fn what_cannot_be_changed_is_told_with_the_field() {
        let table = library().timetable;
        let closed = |from, to| fault(&table, &change(ExceptionKind::Closed, from, to), now());
        assert_eq!(closed(MONDAY, MONDAY), None);
        assert_eq!(closed(date(2026, 11, 22), date(2027, 2, 21)), None);
        assert_eq!(closed(date(2026, 11, 22), date(2027, 2, 22)).unwrap().0, "to");
        assert_eq!(closed(date(2026, 11, 20), MONDAY).unwrap().0, "from");
        assert_eq!(closed(date(2026, 11, 24), MONDAY).unwrap().0, "to");
        assert_eq!(closed(date(2099, 11, 23), date(2099, 11, 23)).unwrap().0, "from");
        let (field, says) = closed(date(2026, 11, 24), date(2026, 11, 25)).unwrap();
        assert_eq!(field, "from");
        assert!(says.contains("Monday 23 November, Thursday 26 November"), "{says}");
        let forum = Some("forum-north".to_owned());
        let unknown = Exception { session: forum.clone(), ..change(ExceptionKind::Closed, MONDAY, MONDAY) };
        assert!(fault(&table, &unknown, now()).unwrap().1.contains("are known"));
        // One more can be added though no date is known.
        let extra = Exception { session: forum, times: hours(10, 11), ..change(ExceptionKind::Extra, MONDAY, MONDAY) };
        assert_eq!(fault(&table, &extra, now()), None);
        assert_eq!(fault(&table, &change(ExceptionKind::OtherHours, MONDAY, MONDAY), now()).unwrap().0, "open");
        let moved = |at: Option<&str>| {
            let moved = Exception { at: at.map(str::to_owned), ..change(ExceptionKind::OtherPlace, MONDAY, MONDAY) };
            fault(&table, &moved, now()).map(|(field, _)| field)
        };
        assert_eq!(moved(None), Some("at"));
        assert_eq!(moved(Some("nowhere")), Some("at"));
        assert_eq!(moved(Some("white-cross-lancaster")), Some("at"));
        assert_eq!(moved(Some("the-zone-burnley")), None);
    }

    #[test]
    fn a_change_is_said_in_one_sentence() {
        let table = library().timetable;
        let change = Exception {
            at: Some("the-zone-burnley".to_owned()),
            times: hours(17, 19),
            ..change(ExceptionKind::OtherPlace, MONDAY, date(2026, 11, 26))
        };
        assert_eq!(
            said(&table, &change, date(2026, 11, 21)),
            "Another place from Monday 23 November to Thursday 26 November, 5pm to 7pm, at The Zone, Burnley: Staff training"
        );
    }
}
