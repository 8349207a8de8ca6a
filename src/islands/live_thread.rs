//! A list that shows what is new by itself while the page is looked at: the messages of a thread, a worker's today.

use super::browser::keep_live;
use leptos::prelude::*;

/// Keeps the list among its children up to date, without a reload.
///
/// The children hold `<ol data-live="/address/new" data-last="a mark">` whose rows have ids of their own: of a thread
/// `<li class="msg" id="m-hex">`. What a row is called to screen readers stands in `data-news`, or it is a message. While the tab is visible the browser listens at the same address with `live` for
/// `new` at its end, and asks `address?after=hex id` (header `x-fragment: 1`) when it is told of news: every 30
/// seconds besides, every 5 while nobody tells it anything, every 30 after five quiet minutes of that or a failure:
///
/// - 204: nothing new.
/// - 200 with header `x-last` (the new `data-last`): the body is rows. A row whose id is on the
///   page replaces it, unless it stands in another list and is not `elsewhere` any more; any other is appended with class
///   `new`. Focus, what is being typed and where it stands on the screen stay as they are.
/// - 401 or a redirect: signed out. Says so, and asks again only when the tab is next shown.
/// - anything else: asks again later and says nothing.
///
/// Without script, or before it has run, the same HTML works by itself. The status line is for
/// screen readers (`vh`) until it has to say something everyone must see.
#[island]
pub fn LiveThread(
    /// The thread as the server drew it, and whatever stands around it.
    children: Children,
) -> impl IntoView {
    view! {
        <div use:keep_live>
            {children()}
            <p role="status" aria-live="polite" class="vh"></p>
        </div>
    }
}
