//! From an item's text to its noun.

use jiff::civil::Date;
use toml::Value;

use crate::dropins::{Times, Weekday};
use crate::entitlements::{Basis, Conditions, Entitlement, Group, InForce, Life, Living};
use crate::help::{Hours, How, Line, Number, OnBankHoliday, Purpose, Span};
use crate::offer::{Area, Source, Term, Truth};
use crate::plan::Heading;
use crate::plan::goals::{Goal, LONGEST_STEP, STEPS, Step};

use super::Note;
use super::fields::Fields;

/// Reads a source.
pub(super) fn source(slug: &str, body: &str, notes: &mut Vec<Note>) -> Option<Source> {
    let mut f = Fields::read(body, 0, notes)?;
    let noun = Source { slug: slug.to_owned(), title: f.text("title"), url: f.text("url"), date: f.text("date") };
    // An address on this site is what this service says about itself.
    let own = noun.url.starts_with('/') && !noun.url.starts_with("//");
    let good = own || ["https://", "http://"].iter().any(|start| noun.url.starts_with(start));
    if !noun.url.is_empty()
        && (!good || noun.url.contains(['"', '<', '>', '\\']) || noun.url.contains(char::is_whitespace))
    {
        f.wrong("url", "`url` is not the address of a website. It starts with https://, or with / on this site, and has no spaces.");
    }
    f.finish(noun)
}

/// Stands in for a source that cannot be read, so that its fault is not told again by every page.
pub(super) fn unread_source(slug: &str) -> Source {
    Source { slug: slug.to_owned(), title: String::new(), url: String::new(), date: String::new() }
}

/// Stands in for a right that cannot be read, so that its fault is not told again by every page.
pub(super) fn unread_entitlement(slug: &str) -> Entitlement {
    Entitlement {
        slug: slug.to_owned(),
        name: String::new(),
        area: Area::Rights,
        amount: Some(String::new()),
        rule: None,
        basis: Basis::Extra,
        who: String::new(),
        conditions: Conditions::default(),
        how: String::new(),
        proof: None,
        lasts: None,
        in_force: InForce::Yes,
        leaflet: None,
        claims: Vec::new(),
        checked_on: Date::default(),
        review_by: Date::default(),
        truth: Truth::Public,
    }
}

/// Reads a word explained.
pub(super) fn term(slug: &str, body: &str, notes: &mut Vec<Note>) -> Option<Term> {
    let mut f = Fields::read(body, 0, notes)?;
    let noun = Term {
        slug: slug.to_owned(),
        term: f.text("term"),
        also: f.slugs("also"),
        in_text: !f.ticked("only_in_list"),
        meaning: f.text("meaning"),
        claims: f.claims_if_any(),
    };
    if super::clean::bare_amount(&noun.meaning).is_some() {
        f.wrong("meaning", "An amount stands here in words. Amounts are held once, with the rights.");
    }
    f.finish(noun)
}

/// Reads an idea for a goal.
pub(super) fn goal(slug: &str, body: &str, notes: &mut Vec<Note>) -> Option<Goal> {
    let mut f = Fields::read(body, 0, notes)?;
    let heading = f.word("heading", &Heading::ALL.map(Heading::as_str), Heading::parse);
    let mut steps = Vec::new();
    for line in f.slugs("actions") {
        match Step::parse(&line) {
            Some(step) => steps.push(step),
            None => f.wrong("actions", format!("“{line}” does not begin with “me:” or “worker:”, or it is empty or longer than {LONGEST_STEP} characters.")),
        }
    }
    if !STEPS.contains(&steps.len()) {
        f.wrong("actions", format!("A goal has {} to {} actions.", STEPS.start(), STEPS.end()));
    }
    let noun = Goal {
        slug: slug.to_owned(),
        heading: heading.unwrap_or(Heading::Support),
        name: f.text("name"),
        want: f.text("want"),
        steps,
        know: f.optional("know"),
        claims: f.claims_if_any(),
        checked_on: f.date_if_any("checked_on"),
    };
    if noun.know.is_some() && (noun.claims.is_empty() || noun.checked_on.is_none()) {
        f.wrong("know", "Say how we know this, in `claim`, and when it was checked, in `checked_on`.");
    }
    let steps = noun.steps.iter().map(|step| ("actions", step.text.as_str()));
    let texts =
        [("name", noun.name.as_str()), ("want", &noun.want), ("know", noun.know.as_deref().unwrap_or_default())];
    for (key, text) in texts.into_iter().chain(steps) {
        if super::clean::bare_amount(text).is_some() {
            f.wrong(key, format!("An amount stands in `{key}`. Amounts are held once, with the rights."));
        }
    }
    f.finish(noun)
}

/// Reads the name of a bank holiday.
pub(super) fn holiday(body: &str, notes: &mut Vec<Note>) -> Option<String> {
    let mut f = Fields::read(body, 0, notes)?;
    let name = f.text("name");
    f.finish(name)
}

/// Reads an amount or right.
pub(super) fn entitlement(slug: &str, body: &str, notes: &mut Vec<Note>) -> Option<Entitlement> {
    let mut f = Fields::read(body, 0, notes)?;
    let noun = Entitlement {
        slug: slug.to_owned(),
        name: f.text("name"),
        area: f.word("area", &Area::ALL.map(Area::as_str), Area::parse).unwrap_or(Area::Rights),
        amount: f.optional("amount"),
        rule: f.optional("rule"),
        basis: f.word("basis", &Basis::ALL.map(Basis::as_str), Basis::parse).unwrap_or(Basis::Extra),
        who: f.text("who"),
        conditions: conditions(&mut f),
        how: f.text("how"),
        proof: f.optional("proof"),
        lasts: f.optional("lasts"),
        in_force: in_force(&mut f),
        leaflet: f.number_if_any("leaflet"),
        claims: f.claims(),
        checked_on: f.date("checked_on"),
        review_by: f.date("review_by"),
        truth: Truth::Public,
    };
    if noun.amount.is_none() && noun.rule.is_none() {
        f.wrong("rule", "Say what it is in `rule`, or how much in `amount`.");
    }
    let texts = [
        ("rule", noun.rule.as_deref()),
        ("who", Some(noun.who.as_str())),
        ("how", Some(noun.how.as_str())),
        ("proof", noun.proof.as_deref()),
        ("lasts", noun.lasts.as_deref()),
    ];
    for (key, text) in texts {
        if super::clean::bare_amount(text.unwrap_or_default()).is_some() {
            f.wrong(key, format!("An amount stands in `{key}`. It is held once, in `amount`."));
        }
    }
    f.finish(noun)
}

fn conditions(f: &mut Fields<'_>) -> Conditions {
    let conditions = Conditions {
        groups: f.words("groups", &Group::ALL.map(Group::as_str), Group::parse),
        anyone: f.ticked("anyone"),
        depends: f.ticked("depends"),
        care_at_16: f.ticked("care_at_16"),
        min_age: f.age("min_age"),
        max_age: f.age("max_age"),
        life: f.words("life", &Life::ALL.map(Life::as_str), Life::parse),
        districts: f.slugs("districts"),
        living: match f.optional("living").as_deref() {
            None => None,
            Some("in") => Some(Living::Inside),
            Some("out") => Some(Living::Outside),
            Some(other) => {
                f.wrong("living", format!("`living` cannot be “{other}”. It is one of: in, out."));
                None
            }
        },
        our_council: match f.optional("council").as_deref() {
            None => false,
            Some("ours") => true,
            Some(other) => {
                f.wrong("council", format!("`council` cannot be “{other}”. It is “ours” or left out."));
                false
            }
        },
    };
    if conditions.min_age.zip(conditions.max_age).is_some_and(|(min, max)| min > max) {
        f.wrong("min_age", "The youngest age is above the oldest.");
    }
    conditions
}

fn in_force(f: &mut Fields<'_>) -> InForce {
    match f.optional("in_force").as_deref() {
        None => InForce::Yes,
        Some("not-yet") => InForce::NotYet,
        Some(text) => match text.parse().ok().filter(|_| text.len() == 10) {
            Some(date) => InForce::From(date),
            None => {
                f.wrong("in_force", "`in_force` is a date such as \"2026-12-25\", or \"not-yet\".");
                InForce::Yes
            }
        },
    }
}

/// Reads a phone or text line.
pub(super) fn line(slug: &str, body: &str, notes: &mut Vec<Note>) -> Option<Line> {
    let mut f = Fields::read(body, 0, notes)?;
    let number = f.text("number");
    let number = Number::new(&number).map_err(|message| {
        if !number.is_empty() {
            f.wrong("number", message);
        }
    });
    let how = f.word("how", &["call", "text"], |word| match word {
        "call" => Some(How::Call),
        "text" => Some(How::Text),
        _ => None,
    });
    let text_word = f.optional("text_word");
    if let Some(word) = &text_word
        && (how != Some(How::Text) || !word.chars().all(|c| c.is_ascii_alphanumeric()))
    {
        f.wrong("text_word", "`text_word` is one word of letters, for a line that people text.");
    }
    let noun = Line {
        slug: slug.to_owned(),
        name: f.text("name"),
        number: number.unwrap_or_default(),
        how: how.unwrap_or(How::Call),
        text_word,
        purpose: f.word("for", &Purpose::ALL.map(Purpose::as_str), Purpose::parse).unwrap_or(Purpose::Talk),
        hours: hours(&mut f),
        says: f.text("says"),
        cost: f.optional("cost"),
        area: f.slugs("area"),
        min_age: f.age("min_age"),
        max_age: f.age("max_age"),
        order: f.number("order"),
        owner: f.text("owner"),
        checked_on: f.date("checked_on"),
        review_by: f.date("review_by"),
        claims: f.claims(),
    };
    if noun.min_age.zip(noun.max_age).is_some_and(|(min, max)| min > max) {
        f.wrong("min_age", "The youngest age is above the oldest.");
    }
    if super::clean::bare_amount(&noun.says).is_some() {
        f.wrong("says", "An amount stands here in words. Amounts are held once, with the rights.");
    }
    f.finish(noun)
}

fn hours(f: &mut Fields<'_>) -> Hours {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Written {
        days: Vec<Weekday>,
        from: String,
        to: String,
    }
    let on_holiday = match f.optional("bank_holidays").as_deref() {
        None | Some("open") => OnBankHoliday::Open,
        Some("closed") => OnBankHoliday::Closed,
        Some("all-day") => OnBankHoliday::AllDay,
        Some(other) => {
            let message = format!("`bank_holidays` cannot be “{other}”. It is one of: open, closed, all-day.");
            f.wrong("bank_holidays", message);
            OnBankHoliday::Open
        }
    };
    let rows = f.required("hours", |f, key| match f.take(key)? {
        Value::String(word) if word == "always" => Some(Err(Hours::Always)),
        Value::String(word) if word == "unknown" => Some(Err(Hours::Unknown)),
        Value::Array(rows) if !rows.is_empty() => Some(Ok(rows)),
        _ => {
            f.wrong(key, "`hours` is \"always\", \"unknown\", or a list of days with times.");
            None
        }
    });
    let rows = match rows {
        Some(Ok(rows)) => rows,
        Some(Err(hours)) => return hours,
        None => return Hours::Unknown,
    };
    let mut spans = Vec::new();
    for row in rows {
        let written: Written = match row.try_into() {
            Ok(written) => written,
            Err(error) => {
                let message = format!(
                    "A row of `hours` looks like {{ days = [\"mon\"], from = \"09:00\", to = \"17:00\" }}: {}.",
                    error.message().lines().next().unwrap_or_default()
                );
                f.wrong("hours", message);
                continue;
            }
        };
        match (clock(&written.from), clock(&written.to)) {
            (Some(from), Some(to)) if !written.days.is_empty() => {
                spans.push(Span { days: written.days, times: Times { from, to } });
            }
            (Some(_), Some(_)) => f.wrong("hours", "A row of `hours` names no day."),
            _ => f.wrong(
                "hours",
                format!("“{}” to “{}” are not two times. Write them as 09:00.", written.from, written.to),
            ),
        }
    }
    Hours::Weekly { spans, bank_holidays: on_holiday }
}

/// A time written `09:00`; `24:00` is the midnight that ends the day.
fn clock(text: &str) -> Option<jiff::civil::Time> {
    let (hour, minute) = text.split_once(':')?;
    if hour.len() != 2 || minute.len() != 2 {
        return None;
    }
    let hour = if text == "24:00" { 0 } else { hour.parse().ok()? };
    jiff::civil::Time::new(hour, minute.parse().ok()?, 0, 0).ok()
}

/// The front matter of a page.
pub(super) struct Front {
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) also: Vec<String>,
    pub(super) area: Area,
    pub(super) order: i64,
    pub(super) owner: String,
    pub(super) checked_on: Date,
    pub(super) review_by: Date,
    pub(super) exit: bool,
}

/// Cuts a page's text at its `+++` lines: the fields, the markdown, and the markdown's first line.
pub(super) fn fences(text: &str) -> Option<(&str, &str, usize)> {
    let rest = text.strip_prefix("+++\n")?;
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == "+++" {
            let fields = rest.get(..at)?;
            let body = rest.get(at + line.len()..)?;
            return Some((fields, body, fields.matches('\n').count() + 3));
        }
        at += line.len();
    }
    None
}

/// Reads the fields of a page. The body is drawn elsewhere.
pub(super) fn front(id: &str, text: &str, notes: &mut Vec<Note>) -> Option<Front> {
    let Some((fields, _, _)) = fences(text) else {
        notes.push(Note::error(Some(1), "A page starts with its fields between two lines of +++.".to_owned()));
        return None;
    };
    let mut f = Fields::read(fields, 1, notes)?;
    let noun = Front {
        title: f.text("title"),
        summary: f.text("summary"),
        also: f.slugs("also"),
        area: f.word("area", &Area::ALL.map(Area::as_str), Area::parse).unwrap_or(Area::Service),
        order: f.number("order"),
        owner: f.text("owner"),
        checked_on: f.date("checked_on"),
        review_by: f.date("review_by"),
        exit: f.yes("exit"),
    };
    for (key, text) in [("title", &noun.title), ("summary", &noun.summary)] {
        if super::clean::bare_amount(text).is_some() || text.contains("{{") {
            f.wrong(key, format!("An amount cannot stand in `{key}`. Put it in the text below."));
        }
        if text.contains("[^") || text.contains('\n') {
            f.wrong(key, format!("`{key}` is one line of plain words."));
        }
    }
    if f.good && (noun.area == Area::Service) != id.starts_with("pages/") {
        f.wrong("area", "The area “service” is for the pages about this site, and only for them.");
    }
    f.finish(noun)
}
