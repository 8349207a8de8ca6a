//! The quick check-in: how things are, whether to call, and own words if there are any.

/// How things are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feel {
    /// Good.
    Good,
    /// Okay.
    Okay,
    /// Hard right now.
    Hard,
}

impl Feel {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Good, Self::Okay, Self::Hard];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Okay => "okay",
            Self::Hard => "hard",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|feel| feel.as_str() == word)
    }

    /// How it is told.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Good => "Good",
            Self::Okay => "Okay",
            Self::Hard => "Hard right now",
        }
    }
}

/// What was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckIn {
    /// How things are.
    pub feel: Feel,
    /// Please call me.
    pub call: bool,
}

impl CheckIn {
    /// Whether it asks for an answer. What is good or okay only tells.
    pub fn asks(self) -> bool {
        self.call || self.feel == Feel::Hard
    }

    /// The message it becomes: what was pressed, and the own words.
    pub fn message(self, words: &str) -> String {
        let call = if self.call { " Please call me." } else { "" };
        let says = format!("Quick check-in. How things are: {}.{call}", self.feel.says().to_lowercase());
        if words.is_empty() { says } else { format!("{says}\n{words}") }
    }

    /// Why it stands in a worker's list.
    pub const fn why(self) -> &'static str {
        match (self.call, self.feel) {
            (true, Feel::Hard) => "asks to be called, and says that things are hard",
            (true, _) => "asks to be called",
            (false, _) => "says that things are hard",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CheckIn, Feel};

    #[test]
    fn only_a_hard_time_or_a_call_asks_for_an_answer_and_the_message_says_what_was_pressed() {
        let of = |feel, call| CheckIn { feel, call };
        assert!(!of(Feel::Good, false).asks() && !of(Feel::Okay, false).asks());
        assert!(of(Feel::Good, true).asks() && of(Feel::Hard, false).asks());
        assert_eq!(of(Feel::Okay, false).message(""), "Quick check-in. How things are: okay.");
        let hard = "Quick check-in. How things are: hard right now. Please call me.\nmoney";
        assert_eq!(of(Feel::Hard, true).message("money"), hard);
    }
}
