//! Parts of the offer and drop-ins as messages, in the words that are published now.

use jiff::Timestamp;

use crate::content::Library;
use crate::dropins::rules::{Occurrence, Window};
use crate::dropins::words;
use crate::entitlements::Entitlement;

/// How many days ahead drop-ins are offered.
const AHEAD: i64 = 14;

/// Something published that can be sent into a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Its word in the form.
    pub word: String,
    /// The part of the list it stands in.
    pub part: &'static str,
    /// What it is called in the list.
    pub title: String,
    /// The message it becomes.
    pub text: String,
}

/// Everything of the offer that can be had now, by its part of the offer and its name.
pub fn rights(library: &Library, at: Timestamp) -> Vec<Card> {
    let today = crate::clock::london_date(at);
    let mut rights: Vec<&Entitlement> =
        library.entitlements.values().filter(|right| right.in_force.holds(today)).collect();
    rights.sort_by_key(|right| (right.area.as_str(), right.name.as_str()));
    rights.into_iter().map(right).collect()
}

fn right(right: &Entitlement) -> Card {
    let what = right.amount.clone().or_else(|| right.rule.clone()).unwrap_or_default();
    let text = format!(
        "{}: {}\nWho can get it: {}\nHow to ask: {}\nRead more: /entitlements#{}",
        right.name, what, right.who, right.how, right.slug
    );
    Card { word: format!("right:{}", right.slug), part: right.area.title(), title: right.name.clone(), text }
}

/// The drop-ins of a locality that are still to come and are on.
pub fn drop_ins(library: &Library, locality: &str, at: Timestamp) -> Vec<Card> {
    let timetable = &library.timetable;
    let coming = timetable.occurrences(Window::days_from(at, AHEAD));
    let here = coming.into_iter().filter(|one| one.is_on() && one.start >= at);
    here.filter(|one| timetable.locality_of(&one.place) == Some(locality))
        .filter_map(|one| drop_in(library, &one))
        .collect()
}

fn drop_in(library: &Library, one: &Occurrence) -> Option<Card> {
    let session = library.timetable.sessions.get(&*one.session)?;
    let place = library.timetable.places.get(&*one.place)?;
    let title = format!("{} at {}, {}", session.name, place.name, words::when(one));
    let note = words::note(one).map(|note| format!(" {note}")).unwrap_or_default();
    let text = format!("{title}.{note}\nLook here before you go: /drop-ins/place/{}", one.place);
    Some(Card { word: format!("drop-in:{}", one.key), part: "Drop-ins near them", title, text })
}

/// Whether a word of a message is an address of a page that everybody can read here: shown as a link. Nothing that leads
/// anywhere else ever is.
pub fn is_page(word: &str) -> bool {
    let known = ["/offer/", "/entitlements", "/drop-ins", "/leaflet", "/help"];
    known.iter().any(|page| word.starts_with(page))
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"/-#".contains(&b))
        && !word.contains("//")
}

#[cfg(test)]
mod tests {
    use super::is_page;

    #[test]
    fn only_pages_of_ours_are_links() {
        for page in ["/offer/money", "/entitlements#home", "/drop-ins/place/white-cross-lancaster", "/help#tonight"] {
            assert!(is_page(page), "{page}");
        }
        for other in
            ["/sign-in", "//evil.example", "/offer//evil.example", "https://x.example/offer/", "/offer/?x=1", "/work"]
        {
            assert!(!is_page(other), "{other}");
        }
    }
}
