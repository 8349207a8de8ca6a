//! A session, box by box, with its rule.

use jiff::civil::Date;

use super::{Facts, Kept, LONG, Label, SHORT, kept, number, slug};
use crate::content::{Kind, Library};
use crate::dropins::dates::{said_date, said_time};
use crate::dropins::{Come, PlaceStatus, Rule, Session, SessionKind, Times, Timetable, Weekday, words};
use crate::web::forms::Fields;

/// The boxes of the times of a day, from and to: as many as a session may meet on one day.
pub const TIMES: [(&str, &str); 4] = [("open", "close"), ("open2", "close2"), ("open3", "close3"), ("open4", "close4")];

/// The boxes of the days of a week.
pub const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

/// The most single dates of one session.
const MOST_DATES: usize = 100;
const HOW: &str = "Write a time such as 4pm or 16:30.";

/// Which of its weekday in a month: the number of the rule, and in words.
#[must_use]
pub fn nth() -> [(&'static str, &'static str); 6] {
    [("1", "First"), ("2", "Second"), ("3", "Third"), ("4", "Fourth"), ("5", "Fifth"), ("-1", "Last")]
}

impl Facts for Session {
    const KIND: Kind = Kind::Session;
    const PATH: &'static str = "/edit/sessions";
    const LABELS: &'static [Label] = &[
        ("place", "Place"),
        ("name", "Name"),
        ("kind", "Kind"),
        ("every", "How often"),
        ("mon", "Monday"),
        ("tue", "Tuesday"),
        ("wed", "Wednesday"),
        ("thu", "Thursday"),
        ("fri", "Friday"),
        ("sat", "Saturday"),
        ("sun", "Sunday"),
        ("n", "Weeks from one to the next"),
        ("nth", "Which of the month"),
        ("dates", "Dates"),
        ("says", "What the source says"),
        ("open", "From"),
        ("close", "To"),
        ("open2", "Again from"),
        ("close2", "Again to"),
        ("open3", "Third time from"),
        ("close3", "Third time to"),
        ("open4", "Fourth time from"),
        ("close4", "Fourth time to"),
        ("starts", "First day"),
        ("ends", "Last day"),
        ("come", "How to come"),
        ("book_with", "Whom to ask"),
        ("note", "Before you go"),
        ("owner", "Team"),
        ("checked_on", "Checked on"),
        ("review_by", "Look again by"),
        ("claim", "Source"),
    ];

    fn boxes(&self) -> Vec<(&'static str, String)> {
        let may = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut boxes = vec![
            ("place", self.place.clone()),
            ("name", self.name.clone()),
            ("kind", kind_word(self.kind).to_owned()),
            ("come", come_word(self.come).to_owned()),
            ("book_with", may(&self.book_with)),
            ("note", may(&self.note)),
            ("owner", self.owner.clone()),
            ("checked_on", self.checked_on.to_string()),
            ("review_by", self.review_by.to_string()),
            ("claim", self.claim.clone()),
        ];
        boxes.extend(rule_boxes(&self.rule));
        boxes
    }

    fn read(form: &mut Fields, library: &Library) -> Option<Self> {
        let known = |slug: &str| library.timetable.places.contains_key(slug).then(|| slug.to_owned());
        let place = form.choice("place", known, "Choose the place where it meets.");
        let name = form.line("name", SHORT, "Give the session a name.");
        let kind = form.choice("kind", kind_of, "Choose what kind of meeting it is.");
        let rule = rule(form);
        let come = form.choice("come", come_of, "Choose how people come.");
        let (book_with, note) = (form.optional("book_with", LONG), form.optional("note", LONG));
        if come == Some(Come::BookFirst) && book_with.is_none() {
            form.fault("book_with", "Say whom to book with, and how.");
        }
        let Kept { owner, checked_on, review_by, claim } = kept(form, library)?;
        // What a box alone cannot show: overlapping times, an end before the start.
        if form.ok()
            && let Some(fault) = rule.as_ref().and_then(|rule| rule.faults().into_iter().next())
        {
            form.fault("every", fault);
        }
        let (true, Some(place), Some(kind), Some(rule), Some(come)) = (form.ok(), place, kind, rule, come) else {
            return None;
        };
        Some(Session { place, name, kind, come, book_with, note, claim, owner, checked_on, review_by, rule })
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn public(&self, _: &str) -> Option<String> {
        Some(format!("/drop-ins/place/{}", self.place))
    }

    fn slug(&self) -> String {
        slug(&format!("{} {}", self.name, self.place))
    }

    fn refusal(&self, table: &Timetable) -> Option<&'static str> {
        if table.places.get(&self.place).is_some_and(|place| place.status == PlaceStatus::Closed) {
            return Some(
                "That place is closed, so nothing can meet there. Choose another place, or open that one first.",
            );
        }
        let same = |it: &Session| it.place == self.place && it.name == self.name && it.rule == self.rule;
        let there = table.sessions.values().any(same);
        there.then_some("This session is there already, at the same place and times. Change that one instead.")
    }
}

fn rule_boxes(rule: &Rule) -> Vec<(&'static str, String)> {
    let mut boxes = Vec::new();
    let mut tick = |wanted: &[Weekday]| {
        let ticked = WEEKDAYS.iter().filter(|(_, day)| wanted.contains(day));
        boxes.extend(ticked.map(|(name, _)| (*name, "yes".to_owned())));
    };
    let bounds = |starts: &Date, ends: &Option<Date>| {
        [("starts", starts.to_string()), ("ends", ends.map(|ends| ends.to_string()).unwrap_or_default())]
    };
    match rule {
        Rule::Week { days, starts, ends, .. } => {
            tick(days);
            boxes.push(("every", "week".to_owned()));
            boxes.extend(bounds(starts, ends));
        }
        Rule::Weeks { n, days, starts, ends, .. } => {
            tick(days);
            boxes.extend([("every", "weeks".to_owned()), ("n", n.to_string())]);
            boxes.extend(bounds(starts, ends));
        }
        Rule::Month { nth, day, starts, ends, .. } => {
            tick(&[*day]);
            boxes.extend([("every", "month".to_owned()), ("nth", nth.to_string())]);
            boxes.extend(bounds(starts, ends));
        }
        Rule::Date { dates, .. } => {
            let dates: Vec<_> = dates.iter().map(|date| words::date_with_year(*date)).collect();
            boxes.extend([("every", "date".to_owned()), ("dates", dates.join("\n"))]);
        }
        Rule::NotKnown { says } => boxes.extend([("every", "not-known".to_owned()), ("says", says.clone())]),
    }
    for ((open, close), times) in TIMES.iter().zip(rule.times()) {
        boxes.extend([(*open, words::clock(times.from)), (*close, words::clock(times.to))]);
    }
    boxes
}

/// The rule that the boxes ask for. Boxes that belong to another choice must be empty: what
/// somebody typed is never left out in silence.
fn rule(form: &mut Fields) -> Option<Rule> {
    let known = |word: &str| ["week", "weeks", "month", "date", "not-known"].into_iter().find(|it| *it == word);
    let every = form.choice("every", known, "Choose how often it meets.")?;
    let days: Vec<Weekday> = WEEKDAYS.iter().filter(|(name, _)| form.ticked(name)).map(|(_, day)| *day).collect();
    let pairs = TIMES.map(|(open, close)| times(form, open, close));
    let times: Vec<Times> = pairs.into_iter().flatten().collect();
    let n: Option<u32> = number(form, "n", "Give a number of weeks, such as 2.");
    let starts = day(form, "starts", "This is not a day. Write it like 7 December 2026.");
    let ends = day(form, "ends", "This is not a day. Leave it empty if no end is known.");
    let dates = dates(form);
    let says = form.optional("says", LONG);

    let dated = every != "not-known";
    let weekly = ["week", "weeks", "month"].contains(&every);
    if dated && times.is_empty() {
        form.fault("open", HOW);
    }
    if weekly && days.is_empty() {
        form.fault("mon", "Tick the days when it meets.");
    }
    if weekly && starts.is_none() {
        form.fault("starts", "Give the first day when it meets.");
    }
    let mut stray = |wrong: bool, name: &'static str| {
        if wrong {
            form.fault(name, "This does not go with how often it meets. Empty it, or choose the other answer above.");
        }
    };
    stray(!dated && !times.is_empty(), "open");
    stray(!weekly && !days.is_empty(), "mon");
    stray(every != "weeks" && n.is_some(), "n");
    stray(!weekly && starts.is_some(), "starts");
    stray(!weekly && ends.is_some(), "ends");
    stray(every != "date" && !dates.is_empty(), "dates");
    stray(dated && says.is_some(), "says");
    match every {
        "week" => Some(Rule::Week { days, times, starts: starts?, ends }),
        "weeks" => {
            if n.is_none() {
                form.fault("n", "Give the number of weeks from one to the next, such as 2.");
            }
            Some(Rule::Weeks { n: n?, days, times, starts: starts?, ends })
        }
        "month" => {
            let one = |text: &str| text.parse::<i8>().ok().filter(|n| nth().iter().any(|(it, _)| *it == n.to_string()));
            let nth = form.choice("nth", one, "Choose which of the month.");
            let [day] = days.as_slice() else {
                if days.len() > 1 {
                    form.fault("mon", "Tick one day. For two days of a month, add two sessions.");
                }
                return None;
            };
            Some(Rule::Month { nth: nth?, day: *day, times, starts: starts?, ends })
        }
        "date" => {
            if dates.is_empty() {
                form.fault("dates", "Give the dates, one to a line.");
            }
            Some(Rule::Date { dates, times })
        }
        _ => {
            if says.is_none() {
                form.fault("says", "Say in plain words what is known.");
            }
            Some(Rule::NotKnown { says: says? })
        }
    }
}

fn times(form: &mut Fields, open: &'static str, close: &'static str) -> Option<Times> {
    let typed = [open, close].map(|name| (form.optional(name, 20), name));
    if typed.iter().all(|(text, _)| text.is_none()) {
        return None;
    }
    let read = typed.map(|(text, name)| {
        let time = text.as_deref().and_then(said_time);
        if time.is_none() {
            form.fault(name, HOW);
        }
        time
    });
    let [Some(from), Some(to)] = read else { return None };
    Some(Times { from, to })
}

fn day(form: &mut Fields, name: &'static str, fault: &'static str) -> Option<Date> {
    let text = form.optional(name, 40)?;
    let day = said_date(&text);
    if day.is_none() {
        form.fault(name, fault);
    }
    day
}

fn dates(form: &mut Fields) -> Vec<Date> {
    if form.typed("dates").trim().is_empty() {
        return Vec::new();
    }
    let text = form.text("dates", 4_000, "");
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() > MOST_DATES {
        form.fault("dates", format!("Give at most {MOST_DATES} dates."));
    }
    let mut dates = Vec::new();
    for line in lines {
        match said_date(line) {
            Some(date) => dates.push(date),
            None => form.fault("dates", format!("“{line}” is not a date. Write it like 7 December 2026.")),
        }
    }
    dates.sort_unstable();
    dates
}

fn kind_word(kind: SessionKind) -> &'static str {
    match kind {
        SessionKind::DropIn => "drop-in",
        SessionKind::Forum => "forum",
        SessionKind::Group => "group",
    }
}

fn kind_of(word: &str) -> Option<SessionKind> {
    [SessionKind::DropIn, SessionKind::Forum, SessionKind::Group].into_iter().find(|it| kind_word(*it) == word)
}

fn come_word(come: Come) -> &'static str {
    match come {
        Come::JustCome => "just-come",
        Come::BookFirst => "book-first",
        Come::AskFirst => "ask-first",
    }
}

fn come_of(word: &str) -> Option<Come> {
    [Come::JustCome, Come::BookFirst, Come::AskFirst].into_iter().find(|it| come_word(*it) == word)
}
