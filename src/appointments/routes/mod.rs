//! `/me/appointments` and the private address of a calendar; `/work/people/{id}/appointments`.

mod feed;
mod own;
mod theirs;

use super::AppointmentId;
use crate::app::App;
use crate::error::{Error, Result};
use crate::web::routes::Routes;

/// The addresses of this feature.
pub fn routes() -> Routes<App> {
    own::routes().and(theirs::routes()).and(feed::routes())
}

const OTHER_WORDS: &str =
    "This page was sent before with other words. What you typed is below and was not saved: save it now.";

fn id_of(id: &str) -> Result<AppointmentId> {
    AppointmentId::parse(id).ok_or(Error::NotFound)
}
