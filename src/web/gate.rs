//! The layers round every request: a number for the logs, the methods we answer, the origin check,
//! and the security headers. One pass, so that no answer can miss any of them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::error::Error;

/// The number of a request: in its log line, its audit rows and on an error page.
#[derive(Clone, Debug)]
pub struct Number(pub String);

/// A cookie that the answer to this request sends once more, when something inside asks for it.
#[derive(Clone, Debug, Default)]
pub struct CookieAgain(pub Arc<OnceLock<HeaderValue>>);

/// What the gate needs to know of the settings.
#[derive(Clone, Debug)]
pub struct Gate {
    origins: Arc<[String]>,
    headers: Arc<[(HeaderName, HeaderValue)]>,
    start: u32,
    count: Arc<AtomicU64>,
}

/// Where the exit button leads: a page that says nothing about the one that was left.
pub const EXIT_TO: &str = "https://www.bbc.co.uk/weather";

impl Gate {
    /// A gate for pages served at `origins`, whose inlined styles have the digests `style_hashes`.
    pub fn new(origins: Vec<String>, style_hashes: &str) -> Self {
        let secure = origins.iter().all(|origin| origin.starts_with("https://"));
        let mut policy = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' {style_hashes}; img-src 'self'; \
             connect-src 'self'; manifest-src 'self'; form-action 'self' https://www.bbc.co.uk; base-uri 'none'; \
             frame-ancestors 'none'; object-src 'none'"
        );
        if secure {
            policy.push_str("; upgrade-insecure-requests");
        }
        let mut headers = vec![
            (header::CONTENT_SECURITY_POLICY, policy),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
            (header::X_FRAME_OPTIONS, "DENY".into()),
            (header::REFERRER_POLICY, "same-origin".into()),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin".into()),
            (HeaderName::from_static("cross-origin-resource-policy"), "same-origin".into()),
            (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp".into()),
            (
                HeaderName::from_static("permissions-policy"),
                "camera=(), microphone=(), geolocation=(), payment=(), usb=()".into(),
            ),
        ];
        if secure {
            headers.push((header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains".into()));
        }
        let headers = headers.into_iter().filter_map(|(name, value)| Some((name, HeaderValue::from_str(&value).ok()?)));
        let start = crate::vault::random::<4>().map_or(0, u32::from_be_bytes);
        Self { origins: origins.into(), headers: headers.collect(), start, count: Arc::default() }
    }

    fn number(&self) -> String {
        let n = self.count.fetch_add(1, Ordering::Relaxed);
        format!("{:08x}-{n:x}", self.start)
    }

    /// The origin check: a request that may change something must come from one of our own pages.
    fn is_from_us(&self, headers: &HeaderMap) -> bool {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        match (text("sec-fetch-site"), text("origin")) {
            (Some(site), _) => site == "same-origin",
            (None, Some(origin)) => self.origins.iter().any(|own| own == origin),
            (None, None) => false,
        }
    }

    /// Why a request is not let through, if it is not.
    pub fn refuse(&self, request: &Request) -> Option<Error> {
        let headers = request.headers();
        if headers.contains_key(header::TRANSFER_ENCODING)
            && (headers.contains_key(header::CONTENT_LENGTH) || request.version() < Version::HTTP_11)
        {
            return Some(Error::Refused(StatusCode::BAD_REQUEST, "That request could not be read."));
        }
        if request.uri().path().len() > 512 || request.uri().query().is_some_and(|query| query.len() > 2_048) {
            return Some(Error::Refused(StatusCode::URI_TOO_LONG, "That address is too long."));
        }
        match *request.method() {
            Method::GET | Method::HEAD => None,
            Method::POST if self.is_from_us(headers) => None,
            Method::POST => Some(Error::Refused(
                StatusCode::FORBIDDEN,
                "This did not come from a page of this site, so nothing was changed.",
            )),
            _ => {
                Some(Error::Refused(StatusCode::METHOD_NOT_ALLOWED, "This site does not answer that kind of request."))
            }
        }
    }
}

/// The outermost layer: numbers the request, sets the headers, writes the log line.
pub async fn through(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let number = gate.number();
    let method = request.method().clone();
    // The pattern, never the address itself: ids and search words stay out of the log.
    let path = request.extensions().get::<MatchedPath>().cloned();
    let again = CookieAgain::default();
    request.extensions_mut().insert(Number(number.clone()));
    request.extensions_mut().insert(again.clone());
    let mut response = next.run(request).await;
    let not_modified = response.status() == StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    if let Some(cookie) = again.0.get().filter(|_| !headers.contains_key(header::SET_COOKIE)) {
        headers.insert(header::SET_COOKIE, cookie.clone());
    }
    if !not_modified {
        for (name, value) in gate.headers.iter() {
            headers.insert(name, value.clone());
        }
        if !headers.contains_key(header::CACHE_CONTROL) {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }
    if response.status().is_server_error() || tracing::enabled!(tracing::Level::DEBUG) {
        let path = path.as_ref().map_or("-", MatchedPath::as_str);
        let status = response.status().as_u16();
        let took_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        if response.status().is_server_error() {
            tracing::error!(number, %method, path, status, took_us, "a request failed");
        } else {
            tracing::debug!(number, %method, path, status, took_us, "answered");
        }
    }
    response
}
