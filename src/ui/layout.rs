//! The document around every page.

use leptos::prelude::*;

use crate::web::assets::ASSETS;
use crate::web::document::document;

/// Which menu a page carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nav {
    /// What anyone sees.
    Public,
    /// A signed-in young person.
    Person,
    /// Staff, by what their roles let them do.
    Staff {
        /// Work with young people.
        works: bool,
        /// Keep the content.
        edits: bool,
        /// Keep the accounts.
        keeps: bool,
    },
}

/// The part of the site a page belongs to: marked in the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// None that the menu names.
    None,
    /// The offer.
    Offer,
    /// Drop-ins.
    DropIns,
    /// Search.
    Search,
    /// Signing in.
    SignIn,
    /// A young person's home.
    Me,
    /// Messages.
    Messages,
    /// The plan.
    Plan,
    /// One's own sign-in.
    Account,
    /// A worker's list of today.
    Work,
    /// Whom a worker works with.
    People,
    /// Keeping the content.
    Edit,
    /// Keeping the accounts of staff.
    Admin,
}

/// The exit button of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// None.
    None,
    /// Leads away; there is no sign-in to end.
    Leave,
    /// Ends the sign-in on the server, then leads away.
    SignOut,
}

/// One page before it is drawn.
pub struct Frame {
    /// What the tab says before the site's name. Neutral on private pages.
    pub title: String,
    /// The menu.
    pub nav: Nav,
    /// Where in it.
    pub part: Part,
    /// The exit button.
    pub exit: Exit,
    /// Something on it is wrong: the tab says so first.
    pub error: bool,
    /// The one-time message from the page before.
    pub flash: Option<&'static str>,
    /// It is a leaflet: on paper only its panels are left.
    pub leaflet: bool,
    /// What search engines show under the title: on public pages only.
    summary: Option<String>,
    /// What stands in `<main>`.
    main: Main,
}

/// What stands in `<main>`: made already, or made while the document is drawn, as islands must be.
enum Main {
    Made(AnyView),
    Islands(Box<dyn FnOnce() -> AnyView + Send>),
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frame").field("part", &self.part).finish_non_exhaustive()
    }
}

/// What is the same on every page of this site at this moment.
#[derive(Debug)]
pub struct Site {
    /// Its name.
    pub name: String,
    /// Made-up people: every page says so.
    pub demo: bool,
    /// The help block.
    pub help: AnyView,
}

impl Frame {
    /// A public page.
    pub fn public(title: impl Into<String>, part: Part, main: AnyView) -> Self {
        Self::new(title, Nav::Public, part, Exit::None, main)
    }

    /// A signed-in young person's page.
    pub fn person(title: impl Into<String>, part: Part, main: AnyView) -> Self {
        Self::new(title, Nav::Person, part, Exit::SignOut, main)
    }

    /// A staff page.
    pub fn staff(title: impl Into<String>, nav: Nav, part: Part, main: AnyView) -> Self {
        Self::new(title, nav, part, Exit::None, main)
    }

    fn new(title: impl Into<String>, nav: Nav, part: Part, exit: Exit, main: AnyView) -> Self {
        let main = Main::Made(main);
        Self { title: title.into(), nav, part, exit, error: false, flash: None, leaflet: false, summary: None, main }
    }

    /// The same page, said to hold an error when `wrong`.
    #[must_use]
    pub fn wrong(mut self, wrong: bool) -> Self {
        self.error = wrong;
        self
    }

    /// The same page with the sentence that search engines show under its title.
    #[must_use]
    pub fn summary(mut self, summary: impl Into<String>) -> Self {
        self.summary = Some(summary.into());
        self
    }

    /// The same page with an exit button.
    #[must_use]
    pub fn exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// A young person's page with islands at work in it: it loads their script.
    pub fn person_with_islands(
        title: impl Into<String>,
        part: Part,
        main: impl FnOnce() -> AnyView + Send + 'static,
    ) -> Self {
        Self { main: Main::Islands(Box::new(main)), ..Self::person(title, part, ().into_any()) }
    }

    /// A staff page with islands at work in it: it loads their script.
    pub fn staff_with_islands(
        title: impl Into<String>,
        nav: Nav,
        part: Part,
        main: impl FnOnce() -> AnyView + Send + 'static,
    ) -> Self {
        Self { main: Main::Islands(Box::new(main)), ..Self::staff(title, nav, part, ().into_any()) }
    }

    /// The same page with the style of the leaflets.
    #[must_use]
    pub fn leaflet(mut self) -> Self {
        self.leaflet = true;
        self
    }

    /// The same page with a one-time message.
    #[must_use]
    pub fn flash(mut self, flash: Option<&'static str>) -> Self {
        self.flash = flash;
        self
    }
}

type Item = (&'static str, &'static str, Part);

fn menu(nav: Nav) -> Vec<Item> {
    const OFFER: Item = ("/offer", "Our offer", Part::Offer);
    const DROP_INS: Item = ("/drop-ins", "Drop-ins", Part::DropIns);
    match nav {
        Nav::Public => {
            vec![OFFER, DROP_INS, ("/search", "Search", Part::Search), ("/sign-in", "Sign in", Part::SignIn)]
        }
        Nav::Person => vec![
            ("/me", "Home", Part::Me),
            ("/me/messages", "Messages", Part::Messages),
            ("/me/plan", "My plan", Part::Plan),
            OFFER,
            DROP_INS,
        ],
        Nav::Staff { works, edits, keeps } => {
            let own = [
                (works, ("/work", "Today", Part::Work)),
                (works, ("/work/people", "People", Part::People)),
                (edits, ("/edit", "Edit", Part::Edit)),
                (keeps, ("/admin", "Staff", Part::Admin)),
            ];
            let own = own.into_iter().filter_map(|(may, item)| may.then_some(item));
            own.chain([OFFER, DROP_INS, ("/staff/account", "My sign-in", Part::Account)]).collect()
        }
    }
}

/// Draws a whole page.
pub fn page(site: Site, frame: Frame) -> String {
    document(move || view! { <Document site frame/> })
}

#[component]
fn Document(site: Site, frame: Frame) -> impl IntoView {
    let title = format!("{}{} – {}", if frame.error { "Error: " } else { "" }, frame.title, site.name);
    let staff = matches!(frame.nav, Nav::Staff { .. });
    // A page of somebody who is signed in, whichever menu it carries.
    let private = frame.nav != Nav::Public || frame.exit == Exit::SignOut;
    let (script, main) = match frame.main {
        Main::Made(main) => (None, main),
        Main::Islands(main) => (ASSETS.islands.clone(), main()),
    };
    view! {
        <!DOCTYPE html>
        <html lang="en-GB" dir="ltr">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width,initial-scale=1"/>
                <title>{title}</title>
                {frame.summary.map(|summary| view! { <meta name="description" content=summary/> })}
                <style inner_html=ASSETS.style></style>
                <link rel="stylesheet" media="print" href=ASSETS.print.as_str()/>
                {frame.leaflet.then(|| view! { <style inner_html=ASSETS.leaflet></style> })}
                {staff.then(|| view! { <link rel="stylesheet" href=ASSETS.staff.as_str()/> })}
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <meta name="theme-color" content="#0c423e"/>
                {private.then(|| view! { <script type="module" src=ASSETS.private.as_str()></script> })}
                {script.map(|script| view! { <script type="module" src=script></script> })}
            </head>
            <body>
                <a class="skip" href="#main">"Skip to content"</a>
                {site.demo.then(|| view! {
                    <div class="demo" role="region" aria-label="Demo">"A demo. The people in it are made up."</div>
                })}
                <header class="top">
                    <a class="name" href="/">{site.name}</a>
                    <Menu nav=frame.nav part=frame.part/>
                </header>
                {site.help}
                <ExitButton exit=frame.exit/>
                <main id="main" tabindex="-1">
                    {frame.flash.map(|says| view! { <div class="flash" role="status"><p>{says}</p></div> })}
                    {main}
                </main>
                <footer class="foot">
                    <ul>
                        <li><a href="/help">"Help lines"</a></li>
                        <li><a href="/glossary">"Words we use"</a></li>
                        <li><a href="/accessibility">"Accessibility"</a></li>
                        <li><a href="/privacy">"Privacy"</a></li>
                        <li><a href="/cookies">"Cookies"</a></li>
                    </ul>
                    <p>"From your leaving care service. We use no trackers."</p>
                </footer>
            </body>
        </html>
    }
}

#[component]
fn Menu(nav: Nav, part: Part) -> impl IntoView {
    let items = menu(nav).into_iter().map(|(href, label, of)| {
        let here = (of == part).then_some("page");
        view! { <a href=href aria-current=here>{label}</a> " " }
    });
    let leave = (nav != Nav::Public).then(|| {
        view! {
            <form class="leave" method="post" action="/sign-out"><button class="link">"Sign out"</button></form>
        }
    });
    view! { <nav class="main" aria-label="Main">{items.collect_view()}{leave}</nav> }
}

#[component]
fn ExitButton(exit: Exit) -> impl IntoView {
    let method = match exit {
        Exit::None => return None,
        Exit::Leave => "get",
        Exit::SignOut => "post",
    };
    Some(view! {
        <form class="exit" method=method action="/exit" aria-label="Leave quickly">
            {(exit == Exit::SignOut).then(|| view! { <span class="vh" role="status"></span> })}
            <button>"Exit this page"</button>
        </form>
    })
}
