//! Emails and text messages by GOV.UK Notify: version 2 of its HTTP interface, as
//! <https://docs.notifications.service.gov.uk/rest-api.html> describes it.

use std::pin::pin;
use std::time::Duration;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use lettre::Address as EmailAddress;
use serde_json::{Value, json};
use sha2::Sha256;
use url::Url;
use zeroize::Zeroizing;

use super::wire::{Tls, Wire, is_here};
use super::{Carrier, Letter, NotSent};
use crate::error::{Error, Result};
use crate::people::Channel;

/// The letters of an id: `00000000-0000-0000-0000-000000000000`.
const UUID: usize = 36;
/// The most of an answer's body that is read: an honest one is below 1 kB.
const MOST: usize = 16 * 1024;
/// How long the body of a refusal is waited for, once its status is known.
const WHY: Duration = Duration::from_secs(2);

/// A service at Notify.
pub(super) struct Notify {
    host: String,
    port: u16,
    /// `host`, or `host:port`.
    authority: String,
    tls: Option<Tls>,
    service: String,
    secret: Zeroizing<String>,
    email_template: Option<String>,
    text_template: Option<String>,
}

impl std::fmt::Debug for Notify {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Notify")
            .field("authority", &self.authority)
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

/// Whether this is an id as Notify writes them.
fn is_uuid(text: &str) -> bool {
    text.len() == UUID
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

impl Notify {
    /// The service of this key, at this address, with its templates: that of emails holds `((subject))` and `((body))`,
    /// that of text messages `((body))`.
    ///
    /// # Errors
    /// [`Error::Setup`] when one of them does not read.
    pub(super) fn new(key: &str, address: &str, email: Option<&str>, text: Option<&str>) -> Result<Self> {
        // Never with the key itself in it.
        let wrong = |what: &str| Error::Setup(what.to_owned());
        let shape = || wrong("NOTIFY_KEY must read like name-(id of the service)-(secret), as Notify shows it once");
        // The name at the front may hold anything.
        let ids = key.len().checked_sub(2 * UUID + 1).and_then(|at| key.get(at..)).ok_or_else(shape)?;
        let (service, secret) = ids.split_at_checked(UUID).ok_or_else(shape)?;
        let secret = secret.strip_prefix('-').filter(|secret| is_uuid(secret)).ok_or_else(shape)?;
        if !is_uuid(service) {
            return Err(shape());
        }
        let template = |name: &str, id: Option<&str>| match id {
            Some(id) if !is_uuid(id) => Err(Error::Setup(format!("{name} must be the id of a template of Notify"))),
            id => Ok(id.map(str::to_owned)),
        };
        let place = || wrong("NOTIFY_URL must read like https://api.notifications.service.gov.uk, and no path");
        let url = Url::parse(address).map_err(|_| place())?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(place)?.to_owned();
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
            return Err(place());
        }
        let tls = match url.scheme() {
            "https" => Some(Tls::with(&host)?),
            "http" if is_here(&host) => None,
            _ => return Err(wrong("NOTIFY_URL must begin with https://: plain http:// is for this machine only")),
        };
        Ok(Self {
            port: url.port_or_known_default().ok_or_else(place)?,
            authority: url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}")),
            host,
            tls,
            service: service.to_owned(),
            secret: Zeroizing::new(secret.to_owned()),
            email_template: template("NOTIFY_EMAIL_TEMPLATE", email)?,
            text_template: template("NOTIFY_TEXT_TEMPLATE", text)?,
        })
    }

    /// What proves that we ask now: Notify takes it for half a minute.
    fn token(&self, at: Timestamp) -> String {
        let encode = |value: Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let head = encode(json!({ "typ": "JWT", "alg": "HS256" }));
        let claims = encode(json!({ "iss": self.service, "iat": at.as_second() }));
        let signed = format!("{head}.{claims}");
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()) else { return signed };
        mac.update(signed.as_bytes());
        format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }

    fn request(&self, letter: &Letter<'_>) -> std::result::Result<Request<Full<Bytes>>, NotSent> {
        let (subject, body, text) = (&letter.words.subject, &letter.words.body, &letter.words.text);
        let to = letter.to.value.as_str();
        let (path, body) = match letter.to.channel {
            Channel::Email => {
                to.parse::<EmailAddress>().map_err(|_| NotSent::ForGood("the address does not read"))?;
                let template =
                    self.email_template.as_deref().ok_or(NotSent::ForGood("Notify has no email template"))?;
                let words = json!({ "subject": subject, "body": body });
                (
                    "/v2/notifications/email",
                    json!({ "email_address": to, "template_id": template, "personalisation": words }),
                )
            }
            Channel::Phone => {
                let to = Channel::Phone.read(to).ok_or(NotSent::ForGood("the number does not read"))?;
                let template = self.text_template.as_deref().ok_or(NotSent::ForGood("Notify has no text template"))?;
                let words = json!({ "body": text });
                (
                    "/v2/notifications/sms",
                    json!({ "phone_number": to, "template_id": template, "personalisation": words }),
                )
            }
        };
        let mut body = body;
        if let Value::Object(fields) = &mut body {
            fields.insert("reference".into(), letter.id.into());
        }
        Request::post(path)
            .header("host", &self.authority)
            .header("authorization", format!("Bearer {}", self.token(letter.at)))
            .header("content-type", "application/json")
            .body(Full::from(body.to_string()))
            .map_err(|_| NotSent::ForGood("the request could not be made"))
    }
}

impl Carrier for Notify {
    fn send<'l>(&'l self, letter: &'l Letter<'l>) -> BoxFuture<'l, std::result::Result<(), NotSent>> {
        Box::pin(async move {
            let request = self.request(letter)?;
            let wire = Wire::open(&self.host, self.port, self.tls.as_ref()).await;
            let wire = wire.map_err(|_| NotSent::Down("Notify cannot be reached"))?;
            let broken = |_| NotSent::Down("Notify did not answer");
            let (mut sender, connection) = http1::handshake(TokioIo::new(wire)).await.map_err(broken)?;
            let mut answered = pin!(async {
                match sender.send_request(request).await {
                    Ok(response) if response.status().is_success() => Ok(()),
                    Ok(response) => Err(refused(response).await),
                    Err(error) => Err(broken(error)),
                }
            });
            // The connection moves the bytes; it ends with the answer, or before it.
            tokio::select! {
                biased;
                outcome = &mut answered => outcome,
                _ = connection => answered.await,
            }
        })
    }
}

/// What an answer other than "taken" means.
async fn refused(response: Response<Incoming>) -> NotSent {
    let status = response.status();
    let body = tokio::time::timeout(WHY, Limited::new(response.into_body(), MOST).collect()).await;
    let body = body.ok().and_then(|body| body.ok()).map(|body| body.to_bytes()).unwrap_or_default();
    let (kind, message) = first_error(&body);
    // Its message may repeat the address: only the kind of error is logged.
    tracing::warn!(status = status.as_u16(), kind, "Notify did not take a notice");
    match status {
        StatusCode::FORBIDDEN if kind == "AuthError" || message.contains("clock") || message.contains("token") => {
            NotSent::Down("Notify does not know our key, or our clock is wrong")
        }
        StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN => NotSent::ForGood("Notify refused it"),
        StatusCode::TOO_MANY_REQUESTS => NotSent::Down("Notify takes no more for now"),
        status if status.is_server_error() => NotSent::Down("Notify has a fault"),
        _ => NotSent::Down("Notify gave an answer that we do not know"),
    }
}

/// Kind and message of the first error in the body of an answer, empty where there is none.
fn first_error(body: &[u8]) -> (String, String) {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let word = |name: &str| value.pointer(&format!("/errors/0/{name}")).and_then(Value::as_str).unwrap_or_default();
    let is_word = |kind: &str| kind.len() < 40 && kind.bytes().all(|byte| byte.is_ascii_alphabetic());
    (Some(word("error")).filter(|kind| is_word(kind)).unwrap_or_default().to_owned(), word("message").to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const SERVICE: &str = "26785a09-ab16-4eb0-8407-a37497a57506";
    const SECRET: &str = "3d844edf-8d35-48ac-975b-e847b4f122b0";
    const TEMPLATE: &str = "f33517ff-2a88-4f6e-b855-c550268ce08a";

    fn made(key: &str, url: &str, template: &str) -> Result<Notify> {
        Notify::new(key, url, Some(template), Some(template))
    }

    #[test]
    fn a_key_is_a_name_of_any_kind_and_two_ids() {
        for name in ["portal", "a-b - c", "ключ", ""] {
            let notify = made(&format!("{name}-{SERVICE}-{SECRET}"), "http://localhost:1", TEMPLATE).unwrap();
            assert_eq!((notify.service.as_str(), notify.secret.as_str()), (SERVICE, SECRET));
            assert!(!format!("{notify:?}").contains(SECRET));
        }
        for key in [
            "",
            "portal",
            SECRET,
            &format!("{SERVICE}{SECRET}"),
            &format!("portal-{SERVICE}-{SECRET}x"),
            &"ю".repeat(60),
        ] {
            let refused = made(key, "http://localhost:1", TEMPLATE).unwrap_err().to_string();
            assert!(refused.contains("NOTIFY_KEY") && (key.is_empty() || !refused.contains(key)), "{refused}");
        }
    }

    #[test]
    fn plain_http_stays_inside_this_machine_and_no_path_is_taken() {
        let key = format!("portal-{SERVICE}-{SECRET}");
        let notify = made(&key, "http://127.0.0.1:6011", TEMPLATE).unwrap();
        assert_eq!((notify.port, notify.authority.as_str()), (6011, "127.0.0.1:6011"));
        for url in [
            "http://api.notifications.service.gov.uk",
            "http://localhost.example.org",
            "ftp://localhost",
            "http://localhost/v2",
            "http://localhost?x",
            "http://user@localhost",
            "localhost",
            "",
        ] {
            assert!(made(&key, url, TEMPLATE).unwrap_err().to_string().contains("NOTIFY_URL"), "{url}");
        }
        let refused = made(&key, "http://localhost", "welcome").unwrap_err();
        assert!(refused.to_string().contains("NOTIFY_EMAIL_TEMPLATE"));
    }

    #[test]
    fn a_token_is_signed_as_everybody_signs_them() {
        let notify = made(&format!("portal-{SERVICE}-{SECRET}"), "http://localhost", TEMPLATE).unwrap();
        let token = notify.token(Timestamp::from_second(1_700_000_000).unwrap());
        let parts: Vec<_> = token.split('.').collect();
        let open = |part: &str| String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
        let read = |part: &str| serde_json::from_str::<Value>(&open(part)).unwrap();
        assert_eq!(read(parts.first().unwrap()), json!({ "typ": "JWT", "alg": "HS256" }));
        assert_eq!(read(parts.get(1).unwrap()), json!({ "iss": SERVICE, "iat": 1_700_000_000 }));
        assert_eq!(BASE64_URL_SAFE_NO_PAD.decode(parts.get(2).unwrap()).unwrap().len(), 32);
    }
}
