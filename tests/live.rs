//! A thread that is looked at is told of news, on whichever instance they came, and nothing of them is in the word.

use std::time::Duration;

use portal::clock::{Clock, MINUTE, SECOND};
use portal::web::listener;
use tokio::net::TcpListener;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::support::people::{CORA, PRIYA, SAM};
use crate::support::{Engine, TestApp, on_both};

on_both! {
    whoever_looks_at_a_thread_is_told_of_news_and_of_nothing_else
    whoever_loses_access_is_told_nothing_more
    whoever_is_signed_out_elsewhere_is_told_at_once
    another_instance_is_told_too
}

const LATELY: i64 = 15 * SECOND;

/// The next event, or none within half a second.
async fn next(told: &mut UnboundedReceiver<String>) -> Option<String> {
    tokio::time::timeout(Duration::from_millis(500), told.recv()).await.ok().flatten()
}

fn thread_of(id: impl std::fmt::Display) -> String {
    format!("/work/people/{id}/messages")
}

async fn whoever_looks_at_a_thread_is_told_of_news_and_of_nothing_else(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let live = format!("{}/live", thread_of(app.world.sam));
    let (mut mine, mut theirs) = (sam.listen("/me/messages/live").await, priya.listen(&live).await);
    assert_eq!(
        (next(&mut mine).await, next(&mut theirs).await),
        (Some("retry: 5000\n\n".into()), Some("retry: 5000\n\n".into()))
    );
    app.app.tell_changes(LATELY).await.unwrap();
    assert_eq!(next(&mut mine).await, None);
    let rows = app.data.raw.audited().await;
    sam.write_message("/me/messages", "planted words").await.is(303);
    for _ in 0..2 {
        app.app.tell_changes(LATELY).await.unwrap();
    }
    let look = Some("data: look\n\n".to_owned());
    assert_eq!((next(&mut mine).await, next(&mut theirs).await), (look.clone(), look.clone()));
    assert_eq!((next(&mut mine).await, next(&mut theirs).await), (None, None), "once");
    // Being opened is news too, and a note of workers is not one that says anything to the person.
    app.wait(SECOND);
    priya.get(&thread_of(app.world.sam)).await.is(200);
    app.app.tell_changes(LATELY).await.unwrap();
    assert_eq!(next(&mut mine).await, look);
    assert!(app.data.raw.audited().await > rows, "what was read and written is noted");
    let before = app.data.raw.audited().await;
    _ = sam.listen("/me/messages/live").await;
    assert_eq!(app.data.raw.audited().await, before, "listening shows nothing of anybody");
}

async fn whoever_loses_access_is_told_nothing_more(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut cora) = (app.signed_in(SAM).await, app.signed_in(CORA).await);
    let mut away = app.signed_in(SAM).await;
    let live = format!("{}/live", thread_of(app.world.sam));
    let (mut theirs, mut mine) = (cora.listen(&live).await, away.listen("/me/messages/live").await);
    _ = (next(&mut theirs).await, next(&mut mine).await);
    app.data
        .raw
        .run(&format!("UPDATE assignment SET to_at = 1 WHERE staff_id = {}", app.data.raw.id(app.world.cora)))
        .await;
    away.post_form("/sign-out", &[]).await.is(303);
    app.wait(MINUTE);
    sam.write_message("/me/messages", "after that").await.is(303);
    app.app.tell_changes(LATELY).await.unwrap();
    for told in [&mut theirs, &mut mine] {
        assert_eq!(next(told).await.as_deref(), Some("event: end\ndata:\n\n"));
        assert_eq!(told.recv().await, None, "the end");
    }
    cora.get(&live).await.is(404);
}

async fn whoever_is_signed_out_elsewhere_is_told_at_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    let (mut sam, mut priya) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let (mut phone, mut other) = (app.signed_in(SAM).await, app.signed_in(PRIYA).await);
    let mut listening = [
        phone.listen("/me/messages/live").await,
        other.listen(&format!("{}/live", thread_of(app.world.sam))).await,
        other.listen("/work/live").await,
    ];
    let mut here = sam.listen("/me/messages/live").await;
    for told in listening.iter_mut().chain([&mut here]) {
        next(told).await;
    }
    sam.post_form("/me/account", &[("do", "others")]).await.is(303);
    priya.post_form("/staff/account", &[("do", "others")]).await.is(303);
    for told in &mut listening {
        assert_eq!(next(told).await.as_deref(), Some("event: end\ndata:\n\n"));
        assert_eq!(told.recv().await, None, "the end");
    }
    assert_eq!(next(&mut here).await.as_deref(), Some(":\n\n"), "who may still listen is only asked");
    sam.post_form("/sign-out", &[]).await.is(303);
    assert_eq!(next(&mut here).await.as_deref(), Some("event: end\ndata:\n\n"));
}

async fn another_instance_is_told_too(engine: Engine) {
    let app = TestApp::start(engine).await;
    // A second program on the same database.
    let clock = Clock::fixed(app.clock.now());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let other = crate::support::app(&app.data, &clock, &origin).await;
    let (router, _) = portal::app::table::build(&other);
    tokio::spawn(listener::serve(listener, router, 50, std::future::pending()));
    let mut priya = app.signed_in(PRIYA).await;
    priya.origin = origin;
    let mut told = priya.listen(&format!("{}/live", thread_of(app.world.sam))).await;
    assert!(next(&mut told).await.is_some());
    app.signed_in(SAM).await.write_message("/me/messages", "written here").await.is(303);
    other.tell_changes(LATELY).await.unwrap();
    assert_eq!(next(&mut told).await.as_deref(), Some("data: look\n\n"));
    priya.get(&thread_of(app.world.sam)).await.says("written here");
    // It stops without waiting for those who listen.
    other.live.close();
    assert_eq!(told.recv().await, None);
}
