//! Actions and what was done to them. A private one is read by nobody but the young person, from any page, count or history.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::db::{Question, Questions, Reads, Tx, on, run};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::people::access::{Access, Deed, DoAction, ReadPlan, Relation, SignPlan};
use crate::people::{
    Actor, PersonId, StaffId, store as people,
    store::{key, key_of},
};
use crate::plan::action::{ActionId, Change, Did, Side, Standing, Theirs, Words, since_shared};
use crate::plan::{Action, Doer, Heading, Progress};
use crate::vault::{Column, OwnerKey, Vault};

/// What is done to a plan by whoever may read its actions.
pub trait ReadsActions: Deed {}
impl ReadsActions for ReadPlan {}
impl ReadsActions for DoAction {}
// What is signed off is who does what too. What is private stays out, as for every eye but their own.
impl ReadsActions for SignPlan {}

/// The columns of what an action says, as they are stored for it and for each of its changes.
type Sealed = (Vec<u8>, String, Option<Vec<u8>>, Option<String>, String, Option<Vec<u8>>);
/// Where the texts of a row are sealed: what, who, why.
type Columns = [Column; 3];

const OF_ACTION: Columns = [Column::ActionText, Column::ActionWho, Column::ActionWhy];
const OF_EVENT: Columns = [Column::EventText, Column::EventWho, Column::EventWhy];

fn broken(what: &str) -> Error {
    Error::Internal(format!("{what} of an action does not read"))
}

fn open<K>(key: &OwnerKey, row: Id<K>, [text, who, why]: Columns, sealed: Sealed) -> Result<Words> {
    let (text_sealed, who_kind, who_sealed, due_on, state, why_sealed) = sealed;
    let doer = match who_kind.as_str() {
        "me" => Doer::Me,
        "staff" => Doer::Staff,
        _ => Doer::Other(key.open_some(who, row, who_sealed.as_deref())?.unwrap_or_default()),
    };
    let says = Action {
        text: key.open(text, row, &text_sealed)?,
        who: doer,
        due_on: due_on.and_then(|due| due.parse().ok()),
        state: Progress::parse(&state).ok_or_else(|| broken("the state"))?,
    };
    Ok(Words { says, why: key.open_some(why, row, why_sealed.as_deref())? })
}

fn seal<K>(key: &OwnerKey, row: Id<K>, [text, who, why]: Columns, words: &Words) -> Result<Sealed> {
    let (who_kind, who_sealed) = match &words.says.who {
        Doer::Me => ("me", None),
        Doer::Staff => ("staff", None),
        Doer::Other(name) => ("other", Some(key.seal(who, row, name)?)),
    };
    Ok((
        key.seal(text, row, &words.says.text)?,
        who_kind.to_owned(),
        who_sealed,
        words.says.due_on.map(|on| on.to_string()),
        words.says.state.as_str().to_owned(),
        words.why.as_ref().map(|words| key.seal(why, row, words)).transpose()?,
    ))
}

/// Whose hand the proof is, and who that is.
fn hand<D: Deed, C: Reads>(access: &Access<'_, D, C>) -> (Side, Id<()>) {
    match access.actor() {
        Actor::Person(person, _) => (Side::Person, person.cast()),
        Actor::Staff(staff, _) => (Side::Staff, staff.cast()),
    }
}

/// The names of the workers whose hands these were.
fn names<'h, 'a>(vault: &'a Vault, hands: impl Iterator<Item = (&'h str, Id<()>)>) -> Question<'a, Names> {
    let staff = hands.filter(|(kind, _)| *kind == Side::Staff.as_str()).map(|(_, by)| by.cast());
    people::staff_names(vault, staff.collect::<Vec<StaffId>>())
}

/// Names of workers.
pub type Names = BTreeMap<StaffId, String>;

/// The name of a worker whose hand it was; nothing for the young person.
fn name_of(names: &Names, side: Side, by: Id<()>) -> String {
    match side {
        Side::Person => String::new(),
        Side::Staff => names.get(&by.cast()).cloned().unwrap_or_default(),
    }
}

/// Whether the proof is of the young person's own eyes.
fn own<D: Deed, C: Reads>(access: &Access<'_, D, C>) -> bool {
    matches!(access.relation(), Relation::Own(_))
}

type Row = (
    ActionId,
    String,
    bool,
    String,
    Id<()>,
    i64,
    Vec<u8>,
    String,
    Option<Vec<u8>>,
    Option<String>,
    String,
    Option<Vec<u8>>,
);

/// The actions of a person as they stand; `$2`: the private ones too.
macro_rules! standing {
    ($which:literal) => {
        concat!(
            "SELECT a.id, a.heading, a.private, a.made_kind, a.made_by, a.made_at,
                a.text_sealed, a.who_kind, a.who_sealed, a.due_on, a.state, a.why_sealed
             FROM plan_action a WHERE a.person_id = $1 AND (NOT a.private OR $2) ",
            $which
        )
    };
}

/// What was done to those of them that were changed since they were made, without words.
macro_rules! done {
    ($which:literal) => {
        concat!(
            "SELECT e.action_id, e.n, e.did, e.by_kind, e.by_id, e.state, e.at
             FROM plan_action a JOIN action_event e ON e.action_id = a.id
             WHERE a.person_id = $1 AND (NOT a.private OR $2)
                AND EXISTS (SELECT 1 FROM action_event x WHERE x.action_id = a.id AND x.n > 1) ",
            $which
        )
    };
}

/// A change without its words.
type Done = (ActionId, i64, String, String, Id<()>, String, i64);

/// The last change of an action, and the last by the young person.
#[derive(Debug, Default)]
struct Lately {
    last: Option<Done>,
    theirs: Option<Done>,
}

/// The changes that count now, by action.
fn lately(all: Vec<Done>) -> BTreeMap<ActionId, Lately> {
    let newer = |known: &Option<Done>, one: &Done| known.as_ref().is_none_or(|known| known.1 < one.1);
    let mut lately: BTreeMap<ActionId, Lately> = BTreeMap::new();
    for one in all {
        let of = lately.entry(one.0).or_default();
        if one.3 == Side::Person.as_str() && newer(&of.theirs, &one) {
            of.theirs = Some(one.clone());
        }
        if newer(&of.last, &one) {
            of.last = Some(one);
        }
    }
    lately
}

/// Whose hand the last change of each of these was. Those that nobody changed have none: they stand as they were made.
fn hands<'a>(
    rows: &'a [Row],
    lately: &'a BTreeMap<ActionId, Lately>,
) -> impl Iterator<Item = (&'a str, Id<()>)> + use<'a> {
    rows.iter().map(|(id, _, _, made, by, ..)| {
        let last = lately.get(id).and_then(|lately| lately.last.as_ref());
        last.map_or((made.as_str(), *by), |(_, _, _, kind, by, ..)| (kind.as_str(), *by))
    })
}

fn standing(key: &OwnerKey, names: &Names, row: Row, lately: Lately, own: bool) -> Result<Standing> {
    let (id, heading, private, made, made_by, made_at, text, who_kind, who, due_on, state, why) = row;
    let words = open(key, id, OF_ACTION, (text, who_kind, who, due_on, state, why))?;
    let side_of = |word: &str| Side::parse(word).ok_or_else(|| broken("who changed it"));
    let did_of = |word: &str| Did::parse(word).ok_or_else(|| broken("what was done"));
    let made = side_of(&made)?;
    let (n, did, side, by, at) = match lately.last {
        Some((_, n, did, kind, by, _, at)) => (n, did_of(&did)?, side_of(&kind)?, by, at),
        None => (1, Did::Made, made, made_by, made_at),
    };
    let theirs = lately.theirs.filter(|_| !own && side == Side::Staff).map(|(_, _, did, _, _, state, at)| {
        let state = Progress::parse(&state).ok_or_else(|| broken("the state"))?;
        Ok::<_, Error>(Theirs { did: did_of(&did)?, state, at })
    });
    Ok(Standing {
        id,
        heading: Heading::parse(&heading).ok_or_else(|| broken("the heading"))?,
        private,
        made,
        made_at,
        last: Change { n, did, side, by: name_of(names, side, by), at, words },
        theirs: theirs.transpose()?,
    })
}

/// Actions as they are stored, with what was lately done to each: all but the names of whose hands these were.
#[derive(Debug)]
pub struct Stored {
    key: OwnerKey,
    rows: Vec<Row>,
    lately: BTreeMap<ActionId, Lately>,
    own: bool,
}

impl Stored {
    /// The names that [`standing`](Self::standing) needs.
    pub fn names<'a>(&self, vault: &'a Vault) -> Question<'a, Names> {
        names(vault, hands(&self.rows, &self.lately))
    }

    /// The actions, each as it stands.
    ///
    /// # Errors
    /// When a text does not open.
    pub fn standing(mut self, names: &Names) -> Result<Vec<Standing>> {
        let stand = |row: Row| {
            let lately = self.lately.remove(&row.0).unwrap_or_default();
            standing(&self.key, names, row, lately, self.own)
        };
        self.rows.into_iter().map(stand).collect()
    }
}

/// Every action of the person of a proof, by heading and in the order in which they were added. The private ones are there
/// for their own eyes only.
pub fn stored_actions<'a, D: ReadsActions, C: Reads>(
    access: &Access<'_, D, C>,
    vault: &'a Vault,
) -> impl Questions<Answers = Stored> + use<'a, D, C> {
    let (person, own) = (access.person(), own(access));
    let rows = Question::new(
        standing!("ORDER BY a.heading, a.position, a.made_at, a.id"),
        [person.into(), own.into()],
        Ok::<Vec<Row>, _>,
    );
    let done = Question::new(done!(""), [person.into(), own.into()], |done: Vec<Done>| Ok(lately(done)));
    (key_of(access, vault), rows, done).into_one(move |(key, rows, lately)| Ok(Stored { key, rows, lately, own }))
}

/// [`stored_actions`] with the names of whose hands these were.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn actions<D: ReadsActions, C: Reads>(access: &mut Access<'_, D, C>, vault: &Vault) -> Result<Vec<Standing>> {
    let stored = access.fetch(stored_actions(access, vault)).await?;
    let names = access.fetch(stored.names(vault)).await?;
    stored.standing(&names)
}

/// One action of the person of a proof; `None` when it is somebody else's, not there, or private and not the reader's own.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn action<D: ReadsActions, C: Reads>(
    access: &mut Access<'_, D, C>,
    vault: &Vault,
    id: ActionId,
) -> Result<Option<Standing>> {
    let (person, own) = (access.person(), own(access));
    let rows: Vec<Row> = on!(access.reads(), c =>
        sqlx::query_as(standing!("AND a.id = $3")).bind(person).bind(own).bind(id).fetch_all(c))?;
    let done: Vec<Done> = on!(access.reads(), c =>
        sqlx::query_as(done!("AND a.id = $3")).bind(person).bind(own).bind(id).fetch_all(c))?;
    let mut lately = lately(done);
    let key = key(access.reads(), vault, person).await?;
    let names = access.fetch(names(vault, hands(&rows, &lately))).await?;
    let lately = lately.remove(&id).unwrap_or_default();
    rows.into_iter().next().map(|row| standing(&key, &names, row, lately, own)).transpose()
}

/// What was done to an action, the first change first. A worker sees nothing from before it was shared with them.
///
/// # Errors
/// [`Error::NotFound`] as where [`action`] is `None`; when the database fails or a text does not open.
pub async fn history<D: ReadsActions, C: Reads>(
    access: &mut Access<'_, D, C>,
    vault: &Vault,
    id: ActionId,
) -> Result<Vec<Change>> {
    let stands = action(access, vault, id).await?.ok_or(Error::NotFound)?;
    let (person, own) = (access.person(), own(access));
    type Row = (
        Id<()>,
        i64,
        String,
        String,
        Id<()>,
        i64,
        Vec<u8>,
        String,
        Option<Vec<u8>>,
        Option<String>,
        String,
        Option<Vec<u8>>,
    );
    let rows: Vec<Row> = on!(access.reads(), c => sqlx::query_as(
        "SELECT id, n, did, by_kind, by_id, at, text_sealed, who_kind, who_sealed, due_on, state, why_sealed
         FROM action_event WHERE action_id = $1 ORDER BY n").bind(id).fetch_all(c))?;
    let key = key(access.reads(), vault, person).await?;
    let names = access.fetch(names(vault, rows.iter().map(|row| (row.3.as_str(), row.4)))).await?;
    let mut all = Vec::with_capacity(rows.len().max(1));
    for (row, n, did, by_kind, by_id, at, text, who_kind, who, due_on, state, why) in rows {
        let words = open(&key, row, OF_EVENT, (text, who_kind, who, due_on, state, why))?;
        let side = Side::parse(&by_kind).ok_or_else(|| broken("who changed it"))?;
        let by = name_of(&names, side, by_id);
        let did = Did::parse(&did).ok_or_else(|| broken("what was done"))?;
        all.push(Change { n, did, side, by, at, words });
    }
    if all.is_empty() {
        all.push(stands.last);
    }
    Ok(if own { all } else { since_shared(all) })
}

/// Writes down a change for good.
async fn note(
    tx: &mut Tx,
    key: &OwnerKey,
    id: ActionId,
    (n, did, at): (i64, Did, i64),
    (side, by): (Side, Id<()>),
    words: &Words,
) -> Result<()> {
    let row: Id<()> = crate::vault::new_id()?;
    let (text, who_kind, who, due_on, state, why) = seal(key, row, OF_EVENT, words)?;
    run!(
        tx,
        sqlx::query(
            "INSERT INTO action_event (id, action_id, n, by_kind, by_id, at, did, text_sealed, who_kind, who_sealed, due_on,
                state, why_sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        )
        .bind(row)
        .bind(id)
        .bind(n)
        .bind(side.as_str())
        .bind(by)
        .bind(at)
        .bind(did.as_str())
        .bind(&text)
        .bind(&who_kind)
        .bind(&who)
        .bind(&due_on)
        .bind(&state)
        .bind(&why)
    )?;
    Ok(())
}

async fn insert(
    tx: &mut Tx,
    vault: &Vault,
    (person, heading): (PersonId, Heading),
    (side, by): (Side, Id<()>),
    (words, private): (&Words, bool),
    at: Timestamp,
) -> Result<ActionId> {
    let (id, at): (ActionId, i64) = (crate::vault::new_id()?, at.as_microsecond());
    let key = key(tx, vault, person).await?;
    let (text, who_kind, who, due_on, state, why) = seal(&key, id, OF_ACTION, words)?;
    run!(
        tx,
        sqlx::query(
            "INSERT INTO plan_action (id, person_id, heading, text_sealed, who_kind, who_sealed, due_on, state, why_sealed,
                private, made_kind, made_by, made_at, changed_at, position)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13,
                (SELECT COALESCE(MAX(p.position), -1) + 1 FROM plan_action p WHERE p.person_id = $2 AND p.heading = $3))"
        )
        .bind(id)
        .bind(person)
        .bind(heading.as_str())
        .bind(&text)
        .bind(&who_kind)
        .bind(&who)
        .bind(&due_on)
        .bind(&state)
        .bind(&why)
        .bind(private)
        .bind(side.as_str())
        .bind(by)
        .bind(at)
    )?;
    note(tx, &key, id, (1, Did::Made, at), (side, by), words).await?;
    Ok(id)
}

/// Adds an action of the one who asks. Only the young person has private ones.
///
/// # Errors
/// When the database fails.
pub async fn insert_action(
    access: &mut Access<'_, DoAction, Tx>,
    vault: &Vault,
    heading: Heading,
    (words, private): (&Words, bool),
) -> Result<ActionId> {
    let (person, at, by) = (access.person(), access.at(), hand(access));
    let private = private && own(access);
    insert(access.tx(), vault, (person, heading), by, (words, private), at).await
}

/// Adds an action that a worker wrote with a plan: see [`insert_shared`](super::insert_shared).
pub(super) async fn insert_with_plan(
    tx: &mut Tx,
    vault: &Vault,
    of: (PersonId, Heading),
    by: StaffId,
    says: &Action,
    at: Timestamp,
) -> Result<()> {
    let words = Words { says: says.clone(), why: None };
    insert(tx, vault, of, (Side::Staff, by.cast()), (&words, false), at).await?;
    Ok(())
}

/// Makes an action say something else, as the one who asks: `stands` is how it stands now.
///
/// # Errors
/// When the database fails.
pub async fn change_action(
    access: &mut Access<'_, DoAction, Tx>,
    vault: &Vault,
    stands: &Standing,
    did: Did,
    words: &Words,
) -> Result<()> {
    let (person, at, by, id) = (access.person(), access.at().as_microsecond(), hand(access), stands.id);
    let key = key(access.reads(), vault, person).await?;
    keep_first(access.tx(), &key, id, &stands.last.words).await?;
    let (text, who_kind, who, due_on, state, why) = seal(&key, id, OF_ACTION, words)?;
    run!(
        access.tx(),
        sqlx::query(
            "UPDATE plan_action SET text_sealed = $3, who_kind = $4, who_sealed = $5, due_on = $6, state = $7, why_sealed = $8,
                changed_at = $9 WHERE id = $1 AND person_id = $2"
        )
        .bind(id)
        .bind(person)
        .bind(&text)
        .bind(&who_kind)
        .bind(&who)
        .bind(&due_on)
        .bind(&state)
        .bind(&why)
        .bind(at)
    )?;
    note(access.tx(), &key, id, (stands.last.n + 1, did, at), by, words).await
}

/// Lets the workers of the person of a proof see a private action. There is no way back.
///
/// # Errors
/// [`Error::NotFound`] when it is not their own; when the database fails.
pub async fn share_action(access: &mut Access<'_, DoAction, Tx>, vault: &Vault, stands: &Standing) -> Result<()> {
    if !own(access) {
        return Err(Error::NotFound);
    }
    let (person, at, by) = (access.person(), access.at().as_microsecond(), hand(access));
    let key = key(access.reads(), vault, person).await?;
    run!(
        access.tx(),
        sqlx::query("UPDATE plan_action SET private = $3, changed_at = $4 WHERE id = $1 AND person_id = $2")
            .bind(stands.id)
            .bind(person)
            .bind(false)
            .bind(at)
    )?;
    note(access.tx(), &key, stands.id, (stands.last.n + 1, Did::Shared, at), by, &stands.last.words).await
}

/// An action of a plan from before there were changes gets its first, so that an undo can go back to it.
async fn keep_first(tx: &mut Tx, key: &OwnerKey, id: ActionId, words: &Words) -> Result<()> {
    type Row = (String, Id<()>, i64);
    let unnoted: Option<Row> = on!(tx, c => sqlx::query_as(
        "SELECT a.made_kind, a.made_by, a.made_at FROM plan_action a
         WHERE a.id = $1 AND NOT EXISTS (SELECT 1 FROM action_event e WHERE e.action_id = a.id)")
        .bind(id).fetch_optional(c))?;
    let Some((made, by, at)) = unnoted else { return Ok(()) };
    let side = Side::parse(&made).ok_or_else(|| broken("who made it"))?;
    note(tx, key, id, (1, Did::Made, at), (side, by), words).await
}
