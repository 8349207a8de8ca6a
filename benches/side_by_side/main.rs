//! Side-by-side measurements, as ratios in one run: `make bench`.
//!
//! Every server is pinned to one core and the load to the other; rounds take turns; peers must show
//! the same visible text, or the run is void.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench stops at the first fault"
)]
#![allow(missing_docs, clippy::disallowed_methods, reason = "a bench")]

mod drawn;
mod fixtures;
mod load;
mod peer;
mod person;
mod plan;
mod timetable;
mod work;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use load::{Wrk, cpu_us, fetch, rss_mib, visible};

const PORTAL: u16 = 18_301;
const NGINX: u16 = 18_302;
const PEER: u16 = 18_303;
const DRAWN: u16 = 18_304;
const ASTRO: u16 = 18_305;

fn main() {
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
    let part = args.next();
    match part.as_deref() {
        Some("peer") => return peer::serve(args),
        Some("drawn") => return drawn::serve(args),
        // By itself: `cargo bench --bench side_by_side -- occurrences`.
        Some("occurrences") => return timetable::occurrences(),
        Some("raw") => return fixtures::raw_commits(Path::new(&args.next().unwrap())),
        _ => {}
    }
    let portal = program();
    let folder = tempfile::tempdir_in("target").unwrap();
    let folder = folder.path().canonicalize().unwrap();
    println!("# Side by side\n\n{} cores, load {}", cores(), std::fs::read_to_string("/proc/loadavg").unwrap().trim());

    // Before the portal starts: it packs its pages in the seconds after.
    if part.is_none() {
        timetable::occurrences();
    }
    let began = Instant::now();
    let server = start_portal(&portal, &folder, None);
    println!("\nStart to first 200: {:.2} s (empty database, demo data laid down)", began.elapsed().as_secs_f64());
    drop(server);
    fixtures::long_thread(&folder);
    let began = Instant::now();
    let server = start_portal(&portal, &folder, None);
    println!("Start to first 200: {:.2} s (again)", began.elapsed().as_secs_f64());
    println!("Resident memory at rest: {:.1} MiB", rss_mib(server.id()));
    // By itself: `cargo bench --bench side_by_side -- work`.
    if part.as_deref() == Some("work") {
        drop(server);
        return the_day(&portal);
    }
    // By itself: `cargo bench --bench side_by_side -- astro`.
    if part.as_deref() == Some("astro") {
        return astro(&server, &folder);
    }

    // By itself: `cargo bench --bench side_by_side -- durable`.
    if part.as_deref() != Some("durable") {
        beside_peers(&server, &folder);
    }
    durable(&server, &folder, "as it is", None);
    drop(server);
    let shim = slow_sync(&folder);
    let server = start_portal(&portal, &folder, Some(&shim));
    durable(&server, &folder, "with 7 ms more for each commit", Some(&shim));
    drop(server);
    the_day(&portal);
}

/// A worker's and a manager's pages, in databases of their own.
fn the_day(portal: &str) {
    for (workers, each, messages) in [(1, 25, 200), (40, 25, 6)] {
        let folder = tempfile::tempdir_in("target").unwrap();
        let folder = folder.path().canonicalize().unwrap();
        drop(start_portal(portal, &folder, None));
        work::caseloads(&folder, workers, each, messages);
        let written = (workers == 1).then(|| plan::write(&folder));
        let server = start_portal(portal, &folder, None);
        // Its public pages are packed in the seconds after the start.
        std::thread::sleep(Duration::from_secs(20));
        if workers > 1 {
            let cookie = format!("Cookie: {}", sign_in("demo-manager", &folder));
            let (middle, last) = work::times(PORTAL, "/work/team", &cookie);
            println!(
                "\nTeam page, {workers} workers, {} people: middle {middle:.1} ms, p99 {last:.1} ms (goal 60)",
                workers * each
            );
            continue;
        }
        let cookie = format!("Cookie: {}", sign_in("demo-adviser", &folder));
        let page = fetch(PORTAL, "/work", &[&cookie]).unwrap();
        let html = String::from_utf8_lossy(&page.body).into_owned();
        let person = html.split("/work/people/").nth(1).unwrap().split(['/', '"']).next().unwrap();
        let person = format!("/work/people/{person}");
        for path in ["/work", "/work/people", person.as_str()] {
            let (middle, last) = work::times(PORTAL, path, &cookie);
            let name = if path == person { "one person" } else { path };
            println!(
                "\n{name}, {each} people of {messages} messages: middle {middle:.1} ms, p99 {last:.1} ms (goal 30)"
            );
        }
        std::fs::write(folder.join("page.html"), &page.body).unwrap();
        std::fs::write(folder.join("person.html"), fetch(PORTAL, &person, &[&cookie]).unwrap().body).unwrap();
        let plan = format!("/work/people/{}/plan", written.unwrap());
        let whole = fetch(PORTAL, &plan, &[&cookie]).unwrap();
        let (middle, last) = work::times(PORTAL, &plan, &cookie);
        println!("\na plan of 10 parts, 60 actions, 12 versions: middle {middle:.1} ms, p99 {last:.1} ms (goal 30)");
        std::fs::write(folder.join("plan.html"), &whole.body).unwrap();
        let own = fixtures::own_copy(&folder);
        let program = std::env::current_exe().unwrap();
        let mut command = pinned(program.to_str().unwrap(), None);
        let peer = Server(command.arg("peer").arg(&own).arg(PEER.to_string()).spawn().unwrap());
        wait_for(PEER, "/live");
        let words = |port| visible(&fetch(port, "/work", &[&cookie]).unwrap().body);
        same(&words(PEER), &words(PORTAL));
        let (middle, last) = work::times(PEER, "/work", &cookie);
        println!("peer, /work: middle {middle:.1} ms, p99 {last:.1} ms");
        let load = |port, path, folder| Wrk::new(port, path).header(&cookie).on(folder);
        let (ours, other) = (load(PORTAL, "/work", &folder), load(PEER, "/work", &own));
        let [ours, theirs] = in_turns(
            "A worker's day, 25 people of 200 messages",
            [("portal", server.id(), &ours), ("axum + maud + sqlx", peer.id(), &other)],
        );
        ratio(ours, theirs, 0.8);
        for (name, title, path) in [
            ("the person", "One person, 200 messages", &person),
            ("the plan", "A plan of 10 parts, 60 actions, 12 versions", &plan),
        ] {
            let words = |port| visible(&fetch(port, path, &[&cookie]).unwrap().body);
            same(&words(PEER), &words(PORTAL));
            let (middle, last) = work::times(PEER, path, &cookie);
            println!("peer, {name}: middle {middle:.1} ms, p99 {last:.1} ms");
            let (ours, other) = (load(PORTAL, path, &folder), load(PEER, path, &own));
            let [ours, theirs] =
                in_turns(title, [("portal", server.id(), &ours), ("axum + maud + sqlx", peer.id(), &other)]);
            ratio(ours, theirs, 0.8);
        }
    }
}

/// Stops at the first word that a peer says otherwise.
fn same(peer: &str, portal: &str) {
    let (peer, portal): (Vec<_>, Vec<_>) = (peer.split(' ').collect(), portal.split(' ').collect());
    let other = (0..peer.len().max(portal.len())).find(|at| peer.get(*at) != portal.get(*at));
    if let Some(at) = other {
        let near =
            |words: &[&str]| words.iter().skip(at.saturating_sub(8)).take(16).copied().collect::<Vec<_>>().join(" ");
        panic!("the peer says “{}”, the portal “{}”", near(&peer), near(&portal));
    }
}

/// What the portal does beside its peers.
fn beside_peers(server: &Server, folder: &Path) {
    first_answers();
    bundle();
    public_page(server, folder);
    astro(server, folder);
    signed_in(server, folder);
    println!("Resident memory after the load: {:.1} MiB", rss_mib(server.id()));
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// A child that is killed when it is dropped.
struct Server(Child);

impl Server {
    fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        signal(self.0.id(), "TERM");
        signal(self.0.id(), "CONT");
        _ = self.0.wait();
    }
}

fn signal(pid: u32, name: &str) -> bool {
    Command::new("kill").args(["-s", name, &pid.to_string()]).status().is_ok_and(|status| status.success())
}

/// As the portal's: a peer is not slower for another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs `command` on the first core.
fn pinned(program: &str, shim: Option<&Path>) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", "0", program]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(shim) = shim {
        command.env("LD_PRELOAD", shim);
    }
    command
}

fn wait_for(port: u16, path: &str) {
    let end = Instant::now() + Duration::from_secs(60);
    while fetch(port, path, &[]).is_none_or(|answer| answer.status != 200) {
        assert!(Instant::now() < end, "nothing answers on port {port}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn start_portal(portal: &str, folder: &Path, shim: Option<&Path>) -> Server {
    let child = pinned(portal, shim)
        .arg("demo")
        .env("PORT", PORTAL.to_string())
        .env("DATA_DIR", folder)
        .env("LOG", "warn")
        .spawn()
        .expect("taskset and the portal start");
    let server = Server(child);
    wait_for(PORTAL, "/");
    server
}

fn first_answers() {
    let sitemap = fetch(PORTAL, "/sitemap.xml", &[]).unwrap();
    let text = String::from_utf8_lossy(&sitemap.body).into_owned();
    let paths = text.split("<loc>").skip(1).filter_map(|part| part.split("</loc>").next());
    let paths = paths.map(|url| format!("/{}", url.splitn(4, '/').nth(3).unwrap_or_default()));
    let (mut largest, mut scripts, mut count) = ((0, String::new()), 0, 0);
    for path in paths {
        let packed = fetch(PORTAL, &path, &["Accept-Encoding: br"]).unwrap();
        let plain = fetch(PORTAL, &path, &[]).unwrap();
        scripts += String::from_utf8_lossy(&plain.body).matches("<script").count();
        count += 1;
        largest = largest.max((packed.bytes, path));
    }
    println!(
        "\nFirst answer with headers, brotli, {count} public pages: largest {} B ({}); {scripts} script elements",
        largest.0, largest.1
    );
}

fn bundle() {
    let names = std::fs::read_to_string("target/islands/me.txt").expect("the islands are built");
    let size: u64 =
        names.lines().map(|name| std::fs::metadata(format!("target/islands/{name}.br")).unwrap().len()).sum();
    println!("Young person's islands bundle, brotli: {size} B");
}

/// One of those that take turns: its name, its process and the load on it.
type Entry<'a> = (&'a str, u32, &'a Wrk);

/// Rounds in turns, in which the others stand still; prints the middle one of each and gives its requests a second.
fn in_turns<const N: usize>(title: &str, entries: [Entry<'_>; N]) -> [f64; N] {
    let mut runs: [Vec<(f64, f64, f64)>; N] = std::array::from_fn(|_| Vec::new());
    for round in 0..4 {
        let order: Vec<usize> = if round % 2 == 0 { (0..N).collect() } else { (0..N).rev().collect() };
        for index in order {
            let (name, pid, wrk) = entries[index];
            let others = || entries.iter().map(|entry| entry.1).filter(|other| *other != pid);
            // What one still does for the requests of its own turn is not paid for by another.
            others().for_each(|other| assert!(signal(other, "STOP"), "{name} has its turn alone"));
            let before = cpu_us(pid);
            let run = wrk.run();
            others().for_each(|other| assert!(signal(other, "CONT"), "the others go on"));
            let cpu = (cpu_us(pid) - before) / run.requests.max(1.0);
            assert_eq!(run.faults, 0, "{name}: answers that were no success, wrk says: {}", run.said);
            runs[index].push((run.rate, cpu, rss_mib(pid)));
        }
    }
    println!("\n## {title}\n\n| | requests/s | CPU-µs/request | resident MiB |\n|---|---:|---:|---:|");
    std::array::from_fn(|index| {
        runs[index].sort_by(|a, b| a.0.total_cmp(&b.0));
        let (rate, cpu, rss) = runs[index][runs[index].len() / 2];
        println!("| {} | {rate:.0} | {cpu:.0} | {rss:.1} |", entries[index].0);
        rate
    })
}

/// Prints how many times as fast the first is, and whether that is the goal.
fn ratio(ours: f64, theirs: f64, goal: f64) {
    let ratio = ours / theirs;
    println!("\nRatio: {ratio:.2} (goal {goal}: {})", if ratio >= goal { "met" } else { "missed" });
}

fn public_page(server: &Server, folder: &Path) {
    let page = fetch(PORTAL, "/offer/money", &["Accept-Encoding: br"]).unwrap();
    let plain = fetch(PORTAL, "/offer/money", &[]).unwrap();
    let root = folder.join("www");
    std::fs::create_dir_all(&root).unwrap();
    std::fs::write(root.join("money.html"), &plain.body).unwrap();
    std::fs::write(root.join("money.html.br"), &page.body).unwrap();
    let headers: String = page
        .headers
        .iter()
        .filter(|(name, _)| {
            !matches!(name.as_str(), "content-length" | "date" | "content-encoding" | "content-type" | "etag" | "vary")
        })
        .map(|(name, value)| format!("add_header {name} \"{}\";\n", value.replace('"', "\\\"")))
        .collect();
    let config = format!(
        "load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;\nworker_processes 1;\npid {f}/nginx.pid;\nerror_log {f}/nginx.log;\ndaemon off;\nevents {{ worker_connections 1024; }}\nhttp {{ access_log off; types {{ text/html html; }} sendfile off; tcp_nodelay on; keepalive_requests 100000000; open_file_cache max=100 inactive=60s; server_tokens off; client_body_temp_path {f}/b; proxy_temp_path {f}/p; fastcgi_temp_path {f}/f; uwsgi_temp_path {f}/u; scgi_temp_path {f}/s;\nserver {{ listen 127.0.0.1:{NGINX}; root {f}/www; brotli_static on; {headers} }} }}\n",
        f = folder.display()
    );
    // Without sendfile nginx answers so small a file with fewer calls: the better of its two ways.
    std::fs::write(folder.join("nginx.conf"), config).unwrap();
    // The way to the root must be open to nginx's worker, which gives up its rights; the key beside
    // it must not, or nothing that opens sealed texts starts again.
    let opened = Command::new("chmod").args(["a+rX"]).args([folder, &root]).status().unwrap();
    assert!(opened.success());
    let mut command = pinned("nginx", None);
    command.arg("-c").arg(folder.join("nginx.conf")).arg("-g").arg("user root;");
    let nginx = Server(command.spawn().expect("nginx starts"));
    wait_for(NGINX, "/money.html");
    let theirs = fetch(NGINX, "/money.html", &["Accept-Encoding: br"]).unwrap();
    assert_eq!(theirs.body, page.body, "nginx serves the same compressed bytes");
    let difference = theirs.bytes.abs_diff(page.bytes);
    assert!(difference < 200, "headers differ by {difference} bytes");
    let worker = load::child_of(nginx.id());
    let ours = Wrk::new(PORTAL, "/offer/money").header("Accept-Encoding: br");
    let other = Wrk::new(NGINX, "/money.html").header("Accept-Encoding: br");
    let [ours, theirs] = in_turns(
        "A public page, the same compressed bytes, one core each",
        [("portal", server.id(), &ours), ("nginx", worker, &other)],
    );
    ratio(ours, theirs, 0.8);
}

/// An offer page that Astro draws from the same files, beside ours from memory and ours drawn.
fn astro(server: &Server, folder: &Path) {
    let built = Path::new("benches/astro/dist/server/entry.mjs");
    let node =
        Command::new("node").arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success());
    if !(node && built.exists()) {
        println!("\nAstro is not measured: node or {} is missing (make bench builds it).", built.display());
        return;
    }
    let around = folder.join("around.html");
    let memory = fetch(PORTAL, "/offer/money", &[]).unwrap();
    std::fs::write(&around, &memory.body).unwrap();
    let mut command = pinned("node", None);
    command.arg(built).env("NODE_ENV", "production").env("HOST", "127.0.0.1").env("PORT", ASTRO.to_string());
    command.env("ASTRO_TELEMETRY_DISABLED", "1").env("CONTENT_DIR", "content").env("AROUND", &around);
    let astro = Server(command.spawn().expect("node starts"));
    let program = std::env::current_exe().unwrap();
    let mut command = pinned(program.to_str().unwrap(), None);
    let drawn = Server(command.arg("drawn").arg(DRAWN.to_string()).spawn().unwrap());
    for (port, path) in
        [(DRAWN, "/offer/money"), (DRAWN, "/anew/offer/money"), (ASTRO, "/offer/money"), (ASTRO, "/anew/offer/money")]
    {
        wait_for(port, path);
        // The hour may have turned since, and with it the help strip.
        let ours = visible(&fetch(PORTAL, "/offer/money", &[]).unwrap().body);
        assert_eq!(visible(&fetch(port, path, &[]).unwrap().body), ours, "the same visible text: {port}{path}");
    }
    let from_memory = Wrk::new(PORTAL, "/offer/money");
    let (ours, theirs) = (Wrk::new(DRAWN, "/offer/money"), Wrk::new(ASTRO, "/offer/money"));
    let [memory, drawn_rate, astro_rate] = in_turns(
        "An offer page, uncompressed, one core each: the document drawn on each request",
        [
            ("portal, from memory", server.id(), &from_memory),
            ("portal's views, drawn on each request", drawn.id(), &ours),
            ("Astro, drawn on each request", astro.id(), &theirs),
        ],
    );
    println!("\nFrom memory, as we serve it, beside Astro:");
    ratio(memory, astro_rate, 10.0);
    println!("\nDrawn on each request, both:");
    ratio(drawn_rate, astro_rate, 10.0);
    let (ours, theirs) = (Wrk::new(DRAWN, "/anew/offer/money"), Wrk::new(ASTRO, "/anew/offer/money"));
    let [ours, theirs] = in_turns(
        "The same, its markdown file read and parsed on each request, too",
        [("portal's views", drawn.id(), &ours), ("Astro", astro.id(), &theirs)],
    );
    ratio(ours, theirs, 10.0);
}

/// The release program.
fn program() -> String {
    std::env::var("PORTAL_BIN").unwrap_or_else(|_| "target/release/portal".into())
}

/// The cookie of somebody of the demo.
fn sign_in(username: &str, folder: &Path) -> String {
    let mut command = Command::new(program());
    let said = command.args(["demo-code", username]).env("DATA_DIR", folder).output().expect("the portal starts");
    load::sign_in(PORTAL, username, String::from_utf8(said.stdout).unwrap().trim())
}

fn signed_in(server: &Server, folder: &Path) {
    let cookie = format!("Cookie: {}", sign_in("amber-otter-42", folder));
    let page = fetch(PORTAL, "/me/messages", &[&cookie]).unwrap();
    std::fs::write(folder.join("page.html"), &page.body).unwrap();
    let own = fixtures::own_copy(folder);
    let program = std::env::current_exe().unwrap();
    let mut command = pinned(program.to_str().unwrap(), None);
    let peer = Server(command.arg("peer").arg(&own).arg(PEER.to_string()).spawn().unwrap());
    wait_for(PEER, "/live");
    let theirs = fetch(PEER, "/me/messages", &[&cookie]).unwrap();
    assert_eq!(
        visible(&theirs.body),
        visible(&fetch(PORTAL, "/me/messages", &[&cookie]).unwrap().body),
        "the same visible text"
    );
    let ours = Wrk::new(PORTAL, "/me/messages").header(&cookie).on(folder);
    let other = Wrk::new(PEER, "/me/messages").header(&cookie).on(&own);
    let [ours, theirs] = in_turns(
        "A signed-in thread of 200 messages, decrypting and auditing in both",
        [("portal", server.id(), &ours), ("axum + maud + sqlx", peer.id(), &other)],
    );
    ratio(ours, theirs, 0.8);
}

fn durable(server: &Server, folder: &Path, how: &str, shim: Option<&Path>) {
    let cookie = format!("Cookie: {}", sign_in("quiet-river-17", folder));
    let script = folder.join("send.lua");
    // The form as a browser sends it, with what it had said of when a message is read.
    let page = fetch(PORTAL, "/me/messages", &[&cookie]).unwrap();
    let page = String::from_utf8_lossy(&page.body).into_owned();
    let rest = format!("&shown={}&sign={}", load::hidden(&page, "shown"), load::hidden(&page, "sign"));
    std::fs::write(&script, load::SEND.replace("REST", &rest)).unwrap();
    let sends = Wrk::new(PORTAL, "/me/messages").header(&cookie).script(&script);
    let program = std::env::current_exe().unwrap();
    let raw = || {
        let mut command = pinned(program.to_str().unwrap(), shim);
        let out = command.arg("raw").arg(folder.join("raw.db")).stdout(Stdio::piped()).output().unwrap();
        String::from_utf8_lossy(&out.stdout).trim().parse::<f64>().expect("a rate")
    };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        theirs.push(raw());
        let run = sends.run();
        assert_eq!(run.faults, 0, "sends that were not saved");
        ours.push(run.rate);
    }
    ours.sort_by(f64::total_cmp);
    theirs.sort_by(f64::total_cmp);
    println!("\n## Durable sends, {how}\n\n| | per second |\n|---|---:|");
    println!(
        "| sends through HTTP, each saved before its 303 | {:.0} |\n| raw one-row commits, one connection | {:.0} |",
        ours[1], theirs[1]
    );
    println!("\nRatio: {:.2}", ours[1] / theirs[1]);
    _ = server;
}

fn slow_sync(folder: &Path) -> PathBuf {
    let shim = folder.join("slow_sync.so");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O2", "-o"])
        .arg(&shim)
        .args(["benches/slow_sync.c", "-ldl"])
        .status();
    assert!(built.unwrap().success(), "the shim compiles");
    shim
}
