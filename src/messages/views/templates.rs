//! A worker's templates.

use leptos::prelude::*;

use crate::messages::planned::{SHIPPED, Template, TemplateId};
use crate::ui::{Errors, KeepsDraft, OneTimeKey, Submit, TextArea, TextField};
use crate::web::forms::Fields;

const HINT: &str = "{name} becomes the name they want to be called, {me} your name. Leave ____ where something is to be written each time.";

/// `/work/templates`.
#[component]
pub fn Templates(
    /// The worker's own.
    own: Vec<Template>,
    /// The form for another, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let none = own.is_empty();
    let own = own.into_iter().map(|one| {
        view! {
            <li class="place">
                <h3><a href=format!("/work/templates/{}", one.id)>{one.name}</a></h3>
                <div class="body">{one.body}</div>
            </li>
        }
    });
    let own = own.collect_view();
    let shipped = SHIPPED.map(|one| {
        view! { <li class="place"><h3>{one.name}</h3><div class="body">{one.body}</div></li> }
    });
    view! {
        <nav class="back" aria-label="Back"><a href="/work">"Today"</a></nav>
        <Errors form=form.clone()/>
        <h1>"Your templates"</h1>
        <p>"Words that you use again. Nobody else sees yours."</p>
        {none.then(|| view! {
            <p class="lead">"You have none yet."</p>
            <p>"Write the first one below, or use one of those that everybody has: open somebody's messages and choose “Use a template, or send later”."</p>
        })}
        {(!none).then(|| view! { <h2>"Yours"</h2><ul class="thread">{own}</ul> })}
        <h2>"Add a template"</h2>
        <form method="post" action="/work/templates" novalidate>
            <OneTimeKey form=form.clone()/>
            <KeepsDraft place="/work/templates".to_owned() form=form.clone()/>
            <TextField field=form.field("name") label="What do you call it?"/>
            <TextArea field=form.field("body") label="Text" hint=HINT rows=8/>
            <Submit label="Add"/>
        </form>
        <h2>"Templates that everybody has"</h2>
        <ul class="thread">{shipped.into_iter().collect_view()}</ul>
    }
}

/// `/work/templates/{id}`.
#[component]
pub fn TemplatePage(
    /// Which.
    id: TemplateId,
    /// The form, as sent or as it is.
    form: Fields,
) -> impl IntoView {
    let here = format!("/work/templates/{id}");
    view! {
        <nav class="back" aria-label="Back"><a href="/work/templates">"Your templates"</a></nav>
        <Errors form=form.clone()/>
        <h1>"Change a template"</h1>
        <form method="post" action=here novalidate>
            <KeepsDraft place=here.clone() form=form.clone()/>
            <TextField field=form.field("name") label="What do you call it?"/>
            <TextArea field=form.field("body") label="Text" hint=HINT rows=8/>
            <div class="row">
                <button class="btn" name="do" value="save">"Save"</button>
                <button class="btn quiet" name="do" value="delete">"Delete this template"</button>
            </div>
        </form>
    }
}
