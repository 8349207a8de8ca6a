//! The forms of anyone, and of young people about themselves.

use super::{Form, WORDS, key, text};
use crate::support::TestApp;
use crate::support::people::SAM;

pub(super) async fn forms(app: &TestApp, code: String) -> Vec<Form> {
    let add = [("do", "add"), ("value", "07700900123")];
    let contact = app.signed_in(SAM).await.post_form("/me/account/reach", &add).await.location().to_owned();
    vec![
        Form {
            path: text("/feedback"),
            who: None,
            fields: vec![
                ("about", text("page.money")),
                ("body", text(WORDS)),
                ("contact", text("my-friend@young.invalid")),
            ],
            needed: &["body"],
            kept: &["body", "contact"],
            any_character: &[],
        },
        Form {
            path: text("/sign-in"),
            who: None,
            fields: vec![("username", text("some-name-97")), ("passphrase", text("not the right words"))],
            needed: &["username", "passphrase"],
            kept: &["username"],
            any_character: &[],
        },
        Form {
            path: text("/join"),
            who: None,
            fields: vec![
                ("code", code),
                ("born-day", text("27")),
                ("born-month", text("3")),
                ("born-year", text("2008")),
                ("username", text("chosen-name-96")),
                ("passphrase", text("copper lantern orchard violin")),
            ],
            needed: &["code", "born-day", "born-month", "born-year", "username", "passphrase"],
            kept: &["username", "born-day", "born-year"],
            any_character: &["passphrase"],
        },
        Form {
            path: text("/recover/card"),
            who: None,
            fields: vec![
                ("username", text("some-name-97")),
                ("card", text("six words of somebody's paper card")),
                ("passphrase", text("copper lantern orchard violin")),
            ],
            needed: &["username", "card", "passphrase"],
            kept: &["username"],
            any_character: &["passphrase"],
        },
        Form {
            path: text("/sign-in/second"),
            who: Some(SAM),
            fields: vec![("second", text("ABCD-2345"))],
            needed: &["second"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/sign-in/again"),
            who: Some(SAM),
            fields: vec![("passphrase", text("not the right words"))],
            needed: &["passphrase"],
            kept: &[],
            any_character: &["passphrase"],
        },
        Form {
            path: text("/cannot-sign-in"),
            who: None,
            fields: vec![
                ("contact", text("Sam, 07700 900123 after four o'clock, text first please")),
                ("locality", text("north")),
                ("body", text(WORDS)),
            ],
            needed: &["contact", "body"],
            kept: &["contact", "body"],
            any_character: &[],
        },
        Form {
            path: text("/me/account"),
            who: Some(SAM),
            fields: vec![("do", text("others"))],
            needed: &["do"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/me/account/username"),
            who: Some(SAM),
            fields: vec![("username", text("chosen-name-95"))],
            needed: &["username"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/me/account/passphrase"),
            who: Some(SAM),
            fields: vec![("passphrase", text("copper lantern orchard violin"))],
            needed: &["passphrase"],
            kept: &[],
            any_character: &["passphrase"],
        },
        Form {
            path: text("/me/account/name"),
            who: Some(SAM),
            fields: vec![("called", text("Sammy"))],
            needed: &["called"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/me/account/reach"),
            who: Some(SAM),
            fields: vec![("do", text("add")), ("value", text("my-own@young.invalid"))],
            needed: &["do", "value"],
            kept: &["value"],
            any_character: &[],
        },
        Form {
            path: contact,
            who: Some(SAM),
            fields: vec![("do", text("off"))],
            needed: &["do"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/recover/sent"),
            who: None,
            fields: vec![("username", text("some-name-97"))],
            needed: &["username"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/recover/sent/code"),
            who: None,
            fields: vec![
                ("username", text("some-name-97")),
                ("code", text("12345678")),
                ("passphrase", text("copper lantern orchard violin")),
            ],
            needed: &["username", "code", "passphrase"],
            kept: &["username"],
            any_character: &["passphrase"],
        },
        Form {
            path: text("/me/messages"),
            who: Some(SAM),
            fields: vec![("key", key()), ("body", text(WORDS))],
            needed: &["key", "body"],
            kept: &["body"],
            any_character: &[],
        },
    ]
}
