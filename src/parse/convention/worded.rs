//! `### Question` and `### Answer`: headings that say no more than what is below them.
//!
//! Where a question is asked in two languages, its answers may follow one after the other: `# Question
//! (EN)`, `# Вопрос (RU)`, `## Answer (EN)`, `## Ответ (RU)`. A remark in brackets says whose answer
//! each is.

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, Row, RowKind, rows};
use super::document::Heading;
use super::fold::unquote;
use super::folder_habits::Place;
use super::heading_label::{HeadingLabel, parse_label};
use super::heuristics;
use super::prompt::{Pieces, unwrapped};
use super::recognizer_input::RecognizerInput;
use crate::model::Convention;

pub(super) fn find(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = search.doc;
    let words: Vec<HeadingLabel> =
        (0..doc.headings.len()).filter_map(|at| parse_label(doc, at)).collect();
    // Where most files of a folder begin so, a label for the answer is not needed.
    let is_agreed = search.common.asked.iter().any(|(place, _)| *place == Place::Word);
    let mut marks = Vec::new();
    let (mut told, mut tasks) = (0, 0);
    for (at, word) in words.iter().enumerate().filter(|(_, word)| word.is_question) {
        let heading = &doc.headings[word.index];
        let answer = words.get(at + 1).filter(|other| !other.is_question);
        let is_its = |other: &HeadingLabel| !other.is_question && other.remark == word.remark;
        let is_any = |other: &HeadingLabel| word.remark.is_empty() || other.remark.is_empty();
        let is_adjacent = answer
            .is_some_and(|other| other.index == word.index + 1 && (is_its(other) || is_any(other)));
        let apart = || {
            let mut below = words[at + 1..].iter().filter(|_| !word.remark.is_empty());
            below.find(|other| is_its(other))
        };
        let is_free = search.is_free(heading.line);
        let found = match (is_adjacent, apart()) {
            (false, Some(answer)) => mark_apart(search, heading, &doc.headings[answer.index]),
            _ => mark(search, heading, end(search, &words, word.index)),
        };
        told += usize::from(is_adjacent || apart().is_some());
        tasks += usize::from(word.is_task);
        marks.extend(found.filter(|_| is_free));
    }
    // Most texts about a problem and its solution are no exercises.
    let enough = if search.is_bank || tasks == 0 { 1 } else { 2 };
    let is_one = marks.len() >= enough && (is_agreed || told * 2 >= marks.len());
    let is_made_of_them = search.is_bank || is_agreed || heuristics::covers(search, &marks, 2);
    if search.is_told || (is_one && is_made_of_them) { marks } else { Vec::new() }
}

/// The line below a question and its answer: the next such heading, one above it, or one that opens
/// no content.
fn end(search: &RecognizerInput<'_>, words: &[HeadingLabel], at: usize) -> usize {
    let doc = search.doc;
    let level = doc.headings[at].level;
    let is_question = |at: usize| words.iter().any(|word| word.index == at && word.is_question);
    let ends = |other: &usize| {
        let heading = &doc.headings[*other];
        let is_noise = heading.level == level && heuristics::is_noise(doc, heading);
        is_question(*other) || heading.level < level || is_noise
    };
    let end = (at + 1..doc.headings.len()).find(ends);
    end.map_or_else(|| heuristics::footer(doc), |end| doc.headings[end].line)
}

/// A question whose answer is below it.
fn mark(search: &RecognizerInput<'_>, heading: &Heading, end: usize) -> Option<Candidate> {
    let (prompt, below) = asked(search, heading, end)?;
    let rows = rows(search.doc, search.doc.start(below)..search.doc.start(end));
    let extent = AnswerExtent::Within { rows, column: 0, below: end };
    let (convention, line) = (Convention::QuestionWord, heading.line);
    Some(Candidate { convention, line, prompt, more: Vec::new(), extent })
}

/// A question whose answer is below a heading further down.
fn mark_apart(
    search: &RecognizerInput<'_>,
    heading: &Heading,
    answer: &Heading,
) -> Option<Candidate> {
    let doc = search.doc;
    let after = doc.headings.partition_point(|other| other.line <= heading.line);
    let end = doc.headings.get(after)?.line;
    let mark = mark(search, heading, end)?;
    let AnswerExtent::Within { rows: mut all, column, below } = mark.extent else { return None };
    let after = doc.headings.partition_point(|other| other.line <= answer.line);
    let next = doc.headings[after..].iter().find(|other| other.level <= answer.level);
    let (title, start) = (doc.start(answer.line), doc.start(answer.below));
    all.push(Row { kind: RowKind::Label, ..Row::text(title..title) });
    all.extend(rows(doc, start..next.map_or(doc.text.len(), |next| doc.start(next.line))));
    Some(Candidate { extent: AnswerExtent::Within { rows: all, column, below }, ..mark })
}

/// What is asked in the first paragraph below a heading, and the line below that.
fn asked(search: &RecognizerInput<'_>, heading: &Heading, end: usize) -> Option<(Pieces, usize)> {
    let doc = search.doc;
    let first = doc.visible(heading.below);
    let is_text = |line: &usize| !doc.open(*line).is_empty() && doc.heading(*line).is_none();
    let below = first + (first..end).take_while(is_text).count();
    let lines: Range<usize> = first..below;
    let piece = |line: usize| {
        let mut row = Row::text(doc.lines[line].start..doc.lines[line].inner.end);
        unquote(doc.text, &mut row);
        row.inner(doc.text)
    };
    let pieces: Pieces = match lines.len() {
        0 => return None,
        1 => vec![unwrapped(doc.text, piece(first))],
        _ => lines.map(piece).collect(),
    };
    Some((pieces, below))
}
