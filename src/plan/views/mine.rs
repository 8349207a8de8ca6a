//! The plan as the young person reads it, and what they say of it.

use jiff::civil::Date;
use leptos::prelude::*;

use super::actions::HeadingActions;
use super::{Reader, Said, Text, Whole, day, due_says};
use crate::plan::{Field, Heading, Opinion, Sheet};
use crate::ui::{Errors, OneTimeKey, Radios, Submit, TextArea};
use crate::web::forms::Fields;

/// `/me/plan`.
#[component]
pub fn MyPlan(
    /// The plan.
    whole: Whole,
    /// The name of the worker who leads.
    lead: Option<String>,
    /// Today in London.
    today: Date,
) -> impl IntoView {
    let worker = lead.clone().unwrap_or_else(|| "your personal adviser".to_owned());
    let due = whole.due.map(|due| view! { <p>{due_says(due, today, true)}</p> });
    let body = match whole.shared.clone() {
        None => view! {
            <p>{format!("Your plan is not here yet. Ask {worker} when you can make it together.")}</p>
            <p>"You can begin: tell us what you want. Whoever works with you sees it."</p>
            <ul>
                {Heading::ALL.map(|heading| {
                    let next = whole.next.as_ref().and_then(|next| next.iter().find(|next| next.heading == heading));
                    let own = next.filter(|next| next.theirs).and_then(|next| next.clone().take(Field::Want));
                    view! {
                        <li>
                            <a href=want_path(heading)>{heading.title()}</a>
                            {own.map(|own| view! { <p class="pre">{own}</p> })}
                        </li>
                    }
                }).collect_view()}
            </ul>
            <p><a href="/offer/pathway-plan">"What a pathway plan is, and what must be in it"</a></p>
        }
        .into_any(),
        Some(version) => {
            let shared = version.shared_at.unwrap_or(version.made_at);
            let says = format!("Version {}, shared with you on {}.", version.number, day(shared));
            let signed = version.signed_at.map(|at| format!(" Signed off by the manager on {}.", day(at)));
            let sections = parts(&whole, &lead, today);
            view! {
                <p class="meta">{says}{signed}</p>
                <Changes whole=whole.clone()/>
                {sections}
                <form class="note" method="post" action="/me/plan/agree">
                    <h2>"Do you agree with all of it?"</h2>
                    <p>"You can also say what you think of each part. If you do not agree, say so there: it is kept in your words."</p>
                    <OneTimeKey form=Fields::default()/>
                    <input type="hidden" name="version" value=version.number/>
                    <button class="btn">"I agree with all of it"</button>
                </form>
            }
            .into_any()
        }
    };
    view! {
        <h1>"My plan"</h1>
        <p class="lead">{format!("This is your pathway plan. You and {worker} make it together.")}</p>
        {due}
        <ul class="cards">
            <li><a href="/me/plan/actions"><strong>"Who does what"</strong>" "<span>"See all of it, add to it, say how far it is"</span></a></li>
            <li><a href="/me/plan/money"><strong>"Money"</strong>" "<span>"What you are to get, what you had, what is left"</span></a></li>
            <li><a href="/me/plan/meeting"><strong>"Get ready for my meeting"</strong>" "<span>"What you want to talk about, or ask for one"</span></a></li>
            <li><a href="/me/if-it-goes-wrong"><strong>"If it goes wrong"</strong>" "<span>"What I do and who I call"</span></a></li>
        </ul>
        {body}
        <p class="row"><a href="/me/plan/versions">"All versions"</a>" "<a href="/me/plan/print">"Print my plan"</a></p>
    }
}

fn want_path(heading: Heading) -> String {
    format!("/me/plan/want/{}", heading.as_str())
}

/// What changed since they last looked, in words.
#[component]
fn Changes(whole: Whole) -> impl IntoView {
    let (changed, moved) = (whole.changed(), whole.moved(true));
    let since = whole.known_until.map(day)?;
    let rows = changed.into_iter().map(|(heading, field)| {
        let says =
            format!("{}: {}", heading.title(), field.title(true).to_lowercase().replace("what i want", "what I want"));
        view! { <li><a href=format!("#{}", heading.as_str())>{says}</a></li> }
    });
    let rows: Vec<_> = rows.collect();
    let none = rows.is_empty() && moved == 0;
    let moved = (moved > 0).then(|| {
        let many = if moved == 1 { "1 action".to_owned() } else { format!("{moved} actions") };
        view! { <li><a href="/me/plan/actions">{format!("{many} changed by whoever works with you")}</a></li> }
    });
    Some(if none {
        view! { <p class="meta">{format!("Nothing has changed since you last looked, on {since}.")}</p> }.into_any()
    } else {
        view! {
            <div class="note">
                <h2>{format!("What changed since you last looked, on {since}")}</h2>
                <ul>{rows}{moved}</ul>
            </div>
        }
        .into_any()
    })
}

fn parts(whole: &Whole, lead: &Option<String>, today: Date) -> AnyView {
    let reader = Reader::Person(lead.clone());
    let parts = whole.sheets.iter().map(|sheet| {
        let heading = sheet.heading;
        let before = whole.before.as_ref().and_then(|before| before.iter().find(|old| old.heading == heading)).cloned();
        let next = whole.next.as_ref().and_then(|next| next.iter().find(|next| next.heading == heading));
        let next = next.filter(|next| next.theirs && next.text(Field::Want) != sheet.text(Field::Want));
        let next = next.and_then(|next| next.clone().take(Field::Want));
        let says: Vec<_> = whole.says.iter().filter(|say| say.heading == heading).cloned().collect();
        let actions: Vec<_> = whole.actions.iter().filter(|one| one.heading == heading).cloned().collect();
        let none = actions.is_empty();
        let reader = reader.clone();
        view! {
            <section class="heading" id=heading.as_str()>
                <h2>{heading.title()}</h2>
                {sheet.is_empty().then(|| view! { <p class="meta">"Nothing here yet."</p> })}
                <Texts sheet=sheet.clone() before mine=true/>
                {next.map(|next| view! {
                    <h3>"What I want, in the next version"</h3>
                    <p class="pre">{next}</p>
                })}
                <p><a href=want_path(heading)>"Write what I want"<span class="vh">{format!(": {}", heading.title())}</span></a></p>
                {(!none).then(|| view! { <h3>"Who does what"</h3> })}
                <HeadingActions actions reader base="/me/plan/actions".to_owned() today/>
                {(!says.is_empty()).then(|| view! { <h3>"What I think"</h3><Said says called=None/> })}
                <p><a href=format!("/me/plan/say/{}", heading.as_str())>"Say what I think"<span class="vh">{format!(": {}", heading.title())}</span></a></p>
            </section>
        }
    });
    parts.collect_view().into_any()
}

/// The texts of a part that hold anything.
#[component]
pub(super) fn Texts(
    /// The part.
    sheet: Sheet,
    /// The part as the reader knew it.
    before: Option<Sheet>,
    /// To the young person.
    mine: bool,
) -> impl IntoView {
    let texts = Field::ALL.map(|field| {
        let (now, old) = (sheet.text(field).map(str::to_owned), before.as_ref().map(|old| old.text(field)));
        let old = old.map(|old| old.unwrap_or_default().to_owned());
        let changed = old.as_ref().is_some_and(|old| *old != now.clone().unwrap_or_default());
        (now.is_some() || changed).then(|| {
            view! {
                <h3>{field.title(mine)}" "{changed.then(|| view! { <span class="tag">"Changed"</span> })}</h3>
                <Text text=now before=old/>
            }
        })
    });
    texts.collect_view()
}

/// `/me/plan/say/{heading}`.
#[component]
pub fn Saying(
    /// The part.
    sheet: Sheet,
    /// Of which version.
    version: i64,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let heading = sheet.heading;
    let choices = Opinion::ALL.map(|opinion| (opinion.as_str(), opinion.mine().to_owned())).to_vec();
    view! {
        <nav class="back" aria-label="Back"><a href=format!("/me/plan#{}", heading.as_str())>"My plan"</a></nav>
        <Errors form=form.clone()/>
        <h1>{format!("What I think: {}", heading.title())}</h1>
        <details><summary>"What the plan says"</summary><Texts sheet before=None mine=true/></details>
        <form method="post" action=format!("/me/plan/say/{}", heading.as_str()) novalidate>
            <OneTimeKey form=form.clone()/>
            <input type="hidden" name="version" value=version/>
            <Radios field=form.field("opinion") label="What do you think?" choices/>
            <TextArea field=form.field("words") label="In my own words" hint="Nobody can change what you write here. It stays with this version of your plan." rows=5/>
            <Submit label="Save"/>
        </form>
    }
}

/// `/me/plan/print`: all of it, for paper.
#[component]
pub fn OnPaper(
    /// The plan.
    whole: Whole,
    /// The name they want.
    called: String,
    /// Today in London.
    today: Date,
) -> impl IntoView {
    let version = whole.shared.clone().map(|version| {
        format!("Version {}, shared on {}.", version.number, day(version.shared_at.unwrap_or(version.made_at)))
    });
    let parts = whole.sheets.iter().map(|sheet| {
        let heading = sheet.heading;
        let actions: Vec<_> =
            whole.actions.iter().filter(|one| one.heading == heading && !one.private).cloned().collect();
        let says: Vec<_> = whole.says.iter().filter(|say| say.heading == heading).cloned().collect();
        let none = sheet.is_empty() && actions.is_empty() && says.is_empty();
        (!none).then(|| {
            view! {
                <section class="heading">
                    <h2>{heading.title()}</h2>
                    <Texts sheet=sheet.clone() before=None mine=true/>
                    <HeadingActions actions reader=Reader::Person(None) base="/me/plan/actions".to_owned() today/>
                    {(!says.is_empty()).then(|| view! { <h3>"What I think"</h3><Said says called=None/> })}
                </section>
            }
        })
    });
    let parts = parts.collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href="/me/plan">"My plan"</a></nav>
        <h1>{format!("{called}: my plan")}</h1>
        <p class="meta">{version}</p>
        <p class="meta">"To print: use your browser's menu. Think about who may see the paper. What you keep for yourself is not on it."</p>
        {parts}
    }
}
