//! The forms of the data behind the pages, how it will read, and every edition of it.

use jiff::Timestamp;
use leptos::prelude::*;

use super::super::facts::written::{Plain, Shape};
use super::super::facts::{OWN_SOURCE, TIMES, WEEKDAYS, nth};
use super::super::{Told, called, list_path};
use super::FaultList;
use super::feedback::{Row, Told as PublicTold};
use crate::content::{Kind, Library};
use crate::dropins::views::{Card, Ends, PlaceCard};
use crate::dropins::{BankHolidays, Come, Occurrence, PlaceStatus, SessionKind, words};
use crate::help::Line;
use crate::help::views::LineCard;
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

/// How it will read.
#[derive(Debug)]
pub enum Preview {
    /// A place with everything that meets there.
    Place {
        /// Its name.
        name: String,
        /// The rest.
        card: Box<Card>,
    },
    /// A help line.
    Line(Box<Line>),
    /// What has no drawing of its own: nothing stands against it.
    Good,
}

impl Preview {
    /// The place of this slug in a library that has the change; `None` if it has none.
    #[must_use]
    pub fn of(library: &Library, place: &str, coming: Vec<Occurrence>, at: Timestamp) -> Option<Self> {
        let name = library.timetable.places.get(place)?.name.clone();
        Some(Self::Place { name, card: Box::new(Card::of(library, place, &coming, at, None)?) })
    }
}

/// A thing as its editor finds it.
#[derive(Debug)]
pub struct Desk {
    /// What it is.
    pub kind: Kind,
    /// Where it is changed.
    pub path: String,
    /// Its name; `None`: a new one.
    pub title: Option<String>,
    /// Where the public reads of it.
    pub public_at: Option<String>,
    /// The public reads it now.
    pub public: bool,
    /// It can be taken off the site.
    pub removable: bool,
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
    /// What the public told us of it.
    pub told: Vec<Row>,
}

impl Desk {
    /// What the page is called.
    #[must_use]
    pub fn heading(&self) -> String {
        match &self.title {
            Some(name) => format!("Edit: {name}"),
            None => adding(self.kind),
        }
    }
}

/// `Add a help line`
pub(super) fn adding(kind: Kind) -> String {
    let (one, _) = called(kind);
    let article = if one.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("Add {article} {one}")
}

/// Which boxes a form has.
#[derive(Debug, Clone, Copy)]
pub enum Boxes {
    /// Those of a place.
    Place,
    /// Those of a session.
    Session,
    /// These.
    Listed(&'static [Plain]),
}

/// `/edit/places/…`, `/edit/sessions/…` and `/edit/items/…`.
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
        Boxes::Listed(fields) => {
            let day = (is_new && desk.kind == Kind::Holiday).then(|| {
                view! { <TextField field=form.field("day") label="Day" hint="Such as 25 December 2026." narrow=true/> }
            });
            view! { {day} <ListedBoxes form=form.clone() fields is_new/> }.into_any()
        }
    };
    let kept = (!matches!(boxes, Boxes::Listed(_))).then(|| {
        view! { <Kept form=form.clone() choices=desk.choices.clone() is_new/> }
    });
    let public = desk.public_at.clone().filter(|_| desk.public);
    let public = public.map(|at| view! { <p><a href=at>"See the public page"</a></p> });
    let (list, list_name) = (list_path(desk.kind), called(desk.kind).1);
    let gone = (!is_new && !desk.public)
        .then(|| view! { <p class="note">"This was taken off the site. Publish it to put it back."</p> });
    let remove = (desk.removable && desk.public).then(|| {
        let from = form.typed("from").to_owned();
        view! {
            <h2>"Take it off the site"</h2>
            <p>"Do this only when it is wrong or no longer there. It can be put back."</p>
            <form method="post" action=desk.path.clone()>
                <OneTimeKey form=Fields::default()/>
                <input type="hidden" name="from" value=from/>
                <button class="btn quiet" name="do" value="remove">"Take it off"</button>
            </form>
        }
    });
    let shown = desk.preview.is_some();
    let preview = desk.preview.map(|preview| {
        let inside = match preview {
            Preview::Place { name, card } => {
                view! { <h2>{name}</h2> <PlaceCard card=*card level=3 ends=Ends::Directions/> }.into_any()
            }
            Preview::Line(line) => {
                view! { <LineCard line=*line open=None confirmed=false marks=().into_any()/> }.into_any()
            }
            Preview::Good => view! { <p>"Nothing stands against it."</p> }.into_any(),
        };
        view! {
            <section class="preview" tabindex="0" aria-label="Preview">
                <p class="meta">"Preview. Nothing is published yet."</p>
                {inside}
            </section>
        }
    });
    let writing = view! {
        <form method="post" action=desk.path.clone() novalidate>
            <OneTimeKey form=form.clone()/>
            <input type="hidden" name="from" value=form.typed("from").to_owned()/>
            {fields}
            {kept}
            <TextField field=form.field("note_to_staff") label="What did you do, and why?"
                hint="For other editors. The public does not see it."/>
            <div class="row">
                <button class="btn quiet" name="do" value="preview">"Preview"</button>
                <button class="btn" name="do" value="publish">"Publish"</button>
            </div>
        </form>
    };
    view! {
        <nav class="back" aria-label="Back"><a href=list>{list_name}</a></nav>
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
        <PublicTold rows=desk.told/>
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

/// One box for each field.
#[component]
fn ListedBoxes(form: Fields, fields: &'static [Plain], is_new: bool) -> impl IntoView {
    let boxes = fields.iter().map(|field| {
        let Plain { key, label, hint, shape, .. } = *field;
        let (field, hint) = (form.field(key), hint.to_owned());
        match shape {
            Shape::Words | Shape::Names => view! { <TextField field label hint/> }.into_any(),
            Shape::Number => view! { <TextField field label hint inputmode="numeric" narrow=true/> }.into_any(),
            Shape::Day => view! { <TextField field label hint kind="date" narrow=true/> }.into_any(),
            Shape::Sentences => view! { <TextArea field label hint rows=3/> }.into_any(),
            Shape::Hours | Shape::Lines => view! { <TextArea field label hint rows=4/> }.into_any(),
            Shape::Tick => {
                let choices = [("", "No"), ("true", "Yes")].map(|(word, says)| (word.to_owned(), says.to_owned()));
                view! { <Select field label hint choices=choices.to_vec()/> }.into_any()
            }
            Shape::Choice(choices) => {
                let choices = choices().into_iter().map(|(word, says)| (word.to_owned(), says.to_owned())).collect();
                view! { <Select field label hint choices=choose(choices)/> }.into_any()
            }
        }
    });
    let boxes = boxes.collect_view();
    let checked = (!is_new && fields.iter().any(|field| field.key == "checked_on")).then(|| {
        view! {
            <label class="choice">
                <input type="checkbox" name="checked" value="yes"/>
                "I checked all of this today"
            </label>
        }
    });
    view! { {boxes} {checked} }
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
