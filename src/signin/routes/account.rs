//! `/me/account`: where I am signed in, my username, my passphrase, my card.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::join::{new_passphrase, new_username};
use crate::app::{App, Ask};
use crate::error::{Error, Proof, Result};
use crate::id::Id;
use crate::people::Door;
use crate::people::access::{self, ChangeAccount, ReadAccount};
use crate::people::store as people;
use crate::signin::acts::account::{self as acts, End, Mine};
use crate::signin::guard::{Fresh, Me, Open};
use crate::signin::views::account::{
    Account, AccountPage, CardMade, MakeCard, NewPassphrasePage, NewUsername, Phone, ResetNotice, Visit,
};
use crate::signin::{SessionId, new_card, offer_passphrase, offer_username, store};
use crate::ui::{Frame, Part};
use crate::web::answer::see_other;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::routes::{Audience, Cache, Routes};

const HERE: &str = "/me/account";

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/me/account", Audience::PersonOpen, Cache::Never, show)
        .post("/me/account", Audience::PersonOpen, end)
        .get("/me/account/username", Audience::PersonSealed, Cache::Never, show_username)
        .post("/me/account/username", Audience::PersonSealed, username)
        .get("/me/account/passphrase", Audience::PersonSealed, Cache::Never, show_passphrase)
        .post("/me/account/passphrase", Audience::PersonSealed, passphrase)
        .get("/me/account/card", Audience::PersonSealed, Cache::Never, show_card)
        .post("/me/account/card", Audience::PersonSealed, card)
}

pub(super) fn mine(ask: &Ask, me: &Me) -> Mine {
    Mine { person: me.person, session: me.session.clone(), number: ask.number.clone(), at: ask.now }
}

async fn show(ask: Ask, Open(me): Open<Me>) -> Result<Response> {
    page(&ask, me, StatusCode::OK, Fields::default()).await
}

async fn page(ask: &Ask, me: Me, status: StatusCode, form: Fields) -> Result<Response> {
    let vault = &ask.app.vault;
    let mut db = ask.app.db.read().await?;
    let mut access = access::check::<ReadAccount, _>(&mut db, &me.session.actor, me.person, ask.now)
        .await?
        .ok_or(Error::NotFound)?;
    let called = people::person(&mut access, vault).await?.called;
    let reached = people::contacts(&mut access, vault).await?.len();
    let entry = access.entry();
    let (account, owner) = (me.session.account, me.session.owner);
    let reset = match store::reset(&mut db, account).await? {
        Some(reset) => {
            let by = match reset.by {
                Some(by) => Some(people::staff_name(&mut db, vault, by).await?),
                None => None,
            };
            Some(ResetNotice { at: reset.at, by, how: reset.how })
        }
        None => None,
    };
    let sessions = store::sessions(&mut db, account, ask.now).await?.into_iter();
    let devices = store::devices(&mut db, account, ask.now).await?.into_iter();
    let shown = Account {
        called,
        reached,
        username: store::username(&mut db, vault, account, owner).await?,
        sessions: sessions.map(|session| row(session, me.session.id)).collect(),
        devices: devices
            .map(|device| Phone { id: device.id, browser: device.browser, seen_at: device.seen_at })
            .collect(),
        card_made_at: store::card_made_at(&mut db, account).await?,
        reset,
    };
    drop(db);
    let audited = ask.viewed(entry).await?;
    let (wrong, now) = (!form.ok(), ask.now);
    let main = view! { <AccountPage account=shown form now/> };
    let frame = Frame::person("Account", Part::Account, main.into_any()).wrong(wrong);
    Ok(ask.private_page(&audited, status, frame.flash(me.session.flash.map(Flash::says))))
}

pub(super) fn row(session: store::Session, this: SessionId) -> Visit {
    Visit {
        id: session.id,
        here: session.id == this,
        browser: session.browser,
        second_proof: session.second_proof,
        own_device: session.own_device,
        made_at: session.made_at,
        seen_at: session.seen_at,
    }
}

async fn end(ask: Ask, Open(me): Open<Me>, mut form: Fields) -> Result<Response> {
    let what = |word: &str| match word.split_once(':') {
        None if word == "others" => Some(End::Others),
        None if word == "notice" => Some(End::Notice),
        Some(("session", id)) => Id::parse(id).map(End::Session),
        Some(("device", id)) => Id::parse(id).map(End::Device),
        _ => None,
    };
    let what = form.choice("do", what, "Press one of the buttons on this page");
    let (Some(what), true) = (what, form.ok()) else {
        return page(&ask, me, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    // Whoever came back by a sent code, and may be somebody else, does not make the notice of it go away.
    if matches!(what, End::Notice) && me.session.door < Door::Sealed {
        let proof = if me.session.one_road { Proof::Second } else { Proof::Fresh };
        return Err(Error::ProveFirst(String::new(), proof));
    }
    acts::end(&ask.app.db, mine(&ask, &me), what).await?;
    ask.ended(me.session.account);
    Ok(see_other(HERE))
}

/// A page that changes a secret: nothing of the record stands on it, and who may see it is checked as for one.
pub(super) async fn changing(ask: &Ask, me: &Me, status: StatusCode, form: &Fields, main: AnyView) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let access = access::check::<ChangeAccount, _>(&mut db, &me.session.actor, me.person, ask.now).await?;
    access.ok_or(Error::NotFound)?;
    drop(db);
    let frame = Frame::person("Account", Part::Account, main).wrong(!form.ok());
    Ok(ask.page(status, frame.flash(me.session.flash.map(Flash::says))))
}

async fn show_username(ask: Ask, Fresh(me): Fresh<Me>) -> Result<Response> {
    let form = Fields::filled([("username", offer_username()?)]);
    username_page(&ask, &me, StatusCode::OK, form).await
}

async fn username_page(ask: &Ask, me: &Me, status: StatusCode, form: Fields) -> Result<Response> {
    let main = view! { <NewUsername base=HERE form=form.clone()/> };
    changing(ask, me, status, &form, main.into_any()).await
}

async fn username(ask: Ask, Fresh(me): Fresh<Me>, mut form: Fields) -> Result<Response> {
    let username = new_username(&mut form);
    if !form.ok() {
        return username_page(&ask, &me, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    match acts::set_username(&ask.app.db, &ask.app.vault, mine(&ask, &me), username).await {
        Ok(()) => Ok(see_other(HERE)),
        Err(Error::Duplicate) => {
            form.fault("username", "Somebody has that username. Choose another.");
            form.put("username", offer_username()?);
            username_page(&ask, &me, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
        Err(error) => Err(error),
    }
}

async fn show_passphrase(ask: Ask, Fresh(me): Fresh<Me>) -> Result<Response> {
    passphrase_page(&ask, &me, StatusCode::OK, Fields::filled([("offer", offer_passphrase()?)])).await
}

async fn passphrase_page(ask: &Ask, me: &Me, status: StatusCode, form: Fields) -> Result<Response> {
    let main = view! { <NewPassphrasePage base=HERE form=form.clone()/> };
    changing(ask, me, status, &form, main.into_any()).await
}

async fn passphrase(ask: Ask, Fresh(me): Fresh<Me>, mut form: Fields) -> Result<Response> {
    let mut db = ask.app.db.read().await?;
    let username = store::username(&mut db, &ask.app.vault, me.session.account, me.session.owner).await?;
    drop(db);
    let passphrase = new_passphrase(&mut form, &username);
    if !form.ok() {
        return passphrase_page(&ask, &me, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    let hash = ask.app.hasher.hash(passphrase).await?;
    acts::set_passphrase(&ask.app.db, mine(&ask, &me), hash).await?;
    ask.ended(me.session.account);
    Ok(see_other(HERE))
}

async fn show_card(ask: Ask, Fresh(me): Fresh<Me>) -> Result<Response> {
    changing(&ask, &me, StatusCode::OK, &Fields::default(), view! { <MakeCard/> }.into_any()).await
}

async fn card(ask: Ask, Fresh(me): Fresh<Me>) -> Result<Response> {
    let words = new_card()?;
    acts::set_card(&ask.app.db, &ask.app.vault, mine(&ask, &me), words.clone()).await?;
    changing(&ask, &me, StatusCode::OK, &Fields::default(), view! { <CardMade words/> }.into_any()).await
}
