//! `/search?q=`. What is asked is kept nowhere, not even in the log.

use axum::http::{StatusCode, Uri};
use axum::response::Response;

use super::views::{Answer, results};
use crate::app::{App, Ask};
use crate::error::Result;
use crate::help::crisis::sounds_like_crisis;
use crate::help::views::crisis;
use crate::ui::{Exit, Frame, Part};
use crate::web::routes::{Audience, Cache, Routes};

/// The longest question that is read, in characters.
const LONGEST: usize = 200;

/// What a search engine shows of the page.
const SUMMARY: &str = "Search the offer for care leavers, what you can get, drop-ins and help lines.";

/// The addresses of this feature.
pub fn routes() -> Routes<App> {
    Routes::default().get("/search", Audience::Public, Cache::Never, page)
}

async fn page(ask: Ask, uri: Uri) -> Result<Response> {
    let query = uri.query().unwrap_or_default().as_bytes();
    let asked = form_urlencoded::parse(query).find(|(name, _)| name == "q").map(|(_, value)| value.into_owned());
    let asked: String = asked.unwrap_or_default().trim().chars().take(LONGEST).collect();
    let content = ask.app.content();
    let found = content.index.find(&asked).into_iter().cloned().collect();
    let help = sounds_like_crisis(&asked).then(|| crisis(&content.edition.library, ask.now));
    let exit = if help.is_some() { Exit::Leave } else { Exit::None };
    let main = results(Answer { asked: asked.clone(), found, help });
    let title = if asked.is_empty() { "Search" } else { "Search results" };
    Ok(ask.page(StatusCode::OK, Frame::public(title, Part::Search, main).summary(SUMMARY).exit(exit)))
}
