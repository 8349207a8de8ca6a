//! The accept loop: a cap on connections, a limit on slow headers, no delay on small answers, and
//! an end that lets running answers finish.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

use super::linger::Linger;

/// How long a client may take over its headers.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// How long answers may run on after the program was told to stop.
const FINISH_WITHIN: Duration = Duration::from_secs(8);

/// What a client sends with a request, as far as it says whether all of it was read.
struct Watched {
    sent: Incoming,
    unread: Arc<AtomicBool>,
}

fn watched(request: hyper::Request<Incoming>) -> (hyper::Request<Watched>, Arc<AtomicBool>) {
    let unread = Arc::new(AtomicBool::new(!request.body().is_end_stream()));
    let watch = Arc::clone(&unread);
    (request.map(|sent| Watched { sent, unread: watch }), unread)
}

impl Body for Watched {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.sent).poll_frame(cx));
        if frame.is_none() || self.sent.is_end_stream() {
            self.unread.store(false, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.sent.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.sent.size_hint()
    }
}

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
            let (request, unread) = watched(request);
            // In a box, which goes once there is an answer: a connection that waits for news holds no more than it needs.
            Box::pin(async move {
                let request: Request = request.map(axum::body::Body::new);
                let mut response = router.oneshot(request).await.unwrap_or_else(|never| match never {});
                if unread.load(Ordering::Relaxed) {
                    // The line ends with this answer: nobody may send another request on it.
                    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                }
                Ok::<_, Infallible>(response)
            })
        });
        let connection = graceful.watch(http.serve_connection(TokioIo::new(Linger::new(stream)), service));
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
