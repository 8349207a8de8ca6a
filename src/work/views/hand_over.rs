//! Handing over.

use jiff::civil::Date;
use leptos::prelude::*;

use crate::dropins::words;
use crate::people::{HandOverId, StaffId, Theirs};
use crate::ui::{Errors, KeepsDraft, OneTimeKey, Select, Submit, TextArea, TextField};
use crate::web::forms::Fields;

/// A hand-over that is still to come.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What it is called.
    pub id: HandOverId,
    /// Who goes over.
    pub called: String,
    /// To whom.
    pub to: String,
    /// When.
    pub day: Date,
}

/// `/work/hand-over`.
#[component]
pub fn Workers(
    /// Whom the reader manages, and with how many of their people they work.
    staff: Vec<(StaffId, String, i64)>,
) -> impl IntoView {
    let none = staff.is_empty();
    let rows = staff.into_iter().map(|(id, name, many)| {
        let many = if many == 1 { "1 person".to_owned() } else { format!("{many} people") };
        view! { <li><a href=format!("/work/hand-over/{id}")>{name}</a>{format!(", {many}")}</li> }
    });
    view! {
        <nav class="back" aria-label="Back"><a href="/work">"Today"</a></nav>
        <h1>"Hand over"</h1>
        <p>"Whose young people go to another worker? One of them, or all at once."</p>
        {none.then(|| view! { <p>"Nobody whom you manage works with anybody yet."</p> })}
        <ul>{rows.collect_view()}</ul>
    }
}

/// `/work/hand-over/{id}`.
#[component]
pub fn HandOverPage(
    /// From whom.
    from: StaffId,
    /// Their name.
    name: String,
    /// With whom they work.
    theirs: Vec<Theirs>,
    /// Who could take over.
    takers: Vec<(String, String)>,
    /// What is planned.
    planned: Vec<Planned>,
    /// Today.
    today: Date,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let here = format!("/work/hand-over/{from}");
    let day = |date| words::day_seen_from(date, today);
    let sent = form.all().any(|(field, _)| field == "to");
    let boxes = theirs.iter().map(|(person, called, lead)| {
        let field = format!("p-{person}");
        // At first all are ticked: a whole caseload is what is handed over most.
        let ticked = !sent || form.all().any(|(known, _)| known == field);
        let says = if *lead { called.clone() } else { format!("{called} (somebody else leads)") };
        view! { <label class="choice"><input type="checkbox" name=field value="yes" checked=ticked/>{says}</label> }
    });
    let boxes = boxes.collect_view();
    let none = theirs.is_empty();
    let fault = form.field("people").fault;
    let bad = fault.as_ref().map(|_| "bad");
    let planned = planned.into_iter().map(|plan| {
        view! {
            <li>
                <p>{format!("{} to {}, on {}", plan.called, plan.to, day(plan.day))}</p>
                <form method="post" action=here.clone()>
                    <button class="btn quiet" name="drop" value=plan.id.to_string()>"Take this back"<span class="vh">{format!(", {}", plan.called)}</span></button>
                </form>
            </li>
        }
    });
    let planned: Vec<_> = planned.collect();
    let action = format!("/work/hand-over/{from}");
    view! {
        <nav class="back" aria-label="Back"><a href="/work/hand-over">"Hand over"</a></nav>
        <Errors form=form.clone()/>
        <h1>{format!("Hand over from {name}")}</h1>
        {none.then(|| view! { <p class="lead">"They work with nobody whom you manage."</p> })}
        {(!none).then(|| view! {
            <p>"Messages keep their place and their time, marks and drafts go along, and the old worker's access ends at once. Each young person reads in their messages who it was and who it is now."</p>
            <form method="post" action=action novalidate>
                <OneTimeKey form=form.clone()/>
                <KeepsDraft place=here.clone() form=form.clone()/>
                <fieldset id="people" class=bad>
                    <legend>"Who?"</legend>
                    {fault.map(|fault| view! { <p class="err" id="people-e"><span class="vh">"Error: "</span>{fault}</p> })}
                    <div class="ticks">{boxes}</div>
                </fieldset>
                <Select field=form.field("to") label="To whom?" choices=takers/>
                <TextField field=form.field("day") label="From which day?" hint="Today, or a day to come: then they are told before." kind="date"/>
                <TextArea field=form.field("note") label="What should the next worker know? (you may leave it empty)" hint="A note in each record. The young person can ask to read it."/>
                <Submit label="Hand over"/>
            </form>
        })}
        {(!planned.is_empty()).then(|| view! { <h2>"Planned"</h2><ul class="plain">{planned}</ul> })}
    }
}
