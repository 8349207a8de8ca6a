//! Where somebody lives and what they do; how often they are asked and spoken with.

use leptos::prelude::*;

use crate::people::{PersonId, SpellKind};
use crate::ui::{Errors, KeepsDraft, Radios, Select, Submit, TextArea, TextField};
use crate::web::forms::Fields;

/// How often somebody can be asked for a check-in, in days.
pub const CHECK_INS: &[(i64, &str)] =
    &[(0, "Only when they want to"), (7, "Every week"), (14, "Every 2 weeks"), (28, "Every 4 weeks")];

/// How often somebody can be spoken with, in weeks.
pub const CONTACTS: &[(i64, &str)] = &[
    (0, "Not agreed yet"),
    (1, "At least every week"),
    (2, "At least every 2 weeks"),
    (4, "At least every 4 weeks"),
    (6, "At least every 6 weeks"),
    (8, "At least every 8 weeks"),
];

/// `/work/people/{id}/home` and `/day`.
#[component]
pub fn NewSpell(
    /// Whose.
    person: PersonId,
    /// The name they want.
    called: String,
    /// What it is of.
    kind: SpellKind,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let base = format!("/work/people/{person}");
    let action = format!("{base}/{}", kind.address());
    let choices = kind.choices().iter().map(|(word, says)| (*word, (*says).to_owned())).collect();
    let yes_no =
        || vec![("yes", "Yes".to_owned()), ("no", "No".to_owned()), ("unknown", "I do not know yet".to_owned())];
    let (title, question, hint) = match kind {
        SpellKind::Home => {
            ("Where they live", "What kind of home?", "The address, who runs it. You can leave it empty.")
        }
        SpellKind::Occupation => {
            ("What they do by day", "What is it?", "Where, how many hours. You can leave it empty.")
        }
    };
    let home = (kind == SpellKind::Home).then(|| {
        view! {
            <Radios field=form.field("provided") label="Does the council provide it?" hint="Visits by law go by this." choices=yes_no()/>
            <Radios field=form.field("suitable") label="Is it suitable?" choices=yes_no()/>
        }
    });
    let what = match kind {
        SpellKind::Home => vec![
            ("new", "They moved, or nothing stands here yet".to_owned()),
            ("same", "They live where it says, and something about it is wrong".to_owned()),
        ],
        SpellKind::Occupation => vec![
            ("new", "It has changed, or nothing stands here yet".to_owned()),
            ("same", "It has not changed, and something about it is wrong".to_owned()),
        ],
    };
    view! {
        <nav class="back" aria-label="Back"><a href=base>{called}</a></nav>
        <Errors form=form.clone()/>
        <h1>{title}</h1>
        <p>"What stood here before is kept, with its dates."</p>
        <form method="post" action=action novalidate>
            <KeepsDraft place=action.clone() form=form.clone()/>
            <Radios field=form.field("what") label="What do you write down?" choices=what/>
            <Radios field=form.field("value") label=question choices/>
            {home}
            <TextField field=form.field("from") label="Since which day?" hint="As in 2026-12-04. When you put something right, the day that stands here stays." kind="date"/>
            <TextArea field=form.field("detail") label="More about it (you can leave it empty)" hint rows=2/>
            <Submit label="Save"/>
        </form>
    }
}

/// `/work/people/{id}/rhythm`.
#[component]
pub fn HowOften(
    /// Whose.
    person: PersonId,
    /// The name they want.
    called: String,
    /// The form, as sent, or with what was agreed.
    form: Fields,
) -> impl IntoView {
    let base = format!("/work/people/{person}");
    let of = |choices: &'static [(i64, &'static str)]| {
        choices.iter().map(|(number, says)| (number.to_string(), (*says).to_owned())).collect::<Vec<_>>()
    };
    view! {
        <nav class="back" aria-label="Back"><a href=base.clone()>{called.clone()}</a></nav>
        <Errors form=form.clone()/>
        <h1>"How often you ask and speak"</h1>
        <p>{format!("Agree it with {called}. When it is late, you are reminded. They are never told off for it.")}</p>
        <form method="post" action=format!("{base}/rhythm") novalidate>
            <Select field=form.field("check-in") label="How often do you ask for a check-in?" choices=of(CHECK_INS)/>
            <Select field=form.field("contact") label="How often do you speak or meet?" hint="Until you agree something, we remind you after 8 weeks." choices=of(CONTACTS)/>
            <Submit label="Save"/>
        </form>
    }
}
