//! The six questions of the checker, one to a page, and reading the answers back.

use std::collections::BTreeSet;

use super::Life;
use super::checker::{Answers, Care, Council, Lives, Now};
use crate::web::forms::Fields;

/// The answer that every question takes.
pub const UNSURE: &str = "not-sure";

/// One question.
#[derive(Debug)]
pub struct Question {
    /// Its name, and that of its field when there is only one answer to it.
    pub name: &'static str,
    /// The question.
    pub asks: &'static str,
    /// What helps to answer it.
    pub hint: &'static str,
}

/// Every question, in order.
pub const QUESTIONS: [Question; 6] = [
    Question { name: "age", asks: "How old are you?", hint: "Your age today." },
    Question {
        name: "care",
        asks: "Were you in care when you were 16 or 17?",
        hint: "Care means that a council looked after you: foster care, a children’s home, or anywhere else it placed you. Add up all the times since you turned 14, but not planned short breaks. Care as a young asylum seeker counts. Custody can count: if that was all, choose “I’m not sure”.",
    },
    Question {
        name: "now",
        asks: "What is true of you and care?",
        hint: "If you are 18 or over, say how it was when you turned 18.",
    },
    Question {
        name: "council",
        asks: "Which council looked after you?",
        hint: "The one your social worker worked for. Blackpool, and Blackburn with Darwen, are councils of their own.",
    },
    Question { name: "lives", asks: "Where do you live now?", hint: "The district, not the town." },
    Question {
        name: "life",
        asks: "What is true of you?",
        hint: "Tick all that fit. Some help is only for some people.",
    },
];

/// The names of the boxes of the last question.
const LIFE: [(&str, Option<Life>); 10] = [
    ("college", Some(Life::College)),
    ("university", Some(Life::University)),
    ("apprenticeship", Some(Life::Apprenticeship)),
    ("work", Some(Life::Work)),
    ("parent", Some(Life::Parent)),
    ("disabled", Some(Life::Disabled)),
    ("asylum", Some(Life::Asylum)),
    ("custody", Some(Life::Custody)),
    ("none", None),
    (UNSURE, None),
];

impl Question {
    /// The question of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Question> {
        QUESTIONS.iter().find(|question| question.name == name)
    }

    /// The names of its fields.
    #[must_use]
    pub fn fields(&self) -> Vec<&'static str> {
        match self.name {
            "life" => LIFE.map(|(name, _)| name).to_vec(),
            name => vec![name],
        }
    }

    /// What can be chosen: what is sent, and its words.
    #[must_use]
    pub fn choices(&self, districts: &[(String, String)]) -> Vec<(String, String)> {
        let fixed =
            |all: &[(&str, &str)]| all.iter().map(|(word, says)| ((*word).to_owned(), (*says).to_owned())).collect();
        let mut choices: Vec<(String, String)> = match self.name {
            "age" => {
                let years = (16..=24).map(|age| (age.to_string(), age.to_string()));
                let ends = |word: &str, says: &str| [(word.to_owned(), says.to_owned())];
                ends("under-16", "Under 16").into_iter().chain(years).chain(ends("25-or-over", "25 or over")).collect()
            }
            "care" => fixed(&[
                (Care::Long.as_str(), "Yes, for 13 weeks or more in all since I was 14"),
                (Care::Short.as_str(), "Yes, but for less than 13 weeks in all since I was 14"),
                (Care::Guardian.as_str(), "I went from care to a special guardian"),
                (Care::Before16.as_str(), "I was in care, but only before I was 16"),
                (Care::Never.as_str(), "I was never in care"),
            ]),
            "now" => fixed(&[
                (Now::InCare.as_str(), "I am in care"),
                (Now::Left.as_str(), "I have left care"),
                (Now::WentHome.as_str(), "I went back to my family as planned, and it has lasted 6 months or more"),
                (Now::Held.as_str(), "I was in hospital or locked up on my 16th birthday"),
            ]),
            "council" => fixed(&[("ours", "The county council here"), ("other", "Another council")]),
            "lives" => {
                let more = [("outside", "Outside the county"), ("nowhere", "I have nowhere of my own")];
                let more = more.map(|(word, says)| (word.to_owned(), says.to_owned()));
                districts.iter().cloned().chain(more).collect()
            }
            _ => {
                let words = LIFE
                    .iter()
                    .take(9)
                    .map(|(name, life)| ((*name).to_owned(), life.map_or("None of these", Life::title).to_owned()));
                words.collect()
            }
        };
        choices.push((UNSURE.to_owned(), "I’m not sure".to_owned()));
        choices
    }

    /// Notes what is wrong with the answer to this question.
    pub fn check(&self, form: &mut Fields, districts: &[(String, String)]) {
        if self.name != "life" {
            let known: BTreeSet<String> = self.choices(districts).into_iter().map(|(word, _)| word).collect();
            form.choice(
                self.name,
                |word| known.contains(word).then_some(()),
                "Choose one answer. If you do not know, choose “I’m not sure”.",
            );
            return;
        }
        let first = LIFE.first().map_or("", |(name, _)| name);
        let ticked: Vec<&str> = LIFE.iter().map(|(name, _)| *name).filter(|name| form.ticked(name)).collect();
        if ticked.is_empty() {
            form.fault(first, "Tick what is true of you. If nothing here is, tick “None of these”.");
        } else if ticked.len() > 1 && (ticked.contains(&"none") || ticked.contains(&UNSURE)) {
            form.fault(first, "“None of these” and “I’m not sure” stand alone. Untick them, or untick the others.");
        }
    }
}

/// The questions that these answers leave to be asked: some settle others.
#[must_use]
pub fn asked(form: &Fields) -> Vec<&'static Question> {
    let (age, care) = (form.typed("age"), form.typed("care"));
    let wanted = |question: &&Question| match question.name {
        "age" => true,
        _ if age == "under-16" => false,
        "now" => age != "25-or-over" && care != Care::Never.as_str(),
        "council" => care != Care::Never.as_str(),
        _ => true,
    };
    QUESTIONS.iter().filter(wanted).collect()
}

/// The answers in a form. What was not asked or makes no sense counts as not sure.
#[must_use]
pub fn answers(form: &Fields) -> Answers {
    let typed = |name: &'static str| Some(form.typed(name)).filter(|word| *word != UNSURE && !word.is_empty());
    let ticked = |name: &str| form.typed(name) == "yes";
    let life: BTreeSet<Life> = LIFE.iter().filter(|(name, _)| ticked(name)).filter_map(|(_, life)| *life).collect();
    Answers {
        age: typed("age").and_then(|word| match word {
            "under-16" => Some(15),
            "25-or-over" => Some(25),
            years => years.parse().ok().filter(|years| (16..=24).contains(years)),
        }),
        care: typed("care").and_then(Care::parse),
        now: typed("now").and_then(Now::parse),
        council: typed("council").and_then(|word| match word {
            "ours" => Some(Council::Ours),
            "other" => Some(Council::Other),
            _ => None,
        }),
        lives: typed("lives").map(|word| match word {
            "outside" => Lives::Outside,
            "nowhere" => Lives::Nowhere,
            slug => Lives::District(slug.to_owned()),
        }),
        life: (!life.is_empty() || ticked("none")).then_some(life),
    }
}
