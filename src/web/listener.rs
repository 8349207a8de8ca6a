//! The accept loop: a cap on connections, a limit on slow headers, no delay on small answers, and
//! an end that lets running answers finish.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

/// How long a client may take over its headers.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// How long answers may run on after the program was told to stop.
const FINISH_WITHIN: Duration = Duration::from_secs(8);

/// Serves `router` until `stop` is done. At most `cap` connections are open; the next waits in the
/// system's own queue.
pub async fn serve(listener: TcpListener, router: Router, cap: usize, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(cap));
    let graceful = GracefulShutdown::new();
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADERS_WITHIN).max_buf_size(64 * 1024);
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = async {
                let place = Arc::clone(&places).acquire_owned().await;
                listener.accept().await.map(|(stream, _)| (stream, place))
            } => accepted,
        };
        let (stream, place) = match accepted {
            Ok((stream, Ok(place))) => (stream, place),
            Ok((_, Err(_))) => break,
            Err(error) => {
                // Out of file handles, mostly: let some close first.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // Without this the second part of an answer waits 40 ms for the first to be acknowledged.
        _ = stream.set_nodelay(true);
        let router = router.clone();
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let router = router.clone();
            // In a box, which goes once there is an answer: a connection that waits for news holds no more than it needs.
            Box::pin(async move {
                let request: Request = request.map(axum::body::Body::new);
                Ok::<_, Infallible>(router.oneshot(request).await.unwrap_or_else(|never| match never {}))
            })
        });
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // A client that breaks off is no fault of ours.
            _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(FINISH_WITHIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("some answers were cut short at the end");
    }
}
