//! `/me`. Beside it the worker's day: `/work`, people and their pages, where they live, finding somebody, giving a code,
//! those who cannot sign in, who has no adviser, codes of staff, who is away, handing over.

mod about;
mod advisers;
mod away;
mod calls;
mod caseload;
mod circumstances;
mod code;
mod desk;
mod find;
mod hand_over;
mod person;
mod reach;
mod staff_codes;
mod team;
mod today;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::acts::{self, By};
use super::views::{FirstDoor, MyHome};
use crate::app::{App, Ask};
use crate::audit::alerts::AlertId;
use crate::clock::london_date;
use crate::error::{Error, Result};
use crate::messages::store as messages;
use crate::people::access::{self, ReadThread, ReadVisit};
use crate::people::{Door, store as people};
use crate::signin::guard::{Adviser, Me};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of this feature.
pub fn routes() -> Routes<App> {
    Routes::default()
        .get("/me", Audience::Person, Cache::Never, my_home)
        .post("/work/alerts/{id}", Audience::Adviser, look_at)
        .and(about::routes())
        .and(advisers::routes())
        .and(away::routes())
        .and(calls::routes())
        .and(caseload::routes())
        .and(circumstances::routes())
        .and(code::routes())
        .and(desk::routes())
        .and(find::routes())
        .and(hand_over::routes())
        .and(person::routes())
        .and(reach::routes())
        .and(staff_codes::routes())
        .and(team::routes())
        .and(today::routes())
}

/// The worker who asks, for an act.
fn by(ask: &Ask, worker: &Adviser) -> By {
    By { staff: worker.staff, actor: worker.session.actor.clone(), number: ask.number.clone(), at: ask.now }
}

async fn my_home(ask: Ask, me: Me) -> Result<Response> {
    if me.session.door == Door::Write {
        let mut db = ask.app.db.read().await?;
        let access = access::check::<ReadVisit, _>(&mut db, &me.session.actor, me.person, ask.now).await?;
        access.ok_or(Error::NotFound)?;
        drop(db);
        // Nothing of the person stands on it: no reading, and no row of one.
        let frame = Frame::person("Home", Part::Me, view! { <FirstDoor/> }.into_any());
        return Ok(ask.page(StatusCode::OK, frame.flash(me.session.flash.map(Flash::says))));
    }
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<ReadThread, _>(&mut db, &me.session.actor, me.person, ask.now).await?.ok_or(Error::NotFound)?;
    let unopened = messages::unopened(&mut access).await?;
    let workers = people::workers(&mut access, &ask.app.vault).await?;
    let person = people::person(&mut access, &ask.app.vault).await?;
    let rhythm = people::rhythm(&mut access).await?;
    let last = messages::last_check_in(&mut access).await?;
    let due = rhythm.and_then(|rhythm| rhythm.check_in_due(last));
    let asked = due.is_some_and(|due| due <= london_date(ask.now));
    let entry = access.entry();
    drop(db);
    let audited = ask.viewed(entry).await?;
    let main = view! { <MyHome person workers unopened asked/> };
    let frame = Frame::person("Home", Part::Me, main.into_any()).flash(me.session.flash.map(Flash::says));
    Ok(ask.private_page(&audited, StatusCode::OK, frame))
}

async fn look_at(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let id = AlertId::parse(&id).ok_or(Error::NotFound)?;
    acts::look_at(&ask.app.db, by(&ask, &worker), id).await?;
    Ok(see_other("/work"))
}
