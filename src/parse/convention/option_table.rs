//! Options of multiple-choice questions in a table, with the correct ones in color:
//!
//! ```text
//! |   | Options                        |
//! |---|--------------------------------|
//! | A | Rome                           |
//! | <font color="red">B</font> | <font color="red">Paris</font> |
//! ```

use std::ops::Range;

use super::candidate::{Row, RowKind};

/// Turns the rows of a table of options into boxes, without its header, if some of them are
/// colored: `|<font color="red">B</font>|<font color="red">Paris</font>|`. Returns the row below
/// the last.
pub(super) fn open_table(text: &str, rows: &mut Vec<Row>) -> Option<usize> {
    let table = find_table(text, rows)?;
    let cells: Vec<(Range<usize>, bool)> = table
        .clone()
        .filter_map(|at| parse_option_row(text, &rows[at]).map(|(_, c, r)| (c, r)))
        .collect();
    if !cells.iter().any(|(_, is_right)| *is_right) {
        return None;
    }
    for (at, (range, is_right)) in table.clone().zip(cells) {
        rows[at] = Row { kind: RowKind::Choice(is_right), ..Row::text(range) };
    }
    rows.drain(table.start - 2..table.start);
    Some(table.end - 2)
}

/// Finds the rows below the header of a table whose first column has the letters from `A` on.
pub(super) fn find_table(text: &str, rows: &[Row]) -> Option<Range<usize>> {
    let is_open = |row: &Row| row.kind == RowKind::Text;
    let is_delimiter = |row: &&Row| {
        let snippet = row.trimmed(text);
        let is_rule =
            snippet.contains('-') && snippet.bytes().all(|byte| b"|-: \t".contains(&byte));
        is_open(row) && is_rule && snippet.starts_with('|')
    };
    let start = rows.iter().position(|row| is_delimiter(&row)).filter(|at| *at > 0)? + 1;
    let letters =
        rows[start..].iter().map(|row| parse_option_row(text, row).map(|(letter, ..)| letter));
    let len = letters.zip('A'..='J').take_while(|(letter, next)| *letter == Some(*next)).count();
    (len >= 2).then_some(start..start + len)
}

/// Parses a row of a table of options. Returns its letter, the place of its text, and whether it is
/// colored.
fn parse_option_row(text: &str, row: &Row) -> Option<(char, Range<usize>, bool)> {
    let whole = row.trimmed_range(text);
    let snippet = &text[whole.clone()];
    let snippet = snippet.strip_prefix('|').unwrap_or(snippet);
    let (first, rest) = snippet.split_once('|').filter(|_| row.kind == RowKind::Text)?;
    let second = rest.split_once('|').map_or(rest, |(second, _)| second);
    let letter = strip_tags(first);
    let mut letters = letter.chars();
    let letter =
        letters.next().filter(char::is_ascii_uppercase).filter(|_| letters.next().is_none())?;
    let shown = strip_tags(second);
    let start = whole.end - rest.len() + (shown.as_ptr() as usize - second.as_ptr() as usize);
    let is_colored =
        [first, second].iter().all(|cell| cell.contains("<font") || cell.contains("<span"));
    (!shown.is_empty()).then_some((letter, start..start + shown.len(), is_colored))
}

/// Returns a text without the tags around it.
fn strip_tags(text: &str) -> &str {
    let mut shown = text.trim();
    while let Some(rest) = shown.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        shown = rest.1.trim_start();
    }
    while let Some((rest, _)) = shown.strip_suffix('>').and_then(|rest| rest.rsplit_once("</")) {
        shown = rest.trim_end();
    }
    shown
}
