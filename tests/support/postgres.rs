//! One throw-away PostgreSQL for the whole test run, from Debian's own package: durable as in real
//! use, reached by a socket in a temporary folder, stopped and removed when this process ends,
//! however it ends.

use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

use portal::db::{Db, Url};

/// The running server.
#[derive(Debug)]
pub struct Cluster {
    /// Where its programs are.
    pub bin: PathBuf,
    /// Where its socket is.
    pub socket: PathBuf,
    /// Stops it when our end of its input closes.
    _guard: Child,
}

/// The server of this process, started when it is first asked for. `None`: PostgreSQL is not on
/// this machine, which fails under CI.
pub fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    CLUSTER.get_or_init(start).as_ref()
}

fn newest_bin() -> Option<PathBuf> {
    let mut found: Vec<_> =
        std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path().join("bin")).collect();
    found.retain(|bin| bin.join("initdb").exists() && bin.join("pg_ctl").exists());
    found.sort();
    found.pop()
}

/// The user that PostgreSQL runs as: it refuses to run as root.
fn other_user() -> Option<(u32, u32)> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let own = status.lines().find_map(|line| line.strip_prefix("Uid:"))?.split_whitespace().next()?.to_owned();
    if own != "0" {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    ["postgres", "nobody"].iter().find_map(|name| {
        let line = users.lines().find(|line| line.starts_with(&format!("{name}:")))?;
        let mut parts = line.split(':').skip(2);
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    })
}

fn start() -> Option<Cluster> {
    let Some(bin) = newest_bin() else {
        println!("PostgreSQL is not on this machine (Debian: apt-get install postgresql): its tests are left out");
        assert!(std::env::var_os("CI").is_none(), "under CI the PostgreSQL tests must run");
        return None;
    };
    let home = tempfile::Builder::new().prefix("portal-pg-").tempdir().unwrap().keep();
    let user = other_user();
    if let Some((uid, gid)) = user {
        std::os::unix::fs::chown(&home, Some(uid), Some(gid)).unwrap();
    }
    let command = |program: &str| {
        let mut command = Command::new(bin.join(program));
        if let Some((uid, gid)) = user {
            command = Command::new("setpriv");
            command
                .arg(format!("--reuid={uid}"))
                .arg(format!("--regid={gid}"))
                .arg("--clear-groups")
                .arg(bin.join(program));
        }
        command.current_dir(&home).stdin(Stdio::null());
        command
    };
    let data = home.join("data");
    let made = command("initdb")
        .args(["--no-sync", "--no-locale", "--encoding=UTF8", "--auth=trust", "--username=portal", "-D"])
        .arg(&data)
        .output()
        .unwrap();
    assert!(made.status.success(), "initdb failed: {}", String::from_utf8_lossy(&made.stderr));
    // The guard stands first, so that a start that fails leaves nothing behind either. It reads until
    // this process is gone, then stops the server at once and takes its folder away.
    let script = format!(
        "cat >/dev/null; test -f {0}/postmaster.pid && kill -QUIT $(head -1 {0}/postmaster.pid); sleep 0.3; rm -rf {1} || {{ sleep 1; rm -rf {1}; }}",
        data.display(),
        home.display()
    );
    let guard = Command::new("sh")
        .args(["-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap();
    let settings = format!(
        "-c listen_addresses='' -c unix_socket_directories='{}' -c max_connections=300 -c fsync=on -c synchronous_commit=on -c shared_buffers=64MB",
        home.display()
    );
    let started = command("pg_ctl")
        .args(["start", "-w", "-t", "60", "-s", "-D"])
        .arg(&data)
        .arg("-l")
        .arg(home.join("log"))
        .arg("-o")
        .arg(settings)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(
        started.success(),
        "PostgreSQL did not start: {}",
        std::fs::read_to_string(home.join("log")).unwrap_or_default()
    );
    Some(Cluster { bin, socket: home, _guard: guard })
}

impl Cluster {
    /// The address of a database of this name.
    pub fn url(&self, database: &str) -> String {
        let socket = self.socket.display().to_string().replace('/', "%2F");
        format!("postgres://portal@localhost/{database}?host={socket}")
    }

    /// Runs one statement with `psql`.
    pub fn psql(&self, database: &str, sql: &str) {
        let done = Command::new(self.bin.join("psql"))
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", "portal", "-d", database, "-c", sql, "-h"])
            .arg(&self.socket)
            .output()
            .unwrap();
        assert!(done.status.success(), "{sql}: {}", String::from_utf8_lossy(&done.stderr));
    }

    /// Everything in a database as text.
    pub fn dump(&self, database: &str) -> Vec<u8> {
        let done = Command::new(self.bin.join("pg_dump"))
            .args(["-U", "portal", "-d", database, "-h"])
            .arg(&self.socket)
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    }

    /// A new empty database; gives its name. Its tables are there already.
    pub fn fresh(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        static TEMPLATE: Mutex<bool> = Mutex::new(false);
        let mut made = TEMPLATE.lock().unwrap();
        if !*made {
            self.psql("postgres", "CREATE DATABASE migrated");
            let url: Url = self.url("migrated").parse().unwrap();
            super::block_on(async {
                let Db::Postgres(pool, _) = Db::open(&url).await.unwrap() else { panic!("not PostgreSQL") };
                pool.close().await;
            });
            *made = true;
        }
        let name = format!("t{}", COUNT.fetch_add(1, Ordering::SeqCst));
        self.psql("postgres", &format!("CREATE DATABASE {name} TEMPLATE migrated"));
        name
    }
}
