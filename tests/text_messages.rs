//! Text messages and email by GOV.UK Notify: who gets which, that the settings are right or the start is refused, and
//! that a worker sees whom nothing reaches.

use std::sync::atomic::Ordering;

use portal::clock::{Clock, DAY, HOUR, MINUTE};
use portal::notices::{Kind, store as notices};
use portal::people::{Channel, store as people};

use crate::support::notify::{EMAIL, NotifyServer, SECRET, SERVICE, TAKES, TEXT};
use crate::support::people::{MORAG, OWEN, PRIYA, SAM};
use crate::support::program::{refuses, run};
use crate::support::smtp::{MailServer, REFUSES};
use crate::support::{Engine, TestApp, block_on, noon, on_both, write};

const NUMBER: &str = "07700900333";

on_both! {
    a_confirmed_number_gets_a_text_message_and_an_address_gets_an_email
    a_wish_not_to_be_contacted_quiet_hours_and_a_lapsed_number_count_for_text_messages_too
    a_worker_sees_whom_no_notice_reached_until_one_does
    no_text_goes_to_a_number_that_a_worker_was_asked_not_to_text
}

/// A portal that sends by Notify alone.
async fn with_notify(engine: Engine) -> (TestApp, NotifyServer) {
    let clock = Clock::fixed(noon());
    let server = NotifyServer::start(&clock).await;
    let own = server.clone();
    (TestApp::with(engine, clock, |setup| own.set_up(setup)).await, server)
}

/// Sam adds a number, and Priya says that she reached them there. Gives its page.
async fn confirmed_number(app: &TestApp) -> String {
    let add = [("do", "add"), ("value", NUMBER)];
    let page = app.signed_in(SAM).await.post_form("/me/account/reach", &add).await.is(303).location().to_owned();
    let confirm = format!("confirm:{}", page.rsplit('/').next().unwrap());
    let reach = format!("/work/people/{}/reach", app.world.sam);
    app.signed_in(PRIYA).await.post_form(&reach, &[("do", &confirm)]).await.is(303);
    page
}

async fn priya_answers(app: &TestApp) {
    let thread = format!("/work/people/{}/messages", app.world.sam);
    app.signed_in(PRIYA).await.write_message(&thread, "planted tamarind words").await.is(303);
}

async fn no_text_goes_to_a_number_that_a_worker_was_asked_not_to_text(engine: Engine) {
    let (app, server) = with_notify(engine).await;
    let page = confirmed_number(&app).await;
    let person = format!("/work/people/{}", app.world.sam);
    let reach = format!("{person}/reach");
    let silence = format!("silence:{}", page.rsplit('/').next().unwrap());
    app.signed_in(OWEN).await.post_form(&reach, &[("do", &silence)]).await.is(404);
    app.signed_in(MORAG).await.post_form(&reach, &[("do", &silence)]).await.is(404);
    app.signed_in(MORAG).await.get(&reach).await.lacks("Send nothing here");
    let mut priya = app.signed_in(PRIYA).await;
    priya.get(&person).await.lacks("must not text");
    // One that waits to be sent is not sent either.
    priya_answers(&app).await;
    let mut priya = app.signed_in(PRIYA).await;
    priya.get(&reach).await.says("Send nothing here");
    priya.post_form(&reach, &[("do", &silence)]).await.is(303);
    app.deliver().await;
    assert!(server.taken().iter().all(|notice| notice.by != "sms"), "{:?}", server.taken());
    let shown = priya.get(&reach).await;
    shown.says("Do not text this number They do not want to be contacted here.");
    assert!(!shown.text().contains(&silence), "asked no more");
    priya.get(&person).await.says("There is a number of theirs that you must not text.");
    // The young person reads that it was done, and alone takes it back.
    let mut sam = app.signed_in(SAM).await;
    sam.get("/me/record").await.says("wrote down a number or address of yours where we are not to contact you");
    sam.post_form(&page, &[("do", "on")]).await.is(303);
    app.wait(HOUR);
    priya_answers(&app).await;
    app.deliver().await;
    assert_eq!(server.taken().iter().filter(|notice| notice.by == "sms").count(), 1);
}

async fn states(app: &TestApp) -> Vec<String> {
    app.data.raw.texts("SELECT state || ' ' || COALESCE(last_fault, '-') FROM outbox ORDER BY made_at, kind").await
}

async fn a_confirmed_number_gets_a_text_message_and_an_address_gets_an_email(engine: Engine) {
    let (app, server) = with_notify(engine).await;
    confirmed_number(&app).await;
    priya_answers(&app).await;
    app.signed_in(SAM).await.write_message("/me/messages", "planted tamarind words").await.is(303);
    assert_eq!(app.deliver().await, 2);
    let mut taken = server.taken();
    taken.sort_by_key(|notice| notice.by);
    let [email, text] = &taken[..] else { panic!("{taken:?}") };
    assert_eq!((email.by, email.to.as_str()), ("email", format!("{PRIYA}@staff.invalid").as_str()));
    assert_eq!(email.subject, "Next Steps Lancashire: something is waiting for you");
    assert!(email.body.starts_with("Something is waiting for you in Next Steps Lancashire."), "{}", email.body);
    assert_eq!((text.by, text.to.as_str()), ("sms", NUMBER));
    assert_eq!(text.body, "Next Steps Lancashire: there is something new for you. Sign in when you are ready.");
    let ids = if engine == Engine::Sqlite { "lower(hex(id))" } else { "encode(id, 'hex')" };
    let mut ids = app.data.raw.texts(&format!("SELECT {ids} FROM outbox")).await;
    let mut references: Vec<_> = taken.iter().map(|notice| notice.reference.clone()).collect();
    ids.sort();
    references.sort();
    assert_eq!(references, ids, "called by the id of the notice, and by nothing of anybody");
    // A clock that is a minute off is not the notice's fault; nor is a service that has a bad hour.
    for (answer, fault) in [
        (403, "phone: Notify does not know our key, or our clock is wrong"),
        (429, "phone: Notify takes no more for now"),
        (503, "phone: Notify has a fault"),
    ] {
        app.wait(HOUR);
        priya_answers(&app).await;
        server.answer.store(answer, Ordering::SeqCst);
        assert_eq!(app.deliver().await, 1);
        assert_eq!(states(&app).await.last().unwrap(), &format!("due {fault}"));
        server.answer.store(TAKES, Ordering::SeqCst);
        app.wait(MINUTE);
        assert_eq!(app.deliver().await, 1);
        assert_eq!(states(&app).await.last().unwrap(), "sent -");
    }
    assert_eq!(server.taken().len(), 5);
}

async fn a_wish_not_to_be_contacted_quiet_hours_and_a_lapsed_number_count_for_text_messages_too(engine: Engine) {
    let (app, server) = with_notify(engine).await;
    let page = confirmed_number(&app).await;
    let last = async || {
        app.deliver().await;
        server.taken().last().map(|notice| (notice.by, notice.to.clone()))
    };
    app.signed_in(SAM).await.post_form(&page, &[("do", "off")]).await.is(303);
    priya_answers(&app).await;
    let email = Some(("email", format!("{SAM}@young.invalid")));
    assert_eq!(last().await, email, "not there: then to the address");
    app.signed_in(SAM).await.post_form(&page, &[("do", "on")]).await.is(303);
    // At ten in the evening it waits for the morning.
    app.wait(10 * HOUR);
    priya_answers(&app).await;
    assert_eq!(last().await, email);
    assert_eq!(states(&app).await.last().unwrap(), "due quiet hours");
    app.wait(10 * HOUR);
    assert_eq!(last().await, Some(("sms", NUMBER.to_owned())));
    // After ninety days it may be a stranger's.
    app.wait(90 * DAY);
    let many = server.taken().len();
    let (sam, now) = (app.world.sam, app.clock.now());
    write!(app.data, tx, vault, notices::add(tx, Kind::PersonHasMessage, sam, now).await).unwrap();
    app.deliver().await;
    assert_eq!(server.taken().len(), many, "{:?}", server.taken());
    assert_eq!(states(&app).await.last().unwrap(), "cancelled no address to send to");
}

async fn a_worker_sees_whom_no_notice_reached_until_one_does(engine: Engine) {
    let clock = Clock::fixed(noon());
    let (texts, mails) = (NotifyServer::start(&clock).await, MailServer::start(&clock).await);
    let (own, url) = (texts.clone(), mails.url.clone());
    let app = TestApp::with(engine, clock, |setup| {
        own.set_up(setup);
        setup.smtp = Some(url);
    })
    .await;
    let page = format!("/work/people/{}", app.world.sam);
    let says = async || {
        let text = crate::support::client::plain(&app.signed_in(PRIYA).await.get(&page).await.is(200).text());
        let from = text.find("We could not tell")?;
        Some(text[from..].split(" Messages").next().unwrap().to_owned())
    };
    priya_answers(&app).await;
    assert_eq!(says().await, None, "it has not been tried yet");
    mails.answer.store(REFUSES, Ordering::SeqCst);
    app.deliver().await;
    let by_email = "We could not tell Samtest of a new message by email, since 24 November 2026, 12 noon. Ring them, or check how they are reached .";
    assert_eq!(says().await.as_deref(), Some(by_email));
    // By text message it fails for now.
    let sam = app.world.sam;
    write!(app.data, tx, vault, people::insert_contact(tx, vault, sam, (Channel::Phone, NUMBER), Some(noon())).await)
        .unwrap();
    app.data.raw.run("DELETE FROM outbox").await;
    app.wait(HOUR);
    priya_answers(&app).await;
    texts.answer.store(503, Ordering::SeqCst);
    app.deliver().await;
    let by_text = "We could not tell Samtest of a new message by text message, since 24 November 2026, 1pm. Ring them, or check how they are reached .";
    assert_eq!(says().await.as_deref(), Some(by_text));
    assert!(!by_text.contains(NUMBER) && !by_email.contains('@'));
    texts.answer.store(TAKES, Ordering::SeqCst);
    app.wait(MINUTE);
    app.deliver().await;
    assert_eq!(says().await, None, "it reached them");
}

#[test]
fn a_setting_that_cannot_work_stops_the_start_and_says_which() {
    let folder = tempfile::tempdir().unwrap();
    let data = ("DATA_DIR", folder.path().to_str().unwrap());
    assert!(run(&["key", "new"], &[data]).status.success());
    let key = format!("portal-{SERVICE}-{SECRET}");
    let (whole, email, text) =
        (("NOTIFY_KEY", key.as_str()), ("NOTIFY_EMAIL_TEMPLATE", EMAIL), ("NOTIFY_TEXT_TEMPLATE", TEXT));
    type Case<'c> = (&'c [(&'c str, &'c str)], &'c [&'c str]);
    let cases: [Case<'_>; 11] = [
        (&[("NOTIFY_KEY", "a password of mine"), email, text], &["NOTIFY_KEY must read like"]),
        (&[whole, email], &["NOTIFY_TEXT_TEMPLATE", "((body))"]),
        (&[whole, text], &["NOTIFY_EMAIL_TEMPLATE", "((subject))", "SMTP_URL"]),
        (&[whole, ("NOTIFY_EMAIL_TEMPLATE", "welcome"), text], &["NOTIFY_EMAIL_TEMPLATE must be the id"]),
        (&[email, text], &["NOTIFY_KEY is missing"]),
        (&[whole, email, text, ("NOTIFY_URL", "http://api.notifications.service.gov.uk")], &["NOTIFY_URL", "https://"]),
        (&[whole, email, text, ("NOTIFY_URL", "https://api.invalid/v2")], &["NOTIFY_URL", "no path"]),
        (&[("SMTP_URL", "mail.example.org")], &["SMTP_URL"]),
        (&[("SMTP_URL", "smtp://mail.example.org?tls=opportunistic")], &["SMTP_URL", "tls=required"]),
        (&[("MAIL_FROM", "nobody")], &["MAIL_FROM"]),
        (&[("SITE_NAME", "Next\nSteps")], &["SITE_NAME"]),
    ];
    for (settings, words) in cases {
        let all: Vec<_> = [data].into_iter().chain(settings.iter().copied()).collect();
        refuses(&["serve"], &all, words);
        let said = String::from_utf8(run(&["serve"], &all).stderr).unwrap();
        assert!(!said.contains("password of mine") && !said.contains(SECRET), "{said}");
    }
}

#[test]
fn without_notify_no_number_is_texted() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        confirmed_number(&app).await;
        priya_answers(&app).await;
        assert_eq!(app.deliver().await, 1);
        let mail = std::fs::read_dir(&app.mail).unwrap().next().unwrap().unwrap().path();
        assert!(std::fs::read_to_string(mail).unwrap().contains(&format!("To: {SAM}@young.invalid")));
    });
}
