//! Tables with a column of questions and a column of answers.
//!
//! The header may name them clearly. If it is ambiguous, as in a glossary, the file must consist of
//! tables; if it names neither, the name or title of the file must promise questions, too.

use std::collections::BTreeSet;
use std::ops::Range;

use super::candidate::{Candidate, RowKind};
use super::columns::{Cell, Columns, Role};
use super::document::Document;
use super::heuristics::{self, LinkTarget};
use super::recognizer_input::RecognizerInput;
use super::two_sided;
use crate::model::Convention;

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let tables = find_tables(input);
    let all = count_text_lines(input);
    let inside: usize = tables.iter().map(|table| table.rows.len() + 1).sum();
    let is_deck = input.is_question_bank || two_sided::is_tagged(input);
    let is_made_of_them = inside * 2 >= all || is_deck;
    let is_nothing_else = inside * 10 >= all * 9 && is_deck;
    let is_pairs = tables.iter().all(|table| table.heads.len() == 2);
    let sure = tables.iter().filter(|table| table.columns.as_ref().is_some_and(|c| c.is_sure));
    let enough = sure.map(|table| table.rows.len()).sum::<usize>() >= 2;
    let columns = |table: &Table| {
        let known = table.columns.as_ref();
        let known = known
            .filter(|c| input.is_requested || if c.is_sure { enough } else { is_made_of_them });
        let is_plain =
            input.is_requested || (is_pairs && is_nothing_else && is_unique(input, table));
        let first = || is_plain.then(|| take_first_columns(doc.text, &table.heads)).flatten();
        known.cloned().or_else(first)
    };
    tables.iter().flat_map(|table| make_candidates(doc, table, columns(table))).collect()
}

/// Finds the rows of a vocabulary: a file of tables in which no heading asks.
pub(super) fn find_vocabulary(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let mut tables = find_tables(input);
    tables.retain(|table| table.columns.is_some());
    let inside: usize = tables.iter().map(|table| table.rows.len() + 1).sum();
    let is_asking = doc.headings.iter().any(|heading| heuristics::is_asking(doc, heading));
    if is_asking || inside * 4 < count_text_lines(input) * 3 {
        return Vec::new();
    }
    tables.iter().flat_map(|table| make_candidates(doc, table, table.columns.clone())).collect()
}

/// Returns how many lines have text or code and are no headings.
fn count_text_lines(input: &RecognizerInput<'_>) -> usize {
    let doc = input.doc;
    let is_text = |line: &usize| {
        let is_open = input.is_free(*line) && doc.heading_at(*line).is_none();
        is_open && doc.line_text(*line).contains(char::is_alphanumeric)
    };
    (0..doc.lines.len()).filter(is_text).count()
}

/// Makes a candidate of each row of a table.
fn make_candidates(doc: &Document<'_>, table: &Table, columns: Option<Columns>) -> Vec<Candidate> {
    let Some(columns) = columns else { return Vec::new() };
    let row = |line: usize| {
        let cells = split_cells(doc.text, doc.lines[line].inner.clone());
        columns.make_candidate(
            doc.text,
            (Convention::Table, RowKind::Inline),
            line..line + 1,
            &cells,
        )
    };
    table.rows.clone().filter_map(row).collect()
}

/// A table in a file.
struct Table {
    heads: Vec<Cell>,
    /// The lines below the head.
    rows: Range<usize>,
    columns: Option<Columns>,
}

/// Finds the tables of a file that may hold questions.
fn find_tables(input: &RecognizerInput<'_>) -> Vec<Table> {
    let doc = input.doc;
    let is_row = |line: usize| input.is_free(line) && doc.open_text(line).contains('|');
    let mut tables = Vec::new();
    let mut line = 1;
    while line < doc.lines.len() {
        if is_delimiter_row(doc.open_text(line)) && is_row(line) && is_row(line - 1) {
            let heads = split_cells(doc.text, doc.lines[line - 1].inner.clone());
            let count = split_cells(doc.text, doc.lines[line].inner.clone()).len();
            let below = (line + 1..doc.lines.len()).find(|line| !is_row(*line));
            let rows = line + 1..below.unwrap_or(doc.lines.len());
            if heads.len() == count && count >= 2 && !rows.is_empty() {
                line = rows.end;
                if is_contents(doc, rows.clone()) {
                    continue;
                }
                let columns = Columns::parse_header(doc.text, &heads);
                if columns.as_ref().is_some_and(|columns| is_key(doc, rows.clone(), columns)) {
                    continue;
                }
                tables.push(Table { heads, rows, columns });
            }
        }
        line += 1;
    }
    tables
}

/// Returns whether the questions in rows are only consecutive numbers: a key to questions
/// elsewhere.
fn is_key(doc: &Document<'_>, rows: Range<usize>, columns: &Columns) -> bool {
    let number = |line: usize| -> Option<u64> {
        let cells = split_cells(doc.text, doc.lines[line].inner.clone());
        let front = columns.find(Role::Front).and_then(|at| cells.get(at))?;
        doc.text[front.range.clone()].trim().parse().ok()
    };
    let numbers: Vec<Option<u64>> = rows.map(number).collect();
    let follows = |pair: &[Option<u64>]| {
        pair[1].zip(pair[0]).is_some_and(|(b, a)| a.checked_add(1) == Some(b))
    };
    numbers.len() > 1 && numbers.windows(2).all(follows)
}

/// Returns whether most rows consist of a link to a place in the page, and maybe numbers.
fn is_contents(doc: &Document<'_>, rows: Range<usize>) -> bool {
    let is_link = |line: &usize| {
        let cells = split_cells(doc.text, doc.lines[*line].inner.clone());
        let snippet = |cell: &Cell| &doc.text[cell.range.clone()];
        let is_here =
            |cell: &Cell| heuristics::find_link_target(snippet(cell)) == Some(LinkTarget::Page);
        let is_bare = |cell: &Cell| !snippet(cell).contains(char::is_alphabetic);
        cells.iter().any(is_here) && cells.iter().all(|cell| is_here(cell) || is_bare(cell))
    };
    let all = rows.len();
    rows.filter(is_link).count() * 2 > all
}

/// Returns whether a line is the delimiter row of a table: `|---|:-:|`.
pub(super) fn is_delimiter_row(snippet: &str) -> bool {
    snippet.contains("--") && snippet.bytes().all(|byte| b"|-: \t".contains(&byte))
}

/// Takes the first two columns that are no numbers for questions and answers.
fn take_first_columns(text: &str, heads: &[Cell]) -> Option<Columns> {
    let roles = Columns::with_sides(text, heads, heads.len(), heads.len()).roles;
    let mut columns = (0..heads.len()).filter(|at| roles[*at] == Role::Extra);
    let (front, back) = (columns.next()?, columns.next()?);
    Some(Columns::with_sides(text, heads, front, back))
}

/// Returns whether no question occurs twice.
fn is_unique(input: &RecognizerInput<'_>, table: &Table) -> bool {
    let doc = input.doc;
    let mut fronts = BTreeSet::new();
    table.rows.clone().all(|line| {
        let cells = split_cells(doc.text, doc.lines[line].inner.clone());
        let front = cells.first().map_or("", |cell| &doc.text[cell.range.clone()]);
        !front.is_empty() && fronts.insert(front)
    })
}

/// Splits a line into cells.
fn split_cells(text: &str, line: Range<usize>) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut skips = Vec::new();
    let bytes = &text.as_bytes()[..line.end];
    let mut start = line.start + usize::from(bytes[line.start] == b'|');
    let mut at = start;
    while at < line.end {
        if bytes[at] == b'\\' && bytes.get(at + 1) == Some(&b'|') {
            skips.push(at);
            at += 1;
        } else if bytes[at] == b'|' {
            cells.push(Cell { range: trimmed(text, start..at), skips: std::mem::take(&mut skips) });
            start = at + 1;
        }
        at += 1;
    }
    if start < line.end {
        cells.push(Cell { range: trimmed(text, start..line.end), skips });
    }
    cells
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let snippet = &text[range.clone()];
    let start = range.start + snippet.len() - snippet.trim_start().len();
    start..start + snippet.trim().len()
}
