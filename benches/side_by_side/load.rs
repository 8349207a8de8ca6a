//! Load and its measure: wrk pinned to the second core, /proc for processor time and memory.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Sends a message with a key of its own each time; `REST` stands for the other fields of the form.
pub const SEND: &str = r#"
local n = 0
local start = os.time()
math.randomseed(start)
local salt = string.format("%08x%08x", math.random(0, 0x7fffffff), math.random(0, 0x7fffffff))
request = function()
  n = n + 1
  local key = salt .. string.format("%016x", n)
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
  wrk.headers["Sec-Fetch-Site"] = "same-origin"
  return wrk.format("POST", nil, nil, "key=" .. key .. "&body=a+short+message+number+" .. n .. "REST")
end
response = function(status) if status ~= 303 then wrk.thread:stop() end end
"#;

/// One answer off the wire.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Headers and body as they came.
    pub bytes: usize,
}

fn exchange(port: u16, request: &str) -> Option<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).ok()?;
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> =
        lines.filter_map(|line| line.split_once(": ")).map(|(n, v)| (n.to_lowercase(), v.to_owned())).collect();
    let body = &bytes[end + 4..];
    let in_chunks = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    let body = if in_chunks { joined(body)? } else { body.to_vec() };
    Some(Answer { status, headers, body, bytes: bytes.len() })
}

/// A body that came in chunks, each behind its length in hex.
fn joined(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|window| window == b"\r\n")?;
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..line]).ok()?.split(';').next()?, 16).ok()?;
        let start = line + 2;
        if length == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(start..start + length)?);
        rest = rest.get(start + length + 2..)?;
    }
}

/// Asks for a page.
pub fn fetch(port: u16, path: &str, headers: &[&str]) -> Option<Answer> {
    let more: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    exchange(port, &format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{more}Connection: close\r\n\r\n"))
}

/// Signs in to the demo and proves it with `code`; gives the cookie.
pub fn sign_in(port: u16, username: &str, code: &str) -> String {
    let first = post(port, "/sign-in", "", &format!("username={username}&passphrase=maple+kettle+violin+harbour"));
    post(port, "/sign-in/second", &format!("Cookie: {first}\r\n"), &format!("second={code}"))
}

/// The value of a hidden field of a page, as a form sends it.
#[allow(dead_code, reason = "of the bench")]
pub fn hidden(html: &str, name: &str) -> String {
    let tag = html.split("<input ").find(|tag| tag.contains(&format!("name=\"{name}\""))).expect("the field");
    let value = tag.split("value=\"").nth(1).expect("a value").split('"').next().unwrap();
    let value = value.replace("&#39;", "'").replace("&#x27;", "'").replace("&amp;", "&");
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

/// Sends a form.
#[allow(dead_code, reason = "of the drills")]
pub fn send(port: u16, path: &str, more: &str, body: &str) -> Option<Answer> {
    exchange(port, &form_request(port, path, more, body))
}

fn form_request(port: u16, path: &str, more: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{more}Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// Sends a form; gives the cookie that comes back.
fn post(port: u16, path: &str, more: &str, body: &str) -> String {
    let answer = exchange(port, &form_request(port, path, more, body)).expect("the sign-in answers");
    let cookie = answer.headers.iter().find(|(name, _)| name == "set-cookie").map(|(_, value)| value.clone());
    cookie.expect("a cookie").split(';').next().unwrap().to_owned()
}

/// Begins the meaning of a care word, shown when the word is pressed.
const MEANING: &str = "<span class=\"means\"";

/// The text that a reader sees, without tags, scripts, styles and runs of space.
pub fn visible(html: &[u8]) -> String {
    let html = String::from_utf8_lossy(html);
    let mut text = String::new();
    let mut rest = html.as_ref();
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        // A comment is not even a space to a reader; nor is a word of ours that opens its meaning when pressed,
        // and until then the meaning is not seen.
        if !["<!", "<button", "</button", MEANING].iter().any(|unseen| rest.starts_with(unseen)) {
            text.push(' ');
        }
        if rest.starts_with(MEANING) {
            rest = &rest[rest.find("</span>").expect("a closed element")..];
        }
        for tag in ["style", "script", "head"] {
            if rest.starts_with(&format!("<{tag}>")) || rest.starts_with(&format!("<{tag} ")) {
                let close = format!("</{tag}>");
                rest = &rest[rest.find(&close).expect("a closed element")..];
            }
        }
        rest = &rest[rest.find('>').map_or(rest.len(), |end| end + 1)..];
    }
    text.push_str(rest);
    // Renderers differ in which signs they write as entities; a reader sees none.
    for (entity, sign) in [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, sign);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Empties the log of a database as soon as nobody reads from it.
pub async fn empty_the_log(conn: &mut sqlx::SqliteConnection) {
    for _ in 0..100 {
        let emptied: (i64, i64, i64) =
            sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *conn).await.unwrap();
        if emptied.0 == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("somebody still reads");
}

/// A run of wrk to be.
pub struct Wrk {
    url: String,
    headers: Vec<String>,
    script: Option<PathBuf>,
    database: Option<PathBuf>,
}

/// What a run gave.
pub struct Run {
    pub rate: f64,
    pub requests: f64,
    pub faults: u64,
    /// Everything that wrk said.
    pub said: String,
}

impl Wrk {
    pub fn new(port: u16, path: &str) -> Self {
        Self { url: format!("http://127.0.0.1:{port}{path}"), headers: Vec::new(), script: None, database: None }
    }

    pub fn header(mut self, header: &str) -> Self {
        self.headers.push(header.to_owned());
        self
    }

    pub fn script(mut self, script: &Path) -> Self {
        self.script = Some(script.to_owned());
        self
    }

    /// Of a page that writes: before each run the log of the database in this folder is emptied, or a run would pay for
    /// what the one before left in it.
    pub fn on(mut self, folder: &Path) -> Self {
        self.database = Some(folder.to_owned());
        self
    }

    /// One second to warm up, then five that count.
    pub fn run(&self) -> Run {
        if let Some(folder) = &self.database {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let file = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.join("demo.db"));
                let pool = sqlx::SqlitePool::connect_with(file).await.unwrap();
                empty_the_log(&mut pool.acquire().await.unwrap()).await;
                pool.close().await;
            });
        }
        self.once("1s");
        self.once("5s")
    }

    fn once(&self, how_long: &str) -> Run {
        let mut command = Command::new("taskset");
        command.args(["-c", "1", "wrk", "-t1", "-c32", "-d", how_long]);
        for header in &self.headers {
            command.args(["-H", header]);
        }
        if let Some(script) = &self.script {
            command.arg("-s").arg(script);
        }
        let out = command.arg(&self.url).output().expect("wrk runs");
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        let after = |label: &str| {
            text.lines().find_map(|line| line.trim().strip_prefix(label).map(|rest| rest.trim().to_owned()))
        };
        let rate =
            after("Requests/sec:").and_then(|rate| rate.parse().ok()).unwrap_or_else(|| panic!("wrk said: {text}"));
        let requests =
            text.lines().find_map(|line| line.trim().split_once(" requests in")?.0.parse().ok()).unwrap_or(0.0);
        let bad = after("Non-2xx or 3xx responses:").and_then(|bad| bad.parse().ok()).unwrap_or(0);
        let broken = u64::from(
            after("Socket errors:").is_some_and(|line| line.split(',').any(|part| !part.trim().ends_with(" 0"))),
        );
        Run { rate, requests, faults: bad + broken, said: text }
    }
}

/// Processor time of a process so far, user and system, in microseconds.
pub fn cpu_us(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
    ticks * 10_000.0
}

/// Resident memory in MiB.
pub fn rss_mib(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

/// The first child of a process.
pub fn child_of(pid: u32) -> u32 {
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
    children.split_whitespace().next().expect("a worker").parse().unwrap()
}
