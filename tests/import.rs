//! Files of the case system: tried first, brought in once however often, and never more told of a record than the files
//! say themselves.

use std::collections::BTreeMap;

use portal::clock::{HOUR, MINUTE};
use portal::import::acts::{self, By, Go};
use portal::import::{Places, Report, Sheet, read};

use crate::support::people::{ADA, CHRIS, MORAG, PRIYA, SAM};
use crate::support::program::{refuses, run};
use crate::support::{Answer, Client, Data, Engine, TestApp, block_on, filled, noon, on_both, shipped};

const STAFF: &str = "email,name,roles,locality\nnia@staff.invalid,Nia Newtest,adviser;duty,north\n";
const PEOPLE: &str = "case_key,name,born_on,locality,district,legal_group\n\
    LCS-1,Samuel Whittletest,2008-03-27,north,lancaster,former-relevant\n\
    LCS-2,Zora Zebratest,02/09/2009,east,,\n";
const WORKS: &str = "case_key,email,part,lead,from,to\n\
    LCS-2,nia@staff.invalid,pa,,2025-09-02,\n\
    LCS-1,priya-tester-03@staff.invalid,pa,,2024-01-01,\n";

fn files(texts: &[(Sheet, &str)]) -> portal::import::Files {
    let given = texts.iter().map(|(sheet, text)| (*sheet, text.as_bytes())).collect();
    read::files(&given, &Places::of(&shipped().timetable), portal::clock::london_date(noon())).unwrap()
}

async fn go(data: &Data, texts: &[(Sheet, &str)], go: Go) -> Report {
    let by = By { actor: None, number: "command".into(), at: noon() };
    acts::run(&data.db, &data.vault, by, Places::of(&shipped().timetable), files(texts), go).await.unwrap()
}

/// Added, changed, the same and bad, of each file.
fn counts(report: &Report) -> Vec<[usize; 4]> {
    report.of.values().map(|of| [of.added, of.changed, of.same, of.bad.len()]).collect()
}

fn reasons(report: &Report) -> Vec<(u64, &str)> {
    report.of.values().flat_map(|of| &of.bad).map(|bad| (bad.line, bad.reason.as_str())).collect()
}

/// Everything that an import can change, but for ids, seals and when it was.
async fn state(data: &Data) -> Vec<String> {
    let person = "COALESCE((SELECT p.born_on FROM person p WHERE p.id = ";
    let mut state = Vec::new();
    for sql in [
        "SELECT born_on || ' ' || t.locality || ' ' || (CASE WHEN case_hash IS NULL THEN 'by hand' ELSE 'keyed' END) FROM person p JOIN team t ON t.id = p.team_id".to_owned(),
        format!("SELECT {person}a.person_id), '') || a.kind || ' ' || (CASE WHEN a.lead THEN 'leads' ELSE '' END) || ' ' || CAST(a.from_at AS TEXT) || ' ' || COALESCE(CAST(a.to_at AS TEXT), '') FROM assignment a"),
        format!("SELECT {person}s.person_id), '') || s.kind || s.value || s.from_on || COALESCE(s.to_on, '') FROM spell s"),
        "SELECT role FROM staff_role".to_owned(),
        "SELECT t.locality || (CASE WHEN m.duty THEN ' duty' ELSE '' END) || COALESCE(CAST(m.to_at AS TEXT), '') FROM team_member m JOIN team t ON t.id = m.team_id".to_owned(),
    ] {
        let mut rows = data.raw.texts(&sql).await;
        rows.sort();
        state.extend(rows);
    }
    state
}

on_both! {
    files_brought_in_twice_are_the_files_once
    the_order_of_rows_does_not_matter
    a_changed_row_changes_that_row_only
    what_a_file_says_of_working_together_holds_and_what_ended_here_stays_ended
    a_bad_row_is_left_out_with_its_reason_and_the_others_go_in
}

async fn files_brought_in_twice_are_the_files_once(engine: Engine) {
    let (data, world) = filled(engine).await;
    let all = [(Sheet::Staff, STAFF), (Sheet::People, PEOPLE), (Sheet::Assignments, WORKS)];
    let before = (data.raw.counts().await, data.raw.audited().await);
    let tried = go(&data, &all, Go::Try).await;
    assert_eq!((data.raw.counts().await, data.raw.audited().await), before, "trying changes nothing");
    // Sam was added by hand: he gets the key, and his adviser of here is the one of the file.
    assert_eq!(counts(&tried), [[1, 0, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0]]);
    assert_eq!(go(&data, &all, Go::Import).await, tried, "what was said is what was done");
    let after = (state(&data).await, data.raw.counts().await, data.raw.audited().await);
    assert_eq!(after.2 - before.1, 4, "each change is written down");
    for _ in 0..2 {
        let again = go(&data, &all, Go::Import).await;
        assert_eq!(counts(&again), [[0, 0, 1, 0], [0, 0, 2, 0], [0, 0, 2, 0]]);
        assert_eq!((state(&data).await, data.raw.counts().await, data.raw.audited().await), after);
    }
    let keyed = format!("SELECT COUNT(*) FROM person WHERE case_hash IS NOT NULL AND id = {}", data.raw.id(world.sam));
    assert_eq!(data.raw.number(&keyed).await, 1);
    assert_eq!(data.raw.number("SELECT COUNT(*) FROM person").await, 3);
    assert_eq!(data.raw.number("SELECT COUNT(*) FROM sign_in_code").await, 0, "nobody is given a code by a file");
    // Zora has nobody else: her adviser leads, so that somebody is told of a message.
    let leads = "SELECT COUNT(*) FROM assignment a JOIN person p ON p.id = a.person_id WHERE a.lead AND p.born_on = '2009-09-02'";
    assert_eq!(data.raw.number(leads).await, 1);
    let lacking = |keys: &[&str]| {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        async { acts::lacking(&data.db, &data.vault, &{ keys }, noon()).await.unwrap() }
    };
    let told = lacking(&["LCS-1", "LCS-2", "LCS-9"]).await;
    assert_eq!((told.due, told.without_now, told.without_at_16), (3, 0, 2));
    assert_eq!((told.now, told.at_16), (vec![], vec!["LCS-1".to_owned()]), "Aaliyah has no key in this file");
}

async fn the_order_of_rows_does_not_matter(engine: Engine) {
    let people = "case_key,name,born_on,locality\nK1,Ann Lee,2008-01-01,north\nK2,Bea Moss,2008-01-02,east\nK3,Cat Nye,2008-01-03,north\n";
    let works = "case_key,email,part,lead,from,to\n\
        K1,priya-tester-03@staff.invalid,pa,,2023-01-01,2024-06-30\n\
        K1,priya-tester-03@staff.invalid,pa,,2024-06-01,\n\
        K1,cora-tester-11@staff.invalid,pa,yes,2024-07-01,\n\
        K1,owen-tester-04@staff.invalid,pa,,2025-07-01,2027-01-01\n\
        K2,owen-tester-04@staff.invalid,pa,,2024-07-01,\n\
        K2,sol-tester-10@staff.invalid,social_worker,,2024-07-01,2025-01-01\n";
    let mut seen = Vec::new();
    for turn in 0..6 {
        let (data, _) = filled(engine).await;
        let turned = |text: &str| {
            let (heading, rows) = text.split_once('\n').unwrap();
            let mut rows: Vec<_> = rows.lines().collect();
            let by = turn % rows.len();
            rows.rotate_left(by);
            if turn % 2 == 1 {
                rows.reverse();
            }
            format!("{heading}\n{}\n", rows.join("\n"))
        };
        let (people, works) = (turned(people), turned(works));
        let all = [(Sheet::People, people.as_str()), (Sheet::Assignments, works.as_str())];
        let done = go(&data, &all, Go::Import).await;
        assert_eq!(counts(&done), [[3, 0, 0, 0], [6, 0, 0, 0]], "{works}");
        seen.push(state(&data).await);
        assert_eq!(counts(&go(&data, &all, Go::Import).await), [[0, 0, 3, 0], [0, 0, 6, 0]], "{works}");
        assert_eq!(state(&data).await, seen[0], "twice is once, in every order");
    }
}

async fn a_changed_row_changes_that_row_only(engine: Engine) {
    let (data, _) = filled(engine).await;
    let all = [(Sheet::Staff, STAFF), (Sheet::People, PEOPLE)];
    go(&data, &all, Go::Import).await;
    let seals =
        async || data.raw.texts("SELECT born_on || ' ' || CAST(created_at AS TEXT) FROM person ORDER BY 1").await;
    let before = seals().await;
    let people = PEOPLE.replace("Zora Zebratest", "Zora Quaggatest").replace("east,,", "central,burnley,");
    let staff = STAFF.replace("Nia Newtest", "Nia Othertest").replace("north", "east");
    let changed = [(Sheet::Staff, staff.as_str()), (Sheet::People, people.as_str())];
    assert_eq!(counts(&go(&data, &changed, Go::Try).await), [[0, 1, 0, 0], [0, 1, 1, 0]]);
    assert_eq!(counts(&go(&data, &changed, Go::Import).await), [[0, 1, 0, 0], [0, 1, 1, 0]]);
    assert_eq!(counts(&go(&data, &changed, Go::Import).await), [[0, 0, 1, 0], [0, 0, 2, 0]]);
    assert_eq!(seals().await, before);
    let mut db = data.db.read().await.unwrap();
    let (zora, _) = portal::people::store::case(&mut db, &data.vault, "lcs-2").await.unwrap().unwrap();
    let by_name = async |name: &str, db: &mut portal::db::Snapshot| {
        let born = jiff::civil::Date::constant(2009, 9, 2);
        portal::people::store::person_by_name(db, &data.vault, name, born).await.unwrap()
    };
    assert_eq!(by_name("Zora Quaggatest", &mut db).await, Some(zora), "she signs in and is found by her new name");
    assert_eq!(by_name("Zora Zebratest", &mut db).await, None);
    drop(db);
    // What an administrator took away is not given back by an old file, and nobody is made what they were not.
    data.raw.run("UPDATE staff_role SET to_at = from_at WHERE role = 'duty'").await;
    assert_eq!(counts(&go(&data, &changed, Go::Import).await), [[0, 0, 1, 0], [0, 0, 2, 0]]);
}

async fn what_a_file_says_of_working_together_holds_and_what_ended_here_stays_ended(engine: Engine) {
    let (data, world) = filled(engine).await;
    go(&data, &[(Sheet::People, PEOPLE)], Go::Import).await;
    let works = async |rows: &str, what: Go| {
        let text = format!("case_key,email,part,lead,from,to\n{rows}");
        counts(&go(&data, &[(Sheet::Assignments, &text)], what).await)[0]
    };
    let live = async || {
        let sam = data.raw.id(world.sam);
        let now = noon().as_microsecond();
        let sql = format!(
            "SELECT a.kind || (CASE WHEN a.lead THEN ' leads' ELSE '' END) FROM assignment a JOIN staff s ON s.id = a.staff_id
             WHERE a.person_id = {sam} AND a.kind IN ('pa', 'social_worker') AND (a.to_at IS NULL OR a.to_at > {now}) ORDER BY 1"
        );
        data.raw.texts(&sql).await
    };
    assert_eq!(live().await, ["pa leads", "social_worker"]);
    let owen = "LCS-1,owen-tester-04@staff.invalid,pa,yes,2026-11-01,\n";
    assert_eq!(works(owen, Go::Import).await, [1, 0, 0, 0]);
    assert_eq!(live().await, ["pa", "pa leads", "social_worker"], "a new lead ends the one before");
    // Begun here by hand on another day: the file's end ends it.
    let ends = "LCS-1,priya-tester-03@staff.invalid,pa,,2024-01-01,2026-11-20\n";
    assert_eq!((works(ends, Go::Try).await, works(ends, Go::Import).await), ([0, 1, 0, 0], [0, 1, 0, 0]));
    assert_eq!((works(ends, Go::Import).await, live().await.len()), ([0, 0, 1, 0], 2));
    // One that ends later leads until then.
    let later = owen.replace("2026-11-01,", "2026-11-01,2026-12-31");
    assert_eq!((works(&later, Go::Import).await, works(&later, Go::Import).await), ([0, 1, 0, 0], [0, 0, 1, 0]));
    assert_eq!(live().await, ["pa leads", "social_worker"]);
    assert_eq!((works(owen, Go::Import).await, works(owen, Go::Import).await), ([0, 1, 0, 0], [0, 0, 1, 0]));
    // Owen's people are handed over here; the old file gives nobody back.
    let (from, to) = (world.owen, world.cora);
    data.db
        .write((), move |tx, ()| {
            Box::pin(async move {
                for person in portal::people::store::works_with_whom(tx, from, noon()).await? {
                    portal::people::store::hand_over_one(tx, person, from, to, noon()).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
    assert_eq!((works(owen, Go::Try).await, works(owen, Go::Import).await), ([0, 0, 1, 0], [0, 0, 1, 0]));
    assert_eq!(live().await, ["pa leads", "social_worker"]);
}

async fn a_bad_row_is_left_out_with_its_reason_and_the_others_go_in(engine: Engine) {
    let (data, world) = filled(engine).await;
    go(
        &data,
        &[(Sheet::People, "case_key,name,born_on,locality\nOLD,Samuel Whittletest,2008-03-27,north\n")],
        Go::Import,
    )
    .await;
    data.raw.run(&format!("UPDATE person SET state = 'closed' WHERE id = {}", data.raw.id(world.aaliyah))).await;
    go(&data, &[(Sheet::People, "case_key,name,born_on,locality\nGONE,Gil Gonetest,2008-03-27,north\n")], Go::Import)
        .await;
    data.raw.run("UPDATE person SET state = 'closed' WHERE case_hash IS NOT NULL AND safety_flag = FALSE AND id IN (SELECT id FROM person WHERE born_on = '2008-03-27' ORDER BY created_at DESC LIMIT 1)").await;
    let people = "case_key,name,born_on,locality\n\
        NEW,samuel whittletest,2008-03-27,north\n\
        GONE,Gil Gonetest,2008-03-27,north\n\
        GOOD,Gwen Goodtest,2009-03-27,north\n\
        SLIP,Gwen Sliptest,2009-03-32,north\n";
    let staff =
        "email,name,roles\nsid-tester-08@staff.invalid,Sid Suspendedtest,adviser\nfaye@staff.invalid,Faye Gonetest,\n";
    let works = "case_key,email,part,from,to\n\
        NEW,owen-tester-04@staff.invalid,pa,2026-01-01,\n\
        GONE,owen-tester-04@staff.invalid,pa,2026-01-01,\n\
        GOOD,nobody@staff.invalid,pa,2026-01-01,\n\
        GOOD,chris-tester-05@staff.invalid,pa,2026-01-01,\n\
        GOOD,faye@staff.invalid,pa,2026-01-01,\n\
        GOOD,faye@staff.invalid,pa,2025-01-01,2025-12-31\n\
        GOOD,owen-tester-04@staff.invalid,manager,2026-01-01,\n\
        GOOD,owen-tester-04@staff.invalid,pa,2026-01-01,\n";
    let all = [(Sheet::Staff, staff), (Sheet::People, people), (Sheet::Assignments, works)];
    let tried = go(&data, &all, Go::Try).await;
    let nobody = "No young person here, and none of the good rows, has this key.";
    let role = "They do not hold the role for this part. An administrator gives it first.";
    assert_eq!(
        reasons(&tried),
        [
            (2, "They have left or are suspended here. An administrator brings them back by hand, not a file."),
            (2, "Somebody of this name and date of birth is there with another key."),
            (3, "The record of this key is closed here."),
            (5, "born_on is not a date: write 2008-03-27 or 27/03/2008."),
            (2, nobody),
            (3, "The record of this key is closed here."),
            (4, "No member of staff here, and none of the good rows, has this email address."),
            (5, role),
            (6, role),
            (8, role),
        ]
    );
    assert_eq!(go(&data, &all, Go::Import).await, tried);
    assert_eq!(counts(&tried), [[1, 0, 0, 1], [1, 0, 0, 3], [2, 0, 0, 6]]);
    assert_eq!(counts(&go(&data, &all, Go::Import).await), [[0, 0, 1, 1], [0, 0, 1, 3], [0, 0, 2, 6]]);
}

async fn ada(app: &TestApp) -> Client {
    app.signed_in(ADA).await
}

async fn upload(client: &mut Client, people: &str) -> Answer {
    client.post_files("/admin/import", &[("people", "people.csv", people.as_bytes()), ("staff", "", b"")]).await
}

#[test]
fn an_administrator_sees_what_files_would_do_and_brings_the_good_rows_in() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut ada = ada(&app).await;
        ada.get("/admin").await.says("Import from the case system");
        ada.get("/admin/import").await.is(200).says("born_on");
        let people = format!("{PEOPLE}LCS-3,=2+5,2008-13-01,north,,\n");
        let before = app.data.raw.number("SELECT COUNT(*) FROM person").await;
        let at = upload(&mut ada, &people).await.is(303).location().to_owned();
        let page = ada.get(&at).await;
        page.is(200).says("1 to add, 1 to change, 0 as they are, 1 left out").says("Line 4: born_on is not a date");
        page.says("Here now are 2 young people of 16 or over");
        assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM person").await, before);
        let file = ada.get(&format!("{at}/bad/people")).await;
        file.is(200);
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"people-to-mend.csv\"");
        assert!(file.text().contains("LCS-3,'=2+5,2008-13-01,north,,,born_on is not a date"), "{}", file.text());
        ada.get(&format!("{at}/bad/staff")).await.is(404);
        ada.post_form(&at, &[("do", "everything")]).await.is(422).says("Press one of the buttons");
        ada.post_form(&at, &[("do", "import")]).await.is(303);
        let page = ada.get(&at).await;
        page.says("The good rows are in").says("0 to add, 0 to change, 2 as they are, 1 left out");
        page.says("Keys of your file without one when they turned 16: 2 LCS-1, LCS-2.");
        page.says("Keys of your file without a personal adviser now: 1 LCS-2.");
        assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM person").await, before + 1);
        // Pressed twice is done once.
        let audited = app.data.raw.audited().await;
        ada.post_form(&at, &[("do", "import")]).await.is(303);
        assert_eq!(app.data.raw.audited().await, audited);
        // What the mended file says goes in, and only that.
        let mended = file.text().replace("2008-13-01", "2008-12-01").replace("'=2+5", "Thea Third");
        let at = upload(&mut ada, &mended).await.is(303).location().to_owned();
        ada.get(&at).await.says("1 to add, 0 to change, 0 as they are, 0 left out");
        ada.post_form(&at, &[("do", "forget")]).await.is(303);
        ada.get(&at).await.is(404);
        // Sam reads who brought his name in.
        let mut sam = app.signed_in(SAM).await;
        sam.get("/me/record").await.says("Ada Admintest brought in your name, date of birth and team");
    });
}

#[test]
fn the_page_tells_an_administrator_nothing_that_is_not_in_their_own_files() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut ada = ada(&app).await;
        let people = "case_key,name,born_on,locality\nK1,Samuel Whittletest,2008-03-27,east\nK2,Samuel Whittletest,2008-3-27,east\nK3,Nobody,x,x\n";
        let at = upload(&mut ada, people).await.is(303).location().to_owned();
        for path in [at.clone(), format!("{at}/bad/people")] {
            let told = ada.get(&path).await;
            for word in ["Samtest", "North", "lancaster", "Aaliyah", "Priya"] {
                assert!(!told.is(200).text().contains(word), "{path} tells {word}");
            }
        }
        assert!(!ada.get(&at).await.text().contains("Whittletest"), "not even a name of the file");
        // Each look is written down.
        let tries = "SELECT COUNT(*) FROM audit WHERE action = 'try' AND object_kind = 'import'";
        assert_eq!(app.data.raw.number(tries).await, 3);
        // Another administrator's files are nobody else's, and an hour later not even theirs.
        let chris = app.world.chris.to_string();
        ada.post_form(&format!("/admin/staff/{chris}"), &[("do", "give:admin")]).await.is(303);
        let mut chris = app.signed_in(CHRIS).await;
        chris.get(&at).await.is(404);
        chris.post_form(&at, &[("do", "import")]).await.is(404);
        // Who is one may not give themselves somebody's record.
        let works = format!("case_key,email,part,from\nK1,{CHRIS}@staff.invalid,pa,2026-01-01\n");
        let keyed = "case_key,name,born_on,locality\nK1,Samuel Whittletest,2008-03-27,north\n";
        let both = [("people", "p.csv", keyed.as_bytes()), ("assignments", "a.csv", works.as_bytes())];
        let his = chris.post_files("/admin/import", &both).await.is(303).location().to_owned();
        chris.get(&his).await.says("They do not hold the role for this part");
        chris.post_form(&his, &[("do", "import")]).await.is(303);
        chris.get(&format!("/work/people/{}", app.world.sam)).await.is(404);
        // A proof of long ago brings nothing in.
        app.wait(5 * MINUTE);
        ada.get(&at).await.is(303);
        ada.post_form(&at, &[("do", "import")]).await.is(401);
        upload(&mut ada, people).await.is(401);
        app.wait(HOUR);
        assert_eq!(app.data.raw.number("SELECT COUNT(*) FROM person WHERE case_hash IS NOT NULL").await, 1);
    });
}

#[test]
fn files_that_are_sent_wrongly_change_nothing_and_get_a_sentence() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut ada = ada(&app).await;
        let before = app.data.raw.counts().await;
        let post = "/admin/import";
        ada.post_files(post, &[]).await.is(422).says("Choose at least one file");
        ada.post_files(post, &[("people", "", b"")]).await.is(422).says("Choose at least one file");
        ada.post_files(post, &[("people", "p.csv", b"")]).await.is(422).says("The people file is empty");
        let wrong: [(&str, &str, &[u8]); 2] = [("people", "p.csv", b"name\n"), ("staff", "s.csv", b"PK\x03\x04")];
        let page = ada.post_files(post, &wrong).await;
        page.is(422).says("lacks the columns case_key, born_on, locality").says("is a workbook and not CSV");
        assert!(page.text().contains("<title>Error: "));
        ada.post_form(post, &[("people", "x")]).await.is(415).says("not sent as a form with files");
        let own = [("sec-fetch-site", "same-origin"), ("content-type", "multipart/form-data")];
        ada.send("POST", post, &own, "--x--").await.is(400);
        let own = [own[0], ("content-type", "multipart/form-data; boundary=x")];
        for body in [
            "",
            "--x",
            "--x\r\n\r\n",
            "nonsense",
            "--x\r\nContent-Disposition: form-data; name=\"people\"; filename=\"a\"\r\n\r\nab",
        ] {
            let status = ada.send("POST", post, &own, body).await.status;
            assert!((400..500).contains(&status), "{body:?}: {status}");
        }
        let twice: [(&str, &str, &[u8]); 2] = [("people", "a.csv", b"x"), ("people", "b.csv", b"x")];
        ada.post_files(post, &twice).await.is(400);
        let many: Vec<(&str, &str, &[u8])> = vec![("x", "", b""); 30];
        ada.post_files(post, &many).await.is(400);
        let large = vec![b'a'; 11 * 1024 * 1024];
        ada.post_files(post, &[("people", "p.csv", &large)]).await.is(413).says("10 MB at most");
        for from in [&[("sec-fetch-site", "cross-site")][..], &[("origin", "https://evil.example")], &[]] {
            let headers = [from, &[("content-type", "multipart/form-data; boundary=x")]].concat();
            ada.send("POST", post, &headers, "--x--").await.is(403);
        }
        assert_eq!(app.data.raw.counts().await, before);
    });
}

#[test]
fn a_manager_reads_who_of_their_teams_has_no_adviser_and_it_is_written_down() {
    block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut morag = app.signed_in(MORAG).await;
        morag.get("/work").await.says("Who has no personal adviser");
        let page = morag.get("/work/without-adviser").await;
        page.is(200).says("None at 16: 1 Samuel Whittletest, 18, North leaving care team");
        assert!(!page.text().contains("None now") && !page.text().contains("Aaliyah"));
        let seen = "SELECT COUNT(*) FROM audit WHERE action = 'list' AND object_kind = 'without adviser' AND many = 1";
        assert_eq!(app.data.raw.number(seen).await, 1);
        let mut priya = app.signed_in(PRIYA).await;
        priya.get("/work/without-adviser").await.is(404);
        assert!(!priya.get("/work").await.text().contains("without-adviser"));
    });
}

#[test]
fn two_thousand_rows_come_in_by_chunks_beside_others_who_write() {
    block_on(async {
        let (data, _) = filled(Engine::Sqlite).await;
        let mut people = "case_key,name,born_on,locality\n".to_owned();
        for n in 0..2_000 {
            people.push_str(&format!("K{n},Person Number {n},2009-01-{:02},north\n", 1 + n % 28));
        }
        let given: BTreeMap<_, _> = [(Sheet::People, people.as_str())].into();
        let all: Vec<_> = given.into_iter().collect();
        let (report, done) = tokio::join!(go(&data, &all, Go::Import), async {
            let mut done = 0;
            for _ in 0..20 {
                data.db
                    .write((), |tx, ()| Box::pin(async move { portal::content::store::version(tx).await }))
                    .await
                    .unwrap();
                done += 1;
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            done
        });
        assert_eq!((counts(&report), done), (vec![[2_000, 0, 0, 0]], 20));
    });
}

#[test]
fn the_examples_of_the_docs_come_in_whole_from_the_command_line_and_a_bad_row_can_be_mended() {
    let folder = tempfile::tempdir().unwrap();
    let data = [("DATA_DIR", folder.path().to_str().unwrap())];
    let docs = format!("{}/docs/import", env!("CARGO_MANIFEST_DIR"));
    let path = |name: &str| format!("{docs}/{name}.csv");
    let (staff, people, works) = (path("staff"), path("people"), path("assignments"));
    let all = ["import", "--staff", &staff, "--people", &people, "--assignments", &works];
    let said = |args: &[&str]| {
        let output = run(args, &data);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    refuses(&all, &data, &["portal key new"]);
    said(&["key", "new"]);
    let tried = said(&[&all[..], &["--dry-run"]].concat());
    assert!(tried.starts_with("Staff: 4 to add, 0 to change, 0 as they are, 0 left out.\n"), "{tried}");
    let first = said(&all);
    for line in [
        "Staff: 4 added, 0 changed, 0 as they are, 0 left out.",
        "Young people: 2 added, 0 changed, 0 as they are, 0 left out.",
        "Who works with whom: 4 added, 0 changed, 0 as they are, 0 left out.",
        "Here are 2 young people of 16 or over. 1 have no personal adviser, and 1 had none when they turned 16.",
        "Without one now, by key: LCS-100202",
    ] {
        assert!(first.contains(line), "{line:?} is not in {first}");
    }
    assert!(!first.contains("Whittle") && !first.contains("Khan"), "{first}");
    assert!(said(&all).contains("Young people: 0 added, 0 changed, 2 as they are, 0 left out."));
    assert!(said(&["import", "--check", "--people", &people]).contains("Without one at 16, by key: LCS-100202"));
    assert!(said(&["import", "--check"]).contains("Here are 2 young people"));
    let bad = folder.path().join("bad.csv");
    std::fs::write(&bad, "case_key,name,born_on,locality\nLCS-3,-Ann Lee,2009-02-30,north\n").unwrap();
    let mend = folder.path().join("mend");
    let (bad, mend) = (bad.to_str().unwrap(), mend.to_str().unwrap());
    let told = said(&["import", "--people", bad, "--bad", mend]);
    assert!(told.contains("people file, line 2: born_on is not a date"), "{told}");
    let mended = format!("{mend}/people-to-mend.csv");
    let text = std::fs::read_to_string(&mended).unwrap();
    assert!(text.contains("LCS-3,'-Ann Lee,2009-02-30,north,born_on is not a date"), "{text}");
    std::fs::write(&mended, text.replace("02-30", "02-28")).unwrap();
    assert!(said(&["import", "--people", &mended]).contains("Young people: 1 added"));
    refuses(&["import"], &data, &["name at least one file"]);
    refuses(&["import", "--people", "nowhere.csv"], &data, &["nowhere.csv cannot be read"]);
    refuses(&["import", "--people", &staff], &data, &["lacks the columns case_key, born_on"]);
}
