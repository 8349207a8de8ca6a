//! `/me/plan/print`, `/me/plan/print/short` and `/work/people/{id}/plan/print`: a plan for paper, in full and on one side.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::seat::Seat;
use super::{OVER, load};
use crate::app::{App, Ask};
use crate::clock::london_date;
use crate::error::{Error, Result};
use crate::people::access::{self, Deed as _, PrintContacts, ReadPlan};
use crate::plan::acts::{self, Done};
use crate::plan::store;
use crate::plan::views::Reader;
use crate::plan::views::print::{OnPaper, Paper, ShortPaper};
use crate::signin::guard::{Adviser, Fresh, Me};
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of what is printed.
pub(super) fn routes() -> Routes<App> {
    const THEIRS: &str = "/work/people/{id}/plan/print";
    Routes::default()
        .get("/me/plan/print", Audience::PersonSealed, Cache::Never, mine)
        .get("/me/plan/print/short", Audience::PersonSealed, Cache::Never, short)
        .get(THEIRS, Audience::Adviser, Cache::Never, theirs)
        .post(THEIRS, Audience::Adviser, with_contacts)
}

async fn mine(ask: Ask, Fresh(me): Fresh<Me>) -> Result<Response> {
    full(&ask, Seat::mine(me), false).await
}

async fn theirs(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    full(&ask, Seat::theirs(worker, &id)?, false).await
}

/// Answers with the page itself: what it shows has no address at which it could be opened again.
async fn with_contacts(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let seat = Seat::theirs(worker, &id)?;
    let post = seat.post(&ask, &mut form, seat.path("print"))?;
    match acts::print_contacts(&ask.app.db, post).await? {
        Done::To(_) => full(&ask, seat, true).await,
        Done::OtherText | Done::Refused(_) => Err(Error::Refused(StatusCode::CONFLICT, OVER)),
    }
}

async fn full(ask: &Ask, seat: Seat, contacts: bool) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let access = access::check::<ReadPlan, _>(&mut db, &seat.session.actor, seat.person, ask.now).await?;
    let mut access = access.ok_or(Error::NotFound)?;
    let whole = load(ask, &mut access, false).await?;
    let owed = store::owed(&mut access, &ask.app.vault).await?;
    let called = whole.person.called.clone();
    let reader = seat.reader(ask, &mut access).await?;
    let (entry, may) = (access.entry(), PrintContacts::allows(access.relation()));
    drop(db);
    let (base, today) = (seat.path("print"), london_date(ask.now));
    let paper = match (contacts, may) {
        (true, _) => Paper::WithContacts,
        (false, true) => Paper::MayHaveContacts,
        (false, false) => Paper::Masked,
    };
    let main = move || view! { <OnPaper whole owed called reader base paper today/> }.into_any();
    seat.page(ask, entry, (StatusCode::OK, false), main).await
}

async fn short(ask: Ask, Fresh(me): Fresh<Me>) -> Result<Response> {
    let seat = Seat::mine(me);
    let mut db = ask.app.db.read().await?;
    let access = access::check::<ReadPlan, _>(&mut db, &seat.session.actor, seat.person, ask.now).await?;
    let mut access = access.ok_or(Error::NotFound)?;
    let whole = load(&ask, &mut access, false).await?;
    let called = whole.person.called.clone();
    let Reader::Person(lead) = seat.reader(&ask, &mut access).await? else { return Err(Error::NotFound) };
    let (entry, today) = (access.entry(), london_date(ask.now));
    drop(db);
    let main = move || view! { <ShortPaper whole called lead today/> }.into_any();
    seat.page(&ask, entry, (StatusCode::OK, false), main).await
}
