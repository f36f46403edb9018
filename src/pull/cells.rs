//! Edits of files of values, where a cell may need quotes.

use std::ops::Range;

use super::merge::FileChange;
use crate::parse::find_cells;
use crate::source::{Sources, Span};

/// Returns the ways to write edits, if they are of a file of values: its cells may hold plain text,
/// which has no signs that are escaped.
#[must_use]
pub(super) fn write_cells(sources: &Sources, changes: Vec<FileChange>) -> Vec<Vec<FileChange>> {
    let Some(file) = changes.first().map(|change| change.span.file) else { return vec![changes] };
    let text = sources.original(file);
    let cells = find_cells(text, sources.path(file));
    if cells.is_empty() {
        return vec![changes];
    }
    let unescape =
        |change: &FileChange| FileChange { span: change.span, text: unescaped(&change.text) };
    let plain: Vec<FileChange> = changes.iter().map(unescape).collect();
    [plain, changes].map(|changes| quote_cells(text, &cells, changes)).into()
}

/// Returns a text without the backslashes before signs.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' || chars.peek().is_none_or(|next| !next.is_ascii_punctuation()) {
            out.push(c);
        } else {
            out.extend(chars.next());
        }
    }
    out
}

/// Returns edits with quotes doubled within quotes, and with quotes around each cell that cannot do
/// without any more.
fn quote_cells(
    text: &str,
    cells: &[Range<usize>],
    mut changes: Vec<FileChange>,
) -> Vec<FileChange> {
    let cell_of = |change: &FileChange| {
        let at = cells.partition_point(|cell| cell.end < change.span.start);
        cells.get(at).filter(|cell| cell.start <= change.span.start)
    };
    let is_quoted = |cell: &Range<usize>| text[..cell.start].ends_with('"');
    let needs_quotes = |text: &str| text.contains([',', ';', '\t', '|', '"', '\n', '\r']);
    let mut quoted: Vec<&Range<usize>> =
        changes.iter().filter(|it| needs_quotes(&it.text)).filter_map(cell_of).collect();
    quoted.retain(|cell| !is_quoted(cell));
    quoted.dedup();
    let is_in = |cell: &Range<usize>| is_quoted(cell) || quoted.contains(&cell);
    for change in &mut changes {
        if cell_of(change).is_some_and(is_in) {
            change.text = change.text.replace('"', "\"\"");
        }
    }
    let Some(file) = changes.first().map(|change| change.span.file) else { return changes };
    let quote = |at: usize| FileChange { span: Span::new(file, at..at), text: "\"".to_owned() };
    let before = quoted.iter().map(|cell| quote(cell.start));
    let after = quoted.iter().map(|cell| quote(cell.end));
    before.chain(changes).chain(after).collect()
}
