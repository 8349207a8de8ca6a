//! Form parts, after the GOV.UK conventions: the label is the question, a hint below it, and what
//! is wrong in words between the two and the box.

use leptos::prelude::*;

use crate::web::forms::{Field, Fields};

/// The error summary: stands first, and leads to each field.
#[component]
pub fn Errors(
    /// The form that was sent.
    form: Fields,
) -> impl IntoView {
    (!form.ok()).then(|| {
        let rows = form.faults().iter().map(|(name, says)| {
            view! { <li><a href=format!("#{name}")>{says.clone()}</a></li> }
        });
        view! {
            <div class="errors" role="alert" tabindex="-1" autofocus aria-labelledby="errors-h">
                <h2 id="errors-h">"There is a problem"</h2>
                <ul>{rows.collect_view()}</ul>
            </div>
        }
    })
}

/// `name-h name-e`: what describes the box.
fn described(field: &Field, hint: bool) -> Option<String> {
    let ids = [hint.then(|| format!("{}-h", field.name)), field.fault.is_some().then(|| format!("{}-e", field.name))];
    let ids: Vec<_> = ids.into_iter().flatten().collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

#[component]
fn Around(field: Field, label: String, hint: Option<String>, children: Children) -> impl IntoView {
    let name = field.name;
    let class = if field.fault.is_some() { "field bad" } else { "field" };
    view! {
        <div class=class>
            <label for=name>{label}</label>
            {hint.map(|hint| view! { <p class="hint" id=format!("{name}-h")>{hint}</p> })}
            {field.fault.map(|fault| view! {
                <p class="err" id=format!("{name}-e")><span class="vh">"Error: "</span>{fault}</p>
            })}
            {children()}
        </div>
    }
}

/// A box for one line.
#[component]
pub fn TextField(
    /// The field.
    field: Field,
    /// The question.
    #[prop(into)]
    label: String,
    /// Words under the question.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The `type` of the box.
    #[prop(default = "text")]
    kind: &'static str,
    /// What a password manager may fill in.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// The keyboard of a phone.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// A short box.
    #[prop(optional)]
    narrow: bool,
) -> impl IntoView {
    let described = described(&field, hint.is_some());
    let (name, value, invalid) = (field.name, field.value.clone(), field.fault.is_some().then_some("true"));
    view! {
        <Around field label hint>
            <input id=name name=name type=kind value=value class=narrow.then_some("narrow") aria-describedby=described
                aria-invalid=invalid autocomplete=autocomplete inputmode=inputmode spellcheck="false" autocapitalize="none"/>
        </Around>
    }
}

/// A box for a secret. Never filled again by us; shown in clear when the reader asks for it.
#[component]
pub fn Secret(
    /// The field.
    field: Field,
    /// The question.
    #[prop(into)]
    label: String,
    /// Words under the question.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What a password manager may fill in.
    autocomplete: &'static str,
) -> impl IntoView {
    let described = described(&field, hint.is_some());
    let (name, invalid) = (field.name, field.fault.is_some().then_some("true"));
    view! {
        <Around field label hint>
            <input id=name name=name type="password" aria-describedby=described aria-invalid=invalid autocomplete=autocomplete/>
        </Around>
    }
}

/// A box for several lines.
#[component]
pub fn TextArea(
    /// The field.
    field: Field,
    /// The question.
    #[prop(into)]
    label: String,
    /// Words under the question.
    #[prop(optional, into)]
    hint: Option<String>,
    /// How many lines it shows.
    #[prop(default = 5)]
    rows: u16,
    /// For text that a program reads.
    #[prop(optional)]
    code: bool,
) -> impl IntoView {
    let described = described(&field, hint.is_some());
    let (name, invalid) = (field.name, field.fault.is_some().then_some("true"));
    // Browsers drop the first line break of a text area: ours must not be the reader's.
    let text = format!("\n{}", field.value);
    view! {
        <Around field label hint>
            <textarea id=name name=name rows=rows class=code.then_some("code") aria-describedby=described aria-invalid=invalid>
                {text}
            </textarea>
        </Around>
    }
}

/// A file to choose.
#[component]
pub fn FileField(
    /// The field.
    field: Field,
    /// The question.
    #[prop(into)]
    label: String,
    /// Words under the question.
    #[prop(into)]
    hint: String,
    /// The kinds of file that are offered first.
    accept: &'static str,
) -> impl IntoView {
    let described = described(&field, true);
    let (name, invalid) = (field.name, field.fault.is_some().then_some("true"));
    view! {
        <Around field label hint=Some(hint)>
            <input id=name name=name type="file" accept=accept aria-describedby=described aria-invalid=invalid/>
        </Around>
    }
}

/// One of a few choices, all to be seen.
#[component]
pub fn Radios<T: Into<String> + 'static>(
    /// The field.
    field: Field,
    /// The question.
    #[prop(into)]
    label: String,
    /// Words under the question.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is sent, and its words.
    choices: Vec<(T, String)>,
    /// The question is what the page is called.
    #[prop(optional)]
    heading: bool,
) -> impl IntoView {
    let (name, bad) = (field.name, field.fault.is_some());
    let described = described(&field, hint.is_some());
    let rows = choices.into_iter().enumerate().map(|(n, (value, says))| {
        let value: String = value.into();
        let checked = field.value == value;
        // The summary leads to the first.
        view! {
            <label class="choice">
                <input type="radio" id=(n == 0).then_some(name) name=name value=value checked=checked/>
                {says}
            </label>
        }
    });
    let rows = rows.collect_view();
    view! {
        <fieldset class=bad.then_some("bad") aria-describedby=described>
            <Legend label heading/>
            {hint.map(|hint| view! { <p class="hint" id=format!("{name}-h")>{hint}</p> })}
            {field.fault.map(|fault| view! {
                <p class="err" id=format!("{name}-e")><span class="vh">"Error: "</span>{fault}</p>
            })}
            {rows}
        </fieldset>
    }
}

/// The question over several answers.
#[component]
fn Legend(label: String, heading: bool) -> impl IntoView {
    if heading {
        view! { <legend><h1>{label}</h1></legend> }.into_any()
    } else {
        view! { <legend>{label}</legend> }.into_any()
    }
}

/// Any of a few choices, each a box of its own name.
#[component]
pub fn Ticks(
    /// The boxes with their words; what is wrong stands with the first.
    boxes: Vec<(Field, String)>,
    /// The question.
    #[prop(into)]
    label: String,
    /// Words under the question.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The question is what the page is called.
    #[prop(optional)]
    heading: bool,
) -> impl IntoView {
    let first = boxes.first().map(|(field, _)| field.clone()).unwrap_or_default();
    let fault = first.fault.clone().map(|fault| (first.name, fault));
    let bad = fault.as_ref().map(|_| "bad");
    let described = described(&first, hint.is_some());
    let rows = boxes.into_iter().map(|(Field { name, value, .. }, says)| {
        view! {
            <label class="choice">
                <input type="checkbox" id=name name=name value="yes" checked=value == "yes"/>
                {says}
            </label>
        }
    });
    let rows = rows.collect_view();
    view! {
        <fieldset class=bad aria-describedby=described>
            <Legend label heading/>
            {hint.map(|hint| view! { <p class="hint" id=format!("{}-h", first.name)>{hint}</p> })}
            {fault.map(|(name, fault)| view! {
                <p class="err" id=format!("{name}-e")><span class="vh">"Error: "</span>{fault}</p>
            })}
            <div class="ticks">{rows}</div>
        </fieldset>
    }
}

/// One of many choices.
#[component]
pub fn Select(
    /// The field.
    field: Field,
    /// The question.
    #[prop(into)]
    label: String,
    /// Words under the question.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is sent, and its words. The first is chosen when none is.
    choices: Vec<(String, String)>,
) -> impl IntoView {
    let described = described(&field, hint.is_some());
    let (name, invalid, chosen) = (field.name, field.fault.is_some().then_some("true"), field.value.clone());
    let rows = choices.into_iter().map(|(value, says)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{says}</option> }
    });
    let rows = rows.collect_view();
    view! {
        <Around field label hint>
            <select id=name name=name aria-describedby=described aria-invalid=invalid>{rows}</select>
        </Around>
    }
}

/// The one-time key of a signed-in form: the same key twice is one act.
#[component]
pub fn OneTimeKey(
    /// The form: a key that was sent is kept, so that another try is still the same act.
    form: Fields,
) -> impl IntoView {
    let sent = form.typed("key").to_owned();
    let key = match crate::id::unhex(&sent).map(|key| key.len()) {
        Some(16) => sent,
        // Without a key the post is refused with a sentence, so nothing can be done twice.
        _ => crate::vault::random::<16>().map(|key| crate::id::hex(&key)).unwrap_or_default(),
    };
    view! { <input type="hidden" name="key" value=key/> }
}

/// Where a page sends what is typed in it, to be kept until it is saved: `data-draft` of its form.
pub const KEEP_DRAFT: &str = "/sign-in/draft";

/// What is typed and chosen in the form comes along through a sign-in or a proof; in one with `data-draft` it is also kept
/// while it is typed, until the form is sent.
#[component]
pub fn KeepsDraft(
    /// The page that it is typed on.
    place: String,
    /// The form: filled with `kept` when its words were typed before and not saved.
    form: Fields,
) -> impl IntoView {
    let kept = !form.typed("kept").is_empty();
    view! {
        <input type="hidden" name="place" value=place/>
        <p class="hint" role="status">{kept.then_some("You typed this before. It is not saved yet.")}</p>
    }
}

/// The button that sends the form.
#[component]
pub fn Submit(
    /// Its words.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! { <p><button class="btn">{label}</button></p> }
}

/// A date of birth in three boxes, `born-day`, `born-month` and `born-year`; what is wrong stands at `born`.
#[component]
pub fn BirthDate(
    /// The form, as sent or empty.
    form: Fields,
    /// The question.
    #[prop(into)]
    label: String,
    /// Words under the question.
    #[prop(optional, into)]
    hint: Option<String>,
) -> impl IntoView {
    let field = form.field("born");
    let described = described(&field, hint.is_some());
    let class = if field.fault.is_some() { "field bad" } else { "field" };
    let part = |name: &'static str, label: &'static str| {
        view! {
            <label for=name>{label}
                <input id=name name=name class="narrow" inputmode="numeric" value=form.typed(name).to_owned()
                    aria-describedby=described.clone()/>
            </label>
        }
    };
    view! {
        <fieldset id="born" class=class>
            <legend>{label}</legend>
            {hint.map(|hint| view! { <p class="hint" id="born-h">{hint}</p> })}
            {field.fault.map(|fault| view! { <p class="err" id="born-e"><span class="vh">"Error: "</span>{fault}</p> })}
            <div class="dates">{part("born-day", "Day")}{part("born-month", "Month")}{part("born-year", "Year")}</div>
        </fieldset>
    }
}
