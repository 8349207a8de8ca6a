//! Every form of the portal, as its reader fills it in: one list for every promise about forms.

mod appointments;
mod content;
mod own;
mod plan;
mod planned;
mod work;

use super::{Client, TestApp};
use portal::signin::Owner;

/// One form of the portal, as its reader fills it in.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it is sent.
    pub path: String,
    /// Who sends it.
    pub who: Option<&'static str>,
    /// Everything that it carries.
    pub fields: Vec<(&'static str, String)>,
    /// Without these, or with nonsense in them, it is refused.
    pub needed: &'static [&'static str],
    /// Boxes for words: what stands in them is kept when something else is wrong.
    pub kept: &'static [&'static str],
    /// Fields in which every character counts, hidden ones too: secrets.
    pub any_character: &'static [&'static str],
}

/// What somebody wants to say at length.
const WORDS: &str = "this is what I wanted to say, and it is long enough to be worth keeping";

/// A new one-time key.
pub fn key() -> String {
    portal::id::hex(&portal::vault::random::<16>().unwrap())
}

fn text(words: &str) -> String {
    words.to_owned()
}

/// Every form, ready to be taken as it is.
pub async fn forms(app: &TestApp) -> Vec<Form> {
    let code = app.new_code(Owner::Person(app.world.sam)).await;
    let mut all = own::forms(app, code).await;
    all.extend(work::forms(app));
    all.extend(planned::forms(app).await);
    all.extend(plan::forms(app).await);
    all.extend(appointments::forms(app).await);
    all.extend(content::forms(app).await);
    all
}

impl Form {
    /// Its fields with another value in one of them, or without it.
    pub fn with<'a>(&'a self, name: &str, value: Option<&'a str>) -> Vec<(&'a str, &'a str)> {
        let fields = self.fields.iter().map(|(n, v)| (*n, v.as_str()));
        match value {
            None => fields.filter(|(n, _)| *n != name).collect(),
            Some(value) => fields.map(|(n, v)| if n == name { (n, value) } else { (n, v) }).collect(),
        }
    }

    /// Its fields.
    pub fn all(&self) -> Vec<(&str, &str)> {
        self.fields.iter().map(|(n, v)| (*n, v.as_str())).collect()
    }

    /// A browser of whoever sends it, at the door where it stands.
    pub async fn browser(&self, app: &TestApp) -> Client {
        match self.who {
            Some(name) if self.path == "/sign-in/second" => app.at_first_door(name).await,
            Some(name) if self.path == "/sign-in/again" => app.at_second_door(name).await,
            Some(name) => app.signed_in(name).await,
            None => app.visitor(),
        }
    }
}
