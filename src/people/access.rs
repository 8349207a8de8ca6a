//! Who may do what to whose record. A check reads live rows and gives a proof; stores of private
//! data take the proof and no other person id, so no page can read what was not checked.

use std::marker::PhantomData;

use jiff::Timestamp;

use super::{Actor, Part, PersonId, Role, StaffId, store};
use crate::audit::Entry;
use crate::db::{Reads, Snapshot, Tx};
use crate::error::Result;

/// What is about to be done to a record.
pub trait Deed: Send + Sync + 'static {
    /// The word in the audit log.
    const ACTION: &'static str;
    /// What it is done to, in the audit log.
    const OBJECT: &'static str;
    /// Whether somebody in this relation may do it. No wildcard arms: a new relation must be decided.
    fn allows(relation: Relation) -> bool;
}

/// How the one who asks stands to the person whose record it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It is their own.
    Own,
    /// A live assignment in this part.
    Works(Part),
}

impl Relation {
    /// The word in the audit log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Works(part) => part.as_str(),
        }
    }
}

macro_rules! deeds {
    ($($(#[$doc:meta])* $name:ident: $action:literal $object:literal, own $own:literal, working $working:literal, manager $manager:literal;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub struct $name;
            impl Deed for $name {
                const ACTION: &'static str = $action;
                const OBJECT: &'static str = $object;
                fn allows(relation: Relation) -> bool {
                    match relation {
                        Relation::Own => $own,
                        Relation::Works(Part::Pa | Part::SocialWorker | Part::Cover | Part::Duty) => $working,
                        Relation::Works(Part::Manager) => $manager,
                    }
                }
            }
        )+
        /// Every deed with who may do it: action, object, own, working, manager. The access matrix
        /// in `docs/` is compared with it.
        pub const DEEDS: &[(&str, &str, bool, bool, bool)] = &[$(($action, $object, $own, $working, $manager)),+];
    };
}

deeds! {
    /// Reading a thread of messages.
    ReadThread: "read" "thread", own true, working true, manager false;
    /// Writing to the workers, as the young person.
    WriteMessage: "write" "thread", own true, working false, manager false;
    /// Answering, as a worker.
    AnswerMessage: "answer" "thread", own false, working true, manager false;
    /// Reading the pathway plan.
    ReadPlan: "read" "plan", own true, working true, manager false;
    /// Reading who somebody is: name and team.
    ReadProfile: "read" "profile", own true, working true, manager true;
}

/// Proof that `D` may be done to one person's record, on the connection it was checked on.
#[derive(Debug)]
pub struct Access<'c, D, C> {
    conn: &'c mut C,
    person: PersonId,
    actor: Actor,
    relation: Relation,
    at: Timestamp,
    deed: PhantomData<D>,
}

impl<D: Deed, C: Reads> Access<'_, D, C> {
    /// Whose record it is.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// Who asked.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// How they stand to each other.
    pub fn relation(&self) -> Relation {
        self.relation
    }

    /// When it was checked.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The snapshot that the check was made in.
    pub fn reads(&mut self) -> &mut Snapshot {
        self.conn.reads()
    }

    /// The audit row for the deed.
    pub fn entry(&self) -> Entry {
        Entry {
            actor: Some(self.actor.clone()),
            action: D::ACTION,
            object: D::OBJECT,
            object_id: None,
            person: Some(self.person),
            relation: self.relation.as_str(),
            many: 1,
            at: self.at,
        }
    }
}

impl<D: Deed> Access<'_, D, Tx> {
    /// The transaction that the check was made in.
    pub fn tx(&mut self) -> &mut Tx {
        self.conn
    }
}

/// Checks whether `actor` may do `D` to the record of `person` now. `None`: not theirs, or not there.
///
/// # Errors
/// When the database fails.
pub async fn check<'c, D: Deed, C: Reads>(
    conn: &'c mut C,
    actor: &Actor,
    person: PersonId,
    at: Timestamp,
) -> Result<Option<Access<'c, D, C>>> {
    let relations = match actor {
        Actor::Person(own) if *own == person => {
            let there = store::person_is_active(conn.reads(), person).await?;
            if there { vec![Relation::Own] } else { Vec::new() }
        }
        Actor::Person(_) => Vec::new(),
        Actor::Staff(staff, roles) if roles.contains(&Role::Adviser) || roles.contains(&Role::Manager) => {
            let parts = store::parts(conn.reads(), *staff, person, at).await?;
            parts.into_iter().map(Relation::Works).collect()
        }
        Actor::Staff(..) => Vec::new(),
    };
    let relation = relations.into_iter().find(|relation| D::allows(*relation));
    let actor = actor.clone();
    Ok(relation.map(|relation| Access { conn, person, actor, relation, at, deed: PhantomData }))
}

/// Proof that one may list the people they work with, and only those: stores join on live
/// assignments of [`staff`](Self::staff).
#[derive(Debug)]
pub struct Caseload<'c> {
    conn: &'c mut Snapshot,
    staff: StaffId,
    actor: Actor,
    at: Timestamp,
}

impl Caseload<'_> {
    /// Whose caseload.
    pub fn staff(&self) -> StaffId {
        self.staff
    }

    /// When it was asked for.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The snapshot to read from.
    pub fn reads(&mut self) -> &mut Snapshot {
        self.conn
    }

    /// One audit row for a list of `many` people.
    pub fn entry(&self, many: usize) -> Entry {
        Entry {
            actor: Some(self.actor.clone()),
            action: "list",
            object: "caseload",
            object_id: None,
            person: None,
            relation: "own",
            many: i64::try_from(many).unwrap_or(i64::MAX),
            at: self.at,
        }
    }
}

/// The caseload of a member of staff who works with young people; `None` for everyone else.
pub fn caseload<'c>(conn: &'c mut Snapshot, actor: &Actor, at: Timestamp) -> Option<Caseload<'c>> {
    match actor {
        Actor::Staff(staff, roles) if roles.contains(&Role::Adviser) || roles.contains(&Role::Manager) => {
            Some(Caseload { conn, staff: *staff, actor: actor.clone(), at })
        }
        Actor::Staff(..) | Actor::Person(_) => None,
    }
}
