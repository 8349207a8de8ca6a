//! Pages on the way in.

use leptos::prelude::*;

use crate::ui::{Errors, Secret, Submit, TextField};
use crate::web::forms::Fields;

/// `/sign-in`.
#[component]
pub fn SignIn(
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let own = form.typed("own") == "yes";
    view! {
        <Errors form=form.clone()/>
        <h1>"Sign in"</h1>
        <form method="post" action="/sign-in" novalidate>
            <input type="hidden" name="next" value=form.typed("next").to_owned()/>
            <TextField field=form.field("username") label="Username" hint="Two words and two numbers, such as amber-otter-42"
                autocomplete="username"/>
            <Secret field=form.field("passphrase") label="Passphrase" hint="The words you chose when you joined"
                autocomplete="current-password"/>
            <div class="field">
                <label class="choice"><input type="checkbox" name="own" value="yes" checked=own/>
                    <span>"This is my own phone" <span class="hint">" Leave it empty if other people use this phone. You will be signed out after 20 minutes."</span></span>
                </label>
            </div>
            <Submit label="Sign in"/>
        </form>
        <ul>
            <li><a href="/join">"I have a code and want to join"</a></li>
            <li><a href="/help">"I cannot sign in, or I need help now"</a></li>
        </ul>
    }
}

/// `/join`: a one-time code and a date of birth.
#[component]
pub fn Join(
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let offered = form.typed("offer").to_owned();
    view! {
        <Errors form=form.clone()/>
        <h1>"Join with your code"</h1>
        <p class="lead">"Your personal adviser gives you a code. You do not need an email address or a phone number."</p>
        <form method="post" action="/join" novalidate>
            <TextField field=form.field("code") label="Your code" hint="8 letters and numbers, such as ABCD‑2345" narrow=true
                autocomplete="one-time-code"/>
            <BirthDate form=form.clone()/>
            <TextField field=form.field("username") label="Your username" hint="You can keep the one we made, or write your own"
                autocomplete="username"/>
            <input type="hidden" name="offer" value=offered.clone()/>
            <div class="note">
                <h2>"A passphrase you can use"</h2>
                <p><strong>{offered}</strong></p>
                <p>"We picked these four words for you. Write them down and keep them safe, or choose your own words below."</p>
            </div>
            <Secret field=form.field("passphrase") label="Your passphrase"
                hint="Type the four words, or 15 or more characters of your own. Never tell it to anyone. We will never ask you for it."
                autocomplete="new-password"/>
            <Submit label="Join"/>
        </form>
        <p><a href="/sign-in">"I already have a username"</a></p>
    }
}

#[component]
fn BirthDate(form: Fields) -> impl IntoView {
    let field = form.field("born");
    let bad = field.fault.is_some();
    let part = |name: &'static str, label: &'static str| {
        view! {
            <label for=name>{label}
                <input id=name name=name class="narrow" inputmode="numeric" value=form.typed(name).to_owned()
                    aria-describedby=if bad { "born-h born-e" } else { "born-h" }/>
            </label>
        }
    };
    view! {
        <fieldset id="born" class=if bad { "field bad" } else { "field" }>
            <legend>"Your date of birth"</legend>
            <p class="hint" id="born-h">"For example, 27 3 2008. If you work for the council, leave it empty."</p>
            {field.fault.map(|fault| view! { <p class="err" id="born-e"><span class="vh">"Error: "</span>{fault}</p> })}
            <div class="dates">{part("born-day", "Day")}{part("born-month", "Month")}{part("born-year", "Year")}</div>
        </fieldset>
    }
}

/// After signing out.
#[component]
pub fn SignedOut() -> impl IntoView {
    view! {
        <h1>"You are signed out"</h1>
        <p class="lead">"Nobody can read your pages on this phone now."</p>
        <p>"The phone may still list this site in its history. You can clear that in the browser's menu."</p>
        <p><a class="btn" href="/sign-in">"Sign in again"</a></p>
    }
}
