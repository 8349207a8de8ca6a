//! The form that changes some days of a session, and how they will read.

use leptos::prelude::*;

use super::super::changes::{Target, kind};
use crate::dropins::ExceptionKind;
use crate::dropins::views::{Row, Times};
use crate::ui::{Errors, OneTimeKey, Radios, Select, TextField};
use crate::web::forms::Fields;

/// What stands on the page beside the form.
#[derive(Debug, Clone)]
pub struct Looked {
    /// What is changed.
    pub target: Target,
    /// Its name, and its place.
    pub title: String,
    /// When it meets, in words.
    pub rules: Vec<String>,
    /// Every place where it could be, with its name.
    pub places: Vec<(String, String)>,
    /// The coming dates as they read now.
    pub now: Vec<Row>,
    /// As they will read; `None` before anybody asked.
    pub then: Option<Vec<Row>>,
    /// What others changed since the form was opened.
    pub theirs: Vec<String>,
}

/// `/edit/drop-ins/change`.
#[component]
pub fn Change(
    /// What is changed, and how it reads.
    looked: Looked,
    /// The address of this page.
    path: String,
    /// The form.
    form: Fields,
) -> impl IntoView {
    let Looked { target, title, rules, places, now, then, theirs } = looked;
    let whole_place = matches!(target, Target::Place(_));
    let heading = if whole_place { format!("Close {title}") } else { format!("Change {title}") };
    let rules = rules.into_iter().map(|rule| view! { <p>{rule}</p> });
    let theirs = (!theirs.is_empty()).then(|| {
        let rows = theirs.into_iter().map(|says| view! { <li>{says}</li> });
        view! {
            <div class="note">
                <h2>"Changed since you opened this page"</h2>
                <ul>{rows.collect_view()}</ul>
                <p>"Nothing of yours was published. Your words are still below. Press the button again if you still want it."</p>
            </div>
        }
    });
    let what = if whole_place {
        view! { <input type="hidden" name="what" value="closed"/> }.into_any()
    } else {
        view! { <What places form=form.clone()/> }.into_any()
    };
    let changes: Option<Vec<Row>> =
        then.as_ref().map(|then| then.iter().filter(|row| !now.contains(row)).cloned().collect());
    let changes = changes.filter(|rows| !rows.is_empty()).map(|rows| view! { <h2>"What changes"</h2> <Times rows/> });
    let after = then.is_some();
    let rows = then.unwrap_or(now);
    view! {
        <nav class="back" aria-label="Back"><a href="/edit/drop-ins">"Drop-ins"</a></nav>
        <Errors form=form.clone()/>
        <h1>{heading}</h1>
        {rules.collect_view()}
        {theirs}
        <form method="post" action=path novalidate>
            <OneTimeKey form=form.clone()/>
            <input type="hidden" name="seen" value=form.typed("seen").to_owned()/>
            <TextField field=form.field("from") label="First day" kind="date" narrow=true/>
            <TextField field=form.field("to") label="Last day" kind="date" narrow=true
                hint="Leave it at the same day to change one session."/>
            {what}
            <TextField field=form.field("reason") label="Why?"
                hint="Everyone can read this. A few plain words, such as: Staff training. Name nobody."/>
            <div class="row">
                <button class="btn quiet" name="do" value="preview">"Preview"</button>
                <button class="btn" name="do" value="publish">"Publish"</button>
            </div>
        </form>
        {changes}
        <h2>{if after { "How the next weeks will read" } else { "How the next weeks read now" }}</h2>
        {if rows.is_empty() {
            view! { <p>"No dates are known."</p> }.into_any()
        } else {
            view! { <Times rows/> }.into_any()
        }}
    }
}

/// What changes, with the fields that each choice needs.
#[component]
fn What(places: Vec<(String, String)>, form: Fields) -> impl IntoView {
    let choices = [
        ("closed", ExceptionKind::Closed),
        ("other-hours", ExceptionKind::OtherHours),
        ("other-place", ExceptionKind::OtherPlace),
        ("extra", ExceptionKind::Extra),
    ];
    let choices = choices.map(|(word, what)| (word, kind(what).to_owned())).to_vec();
    let places = std::iter::once((String::new(), "The usual place".to_owned())).chain(places).collect::<Vec<_>>();
    view! {
        <Radios field=form.field("what") label="What changes?" choices/>
        <fieldset>
            <legend>"Times"</legend>
            <p class="hint">"For other times, and for one more. Such as 4pm or 16:30."</p>
            <div class="pair">
                <TextField field=form.field("open") label="From" narrow=true/>
                <TextField field=form.field("close") label="To" narrow=true/>
            </div>
            <details open=!form.typed("open2").is_empty() || !form.typed("close2").is_empty()>
                <summary>"Twice on that day"</summary>
                <div class="pair">
                    <TextField field=form.field("open2") label="Again from" narrow=true/>
                    <TextField field=form.field("close2") label="To" narrow=true/>
                </div>
            </details>
        </fieldset>
        <Select field=form.field("at") label="Place" hint="For another place. One more may be elsewhere too." choices=places/>
    }
}
