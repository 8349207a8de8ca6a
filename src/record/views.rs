//! `/me/record`, and the copy of a record as a page that opens without us.

use leptos::prelude::*;

use super::{Copy, Heading, Looked, Plan};
use crate::audit::Seen;
use crate::clock::{from_micros, in_london};
use crate::dropins::words;
use crate::editing::when;
use crate::people::Reason;
use crate::web::document::document;

/// What one worker did on one day, however often: told once.
struct Told {
    day: String,
    says: String,
    stands: Option<&'static str>,
    by: String,
    times: usize,
    last: String,
}

fn told(seen: Vec<Seen>) -> Vec<Told> {
    let mut all: Vec<Told> = Vec::new();
    for one in seen {
        let at = in_london(from_micros(one.at));
        let (day, time) = (words::date_with_year(at.date()), words::clock(at.time()));
        let (says, stands) = (one.says(), one.stands());
        let same = |told: &&mut Told| told.day == day && told.by == one.by && told.says == says;
        match all.iter_mut().find(same) {
            Some(known) => known.times += 1,
            None => all.push(Told { day, says, stands, by: one.by, times: 1, last: time }),
        }
    }
    all
}

/// `/me/record`.
#[component]
pub fn RecordPage(
    /// What staff did, the latest first.
    seen: Vec<Seen>,
    /// Why some opened it who do not work with the person.
    reasons: Vec<Reason>,
) -> impl IntoView {
    let none = seen.is_empty();
    let rows = told(seen).into_iter().map(|told| {
        let times = if told.times > 1 {
            format!(", {} times, last at {}", told.times, told.last)
        } else {
            format!(" at {}", told.last)
        };
        view! {
            <li>
                <strong>{told.by}</strong>{told.stands.map(|stands| format!(", {stands},"))}" "{told.says}{times}". "
                <span class="meta">{told.day}</span>
            </li>
        }
    });
    let why = reasons.into_iter().map(|reason| {
        let when = when(reason.at);
        view! { <li><strong>{reason.by}</strong>{format!(", on {when}: ")}<q>{reason.reason}</q></li> }
    });
    let why = why.collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href="/me">"Home"</a></nav>
        <h1>"Who looked at my record"</h1>
        <p class="lead">"Everyone at the council who opens something of yours is written down here. Nobody can change this list."</p>
        {(!why.is_empty()).then(|| view! {
            <h2>"Opened by somebody who does not work with you"</h2>
            <ul>{why}</ul>
            <p>"Does that look wrong? "<a href="/me/messages">"Tell your team"</a>", or "<a href="/offer/complaints">"make a complaint"</a>"."</p>
        })}
        <h2>"What was opened, and when"</h2>
        {none.then(|| view! { <p>"Nobody has opened anything of yours yet."</p> })}
        <ul>{rows.collect_view()}</ul>
        <h2>"Take a copy"</h2>
        <p>"All of it in one file: your messages, your plan, who worked with you, who looked. "<a href="/me/record/take">"Take a copy of everything"</a></p>
    }
}

/// `/me/record/take`.
#[component]
pub fn TakePage() -> impl IntoView {
    view! {
        <nav class="back" aria-label="Back"><a href="/me/record">"Who looked at my record"</a></nav>
        <h1>"Take a copy"</h1>
        <p class="lead">"Your messages, your plan, who worked with you, who looked at your record: all in one file."</p>
        <p class="note"><strong>"Is this phone yours alone?"</strong>" The file stays on it, and anybody who uses it can open the file. On a shared phone, ask your personal adviser to print your plan for you."</p>
        <ul class="cards">
            <li><a href="/me/record/take/page" download="my-copy.html"><strong>"A page to read"</strong>" "<span>"Opens on any phone, also without internet"</span></a></li>
            <li><a href="/me/record/take/data" download="my-copy.json"><strong>"A file for other programs"</strong>" "<span>"The same as JSON"</span></a></li>
        </ul>
        <p>"This is not your whole social care file. "<a href="/offer/your-records">"How to ask for your file"</a></p>
    }
}

/// The style of the copy: the file brings all it needs.
const STYLE: &str = "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:1rem auto;padding:0 1rem}\
    li,article{margin-block:.6rem}.t{white-space:pre-wrap;overflow-wrap:anywhere}small{color:#555}";

/// A copy as one file that opens in any browser, with no connection.
pub fn copy_page(copy: Copy) -> String {
    document(move || view! { <CopyPage copy/> })
}

/// A stored time as London's clocks show it.
fn told_at(time: &str) -> String {
    time.parse().map_or_else(|_| time.to_owned(), |at: jiff::Timestamp| when(at.as_microsecond()))
}

/// A stored date in words.
fn told_on(date: &str) -> String {
    date.parse().map_or_else(|_| date.to_owned(), words::date_with_year)
}

#[component]
fn CopyPage(copy: Copy) -> impl IntoView {
    let me = copy.me;
    let list = |items: Vec<String>| {
        let none = items.is_empty().then(|| view! { <p>"Nothing."</p> });
        let items = items.into_iter().map(|item| view! { <li>{item}</li> }).collect_view();
        view! { {none}<ul>{items}</ul> }
    };
    let workers = copy.workers.into_iter().map(|one| {
        let until = one.to.map_or("now".to_owned(), |to| told_at(&to));
        format!("{}, {}, from {} to {until}", one.name, one.part, told_at(&one.from))
    });
    let history = copy.history.into_iter().map(|one| {
        let more = one.more.map(|more| format!(" ({more})")).unwrap_or_default();
        let until = one.to.map_or("now".to_owned(), |to| told_on(&to));
        format!("{}: {}{more}, from {} to {until}", one.what, one.value, told_on(&one.from))
    });
    let messages = copy.messages.into_iter().map(|one| {
        view! {
            <article>
                <h3>{one.from}", "{told_at(&one.sent_at)}</h3>
                <p class="t">{one.text}</p>
                {one.opened.map(|opened| view! { <p><small>"First opened "{opened}</small></p> })}
            </article>
        }
    });
    let looked = |rows: Vec<Looked>| {
        let none = rows.is_empty().then(|| view! { <p>"Nobody."</p> });
        let rows = rows
            .into_iter()
            .map(|one| view! { <li>{told_at(&one.at)}": "{one.who}" "<span class="t">{one.what}</span></li> })
            .collect_view();
        view! { {none}<ul>{rows}</ul> }
    };
    let to_dos = copy.actions.into_iter().map(|one| {
        let only = if one.only_me { " Only you see this." } else { "" };
        format!("{}: {}.{only} {}", one.heading, one.what, one.history.join("; "))
    });
    let to_dos = list(to_dos.collect());
    let money = copy.money.into_iter().map(|one| {
        let wrong = if one.written_down_wrong { " Written down wrong: it does not count." } else { "" };
        format!(
            "{}: agreed {}. Had {}. Left {}.{wrong} {}",
            one.name,
            one.agreed,
            one.had,
            one.left,
            one.payments.join("; ")
        )
    });
    let money = list(money.collect());
    let wrong = copy.if_it_goes_wrong.into_iter().map(|one| view! { <h3>{one.asked}</h3><p class="t">{one.text}</p> });
    let (workers, history) = (list(workers.collect()), list(history.collect()));
    view! {
        <!DOCTYPE html>
        <html lang="en-GB">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width,initial-scale=1"/>
                <title>"My copy"</title>
                <style inner_html=STYLE></style>
            </head>
            <body><main>
                <h1>"My copy"</h1>
                <p>{copy.about}</p>
                <p>"Made on "{told_at(&copy.made_at)}"."</p>
                <h2>"Me"</h2>
                <ul>
                    <li>"Name: "{me.name}</li>
                    <li>"Called: "{me.called}</li>
                    {me.about.map(|about| view! { <li>"About you: "{about}</li> })}
                    <li>"Date of birth: "{told_on(&me.born_on)}</li>
                    <li>"Team: "{me.team}</li>
                    <li>"Username: "{me.username}</li>
                    <li>"Quiet hours: "{me.quiet}</li>
                </ul>
                <h3>"How I am reached"</h3>
                {list(me.reached)}
                <h3>"Where I am signed in"</h3>
                {list(me.signed_in)}
                <h2>"Who works with me, or did"</h2>
                {workers}
                <h2>"Home, learning and work"</h2>
                {history}
                <h2>"My plan"</h2>
                {copy.plans.into_iter().map(|plan| view! { <PlanCopy plan/> }).collect_view()}
                <h2>"What I said and wrote about my plan"</h2>
                {list(copy.my_words_about_the_plan)}
                <h2>"Talks about my plan"</h2>
                {list(copy.talks_about_the_plan)}
                <h2>"Who does what"</h2>
                {to_dos}
                <h2>"My money"</h2>
                {money}
                <h2>"If it goes wrong"</h2>
                {wrong.collect_view()}
                <h2>"My appointments"</h2>
                {list(copy.appointments)}
                <h2>"My letters"</h2>
                {list(copy.letters)}
                <h2>"My messages"</h2>
                {messages.collect_view()}
                <h2>"Who looked at my record"</h2>
                {looked(copy.looked)}
                <h2>"Why some looked who do not work with me"</h2>
                {looked(copy.reasons)}
            </main></body>
        </html>
    }
}

#[component]
fn PlanCopy(plan: Plan) -> impl IntoView {
    let headings = plan.headings.into_iter().map(|heading: Heading| {
        let part = |label: &'static str, text: Option<String>| {
            text.map(|text| view! { <p class="t"><strong>{label}</strong>" "{text}</p> })
        };
        view! {
            <h4>{heading.heading}</h4>
            {part("Now:", heading.now)}
            {part("What I want:", heading.want)}
            {part("What we agreed:", heading.agreed)}
        }
    });
    let review = plan.review_on.map(|on| format!(", to be talked about again on {}", told_on(&on))).unwrap_or_default();
    view! {
        <h3>{format!("Version {}, {}{review}", plan.version, told_at(&plan.made_at))}</h3>
        {headings.collect_view()}
    }
}
