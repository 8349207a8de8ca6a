//! Appointments as a young person and as a worker see them, and the page of a calendar's private address.

use jiff::Timestamp;
use jiff::civil::Date;
use leptos::prelude::*;

use super::ical::NEUTRAL;
use super::{Appointment, Doubt, LENGTHS};
use crate::clock::{from_micros, london_date};
use crate::dropins::words;
use crate::people::PersonId;
use crate::ui::{Errors, KEEP_DRAFT, KeepsDraft, OneTimeKey, Select, Submit, TextArea, TextField};
use crate::web::forms::Fields;

/// What a worker is to look at again, as a sentence.
pub fn doubt_says(doubt: &Doubt) -> String {
    match doubt {
        Doubt::Holiday(name) => format!("That day is a bank holiday: {name}."),
        Doubt::OutOfHours => "That is before 8am or after 9pm.".to_owned(),
        Doubt::Overlaps(what) => format!("They have something else then: {what}."),
    }
}

fn day_of(one: &Appointment) -> Date {
    london_date(from_micros(one.details.starts_at))
}

/// `4pm to 5pm`.
fn hours(one: &Appointment) -> String {
    let [from, to] = [one.details.starts_at, one.details.ends_at()].map(|at| words::clock_at(from_micros(at)));
    format!("{from} to {to}")
}

/// `Today, Thursday 3 December`.
fn day_says(day: Date, today: Date) -> String {
    let says = words::day_seen_from(day, today);
    match words::near_day(day, today).as_str() {
        "today" => format!("Today, {says}"),
        "tomorrow" => format!("Tomorrow, {says}"),
        _ => says,
    }
}

/// With whom, where and how to get there.
#[component]
fn Where(one: Appointment) -> impl IntoView {
    let details = one.details;
    let line = |label: &'static str, text: Option<String>| {
        text.map(|text| view! { <div><dt>{label}</dt><dd class="pre">{text}</dd></div> })
    };
    let any = details.with.is_some() || details.place.is_some() || details.way.is_some();
    any.then(|| {
        view! {
            <dl class="facts">
                {line("With", details.with)}
                {line("Where", details.place)}
                {line("How to get there", details.way)}
            </dl>
        }
    })
}

/// Appointments under the heading of their day.
fn by_day(all: Vec<Appointment>, today: Date, row: impl Fn(Appointment) -> AnyView) -> AnyView {
    let mut days: Vec<(Date, Vec<AnyView>)> = Vec::new();
    for one in all {
        let day = day_of(&one);
        match days.last_mut().filter(|(known, _)| *known == day) {
            Some((_, rows)) => rows.push(row(one)),
            None => days.push((day, vec![row(one)])),
        }
    }
    let days = days.into_iter().map(|(day, rows)| {
        view! { <h2>{day_says(day, today)}</h2><ul class="thread">{rows}</ul> }
    });
    days.collect_view().into_any()
}

fn cancelled(one: &Appointment) -> Option<impl IntoView + use<>> {
    one.cancelled.then(|| view! { " "<span class="tag warn">"Cancelled"</span> })
}

/// `/me/appointments`.
#[component]
pub fn MyList(
    /// What is still to come, the earliest first.
    all: Vec<Appointment>,
    /// Who answers for them.
    worker: Option<String>,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let none = all.is_empty();
    let worker = worker.unwrap_or_else(|| "whoever works with you".to_owned());
    let row = |one: Appointment| {
        let title = format!("{}: {}", hours(&one), one.details.what);
        let (href, tag) = (format!("/me/appointments/{}", one.id), cancelled(&one));
        let says = match &one.cannot {
            Some(_) => "Change what you said",
            None => "I can't make it",
        };
        let cannot = one.cannot.is_some().then(|| view! { <p class="note">"You said that you can't make it."</p> });
        let what = format!(": {title}");
        let links = (!one.cancelled).then(|| {
            view! {
                <p class="row">
                    <a class="btn quiet" href=href.clone()>{says}<span class="vh">{what.clone()}</span></a>
                    <a class="btn quiet" href=format!("{href}/file")>"Put it in my calendar"<span class="vh">{what}</span></a>
                </p>
            }
        });
        view! { <li class="place"><h3>{title}{tag}</h3>{cannot}<Where one/>{links}</li> }.into_any()
    };
    view! {
        <nav class="back" aria-label="Back"><a href="/me">"Home"</a></nav>
        <h1>"My appointments"</h1>
        {none.then(|| view! {
            <p class="lead">"Nothing is planned."</p>
            <p>{format!("When {worker} plans something with you, it stands here. Want to meet? ")}<a href="/me/messages">"Send a message"</a>" and say when you can."</p>
        })}
        {by_day(all, london_date(now), row)}
        <h2>"In your calendar"</h2>
        <p>"“Put it in my calendar” saves one appointment with what it is and where. Whoever sees your calendar can read that."</p>
        <p><a href="/me/appointments/calendar">"Let your calendar follow by itself, with times and nothing else"</a></p>
    }
}

/// `/me/appointments/{id}`.
#[component]
pub fn OnePage(
    /// Which.
    one: Appointment,
    /// The form, as sent or empty.
    form: Fields,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let action = format!("/me/appointments/{}", one.id);
    let when = format!("{}, {}", day_says(day_of(&one), london_date(now)), hours(&one));
    let (title, tag) = (one.details.what.clone(), cancelled(&one));
    let (open, sequence) = (!one.cancelled && one.is_to_come(now), one.sequence);
    let (said, why) = (one.cannot.is_some(), one.cannot.clone().and_then(|cannot| cannot.why));
    let answer = open.then(|| {
        // What was typed and could not be taken stands in its box, whatever was said before.
        if said && form.ok() {
            view! {
                <h2>"You said that you can't make it"</h2>
                {why.map(|why| view! { <div class="body">{why}</div> })}
                <form method="post" action=action novalidate>
                    <OneTimeKey form=form.clone()/>
                    <input type="hidden" name="sequence" value=sequence/>
                    <p>"Can you come after all? Take it back, and we tell your worker."</p>
                    <button class="btn" name="do" value="can">"I can make it after all"</button>
                </form>
            }
            .into_any()
        } else {
            view! {
                <h2>"Can't make it?"</h2>
                <p>"That is okay. Your worker is told, and can find another time with you. You can take it back."</p>
                <form method="post" action=action data-draft=KEEP_DRAFT novalidate>
                    <OneTimeKey form=form.clone()/>
                    <input type="hidden" name="sequence" value=sequence/>
                    <KeepsDraft place=action.clone() form=form.clone()/>
                    <TextArea field=form.field("reason") label="Why, if you want to say (you can leave it empty)" rows=3/>
                    <button class="btn" name="do" value="cannot">"I can't make it"</button>
                </form>
            }
            .into_any()
        }
    });
    view! {
        <nav class="back" aria-label="Back"><a href="/me/appointments">"My appointments"</a></nav>
        <Errors form/>
        <h1>{title}{tag}</h1>
        <p class="lead">{when}</p>
        <Where one/>
        {answer}
    }
}

/// `/work/people/{id}/appointments`.
#[component]
pub fn TheirList(
    /// Whose.
    person: PersonId,
    /// The name they want.
    called: String,
    /// All of them, the earliest first.
    all: Vec<Appointment>,
    /// The reader may make and change them.
    sets: bool,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let today = london_date(now);
    let (coming, mut past): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.is_to_come(now));
    past.reverse();
    let (base, none) = (format!("/work/people/{person}"), coming.is_empty());
    let (for_cannot, count) = (called.clone(), past.len());
    let row = move |one: Appointment| {
        let title = format!("{}: {}", hours(&one), one.details.what);
        let cannot = one.cannot.clone().map(|cannot| {
            let why = cannot.why.map_or_else(String::new, |why| format!(" “{why}”"));
            view! { <p class="note"><strong>{format!("{for_cannot} can't make it.")}</strong>{why}</p> }
        });
        let change = (sets && one.is_to_come(now)).then(|| {
            let what = format!(": {title}");
            view! { <p><a href=format!("/work/appointments/{}", one.id)>"Change or cancel"<span class="vh">{what}</span></a></p> }
        });
        let tag = cancelled(&one);
        view! { <li class="place"><h3>{title}{tag}</h3>{cannot}<Where one/>{change}</li> }.into_any()
    };
    let past = (count > 0).then(|| {
        let row = row.clone();
        view! { <details><summary>{format!("Past appointments ({count})")}</summary>{by_day(past, today, row)}</details> }
    });
    view! {
        <nav class="back" aria-label="Back"><a href=base.clone()>{called.clone()}</a></nav>
        <h1>{format!("{called}: appointments")}</h1>
        {none.then(|| view! { <p class="lead">"Nothing is planned."</p> })}
        {(none && sets).then(|| view! { <p>{format!("Plan something, and {called} sees it at once. They are told that there is something new, and reminded on the day before.")}</p> })}
        {sets.then(|| view! { <p><a class="btn" href=format!("{base}/appointments/new")>"Make an appointment"</a></p> })}
        {by_day(coming, today, row)}
        {past}
    }
}

/// What is asked of an appointment.
#[component]
fn Questions(form: Fields) -> impl IntoView {
    let lengths = LENGTHS.map(|(minutes, says)| (minutes.to_string(), says.to_owned())).to_vec();
    view! {
        <OneTimeKey form=form.clone()/>
        <input type="hidden" name="sure" value=form.typed("sure").to_owned()/>
        <TextField field=form.field("meeting") label="What is it?" hint="In words that they would use, as in: Talk about college."/>
        <TextField field=form.field("with") label="Who with? (you can leave it empty)"/>
        <TextField field=form.field("day") label="Which day?" hint="As in 2026-12-04." kind="date"/>
        <TextField field=form.field("time") label="From when?" hint="As in 14:30." kind="time"/>
        <Select field=form.field("minutes") label="How long?" choices=lengths/>
        <TextField field=form.field("at") label="Where? (you can leave it empty)" hint="A place that is safe for them to be seen at."/>
        <TextArea field=form.field("directions") label="How to get there (you can leave it empty)" hint="Bus, entrance, whom to ask for." rows=3/>
    }
}

/// `/work/people/{id}/appointments/new`.
#[component]
pub fn NewPage(
    /// Whose.
    person: PersonId,
    /// The name they want.
    called: String,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let list = format!("/work/people/{person}/appointments");
    let place = format!("{list}/new");
    view! {
        <nav class="back" aria-label="Back"><a href=list>{format!("{called}: appointments")}</a></nav>
        <Errors form=form.clone()/>
        <h1>{format!("Make an appointment with {called}")}</h1>
        <form method="post" action=place data-draft=KEEP_DRAFT novalidate>
            <KeepsDraft place=place.clone() form=form.clone()/>
            <Questions form/>
            <Submit label="Save"/>
        </form>
    }
}

/// `/work/appointments/{id}`.
#[component]
pub fn ChangePage(
    /// Whose.
    person: PersonId,
    /// The name they want.
    called: String,
    /// The appointment as it stands.
    one: Appointment,
    /// The form, as sent or as it stands.
    form: Fields,
    /// Somebody else changed it since the form was drawn.
    overtaken: bool,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let list = format!("/work/people/{person}/appointments");
    let action = format!("/work/appointments/{}", one.id);
    let gone = one.cancelled;
    let stands = (overtaken || gone).then(|| {
        let title = format!("{}, {}: {}", day_says(day_of(&one), london_date(now)), hours(&one), one.details.what);
        let tag = cancelled(&one);
        view! { <h2>"What stands now"</h2><div class="place"><h3>{title}{tag}</h3><Where one/></div> }
    });
    let save = if gone { "Save, so that it takes place after all" } else { "Save" };
    view! {
        <nav class="back" aria-label="Back"><a href=list>{format!("{called}: appointments")}</a></nav>
        <Errors form=form.clone()/>
        <h1>"Change an appointment"</h1>
        {stands}
        <form method="post" action=action data-draft=KEEP_DRAFT novalidate>
            <input type="hidden" name="sequence" value=form.typed("sequence").to_owned()/>
            <KeepsDraft place=action.clone() form=form.clone()/>
            <Questions form/>
            <p class="meta">{format!("{called} is told that there is something new.")}</p>
            <div class="row">
                <button class="btn" name="do" value="save">{save}</button>
                {(!gone).then(|| view! { <button class="btn quiet" name="do" value="cancel">"Cancel this appointment"</button> })}
            </div>
        </form>
    }
}

/// `/me/appointments/calendar`.
#[component]
pub fn FeedPage(
    /// The day on which the address was made that there is now.
    made: Option<Date>,
    /// The day on which a program last read it.
    read: Option<Date>,
    /// They are under a safety flag: the calendar is empty.
    flagged: bool,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let stands = made.map(|made| {
        let read = match read {
            Some(read) => format!("A calendar last read it on {}.", words::date_with_year(read)),
            None => "No calendar has read it yet.".to_owned(),
        };
        view! { <p class="note">{format!("You made an address on {}. {read}", words::date_with_year(made))}</p> }
    });
    let any = made.is_some();
    view! {
        <nav class="back" aria-label="Back"><a href="/me/appointments">"My appointments"</a></nav>
        <Errors form/>
        <h1>"Your calendar"</h1>
        <p class="lead">"Your calendar app can follow your appointments by itself. It needs a private address for that."</p>
        {flagged.then(|| view! { <p class="note">"At the moment the calendar stays empty. Your appointments stand on this site."</p> })}
        {stands}
        <h2>"Who could see it?"</h2>
        <p>{format!("Your calendar shows the time and the word “{NEUTRAL}”. It does not show what it is, where, or who with.")}</p>
        <ul>
            <li>"Whoever looks at your calendar sees when you are busy. So do people that you share it with."</li>
            <li>"Whoever has the address sees the same times. Do not send it to anybody."</li>
            <li>"The settings of your calendar app show the address, and the address starts with the name of this site."</li>
            <li>"The company that runs your calendar can read it."</li>
        </ul>
        <p><strong>"Does somebody go through your phone?"</strong>" Then do not use this. Look at your appointments here instead."</p>
        <form method="post" action="/me/appointments/calendar" novalidate id="do">
            <div class="row">
                <button class="btn" name="do" value="make">{if any { "Make a new address" } else { "It is safe: make an address" }}</button>
                {any.then(|| view! { <button class="btn quiet" name="do" value="end">"Take the address back"</button> })}
            </div>
            {any.then(|| view! { <p class="meta">"When you make a new address or take it back, the old one stops working at once. What your calendar app has read already stays there until you delete it."</p> })}
        </form>
    }
}

/// A new private address, shown this once.
#[component]
pub fn FeedMade(
    /// The address.
    address: String,
) -> impl IntoView {
    view! {
        <h1>"Your private address"</h1>
        <p class="lead">"Copy it now. We do not show it again."</p>
        <p class="secret"><strong>{address}</strong></p>
        <ol>
            <li>"Open your calendar app."</li>
            <li>"Look for “add a calendar by address” or “subscribe”. Some apps call it “from URL”."</li>
            <li>"Paste the address."</li>
        </ol>
        <p>"You can take it back here at any time."</p>
        <p><a class="btn" href="/me/appointments/calendar">"I have copied it"</a></p>
    }
}
