//! `/me/plan`: reading it, and saying what one thinks of each part.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::{OTHER_WORDS, OVER, button, heading_of, load, pressed};
use crate::app::{App, Ask};
use crate::clock::london_date;
use crate::error::{Error, Result};
use crate::people::access::{self, ReadPlan};
use crate::people::store as people;
use crate::plan::acts::{self, Done};
use crate::plan::views::{MyPlan, Saying};
use crate::plan::{Heading, LONGEST, Opinion};
use crate::signin::guard::{Fresh, Me};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/me/plan", Audience::PersonSealed, Cache::Never, mine)
        .get("/me/plan/say/{heading}", Audience::PersonSealed, Cache::Never, saying)
        .post("/me/plan/say/{heading}", Audience::PersonSealed, say)
        .post("/me/plan/agree", Audience::PersonSealed, agree)
}

async fn mine(ask: Ask, Fresh(me): Fresh<Me>) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<ReadPlan, _>(&mut db, &me.session.actor, me.person, ask.now).await?.ok_or(Error::NotFound)?;
    let whole = load(&ask, &mut access, false).await?;
    let workers = people::workers(&mut access, &ask.app.vault).await?;
    let entry = access.entry();
    drop(db);
    let audited = ask.viewed(entry).await?;
    if !whole.known.noted {
        acts::look(&ask.app.db, &me.session.actor, me.person, ask.now).await?;
    }
    let lead = workers.into_iter().find(|worker| worker.lead).map(|worker| worker.name);
    let main = view! { <MyPlan whole lead today=london_date(ask.now)/> };
    let frame = Frame::person("Plan", Part::Plan, main.into_any()).flash(me.session.flash.map(Flash::says));
    Ok(ask.private_page(&audited, StatusCode::OK, frame))
}

fn say_place(heading: Heading) -> String {
    format!("/me/plan/say/{}", heading.as_str())
}

async fn saying(ask: Ask, Fresh(me): Fresh<Me>, Path(word): Path<String>) -> Result<Response> {
    let heading = heading_of(&word)?;
    let form = me.session.with_kept(&ask, &say_place(heading), Fields::default()).await?;
    say_page(&ask, &me, heading, StatusCode::OK, form).await
}

async fn say_page(ask: &Ask, me: &Me, heading: Heading, status: StatusCode, form: Fields) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let mut access =
        access::check::<ReadPlan, _>(&mut db, &me.session.actor, me.person, ask.now).await?.ok_or(Error::NotFound)?;
    let whole = load(ask, &mut access, false).await?;
    let entry = access.entry();
    drop(db);
    let version = whole.shared.clone().ok_or(Error::NotFound)?;
    let audited = ask.viewed(entry).await?;
    let sheet = whole.sheets.into_iter().find(|sheet| sheet.heading == heading).ok_or(Error::NotFound)?;
    let wrong = !form.ok();
    let main = view! { <Saying sheet version=version.number form/> };
    let frame = Frame::person("Plan", Part::Plan, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame))
}

async fn say(ask: Ask, Fresh(me): Fresh<Me>, Path(word): Path<String>, mut form: Fields) -> Result<Response> {
    let heading = heading_of(&word)?;
    form.key()?;
    let opinion = form.choice("opinion", Opinion::parse, "Choose what you think of it");
    let words = form.optional_text("body", LONGEST);
    if opinion == Some(Opinion::Disagree) && words.is_none() {
        form.fault("body", "Say in your own words what you do not agree with");
    }
    let number = form.choice("version", |text| text.parse::<i64>().ok(), "Go back to your plan and try again");
    let (Some(opinion), Some(number), true) = (opinion, number, form.ok()) else {
        return say_page(&ask, &me, heading, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let post = me.session.post(&ask, me.person, &mut form, format!("/me/plan#{}", heading.as_str()))?;
    let post = post.written_on(say_place(heading));
    match acts::say(&ask.app.db, &ask.app.vault, post, number, (heading, opinion), words).await? {
        Done::To(to) => Ok(see_other(&to)),
        Done::OtherText => {
            form.fault("body", OTHER_WORDS);
            say_page(&ask, &me, heading, StatusCode::CONFLICT, form.with_new_key()).await
        }
        Done::Refused(_) => {
            form.fault("body", OVER);
            say_page(&ask, &me, heading, StatusCode::CONFLICT, form.with_new_key()).await
        }
    }
}

async fn agree(ask: Ask, Fresh(me): Fresh<Me>, mut form: Fields) -> Result<Response> {
    let number = form.typed("version").parse::<i64>().map_err(|_| Error::Refused(StatusCode::CONFLICT, OVER))?;
    let post = button(&ask, &me.session, me.person, &mut form, "/me/plan".to_owned())?;
    pressed(acts::agree_with_all(&ask.app.db, &ask.app.vault, post, number).await?)
}
