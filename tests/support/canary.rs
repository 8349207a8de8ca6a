//! A word of its own in every private field of each young person, so that whoever sees one of them can
//! be told from whoever sees another, and what they see by its kind.

use std::collections::BTreeSet;

use portal::clock::HOUR;
use portal::people::PersonId;
use portal::plan::store as plan;

use super::people::{AALIYAH, OWEN, PRIYA, SAM, plan_of};
use super::{Answer, TestApp, write};

/// What of somebody stands on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Name,
    Called,
    Message,
    Plan,
    Contact,
    Username,
    Reason,
}

/// The words of one young person.
#[derive(Clone, Copy, Debug)]
pub struct Canary {
    pub username: &'static str,
    pub name: &'static str,
    pub born: [&'static str; 3],
    pub called: &'static str,
    /// In every message of their thread, from either side.
    pub message: &'static str,
    pub plan: &'static str,
    pub phone: &'static str,
    /// In every reason for which somebody opened their record.
    pub reason: &'static str,
}

/// Sam's.
pub const SAMS: Canary = Canary {
    username: SAM,
    name: "Samuel Whittletest",
    born: ["27", "3", "2008"],
    called: "Samtest",
    message: "quincethread",
    plan: "marigoldplan",
    phone: "07700900111",
    reason: "sorrelreason",
};

/// Aaliyah's.
pub const AALIYAHS: Canary = Canary {
    username: AALIYAH,
    name: "Aaliyah Khantest",
    born: ["2", "9", "2005"],
    called: "Aaliyahtest",
    message: "medlarthread",
    plan: "cornflowerplan",
    phone: "07700900222",
    reason: "tansyreason",
};

/// One young person with their words.
#[derive(Clone, Debug)]
pub struct Planted {
    pub person: PersonId,
    pub canary: Canary,
    /// The page of their phone number.
    pub contact: String,
}

impl Canary {
    /// Which kinds of their words stand in a text.
    pub fn seen(&self, text: &str) -> BTreeSet<Kind> {
        let email = format!("{}@young.invalid", self.username);
        // The address holds the username, and is another thing.
        let without = text.replace(&email, "");
        let found = [
            (Kind::Name, text.contains(self.name)),
            (Kind::Called, text.contains(self.called)),
            (Kind::Message, text.contains(self.message)),
            (Kind::Plan, text.contains(self.plan)),
            (Kind::Contact, text.contains(self.phone) || text.contains(&email)),
            (Kind::Username, without.contains(self.username)),
            (Kind::Reason, text.contains(self.reason)),
        ];
        found.into_iter().filter_map(|(kind, there)| there.then_some(kind)).collect()
    }

    /// The form that looks for them by name and date of birth, with a reason.
    pub fn look_up(&self, reason: &str) -> Vec<(&'static str, String)> {
        let [day, month, year] = self.born.map(str::to_owned);
        vec![
            ("name", self.name.to_owned()),
            ("born-day", day),
            ("born-month", month),
            ("born-year", year),
            ("reason", reason.to_owned()),
        ]
    }
}

/// Everything that an answer says, its headers with it.
pub fn said(answer: &Answer) -> String {
    let headers =
        answer.headers.iter().map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes())));
    format!("{}{}", headers.collect::<String>(), answer.text())
}

/// Plants every word. What was opened for it is shut again when this is done.
pub async fn plant(app: &TestApp) -> [Planted; 2] {
    let at = app.clock.now();
    let (aaliyah, owen, sections) = (app.world.aaliyah, app.world.owen, plan_of(AALIYAHS.plan));
    write!(app.data, tx, vault, [sections = sections], {
        plan::insert_shared(tx, vault, aaliyah, owen, None, sections, at).await
    })
    .unwrap();
    let sam = plant_one(app, app.world.sam, SAMS, PRIYA, OWEN).await;
    let aaliyah = plant_one(app, app.world.aaliyah, AALIYAHS, OWEN, PRIYA).await;
    app.wait(2 * HOUR);
    [sam, aaliyah]
}

/// `worker` answers them; `stranger` opens their record with a reason.
async fn plant_one(app: &TestApp, person: PersonId, canary: Canary, worker: &str, stranger: &str) -> Planted {
    let mut own = app.signed_in(canary.username).await;
    let add = [("do", "add"), ("value", canary.phone)];
    let contact = own.post_form("/me/account/reach", &add).await.is(303).location().to_owned();
    own.write_message("/me/messages", &format!("{} from me", canary.message)).await.is(303);
    let thread = format!("/work/people/{person}/messages");
    let mut worker = app.signed_in(worker).await;
    worker.write_message(&thread, &format!("{} for you", canary.message)).await.is(303);
    let fields = canary.look_up(&format!("{} is on the phone", canary.reason));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    app.signed_in(stranger).await.post_form("/work/find/open", &fields).await.is(303);
    Planted { person, canary, contact }
}
