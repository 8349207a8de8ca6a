//! Words as search compares them: small letters, no marks, cut to their stems.

/// Words that say nothing about what is wanted.
const SMALL: &[&str] = &[
    "a", "about", "after", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can",
    "cant", "could", "did", "do", "does", "dont", "for", "from", "get", "give", "go", "going", "got", "had", "has",
    "have", "he", "her", "him", "his", "how", "i", "if", "im", "in", "is", "it", "its", "ive", "just", "me", "my",
    "need", "no", "not", "of", "on", "one", "or", "our", "she", "should", "so", "some", "someone", "that", "the",
    "their", "them", "then", "there", "they", "this", "to", "up", "us", "was", "we", "were", "what", "when", "where",
    "which", "who", "whos", "will", "with", "would", "you", "your", "please", "want", "now",
];

/// Whether a word says nothing about what is wanted.
#[must_use]
pub fn is_small(word: &str) -> bool {
    SMALL.contains(&word)
}

/// The words of a text in small letters: runs of letters and digits, with what stands between letters dropped
/// (`don't` is `dont`) and hyphens as gaps.
#[must_use]
pub fn tokens(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            word.push(c);
        } else if !matches!(c, '\'' | '’' | '\u{2060}') && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// A word without its ending, so that `renting`, `rents` and `rented` are one. Only what is sure to be an
/// ending goes: two words made one by mistake lead astray.
#[must_use]
pub fn stem(word: &str) -> String {
    let mut stem = word.to_owned();
    if stem.len() <= 3 || !stem.is_ascii() {
        return stem;
    }
    for (end, instead) in [("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")] {
        if stem.len() > end.len() + 1 && stem.ends_with(end) {
            stem.truncate(stem.len() - end.len());
            stem.push_str(instead);
            return base(stem);
        }
    }
    if stem.ends_with('s') && !["ss", "us", "is"].iter().any(|end| stem.ends_with(end)) {
        stem.truncate(stem.len() - 1);
    }
    base(stem)
}

/// Without `ing`, `ed` and `ly`, and without the letter that they doubled or the `e` that they took.
fn base(mut stem: String) -> String {
    for end in ["ing", "ed", "ly"] {
        let left = stem.len().saturating_sub(end.len());
        let has_vowel = stem.get(..left).is_some_and(|head| head.contains(['a', 'e', 'i', 'o', 'u', 'y']));
        if left >= 3 && stem.ends_with(end) && has_vowel {
            stem.truncate(left);
            let mut back = stem.chars().rev();
            let (last, before) = (back.next(), back.next());
            if last == before && !matches!(last, Some('l' | 's' | 'z' | 'e' | 'o')) {
                stem.truncate(stem.len() - 1);
            }
            break;
        }
    }
    if stem.len() > 4 && stem.ends_with('e') {
        stem.truncate(stem.len() - 1);
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_word_have_one_stem() {
        for forms in [
            &["rent", "rents", "renting", "rented"][..],
            &["benefit", "benefits"],
            &["volunteer", "volunteers", "volunteering"],
            &["plan", "plans", "planning", "planned"],
            &["house", "houses", "housing", "housed"],
            &["baby", "babies"],
            &["apprenticeship", "apprenticeships"],
            &["close", "closes", "closing", "closed"],
        ] {
            let stems: Vec<_> = forms.iter().map(|form| stem(form)).collect();
            assert!(stems.windows(2).all(|pair| pair.first() == pair.last()), "{stems:?}");
        }
    }

    #[test]
    fn words_that_only_look_alike_keep_apart() {
        for (one, other) in [("bus", "bu"), ("bed", "b"), ("need", "ne"), ("status", "statu"), ("sing", "s")] {
            assert_ne!(stem(one), stem(other));
        }
        assert_eq!(tokens("Don’t know: PA’s e-mail, £3,000?"), ["dont", "know", "pas", "e", "mail", "3", "000"]);
    }
}
