//! `<details><summary>question</summary> answer </details>`.

use std::ops::Range;

use super::boilerplate;
use super::candidate::{AnswerExtent, Candidate, Row, rows};
use super::document::{Heading, fence, marker};
use super::fold::{Fold, Summary};
use super::headings;
use super::prompt::{Pieces, asks, has_mark, number, undecorated, unwrapped};
use super::question_word::asked;
use super::recognizer_input::RecognizerInput;
use crate::model::Convention;

pub(super) fn find(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = search.doc;
    let mut marks: Vec<Candidate> = Vec::new();
    let (mut asking, mut end) = (0, 0);
    for fold in search.folds {
        let line = doc.line_of(fold.whole.start);
        let is_own = fold.means(doc.text, search.answers) == Summary::Own;
        if fold.whole.start < end || !search.is_free(line) || !is_own {
            continue;
        }
        if let Some(heading) = asked_above(search, fold).filter(|_| !search.is_told) {
            asking += 1;
            end = fold.whole.end;
            marks.push(headings::mark(doc, heading));
            continue;
        }
        let mut more = boilerplate::trimmed(doc.text, rows(doc, fold.summary.clone()));
        let is_line = |(at, row): &(usize, &Row)| {
            let says = row.says(doc.text);
            // A number before the question makes no list of it.
            let is_numbered = *at == 0 && says.starts_with(|c: char| c.is_ascii_digit());
            !says.is_empty() && (is_numbered || !opens_block(row, doc.text)) && !row.is_closed()
        };
        let count = more.iter().enumerate().take_while(is_line).count();
        let first = boilerplate::trimmed(doc.text, more.drain(..count).collect());
        let mut prompt: Pieces = first.iter().map(|row| row.inner(doc.text)).collect();
        if prompt.is_empty() && more.is_empty() {
            continue;
        }
        if !prompt.is_empty() {
            let first = first_line(doc.text, prompt[0].clone());
            prompt.splice(..1, first);
        }
        asking += usize::from(prompt.iter().any(|piece| asks(&doc.text[piece.clone()])));
        end = fold.whole.end;
        marks.push(mark(line, prompt, boilerplate::trimmed(doc.text, more), fold, search));
    }
    let enough = if search.is_bank { 1 } else { marks.len().div_ceil(2).max(2) };
    if search.is_told || asking >= enough { marks } else { Vec::new() }
}

/// The heading that asks, right above a fold that does not: what it says begins the answer.
fn asked_above<'d>(search: &RecognizerInput<'d>, fold: &Fold) -> Option<&'d Heading> {
    let doc = search.doc;
    let line = doc.line_of(fold.whole.start);
    let below = doc.headings.partition_point(|heading| heading.line < line);
    let heading = &doc.headings[below.checked_sub(1)?];
    let is_asked = has_mark(&doc.text[heading.title.clone()]);
    let is_answer = !has_mark(&doc.text[fold.summary.clone()]);
    let is_next = doc.visible(heading.below) == line && search.is_free(heading.line);
    (is_asked && is_answer && is_next).then_some(heading)
}

fn mark(
    line: usize,
    prompt: Pieces,
    more: Vec<Row>,
    fold: &Fold,
    search: &RecognizerInput<'_>,
) -> Candidate {
    let below = search.doc.line_of(fold.whole.end.saturating_sub(1)) + 1;
    let column = search.doc.lines[line].column;
    let extent = AnswerExtent::Within { rows: fold.rows(search.doc), column, below };
    Candidate { convention: Convention::Details, line, prompt, more, extent }
}

/// What the first line of a summary says, without number, word and the tags around it, of which
/// one may begin here and end on another line.
fn first_line(text: &str, line: Range<usize>) -> Pieces {
    let mut range = unwrapped(text, line);
    let mut behind = None;
    while let Some((width, name)) = boilerplate::leading_tag(&text[range.clone()]) {
        let end = format!("</{name}>");
        let close = text[range.clone()].find(&end).map(|at| range.start + at);
        if close.is_some() && !name.starts_with('h') {
            break;
        }
        range.start += width;
        if let Some(close) = close {
            behind = Some(close + end.len()..range.end);
            range.end = close;
        }
        range = unwrapped(text, range);
    }
    range = undecorated(text, range);
    range.start += number(&text[range.clone()]).unwrap_or_default();
    let mut pieces = asked(text, range.clone(), false).unwrap_or_else(|| vec![range]);
    pieces.extend(behind.filter(|behind| !behind.is_empty()));
    pieces
}

/// Whether a row cannot go on with the paragraph above it.
fn opens_block(row: &Row, text: &str) -> bool {
    let says = row.says(text);
    row.is_closed()
        || marker(says).is_some()
        || says.starts_with(['>', '|', '#'])
        || fence(says).is_some()
        || ["<ul", "<ol", "<pre", "<img", "<table", "<div", "!["]
            .iter()
            .any(|tag| says.starts_with(tag))
}
