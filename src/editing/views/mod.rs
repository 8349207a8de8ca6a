//! What editors see: all they can do, a page with its history, sessions with their dates.

pub mod changes;
pub mod confirming;
pub mod dropins;
pub mod facts;
pub mod feedback;
pub mod history;
pub mod lists;
pub mod pages;

use leptos::prelude::*;

use super::{Told, called, list_path};
use crate::content::Kind;

/// One page in the list of what can be edited.
#[derive(Debug, Clone)]
pub struct PageRow {
    /// Where it is edited.
    pub path: String,
    /// Its title.
    pub title: String,
    /// When and by whom it was last changed; `None`: it is as it came with the release.
    pub changed: Option<String>,
    /// What an editor should look at, in a few words each.
    pub tags: Vec<String>,
}

/// A stored edit that no longer passes the checks.
#[derive(Debug, Clone)]
pub struct RefusedRow {
    /// What it is, in words.
    pub name: String,
    /// Where it is mended, if here.
    pub path: Option<String>,
    /// What stands against it.
    pub faults: Vec<Told>,
}

/// How many things nobody has confirmed in the last 90 days.
#[derive(Debug, Clone, Copy)]
pub struct Unsure {
    /// Help lines.
    pub lines: usize,
    /// Sessions with known dates.
    pub sessions: usize,
}

/// What the public told us and nobody is done with.
#[derive(Debug, Clone, Copy)]
pub struct Waiting {
    /// Nobody has read it.
    pub new: i64,
    /// Somebody looks after it.
    pub seen: i64,
    /// How many of both sound like danger.
    pub urgent: i64,
}

/// `/edit`.
#[component]
pub fn Desk(
    /// The pages of the offer.
    offer: Vec<PageRow>,
    /// The pages about this site.
    service: Vec<PageRow>,
    /// What was stored and is not shown.
    refused: Vec<RefusedRow>,
    /// What somebody should check.
    unsure: Unsure,
    /// What the public told us.
    told: Waiting,
) -> impl IntoView {
    let refused = (!refused.is_empty()).then(|| {
        let rows = refused.into_iter().map(|row| {
            let name = match row.path {
                Some(path) => view! { <a href=path>{row.name}</a> }.into_any(),
                None => row.name.into_any(),
            };
            view! { <h3>{name}</h3> <FaultList rows=row.faults/> }
        });
        view! {
            <h2>"Edits that are not shown"</h2>
            <p>"These were published before and no longer pass the checks. The public sees the text before them."</p>
            {rows.collect_view()}
        }
    });
    const KINDS: [(Kind, &str); 8] = [
        (Kind::Entitlement, "Each is held once: every page that names it follows."),
        (Kind::Line, "Numbers, hours and what each is for."),
        (Kind::Term, "Care words, explained once."),
        (Kind::Goal, "What young people can take into their plan and change."),
        (Kind::Source, "How we know what we say."),
        (Kind::Holiday, "Days on which places may be closed."),
        (Kind::Locality, "The areas of the service."),
        (Kind::District, "Which area each belongs to, and its towns."),
    ];
    let kinds = KINDS.map(|(kind, says)| {
        view! { <li><a href=list_path(kind)><strong>{called(kind).1}</strong> " " <span>{says}</span></a></li> }
    });
    let kinds = kinds.collect_view();
    view! {
        <h1>"Edit"</h1>
        <p class="lead">"What you publish is checked first. The public pages follow at once."</p>
        <ul class="cards">
            <li><a href="/edit/feedback">
                <strong>"What people told us"</strong> " " <span>{told.new} " new, " {told.seen} " seen and not done"</span>
                {(told.urgent > 0).then(|| view! { " " <span class="tag warn">{told.urgent} " urgent"</span> })}
            </a></li>
            <li><a href="/edit/drop-ins"><strong>"Drop-ins"</strong> " " <span>"Close or change a session, add one, undo it, confirm it."</span></a></li>
            <li><a href="/edit/places"><strong>"Places and sessions"</strong> " " <span>"Add a place or a session, change its facts or its rule."</span></a></li>
            <li><a href="/edit/confirm/sessions">
                <strong>"Confirm sessions"</strong> " " <span>{unsure.sessions} " not confirmed in the last 90 days"</span>
            </a></li>
            <li><a href="/edit/confirm/lines">
                <strong>"Confirm help lines"</strong> " " <span>{unsure.lines} " not confirmed in the last 90 days"</span>
            </a></li>
            {kinds}
            <li><a href="/edit/history">
                <strong>"Who changed what"</strong> " " <span>"Everything that was published, taken off or confirmed."</span>
            </a></li>
        </ul>
        {refused}
        <h2>"Pages of the offer"</h2>
        <Rows rows=offer/>
        <h2>"Pages about this site"</h2>
        <Rows rows=service/>
    }
}

#[component]
fn Rows(rows: Vec<PageRow>) -> impl IntoView {
    let rows = rows.into_iter().map(|row| {
        let tags = row.tags.into_iter().map(|tag| view! { " " <span class="tag warn">{tag}</span> });
        let changed = row.changed.unwrap_or_else(|| "As it came with the release".to_owned());
        view! {
            <li><a href=row.path><strong>{row.title}</strong> " " <span>{changed}</span>{tags.collect_view()}</a></li>
        }
    });
    view! { <ul class="cards">{rows.collect_view()}</ul> }
}

/// What stands against a text, or could be better in it.
#[component]
pub fn FaultList(
    /// Errors first.
    rows: Vec<Told>,
) -> impl IntoView {
    let rows = rows.into_iter().map(|row| {
        let class = if row.error { "fault error" } else { "fault warning" };
        let quote = row.quote.map(|quote| view! { " " <q>{quote}</q> });
        view! { <li class=class><strong>{row.place}</strong> " " <span>{row.says}</span>{quote}</li> }
    });
    let rows = rows.collect_view();
    (!rows.is_empty()).then(|| view! { <ul class="faults">{rows}</ul> })
}
