//! `docs/access-matrix.md` is what the code does: an auditor reads the one and trusts the other.

use portal::app::table;
use portal::people::access::DEEDS;
use portal::web::routes::Audience;

fn audience(audience: Audience) -> &'static str {
    match audience {
        Audience::Public => "anyone",
        Audience::Account => "anyone, on the way in or out",
        Audience::Person => "a young person, their own",
        Audience::Staff => "any member of staff",
        Audience::Adviser => "an adviser or manager, for people they work with",
        Audience::Editor => "an editor",
        Audience::Operations => "the machine's own checks",
    }
}

fn drawn() -> String {
    let yes = |yes: bool| if yes { "yes" } else { "no" };
    let mut text = String::from(
        "# Who may do what\n\nMade from the code; a test compares the two. To write it again after a change:\n`UPDATE_DOCS=1 cargo test access_matrix`.\n\n## Records\n\nEverything else is refused, with the same answer as for a record that is not there.\n\n| deed | the young person, their own | PA, social worker, cover or duty with a live assignment | manager with a live assignment | anyone else |\n|---|---|---|---|---|\n",
    );
    for (action, object, own, working, manager) in DEEDS {
        text.push_str(&format!("| {action} {object} | {} | {} | {} | no |\n", yes(*own), yes(*working), yes(*manager)));
    }
    text.push_str("\n## Addresses\n\n| address | method | for |\n|---|---|---|\n");
    for address in table::routes().build().1 {
        text.push_str(&format!("| `{}` | {} | {} |\n", address.path, address.method, audience(address.audience)));
    }
    text
}

#[test]
fn the_access_matrix_for_auditors_is_what_the_code_does() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/access-matrix.md");
    let drawn = drawn();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &drawn).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), drawn, "docs/access-matrix.md is out of date");
}
