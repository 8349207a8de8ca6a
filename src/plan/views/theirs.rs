//! The whole plan on a worker's one screen, and its way to being shared and signed off.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use leptos::prelude::*;

use super::actions::HeadingActions;
use super::meeting::Ready;
use super::versions::Compared;
use super::{Reader, Said, Whole, day, due_says};
use crate::clock::{from_micros, london_date};
use crate::content::reading::ease;
use crate::people::PersonId;
use crate::plan::{Field, Opinion, Say, Sheet, State, Version};
use crate::ui::{Errors, OneTimeKey, Select, Submit, TextArea, TextField};
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
    let due = whole.due.map(|due| view! { <p>{due_says(due, today, false)}</p> });
    let share = works && whole.draft.is_some();
    let submit = works && whole.draft.is_none() && whole.shared.as_ref().is_some_and(Version::may_be_submitted);
    let prep = whole.prep.clone().map(|prep| view! { <Ready prep called=called.clone()/> });
    let parts = whole.sheets.iter().map(|sheet| {
        let actions: Vec<_> = whole.actions.iter().filter(|one| one.heading == sheet.heading).cloned().collect();
        let says: Vec<_> = whole.says.iter().filter(|say| say.heading == sheet.heading).cloned().collect();
        view! { <OnePart sheet=sheet.clone() actions says called=called.clone() base=base.clone() works today/> }
    });
    let parts = parts.collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href=format!("/work/people/{person}")>{called.clone()}</a></nav>
        <h1>{format!("{called}: plan")}</h1>
        <p class="lead">{stands}</p>
        {due}
        <Wrote whole=whole.clone() called=called.clone() base=base.clone() works/>
        {prep}
        <p class="row">
            {share.then(|| view! { <a class="btn" href=format!("{base}/share")>"Share it"</a>" " })}
            {submit.then(|| view! { <a class="btn" href=format!("{base}/submit")>"Submit it to a manager"</a>" " })}
            {works.then(|| view! { <a href=format!("{base}/review")>"Review"</a>" " })}
            <a href=format!("{base}/actions")>"Who does what"</a>" "
            <a href=format!("/work/people/{person}/money")>"Money"</a>" "
            <a href=format!("{base}/versions")>"All versions"</a>
        </p>
        {parts}
    }
}

/// What the young person wrote and said since the reader last looked, first; and all that nobody has talked about.
#[component]
fn Wrote(whole: Whole, called: String, base: String, works: bool) -> impl IntoView {
    let until = whole.known_until.unwrap_or(0);
    let new = whole.says.iter().filter(|say| say.at > until || (say.opinion.asks() && say.heard_at.is_none()));
    let rows: Vec<_> = new
        .cloned()
        .map(|say| {
            let open = works && say.opinion.asks() && say.heard_at.is_none();
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
    let none = rows.is_empty() && wanted.is_empty();
    (!none).then(|| {
        view! {
            <div class="note">
                <h2>{format!("What {called} wrote since you last looked, and what is open")}</h2>
                <ul class="said">{rows}{wanted}</ul>
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
            {(!none).then(|| view! { <h3>"Who does what"</h3> })}
            <HeadingActions actions reader=Reader::Worker(called.clone()) base=format!("{base}/actions") today/>
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
        <form method="post" action=format!("{base}/share") novalidate>
            <OneTimeKey form=form.clone()/>
            <input type="hidden" name="version" value=form.typed("version").to_owned()/>
            <TextField field=form.field("review") label="When do you talk about it again? (you can leave it empty)" hint=format!("As in 2026-12-04. At the latest on {latest}.") kind="date"/>
            <Submit label="Share it now"/>
        </form>
    }
}

/// `/work/people/{id}/plan/submit`.
#[component]
pub fn Submitting(
    /// Whose.
    person: PersonId,
    /// The name they want.
    called: String,
    /// Which version.
    version: i64,
    /// The managers: what is sent, and the name.
    managers: Vec<(String, String)>,
    /// The form.
    form: Fields,
) -> impl IntoView {
    let base = format!("/work/people/{person}/plan");
    let none = managers.is_empty();
    view! {
        <nav class="back" aria-label="Back"><a href=base.clone()>"Plan"</a></nav>
        <Errors form=form.clone()/>
        <h1>{format!("Submit version {version} to a manager")}</h1>
        <p>{format!("They read {called}'s plan, which they may not otherwise, and sign it off or return it with a reason.")}</p>
        {none.then(|| view! { <p>"Nobody manages the team. Ask whoever keeps the accounts."</p> })}
        {(!none).then(|| view! {
            <form method="post" action=format!("{base}/submit") novalidate>
                <OneTimeKey form=form.clone()/>
                <input type="hidden" name="version" value=version/>
                <Select field=form.field("to") label="To whom?" choices=managers/>
                <Submit label="Submit it"/>
            </form>
        })}
    }
}

/// `/work/people/{id}/plan/sign`.
#[component]
pub fn Signing(
    /// Whose.
    person: PersonId,
    /// The name they want.
    called: String,
    /// Which version.
    version: Version,
    /// Its parts.
    now: Vec<Sheet>,
    /// The number and the parts of the one before.
    before: Option<(i64, Vec<Sheet>)>,
    /// What was said of it.
    says: Vec<Say>,
    /// The form.
    form: Fields,
) -> impl IntoView {
    let number = version.number;
    let opinion = match version.state {
        State::Agreed => format!("{called} agrees with all of it."),
        State::Disagreed => format!("{called} does not agree with a part of it: read why."),
        State::Draft | State::Shared | State::SignedOff => {
            format!("{called} has not said yet that they agree with all of it.")
        }
    };
    let open = says.iter().any(|say| say.opinion == Opinion::Disagree && say.heard_at.is_none());
    view! {
        <nav class="back" aria-label="Back"><a href="/work">"Today"</a></nav>
        <Errors form=form.clone()/>
        <h1>{format!("{called}: version {number}, submitted to you")}</h1>
        <p class="lead">{opinion}{open.then_some(" Nobody has written down that they talked about it.")}</p>
        <Compared now before says reader=Some(called)/>
        <form class="note" method="post" action=format!("/work/people/{person}/plan/sign") novalidate>
            <OneTimeKey form=form.clone()/>
            <input type="hidden" name="version" value=number/>
            <p><button class="btn" name="do" value="sign">"Sign it off"</button></p>
            <TextArea field=form.field("why") label="Or say why you return it" rows=4/>
            <p><button class="btn quiet" name="do" value="return">"Return it"</button></p>
        </form>
    }
}
