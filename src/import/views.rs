//! `/admin/import`: choosing files, and what would become of their rows.

use leptos::prelude::*;

use super::{Bad, KeptId, Lacking, Outcome, Report, Sheet};
use crate::ui::{Errors, FileField, Submit};
use crate::web::forms::Fields;

/// At most so many bad rows, and keys, stand on the page; the rest is in the file to download.
const SHOWN: usize = 50;

/// `/admin/import`.
#[component]
pub fn ImportPage(
    /// The form, empty but for what is wrong.
    form: Fields,
) -> impl IntoView {
    let fields = Sheet::ALL.map(|sheet| {
        let (needed, optional) = (sheet.needed().join(", "), sheet.optional().join(", "));
        let hint = format!("Columns: {needed}. It may also have: {optional}.");
        view! { <FileField field=form.field(sheet.as_str()) label=sheet.title() hint accept=".csv,text/csv"/> }
    });
    view! {
        <nav class="back" aria-label="Back"><a href="/admin">"Staff"</a></nav>
        <Errors form=form.clone()/>
        <h1>"Import from the case system"</h1>
        <p class="lead">"Choose one file or more. First you see what they would do: nothing is changed before you say so."</p>
        <form method="post" action="/admin/import" enctype="multipart/form-data" novalidate>
            {fields.collect_view()}
            <Submit label="See what they would do"/>
        </form>
        <p>"CSV files in UTF-8, at most 25,000 rows each and 10 MB together. The first line names the columns, in any order. The files are kept sealed for an hour, for you alone."</p>
    }
}

/// `/admin/import/{id}`.
#[component]
pub fn Tried(
    /// Which files.
    id: KeptId,
    /// What would become of their rows.
    report: Report,
    /// Who lacks an adviser.
    lacking: Lacking,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let action = format!("/admin/import/{id}");
    let (news, bad) = (report.news(), report.bad());
    let counts = report.of.iter().map(|(sheet, outcome)| {
        view! { <div><dt>{sheet.title()}</dt><dd>{told(outcome)}</dd></div> }
    });
    let counts = counts.collect_view();
    let go = if news == 0 {
        view! { <p class="lead">"The good rows change nothing: what they say is here."</p> }.into_any()
    } else {
        let says = if bad == 0 { "Import these rows" } else { "Import the good rows" };
        view! { <p><button class="btn" name="do" value="import">{says}</button></p> }.into_any()
    };
    let left_out = report.of.into_iter().filter(|(_, outcome)| !outcome.bad.is_empty());
    let left_out = left_out.map(|(sheet, outcome)| view! { <LeftOut id sheet bad=outcome.bad/> }).collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href="/admin/import">"Import from the case system"</a></nav>
        <Errors form/>
        <h1>"What these files would do"</h1>
        <dl class="facts">{counts}</dl>
        <form method="post" action=action id="do">
            {go}
            <p><button class="btn quiet" name="do" value="forget">"Forget these files"</button></p>
        </form>
        {(bad > 0).then(|| view! { <p>"Rows with something wrong are left out, and the others go in. Mend the rows that were left out and import them again: what is in already stays as it is."</p> })}
        {left_out}
        <Advisers lacking/>
    }
}

fn told(outcome: &Outcome) -> String {
    let Outcome { added, changed, same, bad, .. } = outcome;
    format!("{added} to add, {changed} to change, {same} as they are, {} left out", bad.len())
}

#[component]
fn LeftOut(id: KeptId, sheet: Sheet, bad: Vec<Bad>) -> impl IntoView {
    let more = bad.len().saturating_sub(SHOWN);
    let rows = bad.into_iter().take(SHOWN).map(|row| {
        view! { <li><strong>{format!("Line {}: ", row.line)}</strong>{row.reason}</li> }
    });
    view! {
        <h2>{format!("Left out: {}", sheet.title())}</h2>
        <ul>{rows.collect_view()}</ul>
        {(more > 0).then(|| view! { <p>{format!("And {more} more in the file.")}</p> })}
        <form method="get" action=format!("/admin/import/{id}/bad/{}", sheet.as_str())>
            <p><button class="btn quiet">{format!("Download these rows: {}", sheet.title())}</button></p>
        </form>
    }
}

#[component]
fn Advisers(lacking: Lacking) -> impl IntoView {
    let Lacking { due, without_now, without_at_16, now, at_16 } = lacking;
    view! {
        <h2>"Personal advisers"</h2>
        <p>{format!("Here now are {due} young people of 16 or over. {without_now} have no personal adviser, and {without_at_16} had none when they turned 16.")}</p>
        <Keys keys=now says="Keys of your file without a personal adviser now"/>
        <Keys keys=at_16 says="Keys of your file without one when they turned 16"/>
    }
}

#[component]
fn Keys(keys: Vec<String>, says: &'static str) -> impl IntoView {
    let (many, more) = (keys.len(), keys.len().saturating_sub(SHOWN));
    let shown = keys.into_iter().take(SHOWN).collect::<Vec<_>>().join(", ");
    let more = if more > 0 { format!(", and {more} more: `portal import --check` prints all") } else { String::new() };
    (many > 0).then(|| view! { <h3>{format!("{says}: {many}")}</h3><p>{format!("{shown}{more}.")}</p> })
}
