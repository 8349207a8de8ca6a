//! Starting: the settings become an open database, checked content and a listening portal.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use tokio::net::TcpListener;

use super::{App, Built, jobs, table};
use crate::clock::Clock;
use crate::config::Settings;
use crate::content::{Fault, Library};
use crate::db::{Db, Kind};
use crate::error::{Error, Result};
use crate::notices::{self, Mail};
use crate::vault::Vault;
use crate::web::assets::ASSETS;
use crate::web::listener;

static CONTENT: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/content");

/// The text files of the content, by their path under `content/`: those inside the program, or
/// those of `folder`.
///
/// # Errors
/// [`Error::Setup`] when the folder cannot be read.
pub fn content_files(folder: Option<&Path>) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    match folder {
        None => inside(&CONTENT, &mut files),
        Some(folder) => outside(folder, folder, &mut files)
            .map_err(|error| Error::Setup(format!("the content in {} cannot be read: {error}", folder.display())))?,
    }
    Ok(files)
}

fn inside(dir: &Dir<'_>, files: &mut BTreeMap<String, String>) {
    for file in dir.files() {
        if let Some(text) = file.contents_utf8() {
            files.insert(file.path().to_string_lossy().replace('\\', "/"), text.to_owned());
        }
    }
    dir.dirs().for_each(|dir| inside(dir, files));
}

fn outside(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            outside(root, &path, files)?;
        } else {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.insert(name, std::fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

/// What is wrong with the content, for the operator.
pub fn faults(faults: &[Fault]) -> Error {
    let lines: Vec<_> = faults.iter().filter(|fault| fault.is_error()).map(ToString::to_string).collect();
    Error::Setup(format!("the content has faults:\n{}", lines.join("\n")))
}

/// The checked content of these settings.
///
/// # Errors
/// [`Error::Setup`] with file, line and reason of every fault.
pub fn content(settings: &Settings) -> Result<Library> {
    Library::shipped(&content_files(settings.content_dir.as_deref())?).map_err(|found| faults(&found))
}

/// The database of these settings, claimed for `kind`, with its key and the clock.
///
/// # Errors
/// [`Error::Setup`] when one of them is missing or wrong.
pub async fn open(settings: &Settings, kind: Kind) -> Result<(Db, Vault, Clock)> {
    let clock = Clock::default();
    check_clock(&clock)?;
    let mut vault = Vault::from_file(&settings.key_file())?;
    if let Some(also) = &settings.key_file_also {
        vault = vault.also(Vault::from_file(also)?);
    }
    let db = Db::open(&settings.database("portal.db")?).await?;
    let vault = db.claim(kind, &vault, clock.now().as_microsecond()).await?;
    Ok((db, vault, clock))
}

/// A clock before this program was written would end sessions and codes wrongly.
fn check_clock(clock: &Clock) -> Result<()> {
    static WRITTEN: LazyLock<Option<jiff::Timestamp>> = LazyLock::new(|| "2026-11-01T00:00:00Z".parse().ok());
    if WRITTEN.is_some_and(|written| clock.now() < written) {
        return Err(Error::Setup("the clock of this machine is years behind: set it, then start again".into()));
    }
    Ok(())
}

/// Logs to standard error. No private text is ever logged, at any level.
fn log(settings: &Settings) {
    let filter = tracing_subscriber::EnvFilter::try_new(&settings.log).unwrap_or_else(|_| "info".into());
    // A second start in one process, as in tests, keeps the first.
    _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

fn mail(settings: &Settings) -> Result<Mail> {
    Mail::new(&notices::Setup {
        smtp: settings.smtp_url.clone(),
        notify_key: settings.notify_key.clone(),
        notify_url: settings.notify_url.clone(),
        email_template: settings.notify_email_template.clone(),
        text_template: settings.notify_text_template.clone(),
        folder: settings.data_dir.join("mail"),
        from: settings.mail_from.clone(),
        site: settings.site_name.clone(),
        patience: notices::PATIENCE,
    })
}

/// Serves until it is told to stop. `welcome` is printed once it listens.
///
/// # Errors
/// [`Error::Setup`] when something that it needs is missing or wrong.
pub async fn serve(settings: Settings, kind: Kind, welcome: Option<String>) -> Result<()> {
    log(&settings);
    let shipped = content(&settings)?;
    let (db, vault, clock) = open(&settings, kind).await?;
    let mail = mail(&settings)?;
    let origins = settings.origins()?;
    let app = App::new(Built {
        site_name: settings.site_name.clone(),
        kind,
        origins,
        security_contact: settings.security_contact.clone(),
        db,
        vault,
        clock,
        mail,
        shipped,
    })
    .await?;
    if ASSETS.islands.is_none() {
        tracing::warn!("built without the islands: pages work, and do not update by themselves. `make` builds them");
    }
    let at = (settings.bind, settings.port);
    let listener = TcpListener::bind(at).await.map_err(|error| {
        Error::Setup(format!(
            "port {} on {} cannot be used ({error}). Is another portal running? Set PORT to another number",
            at.1, at.0
        ))
    })?;
    let (router, _) = table::build(&app);
    jobs::start(&app, settings.audit_heads());
    tracing::info!(address = %format!("http://{}:{}", at.0, at.1), kind = kind.as_str(), "listening");
    if let Some(welcome) = welcome {
        eprintln!("{welcome}");
    }
    let stop = async {
        told_to_stop().await;
        // Pages that listen would be waited for to the last.
        app.live.close();
    };
    listener::serve(listener, router, settings.connections, stop).await;
    tracing::info!("stopped");
    Ok(())
}

/// Ctrl-C, or the supervisor's word.
async fn told_to_stop() {
    let interrupt = async { _ = tokio::signal::ctrl_c().await };
    #[cfg(unix)]
    {
        if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            tokio::select! {
                () = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    interrupt.await;
}
