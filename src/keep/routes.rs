//! `/keep?i=`: the list is read from the address, and a list picked with boxes becomes an address.

use axum::http::{StatusCode, Uri};
use axum::response::Response;

use super::views::list;
use super::{MOST, address, read};
use crate::app::{App, Ask};
use crate::clock::london_date;
use crate::error::Result;
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of this feature.
pub fn routes() -> Routes<App> {
    Routes::default().get("/keep", Audience::Public, Cache::Never, page)
}

async fn page(ask: Ask, uri: Uri) -> Result<Response> {
    let query = uri.query().unwrap_or_default().as_bytes();
    let asked: Vec<String> =
        form_urlencoded::parse(query).filter(|(name, _)| name == "i").map(|(_, value)| value.into_owned()).collect();
    let mut picks = read(&asked.join(","));
    // Ticked boxes come one by one: the link that is kept is the short one.
    if asked.len() > 1 {
        return Ok(see_other(&address(&picks)));
    }
    let left_off = picks.len().saturating_sub(MOST);
    picks.truncate(MOST);
    let content = ask.app.content();
    let origin = ask.app.origins.first().map_or("", String::as_str);
    let main = list(&content.edition.library, &picks, left_off, origin, london_date(ask.now));
    Ok(ask.page(StatusCode::OK, Frame::public("My list", Part::Offer, main)))
}
