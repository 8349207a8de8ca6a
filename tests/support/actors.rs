//! Every kind of person who may ask for something, and a browser for each.

use super::people::{AALIYAH, ADA, CHRIS, CORA, DEE, FAYE, MORAG, OWEN, PRIYA, SAM, SID, SOL, SUE};
use super::{Client, TestApp};

/// Who asks, in the order of the columns of `docs/access-matrix.csv`. Sam stands there three times: at each door.
pub const ACTORS: [(&str, Option<&str>); 16] = [
    ("nobody", None),
    ("door 1", Some(SAM)),
    ("door 2", Some(SAM)),
    ("door 3", Some(SAM)),
    ("another young person", Some(AALIYAH)),
    ("personal adviser", Some(PRIYA)),
    ("social worker", Some(SOL)),
    ("unassigned adviser", Some(OWEN)),
    ("former adviser", Some(FAYE)),
    ("cover", Some(CORA)),
    ("duty", Some(DEE)),
    ("manager", Some(MORAG)),
    ("editor", Some(CHRIS)),
    ("service manager", Some(SUE)),
    ("administrator", Some(ADA)),
    ("suspended", Some(SID)),
];

/// A browser of one actor, signed in.
pub async fn browser(app: &TestApp, (actor, name): (&str, Option<&str>)) -> Client {
    match (actor, name) {
        (_, None) => app.visitor(),
        ("door 1", Some(name)) => app.at_first_door(name).await,
        ("door 2", Some(name)) => app.at_second_door(name).await,
        (_, Some(name)) => app.signed_in(name).await,
    }
}

/// Every actor's browser, signed in.
pub async fn browsers(app: &TestApp) -> Vec<Client> {
    let mut browsers = Vec::new();
    for actor in ACTORS {
        browsers.push(browser(app, actor).await);
    }
    browsers
}
