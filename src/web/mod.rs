//! How we speak HTTP. Knows no feature: what a page says comes in from the features' views.

pub mod answer; // see other, fragments, files: the small answers
pub mod assets; // style, islands and public files, by hashed name
pub mod document; // a view becomes a complete HTML document
pub mod flash; // one-time messages after a redirect
pub mod forms; // posted fields: read once, kept when wrong, never trusted
pub mod gate; // the layers round every request: number, origin check, headers, limits, faults
mod linger; // a line is closed only when what the client still sends is read
pub mod listener; // the accept loop
pub mod live; // server-sent events: that there is something to look at, never what
pub mod routes; // the route builder, which records every address
pub mod shelf; // public pages: drawn once, compressed, kept in memory
pub mod upload; // a form that carries files: read into memory, under a limit
