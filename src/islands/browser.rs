//! The browser's side of the islands. No step may panic: whatever the page lacks, the HTML as the
//! server drew it stays.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Document, Element, EventSource, Headers, RequestInit, RequestRedirect, Response, VisibilityState, Window,
};

/// Milliseconds between two questions while something may be happening.
const SOON: i32 = 5_000;
/// Milliseconds between two questions when nothing has happened for a while, or while we are told of news.
const LATER: i32 = 30_000;
/// Answers without news until the pace slackens: five minutes of them.
const QUIET_ANSWERS: u32 = 60;

/// Prepares the page for its islands. The bundle calls it once, before the first island.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}

/// Starts watching the thread inside `island`, if there is one.
pub(super) fn keep_live(island: Element) {
    // None: the page holds no thread to watch.
    _ = watch(&island);
}

/// One thread on the page and the state of asking for it.
struct Watch {
    window: Window,
    document: Document,
    list: Element,
    status: Element,
    /// The pending timer, to cancel it.
    timer: Cell<Option<i32>>,
    /// Counts questions. An answer to any but the latest is dropped, so a question may always be
    /// asked without waiting for one that got stuck.
    question: Cell<u32>,
    /// Answers without news since the last news.
    quiet: Cell<u32>,
    /// The person has left the page, which the browser may keep for the Back button.
    away: Cell<bool>,
    /// Runs [`Watch::look`]. Kept because a timer needs it again and again.
    tick: Cell<Option<JsValue>>,
    /// Tells us of news, while the page is looked at. Without it we ask more often.
    ear: RefCell<Option<EventSource>>,
}

/// What the server said.
enum Answer {
    Nothing,
    Rows { html: String, last: String },
    SignedOut,
    Failed,
}

fn watch(island: &Element) -> Option<()> {
    let window = web_sys::window()?;
    let watch = Rc::new(Watch {
        document: window.document()?,
        list: island.query_selector("[data-live]").ok()??,
        status: island.query_selector("[role=status]").ok()??,
        window,
        timer: Cell::default(),
        question: Cell::default(),
        quiet: Cell::default(),
        away: Cell::default(),
        tick: Cell::default(),
        ear: RefCell::default(),
    });

    // Three listeners and a timer for as long as the page lives: nothing to give back.
    let this = Rc::clone(&watch);
    let tick = Closure::<dyn Fn()>::new(move || this.look()).into_js_value();
    let this = Rc::clone(&watch);
    let leave = Closure::<dyn Fn()>::new(move || {
        this.away.set(true);
        this.rest();
        this.listen();
    });
    let this = Rc::clone(&watch);
    let come_back = Closure::<dyn Fn()>::new(move || {
        // The page's first showing is no return: it was drawn a moment ago.
        if this.away.replace(false) {
            this.look();
        }
    });
    let listen =
        |name, function: &JsValue| watch.window.add_event_listener_with_callback(name, function.unchecked_ref()).ok();
    listen("pagehide", &leave.into_js_value())?;
    listen("pageshow", &come_back.into_js_value())?;
    watch.document.add_event_listener_with_callback("visibilitychange", tick.unchecked_ref()).ok()?;
    watch.tick.set(Some(tick));
    watch.listen();
    watch.ask_in(SOON);
    Some(())
}

impl Watch {
    fn is_looked_at(&self) -> bool {
        !self.away.get() && self.document.visibility_state() == VisibilityState::Visible
    }

    /// Listens for news while the page is looked at: browsers keep few connections to one site open at once.
    fn listen(&self) {
        let mut ear = self.ear.borrow_mut();
        if !self.is_looked_at() {
            if let Some(open) = ear.take() {
                open.close();
            }
        } else if ear.is_none() {
            let asked = self.list.get_attribute("data-live").unwrap_or_default();
            let address = asked.trim_end_matches("/new").to_owned() + "/live";
            let tick = self.tick.take();
            if let (Ok(open), Some(tick)) = (EventSource::new(&address), &tick) {
                open.set_onmessage(Some(tick.unchecked_ref()));
                // The last word of a stream whose reader was signed out: the answer to our question says so.
                _ = open.add_event_listener_with_callback("end", tick.unchecked_ref());
                *ear = Some(open);
            }
            self.tick.set(tick);
        }
    }

    /// Whether we are told of news.
    fn hears(&self) -> bool {
        self.ear.borrow().as_ref().is_some_and(|ear| ear.ready_state() == EventSource::OPEN)
    }

    /// Asks now if the page is being looked at, else waits for the next time it is.
    fn look(self: &Rc<Self>) {
        self.listen();
        // A tab that is shown again starts at the quick pace.
        if self.timer.get().is_none() {
            self.quiet.set(0);
        }
        self.rest();
        if !self.is_looked_at() {
            return;
        }
        let this = Rc::clone(self);
        let question = self.question.get();
        spawn_local(async move {
            let answer = this.ask().await.unwrap_or(Answer::Failed);
            if this.question.get() == question {
                this.take(answer);
            }
        });
    }

    /// Forgets the timer and any question under way.
    fn rest(&self) {
        self.question.set(self.question.get().wrapping_add(1));
        if let Some(timer) = self.timer.take() {
            self.window.clear_timeout_with_handle(timer);
        }
    }

    fn ask_in(&self, milliseconds: i32) {
        let tick = self.tick.take();
        if let Some(tick) = &tick {
            let timer =
                self.window.set_timeout_with_callback_and_timeout_and_arguments_0(tick.unchecked_ref(), milliseconds);
            self.timer.set(timer.ok());
        }
        self.tick.set(tick);
    }

    async fn ask(&self) -> Result<Answer, JsValue> {
        let address = self.list.get_attribute("data-live").unwrap_or_default()
            + "?after="
            + &self.list.get_attribute("data-last").unwrap_or_default();
        let init = RequestInit::new();
        // Followed, a redirect would fetch the sign-in page only to throw it away.
        init.set_redirect(RequestRedirect::Manual);
        let headers = Headers::new()?;
        headers.set("x-fragment", "1")?;
        init.set_headers(&headers);
        let response: Response =
            JsFuture::from(self.window.fetch_with_str_and_init(&address, &init)).await?.unchecked_into();
        Ok(match response.status() {
            204 => Answer::Nothing,
            // 0: the browser's way to tell of a redirect that it did not follow.
            0 | 401 => Answer::SignedOut,
            200 => match response.headers().get("x-last")? {
                Some(last) => {
                    Answer::Rows { html: JsFuture::from(response.text()?).await?.as_string().unwrap_or_default(), last }
                }
                // Not our server's words.
                None => Answer::Failed,
            },
            _ => Answer::Failed,
        })
    }

    fn take(&self, answer: Answer) {
        // Emptied first: the same words twice are announced twice.
        self.say("", false);
        match answer {
            Answer::SignedOut => {
                if let Some(open) = self.ear.borrow_mut().take() {
                    open.close();
                }
                return self.say("You have been signed out. Your text is still here.", true);
            }
            Answer::Failed => return self.ask_in(LATER),
            Answer::Nothing => self.quiet.set(self.quiet.get().saturating_add(1)),
            Answer::Rows { html, last } => {
                self.quiet.set(0);
                let kind = self.list.get_attribute("data-news").unwrap_or_else(|| "message".to_owned());
                // What could not be drawn is asked for again.
                if let Ok(news) = self.draw(&html) {
                    _ = self.list.set_attribute("data-last", &last);
                    match news {
                        0 => {}
                        1 => self.say(&("1 new ".to_owned() + &kind), false),
                        n => self.say(&(n.to_string() + " new " + &kind + "s"), false),
                    }
                }
            }
        }
        self.ask_in(if self.quiet.get() < QUIET_ANSWERS && !self.hears() { SOON } else { LATER });
    }

    /// Puts the rows of `html` into the list and returns how many of them are new and from
    /// someone else.
    fn draw(&self, html: &str) -> Result<u32, JsValue> {
        let typing = self.document.active_element();
        let stood = typing.as_ref().map(top);
        let parsed = self.document.create_element("ol")?;
        parsed.set_inner_html(html);
        let mut news = 0;
        while let Some(row) = parsed.first_element_child() {
            row.remove();
            match self.document.get_element_by_id(&row.id()) {
                // A row that holds the focus stays, so as not to lose it. What its own link says is made new.
                Some(old) if old.contains(typing.as_deref()) => {
                    if reword(&old, &row)? {
                        news += u32::from(wakes(&old, &row));
                        self.alarm(&row, Some(&old))?;
                        let class = row.class_name();
                        let class = if old.class_list().contains("new") { class + " new" } else { class };
                        old.set_class_name(&class);
                    }
                }
                Some(old) if !self.comes_up(&old, &row) => {
                    self.alarm(&row, Some(&old))?;
                    news += u32::from(wakes(&old, &row));
                    if old.class_list().contains("new") {
                        row.class_list().add_1("new")?;
                    }
                    if !old.is_equal_node(Some(&row)) {
                        old.replace_with_with_node_1(&row)?;
                    }
                }
                // Nothing to do, and nothing to take the place of.
                None if row.class_list().contains("quiet") => {}
                old => {
                    self.alarm(&row, old.as_ref())?;
                    if let Some(old) = old {
                        old.remove();
                    }
                    if !row.class_list().contains("mine") {
                        news += 1;
                    }
                    row.class_list().add_1("new")?;
                    self.list.append_child(&row)?;
                }
            }
        }
        // Rows above what is being typed would push it down, under a phone's keyboard.
        if let (Some(typing), Some(stood)) = (&typing, stood) {
            let moved = top(typing) - stood;
            if moved != 0.0 && self.list.compare_document_position(typing) & FOLLOWS != 0 {
                self.window.scroll_by_with_x_and_y(0.0, moved);
            }
        }
        Ok(news)
    }

    /// Whether a row stands in another list of the page, and belongs in this one now.
    fn comes_up(&self, old: &Element, row: &Element) -> bool {
        let apart = old.closest("ol").ok().flatten().is_some_and(|list| list != self.list);
        apart && !["elsewhere", "quiet"].into_iter().any(|class| row.class_list().contains(class))
    }

    /// Says over the page, to everyone, that the person of a row may be in danger where the row before it did not, with the
    /// way to it: rows keep their places while they are looked at. It ends when the row says so no more.
    fn alarm(&self, row: &Element, old: Option<&Element>) -> Result<(), JsValue> {
        let urgent = |row: &Element| row.class_list().contains("urgent");
        let id = "alarm-".to_owned() + &row.id();
        let stands = self.document.get_element_by_id(&id);
        match (urgent(row), stands) {
            (false, Some(stands)) => stands.remove(),
            (true, None) if !old.is_some_and(urgent) => {
                let link = self.document.create_element("a")?;
                let name = row.query_selector("strong")?.and_then(|name| name.text_content()).unwrap_or_default();
                link.set_text_content(Some(&(name + " may be in danger: show the row")));
                link.set_attribute("href", &("#".to_owned() + &row.id()))?;
                link.set_id(&id);
                self.alarms()?.append_child(&link)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Where alarms stand. Empty, it takes no place.
    fn alarms(&self) -> Result<Element, JsValue> {
        if let Some(stands) = self.document.get_element_by_id("alarms") {
            return Ok(stands);
        }
        let alarms = self.document.create_element("div")?;
        alarms.set_id("alarms");
        alarms.set_attribute("role", "alert")?;
        self.status.parent_element().ok_or(JsValue::NULL)?.append_child(&alarms)?;
        Ok(alarms)
    }

    /// Puts `words` into the status line, for screen readers or for everyone.
    fn say(&self, words: &str, everyone: bool) {
        self.status.set_class_name(if everyone { "note" } else { "vh" });
        self.status.set_text_content(Some(words));
    }
}

/// `Node.DOCUMENT_POSITION_FOLLOWING`.
const FOLLOWS: u16 = 4;

/// Gives the link of a row the words and the address of another, where they differ.
fn reword(old: &Element, row: &Element) -> Result<bool, JsValue> {
    let link = |row: &Element| row.query_selector(":scope > a");
    let (Some(stands), Some(comes)) = (link(old)?, link(row)?) else { return Ok(false) };
    if stands.is_equal_node(Some(&comes)) {
        return Ok(false);
    }
    stands.set_inner_html(&comes.inner_html());
    stands.set_attribute("href", &comes.get_attribute("href").unwrap_or_default())?;
    Ok(true)
}

/// Whether there is something to do of whom there was nothing to do a moment ago.
fn wakes(old: &Element, row: &Element) -> bool {
    old.class_list().contains("quiet") && !row.class_list().contains("quiet")
}

/// How far below the top of the window an element stands, in pixels.
fn top(element: &Element) -> f64 {
    element.get_bounding_client_rect().top()
}
