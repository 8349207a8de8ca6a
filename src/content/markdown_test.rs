#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
//! Promises of the drawing of markdown.

use proptest::prelude::*;

use super::super::parse::unread_entitlement;
use super::*;

struct World {
    sources: BTreeMap<String, Source>,
    entitlements: BTreeMap<String, Entitlement>,
    addresses: BTreeSet<String>,
}

impl World {
    fn new() -> Self {
        let source = |slug: &str| Source {
            slug: slug.to_owned(),
            title: format!("Title of {slug}"),
            url: "https://example.org/".to_owned(),
            date: "undated copy".to_owned(),
        };
        let right = |slug: &str, amount: Option<&str>| Entitlement {
            name: slug.to_owned(),
            amount: amount.map(str::to_owned),
            claims: vec![Claim { source: "b".to_owned(), confidence: Confidence::Medium }],
            ..unread_entitlement(slug)
        };
        Self {
            sources: ["a", "b", "c"].map(|slug| (slug.to_owned(), source(slug))).into(),
            entitlements: [
                ("home".to_owned(), right("home", Some("£3,000 <b>"))),
                ("none".to_owned(), right("none", None)),
            ]
            .into(),
            addresses: ["/", "/help", "/offer/money"].map(str::to_owned).into(),
        }
    }

    fn draw(&self, text: &str) -> (Option<Drawn>, Vec<Note>) {
        let Self { sources, entitlements, addresses } = self;
        draw(text, 1, Known { sources, entitlements, addresses, confirmed: false })
    }
}

fn drawn(text: &str) -> Drawn {
    let (drawn, notes) = World::new().draw(text);
    drawn.unwrap_or_else(|| panic!("{text:?}: {notes:?}"))
}

/// The first error of a text that has one: its line and its words.
fn refused(text: &str) -> (Option<usize>, String) {
    let (drawn, notes) = World::new().draw(text);
    assert!(drawn.is_none(), "{text:?} was drawn");
    let note = notes.into_iter().find(Note::is_error).unwrap_or_else(|| panic!("{text:?} has no error"));
    (note.line, note.message)
}

#[test]
fn a_sentence_carries_the_number_of_its_source_and_doubt_in_words() {
    let page = drawn("Sure.[^a] Old.[^b:medium] Both.[^a:disagree][^c:disagree] End.");
    assert_eq!(
        page.html.trim(),
        "<p>Sure.<sup class=\"src\"><a href=\"#source-1\" aria-label=\"Source 1\">1</a></sup> \
         Old.<sup class=\"src\"><a href=\"#source-2\" aria-label=\"Source 2\">2</a></sup> <span class=\"mark\">may have changed</span> \
         Both.<sup class=\"src\"><a href=\"#source-1\" aria-label=\"Source 1\">1</a></sup>\
         <sup class=\"src\"><a href=\"#source-3\" aria-label=\"Source 3\">3</a></sup> <span class=\"mark\">sources disagree</span> End.</p>"
    );
    assert_eq!(
        page.sources.iter().map(|s| (s.number, s.slug.as_str())).collect::<Vec<_>>(),
        [(1, "a"), (2, "b"), (3, "c")]
    );
    assert_eq!(page.sources[0].confidence, Confidence::Disagree);
    assert_eq!(page.text.trim(), "Sure. Old. Both. End.");
}

#[test]
fn a_confirmed_text_loses_its_words_of_doubt() {
    let World { sources, entitlements, addresses } = World::new();
    let known = Known { sources: &sources, entitlements: &entitlements, addresses: &addresses, confirmed: true };
    let page = draw("Old.[^b:low] Split.[^a:disagree]", 1, known).0.unwrap();
    assert!(!page.html.contains("not sure"));
    assert!(page.html.contains("sources disagree"));
}

#[test]
fn an_amount_comes_from_its_one_place_as_text_with_its_source() {
    let page = drawn("You can get {{home}} once.");
    assert!(page.html.starts_with("<p>You can get £3,000 &lt;b&gt; once.<sup"), "{}", page.html);
    assert!(page.html.contains("may have changed"));
    assert_eq!(page.text.trim(), "You can get £3,000 <b> once.");
    assert!(refused("Get {{nothing}}.").1.contains("nothing"));
    assert!(refused("Get {{none}}.").1.contains("no amount"));
    assert!(refused("Get {{home.").1.contains("never closes"));
    assert!(refused("Text.\n\n## Get {{home}}").1.contains("heading"));
}

#[test]
fn an_amount_s_source_stands_once_at_the_end_of_its_sentence() {
    let sup = "<sup class=\"src\"><a href=\"#source-1\" aria-label=\"Source 1\">1</a></sup> <span class=\"mark\">may have changed</span>";
    for (text, expected) in [
        (
            "Get {{home}}, then {{home}} at 5.30pm.[^b:medium] More.",
            format!("<p>Get £3,000 &lt;b&gt;, then £3,000 &lt;b&gt; at 5.30pm.{sup} More.</p>"),
        ),
        ("**Get {{home}}** now. More.", format!("<p><strong>Get £3,000 &lt;b&gt;</strong> now.{sup} More.</p>")),
        ("- {{home}}\n- More", format!("<ul>\n<li>£3,000 &lt;b&gt;{sup}</li>\n<li>More</li>\n</ul>")),
        (
            "Get {{home}} from [us. Now](/help) or not",
            format!("<p>Get £3,000 &lt;b&gt; from <a href=\"/help\">us. Now</a> or not{sup}</p>"),
        ),
    ] {
        assert_eq!(drawn(text).html.trim(), expected, "{text}");
    }
}

#[test]
fn a_bare_amount_in_prose_is_refused_with_its_line() {
    assert_eq!(refused("One.\n\nYou get £3,000 a year.").0, Some(3));
    assert_eq!(refused("One\ntwo £ 5 three").0, Some(2));
    for text in ["£**5**", "&pound;5", "&#163;5", "- £5", "£\u{a0}5", "￡5", "Text.\n\n## £5"] {
        assert!(refused(text).1.contains("amount"), "{text}");
    }
    drawn("Prices in £ are fine without a number.");
}

#[test]
fn an_unknown_source_is_refused_with_its_line() {
    assert_eq!(refused("One.\n\nTwo.[^nowhere]"), (Some(3), "There is no source called “nowhere”.".to_owned()));
    assert!(refused("One.[^a:perhaps]").1.contains("perhaps"));
    assert!(refused("One.[^a]\n\n[^a]: Written out.").1.contains("not written out"));
}

#[test]
fn headings_go_in_order_and_get_addresses_of_their_own() {
    let page = drawn(
        "Text.\n\n## Who can ask?\n\nText.\n\n### Who can ask?\n\nText.\n\n## Source 1\n\nText.\n\n## Main\n\nText.\n\n## What's new\n\nText.",
    );
    let ids: Vec<_> = page.headings.iter().map(|h| (h.level, h.id.as_str())).collect();
    assert_eq!(ids, [(2, "who-can-ask"), (3, "who-can-ask-2"), (2, "part-source-1"), (2, "main-2"), (2, "whats-new")]);
    assert!(page.html.contains("<h3 id=\"who-can-ask-2\">Who can ask?</h3>"));
    assert_eq!(refused("Text.\n\n# Title").0, Some(3));
    assert!(refused("Text.\n\n### Skips").1.contains("skips"));
    assert!(refused("Text.\n\n#### Deep").1.contains("only"));
    assert!(refused("## First").1.contains("Start with a paragraph"));
    assert!(refused("Text.\n\nTitle\n=====").1.contains("already the first heading"));
    assert!(refused("Text.\n\n##").1.contains("no words"));
}

#[test]
fn links_inside_lead_somewhere_and_links_outside_give_nothing_away() {
    let page = drawn(
        "[Help](/help), [me](#part), [law](https://example.org/a?b=1&c=2), [call](tel:999), <a@b.org>.\n\n## Part\n\nText.",
    );
    assert!(page.html.contains("<a href=\"/help\">Help</a>"));
    assert!(page.html.contains("<a rel=\"noopener noreferrer\" href=\"https://example.org/a?b=1&amp;c=2\">law</a>"));
    assert!(page.html.contains("<a href=\"tel:999\">"));
    assert!(page.html.contains("<a href=\"mailto:a@b.org\">"));
    assert_eq!(drawn("[Money](/offer/money#grants)").elsewhere, [(1, "/offer/money".to_owned(), "grants".to_owned())]);
    assert_eq!(refused("One.\n\n[Dead](/offer/none)").0, Some(3));
    for bad in [
        "[x](//evil.example)",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#10;script:alert(1))",
        "[x](data:text/html,x)",
        "[x](vbscript:x)",
        "[x](page)",
        "[x](../up)",
        "[x](#nowhere)",
        "[x](/\\evil.example)",
        "[x](https:evil)",
        "[x](https://bank.example@evil.example/)",
        "[x]()",
        "[](/help)",
        "[x](</help page>)",
        "<javascript:alert(1)>",
        "[x][y]\n\n[y]: javascript:alert(1)",
        "![x](/help)",
        "[HTTPS](HTTPS://example.org)",
    ] {
        refused(bad);
    }
}

#[test]
fn html_pictures_quotes_and_code_are_refused_with_their_line() {
    for bad in [
        "<script>alert(1)</script>",
        "<b>x</b>",
        "x <i>y</i>",
        "<!-- c -->",
        "<img src=x onerror=alert(1)>",
        "![a](https://b.org/c.png)",
        "> quote",
        "`code`",
        "```\ncode\n```",
        "    code",
        "***",
        "*soft*",
        "<svg onload=alert(1)>",
    ] {
        assert_eq!(refused(&format!("One.[^a]\n\n{bad}")).0, Some(3), "{bad}");
    }
    assert!(drawn("<svg/onload=alert(1)>").html.contains("&lt;svg/onload"));
    assert!(drawn("x <https://a.org onclick=x>").html.contains("&lt;https"));
    assert!(refused("- a\n  - b\n    - c\n      - d").1.contains("deep"));
}

#[test]
fn characters_that_hide_or_turn_text_round_are_refused() {
    for bad in [
        "\u{0}",
        "\u{7}",
        "\u{1b}",
        "\u{202e}",
        "\u{2066}",
        "\u{200b}",
        "\u{feff}",
        "\u{e000}0\u{e001}",
        "\u{85}",
        "\u{10ffff}",
    ] {
        assert_eq!(refused(&format!("One.\n\nTwo {bad} three.")).0, Some(3), "{bad:?}");
    }
    drawn("Windows line ends\r\nare fine, so are é, ’ and العربية.");
}

#[test]
fn a_text_as_long_as_a_book_is_refused_at_once() {
    assert!(refused(&"word ".repeat(30_000)).1.contains("too long"));
    assert!(refused(&">".repeat(90_000)).1.contains("not used"));
    assert!(refused(&"+ ".repeat(40_000)).1.contains("deep"));
    assert!(refused(&format!("Text.\n\n{}", "## a\n".repeat(15_000))).1.contains("100 headings"));
    let _ = World::new().draw(&"[".repeat(90_000));
    let _ = World::new().draw(&"**a ".repeat(20_000));
    let _ = World::new().draw(&"[a](".repeat(20_000));
}

#[test]
fn a_long_sentence_is_a_warning_with_its_line_and_does_not_stop_the_page() {
    let long = "one ".repeat(26);
    let (page, notes) = World::new().draw(&format!("Short.[^a]\n\nShort.\n{long}."));
    assert!(page.is_some());
    assert_eq!(notes.len(), 1);
    assert!(!notes[0].is_error());
    assert_eq!(notes[0].line, Some(4));
    assert!(notes[0].message.contains("26 words"));
}

#[test]
fn the_cleaner_alone_stops_what_the_checks_would_have_let_through() {
    let dirty = "<p onclick=\"x()\">a<script>alert(1)</script><img src=x onerror=x><a href=\"javascript:x\" onmouseover=x style=x>b</a>\
                 <a href=\" java\nscript:x\">c</a><iframe src=x></iframe><style>*{}</style><svg><script>x</script></svg><p id=main>d";
    assert_safe(&clean(dirty));
    assert!(!clean(dirty).contains("id="));
}

/// Reads the HTML tag by tag and fails on anything that could run.
fn assert_safe(html: &str) {
    let lower = html.to_lowercase();
    for part in lower.split('<').skip(1) {
        let tag = part.split('>').next().unwrap();
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
        assert!(["p", "h2", "h3", "ul", "ol", "li", "a", "strong", "sup", "span"].contains(&name), "<{tag}> in {html}");
        let mut quoted = tag.split('"');
        while let Some(outside) = quoted.next() {
            for attribute in outside.split_whitespace().filter(|word| word.ends_with('=')) {
                assert!(
                    ["href=", "id=", "class=", "rel=", "aria-label=", "start="].contains(&attribute),
                    "{attribute} in <{tag}>"
                );
            }
            if let Some(value) = quoted.next()
                && outside.ends_with("href=")
            {
                let good = ["/", "#", "http://", "https://", "tel:", "mailto:", "sms:"];
                assert!(good.iter().any(|start| value.starts_with(start)), "href {value}");
            }
        }
    }
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<script>",
        "</script>",
        "<img src=x onerror=alert(1)>",
        "javascript:alert(1)",
        "[x](",
        ")",
        "](",
        "[",
        "]",
        "![",
        "<",
        ">",
        "\"",
        "'",
        "onclick=x",
        "<a href=\"",
        "&lt;script&gt;",
        "&#60;script&#62;",
        "\n",
        "\n\n",
        "## ",
        "# ",
        "- ",
        "1. ",
        "> ",
        "`",
        "```",
        "**",
        "*",
        "_",
        "[^a]",
        "[^a:low]",
        "[^b",
        "{{home}}",
        "{{",
        "}}",
        "£5",
        "http://",
        "https://a.org/",
        "<https://a.org>",
        "/help",
        "#x",
        "tel:1",
        "\u{e000}0\u{e001}",
        "\u{202e}",
        "\\",
        "    ",
        "\t",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&",
        "&amp;",
        "a",
        "b c",
        ".",
        "~~~",
        "|-|",
        "[y]: javascript:x",
        "data:text/html,",
        "\0",
        "\r",
    ])
    .prop_map(str::to_owned);
    prop::collection::vec(prop_oneof![4 => piece, 1 => any::<String>()], 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_typed_ever_runs_or_stops_the_program(text in hostile()) {
        let (page, notes) = World::new().draw(&text);
        prop_assert_eq!(page.is_none(), notes.iter().any(Note::is_error));
        if let Some(page) = page {
            assert_safe(&page.html);
            prop_assert!(!page.html.contains(OPEN) && !page.html.contains(CLOSE));
        }
        assert_safe(&clean(&text));
    }

    #[test]
    fn harmless_marks_around_words_are_always_safe(words in "[a-z \\[\\]()*_#./:&<>-]{0,60}") {
        if let (Some(page), _) = World::new().draw(&words) {
            assert_safe(&page.html);
        }
    }
}
