//! What stops a notice stops it at once: a safety flag, a channel turned off or an address taken away while notices are
//! being sent. Once its answer has come, nothing arrives any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use portal::clock::Clock;
use portal::notices::{Kind, store as notices};
use portal::people::{Channel, ContactId, store as people};

use crate::support::notify::NotifyServer;
use crate::support::people::{PRIYA, SAM};
use crate::support::random::{Random, rounds, seed};
use crate::support::smtp::MailServer;
use crate::support::{Client, Engine, TestApp, noon, on_both, write};

/// Passes over the outbox that begin after the act.
const LATE: u64 = 3;

on_both! { nothing_is_sent_once_a_flag_is_set_a_channel_turned_off_or_an_address_taken_away }

/// What stops notices.
#[derive(Clone, Copy, Debug)]
enum Act {
    Flag,
    Silence,
    Remove,
}

const ACTS: [Act; 3] = [Act::Flag, Act::Silence, Act::Remove];

/// Where Sam is reached, and what was sent.
#[derive(Clone)]
struct Reached {
    mails: MailServer,
    texts: NotifyServer,
    ids: [ContactId; 2],
}

impl Reached {
    fn sent(&self) -> usize {
        self.mails.mails().len() + self.texts.taken().len()
    }
}

/// The act, ready to be done by who does it.
fn ready(act: Act, app: &TestApp, contact: ContactId, [priya, sam]: [&Client; 2]) -> (Client, String, &'static str) {
    match act {
        Act::Flag => (priya.clone(), format!("/work/people/{}/reach", app.world.sam), "flag:on"),
        Act::Silence => (sam.clone(), format!("/me/account/reach/{contact}"), "off"),
        Act::Remove => (sam.clone(), format!("/me/account/reach/{contact}"), "remove"),
    }
}

/// Sam is reached by this one way again, and nothing waits.
async fn restore(app: &TestApp, by: Channel) {
    let raw = &app.data.raw;
    raw.run("DELETE FROM outbox").await;
    raw.run(&format!("UPDATE person SET safety_flag = FALSE WHERE id = {}", raw.id(app.world.sam))).await;
    raw.run("UPDATE contact_point SET notify = TRUE, ended_at = NULL").await;
    let other = if by == Channel::Email { "phone" } else { "email" };
    let sam = raw.id(app.world.sam);
    raw.run(&format!("UPDATE contact_point SET notify = FALSE WHERE owner_id = {sam} AND kind = '{other}'")).await;
}

async fn nothing_is_sent_once_a_flag_is_set_a_channel_turned_off_or_an_address_taken_away(engine: Engine) {
    let clock = Clock::fixed(noon());
    let (mails, texts) = (MailServer::start(&clock).await, NotifyServer::start(&clock).await);
    let (own, url) = (texts.clone(), mails.url.clone());
    let app = TestApp::with(engine, clock, |setup| {
        own.set_up(setup);
        setup.smtp = Some(url);
    })
    .await;
    let sam = app.world.sam;
    let phone = (Channel::Phone, "07700900111");
    let phone = write!(app.data, tx, vault, people::insert_contact(tx, vault, sam, phone, Some(noon())).await).unwrap();
    let email = people::code_contact(&mut app.data.db.read().await.unwrap(), sam, noon()).await.unwrap().unwrap();
    let reached = Reached { mails, texts, ids: [email, phone] };
    let (priya, mine) = (app.signed_in(PRIYA).await, app.signed_in(SAM).await);
    let mut random = Random::new(seed(7));
    let (mut before, mut stopped) = (0, 0);
    let all = rounds(21);
    for round in 0..all {
        let way = usize::from(random.one_in(2));
        let act = ACTS[usize::try_from(round).unwrap() % ACTS.len()];
        restore(&app, [Channel::Email, Channel::Phone][way]).await;
        let (mut client, path, what) = ready(act, &app, reached.ids[way], [&priya, &mine]);
        let sent = reached.sent();
        // The notice is there first, or comes while the act is under way; so do the passes.
        let (queued, begun) = (random.below(3_000), random.below(6_000));
        let over = Arc::new(AtomicBool::new(false));
        // Now and then the worker stands still until the answer came: whatever the machine, some notices are stopped.
        let still = round % 4 == 0;
        let add = async {
            tokio::time::sleep(Duration::from_micros(queued)).await;
            write!(app.data, tx, vault, notices::add(tx, Kind::PersonHasMessage, sam, noon()).await).unwrap();
        };
        let stop = async {
            tokio::time::sleep(Duration::from_micros(begun)).await;
            client.post_form(&path, &[("do", what)]).await.is(303);
            let then = reached.sent();
            over.store(true, Ordering::SeqCst);
            then
        };
        let passes = async {
            let mut late = 0;
            while still && !over.load(Ordering::SeqCst) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            while late < LATE {
                late += u64::from(over.load(Ordering::SeqCst));
                app.deliver().await;
            }
        };
        let ((), then, ()) = tokio::join!(add, stop, passes);
        // A notice that came last of all meets the same.
        app.deliver().await;
        assert_eq!(reached.sent(), then, "round {round}, {act:?}: sent after the answer came");
        let arrived = reached.sent() - sent;
        assert!(!still || arrived == 0, "round {round}, {act:?}: sent, though the answer came before the first pass");
        before += arrived;
        stopped += app.data.raw.texts("SELECT state FROM outbox WHERE state = 'cancelled'").await.len();
    }
    println!(
        "{all} races on {engine:?}: {before} notices arrived before the answer, {stopped} were stopped, none arrived afterwards"
    );
    assert_eq!(before + stopped, usize::try_from(all).unwrap());
    assert!(stopped > 0);
}
