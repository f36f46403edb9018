//! Any text, and below it what says that its answer follows: `<details><summary>Answer</summary>`,
//! or `Answer:` on a line of its own.
//!
//! Where a heading or a word says what the question is, other recognisers have found it; what is
//! left is a paragraph, or a heading that asks nothing by itself.

use std::collections::BTreeMap;
use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, rows};
use super::document::{Heading, marker};
use super::fold::Summary;
use super::labels;
use super::prompt::{asks, asks_clearly, has_mark, number, undecorated, unwrapped};
use super::recognizer_input::RecognizerInput;
use crate::model::Convention;

pub(super) fn find(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = search.doc;
    let mut marks: Vec<Candidate> = Vec::new();
    let mut floor = 0;
    let mut lines = 0;
    let answers = answers(search);
    let (messages, labels) = messages(search, &answers);
    let section = |line: usize| doc.headings.partition_point(|heading| heading.line <= line);
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for (answer, _) in &answers {
        *counts.entry(section(doc.line_of(*answer))).or_default() += 1;
    }
    for (answer, end) in answers {
        let line = doc.line_of(answer);
        let is_message = end.is_none() && messages * 2 >= labels;
        if line < floor || !search.is_free(line) || is_message {
            continue;
        }
        let is_only = counts[&section(line)] == 1;
        let first = first_line(search, line, floor, end.is_none(), is_only);
        floor = end.map_or(line + 1, |end| doc.line_of(end.saturating_sub(1)) + 1);
        let Some(first) = first else { continue };
        let (title, line) = question(search, first);
        let extent = match (end, doc.heading(first)) {
            (Some(end), None) => {
                let column = doc.lines[doc.line_of(answer)].column;
                AnswerExtent::Within { rows: rows(doc, doc.start(line)..end), column, below: floor }
            }
            (_, heading) => {
                // A heading of the level of one that asks is no part of its answer.
                let is_own = |heading: &&Heading| !has_mark(&doc.text[heading.title.clone()]);
                let level = heading.filter(is_own).map_or(7, |heading| heading.level);
                AnswerExtent::Below { line, level, column: 0, beside: Vec::new() }
            }
        };
        lines += usize::from(end.is_none());
        let (convention, prompt) = (Convention::Spoiler, vec![title]);
        marks.push(Candidate { convention, line: first, prompt, more: Vec::new(), extent });
    }
    // A single line that says "Answer" is found in many a text.
    let is_one = search.is_told || lines != 1 || marks.len() > 1;
    if is_one { marks } else { Vec::new() }
}

/// Where answers begin, and where those end that are folded away.
fn answers(search: &RecognizerInput<'_>) -> Vec<(usize, Option<usize>)> {
    let doc = search.doc;
    let is_answer = |fold: &&super::fold::Fold| {
        fold.depth == 0 && fold.means(doc.text, search.answers) == Summary::Answer
    };
    let folds = search.folds.iter().filter(is_answer);
    let mut found: Vec<_> = folds.map(|f| (f.whole.start, Some(f.whole.end))).collect();
    let lines = (0..doc.lines.len()).filter(|line| {
        let says = doc.open(*line);
        let label = || labels::answer(says, search.answers);
        !says.is_empty() && label().is_some_and(|label| label.after == says.len())
    });
    found.extend(lines.map(|line| (doc.start(line), None)));
    found.sort_unstable();
    found
}

/// How many lines that say "Answer" stand above what a machine sends, below nothing that asks; and
/// how many such lines there are. In most languages an answer is a response, too.
fn messages(search: &RecognizerInput<'_>, answers: &[(usize, Option<usize>)]) -> (usize, usize) {
    let doc = search.doc;
    let (mut messages, mut labels) = (0, 0);
    let mut floor = 0;
    for (answer, _) in answers.iter().filter(|(_, end)| end.is_none()) {
        let label = doc.line_of(*answer);
        let above = doc.headings.partition_point(|heading| heading.line < label);
        let start = above.checked_sub(1).map_or(0, |at| doc.headings[at].line).max(floor);
        let asks = (start..label).any(|line| asks_clearly(doc.open(line)));
        let below = doc.visible(label + 1);
        let is_code = doc.lines.get(below).is_some_and(|line| line.is_closed);
        let first = if is_code { doc.line(below + 1) } else { "" };
        labels += 1;
        messages += usize::from(!asks && first.starts_with(['{', '[', '<']));
        messages += usize::from(!asks && first.starts_with("HTTP/"));
        floor = label + 1;
    }
    (messages, labels)
}

/// What a question asks on its first line, without number and marks, and the line below.
fn question(search: &RecognizerInput<'_>, first: usize) -> (Range<usize>, usize) {
    let doc = search.doc;
    let (title, next) = if let Some(heading) = doc.heading(first) {
        (heading.title.clone(), heading.below)
    } else {
        let inner = doc.lines[first].inner.clone();
        let width = marker(&doc.text[inner.clone()]).unwrap_or_default();
        (inner.start + width..inner.end, first + 1)
    };
    let mut title = undecorated(doc.text, unwrapped(doc.text, title));
    title.start += number(&doc.text[title.clone()]).unwrap_or_default();
    (undecorated(doc.text, unwrapped(doc.text, title)), next)
}

/// Where the question above an answer begins: at the heading above it, or below that where the
/// text there asks and the heading does not, or else after the answer before.
fn first_line(
    search: &RecognizerInput<'_>,
    answer: usize,
    floor: usize,
    is_line: bool,
    is_only: bool,
) -> Option<usize> {
    let doc = search.doc;
    // A heading that asks, above a single answer, is the question, whatever stands between.
    let above = doc.headings.partition_point(|heading| heading.line < answer);
    let above = above.checked_sub(1).map(|at| &doc.headings[at]);
    let is_asked =
        |heading: &&Heading| heading.line >= floor && has_mark(&doc.text[heading.title.clone()]);
    if let Some(heading) = above.filter(is_asked).filter(|_| is_line && is_only)
        && (heading.line..answer).all(|line| search.is_free(line))
    {
        return Some(heading.line);
    }
    let mut first = None;
    for line in (floor..answer).rev() {
        if !search.is_free(line) {
            break;
        }
        if let Some(heading) = doc.heading(line) {
            let title = &doc.text[heading.title.clone()];
            let is_word = labels::question(title).is_some_and(|label| label.after == title.len());
            let is_task = |first: usize| {
                let text = &doc.text[doc.start(first)..doc.start(answer)];
                is_only && heading.level > 1 && !is_word && !has_mark(text)
            };
            let is_own = |first: &usize| !asks(title) && !is_task(*first);
            return first.filter(is_own).or(Some(line));
        }
        let says = doc.open(line);
        let is_rule = says.len() >= 3 && says.bytes().all(|byte| b"-*_".contains(&byte));
        // Above the paragraph there is the answer before, where nothing says where that ends.
        let is_gap = is_line && first.is_some() && doc.line(line).is_empty();
        if is_rule || is_gap {
            break;
        }
        if !says.is_empty() && !says.starts_with(['<', '|', '!']) {
            first = Some(line);
        }
    }
    first
}
