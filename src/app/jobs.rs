//! What the program does by itself: following publishes, drawing pages ahead, sending notices and planned messages,
//! taking waits further, handing over and reminding, linking the audit log and looking through it, tidying up.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::SignedDuration;

use super::App;
use crate::appointments;
use crate::audit;
use crate::audit::chain::Head;
use crate::error::Result;
use crate::import;
use crate::messages;
use crate::notices;
use crate::people;
use crate::signin;

/// How often another instance's publish is looked for.
const FOLLOW: Duration = Duration::from_secs(2);
/// How often due notices are looked for.
const SEND: Duration = Duration::from_secs(3);
/// How often is looked for messages whose time has come.
const PLANNED: Duration = Duration::from_secs(3);
/// How often new audit rows are linked.
const LINK: Duration = Duration::from_secs(1);
/// How often the head of the audit chain is written down, if it moved.
const WRITE_DOWN: Duration = Duration::from_secs(60);
/// How often new readings are looked through: an alert is there within a minute.
const WATCH: Duration = Duration::from_secs(30);
/// How often is looked for threads that changed, while anybody listens.
const TELL: Duration = Duration::from_millis(200);
/// How far back is looked, in microseconds: longer than any write takes from its beginning to its end.
const LATELY: i64 = 15 * crate::clock::SECOND;
/// How often waits whose time is up are taken further, hand-overs done whose day has come, and people reminded of
/// appointments.
const RAISE: Duration = Duration::from_secs(20);
/// How often what has ended is removed.
const TIDY: Duration = Duration::from_secs(3_600);

/// Starts the jobs. They end with the program; each is safe to be cut short. `heads` is the file in which the
/// head of the audit chain is written down.
pub fn start(app: &App, heads: PathBuf) {
    app.pack_tight();
    audit_log(app, heads);
    let follow = app.clone();
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(FOLLOW);
        loop {
            tick.tick().await;
            if let Err(error) = follow.refresh().await {
                tracing::warn!(%error, "the published content could not be looked up");
            }
            follow.draw_ahead(SignedDuration::from_secs(10)).await;
        }
    });
    let send = app.clone();
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(SEND);
        loop {
            tick.tick().await;
            if let Err(error) = notices::store::send_due(&send.db, &send.vault, &send.mail, || send.now()).await {
                tracing::warn!(%error, "notices could not be sent");
            }
        }
    });
    let planned = app.clone();
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(PLANNED);
        loop {
            tick.tick().await;
            if let Err(error) = messages::acts::send_planned(&planned.db, &planned.vault, planned.now()).await {
                tracing::warn!(%error, "planned messages could not be sent");
            }
        }
    });
    let tell = app.clone();
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(TELL);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            if let Err(error) = tell.tell_changes(LATELY).await {
                tracing::warn!(%error, "pages that listen could not be told of news");
            }
        }
    });
    let raise = app.clone();
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(RAISE);
        loop {
            tick.tick().await;
            let (now, content) = (raise.now(), raise.content());
            if let Err(error) = people::acts::hand_over_due(&raise.db, &raise.vault, now).await {
                tracing::warn!(%error, "a hand-over could not be done");
            }
            if let Err(error) = appointments::acts::remind(&raise.db, now).await {
                tracing::warn!(%error, "somebody could not be reminded of an appointment");
            }
            let holidays = &content.edition.library.timetable.holidays;
            if let Err(error) = messages::acts::raise(&raise.db, holidays, now).await {
                tracing::warn!(%error, "a wait could not be taken further");
            }
        }
    });
    let tidy = app.clone();
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(TIDY);
        loop {
            tick.tick().await;
            let now = tidy.now();
            let done = tidy.db.write((), move |tx, ()| {
                Box::pin(async move {
                    signin::store::tidy(tx, now).await?;
                    notices::store::drop_codes(tx, now.as_microsecond() - crate::clock::DAY).await?;
                    import::store::tidy(tx, now).await
                })
            });
            let done = done.await;
            if let Err(error) = done {
                tracing::warn!(%error, "old sessions could not be removed");
            }
        }
    });
}

fn audit_log(app: &App, heads: PathBuf) {
    let link = app.clone();
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(LINK);
        loop {
            tick.tick().await;
            if let Err(error) = audit::store::link(&link.db, &link.vault).await {
                tracing::warn!(%error, "audit rows could not be linked");
            }
        }
    });
    let head = app.clone();
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(WRITE_DOWN);
        let mut last = None;
        loop {
            tick.tick().await;
            match write_down(&head, &heads, last).await {
                Ok(now) => last = now,
                Err(error) => {
                    tracing::error!(%error, file = %heads.display(), "the head of the audit chain could not be written down")
                }
            }
        }
    });
    let watch = app.clone();
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(WATCH);
        loop {
            tick.tick().await;
            if let Err(error) = audit::acts::watch(&watch.db, watch.now()).await {
                tracing::warn!(%error, "readings could not be looked through");
            }
        }
    });
}

/// Writes the head of the audit chain down, where whoever changes the database does not change it too, unless it is
/// the `last` one still. The log gets it as well: logs are kept elsewhere.
async fn write_down(app: &App, file: &Path, last: Option<Head>) -> Result<Option<Head>> {
    let head = audit::store::head(&mut app.db.read().await?).await?;
    if let Some(head) = head.filter(|_| head != last) {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(file)?;
        file.write_all(head.line(app.now()).as_bytes())?;
        file.sync_all()?;
        tracing::info!(n = head.n, hash = crate::id::hex(&head.hash), "head of the audit chain");
    }
    Ok(head)
}
