//! What is heard as danger, and what is left in peace.
#![allow(clippy::print_stdout, reason = "the test prints its figures")]

use super::{BOOK, Step, sounds_like_crisis};

#[test]
fn words_of_somebody_in_danger_are_heard() {
    for text in [
        "I want to die",
        "i dont wanna be here anymore",
        "I don’t want to live any more.",
        "I just can't go on",
        "thinking of KILLING MYSELF",
        "feeling suicidal",
        "i keep self-harming",
        "I have been cutting myself again",
        "everyone is better off without me",
        "took all my tablets",
        "my boyfriend hits me",
        "He is threatening to kill me!!!",
        "im scaaared of him",
        "someone raped me",
        "I have nowhere to sleep tonight",
        "no where to go",
        "got kicked out of my flat",
        "i am HOMELESS now",
        "ive got no food",
        "haven't eaten for 2 days",
        "sleeping rough in preston",
        "i really do not feel safe",
        "s\u{ad}uicide",
        // Typed in haste, without vowels, with digits, run together.
        "wnt 2 kll mslf",
        "feelin sucidal agen",
        "w4nt 2 d1e",
        "iwanttodie",
        "s.u.i.c.i.d.e",
        "k*ll myself",
        "nowere 2 kip 2nite",
        "he hitss me evry nite",
        // Not said outright.
        "tell our kid i love him and im sorry",
        "wont be a problem much longer",
        "whats the point anymore",
        "i dont think ill be here by xmas",
        "a load of tablets saved up",
        "he wont let me leave the flat",
        "they make me carry drugs to barrow",
        "owe money to a dealer and he knows where i live",
        "family want me to marry a man i dont want",
        "my stepbrother gets in my bed at night",
        "been kippin in me mates car",
        "mam slung us out wi nowt",
        "no leccy and the baby is freezing",
        "nowt in for tea and no money",
        // Drawn.
        "💊💊 all gone. sorry",
        "🔪 my arms again",
        // Jokes and lessons excuse words, not a person.
        "my coursework is too much i want to kill myself",
        "lol i took too many pills",
        "he used to hit me and hes started again",
        // In other languages.
        "mujhe marna hai",
        "mera shohar mujhe maarta hai",
        "nie chcę żyć",
        "nie mam gdzie spać",
        "dua të vdes",
        "vreau să mor",
    ] {
        assert!(sounds_like_crisis(text), "{text}");
    }
}

#[test]
fn ordinary_words_about_a_page_are_left_in_peace() {
    for text in [
        "The opening times are wrong",
        "The number for Preston is old, it moved in May",
        "Is there a page about council tax?",
        "The link to the bursary does not work",
        "You forgot Skelmersdale",
        "I want to get a driving licence, nothing here about it",
        "The drop-in on Monday had no food this time",
        "The food bank moved to the church hall",
        "The map hits the wrong street",
        "Killer page, thanks!",
        "please add more about flats and deposits",
        "My PA left and nobody told me",
        "The office is on the street behind the library",
        "How do I get a homeless application form",
        "The text is too small on my phone",
        "What does pathway plan mean",
        "the safe in the office is locked",
        "It says 16 but my social worker says 18",
        "I live in Leeds now, can I still get the grant?",
        "die Seite ist gut",
        "this form is killing me",
        "dying for a brew",
        "starving lol whats for tea",
        "could murder a pizza",
        "homework on domestic abuse due monday",
        "essay on suicide rates in men",
        "film about suicide made me cry",
        "used to self harm but havent for 3 years",
        "i used to be homeless now ive got my own flat",
        "burnley got battered 4 nil",
        "my brother will kill me if i lose his coat haha",
        "my phone is dead",
        "it hit me that im an adult now",
        "the website keeps kicking me out",
        "cant go on holiday without a passport",
        "took 2 paracetamol for my head",
        "my therapist gave me good tips",
        "nowhere to park at the office",
        "czy moge dostac bilet na autobus",
        "",
        "!!!",
    ] {
        assert!(!sounds_like_crisis(text), "{text}");
    }
}

#[test]
fn any_text_at_all_is_taken_and_a_long_one_is_soon_read() {
    for text in ["$", "_ _ !", "*", "a".repeat(20_000).as_str(), "\u{202e}ﬀ 日本 👩‍🍼", &"k l m ".repeat(5_000)]
    {
        assert!(!sounds_like_crisis(text), "{text}");
    }
    let long = "he said she said no ".repeat(500);
    assert!(sounds_like_crisis(&format!("i want to die {long}")));
    // What stands beyond the most that is read is not.
    assert!(!sounds_like_crisis(&format!("{} i want to die", "b ".repeat(5_000))));
}

#[test]
fn tables_are_well_formed() {
    let book = &*BOOK;
    let tables = [&book.always, &book.unless_talk, &book.unless_over, &book.talk, &book.over, &book.still];
    for phrase in tables.iter().flat_map(|table| &table.all) {
        assert!(phrase.iter().any(|step| matches!(step, Step::One(_))));
    }
    assert!(book.known.iter().all(|word| !word.contains(|c: char| c.is_ascii_uppercase())), "a set that is not there");
}

/// How many of the lines of a file are heard, and how many there are.
fn heard(file: &str) -> (usize, usize) {
    let lines = file.lines().filter(|line| !line.trim().is_empty());
    (lines.clone().filter(|line| sounds_like_crisis(line)).count(), lines.count())
}

/// `tests/crisis` was written by people who had seen neither tables nor examples. Read for the first time, 148 of its 150
/// messages of danger were heard and 55 of its 1,000 others; with 1,000 more ordinary examples, by others again, 146 and
/// 35. Nothing may be mended with these files: what is missed is learned from examples of others.
#[test]
fn nineteen_of_twenty_messages_of_danger_are_heard_and_no_more_than_one_of_twenty_others() {
    for (name, file) in
        [("blind", include_str!("../../tests/crisis/blind.txt")), ("examples", include_str!("crisis/danger.txt"))]
    {
        let (heard, all) = heard(file);
        println!("    {name}: {heard} of {all} messages of danger are heard");
        assert!(all >= 150 && heard * 100 >= all * 95, "{name}: {heard} of {all}");
    }
    let (flagged, all) = heard(include_str!("../../tests/crisis/ordinary.txt"));
    println!("    ordinary: {flagged} of {all} are taken for danger");
    assert!(all == 1_000 && flagged <= 50, "{flagged} of {all}");
}

#[test]
fn ordinary_words_before_it_do_not_drown_a_sentence_of_danger() {
    for text in [
        "thanks for the bursary form. can you send the one about council tax please, and is the drop in on monday? i want to die",
        "hiya is the drop in on monday still on? can i bring my mate. he hits me",
        "please can you change the time of our meeting on thursday, i have an appointment. i am suicidal",
        "is the drop in on monday open, can i bring my mate? ive been cutting myself again",
        "hi is it ok to bring my form friday? also theres no food left in and no money til monday",
        "good thanks, college is fine. my boyfriend wont let me leave the flat tho. see you thursday",
    ] {
        assert!(sounds_like_crisis(text), "{text}");
    }
}

#[test]
fn one_sentence_of_danger_is_heard_in_a_long_message() {
    let long = "hiya hope you had a good weekend, college is going well and i passed my maths test. ".repeat(8);
    for danger in ["i want to die", "my stepbrother gets in my bed at night", "nowhere to sleep tonight"] {
        assert!(sounds_like_crisis(&format!("{long} {danger} {long}")), "{danger}");
    }
}
