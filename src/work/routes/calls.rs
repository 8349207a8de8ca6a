//! `/work/calls`: those who cannot sign in and asked to be reached.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::by;
use crate::app::{App, Ask};
use crate::audit::Entry;
use crate::error::Result;
use crate::id::Id;
use crate::people::store as people;
use crate::signin::guard::Adviser;
use crate::signin::store as signin;
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};
use crate::work::acts::{self, Answer};
use crate::work::views::calls::{Calls, Taken};

pub(super) fn routes() -> Routes<App> {
    Routes::default().get("/work/calls", Audience::Adviser, Cache::Never, show).post(
        "/work/calls",
        Audience::Adviser,
        answer,
    )
}

async fn show(ask: Ask, worker: Adviser) -> Result<Response> {
    page(&ask, &worker, StatusCode::OK, Fields::default()).await
}

async fn page(ask: &Ask, worker: &Adviser, status: StatusCode, form: Fields) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let knocks = signin::knocks(&mut db, &ask.app.vault).await?;
    let takers = knocks.iter().filter_map(|knock| knock.taken.map(|(by, _)| by));
    let names = db.fetch(people::staff_names(&ask.app.vault, takers)).await?;
    drop(db);
    let many = i64::try_from(knocks.len()).unwrap_or(i64::MAX);
    let actor = worker.session.actor.clone();
    let audited = ask.viewed(Entry { many, ..Entry::of(Some(actor), "list", "knock", ask.now) }).await?;
    let content = ask.app.content();
    let places = &content.edition.library.timetable.localities;
    let rows = knocks.into_iter().map(|knock| {
        let taken = match knock.taken {
            Some((by, _)) if by == worker.staff => Taken::Mine,
            Some((by, _)) => Taken::By(names.get(&by).cloned().unwrap_or_default()),
            None => Taken::Nobody,
        };
        let place = places.get(&knock.told.locality).map(|place| place.name.clone());
        (knock, taken, place)
    });
    let rows = rows.collect();
    let (wrong, now) = (!form.ok(), ask.now);
    let main = view! { <Calls rows form now/> };
    let frame = Frame::staff("Cannot sign in", worker.nav(), Part::Work, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(worker.session.flash.map(Flash::says))))
}

async fn answer(ask: Ask, worker: Adviser, mut form: Fields) -> Result<Response> {
    let knock = form.choice("id", Id::parse, "Choose somebody on this page");
    let answer = |word: &str| match word {
        "take" => Some(Answer::Take),
        "settle" => Some(Answer::Settle),
        _ => None,
    };
    let answer = form.choice("do", answer, "Press one of the buttons on this page");
    let (Some(knock), Some(answer), true) = (knock, answer, form.ok()) else {
        return page(&ask, &worker, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    acts::answer_knock(&ask.app.db, by(&ask, &worker), knock, answer).await?;
    Ok(see_other("/work/calls"))
}
