//! Who is asking: every handler of a private page takes one of these, and is not run for anyone
//! else. The only way to an [`Actor`].

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};

use super::{AccountId, Lifetime, Owner, acts, session_is_live, store};
use crate::app::App;
use crate::error::{Error, Result};
use crate::people::{Actor, PersonId, Role, StaffId, store as people};
use crate::ui::Nav;
use crate::web::flash::Flash;
use crate::web::gate::CookieAgain;

/// The name of the session cookie. The prefix makes browsers refuse it from another host or path.
const COOKIE: &str = "__Host-sess";

/// The header of a request that an island makes by itself.
const FRAGMENT: &str = "x-fragment";

/// A live session.
#[derive(Clone, Debug)]
pub struct Session {
    /// Whose account.
    pub account: AccountId,
    /// SHA-256 of its token.
    pub token_hash: [u8; 32],
    /// What this page says once.
    pub flash: Option<Flash>,
    /// Who is asking.
    pub actor: Actor,
}

/// A signed-in young person.
#[derive(Clone, Debug)]
pub struct Me {
    /// Their id.
    pub person: PersonId,
    /// Their session.
    pub session: Session,
}

/// A signed-in member of staff who works with young people.
#[derive(Clone, Debug)]
pub struct Adviser {
    /// Their id.
    pub staff: StaffId,
    /// Their session.
    pub session: Session,
}

impl Adviser {
    /// The menu that fits their roles.
    pub fn nav(&self) -> Nav {
        let editor = matches!(&self.session.actor, Actor::Staff(_, roles) if roles.contains(&Role::Editor));
        Nav::of_staff(true, editor)
    }
}

impl Editor {
    /// The menu that fits their roles.
    pub fn nav(&self) -> Nav {
        Nav::of_staff(self.roles.iter().any(|role| matches!(role, Role::Adviser | Role::Manager)), true)
    }
}

/// A signed-in member of staff who keeps the content.
#[derive(Clone, Debug)]
pub struct Editor {
    /// Their id.
    pub staff: StaffId,
    /// The roles they hold.
    pub roles: Vec<Role>,
    /// Their session.
    pub session: Session,
}

/// Whoever is signed in, or nobody: for the ways in and out.
#[derive(Clone, Debug)]
pub struct Anyone(pub Option<Session>);

impl FromRequestParts<App> for Anyone {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        Ok(Self(live(parts, app).await?))
    }
}

impl FromRequestParts<App> for Me {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let session = required(parts, app).await?;
        match session.actor {
            Actor::Person(person) => Ok(Self { person, session }),
            Actor::Staff(..) => Err(Error::NotFound),
        }
    }
}

impl FromRequestParts<App> for Adviser {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let session = required(parts, app).await?;
        match &session.actor {
            Actor::Staff(staff, roles) if roles.contains(&Role::Adviser) || roles.contains(&Role::Manager) => {
                Ok(Self { staff: *staff, session })
            }
            Actor::Staff(..) | Actor::Person(_) => Err(Error::NotFound),
        }
    }
}

impl FromRequestParts<App> for Editor {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let session = required(parts, app).await?;
        match &session.actor {
            Actor::Staff(staff, roles) if roles.contains(&Role::Editor) => {
                Ok(Self { staff: *staff, roles: roles.clone(), session })
            }
            Actor::Staff(..) | Actor::Person(_) => Err(Error::NotFound),
        }
    }
}

async fn required(parts: &Parts, app: &App) -> Result<Session> {
    let back = if parts.method == Method::GET { parts.uri.path() } else { "" };
    live(parts, app).await?.ok_or_else(|| Error::SignInFirst(back.to_owned()))
}

async fn live(parts: &Parts, app: &App) -> Result<Option<Session>> {
    let headers = &parts.headers;
    let Some(token) = token(headers) else { return Ok(None) };
    let token_hash = crate::vault::sha256(&token);
    let now = app.now();
    let mut db = app.db.read().await?;
    let Some(found) = store::session(&mut db, &token_hash).await? else { return Ok(None) };
    if !session_is_live(now, found.seen_at, found.idle, found.until) {
        return Ok(None);
    }
    let actor = match found.owner {
        Owner::Person(id) => Actor::Person(id),
        Owner::Staff(id) => Actor::Staff(id, people::roles(&mut db, id, now).await?),
    };
    drop(db);
    // A page that asks by itself is no use by its reader: it neither keeps the session alive nor
    // takes the message that the next page should show.
    // A post leaves it too: pressed twice, the second would take what the first has left.
    let by_itself = headers.contains_key(FRAGMENT);
    let shows_flash = found.flash.is_some() && parts.method == Method::GET;
    if !by_itself && (shows_flash || store::worth_noting(&found, now)) {
        acts::note_use(&app.db, token_hash, now).await?;
    }
    // Chromium keeps whole pages for its Back button, drops them when a cookie changes, and misses
    // that for the page at the end of the redirect that brought the cookie: after signing out, Back
    // would show it. A page that brings the cookie itself is never kept.
    if from_sign_in(headers)
        && let Some(again) = parts.extensions.get::<CookieAgain>()
    {
        _ = again.0.set(cookie(&token, found.idle == Lifetime::OWN.idle));
    }
    Ok(Some(Session { account: found.account, token_hash, flash: found.flash, actor }))
}

/// Whether this is the page that a browser is sent on to from our own way in.
fn from_sign_in(headers: &HeaderMap) -> bool {
    let from = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let path = from.split(['?', '#']).next().unwrap_or_default();
    path.ends_with("/sign-in") || path.ends_with("/join")
}

/// The token in the request's cookie: 32 bytes.
fn token(headers: &HeaderMap) -> Option<[u8; 32]> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .and_then(|(_, token)| crate::id::unhex(token)?.try_into().ok())
}

/// The cookie of a new session; kept over the browser's end only on somebody's own phone.
pub(super) fn cookie(token: &[u8; 32], own_device: bool) -> HeaderValue {
    let keep = if own_device { "; Max-Age=2592000" } else { "" };
    let text = format!("{COOKIE}={}; Path=/; Secure; HttpOnly; SameSite=Lax{keep}", crate::id::hex(token));
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// Takes the cookie away.
pub(super) fn no_cookie() -> HeaderValue {
    HeaderValue::from_static("__Host-sess=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}
