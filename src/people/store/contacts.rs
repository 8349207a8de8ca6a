//! The tables of numbers and addresses, quiet hours, and codes that were sent.

use jiff::Timestamp;
use jiff::civil::Time;

use super::key;
use crate::db::{Reads, Snapshot, Tx, on, run};
use crate::error::Result;
use crate::id::Id;
use crate::people::access::{Access, Deed};
use crate::people::{
    Address, CONFIRMED_FOR, Channel, ConfirmedBy, Contact, ContactId, PersonId, Purpose, Quiet, Recipients, SENT_LASTS,
    SENT_TRIES, SentId,
};
use crate::vault::{Column, LookUp, Vault};

const fn look_up(channel: Channel) -> LookUp {
    match channel {
        Channel::Email => LookUp::Email,
        Channel::Phone => LookUp::Phone,
    }
}

/// Adds a place to send notices to. It counts once it is confirmed.
///
/// # Errors
/// When the database fails.
pub async fn insert_contact<K>(
    tx: &mut Tx,
    vault: &Vault,
    owner: Id<K>,
    (channel, value): (Channel, &str),
    confirmed_at: Option<Timestamp>,
) -> Result<ContactId> {
    let id: ContactId = crate::vault::new_id()?;
    let key = key(tx, vault, owner).await?;
    run!(tx, sqlx::query(
        "INSERT INTO contact_point (id, owner_id, kind, value_sealed, value_hash, notify, confirmed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(id).bind(owner).bind(channel.as_str()).bind(key.seal(Column::ContactValue, id, value)?)
        .bind(vault.look_up(look_up(channel), value)).bind(true).bind(confirmed_at.map(Timestamp::as_microsecond)))?;
    Ok(id)
}

/// The numbers and addresses of the person of a proof, the newest last.
///
/// # Errors
/// When the database fails or one does not open.
pub async fn contacts<D: Deed, C: Reads>(access: &mut Access<'_, D, C>, vault: &Vault) -> Result<Vec<Contact>> {
    let person = access.person();
    let key = key(access.reads(), vault, person).await?;
    type Row = (ContactId, String, Vec<u8>, bool, Option<i64>, String);
    let rows: Vec<Row> = on!(access.reads(), c => sqlx::query_as(
        "SELECT id, kind, value_sealed, notify, confirmed_at, confirmed_how FROM contact_point
         WHERE owner_id = $1 AND ended_at IS NULL ORDER BY kind, confirmed_at, id").bind(person).fetch_all(c))?;
    rows.into_iter()
        .filter_map(|(id, kind, value, notify, confirmed_at, how)| {
            let channel = Channel::parse(&kind)?;
            let open = key.open(Column::ContactValue, id, &value);
            let confirmed_by = ConfirmedBy::parse(&how);
            Some(open.map(|value| Contact { id, channel, value, notify, confirmed_at, confirmed_by }))
        })
        .collect()
}

/// By what the person of a proof wants nothing, at one of their numbers or addresses.
///
/// # Errors
/// When the database fails.
pub async fn silenced<D: Deed, C: Reads>(access: &mut Access<'_, D, C>) -> Result<Vec<Channel>> {
    let person = access.person();
    let kinds: Vec<String> = on!(access.reads(), c => sqlx::query_scalar(
        "SELECT DISTINCT kind FROM contact_point WHERE owner_id = $1 AND NOT notify AND ended_at IS NULL ORDER BY kind")
        .bind(person).fetch_all(c))?;
    Ok(kinds.iter().filter_map(|kind| Channel::parse(kind)).collect())
}

/// Confirms a number or address of a person: an address by a code, a number by a worker. False when it is not theirs,
/// or is the other.
///
/// # Errors
/// When the database fails.
pub async fn confirm_contact(
    tx: &mut Tx,
    person: PersonId,
    contact: ContactId,
    by: ConfirmedBy,
    at: Timestamp,
) -> Result<bool> {
    let done = run!(tx, sqlx::query(
        "UPDATE contact_point SET confirmed_at = $3, confirmed_how = $4 WHERE owner_id = $1 AND id = $2 AND kind = $5 AND ended_at IS NULL")
        .bind(person).bind(contact).bind(at.as_microsecond()).bind(by.as_str()).bind(by.channel().as_str()))?;
    Ok(done == 1)
}

/// Says whether notices may go to a number or address of a person. False when it is not theirs.
///
/// # Errors
/// When the database fails.
pub async fn set_notify(tx: &mut Tx, person: PersonId, contact: ContactId, notify: bool) -> Result<bool> {
    let done = run!(
        tx,
        sqlx::query("UPDATE contact_point SET notify = $3 WHERE owner_id = $1 AND id = $2 AND ended_at IS NULL")
            .bind(person)
            .bind(contact)
            .bind(notify)
    )?;
    Ok(done == 1)
}

/// Forgets how the addresses of a person were confirmed: a code that was sent to one let somebody in whom a worker, or
/// the card, then found to be another.
///
/// # Errors
/// When the database fails.
pub async fn unconfirm_addresses(tx: &mut Tx, person: PersonId) -> Result<()> {
    run!(
        tx,
        sqlx::query("UPDATE contact_point SET confirmed_at = NULL WHERE owner_id = $1 AND kind = 'email'").bind(person)
    )?;
    Ok(())
}

/// Takes a number or address of a person away. False when it is not theirs.
///
/// # Errors
/// When the database fails.
pub async fn end_contact(tx: &mut Tx, person: PersonId, contact: ContactId, at: Timestamp) -> Result<bool> {
    let done = run!(
        tx,
        sqlx::query("UPDATE contact_point SET ended_at = $3 WHERE owner_id = $1 AND id = $2 AND ended_at IS NULL")
            .bind(person)
            .bind(contact)
            .bind(at.as_microsecond())
    )?;
    Ok(done == 1)
}

fn read_quiet(from: Option<String>, to: Option<String>) -> Quiet {
    let read = |text: Option<String>| text.and_then(|text| Time::strptime("%H:%M", text).ok());
    read(from).zip(read(to)).map_or_else(Quiet::default, |(from, to)| Quiet { from, to })
}

/// The quiet hours of the person of a proof.
///
/// # Errors
/// When the database fails.
pub async fn quiet<D: Deed, C: Reads>(access: &mut Access<'_, D, C>) -> Result<Quiet> {
    let person = access.person();
    let (from, to) = on!(access.reads(), c =>
        sqlx::query_as("SELECT quiet_from, quiet_to FROM person WHERE id = $1").bind(person).fetch_one(c))?;
    Ok(read_quiet(from, to))
}

/// Sets the quiet hours of a person.
///
/// # Errors
/// When the database fails.
pub async fn set_quiet(tx: &mut Tx, person: PersonId, quiet: Quiet) -> Result<()> {
    let text = |time: Time| time.strftime("%H:%M").to_string();
    run!(
        tx,
        sqlx::query("UPDATE person SET quiet_from = $2, quiet_to = $3 WHERE id = $1")
            .bind(person)
            .bind(text(quiet.from))
            .bind(text(quiet.to))
    )?;
    Ok(())
}

/// What a notice is sent to, besides its owner's own wishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// To everything that counts, and not only to what was confirmed last.
    pub everywhere: bool,
    /// Text messages can be sent: numbers count too.
    pub texts: bool,
}

/// Where a notice for this owner may go now, read when it is sent. A young person under a safety flag is sent nothing,
/// and in quiet hours not yet.
///
/// # Errors
/// When the database fails or an address does not open.
pub async fn recipients<K>(
    db: &mut Snapshot,
    vault: &Vault,
    owner: Id<K>,
    reach: Reach,
    at: Timestamp,
) -> Result<Recipients> {
    type Row = (ContactId, String, Vec<u8>, Option<PersonId>, Option<String>, Option<String>);
    let rows: Vec<Row> = on!(db, c => sqlx::query_as(
        "SELECT c.id, c.kind, c.value_sealed, p.id, p.quiet_from, p.quiet_to
         FROM contact_point c LEFT JOIN person p ON p.id = c.owner_id LEFT JOIN staff s ON s.id = c.owner_id
         WHERE c.owner_id = $1 AND (c.kind = 'email' OR $2) AND c.notify AND c.confirmed_at IS NOT NULL AND c.ended_at IS NULL
           AND (p.id IS NULL OR (p.state = 'active' AND NOT p.safety_flag AND c.confirmed_at > $3))
           AND (s.id IS NULL OR s.state = 'active')
         ORDER BY c.confirmed_at DESC, c.id")
        .bind(owner).bind(reach.texts).bind(at.as_microsecond() - CONFIRMED_FOR).fetch_all(c))?;
    let Some((.., person, from, to)) = rows.first().cloned() else { return Ok(Recipients::Nobody) };
    if let Some(over) = person.and_then(|_| read_quiet(from, to).over_at(at)) {
        return Ok(Recipients::Later(over.as_microsecond()));
    }
    let key = key(db, vault, owner).await?;
    let many = if reach.everywhere { rows.len() } else { 1 };
    let open = |(id, kind, sealed, ..): Row| {
        let channel = Channel::parse(&kind)?;
        Some(key.open(Column::ContactValue, id, &sealed).map(|value| Address { channel, value }))
    };
    rows.into_iter().take(many).filter_map(open).collect::<Result<_>>().map(Recipients::Now)
}

/// The address of a young person to which a code that lets them in may be sent: confirmed, not long ago,
/// and not one where they want nothing.
///
/// # Errors
/// When the database fails.
pub async fn code_contact(db: &mut Snapshot, person: PersonId, at: Timestamp) -> Result<Option<ContactId>> {
    on!(db, c => sqlx::query_scalar(
        "SELECT c.id FROM contact_point c JOIN person p ON p.id = c.owner_id
         WHERE c.owner_id = $1 AND c.kind = 'email' AND c.notify AND c.confirmed_at > $2 AND c.ended_at IS NULL
           AND p.state = 'active' AND NOT p.safety_flag ORDER BY c.confirmed_at DESC, c.id LIMIT 1")
        .bind(person).bind(at.as_microsecond() - CONFIRMED_FOR).fetch_optional(c))
}

/// Keeps that a code is to be sent to a contact, or to none: then it only counts. The codes before it go on: else
/// whoever knows the name could end the one that its owner is reading.
///
/// # Errors
/// When the database fails.
pub async fn insert_sent(
    tx: &mut Tx,
    asked_hash: &[u8],
    contact: Option<ContactId>,
    purpose: Purpose,
    at: Timestamp,
) -> Result<SentId> {
    let (id, now): (SentId, _) = (crate::vault::new_id()?, at.as_microsecond());
    run!(tx, sqlx::query(
        "INSERT INTO sent_code (id, asked_hash, contact_id, purpose, tries, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(id).bind(asked_hash).bind(contact).bind(purpose.as_str()).bind(0i64).bind(now).bind(now + SENT_LASTS))?;
    Ok(id)
}

/// How many codes were asked for under this name for this end since then.
///
/// # Errors
/// When the database fails.
pub async fn sent_since(db: &mut Snapshot, asked_hash: &[u8], purpose: Purpose, since: i64) -> Result<i64> {
    on!(db, c => sqlx::query_scalar("SELECT COUNT(*) FROM sent_code WHERE asked_hash = $1 AND purpose = $2 AND made_at > $3")
        .bind(asked_hash).bind(purpose.as_str()).bind(since).fetch_one(c))
}

/// How many codes anybody asked for to get back in since then.
///
/// # Errors
/// When the database fails.
pub async fn ways_back_since(db: &mut Snapshot, since: i64) -> Result<i64> {
    on!(db, c => sqlx::query_scalar("SELECT COUNT(*) FROM sent_code WHERE purpose = 'recover' AND made_at > $1").bind(since).fetch_one(c))
}

/// Drops codes that were sent before then.
///
/// # Errors
/// When the database fails.
pub async fn drop_sent(tx: &mut Tx, before: i64) -> Result<()> {
    run!(tx, sqlx::query("DELETE FROM sent_code WHERE made_at < $1").bind(before))?;
    Ok(())
}

/// The live codes of this name for this end that went to a contact of `person`, and the contact each went to. None
/// counts any more whose contact was taken away, or once a safety flag is set; nor, but to confirm it, whose contact is
/// not to be used.
///
/// # Errors
/// When the database fails.
pub async fn sent(
    db: &mut Snapshot,
    asked_hash: &[u8],
    person: PersonId,
    purpose: Purpose,
    at: Timestamp,
) -> Result<Vec<(SentId, ContactId)>> {
    on!(db, c => sqlx::query_as(
        "SELECT s.id, s.contact_id FROM sent_code s JOIN contact_point c ON c.id = s.contact_id JOIN person p ON p.id = c.owner_id
         WHERE s.asked_hash = $1 AND s.purpose = $2 AND p.id = $3 AND s.ended_at IS NULL AND s.expires_at > $4 AND s.tries < $5
           AND c.ended_at IS NULL AND (c.notify OR s.purpose = 'confirm') AND p.state = 'active' AND NOT p.safety_flag
         ORDER BY s.made_at DESC, s.id")
        .bind(asked_hash).bind(purpose.as_str()).bind(person).bind(at.as_microsecond()).bind(SENT_TRIES).fetch_all(c))
}

/// Counts a wrong try against every code of this name for this end.
///
/// # Errors
/// When the database fails.
pub async fn count_sent_try(tx: &mut Tx, asked_hash: &[u8], purpose: Purpose) -> Result<()> {
    run!(
        tx,
        sqlx::query(
            "UPDATE sent_code SET tries = tries + 1 WHERE asked_hash = $1 AND purpose = $2 AND ended_at IS NULL"
        )
        .bind(asked_hash)
        .bind(purpose.as_str())
    )?;
    Ok(())
}

/// Uses a sent code up. False when somebody was faster.
///
/// # Errors
/// When the database fails.
pub async fn use_sent(tx: &mut Tx, sent: SentId, at: Timestamp) -> Result<bool> {
    let used = run!(
        tx,
        sqlx::query("UPDATE sent_code SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL")
            .bind(sent)
            .bind(at.as_microsecond())
    )?;
    Ok(used == 1)
}

/// Where a code is to be sent now, if it still counts and its owner may be sent something: a safety flag set
/// since then stops it. Quiet hours do not: its owner asked a moment ago.
///
/// # Errors
/// When the database fails or the address does not open.
pub async fn sent_address(db: &mut Snapshot, vault: &Vault, sent: SentId, at: Timestamp) -> Result<Option<String>> {
    let row: Option<(ContactId, PersonId, Vec<u8>)> = on!(db, c => sqlx::query_as(
        "SELECT c.id, p.id, c.value_sealed FROM sent_code s JOIN contact_point c ON c.id = s.contact_id JOIN person p ON p.id = c.owner_id
         WHERE s.id = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND c.ended_at IS NULL
           AND (c.notify OR s.purpose = 'confirm') AND p.state = 'active' AND NOT p.safety_flag")
        .bind(sent).bind(at.as_microsecond()).fetch_optional(c))?;
    let Some((contact, person, sealed)) = row else { return Ok(None) };
    key(db, vault, person).await?.open(Column::ContactValue, contact, &sealed).map(Some)
}
