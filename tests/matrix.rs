//! `docs/access-rules.csv` is the table of rules in the code: an auditor reads the one and trusts the
//! other. What follows from it at each address stands in `docs/access-matrix.csv`, which `access` reads.

use portal::people::access::{RULES, Rule};

fn drawn() -> String {
    let yes = |yes: bool| if yes { "yes" } else { "no" };
    let mut text = String::from("what,to what,own from,working with them or on duty,their manager,with a reason\n");
    for Rule { action, object, own, working, manager, break_glass } in RULES {
        let own = own.map_or("never", |door| door.as_str());
        text.push_str(&format!("{action},{object},{own},{},{},{}\n", yes(*working), yes(*manager), yes(*break_glass)));
    }
    text
}

#[test]
fn the_access_rules_for_auditors_are_what_the_code_does() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/access-rules.csv");
    let drawn = drawn();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &drawn).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), drawn, "docs/access-rules.csv is out of date");
}
