//! The help strip of every page, and the page with every line.
//!
//! Both change only when the council's other line takes over or when the day changes, so that
//! they can be drawn once and kept: of the other lines, only those that never close say that they
//! are open.

use std::collections::BTreeMap;

use jiff::Timestamp;
use leptos::prelude::*;

use super::{Hours, How, Line, Offered, OnBankHoliday, Purpose, Span, strip_for};
use crate::clock::{in_london, london_date};
use crate::content::{Kind, Library};
use crate::dropins::{Weekday, words};
use crate::offer::views::{Checked, Citations, Sources};
use crate::ui::{Exit, Frame, Part};

/// The parts of the page, most urgent first: heading, and the lines it holds. Emergency lines
/// stand before all of them.
const PARTS: [(&str, &[Purpose]); 6] = [
    ("If you cannot cope or do not feel safe", &[Purpose::Crisis]),
    ("Someone to talk to", &[Purpose::Talk]),
    ("The council", &[Purpose::CouncilDay, Purpose::CouncilNight]),
    ("No safe place to stay", &[Purpose::Homeless]),
    ("Someone to speak up for you", &[Purpose::Advocate]),
    ("Advice", &[Purpose::Advice]),
];

/// The block on every page: the council's two numbers, the one that answers now first.
#[must_use]
pub fn strip(library: &Library, at: Timestamp) -> AnyView {
    let offered = strip_for(&library.lines, library.variant_at(&in_london(at)));
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

/// `/help`: every line, by what it is for.
#[must_use]
pub fn page(library: &Library, at: Timestamp) -> Frame {
    let offered = strip_for(&library.lines, library.variant_at(&in_london(at)));
    let mut cited = Citations::default();
    let mut cards = |purposes: &[Purpose]| -> Vec<AnyView> {
        offered
            .iter()
            .filter(|offered| purposes.contains(&offered.line.purpose))
            .map(|offered| {
                let line = offered.line;
                let confirmed = library.confirmation(Kind::Line, &line.slug).is_some();
                let marks = cited.cite(&library.sources, &line.claims, confirmed);
                view! { <LineCard line=line.clone() open=offered.open confirmed marks/> }.into_any()
            })
            .collect()
    };
    let emergency = cards(&[Purpose::Emergency]);
    let parts: Vec<_> = PARTS.into_iter().map(|(title, purposes)| (title, cards(purposes))).collect();
    let parts: Vec<_> = parts.into_iter().filter(|(_, cards)| !cards.is_empty()).collect();
    let jumps = parts.iter().enumerate().map(|(n, (title, _))| {
        view! { <li><a href=format!("#part-{}", n + 1)>{*title}</a></li> }
    });
    let jumps = jumps.collect_view();
    let parts = parts.into_iter().enumerate().map(|(n, (title, cards))| {
        view! { <section><h2 id=format!("part-{}", n + 1)>{title}</h2>{cards}</section> }
    });
    let main = view! {
        <h1>"Help lines"</h1>
        <p class="lead">"Call or text the line that fits what you need."</p>
        <div class="warnbox">
            <h2><span class="vh">"Emergency: "</span>"If you or someone else is in danger, call 999"</h2>
            {emergency}
        </div>
        {(!jumps.is_empty()).then(|| view! { <nav aria-label="On this page"><ul>{jumps}</ul></nav> })}
        {parts.collect_view()}
        <Freshness lines=library.lines.clone() at/>
        <Sources listed=cited.into_list()/>
    };
    // Lines about abuse and about having no home stand here.
    Frame::public("Help lines", Part::None, main.into_any()).exit(Exit::Leave)
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
    let act = match (line.how, &line.text_word) {
        (How::Call, _) => "Call".to_owned(),
        (How::Text, None) => "Text".to_owned(),
        (How::Text, Some(word)) => format!("Text the word {word} to"),
    };
    let open = (open == Some(true)).then(|| view! { <small>": open now"</small> });
    let cost = line.cost.clone().map(|cost| format!(" {}.", cost.trim_end_matches('.')));
    view! {
        <article class="place">
            <h3>{line.name.clone()}</h3>
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use jiff::civil::time;

    use super::*;
    use crate::dropins::Times;

    fn weekly(days: &[Weekday], bank_holidays: OnBankHoliday) -> Hours {
        let times = Times { from: time(9, 30, 0, 0), to: time(18, 0, 0, 0) };
        Hours::Weekly { spans: vec![Span { days: days.to_vec(), times }], bank_holidays }
    }

    #[test]
    fn hours_are_said_in_sentences() {
        use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
        let said = |days: &[Weekday]| hours(&weekly(days, OnBankHoliday::Open), false);
        assert_eq!(said(&[Mon]), "Monday, 9.30am to 6pm.");
        assert_eq!(said(&[Sun, Sat]), "Saturday and Sunday, 9.30am to 6pm.");
        assert_eq!(said(&[Mon, Wed, Sat]), "Monday, Wednesday and Saturday, 9.30am to 6pm.");
        assert_eq!(said(&[Mon, Tue, Wed, Thu, Fri]), "Monday to Friday, 9.30am to 6pm.");
        assert_eq!(said(&[Mon, Tue, Wed, Thu, Fri, Sat, Sun]), "Every day, 9.30am to 6pm.");
        assert_eq!(hours(&Hours::Unknown, true), "We do not know when it is open.");
    }

    #[test]
    fn a_bank_holiday_is_only_sure_once_confirmed() {
        let closed = weekly(&[Weekday::Mon], OnBankHoliday::Closed);
        assert!(hours(&closed, false).ends_with("May be closed on bank holidays."));
        assert!(hours(&closed, true).ends_with(" Closed on bank holidays."));
    }
}
