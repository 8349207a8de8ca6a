//! What somebody changes about how they are reached, and the codes that are sent to an address.

use jiff::Timestamp;

use super::account::{Mine, checked, close};
use crate::audit::{self, Entry};
use crate::clock::HOUR;
use crate::db::{Db, Snapshot, Tx};
use crate::error::{Error, Result};
use crate::notices::acts::let_arrive;
use crate::notices::{Kind, store as notices};
use crate::people::access::ChangeAccount;
use crate::people::{
    Channel, ConfirmedBy, ContactId, PersonId, Purpose, Quiet, SENT_AN_HOUR, SentId, WAYS_BACK_AN_HOUR, store as people,
};
use crate::signin::{AccountId, Owner, store};
use crate::vault::Vault;
use crate::web::flash::Flash;

/// Adds a number or address; an address is sent a code.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs to change.
pub async fn add(db: &Db, vault: &Vault, mine: Mine, channel: Channel, value: String) -> Result<ContactId> {
    db.write((mine, vault.clone(), value), move |tx, (mine, vault, value)| {
        Box::pin(async move {
            let mut access = checked::<ChangeAccount>(tx, mine).await?;
            // A double tap adds one.
            let known = people::contacts(&mut access, vault).await?;
            if let Some(known) = known.iter().find(|contact| contact.value == *value) {
                return Ok(known.id);
            }
            let tx = access.tx();
            let contact = people::insert_contact(tx, vault, mine.person, (channel, value.as_str()), None).await?;
            let flash = match channel {
                Channel::Email => confirm_by_code(tx, mine, contact).await?,
                Channel::Phone => Flash::Set,
            };
            close(access, mine, "add contact", flash).await?;
            Ok(contact)
        })
    })
    .await
}

/// Sends a code to one's own address.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs to change.
pub async fn send_again(db: &Db, mine: Mine, contact: ContactId) -> Result<()> {
    db.write(mine, move |tx, mine| {
        Box::pin(async move {
            let mut access = checked::<ChangeAccount>(tx, mine).await?;
            let flash = confirm_by_code(access.tx(), mine, contact).await?;
            close(access, mine, "send code", flash).await
        })
    })
    .await
}

/// Sends a code that confirms an address. Gives what the next page says: not under a safety flag, and not too often.
async fn confirm_by_code(tx: &mut Tx, mine: &Mine, contact: ContactId) -> Result<Flash> {
    if people::is_flagged(tx, mine.person).await? {
        return Ok(Flash::Set);
    }
    let asked = store::asked_hash(tx, mine.session.account).await?;
    let sent = send(tx, &asked, Some(contact), Purpose::Confirm, mine.at).await?;
    Ok(if sent { Flash::Sent } else { Flash::TooManyCodes })
}

/// What became of a code that somebody typed to confirm an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// It was right.
    Right,
    /// It was wrong.
    Wrong,
    /// There is no code that counts: it is too old, or was tried too often.
    None,
}

/// Confirms one's own address by the code that was sent there.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs to change.
pub async fn confirm(db: &Db, vault: &Vault, mine: Mine, contact: ContactId, typed: String) -> Result<Typed> {
    db.write((mine, vault.clone(), typed), move |tx, (mine, vault, typed)| {
        Box::pin(async move {
            let mut access = checked::<ChangeAccount>(tx, mine).await?;
            let tx = access.tx();
            let asked = store::asked_hash(tx, mine.session.account).await?;
            let live = people::sent(tx, &asked, mine.person, Purpose::Confirm, mine.at).await?;
            if live.is_empty() {
                return Ok(Typed::None);
            }
            let right = |(sent, to): &&(SentId, ContactId)| *to == contact && vault.digits(*sent) == *typed;
            let Some((sent, _)) = live.iter().find(right) else {
                people::count_sent_try(tx, &asked, Purpose::Confirm).await?;
                return Ok(Typed::Wrong);
            };
            people::use_sent(tx, *sent, mine.at).await?;
            // Told where they were reached before: a new way to reach somebody is a way back in.
            notices::add(tx, Kind::AccountChanged, mine.person, mine.at).await?;
            people::confirm_contact(tx, mine.person, contact, ConfirmedBy::Code, mine.at).await?;
            close(access, mine, "confirm contact", Flash::Reached).await?;
            Ok(Typed::Right)
        })
    })
    .await
}

/// What somebody changes about a number or address of theirs, or about all of them.
#[derive(Clone, Copy, Debug)]
pub enum Reach {
    /// Notices may go there, or not: "don't contact me here".
    Notify(ContactId, bool),
    /// It is theirs no more.
    Remove(ContactId),
    /// The hours without notices.
    Quiet(Quiet),
}

/// Changes how somebody is reached.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs to change.
pub async fn change(db: &Db, mine: Mine, reach: Reach) -> Result<()> {
    let (owner, at) = (mine.person, mine.at);
    db.write(mine, move |tx, mine| {
        Box::pin(async move {
            let mut access = checked::<ChangeAccount>(tx, mine).await?;
            let (tx, person) = (access.tx(), mine.person);
            let (theirs, action) = match reach {
                Reach::Notify(contact, notify) => {
                    (people::set_notify(tx, person, contact, notify).await?, "set notify")
                }
                Reach::Remove(contact) => (people::end_contact(tx, person, contact, mine.at).await?, "remove contact"),
                Reach::Quiet(quiet) => {
                    people::set_quiet(tx, person, quiet).await?;
                    (true, "set quiet hours")
                }
            };
            if !theirs {
                return Err(Error::NotFound);
            }
            close(access, mine, action, Flash::Set).await
        })
    })
    .await?;
    // Once they are told so, nothing more arrives where they do not want it.
    let_arrive(db, owner, at).await
}

/// Gives somebody another name to be called by.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs to change.
pub async fn set_called(db: &Db, vault: &Vault, mine: Mine, called: String) -> Result<()> {
    db.write((mine, vault.clone(), called), |tx, (mine, vault, called)| {
        Box::pin(async move {
            let mut access = checked::<ChangeAccount>(tx, mine).await?;
            people::set_called(access.tx(), vault, mine.person, called).await?;
            close(access, mine, "change name shown", Flash::Set).await
        })
    })
    .await
}

/// The same rows whether there is a contact or not, so that it takes as long. False when too many were asked for in the
/// last hour.
async fn send(tx: &mut Tx, asked: &[u8], contact: Option<ContactId>, purpose: Purpose, at: Timestamp) -> Result<bool> {
    if people::sent_since(tx, asked, purpose, at.as_microsecond() - HOUR).await? >= SENT_AN_HOUR {
        return Ok(false);
    }
    let sent = people::insert_sent(tx, asked, contact, purpose, at).await?;
    notices::add_code(tx, sent, contact.is_some(), at).await?;
    Ok(true)
}

/// Sends a code as a second proof to whoever is signed in with a passphrase, if they have confirmed an
/// address. Tells nobody whether they have.
///
/// # Errors
/// When the database fails.
pub async fn send_proof(db: &Db, account: AccountId, person: PersonId, at: Timestamp) -> Result<()> {
    db.write((), move |tx, ()| {
        Box::pin(async move {
            let contact = people::code_contact(tx, person, at).await?;
            let asked = store::asked_hash(tx, account).await?;
            send(tx, &asked, contact, Purpose::Prove, at).await.map(drop)
        })
    })
    .await
}

/// Sends a code that leads back in to whoever has this username, if anybody has, and has confirmed an
/// address. Tells nobody whether there is one.
///
/// # Errors
/// When the database fails.
pub async fn send_way_back(db: &Db, vault: &Vault, username: String, at: Timestamp) -> Result<()> {
    db.write((vault.clone(), username), move |tx, (vault, username)| {
        Box::pin(async move {
            if people::ways_back_since(tx, at.as_microsecond() - HOUR).await? >= WAYS_BACK_AN_HOUR {
                tracing::warn!("too many codes that lead back in were asked for in an hour: none is sent");
                return Ok(());
            }
            let person = person_of(tx, vault, username).await?;
            let contact = people::code_contact(tx, person, at).await?;
            send(tx, &store::asked_hash_of(vault, username), contact, Purpose::Recover, at).await.map(drop)
        })
    })
    .await
}

/// The young person of this username; nobody's id when there is none, so that it is looked for all the same.
async fn person_of(db: &mut Snapshot, vault: &Vault, username: &str) -> Result<PersonId> {
    match store::account(db, vault, username).await?.map(|account| account.owner) {
        Some(Owner::Person(person)) => Ok(person),
        Some(Owner::Staff(_)) | None => crate::vault::new_id(),
    }
}

/// The code that was sent to this username for this end, if what was typed is it.
///
/// # Errors
/// When the database fails.
pub async fn read_sent(
    db: &mut Snapshot,
    vault: &Vault,
    username: &str,
    purpose: Purpose,
    typed: &str,
    at: Timestamp,
) -> Result<Option<SentId>> {
    let person = person_of(db, vault, username).await?;
    let live = people::sent(db, &store::asked_hash_of(vault, username), person, purpose, at).await?;
    Ok(live.into_iter().map(|(sent, _)| sent).find(|sent| vault.digits(*sent) == typed))
}

/// Counts a wrong try against the codes that were sent to this username, and against the name itself: the same rows
/// whether there is one, in one transaction. `counted` is the name under which wrong tries make the next one wait.
///
/// # Errors
/// When the database fails.
pub async fn refuse_sent(
    db: &Db,
    vault: &Vault,
    (username, counted): (String, String),
    purpose: Purpose,
    number: &str,
    at: Timestamp,
) -> Result<()> {
    let args = (vault.clone(), username, counted, number.to_owned());
    db.write(args, move |tx, (vault, username, counted, number)| {
        Box::pin(async move {
            people::count_sent_try(tx, &store::asked_hash_of(vault, username), purpose).await?;
            store::count_failure(tx, vault, counted, at).await?;
            audit::store::insert(tx, &Entry::of(None, "sign-in refused", "account", at), number).await
        })
    })
    .await
}
