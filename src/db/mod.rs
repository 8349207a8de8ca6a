//! The database: SQLite inside the program, or PostgreSQL. The only module that names an engine.
//!
//! One SQL text runs on both, through [`on!`] or as a [`Question`]. Rules that keep it so: `$1` placeholders, `i64`
//! everywhere, times bound from the clock, no arrays, `COUNT` and `MAX` but `CAST(SUM(..) AS BIGINT)`.

mod id;
mod list;
mod open;
mod question;
mod readers;
mod rotate;
mod writer;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres, SqliteConnection, Transaction};

use crate::error::{Error, Result};
use crate::vault::OwnerKey;

pub use list::{places, with_places};
pub use open::{Kind, Url};
pub use question::{Question, Questions};
pub use rotate::WRAPPED;
pub use writer::BoxFuture;

/// Runs one query on whichever engine is open, with its connection bound to the given name.
macro_rules! on {
    ($conn:expr, $c:ident => $query:expr) => {
        match $conn.engine() {
            $crate::db::Engine::Sqlite($c) => $query.await,
            $crate::db::Engine::Postgres($c) => $query.await,
        }
        .map_err($crate::error::Error::from)
    };
}
pub(crate) use on;

/// Runs one statement on whichever engine is open; gives how many rows it touched.
macro_rules! run {
    ($conn:expr, $query:expr) => {
        match $conn.engine() {
            $crate::db::Engine::Sqlite(c) => $query.execute(c).await.map(|done| done.rows_affected()),
            $crate::db::Engine::Postgres(c) => $query.execute(c).await.map(|done| done.rows_affected()),
        }
        .map_err($crate::error::Error::from)
    };
}
pub(crate) use run;

/// Gets the rows of one query that holds a list of ids: `{}` in its text stands for the list, whose places come after
/// those of the other values. For an empty list nothing is asked.
macro_rules! on_list {
    ($conn:expr, $text:expr, [$($value:expr),*], $ids:expr) => {{
        let values: &[&str] = &[$(stringify!($value)),*];
        let (places, ids) = $crate::db::places(values.len() + 1, $ids);
        if places.is_empty() {
            Ok(Vec::new())
        } else {
            $crate::db::on!($conn, c => {
                let query = sqlx::query_as($crate::db::with_places($text, &places))$(.bind($value))*;
                ids.iter().fold(query, |query, id| query.bind(*id)).fetch_all(c)
            })
        }
    }};
}
pub(crate) use on_list;

/// The open database. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Db {
    /// One file beside the program: a few readers and one writer that shares its commits.
    Sqlite {
        /// Read-only connections.
        read: readers::Readers,
        /// The one writer.
        write: writer::Writer,
        /// How much was asked.
        asked: Asked,
    },
    /// A server that several instances of the program may share.
    Postgres(PgPool, Asked),
}

/// How many queries were asked in snapshots, over all connections.
#[derive(Clone, Debug, Default)]
pub struct Asked(Arc<AtomicU64>);

/// One connection inside a transaction, or for one query, whichever engine.
#[derive(Debug)]
enum Conn {
    Reader(readers::Reader),
    Writer(SqliteConnection),
    Postgres(Transaction<'static, Postgres>),
    SqliteOnce(PoolConnection<sqlx::Sqlite>),
    PostgresOnce(PoolConnection<Postgres>),
}

/// The connection to run one query on; made for [`on!`].
#[derive(Debug)]
pub enum Engine<'c> {
    /// SQLite.
    Sqlite(&'c mut SqliteConnection),
    /// PostgreSQL.
    Postgres(&'c mut PgConnection),
}

/// A read snapshot: every query through it sees the database at one moment.
#[derive(Debug)]
pub struct Snapshot(Conn, Asked, Keys);

/// The key that was opened last through a snapshot, so that a page of one person asks for it once.
#[derive(Debug)]
enum Keys {
    /// Of this owner.
    Last(Option<Box<([u8; 16], OwnerKey)>>),
    /// What writes may make a key, change it or destroy it: it is asked for each time.
    Never,
}

/// A connection for one query, which sees one moment. It may have no transaction around it.
#[derive(Debug)]
pub struct OneQuery(Snapshot);

/// A write transaction. Reads go through it as through a [`Snapshot`].
#[derive(Debug)]
pub struct Tx(Snapshot);

/// Anything that can be read through: a snapshot, or a transaction that also writes.
pub trait Reads: Send {
    /// The snapshot to read from.
    fn reads(&mut self) -> &mut Snapshot;
    /// The same, to look at.
    fn peek(&self) -> &Snapshot;
}

impl Reads for Snapshot {
    fn reads(&mut self) -> &mut Snapshot {
        self
    }
    fn peek(&self) -> &Snapshot {
        self
    }
}

impl Reads for Tx {
    fn reads(&mut self) -> &mut Snapshot {
        &mut self.0
    }
    fn peek(&self) -> &Snapshot {
        &self.0
    }
}

impl Snapshot {
    /// The connection for one query.
    pub fn engine(&mut self) -> Engine<'_> {
        self.1.0.fetch_add(1, Ordering::Relaxed);
        match &mut self.0 {
            Conn::Reader(reader) => Engine::Sqlite(reader.conn()),
            Conn::Writer(conn) => Engine::Sqlite(conn),
            Conn::Postgres(tx) => Engine::Postgres(tx),
            Conn::SqliteOnce(conn) => Engine::Sqlite(conn),
            Conn::PostgresOnce(conn) => Engine::Postgres(conn),
        }
    }

    /// How many queries were asked by now, over all connections of its kind.
    fn asked(&self) -> u64 {
        self.1.0.load(Ordering::Relaxed)
    }

    /// The key of an owner, when it is the one that was opened last.
    pub fn opened_key(&self, owner: &[u8; 16]) -> Option<OwnerKey> {
        match &self.2 {
            Keys::Last(Some(last)) if last.0 == *owner => Some(last.1.clone()),
            _ => None,
        }
    }

    /// Holds on to an opened key for as long as the snapshot lives, unless it can also be written through.
    pub fn hold_key(&mut self, owner: [u8; 16], key: &OwnerKey) {
        if let Keys::Last(last) = &mut self.2 {
            *last = Some(Box::new((owner, key.clone())));
        }
    }
}

impl OneQuery {
    /// The connection for the query. A second one may see another moment.
    pub fn engine(&mut self) -> Engine<'_> {
        self.0.engine()
    }
}

impl Tx {
    /// The connection for one query.
    pub fn engine(&mut self) -> Engine<'_> {
        self.0.engine()
    }
}

impl std::ops::Deref for Tx {
    type Target = Snapshot;
    fn deref(&self) -> &Snapshot {
        &self.0
    }
}

impl std::ops::DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Snapshot {
        &mut self.0
    }
}

impl Db {
    /// Opens a read snapshot.
    ///
    /// # Errors
    /// [`Error::Busy`] when no connection is free in time.
    pub async fn read(&self) -> Result<Snapshot> {
        Ok(match self {
            Self::Sqlite { read, asked, .. } => {
                Snapshot(Conn::Reader(read.read().await?), asked.clone(), Keys::Last(None))
            }
            Self::Postgres(pool, asked) => {
                let begun = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
                Snapshot(Conn::Postgres(begun), asked.clone(), Keys::Last(None))
            }
        })
    }

    /// Opens a connection for one query.
    ///
    /// # Errors
    /// [`Error::Busy`] when no connection is free in time.
    pub async fn once(&self) -> Result<OneQuery> {
        let (conn, asked) = match self {
            Self::Sqlite { read, asked, .. } => match read.one().await? {
                readers::One::Shared(reader) => (Conn::Reader(reader), asked),
                readers::One::Own(conn) => (Conn::SqliteOnce(conn), asked),
            },
            Self::Postgres(pool, asked) => (Conn::PostgresOnce(pool.acquire().await?), asked),
        };
        Ok(OneQuery(Snapshot(conn, asked.clone(), Keys::Last(None))))
    }

    /// How many queries were asked in snapshots since it was opened: what a page asks must not grow with the number of
    /// people on it.
    pub fn asked(&self) -> u64 {
        let (Self::Sqlite { asked, .. } | Self::Postgres(_, asked)) = self;
        asked.0.load(Ordering::Relaxed)
    }

    /// Runs `act` in one write transaction and returns when it is on disk. It runs to its end even
    /// when the caller goes away. On SQLite several waiting acts may share one commit, and each that
    /// may be refused has a savepoint of its own; on PostgreSQL the transaction is serializable and `act` is run again
    /// when it met another, so it must do nothing but use `tx`.
    ///
    /// # Errors
    /// What `act` returned, with nothing kept; [`Error::Busy`] when the database stayed locked or the shared commit failed.
    pub async fn write<A, T, F>(&self, args: A, act: F) -> Result<T>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx, &'t A) -> BoxFuture<'t, Result<T>> + Send + Sync + 'static,
    {
        match self {
            Self::Sqlite { write, .. } => write.run(args, act, false).await,
            Self::Postgres(pool, _) => writer::serializable(pool.clone(), args, act).await,
        }
    }

    /// Adds rows that nothing refuses, as [`write`](Self::write) does. On SQLite it costs less: it has no savepoint, and an
    /// act that fails takes along whatever ran before it in its commit.
    ///
    /// # Errors
    /// As [`write`](Self::write) says.
    pub async fn append<A, T, F>(&self, args: A, act: F) -> Result<T>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx, &'t A) -> BoxFuture<'t, Result<T>> + Send + Sync + 'static,
    {
        match self {
            Self::Sqlite { write, .. } => write.run(args, act, true).await,
            Self::Postgres(pool, _) => writer::serializable(pool.clone(), args, act).await,
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut => Self::Busy("no free connection".into()),
            sqlx::Error::Io(_) | sqlx::Error::PoolClosed => Self::Busy(error.to_string()),
            sqlx::Error::Database(from) if from.is_unique_violation() => Self::Duplicate,
            sqlx::Error::Database(from) if busy(from.as_ref()) => Self::Busy(from.message().to_owned()),
            _ => Self::Database(error),
        }
    }
}

/// Whether the engine only asks for another try: locked or full (SQLite 5, 6, 13 and their
/// extended codes), or shutting down, out of connections, out of
/// space, or too long behind a lock (PostgreSQL classes 53, 57 and code 55P03).
fn busy(error: &dyn sqlx::error::DatabaseError) -> bool {
    let Some(code) = error.code() else { return false };
    match error.try_downcast_ref::<sqlx::sqlite::SqliteError>() {
        Some(_) => code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 13)),
        None => code.starts_with("53") || code.starts_with("57") || code == "55P03",
    }
}
