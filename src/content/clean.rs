//! What stands between what was typed and what is sent: characters that are refused, the cleaner of
//! HTML, and the marks of sources, which are put in only after it.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::LazyLock;

use super::Note;

/// Around the number of a claim on its way through the cleaner. Neither can be typed: characters
/// for private use are refused before.
pub(super) const OPEN: char = '\u{E000}';
pub(super) const CLOSE: char = '\u{E001}';

/// Errors for characters that hide or turn round what is written.
pub(super) fn characters(text: &str, first_line: usize) -> Vec<Note> {
    let mut notes = Vec::new();
    for (number, line) in text.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if let Some(c) = line.chars().find(|c| forbidden(*c)) {
            let code = u32::from(c);
            let what = match c {
                '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => "turns the direction of writing round",
                _ => "cannot be seen",
            };
            notes.push(Note::error(
                Some(first_line + number),
                format!("A character here {what} (U+{code:04X}). Type the line again without it."),
            ));
        }
    }
    notes
}

fn forbidden(c: char) -> bool {
    match c {
        '\t' => false,
        '\u{200B}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' => true,
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'.. => true,
        c => c.is_control() || matches!(u32::from(c) & 0xFFFF, 0xFFFE | 0xFFFF),
    }
}

/// The byte of the first `£` with a digit behind it, as any amount in prose would have.
pub(super) fn bare_amount(text: &str) -> Option<usize> {
    text.char_indices().filter(|(_, c)| matches!(c, '£' | '\u{FFE1}' | '₤')).map(|(at, _)| at).find(|at| {
        let behind = text.get(*at..).unwrap_or_default().chars().skip(1);
        behind.skip_while(|c| c.is_whitespace()).take(1).any(char::is_numeric)
    })
}

/// Cleans HTML down to what markdown of ours can become. Does not know claims.
pub(super) fn clean(html: &str) -> String {
    static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
        let mut cleaner = ammonia::Builder::empty();
        cleaner
            .tags(HashSet::from(["h2", "h3", "p", "ul", "ol", "li", "a", "strong"]))
            .tag_attributes(HashMap::from([
                ("a", HashSet::from(["href"])),
                ("h2", HashSet::from(["id"])),
                ("h3", HashSet::from(["id"])),
                ("ol", HashSet::from(["start"])),
            ]))
            .clean_content_tags(HashSet::from(["script", "style"]))
            .url_schemes(HashSet::from(["http", "https", "mailto", "sms", "tel"]))
            .url_relative(ammonia::UrlRelative::PassThrough)
            .attribute_filter(|_, attribute, value| (attribute != "href" || leads_on(value)).then_some(value.into()))
            .link_rel(None);
        cleaner
    });
    // The cleaner writes every attribute in one way, so this finds each link that leaves the site.
    CLEANER.clean(html).to_string().replace("<a href=\"http", "<a rel=\"noopener noreferrer\" href=\"http")
}

/// Whether an address is of a kind we link to, whatever a browser makes of the rest.
fn leads_on(href: &str) -> bool {
    let starts = ["/", "#", "http://", "https://", "mailto:", "sms:", "tel:"];
    starts.iter().any(|start| href.starts_with(start)) && !href.starts_with("//") && !href.starts_with("/\\")
}

/// Puts the numbers of sources, and the words of doubt, where their places were kept. A run of
/// claims says each number and each word once, the words behind its last number.
pub(super) fn mark(html: &str, claims: &[(usize, Option<&'static str>)]) -> String {
    let mut out = String::with_capacity(html.len());
    let mut numbers: Vec<usize> = Vec::new();
    let mut doubts: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some((before, behind)) = rest.split_once(OPEN) {
        // Only space between two claims leaves them one run.
        if numbers.is_empty() || !before.trim().is_empty() {
            end_run(&mut out, &mut numbers, &mut doubts);
            out.push_str(before);
        }
        let (index, after) = behind.split_once(CLOSE).unwrap_or((behind, ""));
        rest = after;
        let Some((n, doubt)) = index.parse::<usize>().ok().and_then(|index| claims.get(index)) else { continue };
        if !numbers.contains(n) {
            numbers.push(*n);
            let _ = write!(out, "<sup class=\"src\"><a href=\"#source-{n}\" aria-label=\"Source {n}\">{n}</a></sup>");
        }
        doubts.extend(doubt.filter(|doubt| !doubts.contains(doubt)));
    }
    end_run(&mut out, &mut numbers, &mut doubts);
    out.push_str(rest);
    out
}

fn end_run(out: &mut String, numbers: &mut Vec<usize>, doubts: &mut Vec<&str>) {
    numbers.clear();
    for doubt in doubts.drain(..) {
        let _ = write!(out, " <span class=\"mark\">{doubt}</span>");
    }
}
