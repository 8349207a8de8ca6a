//! `/me/plan/money` and `/work/people/{id}/money`: what somebody is to get, what they had, what is left.

use axum::extract::Path;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use jiff::ToSpan as _;
use jiff::civil::Date;
use leptos::prelude::*;

use super::seat::Seat;
use crate::app::{App, Ask};
use crate::audit::Entry;
use crate::clock::london_date;
use crate::error::{Error, Result};
use crate::people::PersonId;
use crate::people::access::{self, Deed as _, ReadPlan, WriteMoney};
use crate::plan::acts::{self, Done, NewOwed, Paying};
use crate::plan::money::{NewPayment, OwedId, PaymentId, fixed, parse, says};
use crate::plan::store;
use crate::plan::views::money::{MoneyPage, NewOwedPage, OwedPage};
use crate::signin::guard::{Adviser, Fresh, Me};
use crate::web::answer::see_other;
use crate::web::forms::{Fields, asked};
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of money.
pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/me/plan/money", Audience::PersonSealed, Cache::Never, mine)
        .get("/work/people/{id}/money", Audience::Adviser, Cache::Never, theirs)
        .get("/work/people/{id}/money/new", Audience::Adviser, Cache::Never, begin)
        .post("/work/people/{id}/money/new", Audience::Adviser, add)
        .get("/work/people/{id}/money/{owed}", Audience::Adviser, Cache::Never, one)
        .post("/work/people/{id}/money/{owed}", Audience::Adviser, pay)
}

/// The longest name of something, and of what a payment is for, in characters.
const LONGEST: usize = 200;
/// The longest name of who agreed a payment, in characters.
const LONGEST_NAME: usize = 100;
/// How many days back something was agreed or paid: as long as anybody is a care leaver.
const BACK: i32 = 4_000;
const OTHER: &str =
    "This page was used to save something else before. What you wrote is below and was not saved: save it now.";
const TOO_LATE: &str = "That was done before, or this counts no more. Below is how it stands now.";

async fn mine(ask: Ask, Fresh(me): Fresh<Me>) -> Result<Response> {
    list(&ask, Seat::mine(me)).await
}

async fn theirs(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    list(&ask, Seat::theirs(worker, &id)?).await
}

async fn list(ask: &Ask, seat: Seat) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let access = access::check::<ReadPlan, _>(&mut db, &seat.session.actor, seat.person, ask.now).await?;
    let mut access = access.ok_or(Error::NotFound)?;
    let owed = store::owed(&mut access, &ask.app.vault).await?;
    let known = access.fetch(store::known(&access)).await?;
    let until = known.money_at.and(known.until);
    let reader = seat.reader(ask, &mut access).await?;
    let (entry, does) = (access.entry(), WriteMoney::allows(access.relation()));
    drop(db);
    let person = seat.person;
    let main = move || view! { <MoneyPage owed reader person does until/> }.into_any();
    seat.page(ask, entry, (StatusCode::OK, false), main).await
}

async fn begin(ask: Ask, worker: Adviser, Path(id): Path<String>, uri: Uri) -> Result<Response> {
    let seat = Seat::theirs(worker, &id)?;
    let right = asked(&uri, "right").unwrap_or_default();
    let content = ask.app.content();
    let known = fixed(content.edition.library.entitlements.values(), ask.now).into_iter().find(|one| one.slug == right);
    let (name, amount) = known.map_or_else(Default::default, |one| (one.name, says(one.pence)));
    let day = london_date(ask.now).to_string();
    let form = Fields::filled([("right", right.clone()), ("name", name), ("amount", amount), ("day", day)]);
    let kept = seat.session.with_kept(&ask, &new_of(seat.person), form.clone()).await?;
    // Whoever takes over another right means that one, whatever they typed before.
    let form = if form.typed("name").is_empty() || kept.typed("right") == right { kept } else { form };
    new_page(&ask, &seat, StatusCode::OK, form).await
}

/// The page on which it is written down what somebody is to get.
fn new_of(person: PersonId) -> String {
    format!("/work/people/{person}/money/new")
}

async fn new_page(ask: &Ask, seat: &Seat, status: StatusCode, form: Fields) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let access = access::check::<WriteMoney, _>(&mut db, &seat.session.actor, seat.person, ask.now).await?;
    let mut access = access.ok_or(Error::NotFound)?;
    let reader = seat.reader(ask, &mut access).await?;
    let entry = Entry { action: "read", object: "profile", ..access.entry() };
    drop(db);
    let content = ask.app.content();
    let rights = fixed(content.edition.library.entitlements.values(), ask.now);
    let (person, wrong) = (seat.person, !form.ok());
    let main = move || view! { <NewOwedPage rights reader person form/> }.into_any();
    seat.page(ask, entry, (status, wrong), main).await
}

/// An amount and a day that is not still to come.
fn amount_and_day(ask: &Ask, form: &mut Fields) -> (Option<i64>, Option<Date>) {
    let typed = form.line("amount", 20, "Write the amount in pounds, as in 120 or 1,250.50");
    let pence = match parse(&typed) {
        Ok(pence) => Some(pence),
        Err(no) => {
            form.fault("amount", no.says());
            None
        }
    };
    let day = form.iso_date("day", "Write the day, as in 2026-12-04");
    let today = london_date(ask.now);
    match day {
        Some(day) if day > today => form.fault("day", "That day is still to come. Write it down when it is there"),
        Some(day) if day < today.saturating_sub(BACK.days()) => form.fault("day", "Check the year of that day"),
        _ => {}
    }
    (pence, day)
}

async fn add(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let seat = Seat::theirs(worker, &id)?;
    let post = seat.post(&ask, &mut form, format!("/work/people/{}/money", seat.person))?;
    let post = post.written_on(new_of(seat.person));
    let content = ask.app.content();
    let right = form.optional("right", LONGEST);
    let known = fixed(content.edition.library.entitlements.values(), ask.now)
        .into_iter()
        .find(|one| Some(&one.slug) == right.as_ref());
    if right.is_some() && known.is_none() {
        form.fault("right", "That is not in the offer any more. Choose again, or write a name of your own");
        form.put("right", String::new());
    }
    let name = form.line("name", LONGEST, "Write what it is");
    let (Some(pence), Some(agreed_on), true) = with_ok(amount_and_day(&ask, &mut form), &form) else {
        return new_page(&ask, &seat, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    // A name of one's own is one's own, whatever it began as.
    let entitlement = known.filter(|one| one.name == name).map(|one| one.slug);
    let new = NewOwed { name, entitlement, pence, agreed_on };
    match acts::add_owed(&ask.app.db, &ask.app.vault, post, new).await? {
        Done::To(to) => Ok(see_other(&to)),
        Done::OtherText | Done::Refused(_) => {
            form.fault("name", OTHER);
            new_page(&ask, &seat, StatusCode::CONFLICT, form.with_new_key()).await
        }
    }
}

fn with_ok((pence, day): (Option<i64>, Option<Date>), form: &Fields) -> (Option<i64>, Option<Date>, bool) {
    (pence, day, form.ok())
}

async fn one(ask: Ask, worker: Adviser, Path((id, owed)): Path<(String, String)>) -> Result<Response> {
    let seat = Seat::theirs(worker, &id)?;
    let owed = id_of(&owed)?;
    let form = blank(&ask, &seat, owed).await?;
    one_page(&ask, &seat, owed, StatusCode::OK, form).await
}

/// The form of a payment that nobody sent yet, with what was typed in it before and not saved.
async fn blank(ask: &Ask, seat: &Seat, owed: OwedId) -> Result<Fields> {
    let form = Fields::filled([("day", london_date(ask.now).to_string()), ("agreed", "me".to_owned())]);
    seat.session.with_kept(ask, &page_of(seat.person, owed), form).await
}

/// The page of something that somebody is to get.
fn page_of(person: PersonId, owed: OwedId) -> String {
    format!("/work/people/{person}/money/{owed}")
}

fn id_of(id: &str) -> Result<OwedId> {
    OwedId::parse(id).ok_or(Error::NotFound)
}

async fn one_page(ask: &Ask, seat: &Seat, id: OwedId, status: StatusCode, form: Fields) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let access = access::check::<ReadPlan, _>(&mut db, &seat.session.actor, seat.person, ask.now).await?;
    let mut access = access.ok_or(Error::NotFound)?;
    let owed = store::owed(&mut access, &ask.app.vault).await?.into_iter().find(|one| one.id == id);
    let owed = owed.ok_or(Error::NotFound)?;
    let (entry, does) = (access.entry(), WriteMoney::allows(access.relation()));
    drop(db);
    let (person, wrong) = (seat.person, !form.ok());
    let main = move || view! { <OwedPage owed person does form/> }.into_any();
    seat.page(ask, entry, (status, wrong), main).await
}

/// What a button of the page says.
enum Press {
    Pay,
    End,
    Undo(PaymentId),
}

fn press(word: &str) -> Option<Press> {
    match word.split_once(':') {
        None if word == "pay" => Some(Press::Pay),
        None if word == "end" => Some(Press::End),
        Some(("undo", id)) => PaymentId::parse(id).map(Press::Undo),
        _ => None,
    }
}

/// Who agreed a payment, where it is not whoever writes it down: that is meant where nothing else is said.
fn agreed_by(form: &mut Fields) -> Option<String> {
    if form.typed("agreed").is_empty() {
        form.put("agreed", "me".to_owned());
    }
    let known = |word: &str| matches!(word, "me" | "other").then_some(word == "other");
    if form.choice("agreed", known, "Choose who agreed it")? {
        return Some(form.line("who", LONGEST_NAME, "Write who agreed it: a name, or what they do"));
    }
    if !form.typed("who").trim().is_empty() {
        form.fault("who", "You wrote a name: choose that somebody else agreed it, or take the name away");
    }
    None
}

async fn pay(
    ask: Ask,
    worker: Adviser,
    Path((id, owed)): Path<(String, String)>,
    mut form: Fields,
) -> Result<Response> {
    let (seat, owed) = (Seat::theirs(worker, &id)?, id_of(&owed)?);
    let here = page_of(seat.person, owed);
    let post = seat.post(&ask, &mut form, here.clone())?;
    let paying = match form.choice("do", press, "Press one of the buttons below") {
        Some(Press::Pay) => {
            let (pence, day) = amount_and_day(&ask, &mut form);
            let (note, agreed_by) = (form.optional("note", LONGEST), agreed_by(&mut form));
            pence.zip(day).map(|(pence, paid_on)| Paying::Paid(NewPayment { pence, paid_on, note, agreed_by }))
        }
        Some(Press::End) => Some(Paying::End),
        Some(Press::Undo(payment)) => Some(Paying::Undo(payment)),
        None => None,
    };
    let (Some(paying), true) = (paying, form.ok()) else {
        return one_page(&ask, &seat, owed, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    // The other buttons stand in forms of their own: they save nothing of what was typed, and lose nothing.
    let pays = matches!(paying, Paying::Paid(..));
    let post = if pays { post.written_on(here) } else { post };
    let says = match acts::pay(&ask.app.db, &ask.app.vault, post, (owed, paying)).await? {
        Done::To(to) => return Ok(see_other(&to)),
        Done::OtherText => OTHER,
        Done::Refused(_) => TOO_LATE,
    };
    let mut form = if pays { form.with_new_key() } else { blank(&ask, &seat, owed).await? };
    form.fault("amount", says);
    one_page(&ask, &seat, owed, StatusCode::CONFLICT, form).await
}
