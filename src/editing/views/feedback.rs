//! What the public told us, as editors read and look after it.

use leptos::prelude::*;

use crate::offer::feedback::{SHOWN, State};
use crate::ui::{Errors, OneTimeKey};
use crate::web::forms::Fields;

/// One thing that somebody told us.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub name: String,
    /// Where the public reads that.
    pub href: String,
    /// Where that is edited, if it is one item.
    pub edited_at: Option<String>,
    /// The team that answers for it.
    pub owner: Option<String>,
    /// What they wrote.
    pub body: String,
    /// How to reach them.
    pub contact: Option<String>,
    /// It sounds like danger.
    pub urgent: bool,
    /// How far staff are with it.
    pub state: State,
    /// When it came.
    pub came: String,
    /// Who has seen it, and when.
    pub seen: Option<String>,
    /// Who is done with it, and when.
    pub done: Option<String>,
    /// What staff say about it.
    pub note: String,
}

/// `/edit/feedback`.
#[component]
pub fn Desk(
    /// What is shown.
    rows: Vec<Row>,
    /// The one state that was asked for.
    only: Option<State>,
    /// How many there are, new, seen and done; `None`: a form that was not taken is shown alone.
    counts: Option<[i64; 3]>,
    /// The form that was not taken.
    form: Fields,
) -> impl IntoView {
    let alone = counts.is_none();
    let filters = counts.map(|[new, seen, done]| {
        let all = [
            ("/edit/feedback", "Not done", new + seen, None),
            ("/edit/feedback?show=new", "New", new, Some(State::New)),
            ("/edit/feedback?show=seen", "Seen", seen, Some(State::Seen)),
            ("/edit/feedback?show=done", "Done", done, Some(State::Done)),
        ];
        let all = all.map(|(href, says, count, state)| {
            let here = (state == only).then_some("page");
            view! { <li><a href=href aria-current=here>{format!("{says} ({count})")}</a></li> }
        });
        view! { <ul class="filters">{all.collect_view()}</ul> }
    });
    let none = rows.is_empty().then(|| view! { <p>"Nothing is waiting here."</p> });
    let full = i64::try_from(rows.len()).is_ok_and(|count| count >= SHOWN);
    let full = full
        .then(|| view! { <p class="note">"These are the first " {SHOWN} ". Mark some as done to see the rest."</p> });
    let sent = form.clone();
    let rows = rows.into_iter().map(|row| {
        let form = if alone { sent.clone() } else { Fields::default() };
        view! { <Item row form level=2 alone/> }
    });
    let rows = rows.collect_view();
    let back = if alone { ("/edit/feedback", "What people told us") } else { ("/edit", "Edit") };
    view! {
        <nav class="back" aria-label="Back"><a href=back.0>{back.1}</a></nav>
        <Errors form/>
        <h1>"What people told us"</h1>
        <p class="lead">"From the link at the end of the public pages. Urgent first, then what nobody has read."</p>
        {filters}
        {none}
        {rows}
        {full}
    }
}

/// What is told of one item and not done with: stands on the page where that is edited.
#[component]
pub fn Told(
    /// What is told.
    rows: Vec<Row>,
) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        let count = rows.len();
        let rows = rows.into_iter().map(|row| view! { <Item row form=Fields::default() level=3 alone=false/> });
        view! {
            <section aria-labelledby="told-h">
                <h2 id="told-h">{format!("What people told us ({count})")}</h2>
                {rows.collect_view()}
                <p><a href="/edit/feedback">"Everything that people told us"</a></p>
            </section>
        }
    })
}

#[component]
fn Item(row: Row, form: Fields, level: u8, alone: bool) -> impl IntoView {
    let name = row
        .edited_at
        .map_or_else(|| row.name.clone().into_any(), |href| view! { <a href=href>{row.name.clone()}</a> }.into_any());
    let urgent = row.urgent.then(|| view! { " " <span class="tag warn">"Urgent: sounds like danger"</span> });
    let (class, says) = match row.state {
        State::New => ("tag", "New"),
        State::Seen => ("tag", "Seen"),
        State::Done => ("tag good", "Done"),
    };
    let heading = view! { {name} {urgent} " " <span class=class>{says}</span> };
    let heading =
        if level == 2 { view! { <h2>{heading}</h2> }.into_any() } else { view! { <h3>{heading}</h3> }.into_any() };
    let lines = row.body.split('\n').map(|line| view! { {line.to_owned()} <br/> }).collect_view();
    let contact = row.contact.unwrap_or_else(|| "They did not say.".to_owned());
    let facts = [("Looked after by", row.owner), ("Seen by", row.seen), ("Done by", row.done)];
    let facts = facts.into_iter().filter_map(|(name, says)| Some(view! { <div><dt>{name}</dt><dd>{says?}</dd></div> }));
    let note = (!row.note.is_empty()).then(|| {
        let lines = row.note.split('\n').map(|line| view! { {line.to_owned()} <br/> }).collect_view();
        view! { <div><dt>"Note for staff"</dt><dd>{lines}</dd></div> }
    });
    let mark = (alone || row.state != State::Done).then(|| {
        view! { <Mark id=row.id name=row.name.clone() can_see=row.state == State::New form alone/> }
    });
    view! {
        <article class="item">
            {heading}
            <blockquote>{lines}</blockquote>
            <dl class="facts">
                <div><dt>"How to reach them"</dt><dd>{contact}</dd></div>
                <div><dt>"It came"</dt><dd>{row.came} ". " <a href=row.href>"See the public page"<span class="vh">": "{row.name}</span></a></dd></div>
                {facts.collect_view()}
                {note}
            </dl>
            {mark}
        </article>
    }
}

/// The two buttons. Many of these stand on one page, so the box has an id only where it stands alone.
#[component]
fn Mark(id: String, name: String, can_see: bool, form: Fields, alone: bool) -> impl IntoView {
    let field = form.field("note");
    let wrong = field.fault.is_some();
    let see = can_see.then(|| {
        view! { <button class="btn quiet" name="do" value="seen">"I have seen it"<span class="vh">": "{name.clone()}</span></button> }
    });
    view! {
        <form method="post" action="/edit/feedback" novalidate>
            <OneTimeKey form/>
            <input type="hidden" name="id" value=id/>
            <div class=if wrong { "field bad" } else { "field" }>
                <label>
                    "Note for staff, if you want. Nothing about the person"
                    {field.fault.map(|fault| view! { <span class="err"><span class="vh">"Error: "</span>{fault}</span> })}
                    <input id=alone.then_some("note") name="note" value=field.value aria-invalid=wrong.then_some("true")/>
                </label>
            </div>
            <div class="row">
                {see}
                <button class="btn" name="do" value="done">"Done"<span class="vh">": "{name}</span></button>
            </div>
        </form>
    }
}
