//! Paragraphs that begin with a question on a line of its own, with the answer on the lines right
//! below it.
//!
//! Text is wrapped anywhere, so nearly all paragraphs of the file must be like this, or all of them
//! where the file promises questions; then only half of them need a question mark.
//!
//! ```text
//! What is a bowline?
//! A loop that does not slip.
//!
//! What is a splice?
//! Strands woven together.
//! ```

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, rows};
use super::document::{Document, is_thematic_break, marker};
use super::prompt::{strip_decoration, strip_wrappers};
use super::question_form::is_question_like;
use super::recognizer_input::RecognizerInput;
use super::vocabulary;
use crate::model::Convention;

/// How many such paragraphs a file must have.
const ENOUGH: usize = 3;

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    if !input.taken.is_empty() {
        return Vec::new();
    }
    let paragraphs = find_paragraphs(doc);
    let line = |paragraph: &Range<usize>| doc.line_text(paragraph.start);
    let is_pair = |paragraph: &&Range<usize>| {
        let opens =
            marker(line(paragraph)).is_some() || line(paragraph).starts_with(['|', '>', '<']);
        let first = &doc.lines[paragraph.start];
        paragraph.len() > 1 && !first.is_closed && first.column == 0 && !opens
    };
    let is_asking = |paragraph: &&Range<usize>| is_question_like(line(paragraph));
    let is_marked = |paragraph: &&Range<usize>| {
        line(paragraph).trim_end_matches(['*', '_', ' ']).ends_with(vocabulary::MARKS)
    };
    let all = paragraphs.len();
    let pairs = || paragraphs.iter().filter(is_pair);
    let marked = pairs().filter(is_marked).count();
    let is_bank = input.is_question_bank && pairs().count() == all && marked * 2 >= all;
    let is_sure = marked * 4 >= all * 3 && pairs().filter(is_asking).count() * 10 >= all * 9;
    if marked < ENOUGH || !(is_bank || is_sure) {
        return Vec::new();
    }
    let asked = pairs().filter(|paragraph| is_bank || is_asking(paragraph));
    asked.map(|paragraph| make_candidate(doc, paragraph.clone())).collect()
}

/// Finds the lines of all paragraphs; a list, a table or the like counts as one that does not ask.
fn find_paragraphs(doc: &Document<'_>) -> Vec<Range<usize>> {
    let mut paragraphs = Vec::new();
    let mut at = 0;
    while at < doc.lines.len() {
        let is_text = |line: &usize| {
            let snippet = doc.line_text(*line);
            let is_blank = snippet.is_empty() || is_thematic_break(snippet);
            doc.lines[*line].is_closed || !(is_blank || doc.heading_at(*line).is_some())
        };
        let count = (at..doc.lines.len()).take_while(is_text).count();
        if count > 0 {
            paragraphs.push(at..at + count);
        }
        at += count.max(1);
    }
    paragraphs
}

fn make_candidate(doc: &Document<'_>, paragraph: Range<usize>) -> Candidate {
    let title = strip_wrappers(doc.text, doc.lines[paragraph.start].inner.clone());
    let lines = doc.line_start(paragraph.start + 1)..doc.line_start(paragraph.end);
    Candidate {
        convention: Convention::QaLines,
        line: paragraph.start,
        prompt: vec![strip_decoration(doc.text, title)],
        more: Vec::new(),
        extent: AnswerExtent::Within { rows: rows(doc, lines), column: 0, below: paragraph.end },
    }
}
