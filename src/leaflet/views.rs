//! Draws a leaflet: four panels, which `style/leaflet.css` lays on two sides of paper.

use jiff::Timestamp;
use leptos::prelude::*;

use super::{
    Change, LINE, Meeting, Right, Room, Scope, Stop, Stops, area, brief, height, housing, lines, rights, stops,
};
use crate::clock::london_date;
use crate::content::{Kind, Library};
use crate::dropins::words;
use crate::entitlements::Basis;
use crate::help::views::hours;
use crate::help::{How, Line, Purpose};
use crate::ui::{Frame, Part, Qr};

/// How many letters stand beside a number.
const BESIDE: usize = 36;

/// What a leaflet says of itself.
#[derive(Debug, Clone, Copy)]
pub struct Press<'a> {
    /// The site's name.
    pub site: &'a str,
    /// The site's address, without a slash at its end.
    pub origin: &'a str,
    /// The number of the published edition.
    pub version: i64,
    /// When staff last changed or confirmed something.
    pub changed_at: Timestamp,
    /// Some of it is made up.
    pub demo: bool,
}

/// `/leaflet` and `/leaflet/{locality}`; `None` if there is no such locality.
#[must_use]
pub fn page(library: &Library, locality: Option<&str>, press: &Press<'_>, at: Timestamp) -> Option<Frame> {
    let table = &library.timetable;
    let named = match locality {
        Some(slug) => Some(table.localities.get(slug)?.name.clone()),
        None => None,
    };
    let scope = Scope { locality };
    let today = london_date(at);
    let (rights, more_rights) = rights(library, today);
    let stops = stops(library, scope, at);
    let lines = fitting(library, lines(library, scope));
    let housing = housing(library, scope);
    let truth = truth(library, &rights, &stops, &lines);
    let area = area(table);
    let title = if area.is_empty() { "Leaving care".to_owned() } else { format!("Leaving care in {area}") };
    let of = named.clone().unwrap_or(area);
    let front = Front {
        title,
        named,
        districts: districts(library, scope),
        edition: edition(press),
        today: words::date_with_year(today),
    };
    let main = view! {
        <HowToPrint library locality/>
        <div class="sheet">
            <FrontPanel front press/>
            <RightsPanel rights more=more_rights press/>
            <StopsPanel stops locality from=words::date_with_year(today) press/>
            <BackPanel library lines housing truth press/>
        </div>
    };
    let tab = if of.is_empty() { "Leaflet".to_owned() } else { format!("Leaflet: {of}") };
    let frame = Frame::public(tab, Part::Offer, main.into_any()).leaflet();
    Some(frame.summary("What you can get, drop-ins and numbers to call, on one sheet of paper to print and fold."))
}

/// The names of the districts of one locality; nothing for all of them.
fn districts(library: &Library, scope: Scope<'_>) -> Option<String> {
    let locality = scope.locality?;
    let mut names: Vec<_> = library
        .timetable
        .districts
        .values()
        .filter(|district| district.locality == locality)
        .map(|district| district.name.clone())
        .collect();
    names.sort();
    (!names.is_empty()).then(|| words::and(names))
}

/// Which published state of the content this is.
fn edition(press: &Press<'_>) -> String {
    if press.version == 0 {
        return "First edition".to_owned();
    }
    format!("Edition {} of {}", press.version, words::date_with_year(london_date(press.changed_at)))
}

/// Of these lines those that there is room for, with their hours.
fn fitting<'a>(library: &Library, lines: Vec<&'a Line>) -> Vec<(&'a Line, String, bool)> {
    const ROOM: Room = Room(325);
    let mut room = ROOM;
    let lines = lines.into_iter().map(|line| {
        let confirmed = library.confirmation(Kind::Line, &line.slug).is_some();
        let hours = brief(&hours(&line.hours, confirmed), 130);
        (line, hours, confirmed)
    });
    lines
        .take_while(|(line, hours, _)| room.take(height(&format!("{}. {hours}", line.name), BESIDE).max(2 * LINE) + 5))
        .collect()
}

/// What the foot of the leaflet says about how sure it is.
fn truth(
    library: &Library,
    rights: &[(Basis, Vec<Right>)],
    stops: &Stops,
    lines: &[(&Line, String, bool)],
) -> &'static str {
    let confirmed = |slug: &str| library.confirmation(Kind::Entitlement, slug).is_some();
    let rights = rights.iter().flat_map(|(_, rights)| rights).map(|right| confirmed(&right.slug));
    let meetings = stops
        .stops
        .iter()
        .flat_map(|stop| std::iter::once(stop.sure).chain(stop.meetings.iter().map(|meeting| meeting.doubt.is_none())));
    let all: Vec<bool> = rights.chain(meetings).chain(lines.iter().map(|(_, _, sure)| *sure)).collect();
    match (all.iter().any(|sure| *sure), all.iter().all(|sure| *sure)) {
        (true, true) => "Confirmed by the service.",
        (true, false) => {
            "The service has confirmed some of this. The rest is from public sources and not yet confirmed."
        }
        (false, _) => "From public sources. Not yet confirmed by the service.",
    }
}

/// What stands above the leaflet on a screen only.
#[component]
fn HowToPrint<'a>(library: &'a Library, locality: Option<&'a str>) -> impl IntoView {
    let mut others: Vec<_> = library.timetable.localities.iter().collect();
    others.sort_by_key(|(_, other)| (other.order, &other.name));
    let link = |href: String, name: String, here: bool| {
        view! { <li><a href=href aria-current=here.then_some("page")>{name}</a></li> }
    };
    let all = link("/leaflet".to_owned(), "Everywhere".to_owned(), locality.is_none());
    let others = others
        .into_iter()
        .map(|(slug, other)| link(format!("/leaflet/{slug}"), other.name.clone(), locality == Some(slug.as_str())));
    view! {
        <div class="how">
            <nav class="back" aria-label="Back"><a href="/offer">"Our offer"</a></nav>
            <p class="lead">"This page prints as a leaflet on one sheet of A4."</p>
            <p>"Print on both sides. Choose “flip on short edge”. Then fold it in the middle."</p>
            <nav aria-label="Leaflets"><ul class="towns">{all}{others.collect_view()}</ul></nav>
        </div>
    }
}

/// What the front says besides the site's name and address.
struct Front {
    title: String,
    named: Option<String>,
    districts: Option<String>,
    edition: String,
    today: String,
}

#[component]
fn FrontPanel<'a>(front: Front, press: &'a Press<'a>) -> impl IntoView {
    let Front { title, named, districts, edition, today } = front;
    let named = named.map(|name| {
        let districts = districts.map(|districts| format!(": {districts}"));
        view! { <p class="area"><b>{name}</b>{districts}</p> }
    });
    let code = (!press.origin.is_empty()).then(|| {
        let origin = press.origin.to_owned();
        view! {
            <Qr text=origin.clone() label=format!("QR code that opens {origin}")/>
            <p>"Scan it, or go to " <a href="/"><b>{origin}</b></a></p>
        }
    });
    view! {
        <section class="panel front">
            <p class="brand">{press.site.to_owned()}</p>
            <h1>{title}</h1>
            {named}
            <p class="lead">"What you can get, where to go and who to ring."</p>
            <p>"For people aged 16 to 25 who are in care or have left it."</p>
            {code}
            <div class="imprint">
                {press.demo.then(|| view! { <p>"A demo: its drop-ins are made up."</p> })}
                <p>{edition}"."</p>
                <p>"This is how it was on " {today} "."</p>
            </div>
        </section>
    }
}

#[component]
fn RightsPanel<'a>(rights: Vec<(Basis, Vec<Right>)>, more: usize, press: &'a Press<'a>) -> impl IntoView {
    let none = rights.is_empty().then(|| view! { <p>"Ask your personal adviser what you can get."</p> });
    let groups = rights.into_iter().map(|(basis, rights)| {
        let rows = rights.into_iter().map(|right| {
            let Right { name, amount, says, doubt, .. } = right;
            let amount = amount.map(|amount| view! { ": " <b>{amount}</b> });
            let says = says.map(|says| format!(" {says}"));
            let doubt = doubt.map(|doubt| view! { " " <span class="mark">{doubt}</span> });
            view! { <li><b>{name}</b>{amount}"."{says}{doubt}</li> }
        });
        view! { <h3>{basis.title()}</h3><ul>{rows.collect_view()}</ul> }
    });
    let groups = groups.collect_view();
    let more = (more > 0).then(|| format!("{more} more, "));
    view! {
        <section class="panel rights">
            <h2>"What you can get"</h2>
            {none}
            {groups}
            <p class="more">
                <b>{more.map_or("Who can get it and how to ask: ".to_owned(), |more| format!("{more}who can get it and how to ask: "))}</b>
                <a href="/entitlements">{format!("{}/entitlements", press.origin)}</a>
            </p>
        </section>
    }
}

#[component]
fn StopsPanel<'a>(stops: Stops, locality: Option<&'a str>, from: String, press: &'a Press<'a>) -> impl IntoView {
    let Stops { until, stops, more } = stops;
    let path = locality.map_or_else(|| "/drop-ins".to_owned(), |slug| format!("/drop-ins/{slug}"));
    let address = format!("{}{path}", press.origin);
    let none = (stops.is_empty() && more == 0).then(|| {
        view! { <p>"We know of no drop-in with a time here yet. Call your leaving care team and ask."</p> }
    });
    let stops = stops.into_iter().map(|stop| {
        let Stop { name, ages, says, meetings, .. } = stop;
        let ages = ages.map(|ages| view! { " " <span class="tag">{ages}</span> });
        let meetings = meetings.into_iter().map(|meeting| view! { <MeetingRow meeting/> }).collect_view();
        view! { <h3>{name}{ages}</h3><p>{says}</p><ul>{meetings}</ul> }
    });
    let stops = stops.collect_view();
    let pointer = if more > 0 {
        format!("{more} more, and changes after today: ")
    } else {
        "All places, and changes after today: ".to_owned()
    };
    view! {
        <section class="panel drops">
            <h2>"Drop-ins"</h2>
            <p>"From " {from} " to " {words::date_with_year(until)} "."</p>
            {none}
            {stops}
            <p class="more"><b>{pointer}</b><a href=path>{address}</a></p>
        </section>
    }
}

#[component]
fn MeetingRow(meeting: Meeting) -> impl IntoView {
    let Meeting { name, says, doubt, changes, more } = meeting;
    let doubt = doubt.map(|doubt| view! { " " <span class="mark">{doubt}</span> });
    let changes = changes.into_iter().map(|change| {
        let Change { label, when, why } = change;
        let label = label.map(|label| view! { <b>{label}</b> " " });
        view! { <li>{label}{when}"."{why.map(|why| format!(" {}.", why.trim_end_matches('.')))}</li> }
    });
    let more = (more > 0).then(|| view! { <li><b>{more}" more changes. "</b>"Look before you go."</li> });
    let changes = changes.collect_view();
    let list = (!changes.is_empty()).then(|| view! { <ul>{changes}{more}</ul> });
    view! { <li><b>{name}</b>": " {says}{doubt}{list}</li> }
}

#[component]
fn BackPanel<'a>(
    library: &'a Library,
    lines: Vec<(&'a Line, String, bool)>,
    housing: Vec<&'a Line>,
    truth: &'static str,
    press: &'a Press<'a>,
) -> impl IntoView {
    let council = |purpose: Purpose| library.lines.values().find(|line| line.purpose == purpose);
    let link = |line: &Line| view! { <a href=line.href()>{line.number.to_string()}</a> };
    let tonight = match (council(Purpose::CouncilDay), council(Purpose::CouncilNight)) {
        (None, None) => view! { " Ask the council where you are for children's services." }.into_any(),
        (day, night) => {
            let day = day.map(|line| view! { " Call " {link(line)} "." });
            let night = night.map(|line| view! { " At night call " {link(line)} "." });
            view! { {day}{night} " Ask for children's services." }.into_any()
        }
    };
    let rows = lines.into_iter().map(|(line, hours, _)| {
        let act = match (line.how, &line.text_word) {
            (How::Call, _) => None,
            (How::Text, None) => Some("Text ".to_owned()),
            (How::Text, Some(word)) => Some(format!("Text {word} to ")),
        };
        let purpose = (line.purpose == Purpose::Advocate).then(|| format!("{}. ", line.purpose.title()));
        let purpose = purpose.unwrap_or_default();
        view! {
            <li>
                <b>{act}<a href=line.href()>{line.number.to_string()}</a></b> " "
                <span>{purpose}{line.name.clone()} ". " {hours}</span>
            </li>
        }
    });
    let complain = library.entitlements.get("complaint").map(|right| {
        view! { <p><b>"To complain: "</b>{brief(&right.how, 140)}</p> }
    });
    let housing = (!housing.is_empty()).then(|| {
        let rows = housing.into_iter().map(|line| {
            view! { <li>{line.name.clone()} ": " <a href=line.href()>{line.number.to_string()}</a></li> }
        });
        view! { <ul>{rows.collect_view()}</ul> }
    });
    let help = format!("{}/help", press.origin);
    view! {
        <section class="panel last">
            <h2>"Who to ring"</h2>
            <ul class="numbers">{rows.collect_view()}</ul>
            {complain}
            <h3>"Nowhere to sleep tonight"</h3>
            <p><b>"Under 18?"</b>{tonight}</p>
            <p><b>"18 or over?"</b>" Call the housing team where you are and say you are a care leaver. Numbers: " <a href="/help">{help}</a></p>
            {housing}
            <div class="imprint">
                <p><b>{press.site.to_owned()}</b> " " <a href="/">{press.origin.to_owned()}</a></p>
                <p class="truth">{truth}</p>
            </div>
        </section>
    }
}
