//! Questions in summaries: `<details><summary>question</summary> answer </details>`.

use std::ops::Range;

use super::boilerplate;
use super::candidate::{AnswerExtent, Candidate, Row, rows};
use super::document::{Heading, fence, marker};
use super::fold::{Fold, SummaryKind};
use super::headings;
use super::prompt::{Pieces, number_width, strip_decoration, strip_wrappers};
use super::question_form::{has_question_mark, is_question_like};
use super::question_word::parse_labelled;
use super::recognizer_input::RecognizerInput;
use crate::model::Convention;

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let mut candidates: Vec<Candidate> = Vec::new();
    let (mut asking, mut end) = (0, 0);
    for (at, fold) in input.folds.iter().enumerate() {
        let line = doc.line_at(fold.whole.start);
        let is_own = fold.summary_kind(doc.text, input.answer_labels) == SummaryKind::Other;
        if fold.whole.start < end || !input.is_free(line) || !is_own || is_topic(input, at) {
            continue;
        }
        if let Some(heading) = find_asking_heading(input, fold).filter(|_| !input.is_requested) {
            asking += 1;
            end = fold.whole.end;
            candidates.push(headings::make_candidate(doc, heading));
            continue;
        }
        let mut more = boilerplate::trim_rows(doc.text, rows(doc, fold.summary.clone()));
        let is_line = |(at, row): &(usize, &Row)| {
            let snippet = row.trimmed(doc.text);
            // A number before the question makes no list of it.
            let is_numbered = *at == 0 && snippet.starts_with(|c: char| c.is_ascii_digit());
            !snippet.is_empty() && (is_numbered || !opens_block(row, doc.text)) && !row.is_closed()
        };
        let count = more.iter().enumerate().take_while(is_line).count();
        let first = boilerplate::trim_rows(doc.text, more.drain(..count).collect());
        let mut prompt: Pieces = first.iter().map(|row| row.trimmed_range(doc.text)).collect();
        if prompt.is_empty() && more.is_empty() {
            continue;
        }
        if !prompt.is_empty() {
            let first = parse_first_line(doc.text, prompt[0].clone());
            prompt.splice(..1, first);
        }
        asking +=
            usize::from(prompt.iter().any(|piece| is_question_like(&doc.text[piece.clone()])));
        end = fold.whole.end;
        candidates.push(make_candidate(
            line,
            prompt,
            boilerplate::trim_rows(doc.text, more),
            fold,
            input,
        ));
    }
    let enough = if input.is_question_bank { 1 } else { candidates.len().div_ceil(2).max(2) };
    if input.is_requested || asking >= enough { candidates } else { Vec::new() }
}

/// Returns whether a fold does not ask and holds folds that do, whose topic it is.
fn is_topic(input: &RecognizerInput<'_>, at: usize) -> bool {
    let text = input.doc.text;
    let fold = &input.folds[at];
    let asks = |fold: &Fold| is_question_like(&text[fold.summary.clone()]);
    let inside =
        input.folds[at + 1..].iter().take_while(|other| other.whole.start < fold.whole.end);
    let inside = inside.filter(|other| other.depth == fold.depth + 1 && !other.is_callout);
    !asks(fold) && inside.filter(|other| asks(other)).count() > 1
}

/// Finds the heading that asks right above a fold whose summary does not; the summary then belongs
/// to the answer.
fn find_asking_heading<'d>(input: &RecognizerInput<'d>, fold: &Fold) -> Option<&'d Heading> {
    let doc = input.doc;
    let line = doc.line_at(fold.whole.start);
    let below = doc.headings.partition_point(|heading| heading.line < line);
    let heading = &doc.headings[below.checked_sub(1)?];
    let is_asked = has_question_mark(&doc.text[heading.title.clone()]);
    let is_answer = !has_question_mark(&doc.text[fold.summary.clone()]);
    let is_next = doc.next_nonblank(heading.below) == line && input.is_free(heading.line);
    (is_asked && is_answer && is_next).then_some(heading)
}

fn make_candidate(
    line: usize,
    prompt: Pieces,
    more: Vec<Row>,
    fold: &Fold,
    input: &RecognizerInput<'_>,
) -> Candidate {
    let below = input.doc.line_at(fold.whole.end.saturating_sub(1)) + 1;
    let column = input.doc.lines[line].column;
    let extent = AnswerExtent::Within { rows: fold.rows(input.doc), column, below };
    Candidate { convention: Convention::Details, line, prompt, more, extent }
}

/// Returns the first line of a summary without number, label and the tags around it; an opening tag
/// may be closed on another line.
fn parse_first_line(text: &str, line: Range<usize>) -> Pieces {
    let mut range = strip_wrappers(text, line);
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
        range = strip_wrappers(text, range);
    }
    range = strip_decoration(text, range);
    range.start += number_width(&text[range.clone()]).unwrap_or_default();
    let mut pieces = parse_labelled(text, range.clone(), false).unwrap_or_else(|| vec![range]);
    pieces.extend(behind.filter(|behind| !behind.is_empty()));
    pieces
}

/// Returns whether a row begins a block, so that it is no continuation of the paragraph above it.
fn opens_block(row: &Row, text: &str) -> bool {
    let snippet = row.trimmed(text);
    row.is_closed()
        || marker(snippet).is_some()
        || snippet.starts_with(['>', '|', '#'])
        || fence(snippet).is_some()
        || ["<ul", "<ol", "<pre", "<img", "<table", "<div", "!["]
            .iter()
            .any(|tag| snippet.starts_with(tag))
}
