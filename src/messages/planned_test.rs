#![allow(clippy::unwrap_used, reason = "tests")]
use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn known(byte: u8, called: &str, name: &str) -> Known {
    Known { person: Id::from_bytes([byte; 16]), called: called.into(), name: name.into(), waits: false }
}

#[test]
fn names_are_filled_in_once_and_only_where_a_word_stands_between_braces() {
    let filled = |text: &str| fill(text, "Zoë", "Priya Nair");
    for (text, reads) in [
        ("Hi {name}, {me}", "Hi Zoë, Priya Nair"),
        ("{name}{name} and {name}", "ZoëZoë and Zoë"),
        ("{ Name } {ME}", "Zoë Priya Nair"),
        ("no blanks at all", "no blanks at all"),
        ("{} { } {1} {:-} :{ }: {", "{} { } {1} {:-} :{ }: {"),
        ("{{name}}", "{Zoë}"),
        ("{\nname\n}", "Zoë"),
        ("a { that is never closed, {name}", "a { that is never closed, Zoë"),
        ("}{name}{", "}Zoë{"),
        ("naïve 🙂{name}🙂", "naïve 🙂Zoë🙂"),
        ("", ""),
    ] {
        assert_eq!(filled(text).unwrap(), reads, "{text}");
    }
    for (text, word) in [("Hi {nmae}", "nmae"), ("{name} {first name}", "first name"), ("{имя}", "имя")] {
        assert_eq!(filled(text), Err(Unknown(word.into())), "{text}");
    }
    assert!(Unknown("day".into()).says().starts_with("{day} stands for nothing"));
    // A name with braces in it is no blank.
    assert_eq!(fill("{name}, {me}", "{me}", "{name}").unwrap(), "{me}, {name}");
}

#[test]
fn every_shipped_template_fills_and_its_blanks_are_seen() {
    for one in SHIPPED {
        let filled = fill(one.body, "Sam", "Priya").unwrap();
        assert!(filled.contains("Sam") && filled.contains("Priya") && !filled.contains('{'), "{}", one.slug);
        assert!(!one.body.contains(|c: char| c.is_ascii_digit() || c == '£'), "{}: no facts", one.slug);
    }
    assert_eq!(SHIPPED.iter().filter(|one| has_blank(one.body)).count(), 2);
    assert!(!has_blank("snake_case and __"));
}

#[test]
fn a_name_of_somebody_else_is_found_as_a_whole_word_in_any_letters() {
    let all = [
        known(1, "Sam", "Samuel Whittle"),
        known(2, "Ann", "Ann Lee"),
        known(3, "Mary Ann", "Mary Ann Smith"),
        known(4, "ÉLODIE", "Élodie D'Arcy"),
        known(5, "", "Noor Khan"),
        known(6, "Sam", "Samantha Stone"),
    ];
    let found = |text: &str, own: usize| others_named(text, &all[own], &all);
    for (text, own, names) in [
        ("see you and ann on Friday", 0, &["Ann"][..]),
        ("ANN's room", 0, &["Ann"]),
        ("an annual banner, Anna and Joann", 0, &[]),
        ("Hi Mary Ann", 2, &[]),
        ("Hi Mary Ann, greet Ann", 2, &["Ann"]),
        ("Hi Mary Ann", 0, &["Ann", "Mary Ann"]),
        ("élodie, élodies", 0, &["ÉLODIE"]),
        ("élodie d'arcy", 0, &["Élodie D'Arcy"]),
        ("noor\n  khan", 0, &["Noor Khan"]),
        ("Hi Sam", 0, &[]),
        ("Hi Sam", 1, &["Sam"]),
        ("Samantha was there", 0, &["Samantha"]),
        ("Samantha, see you", 5, &[]),
        ("Hi {name}, {me}", 4, &[]),
        ("", 0, &[]),
    ] {
        assert_eq!(found(text, own), names, "{text:?} to {}", all[own].name);
    }
    // Somebody who is called as a word between braces is not found in it.
    let me = [known(1, "Sam", "Sam A"), known(2, "Me", "Me B")];
    assert!(others_named("Hi {name}, {me}", &me[0], &me).is_empty());
    let dash = [known(1, "-", "-"), known(2, "Sam", "Sam Whittle")];
    assert_eq!(others_named("Hi - see you, Sam", &dash[0], &dash), ["Sam"], "a name of signs alone");
    let waits = Known { waits: true, ..known(5, " ", "Noor Khan") };
    assert_eq!(of_text("Hi {name}", &waits, &all), [Warning::NoName, Warning::Waits]);
}

#[test]
fn a_time_is_london_s_and_neither_over_nor_further_than_a_year() {
    let now = at("2026-11-24T12:00:00Z");
    let of = |day: &str, hour: i8, minute: i8| moment(date(day), Time::constant(hour, minute, 0, 0), now);
    assert_eq!(of("2026-11-24", 12, 1).unwrap(), at("2026-11-24T12:01:00Z"));
    assert_eq!(of("2026-11-24", 12, 0), Err(Wrong::TimeOver));
    assert_eq!(of("2026-11-23", 23, 59), Err(Wrong::DayOver));
    assert_eq!(of("2027-07-01", 9, 0).unwrap(), at("2027-07-01T08:00:00Z"));
    assert!(of("2027-11-25", 23, 59).is_ok());
    assert_eq!(of("2027-11-26", 0, 0), Err(Wrong::Far));
    // The night that skips an hour, and the one that has an hour twice.
    assert_eq!(of("2027-03-28", 1, 30).unwrap(), at("2027-03-28T01:30:00Z"));
    assert_eq!(says_when(at("2027-03-28T01:30:00Z"), now), "Sunday 28 March 2027 at 2.30am");
    assert_eq!(of("2027-10-31", 1, 30).unwrap(), at("2027-10-31T00:30:00Z"));
    assert_eq!(says_when(at("2026-12-04T09:00:00Z"), now), "Friday 4 December at 9am");
}

#[test]
fn a_night_a_weekend_and_a_bank_holiday_are_said() {
    let holidays = BTreeMap::from([(date("2026-12-25"), "Christmas Day".to_owned())]);
    let of = |text: &str| of_time(at(text), &holidays);
    for (text, warns) in [
        ("2026-12-04T09:00:00Z", &[][..]),
        ("2026-12-04T07:59:59Z", &[Warning::Night]),
        ("2026-12-04T08:00:00Z", &[]),
        ("2026-12-04T20:59:59Z", &[]),
        ("2026-12-04T21:00:00Z", &[Warning::Night]),
        ("2026-12-05T12:00:00Z", &[Warning::Weekend]),
        ("2026-12-25T12:00:00Z", &[Warning::Holiday("Christmas Day".into())]),
        // In summer the clocks show an hour more.
        ("2026-07-01T20:00:00Z", &[Warning::Night]),
        ("2026-07-01T07:00:00Z", &[]),
        // Half an hour after it began there.
        ("2026-12-24T23:30:00Z", &[Warning::Night]),
        ("2026-10-25T01:30:00Z", &[Warning::Night, Warning::Weekend]),
    ] {
        assert_eq!(of(text), warns, "{text}");
    }
}
