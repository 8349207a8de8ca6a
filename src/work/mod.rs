//! The worker's day: who waits longest, and one page for each person. And a young person's own
//! first page, which says where they stand.

pub mod acts;
pub mod routes;
pub mod views;
