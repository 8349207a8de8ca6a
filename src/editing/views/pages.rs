//! A page under the editor's hands: its text, what stands against it, how it will look, and every
//! edition there was.

use leptos::prelude::*;

use super::super::{Told, as_preview};
use super::FaultList;
use super::feedback::{Row, Told as PublicTold};
use crate::offer::Page;
use crate::offer::views::preview;
use crate::ui::{Errors, OneTimeKey, TextArea, TextField};
use crate::web::forms::Fields;

/// One edition in the history of a page.
#[derive(Debug, Clone)]
pub struct EditionRow {
    /// Its number; 0 for the text that came with the release.
    pub number: i64,
    /// When and by whom.
    pub made: String,
    /// Why.
    pub note: String,
    /// It took the staff's editions back: it has no text of its own.
    pub withdrawn: bool,
}

impl EditionRow {
    /// What it is called.
    #[must_use]
    pub fn name(&self) -> String {
        if self.number == 0 { "Release edition".to_owned() } else { format!("Edition {}", self.number) }
    }
}

/// A page as its editor finds it.
#[derive(Debug, Clone)]
pub struct PageDesk {
    /// Where it is edited.
    pub path: String,
    /// Where the public reads it.
    pub address: String,
    /// Its title.
    pub title: String,
    /// The newest edition by number; 0 when staff never changed it.
    pub newest: i64,
    /// The edition that the public reads.
    pub live: i64,
    /// Every edition, newest first, that of the release last.
    pub editions: Vec<EditionRow>,
    /// A newer release has another text than the one that staff changed.
    pub new_release: bool,
    /// What stands against the newest edition, when it is not shown for that.
    pub refused: Vec<Told>,
    /// The day for looking again, in words, when it has passed.
    pub due: Option<String>,
    /// The team that answers for it.
    pub owner: String,
    /// What the public told us of it.
    pub told: Vec<Row>,
}

/// What came of looking at a text.
#[derive(Debug, Clone, Default)]
pub struct Looked {
    /// Errors and warnings.
    pub faults: Vec<Told>,
    /// The page that it becomes.
    pub page: Option<Page>,
    /// What somebody else published meanwhile: who and when, and the text.
    pub theirs: Option<(String, String)>,
}

/// `/edit/page/{slug}`.
#[component]
pub fn EditPage(
    /// The page.
    desk: PageDesk,
    /// What came of looking at the text in the form.
    looked: Looked,
    /// The form.
    form: Fields,
) -> impl IntoView {
    let live = desk.editions.iter().find(|row| row.number == desk.live && row.number > 0);
    let live = live.map_or_else(
        || "The public reads the text that came with the release.".to_owned(),
        |row| format!("The public reads {}, of {}.", row.name().to_lowercase(), row.made),
    );
    let reason =
        looked.faults.iter().any(|row| !row.error) || !form.field("reason").fault.unwrap_or_default().is_empty();
    let shown = looked.page.is_some();
    let preview = looked.page.map(|page| view! { <Preview page says="Preview. Nothing is published yet."/> });
    let body = form.clone();
    let writing = view! {
        <form method="post" action=desk.path.clone() novalidate>
            <OneTimeKey form=form.clone()/>
            <input type="hidden" name="from" value=form.typed("from").to_owned()/>
            <TextArea field=body.field("body") label="Text of the page" rows=24 code=true
                hint="Facts about the page stand between the +++ lines. Below them is the text, in markdown."/>
            <TextField field=form.field("note") label="What did you change, and why?"
                hint="For other editors. The public does not see it."/>
            {reason.then(|| view! {
                <TextField field=form.field("reason") label="Why publish it with these warnings?"
                    hint="The warnings are listed above the text. It is kept with your note."/>
            })}
            <div class="row">
                <button class="btn quiet" name="do" value="preview">"Preview"</button>
                <button class="btn" name="do" value="publish">"Publish"</button>
            </div>
        </form>
    };
    view! {
        <nav class="back" aria-label="Back"><a href="/edit">"Edit"</a></nav>
        <Errors form=form.clone()/>
        <h1>{format!("Edit: {}", desk.title)}</h1>
        <p class="meta">
            {live} " " <a href=desk.address.clone()>"See the public page"</a> " " <a href="#history">"All editions"</a>
            {shown.then(|| view! { " " <a href="#note">"Go to Publish"</a> })}
            {(!desk.told.is_empty()).then(|| view! { " " <a href="#told-h">"What people told us"</a> })}
            <br/> "Looked after by: " {desk.owner.clone()} "."
        </p>
        <Notes desk=desk.clone()/>
        {looked.theirs.map(|(made, text)| view! { <Theirs made text/> })}
        <Findings rows=looked.faults/>
        {if shown {
            view! { <div class="split">{preview}{writing}</div> }.into_any()
        } else {
            writing.into_any()
        }}
        <PublicTold rows=desk.told.clone()/>
        <History desk/>
    }
}

/// What an editor should know before starting.
#[component]
fn Notes(desk: PageDesk) -> impl IntoView {
    let release = format!("{}/history/0", desk.path);
    let still = desk.live == desk.newest;
    let refused = (!desk.refused.is_empty()).then(|| {
        view! {
            <div class="warnbox">
                <p>
                    {format!("Edition {} no longer passes the checks, so the public reads the text before it. ", desk.newest)}
                    "Mend it here and publish it again."
                </p>
            </div>
            <FaultList rows=desk.refused/>
        }
    });
    view! {
        {desk.due.map(|due| view! {
            <p class="note">{format!("This page was due for a check by {due}. When you have checked it, change checked_on and review_by at the top of the text.")}</p>
        })}
        {desk.new_release.then(|| view! {
            <p class="note">
                "A newer release came with another text for this page. "
                {still.then_some("The public still reads yours. ")}
                <a href=release>"Look at the text of the release"</a> " and take over what you need."
            </p>
        })}
        {refused}
    }
}

#[component]
fn Theirs(made: String, text: String) -> impl IntoView {
    let text = format!("\n{text}");
    view! {
        <h2 id="theirs-h">"What was published meanwhile"</h2>
        <p>{made}". Take over into your text below what should stay, then publish yours."</p>
        <textarea class="code" rows="16" readonly aria-labelledby="theirs-h">{text}</textarea>
        <h2>"Your text"</h2>
    }
}

#[component]
fn Findings(rows: Vec<Told>) -> impl IntoView {
    let (errors, warnings): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.error);
    view! {
        {(!errors.is_empty()).then(|| view! { <h2>"What must be mended first"</h2> <FaultList rows=errors/> })}
        {(!warnings.is_empty()).then(|| view! {
            <h2>"Warnings"</h2>
            <p>"You can publish with these, if you give a reason."</p>
            <FaultList rows=warnings/>
        })}
    }
}

#[component]
fn Preview(page: Page, says: &'static str) -> impl IntoView {
    let page = as_preview(page);
    view! {
        <section class="preview" tabindex="0" aria-label="Preview">
            <p class="meta">{says}</p>
            {preview(&page)}
        </section>
    }
}

#[component]
fn History(desk: PageDesk) -> impl IntoView {
    let rows = desk.editions.iter().map(|row| {
        let name = row.name();
        let shown = row.number == desk.live;
        let look = (!row.withdrawn).then(|| {
            view! { <a href=format!("{}/history/{}", desk.path, row.number)>"Look at it"<span class="vh">": "{name.clone()}</span></a> }
        });
        let restore = (!row.withdrawn && !shown).then(|| view! { <Restore path=desk.path.clone() row=row.clone() newest=desk.newest/> });
        view! {
            <li>
                <strong>{name.clone()}</strong> {shown.then(|| view! { " " <span class="tag good">"Public"</span> })}
                <p class="meta">{row.made.clone()}</p>
                <p>{row.note.clone()}</p>
                <div class="row">{look}{restore}</div>
            </li>
        }
    });
    view! { <h2 id="history">"All editions"</h2> <ol class="editions">{rows.collect_view()}</ol> }
}

#[component]
fn Restore(path: String, row: EditionRow, newest: i64) -> impl IntoView {
    let name = row.name().to_lowercase();
    view! {
        <form method="post" action=format!("{path}/restore")>
            <OneTimeKey form=Fields::default()/>
            <input type="hidden" name="from" value=newest/>
            <input type="hidden" name="edition" value=row.number/>
            <button class="btn quiet">"Restore this edition"<span class="vh">": "{name}</span></button>
        </form>
    }
}

/// `/edit/page/{slug}/history/{number}`.
#[component]
pub fn OldEdition(
    /// The page.
    desk: PageDesk,
    /// The edition.
    row: EditionRow,
    /// Its text.
    text: String,
    /// What comes of it under today's checks.
    looked: Looked,
) -> impl IntoView {
    let text = format!("\n{text}");
    let broken = looked.page.is_none();
    let preview = looked.page.map(|page| view! { <Preview page says="How this edition looks with today's amounts."/> });
    let shown = row.number == desk.live;
    let newest = desk.newest;
    view! {
        <nav class="back" aria-label="Back"><a href=desk.path.clone()>{format!("Edit: {}", desk.title)}</a></nav>
        <h1>{format!("{}: {}", desk.title, row.name().to_lowercase())}</h1>
        <p class="meta">{row.made.clone()}</p>
        <p>{row.note.clone()}</p>
        {shown.then(|| view! { <p class="note">"This is what the public reads now."</p> })}
        {broken.then(|| view! {
            <p class="note">"This edition does not pass the checks as they are today. Restoring it is only possible when it is mended."</p>
            <FaultList rows=looked.faults/>
        })}
        {(!shown).then(|| view! { <div class="row"><Restore path=desk.path row newest/></div> })}
        <div class="split">
            {preview}
            <div>
                <h2 id="text-h">"The text"</h2>
                <textarea class="code" rows="24" readonly aria-labelledby="text-h">{text}</textarea>
            </div>
        </div>
    }
}
