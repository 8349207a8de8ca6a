//! Reading everything about one person, for a copy that they take away.

use jiff::Timestamp;

use super::{ABOUT, Copy, Held, Looked, Worker};
use crate::appointments::{Appointment, store as appointments};
use crate::audit::{Entry, store as audit};
use crate::clock::from_micros;
use crate::db::Snapshot;
use crate::dropins::words;
use crate::editing::when;
use crate::error::{Error, Result};
use crate::letters::{Letter, State as Stage, store as letters};
use crate::messages::{self, From, State, What, store as threads};
use crate::people::access::{
    self, Access, ChangeAccount, Deed, ExportRecord, ReadAppointments, ReadCrisisPlan, ReadLetter, ReadPlan,
    ReadRecord, ReadThread,
};
use crate::people::{Contact, PersonId, Quiet, store as people};
use crate::plan::action::{Change, Side, Standing};
use crate::plan::crisis::{ASKED, CrisisPlan};
use crate::plan::money::{Owed, says};
use crate::plan::{self, Action, Doer, store as plans};
use crate::signin::guard::Session;
use crate::signin::store as signin;
use crate::vault::Vault;

async fn checked<'c, D: Deed>(
    db: &'c mut Snapshot,
    session: &Session,
    person: PersonId,
    at: Timestamp,
) -> Result<Access<'c, D, Snapshot>> {
    access::check::<D, _>(db, &session.actor, person, at).await?.ok_or(Error::NotFound)
}

fn time(micros: i64) -> String {
    from_micros(micros).to_string()
}

/// Reads everything in one snapshot, each part with its own proof. Gives the audit row that must be on disk
/// before the copy is sent.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs to take.
pub async fn copy(
    db: &mut Snapshot,
    vault: &Vault,
    session: &Session,
    person: PersonId,
    at: Timestamp,
) -> Result<(Entry, Copy)> {
    let account = session.account;
    let signed_in = signin::sessions(db, account, at).await?.into_iter();
    let signed_in = signed_in.map(|one| format!("{}, since {}", one.browser, when(one.made_at)));
    let known = signin::devices(db, account, at).await?.into_iter();
    let known = known.map(|one| format!("{}, knows you since {}", one.browser, when(one.made_at)));
    let username = signin::username(db, vault, account, session.owner).await?;

    let mut access = checked::<ChangeAccount>(db, session, person, at).await?;
    let reached = people::contacts(&mut access, vault).await?;
    let quiet = people::quiet(&mut access).await?;

    let mut access = checked::<ExportRecord>(db, session, person, at).await?;
    let entry = access.entry();
    let who = people::person(&mut access, vault).await?;
    let workers = people::assignments(&mut access, vault).await?;
    let spells = people::spells(&mut access, vault).await?;
    let reasons = people::reasons(&mut access, vault).await?;
    let about = people::profile(&mut access, vault).await?;

    let mut access = checked::<ReadThread>(db, session, person, at).await?;
    let thread = threads::whole_thread(&mut access, vault, true).await?;
    let mut access = checked::<ReadPlan>(db, session, person, at).await?;
    let shared = plans::every_shared(&mut access, vault).await?;
    let mut actions = Vec::new();
    for one in plans::actions(&mut access, vault).await? {
        let history = plans::history(&mut access, vault, one.id).await?;
        actions.push(to_do(one, history, &who.called));
    }
    let (own_words, talks) = around_the_plan(&mut access, vault).await?;
    let owed = plans::owed(&mut access, vault).await?;
    let mut access = checked::<ReadCrisisPlan>(db, session, person, at).await?;
    let crisis = plans::crisis_plan(&mut access, vault).await?;
    let mut access = checked::<ReadAppointments>(db, session, person, at).await?;
    let meetings = appointments::all(&mut access, vault).await?;
    let mut access = checked::<ReadLetter>(db, session, person, at).await?;
    let confirmed = letters::all(&mut access, vault).await?;
    let mut access = checked::<ReadRecord>(db, session, person, at).await?;
    let seen = audit::seen(&mut access, vault, i64::MAX).await?;

    let copy = Copy {
        made_at: at.to_string(),
        about: ABOUT,
        me: super::Me {
            name: who.name,
            called: who.called.clone(),
            about,
            born_on: who.born_on.to_string(),
            team: who.team.name,
            username,
            signed_in: signed_in.chain(known).collect(),
            reached: reached.into_iter().map(reach).collect(),
            quiet: quiet_words(quiet),
        },
        workers: workers
            .into_iter()
            .map(|one| Worker { name: one.name, part: one.part.title(), from: time(one.from), to: one.to.map(time) })
            .collect(),
        history: spells
            .into_iter()
            .map(|one| Held {
                what: one.kind.replace('_', " "),
                value: one.value,
                more: one.detail,
                from: one.from_on,
                to: one.to_on,
            })
            .collect(),
        messages: thread.into_iter().map(|one| message(one, &who.called)).collect(),
        plans: shared.into_iter().map(plan_of).collect(),
        actions,
        money: owed.into_iter().map(money).collect(),
        if_it_goes_wrong: boxes(crisis),
        my_words_about_the_plan: own_words,
        talks_about_the_plan: talks,
        appointments: meetings.into_iter().map(appointment).collect(),
        letters: confirmed.into_iter().map(letter).collect(),
        looked: seen.into_iter().map(|one| Looked { at: time(one.at), what: one.says(), who: one.by }).collect(),
        reasons: reasons.into_iter().map(|one| Looked { at: time(one.at), who: one.by, what: one.reason }).collect(),
    };
    Ok((entry, copy))
}

/// What stands beside the versions of a plan: what the young person said of it and wrote themselves, and what was said to them
/// about it.
async fn around_the_plan(
    access: &mut Access<'_, ReadPlan, Snapshot>,
    vault: &Vault,
) -> Result<(Vec<String>, Vec<String>)> {
    let mut own: Vec<String> = access.fetch(plans::says(access, vault)).await?.into_iter().map(said).collect();
    let wrote = plans::own_words(access, vault).await?;
    // A new version begins with the words of the one before: they are told once.
    let mut told = std::collections::BTreeSet::new();
    own.extend(wrote.into_iter().filter(|words| told.insert(words.clone())).map(|words| format!("I want: {words}")));
    let mut talks: Vec<String> = plans::reviews(access).await?.into_iter().map(talk).collect();
    talks.extend(access.fetch(plans::preps(access, vault)).await?.into_iter().map(ready));
    for version in access.fetch(plans::versions(access)).await? {
        let submissions = plans::submissions(access, vault, version.id).await?;
        let last = submissions.iter().rposition(|one| one.returned.is_some());
        for (n, one) in submissions.into_iter().enumerate() {
            talks.push(format!(
                "{}: {} gave version {} to {} to sign off",
                when(one.at),
                one.by,
                version.number,
                one.to
            ));
            if let Some((at, why)) = one.returned.filter(|_| Some(n) != last) {
                talks.push(format!("{}: the manager gave version {} back: {why}", when(at), version.number));
            }
        }
        if let Some(why) = plans::returned_why(access, vault, version.id).await? {
            talks.push(format!("The manager gave version {} back: {why}", version.number));
        }
    }
    Ok((own, talks))
}

fn said(say: plan::Say) -> String {
    let heard = say.heard_at.map(|at| format!(" (talked about on {})", when(at))).unwrap_or_default();
    let words = say.words.map(|words| format!(": {words}")).unwrap_or_default();
    let (day, title, opinion) = (when(say.at), say.heading.title(), say.opinion.mine().trim_end_matches(", because …"));
    format!("{day}, version {}, {title}: {opinion}{words}{heard}", say.version)
}

fn talk(review: plan::review::Review) -> String {
    let why = review.why.says(true);
    match review.held_on {
        Some(on) => format!("Held on {}: {why}", words::date_with_year(on)),
        None => format!("By {}: {why}", words::date_with_year(review.due_on)),
    }
}

fn ready(prep: plan::Prep) -> String {
    let topics: Vec<_> = prep.topics.iter().map(|heading| heading.title()).collect();
    let shared = if prep.shared_at.is_some() { "shared" } else { "kept for myself" };
    let questions = prep.questions.map(|text| format!(": {text}")).unwrap_or_default();
    format!("{}: what I had ready for a talk ({shared}): {}{questions}", when(prep.at), topics.join(", "))
}

fn appointment(one: Appointment) -> String {
    let details = one.details;
    let more = |label: &str, text: Option<String>| text.map(|text| format!("{label}: {text}"));
    let cannot = one.cannot.map(|cannot| match cannot.why {
        Some(why) => format!("I can't make it: {why}"),
        None => "I can't make it".to_owned(),
    });
    let parts = [
        Some(format!("{}: {}, {} minutes", when(details.starts_at), details.what, details.minutes)),
        more("with", details.with),
        more("where", details.place),
        more("how to get there", details.way),
        one.cancelled.then(|| "cancelled".to_owned()),
        cannot,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn letter(one: Letter) -> String {
    let decided = one.decided.as_ref().map(|decided| {
        let what = if one.state == Stage::Approved { "approved" } else { "not approved" };
        let why = decided.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        format!("{what} by {}, {}{why}", decided.by, when(decided.at))
    });
    let asked = format!("{}: asked for {}", one.reference(), when(one.asked_at));
    let shown = one.uses.iter().map(|shown| match &shown.told {
        Some(told) => {
            let on = words::date_with_year(told.on);
            format!(
                "confirmed by {} to {}, {}, on {on}, written down {}",
                told.by,
                shown.to,
                told.how.says(),
                when(shown.at)
            )
        }
        None => format!("shown to {}, {}", shown.to, when(shown.at)),
    });
    std::iter::once(asked).chain(decided).chain(shown).collect::<Vec<_>>().join("; ")
}

fn reach(one: Contact) -> String {
    let confirmed = match (one.confirmed_at, one.confirmed_by) {
        (Some(at), Some(by)) => format!("confirmed on {} {}", when(at), by.says()),
        (Some(at), None) => format!("confirmed on {}", when(at)),
        (None, _) => "not confirmed".to_owned(),
    };
    let here = if one.notify { "" } else { ", we do not contact you there" };
    format!("{}, {confirmed}{here}", one.value)
}

fn quiet_words(quiet: Quiet) -> String {
    if quiet.from == quiet.to {
        "none".to_owned()
    } else {
        format!("from {} to {}", words::clock(quiet.from), words::clock(quiet.to))
    }
}

fn message(one: messages::Message, called: &str) -> super::Message {
    let from = match one.from {
        From::Person => called.to_owned(),
        From::Worker(name) => name,
    };
    let opened = match one.state {
        State::Opened(by, at) if by.is_empty() => Some(format!("by you, {}", when(at))),
        State::Opened(by, at) => Some(format!("by {by}, {}", when(at))),
        State::Promised(by, day) => Some(format!("by {by}, who will do something by {}", words::date_with_year(day))),
        State::Saved | State::Answered => None,
    };
    // What is no plain message says what it is.
    let text = match one.what {
        What::Said | What::News | What::Note => one.body,
        What::Promise(day) => format!("Will do this by {}: {}", words::date_with_year(day), one.body),
        What::Spoke(how, day) => format!("You {} on {}: {}", how.says(), words::date_with_year(day), one.body),
    };
    super::Message { sent_at: time(one.sent_at), from, text, opened }
}

fn plan_of(one: plan::Plan) -> super::Plan {
    let sections = one
        .sections
        .into_iter()
        .filter(|section| section.now.is_some() || section.want.is_some() || section.agreed.is_some());
    let headings = sections.map(|section| super::Heading {
        heading: section.heading.title(),
        now: section.now,
        want: section.want,
        agreed: section.agreed,
    });
    super::Plan {
        version: one.version,
        made_at: time(one.made_at),
        review_on: one.review_on.map(|date| date.to_string()),
        headings: headings.collect(),
    }
}

fn to_do(one: Standing, history: Vec<Change>, called: &str) -> super::ToDo {
    let change = |change: Change| {
        let by = match change.side {
            Side::Person => called.to_owned(),
            Side::Staff => change.by,
        };
        format!(
            "{} by {by}, {}: {}",
            change.did.says(),
            when(change.at),
            action(&change.words.says, change.words.why.as_deref())
        )
    };
    super::ToDo {
        heading: one.heading.title(),
        what: action(one.says(), one.last.words.why.as_deref()),
        only_me: one.private,
        history: history.into_iter().map(change).collect(),
    }
}

fn action(one: &Action, why: Option<&str>) -> String {
    let who = match &one.who {
        Doer::Me => "you",
        Doer::Staff => "your worker",
        Doer::Other(name) => name,
    };
    let due = one.due_on.map(|date| format!(", by {}", words::date_with_year(date))).unwrap_or_default();
    let why = why.map(|why| format!(", because {why}")).unwrap_or_default();
    format!("{} ({who}{due}): {}{why}", one.text, one.state.title())
}

fn money(one: Owed) -> super::Money {
    let sum = one.sum();
    let payments = one.payments.iter().map(|paid| {
        let note = paid.note.as_ref().map(|note| format!(" for {note}")).unwrap_or_default();
        let undone =
            paid.undone.as_ref().map(|(at, by)| format!(": undone by {by}, {}", when(*at))).unwrap_or_default();
        format!("{} on {}{note}, {}{undone}", says(paid.pence), words::date_with_year(paid.paid_on), paid.agreed())
    });
    super::Money {
        payments: payments.collect(),
        agreed: format!("{} on {} by {}", says(one.pence), words::date_with_year(one.agreed_on), one.agreed_by),
        had: says(sum.had),
        left: says(sum.left),
        written_down_wrong: one.ended_at.is_some(),
        name: one.name,
    }
}

fn boxes(plan: CrisisPlan) -> Vec<super::Written> {
    let texts = [plan.boxes.signs, plan.boxes.helps, plan.boxes.calls, plan.boxes.place];
    let boxes = ASKED.into_iter().zip(texts);
    boxes.filter_map(|((_, asked), text)| text.map(|text| super::Written { asked, text })).collect()
}
