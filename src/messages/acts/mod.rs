//! Sending and answering: message, notice, audit row and one-time key in one transaction.

mod clock;
mod marks;
mod planned;
mod templates;

use std::collections::BTreeMap;
use std::panic::catch_unwind;

use jiff::Timestamp;
use jiff::civil::{Date, time};

use super::answering::{ANSWER_IN, Reading, URGENT_IN, desk_hours};
use super::store::{self, New};
use super::{CheckIn, Feel, Mark, MessageId, What};
use crate::audit;
use crate::clock::{DAY, london, london_date};
use crate::db::{Db, Reads, Snapshot, Tx};
use crate::error::{Error, Result};
use crate::help::crisis::sounds_like_crisis;
use crate::id::Id;
use crate::notices::{self, Kind};
use crate::people::access::{self, Access, AnswerMessage, Deed, MarkThread, NoteThread, ReadThread, WriteMessage};
use crate::people::{Actor, Answers, PersonId, Roster, StaffId, Weeks, Working, store as people};
use crate::signin::guard::Session;
use crate::signin::{
    Owner,
    store::{self as signin, Once, drop_draft, once, set_flash},
};
use crate::vault::Vault;
use crate::web::flash::Flash;

pub use clock::raise;
pub use marks::{hide, looked, set_marks, show_again};
pub use planned::{Decided, Decision, Many, ManySent, decide, plan, send_many, send_planned};
pub use templates::{add_template, change_template, drop_template};

/// Bank holidays in England, with their names.
pub type Holidays = BTreeMap<Date, String>;

/// What a form asks to be done.
#[derive(Clone, Debug)]
pub struct Send {
    /// Whose thread.
    pub person: PersonId,
    /// Who sends.
    pub session: Session,
    /// The form's one-time key.
    pub key: [u8; 16],
    /// What it is.
    pub what: What,
    /// The text.
    pub body: String,
    /// What the page had said about when it would be read, where it was our page that said it.
    pub shown: Option<String>,
    /// What was pressed, where it is a check-in.
    pub check_in: Option<CheckIn>,
    /// The page it was written on, where its draft is kept.
    pub place: String,
    /// Where the browser goes next.
    pub to: String,
    /// The request's number.
    pub number: String,
    /// When.
    pub at: Timestamp,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// On disk, now or when the same form came first: go on to this address.
    Done(String),
    /// The same form was sent before with another text; nothing was changed.
    OtherText,
}

/// Who answers for a person, and everybody who could.
struct Answering {
    roster: Roster,
    weeks: Weeks,
    lead: Option<StaffId>,
    answers: Answers,
}

async fn answering(db: &mut Snapshot, person: PersonId, at: Timestamp) -> Result<Answering> {
    let (roster, weeks) = (db.fetch(people::roster(at)).await?, people::weeks(db).await?);
    let lead = people::lead(db, person, at).await?;
    let answers = roster.answers(lead, london_date(at));
    Ok(Answering { roster, weeks, lead, answers })
}

/// On what new devices the person of a proof signed in from a day before what waits for an answer, or in the last day: what
/// is read late is marked as it would have been in time. `wait` is [`store::wait_of`].
///
/// # Errors
/// When the database fails.
pub async fn new_devices<D: Deed, C: Reads>(
    access: &mut Access<'_, D, C>,
    wait: Option<(i64, Option<i64>)>,
) -> Result<Vec<(Option<String>, i64)>> {
    let now = access.at().as_microsecond();
    let since = wait.map_or(now, |(since, _)| since.min(now)) - DAY;
    let owner = Owner::Person(access.person());
    signin::new_devices(access.reads(), owner, since).await
}

/// Who reads what the person of a proof writes now, and by when they usually answer.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn reading<D: Deed, C: Reads>(
    access: &mut Access<'_, D, C>,
    vault: &Vault,
    holidays: &Holidays,
) -> Result<Reading> {
    let (person, at) = (access.person(), access.at());
    let answering = answering(access.reads(), person, at).await?;
    told(access, vault, &answering, holidays).await
}

/// The same, where it is known who answers.
async fn told<D: Deed, C: Reads>(
    access: &mut Access<'_, D, C>,
    vault: &Vault,
    Answering { roster, weeks, lead, answers }: &Answering,
    holidays: &Holidays,
) -> Result<Reading> {
    let (person, at, answers) = (access.person(), access.at(), *answers);
    let shift = |on| roster.shift(weeks, *lead, on);
    let working = Working { shift: &shift, holidays };
    let by = match answers.one() {
        Some(one) => people::staff_name(access.reads(), vault, one).await?,
        None => people::person(access, vault).await?.team.duty_desk,
    };
    let part = match answers {
        Answers::Lead(lead) => people::parts(access.reads(), lead, person, at).await?.first().copied(),
        Answers::Cover { .. } | Answers::Desk { .. } => None,
    };
    let away = match answers {
        Answers::Cover { away, .. } | Answers::Desk { away: Some((away, _)) } => {
            Some(people::staff_name(access.reads(), vault, away).await?)
        }
        Answers::Lead(_) | Answers::Desk { away: None } => None,
    };
    Ok(Reading { answers, by, part, away, next: working.next(at), usually: Reading::usually(at, &working) })
}

/// Whether the words sound like danger. A fault in looking for them stops no message.
fn urgent(body: &str) -> bool {
    catch_unwind(|| sounds_like_crisis(body)).unwrap_or_else(|_| {
        tracing::error!("the words of a message could not be looked at");
        false
    })
}

/// Sends a message of the young person to whoever answers, with a notice to them. Words that sound like danger put it
/// first in their list and tell the duty desk besides.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs; [`Error::Busy`] when it could not be saved.
pub async fn send(db: &Db, vault: &Vault, holidays: &Holidays, send: Send) -> Result<Sent> {
    // Of a check-in what was pressed stands first: only the own words are looked at.
    let own = match send.check_in {
        Some(_) => send.body.split_once('\n').map_or("", |(_, words)| words),
        None => &send.body,
    };
    let urgent = urgent(own);
    db.write((send, vault.clone(), holidays.clone()), move |tx, (send, vault, holidays)| {
        Box::pin(async move {
            let mut access = checked::<WriteMessage>(tx, send).await?;
            if let Some(before) = sent_before(access.tx(), send).await? {
                return Ok(before);
            }
            let answering = answering(access.reads(), send.person, send.at).await?;
            let Answering { roster, weeks, lead, answers } = &answering;
            let shift = |on| roster.shift(weeks, *lead, on);
            let (working, desk) = (Working { shift: &shift, holidays }, Working { shift: &desk_hours, holidays });
            let due = if urgent { desk.after(send.at, URGENT_IN) } else { working.after(send.at, ANSWER_IN) };
            let shown = match &send.shown {
                Some(shown) => shown.clone(),
                None => told(&mut access, vault, &answering, holidays).await?.says(send.at),
            };
            let asks = urgent || send.check_in.is_none_or(CheckIn::asks);
            let due = asks.then(|| due.as_microsecond());
            let new = New {
                what: What::Said,
                body: &send.body,
                shown: Some(&shown).filter(|_| asks).map(String::as_str),
                due,
            };
            let id = store::insert(&mut access, vault, &new).await?;
            if let Some(pressed) = send.check_in {
                store::insert_check_in(&mut access, id, pressed).await?;
            }
            let (today, team) = (london_date(send.at), people::team_of_person(access.reads(), send.person).await?);
            for reader in roster.readers(*answers, team, today) {
                notices::store::add(access.tx(), Kind::WorkerHasMessage, reader, send.at).await?;
            }
            if urgent {
                store::flag(&mut access, id).await?;
                for reader in roster.readers(Answers::Desk { away: None }, team, today) {
                    notices::store::add(access.tx(), Kind::Alert, reader, send.at).await?;
                }
            }
            close(access, send, id, said(urgent, send.check_in)).await
        })
    })
    .await
}

/// What the next page says of a message that is on disk.
fn said(urgent: bool, check_in: Option<CheckIn>) -> Flash {
    match check_in {
        _ if urgent => Flash::SavedUrgent,
        Some(pressed) if pressed.feel == Feel::Hard => Flash::SavedHard,
        Some(pressed) if !pressed.asks() => Flash::Told,
        Some(_) | None => Flash::Saved,
    }
}

/// Sends a worker's answer, with a notice to the young person.
///
/// # Errors
/// [`Error::NotFound`] when they do not work with the person; [`Error::Busy`] when it could not be saved.
pub async fn answer(db: &Db, vault: &Vault, send: Send) -> Result<Sent> {
    db.write((send, vault.clone()), |tx, (send, vault)| {
        Box::pin(async move {
            let mut access = checked::<AnswerMessage>(tx, send).await?;
            if let Some(before) = sent_before(access.tx(), send).await? {
                return Ok(before);
            }
            let new = New { what: What::Said, body: &send.body, shown: None, due: None };
            let id = store::insert(&mut access, vault, &new).await?;
            notices::store::add(access.tx(), Kind::PersonHasMessage, send.person, send.at).await?;
            let sent = close(access, send, id, Flash::Answered).await?;
            done_for_today(tx, send).await?;
            Ok(sent)
        })
    })
    .await
}

/// Writes down what a worker does besides answering: a note, that they spoke, or what they will do by when.
///
/// # Errors
/// [`Error::NotFound`] when they do not work with the person; [`Error::Busy`] when it could not be saved.
pub async fn note(db: &Db, vault: &Vault, send: Send) -> Result<Sent> {
    db.write((send, vault.clone()), |tx, (send, vault)| {
        Box::pin(async move {
            let mut access = checked::<NoteThread>(tx, send).await?;
            if let Some(before) = sent_before(access.tx(), send).await? {
                return Ok(before);
            }
            let due = match send.what {
                What::Promise(day) => Some(end_of_work(day)?),
                _ => None,
            };
            let new = New { what: send.what, body: &send.body, shown: None, due };
            let id = store::insert(&mut access, vault, &new).await?;
            if matches!(send.what, What::Promise(_)) {
                notices::store::add(access.tx(), Kind::PersonHasMessage, send.person, send.at).await?;
            }
            let sent = close(access, send, id, Flash::Set).await?;
            if send.what != What::Note {
                done_for_today(tx, send).await?;
            }
            Ok(sent)
        })
    })
    .await
}

/// When a day's work is over at every duty desk: until then a promise for that day holds.
fn end_of_work(day: Date) -> Result<i64> {
    let end = day.to_datetime(time(17, 0, 0, 0)).to_zoned(london());
    let end = end.map_err(|_| Error::Internal("a day is outside of the calendar".into()))?;
    Ok(end.timestamp().as_microsecond())
}

async fn checked<'c, D: Deed>(tx: &'c mut Tx, send: &Send) -> Result<Access<'c, D, Tx>> {
    access::check::<D, _>(tx, &send.session.actor, send.person, send.at).await?.ok_or(Error::NotFound)
}

/// What became of the same form, when it came before.
async fn sent_before(tx: &mut Tx, send: &Send) -> Result<Option<Sent>> {
    posted(tx, &send.session, (&send.key, &send.body), &send.to, send.at).await
}

/// The same for any form of a session: its key, and the words that make it this one.
async fn posted(
    tx: &mut Tx,
    session: &Session,
    (key, words): (&[u8; 16], &str),
    to: &str,
    at: Timestamp,
) -> Result<Option<Sent>> {
    let was = once(tx, session.account, key, words.as_bytes(), to, at).await?;
    Ok(match was {
        Once::Same(to) => Some(Sent::Done(to)),
        Once::Other => Some(Sent::OtherText),
        Once::New => None,
    })
}

/// Takes the worker's marks off that said "not done yet". What they wanted to look at on a day stays.
async fn done_for_today(tx: &mut Tx, send: &Send) -> Result<()> {
    let Actor::Staff(staff, _) = send.session.actor else { return Ok(()) };
    let Some(mut access) = access::check::<MarkThread, _>(tx, &send.session.actor, send.person, send.at).await? else {
        return Ok(());
    };
    let mark = store::mark(&mut access, staff).await?;
    store::set_mark(&mut access, staff, Mark { unread: false, snoozed_to: None, ..mark }).await
}

async fn close<D: Deed>(mut access: Access<'_, D, Tx>, send: &Send, id: MessageId, flash: Flash) -> Result<Sent> {
    let entry = audit::Entry { object_id: Some(id.cast()), ..access.entry() };
    audit::store::insert(access.tx(), &entry, &send.number).await?;
    drop_draft(access.tx(), send.session.desk(&send.place)).await?;
    set_flash(access.tx(), &send.session.token_hash, flash).await?;
    Ok(Sent::Done(send.to.clone()))
}

/// Marks the other side's messages of a page, from its first to its last, as opened by the reader, with the
/// audit row of the reading.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs to read.
pub async fn open(
    db: &Db,
    actor: &Actor,
    person: PersonId,
    (first, last): (MessageId, MessageId),
    number: &str,
    at: Timestamp,
) -> Result<()> {
    db.write((actor.clone(), person, number.to_owned()), move |tx, (actor, person, number)| {
        Box::pin(async move {
            let mut access = access::check::<ReadThread, _>(tx, actor, *person, at).await?.ok_or(Error::NotFound)?;
            if store::mark_opened(&mut access, first, last).await? > 0 {
                let entry = audit::Entry { action: "open", ..access.entry() };
                audit::store::insert(access.tx(), &entry, number).await?;
            }
            Ok(())
        })
    })
    .await
}

/// An id that stands in an address, as one of a message.
pub fn message_id(text: &str) -> Option<MessageId> {
    Id::parse(text)
}
