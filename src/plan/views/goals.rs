//! Ideas for goals: all of them, one to take, and what was agreed as a list of actions to add.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::Reader;
use super::actions::doer;
use crate::dropins::words;
use crate::offer::Source;
use crate::plan::Heading;
use crate::plan::goals::{Goal, mark};
use crate::ui::{Errors, KEEP_DRAFT, KeepsDraft, OneTimeKey, Radios, Submit, Ticks};
use crate::web::forms::Fields;

/// The boxes of the first actions of a goal.
pub const BOXES: [&str; 5] = ["a-1", "a-2", "a-3", "a-4", "a-5"];

/// `/me/plan/goals` and `/work/people/{id}/plan/goals`.
#[component]
pub fn GoalsPage(
    /// All of them.
    goals: Vec<Goal>,
    /// Who reads.
    reader: Reader,
    /// The address under which each stands.
    base: String,
) -> impl IntoView {
    let none = goals.is_empty();
    let (title, lead, empty) = match &reader {
        Reader::Person(_) => (
            "Ideas for goals".to_owned(),
            "Pick what fits you, take it into your plan, and change it as you like. Nothing is saved by looking.",
            "There are no ideas here yet. You can write what you want in your own words.",
        ),
        Reader::Worker(called) => (
            format!("{called}: ideas for goals"),
            "Ideas to talk about. What you take goes into the plan, where it can be changed.",
            "There are no ideas here yet. Write what they want in the plan.",
        ),
    };
    let parts = Heading::ALL.into_iter().filter_map(|heading| {
        let own = goals.iter().filter(|goal| goal.heading == heading);
        let rows: Vec<_> = own
            .map(|goal| view! { <li><a href=format!("{base}/{}", goal.slug)>{goal.name.clone()}</a></li> })
            .collect();
        (!rows.is_empty()).then(|| {
            view! { <section id=heading.as_str()><h2>{heading.title()}</h2><ul>{rows}</ul></section> }
        })
    });
    let parts = parts.collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href=base.trim_end_matches("/goals").to_owned()>"Plan"</a></nav>
        <h1>{title}</h1>
        <p class="lead">{lead}</p>
        {none.then(|| view! { <p>{empty}</p> })}
        {parts}
    }
}

/// `/me/plan/goals/{slug}` and the same for workers.
#[component]
pub fn GoalPage(
    /// The goal.
    goal: Goal,
    /// Where what it claims comes from.
    sources: Vec<Source>,
    /// Which of its actions stand in the plan already.
    stand: Vec<bool>,
    /// Who reads.
    reader: Reader,
    /// The address of all goals.
    base: String,
    /// The reader may take it.
    does: bool,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let mine = matches!(reader, Reader::Person(_));
    let says = |step: &crate::plan::goals::Step| format!("{}: {}", doer(&step.who, &reader), step.text);
    let all = goal.steps.iter().zip(BOXES).zip(&stand);
    let (there, new): (Vec<_>, Vec<_>) = all.partition(|(_, stands)| **stands);
    let boxes: Vec<_> = new.into_iter().map(|((step, name), _)| (form.field(name), says(step))).collect();
    let there: Vec<_> = there.into_iter().map(|((step, _), _)| view! { <li>{says(step)}</li> }).collect();
    let (some, any_there) = (!boxes.is_empty(), !there.is_empty());
    let seen = (mine && some).then(|| {
        let choices = vec![("both", "Me and whoever works with me".to_owned()), ("me", "Only me".to_owned())];
        view! { <Radios field=form.field("sees") label="Who sees what I tick?" hint="If you tick nothing, you can leave this empty. Once something is shared, it stays so." choices/> }
    });
    let place = format!("{base}/{}", goal.slug);
    let label = if mine { "Which of these do you want to add?" } else { "Which of these do you add?" };
    let know = goal.know.clone().map(|know| {
        let from = goal.claims.iter().zip(sources).map(|(claim, source)| {
            let mark = claim.confidence.mark(false).map(|mark| format!(" ({mark})"));
            view! { <li><a href=source.url.clone()>{source.title.clone()}</a>", "{source.date.clone()}{mark}</li> }
        });
        let from = from.collect_view();
        let checked = goal.checked_on.map(|on| format!("Checked on {}. It comes from:", words::date_with_year(on)));
        view! {
            <h2>"Good to know"</h2>
            <p>{know}</p>
            <details><summary>"How we know this"</summary><p class="meta">{checked}</p><ul class="sources">{from}</ul></details>
        }
    });
    let take = does.then(|| {
        let next = if mine {
            "Then you come to the box where you write what you want. These words stand in it, under what you have there. You change them and save."
        } else {
            "Then you come to the box with what they want, unless they wrote that themselves. These words stand in it, under what is there."
        };
        view! {
            <form method="post" action=place.clone() data-draft=KEEP_DRAFT novalidate>
                <OneTimeKey form=form.clone()/>
                <KeepsDraft place=place.clone() form=form.clone()/>
                {some.then(|| view! { <Ticks boxes label hint="Small first steps. You can add others later."/> })}
                {seen}
                <p class="hint">{next}</p>
                <Submit label="Use this"/>
            </form>
        }
    });
    view! {
        <nav class="back" aria-label="Back"><a href=format!("{base}#{}", goal.heading.as_str())>"Ideas for goals"</a></nav>
        <Errors form=form.clone()/>
        <h1>{goal.name.clone()}</h1>
        <p class="meta">{goal.heading.title()}</p>
        <p class="note pre">{goal.want.clone()}</p>
        {any_there.then(|| view! { <h2>"In the plan already"</h2><ul>{there}</ul> })}
        {take}
        {know}
    }
}

/// One line of what was agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// Under which heading.
    pub heading: Heading,
    /// What it says.
    pub text: String,
    /// It is an action already, word for word.
    pub stands: bool,
    /// It is too long for an action.
    pub long: bool,
}

/// `/work/people/{id}/plan/agreed`: what was agreed, to be added as actions.
#[component]
pub fn AgreedPage(
    /// The name they want.
    called: String,
    /// The lines, by heading.
    lines: Vec<Agreed>,
    /// The address of the plan.
    base: String,
    /// How many lines have a box: the rest follow once these are added.
    most: usize,
    /// What is wrong with single fields of lines, by the names of the fields.
    faults: BTreeMap<String, &'static str>,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let none = lines.is_empty();
    let open = lines.iter().filter(|line| !line.stands && !line.long).count();
    let mut boxes = 0;
    let parts: Vec<_> = Heading::ALL
        .into_iter()
        .filter_map(|heading| {
            let own = lines.iter().filter(|line| line.heading == heading);
            let rows: Vec<_> = own
                .map(|line| {
                    let text = line.text.clone();
                    if line.stands {
                        return view! { <li><p class="pre">{text}</p><span class="tag good">"Somebody does this already"</span></li> }.into_any();
                    }
                    if line.long {
                        let new = format!("{base}/actions/new?heading={}", heading.as_str());
                        return view! { <li><p class="pre">{text}</p><a href=new>"Too long for one action: write it in short"</a></li> }.into_any();
                    }
                    boxes += 1;
                    if boxes > most {
                        return ().into_any();
                    }
                    line_box(heading, &text, &called, &faults, &form)
                })
                .collect();
            (!rows.is_empty()).then(|| view! { <section class="heading"><h2>{heading.title()}</h2><ul class="said">{rows}</ul></section> })
        })
        .collect();
    let rest = open.saturating_sub(most);
    let rest = (rest > 0).then(|| view! { <p>{format!("And {rest} more. They come when these are added.")}</p> });
    let body = if none {
        view! { <p>"Nothing is agreed yet. Write it in the plan first, under “What we agreed”: each line can become something that somebody does."</p> }
            .into_any()
    } else if open == 0 {
        view! { <p>"All that you agreed is on somebody's list already."</p>{parts} }.into_any()
    } else {
        view! {
            <p>"Tick what somebody is to do. Each becomes an action under its heading, and both of you see it."</p>
            <form method="post" action=format!("{base}/agreed") id="lines" data-draft=KEEP_DRAFT novalidate>
                <OneTimeKey form=form.clone()/>
                <KeepsDraft place=format!("{base}/agreed") form=form.clone()/>
                {parts}
                {rest}
                <Submit label="Add what is ticked"/>
            </form>
        }
        .into_any()
    };
    view! {
        <nav class="back" aria-label="Back"><a href=base.clone()>"Plan"</a></nav>
        <Errors form=form.clone()/>
        <h1>"What you agreed: who does it?"</h1>
        {body}
        <p class="row"><a href=format!("{base}/actions/new")>"Add something else to do"</a>" "<a href=base.clone()>"Write in the plan"</a></p>
    }
}

/// A line with its box, who does it, and by when. The names of its fields are made of its words, and its box holds the words
/// that were read: what is added is what was seen, whatever was written meanwhile, and what was typed stays with its line.
fn line_box(
    heading: Heading,
    text: &str,
    called: &str,
    faults: &BTreeMap<String, &'static str>,
    form: &Fields,
) -> AnyView {
    let mark = mark(heading, text);
    let tick = format!("t-{}-{mark}", heading.as_str());
    let [who, name, day] = ["w", "o", "d"].map(|field| format!("{field}-{mark}"));
    let (checked, chosen) = (form.typed(&tick) == text, form.typed(&who).to_owned());
    let choice =
        |word: &'static str, says: String| view! { <option value=word selected=chosen == word>{says}</option> };
    let fault = faults.get(&who).copied();
    let bad = fault.is_some().then_some("true");
    view! {
        <li>
            <label class="choice"><input type="checkbox" name=tick value=text.to_owned() checked=checked/><span class="pre">{text.to_owned()}</span></label>
            <div class="field">
                <label for=who.clone()>"Who does it?"<span class="vh">{format!(" {text}")}</span></label>
                {fault.map(|fault| view! { <p class="err" id=format!("{who}-e")><span class="vh">"Error: "</span>{fault}</p> })}
                <select id=who.clone() name=who.clone() aria-invalid=bad aria-describedby=bad.map(|_| format!("{who}-e"))>
                    {choice("staff", "Their worker: whoever leads".to_owned())}
                    {choice("me", called.to_owned())}
                    {choice("other", "Somebody else".to_owned())}
                </select>
            </div>
            {line_field((name, "If it is somebody else: who?", "text"), text, faults, form)}
            {line_field((day, "By when? You can leave it empty.", "date"), text, faults, form)}
        </li>
    }
    .into_any()
}

/// A field of a line: its name, its question and its kind.
fn line_field(
    (name, label, kind): (String, &'static str, &'static str),
    line: &str,
    faults: &BTreeMap<String, &'static str>,
    form: &Fields,
) -> AnyView {
    let fault = faults.get(&name).copied();
    let (value, bad) = (form.typed(&name).to_owned(), fault.is_some().then_some("true"));
    view! {
        <div class="field">
            <label for=name.clone()>{label}<span class="vh">{format!(" {line}")}</span></label>
            {fault.map(|fault| view! { <p class="err" id=format!("{name}-e")><span class="vh">"Error: "</span>{fault}</p> })}
            <input id=name.clone() name=name.clone() type=kind value=value aria-invalid=bad aria-describedby=bad.map(|_| format!("{name}-e"))/>
        </div>
    }
    .into_any()
}
