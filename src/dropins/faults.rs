//! What is wrong inside a noun, in plain sentences for the person who wrote it.
//!
//! Each `faults` looks only at its own noun; [`Timetable::faults`] also follows the slugs from one
//! to the next. An empty list means that it may be published.

use jiff::civil::{Date, Time};

use super::{
    Confirmation, District, Exception, ExceptionKind, Locality, Place, Rule, Session, Times, Timetable, Weekday,
};

/// The most times that one session may meet on a day: as many as its form asks for.
pub const MOST_TIMES: usize = 4;

/// Whether this is a slug: lower-case ascii letters, digits and hyphens.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn empty(faults: &mut Vec<String>, text: &str, fault: &str) {
    if text.trim().is_empty() {
        faults.push(fault.to_owned());
    }
}

fn blank(faults: &mut Vec<String>, field: &str, text: Option<&String>) {
    if text.is_some_and(|text| text.trim().is_empty()) {
        faults.push(format!("`{field}` is empty: leave it out if it is not known."));
    }
}

fn kept(faults: &mut Vec<String>, owner: &str, checked_on: Date, review_by: Date, claim: &str) {
    empty(faults, claim, "It names no source.");
    reviewed(faults, owner, checked_on, review_by);
}

fn reviewed(faults: &mut Vec<String>, owner: &str, checked_on: Date, review_by: Date) {
    empty(faults, owner, "It has no owner.");
    if review_by < checked_on {
        faults.push(format!("It is due for review on {review_by}, before it was checked on {checked_on}."));
    }
}

impl Locality {
    /// What is wrong in it.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        empty(&mut faults, &self.name, "The name is empty.");
        empty(&mut faults, &self.council, "It names no council.");
        reviewed(&mut faults, &self.owner, self.checked_on, self.review_by);
        faults
    }
}

impl District {
    /// What is wrong in it.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        empty(&mut faults, &self.name, "The name is empty.");
        empty(&mut faults, &self.locality, "It names no locality.");
        for town in &self.towns {
            empty(&mut faults, town, "A town has no name.");
        }
        if self.towns.contains(&self.name) {
            faults.push(format!("{} is its own name: leave it out of its towns.", self.name));
        }
        kept(&mut faults, &self.owner, self.checked_on, self.review_by, &self.claim);
        faults
    }
}

impl Confirmation {
    /// What is wrong in it.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        empty(&mut faults, &self.by_role, "It does not say which role confirmed.");
        faults
    }
}

impl Place {
    /// What is wrong in it.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        empty(&mut faults, &self.name, "The name is empty.");
        empty(&mut faults, &self.district, "It names no district.");
        empty(&mut faults, &self.who, "It does not say who it is for.");
        for (field, text) in [
            ("address", &self.address),
            ("postcode", &self.postcode),
            ("phone", &self.phone),
            ("access", &self.access),
            ("bus", &self.bus),
            ("cost", &self.cost),
            ("note", &self.note),
        ] {
            blank(&mut faults, field, text.as_ref());
        }
        if let (Some(min), Some(max)) = (self.min_age, self.max_age)
            && min > max
        {
            faults.push(format!("The youngest age, {min}, is above the oldest, {max}."));
        }
        match (self.lat, self.lon) {
            (None, None) => {}
            // Great Britain with room to spare: catches the two swapped and a lost minus sign far out.
            (Some(lat), Some(lon)) if (49.0..=61.0).contains(&lat) && (-9.0..=2.0).contains(&lon) => {}
            (Some(lat), Some(lon)) => faults.push(format!("Latitude {lat}, longitude {lon} is not in Great Britain.")),
            _ => faults.push("Latitude and longitude go together: one is missing.".to_owned()),
        }
        kept(&mut faults, &self.owner, self.checked_on, self.review_by, &self.claim);
        faults
    }
}

impl Session {
    /// What is wrong in it and in its rule.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        empty(&mut faults, &self.name, "The name is empty.");
        empty(&mut faults, &self.place, "It names no place.");
        blank(&mut faults, "book_with", self.book_with.as_ref());
        blank(&mut faults, "note", self.note.as_ref());
        kept(&mut faults, &self.owner, self.checked_on, self.review_by, &self.claim);
        faults.extend(self.rule.faults());
        faults
    }
}

impl Rule {
    /// What is wrong in it.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        match self {
            Rule::Week { days, starts, ends, .. } => {
                week_days(&mut faults, days);
                bounds(&mut faults, *starts, *ends);
            }
            Rule::Weeks { n, days, starts, ends, .. } => {
                if !(1..=52).contains(n) {
                    faults.push(format!("“Every {n} weeks” is not possible: `n` is 1 to 52."));
                }
                week_days(&mut faults, days);
                bounds(&mut faults, *starts, *ends);
            }
            Rule::Month { nth, starts, ends, .. } => {
                if !(1..=5).contains(nth) && *nth != -1 {
                    faults.push(format!("`nth` is {nth}: it is 1 to 5, or -1 for the last of the month."));
                }
                bounds(&mut faults, *starts, *ends);
            }
            Rule::Date { dates, .. } => {
                if dates.is_empty() {
                    faults.push("There are no dates.".to_owned());
                }
                if let Some(date) = repeated(dates) {
                    faults.push(format!("The date {date} is there twice."));
                }
            }
            Rule::NotKnown { says } => empty(&mut faults, says, "It does not say what the source says."),
        }
        if self.is_known() {
            if self.times().len() > MOST_TIMES {
                faults.push(format!("It meets more than {MOST_TIMES} times on a day. Make it two sessions."));
            }
            faults.extend(times_faults(self.times()));
        }
        faults
    }
}

fn week_days(faults: &mut Vec<String>, days: &[Weekday]) {
    if days.is_empty() {
        faults.push("There are no days of the week.".to_owned());
    }
    if let Some(day) = repeated(days) {
        faults.push(format!("{} is there twice.", super::words::weekday(day)));
    }
}

fn bounds(faults: &mut Vec<String>, starts: Date, ends: Option<Date>) {
    if let Some(ends) = ends
        && ends < starts
    {
        faults.push(format!("It ends on {ends}, before it starts on {starts}."));
    }
}

fn repeated<T: Copy + Ord>(items: &[T]) -> Option<T> {
    let mut items = items.to_vec();
    items.sort_unstable();
    items.windows(2).find_map(|pair| match pair {
        [a, b] if a == b => Some(*a),
        _ => None,
    })
}

impl Times {
    /// What is wrong in it.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.from == self.to {
            faults.push(format!("It opens and closes at the same time, {}.", super::words::clock(self.from)));
        }
        faults
    }
}

/// What is wrong in a list of times for one date: none at all, or two that overlap.
fn times_faults(times: &[Times]) -> Vec<String> {
    if times.is_empty() {
        return vec!["There are no times.".to_owned()];
    }
    let mut faults: Vec<String> = times.iter().flat_map(Times::faults).collect();
    let minute = |time: Time| i32::from(time.hour()) * 60 + i32::from(time.minute());
    let mut times = times.to_vec();
    times.sort_unstable();
    for pair in times.windows(2) {
        let [earlier, later] = pair else { continue };
        let closes = minute(earlier.to) + if earlier.over_midnight() { 24 * 60 } else { 0 };
        if minute(later.from) < closes {
            let (a, b) = (super::words::times(*earlier), super::words::times(*later));
            faults.push(format!("The times {a} and {b} overlap."));
        }
    }
    faults
}

impl Exception {
    /// What is wrong in it.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        match (&self.session, &self.place) {
            (Some(_), None) | (None, Some(_)) => {}
            (None, None) => faults.push("It names neither a session nor a place.".to_owned()),
            (Some(_), Some(_)) => faults.push("It names both a session and a place: one is enough.".to_owned()),
        }
        if self.to < self.from {
            faults.push(format!("It lasts until {}, before it begins on {}.", self.to, self.from));
        }
        empty(&mut faults, &self.reason, "It gives no reason.");
        match self.kind {
            ExceptionKind::Closed if !self.times.is_empty() => {
                faults.push("A closure has no times: use `other-hours` for part of a day.".to_owned());
            }
            ExceptionKind::Closed => {}
            ExceptionKind::OtherPlace => {
                if self.at.is_none() {
                    faults.push("It does not say at which other place.".to_owned());
                }
                if !self.times.is_empty() {
                    faults.extend(times_faults(&self.times));
                }
            }
            ExceptionKind::OtherHours | ExceptionKind::Extra => faults.extend(times_faults(&self.times)),
        }
        if matches!(self.kind, ExceptionKind::Closed | ExceptionKind::OtherHours) && self.at.is_some() {
            faults.push("`at` belongs to `other-place` or `extra` only.".to_owned());
        }
        faults
    }
}

impl Timetable {
    /// What is wrong in any of it, each sentence led by what it is about, such as
    /// `session forum-north: There are no times.`
    ///
    /// Confirmations of sessions that are gone are no fault: they are history.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut report = |kind: &str, slug: &str, found: Vec<String>, unknown: &[(&str, &str, bool)]| {
            if !is_slug(slug) {
                faults.push(format!("{kind} {slug}: The name in brackets is lower-case letters, digits and hyphens."));
            }
            faults.extend(found.into_iter().map(|fault| format!("{kind} {slug}: {fault}")));
            faults.extend(
                unknown
                    .iter()
                    .filter(|(_, _, known)| !known)
                    .map(|(what, name, _)| format!("{kind} {slug}: There is no {what} “{name}”.")),
            );
        };
        for (slug, it) in &self.localities {
            report("locality", slug, it.faults(), &[]);
        }
        for (slug, it) in &self.districts {
            let known = it.locality.is_empty() || self.localities.contains_key(&it.locality);
            report("district", slug, it.faults(), &[("locality", &it.locality, known)]);
        }
        for (slug, it) in &self.places {
            let known = it.district.is_empty() || self.districts.contains_key(&it.district);
            report("place", slug, it.faults(), &[("district", &it.district, known)]);
        }
        for (slug, it) in &self.sessions {
            let known = it.place.is_empty() || self.places.contains_key(&it.place);
            report("session", slug, it.faults(), &[("place", &it.place, known)]);
        }
        for (slug, it) in &self.exceptions {
            let mut unknown = Vec::new();
            if let Some(session) = &it.session {
                unknown.push(("session", session.as_str(), self.sessions.contains_key(session)));
            }
            for place in [&it.place, &it.at].into_iter().flatten() {
                unknown.push(("place", place.as_str(), self.places.contains_key(place)));
            }
            report("exception", slug, it.faults(), &unknown);
        }
        for (slug, it) in &self.confirmations {
            report("confirmation", slug, it.faults(), &[]);
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

    use super::super::rules_test::read;
    use super::*;

    fn rule(text: &str) -> Vec<String> {
        toml::from_str::<Rule>(text).unwrap().faults()
    }

    const SHAPE: &str = "every = \"week\"\ndays = [\"mon\"]\nstarts = 2026-11-02\n\
        times = [{ from = \"16:00\", to = \"18:00\" }, { from = \"22:00\", to = \"01:00\" }]";

    #[test]
    fn a_sound_timetable_has_no_faults() {
        assert_eq!(read("").faults(), Vec::<String>::new());
        assert_eq!(rule(SHAPE), Vec::<String>::new());
    }

    #[test]
    fn a_rule_that_cannot_be_kept_says_why() {
        let no_days = SHAPE.replace("\"mon\"", "");
        assert_eq!(rule(&no_days), ["There are no days of the week."]);
        let twice = SHAPE.replace("\"mon\"", "\"mon\", \"mon\"");
        assert_eq!(rule(&twice), ["Monday is there twice."]);
        let backwards = format!("{SHAPE}\nends = 2026-11-01");
        assert_eq!(rule(&backwards), ["It ends on 2026-11-01, before it starts on 2026-11-02."]);
        assert_eq!(rule(&SHAPE.replace("22:00", "17:30")), ["The times 4pm to 6pm and 5.30pm to 1am overlap."]);
        assert_eq!(
            rule(&SHAPE.replace("18:00", "16:00")).first().unwrap(),
            "It opens and closes at the same time, 4pm."
        );
        assert_eq!(
            rule("every = \"weeks\"\nn = 0\ndays = [\"mon\"]\ntimes = []\nstarts = 2026-11-02"),
            ["“Every 0 weeks” is not possible: `n` is 1 to 52.", "There are no times."]
        );
        assert_eq!(
            rule("every = \"month\"\nnth = 6\nday = \"mon\"\ntimes = []\nstarts = 2026-11-02"),
            ["`nth` is 6: it is 1 to 5, or -1 for the last of the month.", "There are no times."]
        );
        assert_eq!(rule("every = \"date\"\ndates = []\ntimes = []"), ["There are no dates.", "There are no times."]);
        assert_eq!(rule("every = \"not-known\"\nsays = \" \""), ["It does not say what the source says."]);
    }

    #[test]
    fn a_place_with_faults_names_each_of_them() {
        let mut place = read("").places["hall"].clone();
        place.name = " ".to_owned();
        place.claim.clear();
        place.phone = Some(String::new());
        (place.min_age, place.max_age) = (Some(25), Some(16));
        (place.lat, place.lon) = (Some(-2.8), Some(54.0));
        place.review_by = place.checked_on.yesterday().unwrap();
        assert_eq!(
            place.faults(),
            [
                "The name is empty.",
                "`phone` is empty: leave it out if it is not known.",
                "The youngest age, 25, is above the oldest, 16.",
                "Latitude -2.8, longitude 54 is not in Great Britain.",
                "It names no source.",
                "It is due for review on 2026-11-20, before it was checked on 2026-11-21.",
            ]
        );
        place.lat = None;
        assert!(place.faults().contains(&"Latitude and longitude go together: one is missing.".to_owned()));
    }

    fn exception(text: &str) -> Vec<String> {
        toml::from_str::<Exception>(&format!("{text}\nmade_on = 2026-11-20T09:00:00Z\nreason = \"Training\""))
            .unwrap()
            .faults()
    }

    #[test]
    fn an_exception_that_cannot_be_meant_says_why() {
        let dates = "from = 2026-12-07\nto = 2026-12-07";
        assert_eq!(exception(&format!("session = \"a\"\nkind = \"closed\"\n{dates}")), Vec::<String>::new());
        assert_eq!(
            exception(&format!("kind = \"other-hours\"\nat = \"b\"\n{dates}")),
            [
                "It names neither a session nor a place.",
                "There are no times.",
                "`at` belongs to `other-place` or `extra` only."
            ]
        );
        assert_eq!(
            exception("session = \"a\"\nplace = \"b\"\nkind = \"other-place\"\nfrom = 2026-12-07\nto = 2026-12-06"),
            [
                "It names both a session and a place: one is enough.",
                "It lasts until 2026-12-06, before it begins on 2026-12-07.",
                "It does not say at which other place."
            ]
        );
        assert_eq!(
            exception(&format!(
                "session = \"a\"\nkind = \"closed\"\n{dates}\ntimes = [{{ from = \"10:00\", to = \"12:00\" }}]"
            )),
            ["A closure has no times: use `other-hours` for part of a day."]
        );
    }

    #[test]
    fn a_slug_that_leads_nowhere_is_named() {
        let mut table = read(
            "[exception.Gone]\nsession = \"gone\"\nfrom = 2026-12-07\nto = 2026-12-07\nkind = \"other-place\"\n\
             at = \"nowhere\"\nreason = \"x\"\nmade_on = 2026-11-20T09:00:00Z",
        );
        table.places.get_mut("hall").unwrap().district = "atlantis".to_owned();
        assert_eq!(
            table.faults(),
            [
                "place hall: There is no district “atlantis”.",
                "exception Gone: The name in brackets is lower-case letters, digits and hyphens.",
                "exception Gone: There is no session “gone”.",
                "exception Gone: There is no place “nowhere”.",
            ]
        );
    }
}
