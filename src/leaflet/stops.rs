//! The drop-ins on a leaflet: each session in words, then every day on which it is not as usual.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use super::{LINE, Room, Scope, WIDE, brief, height, whole};
use crate::clock::{in_london, london_date};
use crate::content::{Kind, Library};
use crate::dropins::{
    Certainty, Come, Occurrence, Place, PlaceStatus, Rule, Session, Status, Timetable, Window, words,
};
use crate::help::Purpose;

/// How far ahead a leaflet looks, in months.
const MONTHS: i64 = 3;
/// How many single dates of a rule, and how many changed days of a session, a leaflet lists.
const MANY: usize = 8;
/// How many changed days stand with a session before there is room for those of the others.
const FEW: usize = 2;

/// One place with what meets there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// The place.
    pub place: String,
    /// Its name.
    pub name: String,
    /// Who may come by age, if that is limited.
    pub ages: Option<String>,
    /// Who it is for, where it is and whether it may be shut.
    pub says: String,
    /// What meets there.
    pub meetings: Vec<Meeting>,
    /// Whether the service stands behind the place's facts.
    pub sure: bool,
}

/// One session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Its name.
    pub name: String,
    /// When it is, in words, and how to come.
    pub says: String,
    /// What is not sure about it.
    pub doubt: Option<String>,
    /// The days that are not as usual.
    pub changes: Vec<Change>,
    /// How many more changes there was no room for.
    pub more: usize,
}

/// Days on which a session is not as usual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// How it differs, in a word or two.
    pub label: Option<&'static str>,
    /// The days, hours and place.
    pub when: String,
    /// Why.
    pub why: Option<String>,
}

/// What a leaflet says about drop-ins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stops {
    /// The last day it looks at.
    pub until: Date,
    /// The places in the order of districts.
    pub stops: Vec<Stop>,
    /// How many sessions there was no room for.
    pub more: usize,
}

/// The drop-ins of these localities that there is room for, in the order of localities, districts
/// and places. Of many, every locality has its share.
#[must_use]
pub fn stops(library: &Library, scope: Scope<'_>, at: Timestamp) -> Stops {
    const ROOM: Room = Room(472);
    let table = &library.timetable;
    let today = london_date(at);
    let until = today.saturating_add(MONTHS.months());
    let from = in_london(at).start_of_day().map_or(at, |day| day.timestamp());
    let to = crate::dropins::dates::midnight(until.saturating_add(1.day())).unwrap_or(Timestamp::MAX);
    let coming = table.occurrences(Window { from, to, today });

    let in_scope = |place: &str| table.locality_of(place).is_some_and(|locality| scope.holds(locality));
    let here = |slug: &str, session: &Session| {
        in_scope(&session.place) || coming.iter().any(|one| &*one.session == slug && in_scope(&one.place))
    };
    let mut all: Vec<_> = table
        .sessions
        .iter()
        .filter(|(slug, session)| {
            here(slug, session) && (!is_over(&session.rule, today) || coming.iter().any(|one| *one.session == ***slug))
        })
        .filter_map(|(slug, session)| {
            let place = table.places.get(&session.place)?;
            let district = table.districts.get(&place.district)?;
            let locality = table.localities.get(&district.locality)?;
            let order = (locality.order, &district.locality, &district.name, &place.name, &session.place, slug);
            let own: Vec<_> = coming.iter().filter(|one| *one.session == **slug).collect();
            Some((order, place, meeting(library, slug, session, place, &own, today)))
        })
        .collect();
    all.sort_by_key(|(key, ..)| *key);

    // One of each locality, then the next of each, until there is no room.
    let mut turns: Vec<(usize, usize)> = Vec::new();
    for (at, (order, ..)) in all.iter().enumerate() {
        let before = all.iter().take(at).filter(|(other, ..)| other.1 == order.1).count();
        turns.push((before, at));
    }
    turns.sort_unstable();
    let (mut room, mut fit): (Room, BTreeMap<usize, Meeting>) = (ROOM, BTreeMap::new());
    for (_, at) in turns {
        let Some((order, place, meeting)) = all.get(at) else { continue };
        let headed = fit.keys().any(|other| all.get(*other).is_some_and(|(other, ..)| other.4 == order.4));
        let head = if headed { 0 } else { stop(library, order.4, place, today).height() };
        let mut meeting = meeting.clone();
        meeting.keep(FEW);
        if room.take(head + meeting.height()) {
            fit.insert(at, meeting);
        }
    }
    // What room is left is for the other changes of those that stand there.
    for (at, meeting) in &mut fit {
        let Some((.., whole)) = all.get(*at) else { continue };
        for many in (meeting.changes.len() + 1)..=whole.changes.len() {
            let mut larger = whole.clone();
            larger.keep(many);
            if !room.take(larger.height().saturating_sub(meeting.height())) {
                break;
            }
            *meeting = larger;
        }
    }
    let more = all.len() - fit.len();
    let mut stops: Vec<Stop> = Vec::new();
    for (at, (order, place, _)) in all.into_iter().enumerate() {
        let Some(meeting) = fit.remove(&at) else { continue };
        match stops.last_mut().filter(|last| last.place == *order.4) {
            Some(last) => last.meetings.push(meeting),
            None => stops.push(Stop { meetings: vec![meeting], ..stop(library, order.4, place, today) }),
        }
    }
    Stops { until, stops, more }
}

/// Whether a rule held for the last time before today.
fn is_over(rule: &Rule, today: Date) -> bool {
    match rule {
        Rule::Week { ends, .. } | Rule::Weeks { ends, .. } | Rule::Month { ends, .. } => {
            ends.is_some_and(|ends| ends < today)
        }
        Rule::Date { dates, .. } => dates.iter().all(|date| *date < today),
        Rule::NotKnown { .. } => false,
    }
}

/// The head of a place, without its sessions.
fn stop(library: &Library, slug: &str, place: &Place, today: Date) -> Stop {
    let who = brief(&place.who, 110);
    let limited = place.min_age.is_some() || place.max_age.is_some();
    let ages = limited.then(|| words::ages(place.min_age, place.max_age));
    let ages = match place.max_age {
        Some(oldest) if oldest < 19 => Some("For under 19s only".to_owned()),
        _ => ages.filter(|ages| !who.contains(ages.trim_start_matches("Ages "))),
    };
    let address: Vec<_> = [&place.address, &place.postcode].into_iter().flatten().map(String::as_str).collect();
    let there = match (address.is_empty(), phone(library, place)) {
        (false, _) => format!("{}.", brief(&address.join(", "), 110).trim_end_matches('.')),
        (true, Some(phone)) => format!("Call {phone} for the address."),
        (true, None) => "Ask for the address.".to_owned(),
    };
    let status = match place.status {
        PlaceStatus::Open => "",
        PlaceStatus::Closed => " This place is closed.",
        PlaceStatus::NotConfirmed => " We do not know if this place is open.",
    };
    let certainty = Certainty::of(library.confirmation(Kind::Place, slug), today);
    Stop {
        place: slug.to_owned(),
        name: place.name.clone(),
        ages,
        says: format!("{}. {there}{status}", who.trim_end_matches('.')),
        meetings: Vec::new(),
        sure: matches!(certainty, Certainty::Confirmed { .. }),
    }
}

/// Where to ask about a place.
fn phone(library: &Library, place: &Place) -> Option<String> {
    let council = || library.lines.values().find(|line| line.purpose == Purpose::CouncilDay);
    place.phone.clone().or_else(|| council().map(|line| line.number.to_string()))
}

/// One session: `own` are its dates in these months.
fn meeting(
    library: &Library,
    slug: &str,
    session: &Session,
    place: &Place,
    own: &[&Occurrence],
    today: Date,
) -> Meeting {
    let table = &library.timetable;
    let certainty = Certainty::of(table.confirmations.get(slug), today);
    let known = session.rule.is_known();
    let (rule, later) = few_dates(&session.rule, today);
    let mut says = format!("{}.", brief(&words::rule(&rule, today), 240).trim_end_matches('.'));
    if later > 0 {
        says += &format!(" {later} more dates after that.");
    }
    if known && own.is_empty() {
        says += " Nothing in these months.";
    }
    if !known {
        says += &match phone(library, place) {
            Some(phone) => format!(" No date is known: call {phone} before you go."),
            None => " No date is known: ask your personal adviser.".to_owned(),
        };
    }
    // To ask first is said by what is not known, or not confirmed.
    match (session.come, &session.book_with) {
        (Come::AskFirst, _) if !known => {}
        (come, Some(with)) => says += &format!(" {}: {}.", words::come(come), brief(with, 80).trim_end_matches('.')),
        (come, None) => says += &format!(" {}.", words::come(come)),
    }
    if let Some(note) = &session.note {
        says += &format!(" {}", brief(note, 100));
    }
    let doubt = match &certainty {
        Certainty::Confirmed { .. } => None,
        // Where no date is known it was said already to ask.
        Certainty::NotYet if !known => Some("Not confirmed".to_owned()),
        Certainty::NotYet => Some("Not confirmed: ask before you go".to_owned()),
        stale @ Certainty::Stale { .. } => Some(words::certainty(stale)),
    };
    let mut changes = changes(table, &session.place, own, today);
    let more = changes.len().saturating_sub(MANY);
    changes.truncate(MANY);
    Meeting { name: session.name.clone(), says, doubt, changes, more }
}

/// A rule of single dates without those that are over; of many only the first, and how many more.
fn few_dates(rule: &Rule, today: Date) -> (Rule, usize) {
    let Rule::Date { dates, times } = rule else { return (rule.clone(), 0) };
    let mut dates: Vec<_> = dates.iter().copied().filter(|date| *date >= today).collect();
    dates.sort_unstable();
    let later = dates.len().saturating_sub(MANY);
    dates.truncate(MANY);
    (Rule::Date { dates, times: times.clone() }, later)
}

/// What of these dates is not as usual. The same change on several days is said once.
fn changes(table: &Timetable, usual: &str, own: &[&Occurrence], today: Date) -> Vec<Change> {
    type Said = (Option<&'static str>, String, Option<String>);
    let mut groups: Vec<(Said, Vec<Vec<Date>>)> = Vec::new();
    let mut before: Option<Said> = None;
    for one in own {
        let differs = said(table, usual, one);
        if let Some(said) = &differs {
            let follows = before.as_ref() == Some(said);
            if !groups.iter().any(|(other, _)| other == said) {
                groups.push((said.clone(), Vec::new()));
            }
            let runs = groups.iter_mut().find(|(other, _)| other == said).map(|(_, runs)| runs);
            if let Some(runs) = runs {
                match runs.last_mut().filter(|_| follows) {
                    Some(run) => run.push(one.date()),
                    None => runs.push(vec![one.date()]),
                }
            }
        }
        before = differs;
    }
    let day = |date: &Date| words::day_seen_from(*date, today);
    let groups = groups.into_iter().map(|((label, tail, why), runs)| {
        let days = runs.iter().flat_map(|run| {
            let mut run = run.clone();
            run.dedup();
            match run.as_slice() {
                [first, _, .., last] => vec![format!("{} to {}", day(first), day(last))],
                few => few.iter().map(day).collect(),
            }
        });
        Change { label, when: words::and(days.collect()) + &tail, why }
    });
    groups.collect()
}

/// How a date differs from usual: in a word, with its hours and place, and why; `None` if it does not.
fn said(table: &Timetable, usual: &str, one: &Occurrence) -> Option<(Option<&'static str>, String, Option<String>)> {
    if one.status == Status::On && one.reason.is_none() {
        return None;
    }
    let mut tail = match one.status {
        Status::On | Status::Closed => String::new(),
        Status::Moved | Status::Changed | Status::Extra => format!(", {}", words::hours(one)),
    };
    if &*one.place != usual && one.is_on() {
        let name = table.places.get(&*one.place).map_or(&*one.place, |place| place.name.as_str());
        tail += &format!(", at {name}");
    }
    let why = one.reason.as_ref().map(|why| brief(why, 110));
    Some((words::status(one.status), tail, why))
}

impl Stop {
    fn height(&self) -> usize {
        let head = format!("{} {}", self.name, self.ages.as_deref().map(whole).unwrap_or_default());
        height(&head, WIDE * 4 / 5) + height(&self.says, WIDE) + 9
    }
}

impl Meeting {
    /// Keeps the first changes, and counts the others.
    fn keep(&mut self, many: usize) {
        self.more += self.changes.len().saturating_sub(many);
        self.changes.truncate(many);
    }

    fn height(&self) -> usize {
        let doubt = self.doubt.as_deref().map(whole).unwrap_or_default();
        let text = format!("{}: {} {doubt}", self.name, self.says);
        let changes = self.changes.iter().map(|change| {
            let parts = [change.label, Some(change.when.as_str()), change.why.as_deref()];
            height(&parts.into_iter().flatten().collect::<Vec<_>>().join(" "), WIDE - 6)
        });
        let more = if self.more > 0 { LINE } else { 0 };
        height(&text, WIDE - 3) + changes.sum::<usize>() + more + 4
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 24);

    fn occurrence(day: i8, status: Status, reason: Option<&str>) -> Occurrence {
        let start = crate::dropins::dates::instant(date(2026, 12, day), jiff::civil::time(16, 0, 0, 0)).unwrap();
        Occurrence {
            key: day.to_string(),
            session: "tea".into(),
            place: if status == Status::Moved { "barn" } else { "hall" }.into(),
            start,
            end: start + jiff::SignedDuration::from_hours(2),
            status,
            reason: reason.map(str::to_owned),
            certainty: Certainty::NotYet,
        }
    }

    fn told(own: &[Occurrence]) -> Vec<String> {
        let own: Vec<_> = own.iter().collect();
        let changes = changes(&Timetable::default(), "hall", &own, TODAY).into_iter();
        changes
            .map(|Change { label, when, why }| format!("{}|{when}|{}", label.unwrap_or(""), why.unwrap_or_default()))
            .collect()
    }

    #[test]
    fn days_as_usual_are_not_listed_and_the_same_change_is_said_once() {
        use Status::{Closed, Moved, On};
        let holiday = Some("Bank holiday: ask first");
        let own = [
            occurrence(1, On, None),
            occurrence(3, Closed, Some("Flood")),
            occurrence(5, On, None),
            occurrence(7, Closed, Some("Flood")),
            occurrence(9, Moved, None),
            occurrence(25, On, holiday),
            occurrence(28, On, holiday),
        ];
        assert_eq!(
            told(&own),
            [
                "Closed|Thursday 3 December and Monday 7 December|Flood",
                "Different place|Wednesday 9 December, 4pm to 6pm, at barn|",
                "|Friday 25 December and Monday 28 December|Bank holiday: ask first",
            ]
        );
    }

    #[test]
    fn three_in_a_row_are_said_from_first_to_last_and_never_over_one_that_is_on() {
        use Status::{Closed, On};
        let row = |days: &[i8]| days.iter().map(|day| occurrence(*day, Closed, None)).collect::<Vec<_>>();
        assert_eq!(told(&row(&[1, 3, 7])), ["Closed|Tuesday 1 December to Monday 7 December|"]);
        let mut own = row(&[1, 3]);
        own.push(occurrence(5, On, None));
        own.extend(row(&[7]));
        assert_eq!(told(&own), ["Closed|Tuesday 1 December, Thursday 3 December and Monday 7 December|"]);
    }
}
