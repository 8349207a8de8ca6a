//! A thread of messages, for the young person and for the worker.

mod check_in;
mod many;
mod mine;
mod planned;
mod prepare;
mod share;
mod templates;
mod theirs;

use jiff::Timestamp;
use leptos::prelude::*;

use super::share::is_page;
use super::{From, Message, MessageId, Page, State, What};
use crate::clock::{from_micros, in_london, london_date};
use crate::dropins::words;
use crate::islands::LiveThread;
use crate::ui::{OneTimeKey, TextArea};
use crate::web::document::document;
use crate::web::forms::Fields;

pub use check_in::QuickCheckIn;
pub use many::{ManyPage, ManyPreview, One};
pub use mine::{Found, Hiding, MyMessages, MyVisit, OnPaper, Searching, file};
pub use planned::PlannedPage;
pub use prepare::{Prepare, Preview};
pub use share::Share;
pub use templates::{TemplatePage, Templates};
pub use theirs::{Beside, Beyond, Later, NewDevices, TheirMessages, Writing, mine_says, other_says};

/// Who reads a page of messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The young person.
    Person,
    /// A worker; the name that the young person wants to be called by.
    Worker(String),
}

impl Reader {
    /// The name that the young person wants to be called by, where a worker reads.
    fn called(&self) -> String {
        match self {
            Self::Person => String::new(),
            Self::Worker(called) => called.clone(),
        }
    }
}

/// A time as a reader takes it in: "today, 4.10pm", "Thursday 3 December, 4.10pm".
pub fn when(micros: i64, now: Timestamp) -> String {
    let (at, now) = (in_london(from_micros(micros)), in_london(now));
    let clock = words::clock(at.time());
    let day = if at.date() == now.date() {
        "today".to_owned()
    } else if at.date().year() == now.date().year() {
        words::day(at.date())
    } else {
        words::date_with_year(at.date())
    };
    format!("{day}, {clock}")
}

fn state(message: &Message, reader: &Reader, now: Timestamp) -> Option<String> {
    let mine = (message.from == From::Person) == (*reader == Reader::Person);
    if message.what == What::Note {
        return Some("Only workers see this here. It is part of the record, and can be asked for.".to_owned());
    }
    match (&message.state, mine) {
        (State::Saved, true) => Some("Saved. Not opened yet.".to_owned()),
        (State::Saved, false) => None,
        (State::Answered, _) => Some("Answered".to_owned()),
        (State::Promised(by, day), _) => {
            Some(format!("{by} will do this by {}", words::day_seen_from(*day, london_date(now))))
        }
        (State::Opened(by, at), true) if by.is_empty() => Some(format!("Opened {}", when(*at, now))),
        (State::Opened(by, at), true) => Some(format!("Opened by {by}, {}", when(*at, now))),
        (State::Opened(..), false) => None,
    }
}

/// What stands over the text of what is no plain message.
fn title(message: &Message, reader: &Reader, now: Timestamp) -> Option<String> {
    let by = match &message.from {
        From::Worker(name) => name.as_str(),
        From::Person => "You",
    };
    let day = |day| words::day_seen_from(day, london_date(now));
    match message.what {
        What::Said => None,
        What::Note => Some(format!("Note of {by} for other workers")),
        What::News => Some("News about your team".to_owned()),
        What::Promise(on) => Some(format!("{by} will do this by {}", day(on))),
        What::Spoke(how, on) => {
            let who = match reader {
                Reader::Person => "You".to_owned(),
                Reader::Worker(called) => called.clone(),
            };
            Some(format!("{who} and {by} {}: {}", how.says(), day(on)))
        }
    }
}

/// A text with the addresses of our own public pages as links; all else in one piece each.
fn linked(text: &str) -> Vec<AnyView> {
    let (mut pieces, mut plain): (Vec<AnyView>, String) = (Vec::new(), String::new());
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        if is_page(word) {
            pieces.push(std::mem::take(&mut plain).into_any());
            let (href, says) = (word.to_owned(), word.to_owned());
            pieces.push(view! { <a href=href>{says}</a> }.into_any());
            plain.push_str(piece.trim_start_matches(word));
        } else {
            plain.push_str(piece);
        }
    }
    pieces.push(plain.into_any());
    pieces
}

/// One message.
#[component]
fn Row(message: Message, reader: Reader, now: Timestamp) -> impl IntoView {
    let mine = (message.from == From::Person) == (reader == Reader::Person);
    let who = match (&message.from, &reader) {
        (From::Person, Reader::Person) => "You".to_owned(),
        (From::Person, Reader::Worker(called)) => called.clone(),
        (From::Worker(name), _) => name.clone(),
    };
    let staff = matches!(message.from, From::Worker(_)) && reader == Reader::Person;
    let (state, title) = (state(&message, &reader, now), title(&message, &reader, now));
    let class = match (message.what, mine) {
        (What::Note, _) => "msg mine aside",
        (_, true) => "msg mine",
        (_, false) => "msg theirs",
    };
    let told = message.shown.filter(|_| reader == Reader::Person);
    let flagged = message.flagged && reader != Reader::Person;
    view! {
        <li class=class id=format!("m-{}", message.id)>
            <p class="who">{who}{staff.then_some(", from your team")}", "<time>{when(message.sent_at, now)}</time></p>
            {flagged.then(|| view! { <p><span class="tag warn">"These words may mean danger"</span></p> })}
            {title.map(|title| view! { <p><strong>{title}</strong></p> })}
            {(!message.body.is_empty()).then(|| view! { <div class="body">{linked(&message.body)}</div> })}
            {state.map(|state| view! { <p class="state">{state}</p> })}
            {told.map(|told| view! { <p class="state">"When you wrote, this page said: "<q>{told}</q></p> })}
        </li>
    }
}

/// What was told when they wrote stands with the last message that waits, and with no other.
fn told_once(messages: &mut [Message]) {
    let waits = |one: &Message| one.from == From::Person && !matches!(one.state, State::Answered | State::Promised(..));
    let last = messages.iter().rposition(waits);
    for (at, one) in messages.iter_mut().enumerate() {
        if Some(at) != last {
            one.shown = None;
        }
    }
}

/// Visits with a phone or computer that was not known: what browser, none where it is not known now either, and when, UTC
/// microseconds.
pub type Visits = Vec<(Option<String>, i64)>;

/// Rows by themselves: what the live thread asks for, with visits that stand before one of the messages.
pub fn rows(mut messages: Vec<Message>, visits: Option<(MessageId, Visits)>, reader: Reader, now: Timestamp) -> String {
    told_once(&mut messages);
    let (first, mut devices) = visits.unzip();
    document(move || {
        let row = |message: Message| {
            let devices = if Some(message.id) == first { devices.take() } else { None };
            let visits = devices.filter(|devices| !devices.is_empty()).map(|devices| {
                let called = reader.called();
                let id = devices.last().map(|(_, at)| format!("visit-{at}"));
                view! { <li class="mine" id=id><NewDevices called devices/></li> }
            });
            view! { {visits}<Row message reader=reader.clone() now/> }
        };
        messages.into_iter().map(row).collect_view()
    })
}

/// The messages of a page, live where it is the last page.
#[component]
fn Thread(
    /// The messages.
    mut page: Page,
    /// Who reads.
    reader: Reader,
    /// The address of the thread.
    path: String,
    /// This is a page before the last.
    earlier: bool,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    told_once(&mut page.messages);
    let first: Option<MessageId> = page.messages.first().map(|message| message.id);
    let last = page.messages.last().map(|message| message.id.to_string()).unwrap_or_default();
    let empty = page.messages.is_empty();
    let nothing = match (&reader, page.hidden) {
        (Reader::Person, 1..) => "You have hidden every message.",
        (Reader::Person, _) => "There are no messages yet. Write the first one below.",
        (Reader::Worker(_), _) => "There are no messages yet. They see what you write here when they next sign in.",
    };
    let before = first.filter(|_| page.earlier).map(|first| {
        view! { <p><a class="more" href=format!("{path}?before={first}")>"Earlier messages"</a></p> }
    });
    let list = page.messages.into_iter().map(|message| view! { <Row message reader=reader.clone() now/> });
    if earlier {
        return view! {
            {before}
            <ol class="thread">{list.collect_view()}</ol>
            <p><a class="more" href=path>"The latest messages"</a></p>
        }
        .into_any();
    }
    let live = format!("{path}/new");
    let list = list.collect_view();
    view! {
        {before}
        <LiveThread>
            {empty.then(|| view! { <p class="meta">{nothing}</p> })}
            <ol class="thread" data-live=live data-last=last>{list}</ol>
        </LiveThread>
    }
    .into_any()
}

/// The box to write in. What is typed is kept while it is typed.
#[component]
fn Write(
    /// Where the form posts.
    action: String,
    /// The form, as sent or empty.
    form: Fields,
    /// The label of the box.
    #[prop(into)]
    label: String,
    /// Words under the label.
    #[prop(into)]
    hint: String,
    /// What stands beside the text, unseen.
    #[prop(optional)]
    with: Option<AnyView>,
) -> impl IntoView {
    let draft = format!("{action}/draft");
    let by_button = draft.clone();
    view! {
        <form class="write" method="post" action=action data-draft=draft novalidate>
            <OneTimeKey form=form.clone()/>
            {with}
            <TextArea field=form.field("body") label hint/>
            <div class="row">
                <button class="btn">"Send"</button>
                <button class="btn quiet" formaction=by_button>"Keep for later"</button>
                <span class="hint" role="status"></span>
            </div>
        </form>
    }
}
