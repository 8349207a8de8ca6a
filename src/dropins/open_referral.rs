//! The sessions as services of Open Referral (HSDS 3.0), which other directories read.
//!
//! A service is one session. What is not known is left out. Its schedules say the rule only for
//! stretches in which nothing differs from it: the standard has no exceptions, so a rule that ran
//! on over a closed day would say that it is open. What differs stands as a schedule of its own,
//! for one date, with the reason in words; a closed one has no times.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::calendar::{About, sentence};
use super::dates::{london, london_date, midnight};
use super::{Certainty, Occurrence, Place, PlaceStatus, Rule, Session, Status, Timetable, Weekday, Window, words};

/// How far ahead schedules are said, in days.
const AHEAD: i64 = 366;
/// What differs within so many days is told as an alert.
const ALERT: i64 = 28;

/// The timetable as it is published at one moment.
#[derive(Debug)]
pub struct Published<'a> {
    timetable: &'a Timetable,
    about: About<'a>,
    today: Date,
    /// What is coming, by session.
    coming: BTreeMap<Arc<str>, Vec<Occurrence>>,
}

impl<'a> Published<'a> {
    /// What is published at `at`.
    #[must_use]
    pub fn new(timetable: &'a Timetable, about: About<'a>, at: Timestamp) -> Self {
        let today = london_date(at);
        let from = midnight(today).unwrap_or(at);
        let to = midnight(today.saturating_add(AHEAD.days())).unwrap_or(Timestamp::MAX);
        let mut coming: BTreeMap<Arc<str>, Vec<Occurrence>> = BTreeMap::new();
        for occurrence in timetable.occurrences(Window { from, to, today }) {
            // One that began yesterday evening has had its day.
            if occurrence.date() >= today {
                coming.entry(occurrence.session.clone()).or_default().push(occurrence);
            }
        }
        Self { timetable, about, today, coming }
    }

    /// One page of the list of services, the first is 1.
    #[must_use]
    pub fn page(&self, page: usize, per_page: usize) -> Value {
        let (per_page, total) = (per_page.max(1), self.timetable.sessions.len());
        let skipped = page.saturating_sub(1).saturating_mul(per_page);
        let shown = self.timetable.sessions.iter().skip(skipped).take(per_page);
        let contents: Vec<Value> = shown.map(|(slug, session)| self.summary(slug, session)).collect();
        let pages = total.div_ceil(per_page).max(1);
        json!({
            "total_items": total,
            "total_pages": pages,
            "page_number": page,
            "size": contents.len(),
            "first_page": page == 1,
            "last_page": page == pages,
            "empty": contents.is_empty(),
            "contents": contents,
        })
    }

    /// One service with everything that belongs to it.
    #[must_use]
    pub fn service(&self, id: &str) -> Option<Value> {
        let (slug, session) = self.timetable.sessions.iter().find(|(slug, _)| self.uuid(&["service", slug]) == id)?;
        let mut service = self.summary(slug, session);
        let home = self.timetable.places.get(&session.place);
        let schedules = self.schedules(slug, session);
        let mut places = vec![session.place.as_str()];
        for (place, _) in &schedules {
            if !places.contains(&place.as_str()) {
                places.push(place);
            }
        }
        let locations: Vec<Value> = places.iter().map(|place| self.at_location(slug, place, &schedules)).collect();
        let phone = home.and_then(|home| home.phone.as_ref()).map(|number| {
            let (service, location) = (self.uuid(&["service", slug]), self.uuid(&["location", &session.place]));
            json!([{ "id": self.uuid(&["phone", slug]), "number": number, "service_id": service, "location_id": location }])
        });
        if let Some(service) = service.as_object_mut() {
            service.extend(phone.map(|phones| ("phones".to_owned(), phones)));
            let schedules = schedules.into_iter().map(|(_, schedule)| schedule);
            service.insert("schedules".to_owned(), schedules.collect());
            service.insert("service_at_locations".to_owned(), locations.into());
        }
        Some(service)
    }

    /// What the list says of a service, and its own page as well.
    fn summary(&self, slug: &str, session: &Session) -> Value {
        let place = self.timetable.places.get(&session.place);
        let coming = self.coming.get(slug).map_or(&[][..], Vec::as_slice);
        let certainty = Certainty::of(self.timetable.confirmations.get(slug), self.today);
        let assured = match &certainty {
            Certainty::Confirmed { on, .. } | Certainty::Stale { on } => Some(on.to_string()),
            Certainty::NotYet => None,
        };
        let about = [Some(words::kind(session.kind).to_owned()), Some(words::rule(&session.rule, self.today))];
        let about = about.into_iter().chain([session.note.clone()]).flatten();
        let how = [Some(words::come(session.come).to_owned()), session.book_with.clone()];
        let owner = self.uuid(&["organization", &session.owner]);
        known(json!({
            "id": self.uuid(&["service", slug]),
            "organization_id": owner,
            "name": session.name,
            "description": sentences(about),
            "url": self.about.page(&session.place),
            "status": self.status(session, place, coming),
            "application_process": sentences(how.into_iter().flatten()),
            "eligibility_description": place.map(|place| &place.who),
            "minimum_age": place.and_then(|place| place.min_age),
            "maximum_age": place.and_then(|place| place.max_age),
            "fees_description": place.and_then(|place| place.cost.as_ref()),
            "assured_date": assured,
            "alert": self.alert(place, &certainty, coming),
            "last_modified": self.about.stamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "organization": {
                "id": owner,
                "name": session.owner,
                "description": "The team that answers for what is said here.",
            },
        }))
    }

    fn status(&self, session: &Session, place: Option<&Place>, coming: &[Occurrence]) -> &'static str {
        let soon = self.today.saturating_add(ALERT.days());
        let mut near = coming.iter().filter(|occurrence| occurrence.date() < soon).peekable();
        if place.is_some_and(|place| place.status == PlaceStatus::Closed) {
            "temporarily closed"
        } else if coming.is_empty() && session.rule.is_known() {
            "inactive"
        } else if near.peek().is_some() && near.all(|occurrence| !occurrence.is_on()) {
            "temporarily closed"
        } else {
            "active"
        }
    }

    /// What a reader must know before sending somebody there.
    fn alert(&self, place: Option<&Place>, certainty: &Certainty, coming: &[Occurrence]) -> Option<String> {
        let shut = place.filter(|place| place.status == PlaceStatus::Closed);
        let doubt = (!matches!(certainty, Certainty::Confirmed { .. })).then(|| words::certainty(certainty));
        let soon = self.today.saturating_add(ALERT.days());
        let differs = coming.iter().take_while(|occurrence| occurrence.date() < soon);
        let differs = differs.filter_map(|occurrence| self.differs(occurrence));
        let all = shut.map(|place| format!("{} is closed", place.name)).into_iter().chain(doubt).chain(differs);
        let all = sentences(all);
        (!all.is_empty()).then_some(all)
    }

    /// How an occurrence differs from its rule, in words: `Closed on Monday 30 November, 4pm to 6pm:
    /// Staff training`; `None` when it does not.
    fn differs(&self, occurrence: &Occurrence) -> Option<String> {
        let when = words::when(occurrence);
        if !occurrence.is_on() {
            let reason = occurrence.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
            return Some(format!("Closed on {when}{reason}"));
        }
        let note = words::note(occurrence)?;
        let home = self.timetable.sessions.get(&*occurrence.session).map(|session| &session.place);
        let away = (home.map(String::as_str) != Some(&*occurrence.place))
            .then(|| self.timetable.places.get(&*occurrence.place))
            .flatten();
        let away = away.map(|place| format!(". It is at {}", place.name)).unwrap_or_default();
        Some(format!("{when}: {}{away}", note.trim_end_matches('.')))
    }

    /// The schedules of a service, each with the slug of the place that it is for.
    fn schedules(&self, slug: &str, session: &Session) -> Vec<(String, Value)> {
        let (starts, ends) = match &session.rule {
            Rule::Week { starts, ends, .. } | Rule::Weeks { starts, ends, .. } | Rule::Month { starts, ends, .. } => {
                (Some(*starts), *ends)
            }
            Rule::Date { .. } | Rule::NotKnown { .. } => (None, None),
        };
        let mut days: BTreeMap<Date, Vec<&Occurrence>> = BTreeMap::new();
        for occurrence in self.coming.get(slug).into_iter().flatten() {
            days.entry(occurrence.date()).or_default().push(occurrence);
        }
        let mut found = Vec::new();
        let mut from = starts.map_or(self.today, |starts| starts.max(self.today));
        let mut run: Option<Run> = None;
        for (date, all) in days {
            let usual = starts.is_some() && all.iter().all(|one| one.status == Status::On && one.reason.is_none());
            let slots: Vec<Slot> = all.iter().map(|one| Slot::of(one)).collect();
            if let Some(run) = run.as_mut().filter(|run| usual && run.slots == slots) {
                run.last = date;
                continue;
            }
            if let Some(run) = run.take() {
                self.repeating(slug, session, &run, date.saturating_sub(1.day()), &mut found);
                from = date;
            }
            if usual {
                run = Some(Run { slots, from, first: date, last: date });
            } else {
                found.extend(all.into_iter().map(|one| (one.place.to_string(), self.single(slug, one))));
                from = date.saturating_add(1.day());
            }
        }
        if let Some(run) = run {
            let last = self.today.saturating_add((AHEAD - 1).days());
            self.repeating(slug, session, &run, ends.map_or(last, |ends| ends.min(last)), &mut found);
        }
        found
    }

    /// A stretch in which the rule holds, by the same clock: one schedule for each time of day.
    fn repeating(&self, slug: &str, session: &Session, run: &Run, to: Date, found: &mut Vec<(String, Value)>) {
        let (freq, interval, byday) = match &session.rule {
            Rule::Weeks { n, days, .. } => ("WEEKLY", *n, weekdays(days)),
            Rule::Month { nth, day, .. } => ("MONTHLY", 1, format!("{nth}{}", code(*day))),
            Rule::Week { days, .. } => ("WEEKLY", 1, weekdays(days)),
            Rule::Date { .. } | Rule::NotKnown { .. } => return,
        };
        for slot in &run.slots {
            let mut schedule = self.schedule(slug, &session.place, run.first, &slot.opens.to_string());
            schedule.extend(slot.fields());
            schedule.extend(fields(json!({
                "valid_from": run.from.to_string(),
                "valid_to": to.to_string(),
                "dtstart": run.first.to_string(),
                "until": run.last.to_string(),
                "wkst": "MO",
                "freq": freq,
                "interval": interval,
                "byday": byday,
                "description": words::rule(&session.rule, self.today),
            })));
            found.push((session.place.clone(), schedule.into()));
        }
    }

    /// One occurrence by itself.
    fn single(&self, slug: &str, occurrence: &Occurrence) -> Value {
        let date = occurrence.date();
        let mut schedule = self.schedule(slug, &occurrence.place, date, &occurrence.key);
        schedule.extend(fields(json!({
            "valid_from": date.to_string(),
            "valid_to": date.to_string(),
            "description": self.differs(occurrence).unwrap_or_else(|| words::when(occurrence)),
        })));
        if occurrence.is_on() {
            schedule.extend(Slot::of(occurrence).fields());
            schedule.extend(fields(json!({
                "dtstart": date.to_string(),
                "count": 1,
                "freq": "WEEKLY",
                "byday": code(date.weekday().into()),
            })));
        }
        schedule.into()
    }

    /// What every schedule says of itself.
    fn schedule(&self, slug: &str, place: &str, first: Date, which: &str) -> serde_json::Map<String, Value> {
        fields(json!({
            "id": self.uuid(&["schedule", slug, &first.to_string(), which]),
            "service_id": self.uuid(&["service", slug]),
            "location_id": self.uuid(&["location", place]),
            "service_at_location_id": self.uuid(&["service_at_location", slug, place]),
            "schedule_link": self.about.page(place),
            "notes": "Times are London's: Europe/London.",
        }))
    }

    fn at_location(&self, slug: &str, place: &str, schedules: &[(String, Value)]) -> Value {
        let here = schedules.iter().filter(|(at, _)| at == place).map(|(_, schedule)| schedule.clone());
        known(json!({
            "id": self.uuid(&["service_at_location", slug, place]),
            "service_id": self.uuid(&["service", slug]),
            "location_id": self.uuid(&["location", place]),
            "schedules": here.collect::<Vec<_>>(),
            "location": self.timetable.places.get(place).map(|it| self.location(place, it)),
        }))
    }

    fn location(&self, slug: &str, place: &Place) -> Value {
        let id = self.uuid(&["location", slug]);
        // The standard's address must be whole; one that is not is said in words.
        let whole = place.address.as_ref().zip(place.postcode.as_ref());
        let whole = whole.and_then(|(address, postcode)| Some((address.rsplit_once(", ")?, postcode)));
        let in_words = if whole.is_none() { place.address.clone() } else { None };
        let said = sentences([in_words, place.note.clone()].into_iter().flatten());
        let addresses = whole.map(|((street, city), postcode)| {
            json!([{
                "id": self.uuid(&["address", slug]),
                "location_id": id,
                "address_1": street,
                "city": city,
                "state_province": "England",
                "postal_code": postcode,
                "country": "GB",
                "address_type": "physical",
            }])
        });
        let access = place.access.as_ref().map(
            |access| json!([{ "id": self.uuid(&["accessibility", slug]), "location_id": id, "description": access }]),
        );
        known(json!({
            "id": id,
            "location_type": "physical",
            "url": self.about.page(slug),
            "name": place.name,
            "description": (!said.is_empty()).then_some(said),
            "transportation": place.bus,
            "latitude": place.lat,
            "longitude": place.lon,
            "addresses": addresses,
            "accessibility": access,
        }))
    }

    /// An id that is always the same for the same thing on the same site: a UUID of version 8, which
    /// is the one for hashes of one's own choice (RFC 9562), from SHA-256 of the host and the name.
    fn uuid(&self, name: &[&str]) -> String {
        let mut hash = Sha256::new_with_prefix(self.about.host());
        for part in name {
            hash.update([0]);
            hash.update(part);
        }
        let n = hash.finalize().into_iter().take(16).fold(0_u128, |n, byte| n << 8 | u128::from(byte));
        let n = n & !(0xf << 76) | 8 << 76;
        let n = n & !(0b11 << 62) | 0b10 << 62;
        let part = |shift: u32, bits: u32| n >> shift & ((1 << bits) - 1);
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            part(96, 32),
            part(80, 16),
            part(64, 16),
            part(48, 16),
            part(0, 48)
        )
    }
}

/// Dates on which the rule holds, one after the other.
struct Run {
    slots: Vec<Slot>,
    /// From when it is said; on or before the first.
    from: Date,
    first: Date,
    last: Date,
}

/// One time of day, with the distance of London's clock from UTC in hours at either end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slot {
    opens: Time,
    opens_offset: i32,
    closes: Time,
    closes_offset: i32,
}

impl Slot {
    fn of(occurrence: &Occurrence) -> Slot {
        let at = |at: Timestamp| {
            let offset = london().to_offset(at);
            (offset.to_datetime(at).time(), offset.seconds() / 3600)
        };
        let ((opens, opens_offset), (closes, closes_offset)) = (at(occurrence.start), at(occurrence.end));
        Slot { opens, opens_offset, closes, closes_offset }
    }

    fn fields(self) -> serde_json::Map<String, Value> {
        let time = |time: Time, offset: i32| format!("{:02}:{:02}+{offset:02}:00", time.hour(), time.minute());
        fields(json!({
            "timezone": self.opens_offset,
            "opens_at": time(self.opens, self.opens_offset),
            "closes_at": time(self.closes, self.closes_offset),
        }))
    }
}

/// The fields of an object.
fn fields(object: Value) -> serde_json::Map<String, Value> {
    match object {
        Value::Object(fields) => fields,
        _ => serde_json::Map::new(),
    }
}

/// What is known of an object: the standard has no null.
fn known(object: Value) -> Value {
    let mut fields = fields(object);
    fields.retain(|_, value| !value.is_null());
    fields.into()
}

fn sentences(all: impl IntoIterator<Item = String>) -> String {
    let all = all.into_iter().map(|text| sentence(&text));
    all.collect::<Vec<_>>().join(" ")
}

fn weekdays(days: &[Weekday]) -> String {
    let mut days = days.to_vec();
    days.sort_unstable();
    days.dedup();
    days.into_iter().map(code).collect::<Vec<_>>().join(",")
}

/// A day of the week as iCalendar writes it.
fn code(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    }
}
