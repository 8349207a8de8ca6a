//! What programs read: `/drop-ins.json`, every occurrence between two moments, and the sessions as
//! Open Referral services. Both come from the one function that knows what is on.

use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use super::calendar::Scope;
use super::rules::Window;
use super::{json, open_referral};
use crate::app::{App, Published as Content};
use crate::clock::{in_london, london, london_date};
use crate::error::{Error, Result};
use crate::web::answer;
use crate::web::forms::asked;
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of this feature that are not drawn pages.
pub fn routes() -> Routes<App> {
    Routes::default()
        .get("/drop-ins.json", Audience::Public, Cache::Revalidate, list)
        .get("/open-referral/services", Audience::Public, Cache::Revalidate, services)
        .get("/open-referral/services/{id}", Audience::Public, Cache::Revalidate, service)
}

/// The longest stretch that is answered at once, in days.
const LONGEST: i64 = 366;

async fn list(State(app): State<App>, uri: Uri) -> Result<Response> {
    let now = app.now();
    let wrong = || {
        Error::Refused(
            StatusCode::BAD_REQUEST,
            "Give from and to as a date, such as 2026-12-01, or as a time, such as 2026-12-01T16:00:00Z.",
        )
    };
    let from = asked(&uri, "from").map_or(Some(now), |text| moment(&text, false)).ok_or_else(wrong)?;
    let end = in_london(from).checked_add(28.days()).map(|end| end.timestamp()).unwrap_or(from);
    let to = asked(&uri, "to").map_or(Some(end), |text| moment(&text, true)).ok_or_else(wrong)?;
    if to < from || to.duration_since(from).as_hours() > LONGEST * 24 {
        return Err(Error::Refused(
            StatusCode::BAD_REQUEST,
            "Ask for a stretch of time that ends after it begins and is a year at most.",
        ));
    }
    let content = app.content();
    let timetable = &content.edition.library.timetable;
    let (locality, district, place) = (asked(&uri, "locality"), asked(&uri, "district"), asked(&uri, "place"));
    let scopes = [
        locality.as_deref().map(Scope::Locality),
        district.as_deref().map(Scope::District),
        place.as_deref().map(Scope::Place),
    ];
    let scopes: Vec<Scope<'_>> = scopes.into_iter().flatten().collect();
    if !scopes.iter().all(|scope| scope.is_known(timetable)) {
        return Err(Error::Refused(
            StatusCode::NOT_FOUND,
            "There is no locality, district or place of that name. The list of drop-ins has their names.",
        ));
    }
    let found = json::within(timetable, Window { from, to, today: london_date(now) }, &scopes);
    Ok(answer::json(&found.into()))
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

/// How many services stand on one page, unless told otherwise, and at most.
const PER_PAGE: (usize, usize) = (50, 200);

async fn services(State(app): State<App>, uri: Uri) -> Result<Response> {
    let number = |name: &str, default: usize, most: usize| match asked(&uri, name) {
        None => Some(default),
        Some(text) => text.parse().ok().filter(|number| (1..=most).contains(number)),
    };
    let (Some(page), Some(per_page)) = (number("page", 1, usize::MAX), number("per_page", PER_PAGE.0, PER_PAGE.1))
    else {
        return Err(Error::Refused(
            StatusCode::BAD_REQUEST,
            "Give page as a number from 1 up, and per_page as a number from 1 to 200.",
        ));
    };
    let (content, now) = (app.content(), app.now());
    Ok(answer::json(&published(&app, &content, now).page(page, per_page)))
}

async fn service(State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let (content, now) = (app.content(), app.now());
    published(&app, &content, now).service(&id).map(|service| answer::json(&service)).ok_or(Error::NotFound)
}

fn published<'a>(app: &'a App, content: &'a Content, now: Timestamp) -> open_referral::Published<'a> {
    open_referral::Published::new(&content.edition.library.timetable, app.about(content, now), now)
}
