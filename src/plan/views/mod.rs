//! The plan as a page.

use jiff::civil::Date;
use leptos::prelude::*;

use super::{Action, Doer, Plan, Progress, Section};
use crate::clock::{from_micros, london_date};
use crate::dropins::words;

/// Whose eyes the plan is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The young person; the name of the worker who leads, if there is one.
    Person(Option<String>),
    /// A worker; the name the young person wants to be called by.
    Worker(String),
}

/// A whole plan, or a kind word when there is none yet.
#[component]
pub fn PlanPage(
    /// The plan.
    plan: Option<Plan>,
    /// Who reads.
    reader: Reader,
    /// Today in London.
    today: Date,
) -> impl IntoView {
    let (title, lead, none) = match &reader {
        Reader::Person(worker) => {
            let worker = worker.clone().unwrap_or_else(|| "your personal adviser".to_owned());
            (
                "My plan".to_owned(),
                format!("This is your pathway plan. You and {worker} make it together."),
                format!("Your plan is not here yet. Ask {worker} when you can make it together."),
            )
        }
        Reader::Worker(called) => (
            format!("{called}: plan"),
            format!("What {called} sees of their pathway plan."),
            format!("There is no plan for {called} in this service yet."),
        ),
    };
    let ask = matches!(reader, Reader::Person(_));
    let body = match plan {
        None => view! {
            <p>{none}</p>
            <p><a href="/offer/pathway-plan">"What a pathway plan is, and what must be in it"</a></p>
        }
        .into_any(),
        Some(plan) => {
            let made = words::date_with_year(london_date(from_micros(plan.made_at)));
            let review = plan.review_on.map(|on| {
                let late = if on < today { " This date has passed." } else { "" };
                format!(" We talk about it again by {}.{late}", words::date_with_year(on))
            });
            let sections =
                plan.sections.into_iter().map(|section| view! { <OneSection section reader=reader.clone() today/> });
            view! {
                <p class="meta">{format!("Version {}, shared on {made}.", plan.version)}{review}</p>
                {sections.collect_view()}
            }
            .into_any()
        }
    };
    view! {
        <h1>{title}</h1>
        <p class="lead">{lead}</p>
        {body}
        {ask.then(|| view! {
            <div class="note">
                <h2>"Something not right in it?"</h2>
                <p>"It is your plan, so say so. "<a href="/me/messages">"Write a message"</a>" and it will be talked about."</p>
            </div>
        })}
    }
}

#[component]
fn OneSection(section: Section, reader: Reader, today: Date) -> impl IntoView {
    let empty =
        section.now.is_none() && section.want.is_none() && section.agreed.is_none() && section.actions.is_empty();
    let part = |label: &'static str, text: Option<String>| {
        text.map(|text| view! { <h3>{label}</h3><p class="pre">{text}</p> })
    };
    let want = if matches!(reader, Reader::Person(_)) { "What I want" } else { "What they want" };
    let actions = section
        .actions
        .into_iter()
        .map(|action| view! { <OneAction action reader=reader.clone() today/> })
        .collect::<Vec<_>>();
    view! {
        <section class="heading">
            <h2>{section.heading.title()}</h2>
            {empty.then(|| view! { <p class="meta">"Nothing here yet."</p> })}
            {part("How things are now", section.now)}
            {part(want, section.want)}
            {part("What we agreed", section.agreed)}
            {(!actions.is_empty()).then(|| view! { <h3>"Who does what"</h3><ul class="actions">{actions}</ul> })}
        </section>
    }
}

#[component]
fn OneAction(action: Action, reader: Reader, today: Date) -> impl IntoView {
    let who = match (&action.who, &reader) {
        (Doer::Me, Reader::Person(_)) => "Me".to_owned(),
        (Doer::Me, Reader::Worker(called)) => called.clone(),
        (Doer::Staff, Reader::Person(Some(worker))) => worker.clone(),
        (Doer::Staff, Reader::Person(None)) => "My personal adviser".to_owned(),
        (Doer::Staff, Reader::Worker(_)) => "You".to_owned(),
        (Doer::Other(name), _) => name.clone(),
    };
    let open = matches!(action.state, Progress::NotStarted | Progress::Doing);
    let late = open && action.due_on.is_some_and(|due| due < today);
    let by = action.due_on.map(|due| format!(", by {}", words::date_with_year(due)));
    let tag = match action.state {
        Progress::Done => "tag good",
        Progress::Doing => "tag",
        Progress::NotStarted | Progress::Dropped => "tag off",
    };
    view! {
        <li class=(action.state == Progress::Done).then_some("done")>
            {action.text}" "<span class=tag>{action.state.title()}</span>" "
            {late.then(|| view! { <span class="tag warn">"Late"</span> })}
            <span class="meta">{who}{by}</span>
        </li>
    }
}
