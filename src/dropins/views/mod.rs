//! Where one can go and when: the list of everything, one locality, one place.
//!
//! A time that the service has not confirmed is never drawn like one that it has, and who a place
//! is for stands before its address: nobody sets out for a door that will not open to them.

mod card;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::Timestamp;
use leptos::prelude::*;

pub use card::{Calendar, Card, Ends, Meeting, PlaceCard, Row, Times};

use super::dates::london_date;
use super::{Certainty, District, Locality, Occurrence, Place, PlaceStatus, Timetable, Window, words};
use crate::content::{Kind, Library};
use crate::help::Purpose;
use crate::offer::Claim;
use crate::offer::views::feedback::word;
use crate::offer::views::{Citations, Sources, TellUs};
use crate::ui::{Frame, Part};

/// How far ahead the list of everything looks, in days.
const INDEX_DAYS: i64 = 7;
/// How far ahead a place's own list looks, in days.
const PLACE_DAYS: i64 = 28;
const LEAD: &str = "Places to go and meet someone. Look at who each one is for before you set out.";
const LOCALITY_LEAD: &str = "Each place and what is on in the next four weeks.";

/// `/drop-ins`: what is open, the coming week, and every place by locality and district.
#[must_use]
pub fn index(library: &Library, at: Timestamp) -> Frame {
    let table = &library.timetable;
    let coming = table.occurrences(Window::days_from(at, INDEX_DAYS));
    let (open, later): (Vec<_>, Vec<_>) = coming.into_iter().partition(|occurrence| occurrence.is_open_at(at));
    let dated = !(open.is_empty() && later.is_empty());
    let open_title = if open.iter().any(|one| card::is_sure(table, one)) { "Open now" } else { "May be open now" };
    let list = |occurrences: Vec<Occurrence>| {
        let rows: Vec<_> = occurrences.iter().map(|occurrence| Row::anywhere(table, occurrence, at)).collect();
        view! { <Times rows/> }
    };
    let localities = in_order(table).into_iter().map(|(slug, locality)| {
        let rows = districts_of(table, slug).into_iter().map(|(id, district)| {
            let places = places_of(table, id).into_iter().map(|(slug, place)| view! { <PlaceLink slug place/> });
            let places = places.collect_view();
            let places = if places.is_empty() { nothing_here(library) } else { view! { <ul>{places}</ul> }.into_any() };
            view! { <div><dt>{district.name.clone()}</dt><dd>{places}</dd></div> }
        });
        view! {
            <section class="locality">
                <h3><a href=format!("/drop-ins/{slug}")>{locality.name.clone()}</a></h3>
                <dl class="facts">{rows.collect_view()}</dl>
            </section>
        }
    });
    let localities = localities.collect_view();
    let main = view! {
        <h1>"Drop-ins"</h1>
        <p class="lead">{LEAD}</p>
        {(!open.is_empty()).then(|| view! { <h2>{open_title}</h2>{list(open)} })}
        {(!later.is_empty()).then(|| view! { <h2>"The next seven days"</h2>{list(later)} })}
        {(!dated).then(|| view! {
            <div class="note">
                <h2>"We have no sure dates yet"</h2>
                <p>"We know of the places below. The service has not told us the dates." {ring(library)}</p>
            </div>
        })}
        <h2 id="towns">"Find your town"</h2>
        <ul class="towns">{towns(table).collect_view()}</ul>
        <h2>"Find a place near you"</h2>
        <p>{confirmed_words(library, at)}</p>
        {localities.is_empty().then(|| view! { <p>"No areas are listed yet." {ring(library)}</p> })}
        {localities}
        <h2>"Why is my town not here?"</h2>
        <p>
            "We list every place that we have found. If your town is not here, we know of no place there yet. "
            "You can go to a place in another area if you are the right age for it." {ring(library)}
        </p>
        {districts_unsure(library).then(|| view! {
            <p class="meta">"Which area each district is in is not yet confirmed by the service."</p>
        })}
        <TellUs about="drop-ins"/>
    };
    Frame::public("Drop-ins", Part::DropIns, main.into_any()).summary(LEAD)
}

/// `/drop-ins/{locality}`: every district and place of one locality; `None` if there is none of
/// this name.
#[must_use]
pub fn locality(library: &Library, slug: &str, at: Timestamp) -> Option<Frame> {
    let table = &library.timetable;
    let locality = table.localities.get(slug)?;
    let coming = table.occurrences(Window::days_from(at, PLACE_DAYS));
    let districts = districts_of(table, slug);
    let jumps = districts.iter().map(|(id, district)| {
        view! { <li><a href=format!("#{id}")>{district.name.clone()}</a></li> }
    });
    let jumps = jumps.collect_view();
    let districts = districts.into_iter().map(|(id, district)| {
        let places = places_of(table, id).into_iter().filter_map(|(place, _)| {
            let card = Card::of(library, place, &coming, at, None)?;
            Some(view! { <PlaceCard card level=3 ends=Ends::Linked/> })
        });
        let places = places.collect_view();
        let nothing = places.is_empty().then(|| view! { <p>{nothing_here(library)}</p> });
        let towns = (!district.towns.is_empty())
            .then(|| view! { <p class="meta">"With " {words::and(district.towns.clone())} "."</p> });
        view! {
            <section class="district"><h2 id=id.to_owned()>{district.name.clone()}</h2>{towns}{places}{nothing}</section>
        }
    });
    let districts = districts.collect_view();
    let title = format!("Drop-ins: {}", locality.name);
    let dated = coming.iter().any(|one| table.locality_of(&one.place) == Some(slug));
    let main = view! {
        <nav class="back" aria-label="Back"><a href="/drop-ins">"All drop-ins"</a></nav>
        <h1>{title.clone()}</h1>
        <p class="lead">{LOCALITY_LEAD}</p>
        {if districts.is_empty() {
            view! { <p>{nothing_here(library)}</p> }.into_any()
        } else {
            view! { <nav aria-label="On this page"><ul>{jumps}</ul></nav> }.into_any()
        }}
        {districts}
        {dated.then(|| view! { <Calendar path=format!("/drop-ins/{slug}.ics")/> })}
        <p><a href=format!("/leaflet/{slug}")>"These drop-ins on paper"</a></p>
        <TellUs about=word(Kind::Locality, slug)/>
    };
    Some(Frame::public(title, Part::DropIns, main.into_any()).summary(LOCALITY_LEAD))
}

/// `/drop-ins/place/{slug}`: one place; `None` if there is none of this name.
#[must_use]
pub fn place(library: &Library, slug: &str, at: Timestamp) -> Option<Frame> {
    let table = &library.timetable;
    let coming = table.occurrences(Window::days_from(at, PLACE_DAYS));
    let mut cited = Citations::default();
    let card = Card::of(library, slug, &coming, at, Some(&mut cited))?;
    let locality = table.locality_of(slug);
    let locality = locality.and_then(|slug| Some((format!("/drop-ins/{slug}"), table.localities.get(slug)?)));
    let (back, label) = locality.map_or_else(
        || ("/drop-ins".to_owned(), "All drop-ins".to_owned()),
        |(href, locality)| (href, format!("Drop-ins: {}", locality.name)),
    );
    let title = card.place.name.clone();
    let summary = format!("{title}: who it is for, when it is on and how to get there.");
    let main = view! {
        <nav class="back" aria-label="Back"><a href=back>{label}</a></nav>
        <h1>{title.clone()}</h1>
        <PlaceCard card level=2 ends=Ends::Directions/>
        <p>"Not sure, or need help to get there?" {ring(library)}</p>
        <Sources listed=cited.into_list()/>
        <TellUs about=word(Kind::Place, slug)/>
    };
    Some(Frame::public(title, Part::DropIns, main.into_any()).summary(summary))
}

/// Districts and their towns from A to Z, each leading to the part of its locality's page.
fn towns(table: &Timetable) -> impl Iterator<Item = impl IntoView + use<>> {
    let named = table.districts.iter().flat_map(|(id, district)| {
        let href = format!("/drop-ins/{}#{id}", district.locality);
        std::iter::once(&district.name).chain(&district.towns).map(move |name| (name.clone(), href.clone()))
    });
    let mut named: Vec<_> = named.collect();
    named.sort();
    named.into_iter().map(|(name, href)| view! { <li><a href=href>{name}</a></li> })
}

/// Localities in the order they are listed in.
fn in_order(table: &Timetable) -> Vec<(&str, &Locality)> {
    let mut localities: Vec<_> = table.localities.iter().map(|(slug, locality)| (slug.as_str(), locality)).collect();
    localities.sort_by_key(|(_, locality)| (locality.order, &locality.name));
    localities
}

/// The districts of a locality by name.
fn districts_of<'a>(table: &'a Timetable, locality: &str) -> Vec<(&'a str, &'a District)> {
    let mut districts: Vec<_> = table
        .districts
        .iter()
        .filter(|(_, district)| district.locality == locality)
        .map(|(slug, district)| (slug.as_str(), district))
        .collect();
    districts.sort_by_key(|(_, district)| &district.name);
    districts
}

/// The places of a district: those where something meets first, then those known to be in use.
fn places_of<'a>(table: &'a Timetable, district: &str) -> Vec<(&'a str, &'a Place)> {
    let mut places: Vec<_> = table
        .places
        .iter()
        .filter(|(_, place)| place.district == district)
        .map(|(slug, place)| (slug.as_str(), place))
        .collect();
    let busy: BTreeSet<_> = table.sessions.values().map(|session| session.place.as_str()).collect();
    places.sort_by_key(|(slug, place)| (!busy.contains(slug), place.status != PlaceStatus::Open, &place.name));
    places
}

/// How many of the places the service stands behind.
fn confirmed_words(library: &Library, at: Timestamp) -> Option<String> {
    let today = london_date(at);
    let places = &library.timetable.places;
    let sure = |slug: &&String| {
        matches!(Certainty::of(library.confirmation(Kind::Place, slug), today), Certainty::Confirmed { .. })
    };
    match (places.keys().filter(sure).count(), places.len()) {
        (_, 0) => None,
        (0, _) => Some(
            "We found these places in public sources. The service has not confirmed them yet. Ask before you go."
                .to_owned(),
        ),
        (some, all) if some < all => Some(format!(
            "The service has confirmed {some} of these {all} places. We found the others in public sources. \
             Ask before you go there."
        )),
        _ => Some("The service has confirmed these places. Each page says when.".to_owned()),
    }
}

/// Whether anything stands on the grouping of districts that nobody in the service has confirmed.
fn districts_unsure(library: &Library) -> bool {
    library.timetable.districts.iter().any(|(slug, district)| {
        let confirmed = library.confirmation(Kind::District, slug).is_some();
        let claims = Claim::parse_all(&district.claim).unwrap_or_default();
        claims.iter().any(|claim| claim.confidence.mark(confirmed).is_some())
    })
}

/// A sentence about a district of which no place is known.
fn nothing_here(library: &Library) -> AnyView {
    view! { "We know of no place here yet." {ring(library)} }.into_any()
}

/// Whom to ring: a sentence with a blank before it.
fn ring(library: &Library) -> AnyView {
    match library.lines.values().find(|line| line.purpose == Purpose::CouncilDay) {
        Some(line) => view! {
            " Call " <a href=line.href()>{line.number.to_string()}</a> " and ask your leaving care team."
        }
        .into_any(),
        None => view! { " Ask your personal adviser, or look at our " <a href="/help">"help lines"</a> "." }.into_any(),
    }
}

#[component]
fn PlaceLink<'a>(slug: &'a str, place: &'a Place) -> impl IntoView {
    let status = card::status_tag(place.status);
    let ages = card::ages(place).map(|ages| view! { " " <span class="tag">{ages}</span> });
    view! { <li><a href=format!("/drop-ins/place/{slug}")>{place.name.clone()}</a>{ages}{status}</li> }
}
