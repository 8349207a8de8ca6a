//! The form of a place and that of a session, how it will read, and every edition of it.

use jiff::Timestamp;
use jiff::civil::Date;
use leptos::prelude::*;

use super::super::Told;
use super::super::facts::{OWN_SOURCE, TIMES, WEEKDAYS, nth};
use super::FaultList;
use crate::content::Library;
use crate::dropins::views::{Card, Ends, PlaceCard};
use crate::dropins::{BankHolidays, Come, Occurrence, PlaceStatus, SessionKind, words};
use crate::ui::{Errors, OneTimeKey, Radios, Select, TextArea, TextField, Ticks};
use crate::web::forms::Fields;

/// One edition, and what it changed.
#[derive(Debug, Clone)]
pub struct Edition {
    /// Its number; 0 for that of the release.
    pub number: i64,
    /// When and by whom.
    pub made: String,
    /// Why.
    pub note: String,
    /// What is not as in the one before, in words.
    pub changes: Vec<String>,
    /// It took the thing off the site.
    pub withdrawn: bool,
}

/// What can be chosen: what is sent, and its words.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    districts: Vec<(String, String)>,
    places: Vec<(String, String)>,
    sources: Vec<(String, String)>,
}

impl Choices {
    /// What this edition has to choose from.
    #[must_use]
    pub fn of(library: &Library) -> Self {
        let table = &library.timetable;
        let by_name = |mut all: Vec<(String, String)>| {
            all.sort_by(|(_, a), (_, b)| a.cmp(b));
            all
        };
        let districts = table.districts.iter().map(|(slug, it)| (slug.clone(), it.name.clone())).collect();
        let places = table.places.iter().filter(|(_, it)| it.status != PlaceStatus::Closed);
        let places = places.map(|(slug, it)| (slug.clone(), it.name.clone())).collect();
        let sources = library.sources.iter().map(|(slug, it)| (slug.clone(), it.title.clone())).collect();
        let mut sources = by_name(sources);
        sources.sort_by_key(|(slug, _)| slug != OWN_SOURCE);
        Self { districts: by_name(districts), places: by_name(places), sources }
    }
}

/// How a place will read with everything that meets there.
#[derive(Debug)]
pub struct Preview {
    name: String,
    card: Card,
}

impl Preview {
    /// The place of this slug in a library that has the change; `None` if it has none.
    #[must_use]
    pub fn of(library: &Library, place: &str, coming: Vec<Occurrence>, at: Timestamp) -> Option<Self> {
        let name = library.timetable.places.get(place)?.name.clone();
        Some(Self { name, card: Card::of(library, place, &coming, at, None)? })
    }
}

/// A place or a session as its editor finds it.
#[derive(Debug)]
pub struct Desk {
    /// Where it is changed.
    pub path: String,
    /// Its name; `None`: a new one.
    pub title: Option<String>,
    /// A place; otherwise a session.
    pub is_place: bool,
    /// The slug of the place where the public reads of it.
    pub place: Option<String>,
    /// The public reads it now.
    pub public: bool,
    /// Staff added it, so that it can be taken off.
    pub ours: bool,
    /// The edition that the public reads.
    pub live: i64,
    /// Every edition, newest first.
    pub editions: Vec<Edition>,
    /// What can be chosen.
    pub choices: Choices,
    /// What stands against it, or could be better.
    pub faults: Vec<Told>,
    /// How it will read; `None` before anybody asked.
    pub preview: Option<Preview>,
    /// Where it differs from what somebody else published meanwhile: label, theirs, yours.
    pub theirs: Vec<(&'static str, String, String)>,
}

impl Desk {
    /// What the page is called.
    #[must_use]
    pub fn heading(&self) -> String {
        match (&self.title, self.is_place) {
            (Some(name), _) => format!("Edit: {name}"),
            (None, true) => "Add a place".to_owned(),
            (None, false) => "Add a session".to_owned(),
        }
    }
}

/// Which boxes a form has.
#[derive(Debug, Clone, Copy)]
pub enum Boxes {
    /// Those of a place.
    Place,
    /// Those of a session.
    Session,
}

/// `/edit/places/…` and `/edit/sessions/…`.
#[component]
pub fn EditFacts(
    /// What is edited.
    desk: Desk,
    /// Its boxes.
    boxes: Boxes,
    /// The form.
    form: Fields,
) -> impl IntoView {
    let heading = desk.heading();
    let is_new = desk.title.is_none();
    let fields = match boxes {
        Boxes::Place => view! { <PlaceBoxes form=form.clone() choices=desk.choices.clone()/> }.into_any(),
        Boxes::Session => view! { <SessionBoxes form=form.clone() choices=desk.choices.clone()/> }.into_any(),
    };
    let public = desk.place.clone().filter(|_| desk.public);
    let public =
        public.map(|slug| view! { <p><a href=format!("/drop-ins/place/{slug}")>"See the public page"</a></p> });
    let gone = (!is_new && !desk.public)
        .then(|| view! { <p class="note">"This was taken off the site. Publish it to put it back."</p> });
    let remove = (desk.ours && desk.public).then(|| {
        let from = form.typed("from").to_owned();
        view! {
            <h2>"Take it off the site"</h2>
            <p>"Do this only when it was added by mistake. It can be put back."</p>
            <form method="post" action=desk.path.clone()>
                <OneTimeKey form=Fields::default()/>
                <input type="hidden" name="from" value=from/>
                <button class="btn quiet" name="do" value="remove">"Take it off"</button>
            </form>
        }
    });
    let shown = desk.preview.is_some();
    let preview = desk.preview.map(|Preview { name, card }| {
        view! {
            <section class="preview" tabindex="0" aria-label="Preview">
                <p class="meta">"Preview, with the next four weeks. Nothing is published yet."</p>
                <h2>{name}</h2>
                <PlaceCard card level=3 ends=Ends::Directions/>
            </section>
        }
    });
    let writing = view! {
        <form method="post" action=desk.path.clone() novalidate>
            <OneTimeKey form=form.clone()/>
            <input type="hidden" name="from" value=form.typed("from").to_owned()/>
            {fields}
            <Kept form=form.clone() choices=desk.choices.clone() is_new/>
            <TextField field=form.field("note_to_staff") label="What did you do, and why?"
                hint="For other editors. The public does not see it."/>
            <div class="row">
                <button class="btn quiet" name="do" value="preview">"Preview"</button>
                <button class="btn" name="do" value="publish">"Publish"</button>
            </div>
        </form>
    };
    view! {
        <nav class="back" aria-label="Back"><a href="/edit/places">"Places and sessions"</a></nav>
        <Errors form=form.clone()/>
        <h1>{heading}</h1>
        {public}
        {gone}
        <Theirs rows=desk.theirs/>
        <FaultList rows=desk.faults/>
        {if shown {
            view! { <div class="split">{preview}{writing}</div> }.into_any()
        } else {
            writing.into_any()
        }}
        {remove}
        <History path=desk.path live=desk.live public=desk.public editions=desk.editions/>
    }
}

#[component]
fn Theirs(rows: Vec<(&'static str, String, String)>) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        let said = |text: String| if text.is_empty() { "empty".to_owned() } else { text };
        let rows = rows.into_iter().map(|(label, theirs, yours)| {
            view! { <tr><th scope="row">{label}</th><td>{said(theirs)}</td><td>{said(yours)}</td></tr> }
        });
        view! {
            <h2>"What differs"</h2>
            <p>"Take over what should stay into your form below. Publish puts yours in place of theirs."</p>
            <div class="scroll" tabindex="0" role="group" aria-label="What differs">
                <table>
                    <thead><tr><th scope="col">"Box"</th><th scope="col">"Published now"</th><th scope="col">"Yours"</th></tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        }
    })
}

#[component]
fn History(path: String, live: i64, public: bool, editions: Vec<Edition>) -> impl IntoView {
    (!editions.is_empty()).then(|| {
        let rows = editions.into_iter().map(|row| {
            let name = if row.number == 0 { "Release edition".to_owned() } else { format!("Edition {}", row.number) };
            let shown = public && row.number == live;
            let changes = row.changes.into_iter().map(|says| view! { <li>{says}</li> }).collect_view();
            let changes = (!changes.is_empty()).then(|| view! { <ul>{changes}</ul> });
            let again = (!row.withdrawn && !shown).then(|| {
                let href = format!("{path}?edition={}", row.number);
                view! { <div class="row"><a href=href>"Fill the form with it"<span class="vh">": "{name.clone()}</span></a></div> }
            });
            view! {
                <li>
                    <strong>{name.clone()}</strong>
                    {shown.then(|| view! { " " <span class="tag good">"Public"</span> })}
                    {row.withdrawn.then(|| view! { " " <span class="tag warn">"Taken off"</span> })}
                    <p class="meta">{row.made}</p>
                    <p>{row.note}</p>
                    {changes}
                    {again}
                </li>
            }
        });
        view! { <h2 id="history">"Who changed what"</h2> <ol class="editions">{rows.collect_view()}</ol> }
    })
}

/// A list to choose from that starts with no answer.
fn choose(choices: Vec<(String, String)>) -> Vec<(String, String)> {
    std::iter::once((String::new(), "Choose one".to_owned())).chain(choices).collect()
}

#[component]
fn PlaceBoxes(form: Fields, choices: Choices) -> impl IntoView {
    let status = [
        ("open", "Yes, it is in use"),
        ("not-confirmed", "We are not sure"),
        ("closed", "No, it is closed. Nothing meets here any more."),
    ];
    let holidays = [("ask", BankHolidays::Ask), ("closed", BankHolidays::Closed), ("open", BankHolidays::Open)];
    let holidays = holidays.map(|(word, habit)| (word, words::bank_holidays(habit).to_owned())).to_vec();
    view! {
        <TextField field=form.field("name") label="Name of the place" hint="As people know it, with the town. Such as: White Cross, Lancaster."/>
        <Select field=form.field("district") label="District" choices=choose(choices.districts)/>
        <Radios field=form.field("status") label="Is the building in use?" choices=status.map(|(word, says)| (word, says.to_owned())).to_vec()/>
        <TextField field=form.field("who") label="Who is it for?" hint="Such as: Care leavers aged 16 to 25."/>
        <div class="pair">
            <TextField field=form.field("min_age") label="Youngest age" inputmode="numeric" narrow=true/>
            <TextField field=form.field("max_age") label="Oldest age" inputmode="numeric" narrow=true/>
        </div>
        <TextField field=form.field("address") label="Street address" hint="Leave empty what is not known. The page says that we do not know it."/>
        <TextField field=form.field("postcode") label="Postcode" narrow=true/>
        <TextField field=form.field("phone") label="Phone" inputmode="tel" narrow=true/>
        <TextField field=form.field("access") label="Getting in" hint="Steps, lift, toilets."/>
        <TextField field=form.field("bus") label="Getting there by bus"/>
        <TextField field=form.field("cost") label="What does it cost?"/>
        <TextField field=form.field("note") label="What else should a person know before going?"/>
        <Radios field=form.field("bank_holidays") label="What happens on a bank holiday?" choices=holidays/>
        <details open=!form.typed("lat").is_empty() || form.field("lat").fault.is_some()>
            <summary>"Point on the map"</summary>
            <div class="pair">
                <TextField field=form.field("lat") label="Latitude" narrow=true/>
                <TextField field=form.field("lon") label="Longitude" narrow=true/>
            </div>
        </details>
    }
}

#[component]
fn SessionBoxes(form: Fields, choices: Choices) -> impl IntoView {
    let kinds = [("drop-in", SessionKind::DropIn), ("forum", SessionKind::Forum), ("group", SessionKind::Group)];
    let kinds = kinds.map(|(word, kind)| (word, words::kind(kind).to_owned())).to_vec();
    let come = [("just-come", Come::JustCome), ("book-first", Come::BookFirst), ("ask-first", Come::AskFirst)];
    let come = come.map(|(word, come)| (word, words::come(come).to_owned())).to_vec();
    let every = [
        ("week", "Every week"),
        ("weeks", "Every two weeks, or every few weeks"),
        ("month", "Once a month, on one weekday"),
        ("date", "On single dates"),
        ("not-known", "We do not know yet"),
    ];
    let days = WEEKDAYS.map(|(name, day)| (form.field(name), words::weekday(day).to_owned())).to_vec();
    let which = nth().map(|(value, says)| (value.to_owned(), says.to_owned())).to_vec();
    let rows = TIMES.iter().enumerate().map(|(n, (open, close))| {
        let (from, to) = match n {
            0 => ("From", "To"),
            1 => ("Again from", "To"),
            2 => ("A third time from", "To"),
            _ => ("A fourth time from", "To"),
        };
        view! {
            <div class="pair">
                <TextField field=form.field(open) label=from narrow=true/>
                <TextField field=form.field(close) label=to narrow=true/>
            </div>
        }
        .into_any()
    });
    let mut rows: Vec<_> = rows.collect();
    let more = rows.split_off(1);
    let several =
        TIMES.iter().skip(1).any(|(open, close)| [open, close].into_iter().any(|name| !form.typed(name).is_empty()));
    view! {
        <Select field=form.field("place") label="Place" choices=choose(choices.places)/>
        <TextField field=form.field("name") label="Name of the session" hint="Such as: Drop-in, or Cooking night."/>
        <Radios field=form.field("kind") label="What is it?" choices=kinds/>
        <Radios field=form.field("every") label="How often does it meet?" choices=every.map(|(word, says)| (word, says.to_owned())).to_vec()/>
        <Ticks boxes=days label="On which days?"/>
        <TextField field=form.field("n") label="Every how many weeks?" hint="Only for every few weeks. 2 means one week yes, one week no." inputmode="numeric" narrow=true/>
        <Select field=form.field("nth") label="Which of the month?" hint="Only for once a month." choices=choose(which)/>
        <TextArea field=form.field("dates") label="Which dates?" hint="Only for single dates. One to a line, such as 7 December 2026." rows=3/>
        <TextField field=form.field("says") label="What do we know?" hint="Only when the dates are not known. Plain words, as the public will read them."/>
        <fieldset>
            <legend>"Times"</legend>
            <p class="hint">"Such as 4pm or 16:30. An end before the start is on the next day."</p>
            {rows}
            <details open=several><summary>"More than once on a day"</summary>{more}</details>
        </fieldset>
        <div class="pair">
            <TextField field=form.field("starts") label="First day" kind="date" narrow=true/>
            <TextField field=form.field("ends") label="Last day" kind="date" narrow=true hint="Leave it empty if no end is known."/>
        </div>
        <Radios field=form.field("come") label="How do people come?" choices=come/>
        <TextField field=form.field("book_with") label="Whom to book with or ask"/>
        <TextField field=form.field("note") label="What else should a person know before going?"/>
    }
}

/// Who answers for it, when it was checked, and how we know.
#[component]
fn Kept(form: Fields, choices: Choices, is_new: bool) -> impl IntoView {
    let claim = form.typed("claim").to_owned();
    let listed = choices.sources.iter().any(|(slug, _)| *slug == claim);
    let mut sources = choices.sources;
    if !listed && !claim.is_empty() {
        sources.insert(0, (claim.clone(), format!("As before: {claim}")));
    }
    view! {
        <fieldset>
            <legend>"Keeping it true"</legend>
            {(!is_new).then(|| view! {
                <label class="choice">
                    <input type="checkbox" name="checked" value="yes"/>
                    "I checked all of this today"
                </label>
            })}
            <TextField field=form.field("owner") label="Which team answers for it?"/>
            <div class="pair">
                <TextField field=form.field("checked_on") label="Checked on" kind="date" narrow=true/>
                <TextField field=form.field("review_by") label="Look again by" kind="date" narrow=true/>
            </div>
            <Select field=form.field("claim") label="How do we know?" choices=sources/>
        </fieldset>
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
