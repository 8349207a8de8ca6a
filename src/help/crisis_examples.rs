//! What people wrote who are in danger, and what they wrote who are not: `crisis/danger.txt` and `crisis/ordinary.txt`,
//! one message a line, for whoever answers such messages to read and to add to. From them is counted how much each
//! word, and each two words near each other, speak for danger (naive Bayes).

use std::collections::{BTreeSet, HashMap};

const DANGER: &str = include_str!("crisis/danger.txt");
const ORDINARY: &str = include_str!("crisis/ordinary.txt");

/// How many words are weighed together: in a long message one sentence of danger must not drown in others.
const STRETCH: usize = 30;

/// How much words speak for danger. Above nothing: for it; below: against.
#[derive(Default)]
pub(super) struct Learned(HashMap<String, f32>);

impl Learned {
    /// Counts the examples, read into words by `words`.
    pub(super) fn from_examples(words: impl Fn(&str) -> Vec<String>) -> Self {
        let mut counts: HashMap<String, [f32; 2]> = HashMap::new();
        let mut all = [0.0_f32; 2];
        for (side, examples) in [DANGER, ORDINARY].into_iter().enumerate() {
            for line in examples.lines() {
                if let Some(all) = all.get_mut(side) {
                    *all += 1.0;
                }
                for sign in signs(&words(line)) {
                    if let Some(count) = counts.entry(sign).or_default().get_mut(side) {
                        *count += 1.0;
                    }
                }
            }
        }
        let [in_danger, ordinary] = all;
        // Half an example more on both sides, so that what was never seen on one is not taken for impossible.
        let share = |count: f32, all: f32| (count + 0.5) / (all + 1.0);
        let weight = |[danger, other]: [f32; 2]| (share(danger, in_danger) / share(other, ordinary)).ln();
        Self(counts.into_iter().map(|(sign, counts)| (sign, weight(counts))).collect())
    }

    /// How much the stretch of these words that speaks most for danger does so. Words that no example has say nothing.
    pub(super) fn weigh(&self, words: &[String]) -> f32 {
        let starts = (0..words.len().max(1)).step_by(STRETCH / 2);
        let starts = starts.take_while(|start| *start == 0 || start + STRETCH / 2 < words.len());
        let stretches = starts.map(|start| words.iter().skip(start).take(STRETCH).cloned().collect::<Vec<_>>());
        stretches.map(|stretch| self.weigh_stretch(&stretch)).fold(f32::MIN, f32::max)
    }

    fn weigh_stretch(&self, words: &[String]) -> f32 {
        let signs = signs(words);
        let (sum, many) = signs
            .iter()
            .filter_map(|sign| self.0.get(sign))
            .fold((0.0_f32, 0.0_f32), |(sum, many), weight| (sum + weight, many + 1.0));
        sum / many.max(1.0).sqrt()
    }
}

/// The words of a text, each two that stand side by side, and each two with one between them. In order, so that
/// their weights always add up to the same.
fn signs(words: &[String]) -> BTreeSet<String> {
    let words: Vec<&String> = words.iter().filter(|word| *word != "$").collect();
    let pairs = |apart: usize, mark: &'static str| {
        words.iter().zip(words.iter().skip(apart)).map(move |(one, other)| format!("{one}{mark}{other}"))
    };
    words.iter().map(|word| (*word).clone()).chain(pairs(1, " ")).chain(pairs(2, " _ ")).collect()
}
