//! Letters: asking for one, the sheet to print, and a worker's yes or no.

use jiff::civil::Date;
use leptos::prelude::*;

use super::{How, Letter, State, Use, open, stands};
use crate::clock::{from_micros, london_date};
use crate::dropins::words::date_with_year;
use crate::editing::when;
use crate::people::PersonId;
use crate::ui::{Errors, KEEP_DRAFT, KeepsDraft, OneTimeKey, Radios, Submit, TextArea, TextField};
use crate::web::forms::Fields;

fn day(micros: i64) -> String {
    date_with_year(london_date(from_micros(micros)))
}

/// What became of a letter, as a sentence to whoever asked.
fn says(one: &Letter, standing: bool) -> String {
    let decided = one.decided.as_ref().map(|decided| format!("{}, {}", decided.by, day(decided.at)));
    match (one.state, decided) {
        (State::Approved, Some(by)) if standing => format!("Approved by {by}. It holds."),
        (State::Approved, Some(by)) => format!("Approved by {by}. A later decision stands in its place."),
        (State::Refused, Some(by)) => format!("Not approved by {by}."),
        (State::Approved | State::Refused, None) | (State::Asked, _) => format!("Asked for on {}.", day(one.asked_at)),
    }
}

/// A line of whom a letter was shown or confirmed to, with who wrote it. `called`: the young person, to a worker.
fn line(one: &Use, called: Option<&str>) -> String {
    let at = when(one.at);
    match (&one.told, called) {
        (None, None) => format!("Shown to {}, {at}. You wrote this.", one.to),
        (None, Some(called)) => format!("Shown to {}, {at}. {called} wrote this.", one.to),
        (Some(told), _) => {
            let on = date_with_year(told.on);
            format!("Confirmed to {}, {}, on {on}. {} wrote this, {at}.", one.to, told.how.says(), told.by)
        }
    }
}

/// To whom a letter was shown and confirmed: one list for both sides.
#[component]
fn Uses(one: Letter, called: Option<String>) -> impl IntoView {
    let rows = one.uses.iter().map(|one| view! { <li>{line(one, called.as_deref())}</li> });
    let rows = rows.collect_view();
    view! { <ul>{rows}</ul> }
}

/// Every letter, the latest first, with what became of it and to whom it was shown. `called`: the young person, to a worker.
#[component]
fn Log(letters: Vec<Letter>, called: Option<String>) -> impl IntoView {
    let standing = stands(&letters).map(|one| one.id);
    let rows = letters.into_iter().map(|one| {
        let why = one.decided.clone().and_then(|decided| decided.why);
        let shown = (!one.uses.is_empty())
            .then(|| view! { <p>"Who knows of it:"</p><Uses one=one.clone() called=called.clone()/> });
        view! {
            <li class="place">
                <h3>{format!("Reference {}", one.reference())}</h3>
                <p>{says(&one, standing == Some(one.id))}</p>
                {why.map(|why| view! { <div class="body">{why}</div> })}
                {shown}
            </li>
        }
    });
    let rows = rows.collect_view();
    view! { <ul class="thread">{rows}</ul> }
}

/// `/me/letter`.
#[component]
pub fn MyLetters(
    /// All of them, the latest first.
    letters: Vec<Letter>,
    /// Who looks at a request.
    looks: String,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let standing = stands(&letters).map(|one| one.id);
    let waits = open(&letters).map(|one| one.asked_at);
    let refused = letters.first().filter(|one| one.state == State::Refused);
    let refused = refused.map(|one| (says(one, false), one.decided.clone().and_then(|decided| decided.why)));
    let ready = standing.map(|id| {
        view! {
            <div class="note">
                <p><strong>"Your letter is ready."</strong></p>
                <p><a class="btn" href=format!("/me/letter/{id}")>"Open it, print it or save it"</a></p>
            </div>
        }
    });
    let press = if standing.is_some() { "Ask for a new letter" } else { "Ask for a letter" };
    let ask = match waits {
        Some(at) => view! {
            <p class="note"><strong>{format!("You asked for a letter on {}.", day(at))}</strong>{format!(" {looks} looks at it. You get a notice when they have.")}</p>
        }
        .into_any(),
        None => view! {
            {refused.map(|(says, why)| view! {
                <div class="note">
                    <p><strong>{says}</strong></p>
                    {why.map(|why| view! { <div class="body">{why}</div> })}
                    <p>"Not right? "<a href="/me/messages">"Send a message"</a>" and say so, or ask again."</p>
                </div>
            })}
            <form method="post" action="/me/letter" novalidate>
                <OneTimeKey form=form.clone()/>
                <Submit label=press/>
                <p class="meta">{format!("{looks} looks at it.")}</p>
            </form>
        }
        .into_any(),
    };
    let log = (!letters.is_empty()).then(|| view! { <h2>"Your letters so far"</h2><Log letters called=None/> });
    view! {
        <nav class="back" aria-label="Back"><a href="/me">"Home"</a></nav>
        <Errors form/>
        <h1>"A letter that says you are a care leaver"</h1>
        <p>"Some help is only for care leavers, and somebody may ask you to show it. A bursary for an apprenticeship is one. The letter says no more than that: nothing about why you were in care."</p>
        {ready}
        {ask}
        <p><a href="/offer/confirm-care-leaver">"What it is needed for"</a></p>
        {log}
    }
}

/// What stands on the sheet besides the letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// The full name.
    pub name: String,
    /// The date of birth.
    pub born_on: Date,
    /// The council that runs the person's team.
    pub council: String,
    /// The published number to ring to have it checked.
    pub check: Option<String>,
    /// Today in London.
    pub today: Date,
}

/// `/me/letter/{id}`.
#[component]
pub fn LetterPage(
    /// The letter, which stands.
    letter: Letter,
    /// What stands on it.
    paper: Paper,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let Paper { name, born_on, council, check, today } = paper;
    let action = format!("/me/letter/{}", letter.id);
    let (reference, born) = (letter.reference(), date_with_year(born_on));
    let approved = letter
        .decided
        .as_ref()
        .map(|decided| format!("Approved by {} for {council} on {}.", decided.by, day(decided.at)));
    // Whom it was last said to be for, on the day of the print.
    let own = letter.uses.iter().find(|one| one.told.is_none());
    let receiver = own.filter(|one| london_date(from_micros(one.at)) == today);
    let receiver = receiver.map(|one| view! { <p>{format!("For: {}", one.to)}</p> });
    let shown = (!letter.uses.is_empty())
        .then(|| view! { <h2>"Who you showed it to, and who asked us about it"</h2><p>"You and whoever works with you can see this list."</p><Uses one=letter.clone() called=None/> });
    let check = check.map(|number| {
        view! { <p>{format!("To check this letter, ring {council} on {number} and name the reference. They do not have to tell you more than it says.")}</p> }
    });
    view! {
        <div class="noprint">
            <nav class="back" aria-label="Back"><a href="/me/letter">"Your letters"</a></nav>
            <Errors form=form.clone()/>
            <p>"This is your letter. Use the print button of your browser to print it, or to save it as a PDF. Only the letter goes on paper."</p>
        </div>
        <article class="place letter">
            <h1>"Confirmation of care leaver status"</h1>
            <p>{council.clone()}</p>
            <p>{date_with_year(today)}</p>
            {receiver}
            <dl class="facts">
                <div><dt>"Name"</dt><dd>{name.clone()}</dd></div>
                <div><dt>"Date of birth"</dt><dd>{born.clone()}</dd></div>
                <div><dt>"Reference"</dt><dd>{reference}</dd></div>
            </dl>
            <p>{format!("{council} confirms that {name}, born on {born}, is a care leaver and is supported by its leaving care service.")}</p>
            <p>{approved}</p>
            {check}
        </article>
        <div class="noprint">
            <h2>"Who is it for?"</h2>
            <p>"You choose who you show it to. You can write it down, so that you know later. It then stands on the letter that you print today."</p>
            <form method="post" action=action novalidate>
                <OneTimeKey form=form.clone()/>
                <TextField field=form.field("receiver") label="Who do you show it to?" hint="As in: My training provider."/>
                <Submit label="Write it down"/>
            </form>
            {shown}
        </div>
    }
}

/// `/work/people/{id}/letter`.
#[component]
pub fn TheirLetters(
    /// Whose.
    id: PersonId,
    /// The name they want.
    called: String,
    /// All of them, the latest first.
    letters: Vec<Letter>,
    /// The reader may decide.
    decides: bool,
    /// The form, as sent or empty.
    form: Fields,
    /// Today in London.
    today: Date,
) -> impl IntoView {
    let base = format!("/work/people/{id}");
    let action = format!("{base}/letter");
    let waits = open(&letters).cloned();
    let standing = stands(&letters).cloned();
    let errors = form.clone();
    // Two forms stand on the page: what was sent of one is not in the other.
    let told = form.typed("do") == "tell" || !form.typed("receiver").is_empty();
    let (tells, form) =
        if told { (form, Fields::default()) } else { (Fields::filled([("day", today.to_string())]), form) };
    // What was typed and could not be taken stands in its box, though the letter holds no more.
    let typed_for = letters.iter().find(|one| told && one.id.to_string() == tells.typed("letter"));
    let confirmed = typed_for.cloned().or_else(|| standing.clone());
    let tell = confirmed.filter(|_| decides).map(|one| {
        view! { <Confirming called=called.clone() action=action.clone() letter=one form=tells/> }
    });
    // A reason that was typed and not sent belongs to the letter it was typed for.
    let about = |one: &Letter| form.typed("letter").is_empty() || form.typed("letter") == one.id.to_string();
    let form = if form.ok() && !waits.iter().chain(&standing).any(about) { Fields::default() } else { form };
    let none = letters.is_empty();
    let asked = waits.map(|one| {
        let heading = format!("{called} asks for a letter");
        let (action, form) = (action.clone(), form.clone());
        let reference = one.reference();
        let buttons = decides.then(|| {
            view! {
                <form method="post" action=action data-draft=KEEP_DRAFT novalidate>
                    <OneTimeKey form=form.clone()/>
                    <input type="hidden" name="letter" value=one.id.to_string()/>
                    <KeepsDraft place=action.clone() form=form.clone()/>
                    <p>"Say yes when the council's records say that they are a care leaver. Your name stands on the letter, and so do their full name and date of birth."</p>
                    <p><button class="btn" name="do" value="approve">"Yes, approve it"</button></p>
                    <TextArea field=form.field("reason") label="Or why not" hint="Only for a no. They read it, with your name." rows=3/>
                    <p><button class="btn quiet" name="do" value="refuse">"No, do not approve it"</button></p>
                </form>
            }
        });
        view! { <h2>{heading}</h2><p>{format!("Asked for on {}. Reference {reference}.", day(one.asked_at))}</p>{buttons} }
    });
    // What was typed and could not be taken stands in its box, though somebody decided meanwhile.
    let last = standing.or_else(|| letters.first().filter(|_| !form.ok()).cloned());
    let back = last.filter(|_| decides && asked.is_none()).map(|one| {
        view! {
            <details open=!form.ok() || !form.typed("kept").is_empty()>
                <summary>"Take an approval back"</summary>
                <form method="post" action=action data-draft=KEEP_DRAFT novalidate>
                    <OneTimeKey form=form.clone()/>
                    <input type="hidden" name="letter" value=one.id.to_string()/>
                    <KeepsDraft place=action.clone() form=form.clone()/>
                    <TextArea field=form.field("reason") label="Why?" hint="They read it, with your name. What is on paper already stays out there." rows=3/>
                    <p><button class="btn quiet" name="do" value="take-back">"Take it back"</button></p>
                </form>
            </details>
        }
    });
    view! {
        <nav class="back" aria-label="Back"><a href=base>{called.clone()}</a></nav>
        <Errors form=errors/>
        <h1>{format!("{called}: letter")}</h1>
        {none.then(|| view! {
            <p class="lead">"No letter was asked for yet."</p>
            <p>{format!("{called} can ask for a letter that says that they are a care leaver, on their own page. Then you say yes or no here.")}</p>
        })}
        {asked}
        {(!none).then(|| view! {
            <h2>"All letters"</h2>
            <p>"Somebody rings to have a letter checked? Compare the reference, and say whether it holds. Say no more than the letter does."</p>
            <Log letters called=Some(called.clone())/>
        })}
        {tell}
        {back}
    }
}

/// Writing down to whom the letter that stands was confirmed.
#[component]
fn Confirming(called: String, action: String, letter: Letter, form: Fields) -> impl IntoView {
    let asks = format!(
        "Write down who asked about the letter with the reference {}. It stands in the list above, with your name. {called} sees it too.",
        letter.reference()
    );
    let ways = How::ALL.map(|how| {
        let says = how.says();
        (
            how.as_str(),
            format!("{}{}", says.get(..1).unwrap_or_default().to_uppercase(), says.get(1..).unwrap_or_default()),
        )
    });
    view! {
        <h2>"You confirmed it to somebody?"</h2>
        <p>{asks}</p>
        <form method="post" action=action.clone() data-draft=KEEP_DRAFT novalidate>
            <OneTimeKey form=form.clone()/>
            <input type="hidden" name="letter" value=letter.id.to_string()/>
            <KeepsDraft place=action.clone() form=form.clone()/>
            <TextField field=form.field("receiver") label="Who asked?" hint="As in: The letting agent in Preston."/>
            <Radios field=form.field("how") label="How did you confirm it?" choices=ways.to_vec()/>
            <TextField field=form.field("day") label="On which day?" hint="As in 2026-12-04." kind="date"/>
            <p><button class="btn" name="do" value="tell">"Write it down"</button></p>
        </form>
    }
}
