//! Who is asking: every handler of a private page takes one of these, and is not run for anyone
//! else. The only way to an [`Actor`].

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};

use super::doors::{browser, door};
use super::{AccountId, Lifetime, Owner, SessionId, acts, session_is_live, store};
use crate::app::{App, Ask};
use crate::error::{Error, Proof, Result};
use crate::people::{Actor, Door, PersonId, Role, StaffId};
use crate::ui::Nav;
use crate::web::flash::Flash;
use crate::web::forms::Fields;
use crate::web::gate::CookieAgain;

/// The name of the session cookie. The prefix makes browsers refuse it from another host or path.
const COOKIE: &str = "__Host-sess";

/// The name of the cookie of a known device.
const DEVICE: &str = "__Host-device";

/// The header of a request that an island makes by itself.
const FRAGMENT: &str = "x-fragment";

/// A live session.
#[derive(Clone, Debug)]
pub struct Session {
    /// What it is called.
    pub id: SessionId,
    /// Whose account.
    pub account: AccountId,
    /// Whose account, by kind.
    pub owner: Owner,
    /// SHA-256 of its token.
    pub token_hash: [u8; 32],
    /// What this page says once.
    pub flash: Option<Flash>,
    /// Who is asking.
    pub actor: Actor,
    /// How far they have come in.
    pub door: Door,
    /// When this visit began.
    pub made_at: i64,
    /// They say that this device is theirs alone.
    pub own_device: bool,
    /// When it ends if it is not used any more, UTC microseconds.
    pub ends_at: i64,
    /// The account was opened again by a sent code alone: the last door takes one more road.
    pub one_road: bool,
}

impl Session {
    /// Whether this is a device that is known as its owner's own.
    pub fn is_at_home(&self) -> bool {
        self.own_device && self.door >= Door::Open
    }

    /// A form about a person as an act takes it, with where the browser goes next.
    ///
    /// # Errors
    /// When its one-time key is none of ours.
    pub fn post(&self, ask: &Ask, person: PersonId, form: &mut Fields, to: String) -> Result<acts::Post> {
        let key = form.key()?;
        let words = form.all().filter(|(name, _)| *name != "key").map(|(name, value)| format!("{name}={value}\n"));
        let (words, session, number, at) = (words.collect(), self.clone(), ask.number.clone(), ask.now);
        Ok(acts::Post { session, person, key, words, to, place: None, number, at })
    }

    /// A form with what was typed and chosen in it on a page and not saved, when there is any that may be shown in this
    /// visit.
    ///
    /// # Errors
    /// When the database fails or the words do not open.
    pub async fn with_kept(&self, ask: &Ask, place: &str, mut form: Fields) -> Result<Fields> {
        let mut db = ask.app.db.read().await?;
        if let Some(words) = store::draft(&mut db, &ask.app.vault, self.desk(place), ask.now).await? {
            form.fill(&words);
            form.put("kept", "yes".to_owned());
        }
        Ok(form)
    }

    /// Where what is typed for a page in this visit is kept.
    pub fn desk<'a>(&self, place: &'a str) -> store::Desk<'a> {
        store::Desk { account: self.account, owner: self.owner, session: self.id, door: self.door, place }
    }
}

/// What is only made of a session.
pub trait SignedIn {
    /// The session.
    fn session(&self) -> &Session;
}

macro_rules! signed_in {
    ($($name:ident)+) => {
        $(impl SignedIn for $name {
            fn session(&self) -> &Session {
                &self.session
            }
        })+
    };
}
signed_in! { Me Adviser Editor Admin Worker }

/// A signed-in young person, at whichever door.
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
        nav(&self.session.actor)
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

impl Editor {
    /// The menu that fits their roles.
    pub fn nav(&self) -> Nav {
        nav(&self.session.actor)
    }
}

/// A signed-in member of staff who keeps the accounts.
#[derive(Clone, Debug)]
pub struct Admin {
    /// Their id.
    pub staff: StaffId,
    /// Their session.
    pub session: Session,
}

impl Admin {
    /// The menu that fits their roles.
    pub fn nav(&self) -> Nav {
        nav(&self.session.actor)
    }
}

/// Any signed-in member of staff.
#[derive(Clone, Debug)]
pub struct Worker {
    /// Their id.
    pub staff: StaffId,
    /// Their session.
    pub session: Session,
}

impl Worker {
    /// The menu that fits their roles.
    pub fn nav(&self) -> Nav {
        nav(&self.session.actor)
    }
}

fn nav(actor: &Actor) -> Nav {
    let Actor::Staff(_, roles) = actor else { return Nav::Public };
    let works = roles.iter().any(|role| role.works_with_people());
    Nav::Staff { works, edits: roles.contains(&Role::Editor), keeps: roles.contains(&Role::Admin) }
}

/// Whoever is signed in, or nobody: for the ways in and out.
#[derive(Clone, Debug)]
pub struct Anyone(pub Option<Session>);

/// Who has given a second proof.
#[derive(Clone, Debug)]
pub struct Open<T>(pub T);

/// Who has given a second proof, and one of the last minutes.
#[derive(Clone, Debug)]
pub struct Fresh<T>(pub T);

impl FromRequestParts<App> for Anyone {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        Ok(Self(live(parts, app).await?))
    }
}

impl<T: SignedIn + FromRequestParts<App, Rejection = Error>> FromRequestParts<App> for Open<T> {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let who = T::from_request_parts(parts, app).await?;
        match who.session().door {
            Door::Open | Door::Sealed => Ok(Self(who)),
            Door::Write => Err(Error::ProveFirst(back(parts), Proof::Second)),
        }
    }
}

impl<T: SignedIn + FromRequestParts<App, Rejection = Error>> FromRequestParts<App> for Fresh<T> {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let Open(who) = Open::<T>::from_request_parts(parts, app).await?;
        match who.session().door {
            Door::Sealed => Ok(Self(who)),
            Door::Open | Door::Write => {
                let proof = if who.session().one_road { Proof::Second } else { Proof::Fresh };
                Err(Error::ProveFirst(back(parts), proof))
            }
        }
    }
}

impl FromRequestParts<App> for Me {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let session = required(parts, app).await?;
        match session.actor {
            Actor::Person(person, _) => Ok(Self { person, session }),
            Actor::Staff(..) => Err(Error::NotFound),
        }
    }
}

impl FromRequestParts<App> for Worker {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let session = required(parts, app).await?;
        match &session.actor {
            // Nothing of staff's opens with a password alone. Who is suspended is told of nothing.
            Actor::Staff(_, roles) if roles.is_empty() => Err(Error::NotFound),
            Actor::Staff(staff, _) if session.door >= Door::Open => Ok(Self { staff: *staff, session }),
            Actor::Staff(..) => Err(Error::ProveFirst(back(parts), Proof::Second)),
            Actor::Person(..) => Err(Error::NotFound),
        }
    }
}

/// A member of staff who holds a role that fits.
async fn staff_of(parts: &mut Parts, app: &App, fits: fn(Role) -> bool) -> Result<(StaffId, Vec<Role>, Session)> {
    let session = required(parts, app).await?;
    match &session.actor {
        Actor::Staff(staff, roles) if roles.iter().any(|role| fits(*role)) => {
            if session.door < Door::Open {
                return Err(Error::ProveFirst(back(parts), Proof::Second));
            }
            Ok((*staff, roles.clone(), session))
        }
        Actor::Staff(..) | Actor::Person(..) => Err(Error::NotFound),
    }
}

impl FromRequestParts<App> for Adviser {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let (staff, _, session) = staff_of(parts, app, Role::works_with_people).await?;
        Ok(Self { staff, session })
    }
}

impl FromRequestParts<App> for Editor {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let (staff, roles, session) = staff_of(parts, app, |role| role == Role::Editor).await?;
        Ok(Self { staff, roles, session })
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let (staff, _, session) = staff_of(parts, app, |role| role == Role::Admin).await?;
        Ok(Self { staff, session })
    }
}

/// Where to come back to after the proof that is missing; a form is not sent again by itself.
fn back(parts: &Parts) -> String {
    if parts.method == Method::GET { parts.uri.path().to_owned() } else { String::new() }
}

async fn required(parts: &Parts, app: &App) -> Result<Session> {
    live(parts, app).await?.ok_or_else(|| Error::SignInFirst(back(parts)))
}

async fn live(parts: &Parts, app: &App) -> Result<Option<Session>> {
    let headers = &parts.headers;
    let Some(token) = token(headers, COOKIE) else { return Ok(None) };
    let token_hash = crate::vault::sha256(&token);
    let now = app.now();
    let found = store::session(&mut app.db.once().await?, &token_hash, now).await?;
    let Some((found, roles)) = found else { return Ok(None) };
    if !session_is_live(now, found.seen_at, found.idle, found.until) {
        return Ok(None);
    }
    let door = door(found.second_proof, found.fresh_until, found.one_road, now);
    let actor = match found.owner {
        Owner::Person(id) => Actor::Person(id, door),
        Owner::Staff(id) => Actor::Staff(id, roles),
    };
    // A page that asks by itself is no use by its reader: it neither keeps the session alive nor
    // takes the message that the next page should show.
    // A post leaves it too: pressed twice, the second would take what the first has left.
    let listens = headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes() == b"text/event-stream");
    let by_itself = listens || headers.contains_key(FRAGMENT);
    let shows_flash = found.flash.is_some() && parts.method == Method::GET;
    let mut seen_at = found.seen_at;
    if !by_itself && (shows_flash || store::worth_noting(&found, now)) {
        acts::note_use(&app.db, token_hash, now).await?;
        seen_at = now.as_microsecond();
    }
    // Chromium keeps whole pages for its Back button, drops them when a cookie changes, and misses
    // that for the page at the end of the redirect that brought the cookie: after signing out, Back
    // would show it. A page that brings the cookie itself is never kept.
    if !by_itself
        && from_sign_in(headers)
        && let Some(again) = parts.extensions.get::<CookieAgain>()
    {
        _ = again.0.set(cookie(&token, found.idle == Lifetime::OWN.idle));
    }
    Ok(Some(Session {
        id: found.id,
        account: found.account,
        owner: found.owner,
        token_hash,
        flash: found.flash,
        actor,
        door,
        made_at: found.made_at,
        own_device: found.own_device,
        one_road: found.one_road,
        ends_at: found.until.min(seen_at.saturating_add(found.idle)),
    }))
}

/// Whether this is the page that a browser is sent on to from our own way in.
fn from_sign_in(headers: &HeaderMap) -> bool {
    let from = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let path = from.split(['?', '#']).next().unwrap_or_default();
    ["/sign-in", "/sign-in/second", "/sign-in/again", "/join", "/recover/card", "/recover/sent"]
        .iter()
        .any(|way| path.ends_with(way))
}

/// The token in a cookie of the request: 32 bytes.
fn token(headers: &HeaderMap, cookie: &str) -> Option<[u8; 32]> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == cookie)
        .and_then(|(_, token)| crate::id::unhex(token)?.try_into().ok())
}

/// SHA-256 of the token by which this device is known, if it sent one.
pub(super) fn device(headers: &HeaderMap) -> Option<[u8; 32]> {
    token(headers, DEVICE).map(|token| crate::vault::sha256(&token))
}

/// The browser in words.
pub(super) fn browser_of(headers: &HeaderMap) -> String {
    browser(headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default())
}

/// The cookie of a new session; kept over the browser's end only on somebody's own phone.
pub(super) fn cookie(token: &[u8; 32], own_device: bool) -> HeaderValue {
    set(COOKIE, token, if own_device { "; Max-Age=2592000" } else { "" })
}

/// The cookie of a device that is known from now on, for 90 days.
pub(super) fn device_cookie(token: &[u8; 32]) -> HeaderValue {
    set(DEVICE, token, "; Max-Age=7776000")
}

fn set(name: &str, token: &[u8; 32], keep: &str) -> HeaderValue {
    let text = format!("{name}={}; Path=/; Secure; HttpOnly; SameSite=Lax{keep}", crate::id::hex(token));
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// Takes the session's cookie away. That of a known device stays: it opens nothing by itself.
pub(super) fn no_cookie() -> HeaderValue {
    HeaderValue::from_static("__Host-sess=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}
