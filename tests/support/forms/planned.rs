//! The forms of what a worker writes once for later, again or for many.

use portal::messages::store as messages;

use super::{Form, WORDS, key, text};
use crate::support::people::PRIYA;
use crate::support::{TestApp, write};

pub(super) async fn forms(app: &TestApp) -> Vec<Form> {
    let (priya, at) = (app.world.priya, app.clock.now());
    let template = write!(app.data, tx, vault, {
        messages::insert_template(tx, vault, priya, ("Hello", "Hello {name}"), at).await
    })
    .unwrap();
    let new =
        |path: String, fields, needed, kept| Form { path, who: Some(PRIYA), fields, needed, kept, any_character: &[] };
    vec![
        new(
            format!("/work/people/{}/messages/prepare", app.world.sam),
            vec![
                ("key", key()),
                ("do", text("send")),
                ("body", text(WORDS)),
                ("day", text("2026-11-27")),
                ("time", text("09:00")),
            ],
            &["key", "body", "day", "time"],
            &["body"],
        ),
        new(
            text("/work/planned"),
            vec![("planned", text("00112233445566778899aabbccddeeff")), ("do", text("cancel"))],
            &["planned", "do"],
            &[],
        ),
        new(
            text("/work/many"),
            vec![
                ("key", key()),
                ("do", text("send")),
                (Box::leak(format!("p-{}", app.world.sam).into_boxed_str()), text("yes")),
                ("body", text(WORDS)),
            ],
            &["key", "body"],
            &["body"],
        ),
        new(
            text("/work/templates"),
            vec![("key", key()), ("name", text("After a visit")), ("body", text(WORDS))],
            &["key", "name", "body"],
            &["name", "body"],
        ),
        new(
            format!("/work/templates/{template}"),
            vec![("do", text("save")), ("name", text("After a visit")), ("body", text(WORDS))],
            &["do", "name", "body"],
            &["name", "body"],
        ),
    ]
}
