//! SQLite's readers. After each commit a reader fetches its pages anew, and every page of ours commits a row: those who
//! wait for a reader at the same time share a moment, as waiting writes share a commit.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, SqlitePool, Transaction};
use tokio::sync::oneshot;

use crate::error::{Error, Result};

/// The readers, and who waits for one.
#[derive(Clone, Debug)]
pub struct Readers {
    pool: SqlitePool,
    line: Arc<Mutex<Line>>,
}

/// Who waits, in the order in which they came.
#[derive(Debug, Default)]
struct Line {
    /// How many ever came.
    came: u64,
    waiting: VecDeque<(u64, oneshot::Sender<Reader>)>,
}

/// A reader in a transaction. Dropped, it goes to the next who came before it began: they see all that was on disk when
/// they came.
#[derive(Debug)]
pub struct Reader {
    tx: Option<Transaction<'static, Sqlite>>,
    /// How many had come when it began.
    began: u64,
    line: Arc<Mutex<Line>>,
}

/// A reader for one query.
#[derive(Debug)]
pub enum One {
    /// One that others read through as well.
    Shared(Reader),
    /// One without a transaction.
    Own(PoolConnection<Sqlite>),
}

impl Readers {
    pub(super) fn new(pool: SqlitePool) -> Self {
        Self { pool, line: Arc::default() }
    }

    /// A reader that sees one moment, not before now.
    ///
    /// # Errors
    /// [`Error::Busy`] when none is free in time.
    pub async fn read(&self) -> Result<Reader> {
        match self.one().await? {
            One::Shared(reader) => Ok(reader),
            One::Own(conn) => {
                let began = line(&self.line).came;
                let tx = Transaction::begin(conn, None).await?;
                Ok(Reader { tx: Some(tx), began, line: self.line.clone() })
            }
        }
    }

    /// A reader for one query.
    ///
    /// # Errors
    /// [`Error::Busy`] when none is free in time.
    pub async fn one(&self) -> Result<One> {
        if let Some(conn) = self.pool.try_acquire() {
            return Ok(One::Own(conn));
        }
        let (hand, handed) = oneshot::channel();
        {
            let mut line = line(&self.line);
            line.came += 1;
            let number = line.came;
            line.waiting.push_back((number, hand));
        }
        // What is handed over after all is dropped with its channel, and goes on to the next.
        tokio::select! {
            biased;
            Ok(reader) = handed => Ok(One::Shared(reader)),
            conn = self.pool.acquire() => Ok(One::Own(conn.map_err(Error::from)?)),
        }
    }
}

impl Reader {
    /// Its connection.
    #[expect(clippy::expect_used, reason = "it is taken out only when the reader is dropped")]
    pub fn conn(&mut self) -> &mut SqliteConnection {
        self.tx.as_deref_mut().expect("a reader holds its transaction")
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        while let Some(tx) = self.tx.take() {
            // Nobody is left who may have it: it ends here, and is free.
            let Some(next) = line(&self.line).next(self.began) else { return };
            let reader = Self { tx: Some(tx), began: self.began, line: self.line.clone() };
            if let Err(mut back) = next.send(reader) {
                self.tx = back.tx.take();
            }
        }
    }
}

impl Line {
    /// The first who still waits, if they came before a reader began.
    fn next(&mut self, began: u64) -> Option<oneshot::Sender<Reader>> {
        while self.waiting.front().is_some_and(|(_, hand)| hand.is_closed()) {
            self.waiting.pop_front();
        }
        self.waiting.pop_front_if(|(number, _)| *number <= began).map(|(_, hand)| hand)
    }
}

/// A panic elsewhere leaves the line as it was.
fn line(line: &Mutex<Line>) -> std::sync::MutexGuard<'_, Line> {
    line.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "readers_test.rs"]
mod tests;
