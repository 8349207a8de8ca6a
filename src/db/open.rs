//! Opening a database: its settings, their check, and the migrations.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use super::{Asked, Db, on, readers, run, writer};
use crate::error::{Error, Result};
use crate::vault::Vault;

/// Below this, SQLite can lose a committed write when it resets its log.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);
/// SQLite readers; each is a thread.
const READERS: u32 = 4;
/// How many bytes of the file each reader sees as memory: 1 GiB of addresses. What lies behind is read as before.
const MAPPED: &str = "1073741824";

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Url {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A `postgres://` address.
    Postgres(String),
}

/// What a database may hold: real people, or made-up ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Real people.
    Live,
    /// Made-up people, for showing.
    Demo,
}

impl Kind {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Demo => "demo",
        }
    }
}

impl Url {
    /// A database in a file of its own, without a server.
    pub fn file(path: PathBuf) -> Self {
        Self::Sqlite(path)
    }
}

impl FromStr for Url {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        match text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")) {
            Some(path) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            _ => Err(Error::Setup(
                "DATABASE_URL must start with sqlite:// and name a file, or start with postgres://".into(),
            )),
        }
    }
}

impl Db {
    /// Opens the database, checks its settings and brings its tables up to date.
    ///
    /// # Errors
    /// [`Error::Setup`] when it cannot be reached, is too old, or is not set as it must be.
    pub async fn open(url: &Url) -> Result<Self> {
        match url {
            Url::Sqlite(path) => open_sqlite(path).await,
            Url::Postgres(address) => open_postgres(address).await,
        }
    }

    /// Marks a new database as `kind`, sealed with the key of `vault`; refuses one that was marked otherwise. Gives
    /// the vault with the database's own look-up key.
    ///
    /// # Errors
    /// [`Error::Setup`] when the database is of the other kind or was sealed with another key.
    pub async fn claim(&self, kind: Kind, vault: &Vault, now: i64) -> Result<Vault> {
        let keys = (vault.check().to_vec(), vault.new_look_up()?, vault.own_look_up()?);
        let found = self
            .write(keys, move |tx, (check, new, own)| {
                Box::pin(async move {
                    run!(tx, sqlx::query(
                        "INSERT INTO instance (one, kind, key_check, created_at, look_up_wrapped) VALUES (1, $1, $2, $3, $4)
                         ON CONFLICT (one) DO NOTHING").bind(kind.as_str()).bind(check).bind(now).bind(new))?;
                    // A database of before there was one goes on with what its key file gave.
                    run!(tx, sqlx::query("UPDATE instance SET look_up_wrapped = $2 WHERE look_up_wrapped IS NULL AND key_check = $1")
                        .bind(check).bind(own))?;
                    type Row = (String, Vec<u8>, Option<Vec<u8>>);
                    on!(tx, c => sqlx::query_as::<_, Row>("SELECT kind, key_check, look_up_wrapped FROM instance").fetch_one(c))
                })
            })
            .await?;
        if found.0 != kind.as_str() {
            let words = match kind {
                Kind::Live => {
                    "this database holds demo data: `portal serve` will not open it. Name another DATABASE_URL"
                }
                Kind::Demo => {
                    "this database is live: `portal demo` will not open it. Name another DATABASE_URL or DATA_DIR"
                }
            };
            return Err(Error::Setup(words.into()));
        }
        if !vault.knows(&found.1) {
            return Err(Error::Setup(
                "this database was sealed with another key: set KEY_FILE to the right one".into(),
            ));
        }
        let look_up =
            found.2.ok_or_else(|| Error::Setup("start this version once with the key of before alone".into()))?;
        vault.with_look_up(&look_up)
    }
}

fn cannot_open(error: impl std::fmt::Display) -> Error {
    Error::Setup(format!("the database cannot be opened: {error}"))
}

async fn open_sqlite(path: &std::path::Path) -> Result<Db> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .map_err(|e| Error::Setup(format!("{} cannot be made: {e}", folder.display())))?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // By name: without it the last commits can vanish when the power fails.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("trusted_schema", "OFF")
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(256)
        // A reader hands over rows one by one: it need not wait for whoever takes them.
        .row_buffer_size(1_000)
        .disable_statement_logging();
    let mut conn = options.connect().await.map_err(cannot_open)?;
    sqlx::migrate!("migrations/sqlite").run(&mut conn).await.map_err(cannot_open)?;
    check_sqlite(&mut conn).await?;
    // Only readers: when the log moved on, which it does with each page, what stands in the file itself is neither copied
    // nor allocated again.
    let readers = options.read_only(true).create_if_missing(false).pragma("mmap_size", MAPPED);
    let read = SqlitePoolOptions::new()
        .max_connections(READERS)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(5))
        .connect_with(readers)
        .await
        .map_err(cannot_open)?;
    Ok(Db::Sqlite { read: readers::Readers::new(read), write: writer::Writer::start(conn), asked: Asked::default() })
}

/// Refuses to start on settings under which "saved" would not be true.
async fn check_sqlite(conn: &mut SqliteConnection) -> Result<()> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut *conn).await?;
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut part = || parts.next().unwrap_or(0);
    if (part(), part(), part()) < OLDEST_SQLITE {
        return Err(Error::Setup(format!("SQLite {version} is too old: 3.51.3 or newer is needed")));
    }
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *conn).await?;
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut *conn).await?;
    let foreign_keys: i64 = sqlx::query_scalar("PRAGMA foreign_keys").fetch_one(&mut *conn).await?;
    if journal != "wal" || synchronous != 2 || foreign_keys != 1 {
        return Err(Error::Setup(format!(
            "SQLite would not take the settings that keep messages safe (journal_mode {journal}, synchronous {synchronous}, foreign_keys {foreign_keys}). Put the file on a local disk"
        )));
    }
    conn.ping().await?;
    Ok(())
}

async fn open_postgres(address: &str) -> Result<Db> {
    let options = PgConnectOptions::from_str(address).map_err(cannot_open)?.disable_statement_logging();
    // A lock that another instance left behind must become a 503, not a page that never comes.
    let options = options.options([
        ("lock_timeout", "5s"),
        ("statement_timeout", "8s"),
        ("idle_in_transaction_session_timeout", "15s"),
    ]);
    let pool = PgPoolOptions::new()
        .max_connections(16)
        .test_before_acquire(true)
        .acquire_timeout(Duration::from_secs(5))
        .connect_with(options)
        .await
        .map_err(cannot_open)?;
    sqlx::migrate!("migrations/postgres").run(&pool).await.map_err(cannot_open)?;
    // A server set to answer before its disk has the row would make "saved" untrue.
    let durable: String = sqlx::query_scalar("SHOW synchronous_commit").fetch_one(&pool).await?;
    let fsync: String = sqlx::query_scalar("SHOW fsync").fetch_one(&pool).await?;
    if fsync != "on" || !matches!(durable.as_str(), "on" | "remote_apply" | "remote_write") {
        return Err(Error::Setup(format!(
            "PostgreSQL must have fsync and synchronous_commit on (they are {fsync}, {durable})"
        )));
    }
    Ok(Db::Postgres(pool, Asked::default()))
}
