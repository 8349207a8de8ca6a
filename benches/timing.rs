//! Whether the time that an answer takes tells who has an account here: `make drill`.
//!
//! 2,000 known and 2,000 unknown names take turns at each way in. Nobody who only has a watch may do better
//! than guessing: the area under the curve of the best single threshold stays below 0.55, and the medians
//! within 2 ms. Then the same with 5 ms planted for known names, which must be found: else the drill is blind.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a drill stops at the first fault"
)]
#![allow(missing_docs, clippy::disallowed_methods, reason = "a drill")]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use portal::clock::Clock;
use portal::db::{Db, Url};
use portal::people::{Channel, store as people};
use portal::signin::{Hasher, Owner, store as signin};
use portal::vault::Vault;

const PORT: u16 = 18_306;
const WORST_AREA: f64 = 0.55;
const WORST_GAP: f64 = 2.0;
const PLANTED: Duration = Duration::from_millis(5);

/// Stops the portal, however the drill ends.
struct Server(Child);
impl Drop for Server {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// One way in: where, and what is sent for a name.
struct Way {
    name: &'static str,
    path: &'static str,
    body: fn(&str) -> String,
}

const WAYS: [Way; 5] = [
    Way { name: "sign in", path: "/sign-in", body: |name| format!("username={name}&passphrase=not+the+right+words") },
    Way {
        name: "come back by card",
        path: "/recover/card",
        body: |name| {
            format!("username={name}&card=one+two+three+four+five+six&passphrase=copper+lantern+orchard+violin")
        },
    },
    Way { name: "ask for a code by email", path: "/recover/sent", body: |name| format!("username={name}") },
    Way {
        name: "come back by sent code",
        path: "/recover/sent/code",
        body: |name| format!("username={name}&code=12345678&passphrase=copper+lantern+orchard+violin"),
    },
    // Here the "name" is a code: one that was given, with a wrong date of birth, or one that never was.
    Way {
        name: "join by code",
        path: "/join",
        body: |code| {
            format!(
                "code={code}&born-day=1&born-month=1&born-year=2001&username=some-new-name-11&passphrase=copper+lantern+orchard+violin"
            )
        },
    },
];

fn main() {
    let pairs = std::env::var("DRILL_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(2_000);
    let folder = tempfile::tempdir_in("target").unwrap();
    let folder = folder.path().canonicalize().unwrap();
    drop(start(&folder));
    let (names, codes) = fill(&folder, pairs);
    let _server = start(&folder);
    println!(
        "# Does time tell who is here?\n\n{pairs} pairs at each way in, load {}",
        std::fs::read_to_string("/proc/loadavg").unwrap().trim()
    );
    println!(
        "\n| way in | median known, ms | median unknown, ms | gap, ms | area under the curve | 95 % of 1,000 resamples |"
    );
    println!("|---|---|---|---|---|---|");
    let mut faults = Vec::new();
    for way in &WAYS {
        let known = if way.path == "/join" { &codes } else { &names };
        let seen = measure(way, known, Duration::ZERO);
        if seen.area >= WORST_AREA || seen.gap.abs() >= WORST_GAP {
            faults.push(format!("{} tells known from unknown", way.name));
        }
    }
    // Other names: a wrong try makes the next one for a name wait.
    let (more, _) = fill(&folder, pairs);
    let planted = measure(&WAYS[0], &more, PLANTED);
    if planted.area < WORST_AREA {
        faults.push("a planted gap of 5 ms was not found: the drill is blind".to_owned());
    }
    println!("\n(The last line has 5 ms planted for known names: it must be over {WORST_AREA}.)");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn start(folder: &Path) -> Server {
    let program = std::env::var("PORTAL_BIN").unwrap_or_else(|_| "target/release/portal".into());
    let child = Command::new(program)
        .arg("demo")
        .env("PORT", PORT.to_string())
        .env("DATA_DIR", folder)
        .env("LOG", "error")
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("the portal starts");
    let server = Server(child);
    for _ in 0..600 {
        if TcpStream::connect(("127.0.0.1", PORT)).is_ok() {
            return server;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("the portal does not answer");
}

/// Adds young people with an account, a confirmed address and a live code; gives their names and codes.
fn fill(folder: &Path, pairs: usize) -> (Vec<String>, Vec<String>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let vault = Vault::from_file(&folder.join("demo.key")).unwrap();
        let db = Db::open(&Url::Sqlite(folder.join("demo.db"))).await.unwrap();
        let hash = Hasher::new(1).unwrap().hash("four words for everyone".into()).await.unwrap();
        let at = Clock::default().now();
        let names: Vec<_> = (0..pairs).map(|_| new_name()).collect();
        let codes: Vec<_> = (0..pairs).map(|_| portal::signin::new_code().unwrap()).collect();
        let rows: Vec<_> = names.iter().cloned().zip(codes.iter().cloned()).collect();
        for rows in rows.chunks(200) {
            db.write((vault.clone(), hash.clone(), rows.to_vec()), move |tx, (vault, hash, rows)| {
                Box::pin(async move {
                    let team = people::team_of(tx, "north", "North leaving care team", "Lancashire", at).await?;
                    for (name, code) in rows.iter() {
                        let born_on = jiff::civil::date(2006, 5, 4);
                        let new = people::NewPerson { name: name.clone(), called: name.clone(), born_on, team };
                        let person = people::insert_person(tx, vault, &new, at).await?;
                        let address = format!("{name}@young.invalid");
                        people::insert_contact(tx, vault, person, (Channel::Email, &address), Some(at)).await?;
                        let owner = Owner::Person(person);
                        signin::set_account(tx, vault, owner, name, hash, at).await?;
                        signin::insert_code(tx, vault, &signin::NewCode::plain(owner, code), at).await?;
                    }
                    Ok(())
                })
            })
            .await
            .unwrap();
        }
        (names, codes)
    })
}

fn new_name() -> String {
    portal::signin::offer_username().unwrap()
}

/// What a way in showed.
struct Seen {
    area: f64,
    gap: f64,
}

/// Asks for known and unknown names in turns, the first of each pair by chance, and prints what was seen.
fn measure(way: &Way, known: &[String], planted: Duration) -> Seen {
    let mut wire = Wire::open();
    let unknown = || if way.path == "/join" { portal::signin::new_code().unwrap() } else { new_name() };
    for _ in 0..20 {
        wire.post(way.path, &(way.body)(&unknown()));
    }
    let (mut of_known, mut of_unknown) = (Vec::new(), Vec::new());
    for name in known {
        let [coin] = portal::vault::random::<1>().unwrap();
        for known_now in [coin % 2 == 0, coin % 2 != 0] {
            let body = if known_now { (way.body)(name) } else { (way.body)(&unknown()) };
            let began = Instant::now();
            wire.post(way.path, &body);
            if known_now {
                std::thread::sleep(planted);
                of_known.push(began.elapsed().as_secs_f64() * 1_000.0);
            } else {
                of_unknown.push(began.elapsed().as_secs_f64() * 1_000.0);
            }
        }
    }
    let area = area(&of_known, &of_unknown);
    let mut resampled: Vec<f64> = (0..1_000).map(|_| self::area(&again(&of_known), &again(&of_unknown))).collect();
    resampled.sort_by(f64::total_cmp);
    let (median_known, median_unknown) = (median(&of_known), median(&of_unknown));
    let gap = median_known - median_unknown;
    println!(
        "| {}{} | {median_known:.2} | {median_unknown:.2} | {gap:+.2} | {area:.3} | {:.3} to {:.3} |",
        way.name,
        if planted.is_zero() { "" } else { ", planted" },
        resampled[25],
        resampled[974],
    );
    Seen { area, gap }
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// How often one of the one kind takes longer than one of the other, whichever way round tells more: 0.5 is
/// guessing, 1 is knowing.
fn area(one: &[f64], other: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = one.iter().map(|time| (*time, true)).collect();
    all.extend(other.iter().map(|time| (*time, false)));
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let ranks: f64 = all.iter().zip(1u32..).filter(|((_, is_one), _)| *is_one).map(|(_, rank)| f64::from(rank)).sum();
    let (n, m) = (one.len() as f64, other.len() as f64);
    let area = (ranks - n * (n + 1.0) / 2.0) / (n * m);
    area.max(1.0 - area)
}

/// As many of these, drawn by chance.
fn again(times: &[f64]) -> Vec<f64> {
    let mut seed = u64::from_be_bytes(portal::vault::random().unwrap()) | 1;
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed as usize
    };
    times.iter().map(|_| times[next() % times.len()]).collect()
}

/// One connection that stays open, so that only the answer is timed.
struct Wire(TcpStream);

impl Wire {
    fn open() -> Self {
        let stream = TcpStream::connect(("127.0.0.1", PORT)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(stream)
    }

    fn post(&mut self, path: &str, body: &str) {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost:{PORT}\r\nOrigin: http://localhost:{PORT}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.0.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        let mut part = [0; 16 * 1024];
        loop {
            let read = self.0.read(&mut part).unwrap();
            assert!(read > 0, "the connection ended");
            answer.extend_from_slice(&part[..read]);
            let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let text = String::from_utf8_lossy(&answer[..head]).to_lowercase();
            let length: usize = text.split("content-length: ").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
            if answer.len() >= head + 4 + length {
                let status = &text[9..12];
                assert!(status == "422" || status == "303", "{path}: {status}");
                return;
            }
        }
    }
}
