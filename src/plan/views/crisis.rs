//! What somebody does and whom they call if it goes wrong: on a page, on paper, and as a file of their own.

use leptos::prelude::*;

use crate::editing::when;
use crate::people::PersonId;
use crate::plan::crisis::{ASKED, Boxes, Call, CrisisPlan, call};
use crate::ui::{Errors, KEEP_DRAFT, KeepsDraft, OneTimeKey, Submit, TextArea};
use crate::web::forms::Fields;

/// Every line by itself; a number on it can be called.
fn lines(text: &str) -> impl IntoView + use<> {
    let lines = text.lines().map(|line| match call(line) {
        Some(Call { before, number, dial, after }) => {
            let (before, number, after) = (before.to_owned(), number.to_owned(), after.to_owned());
            view! { <li>{before}<a href=format!("tel:{dial}")>{number}</a>{after}</li> }.into_any()
        }
        None => view! { <li>{line.to_owned()}</li> }.into_any(),
    });
    let lines = lines.collect_view();
    view! { <ul>{lines}</ul> }
}

/// The boxes that hold something.
#[component]
fn Shown(boxes: Boxes) -> impl IntoView {
    let Boxes { signs, helps, calls, place } = boxes;
    let parts = ASKED.into_iter().zip([signs, helps, calls, place]).filter_map(|((field, title), text)| {
        let text = text?;
        let text = if field == "calls" {
            lines(&text).into_any()
        } else {
            view! { <div class="body">{text}</div> }.into_any()
        };
        Some(view! { <section><h2>{title}</h2>{text}</section> })
    });
    parts.collect_view()
}

fn saved(at: i64) -> Option<String> {
    (at > 0).then(|| format!("Saved on {}", when(at)))
}

/// `/me/if-it-goes-wrong`.
#[component]
pub fn CrisisPage(
    /// The plan.
    plan: CrisisPlan,
    /// Lines that answer now.
    now: AnyView,
) -> impl IntoView {
    let none = plan.boxes.is_empty();
    let (edit, says) = ("/me/if-it-goes-wrong/edit", if none { "Write it" } else { "Change it" });
    view! {
        <nav class="back" aria-label="Back"><a href="/me">"Home"</a></nav>
        <h1>"If it goes wrong"</h1>
        {none.then(|| view! {
            <p class="lead">"Write down now what you do on a bad day, and who you call. Then you do not have to think of it when it is hard."</p>
        })}
        <div class="oneside"><Shown boxes=plan.boxes/></div>
        {saved(plan.at).map(|saved| view! { <p class="meta">{saved}". Whoever works with you can read it."</p> })}
        {now}
        <p class="row"><a class="btn" href=edit>{says}</a>" "{(!none).then(|| view! { <a class="btn quiet" href="/me/if-it-goes-wrong/keep">"Keep it on my phone"</a> })}</p>
        {(!none).then(|| view! { <p class="back">"It fits on one sheet when you print this page."</p> })}
    }
}

/// `/me/if-it-goes-wrong/edit`.
#[component]
pub fn EditCrisisPlan(
    /// The form, as sent or as it stands.
    form: Fields,
    /// What stands, when it is not what the form holds: saved elsewhere since it was opened, or typed over and not saved.
    newer: Option<CrisisPlan>,
) -> impl IntoView {
    let newer = newer.map(|newer| {
        view! { <div class="note"><h2>"What stands now"</h2><Shown boxes=newer.boxes/>{saved(newer.at).map(|saved| view! { <p class="meta">{saved}</p> })}</div> }
    });
    let hints = [
        "As in: I stop sleeping. I do not answer anybody.",
        "As in: I go for a walk. Music. I tell somebody.",
        "One on each line, a name and a number.",
        "As in: my aunt's. The drop-in.",
    ];
    let boxes = ASKED.into_iter().zip(hints).map(|((name, label), hint)| {
        view! { <TextArea field=form.field(name) label hint rows=4/> }
    });
    let boxes = boxes.collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href="/me/if-it-goes-wrong">"If it goes wrong"</a></nav>
        <Errors form=form.clone()/>
        <h1>"If it goes wrong"</h1>
        <p>"Write it your way. You can leave boxes empty. Whoever works with you can read it, and nobody else changes it."</p>
        <form method="post" action="/me/if-it-goes-wrong/edit" data-draft=KEEP_DRAFT novalidate>
            <OneTimeKey form=form.clone()/>
            <input type="hidden" name="seen" value=form.typed("seen").to_owned()/>
            <KeepsDraft place="/me/if-it-goes-wrong/edit".to_owned() form=form.clone()/>
            {boxes}
            <Submit label="Save"/>
        </form>
        {newer}
    }
}

/// `/me/if-it-goes-wrong/keep`: what to know before it is a file.
#[component]
pub fn KeepOnPhone() -> impl IntoView {
    view! {
        <nav class="back" aria-label="Back"><a href="/me/if-it-goes-wrong">"If it goes wrong"</a></nav>
        <h1>"Keep it on my phone"</h1>
        <p class="lead">"You get one file. It opens without internet, and holds what you wrote and the help lines."</p>
        <div class="warnbox">
            <h2>"Anybody who uses this phone can read it"</h2>
            <p>"The file has no passphrase, and it stays when you sign out. On a shared phone, print the page instead."</p>
        </div>
        <p><a class="btn" href="/me/if-it-goes-wrong/file" download="my-help.html">"Get the file"</a></p>
        <p><a href="/me/if-it-goes-wrong">"No, go back"</a></p>
    }
}

/// `/work/people/{id}/if-it-goes-wrong`.
#[component]
pub fn TheirCrisisPlan(
    /// The plan.
    plan: CrisisPlan,
    /// The name they want.
    called: String,
    /// Whose.
    person: PersonId,
) -> impl IntoView {
    let none = plan.boxes.is_empty();
    view! {
        <nav class="back" aria-label="Back"><a href=format!("/work/people/{person}")>{called.clone()}</a></nav>
        <h1>{format!("{called}: if it goes wrong")}</h1>
        <p class="lead">{format!("What {called} does and whom they call, in their own words. Only {called} changes it.")}</p>
        {none.then(|| view! { <p>{format!("{called} has not written it yet. You can do it together: they find it on their home page.")}</p> })}
        <div class="oneside"><Shown boxes=plan.boxes/></div>
        {saved(plan.at).map(|saved| view! { <p class="meta">{saved}</p> })}
    }
}

/// The style of the file: it brings all that it needs.
const STYLE: &str = "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:1rem auto;padding:0 1rem}\
    h2{margin:1.2rem 0 .3rem}.body{white-space:pre-wrap;overflow-wrap:anywhere}li{margin-block:.5rem}";

/// The plan as one file that opens in any browser, with no connection.
#[component]
pub fn PhoneCopy(
    /// The plan.
    plan: CrisisPlan,
    /// Help lines with their hours.
    lines: AnyView,
) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en-GB">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width,initial-scale=1"/>
                <title>"My help"</title>
                <style inner_html=STYLE></style>
            </head>
            <body><main>
                <h1>"If it goes wrong"</h1>
                <p><strong>"In danger? "</strong><a href="tel:999">"Call 999"</a></p>
                <Shown boxes=plan.boxes/>
                <h2>"Help lines"</h2>
                {lines}
                {saved(plan.at).map(|saved| view! { <p>{saved}". Get a new file when you change it."</p> })}
            </main></body>
        </html>
    }
}
