//! Server-sent events: a page is told that there is something to look at, and never what.
//!
//! Nothing of anybody is in an event, so one that comes late or twice does no harm. Whoever listens asks for the news
//! in a request of its own, which is checked as any other; whether they may still listen is asked before each event.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use futures_util::stream;
use tokio::sync::watch;

use super::routes::Cache;

/// How often a line without meaning is sent, so that nobody on the way takes the connection for dead, and asked
/// whether its reader may still listen.
const BEAT: Duration = Duration::from_secs(30);
/// What a room is known by: the id of whose thread it is, or of an account, whose visits may end.
pub type Room = [u8; 16];
/// The room of whoever wants to hear of every change, whoseever thread it is in.
pub const EVERY: Room = [0; 16];

/// A request as far as it says who asks. Thousands wait here: no more of it is kept, and this in memory of its own,
/// because a header as it came holds on to everything that was read with it.
#[derive(Clone, Debug)]
pub struct Asker(Option<HeaderValue>);

impl Asker {
    /// Of a request.
    pub fn of(headers: &HeaderMap) -> Self {
        Self(headers.get(header::COOKIE).and_then(|cookie| HeaderValue::from_bytes(cookie.as_bytes()).ok()))
    }

    /// The same asking again.
    pub fn again(&self) -> Parts {
        let mut again = axum::http::Request::new(()).into_parts().0;
        again.headers.insert(header::ACCEPT, HeaderValue::from_static("text/event-stream"));
        if let Some(cookie) = &self.0 {
            again.headers.insert(header::COOKIE, cookie.clone());
        }
        again
    }
}

/// Everybody who listens, by what they listen to.
#[derive(Debug, Default)]
pub struct Hub {
    rooms: Mutex<HashMap<Room, watch::Sender<i64>>>,
}

impl Hub {
    fn rooms(&self) -> std::sync::MutexGuard<'_, HashMap<Room, watch::Sender<i64>>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Listens to a room.
    pub fn listen(&self, room: Room) -> watch::Receiver<i64> {
        self.rooms().entry(room).or_insert_with(|| watch::channel(0).0).subscribe()
    }

    /// Whether anybody listens. Rooms that everybody has left are forgotten.
    pub fn any(&self) -> bool {
        let mut rooms = self.rooms();
        rooms.retain(|_, room| room.receiver_count() > 0);
        !rooms.is_empty()
    }

    /// Tells those who listen to a room that it changed at `at`, unless they know.
    pub fn tell(&self, room: Room, at: i64) {
        if let Some(room) = self.rooms().get(&room) {
            room.send_if_modified(|known| std::mem::replace(known, at) != at);
        }
    }

    /// Tells those who listen to a room to ask whether they still may.
    pub fn call(&self, room: Room) {
        if let Some(room) = self.rooms().get(&room) {
            room.send_modify(|calls| *calls += 1);
        }
    }

    /// Ends every connection: the program is about to stop.
    pub fn close(&self) {
        self.rooms().clear();
    }
}

/// How far a stream of events is.
enum At {
    Begin,
    Listening,
    End,
}

/// The stream of events of one reader: of news, and of visits of theirs that ended. Ends when `still` says that they may
/// not listen any more, with a last event by which the page learns of it at once.
pub fn events<F, S>(ears: [watch::Receiver<i64>; 2], still: F) -> Response
where
    F: Fn() -> S + Send + 'static,
    S: Future<Output = bool> + Send + 'static,
{
    let lines = stream::unfold((At::Begin, ears, still), |(at, mut ears, still)| async move {
        let (line, next) = match at {
            At::End => return None,
            At::Begin => ("retry: 5000\n\n", At::Listening),
            At::Listening => {
                let [news, ended] = &mut ears;
                let line = tokio::select! {
                    changed = news.changed() => changed.map(|()| "data: look\n\n"),
                    changed = ended.changed() => changed.map(|()| ":\n\n"),
                    () = tokio::time::sleep(BEAT) => Ok(":\n\n"),
                };
                match line {
                    Err(_) => return None,
                    // In a box of its own, for as long as it takes: thousands wait here for hours.
                    Ok(_) if !Box::pin(still()).await => ("event: end\ndata:\n\n", At::End),
                    Ok(line) => (line, At::Listening),
                }
            }
        };
        Some((Ok::<_, Infallible>(Bytes::from_static(line.as_bytes())), (next, ears, still)))
    });
    let mut response = Response::new(Body::from_stream(lines));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(Cache::Never.header()));
    // A proxy that collects lines before it passes them on would make them late.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

#[cfg(test)]
mod tests {
    use super::Hub;

    #[test]
    fn a_room_tells_those_who_listen_once_for_each_change_and_is_forgotten_when_they_left() {
        let hub = Hub::default();
        hub.tell([1; 16], 5);
        assert!(!hub.any());
        let (mut one, other) = (hub.listen([1; 16]), hub.listen([2; 16]));
        hub.tell([1; 16], 5);
        assert!(one.has_changed().is_ok_and(|changed| changed) && other.has_changed().is_ok_and(|changed| !changed));
        one.mark_unchanged();
        hub.tell([1; 16], 5);
        assert!(one.has_changed().is_ok_and(|changed| !changed), "they know");
        drop((one, other));
        assert!(!hub.any());
        let ear = hub.listen([3; 16]);
        hub.close();
        assert!(ear.has_changed().is_err(), "the end");
    }
}
