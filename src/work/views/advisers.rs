//! `/work/without-adviser`.

use jiff::civil::Date;
use leptos::prelude::*;

use crate::people::{Without, age};

/// `/work/without-adviser`.
#[component]
pub fn WithoutAdviser(
    /// Those who have none now first, then by name.
    people: Vec<Without>,
    /// Today in London.
    today: Date,
) -> impl IntoView {
    let (now, before): (Vec<_>, Vec<_>) = people.into_iter().partition(|person| person.lack.now);
    let none = now.is_empty() && before.is_empty();
    let rows = |people: Vec<Without>| people.into_iter().map(|person| view! { <Row person today/> }).collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href="/work">"Today"</a></nav>
        <h1>"Without a personal adviser"</h1>
        <p class="lead">"Every young person has a personal adviser by the time they are 16. These are the people of your teams who have none, or had none then."</p>
        {none.then(|| view! { <p>"Everybody of 16 or over has one, and had one at 16."</p> })}
        {(!now.is_empty()).then(|| view! {
            <h2>{format!("None now: {}", now.len())}</h2>
            <p>"Appoint somebody in the case system. An administrator brings it in here."</p>
            <ul>{rows(now)}</ul>
        })}
        {(!before.is_empty()).then(|| view! { <h2>{format!("None at 16: {}", before.len())}</h2><ul>{rows(before)}</ul> })}
    }
}

#[component]
fn Row(person: Without, today: Date) -> impl IntoView {
    let at_16 = (person.lack.now && person.lack.at_16).then_some(", had none at 16");
    view! { <li><strong>{person.name}</strong>{format!(", {}, {}", age(person.born_on, today), person.team)}{at_16}</li> }
}
