//! The forms of appointments and letters, with an appointment and letters that they are about.

use portal::appointments::{Details, store as appointments};
use portal::clock::DAY;
use portal::letters::{State, store as letters};
use portal::people::access::{self, ApproveLetter, AskLetter, SetAppointment};
use portal::people::{Actor, Door, Role};

use super::{Form, WORDS, key, text};
use crate::support::people::{AALIYAH, PRIYA, SAM};
use crate::support::{TestApp, write};

pub(super) async fn forms(app: &TestApp) -> Vec<Form> {
    let (sam, priya, at) = (app.world.sam, app.world.priya, app.clock.now());
    // One list of forms may be made after another.
    app.data.raw.run("UPDATE letter SET state = 'refused' WHERE state = 'asked'").await;
    let actor = Actor::Staff(priya, vec![Role::Adviser]);
    let (meeting, mine, letter, asked) = write!(app.data, tx, vault, [actor = actor], {
        let mut sets = access::check::<SetAppointment, _>(tx, actor, sam, at).await?.unwrap();
        let starts_at = at.as_microsecond() + 30 * DAY;
        let details = Details { what: "Talk".into(), with: None, place: None, way: None, starts_at, minutes: 30 };
        let first = appointments::insert(&mut sets, vault, priya, &details).await?;
        let second = Details { starts_at: starts_at + DAY, ..details };
        let second = appointments::insert(&mut sets, vault, priya, &second).await?;
        let own = Actor::Person(sam, Door::Open);
        let mut asks = access::check::<AskLetter, _>(tx, &own, sam, at).await?.unwrap();
        let asked = letters::insert(&mut asks).await?.unwrap();
        let mut decides = access::check::<ApproveLetter, _>(tx, actor, sam, at).await?.unwrap();
        letters::decide(&mut decides, vault, (asked, priya), State::Approved, None).await?;
        let mut asks = access::check::<AskLetter, _>(tx, &own, sam, at).await?.unwrap();
        let open = letters::insert(&mut asks).await?.unwrap();
        Ok((first, second, asked, open))
    })
    .unwrap();
    let new = |path: String, who, fields, needed, kept| Form {
        path,
        who: Some(who),
        fields,
        needed,
        kept,
        any_character: &[],
    };
    let set = |day: &str, more: Vec<(&'static str, String)>| {
        let mut fields = vec![
            ("key", key()),
            ("meeting", text("Talk about college and what comes after it")),
            ("with", text("Priya and somebody from college")),
            ("day", text(day)),
            ("time", text("14:30")),
            ("minutes", text("45")),
            ("at", text("The library, at the back")),
            ("directions", text(WORDS)),
        ];
        fields.extend(more);
        fields
    };
    vec![
        new(
            format!("/work/people/{sam}/appointments/new"),
            PRIYA,
            set("2027-11-30", vec![]),
            &["key", "meeting", "day", "time", "minutes"],
            &["meeting", "with", "at", "directions"],
        ),
        new(
            format!("/work/appointments/{meeting}"),
            PRIYA,
            set("2027-12-01", vec![("sequence", text("0")), ("do", text("save"))]),
            &["key", "meeting", "day", "time", "minutes", "sequence", "do"],
            &["meeting", "with", "at", "directions"],
        ),
        new(
            format!("/me/appointments/{mine}"),
            SAM,
            vec![("key", key()), ("sequence", text("0")), ("do", text("cannot")), ("reason", text(WORDS))],
            &["key", "do"],
            &["reason"],
        ),
        new(text("/me/appointments/calendar"), SAM, vec![("do", text("end"))], &["do"], &[]),
        new(text("/me/letter"), AALIYAH, vec![("key", key())], &["key"], &[]),
        new(
            format!("/me/letter/{letter}"),
            SAM,
            vec![("key", key()), ("receiver", text("My training provider in town"))],
            &["key", "receiver"],
            &["receiver"],
        ),
        // Before the no, which ends the yes that is confirmed.
        new(
            format!("/work/people/{sam}/letter"),
            PRIYA,
            vec![
                ("key", key()),
                ("letter", letter.to_string()),
                ("do", text("tell")),
                ("receiver", text("The landlord who rang today")),
                ("how", text("phone")),
                ("day", text("2026-11-24")),
            ],
            &["key", "letter", "do", "receiver", "how", "day"],
            &["receiver"],
        ),
        new(
            format!("/work/people/{sam}/letter"),
            PRIYA,
            vec![("key", key()), ("letter", asked.to_string()), ("do", text("refuse")), ("reason", text(WORDS))],
            &["key", "letter", "do", "reason"],
            &["reason"],
        ),
    ]
}
