//! One text of the next version.

use leptos::prelude::*;

use crate::plan::{Field, Heading};
use crate::ui::{Errors, KEEP_DRAFT, KeepsDraft, OneTimeKey, Submit, TextArea};
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
    /// An idea for a goal was put into the box.
    idea: bool,
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
    let law = if mine {
        view! { <p><a href="/offer/pathway-plan">"What the law says must be in each part"</a></p> }.into_any()
    } else {
        let says = format!(
            "A plan and each review of it must deal with: {}. (Care Leavers (England) Regulations 2010, schedule 1, paragraph {})",
            heading.law(),
            heading.paragraph()
        );
        view! { <details><summary>"What the law says must be in this part"</summary><p>{says}</p></details> }.into_any()
    };
    let back_says = if mine { "My plan" } else { "Plan" };
    // What was sent and not saved stands in the box; what stands in the plan is shown beside it.
    let other = form.typed("body").trim() != text.trim() && !text.is_empty();
    let stands = other.then(|| view! { <h2>"What stands there now"</h2><p class="pre">{text.clone()}</p> });
    let body = if closed {
        // What a worker wrote while the young person did is theirs to take elsewhere.
        let lost = form.typed("body").trim().to_owned();
        let lost = (!form.ok() && !lost.is_empty()).then(|| {
            view! {
                <h2 id="body">"What you wrote, and what was not saved"</h2>
                <p class="pre">{lost}</p>
                <p>"Copy it if you want to say it elsewhere: under “How things are now”, or in a message."</p>
            }
        });
        view! {
            <p>"They have written this themselves. Only they can change it."</p>
            <p class="pre">{text}</p>
            {lost}
        }
        .into_any()
    } else {
        view! {
            {stands}
            {idea.then(|| view! { <p class="note">"The idea stands in the box, under what was there. Change it as you like. It is not saved before you press Save."</p> })}
            <form method="post" action=action.clone() data-draft=KEEP_DRAFT novalidate>
                <OneTimeKey form=form.clone()/>
                <input type="hidden" name="base" value=form.typed("base").to_owned()/>
                <input type="hidden" name="goal" value=form.typed("goal").to_owned()/>
                <TextArea field=form.field("body") label=field.title(mine) hint rows=8/>
                <KeepsDraft place=action.clone() form=form.clone()/>
                <Submit label="Save"/>
            </form>
        }
        .into_any()
    };
    view! {
        <nav class="back" aria-label="Back"><a href=format!("{back}#{}", heading.as_str())>{back_says}</a></nav>
        <Errors form=form.clone()/>
        <h1>{heading.title()}</h1>
        {law}
        {body}
    }
}
