//! The words that `crisis.rs` listens for.
//!
//! Phrases stand between upright strokes. `a/b` is one word or the other (a line that ends with a
//! stroke goes on in the next), a word in capitals is a set, a star stands for any ending, `_` for up
//! to two words of any kind and `__` for up to four, `!a` says that this word is not among the next
//! three, `#` is a number from ten up, and `$` the end of the text. Fillers are never seen, doubled
//! letters count once and apostrophes are gone, so he'll is "hell". Each word is written as `SAME`
//! writes it: mam is "mum", leccy is "electric"; off is kept apart from of.

/// Words that stand for each other in many phrases.
pub(super) const SETS: &str = include_str!("crisis/sets.txt");

/// Always heard.
pub(super) const ALWAYS: &[&str] = &[DYING, HARMING, OVERDOSE, HURT, USED, NOWHERE, WITHOUT, CALLING, ELSEWHERE];

/// Somebody wants to die, or says goodbye.
const DYING: &str = include_str!("crisis/dying.txt");

/// Somebody harms themselves.
const HARMING: &str = include_str!("crisis/harming.txt");

/// Somebody has taken too much, or somebody with them has.
const OVERDOSE: &str = include_str!("crisis/overdose.txt");

/// Somebody is hurt, abused, controlled, threatened or afraid of somebody.
const HURT: &str = include_str!("crisis/hurt.txt");

/// Somebody is made to carry, sell, work, sleep with people or marry.
const USED: &str = include_str!("crisis/used.txt");

/// Somebody has nowhere to sleep.
const NOWHERE: &str = include_str!("crisis/nowhere.txt");

/// Somebody has no food, no heating or no light.
const WITHOUT: &str = include_str!("crisis/without.txt");

/// Somebody calls for help.
const CALLING: &str = include_str!("crisis/calling.txt");

/// The same in other languages that are spoken here, as they are typed without accents.
const ELSEWHERE: &str = include_str!("crisis/elsewhere.txt");

/// Heard unless the text is talk, or long over.
pub(super) const UNLESS_TALK: &str = include_str!("crisis/unless_talk.txt");

/// Heard when a word of each set stands near the first, in any order, unless the text is talk or long
/// over: for all that is said in ways nobody could list.
pub(super) const NEAR: &str = include_str!("crisis/near.txt");

/// Heard unless the text says that it is long over.
pub(super) const UNLESS_OVER: &str = include_str!("crisis/unless_over.txt");

/// What says that it is a joke, a lesson, a film or good work, wherever in the text it stands.
pub(super) const TALK: &str = include_str!("crisis/talk.txt");

/// What says that it is long over.
pub(super) const OVER: &str = include_str!("crisis/over.txt");

/// What says that it goes on after all.
pub(super) const STILL: &str = include_str!("crisis/still.txt");

/// Surely harmless: nothing else is read into these words.
pub(super) const HARMLESS: &str = include_str!("crisis/harmless.txt");

/// Words and spellings that say the same.
pub(super) const SAME: &str = include_str!("crisis/same.txt");

/// Words that say nothing here.
pub(super) const FILLERS: &str = include_str!("crisis/fillers.txt");

/// Long or weighty words, which are known with one mistake in them or without their vowels.
pub(super) const KEYS: &str = include_str!("crisis/keys.txt");

/// Short words that may be run together with others; other short ones stand in too many words by chance.
pub(super) const SHORT: &str = "i to me my no in on it do be go he we up us of im";

/// Emoji as the words they are used for.
pub(super) const DRAWN: &[(&str, &str)] = &[
    ("🔪🗡", "knife"),
    ("💊", "pills"),
    ("🔫", "gun"),
    ("🩸", "blood"),
    ("🪢➰", "rope"),
    ("💀☠⚰🪦", "skull"),
    ("🪒", "razor"),
    ("✂", "cut"),
    ("👊🤛🤜", "punches"),
    ("🤕", "hurt"),
    ("🏠🏡🏘", "home"),
    ("🚫❌🙅⛔", "no"),
    ("🍞🍔🍕🍽🥫🍲🍟🥪🍴🥘", "food"),
    ("🍼", "milk"),
    ("👶", "baby"),
    ("🥶", "freezing"),
    ("⚡🔌💡", "electric"),
    ("💰💵💷💸", "money"),
    ("🛏🛌😴💤", "sleep"),
    ("⛺", "tent"),
    ("🚗🚙", "car"),
    ("🌉", "bridge"),
    ("🚆🚂🚉🛤🚄🚅", "train"),
    ("😂🤣😆😹", "lol"),
    ("👋", "goodbye"),
    ("🆘", "sos"),
    ("🔒", "locked"),
    ("🍃🌿🍁", "weed"),
    ("🚓🚨🚔", "police"),
];

/// Letters with accents, and without.
pub(super) const ACCENTS: &[(&str, &str)] = &[
    ("àáâãäåāăąаạảấầậắặ", "a"),
    ("çćčĉ", "c"),
    ("ďđ", "d"),
    ("èéêëēėęěếềệ", "e"),
    ("ğģ", "g"),
    ("ìíîïīįı", "i"),
    ("łľļĺ", "l"),
    ("ñńňņ", "n"),
    ("òóôõöøōőơốồộớờợ", "o"),
    ("řŕ", "r"),
    ("śšşșŝ", "s"),
    ("ťţț", "t"),
    ("ùúûüūůűųưứừự", "u"),
    ("ýÿ", "y"),
    ("źżž", "z"),
];
