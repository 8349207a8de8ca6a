//! What takes a whole machine, at full size: `make drill`, or one by its name: `cargo bench --bench drills -- idle`.
//!
//! - `fsync`: every one of 200 answers to a message comes after the disk has it (strace).
//! - `full`: a full disk acknowledges nothing, keeps the text, and works again within ten seconds of space (tmpfs; root).
//! - `idle`: 10,000 connections that wait for news: what each costs, and when the last hears of one.
//! - `thread`: a page of messages beside 5,000 and beside 500,000 messages of others.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a drill stops at the first fault"
)]
#![allow(missing_docs, clippy::disallowed_methods, dead_code, reason = "a drill; it shares the bench's load")]

#[path = "../side_by_side/load.rs"]
mod load;
mod messages;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use load::{Answer, fetch, rss_mib, send, sign_in};

const PORT: u16 = 18_311;
const OTHER: u16 = 18_312;
const SAM: &str = "amber-otter-42";

fn main() {
    let part = std::env::args().skip(1).find(|arg| !arg.starts_with("--"));
    let wants = |name: &str| part.as_deref().is_none_or(|part| part == name);
    if wants("fsync") {
        fsync();
    }
    if wants("full") {
        full();
    }
    if wants("idle") {
        idle();
    }
    if wants("thread") {
        thread();
    }
}

/// The program to be drilled: the one named, or the release build.
fn program() -> PathBuf {
    let named = std::env::var_os("PORTAL_BIN").map(PathBuf::from);
    let program = named.unwrap_or_else(|| PathBuf::from("target/release/portal"));
    assert!(program.exists(), "{} is not built: `make release`", program.display());
    program.canonicalize().unwrap()
}

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        _ = Command::new("kill").arg(self.0.id().to_string()).status();
        _ = self.0.wait();
    }
}

/// As many open files as a machine gives, up to a number that is enough.
macro_rules! as_many_files {
    () => {
        "if (ulimit -n 65536) 2>/dev/null; then ulimit -n 65536; else ulimit -n \"$(ulimit -Hn)\"; fi; "
    };
}

/// A demo in this folder, with as many open files as the system lets it have.
fn start(folder: &Path, port: u16) -> Server {
    let mut command = Command::new("sh");
    command.args(["-c", concat!(as_many_files!(), "exec \"$0\" demo")]).arg(program());
    command.env("PORT", port.to_string()).env("DATA_DIR", folder).env("LOG", "warn").env("CONNECTIONS", "20000");
    let server = Server(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let end = Instant::now() + Duration::from_secs(60);
    while fetch(port, "/health/ready", &[]).is_none_or(|answer| answer.status != 200) {
        assert!(Instant::now() < end, "nothing answers on port {port}");
        std::thread::sleep(Duration::from_millis(20));
    }
    server
}

fn cookie(folder: &Path, port: u16) -> String {
    let code = Command::new(program()).args(["demo-code", SAM]).env("DATA_DIR", folder).output().unwrap();
    let code = String::from_utf8(code.stdout).unwrap();
    sign_in(port, SAM, code.split_whitespace().last().unwrap())
}

fn message(port: u16, cookie: &str, n: u64, words: &str) -> Option<Answer> {
    let body = format!("key={n:032x}&body={}", words.replace(' ', "+"));
    send(port, "/me/messages", &format!("Cookie: {cookie}\r\n"), &body)
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("target").unwrap()
}

fn fsync() {
    let folder = folder();
    let path = folder.path().canonicalize().unwrap();
    let server = start(&path, PORT);
    let cookie = cookie(&path, PORT);
    let log = path.join("strace");
    let mut strace = Command::new("strace")
        .args(["-f", "-s", "24", "-e", "trace=fdatasync,fsync,write,writev,sendto,sendmsg", "-o"])
        .arg(&log)
        .args(["-p", &server.0.id().to_string()])
        .stderr(Stdio::null())
        .spawn()
        .expect("strace is there");
    std::thread::sleep(Duration::from_secs(2));
    for n in 0..200 {
        assert_eq!(message(PORT, &cookie, n, "after the disk").unwrap().status, 303);
    }
    std::thread::sleep(Duration::from_millis(500));
    _ = Command::new("kill").args(["-INT", &strace.id().to_string()]).status();
    _ = strace.wait();
    // In the order in which they were seen: an answer counts when a sync ended after the answer before it.
    let (mut synced, mut good, mut all) = (false, 0, 0);
    for line in std::fs::read_to_string(&log).unwrap().lines() {
        if line.contains("sync") && line.ends_with("= 0") {
            synced = true;
        } else if line.contains("HTTP/1.1 303") {
            all += 1;
            good += u64::from(std::mem::take(&mut synced));
        }
    }
    println!("fsync: {good} of {all} answers came after the disk had it");
    assert_eq!((good, all), (200, 200));
}

fn full() {
    let folder = folder();
    let path = folder.path().canonicalize().unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=40m", "tmpfs"]).arg(&path).status();
    if !mounted.is_ok_and(|status| status.success()) {
        println!("full: not run, this user cannot mount a small disk");
        return;
    }
    let drill = std::panic::catch_unwind(|| full_disk(&path));
    _ = Command::new("umount").arg("-l").arg(&path).status();
    if let Err(fault) = drill {
        std::panic::resume_unwind(fault);
    }
}

fn full_disk(path: &Path) {
    let mut server = start(path, PORT);
    let cookie = cookie(path, PORT);
    let mut acknowledged = 0;
    for n in 0..50 {
        acknowledged += u64::from(message(PORT, &cookie, n, "before").unwrap().status == 303);
    }
    let filler = path.join("filler");
    let mut file = std::fs::File::create(&filler).unwrap();
    while file.write_all(&[1; 4096]).is_ok() {}
    drop(file);
    let (mut refused, mut kept) = (0, 0);
    for n in 1_000..1_500 {
        let answer = message(PORT, &cookie, n, "while the disk is full").expect("an answer, and no hang");
        match answer.status {
            303 => acknowledged += 1,
            503 => {
                refused += 1;
                kept += u64::from(String::from_utf8_lossy(&answer.body).contains("while the disk is full"));
            }
            other => panic!("status {other} on a full disk"),
        }
    }
    std::fs::remove_file(&filler).unwrap();
    let began = Instant::now();
    let mut n = 2_000;
    while message(PORT, &cookie, n, "after").is_none_or(|answer| answer.status != 303) {
        assert!(began.elapsed() < Duration::from_secs(10), "no message is taken ten seconds after there is space");
        n += 1;
        std::thread::sleep(Duration::from_millis(50));
    }
    let back = began.elapsed();
    acknowledged += 1;
    assert!(server.0.try_wait().unwrap().is_none(), "it went on without a restart");
    drop(server);
    let there = messages::saved(path);
    println!(
        "full: {refused} refused with the text kept in {kept}, taken again {} ms after there was space; {acknowledged} acknowledged, {there} of them there, the file is whole",
        back.as_millis()
    );
    assert!(refused > 0 && refused == kept && there == acknowledged);
}

fn idle() {
    if std::env::var_os("DRILL_MANY_FILES").is_none() {
        // Both sides hold ten thousand connections.
        let own = std::env::current_exe().unwrap();
        let done = Command::new("sh")
            .args(["-c", concat!(as_many_files!(), "exec \"$0\" idle")])
            .arg(own)
            .env("DRILL_MANY_FILES", "1")
            .status();
        assert!(done.unwrap().success());
        return;
    }
    let folder = folder();
    let path = folder.path().canonicalize().unwrap();
    let server = start(&path, PORT);
    let cookie = cookie(&path, PORT);
    for _ in 0..20 {
        fetch(PORT, "/me/messages", &[&format!("Cookie: {cookie}")]).unwrap();
    }
    std::thread::sleep(Duration::from_secs(4));
    let before = rss_mib(server.0.id());
    const MANY: usize = 10_000;
    let ask = format!(
        "GET /me/messages/live HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nCookie: {cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n"
    );
    let mut all: Vec<TcpStream> = Vec::with_capacity(MANY);
    for _ in 0..MANY {
        let mut one = TcpStream::connect(("127.0.0.1", PORT)).unwrap();
        one.write_all(ask.as_bytes()).unwrap();
        one.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        all.push(one);
    }
    for one in &mut all {
        read_until(one, b"retry");
    }
    std::thread::sleep(Duration::from_secs(3));
    let each = (rss_mib(server.0.id()) - before) * 1024.0 / MANY as f64;
    let began = Instant::now();
    assert_eq!(message(PORT, &cookie, 1, "news for all").unwrap().status, 303);
    let saved = began.elapsed();
    // Read in an order of their own: the last of all counts.
    for one in &mut all {
        read_until(one, b"data: look");
    }
    let last = began.elapsed() - saved;
    println!(
        "idle: {MANY} connections, {each:.1} KiB each; the last heard of a message {} ms after it was saved",
        last.as_millis()
    );
}

fn read_until(stream: &mut TcpStream, word: &[u8]) {
    let mut seen = Vec::new();
    let mut piece = [0; 512];
    while !seen.windows(word.len()).any(|some| some == word) {
        let read = stream.read(&mut piece).expect("an event in time");
        assert!(read > 0, "the connection was closed: {}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&piece[..read]);
    }
}

fn thread() {
    let (small, large) = (folder(), folder());
    let mut sides = Vec::new();
    for (folder, port, many) in [(&small, PORT, 5_000), (&large, OTHER, 500_000)] {
        let path = folder.path().canonicalize().unwrap();
        drop(start(&path, port));
        messages::fill(&path, many);
        let server = start(&path, port);
        let cookie = format!("Cookie: {}", cookie(&path, port));
        sides.push((server, port, cookie, Vec::new()));
    }
    for round in 0..40 {
        let order = if round % 2 == 0 { [0, 1] } else { [1, 0] };
        for side in order {
            let (_, port, cookie, times) = &mut sides[side];
            for _ in 0..50 {
                let began = Instant::now();
                let answer = fetch(*port, "/me/messages", &[cookie]).unwrap();
                times.push(began.elapsed().as_micros());
                assert_eq!(answer.status, 200);
            }
        }
    }
    let mut p99 = sides.iter_mut().map(|(.., times)| {
        times.sort_unstable();
        times[times.len() * 99 / 100] as f64 / 1_000.0
    });
    let (small, large) = (p99.next().unwrap(), p99.next().unwrap());
    println!(
        "thread: p99 {small:.2} ms beside 5,000 messages, {large:.2} ms beside 500,000: ratio {:.2} (at most 1.5)",
        large / small
    );
}
