//! Style, islands and public files, carried inside the program. What has a hash in its name is
//! kept by browsers for a year.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use bytes::Bytes;
use include_dir::{Dir, include_dir};

use super::answer::{accepts, brotli_at, gzip};
use super::routes::Cache;

static STYLE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/style");
static PUBLIC: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/public");
static ISLANDS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/target/islands");

/// One file to serve.
#[derive(Debug)]
struct File {
    plain: Bytes,
    br: Option<Bytes>,
    gzip: Option<Bytes>,
    media: &'static str,
    cache: Cache,
}

/// Everything that is served as a file, and the names that pages use.
#[derive(Debug)]
pub struct Assets {
    files: HashMap<String, File>,
    /// The style that stands inside every page.
    pub style: &'static str,
    /// The style that stands inside every leaflet besides.
    pub leaflet: &'static str,
    /// `'sha256-…'` of both, for the content security policy.
    pub style_hashes: String,
    /// Address of the style for paper.
    pub print: String,
    /// Address of the style that only staff pages load.
    pub staff: String,
    /// Address of the script that private pages load.
    pub private: String,
    /// Address of the islands' script, when it was built.
    pub islands: Option<String>,
}

/// The files of this build.
pub static ASSETS: LazyLock<Assets> = LazyLock::new(Assets::load);

impl Assets {
    fn load() -> Self {
        let mut files = HashMap::new();
        let text = |name: &str| -> &'static str {
            STYLE.get_file(name).and_then(|file| file.contents_utf8()).unwrap_or_default()
        };
        let (style, leaflet) = (text("main.css"), text("leaflet.css"));
        let mut hashed = |name: &str, ending: &str, text: &'static str| {
            let bytes = text.as_bytes();
            let hash = crate::id::hex(crate::vault::sha256(bytes).get(..8).unwrap_or_default());
            let path = format!("/assets/{name}.{hash}.{ending}");
            files.insert(path.clone(), File::new(bytes, media(&path), Cache::Forever));
            path
        };
        let print = hashed("print", "css", text("print.css"));
        let staff = hashed("staff", "css", text("staff.css"));
        let private = hashed("private", "js", include_str!("../ui/private.js"));
        for file in PUBLIC.files() {
            let name = file.path().to_string_lossy();
            files.insert(format!("/{name}"), File::new(file.contents(), media(&name), Cache::Revalidate));
        }
        let names = ISLANDS.get_file("me.txt").and_then(|file| file.contents_utf8()).unwrap_or_default();
        for name in names.lines().filter(|name| !name.is_empty()) {
            let bytes = |suffix: &str| {
                ISLANDS.get_file(format!("{name}{suffix}")).map(|file| Bytes::from_static(file.contents()))
            };
            let Some(plain) = bytes("") else { continue };
            let file = File { plain, br: bytes(".br"), gzip: bytes(".gz"), media: media(name), cache: Cache::Forever };
            files.insert(format!("/assets/{name}"), file);
        }
        let islands = names.lines().next().filter(|name| !name.is_empty()).map(|name| format!("/assets/{name}"));
        let digest = |style: &str| BASE64_STANDARD.encode(crate::vault::sha256(style.as_bytes()));
        let style_hashes = [style, leaflet].map(|style| format!("'sha256-{}'", digest(style))).join(" ");
        Self { files, style, style_hashes, print, leaflet, staff, private, islands }
    }

    /// The file at `path`.
    pub fn answer(&self, path: &str, asked: &HeaderMap) -> Option<Response> {
        let file = self.files.get(path)?;
        let (bytes, encoding) = match file {
            File { br: Some(br), .. } if accepts(asked, "br") => (br, Some("br")),
            File { gzip: Some(gz), .. } if accepts(asked, "gzip") => (gz, Some("gzip")),
            File { plain, .. } => (plain, None),
        };
        let mut response = Response::new(Body::from(bytes.clone()));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.media));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(file.cache.header()));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        Some(response)
    }
}

impl File {
    fn new(bytes: &'static [u8], media: &'static str, cache: Cache) -> Self {
        let squeeze = !media.starts_with("image/png") && bytes.len() > 200;
        Self {
            plain: Bytes::from_static(bytes),
            br: squeeze.then(|| brotli_at(bytes, 11).into()),
            gzip: squeeze.then(|| gzip(bytes).into()),
            media,
            cache,
        }
    }
}

fn media(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
