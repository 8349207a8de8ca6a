//! The lists of what can be edited box by box.

use jiff::civil::Date;
use leptos::prelude::*;

use super::super::called;
use super::facts::adding;
use crate::content::{Kind, Library};
use crate::dropins::{PlaceStatus, words};

/// `/edit/items/{kind}`.
#[component]
pub fn Items(
    /// What they are.
    kind: Kind,
    /// Where each is edited, and its name.
    rows: Vec<(String, String)>,
    /// What was taken off: where it is put back, and its name.
    gone: Vec<(String, String)>,
) -> impl IntoView {
    let item = |(href, name): (String, String)| view! { <li><a href=href>{name}</a></li> };
    let gone = (!gone.is_empty()).then(|| {
        view! { <h2>"Taken off the site"</h2> <ul>{gone.into_iter().map(item).collect_view()}</ul> }
    });
    let confirm = (kind == Kind::Line).then(|| {
        view! { <p><a href="/edit/confirm/lines">"Confirm the numbers that are right"</a></p> }
    });
    let (_, title) = called(kind);
    view! {
        <nav class="back" aria-label="Back"><a href="/edit">"Edit"</a></nav>
        <h1>{title}</h1>
        <p><a class="btn" href=format!("/edit/items/{kind}/new")>{adding(kind)}</a></p>
        {confirm}
        <ul class="cards">{rows.into_iter().map(item).collect_view()}</ul>
        {gone}
    }
}

/// A place in the list, with its sessions.
#[derive(Debug, Clone)]
pub struct PlaceRow {
    slug: String,
    name: String,
    tags: Vec<String>,
    sessions: Vec<(String, String, String)>,
}

/// The places of one locality by district.
#[derive(Debug, Clone)]
pub struct Area {
    name: String,
    districts: Vec<(String, String, Vec<PlaceRow>)>,
}

/// Every place and session by locality and district.
#[must_use]
pub fn areas(library: &Library, today: Date) -> Vec<Area> {
    let table = &library.timetable;
    let row = |slug: &str| {
        let place = table.places.get(slug)?;
        let sessions = table.sessions_at(slug);
        let sessions = sessions.map(|(id, it)| (id.to_owned(), it.name.clone(), words::rule(&it.rule, today)));
        let tags = [
            (place.status == PlaceStatus::Closed).then(|| "Closed".to_owned()),
            (place.status == PlaceStatus::NotConfirmed).then(|| "Not known to be in use".to_owned()),
            (place.review_by < today).then(|| format!("Check was due by {}", words::date_with_year(place.review_by))),
        ];
        Some(PlaceRow {
            slug: slug.to_owned(),
            name: place.name.clone(),
            tags: tags.into_iter().flatten().collect(),
            sessions: sessions.collect(),
        })
    };
    let mut localities: Vec<_> = table.localities.iter().collect();
    localities.sort_by_key(|(_, it)| (it.order, &it.name));
    let area = |(slug, name): (&String, &String)| {
        let districts = table.districts.iter().filter(|(_, it)| it.locality == *slug);
        let districts = districts.map(|(id, it)| {
            let here = table.places.iter().filter(|(_, place)| place.district == *id);
            (id.clone(), it.name.clone(), here.filter_map(|(slug, _)| row(slug)).collect())
        });
        Area { name: name.clone(), districts: districts.collect() }
    };
    localities.into_iter().map(|(slug, it)| area((slug, &it.name))).collect()
}

/// `/edit/places`.
#[component]
pub fn List(
    /// Every locality.
    areas: Vec<Area>,
    /// What was taken off: where it is put back, and its name.
    gone: Vec<(String, String)>,
) -> impl IntoView {
    let areas = areas.into_iter().map(|area| {
        let districts = area.districts.into_iter().map(|(slug, name, places)| {
            let places = places.into_iter().map(|row| view! { <PlaceItem row/> }).collect_view();
            let none = places.is_empty().then(|| view! { <p>"No place is listed here."</p> });
            let add = format!("/edit/places/new?district={slug}");
            view! {
                <h3>{name.clone()}</h3>
                {none}
                {places}
                <p><a href=add>"Add a place"<span class="vh">" in "{name}</span></a></p>
            }
        });
        view! { <section class="locality"><h2>{area.name}</h2>{districts.collect_view()}</section> }
    });
    let gone = (!gone.is_empty()).then(|| {
        let rows = gone.into_iter().map(|(href, name)| view! { <li><a href=href>{name}</a></li> });
        view! { <h2>"Taken off the site"</h2> <ul>{rows.collect_view()}</ul> }
    });
    view! {
        <nav class="back" aria-label="Back"><a href="/edit">"Edit"</a></nav>
        <h1>"Places and sessions"</h1>
        <p class="lead">"Where people can go, and when. To change single days, go to "<a href="/edit/drop-ins">"Drop-ins"</a>"."</p>
        <p><a class="btn" href="/edit/places/new">"Add a place"</a></p>
        {areas.collect_view()}
        {gone}
    }
}

#[component]
fn PlaceItem(row: PlaceRow) -> impl IntoView {
    let tags = row.tags.into_iter().map(|tag| view! { " " <span class="tag warn">{tag}</span> });
    let sessions = row.sessions.into_iter().map(|(id, name, rule)| {
        view! { <li><a href=format!("/edit/sessions/{id}")>{name}</a> " " <span class="meta">{rule}</span></li> }
    });
    let sessions = sessions.collect_view();
    let sessions = (!sessions.is_empty()).then(|| view! { <ul>{sessions}</ul> });
    let add = format!("/edit/sessions/new?place={}", row.slug);
    view! {
        <div class="item">
            <p><a href=format!("/edit/places/{}", row.slug)><strong>{row.name.clone()}</strong></a>{tags.collect_view()}</p>
            {sessions}
            <p><a href=add>"Add a session"<span class="vh">" at "{row.name}</span></a></p>
        </div>
    }
}
