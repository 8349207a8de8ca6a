//! `/work`: who needs the worker today, and why.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use axum::extract::{FromRequestParts as _, Path};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use leptos::prelude::*;

use super::by;
use crate::app::{App, Ask};
use crate::appointments::store as appointments;
use crate::audit::{Entry, store as audit};
use crate::clock::{DAY, london_date};
use crate::db::Questions;
use crate::error::{Error, Result};
use crate::letters::store as letters;
use crate::messages::{Dealings, store as messages};
use crate::people::access::{self, Caseload, Listed};
use crate::people::{Actor, Basics, Life, PersonId, Role, age, store as people};
use crate::plan::review::Dates;
use crate::plan::{Opinion, store as plans};
use crate::signin::guard::Adviser;
use crate::signin::store as signin;
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::live::{Asker, EVERY, events};
use crate::web::routes::{Audience, Cache, Routes};
use crate::work::acts;
use crate::work::clocks::Young;
use crate::work::day::{Facts, Place, Row, Why};
use crate::work::store;
use crate::work::views::today::{Asks, Request, Today, fragment};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/work", Audience::Adviser, Cache::Never, today)
        .get("/work/new", Audience::Adviser, Cache::Never, news)
        .get("/work/live", Audience::Adviser, Cache::Never, live)
        .post("/work/people/{id}/done", Audience::Adviser, done)
}

/// How long a manager is told that somebody opened a record without working with the person.
const TOLD_FOR: i64 = 14 * DAY;

/// What is known of each of a list, however many stand in it.
pub(super) struct Known {
    lives: BTreeMap<PersonId, Life>,
    plans: BTreeMap<PersonId, Dates>,
    says: BTreeMap<PersonId, (Opinion, i64)>,
    dealings: BTreeMap<PersonId, Dealings>,
}

/// Asks what is known of each of a list.
pub(super) fn known(listed: &Listed<'_>) -> impl Questions<Answers = Known> + use<> {
    let questions = (people::lives(listed), plans::dates(listed), plans::unheard(listed), messages::dealings(listed));
    questions.into_one(|(lives, plans, says, dealings)| Ok(Known { lives, plans, says, dealings }))
}

impl Known {
    /// The same with what is due for those who are not 18 yet.
    pub(super) async fn facts(self, listed: &mut Listed<'_>) -> Result<impl Fn(PersonId) -> Facts + use<>> {
        let basics = self.lives.iter().map(|(person, life)| (*person, life.basics)).collect();
        let young = young(listed, &basics).await?;
        Ok(move |person| Facts {
            basics: self.lives.get(&person).map(|life| life.basics),
            home: self.lives.get(&person).and_then(|life| life.home),
            plan: self.plans.get(&person).copied(),
            says: self.says.get(&person).copied(),
            young: young.get(&person).copied(),
            dealings: self.dealings.get(&person).copied().unwrap_or_default(),
            rhythm: self.lives.get(&person).and_then(|life| life.rhythm),
            done: std::collections::BTreeSet::new(),
        })
    }
}

/// What is due for those of a list who are not 18 yet.
pub(super) async fn young(
    listed: &mut Listed<'_>,
    basics: &BTreeMap<PersonId, Basics>,
) -> Result<BTreeMap<PersonId, Young>> {
    let today = london_date(listed.at());
    let under_18 = basics.iter().filter(|(_, basics)| age(basics.born_on, today) < 18).map(|(person, _)| *person);
    let known = plans::young(listed, &under_18.collect::<Vec<_>>()).await?;
    let read =
        |(person, ((eligible_on, assessed_on), has_adviser))| (person, Young { eligible_on, assessed_on, has_adviser });
    Ok(known.into_iter().map(read).collect())
}

/// Everybody in the list of whoever asks, each with what is known and why they stand there today; and the answers to what
/// else is asked of the list.
pub(super) async fn everybody<Q: Questions>(
    ask: &Ask,
    caseload: &mut Caseload<'_>,
    more: impl FnOnce(&Listed<'_>) -> Q,
) -> Result<(Vec<Row>, Q::Answers)> {
    let mine = messages::mine(caseload).await?;
    let (waiting, done) = (messages::waiting(caseload, &ask.app.vault, &mine), store::done(caseload));
    let mut listed = caseload.list(mine.people());
    let questions = (waiting, done, known(&listed), more(&listed));
    let (waiting, mut done, known, more) = listed.fetch(questions).await?;
    let facts = known.facts(&mut listed).await?;
    let at = listed.at();
    let rows = waiting.into_iter().map(|one| {
        let done = done.remove(&one.person).unwrap_or_default();
        let facts = Facts { done, ..facts(one.person) };
        Row::new(one, facts, at)
    });
    Ok((rows.collect(), more))
}

pub(super) fn holds(worker: &Adviser, role: Role) -> bool {
    matches!(&worker.session.actor, Actor::Staff(_, roles) if roles.contains(&role))
}

async fn today(ask: Ask, worker: Adviser) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let mut caseload = access::caseload(&mut db, &worker.session.actor, ask.now).ok_or(Error::NotFound)?;
    let held = messages::all_held(&caseload);
    let desk = (signin::knocks_waiting(), held, people::team_of_member(worker.staff, ask.now));
    let (mut rows, (asks, (calls, held, team))) = everybody(&ask, &mut caseload, |listed| (asks(listed), desk)).await?;
    let asks = named(asks, &rows);
    let held = messages::held(&mut caseload, held).await?;
    let (all, mark) = (rows.len(), mark_of(&rows, ask.now));
    rows.retain(|row| row.place(ask.now) != Place::Quiet);
    let quiet = all - rows.len();
    let since = ask.now.as_microsecond() - TOLD_FOR;
    let (manages, duty) = (holds(&worker, Role::Manager), holds(&worker, Role::Duty));
    let (mut reasons, mut alerts) = (Vec::new(), Vec::new());
    if manages {
        reasons = people::reasons_for_manager(&mut caseload, &ask.app.vault, since).await?;
        alerts = audit::alerts_for_manager(&mut caseload, &ask.app.vault).await?;
    }
    let on_desk = team.as_ref().is_some_and(|(_, duty)| *duty);
    let (entry, told) = (caseload.entry(rows.len()), caseload.entry(reasons.len()));
    let asked = (!asks.is_empty()).then(|| Entry { object: "request", ..caseload.entry(asks.len()) });
    let (mut too_long, mut late) = (Vec::new(), None);
    let (mut plans, mut submitted) = (Vec::new(), None);
    if let Some(mut managed) = access::managed(&mut db, &worker.session.actor, ask.now) {
        too_long = messages::too_long(&mut managed, &ask.app.vault).await?;
        late = (!too_long.is_empty()).then(|| managed.entry("late answer", too_long.len()));
        plans = plans::lying(&mut managed, &ask.app.vault).await?;
        submitted = (!plans.is_empty()).then(|| managed.entry("submitted plan", plans.len()));
    }
    drop(db);
    for other in [late, asked, submitted].into_iter().flatten() {
        ask.viewed(other).await?;
    }
    if !reasons.is_empty() {
        ask.viewed(Entry { object: "reason", ..told }).await?;
    }
    let audited = ask.viewed(entry).await?;
    let off_desk = duty && !on_desk;
    let desk = team.is_some() && manages || duty && on_desk;
    let now = ask.now;
    let main = move || {
        view! { <Today rows mark quiet asks calls held alerts reasons too_long plans manages desk off_desk now/> }
            .into_any()
    };
    let frame =
        Frame::staff_with_islands("Work", worker.nav(), Part::Work, main).flash(worker.session.flash.map(Flash::says));
    Ok(ask.private_page(&audited, StatusCode::OK, frame))
}

/// What people of the list wait for that is no message: a letter, another time for an appointment, or a meeting that they
/// got ready for.
fn asks(listed: &Listed<'_>) -> impl Questions<Answers = Vec<(PersonId, Asks)>> + use<> {
    let questions = (letters::asked(listed), appointments::cannot(listed), plans::ready(listed));
    questions.into_one(|(letters, cannot, ready)| {
        let letters = letters.into_iter().map(|person| (person, Asks::Letter));
        let cannot = cannot.into_iter().map(|person| (person, Asks::OtherTime));
        let ready = ready.into_iter().map(|person| (person, Asks::Meeting));
        Ok(letters.chain(cannot).chain(ready).collect())
    })
}

/// The same with the names of those who ask.
fn named(asks: Vec<(PersonId, Asks)>, rows: &[Row]) -> Vec<Request> {
    let called: BTreeMap<PersonId, &str> =
        rows.iter().map(|row| (row.waiting.person, row.waiting.called.as_str())).collect();
    let request = |(person, asks)| Some(Request { person, called: (*called.get(&person)?).to_owned(), asks });
    asks.into_iter().filter_map(request).collect()
}

/// A mark of what a list says now: another one when it says something else. How long somebody waits goes on by itself.
fn mark_of(rows: &[Row], now: Timestamp) -> String {
    let mut hasher = DefaultHasher::new();
    for row in rows {
        row.waiting.person.hash(&mut hasher);
        row.waiting.since.hash(&mut hasher);
        row.place(now).hash(&mut hasher);
        row.why.iter().for_each(|why| why.says(row, now).hash(&mut hasher));
    }
    format!("{:x}", hasher.finish())
}

/// Rows for a page that is looked at: everybody's, so that a row of whoever needs nothing any more says so where it
/// stands. With nothing new: 204, and no audit row.
async fn news(ask: Ask, worker: Adviser, uri: Uri) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let mut caseload = access::caseload(&mut db, &worker.session.actor, ask.now).ok_or(Error::NotFound)?;
    let (mut rows, ()) = everybody(&ask, &mut caseload, |_| ()).await?;
    let mark = mark_of(&rows, ask.now);
    let mut asked = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    if rows.is_empty() || asked.any(|(name, value)| name == "after" && value == mark) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let entry = caseload.entry(rows.len());
    drop(db);
    let audited = ask.viewed(entry).await?;
    rows.sort_by_key(Row::order);
    let quiet = rows.iter().filter(|row| row.place(ask.now) == Place::Quiet).count();
    let mut response = ask.private_fragment(&audited, fragment(rows, quiet, ask.now));
    if let Ok(mark) = HeaderValue::from_str(&mark) {
        response.headers_mut().insert("x-last", mark);
    }
    Ok(response)
}

/// Tells whoever asks that something changed in some thread, for as long as the same request would be let in again.
async fn live(ask: Ask, worker: Adviser) -> Response {
    let (app, asker) = (ask.app.clone(), Asker::of(ask.headers()));
    let ears = [EVERY, *worker.session.account.bytes()].map(|room| app.live.listen(room));
    events(ears, move || {
        let (app, mut parts) = (app.clone(), asker.again());
        async move { Adviser::from_request_parts(&mut parts, &app).await.is_ok() }
    })
}

/// Takes a row off the own list, and asks for the next step.
async fn done(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let person = PersonId::parse(&id).ok_or(Error::NotFound)?;
    let known = |word: &str| Why::DISMISSED.into_iter().find(|known| *known == word);
    let why = form.choice("why", known, "Press the button beside the row");
    let day = form.choice("day", |day| day.parse::<Date>().ok(), "Press the button beside the row");
    let (Some(why), Some(day), true) = (why, day, form.ok()) else {
        let says = "Nothing was changed. Go back to Today and press the button beside the row.";
        return Err(Error::Refused(StatusCode::UNPROCESSABLE_ENTITY, says));
    };
    acts::done(&ask.app.db, by(&ask, &worker), worker.session.token_hash, person, (why, day)).await?;
    Ok(see_other(&format!("/work/people/{person}/messages/later")))
}
