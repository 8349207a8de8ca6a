//! Care words that open their meaning where they stand.
//!
//! The first time a page says one of the words we explain, the word becomes a button that shows the meaning
//! beside it. The browser does that by itself (`popover`): no script. One that cannot reads the meaning behind
//! the word.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Term;

/// The most words explained on one page: more would be in the way.
const MOST: usize = 12;

/// Elements in which no word is explained: a button cannot stand in a link, and a heading is read as a whole.
const CLOSED: [&str; 3] = ["a", "h2", "h3"];

/// The same HTML with the first use of each word explained. It must be cleaned HTML of ours.
#[must_use]
pub fn explain(html: &str, terms: &BTreeMap<String, Term>) -> String {
    let mut forms: Vec<(String, &Term)> = terms.values().filter(|term| term.in_text).flat_map(forms_of).collect();
    let mut out = String::with_capacity(html.len() + 1_000);
    let (mut rest, mut closed, mut used) = (html, 0_usize, 0_usize);
    while !rest.is_empty() {
        let (text, behind) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        if closed == 0 && used < MOST {
            used += explain_text(text, &mut forms, MOST - used, &mut out);
        } else {
            out.push_str(text);
        }
        let (tag, after) = behind.split_at(behind.find('>').map_or(behind.len(), |end| end + 1));
        let name = tag.trim_start_matches(['<', '/']).split([' ', '>']).next().unwrap_or_default();
        if CLOSED.contains(&name) {
            closed = if tag.starts_with("</") { closed.saturating_sub(1) } else { closed + 1 };
        }
        out.push_str(tag);
        rest = after;
    }
    out
}

/// How a word is written in texts, in small letters: without what stands in brackets, and its other forms.
fn forms_of(term: &Term) -> Vec<(String, &Term)> {
    let plain = term.term.split(" (").next().unwrap_or(&term.term);
    std::iter::once(plain).chain(term.also.iter().map(String::as_str)).map(|form| (form.to_lowercase(), term)).collect()
}

/// Writes a text with its words explained; how many were. Those explained are taken out of `forms`.
fn explain_text(text: &str, forms: &mut Vec<(String, &Term)>, most: usize, out: &mut String) -> usize {
    let (mut rest, mut used) = (text, 0);
    while used < most {
        let small = rest.to_ascii_lowercase();
        // The first word, and of two that begin there the longer: "review panel" and not "review".
        let found = forms.iter().filter_map(|(form, term)| Some((whole_word(&small, form)?, form.len(), *term)));
        let Some((at, length, term)) = found.min_by_key(|(at, length, _)| (*at, usize::MAX - *length)) else { break };
        let (before, word) = rest.split_at(at);
        let (word, after) = word.split_at(length);
        out.push_str(before);
        let (slug, meaning) = (&term.slug, escaped(&term.meaning));
        _ = write!(
            out,
            "<button type=\"button\" class=\"term\" popovertarget=\"t-{slug}\">{word}</button><span class=\"means\" id=\"t-{slug}\" popover>{meaning}</span>"
        );
        forms.retain(|(_, other)| other.slug != *slug);
        used += 1;
        rest = after;
    }
    out.push_str(rest);
    used
}

/// Where a word stands in a text as a whole word.
fn whole_word(text: &str, word: &str) -> Option<usize> {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '-');
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        let after = text.get(*at + word.len()..).and_then(|after| after.chars().next());
        !letter(before) && !letter(after) && before != Some('&')
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    fn terms() -> BTreeMap<String, Term> {
        let term = |slug: &str, term: &str, also: &[&str], in_text| Term {
            slug: slug.to_owned(),
            term: term.to_owned(),
            also: also.iter().map(|form| (*form).to_owned()).collect(),
            in_text,
            meaning: format!("Meaning of <{slug}>."),
            claims: Vec::new(),
        };
        let all = [
            term("pa", "Personal adviser (PA)", &["PA", "personal advisers"], true),
            term("review", "Review", &[], true),
            term("review-panel", "Review panel", &[], true),
            term("advance", "Advance", &[], false),
        ];
        all.into_iter().map(|term| (term.slug.clone(), term)).collect()
    }

    #[test]
    fn the_first_use_of_a_word_opens_its_meaning_and_no_other_does() {
        let html = explain("<p>Ask your personal adviser. Your PA knows. A Review in advance.</p>", &terms());
        assert_eq!(html.matches("<button").count(), 2);
        assert!(html.starts_with(
            "<p>Ask your <button type=\"button\" class=\"term\" popovertarget=\"t-pa\">personal adviser</button>"
        ));
        assert!(html.contains("popover>Meaning of &lt;pa&gt;.</span>. Your PA knows."));
        assert!(html.contains(">Review</button>"), "as it is written on the page");
        assert!(html.ends_with(" in advance.</p>"));
    }

    #[test]
    fn links_headings_tags_and_parts_of_words_are_left_alone() {
        let html = "<h2 id=\"pa\">The PA</h2><p><a href=\"/pa\">your <strong>PA</strong></a> reviews &amp; pay, part-review</p>";
        assert_eq!(explain(html, &terms()), html);
    }

    #[test]
    fn of_two_words_the_longer_counts() {
        let html = explain("<p>Ask for a review panel.</p>", &terms());
        assert!(html.contains(">review panel</button>"), "{html}");
    }

    #[test]
    fn the_words_stay_as_they_were() {
        let text = |html: &str| {
            let mut out = String::new();
            let mut rest = html;
            while let Some((before, tag)) = rest.split_once('<') {
                out.push_str(before);
                rest = tag.split_once('>').unwrap().1;
            }
            out + rest
        };
        let page = "<p>Ünïcode PA, review – done.</p><ul><li>Personal advisers</li></ul>";
        let mut after = text(&explain(page, &terms()));
        for slug in ["pa", "review"] {
            after = after.replace(&format!("Meaning of &lt;{slug}&gt;."), "");
        }
        assert_eq!(after, text(page));
    }
}
