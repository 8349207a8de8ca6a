//! One person, as whoever works with them needs them.

use jiff::Timestamp;
use jiff::civil::Date;
use leptos::prelude::*;

use super::first_large;
use crate::clock::{from_micros, london_date};
use crate::dropins::words;
use crate::editing::when;
use crate::messages::How;
use crate::messages::views::NewDevices;
use crate::notices::{Kind, Untold};
use crate::people::{Channel, Person, Spell, SpellKind, Worker, age, says};
use crate::work::day::Facts;

/// What the reader must know before anything else.
#[derive(Debug)]
pub struct Notes {
    /// Codes that wait for a second worker: the code's name, and who gave it.
    pub codes: Vec<(String, String)>,
    /// The reader opened the record with a reason.
    pub reasoned: bool,
    /// The person is under a safety flag.
    pub flagged: bool,
    /// By what they want nothing, at one of their numbers or addresses.
    pub silenced: Vec<Channel>,
    /// What they could not be told.
    pub untold: Option<Untold>,
    /// They have a sign-in.
    pub joined: bool,
    /// New devices since a day before what waits for an answer: what browser, none where it is not known, and when, UTC microseconds.
    pub devices: Vec<(Option<String>, i64)>,
    /// The reader may open messages and plan.
    pub reads: bool,
    /// The reader works with them: they may write, and write down.
    pub works: bool,
    /// Who answers today, where it is not whoever leads.
    pub other: Option<String>,
    /// They asked for a letter, and nobody has decided about it.
    pub letter: bool,
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
    /// What comes first.
    notes: Notes,
    /// What is known of them.
    facts: Facts,
    /// Where they lived and what they did, the latest of each kind first.
    spells: Vec<Spell>,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let (base, today) = (format!("/work/people/{}", person.id), london_date(now));
    let (reads, works) = (notes.reads, notes.works);
    let answers = notes.other.clone();
    let full =
        (person.called != person.name).then(|| view! { <div><dt>"Full name"</dt><dd>{person.name.clone()}</dd></div> });
    let born = facts.basics.map(|basics| {
        let born = format!("{}, {} years old", words::date_with_year(basics.born_on), age(basics.born_on, today));
        view! { <div><dt>"Born"</dt><dd>{born}</dd></div> }
    });
    let workers = workers.into_iter().map(|worker| {
        let lead = if worker.lead { "; answers messages now" } else { "" };
        let since = words::date_with_year(london_date(from_micros(worker.since)));
        view! { <li>{format!("{}: {}, since {since}{lead}", worker.name, worker.part.as_str().replace('_', " ").replace("pa", "personal adviser"))}</li> }
    });
    let messages = format!("{base}/messages");
    let unknown = running(&spells, SpellKind::Home, today).is_some_and(|home| home.provided.is_none());
    view! {
        <nav class="back" aria-label="Back"><a href="/work/people">"People"</a></nav>
        <h1>{person.called.clone()}</h1>
        <First person=person.clone() notes base=base.clone()/>
        {about.map(|about| view! { <h2>"In their own words"</h2><div class="body">{about}</div> })}
        <ul class="cards">
            {reads.then(|| view! { <li><a href=messages><strong>"Messages"</strong>" "<span>"Read and answer"</span></a></li> })}
            {reads.then(|| view! { <li><a href=format!("{base}/plan")><strong>"Plan"</strong>" "<span>"The pathway plan they see"</span></a></li> })}
            {reads.then(|| view! { <li><a href=format!("{base}/money")><strong>"Money"</strong>" "<span>"To get, had, left"</span></a></li> })}
            {reads.then(|| view! { <li><a href=format!("{base}/if-it-goes-wrong")><strong>"If it goes wrong"</strong>" "<span>"What they do then, and whom they call"</span></a></li> })}
            {reads.then(|| view! { <li><a href=format!("{base}/appointments")><strong>"Appointments"</strong>" "<span>"What is coming up, and making one"</span></a></li> })}
            {reads.then(|| view! { <li><a href=format!("{base}/letter")><strong>"Letter"</strong>" "<span>"Proof that they are a care leaver"</span></a></li> })}
            <li><a href=format!("{base}/reach")><strong>"How to reach them"</strong>" "<span>"Numbers, quiet hours, safety flag"</span></a></li>
            <li><a href=format!("{base}/code")><strong>"Give a code"</strong>" "<span>"A card for a new phone, or when they are locked out"</span></a></li>
        </ul>
        {works.then(|| view! { <Record base=base.clone()/> })}
        <h2>"Where things stand"</h2>
        <dl class="facts">
            {full}
            {born}
            <div><dt>"Team"</dt><dd>{person.team.name.clone()}</dd></div>
            <div><dt>"Works with them"</dt><dd><ul>{workers.collect_view()}</ul></dd></div>
            {answers.map(|says| view! { <div><dt>"Answers today"</dt><dd>{says}</dd></div> })}
            <Plan facts=facts.clone() today/>
            <Now spells=spells.clone() kind=SpellKind::Home title="Home" base=base.clone() works today/>
            <Now spells=spells.clone() kind=SpellKind::Occupation title="By day" base=base.clone() works today/>
        </dl>
        <Due facts unknown base works today/>
        <History spells today/>
    }
}

/// What the reader must know first: a flag, a reason, a new phone, a code, and the next step with somebody new.
#[component]
fn First(person: Person, notes: Notes, base: String) -> impl IntoView {
    let untold = notes.untold.filter(|_| !notes.flagged).map(|untold| not_told(&person.called, untold));
    let approve = format!("{base}/code/approve");
    let (reach, flagged) = (format!("{base}/reach"), notes.flagged);
    let silenced = notes.silenced.into_iter().filter(move |_| !flagged).map(move |channel| {
        let says = match channel {
            Channel::Phone => "There is a number of theirs that you must not text.",
            Channel::Email => "There is an email address of theirs that you must not write to.",
        };
        view! { <p class="note"><strong>{says}</strong>" Look at "<a href=reach.clone()>"how to reach them"</a>" first."</p> }
    });
    let codes = notes.codes.into_iter().map(move |(code, by)| {
        view! {
            <form class="note" method="post" action=approve.clone()>
                <input type="hidden" name="code" value=code/>
                <p><strong>{format!("{by} gave a code.")}</strong>" This person is under a safety flag, so it works only when a second worker says yes. Say yes only if you are sure that it is them who asked."</p>
                <button class="btn">"Yes, the code may work"</button>
            </form>
        }
    });
    view! {
        {notes.reasoned.then(|| view! { <p class="note">"You opened this record with a reason. It stays open for an hour. They can see that you did."</p> })}
        {notes.flagged.then(|| view! { <p class="note"><strong>"Safety flag."</strong>" We send this person nothing. Do not write, text or call unless you agreed it with them."</p> })}
        {silenced.collect_view()}
        {untold.map(|says| view! { <p class="note">{says}" Ring them, or check "<a href=format!("{base}/reach")>"how they are reached"</a>"."</p> })}
        {notes.letter.then(|| view! { <p class="note"><strong>{format!("{} asks for a letter.", person.called)}</strong>" It waits for "<a href=format!("{base}/letter")>"a yes or no"</a>"."</p> })}
        <NewDevices called=person.called.clone() devices=notes.devices/>
        {codes.collect_view()}
        {(!notes.joined).then(|| view! {
            <p class="note"><strong>{format!("{} has not joined yet.", person.called)}</strong>" The next step: "<a href=format!("{base}/code")>"give them a code"</a>". Then they can read what you write, and write to you."</p>
        })}
        {(!notes.reads).then(|| view! {
            <p class="note">"Messages and plan are open to those who work with this person. If you must read them, "<a href="/work/find">"find them and give a reason"</a>": they and their manager are told."</p>
        })}
    }
}

/// A contact or a visit in two or three taps.
#[component]
fn Record(base: String) -> impl IntoView {
    let link = |how: How, says: &'static str| view! { <a class="btn quiet" href=format!("{base}/messages/spoke?how={}", how.as_str())>{says}</a>" " };
    view! {
        <h2>"Write down a contact"</h2>
        <p class="row">
            {link(How::Phone, "We spoke by phone")}
            {link(How::Met, "We met")}
            {link(How::Visit, "I visited them at home")}
        </p>
    }
}

fn running(spells: &[Spell], kind: SpellKind, today: Date) -> Option<Spell> {
    let today = today.to_string();
    let now = |spell: &&Spell| spell.from_on <= today && spell.to_on.as_ref().is_none_or(|to| *to > today);
    spells.iter().filter(|spell| spell.kind == kind.as_str()).find(now).cloned()
}

fn told_day(text: &str, today: Date) -> String {
    text.parse().map_or_else(|_| text.to_owned(), |day| words::day_seen_from(day, today))
}

fn spell_says(spell: &Spell) -> String {
    let yes = |is: Option<bool>, yes: &str, no: &str| is.map(|is| if is { yes } else { no }.to_owned());
    let more = [
        yes(spell.provided, "provided by the council", "not provided by the council"),
        yes(spell.suitable, "suitable", "not suitable"),
        spell.detail.clone(),
    ];
    more.into_iter().flatten().fold(says(&spell.value), |says, more| format!("{says}, {more}"))
}

#[component]
fn Now(
    spells: Vec<Spell>,
    kind: SpellKind,
    title: &'static str,
    base: String,
    works: bool,
    today: Date,
) -> impl IntoView {
    let told = running(&spells, kind, today).map_or_else(
        || "Not written down yet".to_owned(),
        |spell| format!("{}, since {}", spell_says(&spell), told_day(&spell.from_on, today)),
    );
    let change = format!("{base}/{}", kind.address());
    view! {
        <div>
            <dt>{title}</dt>
            <dd>{told}{works.then(|| view! { " "<a href=change>"Change"<span class="vh">{format!(": {title}")}</span></a> })}</dd>
        </div>
    }
}

/// When the plan was made and last talked about.
#[component]
fn Plan(facts: Facts, today: Date) -> impl IntoView {
    let day = |day: Date| words::day_seen_from(day, today);
    let says = facts.plan.and_then(|plan| Some((plan.made_on?, plan.held_on))).map_or_else(
        || "Not shared yet".to_owned(),
        |(made, held)| match held {
            Some(held) => format!("First shared {}, last reviewed {}", day(made), day(held)),
            None => format!("First shared {}, not reviewed yet", day(made)),
        },
    );
    view! { <div><dt>"Plan"</dt><dd>{says}</dd></div> }
}

/// What is due by law and by what was agreed, and what each rests on.
#[component]
fn Due(facts: Facts, unknown: bool, base: String, works: bool, today: Date) -> impl IntoView {
    let day = |day: Date| words::day_seen_from(day, today);
    let young = facts.basics.is_some_and(|basics| age(basics.born_on, today) < 18);
    let clocks: Vec<_> = facts.clocks().collect();
    let rows = clocks.iter().map(|clock| {
        let late = clock.late(today).then(|| view! { " "<span class="tag warn">"Late"</span> });
        view! {
            <li><strong>{first_large(clock.duty.says())}</strong>{format!(" by {}", day(clock.due))}{late}<br/><span class="meta">{clock.duty.rests_on()}</span></li>
        }
    });
    let rows = rows.collect_view();
    let home =
        facts.home.is_none().then(|| view! { <li>"No home is written down, so no visit by law can be counted."</li> });
    let unknown = unknown.then(|| view! { <li>"It is not written down whether the council provides the home, so no visit by law is counted."</li> });
    let no_plan =
        facts.plan.and_then(|plan| plan.made_on).is_none().then(|| view! { <li>"There is no plan yet."</li> });
    let last = |known: Option<Date>, none: &str| known.map_or_else(|| none.to_owned(), day);
    let came = facts.dealings.check_in.map_or_else(|| "none came yet".to_owned(), |on| format!("last {}", day(on)));
    let weeks = facts.weeks();
    let agreed = facts.rhythm.is_some_and(|rhythm| rhythm.contact_weeks.is_some());
    let contact = if agreed {
        format!("at least every {weeks} weeks, as agreed")
    } else {
        format!("at least every {weeks} weeks, until you agree something else")
    };
    let check_in = match facts.rhythm.and_then(|rhythm| rhythm.check_in_days) {
        None => "only when they want to".to_owned(),
        Some(days) => format!("asked for every {days} days"),
    };
    view! {
        <h2>"What is due"</h2>
        <ul>{rows}{home}{unknown}{no_plan}</ul>
        <dl class="facts">
            <div><dt>"Last contact"</dt><dd>{format!("{}; {contact}", last(facts.dealings.contact, "none written down"))}</dd></div>
            <div><dt>"Last visit at home"</dt><dd>{last(facts.dealings.visit, "none written down")}</dd></div>
            {facts.young.map(|young| view! { <div><dt>"Needs assessed"</dt><dd>{last(young.assessed_on, "not written down")}</dd></div> })}
            <div><dt>"Check-in"</dt><dd>{format!("{check_in}; {came}")}</dd></div>
        </dl>
        {(works && young).then(|| view! { <p><a href=format!("{base}/plan/assessment")>"Write down when their needs were looked at"</a></p> })}
        {works.then(|| view! { <p><a href=format!("{base}/rhythm")>"Change how often you ask and speak"</a></p> })}
    }
}

#[component]
fn History(spells: Vec<Spell>, today: Date) -> impl IntoView {
    let name = |kind: &str| match kind {
        "home" => "Home",
        "education_work" => "By day",
        "legal_group" => "Group in law",
        "district" => "District",
        "health_assessment" => "Health assessment",
        _ => "Other",
    };
    let rows = spells.iter().map(|spell| {
        let to = spell.to_on.as_ref().map_or_else(|| "now".to_owned(), |to| told_day(to, today));
        view! { <li>{format!("{}: {}. {} to {to}", name(&spell.kind), spell_says(spell), told_day(&spell.from_on, today))}</li> }
    });
    let rows = rows.collect_view();
    (!spells.is_empty()).then(|| {
        view! { <details><summary>"What held before and holds now"</summary><ul>{rows}</ul></details> }
    })
}

fn not_told(called: &str, untold: Untold) -> String {
    let what = match untold.what {
        Kind::AccountChanged => "that their sign-in was changed",
        Kind::Reminder => "of an appointment",
        _ => "of a new message",
    };
    let by = match untold.by {
        Some(Channel::Email) => " by email",
        Some(Channel::Phone) => " by text message",
        None => "",
    };
    format!("We could not tell {called} {what}{by}, since {}.", when(untold.since))
}
