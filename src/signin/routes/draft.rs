//! `/sign-in/draft`: what was typed on a page is kept until it is sent.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::is_ours;
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::signin::acts;
use crate::signin::guard::Anyone;
use crate::web::answer::see_other;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Routes};

const NOT_KEPT: &str =
    "It was not kept. Go back to the page, load it again, and make the text shorter if it is very long.";

pub(super) fn routes() -> Routes<App> {
    Routes::default().post("/sign-in/draft", Audience::Account, keep)
}

/// A page's own script gets no page. A form without one is led to the page that it was typed for, and shown there when
/// whoever typed it may come in.
async fn keep(ask: Ask, Anyone(session): Anyone, mut form: Fields) -> Result<Response> {
    let place = form.line("place", 200, "Go back to the page and load it again");
    let session = session.ok_or_else(|| Error::SignInFirst(place.clone()))?;
    let (key, words) = (form.key()?, form.typed_in());
    if !form.ok() || words.len() > acts::LONGEST {
        return Err(Error::Refused(StatusCode::UNPROCESSABLE_ENTITY, NOT_KEPT));
    }
    if !is_ours(&place) {
        return Err(Error::NotFound);
    }
    acts::keep_draft(&ask.app.db, &ask.app.vault, session, (place.clone(), key, words), false, ask.now).await?;
    let by_script = ask.headers().contains_key("x-draft");
    Ok(if by_script { StatusCode::NO_CONTENT.into_response() } else { see_other(&place) })
}
