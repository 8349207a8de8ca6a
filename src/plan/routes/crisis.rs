//! `/me/if-it-goes-wrong`: what somebody does and whom they call then, in their own words; to print, and to keep on a phone.
//! `/work/people/{id}/if-it-goes-wrong`: the same to read for whoever works with them.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::seat::Seat;
use crate::app::{App, Ask};
use crate::audit::Entry;
use crate::error::{Error, Result};
use crate::help::views as help;
use crate::people::access::{self, ReadCrisisPlan};
use crate::plan::acts::{self, Done, Newer};
use crate::plan::crisis::{ASKED, Boxes, CrisisPlan};
use crate::plan::store;
use crate::plan::views::Reader;
use crate::plan::views::crisis::{CrisisPage, EditCrisisPlan, KeepOnPhone, PhoneCopy, TheirCrisisPlan};
use crate::signin::guard::{Adviser, Me, Open};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::document::document;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of what somebody does if it goes wrong.
pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/me/if-it-goes-wrong", Audience::PersonOpen, Cache::Never, mine)
        .get(EDIT, Audience::PersonOpen, Cache::Never, begin)
        .post(EDIT, Audience::PersonOpen, set)
        .get("/me/if-it-goes-wrong/keep", Audience::PersonOpen, Cache::Never, keep)
        .get("/me/if-it-goes-wrong/file", Audience::PersonOpen, Cache::Never, file)
        .get("/work/people/{id}/if-it-goes-wrong", Audience::Adviser, Cache::Never, theirs)
}

/// The longest text of one box, in characters: the four fit on one side of paper.
const LONGEST: usize = 600;
/// The most lines of one box.
const LINES: usize = 10;
const PATH: &str = "/me/if-it-goes-wrong";
const EDIT: &str = "/me/if-it-goes-wrong/edit";
const NEWER: &str = "You saved this somewhere else since you opened it. Nothing was overwritten: what stands now is below the form. Put together what you want to keep, then save once more.";
const OTHER: &str =
    "This page was used to save something else before. What you wrote is below and was not saved: save it now.";

/// The plan of the one who asks, with the audit row of its reading.
async fn read(ask: &Ask, me: &Me) -> Result<(CrisisPlan, Entry)> {
    let mut db = ask.app.db.read().await?;
    let access = access::check::<ReadCrisisPlan, _>(&mut db, &me.session.actor, me.person, ask.now).await?;
    let mut access = access.ok_or(Error::NotFound)?;
    Ok((store::crisis_plan(&mut access, &ask.app.vault).await?, access.entry()))
}

async fn mine(ask: Ask, Open(me): Open<Me>) -> Result<Response> {
    let (plan, entry) = read(&ask, &me).await?;
    let audited = ask.viewed(entry).await?;
    let content = ask.app.content();
    let now = help::open_now(&content.edition.library, ask.now);
    let main = view! { <CrisisPage plan now/> };
    let frame = Frame::person("If it goes wrong", Part::Me, main.into_any());
    Ok(ask.private_page(&audited, StatusCode::OK, frame.flash(me.session.flash.map(Flash::says))))
}

async fn begin(ask: Ask, Open(me): Open<Me>) -> Result<Response> {
    let (stands, entry) = read(&ask, &me).await?;
    let CrisisPlan { boxes, at } = stands.clone();
    let Boxes { signs, helps, calls, place } = boxes;
    let form = Fields::filled([
        ("seen", at.to_string()),
        ("signs", signs.unwrap_or_default()),
        ("helps", helps.unwrap_or_default()),
        ("calls", calls.unwrap_or_default()),
        ("where", place.unwrap_or_default()),
    ]);
    let form = me.session.with_kept(&ask, EDIT, form).await?;
    let typed_over = (!form.typed("kept").is_empty() && !stands.boxes.is_empty()).then_some(stands);
    edit_page(&ask, &me, StatusCode::OK, form, (entry, typed_over)).await
}

/// `newer`: what was saved elsewhere since the form was opened.
async fn edit_page(
    ask: &Ask,
    me: &Me,
    status: StatusCode,
    form: Fields,
    (entry, newer): (Entry, Option<CrisisPlan>),
) -> Result<Response> {
    let audited = ask.viewed(entry).await?;
    let wrong = !form.ok();
    let main = view! { <EditCrisisPlan form newer/> };
    let frame = Frame::person("If it goes wrong", Part::Me, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(me.session.flash.map(Flash::says))))
}

async fn set(ask: Ask, Open(me): Open<Me>, mut form: Fields) -> Result<Response> {
    let (_, entry) = read(&ask, &me).await?;
    let post = Seat::mine(me.clone()).post(&ask, &mut form, PATH.to_owned())?.written_on(EDIT.to_owned());
    let seen = form.choice("seen", |at| at.parse::<i64>().ok(), "Load this page again, then change it");
    let boxes = Boxes {
        signs: form.optional_text("signs", LONGEST),
        helps: form.optional_text("helps", LONGEST),
        calls: form.optional_text("calls", LONGEST),
        place: form.optional_text("where", LONGEST),
    };
    for ((name, _), text) in ASKED.into_iter().zip([&boxes.signs, &boxes.helps, &boxes.calls, &boxes.place]) {
        if text.as_ref().is_some_and(|text| text.lines().count() > LINES) {
            form.fault(name, format!("Keep it to {LINES} lines, so that all of it fits on one sheet"));
        }
    }
    let (Some(seen), true) = (seen, form.ok()) else {
        return edit_page(&ask, &me, StatusCode::UNPROCESSABLE_ENTITY, form, (entry, None)).await;
    };
    let (says, newer) = match acts::set_crisis_plan(&ask.app.db, &ask.app.vault, post, (seen, boxes)).await? {
        Done::To(to) => return Ok(see_other(&to)),
        Done::OtherText => {
            // Saved again, it takes the place of what stands now, which stands beside it.
            (OTHER, read(&ask, &me).await?.0)
        }
        Done::Refused(Newer(stands)) => (NEWER, stands),
    };
    form.fault("signs", says);
    form.put("seen", newer.at.to_string());
    form.put("key", String::new());
    edit_page(&ask, &me, StatusCode::CONFLICT, form, (entry, Some(newer))).await
}

async fn keep(ask: Ask, Open(me): Open<Me>) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let access = access::check::<ReadCrisisPlan, _>(&mut db, &me.session.actor, me.person, ask.now).await?;
    access.ok_or(Error::NotFound)?;
    drop(db);
    // Nothing of the record stands on it: no reading, and no row of one.
    Ok(ask.page(StatusCode::OK, Frame::person("Keep it", Part::Me, view! { <KeepOnPhone/> }.into_any())))
}

async fn file(ask: Ask, Open(me): Open<Me>) -> Result<Response> {
    let (plan, entry) = read(&ask, &me).await?;
    let audited = ask.viewed(entry).await?;
    let content = ask.app.content();
    let lines = help::to_keep(&content.edition.library, ask.now);
    let html = document(move || view! { <PhoneCopy plan lines/> });
    Ok(ask.private_file(&audited, "my-help.html", "text/html; charset=utf-8", html))
}

async fn theirs(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let seat = Seat::theirs(worker, &id)?;
    let mut db = ask.app.db.read().await?;
    let access = access::check::<ReadCrisisPlan, _>(&mut db, &seat.session.actor, seat.person, ask.now).await?;
    let mut access = access.ok_or(Error::NotFound)?;
    let plan = store::crisis_plan(&mut access, &ask.app.vault).await?;
    let called = match seat.reader(&ask, &mut access).await? {
        Reader::Worker(called) => called,
        Reader::Person(_) => String::new(),
    };
    let entry = access.entry();
    drop(db);
    let person = seat.person;
    let main = move || view! { <TheirCrisisPlan plan called person/> }.into_any();
    seat.page(&ask, entry, (StatusCode::OK, false), main).await
}
