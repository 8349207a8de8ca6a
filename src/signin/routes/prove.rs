//! `/sign-in/second`: a proof besides the passphrase. `/sign-in/again`: the passphrase once more.

use axum::http::{StatusCode, Uri, header};
use axum::response::Response;
use leptos::prelude::*;

use super::{is_ours, onward, too_many, waiting};
use crate::app::{App, Ask};
use crate::error::{Error, Result};
use crate::people::{Actor, Door, Purpose};
use crate::signin::acts::{self, Device, Evidence, Prove};
use crate::signin::guard::{Anyone, Session, browser_of, cookie, device_cookie};
use crate::signin::views::{Again, Generator, GeneratorCode, NewGenerator, Second};
use crate::signin::{Owner, read_card, read_code, read_digits, store, totp};
use crate::ui::{Exit, Frame, Part};
use crate::web::answer::see_other;
use crate::web::forms::{Fields, asked};
use crate::web::routes::{Audience, Cache, Routes};

pub(super) fn routes() -> Routes<App> {
    Routes::default()
        .get("/sign-in/second", Audience::Account, Cache::Never, show_second)
        .post("/sign-in/second", Audience::Account, second)
        .get("/sign-in/again", Audience::Account, Cache::Never, show_again)
        .post("/sign-in/again", Audience::Account, again)
}

fn required(session: Option<Session>) -> Result<Session> {
    session.ok_or_else(|| Error::SignInFirst(String::new()))
}

/// The name under which wrong proofs of an account are counted.
fn counted(session: &Session) -> String {
    format!("proof {}", session.account)
}

fn next_of(uri: &Uri) -> String {
    asked(uri, "next").filter(|next| is_ours(next)).unwrap_or_default()
}

fn onward_of(session: &Session, form: &Fields) -> String {
    onward(&session.actor, Some(form.typed("next")).filter(|next| is_ours(next)).map(str::to_owned))
}

async fn show_second(ask: Ask, Anyone(session): Anyone, uri: Uri) -> Result<Response> {
    let session = required(session)?;
    let own = if session.own_device { "yes" } else { "" };
    let form = Fields::filled([("next", next_of(&uri)), ("own", own.to_owned())]);
    if is_through(&session) {
        return Ok(see_other(&onward_of(&session, &form)));
    }
    second_page(&ask, &session, StatusCode::OK, form, false).await
}

/// Nothing is left to prove here. Who came back by a sent code alone proves it once more.
fn is_through(session: &Session) -> bool {
    session.door > Door::Write && !session.one_road
}

async fn second_page(ask: &Ask, session: &Session, status: StatusCode, form: Fields, sent: bool) -> Result<Response> {
    let wrong = !form.ok();
    let main = match session.actor {
        Actor::Person(..) => view! { <Second form one_road=session.one_road sent/> }.into_any(),
        Actor::Staff(_, ref roles) if roles.is_empty() => return Err(Error::NotFound),
        Actor::Staff(..) => match own_generator(ask, session).await? {
            Generator { secret: None, .. } => view! { <GeneratorCode form/> }.into_any(),
            generator => view! { <NewGenerator generator form/> }.into_any(),
        },
    };
    let exit = if matches!(session.actor, Actor::Person(..)) { Exit::SignOut } else { Exit::None };
    Ok(ask.page(status, Frame::public("Prove it is you", Part::SignIn, main).exit(exit).wrong(wrong)))
}

/// The code generator of a member of staff; one is made for who has none, and shown until a first code of it
/// was right.
async fn own_generator(ask: &Ask, session: &Session) -> Result<Generator> {
    let (app, site) = (&ask.app, ask.app.site_name.clone());
    let mut db = app.db.read().await?;
    let known = store::generator(&mut db, &app.vault, session.account, session.owner).await?;
    drop(db);
    match known {
        Some(known) if known.confirmed => Ok(Generator { secret: None, site }),
        Some(known) => Ok(Generator { secret: Some(known.secret), site }),
        None => {
            let secret = totp::new_secret()?;
            acts::set_up_generator(&app.db, &app.vault, session, &secret, &ask.number, ask.now).await?;
            Ok(Generator { secret: Some(secret), site })
        }
    }
}

const BAD_PROOF: &str =
    "That is not right, or it was used before. Check it, or ask your personal adviser for a new code.";
const BAD_STEP: &str = "That code is not right, or it was used before. Wait for the next one.";

async fn second(ask: Ask, Anyone(session): Anyone, mut form: Fields) -> Result<Response> {
    let session = required(session)?;
    let to = onward_of(&session, &form);
    if is_through(&session) {
        return Ok(see_other(&to));
    }
    if matches!(&session.actor, Actor::Staff(_, roles) if roles.is_empty()) {
        return Err(Error::NotFound);
    }
    if let (Owner::Person(person), "send", false) = (session.owner, form.typed("do"), session.one_road) {
        acts::reach::send_proof(&ask.app.db, session.account, person, ask.now).await?;
        return second_page(&ask, &session, StatusCode::OK, form, true).await;
    }
    let own_device = form.ticked("own") && matches!(session.owner, Owner::Person(_));
    let typed = form.line("second", 200, "Enter your code");
    if !form.ok() {
        return second_page(&ask, &session, StatusCode::UNPROCESSABLE_ENTITY, form, false).await;
    }
    if let Some(wait) = waiting(&ask, &counted(&session)).await? {
        form.fault("second", too_many(wait));
        return second_page(&ask, &session, StatusCode::TOO_MANY_REQUESTS, form, false).await;
    }
    let evidence = evidence(&ask, &session, &typed).await?;
    let says = if matches!(session.owner, Owner::Staff(_)) { BAD_STEP } else { BAD_PROOF };
    let proved = match evidence {
        Some(evidence) => prove(&ask, &session, evidence, own_device).await?,
        None => None,
    };
    match proved {
        Some(cookies) => Ok(with_cookies(see_other(&to), cookies)),
        None => {
            let (db, vault) = (&ask.app.db, &ask.app.vault);
            let username = store::username(&mut db.read().await?, vault, session.account, session.owner).await?;
            let names = (username, counted(&session));
            acts::reach::refuse_sent(db, vault, names, Purpose::Prove, &ask.number, ask.now).await?;
            form.fault("second", says);
            second_page(&ask, &session, StatusCode::UNPROCESSABLE_ENTITY, form, false).await
        }
    }
}

/// What was typed, as the evidence it may be.
async fn evidence(ask: &Ask, session: &Session, typed: &str) -> Result<Option<Evidence>> {
    let app = &ask.app;
    let mut db = app.db.read().await?;
    if let Owner::Staff(_) = session.owner {
        let known = store::generator(&mut db, &app.vault, session.account, session.owner).await?;
        let Some(known) = known else { return Ok(None) };
        let second = u64::try_from(ask.now.as_second()).unwrap_or(0);
        return Ok(totp::step(&known.secret, typed, second)?.map(|step| Evidence::Step(known.id, step)));
    }
    let card = read_card(typed);
    if card.split(' ').count() == 6 {
        return Ok(Some(Evidence::Card(card)));
    }
    let Some(plain) = read_code(typed) else { return Ok(None) };
    let code = store::code(&mut db, &app.vault, &plain, ask.now).await?;
    if let Some(code) = code.filter(|code| code.owner == session.owner) {
        return Ok(Some(Evidence::Code(code.id)));
    }
    let Some(digits) = read_digits(typed).filter(|_| !session.one_road) else { return Ok(None) };
    let username = store::username(&mut db, &app.vault, session.account, session.owner).await?;
    let sent = acts::reach::read_sent(&mut db, &app.vault, &username, Purpose::Prove, &digits, ask.now).await?;
    Ok(sent.map(Evidence::Sent))
}

type Cookies = (axum::http::HeaderValue, Option<axum::http::HeaderValue>);

/// Opens the next door under a new token. `None` when the evidence does not count any more.
async fn prove(ask: &Ask, session: &Session, evidence: Evidence, own_device: bool) -> Result<Option<Cookies>> {
    let token = crate::vault::random::<32>()?;
    let again = matches!(evidence, Evidence::Passphrase);
    let device = if own_device && !again { Some(crate::vault::random::<32>()?) } else { None };
    let raised = store::Raised {
        before: session.token_hash,
        after: crate::vault::sha256(&token),
        owner: session.owner,
        second_proof: true,
        own_device,
        fresh: true,
        flash: None,
    };
    let prove = Prove {
        session: session.clone(),
        evidence,
        raised,
        device: device.map_or(Device::Unknown, |token| Device::New(crate::vault::sha256(&token))),
        browser: browser_of(ask.headers()),
        counted: counted(session),
        number: ask.number.clone(),
    };
    let proved = acts::prove(&ask.app.db, &ask.app.vault, prove, ask.now).await?;
    Ok(proved.then(|| (cookie(&token, own_device), device.map(|token| device_cookie(&token)))))
}

fn with_cookies(mut response: Response, (session, device): Cookies) -> Response {
    response.headers_mut().append(header::SET_COOKIE, session);
    if let Some(device) = device {
        response.headers_mut().append(header::SET_COOKIE, device);
    }
    response
}

async fn show_again(ask: Ask, Anyone(session): Anyone, uri: Uri) -> Result<Response> {
    let session = required(session)?;
    let form = Fields::filled([("next", next_of(&uri))]);
    match session.door {
        Door::Write => Err(Error::ProveFirst(next_of(&uri), crate::error::Proof::Second)),
        _ if session.one_road => Err(Error::ProveFirst(next_of(&uri), crate::error::Proof::Second)),
        Door::Sealed => Ok(see_other(&onward_of(&session, &form))),
        Door::Open => Ok(again_page(&ask, &session, StatusCode::OK, form)),
    }
}

fn again_page(ask: &Ask, session: &Session, status: StatusCode, form: Fields) -> Response {
    let wrong = !form.ok();
    let exit = if matches!(session.actor, Actor::Person(..)) { Exit::SignOut } else { Exit::None };
    let staff = matches!(session.actor, Actor::Staff(..));
    let main = view! { <Again form staff/> };
    ask.page(status, Frame::public("Passphrase", Part::SignIn, main.into_any()).exit(exit).wrong(wrong))
}

async fn again(ask: Ask, Anyone(session): Anyone, mut form: Fields) -> Result<Response> {
    let session = required(session)?;
    if session.door == Door::Write {
        return Err(Error::ProveFirst(String::new(), crate::error::Proof::Second));
    }
    let to = onward_of(&session, &form);
    let passphrase = form.secret("passphrase", 1_000, "Enter your passphrase");
    if !form.ok() {
        return Ok(again_page(&ask, &session, StatusCode::UNPROCESSABLE_ENTITY, form));
    }
    if let Some(wait) = waiting(&ask, &counted(&session)).await? {
        form.fault("passphrase", too_many(wait));
        return Ok(again_page(&ask, &session, StatusCode::TOO_MANY_REQUESTS, form));
    }
    let mut db = ask.app.db.read().await?;
    let account = store::account_of(&mut db, session.owner).await?;
    drop(db);
    let right = ask.app.hasher.verify(passphrase, account.map(|account| account.hash)).await?;
    if right && let Some(cookies) = prove(&ask, &session, Evidence::Passphrase, session.own_device).await? {
        return Ok(with_cookies(see_other(&to), cookies));
    }
    acts::refuse(&ask.app.db, &ask.app.vault, counted(&session), &ask.number, ask.now).await?;
    form.fault("passphrase", "That is not your passphrase. Check it and try again.");
    Ok(again_page(&ask, &session, StatusCode::UNPROCESSABLE_ENTITY, form))
}
