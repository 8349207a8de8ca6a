#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
//! Promises of the published set as a whole.

use jiff::civil::date;

use super::*;
use crate::offer::Truth;

const DATES: &str = "owner = \"Team\"\nchecked_on = 2026-11-21\nreview_by = 2027-02-19\n";

fn page(area: &str, order: i64, body: &str) -> String {
    format!(
        "+++\ntitle = \"Title\"\nsummary = \"What it is about.\"\narea = \"{area}\"\norder = {order}\n{DATES}exit = false\n+++\n{body}"
    )
}

/// The body starts on this line of a file made by [`page`].
const BODY: usize = 11;

fn files() -> BTreeMap<String, String> {
    let place = |name: &str| {
        format!(
            "name = \"{name}\"\ndistrict = \"lancaster\"\nwho = \"Care leavers\"\nbank_holidays = \"ask\"\nstatus = \"open\"\nclaim = \"law\"\n{DATES}"
        )
    };
    [
        ("localities.toml", "# Comment\n[locality.north]\nname = \"North\"\norder = 1\ncouncil = \"A council\"\nowner = \"Us\"\nchecked_on = 2026-11-21\nreview_by = 2027-02-19\n\n# Districts follow\n[district.lancaster]\nname = \"Lancaster\"\nlocality = \"north\"\nclaim = \"law\"\nowner = \"Us\"\nchecked_on = 2026-11-21\nreview_by = 2027-02-19\n".to_owned()),
        ("places.toml", format!("[place.hub]\n{}\n[place.hall]\n{}", place("Hub"), place("Hall"))),
        ("sessions.toml", format!("[session.monday]\nplace = \"hub\"\nname = \"Drop-in\"\nkind = \"drop-in\"\ncome = \"just-come\"\nclaim = \"law\"\n{DATES}[session.monday.rule]\nevery = \"week\"\ndays = [\"mon\"]\ntimes = [{{ from = \"16:00\", to = \"18:00\" }}]\nstarts = 2026-11-02\n")),
        ("exceptions.toml", "# None yet.\n".to_owned()),
        ("help.toml", format!("[line.council]\nname = \"Council\"\nnumber = \"0300 123 6720\"\nhow = \"call\"\nfor = \"council-day\"\nhours = [\n  {{ days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"], from = \"08:00\", to = \"20:00\" }},\n]\nbank_holidays = \"closed\"\nsays = \"Call in the day.\"\norder = 1\nclaim = \"law\"\n{DATES}")),
        ("entitlements.toml", "[entitlement.home]\nname = \"Setting up home\"\narea = \"money\"\nchecked_on = 2026-11-21\namount = \"£3,000\"\nbasis = \"extra\"\nwho = \"You.\"\nhow = \"Ask.\"\nclaim = \"law:medium\"\nreview_by = 2027-02-19\n".to_owned()),
        ("sources.toml", "[source.law]\ntitle = \"The Act\"\nurl = \"https://example.org/act\"\ndate = \"2017\"\n".to_owned()),
        ("terms.toml", "[term.pa]\nterm = \"Personal adviser\"\nmeaning = \"The person who helps you.\"\nclaim = \"law\"\n".to_owned()),
        ("goals.toml", "[goal.doctor]\nheading = \"health\"\nname = \"Get a doctor\"\nwant = \"I want a doctor.\"\nactions = [\n  \"me: Find one\",\n  \"worker: Help with the form\",\n]\nknow = \"You can.\"\nclaim = \"law\"\nchecked_on = 2026-11-21\n".to_owned()),
        ("bank-holidays.csv", "date,name\n2026-12-25,Christmas Day\n2026-12-28,Boxing Day, moved\n".to_owned()),
        ("offer/money.md", page("money", 1, "You can get {{home}}.\n\n## Grants\n\nSee [health](/offer/health).[^law]\n")),
        ("offer/health.md", page("health", 2, "Words.[^law]\n\n## Teeth\n\nSee [grants](/offer/money#grants).\n")),
        ("pages/privacy.md", page("service", 1, "What we keep. [Drop-ins](/drop-ins/north)\n")),
        ("TODO.md", "Anything.".to_owned()),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .into()
}

fn library() -> Library {
    Library::shipped(&files()).unwrap_or_else(|faults| panic!("{}", said(&faults)))
}

fn said(faults: &[Fault]) -> String {
    faults.iter().map(|fault| format!("{fault}\n")).collect()
}

/// What is said when one file is changed.
fn fault_of(file: &str, change: impl FnOnce(String) -> String) -> String {
    let mut files = files();
    let text = files.remove(file).unwrap();
    files.insert(file.to_owned(), change(text));
    said(&Library::shipped(&files).err().unwrap_or_default())
}

#[test]
fn a_sound_tree_becomes_every_noun() {
    let library = library();
    assert_eq!(library.offer.len(), 2);
    assert_eq!(library.pages["privacy"].area, crate::offer::Area::Service);
    assert_eq!(library.timetable.sessions["monday"].place, "hub");
    assert_eq!(library.timetable.holidays[&date(2026, 12, 28)], "Boxing Day, moved");
    assert_eq!(library.lines["council"].number.as_str(), "0300 123 6720");
    assert_eq!(library.entitlements["home"].amount.as_deref(), Some("£3,000"));
    assert_eq!(library.terms["pa"].claims.len(), 1);
    assert!(library.offer["money"].html.contains("£3,000.<sup"));
    assert_eq!(library.offer["money"].truth, Truth::Public);
    assert!(library.page("pages/privacy").is_some() && library.page("privacy").is_none());
    assert_eq!(said(library.warnings()), "");
}

#[test]
fn every_item_has_a_text_of_its_own_that_reads_back_the_same() {
    let library = library();
    assert!(library.body(Kind::Session, "monday").unwrap().contains("[rule]\nevery = \"week\""));
    assert_eq!(
        library.body(Kind::Locality, "north"),
        Some(
            "name = \"North\"\norder = 1\ncouncil = \"A council\"\nowner = \"Us\"\nchecked_on = 2026-11-21\nreview_by = 2027-02-19\n"
        )
    );
    assert_eq!(library.body(Kind::Place, "none"), None);
    for (kind, id, body) in library.items() {
        let (again, warnings) =
            library.replaced(kind, id, body).unwrap_or_else(|f| panic!("{kind} {id}: {}", said(&f)));
        assert_eq!(again.offer, library.offer);
        assert_eq!(again.timetable, library.timetable);
        assert!(warnings.is_empty());
        assert_eq!(library.shipped_hash(kind, id), Some(hash(body).as_str()));
    }
}

#[test]
fn what_is_written_out_as_files_reads_back_the_same() {
    let library = library();
    let exception = "session = \"monday\"\nfrom = 2026-12-21\nto = 2026-12-27\nkind = \"other-hours\"\nreason = \"\"\"\nTraining\n[place.x]\n\"\"\"\nmade_on = 2026-11-20T09:00:00Z\n[[times]]\nfrom = \"10:00\"\nto = \"11:00\"\n";
    let (library, _) =
        library.replaced(Kind::Exception, "training", exception).unwrap_or_else(|f| panic!("{}", said(&f)));
    let again = Library::shipped(&library.files()).unwrap_or_else(|f| panic!("{}", said(&f)));
    assert_eq!(again.offer, library.offer);
    assert_eq!(again.pages, library.pages);
    assert_eq!(again.timetable, library.timetable);
    assert_eq!(again.lines, library.lines);
    assert_eq!(again.entitlements, library.entitlements);
    assert_eq!(again.terms, library.terms);
}

#[test]
fn a_fault_names_its_file_and_line_and_all_are_found_at_once() {
    let mut files = files();
    files.insert("offer/money.md".to_owned(), page("money", 1, "Words.[^law]\n\nYou get £5.\n\n[x](/offer/none)\n"));
    files.insert("offer/health.md".to_owned(), page("teeth", 2, "Words.[^nowhere]\n"));
    let lines = files["help.toml"]
        .replace("0300 123 6720", "0300-123")
        .replace("order = 1", "order = \"one\"\ncolour = \"red\"");
    files.insert("help.toml".to_owned(), lines);
    let said = said(&Library::shipped(&files).unwrap_err());
    for part in [
        &format!("content/offer/money.md:{}: An amount", BODY + 2),
        &format!("content/offer/money.md:{}: The link “/offer/none” leads nowhere", BODY + 4),
        "content/offer/health.md:4: `area` cannot be “teeth”",
        &format!("content/offer/health.md:{BODY}: There is no source called “nowhere”"),
        "content/help.toml:3: line council: A number holds digits",
        "content/help.toml:11: line council: `order` is a whole number",
        "content/help.toml:12: line council: There is no field `colour`",
    ] {
        assert!(said.contains(part), "{part} is not in:\n{said}");
    }
}

#[test]
fn a_source_or_right_that_cannot_be_read_is_told_once_and_not_by_every_page() {
    let said = fault_of("sources.toml", |t| t.replace("https://", "ftp://"));
    assert_eq!(said.lines().count(), 1, "{said}");
    let said = fault_of("entitlements.toml", |t| t.replace("\"extra\"", "\"more\""));
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn a_name_that_leads_nowhere_is_refused() {
    assert!(
        fault_of("places.toml", |t| t.replacen("\"lancaster\"", "\"york\"", 1))
            .contains("content/places.toml:3: place hub: There is no district “york”.")
    );
    assert!(fault_of("sessions.toml", |t| t.replace("\"hub\"", "\"hut\"")).contains("There is no place “hut”."));
    assert!(
        fault_of("localities.toml", |t| t.replace("\"north\"", "\"south\"")).contains("There is no locality “south”.")
    );
    assert!(fault_of("terms.toml", |t| t.replace("\"law\"", "\"lore\"")).contains("There is no source “lore”."));
    assert!(fault_of("places.toml", |t| t.replacen("\"law\"", "\"law:maybe\"", 1)).contains("maybe"));
    let exception = "[exception.x]\nplace = \"hat\"\nsession = \"monday\"\nfrom = 2026-12-21\nto = 2026-12-27\nkind = \"closed\"\nreason = \"Training\"\nmade_on = 2026-11-20T09:00:00Z\n";
    assert!(fault_of("exceptions.toml", |_| exception.to_owned()).contains("exception x: "));
    assert!(
        fault_of("offer/health.md", |t| t.replace("#grants", "#loans")).contains("no heading with the address #loans")
    );
}

#[test]
fn what_a_page_must_have_is_missed_by_name() {
    assert!(fault_of("offer/money.md", |_| page("money", 1, "Words.\n")).contains("names no source"));
    assert!(
        fault_of("offer/money.md", |t| t.replace("order = 1", "order = 2")).contains("`order` 2 is taken by “health”")
    );
    assert!(
        fault_of("offer/money.md", |t| t.replace("owner = \"Team\"\n", "")).contains("money.md:1: `owner` is missing")
    );
    assert!(fault_of("offer/money.md", |t| t.replace("2027-02-19", "2027-02-31")).contains("content/offer/money.md:8"));
    assert!(fault_of("offer/money.md", |t| t.replace("2027-02-19", "\"soon\"")).contains("`review_by` is not a date"));
    assert!(
        fault_of("offer/money.md", |t| t.replace("2027-02-19", "2027-02-19T10:00:00Z"))
            .contains("`review_by` is not a date")
    );
    assert!(
        fault_of("offer/money.md", |t| t.replace("area = \"money\"", "area = \"service\"")).contains("only for them")
    );
    assert!(fault_of("offer/money.md", |_| "No fields".to_owned()).contains("content/offer/money.md:1: A page starts"));
    assert!(fault_of("offer/money.md", |t| t.replace("title = \"Title\"", "title = \"Get £5\"")).contains("`title`"));
    assert!(fault_of("offer/money.md", |t| t.replace("Title", "Ti\u{202e}tle")).contains("direction"));
    assert!(
        fault_of("offer/money.md", |t| t.replace("exit = false", "exit = false\nnotes = 1"))
            .contains("no field `notes`")
    );
    assert!(fault_of("offer/money.md", |t| t.replace("# Grants", "## Grants")).contains("skips a level"));
}

#[test]
fn files_that_are_broken_missing_or_strange_are_named() {
    assert!(fault_of("places.toml", |t| t + "\n[place.hub]\n").contains("content/places.toml:"));
    assert!(
        fault_of("places.toml", |t| t + "\n[session.x]\nname = \"x\"\n").contains("“session” does not belong here")
    );
    assert!(fault_of("help.toml", |t| format!("[lineemergency]\nname = \"x\"\n{t}")).contains("content/help.toml:1: "));
    assert!(
        fault_of("places.toml", |t| t + "\n[place.Big_Hall]\nname = \"x\"\n").contains("cannot be the name of a place")
    );
    assert!(fault_of("bank-holidays.csv", |t| t + "2026-13-01,Never\n").contains("content/bank-holidays.csv:4"));
    assert!(fault_of("bank-holidays.csv", |t| t + "2026-12-25,Again\n").contains("twice"));
    let mut files = files();
    files.remove("terms.toml");
    files.insert("offer/sub/x.md".to_owned(), String::new());
    files.insert("notes.txt".to_owned(), String::new());
    let said = said(&Library::shipped(&files).unwrap_err());
    assert!(said.contains("content/terms.toml: This file is missing."));
    assert!(said.contains("content/offer/sub/x.md: “sub/x” cannot be"));
    assert!(said.contains("content/notes.txt: This file does not belong"));
}

#[test]
fn age_is_never_a_fault() {
    assert_eq!(
        fault_of("offer/money.md", |t| t.replace("2026-11-21", "1999-01-01").replace("2027-02-19", "1999-02-01")),
        ""
    );
    assert_eq!(fault_of("entitlements.toml", |t| t.replace("2027-02-19", "1999-02-01")), "");
}

#[test]
fn an_edit_changes_every_page_that_shows_the_amount_and_nothing_else() {
    let library = library();
    let body = library.body(Kind::Entitlement, "home").unwrap().replace("£3,000", "£3,500");
    let (edited, _) = library.replaced(Kind::Entitlement, "home", &body).unwrap();
    assert!(edited.offer["money"].html.contains("£3,500"));
    assert_eq!(edited.offer["health"], library.offer["health"]);
    assert!(library.offer["money"].html.contains("£3,000"), "the set before is as it was");
    assert_ne!(edited.shipped_hash(Kind::Entitlement, "home"), Some(hash(&body).as_str()));
}

#[test]
fn an_edit_is_refused_for_what_it_breaks_elsewhere() {
    let library = library();
    let faults = library.replaced(Kind::Page, "money", &page("money", 1, "No more headings.[^law]\n")).unwrap_err();
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].item, Some((Kind::Page, "health".to_owned())));
    let body = library.body(Kind::Entitlement, "home").unwrap().replace("amount = \"£3,000\"", "rule = \"Money.\"");
    assert!(said(&library.replaced(Kind::Entitlement, "home", &body).unwrap_err()).contains("no amount"));
    assert!(said(&library.without(Kind::Place, "hub").unwrap_err()).contains("There is no place “hub”."));
    assert!(library.without(Kind::Place, "hall").is_ok());
    assert!(library.without(Kind::Place, "none").is_err());
    assert!(library.replaced(Kind::Place, "../x", "").is_err());
    assert!(library.replaced(Kind::Page, "pages/../x", "").is_err());
    assert!(library.replaced(Kind::Page, "", "").is_err());
}

#[test]
fn an_edit_s_line_is_the_line_typed_and_its_warnings_are_its_own() {
    let library = library();
    let long = format!("Words.[^law]\r\n\r\n{}.\r\n\r\n## Grants\r\n\r\nWords.", "one ".repeat(30));
    let (edited, warnings) = library.replaced(Kind::Page, "money", &page("money", 1, &long)).unwrap();
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0].line, Some(BODY + 2));
    assert_eq!(edited.warnings().len(), 1);
    let (_, warnings) = edited
        .replaced(Kind::Locality, "north", &format!("name = \"North\"\norder = 1\ncouncil = \"A council\"\n{DATES}"))
        .unwrap();
    assert!(warnings.is_empty());
    let faults = library.replaced(Kind::Line, "council", "name = \"x\"\n\nnumber = \"x\"").unwrap_err();
    assert!(faults.iter().any(|fault| fault.line == Some(3)));
}

#[test]
fn an_exception_can_be_added_and_withdrawn() {
    let body = "session = \"monday\"\nfrom = 2026-12-21\nto = 2026-12-27\nkind = \"closed\"\nreason = \"Training\"\nmade_on = 2026-11-20T09:00:00Z\n";
    let (with, _) = library().replaced(Kind::Exception, "training", body).unwrap_or_else(|f| panic!("{}", said(&f)));
    assert_eq!(with.timetable.exceptions.len(), 1);
    assert_eq!(with.shipped_hash(Kind::Exception, "training"), None);
    assert!(with.without(Kind::Exception, "training").unwrap().timetable.exceptions.is_empty());
}

#[test]
fn a_confirmation_shows_until_the_words_change() {
    let mut library = library();
    let said = Confirmation { by_role: "Team manager".to_owned(), on: date(2026, 11, 22) };
    library.confirm(Kind::Page, "money", said.clone());
    library.confirm(Kind::Session, "monday", said.clone());
    library.confirm(Kind::Session, "none", said.clone());
    let confirmed = Truth::Confirmed { by_role: "Team manager".to_owned(), on: date(2026, 11, 22) };
    assert_eq!(library.offer["money"].truth, confirmed);
    assert!(library.offer["money"].html.contains("£3,000"));
    assert!(
        !library.offer["money"].html.contains("class=\"mark\""),
        "the right was from a source that may have changed"
    );
    assert_eq!(library.timetable.confirmations.len(), 1);
    assert_eq!(library.confirmation(Kind::Page, "money"), Some(&said));
    assert!(library.confirmation(Kind::Session, "none").is_none());
    let body = library.body(Kind::Page, "money").unwrap().to_owned();
    let (edited, _) = library.replaced(Kind::Page, "money", &body).unwrap();
    assert_eq!(edited.offer["money"].truth, Truth::Public);
    assert_eq!(edited.timetable.confirmations.len(), 1);
}

#[test]
fn a_confirmed_right_is_beyond_doubt_wherever_its_amount_is_shown() {
    let mut library = library();
    assert!(library.offer["money"].html.contains("may have changed"));
    library.confirm(Kind::Entitlement, "home", Confirmation { by_role: "Manager".to_owned(), on: date(2026, 11, 22) });
    assert!(!library.offer["money"].html.contains("may have changed"));
    assert_eq!(library.offer["money"].truth, Truth::Public);
}

#[test]
fn stored_changes_are_laid_over_in_any_order_and_a_broken_one_is_left_out() {
    let library = library();
    let place = library.body(Kind::Place, "hub").unwrap().to_owned();
    let session = library.body(Kind::Session, "monday").unwrap().replace("\"hub\"", "\"new\"");
    let change = |kind, id: &str, body: &str| Change { kind, id: id.to_owned(), body: Some(body.to_owned()) };
    let (laid, refused) = library.overlaid(vec![
        change(Kind::Page, "money", "broken"),
        change(Kind::Session, "monday", &session),
        Change { kind: Kind::Place, id: "hub".to_owned(), body: None },
        change(Kind::Place, "new", &place),
    ]);
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].0.id, "money");
    assert!(!refused[0].1.is_empty());
    assert_eq!(laid.timetable.sessions["monday"].place, "new");
    assert!(!laid.timetable.places.contains_key("hub"));
    assert_eq!(laid.offer["money"], library.offer["money"]);
}

#[test]
fn the_words_for_kinds_never_change() {
    for kind in Kind::ALL {
        assert_eq!(Kind::parse(kind.as_str()), Some(kind));
    }
    assert_eq!(Kind::Page.as_str(), "page");
    assert_eq!(Kind::parse("pages"), None);
}
