//! What staff did to the content.

use leptos::prelude::*;

/// One thing that somebody did.
#[derive(Debug, Clone)]
pub struct Deed {
    /// When and by whom.
    pub made: String,
    /// What was done, such as `Published the page`.
    pub did: String,
    /// To what.
    pub name: String,
    /// Where that is edited.
    pub path: String,
    /// Why or how.
    pub note: String,
}

/// `/edit/history`.
#[component]
pub fn History(
    /// Newest first.
    rows: Vec<Deed>,
    /// Where those before these stand.
    earlier: Option<String>,
) -> impl IntoView {
    let none = rows.is_empty().then(|| view! { <p>"Nobody has changed or confirmed anything yet."</p> });
    let rows = rows.into_iter().map(|deed| {
        let note = (!deed.note.is_empty()).then(|| view! { <p>{deed.note}</p> });
        view! {
            <li>
                <p>{deed.did} " " <a href=deed.path><strong>{deed.name}</strong></a></p>
                <p class="meta">{deed.made}</p>
                {note}
            </li>
        }
    });
    let rows = rows.collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href="/edit">"Edit"</a></nav>
        <h1>"Who changed what"</h1>
        <p class="lead">"Everything that was published, taken off or confirmed, newest first."</p>
        {none}
        <ol class="editions">{rows}</ol>
        {earlier.map(|href| view! { <p><a class="btn quiet" href=href>"Earlier"</a></p> })}
    }
}
