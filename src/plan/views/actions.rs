//! Actions: those of one heading, all of them, one with its form, and what was done to it.

use jiff::civil::Date;
use leptos::prelude::*;

use super::Reader;
use crate::dropins::words;
use crate::editing::when;
use crate::plan::action::{Change, Did, Side, Standing};
use crate::plan::{Action, Doer, Heading, Progress};
use crate::ui::{Errors, KEEP_DRAFT, KeepsDraft, OneTimeKey, Radios, Select, Submit, TextArea, TextField};
use crate::web::forms::Fields;

/// Which actions a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// What is still to be done.
    Open,
    /// What is done, or not done now.
    Done,
    /// All of it.
    All,
}

impl Show {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Open, "open", "Still to do"),
        (Self::Done, "done", "Done, or not doing now"),
        (Self::All, "all", "All of it"),
    ];

    /// The one of a word in an address; `None` when there is none.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known, _)| *known == word).map(|(show, ..)| show)
    }

    fn shows(self, state: Progress) -> bool {
        match self {
            Self::Open => state.is_open(),
            Self::Done => !state.is_open(),
            Self::All => true,
        }
    }
}

/// Who does it, to this reader.
pub(super) fn doer(who: &Doer, reader: &Reader) -> String {
    match (who, reader) {
        (Doer::Me, Reader::Person(_)) => "Me".to_owned(),
        (Doer::Me, Reader::Worker(called)) => called.clone(),
        (Doer::Staff, Reader::Person(Some(worker))) => worker.clone(),
        (Doer::Staff, Reader::Person(None)) => "My personal adviser".to_owned(),
        (Doer::Staff, Reader::Worker(_)) => "Their worker".to_owned(),
        (Doer::Other(name), _) => name.clone(),
    }
}

/// What was done, by whom and when, to this reader.
pub(super) fn told(change: &Change, reader: &Reader) -> String {
    let by = match (change.side, reader) {
        (Side::Person, Reader::Person(_)) => "you".to_owned(),
        (Side::Person, Reader::Worker(called)) => called.clone(),
        (Side::Staff, _) => change.by.clone(),
    };
    format!("{} by {by}, {}", did_says(change.did, change.words.says.state), when(change.at))
}

/// What was done, by how far it was after it.
pub(super) fn did_says(did: Did, state: Progress) -> &'static str {
    match (did, state) {
        (Did::Moved, Progress::Done) => "Marked as done",
        (Did::Moved, Progress::Dropped) => "Put aside",
        (did, _) => did.says(),
    }
}

/// How far it is, who does it, by when.
#[component]
fn Facts(says: Action, why: Option<String>, reader: Reader, today: Date) -> impl IntoView {
    let tag = match says.state {
        Progress::Done => "tag good",
        Progress::Doing => "tag",
        Progress::NotStarted | Progress::Dropped => "tag off",
    };
    let late = says.is_late(today).then(|| view! { <span class="tag warn">"Late"</span>" " });
    let by = says.due_on.map(|due| format!(", by {}", words::date_with_year(due)));
    view! {
        <span class=tag>{says.state.title()}</span>" "
        {late}
        <span class="meta">{doer(&says.who, &reader)}{by}</span>
        {why.map(|why| view! { <span class="meta">{format!("Why: {why}")}</span> })}
    }
}

/// The actions of one heading, each with who did what to it last. Each leads to its own page, to whoever may open that.
#[component]
pub fn HeadingActions(
    /// Those that the reader may see.
    actions: Vec<Standing>,
    /// Who reads.
    reader: Reader,
    /// The address under which each stands; `None`: the reader opens none of them.
    #[prop(optional, into)]
    base: Option<String>,
    /// Until when the reader knew them, UTC microseconds: what the other side changed since is marked.
    until: Option<i64>,
    /// Today in London.
    today: Date,
) -> impl IntoView {
    let none = actions.is_empty();
    let rows = actions.into_iter().map(|one| {
        let news = until.filter(|_| one.is_news(reader.side(), until)).map(|until| {
            view! { <span class="tag">{if one.is_new(until) { "New" } else { "Changed" }}</span>" " }
        });
        let path = base.as_ref().map(|base| format!("{base}/{}", one.id));
        let done = (one.says().state == Progress::Done).then_some("done");
        let last = (one.last.did != Did::Made).then(|| told(&one.last, &reader));
        let Change { words, .. } = one.last;
        let text = words.says.text.clone();
        let text = match path {
            Some(path) => view! { <a href=path>{text}</a> }.into_any(),
            None => view! { <strong>{text}</strong> }.into_any(),
        };
        view! {
            <li class=done>
                {text}" "
                {news}
                {one.private.then(|| view! { <span class="tag">"Only me"</span>" " })}
                <Facts says=words.says why=words.why reader=reader.clone() today/>
                {last.map(|last| view! { <span class="meta">{last}</span> })}
            </li>
        }
    });
    let rows = rows.collect_view();
    (!none).then(|| view! { <ul class="actions">{rows}</ul> })
}

/// `/me/plan/actions` and `/work/people/{id}/plan/actions`.
#[component]
pub fn ActionsPage(
    /// Those that the reader may see.
    actions: Vec<Standing>,
    /// Who reads.
    reader: Reader,
    /// Its address.
    base: String,
    /// The reader may add to them.
    does: bool,
    /// Which are shown.
    show: Show,
    /// Until when the reader knew them, UTC microseconds.
    until: Option<i64>,
    /// Today in London.
    today: Date,
) -> impl IntoView {
    let (title, lead, empty) = match &reader {
        Reader::Person(_) => (
            "Who does what".to_owned(),
            "What you and your worker do next. Both of you can add to it and say how far it is.".to_owned(),
            "Nothing is written down yet. Add the first thing: what would you like to happen next?".to_owned(),
        ),
        Reader::Worker(called) => (
            format!("{called}: who does what"),
            format!("What you and {called} do next. Both of you can add to it and say how far it is."),
            format!("Nothing is written down yet. Add the first thing that you or {called} will do."),
        ),
    };
    let any = !actions.is_empty();
    let shown: Vec<Standing> = actions.into_iter().filter(|one| show.shows(one.says().state)).collect();
    let nothing = match (any, shown.is_empty(), show) {
        (false, ..) => Some(empty),
        (true, true, Show::Open) => Some("Nothing is left to do. Look at what is done, or add something.".to_owned()),
        (true, true, _) => Some("Nothing is done yet.".to_owned()),
        (true, false, _) => None,
    };
    let filters = Show::ALL.map(|(which, word, says)| {
        let here = (which == show).then_some("page");
        view! { <li><a href=format!("{base}?show={word}") aria-current=here>{says}</a></li> }
    });
    let parts = Heading::ALL.into_iter().filter_map(|heading| {
        let own: Vec<Standing> = shown.iter().filter(|one| one.heading == heading).cloned().collect();
        let add = format!("{base}/new?heading={}", heading.as_str());
        (!own.is_empty()).then(|| {
            view! {
                <section class="heading">
                    <h2>{heading.title()}</h2>
                    <HeadingActions actions=own reader=reader.clone() base=base.clone() until today/>
                    {does.then(|| view! { <p><a href=add>"Add to this"<span class="vh">{format!(": {}", heading.title())}</span></a></p> })}
                </section>
            }
        })
    });
    let parts = parts.collect_view();
    view! {
        <nav class="back" aria-label="Back"><a href=base.trim_end_matches("/actions").to_owned()>"Plan"</a></nav>
        <h1>{title}</h1>
        <p class="lead">{lead}</p>
        {does.then(|| view! { <p><a class="btn" href=format!("{base}/new")>"Add something to do"</a></p> })}
        {any.then(|| view! { <nav aria-label="Which of them"><ul class="row">{filters.into_iter().collect_view()}</ul></nav> })}
        {nothing.map(|nothing| view! { <p>{nothing}</p> })}
        {parts}
    }
}

/// What is to be done, and by whom.
#[component]
fn Wording(form: Fields, reader: Reader) -> impl IntoView {
    let (me, worker) = match &reader {
        Reader::Person(lead) => (
            "Me".to_owned(),
            lead.clone().map_or_else(|| "My worker".to_owned(), |name| format!("My worker, {name} now")),
        ),
        Reader::Worker(called) => (called.clone(), "Their worker: whoever leads".to_owned()),
    };
    let who = vec![("me", me), ("staff", worker), ("other", "Somebody else".to_owned())];
    view! {
        <TextArea field=form.field("body") label="What is to be done?" hint="One thing, in a few words." rows=2/>
        <Radios field=form.field("doer") label="Who does it?" choices=who/>
        <TextField field=form.field("who") label="If it is somebody else: who?" hint="A name, or what they do. Leave it empty otherwise."/>
    }
}

#[component]
fn Day(form: Fields) -> impl IntoView {
    view! { <TextField field=form.field("due") label="By when?" hint="As in 2026-12-04. You can leave it empty." kind="date"/> }
}

/// `/me/plan/actions/new` and the same for workers.
#[component]
pub fn NewActionPage(
    /// Who writes.
    reader: Reader,
    /// The address of the list.
    base: String,
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    let place = format!("{base}/new");
    let mut headings = vec![(String::new(), "Choose one".to_owned())];
    headings.extend(Heading::ALL.map(|heading| (heading.as_str().to_owned(), heading.title().to_owned())));
    let seen = matches!(reader, Reader::Person(_)).then(|| {
        let choices = vec![("both", "Me and whoever works with me".to_owned()), ("me", "Only me".to_owned())];
        view! { <Radios field=form.field("sees") label="Who sees it?" hint="You can share it later. Once it is shared, it stays so." choices/> }
    });
    view! {
        <nav class="back" aria-label="Back"><a href=base.clone()>"Who does what"</a></nav>
        <Errors form=form.clone()/>
        <h1>"Add something to do"</h1>
        <p><a href=format!("{}/goals", base.trim_end_matches("/actions"))>"Ideas for goals"</a></p>
        <form method="post" action=place.clone() data-draft=KEEP_DRAFT novalidate>
            <OneTimeKey form=form.clone()/>
            <Select field=form.field("heading") label="Which part of the plan?" choices=headings/>
            <Wording form=form.clone() reader/>
            <KeepsDraft place=place.clone() form=form.clone()/>
            <Day form=form.clone()/>
            {seen}
            <Submit label="Add"/>
        </form>
    }
}

/// `/me/plan/actions/{action}` and the same for workers.
#[component]
pub fn ActionPage(
    /// How it stands.
    standing: Standing,
    /// Who reads.
    reader: Reader,
    /// The address of the list.
    base: String,
    /// The reader may change it.
    does: bool,
    /// The words are the reader's own side's.
    words: bool,
    /// The last change can be taken back.
    undoes: bool,
    /// The form, as sent or as it stands.
    form: Fields,
    /// Today in London.
    today: Date,
) -> impl IntoView {
    let here = format!("{base}/{}", standing.id);
    let n = form.typed("n").to_owned();
    let last = told(&standing.last, &reader);
    let says = standing.says().clone();
    let theirs = (does && !words).then(|| match (&standing.made, &reader) {
        (Side::Person, Reader::Worker(called)) => {
            format!("{called} wrote this, so the words stay theirs. You can change the day and how far it is.")
        }
        _ => "Your worker wrote this, so the words stay theirs. You can change the day and how far it is.".to_owned(),
    });
    let states = Progress::ALL.map(|state| (state.as_str(), state.title().to_owned())).to_vec();
    let press = |word: &'static str, says: &'static str| {
        view! {
            <form method="post" action=here.clone()>
                <OneTimeKey form=Fields::default()/>
                <input type="hidden" name="n" value=n.clone()/>
                <button class="btn quiet" name="do" value=word>{says}</button>
            </form>
        }
    };
    let share = (does && standing.private).then(|| {
        view! {
            <p>"Only you see this. If you share it, whoever works with you sees it from then on, and you cannot take that back."</p>
            {press("share", "Share it with my workers")}
        }
    });
    let undo = undoes.then(|| press("undo", "Undo the last change"));
    let change = does.then(|| {
        view! {
            <h2>"Change it"</h2>
            {theirs.map(|theirs| view! { <p>{theirs}</p> })}
            <form method="post" action=here.clone() data-draft=words.then_some(KEEP_DRAFT) novalidate>
                <OneTimeKey form=form.clone()/>
                <input type="hidden" name="n" value=n.clone()/>
                <Radios field=form.field("state") label="How far is it?" choices=states/>
                <TextField field=form.field("why") label="If you are not doing this now: why?" hint="Leave it empty otherwise."/>
                <Day form=form.clone()/>
                {words.then(|| view! { <Wording form=form.clone() reader=reader.clone()/><KeepsDraft place=here.clone() form=form.clone()/> })}
                <p><button class="btn" name="do" value="save">"Save"</button></p>
            </form>
        }
    });
    view! {
        <nav class="back" aria-label="Back"><a href=base>"Who does what"</a></nav>
        <Errors form=form.clone()/>
        <h1>{standing.heading.title()}</h1>
        <div class="place">
            <p class="pre"><strong>{says.text.clone()}</strong></p>
            <p><Facts says why=standing.last.words.why.clone() reader=reader.clone() today/></p>
            <p class="meta">{last}</p>
            {undo}
            <p><a href=format!("{here}/history")>"Everything that was done with it"</a></p>
        </div>
        {share}
        {change}
    }
}

/// `/me/plan/actions/{action}/history` and the same for workers.
#[component]
pub fn ActionHistory(
    /// What was done, the first change first.
    changes: Vec<Change>,
    /// Who reads.
    reader: Reader,
    /// The address of the action.
    back: String,
) -> impl IntoView {
    let rows = changes.into_iter().rev().map(|change| {
        let Action { text, who, due_on, state } = &change.words.says;
        let due = due_on.map(|due| format!(", by {}", words::date_with_year(due))).unwrap_or_default();
        let why = change.words.why.as_ref().map(|why| format!(" Why: {why}")).unwrap_or_default();
        let facts = format!("{}{due}. {}.{why}", doer(who, &reader), state.title());
        view! {
            <li class="place">
                <h2>{told(&change, &reader)}</h2>
                <p class="pre">{text.clone()}</p>
                <p class="meta">{facts}</p>
            </li>
        }
    });
    view! {
        <nav class="back" aria-label="Back"><a href=back>"Back to it"</a></nav>
        <h1>"Everything that was done with it"</h1>
        <p>"The latest first, with what it said after that. Nothing of this can be taken out."</p>
        <ol class="thread">{rows.collect_view()}</ol>
    }
}
