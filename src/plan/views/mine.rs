//! The plan as the young person reads it, and what they say of it.

use jiff::civil::Date;
use leptos::prelude::*;

use super::actions::HeadingActions;
use super::{Reader, Said, Text, Whole, day, due_says};
use crate::plan::action::Side;
use crate::plan::{Field, Heading, Opinion, Sheet};
use crate::ui::{Errors, KEEP_DRAFT, KeepsDraft, OneTimeKey, Radios, Submit, TextArea};
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
    let moved = whole.is_new(whole.known.review_at).then(|| view! { " "<span class="tag">"New"</span> });
    let due = whole.due.map(|due| view! { <p>{due_says(due, today, true)}{moved}</p> });
    let body = match whole.shared.clone() {
        None => view! {
            <p>{format!("Your plan is not here yet. Ask {worker} when you can make it together.")}</p>
            <p>"You can begin: tell us what you want. Whoever works with you sees it. "<a href="/me/plan/goals">"Ideas for goals"</a></p>
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
                <Agreeing whole=whole.clone() version=version.number/>
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
        <p class="row"><a href="/me/plan/versions">"All versions"</a>" "<a href="/me/plan/print">"Print my plan"</a>" "<a href="/me/plan/print/short">"Print it on one side"</a></p>
    }
}

/// The button that agrees with every part of which nothing was said, while there is one.
#[component]
fn Agreeing(whole: Whole, version: i64) -> impl IntoView {
    let said = |heading: Heading, wanted: &[Opinion]| {
        let mut of = whole.says.iter().filter(|say| say.version == version && say.heading == heading);
        of.any(|say| wanted.contains(&say.opinion))
    };
    let mut written = whole.sheets.iter().filter(|sheet| !sheet.is_empty());
    let open = written.any(|sheet| !said(sheet.heading, &[Opinion::Agree, Opinion::Disagree]));
    let disagrees = Heading::ALL.into_iter().any(|heading| said(heading, &[Opinion::Disagree]));
    let (asks, agrees) = if disagrees {
        ("Do you agree with the rest of it?", "I agree with the rest of it")
    } else {
        ("Do you agree with all of it?", "I agree with all of it")
    };
    open.then(|| {
        view! {
            <form class="note" method="post" action="/me/plan/agree">
                <h2>{asks}</h2>
                <p>"You can also say what you think of each part. If you do not agree, say so there: it is kept in your words."</p>
                <OneTimeKey form=Fields::default()/>
                <input type="hidden" name="version" value=version/>
                <button class="btn">{agrees}</button>
            </form>
        }
    })
}

fn want_path(heading: Heading) -> String {
    format!("/me/plan/want/{}", heading.as_str())
}

/// What changed since they last looked, in words.
#[component]
fn Changes(whole: Whole) -> impl IntoView {
    let (changed, moved) = (whole.changed(), whole.moved(Side::Person).count());
    let (review, money) = (whole.is_new(whole.known.review_at), whole.is_new(whole.known.money_at));
    let since = whole.known.until.map(day)?;
    let rows = changed.into_iter().map(|(heading, field)| {
        let says =
            format!("{}: {}", heading.title(), field.title(true).to_lowercase().replace("what i want", "what I want"));
        view! { <li><a href=format!("#{}", heading.as_str())>{says}</a></li> }
    });
    let rows: Vec<_> = rows.collect();
    let none = rows.is_empty() && moved == 0 && !review && !money;
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
                <ul>
                    {rows}
                    {moved}
                    {money.then(|| view! { <li><a href="/me/plan/money">"Money: what you are to get, or what you had"</a></li> })}
                    {review.then(|| view! { <li><a href="/me/plan/meeting">"When you talk about it"</a></li> })}
                </ul>
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
        let until = whole.known.until;
        view! {
            <section class="heading" id=heading.as_str()>
                <h2>{heading.title()}</h2>
                {sheet.is_empty().then(|| view! { <p class="meta">"Nothing here yet."</p> })}
                <Texts sheet=sheet.clone() before mine=true/>
                {next.map(|next| view! {
                    <h3>"What I want, in the next version"</h3>
                    <p class="pre">{next}</p>
                })}
                <p class="row">
                    <a href=want_path(heading)>"Write what I want"<span class="vh">{format!(": {}", heading.title())}</span></a>" "
                    <a href=format!("/me/plan/goals#{}", heading.as_str())>"Ideas for goals"<span class="vh">{format!(": {}", heading.title())}</span></a>
                </p>
                {(!none).then(|| view! { <h3>"Who does what"</h3> })}
                <HeadingActions actions reader base="/me/plan/actions".to_owned() until today/>
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
    let place = format!("/me/plan/say/{}", heading.as_str());
    let choices = Opinion::ALL.map(|opinion| (opinion.as_str(), opinion.mine().to_owned())).to_vec();
    view! {
        <nav class="back" aria-label="Back"><a href=format!("/me/plan#{}", heading.as_str())>"My plan"</a></nav>
        <Errors form=form.clone()/>
        <h1>{format!("What I think: {}", heading.title())}</h1>
        <details><summary>"What the plan says"</summary><Texts sheet before=None mine=true/></details>
        <form method="post" action=place.clone() data-draft=KEEP_DRAFT novalidate>
            <OneTimeKey form=form.clone()/>
            <input type="hidden" name="version" value=version/>
            <Radios field=form.field("opinion") label="What do you think?" choices/>
            <TextArea field=form.field("body") label="In my own words" hint="Nobody can change what you write here. It stays with this version of your plan." rows=5/>
            <KeepsDraft place=place.clone() form=form.clone()/>
            <Submit label="Save"/>
        </form>
    }
}
