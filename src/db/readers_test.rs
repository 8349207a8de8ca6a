#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use futures_util::future::FutureExt as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{Connection as _, SqliteConnection};

use super::{One, Reader, Readers};

/// Two readers of a file with one number in it, and who writes it.
async fn readers() -> (Readers, SqliteConnection, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = SqliteConnectOptions::new().filename(folder.path().join("some.db")).create_if_missing(true);
    let file = file.journal_mode(SqliteJournalMode::Wal);
    let mut writer = SqliteConnection::connect_with(&file).await.unwrap();
    sqlx::query("CREATE TABLE some (number INTEGER); INSERT INTO some VALUES (0)").execute(&mut writer).await.unwrap();
    let pool = SqlitePoolOptions::new().max_connections(2).acquire_timeout(Duration::from_secs(5)).connect_with(file);
    (Readers::new(pool.await.unwrap()), writer, folder)
}

async fn write(writer: &mut SqliteConnection, number: i64) {
    sqlx::query("UPDATE some SET number = $1").bind(number).execute(writer).await.unwrap();
}

async fn number(reader: &mut Reader) -> i64 {
    sqlx::query_scalar("SELECT number FROM some").fetch_one(reader.conn()).await.unwrap()
}

/// Begins to wait for a reader now, and goes on by itself.
async fn waits(readers: &Readers) -> tokio::task::JoinHandle<Reader> {
    let (readers, before) = (readers.clone(), super::line(&readers.line).came);
    let line = readers.line.clone();
    let waits = tokio::spawn(async move { readers.read().await.unwrap() });
    while super::line(&line).came == before {
        tokio::task::yield_now().await;
    }
    waits
}

#[tokio::test]
async fn those_who_wait_together_see_one_moment_and_nobody_one_before_they_came() {
    let (readers, mut writer, _folder) = readers().await;
    let (mut one, mut other) = (readers.read().await.unwrap(), readers.read().await.unwrap());
    assert_eq!((number(&mut one).await, number(&mut other).await), (0, 0));
    let first = waits(&readers).await;
    write(&mut writer, 1).await;
    let second = waits(&readers).await;
    // Both came after it had begun: they get a reader that begins anew, and see what was written before they came.
    drop(one);
    let mut first = first.await.unwrap();
    assert_eq!(number(&mut first).await, 1);
    write(&mut writer, 2).await;
    let third = waits(&readers).await;
    // The second waited when the first began: it goes on with the moment of the first, which is after it came.
    drop(first);
    let mut second = second.await.unwrap();
    assert_eq!(number(&mut second).await, 1);
    // The third came later than that, and sees what was on disk when it came.
    drop(second);
    let mut third = third.await.unwrap();
    assert_eq!(number(&mut third).await, 2);
    assert_eq!(number(&mut other).await, 0, "a snapshot stays what it is");
}

#[tokio::test]
async fn a_reader_goes_past_those_who_left_and_is_free_when_nobody_waits() {
    let (readers, mut writer, _folder) = readers().await;
    let (one, other) = (readers.read().await.unwrap(), readers.read().await.unwrap());
    let waiting = [waits(&readers).await, waits(&readers).await, waits(&readers).await, waits(&readers).await];
    drop(one);
    let [first, left, gone, last] = waiting;
    let first = first.await.unwrap();
    for away in [left, gone] {
        away.abort();
        assert!(away.await.unwrap_err().is_cancelled());
    }
    drop(first);
    drop(last.await.unwrap());
    drop(other);
    write(&mut writer, 3).await;
    for _ in 0..3 {
        let (mut one, mut other) = (readers.read().await.unwrap(), readers.read().await.unwrap());
        assert_eq!((number(&mut one).await, number(&mut other).await), (3, 3));
        assert!(readers.read().now_or_never().is_none(), "there are two");
    }
    assert!(super::line(&readers.line).waiting.is_empty(), "who left is forgotten");
}

#[tokio::test]
async fn one_query_alone_is_asked_without_a_transaction_or_with_those_who_wait() {
    let (readers, mut writer, _folder) = readers().await;
    let One::Own(own) = readers.one().await.unwrap() else { panic!("one is free") };
    let held = readers.read().await.unwrap();
    let (first, line) = (waits(&readers).await, readers.line.clone());
    let alone = tokio::spawn({
        let readers = readers.clone();
        async move { readers.one().await.unwrap() }
    });
    while super::line(&line).came < 2 {
        tokio::task::yield_now().await;
    }
    drop(own);
    let mut first = first.await.unwrap();
    assert_eq!(number(&mut first).await, 0);
    write(&mut writer, 4).await;
    drop(first);
    let One::Shared(mut shared) = alone.await.unwrap() else { panic!("the first began after it came") };
    assert_eq!(number(&mut shared).await, 0);
    drop(held);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_reads_sees_what_was_written_before_they_asked() {
    let (readers, mut writer, _folder) = readers().await;
    let written = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(0));
    let reads = (0..24).map(|_| {
        let (readers, written) = (readers.clone(), written.clone());
        tokio::spawn(async move {
            for _ in 0..200 {
                let before = written.load(std::sync::atomic::Ordering::SeqCst);
                let mut reader = readers.read().await.unwrap();
                let (seen, again) = (number(&mut reader).await, number(&mut reader).await);
                assert!(seen >= before && again == seen, "{seen} is before {before}, or {again}");
            }
        })
    });
    let reads: Vec<_> = reads.collect();
    for n in 1..=300 {
        write(&mut writer, n).await;
        written.store(n, std::sync::atomic::Ordering::SeqCst);
        tokio::task::yield_now().await;
    }
    for read in reads {
        read.await.unwrap();
    }
}
