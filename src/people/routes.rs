//! `/admin`: adding staff, what they may do, their team, handing over, leaving.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::acts::{self, By, Changed, Choice, GivenCode};
use super::views::{MemberCode, MemberPage, Members, NewMember, Recovery, Teams};
use super::{Role, StaffId, TeamPage, is_email, store, team_name};
use crate::app::{App, Ask};
use crate::dropins::Locality;
use crate::error::{Error, Result};
use crate::signin::doors::KnownBy;
use crate::signin::guard::{Admin, Fresh};
use crate::signin::{Owner, store as signin};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

/// The addresses of this feature.
pub fn routes() -> Routes<App> {
    Routes::default()
        .get("/admin", Audience::Admin, Cache::Never, members)
        .get("/admin/teams", Audience::Admin, Cache::Never, teams)
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

/// The localities that have a team or can be given one: slug, what the team is called, and the council.
fn localities(ask: &Ask) -> Vec<(String, String, String)> {
    let content = ask.app.content();
    let mut all: Vec<_> = content.edition.library.timetable.localities.iter().collect();
    all.sort_by_key(|(_, locality)| locality.order);
    let told =
        |(slug, locality): (&String, &Locality)| (slug.clone(), team_name(&locality.name), locality.council.clone());
    all.into_iter().map(told).collect()
}

async fn teams(ask: Ask, admin: Admin) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let (known, mates) = (store::teams(&mut db).await?, store::team_mates(&mut db, &ask.app.vault, ask.now).await?);
    let members = store::members(&mut db, &ask.app.vault, ask.now).await?;
    drop(db);
    let off_desk = members.into_iter().filter(|member| {
        let on_desk = mates.iter().any(|(_, mate)| mate.staff == member.id && mate.duty);
        member.roles.contains(&Role::Duty) && !on_desk
    });
    let off_desk = off_desk.map(|member| (member.id, member.name)).collect();
    let pages = localities(&ask).into_iter().map(|(slug, name, _)| {
        // A team that is there keeps its name.
        let team = known.iter().find(|team| team.locality == slug);
        let mates = mates.iter().filter(|(of, _)| team.is_some_and(|team| team.id == *of));
        let mates = mates.map(|(_, mate)| mate.clone()).collect();
        TeamPage { name: team.map_or(name, |team| team.name.clone()), mates }
    });
    let main = view! { <Teams teams=pages.collect() off_desk/> };
    Ok(ask.page(StatusCode::OK, Frame::staff("Teams", admin.nav(), Part::Admin, main.into_any())))
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
        Ok((staff, Some(given))) => Ok(code_page(&ask, &admin, staff, name, given)),
        // Their page says who makes the code.
        Ok((staff, None)) => Ok(see_other(&format!("/admin/staff/{staff}"))),
        Err(Error::Duplicate) => {
            form.fault("email", "Somebody here has this email address already");
            Ok(new_page(&ask, &admin, StatusCode::UNPROCESSABLE_ENTITY, form))
        }
        Err(error) => Err(error),
    }
}

fn code_page(ask: &Ask, admin: &Admin, staff: StaffId, name: String, given: GivenCode) -> Response {
    let main = view! { <MemberCode staff name code=given.code waits=given.waits/> };
    ask.page(StatusCode::OK, Frame::staff("Code", admin.nav(), Part::Admin, main.into_any()))
}

async fn member(ask: Ask, Fresh(admin): Fresh<Admin>, Path(id): Path<String>) -> Result<Response> {
    let staff = StaffId::parse(&id).ok_or(Error::NotFound)?;
    member_page(&ask, &admin, staff, StatusCode::OK, Fields::default()).await
}

/// How somebody of the staff gets back in, as this administrator sees it.
async fn recovery(ask: &Ask, admin: &Admin, staff: StaffId) -> Result<Recovery> {
    let (owner, mut db) = (Owner::Staff(staff), ask.app.db.read().await?);
    let waiting = signin::waiting_codes(&mut db, owner, ask.now).await?.first().copied();
    if let Some((_, giver)) = waiting {
        let by = store::staff_name(&mut db, &ask.app.vault, giver).await?;
        return Ok(if giver == admin.staff { Recovery::Waits } else { Recovery::Asked(by) });
    }
    let waits = acts::waits(&mut db, staff, ask.now).await?;
    let alone = store::seconds(&mut db, staff, admin.staff, ask.now).await?.is_empty();
    Ok(if alone && waits { Recovery::Alone } else { Recovery::Give { first: !waits } })
}

async fn member_page(ask: &Ask, admin: &Admin, staff: StaffId, status: StatusCode, form: Fields) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let member = store::member(&mut db, &ask.app.vault, staff, ask.now).await?.ok_or(Error::NotFound)?;
    let others = store::members(&mut db, &ask.app.vault, ask.now).await?;
    let team = db.fetch(store::team_of_member(staff, ask.now)).await?;
    drop(db);
    let recovery = recovery(ask, admin, staff).await?;
    // Not sent yet: the boxes show how it is.
    let form = match &team {
        Some((team, duty)) if form.typed("do").is_empty() => {
            let duty = if *duty { "yes" } else { "" };
            Fields::filled([("team", team.locality.clone()), ("duty", duty.to_owned())])
        }
        _ => form,
    };
    let choices = localities(ask).into_iter().map(|(slug, name, _)| (slug, name)).collect();
    let others = others
        .into_iter()
        .filter(|other| other.active && other.id != staff && other.roles.iter().any(|role| role.works_with_people()))
        .map(|other| (other.id.to_string(), format!("{}, works with {}", other.name, other.works_with)))
        .collect();
    let wrong = !form.ok();
    let main = view! { <MemberPage member others team choices recovery form/> };
    let frame = Frame::staff("Staff", admin.nav(), Part::Admin, main.into_any()).wrong(wrong);
    Ok(ask.page(status, frame.flash(admin.session.flash.map(Flash::says))))
}

/// What an administrator does with a member of staff.
#[derive(Clone, Copy)]
enum Do {
    Give(Role),
    End(Role),
    Code,
    Approve,
    HandOver,
    Team,
    LeaveTeam,
    Leave,
}

fn what(word: &str) -> Option<Do> {
    match word.split_once(':') {
        Some(("give", role)) => Role::parse(role).map(Do::Give),
        Some(("end", role)) => Role::parse(role).map(Do::End),
        None if word == "code" => Some(Do::Code),
        None if word == "approve" => Some(Do::Approve),
        None if word == "hand-over" => Some(Do::HandOver),
        None if word == "team" => Some(Do::Team),
        None if word == "leave-team" => Some(Do::LeaveTeam),
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
            Some(to) if form.ok() => acts::hand_over_all(db, vault, by, staff, to).await?,
            _ => return member_page(&ask, &admin, staff, StatusCode::UNPROCESSABLE_ENTITY, form).await,
        },
        Do::LeaveTeam => acts::set_team(db, by, staff, None).await?,
        Do::Team => {
            let known = localities(&ask);
            let read = |slug: &str| known.iter().find(|(known, ..)| known == slug).cloned();
            let (team, duty) = (form.choice("team", read, "Choose a team"), form.ticked("duty"));
            match team {
                Some((locality, name, council)) if form.ok() => {
                    acts::set_team(db, by, staff, Some(Choice { locality, name, council, duty })).await?
                }
                _ => return member_page(&ask, &admin, staff, StatusCode::UNPROCESSABLE_ENTITY, form).await,
            }
        }
        Do::Approve => {
            acts::approve_member(db, by, staff).await?;
            Changed::Done
        }
        Do::Code => {
            let known = form.choice("known", KnownBy::parse, "Choose how you know that it is them");
            let (Some(known), true) = (known, form.ok()) else {
                return member_page(&ask, &admin, staff, StatusCode::UNPROCESSABLE_ENTITY, form).await;
            };
            match acts::member_code(db, vault, by, staff, known).await? {
                Some(given) => return Ok(code_page(&ask, &admin, staff, member.name, given)),
                None => Changed::Alone,
            }
        }
    };
    let says = match changed {
        Changed::Done => return Ok(see_other(&format!("/admin/staff/{staff}"))),
        Changed::Owns => "They still work with somebody. Hand over first.",
        Changed::LastAdmin => "They are the only administrator. Make somebody else one first.",
        Changed::LastDesk => {
            "Nobody else is on a duty desk or manages a team: messages would be read by nobody. Add somebody first."
        }
        Changed::CannotTake => "Whoever takes over must be here and work with young people.",
        Changed::Alone => "Nobody else could say yes to it. On the server, portal staff code makes one.",
        Changed::Oneself => "Somebody else must do that: nobody opens young people's records to themselves.",
        Changed::Apart => "Whoever keeps the accounts works with no young people. Take the other role away first.",
        Changed::NoDutyRole => "They do not hold the duty role. Add it first, on this page.",
    };
    let at = match chosen {
        Do::HandOver => "to",
        Do::Team => "duty",
        Do::Code => "known",
        Do::Give(_) | Do::End(_) | Do::Approve | Do::LeaveTeam | Do::Leave => "do",
    };
    form.fault(at, says);
    member_page(&ask, &admin, staff, StatusCode::UNPROCESSABLE_ENTITY, form).await
}
