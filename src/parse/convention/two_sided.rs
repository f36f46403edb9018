//! A card with two sides, however they are set apart.

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, CardBack, Row, RowKind, rows};
use super::document::{Document, bare, beside, fence, is_thematic_break, marker};
use super::prompt::{Pieces, question_word, unwrapped};
use super::question_word::asked;
use super::recognizer_input::RecognizerInput;
use crate::model::Convention;

/// The question that a card is, if there is anything on its front.
pub(super) fn mark(
    text: &str,
    convention: Convention,
    line: usize,
    front: Vec<Row>,
    back: CardBack,
) -> Option<Candidate> {
    let (prompt, more) = question(text, front);
    let back = CardBack { rows: without_edges(text, back.rows), ..back };
    let is_asked = !prompt.is_empty() || !more.is_empty();
    is_asked.then_some(Candidate {
        convention,
        line,
        prompt,
        more,
        extent: AnswerExtent::Card(back),
    })
}

/// The rows between two lines, as a text by itself: code that is open above it ends there.
pub(super) fn side(doc: &Document<'_>, lines: Range<usize>) -> Vec<Row> {
    let mut rows = rows(doc, doc.start(lines.start)..doc.start(lines.end));
    seal(doc.text, &mut rows);
    rows
}

/// Finds out which rows of a text are code.
pub(super) fn seal(text: &str, rows: &mut [Row]) {
    let mut open: Option<(u8, usize)> = None;
    let mut above = "";
    for row in rows {
        let says = row.says(text);
        let found = fence(bare(says));
        if open.is_none() && found.is_none_or(|(.., info)| info.is_empty()) && row.is_closed() {
            // It may have opened beside the text above.
            let beside = beside(above).and_then(|at| fence(&above[at..]));
            open = beside.map(|(sign, len, _)| (sign, len));
        }
        above = says;
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

/// What a scheduler leaves below a card: `<!--SR:…-->`, `<!--ID: …-->`, `^1612718878416`.
pub(in crate::parse) fn is_schedule(says: &str) -> bool {
    let id = says.strip_prefix('^').unwrap_or_default();
    let is_id = id.len() >= 10 && id.bytes().all(|byte| byte.is_ascii_digit());
    says.starts_with("<!--SR:") || says.starts_with("<!--ID:") || is_id
}

/// Whether a line ends in such a comment.
pub(super) fn has_schedule(says: &str) -> bool {
    says.ends_with("-->") && says.rfind("<!--").is_some_and(|at| is_schedule(&says[at..]))
}

/// Whether a file says that it holds flashcards: by a tag that is not that of a single card, or by
/// what a scheduler left in it.
pub(super) fn is_tagged(search: &RecognizerInput<'_>) -> bool {
    let doc = search.doc;
    let top = &doc.text[..doc.start(0)];
    let is_tag = |word: &str| {
        let tag = word.strip_prefix('#').unwrap_or_default().to_ascii_lowercase();
        let tag = tag.split(['/', '-', ':']).next().unwrap_or_default();
        ["flashcard", "flashcards", "card", "cards"].contains(&tag)
    };
    let is_told = |line: usize| {
        doc.line(line).starts_with("<!--SR:")
            || (search.is_free(line) && doc.open(line).split_whitespace().any(is_tag))
    };
    top.contains("flashcard") || (0..doc.lines.len()).any(is_told)
}

/// The first paragraph of a front, in one line, and what is below it.
fn question(text: &str, front: Vec<Row>) -> (Pieces, Vec<Row>) {
    let mut rows = without_edges(text, front);
    // Where nothing is markup, the text is written line by line.
    if let Some(first) = rows.first_mut().filter(|row| row.is_literal()) {
        let inner = first.inner(text);
        let word = question_word(&text[inner.clone()]).filter(|width| *width < inner.len());
        first.range.start = inner.start + word.unwrap_or_default();
        return (Pieces::new(), rows);
    }
    if let [only] = &mut rows[..]
        && only.kind == RowKind::Text
    {
        let inner = only.inner(text);
        only.range.start = inner.start + marker(&text[inner]).unwrap_or_default();
    }
    let is_text = |row: &&Row| !row.says(text).is_empty() && !opens_block(row, text);
    let is_title = |row: &Row| title(row, text).is_some();
    let mut count = rows.iter().take_while(is_text).count();
    if let Some(below) = rows.iter().take(count).position(is_title) {
        count = if below == 0 { 1 } else { below };
    }
    let mut pieces = Pieces::new();
    for row in rows.drain(..count) {
        let range = title(&row, text).unwrap_or_else(|| row.inner(text));
        let end = range.start + text[range.clone()].trim_end_matches('\\').trim_end().len();
        cut(range.start..end, &row.skips, &mut pieces);
    }
    if let Some(first) = pieces.first().cloned() {
        let first = if count == 1 && pieces.len() == 1 { unwrapped(text, first) } else { first };
        let worded = asked(text, first.clone(), false).filter(|pieces| !pieces.is_empty());
        pieces.splice(..1, worded.unwrap_or_else(|| vec![first]));
    }
    (pieces, rows)
}

/// A range without some bytes in it.
pub(super) fn cut(range: Range<usize>, skips: &[usize], pieces: &mut Pieces) {
    let mut start = range.start;
    for skip in skips.iter().filter(|skip| range.contains(skip)) {
        pieces.extend((start < *skip).then_some(start..*skip));
        start = skip + 1;
    }
    pieces.extend((start < range.end).then_some(start..range.end));
}

/// What a row says that is a heading.
fn title(row: &Row, text: &str) -> Option<Range<usize>> {
    let inner = row.inner(text);
    let says = &text[inner.clone()];
    let shown = says.trim_start_matches('#');
    let level = says.len() - shown.len();
    let is_title = (1..=6).contains(&level) && shown.starts_with([' ', '\t']);
    let start = inner.end - shown.trim_start().len();
    (is_title && row.kind == RowKind::Text && start < inner.end).then_some(start..inner.end)
}

/// Whether a row cannot be in a paragraph.
fn opens_block(row: &Row, text: &str) -> bool {
    let says = row.says(text);
    let tags = ["<ul", "<ol", "<pre", "<table", "<div", "<!--", "<details"];
    if row.kind != RowKind::Text {
        return row.is_closed();
    }
    marker(says).is_some()
        || says.starts_with(['>', '|'])
        || says.starts_with("$$")
        || is_thematic_break(says)
        || tags.iter().any(|tag| says.starts_with(tag))
}

fn without_edges(text: &str, mut rows: Vec<Row>) -> Vec<Row> {
    let is_blank = |row: &Row| row.says(text).is_empty();
    while rows.last().is_some_and(is_blank) {
        rows.pop();
    }
    let blank = rows.iter().take_while(|row| is_blank(row)).count();
    rows.drain(..blank);
    rows
}
