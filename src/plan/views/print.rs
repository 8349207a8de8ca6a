//! A plan on paper: in full, and on one side. What reaches other people is left out unless a worker confirmed it.

use jiff::civil::Date;
use leptos::prelude::*;

use super::actions::{HeadingActions, doer};
use super::mine::Texts;
use super::money::Counted;
use super::{Reader, Said, Whole, day, due_says};
use crate::dropins::words;
use crate::plan::mask::mask;
use crate::plan::money::Owed;
use crate::plan::{Doer, Field};
use crate::ui::OneTimeKey;
use crate::web::forms::Fields;

/// What stands on a paper of the contacts of other people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// Nothing.
    Masked,
    /// Nothing; the reader may confirm that it stands there.
    MayHaveContacts,
    /// All of it.
    WithContacts,
}

/// Every free text of a plan without what reaches other people.
fn masked(mut whole: Whole) -> Whole {
    for sheet in &mut whole.sheets {
        for text in sheet.texts.iter_mut().flatten() {
            *text = mask(text);
        }
    }
    for words in whole.says.iter_mut().filter_map(|say| say.words.as_mut()) {
        *words = mask(words);
    }
    for words in whole.actions.iter_mut().map(|one| &mut one.last.words) {
        words.says.text = mask(&words.says.text);
        words.why = words.why.as_deref().map(mask);
        if let Doer::Other(name) = &mut words.says.who {
            *name = mask(name);
        }
    }
    whole
}

/// Everything about money without what reaches other people.
fn masked_money(mut owed: Vec<Owed>) -> Vec<Owed> {
    for one in &mut owed {
        one.name = mask(&one.name);
        for paid in &mut one.payments {
            paid.note = paid.note.as_deref().map(mask);
            paid.agreed_by = paid.agreed_by.as_deref().map(mask);
        }
    }
    owed
}

fn version(whole: &Whole) -> Option<String> {
    let version = whole.shared.as_ref()?;
    let on = day(version.shared_at.unwrap_or(version.made_at));
    Some(format!("Version {}, shared on {on}.", version.number))
}

const LEFT_OUT: &str =
    "Phone numbers, email addresses and postcodes are left out, so that nobody else's stand on paper.";

/// `/me/plan/print` and `/work/people/{id}/plan/print`: all of it.
#[component]
pub fn OnPaper(
    /// The plan.
    whole: Whole,
    /// What they are to get, and had of it.
    owed: Vec<Owed>,
    /// The name they want.
    called: String,
    /// Who reads.
    reader: Reader,
    /// Its address.
    base: String,
    /// What stands on it of the contacts of other people.
    paper: Paper,
    /// Today in London.
    today: Date,
) -> impl IntoView {
    // What was written down wrong as a whole says nothing of the plan.
    let owed: Vec<Owed> = owed.into_iter().filter(|one| one.ended_at.is_none()).collect();
    let (whole, owed) = if paper == Paper::WithContacts { (whole, owed) } else { (masked(whole), masked_money(owed)) };
    let mine = matches!(reader, Reader::Person(_));
    let plan = base.trim_end_matches("/print").to_owned();
    let parts = whole.sheets.iter().filter_map(|sheet| {
        let heading = sheet.heading;
        let actions: Vec<_> =
            whole.actions.iter().filter(|one| one.heading == heading && !one.private).cloned().collect();
        let says: Vec<_> = whole.says.iter().filter(|say| say.heading == heading).cloned().collect();
        let none = sheet.is_empty() && actions.is_empty() && says.is_empty();
        let (who, think) = if mine { (None, "What I think") } else { (Some(called.clone()), "What they think") };
        // On paper it is "My personal adviser": who that is changes, and the paper does not.
        let reader = if mine { Reader::Person(None) } else { reader.clone() };
        (!none).then(|| {
            view! {
                <section class="heading">
                    <h2>{heading.title()}</h2>
                    <Texts sheet=sheet.clone() before=None mine/>
                    <HeadingActions actions reader base=format!("{plan}/actions") until=None today/>
                    {(!says.is_empty()).then(|| view! { <h3>{think}</h3><Said says called=who/> })}
                </section>
            }
        })
    });
    let parts: Vec<_> = parts.collect();
    let nothing = if mine {
        "Your plan is not here yet, so there is nothing to print."
    } else {
        "Nothing is in the plan yet, so there is nothing to print."
    };
    let none = parts.is_empty() && owed.is_empty();
    let empty = none.then_some(nothing);
    let money = (!owed.is_empty()).then(|| {
        let title = if mine { "Money that I get" } else { "Money that they get" };
        view! { <section class="heading"><h2>{title}</h2><Counted owed/></section> }
    });
    let (title, back) =
        if mine { (format!("{called}: my plan"), "My plan") } else { (format!("{called}: plan"), "Plan") };
    let how = "To print: use your browser's menu. Think about who may see the paper.";
    let note = match paper {
        Paper::WithContacts => "Phone numbers, email addresses and postcodes of other people may stand on this paper: think about where it goes.".to_owned(),
        Paper::Masked | Paper::MayHaveContacts if mine => format!("{LEFT_OUT} Your worker can print it with them."),
        Paper::Masked | Paper::MayHaveContacts => LEFT_OUT.to_owned(),
    };
    let kept = mine.then_some(" What you keep for yourself is not on it.");
    let confirm = (paper == Paper::MayHaveContacts && !none).then(|| {
        view! {
            <form class="note noprint" method="post" action=base.clone()>
                <p>{format!("If {called} needs them on paper, you can print it with them this once. {called} sees that you did.")}</p>
                <OneTimeKey form=Fields::default()/>
                <button class="btn quiet">"Print with contacts"</button>
            </form>
        }
    });
    view! {
        <nav class="back" aria-label="Back"><a href=plan.clone()>{back}</a></nav>
        <h1>{title}</h1>
        <p class="meta">{version(&whole)}" "{note}</p>
        {whole.due.map(|due| view! { <p>{due_says(due, today, mine)}</p> })}
        <p class="meta noprint">{how}{kept}</p>
        {confirm}
        {mine.then(|| view! { <p class="noprint"><a href="/me/plan/print/short">"Print it on one side"</a></p> })}
        {empty.map(|empty| view! { <p>{empty}</p> })}
        {parts}
        {money}
    }
}

/// How many actions stand on one side of a sheet: with all ten headings above them it is full.
const ACTIONS: usize = 12;
/// How many characters of a text stand there: two lines on the sheet.
const CHARS: usize = 150;

/// The beginning of a text, on one line.
fn cut(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    format!("{}…", line.chars().take(most).collect::<String>().trim_end())
}

/// `/me/plan/print/short`: what matters of it, on one side of A4. The style sheet for paper keeps each row to two lines.
#[component]
pub fn ShortPaper(
    /// The plan.
    whole: Whole,
    /// The name they want.
    called: String,
    /// The name of the worker who leads.
    lead: Option<String>,
    /// Today in London.
    today: Date,
) -> impl IntoView {
    let whole = masked(whole);
    let reader = Reader::Person(lead.clone());
    let wants = whole.sheets.iter().filter_map(|sheet| {
        let want = cut(sheet.text(Field::Want)?, CHARS);
        Some(view! { <li><strong>{sheet.heading.title()}": "</strong>{want}</li> })
    });
    let wants: Vec<_> = wants.collect();
    let open = |one: &&super::Standing| !one.private && one.says().state.is_open();
    let mut actions: Vec<_> = whole.actions.iter().filter(open).map(|one| one.says().clone()).collect();
    // What has a day first, the nearest first.
    actions.sort_by_key(|says| (says.due_on.is_none(), says.due_on));
    let rest = actions.len().saturating_sub(ACTIONS);
    let rest = (rest > 0).then(|| view! { <p>{format!("And {rest} more: they stand in your plan.")}</p> });
    let rows = actions.into_iter().take(ACTIONS).map(|says| {
        let who = cut(&doer(&says.who, &reader), 30);
        let by = says.due_on.map(|on| format!(", by {}", words::date_with_year(on))).unwrap_or_default();
        view! { <li><strong>{format!("{who}{by}: ")}</strong>{cut(&says.text, CHARS - 50)}</li> }
    });
    let rows: Vec<_> = rows.collect();
    let (no_wants, no_rows) = (wants.is_empty(), rows.is_empty());
    let due = match whole.due {
        Some(due) => due_says(due, today, true),
        None => "There is no day for it yet.".to_owned(),
    };
    let worker = lead.map_or_else(
        || "You have no worker who leads just now. Ask for one in Messages.".to_owned(),
        |name| cut(&name, 80),
    );
    view! {
        <nav class="back" aria-label="Back"><a href="/me/plan">"My plan"</a></nav>
        <div class="short">
            <h1>{format!("{}: my plan in short", cut(&called, 40))}</h1>
            <p class="meta">{version(&whole)}" "{LEFT_OUT}" Your worker can print all of it with them."</p>
            <p class="meta noprint">"To print: use your browser's menu. It is one side of paper. What you keep for yourself is not on it. "<a href="/me/plan/print">"Print all of it"</a></p>
            <h2>"What I want"</h2>
            {no_wants.then(|| view! { <p>"Nothing is written here yet. Open your plan and write what you want."</p> })}
            <ul>{wants}</ul>
            <h2>"Who does what"</h2>
            {no_rows.then(|| view! { <p>"Nothing is left to do just now."</p> })}
            <ul>{rows}</ul>
            {rest}
            <p><strong>"When we talk again: "</strong>{due}</p>
            <p><strong>"My worker: "</strong>{worker}</p>
            <p>"What I do if it goes wrong is on a sheet of its own: "<a href="/me/if-it-goes-wrong">"If it goes wrong"</a></p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn a_text_is_cut_where_it_says_so_and_stays_on_one_line() {
        assert_eq!(cut("a\n b", 3), "a b");
        assert_eq!(cut("äöü ß", 4), "äöü…");
        assert_eq!(cut("", 4), "");
    }
}
