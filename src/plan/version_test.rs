#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::{Field, Opinion, State, Version, verdict};
use crate::id::Id;
use crate::plan::Heading;

fn version(state: State) -> Version {
    Version {
        id: Id::from_bytes([1; 16]),
        number: 1,
        state,
        made_at: 1,
        shared_at: Some(2),
        submitted: None,
        signed_at: None,
        returned_at: None,
        restored_from: None,
    }
}

#[test]
fn a_version_lies_with_the_manager_until_it_is_signed_or_returned() {
    let manager = Id::from_bytes([9; 16]);
    let shared = version(State::Shared);
    assert!(shared.may_be_submitted() && shared.lies_with().is_none());
    let submitted = Version { submitted: Some((manager, 5)), ..shared.clone() };
    assert_eq!((submitted.lies_with(), submitted.may_be_submitted()), (Some(manager), true), "to another");
    let returned = Version { returned_at: Some(6), ..submitted.clone() };
    assert_eq!((returned.lies_with(), returned.may_be_submitted()), (None, true));
    assert_eq!(returned.says(), "returned by the manager");
    let again = Version { submitted: Some((manager, 7)), ..returned };
    assert_eq!(again.lies_with(), Some(manager));
    let signed = Version { signed_at: Some(8), state: State::SignedOff, ..again };
    assert_eq!((signed.lies_with(), signed.may_be_submitted()), (None, false));
    assert!(!version(State::Draft).may_be_submitted());
}

#[test]
fn words_of_the_database_read_back() {
    for field in Field::ALL {
        assert_eq!(Field::parse(field.as_str()), Some(field));
    }
    for opinion in Opinion::ALL {
        assert_eq!(Opinion::parse(opinion.as_str()), Some(opinion));
    }
    assert_eq!(State::parse("signed_off"), Some(State::SignedOff));
    assert_eq!(State::parse("submitted"), None);
}

#[test]
fn the_last_word_on_each_part_counts() {
    use Heading::{Home, Money};
    let written = [Home, Money];
    assert_eq!(verdict(&written, &[]), State::Shared);
    assert_eq!(verdict(&written, &[(Home, Opinion::Agree)]), State::Shared, "one part is still open");
    let both = [(Home, Opinion::Agree), (Money, Opinion::Agree)];
    assert_eq!(verdict(&written, &both), State::Agreed);
    let then = [both[0], both[1], (Money, Opinion::Disagree)];
    assert_eq!(verdict(&written, &then), State::Disagreed);
    let after = [then[0], then[1], then[2], (Money, Opinion::Talk), (Money, Opinion::Read)];
    assert_eq!(verdict(&written, &after), State::Disagreed, "reading it again takes nothing back");
    let back = [then[0], then[1], then[2], (Money, Opinion::Agree)];
    assert_eq!(verdict(&written, &back), State::Agreed);
    assert_eq!(verdict(&[], &[]), State::Shared, "nobody agrees with nothing");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn one_open_disagreement_is_never_outvoted(
        said in proptest::collection::vec((0..10usize, 0..4usize), 0..40), on in 0..10usize,
    ) {
        let mut said: Vec<_> = said.into_iter().map(|(h, o)| (Heading::ALL[h], Opinion::ALL[o])).collect();
        said.push((Heading::ALL[on], Opinion::Disagree));
        prop_assert_eq!(verdict(&Heading::ALL, &said), State::Disagreed);
        said.push((Heading::ALL[on], Opinion::Agree));
        let others = said.iter().rev().filter(|(heading, _)| *heading != Heading::ALL[on]);
        let mut open = std::collections::BTreeMap::new();
        for (heading, opinion) in others {
            if matches!(opinion, Opinion::Agree | Opinion::Disagree) {
                open.entry(*heading).or_insert(*opinion);
            }
        }
        let disagrees = open.values().any(|opinion| *opinion == Opinion::Disagree);
        prop_assert_eq!(verdict(&Heading::ALL, &said) == State::Disagreed, disagrees);
    }
}
