//! `/me/check-in`: three taps, and own words if there are any. It becomes a message.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::{OTHER_TEXT, PATH, new_send};
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::help::views as help;
use crate::messages::acts::{self, Send, Sent};
use crate::messages::views::QuickCheckIn;
use crate::messages::{CheckIn, Feel, LONGEST, What};
use crate::people::access::{self, WriteMessage};
use crate::signin::guard::Me;
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

const PLACE: &str = "/me/check-in";

pub(super) fn routes() -> Routes<App> {
    Routes::default().get("/me/check-in", Audience::Person, Cache::Never, show).post(
        "/me/check-in",
        Audience::Person,
        send,
    )
}

async fn show(ask: Ask, me: Me) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    access::check::<WriteMessage, _>(&mut db, &me.session.actor, me.person, ask.now).await?.ok_or(Error::NotFound)?;
    drop(db);
    let form = me.session.with_kept(&ask, PLACE, Fields::default()).await?;
    Ok(page(&ask, StatusCode::OK, form))
}

fn page(ask: &Ask, status: StatusCode, form: Fields) -> Response {
    let (content, wrong) = (ask.app.content(), !form.ok());
    let danger = help::tonight(&content.edition.library, ask.now);
    let main = view! { <QuickCheckIn danger form/> };
    ask.page(status, Frame::person("Check-in", Part::Messages, main.into_any()).wrong(wrong))
}

async fn send(ask: Ask, me: Me, mut form: Fields) -> Result<Response> {
    let key = form.key()?;
    let feel = form.choice("feel", Feel::parse, "Choose how things are");
    let call = form.ticked("call");
    // Room for what was pressed, which stands before it.
    let words = form.optional_text("body", LONGEST - 100).unwrap_or_default();
    let (Some(feel), true) = (feel, form.ok()) else {
        return Ok(page(&ask, StatusCode::UNPROCESSABLE_ENTITY, form));
    };
    let pressed = CheckIn { feel, call };
    let send = new_send(&ask, me.person, &me.session, key, (What::Said, pressed.message(&words)), PATH.to_owned());
    let send = Send { check_in: Some(pressed), place: PLACE.to_owned(), ..send };
    let content = ask.app.content();
    let holidays = &content.edition.library.timetable.holidays;
    match acts::send(&ask.app.db, &ask.app.vault, holidays, send).await? {
        Sent::Done(to) => Ok(see_other(&to)),
        Sent::OtherText => {
            form.fault("body", OTHER_TEXT);
            Ok(page(&ask, StatusCode::CONFLICT, form.with_new_key()))
        }
    }
}
