use proptest::prelude::*;

use super::*;

fn action(text: &str, who: Doer, day: i8, state: Progress) -> Action {
    Action { text: text.into(), who, due_on: Some(Date::constant(2026, 12, day)), state }
}

fn made(by: Side, says: Action) -> Standing {
    let words = Words { says, why: None };
    let last = Change { n: 1, did: Did::Made, side: by, by: String::new(), at: 1, words };
    Standing {
        id: ActionId::from_bytes([0; 16]),
        heading: Heading::Home,
        private: false,
        made: by,
        made_at: 0,
        last,
        theirs: None,
    }
}

/// What the store does with the rules: every change is one more, and what stands is the last.
struct Kept {
    standing: Standing,
    history: Vec<Change>,
}

impl Kept {
    fn new(by: Side, says: Action) -> Self {
        let standing = made(by, says);
        Self { history: vec![standing.last.clone()], standing }
    }

    fn put(&mut self, did: Did, side: Side, words: Words) {
        let n = self.standing.last.n + 1;
        self.standing.last = Change { n, did, side, by: String::new(), at: n, words };
        self.history.push(self.standing.last.clone());
    }

    fn edit(&mut self, side: Side, words: Words) -> Result<(), Refused> {
        let wanted = Edit { seen: self.standing.last.n, words };
        if let Some(did) = edit(&self.standing, side, &wanted)? {
            self.put(did, side, wanted.words);
        }
        Ok(())
    }

    fn undo(&mut self, side: Side) -> Result<(), Refused> {
        let words = undo(self.standing.made, &self.history, side, self.standing.last.n)?.clone();
        self.put(Did::Undid, side, words);
        Ok(())
    }
}

#[test]
fn late_is_what_is_open_the_day_after() {
    let today = Date::constant(2026, 12, 4);
    for (day, state, late) in [
        (3, Progress::NotStarted, true),
        (3, Progress::Doing, true),
        (4, Progress::Doing, false),
        (3, Progress::Done, false),
        (3, Progress::Dropped, false),
    ] {
        assert_eq!(action("x", Doer::Me, day, state).is_late(today), late, "{day} {state:?}");
    }
    assert!(!Action { due_on: None, ..action("x", Doer::Me, 1, Progress::Doing) }.is_late(today));
}

#[test]
fn words_stay_with_who_wrote_them_and_both_move_the_day_and_the_state() {
    for (made, other) in [(Side::Person, Side::Staff), (Side::Staff, Side::Person)] {
        let mut kept = Kept::new(made, action("look at flats", Doer::Me, 4, Progress::NotStarted));
        let says = |text: &str, who, day, state| Words { says: action(text, who, day, state), why: None };
        assert_eq!(kept.edit(other, says("other", Doer::Me, 4, Progress::NotStarted)), Err(Refused::NotTheirWords));
        let handed = says("look at flats", Doer::Staff, 4, Progress::NotStarted);
        assert_eq!(kept.edit(other, handed.clone()), Err(Refused::NotTheirWords));
        assert_eq!(kept.edit(other, says("look at flats", Doer::Me, 9, Progress::Done)), Ok(()));
        assert_eq!(kept.standing.last.did, Did::Moved);
        assert_eq!(kept.edit(made, handed.clone()), Ok(()));
        assert_eq!(kept.standing.last.did, Did::Changed);
        assert_eq!(kept.undo(other), Err(Refused::NotTheirWords));
        assert_eq!(kept.edit(made, handed), Ok(()), "nothing to do is no change");
        assert_eq!(kept.history.len(), 3);
    }
}

#[test]
fn what_was_not_seen_is_not_overwritten_and_sharing_is_one_way() {
    let mut kept = Kept::new(Side::Person, action("a", Doer::Me, 4, Progress::NotStarted));
    let words = |state| Words { says: action("a", Doer::Me, 4, state), why: None };
    kept.edit(Side::Staff, words(Progress::Doing)).unwrap();
    let late = Edit { seen: 1, words: words(Progress::Done) };
    assert_eq!(edit(&kept.standing, Side::Person, &late), Err(Refused::Newer));
    assert_eq!(undo(Side::Person, &kept.history, Side::Person, 1), Err(Refused::Newer));
    kept.put(Did::Shared, Side::Person, words(Progress::Doing));
    assert_eq!(kept.undo(Side::Person), Err(Refused::NoUndo));
    let seen: Vec<_> = since_shared(kept.history.clone()).into_iter().map(|change| change.did).collect();
    assert_eq!(seen, [Did::Shared]);
    assert_eq!(undo(Side::Person, &kept.history[..1], Side::Person, 1), Err(Refused::NoUndo), "only made");
}

fn any_side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Person), Just(Side::Staff)]
}

fn any_words() -> impl Strategy<Value = Words> {
    let who = prop_oneof![Just(Doer::Me), Just(Doer::Staff)];
    ("[ab]", who, 1i8..4, 0usize..4).prop_map(|(text, who, day, state)| Words {
        says: action(&text, who, day, Progress::ALL[state]),
        why: (state == 3).then(|| "no time".to_owned()),
    })
}

proptest! {
    /// Undoing twice is where one was; only the side that wrote it ever changes its words.
    #[test]
    fn an_undo_can_be_undone_and_nobody_changes_the_words_of_the_other_side(
        made in any_side(),
        steps in proptest::collection::vec((any_side(), proptest::option::of(any_words())), 1..30),
    ) {
        let mut kept = Kept::new(made, action("a", Doer::Me, 1, Progress::NotStarted));
        for (side, words) in steps {
            let before = kept.standing.last.words.clone();
            match words {
                Some(words) => drop(kept.edit(side, words)),
                None => {
                    if kept.undo(side).is_ok() {
                        let n = kept.history.len();
                        prop_assert_eq!(&kept.history[n - 1].words, &kept.history[n - 3].words);
                        let mut again = Kept { standing: kept.standing.clone(), history: kept.history.clone() };
                        prop_assert!(again.undo(side).is_ok());
                        prop_assert_eq!(&again.standing.last.words, &before);
                    }
                }
            }
            let after = &kept.standing.last.words;
            if side != made {
                prop_assert!(same_words(&after.says, &before.says));
            }
            let numbers: Vec<i64> = kept.history.iter().map(|change| change.n).collect();
            let counted: Vec<i64> = (1..=numbers.len() as i64).collect();
            prop_assert_eq!(numbers, counted);
        }
    }
}
