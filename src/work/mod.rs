//! The worker's day: who waits longest, and one page for each person. And a young person's own
//! first page, which says where they stand.

pub mod acts;
pub mod clocks;
pub mod day;
pub mod routes;
pub mod store;
pub mod team;
pub mod views;
