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

mod fixtures;
mod load;
mod peer;
mod timetable;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use load::{Wrk, cpu_us, fetch, rss_mib, visible};

const PORTAL: u16 = 18_301;
const NGINX: u16 = 18_302;
const PEER: u16 = 18_303;

fn main() {
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
    match args.next().as_deref() {
        Some("peer") => return peer::serve(args),
        // By itself: `cargo bench --bench side_by_side -- occurrences`.
        Some("occurrences") => return timetable::occurrences(),
        Some("raw") => return fixtures::raw_commits(Path::new(&args.next().unwrap())),
        _ => {}
    }
    let portal = std::env::var("PORTAL_BIN").unwrap_or_else(|_| "target/release/portal".into());
    let folder = tempfile::tempdir_in("target").unwrap();
    let folder = folder.path().canonicalize().unwrap();
    println!("# Side by side\n\n{} cores, load {}", cores(), std::fs::read_to_string("/proc/loadavg").unwrap().trim());

    let began = Instant::now();
    let server = start_portal(&portal, &folder, None);
    println!("\nStart to first 200: {:.2} s (empty database, demo data laid down)", began.elapsed().as_secs_f64());
    drop(server);
    fixtures::long_thread(&folder);
    let began = Instant::now();
    let server = start_portal(&portal, &folder, None);
    println!("Start to first 200: {:.2} s (again)", began.elapsed().as_secs_f64());
    println!("Resident memory at rest: {:.1} MiB", rss_mib(server.id()));

    timetable::occurrences();
    first_answers();
    bundle();
    public_page(&server, &folder);
    signed_in(&server, &folder);
    println!("Resident memory after the load: {:.1} MiB", rss_mib(server.id()));
    durable(&server, &folder, "as it is", None);
    drop(server);
    let shim = slow_sync(&folder);
    let server = start_portal(&portal, &folder, Some(&shim));
    durable(&server, &folder, "with 7 ms more for each commit", Some(&shim));
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
        _ = Command::new("kill").arg(self.0.id().to_string()).status();
        _ = self.0.wait();
    }
}

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

/// Rounds of A and B in turns, and the ratio of their medians.
fn in_turns(title: &str, a: (&str, u32, &Wrk), b: (&str, u32, &Wrk)) {
    let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
    for round in 0..4 {
        let order = if round % 2 == 0 { [true, false] } else { [false, true] };
        for first in order {
            let (name, pid, wrk) = if first { a } else { b };
            let before = cpu_us(pid);
            let run = wrk.run();
            let cpu = (cpu_us(pid) - before) / run.requests.max(1.0);
            assert_eq!(run.faults, 0, "{name}: answers that were no success");
            if first {
                of_a.push((run.rate, cpu))
            } else {
                of_b.push((run.rate, cpu))
            };
        }
    }
    let median = |runs: &mut Vec<(f64, f64)>| {
        runs.sort_by(|a, b| a.0.total_cmp(&b.0));
        runs[runs.len() / 2]
    };
    let (rate_a, cpu_a) = median(&mut of_a);
    let (rate_b, cpu_b) = median(&mut of_b);
    println!("\n## {title}\n\n| | requests/s | CPU-µs/request |\n|---|---:|---:|");
    println!(
        "| {} | {rate_a:.0} | {cpu_a:.0} |\n| {} | {rate_b:.0} | {cpu_b:.0} |\n\nRatio: {:.2}",
        a.0,
        b.0,
        rate_a / rate_b
    );
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
    in_turns(
        "A public page, the same compressed bytes, one core each",
        ("portal", server.id(), &ours),
        ("nginx", worker, &other),
    );
}

fn signed_in(server: &Server, folder: &Path) {
    let cookie = format!("Cookie: {}", load::sign_in(PORTAL, "amber-otter-42"));
    let page = fetch(PORTAL, "/me/messages", &[&cookie]).unwrap();
    std::fs::write(folder.join("page.html"), &page.body).unwrap();
    let program = std::env::current_exe().unwrap();
    let mut command = pinned(program.to_str().unwrap(), None);
    let peer = Server(command.arg("peer").arg(folder).arg(PEER.to_string()).spawn().unwrap());
    wait_for(PEER, "/live");
    let theirs = fetch(PEER, "/me/messages", &[&cookie]).unwrap();
    assert_eq!(
        visible(&theirs.body),
        visible(&fetch(PORTAL, "/me/messages", &[&cookie]).unwrap().body),
        "the same visible text"
    );
    let ours = Wrk::new(PORTAL, "/me/messages").header(&cookie);
    let other = Wrk::new(PEER, "/me/messages").header(&cookie);
    in_turns(
        "A signed-in thread of 200 messages, decrypting and auditing in both",
        ("portal", server.id(), &ours),
        ("axum + maud + sqlx", peer.id(), &other),
    );
}

fn durable(server: &Server, folder: &Path, how: &str, shim: Option<&Path>) {
    let cookie = format!("Cookie: {}", load::sign_in(PORTAL, "quiet-river-17"));
    let script = folder.join("send.lua");
    std::fs::write(&script, load::SEND).unwrap();
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
