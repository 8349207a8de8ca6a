//! The public pages: which there are, how each is drawn, and from when to when it is true.

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use jiff::{Timestamp, ToSpan as _};

use super::{App, Published};
use crate::clock::{in_london, london_date};
use crate::content::Library;
use crate::db::Kind;
use crate::dropins::calendar::{self, About, Scope};
use crate::error::{Error, Result};
use crate::leaflet::views::Press;
use crate::ui::Frame;
use crate::ui::layout::page;
use crate::web::assets::ASSETS;
use crate::web::routes::{Audience, Cache, Routes};
use crate::web::shelf::{Drawn, Effort};
use crate::{dropins, entitlements, help, leaflet, offer};

const HTML: &str = "text/html; charset=utf-8";
const XML: &str = "application/xml; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";
const CALENDAR: &str = "text/calendar; charset=utf-8";

/// The addresses of all pages that anyone may read.
pub(super) fn routes() -> Routes<App> {
    let page = |routes: Routes<App>, path| routes.get(path, Audience::Public, Cache::Revalidate, answer);
    let file = |routes: Routes<App>, path, cache| routes.get(path, Audience::Public, cache, asset);
    // The router takes no `{locality}.ics`: the calendar feeds come in by the pages' own patterns.
    let paths = [
        "/",
        "/help",
        "/offer",
        "/offer/{slug}",
        "/entitlements",
        "/drop-ins",
        "/drop-ins/{locality}",
        "/drop-ins/place/{slug}",
        "/leaflet",
        "/leaflet/{locality}",
        "/glossary",
        "/accessibility",
        "/privacy",
        "/cookies",
        "/sitemap.xml",
        "/.well-known/security.txt",
    ];
    let routes = paths.into_iter().fold(Routes::default(), page);
    let routes = file(routes, "/assets/{name}", Cache::Forever);
    let files = ["/favicon.svg", "/manifest.webmanifest", "/robots.txt", "/icon-192.png", "/icon-512.png"];
    files.into_iter().fold(routes, |routes, path| file(routes, path, Cache::Revalidate))
}

async fn answer(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response> {
    let now = app.now();
    if let Some(packed) = app.published.load().shelf.at(uri.path(), now) {
        return Ok(packed.answer(&headers));
    }
    // A year of a feed takes long to draw and to pack: away from what answers others.
    let drawing = tokio::task::spawn_blocking(move || {
        let (published, path) = (app.content(), uri.path());
        let drawn = app.draw(&published, path, now)?;
        let packed = published.shelf.pack(&drawn, Effort::Quick);
        published.shelf.place(path, drawn.until, std::sync::Arc::clone(&packed));
        Some(packed)
    });
    let packed = drawing.await.map_err(|error| Error::Internal(format!("a page could not be drawn: {error}")))?;
    packed.map(|packed| packed.answer(&headers)).ok_or(Error::NotFound)
}

async fn asset(uri: Uri, headers: HeaderMap) -> Result<Response> {
    ASSETS.answer(uri.path(), &headers).ok_or(Error::NotFound)
}

/// Every public page that this content has.
pub(super) fn paths(library: &Library) -> Vec<String> {
    let fixed = ["/", "/help", "/offer", "/entitlements", "/drop-ins", "/leaflet", "/glossary"];
    let mut paths: Vec<String> = fixed.into_iter().map(str::to_owned).collect();
    paths.extend(library.pages.keys().map(|slug| format!("/{slug}")));
    paths.extend(library.offer.keys().map(|slug| format!("/offer/{slug}")));
    paths.extend(library.timetable.localities.keys().map(|slug| format!("/drop-ins/{slug}")));
    paths.extend(library.timetable.localities.keys().map(|slug| format!("/leaflet/{slug}")));
    paths.extend(library.timetable.places.keys().map(|slug| format!("/drop-ins/place/{slug}")));
    paths
}

fn frame(library: &Library, path: &str, at: Timestamp) -> Option<Frame> {
    let today = london_date(at);
    match path {
        "/" => Some(offer::views::home(library, at)),
        "/help" => Some(help::views::page(library, at)),
        "/offer" => Some(offer::views::index(library)),
        "/entitlements" => Some(entitlements::views::all(library, today)),
        "/drop-ins" => Some(dropins::views::index(library, at)),
        "/glossary" => Some(offer::views::glossary(library)),
        _ => {
            if let Some(slug) = path.strip_prefix("/offer/") {
                offer::views::page(library, slug, today)
            } else if let Some(slug) = path.strip_prefix("/drop-ins/place/") {
                dropins::views::place(library, slug, at)
            } else if let Some(slug) = path.strip_prefix("/drop-ins/") {
                dropins::views::locality(library, slug, at)
            } else {
                offer::views::service_page(library, path.strip_prefix('/')?)
            }
        }
    }
}

/// The part of the timetable whose calendar feed stands at `path`.
fn feed<'a>(library: &Library, path: &'a str) -> Option<Scope<'a>> {
    let name = path.strip_prefix("/drop-ins/")?.strip_suffix(".ics")?;
    let scope = name.strip_prefix("place/").map_or(Scope::Locality(name), Scope::Place);
    scope.is_known(&library.timetable).then_some(scope)
}

/// Midnight in London after `at`.
fn tomorrow(at: Timestamp) -> Option<Timestamp> {
    let day = in_london(at).start_of_day().and_then(|day| day.checked_add(1.day()));
    day.ok().map(|day| day.timestamp())
}

/// The first moment after `at` when a public page may have to say something else: the council's
/// other line answers, another line opens or closes, a session starts or ends, or a day begins.
fn true_until(library: &Library, path: &str, at: Timestamp) -> Timestamp {
    let switch = library.next_switch(&in_london(at)).map(|switch| switch.timestamp());
    let timed = path == "/" || path.starts_with("/drop-ins");
    let change = timed.then(|| library.timetable.next_change(at)).flatten();
    let opening = (path == "/help").then(|| library.next_opening(&in_london(at))).flatten();
    let opening = opening.map(|opening| opening.timestamp());
    let ends = [tomorrow(at), switch, opening, change].into_iter().flatten().filter(|end| *end > at);
    ends.min().unwrap_or(at)
}

impl App {
    fn draw(&self, published: &Published, path: &str, at: Timestamp) -> Option<Drawn> {
        let library = &published.edition.library;
        if path == "/sitemap.xml" {
            return Some(Drawn { html: self.sitemap(library), media: XML, until: Timestamp::MAX });
        }
        if path == "/.well-known/security.txt" {
            return Some(self.security_txt(at));
        }
        if let Some(scope) = feed(library, path) {
            let timetable = &library.timetable;
            let text = calendar::feed(timetable, scope, calendar::window(at), self.about(published, at));
            return Some(Drawn { html: text, media: CALENDAR, until: tomorrow(at).unwrap_or(at) });
        }
        let leaflet = if path == "/leaflet" { Some(None) } else { path.strip_prefix("/leaflet/").map(Some) };
        let frame = match leaflet {
            Some(of) => leaflet::views::page(library, of, &self.press(published), at)?,
            None => frame(library, path, at)?,
        };
        let html = page(self.site(library, at), frame);
        Some(Drawn { html, media: HTML, until: true_until(library, path, at) })
    }

    /// What feeds say of themselves at `at`. What is confirmed goes stale by the day, so each day
    /// begins a new state of them.
    pub fn about<'a>(&'a self, published: &Published, at: Timestamp) -> About<'a> {
        let today = in_london(at).start_of_day().map_or(at, |day| day.timestamp());
        let edition = &published.edition;
        About { origin: self.origin(), version: edition.version, stamp: edition.changed_at.max(today) }
    }

    /// What a leaflet says of itself.
    fn press<'a>(&'a self, published: &Published) -> Press<'a> {
        let edition = &published.edition;
        let (demo, changed_at) = (self.kind == Kind::Demo, edition.changed_at);
        Press { site: &self.site_name, origin: self.origin(), version: edition.version, changed_at, demo }
    }

    fn origin(&self) -> &str {
        self.origins.first().map_or("", String::as_str)
    }

    /// Where to tell of a weakness (RFC 9116). Says so for half a year, and anew each month.
    fn security_txt(&self, at: Timestamp) -> Drawn {
        let month = in_london(at).first_of_month().and_then(|day| day.start_of_day());
        let after = |months: i64| {
            let day = month.as_ref().ok().and_then(|month| month.checked_add(months.months()).ok());
            day.map_or(at, |day| day.timestamp())
        };
        let origin = self.origin();
        let contact = self.security_contact.clone().unwrap_or_else(|| format!("{origin}/feedback"));
        let expires = after(6);
        let html = format!(
            "Contact: {contact}\nExpires: {expires}\nPreferred-Languages: en\nCanonical: {origin}/.well-known/security.txt\n"
        );
        Drawn { html, media: TEXT, until: after(1) }
    }

    fn sitemap(&self, library: &Library) -> String {
        let origin = self.origin();
        let urls = paths(library).into_iter().map(|path| format!("<url><loc>{origin}{path}</loc></url>"));
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{}</urlset>",
            urls.collect::<String>()
        )
    }

    /// Draws every public page as it is now and packs it as small as it gets. Only what changed is
    /// compressed again.
    pub(super) async fn draw_all(&self) {
        let app = self.clone();
        let drawing = tokio::task::spawn_blocking(move || {
            let (published, now) = (app.content(), app.now());
            let mut all = paths(&published.edition.library);
            all.push("/sitemap.xml".to_owned());
            let threads = std::thread::available_parallelism().map_or(1, usize::from);
            std::thread::scope(|scope| {
                for part in all.chunks(all.len().div_ceil(threads).max(1)) {
                    let (app, published) = (&app, &published);
                    scope.spawn(move || part.iter().for_each(|path| app.redraw(published, path, now)));
                }
            });
        });
        if drawing.await.is_err() {
            tracing::error!("drawing the public pages failed; each is drawn when it is asked for");
        }
    }

    /// Draws again, a moment early, the pages that are about to stop being true.
    pub(super) async fn draw_ahead(&self, within: jiff::SignedDuration) {
        let app = self.clone();
        _ = tokio::task::spawn_blocking(move || {
            let (published, now) = (app.content(), app.now());
            let soon = now.checked_add(within).unwrap_or(now);
            for (path, until) in published.shelf.list() {
                if until <= now {
                    app.redraw(&published, &path, now);
                } else if until <= soon {
                    // Packed ahead under its content: at the moment itself it only has to be drawn.
                    if let Some(drawn) = app.draw(&published, &path, until) {
                        published.shelf.pack(&drawn, Effort::Best);
                    }
                }
            }
        })
        .await;
    }

    fn redraw(&self, published: &Published, path: &str, at: Timestamp) {
        if let Some(drawn) = self.draw(published, path, at) {
            let packed = published.shelf.pack(&drawn, Effort::Best);
            published.shelf.place(path, drawn.until, packed);
        }
    }
}
