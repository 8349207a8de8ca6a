//! Markdown typed by us or by staff, made into HTML that is safe to send.
//!
//! Three fences stand one behind the other: only a short list of markdown is taken at all, what it
//! becomes is cleaned, and only then are the marks of sources put in, which are ours alone. A text
//! with an error is never drawn.
//!
//! `[^source]` or `[^source:low]` after a sentence says where it comes from. `{{right}}` stands for
//! the amount of that right and brings the right's own sources with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, TextMergeWithOffset, html};

use crate::entitlements::Entitlement;
use crate::offer::{Claim, Confidence, Heading, Source, SourceRef, Truth};

use super::clean::{CLOSE, OPEN, bare_amount, characters, clean, mark};
use super::{Note, reading};

#[path = "markdown_links.rs"]
mod links;

/// The longest text taken, in bytes: some twenty times our longest page.
pub const MAX_BYTES: usize = 100_000;
/// The most headings on one page.
const MAX_HEADINGS: usize = 100;
/// The deepest list in a list.
const MAX_DEPTH: usize = 3;

/// Ids the layout of every page uses; a heading called the same gets another.
const TAKEN: [&str; 6] = ["main", "help", "nav", "top", "sources", "contents"];

/// What a text may refer to.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Sources by key.
    pub sources: &'a BTreeMap<String, Source>,
    /// Rights by key.
    pub entitlements: &'a BTreeMap<String, Entitlement>,
    /// Addresses of this site that answer, without fragments.
    pub addresses: &'a BTreeSet<String>,
    /// Whether the service confirmed this text, which takes away the words of doubt.
    pub confirmed: bool,
}

/// A text drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drawn {
    /// Cleaned HTML.
    pub html: String,
    /// Its headings in order.
    pub headings: Vec<Heading>,
    /// Its sources in the order of first use.
    pub sources: Vec<SourceRef>,
    /// Every confidence used, to tell the truth of the whole.
    pub confidences: BTreeSet<Confidence>,
    /// Its plain words, one line per paragraph, list item or heading.
    pub text: String,
    /// How many words it has.
    pub words: usize,
    /// Links to a fragment of another page of this site: line, address, fragment.
    pub elsewhere: Vec<(usize, String, String)>,
}

/// Draws a text whose first line is line `first_line` of its file. With no error among the notes
/// there is always something drawn, and with one there never is.
#[must_use]
pub fn draw(markdown: &str, first_line: usize, known: Known<'_>) -> (Option<Drawn>, Vec<Note>) {
    let mut notes = characters(markdown, first_line);
    if markdown.len() > MAX_BYTES {
        notes.push(Note::error(None, format!("This text is too long. The most is {MAX_BYTES} bytes.")));
    }
    if !notes.is_empty() {
        return (None, notes);
    }
    let mut pen = Pen::new(markdown, first_line, known);
    // The older footnotes are those that need no definition, which is what a claim looks like.
    let events = Parser::new_ext(markdown, Options::ENABLE_OLD_FOOTNOTES).into_offset_iter();
    for (event, range) in TextMergeWithOffset::new(events) {
        pen.take(event, range.start);
    }
    pen.finish()
}

/// Which list item or paragraph is being read, as plain words with the lines they stand on.
#[derive(Default)]
struct Block {
    text: String,
    /// From this byte of the text on, the words stand on this line.
    lines: Vec<(usize, usize)>,
}

impl Block {
    fn line_of(&self, byte: usize) -> Option<usize> {
        self.lines.iter().take_while(|(from, _)| *from <= byte).last().map(|(_, line)| *line)
    }
}

struct Pen<'a> {
    known: Known<'a>,
    first_line: usize,
    /// The byte at which each line starts.
    starts: Vec<usize>,
    out: Vec<Event<'a>>,
    notes: Vec<Note>,
    drawn: Drawn,
    /// For each place kept for a claim: the source's number and the words of doubt.
    claims: Vec<(usize, Option<&'static str>)>,
    /// Claims that an amount brought with it: they stand at the end of its sentence.
    pending: Vec<usize>,
    block: Block,
    /// Paragraphs and list items, for the reading ease.
    prose: Vec<String>,
    /// Level and where in `out` the open heading starts.
    heading: Option<(u8, usize)>,
    last_level: u8,
    ids: BTreeSet<String>,
    /// Links to a fragment of this page: line and fragment.
    within: Vec<(usize, String)>,
    depth: usize,
    link_text: Option<(usize, usize)>,
    begun: bool,
}

impl<'a> Pen<'a> {
    fn new(markdown: &str, first_line: usize, known: Known<'a>) -> Self {
        let starts = std::iter::once(0).chain(markdown.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self {
            known,
            first_line,
            starts,
            out: Vec::new(),
            notes: Vec::new(),
            drawn: Drawn::default(),
            claims: Vec::new(),
            pending: Vec::new(),
            block: Block::default(),
            prose: Vec::new(),
            heading: None,
            last_level: 1,
            ids: TAKEN.iter().map(|id| (*id).to_owned()).collect(),
            within: Vec::new(),
            depth: 0,
            link_text: None,
            begun: false,
        }
    }

    fn line(&self, byte: usize) -> usize {
        self.first_line + self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    fn error(&mut self, byte: usize, message: impl Into<String>) {
        let line = self.line(byte);
        self.notes.push(Note::error(Some(line), message.into()));
    }

    fn take(&mut self, event: Event<'a>, at: usize) {
        match event {
            Event::Start(tag) => self.open(tag, at),
            Event::End(tag) => self.close(tag, at),
            Event::Text(text) => self.text(&text, at),
            Event::FootnoteReference(name) => match Claim::parse(&name) {
                Ok(claim) => {
                    if let Some(index) = self.claim(&claim, false, at) {
                        self.pending.push(index);
                        self.place_pending();
                    }
                }
                Err(message) => self.error(at, message),
            },
            // A line break inside a paragraph is only how the file is wrapped.
            Event::SoftBreak | Event::HardBreak => {
                self.say(" ", at);
                self.out.push(Event::SoftBreak);
            }
            Event::Html(_) | Event::InlineHtml(_) => {
                self.error(at, "HTML is not used here. Write words, headings, lists and links only.");
            }
            Event::Code(_) => self.error(at, "Back-ticks are not used here. Write the words without them."),
            Event::Rule => self.error(at, "Lines across the page are not used here. Start a new heading instead."),
            Event::TaskListMarker(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {
                self.error(at, "This is not used here. Write words, headings, lists and links only.");
            }
        }
    }

    fn open(&mut self, tag: Tag<'a>, at: usize) {
        match tag {
            Tag::Paragraph => {
                self.begun = true;
                self.out.push(Event::Start(Tag::Paragraph));
            }
            Tag::Heading { level, .. } => self.open_heading(level, at),
            Tag::List(start) => {
                self.begun = true;
                self.end_block(true);
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    self.error(at, format!("Lists go {MAX_DEPTH} deep at most."));
                }
                self.out.push(Event::Start(Tag::List(start)));
            }
            Tag::Item => {
                self.end_block(true);
                self.out.push(Event::Start(Tag::Item));
            }
            Tag::Strong => self.out.push(Event::Start(Tag::Strong)),
            Tag::Link { link_type, dest_url, .. } => {
                let href =
                    if link_type == LinkType::Email { format!("mailto:{dest_url}") } else { dest_url.to_string() };
                self.link(&href, at);
                self.link_text = Some((at, self.block.text.len()));
                self.out.push(Event::Start(Tag::Link {
                    link_type: LinkType::Inline,
                    dest_url: href.into(),
                    title: CowStr::Borrowed(""),
                    id: CowStr::Borrowed(""),
                }));
            }
            Tag::Emphasis => self.error(at, "Sloping text is hard to read. Use two stars for strong words, or none."),
            Tag::Image { .. } => self.error(at, "Pictures are not used here."),
            Tag::BlockQuote(_) => self.error(at, "Quotes set apart are not used here. Write a paragraph."),
            Tag::CodeBlock(_) => {
                self.error(at, "Lines that start with a tab, four spaces or back-ticks are not used here.");
            }
            Tag::FootnoteDefinition(_) => {
                self.error(at, "Sources are not written out here. Add the source to the list of sources.");
            }
            Tag::HtmlBlock => {}
            _ => self.error(at, "This is not used here. Write words, headings, lists and links only."),
        }
    }

    fn open_heading(&mut self, level: HeadingLevel, at: usize) {
        self.end_block(true);
        let level = level as u8;
        if !self.begun {
            self.error(at, "Start with a paragraph. The title already stands above it.");
        }
        match level {
            1 => self.error(at, "The title is already the first heading. Start headings here with ##."),
            2 | 3 if level <= self.last_level + 1 => {}
            2 | 3 => self.error(at, "This heading skips a level. A ### heading stands under a ## heading."),
            _ => self.error(at, "Headings here are ## or ### only."),
        }
        self.begun = true;
        self.last_level = level;
        self.heading = Some((level, self.out.len()));
        self.out.push(Event::Start(Tag::Paragraph));
    }

    fn close(&mut self, tag: TagEnd, at: usize) {
        match tag {
            TagEnd::Paragraph => {
                self.end_block(true);
                self.out.push(Event::End(TagEnd::Paragraph));
            }
            TagEnd::Heading(level) => self.close_heading(level, at),
            TagEnd::List(_) => {
                self.end_block(true);
                self.depth = self.depth.saturating_sub(1);
                self.out.push(Event::End(tag));
            }
            TagEnd::Item => {
                self.end_block(true);
                self.out.push(Event::End(tag));
            }
            TagEnd::Strong => self.out.push(Event::End(tag)),
            TagEnd::Link => {
                if let Some((start, before)) = self.link_text.take()
                    && self.block.text.get(before..).unwrap_or_default().trim().is_empty()
                {
                    self.error(start, "This link has no words. Say where it goes.");
                }
                self.out.push(Event::End(tag));
            }
            // Each of the others was an error when it opened, so nothing of it is drawn.
            _ => {}
        }
    }

    fn close_heading(&mut self, level: HeadingLevel, at: usize) {
        let text = self.block.text.trim().to_owned();
        if text.is_empty() {
            self.error(at, "This heading has no words.");
        }
        if self.drawn.headings.len() == MAX_HEADINGS {
            self.error(at, format!("A page has {MAX_HEADINGS} headings at most."));
        }
        let id = if self.drawn.headings.len() < MAX_HEADINGS { self.id_for(&text) } else { String::new() };
        if let Some((number, start)) = self.heading.take() {
            let tag = Tag::Heading { level, id: Some(id.clone().into()), classes: Vec::new(), attrs: Vec::new() };
            if let Some(place) = self.out.get_mut(start) {
                *place = Event::Start(tag);
            }
            self.drawn.headings.push(Heading { id, level: number, text });
        }
        self.end_block(false);
        self.out.push(Event::End(TagEnd::Heading(level)));
    }

    /// Adds words to the plain text of the open paragraph.
    fn say(&mut self, words: &str, at: usize) {
        let line = self.line(at);
        self.block.lines.push((self.block.text.len(), line));
        self.block.text.push_str(words);
    }

    fn text(&mut self, text: &str, at: usize) {
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("{{") {
            self.plain(before, at);
            let Some((slug, after)) = behind.split_once("}}") else {
                self.error(at, "An amount opens with {{ here and never closes. Write it as {{name-of-the-right}}.");
                return;
            };
            self.amount(slug.trim(), at);
            rest = after;
        }
        self.plain(rest, at);
    }

    fn plain(&mut self, text: &str, at: usize) {
        if text.is_empty() {
            return;
        }
        self.say(text, at);
        let end = if self.pending.is_empty() || self.link_text.is_some() { None } else { reading::sentence_end(text) };
        let (sentence, rest) = end.and_then(|end| text.split_at_checked(end)).unwrap_or((text, ""));
        self.out.push(Event::Text(sentence.to_owned().into()));
        if end.is_some() {
            self.place_pending();
        }
        if !rest.is_empty() {
            self.out.push(Event::Text(rest.to_owned().into()));
        }
    }

    fn place_pending(&mut self) {
        for index in std::mem::take(&mut self.pending) {
            self.out.push(Event::Text(format!("{OPEN}{index}{CLOSE}").into()));
        }
    }

    fn amount(&mut self, slug: &str, at: usize) {
        let Some(right) = self.known.entitlements.get(slug) else {
            self.error(at, format!("There is no amount or right called “{slug}”."));
            return;
        };
        let Some(amount) = &right.amount else {
            self.error(at, format!("“{slug}” has no amount, so there is nothing to show here."));
            return;
        };
        // Kept out of the plain text's check for bare amounts: this one is held in its place.
        self.say(&amount.replace('£', "£\u{2060}"), at);
        self.out.push(Event::Text(amount.clone().into()));
        // What the service confirmed of the right itself is beyond doubt wherever it is shown.
        let confirmed = matches!(right.truth, Truth::Confirmed { .. });
        for claim in &right.claims {
            if let Some(index) = self.claim(claim, confirmed, at) {
                self.pending.push(index);
            }
        }
    }

    /// Notes a claim and gives its index, unless it cannot stand here.
    fn claim(&mut self, claim: &Claim, confirmed: bool, at: usize) -> Option<usize> {
        if self.heading.is_some() || self.link_text.is_some() {
            self.error(at, "A source or an amount cannot stand inside a heading or a link. Put it after.");
            return None;
        }
        let Some(source) = self.known.sources.get(&claim.source) else {
            self.error(at, format!("There is no source called “{}”.", claim.source));
            return None;
        };
        let next = self.drawn.sources.len() + 1;
        let number = match self.drawn.sources.iter_mut().find(|listed| listed.slug == source.slug) {
            Some(listed) => {
                listed.confidence = listed.confidence.max(claim.confidence);
                listed.number
            }
            None => {
                self.drawn.sources.push(SourceRef {
                    number: next,
                    slug: source.slug.clone(),
                    title: source.title.clone(),
                    url: source.url.clone(),
                    date: source.date.clone(),
                    confidence: claim.confidence,
                });
                next
            }
        };
        if !confirmed {
            self.drawn.confidences.insert(claim.confidence);
        }
        let doubt = if confirmed { None } else { claim.confidence.mark(self.known.confirmed) };
        self.claims.push((number, doubt));
        Some(self.claims.len() - 1)
    }

    /// Closes the paragraph or list item that is open: its words are checked and kept.
    fn end_block(&mut self, prose: bool) {
        self.place_pending();
        let block = std::mem::take(&mut self.block);
        if block.text.trim().is_empty() {
            return;
        }
        if let Some(at) = bare_amount(&block.text) {
            self.notes.push(Note::error(
                block.line_of(at),
                "An amount stands here in words. Amounts are held once: write {{name-of-the-right}} instead."
                    .to_owned(),
            ));
        }
        // Marks that are not markdown of ours would stand on the page as they are.
        if let Some(at) = block.text.find("[^") {
            self.notes.push(Note::error(block.line_of(at), "This source mark is not complete.".to_owned()));
        }
        let text = block.text.replace('\u{2060}', "");
        if prose {
            for (at, sentence) in reading::sentences(&block.text) {
                let words = reading::words(sentence);
                if words > reading::LONG_SENTENCE {
                    self.notes.push(Note::warning(
                        block.line_of(at),
                        format!(
                            "This sentence has {words} words. Split it so that none has more than {}: “{}…”",
                            reading::LONG_SENTENCE,
                            sentence.split_whitespace().take(6).collect::<Vec<_>>().join(" "),
                        ),
                    ));
                }
            }
            self.prose.push(text.clone());
        }
        self.drawn.words += reading::words(&text);
        let _ = writeln!(self.drawn.text, "{}", text.trim());
    }

    fn finish(mut self) -> (Option<Drawn>, Vec<Note>) {
        self.end_block(true);
        if !self.begun {
            self.notes.push(Note::error(None, "There are no words.".to_owned()));
        }
        for (line, fragment) in &self.within {
            if !self.drawn.headings.iter().any(|heading| heading.id == *fragment) {
                self.notes
                    .push(Note::error(Some(*line), format!("No heading on this page has the address #{fragment}.")));
            }
        }
        if let Some(ease) = reading::ease(self.prose.iter().map(String::as_str))
            && ease < reading::PLAIN
        {
            self.notes.push(Note::warning(
                None,
                format!(
                    "This is hard to read: {ease:.0} on a scale where plain English is {:.0} or more. Use shorter words \
                     and sentences.",
                    reading::PLAIN
                ),
            ));
        }
        if self.notes.iter().any(Note::is_error) {
            return (None, self.notes);
        }
        let mut raw = String::new();
        html::push_html(&mut raw, self.out.into_iter());
        self.drawn.html = mark(&clean(&raw), &self.claims);
        (Some(self.drawn), self.notes)
    }
}

#[cfg(test)]
#[path = "markdown_test.rs"]
mod tests;
