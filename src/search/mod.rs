//! Finding a page by the words of its reader: an index in memory over everything published.
//!
//! Words are cut to their stems. A word that stands nowhere is taken for the nearest one that does, so that
//! typing errors find what was meant. Pages carry the words that young people use for them (`also`).
//! Nothing that is searched for is kept.

pub mod routes;
pub mod views;
pub mod words;

use std::collections::{BTreeMap, BTreeSet};

use words::{is_small, stem, tokens};

use crate::content::Library;
use crate::entitlements::Entitlement;

/// How much a word counts by where it stands.
const TITLE: f64 = 6.0;
const ALSO: f64 = 5.0;
const SUMMARY: f64 = 2.5;
const HEADING: f64 = 2.0;
const TEXT: f64 = 1.0;
/// How fast more of the same word stops counting (BM25's k1).
const ENOUGH: f64 = 1.6;
/// The most that is read of a question, in words.
const MOST_WORDS: usize = 24;
/// The most words of a question that are taken for others.
const MOST_GUESSES: usize = 6;
/// The most that is shown.
pub const MOST: usize = 20;

/// One thing that can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it stands.
    pub href: String,
    /// Its name.
    pub title: String,
    /// What it is, in a sentence.
    pub says: String,
}

/// Everything that can be found, by the stems of its words.
#[derive(Debug, Default)]
pub struct Index {
    docs: Vec<Found>,
    /// By stem: number of the document, and how much the word counts in it.
    stems: BTreeMap<String, BTreeMap<usize, f64>>,
    /// Words said together, as they are said, such as `sofa surfing`: number of the document.
    phrases: Vec<(Vec<String>, usize)>,
}

impl Index {
    /// Everything that is published.
    #[must_use]
    pub fn of(library: &Library) -> Self {
        let mut index = Self::default();
        let lines: Vec<&str> = library.lines.values().map(|line| line.name.as_str()).collect();
        for (href, title, says, also) in FIXED {
            let lines = if *href == "/help" { lines.join(" ") } else { String::new() };
            index.add(Found::new(*href, title, says), &[(ALSO, also), (HEADING, &lines)], "");
        }
        index.localities(library);
        for page in library.offer.values().chain(library.pages.values()) {
            let href = crate::content::check::address(&match page.area {
                crate::offer::Area::Service => format!("pages/{}", page.slug),
                _ => page.slug.clone(),
            });
            let headings: Vec<&str> = page.headings.iter().map(|heading| heading.text.as_str()).collect();
            // Its address says what it is about in the service's words.
            let also = format!("{}, {}", page.slug.replace('-', " "), page.also.join(", "));
            let fields = [(ALSO, also.as_str()), (HEADING, &headings.join(" ")), (TEXT, &page.text)];
            index.add(Found::new(href, &page.title, &page.summary), &fields, &also);
        }
        for right in library.entitlements.values() {
            let text = [Some(&right.who), right.rule.as_ref(), Some(&right.how)].into_iter().flatten();
            let text: Vec<&str> = text.map(String::as_str).collect();
            index.add(
                Found::new(format!("/entitlements#{}", right.slug), &right.name, first_words(right)),
                // A right stands on its page too: the page comes first.
                &[(TEXT * 0.5, text.join(" ").as_str())],
                "",
            );
        }
        for term in library.terms.values() {
            let found = Found::new(format!("/glossary#{}", term.slug), &term.term, &term.meaning);
            index.add(found, &[(HEADING, &term.also.join(" "))], "");
        }
        index
    }

    /// The drop-ins of each locality, by the names of its districts, towns and places.
    fn localities(&mut self, library: &Library) {
        let table = &library.timetable;
        for (slug, locality) in &table.localities {
            let districts: Vec<_> = table.districts.iter().filter(|(_, it)| it.locality == *slug).collect();
            let names: Vec<&str> = districts.iter().map(|(_, it)| it.name.as_str()).collect();
            let towns: Vec<&str> = districts.iter().flat_map(|(_, it)| &it.towns).map(String::as_str).collect();
            let places: Vec<&str> = table.places_in(slug).map(|(_, place)| place.name.as_str()).collect();
            let says = format!("Drop-ins in {}.", names.join(", "));
            let found = Found::new(format!("/drop-ins/{slug}"), &format!("Drop-ins: {}", locality.name), &says);
            let also = format!("{}, {}", names.join(", "), towns.join(", "));
            self.add(found, &[(ALSO, &also), (HEADING, DROP_INS), (TEXT, &places.join(" "))], "");
        }
        for (slug, place) in &table.places {
            let district = table.districts.get(&place.district).map_or("", |district| district.name.as_str());
            let says = format!("A place in {district}. {}", place.who);
            let address =
                [place.address.as_deref(), place.postcode.as_deref()].into_iter().flatten().collect::<Vec<_>>();
            // Who names only a town is sent to its area first, where all its places stand.
            let found = Found::new(format!("/drop-ins/place/{slug}"), &place.name, &says);
            self.add(found, &[(TEXT, &address.join(" "))], "");
        }
    }

    fn add(&mut self, found: Found, fields: &[(f64, &str)], phrases: &str) {
        let number = self.docs.len();
        let own = [(TITLE, found.title.as_str()), (SUMMARY, found.says.as_str())];
        for (weight, text) in own.iter().chain(fields) {
            let words = tokens(text);
            // A long text says each of its words by chance more often.
            let long = (words.len() as f64 / 150.0).max(1.0).sqrt();
            for word in words.iter().filter(|word| !is_small(word)) {
                *self.stems.entry(stem(word)).or_default().entry(number).or_default() += weight / long;
            }
        }
        for phrase in phrases.split(',').map(tokens).filter(|words| words.len() > 1) {
            self.phrases.push((phrase.iter().map(|word| stem(word)).collect(), number));
        }
        self.docs.push(found);
    }

    /// What fits these words, the best first.
    #[must_use]
    pub fn find(&self, asked: &str) -> Vec<&Found> {
        let words: Vec<String> = tokens(asked).into_iter().take(MOST_WORDS).collect();
        let mut wanted: Vec<String> = words.iter().filter(|word| !is_small(word)).map(|word| stem(word)).collect();
        if wanted.is_empty() {
            wanted = words.iter().map(|word| stem(word)).collect();
        }
        let mut scores: BTreeMap<usize, (f64, BTreeSet<usize>)> = BTreeMap::new();
        let mut guesses = MOST_GUESSES;
        for (at, word) in wanted.iter().enumerate() {
            for (number, weight) in self.word(word, &mut guesses) {
                let (score, seen) = scores.entry(number).or_default();
                *score += weight;
                seen.insert(at);
            }
        }
        let stems: Vec<String> = words.iter().map(|word| stem(word)).collect();
        for (phrase, number) in &self.phrases {
            if stems.windows(phrase.len()).any(|run| run == phrase.as_slice()) {
                scores.entry(*number).or_default().0 += 4.0 * phrase.len() as f64;
            }
        }
        let mut found: Vec<(f64, usize)> = scores
            .into_iter()
            .map(|(number, (score, seen))| {
                // What answers the whole question comes before what has one of its words often.
                let share = seen.len() as f64 / wanted.len().max(1) as f64;
                (score * (0.4 + 0.6 * share), number)
            })
            .collect();
        found.sort_by(|(a, one), (b, other)| b.total_cmp(a).then(one.cmp(other)));
        // What is far behind the best is noise.
        let best = found.first().map_or(0.0, |(score, _)| *score);
        let near = found.iter().take_while(|(score, _)| *score > best * 0.12).take(MOST);
        near.filter_map(|(_, number)| self.docs.get(*number)).collect()
    }

    /// How much each document counts for one word of the question.
    fn word(&self, word: &str, guesses: &mut usize) -> BTreeMap<usize, f64> {
        let mut counts: BTreeMap<usize, f64> = BTreeMap::new();
        for (stem, share) in self.meant(word, guesses) {
            let Some(docs) = self.stems.get(stem) else { continue };
            // A word that few pages have says more.
            let rare = (1.0 + self.docs.len() as f64 / docs.len() as f64).ln();
            for (number, weight) in docs {
                let count = share * rare * weight * (ENOUGH + 1.0) / (weight + ENOUGH);
                let known = counts.entry(*number).or_default();
                *known = known.max(count);
            }
        }
        counts
    }

    /// The stems that a word stands for, each with how likely it is meant.
    fn meant(&self, word: &str, guesses: &mut usize) -> Vec<(&str, f64)> {
        let mut meant: Vec<(&str, f64)> = Vec::new();
        if let Some((stem, docs)) = self.stems.get_key_value(word) {
            meant.push((stem, 1.0));
            if docs.len() > 1 || word.len() < 4 {
                return meant;
            }
        }
        let letters = word.chars().count();
        if letters >= 3 {
            let longer = self.stems.range(word.to_owned()..).take_while(|(stem, _)| stem.starts_with(word));
            meant.extend(
                longer.filter(|(stem, _)| stem.as_str() != word).map(|(stem, _)| (stem.as_str(), 0.55)).take(12),
            );
        }
        if meant.first().is_some_and(|(_, share)| *share > 0.9) {
            return meant;
        }
        let far = match letters {
            0..=3 => 0,
            4..=6 => 1,
            _ => 2,
        };
        // Comparing a word with all others takes a millisecond or two: not for every word of a long nonsense.
        let Some(left) = guesses.checked_sub(1) else { return meant };
        *guesses = left;
        for stem in self.stems.keys() {
            if far == 0 || stem.chars().count().abs_diff(letters) > far {
                continue;
            }
            let apart = strsim::damerau_levenshtein(stem, word);
            if apart > 0 && apart <= far {
                // The first letter is seldom wrong.
                let same_start = stem.chars().next() == word.chars().next();
                let share = match (apart, same_start) {
                    (1, true) => 0.8,
                    (1, false) => 0.45,
                    (_, true) => 0.5,
                    (_, false) => 0.2,
                };
                meant.push((stem, share));
            }
        }
        meant
    }
}

impl Found {
    fn new(href: impl Into<String>, title: &str, says: &str) -> Self {
        Self { href: href.into(), title: title.to_owned(), says: says.to_owned() }
    }
}

fn first_words(right: &Entitlement) -> &str {
    right.rule.as_deref().unwrap_or(&right.who)
}

const DROP_INS: &str = "drop-in dropin times opening youth zone hub centre";

/// Pages that are not drawn from a text of their own: address, title, sentence, and the words of readers.
const FIXED: &[(&str, &str, &str, &str)] = &[
    (
        "/help",
        "Help lines",
        "Who to call or text now, by day and by night.",
        "help now, emergency, 999, danger, unsafe, scared, frightened, threatened, attacked, police, ambulance, crisis, \
         suicide, suicidal, kill myself, die, overdose, tablets, self harm, cutting, hurt myself, abuse, abused, hits me, \
         beaten, controlled, rape, exploited, county lines, tonight, nowhere to sleep, street, rough sleeping, kicked out, \
         thrown out, hungry, starving, food bank, not eaten, no food, no money, skint, broke, gas, electric, leccy, meter, \
         talk to someone, lonely, Samaritans, Shout, Childline, phone number, ring, call, text, out of hours, helpline",
    ),
    (
        "/drop-ins",
        "Drop-ins",
        "Places to meet someone, and when they are open.",
        "drop-in, drop in, dropin, near me, open today, opening times, hub, youth zone, centre, meet people, brew, chat, \
         somewhere to go, activities, group, what is on, when is it open",
    ),
    (
        "/entitlements",
        "Everything you can ask for",
        "Every right and every amount, on one page.",
        "entitled, entitlement, entitlements, rights, amounts, list, all the money, how much, allowance, allowances, grants, \
         everything, owed, care leavers get, full list",
    ),
    (
        "/entitlements/check",
        "What can I get?",
        "Six questions, then what you can get and what changes on your birthdays.",
        "what can I get, what am I entitled to, entitled, check, checker, calculator, quiz, do I qualify, eligible, my age, \
         what am I owed",
    ),
    ("/offer", "Our offer", "What you can get when you leave care.", "local offer, offer, support for care leavers"),
    (
        "/glossary",
        "Words we use",
        "Care words in plain words.",
        "what does it mean, meaning, meanings, words mean, jargon, glossary, dictionary, definition, stands for, \
         abbreviation",
    ),
    (
        "/feedback",
        "Tell us what is wrong or missing",
        "Is a page wrong? Is something missing?",
        "feedback, wrong, mistake, error, out of date, missing, broken link, report a problem, suggestion, info is wrong",
    ),
    (
        "/leaflet",
        "The offer on paper",
        "A leaflet to print and fold.",
        "leaflet, print, printable, paper, pdf, poster, download, flyer, booklet",
    ),
    (
        "/sign-in",
        "Sign in",
        "Your messages and your plan.",
        "sign in, log in, login, log on, my account, account, username, password, passphrase, my messages, message my PA, code",
    ),
    (
        "/cannot-sign-in",
        "I cannot sign in",
        "Call us, or let us call you.",
        "cannot sign in, cannot log in, forgot, forgotten, forgot my password, forgot my passphrase, lost my phone, new phone, \
         locked out, locked out of my account, cannot get in, cannot get in to my account, lost my code, new code, username",
    ),
];

#[cfg(test)]
mod tests;
