//! What staff did to the content, newest first: one list for everything.

use axum::http::{StatusCode, Uri};
use axum::response::Response;
use leptos::prelude::*;

use super::super::views::history::{Deed, History};
use super::super::{self as editing, changes};
use super::dropins::asked;
use super::{draw, edition, names};
use crate::app::Ask;
use crate::content::{Kind, Library, store as content};
use crate::dropins::{Exception, words};
use crate::error::Result;
use crate::signin::guard::Editor;

/// How many stand on one page.
const MOST: i64 = 50;

pub(super) async fn page(ask: Ask, editor: Editor, uri: Uri) -> Result<Response> {
    let before = asked(&uri, "before").and_then(|text| text.parse().ok()).unwrap_or(i64::MAX);
    let edition = edition(&ask).await?;
    let deeds = content::deeds(&mut ask.app.db.read().await?, before, MOST + 1).await?;
    let names = names(&ask, deeds.iter().map(|deed| deed.by_staff).collect()).await?;
    let more = deeds.len() > MOST as usize;
    let shown: Vec<_> = deeds.into_iter().take(MOST as usize).collect();
    let earlier = shown.last().filter(|_| more).map(|last| format!("/edit/history?before={}", last.at));
    let rows = shown.into_iter().filter_map(|deed| {
        let kind = Kind::parse(&deed.kind)?;
        let by = names.get(&deed.by_staff).map_or("somebody", String::as_str);
        Some(Deed {
            made: format!("{} by {by}", editing::when(deed.at)),
            did: did(&edition.library, kind, &deed),
            name: named(&edition.library, kind, &deed),
            path: editing::path(kind, &deed.item),
            note: deed.note,
        })
    });
    let main = view! { <History rows=rows.collect() earlier/> };
    Ok(draw(&ask, &editor, StatusCode::OK, "Who changed what", main.into_any()))
}

fn did(library: &Library, kind: Kind, deed: &content::Deed) -> String {
    let (one, _) = editing::called(kind);
    match (kind, deed.did.as_str()) {
        (_, "confirmed") => format!("Confirmed the {one}"),
        (Kind::Exception, "published") => {
            let change: Option<Exception> = toml::from_str(&deed.body).ok();
            change.map_or_else(
                || "Changed days of".to_owned(),
                |it| {
                    let (from, to) = (words::date_with_year(it.from), words::date_with_year(it.to));
                    let days = if from == to { from } else { format!("{from} to {to}") };
                    format!("{}, {days}:", changes::kind(it.kind))
                },
            )
        }
        (Kind::Exception, _) => "Undid a change of".to_owned(),
        (_, "published") if !deed.body.is_empty() => format!("Published the {one}"),
        (kind, _) if library.shipped_hash(kind, &deed.item).is_some() && deed.did == "withdrawn" => {
            format!("Went back to the release for the {one}")
        }
        _ => format!("Took off the {one}"),
    }
}

/// The name as it is published; of a change of days, that of the session or place as it stood in it.
fn named(library: &Library, kind: Kind, deed: &content::Deed) -> String {
    let change: Option<Exception> = (kind == Kind::Exception).then(|| toml::from_str(&deed.body).ok()).flatten();
    match change {
        Some(Exception { session: Some(id), .. }) => editing::name(library, Kind::Session, &id),
        Some(Exception { place: Some(id), .. }) => editing::name(library, Kind::Place, &id),
        _ => editing::name(library, kind, &deed.item),
    }
}
