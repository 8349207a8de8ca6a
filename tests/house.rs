//! The arrows between the rooms of `src/`: which file may use which. Reads the source, so that a
//! forbidden `use` fails here and not in somebody's head.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Not features: what every feature stands on, and what puts them together.
const BASE: [&str; 14] =
    ["app", "bin", "clock", "command", "config", "db", "error", "id", "islands", "lib", "main", "ui", "vault", "web"];

/// A file of the program, by the part it plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Room {
    /// `mod.rs` and every other file of a feature that is none of the four below.
    Nouns,
    Store,
    Acts,
    Views,
    Routes,
}

/// Files that their name calls nouns, and that are something else for a reason.
const NOT_NOUNS: [(&str, Room, &str); 3] = [
    ("people/access.rs", Room::Store, "a proof of access is made from live rows, on the connection it was checked on"),
    ("signin/guard.rs", Room::Routes, "extractors: the first step of every private handler"),
    ("content/live.rs", Room::Acts, "lays what several stores hold over the shipped content"),
];

/// Arrows that the rules below forbid and that stand for a reason: from, to, why.
const ALLOWED: &[(&str, &str, &str)] = &[
    // Nouns
    ("notices/mod.rs", "tokio", "a way of sending is given so long and no longer"),
    ("notices/folder.rs", "tokio", "mail is written to a folder"),
    ("notices/smtp.rs", "tokio", "nobody waits for a server's goodbye"),
    ("notices/notify.rs", "tokio", "a request and its answer move on one connection"),
    ("notices/notify.rs", "hyper", "requests to GOV.UK Notify"),
    ("notices/wire.rs", "tokio", "a connection to a server that takes notices"),
    ("signin/mod.rs", "tokio", "hashes run beside the requests, a few at a time"),
    ("signin/mod.rs", "vault.rs", "codes, words and salts are random"),
    ("signin/totp.rs", "vault.rs", "a shared secret is random"),
    ("editing/mod.rs", "content/store.rs", "the noun of a stored edition stands beside its rows"),
    ("editing/facts/mod.rs", "web/forms.rs", "a form and a noun are two ways to write the same"),
    ("editing/facts/place.rs", "web/forms.rs", "a form and a noun are two ways to write the same"),
    ("editing/facts/session.rs", "web/forms.rs", "a form and a noun are two ways to write the same"),
    ("entitlements/questions.rs", "web/forms.rs", "a form and its answers are two ways to write the same"),
    ("editing/facts/written.rs", "web/forms.rs", "a form and a noun are two ways to write the same"),
    ("import/read.rs", "web/forms.rs", "a cell is held to the letters that a box of a form may hold"),
    // Stores
    ("signin/store/mod.rs", "people/store/mod.rs", "keys of owners stand in one table"),
    ("signin/store/factors.rs", "people/store/mod.rs", "keys of owners stand in one table"),
    ("signin/store/drafts.rs", "people/store/mod.rs", "keys of owners stand in one table"),
    ("messages/store/mod.rs", "people/store/mod.rs", "keys of owners stand in one table"),
    ("messages/store/write.rs", "people/store/mod.rs", "keys of owners stand in one table"),
    ("messages/store/planned.rs", "people/store/mod.rs", "who answers now is one query, and keys stand in one table"),
    ("messages/store/templates.rs", "people/store/mod.rs", "keys of owners stand in one table"),
    ("messages/store/clock.rs", "people/store/mod.rs", "who leads is one query"),
    ("messages/store/queue.rs", "people/store/mod.rs", "whose list somebody stands in goes by who is here"),
    ("plan/store/mod.rs", "people/store/mod.rs", "keys of owners stand in one table"),
    ("plan/store/versions.rs", "people/store/mod.rs", "keys of owners stand in one table"),
    ("plan/store/says.rs", "people/store/mod.rs", "keys of owners stand in one table"),
    ("plan/store/reviews.rs", "people/store/mod.rs", "keys of owners stand in one table"),
    ("plan/store/actions.rs", "people/store/mod.rs", "keys and names of owners stand in one table"),
    ("plan/store/money.rs", "people/store/mod.rs", "keys and names of owners stand in one table"),
    ("plan/store/submitted.rs", "people/store/mod.rs", "names of owners stand in one table"),
    ("plan/store/crisis.rs", "people/store/mod.rs", "keys of owners stand in one table"),
    ("appointments/store.rs", "people/store/mod.rs", "keys of owners stand in one table"),
    ("letters/store.rs", "people/store/mod.rs", "keys of owners and names of workers stand in one table"),
    ("notices/store.rs", "people/store/mod.rs", "an address is read when a notice is sent"),
    ("signin/store/sessions.rs", "web/flash.rs", "a session keeps a word of the fixed list of one-time messages"),
    // Acts
    ("editing/acts.rs", "signin/guard.rs", "an act names the session that its one-time key belongs to"),
    ("editing/acts.rs", "web/flash.rs", "a word of the fixed list of one-time messages"),
    ("editing/acts.rs", "axum", "a refusal that undoes the transaction carries a status"),
    ("signin/acts/mod.rs", "signin/guard.rs", "an act names the session whose next door it opens"),
    ("signin/acts/account.rs", "signin/guard.rs", "an act names the session that its change leaves alone"),
    ("signin/acts/account.rs", "web/flash.rs", "a word of the fixed list of one-time messages"),
    ("record/acts.rs", "signin/guard.rs", "a copy tells its owner where they are signed in"),
    ("signin/acts/staff.rs", "signin/guard.rs", "an act names the session that its change leaves alone"),
    ("signin/acts/staff.rs", "web/flash.rs", "a word of the fixed list of one-time messages"),
    ("signin/acts/reach.rs", "web/flash.rs", "a word of the fixed list of one-time messages"),
    ("work/acts.rs", "web/flash.rs", "a word of the fixed list of one-time messages"),
    ("work/acts.rs", "signin/guard.rs", "an act names the session whose kept words are saved"),
    ("messages/acts/mod.rs", "signin/guard.rs", "an act names the session that its one-time key belongs to"),
    ("messages/acts/mod.rs", "web/flash.rs", "a word of the fixed list of one-time messages"),
    ("signin/acts/draft.rs", "signin/guard.rs", "a draft belongs to a visit"),
    ("signin/acts/draft.rs", "web/flash.rs", "a word of the fixed list of one-time messages"),
    ("messages/acts/marks.rs", "signin/guard.rs", "an act names the session that is told of it"),
    ("messages/acts/marks.rs", "web/flash.rs", "a word of the fixed list of one-time messages"),
    ("messages/acts/planned.rs", "signin/guard.rs", "an act names the session that its one-time key belongs to"),
    ("messages/acts/planned.rs", "web/flash.rs", "a word of the fixed list of one-time messages"),
    ("messages/acts/templates.rs", "signin/guard.rs", "an act names the session that its one-time key belongs to"),
    ("messages/acts/templates.rs", "web/flash.rs", "a word of the fixed list of one-time messages"),
    ("plan/acts/draft.rs", "web/flash.rs", "a word of the fixed list of one-time messages"),
    ("plan/acts/say.rs", "web/flash.rs", "a word of the fixed list of one-time messages"),
    ("plan/acts/sign.rs", "web/flash.rs", "a word of the fixed list of one-time messages"),
    ("plan/acts/review.rs", "web/flash.rs", "a word of the fixed list of one-time messages"),
    ("signin/acts/post.rs", "signin/guard.rs", "an act names the session that its one-time key belongs to"),
    ("signin/acts/post.rs", "web/flash.rs", "a word of the fixed list of one-time messages"),
    ("appointments/acts.rs", "signin/guard.rs", "an act names the session that is told of it"),
    ("appointments/acts.rs", "web/flash.rs", "a word of the fixed list of one-time messages"),
    ("letters/acts.rs", "web/flash.rs", "a word of the fixed list of one-time messages"),
    ("people/acts/away.rs", "web/flash.rs", "a word of the fixed list of one-time messages"),
    ("people/acts/hand_over.rs", "signin/guard.rs", "an act names the session that its one-time key belongs to"),
    ("people/acts/hand_over.rs", "web/flash.rs", "a word of the fixed list of one-time messages"),
    ("notices/acts.rs", "tokio", "waits until nothing is on its way"),
    ("import/acts/mod.rs", "web/flash.rs", "a word of the fixed list of one-time messages"),
    // Routes
    ("signin/guard.rs", "vault.rs", "a token is looked up by its hash"),
    ("signin/routes/mod.rs", "vault.rs", "a new token is random and stored by its hash"),
    ("signin/routes/prove.rs", "vault.rs", "a new token is random and stored by its hash"),
    ("messages/routes/mod.rs", "vault.rs", "our own words are known again by a mark when they come back in a form"),
    ("plan/routes/mod.rs", "db/mod.rs", "what a proof was checked on is any connection that reads"),
    ("work/routes/today.rs", "db/mod.rs", "what is asked with a list is any question of a store"),
    ("plan/routes/seat.rs", "db/mod.rs", "what a proof was checked on is any connection that reads"),
    ("editing/routes/changes.rs", "vault.rs", "the id of a new closure is random"),
    ("editing/routes/mod.rs", "tokio", "checking a whole edition takes long: away from what answers others"),
    // Views
    ("signin/views/mod.rs", "form_urlencoded", "the address in a picture for a code generator"),
    ("keep/views.rs", "form_urlencoded", "the words of a link to a text message"),
    ("dropins/views/card.rs", "form_urlencoded", "the words of a link to a map"),
    ("record/views.rs", "web/document.rs", "a copy is a document of its own"),
    ("messages/views/mod.rs", "web/document.rs", "fragments are drawn by the page's own components"),
    ("work/views/today.rs", "web/document.rs", "fragments are drawn by the page's own components"),
];

/// What a file may not reach at all, by part: engines, HTTP and drawing.
const FOREIGN: [&str; 11] =
    ["axum", "sqlx", "leptos", "hyper", "tower", "tower_http", "tokio", "lettre", "http", "form_urlencoded", "clap"];

struct File {
    /// Under `src/`, with slashes.
    path: String,
    /// The module that it is, as in `people::store`.
    module: Vec<String>,
    /// Its text without comments, strings and tests.
    code: String,
    lines: usize,
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn is_test(path: &str) -> bool {
    path.ends_with("_test.rs") || path.ends_with("/tests.rs") || path.contains("/tests/")
}

fn files() -> Vec<File> {
    let root = source();
    let mut found = Vec::new();
    walk(&root, &mut found);
    let files: Vec<_> = found
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let path = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
            let module = path.trim_end_matches(".rs").trim_end_matches("/mod").split('/').map(str::to_owned).collect();
            File { path, module, code: without_tests(&plain(&text)), lines: text.lines().count() }
        })
        .collect();
    assert!(files.len() > 40, "the source was not found");
    files
}

/// The text without comments, and with the insides of strings blanked.
fn plain(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let next = chars.get(at + 1).copied().unwrap_or(' ');
        match chars[at] {
            '/' if next == '/' => {
                while at < chars.len() && chars[at] != '\n' {
                    at += 1;
                }
            }
            'r' if matches!(next, '"' | '#') && !out.ends_with(|c: char| c.is_alphanumeric() || c == '_') => {
                let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
                let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
                at += 1 + hashes;
                if chars.get(at) == Some(&'"') {
                    at += 1;
                    while at < chars.len() && !chars[at..].starts_with(&end) {
                        at += 1;
                    }
                    at += end.len();
                    out.push_str("\"\"");
                }
            }
            '"' => {
                out.push('"');
                at += 1;
                while at < chars.len() && chars[at] != '"' {
                    at += if chars[at] == '\\' { 2 } else { 1 };
                }
                out.push('"');
                at += 1;
            }
            // A quote or a backslash as a character, so that it opens no string.
            '\'' if next == '"' || next == '\\' => {
                out.push_str("' '");
                at += 1;
                at += if next == '\\' { 2 } else { 1 };
                while at < chars.len() && chars[at] != '\'' {
                    at += 1;
                }
                at += 1;
            }
            other => {
                out.push(other);
                at += 1;
            }
        }
    }
    out
}

/// Cuts inline test modules: they stand last in their file.
fn without_tests(code: &str) -> String {
    match code.find("#[cfg(test)]\nmod tests {") {
        Some(at) => code[..at].to_owned(),
        None => code.to_owned(),
    }
}

/// Every path that begins at `crate::` or `super::` in `file`, in full, with groups spread out.
fn paths(file: &File) -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    for (at, _) in file.code.match_indices("crate::").chain(file.code.match_indices("super::")) {
        let before = file.code[..at].chars().next_back().unwrap_or(' ');
        if before.is_alphanumeric() || before == '_' || before == ':' {
            continue;
        }
        let mut rest = &file.code[at..];
        let mut base = if let Some(after) = rest.strip_prefix("crate::") {
            rest = after;
            Vec::new()
        } else {
            file.module.clone()
        };
        while let Some(after) = rest.strip_prefix("super::") {
            rest = after;
            base.pop();
        }
        spread(rest, &base, &mut found);
    }
    found
}

/// Reads one path or group `a::{b, c::d as e}`; gives how much of `text` it took.
fn spread(text: &str, base: &[String], found: &mut BTreeSet<Vec<String>>) -> usize {
    let mut path = base.to_vec();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        if rest.starts_with('{') {
            at += 1;
            loop {
                at += text[at..].len() - text[at..].trim_start_matches([' ', '\n', ',']).len();
                if text[at..].starts_with('}') {
                    return at + 1;
                }
                let took = spread(&text[at..], &path, found);
                assert!(took > 0, "cannot read a group of paths: {}", &text[at..text.len().min(at + 60)]);
                at += took;
                // `as name`
                at += text[at..].find([',', '}']).unwrap_or(0);
            }
        }
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '*').collect();
        if name.is_empty() {
            break;
        }
        at += name.len();
        if name != "self" {
            path.push(name);
        }
        match text[at..].strip_prefix("::") {
            Some(after) if after.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '{' || c == '*') => {
                at += 2
            }
            _ => break,
        }
    }
    found.insert(path);
    at
}

/// The files that `file` uses: path in `src/`.
fn uses(file: &File, modules: &BTreeMap<Vec<String>, String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut targets = paths(file);
    // `use crate::people;` and then `people::store::x`.
    for whole in targets.clone() {
        if modules.contains_key(&whole) && !whole.is_empty() {
            let last = whole.last().unwrap();
            for (at, _) in file.code.match_indices(&format!("{last}::")) {
                let before = file.code[..at].chars().next_back().unwrap_or(' ');
                if !before.is_alphanumeric() && before != '_' && before != ':' {
                    spread(&file.code[at + last.len() + 2..], &whole, &mut targets);
                }
            }
        }
    }
    for path in targets {
        let known = (1..=path.len()).rev().find_map(|n| modules.get(&path[..n]));
        if let Some(target) = known.filter(|target| **target != file.path) {
            found.insert(target.clone());
        }
    }
    found
}

fn feature(path: &str) -> Option<&str> {
    let first = path.split(['/', '.']).next()?;
    (!BASE.contains(&first) && path.contains('/')).then_some(first)
}

fn room(path: &str) -> Room {
    if let Some((_, room, _)) = NOT_NOUNS.iter().find(|(file, ..)| *file == path) {
        return *room;
    }
    let rest = path.split_once('/').map_or(path, |(_, rest)| rest);
    match rest.split(['/', '.']).next().unwrap_or_default() {
        "store" => Room::Store,
        "acts" => Room::Acts,
        "views" => Room::Views,
        "routes" => Room::Routes,
        _ => Room::Nouns,
    }
}

/// Whether the rules of the house let `from` use `to`, a file or an outside crate.
fn may(from: &str, to: &str) -> bool {
    let own = feature(from) == feature(to);
    let base = to.split(['/', '.']).next().unwrap_or_default();
    let outside = FOREIGN.contains(&to);
    let noun = feature(to).is_some() && room(to) == Room::Nouns;
    match room(from) {
        Room::Nouns if outside => to == "lettre",
        Room::Nouns => noun || matches!(base, "clock" | "id" | "error"),
        Room::Store if outside => to == "sqlx",
        Room::Store => {
            noun || matches!(base, "db" | "vault" | "clock" | "id" | "error")
                || to == "people/access.rs"
                || own && room(to) == Room::Store
        }
        Room::Acts if outside => false,
        Room::Acts => {
            noun || feature(to).is_some() && matches!(room(to), Room::Store | Room::Acts)
                || matches!(base, "db" | "vault" | "clock" | "id" | "error")
        }
        Room::Views if outside => to == "leptos",
        Room::Views => {
            noun || feature(to).is_some() && room(to) == Room::Views
                || matches!(base, "ui" | "islands" | "clock" | "id")
                || matches!(to, "web/forms.rs" | "web/assets.rs")
        }
        Room::Routes if outside => matches!(to, "axum" | "leptos" | "form_urlencoded"),
        // A page is a route that loads from a store and hands nouns to a view: any feature's.
        Room::Routes => {
            feature(to).is_some() && (room(to) != Room::Routes || own)
                || to == "signin/guard.rs"
                || matches!(base, "app" | "web" | "ui" | "clock" | "id" | "error")
        }
    }
}

/// Outside crates that `file` names and that only some rooms may.
fn foreign(file: &File) -> BTreeSet<String> {
    let word = |name: &&&str| {
        file.code.match_indices(&format!("{name}::")).any(|(at, _)| {
            let before = file.code[..at].chars().next_back().unwrap_or(' ');
            !before.is_alphanumeric() && before != '_' && before != ':'
        })
    };
    FOREIGN.iter().filter(word).map(|name| (*name).to_owned()).collect()
}

fn arrows() -> (Vec<File>, BTreeMap<String, BTreeSet<String>>) {
    let files: Vec<_> = files().into_iter().filter(|file| !is_test(&file.path)).collect();
    let modules: BTreeMap<_, _> = files.iter().map(|file| (file.module.clone(), file.path.clone())).collect();
    let arrows = files
        .iter()
        .map(|file| {
            let mut to = uses(file, &modules);
            to.extend(foreign(file));
            (file.path.clone(), to)
        })
        .collect();
    (files, arrows)
}

#[test]
fn every_arrow_between_rooms_is_one_that_the_house_allows() {
    let (_, arrows) = arrows();
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for (from, targets) in arrows.iter().filter(|(from, _)| feature(from).is_some()) {
        for to in targets.iter().filter(|to| !may(from, to)) {
            match ALLOWED.iter().find(|(a, b, _)| a == from && b == to) {
                Some((a, b, _)) => drop(used.insert((*a, *b))),
                None => wrong.push(format!("src/{from} must not use {to}")),
            }
        }
    }
    assert!(wrong.is_empty(), "forbidden arrows:\n{}", wrong.join("\n"));
    let stale: Vec<_> = ALLOWED.iter().filter(|(a, b, _)| !used.contains(&(*a, *b))).collect();
    assert!(stale.is_empty(), "exceptions that nobody needs any more: {stale:?}");
    let (files, _) = self::arrows();
    for (path, ..) in NOT_NOUNS {
        assert!(files.iter().any(|file| file.path == path), "{path} is gone: take it out of the table");
    }
}

#[test]
fn the_reader_of_arrows_sees_groups_aliases_supers_and_whole_modules() {
    let modules: BTreeMap<_, _> = [
        (vec!["people"], "people/mod.rs"),
        (vec!["people", "store"], "people/store/mod.rs"),
        (vec!["people", "access"], "people/access.rs"),
        (vec!["web", "forms"], "web/forms.rs"),
        (vec!["messages"], "messages/mod.rs"),
        (vec!["messages", "store"], "messages/store.rs"),
    ]
    .into_iter()
    .map(|(module, path)| (module.into_iter().map(str::to_owned).collect(), path.to_owned()))
    .collect();
    let seen = |code: &str| {
        let module = vec!["messages".to_owned(), "routes".to_owned()];
        let file = File { path: "messages/routes.rs".into(), module, code: plain(code), lines: 0 };
        uses(&file, &modules).into_iter().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(seen("use crate::people::{PersonId, store as people};"), "people/mod.rs people/store/mod.rs");
    assert_eq!(
        seen("use crate::{people::{self, access::{A, B}},\n web::forms::Fields};"),
        "people/access.rs people/mod.rs web/forms.rs"
    );
    assert_eq!(seen("use super::{Message, store};"), "messages/mod.rs messages/store.rs");
    assert_eq!(seen("use crate::people;\nfn f() { people::store::key() }"), "people/mod.rs people/store/mod.rs");
    assert_eq!(seen("// crate::people\nconst A: &str = \"crate::people\";"), "");
    assert_eq!(seen("$crate::people::store::x()"), "people/store/mod.rs");
}

#[test]
fn nouns_use_each_other_without_circles() {
    let (_, arrows) = arrows();
    let mut features: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, targets) in &arrows {
        let Some(own) = feature(from).filter(|_| room(from) == Room::Nouns) else { continue };
        let others =
            targets.iter().filter(|to| room(to) == Room::Nouns).filter_map(|to| feature(to)).filter(|to| *to != own);
        features.entry(own).or_default().extend(others);
    }
    // Takes away, again and again, features that lean on none of those left.
    loop {
        let free: Vec<_> = features
            .iter()
            .filter(|(_, on)| on.iter().all(|other| !features.contains_key(other)))
            .map(|(name, _)| *name)
            .collect();
        if free.is_empty() {
            break;
        }
        features.retain(|name, _| !free.contains(name));
    }
    assert!(features.is_empty(), "these features' nouns lean on each other in a circle: {features:?}");
}

#[test]
fn web_ui_and_what_stands_under_everything_know_no_feature() {
    let (_, arrows) = arrows();
    let mut wrong = Vec::new();
    for (from, targets) in &arrows {
        let base = from.split(['/', '.']).next().unwrap();
        if matches!(base, "web" | "ui" | "db" | "vault" | "clock" | "id" | "error" | "islands" | "config") {
            wrong.extend(
                targets.iter().filter(|to| feature(to).is_some()).map(|to| format!("src/{from} must not use {to}")),
            );
        }
        let above = |to: &&String| matches!(to.split(['/', '.']).next(), Some("app" | "command" | "main"));
        if base != "app" && base != "command" && base != "main" && room(from) != Room::Routes {
            wrong.extend(targets.iter().filter(above).map(|to| format!("src/{from} must not use {to}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_route_writes_by_itself() {
    let rooms: Vec<_> = files().into_iter().filter(|file| feature(&file.path).is_some()).collect();
    for file in rooms.iter().filter(|file| room(&file.path) == Room::Routes) {
        assert!(!file.code.contains(".write("), "src/{}: one transaction meets stores in acts only", file.path);
    }
    assert!(rooms.iter().any(|file| file.path.ends_with("acts.rs") && file.code.contains(".write(")));
}

/// Whether `word` stands in `code` by itself or as the start of a longer name.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back().unwrap_or(' ');
        !before.is_alphanumeric() && before != '_'
    })
}

#[test]
fn only_db_names_an_engine() {
    let wrong: Vec<_> = files()
        .into_iter()
        .filter(|file| !file.path.starts_with("db/") && !is_test(&file.path))
        .filter(|file| {
            ["SqlitePool", "SqliteConnection", "PgPool", "PgConnection", "Sqlite", "Postgres", "sqlite::", "postgres::"]
                .iter()
                .any(|word| names(&file.code, word))
        })
        .map(|file| file.path)
        .collect();
    assert!(wrong.is_empty(), "these files name a database engine: {wrong:?}");
}

#[test]
fn sql_stands_in_stores_and_in_db_only() {
    let mut seen = 0;
    for file in files().into_iter().filter(|file| !is_test(&file.path)) {
        if !file.code.contains("sqlx::query") {
            continue;
        }
        seen += 1;
        let store = room(&file.path) == Room::Store && NOT_NOUNS.iter().all(|(path, ..)| *path != file.path);
        assert!(store || file.path.starts_with("db/"), "src/{} holds SQL: it belongs in a store", file.path);
    }
    assert!(seen > 5, "no SQL was found at all");
}

#[test]
fn cfg_feature_stands_on_module_lines_only() {
    let lines = |file: &File| file.code.lines().map(str::trim).map(str::to_owned).collect::<Vec<_>>();
    for file in files() {
        let lines = lines(&file);
        for (at, line) in lines.iter().enumerate() {
            let gate = line.contains("cfg(") || line.contains("cfg!(") || line.contains("cfg_attr(");
            if !gate || !line.contains("feature") {
                continue;
            }
            assert!(
                matches!(file.path.as_str(), "lib.rs" | "islands/mod.rs"),
                "src/{}:{}: cfg(feature) stands in lib.rs and islands/mod.rs only",
                file.path,
                at + 1
            );
            let next = lines[at + 1..].iter().find(|line| !line.starts_with("#[") && !line.is_empty()).unwrap();
            let module = ["pub mod ", "mod ", "pub use "].iter().any(|start| next.starts_with(start));
            assert!(module, "src/{}:{}: a gate stands on a module line only, not on {next}", file.path, at + 1);
        }
    }
}

#[test]
fn no_file_is_asking_to_be_two() {
    let long: Vec<_> = files()
        .into_iter()
        .filter(|file| file.lines > 500 && !is_test(&file.path))
        .map(|file| format!("src/{} has {} lines", file.path, file.lines))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}
