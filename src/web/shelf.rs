//! Public pages: drawn once, compressed, kept in memory, answered as bytes. A page that changes
//! with the time carries the moment until which it is true, and is drawn again just before it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use jiff::Timestamp;

use super::answer::{accepts, brotli_at, gzip};
use super::routes::Cache;

/// A page as its view made it.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The whole document.
    pub html: String,
    /// Its content type.
    pub media: &'static str,
    /// The first moment at which it may no longer be true.
    pub until: Timestamp,
}

/// How much work goes into packing a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effort {
    /// Milliseconds: for a page that somebody waits for.
    Quick,
    /// As small as it gets: for one that will be read often.
    Best,
}

/// The bytes of one page in every encoding that we answer.
#[derive(Debug)]
pub struct Packed {
    identity: Bytes,
    br: Bytes,
    gzip: Bytes,
    etag: [HeaderValue; 3],
    media: &'static str,
}

#[derive(Debug)]
struct Placed {
    until: Timestamp,
    packed: Arc<Packed>,
}

/// Packed pages by the hash of what they hold, and by the work that went into them.
type ByContent = HashMap<([u8; 32], Effort), Arc<Packed>>;

/// All public pages of one content version. Packing is remembered by content, so that a page that
/// did not change is not compressed twice, not even by the next version.
#[derive(Debug, Default)]
pub struct Shelf {
    pages: RwLock<HashMap<String, Placed>>,
    packed: Arc<Mutex<ByContent>>,
}

impl Shelf {
    /// An empty shelf that knows what `self` has packed.
    pub fn next(&self) -> Self {
        Self { pages: RwLock::default(), packed: Arc::clone(&self.packed) }
    }

    /// The bytes of a page, from memory when the same page was packed before.
    pub fn pack(&self, drawn: &Drawn, effort: Effort) -> Arc<Packed> {
        let hash = crate::vault::sha256(drawn.html.as_bytes());
        let known = |effort| lock(&self.packed).get(&(hash, effort)).cloned();
        if let Some(known) = known(Effort::Best).or_else(|| known(effort)) {
            return known;
        }
        let packed = Arc::new(Packed::new(drawn, &hash, effort));
        let mut all = lock(&self.packed);
        // Old moments pile up; a page is packed again in milliseconds.
        if all.len() > 2_000 {
            all.clear();
        }
        all.remove(&(hash, Effort::Quick));
        all.insert((hash, effort), Arc::clone(&packed));
        packed
    }

    /// Puts a page on the shelf.
    pub fn place(&self, path: &str, until: Timestamp, packed: Arc<Packed>) {
        let mut pages = self.pages.write().unwrap_or_else(PoisonError::into_inner);
        pages.insert(path.to_owned(), Placed { until, packed });
    }

    /// The page at `path` if it is there and still true at `now`.
    pub fn at(&self, path: &str, now: Timestamp) -> Option<Arc<Packed>> {
        let pages = self.pages.read().unwrap_or_else(PoisonError::into_inner);
        pages.get(path).filter(|placed| now < placed.until).map(|placed| Arc::clone(&placed.packed))
    }

    /// Every page with the moment until which it is true.
    pub fn list(&self) -> Vec<(String, Timestamp)> {
        let pages = self.pages.read().unwrap_or_else(PoisonError::into_inner);
        pages.iter().map(|(path, placed)| (path.clone(), placed.until)).collect()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Packed {
    fn new(drawn: &Drawn, hash: &[u8; 32], effort: Effort) -> Self {
        let bytes = drawn.html.as_bytes();
        // Other bytes, another tag.
        let (quality, brotli) = match effort {
            Effort::Quick => (5, "q"),
            Effort::Best => (11, "b"),
        };
        let short = crate::id::hex(hash.get(..12).unwrap_or_default());
        let etag = |suffix: &str| {
            HeaderValue::from_str(&format!("\"{short}{suffix}\"")).unwrap_or(HeaderValue::from_static("\"0\""))
        };
        Self {
            br: brotli_at(bytes, quality).into(),
            gzip: gzip(bytes).into(),
            identity: Bytes::copy_from_slice(bytes),
            etag: [etag(""), etag(brotli), etag("g")],
            media: drawn.media,
        }
    }

    /// The answer to a request with these headers: the bytes, or 304 when the browser has them.
    pub fn answer(&self, asked: &HeaderMap) -> Response {
        let [plain, br, gz] = &self.etag;
        let (bytes, encoding, etag) = if accepts(asked, "br") {
            (&self.br, Some("br"), br)
        } else if accepts(asked, "gzip") {
            (&self.gzip, Some("gzip"), gz)
        } else {
            (&self.identity, None, plain)
        };
        let has = asked.get_all(header::IF_NONE_MATCH).iter().any(|value| {
            value.to_str().is_ok_and(|value| {
                let mut tags = value.split(',').map(|tag| tag.trim().trim_start_matches("W/").as_bytes());
                tags.any(|tag| tag == b"*" || tag == etag.as_bytes())
            })
        });
        let mut response = Response::new(if has { Body::empty() } else { Body::from(bytes.clone()) });
        let headers = response.headers_mut();
        headers.insert(header::ETAG, etag.clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(Cache::Revalidate.header()));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if has {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media));
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    }
}
