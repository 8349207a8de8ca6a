//! `/me/plan/actions` and `/work/people/{id}/plan/actions`: who does what by when.

use axum::extract::Path;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use jiff::civil::Date;
use leptos::prelude::*;

use super::seat::Seat;
use crate::app::{App, Ask};
use crate::audit::Entry;
use crate::clock::london_date;
use crate::error::{Error, Result};
use crate::people::access::{self, Deed as _, DoAction, ReadPlan};
use crate::plan::action::{ActionId, Edit, Refused, Side, Standing, Words, undo};
use crate::plan::acts::{self, Done, NewAction, Step};
use crate::plan::views::actions::{ActionHistory, ActionPage, ActionsPage, NewActionPage, Show};
use crate::plan::{Action, Doer, Heading, Progress, store};
use crate::signin::guard::{Adviser, Fresh, Me};
use crate::web::answer::see_other;
use crate::web::forms::{Fields, asked};
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of actions.
pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/me/plan/actions", Audience::PersonSealed, Cache::Never, mine)
        .get("/me/plan/actions/new", Audience::PersonSealed, Cache::Never, my_new)
        .post("/me/plan/actions/new", Audience::PersonSealed, add_mine)
        .get("/me/plan/actions/{action}", Audience::PersonSealed, Cache::Never, my_one)
        .post("/me/plan/actions/{action}", Audience::PersonSealed, change_mine)
        .get("/me/plan/actions/{action}/history", Audience::PersonSealed, Cache::Never, my_history)
        .get("/work/people/{id}/plan/actions", Audience::Adviser, Cache::Never, theirs)
        .get("/work/people/{id}/plan/actions/new", Audience::Adviser, Cache::Never, their_new)
        .post("/work/people/{id}/plan/actions/new", Audience::Adviser, add_theirs)
        .get("/work/people/{id}/plan/actions/{action}", Audience::Adviser, Cache::Never, their_one)
        .post("/work/people/{id}/plan/actions/{action}", Audience::Adviser, change_theirs)
        .get("/work/people/{id}/plan/actions/{action}/history", Audience::Adviser, Cache::Never, their_history)
}

/// The longest action, and the longest reason for dropping one, in characters.
pub(super) const LONGEST: usize = 500;
/// The longest name of who does it, in characters.
pub(super) const LONGEST_NAME: usize = 100;
const NEWER: &str = "Somebody changed this since you opened it. Nothing was overwritten: above is how it stands now, below is what you wrote. Save once more if yours is right.";
const OTHER: &str =
    "This page was used to save something else before. What you wrote is below and was not saved: save it now.";

async fn mine(ask: Ask, Fresh(me): Fresh<Me>, uri: Uri) -> Result<Response> {
    list(&ask, Seat::mine(me), &uri).await
}

async fn theirs(ask: Ask, worker: Adviser, Path(id): Path<String>, uri: Uri) -> Result<Response> {
    list(&ask, Seat::theirs(worker, &id)?, &uri).await
}

async fn list(ask: &Ask, seat: Seat, uri: &Uri) -> Result<Response> {
    let show = asked(uri, "show").and_then(|word| Show::parse(&word)).unwrap_or(Show::Open);
    let mut db = ask.app.db.read().await?;
    let access = access::check::<ReadPlan, _>(&mut db, &seat.session.actor, seat.person, ask.now).await?;
    let mut access = access.ok_or(Error::NotFound)?;
    let actions = store::actions(&mut access, &ask.app.vault).await?;
    let until = access.fetch(store::known(&access)).await?.until;
    let reader = seat.reader(ask, &mut access).await?;
    let (entry, does) = (access.entry(), DoAction::allows(access.relation()));
    drop(db);
    let (base, today) = (seat.path("actions"), london_date(ask.now));
    let main = move || view! { <ActionsPage actions reader base does show until today/> }.into_any();
    seat.page(ask, entry, (StatusCode::OK, false), main).await
}

async fn my_new(ask: Ask, Fresh(me): Fresh<Me>, uri: Uri) -> Result<Response> {
    begin(&ask, Seat::mine(me), &uri).await
}

async fn their_new(ask: Ask, worker: Adviser, Path(id): Path<String>, uri: Uri) -> Result<Response> {
    begin(&ask, Seat::theirs(worker, &id)?, &uri).await
}

/// The empty form, with the heading that the address names and what was typed before a sign-in came between.
async fn begin(ask: &Ask, seat: Seat, uri: &Uri) -> Result<Response> {
    let place = seat.path("actions/new");
    let heading = asked(uri, "heading").and_then(|word| Heading::parse(&word));
    let heading = heading.map_or_else(String::new, |heading| heading.as_str().to_owned());
    let form = seat.session.with_kept(ask, &place, Fields::filled([("heading", heading)])).await?;
    new_page(ask, &seat, StatusCode::OK, form).await
}

async fn new_page(ask: &Ask, seat: &Seat, status: StatusCode, form: Fields) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let access = access::check::<DoAction, _>(&mut db, &seat.session.actor, seat.person, ask.now).await?;
    let mut access = access.ok_or(Error::NotFound)?;
    let reader = seat.reader(ask, &mut access).await?;
    let entry = Entry { action: "read", object: "profile", ..access.entry() };
    drop(db);
    let (base, wrong) = (seat.path("actions"), !form.ok());
    let main = move || view! { <NewActionPage reader base form/> }.into_any();
    seat.page(ask, entry, (status, wrong), main).await
}

/// By when, if that was written.
fn due(form: &mut Fields) -> Option<Date> {
    form.optional("due", 20)?;
    form.iso_date("due", "Write the day, as in 2026-12-04, or leave it empty")
}

/// What is to be done and by whom.
fn wording(form: &mut Fields, stands: Option<&Doer>) -> (String, Option<Doer>) {
    let text = form.text("body", LONGEST, "Write what is to be done");
    let doer = form.choice(
        "doer",
        |word| matches!(word, "me" | "staff" | "other").then(|| word.to_owned()),
        "Choose who does it",
    );
    let doer = match doer.as_deref() {
        Some("me") => Some(Doer::Me),
        Some("staff") => Some(Doer::Staff),
        Some(_) => Some(Doer::Other(form.line("who", LONGEST_NAME, "Write who does it"))),
        None => None,
    };
    // The name that stood in the box before is no answer to another choice; one that was written is.
    let name = form.typed("who").trim();
    let stood = matches!(stands, Some(Doer::Other(stood)) if stood == name);
    if matches!(doer, Some(Doer::Me | Doer::Staff)) && !name.is_empty() && !stood {
        form.fault("who", "You wrote a name: choose that somebody else does it, or take the name away");
    }
    (text, doer)
}

async fn add_mine(ask: Ask, Fresh(me): Fresh<Me>, form: Fields) -> Result<Response> {
    add(&ask, Seat::mine(me), form).await
}

async fn add_theirs(ask: Ask, worker: Adviser, Path(id): Path<String>, form: Fields) -> Result<Response> {
    add(&ask, Seat::theirs(worker, &id)?, form).await
}

async fn add(ask: &Ask, seat: Seat, mut form: Fields) -> Result<Response> {
    let post = seat.post(ask, &mut form, seat.path("actions"))?.written_on(seat.path("actions/new"));
    let heading = form.choice("heading", Heading::parse, "Choose the part of the plan");
    let (text, who) = wording(&mut form, None);
    let due_on = due(&mut form);
    let private = match seat.side() {
        Side::Staff => Some(false),
        Side::Person => {
            let seen = |word: &str| matches!(word, "both" | "me").then_some(word == "me");
            form.choice("sees", seen, "Choose who sees it")
        }
    };
    if private == Some(true) && who == Some(Doer::Staff) {
        form.fault("sees", "Your worker cannot do what they do not see. Choose that they see it, or do it yourself");
    }
    let (Some(heading), Some(who), Some(private), true) = (heading, who, private, form.ok()) else {
        return new_page(ask, &seat, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let words = Words { says: Action { text, who, due_on, state: Progress::NotStarted }, why: None };
    let new = NewAction { heading, words, private };
    match acts::add_action(&ask.app.db, &ask.app.vault, post, new).await? {
        Done::To(to) => Ok(see_other(&to)),
        Done::OtherText | Done::Refused(_) => {
            form.fault("body", OTHER);
            new_page(ask, &seat, StatusCode::CONFLICT, form.with_new_key()).await
        }
    }
}

fn id_of(id: &str) -> Result<ActionId> {
    ActionId::parse(id).ok_or(Error::NotFound)
}

async fn my_one(ask: Ask, Fresh(me): Fresh<Me>, Path(action): Path<String>) -> Result<Response> {
    one_page(&ask, &Seat::mine(me), id_of(&action)?, StatusCode::OK, None).await
}

async fn their_one(ask: Ask, worker: Adviser, Path((id, action)): Path<(String, String)>) -> Result<Response> {
    one_page(&ask, &Seat::theirs(worker, &id)?, id_of(&action)?, StatusCode::OK, None).await
}

/// The form of an action as it stands.
fn as_it_stands(standing: &Standing) -> Fields {
    let (says, why) = (standing.says(), standing.last.words.why.clone());
    let (doer, who) = match &says.who {
        Doer::Me => ("me", String::new()),
        Doer::Staff => ("staff", String::new()),
        Doer::Other(name) => ("other", name.clone()),
    };
    Fields::filled([
        ("n", standing.last.n.to_string()),
        ("body", says.text.clone()),
        ("doer", doer.to_owned()),
        ("who", who),
        ("due", says.due_on.map_or_else(String::new, |on| on.to_string())),
        ("state", says.state.as_str().to_owned()),
        ("why", why.unwrap_or_default()),
    ])
}

/// `form`: as it was sent; `None`: as the action stands.
async fn one_page(ask: &Ask, seat: &Seat, id: ActionId, status: StatusCode, form: Option<Fields>) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let access = access::check::<ReadPlan, _>(&mut db, &seat.session.actor, seat.person, ask.now).await?;
    let mut access = access.ok_or(Error::NotFound)?;
    let standing = store::action(&mut access, &ask.app.vault, id).await?.ok_or(Error::NotFound)?;
    let history = store::history(&mut access, &ask.app.vault, id).await?;
    let reader = seat.reader(ask, &mut access).await?;
    let (entry, does) = (access.entry(), DoAction::allows(access.relation()));
    drop(db);
    let undoes = does && undo(standing.made, &history, seat.side(), standing.last.n).is_ok();
    let stands = as_it_stands(&standing);
    let place = format!("{}/{id}", seat.path("actions"));
    let mut form = match form {
        Some(form) => form,
        None if does && standing.made == seat.side() => seat.session.with_kept(ask, &place, stands.clone()).await?,
        None => stands.clone(),
    };
    // These buttons send no words: the boxes hold what stands.
    if matches!(form.typed("do"), "undo" | "share") {
        for (name, value) in stands.all() {
            form.put(name, value.to_owned());
        }
    }
    // Whoever was told that it is newer has seen it now.
    if status == StatusCode::CONFLICT {
        form.put("n", standing.last.n.to_string());
        form.put("key", String::new());
    }
    let words = does && standing.made == seat.side();
    let (base, today, wrong) = (seat.path("actions"), london_date(ask.now), !form.ok());
    let main = move || view! { <ActionPage standing reader base does words undoes form today/> }.into_any();
    seat.page(ask, entry, (status, wrong), main).await
}

async fn change_mine(ask: Ask, Fresh(me): Fresh<Me>, Path(action): Path<String>, form: Fields) -> Result<Response> {
    change(&ask, Seat::mine(me), id_of(&action)?, form).await
}

async fn change_theirs(
    ask: Ask,
    worker: Adviser,
    Path((id, action)): Path<(String, String)>,
    form: Fields,
) -> Result<Response> {
    change(&ask, Seat::theirs(worker, &id)?, id_of(&action)?, form).await
}

async fn change(ask: &Ask, seat: Seat, id: ActionId, mut form: Fields) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let access = access::check::<DoAction, _>(&mut db, &seat.session.actor, seat.person, ask.now).await?;
    let standing =
        store::action(&mut access.ok_or(Error::NotFound)?, &ask.app.vault, id).await?.ok_or(Error::NotFound)?;
    drop(db);
    let place = format!("{}/{id}", seat.path("actions"));
    let post = seat.post(ask, &mut form, place.clone())?;
    let press = |word: &str| matches!(word, "save" | "undo" | "share").then(|| word.to_owned());
    let pressed = form.choice("do", press, "Press one of the buttons below");
    let seen = form.choice("n", |n| n.parse::<i64>().ok(), "Load this page again, then change it");
    let step = match (pressed.as_deref(), seen) {
        (Some("save"), Some(seen)) => {
            edited(&mut form, seat.side(), &standing).map(|words| Step::Edit(Edit { seen, words }))
        }
        (Some("undo"), Some(seen)) => Some(Step::Undo(seen)),
        (Some("share"), Some(_)) if seat.side() == Side::Person => Some(Step::Share),
        _ => None,
    };
    let (Some(step), true) = (step, form.ok()) else {
        if form.ok() {
            form.fault("do", "Press one of the buttons below");
        }
        return one_page(ask, &seat, id, StatusCode::UNPROCESSABLE_ENTITY, Some(form)).await;
    };
    // The other buttons save nothing of what was typed.
    let post = if matches!(step, Step::Edit(_)) { post.written_on(place) } else { post };
    let says = match acts::change_action(&ask.app.db, &ask.app.vault, post, (id, step)).await? {
        Done::To(to) => return Ok(see_other(&to)),
        Done::OtherText => OTHER,
        Done::Refused(Refused::Newer) => NEWER,
        Done::Refused(Refused::NotTheirWords) => {
            "The words belong to whoever wrote them. You can change the day and how far it is."
        }
        Done::Refused(Refused::NoUndo) => "There is nothing to undo.",
    };
    form.fault("state", says);
    one_page(ask, &seat, id, StatusCode::CONFLICT, Some(form)).await
}

/// What an action shall say; `None` with a fault in the form. Words of the other side are not read from it at all.
fn edited(form: &mut Fields, side: Side, standing: &Standing) -> Option<Words> {
    let (text, who) = if standing.made == side {
        wording(form, Some(&standing.says().who))
    } else {
        (standing.says().text.clone(), Some(standing.says().who.clone()))
    };
    if standing.private && who == Some(Doer::Staff) {
        form.fault("doer", "Your worker cannot do what they do not see. Share it first, or do it yourself");
    }
    let due_on = due(form);
    let state = form.choice("state", Progress::parse, "Choose how far it is")?;
    let dropped = state == Progress::Dropped;
    let why = dropped.then(|| form.text("why", LONGEST, "Write why this is not done now"));
    let (written, stood) = (form.typed("why").trim(), standing.last.words.why.as_deref().unwrap_or_default());
    if !dropped && !written.is_empty() && written != stood {
        form.fault("why", "You wrote why it is not done: choose that you are not doing it, or take the words away");
    }
    Some(Words { says: Action { text, who: who?, due_on, state }, why })
}

async fn my_history(ask: Ask, Fresh(me): Fresh<Me>, Path(action): Path<String>) -> Result<Response> {
    history(&ask, Seat::mine(me), id_of(&action)?).await
}

async fn their_history(ask: Ask, worker: Adviser, Path((id, action)): Path<(String, String)>) -> Result<Response> {
    history(&ask, Seat::theirs(worker, &id)?, id_of(&action)?).await
}

async fn history(ask: &Ask, seat: Seat, id: ActionId) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let access = access::check::<ReadPlan, _>(&mut db, &seat.session.actor, seat.person, ask.now).await?;
    let mut access = access.ok_or(Error::NotFound)?;
    let changes = store::history(&mut access, &ask.app.vault, id).await?;
    let reader = seat.reader(ask, &mut access).await?;
    let entry = access.entry();
    drop(db);
    let back = format!("{}/{id}", seat.path("actions"));
    let main = move || view! { <ActionHistory changes reader back/> }.into_any();
    seat.page(ask, entry, (StatusCode::OK, false), main).await
}
