//! Every right and amount on one page, and the checker's questions and its answer.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use leptos::prelude::*;

use super::checker::{Answers, Birthday, Council, Finding, Lives, Standing, in_order};
use super::questions::{QUESTIONS, Question, asked};
use super::{Basis, Entitlement, Group, InForce};
use crate::content::{Kind, Library};
use crate::dropins::words;
use crate::help::Purpose;
use crate::offer::Area;
use crate::offer::views::{Citations, Sources, TellUs, doubts};
use crate::ui::{Errors, Exit, Frame, Part, Radios, Ticks};
use crate::web::forms::Fields;

const LEAD: &str = "Every right and every amount we know of.";

/// `/entitlements`: all of them, by part of the offer, the law first.
#[must_use]
pub fn all(library: &Library, today: Date) -> Frame {
    let mut by_area: BTreeMap<Area, Vec<&Entitlement>> = BTreeMap::new();
    let slugs: BTreeSet<String> = library.entitlements.keys().cloned().collect();
    for right in in_order(&slugs, &library.entitlements) {
        by_area.entry(right.area).or_default().push(right);
    }
    let mut cited = Citations::default();
    let jumps = by_area.keys().map(|area| {
        view! { <li><a href=format!("#{}", area.as_str())>{area.title()}</a></li> }
    });
    let jumps = jumps.collect_view();
    let areas: Vec<_> = by_area
        .into_iter()
        .map(|(area, rights)| {
            let rights: Vec<_> =
                rights.into_iter().map(|right| right_card(library, right, &mut cited, today)).collect();
            view! { <section><h2 id=area.as_str()>{area.title()}</h2>{rights}</section> }
        })
        .collect();
    let main = view! {
        <h1>"Everything you can ask for"</h1>
        <p class="lead">{LEAD} " “By law” means that the council must. “Our extra offer” is what this county adds."</p>
        <p><a class="btn" href="/entitlements/check">"What can I get?"</a></p>
        <p><a href="/keep">"Pick some for a list to keep"</a></p>
        <nav aria-label="On this page"><ul>{jumps}</ul></nav>
        {areas}
        <Sources listed=cited.into_list()/>
        <TellUs about="entitlements"/>
    };
    Frame::public("Everything you can ask for", Part::Offer, main.into_any()).summary(LEAD)
}

fn right_card(library: &Library, right: &Entitlement, cited: &mut Citations, today: Date) -> AnyView {
    let confirmed = library.confirmation(Kind::Entitlement, &right.slug).is_some();
    let marks = cited.cite(&library.sources, &right.claims, confirmed);
    let rows = [
        ("Who", Some(right.who.clone())),
        ("How", Some(right.how.clone())),
        ("Proof", right.proof.clone()),
        ("How long", right.lasts.clone()),
    ];
    let rows = rows.into_iter().filter_map(|(name, says)| Some(view! { <p><b>{name}": "</b>{says?}</p> }));
    let due = right.is_due(today).then(|| view! { <p class="meta">"We are checking this again."</p> });
    view! {
        <article class="right" id=right.slug.clone()>
            <h3>{right.name.clone()}</h3>
            <p>{tags(right, today)} " " {amount(right)} {right.rule.clone()} {marks}</p>
            {rows.collect_view()}
            {due}
        </article>
    }
    .into_any()
}

/// By law or extra, and whether it has started.
fn tags(right: &Entitlement, today: Date) -> AnyView {
    let class = match right.basis {
        Basis::Law => "tag good",
        Basis::Extra | Basis::National => "tag",
    };
    let waiting = match right.in_force {
        InForce::NotYet => Some("Not started yet".to_owned()),
        InForce::From(date) if date > today => Some(format!("From {}", words::date_with_year(date))),
        InForce::From(_) | InForce::Yes => None,
    };
    let waiting = waiting.map(|says| view! { " " <span class="tag warn">{says}</span> });
    view! { <span class=class>{right.basis.title()}</span> {waiting} }.into_any()
}

fn amount(right: &Entitlement) -> Option<AnyView> {
    let amount = right.amount.clone()?;
    // "up to £100 in total" reads as a sentence of its own.
    let mut chars = amount.chars();
    let amount: String = chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect();
    Some(view! { <b>{amount}"."</b> " " }.into_any())
}

/// One question.
#[component]
pub fn Ask(
    /// Which.
    question: &'static Question,
    /// The districts, by slug and name, for the question about where.
    districts: Vec<(String, String)>,
    /// The form, with the answers so far.
    form: Fields,
) -> impl IntoView {
    let asked = asked(&form);
    let number = asked.iter().position(|one| one.name == question.name).map_or(1, |at| at + 1);
    let first = number == 1;
    let kept = QUESTIONS.iter().filter(|other| other.name != question.name).flat_map(|other| other.fields());
    let kept = kept.filter(|name| !form.typed(name).is_empty()).map(|name| {
        view! { <input type="hidden" name=name value=form.typed(name).to_owned()/> }
    });
    let kept = kept.collect_view();
    let boxes = if question.name == "life" {
        let boxes = question
            .fields()
            .into_iter()
            .zip(question.choices(&districts))
            .map(|(name, (_, says))| (form.field(name), says));
        view! { <Ticks boxes=boxes.collect() label=question.asks hint=question.hint heading=true/> }.into_any()
    } else {
        let choices = question.choices(&districts);
        view! { <Radios field=form.field(question.name) label=question.asks hint=question.hint choices heading=true/> }
            .into_any()
    };
    view! {
        {first.then(|| view! { <nav class="back" aria-label="Back"><a href="/entitlements">"Everything you can ask for"</a></nav> })}
        <Errors form=form.clone()/>
        <form method="post" action="/entitlements/check" novalidate>
            <input type="hidden" name="step" value=question.name/>
            {kept}
            // The first button is the one that Enter presses.
            <button class="vh" name="do" value="next" tabindex="-1" aria-hidden="true">"Continue"</button>
            {(!first).then(|| view! { <p class="back"><button class="link" name="do" value="back">"Back"</button></p> })}
            <p class="meta">"Question "{number}" of "{asked.len()}</p>
            {boxes}
            <p><button class="btn" name="do" value="next">"Continue"</button></p>
        </form>
        <p class="meta">"We do not keep your answers. On a shared phone close this tab when you finish: Back can show them for ten minutes."</p>
    }
}

/// What the answers lead to.
#[must_use]
pub fn answer(library: &Library, answers: &Answers, found: &Finding, form: &Fields, today: Date) -> Frame {
    let part = |slugs: &BTreeSet<String>| rights(library, slugs, today);
    let (has, may_have) = (part(&found.has), part(&found.may_have));
    let not_started = part(&found.not_started);
    let waiting = matches!(answers.lives, Some(Lives::Nowhere)).then(|| {
        view! {
            <div class="warnbox">
                <h2>"Nowhere to live?"</h2>
                <p>"You can get help today. " <a href="/help#tonight">"Who to call for a place tonight"</a></p>
            </div>
        }
    });
    let birthdays = (!found.birthdays.is_empty()).then(|| {
        let rows =
            found.birthdays.iter().map(|birthday| birthday_row(birthday, &library.entitlements)).collect::<Vec<_>>();
        view! { <section><h2>"What changes on your birthdays"</h2><ul>{rows}</ul></section> }
    });
    let may_have = (!found.may_have.is_empty()).then(|| {
        view! {
            <section>
                <h2>"What you may get"</h2>
                <p>"These hang on more than we asked, or on something you were not sure of. Read who each is for."</p>
                {may_have}
            </section>
        }
    });
    let not_started = (!found.not_started.is_empty()).then(|| {
        view! {
            <section>
                <h2>"Planned, but not started when we checked"</h2>
                {not_started}
            </section>
        }
    });
    let main = view! {
        <h1>"What you can get"</h1>
        {waiting}
        {who_you_are(answers, found)}
        {way_on(answers, found)}
        <section>
            <h2>"What you can get now"</h2>
            {has}
        </section>
        {may_have}
        {birthdays}
        {not_started}
        {who_to_ask(library)}
        {said(library, form)}
        <p class="meta">"This is a guide, not a decision. Only your council can decide. We did not keep your answers."</p>
    };
    let exit = if matches!(answers.lives, Some(Lives::Nowhere)) { Exit::Leave } else { Exit::None };
    Frame::public("What you can get", Part::Offer, main.into_any()).exit(exit)
}

/// Rights by part of the offer, each with what it is and how to ask.
#[must_use]
pub fn rights(library: &Library, slugs: &BTreeSet<String>, today: Date) -> AnyView {
    // Who helps and what holds the help together first, then what keeps a roof overhead.
    const FIRST: [Area; 4] = [Area::PersonalAdviser, Area::PathwayPlan, Area::Accommodation, Area::Money];
    let place = |area: Area| (FIRST.iter().position(|first| *first == area).unwrap_or(FIRST.len()), area);
    let mut by_area: BTreeMap<(usize, Area), Vec<AnyView>> = BTreeMap::new();
    for right in in_order(slugs, &library.entitlements) {
        let confirmed = library.confirmation(Kind::Entitlement, &right.slug).is_some();
        let row = view! {
            <li>
                <a href=format!("/entitlements#{}", right.slug)><strong>{right.name.clone()}</strong></a> " "
                {tags(right, today)} <br/>
                {amount(right)} {right.rule.clone()} " " {doubts(&right.claims, confirmed)} <br/>
                <span class="meta"><b>"Who: "</b>{right.who.clone()} " " <b>"How: "</b>{right.how.clone()}</span>
            </li>
        };
        by_area.entry(place(right.area)).or_default().push(row.into_any());
    }
    let areas =
        by_area.into_iter().map(|((_, area), rows)| view! { <h3>{area.title()}</h3> <ul class="rights">{rows}</ul> });
    areas.collect_view().into_any()
}

/// The name of a group in law, and in plain words who is in it.
#[must_use]
pub fn group_words(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::In(Group::Eligible) => {
            ("eligible child", "16 or 17, still in care, and in care for 13 weeks or more since 14")
        }
        Standing::In(Group::Relevant) => {
            ("relevant child", "16 or 17, and left care after 13 weeks or more in care since 14")
        }
        Standing::In(Group::FormerRelevant) => {
            ("former relevant child", "18 to 24, and in care for long enough at 16 or 17")
        }
        Standing::In(Group::Qualifying) => (
            "person qualifying for advice and assistance",
            "in care at some time at 16 or 17 for less than 13 weeks, or with a special guardian after care, or back home for 6 months",
        ),
        Standing::Over25 => ("over 25", "in care at 16 or 17, and 25 or over now"),
        Standing::NotYet => ("under 16", "too young for the groups yet"),
        Standing::Outside => ("in no group", "not in care at 16 or 17"),
    }
}

fn who_you_are(answers: &Answers, found: &Finding) -> AnyView {
    let standings: Vec<Standing> = found.standings.iter().copied().collect();
    match standings.as_slice() {
        [Standing::NotYet] => view! {
            <p class="lead">"You are under 16. Most of these rights start at 16."</p>
            <p>"Your social worker and your council must help you before then. Ask them what will change at 16."</p>
        }
        .into_any(),
        [Standing::Over25] => view! {
            <p class="lead">"You are 25 or over. The help that the law gives care leavers mostly ends at 25, but not all of it."</p>
            <p>"You can still ring, and you can still see your file. Read "<a href="/offer/after-25">"life after 25"</a>"."</p>
        }
        .into_any(),
        [Standing::Outside] if answers.care == Some(super::checker::Care::Never) => view! {
            <p class="lead">"You told us that you were never in care, so the leaving care rights are not for you."</p>
            <p>"Other help is. Here is what anybody can ask for, and "<a href="/help">"who to call"</a>" when things are hard."</p>
        }
        .into_any(),
        [Standing::Outside] => view! {
            <p class="lead">"You were in care, but not at 16 or 17. The leaving care rights start with care at those ages."</p>
            <p>"You can still see your file, and ask for the help below. If you are not sure when you were in care, ask the council to look it up."</p>
        }
        .into_any(),
        [one] => {
            let (name, who) = group_words(*one);
            view! {
                <p class="lead">"In law the name for you is likely “" {name} "”."</p>
                <p>"That means: " {who} ". Say this name when you ask for help: councils use it too."</p>
            }
            .into_any()
        }
        several => {
            let rows = several.iter().map(|standing| {
                let (name, who) = group_words(*standing);
                view! { <li><strong>{name}</strong>": " {who}</li> }
            });
            view! {
                <p class="lead">"We cannot tell your group in law from these answers. It may be one of these:"</p>
                <ul>{rows.collect_view()}</ul>
                <p>"Your council can look it up. You do not have to know it before you ask for help."</p>
            }
            .into_any()
        }
    }
}

/// The honest way on for those whom the usual one does not fit.
fn way_on(answers: &Answers, found: &Finding) -> AnyView {
    let other = (answers.council == Some(Council::Other)).then(|| {
        view! {
            <div class="note">
                <h2>"Another council looked after you"</h2>
                <p>"What the law gives you comes from that council, even when you live here now. Ask its leaving care team first."</p>
                <p><a href="/offer/living-outside-lancashire">"When your council is not where you live"</a></p>
            </div>
        }
    });
    let away = (answers.council != Some(Council::Other)
        && answers.care != Some(super::checker::Care::Never)
        && answers.lives == Some(Lives::Outside))
    .then(|| {
        view! {
            <p class="note">
                "You live outside the county. What you are owed goes with you. "
                <a href="/offer/living-outside-lancashire">"How to get help from far away"</a>
            </p>
        }
    });
    let qualifying = found.standings.contains(&Standing::In(Group::Qualifying)).then(|| {
        view! {
            <p class="note">
                "With a shorter time in care the law gives you advice and help when you need it, up to 21. Some help with study goes on to 24. Ask anyway: the council can do more than it must."
            </p>
        }
    });
    view! { {other} {away} {qualifying} }.into_any()
}

fn birthday_row(birthday: &Birthday, rights: &BTreeMap<String, Entitlement>) -> AnyView {
    let names = |slugs: &BTreeSet<String>| -> Vec<String> {
        in_order(slugs, rights).into_iter().map(|right| right.name.clone()).collect()
    };
    let line = |says: &'static str, names: Vec<String>| {
        (!names.is_empty()).then(|| {
            let rows = names.into_iter().map(|name| view! { <li>{name}</li> }).collect_view();
            view! { <p>{says}</p> <ul>{rows}</ul> }
        })
    };
    let group =
        birthday.standings.as_ref().and_then(|standings| match standings.iter().collect::<Vec<_>>().as_slice() {
            [Standing::Over25] => Some("The groups in law end here. You can still ring for advice.".to_owned()),
            [one] => Some(format!("In law the name for you is then “{}”.", group_words(**one).0)),
            _ => None,
        });
    view! {
        <li>
            <h3>"At " {birthday.age}</h3>
            {group.map(|says| view! { <p>{says}</p> })}
            {line("This starts:", names(&birthday.starts))}
            {line("This ends:", names(&birthday.ends))}
        </li>
    }
    .into_any()
}

fn who_to_ask(library: &Library) -> AnyView {
    let council =
        library.lines.values().filter(|line| matches!(line.purpose, Purpose::CouncilDay | Purpose::CouncilNight));
    let mut council: Vec<_> = council.collect();
    council.sort_by_key(|line| line.purpose == Purpose::CouncilNight);
    let numbers = council.into_iter().map(|line| {
        let when = if line.purpose == Purpose::CouncilDay { "By day" } else { "Nights and weekends" };
        view! { <li>{when} ": " <a href=line.href()>{line.number.to_string()}</a></li> }
    });
    view! {
        <section>
            <h2>"Who to ask"</h2>
            <ul>
                <li>"Your personal adviser or social worker. "<a href="/sign-in">"Sign in"</a>" to write to them."</li>
                {numbers.collect_view()}
                <li><a href="/drop-ins">"A drop-in near you"</a></li>
                <li><a href="/offer/confirm-care-leaver">"How to show that you are a care leaver"</a></li>
            </ul>
        </section>
    }
    .into_any()
}

/// The answers given, each with a way to change it.
fn said(library: &Library, form: &Fields) -> AnyView {
    let districts = districts(library);
    let rows = asked(form).into_iter().map(|question| {
        let choices = question.choices(&districts);
        let says = if question.name == "life" {
            let ticked = question.fields().into_iter().zip(choices).filter(|(name, _)| form.typed(name) == "yes");
            let says: Vec<_> = ticked.map(|(_, (_, says))| says).collect();
            says.join("; ")
        } else {
            let chosen = choices.into_iter().find(|(value, _)| value == form.typed(question.name));
            chosen.map_or_else(|| "I’m not sure".to_owned(), |(_, says)| says)
        };
        view! {
            <div>
                <dt>{question.asks}</dt>
                <dd>
                    {says} " "
                    <button class="link" name="do" value=format!("change-{}", question.name)>
                        "Change"<span class="vh">": "{question.asks}</span>
                    </button>
                </dd>
            </div>
        }
    });
    let rows = rows.collect_view();
    let kept = QUESTIONS.iter().flat_map(Question::fields).filter(|name| !form.typed(name).is_empty());
    let kept = kept.map(|name| view! { <input type="hidden" name=name value=form.typed(name).to_owned()/> });
    view! {
        <section>
            <h2>"Your answers"</h2>
            <form method="post" action="/entitlements/check">
                <input type="hidden" name="step" value="life"/>
                {kept.collect_view()}
                <dl class="facts">{rows}</dl>
            </form>
            <p><a href="/entitlements/check">"Start again"</a></p>
        </section>
    }
    .into_any()
}

/// The districts by name, as the question about where offers them.
#[must_use]
pub fn districts(library: &Library) -> Vec<(String, String)> {
    let mut all: Vec<_> =
        library.timetable.districts.iter().map(|(slug, it)| (slug.clone(), it.name.clone())).collect();
    all.sort_by(|(_, a), (_, b)| a.cmp(b));
    all
}
