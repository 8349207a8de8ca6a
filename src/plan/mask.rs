//! What is left out of a plan on paper: numbers, email addresses and postcodes of other people, wherever they stand in free
//! text. Nobody can tell whose they are, so all of them go; a worker may confirm that they may stand there.

/// So many digits in a row, with whatever is written between the digits of a phone number, are taken for one.
const NUMBER: usize = 7;

/// A number without the code of its area.
const LOCAL: usize = 6;

/// A text without phone numbers, email addresses and UK postcodes. Amounts such as £3,000, dates such as 4 December 2026
/// or 04/12/2026, and times stay; a date that is written as digits and dashes alone looks like a number, and goes.
pub fn mask(text: &str) -> String {
    numbers(&postcodes(&emails(text)))
}

fn emails(text: &str) -> String {
    let words = text.split_inclusive(char::is_whitespace).map(|word| {
        let bare = word.trim_end();
        let end = word.get(bare.len()..).unwrap_or_default();
        let inner = bare.trim_end_matches(['.', ',', ';', ':', ')', '!', '?', '"', '\'', '>']);
        let after = bare.get(inner.len()..).unwrap_or_default();
        if is_email(inner) { format!("[email]{after}{end}") } else { word.to_owned() }
    });
    words.collect()
}

/// Something, an `@`, something, a dot and something.
fn is_email(word: &str) -> bool {
    word.char_indices().filter(|(_, c)| *c == '@').any(|(at, _)| {
        let (before, after) = (word.get(..at).unwrap_or_default(), word.get(at + 1..).unwrap_or_default());
        let dot = after.char_indices().skip(1).any(|(n, c)| c == '.' && n + 1 < after.len());
        !before.is_empty() && dot
    })
}

/// What stands between the two halves of a postcode, or between the digits of a number.
fn gap(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}') || c.is_whitespace() && c != '\n'
}

/// How long the postcode is that begins here, such as `PR1 8XJ`.
fn postcode(chars: &[char]) -> Option<usize> {
    let is = |at: usize, test: fn(&char) -> bool| chars.get(at).is_some_and(test);
    let letters = chars.iter().take_while(|c| c.is_ascii_alphabetic()).count();
    if !(1..=2).contains(&letters) || !is(letters, char::is_ascii_digit) {
        return None;
    }
    // The first half ends with the digit, or with one more letter or digit: without a gap both have to be tried.
    [1, 2].into_iter().find_map(|more| {
        if more == 2 && !is(letters + 1, char::is_ascii_alphanumeric) {
            return None;
        }
        let half = letters + more;
        let gaps = chars.iter().skip(half).take_while(|c| gap(**c)).count();
        let second = half + gaps;
        let inner = is(second, char::is_ascii_digit)
            && is(second + 1, char::is_ascii_alphabetic)
            && is(second + 2, char::is_ascii_alphabetic);
        let ends = !chars.get(second + 3).is_some_and(|c| c.is_alphanumeric());
        (inner && ends).then_some(second + 3)
    })
}

fn postcodes(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    while let Some(c) = chars.get(at) {
        let begins = !at.checked_sub(1).and_then(|before| chars.get(before)).is_some_and(|c| c.is_alphanumeric());
        match chars.get(at..).filter(|_| begins).and_then(postcode) {
            Some(long) => {
                out.push_str("[postcode]");
                at += long;
            }
            None => {
                out.push(*c);
                at += 1;
            }
        }
    }
    out
}

/// What may stand between the digits of a number.
fn between(c: char) -> bool {
    gap(c) || matches!(c, '+' | '.' | '(' | ')' | '/' | '_')
}

/// How many digits stand here with nothing but gaps between them.
fn run(chars: &[char]) -> usize {
    chars.iter().take_while(|c| c.is_numeric() || between(**c)).filter(|c| c.is_numeric()).count()
}

/// A time of day stands here after one gap, such as ` 10.30`, and nothing of a number after it.
fn begins_with_time(chars: &[char]) -> bool {
    let [gap, rest @ ..] = chars else { return false };
    let hour = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    let value =
        |from: usize, to: usize| rest.get(from..to).and_then(|of| of.iter().collect::<String>().parse::<u8>().ok());
    gap.is_whitespace()
        && (1..=2).contains(&hour)
        && matches!(rest.get(hour), Some('.' | ':'))
        && value(0, hour).is_some_and(|hour| hour < 24)
        && value(hour + 1, hour + 3).is_some_and(|minute| minute < 60)
        && run(rest) == hour + 2
}

/// How long the date is that begins here, such as `4/12/2026`, and how many digits its day has. What goes on as a number
/// after the year is no date.
fn date(chars: &[char]) -> Option<(usize, usize)> {
    let (mut at, mut day) = (0, 0);
    for (n, most) in [31, 12, 9_999].into_iter().enumerate() {
        let digits: String = chars.iter().skip(at).take_while(|c| c.is_ascii_digit()).collect();
        let fits = digits.parse::<u16>().is_ok_and(|value| (1..=most).contains(&value));
        let long = if n < 2 { (1..=2).contains(&digits.len()) } else { matches!(digits.len(), 2 | 4) };
        if !fits || !long {
            return None;
        }
        if n == 0 {
            day = digits.len();
        }
        at += digits.len();
        if n < 2 {
            if chars.get(at) != Some(&'/') {
                return None;
            }
            at += 1;
        } else {
            let rest = chars.get(at..).unwrap_or_default();
            if digits.len() + run(rest) >= NUMBER && !begins_with_time(rest) {
                return None;
            }
        }
    }
    Some((at, day)).filter(|(at, _)| chars.get(*at) != Some(&'/'))
}

fn numbers(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    while let Some(c) = chars.get(at) {
        let after_digit = |at: usize| at.checked_sub(1).and_then(|n| chars.get(n)).is_some_and(|c| c.is_numeric());
        let dated = |at: usize| chars.get(at..).filter(|_| !after_digit(at)).and_then(date);
        if let Some((long, _)) = dated(at) {
            out.extend(chars.iter().skip(at).take(long));
            at += long;
            continue;
        }
        // From here to the last digit before something else, or before a date.
        let begins = c.is_numeric() || matches!(c, '+' | '(');
        let (mut end, mut digits, mut to) = (at, 0, at);
        while let Some(c) = chars.get(to).filter(|c| begins && (c.is_numeric() || between(**c))) {
            if dated(to).is_some_and(|(_, day)| digits + day < NUMBER) {
                break;
            }
            to += 1;
            if c.is_numeric() {
                digits += 1;
                end = to;
            }
        }
        // Where it is too short for a number, no later part of it is one either.
        let next = end.max(at + 1);
        // A local number has six, and nothing between them.
        let amount = at.checked_sub(1).and_then(|before| chars.get(before)) == Some(&'£');
        if digits >= NUMBER || digits == LOCAL && end - at == LOCAL && !amount {
            out.push_str("[number]");
        } else {
            out.extend(chars.iter().take(next).skip(at));
        }
        at = next;
    }
    out
}

#[cfg(test)]
#[path = "mask_test.rs"]
mod tests;
