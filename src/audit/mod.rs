//! Who read or changed what. A row for a change stands in the change's own transaction; a row for a
//! reading is committed before the first byte is sent.

pub mod store;

use jiff::Timestamp;

use crate::id::Id;
use crate::people::{Actor, PersonId};

/// One row to be.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who did it; nobody for the program's own work and for those not signed in.
    pub actor: Option<Actor>,
    /// What was done.
    pub action: &'static str,
    /// To what kind of thing.
    pub object: &'static str,
    /// To which one.
    pub object_id: Option<Id<()>>,
    /// Whose record it is.
    pub person: Option<PersonId>,
    /// How the one who did it stands to that person.
    pub relation: &'static str,
    /// How many things, for a list.
    pub many: i64,
    /// When.
    pub at: Timestamp,
}

impl Entry {
    /// A row about something that is no person's record.
    pub fn of(actor: Option<Actor>, action: &'static str, object: &'static str, at: Timestamp) -> Self {
        Self { actor, action, object, object_id: None, person: None, relation: "none", many: 1, at }
    }
}

/// Proof that the row for a reading is on disk. A page with private words is only sent with one.
#[derive(Debug)]
pub struct Audited(());
