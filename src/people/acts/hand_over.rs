//! Handing over: assignments, marks, drafts and what is to be sent later move in one act, the thread and its waits stay
//! as they are, and everybody concerned is told.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::audit;
use crate::clock::london_date;
use crate::db::{Db, Tx};
use crate::dropins::words;
use crate::error::{Error, Result};
use crate::messages::What;
use crate::messages::store::{self as messages, New};
use crate::notices::{Kind, store as notices};
use crate::people::access::{self, HandOverPerson};
use crate::people::{Actor, HandOver, HandOverId, PersonId, StaffId, store};
use crate::signin::guard::Session;
use crate::signin::store::{self as signin, Once};
use crate::vault::Vault;
use crate::web::flash::Flash;

/// What is to be handed over.
#[derive(Clone, Debug)]
pub struct Move {
    /// Whose they are.
    pub from: StaffId,
    /// Whose they will be.
    pub to: StaffId,
    /// Who.
    pub people: Vec<PersonId>,
    /// What whoever takes over should know of each: a note for workers, part of each record. Empty: none.
    pub note: String,
    /// Who hands over.
    pub by: Actor,
    /// The request's number.
    pub number: String,
}

/// Hands everybody of a move over, now. Gives how many. Those with whom `from` does not work are left alone.
///
/// # Errors
/// When the database fails.
pub async fn hand_over_now(tx: &mut Tx, vault: &Vault, what: &Move, at: Timestamp) -> Result<usize> {
    let (old, new) = (store::staff_name(tx, vault, what.from).await?, store::staff_name(tx, vault, what.to).await?);
    let mut many = 0;
    for person in what.people.iter().copied() {
        if !store::hand_over_one(tx, person, what.from, what.to, at).await? {
            continue;
        }
        many += 1;
        messages::hand_marks(tx, person, what.from, what.to).await?;
        messages::hand_planned(tx, person, what.from, what.to).await?;
        signin::hand_draft(tx, vault, (what.from, what.to), &format!("/work/people/{person}/messages"), at).await?;
        let says = format!(
            "{new} works with you from today. Until now it was {old}. What you wrote waits for {new}, and nothing of it is lost."
        );
        tell(tx, vault, what, person, &says, at).await?;
        if !what.note.is_empty() {
            let mut access = access::system::<HandOverPerson, _>(tx, &what.by, person, at);
            let new = New { what: What::Note, body: &what.note, shown: None, due: None };
            messages::insert(&mut access, vault, &new).await?;
        }
        let entry = access::system::<HandOverPerson, _>(tx, &what.by, person, at).entry();
        audit::store::insert(tx, &entry, &what.number).await?;
    }
    if many > 0 {
        notices::add(tx, Kind::WorkerHasMessage, what.to, at).await?;
    }
    Ok(many)
}

/// Tells a young person of it in their thread, with a notice.
async fn tell(tx: &mut Tx, vault: &Vault, what: &Move, person: PersonId, says: &str, at: Timestamp) -> Result<()> {
    let mut access = access::system::<HandOverPerson, _>(tx, &what.by, person, at);
    messages::insert(&mut access, vault, &New { what: What::News, body: says, shown: None, due: None }).await?;
    notices::add(tx, Kind::PersonHasMessage, person, at).await
}

/// Whether somebody can take over: they are here, can sign in and work with young people.
async fn can_take(tx: &mut Tx, to: StaffId, at: Timestamp) -> Result<bool> {
    Ok(tx.fetch(store::roster(at)).await?.live.contains_key(&to))
}

/// The form by which a manager hands over.
#[derive(Clone, Debug)]
pub struct Form {
    /// Who sent it.
    pub session: Session,
    /// Its one-time key.
    pub key: [u8; 16],
    /// Everything that it says: with the same key again it is the same act.
    pub words: String,
    /// Its page, to which the browser goes back.
    pub place: String,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handed {
    /// On disk, now or when the same form came first.
    Done,
    /// The same key was used for other words before; nothing was changed.
    OtherText,
    /// Whoever was to take over cannot; nothing was changed.
    CannotTake,
}

/// Hands people over now, or plans it for a day and tells them so.
///
/// # Errors
/// [`Error::NotFound`] when one of them is not managed by who asks.
pub async fn hand_over(db: &Db, vault: &Vault, what: Move, day: Date, form: Form, at: Timestamp) -> Result<Handed> {
    db.write((what, vault.clone(), form), move |tx, (what, vault, form)| {
        Box::pin(async move {
            for person in what.people.iter().copied() {
                access::check::<HandOverPerson, _>(tx, &what.by, person, at).await?.ok_or(Error::NotFound)?;
            }
            let Form { session, key, words, place } = form;
            if !signin::form_was_sent(tx, session.account, key).await?
                && (what.from == what.to || !can_take(tx, what.to, at).await?)
            {
                return Ok(Handed::CannotTake);
            }
            match signin::once(tx, session.account, key, words.as_bytes(), place, at).await? {
                Once::New => {}
                Once::Same(_) => return Ok(Handed::Done),
                Once::Other => return Ok(Handed::OtherText),
            }
            signin::drop_draft(tx, session.desk(place)).await?;
            signin::set_flash(tx, &session.token_hash, Flash::Set).await?;
            if day <= london_date(at) {
                hand_over_now(tx, vault, what, at).await?;
                return Ok(Handed::Done);
            }
            let Actor::Staff(made_by, _) = what.by else { return Err(Error::NotFound) };
            let (old, new) =
                (store::staff_name(tx, vault, what.from).await?, store::staff_name(tx, vault, what.to).await?);
            let on = words::day_seen_from(day, london_date(at));
            let says = format!("From {on} {new} works with you. Until then it is {old}.");
            for person in what.people.iter().copied() {
                let id: HandOverId = crate::vault::new_id()?;
                let plan = HandOver { id, person, from: what.from, to: what.to, day, made_by };
                store::plan_hand_over(tx, &plan, at).await?;
                tell(tx, vault, what, person, &says, at).await?;
                if !what.note.is_empty() {
                    let mut access = access::system::<HandOverPerson, _>(tx, &what.by, person, at);
                    let new = New { what: What::Note, body: &what.note, shown: None, due: None };
                    messages::insert(&mut access, vault, &new).await?;
                }
                let entry = access::system::<HandOverPerson, _>(tx, &what.by, person, at).entry();
                audit::store::insert(tx, &audit::Entry { action: "plan", ..entry }, &what.number).await?;
            }
            Ok(Handed::Done)
        })
    })
    .await
}

/// Takes back a plan to hand somebody over, and tells them so.
///
/// # Errors
/// [`Error::NotFound`] when there is none of somebody whom the one who asks manages.
pub async fn drop_hand_over(
    db: &Db,
    vault: &Vault,
    (by, number): (Actor, String),
    from: StaffId,
    id: HandOverId,
    at: Timestamp,
) -> Result<()> {
    db.write((by, number, vault.clone()), move |tx, (by, number, vault)| {
        Box::pin(async move {
            let planned = store::planned_hand_overs(tx, from).await?;
            let plan = planned.into_iter().find(|plan| plan.id == id).ok_or(Error::NotFound)?;
            let checked = access::check::<HandOverPerson, _>(tx, by, plan.person, at).await?;
            let entry = audit::Entry { action: "drop", ..checked.ok_or(Error::NotFound)?.entry() };
            store::settle_hand_over(tx, id, false, at).await?;
            let old = store::staff_name(tx, vault, plan.from).await?;
            let (people, note) = (vec![plan.person], String::new());
            let what = Move { from, to: plan.to, people, note, by: by.clone(), number: number.clone() };
            let says = format!("There is no change of worker after all: {old} goes on working with you.");
            tell(tx, vault, &what, plan.person, &says, at).await?;
            audit::store::insert(tx, &entry, number).await
        })
    })
    .await
}

/// Does the hand-overs whose day has come. One whose taker has left meanwhile is dropped, and who planned it is told.
/// Gives how many were done.
///
/// # Errors
/// When the database fails; what was not done is done by the next run.
pub async fn hand_over_due(db: &Db, vault: &Vault, at: Timestamp) -> Result<usize> {
    let due = store::due_hand_overs(&mut db.read().await?, at).await?;
    let mut done = 0;
    for plan in due {
        let one = db.write((plan, vault.clone()), move |tx, (plan, vault)| {
            Box::pin(async move {
                let takes = can_take(tx, plan.to, at).await?;
                if !store::settle_hand_over(tx, plan.id, takes, at).await? {
                    return Ok(0);
                }
                if !takes {
                    notices::add(tx, Kind::Alert, plan.made_by, at).await?;
                    return Ok(0);
                }
                let (by, number) = (Actor::Staff(plan.made_by, Vec::new()), String::from("job"));
                let (people, note) = (vec![plan.person], String::new());
                let what = Move { from: plan.from, to: plan.to, people, note, by, number };
                hand_over_now(tx, vault, &what, at).await
            })
        });
        done += one.await?;
    }
    Ok(done)
}
