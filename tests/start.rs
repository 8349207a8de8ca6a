//! A real start: the key, the database, the first people, and the end.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Output;

use crate::support::client::{PASSPHRASE, hidden};
use crate::support::program::{Program, command, free_port, refuses, run};
use crate::support::{Client, Data, Engine, block_on, on_both};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[track_caller]
fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The code in what a command printed.
fn code(printed: &str) -> String {
    let words = printed.split_whitespace();
    words
        .map(|word| word.trim_matches('.'))
        .find(|word| word.len() == 9 && word.as_bytes()[4] == b'-')
        .unwrap()
        .to_owned()
}

#[test]
fn a_new_key_is_readable_by_its_owner_only_and_never_written_over_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("deep/key");
    let printed = said(&run(&["key", "new", text(&key)], &[]));
    assert!(printed.contains("two copies"), "{printed}");
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o400);
    let first = std::fs::read_to_string(&key).unwrap();
    assert!(!printed.contains(first.trim()), "the key was printed");
    refuses(&["key", "new", text(&key)], &[], &["was not made"]);
    assert_eq!(std::fs::read_to_string(&key).unwrap(), first);
    let other = folder.path().join("other");
    said(&run(&["key", "new", text(&other)], &[]));
    assert_ne!(std::fs::read_to_string(&other).unwrap(), first);
}

#[test]
fn a_start_without_a_key_or_with_one_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = ("DATA_DIR", text(folder.path()));
    refuses(&["serve"], &[data], &["key", "portal key new"]);
    assert!(!folder.path().join("portal.db").exists(), "nothing is made before the key is there");
    let key = folder.path().join("key");
    said(&run(&["key", "new"], &[data]));
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    refuses(&["serve"], &[data], &["other users", "chmod 600"]);
    refuses(&["staff", "add", "--name", "A", "--email", "a@b.invalid", "--role", "adviser"], &[data], &["chmod 600"]);
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o640)).unwrap();
    refuses(&["serve"], &[data], &["chmod 600"]);
    let nonsense = folder.path().join("nonsense");
    std::fs::write(&nonsense, "not a key at all").unwrap();
    std::fs::set_permissions(&nonsense, std::fs::Permissions::from_mode(0o600)).unwrap();
    refuses(&["serve"], &[data, ("KEY_FILE", text(&nonsense))], &["not a key file"]);
}

#[test]
fn a_database_opens_with_its_own_key_only() {
    let folder = tempfile::tempdir().unwrap();
    let data = ("DATA_DIR", text(folder.path()));
    let (right, wrong) = (folder.path().join("right"), folder.path().join("wrong"));
    for key in [&right, &wrong] {
        said(&run(&["key", "new", text(key)], &[]));
    }
    let add = ["staff", "add", "--name", "Jo Adviser", "--email", "jo@staff.invalid", "--role", "adviser"];
    said(&run(&add, &[data, ("KEY_FILE", text(&right))]));
    refuses(&["serve"], &[data, ("KEY_FILE", text(&wrong))], &["sealed with another key", "KEY_FILE"]);
    refuses(&add, &[data, ("KEY_FILE", text(&right))], &["another member of staff"]);
}

#[test]
fn demo_and_live_refuse_each_other_s_databases() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let mut demo = Program::start(&["demo"], folder.path(), &[]).await;
        let mut client = Client::new(&demo.origin);
        client.get("/").await.is(200).says("demo");
        assert!(demo.stop().await.success());
        let made_up = format!("sqlite://{}", folder.path().join("demo.db").display());
        let key = folder.path().join("demo.key");
        let data = ("DATA_DIR", text(folder.path()));
        refuses(&["serve"], &[data, ("DATABASE_URL", &made_up), ("KEY_FILE", text(&key))], &["demo data"]);
        said(&run(&["key", "new"], &[data]));
        said(&run(&["staff", "add", "--name", "Jo", "--email", "jo@staff.invalid", "--role", "adviser"], &[data]));
        let live = format!("sqlite://{}", folder.path().join("portal.db").display());
        let own_key = folder.path().join("key");
        refuses(&["demo"], &[data, ("DATABASE_URL", &live), ("KEY_FILE", text(&own_key))], &["is live"]);
    });
}

/// What proves who somebody of the demo in this folder is.
fn demo_code(username: &str, folder: &Path) -> String {
    said(&run(&["demo-code", username], &[("DATA_DIR", text(folder))])).trim().to_owned()
}

#[test]
fn the_demo_keeps_what_was_written_when_it_is_started_again() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let enter = async |program: &Program| {
            let mut client = Client::new(&program.origin);
            let fields = [("username", "amber-otter-42"), ("passphrase", "maple kettle violin harbour")];
            client.post_form("/sign-in", &fields).await.is(303);
            let code = demo_code("amber-otter-42", folder.path());
            client.post_form("/sign-in/second", &[("second", &code)]).await.is(303);
            client
        };
        let mut demo = Program::start(&["demo"], folder.path(), &[]).await;
        enter(&demo).await.write_message("/me/messages", "kept over the night").await.is(303);
        assert!(demo.stop().await.success());
        let mut demo = Program::start(&["demo"], folder.path(), &[]).await;
        enter(&demo).await.get("/me/messages").await.says("kept over the night");
        assert!(demo.log().contains("amber-otter-42"), "the sign-ins are printed");
        assert!(demo.stop().await.success());
    });
}

on_both! { the_first_people_are_added_by_command_join_and_do_the_main_job }

async fn the_first_people_are_added_by_command_join_and_do_the_main_job(engine: Engine) {
    // An empty database; its key lies beside it.
    let data = Data::new(engine).await;
    let (folder, address) = (data.folder.path().to_owned(), data.address());
    let settings = [("DATA_DIR", text(&folder)), ("DATABASE_URL", address.as_str())];
    let person = |adviser: &'static str, locality: &'static str| {
        [
            "person",
            "add",
            "--name",
            "Robin Fieldtest",
            "--born",
            "2008-03-27",
            "--adviser",
            adviser,
            "--locality",
            locality,
        ]
    };
    refuses(
        &person("jo@staff.invalid", "north"),
        &settings,
        &["no member of staff has the email jo@staff.invalid", "portal staff add"],
    );
    let staff = run(
        &["staff", "add", "--name", "Jo Advisertest", "--email", "jo@staff.invalid", "--role", "adviser"],
        &settings,
    );
    let staff_code = code(&said(&staff));
    let editor = ["staff", "add", "--name", "Ed Editortest", "--email", "ed@staff.invalid", "--role", "editor"];
    said(&run(&editor, &settings));
    refuses(&person("ed@staff.invalid", "north"), &settings, &["not an adviser"]);
    refuses(&person("jo@staff.invalid", "atlantis"), &settings, &["no locality atlantis", "north"]);
    let person_code = code(&said(&run(&person("jo@staff.invalid", "north"), &settings)));
    refuses(&person("jo@staff.invalid", "north"), &settings, &["already"]);
    assert!(
        !command(&["staff", "add", "--name", "X", "--email", "x@y.invalid", "--role", "king"], &settings)
            .output()
            .unwrap()
            .status
            .success()
    );

    let mut program = Program::start(&["serve"], &folder, &settings).await;
    let join = async |code: &str, username: &str, born: [&str; 3]| {
        let mut client = Client::new(&program.origin);
        let page = client.get("/join").await.text();
        assert!(hidden(&page, "offer").unwrap().split(' ').count() == 4);
        let fields = [
            ("code", code),
            ("born-day", born[0]),
            ("born-month", born[1]),
            ("born-year", born[2]),
            ("username", username),
            ("passphrase", PASSPHRASE),
        ];
        (client.post_form("/join", &fields).await, client)
    };
    let (answer, mut robin) = join(&person_code, "robin-field-01", ["27", "3", "2008"]).await;
    assert_eq!((answer.status, answer.location()), (303, "/me"));
    let (answer, mut jo) = join(&staff_code, "jo-adviser-02", ["", "", ""]).await;
    assert_eq!((answer.status, answer.location()), (303, "/work"));
    let page = jo.get("/sign-in/second").await.text();
    let secret = page.split("class=\"secret\">").nth(1).unwrap().split('<').next().unwrap().replace(' ', "");
    let second = u64::try_from(portal::clock::Clock::default().now().as_second()).unwrap();
    let step = portal::signin::totp::code(&secret, second).unwrap();
    jo.post_form("/sign-in/second", &[("second", &step)]).await.is(303);
    robin.get("/me").await.says("Hello Robin").says("Jo Advisertest, your personal adviser");
    robin.get("/me/plan").await.is(200);
    robin.write_message("/me/messages", "Is this working?").await.is(303);
    let queue = jo.get("/work").await;
    queue.says("Robin");
    let thread = queue.text().split("href=\"/work/people/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let thread = format!("/work/people/{thread}");
    jo.get(&thread).await.says("Is this working?");
    jo.write_message(&thread, "Yes, it is.").await.is(303);
    robin.get("/me/messages").await.says("Yes, it is.");
    // A lost passphrase is no dead end: a new code takes the place of the old name and its sessions.
    let again = ["person", "code", "--name", "Robin Fieldtest", "--born", "2008-03-27"];
    let new_code = code(&said(&run(&again, &settings)));
    let (answer, mut robin_again) = join(&new_code, "robin-field-03", ["27", "3", "2008"]).await;
    assert_eq!(answer.status, 303);
    robin_again.get("/me/messages").await.says("Yes, it is.");
    robin.get("/me/messages").await.is(303);
    refuses(&["person", "code", "--name", "Nobody", "--born", "2008-03-27"], &settings, &["nobody of this name"]);
    said(&run(&["staff", "code", "--email", "jo@staff.invalid"], &settings));
    assert!(program.stop().await.success());
    assert_eq!(data.raw.texts("SELECT kind FROM instance").await, ["live"]);
}

#[test]
fn a_program_that_is_told_to_stop_ends_cleanly_and_says_so() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        said(&run(&["key", "new"], &[("DATA_DIR", text(folder.path()))]));
        let mut program = Program::start(&["serve"], folder.path(), &[]).await;
        // Two that keep their connections open do not hold it up.
        let (mut one, mut two) = (Client::new(&program.origin), Client::new(&program.origin));
        one.get("/").await.is(200);
        two.get("/help").await.is(200);
        let status = program.stop().await;
        assert!(status.success(), "{status}: {}", program.log());
        assert!(program.log().contains("stopped"), "{}", program.log());
    });
}

#[test]
fn a_port_in_use_and_a_wrong_setting_are_told_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let data = ("DATA_DIR", text(folder.path()));
    said(&run(&["key", "new"], &[data]));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    refuses(&["serve"], &[data, ("PORT", &port)], &["cannot be used", "PORT"]);
    let port = free_port().to_string();
    let port = ("PORT", port.as_str());
    refuses(&["serve"], &[data, port, ("DATABASE_URL", "mysql://x")], &["DATABASE_URL must start with"]);
    refuses(
        &["serve"],
        &[data, port, ("DATABASE_URL", "postgres://127.0.0.1:1/x")],
        &["the database cannot be opened"],
    );
    refuses(&["serve"], &[data, port, ("ORIGIN", "https://x.example/path")], &["ORIGIN must be"]);
    refuses(&["serve"], &[data, port, ("MAIL_FROM", "nobody")], &["MAIL_FROM"]);
    refuses(&["serve"], &[data, port, ("CONTENT_DIR", "/not/there")], &["/not/there", "cannot be read"]);
}

#[test]
fn the_help_lists_every_setting() {
    let printed = said(&run(&["serve", "--help"], &[]));
    for name in [
        "PORT",
        "BIND",
        "DATA_DIR",
        "DATABASE_URL",
        "KEY_FILE",
        "ORIGIN",
        "SITE_NAME",
        "SMTP_URL",
        "MAIL_FROM",
        "CONTENT_DIR",
        "LOG",
    ] {
        assert!(printed.contains(&format!("[env: {name}")), "{name} is not listed");
    }
    // Not what they hold: an address of a database or a mail server may carry a passphrase.
    let secret = [("DATABASE_URL", "postgres://u:hushhush@h/d"), ("SMTP_URL", "smtps://u:hushhush@h")];
    assert!(!said(&run(&["serve", "--help"], &secret)).contains("hushhush"));
}

#[test]
fn the_log_holds_no_private_text_at_any_level() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let mut demo = Program::start(&["demo"], folder.path(), &[("LOG", "trace")]).await;
        let mut client = Client::new(&demo.origin);
        client
            .post_form("/sign-in", &[("username", "mistyped-name-90"), ("passphrase", "mistyped cellophane words")])
            .await
            .is(422);
        client
            .post_form("/sign-in", &[("username", "demo-adviser"), ("passphrase", "maple kettle violin harbour")])
            .await
            .is(303);
        let code = demo_code("demo-adviser", folder.path());
        client.post_form("/sign-in/second", &[("second", &code)]).await.is(303);
        let token = client.cookies["__Host-sess"].clone();
        let queue = client.get("/work").await.text();
        let id = queue.split("/work/people/").nth(1).unwrap()[..32].to_owned();
        client.write_message(&format!("/work/people/{id}/messages"), "planted tamarind words").await.is(303);
        client.get("/search?q=planted+question+words").await;
        client.get("/nothing/planted-path-words").await;
        // Lines that the operator is meant to see come before the first request.
        assert!(demo.stop().await.success());
        let log = demo.log();
        let after = log.split("listening").nth(1).unwrap().split("Press Ctrl-C").nth(1).unwrap();
        assert!(after.lines().count() > 10, "nothing was logged at the finest level");
        for word in [
            "tamarind",
            "cellophane",
            "mistyped-name-90",
            "maple kettle",
            "demo-adviser",
            "Aaliyah",
            "Whittle",
            "question",
            "planted-path",
            &token,
            &id,
        ] {
            assert!(
                !after.contains(word),
                "the log holds {word:?}:\n{}",
                after.lines().find(|line| line.contains(word)).unwrap()
            );
        }
    });
}
