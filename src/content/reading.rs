//! How hard a text is to read: long sentences and the Flesch reading ease.
//!
//! GOV.UK writes for a reading age of 9 and splits sentences over 25 words. The reading ease runs
//! from 0 (hard) to 100 and above (easy); 70 is plain English for most people. Syllables are
//! counted by rule, not by dictionary: groups of vowels, less the endings that are not spoken. A
//! number counts as one syllable and short capitals (PA, NHS) one for each letter. Single words
//! can be off by one; over a page that evens out, and the result is only ever a warning.

/// Sentences over this many words get a warning.
pub const LONG_SENTENCE: usize = 25;
/// Reading ease below this gets a warning.
pub const PLAIN: f64 = 70.0;
/// Texts shorter than this many words have no meaningful reading ease.
const ENOUGH_WORDS: usize = 30;

/// A dot after one of these does not end a sentence.
const ABBREVIATIONS: [&str; 8] = ["e.g.", "i.e.", "etc.", "mr.", "mrs.", "dr.", "st.", "no."];

/// The sentences of one paragraph or list item, each with the byte where it starts. The end of
/// the text always ends a sentence.
#[must_use]
pub fn sentences(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let (mut start, mut rest) = (0, text);
    while let Some((sentence, after)) = sentence_end(rest).and_then(|end| rest.split_at_checked(end)) {
        push(&mut found, start, sentence);
        start += sentence.len();
        rest = after;
    }
    push(&mut found, start, rest);
    found
}

/// The byte behind the mark that ends the first sentence; `None` if none ends.
#[must_use]
pub fn sentence_end(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let ends = matches!(c, '.' | '!' | '?') && chars.peek().is_none_or(|(_, next)| next.is_whitespace());
        let end = at + c.len_utf8();
        if ends && !abbreviated(text.get(..end).unwrap_or_default()) {
            return Some(end);
        }
    }
    None
}

fn push<'a>(found: &mut Vec<(usize, &'a str)>, start: usize, sentence: &'a str) {
    let trimmed = sentence.trim();
    if tokens(trimmed).next().is_some() {
        found.push((start + sentence.len() - sentence.trim_start().len(), trimmed));
    }
}

fn abbreviated(sentence: &str) -> bool {
    let last = sentence.rsplit(char::is_whitespace).next().unwrap_or_default().to_lowercase();
    ABBREVIATIONS.contains(&last.trim_start_matches('('))
}

/// How many words a text has: runs without space that hold a letter or a digit.
#[must_use]
pub fn words(text: &str) -> usize {
    tokens(text).count()
}

fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().filter(|token| token.chars().any(char::is_alphanumeric))
}

/// The Flesch reading ease over all these paragraphs; `None` if there are too few words to tell.
#[must_use]
pub fn ease<'a>(paragraphs: impl IntoIterator<Item = &'a str>) -> Option<f64> {
    let (mut sentence_count, mut word_count, mut syllable_count) = (0_usize, 0_usize, 0_usize);
    for paragraph in paragraphs {
        sentence_count += sentences(paragraph).len();
        for token in tokens(paragraph) {
            word_count += 1;
            syllable_count += syllables(token);
        }
    }
    if word_count < ENOUGH_WORDS || sentence_count == 0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of words on a page")]
    let (sentence_count, word_count, syllable_count) =
        (sentence_count as f64, word_count as f64, syllable_count as f64);
    Some(206.835 - 1.015 * (word_count / sentence_count) - 84.6 * (syllable_count / word_count))
}

/// The syllables of one word, at least 1; the parts of "drop-in" are counted apart.
#[must_use]
pub fn syllables(word: &str) -> usize {
    word.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').map(part).sum::<usize>().max(1)
}

fn part(word: &str) -> usize {
    let letters = || word.chars().filter(|c| c.is_alphabetic());
    let many = letters().count();
    if many == 0 {
        return usize::from(!word.is_empty());
    }
    if (2..=4).contains(&many) && letters().all(char::is_uppercase) {
        return many;
    }
    let mut lower = String::with_capacity(word.len());
    letters().for_each(|c| lower.extend(c.to_lowercase()));
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let mut groups = 0;
    let mut before = false;
    for c in lower.chars() {
        let vowel = is_vowel(c);
        groups += usize::from(vowel && !before);
        before = vowel;
    }
    // "make", "makes", "asked": the e is silent. "table", "wanted", "houses": it is spoken.
    let ends_silent = |ending: &str, spoken: &[&str]| {
        lower.strip_suffix(ending).is_some_and(|stem| {
            stem.chars().next_back().is_some_and(|c| !is_vowel(c)) && !spoken.iter().any(|s| stem.ends_with(s))
        })
    };
    let silent = match lower.as_str() {
        l if l.ends_with("le") => l.chars().rev().nth(2).is_some_and(is_vowel),
        l if l.ends_with('e') => ends_silent("e", &[]),
        l if l.ends_with("es") => ends_silent("es", &["s", "c", "x", "z", "ch", "sh", "g", "l"]),
        l if l.ends_with("ed") => ends_silent("ed", &["t", "d"]),
        _ => false,
    };
    (groups - usize::from(silent && groups > 1)).max(1)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_time_or_an_abbreviation_does_not_end_a_sentence() {
        let found: Vec<_> = sentences("Come at 5.30pm, e.g. on Monday. Bring a friend!").iter().map(|s| s.1).collect();
        assert_eq!(found, ["Come at 5.30pm, e.g. on Monday.", "Bring a friend!"]);
        assert_eq!(sentences("One. Two.")[1].0, 5);
        assert!(sentences(" … ").is_empty());
    }

    #[test]
    fn syllables_are_near_what_people_say() {
        for (word, count) in [
            ("make", 1),
            ("makes", 1),
            ("asked", 1),
            ("wanted", 2),
            ("table", 2),
            ("money", 2),
            ("adviser", 3),
            ("the", 1),
            ("council", 2),
            ("drop-in", 2),
            ("NHS", 3),
            ("0300", 1),
            ("houses", 2),
            ("rule", 1),
            ("you'll", 1),
        ] {
            assert_eq!(syllables(word), count, "{word}");
        }
    }

    #[test]
    fn plain_words_score_above_70_and_officialese_below() {
        let plain = "You can ask for a new plan at any time. Your adviser must help you. They will meet you and talk \
                     with you. You can bring a friend. You can say no. Tell us what you want to do next.";
        let dense = "Entitlement determinations are administered collaboratively by multidisciplinary professionals, \
                     notwithstanding discretionary considerations regarding accommodation, participation, eligibility, \
                     assessment documentation, organisational responsibilities, statutory obligations, contractual \
                     arrangements, operational prioritisation, safeguarding notifications and financial contributions.";
        assert!(ease([plain]).unwrap() > PLAIN);
        assert!(ease([dense]).unwrap() < 20.0);
        assert_eq!(ease(["Too short."]), None);
    }
}
