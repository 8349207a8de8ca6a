//! Adding and changing the data behind the pages: look first, then publish; look back; take off.

use axum::extract::Path;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;

use super::super::acts::{self, Act, Outcome};
use super::super::facts::written::{
    DistrictFields, GoalFields, HolidayFields, LineFields, LocalityFields, RightFields, SourceFields, TermFields,
    Written,
};
use super::super::facts::{Facts, changes, differences, fresh, review_by, unlike};
use super::super::views::facts::{Boxes, Choices, Desk, EditFacts, Edition as Row, Preview};
use super::super::views::lists::{Items, List, areas};
use super::super::{self as editing, LONGEST_NOTE, live_number};
use super::dropins::asked;
use super::feedback::open_of;
use super::{INCOMPLETE, OTHER, act, draw, edition, follow, made, names, replaced};
use crate::app::Ask;
use crate::clock::london_date;
use crate::content::live::Edition;
use crate::content::store::{self as content, NewRevision, Revision};
use crate::content::{Kind, Library};
use crate::dropins::Window;
use crate::error::{Error, Result};
use crate::signin::guard::Editor;
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;

const SAME: &str = "That is how it reads now. Change something first.";

/// A place or a session under an editor's hands.
struct Open {
    edition: Edition,
    /// `None`: a new one.
    id: Option<String>,
    /// Newest first.
    revisions: Vec<Revision>,
    /// What is published, or was until it was taken off; empty for a new one.
    body: String,
}

impl Open {
    async fn new(ask: &Ask) -> Result<Self> {
        Ok(Self { edition: edition(ask).await?, id: None, revisions: Vec::new(), body: String::new() })
    }

    async fn at<N: Facts>(ask: &Ask, id: &str) -> Result<Self> {
        let edition = edition(ask).await?;
        let revisions = content::of_item(&mut ask.app.db.read().await?, N::KIND, id).await?;
        let body = edition.library.body(N::KIND, id);
        // One that was taken off can be put back.
        let last = || revisions.iter().find(|it| !it.takes_off()).map(|it| it.body.as_str());
        let body = body.or_else(last).or_else(|| ask.app.shipped.body(N::KIND, id));
        let body = body.ok_or(Error::NotFound)?.to_owned();
        Ok(Self { edition, id: Some(id.to_owned()), revisions, body })
    }

    fn library(&self) -> &Library {
        &self.edition.library
    }

    fn newest(&self) -> i64 {
        self.revisions.first().map_or(0, |newest| newest.number)
    }

    fn path<N: Facts>(&self) -> String {
        format!("{}/{}", N::PATH, self.id.as_deref().unwrap_or("new"))
    }

    /// Whether the public reads it.
    fn is_public(&self, kind: Kind) -> bool {
        self.id.as_ref().is_some_and(|id| self.library().body(kind, id).is_some())
    }

    /// The text of an edition; 0 is that of the release.
    fn edition_body<N: Facts>(&self, ask: &Ask, number: i64) -> Option<String> {
        if number == 0 {
            return ask.app.shipped.body(N::KIND, self.id.as_deref()?).map(str::to_owned);
        }
        let found = self.revisions.iter().find(|it| it.number == number && !it.takes_off());
        found.map(|it| it.body.clone())
    }

    /// Every edition with what it changed of the one before it, newest first.
    async fn editions<N: Facts>(&self, ask: &Ask) -> Result<Vec<Row>> {
        let names = names(ask, self.revisions.iter().map(|it| it.by_staff).collect()).await?;
        let mut before = self.edition_body::<N>(ask, 0);
        let mut rows = Vec::new();
        if before.is_some() {
            let made = "As it came with the release".to_owned();
            rows.push(Row { number: 0, made, note: String::new(), changes: Vec::new(), withdrawn: false });
        }
        for revision in self.revisions.iter().rev() {
            let withdrawn = revision.takes_off();
            let changes = match &before {
                Some(before) if !withdrawn => changes(
                    N::LABELS,
                    &boxes::<N>(before).unwrap_or_default(),
                    &boxes::<N>(&revision.body).unwrap_or_default(),
                ),
                _ => Vec::new(),
            };
            if !withdrawn {
                before = Some(revision.body.clone());
            }
            let note = revision.note.clone();
            rows.push(Row { number: revision.number, made: made(&names, revision), note, changes, withdrawn });
        }
        rows.reverse();
        Ok(rows)
    }

    async fn desk<N: Facts>(&self, ask: &Ask, editor: &Editor) -> Result<Desk> {
        let id = self.id.clone().unwrap_or_default();
        let told = match &self.id {
            Some(id) => open_of(ask, editor, self.library(), N::KIND, id).await?,
            None => Vec::new(),
        };
        let noun = noun::<N>(&self.body);
        Ok(Desk {
            path: self.path::<N>(),
            kind: N::KIND,
            title: self.id.as_ref().map(|id| editing::name(self.library(), N::KIND, id)),
            public_at: noun.as_ref().and_then(|it| it.public(&id)),
            public: self.is_public(N::KIND),
            removable: self.id.as_ref().is_some_and(|id| may_be_removed(self.library(), N::KIND, id)),
            live: live_number(&self.revisions, &self.edition.refused, N::KIND, &id),
            editions: self.editions::<N>(ask).await?,
            choices: Choices::of(self.library()),
            faults: Vec::new(),
            preview: None,
            theirs: Vec::new(),
            told,
        })
    }

    async fn draw<N: Facts>(
        &self,
        ask: &Ask,
        editor: &Editor,
        status: StatusCode,
        extra: impl FnOnce(&mut Desk),
        form: Fields,
    ) -> Result<Response> {
        let mut desk = self.desk::<N>(ask, editor).await?;
        extra(&mut desk);
        let title = desk.heading();
        let boxes = match N::KIND {
            Kind::Place => Boxes::Place,
            Kind::Session => Boxes::Session,
            _ => Boxes::Listed(N::FIELDS),
        };
        let main = view! { <EditFacts desk boxes form/> };
        Ok(draw(ask, editor, status, &title, main.into_any()))
    }

    fn revision<N: Facts>(&self, editor: &Editor, id: String, body: String, from: i64, note: String) -> NewRevision {
        let shipped_hash = self.library().shipped_hash(N::KIND, &id).unwrap_or_default().to_owned();
        NewRevision { kind: N::KIND, item: id, published: true, body, from, shipped_hash, by: editor.staff, note }
    }
}

/// What the release brought of places and sessions is closed or ended instead: people may still
/// look for it.
fn may_be_removed(library: &Library, kind: Kind, id: &str) -> bool {
    !matches!(kind, Kind::Place | Kind::Session) || library.shipped_hash(kind, id).is_none()
}

fn noun<N: Facts>(body: &str) -> Option<N> {
    toml::from_str(body).ok()
}

fn filled(boxes: Vec<(&'static str, String)>) -> Fields {
    let mut form = Fields::default();
    for (name, text) in boxes {
        form.put(name, text);
    }
    form
}

/// A text as a form holds it.
fn boxes<N: Facts>(body: &str) -> Option<Fields> {
    noun::<N>(body).map(|noun| filled(noun.boxes()))
}

pub(super) async fn list(ask: Ask, editor: Editor) -> Result<Response> {
    let edition = edition(&ask).await?;
    let gone = edition.newest.iter().filter(|((kind, id), newest)| {
        matches!(kind, Kind::Place | Kind::Session) && newest.takes_off() && edition.library.body(*kind, id).is_none()
    });
    let gone = gone.map(|((kind, id), _)| (editing::path(*kind, id), id.clone())).collect();
    let areas = areas(&edition.library, london_date(ask.now));
    let main = view! { <List areas gone/> };
    Ok(draw(&ask, &editor, StatusCode::OK, "Places and sessions", main.into_any()))
}

pub(super) async fn new<N: Facts>(ask: Ask, editor: Editor, uri: Uri) -> Result<Response> {
    let open = Open::new(&ask).await?;
    let table = &open.library().timetable;
    let fresh = fresh(table, london_date(ask.now)).into_iter();
    let mut form = filled(fresh.filter(|(name, _)| N::LABELS.iter().any(|(label, _)| label == name)).collect());
    let districts: Vec<_> = table.districts.keys().map(String::as_str).collect();
    for (name, known) in
        [("place", table.places.keys().map(String::as_str).collect::<Vec<_>>()), ("district", districts)]
    {
        if let Some(asked) = asked(&uri, name).filter(|asked| known.contains(&asked.as_str())) {
            form.put(name, asked);
        }
    }
    form.put("from", "0".to_owned());
    open.draw::<N>(&ask, &editor, StatusCode::OK, |_| {}, form).await
}

pub(super) async fn page<N: Facts>(ask: Ask, editor: Editor, Path(id): Path<String>, uri: Uri) -> Result<Response> {
    let open = Open::at::<N>(&ask, &id).await?;
    let number = asked(&uri, "edition").and_then(|number| number.parse().ok());
    let old = number.and_then(|number| open.edition_body::<N>(&ask, number));
    let mut form = boxes::<N>(old.as_deref().unwrap_or(&open.body)).unwrap_or_default();
    if let (Some(number), true) = (number, old.is_some()) {
        form.put("note_to_staff", format!("Back to edition {number}"));
    }
    form.put("from", open.newest().to_string());
    open.draw::<N>(&ask, &editor, StatusCode::OK, |_| {}, form).await
}

pub(super) async fn add<N: Facts>(ask: Ask, editor: Editor, form: Fields) -> Result<Response> {
    let open = Open::new(&ask).await?;
    publish::<N>(ask, editor, open, form).await
}

pub(super) async fn change<N: Facts>(
    ask: Ask,
    editor: Editor,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response> {
    let open = Open::at::<N>(&ask, &id).await?;
    publish::<N>(ask, editor, open, form).await
}

async fn publish<N: Facts>(ask: Ask, editor: Editor, open: Open, mut form: Fields) -> Result<Response> {
    let object = N::KIND.as_str();
    let list = editing::list_path(N::KIND);
    let mut act = act(&ask, &editor, &mut form, ("publish", object, Flash::Published), list)?;
    let from = form.choice("from", |text| text.parse::<i64>().ok().filter(|number| *number >= 0), "");
    let from = from.ok_or(Error::Refused(StatusCode::BAD_REQUEST, INCOMPLETE))?;
    if form.typed("do") == "remove" {
        return remove::<N>(ask, editor, open, act, from).await;
    }
    if form.ticked("checked") {
        let today = london_date(ask.now);
        form.put("checked_on", today.to_string());
        form.put("review_by", review_by(today).to_string());
    }
    let only_look = form.typed("do") == "preview";
    let noun = N::read(&mut form, open.library());
    let note =
        if only_look { String::new() } else { form.line("note_to_staff", LONGEST_NOTE, "Say what you did, and why.") };
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let (Some(noun), true) = (noun, form.ok()) else {
        return open.draw::<N>(&ask, &editor, wrong, |_| {}, form).await;
    };
    // As everybody will read it from here on: `16:00` and `4pm` are no difference.
    for (name, text) in noun.boxes() {
        form.put(name, text);
    }
    let library = open.library();
    let id = open.id.clone().unwrap_or_else(|| {
        // An id that was once used keeps its history: a new one gets another.
        let used = |id: &str| open.edition.newest.contains_key(&(N::KIND, id.to_owned()));
        unlike(&noun.slug(), |id| used(id) || library.body(N::KIND, id).is_some())
    });
    let body =
        toml::to_string(&noun).map_err(|error| Error::Internal(format!("facts could not be written: {error}")))?;
    let (after, warnings) = match replaced(&open.edition, N::KIND, &id, &body).await? {
        Ok(good) => good,
        Err(faults) => {
            let faults = editing::told(library, &faults, (N::KIND, &id), &body);
            form.fault(N::first(), "This does not go with what is published. The list says what and why.");
            return open.draw::<N>(&ask, &editor, wrong, |desk| desk.faults = faults, form).await;
        }
    };
    let unchanged = open.is_public(N::KIND)
        && boxes::<N>(&open.body).is_some_and(|now| differences(N::LABELS, &now, &filled(noun.boxes())).is_empty());
    let refused = if open.id.is_none() { noun.refusal(&library.timetable) } else { unchanged.then_some(SAME) };
    if only_look {
        let status = if refused.is_some() { wrong } else { StatusCode::OK };
        if let Some(says) = refused {
            form.fault(N::first(), says);
        }
        let warnings = editing::told(&after, &warnings, (N::KIND, &id), &body);
        let preview = preview(&after, N::KIND, &id, ask.now);
        let looked = |desk: &mut Desk| (desk.preview, desk.faults) = (preview, warnings);
        return open.draw::<N>(&ask, &editor, status, looked, form).await;
    }
    if from == open.newest() {
        act.refuse = refused;
    }
    let new = open.revision::<N>(&editor, id.clone(), body, from, note);
    let outcome = acts::publish(&ask.app.db, act, new).await?;
    answer::<N>(&ask, &editor, open, &id, form, outcome).await
}

/// How an item will read.
fn preview(after: &Library, kind: Kind, id: &str, at: Timestamp) -> Option<Preview> {
    let place =
        |slug: &str| Preview::of(after, slug, after.timetable.occurrences(Window::days_from(at, editing::AHEAD)), at);
    match kind {
        Kind::Place => place(id),
        Kind::Session => place(&after.timetable.sessions.get(id)?.place),
        Kind::Line => Some(Preview::Line(Box::new(after.lines.get(id)?.clone()))),
        _ => Some(Preview::Good),
    }
}

/// What follows: back to the list, or the form again with what stands against it.
async fn answer<N: Facts>(
    ask: &Ask,
    editor: &Editor,
    open: Open,
    id: &str,
    mut form: Fields,
    outcome: Outcome,
) -> Result<Response> {
    form.put("key", String::new());
    match outcome {
        Outcome::Done(to) => {
            follow(ask).await;
            Ok(see_other(&to))
        }
        Outcome::Refused(says) => {
            form.fault(N::first(), says);
            open.draw::<N>(ask, editor, StatusCode::UNPROCESSABLE_ENTITY, |_| {}, form).await
        }
        Outcome::OtherContent => {
            form.fault(N::first(), OTHER);
            open.draw::<N>(ask, editor, StatusCode::CONFLICT, |_| {}, form).await
        }
        Outcome::Overtaken if open.id.is_none() => {
            form.fault(N::first(), "Somebody added one of this name a moment ago. Look at the list, then send yours again if it is another.");
            open.draw::<N>(ask, editor, StatusCode::CONFLICT, |_| {}, form).await
        }
        Outcome::Overtaken => {
            let open = Open::at::<N>(ask, id).await?;
            let now = boxes::<N>(&open.body).unwrap_or_default();
            let theirs = differences(N::LABELS, &now, &form);
            form.fault(N::first(), "Somebody changed this while you were writing. Nothing of yours was published. The list shows where the two differ.");
            form.put("from", open.newest().to_string());
            open.draw::<N>(ask, editor, StatusCode::CONFLICT, |desk| desk.theirs = theirs, form).await
        }
    }
}

/// Takes what staff added off the site. What came with the release is closed or ended instead.
async fn remove<N: Facts>(ask: Ask, editor: Editor, open: Open, mut act: Act, from: i64) -> Result<Response> {
    let Some(id) = open.id.clone() else { return Err(Error::NotFound) };
    let library = open.library();
    let meets = N::KIND == Kind::Place && library.timetable.sessions_at(&id).next().is_some();
    act.refuse = if !may_be_removed(library, N::KIND, &id) {
        Some(
            "This came with the release, so it cannot be taken off here. Say that the place is closed, or give the session a last day.",
        )
    } else if !open.is_public(N::KIND) {
        Some("This was taken off already.")
    } else if meets {
        Some("Sessions still meet here. Give them another place, or take them off first.")
    } else if library.without(N::KIND, &id).is_ok() {
        None
    } else if matches!(N::KIND, Kind::Place | Kind::Session) {
        Some(
            "Changes to single days still name it. Say that the place is closed, or give the session a last day instead.",
        )
    } else {
        Some("Other texts still name it. Take it out of those first.")
    };
    (act.action, act.flash) = ("remove", Flash::Removed);
    let gone = open.revision::<N>(&editor, id.clone(), String::new(), from, "Taken off".to_owned());
    // Taking back what staff made would bring back what the release brought.
    let shipped = library.shipped_hash(N::KIND, &id).is_some();
    let outcome = acts::publish(&ask.app.db, act, NewRevision { published: shipped, ..gone }).await?;
    let mut form = boxes::<N>(&open.body).unwrap_or_default();
    form.put("from", open.newest().to_string());
    answer::<N>(&ask, &editor, open, &id, form, outcome).await
}

/// The kinds that are edited in a form made from a list of their fields.
fn listed(word: &str) -> Result<Kind> {
    let plain = |kind: &Kind| !matches!(kind, Kind::Page | Kind::Place | Kind::Session | Kind::Exception);
    Kind::parse(word).filter(plain).ok_or(Error::NotFound)
}

pub(super) async fn items(ask: Ask, editor: Editor, Path(kind): Path<String>) -> Result<Response> {
    let kind = listed(&kind)?;
    let edition = edition(&ask).await?;
    let library = &edition.library;
    let row = |id: &str| (editing::path(kind, id), editing::name(library, kind, id));
    let mut rows: Vec<_> = library.items().filter(|(it, _, _)| *it == kind).map(|(_, id, _)| row(id)).collect();
    if kind != Kind::Holiday {
        rows.sort_by_key(|(_, name)| name.to_lowercase());
    }
    let gone = edition
        .newest
        .iter()
        .filter(|((it, id), newest)| *it == kind && newest.takes_off() && library.body(kind, id).is_none());
    let gone = gone.map(|((_, id), _)| (editing::path(kind, id), id.clone())).collect();
    let main = view! { <Items kind rows gone/> };
    Ok(draw(&ask, &editor, StatusCode::OK, editing::called(kind).1, main.into_any()))
}

macro_rules! by_kind {
    ($kind:expr, $handler:ident ( $($given:expr),* )) => {
        match listed(&$kind)? {
            Kind::Line => $handler::<Written<LineFields>>($($given),*).await,
            Kind::Entitlement => $handler::<Written<RightFields>>($($given),*).await,
            Kind::Term => $handler::<Written<TermFields>>($($given),*).await,
            Kind::Goal => $handler::<Written<GoalFields>>($($given),*).await,
            Kind::Source => $handler::<Written<SourceFields>>($($given),*).await,
            Kind::Holiday => $handler::<Written<HolidayFields>>($($given),*).await,
            Kind::Locality => $handler::<Written<LocalityFields>>($($given),*).await,
            Kind::District => $handler::<Written<DistrictFields>>($($given),*).await,
            Kind::Page | Kind::Place | Kind::Session | Kind::Exception => Err(Error::NotFound),
        }
    };
}

pub(super) async fn new_item(ask: Ask, editor: Editor, Path(kind): Path<String>, uri: Uri) -> Result<Response> {
    by_kind!(kind, new(ask, editor, uri))
}

pub(super) async fn add_item(ask: Ask, editor: Editor, Path(kind): Path<String>, form: Fields) -> Result<Response> {
    by_kind!(kind, add(ask, editor, form))
}

pub(super) async fn item(
    ask: Ask,
    editor: Editor,
    Path((kind, id)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response> {
    by_kind!(kind, page(ask, editor, Path(id), uri))
}

pub(super) async fn change_item(
    ask: Ask,
    editor: Editor,
    Path((kind, id)): Path<(String, String)>,
    form: Fields,
) -> Result<Response> {
    by_kind!(kind, change(ask, editor, Path(id), form))
}
