//! Cells that are written out for a spreadsheet. One that begins like a formula gets an apostrophe before it, so that
//! opening the file runs nothing; reading takes the apostrophe off again.

use std::borrow::Cow;

use super::Bad;
use super::read::column;

/// The column that says what is wrong with a row.
const REASON: &str = "reason";

/// Whether a spreadsheet may take a cell that begins so for a formula.
const fn begins_a_formula(first: char) -> bool {
    matches!(first, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n')
}

/// A cell that no spreadsheet takes for a formula.
pub fn safe(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(begins_a_formula) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// What was meant by a cell that [`safe`] wrote.
pub fn plain(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(begins_a_formula)).unwrap_or(cell)
}

/// Bad rows as a file that can be mended and brought in again: the columns of the file they came from, and the reason
/// last. Begins with the mark by which Excel knows UTF-8.
pub fn bad_rows(heading: &[String], bad: &[Bad]) -> Vec<u8> {
    let mut writer =
        csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(Vec::from("\u{feff}"));
    let rows = bad.iter().map(|row| (&row.cells[..], row.reason.as_str()));
    for (cells, last) in std::iter::once((heading, REASON)).chain(rows) {
        // A mended file may hold the reasons of before; a row may be shorter than the heading.
        let width = cells.len().max(heading.len());
        let kept = (0..width).filter(|n| heading.get(*n).is_none_or(|name| column(name) != REASON));
        let cells = kept.map(|n| cells.get(n).map_or("", String::as_str)).chain([last]);
        // Writing to a vector does not fail.
        _ = writer.write_record(cells.map(|cell| safe(cell).into_owned()));
    }
    writer.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn no_cell_that_is_written_begins_a_formula_and_each_reads_back() {
        for cell in ["=1+1", "+44 1524", "-2", "@SUM(A1)", "\tx", "\r=1", "\n=1", "'=1", "Sam", "", "O'Brien"] {
            let written = safe(cell);
            assert!(!written.starts_with(begins_a_formula), "{cell:?}");
            // One that was marked by somebody else means the same.
            assert_eq!(plain(&written), plain(cell), "{cell:?}");
        }
        let bad = Bad { line: 2, cells: vec!["=cmd|' /C calc'!A0".into(), "x;\"y\"".into()], reason: "-no".into() };
        let file = bad_rows(&["name".into(), "@born".into()], &[bad]);
        let text = String::from_utf8(file).unwrap();
        assert_eq!(text, "\u{feff}name,'@born,reason\r\n'=cmd|' /C calc'!A0,\"x;\"\"y\"\"\",'-no\r\n");
    }

    #[test]
    fn a_mended_file_does_not_keep_the_reasons_of_before() {
        let cells = vec!["a".into(), "old".into(), "b".into(), "one too many".into()];
        let bad = Bad { line: 2, cells, reason: "new".into() };
        let heading = ["x".into(), " Reason ".into(), "y".into()];
        let text = String::from_utf8(bad_rows(&heading, &[bad])).unwrap();
        assert_eq!(text, "\u{feff}x,y,reason\r\na,b,one too many,new\r\n");
    }
}
