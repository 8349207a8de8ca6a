//! The forms of those who work with young people and of those who keep the accounts.

use super::{Form, WORDS, key, text};
use crate::support::TestApp;
use crate::support::people::{ADA, MORAG, PRIYA};

pub(super) fn forms(app: &TestApp) -> Vec<Form> {
    vec![
        Form {
            path: format!("/work/people/{}/reach", app.world.sam),
            who: Some(PRIYA),
            fields: vec![("do", text("flag:off"))],
            needed: &["do"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/staff/account"),
            who: Some(PRIYA),
            fields: vec![("do", text("others"))],
            needed: &["do"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/staff/account/username"),
            who: Some(PRIYA),
            fields: vec![("username", text("chosen-name-94"))],
            needed: &["username"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/staff/account/passphrase"),
            who: Some(PRIYA),
            fields: vec![("passphrase", text("copper lantern orchard violin"))],
            needed: &["passphrase"],
            kept: &[],
            any_character: &["passphrase"],
        },
        Form {
            path: text("/work/find"),
            who: Some(PRIYA),
            fields: vec![
                ("name", text("Samuel Whittletest")),
                ("born-day", text("27")),
                ("born-month", text("3")),
                ("born-year", text("2008")),
            ],
            needed: &["name", "born-day", "born-month", "born-year"],
            kept: &["name"],
            any_character: &[],
        },
        Form {
            path: text("/work/find/open"),
            who: Some(PRIYA),
            fields: vec![
                ("name", text("Aaliyah Khantest")),
                ("born-day", text("2")),
                ("born-month", text("9")),
                ("born-year", text("2005")),
                ("reason", text("She is on the phone and Owen is away today")),
            ],
            needed: &["name", "born-day", "born-month", "born-year", "reason"],
            kept: &["name"],
            any_character: &[],
        },
        Form {
            path: format!("/work/people/{}/code", app.world.sam),
            who: Some(PRIYA),
            fields: vec![("known", text("in_person")), ("way", text("read"))],
            needed: &["known", "way"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/admin/staff/new"),
            who: Some(ADA),
            fields: vec![
                ("name", text("Nia Newtest")),
                ("email", text("nia.newtest@staff.invalid")),
                ("role", text("adviser")),
            ],
            needed: &["name", "email", "role"],
            kept: &["name", "email"],
            any_character: &[],
        },
        Form {
            path: format!("/admin/staff/{}", app.world.faye),
            who: Some(ADA),
            fields: vec![("do", text("give:editor"))],
            needed: &["do"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/work/staff-codes"),
            who: Some(MORAG),
            fields: vec![("staff", text("00112233445566778899aabbccddeeff"))],
            needed: &["staff"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: text("/work/calls"),
            who: Some(PRIYA),
            fields: vec![("id", text("00112233445566778899aabbccddeeff")), ("do", text("take"))],
            needed: &["id", "do"],
            kept: &[],
            any_character: &[],
        },
        Form {
            path: format!("/work/people/{}/messages", app.world.sam),
            who: Some(PRIYA),
            fields: vec![("key", key()), ("body", text(WORDS))],
            needed: &["key", "body"],
            kept: &["body"],
            any_character: &[],
        },
    ]
}
