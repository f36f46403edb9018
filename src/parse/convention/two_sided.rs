//! What the recognizers of cards with two sides have in common.

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, CardBack, Row, RowKind, rows};
use super::document::{Document, bare, beside, fence, is_thematic_break, marker};
use super::prompt::{Pieces, question_word_width, strip_wrappers};
use super::question_word::parse_labelled;
use super::recognizer_input::RecognizerInput;
use crate::model::Convention;

/// Makes a candidate of a card, if its front is not empty.
pub(super) fn make_candidate(
    text: &str,
    convention: Convention,
    line: usize,
    front: Vec<Row>,
    back: CardBack,
) -> Option<Candidate> {
    let (prompt, more) = split_front(text, front);
    let back = CardBack { rows: trim_blank_rows(text, back.rows), ..back };
    let is_asked = !prompt.is_empty() || !more.is_empty();
    is_asked.then_some(Candidate {
        convention,
        line,
        prompt,
        more,
        extent: AnswerExtent::Card(back),
    })
}

/// Returns the rows of one side of a card. Code that is open above it ends there.
pub(super) fn side_rows(doc: &Document<'_>, lines: Range<usize>) -> Vec<Row> {
    let mut rows = rows(doc, doc.line_start(lines.start)..doc.line_start(lines.end));
    mark_code(doc.text, &mut rows);
    rows
}

/// Marks the rows of a text that are code.
pub(super) fn mark_code(text: &str, rows: &mut [Row]) {
    let mut open: Option<(u8, usize)> = None;
    let mut above = "";
    for row in rows {
        let snippet = row.trimmed(text);
        let found = fence(bare(snippet));
        if open.is_none() && found.is_none_or(|(.., info)| info.is_empty()) && row.is_closed() {
            // It may have opened beside the text above.
            let beside = beside(above).and_then(|at| fence(&above[at..]));
            open = beside.map(|(sign, len, _)| (sign, len));
        }
        above = snippet;
        let is_open = open.is_some();
        open = match (open, found) {
            (None, Some((sign, len, _))) => Some((sign, len)),
            (Some((sign, len)), Some((other, width, ""))) if sign == other && width >= len => None,
            (open, _) => open,
        };
        let is_closed = is_open || open.is_some();
        row.kind = if is_closed { RowKind::Closed } else { RowKind::Text };
    }
}

/// Returns whether a line is the data of a scheduler below a card: `<!--SR:…-->`, `<!--ID: …-->`,
/// `^1612718878416`.
pub(in crate::parse) fn is_schedule(snippet: &str) -> bool {
    let id = snippet.strip_prefix('^').unwrap_or_default();
    let is_id = id.len() >= 10 && id.bytes().all(|byte| byte.is_ascii_digit());
    snippet.starts_with("<!--SR:") || snippet.starts_with("<!--ID:") || is_id
}

/// Returns whether a line ends with the data of a scheduler.
pub(super) fn has_schedule(snippet: &str) -> bool {
    snippet.ends_with("-->") && snippet.rfind("<!--").is_some_and(|at| is_schedule(&snippet[at..]))
}

/// Returns whether a file has a tag for flashcards, or data of a scheduler.
pub(super) fn is_tagged(input: &RecognizerInput<'_>) -> bool {
    let doc = input.doc;
    let top = &doc.text[..doc.line_start(0)];
    let is_tag = |word: &str| {
        let tag = word.strip_prefix('#').unwrap_or_default().to_ascii_lowercase();
        let tag = tag.split(['/', '-', ':']).next().unwrap_or_default();
        ["flashcard", "flashcards", "card", "cards"].contains(&tag)
    };
    let has_tag = |line: usize| {
        doc.line_text(line).starts_with("<!--SR:")
            || (input.is_free(line) && doc.open_text(line).split_whitespace().any(is_tag))
    };
    top.contains("flashcard") || (0..doc.lines.len()).any(has_tag)
}

/// Splits a front into its first paragraph, as pieces, and the rows below.
fn split_front(text: &str, front: Vec<Row>) -> (Pieces, Vec<Row>) {
    let mut rows = trim_blank_rows(text, front);
    // Plain text and HTML have no paragraphs.
    if let Some(first) = rows.first_mut().filter(|row| row.is_literal()) {
        let inner = first.trimmed_range(text);
        let word = question_word_width(&text[inner.clone()]).filter(|width| *width < inner.len());
        first.range.start = inner.start + word.unwrap_or_default();
        return (Pieces::new(), rows);
    }
    if let [only] = &mut rows[..]
        && only.kind == RowKind::Text
    {
        let inner = only.trimmed_range(text);
        only.range.start = inner.start + marker(&text[inner]).unwrap_or_default();
    }
    let is_text = |row: &&Row| !row.trimmed(text).is_empty() && !opens_block(row, text);
    let is_title = |row: &Row| parse_title(row, text).is_some();
    let mut count = rows.iter().take_while(is_text).count();
    if let Some(below) = rows.iter().take(count).position(is_title) {
        count = if below == 0 { 1 } else { below };
    }
    let mut pieces = Pieces::new();
    for row in rows.drain(..count) {
        let range = parse_title(&row, text).unwrap_or_else(|| row.trimmed_range(text));
        let end = range.start + text[range.clone()].trim_end_matches('\\').trim_end().len();
        push_pieces(range.start..end, &row.skips, &mut pieces);
    }
    if let Some(first) = pieces.first().cloned() {
        let first =
            if count == 1 && pieces.len() == 1 { strip_wrappers(text, first) } else { first };
        let worded = parse_labelled(text, first.clone(), false).filter(|pieces| !pieces.is_empty());
        pieces.splice(..1, worded.unwrap_or_else(|| vec![first]));
    }
    (pieces, rows)
}

/// Appends the pieces of a range between some bytes that are skipped.
pub(super) fn push_pieces(range: Range<usize>, skips: &[usize], pieces: &mut Pieces) {
    let mut start = range.start;
    for skip in skips.iter().filter(|skip| range.contains(skip)) {
        pieces.extend((start < *skip).then_some(start..*skip));
        start = skip + 1;
    }
    pieces.extend((start < range.end).then_some(start..range.end));
}

/// Returns the place of the title, if a row is a heading.
fn parse_title(row: &Row, text: &str) -> Option<Range<usize>> {
    let inner = row.trimmed_range(text);
    let snippet = &text[inner.clone()];
    let shown = snippet.trim_start_matches('#');
    let level = snippet.len() - shown.len();
    let is_title = (1..=6).contains(&level) && shown.starts_with([' ', '\t']);
    let start = inner.end - shown.trim_start().len();
    (is_title && row.kind == RowKind::Text && start < inner.end).then_some(start..inner.end)
}

/// Returns whether a row begins a block other than a paragraph.
fn opens_block(row: &Row, text: &str) -> bool {
    let snippet = row.trimmed(text);
    let tags = ["<ul", "<ol", "<pre", "<table", "<div", "<!--", "<details"];
    if row.kind != RowKind::Text {
        return row.is_closed();
    }
    marker(snippet).is_some()
        || snippet.starts_with(['>', '|'])
        || snippet.starts_with("$$")
        || is_thematic_break(snippet)
        || tags.iter().any(|tag| snippet.starts_with(tag))
}

/// Removes blank rows at both ends.
fn trim_blank_rows(text: &str, mut rows: Vec<Row>) -> Vec<Row> {
    let is_blank = |row: &Row| row.trimmed(text).is_empty();
    while rows.last().is_some_and(is_blank) {
        rows.pop();
    }
    let blank = rows.iter().take_while(|row| is_blank(row)).count();
    rows.drain(..blank);
    rows
}
