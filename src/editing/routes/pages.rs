//! Changing a page: write, preview, publish, look back, restore.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::super::acts::{self, Outcome};
use super::super::views::pages::{EditPage, EditionRow, Looked, OldEdition, PageDesk};
use super::super::{self as editing, LONGEST_NOTE, LONGEST_PAGE, Told, live_number, page_id, segment};
use super::feedback::open_of;
use super::{INCOMPLETE, OTHER, act, draw, edition, follow, is_behind, made, names, path, replaced};
use crate::app::Ask;
use crate::clock::london_date;
use crate::content::check::address;
use crate::content::live::Edition;
use crate::content::store::{self as content, NewRevision, Revision};
use crate::content::{Fault, Kind};
use crate::dropins::words;
use crate::error::{Error, Result};
use crate::people::StaffId;
use crate::signin::guard::Editor;
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::{Fields, hidden};

use std::collections::BTreeMap;

const NO_EDITION: &str = "There is no edition of that number. Go back to the page and choose one from its list.";

/// A page with its stored editions, and the text that its editor goes on from.
struct Open {
    id: String,
    edition: Edition,
    revisions: Vec<Revision>,
    desk: PageDesk,
    text: String,
}

impl Open {
    async fn at(ask: &Ask, editor: &Editor, segment: &str) -> Result<Self> {
        let edition = edition(ask).await?;
        let id = page_id(segment).ok_or(Error::NotFound)?;
        let page = edition.library.page(&id).ok_or(Error::NotFound)?;
        let revisions = content::of_item(&mut ask.app.db.read().await?, Kind::Page, &id).await?;
        let names = names(ask, revisions.iter().map(|revision| revision.by_staff).collect()).await?;
        let mut editions: Vec<_> = revisions.iter().map(|revision| row(&names, revision)).collect();
        editions.push(EditionRow {
            number: 0,
            made: "The text that came with the release".to_owned(),
            note: String::new(),
            withdrawn: false,
        });
        let newest = revisions.first();
        let published = newest.filter(|newest| newest.state == "published");
        let text = published.map(|newest| newest.body.clone());
        let text = text.or_else(|| ask.app.shipped.body(Kind::Page, &id).map(str::to_owned)).unwrap_or_default();
        let against = edition.refused.iter().filter(|(change, _)| {
            change.kind == Kind::Page && change.id == id && change.body.as_deref() == Some(text.as_str())
        });
        let against: Vec<_> = against.flat_map(|(_, faults)| faults.clone()).collect();
        let today = london_date(ask.now);
        let told = open_of(ask, editor, &edition.library, Kind::Page, &id).await?;
        let desk = PageDesk {
            path: path(&id),
            address: address(&id),
            title: page.title.clone(),
            newest: newest.map_or(0, |newest| newest.number),
            live: live_number(&revisions, &edition.refused, Kind::Page, &id),
            editions,
            new_release: newest.is_some_and(|newest| is_behind(&edition.library, Kind::Page, &id, newest)),
            refused: editing::told(&edition.library, &against, (Kind::Page, &id), &text),
            owner: page.owner.clone(),
            told,
            due: page.is_due(today).then(|| words::date_with_year(page.review_by)),
        };
        Ok(Self { id, edition, revisions, desk, text })
    }

    /// The text of an edition; the number 0 is that of the release.
    fn body(&self, ask: &Ask, number: i64) -> Option<String> {
        if number == 0 {
            return ask.app.shipped.body(Kind::Page, &self.id).map(str::to_owned);
        }
        let found = self.revisions.iter().find(|revision| revision.number == number && revision.state == "published");
        found.map(|revision| revision.body.clone())
    }

    fn told(&self, faults: &[Fault], body: &str) -> Vec<Told> {
        editing::told(&self.edition.library, faults, (Kind::Page, &self.id), body)
    }

    async fn look(&self, body: &str) -> Result<Looked> {
        Ok(match replaced(&self.edition, Kind::Page, &self.id, body).await? {
            Ok((library, warnings)) => {
                Looked { faults: self.told(&warnings, body), page: library.page(&self.id).cloned(), theirs: None }
            }
            Err(faults) => Looked { faults: self.told(&faults, body), ..Looked::default() },
        })
    }

    fn revision(&self, editor: &Editor, body: String, from: i64, note: String) -> NewRevision {
        NewRevision {
            kind: Kind::Page,
            item: self.id.clone(),
            published: true,
            body,
            from,
            shipped_hash: self.edition.library.shipped_hash(Kind::Page, &self.id).unwrap_or_default().to_owned(),
            by: editor.staff,
            note,
        }
    }

    fn draw(self, ask: &Ask, editor: &Editor, status: StatusCode, looked: Looked, form: Fields) -> Response {
        let title = format!("Edit: {}", self.desk.title);
        let main = view! { <EditPage desk=self.desk looked form/> };
        draw(ask, editor, status, &title, main.into_any())
    }

    /// A form that holds `text`.
    fn form(&self, text: String) -> Fields {
        Fields::filled([("body", text), ("from", self.desk.newest.to_string())])
    }
}

fn row(names: &BTreeMap<StaffId, String>, revision: &Revision) -> EditionRow {
    let withdrawn = revision.state != "published";
    EditionRow { number: revision.number, made: made(names, revision), note: revision.note.clone(), withdrawn }
}

pub(super) async fn page(ask: Ask, editor: Editor, Path(segment): Path<String>) -> Result<Response> {
    let open = Open::at(&ask, &editor, &segment).await?;
    let form = open.form(open.text.clone());
    Ok(open.draw(&ask, &editor, StatusCode::OK, Looked::default(), form))
}

/// A number that only our own form sends.
fn number(form: &mut Fields, name: &'static str) -> Result<i64> {
    let number = form.choice(name, |text| text.parse().ok().filter(|number| *number >= 0), "");
    number.ok_or(Error::Refused(StatusCode::BAD_REQUEST, INCOMPLETE))
}

pub(super) async fn publish(
    ask: Ask,
    editor: Editor,
    Path(segment): Path<String>,
    mut form: Fields,
) -> Result<Response> {
    let open = Open::at(&ask, &editor, &segment).await?;
    let mut act = act(&ask, &editor, &mut form, ("publish", "page", Flash::Published), open.desk.path.clone())?;
    let from = number(&mut form, "from")?;
    let only_look = form.typed("do") == "preview";
    let text = form.text("body", LONGEST_PAGE, "The page cannot be empty.");
    if form.ok() {
        // Lines are counted from here on: what is shown again must start where the count starts.
        form.put("body", text.clone());
    }
    let body = format!("{text}\n");
    let looked = if form.ok() {
        open.look(&body).await?
    } else {
        Looked { faults: hidden_in(form.typed("body")), ..Looked::default() }
    };
    let errors = looked.faults.iter().filter(|row| row.error).count();
    if errors > 0 {
        let things = if errors == 1 { "One thing".to_owned() } else { format!("{errors} things") };
        form.fault(
            "body",
            format!("{things} must be mended before this can be published. See the list for where and why."),
        );
    }
    if only_look && form.ok() {
        return Ok(open.draw(&ask, &editor, StatusCode::OK, looked, form));
    }
    let mut note = String::new();
    if !only_look {
        note = form.line("note", LONGEST_NOTE, "Say what you changed, and why.");
        if errors == 0 && !looked.faults.is_empty() {
            let reason = form.line("reason", LONGEST_NOTE, "Say why it should be published with these warnings.");
            note = format!("{note} Published with warnings: {reason}");
        }
    }
    if !form.ok() {
        return Ok(open.draw(&ask, &editor, StatusCode::UNPROCESSABLE_ENTITY, looked, form));
    }
    if from == open.desk.newest && body.trim() == open.text.trim() && open.desk.refused.is_empty() {
        act.refuse = Some("This is the text that is published now. Change something first.");
    }
    let new = open.revision(&editor, body, from, note);
    let outcome = acts::publish(&ask.app.db, act, new).await?;
    page_answer(&ask, &editor, open, form, outcome).await
}

/// Where hidden characters stand in a text: they cannot be looked for by eye.
fn hidden_in(text: &str) -> Vec<Told> {
    let lines = text.lines().enumerate().filter(|(_, line)| line.chars().any(|c| c != '\t' && hidden(c)));
    let one = |(number, line): (usize, &str)| Told {
        error: true,
        place: format!("Line {}", number + 1),
        says: "A hidden character stands here. Type the line again without pasting.".to_owned(),
        quote: Some(line.chars().filter(|c| !hidden(*c)).take(60).collect()),
    };
    // More would not be read.
    lines.take(20).map(one).collect()
}

/// What follows an act on a page: on to it, or the form again with what stands against it.
async fn page_answer(ask: &Ask, editor: &Editor, open: Open, mut form: Fields, outcome: Outcome) -> Result<Response> {
    let (says, status) = match outcome {
        Outcome::Done(to) => {
            follow(ask).await;
            return Ok(see_other(&to));
        }
        Outcome::Refused(says) => (says.to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
        Outcome::OtherContent => (OTHER.to_owned(), StatusCode::CONFLICT),
        Outcome::Overtaken => {
            let open = Open::at(ask, editor, &segment(&open.id)).await?;
            let made =
                open.desk.editions.first().map(|row| format!("{}, {}", row.name(), row.made)).unwrap_or_default();
            form.fault(
                "body",
                format!("{made}, was published while you were writing. Nothing of yours was published. Both texts are below."),
            );
            form.put("from", open.desk.newest.to_string());
            form.put("key", String::new());
            let looked = Looked { theirs: Some((made, open.text.clone())), ..Looked::default() };
            return Ok(open.draw(ask, editor, StatusCode::CONFLICT, looked, form));
        }
    };
    form.fault("body", says);
    form.put("key", String::new());
    Ok(open.draw(ask, editor, status, Looked::default(), form))
}

pub(super) async fn old_edition(
    ask: Ask,
    editor: Editor,
    Path((segment, number)): Path<(String, String)>,
) -> Result<Response> {
    let open = Open::at(&ask, &editor, &segment).await?;
    let number: i64 = number.parse().map_err(|_| Error::Refused(StatusCode::NOT_FOUND, NO_EDITION))?;
    let text = open.body(&ask, number).ok_or(Error::Refused(StatusCode::NOT_FOUND, NO_EDITION))?;
    let row = open.desk.editions.iter().find(|row| row.number == number).cloned();
    let row = row.ok_or(Error::Refused(StatusCode::NOT_FOUND, NO_EDITION))?;
    let looked = open.look(&text).await?;
    let title = format!("{}: {}", open.desk.title, row.name().to_lowercase());
    let main = view! { <OldEdition desk=open.desk row text looked/> };
    Ok(draw(&ask, &editor, StatusCode::OK, &title, main.into_any()))
}

pub(super) async fn restore(
    ask: Ask,
    editor: Editor,
    Path(segment): Path<String>,
    mut sent: Fields,
) -> Result<Response> {
    let open = Open::at(&ask, &editor, &segment).await?;
    let mut act = act(&ask, &editor, &mut sent, ("restore", "page", Flash::Restored), open.desk.path.clone())?;
    let (from, number) = (number(&mut sent, "from")?, number(&mut sent, "edition")?);
    let body = open.body(&ask, number).ok_or(Error::Refused(StatusCode::NOT_FOUND, NO_EDITION))?;
    let looked = open.look(&body).await?;
    if looked.page.is_none() {
        // Its text goes into the form, where it can be mended.
        let mut form = open.form(body);
        form.fault("body", "That edition does not pass the checks as they are today, so it was not restored. Its text is in the box: mend it and publish it.");
        return Ok(open.draw(&ask, &editor, StatusCode::UNPROCESSABLE_ENTITY, looked, form));
    }
    if number == open.desk.live && from == open.desk.newest && open.desk.refused.is_empty() {
        act.refuse = Some("That edition is what the public reads now.");
    }
    let mut new = open.revision(&editor, body, from, format!("Edition {number} restored"));
    if number == 0 {
        new = NewRevision {
            published: false,
            body: String::new(),
            note: "Back to the text of the release".to_owned(),
            ..new
        };
    }
    let form = open.form(open.text.clone());
    let outcome = match acts::publish(&ask.app.db, act, new).await? {
        Outcome::Overtaken => Outcome::Refused(
            "Somebody published another edition since you opened this page. Nothing was restored. Look at it, then choose again.",
        ),
        outcome => outcome,
    };
    let open = if matches!(outcome, Outcome::Done(_)) { open } else { Open::at(&ask, &editor, &segment).await? };
    let form = if matches!(outcome, Outcome::Done(_)) { form } else { open.form(open.text.clone()) };
    page_answer(&ask, &editor, open, form, outcome).await
}
