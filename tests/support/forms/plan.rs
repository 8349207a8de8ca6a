//! The forms of actions, of money and of what somebody does if it goes wrong.

use portal::people::access::{self, DoAction, WriteMoney};
use portal::people::{Actor, Door, Role};
use portal::plan::action::{ActionId, Words};
use portal::plan::{Action, Doer, Heading, Progress, store as plan};

use super::{Form, WORDS, key, text};
use crate::support::people::{PRIYA, SAM};
use crate::support::{TestApp, write};

/// An action of somebody.
async fn action(app: &TestApp, actor: Actor) -> ActionId {
    let (sam, at) = (app.world.sam, app.clock.now());
    let says = Action { text: "A step of the forms".into(), who: Doer::Me, due_on: None, state: Progress::NotStarted };
    write!(app.data, tx, vault, [actor = actor, words = Words { says, why: None }], {
        let mut access = access::check::<DoAction, _>(tx, actor, sam, at).await?.unwrap();
        plan::insert_action(&mut access, vault, Heading::Skills, (words, false)).await
    })
    .unwrap()
}

pub(super) async fn forms(app: &TestApp) -> Vec<Form> {
    let (sam, at) = (app.world.sam, app.clock.now());
    let priya = Actor::Staff(app.world.priya, vec![Role::Adviser]);
    let (mine, theirs) = (action(app, Actor::Person(sam, Door::Sealed)).await, action(app, priya.clone()).await);
    let owed = write!(app.data, tx, vault, [priya = priya], {
        let mut access = access::check::<WriteMoney, _>(tx, priya, sam, at).await?.unwrap();
        plan::insert_owed(&mut access, vault, ("A bed", None), 12_000, jiff::civil::date(2026, 11, 20)).await
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
    let change = || {
        vec![
            ("key", key()),
            ("do", text("save")),
            ("n", text("1")),
            ("body", text(WORDS)),
            ("doer", text("me")),
            ("who", text("")),
            ("due", text("2026-12-04")),
            ("state", text("doing")),
            ("why", text("")),
        ]
    };
    let person = format!("/work/people/{sam}");
    let part = |path: String, who, key: String| {
        new(path, who, vec![("key", key), ("base", text("1-0")), ("body", text(WORDS))], &["key", "base"], &["body"])
    };
    vec![
        part(text("/me/plan/want/home"), SAM, key()),
        part(format!("{person}/plan/write/health/agreed"), PRIYA, key()),
        new(
            text("/me/plan/say/home"),
            SAM,
            vec![("key", key()), ("version", text("1")), ("opinion", text("talk")), ("body", text(WORDS))],
            &["key", "version", "opinion"],
            &["body"],
        ),
        new(
            text("/me/plan/meeting"),
            SAM,
            vec![
                ("key", key()),
                ("seen", text("0")),
                ("t-home", text("yes")),
                ("body", text(WORDS)),
                ("do", text("share")),
            ],
            &["key", "seen", "do"],
            &["body"],
        ),
        new(
            format!("{person}/plan/review"),
            PRIYA,
            vec![("key", key()), ("do", text("held")), ("held", text("2026-11-20")), ("by", text(""))],
            &["key", "do", "held"],
            &[],
        ),
        new(
            text("/me/plan/goals/doctor"),
            SAM,
            vec![("key", key()), ("a-1", text("yes")), ("a-3", text("yes")), ("sees", text("both"))],
            &["key", "sees"],
            &[],
        ),
        new(format!("{person}/plan/goals/doctor"), PRIYA, vec![("key", key()), ("a-2", text("yes"))], &["key"], &[]),
        new(
            format!("{person}/plan/agreed"),
            PRIYA,
            vec![
                ("key", key()),
                ("t-home-1", text("marigoldplan plan agreed")),
                ("w-1", text("other")),
                ("o-1", text("the landlord of the flat")),
                ("d-1", text("2026-12-04")),
            ],
            &["key", "t-home-1", "w-1", "o-1"],
            &[],
        ),
        new(
            format!("{person}/plan/assessment"),
            PRIYA,
            vec![("key", key()), ("eligible", text("2026-01-20")), ("assessed", text("2026-11-20"))],
            &["key"],
            &[],
        ),
        new(
            text("/me/plan/actions/new"),
            SAM,
            vec![
                ("key", key()),
                ("heading", text("home")),
                ("body", text(WORDS)),
                ("doer", text("me")),
                ("who", text("")),
                ("due", text("2026-12-04")),
                ("sees", text("me")),
            ],
            &["key", "heading", "body", "doer", "sees"],
            &["body"],
        ),
        new(format!("/me/plan/actions/{mine}"), SAM, change(), &["key", "do", "n", "state", "body", "doer"], &["body"]),
        new(
            format!("{person}/plan/actions/new"),
            PRIYA,
            vec![
                ("key", key()),
                ("heading", text("home")),
                ("body", text(WORDS)),
                ("doer", text("staff")),
                ("who", text("")),
                ("due", text("2026-12-04")),
            ],
            &["key", "heading", "body", "doer"],
            &["body"],
        ),
        new(
            format!("{person}/plan/actions/{theirs}"),
            PRIYA,
            change(),
            &["key", "do", "n", "state", "body", "doer"],
            &["body"],
        ),
        new(
            format!("{person}/money/new"),
            PRIYA,
            vec![
                ("key", key()),
                ("right", text("")),
                ("name", text(WORDS)),
                ("amount", text("1,250.50")),
                ("day", text("2026-11-20")),
            ],
            &["key", "name", "amount", "day"],
            &["name"],
        ),
        new(
            format!("{person}/money/{owed}"),
            PRIYA,
            vec![
                ("key", key()),
                ("do", text("pay")),
                ("amount", text("£120")),
                ("day", text("2026-11-20")),
                ("note", text(WORDS)),
                ("agreed", text("other")),
                ("who", text("the team manager who agreed all of it on the phone")),
            ],
            &["key", "do", "amount", "day", "agreed", "who"],
            &["note", "who"],
        ),
        new(
            text("/me/if-it-goes-wrong/edit"),
            SAM,
            vec![
                ("key", key()),
                ("seen", text("0")),
                ("signs", text(WORDS)),
                ("helps", text("a walk along the canal helps me most of the time")),
                ("calls", text("Nan 07700 900123")),
                ("where", text("the drop-in on Mondays")),
            ],
            &["key", "seen"],
            &["signs", "helps", "calls", "where"],
        ),
    ]
}
