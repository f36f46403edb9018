//! A question in any form above a labelled answer: `<details><summary>Answer</summary>`, or
//! `Answer:` on a line of its own.
//!
//! Other recognizers have found the questions with a heading or a label. What remains is a
//! paragraph, or a heading that does not ask.

use std::collections::BTreeMap;
use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, rows};
use super::document::{Heading, marker};
use super::fold::SummaryKind;
use super::labels;
use super::prompt::{number_width, strip_decoration, strip_wrappers};
use super::question_form::{has_question_mark, is_clear_question, is_question_like};
use super::recognizer_input::RecognizerInput;
use crate::model::Convention;

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut floor = 0;
    let mut lines = 0;
    let answers = find_answers(input);
    let (messages, labels) = count_messages(input, &answers);
    let section = |line: usize| doc.headings.partition_point(|heading| heading.line <= line);
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for (answer, _) in &answers {
        *counts.entry(section(doc.line_at(*answer))).or_default() += 1;
    }
    for (answer, end) in answers {
        let line = doc.line_at(answer);
        let is_message = end.is_none() && messages * 2 >= labels;
        if line < floor || !input.is_free(line) || is_message {
            continue;
        }
        let is_only = counts[&section(line)] == 1;
        let first = find_first_line(input, line, floor, end.is_none(), is_only);
        floor = end.map_or(line + 1, |end| doc.line_at(end.saturating_sub(1)) + 1);
        let Some(first) = first else { continue };
        let (title, line) = parse_question(input, first);
        let extent = match (end, doc.heading_at(first)) {
            (Some(end), None) => {
                let column = doc.lines[doc.line_at(answer)].column;
                AnswerExtent::Within {
                    rows: rows(doc, doc.line_start(line)..end),
                    column,
                    below: floor,
                }
            }
            (_, heading) => {
                // A heading of the level of one that asks is no part of its answer.
                let is_own =
                    |heading: &&Heading| !has_question_mark(&doc.text[heading.title.clone()]);
                let level = heading.filter(is_own).map_or(7, |heading| heading.level);
                AnswerExtent::Below { line, level, column: 0, beside: Vec::new() }
            }
        };
        lines += usize::from(end.is_none());
        let (convention, prompt) = (Convention::Spoiler, vec![title]);
        candidates.push(Candidate { convention, line: first, prompt, more: Vec::new(), extent });
    }
    // Many texts have a single line `Answer`.
    let is_one = input.is_requested || lines != 1 || candidates.len() > 1;
    if is_one { candidates } else { Vec::new() }
}

/// Returns the places where answers begin, and where they end if they are folded away.
fn find_answers(input: &RecognizerInput<'_>) -> Vec<(usize, Option<usize>)> {
    let doc = input.doc;
    let is_answer = |fold: &&super::fold::Fold| {
        fold.depth == 0 && fold.summary_kind(doc.text, input.answer_labels) == SummaryKind::Answer
    };
    let folds = input.folds.iter().filter(is_answer);
    let mut found: Vec<_> = folds.map(|f| (f.whole.start, Some(f.whole.end))).collect();
    let lines = (0..doc.lines.len()).filter(|line| {
        let snippet = doc.open_text(*line);
        let label = || labels::answer(snippet, input.answer_labels);
        !snippet.is_empty() && label().is_some_and(|label| label.after == snippet.len())
    });
    found.extend(lines.map(|line| (doc.line_start(line), None)));
    found.sort_unstable();
    found
}

/// Returns how many `Answer` lines label the response of a server, such as JSON in a code block,
/// and how many such lines there are at all. In most languages both have the same name.
fn count_messages(
    input: &RecognizerInput<'_>,
    answers: &[(usize, Option<usize>)],
) -> (usize, usize) {
    let doc = input.doc;
    let (mut messages, mut labels) = (0, 0);
    let mut floor = 0;
    for (answer, _) in answers.iter().filter(|(_, end)| end.is_none()) {
        let label = doc.line_at(*answer);
        let above = doc.headings.partition_point(|heading| heading.line < label);
        let start = above.checked_sub(1).map_or(0, |at| doc.headings[at].line).max(floor);
        let is_asked = (start..label).any(|line| is_clear_question(doc.open_text(line)));
        let below = doc.next_nonblank(label + 1);
        let is_code = doc.lines.get(below).is_some_and(|line| line.is_closed);
        let first = if is_code { doc.line_text(below + 1) } else { "" };
        labels += 1;
        messages += usize::from(!is_asked && first.starts_with(['{', '[', '<']));
        messages += usize::from(!is_asked && first.starts_with("HTTP/"));
        floor = label + 1;
    }
    (messages, labels)
}

/// Returns the first line of a question without number and emphasis, and the line below.
fn parse_question(input: &RecognizerInput<'_>, first: usize) -> (Range<usize>, usize) {
    let doc = input.doc;
    let (title, next) = if let Some(heading) = doc.heading_at(first) {
        (heading.title.clone(), heading.below)
    } else {
        let inner = doc.lines[first].inner.clone();
        let width = marker(&doc.text[inner.clone()]).unwrap_or_default();
        (inner.start + width..inner.end, first + 1)
    };
    let mut title = strip_decoration(doc.text, strip_wrappers(doc.text, title));
    title.start += number_width(&doc.text[title.clone()]).unwrap_or_default();
    (strip_decoration(doc.text, strip_wrappers(doc.text, title)), next)
}

/// Finds the line that the question above an answer begins on: the heading above it; or the text
/// below that heading, if the text asks and the heading does not; or the text behind the answer
/// before.
fn find_first_line(
    input: &RecognizerInput<'_>,
    answer: usize,
    floor: usize,
    is_line: bool,
    is_only: bool,
) -> Option<usize> {
    let doc = input.doc;
    // A heading that asks, above a single answer, is the question, whatever stands between.
    let above = doc.headings.partition_point(|heading| heading.line < answer);
    let above = above.checked_sub(1).map(|at| &doc.headings[at]);
    let is_asked = |heading: &&Heading| {
        heading.line >= floor && has_question_mark(&doc.text[heading.title.clone()])
    };
    if let Some(heading) = above.filter(is_asked).filter(|_| is_line && is_only)
        && (heading.line..answer).all(|line| input.is_free(line))
    {
        return Some(heading.line);
    }
    let mut first = None;
    for line in (floor..answer).rev() {
        if !input.is_free(line) {
            break;
        }
        if let Some(heading) = doc.heading_at(line) {
            let title = &doc.text[heading.title.clone()];
            let is_word = labels::question(title).is_some_and(|label| label.after == title.len());
            let is_task = |first: usize| {
                let text = &doc.text[doc.line_start(first)..doc.line_start(answer)];
                is_only && heading.level > 1 && !is_word && !has_question_mark(text)
            };
            let is_own = |first: &usize| !is_question_like(title) && !is_task(*first);
            return first.filter(is_own).or(Some(line));
        }
        let snippet = doc.open_text(line);
        let is_rule = snippet.len() >= 3 && snippet.bytes().all(|byte| b"-*_".contains(&byte));
        // The end of a labelled answer is unknown, so the question is only the last paragraph
        // above.
        let is_gap = is_line && first.is_some() && doc.line_text(line).is_empty();
        if is_rule || is_gap {
            break;
        }
        if !snippet.is_empty() && !snippet.starts_with(['<', '|', '!']) {
            first = Some(line);
        }
    }
    first
}
