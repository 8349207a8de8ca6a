//! What is sent later or to many: planned, sent once when its time comes, taken back, decided about when it was held.

use jiff::Timestamp;

use super::{Send, Sent, checked, posted};
use crate::audit::{self, Entry};
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::messages::What;
use crate::messages::planned::{GroupId, PlannedId, Stage};
use crate::messages::store::{self, New, Plan};
use crate::notices::acts::tell_readers;
use crate::notices::{self, Kind};
use crate::people::access::{self, Access, AnswerMessage};
use crate::people::{Actor, PersonId, store as people};
use crate::signin::guard::Session;
use crate::signin::store::{drop_draft, form_was_sent, set_flash};
use crate::vault::Vault;
use crate::web::flash::Flash;

/// Plans a worker's answer for a moment. The same form twice is one.
///
/// # Errors
/// [`Error::NotFound`] when they do not work with the person; [`Error::Busy`] when it could not be saved.
pub async fn plan(db: &Db, vault: &Vault, send: Send, send_at: Timestamp) -> Result<Sent> {
    db.write((send, vault.clone()), move |tx, (send, vault)| {
        Box::pin(async move {
            let mut access = checked::<AnswerMessage>(tx, send).await?;
            let words = format!("{send_at} {}", send.body);
            if let Some(before) = posted(access.tx(), &send.session, (&send.key, &words), &send.to, send.at).await? {
                return Ok(before);
            }
            plan_one(&mut access, vault, &send.body, send_at, None, &send.number).await?;
            drop_draft(access.tx(), send.session.desk(&send.place)).await?;
            set_flash(access.tx(), &send.session.token_hash, Flash::Planned).await?;
            Ok(Sent::Done(send.to.clone()))
        })
    })
    .await
}

async fn plan_one(
    access: &mut Access<'_, AnswerMessage, Tx>,
    vault: &Vault,
    body: &str,
    send_at: Timestamp,
    group: Option<GroupId>,
    number: &str,
) -> Result<()> {
    let id = store::insert_planned(access, vault, body, send_at, group).await?;
    let entry = Entry { action: "plan", object: "message", object_id: Some(id.cast()), ..access.entry() };
    audit::store::insert(access.tx(), &entry, number).await
}

/// Puts a text in the thread as an answer of the one who asks, with the notice and the audit row.
async fn deliver(access: &mut Access<'_, AnswerMessage, Tx>, vault: &Vault, body: &str, number: &str) -> Result<()> {
    let new = New { what: What::Said, body, shown: None, due: None };
    let id = store::insert(access, vault, &new).await?;
    let (person, at) = (access.person(), access.at());
    notices::store::add(access.tx(), Kind::PersonHasMessage, person, at).await?;
    let entry = Entry { object_id: Some(id.cast()), ..access.entry() };
    audit::store::insert(access.tx(), &entry, number).await
}

/// What is to be sent to several people, to each by themselves.
#[derive(Clone, Debug)]
pub struct Many {
    /// To whom, and the text as each of them will read it.
    pub people: Vec<(PersonId, String)>,
    /// When; `None`: now.
    pub send_at: Option<Timestamp>,
    /// Who sends.
    pub session: Session,
    /// The form's one-time key.
    pub key: [u8; 16],
    /// The page it was written on, where its draft is kept.
    pub place: String,
    /// Where the browser goes next.
    pub to: String,
    /// The request's number.
    pub number: String,
    /// When it was asked for.
    pub at: Timestamp,
}

impl Many {
    /// What makes this form another one.
    fn words(&self) -> String {
        let people = self.people.iter().map(|(person, body)| format!("{person} {body}\n"));
        format!("{:?}\n{}", self.send_at, people.collect::<String>())
    }
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManySent {
    /// On disk, now or when the same form came first: go on to this address.
    Done(String),
    /// The same form was sent before with another text; nothing was changed.
    OtherText,
    /// The worker may not answer these any more. Nothing was sent to anybody.
    Gone(Vec<PersonId>),
}

/// Sends or plans messages to several people in one transaction: each stands in a thread of its own, and says nothing
/// of the others.
///
/// # Errors
/// [`Error::Busy`] when it could not be saved.
pub async fn send_many(db: &Db, vault: &Vault, many: Many) -> Result<ManySent> {
    db.write((many, vault.clone()), |tx, (many, vault)| {
        Box::pin(async move {
            // The same form again is what it was, whoever has left meanwhile.
            if !form_was_sent(tx, many.session.account, &many.key).await? {
                let gone = gone(tx, many).await?;
                if !gone.is_empty() {
                    return Ok(ManySent::Gone(gone));
                }
            }
            match posted(tx, &many.session, (&many.key, &many.words()), &many.to, many.at).await? {
                Some(Sent::Done(to)) => return Ok(ManySent::Done(to)),
                Some(Sent::OtherText) => return Ok(ManySent::OtherText),
                None => {}
            }
            let group: GroupId = crate::vault::new_id()?;
            for (person, body) in &many.people {
                let access = access::check::<AnswerMessage, _>(tx, &many.session.actor, *person, many.at).await?;
                let mut access = access.ok_or(Error::NotFound)?;
                match many.send_at {
                    Some(send_at) => {
                        plan_one(&mut access, vault, body, send_at, Some(group), &many.number).await?;
                    }
                    None => deliver(&mut access, vault, body, &many.number).await?,
                }
            }
            drop_draft(tx, many.session.desk(&many.place)).await?;
            let flash = if many.send_at.is_some() { Flash::Planned } else { Flash::SentToMany };
            set_flash(tx, &many.session.token_hash, flash).await?;
            Ok(ManySent::Done(many.to.clone()))
        })
    })
    .await
}

/// Those of them whom the worker may not answer now.
async fn gone(tx: &mut Tx, many: &Many) -> Result<Vec<PersonId>> {
    let mut gone = Vec::new();
    for (person, _) in &many.people {
        if access::check::<AnswerMessage, _>(tx, &many.session.actor, *person, many.at).await?.is_none() {
            gone.push(*person);
        }
    }
    Ok(gone)
}

/// Sends every planned message whose time has come, once, however often and wherever this is run. One whose sender may
/// not answer the person any more is held, and whoever answers now is told. Gives how many were sent.
///
/// # Errors
/// When the database fails; what was not sent is sent by the next run.
pub async fn send_planned(db: &Db, vault: &Vault, at: Timestamp) -> Result<usize> {
    let due = store::due_planned(&mut db.read().await?, at).await?;
    let mut sent = 0;
    for plan in due {
        let one = db.write((plan.id, vault.clone()), move |tx, (id, vault)| {
            Box::pin(async move { send_one(tx, vault, *id, at).await })
        });
        match one.await {
            Ok(done) => sent += usize::from(done),
            // One that cannot be sent holds up no other.
            Err(error) => tracing::warn!(%error, "a planned message could not be sent"),
        }
    }
    Ok(sent)
}

async fn send_one(tx: &mut Tx, vault: &Vault, id: PlannedId, at: Timestamp) -> Result<bool> {
    // Read again: it may have been handed over since.
    let Some(plan) = store::plan_of(tx, id).await? else { return Ok(false) };
    let actor = Actor::Staff(plan.staff, people::roles(tx, plan.staff, at).await?);
    let may = access::check::<AnswerMessage, _>(tx, &actor, plan.person, at).await?.is_some();
    let to = if may { Stage::Sent } else { Stage::Held };
    if !store::settle_planned(tx, id, (Stage::Due, to), at).await? {
        return Ok(false);
    }
    if !may {
        tell_held(tx, &plan, at).await?;
        return Ok(false);
    }
    let access = access::check::<AnswerMessage, _>(tx, &actor, plan.person, at).await?;
    let mut access = access.ok_or(Error::NotFound)?;
    let body = store::planned_text(&mut access, vault, id).await?;
    let wait = store::wait_of(&mut access).await?;
    deliver(&mut access, vault, &body, "job").await?;
    if let Some(wait) = wait {
        store::keep_wait(&mut access, plan.made_at, wait).await?;
    }
    Ok(true)
}

/// Writes down that a message was held, and tells whoever answers now.
async fn tell_held(tx: &mut Tx, plan: &Plan, at: Timestamp) -> Result<()> {
    let held = Entry::of(None, "hold", "message", at);
    let entry = Entry { person: Some(plan.person), object_id: Some(plan.id.cast()), ..held };
    audit::store::insert(tx, &entry, "job").await?;
    if !people::person_is_active(tx, plan.person).await? {
        return Ok(());
    }
    tell_readers(tx, Kind::WorkerHasMessage, plan.person, at).await
}

/// What a worker says about a planned message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Their own is not to be sent.
    Cancel,
    /// One that was held is sent now, as theirs.
    Send,
    /// One that was held is not to be sent.
    LetGo,
}

impl Decision {
    /// Reads the word of a button.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "cancel" => Self::Cancel,
            "send" => Self::Send,
            "let-go" => Self::LetGo,
            _ => return None,
        })
    }
}

/// Whether it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It is as they said.
    Done,
    /// It was sent, or somebody else had decided, before.
    TooLate,
}

/// Does what a worker says about a planned message. Of several who say so at once, the clock among them, one wins.
///
/// # Errors
/// [`Error::NotFound`] when there is no such message to somebody whom they may answer.
pub async fn decide(
    db: &Db,
    vault: &Vault,
    (session, number): (Session, String),
    (id, what): (PlannedId, Decision),
    at: Timestamp,
) -> Result<Decided> {
    db.write((session, number, vault.clone()), move |tx, (session, number, vault)| {
        Box::pin(async move {
            let plan = store::plan_of(tx, id).await?.ok_or(Error::NotFound)?;
            let access = access::check::<AnswerMessage, _>(tx, &session.actor, plan.person, at).await?;
            let mut access = access.ok_or(Error::NotFound)?;
            let own = matches!(session.actor, Actor::Staff(staff, _) if staff == plan.staff);
            let step = match what {
                Decision::Cancel if !own => return Err(Error::NotFound),
                Decision::Cancel => (Stage::Due, Stage::Cancelled),
                Decision::Send => (Stage::Held, Stage::Sent),
                Decision::LetGo => (Stage::Held, Stage::Cancelled),
            };
            if !store::settle_planned(access.tx(), id, step, at).await? {
                return Ok(Decided::TooLate);
            }
            if what == Decision::Send {
                let body = store::planned_text(&mut access, vault, id).await?;
                deliver(&mut access, vault, &body, number).await?;
            } else {
                let entry = Entry { action: "drop", object: "message", object_id: Some(id.cast()), ..access.entry() };
                audit::store::insert(access.tx(), &entry, number).await?;
            }
            let flash = if what == Decision::Send { Flash::Answered } else { Flash::NotSent };
            set_flash(access.tx(), &session.token_hash, flash).await?;
            Ok(Decided::Done)
        })
    })
    .await
}
