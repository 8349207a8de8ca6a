//! `/work/people/{id}/plan/agreed`: after a review, what was agreed becomes actions.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::actions::{LONGEST, LONGEST_NAME};
use super::seat::Seat;
use super::{ON_THE_LIST, OTHER_WORDS};
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::people::access::{self, DoAction, ReadPlan};
use crate::people::{Person, store as people};
use crate::plan::action::is_on_the_list;
use crate::plan::acts::{self, Done};
use crate::plan::goals::lines;
use crate::plan::views::goals::{Agreed, AgreedPage};
use crate::plan::{Action, Doer, Field, Heading, Progress, store};
use crate::signin::guard::Adviser;
use crate::web::answer::see_other;
use crate::web::forms::{Fields, hidden};
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of what was agreed.
pub(super) fn routes() -> Routes<App> {
    const HERE: &str = "/work/people/{id}/plan/agreed";
    Routes::default().get(HERE, Audience::Adviser, Cache::Never, agreed).post(HERE, Audience::Adviser, add)
}

/// How many lines have a box at once: four fields each, and a form has a most.
const MOST: usize = 48;

/// What is wrong with single fields of lines, by the names of the fields.
type Wrong = BTreeMap<String, &'static str>;
/// What was ticked, and what is wrong with it.
type Ticked = (Vec<(Heading, Action)>, Wrong);

async fn agreed(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let seat = Seat::theirs(worker, &id)?;
    let form = seat.session.with_kept(&ask, &seat.path("agreed"), Fields::default()).await?;
    page(&ask, &seat, StatusCode::OK, (form, Wrong::new())).await
}

async fn page(ask: &Ask, seat: &Seat, status: StatusCode, (form, faults): (Fields, Wrong)) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let does = access::check::<DoAction, _>(&mut db, &seat.session.actor, seat.person, ask.now).await?;
    drop(does.ok_or(Error::NotFound)?);
    let access = access::check::<ReadPlan, _>(&mut db, &seat.session.actor, seat.person, ask.now).await?;
    let mut access = access.ok_or(Error::NotFound)?;
    let vault = &ask.app.vault;
    let questions = (people::whose(&access, vault), store::newest_sheets(&access, vault, true));
    let (Person { called, .. }, sheets) = access.fetch(questions).await?;
    let actions = store::actions(&mut access, &ask.app.vault).await?;
    let entry = access.entry();
    drop(db);
    let all = sheets.iter().flat_map(|sheet| {
        let texts = lines(sheet.text(Field::Agreed).unwrap_or_default());
        texts.into_iter().map(|text| (sheet.heading, text))
    });
    let lines = all
        .map(|(heading, text)| {
            let stands = is_on_the_list(&actions, heading, &text);
            Agreed { heading, stands, long: text.chars().count() > LONGEST, text }
        })
        .collect();
    let (base, wrong) = (seat.path("").trim_end_matches('/').to_owned(), !form.ok());
    let main = move || view! { <AgreedPage called lines base most=MOST faults form/> }.into_any();
    seat.page(ask, entry, (status, wrong), main).await
}

/// Who does a line of what was agreed, by what was chosen and the name that was written beside it.
///
/// # Errors
/// With the letter of the field that is wrong, and what is said beside it.
fn doer(choice: &str, name: &str) -> std::result::Result<Doer, (char, &'static str)> {
    let doer = match choice {
        "me" => Doer::Me,
        "staff" => Doer::Staff,
        "other" if name.is_empty() => return Err(('o', "Write who does it")),
        "other" if name.chars().count() > LONGEST_NAME || name.chars().any(hidden) => {
            return Err(('o', "Write a shorter name, without pasting it"));
        }
        "other" => return Ok(Doer::Other(name.to_owned())),
        _ => return Err(('w', "Choose who does it")),
    };
    // A name that was written is no answer to another choice.
    let both = "You wrote a name: choose that somebody else does it, or take the name away";
    if name.is_empty() { Ok(doer) } else { Err(('o', both)) }
}

/// Reads which lines were ticked, who does them and by when.
fn ticked(form: &mut Fields) -> Ticked {
    let boxes: Vec<(Heading, String, String)> = form
        .all()
        .filter_map(|(name, text)| {
            let (heading, mark) = name.strip_prefix("t-")?.rsplit_once('-')?;
            Some((Heading::parse(heading)?, mark.to_owned(), text.to_owned()))
        })
        .collect();
    let (mut new, mut wrong) = (Vec::new(), Wrong::new());
    let mut seen = BTreeSet::new();
    let twice = form.all().any(|(name, _)| name.contains('-') && !seen.insert(name));
    drop(seen);
    if twice {
        form.fault("lines", "Something was sent twice. Check it and send it once more");
    }
    // What stands beside a line that is not ticked would be lost without a sign.
    let ticks: BTreeSet<&str> = boxes.iter().map(|(_, mark, _)| mark.as_str()).collect();
    let beside = form.all().filter_map(|(name, typed)| {
        let mark = name.strip_prefix("o-").or_else(|| name.strip_prefix("d-"))?;
        (!typed.trim().is_empty() && !ticks.contains(mark)).then(|| name.to_owned())
    });
    let beside: Vec<String> = beside.collect();
    if !beside.is_empty() {
        form.fault("lines", "You wrote beside a line that is not ticked: look at the line where it says so");
    }
    wrong.extend(beside.into_iter().map(|name| (name, "Tick this line, or take away what you wrote")));
    for (heading, mark, text) in boxes {
        let text = text.trim().to_owned();
        let day = format!("d-{mark}");
        let due = form.typed(&day).trim().to_owned();
        let due_on = due.parse::<jiff::civil::Date>().ok().filter(|date| (2000..=2200).contains(&date.year()));
        if !due.is_empty() && due_on.is_none() {
            wrong.insert(day, "Write the day, as in 2026-12-04, or leave it empty");
            form.fault("lines", "A day does not read: look at the line where it says so");
        }
        let who = match doer(form.typed(&format!("w-{mark}")), form.typed(&format!("o-{mark}")).trim()) {
            Ok(who) => who,
            Err((field, says)) => {
                wrong.insert(format!("{field}-{mark}"), says);
                form.fault("lines", "Choose who does each line that you tick: look at the line where it says so");
                continue;
            }
        };
        if text.is_empty() || text.chars().count() > LONGEST || text.chars().any(hidden) {
            form.fault("lines", "A line cannot be read. Open the page again and tick it once more");
            continue;
        }
        new.push((heading, Action { text, who, due_on, state: Progress::NotStarted }));
    }
    if new.is_empty() {
        form.fault("lines", "Tick at least one line");
    }
    (new, wrong)
}

async fn add(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let seat = Seat::theirs(worker, &id)?;
    let post = seat.post(&ask, &mut form, seat.path("actions"))?.written_on(seat.path("agreed"));
    let (new, wrong) = ticked(&mut form);
    if !form.ok() {
        return page(&ask, &seat, StatusCode::UNPROCESSABLE_ENTITY, (form, wrong)).await;
    }
    match acts::add_actions(&ask.app.db, &ask.app.vault, post, new, false).await? {
        Done::To(to) => Ok(see_other(&to)),
        Done::OtherText => {
            form.fault("lines", OTHER_WORDS);
            page(&ask, &seat, StatusCode::CONFLICT, (form.with_new_key(), wrong)).await
        }
        Done::Refused(_) => {
            form.fault("lines", ON_THE_LIST);
            page(&ask, &seat, StatusCode::CONFLICT, (form.with_new_key(), wrong)).await
        }
    }
}
