//! Money: what somebody is to get, what they had, what is left, and each payment.

use leptos::prelude::*;

use super::Reader;
use crate::clock::{from_micros, london_date};
use crate::dropins::words;
use crate::people::PersonId;
use crate::plan::money::{Fixed, Owed, Payment, Sum, says};
use crate::ui::{Errors, KEEP_DRAFT, KeepsDraft, OneTimeKey, Radios, Submit, TextField};
use crate::web::forms::Fields;

/// To get, had, left.
#[component]
fn Sums(owed: Owed) -> impl IntoView {
    let Sum { had, left } = owed.sum();
    let rest = if left < 0 {
        view! { <div><dt>"More than agreed"</dt><dd><strong>{says(-left)}</strong>" more was paid than was agreed."</dd></div> }.into_any()
    } else {
        view! { <div><dt>"Left"</dt><dd><strong>{says(left)}</strong></dd></div> }.into_any()
    };
    let had = if had == 0 { "Nothing yet".to_owned() } else { says(had) };
    view! {
        <dl class="facts">
            <div><dt>"To get"</dt><dd>{says(owed.pence)}</dd></div>
            <div><dt>"Had"</dt><dd>{had}</dd></div>
            {rest}
        </dl>
    }
}

fn paid(one: &Payment) -> String {
    let note = one.note.as_ref().map(|note| format!(" for {note}")).unwrap_or_default();
    format!("{} on {}{note}, {}", says(one.pence), words::date_with_year(one.paid_on), one.agreed())
}

/// One payment in words; struck through when it was written down wrong.
#[component]
fn Paid(one: Payment) -> impl IntoView {
    let paid = paid(&one);
    match one.undone {
        None => view! { {paid} }.into_any(),
        Some((at, by)) => {
            let on = words::date_with_year(london_date(from_micros(at)));
            view! { <s>{paid}</s>" "<span class="meta">{format!("Written down wrong: it does not count. Undone by {by} on {on}.")}</span> }.into_any()
        }
    }
}

#[component]
fn Payments(
    payments: Vec<Payment>,
    /// Until when the reader knew them, UTC microseconds: what came since is marked.
    #[prop(optional_no_strip)]
    until: Option<i64>,
) -> impl IntoView {
    if payments.is_empty() {
        return view! { <p>"Nothing was paid yet."</p> }.into_any();
    }
    let rows = payments.into_iter().map(|one| {
        let news = until.is_some_and(|until| one.last_at() > until);
        view! { <li><Paid one/>{news.then(|| view! { " "<span class="tag">"New"</span> })}</li> }
    });
    view! { <ul>{rows.collect_view()}</ul> }.into_any()
}

/// What counts of the money of a plan, each with its sums and its payments: on paper, and to whoever signs it off.
#[component]
pub(super) fn Counted(
    /// What they are to get.
    owed: Vec<Owed>,
) -> impl IntoView {
    let rows = owed.into_iter().map(|one| {
        let agreed = format!("Agreed on {} by {}", words::date_with_year(one.agreed_on), one.agreed_by);
        view! {
            <h3>{one.name.clone()}</h3>
            <Sums owed=one.clone()/>
            <Payments payments=one.payments/>
            <p class="meta">{agreed}</p>
        }
    });
    rows.collect_view()
}

/// `/me/plan/money` and `/work/people/{id}/money`.
#[component]
pub fn MoneyPage(
    /// Everything that they are to get.
    owed: Vec<Owed>,
    /// Who reads.
    reader: Reader,
    /// Whose.
    person: PersonId,
    /// The reader may write it down.
    does: bool,
    /// Until when the young person knew it, UTC microseconds; `None` to workers, who write it.
    until: Option<i64>,
) -> impl IntoView {
    let own = matches!(reader, Reader::Person(_));
    let at_work = format!("/work/people/{person}");
    let (back, back_says, title, lead, empty) = match reader {
        Reader::Person(_) => (
            "/me/plan".to_owned(),
            "Plan".to_owned(),
            "My money".to_owned(),
            "What you and your worker agreed that you get, what you had of it, and what is left.".to_owned(),
            "Nothing is written down here yet. Your worker adds it when you have agreed something.".to_owned(),
        ),
        Reader::Worker(called) => (
            at_work.clone(),
            called.clone(),
            format!("{called}: money"),
            format!("What {called} is to get, had, and what is left. {called} sees the same."),
            format!("Nothing is written down for {called} yet. Begin with what you agreed."),
        ),
    };
    let none = owed.is_empty();
    let (ended, counts): (Vec<Owed>, Vec<Owed>) = owed.into_iter().partition(|one| one.ended_at.is_some());
    let rows = counts.into_iter().map(|one| {
        let right = one.entitlement.as_ref().map(|slug| view! { <p><a href=format!("/entitlements#{slug}")>"What the offer says about it"</a></p> });
        let agreed = format!("Agreed on {} by {}", words::date_with_year(one.agreed_on), one.agreed_by);
        let open = (!own).then(|| {
            let says = if does { "Write down a payment, or put something right" } else { "Look at it" };
            view! { <p><a href=format!("{at_work}/money/{}", one.id)>{says}<span class="vh">{format!(": {}", one.name)}</span></a></p> }
        });
        view! {
            <section class="heading">
                <h2>{one.name.clone()}{until.is_some_and(|until| one.at > until).then(|| view! { " "<span class="tag">"New"</span> })}</h2>
                <Sums owed=one.clone()/>
                <h3>"Payments"</h3>
                <Payments payments=one.payments until/>
                <p class="meta">{agreed}</p>
                {right}
                {open}
            </section>
        }
    });
    let rows = rows.collect_view();
    let any_ended = !ended.is_empty();
    let ended = ended.into_iter().map(|one| {
        let news = until.is_some_and(|until| one.ended_at.is_some_and(|at| at > until));
        let news = news.then(|| view! { " "<span class="tag">"Changed"</span> });
        view! { <li><s>{format!("{}, {}", one.name, says(one.pence))}</s>{news}</li> }
    });
    let ended = ended.collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href=back>{back_says}</a></nav>
        <h1>{title}</h1>
        <p class="lead">{lead}</p>
        {does.then(|| view! { <p><a class="btn" href=format!("{at_work}/money/new")>"Add what they are to get"</a></p> })}
        {none.then(|| view! { <p>{empty}</p> })}
        {(none && own).then(|| view! { <p><a href="/entitlements/check">"What can I get?"</a></p> })}
        {rows}
        {any_ended.then(|| view! { <h2>"Written down wrong"</h2><p>"This does not count."</p><ul>{ended}</ul> })}
        {own.then(|| view! {
            <div class="note">
                <h2>"Something not right?"</h2>
                <p>"Tell your worker. "<a href="/me/messages">"Write a message"</a>" and it will be looked at."</p>
            </div>
        })}
    }
}

#[component]
fn Amount(form: Fields, label: &'static str, day: &'static str) -> impl IntoView {
    view! {
        <TextField field=form.field("amount") label hint="In pounds, as in 120 or 1,250.50." inputmode="decimal" narrow=true/>
        <TextField field=form.field("day") label=day hint="As in 2026-12-04." kind="date"/>
    }
}

/// `/work/people/{id}/money/new`.
#[component]
pub fn NewOwedPage(
    /// What can be taken over from the offer.
    rights: Vec<Fixed>,
    /// Who writes.
    reader: Reader,
    /// Whose.
    person: PersonId,
    /// The form, as sent or filled with one of the rights.
    form: Fields,
) -> impl IntoView {
    let base = format!("/work/people/{person}/money");
    let here = format!("{base}/new");
    let called = match reader {
        Reader::Worker(called) => called,
        Reader::Person(_) => "you".to_owned(),
    };
    let any = !rights.is_empty();
    let rights = rights.into_iter().map(|one| {
        view! { <li><a href=format!("{here}?right={}", one.slug)>{format!("{}, {}", one.name, says(one.pence))}</a></li> }
    });
    let rights = rights.collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href=base>"Money"</a></nav>
        <Errors form=form.clone()/>
        <h1>{format!("What {called} is to get")}</h1>
        {any.then(|| view! { <h2>"Take it over from the offer"</h2><ul>{rights}</ul><h2>"Or write it down yourself"</h2> })}
        <form method="post" action=here.clone() data-draft=KEEP_DRAFT novalidate>
            <OneTimeKey form=form.clone()/>
            <KeepsDraft place=here.clone() form=form.clone()/>
            <input type="hidden" name="right" value=form.typed("right").to_owned()/>
            <TextField field=form.field("name") label="What is it?"/>
            <Amount form=form.clone() label="How much in all?" day="When did you agree it?"/>
            <Submit label="Save"/>
        </form>
    }
}

/// `/work/people/{id}/money/{owed}`.
#[component]
pub fn OwedPage(
    /// What they are to get.
    owed: Owed,
    /// Whose.
    person: PersonId,
    /// The reader may write it down.
    does: bool,
    /// The form of a payment, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let base = format!("/work/people/{person}/money");
    let here = format!("{base}/{}", owed.id);
    let writes = does && owed.ended_at.is_none();
    let press = |word: String, says: &'static str| {
        view! {
            <form method="post" action=here.clone()>
                <OneTimeKey form=Fields::default()/>
                <button class="btn quiet" name="do" value=word>{says}</button>
            </form>
        }
    };
    let none = owed.payments.is_empty();
    let payments = owed.payments.iter().map(|one| {
        let undo = (does && one.undone.is_none())
            .then(|| press(format!("undo:{}", one.id), "This was written down wrong: undo it"));
        view! { <li><Paid one=one.clone()/>{undo}</li> }
    });
    let payments = payments.collect_view();
    let end = writes.then(|| {
        view! {
            <details>
                <summary>"All of this was written down wrong"</summary>
                <p>"It is kept, struck through, and does not count any more."</p>
                {press("end".to_owned(), "Strike it through")}
            </details>
        }
    });
    let paying = writes.then(|| {
        view! {
            <h2>"Write down a payment"</h2>
            <form method="post" action=here.clone() data-draft=KEEP_DRAFT novalidate>
                <OneTimeKey form=form.clone()/>
                <KeepsDraft place=here.clone() form=form.clone()/>
                <Amount form=form.clone() label="How much was paid?" day="On which day?"/>
                <TextField field=form.field("note") label="What for? (you can leave it empty)" hint="As in: a bed and a mattress."/>
                <Radios field=form.field("agreed") label="Who agreed it?" choices=vec![("me", "Me".to_owned()), ("other", "Somebody else".to_owned())]/>
                <TextField field=form.field("who") label="If it is somebody else: who?" hint="A name, and what they do, as in: Jo Bell, team manager. Leave it empty otherwise."/>
                <p><button class="btn" name="do" value="pay">"Save"</button></p>
            </form>
        }
    });
    view! {
        <nav class="back" aria-label="Back"><a href=base>"Money"</a></nav>
        <Errors form=form.clone()/>
        <h1>{owed.name.clone()}</h1>
        {owed.ended_at.is_some().then(|| view! { <p class="note">"This was written down wrong and does not count."</p> })}
        <Sums owed=owed.clone()/>
        <p class="meta">{format!("Agreed on {} by {}", words::date_with_year(owed.agreed_on), owed.agreed_by)}</p>
        <h2>"Payments"</h2>
        {none.then(|| view! { <p>"Nothing was paid yet."</p> })}
        <ul>{payments}</ul>
        {paying}
        {end}
    }
}
