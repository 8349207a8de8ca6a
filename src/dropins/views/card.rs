//! One place, as its locality's page, its own page and the editor show it.

use jiff::Timestamp;
use leptos::prelude::*;

use super::super::dates::london_date;
use super::super::{
    BankHolidays, Certainty, Occurrence, Place, PlaceStatus, Session, SessionKind, Status, Timetable, words,
};
use crate::content::{Kind, Library};
use crate::offer::views::{Checked, Citations, doubts, truth_words};
use crate::offer::{Claim, Truth};

/// Said at a session's usual place of a date when it is at another.
const ELSEWHERE: &str = "Not here";

/// What a card says, worked out for one moment.
#[derive(Debug)]
pub struct Card {
    /// The name in addresses.
    pub slug: String,
    /// The place.
    pub place: Place,
    /// What meets here, or would.
    pub meetings: Vec<Meeting>,
    /// How it stands at this moment, and whether that is sure to be open.
    pub now: Option<(String, bool)>,
    /// How sure we are of the place's facts.
    pub truth: String,
    /// Whether the day for looking again has passed.
    pub due: bool,
    /// Sources and doubts about the place.
    pub marks: AnyView,
}

/// One session on a card.
#[derive(Debug)]
pub struct Meeting {
    /// The session.
    pub session: Session,
    /// Its rule in words.
    pub rule: String,
    /// Where it usually meets, if that is elsewhere.
    pub from: Option<String>,
    /// How sure we are of its times.
    pub certainty: Certainty,
    /// Its coming dates here, and those that are not here this time.
    pub rows: Vec<Row>,
    /// Sources and doubts about it.
    pub marks: AnyView,
}

/// One date of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// `on`, `maybe` or `closed`.
    pub class: &'static str,
    /// The day in words.
    pub day: String,
    /// The hours in words.
    pub hours: String,
    /// How it differs from usual.
    pub differs: Option<&'static str>,
    /// Why.
    pub reason: Option<String>,
    /// Slug and name of the place, where the list is not that place's own.
    pub at: Option<(String, String)>,
    /// Who is let in by age, where the list is of many places.
    pub ages: Option<String>,
}

impl Row {
    /// A date in a list of many places: says where.
    #[must_use]
    pub fn anywhere(table: &Timetable, occurrence: &Occurrence, at: Timestamp) -> Row {
        let mut row = Row::of(table, occurrence, at);
        row.at = Some((occurrence.place.to_string(), name(table, &occurrence.place)));
        row.ages = table.places.get(&*occurrence.place).and_then(ages);
        row
    }

    /// A date in the list of the place `here`, which may be where it usually is or where it is
    /// this time.
    #[must_use]
    pub fn at_place(table: &Timetable, occurrence: &Occurrence, here: &str, at: Timestamp) -> Row {
        let mut row = Row::of(table, occurrence, at);
        if &*occurrence.place != here {
            if occurrence.status == Status::Moved {
                (row.class, row.differs) = ("closed", Some(ELSEWHERE));
            }
            row.at = Some((occurrence.place.to_string(), name(table, &occurrence.place)));
        }
        row
    }

    fn of(table: &Timetable, occurrence: &Occurrence, at: Timestamp) -> Row {
        Row {
            class: match (occurrence.is_on(), is_sure(table, occurrence)) {
                (false, _) => "closed",
                (true, true) => "on",
                (true, false) => "maybe",
            },
            day: words::day_seen_from(occurrence.date(), london_date(at)),
            hours: words::hours(occurrence),
            differs: words::status(occurrence.status),
            reason: occurrence.reason.clone(),
            at: None,
            ages: None,
        }
    }
}

/// Whether the service stands behind this date. On a bank holiday with a place that nobody asked,
/// it does not, whoever confirmed the session.
pub(super) fn is_sure(table: &Timetable, occurrence: &Occurrence) -> bool {
    let ask = occurrence.status == Status::On
        && table.holidays.contains_key(&occurrence.date())
        && table.places.get(&*occurrence.place).is_none_or(|place| place.bank_holidays == BankHolidays::Ask);
    !ask && matches!(occurrence.certainty, Certainty::Confirmed { .. })
}

fn name(table: &Timetable, place: &str) -> String {
    table.places.get(place).map_or_else(|| place.to_owned(), |place| place.name.clone())
}

impl Card {
    /// The card of a place out of `coming`, what is on everywhere in the coming weeks; `None` if
    /// there is no such place. Sources are numbered where the page lists them.
    #[must_use]
    pub fn of(
        library: &Library,
        slug: &str,
        coming: &[Occurrence],
        at: Timestamp,
        mut cited: Option<&mut Citations>,
    ) -> Option<Card> {
        let table = &library.timetable;
        let place = table.places.get(slug)?.clone();
        let today = london_date(at);
        let mut marks = |claims: &[Claim], confirmed: bool| match &mut cited {
            Some(cited) => cited.cite(&library.sources, claims, confirmed),
            None => doubts(claims, confirmed),
        };
        let claims = Claim::parse_all(&place.claim).unwrap_or_default();
        let certainty = Certainty::of(library.confirmation(Kind::Place, slug), today);
        let truth = match &certainty {
            Certainty::Confirmed { .. } => format!("{}.", words::certainty(&certainty)),
            Certainty::Stale { on } => format!("Last confirmed on {}. Ask before you go.", words::date_with_year(*on)),
            Certainty::NotYet => truth_words(&Truth::of(claims.iter().map(|claim| claim.confidence)), true),
        };
        let place_marks = marks(&claims, matches!(certainty, Certainty::Confirmed { .. }));
        let meets = |id: &str, session: &Session| {
            session.place == slug || coming.iter().any(|one| &*one.session == id && &*one.place == slug)
        };
        let meetings = table.sessions.iter().filter(|(id, session)| meets(id, session)).map(|(id, session)| {
            let certainty = Certainty::of(table.confirmations.get(id), today);
            let claims = Claim::parse_all(&session.claim).unwrap_or_default();
            let own = session.place == slug;
            Meeting {
                session: session.clone(),
                rule: words::rule(&session.rule, today),
                from: (!own).then(|| name(table, &session.place)),
                rows: coming
                    .iter()
                    .filter(|one| *one.session == **id && (own || &*one.place == slug))
                    .map(|one| Row::at_place(table, one, slug, at))
                    .collect(),
                marks: marks(&claims, matches!(certainty, Certainty::Confirmed { .. })),
                certainty,
            }
        });
        Some(Card {
            slug: slug.to_owned(),
            meetings: meetings.collect(),
            now: now(table, slug, coming, at),
            truth,
            due: place.review_by < today,
            marks: place_marks,
            place,
        })
    }
}

/// What to know first about a place at this moment: that it is open, that it is closed today, or
/// when it opens next.
fn now(table: &Timetable, place: &str, coming: &[Occurrence], at: Timestamp) -> Option<(String, bool)> {
    let today = london_date(at);
    let here = || coming.iter().filter(|one| &*one.place == place);
    let first = here()
        .find(|one| one.is_open_at(at))
        .or_else(|| here().find(|one| !one.is_on() && one.date() == today))
        .or_else(|| here().find(|one| one.is_on()))?;
    let state = words::state(first, at);
    Some(match is_sure(table, first) || !first.is_on() {
        true => (state, first.is_open_at(at)),
        false => (format!("Not confirmed: {}", lower_first(&state)), false),
    })
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// Ages in words; `None` if no limit is known, which is not the same as none.
pub(super) fn ages(place: &Place) -> Option<String> {
    (place.min_age.is_some() || place.max_age.is_some()).then(|| words::ages(place.min_age, place.max_age))
}

/// What to know before setting out for a place, if it is not known to be in use.
pub(super) fn status_tag(status: PlaceStatus) -> Option<AnyView> {
    match status {
        PlaceStatus::Open => None,
        PlaceStatus::Closed => Some(view! { " " <span class="tag off">"Closed"</span> }.into_any()),
        PlaceStatus::NotConfirmed => Some(view! { " " <span class="tag warn">"May not be open"</span> }.into_any()),
    }
}

/// What a card has besides the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// Its name, leading to its own page.
    Linked,
    /// Ways to get there; its name stands on the page already.
    Directions,
}

/// A place: who it is for, what is on, then where it is.
#[component]
pub fn PlaceCard(
    /// What it says.
    card: Card,
    /// The level of its headings: 2 to 5.
    level: u8,
    /// What is around the facts.
    ends: Ends,
) -> impl IntoView {
    let Card { slug, place, meetings, now, truth, due, marks } = card;
    let linked = ends == Ends::Linked;
    let title = linked.then(|| {
        let link = view! { <a href=format!("/drop-ins/place/{slug}")>{place.name.clone()}</a> };
        heading(level, link.into_any())
    });
    let below = if linked { level + 1 } else { level };
    let meets = !meetings.is_empty();
    let known = meetings.iter().any(|meeting| meeting.session.rule.is_known());
    let ages = ages(&place).filter(|ages| !place.who.contains(ages.trim_start_matches("Ages ")));
    let status = match (place.status, meets) {
        (PlaceStatus::Open, true) => None,
        (PlaceStatus::Closed, _) => Some("This place is closed."),
        (PlaceStatus::NotConfirmed, true) => Some("We do not know if this place is open. Ask before you go."),
        (PlaceStatus::Open, false) => Some("We do not know what is on here. Ask before you go."),
        (PlaceStatus::NotConfirmed, false) => {
            Some("We do not know if this place is open, or what is on here. Ask before you go.")
        }
    };
    let meetings = meetings.into_iter().map(|meeting| view! { <MeetingCard meeting level=below/> }).collect_view();
    // Who came to its own page has seen what is on and wants to get there.
    let (first, last) = if linked {
        (meetings.into_any(), view! { <Facts place=place.clone() meets/> }.into_any())
    } else {
        let there = view! { <Facts place=place.clone() meets/> <Directions place=place.clone()/> };
        (there.into_any(), meetings.into_any())
    };
    view! {
        <article class="place">
            {title}
            {now.map(|(says, open)| view! { <p class=if open { "now" } else { "now off" }>{says}</p> })}
            <p>
                "Who it is for: " {full_stop(place.who)} {marks}
                {ages.map(|ages| view! { " " <span class="tag">{ages}</span> })}
            </p>
            {status.map(|status| view! { <p><strong>{status}</strong></p> })}
            {place.note.map(|note| view! { <p>{note}</p> })}
            {first}
            {last}
            {(!linked && known).then(|| view! { <Calendar path=format!("/drop-ins/place/{slug}.ics")/> })}
            {due.then(|| view! { <p>"We are checking these facts again. Some may have changed."</p> })}
            <p class=if linked { "meta" } else { "truth" }>"About this place: " {lower_first(&truth)}</p>
            <Checked owner=place.owner on=place.checked_on review_by=place.review_by/>
        </article>
    }
}

#[component]
fn MeetingCard(meeting: Meeting, level: u8) -> impl IntoView {
    let Meeting { session, rule, from, certainty, rows, marks } = meeting;
    let kind = words::kind(session.kind);
    let says_kind = session.name.to_lowercase().contains(&kind.to_lowercase());
    let kind =
        (!says_kind && session.kind != SessionKind::DropIn).then(|| view! { " " <span class="tag">{kind}</span> });
    let rule = from.map_or_else(|| rule.clone(), |from| format!("Usually at {from}: {}", lower_first(&rule)));
    let known = session.rule.is_known();
    let sure = matches!(certainty, Certainty::Confirmed { .. });
    let unsure = (!(known && sure)).then(|| view! { " " <span class="tag warn">"Not confirmed"</span> });
    let none_soon = (known && rows.is_empty()).then(|| view! { <p>"Nothing in the next four weeks."</p> });
    view! {
        {heading(level, session.name.into_any())}
        <p>{full_stop(rule)}{marks}{unsure}</p>
        <Times rows/>
        {none_soon}
        <p><span class="tag">{words::come(session.come)}</span>{kind}{session.book_with.map(|with| format!(" {}", full_stop(with)))}</p>
        {session.note.map(|note| view! { <p>{note}</p> })}
        <p class="meta">{words::certainty(&certainty)} "."</p>
    }
}

/// Dates in a list: those on, those not sure, and those closed, struck through and with the reason.
#[component]
pub fn Times(
    /// The dates in order.
    rows: Vec<Row>,
) -> impl IntoView {
    let rows = rows.into_iter().map(|row| {
        let Row { class, day, hours, differs, reason, at, ages } = row;
        let when = view! { <b>{day}</b> " " {hours} };
        let ages = ages.map(|ages| view! { " " <span class="tag">{ages}</span> });
        let at = at.map(|(slug, name)| view! { " at " <a href=format!("/drop-ins/place/{slug}")>{name}</a> });
        match (class, differs) {
            ("closed", Some(ELSEWHERE)) => {
                let reason = reason.map(|reason| format!(": {reason}"));
                view! { <li class=class><s>{when}</s> " " <strong>{ELSEWHERE}</strong> " but" {at} {reason}</li> }
                    .into_any()
            }
            ("closed", _) => {
                let reason = reason.map(|reason| format!(": {reason}"));
                view! { <li class=class><s>{when}</s>{at}{ages} " " <strong>"Closed"</strong>{reason}</li> }.into_any()
            }
            _ => {
                let differs = differs.map(|differs| view! { " " <span class="tag good">{differs}</span> });
                let unsure = (class == "maybe").then(|| view! { " " <span class="tag warn">"Not confirmed"</span> });
                let reason = reason.map(|reason| format!(" {reason}"));
                view! { <li class=class>{when}{at}{ages}{differs}{reason}{unsure}</li> }.into_any()
            }
        }
    });
    let rows = rows.collect_view();
    (!rows.is_empty()).then(|| view! { <ul class="times">{rows}</ul> })
}

/// How to keep the times in a calendar of one's own.
#[component]
pub fn Calendar(
    /// The address of the feed.
    path: String,
) -> impl IntoView {
    view! {
        <p>
            <a class="btn quiet" href=path>"Save these times in your calendar"</a>
        </p>
        <p class="meta">
            "Saved times do not change by themselves. Look here before you go, or give your calendar the address of this link to follow."
        </p>
    }
}

/// Where it is and what it is like; what is not known is said in one line.
#[component]
fn Facts(
    place: Place,
    /// Whether anything meets here: only then do bank holidays matter.
    meets: bool,
) -> impl IntoView {
    let address = match (&place.address, &place.postcode) {
        (Some(address), Some(postcode)) => Some(format!("{address}, {postcode}")),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    };
    let phone = place.phone.map(|phone| {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        view! { <a href=format!("tel:{digits}")>{phone}</a> }.into_any()
    });
    let facts = [
        ("Address", address.map(IntoAny::into_any)),
        ("Phone", phone),
        ("Cost", place.cost.map(IntoAny::into_any)),
        ("Getting in", place.access.map(IntoAny::into_any)),
        ("Buses", place.bus.map(IntoAny::into_any)),
    ];
    let (mut known, unknown): (Vec<_>, Vec<_>) = facts.into_iter().partition(|(_, says)| says.is_some());
    if meets {
        known.push(("Bank holidays", Some(words::bank_holidays(place.bank_holidays).into_any())));
    }
    let unknown: Vec<_> = unknown.into_iter().map(|(name, _)| name.to_lowercase()).collect();
    let some = !known.is_empty();
    let rows = known.into_iter().map(|(name, says)| view! { <div><dt>{name}</dt><dd>{says}</dd></div> });
    view! {
        {some.then(|| view! { <dl class="facts">{rows.collect_view()}</dl> })}
        {(!unknown.is_empty()).then(|| view! { <p>"Not known yet: " {unknown.join(", ")} "."</p> })}
    }
}

/// Links to maps, only where the point or the whole address is known.
#[component]
fn Directions(place: Place) -> impl IntoView {
    const MAP: &str = "https://www.openstreetmap.org";
    let (app, map) = match (place.lat.zip(place.lon), &place.address, &place.postcode) {
        (Some((lat, lon)), ..) => {
            (Some(format!("geo:{lat},{lon}")), format!("{MAP}/?mlat={lat}&mlon={lon}#map=17/{lat}/{lon}"))
        }
        (None, Some(address), Some(postcode)) => {
            let query = format!("{address}, {postcode}");
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("query", &query).finish();
            (None, format!("{MAP}/search?{query}"))
        }
        _ => return None,
    };
    Some(view! {
        <p>
            {app.map(|app| view! { <a class="btn quiet" href=app>"Open in my map app"</a> " " })}
            <a class="btn quiet" href=map rel="noopener noreferrer">"Find it on OpenStreetMap"</a>
        </p>
    })
}

fn heading(level: u8, inside: AnyView) -> AnyView {
    match level {
        2 => view! { <h2>{inside}</h2> }.into_any(),
        3 => view! { <h3>{inside}</h3> }.into_any(),
        4 => view! { <h4>{inside}</h4> }.into_any(),
        _ => view! { <h5>{inside}</h5> }.into_any(),
    }
}

fn full_stop(text: String) -> String {
    if text.ends_with(['.', '!', '?']) { text } else { format!("{text}.") }
}
