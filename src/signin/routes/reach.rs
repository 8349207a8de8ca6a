//! `/me/account/reach`: numbers and addresses, how each was confirmed, "don't contact me here", quiet hours.
//! `/me/account/name`: the name shown.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Time;
use leptos::prelude::*;

use super::account::{changing, mine};
use crate::app::{App, Ask};
use crate::audit::Entry;
use crate::error::{Error, Result};
use crate::people::access::{self, ChangeAccount};
use crate::people::{CONTACTS, Channel, Contact, ContactId, Quiet, store as people};
use crate::signin::acts::reach::{self as acts, Reach, Typed};
use crate::signin::guard::{Fresh, Me};
use crate::signin::read_digits;
use crate::signin::views::reach::{ContactPage, NameShown, ReachPage};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/me/account/name", Audience::PersonSealed, Cache::Never, show_name)
        .post("/me/account/name", Audience::PersonSealed, name)
        .get("/me/account/reach", Audience::PersonSealed, Cache::Never, show)
        .post("/me/account/reach", Audience::PersonSealed, change)
        .get("/me/account/reach/{id}", Audience::PersonSealed, Cache::Never, show_one)
        .post("/me/account/reach/{id}", Audience::PersonSealed, change_one)
}

async fn show_name(ask: Ask, Fresh(me): Fresh<Me>) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let mut access = access::check::<ChangeAccount, _>(&mut db, &me.session.actor, me.person, ask.now)
        .await?
        .ok_or(Error::NotFound)?;
    let called = people::person(&mut access, &ask.app.vault).await?.called;
    drop(db);
    let main = view! { <NameShown form=Fields::filled([("called", called)])/> };
    reading(&ask, &me, StatusCode::OK, &Fields::default(), "profile", main.into_any()).await
}

/// A page with something of the record on it. The row that says so is on disk before it is sent.
async fn reading(
    ask: &Ask,
    me: &Me,
    status: StatusCode,
    form: &Fields,
    object: &'static str,
    main: AnyView,
) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let access = access::check::<ChangeAccount, _>(&mut db, &me.session.actor, me.person, ask.now).await?;
    let entry = Entry { action: "read", object, ..access.ok_or(Error::NotFound)?.entry() };
    drop(db);
    let audited = ask.viewed(entry).await?;
    let frame = Frame::person("Account", Part::Account, main).wrong(!form.ok());
    Ok(ask.private_page(&audited, status, frame.flash(me.session.flash.map(Flash::says))))
}

/// The form as it was sent: nothing of the record stands on it.
async fn name_page(ask: &Ask, me: &Me, status: StatusCode, form: Fields) -> Result<Response> {
    let main = view! { <NameShown form=form.clone()/> };
    changing(ask, me, status, &form, main.into_any()).await
}

async fn name(ask: Ask, Fresh(me): Fresh<Me>, mut form: Fields) -> Result<Response> {
    let called = form.line("called", 60, "Type the name you want us to use");
    if !form.ok() {
        return name_page(&ask, &me, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    acts::set_called(&ask.app.db, &ask.app.vault, mine(&ask, &me), called).await?;
    Ok(see_other("/me/account"))
}

/// What the pages show: every contact, the quiet hours, and whether nothing is sent for the person's safety.
struct Shown {
    contacts: Vec<Contact>,
    quiet: Quiet,
    silent: bool,
}

async fn load(ask: &Ask, me: &Me) -> Result<Shown> {
    let mut db = ask.app.db.read().await?;
    let mut access = access::check::<ChangeAccount, _>(&mut db, &me.session.actor, me.person, ask.now)
        .await?
        .ok_or(Error::NotFound)?;
    let contacts = people::contacts(&mut access, &ask.app.vault).await?;
    let quiet = people::quiet(&mut access).await?;
    let silent = people::is_flagged(access.reads(), me.person).await?;
    Ok(Shown { contacts, quiet, silent })
}

async fn show(ask: Ask, Fresh(me): Fresh<Me>) -> Result<Response> {
    let shown = load(&ask, &me).await?;
    let hour = |time: Time| time.strftime("%H:%M").to_string();
    let form = Fields::filled([("from", hour(shown.quiet.from)), ("to", hour(shown.quiet.to))]);
    page(&ask, &me, StatusCode::OK, shown, form).await
}

async fn page(ask: &Ask, me: &Me, status: StatusCode, shown: Shown, mut form: Fields) -> Result<Response> {
    // A form for one thing leaves the other as it is.
    let hour = |time: Time| time.strftime("%H:%M").to_string();
    for (name, value) in [("from", shown.quiet.from), ("to", shown.quiet.to)] {
        if form.typed(name).is_empty() {
            form.put(name, hour(value));
        }
    }
    let now = ask.now;
    let main =
        view! { <ReachPage contacts=shown.contacts quiet=shown.quiet silent=shown.silent form=form.clone() now/> };
    reading(ask, me, status, &form, "contacts", main.into_any()).await
}

/// The button that was pressed; empty, with a fault, when it is none of these.
fn pressed(form: &mut Fields, buttons: &[&'static str]) -> &'static str {
    let known = |word: &str| buttons.iter().copied().find(|button| *button == word);
    form.choice("do", known, "Press one of the buttons on this page").filter(|_| form.ok()).unwrap_or_default()
}

async fn change(ask: Ask, Fresh(me): Fresh<Me>, mut form: Fields) -> Result<Response> {
    let (db, vault) = (&ask.app.db, &ask.app.vault);
    match pressed(&mut form, &["quiet", "loud", "add"]) {
        "quiet" => {
            let from = form.time("from", "Choose when quiet begins");
            let to = form.time("to", "Choose when quiet ends");
            if let (Some(from), Some(to), true) = (from, to, form.ok()) {
                acts::change(db, mine(&ask, &me), Reach::Quiet(Quiet { from, to })).await?;
                return Ok(see_other("/me/account/reach"));
            }
        }
        "loud" => {
            let none = Quiet { from: Time::midnight(), to: Time::midnight() };
            acts::change(db, mine(&ask, &me), Reach::Quiet(none)).await?;
            return Ok(see_other("/me/account/reach"));
        }
        "add" => {
            let typed = form.line("value", 200, "Type an email address or a phone number");
            let channel = if typed.contains('@') { Channel::Email } else { Channel::Phone };
            let value = channel.read(&typed);
            let shown = load(&ask, &me).await?;
            if !typed.is_empty() && value.is_none() {
                form.fault(
                    "value",
                    "Type an email address, such as sam@example.com, or a phone number, such as 07700 900123",
                );
            } else if shown.contacts.iter().any(|contact| Some(&contact.value) == value.as_ref()) {
                form.fault("value", "That is on your list already");
            } else if shown.contacts.len() >= CONTACTS {
                form.fault("value", "You can have 5. Remove one first.");
            }
            if let (Some(value), true) = (value, form.ok()) {
                let contact = acts::add(db, vault, mine(&ask, &me), channel, value).await?;
                return Ok(see_other(&format!("/me/account/reach/{contact}")));
            }
        }
        _ => {}
    }
    let shown = load(&ask, &me).await?;
    page(&ask, &me, StatusCode::UNPROCESSABLE_ENTITY, shown, form).await
}

async fn show_one(ask: Ask, Fresh(me): Fresh<Me>, Path(id): Path<String>) -> Result<Response> {
    one_page(&ask, &me, &id, StatusCode::OK, Fields::default()).await
}

async fn one_page(ask: &Ask, me: &Me, id: &str, status: StatusCode, form: Fields) -> Result<Response> {
    let id = ContactId::parse(id).ok_or(Error::NotFound)?;
    let shown = load(ask, me).await?;
    let contact = shown.contacts.into_iter().find(|contact| contact.id == id).ok_or(Error::NotFound)?;
    let (silent, now) = (shown.silent, ask.now);
    let main = view! { <ContactPage contact silent form=form.clone() now/> };
    reading(ask, me, status, &form, "contacts", main.into_any()).await
}

async fn change_one(ask: Ask, Fresh(me): Fresh<Me>, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let contact = ContactId::parse(&id).ok_or(Error::NotFound)?;
    // Somebody else's is not there, whatever was pressed.
    if !load(&ask, &me).await?.contacts.iter().any(|one| one.id == contact) {
        return Err(Error::NotFound);
    }
    let (db, vault, mine) = (&ask.app.db, &ask.app.vault, mine(&ask, &me));
    let here = format!("/me/account/reach/{contact}");
    let what = pressed(&mut form, &["confirm", "send", "on", "off", "remove"]);
    match what {
        "confirm" => {
            let typed = form.line("code", 40, "Type the code we sent");
            let digits = read_digits(&typed);
            if !typed.is_empty() && digits.is_none() {
                form.fault("code", "The code has 8 numbers");
            }
            if let (Some(digits), true) = (digits, form.ok()) {
                match acts::confirm(db, vault, mine, contact, digits).await? {
                    Typed::Right => return Ok(see_other("/me/account/reach")),
                    Typed::Wrong => form.fault("code", "That is not the code we sent last. Check it and try again."),
                    Typed::None => {
                        form.fault("code", "That code is too old, or was tried too often. Ask for a new one.")
                    }
                }
            }
        }
        "send" => {
            if acts::send_again(db, mine, contact).await? {
                return Ok(see_other(&here));
            }
            form.fault("do", "You asked for 5 codes in the last hour. Wait an hour and ask again.");
        }
        "on" | "off" => {
            acts::change(db, mine, Reach::Notify(contact, what == "on")).await?;
            return Ok(see_other(&here));
        }
        "remove" => {
            acts::change(db, mine, Reach::Remove(contact)).await?;
            return Ok(see_other("/me/account/reach"));
        }
        _ => {}
    }
    one_page(&ask, &me, &id, StatusCode::UNPROCESSABLE_ENTITY, form).await
}
