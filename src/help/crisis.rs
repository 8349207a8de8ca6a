//! Whether words sound as if somebody is in danger now. It only decides what is shown first and read
//! first, and never stops anything. A word too many costs a few phone numbers on a page, so in doubt
//! it says yes. Two ways of listening: phrases, whose words stand in `crisis_words.rs`; and what is learned from
//! examples, in `crisis_examples.rs`. Here is how they are compared.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::crisis_examples::Learned;
use super::crisis_words as table;

/// The most that is read, in characters.
const LONGEST: usize = 10_000;

/// How many words away is still near.
const NEARBY: usize = 5;

/// From how much on what is learned from examples is heard as danger by itself.
const SURELY: f32 = 2.3;
/// Below how much a phrase that was found is left in peace: the words around it are like those of people who are not in
/// danger.
const HARDLY: f32 = -0.5;
/// How many words from the one before a phrase on are looked at for that.
const AROUND: usize = 6;

/// Whether these words sound as if somebody is in danger now: wants to die, is hurt or threatened,
/// has nowhere to sleep or nothing to eat.
#[must_use]
pub fn sounds_like_crisis(text: &str) -> bool {
    // Longer than anything that is taken: what is too long is refused, and must not keep others waiting first.
    let text: String = text.chars().take(LONGEST).collect();
    let book = &*BOOK;
    let mut words = book.words(&text);
    let said = words.clone();
    book.learned.weigh(&words) > SURELY || book.found(&mut words).iter().any(|at| book.meant(&said, *at))
}

/// One place in a phrase.
enum Step {
    /// One of these words must stand here.
    One(Words),
    /// None of these words may be among the next few.
    Not(Words),
    /// Up to so many words of any kind.
    Gap(usize),
}

type Phrase = Vec<Step>;

/// Phrases, found by the word that they begin with.
#[derive(Default)]
struct Phrases {
    all: Vec<Phrase>,
    by_word: HashMap<String, Vec<usize>>,
    /// Those that begin with one of many words, or with none.
    others: Vec<usize>,
}

impl Phrases {
    fn new(all: Vec<Phrase>) -> Self {
        let mut phrases = Self::default();
        for (n, phrase) in all.iter().enumerate() {
            match phrase.first() {
                Some(Step::One(words)) if words.begun.is_empty() && !words.numbers => {
                    for word in &words.whole {
                        phrases.by_word.entry(word.clone()).or_default().push(n);
                    }
                }
                _ => phrases.others.push(n),
            }
        }
        Self { all, ..phrases }
    }

    /// Those that may begin with the word at this place.
    fn of<'p>(&'p self, words: &[String], at: usize) -> impl Iterator<Item = &'p Phrase> {
        let by_word = words.get(at).and_then(|word| self.by_word.get(word)).into_iter().flatten();
        by_word.chain(&self.others).filter_map(|n| self.all.get(*n))
    }

    /// Where each begins that stands in a text.
    fn at(&self, words: &[String]) -> Vec<usize> {
        let begins = |at: &usize| self.of(words, *at).any(|phrase| ends(phrase, words, *at).is_some());
        (0..words.len()).filter(begins).collect()
    }

    /// Takes the meaning from words that are surely harmless, so that nothing else is read into them.
    fn cover(&self, words: &mut [String]) {
        for at in 0..words.len() {
            let end = self.of(words, at).filter_map(|phrase| ends(phrase, words, at)).max();
            for word in words.iter_mut().take(end.unwrap_or(at)).skip(at) {
                "-".clone_into(word);
            }
        }
    }
}

/// Whole words, in order so that one is found quickly, and beginnings of words.
#[derive(Default)]
struct Words {
    whole: Vec<String>,
    begun: Vec<String>,
    /// Also any number from ten up: so many tablets are too many, and two of them are for a headache.
    numbers: bool,
}

impl Words {
    fn holds(&self, word: &str) -> bool {
        self.whole.binary_search_by(|known| known.as_str().cmp(word)).is_ok()
            || self.begun.iter().any(|begun| word.starts_with(begun.as_str()))
            || self.numbers && word.len() > 1 && word.bytes().all(|b| b.is_ascii_digit())
    }
}

/// Where a phrase that begins at this word ends. Gaps are short, so this takes no longer in a long text than in a short one.
fn ends(phrase: &[Step], words: &[String], at: usize) -> Option<usize> {
    let Some((step, rest)) = phrase.split_first() else { return Some(at) };
    let word = words.get(at);
    match step {
        Step::One(known) => word.filter(|word| known.holds(word)).and_then(|_| ends(rest, words, at + 1)),
        Step::Not(known) => {
            let clear = !words.iter().skip(at).take(3).any(|word| known.holds(word));
            clear.then(|| ends(rest, words, at))?
        }
        Step::Gap(most) => (at..=at + most).take_while(|at| *at <= words.len()).find_map(|at| ends(rest, words, at)),
    }
}

/// The tables, read once.
struct Book {
    always: Phrases,
    unless_over: Phrases,
    unless_talk: Phrases,
    over: Phrases,
    still: Phrases,
    talk: Phrases,
    near: Vec<Vec<Words>>,
    /// Which lines of `near` begin with a word; those that begin with the beginning of one, or a number, stand apart.
    near_by_word: HashMap<String, Vec<usize>>,
    near_others: Vec<usize>,
    harmless: Phrases,
    /// How one word is also written.
    spelt: HashMap<String, String>,
    /// How several words are also written.
    said: Vec<(String, String)>,
    /// Words that say nothing here.
    fillers: HashSet<String>,
    /// Long or weighty words, which are known with a mistake in them.
    keys: Vec<String>,
    /// Words by what is left of them without vowels.
    bones: HashMap<String, String>,
    /// Every whole word that stands in a phrase.
    known: HashSet<String>,
    /// And every beginning of one.
    begun: Vec<String>,
    /// What the examples teach.
    learned: Learned,
}

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let pairs = || table::SAME.split('|').filter_map(|pair| pair.trim().split_once('='));
    let spelt = pairs().filter(|(from, _)| !from.contains(' ')).map(|(from, to)| (from.to_owned(), to.to_owned()));
    let spelt: HashMap<String, String> = spelt.collect();
    let sets = table::SETS.replace("/\n", "/");
    let sets = sets.split('|').filter_map(|set| set.split_once(':'));
    let sets: HashMap<&str, &str> = sets.map(|(name, words)| (name.trim(), words.trim())).collect();
    let (mut known, mut begun) = (HashSet::new(), Vec::new());
    let mut read = |text: &str| -> Phrases {
        let text = text.replace("/\n", "/");
        let phrases = text.split('|').map(|phrase| phrase.split_whitespace().map(|step| one_step(step, &sets, &spelt)));
        let phrases: Vec<Phrase> = phrases.map(Iterator::collect).collect();
        for step in phrases.iter().flatten() {
            if let Step::One(words) = step {
                known.extend(words.whole.iter().cloned());
                begun.extend(words.begun.iter().filter(|begun| begun.len() > 3).cloned());
            }
        }
        Phrases::new(phrases)
    };
    let (unless_over, over, still) = (read(table::UNLESS_OVER), read(table::OVER), read(table::STILL));
    let (unless_talk, talk) = (read(table::UNLESS_TALK), read(table::TALK));
    let (always, harmless) = (read(&table::ALWAYS.join("|")), read(table::HARMLESS));
    let said = pairs().filter(|(from, _)| from.contains(' ')).map(|(from, to)| (around(from), around(to)));
    let near = table::NEAR.replace("/\n", "/");
    let near = near.split('|').map(|line| line.split('&').map(|step| listed(step.trim(), &sets, &spelt)).collect());
    let near: Vec<Vec<Words>> = near.collect();
    known.extend(near.iter().flatten().flat_map(|words| words.whole.iter().cloned()));
    let (mut near_by_word, mut near_others): (HashMap<String, Vec<usize>>, _) = (HashMap::new(), Vec::new());
    for (n, first) in near.iter().enumerate().filter_map(|(n, sets)| Some((n, sets.first()?))) {
        if first.numbers || !first.begun.is_empty() {
            near_others.push(n);
            continue;
        }
        for word in &first.whole {
            near_by_word.entry(word.clone()).or_default().push(n);
        }
    }
    let mut bones: HashMap<String, String> = HashMap::new();
    for word in &known {
        let bone = boned(word);
        // The shortest, and of those the first, so that it is always the same one.
        if bone.len() > 2 && bones.get(&bone).is_none_or(|other| (word.len(), word) < (other.len(), other)) {
            bones.insert(bone, word.clone());
        }
    }
    let mut book = Book {
        always,
        unless_over,
        unless_talk,
        over,
        still,
        talk,
        near,
        near_by_word,
        near_others,
        harmless,
        spelt,
        bones,
        said: said.collect(),
        fillers: table::FILLERS.split_whitespace().map(once).collect(),
        keys: table::KEYS.split_whitespace().map(once).collect(),
        known,
        begun,
        learned: Learned::default(),
    };
    book.learned = Learned::from_examples(|line| book.words(line));
    book
});

fn one_step(step: &str, sets: &HashMap<&str, &str>, spelt: &HashMap<String, String>) -> Step {
    match step {
        "_" => Step::Gap(2),
        "__" => Step::Gap(4),
        _ => match step.strip_prefix('!') {
            Some(step) => Step::Not(listed(step, sets, spelt)),
            None => Step::One(listed(step, sets, spelt)),
        },
    }
}

/// Words with a stroke between them; one in capitals is the name of a set.
fn listed(step: &str, sets: &HashMap<&str, &str>, spelt: &HashMap<String, String>) -> Words {
    let mut words = Words::default();
    for word in step.split('/').flat_map(|name| sets.get(name).copied().unwrap_or(name).split('/')) {
        // A word stands here as it does in the text: mam is mum in both.
        let same = spelt.get(word).filter(|same| !same.contains(' ')).map_or(word, String::as_str);
        match word.strip_suffix('*') {
            Some(begun) => words.begun.push(once(begun)),
            None if word == "#" => words.numbers = true,
            None => words.whole.push(once(same)),
        }
    }
    words.whole.sort_unstable();
    words
}

impl Book {
    /// Where phrases of danger stand in a text; none when it says besides that it is talk, or long over.
    fn found(&self, words: &mut [String]) -> Vec<usize> {
        self.harmless.cover(words);
        let mut found = self.always.at(words);
        if !found.is_empty() {
            return found;
        }
        if !self.over.at(words).is_empty() && self.still.at(words).is_empty() {
            return found;
        }
        found.extend(self.unless_over.at(words));
        if self.talk.at(words).is_empty() {
            found.extend(self.unless_talk.at(words));
            found.extend(self.near(words));
        }
        found
    }

    /// Whether a phrase that begins at this word is meant: not when the words around it are like those of people who are
    /// not in danger.
    fn meant(&self, said: &[String], at: usize) -> bool {
        let around: Vec<String> = said.iter().skip(at.saturating_sub(1)).take(AROUND).cloned().collect();
        self.learned.weigh(&around) > HARDLY
    }

    /// The text as plain words, each as it stands in the tables, without fillers.
    fn words(&self, text: &str) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let plain = plain(text);
        for raw in letters_joined(&plain) {
            for word in self.spelling(&raw).split(' ') {
                let word = once(word);
                if !word.is_empty() && !self.fillers.contains(&word) && out.last() != Some(&word) {
                    out.push(word);
                }
            }
        }
        let mut text = around(&out.join(" "));
        for (from, to) in &self.said {
            if text.contains(from) {
                // Twice, because two that stand side by side share the blank between them.
                text = text.replace(from, to).replace(from, to);
            }
        }
        // The end is a word too, so that a phrase can ask for it.
        text.split_whitespace().chain(["$"]).map(str::to_owned).collect()
    }

    /// One written word as the word, or words, that are meant.
    fn spelling(&self, raw: &str) -> String {
        let listed = |word: &str| self.spelt.get(word).cloned();
        if let Some(word) = listed(raw) {
            return word;
        }
        // 2die, 30tabs: two words. su1cide: a letter.
        let digits = raw.chars().take_while(char::is_ascii_digit).count();
        if let (Some(number), Some(rest)) = (raw.get(..digits), raw.get(digits..))
            && digits > 0
            && !rest.is_empty()
        {
            return format!("{} {}", listed(number).unwrap_or_else(|| number.to_owned()), self.spelling(rest));
        }
        let letter = |c| match c {
            '0' => 'o',
            '1' => 'i',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            c => c,
        };
        let word = if digits == 0 { once(&raw.chars().map(letter).collect::<String>()) } else { raw.to_owned() };
        if let Some(word) = listed(&word) {
            return word;
        }
        if self.known.contains(&word) || self.fillers.contains(&word) {
            return word;
        }
        // hittin, hittig, hittn
        let ending = |end| word.strip_suffix(end).map(|stem| format!("{stem}ing"));
        if let Some(whole) = ["in", "ig", "n"].into_iter().filter_map(ending).find(|whole| self.known.contains(whole)) {
            return whole;
        }
        if self.begun.iter().any(|begun| word.starts_with(begun.as_str())) {
            return word;
        }
        if let Some(key) = self.keys.iter().find(|key| lacks_vowels(&word, key) || one_mistake(&word, key)) {
            return key.clone();
        }
        // kllng, and hrtin for hrtng
        let bone = word.strip_suffix("in").map_or_else(|| word.clone(), |stem| format!("{stem}ng"));
        if let Some(whole) = self.bones.get(&bone) {
            return whole.clone();
        }
        self.run_together(raw).unwrap_or(word)
    }

    /// Where the first of a line stands with a word of each other set near it.
    fn near(&self, words: &[String]) -> Vec<usize> {
        let holds = |sets: &[Words], at: usize| {
            let Some((first, others)) = sets.split_first() else { return false };
            let around = || words.iter().skip(at.saturating_sub(NEARBY)).take(2 * NEARBY + 1);
            words.get(at).is_some_and(|word| first.holds(word))
                && others.iter().all(|set| around().any(|word| set.holds(word)))
        };
        let lines = |at: usize| {
            let begun = words.get(at).and_then(|word| self.near_by_word.get(word)).into_iter().flatten();
            begun.chain(&self.near_others).filter_map(|n| self.near.get(*n))
        };
        (0..words.len()).filter(|at| lines(*at).any(|sets| holds(sets, *at))).collect()
    }

    /// `wanttodie` as three words, if every part is known.
    fn run_together(&self, word: &str) -> Option<String> {
        if !(8..=40).contains(&word.len()) {
            return None;
        }
        // The best way to each place in the word: the one whose last part is longest.
        let mut ways: HashMap<usize, String> = HashMap::from([(0, String::new())]);
        for end in 1..=word.len() {
            let way = (0..end).find_map(|start| {
                let part = once(word.get(start..end)?);
                let known = self.known.contains(&part) || self.fillers.contains(&part);
                let known = known && (part.len() > 2 || table::SHORT.split_whitespace().any(|short| part == short));
                let way = ways.get(&start).filter(|_| known)?;
                Some(format!("{way} {part}"))
            });
            if let Some(way) = way {
                ways.insert(end, way);
            }
        }
        ways.remove(&word.len())
    }
}

fn boned(word: &str) -> String {
    word.chars().filter(|c| !"aeiouy".contains(*c)).collect()
}

/// `suicdl` for suicidal, `mslf` for myself: the same letters in the same order, with vowels left out.
fn lacks_vowels(word: &str, key: &str) -> bool {
    let mut left = word.chars().peekable();
    let same = key.chars().all(|c| left.next_if_eq(&c).is_some() || "aeiouy".contains(c));
    word.len() > 2 && word.len() < key.len() && same && left.peek().is_none()
}

/// One letter wrong, missing, too many, or two changed about, in a long word that begins as it should.
/// Short words are too like others for that.
fn one_mistake(word: &str, key: &str) -> bool {
    // Most words are none of these: told without looking at all of it.
    if key.len() < 7 || word.chars().next() != key.chars().next() {
        return false;
    }
    let (word, key): (Vec<char>, Vec<char>) = (word.chars().collect(), key.chars().collect());
    if key.len() < 7 || word.len().abs_diff(key.len()) > 1 || word.first() != key.first() {
        return false;
    }
    let head = word.iter().zip(&key).take_while(|(a, b)| a == b).count();
    let after = |letters: &[char], skipped: usize| letters.iter().skip(head + skipped).copied().collect::<Vec<_>>();
    let swapped = word.get(head) == key.get(head + 1) && word.get(head + 1) == key.get(head);
    after(&word, 1) == after(&key, 1)
        || after(&word, 0) == after(&key, 1)
        || after(&word, 1) == after(&key, 0)
        || swapped && after(&word, 2) == after(&key, 2)
}

/// `s.u.i.c.i.d.e` as one word. Four letters or more, so that "how r u" stays.
fn letters_joined(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut letters: Vec<&str> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()).chain([""]) {
        if word.len() == 1 {
            letters.push(word);
            continue;
        }
        if letters.len() > 3 {
            out.push(letters.concat());
        } else {
            out.extend(letters.iter().map(|letter| (*letter).to_owned()));
        }
        letters.clear();
        out.push(word.to_owned());
    }
    out
}

fn around(text: &str) -> String {
    let text: Vec<String> = text.split_whitespace().map(once).collect();
    if text.is_empty() { " ".to_owned() } else { format!(" {} ", text.join(" ")) }
}

/// A letter that is repeated stands once, however often it was pressed. Numbers stay.
fn once(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        if c.is_ascii_digit() || !out.ends_with(c) {
            out.push(c);
        }
    }
    out
}

/// Small letters without accents, and digits, with blanks between words; emoji as words. No
/// apostrophes, straight, curly or typed by accident.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            out.push(c);
            continue;
        }
        let apostrophe = matches!(c, '\'' | '’' | '‘' | '`' | '´' | '\u{2bc}');
        // Marks that are not seen must not split a word, nor stars that hide one: k*ll.
        let unseen = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{fe0f}' | '\u{300}'..='\u{36f}');
        if apostrophe || unseen || c == '*' {
            continue;
        }
        let drawn = table::DRAWN.iter().find(|(signs, _)| signs.contains(c));
        let bare = table::ACCENTS.iter().find(|(letters, _)| letters.contains(c));
        match (drawn, bare) {
            (Some((_, word)), _) => out.extend([" ", word, " "]),
            (_, Some((_, letter))) => out.push_str(letter),
            _ if c.is_alphanumeric() => out.push(c),
            _ => out.push(' '),
        }
    }
    out
}
#[cfg(test)]
#[path = "crisis_test.rs"]
mod tests;
