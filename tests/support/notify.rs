//! GOV.UK Notify on this machine: checks the token, the template and what fills it, and answers as the real one does.

use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use portal::clock::Clock;
use portal::notices::Setup;
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// The service of the tests.
pub const SERVICE: &str = "11111111-aaaa-4bbb-8ccc-111111111111";
/// What its key ends with.
pub const SECRET: &str = "22222222-aaaa-4bbb-8ccc-222222222222";
/// Its template of emails.
pub const EMAIL: &str = "33333333-aaaa-4bbb-8ccc-333333333333";
/// Its template of text messages.
pub const TEXT: &str = "44444444-aaaa-4bbb-8ccc-444444444444";

/// Takes what is right.
pub const TAKES: u16 = 201;

/// One notice that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// `email` or `sms`.
    pub by: &'static str,
    /// To whom.
    pub to: String,
    /// Empty in a text message.
    pub subject: String,
    /// The text.
    pub body: String,
    /// What we call it by.
    pub reference: String,
}

/// The service.
#[derive(Clone, Debug)]
pub struct NotifyServer {
    /// Its address as `NOTIFY_URL` takes it.
    pub url: String,
    /// [`TAKES`], or the status of a refusal; 0 breaks off before a word.
    pub answer: Arc<AtomicU16>,
    taken: Arc<Mutex<Vec<Taken>>>,
    bytes: Arc<Mutex<Vec<u8>>>,
    clock: Clock,
}

impl NotifyServer {
    /// Starts one whose clock is that of the test.
    pub async fn start(clock: &Clock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            answer: Arc::new(AtomicU16::new(TAKES)),
            taken: Arc::default(),
            bytes: Arc::default(),
            clock: clock.clone(),
        };
        let own = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if own.answer.load(Ordering::SeqCst) > 0 {
                    tokio::spawn(own.clone().talk(stream));
                }
            }
        });
        server
    }

    /// Makes this the service of a site.
    pub fn set_up(&self, setup: &mut Setup) {
        setup.notify_key = Some(format!("portal tests-{SERVICE}-{SECRET}"));
        setup.notify_url.clone_from(&self.url);
        setup.email_template = Some(EMAIL.into());
        setup.text_template = Some(TEXT.into());
    }

    /// Everything that was taken.
    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }

    /// Every byte of every request.
    pub fn bytes(&self) -> Vec<u8> {
        self.bytes.lock().unwrap().clone()
    }

    /// Reads requests and answers them until the other side has no more.
    pub async fn talk(self, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> Option<()> {
        loop {
            let (head, body) = request(&mut stream).await?;
            self.bytes.lock().unwrap().extend([head.as_bytes(), &body].concat());
            let (status, answer) = self.answer_to(&head, &body);
            let answer = answer.to_string();
            let head = format!(
                "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                answer.len()
            );
            stream.write_all(head.as_bytes()).await.ok()?;
            stream.write_all(answer.as_bytes()).await.ok()?;
        }
    }

    fn answer_to(&self, head: &str, body: &[u8]) -> (u16, Value) {
        let no = |status: u16, error: &str, message: &str| {
            (status, json!({ "status_code": status, "errors": [{ "error": error, "message": message }] }))
        };
        match self.answer.load(Ordering::SeqCst) {
            TAKES => {}
            400 => return no(400, "BadRequestError", "Can't send to this recipient using a team-only API key"),
            403 => return no(403, "AuthError", "Invalid token: API key not found"),
            429 => {
                return no(
                    429,
                    "RateLimitError",
                    "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds",
                );
            }
            status => return no(status, "Exception", "Internal server error"),
        }
        let lines: Vec<_> = head.lines().collect();
        let header = |name: &str| {
            let found = lines.iter().skip(1).filter_map(|line| line.split_once(": "));
            found.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect::<Vec<_>>()
        };
        if let Err(message) = self.check_token(&header("authorization")) {
            return no(403, "AuthError", message);
        }
        let (by, field, template) = match lines[0] {
            "POST /v2/notifications/email HTTP/1.1" => ("email", "email_address", EMAIL),
            "POST /v2/notifications/sms HTTP/1.1" => ("sms", "phone_number", TEXT),
            _ => {
                return (
                    404,
                    json!({ "result": "error", "message": "The requested URL was not found on the server." }),
                );
            }
        };
        if header("content-type") != ["application/json"] || header("host").len() != 1 {
            return no(400, "BadRequestError", "Invalid JSON supplied in POST data");
        }
        let Ok(Value::Object(fields)) = serde_json::from_slice(body) else {
            return no(400, "BadRequestError", "Invalid JSON supplied in POST data");
        };
        let known = [field, "template_id", "personalisation", "reference"];
        if let Some(other) = fields.keys().find(|name| !known.contains(&name.as_str())) {
            return no(
                400,
                "ValidationError",
                &format!("Additional properties are not allowed ({other} was unexpected)"),
            );
        }
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let (Some(to), Some(reference)) = (text(fields.get(field)), text(fields.get("reference"))) else {
            return no(400, "ValidationError", &format!("{field} is a required property"));
        };
        let well = match by {
            "email" => to.matches('@').count() == 1 && to.is_ascii() && !to.contains(char::is_whitespace),
            _ => to.len() >= 10 && to.bytes().all(|byte| byte.is_ascii_digit() || byte == b'+'),
        };
        if !well {
            // The real one does not repeat it either.
            return no(400, "ValidationError", &format!("{field} is not valid"));
        }
        if fields.get("template_id") != Some(&json!(template)) {
            return no(400, "BadRequestError", "Template not found");
        }
        let filling = |name: &str| text(fields.get("personalisation").and_then(|words| words.get(name)));
        let (subject, body) = (filling("subject"), filling("body"));
        let (Some(body), true) = (body, by == "sms" || subject.is_some()) else {
            return no(400, "BadRequestError", "Missing personalisation: body");
        };
        let subject = subject.unwrap_or_default();
        let id = "740e5834-3a29-46b4-9a6f-16142fde533a";
        let answer = json!({
            "id": id, "reference": reference, "content": { "subject": subject, "body": body },
            "uri": format!("{}/v2/notifications/{id}", self.url),
            "template": { "id": template, "version": 1, "uri": format!("{}/v2/template/{template}", self.url) },
        });
        self.taken.lock().unwrap().push(Taken { by, to, subject, body, reference });
        (TAKES, answer)
    }

    /// As the real one: signed with the secret, for this service, not half a minute off.
    fn check_token(&self, headers: &[&str]) -> Result<(), &'static str> {
        let [header] = headers else { return Err("Unauthorized: authentication token must be provided") };
        let token = header.strip_prefix("Bearer ").ok_or("Unauthorized: authentication bearer scheme must be used")?;
        let parts: Vec<_> = token.split('.').collect();
        let [head, claims, signature] = parts[..] else { return Err("Invalid token: not a token") };
        let read = |part: &str| {
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| "Invalid token: not base64")?;
            serde_json::from_slice::<Value>(&bytes).map_err(|_| "Invalid token: not JSON")
        };
        if read(head)? != json!({ "typ": "JWT", "alg": "HS256" }) {
            return Err("Invalid token: algorithm used is not HS256");
        }
        let claims_read = read(claims)?;
        let fields = claims_read.as_object().ok_or("Invalid token: claims")?;
        let iat = fields.get("iat").and_then(Value::as_i64).ok_or("Invalid token: iat field not provided")?;
        if fields.len() != 2 || fields.get("iss") != Some(&json!(SERVICE)) {
            return Err("Invalid token: service not found");
        }
        if (self.clock.now().as_second() - iat).abs() > 30 {
            return Err("Error: Your system clock must be accurate to within 30 seconds");
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(format!("{head}.{claims}").as_bytes());
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).map_err(|_| "Invalid token: signature")?;
        mac.verify_slice(&signature).map_err(|_| "Invalid token: API key not found")
    }
}

/// Head and body of one request.
pub async fn request(stream: &mut (impl AsyncRead + Unpin)) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok())?;
    let mut body = bytes[end..].to_vec();
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some((head, body))
}
