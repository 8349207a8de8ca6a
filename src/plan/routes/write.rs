//! `/me/plan/want/{heading}` and `/work/people/{id}/plan/write/{heading}/{field}`: one text of the next version, with a
//! warning when somebody else wrote there meanwhile.

use axum::extract::Path;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use leptos::prelude::*;

use super::goals::idea;
use super::{OTHER_WORDS, heading_of, person_of};
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::people::access::{self, ReadPlan, WritePlan};
use crate::people::{PersonId, store as people};
use crate::plan::acts::{self, Base, Done, NotWritten};
use crate::plan::goals::added;
use crate::plan::store;
use crate::plan::views::{Pen, Writing};
use crate::plan::{Field, Heading, LONGEST, Sheet};
use crate::signin::guard::{Adviser, Fresh, Me, Session};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

pub(super) fn routes() -> Routes<App> {
    const THEIRS: &str = "/work/people/{id}/plan/write/{heading}/{field}";
    Routes::default()
        .get("/me/plan/want/{heading}", Audience::PersonSealed, Cache::Never, wanting)
        .post("/me/plan/want/{heading}", Audience::PersonSealed, want)
        .get(THEIRS, Audience::Adviser, Cache::Never, writing)
        .post(THEIRS, Audience::Adviser, write)
}

/// Who writes.
enum Who<'a> {
    Me(&'a Me),
    Worker(&'a Adviser, PersonId),
}

impl Who<'_> {
    fn session(&self) -> &Session {
        match self {
            Self::Me(me) => &me.session,
            Self::Worker(worker, _) => &worker.session,
        }
    }

    fn person(&self) -> PersonId {
        match self {
            Self::Me(me) => me.person,
            Self::Worker(_, person) => *person,
        }
    }

    /// The page that a text is written on.
    fn place(&self, (heading, field): (Heading, Field)) -> String {
        match self {
            Self::Me(_) => format!("/me/plan/want/{}", heading.as_str()),
            Self::Worker(..) => format!("{}/write/{}/{}", self.plan(), heading.as_str(), field.as_str()),
        }
    }

    /// The page of the plan that they come from.
    fn plan(&self) -> String {
        match self {
            Self::Me(_) => "/me/plan".to_owned(),
            Self::Worker(_, person) => format!("/work/people/{person}/plan"),
        }
    }
}

async fn wanting(ask: Ask, Fresh(me): Fresh<Me>, Path(word): Path<String>, uri: Uri) -> Result<Response> {
    let place = (heading_of(&word)?, Field::Want);
    let idea = idea(&ask, &uri, place);
    page_with(&ask, &Who::Me(&me), place, StatusCode::OK, None, idea).await
}

async fn want(ask: Ask, Fresh(me): Fresh<Me>, Path(word): Path<String>, form: Fields) -> Result<Response> {
    save(&ask, &Who::Me(&me), (heading_of(&word)?, Field::Want), form).await
}

type Named = (String, String, String);

fn place((id, heading, field): &Named) -> Result<(PersonId, (Heading, Field))> {
    Ok((person_of(id)?, (heading_of(heading)?, Field::parse(field).ok_or(Error::NotFound)?)))
}

async fn writing(ask: Ask, worker: Adviser, Path(named): Path<Named>, uri: Uri) -> Result<Response> {
    let (person, place) = place(&named)?;
    let idea = idea(&ask, &uri, place);
    page_with(&ask, &Who::Worker(&worker, person), place, StatusCode::OK, None, idea).await
}

async fn write(ask: Ask, worker: Adviser, Path(named): Path<Named>, form: Fields) -> Result<Response> {
    let (person, place) = place(&named)?;
    save(&ask, &Who::Worker(&worker, person), place, form).await
}

/// The page with the box. `form`: as it was sent; `None`: with what stands there now.
async fn page(
    ask: &Ask,
    who: &Who<'_>,
    place: (Heading, Field),
    status: StatusCode,
    form: Option<Fields>,
) -> Result<Response> {
    page_with(ask, who, place, status, form, None).await
}

/// The same; `idea`: a goal whose words are put under what stands there, to be changed before they are saved. Not a second
/// time under words that were typed since.
async fn page_with(
    ask: &Ask,
    who: &Who<'_>,
    (heading, field): (Heading, Field),
    status: StatusCode,
    form: Option<Fields>,
    idea: Option<(String, String)>,
) -> Result<Response> {
    let (session, person, vault) = (who.session(), who.person(), &ask.app.vault);
    let mut db = ask.app.db.read().await?;
    if let Who::Worker(..) = who {
        access::check::<WritePlan, _>(&mut db, &session.actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    }
    let mut access =
        access::check::<ReadPlan, _>(&mut db, &session.actor, person, ask.now).await?.ok_or(Error::NotFound)?;
    let newest = |drafts| store::newest_sheets(&access, vault, drafts);
    let questions = (people::whose(&access, vault), store::versions(&access), newest(true), newest(false));
    let (person, versions, sheets, shared) = access.fetch(questions).await?;
    let part = |sheets: Vec<Sheet>| sheets.into_iter().find(|sheet| sheet.heading == heading);
    let (called, newest) = (person.called, versions.first());
    let sheet = part(sheets).unwrap_or(Sheet::empty(heading));
    let entry = access.entry();
    drop(db);
    let audited = ask.viewed(entry).await?;
    let base = Base { version: newest.map_or(0, |newest| newest.number), rev: sheet.rev };
    let closed = matches!(who, Who::Worker(..)) && field == Field::Want && sheet.theirs;
    // What a worker took down in a draft they have not shared is not shown: what was shared is.
    let unseen = matches!(who, Who::Me(_)) && !sheet.theirs;
    let shown =
        if unseen { part(shared).and_then(|sheet| sheet.take(field)) } else { sheet.text(field).map(str::to_owned) };
    let (text, action) = (shown.unwrap_or_default(), who.place((heading, field)));
    let mut comes = false;
    let form = match form {
        Some(form) => form,
        None => {
            let form = Fields::filled([("body", text.clone()), ("base", base.to_string())]);
            let mut form = session.with_kept(ask, &action, form).await?;
            if let Some((slug, words)) = &idea
                && form.typed("goal") != slug
            {
                form.put("body", added(form.typed("body"), words));
                form.put("goal", slug.clone());
                comes = true;
            }
            form
        }
    };
    let wrong = !form.ok();
    let pen = match who {
        Who::Me(_) => Pen::Mine,
        Who::Worker(..) => Pen::Theirs { called, closed },
    };
    let main = view! { <Writing heading field text pen action back=who.plan() idea=comes form/> };
    let frame = match who {
        Who::Me(_) => Frame::person("Plan", Part::Plan, main.into_any()),
        Who::Worker(worker, _) => Frame::staff("Plan", worker.nav(), Part::Work, main.into_any()),
    };
    let frame = frame.wrong(wrong).flash(session.flash.map(Flash::says));
    Ok(ask.private_page(&audited, status, frame))
}

async fn save(ask: &Ask, who: &Who<'_>, place: (Heading, Field), mut form: Fields) -> Result<Response> {
    form.key()?;
    let text = form.optional_text("body", LONGEST).unwrap_or_default();
    let base = form.choice("base", Base::parse, "Go back to the plan and open this part again");
    let (Some(base), true) = (base, form.ok()) else {
        return page(ask, who, place, StatusCode::UNPROCESSABLE_ENTITY, Some(form)).await;
    };
    let to = format!("{}#{}", who.plan(), place.0.as_str());
    let post = who.session().post(ask, who.person(), &mut form, to)?.written_on(who.place(place));
    match acts::write(&ask.app.db, &ask.app.vault, post, place, base, text).await? {
        Done::To(to) => Ok(see_other(&to)),
        Done::OtherText => {
            form.fault("body", OTHER_WORDS);
            page(ask, who, place, StatusCode::CONFLICT, Some(form.with_new_key())).await
        }
        Done::Refused(NotWritten::Newer(base)) => {
            form.fault(
                "body",
                "Somebody else wrote here while you did. What stands here now is shown below. Nothing of yours was saved: put both together and save again.",
            );
            form.put("base", base.to_string());
            page(ask, who, place, StatusCode::CONFLICT, Some(form.with_new_key())).await
        }
        Done::Refused(NotWritten::Theirs) => {
            form.fault("body", "They have written this themselves by now. Only they can change it.");
            page(ask, who, place, StatusCode::CONFLICT, Some(form.with_new_key())).await
        }
    }
}
