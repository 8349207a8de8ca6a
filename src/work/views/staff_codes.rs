//! `/work/staff-codes`.

use leptos::prelude::*;

use crate::people::StaffId;
use crate::ui::Errors;
use crate::web::forms::Fields;

/// A code of a member of staff that waits for the reader.
#[derive(Clone, Debug)]
pub struct WaitingCode {
    /// Whose.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// The name of the administrator who gave it.
    pub by: String,
}

/// `/work/staff-codes`.
#[component]
pub fn StaffCodes(
    /// Those that wait, the oldest first.
    codes: Vec<WaitingCode>,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let none = codes.is_empty();
    let rows = codes.into_iter().map(|code| {
        view! {
            <form class="note" method="post" action="/work/staff-codes">
                <input type="hidden" name="staff" value=code.staff.to_string()/>
                <p><strong>{format!("{} gave {} a code.", code.by, code.name)}</strong>" Say yes only if you are sure that it is them who asked: with it they choose a new passphrase."</p>
                <button class="btn">{format!("Yes, the code of {} may work", code.name)}</button>
            </form>
        }
    });
    view! {
        <nav class="back" aria-label="Back"><a href="/work">"Today"</a></nav>
        <Errors form/>
        <h1>"Codes of your team"</h1>
        <p class="lead" id="staff">"A code that lets somebody of your team in again works when you, or a second administrator, say yes."</p>
        {none.then(|| view! { <p>"No code waits for you."</p> })}
        {rows.collect_view()}
    }
}
