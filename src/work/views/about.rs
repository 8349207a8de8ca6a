//! What a young person wants to be known of them.

use leptos::prelude::*;

use crate::ui::{Errors, KeepsDraft, Submit, TextArea};
use crate::web::forms::Fields;

/// `/me/about`.
#[component]
pub fn AboutMe(
    /// The form, as sent, or with what stands there.
    form: Fields,
) -> impl IntoView {
    view! {
        <nav class="back" aria-label="Back"><a href="/me">"Home"</a></nav>
        <Errors form=form.clone()/>
        <h1>"About me"</h1>
        <p>"Whoever works with you reads this, also when somebody new takes over: so you do not have to tell it again. Write as much or as little as you like."</p>
        <form method="post" action="/me/about" novalidate>
            <KeepsDraft place="/me/about".to_owned() form=form.clone()/>
            <TextArea field=form.field("about") label="What should they know?" hint="How you like to be contacted. What helps. What does not. What you are good at." rows=10/>
            <Submit label="Save"/>
        </form>
    }
}
