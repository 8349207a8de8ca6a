//! Versions of a plan: all of them, and one beside another.

use leptos::prelude::*;

use super::mine::Texts;
use super::{Said, day};
use crate::plan::{Say, Sheet, Submitted, Version};
use crate::ui::{OneTimeKey, Select};
use crate::web::forms::Fields;

/// `/me/plan/versions` and `/work/people/{id}/plan/versions`.
#[component]
pub fn Versions(
    /// All that were shared, the newest first.
    versions: Vec<Version>,
    /// The address of the plan.
    base: String,
) -> impl IntoView {
    let none = versions.is_empty();
    let rows = versions.into_iter().map(|version| {
        let shared = day(version.shared_at.unwrap_or(version.made_at));
        let from = version.restored_from.map(|from| format!(" Takes up version {from} again."));
        view! {
            <li><a href=format!("{base}/versions/{}", version.number)>
                <strong>{format!("Version {}", version.number)}</strong>" "
                <span>{format!("Shared on {shared}, {}.", version.says())}{from}</span>
            </a></li>
        }
    });
    let rows = rows.collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href=base>"Plan"</a></nav>
        <h1>"All versions"</h1>
        {none.then(|| view! { <p>"No version was shared yet."</p> })}
        <ul class="cards">{rows}</ul>
    }
}

/// One version with what changed since another marked in it, and what was said of it.
#[component]
pub fn Beside(
    /// The version.
    version: Version,
    /// Its parts.
    now: Vec<Sheet>,
    /// The number and the parts of the one that it stands beside.
    before: Option<(i64, Vec<Sheet>)>,
    /// The others that were shared, the newest first.
    others: Vec<Version>,
    /// Another was asked for, and there is none.
    unknown: bool,
    /// What was said of it.
    says: Vec<Say>,
    /// Why a manager returned it.
    returned: Option<String>,
    /// Every time that it was submitted, to a worker.
    submitted: Vec<Submitted>,
    /// The name the young person wants, to a worker.
    reader: Option<String>,
    /// How the newest version stands, to a worker who may take this one up again.
    stands: Option<String>,
    /// The address of the plan.
    base: String,
) -> impl IntoView {
    let number = version.number;
    let beside = before.as_ref().map(|(other, _)| match *other > number {
        false => format!("What is new since version {other} is marked, and what is gone is struck through."),
        true => format!("Version {other} is newer. What stands here and not there is marked. What stands there and not here is struck through."),
    });
    let unknown = unknown.then(|| match &before {
        Some((other, _)) => format!("There is no other version with that number. Here it is beside version {other}."),
        None => "There is no other version with that number.".to_owned(),
    });
    let compare = (!others.is_empty()).then(|| {
        let path = format!("{base}/versions/{number}");
        view! { <CompareWith path others with=before.as_ref().map(|(other, _)| *other)/> }
    });
    // The last reason stands by itself; those before it stand with the time that they belong to.
    let last = submitted.iter().filter_map(|one| one.returned.as_ref().map(|(at, _)| *at)).max();
    let submitted = submitted.into_iter().map(|one| {
        let before = one.returned.filter(|(at, _)| Some(*at) != last).map(|(at, why)| {
            view! { <div class="note"><h2>{format!("Why it was returned on {}", day(at))}</h2><p class="pre">{why}</p></div> }
        });
        view! { <p class="meta">{format!("Submitted to {} by {} on {}.", one.to, one.by, day(one.at))}</p>{before} }
    });
    let submitted = submitted.collect_view();
    let restore = stands.map(|stands| {
        view! {
            <form class="note" method="post" action=format!("{base}/versions/{number}")>
                <h2>"Take this version up again"</h2>
                <p>"How things are and what was agreed come into the next version as they stand here. What stands in a draft there is replaced, and kept in the record. What they want in their own words stays as they wrote it last."</p>
                <OneTimeKey form=Fields::default()/>
                <input type="hidden" name="base" value=stands/>
                <button class="btn quiet">"Use it for the next version"</button>
            </form>
        }
    });
    view! {
        <nav class="back" aria-label="Back"><a href=format!("{base}/versions")>"All versions"</a></nav>
        <h1>{format!("Version {number}")}</h1>
        <p class="meta">{format!("Shared on {}, {}.", day(version.shared_at.unwrap_or(version.made_at)), version.says())}</p>
        {submitted}
        {returned.map(|why| view! { <div class="note"><h2>"Why it was returned"</h2><p class="pre">{why}</p></div> })}
        {compare}
        {unknown.map(|unknown| view! { <p class="note">{unknown}</p> })}
        <p>{beside}</p>
        <Compared now before says reader/>
        {restore}
    }
}

/// The choice of what a version stands beside: it asks for a page, and changes nothing.
#[component]
fn CompareWith(
    /// The address of the version.
    path: String,
    /// The others that were shared.
    others: Vec<Version>,
    /// The one that it stands beside.
    with: Option<i64>,
) -> impl IntoView {
    let choices = others.into_iter().map(|other| {
        let shared = day(other.shared_at.unwrap_or(other.made_at));
        (other.number.to_string(), format!("Version {} of {shared}", other.number))
    });
    let form = Fields::filled([("with", with.map(|with| with.to_string()).unwrap_or_default())]);
    view! {
        <form class="noprint" method="get" action=path>
            <Select field=form.field("with") label="Compare with" choices=choices.collect()/>
            <p><button class="btn quiet">"Compare"</button></p>
        </form>
    }
}

/// The parts of a version beside another.
#[component]
pub(super) fn Compared(
    /// Its parts.
    now: Vec<Sheet>,
    /// The number and the parts of the other.
    before: Option<(i64, Vec<Sheet>)>,
    /// What was said of it.
    says: Vec<Say>,
    /// The name the young person wants, to a worker.
    reader: Option<String>,
) -> impl IntoView {
    let parts = now.into_iter().map(|sheet| {
        let heading = sheet.heading;
        let old = before.as_ref().and_then(|(_, before)| before.iter().find(|old| old.heading == heading)).cloned();
        let own: Vec<_> = says.iter().filter(|say| say.heading == heading).cloned().collect();
        let empty = sheet.is_empty() && old.as_ref().is_none_or(Sheet::is_empty);
        let mine = reader.is_none();
        view! {
            <section class="heading">
                <h2>{heading.title()}</h2>
                {empty.then(|| view! { <p class="meta">"Nothing here."</p> })}
                <Texts sheet before=old mine/>
                {(!own.is_empty()).then(|| view! { <Said says=own called=reader.clone()/> })}
            </section>
        }
    });
    parts.collect_view()
}
