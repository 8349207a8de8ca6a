//! `/me/plan/goals` and `/work/people/{id}/plan/goals`: ideas for goals, to take and change.

use axum::extract::Path;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use leptos::prelude::*;

use super::seat::Seat;
use super::{ON_THE_LIST, OTHER_WORDS};
use crate::app::{App, Ask};
use crate::audit::Entry;
use crate::error::{Error, Result};
use crate::offer::Source;
use crate::people::access::{self, Deed as _, DoAction, ReadPlan};
use crate::plan::action::{Side, is_on_the_list};
use crate::plan::acts::{self, Done};
use crate::plan::goals::Goal;
use crate::plan::views::goals::{BOXES, GoalPage, GoalsPage};
use crate::plan::{Action, Doer, Field, Heading, Progress, store};
use crate::signin::guard::{Adviser, Fresh, Me};
use crate::web::answer::see_other;
use crate::web::forms::{Fields, asked};
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of ideas for goals.
pub(super) fn routes() -> Routes<App> {
    const THEIRS: &str = "/work/people/{id}/plan/goals/{slug}";
    Routes::default()
        .get("/me/plan/goals", Audience::PersonSealed, Cache::Never, mine)
        .get("/me/plan/goals/{slug}", Audience::PersonSealed, Cache::Never, my_goal)
        .post("/me/plan/goals/{slug}", Audience::PersonSealed, use_mine)
        .get("/work/people/{id}/plan/goals", Audience::Adviser, Cache::Never, theirs)
        .get(THEIRS, Audience::Adviser, Cache::Never, their_goal)
        .post(THEIRS, Audience::Adviser, use_theirs)
}

/// The idea that the address of a box names, when it is one of this part: what it is called, and its words.
pub(super) fn idea(ask: &Ask, uri: &Uri, (heading, field): (Heading, Field)) -> Option<(String, String)> {
    let slug = asked(uri, "goal").filter(|_| field == Field::Want)?;
    let content = ask.app.content();
    let goal = content.edition.library.goals.get(&slug).filter(|goal| goal.heading == heading)?;
    Some((slug, goal.want.clone()))
}

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
    let reader = seat.reader(ask, &mut access).await?;
    let entry = Entry { action: "read", object: "profile", ..access.entry() };
    drop(db);
    let content = ask.app.content();
    let goals = content.edition.library.goals.values().cloned().collect();
    let base = seat.path("goals");
    let main = move || view! { <GoalsPage goals reader base/> }.into_any();
    seat.page(ask, entry, (StatusCode::OK, false), main).await
}

async fn my_goal(ask: Ask, Fresh(me): Fresh<Me>, Path(slug): Path<String>) -> Result<Response> {
    first(&ask, Seat::mine(me), &slug).await
}

async fn their_goal(ask: Ask, worker: Adviser, Path((id, slug)): Path<(String, String)>) -> Result<Response> {
    first(&ask, Seat::theirs(worker, &id)?, &slug).await
}

/// The page as it is first shown, with what was ticked on it and not added.
async fn first(ask: &Ask, seat: Seat, slug: &str) -> Result<Response> {
    goal_of(ask, slug)?;
    let form = seat.session.with_kept(ask, &seat.path(&format!("goals/{slug}")), Fields::default()).await?;
    page(ask, &seat, slug, StatusCode::OK, form).await
}

fn goal_of(ask: &Ask, slug: &str) -> Result<(Goal, Vec<Source>)> {
    let content = ask.app.content();
    let library = &content.edition.library;
    let goal = library.goals.get(slug).ok_or(Error::NotFound)?;
    let sources = goal.claims.iter().filter_map(|claim| library.sources.get(&claim.source).cloned());
    Ok((goal.clone(), sources.collect()))
}

async fn page(ask: &Ask, seat: &Seat, slug: &str, status: StatusCode, form: Fields) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let access = access::check::<ReadPlan, _>(&mut db, &seat.session.actor, seat.person, ask.now).await?;
    let mut access = access.ok_or(Error::NotFound)?;
    let (goal, sources) = goal_of(ask, slug)?;
    let actions = store::actions(&mut access, &ask.app.vault).await?;
    let reader = seat.reader(ask, &mut access).await?;
    let (entry, does) = (access.entry(), DoAction::allows(access.relation()));
    drop(db);
    let stand = goal.steps.iter().map(|step| is_on_the_list(&actions, goal.heading, &step.text));
    let stand = stand.collect();
    let (base, wrong) = (seat.path("goals"), !form.ok());
    let main = move || view! { <GoalPage goal sources stand reader base does form/> }.into_any();
    seat.page(ask, entry, (status, wrong), main).await
}

async fn use_mine(ask: Ask, Fresh(me): Fresh<Me>, Path(slug): Path<String>, form: Fields) -> Result<Response> {
    take(&ask, Seat::mine(me), &slug, form).await
}

async fn use_theirs(
    ask: Ask,
    worker: Adviser,
    Path((id, slug)): Path<(String, String)>,
    form: Fields,
) -> Result<Response> {
    take(&ask, Seat::theirs(worker, &id)?, &slug, form).await
}

/// Adds what was ticked, and leads to the box with the words of the goal in it.
async fn take(ask: &Ask, seat: Seat, slug: &str, mut form: Fields) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let may = access::check::<DoAction, _>(&mut db, &seat.session.actor, seat.person, ask.now).await?;
    drop(may.ok_or(Error::NotFound)?);
    drop(db);
    let (goal, _) = goal_of(ask, slug)?;
    let heading = goal.heading;
    let to = match seat.side() {
        Side::Person => format!("{}?goal={slug}", seat.path(&format!("want/{}", heading.as_str()))),
        Side::Staff => format!("{}?goal={slug}", seat.path(&format!("write/{}/want", heading.as_str()))),
    };
    let post = seat.post(ask, &mut form, to.clone())?.written_on(seat.path(&format!("goals/{slug}")));
    let named = goal.steps.into_iter().zip(BOXES);
    let steps: Vec<_> = named.filter_map(|(step, name)| form.ticked(name).then_some(step)).collect();
    let private = match seat.side() {
        Side::Person if !steps.is_empty() => {
            let seen = |word: &str| matches!(word, "both" | "me").then_some(word == "me");
            form.choice("sees", seen, "Choose who sees what you ticked")
        }
        _ => Some(false),
    };
    if private == Some(true) && steps.iter().any(|step| step.who == Doer::Staff) {
        form.fault(
            "sees",
            "Your worker cannot do what they do not see. Choose that they see it, or untick what they do",
        );
    }
    let (Some(private), true) = (private, form.ok()) else {
        return page(ask, &seat, slug, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let new: Vec<_> = steps
        .into_iter()
        .map(|step| (heading, Action { text: step.text, who: step.who, due_on: None, state: Progress::NotStarted }))
        .collect();
    if new.is_empty() {
        // Nothing is written by going on to the box, which asks for itself who may write there.
        return Ok(see_other(&to));
    }
    match acts::add_actions(&ask.app.db, &ask.app.vault, post, new, private).await? {
        Done::To(to) => Ok(see_other(&to)),
        Done::OtherText => {
            form.fault("a-1", OTHER_WORDS);
            page(ask, &seat, slug, StatusCode::CONFLICT, form.with_new_key()).await
        }
        Done::Refused(_) => {
            form.fault("a-1", ON_THE_LIST);
            page(ask, &seat, slug, StatusCode::CONFLICT, form.with_new_key()).await
        }
    }
}
