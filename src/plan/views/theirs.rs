//! The whole plan on a worker's one screen, and its way to being shared.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use leptos::prelude::*;

use super::actions::{HeadingActions, did_says, told};
use super::meeting::Ready;
use super::sign::{Lies, Lying};
use super::{Reader, Said, Whole, day, due_says};
use crate::clock::{from_micros, london_date};
use crate::content::reading::ease;
use crate::editing::when;
use crate::people::PersonId;
use crate::plan::action::Side;
use crate::plan::{Field, Say, Sheet, Version};
use crate::ui::{Errors, KEEP_DRAFT, KeepsDraft, OneTimeKey, Submit, TextField};
use crate::web::forms::Fields;

/// Below this reading ease a text is hard for many at 14: the "plain English" mark of Flesch's scale.
const PLAIN: f64 = 60.0;
/// A part that nobody wrote in for so many months is marked.
const OLD: i64 = 3;

/// `/work/people/{id}/plan`.
#[component]
pub fn TheirPlan(
    /// Whose.
    person: PersonId,
    /// The name they want.
    called: String,
    /// The plan.
    whole: Whole,
    /// With whom the version that was shared lies.
    lying: Option<Lying>,
    /// The reader may write in it.
    works: bool,
    /// Now.
    now: Timestamp,
) -> impl IntoView {
    let (base, today) = (format!("/work/people/{person}/plan"), london_date(now));
    let stands = match (&whole.draft, &whole.shared) {
        (Some(draft), _) => {
            format!("Version {} is being written. They do not see it before you share it.", draft.number)
        }
        (None, Some(shared)) => {
            let on = day(shared.shared_at.unwrap_or(shared.made_at));
            format!("Version {}, shared on {on}: {}.", shared.number, shared.says())
        }
        (None, None) => format!("There is no plan for {called} yet. Write in a part to begin."),
    };
    let moved = whole.is_new(whole.known.review_at).then(|| view! { " "<span class="tag">"New"</span> });
    let due = whole.due.map(|due| view! { <p>{due_says(due, today, false)}{moved}</p> });
    let back = whole.shared.as_ref().filter(|shared| whole.draft.is_none() && shared.is_returned());
    let back = back.map(|back| {
        view! { <p><a href=format!("{base}/versions/{}", back.number)>"Why the manager returned it"</a></p> }
    });
    let share = works && whole.draft.is_some();
    let submit = works && whole.draft.is_none() && lying.is_none();
    let submit = submit && whole.shared.as_ref().is_some_and(Version::may_be_submitted);
    let lies = lying.map(|lying| view! { <Lies lying base=base.clone() works/> });
    let ready = whole.preps.iter().filter(|prep| prep.used_at.is_none()).cloned();
    let prep = ready.map(|prep| view! { <Ready prep called=called.clone()/> }).collect_view();
    let parts = whole.sheets.iter().map(|sheet| {
        let actions: Vec<_> = whole.actions.iter().filter(|one| one.heading == sheet.heading).cloned().collect();
        let says: Vec<_> = whole.says.iter().filter(|say| say.heading == sheet.heading).cloned().collect();
        view! { <OnePart sheet=sheet.clone() actions says called=called.clone() base=base.clone() works until=whole.known.until today/> }
    });
    let parts = parts.collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href=format!("/work/people/{person}")>{called.clone()}</a></nav>
        <h1>{format!("{called}: plan")}</h1>
        <p class="lead">{stands}</p>
        {lies}
        {back}
        {due}
        <Wrote whole=whole.clone() called=called.clone() base=base.clone() works/>
        {prep}
        <p class="row">
            {share.then(|| view! { <a class="btn" href=format!("{base}/share")>"Share it"</a>" " })}
            {submit.then(|| view! { <a class="btn" href=format!("{base}/submit")>"Submit it to a manager"</a>" " })}
            {works.then(|| view! { <a href=format!("{base}/review")>"Review"</a>" " })}
            <a href=format!("{base}/actions")>"Who does what"</a>" "
            <a href=format!("/work/people/{person}/money")>"Money"</a>" "
            {works.then(|| view! { <a href=format!("{base}/agreed")>"What you agreed: who does it"</a>" " })}
            <a href=format!("{base}/goals")>"Ideas for goals"</a>" "
            <a href=format!("{base}/versions")>"All versions"</a>" "
            <a href=format!("{base}/print")>"Print it"</a>
        </p>
        {parts}
    }
}

/// What the young person wrote and said since the reader last looked, first; and all that nobody has talked about.
#[component]
fn Wrote(whole: Whole, called: String, base: String, works: bool) -> impl IntoView {
    let until = whole.known.until.unwrap_or(0);
    let new = whole.says.iter().filter(|say| say.at > until || say.is_open());
    let rows: Vec<_> = new
        .cloned()
        .map(|say| {
            let open = works && say.is_open();
            let hear = open.then(|| {
                view! {
                    <form method="post" action=format!("{base}/heard")>
                        <OneTimeKey form=Fields::default()/>
                        <input type="hidden" name="said" value=say.id.to_string()/>
                        <button class="btn quiet">"We talked about it"</button>
                    </form>
                }
            });
            let title = say.heading.title();
            view! { <li><a href=format!("#{}", say.heading.as_str())>{title}</a><Said says=vec![say] called=Some(called.clone())/>{hear}</li> }
        })
        .collect();
    let wanted = whole.wanted_at.iter().filter(|(_, at)| **at > until);
    let wanted: Vec<_> = wanted
        .map(|(heading, _)| {
            let says = format!("{}: what they want", heading.title());
            view! { <li><a href=format!("#{}", heading.as_str())>{says}</a></li> }
        })
        .collect();
    let moved = whole.moved(Side::Staff).map(|one| {
        let says = format!("{}: {}", one.heading.title(), one.says().text);
        let did = told(&one.last, &Reader::Worker(called.clone()));
        let before = one.theirs.map(|theirs| {
            format!("{} by {called}, {}. ", did_says(theirs.did, theirs.state), when(theirs.at))
        });
        view! { <li><a href=format!("{base}/actions/{}", one.id)>{says}</a>" "<span class="meta">{before}{did}</span></li> }
    });
    let moved: Vec<_> = moved.collect();
    let none = rows.is_empty() && wanted.is_empty() && moved.is_empty();
    (!none).then(|| {
        view! {
            <div class="note">
                <h2>{format!("What {called} wrote since you last looked, and what is open")}</h2>
                <ul class="said">{rows}{wanted}{moved}</ul>
            </div>
        }
    })
}

/// Whether a text is hard to read.
fn hard(text: &str) -> bool {
    ease(text.split('\n')).is_some_and(|ease| ease < PLAIN)
}

#[component]
fn OnePart(
    sheet: Sheet,
    actions: Vec<crate::plan::action::Standing>,
    says: Vec<Say>,
    called: String,
    base: String,
    works: bool,
    until: Option<i64>,
    today: Date,
) -> impl IntoView {
    let heading = sheet.heading;
    let old = sheet.touched_at.is_some_and(|at| london_date(from_micros(at)).saturating_add(OLD.months()) < today);
    let old = old && !sheet.is_empty();
    let texts = Field::ALL.map(|field| {
        let text = sheet.text(field).map(str::to_owned);
        let may = works && !(field == Field::Want && sheet.theirs);
        let own = field == Field::Want && sheet.theirs;
        let advice = text.as_deref().is_some_and(hard) && !own;
        let write = format!("{base}/write/{}/{}", heading.as_str(), field.as_str());
        view! {
            <h3>{field.title(false)}{own.then_some(", in their own words")}</h3>
            {text.clone().map(|text| view! { <p class="pre">{text}</p> })}
            {advice.then(|| view! { <p class="hint">"Hard to read for many. Shorter sentences and shorter words help."</p> })}
            {may.then(|| view! { <p><a href=write>{if text.is_some() { "Change" } else { "Write" }}<span class="vh">{format!(": {}, {}", heading.title(), field.title(false))}</span></a></p> })}
        }
    });
    let texts = texts.collect_view();
    let none = actions.is_empty();
    view! {
        <section class="heading" id=heading.as_str()>
            <h2>{heading.title()}" "{old.then(|| view! { <span class="tag warn">"Not written for 3 months"</span> })}</h2>
            {texts}
            <p><a href=format!("{base}/goals#{}", heading.as_str())>"Ideas for goals"<span class="vh">{format!(": {}", heading.title())}</span></a></p>
            {(!none).then(|| view! { <h3>"Who does what"</h3> })}
            <HeadingActions actions reader=Reader::Worker(called.clone()) base=format!("{base}/actions") until today/>
            {(!says.is_empty()).then(|| view! { <h3>"What they think"</h3><Said says called=Some(called)/> })}
        </section>
    }
}

/// `/work/people/{id}/plan/share`.
#[component]
pub fn Sharing(
    /// Whose.
    person: PersonId,
    /// The name they want.
    called: String,
    /// The plan.
    whole: Whole,
    /// The form.
    form: Fields,
    /// Today in London.
    today: Date,
) -> impl IntoView {
    let base = format!("/work/people/{person}/plan");
    let empty: Vec<_> =
        whole.sheets.iter().filter(|sheet| sheet.is_empty()).map(|sheet| sheet.heading.title()).collect();
    let hard: Vec<_> = whole
        .sheets
        .iter()
        .filter(|sheet| [Field::Now, Field::Agreed].iter().any(|field| sheet.text(*field).is_some_and(hard)))
        .map(|sheet| sheet.heading.title())
        .collect();
    let list = |title: &'static str, rows: Vec<&'static str>| {
        (!rows.is_empty()).then(|| {
            let rows = rows.into_iter().map(|row| view! { <li>{row}</li> }).collect_view();
            view! { <div class="warnbox"><p><strong>{title}</strong></p><ul>{rows}</ul></div> }
        })
    };
    let latest = today.saturating_add(6.months());
    view! {
        <nav class="back" aria-label="Back"><a href=base.clone()>"Plan"</a></nav>
        <Errors form=form.clone()/>
        <h1>{format!("Share it with {called}")}</h1>
        <p>{format!("{called} sees it from then on, says what they think of each part, and is told that there is something new. What is shared cannot be changed: you write the next version.")}</p>
        {list("Nothing stands yet in these parts. A plan deals with all ten.", empty)}
        {list("Hard to read for many", hard)}
        <form method="post" action=format!("{base}/share") data-draft=KEEP_DRAFT novalidate>
            <OneTimeKey form=form.clone()/>
            <KeepsDraft place=format!("{base}/share") form=form.clone()/>
            <input type="hidden" name="base" value=form.typed("base").to_owned()/>
            <TextField field=form.field("review") label="When do you talk about it again? (you can leave it empty)" hint=format!("As in 2026-12-04. At the latest on {latest}.") kind="date"/>
            <Submit label="Share it now"/>
        </form>
    }
}
