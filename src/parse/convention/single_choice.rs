//! Files with one multiple-choice question each: text, options with letters, and what there is to say
//! about them below a heading or a label.

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, Row, rows};
use super::document::{Document, marker};
use super::option_sign::{Sign, parse_sign};
use super::options;
use super::prompt::{strip_decoration, strip_wrappers};
use super::question_form::{has_question_mark, is_question_like};
use crate::model::Convention;

/// The place of the only multiple-choice question of a file.
pub(super) struct SingleChoice {
    /// The line that the file's text begins on.
    first: usize,
    /// The line that asks.
    prompt: usize,
    /// The lines of the question, above its options.
    lines: Range<usize>,
}

/// Finds the question of a file with options, if there is only one.
pub(super) fn find(doc: &Document<'_>) -> Option<SingleChoice> {
    let first = doc.next_nonblank(0);
    let title = doc.heading_at(first).filter(|heading| !heading.is_item);
    let start = title.map_or(first, |title| title.below);
    let mut others = doc.headings.iter().filter(|heading| heading.line >= start);
    let end = others.clone().next().map_or(doc.lines.len(), |heading| heading.line);
    let is_first =
        |line: &usize| matches!(parse_sign(doc.open_text(*line)), Some(Sign::Letter('A')));
    let mut firsts = (start..end).filter(is_first);
    let (options, is_only) = (firsts.next()?, firsts.next().is_none());
    let are_options = || {
        options::are_lettered(doc.text, &rows(doc, doc.line_start(options)..doc.line_start(end)))
    };
    let is_text = |line: &usize| {
        let snippet = doc.open_text(*line);
        !snippet.is_empty()
            && marker(snippet).is_none()
            && !snippet.starts_with(['|', '>', '!', '<'])
    };
    let mut texts = (start..options).filter(is_text);
    let asking = texts.clone().find(|line| has_question_mark(doc.open_text(*line)));
    let prompt = asking.or_else(|| texts.next())?;
    let is_alone = is_only && !others.any(|other| is_question_like(&doc.text[other.title.clone()]));
    (is_alone && are_options()).then_some(SingleChoice { first, prompt, lines: start..options })
}

impl SingleChoice {
    /// Returns whether a line of the question has a question mark.
    pub(super) fn is_clear(&self, doc: &Document<'_>) -> bool {
        has_question_mark(doc.open_text(self.prompt))
    }

    pub(super) fn make_candidate(&self, doc: &Document<'_>) -> Candidate {
        let range = |lines: Range<usize>| doc.line_start(lines.start)..doc.line_start(lines.end);
        let mut more: Vec<Row> = rows(doc, range(self.lines.start..self.prompt));
        more.extend(rows(doc, range(self.prompt + 1..self.lines.end)));
        let title = strip_wrappers(doc.text, doc.lines[self.prompt].inner.clone());
        let line = self.lines.end;
        let extent = AnswerExtent::Below { line, level: 0, column: 0, beside: Vec::new() };
        Candidate {
            convention: Convention::File,
            line: self.first,
            prompt: vec![strip_decoration(doc.text, title)],
            more,
            extent,
        }
    }
}
