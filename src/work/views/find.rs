//! Finding somebody who is on the phone, and the code that lets them in.

use leptos::prelude::*;

use crate::clock::HOUR;
use crate::people::PersonId;
use crate::signin::doors::KnownBy;
use crate::ui::{BirthDate, Errors, Qr, Radios, Submit, TextArea, TextField};
use crate::web::forms::Fields;

/// `/work/find`.
#[component]
pub fn Find(
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    view! {
        <nav class="back" aria-label="Back"><a href="/work">"Today"</a></nav>
        <Errors form=form.clone()/>
        <h1>"Find somebody"</h1>
        <p class="lead">"For whoever is on the phone. Every look-up is written down."</p>
        <form method="post" action="/work/find" novalidate>
            <TextField field=form.field("name") label="Full name"/>
            <BirthDate form label="Date of birth"/>
            <Submit label="Find"/>
        </form>
    }
}

/// What a worker is asked who does not work with the one they found.
#[component]
pub fn Reason(
    /// The form, as sent.
    form: Fields,
) -> impl IntoView {
    let hidden = ["name", "born-day", "born-month", "born-year"]
        .map(|name| view! { <input type="hidden" name=name value=form.typed(name).to_owned()/> });
    view! {
        <nav class="back" aria-label="Back"><a href="/work/find">"Find somebody"</a></nav>
        <Errors form=form.clone()/>
        <h1>"You do not work with this person"</h1>
        <p class="lead">"You can open the record for one hour with a reason. Their manager is told, and they can read your name and your reason."</p>
        <form method="post" action="/work/find/open" novalidate>
            {hidden.collect_view()}
            <TextArea field=form.field("reason") label="Why do you open this record?" hint="For example: they are on the phone, and their adviser is away"/>
            <Submit label="Open the record"/>
        </form>
    }
}

/// `/work/people/{id}/code`.
#[component]
pub fn GiveCodePage(
    /// To whom.
    person: PersonId,
    /// The name they want.
    called: String,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let known = KnownBy::ALL.map(|known| (known.as_str(), known.says().to_owned()));
    let ways = [
        ("read", "I read it out now. It works for one hour.".to_owned()),
        ("paper", "They get it on paper. It works for one day.".to_owned()),
    ];
    view! {
        <nav class="back" aria-label="Back"><a href=format!("/work/people/{person}")>{called.clone()}</a></nav>
        <Errors form=form.clone()/>
        <h1>{format!("Give {called} a code")}</h1>
        <p class="lead">"With it they prove who they are on a new phone, or choose a new username and passphrase. You never see or choose those."</p>
        <form method="post" action=format!("/work/people/{person}/code") novalidate>
            <Radios field=form.field("known") label="How do you know that it is them?" choices=known.to_vec()/>
            <Radios field=form.field("way") label="How do they get it?" choices=ways.to_vec()/>
            <Submit label="Make the code"/>
        </form>
        <p>"A code that was given before stops working."</p>
    }
}

/// A code, told this once.
#[component]
pub fn CodeGiven(
    /// To whom.
    person: PersonId,
    /// The name they want.
    called: String,
    /// The code.
    code: String,
    /// For how long it can be used, in microseconds.
    lasts: i64,
    /// A second worker must say yes first.
    needs_second: bool,
    /// It is for a card.
    on_paper: bool,
    /// The address of the site.
    site: String,
) -> impl IntoView {
    let lasts = if lasts > HOUR { "one day" } else { "one hour" };
    let letters: Vec<String> = code.chars().map(|c| c.to_string()).collect();
    let join = format!("{site}/join");
    let card = on_paper.then(|| {
        view! {
            <div class="card">
                <h2>"Your code"</h2>
                <p class="secret" aria-label=letters.join(" ")><strong>{code.clone()}</strong></p>
                {needs_second.then(|| view! { <p><strong>"It works when a second worker has said yes."</strong></p> })}
                <p>"Open "<strong>{join.clone()}</strong>" and type the code and your date of birth. It works once, for one day."</p>
                <p>"You know your username and passphrase? Sign in, then “Prove it is you”, then the code."</p>
                <Qr text=join.clone() label="The address to open, as a QR code".to_owned()/>
            </div>
        }
    });
    view! {
        <nav class="back" aria-label="Back"><a href=format!("/work/people/{person}")>{called.clone()}</a></nav>
        <h1>{format!("A code for {called}")}</h1>
        {needs_second.then(|| view! {
            <p class="note"><strong>"It does not work yet."</strong>" This person is under a safety flag: a second worker must open their page and say yes first. No notice goes out."</p>
        })}
        <p class="secret" aria-label=letters.join(" ")><strong>{code.clone()}</strong></p>
        <p>{format!("It works once, for {lasts}. We do not show it again.")}</p>
        <h2>"What they do"</h2>
        <ul>
            <li>"They know their username and passphrase: Sign in, then Prove it is you, then the code."</li>
            <li>"They have lost them: Sign in, then I have a code. They also type their date of birth."</li>
        </ul>
        {card}
    }
}
