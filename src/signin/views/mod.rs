//! Pages on the way in.

pub mod account;
pub mod knock;
pub mod reach;
pub mod sent;
pub mod staff;

use leptos::prelude::*;

use crate::ui::{BirthDate, Errors, Qr, Secret, Submit, TextField};
use crate::web::forms::Fields;

/// `/sign-in`.
#[component]
pub fn SignIn(
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let draft = form.typed("draft").to_owned();
    view! {
        <Errors form=form.clone()/>
        <h1>"Sign in"</h1>
        {(!draft.is_empty()).then(|| view! { <p class="note">"Your words are kept. You see them again when you are signed in."</p> })}
        <SignInForm form/>
        <ul>
            <li><a href="/join">"I have a code"</a></li>
            <li><a href="/recover">"I cannot sign in"</a></li>
            <li><a href="/help">"I need help now"</a></li>
        </ul>
    }
}

/// The form of `/sign-in`, with what was typed elsewhere when a session had ended.
#[component]
pub fn SignInForm(
    /// The form: `next` is where to go on to, `draft` what was typed there.
    form: Fields,
) -> impl IntoView {
    let own = form.typed("own") == "yes";
    let hidden = |name: &'static str| {
        let value = form.typed(name).to_owned();
        (!value.is_empty()).then(|| view! { <input type="hidden" name=name value=value/> })
    };
    view! {
        <form method="post" action="/sign-in" novalidate>
            {hidden("next")}
            {hidden("draft")}
            <TextField field=form.field("username") label="Username" hint="Two words and two numbers, such as amber-otter-42"
                autocomplete="username"/>
            <Secret field=form.field("passphrase") label="Passphrase" hint="The words you chose when you joined"
                autocomplete="current-password"/>
            <OwnPhone own/>
            <Submit label="Sign in"/>
        </form>
    }
}

#[component]
fn OwnPhone(own: bool) -> impl IntoView {
    view! {
        <div class="field">
            <label class="choice"><input type="checkbox" name="own" value="yes" checked=own/>
                <span>"This is my own phone" <span class="hint">" Leave it empty if other people use this phone. You will be signed out after 20 minutes."</span></span>
            </label>
        </div>
    }
}

/// `/sign-in/second`, for a young person on a device that is not known, or who came back by a sent code.
#[component]
pub fn Second(
    /// The form, as sent or empty.
    form: Fields,
    /// They came back by a sent code alone: it takes one that was not sent.
    one_road: bool,
    /// A code was asked for a moment ago.
    sent: bool,
) -> impl IntoView {
    let own = form.typed("own") == "yes";
    let next = form.typed("next").to_owned();
    let why = if one_road {
        "You came back with a code we sent to your email address. For what comes next we want to be surer that it is you."
    } else {
        "We do not know this phone yet. This keeps your messages and your plan safe if somebody knows your passphrase."
    };
    let send = (!one_road).then(|| {
        view! {
            <form method="post" action="/sign-in/second">
                <input type="hidden" name="next" value=next.clone()/>
                <p><button class="btn quiet" name="do" value="send">"Send a code to my email"</button></p>
            </form>
        }
    });
    view! {
        <nav class="back" aria-label="Back"><a href="/me">"Back"</a></nav>
        <Errors form=form.clone()/>
        {sent.then(|| view! {
            <div class="flash" role="status"><p>"If you confirmed an email address with us, a code is on its way there. It works for 10 minutes."</p></div>
        })}
        <h1>"Prove it is you"</h1>
        <p class="lead">{why}</p>
        <form method="post" action="/sign-in/second" novalidate>
            <input type="hidden" name="next" value=next.clone()/>
            <TextField field=form.field("second") label="Your code, or the six words of your card"
                hint="A code has 8 letters and numbers, such as ABCD‑2345. Your personal adviser can give you one on the phone."
                autocomplete="one-time-code"/>
            <OwnPhone own/>
            <Submit label="Continue"/>
        </form>
        {send}
        <h2>"No code and no card?"</h2>
        <p>"You can still "<a href="/me/messages">"send a message"</a>" to your team now, or "<a href="/cannot-sign-in">"ask us to call you"</a>"."</p>
    }
}

/// `/sign-in/again`.
#[component]
pub fn Again(
    /// The form, as sent or empty.
    form: Fields,
    /// The reader is staff.
    staff: bool,
) -> impl IntoView {
    let why = if staff {
        "This can change or show a lot, so we ask for your passphrase again."
    } else {
        "What comes next is private, so we ask for your passphrase again. It then stays open for 15 minutes."
    };
    view! {
        <Errors form=form.clone()/>
        <h1>"Type your passphrase again"</h1>
        <p class="lead">{why}</p>
        <form method="post" action="/sign-in/again" novalidate>
            <input type="hidden" name="next" value=form.typed("next").to_owned()/>
            <Secret field=form.field("passphrase") label="Passphrase" autocomplete="current-password"/>
            <Submit label="Continue"/>
        </form>
    }
}

/// The code generator that a member of staff sets up, or has.
#[derive(Clone)]
pub struct Generator {
    /// What it shares with us, while it is set up; `None` once it counts.
    pub secret: Option<String>,
    /// The site's name.
    pub site: String,
}

/// `/sign-in/second`, for staff with a code generator.
#[component]
pub fn GeneratorCode(
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    view! {
        <Errors form=form.clone()/>
        <h1>"Your code"</h1>
        <StepForm form/>
        <p>"New phone, or no phone? An administrator can give you a code to start again."</p>
    }
}

/// `/sign-in/second`, for staff who have no code generator yet.
#[component]
pub fn NewGenerator(
    /// What it shares with us.
    generator: Generator,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let secret = generator.secret.unwrap_or_default();
    let site: String = form_urlencoded::byte_serialize(generator.site.as_bytes()).collect();
    let site = site.replace('+', "%20");
    let address = format!("otpauth://totp/{site}?secret={secret}&issuer={site}");
    let groups: Vec<String> =
        secret.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect();
    view! {
        <Errors form=form.clone()/>
        <h1>"Set up your codes"</h1>
        <p class="lead">"Staff sign in with a passphrase and a code from an app on their phone. You do this once."</p>
        <ol>
            <li>"Open an app that makes codes, such as Microsoft Authenticator, and add an account."</li>
            <li>
                "Let it read this picture, or type the key below."
                <Qr text=address label="The key for your app, as a QR code".to_owned()/>
                <p>"Key: " <strong class="secret">{groups.join(" ")}</strong></p>
            </li>
            <li>"Type the code that the app shows now."</li>
        </ol>
        <StepForm form/>
    }
}

#[component]
fn StepForm(form: Fields) -> impl IntoView {
    view! {
        <form method="post" action="/sign-in/second" novalidate>
            <input type="hidden" name="next" value=form.typed("next").to_owned()/>
            <TextField field=form.field("second") label="Code from your app" hint="6 numbers, new every half minute"
                narrow=true autocomplete="one-time-code"/>
            <Submit label="Continue"/>
        </form>
    }
}

/// `/recover`: every way back in.
#[component]
pub fn Recover() -> impl IntoView {
    view! {
        <nav class="back" aria-label="Back"><a href="/sign-in">"Sign in"</a></nav>
        <h1>"Get back in"</h1>
        <p class="lead">"Lost your phone, your username or your passphrase? You can get back in without an email address."</p>
        <ul class="cards">
            <li><a href="/cannot-sign-in"><strong>"Ask for a code"</strong>" "<span>"Call your personal adviser or the team, or let us call you"</span></a></li>
            <li><a href="/join"><strong>"I have a code"</strong>" "<span>"8 letters and numbers from your personal adviser"</span></a></li>
            <li><a href="/recover/sent"><strong>"Send a code to my email"</strong>" "<span>"If you confirmed an email address with us"</span></a></li>
            <li><a href="/recover/card"><strong>"I have my card"</strong>" "<span>"The six words you wrote down"</span></a></li>
        </ul>
        <p>"You choose new words yourself. Nobody else sees them. Everywhere else you are signed out."</p>
    }
}

/// `/recover/card`.
#[component]
pub fn CardForm(
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let own = form.typed("own") == "yes";
    view! {
        <Errors form=form.clone()/>
        <nav class="back" aria-label="Back"><a href="/recover">"Get back in"</a></nav>
        <h1>"Use your card"</h1>
        <p class="lead">"A card works once. Afterwards you can make a new one."</p>
        <form method="post" action="/recover/card" novalidate>
            <TextField field=form.field("username") label="Username" autocomplete="username"/>
            <TextField field=form.field("card") label="The six words of your card"/>
            <Offered form=form.clone()/>
            <NewPassphrase form/>
            <OwnPhone own/>
            <Submit label="Get back in"/>
        </form>
    }
}

/// A passphrase that we made up.
#[component]
fn Offered(form: Fields) -> impl IntoView {
    let offered = form.typed("offer").to_owned();
    view! {
        <input type="hidden" name="offer" value=offered.clone()/>
        <div class="note">
            <h2>"A passphrase you can use"</h2>
            <p><strong>{offered}</strong></p>
            <p>"We picked these four words for you. Write them down and keep them safe, or choose your own words below."</p>
        </div>
    }
}

#[component]
fn NewPassphrase(form: Fields) -> impl IntoView {
    view! {
        <Secret field=form.field("passphrase") label="Your passphrase"
            hint="Type the four words, or 15 or more characters of your own. Never tell it to anyone. We will never ask you for it."
            autocomplete="new-password"/>
    }
}

/// `/join`: a one-time code and a date of birth.
#[component]
pub fn Join(
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let own = form.typed("own") == "yes";
    view! {
        <Errors form=form.clone()/>
        <h1>"Use your code"</h1>
        <p class="lead">"Your personal adviser gives you a code. You do not need an email address or a phone number."</p>
        <form method="post" action="/join" novalidate>
            <TextField field=form.field("code") label="Your code" hint="8 letters and numbers, such as ABCD‑2345" narrow=true
                autocomplete="one-time-code"/>
            <BirthDate form=form.clone() label="Your date of birth"
                hint="For example, 27 3 2008. If you work for the council, leave it empty."/>
            <TextField field=form.field("username") label="Your username" hint="You can keep the one we made, or write your own"
                autocomplete="username"/>
            <Offered form=form.clone()/>
            <NewPassphrase form/>
            <OwnPhone own/>
            <Submit label="Join"/>
        </form>
        <p><a href="/sign-in">"I already have a username"</a></p>
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
