//! The care leaver portal: a map of the house.
//!
//! A page is a route that loads from a store and hands nouns to a view. Start reading at [`app`],
//! where every address is listed. Inside a feature five words are learned once: `mod` holds nouns
//! and rules, `store` its tables, `acts` what changes several features at once, `views` what draws
//! nouns, `routes` its addresses. `tests/house.rs` holds the arrows between them.

#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod islands; // the only code that reaches the browser

#[cfg(feature = "ssr")]
pub mod app; // the program's parts, and the whole table of addresses
#[cfg(feature = "ssr")]
pub mod appointments; // when somebody meets whom and where, and what their calendar is told
#[cfg(feature = "ssr")]
pub mod audit; // who read or changed what
#[cfg(feature = "ssr")]
pub mod clock; // the injected clock, London time
#[cfg(feature = "ssr")]
pub mod command; // what the command line can do
#[cfg(feature = "ssr")]
pub mod config; // every setting
#[cfg(feature = "ssr")]
pub mod content; // what the public reads: parsed, checked, published; revisions and confirmations
#[cfg(feature = "ssr")]
pub mod db; // SQLite or PostgreSQL; the only module that names an engine
#[cfg(feature = "ssr")]
pub mod dropins; // places, sessions, exceptions: what is on and when
#[cfg(feature = "ssr")]
pub mod editing; // staff edit pages and drop-ins: preview, check, publish, restore
#[cfg(feature = "ssr")]
pub mod entitlements; // every amount and right, held once
#[cfg(feature = "ssr")]
pub mod error; // one error for everything
#[cfg(feature = "ssr")]
pub mod help; // help lines: who answers at this hour
#[cfg(feature = "ssr")]
pub mod id; // ids: 16 random bytes
#[cfg(feature = "ssr")]
pub mod import; // staff, young people and who works with whom, from files of the case system
#[cfg(feature = "ssr")]
pub mod keep; // a list of pages and rights that stands in its address
#[cfg(feature = "ssr")]
pub mod leaflet; // the offer on two sides of paper
#[cfg(feature = "ssr")]
pub mod letters; // "confirmation that I am a care leaver": asked for, decided, shown
#[cfg(feature = "ssr")]
pub mod messages; // threads between a young person and those who work with them
#[cfg(feature = "ssr")]
pub mod notices; // outbox, mail and text messages; never any content
#[cfg(feature = "ssr")]
pub mod offer; // offer pages and the words we use
#[cfg(feature = "ssr")]
pub mod people; // young people, staff, teams; who may do what to whose record
#[cfg(feature = "ssr")]
pub mod plan; // the pathway plan
#[cfg(feature = "ssr")]
pub mod record; // a young person's own record: who looked, and a copy of it
#[cfg(feature = "ssr")]
pub mod search; // finding a page by the words of its reader
#[cfg(feature = "ssr")]
pub mod signin; // accounts, passphrases, codes, sessions
#[cfg(feature = "ssr")]
pub mod ui; // components that every page uses
#[cfg(feature = "ssr")]
pub mod vault; // sealing of private fields
#[cfg(feature = "ssr")]
pub mod web; // how we speak HTTP; knows no feature
#[cfg(feature = "ssr")]
pub mod work; // the worker's day
