//! The link at the end of a page, the form behind it, and what is said when it was sent.

use jiff::Timestamp;
use leptos::prelude::*;

use super::council;
use crate::content::check::address;
use crate::content::{Kind, Library};
use crate::help::views::{crisis, in_danger};
use crate::ui::{Errors, Exit, Frame, Part, Submit, TextArea, TextField};
use crate::web::forms::Fields;

/// The last line of a public page.
#[component]
pub fn TellUs(
    /// What it is about: see [`subject`].
    #[prop(into)]
    about: String,
) -> impl IntoView {
    view! { <p><a href=format!("/feedback?about={about}")>"Is this page right? Is something missing? Tell us"</a></p> }
}

/// What somebody tells us about.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The word for it in addresses and in the database.
    pub about: String,
    /// The item of the content that it is, if it is one.
    pub item: Option<(Kind, String)>,
    /// Its name.
    pub name: String,
    /// Where the public reads it.
    pub href: String,
    /// The team that answers for it, where that is written.
    pub owner: Option<String>,
    /// Its page shows the exit button.
    exit: bool,
}

/// Pages that are no item of the content: word, name, address.
const WHOLE: [(&str, &str, &str); 4] = [
    ("help", "Help lines", "/help"),
    ("glossary", "Words we use", "/glossary"),
    ("entitlements", "Everything you can ask for", "/entitlements"),
    ("drop-ins", "Drop-ins", "/drop-ins"),
];
const SITE: (&str, &str, &str) = ("site", "This site", "/");

/// What this word stands for. The whole site when it stands for nothing that is there.
#[must_use]
pub fn subject(library: &Library, about: &str) -> Subject {
    item(library, about).unwrap_or_else(|| {
        let (about, name, href) = WHOLE.into_iter().find(|(word, ..)| *word == about).unwrap_or(SITE);
        let exit = about == "help";
        Subject { about: about.to_owned(), item: None, name: name.to_owned(), href: href.to_owned(), owner: None, exit }
    })
}

/// The word for an item. Ids of service pages hold a `/`, which becomes a dot.
#[must_use]
pub fn word(kind: Kind, id: &str) -> String {
    format!("{kind}.{}", id.replacen('/', ".", 1))
}

fn item(library: &Library, about: &str) -> Option<Subject> {
    let (kind, id) = about.split_once('.')?;
    let (kind, id) = (Kind::parse(kind)?, id.replacen('.', "/", 1));
    let (table, mut exit) = (&library.timetable, false);
    let (name, href, owner) = match kind {
        Kind::Page => {
            let page = library.page(&id)?;
            exit = page.exit;
            (&page.title, address(&id), Some(&page.owner))
        }
        Kind::Place => {
            let place = table.places.get(&id)?;
            (&place.name, format!("/drop-ins/place/{id}"), Some(&place.owner))
        }
        Kind::Locality => (&table.localities.get(&id)?.name, format!("/drop-ins/{id}"), None),
        Kind::Line => {
            let line = library.lines.get(&id)?;
            (&line.name, "/help".to_owned(), Some(&line.owner))
        }
        Kind::Entitlement => (&library.entitlements.get(&id)?.name, format!("/entitlements#{id}"), None),
        Kind::Term => (&library.terms.get(&id)?.term, format!("/glossary#{id}"), None),
        Kind::Source | Kind::Goal | Kind::Holiday | Kind::District | Kind::Session | Kind::Exception => return None,
    };
    let (name, owner) = (name.clone(), owner.cloned());
    Some(Subject { about: word(kind, &id), item: Some((kind, id)), name, href, owner, exit })
}

/// What the words of somebody sound like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Words about a page.
    Calm,
    /// Danger now: help comes first.
    Urgent,
}

/// `/feedback`. When it is `full`, nothing more is taken for a while, and there is a number to call.
#[must_use]
pub fn tell_us(library: &Library, about: &Subject, at: Timestamp, look: Look, full: bool, form: Fields) -> Frame {
    let title = "Is this page right? Is something missing?";
    let urgent = look == Look::Urgent;
    let wrong = !form.ok();
    let call = full.then(|| council(library)).flatten().map(|line| {
        view! { <p>"You can also call us on " <a href=line.href()>{line.number.to_string()}</a> "."</p> }
    });
    let main = view! {
        <nav class="back" aria-label="Back"><a href=about.href.clone()>{about.name.clone()}</a></nav>
        {urgent.then(|| crisis(library, at))}
        <Errors form=form.clone()/>
        <h1>{title}</h1>
        <p class="lead">"You are telling us about: " <strong>{about.name.clone()}</strong></p>
        <p>
            "The team that looks after this site reads what you write. Nobody reads it at night or at weekends. "
            "You do not have to say who you are."
        </p>
        {call}
        <form method="post" action="/feedback" novalidate>
            <input type="hidden" name="about" value=about.about.clone()/>
            <TextArea field=form.field("body") label="What is wrong, or missing?" rows=6/>
            <TextField field=form.field("contact") label="How can we reach you, if you want an answer? (you do not have to say)"
                hint="Such as a phone number or an email address."/>
            {(!urgent).then(|| in_danger(library, at))}
            <Submit label="Send"/>
        </form>
        <p class="meta">"Only staff see it. It is not shown on the site."</p>
    };
    let exit = if urgent || about.exit { Exit::Leave } else { Exit::None };
    Frame::public(title, Part::None, main.into_any()).exit(exit).wrong(wrong)
}

/// `/feedback/thanks`.
#[must_use]
pub fn thanks(library: &Library, at: Timestamp, look: Look) -> Frame {
    let urgent = look == Look::Urgent;
    let main = view! {
        {urgent.then(|| crisis(library, at))}
        <h1>"Thank you. We have it"</h1>
        <p class="lead">"What you wrote is saved."</p>
        <h2>"What happens next"</h2>
        <ul>
            <li>"The team in your leaving care service that looks after this site reads it."</li>
            <li>"If something is wrong, they put it right. We cannot promise a day."</li>
            <li>"If you said how to reach you, they can answer you."</li>
        </ul>
        {(!urgent).then(|| in_danger(library, at))}
        <p><a class="btn" href="/">"Go to the front page"</a></p>
    };
    let exit = if urgent { Exit::Leave } else { Exit::None };
    Frame::public("Thank you", Part::None, main.into_any()).exit(exit)
}
