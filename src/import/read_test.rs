#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
use proptest::prelude::*;

use super::*;
use crate::dropins::{District, Locality};

fn places() -> Places {
    let day = Date::constant(2026, 11, 21);
    let locality = |name: &str| Locality {
        name: name.into(),
        order: 1,
        council: "A council".into(),
        owner: "Us".into(),
        checked_on: day,
        review_by: day,
    };
    let localities = [("north", "North"), ("east", "East")];
    let district = District {
        name: "Ribble Valley".into(),
        locality: "east".into(),
        claim: "law".into(),
        towns: Vec::new(),
        owner: "Us".into(),
        checked_on: day,
        review_by: day,
    };
    Places {
        localities: localities.map(|(slug, name)| (slug.to_owned(), locality(name))).into(),
        districts: [("ribble-valley".to_owned(), district)].into(),
    }
}

const TODAY: Date = Date::constant(2026, 11, 24);

fn table(sheet: Sheet, bytes: &[u8]) -> Result<Table<Line>, String> {
    match files(&[(sheet, bytes)].into(), &places(), TODAY) {
        Ok(mut files) => Ok(files.remove(&sheet).unwrap()),
        Err(mut faults) => Err(faults.remove(0).1),
    }
}

/// The one good row of a file of young people.
fn person(text: &str) -> PersonLine {
    let table = table(Sheet::People, text.as_bytes()).unwrap();
    assert_eq!(table.bad, [], "{text}");
    match &table.rows[..] {
        [Row { is: Line::Person(line), .. }] => line.clone(),
        other => panic!("{other:?}"),
    }
}

/// Line and reason of every bad row.
fn bad(sheet: Sheet, text: &str) -> Vec<(u64, String)> {
    table(sheet, text.as_bytes()).unwrap().bad.into_iter().map(|bad| (bad.line, bad.reason)).collect()
}

const SAM: &str = "case_key,name,born_on,locality\nLCS-1,Sam Whittle,2008-03-27,north\n";

#[test]
fn a_file_reads_the_same_however_a_spreadsheet_wrote_it() {
    let sam = person(SAM);
    assert_eq!((sam.key.as_str(), sam.born_on, sam.called.clone()), ("LCS-1", Date::constant(2008, 3, 27), None));
    for written in [
        SAM.replace('\n', "\r\n"),
        format!("\u{feff}{SAM}"),
        SAM.replace(',', ";"),
        SAM.replace(',', "\t"),
        SAM.replace("2008-03-27", "27/03/2008"),
        SAM.replace("2008-03-27", "27/3/2008"),
        SAM.replace("case_key,name", "Case Key, NAME "),
        SAM.replace("born_on", "Born-on").replace("north", "North"),
        SAM.replace("Sam Whittle", "\"Sam   Whittle \""),
        format!("\n\n{SAM}\n,,,\n"),
        "LOCALITY,notes,born_on,name,case_key\nnorth,\"a, note\",2008-03-27,Sam Whittle,LCS-1".into(),
    ] {
        assert_eq!(person(&written), sam, "{written:?}");
    }
}

#[test]
fn what_may_stand_in_a_file_besides_is_read() {
    let more = person(
        "case_key;name;called;born_on;locality;district;legal_group\nA;Ann Lee;Annie;01/02/2009;East;Ribble Valley;Former relevant\n",
    );
    assert_eq!((more.called.as_deref(), more.district.as_deref()), (Some("Annie"), Some("ribble-valley")));
    assert_eq!(more.group, Some(Group::FormerRelevant));
    let staff = "email,name,roles,locality\nPriya@Example.gov.uk,Priya Nair,\"Personal adviser; duty;adviser\",north\n";
    let read = table(Sheet::Staff, staff.as_bytes()).unwrap();
    let priya = StaffLine {
        email: "priya@example.gov.uk".into(),
        name: "Priya Nair".into(),
        roles: vec![Role::Adviser, Role::Duty],
        locality: Some("north".into()),
    };
    assert_eq!(read.rows[0].is, Line::Staff(priya));
    let works = "case_key,email,part,lead,from,to\nA,p@x.org,Personal adviser,Yes,2024-01-02,\nB,p@x.org,manager,,2024-01-02,03/04/2025\n";
    let read = table(Sheet::Assignments, works.as_bytes()).unwrap();
    let part = |row: &Row<Line>| match &row.is {
        Line::Assignment(line) => (line.part, line.lead, line.to),
        other => panic!("{other:?}"),
    };
    let told: Vec<_> = read.rows.iter().map(part).collect();
    assert_eq!(told, [(Part::Pa, true, None), (Part::Manager, false, Some(Date::constant(2025, 4, 3)))]);
}

#[test]
fn a_file_that_cannot_be_read_is_told_in_one_sentence() {
    for (bytes, says) in [
        (&b""[..], "The people file is empty."),
        (b" \r\n\n", "The people file is empty."),
        (b"\xef\xbb\xbf", "The people file is empty."),
        (b"name,born_on\n", "The people file lacks the columns case_key, locality."),
        (b"case_key,name,born_on\n", "The people file lacks the column locality."),
        (b"case_key,name,Name,born_on,locality\n", "The people file has the column name twice."),
        (b"case_key,name,born_on,locality\n1,Zo\xeb,2008-01-01,north\n", "is not UTF-8: line 2 holds"),
        (b"\xff\xfec\0a\0", "is not UTF-8: line 1 holds"),
        (b"PK\x03\x04\x14\0", "is a workbook and not CSV. In Excel choose Save as, then CSV UTF-8."),
    ] {
        let said = table(Sheet::People, bytes).unwrap_err();
        assert!(said.contains(says), "{said:?} and not {says:?}");
    }
    let many = format!("case_key,name,born_on,locality\n{}", "a,b,2008-01-01,north\n".repeat(MOST + 1));
    assert!(table(Sheet::People, many.as_bytes()).unwrap_err().contains("more than 25000 rows"));
}

#[test]
fn a_bad_row_is_told_by_its_line_and_its_reason_holds_nothing_of_it() {
    let text = "case_key,name,called,born_on,locality,legal_group\n\
        ,,,,,\n\
        \n\
        K1,,,2008-02-30,south,x\n\
        K2,Secretname,,2027-01-01,,\n\
        K3,Secretname,a,2008-01-01\n\
        K4,\"Secret\nname\u{202e}\",,\"1/1/08\",north,\n\
        K5,Fine,,2008-01-01,north,\n";
    let told = bad(Sheet::People, text);
    let says = [
        (
            4,
            "name is missing. born_on is not a date: write 2008-03-27 or 27/03/2008. locality must be one of: east, north. legal_group must be one of: eligible, relevant, former-relevant, qualifying.",
        ),
        (5, "born_on has not come yet. locality is missing."),
        (6, "This row has 4 cells and the heading 6."),
        (7, "name holds a hidden character: type it again. born_on is not a date: write 2008-03-27 or 27/03/2008."),
    ];
    assert_eq!(told, says.map(|(line, says)| (line, says.to_owned())));
    let staff = "email,name,roles\npriya,Priya,adviser\np@x.org,Priya,boss\nq@x.org,Quin,admin\nr@x.org,Ray,\n";
    let told = bad(Sheet::Staff, staff);
    assert_eq!(told.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 4], "no role is no fault");
    assert!(told[0].1.contains("not an email address") && told[1].1.contains("roles must be of these"));
    assert_eq!(told[2].1, "An administrator is made by hand and not by a file.");
    let works = "case_key,email,part,lead,from,to\nA,p@x.org,boss,maybe,2024-01-02,2024-01-01\nA,p@x.org,,,x,\n";
    let told = bad(Sheet::Assignments, works);
    assert!(told[0].1.contains("part must be one of") && told[0].1.contains("lead must be one of: yes, no."));
    assert!(told[0].1.contains("to is before from.") && told[1].1.contains("part is missing."));
}

#[test]
fn rows_that_contradict_each_other_are_all_bad_and_repeats_are_one() {
    let heading = "case_key,name,born_on,locality\n";
    let same = format!("{heading}K1,Ann Lee,2008-01-01,north\nK1,Ann Lee,2008-01-01,north\n");
    let read = table(Sheet::People, same.as_bytes()).unwrap();
    assert_eq!((read.rows.len(), read.again, read.bad.len()), (1, 1, 0));
    let key = format!("{heading}K1,Ann Lee,2008-01-01,north\nk1,Ann Lee,2008-01-01,east\n");
    assert_eq!(bad(Sheet::People, &key).iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3]);
    let name = format!("{heading}K1,Ann Lee,2008-01-01,north\nK2,ANN  lee,01/01/2008,north\n");
    let told = bad(Sheet::People, &name);
    assert!(told.len() == 2 && told[0].1.ends_with("with another key. Look at lines 2, 3."), "{told:?}");
    let works = |rows: &str| bad(Sheet::Assignments, &format!("case_key,email,part,lead,from,to\n{rows}")).len();
    assert_eq!(works("A,p@x.org,pa,yes,2024-01-01,\nA,q@x.org,pa,yes,2024-01-01,\n"), 2, "two leads");
    assert_eq!(works("A,p@x.org,pa,yes,2024-01-01,2024-06-30\nA,q@x.org,pa,yes,2024-07-01,\n"), 0);
    assert_eq!(works("A,p@x.org,pa,,2024-01-01,\nA,p@x.org,pa,,2024-01-01,2025-01-01\n"), 2, "an end and none");
    assert_eq!(works("A,p@x.org,pa,,2024-01-01,\nA,p@x.org,pa,,2025-01-01,\n"), 2, "twice without an end");
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_fail(bytes in proptest::collection::vec(any::<u8>(), 0..400), sheet in 0usize..3) {
        _ = table(Sheet::ALL[sheet], &bytes);
    }

    #[test]
    fn no_text_under_a_right_heading_is_lost(
        cells in proptest::collection::vec("[a-z0-9=+@;,\"'\\n\\r\\t/ -]{0,12}", 0..60),
        width in 1usize..7,
        mark in prop_oneof![Just(','), Just(';'), Just('\t')],
    ) {
        let mut writer = csv::WriterBuilder::new().delimiter(mark as u8).flexible(true).from_writer(Vec::new());
        writer.write_record(["case_key", "name", "born_on", "locality"]).unwrap();
        let rows: Vec<_> = cells.chunks(width).filter(|row| row.iter().any(|cell| !cell.trim().is_empty())).collect();
        for row in &rows {
            writer.write_record(row.iter()).unwrap();
        }
        let read = table(Sheet::People, &writer.into_inner().unwrap()).unwrap();
        prop_assert_eq!(read.rows.len() + read.bad.len() + read.again, rows.len());
        // What is left out can be written, and opens as the same cells.
        let written = super::super::cells::bad_rows(&read.heading, &read.bad);
        let again = records(Sheet::People, &written).unwrap().1;
        for ((_, cells), bad) in again.iter().zip(&read.bad) {
            for (cell, was) in cells.iter().zip(&bad.cells) {
                prop_assert_eq!(plain(cell), plain(was));
            }
        }
    }
}
