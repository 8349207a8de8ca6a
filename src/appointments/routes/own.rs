//! `/me/appointments`: what is coming up, "I can't make it", and one as a file for a calendar.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::{OTHER_WORDS, id_of};
use crate::app::{App, Ask};
use crate::appointments::acts;
use crate::appointments::views::{MyList, OnePage};
use crate::appointments::{Appointment, AppointmentId, ical, store};
use crate::audit::Entry;
use crate::error::{Error, Result};
use crate::people::access::{self, ReadAppointments};
use crate::people::store as people;
use crate::signin::acts::Done;
use crate::signin::guard::{Me, Open};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

pub(super) const PATH: &str = "/me/appointments";
/// The longest reason, in characters.
const LONGEST: usize = 1_000;

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get(PATH, Audience::PersonOpen, Cache::Never, list)
        .get("/me/appointments/{id}", Audience::PersonOpen, Cache::Never, show)
        .post("/me/appointments/{id}", Audience::PersonOpen, answer)
        .get("/me/appointments/{id}/file", Audience::PersonOpen, Cache::Never, file)
}

async fn list(ask: Ask, Open(me): Open<Me>) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let mut access = access::check::<ReadAppointments, _>(&mut db, &me.session.actor, me.person, ask.now)
        .await?
        .ok_or(Error::NotFound)?;
    let mut all = store::all(&mut access, &ask.app.vault).await?;
    let workers = people::workers(&mut access, &ask.app.vault).await?;
    let entry = access.entry();
    drop(db);
    all.retain(|one| one.is_to_come(ask.now));
    let audited = ask.viewed(entry).await?;
    let worker = workers.into_iter().find(|worker| worker.lead).map(|worker| worker.name);
    let now = ask.now;
    let main = view! { <MyList all worker now/> };
    let frame = Frame::person("Appointments", Part::Me, main.into_any()).flash(me.session.flash.map(Flash::says));
    Ok(ask.private_page(&audited, StatusCode::OK, frame))
}

/// The page of one appointment, where what is typed is kept.
fn place(id: AppointmentId) -> String {
    format!("{PATH}/{id}")
}

async fn own(ask: &Ask, me: &Me, id: AppointmentId) -> Result<(Appointment, Entry)> {
    let mut db = ask.app.db.read().await?;
    let mut access = access::check::<ReadAppointments, _>(&mut db, &me.session.actor, me.person, ask.now)
        .await?
        .ok_or(Error::NotFound)?;
    let one = store::one(&mut access, &ask.app.vault, id).await?.ok_or(Error::NotFound)?;
    Ok((one, Entry { object_id: Some(id.cast()), ..access.entry() }))
}

async fn show(ask: Ask, Open(me): Open<Me>, Path(id): Path<String>) -> Result<Response> {
    let id = id_of(&id)?;
    let form = me.session.with_kept(&ask, &place(id), Fields::default()).await?;
    page(&ask, &me, id, StatusCode::OK, form).await
}

async fn page(ask: &Ask, me: &Me, id: AppointmentId, status: StatusCode, form: Fields) -> Result<Response> {
    let (one, entry) = own(ask, me, id).await?;
    let audited = ask.viewed(entry).await?;
    let (wrong, now) = (!form.ok(), ask.now);
    let main = view! { <OnePage one form now/> };
    let frame = Frame::person("Appointment", Part::Me, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame))
}

async fn answer(ask: Ask, Open(me): Open<Me>, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let id = id_of(&id)?;
    let (one, _) = own(&ask, &me, id).await?;
    let post = me.session.post(&ask, me.person, &mut form, PATH.to_owned())?.written_on(place(id));
    let cannot = form.choice(
        "do",
        |word| matches!(word, "cannot" | "can").then_some(word == "cannot"),
        "Press one of the buttons below",
    );
    let reason = form.optional_text("reason", LONGEST);
    if one.cancelled || !one.is_to_come(ask.now) {
        form.fault("reason", "This appointment is over or was cancelled, so there is nothing to say about it");
    }
    let sequence =
        form.choice("sequence", |text| text.parse::<i64>().ok(), "Load this page again and say it once more");
    let (Some(cannot), Some(sequence), true) = (cannot, sequence, form.ok()) else {
        return page(&ask, &me, id, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let says = cannot.then_some(reason);
    let fault = match acts::answer(&ask.app.db, &ask.app.vault, post, (id, sequence), says).await? {
        Done::To(to) => return Ok(see_other(&to)),
        Done::OtherText => OTHER_WORDS,
        Done::Refused(_) => {
            "This appointment was changed since you opened it. Look at when it is now, then say it again"
        }
    };
    form.fault("reason", fault);
    page(&ask, &me, id, StatusCode::CONFLICT, form.with_new_key()).await
}

async fn file(ask: Ask, Open(me): Open<Me>, Path(id): Path<String>) -> Result<Response> {
    let (one, entry) = own(&ask, &me, id_of(&id)?).await?;
    let audited = ask.viewed(entry).await?;
    Ok(ask.private_file(&audited, "appointment.ics", "text/calendar; charset=utf-8", ical::file(&one)))
}
