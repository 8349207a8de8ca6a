//! A young person's home. Beside it what a worker sees: today, their people, and one person.

pub mod about;
pub mod advisers;
pub mod away;
pub mod calls;
pub mod circumstances;
pub mod desk;
pub mod find;
pub mod hand_over;
pub mod people;
pub mod person;
pub mod reach;
pub mod staff_codes;
pub mod team;
pub mod today;

use leptos::prelude::*;

use crate::people::{Person, Worker};

/// With a capital letter first.
fn first_large(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `/me` at the first door: nothing of the person, and two ways on.
#[component]
pub fn FirstDoor() -> impl IntoView {
    view! {
        <h1>"Hello"</h1>
        <p class="lead">"You are signed in on a phone or computer that we do not know yet."</p>
        <ul class="cards">
            <li><a href="/me/messages"><strong>"Send a message"</strong>" "<span>"Your team gets it at once"</span></a></li>
            <li><a href="/me/check-in"><strong>"Quick check-in"</strong>" "<span>"Say how things are, in three taps"</span></a></li>
            <li><a href="/sign-in/second?next=/me"><strong>"See everything"</strong>" "<span>"Your messages and your plan: type a code or the words of your card"</span></a></li>
            <li><a href="/offer"><strong>"What I can get"</strong>" "<span>"The offer for care leavers"</span></a></li>
            <li><a href="/drop-ins"><strong>"Drop-ins"</strong>" "<span>"Where you can go and see someone"</span></a></li>
        </ul>
    }
}

/// `/me`.
#[component]
pub fn MyHome(
    /// Who.
    person: Person,
    /// Who works with them.
    workers: Vec<Worker>,
    /// Messages they have not opened.
    unopened: i64,
    /// A worker asks how things are.
    asked: bool,
) -> impl IntoView {
    let check_in = if asked {
        "Your team would like to hear how things are: three taps"
    } else {
        "Say how things are, in three taps"
    };
    let news = match unopened {
        0 => "Write to your team, and see what they wrote".to_owned(),
        1 => "1 new message for you".to_owned(),
        n => format!("{n} new messages for you"),
    };
    let team = if workers.is_empty() {
        view! { <p>{format!("You do not have a personal adviser here yet. The {} reads your messages.", person.team.duty_desk)}</p> }.into_any()
    } else {
        let rows = workers
            .into_iter()
            .map(|worker| view! { <li><strong>{worker.name}</strong>", "{worker.part.title()}</li> });
        view! { <ul>{rows.collect_view()}</ul> }.into_any()
    };
    view! {
        <h1>{format!("Hello {}", person.called)}</h1>
        <ul class="cards">
            <li><a href="/me/messages"><strong>"Messages"</strong>" "<span>{news}</span>{(unopened > 0).then(|| view! { " "<span class="tag warn">"New"</span> })}</a></li>
            <li><a href="/me/check-in"><strong>"Quick check-in"</strong>" "<span>{check_in}</span></a></li>
            <li><a href="/me/plan"><strong>"My plan"</strong>" "<span>"What you want, and who does what"</span></a></li>
            <li><a href="/me/if-it-goes-wrong"><strong>"If it goes wrong"</strong>" "<span>"What I do, and who I call"</span></a></li>
            <li><a href="/me/appointments"><strong>"My appointments"</strong>" "<span>"When and where, and say if you can't make it"</span></a></li>
            <li><a href="/me/letter"><strong>"Letter"</strong>" "<span>"Proof that you are a care leaver, when somebody asks for it"</span></a></li>
            <li><a href="/me/about"><strong>"About me"</strong>" "<span>"What whoever works with me should know"</span></a></li>
            <li><a href="/me/account"><strong>"My sign-in"</strong>" "<span>"Where I am signed in, passphrase, card"</span></a></li>
            <li><a href="/me/record"><strong>"Who looked at my record"</strong>" "<span>"Everyone who opened something of yours"</span></a></li>
            <li><a href="/offer"><strong>"What I can get"</strong>" "<span>"The offer for care leavers"</span></a></li>
            <li><a href=format!("/drop-ins/{}", person.team.locality)><strong>"Drop-ins near me"</strong>" "<span>"Where you can go and see someone"</span></a></li>
        </ul>
        <h2>"Who works with you"</h2>
        {team}
    }
}
