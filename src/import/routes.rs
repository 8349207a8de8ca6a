//! `/admin/import`: files of the case system. First the page says what would become of each row; a button brings the
//! good ones in. Nothing of a record is shown: counts, and the keys of the files themselves.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::acts::{self, By, Go};
use super::cells::bad_rows;
use super::views::{ImportPage, Tried};
use super::{Files, KeptId, Places, Report, Sheet, Texts, read, store};
use crate::app::{App, Ask};
use crate::audit::{Audited, Entry};
use crate::clock::london_date;
use crate::error::{Error, Result};
use crate::signin::guard::{Admin, Fresh};
use crate::ui::{Frame, Part};
use crate::web::answer::{own_file, see_other};
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};
use crate::web::upload::Upload;

/// The addresses of this feature.
pub fn routes() -> Routes<App> {
    Routes::default()
        .get("/admin/import", Audience::Admin, Cache::Never, show)
        .post("/admin/import", Audience::Admin, upload)
        .get("/admin/import/{id}", Audience::Admin, Cache::Never, tried)
        .post("/admin/import/{id}", Audience::Admin, settle)
        .get("/admin/import/{id}/bad/{what}", Audience::Admin, Cache::Never, bad)
}

fn by(ask: &Ask, admin: &Admin) -> By {
    By { actor: Some(admin.session.actor.clone()), number: ask.number.clone(), at: ask.now }
}

fn places(ask: &Ask) -> Places {
    Places::of(&ask.app.content().edition.library.timetable)
}

async fn show(ask: Ask, Fresh(admin): Fresh<Admin>) -> Response {
    upload_page(&ask, &admin, StatusCode::OK, Fields::default())
}

fn upload_page(ask: &Ask, admin: &Admin, status: StatusCode, form: Fields) -> Response {
    let wrong = !form.ok();
    let frame = Frame::staff("Import", admin.nav(), Part::Admin, view! { <ImportPage form/> }.into_any()).wrong(wrong);
    ask.page(status, frame.flash(admin.session.flash.map(Flash::says)))
}

/// An administrator's files are read before the fresh proof is asked for: else the line breaks while they come.
async fn upload(ask: Ask, _: Admin, fresh: Result<Fresh<Admin>>, Upload(files): Upload) -> Result<Response> {
    let Fresh(admin) = fresh?;
    let given: BTreeMap<Sheet, &[u8]> =
        Sheet::ALL.into_iter().filter_map(|sheet| Some((sheet, &files.get(sheet.as_str())?[..]))).collect();
    let mut form = Fields::default();
    if given.is_empty() {
        form.fault(Sheet::Staff.as_str(), "Choose at least one file");
    }
    for (sheet, says) in read::files(&given, &places(&ask), london_date(ask.now)).err().unwrap_or_default() {
        form.fault(sheet.as_str(), says);
    }
    if !form.ok() {
        return Ok(upload_page(&ask, &admin, StatusCode::UNPROCESSABLE_ENTITY, form));
    }
    // What was read is UTF-8.
    let texts = given.into_iter().map(|(sheet, bytes)| (sheet, String::from_utf8_lossy(bytes).into_owned())).collect();
    let kept = acts::keep(&ask.app.db, &ask.app.vault, by(&ask, &admin), admin.staff, texts).await?;
    Ok(see_other(&format!("/admin/import/{kept}")))
}

/// The files that this administrator gave, read again.
async fn kept(ask: &Ask, admin: &Admin, id: &str) -> Result<(KeptId, Files)> {
    let id = KeptId::parse(id).ok_or(Error::NotFound)?;
    let texts = store::kept(&mut ask.app.db.read().await?, &ask.app.vault, admin.staff, id, ask.now).await?;
    let texts: Texts = texts.ok_or(Error::NotFound)?;
    let given = texts.iter().map(|(sheet, text)| (*sheet, text.as_bytes())).collect();
    let files = read::files(&given, &places(ask), london_date(ask.now));
    // They could be read when they came.
    Ok((id, files.map_err(|_| Error::Internal("kept files do not read".into()))?))
}

/// Tries the files, and writes down that it was done: it tells whether somebody is here.
async fn try_out(ask: &Ask, admin: &Admin, id: KeptId, files: Files) -> Result<(Report, Audited)> {
    let rows: usize = files.values().map(|table| table.rows.len()).sum();
    let report = acts::run(&ask.app.db, &ask.app.vault, by(ask, admin), places(ask), files, Go::Try).await?;
    let entry = Entry {
        object_id: Some(id.cast()),
        many: i64::try_from(rows).unwrap_or(i64::MAX),
        ..Entry::of(Some(admin.session.actor.clone()), "try", "import", ask.now)
    };
    Ok((report, ask.viewed(entry).await?))
}

async fn tried(ask: Ask, Fresh(admin): Fresh<Admin>, Path(id): Path<String>) -> Result<Response> {
    page(&ask, &admin, &id, StatusCode::OK, Fields::default()).await
}

async fn page(ask: &Ask, admin: &Admin, id: &str, status: StatusCode, form: Fields) -> Result<Response> {
    let (id, files) = kept(ask, admin, id).await?;
    let lacking = acts::lacking(&ask.app.db, &ask.app.vault, &acts::keys(&files), ask.now).await?;
    let (report, audited) = try_out(ask, admin, id, files).await?;
    let wrong = !form.ok();
    let main = view! { <Tried id report lacking form/> };
    let frame = Frame::staff("Import", admin.nav(), Part::Admin, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(admin.session.flash.map(Flash::says))))
}

async fn bad(ask: Ask, Fresh(admin): Fresh<Admin>, Path((id, what)): Path<(String, String)>) -> Result<Response> {
    let sheet = Sheet::parse(&what).ok_or(Error::NotFound)?;
    let (id, files) = kept(&ask, &admin, &id).await?;
    let (mut report, _) = try_out(&ask, &admin, id, files).await?;
    let outcome = report.of.remove(&sheet).ok_or(Error::NotFound)?;
    let name = format!("{}-to-mend.csv", sheet.as_str());
    Ok(own_file(&name, "text/csv; charset=utf-8", bad_rows(&outcome.heading, &outcome.bad)))
}

async fn settle(ask: Ask, Fresh(admin): Fresh<Admin>, Path(id): Path<String>, mut form: Fields) -> Result<Response> {
    let brings = |word: &str| matches!(word, "import" | "forget").then_some(word == "import");
    let brings = form.choice("do", brings, "Press one of the buttons on this page");
    let (Some(brings), true) = (brings, form.ok()) else {
        return page(&ask, &admin, &id, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let (id, files) = kept(&ask, &admin, &id).await?;
    if !brings {
        acts::forget(&ask.app.db, admin.staff, id).await?;
        return Ok(see_other("/admin/import"));
    }
    acts::run(&ask.app.db, &ask.app.vault, by(&ask, &admin), places(&ask), files, Go::Import).await?;
    acts::done(&ask.app.db, admin.session.token_hash).await?;
    Ok(see_other(&format!("/admin/import/{id}")))
}
