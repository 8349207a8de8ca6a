//! Versions of a plan, the texts in them, and how they come to be shared, submitted, signed or returned.

use std::collections::BTreeMap;

use super::submitted::keep_reason;
use super::{Opens, Writes};
use crate::db::{Question, Questions, Reads, Tx, on, run};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::people::access::{Access, Deed, Managed, SignPlan, WritePlan};
use crate::people::{
    PersonId, StaffId,
    store::{key, key_of},
};
use crate::plan::{Field, Heading, PlanId, Sheet, State, Version};
use crate::vault::{Column, OwnerKey, Vault};

type Row = (PlanId, i64, String, i64, Option<i64>, Option<StaffId>, Option<i64>, Option<i64>, Option<i64>, Option<i64>);

/// Every version of the person of a proof, without words, the newest first.
pub fn versions<D: Deed, C: Reads>(access: &Access<'_, D, C>) -> Question<'static, Vec<Version>> {
    let read = |row: Row| {
        let (id, number, state, made_at, shared_at, to, submitted_at, signed_at, returned_at, restored_from) = row;
        let state = State::parse(&state).ok_or_else(|| Error::Internal("the state of a plan does not read".into()))?;
        let submitted = to.zip(submitted_at);
        Ok(Version { id, number, state, made_at, shared_at, submitted, signed_at, returned_at, restored_from })
    };
    Question::new(
        "SELECT id, version, state, made_at, shared_at, submitted_to, submitted_at, signed_at, returned_at, restored_from
         FROM plan WHERE person_id = $1 ORDER BY version DESC",
        [access.person().into()],
        move |rows: Vec<Row>| rows.into_iter().map(read).collect(),
    )
}

/// The ten parts of a version of the person of a proof.
pub fn sheets<'a, D: Opens, C: Reads>(
    access: &Access<'_, D, C>,
    vault: &'a Vault,
    plan: PlanId,
) -> impl Questions<Answers = Vec<Sheet>> + use<'a, D, C> {
    let rows = Question::new(
        "SELECT s.id, s.heading, s.now_sealed, s.want_sealed, s.agreed_sealed, s.rev, s.touched_at, s.want_by
         FROM plan_section s JOIN plan p ON p.id = s.plan_id WHERE s.plan_id = $1 AND p.person_id = $2",
        [plan.into(), access.person().into()],
        Ok,
    );
    (key_of(access, vault), rows).into_one(opened)
}

/// The ten parts of the newest version of the person of a proof, be it a draft or only of those that were shared; empty ones
/// when there is none.
pub fn newest_sheets<'a, D: Opens, C: Reads>(
    access: &Access<'_, D, C>,
    vault: &'a Vault,
    drafts: bool,
) -> impl Questions<Answers = Vec<Sheet>> + use<'a, D, C> {
    let rows = Question::new(
        "SELECT s.id, s.heading, s.now_sealed, s.want_sealed, s.agreed_sealed, s.rev, s.touched_at, s.want_by
         FROM plan_section s WHERE s.plan_id =
            (SELECT p.id FROM plan p WHERE p.person_id = $1 AND ($2 OR p.state <> 'draft') ORDER BY p.version DESC LIMIT 1)",
        [access.person().into(), drafts.into()],
        Ok,
    );
    (key_of(access, vault), rows).into_one(opened)
}

/// A part as it is stored.
type Part = (Id<()>, String, Option<Vec<u8>>, Option<Vec<u8>>, Option<Vec<u8>>, i64, Option<i64>, String);

fn opened((key, parts): (OwnerKey, Vec<Part>)) -> Result<Vec<Sheet>> {
    let mut sheets: Vec<Sheet> = Heading::ALL.into_iter().map(Sheet::empty).collect();
    for (id, word, now, want, agreed, rev, touched_at, want_by) in parts {
        let Some(sheet) = sheets.iter_mut().find(|sheet| sheet.heading.as_str() == word) else { continue };
        let texts = [
            key.open_some(Column::PlanNow, id, now.as_deref())?,
            key.open_some(Column::PlanWant, id, want.as_deref())?,
            key.open_some(Column::PlanAgreed, id, agreed.as_deref())?,
        ];
        *sheet = Sheet { heading: sheet.heading, texts, rev, touched_at, theirs: want_by == "person" };
    }
    Ok(sheets)
}

/// The draft of the person of a proof, begun from the newest version when there is none.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn draft<D: Writes>(access: &mut Access<'_, D, Tx>, vault: &Vault) -> Result<PlanId> {
    let versions = access.fetch(versions(access)).await?;
    let newest = versions.first();
    if let Some(draft) = newest.filter(|newest| newest.state == State::Draft) {
        return Ok(draft.id);
    }
    let before = match newest {
        Some(newest) => access.fetch(sheets(access, vault, newest.id)).await?,
        None => Heading::ALL.into_iter().map(Sheet::empty).collect(),
    };
    let (person, at, (_, by)) = (access.person(), access.at().as_microsecond(), pen(access));
    let id: PlanId = crate::vault::new_id()?;
    let number = newest.map_or(1, |newest| newest.number + 1);
    run!(
        access.tx(),
        sqlx::query(
            "INSERT INTO plan (id, person_id, version, state, made_by, made_at) VALUES ($1, $2, $3, 'draft', $4, $5)"
        )
        .bind(id)
        .bind(person)
        .bind(number)
        .bind(by)
        .bind(at)
    )?;
    let key = key(access.tx(), vault, person).await?;
    for sheet in before {
        let section: Id<()> = crate::vault::new_id()?;
        let want_by = if sheet.theirs { "person" } else { "staff" };
        run!(
            access.tx(),
            sqlx::query(
                "INSERT INTO plan_section (id, plan_id, heading, rev, touched_at, want_by) VALUES ($1, $2, $3, $4, $5, $6)"
            )
            .bind(section)
            .bind(id)
            .bind(sheet.heading.as_str())
            .bind(0i64)
            .bind(sheet.touched_at)
            .bind(want_by)
        )?;
        for (field, text) in Field::ALL.into_iter().zip(&sheet.texts) {
            if let Some(text) = text {
                let theirs = field == Field::Want && sheet.theirs;
                let whose = (if theirs { "person" } else { "staff" }, by);
                put(access, &key, section, (field, text), sheet.touched_at, (whose, sheet.touched_at.unwrap_or(at)))
                    .await?;
            }
        }
    }
    Ok(id)
}

/// Whose pen it is: the word in the database, and the id.
pub(super) fn pen<D: Deed, C: Reads>(access: &Access<'_, D, C>) -> (&'static str, Id<()>) {
    match access.actor() {
        crate::people::Actor::Person(id, _) => ("person", id.cast()),
        crate::people::Actor::Staff(id, _) => ("staff", id.cast()),
    }
}

/// Puts a text where it stands, and keeps it for good beside all that stood there, with whose words it is and since when.
async fn put<D: Writes>(
    access: &mut Access<'_, D, Tx>,
    key: &OwnerKey,
    section: Id<()>,
    (field, text): (Field, &str),
    touched_at: Option<i64>,
    ((kind, by), at): ((&str, Id<()>), i64),
) -> Result<()> {
    let (sql, column) = match field {
        Field::Now => {
            ("UPDATE plan_section SET now_sealed = $2, rev = rev + 1, touched_at = $3 WHERE id = $1", Column::PlanNow)
        }
        Field::Want => {
            ("UPDATE plan_section SET want_sealed = $2, rev = rev + 1, touched_at = $3 WHERE id = $1", Column::PlanWant)
        }
        Field::Agreed => (
            "UPDATE plan_section SET agreed_sealed = $2, rev = rev + 1, touched_at = $3 WHERE id = $1",
            Column::PlanAgreed,
        ),
    };
    let sealed = if text.is_empty() { None } else { Some(key.seal(column, section, text)?) };
    run!(access.tx(), sqlx::query(sql).bind(section).bind(&sealed).bind(touched_at))?;
    let edit: Id<()> = crate::vault::new_id()?;
    run!(
        access.tx(),
        sqlx::query(
            "INSERT INTO plan_edit (id, section_id, field, rev, text_sealed, by_kind, by_id, at)
             SELECT $1, s.id, $3, s.rev, $4, $5, $6, $7 FROM plan_section s WHERE s.id = $2"
        )
        .bind(edit)
        .bind(section)
        .bind(field.as_str())
        .bind(key.seal(Column::PlanEdit, edit, text)?)
        .bind(kind)
        .bind(by)
        .bind(at)
    )?;
    Ok(())
}

/// Writes a text of the draft. What the young person wants is theirs from then on, when it is them who write.
///
/// # Errors
/// [`Error::NotFound`] when there is no draft; when the database fails.
pub async fn write<D: Writes>(
    access: &mut Access<'_, D, Tx>,
    vault: &Vault,
    (heading, field): (Heading, Field),
    text: &str,
) -> Result<()> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let section: Option<Id<()>> = on!(access.reads(), c => sqlx::query_scalar(
        "SELECT s.id FROM plan_section s JOIN plan p ON p.id = s.plan_id
         WHERE p.person_id = $1 AND p.state = 'draft' AND s.heading = $2")
        .bind(person).bind(heading.as_str()).fetch_optional(c))?;
    let section = section.ok_or(Error::NotFound)?;
    let key = key(access.tx(), vault, person).await?;
    let whose = (pen(access), at);
    put(access, &key, section, (field, text), Some(at), whose).await?;
    if field == Field::Want && pen(access).0 == "person" {
        run!(access.tx(), sqlx::query("UPDATE plan_section SET want_by = 'person' WHERE id = $1").bind(section))?;
    }
    Ok(())
}

/// The text from which somebody went on writing: of this version, as it was after so many writings. Nothing, when it
/// was never written.
///
/// # Errors
/// When the database fails or the text does not open.
pub async fn text_at<D: Opens, C: Reads>(
    access: &mut Access<'_, D, C>,
    vault: &Vault,
    (number, rev): (i64, i64),
    (heading, field): (Heading, Field),
) -> Result<String> {
    let person = access.person();
    type Row = (Id<()>, String, Vec<u8>);
    let row: Option<Row> = on!(access.reads(), c => sqlx::query_as(
        "SELECT e.id, p.state, e.text_sealed FROM plan_edit e JOIN plan_section s ON s.id = e.section_id JOIN plan p ON p.id = s.plan_id
         WHERE p.person_id = $1 AND p.version = $2 AND s.heading = $3 AND e.field = $4 AND e.rev <= $5 ORDER BY e.rev DESC LIMIT 1")
        .bind(person).bind(number).bind(heading.as_str()).bind(field.as_str()).bind(rev).fetch_optional(c))?;
    if let Some((edit, _, sealed)) = row {
        return key(access.reads(), vault, person).await?.open(Column::PlanEdit, edit, &sealed);
    }
    // A part that was never written since it was begun stands as it was begun; of one that was, this text was empty then.
    let versions = access.fetch(versions(access)).await?;
    let Some(version) = versions.iter().find(|version| version.number == number) else { return Ok(String::new()) };
    let sheets = access.fetch(sheets(access, vault, version.id)).await?;
    Ok(sheets
        .into_iter()
        .find(|sheet| sheet.heading == heading && sheet.rev == 0)
        .and_then(|sheet| sheet.take(field))
        .unwrap_or_default())
}

/// Every text that the young person ever wrote of what they want, the oldest first: for good, whatever was written after.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn own_words<D: Opens, C: Reads>(access: &mut Access<'_, D, C>, vault: &Vault) -> Result<Vec<String>> {
    let person = access.person();
    let rows: Vec<(Id<()>, Vec<u8>)> = on!(access.reads(), c => sqlx::query_as(
        "SELECT e.id, e.text_sealed FROM plan_edit e JOIN plan_section s ON s.id = e.section_id JOIN plan p ON p.id = s.plan_id
         WHERE p.person_id = $1 AND e.by_kind = 'person' AND e.field = 'want' ORDER BY p.version, s.heading, e.rev").bind(person).fetch_all(c))?;
    let key = key(access.reads(), vault, person).await?;
    rows.into_iter().map(|(id, sealed)| key.open(Column::PlanEdit, id, &sealed)).collect()
}

/// When the young person last wrote what they want of each part, UTC microseconds.
///
/// # Errors
/// When the database fails.
pub async fn wanted_at<D: Opens, C: Reads>(access: &mut Access<'_, D, C>) -> Result<BTreeMap<Heading, i64>> {
    let person = access.person();
    let rows: Vec<(String, i64)> = on!(access.reads(), c => sqlx::query_as(
        "SELECT s.heading, MAX(e.at) FROM plan_edit e JOIN plan_section s ON s.id = e.section_id JOIN plan p ON p.id = s.plan_id
         WHERE p.person_id = $1 AND e.by_kind = 'person' AND e.field = 'want' GROUP BY s.heading").bind(person).fetch_all(c))?;
    Ok(rows.into_iter().filter_map(|(heading, at)| Some((Heading::parse(&heading)?, at))).collect())
}

/// Takes up again in the draft what a shared version said of how things are and what was agreed. What the young person
/// wants in their own words stays as they wrote it last. False when there is no such version.
///
/// # Errors
/// When the database fails or a text does not open.
pub async fn take_up(access: &mut Access<'_, WritePlan, Tx>, vault: &Vault, number: i64) -> Result<bool> {
    let versions = access.fetch(versions(access)).await?;
    let from = versions.iter().find(|version| version.number == number && version.state != State::Draft);
    let Some(from) = from else { return Ok(false) };
    let old = access.fetch(sheets(access, vault, from.id)).await?;
    let draft = draft(access, vault).await?;
    let now = access.fetch(sheets(access, vault, draft)).await?;
    for (old, now) in old.into_iter().zip(now) {
        for field in Field::ALL {
            let theirs = field == Field::Want && (now.theirs || old.theirs);
            if !theirs && old.text(field) != now.text(field) {
                write(access, vault, (now.heading, field), old.text(field).unwrap_or_default()).await?;
            }
        }
    }
    run!(
        access.tx(),
        sqlx::query("UPDATE plan SET restored_from = $2 WHERE id = $1 AND state = 'draft'").bind(draft).bind(number)
    )?;
    Ok(true)
}

/// Shares the draft, with the day on which it is next talked about. False when there is none, or another one.
///
/// # Errors
/// When the database fails.
pub async fn share(
    access: &mut Access<'_, WritePlan, Tx>,
    draft: PlanId,
    review_on: Option<jiff::civil::Date>,
) -> Result<bool> {
    let (person, at) = (access.person(), access.at().as_microsecond());
    let shared = run!(
        access.tx(),
        sqlx::query(
            "UPDATE plan SET state = 'shared', shared_at = $3, made_at = $3, review_on = $4
             WHERE id = $1 AND person_id = $2 AND state = 'draft'"
        )
        .bind(draft)
        .bind(person)
        .bind(at)
        .bind(review_on.map(|on| on.to_string()))
    )?;
    if shared != 1 {
        return Ok(false);
    }
    // An older version that still lies with a manager is none that anybody is to sign any more.
    run!(
        access.tx(),
        sqlx::query(
            "UPDATE plan SET submitted_to = NULL, submitted_by = NULL, submitted_at = NULL
             WHERE person_id = $1 AND id <> $2 AND signed_at IS NULL
               AND submitted_to IS NOT NULL AND (returned_at IS NULL OR returned_at < submitted_at)"
        )
        .bind(person)
        .bind(draft)
    )?;
    Ok(true)
}

/// Sets how far a shared version is. One that is signed off stays so.
///
/// # Errors
/// When the database fails.
pub async fn set_state<D: Writes>(access: &mut Access<'_, D, Tx>, plan: PlanId, state: State) -> Result<()> {
    let person = access.person();
    run!(
        access.tx(),
        sqlx::query(
            "UPDATE plan SET state = $3 WHERE id = $1 AND person_id = $2 AND state IN ('shared', 'agreed', 'disagreed')"
        )
        .bind(plan)
        .bind(person)
        .bind(state.as_str())
    )?;
    Ok(())
}

/// Signs off what lies with the one who asks, or returns it with a reason. False when it does not lie with them.
///
/// # Errors
/// When the database fails.
pub async fn decide(
    access: &mut Access<'_, SignPlan, Tx>,
    vault: &Vault,
    plan: PlanId,
    returned: Option<&str>,
) -> Result<bool> {
    let (person, at, (_, by)) = (access.person(), access.at().as_microsecond(), pen(access));
    let done = match returned {
        None => run!(
            access.tx(),
            sqlx::query(
                "UPDATE plan SET state = 'signed_off', signed_at = $4 WHERE id = $1 AND person_id = $2 AND submitted_to = $3
                    AND signed_at IS NULL AND (returned_at IS NULL OR returned_at < submitted_at)"
            )
            .bind(plan)
            .bind(person)
            .bind(by)
            .bind(at)
        )?,
        Some(why) => {
            let sealed = key(access.tx(), vault, person).await?.seal(Column::PlanReturned, plan, why)?;
            run!(
                access.tx(),
                sqlx::query(
                    "UPDATE plan SET returned_at = $4, returned_sealed = $5 WHERE id = $1 AND person_id = $2 AND submitted_to = $3
                        AND signed_at IS NULL AND (returned_at IS NULL OR returned_at < submitted_at)"
                )
                .bind(plan)
                .bind(person)
                .bind(by)
                .bind(at)
                .bind(&sealed)
            )?
        }
    };
    if let (1, Some(why)) = (done, returned) {
        keep_reason(access, vault, plan, why).await?;
    }
    Ok(done == 1)
}

/// What lies with the one who asks to be signed off: whose plan, by the name they want, and since when, UTC microseconds;
/// the longest first.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn lying(managed: &mut Managed<'_>, vault: &Vault) -> Result<Vec<(PersonId, String, i64)>> {
    let (manager, at) = (managed.staff(), managed.at().as_microsecond());
    type Row = (PersonId, Vec<u8>, Vec<u8>, i64);
    let rows: Vec<Row> = on!(managed.reads(), c => sqlx::query_as(
        "SELECT p.id, p.called_sealed, k.wrapped, v.submitted_at
         FROM plan v JOIN person p ON p.id = v.person_id JOIN seal_key k ON k.owner_id = p.id
         WHERE v.submitted_to = $1 AND v.signed_at IS NULL AND (v.returned_at IS NULL OR v.returned_at < v.submitted_at)
           AND p.state = 'active' AND EXISTS (SELECT 1 FROM person_manager m WHERE m.person_id = p.id AND m.staff_id = $1
               AND m.from_at <= $2 AND (m.to_at IS NULL OR m.to_at > $2)) ORDER BY v.submitted_at, p.id")
        .bind(manager).bind(at).fetch_all(c))?;
    let open = |(person, called, wrapped, since): Row| {
        Ok((person, vault.owner_key(person, &wrapped)?.open(Column::PersonCalled, person, &called)?, since))
    };
    rows.into_iter().map(open).collect()
}

/// Why a version was last returned.
///
/// # Errors
/// When the database fails or the words do not open.
pub async fn returned_why<D: Opens, C: Reads>(
    access: &mut Access<'_, D, C>,
    vault: &Vault,
    plan: PlanId,
) -> Result<Option<String>> {
    let person = access.person();
    let sealed: Option<Option<Vec<u8>>> = on!(access.reads(), c => sqlx::query_scalar(
        "SELECT returned_sealed FROM plan WHERE id = $1 AND person_id = $2").bind(plan).bind(person).fetch_optional(c))?;
    key(access.reads(), vault, person).await?.open_some(Column::PlanReturned, plan, sealed.flatten().as_deref())
}
