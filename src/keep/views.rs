//! A list to keep, and the boxes with which it is picked.

use jiff::civil::Date;
use leptos::prelude::*;

use super::{MOST, Pick, address, held};
use crate::content::Library;
use crate::entitlements::views::rights;
use crate::offer::{Area, Page};

/// `/keep`.
#[must_use]
pub fn list(library: &Library, picks: &[Pick], left_off: usize, origin: &str, today: Date) -> AnyView {
    let (pages, entitlements, gone) = held(library, picks);
    let empty = pages.is_empty() && entitlements.is_empty();
    let slugs = entitlements.iter().map(|right| right.slug.clone()).collect();
    let rights = (!entitlements.is_empty()).then(|| {
        view! { <section><h2>"What I can ask for"</h2> {rights(library, &slugs, today)}</section> }
    });
    let pages = (!pages.is_empty()).then(|| {
        let rows = pages.iter().map(|page| {
            view! {
                <li>
                    <a href=format!("/offer/{}", page.slug)><strong>{page.title.clone()}</strong></a> <br/>
                    {page.summary.clone()}
                </li>
            }
        });
        view! { <section><h2>"Pages to read"</h2><ul class="rights">{rows.collect_view()}</ul></section> }
    });
    let gone = (gone > 0).then(|| {
        view! { <p class="note">"Something on this list is no longer on the site."</p> }
    });
    let left_off = (left_off > 0).then(|| {
        view! { <p class="warnbox">"A list holds " {MOST} " things. The last " {left_off} " were left off: make a second list for them."</p> }
    });
    let take = (!empty).then(|| take_with_you(&format!("{origin}{}", address(picks))));
    let intro = if empty {
        "Pick pages and rights. You get a link to keep, print or show to your personal adviser."
    } else {
        "This list stands in its link. We do not keep it. Anyone who has the link can see it."
    };
    view! {
        <h1>"My list"</h1>
        <p class="lead">{intro}</p>
        {left_off}
        {gone}
        {rights}
        {pages}
        {take}
        {picker(library, picks, empty)}
    }
    .into_any()
}

/// Ways to have the list elsewhere: none needs a script, an account or an email address.
fn take_with_you(link: &str) -> AnyView {
    let body: String = form_urlencoded::byte_serialize(link.as_bytes()).collect();
    view! {
        <section class="take">
            <h2>"Take it with you"</h2>
            <ul>
                <li><a href=format!("sms:?&body={body}")>"Text the link to yourself"</a></li>
                <li>"Print it: choose Print in the menu of your browser."</li>
                <li>"Show this page to your personal adviser, and ask about each thing on it."</li>
            </ul>
            <p class="meta">"The link: " <a href=link.to_owned()>{link.to_owned()}</a></p>
        </section>
    }
    .into_any()
}

fn picker(library: &Library, picks: &[Pick], open: bool) -> AnyView {
    let tick = |pick: Pick, says: String| {
        let checked = picks.contains(&pick);
        view! {
            <label class="choice"><input type="checkbox" name="i" value=pick.name() checked=checked/> {says}</label>
        }
    };
    let parts = Area::ALL.into_iter().filter_map(|area| {
        let mut pages: Vec<&Page> = library.offer.values().filter(|page| page.area == area).collect();
        pages.sort_by_key(|page| page.order);
        let mut rights: Vec<_> = library.entitlements.values().filter(|right| right.area == area).collect();
        rights.sort_by_key(|right| right.name.to_lowercase());
        let ticks: Vec<_> = pages
            .into_iter()
            .map(|page| tick(Pick::Page(page.slug.clone()), format!("Page: {}", page.title)))
            .chain(rights.into_iter().map(|right| tick(Pick::Right(right.slug.clone()), right.name.clone())))
            .collect();
        (!ticks.is_empty()).then(|| {
            view! { <details><summary>{area.title()}</summary><fieldset><legend class="vh">{area.title()}</legend>{ticks}</fieldset></details> }
        })
    });
    let parts = parts.collect_view();
    view! {
        <section class="picker">
            <h2>{if open { "Pick for your list" } else { "Add or take off" }}</h2>
            <form action="/keep">
                {parts}
                <p><button class="btn">"Make my list"</button></p>
            </form>
        </section>
    }
    .into_any()
}
