//! `/me/record`.

use leptos::prelude::*;

use super::Seen;
use crate::clock::{from_micros, in_london};
use crate::dropins::words;
use crate::editing::when;
use crate::people::Reason;

/// What one worker did on one day, however often: told once.
struct Told {
    day: String,
    says: String,
    stands: Option<&'static str>,
    by: String,
    times: usize,
    last: String,
}

fn told(seen: Vec<Seen>) -> Vec<Told> {
    let mut all: Vec<Told> = Vec::new();
    for one in seen {
        let at = in_london(from_micros(one.at));
        let (day, time) = (words::date_with_year(at.date()), words::clock(at.time()));
        let (says, stands) = (one.says(), one.stands());
        let same = |told: &&mut Told| told.day == day && told.by == one.by && told.says == says;
        match all.iter_mut().find(same) {
            Some(known) => known.times += 1,
            None => all.push(Told { day, says, stands, by: one.by, times: 1, last: time }),
        }
    }
    all
}

/// `/me/record`.
#[component]
pub fn RecordPage(
    /// What staff did, the latest first.
    seen: Vec<Seen>,
    /// Why some opened it who do not work with the person.
    reasons: Vec<Reason>,
) -> impl IntoView {
    let none = seen.is_empty();
    let rows = told(seen).into_iter().map(|told| {
        let times = if told.times > 1 {
            format!(", {} times, last at {}", told.times, told.last)
        } else {
            format!(" at {}", told.last)
        };
        view! {
            <li>
                <strong>{told.by}</strong>{told.stands.map(|stands| format!(", {stands},"))}" "{told.says}{times}". "
                <span class="meta">{told.day}</span>
            </li>
        }
    });
    let why = reasons.into_iter().map(|reason| {
        let when = when(reason.at);
        view! { <li><strong>{reason.by}</strong>{format!(", on {when}: ")}<q>{reason.reason}</q></li> }
    });
    let why = why.collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href="/me">"Home"</a></nav>
        <h1>"Who looked at my record"</h1>
        <p class="lead">"Everyone at the council who opens something of yours is written down here. Nobody can change this list."</p>
        {(!why.is_empty()).then(|| view! {
            <h2>"Opened by somebody who does not work with you"</h2>
            <ul>{why}</ul>
            <p>"Does that look wrong? "<a href="/me/messages">"Tell your team"</a>", or "<a href="/offer/complaints">"make a complaint"</a>"."</p>
        })}
        <h2>"What was opened, and when"</h2>
        {none.then(|| view! { <p>"Nobody has opened anything of yours yet."</p> })}
        <ul>{rows.collect_view()}</ul>
    }
}
