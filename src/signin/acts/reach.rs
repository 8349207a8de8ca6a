//! What somebody changes about how they are reached, and the codes that are sent to an address.

use jiff::Timestamp;

use super::account::{Mine, checked, close};
use crate::clock::HOUR;
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::notices::store as notices;
use crate::people::access::ChangeAccount;
use crate::people::{Channel, ConfirmedBy, ContactId, PersonId, Purpose, Quiet, SENT_AN_HOUR, SentId, store as people};
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
            let tx = access.tx();
            let contact = people::insert_contact(tx, vault, mine.person, (channel, value.as_str()), None).await?;
            if channel == Channel::Email {
                send(tx, mine.session.account, Some(contact), Purpose::Confirm, mine.at).await?;
            }
            close(access, mine, "add contact", if channel == Channel::Email { Flash::Sent } else { Flash::Set })
                .await?;
            Ok(contact)
        })
    })
    .await
}

/// Sends a code to one's own address. False when too many were asked for in the last hour.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs to change.
pub async fn send_again(db: &Db, mine: Mine, contact: ContactId) -> Result<bool> {
    db.write(mine, move |tx, mine| {
        Box::pin(async move {
            let mut access = checked::<ChangeAccount>(tx, mine).await?;
            let sent = send(access.tx(), mine.session.account, Some(contact), Purpose::Confirm, mine.at).await?;
            close(access, mine, "send code", Flash::Sent).await?;
            Ok(sent)
        })
    })
    .await
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
            let Some((sent, to)) = people::sent(tx, &asked, Purpose::Confirm, mine.at).await? else {
                return Ok(Typed::None);
            };
            if to != contact || vault.digits(sent) != *typed {
                people::count_sent_try(tx, sent).await?;
                return Ok(Typed::Wrong);
            }
            people::use_sent(tx, sent, mine.at).await?;
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
    .await
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

async fn send(
    tx: &mut Tx,
    account: AccountId,
    contact: Option<ContactId>,
    purpose: Purpose,
    at: Timestamp,
) -> Result<bool> {
    let asked = store::asked_hash(tx, account).await?;
    send_as(tx, &asked, contact, purpose, at).await
}

/// The same rows whether there is a contact or not, so that it takes as long.
async fn send_as(
    tx: &mut Tx,
    asked: &[u8],
    contact: Option<ContactId>,
    purpose: Purpose,
    at: Timestamp,
) -> Result<bool> {
    if people::sent_since(tx, asked, at.as_microsecond() - HOUR).await? >= SENT_AN_HOUR {
        return Ok(false);
    }
    let sent = people::insert_sent(tx, asked, contact, purpose, at).await?;
    notices::add_code(tx, sent, at).await?;
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
            send(tx, account, contact, Purpose::Prove, at).await.map(drop)
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
            let owner = store::account(tx, vault, username).await?.map(|account| account.owner);
            let person = match owner {
                Some(Owner::Person(person)) => person,
                // Nobody's: looked for all the same.
                Some(Owner::Staff(_)) | None => crate::vault::new_id()?,
            };
            let contact = people::code_contact(tx, person, at).await?;
            let asked = store::asked_hash_of(vault, username);
            send_as(tx, &asked, contact, Purpose::Recover, at).await.map(drop)
        })
    })
    .await
}

/// The code that was sent to this username for this end, if what was typed is it. A wrong one is counted: it
/// dies after five.
///
/// # Errors
/// When the database fails.
pub async fn read_sent(
    db: &Db,
    vault: &Vault,
    asked: Vec<u8>,
    purpose: Purpose,
    typed: String,
    at: Timestamp,
) -> Result<Option<SentId>> {
    db.write((vault.clone(), asked, typed), move |tx, (vault, asked, typed)| {
        Box::pin(async move {
            let Some((sent, _)) = people::sent(tx, asked, purpose, at).await? else { return Ok(None) };
            if vault.digits(sent) == *typed {
                return Ok(Some(sent));
            }
            people::count_sent_try(tx, sent).await?;
            Ok(None)
        })
    })
    .await
}
