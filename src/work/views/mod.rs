//! The queue, a person's page, and a young person's home.

pub mod about;
pub mod advisers;
pub mod away;
pub mod calls;
pub mod find;
pub mod hand_over;
pub mod reach;
pub mod staff_codes;

use jiff::Timestamp;
use jiff::civil::Date;
use leptos::prelude::*;

use crate::audit::alerts::Told;
use crate::clock::london_date;
use crate::dropins::words;
use crate::editing::when;
use crate::messages::views::mine_says;
use crate::messages::{Mine, TooLong, Waiting, waited};
use crate::notices::{Kind, Untold};
use crate::people::{Channel, Person, Reason, Worker};

/// `/work`.
#[component]
pub fn Queue(
    /// Everyone on the caseload, those who wait longest first.
    people: Vec<Waiting>,
    /// How many cannot sign in and asked to be called.
    calls: i64,
    /// Readings that were not ordinary, of those whom the reader manages.
    alerts: Vec<Told>,
    /// Who opened a record of those whom the reader manages, without working with them.
    reasons: Vec<Reason>,
    /// Whose wait was taken to the reader as their manager.
    too_long: Vec<TooLong>,
    /// The reader manages a team.
    manages: bool,
    /// The reader holds the duty role, and no team has put them on its desk.
    off_desk: bool,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let calls = match calls {
        0 => None,
        1 => Some("1 person cannot sign in and asked to be called".to_owned()),
        n => Some(format!("{n} people cannot sign in and asked to be called")),
    };
    let none = people.is_empty();
    let (today, micros) = (london_date(now), now.as_microsecond());
    let mut places: [Vec<Waiting>; 5] = Default::default();
    for person in people {
        let place = match () {
            () if person.mine == Mine::Beside && !person.urgent && person.calls(today) => 2,
            () if person.put_off(today, micros) => 3,
            () if person.since.is_some() || person.urgent => 0,
            () if person.calls(today) => 1,
            () => 4,
        };
        if let Some(list) = places.get_mut(place) {
            list.push(person);
        }
    }
    let [waiting, marked, beside, put_off, quiet] = places;
    let nobody_waits = !none && waiting.is_empty();
    let any_waits = !waiting.is_empty();
    let rows = |people: Vec<Waiting>| people.into_iter().map(move |person| view! { <Row person now/> }).collect_view();
    view! {
        <h1>"Waiting for an answer"</h1>
        {(!alerts.is_empty()).then(|| view! { <Alerts alerts/> })}
        {(!too_long.is_empty()).then(|| view! { <Late too_long now/> })}
        {(!reasons.is_empty()).then(|| view! { <Reasons reasons/> })}
        {off_desk.then(|| view! {
            <p class="note">"You hold the duty role, and no team has put you on its duty desk yet. Ask an administrator: until then you see only those whom you work with."</p>
        })}
        {calls.map(|calls| view! { <p class="note"><a href="/work/calls">{calls}</a></p> })}
        {none.then(|| view! {
            <p class="lead">"Nobody is assigned to you yet."</p>
            <p>"People whose messages you answer appear here as soon as they are assigned."</p>
        })}
        {nobody_waits.then(|| view! { <p class="lead">"Nobody is waiting. Everything has an answer."</p> })}
        {any_waits.then(|| view! { <ol class="queue">{rows(waiting)}</ol> })}
        {(!marked.is_empty()).then(|| view! { <h2>"For you today"</h2><ol class="queue">{rows(marked)}</ol> })}
        {(!beside.is_empty()).then(|| view! { <h2>"Somebody else answers"</h2><ol class="queue">{rows(beside)}</ol> })}
        {(!put_off.is_empty()).then(|| view! { <h2>"Put off"</h2><ol class="queue">{rows(put_off)}</ol> })}
        {(!quiet.is_empty()).then(|| view! { <h2>"Not waiting"</h2><ol class="queue">{rows(quiet)}</ol> })}
        {manages.then(|| view! {
            <h2>"Your teams"</h2>
            <ul>
                <li><a href="/work/without-adviser">"Who has no personal adviser"</a></li>
                <li><a href="/work/hand-over">"Hand young people over to another worker"</a></li>
                <li><a href="/work/staff-codes">"Codes of staff that wait for a second yes"</a></li>
            </ul>
        })}
        <h2>"Away and cover"</h2>
        <ul><li><a href="/work/away">"When I am away, who covers, and when I work"</a></li></ul>
        <h2>"Somebody on the phone?"</h2>
        <ul>
            <li><a href="/work/find">"Find them by name and date of birth"</a></li>
            <li><a href="/work/calls">"People who cannot sign in"</a></li>
        </ul>
    }
}

#[component]
fn Alerts(alerts: Vec<Told>) -> impl IntoView {
    let rows = alerts.into_iter().map(|told| {
        let (says, when) = (told.says(), when(told.at));
        view! {
            <li>
                <p><strong>{told.by}</strong>{format!(" {says}, on {when}.")}</p>
                <form method="post" action=format!("/work/alerts/{}", told.id)>
                    <button class="btn quiet">"I have looked at this"</button>
                </form>
            </li>
        }
    });
    view! {
        <div class="note">
            <h2>"Opened in an unusual way"</h2>
            <p>"There may be a good reason. Ask, and say here that you have looked at it: it then leaves this list."</p>
            <ul class="plain">{rows.collect_view()}</ul>
        </div>
    }
}

#[component]
fn Late(too_long: Vec<TooLong>, now: Timestamp) -> impl IntoView {
    let rows = too_long.into_iter().map(|one| {
        let waited = waited(now.as_microsecond() - one.since);
        let lead = one.lead.map_or_else(|| "nobody leads".to_owned(), |lead| format!("{lead} leads"));
        view! { <li><a href=format!("/work/people/{}", one.person)>{one.called}</a>{format!(", for {waited}: {lead}")}</li> }
    });
    view! {
        <div class="note">
            <h2>"Waiting too long for an answer"</h2>
            <p>"Speak with whoever leads, set them "<a href="/work/away">"away with a cover"</a>", or "<a href="/work/hand-over">"hand over"</a>"."</p>
            <ul>{rows.collect_view()}</ul>
        </div>
    }
}

#[component]
fn Reasons(reasons: Vec<Reason>) -> impl IntoView {
    let rows = reasons.into_iter().map(|reason| {
        let when = when(reason.at);
        view! { <li><strong>{reason.by}</strong>{format!(" opened the record of {}, on {when}: ", reason.of)}<q>{reason.reason}</q></li> }
    });
    view! {
        <div class="note">
            <h2>"Opened with a reason"</h2>
            <p>"By somebody who does not work with the person, in the last 14 days. Ask them if the reason does not seem right."</p>
            <ul>{rows.collect_view()}</ul>
        </div>
    }
}

#[component]
fn Row(person: Waiting, now: Timestamp) -> impl IntoView {
    let href = match person.since {
        _ if person.urgent || person.mark.unread => format!("/work/people/{}/messages", person.person),
        Some(_) => format!("/work/people/{}/messages", person.person),
        None => format!("/work/people/{}", person.person),
    };
    let (today, micros) = (london_date(now), now.as_microsecond());
    let why = match (person.since, person.unopened) {
        (Some(_), 0) => "Opened, not answered".to_owned(),
        (Some(_), 1) => "1 message not opened".to_owned(),
        (Some(_), n) => format!("{n} messages not opened"),
        (None, _) => "No message waits".to_owned(),
    };
    let day = |day: Date| words::near_day(day, today);
    let more = [
        person.urgent.then(|| "words that may mean danger".to_owned()),
        person.due.filter(|due| *due <= micros).map(|_| "an answer is late".to_owned()),
        mine_says(&person).map(str::to_owned),
        person.mark.unread.then(|| "marked as unread".to_owned()),
        person
            .mark
            .snoozed_to
            .filter(|to| *to > today)
            .map(|to| format!("put off until {}", day(to).trim_start_matches("on "))),
        person.mark.follow_up_on.map(|on| format!("follow up {}", day(on))),
    ];
    let why = more.into_iter().flatten().fold(why, |why, more| format!("{why} · {more}"));
    let tag = match person.since {
        Some(since) => {
            view! { <span class="tag warn">{format!("Waiting {}", waited(micros - since))}</span> }.into_any()
        }
        None => view! { <span class="tag off">"Not waiting"</span> }.into_any(),
    };
    let class = person.urgent.then_some("urgent");
    view! { <li class=class><a href=href><strong>{person.called}</strong>" "<span>{why}</span>" "{tag}</a></li> }
}

/// `/work/people/{id}`.
#[component]
pub fn PersonPage(
    /// Who.
    person: Person,
    /// What they want to be known of them.
    about: Option<String>,
    /// Who works with them.
    workers: Vec<Worker>,
    /// Codes that wait for a second worker: the code's name, and who gave it.
    codes: Vec<(String, String)>,
    /// The reader opened the record with a reason.
    reasoned: bool,
    /// The person is under a safety flag.
    flagged: bool,
    /// What they could not be told.
    untold: Option<Untold>,
) -> impl IntoView {
    let untold = untold.filter(|_| !flagged).map(|untold| not_told(&person.called, untold));
    let approve = format!("/work/people/{}/code/approve", person.id);
    let codes = codes.into_iter().map(move |(code, by)| {
        view! {
            <form class="note" method="post" action=approve.clone()>
                <input type="hidden" name="code" value=code/>
                <p><strong>{format!("{by} gave a code.")}</strong>" This person is under a safety flag, so it works only when a second worker says yes. Say yes only if you are sure that it is them who asked."</p>
                <button class="btn">"Yes, the code may work"</button>
            </form>
        }
    });
    let base = format!("/work/people/{}", person.id);
    let full =
        (person.called != person.name).then(|| view! { <div><dt>"Full name"</dt><dd>{person.name.clone()}</dd></div> });
    let workers = workers.into_iter().map(|worker| {
        let lead = if worker.lead { ", answers messages" } else { "" };
        view! { <li>{format!("{}: {}{lead}", worker.name, worker.part.as_str().replace('_', " ").replace("pa", "personal adviser"))}</li> }
    });
    view! {
        <nav class="back" aria-label="Back"><a href="/work">"Work"</a></nav>
        <h1>{person.called.clone()}</h1>
        {reasoned.then(|| view! { <p class="note">"You opened this record with a reason. It stays open for an hour. They can see that you did."</p> })}
        {flagged.then(|| view! { <p class="note"><strong>"Safety flag."</strong>" We send this person nothing. Do not write, text or call unless you agreed it with them."</p> })}
        {untold.map(|says| view! { <p class="note">{says}" Ring them, or check "<a href=format!("{base}/reach")>"how they are reached"</a>"."</p> })}
        {codes.collect_view()}
        <ul class="cards">
            <li><a href=format!("{base}/messages")><strong>"Messages"</strong>" "<span>"Read and answer"</span></a></li>
            <li><a href=format!("{base}/code")><strong>"Give a code"</strong>" "<span>"For a new phone, or when they are locked out"</span></a></li>
            <li><a href=format!("{base}/reach")><strong>"How to reach them"</strong>" "<span>"Numbers, quiet hours, safety flag"</span></a></li>
            <li><a href=format!("{base}/plan")><strong>"Plan"</strong>" "<span>"The pathway plan they see"</span></a></li>
        </ul>
        {about.map(|about| view! { <h2>"In their own words"</h2><div class="body">{about}</div> })}
        <dl class="facts">
            {full}
            <div><dt>"Team"</dt><dd>{person.team.name}</dd></div>
            <div><dt>"Works with them"</dt><dd><ul>{workers.collect_view()}</ul></dd></div>
        </dl>
    }
}

fn not_told(called: &str, untold: Untold) -> String {
    let what = match untold.what {
        Kind::AccountChanged => "that their sign-in was changed",
        _ => "of a new message",
    };
    let by = match untold.by {
        Some(Channel::Email) => " by email",
        Some(Channel::Phone) => " by text message",
        None => "",
    };
    format!("We could not tell {called} {what}{by}, since {}.", when(untold.since))
}

/// `/me` at the first door: nothing of the person, and two ways on.
#[component]
pub fn FirstDoor() -> impl IntoView {
    view! {
        <h1>"Hello"</h1>
        <p class="lead">"You are signed in on a phone or computer that we do not know yet."</p>
        <ul class="cards">
            <li><a href="/me/messages"><strong>"Send a message"</strong>" "<span>"Your team gets it at once"</span></a></li>
            <li><a href="/sign-in/second?next=/me"><strong>"See everything"</strong>" "<span>"Your messages and your plan: type a code or the words of your card"</span></a></li>
            <li><a href="/offer"><strong>"What I can get"</strong>" "<span>"The offer for care leavers"</span></a></li>
            <li><a href="/drop-ins"><strong>"Drop-ins"</strong>" "<span>"Where you can go and see someone"</span></a></li>
        </ul>
    }
}

/// `/me`.
#[component]
pub fn MyHome(
    /// Who.
    person: Person,
    /// Who works with them.
    workers: Vec<Worker>,
    /// Messages they have not opened.
    unopened: i64,
) -> impl IntoView {
    let news = match unopened {
        0 => "Write to your team, and see what they wrote".to_owned(),
        1 => "1 new message for you".to_owned(),
        n => format!("{n} new messages for you"),
    };
    let team = if workers.is_empty() {
        view! { <p>{format!("You do not have a personal adviser here yet. The {} reads your messages.", person.team.duty_desk)}</p> }.into_any()
    } else {
        let rows = workers
            .into_iter()
            .map(|worker| view! { <li><strong>{worker.name}</strong>", "{worker.part.title()}</li> });
        view! { <ul>{rows.collect_view()}</ul> }.into_any()
    };
    view! {
        <h1>{format!("Hello {}", person.called)}</h1>
        <ul class="cards">
            <li><a href="/me/messages"><strong>"Messages"</strong>" "<span>{news}</span>{(unopened > 0).then(|| view! { " "<span class="tag warn">"New"</span> })}</a></li>
            <li><a href="/me/plan"><strong>"My plan"</strong>" "<span>"What you want, and who does what"</span></a></li>
            <li><a href="/me/about"><strong>"About me"</strong>" "<span>"What whoever works with me should know"</span></a></li>
            <li><a href="/me/account"><strong>"My sign-in"</strong>" "<span>"Where I am signed in, passphrase, card"</span></a></li>
            <li><a href="/me/record"><strong>"Who looked at my record"</strong>" "<span>"Everyone who opened something of yours"</span></a></li>
            <li><a href="/offer"><strong>"What I can get"</strong>" "<span>"The offer for care leavers"</span></a></li>
            <li><a href=format!("/drop-ins/{}", person.team.locality)><strong>"Drop-ins near me"</strong>" "<span>"Where you can go and see someone"</span></a></li>
        </ul>
        <h2>"Who works with you"</h2>
        {team}
    }
}
