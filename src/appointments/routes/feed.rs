//! `/me/appointments/calendar`: the private address of a calendar. `/calendar/{secret}.ics`: what it answers.

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;

use crate::app::{App, Ask};
use crate::appointments::views::{FeedMade, FeedPage};
use crate::appointments::{acts, ical, store};
use crate::audit::store as audit;
use crate::clock::{from_micros, london_date};
use crate::error::{Error, Result};
use crate::people::access::{self, KeepFeed};
use crate::people::store as people;
use crate::signin::guard::{Fresh, Me};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

const PATH: &str = "/me/appointments/calendar";

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get(PATH, Audience::PersonSealed, Cache::Never, show)
        .post(PATH, Audience::PersonSealed, keep)
        // The router takes no `{secret}.ics`.
        .get("/calendar/{name}", Audience::Public, Cache::Never, read)
}

async fn show(ask: Ask, Fresh(me): Fresh<Me>) -> Result<Response> {
    page(&ask, &me, StatusCode::OK, Fields::default()).await
}

async fn page(ask: &Ask, me: &Me, status: StatusCode, form: Fields) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<KeepFeed, _>(&mut db, &me.session.actor, me.person, ask.now).await?.ok_or(Error::NotFound)?;
    let feed = store::own_feed(&mut access).await?;
    let flagged = people::is_flagged(access.reads(), me.person).await?;
    let read = match feed {
        Some(feed) => audit::last_read(access.reads(), me.person, feed.id.cast()).await?,
        None => None,
    };
    drop(db);
    let day = |micros: i64| london_date(from_micros(micros));
    let (made, read, wrong) = (feed.map(|feed| day(feed.made_at)), read.map(day), !form.ok());
    let main = view! { <FeedPage made read flagged form/> };
    let frame = Frame::person("Calendar", Part::Me, main.into_any()).wrong(wrong);
    Ok(ask.page(status, frame.flash(me.session.flash.map(Flash::says))))
}

async fn keep(ask: Ask, Fresh(me): Fresh<Me>, mut form: Fields) -> Result<Response> {
    let makes = form.choice(
        "do",
        |word| matches!(word, "make" | "end").then_some(word == "make"),
        "Press one of the buttons below",
    );
    let (Some(makes), true) = (makes, form.ok()) else {
        return page(&ask, &me, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let (person, number) = (me.person, ask.number.clone());
    if !makes {
        acts::end_feed(&ask.app.db, me.session, person, number, ask.now).await?;
        return Ok(see_other(PATH));
    }
    let secret = acts::make_feed(&ask.app.db, me.session, person, number, ask.now).await?;
    let origin = ask.app.origins.first().map_or("", String::as_str);
    let address = format!("{origin}/calendar/{secret}.ics");
    let main = view! { <FeedMade address/> };
    Ok(ask.page(StatusCode::OK, Frame::person("Calendar", Part::Me, main.into_any())))
}

/// Whoever has the address reads it: no cookie is looked at, and one that was taken back is as one that never was.
async fn read(ask: Ask, Path(name): Path<String>) -> Result<Response> {
    let secret = name.strip_suffix(".ics").ok_or(Error::NotFound)?;
    let slots = acts::read_feed(&ask.app.db, secret, ask.number.clone(), ask.now).await?.ok_or(Error::NotFound)?;
    let mut response = ical::feed(&slots).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(Cache::Never.header()));
    Ok(response)
}
