//! The result of a recognizer: candidates for questions, each with the extent of its answer.
//!
//! The text of both is a list of [`Row`]s, so that an answer can leave out parts of its lines, such
//! as the sign of a quote or a label.

use std::ops::Range;

use super::document::{Document, indent_width};
use super::prompt::Pieces;
use crate::model::Convention;

/// A question that a recognizer has found in a foreign file.
#[derive(Clone, Debug)]
pub(in crate::parse) struct Candidate {
    /// The convention that it is written in.
    pub convention: Convention,
    /// The line that it begins on.
    pub line: usize,
    /// The text of the question on its first line.
    pub prompt: Pieces,
    /// The text of the question on the lines below.
    pub more: Vec<Row>,
    /// The place of its answer.
    pub extent: AnswerExtent,
}

/// The place of the answer to a question.
#[derive(Clone, Debug)]
pub(in crate::parse) enum AnswerExtent {
    /// The lines below, up to the next question, or to the next heading of this level or above.
    Below {
        /// The first of these lines.
        line: usize,
        /// The level of the question's heading; 7 if the question is no heading, so that a heading
        /// of any level ends its answer.
        level: usize,
        /// The column where the text of its list item begins, if it is in one.
        column: usize,
        /// The part of the answer on the question's own line.
        beside: Vec<Row>,
    },
    /// Exactly these rows. From the first label below the question on, they may be detached from
    /// it, as in a list of solutions at the end of a file.
    Within {
        /// The rows of the answer.
        rows: Vec<Row>,
        /// The column where the text of its list item begins, if it is in one.
        column: usize,
        /// The first line below the question and what stands right below it.
        below: usize,
    },
    /// The back of a card with two sides.
    Card(CardBack),
}

impl Candidate {
    /// Returns the lines of an answer that is detached from its question, which ends above the line
    /// `end`.
    pub(in crate::parse) fn detached_lines(
        &self,
        doc: &Document<'_>,
        end: usize,
    ) -> Option<Range<usize>> {
        let AnswerExtent::Within { rows, .. } = &self.extent else { return None };
        let first = rows.get(find_detached(rows, doc.line_start(end)))?;
        let last = rows.last()?;
        Some(doc.line_at(first.range.start)..doc.line_at(last.range.start) + 1)
    }
}

/// Finds the row that a detached answer begins with: the first label at or behind the byte `below`.
pub(in crate::parse) fn find_detached(rows: &[Row], below: usize) -> usize {
    let opens = |row: &Row| row.kind == RowKind::Label && row.range.start >= below;
    rows.iter().position(opens).unwrap_or(rows.len())
}

/// The back of a card with two sides, and what else belongs to the card.
#[derive(Clone, Debug, Default)]
pub(in crate::parse) struct CardBack {
    /// The answer; a cloze has none.
    pub rows: Vec<Row>,
    /// The column where the text of its list item begins, if it is in one.
    pub column: usize,
    /// The line below the card.
    pub below: usize,
    /// Further parts of the answer, each with the place of its label.
    pub extras: Vec<(Range<usize>, Vec<Row>)>,
    /// The classes of the question, `reverse` or tags for example.
    pub classes: Vec<String>,
    /// The part above the question that is no content: a heading like `Front`, properties of an
    /// app.
    pub head: Option<Range<usize>>,
}

impl CardBack {
    /// Returns the answer below an empty label, so that no other label is looked for in it.
    pub(in crate::parse) fn content(&self) -> Vec<Row> {
        let label = self.rows.first().map(|first| Row {
            kind: RowKind::Label,
            ..Row::text(first.range.start..first.range.start)
        });
        label.into_iter().chain(self.rows.iter().cloned()).collect()
    }
}

/// A line of a question or an answer, or a part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::parse) struct Row {
    /// Its place, leading white space included.
    pub range: Range<usize>,
    /// The places of characters in it that are left out: escape characters, the brackets of clozes.
    pub skips: Vec<usize>,
    /// How its text is to be read.
    pub kind: RowKind,
}

/// How the text of a row is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::parse) enum RowKind {
    /// Markdown.
    Text,
    /// A line of code or of a comment.
    Closed,
    /// An empty row in the place of a label: an answer begins here.
    Label,
    /// An option to choose, and whether it is correct.
    Choice(bool),
    /// Text with clozes. The skipped bytes are their brackets, in pairs; the number is that of the
    /// first cloze.
    Cloze(u16),
    /// Text that begins no block, even if it looks like a list item or a heading.
    Inline,
    /// A line of plain text, without any markup.
    Plain,
    /// HTML on one or more lines.
    Html,
}

impl Row {
    /// Returns a row of Markdown.
    pub(in crate::parse) fn text(range: Range<usize>) -> Self {
        Self { range, skips: Vec::new(), kind: RowKind::Text }
    }

    /// Returns whether it is code or a comment, in which no structure is looked for.
    pub(in crate::parse) fn is_closed(&self) -> bool {
        self.kind == RowKind::Closed
    }

    /// Returns whether it is plain text or HTML, in which no Markdown is looked for.
    pub(in crate::parse) fn is_literal(&self) -> bool {
        matches!(self.kind, RowKind::Plain | RowKind::Html)
    }

    /// Returns its text without the white space around it.
    pub(in crate::parse) fn trimmed<'t>(&self, text: &'t str) -> &'t str {
        text[self.range.clone()].trim()
    }

    /// Returns the place of its text without the white space around it.
    pub(in crate::parse) fn trimmed_range(&self, text: &str) -> Range<usize> {
        let shown = &text[self.range.clone()];
        let start = self.range.start + shown.len() - shown.trim_start().len();
        start..start + shown.trim().len()
    }

    /// Returns the column where its text begins.
    pub(in crate::parse) fn column(&self, text: &str) -> usize {
        indent_width(&text[self.range.clone()])
    }
}

/// Returns the rows of a range of bytes.
pub(in crate::parse) fn rows(doc: &Document<'_>, range: Range<usize>) -> Vec<Row> {
    let mut rows = Vec::new();
    let first = doc.line_at(range.start);
    for line in doc.lines.get(first..).unwrap_or_default() {
        if line.start >= range.end {
            break;
        }
        let end = line.start + doc.text[line.start..line.next].trim_end_matches(['\n', '\r']).len();
        let start = line.start.max(range.start);
        let range = start..end.min(range.end).max(start);
        let kind = if line.is_closed { RowKind::Closed } else { RowKind::Text };
        rows.push(Row { range, skips: Vec::new(), kind });
    }
    rows
}
