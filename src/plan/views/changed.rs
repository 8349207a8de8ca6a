//! What changed in a plan since somebody last looked: by sentence, so that it can be marked where it stands.

use crate::content::reading::sentences;

use crate::plan::{Field, Heading};

/// A piece of a text beside an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// It stood there before.
    Same(String),
    /// It is new.
    New(String),
    /// It stood there and is gone.
    Gone(String),
}

/// A text that is another one now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// In which part.
    pub heading: Heading,
    /// Which text of it.
    pub field: Field,
}

/// The sentences of a text, each with the blanks and line ends behind it, so that they add up to the text.
fn pieces(text: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = sentences(text).into_iter().map(|(start, _)| start).skip(1).collect();
    // A line end ends what stands in the line: lists have no full stops.
    starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
    starts.push(text.len());
    starts.sort_unstable();
    starts.dedup();
    let mut from = 0;
    let mut all = Vec::with_capacity(starts.len());
    for to in starts {
        if let Some(piece) = text.get(from..to).filter(|piece| !piece.is_empty()) {
            all.push(piece);
        }
        from = to;
    }
    all
}

/// The text now beside the text before: the longest row of sentences that both have stays, in its order.
pub fn differ(before: &str, now: &str) -> Vec<Piece> {
    let (old, new) = (pieces(before), pieces(now));
    let same = |i: usize, j: usize| old.get(i).map(|piece| piece.trim()) == new.get(j).map(|piece| piece.trim());
    // How many sentences the rests from here on have in common.
    let width = new.len() + 1;
    let mut common = vec![0_u32; (old.len() + 1) * width];
    let at = |common: &[u32], i: usize, j: usize| common.get(i * width + j).copied().unwrap_or(0);
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let longest = if same(i, j) {
                at(&common, i + 1, j + 1) + 1
            } else {
                at(&common, i + 1, j).max(at(&common, i, j + 1))
            };
            if let Some(cell) = common.get_mut(i * width + j) {
                *cell = longest;
            }
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && same(i, j) {
            out.extend(new.get(j).map(|piece| Piece::Same((*piece).to_owned())));
            (i, j) = (i + 1, j + 1);
        } else if j >= new.len() || (i < old.len() && at(&common, i + 1, j) >= at(&common, i, j + 1)) {
            out.extend(old.get(i).map(|piece| Piece::Gone((*piece).to_owned())));
            i += 1;
        } else {
            out.extend(new.get(j).map(|piece| Piece::New((*piece).to_owned())));
            j += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Piece, differ};

    fn texts(pieces: &[Piece], side: fn(&Piece) -> Option<&String>) -> String {
        pieces.iter().filter_map(side).map(String::as_str).collect()
    }

    #[test]
    fn what_is_new_and_what_is_gone_is_told_by_sentence() {
        let told = differ("I live at home. It is fine.\nI like it.", "I live at home. It is cold.\nI like it.");
        assert_eq!(
            told,
            [
                Piece::Same("I live at home. ".into()),
                Piece::Gone("It is fine.\n".into()),
                Piece::New("It is cold.\n".into()),
                Piece::Same("I like it.".into()),
            ]
        );
        assert_eq!(differ("", "New."), [Piece::New("New.".into())]);
        assert_eq!(differ("Gone.", ""), [Piece::Gone("Gone.".into())]);
        assert_eq!(differ("", ""), []);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn no_word_of_the_text_now_is_lost_in_telling_the_difference(
            before in "([a-c]{1,3}[.!?]? ?\n?){0,12}", now in "([a-c]{1,3}[.!?]? ?\n?){0,12}",
        ) {
            let told = differ(&before, &now);
            let kept = texts(&told, |piece| match piece {
                Piece::Same(text) | Piece::New(text) => Some(text),
                Piece::Gone(_) => None,
            });
            prop_assert_eq!(kept, now.clone());
            let gone = told.iter().filter(|piece| !matches!(piece, Piece::New(_))).count();
            prop_assert_eq!(gone, super::pieces(&before).len());
            prop_assert!(differ(&now, &now).iter().all(|piece| matches!(piece, Piece::Same(_))));
        }
    }
}
