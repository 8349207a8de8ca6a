//! Who read or changed what. A row for a change stands in the change's own transaction; a row for a
//! reading is committed before the first byte is sent. `chain` and `alerts` are what is made of the rows.

pub mod acts;
pub mod alerts;
pub mod chain;
pub mod store;

use jiff::Timestamp;

use crate::id::Id;
use crate::people::{Actor, PersonId};

/// One row to be.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who did it; nobody for the program's own work and for those not signed in.
    pub actor: Option<Actor>,
    /// What was done.
    pub action: &'static str,
    /// To what kind of thing.
    pub object: &'static str,
    /// To which one.
    pub object_id: Option<Id<()>>,
    /// Whose record it is.
    pub person: Option<PersonId>,
    /// How the one who did it stands to that person.
    pub relation: &'static str,
    /// How many things, for a list.
    pub many: i64,
    /// When.
    pub at: Timestamp,
}

impl Entry {
    /// A row about something that is no person's record.
    pub fn of(actor: Option<Actor>, action: &'static str, object: &'static str, at: Timestamp) -> Self {
        Self { actor, action, object, object_id: None, person: None, relation: "none", many: 1, at }
    }
}

/// Something that a member of staff did with somebody's record, as they are told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When, UTC microseconds.
    pub at: i64,
    /// The name of who did it.
    pub by: String,
    /// How they stood to the person, by the word of the log.
    pub relation: String,
    /// What was done, by the word of the log.
    pub action: String,
    /// To what, by the word of the log.
    pub object: String,
}

impl Seen {
    /// What was done, after a name.
    pub fn says(&self) -> String {
        match (self.action.as_str(), self.object.as_str()) {
            ("read", "thread") => "read your messages".to_owned(),
            ("open", "thread") => "opened new messages of yours".to_owned(),
            ("answer", "thread") => "answered you".to_owned(),
            ("note", "thread") => "wrote down something about you: a note, a talk, or what they will do".to_owned(),
            ("mark", "thread") => "marked your messages for later".to_owned(),
            ("look at", "thread") => "looked at words of yours that worried us".to_owned(),
            ("hand over", "person") => "changed who works with you".to_owned(),
            ("plan", "person") => "planned a change of who works with you".to_owned(),
            ("plan", "message") => "wrote a message to you that is sent later".to_owned(),
            ("drop", "message") => "took back a message to you that was to be sent later".to_owned(),
            ("drop", "person") => "took back a planned change of who works with you".to_owned(),
            ("read", "plan") => "read your plan".to_owned(),
            ("write", "plan") => "wrote in your plan".to_owned(),
            ("take up", "plan") => "took up an older version of your plan again".to_owned(),
            ("share", "plan") => "shared a version of your plan with you".to_owned(),
            ("hear", "plan") => "wrote down that they talked with you about what you said of your plan".to_owned(),
            ("submit", "plan") => "gave your plan to a manager to sign off".to_owned(),
            ("sign", "plan") => "signed off your plan".to_owned(),
            ("return", "plan") => "gave your plan back to be changed".to_owned(),
            ("print", "contacts") => {
                "printed your plan with the phone numbers and addresses that stand in it".to_owned()
            }
            ("ask for", "review") => "set a day to talk about your plan".to_owned(),
            ("hold", "review") => "wrote down that you talked about your plan".to_owned(),
            ("assess", "review") => "wrote down when your needs were assessed".to_owned(),
            ("do", "action") => "added something to do in your plan, or changed it".to_owned(),
            ("write", "money") => "wrote down money for you".to_owned(),
            ("read", "crisis plan") => "read what you do if it goes wrong".to_owned(),
            ("read", "profile") => {
                "looked at your page: your name, where you live, what you do by day, what is due, and who works with you"
                    .to_owned()
            }
            ("read", "appointments") => "looked at your appointments".to_owned(),
            ("set", "appointment") => "made or changed an appointment with you".to_owned(),
            ("cancel", "appointment") => "cancelled an appointment with you".to_owned(),
            ("read", "letter") => "looked at your letters and whom you showed them to".to_owned(),
            ("approve", "letter") => "said yes to your letter".to_owned(),
            ("tell", "letter") => "wrote down to whom they confirmed that you are a care leaver".to_owned(),
            ("refuse", "letter") => "said no to your letter, or took it back".to_owned(),
            ("write", "spell") => "wrote down where you live or what you do by day".to_owned(),
            ("set", "rhythm") => "changed how often you are asked how things are, and spoken with".to_owned(),
            ("take", "person") => "gave you a worker".to_owned(),
            ("look up", "profile") => "looked for you by name and date of birth".to_owned(),
            ("break glass", "profile") => "opened your record with a reason".to_owned(),
            ("read", "contacts") => "looked up how you can be reached".to_owned(),
            ("confirm", "contacts") => "said that they reached you at a number of yours".to_owned(),
            ("silence", "contacts") => "wrote down a number or address of yours where we are not to contact you".to_owned(),
            ("set" | "clear", "safety flag") => "changed how we may reach you".to_owned(),
            ("give", "code") => "gave you a code".to_owned(),
            ("approve", "code") => "said yes to a code for you".to_owned(),
            ("look at", "alert") => "checked why somebody had opened your record".to_owned(),
            ("import", "people") => {
                "brought in your name, date of birth and team from the council's records".to_owned()
            }
            ("import", "assignments") => "brought in who works with you from the council's records".to_owned(),
            (action, object) => format!("did this: {action}, {object}"),
        }
    }

    /// How they stood to the person, if that says anything.
    pub fn stands(&self) -> Option<&'static str> {
        match self.relation.as_str() {
            "team_duty" => Some("on duty for your team"),
            "system" => Some("for the service"),
            "break_glass" => Some("does not work with you"),
            word => crate::people::Part::parse(word).map(crate::people::Part::title),
        }
    }
}

/// Proof that the row for a reading is on disk. A page with private words is only sent with one.
#[derive(Debug)]
pub struct Audited(());
