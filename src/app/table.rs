//! The whole table of addresses, grouped by audience, and the layers round it.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;

use super::{App, faults, public};
use crate::error::{Error, Result};
use crate::web::assets::ASSETS;
use crate::web::gate::{self, Gate};
use crate::web::routes::{Address, Audience, Cache, Routes};
use crate::{
    appointments, dropins, editing, entitlements, import, keep, letters, messages, offer, people, plan, record, search,
    signin, work,
};

/// Every address of the portal.
pub fn routes() -> Routes<App> {
    let operations = Routes::default().get("/health/live", Audience::Operations, Cache::Never, live).get(
        "/health/ready",
        Audience::Operations,
        Cache::Never,
        ready,
    );
    // Anyone
    public::routes()
        .and(dropins::routes::routes())
        .and(entitlements::routes::routes())
        .and(offer::routes::routes())
        .and(search::routes::routes())
        .and(keep::routes::routes())
        // On the way in or out
        .and(signin::routes::routes())
        // Young people, and those who work with them
        .and(messages::routes::routes())
        .and(plan::routes::routes())
        .and(appointments::routes::routes())
        .and(letters::routes::routes())
        .and(work::routes::routes())
        .and(record::routes::routes())
        // Those who keep the accounts
        .and(people::routes::routes())
        .and(import::routes::routes())
        // Those who keep the content
        .and(editing::routes::routes())
        .and(operations)
}

/// The router with its layers, and the record of its addresses.
pub fn build(app: &App) -> (Router, Vec<Address>) {
    let (router, addresses) = routes().build();
    let gate = Gate::new(app.origins.clone(), &ASSETS.style_hashes);
    #[expect(clippy::disallowed_methods, reason = "the one fallback")]
    let router = router
        .fallback(|| async { Error::NotFound })
        .method_not_allowed_fallback(|| async {
            Error::Refused(
                StatusCode::METHOD_NOT_ALLOWED,
                "This page cannot be used that way. Go back and start again.",
            )
        })
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            Error::Internal("a handler panicked".into()).into_response()
        }))
        .layer(axum::middleware::from_fn_with_state((app.clone(), gate.clone()), faults::draw))
        .layer(axum::middleware::from_fn_with_state(gate, gate::through))
        .with_state(app.clone());
    (router, addresses)
}

async fn live() -> &'static str {
    "live\n"
}

/// Ready when the database takes a write. Tells strangers nothing else.
async fn ready(State(app): State<App>) -> Result<Response> {
    let probe = app.db.write((), |tx, ()| Box::pin(async move { crate::content::store::version(tx).await }));
    probe.await?;
    Ok("ready\n".into_response())
}
