//! A message is saved once or not at all, however often and however badly its form arrives.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::client::form;
use crate::support::people::SAM;
use crate::support::random::{Random, rounds, seed};
use crate::support::{Client, Engine, TestApp, on_both};

on_both! {
    a_request_that_is_cut_at_any_byte_is_one_row_or_none_and_one_after_another_try
    forms_sent_up_to_five_times_at_once_and_cut_are_one_row_each
}

/// The bytes of a form as a browser sends them.
fn request(client: &Client, key: &str, words: &str) -> Vec<u8> {
    let body = form(&[("key", key), ("body", words)]);
    let cookies: Vec<_> = client.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!(
        "POST /me/messages HTTP/1.1\r\nHost: portal\r\nOrigin: {}\r\nSec-Fetch-Site: same-origin\r\nCookie: {}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        client.origin,
        cookies.join("; "),
        body.len()
    )
    .into_bytes()
}

async fn connect(client: &Client) -> TcpStream {
    TcpStream::connect(client.origin.trim_start_matches("http://")).await.unwrap()
}

/// Sends so much of it and hangs up; sent whole it may wait for some of the answer first.
async fn send(client: &Client, bytes: &[u8], waits: Option<Duration>) -> Option<u16> {
    let mut stream = connect(client).await;
    stream.write_all(bytes).await.ok()?;
    let mut answer = [0; 32];
    let read = async { stream.read(&mut answer).await.unwrap_or(0) };
    match waits {
        Some(waits) => drop(tokio::time::timeout(waits, read).await),
        None => drop(tokio::time::timeout(Duration::from_secs(60), read).await),
    }
    let head = String::from_utf8_lossy(&answer).into_owned();
    head.split(' ').nth(1)?.parse().ok()
}

async fn rows(app: &TestApp) -> i64 {
    app.data.raw.number("SELECT COUNT(*) FROM message").await
}

async fn a_request_that_is_cut_at_any_byte_is_one_row_or_none_and_one_after_another_try(engine: Engine) {
    let app = TestApp::start(engine).await;
    let sam = app.signed_in(SAM).await;
    let whole = request(&sam, &"0".repeat(32), &"what I want to say ".repeat(100));
    assert!(whole.len() > 2_000);
    // Every byte in the drill; by default every so many, and all where headers end and the body does.
    let step = whole.len() / (rounds(90) as usize).min(whole.len());
    let (mut cuts, mut early) = (1u64, 0);
    for at in (0..whole.len()).step_by(step.max(1)).chain(whole.len() - 3..=whole.len()) {
        let key = format!("{cuts:032x}");
        let bytes = request(&sam, &key, &"what I want to say ".repeat(100));
        let before = rows(&app).await;
        _ = send(&sam, &bytes[..at], Some(Duration::from_micros(50))).await;
        let saved = rows(&app).await - before;
        assert!((0..=1).contains(&saved), "cut at byte {at}: {saved} rows");
        early += saved;
        assert_eq!(send(&sam, &bytes, None).await, Some(303), "tried again after a cut at byte {at}");
        assert_eq!(rows(&app).await - before, 1, "cut at byte {at} and tried again");
        cuts += 1;
    }
    println!("    {} cuts of {} bytes on {engine:?}, {early} saved by the first try", cuts - 1, whole.len());
}

async fn forms_sent_up_to_five_times_at_once_and_cut_are_one_row_each(engine: Engine) {
    let app = TestApp::start(engine).await;
    let sam = Arc::new(app.signed_in(SAM).await);
    let (forms, seed) = (rounds(150), seed(9));
    let (mut random, mut sent, mut cut) = (Random::new(seed), 0u64, 0u64);
    for batch in 0..forms.div_ceil(16) {
        let mut tries = tokio::task::JoinSet::new();
        for n in (batch * 16)..((batch + 1) * 16).min(forms) {
            let bytes = Arc::new(request(&sam, &format!("{n:032x}"), &format!("form number {n}")));
            let times = 1 + random.below(5);
            for time in 0..times {
                let (sam, bytes) = (Arc::clone(&sam), Arc::clone(&bytes));
                // The last try is whole, and waited for: what a reader does until the page says that it is saved.
                let last = time + 1 == times;
                let (at, waits) = (random.below(bytes.len() as u64 + 1) as usize, random.below(3_000));
                let whole = last || random.one_in(2);
                sent += 1;
                cut += u64::from(!whole);
                tries.spawn(async move {
                    if last {
                        for _ in 0..20 {
                            // Busy is an answer too: tried again.
                            if send(&sam, &bytes, None).await == Some(303) {
                                return;
                            }
                        }
                        panic!("never saved");
                    }
                    let end = if whole { bytes.len() } else { at };
                    _ = send(&sam, &bytes[..end], Some(Duration::from_micros(waits))).await;
                });
            }
        }
        while let Some(done) = tries.join_next().await {
            done.unwrap();
        }
    }
    // What was cut may still be at work.
    tokio::time::sleep(Duration::from_millis(300)).await;
    println!("    {forms} forms on {engine:?}, seed {seed}: sent {sent} times, {cut} cut in the middle");
    assert_eq!(rows(&app).await, i64::try_from(forms).unwrap());
    assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM form_post").await, i64::try_from(forms).unwrap());
}
