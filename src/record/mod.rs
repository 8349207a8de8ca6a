//! A young person's own record: who looked at it, and a copy to take away.

pub mod acts;
pub mod routes;
pub mod views;

use serde::Serialize;

/// Everything about one person that they may read, in one piece. Times are RFC 3339 in UTC.
#[derive(Clone, Debug, Serialize)]
pub struct Copy {
    /// When it was made.
    pub made_at: String,
    /// What it is and what is not in it.
    pub about: &'static str,
    /// Who they are.
    pub me: Me,
    /// Who works with them or did.
    pub workers: Vec<Worker>,
    /// Where they lived, learned and worked, as the service knows it.
    pub history: Vec<Held>,
    /// Every message, oldest first.
    pub messages: Vec<Message>,
    /// Every plan that was shared with them, the newest first.
    pub plans: Vec<Plan>,
    /// Who does what by when, their own private ones too.
    pub actions: Vec<ToDo>,
    /// What they are to get, what they had, what is left.
    pub money: Vec<Money>,
    /// What they do if it goes wrong, and whom they call: what was asked, and what they wrote.
    pub if_it_goes_wrong: Vec<Written>,
    /// Every appointment, the earliest first, in words.
    pub appointments: Vec<String>,
    /// What I said of my plan, and every text in which I wrote what I want.
    pub my_words_about_the_plan: Vec<String>,
    /// Talks about my plan: asked for or held, what I had ready for them, and why a version was given back.
    pub talks_about_the_plan: Vec<String>,
    /// Every letter that says that they are a care leaver, the latest first, in words.
    pub letters: Vec<String>,
    /// What staff did with the record, the latest first.
    pub looked: Vec<Looked>,
    /// Why some opened it who do not work with them.
    pub reasons: Vec<Looked>,
}

/// What a copy is and what is not in it.
pub const ABOUT: &str = "This is what you can see of yours in this website, all in one piece. It is not your whole social care file, \
and notes that workers write for each other are not in it. You can ask the council for those too: it is called a subject access request.";

/// Who they are and how they sign in.
#[derive(Clone, Debug, Serialize)]
pub struct Me {
    /// Full name.
    pub name: String,
    /// The name they want to be called by.
    pub called: String,
    /// What they want whoever works with them to know.
    pub about: Option<String>,
    /// Date of birth.
    pub born_on: String,
    /// Their team.
    pub team: String,
    /// The name they sign in with.
    pub username: String,
    /// Where they are signed in, and phones that know them, in words.
    pub signed_in: Vec<String>,
    /// Numbers and addresses, in words.
    pub reached: Vec<String>,
    /// Hours without notices.
    pub quiet: String,
}

/// One worker for one time.
#[derive(Clone, Debug, Serialize)]
pub struct Worker {
    /// Their name.
    pub name: String,
    /// In what part.
    pub part: &'static str,
    /// Since when.
    pub from: String,
    /// Until when; empty: now.
    pub to: Option<String>,
}

/// Something that held for a time.
#[derive(Clone, Debug, Serialize)]
pub struct Held {
    /// Of which kind.
    pub what: String,
    /// What held.
    pub value: String,
    /// More words of it.
    pub more: Option<String>,
    /// The first day.
    pub from: String,
    /// The last; empty: it still holds.
    pub to: Option<String>,
}

/// One message.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// When it was saved.
    pub sent_at: String,
    /// Who wrote it.
    pub from: String,
    /// Its text.
    pub text: String,
    /// Who opened it first and when, if anybody did.
    pub opened: Option<String>,
}

/// One version of the plan.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    /// 1, 2, 3 …
    pub version: i64,
    /// When it was made.
    pub made_at: String,
    /// When it was to be talked about again.
    pub review_on: Option<String>,
    /// The headings that have something in them.
    pub headings: Vec<Heading>,
}

/// One heading of a plan.
#[derive(Clone, Debug, Serialize)]
pub struct Heading {
    /// Which.
    pub heading: &'static str,
    /// How things were.
    pub now: Option<String>,
    /// What they wanted.
    pub want: Option<String>,
    /// What was agreed.
    pub agreed: Option<String>,
}

/// Something that somebody does.
#[derive(Clone, Debug, Serialize)]
pub struct ToDo {
    /// The part of the plan it belongs to.
    pub heading: &'static str,
    /// What, by whom, by when and how far it is, in words.
    pub what: String,
    /// Nobody else sees it.
    pub only_me: bool,
    /// Everything that was done with it, the first first, in words.
    pub history: Vec<String>,
}

/// Something that they are to get. Amounts as they are shown.
#[derive(Clone, Debug, Serialize)]
pub struct Money {
    /// What it is.
    pub name: String,
    /// How much was agreed, when, by whom, in words.
    pub agreed: String,
    /// What they had of it.
    pub had: String,
    /// What is left; with a minus before it when they had more.
    pub left: String,
    /// It was written down wrong and does not count.
    pub written_down_wrong: bool,
    /// Each payment, in words.
    pub payments: Vec<String>,
}

/// One box of what they do if it goes wrong.
#[derive(Clone, Debug, Serialize)]
pub struct Written {
    /// What was asked.
    pub asked: &'static str,
    /// What they wrote.
    pub text: String,
}

/// Something that somebody did with the record.
#[derive(Clone, Debug, Serialize)]
pub struct Looked {
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// What they did, or why.
    pub what: String,
}
