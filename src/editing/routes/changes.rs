//! Changing some days of a session, or closing a whole place, and undoing it.

use axum::http::{StatusCode, Uri};
use axum::response::Response;
use leptos::prelude::*;

use super::super::acts::{self, Outcome};
use super::super::changes::{REASON, Target, change_id, fault, refusal, said, still_closed};
use super::super::views::changes::{Change, Looked};
use super::super::views::dropins::{title, touched};
use super::super::{AHEAD, when};
use super::dropins::{DROP_INS, asked, sessions_page};
use super::{OTHER, act, draw, edition, follow, names, replaced};
use crate::app::Ask;
use crate::clock::london_date;
use crate::content::live::Edition;
use crate::content::store::{NewRevision, Revision};
use crate::content::{self as texts, Kind};
use crate::dropins::dates::said_time;
use crate::dropins::{Exception, ExceptionKind, Times, Timetable, words};
use crate::error::{Error, Result};
use crate::signin::guard::Editor;
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;

const NOTHING: &str = "There is no session or place of that name. Go back to the list of drop-ins and choose one.";
const OVERTAKEN: &str = "This was changed since you opened the page. Look at it again, then publish.";

/// What an address asks to change, with what is published.
struct Desk {
    edition: Edition,
    target: Target,
    on: Option<String>,
}

impl Desk {
    async fn at(ask: &Ask, uri: &Uri) -> Result<Self> {
        let edition = edition(ask).await?;
        let target = match (asked(uri, "session"), asked(uri, "place")) {
            (Some(slug), None) => Some(Target::Session(slug)),
            (None, Some(slug)) => Some(Target::Place(slug)),
            _ => None,
        };
        let target = target.filter(|target| target.is_known(&edition.library.timetable));
        let target = target.ok_or(Error::Refused(StatusCode::NOT_FOUND, NOTHING))?;
        Ok(Self { edition, target, on: asked(uri, "on") })
    }

    fn table(&self) -> &Timetable {
        &self.edition.library.timetable
    }

    fn path(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        match &self.target {
            Target::Session(slug) => query.append_pair("session", slug),
            Target::Place(slug) => query.append_pair("place", slug),
        };
        query.extend_pairs(self.on.iter().map(|on| ("on", on)));
        format!("{DROP_INS}/change?{}", query.finish())
    }

    /// When the form is opened and a hash of everything published that decides how the target reads.
    fn seen(&self, ask: &Ask) -> String {
        format!("{}-{}", ask.now.as_microsecond(), self.state())
    }

    fn state(&self) -> String {
        let table = self.table();
        let mine = self.edition.library.items().filter(|(kind, id, _)| match kind {
            Kind::Exception => table.exceptions.get(*id).is_some_and(|it| self.target.is_touched_by(table, it)),
            Kind::Session => match &self.target {
                Target::Session(slug) => slug == id,
                Target::Place(slug) => table.sessions.get(*id).is_some_and(|session| session.place == *slug),
            },
            _ => false,
        });
        texts::hash(&mine.flat_map(|(_, id, body)| [id, "\0", body, "\0"]).collect::<String>())
    }

    /// What staff changed about the target since this moment, newest first, in sentences.
    async fn theirs(&self, ask: &Ask, since: i64) -> Result<Vec<String>> {
        let (table, today) = (self.table(), london_date(ask.now));
        let change = |revision: &Revision| toml::from_str::<Exception>(&revision.body).ok();
        let mine = self.edition.newest.iter().filter(|((kind, id), revision)| match kind {
            Kind::Exception => change(revision).is_some_and(|it| self.target.is_touched_by(table, &it)),
            Kind::Session => matches!(&self.target, Target::Session(slug) if slug == id),
            _ => false,
        });
        let mut newest: Vec<_> = mine.filter(|(_, revision)| revision.at >= since).collect();
        newest.sort_by_key(|(_, revision)| std::cmp::Reverse(revision.at));
        let names = names(ask, newest.iter().map(|(_, revision)| revision.by_staff).collect()).await?;
        let said = newest.into_iter().map(|((kind, _), revision)| {
            let name = names.get(&revision.by_staff).map_or("Somebody", String::as_str);
            let what = change(revision).filter(|_| *kind == Kind::Exception);
            let what = what.map_or_else(|| "Its own facts".to_owned(), |it| said(table, &it, today));
            format!("{name}, {}: {what}", when(revision.at))
        });
        Ok(said.collect())
    }

    /// `then` is the timetable with the change in it, and its last day.
    fn looked(&self, ask: &Ask, then: Option<(&Timetable, jiff::civil::Date)>) -> Looked {
        let (table, today) = (self.table(), london_date(ask.now));
        let (name, rules) = match &self.target {
            Target::Session(slug) => {
                let session = table.sessions.get(slug);
                (
                    session.map(|it| title(table, it)),
                    session.map(|it| words::rule(&it.rule, today)).into_iter().collect(),
                )
            }
            Target::Place(slug) => {
                let rule = |session: &crate::dropins::Session| {
                    format!("{}: {}", session.name, words::rule(&session.rule, today))
                };
                let rules: Vec<_> = table.sessions_at(slug).map(|(_, session)| rule(session)).collect();
                (table.places.get(slug).map(|place| place.name.clone()), rules)
            }
        };
        let until = then.map_or(today, |(_, until)| until);
        let ahead = today.until(until).map_or(0, |span| i64::from(span.get_days())) + 8;
        let rows = |table: &Timetable| touched(table, &self.target, AHEAD.max(ahead), ask.now);
        let mut places: Vec<_> = table.places.iter().map(|(slug, place)| (slug.clone(), place.name.clone())).collect();
        places.sort_by(|(_, a), (_, b)| a.cmp(b));
        Looked {
            target: self.target.clone(),
            title: name.unwrap_or_default(),
            rules,
            places,
            now: rows(table),
            then: then.map(|(table, _)| rows(table)),
            theirs: Vec::new(),
        }
    }

    fn draw(&self, ask: &Ask, editor: &Editor, status: StatusCode, looked: Looked, form: Fields) -> Response {
        let tab = format!("Change {}", looked.title);
        let path = self.path();
        let main = view! { <Change looked path form/> };
        draw(ask, editor, status, &tab, main.into_any())
    }
}

pub(super) async fn page(ask: Ask, editor: Editor, uri: Uri) -> Result<Response> {
    let desk = Desk::at(&ask, &uri).await?;
    let on = desk.on.clone().unwrap_or_else(|| london_date(ask.now).to_string());
    let form = Fields::filled([("from", on.clone()), ("to", on), ("seen", desk.seen(&ask))]);
    Ok(desk.draw(&ask, &editor, StatusCode::OK, desk.looked(&ask, None), form))
}

fn kind(word: &str) -> Option<ExceptionKind> {
    match word {
        "closed" => Some(ExceptionKind::Closed),
        "other-hours" => Some(ExceptionKind::OtherHours),
        "other-place" => Some(ExceptionKind::OtherPlace),
        "extra" => Some(ExceptionKind::Extra),
        _ => None,
    }
}

const HOW: &str = "Write a time such as 4pm or 16:30.";

fn times(form: &mut Fields, open: &'static str, close: &'static str) -> Option<Times> {
    let mut typed = |name| (form.optional(name, 20), name);
    let both = [typed(open), typed(close)];
    if both.iter().all(|(text, _)| text.is_none()) {
        return None;
    }
    let read = both.map(|(text, name)| {
        let time = text.as_deref().and_then(said_time);
        if time.is_none() {
            form.fault(name, HOW);
        }
        time
    });
    let [Some(from), Some(to)] = read else { return None };
    Some(Times { from, to })
}

/// The change that the form asks for; `None` when something in it is wrong, which is noted.
fn read(form: &mut Fields, desk: &Desk, ask: &Ask) -> Option<Exception> {
    form.line("seen", 100, super::INCOMPLETE);
    let from = form.iso_date("from", "Give the first day.");
    let to = form.iso_date("to", "Give the last day.");
    let what = form.choice("what", kind, "Choose what changes.");
    let pairs = [times(form, "open", "close"), times(form, "open2", "close2")];
    let times: Vec<_> = pairs.into_iter().flatten().collect();
    let at = form.optional("at", 80);
    let reason = form.line("reason", REASON.1, "Say why, so that people understand.");
    if !reason.is_empty() && reason.chars().count() < REASON.0 {
        form.fault("reason", "Say why in a few words, so that people understand.");
    }
    let needs_times = matches!(what, Some(ExceptionKind::OtherHours | ExceptionKind::Extra));
    if needs_times && times.is_empty() {
        form.fault("open", HOW);
    }
    if what == Some(ExceptionKind::Closed) && !times.is_empty() {
        form.fault("open", "A closed session has no times. Empty the boxes, or choose Other times.");
    }
    if matches!(what, Some(ExceptionKind::Closed | ExceptionKind::OtherHours)) && at.is_some() {
        form.fault("at", "Leave it at the usual place, or choose Another place above.");
    }
    if matches!(desk.target, Target::Place(_)) && what.is_some_and(|what| what != ExceptionKind::Closed) {
        form.fault("what", "A whole place can only be closed here.");
    }
    let (Some(from), Some(to), Some(kind), true) = (from, to, what, form.ok()) else { return None };
    let (session, place) = match &desk.target {
        Target::Session(slug) => (Some(slug.clone()), None),
        Target::Place(slug) => (None, Some(slug.clone())),
    };
    let change = Exception { session, place, from, to, kind, times, at, reason, made_on: ask.now };
    match fault(desk.table(), &change, ask.now) {
        None => Some(change),
        Some((field, says)) => {
            form.fault(field, says);
            None
        }
    }
}

pub(super) async fn change(ask: Ask, editor: Editor, uri: Uri, mut form: Fields) -> Result<Response> {
    let desk = Desk::at(&ask, &uri).await?;
    let mut act = act(&ask, &editor, &mut form, ("change", "session", Flash::Changed), DROP_INS.to_owned())?;
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(change) = read(&mut form, &desk, &ask) else {
        return Ok(desk.draw(&ask, &editor, wrong, desk.looked(&ask, None), form));
    };
    let id = change_id(change.kind, &desk.target, change.from, crate::vault::random()?);
    let body =
        toml::to_string(&change).map_err(|error| Error::Internal(format!("a change could not be written: {error}")))?;
    let after = match replaced(&desk.edition, Kind::Exception, &id, &body).await? {
        Ok((library, _)) => library,
        Err(faults) => {
            form.fault("reason", faults.first().map_or("It cannot be kept like this.", |fault| fault.message.as_str()));
            return Ok(desk.draw(&ask, &editor, wrong, desk.looked(&ask, None), form));
        }
    };
    let refused = refusal(desk.table(), &after.timetable, &change, ask.now);
    if form.typed("do") == "preview" {
        let mut status = StatusCode::OK;
        if let Some(says) = refused {
            form.fault("from", says);
            status = wrong;
        }
        let looked = desk.looked(&ask, Some((&after.timetable, change.to)));
        return Ok(desk.draw(&ask, &editor, status, looked, form));
    }
    let (opened, state) = form.typed("seen").split_once('-').unwrap_or_default();
    let (opened, overtaken) = (opened.parse().unwrap_or(i64::MAX), state != desk.state());
    // Only said when the form is not one that was taken before.
    act.refuse = if overtaken { Some(OVERTAKEN) } else { refused };
    if change.kind == ExceptionKind::Closed {
        act.flash = Flash::Closed;
    }
    let new = NewRevision {
        kind: Kind::Exception,
        item: id,
        body,
        published: true,
        from: 0,
        shipped_hash: String::new(),
        by: editor.staff,
        note: super::super::changes::kind(change.kind).to_owned(),
    };
    let mut looked = desk.looked(&ask, None);
    let (field, says, status) = match acts::publish(&ask.app.db, act, new).await? {
        Outcome::Done(to) => {
            follow(&ask).await;
            return Ok(see_other(&to));
        }
        Outcome::Refused(says) if overtaken => {
            looked.theirs = desk.theirs(&ask, opened).await?;
            form.put("seen", desk.seen(&ask));
            ("from", says, StatusCode::CONFLICT)
        }
        Outcome::Refused(says) => ("from", says, wrong),
        Outcome::OtherContent | Outcome::Overtaken => ("reason", OTHER, StatusCode::CONFLICT),
    };
    form.fault(field, says);
    form.put("key", String::new());
    Ok(desk.draw(&ask, &editor, status, looked, form))
}

pub(super) async fn undo(ask: Ask, editor: Editor, mut sent: Fields) -> Result<Response> {
    let edition = edition(&ask).await?;
    let mut act = act(&ask, &editor, &mut sent, ("undo", "session", Flash::Undone), DROP_INS.to_owned())?;
    let id = sent.line("exception", 80, "Choose what to undo.");
    let known = edition.newest.contains_key(&(Kind::Exception, id.clone()));
    let (says, status) = if !sent.ok() || !known {
        ("There is no change of that name that can be undone. Choose one from the list.", StatusCode::NOT_FOUND)
    } else {
        if still_closed(&edition.library.timetable, &id, ask.now) {
            act.flash = Flash::PartlyUndone;
        }
        match acts::undo(&ask.app.db, act, id, editor.staff).await? {
            Outcome::Done(to) => {
                follow(&ask).await;
                return Ok(see_other(&to));
            }
            Outcome::Overtaken => {
                ("Somebody undid that before you. The list shows how it is now.", StatusCode::CONFLICT)
            }
            Outcome::OtherContent => (OTHER, StatusCode::CONFLICT),
            Outcome::Refused(says) => (says, StatusCode::UNPROCESSABLE_ENTITY),
        }
    };
    let mut form = Fields::default();
    form.fault("sessions", says);
    sessions_page(&ask, &editor, status, None, form).await
}
