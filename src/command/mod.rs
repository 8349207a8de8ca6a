//! What the command line can do.

mod demo;
mod import;

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use jiff::civil::Date;

use crate::app::start;
use crate::audit;
use crate::audit::chain::{Report, heads};
use crate::config::Settings;
use crate::content::Library;
use crate::db::Kind;
use crate::error::{Error, Result};
use crate::people::Role;
use crate::people::acts::{AddPerson, add_person, add_staff, person_code, staff_code};

/// A portal for care leavers: their offer, drop-ins, pathway plan and messages.
#[derive(Debug, Parser)]
#[command(name = "portal", version)]
pub struct Portal {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve a live portal. Settings come from the environment and are listed below.
    Serve(Settings),
    /// Serve made-up people and sessions, to look around in.
    Demo(Settings),
    /// Print a new code for somebody of the demo, to prove that it is them.
    DemoCode {
        /// Their username.
        username: String,
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// The key that seals private fields.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Members of staff.
    #[command(subcommand)]
    Staff(StaffCommand),
    /// Young people.
    #[command(subcommand)]
    Person(PersonCommand),
    /// Bring in staff, young people and who works with whom, from CSV files of the case system. The same files
    /// twice change nothing. See docs/import.
    Import(import::Import),
    /// What the public reads.
    #[command(subcommand)]
    Content(ContentCommand),
    /// The log of who read or changed what.
    #[command(subcommand)]
    Audit(AuditCommand),
}

#[derive(Debug, Subcommand)]
enum KeyCommand {
    /// Make a new key file. Keep two copies of it away from this machine: without it, what it
    /// sealed is lost.
    New {
        /// Where to write it. Without it: `key` in DATA_DIR.
        file: Option<PathBuf>,
        /// The folder for the database and the key.
        #[arg(long, env = "DATA_DIR", default_value = "data")]
        data_dir: PathBuf,
    },
    /// Wrap everything that the key of KEY_FILE_ALSO wrapped with that of KEY_FILE, while the portal runs with
    /// both. Cut short, it is run again. See "Changing the key" in the README.
    Rotate(Box<Settings>),
}

#[derive(Debug, Subcommand)]
enum StaffCommand {
    /// Add a member of staff. Prints a one-time code for /join.
    Add(AddStaff),
    /// Print a new one-time code, for a lapsed one or a lost passphrase.
    Code {
        /// Their work email address.
        #[arg(long)]
        email: String,
        #[command(flatten)]
        settings: Box<Settings>,
    },
}

#[derive(Args, Debug)]
struct AddStaff {
    /// Their name, as young people will see it.
    #[arg(long)]
    name: String,
    /// Their work email address: for notices, and to name them in other commands.
    #[arg(long)]
    email: String,
    /// adviser, social_worker, duty, manager, editor, service_manager or admin. May be given more than once.
    #[arg(long = "role", required = true, value_parser = |word: &str| Role::parse(word).ok_or("not a role"))]
    roles: Vec<Role>,
    #[command(flatten)]
    settings: Box<Settings>,
}

#[derive(Debug, Subcommand)]
enum PersonCommand {
    /// Add a young person. Prints a one-time code for /join.
    Add(AddYoungPerson),
    /// Print a new one-time code, for a lapsed one or a lost passphrase. Be sure who you give it to.
    Code {
        /// Their full name, as it was added.
        #[arg(long)]
        name: String,
        /// Their date of birth, as 2008-03-27.
        #[arg(long)]
        born: Date,
        #[command(flatten)]
        settings: Box<Settings>,
    },
}

#[derive(Args, Debug)]
struct AddYoungPerson {
    /// Their full name.
    #[arg(long)]
    name: String,
    /// The name they want to be called by. Without it: the first part of their name.
    #[arg(long)]
    called: Option<String>,
    /// Their date of birth, as 2008-03-27.
    #[arg(long)]
    born: Date,
    /// The slug of their locality, such as north.
    #[arg(long)]
    locality: String,
    /// The email address of their personal adviser.
    #[arg(long)]
    adviser: String,
    #[command(flatten)]
    settings: Box<Settings>,
}

#[derive(Debug, Subcommand)]
enum ContentCommand {
    /// Write the content as it is published now, with what staff changed, as files.
    Export {
        /// The folder to write to.
        folder: PathBuf,
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Read and check a content folder; says every fault with file, line and reason.
    Check {
        /// The folder. Without it: the content inside the program.
        folder: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Check that no row was changed, dropped, added or put in another place. Says every finding, and fails on one.
    Verify {
        /// Where the heads of the chain were written down. Without it: `audit-head` in DATA_DIR.
        #[arg(long)]
        head: Option<PathBuf>,
        #[command(flatten)]
        settings: Box<Settings>,
    },
}

/// Does what the command line asks.
///
/// # Errors
/// [`Error::Setup`] with words for the operator.
pub async fn run(portal: Portal) -> Result<()> {
    match portal.command {
        Command::Serve(settings) => start::serve(settings, Kind::Live, None).await,
        Command::Demo(settings) => demo::serve(settings).await,
        Command::DemoCode { username, settings } => say(&format!("{}\n", demo::code(&username, *settings).await?)),
        Command::Key(KeyCommand::New { file, data_dir }) => new_key(file, data_dir),
        Command::Key(KeyCommand::Rotate(settings)) => rotate(&settings).await,
        Command::Staff(StaffCommand::Add(add)) => staff(add).await,
        Command::Staff(StaffCommand::Code { email, settings }) => {
            let (db, vault, clock) = start::open(&settings, Kind::Live).await?;
            told(&staff_code(&db, &vault, &email, clock.now()).await?)
        }
        Command::Person(PersonCommand::Code { name, born, settings }) => {
            let (db, vault, clock) = start::open(&settings, Kind::Live).await?;
            told(&person_code(&db, &vault, name, born, clock.now()).await?)
        }
        Command::Person(PersonCommand::Add(add)) => person(add).await,
        Command::Import(files) => import::run(files).await,
        Command::Content(ContentCommand::Check { folder }) => check(folder),
        Command::Content(ContentCommand::Export { folder, settings }) => export(&folder, &settings).await,
        Command::Audit(AuditCommand::Verify { head, settings }) => verify(head, &settings).await,
    }
}

fn told(code: &str) -> Result<()> {
    say(&format!("One-time code, for three days: {code}\nThe codes before it no longer work.\n"))
}

/// Prints for the operator.
fn say(words: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(words.as_bytes())?;
    Ok(out.flush()?)
}

fn new_key(file: Option<PathBuf>, data_dir: PathBuf) -> Result<()> {
    let path = file.unwrap_or_else(|| data_dir.join("key"));
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    crate::vault::Vault::new_key_file(&path)?;
    say(&format!(
        "Made {}. Keep two copies of it away from this machine: without it, what it sealed is lost.\n",
        path.display()
    ))
}

async fn rotate(settings: &Settings) -> Result<()> {
    if settings.key_file_also.is_none() {
        return Err(Error::Setup("set KEY_FILE to the new key and KEY_FILE_ALSO to the one of before".into()));
    }
    let (db, vault, _) = start::open(settings, Kind::Live).await?;
    let wrapped = db.rotate(&vault).await?;
    say(&format!(
        "{wrapped} keys were wrapped again: the key of before opens nothing any more. Start the portal without KEY_FILE_ALSO, and keep the key of before as long as backups from before are kept.\n"
    ))
}

async fn staff(add: AddStaff) -> Result<()> {
    let (db, vault, clock) = start::open(&add.settings, Kind::Live).await?;
    let added = add_staff(&db, &vault, add.name, add.email.clone(), add.roles, clock.now()).await;
    let code = match added {
        Ok((_, code)) => code,
        Err(Error::Duplicate) => return Err(Error::Setup(format!("{} belongs to another member of staff", add.email))),
        Err(error) => return Err(error),
    };
    say(&format!(
        "Added. One-time code, for three days: {code}\nThey open /join, type the code, leave the date of birth empty, and choose a username and passphrase.\n"
    ))
}

async fn person(add: AddYoungPerson) -> Result<()> {
    let library = start::content(&add.settings)?;
    let locality = library.timetable.localities.get(&add.locality).cloned();
    let known: Vec<_> = library.timetable.localities.keys().cloned().collect();
    let locality = locality.ok_or_else(|| {
        Error::Setup(format!("there is no locality {}: it is one of {}", add.locality, known.join(", ")))
    })?;
    let called = add.called.unwrap_or_else(|| add.name.split_whitespace().next().unwrap_or(&add.name).to_owned());
    let (db, vault, clock) = start::open(&add.settings, Kind::Live).await?;
    let new = AddPerson {
        name: add.name,
        called,
        born_on: add.born,
        locality: (add.locality, locality.name),
        council: locality.council,
        adviser: add.adviser,
    };
    let (_, code) = add_person(&db, &vault, new, clock.now()).await?;
    say(&format!(
        "Added. One-time code, for three days: {code}\nThey open /join and type the code and their date of birth.\n"
    ))
}

async fn export(folder: &std::path::Path, settings: &Settings) -> Result<()> {
    let shipped = start::content(settings)?;
    let (db, ..) = start::open(settings, Kind::Live).await?;
    let edition = crate::content::live::edition(&shipped, &mut db.read().await?).await?;
    let files = edition.library.files();
    for (name, text) in &files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, text)?;
    }
    say(&format!("{} files written to {}.\n", files.len(), folder.display()))
}

async fn verify(head: Option<PathBuf>, settings: &Settings) -> Result<()> {
    let (db, vault, clock) = start::open(settings, Kind::Live).await?;
    let file = head.clone().unwrap_or_else(|| settings.audit_heads());
    let text = match std::fs::read_to_string(&file) {
        // Before the first head, or where the portal has its DATA_DIR elsewhere: the report says so.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && head.is_none() => String::new(),
        read => read.map_err(|error| Error::Setup(format!("{} cannot be read: {error}", file.display())))?,
    };
    let heads = heads(&text).map_err(|line| Error::Setup(format!("{}, line {line}: not a head", file.display())))?;
    let compared = heads.len();
    let report = audit::store::verify(&mut db.read().await?, &vault, heads, clock.now()).await?;
    let Report { links, waiting, found, first } = report;
    say(&format!(
        "{links} links with their rows were checked, and {compared} heads. {waiting} new rows wait for their link.\n"
    ))?;
    for finding in &first {
        say(&format!("{finding}\n"))?;
    }
    match found {
        0 => say("Every row is as it was written, and none is gone.\n"),
        n => Err(Error::Setup(format!(
            "the audit log is not as it was written: {n} findings, the first {} above",
            first.len()
        ))),
    }
}

fn check(folder: Option<PathBuf>) -> Result<()> {
    let files = start::content_files(folder.as_deref())?;
    let library = Library::shipped(&files).map_err(|faults| start::faults(&faults))?;
    for warning in library.warnings() {
        say(&format!("{warning}\n"))?;
    }
    say(&format!("{} files, {} warnings, no errors.\n", files.len(), library.warnings().len()))
}
