//! The program's parts in one place, and the whole table of addresses.

mod faults;
pub mod jobs;
mod public;
pub mod start;
pub mod table;

use std::sync::Arc;

use arc_swap::ArcSwap;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::Timestamp;

use crate::audit::{self, Audited, Entry};
use crate::clock::Clock;
use crate::content::Library;
use crate::content::live::Edition;
use crate::db::{Db, Kind};
use crate::error::Result;
use crate::help;
use crate::notices::Mail;
use crate::search::Index;
use crate::signin::{AccountId, Hasher};
use crate::ui::Frame;
use crate::ui::layout::{Site, page};
use crate::vault::Vault;
use crate::web::answer::{own_file, own_page, step_page};
use crate::web::gate::Number;
use crate::web::live::{EVERY, Hub};
use crate::web::shelf::Shelf;

/// How long nothing was published before the pages are packed.
const SETTLED: std::time::Duration = std::time::Duration::from_secs(2);

/// Everything a handler may need. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

impl std::ops::Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// What is behind an [`App`].
#[derive(Debug)]
pub struct Inner {
    /// The site's name.
    pub site_name: String,
    /// Real or made-up people.
    pub kind: Kind,
    /// The origins whose pages may post.
    pub origins: Vec<String>,
    /// Where to tell of a weakness, as `mailto:` or `https:`.
    pub security_contact: Option<String>,
    /// The database.
    pub db: Db,
    /// The key for what is sealed.
    pub vault: Vault,
    /// The clock.
    pub clock: Clock,
    /// Hashes passphrases.
    pub hasher: Hasher,
    /// Sends notices.
    pub mail: Mail,
    /// The content as it came with the program.
    pub shipped: Library,
    /// Pages that are told of news.
    pub live: Hub,
    published: ArcSwap<Published>,
}

/// The published content and the public pages drawn from it.
#[derive(Debug)]
pub struct Published {
    /// The content.
    pub edition: Edition,
    /// The pages.
    pub shelf: Shelf,
    /// What the search box finds.
    pub index: Index,
}

impl Published {
    fn new(edition: Edition, shelf: Shelf) -> Self {
        let index = Index::of(&edition.library);
        Self { edition, shelf, index }
    }
}

/// What an [`App`] is made of.
#[derive(Debug)]
pub struct Built {
    /// The site's name.
    pub site_name: String,
    /// Real or made-up people.
    pub kind: Kind,
    /// The origins whose pages may post.
    pub origins: Vec<String>,
    /// Where to tell of a weakness, as `mailto:` or `https:`.
    pub security_contact: Option<String>,
    /// The database, claimed for `kind`.
    pub db: Db,
    /// The key for what is sealed.
    pub vault: Vault,
    /// The clock.
    pub clock: Clock,
    /// Sends notices.
    pub mail: Mail,
    /// The content as it came with the program.
    pub shipped: Library,
}

impl App {
    /// Puts the parts together and lays the stored edits over the content.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn new(parts: Built) -> Result<Self> {
        let Built { site_name, kind, origins, security_contact, db, vault, clock, mail, shipped } = parts;
        let edition = crate::content::live::edition(&shipped, &mut db.read().await?).await?;
        let published = ArcSwap::from_pointee(Published::new(edition, Shelf::default()));
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let hasher = Hasher::new(cores)?;
        let app = Self(Arc::new(Inner {
            site_name,
            kind,
            origins,
            security_contact,
            db,
            vault,
            clock,
            hasher,
            mail,
            shipped,
            live: Hub::default(),
            published,
        }));
        Ok(app)
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The published content.
    pub fn content(&self) -> Arc<Published> {
        self.published.load_full()
    }

    /// Takes in what was published since, here or on another instance. True when there was something.
    ///
    /// # Errors
    /// When the database fails: the content stays as it is.
    pub async fn refresh(&self) -> Result<bool> {
        let mut db = self.db.read().await?;
        let known = self.content();
        if crate::content::store::version(&mut db).await? == known.edition.version {
            return Ok(false);
        }
        let edition = crate::content::live::edition(&self.shipped, &mut db).await?;
        drop(db);
        for (change, faults) in edition.refused.iter() {
            tracing::warn!(
                kind = change.kind.as_str(),
                id = change.id,
                faults = faults.len(),
                "a stored edit no longer passes the checks"
            );
        }
        // Two publishes may finish in either order: the newer content stays.
        let next = Arc::new(Published::new(edition, known.shelf.next()));
        self.published
            .rcu(|now| if now.edition.version < next.edition.version { Arc::clone(&next) } else { Arc::clone(now) });
        self.pack_tight();
        Ok(true)
    }

    /// Tells pages that listen of threads that changed lately, here or on another instance. `lately`: how far back is
    /// looked, in microseconds; a change that was told is not told again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tell_changes(&self, lately: i64) -> Result<()> {
        if self.live.any() {
            let (since, mut newest) = (self.now().as_microsecond() - lately, 0);
            for (person, at) in crate::messages::store::changed_since(&mut self.db.read().await?, since).await? {
                self.live.tell(*person.bytes(), at);
                newest = newest.max(at);
            }
            if newest > 0 {
                self.live.tell(EVERY, newest);
            }
        }
        Ok(())
    }

    /// Draws the public pages and packs them as small as they get, a moment after the last publish: until
    /// then each is drawn when it is asked for.
    pub fn pack_tight(&self) {
        let app = self.clone();
        tokio::spawn(async move {
            let version = app.content().edition.version;
            tokio::time::sleep(SETTLED).await;
            // Somebody who publishes ten changes in a row has the pages packed once.
            if app.content().edition.version == version {
                app.draw_all().await;
            }
        });
    }

    fn site(&self, library: &Library, at: Timestamp) -> Site {
        Site { name: self.site_name.clone(), demo: self.kind == Kind::Demo, help: help::views::strip(library, at) }
    }
}

/// One request, as a handler sees it: the app, the time at which it came, and how to answer.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The program.
    pub app: App,
    /// When the request came: one moment for everything that it does.
    pub now: Timestamp,
    /// The request's number.
    pub number: String,
    headers: HeaderMap,
}

impl FromRequestParts<App> for Ask {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, Self::Rejection> {
        Ok(Self::new(app, parts))
    }
}

impl Ask {
    fn new(app: &App, parts: &Parts) -> Self {
        let number = parts.extensions.get::<Number>().map(|number| number.0.clone()).unwrap_or_default();
        Self { app: app.clone(), now: app.now(), number, headers: parts.headers.clone() }
    }

    /// What is left of a request after its handler took it: enough to draw a fault.
    fn again(app: &App, number: Option<Number>, encodings: Option<axum::http::HeaderValue>) -> Self {
        let headers = encodings.map(|value| (axum::http::header::ACCEPT_ENCODING, value)).into_iter().collect();
        Self { app: app.clone(), now: app.now(), number: number.map(|number| number.0).unwrap_or_default(), headers }
    }

    /// A page of somebody's own, or any that is not kept.
    pub fn page(&self, status: StatusCode, frame: Frame) -> Response {
        let content = self.app.content();
        let html = page(self.app.site(&content.edition.library, self.now), frame);
        own_page(status, html, &self.headers)
    }

    /// A page of a form that is asked in steps: see [`step_page`].
    pub fn step(&self, status: StatusCode, frame: Frame) -> Response {
        let content = self.app.content();
        let html = page(self.app.site(&content.edition.library, self.now), frame);
        step_page(status, html, &self.headers)
    }

    /// A page with somebody's private words: sent only when the row that says who read it is on disk.
    pub fn private_page(&self, _: &Audited, status: StatusCode, frame: Frame) -> Response {
        self.page(status, frame)
    }

    /// A piece of a page with somebody's private words.
    pub fn private_fragment(&self, _: &Audited, html: String) -> Response {
        own_page(StatusCode::OK, html, &self.headers)
    }

    /// A file with private words in it, to keep: only for who shows that its reading is on disk.
    pub fn private_file(&self, _: &Audited, name: &'static str, media: &'static str, text: String) -> Response {
        own_file(name, media, text)
    }

    /// Commits the row for a reading.
    ///
    /// # Errors
    /// When it cannot be committed: then the page is not sent.
    pub async fn viewed(&self, entry: Entry) -> Result<Audited> {
        audit::store::viewed(&self.app.db, entry, self.number.clone()).await
    }

    /// A visit of an account ended: its open pages are told to look whether they may still be read.
    pub fn ended(&self, account: AccountId) {
        self.app.live.call(*account.bytes());
    }

    /// What was asked for in the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }
}
