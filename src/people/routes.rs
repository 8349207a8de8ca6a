//! `/admin`: adding staff, what they may do, handing over, leaving.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::acts::{self, By, Changed};
use super::views::{MemberCode, MemberPage, Members, NewMember};
use super::{Role, StaffId, is_email, store};
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::signin::guard::{Admin, Fresh};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of this feature.
pub fn routes() -> Routes<App> {
    Routes::default()
        .get("/admin", Audience::Admin, Cache::Never, members)
        .get("/admin/staff/new", Audience::Admin, Cache::Never, show_new)
        .post("/admin/staff/new", Audience::Admin, add)
        .get("/admin/staff/{id}", Audience::Admin, Cache::Never, member)
        .post("/admin/staff/{id}", Audience::Admin, change)
}

fn by(ask: &Ask, admin: &Admin) -> By {
    By { actor: admin.session.actor.clone(), number: ask.number.clone(), at: ask.now }
}

async fn members(ask: Ask, admin: Admin) -> Result<Response> {
    let members = store::members(&mut ask.app.db.read().await?, &ask.app.vault, ask.now).await?;
    let main = view! { <Members members/> };
    let frame = Frame::staff("Staff", admin.nav(), Part::Admin, main.into_any());
    Ok(ask.page(StatusCode::OK, frame.flash(admin.session.flash.map(Flash::says))))
}

async fn show_new(ask: Ask, Fresh(admin): Fresh<Admin>) -> Response {
    new_page(&ask, &admin, StatusCode::OK, Fields::default())
}

fn new_page(ask: &Ask, admin: &Admin, status: StatusCode, form: Fields) -> Response {
    let wrong = !form.ok();
    let main = view! { <NewMember form/> };
    ask.page(status, Frame::staff("Add somebody", admin.nav(), Part::Admin, main.into_any()).wrong(wrong))
}

async fn add(ask: Ask, Fresh(admin): Fresh<Admin>, mut form: Fields) -> Result<Response> {
    let name = form.line("name", 120, "Enter their name");
    let email = form.line("email", 200, "Enter their work email address");
    let role = form.choice("role", Role::parse, "Choose a role");
    if !email.is_empty() && !is_email(&email) {
        form.fault("email", "Enter an email address, such as priya@example.gov.uk");
    }
    let (Some(role), true) = (role, form.ok()) else {
        return Ok(new_page(&ask, &admin, StatusCode::UNPROCESSABLE_ENTITY, form));
    };
    match acts::add_member(&ask.app.db, &ask.app.vault, by(&ask, &admin), name.clone(), email, role).await {
        Ok((staff, code)) => Ok(code_page(&ask, &admin, staff, name, code)),
        Err(Error::Duplicate) => {
            form.fault("email", "Somebody here has this email address already");
            Ok(new_page(&ask, &admin, StatusCode::UNPROCESSABLE_ENTITY, form))
        }
        Err(error) => Err(error),
    }
}

fn code_page(ask: &Ask, admin: &Admin, staff: StaffId, name: String, code: String) -> Response {
    let main = view! { <MemberCode staff name code/> };
    ask.page(StatusCode::OK, Frame::staff("Code", admin.nav(), Part::Admin, main.into_any()))
}

async fn member(ask: Ask, Fresh(admin): Fresh<Admin>, Path(id): Path<String>) -> Result<Response> {
    let staff = StaffId::parse(&id).ok_or(Error::NotFound)?;
    member_page(&ask, &admin, staff, StatusCode::OK, Fields::default()).await
}

async fn member_page(ask: &Ask, admin: &Admin, staff: StaffId, status: StatusCode, form: Fields) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let member = store::member(&mut db, &ask.app.vault, staff, ask.now).await?.ok_or(Error::NotFound)?;
    let others = store::members(&mut db, &ask.app.vault, ask.now).await?;
    drop(db);
    let others = others
        .into_iter()
        .filter(|other| other.active && other.id != staff && other.roles.iter().any(|role| role.works_with_people()))
        .map(|other| (other.id.to_string(), format!("{}, works with {}", other.name, other.works_with)))
        .collect();
    let wrong = !form.ok();
    let main = view! { <MemberPage member others form/> };
    let frame = Frame::staff("Staff", admin.nav(), Part::Admin, main.into_any()).wrong(wrong);
    Ok(ask.page(status, frame.flash(admin.session.flash.map(Flash::says))))
}

/// What an administrator does with a member of staff.
#[derive(Clone, Copy)]
enum Do {
    Give(Role),
    End(Role),
    Code,
    HandOver,
    Leave,
}

fn what(word: &str) -> Option<Do> {
    match word.split_once(':') {
        Some(("give", role)) => Role::parse(role).map(Do::Give),
        Some(("end", role)) => Role::parse(role).map(Do::End),
        None if word == "code" => Some(Do::Code),
        None if word == "hand-over" => Some(Do::HandOver),
        None if word == "leave" => Some(Do::Leave),
        _ => None,
    }
}

async fn change(ask: Ask, Fresh(admin): Fresh<Admin>, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let staff = StaffId::parse(&id).ok_or(Error::NotFound)?;
    let mut db = ask.app.db.read().await?;
    let member = store::member(&mut db, &ask.app.vault, staff, ask.now).await?.ok_or(Error::NotFound)?;
    drop(db);
    let chosen = form.choice("do", what, "Press one of the buttons on this page");
    let (Some(chosen), true) = (chosen, form.ok()) else {
        return member_page(&ask, &admin, staff, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let (db, vault, by) = (&ask.app.db, &ask.app.vault, by(&ask, &admin));
    let changed = match chosen {
        Do::Give(role) => acts::set_role(db, by, staff, role, true).await?,
        Do::End(role) => acts::set_role(db, by, staff, role, false).await?,
        Do::Leave => acts::leave(db, by, staff).await?,
        Do::HandOver => match form.choice("to", StaffId::parse, "Choose who takes over").filter(|to| *to != staff) {
            Some(to) if form.ok() => acts::hand_over(db, by, staff, to).await?,
            _ => return member_page(&ask, &admin, staff, StatusCode::UNPROCESSABLE_ENTITY, form).await,
        },
        Do::Code => {
            let code = acts::member_code(db, vault, by, staff).await?;
            return Ok(code_page(&ask, &admin, staff, member.name, code));
        }
    };
    let says = match changed {
        Changed::Done => return Ok(see_other(&format!("/admin/staff/{staff}"))),
        Changed::Owns => "They still work with somebody. Hand over first.",
        Changed::LastAdmin => "They are the only administrator. Make somebody else one first.",
        Changed::CannotTake => "Whoever takes over must be here and work with young people.",
    };
    form.fault(if matches!(chosen, Do::HandOver) { "to" } else { "do" }, says);
    member_page(&ask, &admin, staff, StatusCode::UNPROCESSABLE_ENTITY, form).await
}
