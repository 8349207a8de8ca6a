//! `/drop-ins.json`: every occurrence between two moments, from the one function that knows.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde_json::json;

use super::rules::{Certainty, Occurrence, Status, Window};
use crate::app::App;
use crate::clock::{in_london, london, london_date};
use crate::content::Library;
use crate::error::{Error, Result};
use crate::web::answer;
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of this feature that are not drawn pages.
pub fn routes() -> Routes<App> {
    Routes::default().get("/drop-ins.json", Audience::Public, Cache::Revalidate, list)
}

/// The longest stretch that is answered at once, in days.
const LONGEST: i64 = 366;

async fn list(State(app): State<App>, uri: Uri) -> Result<Response> {
    let query = uri.query().unwrap_or_default();
    let asked = |name: &str| {
        form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == name).map(|(_, value)| value.into_owned())
    };
    let now = app.now();
    let wrong = || {
        Error::Refused(
            StatusCode::BAD_REQUEST,
            "Give from and to as a date, such as 2026-12-01, or as a time, such as 2026-12-01T16:00:00Z.",
        )
    };
    let from = asked("from").map_or(Some(now), |text| moment(&text, false)).ok_or_else(wrong)?;
    let end = in_london(from).checked_add(28.days()).map(|end| end.timestamp()).unwrap_or(from);
    let to = asked("to").map_or(Some(end), |text| moment(&text, true)).ok_or_else(wrong)?;
    if to < from || to.duration_since(from).as_hours() > LONGEST * 24 {
        return Err(Error::Refused(
            StatusCode::BAD_REQUEST,
            "Ask for a stretch of time that ends after it begins and is a year at most.",
        ));
    }
    let content = app.content();
    let library = &content.edition.library;
    let found = library.timetable.occurrences(Window { from, to, today: london_date(now) });
    Ok(answer::json(&found.iter().map(|occurrence| one(library, occurrence)).collect()))
}

/// A date, taken as its start in London or as its end; or an instant.
fn moment(text: &str, end: bool) -> Option<Timestamp> {
    if let Ok(date) = text.parse::<Date>() {
        if text.len() != 10 || !(2000..=2200).contains(&date.year()) {
            return None;
        }
        let date = if end { date.checked_add(1.day()).ok()? } else { date };
        return date.to_zoned(london()).ok().map(|day| day.timestamp());
    }
    // A plus sign in an address reads as a space.
    text.replace(' ', "+").parse().ok()
}

fn one(library: &Library, occurrence: &Occurrence) -> serde_json::Value {
    let timetable = &library.timetable;
    let place = timetable.places.get(&occurrence.place);
    let session = timetable.sessions.get(&occurrence.session);
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
