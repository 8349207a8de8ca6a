//! The route builder. Every address goes through it, so that the access matrix, the header check,
//! the accessibility walk and the sitemap are made from one record.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};

/// Who an address is for. Everyone else gets a sign-in, or the same 404 as for no such address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Anyone; no cookie is read or set.
    Public,
    /// Anyone, on the way in or out of an account.
    Account,
    /// A signed-in young person, at whichever door.
    Person,
    /// A young person on a known device or with a second proof.
    PersonOpen,
    /// A young person with a proof of the last minutes besides.
    PersonSealed,
    /// Any signed-in member of staff.
    Staff,
    /// Staff who work with young people.
    Adviser,
    /// Staff who keep the offer and the drop-ins.
    Editor,
    /// Staff who keep the accounts.
    Admin,
    /// The machine's own checks.
    Operations,
}

/// How long an answer may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cache {
    /// Kept, but asked about each time: a page that many see.
    Revalidate,
    /// Never kept: somebody's own page.
    Never,
    /// Kept for a year: its name changes with its content.
    Forever,
}

impl Cache {
    /// The header's value.
    pub const fn header(self) -> &'static str {
        match self {
            Self::Revalidate => "no-cache",
            Self::Never => "no-store",
            Self::Forever => "public, max-age=31536000, immutable",
        }
    }
}

/// One recorded address.
#[derive(Clone, Copy, Debug)]
pub struct Address {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The pattern, as axum writes it.
    pub path: &'static str,
    /// Who it is for.
    pub audience: Audience,
    /// How its answers may be kept.
    pub cache: Cache,
}

/// Collects addresses and the handlers behind them.
#[derive(Debug)]
pub struct Routes<S> {
    router: Router<S>,
    addresses: Vec<Address>,
}

impl<S: Clone + Send + Sync + 'static> Default for Routes<S> {
    fn default() -> Self {
        Self { router: Router::new(), addresses: Vec::new() }
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// A page to read. Also answers `HEAD`.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, audience: Audience, cache: Cache, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.add(MethodFilter::GET, Address { method: "GET", path, audience, cache }, handler)
    }

    /// A form to post.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, audience: Audience, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        let address = Address { method: "POST", path, audience, cache: Cache::Never };
        self.add(MethodFilter::POST, address, handler)
    }

    fn add<H, T>(mut self, filter: MethodFilter, address: Address, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.addresses.push(address);
        #[expect(clippy::disallowed_methods, reason = "the one place where an address is added")]
        let router = self.router.route(address.path, on(filter, handler));
        Self { router, addresses: self.addresses }
    }

    /// All of `other` as well.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.addresses.extend(other.addresses);
        Self { router: self.router.merge(other.router), addresses: self.addresses }
    }

    /// The router, and the record of what is in it.
    pub fn build(self) -> (Router<S>, Vec<Address>) {
        (self.router, self.addresses)
    }
}
