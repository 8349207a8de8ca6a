//! Whether words sound as if somebody is in danger now. A first, simple list: it only decides what is
//! shown first and read first, and never stops anything. A word too many costs a few phone numbers
//! on a page, so in doubt it says yes.

use std::sync::LazyLock;

/// Phrases as people write them, without fillers. A star stands for any ending of its word.
const PHRASES: &str = "
    suicid* | unalive* | want to kms | going to kms | kill* myself | hurt* myself | harm* myself | cut* myself | burn* myself |
    hang* myself | self harm* | selfharm* | overdos* | want to die | wanted to die | going to die |
    ready to die | rather die | rather be dead | wish i was dead | wish i were dead | better off dead |
    better off without me | dont want to live | dont want to be alive | dont want to be here | dont want to wake up |
    end my life | ending my life | take my life | take my own life | taking my own life | end it all |
    no reason to live | nothing to live for | no point living | no point in living | not worth living |
    cant go on | cant do this any more | cant take it any more | cant cope any more | took all my tablets |
    took all my pills | taken all my tablets | taken all my pills | taken too many | jump* off a bridge |
    hit me | hits me | hitting me | beat* me | hurt me | hurts me | hurting me | punch* me | slap* me |
    kicks me | kicking me | strangl* | chok* me | stabbed | stabbing | stab me | rape* | raping | touch* me | abus* me | forced me |
    forces me | forcing me | threat* me | threat* to | kill me | going to hurt | going to kill | stalk* me |
    following me | not safe at home | dont feel safe | im not safe | am not safe | not safe here | in danger |
    scared of him | scared of her | scared of them | scared of my | afraid of him | afraid of her | afraid of my |
    scared to go home | scared to go back | wont let me leave | wont let me out | locked me in |
    nowhere to sleep | nowhere to stay | nowhere to live | nowhere to go | nowhere safe | no place to sleep |
    no place to stay | no place to go | no place to live | somewhere to sleep tonight | somewhere to stay tonight |
    place to sleep tonight | place to stay tonight | sleep* rough | sleep* outside | sleep* in my car |
    sleep* in a car | sleep* in a tent | sleep* in the park | sleep* on the street* | live on the street* |
    living on the street* | out on the street* | homeless tonight | homeless now | homeless today | im homeless |
    am homeless | made homeless | kick* me out | kicked out | throw* me out | threw me out | thrown out |
    chuck* me out | chucked out | have no food | got no food | ive no food | no food in | no food left | no food at home |
    no food today | no food tonight | no food or money | no money or food | no money for food | without food |
    nothing to eat | not eaten | havent eaten | hasnt eaten | cant afford to eat | cant afford food | im starving |
    am starving | no formula | no milk for my baby
";

/// Words that say the same, and words that say nothing here, as they are once squashed.
const SAME: &str = "
    wanna=want to | gonna=going to | gona=going to | cannot=cant | can not=cant | do not=dont | have not=havent |
    has not=hasnt | will not=wont | i am=im | my self=myself | me self=myself | meself=myself |
    no where=nowhere | no were=nowhere | nowere=nowhere | some where=somewhere | tonite=tonight | 2nite=tonight |
    2night=tonight | anymore=any more | didnt eat=not eaten | sucid=suicid |
    just= | really= | actually= | literally= | even= | fucking= | fuckin= | ever= | please= | pls= | so= | very= |
    still= | currently=
";

static KNOWN: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let words = |phrase: &str| phrase.split_whitespace().map(stem).collect::<Vec<_>>();
    PHRASES.split('|').map(words).filter(|words| !words.is_empty()).collect()
});

static ALIKE: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let pairs = SAME.split('|').filter_map(|pair| pair.split_once('='));
    pairs.map(|(from, to)| (around(&squashed(from)), around(&squashed(to)))).collect()
});

/// The most that is read, in characters.
const LONGEST: usize = 10_000;

/// Whether these words sound as if somebody is in danger now: wants to die, is hurt or threatened,
/// has nowhere to sleep or nothing to eat.
#[must_use]
pub fn sounds_like_crisis(text: &str) -> bool {
    // Longer than anything that is taken: what is too long is refused, and must not keep others waiting first.
    let text: String = text.chars().take(LONGEST).collect();
    let mut text = around(&squashed(&text));
    for (from, to) in ALIKE.iter() {
        // Twice, because two that stand side by side share the blank between them.
        text = text.replace(from, to).replace(from, to);
    }
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    KNOWN.iter().any(|phrase| {
        words.windows(phrase.len()).any(|some| some.iter().zip(phrase).all(|(word, known)| is(word, known)))
    })
}

fn is(word: &str, known: &str) -> bool {
    known.strip_suffix('*').map_or(word == known, |stem| word.starts_with(stem))
}

fn stem(word: &str) -> String {
    match word.strip_suffix('*') {
        Some(stem) => format!("{}*", squashed(stem)),
        None => squashed(word),
    }
}

fn around(text: &str) -> String {
    if text.is_empty() { " ".to_owned() } else { format!(" {text} ") }
}

/// Small letters and digits with one blank between words. No apostrophes, straight, curly or typed by
/// accident; a letter that is repeated stands once, however often it was pressed.
fn squashed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        let apostrophe = matches!(c, '\'' | '’' | '‘' | '`' | '´' | '\u{2bc}');
        // Marks that are not seen must not split a word.
        if apostrophe || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}') {
            continue;
        }
        let c = if c.is_alphanumeric() { c } else { ' ' };
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::sounds_like_crisis;

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
            "",
            "!!!",
        ] {
            assert!(!sounds_like_crisis(text), "{text}");
        }
    }
}
