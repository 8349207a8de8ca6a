//! Who may do what to whose record. A check reads live rows and gives a proof; stores of private
//! data take the proof and no other person id, so no page can read what was not checked.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Actor, Door, Part, PersonId, Role, Roster, StaffId, TeamId, store};
use crate::audit::Entry;
use crate::clock::london_date;
use crate::db::{Questions, Reads, Snapshot, Tx};
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
    /// It is their own, and they have come in this far.
    Own(Door),
    /// A live assignment in this part.
    Works(Part),
    /// On duty for the person's team.
    TeamDuty,
    /// The program itself, in an act that was checked before.
    System,
    /// Opened with a reason that the manager was told and the person can read, not long ago.
    BreakGlass,
}

impl Relation {
    /// The word in the audit log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own(_) => "own",
            Self::Works(part) => part.as_str(),
            Self::TeamDuty => "team_duty",
            Self::System => "system",
            Self::BreakGlass => "break_glass",
        }
    }
}

/// One line of the table of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What is done.
    pub action: &'static str,
    /// To what.
    pub object: &'static str,
    /// The first door from which the young person may do it to their own; `None`: never.
    pub own: Option<Door>,
    /// Whoever has a live assignment to them, but for the manager; and whoever is on duty for their team.
    pub working: bool,
    /// The manager of their team.
    pub manager: bool,
    /// Whoever gave a reason, told to the manager and the person.
    pub break_glass: bool,
}

impl Rule {
    const fn allows(self, relation: Relation) -> bool {
        match relation {
            Relation::Own(door) => match self.own {
                Some(first) => door as u8 >= first as u8,
                None => false,
            },
            Relation::Works(Part::Pa | Part::SocialWorker | Part::Cover | Part::Duty) | Relation::TeamDuty => {
                self.working
            }
            Relation::Works(Part::Manager) => self.manager,
            Relation::System => true,
            Relation::BreakGlass => self.break_glass,
        }
    }
}

/// How one reads through a proof.
macro_rules! reads {
    ($conn:tt) => {
        /// The snapshot that it was made on.
        pub fn reads(&mut self) -> &mut Snapshot {
            self.$conn.reads()
        }

        /// What is answered to questions of stores.
        ///
        /// # Errors
        /// When the database fails or what it holds does not read.
        pub async fn fetch<Q: Questions>(&mut self, questions: Q) -> Result<Q::Answers> {
            self.reads().fetch(questions).await
        }
    };
}

macro_rules! deeds {
    ($($(#[$doc:meta])* $name:ident: $action:literal $object:literal, own $own:expr, working $working:literal, manager $manager:literal, glass $glass:literal;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub struct $name;
            impl $name {
                const RULE: Rule = Rule {
                    action: $action, object: $object, own: $own, working: $working, manager: $manager, break_glass: $glass,
                };
            }
            impl Deed for $name {
                const ACTION: &'static str = $action;
                const OBJECT: &'static str = $object;
                fn allows(relation: Relation) -> bool {
                    Self::RULE.allows(relation)
                }
            }
        )+
        /// The whole table of rules: what is not in it nobody may do. `docs/access-matrix.csv` is compared with it.
        pub const RULES: &[Rule] = &[$($name::RULE),+];
    };
}

deeds! {
    /// Reading a thread of messages.
    ReadThread: "read" "thread", own Some(Door::Open), working true, manager false, glass true;
    /// Reading what one has written oneself on this visit.
    ReadVisit: "read" "visit", own Some(Door::Write), working false, manager false, glass false;
    /// Writing to the workers, as the young person.
    WriteMessage: "write" "thread", own Some(Door::Write), working false, manager false, glass false;
    /// Answering, as a worker.
    AnswerMessage: "answer" "thread", own None, working true, manager false, glass false;
    /// Writing a note about somebody for other workers, that one spoke with them, or what one will do by when.
    NoteThread: "note" "thread", own None, working true, manager false, glass false;
    /// Marking a thread for oneself: to be read again, later, on a day.
    MarkThread: "mark" "thread", own None, working true, manager false, glass false;
    /// Taking messages out of one's own view, and showing them again.
    HideMessage: "hide" "message", own Some(Door::Open), working false, manager false, glass false;
    /// Handing somebody over to another worker, now or on a day.
    HandOverPerson: "hand over" "person", own None, working false, manager true, glass false;
    /// Giving somebody whom nobody leads to a worker, or taking them oneself.
    TakePerson: "take" "person", own None, working true, manager true, glass false;
    /// Reading the pathway plan.
    ReadPlan: "read" "plan", own Some(Door::Sealed), working true, manager false, glass true;
    /// Writing a draft of the plan, sharing it, submitting it: as a worker.
    WritePlan: "write" "plan", own None, working true, manager false, glass false;
    /// Writing in one's own plan: what one wants, and what one thinks of it.
    WriteOwnPlan: "write" "own plan", own Some(Door::Sealed), working false, manager false, glass false;
    /// Adding an action of the plan, changing it, and saying how far it is.
    DoAction: "do" "action", own Some(Door::Sealed), working true, manager false, glass false;
    /// Printing a plan with the numbers and addresses of other people that stand in it.
    PrintContacts: "print" "contacts", own None, working true, manager false, glass false;
    /// Reading a plan that was submitted to one, and signing or returning it.
    SignPlan: "sign" "plan", own None, working false, manager true, glass false;
    /// Writing down what money somebody is to get, and what was paid.
    WriteMoney: "write" "money", own None, working true, manager false, glass false;
    /// Asking for a review of the plan.
    AskReview: "ask for" "review", own Some(Door::Open), working true, manager false, glass false;
    /// Writing down that a review was held, and when needs were assessed.
    HoldReview: "hold" "review", own None, working true, manager false, glass false;
    /// Getting ready for one's meeting.
    PrepareMeeting: "prepare" "meeting", own Some(Door::Sealed), working false, manager false, glass false;
    /// Reading what somebody does and whom they call if it goes wrong.
    ReadCrisisPlan: "read" "crisis plan", own Some(Door::Open), working true, manager false, glass true;
    /// Writing one's own.
    WriteCrisisPlan: "write" "crisis plan", own Some(Door::Open), working false, manager false, glass false;
    /// Reading appointments.
    ReadAppointments: "read" "appointments", own Some(Door::Open), working true, manager false, glass true;
    /// Making an appointment, moving and cancelling it.
    SetAppointment: "set" "appointment", own None, working true, manager false, glass false;
    /// Saying that one cannot make it.
    AnswerAppointment: "answer" "appointment", own Some(Door::Open), working false, manager false, glass false;
    /// Making or taking back a private address of one's calendar.
    KeepFeed: "keep" "calendar address", own Some(Door::Sealed), working false, manager false, glass false;
    /// Asking for a letter that says that one is a care leaver, and showing it to somebody.
    AskLetter: "ask for" "letter", own Some(Door::Open), working false, manager false, glass false;
    /// Reading what was asked for and to whom it was shown.
    ReadLetter: "read" "letter", own Some(Door::Open), working true, manager false, glass true;
    /// Approving a letter, or not.
    ApproveLetter: "approve" "letter", own None, working true, manager false, glass false;
    /// Reading who somebody is: name, team, and who works with them.
    ReadProfile: "read" "profile", own Some(Door::Open), working true, manager true, glass true;
    /// Writing what one wants whoever works with one to know.
    WriteProfile: "write" "profile", own Some(Door::Open), working false, manager false, glass false;
    /// Giving a code that opens their account again.
    GiveCode: "give" "code", own None, working true, manager true, glass true;
    /// Reading the numbers and addresses of somebody.
    ReadContacts: "read" "contacts", own None, working true, manager true, glass true;
    /// Saying of a number or address of somebody that one reached them there, or that they want nothing there.
    ConfirmContact: "confirm" "contacts", own None, working true, manager false, glass false;
    /// Setting or clearing the safety flag of somebody.
    SetFlag: "set" "safety flag", own None, working true, manager true, glass false;
    /// Reading where one is signed in and how one is reached.
    ReadAccount: "read" "account", own Some(Door::Open), working false, manager false, glass false;
    /// Changing one's secrets, and where notices go.
    ChangeAccount: "change" "account", own Some(Door::Sealed), working false, manager false, glass false;
    /// Reading who opened the record.
    ReadRecord: "read" "record", own Some(Door::Open), working false, manager false, glass false;
    /// Writing down where somebody lives and what they do, from when on.
    WriteSpell: "write" "spell", own None, working true, manager false, glass false;
    /// Setting how often somebody is asked how things are, and spoken with.
    SetRhythm: "set" "rhythm", own None, working true, manager false, glass false;
    /// Looking at a reading that was not ordinary.
    LookAtAlert: "look at" "alert", own None, working false, manager true, glass false;
    /// Taking everything away in a file.
    ExportRecord: "export" "record", own Some(Door::Sealed), working false, manager false, glass false;
}

/// Proof that `D` may be done to one person's record, on the connection it was checked on.
#[derive(Debug)]
pub struct Access<'c, D, C> {
    conn: &'c mut C,
    person: PersonId,
    actor: Actor,
    relation: Relation,
    /// What is known of how they stand to each other: as far as it had to be asked.
    known: Vec<Relation>,
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

    /// Whether whoever asked may also do `O` to the same record.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn also<O: Deed>(&mut self) -> Result<bool> {
        if self.known.iter().any(|relation| O::allows(*relation)) {
            return Ok(true);
        }
        Ok(closest::<O>(self.conn.reads(), &self.actor, self.person, self.at).await?.0.is_some())
    }

    reads!(conn);

    /// The same, to look at.
    pub fn peek(&self) -> &Snapshot {
        self.conn.peek()
    }

    /// The person by themselves as a list: what a list says of each, their own page says too.
    pub fn list(&mut self) -> Listed<'_> {
        Listed { people: vec![self.person], at: self.at, conn: self.conn.reads() }
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
    let (relation, known) = closest::<D>(conn.reads(), actor, person, at).await?;
    let actor = actor.clone();
    Ok(relation.map(|relation| Access { conn, person, actor, relation, known, at, deed: PhantomData }))
}

/// A proof for what an act does besides, once it was checked itself: a hand-over tells the young person of it whoever
/// planned it, and on its day does so by itself. Nobody's request gets one.
pub fn system<'c, D: Deed, C: Reads>(
    conn: &'c mut C,
    actor: &Actor,
    person: PersonId,
    at: Timestamp,
) -> Access<'c, D, C> {
    let (actor, known) = (actor.clone(), Vec::new());
    Access { conn, person, actor, relation: Relation::System, known, at, deed: PhantomData }
}

/// The closest live relation that allows `D`, and every one that was asked for until it was found.
async fn closest<D: Deed>(
    db: &mut Snapshot,
    actor: &Actor,
    person: PersonId,
    at: Timestamp,
) -> Result<(Option<Relation>, Vec<Relation>)> {
    let allowed = |known: &[Relation]| known.iter().copied().find(|relation| D::allows(*relation));
    let (staff, roles) = match actor {
        Actor::Person(own, door) => {
            let theirs = *own == person && store::person_is_active(db, person).await?;
            let known = if theirs { vec![Relation::Own(*door)] } else { Vec::new() };
            return Ok((allowed(&known), known));
        }
        Actor::Staff(_, roles) if !roles.iter().any(|role| role.works_with_people()) => return Ok((None, Vec::new())),
        Actor::Staff(staff, roles) => (*staff, roles),
    };
    let parts = store::parts(db, staff, person, at).await?;
    let mut known: Vec<Relation> = parts.into_iter().map(Relation::Works).collect();
    if allowed(&known).is_none() && roles.contains(&Role::Duty) && store::is_on_duty_for(db, staff, person, at).await? {
        known.push(Relation::TeamDuty);
    }
    if allowed(&known).is_none() && store::broke_glass(db, staff, person, at).await? {
        known.push(Relation::BreakGlass);
    }
    if allowed(&known).is_none() {
        known.extend(stands_in(db, staff, person, at).await?);
    }
    Ok((allowed(&known), known))
}

/// To the records of which of these people a member of staff may do `D` by working with them or standing in, as [`check`]
/// says it of each: so many queries, however many they are. What a reason opens stands apart.
///
/// # Errors
/// When the database fails.
pub async fn may_each<D: Deed>(caseload: &mut Caseload<'_>, people: &[PersonId]) -> Result<BTreeSet<PersonId>> {
    let (staff, at) = (caseload.staff, caseload.at);
    let on_duty = matches!(&caseload.actor, Actor::Staff(_, roles) if roles.contains(&Role::Duty));
    let db = &mut *caseload.conn;
    let parts = store::parts_of(db, staff, people, at).await?;
    let desks = if on_duty { store::desks(db, staff, at).await? } else { Vec::new() };
    let (roster, leads) = (db.fetch(store::roster(at)).await?, store::leads(db, people, at).await?);
    let (teams, today) = (store::teams_of(db, people).await?, london_date(at));
    let may = |person: PersonId, team: TeamId| {
        let stands_in = answers_for(&roster, staff, leads.get(&person).copied(), team, today);
        let desk = desks.contains(&team).then_some(Relation::TeamDuty);
        let works = parts.iter().filter(|(of, _)| *of == person).map(|(_, part)| Relation::Works(*part));
        works.chain(desk).chain(stands_in).any(D::allows)
    };
    Ok(teams.into_iter().filter(|(person, team)| may(*person, *team)).map(|(person, _)| person).collect())
}

/// How a worker stands to a person for whom they answer without an assignment: as the cover of whoever is away, or
/// because nobody else is there.
async fn stands_in(db: &mut Snapshot, staff: StaffId, person: PersonId, at: Timestamp) -> Result<Option<Relation>> {
    if !store::person_is_active(db, person).await? {
        return Ok(None);
    }
    let roster = db.fetch(store::roster(at)).await?;
    let (lead, today) = (store::lead(db, person, at).await?, london_date(at));
    Ok(answers_for(&roster, staff, lead, store::team_of_person(db, person).await?, today))
}

/// The same, of what was read.
fn answers_for(roster: &Roster, staff: StaffId, lead: Option<StaffId>, team: TeamId, today: Date) -> Option<Relation> {
    let answers = roster.answers(lead, today);
    let relation = if answers.one().is_some() { Relation::Works(Part::Cover) } else { Relation::TeamDuty };
    roster.readers(answers, team, today).contains(&staff).then_some(relation)
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

    reads!(conn);

    /// These people, who stand in the list of whoever asks: the store that says who does makes it.
    pub fn list(&mut self, people: Vec<PersonId>) -> Listed<'_> {
        Listed { conn: self.conn, people, at: self.at }
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

/// Proof that all these people stand in a list of whoever asks: what a page needs of each is read for all at once.
#[derive(Debug)]
pub struct Listed<'c> {
    conn: &'c mut Snapshot,
    people: Vec<PersonId>,
    at: Timestamp,
}

impl Listed<'_> {
    /// Who stands in it.
    pub fn people(&self) -> &[PersonId] {
        &self.people
    }

    /// When it was asked for.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    reads!(conn);
}

/// The caseload of a member of staff who works with young people; `None` for everyone else.
pub fn caseload<'c>(conn: &'c mut Snapshot, actor: &Actor, at: Timestamp) -> Option<Caseload<'c>> {
    match actor {
        Actor::Staff(staff, roles) if roles.iter().any(|role| role.works_with_people()) => {
            Some(Caseload { conn, staff: *staff, actor: actor.clone(), at })
        }
        Actor::Staff(..) | Actor::Person(..) => None,
    }
}

/// Proof that one manages a team: the list is of those whom they manage, and of everybody in the teams they belong to.
#[derive(Debug)]
pub struct Managed<'c>(Caseload<'c>);

impl Managed<'_> {
    /// Who manages.
    pub fn staff(&self) -> StaffId {
        self.0.staff
    }

    /// When it was asked for.
    pub fn at(&self) -> Timestamp {
        self.0.at
    }

    reads!(0);

    /// These people, whom the one who asks manages: the store that says whom makes it.
    pub fn list(&mut self, people: Vec<PersonId>) -> Listed<'_> {
        self.0.list(people)
    }

    /// One audit row for a list of `many` people, of this kind.
    pub fn entry(&self, object: &'static str, many: usize) -> Entry {
        Entry { object, relation: Part::Manager.as_str(), ..self.0.entry(many) }
    }
}

/// The teams of a manager; `None` for everyone else.
pub fn managed<'c>(conn: &'c mut Snapshot, actor: &Actor, at: Timestamp) -> Option<Managed<'c>> {
    let manages = matches!(actor, Actor::Staff(_, roles) if roles.contains(&Role::Manager));
    caseload(conn, actor, at).filter(|_| manages).map(Managed)
}
