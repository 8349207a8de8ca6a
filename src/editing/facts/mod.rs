//! The data behind the pages as its editors fill it in: one box for each fact, and back.
//!
//! A form and a noun are two ways to write the same: [`Facts::boxes`] and [`Facts::read`] undo
//! each other, so that no fact is lost by opening a form and sending it as it is.

mod listed;
mod place;
mod session;
#[cfg(test)]
mod tests;
pub mod written;

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::content::{Kind, Library};
use crate::dropins::{Locality, Timetable};
use crate::web::forms::Fields;

pub use session::{TIMES, WEEKDAYS, nth};

/// How long after a check somebody must look again, in days: as long as a confirmation counts.
const REVIEW_DAYS: i64 = 90;
/// The longest text in a box, in characters.
const LONG: usize = 300;
/// The longest name or owner, in characters.
const SHORT: usize = 80;
/// The source of what staff add themselves.
pub const OWN_SOURCE: &str = "this-council";

/// A box: its name, and what it is called in lists of changes.
pub type Label = (&'static str, &'static str);

/// A noun that is edited box by box.
pub trait Facts: Serialize + DeserializeOwned + Sized + Send {
    /// What it is.
    const KIND: Kind;
    /// The address under which things of this kind are edited.
    const PATH: &'static str;
    /// Every box, in the order of the form.
    const LABELS: &'static [Label];
    /// The boxes of a form that is made from a list; empty for one that has a view of its own.
    const FIELDS: &'static [written::Plain] = &[];

    /// The first box: what is wrong with the whole stands beside it.
    #[must_use]
    fn first() -> &'static str {
        Self::LABELS.first().map_or("", |(name, _)| name)
    }

    /// What stands in each box; those left out are empty.
    fn boxes(&self) -> Vec<(&'static str, String)>;

    /// The noun that the form asks for; `None` when something in it is wrong, which is noted.
    fn read(form: &mut Fields, library: &Library) -> Option<Self>;

    /// The name as shown.
    fn name(&self) -> &str;

    /// Where the public reads it; `id` is its own. `None`: on no page of its own.
    fn public(&self, id: &str) -> Option<String>;

    /// What a new one is called in addresses, before it is made unlike the others.
    fn slug(&self) -> String;

    /// Why it is not taken as things stand, such as being there already.
    fn refusal(&self, table: &Timetable) -> Option<&'static str>;
}

/// The changes between two fillings of one form, in words: `Phone: 01254 1 is now 01254 2`.
#[must_use]
pub fn changes(labels: &[Label], was: &Fields, now: &Fields) -> Vec<String> {
    let differs = differences(labels, was, now).into_iter();
    let said = |text: String| if text.is_empty() { "empty".to_owned() } else { format!("“{text}”") };
    differs.map(|(label, was, now)| format!("{label}: {} became {}", said(was), said(now))).collect()
}

/// The boxes that two fillings of one form differ in: label, first and second.
#[must_use]
pub fn differences(labels: &[Label], one: &Fields, other: &Fields) -> Vec<(&'static str, String, String)> {
    let text = |form: &Fields, name: &str| form.typed(name).trim().to_owned();
    let pairs = labels.iter().map(|(name, label)| (*label, text(one, name), text(other, name)));
    pairs.filter(|(_, one, other)| one != other).collect()
}

/// A name as a part of an address: lower-case letters, digits and hyphens.
#[must_use]
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') && c != '\'' && c != '’' {
            slug.push('-');
        }
    }
    let cut = slug.get(..50).unwrap_or(&slug).trim_end_matches('-');
    if cut.is_empty() { "unnamed".to_owned() } else { cut.to_owned() }
}

/// This slug, or the first of it with a number that is not taken.
#[must_use]
pub fn unlike(slug: &str, taken: impl Fn(&str) -> bool) -> String {
    // The address of the form for a new one.
    let free = |slug: &String| slug != "new" && !taken(slug);
    let numbered = (2..).map(|n: u32| format!("{slug}-{n}"));
    std::iter::once(slug.to_owned()).chain(numbered).find(free).unwrap_or_default()
}

/// What a new one starts with: who answers for it, and when it is looked at again.
#[must_use]
pub fn fresh(table: &Timetable, today: Date) -> Vec<(&'static str, String)> {
    let owners: BTreeSet<&str> = table.localities.values().map(|Locality { owner, .. }| owner.as_str()).collect();
    let owner = owners.first().copied().unwrap_or_default();
    vec![
        ("owner", owner.to_owned()),
        ("checked_on", today.to_string()),
        ("review_by", review_by(today).to_string()),
        ("claim", OWN_SOURCE.to_owned()),
    ]
}

/// The day by which something checked on this day is looked at again.
#[must_use]
pub fn review_by(checked_on: Date) -> Date {
    checked_on.saturating_add(jiff::Span::new().days(REVIEW_DAYS))
}

/// The four boxes that every fact has: who answers for it, its two days and its source.
struct Kept {
    owner: String,
    checked_on: Date,
    review_by: Date,
    claim: String,
}

fn kept(form: &mut Fields, library: &Library) -> Option<Kept> {
    let owner = form.line("owner", SHORT, "Say which team answers for this.");
    let checked_on = form.iso_date("checked_on", "Give the day when somebody last checked this.");
    let review_by = form.iso_date("review_by", "Give the day by which somebody must look again.");
    let claim = form.line("claim", LONG, "Choose how we know this.");
    let known = crate::offer::Claim::parse_all(&claim)
        .is_ok_and(|claims| claims.iter().all(|claim| library.sources.contains_key(&claim.source)));
    if !claim.is_empty() && !known {
        form.fault("claim", "Choose how we know this from the list.");
    }
    let (checked_on, review_by) = (checked_on?, review_by?);
    if review_by < checked_on {
        form.fault("review_by", "This is before the day of the check. Choose a later day.");
    }
    Some(Kept { owner, checked_on, review_by, claim })
}

/// A box for a number that may be left empty.
fn number<T: std::str::FromStr>(form: &mut Fields, name: &'static str, fault: &'static str) -> Option<T> {
    let text = form.optional(name, 20)?;
    let read = text.parse().ok();
    if read.is_none() {
        form.fault(name, fault);
    }
    read
}
