//! Puts the nouns of the content together and checks them against each other. How old a text is
//! never counts as a fault: that changes what readers see, not whether they may.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::sync::Arc;

use crate::dropins::{Confirmation, District, Exception, Locality, Place, Session};
use crate::offer::{Claim, Page, Truth, explained};

use super::{Fault, Item, Key, Kind, Library, Note, clean, fields, markdown, parse, reading};

/// Addresses a text may link to besides its own pages, places and localities.
const ADDRESSES: [&str; 17] = [
    "/",
    "/help",
    "/offer",
    "/entitlements",
    "/entitlements/check",
    "/leaflet",
    "/search",
    "/keep",
    "/drop-ins",
    "/glossary",
    "/accessibility",
    "/privacy",
    "/cookies",
    "/sign-in",
    "/cannot-sign-in",
    "/join",
    "/feedback",
];

/// Every address of this site that a text may link to.
fn addresses(items: &BTreeMap<Key, Item>) -> BTreeSet<String> {
    let mut known: BTreeSet<String> = ADDRESSES.iter().map(|address| (*address).to_owned()).collect();
    for (kind, id) in items.keys() {
        match kind {
            Kind::Page => known.extend([address(id)]),
            Kind::Locality => known.extend([format!("/drop-ins/{id}"), format!("/leaflet/{id}")]),
            Kind::Place => known.extend([format!("/drop-ins/place/{id}")]),
            _ => {}
        }
    }
    known
}

/// The address of the page of this id.
#[must_use]
pub fn address(id: &str) -> String {
    match id.strip_prefix("pages/") {
        Some(slug) => format!("/{slug}"),
        None => format!("/offer/{id}"),
    }
}

struct Faults<'a> {
    items: &'a BTreeMap<Key, Item>,
    found: Vec<Fault>,
}

impl Faults<'_> {
    fn note(&mut self, kind: Kind, id: &str, note: Note) {
        let key = (kind, id.to_owned());
        let item = self.items.get(&key);
        let line = item.filter(|item| item.lines_known).and_then(|item| match note.line {
            Some(line) => Some(item.before + line),
            // Without a line of its own it stands at the head of its item.
            None => (item.before > 0).then_some(item.before),
        });
        let file = item.map_or_else(|| kind.file(id), |item| item.file.clone());
        self.found.push(Fault { severity: note.severity, file, line, message: note.message, item: Some(key) });
    }

    fn notes(&mut self, kind: Kind, id: &str, notes: Vec<Note>) {
        for note in notes {
            self.note(kind, id, note);
        }
    }

    /// An error on the line of a field, if that can be found.
    fn error(&mut self, kind: Kind, id: &str, field: &str, message: String) {
        let body = self.items.get(&(kind, id.to_owned())).map(|item| Arc::clone(&item.body));
        let line = body.and_then(|body| {
            let starts = |line: &str| line.strip_prefix(field).is_some_and(|rest| rest.trim_start().starts_with('='));
            body.lines().position(starts).map(|line| line + 1)
        });
        self.note(kind, id, Note::error(line, message));
    }

    fn refers(&mut self, kind: Kind, id: &str, field: &str, to: Kind, slug: &str) {
        if !self.items.contains_key(&(to, slug.to_owned())) {
            self.error(kind, id, field, format!("There is no {to} “{slug}”."));
        }
    }

    fn claims(&mut self, kind: Kind, id: &str, claims: &[Claim]) {
        for claim in claims {
            self.refers(kind, id, "claim", Kind::Source, &claim.source);
        }
    }

    fn claim_text(&mut self, kind: Kind, id: &str, text: &str) {
        match Claim::parse_all(text) {
            Ok(claims) => self.claims(kind, id, &claims),
            Err(messages) => messages.into_iter().for_each(|message| self.error(kind, id, "claim", message)),
        }
    }

    fn long_sentences(&mut self, kind: Kind, id: &str, text: &str) {
        for (_, sentence) in reading::sentences(text) {
            let words = reading::words(sentence);
            if words > reading::LONG_SENTENCE {
                let most = reading::LONG_SENTENCE;
                let message = format!("A sentence has {words} words. Split it so that none has more than {most}.");
                self.note(kind, id, Note::warning(None, message));
            }
        }
    }

    /// Two items of one list at the same place in it.
    fn orders<'b, T: Ord + Copy + Display>(&mut self, kind: Kind, listed: impl Iterator<Item = (&'b str, T)>) {
        let mut first: BTreeMap<T, &str> = BTreeMap::new();
        for (id, order) in listed {
            if let Some(other) = first.insert(order, id) {
                self.error(kind, id, "order", format!("`order` {order} is taken by “{other}”."));
            }
        }
    }
}

/// Parses, checks and draws everything. With an error among the faults the library is not whole.
pub(super) fn build(
    items: BTreeMap<Key, Item>,
    shipped: Arc<BTreeMap<Key, String>>,
    confirmations: BTreeMap<Key, Confirmation>,
) -> (Library, Vec<Fault>) {
    let mut library = Library { shipped, confirmations, ..Library::default() };
    let mut faults = Faults { items: &items, found: Vec::new() };
    for ((kind, id), item) in items.iter().filter(|((kind, _), _)| *kind != Kind::Page) {
        read(&mut library, &mut faults, *kind, id, &item.body);
    }
    references(&library, &mut faults);
    for (kind, id) in items.keys() {
        match kind {
            Kind::Source => {
                library.sources.entry(id.clone()).or_insert_with(|| parse::unread_source(id));
            }
            Kind::Entitlement => {
                library.entitlements.entry(id.clone()).or_insert_with(|| parse::unread_entitlement(id));
            }
            _ => {}
        }
    }
    draw_pages(&mut library, &mut faults);
    faults.orders(Kind::Locality, library.timetable.localities.iter().map(|(slug, it)| (slug.as_str(), it.order)));
    faults.orders(Kind::Line, library.lines.iter().map(|(slug, it)| (slug.as_str(), it.order)));
    faults.orders(Kind::Page, library.offer.iter().map(|(slug, it)| (slug.as_str(), it.order)));
    let pages: Vec<_> = library.pages.iter().map(|(slug, it)| (format!("pages/{slug}"), it.order)).collect();
    faults.orders(Kind::Page, pages.iter().map(|(id, order)| (id.as_str(), *order)));
    let found = faults.found;
    library.items = items;
    library.warnings = found.iter().filter(|fault| !fault.is_error()).cloned().collect();
    (library, found)
}

/// Reads one item that is not a page into its place.
fn read(library: &mut Library, faults: &mut Faults<'_>, kind: Kind, id: &str, body: &str) {
    let mut notes = clean::characters(body, 1);
    if body.len() > markdown::MAX_BYTES {
        notes.push(Note::error(None, format!("This text is too long. The most is {} bytes.", markdown::MAX_BYTES)));
    }
    if !notes.is_empty() {
        faults.notes(kind, id, notes);
        return;
    }
    let slug = id.to_owned();
    let table = &mut library.timetable;
    match kind {
        Kind::Source => keep(&mut library.sources, slug, parse::source(id, body, &mut notes)),
        Kind::Goal => keep(&mut library.goals, slug, parse::goal(id, body, &mut notes)),
        Kind::Term => keep(&mut library.terms, slug, parse::term(id, body, &mut notes)),
        Kind::Line => keep(&mut library.lines, slug, parse::line(id, body, &mut notes)),
        Kind::Holiday => {
            if let (Ok(date), Some(name)) = (id.parse(), parse::holiday(body, &mut notes)) {
                table.holidays.insert(date, name);
            }
        }
        Kind::Locality => keep(&mut table.localities, slug, fields::noun(body, &mut notes, Locality::faults)),
        Kind::District => keep(&mut table.districts, slug, fields::noun(body, &mut notes, District::faults)),
        Kind::Place => keep(&mut table.places, slug, fields::noun(body, &mut notes, Place::faults)),
        Kind::Session => {
            keep(&mut table.sessions, slug, fields::noun(body, &mut notes, Session::faults));
            if let Some(confirmation) = library.confirmations.get(&(kind, id.to_owned())) {
                table.confirmations.insert(id.to_owned(), confirmation.clone());
            }
        }
        Kind::Exception => keep(&mut table.exceptions, slug, fields::noun(body, &mut notes, Exception::faults)),
        Kind::Entitlement => {
            let mut right = parse::entitlement(id, body, &mut notes);
            if let Some(right) = &mut right {
                let confirmation = library.confirmations.get(&(kind, id.to_owned()));
                right.truth = truth(confirmation, Truth::of(right.claims.iter().map(|claim| claim.confidence)));
            }
            keep(&mut library.entitlements, slug, right);
        }
        Kind::Page => {}
    }
    faults.notes(kind, id, notes);
}

fn keep<T>(map: &mut BTreeMap<String, T>, slug: String, noun: Option<T>) {
    if let Some(noun) = noun {
        map.insert(slug, noun);
    }
}

fn truth(confirmation: Option<&Confirmation>, otherwise: Truth) -> Truth {
    confirmation.map_or(otherwise, |said| Truth::Confirmed { by_role: said.by_role.clone(), on: said.on })
}

/// Follows every slug from one noun to another, and every claim to its source. What is named must
/// be among the items; whether that item can be read is a fault of its own.
fn references(library: &Library, faults: &mut Faults<'_>) {
    let table = &library.timetable;
    for (id, it) in &table.districts {
        faults.refers(Kind::District, id, "locality", Kind::Locality, &it.locality);
        faults.claim_text(Kind::District, id, &it.claim);
    }
    for (id, it) in &table.places {
        faults.refers(Kind::Place, id, "district", Kind::District, &it.district);
        faults.claim_text(Kind::Place, id, &it.claim);
        for text in [&it.access, &it.bus, &it.note].into_iter().flatten() {
            faults.long_sentences(Kind::Place, id, text);
        }
    }
    for (id, it) in &table.sessions {
        faults.refers(Kind::Session, id, "place", Kind::Place, &it.place);
        faults.claim_text(Kind::Session, id, &it.claim);
        if let Some(note) = &it.note {
            faults.long_sentences(Kind::Session, id, note);
        }
    }
    for (id, it) in &table.exceptions {
        for (field, to, slug) in
            [("session", Kind::Session, &it.session), ("place", Kind::Place, &it.place), ("at", Kind::Place, &it.at)]
        {
            if let Some(slug) = slug {
                faults.refers(Kind::Exception, id, field, to, slug);
            }
        }
    }
    for (id, it) in &library.lines {
        faults.claims(Kind::Line, id, &it.claims);
        for area in &it.area {
            let known = [Kind::Locality, Kind::District].map(|kind| faults.items.contains_key(&(kind, area.clone())));
            if known == [false, false] {
                faults.error(Kind::Line, id, "area", format!("There is no locality or district “{area}”."));
            }
        }
        faults.long_sentences(Kind::Line, id, &it.says);
    }
    for (id, it) in &library.entitlements {
        faults.claims(Kind::Entitlement, id, &it.claims);
        for district in &it.conditions.districts {
            faults.refers(Kind::Entitlement, id, "districts", Kind::District, district);
        }
        for text in [Some(&it.who), Some(&it.how), it.rule.as_ref(), it.proof.as_ref(), it.lasts.as_ref()] {
            faults.long_sentences(Kind::Entitlement, id, text.map_or("", String::as_str));
        }
    }
    for (id, it) in &library.terms {
        faults.claims(Kind::Term, id, &it.claims);
        faults.long_sentences(Kind::Term, id, &it.meaning);
    }
    for (id, it) in &library.goals {
        faults.claims(Kind::Goal, id, &it.claims);
        let steps = it.steps.iter().map(|step| &step.text);
        for text in [&it.want].into_iter().chain(&it.know).chain(steps) {
            faults.long_sentences(Kind::Goal, id, text);
        }
    }
}

fn draw_pages(library: &mut Library, faults: &mut Faults<'_>) {
    let addresses = addresses(faults.items);
    let mut elsewhere = Vec::new();
    // By address: the fragments a link may name.
    let mut fragments: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for ((_, id), item) in faults.items.iter().filter(|((kind, _), _)| *kind == Kind::Page) {
        let confirmation = library.confirmations.get(&(Kind::Page, id.clone()));
        let mut notes = Vec::new();
        let front = parse::front(id, &item.body, &mut notes);
        // The body is checked even when the fields are wrong, so that all is said at once.
        let (body, first_line) = parse::fences(&item.body).map_or(("", 1), |(_, body, line)| (body, line));
        let known = markdown::Known {
            sources: &library.sources,
            entitlements: &library.entitlements,
            addresses: &addresses,
            confirmed: confirmation.is_some(),
        };
        let drawn = if first_line > 1 {
            notes.extend(clean::characters(item.body.get(..item.body.len() - body.len()).unwrap_or_default(), 1));
            let (drawn, more) = markdown::draw(body, first_line, known);
            notes.extend(more);
            drawn
        } else {
            None
        };
        if let Some(drawn) = &drawn {
            if drawn.sources.is_empty() && !id.starts_with("pages/") {
                notes.push(Note::error(None, "This page names no source. Say where its facts come from.".to_owned()));
            }
            let ids = drawn.headings.iter().map(|heading| heading.id.clone());
            fragments.insert(address(id), ids.collect());
            elsewhere.extend(drawn.elsewhere.iter().map(|link| (id.clone(), link.clone())));
        }
        faults.notes(Kind::Page, id, notes);
        let (Some(front), Some(drawn)) = (front, drawn) else { continue };
        let service = id.strip_prefix("pages/");
        let page = Page {
            slug: service.unwrap_or(id).to_owned(),
            title: front.title,
            summary: front.summary,
            also: front.also,
            area: front.area,
            order: front.order,
            owner: front.owner,
            checked_on: front.checked_on,
            review_by: front.review_by,
            exit: front.exit,
            html: explained::explain(&drawn.html, &library.terms),
            headings: drawn.headings,
            sources: drawn.sources,
            truth: truth(confirmation, Truth::of(drawn.confidences)),
            text: drawn.text,
            words: drawn.words,
        };
        let shelf = if service.is_some() { &mut library.pages } else { &mut library.offer };
        shelf.insert(page.slug.clone(), page);
    }
    for (id, (line, address, fragment)) in elsewhere {
        // Of addresses that are not drawn here the fragments are not known.
        if fragments.get(&address).is_some_and(|ids| !ids.contains(&fragment)) {
            let message = format!("The page {address} has no heading with the address #{fragment}.");
            faults.note(Kind::Page, &id, Note::error(Some(line), message));
        }
    }
}
