use proptest::prelude::*;

use super::mask;

/// Whether so many digits stand in a row, with nothing but these between them.
fn digits_in_a_row(text: &str) -> usize {
    let (mut most, mut now) = (0, 0);
    for c in text.chars() {
        if c.is_ascii_digit() {
            now += 1;
            most = most.max(now);
        } else if !matches!(c, ' ' | '-' | '+') {
            now = 0;
        }
    }
    most
}

#[test]
fn what_reaches_somebody_goes_and_what_is_agreed_stays() {
    for (text, masked) in [
        ("Call Nan on 07700 900123.", "Call Nan on [number]."),
        ("Ring +44 (0)7700-900123 or 01772/906412 at 9am", "Ring [number] or [number] at 9am"),
        ("07700.900.123", "[number]"),
        ("Mail dave.o'neil+x@example.co.uk, please", "Mail [email], please"),
        ("(a@b.c)", "[email])"),
        ("She lives in PR1 8XJ now", "She lives in [postcode] now"),
        ("pr12rl and W1A 1AA and EC1A1BB, M1  1AE", "[postcode] and [postcode] and [postcode], [postcode]"),
    ] {
        assert_eq!(mask(text), masked, "{text}");
    }
    for kept in [
        "You get £3,000 on 4 December 2026 at 10:30.",
        "By 04/12/2026 16:00, or 1/2/27.",
        "On 04/12/2026 10.30 at the office",
        "Mon to Fri, 9am to 5pm, 20 hours a week, £1,250.50",
        "In 2026 and 2027, room 4 at 12 Moor Lane",
        "Follow @the_fyp_Lancashire",
        "A level B1, then A2 in 3rd place",
        "Line one\nLine two 12\n34\n56\n78",
        "",
    ] {
        assert_eq!(mask(kept), kept);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_number_survives(text in "[0-9 +\\-a-z/.,:£()]{0,60}") {
        let out = mask(&text);
        prop_assert!(digits_in_a_row(&out) < 7, "{text:?} became {out:?}");
    }

    #[test]
    fn no_number_survives_among_anything(text in "\\PC{0,40}", a in "[0-9]{3,6}", gap in "[ +\\-]{1,3}", b in "[0-9]{4,6}", end in "\\PC{0,20}") {
        let out = mask(&format!("{text}{a}{gap}{b}{end}"));
        prop_assert!(digits_in_a_row(&out) < 7, "{out:?}");
    }

    #[test]
    fn no_email_survives(before in "\\PC{0,20}", email in "[a-z0-9._+]{1,10}@[a-z0-9-]{1,10}\\.[a-z]{1,5}", after in "\\PC{0,20}") {
        let out = mask(&format!("{before} {email} {after}"));
        prop_assert!(!out.contains(&email) && out.contains("[email]"), "{out:?}");
    }

    #[test]
    fn no_postcode_survives(
        before in "[a-zA-Z ,.£]{0,20}", first in "[A-Za-z]{1,2}[0-9][A-Za-z0-9]?", gap in " {0,2}", second in "[0-9][A-Za-z]{2}",
        after in "[a-zA-Z ,.£]{0,20}",
    ) {
        let code = format!("{first}{gap}{second}");
        let out = mask(&format!("{before} {code} {after}"));
        prop_assert!(!out.contains(&code), "{out:?}");
    }

    #[test]
    fn amounts_dates_and_times_survive(
        pounds in 1..9_999_999u32, day in 1..=28u8, month in 1..=12u8, year in 2020..2040u16, hour in 0..24u8, minute in 0..60u8,
    ) {
        let amount = pounds.to_string().as_bytes().rchunks(3).rev()
            .map(|part| String::from_utf8_lossy(part).into_owned()).collect::<Vec<_>>().join(",");
        let name = ["May", "June", "December"][usize::from(month) % 3];
        let text = format!("£{amount} on {day} {name} {year} at {hour:02}:{minute:02}, or by {day:02}/{month:02}/{year} {hour:02}:{minute:02}.");
        prop_assert_eq!(mask(&text), text);
    }

    #[test]
    fn masking_twice_is_masking_once(text in "\\PC{0,60}") {
        let once = mask(&text);
        prop_assert_eq!(mask(&once), once);
    }
}
