//! What the tests stand on: the real router behind the real accept loop, on a database of its own,
//! with a clock that stands still, and people in it.

pub mod actors;
pub mod canary;
pub mod client;
pub mod forms;
pub mod notify;
pub mod people;
pub mod plans;
pub mod postgres;
pub mod program;
pub mod random;
pub mod raw;
pub mod smtp;
pub mod stolen;

use std::collections::BTreeMap;
use std::future::Future;
use std::path::PathBuf;
use std::sync::LazyLock;

use jiff::Timestamp;
use portal::app::{App, Built, start, table};
use portal::clock::Clock;
use portal::content::Library;
use portal::db::{Db, Kind, Url};
use portal::notices::{self, Mail, Setup};
use portal::people::Role;
use portal::signin::Owner;
use portal::signin::store::NewCode;
use portal::vault::Vault;
use portal::web::listener;
use portal::web::routes::Address;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

pub use client::{Answer, Client};
pub use people::World;
pub use raw::Raw;

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// The time in the tests until they move it: a Tuesday at noon.
pub const NOON: &str = "2026-11-24T12:00:00Z";

/// One runtime for all tests of the process, so that a server may outlive the test that began it.
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap());

/// Runs a test to its end.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    RUNTIME.block_on(work)
}

/// Makes two tests of each async function `name(Engine)`: one on SQLite, one on PostgreSQL.
macro_rules! on_both {
    ($($name:ident)+) => {
        mod on_sqlite {
            $(#[test] fn $name() { crate::support::block_on(super::$name(crate::support::Engine::Sqlite)) })+
        }
        mod on_postgres {
            $(#[test] fn $name() {
                if crate::support::postgres::cluster().is_some() {
                    crate::support::block_on(super::$name(crate::support::Engine::Postgres))
                }
            })+
        }
    };
}
pub(crate) use on_both;

/// Runs writes in one transaction: the vault and what else is owned come in by reference.
macro_rules! write {
    ($data:expr, $tx:ident, $vault:ident, [$($name:ident = $value:expr),*], $body:expr) => {{
        let args = ($data.vault.clone(), $($value.clone(),)*);
        #[allow(unused_variables, reason = "not every write seals or owns something")]
        $data.db.write(args, move |$tx, ($vault, $($name,)*)| Box::pin(async move { $body })).await
    }};
    ($data:expr, $tx:ident, $vault:ident, $body:expr) => {
        write!($data, $tx, $vault, [], $body)
    };
}
pub(crate) use write;

/// A database with everyone in it.
pub async fn filled(engine: Engine) -> (Data, World) {
    let data = Data::new(engine).await;
    let world = data.with_people().await;
    (data, world)
}

/// So long after the tests begin.
pub fn after(micros: i64) -> Timestamp {
    portal::clock::from_micros(noon().as_microsecond() + micros)
}

/// A database of its own, open, with nobody in it.
#[derive(Debug)]
pub struct Data {
    pub db: Db,
    pub raw: Raw,
    pub url: Url,
    pub vault: Vault,
    pub folder: TempDir,
}

impl Data {
    /// A new one.
    pub async fn new(engine: Engine) -> Self {
        let folder = tempfile::Builder::new().prefix("portal-test-").tempdir().unwrap();
        let (url, raw_name) = match engine {
            Engine::Sqlite => (Url::file(folder.path().join("portal.db")), String::new()),
            Engine::Postgres => {
                let (url, name) = tokio::task::spawn_blocking(|| {
                    let cluster = postgres::cluster().unwrap();
                    let name = cluster.fresh();
                    (cluster.url(&name), name)
                })
                .await
                .unwrap();
                (url.parse().unwrap(), name)
            }
        };
        let db = Db::open(&url).await.unwrap();
        let raw = match &url {
            Url::Sqlite(path) => Raw::sqlite(path).await,
            Url::Postgres(address) => Raw::postgres(address, &raw_name).await,
        };
        let key = folder.path().join("key");
        Vault::new_key_file(&key).unwrap();
        let vault = Vault::from_file(&key).unwrap();
        let vault = db.claim(Kind::Live, &vault, noon().as_microsecond()).await.unwrap();
        Self { db, raw, url, vault, folder }
    }

    /// The session of a token whose bytes are all the same, if there is one, and its owner's roles at this moment.
    pub async fn session(&self, token: u8, at: Timestamp) -> Option<(portal::signin::store::Session, Vec<Role>)> {
        portal::signin::store::session(&mut self.db.once().await.unwrap(), &[token; 32], at).await.unwrap()
    }

    /// The address as `DATABASE_URL` takes it.
    pub fn address(&self) -> String {
        match &self.url {
            Url::Sqlite(path) => format!("sqlite://{}", path.display()),
            Url::Postgres(address) => address.clone(),
        }
    }

    /// Notices that are written to a folder.
    pub fn setup(&self, site: &str) -> Setup {
        Setup {
            folder: self.folder.path().join("mail"),
            from: "no-reply@portal.invalid".into(),
            site: site.into(),
            patience: notices::PATIENCE,
            ..Setup::default()
        }
    }

    /// Everyone of the tests.
    pub async fn with_people(&self) -> World {
        people::add(&self.db, &self.vault, &self.raw, noon()).await
    }
}

/// The time at which the tests begin.
pub fn noon() -> Timestamp {
    NOON.parse().unwrap()
}

/// The shipped content, read once.
pub fn shipped() -> &'static Library {
    static SHIPPED: LazyLock<Library> = LazyLock::new(|| Library::shipped(&files()).unwrap());
    &SHIPPED
}

/// The shipped content's files.
pub fn files() -> BTreeMap<String, String> {
    start::content_files(None).unwrap()
}

/// A running portal.
#[derive(Debug)]
pub struct TestApp {
    pub app: App,
    pub origin: String,
    pub clock: Clock,
    pub data: Data,
    pub world: World,
    pub addresses: Vec<Address>,
    pub mail: PathBuf,
    stop: Option<oneshot::Sender<()>>,
}

impl TestApp {
    /// Starts one with everyone in it.
    pub async fn start(engine: Engine) -> Self {
        Self::with(engine, Clock::fixed(noon()), |_| {}).await
    }

    /// Starts one by this clock that sends its notices as `change` sets it up, and without it to a folder.
    pub async fn with(engine: Engine, clock: Clock, change: impl FnOnce(&mut Setup)) -> Self {
        let data = Data::new(engine).await;
        let world = data.with_people().await;
        let mail = data.folder.path().join("mail");
        let mut setup = data.setup("Next Steps Lancashire");
        change(&mut setup);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let app = app_with(&data, &clock, &origin, &setup, shipped().clone()).await;
        let (router, addresses) = table::build(&app);
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(listener::serve(listener, router, 500, async {
            _ = stopped.await;
        }));
        Self { app, origin, clock, data, world, addresses, mail, stop: Some(stop) }
    }

    /// A browser that has never been here.
    pub fn visitor(&self) -> Client {
        Client::new(&self.origin)
    }

    /// A browser of somebody who has signed in, a young person at the last door.
    pub async fn signed_in(&self, username: &str) -> Client {
        let mut client = self.visitor();
        client.sign_in(username).await;
        if client.get("/sign-in/second").await.status == 200 {
            self.prove(&mut client).await;
        }
        client
    }

    /// A browser of a young person who has signed in on a device that is not known.
    pub async fn at_first_door(&self, username: &str) -> Client {
        let mut client = self.visitor();
        let fields = [("username", username), ("passphrase", client::PASSPHRASE)];
        client.post_form("/sign-in", &fields).await.is(303);
        client
    }

    /// A browser of a young person on a known device whose last proof is not fresh any more.
    pub async fn at_second_door(&self, username: &str) -> Client {
        let client = self.signed_in(username).await;
        let token = portal::id::unhex(&client.cookies["__Host-sess"]).unwrap();
        let of = self.data.raw.bytes(&portal::vault::sha256(&token));
        self.data.raw.run(&format!("UPDATE session SET fresh_until = 0 WHERE token_hash = {of}")).await;
        client
    }

    /// A browser of a young person who proved it with a code, on a phone that others use too.
    pub async fn on_a_shared_phone(&self, username: &str) -> Client {
        let mut client = self.at_first_door(username).await;
        let mut db = self.data.db.read().await.unwrap();
        let account = portal::signin::store::account(&mut db, &self.data.vault, username).await.unwrap().unwrap();
        drop(db);
        let code = self.new_code(account.owner).await;
        client.post_form("/sign-in/second", &[("second", &code)]).await.is(303);
        client
    }

    /// A code from the command line.
    pub async fn new_code(&self, owner: Owner) -> String {
        let (code, at) = (portal::signin::new_code().unwrap(), self.clock.now());
        let new = NewCode::plain(owner, &code);
        self.data
            .db
            .write((self.data.vault.clone(), new), move |tx, (vault, new)| {
                Box::pin(async move { portal::signin::store::insert_code(tx, vault, new, at).await })
            })
            .await
            .unwrap();
        code
    }

    /// Types the code of a worker's generator, as if none had been used before.
    pub async fn prove(&self, client: &mut Client) {
        self.data.raw.run("UPDATE second_factor SET last_step = 1").await;
        client.post_form("/sign-in/second", &[("second", &self.step())]).await.is(303);
    }

    /// What the code generators of staff show now.
    pub fn step(&self) -> String {
        let second = u64::try_from(self.clock.now().as_second()).unwrap();
        portal::signin::totp::code(people::SECRET, second).unwrap()
    }

    /// Moves the clock on.
    pub fn wait(&self, micros: i64) {
        self.clock.set(portal::clock::from_micros(self.clock.now().as_microsecond() + micros));
    }

    /// Sends the mail that is due; gives what was sent, oldest first.
    pub async fn deliver(&self) -> usize {
        portal::notices::store::send_due(&self.app.db, &self.app.vault, &self.app.mail, || self.clock.now())
            .await
            .unwrap()
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            _ = stop.send(());
        }
    }
}

/// The program's parts on this database.
pub async fn app(data: &Data, clock: &Clock, origin: &str) -> App {
    app_with(data, clock, origin, &data.setup("Next Steps Lancashire"), shipped().clone()).await
}

/// The same under another name, with other content, or sending otherwise.
pub async fn app_with(data: &Data, clock: &Clock, origin: &str, setup: &Setup, shipped: Library) -> App {
    let built = Built {
        site_name: setup.site.clone(),
        kind: Kind::Live,
        origins: vec![origin.to_owned()],
        security_contact: None,
        db: data.db.clone(),
        vault: data.vault.clone(),
        clock: clock.clone(),
        mail: Mail::new(setup).unwrap(),
        shipped,
    };
    App::new(built).await.unwrap()
}

/// What an instance answers, without a listener.
pub async fn text_of(router: &axum::Router, path: &str) -> String {
    answered(router, path, "").await
}

/// The same to somebody who signed in at any instance.
pub async fn text_as(router: &axum::Router, path: &str, client: &Client) -> String {
    let cookies: Vec<_> = client.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    answered(router, path, &cookies.join("; ")).await
}

async fn answered(router: &axum::Router, path: &str, cookies: &str) -> String {
    let request = axum::http::Request::get(path).header("cookie", cookies).body(axum::body::Body::empty()).unwrap();
    let response = tower::ServiceExt::oneshot(router.clone(), request).await.unwrap();
    assert_eq!(response.status().as_u16(), 200, "{path}");
    let body = http_body_util::BodyExt::collect(response.into_body()).await.unwrap().to_bytes();
    String::from_utf8(body.to_vec()).unwrap()
}
