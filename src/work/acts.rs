//! Finding somebody who is on the phone, opening a record for a reason, and the codes that let people in.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use super::store;
use crate::audit::alerts::AlertId;
use crate::audit::{self, Entry};
use crate::clock::{HOUR, from_micros, london_date};
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::messages::{Mark, store as messages};
use crate::notices::acts::let_arrive;
use crate::notices::{Kind, store as notices};
use crate::people::access::{
    self, ConfirmContact, GiveCode, LookAtAlert, MarkThread, ReadThread, SetFlag, SetRhythm, WriteProfile, WriteSpell,
};
use crate::people::{Actor, ConfirmedBy, ContactId, PersonId, Rhythm, Spell, SpellKind, StaffId, store as people};
use crate::plan::{review, store as plans};
use crate::signin::doors::KnownBy;
use crate::signin::guard::Session;
use crate::signin::store::{self as signin, NewCode};
use crate::signin::{CARD_LASTS, KnockId, Owner, READ_OUT_LASTS};
use crate::vault::Vault;
use crate::web::flash::Flash;

/// How long a record stays open that was opened for a reason, in microseconds.
pub const GLASS_LASTS: i64 = HOUR;

/// A worker who does something here.
#[derive(Clone, Debug)]
pub struct By {
    /// Who.
    pub staff: StaffId,
    /// With their roles.
    pub actor: Actor,
    /// The request's number.
    pub number: String,
    /// When.
    pub at: Timestamp,
}

/// Whom a look-up found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Somebody whose record the worker may open now.
    Theirs(PersonId),
    /// Somebody whose record takes a reason.
    Reason(PersonId),
    /// Nobody.
    Nobody,
}

/// Looks for somebody by name and date of birth, and writes down that it was done, found or not.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &Db, vault: &Vault, by: By, name: String, born_on: Date) -> Result<Found> {
    db.write((by, vault.clone(), name), move |tx, (by, vault, name)| {
        Box::pin(async move {
            let person = people::person_by_name(tx, vault, name, born_on).await?;
            let found = match person {
                None => Found::Nobody,
                Some(person) if may_open(tx, by, person).await? => Found::Theirs(person),
                Some(person) => Found::Reason(person),
            };
            note_look_up(tx, by, person).await?;
            Ok(found)
        })
    })
    .await
}

async fn note_look_up(tx: &mut Tx, by: &By, person: Option<PersonId>) -> Result<()> {
    let entry = Entry { person, ..Entry::of(Some(by.actor.clone()), "look up", "profile", by.at) };
    audit::store::insert(tx, &entry, &by.number).await
}

/// Whether they may open all of a record without a reason. A manager sees who somebody is, and gives one for the rest.
async fn may_open(tx: &mut Tx, by: &By, person: PersonId) -> Result<bool> {
    Ok(access::check::<ReadThread, _>(tx, &by.actor, person, by.at).await?.is_some())
}

/// Opens the record of somebody whom the worker does not work with: the reason is kept, their managers are
/// told, and the person can read it. `None` when there is nobody of this name and date of birth. Where no
/// reason is needed or nobody is found, that somebody was looked for is written down all the same.
///
/// # Errors
/// When the database fails.
pub async fn open(
    db: &Db,
    vault: &Vault,
    by: By,
    (name, born_on): (String, Date),
    reason: String,
) -> Result<Option<PersonId>> {
    db.write((by, vault.clone(), name, reason), move |tx, (by, vault, name, reason)| {
        Box::pin(async move {
            let found = people::person_by_name(tx, vault, name, born_on).await?;
            let Some(person) = found else {
                note_look_up(tx, by, None).await?;
                return Ok(None);
            };
            if may_open(tx, by, person).await? {
                note_look_up(tx, by, found).await?;
                return Ok(found);
            }
            let until = from_micros(by.at.as_microsecond() + GLASS_LASTS);
            people::insert_glass(tx, vault, person, by.staff, reason, (by.at, until)).await?;
            for manager in people::managers_of(tx, person, by.at).await? {
                notices::add(tx, Kind::GlassBroken, manager, by.at).await?;
            }
            let entry = Entry {
                person: Some(person),
                relation: "break_glass",
                ..Entry::of(Some(by.actor.clone()), "break glass", "profile", by.at)
            };
            audit::store::insert(tx, &entry, &by.number).await?;
            Ok(found)
        })
    })
    .await
}

/// A code that was given, and whether it waits for a second worker.
#[derive(Clone, Debug)]
pub struct Given {
    /// Its characters, told this once.
    pub code: String,
    /// For how long it can be used, in microseconds.
    pub lasts: i64,
    /// A second worker must say yes first: the person is under a safety flag.
    pub needs_second: bool,
}

/// Gives somebody a code that lets them in. `on_paper`: it must last until they read it.
///
/// # Errors
/// [`Error::NotFound`] when the worker may not.
pub async fn give_code(
    db: &Db,
    vault: &Vault,
    by: By,
    person: PersonId,
    known_by: KnownBy,
    on_paper: bool,
) -> Result<Given> {
    let code = crate::signin::new_code()?;
    let lasts = if on_paper { CARD_LASTS } else { READ_OUT_LASTS };
    db.write((by, vault.clone(), code), move |tx, (by, vault, code)| {
        Box::pin(async move {
            let mut access =
                access::check::<GiveCode, _>(tx, &by.actor, person, by.at).await?.ok_or(Error::NotFound)?;
            let entry = access.entry();
            let needs_second = people::takes_two(access.tx(), person, by.at).await?;
            let new = NewCode {
                owner: Owner::Person(person),
                code: code.clone(),
                lasts,
                by: Some((by.staff, known_by)),
                needs_second,
            };
            signin::insert_code(access.tx(), vault, &new, by.at).await?;
            audit::store::insert(access.tx(), &entry, &by.number).await?;
            Ok(Given { code: code.clone(), lasts, needs_second })
        })
    })
    .await
}

/// A second worker says yes to a code. False when it is theirs, too old or settled.
///
/// # Errors
/// [`Error::NotFound`] when the worker may not.
pub async fn approve(db: &Db, by: By, person: PersonId, code: Id<()>) -> Result<bool> {
    db.write(by, move |tx, by| {
        Box::pin(async move {
            let mut access =
                access::check::<GiveCode, _>(tx, &by.actor, person, by.at).await?.ok_or(Error::NotFound)?;
            let entry = Entry { action: "approve", ..access.entry() };
            // A code of somebody else's is none of this person's.
            let theirs = signin::waiting_codes(access.reads(), Owner::Person(person), by.at).await?;
            if !theirs.iter().any(|(id, _)| *id == code) {
                return Ok(false);
            }
            let approved = signin::approve_code(access.tx(), code, by.staff, by.at).await?;
            if approved {
                audit::store::insert(access.tx(), &entry, &by.number).await?;
            }
            Ok(approved)
        })
    })
    .await
}

/// A manager has looked at a reading that was not ordinary: it leaves the list.
///
/// # Errors
/// [`Error::NotFound`] when there is none, when it is about nobody whom they manage, or when it is their own.
pub async fn look_at(db: &Db, by: By, id: AlertId) -> Result<()> {
    db.write(by, move |tx, by| {
        Box::pin(async move {
            let alert = audit::store::alert(tx, id).await?.filter(|alert| alert.staff != by.staff);
            let alert = alert.ok_or(Error::NotFound)?;
            for person in audit::store::people_of(tx, &alert).await? {
                if let Some(mut access) = access::check::<LookAtAlert, _>(tx, &by.actor, person, by.at).await? {
                    audit::store::look_at(&mut access, id, by.staff).await?;
                    let entry = Entry { object_id: Some(id.cast()), person: alert.person, ..access.entry() };
                    return audit::store::insert(tx, &entry, &by.number).await;
                }
            }
            Err(Error::NotFound)
        })
    })
    .await
}

/// Confirms a number of somebody whom a worker reached there.
///
/// # Errors
/// [`Error::NotFound`] when the worker may not, or it is not the person's.
pub async fn confirm_contact(db: &Db, by: By, token: [u8; 32], person: PersonId, contact: ContactId) -> Result<()> {
    db.write(by, move |tx, by| {
        Box::pin(async move {
            let mut access =
                access::check::<ConfirmContact, _>(tx, &by.actor, person, by.at).await?.ok_or(Error::NotFound)?;
            let entry = access.entry();
            if !people::confirm_contact(access.tx(), person, contact, ConfirmedBy::Worker, by.at).await? {
                return Err(Error::NotFound);
            }
            audit::store::insert(access.tx(), &entry, &by.number).await?;
            signin::set_flash(access.tx(), &token, Flash::Set).await
        })
    })
    .await
}

/// Writes down that somebody wants nothing at a number or address of theirs. Only they say that they want it again: nobody
/// speaks for them about who may read along.
///
/// # Errors
/// [`Error::NotFound`] when the worker may not, or it is not the person's.
pub async fn silence_contact(db: &Db, by: By, token: [u8; 32], person: PersonId, contact: ContactId) -> Result<()> {
    let at = by.at;
    db.write(by, move |tx, by| {
        Box::pin(async move {
            let mut access =
                access::check::<ConfirmContact, _>(tx, &by.actor, person, by.at).await?.ok_or(Error::NotFound)?;
            let entry = Entry { action: "silence", ..access.entry() };
            if !people::set_notify(access.tx(), person, contact, false).await? {
                return Err(Error::NotFound);
            }
            audit::store::insert(access.tx(), &entry, &by.number).await?;
            signin::set_flash(access.tx(), &token, Flash::Set).await
        })
    })
    .await?;
    // Once the worker is told so, nothing more arrives there.
    let_arrive(db, person, at).await
}

/// Sets or clears the safety flag of somebody. Their managers are told when it is cleared.
///
/// # Errors
/// [`Error::NotFound`] when the worker may not.
pub async fn set_flag(db: &Db, by: By, token: [u8; 32], person: PersonId, flagged: bool) -> Result<()> {
    let at = by.at;
    db.write(by, move |tx, by| {
        Box::pin(async move {
            let mut access = access::check::<SetFlag, _>(tx, &by.actor, person, by.at).await?.ok_or(Error::NotFound)?;
            let entry = Entry { action: if flagged { "set" } else { "clear" }, ..access.entry() };
            people::set_flagged(access.tx(), person, flagged, by.at).await?;
            audit::store::insert(access.tx(), &entry, &by.number).await?;
            if !flagged {
                for manager in people::managers_of(access.tx(), person, by.at).await? {
                    notices::add(access.tx(), Kind::Alert, manager, by.at).await?;
                }
            }
            signin::set_flash(access.tx(), &token, Flash::Set).await
        })
    })
    .await?;
    // Once the worker is told that the flag is set, nothing more arrives.
    if flagged { let_arrive(db, person, at).await } else { Ok(()) }
}

/// What a worker does about somebody who cannot sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// They call them.
    Take,
    /// They have reached them.
    Settle,
}

/// Takes up or settles what somebody wrote who cannot sign in. False when another worker was faster.
///
/// # Errors
/// When the database fails.
pub async fn answer_knock(db: &Db, by: By, knock: KnockId, answer: Answer) -> Result<bool> {
    db.write(by, move |tx, by| {
        Box::pin(async move {
            let (done, action) = match answer {
                Answer::Take => (signin::take_knock(tx, knock, by.staff, by.at).await?, "take"),
                Answer::Settle => (signin::settle_knock(tx, knock, by.staff, by.at).await?, "settle"),
            };
            if done {
                let entry = Entry {
                    object_id: Some(knock.cast()),
                    ..Entry::of(Some(by.actor.clone()), action, "knock", by.at)
                };
                audit::store::insert(tx, &entry, &by.number).await?;
            }
            Ok(done)
        })
    })
    .await
}

/// Sets what a young person wants whoever works with them to know. Nothing: nothing is kept.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs.
pub async fn set_about(
    db: &Db,
    vault: &Vault,
    written: (Session, String),
    person: PersonId,
    about: Option<String>,
    number: String,
    at: Timestamp,
) -> Result<()> {
    db.write((written, vault.clone(), about, number), move |tx, ((session, place), vault, about, number)| {
        Box::pin(async move {
            let mut access =
                access::check::<WriteProfile, _>(tx, &session.actor, person, at).await?.ok_or(Error::NotFound)?;
            people::set_profile(&mut access, vault, about.as_deref()).await?;
            let entry = access.entry();
            audit::store::insert(access.tx(), &entry, number).await?;
            saved(access.tx(), session, place).await
        })
    })
    .await
}

/// Writes down where somebody lives or what they do, from a day on.
///
/// # Errors
/// [`Error::NotFound`] when the worker does not work with the person.
pub async fn add_spell(
    db: &Db,
    vault: &Vault,
    by: By,
    written: (Session, String),
    person: PersonId,
    spell: Spell,
) -> Result<()> {
    db.write((by, vault.clone(), written, spell), move |tx, (by, vault, (session, place), spell)| {
        Box::pin(async move {
            let mut access =
                access::check::<WriteSpell, _>(tx, &by.actor, person, by.at).await?.ok_or(Error::NotFound)?;
            let spells = people::spells(&mut access, vault).await?;
            let before = spells.iter().find(|known| known.kind == spell.kind && known.to_on.is_none());
            let kind = SpellKind::ALL.into_iter().find(|kind| kind.as_str() == spell.kind);
            people::add_spell(&mut access, vault, spell).await?;
            let brings = |kind| review::brought_by(kind, before.map(|known| known.value.as_str()), &spell.value);
            // Neither a word put right nor what was long before is news.
            let new = before.is_none_or(|known| spell.from_on > known.from_on);
            if let Some(why) = kind.filter(|_| new).and_then(brings) {
                plans::ask(&mut access, why, london_date(by.at).saturating_add(review::SOON.days())).await?;
            }
            let entry = access.entry();
            audit::store::insert(access.tx(), &entry, &by.number).await?;
            saved(access.tx(), session, place).await
        })
    })
    .await
}

/// Leaves nothing of what was typed on a page that is saved, and has the next page say so.
async fn saved(tx: &mut Tx, session: &Session, place: &str) -> Result<()> {
    signin::drop_draft(tx, session.desk(place)).await?;
    signin::set_flash(tx, &session.token_hash, Flash::Set).await
}

/// Sets how often somebody is asked how things are, and spoken with.
///
/// # Errors
/// [`Error::NotFound`] when the worker does not work with the person.
pub async fn set_rhythm(db: &Db, by: By, token: [u8; 32], person: PersonId, rhythm: Rhythm) -> Result<()> {
    db.write((by, token), move |tx, (by, token)| {
        Box::pin(async move {
            let mut access =
                access::check::<SetRhythm, _>(tx, &by.actor, person, by.at).await?.ok_or(Error::NotFound)?;
            // Asked as often as before: the next one stays due on its day.
            let known = people::rhythm(&mut access).await?.filter(|known| known.check_in_days == rhythm.check_in_days);
            let from = known.map_or(rhythm.from, |known| known.from);
            people::set_rhythm(&mut access, Rhythm { from, ..rhythm }).await?;
            let entry = access.entry();
            audit::store::insert(access.tx(), &entry, &by.number).await?;
            crate::signin::store::set_flash(access.tx(), token, Flash::Set).await
        })
    })
    .await
}

/// Takes a row off the list of whoever asks: what they marked themselves is unmarked, the rest is not shown to them for
/// that day again.
///
/// # Errors
/// [`Error::NotFound`] when the worker does not work with the person.
pub async fn done(db: &Db, by: By, token: [u8; 32], person: PersonId, row: (&'static str, Date)) -> Result<()> {
    db.write((by, token), move |tx, (by, token)| {
        Box::pin(async move {
            let (why, day) = row;
            let mut access =
                access::check::<MarkThread, _>(tx, &by.actor, person, by.at).await?.ok_or(Error::NotFound)?;
            if why == "follow_up" {
                let mark = messages::mark(&mut access, by.staff).await?;
                let past = |marked: Option<Date>| marked.filter(|marked| *marked > day);
                let (snoozed_to, follow_up_on) = (past(mark.snoozed_to), past(mark.follow_up_on));
                messages::set_mark(&mut access, by.staff, Mark { snoozed_to, follow_up_on, ..mark }).await?;
            } else {
                store::set_done(&mut access, why, day).await?;
            }
            let entry = access.entry();
            audit::store::insert(access.tx(), &entry, &by.number).await?;
            crate::signin::store::set_flash(access.tx(), token, Flash::Done).await
        })
    })
    .await
}
