//! The small answers: a redirect after a post, a page of somebody's own, a piece of a page.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::routes::Cache;

/// Sends the browser to read another page. Used after every post that worked.
pub fn see_other(to: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    // An address of ours is always a valid header; one that is not leads home.
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, to);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(Cache::Never.header()));
    response
}

/// Below this a page is not worth compressing, in bytes.
const SMALL: usize = 1_200;

/// A page of somebody's own: never kept, compressed when the browser can and it pays. Our pages
/// hold no secret token beside typed text, so compressing them tells an onlooker nothing.
pub fn own_page(status: StatusCode, html: String, asked: &HeaderMap) -> Response {
    let mut response = if html.len() >= SMALL && accepts(asked, "br") {
        let mut response = Response::new(Body::from(brotli_quick(html.as_bytes())));
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        response
    } else {
        Response::new(Body::from(html))
    };
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(Cache::Never.header()));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

/// A page that answers a post and asks for another: kept for ten minutes by this browser alone, so that
/// its Back button shows it again and asks nobody.
pub fn step_page(status: StatusCode, html: String, asked: &HeaderMap) -> Response {
    let mut response = own_page(status, html, asked);
    let keep = HeaderValue::from_static("private, max-age=600");
    response.headers_mut().insert(header::CACHE_CONTROL, keep);
    response
}

/// A file for whoever asked, to be saved under this name and kept by no cache.
pub fn own_file(name: &str, media: &'static str, bytes: impl Into<Body>) -> Response {
    let mut response = Response::new(bytes.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(Cache::Never.header()));
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    headers.insert(header::CONTENT_DISPOSITION, disposition.unwrap_or(HeaderValue::from_static("attachment")));
    response
}

/// JSON that anyone may read and that follows the published content at once.
pub fn json(value: &serde_json::Value) -> Response {
    let mut response = Response::new(Body::from(value.to_string()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(Cache::Revalidate.header()));
    response
}

/// Whether the browser takes this encoding. A weight of nought means that it does not.
pub fn accepts(asked: &HeaderMap, encoding: &str) -> bool {
    asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|offer| {
            let mut parts = offer.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let refused = parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
            name.eq_ignore_ascii_case(encoding) && !refused
        })
    })
}

fn brotli_quick(bytes: &[u8]) -> Vec<u8> {
    brotli_at(bytes, 4)
}

/// Brotli of `bytes` at `quality`, 0 to 11.
pub fn brotli_at(bytes: &[u8], quality: i32) -> Vec<u8> {
    let params = brotli::enc::BrotliEncoderParams { quality, lgwin: 18, size_hint: bytes.len(), ..Default::default() };
    let mut out = Vec::with_capacity(bytes.len() / 3);
    let mut from = bytes;
    // Writing to a vector does not fail; were it to, an empty answer would be caught by the tests.
    _ = brotli::BrotliCompress(&mut from, &mut out, &params);
    out
}

/// Gzip of `bytes` at the best level.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut out = flate2::write::GzEncoder::new(Vec::with_capacity(bytes.len() / 3), flate2::Compression::best());
    _ = out.write_all(bytes);
    out.finish().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_with_weight_nought_is_not_sent() {
        let asked =
            |value: &'static str| HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]);
        assert!(accepts(&asked("gzip, br"), "br"));
        assert!(accepts(&asked("gzip;q=0.5, br;q=1.0"), "br"));
        assert!(!accepts(&asked("gzip, br;q=0"), "br"));
        assert!(!accepts(&asked("gzip, brx"), "br"));
    }
}
