//! A browser as far as these tests need one: keeps cookies, follows nothing, sends forms as a page
//! of the site would.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client as Hyper;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// The passphrase of everyone in the tests.
pub const PASSPHRASE: &str = "copper lantern orchard violin";

/// The cookie of a known device.
pub const DEVICE: &str = "__Host-device";

/// The token of the device that somebody of the tests is known on.
pub fn device_of(username: &str) -> [u8; 32] {
    portal::vault::sha256(username.as_bytes())
}

/// One browser of one person.
#[derive(Clone, Debug)]
pub struct Client {
    http: Hyper<HttpConnector, Full<Bytes>>,
    /// `http://127.0.0.1:port`.
    pub origin: String,
    /// Its cookies by name.
    pub cookies: BTreeMap<String, String>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// The value of the hidden one-time key on the page.
    pub fn key(&self) -> String {
        hidden(&self.text(), "key").unwrap_or_else(|| panic!("no one-time key on the page ({})", self.status))
    }

    /// Fails unless the status is this one; shows what came instead.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{} {}", self.location(), plain(&self.text()));
        self
    }

    /// Fails unless the page says this to its reader.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        let page = plain(&self.text());
        assert!(page.contains(words), "the page does not say {words:?}:\n{page}");
        self
    }

    /// Fails when the page says this to its reader.
    #[track_caller]
    pub fn lacks(&self, words: &str) -> &Self {
        let page = plain(&self.text());
        assert!(!page.contains(words), "the page says {words:?}:\n{page}");
        self
    }
}

/// The value of a hidden field.
pub fn hidden(html: &str, name: &str) -> Option<String> {
    let tags = html.split("<input ").skip(1).filter_map(|rest| rest.split('>').next());
    let tag = tags.into_iter().find(|tag| tag.contains(&format!("name=\"{name}\"")))?;
    Some(tag.split("value=\"").nth(1)?.split('"').next()?.to_owned())
}

/// What a page says: without tags, style and script, with entities read and spaces made one.
pub fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html.split_once("<body").map_or(html, |(_, body)| body);
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        text.push(' ');
        rest = rest[at..].find('>').map_or("", |end| &rest[at + end + 1..]);
    }
    text.push_str(rest);
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&amp;", "&");
    // What stands in another tag stands beside its comma all the same.
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace(" ,", ",").replace(" :", ":")
}

/// A form's fields as they are sent.
pub fn form(fields: &[(&str, &str)]) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        text.append_pair(name, value);
    }
    text.finish()
}

impl Client {
    /// A browser that has never been here.
    pub fn new(origin: &str) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(Duration::from_secs(5)));
        let http = Hyper::builder(TokioExecutor::new()).build(connector);
        Self { http, origin: origin.to_owned(), cookies: BTreeMap::new() }
    }

    /// Sends a request exactly as given, with the cookies.
    pub async fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Answer {
        self.try_send(method, path, headers, body.into())
            .await
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// As [`send`](Self::send), for a server that may be gone.
    pub async fn try_send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Answer, String> {
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap();
        *request.uri_mut() = format!("{}{path}", self.origin).parse().unwrap();
        for (name, value) in headers {
            request
                .headers_mut()
                .append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request.headers_mut().insert(header::COOKIE, HeaderValue::from_str(&cookies.join("; ")).unwrap());
        }
        let work = async {
            let response = self.http.request(request).await.map_err(|error| format!("{error:?}"))?;
            let (parts, mut body) = response.into_parts();
            if parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream") {
                // It has no end: its first words are enough.
                let first = body.frame().await.and_then(|frame| frame.ok()?.into_data().ok()).unwrap_or_default();
                return Ok((parts, first));
            }
            let body = body.collect().await.map_err(|error| error.to_string())?.to_bytes();
            Ok::<_, String>((parts, body))
        };
        let (parts, body) = tokio::time::timeout(Duration::from_secs(60), work)
            .await
            .map_err(|_| "no answer in a minute".to_owned())??;
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            if text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
    }

    /// Listens to a stream of events: gives each as it comes.
    pub async fn listen(&mut self, path: &str) -> tokio::sync::mpsc::UnboundedReceiver<String> {
        let mut request = Request::new(Full::new(Bytes::new()));
        *request.uri_mut() = format!("{}{path}", self.origin).parse().unwrap();
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request.headers_mut().insert(header::COOKIE, HeaderValue::from_str(&cookies.join("; ")).unwrap());
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("text/event-stream"));
        request.headers_mut().insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
        let response = self.http.request(request).await.unwrap();
        assert_eq!(response.status(), 200);
        let (tell, told) = tokio::sync::mpsc::unbounded_channel();
        tokio::spawn(async move {
            let mut body = response.into_body();
            while let Some(Ok(frame)) = body.frame().await {
                let line = frame.into_data().map(|data| String::from_utf8_lossy(&data).into_owned());
                if line.is_ok_and(|line| tell.send(line).is_err()) {
                    break;
                }
            }
        });
        told
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[("sec-fetch-site", "same-origin")], "").await
    }

    /// Sends a form as a page of this site would.
    pub async fn post_form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_body(path, form(fields)).await
    }

    /// Sends the bytes of a form as a page of this site would.
    pub async fn post_body(&mut self, path: &str, body: impl Into<Bytes>) -> Answer {
        let origin = self.origin.clone();
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("origin", origin.as_str()),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send("POST", path, &headers, body).await
    }

    /// Sends files as a form of this site would: field, name of the file, and what is in it.
    pub async fn post_files(&mut self, path: &str, files: &[(&str, &str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        for (field, file, bytes) in files {
            let head = format!(
                "--x\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{file}\"\r\nContent-Type: text/csv\r\n\r\n"
            );
            body.extend([head.as_bytes(), bytes, b"\r\n"].concat());
        }
        body.extend(b"--x--\r\n");
        let origin = self.origin.clone();
        let headers = [
            ("content-type", "multipart/form-data; boundary=x"),
            ("origin", origin.as_str()),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send("POST", path, &headers, body).await
    }

    /// Signs in with the passphrase that everyone has, on a device that a young person is known on.
    pub async fn sign_in(&mut self, username: &str) -> &mut Self {
        self.cookies.insert(DEVICE.into(), portal::id::hex(&device_of(username)));
        let answer = self.post_form("/sign-in", &[("username", username), ("passphrase", PASSPHRASE)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER.as_u16(), "{username}: {}", plain(&answer.text()));
        assert!(self.cookies.contains_key("__Host-sess"));
        self
    }

    /// Opens the page of a thread, writes into its box, and sends.
    pub async fn write_message(&mut self, path: &str, body: &str) -> Answer {
        let key = self.get(path).await.is(200).key();
        self.post_form(path, &[("key", &key), ("body", body)]).await
    }
}
