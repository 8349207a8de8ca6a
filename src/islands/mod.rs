//! The only code that reaches the browser, as WebAssembly.
//!
//! An island wraps HTML that works without it, takes no serialised props, and reads what it needs
//! from `data-` attributes of its children. A page says it has islands by loading the bundle that
//! `bin/bundle.rs` writes (one `<script type="module">`); every other page carries no script.
//!
//! An island is found by a name that holds a hash of its source: server and bundle are built from
//! the same tree, or the page stays as the server drew it.

pub mod live_thread;

pub use live_thread::LiveThread;

/// What the islands do once they are in a browser.
#[cfg(feature = "hydrate")]
mod browser;

/// The same names on the server, where nothing is ever run.
#[cfg(not(feature = "hydrate"))]
mod browser {
    /// Does nothing: a live thread on the server is only HTML.
    pub(super) fn keep_live(_island: leptos::web_sys::Element) {}
}
