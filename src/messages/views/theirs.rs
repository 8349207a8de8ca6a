//! A young person's messages, as a worker sees them.

use jiff::Timestamp;
use leptos::prelude::*;

use super::planned::ComingUp;
use super::{Reader, Thread, Visits, Write, when};
use crate::clock::london_date;
use crate::dropins::words;
use crate::messages::answering::Reading;
use crate::messages::planned::Coming;
use crate::messages::{How, Mark, Page, Waiting};
use crate::people::{Answers, StaffId};
use crate::ui::{Errors, OneTimeKey, Radios, TextArea, TextField};
use crate::web::forms::Fields;

/// What stands beside a thread for the worker who reads it.
#[derive(Clone, Debug)]
pub struct Beside {
    /// Who answers, unless the reader leads and is here.
    pub other: Option<Reading>,
    /// Who reads.
    pub reader: StaffId,
    /// Since when they wait and by when they are to be answered, UTC microseconds.
    pub wait: Option<(i64, Option<i64>)>,
    /// Messages whose words sound like danger, at which nobody has said that they looked.
    pub flagged: bool,
    /// The reader's own marks.
    pub mark: Mark,
    /// What is to be sent to them later.
    pub coming: Vec<Coming>,
    /// New devices since a day before what waits for an answer: what browser, none where it is not known, and when, UTC microseconds.
    pub devices: Visits,
}

/// That somebody signed in with a phone or computer that was not known: another may write in their name. What waits for an
/// answer is looked at from a day before it was written, however late it is read.
#[component]
pub fn NewDevices(
    /// The name they want.
    called: String,
    /// The visits.
    devices: Visits,
) -> impl IntoView {
    let (known, unknown): (Vec<_>, Vec<_>) = devices.into_iter().partition(|(browser, _)| browser.is_some());
    let when = crate::editing::when;
    let note = |strong, on: String| {
        view! { <p class="note"><strong>{strong}</strong>{format!("{called} signed in {on}. If what they write is not like them, call before you answer.")}</p> }
    };
    let known = known.into_iter().filter_map(|(browser, at)| Some((browser?, at)));
    let mut notes: Vec<_> =
        known.map(|(browser, at)| note("New phone or computer. ", format!("with {browser}, {}", when(at)))).collect();
    if !unknown.is_empty() {
        let times: Vec<String> = unknown.into_iter().map(|(_, at)| when(at)).collect();
        notes.push(note("Not a phone or computer we know. ", format!("on one, {}", times.join("; "))));
    }
    notes
}

/// Who answers instead of the reader, in words.
pub fn other_says(reading: &Reading, reader: StaffId, now: Timestamp) -> String {
    let day = |day| words::day_seen_from(day, london_date(now));
    match (reading.answers, &reading.away) {
        (Answers::Cover { until, by, .. }, Some(away)) if by == reader => {
            format!("{away} is away until {}. You cover and answer.", day(until))
        }
        (Answers::Cover { until, .. }, Some(away)) => {
            format!("{away} is away until {}. {} covers and answers.", day(until), reading.by)
        }
        (Answers::Desk { away: Some((_, until)) }, Some(away)) => {
            format!("{away} is away until {}, without a cover. The {} answers.", day(until), reading.by)
        }
        (Answers::Desk { .. }, _) => format!("Nobody leads. The {} answers.", reading.by),
        _ => format!("{} leads and answers. You see the same.", reading.by),
    }
}

fn wait_says(since: i64, due: Option<i64>, now: Timestamp) -> String {
    let waited = crate::messages::waited(now.as_microsecond() - since);
    match due {
        Some(due) if due <= now.as_microsecond() => {
            format!("Waiting for {waited}. An answer was due {}.", when(due, now))
        }
        Some(due) => format!("Waiting for {waited}. An answer is due {}.", when(due, now)),
        None => format!("Waiting for {waited}."),
    }
}

fn mark_says(mark: Mark, now: Timestamp) -> Option<String> {
    let day = |day| words::day_seen_from(day, london_date(now));
    let said = [
        mark.unread.then(|| "marked as unread".to_owned()),
        mark.snoozed_to.map(|to| format!("put off to {}", day(to))),
        mark.follow_up_on.map(|on| format!("follow up on {}", day(on))),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    (!said.is_empty()).then(|| format!("For you: {}.", words::and(said)))
}

/// `/work/people/{id}/messages`.
#[component]
pub fn TheirMessages(
    /// The messages.
    page: Page,
    /// This is a page before the last.
    earlier: bool,
    /// The name the young person wants.
    called: String,
    /// The address of this page.
    path: String,
    /// What stands beside it.
    beside: Beside,
    /// The form, as sent or empty.
    form: Fields,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let looked = format!("{path}/looked");
    let others = [
        ("share", "Send something from the offer, or a drop-in"),
        ("prepare", "Use a template, or send later"),
        ("promise", "Say what you will do, and by when"),
        ("spoke", "Write down that you spoke or met"),
        ("note", "Note for other workers"),
        ("later", "Mark unread, put off, follow up"),
    ];
    let others = others.map(|(word, says)| view! { <li><a href=format!("{path}/{word}")>{says}</a></li> });
    let person = path.trim_end_matches("/messages").to_owned();
    let write = (!earlier).then(|| {
        view! {
            <Write action=path.clone() form=form.clone() label=format!("Answer {called}") hint="This becomes part of their record."/>
            <h2>"Besides an answer"</h2>
            <ul>{others.into_iter().collect_view()}</ul>
        }
    });
    view! {
        <nav class="back" aria-label="Back"><a href="/work">"Today"</a></nav>
        <Errors form/>
        <h1>{format!("Messages with {called}")}</h1>
        <p class="meta"><a href=person>{format!("About {called}")}</a></p>
        {beside.flagged.then(|| view! {
            <div class="warnbox">
                <h2>"Words here may mean danger"</h2>
                <p>"Read them now. Call, or pass it on to whoever can act, as your procedure says. Then say here that you have looked: your name is kept with it."</p>
                <form method="post" action=looked><button class="btn">"I have looked at this"</button></form>
            </div>
        })}
        {beside.wait.map(|(since, due)| view! { <p><strong>{wait_says(since, due, now)}</strong></p> })}
        {beside.other.map(|reading| view! { <p class="note">{other_says(&reading, beside.reader, now)}</p> })}
        <NewDevices called=called.clone() devices=beside.devices/>
        <ComingUp coming=beside.coming reader=beside.reader now/>
        {mark_says(beside.mark, now).map(|says| view! { <p class="meta">{says}</p> })}
        <Thread page reader=Reader::Worker(called.clone()) path earlier now/>
        {write}
    }
}

/// What a worker writes besides an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// What they will do, by when.
    Promise,
    /// That they spoke.
    Spoke,
    /// For other workers.
    Note,
}

impl Beyond {
    /// The end of its address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Promise => "promise",
            Self::Spoke => "spoke",
            Self::Note => "note",
        }
    }
}

/// The page on which a worker writes something besides an answer.
#[component]
pub fn Writing(
    /// What.
    beyond: Beyond,
    /// The name the young person wants.
    called: String,
    /// The address of the thread.
    path: String,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let (title, lead) = match beyond {
        Beyond::Promise => (
            "What you will do, and by when",
            format!(
                "{called} reads it at once, with your name. Their wait holds until the end of that day: keep it, or tell them why not."
            ),
        ),
        Beyond::Spoke => (
            "You spoke or met",
            format!("{called} reads it too. It counts as an answer to what they wrote by that day."),
        ),
        Beyond::Note => (
            "Note for other workers",
            format!(
                "{called} does not see it in their messages. It is part of their record, and they can ask to read it: write it so."
            ),
        ),
    };
    let day = form.field("day");
    let text = form.field("body");
    let choices = How::ALL.map(|how| (how.as_str(), how_label(how).to_owned())).to_vec();
    let boxes = match beyond {
        Beyond::Promise => view! {
            <TextArea field=text label="What will you do?" rows=3/>
            <TextField field=day label="By which day?" hint="As in 2026-12-04" kind="date"/>
        }
        .into_any(),
        Beyond::Spoke => view! {
            <Radios field=form.field("how") label="How?" choices/>
            <TextField field=day label="On which day?" hint="As in 2026-12-04" kind="date"/>
            <TextArea field=text label="What did you agree? (you can leave it empty)" hint="Who was there, and what was agreed."/>
        }
        .into_any(),
        Beyond::Note => view! { <TextArea field=text label="Note"/> }.into_any(),
    };
    view! {
        <nav class="back" aria-label="Back"><a href=path.clone()>{format!("Messages with {called}")}</a></nav>
        <Errors form=form.clone()/>
        <h1>{title}</h1>
        <p>{lead}</p>
        <form method="post" action=format!("{path}/{}", beyond.as_str()) novalidate>
            <OneTimeKey form/>
            {boxes}
            <p><button class="btn">"Save"</button></p>
        </form>
    }
}

const fn how_label(how: How) -> &'static str {
    match how {
        How::Phone => "By phone",
        How::Met => "We met",
        How::Video => "By video",
        How::Text => "By text message or another app",
        How::Visit => "I visited them at home",
    }
}

/// `/work/people/{id}/messages/later`.
#[component]
pub fn Later(
    /// The name the young person wants.
    called: String,
    /// The address of the thread.
    path: String,
    /// The form, as sent, or with the marks as they are.
    form: Fields,
) -> impl IntoView {
    let unread = form.typed("unread") == "yes";
    view! {
        <nav class="back" aria-label="Back"><a href=path.clone()>{format!("Messages with {called}")}</a></nav>
        <Errors form=form.clone()/>
        <h1>"For later"</h1>
        <p>"Only your own list goes by this. Nothing about the wait changes: once an answer is late, they stand with those who wait again."</p>
        <form method="post" action=format!("{path}/later") novalidate>
            <OneTimeKey form=form.clone()/>
            <label class="choice"><input type="checkbox" name="unread" value="yes" checked=unread/>"Mark as unread"</label>
            <TextField field=form.field("snooze") label="Put off to which day? (you may leave it empty)" hint="As in 2026-12-04" kind="date"/>
            <TextField field=form.field("follow") label="Follow up on which day? (you may leave it empty)" hint="They stand in your list on that day, whatever comes." kind="date"/>
            <TextArea field=form.field("body") label="What is the next step? (you may leave it empty)" hint="Kept as a note for workers in the thread: it is part of the record." rows=2/>
            <p><button class="btn">"Save"</button></p>
        </form>
    }
}

/// Why somebody stands in a list who is not the reader's own.
pub fn mine_says(one: &Waiting) -> Option<&'static str> {
    match one.mine {
        crate::messages::Mine::Works(_) => None,
        crate::messages::Mine::Beside => Some("somebody else answers"),
        crate::messages::Mine::Covers => Some("you cover"),
        crate::messages::Mine::Desk => Some("duty desk"),
    }
}
