//! Reviews: getting ready for one, holding one; the assessment before the first plan.

use jiff::civil::Date;
use leptos::prelude::*;

use super::{Said, day};
use crate::dropins::words;
use crate::people::PersonId;
use crate::plan::review::{Rests, Review};
use crate::plan::{Heading, Prep, Say};
use crate::ui::{Errors, KEEP_DRAFT, KeepsDraft, OneTimeKey, Submit, TextArea, TextField};
use crate::web::forms::Fields;

fn next(due: Option<(Date, Rests)>, mine: bool) -> String {
    match due {
        Some((on, _)) => format!("The next one is by {}.", words::date_with_year(on)),
        None if mine => "There is no day for it yet.".to_owned(),
        None => "Nothing is due yet: there is no plan, and nobody asked.".to_owned(),
    }
}

/// Reviews that were asked for and are still to come, and those that were held.
#[component]
fn Reviews(reviews: Vec<Review>, mine: bool) -> impl IntoView {
    let rows = reviews.into_iter().map(|review| {
        let why = review.why.says(mine);
        let says = match review.held_on {
            Some(on) => format!("Held on {}: {why}", words::date_with_year(on)),
            None => format!("By {}: {why}", words::date_with_year(review.due_on)),
        };
        view! { <li>{says}</li> }
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| view! { <h2>"Meetings about the plan"</h2><ul>{rows}</ul> })
}

/// `/me/plan/meeting`.
#[component]
pub fn Meeting(
    /// What they had ready besides, the newest first.
    preps: Vec<Prep>,
    /// When what stands ready for the next one was kept, UTC microseconds.
    stands: i64,
    /// When they last shared something for it, UTC microseconds.
    shared: Option<i64>,
    /// By when the plan is talked about again.
    due: Option<(Date, Rests)>,
    /// Those that were asked for or held.
    reviews: Vec<Review>,
    /// The form.
    form: Fields,
) -> impl IntoView {
    let seen =
        Some(form.typed("seen")).filter(|seen| !seen.is_empty()).map_or_else(|| stands.to_string(), str::to_owned);
    let boxes = Heading::ALL.map(|heading| {
        let name = format!("t-{}", heading.as_str());
        let ticked = form.all().any(|(known, _)| known == name);
        view! { <label class="choice"><input type="checkbox" name=name value="yes" checked=ticked/>{heading.title()}</label> }
    });
    view! {
        <nav class="back" aria-label="Back"><a href="/me/plan">"My plan"</a></nav>
        <Errors form=form.clone()/>
        <h1>"Get ready for my meeting"</h1>
        <p>"You talk about your plan at least every 6 months, and sooner when you ask. "{next(due, true)}</p>
        {shared.map(|at| view! { <p class="note">{format!("What you shared on {} can be read by whoever works with you. If you change it here, share it again.", day(at))}</p> })}
        <form method="post" action="/me/plan/meeting" data-draft=KEEP_DRAFT novalidate>
            <OneTimeKey form=form.clone()/>
            <input type="hidden" name="seen" value=seen/>
            <fieldset>
                <legend>"What do you want to talk about?"</legend>
                <div class="ticks">{boxes.collect_view()}</div>
            </fieldset>
            <TextArea field=form.field("body") label="What I want to ask or say" hint="Keep it for yourself, or share it with whoever works with you." rows=6/>
            <KeepsDraft place="/me/plan/meeting".to_owned() form=form.clone()/>
            <div class="row">
                <button class="btn" name="do" value="share">"Share it"</button>
                <button class="btn quiet" name="do" value="keep">"Keep it for me"</button>
            </div>
        </form>
        <form class="note" method="post" action="/me/plan/review">
            <h2>"Talk about it sooner"</h2>
            <p>"You can ask for a meeting about your plan at any time. It is then held within 4 weeks."</p>
            <OneTimeKey form=Fields::default()/>
            <button class="btn quiet">"Ask for a meeting"</button>
        </form>
        <Reviews reviews mine=true/>
        {(!preps.is_empty()).then(|| view! { <h2>"What I had ready before"</h2> })}
        {preps.into_iter().map(|prep| view! { <Readied prep/> }).collect_view()}
    }
}

/// What was got ready, with what became of it.
#[component]
fn Readied(prep: Prep) -> impl IntoView {
    let became = match (prep.shared_at, prep.used_at) {
        (_, Some(used)) => format!("Shared, and talked about by {}.", day(used)),
        (Some(_), None) => "Shared.".to_owned(),
        (None, None) => "Kept for yourself.".to_owned(),
    };
    let topics = prep.topics.into_iter().map(|heading| view! { <li>{heading.title()}</li> }).collect_view();
    view! {
        <div class="note">
            <p class="meta">{format!("{}. {became}", day(prep.at))}</p>
            <ul>{topics}</ul>
            {prep.questions.map(|text| view! { <p class="pre">{text}</p> })}
        </div>
    }
}

/// What the young person has got ready, to a worker.
#[component]
pub(super) fn Ready(
    /// What.
    prep: Prep,
    /// The name they want.
    called: String,
) -> impl IntoView {
    let topics = prep.topics.into_iter().map(|heading| view! { <li>{heading.title()}</li> }).collect_view();
    view! {
        <div class="note">
            <h2>{format!("{called} wants to talk about")}</h2>
            <ul>{topics}</ul>
            {prep.questions.map(|text| view! { <p class="pre">{text}</p> })}
        </div>
    }
}

/// What is to be talked about because the young person said so of a part, in their words.
#[component]
fn Open(open: Vec<Say>, called: String, base: String) -> impl IntoView {
    let none = open.is_empty();
    let rows = open.into_iter().map(|say| {
        let (title, part) = (say.heading.title(), format!("{base}#{}", say.heading.as_str()));
        view! { <li><a href=part>{title}</a><Said says=vec![say] called=Some(called.clone())/></li> }
    });
    let rows = rows.collect_view();
    (!none).then(|| {
        view! {
            <div class="note">
                <h2>"What nobody has talked about yet"</h2>
                <ul class="said">{rows}</ul>
                <p class="hint">"When you have, say so in the plan, beside their words."</p>
            </div>
        }
    })
}

/// `/work/people/{id}/plan/review`.
#[component]
pub fn Reviewing(
    /// Whose.
    person: PersonId,
    /// The name they want.
    called: String,
    /// By when the plan is talked about again.
    due: Option<(Date, Rests)>,
    /// What they have shared for a meeting, the newest first.
    preps: Vec<Prep>,
    /// What they do not agree with or want to talk about, and nobody has yet.
    open: Vec<Say>,
    /// Those that were asked for or held.
    reviews: Vec<Review>,
    /// The form.
    form: Fields,
) -> impl IntoView {
    let (before, ready): (Vec<_>, Vec<_>) = preps.into_iter().partition(|prep| prep.used_at.is_some());
    let base = format!("/work/people/{person}/plan");
    view! {
        <nav class="back" aria-label="Back"><a href=base.clone()>"Plan"</a></nav>
        <Errors form=form.clone()/>
        <h1>{format!("Review {called}'s plan")}</h1>
        <p>{next(due, false)}" At least every six months, sooner when they ask or something happened: Care Leavers (England) Regulations 2010, regulation 7."</p>
        {ready.into_iter().map(|prep| view! { <Ready prep called=called.clone()/> }).collect_view()}
        <Open open called=called.clone() base=base.clone()/>
        <form method="post" action=format!("{base}/review") data-draft=KEEP_DRAFT novalidate>
            <OneTimeKey form=form.clone()/>
            <KeepsDraft place=format!("{base}/review") form=form.clone()/>
            <TextField field=form.field("held") label="You talked about it on" hint="As in 2026-12-04" kind="date"/>
            <p><button class="btn" name="do" value="held">"It was reviewed"</button></p>
            <p class="hint">"Then write what you agreed into the plan, and who does what."</p>
            <TextField field=form.field("by") label="Or set a day by which you talk about it" hint="As in 2026-12-04" kind="date"/>
            <p><button class="btn quiet" name="do" value="set">"Set the day"</button></p>
        </form>
        <p class="row"><a href=format!("{base}/actions/new")>"Add who does what"</a>" "<a href=base.clone()>"Write in the plan"</a></p>
        <Reviews reviews mine=false/>
        {(!before.is_empty()).then(|| view! { <h2>{format!("What {called} had ready before")}</h2> })}
        {before.into_iter().map(|prep| view! { <Readied prep/> }).collect_view()}
    }
}

/// `/work/people/{id}/plan/assessment`.
#[component]
pub fn Assessing(
    /// Whose.
    person: PersonId,
    /// The name they want.
    called: String,
    /// By when it is due.
    due: Date,
    /// Since when they are eligible and when their needs were assessed, as it is written down.
    stands: (Option<Date>, Option<Date>),
    /// The form.
    form: Fields,
) -> impl IntoView {
    let base = format!("/work/people/{person}");
    // What was typed before may be older than what a colleague saved since.
    let (eligible, assessed) = stands;
    let differs =
        |name, day: Option<Date>| form.typed(name).trim() != day.map(|day| day.to_string()).unwrap_or_default();
    let says = |day: Option<Date>| day.map_or_else(|| "not written down".to_owned(), words::date_with_year);
    let other = !form.typed("kept").is_empty() && (differs("eligible", eligible) || differs("assessed", assessed));
    let stands = other.then(|| {
        let says = format!("Eligible since: {}. Assessed on: {}.", says(eligible), says(assessed));
        view! { <div class="note"><h2>"What stands now"</h2><p>{says}</p></div> }
    });
    let due = format!("For {called} that is {}.", words::date_with_year(due));
    view! {
        <nav class="back" aria-label="Back"><a href=base.clone()>{called.clone()}</a></nav>
        <Errors form=form.clone()/>
        <h1>"Assessment of needs"</h1>
        <p>"It is finished within three months of the 16th birthday, or of becoming eligible: Care Planning, Placement and Case Review (England) Regulations 2010, regulations 40 to 42. "{due}</p>
        {stands}
        <form method="post" action=format!("{base}/plan/assessment") data-draft=KEEP_DRAFT novalidate>
            <OneTimeKey form=form.clone()/>
            <KeepsDraft place=format!("{base}/plan/assessment") form=form.clone()/>
            <TextField field=form.field("eligible") label="Eligible since (leave it empty when it is the 16th birthday)" hint="As in 2026-12-04" kind="date"/>
            <TextField field=form.field("assessed") label="Needs were assessed on (leave it empty until then)" hint="As in 2026-12-04" kind="date"/>
            <Submit label="Save"/>
        </form>
    }
}
