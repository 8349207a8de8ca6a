//! `/work/templates`: a worker's own words for use again, and the box that one of them fills.

use axum::extract::Path;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use leptos::prelude::*;

use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::messages::acts::{self, Sent};
use crate::messages::planned::{LONGEST_NAME, SHIPPED, TemplateId, fill};
use crate::messages::views::{TemplatePage, Templates};
use crate::messages::{LONGEST, store};
use crate::signin::guard::Adviser;
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::{Fields, asked};
use crate::web::routes::{Audience, Cache, Routes};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/work/templates", Audience::Adviser, Cache::Never, show)
        .post("/work/templates", Audience::Adviser, add)
        .get("/work/templates/{id}", Audience::Adviser, Cache::Never, show_one)
        .post("/work/templates/{id}", Audience::Adviser, change)
}

const PATH: &str = "/work/templates";
const OTHER: &str = "This page was used to add another template before. This one was not added: add it now.";

async fn show(ask: Ask, worker: Adviser) -> Result<Response> {
    let form = worker.session.with_kept(&ask, PATH, Fields::default()).await?;
    page(&ask, &worker, StatusCode::OK, form).await
}

async fn page(ask: &Ask, worker: &Adviser, status: StatusCode, form: Fields) -> Result<Response> {
    let own = store::templates(&mut ask.app.db.read().await?, &ask.app.vault, worker.staff).await?;
    let wrong = !form.ok();
    let main = view! { <Templates own form/> };
    let frame = Frame::staff("Templates", worker.nav(), Part::Work, main.into_any()).wrong(wrong);
    Ok(ask.page(status, frame.flash(worker.session.flash.map(Flash::says))))
}

/// Name and text as they were typed, with a fault in the form when they will not do.
fn typed(form: &mut Fields) -> (String, String) {
    let name = form.line("name", LONGEST_NAME, "Say what you call it");
    let body = form.text("body", LONGEST, "Write the text");
    if let Err(unknown) = fill(&body, "", "") {
        form.fault("body", unknown.says());
    }
    (name, body)
}

async fn add(ask: Ask, worker: Adviser, mut form: Fields) -> Result<Response> {
    let key = form.key()?;
    let words = typed(&mut form);
    if !form.ok() {
        return page(&ask, &worker, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    let (db, vault, by) = (&ask.app.db, &ask.app.vault, (worker.session.clone(), worker.staff));
    match acts::add_template(db, vault, by, key, words, (PATH.to_owned(), ask.now)).await? {
        Sent::Done(to) => Ok(see_other(&to)),
        Sent::OtherText => {
            form.fault("body", OTHER);
            page(&ask, &worker, StatusCode::CONFLICT, form.with_new_key()).await
        }
    }
}

fn one_page(ask: &Ask, worker: &Adviser, id: TemplateId, status: StatusCode, form: Fields) -> Response {
    let wrong = !form.ok();
    let main = view! { <TemplatePage id form/> };
    ask.page(status, Frame::staff("Template", worker.nav(), Part::Work, main.into_any()).wrong(wrong))
}

fn id_of(id: &str) -> Result<TemplateId> {
    TemplateId::parse(id).ok_or(Error::NotFound)
}

/// The page on which a template is changed.
fn page_of(id: TemplateId) -> String {
    format!("{PATH}/{id}")
}

async fn show_one(ask: Ask, worker: Adviser, Path(id): Path<String>) -> Result<Response> {
    let id = id_of(&id)?;
    let one = store::template(&mut ask.app.db.read().await?, &ask.app.vault, worker.staff, id).await?;
    let one = one.ok_or(Error::NotFound)?;
    let form = Fields::filled([("name", one.name), ("body", one.body)]);
    let form = worker.session.with_kept(&ask, &page_of(id), form).await?;
    Ok(one_page(&ask, &worker, id, StatusCode::OK, form))
}

async fn change(ask: Ask, worker: Adviser, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let id = id_of(&id)?;
    let (db, vault, by) = (&ask.app.db, &ask.app.vault, (worker.session.clone(), worker.staff));
    store::template(&mut db.read().await?, vault, worker.staff, id).await?.ok_or(Error::NotFound)?;
    let deletes = form.choice(
        "do",
        |word| matches!(word, "save" | "delete").then_some(word == "delete"),
        "Press one of the buttons below",
    );
    if deletes == Some(true) && form.ok() {
        acts::drop_template(db, by, id, page_of(id)).await?;
        return Ok(see_other(PATH));
    }
    let words = typed(&mut form);
    if !form.ok() {
        return Ok(one_page(&ask, &worker, id, StatusCode::UNPROCESSABLE_ENTITY, form));
    }
    acts::change_template(db, vault, by, (id, page_of(id)), words).await?;
    Ok(see_other(PATH))
}

/// What a page with a box begins with: a form that was sent, or what its address asks for.
pub(super) enum Begun<'a> {
    /// As it was sent.
    Sent(Fields),
    /// As it was sent, with the template that it names in the box.
    Filled(Fields),
    /// With the template that the address names, or as it was when a sign-in came between.
    Asked(&'a Uri),
}

/// The templates that may fill the box of a page, what is sent for each and its words, and the form of that page.
///
/// # Errors
/// [`Error::NotFound`] when the address names a template that is somebody else's or not there.
pub(super) async fn choosing(
    ask: &Ask,
    worker: &Adviser,
    place: &str,
    begun: Begun<'_>,
) -> Result<(Vec<(String, String)>, Fields)> {
    let own = store::templates(&mut ask.app.db.read().await?, &ask.app.vault, worker.staff).await?;
    let mut choices = vec![(String::new(), "Choose one".to_owned())];
    choices.extend(own.iter().map(|one| (one.id.to_string(), one.name.clone())));
    choices.extend(SHIPPED.iter().map(|one| (one.slug.to_owned(), one.name.to_owned())));
    let chosen = match &begun {
        Begun::Sent(_) => String::new(),
        Begun::Filled(form) => form.typed("template").to_owned(),
        Begun::Asked(uri) => asked(uri, "template").unwrap_or_default(),
    };
    let body = own.into_iter().find(|one| one.id.to_string() == chosen).map(|one| one.body);
    let shipped = || SHIPPED.iter().find(|one| one.slug == chosen).map(|one| one.body.to_owned());
    let body = body.or_else(shipped);
    if body.is_none() && !chosen.is_empty() && matches!(begun, Begun::Asked(_)) {
        return Err(Error::NotFound);
    }
    let mut form = match begun {
        Begun::Sent(form) => form,
        Begun::Filled(mut form) => {
            if body.is_none() {
                let gone = "That template is not there any more. Choose another";
                form.fault("template", if chosen.is_empty() { "Choose a template" } else { gone });
            }
            form
        }
        Begun::Asked(_) if body.is_some() => Fields::filled([("template", chosen)]),
        Begun::Asked(_) => worker.session.with_kept(ask, place, Fields::default()).await?,
    };
    if let Some(body) = body {
        form.put("body", body);
    }
    Ok((choices, form))
}
