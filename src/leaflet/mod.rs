//! The offer on one sheet of paper: A4 printed on both sides and folded to four pages of A5.
//!
//! Nothing on paper can be scrolled to, so what stands on it is chosen by how much room it takes,
//! reckoned with wide letters: what does not fit is left out whole and pointed to.

mod stops;
pub mod views;

use jiff::civil::Date;

pub use stops::{Change, Meeting, Stop, Stops, stops};

use crate::content::Library;
use crate::dropins::{Timetable, words};
use crate::entitlements::{Basis, Entitlement};
use crate::help::{Hours, Line, Purpose};

/// How many letters of the widest usual typeface stand in a line of a panel.
const WIDE: usize = 64;
/// The height of a line of text, in points. `style/leaflet.css` has the same.
const LINE: usize = 13;

/// What is left of a panel's height, in points.
#[derive(Debug, Clone, Copy)]
struct Room(usize);

impl Room {
    /// Takes this much, if there is as much left.
    fn take(&mut self, height: usize) -> bool {
        let left = self.0.checked_sub(height);
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }
}

/// The height of a text in a column of this many letters, in points.
fn height(text: &str, wide: usize) -> usize {
    let (mut lines, mut used) = (1, 0);
    for word in text.split_whitespace() {
        let long = word.chars().count();
        let with_blank = if used == 0 { long } else { used + 1 + long };
        if with_blank <= wide {
            used = with_blank;
        } else {
            // A word wider than the column is broken.
            lines += usize::from(used > 0) + long.saturating_sub(1).checked_div(wide).unwrap_or(0);
            used = long.saturating_sub(1).checked_rem(wide).map_or(long, |rest| rest + 1);
        }
    }
    lines * LINE
}

/// The sentences of a text.
fn sentences(text: &str) -> Vec<&str> {
    let (mut rest, mut all) = (text.trim(), Vec::new());
    while !rest.is_empty() {
        // "5.30pm" ends no sentence.
        let end = [". ", "! ", "? "].iter().filter_map(|end| rest.find(end)).min();
        let (sentence, after) = end.and_then(|at| rest.split_at_checked(at + 1)).unwrap_or((rest, ""));
        all.push(sentence);
        rest = after.trim_start();
    }
    all
}

/// As many whole sentences as fit in this many letters; of a first one that is longer, its start.
fn brief(text: &str, most: usize) -> String {
    let fit = |parts: Vec<&str>| {
        let mut taken = String::new();
        for part in parts {
            if taken.chars().count() + 1 + part.chars().count() > most + 1 {
                break;
            }
            taken = if taken.is_empty() { part.to_owned() } else { format!("{taken} {part}") };
        }
        taken
    };
    let whole = fit(sentences(text));
    if whole.is_empty() && !text.trim().is_empty() {
        format!("{} …", fit(text.split_whitespace().collect()))
    } else {
        whole
    }
}

/// The part of the service a leaflet is for.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The slug of a locality; `None`: all of them.
    pub locality: Option<&'a str>,
}

impl Scope<'_> {
    /// Whether a locality belongs to it.
    #[must_use]
    pub fn holds(self, locality: &str) -> bool {
        self.locality.is_none_or(|own| own == locality)
    }

    /// Whether a line is for everybody in it.
    fn has_line(self, table: &Timetable, line: &Line) -> bool {
        let of = |district: &String| table.districts.get(district).map(|district| district.locality.as_str());
        let covers = |locality: &str| {
            line.area.iter().any(|area| area == locality)
                || self.locality.is_some() && line.area.iter().any(|area| of(area) == Some(locality))
        };
        line.area.is_empty() || table.localities.keys().filter(|slug| self.holds(slug)).all(|slug| covers(slug))
    }
}

/// The area of the service in words, from its councils' names: `Lancashire`. Empty if none is known.
#[must_use]
pub fn area(table: &Timetable) -> String {
    const KINDS: [&str; 5] = [" County Council", " Borough Council", " City Council", " District Council", " Council"];
    let mut localities: Vec<_> = table.localities.values().collect();
    localities.sort_by_key(|locality| locality.order);
    let mut names: Vec<String> = Vec::new();
    for locality in localities {
        let council = locality.council.as_str();
        let name = KINDS.iter().find_map(|kind| council.strip_suffix(kind)).unwrap_or(council);
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    words::and(names)
}

/// One right as it stands on the leaflet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Right {
    /// Its key.
    pub slug: String,
    /// Why it exists.
    pub basis: Basis,
    /// Its name.
    pub name: String,
    /// The amount, as a sentence of its own.
    pub amount: Option<String>,
    /// The first sentence of its rule.
    pub says: Option<String>,
    /// Doubt in a few words.
    pub doubt: Option<&'static str>,
}

impl Right {
    fn of(right: &Entitlement, confirmed: bool, full: bool) -> Right {
        let amount = right.amount.as_ref().map(|amount| {
            let mut chars = amount.chars();
            chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect::<String>()
        });
        let says = right.rule.as_deref().filter(|_| full || amount.is_none());
        Right {
            slug: right.slug.clone(),
            basis: right.basis,
            name: right.name.clone(),
            says: says.map(|rule| brief(sentences(rule).first().copied().unwrap_or_default(), 150)),
            amount,
            doubt: right.claims.iter().filter_map(|claim| claim.confidence.mark(confirmed)).next(),
        }
    }

    fn height(&self) -> usize {
        let doubt = self.doubt.map(whole);
        let parts = [Some(self.name.as_str()), self.amount.as_deref(), self.says.as_deref(), doubt.as_deref()];
        // Names and amounts are bold, so wider.
        let bold = self.name.chars().count() + self.amount.as_ref().map_or(0, |amount| amount.chars().count());
        let text: Vec<_> = parts.into_iter().flatten().collect();
        height(&text.join(". "), WIDE.saturating_sub(bold / 10)) + 3
    }
}

/// A text that is not broken over lines, to be measured as one word.
fn whole(text: &str) -> String {
    text.replace(' ', "_")
}

/// The rights on the leaflet, by why they exist, and how many more there was no room for.
#[must_use]
pub fn rights(library: &Library, today: Date) -> (Vec<(Basis, Vec<Right>)>, usize) {
    const ROOM: Room = Room(488);
    let mut chosen: Vec<_> = library
        .entitlements
        .values()
        .filter(|right| right.in_force.holds(today))
        .filter_map(|right| Some((right.leaflet?, right)))
        .collect();
    chosen.sort_by_key(|(order, right)| (*order, &right.slug));
    let all = |full: bool| {
        let confirmed = |slug: &str| library.confirmation(crate::content::Kind::Entitlement, slug).is_some();
        chosen.iter().map(move |(_, right)| Right::of(right, confirmed(&right.slug), full))
    };
    let fitting = |full: bool| {
        let mut room = ROOM;
        let mut bases = Vec::new();
        let mut fit: Vec<Right> = Vec::new();
        for right in all(full) {
            let heading = if bases.contains(&right.basis) { 0 } else { 22 };
            if !room.take(right.height() + heading) {
                break;
            }
            bases.push(right.basis);
            fit.push(right);
        }
        fit
    };
    // An amount says enough by itself where there is no room for what it is for.
    let full = fitting(true);
    let fit = if full.len() == chosen.len() { full } else { fitting(false) };
    let more = chosen.len() - fit.len();
    let groups =
        Basis::ALL.map(|basis| (basis, fit.iter().filter(|right| right.basis == basis).cloned().collect::<Vec<_>>()));
    (groups.into_iter().filter(|(_, rights)| !rights.is_empty()).collect(), more)
}

/// Whom to ring, most urgent first: by what for, with the lines that are always open first.
#[must_use]
pub fn lines<'a>(library: &'a Library, scope: Scope<'_>) -> Vec<&'a Line> {
    const FEW: [(Purpose, usize); 6] = [
        (Purpose::Emergency, 1),
        (Purpose::CouncilDay, 1),
        (Purpose::CouncilNight, 1),
        (Purpose::MentalHealth, 2),
        (Purpose::Talk, 2),
        (Purpose::Advocate, 1),
    ];
    let of = |(purpose, most): (Purpose, usize)| {
        let wanted = |line: &&Line| line.purpose == purpose && scope.has_line(&library.timetable, line);
        let mut lines: Vec<_> = library.lines.values().filter(wanted).collect();
        lines.sort_by_key(|line| (line.hours != Hours::Always, line.area.is_empty(), line.order));
        lines.truncate(most);
        lines
    };
    FEW.into_iter().flat_map(of).collect()
}

/// Whom those of 18 or over ring in one locality when they have nowhere to sleep, by district.
#[must_use]
pub fn housing<'a>(library: &'a Library, scope: Scope<'_>) -> Vec<&'a Line> {
    const MOST: usize = 6;
    let districts = &library.timetable.districts;
    let of = |area: &String| districts.get(area).map(|district| district.locality.as_str());
    let here = |line: &&Line| {
        let near = line.area.iter().any(|area| scope.locality.is_some() && of(area) == scope.locality);
        near && line.purpose == Purpose::Homeless
    };
    let mut lines: Vec<_> = library.lines.values().filter(here).collect();
    lines.sort_by_key(|line| line.order);
    lines.truncate(MOST);
    lines
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    #[test]
    fn a_text_takes_as_many_lines_as_its_words_need() {
        assert_eq!(height("", 10), LINE);
        assert_eq!(height("one two", 10), LINE);
        assert_eq!(height("one two three", 10), 2 * LINE);
        assert_eq!(height("abcdefghijkl", 10), 2 * LINE);
        assert_eq!(height("one abcdefghijklmnopqrstuvwxyz", 10), 4 * LINE);
    }

    #[test]
    fn a_long_text_keeps_whole_sentences_and_never_breaks_a_word() {
        assert_eq!(brief("It is free. Ask first.", 40), "It is free. Ask first.");
        assert_eq!(brief("It is free. Ask first.", 15), "It is free.");
        assert_eq!(brief("Mondays, 5.30pm to 7pm. Ask first.", 25), "Mondays, 5.30pm to 7pm.");
        assert_eq!(brief("Mondays, 5.30pm to 7pm. Ask first.", 12), "Mondays, …");
        assert_eq!(brief("No stop at all here", 30), "No stop at all here");
        assert_eq!(sentences("One at 5.30pm. Two! Three"), ["One at 5.30pm.", "Two!", "Three"]);
    }

    #[test]
    fn room_is_taken_whole_or_not_at_all() {
        let mut room = Room(30);
        assert!(room.take(20) && !room.take(11) && room.take(10) && !room.take(1));
    }
}
