//! An offer page by our own views, drawn on each request: the portal itself draws it once and
//! answers from memory. For comparing with a peer that draws.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::response::Html;
use axum::routing::get;
use portal::app::start::content_files;
use portal::clock::{Clock, london_date};
use portal::content::{Library, markdown};
use portal::ui::layout::{Site, page};
use portal::{help, offer};

const FILE: &str = "content/offer/money.md";

struct Pages {
    library: Mutex<Library>,
    addresses: BTreeSet<String>,
}

/// `drawn PORT`.
pub fn serve(mut args: impl Iterator<Item = String>) {
    let port: u16 = args.next().unwrap().parse().unwrap();
    let library = Library::shipped(&content_files(Some(Path::new("content"))).unwrap()).unwrap();
    let fixed = ["/", "/help", "/offer", "/entitlements", "/entitlements/check", "/drop-ins", "/glossary", "/sign-in"];
    let mut addresses: BTreeSet<String> = fixed.iter().map(|path| (*path).to_owned()).collect();
    addresses.extend(library.offer.keys().map(|slug| format!("/offer/{slug}")));
    let pages = Arc::new(Pages { library: Mutex::new(library), addresses });
    let router = axum::Router::new()
        .route("/offer/money", get(|State(pages): State<Arc<Pages>>| async move { document(&pages) }))
        .route("/anew/offer/money", get(anew))
        .with_state(pages);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        use axum::serve::ListenerExt as _;
        axum::serve(listener.tap_io(|stream| _ = stream.set_nodelay(true)), router).await.unwrap();
    });
}

/// The document around a page that was read once.
fn document(pages: &Pages) -> Html<String> {
    let now = Clock::default().now();
    let library = pages.library.lock().unwrap_or_else(PoisonError::into_inner);
    let site = Site { name: "Next Steps Lancashire".to_owned(), demo: true, help: help::views::strip(&library, now) };
    Html(page(site, offer::views::page(&library, "money", london_date(now)).unwrap()))
}

/// Reads and parses the file, too.
async fn anew(State(pages): State<Arc<Pages>>) -> Html<String> {
    let file = tokio::fs::read_to_string(FILE).await.unwrap();
    let (front, body) = file.strip_prefix("+++\n").unwrap().split_once("\n+++\n").unwrap();
    let front: toml::Table = toml::from_str(front).unwrap();
    {
        let mut library = pages.library.lock().unwrap_or_else(PoisonError::into_inner);
        let known = markdown::Known {
            sources: &library.sources,
            entitlements: &library.entitlements,
            addresses: &pages.addresses,
            confirmed: false,
        };
        let drawn = markdown::draw(body, 1, known).0.unwrap();
        let html = offer::explained::explain(&drawn.html, &library.terms);
        let page = library.offer.get_mut("money").unwrap();
        page.title = front["title"].as_str().unwrap().to_owned();
        page.summary = front["summary"].as_str().unwrap().to_owned();
        (page.html, page.headings, page.sources) = (html, drawn.headings, drawn.sources);
    }
    document(&pages)
}
