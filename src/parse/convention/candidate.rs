//! What a recogniser finds: a question, and where its answer is.

use std::ops::Range;

use super::document::Document;
use super::prompt::Pieces;
use crate::model::Convention;

/// A question in a foreign file.
#[derive(Clone, Debug)]
pub(in crate::parse) struct Candidate {
    /// How it is written.
    pub convention: Convention,
    /// The line that it begins on.
    pub line: usize,
    /// What it asks, on its first line.
    pub prompt: Pieces,
    /// What it asks, on the lines below.
    pub more: Vec<Row>,
    /// Where its answer is.
    pub extent: AnswerExtent,
}

/// Where the answer of a question is.
#[derive(Clone, Debug)]
pub(in crate::parse) enum AnswerExtent {
    /// On the lines below, up to the next question, or to the next heading of this level or above.
    Below {
        /// The first of these lines.
        line: usize,
        /// The level of the heading that asks; 7 where none does, or where a text below it does,
        /// so that any heading like it ends the answer.
        level: usize,
        /// The column where the text of its list item begins, if it is in one.
        column: usize,
        /// What stands on the question's own line.
        beside: Vec<Row>,
    },
    /// In these rows and nowhere else. Those from a label on that is below the question may stand
    /// apart from it.
    Within {
        /// What they say.
        rows: Vec<Row>,
        /// The column where the text of its list item begins, if it is in one.
        column: usize,
        /// The line below.
        below: usize,
    },
    /// On the other side of a card.
    Card(CardBack),
}

impl Candidate {
    /// The lines of an answer that stands apart from its question, which ends above this line.
    pub(in crate::parse) fn apart(&self, doc: &Document<'_>, end: usize) -> Option<Range<usize>> {
        let AnswerExtent::Within { rows, .. } = &self.extent else { return None };
        let first = rows.get(apart(rows, doc.start(end)))?;
        let last = rows.last()?;
        Some(doc.line_of(first.range.start)..doc.line_of(last.range.start) + 1)
    }
}

/// The row from which on an answer stands apart from its question, which ends above this byte: a label.
pub(in crate::parse) fn apart(rows: &[Row], below: usize) -> usize {
    let opens = |row: &Row| row.kind == RowKind::Label && row.range.start >= below;
    rows.iter().position(opens).unwrap_or(rows.len())
}

/// What a card with two sides says besides its question.
#[derive(Clone, Debug, Default)]
pub(in crate::parse) struct CardBack {
    /// The answer; a text with gaps has none.
    pub rows: Vec<Row>,
    /// The column where the text of its list item begins, if it is in one.
    pub column: usize,
    /// The line below.
    pub below: usize,
    /// More of it, each below a label of its own.
    pub extras: Vec<(Range<usize>, Vec<Row>)>,
    /// Classes of the question.
    pub classes: Vec<String>,
    /// What stands above it and names its front, and what a program keeps with it.
    pub head: Option<Range<usize>>,
}

impl CardBack {
    /// The answer, and that it is one: no other label is looked for in it.
    pub(in crate::parse) fn content(&self) -> Vec<Row> {
        let label = self.rows.first().map(|first| Row {
            kind: RowKind::Label,
            ..Row::text(first.range.start..first.range.start)
        });
        label.into_iter().chain(self.rows.iter().cloned()).collect()
    }
}

/// A line of a prompt or an answer, or the part of one that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::parse) struct Row {
    /// Its place, with the white space before it.
    pub range: Range<usize>,
    /// Where the characters in it are that only protect the ones behind them, or are left out.
    pub skips: Vec<usize>,
    /// What it is.
    pub kind: RowKind,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::parse) enum RowKind {
    /// Text.
    Text,
    /// Code or a comment.
    Closed,
    /// Nothing, in the place of what says that an answer begins.
    Label,
    /// An option with a letter, and whether it is right.
    Choice(bool),
    /// Text with gaps; the bytes to skip open and close them, and this is the number of the first.
    ClozeMode(u16),
    /// Text in a line, whatever it begins with.
    Inline,
    /// A line of a plain text, in which nothing is markup.
    Plain,
    /// A text in HTML, on one or more lines.
    Html,
}

impl Row {
    /// A row of text.
    pub(in crate::parse) fn text(range: Range<usize>) -> Self {
        Self { range, skips: Vec::new(), kind: RowKind::Text }
    }

    /// Whether nothing in it is structure.
    pub(in crate::parse) fn is_closed(&self) -> bool {
        self.kind == RowKind::Closed
    }

    /// Whether nothing in it is Markdown.
    pub(in crate::parse) fn is_literal(&self) -> bool {
        matches!(self.kind, RowKind::Plain | RowKind::Html)
    }

    /// What it says, without the white space around it.
    pub(in crate::parse) fn says<'t>(&self, text: &'t str) -> &'t str {
        text[self.range.clone()].trim()
    }

    /// The place of what it says.
    pub(in crate::parse) fn inner(&self, text: &str) -> Range<usize> {
        let shown = &text[self.range.clone()];
        let start = self.range.start + shown.len() - shown.trim_start().len();
        start..start + shown.trim().len()
    }
}

/// The rows between two bytes.
pub(in crate::parse) fn rows(doc: &Document<'_>, range: Range<usize>) -> Vec<Row> {
    let mut rows = Vec::new();
    let first = doc.line_of(range.start);
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
