//! The plan as pages.

pub mod actions;
pub mod changed;
pub mod crisis;
pub mod goals;
mod meeting;
mod mine;
pub mod money;
pub mod print;
mod sign;
mod theirs;
mod versions;
mod write;

use std::collections::BTreeMap;

use jiff::civil::Date;
use leptos::prelude::*;

use self::changed::{Piece, differ};
use super::action::{Side, Standing};
use super::review::Rests;
use super::{Field, Heading, Known, Opinion, Prep, Say, Sheet, Version};
use crate::clock::{from_micros, london_date};
use crate::dropins::words;
use crate::people::Person;

pub use meeting::{Assessing, Meeting, Reviewing};
pub use mine::{MyPlan, Saying};
pub use sign::{Lying, Signing, Submitting};
pub use theirs::{Sharing, TheirPlan};
pub use versions::{Beside, Versions};
pub use write::{Pen, Writing};

/// Whose eyes the plan is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The young person; the name of the worker who leads, if there is one.
    Person(Option<String>),
    /// A worker; the name the young person wants to be called by.
    Worker(String),
}

impl Reader {
    /// The side that reads.
    pub const fn side(&self) -> Side {
        match self {
            Self::Person(_) => Side::Person,
            Self::Worker(_) => Side::Staff,
        }
    }
}

/// A plan as it stands for a reader.
#[derive(Clone, Debug)]
pub struct Whole {
    /// Whose.
    pub person: Person,
    /// The newest version that was shared.
    pub shared: Option<Version>,
    /// The next one, while it is written.
    pub draft: Option<Version>,
    /// The ten parts of what is shown: of the shared version, or of the draft to whoever writes it.
    pub sheets: Vec<Sheet>,
    /// The parts as the reader knew them, where there is a newer version since.
    pub before: Option<Vec<Sheet>>,
    /// To the young person: the parts of the draft, of which they see what they wrote themselves.
    pub next: Option<Vec<Sheet>>,
    /// What the reader knew of the plan before.
    pub known: Known,
    /// To a worker who has not read it yet: when the young person last wrote what they want of each part, UTC microseconds.
    pub wanted_at: BTreeMap<Heading, i64>,
    /// Everything that was said of it, the oldest first.
    pub says: Vec<Say>,
    /// The actions that the reader may see.
    pub actions: Vec<Standing>,
    /// By when it is talked about again.
    pub due: Option<(Date, Rests)>,
    /// What the young person has got ready for meetings, the newest first.
    pub preps: Vec<Prep>,
}

impl Whole {
    /// The texts that are others than the reader knew.
    fn changed(&self) -> Vec<(Heading, Field)> {
        let Some(before) = &self.before else { return Vec::new() };
        let both = before.iter().zip(&self.sheets);
        let changed = both.flat_map(|(old, now)| {
            Field::ALL
                .into_iter()
                .filter(|field| old.text(*field) != now.text(*field))
                .map(|field| (now.heading, field))
        });
        changed.collect()
    }

    /// What they have got ready for the next one.
    pub fn prep(&self) -> Option<&Prep> {
        self.preps.iter().find(|prep| prep.used_at.is_none())
    }

    /// The actions that the other side has changed since the reader looked.
    fn moved(&self, reader: Side) -> impl Iterator<Item = &Standing> {
        self.actions.iter().filter(move |one| one.is_news(reader, self.known.until))
    }

    /// Whether something that happened then is new to the reader.
    fn is_new(&self, at: Option<i64>) -> bool {
        self.known.until.is_some_and(|until| at.is_some_and(|at| at > until))
    }
}

/// A day, of a moment.
fn day(micros: i64) -> String {
    words::date_with_year(london_date(from_micros(micros)))
}

/// By when it is talked about again, and why then.
fn due_says((on, rests): (Date, Rests), today: Date, mine: bool) -> String {
    let late = if on < today { " This day has passed." } else { "" };
    let why = match rests {
        Rests::Law => "at least every 6 months".to_owned(),
        Rests::Asked => "somebody asked for it, or a day was set".to_owned(),
        Rests::Birthday(years) if mine => format!("because you turn {years}"),
        Rests::Birthday(years) => format!("because they turn {years}"),
    };
    let by = words::date_with_year(on);
    let talks = if mine { "You talk about it again by" } else { "It is to be reviewed by" };
    format!("{talks} {by}: {why}.{late}")
}

/// A text with what is new in it and what is gone, where it is another one than before.
#[component]
fn Text(
    /// The text now.
    text: Option<String>,
    /// The text before; `None`: it is not compared.
    before: Option<String>,
) -> impl IntoView {
    let now = text.unwrap_or_default();
    let Some(before) = before.filter(|before| *before != now) else {
        return view! { <p class="pre">{now}</p> }.into_any();
    };
    let pieces = differ(&before, &now).into_iter().map(|piece| match piece {
        Piece::Same(text) => text.into_any(),
        Piece::New(text) => view! { <ins><span class="vh">"New: "</span>{text}</ins> }.into_any(),
        Piece::Gone(text) => view! { <del><span class="vh">"Gone: "</span>{text}</del>" " }.into_any(),
    });
    view! { <p class="pre">{pieces.collect_view()}</p> }.into_any()
}

/// What was said of a part, the oldest first. `called`: the young person to a worker.
#[component]
fn Said(
    /// What.
    says: Vec<Say>,
    /// The name of who said it; `None`: the reader did.
    called: Option<String>,
) -> impl IntoView {
    let rows = says.into_iter().map(|say| {
        let who = match &called {
            Some(called) => format!("{called} {}", say.opinion.told()),
            None => match say.opinion {
                Opinion::Disagree => "I do not agree".to_owned(),
                other => other.mine().to_owned(),
            },
        };
        let heard = say.heard_at.map(|at| format!(" Talked about on {}.", day(at)));
        let meta = format!("{}, version {}.{}", day(say.at), say.version, heard.unwrap_or_default());
        let tag = if say.opinion == Opinion::Disagree { "tag warn" } else { "tag" };
        view! {
            <li>
                <span class=tag>{who}</span>" "
                {say.words.map(|words| view! { <p class="pre">{words}</p> })}
                <span class="meta">{meta}</span>
            </li>
        }
    });
    let rows = rows.collect_view();
    view! { <ul class="said">{rows}</ul> }
}
