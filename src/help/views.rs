//! The help strip of every page, and the page with every line.
//!
//! The strip changes only when the council's other line takes over; the page also when any line
//! opens or closes. Both are drawn once and kept until then.

use std::collections::BTreeMap;

use jiff::Timestamp;
use leptos::prelude::*;

use super::{Hours, How, Line, Offered, OnBankHoliday, Purpose, Span};
use crate::clock::{in_london, london_date};
use crate::content::{Kind, Library};
use crate::dropins::{Weekday, words};
use crate::offer::views::{Checked, Citations, Sources, TellUs};
use crate::ui::{Exit, Frame, Part};

const LEAD: &str = "Call or text the line that fits what you need.";

/// The block on every page: the council's two numbers, the one that answers now first.
#[must_use]
pub fn strip(library: &Library, at: Timestamp) -> AnyView {
    let offered = library.help_strip(&in_london(at));
    let numbers = offered.iter().filter_map(|Offered { line, open }| {
        let when = match line.purpose {
            Purpose::CouncilDay => "Day",
            Purpose::CouncilNight => "Night and weekend",
            _ => return None,
        };
        let open = *open == Some(true);
        Some(view! {
            <li class=open.then_some("on")>
                <a class="num" href=line.href()>
                    <span>{when} {open.then(|| view! { <small>": open now"</small> })}</span> " " {line.number.to_string()}
                </a>
            </li>
        })
    });
    let numbers = numbers.collect_view();
    view! {
        <aside class="help" aria-labelledby="help-h">
            <div>
                <h2 id="help-h">"Get help now"</h2>
                <p>"In danger? Call 999."</p>
            </div>
            {(!numbers.is_empty()).then(|| view! { <ul>{numbers}</ul> })}
            <a href="/help">"All help lines"</a>
        </aside>
    }
    .into_any()
}

/// Numbers beside a form that nobody watches.
#[must_use]
pub fn in_danger(library: &Library, at: Timestamp) -> AnyView {
    let numbers = numbers(library, at, &[Purpose::Emergency, Purpose::Talk]);
    view! {
        <div class="note">
            <h2>"Need help now?"</h2>
            <p>"Do not wait for us to read this. Call now."</p>
            {numbers}
            <p><a href="/help">"All help lines"</a></p>
        </div>
    }
    .into_any()
}

/// Before somebody writes to their worker: what a message does not do.
#[must_use]
pub fn tonight(library: &Library, at: Timestamp) -> AnyView {
    let numbers = numbers(library, at, &[Purpose::Emergency, Purpose::Homeless, Purpose::MentalHealth]);
    view! {
        <div class="note">
            <h2>"In danger, or nowhere to sleep tonight?"</h2>
            <p>"Do not wait for an answer here. Call now."</p>
            {numbers}
            <p><a href="/help#tonight">"Nowhere to sleep tonight"</a></p>
        </div>
    }
    .into_any()
}

/// Beside what somebody does if it goes wrong: whom else they can call.
#[must_use]
pub fn open_now(library: &Library, at: Timestamp) -> AnyView {
    use Purpose::{Emergency, Homeless, MentalHealth, Talk};
    let numbers = numbers(library, at, &[Emergency, MentalHealth, Talk, Homeless]);
    view! {
        <div class="note">
            <h2>"Who else you can call"</h2>
            {numbers}
            <p><a href="/help">"All help lines"</a></p>
        </div>
    }
    .into_any()
}

/// Lines for everybody with their hours, for a file that somebody keeps: nothing in it is true at one time only.
#[must_use]
pub fn to_keep(library: &Library, at: Timestamp) -> AnyView {
    use Purpose::{CouncilDay, CouncilNight, Emergency, Homeless, MentalHealth, Talk};
    let wanted = [Emergency, MentalHealth, Talk, Homeless, CouncilDay, CouncilNight];
    let all = |line: &Line| library.timetable.localities.keys().all(|slug| line.area.contains(slug));
    let everywhere = |line: &Line| line.area.is_empty() || all(line);
    let mut lines: Vec<&Line> = library.help_strip(&in_london(at)).into_iter().map(|offered| offered.line).collect();
    lines.retain(|line| {
        wanted.contains(&line.purpose) && everywhere(line) && line.min_age.is_none() && line.max_age.is_none()
    });
    lines.sort_by_key(|line| (wanted.iter().position(|purpose| *purpose == line.purpose), line.order));
    let rows = lines.into_iter().map(|line| {
        let confirmed = library.confirmation(Kind::Line, &line.slug).is_some();
        let hours = hours(&line.hours, confirmed);
        view! { <li>{line.name.clone()}". "{act(line)}" "<a href=line.href()>{line.number.to_string()}</a>". "{hours}</li> }
    });
    view! { <ul>{rows.collect_view()}</ul> }.into_any()
}

/// The first thing on a page for somebody whose words sound like danger now.
#[must_use]
pub fn crisis(library: &Library, at: Timestamp) -> AnyView {
    use Purpose::{Abuse, Emergency, Food, Homeless, MentalHealth, Talk};
    let numbers = numbers(library, at, &[Emergency, MentalHealth, Talk, Homeless, Abuse, Food]);
    view! {
        <div class="warnbox">
            <h2>"You can get help right now"</h2>
            <p>"What you wrote sounds hard. You do not have to wait for us. Call or text somebody now."</p>
            {numbers}
            <p><a href="/help#tonight">"Nowhere to sleep tonight"</a></p>
            <p><a href="/help">"All help lines"</a></p>
        </div>
    }
    .into_any()
}

/// The number to call first for each of these, in their order, then the council's that answers now.
/// Those of one part of the county or of some ages are left out: nobody has said where they are or how old.
fn numbers(library: &Library, at: Timestamp, wanted: &[Purpose]) -> AnyView {
    let mut offered = library.help_strip(&in_london(at));
    // What is open before what may be, and lines of the area before those of the whole country.
    let rank = |open: Option<bool>| open.map_or(1, |open| if open { 0 } else { 2 });
    offered.sort_by_key(|offered| (rank(offered.open), offered.line.area.is_empty()));
    let all = |line: &Line| library.timetable.localities.keys().all(|slug| line.area.contains(slug));
    let any_age = |line: &Line| line.min_age.is_none() && line.max_age.is_none();
    let everywhere = |line: &Line| (line.area.is_empty() || all(line)) && any_age(line);
    let council = |offered: &&Offered<'_>| matches!(offered.line.purpose, Purpose::CouncilDay | Purpose::CouncilNight);
    let first = |purpose: &Purpose| {
        // By those that answer first.
        offered.iter().find(|offered| offered.line.purpose == *purpose && everywhere(offered.line))
    };
    let lines = wanted.iter().filter_map(first).chain(offered.iter().find(council));
    let lines = lines.map(|Offered { line, open }| {
        let act = act(line);
        let open = (*open == Some(true)).then(|| view! { <small>": open now"</small> });
        view! {
            <p>
                <a class="num" href=line.href()><span>{line.name.clone()} ". " {act} {open}</span> " " {line.number.to_string()}</a>
            </p>
        }
    });
    lines.collect_view().into_any()
}

/// `Call`, or what to text.
fn act(line: &Line) -> String {
    match (line.how, &line.text_word) {
        (How::Call, _) => "Call".to_owned(),
        (How::Text, None) => "Text".to_owned(),
        (How::Text, Some(word)) => format!("Text the word {word} to"),
    }
}

/// `/help`: every line, by what a person needs, most urgent first.
#[must_use]
pub fn page(library: &Library, at: Timestamp) -> Frame {
    let mut offered = library.help_strip(&in_london(at));
    // Lines of the area before those of the whole country.
    offered.sort_by_key(|offered| offered.line.area.is_empty());
    let mut desk = Desk { library, offered, cited: Citations::default() };
    let emergency = desk.cards(Purpose::Emergency);
    let homeless = desk.homeless();
    let mind = desk.or_council(Purpose::MentalHealth);
    let abuse = desk.or_council(Purpose::Abuse);
    let food = desk.or_council(Purpose::Food);
    let money = library.offer.contains_key("money").then(|| {
        view! { <p><a href="/offer/money">"Money: what you can ask for"</a></p> }
    });
    let talk = desk.or_council(Purpose::Talk);
    let advocate = desk.or_council(Purpose::Advocate);
    let rights = library.offer.contains_key("rights-and-complaints").then(|| {
        view! { <p><a href="/offer/rights-and-complaints">"How to complain, and who can speak up for you"</a></p> }
    });
    let locked = view! {
        <p>"Lost your code, your username or your words? Your personal adviser can give you a new code."</p>
        {desk.council()}
        <p><a href="/recover">"Every way to get back in"</a>", or "<a href="/cannot-sign-in">"let us call you"</a></p>
    };
    let parts = [
        ("tonight", "Nowhere to sleep tonight", homeless),
        ("mind", "Your mental health", mind),
        ("hurt", "Hurt or controlled by someone", abuse),
        ("food", "No money or food today", view! { {food} {money} }.into_any()),
        ("talk", "Someone to talk to", talk),
        ("complain", "Make a complaint, or get someone to speak up for you", view! { {advocate} {rights} }.into_any()),
        ("locked-out", "I cannot sign in", locked.into_any()),
    ];
    let jumps = parts.iter().map(|(id, title, _)| view! { <li><a href=format!("#{id}")>{*title}</a></li> });
    let jumps = jumps.collect_view();
    let parts = parts.map(|(id, title, inside)| view! { <section><h2 id=id>{title}</h2>{inside}</section> });
    let main = view! {
        <h1>"Help lines"</h1>
        <p class="lead">{LEAD}</p>
        <div class="warnbox">
            <h2 id="danger"><span class="vh">"Emergency: "</span>"If you or someone else is in danger, call 999"</h2>
            {emergency}
        </div>
        <nav aria-label="On this page"><ul>{jumps}</ul></nav>
        {parts.collect_view()}
        <Freshness lines=library.lines.clone() at/>
        <Sources listed=desk.cited.into_list()/>
        <TellUs about="help"/>
    };
    // Lines about abuse and about having no home stand here.
    Frame::public("Help lines", Part::None, main.into_any()).summary(LEAD).exit(Exit::Leave)
}

/// What the page is made from.
struct Desk<'a> {
    library: &'a Library,
    offered: Vec<Offered<'a>>,
    cited: Citations,
}

impl Desk<'_> {
    fn cards_where(&mut self, wanted: impl Fn(&Line) -> bool) -> Vec<AnyView> {
        let Self { library, offered, cited } = self;
        let wanted = offered.iter().filter(|offered| wanted(offered.line));
        let cards = wanted.map(|offered| {
            let line = offered.line;
            let confirmed = library.confirmation(Kind::Line, &line.slug).is_some();
            let marks = cited.cite(&library.sources, &line.claims, confirmed);
            view! { <LineCard line=line.clone() open=offered.open confirmed marks/> }.into_any()
        });
        cards.collect()
    }

    fn cards(&mut self, purpose: Purpose) -> Vec<AnyView> {
        self.cards_where(|line| line.purpose == purpose)
    }

    /// The lines for this, or the way on where none is known.
    fn or_council(&mut self, purpose: Purpose) -> AnyView {
        let cards = self.cards(purpose);
        if cards.is_empty() {
            return view! { <p>"We know of no line for this here yet."</p> {self.council()} }.into_any();
        }
        cards.into_any()
    }

    /// The council's lines, the one that answers now first; in a sentence, since they stand at the
    /// head of the page.
    fn council(&self) -> AnyView {
        let council =
            |offered: &&Offered<'_>| matches!(offered.line.purpose, Purpose::CouncilDay | Purpose::CouncilNight);
        let mut lines: Vec<_> = self.offered.iter().filter(council).collect();
        lines.sort_by_key(|offered| offered.open != Some(true));
        match lines.first() {
            Some(Offered { line, .. }) => view! {
                <p>"Call the council on " <a href=line.href()>{line.number.to_string()}</a> " and say what you need."</p>
            }
            .into_any(),
            None => view! { <p>"Ask your personal adviser, or the council where you live."</p> }.into_any(),
        }
    }

    /// By age, then by district: the council's housing team must help who has nowhere to go.
    fn homeless(&mut self) -> AnyView {
        let table = &self.library.timetable;
        let mut districts: Vec<_> = table.districts.iter().collect();
        districts.sort_by_key(|(_, district)| &district.name);
        let jumps = districts.iter().map(|(slug, district)| {
            view! { <li><a href=format!("#{slug}")>{district.name.clone()}</a></li> }
        });
        let jumps = jumps.collect_view();
        let rows: Vec<_> = districts
            .iter()
            .map(|(slug, district)| {
                let here = |line: &Line| line.purpose == Purpose::Homeless && line.area.contains(slug);
                let cards = self.cards_where(here);
                let none = cards.is_empty().then(|| {
                    view! { <p>"We know of no housing number here yet."</p> {self.council()} }
                });
                view! { <h3 id=(*slug).clone()>{district.name.clone()}</h3> {cards} {none} }
            })
            .collect();
        let everywhere = |line: &Line| {
            let of_district = line.area.iter().any(|area| table.districts.contains_key(area));
            line.purpose == Purpose::Homeless && !of_district
        };
        let everywhere = self.cards_where(everywhere);
        view! {
            <p><strong>"Under 18? "</strong>"Ask the council for children's services."</p>
            {self.council()}
            <p><strong>"18 or over? "</strong>"Call the housing team where you are. Say that you are a care leaver."</p>
            {everywhere}
            <ul class="towns">{jumps}</ul>
            {rows.collect_view()}
        }
        .into_any()
    }
}

/// One line.
#[component]
pub fn LineCard(
    /// The line.
    line: Line,
    /// Whether somebody answers now; `None`: nothing is said about it.
    open: Option<bool>,
    /// Whether the service confirmed these facts.
    confirmed: bool,
    /// Numbers of sources and words of doubt.
    marks: AnyView,
) -> impl IntoView {
    let act = act(&line);
    let open = (open == Some(true)).then(|| view! { <small>": open now"</small> });
    let limited = line.min_age.is_some() || line.max_age.is_some();
    let ages = limited.then(|| words::ages(line.min_age, line.max_age));
    let cost = line.cost.clone().map(|cost| format!(" {}.", cost.trim_end_matches('.')));
    view! {
        <article class="place">
            <h3>{line.name.clone()}</h3>
            {ages.map(|ages| view! { <p><span class="tag">{ages}</span></p> })}
            <p>{line.says.clone()} " " {hours(&line.hours, confirmed)} {cost} {marks}</p>
            <p><a class="num" href=line.href()><span>{act} {open}</span> " " {line.number.to_string()}</a></p>
        </article>
    }
}

/// When the lines were checked: as far back as the oldest, due as soon as the first.
#[component]
fn Freshness(lines: BTreeMap<String, Line>, at: Timestamp) -> impl IntoView {
    let on = lines.values().map(|line| line.checked_on).min()?;
    let review_by = lines.values().map(|line| line.review_by).min()?;
    let mut owners: Vec<_> = lines.values().map(|line| line.owner.clone()).collect();
    owners.sort_unstable();
    owners.dedup();
    let due = lines.values().any(|line| line.is_due(london_date(at)));
    Some(view! {
        {due.then(|| view! { <p class="note">"We are checking these numbers again. Some may have changed."</p> })}
        <Checked owner=owners.join(", ") on review_by/>
    })
}

/// When somebody answers, in whole sentences.
#[must_use]
pub fn hours(hours: &Hours, confirmed: bool) -> String {
    match hours {
        Hours::Always => "Open day and night, every day.".to_owned(),
        Hours::Unknown => "We do not know when it is open.".to_owned(),
        Hours::Weekly { spans, bank_holidays } => {
            let mut said: Vec<_> = spans.iter().map(span).collect();
            match bank_holidays {
                OnBankHoliday::Open => {}
                OnBankHoliday::AllDay => said.push("Day and night on bank holidays.".to_owned()),
                OnBankHoliday::Closed if confirmed => said.push("Closed on bank holidays.".to_owned()),
                // Where no source says, the content has it closed so that nobody relies on it.
                OnBankHoliday::Closed => said.push("May be closed on bank holidays.".to_owned()),
            }
            said.join(" ")
        }
    }
}

/// `Monday to Friday, 8am to 8pm.`
fn span(span: &Span) -> String {
    let mut days = span.days.clone();
    days.sort_unstable();
    days.dedup();
    let (weekend, all) = ([Weekday::Sat, Weekday::Sun], days.len() == 7);
    let days = match days.as_slice() {
        _ if all => "Every day".to_owned(),
        five if five.len() == 5 && !weekend.iter().any(|day| five.contains(day)) => "Monday to Friday".to_owned(),
        [rest @ .., last] if !rest.is_empty() => {
            let rest: Vec<_> = rest.iter().map(|day| words::weekday(*day)).collect();
            format!("{} and {}", rest.join(", "), words::weekday(*last))
        }
        days => days.iter().map(|day| words::weekday(*day)).collect(),
    };
    format!("{days}, {}.", words::times(span.times))
}
