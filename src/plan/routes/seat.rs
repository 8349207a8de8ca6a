//! Whose plan a page is about, and who sits before it: the same pages serve the young person and whoever works with them.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use crate::app::Ask;
use crate::audit::Entry;
use crate::db::Reads;
use crate::error::{Error, Result};
use crate::people::access::{Access, Deed};
use crate::people::{PersonId, store as people};
use crate::plan::action::Side;
use crate::plan::acts::Post;
use crate::plan::views::Reader;
use crate::signin::guard::{Adviser, Me, Session};
use crate::ui::{Frame, Nav, Part};
use crate::web::flash::Flash;
use crate::web::forms::Fields;

/// Who sits before a page about the plan of a person.
pub(super) struct Seat {
    pub session: Session,
    pub person: PersonId,
    nav: Option<Nav>,
}

impl Seat {
    pub fn mine(me: Me) -> Self {
        Self { session: me.session, person: me.person, nav: None }
    }

    /// # Errors
    /// [`Error::NotFound`] when the address holds no id.
    pub fn theirs(worker: Adviser, id: &str) -> Result<Self> {
        let (person, nav) = (PersonId::parse(id).ok_or(Error::NotFound)?, worker.nav());
        Ok(Self { session: worker.session, person, nav: Some(nav) })
    }

    pub fn side(&self) -> Side {
        if self.nav.is_some() { Side::Staff } else { Side::Person }
    }

    /// The address of something of the plan: `/me/plan/…` or `/work/people/…/plan/…`.
    pub fn path(&self, under: &str) -> String {
        match self.side() {
            Side::Person => format!("/me/plan/{under}"),
            Side::Staff => format!("/work/people/{}/plan/{under}", self.person),
        }
    }

    /// Whose eyes it is for, with the name that stands there for the other side.
    pub async fn reader<D: Deed, C: Reads>(&self, ask: &Ask, access: &mut Access<'_, D, C>) -> Result<Reader> {
        Ok(match self.side() {
            Side::Person => {
                let workers = people::workers(access, &ask.app.vault).await?;
                Reader::Person(workers.into_iter().find(|worker| worker.lead).map(|worker| worker.name))
            }
            Side::Staff => Reader::Worker(people::person(access, &ask.app.vault).await?.called),
        })
    }

    /// A page with words of the plan on it, once its reading is on disk.
    pub async fn page(
        &self,
        ask: &Ask,
        entry: Entry,
        (status, wrong): (StatusCode, bool),
        main: impl FnOnce() -> AnyView,
    ) -> Result<Response> {
        let audited = ask.viewed(entry).await?;
        let frame = match self.nav {
            None => Frame::person("Plan", Part::Plan, main()),
            Some(nav) => Frame::staff("Plan", nav, Part::Work, main()),
        };
        let frame = frame.wrong(wrong).flash(self.session.flash.map(Flash::says));
        Ok(ask.private_page(&audited, status, frame))
    }

    /// The form as an act takes it, with where the browser goes next.
    ///
    /// # Errors
    /// When its one-time key is none of ours.
    pub fn post(&self, ask: &Ask, form: &mut Fields, to: String) -> Result<Post> {
        self.session.post(ask, self.person, form, to)
    }
}
