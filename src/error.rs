//! One error for everything that can go wrong in a request or at the start. What the reader is
//! told depends only on the kind, never on the text of a source: see `web::fault_page`.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Shorthand for results of this program.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Which proof is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// One besides the passphrase.
    Second,
    /// One of the last minutes.
    Fresh,
}

impl Proof {
    /// Where it is given.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Second => "/sign-in/second",
            Self::Fresh => "/sign-in/again",
        }
    }
}

/// What went wrong. Lookups that may find nothing return `Option`; this is for when no way on is left.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not there, or not theirs: one answer for both.
    #[error("not found")]
    NotFound,
    /// Needs a sign-in; holds the address to come back to.
    #[error("sign in first")]
    SignInFirst(String),
    /// Is signed in and must prove once more who they are; holds the address to come back to.
    #[error("prove it first")]
    ProveFirst(String, Proof),
    /// The request broke a rule of the wire: says which, in words for the sender.
    #[error("refused: {1}")]
    Refused(StatusCode, &'static str),
    /// The database is busy, locked or full; trying again may work.
    #[error("database busy: {0}")]
    Busy(String),
    /// Two of the same where one may stand.
    #[error("already there")]
    Duplicate,
    /// A sealed value did not open, or could not be sealed.
    #[error("a sealed value could not be used: {0}")]
    Sealed(&'static str),
    /// The database said no.
    #[error("database: {0}")]
    Database(#[source] sqlx::Error),
    /// A setting, file or command is wrong: the text tells the operator what to do.
    #[error("{0}")]
    Setup(String),
    /// Anything that should not happen.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// The status that the reader's browser is given.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignInFirst(_) | Self::ProveFirst(..) => StatusCode::SEE_OTHER,
            Self::Refused(status, _) => *status,
            Self::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Duplicate => StatusCode::CONFLICT,
            Self::Sealed(_) | Self::Database(_) | Self::Setup(_) | Self::Internal(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }
}

/// Carries an error to the layer that draws its page, which knows the site around it.
#[derive(Clone, Debug)]
pub struct Fault(pub std::sync::Arc<Error>);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Fault(std::sync::Arc::new(self)));
        response
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Internal(error.to_string())
    }
}
