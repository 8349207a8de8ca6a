//! One text of the next version.

use leptos::prelude::*;

use crate::plan::{Field, Heading};
use crate::ui::{Errors, OneTimeKey, Submit, TextArea};
use crate::web::forms::Fields;

/// Who writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pen {
    /// The young person.
    Mine,
    /// A worker; the name the young person wants, and whether they wrote it themselves, so that nobody else may.
    Theirs {
        /// The name.
        called: String,
        /// It is theirs alone.
        closed: bool,
    },
}

/// `/me/plan/want/{heading}` and `/work/people/{id}/plan/write/{heading}/{field}`.
#[component]
pub fn Writing(
    /// Of which part.
    heading: Heading,
    /// Which text.
    field: Field,
    /// What stands there now.
    text: String,
    /// Who writes.
    pen: Pen,
    /// Where the form goes.
    action: String,
    /// The page of the plan.
    back: String,
    /// The form.
    form: Fields,
) -> impl IntoView {
    let mine = pen == Pen::Mine;
    let (hint, closed) = match &pen {
        Pen::Mine => (
            "Your own words. Only you can change them. They come into the next version of your plan, and whoever works with you sees them.".to_owned(),
            false,
        ),
        Pen::Theirs { called, closed } => (
            format!("Write it to {called}: short sentences, plain words. It comes into the next version, which they see when you share it."),
            *closed,
        ),
    };
    let back_says = if mine { "My plan" } else { "Plan" };
    // What was sent and not saved stands in the box; what stands in the plan is shown beside it.
    let other = !form.ok() && form.typed("body").trim() != text.trim() && !text.is_empty();
    let stands = other.then(|| view! { <h2>"What stands there now"</h2><p class="pre">{text.clone()}</p> });
    let body = if closed {
        view! {
            <p>"They have written this themselves. Only they can change it."</p>
            <p class="pre">{text}</p>
        }
        .into_any()
    } else {
        view! {
            {stands}
            <form method="post" action=action novalidate>
                <OneTimeKey form=form.clone()/>
                <input type="hidden" name="base" value=form.typed("base").to_owned()/>
                <TextArea field=form.field("body") label=field.title(mine) hint rows=8/>
                <Submit label="Save"/>
            </form>
        }
        .into_any()
    };
    view! {
        <nav class="back" aria-label="Back"><a href=format!("{back}#{}", heading.as_str())>{back_says}</a></nav>
        <Errors form=form.clone()/>
        <h1>{heading.title()}</h1>
        {body}
    }
}
