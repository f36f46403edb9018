//! Headings that are only labels: `### Question` with the question below it, and `### Answer`.
//!
//! If a question is asked in two languages, both answers may follow both questions. A remark in
//! brackets then connects them:
//!
//! ```text
//! # Question (EN)
//! # Вопрос (RU)
//! ## Answer (EN)
//! ## Ответ (RU)
//! ```

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, Row, RowKind, rows};
use super::document::Heading;
use super::fold::remove_quote_sign;
use super::folder_habits::QuestionPlace;
use super::heading_label::{HeadingLabel, parse_label};
use super::heuristics;
use super::prompt::{Pieces, strip_wrappers};
use super::recognizer_input::RecognizerInput;
use crate::model::Convention;

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let words: Vec<HeadingLabel> =
        (0..doc.headings.len()).filter_map(|at| parse_label(doc, at)).collect();
    // If most files of a folder begin like this, no label for the answer is needed.
    let is_agreed = input.habits.asked.iter().any(|(place, _)| *place == QuestionPlace::Word);
    let mut candidates = Vec::new();
    let (mut answered, mut tasks) = (0, 0);
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
        let is_free = input.is_free(heading.line);
        let found = match (is_adjacent, apart()) {
            (false, Some(answer)) => mark_apart(input, heading, &doc.headings[answer.index]),
            _ => make_candidate(input, heading, find_end(input, &words, word.index)),
        };
        answered += usize::from(is_adjacent || apart().is_some());
        tasks += usize::from(word.is_task);
        candidates.extend(found.filter(|_| is_free));
    }
    // Most texts about a problem and its solution are no exercises.
    let enough = if input.is_question_bank || tasks == 0 { 1 } else { 2 };
    let is_one = candidates.len() >= enough && (is_agreed || answered * 2 >= candidates.len());
    let is_made_of_them =
        input.is_question_bank || is_agreed || heuristics::covers_enough(input, &candidates, 2);
    if input.is_requested || (is_one && is_made_of_them) { candidates } else { Vec::new() }
}

/// Returns the line below a question and its answer: that of the next label for a question, of a
/// heading of a higher level, or of a section without questions.
fn find_end(input: &RecognizerInput<'_>, words: &[HeadingLabel], at: usize) -> usize {
    let doc = input.doc;
    let level = doc.headings[at].level;
    let is_question = |at: usize| words.iter().any(|word| word.index == at && word.is_question);
    let ends = |other: &usize| {
        let heading = &doc.headings[*other];
        let is_noise = heading.level == level && heuristics::is_noise(doc, heading);
        is_question(*other) || heading.level < level || is_noise
    };
    let end = (at + 1..doc.headings.len()).find(ends);
    end.map_or_else(|| heuristics::find_footer(doc), |end| doc.headings[end].line)
}

/// Makes a candidate whose answer is right below it.
fn make_candidate(input: &RecognizerInput<'_>, heading: &Heading, end: usize) -> Option<Candidate> {
    let (prompt, below) = parse_question(input, heading, end)?;
    let rows = rows(input.doc, input.doc.line_start(below)..input.doc.line_start(end));
    let extent = AnswerExtent::Within { rows, column: 0, below: end };
    let (convention, line) = (Convention::QuestionWord, heading.line);
    Some(Candidate { convention, line, prompt, more: Vec::new(), extent })
}

/// Makes a candidate whose answer is below a heading further down.
fn mark_apart(
    input: &RecognizerInput<'_>,
    heading: &Heading,
    answer: &Heading,
) -> Option<Candidate> {
    let doc = input.doc;
    let after = doc.headings.partition_point(|other| other.line <= heading.line);
    let end = doc.headings.get(after)?.line;
    let candidate = make_candidate(input, heading, end)?;
    let AnswerExtent::Within { rows: mut all, column, below } = candidate.extent else {
        return None;
    };
    let after = doc.headings.partition_point(|other| other.line <= answer.line);
    let next = doc.headings[after..].iter().find(|other| other.level <= answer.level);
    let (title, start) = (doc.line_start(answer.line), doc.line_start(answer.below));
    all.push(Row { kind: RowKind::Label, ..Row::text(title..title) });
    all.extend(rows(doc, start..next.map_or(doc.text.len(), |next| doc.line_start(next.line))));
    Some(Candidate { extent: AnswerExtent::Within { rows: all, column, below }, ..candidate })
}

/// Returns the first paragraph below a heading, and the line below it.
fn parse_question(
    input: &RecognizerInput<'_>,
    heading: &Heading,
    end: usize,
) -> Option<(Pieces, usize)> {
    let doc = input.doc;
    let first = doc.next_nonblank(heading.below);
    let is_text =
        |line: &usize| !doc.open_text(*line).is_empty() && doc.heading_at(*line).is_none();
    let below = first + (first..end).take_while(is_text).count();
    let lines: Range<usize> = first..below;
    let piece = |line: usize| {
        let mut row = Row::text(doc.lines[line].start..doc.lines[line].inner.end);
        remove_quote_sign(doc.text, &mut row);
        row.trimmed_range(doc.text)
    };
    let pieces: Pieces = match lines.len() {
        0 => return None,
        1 => vec![strip_wrappers(doc.text, piece(first))],
        _ => lines.map(piece).collect(),
    };
    Some((pieces, below))
}
