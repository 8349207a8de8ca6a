#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::{Doer, Heading, LONGEST_STEP, Step, added, lines, mark};

#[test]
fn a_line_has_a_name_of_its_own_under_its_heading() {
    let one = mark(Heading::Home, "Mend the tap");
    assert_eq!(one, mark(Heading::Home, "Mend the tap"));
    assert_ne!(one, mark(Heading::Home, "Mend the taps"));
    assert_ne!(one, mark(Heading::Health, "Mend the tap"));
    assert!(one.len() == 16 && one.chars().all(|c| c.is_ascii_hexdigit()));
}

#[test]
fn a_step_says_who_does_it_and_what() {
    let step = Step::parse(" worker : Help with the form: all of it ").unwrap();
    assert_eq!((step.who, step.text.as_str()), (Doer::Staff, "Help with the form: all of it"));
    assert_eq!(Step::parse("me: Find a doctor").unwrap().who, Doer::Me);
    for bad in
        ["", "me", "me:", "me:  ", "nan: Bake", "Find a doctor", &format!("me: {}", "x".repeat(LONGEST_STEP + 1))]
    {
        assert_eq!(Step::parse(bad), None, "{bad}");
    }
}

#[test]
fn lines_of_what_was_agreed_lose_the_marks_of_a_list_and_nothing_else() {
    let text = "- Find a bed\n\n * Ring the college\n1. Pay the rent\n2) Pay the rent\n1.5 hours a week\n2026 is the year\n• x";
    let found = lines(text);
    assert_eq!(found, ["Find a bed", "Ring the college", "Pay the rent", "1.5 hours a week", "2026 is the year", "x"]);
    assert!(lines(" \n - \n").is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_stands_in_the_box_stays_and_an_idea_is_added_once(stands in "\\PC{0,40}", idea in "[a-z]{1,9} [a-z]{1,9}") {
        let once = added(&stands, &idea);
        prop_assert!(once.contains(stands.trim()) && once.contains(&idea));
        prop_assert_eq!(added(&once, &idea), once);
    }

    #[test]
    fn no_word_of_what_was_agreed_is_lost(words in proptest::collection::vec("[a-z]{1,8}( [a-z]{1,8}){0,3}", 0..8)) {
        let text = words.iter().map(|line| format!("- {line}\n")).collect::<String>();
        let found = lines(&text);
        prop_assert!(words.iter().all(|line| found.contains(line)));
        prop_assert!(found.len() <= words.len());
    }
}
