//! The quick check-in.

use leptos::prelude::*;

use crate::messages::Feel;
use crate::ui::{Errors, OneTimeKey, Radios, TextArea};
use crate::web::forms::Fields;

/// `/me/check-in`.
#[component]
pub fn QuickCheckIn(
    /// The lines that answer now.
    danger: AnyView,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let choices = Feel::ALL.map(|feel| (feel.as_str(), feel.says().to_owned())).to_vec();
    let call = form.typed("call") == "yes";
    view! {
        <nav class="back" aria-label="Back"><a href="/me">"Home"</a></nav>
        <Errors form=form.clone()/>
        <h1>"Quick check-in"</h1>
        <p>"Tap how things are. Whoever works with you sees it. You never have to do this."</p>
        <form method="post" action="/me/check-in" novalidate>
            <OneTimeKey form=form.clone()/>
            <Radios field=form.field("feel") label="How are things?" choices/>
            <label class="choice"><input type="checkbox" name="call" value="yes" checked=call/>"Please call me"</label>
            <TextArea field=form.field("body") label="Anything you want to say? (you can leave it empty)" rows=3/>
            <p><button class="btn">"Send"</button></p>
        </form>
        {danger}
    }
}
