//! `/me/appointments` and the private address of a calendar; `/work/people/{id}/appointments`.

mod feed;
mod own;
mod theirs;

use super::AppointmentId;
use super::acts::Post;
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::signin::guard::Session;
use crate::web::forms::Fields;
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

fn post(ask: &Ask, session: &Session, key: [u8; 16], to: String) -> Post {
    Post { session: session.clone(), key, to, number: ask.number.clone(), at: ask.now }
}

/// The form again, with a key of its own.
fn with_new_key(mut form: Fields) -> Fields {
    form.put("key", String::new());
    form
}
