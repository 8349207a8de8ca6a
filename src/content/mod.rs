//! The published set: every page and every piece of data behind it, parsed, checked against each
//! other and drawn, ready to be read by many at once.
//!
//! The files in `content/` are the first edition. What staff change later is laid over it one item
//! at a time by the same code and the same checks. An *item* is what a person edits in one go: a
//! page, a place, a session, a phone line. Its *body* is a text: the markdown file of a page, or
//! the fields of any other item as TOML of its own, without the `[place.slug]` line.
//!
//! | kind | id | body |
//! |---|---|---|
//! | page | `money` for `/offer/money`, `pages/privacy` for `/privacy`: a slug holds no `/`, so these never meet | markdown with its front matter |
//! | holiday | the date, `2026-12-25` | `name = "…"` |
//! | any other | its slug | TOML |

pub mod check;
mod clean;
mod fields;
pub mod live;
pub mod markdown;
mod parse;
pub mod reading;
pub mod store;
mod tree;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::Zoned;
use sha2::{Digest, Sha256};

pub use crate::dropins::Confirmation;
use crate::dropins::Timetable;
use crate::entitlements::Entitlement;
use crate::help;
use crate::offer::{Page, Source, Term};
use crate::plan::goals::Goal;

/// What an item is. The words are stored in the database and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the noun of the same name")]
pub enum Kind {
    Source,
    Term,
    Holiday,
    Locality,
    District,
    Place,
    Session,
    Exception,
    Line,
    Entitlement,
    Goal,
    Page,
}

impl Kind {
    /// Every kind; what others refer to comes first.
    pub const ALL: [Kind; 12] = [
        Kind::Source,
        Kind::Term,
        Kind::Holiday,
        Kind::Locality,
        Kind::District,
        Kind::Place,
        Kind::Session,
        Kind::Exception,
        Kind::Line,
        Kind::Entitlement,
        Kind::Goal,
        Kind::Page,
    ];

    /// The stable word for this kind.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Source => "source",
            Kind::Term => "term",
            Kind::Holiday => "holiday",
            Kind::Locality => "locality",
            Kind::District => "district",
            Kind::Place => "place",
            Kind::Session => "session",
            Kind::Exception => "exception",
            Kind::Line => "line",
            Kind::Entitlement => "entitlement",
            Kind::Goal => "goal",
            Kind::Page => "page",
        }
    }

    /// The kind of this word; `None` if there is no such kind.
    #[must_use]
    pub fn parse(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The file under `content/` in which an item of this kind stands.
    #[must_use]
    pub fn file(self, id: &str) -> String {
        let name = match self {
            Kind::Page if id.starts_with("pages/") => return format!("{id}.md"),
            Kind::Page => return format!("offer/{id}.md"),
            Kind::Source => "sources.toml",
            Kind::Term => "terms.toml",
            Kind::Holiday => "bank-holidays.csv",
            Kind::Locality | Kind::District => "localities.toml",
            Kind::Place => "places.toml",
            Kind::Session => "sessions.toml",
            Kind::Exception => "exceptions.toml",
            Kind::Line => "help.toml",
            Kind::Entitlement => "entitlements.toml",
            Kind::Goal => "goals.toml",
        };
        name.to_owned()
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How bad a fault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It cannot be published.
    Error,
    /// It can be, for a reason that somebody gives.
    Warning,
}

/// Something wrong in one text, before it is known in which file the text stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// How bad it is.
    pub severity: Severity,
    /// The line, counted from 1; `None` if it concerns the text as a whole.
    pub line: Option<usize>,
    /// What is wrong and what to do, in plain sentences.
    pub message: String,
}

impl Note {
    fn error(line: Option<usize>, message: String) -> Self {
        Self { severity: Severity::Error, line, message }
    }

    fn warning(line: Option<usize>, message: String) -> Self {
        Self { severity: Severity::Warning, line, message }
    }

    /// Whether it stops the text from being published.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Something wrong in the content, with where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// How bad it is.
    pub severity: Severity,
    /// The file, relative to `content/`.
    pub file: String,
    /// The line of the file; for an item that staff edited, the line of its body.
    pub line: Option<usize>,
    /// What is wrong and what to do, in plain sentences.
    pub message: String,
    /// The item it concerns; `None` if it concerns the file as a whole.
    pub item: Option<(Kind, String)>,
}

impl Fault {
    /// Whether it stops the content from being published.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    fn in_file(file: &str, line: Option<usize>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, file: file.to_owned(), line, message: message.into(), item: None }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "content/{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        f.write_str(": ")?;
        match &self.item {
            Some((kind, id)) if *kind != Kind::Page => write!(f, "{kind} {id}: ")?,
            _ => {}
        }
        f.write_str(&self.message)
    }
}

/// Kind and id.
type Key = (Kind, String);

/// The text of one item and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    body: Arc<str>,
    file: String,
    /// How many lines of the file stand before the body; nought for what staff typed.
    before: usize,
    /// Whether lines of the body can be found in the file at all.
    lines_known: bool,
}

/// Everything published, parsed and checked. A copy is cheap enough for one edit; share it in an
/// `Arc` between requests.
#[derive(Debug, Clone, Default)]
pub struct Library {
    /// Pages of the offer by slug: `/offer/{slug}`.
    pub offer: BTreeMap<String, Page>,
    /// Service pages by slug: `/{slug}`.
    pub pages: BTreeMap<String, Page>,
    /// Localities, districts, places, sessions, exceptions, bank holidays, and confirmed sessions.
    pub timetable: Timetable,
    /// Phone and text lines by slug.
    pub lines: BTreeMap<String, help::Line>,
    /// Amounts and rights by slug.
    pub entitlements: BTreeMap<String, Entitlement>,
    /// Sources by slug.
    pub sources: BTreeMap<String, Source>,
    /// Words explained, by slug.
    pub terms: BTreeMap<String, Term>,
    /// Ideas for goals of a plan, by slug.
    pub goals: BTreeMap<String, Goal>,
    items: BTreeMap<Key, Item>,
    /// The hash of every item of the first edition.
    shipped: Arc<BTreeMap<Key, String>>,
    confirmations: BTreeMap<Key, Confirmation>,
    warnings: Vec<Fault>,
}

/// One stored change of an item, to be laid over the first edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What the item is.
    pub kind: Kind,
    /// Which it is.
    pub id: String,
    /// Its new text; `None`: it is withdrawn.
    pub body: Option<String>,
}

/// A change that was not taken, and every fault that stood against it.
pub type Refused = (Change, Vec<Fault>);

impl Library {
    /// Reads the first edition. The keys are paths under `content/`, such as `offer/money.md`.
    ///
    /// # Errors
    /// Every fault of every file at once, warnings included, if at least one of them is an error.
    pub fn shipped(files: &BTreeMap<String, String>) -> Result<Library, Vec<Fault>> {
        let (items, mut faults) = tree::split(files);
        let shipped = items.iter().map(|(key, item)| (key.clone(), hash(&item.body))).collect();
        let (library, more) = check::build(items, Arc::new(shipped), BTreeMap::new());
        faults.extend(more);
        if faults.iter().any(Fault::is_error) {
            faults.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
            Err(faults)
        } else {
            Ok(library)
        }
    }

    /// The set with one item changed or added, everything checked again, and the warnings about
    /// that item. A confirmation of the item is dropped: it was of the words before. Lay stored
    /// changes first, then [`confirm`](Self::confirm) what was confirmed after them.
    ///
    /// # Errors
    /// Every error the change causes, in this item or in those that refer to it, and its warnings.
    pub fn replaced(&self, kind: Kind, id: &str, body: &str) -> Result<(Library, Vec<Fault>), Vec<Fault>> {
        tree::id_fault(kind, id).map_or(Ok(()), |fault| Err(vec![fault]))?;
        let key = (kind, id.to_owned());
        let mut items = self.items.clone();
        // Windows line ends come with every form post.
        let body = body.replace("\r\n", "\n");
        items.insert(key.clone(), Item { body: body.into(), file: kind.file(id), before: 0, lines_known: true });
        self.rebuilt(items, &key)
    }

    /// The set without one item, everything checked again.
    ///
    /// # Errors
    /// If there is no such item, or every error of those that still refer to it.
    pub fn without(&self, kind: Kind, id: &str) -> Result<Library, Vec<Fault>> {
        let key = (kind, id.to_owned());
        let mut items = self.items.clone();
        if items.remove(&key).is_none() {
            return Err(vec![Fault::in_file(&kind.file(id), None, format!("There is no {kind} “{id}”."))]);
        }
        self.rebuilt(items, &key).map(|(library, _)| library)
    }

    fn rebuilt(&self, items: BTreeMap<Key, Item>, key: &Key) -> Result<(Library, Vec<Fault>), Vec<Fault>> {
        let mut confirmations = self.confirmations.clone();
        confirmations.remove(key);
        let (library, faults) = check::build(items, Arc::clone(&self.shipped), confirmations);
        let own = |fault: &Fault| fault.item.as_ref() == Some(key);
        if faults.iter().any(Fault::is_error) {
            Err(faults.into_iter().filter(|fault| fault.is_error() || own(fault)).collect())
        } else {
            Ok((library, faults.into_iter().filter(own).collect()))
        }
    }

    /// Lays stored changes over the set, as many as can be. The rest are given back with what
    /// stands against them, so that an earlier change of the same item can be tried instead.
    #[must_use]
    pub fn overlaid(&self, changes: Vec<Change>) -> (Library, Vec<Refused>) {
        let mut library = self.clone();
        let mut waiting: Vec<Refused> = changes.into_iter().map(|change| (change, Vec::new())).collect();
        // One may need another that comes later, such as a session its place; go round until a
        // whole round helps none.
        loop {
            let before = waiting.len();
            let changes = waiting.into_iter().map(|(change, _)| change).collect();
            let left = library.lay(changes);
            if left.is_empty() || left.len() == before {
                return (library, left);
            }
            waiting = left;
        }
    }

    /// Lays these over the set, and gives back those that cannot be. All at once, since checking
    /// the set costs the same for one change as for hundreds; by halves when something is wrong.
    fn lay(&mut self, mut changes: Vec<Change>) -> Vec<Refused> {
        if changes.is_empty() {
            return Vec::new();
        }
        if let [change] = changes.as_slice() {
            let Change { kind, id, body } = change;
            let tried = match body {
                Some(body) => self.replaced(*kind, id, body).map(|(library, _)| library),
                None => self.without(*kind, id),
            };
            return match tried {
                Ok(next) => {
                    *self = next;
                    Vec::new()
                }
                Err(faults) => changes.into_iter().map(|change| (change, faults.clone())).collect(),
            };
        }
        if let Some(next) = self.with_all(&changes) {
            *self = next;
            return Vec::new();
        }
        let second = changes.split_off(changes.len() / 2);
        let mut left = self.lay(changes);
        left.extend(self.lay(second));
        left
    }

    /// The set with all of these changes, if nothing is wrong with any of them.
    fn with_all(&self, changes: &[Change]) -> Option<Library> {
        let (mut items, mut confirmations) = (self.items.clone(), self.confirmations.clone());
        for Change { kind, id, body } in changes {
            if tree::id_fault(*kind, id).is_some() {
                return None;
            }
            let key = (*kind, id.clone());
            confirmations.remove(&key);
            match body {
                Some(body) => {
                    let body = body.replace("\r\n", "\n").into();
                    items.insert(key, Item { body, file: kind.file(id), before: 0, lines_known: true });
                }
                None => drop(items.remove(&key)?),
            }
        }
        let (library, faults) = check::build(items, Arc::clone(&self.shipped), confirmations);
        (!faults.iter().any(Fault::is_error)).then_some(library)
    }

    /// Notes that somebody in the service said an item is true. Of an item there is not, nothing.
    pub fn confirm(&mut self, kind: Kind, id: &str, confirmation: Confirmation) {
        self.confirm_all([(kind, id.to_owned(), confirmation)]);
    }

    /// Notes several confirmations and draws the pages again once.
    pub fn confirm_all(&mut self, confirmations: impl IntoIterator<Item = (Kind, String, Confirmation)>) {
        for (kind, id, confirmation) in confirmations {
            let key = (kind, id);
            if self.items.contains_key(&key) {
                self.confirmations.insert(key, confirmation);
            }
        }
        let (items, confirmations) = (std::mem::take(&mut self.items), std::mem::take(&mut self.confirmations));
        // The same texts as before, so nothing new can be wrong with them.
        (*self, _) = check::build(items, Arc::clone(&self.shipped), confirmations);
    }

    /// Who in the service said last that this item is true; `None`: nobody yet.
    #[must_use]
    pub fn confirmation(&self, kind: Kind, id: &str) -> Option<&Confirmation> {
        self.confirmations.get(&(kind, id.to_owned()))
    }

    /// The text of an item as it stands now.
    #[must_use]
    pub fn body(&self, kind: Kind, id: &str) -> Option<&str> {
        self.items.get(&(kind, id.to_owned())).map(|item| &*item.body)
    }

    /// The SHA-256 of an item's text in the first edition, in hex; `None` if it was added later.
    #[must_use]
    pub fn shipped_hash(&self, kind: Kind, id: &str) -> Option<&str> {
        self.shipped.get(&(kind, id.to_owned())).map(String::as_str)
    }

    /// Every item: kind, id and text.
    pub fn items(&self) -> impl Iterator<Item = (Kind, &str, &str)> {
        self.items.iter().map(|((kind, id), item)| (*kind, id.as_str(), &*item.body))
    }

    /// What is not wrong but could be better, in the whole set.
    #[must_use]
    pub fn warnings(&self) -> &[Fault] {
        &self.warnings
    }

    /// The page of an id, of the offer or of the service.
    #[must_use]
    pub fn page(&self, id: &str) -> Option<&Page> {
        match id.strip_prefix("pages/") {
            Some(slug) => self.pages.get(slug),
            None => self.offer.get(id),
        }
    }

    /// The set as files, to be written under `content/`. Comments between items are not kept.
    #[must_use]
    pub fn files(&self) -> BTreeMap<String, String> {
        tree::join(&self.items)
    }

    /// The first moment after this one at which the council's other line answers.
    #[must_use]
    pub fn next_switch(&self, after: &Zoned) -> Option<Zoned> {
        help::next_switch(&self.lines, after, &self.timetable.holidays)
    }

    /// The first moment after this one at which any line opens or closes.
    #[must_use]
    pub fn next_opening(&self, after: &Zoned) -> Option<Zoned> {
        help::next_opening(&self.lines, after, &self.timetable.holidays)
    }

    /// Every line in the order in which to offer them at this moment.
    #[must_use]
    pub fn help_strip(&self, at: &Zoned) -> Vec<help::Offered<'_>> {
        help::strip(&self.lines, at, &self.timetable.holidays)
    }
}

/// The SHA-256 of a text in hex: tells whether a new release changed what staff changed.
#[must_use]
pub fn hash(body: &str) -> String {
    Sha256::digest(body.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
