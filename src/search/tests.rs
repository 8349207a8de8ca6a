//! Search against 120 questions in the words of young people, written by somebody who had not seen it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

use serde::Deserialize;

use super::{Index, MOST};
use crate::content::Library;

#[derive(Deserialize)]
struct Question {
    asks: String,
    #[serde(default)]
    page: Vec<String>,
    #[serde(default)]
    crisis: bool,
}

#[derive(Deserialize)]
struct Questions {
    question: Vec<Question>,
}

fn index() -> Index {
    let files = crate::app::start::content_files(None).unwrap();
    Index::of(&Library::shipped(&files).unwrap())
}

fn read(text: &str) -> Vec<Question> {
    toml::from_str::<Questions>(text).unwrap().question
}

/// The pages found, each once, without the part of the page.
fn pages(index: &Index, asks: &str) -> Vec<String> {
    let mut pages: Vec<String> = Vec::new();
    for found in index.find(asks) {
        let page = found.href.split('#').next().unwrap().to_owned();
        if !pages.contains(&page) {
            pages.push(page);
        }
    }
    pages
}

#[test]
fn at_least_110_of_120_real_questions_find_the_right_page_in_the_first_three() {
    let index = index();
    let questions = read(include_str!("../../tests/search/questions.toml"));
    assert_eq!(questions.len(), 120);
    let (mut first, mut right) = (0, 0);
    for question in &questions {
        let mut found = pages(&index, &question.asks);
        if question.crisis {
            // Help stands before everything that was found.
            found.retain(|page| page != "/help");
            found.insert(0, "/help".to_owned());
        }
        first += usize::from(found.first().is_some_and(|page| question.page.contains(page)));
        if found.iter().take(3).any(|page| question.page.contains(page)) {
            right += 1;
        } else {
            let three: Vec<_> = found.iter().take(3).collect();
            println!("“{}” finds {three:?} and not {:?}", question.asks, question.page);
        }
    }
    println!("{right} of 120 in the first three, {first} first");
    assert!(right >= 110, "{right}");
}

#[test]
fn words_that_mean_nothing_find_nothing() {
    let index = index();
    for question in read(include_str!("../../tests/search/nothing.toml")) {
        let found = pages(&index, &question.asks);
        assert!(found.is_empty(), "“{}” finds {found:?}", question.asks);
    }
}

#[test]
fn any_text_at_all_is_taken() {
    let index = index();
    for asks in
        ["", " ", "£££", "\u{202e}", "a", "the", "ﬀ", "日本", &"rent ".repeat(10_000), "' OR 1=1 --", "<script>"]
    {
        assert!(index.find(asks).len() <= MOST);
    }
}
