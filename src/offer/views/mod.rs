//! What the public reads about the offer: home, the list of topics, a topic, the words explained
//! and the pages about this site. Also the marks of sources, which other features' pages carry too.

pub mod feedback;

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use leptos::prelude::*;

pub use feedback::TellUs;

use super::{Area, Claim, Confidence, Heading, Page, Source, SourceRef, Term, Truth};
use crate::clock::london_date;
use crate::content::{Kind, Library};
use crate::dropins::{Certainty, Occurrence, Timetable, Window, words};
use crate::help::{Line, Purpose};
use crate::search::views::SearchBox;
use crate::ui::{Exit, Frame, Part};

/// A list of contents helps from this many parts on; a shorter page is all in view.
const PARTS_WORTH_LISTING: usize = 4;
/// How far ahead the home page looks for drop-ins, in days.
const HOME_DAYS: i64 = 7;
/// How many drop-ins the home page names.
const HOME_DROPINS: usize = 3;
const HOME_LEAD: &str =
    "What you can get, who to ask and where to go. For people aged 16 to 25 who are in care or have left it.";
const OFFER_LEAD: &str = "What you can get when you leave care, and how to ask for it.";
const WORDS_LEAD: &str = "What people in the service may say, in plain words.";

/// `/`: what is on, the topics of the offer, and whom to ring without a personal adviser.
#[must_use]
pub fn home(library: &Library, at: Timestamp) -> Frame {
    let main = view! {
        <h1>"Leaving care"</h1>
        <p class="lead">{HOME_LEAD}</p>
        <SearchBox/>
        <p><a class="btn" href="/entitlements/check">"What can I get?"</a></p>
        <h2>"Drop-ins"</h2>
        {whats_on(&library.timetable, at)}
        <h2>"What do you need?"</h2>
        <Cards pages=topics(library).into_iter().filter_map(|(_, pages)| pages.first().map(|page| Card::from(*page))).collect()/>
        <div class="note">
            <h2>"No personal adviser, or not sure who it is?"</h2>
            {match council(library) {
                Some(line) => view! {
                    <p>
                        "Call the council on " <a href=line.href()>{line.number.to_string()}</a>
                        " and ask for the leaving care team."
                    </p>
                }.into_any(),
                None => view! { <p>"Look at our " <a href="/help">"help lines"</a> "."</p> }.into_any(),
            }}
            {library.offer.contains_key("personal-adviser").then(|| view! {
                <p><a href="/offer/personal-adviser">"What a personal adviser does"</a></p>
            })}
        </div>
    };
    Frame::public("Home", Part::None, main.into_any()).summary(HOME_LEAD)
}

/// `/offer`: every topic.
#[must_use]
pub fn index(library: &Library) -> Frame {
    let topics = topics(library);
    let pages: Vec<&Page> = topics.iter().flat_map(|(_, pages)| pages.iter().copied()).collect();
    let confirmed = pages.iter().filter(|page| matches!(page.truth, Truth::Confirmed { .. })).count();
    let truth = match (confirmed, pages.len()) {
        (_, 0) => "No pages are here yet.".to_owned(),
        (0, _) => "These pages are from public sources. Not yet confirmed by the service.".to_owned(),
        (some, all) if some < all => {
            format!("The service has confirmed {some} of these {all} pages. The others are from public sources.")
        }
        _ => "The service has confirmed these pages. Each page says when.".to_owned(),
    };
    let main = view! {
        <h1>"Our offer"</h1>
        <p class="lead">{OFFER_LEAD}</p>
        <SearchBox/>
        {topics.into_iter().map(|(area, pages)| view! { <Topic area pages=pages.into_iter().map(Card::from).collect()/> }).collect_view()}
        <p class="truth">{truth}</p>
        <h2>"More to help you"</h2>
        <ul>
            <li><a href="/entitlements/check">"What can I get? Six questions"</a></li>
            <li><a href="/entitlements">"Everything you can ask for, on one page"</a></li>
            <li><a href="/drop-ins">"Places to meet someone"</a></li>
            <li><a href="/leaflet">"The offer on paper"</a></li>
            <li><a href="/glossary">"Words we use"</a></li>
        </ul>
        <TellUs about="site"/>
    };
    Frame::public("Our offer", Part::Offer, main.into_any()).summary(OFFER_LEAD)
}

/// `/offer/{slug}`: one topic; `None` if there is none of this name.
#[must_use]
pub fn page(library: &Library, slug: &str, today: Date) -> Option<Frame> {
    let page = library.offer.get(slug)?;
    let related = related(library, page);
    let main = view! {
        <nav class="back" aria-label="Back"><a href="/offer">"Our offer"</a></nav>
        <h1>{page.title.clone()}</h1>
        <Body page=page.clone() today=Some(today)/>
        <p class="keep"><a href=format!("/keep?i={}", page.slug)>"Keep this page on a list"</a></p>
        <h2>"See also"</h2>
        <ul>
            {related.into_iter().map(|(href, title)| view! { <li><a href=href>{title}</a></li> }).collect_view()}
        </ul>
        <Sources listed=page.sources.clone()/>
        <TellUs about=feedback::word(Kind::Page, slug)/>
    };
    Some(framed(page, Part::Offer, main.into_any()))
}

/// `/accessibility`, `/privacy` and `/cookies`; `None` if there is none of this name.
#[must_use]
pub fn service_page(library: &Library, slug: &str) -> Option<Frame> {
    let page = library.pages.get(slug)?;
    let main = view! {
        <h1>{page.title.clone()}</h1>
        <Body page=page.clone() today=None/>
        <Sources listed=page.sources.clone()/>
        <TellUs about=feedback::word(Kind::Page, &format!("pages/{slug}"))/>
    };
    Some(framed(page, Part::None, main.into_any()))
}

/// `/glossary`: the words that cannot be avoided, in the order of the alphabet.
#[must_use]
pub fn glossary(library: &Library) -> Frame {
    let mut terms: Vec<&Term> = library.terms.values().collect();
    terms.sort_by_key(|term| term.term.to_lowercase());
    let empty = terms.is_empty();
    let (mut cited, mut unsure) = (Citations::default(), false);
    let rows = terms.into_iter().map(|term| {
        let confirmed = library.confirmation(Kind::Term, &term.slug).is_some();
        unsure |= !confirmed;
        let marks = cited.cite(&library.sources, &term.claims, confirmed);
        view! { <div id=term.slug.clone()><dt>{term.term.clone()}</dt><dd>{term.meaning.clone()}{marks}</dd></div> }
    });
    let rows = rows.collect_view();
    let main = view! {
        <h1>"Words we use"</h1>
        <p class="lead">{WORDS_LEAD}</p>
        {if empty {
            view! { <p>"No words are here yet."</p> }.into_any()
        } else {
            view! { <dl class="facts">{rows}</dl> }.into_any()
        }}
        {unsure.then(|| view! { <TruthLine truth=Truth::Public/> })}
        <Sources listed=cited.into_list()/>
        <TellUs about="glossary"/>
    };
    Frame::public("Words we use", Part::None, main.into_any()).summary(WORDS_LEAD)
}

/// A page as its editor sees it: the same words under a heading that fits a page with an h1 of its own.
#[must_use]
pub fn preview(page: &Page) -> AnyView {
    view! {
        <h2>{page.title.clone()}</h2>
        <Body page=page.clone() today=None/>
        <Sources listed=page.sources.clone()/>
    }
    .into_any()
}

fn framed(page: &Page, part: Part, main: AnyView) -> Frame {
    let exit = if page.exit { Exit::Leave } else { Exit::None };
    Frame::public(page.title.clone(), part, main).summary(page.summary.clone()).exit(exit)
}

/// The pages of the offer by part, in their order: the first of each part leads to the others.
fn topics(library: &Library) -> Vec<(Area, Vec<&Page>)> {
    let mut pages: Vec<&Page> = library.offer.values().collect();
    pages.sort_by_key(|page| page.order);
    let parts =
        Area::ALL.into_iter().map(|area| (area, pages.iter().copied().filter(|page| page.area == area).collect()));
    parts.filter(|(_, pages): &(Area, Vec<&Page>)| !pages.is_empty()).collect()
}

/// What a list shows of a page: not its text, which is long.
struct Card {
    slug: String,
    title: String,
    summary: String,
}

impl From<&Page> for Card {
    fn from(page: &Page) -> Self {
        Self { slug: page.slug.clone(), title: page.title.clone(), summary: page.summary.clone() }
    }
}

/// The council's line by day.
fn council(library: &Library) -> Option<&Line> {
    library.lines.values().find(|line| line.purpose == Purpose::CouncilDay)
}

/// Pages whose questions come up together with those of this one: address and title.
fn related(library: &Library, page: &Page) -> Vec<(String, String)> {
    use Area::{
        Accommodation, Education, Employment, Health, Money, PathwayPlan, PersonalAdviser, Relationships, Rights,
        Service, TakingPart,
    };
    let areas: &[Area] = match page.area {
        Health => &[Relationships, PersonalAdviser],
        Relationships => &[Health, TakingPart],
        Education => &[Employment, Money],
        Employment => &[Education, Money],
        Accommodation => &[Money, Rights],
        TakingPart => &[Rights, PersonalAdviser],
        Money => &[Accommodation, Education],
        PersonalAdviser => &[PathwayPlan, Rights],
        PathwayPlan => &[PersonalAdviser, Rights],
        Rights => &[PersonalAdviser, TakingPart],
        Service => &[],
    };
    let topics = topics(library);
    let of = |area: &Area| topics.iter().find(|(one, _)| one == area).map_or(&[][..], |(_, pages)| pages);
    let leads = areas.iter().filter_map(|area| of(area).first());
    let own = of(&page.area).iter().filter(|other| other.slug != page.slug);
    own.chain(leads).map(|other| (format!("/offer/{}", other.slug), other.title.clone())).collect()
}

/// One part of the offer: the page that leads, then the others.
#[component]
fn Topic(area: Area, pages: Vec<Card>) -> impl IntoView {
    let mut pages = pages.into_iter();
    let first = pages.next().into_iter().collect();
    let others = pages.map(|page| view! { <li><a href=format!("/offer/{}", page.slug)>{page.title}</a></li> });
    let others = others.collect_view();
    view! {
        <section class="topic">
            <h2 class="vh">{area.title()}</h2>
            <Cards pages=first/>
            {(!others.is_empty()).then(|| view! { <ul>{others}</ul> })}
        </section>
    }
}

#[component]
fn Cards(pages: Vec<Card>) -> impl IntoView {
    let cards = pages.into_iter().map(|page| {
        view! {
            <li>
                <a href=format!("/offer/{}", page.slug)><strong>{page.title}</strong> " " <span>{page.summary}</span></a>
            </li>
        }
    });
    let cards = cards.collect_view();
    (!cards.is_empty()).then(|| view! { <ul class="cards">{cards}</ul> })
}

/// The next few drop-ins. Where no date is known that is said, and no time is promised.
fn whats_on(table: &Timetable, at: Timestamp) -> AnyView {
    let mut coming = table.occurrences(Window::days_from(at, HOME_DAYS));
    coming.truncate(HOME_DROPINS);
    if coming.is_empty() {
        return view! {
            <p>
                "We do not have sure dates for any drop-in yet. "
                <a href="/drop-ins">"See the places we know of"</a> " and ask before you go."
            </p>
        }
        .into_any();
    }
    let rows = coming.iter().map(|occurrence| {
        let (class, tag) = match (occurrence.is_on(), &occurrence.certainty) {
            (false, _) => ("closed", None),
            (true, Certainty::Confirmed { .. }) => ("on", None),
            (true, Certainty::NotYet | Certainty::Stale { .. }) => ("maybe", Some("Not confirmed")),
        };
        view! {
            <li class=class>
                <a href=format!("/drop-ins/place/{}", occurrence.place)>{place_name(table, occurrence)}</a>
                ": " {words::state(occurrence, at)} ". "
                {tag.map(|tag| view! { <span class="tag warn">{tag}</span> })}
            </li>
        }
    });
    let today = london_date(at);
    let until = today.saturating_add(HOME_DAYS.days());
    view! {
        <ul class="times">{rows.collect_view()}</ul>
        <p><a href="/drop-ins">"All drop-ins until " {words::day_seen_from(until, today)}</a></p>
    }
    .into_any()
}

fn place_name(table: &Timetable, occurrence: &Occurrence) -> String {
    table.places.get(&*occurrence.place).map_or_else(|| occurrence.place.to_string(), |place| place.name.clone())
}

/// What stands between a page's heading and its sources.
#[component]
fn Body(
    page: Page,
    /// The day it is read on; `None`: how old it is does not matter here.
    today: Option<Date>,
) -> impl IntoView {
    let due = today.is_some_and(|today| page.is_due(today));
    view! {
        <p class="lead">{page.summary}</p>
        <TruthLine truth=page.truth public=page.area != Area::Service/>
        {due.then(|| view! {
            <p class="note">
                "We are checking this page again. Some of it may have changed since "
                {words::date_with_year(page.checked_on)} "."
            </p>
        })}
        <Contents headings=page.headings/>
        <div inner_html=page.html></div>
        <Checked owner=page.owner on=page.checked_on review_by=page.review_by/>
    }
}

/// One line that says how far a page can be trusted.
#[component]
pub fn TruthLine(
    /// What is known.
    truth: Truth,
    /// Whether it was put together from public sources; what we say about our own site was not.
    #[prop(default = true)]
    public: bool,
) -> impl IntoView {
    view! { <p class="truth">{truth_words(&truth, public)}</p> }
}

/// What [`TruthLine`] says.
#[must_use]
pub fn truth_words(truth: &Truth, public: bool) -> String {
    match truth {
        Truth::Confirmed { by_role, on } => format!("Confirmed by {by_role} on {}.", words::date_with_year(*on)),
        Truth::Disagree => {
            "From public sources. They do not all say the same. Not yet confirmed by the service.".to_owned()
        }
        Truth::Public if public => "From public sources. Not yet confirmed by the service.".to_owned(),
        Truth::Public => "Not yet confirmed by the service.".to_owned(),
    }
}

/// Who answers for some facts, and when they look at them.
#[component]
pub fn Checked(
    /// The team.
    owner: String,
    /// When somebody last checked them.
    on: Date,
    /// When somebody looks again at the latest.
    review_by: Date,
) -> impl IntoView {
    view! {
        <p class="meta">
            "Checked on " {words::date_with_year(on)} ". Next check by " {words::date_with_year(review_by)}
            ". Looked after by: " {owner} "."
        </p>
    }
}

#[component]
fn Contents(headings: Vec<Heading>) -> impl IntoView {
    let parts: Vec<_> = headings.into_iter().filter(|heading| heading.level == 2).collect();
    (parts.len() >= PARTS_WORTH_LISTING).then(|| {
        let rows = parts.into_iter().map(|part| view! { <li><a href=format!("#{}", part.id)>{part.text}</a></li> });
        view! { <details><summary>"On this page"</summary><ul>{rows.collect_view()}</ul></details> }
    })
}

/// The sources of a page, in the order of their numbers.
#[component]
pub fn Sources(
    /// What [`Citations::into_list`] gave, or a page's own.
    listed: Vec<SourceRef>,
) -> impl IntoView {
    (!listed.is_empty()).then(|| {
        let rows = listed.into_iter().map(|source| {
            let link = if source.url.starts_with("http") {
                view! { <a href=source.url rel="noopener noreferrer">{source.title}</a> }.into_any()
            } else {
                source.title.into_any()
            };
            view! { <li id=format!("source-{}", source.number)>{link} ", " {source.date}</li> }
        });
        view! { <h2 id="sources">"Sources"</h2><ol class="sources">{rows.collect_view()}</ol> }
    })
}

/// Numbers the sources of a page that is not drawn from markdown, in the order of first use.
#[derive(Debug, Default)]
pub struct Citations {
    listed: Vec<SourceRef>,
}

impl Citations {
    /// What stands behind a statement: the number of each source, then any doubt in words.
    pub fn cite(&mut self, sources: &BTreeMap<String, Source>, claims: &[Claim], confirmed: bool) -> AnyView {
        let known = claims.iter().filter_map(|claim| Some((sources.get(&claim.source)?, claim.confidence)));
        let numbers: Vec<_> = known.map(|(source, confidence)| self.number(source, confidence)).collect();
        let numbers = numbers.into_iter().map(|n| {
            view! { <sup class="src"><a href=format!("#source-{n}") aria-label=format!("Source {n}")>{n}</a></sup> }
        });
        view! { {numbers.collect_view()} {doubts(claims, confirmed)} }.into_any()
    }

    fn number(&mut self, source: &Source, confidence: Confidence) -> usize {
        if let Some(listed) = self.listed.iter_mut().find(|listed| listed.slug == source.slug) {
            listed.confidence = listed.confidence.max(confidence);
            return listed.number;
        }
        let number = self.listed.len() + 1;
        let Source { slug, title, url, date } = source.clone();
        self.listed.push(SourceRef { number, slug, title, url, date, confidence });
        number
    }

    /// For [`Sources`], once everything was cited.
    #[must_use]
    pub fn into_list(self) -> Vec<SourceRef> {
        self.listed
    }
}

/// The doubt of these claims in words, each once; nothing if there is none.
#[must_use]
pub fn doubts(claims: &[Claim], confirmed: bool) -> AnyView {
    let mut said: Vec<&str> = Vec::new();
    for doubt in claims.iter().filter_map(|claim| claim.confidence.mark(confirmed)) {
        if !said.contains(&doubt) {
            said.push(doubt);
        }
    }
    said.into_iter().map(|doubt| view! { " " <span class="mark">{doubt}</span> }).collect_view().into_any()
}
