//! A version on its way to a signature: submitted to a manager, and read by them with all that goes with it.

use jiff::civil::Date;
use leptos::prelude::*;

use super::actions::HeadingActions;
use super::money::Counted;
use super::versions::Compared;
use super::{Reader, day};
use crate::people::PersonId;
use crate::plan::action::Standing;
use crate::plan::money::Owed;
use crate::plan::{Heading, Opinion, Say, Sheet, State, Version};
use crate::ui::{Errors, KEEP_DRAFT, KeepsDraft, OneTimeKey, Select, Submit, TextArea};
use crate::web::forms::Fields;

/// With whom a version lies to be signed off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lying {
    /// Which version.
    pub version: i64,
    /// The name of the manager.
    pub name: String,
    /// Since when, UTC microseconds.
    pub since: i64,
    /// They are here and manage the person's team.
    pub live: bool,
}

/// With whom it lies and since when, with the way to somebody else; on the plan to whoever works with it.
#[component]
pub(super) fn Lies(
    /// With whom.
    lying: Lying,
    /// The address of the plan.
    base: String,
    /// The reader may submit it.
    works: bool,
) -> impl IntoView {
    let Lying { version, name, since, live } = lying;
    let gone = format!("{name} cannot sign it off now, so nobody looks at it.");
    view! {
        <div class=if live { "note" } else { "warnbox" }>
            <p>{format!("Version {version} lies with {name} since {}.", day(since))}{(!live).then(|| format!(" {gone}"))}</p>
            {works.then(|| view! { <p><a href=format!("{base}/submit")>"Submit to somebody else"</a></p> })}
        </div>
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
    /// With which manager it lies: what is sent, and the name.
    lies: Option<(String, String)>,
    /// The other managers: what is sent, and the name.
    managers: Vec<(String, String)>,
    /// The form.
    form: Fields,
) -> impl IntoView {
    let base = format!("/work/people/{person}/plan");
    let none = managers.is_empty().then_some(match lies {
        Some(_) => "Nobody else manages the team. Ask whoever keeps the accounts.",
        None => "Nobody manages the team. Ask whoever keeps the accounts.",
    });
    let any = none.is_none();
    let whom = if lies.is_some() { "another" } else { "a" };
    let moves = lies.as_ref().map(|(_, name)| {
        view! { <p>{format!("It lies with {name}. When you submit it to somebody else, {name} cannot read it or sign it off any more.")}</p> }
    });
    let lay = lies.map(|(lies, _)| lies).unwrap_or_default();
    view! {
        <nav class="back" aria-label="Back"><a href=base.clone()>"Plan"</a></nav>
        <Errors form=form.clone()/>
        <h1>{format!("Submit version {version} to {whom} manager")}</h1>
        {moves}
        <p>{format!("They read {called}'s plan, which they may not otherwise, and sign it off or return it with a reason.")}</p>
        {none.map(|none| view! { <p>{none}</p> })}
        {any.then(|| view! {
            <form method="post" action=format!("{base}/submit") novalidate>
                <OneTimeKey form=form.clone()/>
                <input type="hidden" name="version" value=version/>
                <input type="hidden" name="lies" value=lay/>
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
    /// The actions that are shared.
    actions: Vec<Standing>,
    /// What they are to get, had, and have left.
    owed: Vec<Owed>,
    /// The form.
    form: Fields,
    /// Today in London.
    today: Date,
) -> impl IntoView {
    let (number, place) = (version.number, format!("/work/people/{person}/plan/sign"));
    let opinion = match version.state {
        State::Agreed => format!("{called} agrees with all of it."),
        State::Disagreed => format!("{called} does not agree with a part of it: read why."),
        State::Draft | State::Shared | State::SignedOff => {
            format!("{called} has not said yet that they agree with all of it.")
        }
    };
    let owed: Vec<Owed> = owed.into_iter().filter(|one| one.ended_at.is_none()).collect();
    let open = says.iter().any(|say| say.opinion == Opinion::Disagree && say.heard_at.is_none());
    view! {
        <nav class="back" aria-label="Back"><a href="/work">"Today"</a></nav>
        <Errors form=form.clone()/>
        <h1>{format!("{called}: version {number}, submitted to you")}</h1>
        <p class="lead">{opinion}{open.then_some(" Nobody has written down that they talked about it.")}</p>
        <Compared now before says reader=Some(called.clone())/>
        <p class="meta">{format!("Who does what, and the money, as they stand today. What you sign is the words of version {number}.")}</p>
        <Doing actions called=called.clone() today/>
        <h2>{format!("{called}'s money")}</h2>
        {owed.is_empty().then(|| view! { <p>"No money is written down."</p> })}
        <Counted owed/>
        <form class="note" method="post" action=place.clone() data-draft=KEEP_DRAFT novalidate>
            <OneTimeKey form=form.clone()/>
            <input type="hidden" name="version" value=number/>
            <p><button class="btn" name="do" value="sign">"Sign it off"</button></p>
            <TextArea field=form.field("body") label="Or say why you return it" rows=4/>
            <KeepsDraft place=place.clone() form=form.clone()/>
            <p><button class="btn quiet" name="do" value="return">"Return it"</button></p>
        </form>
    }
}

/// Who does what by when, part by part: as it stands today, beside the words that are signed off.
#[component]
fn Doing(actions: Vec<Standing>, called: String, today: Date) -> impl IntoView {
    let none = actions.is_empty().then(|| view! { <p>"Nothing is written down that somebody does."</p> });
    let parts = Heading::ALL.into_iter().filter_map(|heading| {
        let own: Vec<_> = actions.iter().filter(|one| one.heading == heading).cloned().collect();
        (!own.is_empty()).then(|| {
            view! {
                <h3>{heading.title()}</h3>
                <HeadingActions actions=own reader=Reader::Worker(called.clone()) until=None today/>
            }
        })
    });
    let parts = parts.collect_view();
    view! { <h2>"Who does what"</h2>{none}{parts} }
}
