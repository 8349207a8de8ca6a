//! The search box and what it found.

use leptos::prelude::*;

use super::Found;

/// What came of a question.
#[derive(Debug)]
pub struct Answer {
    /// What was asked; empty when nothing was.
    pub asked: String,
    /// The best first.
    pub found: Vec<Found>,
    /// Who to call now, when the words sound like it.
    pub help: Option<AnyView>,
}

/// The box. A plain form that asks for a page: it works on pages that are drawn once for everybody.
#[component]
pub fn SearchBox(
    /// What stands in it.
    #[prop(optional, into)]
    asked: String,
) -> impl IntoView {
    view! {
        <form class="search" role="search" action="/search">
            <label for="q">"What are you looking for?"</label>
            <input id="q" name="q" type="search" maxlength="200" autocomplete="off" value=asked/>
            <button class="btn">"Search"</button>
        </form>
    }
}

/// `/search`.
#[must_use]
pub fn results(answer: Answer) -> AnyView {
    let Answer { asked, found, help } = answer;
    let count = match found.len() {
        1 => "1 page found".to_owned(),
        many => format!("{many} pages found"),
    };
    let nothing = found.is_empty() && !asked.is_empty();
    let rows = found.into_iter().map(|one| {
        view! { <li><a href=one.href><strong>{one.title}</strong></a> <br/> {one.says}</li> }
    });
    let rows = rows.collect_view();
    let list = (!rows.is_empty()).then(|| view! { <p role="status">{count}</p> <ol class="found">{rows}</ol> });
    let nothing = nothing.then(|| {
        view! {
            <p role="status">"We found nothing for “" {asked.clone()} "”."</p>
            <ul>
                <li>"Try one or two other words."</li>
                <li><a href="/sign-in">"Ask your personal adviser"</a></li>
                <li><a href="/help">"Call someone"</a></li>
                <li><a href="/feedback?about=search">"Tell us what is missing"</a></li>
                <li><a href="/offer">"Look through the whole offer"</a></li>
            </ul>
        }
    });
    view! {
        <h1>"Search"</h1>
        {help}
        <SearchBox asked=asked/>
        {list}
        {nothing}
    }
    .into_any()
}
