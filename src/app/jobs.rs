//! What the program does by itself: following publishes, drawing pages ahead, sending notices,
//! tidying up.

use std::time::Duration;

use jiff::SignedDuration;

use super::App;
use crate::import;
use crate::notices;
use crate::signin;

/// How often another instance's publish is looked for.
const FOLLOW: Duration = Duration::from_secs(2);
/// How often due notices are looked for.
const SEND: Duration = Duration::from_secs(3);
/// How often what has ended is removed.
const TIDY: Duration = Duration::from_secs(3_600);

/// Starts the jobs. They end with the program; each is safe to be cut short.
pub fn start(app: &App) {
    app.pack_tight();
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
    let tidy = app.clone();
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(TIDY);
        loop {
            tick.tick().await;
            let now = tidy.now();
            let done = tidy.db.write((), move |tx, ()| {
                Box::pin(async move {
                    signin::store::tidy(tx, now).await?;
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
