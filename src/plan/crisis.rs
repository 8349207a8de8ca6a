//! What somebody does and whom they call if it goes wrong, in their own words.

/// The four boxes. Empty ones are not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Boxes {
    /// How I know that it is going wrong.
    pub signs: Option<String>,
    /// What I do, and what helps.
    pub helps: Option<String>,
    /// Whom I call: a name and a number on a line.
    pub calls: Option<String>,
    /// Where I can go.
    pub place: Option<String>,
}

impl Boxes {
    /// Nothing was written.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The plan as it was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrisisPlan {
    /// Its words.
    pub boxes: Boxes,
    /// When it was saved last, UTC microseconds; 0: never.
    pub at: i64,
}

/// What is asked in each box, in their order, with the name of its field.
pub const ASKED: [(&str, &str); 4] = [
    ("signs", "How I know it is going wrong"),
    ("helps", "What I do, and what helps"),
    ("calls", "Who I call"),
    ("where", "Where I can go"),
];

/// The fewest and the most digits of a number that can be called: from 999 to the longest of any country (ITU E.164).
const DIGITS: std::ops::RangeInclusive<usize> = 3..=15;

/// A line that holds a number, cut round it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call<'a> {
    /// What stands before it.
    pub before: &'a str,
    /// The number as it was written.
    pub number: &'a str,
    /// The number as a phone dials it.
    pub dial: String,
    /// What stands after it.
    pub after: &'a str,
}

/// The first number in a line that can be called; `None` when there is none.
pub fn call(line: &str) -> Option<Call<'_>> {
    let part = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')' | '+');
    let mut rest = 0;
    while let Some(from) = line[rest..].find(|c: char| c.is_ascii_digit() || c == '+').map(|at| rest + at) {
        let run = line[from..].find(|c| !part(c)).map_or(line.len(), |at| from + at);
        // What follows the last digit is no more of the number.
        let to = line[from..run].rfind(|c: char| c.is_ascii_digit()).map_or(from, |at| from + at + 1);
        let number = &line[from..to];
        let abroad = number.starts_with('+');
        // Nobody dials the nought in brackets together with the number of the country.
        let dialled = if abroad { number.replace("(0)", "") } else { number.to_owned() };
        let digits: String = dialled.chars().filter(char::is_ascii_digit).collect();
        if DIGITS.contains(&digits.len()) {
            let dial = if abroad { format!("+{digits}") } else { digits };
            return Some(Call { before: &line[..from], number, dial, after: &line[to..] });
        }
        rest = run.max(from + 1);
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_on_a_line_can_be_called() {
        for (line, dial) in [
            ("Nan 07700 900123", "07700900123"),
            ("+44 (0)7700-900123 Jo, mornings", "+447700900123"),
            ("Flat 2: 01632 960000.", "01632960000"),
            ("999", "999"),
        ] {
            assert_eq!(call(line).map(|call| call.dial), Some(dial.to_owned()), "{line}");
        }
        for line in ["", "Nan", "at 4", "12", "1234567890123456", "+", "2 of 3"] {
            assert_eq!(call(line), None, "{line}");
        }
        let cut = call("Nan: 07700 900123 (home)").unwrap();
        assert_eq!((cut.before, cut.number, cut.after), ("Nan: ", "07700 900123", " (home)"));
    }

    proptest! {
        #[test]
        fn nothing_of_a_line_is_lost_and_only_digits_are_dialled(line in "\\PC{0,30}", near in "[a-z0-9 +()-]{0,30}") {
            for line in [line, near] {
                if let Some(call) = call(&line) {
                    prop_assert_eq!(format!("{}{}{}", call.before, call.number, call.after), line.clone());
                    let digits = call.dial.trim_start_matches('+');
                    prop_assert!(DIGITS.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()));
                }
            }
        }
    }
}
