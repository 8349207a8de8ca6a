//! How writes reach the disk: on SQLite through one task that lets waiting acts share a commit,
//! on PostgreSQL as serializable transactions that are tried again.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::time::Duration;

use futures_util::FutureExt as _;
use sqlx::{Connection as _, PgPool, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use super::{Asked, Conn, Keys, Snapshot, Tx};
use crate::error::{Error, Result};

/// A boxed future that may borrow for `'t`.
pub type BoxFuture<'t, T> = Pin<Box<dyn Future<Output = T> + Send + 't>>;

/// The most acts that share one commit.
const BATCH: usize = 64;
/// How long an act may wait for its turn.
const PATIENCE: Duration = Duration::from_secs(8);
/// The longest pause before a serializable transaction is tried again, as a power of two in ms.
const PAUSE: u32 = 7;

/// The queue in front of the one SQLite connection that writes.
#[derive(Clone, Debug)]
pub struct Writer {
    queue: mpsc::Sender<Box<dyn Job>>,
}

/// One waiting act: run so that it keeps all of its changes or none, then told how the shared commit went.
trait Job: Send {
    /// Nothing refuses it: it needs no savepoint of its own.
    fn is_sure(&self) -> bool;
    /// Nobody waits for the outcome any more and nothing has been done yet.
    fn abandoned(&self) -> bool;
    /// Runs the act; true when its changes are to be kept.
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> BoxFuture<'t, bool>;
    /// Why it failed by itself.
    fn fault(&self) -> Option<&Error>;
    /// Hands the outcome over. `failed` says why the commit did not happen.
    fn finish(self: Box<Self>, failed: Option<Error>);
}

struct Act<A, T, F> {
    args: A,
    act: F,
    sure: bool,
    outcome: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<A, T, F> Job for Act<A, T, F>
where
    A: Send + Sync,
    T: Send,
    F: for<'t> Fn(&'t mut Tx, &'t A) -> BoxFuture<'t, Result<T>> + Send + Sync,
{
    fn is_sure(&self) -> bool {
        self.sure
    }

    fn abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> BoxFuture<'t, bool> {
        Box::pin(async move {
            let run = AssertUnwindSafe((self.act)(tx, &self.args)).catch_unwind().await;
            let outcome = run.unwrap_or_else(|_| Err(Error::Internal("a write panicked".into())));
            let keep = outcome.is_ok();
            self.outcome = Some(outcome);
            keep
        })
    }

    fn fault(&self) -> Option<&Error> {
        self.outcome.as_ref()?.as_ref().err()
    }

    fn finish(self: Box<Self>, failed: Option<Error>) {
        let outcome = match (self.outcome, failed) {
            (Some(Err(own)), _) => Err(own),
            (_, Some(failed)) => Err(failed),
            (Some(outcome), None) => outcome,
            (None, None) => Err(Error::Internal("a write was not run".into())),
        };
        // The caller may have gone; what was committed stays committed.
        _ = self.reply.send(outcome);
    }
}

impl Writer {
    /// Starts the task that owns `conn`.
    pub(super) fn start(conn: SqliteConnection) -> Self {
        let (queue, jobs) = mpsc::channel(1024);
        tokio::spawn(write_all(conn, jobs));
        Self { queue }
    }

    pub(super) async fn run<A, T, F>(&self, args: A, act: F, sure: bool) -> Result<T>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx, &'t A) -> BoxFuture<'t, Result<T>> + Send + Sync + 'static,
    {
        let (reply, outcome) = oneshot::channel();
        let job = Box::new(Act { args, act, sure, outcome: None, reply });
        let busy = || Error::Busy("the writer did not answer in time".into());
        let waiting = async {
            self.queue.send(job).await.map_err(|_| Error::Busy("the writer has stopped".into()))?;
            outcome.await.map_err(|_| busy())?
        };
        tokio::time::timeout(PATIENCE, waiting).await.map_err(|_| busy())?
    }
}

/// Takes what waits, runs each act by itself, commits once, and only then answers.
async fn write_all(conn: SqliteConnection, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    let mut tx = Tx(Snapshot(Conn::Writer(conn), Asked::default(), Keys::Never));
    while let Some(first) = jobs.recv().await {
        let mut ran: Vec<Box<dyn Job>> = Vec::with_capacity(8);
        let mut next = Some(first);
        let mut failed = None;
        // Each statement to the writer's thread has its price: the end of an act goes along with what comes after it.
        let (mut begun, mut lost_disk) = (false, false);
        while let Some(mut job) = next {
            if !job.abandoned() {
                failed = run_one(&mut tx, begun, job.as_mut()).await.err();
                begun = true;
                lost_disk |= job.fault().is_some_and(disk_fault);
                ran.push(job);
            }
            // What comes after a failure has not begun: it shares the next commit.
            next = if ran.len() < BATCH && failed.is_none() { jobs.try_recv().ok() } else { None };
        }
        if ran.is_empty() {
            continue;
        }
        if failed.is_none() {
            failed = run(&mut tx, "RELEASE act; COMMIT").await.err();
        }
        if let Some(error) = &failed {
            tracing::error!(%error, waiting = ran.len(), "a commit failed; nothing in it was kept");
            _ = run(&mut tx, "ROLLBACK").await;
        }
        lost_disk |= failed.as_ref().is_some_and(disk_fault);
        for job in ran {
            job.finish(failed.as_ref().map(|error| Error::Busy(error.to_string())));
        }
        if lost_disk {
            // After a failed fsync the kernel may have dropped the pages: a second try could report
            // a success that is not one. Stop, so that the supervisor starts again from the log.
            tracing::error!("the disk reported a fault; stopping");
            std::process::exit(74);
        }
    }
    if let Conn::Writer(conn) = tx.0.0 {
        _ = conn.close().await;
    }
}

/// Runs an act after what ran before it in the same commit, so that it keeps all of its changes or none.
async fn run_one(tx: &mut Tx, begun: bool, job: &mut dyn Job) -> Result<()> {
    match (begun, job.is_sure()) {
        (false, _) => run(tx, "BEGIN IMMEDIATE; SAVEPOINT act").await?,
        (true, false) => run(tx, "RELEASE act; SAVEPOINT act").await?,
        // It stands in the savepoint of the act before, which is over: what it began can go only with the whole commit.
        (true, true) => {
            let asked = tx.asked();
            let whole = job.run(tx).await || tx.asked() == asked;
            let why = || job.fault().map_or_else(String::new, Error::to_string);
            return whole
                .then_some(())
                .ok_or_else(|| Error::Busy(format!("an act that nothing refuses failed: {}", why())));
        }
    }
    if !job.run(tx).await {
        run(tx, "ROLLBACK TO act").await?;
    }
    Ok(())
}

async fn run(tx: &mut Tx, sql: &'static str) -> Result<()> {
    let Conn::Writer(conn) = &mut tx.0.0 else { return Err(Error::Internal("not the writer".into())) };
    sqlx::query(sql).execute(conn).await.map(drop).map_err(Error::from)
}

/// SQLITE_IOERR and its extended codes.
fn disk_fault(error: &Error) -> bool {
    let Error::Database(sqlx::Error::Database(from)) = error else { return false };
    from.code().and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == 10)
}

/// Runs `act` serializably, again while it meets other transactions. In a task of its own, so that
/// a caller who goes away cuts nothing short.
pub(super) async fn serializable<A, T, F>(pool: PgPool, args: A, act: F) -> Result<T>
where
    A: Send + Sync + 'static,
    T: Send + 'static,
    F: for<'t> Fn(&'t mut Tx, &'t A) -> BoxFuture<'t, Result<T>> + Send + Sync + 'static,
{
    let task = tokio::spawn(async move {
        let began = tokio::time::Instant::now();
        let mut attempt = 0;
        loop {
            match once(&pool, &args, &act).await {
                Err(error) if met_another(&error) && began.elapsed() < PATIENCE => {
                    // Anywhere in a stretch that doubles: those that met once do not meet again.
                    let mut random = [0u8; 2];
                    _ = getrandom::fill(&mut random);
                    let pause = u64::from(u16::from_ne_bytes(random)) % (1 << attempt.min(PAUSE)) + 1;
                    tokio::time::sleep(Duration::from_millis(pause)).await;
                    attempt += 1;
                }
                Err(error) if met_another(&error) => {
                    return Err(Error::Busy("other writes kept getting in the way".into()));
                }
                outcome => return outcome,
            }
        }
    });
    task.await.map_err(|_| Error::Internal("a write panicked".into()))?
}

async fn once<A, T, F>(pool: &PgPool, args: &A, act: &F) -> Result<T>
where
    F: for<'t> Fn(&'t mut Tx, &'t A) -> BoxFuture<'t, Result<T>>,
{
    let begun = pool.begin_with("BEGIN ISOLATION LEVEL SERIALIZABLE").await?;
    let mut tx = Tx(Snapshot(Conn::Postgres(begun), Asked::default(), Keys::Never));
    let value = act(&mut tx, args).await?;
    if let Conn::Postgres(begun) = tx.0.0 {
        begun.commit().await?;
    }
    Ok(value)
}

/// PostgreSQL's serialization failure and deadlock.
fn met_another(error: &Error) -> bool {
    let Error::Database(sqlx::Error::Database(from)) = error else { return false };
    matches!(from.code().as_deref(), Some("40001" | "40P01"))
}
