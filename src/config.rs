//! Every setting: its name, its default and what it means. All come from the environment.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::Args;

use crate::db::Url;
use crate::error::{Error, Result};

/// The settings of a running portal. `portal serve --help` lists them.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// The port to answer on.
    #[arg(long, env = "PORT", default_value_t = 3000)]
    pub port: u16,
    /// The address to answer on. Behind a proxy on the same machine, leave it.
    #[arg(long, env = "BIND", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub bind: IpAddr,
    /// The folder for the database, the demo's key and unsent mail.
    #[arg(long, env = "DATA_DIR", default_value = "data")]
    pub data_dir: PathBuf,
    /// `sqlite://FILE` or `postgres://…`. Without it: a SQLite file in DATA_DIR.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// The key file that `portal key new` made. Without it: `key` in DATA_DIR.
    #[arg(long, env = "KEY_FILE")]
    pub key_file: Option<PathBuf>,
    /// A second key file, while the key is changed: what either of them wrapped opens. See "Changing the key" in the
    /// README.
    #[arg(long, env = "KEY_FILE_ALSO")]
    pub key_file_also: Option<PathBuf>,
    /// Where readers find the site, such as `https://nextsteps.example.gov.uk`. Forms are taken from
    /// pages of this origin only. Without it: this machine, for trying it out.
    #[arg(long, env = "ORIGIN")]
    pub origin: Option<String>,
    /// The site's name. Keep it neutral: it stands in tabs and on lock screens.
    #[arg(long, env = "SITE_NAME", default_value = "Next Steps Lancashire")]
    pub site_name: String,
    /// `smtps://` address of the mail server, or `smtp://` of one that takes STARTTLS. Without it and without
    /// NOTIFY_KEY, mail is written to a folder.
    #[arg(long, env = "SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// The key of a service at GOV.UK Notify. With it, text messages go to confirmed numbers, and email too where no
    /// SMTP_URL is set.
    #[arg(long, env = "NOTIFY_KEY", hide_env_values = true)]
    pub notify_key: Option<String>,
    /// Where Notify is.
    #[arg(long, env = "NOTIFY_URL", default_value = "https://api.notifications.service.gov.uk")]
    pub notify_url: String,
    /// The id of the template of emails at Notify: its subject is `((subject))`, its message `((body))`.
    #[arg(long, env = "NOTIFY_EMAIL_TEMPLATE")]
    pub notify_email_template: Option<String>,
    /// The id of the template of text messages at Notify: its message is `((body))`.
    #[arg(long, env = "NOTIFY_TEXT_TEMPLATE")]
    pub notify_text_template: Option<String>,
    /// The sender of notices by SMTP.
    #[arg(long, env = "MAIL_FROM", default_value = "no-reply@localhost")]
    pub mail_from: String,
    /// Where to tell of a weakness, as `mailto:` or `https:`: it stands in `/.well-known/security.txt`. Without
    /// it: the page on which anybody can tell us something.
    #[arg(long, env = "SECURITY_CONTACT")]
    pub security_contact: Option<String>,
    /// The most connections open at once.
    #[arg(long, env = "CONNECTIONS", default_value_t = 4000)]
    pub connections: usize,
    /// A folder to read the content from instead of the one inside the program, while writing it.
    #[arg(long, env = "CONTENT_DIR")]
    pub content_dir: Option<PathBuf>,
    /// What to log, as in `info` or `portal=debug`.
    #[arg(long, env = "LOG", default_value = "info")]
    pub log: String,
}

impl Settings {
    /// The database: the one named, or `file` in the data folder.
    ///
    /// # Errors
    /// [`Error::Setup`] when the address is of no kind that we know.
    pub fn database(&self, file: &str) -> Result<Url> {
        match &self.database_url {
            Some(url) => url.parse(),
            None => Ok(Url::file(self.data_dir.join(file))),
        }
    }

    /// Where the head of the audit chain is written down.
    pub fn audit_heads(&self) -> PathBuf {
        self.data_dir.join("audit-head")
    }

    /// The key file of a live portal.
    pub fn key_file(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| self.data_dir.join("key"))
    }

    /// The origins whose pages may post to us.
    ///
    /// # Errors
    /// [`Error::Setup`] when ORIGIN is not a bare origin.
    pub fn origins(&self) -> Result<Vec<String>> {
        let Some(origin) = &self.origin else {
            return Ok(vec![format!("http://localhost:{}", self.port), format!("http://127.0.0.1:{}", self.port)]);
        };
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).unwrap_or_default();
        if host.is_empty() || host.contains(['/', '?', '#', '@', ' ']) {
            return Err(Error::Setup(
                "ORIGIN must be a scheme and a host, such as https://nextsteps.example.gov.uk".into(),
            ));
        }
        Ok(vec![origin.clone()])
    }
}
