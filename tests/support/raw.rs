//! The database as a thief or an operator sees it: SQL beside the program, through a connection of
//! its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use portal::id::Id;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{PgPool, SqlitePool};

/// A connection beside the program's own.
#[derive(Clone, Debug)]
pub enum Raw {
    /// The file.
    Sqlite(SqlitePool, PathBuf),
    /// The database by name.
    Postgres(PgPool, String),
}

fn safe(sql: &str) -> sqlx::AssertSqlSafe<String> {
    #[expect(clippy::disallowed_methods, reason = "the tests write their own SQL")]
    sqlx::AssertSqlSafe(sql.to_owned())
}

/// Runs one query on whichever engine.
macro_rules! each {
    ($raw:expr, $pool:ident => $query:expr) => {
        match $raw {
            Raw::Sqlite($pool, _) => $query.await,
            Raw::Postgres($pool, _) => $query.await,
        }
    };
}

impl Raw {
    /// Opens a SQLite file that is there.
    pub async fn sqlite(path: &Path) -> Self {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .busy_timeout(std::time::Duration::from_secs(20))
            .foreign_keys(true);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
        Self::Sqlite(pool, path.to_owned())
    }

    /// Opens a PostgreSQL database.
    pub async fn postgres(url: &str, name: &str) -> Self {
        Self::Postgres(PgPoolOptions::new().max_connections(1).connect(url).await.unwrap(), name.to_owned())
    }

    /// Runs a statement; gives how many rows it touched.
    pub async fn run(&self, sql: &str) -> u64 {
        self.try_run(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Runs a statement that may be refused.
    pub async fn try_run(&self, sql: &str) -> Result<u64, sqlx::Error> {
        each!(self, pool => async { sqlx::query(safe(sql)).execute(pool).await.map(|done| done.rows_affected()) })
    }

    /// The one number that a query gives.
    pub async fn number(&self, sql: &str) -> i64 {
        each!(self, pool => sqlx::query_scalar::<_, i64>(safe(sql)).fetch_one(pool))
            .unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// The first column of every row, as text.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        each!(self, pool => sqlx::query_scalar::<_, String>(safe(sql)).fetch_all(pool))
            .unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// An id as it is written in SQL.
    pub fn id<K>(&self, id: Id<K>) -> String {
        self.bytes(id.bytes())
    }

    /// Bytes as they are written in SQL.
    pub fn bytes(&self, bytes: &[u8]) -> String {
        match self {
            Self::Sqlite(..) => format!("X'{}'", portal::id::hex(bytes)),
            Self::Postgres(..) => format!("'\\x{}'::bytea", portal::id::hex(bytes)),
        }
    }

    /// Every table of ours.
    pub async fn tables(&self) -> Vec<String> {
        match self {
            Self::Sqlite(..) => {
                self.texts("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY name").await
            }
            Self::Postgres(..) => {
                self.texts("SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE '\\_%' ORDER BY table_name").await
            }
        }
    }

    /// How many rows each table holds, leaving out the audit with what hangs on it and the count of wrong
    /// tries, which also grow when something is refused.
    pub async fn counts(&self) -> BTreeMap<String, i64> {
        let mut counts = BTreeMap::new();
        for table in self.tables().await {
            if !table.starts_with("audit") && table != "sign_in_delay" {
                let count = self.number(&format!("SELECT COUNT(*) FROM {table}")).await;
                counts.insert(table, count);
            }
        }
        assert!(counts.len() > 15, "the tables were not found");
        counts
    }

    /// How many audit rows there are.
    pub async fn audited(&self) -> i64 {
        self.number("SELECT COUNT(*) FROM audit").await
    }
}
