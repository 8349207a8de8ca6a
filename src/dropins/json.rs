//! Occurrences as JSON.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::calendar::Scope;
use super::{Certainty, Occurrence, Status, Timetable, Window};
use crate::clock::in_london;

/// Every occurrence that overlaps the window.
#[must_use]
pub fn list(timetable: &Timetable, window: Window) -> Vec<Value> {
    within(timetable, window, &[])
}

/// Every occurrence that overlaps the window and that each of the scopes holds.
#[must_use]
pub fn within(timetable: &Timetable, window: Window, scopes: &[Scope<'_>]) -> Vec<Value> {
    let found = timetable.occurrences(window);
    let wanted = found.iter().filter(|one| scopes.iter().all(|scope| scope.holds(timetable, one)));
    wanted.map(|occurrence| one(timetable, occurrence)).collect()
}

fn one(timetable: &Timetable, occurrence: &Occurrence) -> Value {
    let place = timetable.places.get(&*occurrence.place);
    let session = timetable.sessions.get(&*occurrence.session);
    let (certainty, confirmed_on) = match &occurrence.certainty {
        Certainty::Confirmed { on, .. } => ("confirmed", Some(on.to_string())),
        Certainty::Stale { on, .. } => ("confirmed-long-ago", Some(on.to_string())),
        Certainty::NotYet => ("not-confirmed", None),
    };
    let status = match occurrence.status {
        Status::On => "on",
        Status::Closed => "closed",
        Status::Moved => "moved",
        Status::Changed => "other-hours",
        Status::Extra => "extra",
    };
    let time = |at: Timestamp| in_london(at).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    json!({
        "id": occurrence.key,
        "locality": timetable.locality_of(&occurrence.place),
        "district": place.map(|place| &place.district),
        "place": occurrence.place,
        "place_name": place.map(|place| &place.name),
        "usual_place": session.map(|session| &session.place),
        "session": occurrence.session,
        "name": session.map(|session| &session.name),
        "start": time(occurrence.start),
        "end": time(occurrence.end),
        "status": status,
        "reason": occurrence.reason,
        "certainty": certainty,
        "confirmed_on": confirmed_on,
    })
}
