//! Sessions as an editor sees them: every date of the coming weeks with what can be done about it.

use jiff::Timestamp;
use leptos::prelude::*;

use super::super::AHEAD;
use super::super::changes::{Target, changed_by};
use crate::clock::london_date;
use crate::content::{Kind, Library};
use crate::dropins::views::{Row, Times};
use crate::dropins::{Certainty, Occurrence, Place, PlaceStatus, Session, Timetable, Window, words};
use crate::ui::{Errors, OneTimeKey, TextField};
use crate::web::forms::{Field, Fields};

/// The sessions of one locality.
#[derive(Debug, Clone)]
pub struct LocalityDesk {
    /// The slug.
    pub slug: String,
    /// The name.
    pub name: String,
    /// Its sessions.
    pub sessions: Vec<SessionDesk>,
}

/// One session with its coming dates.
#[derive(Debug, Clone)]
pub struct SessionDesk {
    /// The slug.
    pub slug: String,
    /// The slug of its usual place.
    pub place: String,
    /// Name and place.
    pub title: String,
    /// Its rule in words.
    pub rule: String,
    /// Whether any date follows from the rule.
    pub known: bool,
    /// How sure we are of it, in words.
    pub certainty: String,
    /// Whether it is confirmed now.
    pub sure: bool,
    /// Its coming dates.
    pub dates: Vec<DateRow>,
}

/// One date of a session.
#[derive(Debug, Clone)]
pub struct DateRow {
    /// How a reader sees it.
    pub row: Row,
    /// The date as addresses write it.
    pub on: String,
    /// The change behind it that staff made and can undo, with its days when they are more than one.
    pub undo: Option<(String, Option<String>)>,
    /// Why it differs when that cannot be undone here.
    pub why: Option<&'static str>,
}

/// The sessions of every locality, with their dates in the coming four weeks. Changes of the ids
/// in `ours` were made by staff and can be undone.
#[must_use]
pub fn localities(library: &Library, at: Timestamp, ours: impl Fn(&str) -> bool) -> Vec<LocalityDesk> {
    let table = &library.timetable;
    let coming = table.occurrences(Window::days_from(at, AHEAD));
    let mut all: Vec<_> = table.localities.iter().collect();
    all.sort_by_key(|(_, locality)| (locality.order, &locality.name));
    let desk = |slug: &String, name: &String| {
        let here = |session: &&(&String, &Session)| table.locality_of(&session.1.place) == Some(slug);
        let sessions = table.sessions.iter().collect::<Vec<_>>();
        let sessions = sessions.iter().filter(here).map(|(id, session)| one(library, id, session, &coming, at, &ours));
        LocalityDesk { slug: slug.clone(), name: name.clone(), sessions: sessions.collect() }
    };
    all.into_iter().map(|(slug, locality)| desk(slug, &locality.name)).collect()
}

fn one(
    library: &Library,
    id: &str,
    session: &Session,
    coming: &[Occurrence],
    at: Timestamp,
    ours: &impl Fn(&str) -> bool,
) -> SessionDesk {
    let (table, today) = (&library.timetable, london_date(at));
    let certainty = Certainty::of(library.confirmation(Kind::Session, id), today);
    let dates = coming.iter().filter(|one| &*one.session == id).map(|occurrence| {
        let change = changed_by(table, occurrence);
        let undo = change.filter(|(id, _)| ours(id)).map(|(id, it)| {
            let day = |date| words::day_seen_from(date, today);
            (id.to_owned(), (it.from != it.to).then(|| format!("{} to {}", day(it.from), day(it.to))))
        });
        let why = match change {
            Some(_) if undo.is_none() => Some("This came with the release."),
            None if !occurrence.is_on() => Some("It is closed for a bank holiday, or because the place is not in use."),
            _ => None,
        };
        let away = *occurrence.place != *session.place;
        DateRow {
            row: if away {
                Row::anywhere(table, occurrence, at)
            } else {
                Row::at_place(table, occurrence, &session.place, at)
            },
            on: occurrence.date().to_string(),
            undo,
            why,
        }
    });
    SessionDesk {
        slug: id.to_owned(),
        place: session.place.clone(),
        title: title(table, session),
        rule: words::rule(&session.rule, today),
        known: session.rule.is_known(),
        certainty: words::certainty(&certainty),
        sure: matches!(certainty, Certainty::Confirmed { .. }),
        dates: dates.collect(),
    }
}

/// Name and place of a session.
#[must_use]
pub fn title(table: &Timetable, session: &Session) -> String {
    match table.places.get(&session.place) {
        Some(place) => format!("{}, {}", session.name, place.name),
        None => session.name.clone(),
    }
}

/// The dates of a session, or of all that meet at a place, in the coming weeks, as the public will
/// read them.
#[must_use]
pub fn touched(table: &Timetable, target: &Target, days: i64, at: Timestamp) -> Vec<Row> {
    let home = match target {
        Target::Session(slug) => table.sessions.get(slug).map_or("", |session| session.place.as_str()),
        Target::Place(slug) => slug,
    };
    let coming = table.occurrences(Window::days_from(at, days));
    coming.iter().filter(|one| target.holds(table, one)).map(|one| Row::at_place(table, one, home, at)).collect()
}

/// `/edit/drop-ins`.
#[component]
pub fn Sessions(
    /// Every locality.
    localities: Vec<LocalityDesk>,
    /// The one that is shown; `None`: all.
    only: Option<String>,
    /// What went wrong with a form of this page.
    form: Fields,
) -> impl IntoView {
    let link = |slug: Option<&str>, name: &str| {
        let href = slug.map_or_else(|| "/edit/drop-ins".to_owned(), |slug| format!("/edit/drop-ins?in={slug}"));
        let here = (slug == only.as_deref()).then_some("true");
        view! { <li><a href=href aria-current=here>{name.to_owned()}</a></li> }
    };
    let filters: Vec<_> = std::iter::once(link(None, "All"))
        .chain(localities.iter().map(|locality| link(Some(&locality.slug), &locality.name)))
        .collect();
    let shown: Vec<_> =
        localities.into_iter().filter(|locality| only.as_ref().is_none_or(|only| *only == locality.slug)).collect();
    let known = shown.iter().flat_map(|locality| &locality.sessions).filter(|session| session.known);
    let unsure = known.filter(|session| !session.sure).count();
    let confirm = only.as_ref().map_or_else(String::new, |slug| format!("?in={slug}"));
    let unsure = (unsure > 0).then(|| {
        view! {
            <p class="note">
                {unsure} " not confirmed in the last 90 days. "
                <a href=format!("/edit/confirm/sessions{confirm}")>"Confirm many at once"</a> "."
            </p>
        }
    });
    let shown = shown.into_iter().map(|locality| {
        let none = locality.sessions.is_empty().then(|| view! { <p>"No sessions are listed here."</p> });
        let sessions = locality.sessions.into_iter().map(|desk| view! { <SessionCard desk/> });
        view! { <section class="locality"><h2>{locality.name}</h2>{none}{sessions.collect_view()}</section> }
    });
    view! {
        <nav class="back" aria-label="Back"><a href="/edit">"Edit"</a></nav>
        <Errors form=form/>
        <h1>"Drop-ins"</h1>
        <p class="lead">"The next four weeks. The public pages follow at once."</p>
        <nav aria-label="Areas"><ul class="filters">{filters}</ul></nav>
        {unsure}
        <div id="sessions">{shown.collect_view()}</div>
    }
}

#[component]
fn SessionCard(desk: SessionDesk) -> impl IntoView {
    let confirm = format!("/edit/drop-ins/confirm?session={}", desk.slug);
    let facts = format!("/edit/sessions/{}", desk.slug);
    let extra = format!("/edit/drop-ins/change?session={}", desk.slug);
    let shut = format!("/edit/drop-ins/change?place={}", desk.place);
    let empty = desk.known && desk.dates.is_empty();
    let dates = desk.dates.into_iter().map(|date| view! { <DateLine session=desk.slug.clone() date/> }).collect_view();
    let (tag, says) = if desk.sure { ("tag good", "Confirmed") } else { ("tag warn", "Not confirmed") };
    let confirm = if desk.known {
        view! {
            <p>
                <a class="btn quiet" href=confirm>
                    {if desk.sure { "Confirm again" } else { "Confirm" }}<span class="vh">" "{desk.title.clone()}</span>
                </a>
            </p>
        }
        .into_any()
    } else {
        view! {
            <p class="note">
                "Its dates are not known, so there is nothing to confirm or close. "
                "First ask the people who run it how often it meets. Then "
                <a href=facts.clone()>"set when it meets"</a> "."
            </p>
        }
        .into_any()
    };
    view! {
        <article class="place">
            <h3>{desk.title.clone()}</h3>
            <p>{desk.rule} " " <span class=tag>{says}</span></p>
            <p class="meta">{desk.certainty} "."</p>
            {confirm}
            <p class="row">
                <a href=extra>"Add or change a day"<span class="vh">" of "{desk.title.clone()}</span></a>
                <a href=shut>"Close the whole place"<span class="vh">", "{desk.title.clone()}</span></a>
            </p>
            {empty.then(|| view! { <p>"No dates in the next four weeks."</p> })}
            {(!dates.is_empty()).then(|| view! { <ul class="times doors">{dates}</ul> })}
        </article>
    }
}

#[component]
fn DateLine(session: String, date: DateRow) -> impl IntoView {
    let DateRow { row, on, undo, why } = date;
    let Row { class, day, hours, differs, reason, at, ages: _ } = row;
    let when = view! { <b>{day.clone()}</b> " " {hours} };
    let at = at.map(|(_, name)| format!(" at {name}"));
    let reason = reason.map(|reason| if class == "closed" { format!(": {reason}") } else { format!(" {reason}") });
    let says = match (class, differs) {
        ("closed", Some("Closed") | None) => {
            view! { <span><s>{when}</s> " " <strong>"Closed"</strong> {reason}</span> }.into_any()
        }
        _ => {
            let differs = differs.map(|differs| view! { " " <span class="tag good">{differs}</span> });
            view! { <span>{when}{at}{differs}{reason}</span> }.into_any()
        }
    };
    let undo = undo.map(|(exception, range)| {
        view! {
            <form method="post" action="/edit/drop-ins/undo">
                <OneTimeKey form=Fields::default()/>
                <input type="hidden" name="exception" value=exception/>
                <button class="btn quiet">
                    "Undo"{range.map_or_else(
                        || view! { <span class="vh">" "{day.clone()}</span> }.into_any(),
                        |range| view! { <span>", "{range}</span> }.into_any(),
                    )}
                </button>
            </form>
        }
        .into_any()
    });
    let act = undo.unwrap_or_else(|| {
        let href = format!("/edit/drop-ins/change?session={session}&on={on}");
        let why = why.map(|why| view! { <span class="meta">{why}</span> });
        view! { {why} <a class="btn quiet" href=href>"Change"<span class="vh">" "{day.clone()}</span></a> }.into_any()
    });
    view! { <li class=class>{says}{act}</li> }
}

/// What somebody confirms: a session and where it is.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The session.
    pub session: Session,
    /// Its place.
    pub place: Option<Place>,
    /// The rule in words.
    pub rule: String,
    /// How sure we are of it, in words.
    pub certainty: String,
    /// What the public reads afterwards.
    pub after: String,
}

/// `/edit/drop-ins/confirm`.
#[component]
pub fn Confirm(
    /// What is confirmed.
    facts: Facts,
    /// Name and place.
    title: String,
    /// The address of this page.
    path: String,
    /// The coming dates.
    rows: Vec<Row>,
    /// The form.
    form: Fields,
) -> impl IntoView {
    let Facts { session, place, rule, certainty, after } = facts;
    let known = session.rule.is_known();
    let mut list = vec![("When", rule)];
    if let Some(place) = place {
        let address: Vec<_> = [Some(place.name), place.address, place.postcode].into_iter().flatten().collect();
        list.push(("Where", address.join(", ")));
        list.push((
            "The place",
            match place.status {
                PlaceStatus::Open => "Known to be in use".to_owned(),
                PlaceStatus::Closed => "Closed".to_owned(),
                PlaceStatus::NotConfirmed => "Not known to be in use".to_owned(),
            },
        ));
        list.push(("Who it is for", place.who));
    }
    list.push(("How to come", words::come(session.come).to_owned()));
    list.extend(session.book_with.map(|with| ("Book with", with)));
    list.extend(session.note.map(|note| ("Note", note)));
    list.push(("Now", certainty));
    let list = list.into_iter().map(|(name, says)| view! { <div><dt>{name}</dt><dd>{says}</dd></div> });
    let form_or_why = if known {
        view! {
            <form method="post" action=path novalidate>
                <OneTimeKey form=form.clone()/>
                <input type="hidden" name="seen" value=form.typed("seen").to_owned()/>
                <Tick field=form.field("checked") label="I have checked this with the people who run it"/>
                <TextField field=form.field("note") label="How did you check? (if you want to say)"
                    hint="For staff only. Such as: Rang them on Monday."/>
                <p class="meta">"The public page will say: " {after} "."</p>
                <p><button class="btn">"Confirm"</button></p>
            </form>
        }
        .into_any()
    } else {
        view! {
            <div class="note" id="checked">
                <h2>"This session cannot be confirmed yet"</h2>
                <p>
                    "Its dates are not known, so there is nothing to say yes to. First ask the people who run it how often it meets. When that is set as its rule, it can be confirmed here."
                </p>
            </div>
        }
        .into_any()
    };
    let dates = known.then(|| {
        let none = rows.is_empty().then(|| view! { <p>"No dates in the next four weeks."</p> });
        view! { <h2>"The next four weeks"</h2> {none} <Times rows/> }
    });
    view! {
        <nav class="back" aria-label="Back"><a href="/edit/drop-ins">"Drop-ins"</a></nav>
        <Errors form=form.clone()/>
        <h1>{format!("Confirm {title}")}</h1>
        <dl class="facts">{list.collect_view()}</dl>
        {dates}
        {form_or_why}
    }
}

#[component]
fn Tick(field: Field, label: &'static str) -> impl IntoView {
    let name = field.name;
    let bad = field.fault.is_some();
    let error = format!("{name}-e");
    view! {
        <div class=if bad { "field bad" } else { "field" }>
            {field.fault.map(|fault| view! { <p class="err" id=error.clone()><span class="vh">"Error: "</span>{fault}</p> })}
            <label class="choice">
                <input type="checkbox" id=name name=name value="yes" checked=field.value == "yes"
                    aria-describedby=bad.then_some(error) aria-invalid=bad.then_some("true")/>
                {label}
            </label>
        </div>
    }
}
