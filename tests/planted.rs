//! Nothing that anybody types, and no secret that we give, stands in a log at any level, in an address, or
//! readable in the database: the real program, with everything logged, filled in by everybody.
//!
//! What editors write is published, so it may stand in the database; it stands in no log all the same.

use std::collections::BTreeSet;

use portal::clock::Clock;
use portal::signin::Owner;

use crate::support::actors::{ACTORS, browser};
use crate::support::client::PASSPHRASE;
use crate::support::forms::{Form, forms};
use crate::support::people::{AALIYAH, PRIYA, SAM, SECRET};
use crate::support::program::Program;
use crate::support::stolen::{disguises, stolen};
use crate::support::{Answer, Client, Engine, TestApp, on_both};

on_both! { planted_words_stand_in_no_log_no_address_and_no_stolen_database }

/// In every word planted by young people, workers, administrators and the public.
const PRIVATE: &str = "zqplanted";
/// In every word planted by editors.
const PUBLIC: &str = "zqpublic";

/// Fields that somebody writes in; all others choose from a list.
const WRITTEN: [&str; 29] = [
    "body",
    "contact",
    "reason",
    "name",
    "email",
    "called",
    "value",
    "username",
    "passphrase",
    "card",
    "second",
    "code",
    "draft",
    "note",
    "note_to_staff",
    "who",
    "owner",
    "why",
    "words",
    "questions",
    "signs",
    "helps",
    "calls",
    "where",
    "meeting",
    "with",
    "at",
    "directions",
    "receiver",
];

/// What was planted, and what must not be found besides.
#[derive(Default)]
struct Sown {
    words: u64,
    posts: u64,
    pages: u64,
    statuses: BTreeSet<u16>,
    tokens: BTreeSet<String>,
    secrets: BTreeSet<String>,
}

impl Sown {
    /// A word for a field that would be taken there, or nearly.
    fn word(&mut self, name: &str, stem: &str) -> String {
        self.words += 1;
        let n = self.words;
        match name {
            "email" | "value" => format!("{stem}{n}@young.invalid"),
            "username" => format!("{stem}-{n}"),
            "code" | "second" => format!("{stem}{n}"),
            "card" => format!("{stem}{n} six words of a card"),
            "passphrase" => format!("{stem}{n} copper violin orchard"),
            _ => format!("{stem}{n} in words that are long enough to be kept"),
        }
    }

    /// The form with a word of its own in each field that is written in.
    fn fill(&mut self, form: &Form) -> Vec<(&'static str, String)> {
        let edits = form.path.starts_with("/edit");
        let planted = |name: &str, value: &str| {
            // The text of a page must be one, and a place is chosen from a list.
            WRITTEN.contains(&name) && !(edits && name == "body") && !value.is_empty()
        };
        let fields = form.fields.clone().into_iter();
        fields
            .map(|(name, value)| match planted(name, &value) {
                true => (name, self.word(name, if edits { PUBLIC } else { PRIVATE })),
                false => (name, value),
            })
            .collect()
    }

    /// Notes an answer, and fails when an address in it holds what it must not.
    fn look(&mut self, client: &Client, path: &str, answer: &Answer) {
        self.statuses.insert(answer.status);
        self.tokens.extend(client.cookies.values().cloned());
        let text = answer.text();
        let shown =
            text.split("class=\"secret\"").skip(1).filter_map(|rest| rest.split("<strong>").nth(1)?.split('<').next());
        self.secrets.extend(shown.map(str::to_owned));
        let mut addresses = vec![answer.location()];
        for mark in ["href=\"", "action=\"", "src=\""] {
            addresses.extend(text.split(mark).skip(1).filter_map(|rest| rest.split('"').next()));
        }
        let kept = self.tokens.iter().chain(&self.secrets).map(String::as_str);
        // What somebody typed in an address may come back in one: where they go on after a sign-in.
        for word in [PRIVATE, PUBLIC].into_iter().chain(kept).filter(|word| !path.contains(word)) {
            assert!(!addresses.iter().any(|address| address.contains(word)), "{path}: an address holds {word}");
        }
    }

    async fn post(&mut self, client: &mut Client, form: &Form) {
        let fields = self.fill(form);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = client.post_form(&form.path, &fields).await;
        self.posts += 1;
        self.look(client, &form.path, &answer);
    }

    async fn open(&mut self, client: &mut Client, path: &str) {
        let agent = self.word("agent", PRIVATE);
        let headers = [
            ("sec-fetch-site", "same-origin"),
            ("user-agent", &agent),
            ("referer", &agent),
            ("x-forwarded-for", &agent),
        ];
        let answer = client.send("GET", path, &headers, "").await;
        self.pages += 1;
        self.look(client, path, &answer);
    }
}

/// Forms that end what later ones stand on come last.
fn place(form: &Form) -> u8 {
    match form.path.as_str() {
        "/join" => 3,
        path if path.ends_with("/passphrase") => 2,
        path if path.ends_with("/username") || path == "/me/account" || path == "/staff/account" => 1,
        _ => 0,
    }
}

/// Pages with things of somebody's on them, and what the reader typed in the address.
fn pages(app: &TestApp, word: &str) -> Vec<String> {
    let plain = app
        .addresses
        .iter()
        .filter(|known| known.method == "GET" && !known.path.contains('{') && known.path != "/exit");
    let private = plain.filter(|known| {
        ["/me", "/work", "/edit", "/admin", "/staff"].iter().any(|start| known.path.starts_with(start))
    });
    let mut pages: Vec<String> = private.map(|known| known.path.to_owned()).collect();
    pages.extend(
        ["", "/messages", "/plan", "/plan/actions", "/money", "/if-it-goes-wrong", "/code", "/reach"]
            .map(|under| format!("/work/people/{}{under}", app.world.sam)),
    );
    // In the address itself: what somebody looked for, or mistyped.
    let typed = ["/search?q=", "/keep?page=", "/sign-in?next=/me/", "/offer/", "/me/", "/work/people/", "/"];
    pages.extend(typed.map(|before| format!("{before}{word}")));
    pages
}

/// Everybody fills in every form. The browsers are made first: a passphrase that was changed opens nothing new.
async fn fill_in_everything(app: &TestApp, sown: &mut Sown) {
    let mut forms = forms(app).await;
    forms.sort_by_key(place);
    let mut own = Vec::new();
    for form in &forms {
        own.push(form.browser(app).await);
    }
    let mut browsers = Vec::new();
    for actor in ACTORS {
        browsers.push(browser(app, actor).await);
    }
    for (actor, client) in browsers.iter_mut().enumerate() {
        for path in pages(app, &format!("{PRIVATE}{actor}")) {
            sown.open(client, &path).await;
        }
    }
    for (form, client) in forms.iter().zip(&mut own) {
        sown.post(client, form).await;
        for browser in &mut browsers {
            sown.post(browser, form).await;
        }
    }
}

/// What was typed when a session had ended is kept for its owner; what nobody signed in sends is not.
async fn leave_drafts(app: &TestApp, sown: &mut Sown) {
    let draft = sown.word("draft", PRIVATE);
    let fields =
        [("username", AALIYAH), ("passphrase", PASSPHRASE), ("next", "/me/messages"), ("draft", draft.as_str())];
    let mut client = app.visitor();
    let answer = client.post_form("/sign-in", &fields).await;
    answer.is(303);
    sown.look(&client, "/sign-in", &answer);
    client.get("/me/messages").await.is(200).says(&draft);
}

/// Every form once more, while the tables that it needs are away: a fault tells the operator nothing of anybody.
async fn break_everything(app: &TestApp, sown: &mut Sown, forms: &[Form]) {
    for table in ["message", "feedback", "knock", "contact_point", "staff_role", "audit", "account"] {
        let mut clients = Vec::new();
        for name in [SAM, PRIYA] {
            clients.push((Some(name), app.signed_in(name).await));
        }
        clients.push((None, app.visitor()));
        app.data.raw.run(&format!("ALTER TABLE {table} RENAME TO {table}_away")).await;
        for (who, client) in &mut clients {
            for form in forms.iter().filter(|form| form.who == *who && place(form) == 0) {
                sown.post(client, form).await;
            }
        }
        app.data.raw.run(&format!("ALTER TABLE {table}_away RENAME TO {table}")).await;
    }
    assert!(sown.statuses.contains(&500), "nothing broke: {:?}", sown.statuses);
}

async fn planted_words_stand_in_no_log_no_address_and_no_stolen_database(engine: Engine) {
    let mut app = TestApp::start(engine).await;
    // The program goes by the machine's clock, so codes of generators must too: this takes longer than one lasts.
    app.clock = Clock::default();
    let address = app.data.address();
    let settings = [("DATABASE_URL", address.as_str()), ("LOG", "trace")];
    let mut program = Program::start(&["serve"], app.data.folder.path(), &settings).await;
    app.origin.clone_from(&program.origin);
    let mut sown = Sown::default();
    sown.secrets.insert(app.new_code(Owner::Person(app.world.aaliyah)).await);
    leave_drafts(&app, &mut sown).await;
    break_everything(&app, &mut sown, &forms(&app).await).await;
    fill_in_everything(&app, &mut sown).await;
    let (stolen, log) = (stolen(&app.data).await, program.log());
    program.kill();
    let kept = sown.secrets.len();
    println!(
        "{engine:?}: {} words planted in {} forms and {} pages ({:?}), {} tokens, {kept} codes and cards; {} lines of log, {} bytes of database",
        sown.words,
        sown.posts,
        sown.pages,
        sown.statuses,
        sown.tokens.len(),
        log.lines().count(),
        stolen.len()
    );
    assert!(sown.words > 1_000 && kept >= 3 && sown.tokens.len() > 40);
    let lines = u64::try_from(log.lines().count()).unwrap();
    assert!(
        lines >= sown.posts + sown.pages && log.contains("/work/people/{id}"),
        "the log says too little to be searched"
    );
    let people =
        ["Whittletest", "Khantest", "Nairtest", "Samtest", SAM, AALIYAH, PRIYA, SECRET, PASSPHRASE, "marigoldplan"];
    let secrets = sown.tokens.iter().chain(&sown.secrets).map(String::as_str);
    let private: Vec<&str> =
        [PRIVATE, "young.invalid", "staff.invalid"].into_iter().chain(people).chain(secrets).collect();
    let (log, stolen) = (Haystack::new(log.as_bytes()), Haystack::new(&stolen));
    assert!(stolen.holds("North leaving care team") && stolen.holds(PUBLIC), "nothing would be found");
    assert!(!log.holds(PUBLIC), "the log holds what an editor wrote");
    assert!(!log.holds(&app.world.sam.to_string()), "the log says whose page was opened");
    for word in private {
        assert!(!log.holds(word), "the log holds {word}");
        assert!(!stolen.holds(word), "the stolen database holds {word}");
    }
}

/// Bytes to look for words in, however they are written. Large: looked through once for each way.
struct Haystack {
    text: String,
    lower: String,
    hex: String,
}

impl Haystack {
    fn new(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes).into_owned();
        Self { lower: text.to_lowercase(), hex: portal::id::hex(bytes), text }
    }

    fn holds(&self, word: &str) -> bool {
        // A token is 32 bytes, and may stand as such.
        let bytes = portal::id::unhex(word).filter(|bytes| bytes.len() == 32);
        bytes.is_some() && self.hex.contains(&word.to_lowercase())
            || disguises(word.as_bytes()).iter().any(|one| {
                let one = String::from_utf8_lossy(one);
                self.text.contains(one.as_ref()) || self.lower.contains(one.to_lowercase().as_str())
            })
    }
}
